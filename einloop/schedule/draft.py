"""A program on its way through the passes of a schedule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ..core.ability import Ability
from ..core.frozen import dataclass
from ..core.names import Names
from ..core.nest import Nest, Stage, Statement, heads_of
from ..core.path import Step, path_steps, path_terms
from ..core.spec import Places, Spec
from .language import PassCall
from .lower import lower
from .prepare import Request

if TYPE_CHECKING:
    from ..core.joint import JointSum
    from ..core.viewed import Viewed

PathFinder = Callable[[Spec, str], Places]
"""A way to find paths by name, or a path as text, in; the path out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the passes have made so far: which steps the program has, and its loops.

    `lone` are operands that are summed first over indices they alone have, `pairs` the path over all operands (none:
    one nest). `begun`: loops were transformed; the steps can no longer change. `closed` is the last pass that changed
    what the loops hold, or None. `abilities` are the target's; `canonical`: elements are addressed by strides.
    `joint` is the sum of einsums that the loops compute, where it is not one einsum, over what `spec` has; `viewed`
    what stands around them where its operands are parts of arrays.
    """

    spec: Spec
    names: Names
    request: Request
    find_path: PathFinder
    nest: Nest
    lone: tuple[int, ...] = ()
    pairs: Places = ()
    begun: bool = False
    closed: str | None = None
    abilities: frozenset[Ability] = frozenset()
    canonical: bool = False
    joint: JointSum | None = None
    viewed: Viewed | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of all indices as the loops have them now: some may stand for several of the expression's."""
        if not self.canonical:
            return tuple(self.spec.by_label)
        return tuple(dict.fromkeys(head.label for stage in self.nest.stages for head in heads_of(stage.body)))

    def in_steps(self, *, lone: tuple[int, ...], pairs: Places) -> Draft:
        """Return the program lowered anew, in these steps."""
        steps = program_steps(self.spec, lone, pairs)
        nest = lower(self.spec, self.names, self.request, steps)
        if self.canonical:
            from .strides import canonical

            nest = canonical(nest, self.names.taken)
        return replace(self, lone=lone, pairs=pairs, nest=nest)

    def with_nest(self, nest: Nest) -> Draft:
        """Return the program with other loops."""
        return replace(self, nest=nest)

    def with_bodies(self, change: Callable[[Stage], tuple[Statement, ...]]) -> Draft:
        """Return the program with other loops in each stage."""
        return replace(self, nest=self.nest.map_bodies(change))

    def with_locals(self, change: Callable[[Stage, str], tuple[Statement, ...]]) -> Draft:
        """Return the program with other loops in each stage; `change` gets how the names of its locals end as well:
        languages with declarations want other names in other stages, the plain ones in the first."""
        bodies = [
            change(stage, str(number + 1) if number and self.canonical else "")
            for number, stage in enumerate(self.nest.stages)
        ]
        stages = (replace(stage, body=body) for stage, body in zip(self.nest.stages, bodies, strict=True))
        return self.with_nest(replace(self.nest, stages=tuple(stages)))

    def check_strides(self, command: PassCall, does: str, *, hint: str | None = None) -> None:
        """Raise OptionError where elements are not addressed by strides, which a pass compares, or counts with."""
        if not self.canonical:
            hint = hint or f"canonicalise {command.name}"
            raise command.refused(f"{does} strides, which the loops do not have", hint=hint)

    def check_open(self, command: PassCall, after: tuple[str, ...] = ()) -> None:
        """Raise OptionError where a pass stands after one that changed what the loops hold, unless it is one of
        `after`."""
        if self.closed is not None and self.closed not in after:
            raise command.refused(f"{command.name} must stand before {self.closed}, which changes what the loops hold")


def first_draft(
    spec: Spec,
    names: Names,
    request: Request,
    find_path: PathFinder,
    abilities: frozenset[Ability] = frozenset(),
    *,
    joint: JointSum | None = None,
) -> Draft:
    """Return the program before any pass: one nest, loops in order of appearance; of a sum of einsums several."""
    if joint is None:
        nest = lower(spec, names, request)
    else:
        from .sums import lower_sum  # a plain expression is spared it

        nest = lower_sum(joint, names, request)
    return Draft(
        spec=spec, names=names, request=request, find_path=find_path, nest=nest, abilities=abilities, joint=joint
    )


def program_steps(spec: Spec, lone: tuple[int, ...], pairs: Places) -> tuple[Step, ...]:
    """Return the steps of a program: first the sums of the `lone` operands, then the path, or one nest for all.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> [step.output for step in program_steps(read_subscripts("ij,jk,kl->i"), (2,), ((1, 2), (0, 1)))]
    [('k',), ('j',), ('i',)]
    """
    if not lone and not pairs:
        return ()
    count = len(spec.operands)
    left = list(range(count))
    taken: list[tuple[int, ...]] = []
    for number in lone:
        taken.append((left.index(number),))
        left = [one for one in left if one != number] + [number]
    order = list(range(count))
    for following, places in enumerate(pairs or (tuple(range(count)),), start=count):
        which = [order[place] for place in places]
        taken.append(tuple(sorted(left.index(one) for one in which)))
        order, left = ([one for one in ones if one not in which] + [following] for ones in (order, left))
    return path_steps(path_terms(spec), spec.output, taken)
