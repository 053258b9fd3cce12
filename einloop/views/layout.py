"""Lines for characters of one width: where a text may break, columns that fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ..core.visible import columns
from ..core.visible import width as width_of
from .catalogue import TextRun

NOT_FIRST = frozenset("、。，．・：；！？」』）〕】〉》〟ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ々…")
NOT_LAST = frozenset("「『（〔【〈《〝")
"""What does not begin or end a line of Japanese (a part of JIS X 4051's rules)."""

GAP = 2
MIN_COLUMN_WIDTH = 8
"""How many columns stand between two of a table, and how narrow one gets at the least."""


def wrap(runs: Iterable[TextRun], width: int) -> list[tuple[TextRun, ...]]:
    """Return runs as lines of at most `width` columns. Code is never broken: alone on a line it may be longer.

    >>> for line in wrap([TextRun("add up over "), TextRun("(2, 3)", code=True), TextRun(".")], 12):
    ...     print("".join(run.text for run in line))
    add up over
    (2, 3).
    """
    lines: list[list[TextRun]] = [[]]
    used = 0
    for blank, atom in atoms(runs):
        need = sum(columns(run.text) for run in atom)
        if lines[-1] and used + blank + need > width:
            lines.append([])
            used = 0
        elif blank and lines[-1]:
            lines[-1].append(TextRun(" "))
            used += 1
        lines[-1] += atom
        used += need
    return [tuple(line) for line in lines]


def atoms(runs: Iterable[TextRun]) -> Iterator[tuple[bool, list[TextRun]]]:
    """Yield what no line break may divide, each with whether a blank stands before it."""
    blank, held, last = False, list[TextRun](), ""
    for run in runs:
        for word in [run.text] if run.code else re.findall(r" +|[^ ]+", run.text):
            if not run.code and word.startswith(" "):
                if held:
                    yield blank, held
                blank, held, last = True, [], ""
                continue
            for group in [word] if run.code else _groups(word):
                if held and _may_break(last, group):
                    yield blank, held
                    blank, held = False, []
                held.append(TextRun(group, code=run.code))
                last = group[-1:]
    if held:
        yield blank, held


def _groups(word: str) -> list[str]:
    """Return a word in the pieces that a line break may part: wide characters singly."""
    groups: list[str] = []
    for character in word:
        if groups and width_of(character) < 2 and columns(groups[-1][-1]) < 2:
            groups[-1] += character
        else:
            groups.append(character)
    return groups


def _may_break(last: str, group: str) -> bool:
    wide = width_of(last) == 2 or width_of(group[0]) == 2 if last and group else False
    return wide and last not in NOT_LAST and group[0] not in NOT_FIRST


def fit(cells: Sequence[Sequence[Sequence[TextRun]]], width: int) -> list[int]:
    """Return the width of each column of a table so that its rows take at most `width`, where that can be.

    `cells`: rows of cells. What is widest gives first; none gets narrower than its longest word.
    """
    wanted = [max(map(_natural, column)) for column in zip(*cells, strict=True)]
    least = [max(*map(_longest, column), MIN_COLUMN_WIDTH) for column in zip(*cells, strict=True)]
    return shrunk(wanted, least, width)


def shrunk(widths: Sequence[int], least: Sequence[int], width: int) -> list[int]:
    """Return the widths of columns that take at most `width` together, as far as none gets narrower than its least
    width: the widest give first.

    >>> shrunk([24, 9], [10, 10], 30), shrunk([24, 9], [10, 10], 20)
    ([19, 9], [10, 9])
    """
    found = list(widths)
    while sum(found) + GAP * (len(found) - 1) > width:
        spare = [number for number, size in enumerate(found) if size > least[number]]
        if not spare:
            break
        found[max(spare, key=found.__getitem__)] -= 1
    return found


def _natural(cell: Sequence[TextRun]) -> int:
    return sum(columns(run.text) for run in cell)


def _longest(cell: Sequence[TextRun]) -> int:
    return max((sum(columns(run.text) for run in atom) for _, atom in atoms(cell)), default=0)
