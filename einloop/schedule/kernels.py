"""Put a whole kernel in place of the loops of a nest."""

from __future__ import annotations

from dataclasses import replace

from ..core.kernel import Axis, Packed, PackedPlan, Permuted, PermutedPlan
from ..core.nest import Kernel, Kind, Nest, Stage, heads_of
from .classify import LEAST, permutation_of, product_of
from .draft import Draft
from .language import Command
from .pack import plan
from .permute import plan_permuted
from .strides import without_zeros

SHARES = "shares"
"""The ability of a target to call a packed kernel on several threads."""
PERMUTATIONS = "permutations"
"""The ability of a target that has text for permutations in tiles; others keep their loops."""


def pack(draft: Draft, command: Command) -> Draft:
    """Return the program with a kernel for every nest that is shaped like a matrix product, or permutes an array.

    Raises OptionError where the target has no kernels, and, asked for by a person, where no nest is of that shape.
    """
    draft.check_able(command, "kernels", "which has no text for kernels")
    if not draft.canonical:
        raise command.refused("pack looks at strides, which the loops do not have", hint="canonicalise pack")
    nest = draft.nest if any(stage.kind for stage in draft.nest.stages) else _shaped(draft, command)
    stages = tuple(_packed(draft, stage, number) for number, stage in enumerate(nest.stages))
    made = replace(nest, stages=stages)
    if not made.kernels and command.reason is None:
        raise command.refused(
            "no nest is a product of two float or complex matrices, large enough to pack, nor a permutation",
            hint="6 rows, columns and products at least, over 4,096 iterations",
        )
    written = {kernel.plan.kernel.target for kernel in made.kernels}
    return draft.with_nest(without_zeros(made, written), closed=command.name)


def _shaped(draft: Draft, command: Command) -> Nest:
    """Return the program with what a kernel could take of each nest, where a person asks without classifying."""
    draft.check_open(command)
    return replace(draft.nest, stages=tuple(_whole(stage) for stage in draft.nest.stages))


def _whole(stage: Stage) -> Stage:
    product = product_of(stage)
    if product is not None and product.rows and product.columns and product.contracted:
        return replace(stage, kind=Kind.PRODUCT, problem=product)
    permuted = permutation_of(stage)
    return stage if permuted is None else replace(stage, kind=Kind.PERMUTATION, problem=permuted)


def _packed(draft: Draft, stage: Stage, number: int) -> Stage:
    if stage.problem is None:
        return stage
    problem, threads, moves = stage.problem, 1, (0, 0, 0)
    if isinstance(problem, Packed) and SHARES in draft.abilities:
        problem, threads, moves = shared(problem, max(head.threads for head in heads_of(stage.body)))
    made = _plan(problem, draft)
    if made is None:
        return stage
    prefix = f"{made.block}{number + 1 if number else ''}"
    while any(name == prefix or name.startswith(f"{prefix}_") for name in draft.names.taken):
        prefix += "_"
    return replace(stage, body=(Kernel(plan=made, prefix=prefix, threads=threads, moves=moves),))


def shared(problem: Packed, threads: int) -> tuple[Packed, int, tuple[int, int, int]]:
    """Return a product's share for one of so many threads, how many there are, and how far apart shares lie in left,
    right and target: the whole of it for one thread, where no free index can be divided.

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
            part = axis.extent // threads
            if axis.extent % threads == 0 and part >= (1 if group == "batch" else LEAST):
                less = tuple(replace(a, extent=part) if a is axis else a for a in axes)
                moves = (part * axis.left, part * axis.right, part * axis.target)
                return _with(problem, group, less), threads, moves
    return problem, 1, (0, 0, 0)


def _with(problem: Packed, group: str, axes: tuple[Axis, ...]) -> Packed:
    if group == "batch":
        return replace(problem, batch=axes)
    return replace(problem, rows=axes) if group == "rows" else replace(problem, columns=axes)


def _plan(problem: Packed | Permuted, draft: Draft) -> PackedPlan | PermutedPlan | None:
    if isinstance(problem, Packed):
        return plan(problem, draft.request.machine)
    if PERMUTATIONS not in draft.abilities:
        return None
    return plan_permuted(problem, draft.request.machine)
