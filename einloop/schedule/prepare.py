"""What stands before the loops: conversions, checks, and reading the extents. Lowers no loops."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.buffer import Buffer
from ..core.dtypes import DTYPES, common_dtype
from ..core.frozen import dataclass
from ..core.generated import Values
from ..core.machine import COMMON, Machine
from ..core.names import Names, fresh
from ..core.nest import Dtypes, Statement
from ..core.preparation import (
    Align,
    AsArray,
    Batch,
    CheckDtype,
    CheckExtent,
    CheckNested,
    CheckRank,
    CommonDtype,
    Convert,
    Extents,
    SummingDtype,
)
from ..core.spec import DOTS, Dots, Operand, Spec

UNUSED = "_"
"""Stands for the extent of a stretched axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What an emission must take: `dtypes` per operand (None: not declared), whether inputs outside the
    contract are refused at run time, and what the loops compute on; `strides` per operand where some are not
    contiguous. `machine` is what a compiled text is made for, `threads` how many it may use."""

    dtypes: tuple[str, ...] | None = None
    checked: bool = False
    values: Values = Values.ARRAYS
    strides: tuple[tuple[int, ...] | None, ...] = ()
    machine: Machine = COMMON
    threads: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The statements, and for each operand the name under which the loops read it."""

    statements: tuple[Statement, ...]
    views: tuple[str, ...]


def prepare(spec: Spec, names: Names, request: Request, inputs: tuple[Buffer, ...], dtypes: Dtypes) -> Prepared:
    """Return what has to happen before the loops of `spec`, in order: arrays, checks, extents, dtype, ellipsis."""
    buffers = {buffer.name: buffer for buffer in inputs}
    per_operand = tuple(buffers[name] for name in names.operands)
    parts = _batch_parts(spec, names)
    statements: list[Statement] = []
    if request.checked and request.values is Values.LISTS:
        statements += [
            CheckNested(buffer=b, term=spec.term(op.labels), items=tuple(names.local(f"x{k}") for k in range(b.rank)))
            for b, op in _distinct(per_operand, spec)
        ]
    elif request.checked:
        statements += [AsArray(buffer=buffer) for buffer in inputs]
    if request.values is Values.ARRAYS:
        statements += _rank_checks(spec, per_operand, request.checked)
    reading: dict[Extents, int] = {}
    for number, buffer in enumerate(per_operand):
        if _wants_extents(spec, number):
            reading.setdefault(_extents(spec, names, number, buffer, parts[number]), number)
    statements += reading
    if request.checked:
        statements += _extent_checks(spec, names, per_operand, [(number, s) for s, number in reading.items()])
    statements += _dtype_statements(spec, request, inputs, dtypes)
    aligned, views = _alignment(spec, names, per_operand, parts)
    return Prepared(statements=tuple(dict.fromkeys([*statements, *aligned])), views=views)


def _distinct(buffers: tuple[Buffer, ...], spec: Spec) -> list[tuple[Buffer, Operand]]:
    first: dict[str, tuple[Buffer, Operand]] = {}
    for buffer, op in zip(buffers, spec.operands, strict=True):
        first.setdefault(buffer.name, (buffer, op))
    return list(first.values())


def _rank_checks(spec: Spec, buffers: tuple[Buffer, ...], checked: bool) -> list[Statement]:
    """Return rank checks; where the output lost an ellipsis they are never left out."""
    lost = spec.dots is Dots.EMPTY
    if not (checked or lost):
        return []
    checks: dict[object, Statement] = {}
    for buffer, op in zip(buffers, spec.operands, strict=True):
        rank = sum(label != DOTS for label in op.labels)
        atleast, lost_here = op.dots is not None and not lost, lost and op.dots is not None
        check = CheckRank(buffer=buffer, term=spec.term(op.labels), rank=rank, atleast=atleast, lost_dots=lost_here)
        if (checked and (rank or not atleast)) or lost_here:
            checks.setdefault((buffer.name, rank, atleast), check)
    return list(checks.values())


def _wants_extents(spec: Spec, number: int) -> bool:
    """Return whether an operand has axes: to read their extents, or to say that they are stretched."""
    op = spec.operands[number]
    named = [axis for axis, label in enumerate(op.labels) if label != DOTS or spec.dots is Dots.KEPT]
    return bool(named)


def _extents(spec: Spec, names: Names, number: int, buffer: Buffer, part: str | None) -> Extents:
    op = spec.operands[number]
    labels = tuple(label for label in op.labels if label != DOTS or spec.dots is Dots.KEPT)
    dots = labels.index(DOTS) if DOTS in labels else None
    extents = [UNUSED if axis in op.stretched else names.extent[label] for axis, label in enumerate(labels)]
    if dots is not None and part is not None:
        extents[dots] = part
    stretched = tuple((axis, names.index[labels[axis]]) for axis in op.stretched)
    return Extents(buffer=buffer, names=tuple(extents), dots=dots, stretched=stretched)


def _extent_checks(
    spec: Spec, names: Names, buffers: tuple[Buffer, ...], reading: Sequence[tuple[int, Extents]]
) -> list[Statement]:
    """Return checks that every axis has the extent its index was given by the statement that read it last.

    `reading` are the statements that read extents, in order, each with the operand it reads for.
    """
    checks: list[Statement] = [
        CheckExtent(buffer=buffer, axis=axis, label=_shown(names, op.labels[axis]), extent=None)
        for buffer, op in zip(buffers, spec.operands, strict=True)
        for axis in op.stretched
    ]
    reads: dict[str, dict[tuple[str, int], tuple[Buffer, str]]] = {}
    for number, statement in reading:
        labels = [label for label in spec.operands[number].labels if label != DOTS or spec.dots is Dots.KEPT]
        for position, (name, label) in enumerate(zip(statement.names, labels, strict=True)):
            if name == UNUSED or position == statement.dots:
                continue
            behind = statement.dots is not None and position > statement.dots
            place = (statement.buffer.name, position - len(labels) if behind else position)
            reads.setdefault(name, {}).pop(place, None)
            reads[name][place] = (statement.buffer, _shown(names, label))
    for extent, places in reads.items():
        other, other_axis = next(reversed(places))
        checks += [
            CheckExtent(
                buffer=buffer, axis=axis, label=label, extent=extent, other=other, other_axis=other_axis
            )
            for (name, axis), (buffer, label) in places.items()
            if (name, axis) != (other, other_axis)
        ]  # fmt: skip
    return checks


def _shown(names: Names, label: str) -> str:
    """Return how messages call an index: by its label, or by its name where an ellipsis covers it."""
    return names.index[label] if label.startswith(DOTS) else label


def _dtype_statements(spec: Spec, request: Request, inputs: tuple[Buffer, ...], dtypes: Dtypes) -> list[Statement]:
    if request.values is not Values.ARRAYS:
        return []
    statements: list[Statement] = []
    if request.dtypes is not None:
        if request.checked:
            statements += [CheckDtype(buffer=buffer) for buffer in inputs]
        if not spec.is_view and dtypes.wide is None:
            common = common_dtype(request.dtypes)
            statements += [Convert(buffer=b, dtype=common, boxed=request.checked) for b in inputs if b.dtype != common]
    elif dtypes.result.variable is not None and dtypes.sums.variable is not None:
        found, used = dtypes.result.variable, dtypes.sums.variable
        statements.append(CommonDtype(variable=found, buffers=inputs))
        if used != found:
            statements.append(
                SummingDtype(
                    variable=used, of=found, pairs=tuple((row.name, row.sums) for row in DTYPES.values() if row.sums)
                )
            )
        statements += [Convert(buffer=buffer, variable=used) for buffer in inputs]
    return statements


def _batch_parts(spec: Spec, names: Names) -> tuple[str | None, ...]:
    """Return for each operand the name of the extents its ellipsis covers: its own where several must broadcast."""
    if spec.dots is not Dots.KEPT:
        return (None,) * len(spec.operands)
    batch = names.extent[DOTS]
    covering = [name for name, op in zip(names.operands, spec.operands, strict=True) if op.dots is not None]
    if len(covering) == 1:
        return tuple(None if op.dots is None else batch for op in spec.operands)
    taken = set(names.taken)
    parts: list[str | None] = []
    for number, (name, op) in enumerate(zip(names.operands, spec.operands, strict=True)):
        part = (
            None
            if op.dots is None
            else fresh(f"{batch}_{name}" if names.operands.count(name) == 1 else f"{batch}_{name}{number}", taken)
        )
        taken.update([part] if part else [])
        parts.append(part)
    return tuple(parts)


def _alignment(
    spec: Spec, names: Names, buffers: tuple[Buffer, ...], parts: tuple[str | None, ...]
) -> tuple[list[Statement], tuple[str, ...]]:
    """Return the statements that broadcast ellipses against each other, and each operand's name after them."""
    covering = [part for part in parts if part is not None]
    if len(covering) < 2:
        return [], names.operands
    statements: list[Statement] = [Batch(name=names.extent[DOTS], parts=tuple(covering))]
    taken, views = {*names.taken, *covering}, []
    for number, (op, buffer, part) in enumerate(zip(spec.operands, buffers, parts, strict=True)):
        target = buffer.name
        if part is not None and op.dots is not None:
            if names.operands.count(buffer.name) > 1:
                target = fresh(f"{buffer.name}_{number}", taken)
                taken.add(target)
            extents = tuple(names.extent[label] for label in op.labels)
            statements.append(
                Align(buffer=buffer, target=target, batch=names.extent[DOTS], part=part, names=extents, dots=op.dots)
            )
        views.append(target)
    return statements, tuple(views)
