"""Named axes ('batch i, i j -> batch j') in, Spec out: the patterns of einops.einsum.

A label is a word; blanks separate. A word may be repeated in an operand (a diagonal). Compositions and
axes of length 1, which einops.einsum refuses too, and `_` are refused.
Source of the rules: einops, `einsum` and `ParsedExpression`.
"""

from __future__ import annotations

import re
import unicodedata

from ..core.build import Term, build_spec
from ..core.errors import NotationError
from ..core.source import Notation, Source, Span
from ..core.spec import DOTS, Spec
from .passage import COMMA_BETWEEN, LOOKALIKES, NO_BLANK_INSIDE, SECOND_DOTS, SECOND_OUTPUT, Passage

PIECE = re.compile(r"\s+|->|\.+|[^\s,.()>-]+|.")
STRAY_HINTS = dict.fromkeys("*|;:/", COMMA_BETWEEN) | dict.fromkeys("->=", NO_BLANK_INSIDE)


def read_named(text: str) -> Spec:
    """Return the metadata of a pattern of named axes; line breaks and tabs are blanks.

    Raises NotationError.

    >>> spec = read_named("batch query dim, batch key dim -> batch query key")
    >>> spec.output, spec.subscripts
    (('batch', 'query', 'key'), 'bqd,bkd->bqk')
    """
    source = Source(text=text, notation=Notation.NAMED)
    terms, output = named_terms(Passage(source=source, text=text))
    return build_spec(source, terms, output)


def named_terms(passage: Passage) -> tuple[list[Term], Term]:
    """Return the terms of a pattern of named axes, and its output; raise NotationError."""
    sides: list[list[list[tuple[str, int]]]] = [[[]]]
    for found in PIECE.finditer(passage.text):
        piece = found.group()
        if piece == "->":
            if len(sides) == 2:
                raise passage.refusal("EL150", *found.span(), "a second '->'")
            sides.append([[]])
        elif piece == "," and len(sides) == 2:
            raise passage.refusal("EL155", *found.span(), SECOND_OUTPUT)
        elif piece == ",":
            sides[-1].append([])
        elif not piece.isspace():
            _check(passage, piece, found.start(), seen=[label for label, _ in sides[-1][-1]])
            sides[-1][-1].append((piece, found.start()))
    if len(sides) == 1:
        hint = "write the output after '->', like 'batch i, i j -> batch j'"
        raise NotationError("EL150", "named axes need '->' and an output", text=passage.source.text, hint=hint)
    return [_term(passage, pieces) for pieces in sides[0]], _term(passage, sides[1][0])


def _term(passage: Passage, pieces: list[tuple[str, int]]) -> Term:
    spans = [passage.span(place, place + len(label)) for label, place in (*pieces[:1], *pieces[-1:])]
    return passage.term(pieces, Span(start=spans[0].start, stop=spans[-1].stop) if spans else None)


def _check(passage: Passage, piece: str, place: int, *, seen: list[str]) -> None:
    """Raise NotationError for a piece that is neither an ellipsis nor the name of an axis."""
    stop = place + len(piece)
    if piece.startswith(".") and piece != DOTS:
        raise passage.refusal("EL154", place, stop, f"{piece!r} is not an ellipsis", "an ellipsis is three dots")
    if piece == DOTS and DOTS in seen:
        raise passage.refusal("EL154", place, stop, SECOND_DOTS)
    if piece == DOTS:
        return
    if piece in "()":
        message = "parentheses compose axes; an einsum cannot split or merge them"
        hint = "name every axis on its own, and reshape before or after"
        raise passage.refusal("EL152", place, stop, message, hint)
    if piece.isdecimal() or not piece.strip("_"):
        hint = "give the axis a name; for an axis of length 1, index it away before"
        raise passage.refusal("EL153", place, stop, f"{piece!r} names no axis", hint)
    if not piece.isidentifier():
        raise _stranger(passage, piece, place)
    usual = unicodedata.normalize("NFKC", piece)
    if piece.startswith("_") or piece.endswith("_"):
        message = f"the axis {piece!r} begins or ends with '_', which einops refuses"
        raise passage.refusal("EL151", place, stop, message, f"write {piece.strip('_')!r}")
    if usual != piece:
        message = f"Python takes {piece!r} for the name {usual!r}"
        raise passage.refusal("EL151", place, stop, message, f"write {usual!r}")


def _stranger(passage: Passage, word: str, place: int) -> NotationError:
    """Return the refusal of the first character that breaks a word."""
    at = next(n for n in range(len(word)) if not f"{'a' * (n > 0)}{word[n]}".isidentifier())
    message = f"{word[at]!r} cannot stand in the name of an axis"
    hint = STRAY_HINTS.get(word[at], LOOKALIKES.get(word[at]))
    if word[at].isdecimal():
        message, hint = f"{word!r} begins with a digit", "a name begins with a letter"
    return passage.refusal("EL151", place + at, place + at + 1, message, hint)
