"""Arrays as panels of cells with what is written beside them, and the signs between: `C = Σ A · B`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...core.drawing import TEXT_SIZE, Ink, Inscription, Look, Pieces, Rectangle, Stroke
from ...core.grid import ArrayGrid, GridAxis, GridCell, array_grid
from ...core.slide import Panel, sign_panel
from ...core.text_width import code_width
from .element_case import ElementCase
from .equation import DrawnArray, DrawnProduct, Equation

NAME_HEIGHT, SHAPE_HEIGHT = 22, 20
NAME_SIZE, SCALE_SIZE = 17, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CellStyle:
    """How cells are drawn: which places of each index, how large, and whether terms have numbers."""

    shown: Mapping[str, tuple[int, ...]]
    cell: float
    numbered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayRole:
    """What an array is: a factor of a product, before which there are so many terms, or the result, without one."""

    factor: DrawnArray
    product: DrawnProduct | None = None
    before: int = 0


def equation_panels(case: ElementCase, style: CellStyle) -> Iterator[Panel]:
    """Yield the result, and every product after its sign."""
    equation, before = case.equation, 0
    yield array_panel(case, style, ArrayRole(factor=equation.result))
    yield sign_panel(equation.equals)
    if not equation.products:
        yield sign_panel("0")
    for one in equation.products:
        if one.sign:
            yield sign_panel(one.sign)
        if one.front:
            yield sign_panel(one.front, SCALE_SIZE)
        if one.front and one.factors:
            yield sign_panel("·")
        if one.over:
            yield _sum_panel(equation, one)
        for number, factor in enumerate(one.factors):
            if number:
                yield sign_panel("·")
            yield array_panel(case, style, ArrayRole(factor=factor, product=one, before=before))
        if one.back:
            yield sign_panel(one.back.strip(), SCALE_SIZE)
        before += case.terms(one)


def _sum_panel(equation: Equation, one: DrawnProduct) -> Panel:
    """Return the sign of the sum over the indices of a product."""
    letters = [piece for label in one.over for piece in ((",", None), equation.piece(label))][1:]
    below = code_width("".join(text for text, _ in letters), 16)
    wide = max(below, 24.0)
    return Panel(
        width=wide,
        height=78,
        shapes=(
            Inscription(x=wide / 2, y=38, pieces=(("Σ", None),), size=38),
            Inscription(x=wide / 2, y=70, pieces=tuple(letters), size=16),
        ),
    )


def array_panel(case: ElementCase, style: CellStyle, role: ArrayRole) -> Panel:
    """Return an array with its name, its lengths and its cells."""
    equation, factor = case.equation, role.factor
    name, shape = equation.element(factor), equation.shape(factor)
    grid = array_grid(list(_axes(case, style, factor)), style.cell)
    top = NAME_HEIGHT + (SHAPE_HEIGHT if shape else 0) + 4
    half = max(code_width(_plain(name), NAME_SIZE), code_width(_plain(shape), TEXT_SIZE)) / 2
    left = max(half - (grid.corner[0] + grid.width) / 2, 0.0)
    middle = left + (grid.corner[0] + grid.width) / 2
    title = _title(equation, factor)
    shapes: list[Ink] = [Inscription(x=middle, y=NAME_SIZE, pieces=name, size=NAME_SIZE, look=Look.NAME, title=title)]
    if shape:
        shapes.append(Inscription(x=middle, y=NAME_HEIGHT + 15, pieces=shape))
    shapes += _beside(equation, factor, grid, left, top)
    if not grid.cells:
        x, y = grid.corner
        room = max(grid.width - x, style.cell), max(grid.height - y, style.cell)
        shapes.append(Rectangle(x=left + x, y=top + y, width=room[0], height=room[1], look=Look.EMPTY))
    drawn = [_cell(case, style, role, cell, (left, top)) for cell in grid.cells]
    shapes += [shape for cell in sorted(drawn, key=lambda cell: cell[0].look is Look.LIT) for shape in cell]
    return Panel(width=max(left + grid.width, middle + half), height=top + grid.height, shapes=tuple(shapes))


def _axes(case: ElementCase, style: CellStyle, factor: DrawnArray) -> Iterator[GridAxis]:
    for axis, label in enumerate(factor.labels):
        name = case.equation.index[label]
        if factor.one(axis):
            yield GridAxis(name=name, extent=1, shown=(0,))
        else:
            yield GridAxis(name=name, extent=case.size[label], shown=style.shown[label])


def _plain(pieces: Pieces) -> str:
    return "".join(text for text, _ in pieces)


def _title(equation: Equation, factor: DrawnArray) -> str | None:
    """Return the array with whole names, where some are shortened."""
    whole = equation.whole(factor)
    return None if whole == _plain(equation.element(factor)) else whole


def _beside(equation: Equation, factor: DrawnArray, grid: ArrayGrid, left: float, top: float) -> Iterator[Ink]:
    """Yield the names of axes, places along them, and a line in the colour of its index along each."""
    for bar in grid.bars:
        points = ((left + bar.x1, top + bar.y1), (left + bar.x2, top + bar.y2))
        yield Stroke(points=points, look=Look.GUIDE, colour=equation.colour[factor.labels[bar.axis]])
    for mark in grid.marks:
        label = factor.labels[mark.axis]
        faint = mark.left_out > 0 or (mark.place is not None and mark.text == str(mark.place))
        title = f"+{mark.left_out}" if mark.left_out else None
        yield Inscription(
            x=left + mark.x,
            y=top + mark.y,
            pieces=((mark.text, None),) if faint else (equation.piece(label, mark.text),),
            look=Look.FAINT if faint else Look.TEXT,
            title=title,
        )


def _cell(
    case: ElementCase, style: CellStyle, role: ArrayRole, cell: GridCell, corner: tuple[float, float]
) -> tuple[Rectangle, *tuple[Inscription, ...]]:
    """Return one cell, and the number of its term if it has one."""
    factor, side = role.factor, style.cell
    along = places_along(factor, cell.place)
    whole = f"{factor.name}[{','.join(map(str, cell.place))}]" if cell.place else factor.name
    look = look_of(case, role.product, along)
    x, y = corner[0] + cell.x, corner[1] + cell.y
    square = Rectangle(x=x, y=y, width=side, height=side, look=look, element=whole, title=whole)
    if not style.numbered or look is not Look.LIT or role.product is None or along is None:
        return (square,)
    number = term_number(role.product, case.size, along)
    if number is None:
        return (square,)
    text = ((str(role.before + number), None),)
    return square, Inscription(x=x + side / 2, y=y + side / 2 + 5, pieces=text, look=Look.BADGE)


def places_along(factor: DrawnArray, place: tuple[int, ...]) -> dict[str, int] | None:
    """Return the place along every index at which an element is read, None where it never is: off a diagonal.

    An axis that is repeated along its index says nothing of it.

    >>> square = DrawnArray(name="A", labels=("i", "i"))
    >>> places_along(square, (1, 1)), places_along(square, (1, 2))
    ({'i': 1}, None)
    """
    found: dict[str, int] = {}
    for axis, (label, at) in enumerate(zip(factor.labels, place, strict=True)):
        if not factor.one(axis) and found.setdefault(label, at) != at:
            return None
    return found


def look_of(case: ElementCase, one: DrawnProduct | None, along: Mapping[str, int] | None) -> Look:
    """Return whether an element is needed, only read for other elements of the result, or never read."""
    if along is None or (one is not None and not case.terms(one)):
        return Look.UNREAD
    if case.at is None:
        return Look.CELL if one is None else Look.UNREAD
    needed = all(case.at.get(label, place) == place for label, place in along.items())
    return Look.LIT if needed else Look.CELL


def term_number(one: DrawnProduct, size: Mapping[str, int], along: Mapping[str, int]) -> int | None:
    """Return which term an element belongs to, counted from 1; None where it belongs to several, or there is one only.

    >>> one = DrawnProduct(factors=(), over=("j", "k"))
    >>> term_number(one, {"j": 2, "k": 3}, {"j": 1, "k": 0}), term_number(one, {"j": 2, "k": 3}, {"j": 1})
    (4, None)
    """
    number = 0
    for label in one.over:
        if label not in along and size[label] > 1:
            return None
        number = number * size[label] + along.get(label, 0)
    return number + 1 if any(size[label] > 1 for label in one.over) else None
