"""Dialects that contract operands in pairs: each pair has a dtype of its own before the others join."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...core.dtypes import ARITHMETIC, BFLOAT16, NUMPY_ALONE, common_dtype
from ...core.message import Code, Value, codes
from ...core.report import Finding, Severity
from .dialect import DialectCase


def pair_dtypes(case: DialectCase) -> Iterator[Finding]:
    """Say that three or more operands of different dtypes do not meet in one dtype from the start."""
    known = case.known_dtypes
    distinct = tuple(dict.fromkeys(known))
    if len(known) > 2 and len(distinct) > 1 and all(name in ARITHMETIC for name in distinct):
        common = Code(common_dtype(distinct))
        yield case.finding("EL739", Severity.WARNING, "pairs", dtypes=codes(distinct), common=common)
    elif len(known) > 2 and distinct == ("object",):
        yield case.finding("EL745", Severity.WARNING, "objects")


def lacking(case: DialectCase) -> Iterator[Finding]:
    """Say which dtype the dialect lacks, the first of the operands' in their order."""
    for number, dtype in enumerate(case.known_dtypes):
        if lacks((dtype,)):
            yield case.finding("EL733", Severity.ERROR, "no_dtype", dtype=Code(dtype), operand=number)
            return


def lacks(dtypes: Sequence[str]) -> bool:
    """Return whether libraries other than numpy lack one of these dtypes."""
    return any(name in NUMPY_ALONE or name not in (*ARITHMETIC, BFLOAT16) for name in dtypes)


def no_bfloat16(case: DialectCase) -> Iterator[Finding]:
    """Say that np.einsum neither multiplies nor adds bfloat16, though arrays of it exist (ml_dtypes, JAX)."""
    spec, known = case.ours, case.known_dtypes
    if BFLOAT16 in known and spec is not None and not spec.is_view:
        number = known.index(BFLOAT16)
        yield case.finding("EL733", Severity.ERROR, "no_dtype", dtype=Code(BFLOAT16), operand=number)


def presummed(case: DialectCase) -> Iterator[Finding]:
    """Say that of two operands each is summed alone first, in its own dtype, over what stands in it alone."""
    known, spec = case.known_dtypes, case.theirs
    common = common_dtype_or_none(known)
    if len(known) != 2 or common is None or spec is None:
        return
    for index in spec.summed:
        running = {place.operand for place in index.places if not place.stretched}
        own = known[min(running)]
        if len(running) == 1 and index.extent != 1 and own != common:
            values: dict[str, Value] = {"index": Code(index.label), "own": Code(own), "common": Code(common)}
            yield case.finding("EL739", Severity.WARNING, "presummed", **values)
            return


def rounding(case: DialectCase) -> Iterator[Finding]:
    """Say that sums of float16 are rounded in other places."""
    known = case.known_dtypes
    if known and case.theirs is not None and case.theirs.summed and common_dtype_or_none(known) == "float16":
        yield case.finding("EL742", Severity.NOTE, "rounding")


def common_dtype_or_none(known: tuple[str, ...]) -> str | None:
    """Return the dtype of np.einsum's result, None where one has no arithmetic."""
    return common_dtype(known) if known and all(name in ARITHMETIC for name in known) else None
