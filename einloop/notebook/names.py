"""Names of a notebook in, the arrays that they stand for out. Evaluates names, attributes, subscripts; never calls."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ..core.errors import EinloopError
from ..core.options import LoadedArray
from ..core.topic import Topic
from ..notation import looks_like_call, read
from ..pipeline.given import open_array

VARIABLE = re.compile(r"\$([^\W\d]\w*)|\{([^\W\d]\w*)\}")
CONSTANTS = (int, str, type(None), type(...))
"""What may stand in a subscript as it is."""


class NamelessError(Exception):
    """An expression that is no plain name, or a name that nothing is called by."""


def value_of(text: str, names: Mapping[str, Any]) -> Any:
    """Return what a name, an attribute or a subscript stands for. Raises NamelessError; nothing is called.

    >>> value_of("layers[-1].T[0:1]", {"layers": [type("Layer", (), {"T": "ab"})]})
    'a'
    """
    try:
        return _value(ast.parse(text.strip(), mode="eval").body, names)
    except Exception as error:  # whatever a foreign __getattr__ or __getitem__ raises
        raise NamelessError(text) from error


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    found: Any
    match node:
        case ast.Name(id=name):
            found = names[name]
        case ast.Attribute(value=inner, attr=name):
            found = getattr(_value(inner, names), name)
        case ast.Subscript(value=inner, slice=place):
            found = _value(inner, names)[_value(place, names)]
        case ast.Slice(lower=lower, upper=upper, step=step):
            found = slice(*(None if part is None else _value(part, names) for part in (lower, upper, step)))
        case ast.Tuple(elts=parts):
            found = tuple(_value(part, names) for part in parts)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as number)):
            found = -number
        case ast.Constant(value=value) if isinstance(value, CONSTANTS):
            found = value
        case _:
            raise NamelessError(ast.unparse(node))
    return found


def filled(word: str, names: Mapping[str, Any]) -> str:
    """Return the text of a variable for `$name` or `{name}`, as other magics take them; other words as they are."""
    found = VARIABLE.fullmatch(word)
    value = None if found is None else names.get(found[1] or found[2])
    return value if isinstance(value, str) else word


def loaded(text: str, names: Mapping[str, Any]) -> str | tuple[str | None, LoadedArray]:
    """Return what `--load` is given: `A` or `B=layer.weight` where the notebook has it, else the text, a file's name.

    Raises EinloopError where the notebook's value is no array.
    """
    name, equals, given = text.partition("=")
    given = given if equals else text
    try:
        value = value_of(given, names)
    except NamelessError:
        return text
    if isinstance(value, str):  # the name of a file
        return f"{name}={value}" if equals else value
    return name.strip() if equals else None, open_array(value, given.strip())


def arrays_of_call(text: str, names: Mapping[str, Any]) -> list[tuple[str | None, LoadedArray]]:
    """Return the arrays that a pasted call names, in order; nothing unless the notebook has all of them as arrays."""
    if not looks_like_call(text):
        return []
    with suppress(EinloopError, NamelessError):
        site = read(text).site
        if site is not None and site.rest is None:
            texts = [one.text for one in site.arguments if one is not None]
            return [(None, opened(value_of(text, names))) for text in texts]
    return []


def opened(value: Any) -> LoadedArray:
    """Return an array; only its shape and dtype where its values cannot be had: they may not be there yet.

    Raises EinloopError for what is no array.
    """
    detach = getattr(value, "detach", None)
    try:
        return open_array(value if detach is None else detach(), "the operand")
    except EinloopError as error:
        if error.topic is Topic.OUTPUT or not hasattr(value, "shape") or not hasattr(value, "dtype"):
            raise
    dtype = str(value.dtype).rpartition(".")[2]
    return LoadedArray(shape=tuple(int(length) for length in value.shape), dtype=dtype)
