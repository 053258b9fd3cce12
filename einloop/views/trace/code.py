"""The code of a trace as lines: the one that runs is marked, the loops around it stay, the rest is counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ...core.message import Message
from ...core.trace import TracedLoops
from ..catalogue import Catalogue
from ..page import Piece, WordRole, clean, coloured_places, cut
from ..rows import Line
from .lines import TraceRoom, clipped, folded, line_width
from .places import PlaceGap, with_gaps

CURRENT, OTHER = "> ", "  "
"""What stands before the line that runs, and before every other."""


def index_colours(trace: TracedLoops) -> Mapping[str, int]:
    """Return the number of the colour of every name that a loop counts with."""
    return {index.name: index.colour for index in trace.indices}


def code_lines(
    trace: TracedLoops, line: int | None, room: TraceRoom, catalogue: Catalogue, *, narrow: bool = False
) -> list[Line]:
    """Return the code, of a long one about `room.code` lines. `narrow`: with half of its indent."""
    source = [text for one in trace.source for text in clean(one)]
    if narrow:
        source = [text[(len(text) - len(text.lstrip(" "))) // 2 :] for text in source]
    colours = index_colours(trace)
    current = None if line is None or not 1 <= line <= len(source) else line - 1
    now = range(0) if current is None else statement_lines(source, current)
    found: list[Line] = []
    for place in with_gaps(shown_lines(source, current, room.code), len(source)):
        if isinstance(place, PlaceGap):
            words = catalogue.text(Message("trace.text.lines", {"count": place.count}))
            found.append((Piece(f"{OTHER}{room.dots} {words}", role=WordRole.QUIET),))
            continue
        pieces = tuple(cut(source[place], coloured_places(source[place], colours)))
        if place in now:
            found += _current(pieces, room.width, first=place == current)
        else:
            found.append((Piece(OTHER), *pieces))
    return [clipped(pieces, room.width, room.dots) for pieces in found]


def _current(pieces: Line, width: int, *, first: bool) -> Iterator[Line]:
    """Yield a line of the statement that runs; one that is too wide goes on below, and keeps half of its indent."""
    if line_width(pieces) > width - len(CURRENT):
        pieces = narrowed(pieces)
    for number, part in enumerate(folded(pieces, max(width - len(CURRENT), 1))):
        yield tuple(
            replace(piece, role=WordRole.CURRENT)
            for piece in (Piece(CURRENT if first and not number else OTHER), *part)
        )


def narrowed(line: Line) -> Line:
    """Return a line with half of its indent.

    >>> narrowed((Piece("        x += "), Piece("i")))[0].text
    '    x += '
    """
    first, *rest = line
    indent = len(first.text) - len(first.text.lstrip(" "))
    return (replace(first, text=first.text[indent - indent // 2 :]), *rest)


def shown_lines(source: Sequence[str], current: int | None, most: int) -> list[int]:
    """Return the numbers of the lines to show: of a long text the current one, the heads around it, then what is near.

    >>> source = ["a", "b", "for i in I:", "    d", "    e", "    for j in J:", "        f", "g"]
    >>> shown_lines(source, 6, 3), shown_lines(source, None, 2), shown_lines(source[:3], 1, 3)
    ([2, 5, 6], [0, 1], [0, 1, 2])
    """
    if len(source) <= most:
        return list(range(len(source)))
    middle = 0 if current is None else current
    kept = [] if current is None else [*statement_lines(source, current), *heads_around(source, current)]
    near = sorted(range(len(source)), key=lambda line: (abs(line - middle), line))
    return sorted(list(dict.fromkeys((*kept, *near)))[: max(most, 1)])


def statement_lines(source: Sequence[str], line: int) -> range:
    """Return the lines of the statement that begins with a line: on to where its parentheses are closed.

    >>> statement_lines(["a += (", "    b[i]", "    * c[i]", ")", "d = 0"], 0), statement_lines(["a[i] += 1", "c"], 0)
    (range(0, 4), range(0, 1))
    """
    depth = 0
    for number in range(line, len(source)):
        depth += sum((one in "([{") - (one in ")]}") for one in source[number])
        if depth <= 0:
            return range(line, number + 1)
    return range(line, line + 1)


def heads_around(source: Sequence[str], line: int) -> list[int]:
    """Return the lines that a line stands in, the innermost first.

    >>> heads_around(["for i in I:", "    a = 0", "    for j in J:", "        a += 1"], 3)
    [2, 0]
    """
    found = []
    depth = _depth(source[line])
    for number in range(line - 1, -1, -1):
        if source[number].strip() and _depth(source[number]) < depth:
            found.append(number)
            depth = _depth(source[number])
    return found


def _depth(text: str) -> int:
    return len(text) - len(text.lstrip())
