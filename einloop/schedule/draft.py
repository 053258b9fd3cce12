"""A program on its way through the passes of a schedule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..core.frozen import dataclass
from ..core.names import Names
from ..core.nest import Nest, heads_of
from ..core.path import Step, path_steps, path_terms
from ..core.spec import Places, Spec
from .language import PassCall
from .lower import lower
from .prepare import Request

PathFinder = Callable[[Spec, str], Places]
"""A way to find paths by name, or a path as text, in; the path out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the passes have made so far: which steps the program has, and its loops.

    `lone` are operands that are summed first over indices they alone have, `pairs` the path over all operands (none:
    one nest). `begun`: loops were transformed; the steps can no longer change. `closed` is the pass behind which the
    innermost loops are no longer plain ones around one statement, or None. `abilities` are what the target can write
    beside plain loops; `canonical`: elements are addressed by strides.
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
    abilities: frozenset[str] = frozenset()
    canonical: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of all indices as the loops have them now: some may stand for several of the expression's."""
        if not self.canonical:
            return tuple(self.spec.by_label)
        return tuple(dict.fromkeys(head.of.label for stage in self.nest.stages for head in heads_of(stage.body)))

    def in_steps(self, *, lone: tuple[int, ...], pairs: Places) -> Draft:
        """Return the program lowered anew, in these steps."""
        steps = program_steps(self.spec, lone, pairs)
        nest = lower(self.spec, self.names, self.request, steps)
        if self.canonical:
            from .strides import canonical

            nest = canonical(nest, self.names.taken)
        return replace(self, lone=lone, pairs=pairs, nest=nest)

    def with_nest(self, nest: Nest, *, closed: str | None = None) -> Draft:
        """Return the program with its loops transformed; `closed` by the pass of this name."""
        return replace(self, nest=nest, begun=True, closed=closed or self.closed)

    def check_able(self, command: PassCall, ability: str, otherwise: str) -> None:
        """Raise OptionError where the target cannot write what a pass makes."""
        if ability not in self.abilities:
            raise command.refused(
                f"{command.name} is not for this target, {otherwise}",
                hint="compiled targets have it, like --target c",
            )

    def check_open(self, command: PassCall, behind: tuple[str, ...] = ()) -> None:
        """Raise OptionError where a pass that needs plain loops stands behind one that leaves none; it may stand
        behind those called `behind`."""
        if self.closed is not None and self.closed not in behind:
            raise command.refused(f"{command.name} must stand before {self.closed}, which changes what the loops hold")


def first_draft(
    spec: Spec, names: Names, request: Request, find_path: PathFinder, abilities: frozenset[str] = frozenset()
) -> Draft:
    """Return the program before any pass: one nest, loops in order of appearance."""
    nest = lower(spec, names, request)
    return Draft(spec=spec, names=names, request=request, find_path=find_path, nest=nest, abilities=abilities)


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
    following = count
    for places in pairs or (tuple(range(count)),):
        which = [order[place] for place in places]
        taken.append(tuple(sorted(left.index(one) for one in which)))
        order = [one for one in order if one not in which] + [following]
        left = [one for one in left if one not in which] + [following]
        following += 1
    return path_steps(path_terms(spec), spec.output, taken)
