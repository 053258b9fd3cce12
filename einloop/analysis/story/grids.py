"""Arrays with values in, lines of text out: each as rows and columns under its name, side by side where they fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...core.plain_array import PlainArray, positions
from ...core.story_data import Write
from ...core.visible import width as columns_of

MATRIX_AXES = 2
"""Axes, counted from the last, whose elements stand as rows and columns; those before them make slices."""
GAP, SLICE_GAP = 4, 3
"""Blanks between two arrays, and between two slices of one."""

Lines = list[str]


def grid_lines(arrays: Iterable[tuple[str, Sequence[str], PlainArray]], room: int, write: Write) -> Lines:
    """Return arrays as text, each with its name and the names of its axes above it.

    >>> from ...core.arithmetic import shortest
    >>> A = PlainArray((2, 2, 2), "int64", (1, 2, 3, 40, 5, 6, 7, 8))
    >>> x = PlainArray((2,), "int64", (1, 2))
    >>> print("\\n".join(grid_lines([("A", ("i", "j", "k"), A), ("x", ("k",), x)], 60, shortest)))
    A[i, j, k]      x[k]
    i=0     i=1     1  2
    1   2   5  6
    3  40   7  8
    """
    return _packed([_grid(name, axes, array, room, write) for name, axes, array in arrays], room, GAP)


def _grid(name: str, axes: Sequence[str], array: PlainArray, room: int, write: Write) -> Lines:
    """Return one array as lines."""
    head = f"{name}[{', '.join(axes)}]" if axes else name
    texts = [write(array.dtype, value) for value in array.values]
    if not texts:
        return [head, "[]"]
    rows, columns = ((1, 1, *array.shape)[-2:]) if array.shape else (1, 1)
    leading, size = array.shape[:-MATRIX_AXES], rows * columns
    slices = []
    for number, at in enumerate(positions(leading)):
        above = [", ".join(f"{axis}={place}" for axis, place in zip(axes, at, strict=False))] if leading else []
        slices.append([*above, *_matrix(texts[number * size : (number + 1) * size], columns)])
    return [head, *_packed(slices, room, SLICE_GAP)]


def _matrix(texts: Sequence[str], columns: int) -> Lines:
    """Return elements in rows, every column as wide as its widest."""
    wide = [max(_width(text) for text in texts[column::columns]) for column in range(columns)]
    return [
        "  ".join(" " * (wide[n] - _width(text)) + text for n, text in enumerate(texts[start : start + columns]))
        for start in range(0, len(texts), columns)
    ]


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
