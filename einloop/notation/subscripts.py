"""Subscripts ('ij,jk->ik') in, Spec out: exactly the strings that np.einsum's own parser accepts.

Source of the rules: NumPy manual, numpy.einsum; observed behaviour of optimize=False.
"""

from __future__ import annotations

import re
from string import ascii_letters

from ..core.build import Term, build_spec
from ..core.errors import NotationError
from ..core.source import Notation, Source
from ..core.spec import DOTS, Spec
from .passage import COMMA_BETWEEN, LOOKALIKES, NO_BLANK_INSIDE, SECOND_DOTS, SECOND_OUTPUT, Passage

MATRICES = re.compile(r"\s*\w++\s*=\s*\w++(?:\s++\w++)++\s*")
"""Matrix notation, without indices: `y = A x`."""
MATRIX_SUM = re.compile(r"\s*\w++\s*=\s*\w++(?:\s++\w++|\s*+[-+]\s*+\w++)++\s*")
"""A sum in matrix notation: `y = A x + b`."""
FULL_WIDTH = 0xFEE0
"""The distance from ASCII's letters to those of Chinese and Japanese keyboards."""
NAMED_HINT = "for words as indices use named axes (--notation named, notation='named')"
STRAY_HINTS = {
    **dict.fromkeys("()_1234567890", NAMED_HINT),
    **dict.fromkeys("*;", COMMA_BETWEEN),
    **dict.fromkeys("'\"`", "leave out the quotes around the expression"),
    "=": "write '->'",
}


def read_subscripts(text: str) -> Spec:
    """Return the metadata of a subscripts string; blanks are skipped, labels are ASCII letters.

    Raises NotationError with the offset of the first character at fault.

    >>> spec = read_subscripts(" i j , j k -> i k ")
    >>> spec.subscripts, [index.label for index in spec.summed]
    ('ij,jk->ik', ['j'])
    """
    source = Source(text=text, notation=Notation.SUBSCRIPTS)
    terms, output = subscript_terms(Passage(source=source, text=text))
    return build_spec(source, terms, output, repeat_hint=words_hint(text))


def subscript_terms(passage: Passage) -> tuple[list[Term], Term | None]:
    """Return the terms of a subscripts string and its output, None where it is implicit; raise NotationError."""
    _check_characters(passage)
    arrow = _find_arrow(passage)
    text = passage.text
    stop = len(text) if arrow is None else arrow
    terms, start = [], 0
    for piece in text[:stop].split(","):
        terms.append(_read_term(passage, start, start + len(piece)))
        start += len(piece) + 1
    return terms, None if arrow is None else _read_term(passage, arrow + 2, len(text), output=True)


def words_hint(text: str) -> str | None:
    """Return a hint where blanks stand between labels of one term: they separate nothing."""
    for term in text.replace("->", ",").split(","):
        words = term.split()
        if len(words) > 1 and max(map(len, words)) > 1:
            joined = "".join(words)
            return f"blanks are ignored, {term.strip()!r} is read as {joined!r}; {NAMED_HINT}"
    return None


def _check_characters(passage: Passage) -> None:
    for place, character in enumerate(passage.text):
        if not character.isascii():
            letter = chr(max(ord(character) - FULL_WIDTH, 0))
            full_width = f"this letter is full-width; write {letter!r}" if letter in ascii_letters else None
            message = f"{character!r} cannot stand in subscripts, which are ASCII letters"
            raise _bad(passage, place, message, full_width or LOOKALIKES.get(character))


def _find_arrow(passage: Passage) -> int | None:
    text = passage.text
    arrow = text.find("->")
    for place, character in enumerate(text):
        if character not in "->" or arrow in (place, place - 1):
            continue
        if text[place - 1 : place + 1] == "=>":
            raise _bad(passage, place - 1, "'=>' is not an arrow", "write '->'")
        if arrow >= 0 and place > arrow:
            raise _bad(passage, place, "a second arrow; only one '->' may stand in subscripts")
        if character == "-" and place == len(text.rstrip()) - 1:
            hint = "quote it: in a shell, an unquoted '>' sends the output to a file"
            raise _bad(passage, place, "the expression ends in '-'", hint)
        raise _bad(passage, place, f"{character!r} is not part of '->'", NO_BLANK_INSIDE)
    return None if arrow < 0 else arrow


def _read_term(passage: Passage, start: int, stop: int, *, output: bool = False) -> Term:
    text, place = passage.text, start
    pieces: list[tuple[str, int]] = []
    while place < stop:
        label = text[place]
        if label == ".":
            label = DOTS
            _check_dots(passage, place, stop, seen=DOTS in [piece for piece, _ in pieces])
        elif label not in ascii_letters and label != " ":
            raise _bad_label(passage, place, output)
        if label != " ":
            pieces.append((label, place))
        place += len(label)
    term = text[start:stop]
    left = start + len(term) - len(term.lstrip(" "))
    return passage.term(pieces, passage.span(left, max(left, start + len(term.rstrip(" ")))))


def _check_dots(passage: Passage, place: int, stop: int, *, seen: bool) -> None:
    rest = passage.text[place:stop]
    run = len(rest) - len(rest.lstrip("."))
    if run < len(DOTS):
        hint = "an ellipsis is three dots with no blank between"
        raise _bad(passage, place, "a '.' that is not part of '...'", hint)
    if run > len(DOTS):
        raise _bad(passage, place + len(DOTS), "a '.' too many", "an ellipsis is three dots")
    if seen:
        raise _bad(passage, place, SECOND_DOTS)


def _bad_label(passage: Passage, place: int, output: bool) -> NotationError:
    character = passage.text[place]
    if character == "," and output:
        return _bad(passage, place, SECOND_OUTPUT)
    hint = STRAY_HINTS.get(character)
    if character.isspace():
        hint = "only the blank may separate; tabs and line breaks may not"
    elif character == "=" and MATRICES.fullmatch(passage.text):
        hint = f"{hint}, or a formula with its indices, like y_i = A_{{ij}} x_j"
    elif character == "=" and MATRIX_SUM.fullmatch(passage.text):
        hint = "write a formula with its indices, like y_i = A_{ij} x_j + b_i, or numpy code: y = A @ x + b"
    return _bad(passage, place, f"{character!r} cannot stand in subscripts; a label is one letter", hint)


def _bad(passage: Passage, place: int, message: str, hint: str | None = None) -> NotationError:
    return passage.refusal("EL101", place, place + 1, message, hint)
