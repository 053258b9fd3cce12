"""The one grammar of contraction paths on a command line: a name, or places two by two like (0,1),(0,1)."""

from __future__ import annotations

import re

from ..core.errors import OptionError
from ..core.near import meant

NAMES = ("auto", "greedy", "optimal")
STEP = re.compile(r"\(\s*(\d{1,9}(?:\s*+,\s*+\d{1,9})*+)\s*+(?:,\s*+)?\)", re.ASCII)


def read_path(text: str, operands: int) -> str | tuple[tuple[int, ...], ...]:
    """Return a name of a way to find a path, or the path itself.

    In a path each step names places in the list of arrays that are left; its result goes to the end of the list.
    Raises OptionError where a place does not exist, or where more than one array is left at the end.

    >>> read_path("greedy", 3), read_path("(0,1),(0,1)", 3)
    ('greedy', ((0, 1), (0, 1)))
    """
    if text in NAMES:
        return text
    steps = tuple(tuple(map(int, places.split(","))) for places in STEP.findall(text))
    if not steps or re.sub(r"[\s,\[\]]", "", STEP.sub("", text)):
        hint = meant(text, NAMES, f"{', '.join(NAMES)}, or places like (0,1),(0,1)")
        raise OptionError("EL431", f"{text!r} is no path", hint=hint)
    left = operands
    for number, places in enumerate(steps, start=1):
        if len(set(places)) < len(places) or max(places) >= left:
            shown = ",".join(map(str, places))
            raise OptionError(
                "EL431",
                f"step {number} of the path takes ({shown}), but there are {left} arrays left, 0 to {left - 1}",
                hint="each step's result goes to the end of the list",
            )
        left += 1 - len(places)
    if left != 1:
        raise OptionError("EL431", f"the path leaves {left} arrays of {operands}; its last step must leave one")
    return steps
