"""Arrays with values in, lines of text out: each as rows and columns under its name, side by side where they fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ...core.plain_array import PlainArray, positions
from ...core.story_data import Write
from ...core.visible import width as columns_of

MATRIX_AXES = 2
"""Axes, counted from the last, whose elements stand as rows and columns; those before them make slices."""
GAP, SLICE_GAP, COLUMN_GAP = 4, 3, 2
"""Blanks between two arrays, between two slices of one, and between two columns."""

Lines = list[str]


def grid_lines(arrays: Iterable[tuple[str, Sequence[str], PlainArray]], room: int, write: Write) -> Lines:
    """Return arrays as text, each with its name and the names of its axes above it.

    Rows wider than `room` are folded: some columns, and below them the others, each with the places it has.

    >>> from ...core.arithmetic import shortest
    >>> A = PlainArray((2, 2, 2), "int64", (1, 2, 3, 40, 5, 6, 7, 8))
    >>> x = PlainArray((2,), "int64", (1, 2))
    >>> print("\\n".join(grid_lines([("A", ("i", "j", "k"), A), ("x", ("k",), x)], 60, shortest)))
    A[i, j, k]      x[k]
    i=0     i=1     1  2
    1   2   5  6
    3  40   7  8
    >>> wide = PlainArray((2, 4), "int64", (10000, 2, 30000, 4, 5, 60000, 7, 80000))
    >>> print("\\n".join(grid_lines([("B", ("i", "j"), wide)], 16, shortest)))
    B[i, j]
    j=0-1
    10000      2
        5  60000
    <BLANKLINE>
    j=2-3
    30000      4
        7  80000
    """
    return _packed([_grid(name, axes, array, room, write) for name, axes, array in arrays], room, GAP)


def _grid(name: str, axes: Sequence[str], array: PlainArray, room: int, write: Write) -> Lines:
    """Return one array as lines."""
    head = f"{name}[{', '.join(axes)}]" if axes else name
    texts = [_cut(write(array.dtype, value), room) for value in array.values]
    if not texts:
        return [head, "[]"]
    rows, columns = ((1, 1, *array.shape)[-2:]) if array.shape else (1, 1)
    leading, size = array.shape[:-MATRIX_AXES], rows * columns
    slices = []
    for number, at in enumerate(positions(leading)):
        places = [f"{axis}={place}" for axis, place in zip(axes, at, strict=False)]
        for part, lines in _matrix(texts[number * size : (number + 1) * size], columns, room):
            along = [] if len(part) == columns else [f"{axes[-1]}={_span(part)}"]
            slices.append([*([", ".join([*places, *along])] if leading or along else []), *lines])
    return [head, *_packed(slices, room, SLICE_GAP)]


def _matrix(texts: Sequence[str], columns: int, room: int) -> Iterator[tuple[range, Lines]]:
    """Yield elements in rows, every column as wide as its widest: which columns have room, and their lines."""
    wide = [max(_width(text) for text in texts[column::columns]) for column in range(columns)]
    first = 0
    while first < columns:
        last = first + 1
        while last < columns and sum(wide[first : last + 1]) + COLUMN_GAP * (last - first) <= room:
            last += 1
        part = range(first, last)
        yield (
            part,
            [
                (" " * COLUMN_GAP).join(" " * (wide[n] - _width(texts[row + n])) + texts[row + n] for n in part)
                for row in range(0, len(texts), columns)
            ],
        )
        first = last


def _span(part: range) -> str:
    return f"{part[0]}-{part[-1]}" if len(part) > 1 else str(part[0])


def _cut(text: str, room: int) -> str:
    """Return an element, of one that is wider than all there is its beginning."""
    while _width(text) > room:
        text = text[: -2 if text.endswith("…") else -1] + "…"
    return text


def _packed(boxes: Sequence[Lines], room: int, gap: int) -> Lines:
    """Return boxes of lines side by side, in as many rows of boxes as they need."""
    rows: list[list[Lines]] = []
    used = 0
    for box in boxes:
        wide = _wide(box)
        if not rows or used + gap + wide > room:
            rows.append([])
            used = -gap
        rows[-1].append(box)
        used += gap + wide
    found: Lines = []
    for row in rows:
        found += [""] if found and any(len(box) > 1 for box in row) else []
        high = max(map(len, row))
        for line in range(high):
            parts = [(box[line] if line < len(box) else "", _wide(box)) for box in row]
            found.append((" " * gap).join(text + " " * (wide - _width(text)) for text, wide in parts).rstrip())
    return found


def _wide(box: Lines) -> int:
    return max(map(_width, box), default=0)


def _width(text: str) -> int:
    return sum(map(columns_of, text))
