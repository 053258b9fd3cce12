"""A contraction path in, one loop nest a step out, with named intermediates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import prod

from ..core.buffer import Access, Dtypes
from ..core.dtypes import is_logic
from ..core.generated import Values
from ..core.names import Names, fresh
from ..core.nest import Accumulate, Assign, Head, Remark, Stage, Statement, nested
from ..core.path import Step
from ..core.spec import DOTS, Role, Spec
from .pieces import dots_at, zeros

INTERMEDIATE = "T"


def lower_steps(
    spec: Spec, names: Names, path: tuple[Step, ...], factors: tuple[Access, ...], *, dtypes: Dtypes, values: Values
) -> tuple[Stage, ...]:
    """Return a stage for each step: a remark where there are several, the zeros of its result, its loops.

    `factors` are the elements of the operands, in order. Intermediates are called T1, T2 ..., with underscores after
    the name where it is taken.
    """
    alone = len(path) == 1
    left = list(factors)
    taken = set(names.taken)
    stages = []
    for number, step in enumerate(path, start=1):
        last = number == len(path)
        zero = dtypes.result if last else dtypes.sums
        buffer = names.result if last else fresh(f"{INTERMEDIATE}{number}", taken)
        taken.add(buffer)
        target = Access(
            buffer=buffer,
            subscripts=tuple(names.index[label] for label in step.output),
            dots=dots_at(step.output),
            boxed=last and not step.output and values is Values.POINTERS,
            extents=tuple(names.extent[label] for label in step.output),
            dtype=zero.dtype,
        )
        elements = (*(left[place] for place in step.taken), target)
        left = [one for place, one in enumerate(left) if place not in step.taken] + [target]
        statement, needs_zero = _statement(spec, step, elements, dtypes, values, alone=alone)
        heads = [head_of(spec, names, step, label, () if alone else elements) for label in step.labels]
        setup: list[Statement] = [] if alone else [_remark(spec, names, step, statement, place=(number, len(path)))]
        if needs_zero or (values is Values.POINTERS and not alone):  # a variable must be declared there
            setup.append(zeros(names, buffer, step.output, zero, owned=not last))
        stages.append(Stage(setup=tuple(setup), body=nested(heads, (statement,)), zero=dtypes.sums))
    return tuple(stages)


def _statement(
    spec: Spec, step: Step, elements: tuple[Access, ...], dtypes: Dtypes, values: Values, *, alone: bool
) -> tuple[Assign | Accumulate, bool]:
    """Return the innermost statement of a step, and whether its target has to exist before."""
    *factors, target = elements
    zero, wide = dtypes.sums, dtypes.wide
    logic = is_logic(zero.dtype)
    if step.summed or (not step.output and zero.variable is not None):
        return Accumulate(target=target, factors=tuple(factors), logic=logic, wide=wide), True
    numbers = alone and values is Values.LISTS
    from_zero = not spec.is_view and (zero.variable is not None or zero.dtype == "object" or numbers)
    made = Assign(target=target, factors=tuple(factors), logic=logic, from_zero=from_zero, wide=wide)
    return made, bool(step.output)


def head_of(spec: Spec, names: Names, step: Step, label: str, elements: tuple[Access, ...]) -> Head:
    """Return the loop over an index, which is free where the step's result keeps it.

    It occurs in the `elements` of the step, or without these in the operands, stretched axes too, and the result.
    """
    index, name = spec.by_label[label], names.index[label]
    places = [place for access in elements for place in _axes(access.buffer, access.subscripts, access.dots, name)]
    if not elements:
        places = [(names.operands[place.operand], place.axis) for place in index.places]
        places += _axes(names.result, step.output, dots_at(step.output), label)
    of = replace(index, role=Role.FREE if label in step.output else Role.SUMMED)
    return Head(of=of, index=name, extent=names.extent[label], places=tuple(places))


def _axes(buffer: str, labels: tuple[str, ...], dots: int | None, wanted: str) -> Iterator[tuple[str, int]]:
    """Yield the axes of an array that an index has; those after an ellipsis are counted from the end."""
    for axis, label in enumerate(labels):
        if label == wanted:
            yield buffer, axis if dots is None or axis <= dots else axis - len(labels)


def _remark(spec: Spec, names: Names, step: Step, statement: Assign | Accumulate, *, place: tuple[int, int]) -> Remark:
    number, count = place
    return Remark(
        number=number,
        of=count,
        target=statement.target,
        factors=statement.factors,
        over=tuple(names.index[label] for label in step.summed),
        points=_points(spec, names, step.labels),
        naive=_points(spec, names, spec.by_label),
    )


def _points(spec: Spec, names: Names, labels: Iterable[str]) -> int | tuple[str, ...]:
    """Return the number of iterations over these indices, or the extents to be multiplied where some are unknown."""
    extents = {label: spec.by_label[label].extent for label in labels}
    if all(isinstance(extent, int) for extent in extents.values()):
        return prod(extent for extent in extents.values() if isinstance(extent, int))
    return tuple(f"(*{names.extent[label]})" if label == DOTS else names.extent[label] for label in extents)
