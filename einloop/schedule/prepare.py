"""What stands before the loops: conversions, checks, and reading the extents. Lowers no loops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..core.buffer import Buffer, Dtypes
from ..core.dtypes import DTYPES, common_dtype
from ..core.frozen import dataclass
from ..core.generated import Values
from ..core.machine import COMMON, Machine
from ..core.names import Names, fresh
from ..core.nest import Statement
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
from ..core.spec import DOTS, Dots, Spec

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


def prepare(
    spec: Spec,
    names: Names,
    request: Request,
    inputs: tuple[Buffer, ...],
    dtypes: Dtypes,
    *,
    conversions: Sequence[Statement] | None = None,
) -> Prepared:
    """Return what has to happen before the loops of `spec`, in order: arrays, checks, extents, dtype, ellipsis.

    `conversions` take the place of those to np.einsum's common dtype.
    """
    by_name = {buffer.name: buffer for buffer in inputs}
    buffers = tuple(by_name[name] for name in names.operands)
    parts = _batch_parts(spec, names)
    reading: dict[Extents, int] = {}
    for number, buffer in enumerate(buffers):
        if _labels(spec, number):
            reading.setdefault(_extents(spec, names, number, buffer, parts[number]), number)
    statements: list[Statement] = []
    if request.checked:
        nested = request.values is Values.LISTS
        statements += _nested_checks(spec, names, buffers) if nested else (AsArray(buffer=b) for b in inputs)
    if request.values is Values.ARRAYS:
        statements += _rank_checks(spec, buffers, request.checked)
    statements += _told_apart(reading)
    if request.checked:
        statements += _stretched_checks(spec, names, buffers)
        statements += _extent_checks(spec, names, reading)
    statements += _dtype_statements(spec, request, inputs, dtypes) if conversions is None else conversions
    aligned, views = _alignment(spec, names, buffers, parts)
    return Prepared(statements=tuple(dict.fromkeys([*statements, *aligned])), views=views)


def _nested_checks(spec: Spec, names: Names, buffers: tuple[Buffer, ...]) -> Iterator[Statement]:
    for number, buffer in enumerate(buffers):
        items = tuple(names.local(f"x{level}") for level in range(buffer.rank))
        if buffer not in buffers[:number]:
            yield CheckNested(buffer=buffer, term=spec.term(spec.operands[number].labels), items=items)


def _rank_checks(spec: Spec, buffers: tuple[Buffer, ...], checked: bool) -> Iterable[Statement]:
    """Return rank checks; where the output lost an ellipsis they are never left out."""
    lost = spec.dots is Dots.EMPTY
    checks: dict[object, Statement] = {}
    for buffer, op in zip(buffers, spec.operands, strict=True):
        rank = sum(label != DOTS for label in op.labels)
        atleast, lost_here = op.dots is not None and not lost, lost and op.dots is not None
        check = CheckRank(buffer=buffer, term=spec.term(op.labels), rank=rank, atleast=atleast, lost_dots=lost_here)
        if (checked and (rank or not atleast)) or lost_here:
            checks.setdefault((buffer.name, rank, atleast), check)
    return checks.values()


def _labels(spec: Spec, number: int) -> tuple[str, ...]:
    """Return the labels of an operand's axes, without an ellipsis that must be empty."""
    return tuple(label for label in spec.operands[number].labels if label != DOTS or spec.dots is Dots.KEPT)


def _extents(spec: Spec, names: Names, number: int, buffer: Buffer, part: str | None) -> Extents:
    op, labels = spec.operands[number], _labels(spec, number)
    dots = labels.index(DOTS) if DOTS in labels else None
    extents = [UNUSED if axis in op.stretched else names.extent[label] for axis, label in enumerate(labels)]
    if dots is not None and part is not None:
        extents[dots] = part
    stretched = tuple((axis, names.index[labels[axis]]) for axis in op.stretched)
    return Extents(buffer=buffer, names=tuple(extents), dots=dots, stretched=stretched)


def _told_apart(reading: Iterable[Extents]) -> Iterator[Extents]:
    """Yield the statements with the names that those before them have read."""
    known: tuple[str, ...] = ()
    for statement in reading:
        yield replace(statement, known=tuple(name for name in statement.names if name in known))
        known = (*known, *statement.names)


def _stretched_checks(spec: Spec, names: Names, buffers: tuple[Buffer, ...]) -> Iterator[Statement]:
    for buffer, op in zip(buffers, spec.operands, strict=True):
        for axis in op.stretched:
            yield CheckExtent(buffer=buffer, axis=axis, label=_shown(names, op.labels[axis]), extent=None)


def _extent_checks(spec: Spec, names: Names, reading: Mapping[Extents, int]) -> Iterator[Statement]:
    """Yield checks that every axis has the extent its index was given by the statement that read it last.

    `reading` are the statements that read extents, in order, each with the operand it reads for.
    """
    reads: dict[str, dict[tuple[str, int], tuple[Buffer, str]]] = {}
    for statement, number in reading.items():
        labels = _labels(spec, number)
        for position, (name, label) in enumerate(zip(statement.names, labels, strict=True)):
            if name == UNUSED or position == statement.dots:
                continue
            after = statement.dots is not None and position > statement.dots
            place = (statement.buffer.name, position - len(labels) if after else position)
            reads.setdefault(name, {}).pop(place, None)
            reads[name][place] = (statement.buffer, _shown(names, label))
    for extent, places in reads.items():
        last = next(reversed(places))
        for place, (buffer, label) in places.items():
            if place != last:
                yield CheckExtent(
                    buffer=buffer, axis=place[1], label=label, extent=extent, other=last[0], other_axis=last[1]
                )


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
        statements += summing(found, used)
        statements += [Convert(buffer=buffer, variable=used) for buffer in inputs]
    return statements


def summing(found: str, used: str) -> list[Statement]:
    """Return what finds the dtype to sum in, `used`, for the one in the variable `found`; nothing where it is that."""
    pairs = tuple((row.name, row.sums) for row in DTYPES.values() if row.sums)
    return [SummingDtype(variable=used, of=found, pairs=pairs)] if used != found else []


def _batch_parts(spec: Spec, names: Names) -> tuple[str | None, ...]:
    """Return for each operand the name of the extents its ellipsis covers: its own where several must broadcast."""
    covered = [op.dots is not None and spec.dots is Dots.KEPT for op in spec.operands]
    if not any(covered):
        return (None,) * len(covered)
    batch, taken = names.extent[DOTS], set(names.taken)
    parts: list[str | None] = []
    for number, name in enumerate(names.operands):
        own = f"{batch}_{name}" if names.operands.count(name) == 1 else f"{batch}_{name}{number}"
        part = None if not covered[number] else batch if sum(covered) == 1 else fresh(own, taken)
        taken.update([part] if part else [])
        parts.append(part)
    return tuple(parts)


def _alignment(
    spec: Spec, names: Names, buffers: tuple[Buffer, ...], parts: tuple[str | None, ...]
) -> tuple[list[Statement], tuple[str, ...]]:
    """Return the statements that broadcast ellipses against each other, and each operand's name after them."""
    covering = tuple(part for part in parts if part is not None)
    if len(covering) < 2:
        return [], names.operands
    batch = names.extent[DOTS]
    statements: list[Statement] = [Batch(name=batch, parts=covering)]
    taken, views = {*names.taken, *covering}, []
    for number, (op, buffer, part) in enumerate(zip(spec.operands, buffers, parts, strict=True)):
        target = buffer.name
        if part is not None and op.dots is not None:
            if names.operands.count(buffer.name) > 1:
                target = fresh(f"{buffer.name}_{number}", taken)
                taken.add(target)
            extents = tuple(names.extent[label] for label in op.labels)
            statements.append(Align(buffer=buffer, target=target, batch=batch, part=part, names=extents, dots=op.dots))
        views.append(target)
    return statements, tuple(views)
