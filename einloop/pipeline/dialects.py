"""A text, Options and the name of a dialect in, the section of a Report that says what differs there out.

Reads the text as np.einsum does and as the dialect does, and lets `analysis/dialects/` compare.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from ..analysis.dialects import (
    KEYWORDS,
    Dialect,
    DialectCase,
    DialectVerdict,
    Spelling,
    as_words,
    bind_there,
    find,
    judge,
    respell,
)
from ..core.bind import Shape
from ..core.errors import EinloopError, NotationError, OptionError, ShapeError
from ..core.message import Code, Message, Value, codes
from ..core.options import Options
from ..core.report import Fact, Finding, Paragraph, Part, Report, Section, Severity
from ..core.spec import Spec
from ..core.topic import Topic
from ..notation import looks_like_call, read
from ..notation.subscripts import read_subscripts
from .check import check, expected_section
from .dtypes import given_dtypes
from .expression import read_expression, read_spec
from .naming import named_by_shapes
from .reading import bind, given_shapes

CROWDED = (Topic.OPERANDS, Topic.OCCURRENCES)
"""Refusals of expressions with more terms, or more of one label, than np.einsum can count."""


def dialect_section(text: str, options: Options, dialect: str) -> Section:
    """Return what `dialect` makes of an expression, compared with np.einsum.

    Raises EinloopError where both refuse the expression, and OptionError for an unknown dialect.

    >>> section = dialect_section("...i->i", Options(shapes=((None, (2, 3)),)), "torch")
    >>> section.facts["legal"], section.facts["same"], section.facts["reasons"]
    (True, False, ['EL734'])
    """
    chosen = find(dialect)
    case = read_case(text, options, chosen)
    verdict = judge(case)
    if case.error is not None and verdict.refused_by_both:
        raise case.error
    return _section(text, case, verdict)


def check_there(text: str, options: Options, dialect: str) -> Report:
    """Return what `check` finds, with what differs in a dialect first.

    What np.einsum refuses and the dialect takes has the dialect's findings alone, and whether its result is as
    expected. Raises OptionError for a sum of einsums.
    """
    _check_one(text, options)
    section = dialect_section(text, options, dialect)
    try:
        spec = read_spec(text, options)
    except OptionError:
        raise
    except EinloopError:
        theirs = read_case(text, options, find(dialect)).theirs
        found = None if theirs is None else expected_section(theirs, options)
        return Report(kind="check", subject=text, sections=(section,) if found is None else (section, found))
    report = _checked(spec, options, find(dialect))
    return replace(report, sections=(section, *report.sections))


def _check_one(text: str, options: Options) -> None:
    try:
        found = read_expression(text, options)
    except EinloopError:
        return  # what np.einsum refuses the dialect may take
    if not isinstance(found, Spec):
        alone = "; ".join(found.combinations[0].terms())
        raise OptionError("EL471", "a dialect is asked about one einsum, and this is a sum", hint=f"its terms: {alone}")


def _checked(spec: Spec, options: Options, dialect: Dialect) -> Report:
    """Return what `check` finds; about dtypes and values only where the dtype that the dialect computes in is known."""
    computed = None
    if dialect.numpy_dtypes:
        report = check(spec, options)
    else:
        computed = dialect.computed(spec, given_dtypes(spec, options) or ())
        report = check(spec, options, numpy=False, computed=computed)
    if "dtype" in dialect.keywords:
        return report

    def advise(part: Part) -> Part:
        return advised(part, dialect, computed) if isinstance(part, Finding) else part

    sections = [replace(section, parts=tuple(map(advise, section.parts))) for section in report.sections]
    return replace(report, sections=tuple(sections))


def advised(finding: Finding, dialect: Dialect, computed: str | None) -> Finding:
    """Return a finding that advises dtype= with the cast of an operand instead, for a call that has no dtype=."""
    message = finding.message
    call = message.values.get("call")
    if not isinstance(call, Code) or not call.text.startswith("dtype="):
        return finding
    cast = Code(dialect.cast(call.text.removeprefix("dtype="), computed))
    return replace(finding, message=replace(message, values={**message.values, "call": cast}))


def refused(report: Report) -> bool:
    """Return whether a dialect refuses the expression."""
    return any(finding.severity is Severity.ERROR for finding in report.findings)


def read_case(text: str, options: Options, dialect: Dialect) -> DialectCase:
    """Return an expression as np.einsum and as the dialect read it. Raises EinloopError where it is none."""
    try:
        spec = read(text, options.notation)
    except NotationError as error:
        handed = _literal(text) or text
        respelled = respell(dialect, handed)
        theirs = None if respelled.text is None else _their_spec(dialect, respelled.text, options, error)
        return DialectCase(dialect=dialect, text=handed, error=error, theirs=theirs, refusal=respelled.refusal)
    named = named_by_shapes(bind(spec, replace(options, shapes=(), loaded=(), sizes={})), options)
    shapes = given_shapes(named, options)
    ours, refused = _ours(spec, options)
    handed = _handed(text, spec, dialect)
    dtypes = given_dtypes(named, options) or (None,) * len(spec.operands)
    case = DialectCase(dialect=dialect, text=handed, ours=ours, error=refused, dtypes=dtypes)
    if dialect.spelling is not Spelling.WORDS:
        return replace(case, theirs=_bound(dialect, named, shapes, options))
    respelled = respell(dialect, handed)
    if respelled.text is None:
        return replace(case, refusal=respelled.refusal)
    try:
        return replace(case, theirs=_bound(dialect, read_subscripts(respelled.text), shapes, options))
    except NotationError:
        return case


def _handed(text: str, spec: Spec, dialect: Dialect) -> str:
    """Return what a person would hand to the library: the string as written, or what it comes to there."""
    words = dialect.spelling is Spelling.WORDS
    traits = spec.source.notation.traits
    if traits.alone and (words or not traits.words):
        return text
    literal = _literal(text) if traits.string else None
    return literal or (as_words(spec) if words else spec.subscripts)


def _literal(text: str) -> str | None:
    """Return the string in a pasted call, None where there is no call, or none in it."""
    if not looks_like_call(text):
        return None
    try:
        nodes = list(ast.walk(ast.parse(text.strip())))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    strings = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return strings[0] if strings else None


def _ours(spec: Spec, options: Options) -> tuple[Spec | None, ShapeError | None]:
    """Return the bound expression, or why np.einsum refuses its shapes."""
    try:
        return bind(spec, options), None
    except ShapeError as error:
        return None, error


def _bound(dialect: Dialect, spec: Spec, shapes: Sequence[Shape | None], options: Options) -> Spec | None:
    """Return the expression with its shapes as the dialect takes them, None where it refuses them too."""
    known = {index.label for index in spec.indices}
    sizes = {label: size for label, size in options.sizes.items() if label in known}
    try:
        return bind_there(dialect, spec, shapes, sizes)
    except EinloopError:
        return None


def _their_spec(dialect: Dialect, text: str, options: Options, error: EinloopError) -> Spec | None:
    """Return the expression that the dialect reads where np.einsum refuses to read, None where it refuses too."""
    crowded = error.topic in CROWDED and error.topic in dialect.beyond
    try:
        spec = read_subscripts(_thinned(text) if crowded else text)
    except NotationError:
        return None
    if crowded:
        return spec
    return _bound(dialect, spec, given_shapes(spec, options), options)


def _thinned(text: str) -> str:
    """Return an expression with no term written more than twice: as legal as the whole, and short enough to read."""
    inputs, arrow, output = text.partition("->")
    terms: list[str] = []
    for term in inputs.split(","):
        if terms.count(term) < 2:
            terms.append(term)
    return ",".join(terms) + arrow + output


def _section(subject: str, case: DialectCase, verdict: DialectVerdict) -> Section:
    """Return a verdict as a section: the differences, or that there is none; how to write it; its keywords."""
    dialect = case.dialect
    values: dict[str, Value] = {"call": dialect.code}
    parts: list[Part] = [*verdict.findings]
    if verdict.same:
        fine = "dialect.itself" if dialect.name == "numpy" else "dialect.same"
        parts.insert(0, Paragraph(message=Message(fine, values), lead=True))
    if case.text not in subject:
        parts.append(Paragraph(message=Message("dialect.written", {**values, "written": Code(case.text)})))
    if len(dialect.keywords) < len(KEYWORDS):
        known = {**values, "all": codes(KEYWORDS), "keywords": codes(dialect.keywords)}
        parts.append(
            Paragraph(message=Message("dialect.keywords" if dialect.keywords else "dialect.no_keywords", known))
        )
    if case.ours is not None and case.ours.is_view and not dialect.views:
        parts.append(Paragraph(message=Message("dialect.copy", values)))
    facts: dict[str, Fact] = {
        "dialect": dialect.name,
        "legal": verdict.legal,
        "same": verdict.same,
        "reasons": [finding.id for finding in verdict.findings],
        "written": case.text,
        "keywords": list(dialect.keywords),
    }
    return Section(id="dialect", parts=tuple(parts), facts=facts)
