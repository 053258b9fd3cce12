"""Put a whole kernel in place of the loops of a nest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..core.ability import Ability
from ..core.kernel import Blend, Packed, PackedPlan, Permuted, PermutedPlan
from ..core.machine import Machine
from ..core.nest import Accumulate, Assign, Kernel, Nest, Stage, StatementKind, every, heads_of
from .classify import MIN_SIDE, blends_of, permutation_of, product_of
from .draft import Draft
from .language import PassCall
from .pack import plan
from .permute import plan_permuted
from .strides import without_zeros

MAX_PIECES = 4
"""Shares for each thread where who is free takes the next: one that is kept from its work keeps few back."""
MIN_PIECE = 96
"""Rows or columns of a share that is one of several for a thread: each packs the other operand anew."""


def pack(draft: Draft, command: PassCall) -> Draft:
    """Return the program with a kernel for every nest that is shaped like a matrix product, or permutes an array.

    Raises OptionError, where a person asks for it, if no nest is of that shape.
    """
    stages: Iterable[Stage] = draft.nest.stages
    if not any(stage.kind for stage in draft.nest.stages):
        draft.check_open(command)
        stages = map(_whole, stages, blends_of(draft))
    packed = [_packed(draft, stage, number) for number, stage in enumerate(stages)]
    absorbed = [number - 1 for number, stage in enumerate(packed) if (blend := _blend(stage)) and blend.absorbed]
    made = replace(draft.nest, stages=tuple(stage for number, stage in enumerate(packed) if number not in absorbed))
    if not made.kernels and command.reason is None:
        raise command.refused(
            "no nest is a product of two float or complex matrices, large enough to pack, nor a permutation",
            hint="6 rows, columns and products at least, over 4,096 iterations",
        )
    return draft.with_nest(without_zeros(made, _assigned(draft, made)))


def _blend(stage: Stage) -> Blend | None:
    """Return what the kernel of a stage makes of its product."""
    plans = [statement.plan for statement in stage.body if isinstance(statement, Kernel)]
    return next((plan.kernel.blend for plan in plans if isinstance(plan, PackedPlan)), None)


def _assigned(draft: Draft, made: Nest) -> set[str]:
    """Return the arrays of which a kernel writes every element, whatever was there."""
    targets = {kernel.plan.kernel.target for kernel in made.kernels}
    if draft.joint is None:
        return targets
    name = draft.nest.result.name
    first = next(stage for stage in made.stages if name in _written(stage))
    blend = _blend(first)
    adds = blend is not None and blend.old is not None and not blend.absorbed
    return {name} if any(isinstance(s, Kernel) for s in first.body) and not adds else set()


def _written(stage: Stage) -> set[str]:
    """Return the arrays that a stage writes."""
    kernels = {s.plan.kernel.target for s in stage.body if isinstance(s, Kernel)}
    return kernels | {s.target.buffer for s in every(stage.body) if isinstance(s, Assign | Accumulate)}


def _whole(stage: Stage, blend: Blend | None) -> Stage:
    """Return what a kernel could take of a nest, where a person asks without classifying."""
    product = product_of(stage, blend)
    if product is not None and product.rows and product.columns and product.contracted:
        return replace(stage, kind=StatementKind.PRODUCT, problem=product)
    permuted = permutation_of(stage)
    return stage if permuted is None else replace(stage, kind=StatementKind.PERMUTATION, problem=permuted)


def _packed(draft: Draft, stage: Stage, number: int) -> Stage:
    if stage.problem is None:
        return stage
    problem, threads, moves = stage.problem, 1, (0, 0, 0)
    if isinstance(problem, Packed) and Ability.SHARES in draft.abilities:
        wanted = max(head.threads for head in heads_of(stage.body))
        problem, threads, moves = shared(problem, wanted, pieces=MAX_PIECES if draft.request.threads > 1 else 1)
    made = _plan(problem, draft, draft.request.machine)
    if made is None:
        return stage
    prefix = f"{made.block}{number + 1 if number else ''}"
    while any(name == prefix or name.startswith(f"{prefix}_") for name in draft.names.taken):
        prefix += "_"
    versions = _versions(problem, draft)
    kernel = Kernel(plan=made, prefix=prefix, versions=versions, threads=threads, moves=moves)
    return replace(stage, body=(kernel,))


def shared(problem: Packed, threads: int, *, pieces: int = 1) -> tuple[Packed, int, tuple[int, int, int]]:
    """Return one of the shares of a product for so many threads, how many shares there are, and how far apart they lie
    in left, right and target: the whole of it, once, where no free index can be divided.

    A thread gets up to `pieces` shares, as many as leave MIN_PIECE rows or columns for each.

    >>> from einloop.core.kernel import Axis
    >>> i, j = Axis(name="i", extent=64, left=9, target=7), Axis(name="j", extent=9, left=1, right=7)
    >>> k = Axis(name="k", extent=7, right=1, target=1)
    >>> product = Packed(
    ...     target="C", left="A", right="B", dtype="float64", batch=(), rows=(i,), columns=(k,), contracted=(j,)
    ... )
    >>> share, threads, moves = shared(product, 2)
    >>> share.rows[0].extent, threads, moves
    (32, 2, (288, 0, 224))
    """
    groups = {"batch": problem.batch, "rows": problem.rows, "columns": problem.columns}
    for group, axes in groups.items() if threads > 1 else ():
        for axis in sorted(axes, key=lambda axis: -abs(axis.target)):
            for each in range(pieces, 0, -1):
                part, rest = divmod(axis.extent, threads * each)
                if not rest and part >= (1 if group == "batch" else MIN_SIDE if each == 1 else MIN_PIECE):
                    groups[group] = tuple(replace(a, extent=part) if a is axis else a for a in axes)
                    batch, rows, columns = groups.values()
                    moves = (part * axis.left, part * axis.right, part * axis.target)
                    return replace(problem, batch=batch, rows=rows, columns=columns), threads * each, moves
    return problem, 1, (0, 0, 0)


def _plan(problem: Packed | Permuted, draft: Draft, machine: Machine) -> PackedPlan | PermutedPlan | None:
    if isinstance(problem, Packed):
        able = problem.blend is None or Ability.BLENDS in draft.abilities
        return plan(problem, machine) if able else None
    return plan_permuted(problem, machine) if Ability.PERMUTATIONS in draft.abilities else None


def _versions(problem: Packed | Permuted, draft: Draft) -> tuple[tuple[int, PackedPlan | PermutedPlan], ...]:
    """Return the plans for all processors that the text is for; where neighbours agree, the one that asks for less."""
    found: list[tuple[int, PackedPlan | PermutedPlan]] = []
    for machine in draft.request.machine.versions if Ability.VERSIONS in draft.abilities else ():
        made = _plan(problem, draft, machine)
        if made is not None:
            if found and found[-1][1] == made:
                found.pop()
            found.append((machine.vector_bytes, made))
    return tuple(found) if len(found) > 1 else ()
