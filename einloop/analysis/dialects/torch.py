"""dtypes in PyTorch: integer sums are int64, products in a contraction need one dtype, promotion goes by kind.

torch.einsum multiplies two operands elementwise, or contracts them with torch.bmm where a summed index runs in both;
an index that is summed in one of them alone is summed first. Source: PyTorch's documentation of torch.einsum,
torch.bmm, torch.sum and of type promotion; observed behaviour of 2.13.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...core.dtypes import BFLOAT16, FLOATS, SIGNED, UNSIGNED, common_dtype
from ...core.message import Code, Value, codes
from ...core.report import Finding, Severity
from ...core.spec import Index, Role, Spec
from .dialect import DialectCase
from .pairs import common_dtype_or_none, lacking, lacks

LIMITED = ("uint16", "uint32", "uint64")
"""dtypes that torch can store and multiply, but neither contract nor promote with anything but floats."""
EXACT = ("bool", *SIGNED, *UNSIGNED)


def torch_dtypes(case: DialectCase) -> Iterator[Finding]:
    """Say which dtypes torch refuses in this expression, and where its result has another."""
    known, spec = case.known_dtypes, case.theirs
    if lacks(known):
        yield from lacking(case)
        return
    ours = common_dtype_or_none(known)
    if spec is None or (ours is None and BFLOAT16 not in known) or _settled(spec, known):
        return
    if len(known) > 2 or any(index.extent == 0 for index in spec.indices):
        yield case.finding("EL745", Severity.WARNING, "torch_order", dtypes=codes(tuple(dict.fromkeys(known))))
        return
    if len(known) == 1:
        yield from _result(case, "int64", ours)
    else:
        yield from _pair(case, spec, known, ours)


def torch_computed(spec: Spec, dtypes: Sequence[str]) -> str | None:
    """Return the dtype in which torch multiplies and adds, None where it refuses, and where that depends on the order.

    Only what one operand alone sums is int64: a contraction adds in the dtype of its operands, and wraps.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> [torch_computed(read_subscripts(text), ("int8", "int8")) for text in ("i,i->", "i,i->i", "ij,k->ik")]
    ['int8', 'int8', 'int64']
    """
    if not dtypes or lacks(dtypes):
        return None
    summed = [index for index in spec.indices if index.role is Role.SUMMED]
    if len(dtypes) == 1:
        return "int64" if summed and dtypes[0] in EXACT else dtypes[0]
    if len(dtypes) == 2:
        one, other = _presummed(spec, dtypes)
        contracted = any(_runs(index, 0) and _runs(index, 1) for index in summed)
        if contracted:
            return one if one == other and one not in (*LIMITED, "bool") else None
        return promoted(one, other) if one == other or promotes(one, other) else None
    return dtypes[0] if len(set(dtypes)) == 1 and not any(index.alone for index in summed) else None


def _presummed(spec: Spec, dtypes: Sequence[str]) -> tuple[str, str]:
    """Return the dtypes of two operands after each is summed over what it alone has."""
    summed = [index for index in spec.indices if index.role is Role.SUMMED]
    alone = [any(_runs(index, k) and not _runs(index, 1 - k) for index in summed) for k in (0, 1)]
    one, other = ("int64" if own and dtype in EXACT else dtype for own, dtype in zip(alone, dtypes, strict=True))
    return one, other


def _settled(spec: Spec, dtypes: tuple[str, ...]) -> bool:
    """Return whether torch and numpy agree on the dtype in any order of contraction."""
    one = len(set(dtypes)) == 1
    return one and (not spec.summed or dtypes[0] not in EXACT or dtypes[0] == "int64")


def _pair(case: DialectCase, spec: Spec, dtypes: tuple[str, ...], ours: str | None) -> Iterator[Finding]:
    summed = [index for index in spec.indices if index.role is Role.SUMMED]
    contracted = [index for index in summed if _runs(index, 0) and _runs(index, 1)]
    one, other = _presummed(spec, dtypes)
    if contracted:
        over = codes([index.label for index in contracted])
        if one != other:
            values: dict[str, Value] = {"over": over, "one": Code(one), "other": Code(other)}
            presummed = dtypes[0] == dtypes[1]
            yield case.finding("EL733", Severity.ERROR, "torch_presummed" if presummed else "torch_mixed", **values)
        elif one in LIMITED or one == "bool":
            yield case.finding("EL733", Severity.ERROR, "torch_contract", over=over, dtype=Code(one))
        else:
            yield from _result(case, one, ours)
    elif one != other and not promotes(one, other):
        yield case.finding("EL733", Severity.ERROR, "torch_promote", one=Code(one), other=Code(other))
    else:
        yield from _result(case, promoted(one, other), ours)


def _runs(index: Index, operand: int) -> bool:
    """Return whether an index runs in an operand: it is there, and the axis is not of size 1."""
    places = [place for place in index.places if place.operand == operand]
    return bool(places) and index.extent != 1 and not any(place.stretched for place in places)


def _result(case: DialectCase, theirs: str, ours: str | None) -> Iterator[Finding]:
    if ours is not None and theirs != ours:
        yield case.finding("EL738", Severity.WARNING, "result_dtype", theirs=Code(theirs), ours=Code(ours))


def torch_cast(dtype: str, computed: str | None) -> str:
    """Return how an operand gets a wider integer dtype; torch has none beyond int64."""
    return "operand.to(torch.int64)" if dtype == "np.int64" else "operand.to(torch.float64)"


def promotes(one: str, other: str) -> bool:
    """Return whether torch knows a common dtype for two different ones."""
    return not {one, other} & set(LIMITED) or bool({one, other} & {*FLOATS, BFLOAT16})


def promoted(one: str, other: str) -> str:
    """Return the dtype of a product in torch: an integer takes the dtype of a float, however small.

    >>> promoted("int64", "float16"), promoted("uint8", "int8"), promoted("float64", "complex64")
    ('float16', 'int16', 'complex128')
    """
    if (one in EXACT) != (other in EXACT):
        return other if one in EXACT else one
    return common_dtype([one, other])
