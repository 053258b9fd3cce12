"""EL710: sums of so many floats that a term can vanish; EL733: a dtype that numpy lacks.

A float has p bits. A running sum of 2^p equal terms is 2^p times a term, where neighbouring floats are two terms apart:
one more term rounds away. (Higham, Accuracy and Stability of Numerical Algorithms, section 4.2, bounds the error of a
plain sum by its number of terms times 2^-p.)
"""

from __future__ import annotations

from collections.abc import Iterator

from ...core.dtypes import BFLOAT16, DTYPES
from ...core.message import Code, Message, Value
from ...core.report import Finding, Severity
from .case import CheckCase, amount, places_of


def no_bfloat16(case: CheckCase) -> Iterator[Finding]:
    """Yield a note where np.einsum is given bfloat16, which it can only copy (arrays of it: ml_dtypes, JAX)."""
    if case.numpy and BFLOAT16 in case.dtypes and not case.spec.is_view:
        message = Message("diagnose.bfloat16", {"dtype": Code(BFLOAT16), "call": Code("np.einsum")})
        yield case.finding("EL733", Severity.NOTE, message)


def many_terms(case: CheckCase) -> Iterator[Finding]:
    """Yield a note where one element of the result is a sum of 2^p terms or more.

    Libraries with a bfloat16 mostly add it in float32; of what they do with other dtypes nothing is said.
    """
    row, terms = DTYPES.get(case.dtype or ""), case.terms
    if row is None or row.bits is None or not row.short or terms is None or terms < 2**row.bits:
        return
    if not case.numpy and row.numpy:
        return
    values: dict[str, Value] = {
        "count": amount(terms),
        "dtype": Code(row.name),
        "bits": row.bits,
        "limit": 2**row.bits,
        "wider": Code(row.wider or row.name),
    }
    message = Message(f"diagnose.precision.{'numpy' if row.numpy else 'bfloat16'}", values)
    yield case.finding("EL710", Severity.NOTE, message, places_of(case.spec.summed))
