"""Steps of a trace as rows of a table: a range of them, or those that make one cell of the result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from ...core.message import Code, Message
from ...core.trace import Position, TracedCell, TracedLoops, TracedRole, TraceStep
from ...core.visible import columns
from ..catalogue import Catalogue, TextRun
from ..layout import GAP, shrunk
from ..page import Piece, WordRole
from ..rows import Line
from .grid import ARROW
from .lines import TraceRoom, paragraph, shortened_middle
from .sum import MAX_COUNTED, SumGap, previous_write, shortened_symbols, sum_parts, symbolic
from .values import about_once, cells_text, dtypes_of, equation, short_text, sum_text

MAX_ROWS = 40
"""Steps that get a line each; of more both ends do."""
MIN_TEXT, MIN_HOLDS = 12, 24
"""How short a text is cut before a column is left out."""
NUMBERS = ("step", "line")
TEXTS = ("cell", "product", "values", "holds")
"""The columns before and after those of the loops."""
DISPENSABLE = ("product", "line", "values")
"""Columns that are left out where there is too little room, the first ones first."""


def left_out(count: int | None, catalogue: Catalogue, dots: str) -> Piece:
    """Return what stands for steps that are left out, None for more than are counted."""
    some = Message("trace.text.steps", {"count": count}) if count is not None else None
    words = some or Message("trace.text.more_steps", {"count": MAX_COUNTED})
    return Piece(f"{dots} {catalogue.text(words)}", role=WordRole.QUIET)


def range_lines(trace: TracedLoops, catalogue: Catalogue, first: int, last: int, room: TraceRoom) -> Iterator[Line]:
    """Yield the steps of a range, a line each; of a long one both ends."""
    count, half = last - first + 1, MAX_ROWS // 2
    if count <= MAX_ROWS:
        rows: list[TraceStep | SumGap] = [*trace.steps(first, last)]
    else:
        rows = [*trace.steps(first, first + half - 1), SumGap(count - 2 * half), *trace.steps(last - half + 1, last)]
    yield from table_lines(trace, catalogue, rows, room)


def cell_lines(trace: TracedLoops, catalogue: Catalogue, at: Position, room: TraceRoom) -> Iterator[Line]:
    """Yield the steps that make a cell of the result, a line each, and the value that it has in the end."""
    cell = TracedCell(trace.result.name, tuple(at))
    value = trace.machine.value(cell, trace.count)
    rows = cell_rows(trace, cell)
    if rows:
        yield from table_lines(trace, catalogue, rows, room)
    else:
        yield from paragraph(catalogue.runs(Message("trace.text.unwritten", {"cell": Code(str(cell))})), room.width)
    if value is not None:
        text = short_text(value, trace.result.dtype)
        text = shortened_symbols(text, catalogue, room.dots) if symbolic(value) else text
        yield from paragraph([TextRun(equation(str(cell), text))], room.width)


def cell_rows(trace: TracedLoops, cell: TracedCell) -> list[TraceStep | SumGap]:
    """Return the steps that write a cell, those of a running total that it takes before it; of many both ends."""
    half = MAX_ROWS // 2
    numbers = list(islice(trace.machine.writing(cell), MAX_COUNTED + 2 * half + 1))
    many = len(numbers) > MAX_COUNTED + 2 * half
    ends = numbers[:half], sorted(islice(trace.machine.writing(cell, reverse=True), half))
    if len(numbers) <= MAX_ROWS:
        ends = numbers, []
    rows: list[TraceStep | SumGap] = []
    for number in ends[0]:
        rows += with_totals(trace, trace.step(number))
    if ends[1]:
        rows.append(SumGap(None if many else len(numbers) - 2 * half))
    for number in ends[1]:
        rows += with_totals(trace, trace.step(number))
    return rows


def with_totals(trace: TracedLoops, step: TraceStep) -> Iterator[TraceStep | SumGap]:
    """Yield the steps that made the running totals that a step takes, then the step itself."""
    totals = {array.name for array in trace.arrays if array.role is TracedRole.TOTAL}
    cells = dict.fromkeys(cell for term in step.terms for cell, _ in term.factors if cell.array in totals)
    for cell in cells:
        number = previous_write(trace, cell, step.number)
        if number is not None:
            yield from sum_parts(trace, trace.step(number), near=MAX_ROWS // 2 - 1, ends=MAX_ROWS // 2)
    yield step


def table_lines(
    trace: TracedLoops, catalogue: Catalogue, rows: Sequence[TraceStep | SumGap], room: TraceRoom
) -> Iterator[Line]:
    """Yield steps as rows of a table: number, line, places of the loops, cell, product, and what the cell holds."""
    steps = [row for row in rows if not isinstance(row, SumGap)]
    loops = list(dict.fromkeys(name for step in steps for name, _ in step.indices))
    heads = {key: catalogue.text(Message(f"trace.text.column.{key}")) for key in (*NUMBERS, *TEXTS)}
    heads |= {_loop(name): name for name in loops}
    cells = {step.number: _cells(trace, step) for step in steps}
    order = [*NUMBERS, *map(_loop, loops), *TEXTS]
    widths = _widths([heads, *cells.values()], order, room.width)
    yield _table_row(heads, widths, room.dots, WordRole.QUIET)
    for row in rows:
        if isinstance(row, SumGap):
            yield (left_out(row.count, catalogue, room.dots),)
        else:
            yield _table_row(cells[row.number], widths, room.dots, WordRole.PLAIN)


def _loop(name: str) -> str:
    """Return the key of the column of a loop, which no other column has."""
    return f"{name} ="


def _cells(trace: TracedLoops, step: TraceStep) -> dict[str, str]:
    """Return the texts of a row by column."""
    dtypes = dtypes_of(trace)
    before = None if step.before is None else short_text(step.before, step.dtype)
    after = short_text(step.after, step.dtype)
    return {
        "step": f"{step.number:,}",
        "line": str(step.line),
        **{_loop(name): str(place) for name, place in step.indices},
        "cell": str(step.target),
        "product": cells_text(step.terms),
        "values": about_once(sum_text(step.terms, dtypes)),
        "holds": after if before is None else f"{before}{ARROW}{after}",
    }


def _widths(rows: Sequence[dict[str, str]], order: Sequence[str], width: int) -> dict[str, int]:
    """Return the width of every column that is shown, in order: texts are cut, then columns left out."""
    natural = {key: max(columns(row.get(key, "")) for row in rows) for key in order}
    small = {**natural, "values": MIN_TEXT, "cell": MIN_TEXT, "holds": MIN_HOLDS}
    for dropped in range(len(DISPENSABLE) + 1):
        shown = [key for key in order if key not in DISPENSABLE[:dropped]]
        least = [min(natural[key], small[key]) for key in shown]
        found = shrunk([natural[key] for key in shown], least, width)
        if sum(found) + GAP * (len(found) - 1) <= width:
            break
    return dict(zip(shown, found, strict=True))


def _table_row(row: dict[str, str], widths: dict[str, int], dots: str, role: WordRole) -> Line:
    """Return a row; numbers stand to the right."""
    line: list[Piece] = []
    for number, (key, width) in enumerate(widths.items()):
        text = _shortened(row.get(key, ""), width, dots)
        blanks = " " * (width - columns(text))
        line.append(
            Piece((" " * GAP if number else "") + (text + blanks if key in TEXTS else blanks + text), role=role)
        )
    return tuple(line)


def _shortened(text: str, width: int, dots: str) -> str:
    """Return a text of at most `width` columns; of two values with an arrow between each is cut."""
    before, arrow, after = text.partition(ARROW)
    if columns(text) <= width or not arrow:
        return shortened_middle(text, width, dots)
    room = max(width - columns(arrow), 2)
    first = shortened_middle(before, max(room // 2, room - columns(after)), dots)
    return first + arrow + shortened_middle(after, room - columns(first), dots)
