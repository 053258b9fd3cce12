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
from .passage import Passage
from .subscripts import LOOKALIKES

PIECE = re.compile(r"\s+|->|\.+|[^\s,.()>-]+|.")


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
    sides: list[list[_Side]] = [[_Side(passage)]]
    for found in PIECE.finditer(passage.text):
        piece, place = found.group(), found.start()
        if piece == "->":
            if len(sides) == 2:
                raise _bad("EL150", passage, found.span(), "a second '->'")
            sides.append([_Side(passage)])
        elif piece == "," and len(sides) == 2:
            message = "',' in the output; an einsum has one output"
            raise _bad("EL155", passage, found.span(), message)
        elif piece == ",":
            sides[-1].append(_Side(passage))
        elif not piece.isspace():
            sides[-1][-1].add(piece, place)
    if len(sides) == 1:
        hint = "write the output behind '->', like 'batch i, i j -> batch j'"
        raise NotationError("EL150", "named axes need '->' and an output", text=passage.source.text, hint=hint)
    return [side.term() for side in sides[0]], sides[1][0].term()


class _Side:
    """One term while it is read."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.labels: list[str] = []
        self.spans: list[Span] = []

    def add(self, piece: str, place: int) -> None:
        """Add a word or an ellipsis; raise NotationError for anything else."""
        where = (place, place + len(piece))
        if piece.startswith("."):
            self._check_dots(piece, place)
        else:
            _check_word(self.passage, piece, place)
        self.labels.append(piece)
        self.spans.append(self.passage.span(*where))

    def term(self) -> Term:
        """Return the finished term."""
        whole = None
        if self.spans:
            whole = Span(start=self.spans[0].start, stop=self.spans[-1].stop)
        return Term(labels=tuple(self.labels), spans=tuple(self.spans), span=whole)

    def _check_dots(self, piece: str, place: int) -> None:
        where = (place, place + len(piece))
        if piece != DOTS:
            hint = "an ellipsis is three dots"
            raise _bad("EL154", self.passage, where, f"{piece!r} is no ellipsis", hint)
        if DOTS in self.labels:
            message = "a second '...'; a term may have one"
            raise _bad("EL154", self.passage, where, message)


def _check_word(passage: Passage, word: str, place: int) -> None:
    where = (place, place + len(word))
    if word in "()":
        message = "parentheses compose axes; an einsum cannot split or merge them"
        hint = "name every axis on its own, and reshape before or after"
        raise _bad("EL152", passage, where, message, hint)
    if word.isdecimal() or not word.strip("_"):
        message = f"{word!r} names no axis"
        hint = "give the axis a name; for an axis of length 1, index it away before"
        raise _bad("EL153", passage, where, message, hint)
    if not word.isidentifier():
        at, stray = _stranger(word)
        message = f"{word[at]!r} cannot stand in the name of an axis"
        if word[at].isdecimal():
            message, stray = f"{word!r} begins with a digit", "a name begins with a letter"
        raise _bad("EL151", passage, (place + at, place + at + 1), message, stray)
    if word.startswith("_") or word.endswith("_"):
        message = f"the axis {word!r} begins or ends with '_', which einops refuses"
        hint = f"write {word.strip('_')!r}"
        raise _bad("EL151", passage, where, message, hint)
    usual = unicodedata.normalize("NFKC", word)
    if usual != word:
        message = f"Python takes {word!r} for the name {usual!r}"
        raise _bad("EL151", passage, where, message, f"write {usual!r}")


def _stranger(word: str) -> tuple[int, str | None]:
    """Return the first character that breaks a word, and a hint."""
    at = next(n for n in range(len(word)) if not f"{'a' * (n > 0)}{word[n]}".isidentifier())
    if word[at] in "*|;:/":
        return at, "write ',' between operands"
    if word[at] in "->=":
        return at, "write '->', with no blank inside"
    return at, LOOKALIKES.get(word[at])


def _bad(id_: str, passage: Passage, where: tuple[int, int], message: str, hint: str | None = None) -> NotationError:
    return NotationError(
        id_,
        f"{message} ({passage.where(where[0])})",
        text=passage.source.text,
        span=passage.span(*where),
        hint=hint,
    )
