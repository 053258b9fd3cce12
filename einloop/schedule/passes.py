"""The passes of a schedule: one line each."""

from __future__ import annotations

from importlib import import_module

from ..core.frozen import dataclass
from ..core.near import meant
from .draft import Draft
from .language import PassCall


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """A transformation of programs: its name, the module in schedule/ that has a function of this name, how it is
    written, and how many arguments it takes at least and at most.

    The module is loaded when the pass is asked for: a plain start needs one or two of them.
    """

    name: str
    module: str
    usage: str
    fewest: int = 0
    most: int = 0

    def apply(self, draft: Draft, command: PassCall) -> Draft:
        """Return the program after this pass. Raises OptionError where it is not legal."""
        changed = getattr(import_module(f".{self.module}", __package__), self.name)(draft, command)
        assert isinstance(changed, Draft)
        return changed


MANY = 10_000

PASSES: tuple[Pass, ...] = (
    Pass(name="canonicalise", module="canonicalise", usage="canonicalise"),
    Pass(name="presum", module="program", usage="presum"),
    Pass(name="path", module="program", usage="path(auto)", most=MANY),
    Pass(name="classify", module="classify", usage="classify"),
    Pass(name="order", module="order", usage="order(i,k,j)", fewest=1, most=MANY),
    Pass(name="tile", module="tile", usage="tile(i,32)", most=2),
    Pass(name="rows", module="rows", usage="rows"),
    Pass(name="accumulate", module="accumulate", usage="accumulate"),
    Pass(name="unroll", module="unroll", usage="unroll(i,4)", most=2),
    Pass(name="parallel", module="parallel", usage="parallel(i)", most=2),
    Pass(name="vectorise", module="vectorise", usage="vectorise"),
    Pass(name="pack", module="kernels", usage="pack"),
)


def find_pass(command: PassCall) -> Pass:
    """Return the pass a command names. Raises OptionError where there is none, or for a wrong number of arguments."""
    found = next((one for one in PASSES if one.name == command.name), None)
    if found is None:
        names = [one.name for one in PASSES]
        hint = meant(command.name, names, f"there are {', '.join(names)}")
        raise command.refused(f"there is no pass {command.name!r}", hint=hint)
    if not found.fewest <= len(command.arguments) <= found.most:
        given = len(command.arguments)
        raise command.refused(f"{command.name} with {given} argument{'s' * (given != 1)}", hint=f"like {found.usage}")
    return found
