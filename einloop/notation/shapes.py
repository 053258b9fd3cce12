"""The one grammar of shapes on a command line: numbers, names of extents, `()` for a scalar."""

from __future__ import annotations

import keyword
import re

from ..core.bind import MAX_EXTENT, Shape
from ..core.build import MAX_AXES
from ..core.errors import OptionError
from ..core.source import Span
from ..core.spec import DOTS, Extent


def read_shape(text: str) -> Shape:
    """Return a shape; extents are numbers or names.

    Raises OptionError for anything else, with the place.

    >>> read_shape("2x3"), read_shape("(B, L, 16)"), read_shape("5"), read_shape("()")
    ((2, 3), ('B', 'L', 16), (5,), ())
    """
    return tuple(read_extent(part, text) for part in _parts(text))


def read_expected(text: str) -> tuple[int | str, ...]:
    """Return the axes that a result should have: numbers, names of indices or of lengths, `...`.

    >>> read_expected("8x128x64"), read_expected("b, in, 64"), read_expected("...,i"), read_expected("()")
    ((8, 128, 64), ('b', 'in', 64), ('...', 'i'), ())
    >>> read_expected("x"), read_expected("x1"), read_expected("3x3")
    (('x',), ('x1',), (3, 3))
    """
    named = re.fullmatch(r"x+\d*", text.strip())  # no number before it: an index, not the x of 2x3
    parts = [text] if named else _parts(text)
    if len(parts) > MAX_AXES:
        raise OptionError("EL405", f"{len(parts)} axes are expected; a result has at most {MAX_AXES}")
    return tuple(read_axis(part, text) for part in parts)


def read_axis(part: str, text: str) -> int | str:
    """Return one axis of a result: a number, or a name, which an index may have though Python keeps it."""
    word = part.strip()
    if word == DOTS or word.isidentifier():
        return word
    extent = read_extent(part, text)
    assert extent is not None
    return extent


def _parts(text: str) -> list[str]:
    """Return what a shape says of each axis."""
    body = text.strip()
    if body.startswith("(") and body.endswith(")"):
        body = body[1:-1].strip()
        if not body:
            return []
        body = body.removesuffix(",")
    return body.split("x") if re.fullmatch(r"[\dx\s]+", body) else body.removesuffix(",").split(",")


def read_named_shape(text: str) -> tuple[str | None, Shape]:
    """Return the operand's name, or None, and the shape of a text like `A=2x3`.

    >>> read_named_shape("A=2x3"), read_named_shape("4")
    (('A', (2, 3)), (None, (4,)))
    """
    name, equals, shape = text.partition("=")
    return (name.strip(), read_shape(shape)) if equals else (None, read_shape(text))


def read_sizes(text: str) -> dict[str, Extent]:
    """Return the extents in a text like `i=2,j=3`.

    >>> read_sizes("i=2, j=3")
    {'i': 2, 'j': 3}
    """
    sizes: dict[str, Extent] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        label, equals, extent = part.partition("=")
        if not equals or not label.strip():
            raise _refusal(text, part, f"{part!r} gives no size", "like i=2,j=3")
        size = read_extent(extent, text)
        if sizes.setdefault(label.strip(), size) != size:
            raise OptionError("EL480", f"two sizes for {label.strip()!r}: {sizes[label.strip()]} and {size}")
    return sizes


def read_extent(part: str, text: str) -> Extent:
    """Return one extent: a number or a name."""
    word = part.strip()
    if word.isascii() and word.isdigit():
        if len(word) <= 19 and int(word) <= MAX_EXTENT:
            return int(word)
        raise _refusal(text, word, f"an axis of {word} elements is beyond what any array holds")
    if word.isidentifier() and not keyword.iskeyword(word):
        return word
    message = f"{word!r} is not the length of an axis" if word else f"a length is missing in the shape {text!r}"
    raise _refusal(text, word, message, "shapes look like 2x3, 2,3 or B,L,H; () is a scalar")


def read_place(text: str) -> tuple[int, ...]:
    """Return the coordinates that a person wrote. Raises OptionError.

    >>> read_place("1, -2"), read_place("(3,)"), read_place("")
    ((1, -2), (3,), ())
    """
    plain = text.strip()
    for opening, closing in ("()", "[]"):
        if plain.startswith(opening) and plain.endswith(closing):
            plain = plain[1:-1].strip().removesuffix(",")
    try:
        return tuple(int(part) for part in plain.split(",")) if plain else ()
    except ValueError:
        raise OptionError(
            "EL421", f"{text!r} is not a list of coordinates", hint="whole numbers, such as 1,2"
        ) from None


def _refusal(text: str, word: str, message: str, hint: str | None = None) -> OptionError:
    place = text.find(word) if word else -1
    span = Span(start=place, stop=place + len(word)) if place >= 0 else None
    return OptionError("EL405", message, text=text, span=span, hint=hint)
