"""Keys: what a terminal sends for them, and what each does. A table; pure functions from state to state."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from ....core.errors import OptionError
from ....core.frozen import dataclass
from ....core.trace import TracedLoops
from .state import (
    MAX_DIGITS,
    SPEEDS,
    OnlyCell,
    TraceCursor,
    first_number,
    last_number,
    moved,
    moved_cell,
    next_number,
    only_of,
    previous_number,
    result_cell,
    told,
)

ESCAPE = "\x1b"
SEQUENCES: Mapping[str, str] = {
    "[A": "up", "[B": "down", "[C": "right", "[D": "left", "OA": "up", "OB": "down", "OC": "right", "OD": "left",
    "[H": "home", "[F": "end", "OH": "home", "OF": "end", "[1~": "home", "[4~": "end", "[7~": "home", "[8~": "end",
}  # fmt: skip
"""What follows an escape for the keys that have no character."""
SEQUENCE = re.compile(r"\[[0-9;?]*[ -/]*[@-~]|O[@-~]")
UNFINISHED = re.compile(r"\[[0-9;?]*[ -/]*|O|")
NAMED: Mapping[str, str] = {
    "\r": "enter", "\n": "enter", "\x7f": "backspace", "\b": "backspace", " ": "space", ESCAPE: "escape",
}  # fmt: skip

Act = Callable[[TracedLoops, TraceCursor], TraceCursor]


@dataclass(frozen=True, slots=True)
class KeyRow:
    """Keys that do the same, as they are called in the help, and the id of the words for it."""

    keys: tuple[str, ...]
    shown: str
    words: str
    act: Act


def split_keys(text: str, *, whole: bool = False) -> tuple[list[str], str]:
    """Return the keys in what a terminal sent, and what may be the beginning of one; `whole`: nothing more comes.

    >>> split_keys("n\\x1b[C\\x1b[1;5Dg12\\r\\x1b[")
    (['n', 'right', 'g', '1', '2', 'enter'], '\\x1b[')
    >>> split_keys("\\x1b", whole=True)
    (['escape'], '')
    """
    keys: list[str] = []
    while text:
        if not text.startswith(ESCAPE):
            keys.append(NAMED.get(text[0], text[0]))
            text = text[1:]
            continue
        found = SEQUENCE.match(text, 1)
        if found is not None:
            if found[0] in SEQUENCES:
                keys.append(SEQUENCES[found[0]])
            text = text[found.end() :]
        elif UNFINISHED.fullmatch(text, 1) and not whole:
            return keys, text
        else:
            keys.append("escape")
            text = text[1:]
    return keys, ""


def press(trace: TracedLoops, state: TraceCursor, key: str) -> TraceCursor:
    """Return the state after a key; one that has no meaning changes nothing."""
    if state.typed is not None:
        return _typing(trace, state, key)
    if state.help and key not in ("q", "?"):
        return replace(state, help=False)
    state = replace(state, told=None)
    act = ACTS.get(key)
    return state if act is None else act(trace, state)


def _typing(trace: TracedLoops, state: TraceCursor, key: str) -> TraceCursor:
    """Return the state after a key while the number of a step is typed."""
    text = state.typed or ""
    if key == "enter":
        state = replace(state, typed=None)
        number = int(text or "0")
        if not text:
            return state
        return replace(state, number=number, only=None) if 1 <= number <= trace.count else _no_step(trace, state, text)
    if key == "backspace":
        return replace(state, typed=text[:-1])
    if key.isascii() and key.isdigit() and len(text) < MAX_DIGITS:
        return replace(state, typed=text + key)
    if key in ("escape", "q", "g"):
        return replace(state, typed=None)
    return state


def _no_step(trace: TracedLoops, state: TraceCursor, text: str) -> TraceCursor:
    return told(state, "no_step", number=int(text), count=trace.count)


def _next(trace: TracedLoops, state: TraceCursor) -> TraceCursor:
    return moved(state, next_number(trace, state), "at_end")


def _previous(trace: TracedLoops, state: TraceCursor) -> TraceCursor:
    return moved(state, previous_number(trace, state), "at_start")


def _first(trace: TracedLoops, state: TraceCursor) -> TraceCursor:
    return moved(state, first_number(trace, state), "at_start")


def _last(trace: TracedLoops, state: TraceCursor) -> TraceCursor:
    return moved(state, last_number(trace, state), "at_end")


def _play(trace: TracedLoops, state: TraceCursor) -> TraceCursor:
    if state.playing:
        return replace(state, playing=False)
    if next_number(trace, state) is None:  # from the beginning again
        first = first_number(trace, state)
        return state if first in (None, state.number) else replace(state, number=first or 0, playing=True)
    return replace(state, playing=True)


def _faster(trace: TracedLoops, state: TraceCursor) -> TraceCursor:
    return replace(state, speed=min(state.speed + 1, len(SPEEDS) - 1))


def _slower(trace: TracedLoops, state: TraceCursor) -> TraceCursor:
    return replace(state, speed=max(state.speed - 1, 0))


def _jump(trace: TracedLoops, state: TraceCursor) -> TraceCursor:
    return replace(state, typed="", playing=False)


def _only(trace: TracedLoops, state: TraceCursor) -> TraceCursor:
    if state.only is not None or not state.number:
        return replace(state, only=None)
    return replace(state, only=only_of(trace, trace.step(state.number)))


def _nan(trace: TracedLoops, state: TraceCursor) -> TraceCursor:
    """Return the state at the first step that writes a nan."""
    try:
        number = trace.first_nan()
    except OptionError:
        return told(state, "nan_too_long")
    return told(state, "no_nan") if number is None else replace(state, number=number, only=None, playing=False)


def _up(trace: TracedLoops, state: TraceCursor) -> TraceCursor:
    return _across(trace, state, -1)


def _down(trace: TracedLoops, state: TraceCursor) -> TraceCursor:
    return _across(trace, state, 1)


def _across(trace: TracedLoops, state: TraceCursor, by: int) -> TraceCursor:
    """Return the state at the first step that writes the next cell of the result, or the one before."""
    if not state.number:
        return told(state, "at_end")
    found = moved_cell(trace, result_cell(trace, state.number), by)
    if found is None:
        return told(state, "no_cell")
    cell, number = found
    only = None if state.only is None else OnlyCell(cell=cell, begun=None)
    return replace(state, number=number, only=only)


def _help(trace: TracedLoops, state: TraceCursor) -> TraceCursor:
    return replace(state, help=not state.help, playing=False)


def _quit(trace: TracedLoops, state: TraceCursor) -> TraceCursor:
    return replace(state, done=True)


KEYS: tuple[KeyRow, ...] = (
    KeyRow(("right", "n"), "→ n", "trace.keys.next", _next),
    KeyRow(("left", "p"), "← p", "trace.keys.previous", _previous),
    KeyRow(("space",), "space", "trace.keys.play", _play),
    KeyRow(("+", "="), "+", "trace.keys.faster", _faster),
    KeyRow(("-", "_"), "-", "trace.keys.slower", _slower),
    KeyRow(("g",), "g", "trace.keys.jump", _jump),
    KeyRow(("home",), "Home", "trace.keys.first", _first),
    KeyRow(("end",), "End", "trace.keys.last", _last),
    KeyRow(("c",), "c", "trace.keys.only", _only),
    KeyRow(("up",), "↑", "trace.keys.up", _up),
    KeyRow(("down",), "↓", "trace.keys.down", _down),
    KeyRow(("N",), "N", "trace.keys.nan", _nan),
    KeyRow(("?",), "?", "trace.keys.help", _help),
    KeyRow(("q",), "q", "trace.keys.quit", _quit),
)
"""Every key, in the order of the help."""
ACTS: Mapping[str, Act] = {key: row.act for row in KEYS for key in row.keys}
