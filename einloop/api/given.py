"""An expression, arrays after it as einsum takes them, and keywords in; what it means, and Options out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..core.bind import check_count
from ..core.errors import NotationError, OptionError
from ..core.options import Options
from ..notation import read
from ..pipeline.expression import read_expression
from .options import options_from
from .values import text_of

if TYPE_CHECKING:
    from ..core.combination import Statements
    from ..core.spec import Spec


def read_given(
    function: Callable[..., object], expression: str, arrays: Sequence[Any], options: Mapping[str, Any]
) -> tuple[Spec | Statements, Options]:
    """Return what an expression means, with the Options that the keywords of a function mean.

    Raises EinloopError where either is refused, where arrays are given twice, and where they are too few or too many.
    """
    if arrays and options.get("load") is not None:
        raise OptionError("EL480", "arrays given twice, as arguments and by load", hint="leave one of them out")
    text = text_of(expression)
    known = options_from(function, {**options, "load": arrays} if arrays else options)
    if arrays:
        _check_given(text, known, len(arrays))
    return read_expression(text, known, whole=True), known


def _check_given(text: str, options: Options, count: int) -> None:
    """Raise ShapeError unless so many arrays are given as an einsum has operands; code is asked where it is read."""
    if options.notation is not None and options.notation.traits.code:
        return
    with suppress(NotationError):
        check_count(read(text, options.notation), count)
