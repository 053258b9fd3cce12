"""The one grammar of contraction paths: a name, places two by two like (0,1),(0,1), np.einsum_path's list of them."""

from __future__ import annotations

import ast
import re
from operator import index

from ..core.errors import OptionError
from ..core.near import meant
from ..core.path import EINSUM_PATH, path_text
from ..core.spec import Places

NAMES = ("auto", "greedy", "optimal", "cotengra")
STEP = re.compile(r"\(\s*(\d{1,9}(?:\s*+,\s*+\d{1,9})*+)\s*+(?:,\s*+)?\)", re.ASCII)
MAX_PATH = 20_000
"""Letters of a path with all that np.einsum_path prints of it."""


def read_path(text: str, operands: int) -> str | Places:
    """Return a name of a way to find a path, or the path itself.

    Raises OptionError where the text is neither, and where the path does not fit so many operands.

    >>> read_path("greedy", 3), read_path("(0,1),(0,1)", 3), read_path("['einsum_path', (0, 1), (0, 1)]", 3)
    ('greedy', ((0, 1), (0, 1)), ((0, 1), (0, 1)))
    """
    if text in NAMES:
        return text
    steps = _steps(text)
    if steps is None:
        raise _no_path(text)
    return check_path(steps, operands)


def check_path(steps: Places, operands: int) -> Places:
    """Return the steps of a path for so many operands: each names places in the list of arrays that are left, and its
    result goes to the end of the list.

    Raises OptionError where a place does not exist, or where more than one array is left at the end.
    """
    left = operands
    for number, places in enumerate(steps, start=1):
        if len(set(places)) < len(places) or not all(0 <= place < left for place in places):
            there = f"are {left} arrays left, in places 0 to {left - 1}" if left > 1 else "is 1 array left, in place 0"
            message = f"step {number} of the path takes ({','.join(map(str, places))}), but there {there}"
            raise OptionError("EL431", message, hint="each step's result goes to the end of the list")
        left += 1 - len(places)
    if left != 1:
        raise OptionError("EL431", f"the path leaves {left} arrays of {operands}; its last step must leave one")
    return steps


def path_argument(value: object) -> str:
    """Return a path that was given as a Python value as its text. Raises OptionError where it is none.

    >>> path_argument("auto"), path_argument([[0, 1], [0, 1]]), path_argument((["einsum_path", (0, 1)], "a report"))
    ('auto', '(0, 1),(0, 1)', '(0, 1)')
    """
    steps = value if isinstance(value, str) else places_of(value)
    if steps is None:
        raise _no_path(value)
    return steps if isinstance(steps, str) else path_text(steps)


def places_of(value: object) -> Places | None:
    """Return the steps that a value holds, None where it is not a path: a list of places, as np.einsum_path gives one
    (with its report or without), as opt_einsum does, or one step alone."""
    if not isinstance(value, list | tuple) or len(value) > MAX_PATH:
        return None
    match value:
        case [list() | tuple() as steps, report] if not isinstance(report, list | tuple | int):
            value = steps
    match value:
        case [str() as word, *steps] if word == EINSUM_PATH:
            found = steps
        case [list() | tuple(), *_]:
            found = list(value)
        case [_, *_]:
            found = [value]
        case _:
            return None
    places = tuple(_places(step) for step in found)
    return None if not places or () in places else places


def _places(step: object) -> tuple[int, ...]:
    """Return the places of one step, () where it has none."""
    if not isinstance(step, list | tuple) or any(isinstance(place, bool) for place in step):
        return ()
    try:
        return tuple(index(place) for place in step)
    except TypeError:
        return ()


def _steps(text: str) -> Places | None:
    """Return the steps that a text writes down, None where it is not a path."""
    if len(text) > MAX_PATH:
        return None
    try:
        return places_of(ast.literal_eval(text.strip()))
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        found = tuple(tuple(map(int, places.split(","))) for places in STEP.findall(text))
        return None if not found or re.sub(r"[\s,\[\]]", "", STEP.sub("", text)) else found


def _no_path(value: object) -> OptionError:
    shown = repr(value)
    shown = shown if len(shown) <= 60 else f"{shown[:59]}…"
    forms = f"{', '.join(NAMES)}, places like (0,1),(0,1), or the list that np.einsum_path gives"
    return OptionError("EL431", f"{shown} is not a path", hint=meant(value, NAMES, forms))
