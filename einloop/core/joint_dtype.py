"""The dtype of a sum of einsums, as numpy combines dtypes and Python's numbers (NEP 50). Pure.

An int beside whole numbers stays what they are, a float makes floats of them; so does a division.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from .dtypes import COMPLEXES, DTYPES, FLOATS, DtypeKind, common_dtype
from .errors import OptionError
from .joint import JointSum, JointTerm

INT, FLOAT, COMPLEX = "int", "float", "complex"
"""The kinds of Python numbers."""
NUMBERS = {INT: "int64", FLOAT: "float64", COMPLEX: "complex128"}
"""What Python's numbers are where nothing else says it."""
_WIDTH = {"float16": "complex64", "float32": "complex64", "float64": "complex128", "longdouble": "clongdouble"}


def number_kind(term: JointTerm) -> str:
    """Return the kind of Python number that stands beside the arrays of a summand."""
    if isinstance(term.number, complex):
        return COMPLEX
    return FLOAT if term.divides or isinstance(term.multiplier, float) else INT


def sum_dtype(joint: JointSum, dtypes: Sequence[str]) -> str:
    """Return the dtype of a sum for `dtypes`, one per operand, as numpy has it. A scalar may be a Python number: its
    kind stands for a dtype then.

    Raises OptionError for dtypes that are not of numbers, for a number that does not fit, and where the sum does not
    fit what it is added to.

    >>> from einloop.core.combination import Combination, Summand
    >>> from einloop.core.joint import joined
    >>> from einloop.notation import read
    >>> spec = read("d = np.einsum('ij,j->i', A, b)")
    >>> half = joined(Combination(source=spec.source, result="d", summands=(Summand(spec=spec, coefficient=0.5),)))
    >>> sum_dtype(half, ("int8", "int8")), sum_dtype(half, ("int8", "float32"))
    ('float64', 'float32')
    """
    for number, dtype in enumerate(dtypes):
        if dtype in NUMBERS:
            continue
        if dtype not in DTYPES or DTYPES[dtype].kind in (DtypeKind.LOGIC, DtypeKind.OBJECT):
            name = joint.spec.operands[number].name
            raise OptionError(
                "EL410",
                f"loops for a sum of einsums are for numbers; {name} has {dtype}",
                operand=number,
                hint=f"{name}.astype(int)" if dtype == "bool" else None,
            )
    found = [(_term_dtype(term, dtypes), _kind(term, dtypes)) for term in joint.terms]
    arrays = [dtype for dtype, _ in found if dtype is not None]
    weak = [kind for dtype, kind in found if dtype is None]
    old = dtypes[joint.old] if joint.given and joint.old is not None else None
    if old in NUMBERS:
        weak.append(old)
    elif old is not None:
        arrays.insert(0, old)
    common = reduce(lambda one, other: common_dtype([one, other]), arrays) if arrays else NUMBERS[INT]
    for kind in weak:
        common = beside(common, kind)
    if old is not None and old not in NUMBERS and common != old:
        raise OptionError(
            "EL410",
            f"{joint.result} has {old}, and the sum that is {'added' if joint.adds else 'written'} to it {common}",
            operand=joint.old,
            hint=f"{joint.result} = {joint.result} + ... makes a new array",
        )
    return common


def _kind(term: JointTerm, dtypes: Sequence[str]) -> str:
    """Return the kind of Python number that a summand is multiplied by in all."""
    kinds = [number_kind(term), *(dtypes[number] for number in (*term.operands, *term.divisors))]
    return max((kind for kind in kinds if kind in NUMBERS), key=list(NUMBERS).index)


def beside(dtype: str, kind: str) -> str:
    """Return the dtype of an array with a Python number of a kind beside it.

    >>> beside("int8", INT), beside("int8", FLOAT), beside("float32", COMPLEX)
    ('int8', 'float64', 'complex64')
    """
    inexact = dtype in FLOATS or dtype in COMPLEXES
    if kind == INT or (kind == FLOAT and inexact) or dtype in COMPLEXES:
        return dtype
    return NUMBERS[kind] if not inexact else _WIDTH[dtype]


def _term_dtype(term: JointTerm, dtypes: Sequence[str]) -> str | None:
    """Return the dtype of a summand, None where it is Python's numbers alone."""
    arrays = [dtypes[number] for number in (*term.operands, *term.divisors) if dtypes[number] not in NUMBERS]
    if not arrays:
        return None
    common = beside(common_dtype(arrays), _kind(term, dtypes))
    row = DTYPES[common]
    if row.kind in (DtypeKind.SIGNED, DtypeKind.UNSIGNED) and isinstance(term.multiplier, int):
        most = (1 << 8 * row.bytes - (row.kind is DtypeKind.SIGNED)) - 1
        if term.multiplier > most:
            raise OptionError("EL410", f"the factor {term.multiplier} does not fit {common}, which its arrays have")
    return common
