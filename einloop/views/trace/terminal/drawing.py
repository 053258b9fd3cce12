"""What the screen shows: a state and a size in, as many lines as the screen has out. Knows no terminal.

On 80 columns and more the code, the arrays and the total stand side by side; on fewer below one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ....core.frozen import dataclass
from ....core.message import Code, Message
from ....core.trace import TracedLoops, TraceStep
from ....core.visible import columns
from ...catalogue import Catalogue, TextRun
from ...page import Piece, WordRole, coloured_places, cut, flat
from ...rows import Line
from ..code import code_lines, index_colours
from ..grid import array_blocks, shown_arrays
from ..lines import (
    ASCII_DOTS,
    DOTS,
    TraceRoom,
    ascii_line,
    beside,
    block_width,
    clipped,
    padded,
    paragraph,
    shortened_middle,
)
from ..sum import SumGap, gap_text, shown_so_far, sum_parts, sum_runs
from ..text import reason_runs
from ..values import dtypes_of, product_text, short_text, sign_text, signed
from .keys import KEYS
from .state import SPEEDS, TraceCursor, cell_name

SIDE_BY_SIDE = 80, 14
"""Columns and lines from which on code, arrays and total stand beside one another."""
GAP = 2
MIN_TOTAL, MIN_ARRAYS = 16, 20
"""Columns that total and arrays get at the least."""
CODE_PART, TOTAL_PART = 0.46, 0.34
"""How much of the width code and total take at the most."""
MAX_ROWS = 30
"""Of an array."""
MAX_REASONS, MAX_ARRAYS = 4, 6
"""Lines of reasons; and arrays that are shown though the step does not touch them."""
MARKS = 4
"""Columns of the mark before a term, and of the blanks before what the cell holds."""
NOW, NOT_NOW = "> ", "  "
"""Before the term of the sum that the step adds, and before others."""
ARROWS = {"→": ">", "←": "<", "↑": "^", "↓": "v"}
SHORT_HELP = ("next", "play", "jump", "only", "help", "quit")
"""The keys that the last line names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenSize:
    """Columns and lines of a terminal; `ascii`: it shows no other characters."""

    width: int
    height: int
    ascii: bool = False

    @property
    def dots(self) -> str:
        """What stands for what is left out."""
        return ASCII_DOTS if self.ascii else DOTS


def screen_lines(trace: TracedLoops, state: TraceCursor, catalogue: Catalogue, size: ScreenSize) -> list[Line]:
    """Return the lines of the screen, exactly `size.height`, none wider than `size.width`."""
    step = trace.step(state.number) if state.number else None
    head = _head(trace, state, step, catalogue, size)
    foot = _foot(trace, state, step, catalogue, size)
    room = max(size.height - len(head) - len(foot), 0)
    if state.help:
        body = help_lines(catalogue)
    elif size.width >= SIDE_BY_SIDE[0] and size.height >= SIDE_BY_SIDE[1]:
        body = _beside(trace, step, catalogue, size, room)
    else:
        body = _stacked(trace, step, catalogue, size, room)
    body = [*body[:room], *([()] * (room - len(body)))]
    lines = [*head, *body, *foot][-size.height :] if size.height < len(head) + len(foot) else [*head, *body, *foot]
    shown = [clipped(line, size.width, size.dots) for line in lines]
    return [ascii_line(_arrows(line)) for line in shown] if size.ascii else shown


def _arrows(line: Line) -> Line:
    table = str.maketrans(ARROWS)
    return tuple(replace(piece, text=piece.text.translate(table)) for piece in line)


def _head(
    trace: TracedLoops, state: TraceCursor, step: TraceStep | None, catalogue: Catalogue, size: ScreenSize
) -> list[Line]:
    """Return the expression with what plays, then the step with the places of the loops."""
    text = "  ".join(filter(None, (flat(trace.expression), trace.result.dtype)))
    title = tuple(
        replace(piece, role=WordRole.TITLE) for piece in cut(text, coloured_places(text, index_colours(trace)))
    )
    status = _status(state, catalogue)
    left = clipped(title, max(size.width - columns(status) - GAP, 1), size.dots)
    first = (*padded(left, size.width - columns(status)), Piece(status, role=WordRole.QUIET))
    if step is None:
        return [first, (Piece(catalogue.text(Message("trace.text.none")), role=WordRole.TITLE),), ()]
    words = Message("trace.text.heading", {"number": step.number, "count": trace.count})
    second: list[Piece] = [Piece(catalogue.text(words), role=WordRole.TITLE), Piece(" ")]
    colours = index_colours(trace)
    for name, place in step.indices:
        second += [Piece("  "), Piece(name, colours.get(name)), Piece(f" = {place}")]
    return [first, tuple(second), ()] if size.height > SIDE_BY_SIDE[1] else [first, tuple(second)]


def _status(state: TraceCursor, catalogue: Catalogue) -> str:
    """Return whether it plays and how fast, and the one cell whose steps are shown."""
    rate = SPEEDS[state.speed]
    speed = Message("trace.keys.speed", {"count": int(rate)}) if rate >= 1 else None
    speed = speed or Message("trace.keys.slow", {"count": round(1 / rate)})
    playing = Message("trace.keys.playing", {"speed": speed})
    name = cell_name(state)
    parts = [catalogue.text(Message("trace.keys.only_cell", {"cell": Code(name)}))] if name is not None else []
    parts.append(catalogue.text(playing if state.playing else speed))
    return "   ".join(parts)


def _foot(
    trace: TracedLoops, state: TraceCursor, step: TraceStep | None, catalogue: Catalogue, size: ScreenSize
) -> list[Line]:
    """Return the reasons, and a line that asks, tells or names the keys."""
    if state.typed is not None:
        asks = catalogue.text(Message("trace.keys.which", {"count": trace.count}))
        last: Line = (Piece(f"{asks} {state.typed}_", role=WordRole.CURRENT),)
    elif state.told is not None:
        last = (Piece(catalogue.text(state.told), role=WordRole.NOTE),)
    else:
        rows = [row for row in KEYS if row.words.rpartition(".")[2] in SHORT_HELP]
        texts = [f"{row.shown} {catalogue.text(Message(f'{row.words}_short'))}" for row in rows]
        last = (Piece("   ".join(texts), role=WordRole.QUIET),)
    reasons: list[Line] = []
    if step is not None and step.reasons and not state.help:
        reasons += paragraph(reason_runs(step, catalogue), max(size.width, 3))
    most = min(MAX_REASONS, max((size.height - 8) // 4, 0))
    return [*reasons[:most], last]


def help_lines(catalogue: Catalogue) -> list[Line]:
    """Return a line for every key."""
    size = max(columns(row.shown) for row in KEYS)
    return [
        (Piece(row.shown + " " * (size - columns(row.shown) + GAP), role=WordRole.TITLE), Piece(catalogue.text(words)))
        for row in KEYS
        for words in [Message(row.words)]
    ]


def _beside(
    trace: TracedLoops, step: TraceStep | None, catalogue: Catalogue, size: ScreenSize, height: int
) -> list[Line]:
    """Return code, arrays and total beside one another; the total below the code where arrays have too little room."""
    line = None if step is None else step.line
    code = code_lines(trace, line, _room(size, size.width, code=height), catalogue)
    most = int(size.width * CODE_PART)
    if block_width(code) > most:
        code = code_lines(trace, line, _room(size, most, code=height), catalogue, narrow=True)
    widest = max(int(size.width * TOTAL_PART), MIN_TOTAL)
    total = [] if step is None else total_lines(trace, step, catalogue, size, (widest, height))
    left = size.width - block_width(code) - block_width(total) - 2 * GAP
    if left < MIN_ARRAYS and step is not None:
        widest = max(block_width(total) - MIN_ARRAYS + left, MIN_TOTAL)
        total = total_lines(trace, step, catalogue, size, (widest, height))
        left = size.width - block_width(code) - block_width(total) - 2 * GAP
    arrays = _arrays(trace, step, size, left, height)
    if step is not None and _cut(arrays, height):
        room = max(block_width(code), widest), height - len(code) - 1
        below = [*code, (), *total_lines(trace, step, catalogue, size, room)]
        below = below if len(below) <= height else [line for line in below if line]
        wide = size.width - block_width(below) - GAP
        if len(below) <= height and wide > left:
            return beside([below, _arrays(trace, step, size, wide, height)], size.width, GAP)
    arrays = [padded(line, left) for line in arrays] or [padded((), left)]
    return beside([code, arrays, total] if total else [code, arrays], size.width, GAP)


def _cut(arrays: Sequence[Line], height: int) -> bool:
    """Return whether cells are left out, which the places beside rows and columns show."""
    return len(arrays) > height or any(piece.role is WordRole.QUIET for line in arrays for piece in line)


def _stacked(
    trace: TracedLoops, step: TraceStep | None, catalogue: Catalogue, size: ScreenSize, height: int
) -> list[Line]:
    """Return sum, arrays and code below one another, the last as far as there is room."""
    room = _room(size, size.width, code=max(height // 3, 1))
    code = code_lines(trace, None if step is None else step.line, room, catalogue)
    said = [] if step is None else [*paragraph(sum_runs(trace, step, catalogue, size.dots), max(size.width, 3))]
    said = said[: max(height // 4, 1)]
    arrays = _arrays(trace, step, size, size.width, max(height - len(code) - len(said), 1))
    return [*code[: max(height - len(said) - 1, 0)], *said, *arrays]


def _arrays(trace: TracedLoops, step: TraceStep | None, size: ScreenSize, width: int, height: int) -> list[Line]:
    """Return the arrays in as many rows of each as the height has room for."""
    shown = shown_arrays(trace, step, MAX_ARRAYS)
    lines: list[Line] = []
    low, high = 0, min(height, max((size for array in shown for size in array.shape), default=1), MAX_ROWS) + 1
    while high - low > 1 or not lines:  # the most rows that fit, by halving
        rows = max((low + high) // 2, 1)
        room = replace(_room(size, max(width, 1)), rows=rows, cells=max(width // 4, 1))
        blocks = [block for array in shown for block in array_blocks(trace, array, step, room, before=False)]
        tried = beside(blocks, width, GAP)
        if len(tried) <= height:
            low, lines = rows, tried
        elif rows == 1:
            return [line for line in tried if line]
        else:
            high = rows
    return lines


def _room(size: ScreenSize, width: int, code: int = 10) -> TraceRoom:
    return TraceRoom(width=max(width, 1), code=max(code, 1), dots=size.dots)


def total_lines(
    trace: TracedLoops, step: TraceStep, catalogue: Catalogue, size: ScreenSize, room: tuple[int, int]
) -> list[Line]:
    """Return the sum that a step adds to, a line for each term with what the cell holds after it.

    `room`: columns, and lines.
    """
    width, height = room
    parts = sum_parts(trace, step, near=max((height - 9) // 2, 1))
    rows = [row for part in parts for row in _term_rows(trace, part, step, first=part is parts[0])]
    held = max((columns(row.held) for row in rows), default=0)
    wide = max((columns(row.text) for row in rows), default=0)
    product = min(wide, max(width // 3, width - held - MARKS))
    held = min(held, width - product - MARKS)
    lines: list[Line] = [(Piece(f"{step.target} =", role=WordRole.TITLE),)]
    for row in rows:
        if row.left_out is not None:
            lines.append((Piece(f"{NOT_NOW}{gap_text(row.left_out, catalogue, size.dots)}", role=row.role),))
            continue
        text = shortened_middle(row.text, product, size.dots)
        after = shortened_middle(row.held, held, size.dots)
        blanks = " " * (product - columns(text) + GAP + held - columns(after))
        mark = NOW if row.role is WordRole.CURRENT else NOT_NOW
        lines.append((Piece(f"{mark}{text}{blanks}{after}", role=row.role),))
    if step.before is not None:
        lines += [(), *paragraph([TextRun(shown_so_far(step, catalogue, size.dots))], width)]
    return [clipped(line, width, size.dots) for line in lines]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRow:
    """A line of the total: a product with its sign, and what the cell holds after it; or what is left out."""

    text: str = ""
    held: str = ""
    role: WordRole = WordRole.QUIET
    left_out: SumGap | None = None


def _term_rows(trace: TracedLoops, part: TraceStep | SumGap, step: TraceStep, *, first: bool) -> Sequence[TermRow]:
    """Return the rows of one step of a sum: its terms, after the last of them what the cell holds if it is done."""
    if isinstance(part, SumGap):
        return [TermRow(left_out=part)]
    dtypes = dtypes_of(trace)
    done = part.number <= step.number
    role = WordRole.CURRENT if part.number == step.number else WordRole.PLAIN if done else WordRole.QUIET
    texts = []
    for number, term in enumerate(part.terms):
        alone = first and not number and not term.negative
        sign = "  " if alone else sign_text(term, dtypes, first=False).lstrip()
        texts.append(sign + signed(product_text(term, dtypes)))
    held = short_text(part.after, part.dtype) if done else ""
    last = len(texts) - 1
    return [
        TermRow(text=text, held=held if number == last else "", role=role) for number, text in enumerate(texts)
    ] or [TermRow(held=held, role=role)]
