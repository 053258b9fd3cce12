"""Subscripts ('ij,jk->ik') in, Spec out: exactly the strings that np.einsum's own parser accepts.

Source of the rules: NumPy manual, numpy.einsum; observed behaviour of optimize=False.
"""

from __future__ import annotations

from string import ascii_letters

from ..core.build import Term, build_spec
from ..core.errors import NotationError
from ..core.source import Notation, Source, Span
from ..core.spec import DOTS, Spec

LOOKALIKES = {
    "→": "write '->'",
    "⟶": "write '->'",
    "⇒": "write '->'",
    "…": "write three full stops, '...'",
    "−": "write '->'",
    "–": "write '->'",
    "，": "write ','",
}
NAMED_HINT = "for words as indices use named axes (--notation named, notation='named')"


def read_subscripts(text: str) -> Spec:
    """Return the metadata of a subscripts string; blanks are skipped, labels are the 52 ASCII letters.

    Raises NotationError with the offset of the first character at fault.

    >>> spec = read_subscripts(" i j , j k -> i k ")
    >>> spec.subscripts, [index.label for index in spec.summed]
    ('ij,jk->ik', ['j'])
    """
    source = Source(text=text, notation=Notation.SUBSCRIPTS)
    _check_characters(source)
    arrow = _find_arrow(source)
    stop = len(text) if arrow is None else arrow
    terms, start = [], 0
    for piece in text[:stop].split(","):
        terms.append(_read_term(source, start, start + len(piece)))
        start += len(piece) + 1
    output = None if arrow is None else _read_term(source, arrow + 2, len(text), output=True)
    return build_spec(source, terms, output, repeat_hint=_words_hint(text))


def _check_characters(source: Source) -> None:
    for place, character in enumerate(source.text):
        if not character.isascii():
            raise _bad(source, place, f"{character!r} cannot stand in subscripts, which are ASCII letters", LOOKALIKES.get(character))


def _find_arrow(source: Source) -> int | None:
    text = source.text
    arrow = text.find("->")
    for place, character in enumerate(text):
        if character not in "->" or arrow in (place, place - 1):
            continue
        if arrow >= 0 and place > arrow:
            raise _bad(source, place, "a second arrow; only one '->' may stand in subscripts")
        if character == "-" and place == len(text.rstrip()) - 1:
            raise _bad(
                source, place, "the expression ends in '-'",
                "quote it: in a shell, an unquoted '>' sends the output to a file",
            )
        hint = "write '->', with no blank inside"
        raise _bad(source, place, f"{character!r} is not part of '->'", hint)
    return None if arrow < 0 else arrow


def _read_term(source: Source, start: int, stop: int, *, output: bool = False) -> Term:
    text, place = source.text, start
    labels: list[str] = []
    spans: list[Span] = []
    while place < stop:
        character, width = text[place], 1
        if character == ".":
            width = len(DOTS)
            _check_dots(source, place, stop, DOTS in labels)
            labels.append(DOTS)
            spans.append(Span(start=place, stop=place + width))
        elif character in ascii_letters:
            labels.append(character)
            spans.append(Span(start=place, stop=place + width))
        elif character != " ":
            raise _bad_label(source, place, output)
        place += width
    return Term(labels=tuple(labels), spans=tuple(spans), span=_trimmed(text, start, stop))


def _check_dots(source: Source, place: int, stop: int, seen: bool) -> None:
    run = len(source.text[place:stop]) - len(source.text[place:stop].lstrip("."))
    if run < len(DOTS):
        raise _bad(source, place, "a '.' that is not part of '...'", "an ellipsis is three dots with no blank between")
    if run > len(DOTS):
        raise _bad(source, place + len(DOTS), "a '.' too many", "an ellipsis is three dots")
    if seen:
        raise _bad(source, place, "a second '...'; a term may have one")


def _bad_label(source: Source, place: int, output: bool) -> NotationError:
    character = source.text[place]
    if character == "," and output:
        return _bad(source, place, "',' in the output; an einsum has one output")
    if character == "=" and source.text[place + 1 : place + 2] == ">":
        return _bad(source, place, "'=>' is no arrow", "write '->'")
    hint = None
    if character.isspace():
        hint = "only the blank may separate; tabs and line breaks may not"
    elif character in "()_1234567890":
        hint = NAMED_HINT
    elif character == "*":
        hint = "write ',' between operands"
    return _bad(source, place, f"{character!r} cannot stand in subscripts; a label is one letter", hint)


def _bad(source: Source, place: int, message: str, hint: str | None = None) -> NotationError:
    span = Span(start=place, stop=place + 1)
    return NotationError("EL101", f"{message} (character {place})", text=source.text, span=span, hint=hint)


def _trimmed(text: str, start: int, stop: int) -> Span:
    """Return the span of a term without the blanks around it."""
    term = text[start:stop]
    left = len(term) - len(term.lstrip(" "))
    return Span(start=start + left, stop=max(start + left, start + len(term.rstrip(" "))))


def _words_hint(text: str) -> str | None:
    """Return a hint where blanks stand between labels of one term: they separate nothing."""
    for term in text.replace("->", ",").split(","):
        words = term.split()
        if len(words) > 1 and max(map(len, words)) > 1:
            return f"blanks are ignored, {term.strip()!r} is read as {''.join(words)!r}; {NAMED_HINT}"
    return None
