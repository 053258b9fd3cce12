"""What an analysis found, as data: sections of paragraphs, formulas, tables, code and findings.

Views turn a Report into text, Markdown, HTML, LaTeX, JSON or a comment; analyses and the pipeline make it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from .formula import Formula, SumFormula
from .message import Code, Message, Value
from .shown import pretty
from .source import Span

if TYPE_CHECKING:
    from .drawing import Drawing

Fact: TypeAlias = "str | int | float | bool | list[Fact] | dict[str, Fact] | None"
"""What JSON can hold."""


class Severity(Enum):
    """How bad a finding is."""

    ERROR = "error"
    """The expression is illegal."""
    WARNING = "warning"
    """Legal, and probably not what was meant."""
    NOTE = "note"
    """Legal and right; worth knowing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One or more sentences. `lead` marks the most important one of the page."""

    message: Message
    lead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines of code, never translated. `title` says what they are, where that is not clear."""

    text: str
    language: str = "python"
    title: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells under heads."""

    heads: tuple[Value, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """An edit of the expression that is legal for the shapes at hand, and the shape it gives (None: unknown)."""

    expression: str
    shape: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something to know about an expression: stable id (`EL7..`), severity, sentence, places in `text`, fixes.

    The likeliest fix stands first.
    """

    id: str
    severity: Severity
    message: Message
    text: str = ""
    spans: tuple[Span, ...] = ()
    operand: int | None = None
    axis: int | None = None
    fixes: tuple[Fix, ...] = ()


UNTITLED = frozenset(
    {
        *("answers", "cell", "diff", "element", "emitted", "found", "meaning", "nonfinite", "stage", "story", "unread"),
        "warnings",
    }
)
"""Sections without a title: they open a page. Every other one has `title.<id>` in the catalogue."""

Part: TypeAlias = Paragraph | Formula | SumFormula | Block | Table | Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One analysis' part of the page: its id, parts, and facts for programs."""

    id: str
    parts: tuple[Part, ...]
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def title(self) -> Message | None:
        """The section's title, None for those that have none."""
        return None if self.id in UNTITLED else Message(f"title.{self.id}")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Report:
    """What was found about an expression: a page. `str()` is the page as text; a notebook shows it as HTML.

    Attributes
    ----------
    kind : str
        What made it: 'explain', 'check', 'why', 'diff', 'find', 'bench' or 'stages'.
    subject : str
        The expression as it was given.
    sections : tuple of Section
        The page, the most important first.
    colours : mapping of str to int
        The words that have a colour of their own, each with its number; an index and its extent share one.
    marks : tuple of (Span, int)
        The places of indices in `subject`, with the same numbers.
    render : callable or None
        What `show` calls with the report, a format and a language.
    draw : callable or None
        Makes the picture that a page of HTML has.
    lang : str
        The language in which it shows itself.

    Examples
    --------
    >>> import einloop
    >>> report = einloop.check("ij,kl->il")
    >>> report
    <check 'ij,kl->il': findings>
    >>> [finding.id for finding in report.findings]
    ['EL703']
    """

    kind: str
    subject: str
    sections: tuple[Section, ...]
    colours: Mapping[str, int] = field(default_factory=dict)
    marks: tuple[tuple[Span, int], ...] = ()
    render: Callable[[Report, str, str], str] | None = field(default=None, compare=False)
    draw: Callable[[], Drawing | None] | None = field(default=None, compare=False)
    lang: str = field(default="en", compare=False)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, in the order of the page."""
        return tuple(part for section in self.sections for part in section.parts if isinstance(part, Finding))

    @property
    def facts(self) -> dict[str, Fact]:
        """What programs want to know, by section."""
        return {section.id: dict(section.facts) for section in self.sections if section.facts}

    def show(self, format: str = "text", lang: str | None = None) -> str:
        """Return the page.

        Parameters
        ----------
        format : str, default 'text'
            Such as 'markdown', 'html' or 'json'; 'fragment' is HTML for a notebook. A bench has 'svg' too.
        lang : str, optional
            The language of the page, or 'auto': what the environment asks for. By default its own, which is 'en'
            unless it was made for another.

        Returns
        -------
        str
            The page in this format and language.

        Raises
        ------
        EinloopError
            Where there is no such format or language.
        TypeError
            Where the report was made without `render`.
        """
        if self.render is None:
            raise TypeError("this Report was made without a renderer")
        return self.render(self, format, self.lang if lang is None else lang)

    def __str__(self) -> str:
        return self.show()

    def __repr__(self) -> str:
        return f"<{self.kind} {self.subject!r}: {', '.join(section.id for section in self.sections)}>"

    _repr_pretty_ = pretty

    def _repr_html_(self) -> str:
        return self.show("fragment")


__all__ = [
    "Block",
    "Code",
    "Fact",
    "Finding",
    "Fix",
    "Formula",
    "Message",
    "Paragraph",
    "Part",
    "Report",
    "Section",
    "Severity",
    "SumFormula",
    "Table",
]
