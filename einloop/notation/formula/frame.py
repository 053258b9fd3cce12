"""A formula as it stands in a paper or a program in, the formula alone out: what frames it becomes blanks.

No character changes its place, so spans into the one are spans into the other. Taken away are environments, boxes,
numbers and labels of equations, comments, line spacing, and what is said of indices after the formula; `C(i,k)` becomes
`C[i,k]`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...core.build import MAX_LABELS
from ...core.greek import GREEK
from ...core.source import Source, Span
from .tokens import quoted, refusal
from .words import names_operator

_ENVIRONMENTS = "equation align aligned gather gathered multline split eqnarray displaymath math flalign"
ENVIRONMENTS = frozenset(_ENVIRONMENTS.split())
"""Those around a formula; others, like `cases`, say something."""
_EDGE = re.compile(r"\\(?:begin|end)\s*\{\s*([A-Za-z]+)(\*?)\s*\}")
_INVISIBLE = re.compile(
    r"\\l?eqno\s*(?:\([^()]*\)|\{[^{}]*\})|\\(?:label|tag\*?|hspace\*?|vspace\*?|phantom|hphantom|vphantom)\s*\{[^{}]*\}"
    r"|\\\\\s*\[\s*-?[\d.]+\s*[a-z]{2}\s*\]|\\(?:thinspace|medspace|thickspace|enspace|hfill|strut|mathstrut)(?![A-Za-z])"
)
_END = r"(?=(?:[\s$.,;]|\\[\])])*+\Z)"
_DIGITS = r"(?!0)(?:\d{1,3}\.){0,4}\d{1,4}"
_LETTERED = r"(?!0)(?:(?:[A-Z]|\d{1,3})\.){0,4}\d{1,4}[a-z]?'{0,2}"
_WIDE = (
    rf"(?:\({_LETTERED}\)|\\(?:text|textrm|mathrm|mbox)\s*\{{\s*\({_LETTERED}\)\s*\}}"
    rf"|\((?:\*|\\ast|\\star)\))"
)
_SPACES = r"(?:\s|~|&|\\[,;:!>\s]|\\q?quad(?![A-Za-z])){1,40}+"
_SCRIPTED = r"(?:(?<=[}\])ₐ-ₜⱼᵢᵣᵤᵥ])|(?<=_\w)|(?<=_\w\w)|(?<=_\w\w\w))"
_LAST = re.compile(
    rf"(?:(?=\s\s|\t|~|\\q?quad)|(?<=[.,;])){_SPACES}(?P<wide>{_WIDE}){_END}"
    rf"|{_SCRIPTED}{_SPACES}(?P<near>\({_DIGITS}\)){_END}"
)
_FIRST = re.compile(
    rf"\A[\s$]*(?P<wide>(?:(?:[Ee]q|[Ee]qn|[Ee]quation)\b\.?\s*)?{_WIDE}\s*:?|\[{_DIGITS}\]|\d{{1,3}}[.)](?=\s))(?:{_SPACES})?(?=[^\s=])"
)
_BOX = re.compile(r"\\(?:boxed|fbox|ensuremath)\s*(\{)")
_COMMENT = re.compile(r"#[^\n]*|(?<=;)[ \t]*//[^\n]*")
_TEX_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_TEX = re.compile(r"\\[A-Za-z]|[_^]\{")
_DELIMITER = re.compile(r"\\(?:left|right|[bB]igg?[lr]?)\s*([\[\]])")
_TICKS = re.compile(r"\A\s*`+|(?<!`)`+\s*\Z")
_LEFT = re.compile(r"\s*[^\W\d]\w*\s*\(\s*[^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)*\s*\)\s*(?:\+=|:=|=(?!=))")
_LISTED = re.compile(r"(?<!\w)([^\W\d]\w*+)\s*+(\()\s*[^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)*\s*(\))")
_SCRIPTS = re.compile(r"\\[A-Za-z]|_|[ₐ-ₜⱼᵢᵣᵤᵥ]")
_GAP = r"(?:[\s~$]|\\[,;:!>\s]|\\q?quad(?![A-Za-z])){0,40}+"
_NAME = r"(?:\\[A-Za-z]++|[^\W\d_])"
_DOTS = r"(?:\\[lc]?dots(?![A-Za-z])|\.\.\.|…|⋯)"
_UPPER = r"(?:\d{1,18}|\\?[A-Za-z]+(?:_(?:\w|\{\w+\}))?(?:\s*-\s*1)?)"
_WORDS = (
    r"(?:\\(?:text|mbox|textrm|mathrm)\s*\{\s*(?:for|for all|where|with|and)\s*\}"
    r"|\\forall(?![A-Za-z])|∀|for all|for|and)"
)
_RANGE = (
    rf"(?P<names>{_NAME}(?:{_GAP},{_GAP}{_NAME}){{0,{MAX_LABELS}}}+){_GAP}"
    rf"(?:=|\\in(?![A-Za-z])|∈){_GAP}(?:\\?\{{|\[)?{_GAP}(?P<low>\d{{1,18}}){_GAP},"
    rf"(?:{_GAP}\d{{1,18}}{_GAP},)?{_GAP}{_DOTS}{_GAP},{_GAP}(?P<high>{_UPPER})(?P<close>{_GAP}(?:\\?\}}|\]))?"
)
_PLAIN_RANGE = re.sub(r"\?P<\w+>", "?:", _RANGE)
_TAIL = (
    rf"(?:[,;]|\\q?quad(?![A-Za-z])|\(|\\text\s*\{{\s*for){_GAP}(?:{_WORDS}{_GAP})?\(?{_GAP}{_PLAIN_RANGE}"
    rf"(?:{_GAP}(?:[,;]|{_WORDS}){_GAP}(?:{_WORDS}{_GAP})?{_PLAIN_RANGE}){{0,{MAX_LABELS}}}{_GAP}\)?{_GAP}[.,;]?(?:[\s$]|\\[\])])*+\Z"
)

_FOR_ALL = re.compile(
    rf"(?:[,;]|\s|\\q?quad(?![A-Za-z])){_GAP}\(?{_GAP}"
    rf"(?P<said>(?:\\forall(?![A-Za-z])|∀|for all|\\text\s*\{{\s*for all\s*\}}){_GAP}"
    rf"(?P<names>{_NAME}(?:{_GAP},{_GAP}{_NAME}){{0,{MAX_LABELS}}}+)){_GAP}\)?{_END}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What is said of indices after a formula, `i,j=1,\\dots,m`: their names, the first place, and the last as text."""

    labels: tuple[str, ...]
    low: int
    high: str
    span: Span


def unframed(source: Source) -> tuple[Source, tuple[Range, ...], tuple[str, ...]]:
    """Return the formula alone, the ranges after it, and notes on comments; raise NotationError for an environment.

    >>> from einloop.core.source import Notation
    >>> text = "\\\\begin{equation} c = a_i, \\\\quad i=1,\\\\dots,3 \\\\end{equation}"
    >>> alone, ranges, _ = unframed(Source(text=text, notation=Notation.FORMULA))
    >>> alone.text.strip(), ranges[0].labels, ranges[0].high
    ('c = a_i', ('i',), '3')
    """
    return without_sayings(*without_environments(source))


def without_environments(source: Source) -> tuple[Source, tuple[str, ...]]:
    """Return a text without environments, comments and ticks around it, and notes on comments."""
    _check_environments(source)
    text, comments = _without_comments(source.text)
    text = _EDGE.sub(_blank, _TICKS.sub(_blank, text))
    notes = tuple(f"{quoted(comment)} is read as a comment" for comment in comments)
    return Source(text=text, notation=source.notation), notes


def without_sayings(source: Source, notes: tuple[str, ...]) -> tuple[Source, tuple[Range, ...], tuple[str, ...]]:
    """Return one formula without its number and what is said of indices after it; ranges, and notes added to those."""
    text, numbers = _without_numbers(_without_box(_INVISIBLE.sub(_blank, source.text)))
    text = _DELIMITER.sub(lambda found: found[0][:-1] + ("(" if found[1] == "[" else ")"), text)
    text, said = _without_quantifier(text)
    text, ranges = _without_ranges(text)
    notes += tuple(f"{quoted(number)} is read as the number of the formula" for number in numbers)
    return Source(text=_bracketed(text), notation=source.notation), ranges or said, notes


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def _without_box(text: str) -> str:
    """Return a text with `\\boxed{` and the `}` that ends it blank."""
    found = _BOX.search(text)
    if found is None:
        return text
    depth = 1
    for place in range(found.end(), len(text)):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0:
            return text[: found.start()] + _blank(found) + text[found.end() : place] + " " + text[place + 1 :]
    return text


def _without_numbers(text: str) -> tuple[str, list[str]]:
    """Return a text with the number of the formula blank, as in `c_i = a_i \\qquad (1)`, and the number."""
    numbers = []
    for pattern in (_FIRST, _LAST):
        found = pattern.search(text)
        if found is not None:
            group = found.lastgroup or "wide"
            numbers.append(found[group].strip())
            text = _blanked(text, *found.span(group))
    return text, numbers


def _check_environments(source: Source) -> None:
    for found in _EDGE.finditer(source.text):
        if found[1] not in ENVIRONMENTS:
            span = Span(start=found.start(), stop=found.end())
            hint = "give one formula: one left side, '=', one product"
            raise refusal(source, "EL168", span, f"the environment {found[1]!r} is not read", hint)


def _without_comments(text: str) -> tuple[str, list[str]]:
    """Return a text with its comments blank, and those that begin with `%`: they might be meant as a remainder."""
    text = _COMMENT.sub(_blank, text)
    if _TEX.search(text) is None:
        return text, []
    found = [comment[0] for comment in _TEX_COMMENT.finditer(text) if comment[0].strip("% \t\r")]
    return _TEX_COMMENT.sub(_blank, text), found


def _without_ranges(text: str) -> tuple[str, tuple[Range, ...]]:
    """Return a text with the ranges of indices at its end blank, and what separates them from the formula."""
    tail = None
    if re.search(_DOTS, text) and "=" in text:
        tail = re.compile(_TAIL).search(text, text.index("=") + 1)
    if tail is None:
        return text, ()
    found = []
    for one in re.compile(_RANGE).finditer(text, *tail.span()):
        labels = tuple(name for name in _names(one["names"]) if len(name) == 1 or name in GREEK)
        span = Span(start=one.start("names"), stop=max(one.end("high"), one.end("close")))
        found.append(Range(labels=labels, low=int(one["low"]), high=re.sub(r"\s+", "", one["high"]), span=span))
    return _blanked(text, *tail.span()), tuple(found)


def _without_quantifier(text: str) -> tuple[str, tuple[Range, ...]]:
    """Return a text with `\\forall i, j` at its end blank, and those indices as a range without limits."""
    found = _FOR_ALL.search(text)
    if found is None:
        return text, ()
    span = Span(start=found.start("said"), stop=found.end("said"))
    said = Range(labels=_names(found["names"]), low=0, high="", span=span)
    return _blanked(text, found.start(), span.stop), (said,)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.removeprefix("\\") for name in re.findall(_NAME, text))


def _blanked(text: str, start: int, stop: int) -> str:
    return text[:start] + " " * (stop - start) + text[stop:]


def _bracketed(text: str) -> str:
    """Return a formula of Fortran's form, `C(i,k) = A(i,j) * B(j,k)`, with brackets around its indices."""
    if "[" in text or _LEFT.match(text) is None:
        return text
    right = text[text.index("=") + 1 :]
    if _SCRIPTS.search(right) and all(names_operator(found[1]) for found in _LISTED.finditer(right)):
        return text
    letters = list(text)
    for found in _LISTED.finditer(text):
        if not names_operator(found[1]):
            letters[found.start(2)], letters[found.start(3)] = "[", "]"
    return "".join(letters)
