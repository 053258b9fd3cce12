"""The state of the page in, the Options that it means out: shapes, sizes, dtypes and arrays read from their texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..core.combination import Statements
from ..core.errors import EinloopError, OptionError
from ..core.names import choose_names
from ..core.options import Options, find_notation
from ..core.source import Span
from ..core.spec import Spec
from ..notation.shapes import read_named_shape, read_sizes
from ..pipeline.pasted import FENCE, TYPED, unwrapped
from .arrays import HeldArrays
from .remembered import reading
from .state import PageState

WORD = re.compile(r"(?:[^\s()\[\];]|\([^()]*\)|\[[^\[\]]*\])+")
"""A shape, a size or a dtype in a row of them: blanks and semicolons stand between."""
SPACED = re.compile(r"\s*([=,])\s*|(?<=\d)\s+x\s+(?=\d)")
ONE_LENGTH = re.compile(r"\s*(\w+)\s*=\s*(\w+)\s*")
NUMBER = re.compile(r"\d+(?:x\d+)+")


def text_of(state: PageState) -> str:
    """Return the expression without a fence of Markdown or the prompts of a console around it.

    >>> text_of(PageState(text=">>> A @ B")), text_of(PageState(text=" ij->i"))
    ('A @ B', ' ij->i')
    """
    return plain_text(state.text)


def plain_text(text: str) -> str:
    """Return a text as `text_of` does."""
    wrapped = FENCE.match(text.lstrip()) or TYPED.match(text) or (text[:1] in (" ", "\t") and "\n" in text.strip())
    return unwrapped(text) if wrapped else text


def options_of(state: PageState, held: HeldArrays, **more: Any) -> Options:
    """Return what the state says of the operands, with `more` options. Raises EinloopError.

    An error in the shapes has the whole field as its text.
    """
    options = Options(
        notation=find_notation(state.notation or None),
        dtypes=tuple(_named(word) for _, word in words_of(state.dtype)),
        loaded=held.in_use(state.arrays),
        **more,
    )
    shapes, sizes = _lengths(state, options)
    return replace(options, shapes=shapes, sizes=sizes)


def words_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield the words of a field with the places where they begin; brackets hold together what is in them.

    >>> list(words_of("A=2x3 (3, 4); i=5"))
    [(0, 'A=2x3'), (6, '(3, 4)'), (14, 'i=5')]
    """
    for found in WORD.finditer(text):
        yield found.start(), found.group()


def _named(text: str) -> tuple[str | None, str]:
    name, equals, value = text.partition("=")
    return (name, value) if equals else (None, text)


def _lengths(state: PageState, options: Options) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the shapes and the sizes in the field of shapes: what names an index and one length is a size."""
    shapes, sizes = [], []
    known: frozenset[str] | None = None
    for start, word in words_of(state.shapes):
        single = ONE_LENGTH.fullmatch(word)
        if single is not None and known is None:
            known = _operands(state, options)
        try:
            if word.count("=") > 1 or (single is not None and single[1] not in (known or ())):
                sizes.append(word)
                read_sizes(word)
            else:
                shapes.append(read_named_shape(word))
        except OptionError as error:
            raise _placed(error, state.shapes, start, word) from None
    return tuple(shapes), dict(read_sizes(",".join(sizes)))


def _placed(error: OptionError, field: str, start: int, word: str) -> OptionError:
    """Return an error about one word with its place in the whole field."""
    offset = start + word.find(error.text) if error.text and error.text in word else start
    at = (0, len(word)) if error.span is None else error.span
    offset = start if error.span is None else offset
    span = Span(start=offset + at[0], stop=offset + at[1])
    return OptionError(error.id, error.message, text=field, span=span, hint=error.hint)


def _operands(state: PageState, options: Options) -> frozenset[str]:
    """Return the names of operands; where the text cannot be read without shapes, every word in it may be one."""
    try:
        found = reading(text_of(state), options)
    except EinloopError:
        return frozenset(re.findall(r"\w+", state.text))
    return operand_names(found)


def operand_names(found: Spec | Statements) -> frozenset[str]:
    """Return how operands may be called: by their own names, and by those that loops give them."""
    if isinstance(found, Spec):
        own = {operand.name for operand in found.operands if operand.name is not None}
        return frozenset({*own, *choose_names(found).operands})
    every = [one for combination in found.combinations for one in combination.summands]
    arrays = {name for one in every for name, op in zip(one.names, one.spec.operands, strict=True) if op.labels}
    return frozenset(arrays | {one.result for one in found.combinations})
