"""A contraction path in, one loop nest a step out, with named intermediates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod

from ..core.buffer import Access
from ..core.dtypes import Arithmetic, arithmetic_of
from ..core.names import Names, fresh
from ..core.nest import Accumulate, Assign, Dtypes, Head, Remark, Stage, Statement, Zero
from ..core.path import Step
from ..core.spec import DOTS, Index, Role, Spec
from .pieces import dots_at, nested, zeros

INTERMEDIATE = "T"


def lower_steps(
    spec: Spec, names: Names, path: tuple[Step, ...], factors: tuple[Access, ...], dtypes: Dtypes, *, boxed: bool
) -> tuple[Stage, ...]:
    """Return a stage for each step: a remark, the zeros of its result, its loops.

    `factors` are the elements of the operands, in order; `boxed`: a scalar result is an array too. Intermediates are
    called T1, T2 ..., with underscores behind where such a name is taken.
    """
    left = list(factors)
    taken = set(names.taken)
    every = {index.label: index for index in spec.indices}
    stages = []
    for number, step in enumerate(path, start=1):
        last = number == len(path)
        zero = dtypes.result if last else dtypes.sums
        buffer = names.result if last else fresh(f"{INTERMEDIATE}{number}", taken)
        taken.add(buffer)
        target = replace(_element(names, buffer, step.output, zero), boxed=last and not step.output and boxed)
        used = tuple(left[place] for place in step.taken)
        left = [access for place, access in enumerate(left) if place not in step.taken] + [target]
        statement, needs_zero = _statement(step, target, used, dtypes)
        needs_zero = needs_zero or boxed  # a variable must be declared where pointers are
        remark = Remark(
            number=number,
            of=len(path),
            target=target,
            factors=used,
            over=tuple(names.index[label] for label in step.summed),
            points=_points(names, every, step.labels),
            naive=_points(names, every, every),
        )
        setup = (remark, zeros(names, buffer, step.output, zero, owned=not last)) if needs_zero else (remark,)
        heads = tuple(_head(names, _role_in(step, every[label]), used, target) for label in step.labels)
        stages.append(Stage(setup=setup, body=nested(heads, (statement,)), zero=dtypes.sums))
    return tuple(stages)


def _statement(step: Step, target: Access, factors: tuple[Access, ...], dtypes: Dtypes) -> tuple[Statement, bool]:
    """Return the innermost statement of a step, and whether its target has to exist before."""
    zero, wide = dtypes.sums, dtypes.wide
    logic = arithmetic_of(zero.dtype) is Arithmetic.LOGIC
    if step.summed or (not step.output and zero.variable is not None):
        return Accumulate(target=target, factors=factors, logic=logic, wide=wide), True
    from_zero = zero.variable is not None or zero.dtype == "object"
    return Assign(target=target, factors=factors, logic=logic, from_zero=from_zero, wide=wide), bool(step.output)


def _role_in(step: Step, index: Index) -> Index:
    """Return the index as the step sees it: free where its result keeps it."""
    return replace(index, role=Role.FREE if index.label in step.output else Role.SUMMED)


def _element(names: Names, buffer: str, labels: tuple[str, ...], zero: Zero) -> Access:
    return Access(
        buffer=buffer,
        subscripts=tuple(names.index[label] for label in labels),
        dots=dots_at(labels),
        extents=tuple(names.extent[label] for label in labels),
        dtype=zero.dtype,
    )


def _head(names: Names, index: Index, factors: tuple[Access, ...], target: Access) -> Head:
    name = names.index[index.label]
    places = [
        (access.buffer, axis if access.dots is None or axis <= access.dots else axis - len(access.subscripts))
        for access in (*factors, target)
        for axis, subscript in enumerate(access.subscripts)
        if subscript == name
    ]
    return Head(of=index, index=name, extent=names.extent[index.label], places=tuple(places))


def _points(
    names: Names, every: Mapping[str, Index], labels: Mapping[str, Index] | tuple[str, ...]
) -> int | tuple[str, ...]:
    """Return the number of iterations over these indices, or the extents to be multiplied where some are unknown."""
    extents = [every[label].extent for label in labels]
    if all(isinstance(extent, int) for extent in extents):
        return prod(extent for extent in extents if isinstance(extent, int))
    return tuple(f"(*{names.extent[label]})" if label == DOTS else names.extent[label] for label in labels)
