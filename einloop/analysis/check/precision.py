"""EL710: sums of so many floats that a term can vanish; EL733: a dtype that numpy lacks.

A float has p bits. A running sum of 2^p equal terms is 2^p times a term, where neighbouring floats are two terms apart:
one more term rounds away. (Higham, Accuracy and Stability of Numerical Algorithms, section 4.2, bounds the error of a
plain sum by its number of terms times 2^-p.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...core.dtypes import BFLOAT16
from ...core.message import Code, Message, Value
from ...core.report import Finding, Severity
from .case import CheckCase, amount, places_of

BITS: Mapping[str, int] = {"float16": 11, "bfloat16": 8, "float32": 24, "complex64": 24}
WIDER: Mapping[str, str] = {
    "float16": "float32",
    "bfloat16": "float32",
    "float32": "float64",
    "complex64": "complex128",
}


def no_bfloat16(case: CheckCase) -> Iterator[Finding]:
    """Yield a note where np.einsum is given bfloat16, which it can only copy (arrays of it: ml_dtypes, JAX)."""
    if case.numpy and BFLOAT16 in case.dtypes and not case.spec.is_view:
        message = Message("diagnose.bfloat16", {"dtype": Code(BFLOAT16), "call": Code("np.einsum")})
        yield case.finding("EL733", Severity.NOTE, message)


def many_terms(case: CheckCase) -> Iterator[Finding]:
    """Yield a note where one element of the result is a sum of 2^p terms or more.

    Libraries with a bfloat16 mostly add it in float32; of what they do with other dtypes nothing is said.
    """
    dtype, terms = case.dtype, case.terms
    if dtype is None or dtype not in BITS or terms is None or terms < 2 ** BITS[dtype]:
        return
    if not case.numpy and dtype != BFLOAT16:
        return
    values: dict[str, Value] = {
        "count": amount(terms),
        "dtype": Code(dtype),
        "bits": BITS[dtype],
        "limit": 2 ** BITS[dtype],
        "wider": Code(WIDER[dtype]),
    }
    message = Message(f"diagnose.precision.{'bfloat16' if dtype == BFLOAT16 else 'numpy'}", values)
    yield case.finding("EL710", Severity.NOTE, message, places_of(case.spec.summed))
