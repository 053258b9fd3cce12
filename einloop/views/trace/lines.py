"""Lines of pieces and how they are laid out: cut, folded, beside one another. Knows nothing of a trace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ...core.visible import columns
from ...core.visible import width as width_of
from ..catalogue import TextRun
from ..layout import wrap
from ..page import Piece
from ..rows import Line

ASCII = str.maketrans("·−≈×∧∨│─Σ⏸▶。", "*-~x&||-S=>.")
"""What stands for a sign where a terminal has ASCII alone; each is as wide as the sign."""
UNKNOWN = "?"
EARLY = 0.6
"""A line breaks after a blank that stands after this part of it."""
DOTS, ASCII_DOTS = "…", "..."


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceRoom:
    """How much room there is: columns of the page, rows and cells of an array, lines of code. `dots` mark a cut."""

    width: int
    rows: int = 8
    cells: int = 8
    code: int = 10
    dots: str = DOTS


def line_width(line: Line) -> int:
    """Return how many columns a line takes.

    >>> line_width((Piece("A[i]"), Piece("添字")))
    8
    """
    return sum(columns(piece.text) for piece in line)


def padded(line: Line, width: int) -> Line:
    """Return a line with blanks at its end, `width` columns at least."""
    missing = width - line_width(line)
    return (*line, Piece(" " * missing)) if missing > 0 else line


def clipped(line: Line, width: int, dots: str = DOTS) -> Line:
    """Return a line of at most `width` columns: of a longer one the beginning, and dots.

    >>> [piece.text for piece in clipped((Piece("A[i, j]"), Piece(" * B")), 8)]
    ['A[i, j]', '…']
    """
    if line_width(line) <= width:
        return line
    dots = dots[: max(width, 0)]
    left, found = max(width, 0) - columns(dots), list[Piece]()
    for piece in line:
        start, _ = _split(piece.text, left)
        if start:
            found.append(replace(piece, text=start))
        left -= columns(start)
        if start != piece.text:
            break
    return (*found, Piece(dots)) if dots else tuple(found)


def folded(line: Line, width: int) -> Iterator[Line]:
    """Yield a line in parts of at most `width` columns, broken after a blank where one is near, else anywhere.

    >>> ["".join(piece.text for piece in part) for part in folded((Piece("12345"), Piece("67 + 89")), 6)]
    ['123456', '7 + 89']
    """
    text = "".join(piece.text for piece in line)
    start = 0
    while columns(text[start:]) > width:
        part, _ = _split(text[start:], width)
        blank = part.rfind(" ") + 1
        size = blank if blank > len(part) * EARLY else len(part)
        if not size:  # one character is wider than the line
            yield (Piece(UNKNOWN[:width]),)
            start += 1
            continue
        yield _slice(line, start, start + size)
        start += size
    if start < len(text) or not text:
        yield _slice(line, start, len(text))


def _slice(line: Line, start: int, stop: int) -> Line:
    """Return the characters of a line from one place to another."""
    found, place = list[Piece](), 0
    for piece in line:
        text = piece.text[max(start - place, 0) : max(stop - place, 0)]
        if text:
            found.append(replace(piece, text=text))
        place += len(piece.text)
    return tuple(found)


def _split(text: str, width: int) -> tuple[str, str]:
    """Return as much of a text as takes at most `width` columns, and the rest."""
    if columns(text) <= width:
        return text, ""
    used = 0
    for place, character in enumerate(text):
        used += width_of(character)
        if used > width:
            return text[:place], text[place:]
    return text, ""


def shortened_middle(text: str, width: int, dots: str = DOTS) -> str:
    """Return a text of at most `width` columns: of a longer one both ends.

    >>> shortened_middle("a·e + b·g + c·h", 9), shortened_middle("12345", 5)
    ('a·e + …·h', '12345')
    """
    if columns(text) <= width:
        return text
    room = width - columns(dots)
    if room <= 0:
        return _split(text, max(width, 0))[0]
    tail = room // 3
    start = _split(text, room - tail)[0]
    end = text[max(len(text) - tail, 0) :]
    while end and columns(end) > tail:
        end = end[1:]
    return start + dots + end


def paragraph(runs: Sequence[TextRun], width: int, indent: int = 2) -> Iterator[Line]:
    """Yield a text in lines of at most `width` columns, all but the first indented."""
    for number, line in enumerate(wrap(runs, width - indent)):
        start = (Piece(" " * indent),) if number else ()
        yield from folded((*start, *(Piece(run.text) for run in line)), width)


def beside(blocks: Sequence[Sequence[Line]], width: int, gap: int) -> list[Line]:
    """Return blocks of lines beside one another, those that do not fit below, with an empty line between.

    >>> rows = beside([[(Piece("ab"),), (Piece("c"),)], [(Piece("d"),)], [(Piece("efgh"),)]], 6, 1)
    >>> ["".join(piece.text for piece in row) for row in rows]
    ['ab d', 'c', '', 'efgh']
    """
    found: list[Line] = []
    row: list[Sequence[Line]] = []
    used = 0
    for block in blocks:
        need = block_width(block)
        if row and used + gap + need > width:
            found += [*_joined(row, gap), ()]
            row, used = [], 0
        used += (gap if row else 0) + need
        row.append(block)
    return found + _joined(row, gap)


def _joined(blocks: Sequence[Sequence[Line]], gap: int) -> list[Line]:
    lines: list[Line] = []
    widths = [block_width(block) for block in blocks]
    for number in range(max(map(len, blocks), default=0)):
        line: list[Piece] = []
        used = start = 0
        for block, width in zip(blocks, widths, strict=True):
            own = block[number] if number < len(block) else ()
            if own:
                line += [Piece(" " * (start - used)), *own]
                used = start + line_width(own)
            start += width + gap
        lines.append(tuple(piece for piece in line if piece.text))
    return lines


def block_width(block: Sequence[Line]) -> int:
    """Return how many columns the widest line of a block takes."""
    return max(map(line_width, block), default=0)


def ascii_line(line: Line) -> Line:
    """Return a line of the same width in ASCII; what has no likeness there is a question mark.

    >>> ascii_line((Piece("4·2 − 添"),))[0].text
    '4*2 - ??'
    """
    return tuple(replace(piece, text="".join(map(_ascii, piece.text.translate(ASCII)))) for piece in line)


def _ascii(character: str) -> str:
    return character if character.isascii() else UNKNOWN * width_of(character)
