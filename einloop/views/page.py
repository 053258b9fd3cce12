"""What every view asks of a report: its values as phrases with an index' colour, its findings as lines and hints.

Words are taken from the catalogue here; how a phrase looks (bold, a tag, TeX) is each view's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from unicodedata import category

from ..core.message import Code, Join, Message, Value
from ..core.picture import marked_lines
from ..core.report import Finding, Fix, Part, Report, Section, Severity, SumFormula, Table
from ..core.visible import columns, unseen
from .catalogue import Catalogue, TextRun

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
UNSEEN = frozenset({"Cc", "Cf", "Cn", "Cs", "Zl", "Zp"})
"""Categories of characters that a page cannot hold, or that change how their neighbours look."""

WORD = re.compile(r"(?<![\w)\]]\.)(?<!\w)[^\W\d]\w*")
"""A name, but not an attribute: `shape` of `A.shape` is not an index, whatever the indices are called."""
SUBSCRIPTS = re.compile(r"(?<![\w.,])(?:[^\W\d_]|[.,])*->(?:[^\W\d_]|\.)*(?!\w)")
NUMBER = re.compile(r"-?\d+")
SUM_SIGN = "Σ_"

KINDS = ("kind.free", "kind.summed")
FLAGS = ("flag.shared", "flag.contracted", "flag.batch", "flag.alone", "flag.diagonal", "flag.stretched")
WORDS = {id: f"glossary.{id.partition('.')[2]}" for id in (*KINDS, *FLAGS)}
"""What the catalogue calls the meaning of a word for an index."""


class WordRole(Enum):
    """What a piece of text is besides an index, for views that show it."""

    PLAIN = "plain"
    TITLE = "title"
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    CURRENT = "current"
    READ = "read"
    WRITTEN = "written"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one look. `colour`: the number of the index that it names."""

    text: str
    colour: int | None = None
    role: WordRole = WordRole.PLAIN


@dataclass(frozen=True, slots=True)
class Phrase:
    """A run of a sentence in pieces. `code`: no language translates it, and no line breaks inside it."""

    pieces: tuple[Piece, ...]
    code: bool = False

    @property
    def text(self) -> str:
        """The phrase without its colours."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Page:
    """A report in the words of one language."""

    report: Report
    catalogue: Catalogue

    def runs(self, value: Value) -> tuple[TextRun, ...]:
        """Return a value in words, each run on one line."""
        return tuple(TextRun(flat(run.text), code=run.code) for run in self.catalogue.runs(value))

    def phrases(self, value: Value) -> tuple[Phrase, ...]:
        """Return a value in words, what is code in the colours of the indices that it names."""
        return self.coloured(self.runs(value))

    def coloured(self, runs: Iterable[TextRun]) -> tuple[Phrase, ...]:
        """Return runs with the colours of indices in what is code."""
        return tuple(
            Phrase(self.code(run.text) if run.code else (Piece(run.text),), run.code) for run in runs if run.text
        )

    def code(self, text: str) -> tuple[Piece, ...]:
        """Return code in pieces, names of indices and extents with their colours."""
        return tuple(cut(text, coloured_places(text, self.report.colours)))

    def lines(self, text: str) -> tuple[tuple[Piece, ...], ...]:
        """Return lines of code in pieces."""
        return tuple(self.code(line) for line in clean(text))

    @property
    def subject(self) -> tuple[tuple[Piece, ...], ...]:
        """The expression as the person gave it, line by line, its indices in their colours."""
        return self.marked(self.report.subject) if self.report.marks else self.lines(self.report.subject)

    def marked(self, text: str) -> tuple[tuple[Piece, ...], ...]:
        """Return the lines of a text in which the report's marks are places."""
        lines, first = [], 0
        for line in text.split("\n"):
            marks = ((span.start - first, span.stop - first, number) for span, number in self.report.marks)
            inside = [(start, stop, number) for start, stop, number in marks if 0 <= start < stop <= len(line)]
            lines.append(tuple(cut(seen(line.rstrip("\r").replace("\t", " ")), inside)))
            first += len(line) + 1
        return tuple(lines)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections that have something to show."""
        return tuple(section for section in self.report.sections if section.parts)

    def heading(self) -> tuple[Phrase, ...]:
        """Return what kind of page this is; nothing for a kind without words."""
        id = f"view.kind.{self.report.kind}"
        return self.phrases(Message(id)) if id in self.catalogue.entries else ()

    def title(self, section: Section) -> tuple[Phrase, ...]:
        """Return a section's title, if it has one."""
        return () if section.title is None else self.phrases(section.title)

    def glossary(self, section: Section) -> tuple[tuple[tuple[Phrase, ...], tuple[Phrase, ...]], ...]:
        """Return the words for kinds of indices that a section uses, each with what it means."""
        cells = [cell for part in section.parts if isinstance(part, Table) for row in part.rows for cell in row]
        items = [item for cell in cells for item in (cell.items if isinstance(cell, Join) else (cell,))]
        used = dict.fromkeys(item.id for item in items if isinstance(item, Message) and item.id in WORDS)
        return tuple((self.phrases(Message(id)), self.phrases(Message(WORDS[id]))) for id in WORDS if id in used)

    def kind(self, part: Part) -> str:
        """Return which kind of part this is, for a template."""
        return "formula" if isinstance(part, SumFormula) else type(part).__name__.lower()

    def right(self, table: Table) -> tuple[bool, ...]:
        """Return which columns hold nothing but numbers: they are set to the right."""
        columns = zip(*table.rows, strict=True) if table.rows else ((),) * len(table.heads)
        return tuple(bool(column) and all(map(_is_number, column)) for column in columns)

    def headline(self, finding: Finding) -> Message:
        """Return `warning EL702`, in words."""
        return Message("view.headline", {"severity": self.severity(finding.severity), "id": Code(finding.id)})

    def severity(self, severity: Severity) -> Message:
        """Return how bad something is, as a word."""
        return Message(f"view.severity.{severity.value}")

    def picture(self, finding: Finding) -> tuple[tuple[Piece, ...], ...]:
        """Return the lines that a finding speaks of, each with carets below, indices in their colours."""
        if not finding.text or not finding.spans:
            return ()
        lines = marked_lines(finding.text, finding.spans)
        lines[1::2] = map(_aligned, lines[::2], lines[1::2])
        if finding.text == self.report.subject and "\n" not in finding.text and self.report.marks:
            return (self.marked(lines[0])[0], *((Piece(line),) for line in lines[1:]))
        return tuple((Piece(line),) if number % 2 else self.code(line) for number, line in enumerate(lines))

    def hint(self, finding: Finding) -> Message | None:
        """Return what to write instead, the likeliest first; nothing where there is no fix."""
        if not finding.fixes:
            return None
        return Message("view.hint", {"fixes": Join(tuple(map(fix_message, finding.fixes)), "fixes")})

    def index_title(self, colour: int) -> str:
        """Return `index j` for the index that has a colour; nothing where its name is not known."""
        name = next((word for word, number in self.report.colours.items() if number == colour), None)
        return "" if name is None else self.catalogue.text(Message("view.index", {"index": Code(flat(name))}))


def clean(text: str) -> list[str]:
    """Return the lines of a text, every character one that can be seen.

    >>> clean("a\\tb\\n\\x1b[31m")
    ['a       b', '\N{REPLACEMENT CHARACTER}[31m']
    """
    return [seen(line.rstrip().expandtabs()) for line in text.split("\n")]


def flat(text: str) -> str:
    """Return a text on one line."""
    return seen(re.sub(r"[ \t]*[\r\n][ \t\r\n]*", " ", text).replace("\t", " "))


def seen(text: str) -> str:
    """Return a text as long as it was, in which every character can be seen."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(UNKNOWN if category(character) in UNSEEN or unseen(character) else character for character in text)


def coloured_places(text: str, colours: Mapping[str, int]) -> list[tuple[int, int, int]]:
    """Return (start, stop, colour) of every name of an index in code, in order.

    Subscripts are read letter by letter, the rest word by word.

    >>> coloured_places("Σ_j A[i,j]", {"i": 0, "j": 1})
    [(2, 3, 1), (6, 7, 0), (8, 9, 1)]
    >>> coloured_places("einsum('ij->i', i.j)", {"i": 0, "j": 1})
    [(8, 9, 0), (9, 10, 1), (12, 13, 0), (16, 17, 0)]
    """
    found, taken = [], []
    for match in SUBSCRIPTS.finditer(text):
        letters = [place for place in range(match.start(), match.end()) if text[place] not in ".,->"]
        if all(text[place] in colours for place in letters):
            taken.append(match.span())
            found += [(place, place + 1, colours[text[place]]) for place in letters]
    for match in WORD.finditer(text):
        word, start = match.group(), match.start()
        if word not in colours and word.startswith(SUM_SIGN):
            word, start = word.removeprefix(SUM_SIGN), start + len(SUM_SIGN)
        if word in colours and not any(first <= start < stop for first, stop in taken):
            found.append((start, start + len(word), colours[word]))
    return sorted(found)


def cut(text: str, places: Iterable[tuple[int, int, int]]) -> Iterator[Piece]:
    """Yield a text in pieces: what stands at the places has their colours. Places do not overlap."""
    done = 0
    for start, stop, number in places:
        if start < done:
            continue
        if start > done:
            yield Piece(text[done:start])
        yield Piece(text[start:stop], number)
        done = stop
    if done < len(text):
        yield Piece(text[done:])


def _aligned(line: str, carets: str) -> str:
    """Return carets as wide as the characters above them."""
    above = line.ljust(len(carets))
    return "".join(mark * columns(above[place]) for place, mark in enumerate(carets))


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) or (isinstance(value, Code) and NUMBER.fullmatch(value.text) is not None)


def fix_message(fix: Fix) -> Message:
    """Return the phrase that says to write an expression, and which shape it gives."""
    quote = '"' if "'" in fix.expression else "'"
    expression = Code(f"{quote}{fix.expression}{quote}")
    if fix.shape is None:
        return Message("view.fix.unknown", {"expression": expression})
    return Message("view.fix.known", {"expression": expression, "shape": Code(fix.shape)})
