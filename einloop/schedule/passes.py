"""The passes of a schedule: a row each, which says what the pass needs and where it may stand."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from importlib import import_module

from ..core.ability import Ability
from ..core.frozen import dataclass
from ..core.near import meant
from .draft import Draft
from .language import PassCall

ANY = range(1, 10_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """A transformation of programs: a function of this name in a module of schedule/, loaded when it is asked for.

    The function takes the draft and the command, and returns the draft; it never changes a result. What it would
    refuse for lack of something general stands here:

    - `usage` is how it is written, `arguments` how many it takes; the first is an index where it is `indexed`;
    - `ability`: what the target must be able to write, `without` what a target is like that is not;
    - `early`: it stands before the passes that transform loops, which all others are unless they are `idle`;
    - `strides`: what it does with strides, which the loops must have;
    - `closes`: it leaves other things than plain loops around one statement. Only passes that say so stand `after` it:
      they name those that they may follow, or None for all of them;
    - `sums`: it is right for a sum of einsums too, whose nests add to what others wrote, with numbers beside products.
    """

    name: str
    module: str
    usage: str
    arguments: Container[int] = (0,)
    indexed: bool = False
    ability: Ability | None = None
    without: str = ""
    early: bool = False
    idle: bool = False
    strides: str | None = None
    closes: bool = False
    after: tuple[str, ...] | None = ()
    sums: bool = False

    def apply(self, draft: Draft, command: PassCall) -> Draft:
        """Return the program after this pass. Raises OptionError where it is not legal."""
        self._check(draft, command)
        changed = getattr(import_module(f".{self.module}", __package__), self.name)(draft, command)
        assert isinstance(changed, Draft)
        begun = draft.begun or not (self.early or self.idle)
        return replace(changed, begun=begun, closed=self.name if self.closes else draft.closed)

    def _check(self, draft: Draft, command: PassCall) -> None:
        """Raise OptionError where the target or the program lacks what the pass needs."""
        if self.ability is not None and self.ability not in draft.abilities:
            hint = None if self.ability is Ability.LISTS else "compiled targets have it, like --target c"
            raise command.refused(f"{self.name} is not for this target, {self.without}", hint=hint)
        if draft.joint is not None and not self.sums:
            raise command.refused(f"{self.name} is for one einsum, and this is {draft.joint.kind}")
        if self.early and draft.begun:
            raise command.refused(f"{self.name} must stand before the passes that transform loops")
        if self.strides is not None:
            draft.check_strides(command, f"{self.name} {self.strides}")
        if self.after is not None:
            draft.check_open(command, self.after)
        if self.indexed and command.arguments and command.arguments[0] not in draft.labels:
            left = f"there are {', '.join(draft.labels)}" if draft.labels else "no loop is left"
            raise command.refused(f"{command.arguments[0]!r} is not an index ({left})")


PASSES: tuple[Pass, ...] = (
    Pass(
        name="canonicalise",
        module="canonicalise",
        usage="canonicalise",
        ability=Ability.STRIDES,
        without="which addresses elements by their axes",
        early=True,
        sums=True,
    ),
    Pass(name="presum", module="program", usage="presum", early=True),
    Pass(name="path", module="program", usage="path(auto)", arguments=range(10_000), early=True),
    Pass(
        name="classify",
        module="classify",
        usage="classify",
        ability=Ability.STRIDES,
        without="whose loops are fast or slow whatever their kind",
        idle=True,
        strides="compares",
        sums=True,
    ),
    Pass(name="order", module="order", usage="order(i,k,j)", arguments=ANY, sums=True),
    Pass(
        name="tile",
        module="tile",
        usage="tile(i,32)",
        arguments=(0, 2),
        indexed=True,
        after=("accumulate", "rows"),
        sums=True,
    ),
    Pass(name="fuse", module="fuse", usage="fuse", closes=True, sums=True),
    Pass(
        name="rows",
        module="rows",
        usage="rows",
        ability=Ability.LISTS,
        without="which has no lists to walk over",
        closes=True,
        sums=True,
    ),
    Pass(name="accumulate", module="accumulate", usage="accumulate", closes=True, after=("fuse",), sums=True),
    Pass(
        name="unroll",
        module="unroll",
        usage="unroll(i,4)",
        arguments=range(3),
        indexed=True,
        ability=Ability.STRIDES,
        without="where extents are read at run time",
        strides="counts with",
        closes=True,
        after=("accumulate", "unroll"),
        sums=True,
    ),
    Pass(
        name="parallel",
        module="parallel",
        usage="parallel(i)",
        arguments=range(3),
        indexed=True,
        ability=Ability.THREADS,
        without="which runs in one thread",
        after=("rows", "fuse", "accumulate", "unroll", "vectorise"),
        sums=True,
    ),
    Pass(
        name="vectorise",
        module="vectorise",
        usage="vectorise",
        ability=Ability.STRIDES,
        without="whose loops are not compiled",
        strides="looks at",
        closes=True,
        after=("accumulate", "unroll"),
        sums=True,
    ),
    Pass(
        name="pack",
        module="kernels",
        usage="pack",
        ability=Ability.KERNELS,
        without="which has no text for kernels",
        strides="looks at",
        closes=True,
        after=None,
        sums=True,
    ),
)


def find_pass(command: PassCall) -> Pass:
    """Return the pass a command names. Raises OptionError where there is none, or for a wrong number of arguments."""
    found = next((one for one in PASSES if one.name == command.name), None)
    if found is None:
        names = [one.name for one in PASSES]
        hint = meant(command.name, names, f"there are {', '.join(names)}")
        raise command.refused(f"there is no pass {command.name!r}", hint=hint)
    given = len(command.arguments)
    if given not in found.arguments:
        raise command.refused(f"{command.name} with {given} argument{'s' * (given != 1)}", hint=f"like {found.usage}")
    return found
