"""Lowers a Spec to a loop nest and transforms nests. A schedule never changes a result; it writes no text."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.errors import OptionError
from ..core.nest import Nest, nesting
from .draft import Draft, PathFinder, first_draft
from .fold import fold
from .language import PassCall, read_schedule, read_schedules
from .lower import lower
from .passes import PASSES, Pass, find_pass
from .prepare import Request
from .rounding import rounded

__all__ = [
    "PASSES",
    "Draft",
    "Pass",
    "PassCall",
    "PathFinder",
    "Request",
    "find_pass",
    "first_draft",
    "fold",
    "lower",
    "read_schedule",
    "read_schedules",
    "schedule",
    "stages",
]


def schedule(draft: Draft, commands: tuple[PassCall, ...], limit: int) -> Nest:
    """Return the loops of a draft after all commands. `limit` is how many loops the target can nest.

    Raises OptionError for a pass that does not exist, or that is not legal where it stands.
    """
    *_, (_, last) = stages(draft, commands, limit)
    return last


def stages(draft: Draft, commands: tuple[PassCall, ...], limit: int) -> Iterator[tuple[PassCall | None, Nest]]:
    """Yield the loops of a draft (with None) and after every command (with it), as `schedule` makes them. Whatever a
    pass refuses has the place of its command."""
    yield None, rounded(fold(draft.nest, limit), draft)
    for command in commands:
        try:
            draft = find_pass(command).apply(draft, command)
        except OptionError as error:
            command.locate(error)
            raise
        folded = fold(draft.nest, limit)
        deepest = max(nesting(stage.body) for stage in folded.stages)
        if deepest > limit:  # blocks cannot become one loop
            what = f"{command.name} nests {deepest} loops, and the target takes at most {limit}"
            raise command.refused(what, hint="tile fewer indices")
        yield command, rounded(folded, draft)
