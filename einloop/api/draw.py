"""`einloop.draw`: an expression and keywords in, a Drawing out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from ..core.drawing import Drawing
from ..core.options import DrawOptions
from ..pipeline.draw import draw as draw_spec
from ..pipeline.expression import read_expression
from .options import options_from, takes
from .values import check_type, place_of, text_of


@takes(DrawOptions)
def draw(
    expression: str,
    *,
    kind: str = "cells",
    at: Sequence[int] | int | None = None,
    **options: Unpack[DrawOptions],
) -> Drawing:
    """Return a picture of an expression.

    Parameters
    ----------
    expression : str
        Subscripts, a pasted call, a formula, or named axes.
    kind : str, default 'cells'
        'cells' shows arrays as grids, with the elements that one element of the result needs; 'network' the tensor
        diagram; 'path' the contraction tree with what each step costs; 'axes' which axis goes where; 'stages' whole
        arrays as they are lined up, multiplied and summed, with values.
    at : int or sequence of int, optional
        The element of the result that cells and stages show; negative coordinates count from the end.
    **options
        As for `generate`: `notation`, `add`, `shapes`, `sizes`, `load`, `names`, `result` and `path`. Of a text with
        several statements, `result` says which is drawn.

    Returns
    -------
    Drawing
        Shows itself in a notebook. `show()` is its text as SVG, `image("png")` the content of a file.

    Raises
    ------
    EinloopError
        Where the expression, a shape, the coordinates or an option is refused.

    Examples
    --------
    >>> drawing = draw("ij,jk->ik", at=(0, 1), shapes=[(2, 3), (3, 2)])
    >>> svg = drawing.show(theme="dark")
    >>> svg.count('class="lit"'), svg.count('class="cell"')
    (7, 9)
    """
    check_type("kind", kind, str)
    known = options_from(draw, options)
    found = read_expression(text_of(expression), known, whole=True)
    return draw_spec(found, known, kind=str.__str__(kind), at=place_of(at))
