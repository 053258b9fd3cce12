"""The words of a human language: messages in, runs of text out. One file a language in `templates/languages/`.

An entry is a sentence with named placeholders, `"{output} is the sum over {over}"`, or a table of forms
`{one = "...", other = "..."}` of which the value called `count` chooses. A language that lacks an entry shows the
English one.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter

from ..core.errors import OptionError
from ..core.message import Code, Join, Message, Value
from ..core.near import meant
from ..core.root import template_root

FALLBACK = "en"
FOLDER = "languages"

MANY, TOO_MANY = 100, 1e15
"""Between these a number that is not whole is written without a fraction; others have three digits."""

BLANK = re.compile(r"(?<=[\u3041-\u30ff\u4e00-\u9fff]) (?=[\u3041-\u30ff\u4e00-\u9fff])")

Entry = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TextRun:
    """A piece of a sentence. `code`: it is text that no language translates."""

    text: str
    code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The entries of one language by id, with English ones for those it lacks."""

    language: str
    entries: Mapping[str, Entry]

    def runs(self, value: Value) -> tuple[TextRun, ...]:
        """Return a value in the words of this language, plain text and code apart.

        Between two Japanese characters stands no blank: it is there for code, and a placeholder may have either.
        """
        runs = _merged(self._runs(value))
        return tuple(run if run.code else TextRun(BLANK.sub("", run.text)) for run in runs)

    def text(self, value: Value) -> str:
        """Return a value as plain text."""
        return "".join(run.text for run in self.runs(value))

    def _runs(self, value: Value) -> Iterator[TextRun]:
        if isinstance(value, Code):
            yield TextRun(value.text, code=True)
        elif isinstance(value, Message):
            yield from self._sentence(value)
        elif isinstance(value, Join):
            yield from self._joined(value)
        elif isinstance(value, int):
            yield TextRun(f"{value:,}")
        else:
            yield TextRun(f"{value:,.0f}" if MANY <= abs(value) < TOO_MANY else f"{value:.3g}")

    def _sentence(self, message: Message) -> Iterator[TextRun]:
        for literal, name, _, _ in Formatter().parse(self._pattern(message)):
            if literal:
                yield TextRun(literal)
            if name is not None:
                yield from self._runs(message.values[name])

    def _pattern(self, message: Message) -> str:
        entry = self.entries[message.id]
        if isinstance(entry, str):
            return entry
        return entry["one" if message.values.get("count") == 1 and "one" in entry else "other"]

    def _joined(self, join: Join) -> Iterator[TextRun]:
        between, last = self.entries[f"join.{join.kind}"], self.entries[f"join.{join.kind}.last"]
        assert isinstance(between, str)
        assert isinstance(last, str)
        for number, item in enumerate(join.items):
            if number:
                yield TextRun(last if number == len(join.items) - 1 else between)
            yield from self._runs(item)


@lru_cache
def load_catalogue(language: str) -> Catalogue:
    """Return the words of a language. Raises OptionError where there is no file for it.

    >>> load_catalogue("en").text(Join((Code("i"), Code("j"), Code("k"))))
    'i, j and k'
    """
    check_language(language)
    own = read_entries(language)
    return Catalogue(language=language, entries=own if language == FALLBACK else {**read_entries(FALLBACK), **own})


def check_language(language: str) -> None:
    """Raise OptionError where there is no file for a language."""
    if language not in languages():
        raise OptionError("EL469", f"there is no language {language!r}", hint=meant(language, languages()))


@lru_cache
def languages() -> tuple[str, ...]:
    """Return the languages there are files for, English first."""
    files = os.listdir(os.path.join(template_root(), FOLDER))
    found = sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml"))
    return tuple(sorted(found, key=lambda name: name != FALLBACK))


def read_entries(language: str) -> dict[str, Entry]:
    """Return the entries in a language's own file by dotted id."""
    import tomllib

    with open(os.path.join(template_root(), FOLDER, f"{language}.toml"), "rb") as file:
        return dict(_flat(tomllib.load(file), ""))


def _flat(table: Mapping[str, object], above: str) -> Iterator[tuple[str, Entry]]:
    """Yield the entries below a table; a table of forms (`one`, `other`) is one entry."""
    for key, value in table.items():
        name = f"{above}.{key}" if above else key
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, Mapping) and "other" in value:
            yield name, {form: str(text) for form, text in value.items()}
        elif isinstance(value, Mapping):
            yield from _flat(value, name)


def _merged(runs: Iterable[TextRun]) -> Iterator[TextRun]:
    """Yield runs with neighbours of one kind made one."""
    held: TextRun | None = None
    for run in runs:
        if held is not None and held.code == run.code:
            held = TextRun(held.text + run.text, code=run.code)
            continue
        if held is not None:
            yield held
        held = run
    if held is not None:
        yield held
