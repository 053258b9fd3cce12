"""A refusal in another language than English: its sentences looked up, its picture as it is.

The English sentences stand where errors are raised. `templates/languages/errors/<code>.toml` has, for every id, what it
means, and translations of whole English sentences with placeholders for what varies in them. A sentence that no
translation fits is shown in English below the meaning.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter

from ..core.errors import EinloopError
from ..core.message import Code, Join, Message
from ..core.picture import caret_lines
from ..core.root import template_root
from ..core.source import Span
from ..core.visible import visible
from .catalogue import FALLBACK, FOLDER, Catalogue, load_catalogue
from .page import fix_message

ERRORS = "errors"
MAX_SENTENCE = 2000
"""Characters of a sentence that is looked up."""
NUMBER, ROW, WHOLE = "n", "list", "message"
"""Placeholders for digits only, for things with commas between them, and for what has to be translated itself."""
ENGLISH_COMMA = ", "
LISTED = re.compile(r"([^\s,]+(?:, [^\s,]+)*) (and|or) ([^\s,]+)")
"""A row of things without blanks: `A, b and x`."""
QUOTED = re.compile(r"'[^']*'|`[^`]*`")
ENGLISH = re.compile(
    r"\b(?:the|an|of|to|that|its|it|this|which|are|on|by|at|others|than|a [a-z]{2,}) |, or |\bothers\b"
)
"""What English has, and code does not."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """An English sentence, as what does not vary in it and the names of what stands between, and its translation."""

    literals: tuple[str, ...]
    names: tuple[str, ...]
    translation: str

    def values(self, text: str) -> dict[str, str] | None:
        """Return what stands at the placeholders where `text` is this sentence, in time linear in its length."""
        first, *middle, last = self.literals if self.names else (*self.literals, "")
        if not self.names:
            return {} if text == first else None
        place, end = len(first), len(text) - len(last)
        if not text.startswith(first) or not text.endswith(last):
            return None
        values: dict[str, str] = {}
        for name, literal in zip(self.names, [*middle, None], strict=True):
            stop = end if literal is None else text.find(literal, place, end)
            if stop < place or (name == NUMBER and not text[place:stop].isdecimal()):
                return None
            values[name] = text[place:stop]
            place = stop + len(literal or "")
        return values


@dataclass(frozen=True, slots=True)
class Sentences:
    """The translations of one language: the meaning of every id, and sentences, those that say most first."""

    meanings: Mapping[str, str]
    patterns: tuple[Pattern, ...]
    comma: str
    last: Mapping[str, str]
    """What stands before the last thing of a row, by the English word."""

    def translate(self, text: str) -> str | None:
        """Return a sentence in this language, None where it has no translation."""
        if len(text) > MAX_SENTENCE:
            return None
        for pattern in self.patterns:
            values = pattern.values(text)
            if values is not None:
                told = {name: self._value(name, value) for name, value in values.items()}
                if None not in told.values():
                    return pattern.translation.format_map(told)
        return None

    def _value(self, name: str, value: str) -> str | None:
        """Return what stands at a placeholder; None for English words, whose sentence then stays English as a whole."""
        row = LISTED.fullmatch(value)
        if row is not None:
            last = self.last[row[2]]
            return f"{row[1].replace(ENGLISH_COMMA, self.comma)}{last}{row[3]}"
        translated = self.translate(value)
        if translated is not None or name == WHOLE or ENGLISH.search(QUOTED.sub("", value)):
            return translated
        return value.replace(ENGLISH_COMMA, self.comma) if name == ROW else value


def write_refusal(error: EinloopError, language: str) -> str:
    """Return an error as text in a language: headline, the line at fault with a caret under the place, hint."""
    words, sentences = load_catalogue(language), load_sentences(language)
    if language == FALLBACK or sentences is None:
        return str(error)
    return "\n".join(_lines(error, words, sentences))


def refusal_words(error: EinloopError, language: str) -> tuple[str, str]:
    """Return the message and the hint of an error in a language; the hint without the expressions that fit.

    A message that has no translation is the meaning of its id, and the English sentence in brackets.
    """
    hint = error.hint or ""
    if error.fixes and repr(error.fixes[0].expression) in hint:
        hint = hint[: hint.find(repr(error.fixes[0].expression))].strip()
    sentences = None if language == FALLBACK else load_sentences(language)
    if sentences is None:
        return error.message, hint
    said = sentences.translate(error.message)
    if said is None:
        meaning = sentences.meanings.get(error.id)
        said = error.message if meaning is None else f"{meaning} ({error.message})"
    return said, sentences.translate(hint) or hint


def _lines(error: EinloopError, words: Catalogue, sentences: Sentences) -> Iterator[str]:
    headline = words.text(Message("view.headline", {"severity": Message("view.severity.error"), "id": Code(error.id)}))
    said = sentences.translate(error.message)
    known = said or sentences.meanings.get(error.id, error.message)
    finding = Message("view.finding", {"headline": Code(headline), "message": Code(visible(known))})
    placed = finding
    if error.input_line is not None:
        placed = Message("view.line", {"line": error.input_line, "finding": finding})
    yield words.text(placed)
    if known not in (said, error.message):
        yield from (f"  {line}" for line in visible(error.message).splitlines())
    if error.span is not None:
        spans = [Span(start=start, stop=stop) for start, stop in (error.span, *error.also)]
        yield from (f"  {line}" for line in caret_lines(error.text, spans))
    hint = _hint(error, words, sentences)
    if hint:
        yield words.text(Message("view.hint", {"fixes": Code(visible(hint))}))


def _hint(error: EinloopError, words: Catalogue, sentences: Sentences) -> str:
    """Return what to do: the hint's own sentence, then the expressions that fit."""
    hint, fixes = error.hint or "", ""
    place = hint.find(repr(error.fixes[0].expression)) if error.fixes else -1
    if place >= 0:
        fixes = words.text(Join(tuple(map(fix_message, error.fixes)), "fixes"))
        hint = hint[:place].strip()
    return (sentences.translate(hint) or hint) + fixes


@lru_cache
def load_sentences(language: str) -> Sentences | None:
    """Return the translations of errors into a language, None where there are none."""
    import tomllib

    path = os.path.join(template_root(), FOLDER, ERRORS, f"{language}.toml")
    if not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        tables = tomllib.load(file)
    patterns = sorted((_pattern(*item) for item in tables["said"].items()), key=_length, reverse=True)
    words = load_catalogue(language).entries
    last = {"and": str(words["join.and.last"]), "or": str(words["join.or.last"])}
    comma = str(words["join.comma"])
    return Sentences(meanings=tables["meaning"], patterns=tuple(patterns), comma=comma, last=last)


def _pattern(english: str, translation: str) -> Pattern:
    literals, names = [""], list[str]()
    for literal, name, _, _ in Formatter().parse(english):
        literals[-1] += literal
        if name is not None:
            names.append(name)
            literals.append("")
    return Pattern(tuple(literals), tuple(names), translation)


def _length(pattern: Pattern) -> int:
    return sum(map(len, pattern.literals))
