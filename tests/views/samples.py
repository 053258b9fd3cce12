"""Reports for the tests of the views: one that holds every kind of part, hostile ones, and random ones."""

from __future__ import annotations

from hypothesis import strategies as st

from einloop.core.formula import Element
from einloop.core.message import Code, Join, Message, codes
from einloop.core.report import (
    Block,
    Finding,
    Fix,
    Formula,
    Paragraph,
    Report,
    Section,
    Severity,
    Table,
)
from einloop.core.source import Span
from einloop.pipeline.page import VIEWS
from einloop.views.catalogue import load_catalogue

ENGLISH = load_catalogue("en")
FORMATS = tuple(VIEWS)

HOSTILE = (
    "<script>alert(1)</script>", "&amp;", "a_b", "$x$", "\\", "`", "``", "|", "\\|", "a|b`c", "*i*", "#", "{x}", "%",
    "~^", "'", '"', "-->", "]]>", "</style>", "\x1b[31m", "\x00", "\r\n", "\t", "\u202e", "\ud800", "\ufffe", "é",
    "添字", "→", "日本語の長い名前", "a\nb", "  ", "", "--", ",,", "[i]", "1.", "- x", "> x", "\u0301", "😀", "^^M",
    "\\end{document}",
)  # fmt: skip


def phrase(text: str) -> Message:
    """A sentence of the catalogue around a code."""
    return Message("sentence.one.plain", {"element": Code(text)})


def finding(severity: Severity = Severity.WARNING, *fixes: Fix, text: str = "ij,k->i") -> Finding:
    return Finding(
        id="EL702",
        severity=severity,
        message=Message("sentence.one.sum", {"element": Code("A[i,j]"), "over": codes(["j"])}),
        text=text,
        spans=(Span(start=1, stop=2), Span(start=3, stop=4)),
        operand=0,
        axis=1,
        fixes=fixes,
    )


def sample() -> Report:
    """Every kind of part, in a report like that of a matrix-vector product with a typing error."""
    lead = Paragraph(
        message=Message(
            "sentence.two.each_sum",
            {"free": codes(["i"]), "first": Code("A[i,j]"), "second": Code("b[k]"), "over": codes(["j", "k"])},
        ),
        lead=True,
    )
    table = Table(
        heads=(Message("roles.index"), Message("roles.extent"), Message("cost.how_much")),
        rows=((Code("i"), Code("I"), 1200), (Code("j"), Code("J"), 3), (Code("k"), Code("K"), 2.5)),
    )
    loops = Block(text="for i in range(I):\n    c[i] = 0\n", title=Message("title.loops"))
    return Report(
        kind="explain",
        subject="ij,k->i",
        sections=(
            Section(
                id="meaning",
                parts=(lead, Formula(result=Element("c", ("i",)), over=("j",), factors=(Element("A", ("i", "j")),))),
                facts={"formula": "c[i]"},
            ),
            Section(id="roles", parts=(table,), facts={"values": [1.5, float("nan"), {"x": float("-inf")}]}),
            Section(id="loops", parts=(loops, Paragraph(message=phrase("A[i,j]")))),
            Section(
                id="warnings",
                parts=(
                    finding(
                        Severity.WARNING, Fix(expression="ij,j->i", shape="(2,)"), Fix(expression="einsum('ij,j->i')")
                    ),
                    finding(Severity.NOTE),
                ),
            ),
            Section(id="unread", parts=()),
        ),
        colours={"i": 0, "I": 0, "j": 1, "J": 1, "k": 2, "K": 2},
        marks=tuple((Span(start=place, stop=place + 1), number) for place, number in ((0, 0), (1, 1), (3, 2), (6, 0))),
    )


def long_sample() -> Report:
    """A table of sixty rows, a sentence of sixty factors, a cell of sixty places, a long formula."""
    names = [f"operand_{number}" for number in range(60)]
    rows = tuple((Code(name), number, codes(names, "comma")) for number, name in enumerate(names))
    heads = (Message("shapes.array"), Message("shapes.indices"), Message("shapes.shape"))
    return Report(
        kind="explain",
        subject=",".join("i" * 60) + "->",
        sections=(
            Section(
                id="meaning",
                parts=(
                    Paragraph(message=Message("sentence.many.plain", {"factors": codes(names)}), lead=True),
                    Formula(result=Element("c"), over=("i",), factors=tuple(Element(x, ("i",)) for x in names)),
                ),
            ),
            Section(id="shapes", parts=(Table(heads=heads, rows=rows),)),
        ),
        colours={"i": 0},
        marks=tuple((Span(start=2 * number, stop=2 * number + 1), 0) for number in range(60)),
    )


def hostile(text: str) -> Report:
    """A report in which a text stands wherever a text of the user may stand."""
    message = phrase(text)
    return Report(
        kind="explain",
        subject=text,
        sections=(
            Section(id="meaning", parts=(Paragraph(message=message, lead=True), Paragraph(message=message))),
            Section(id="shapes", parts=(Table(heads=(message, message), rows=((Code(text), message), (1, 2))),)),
            Section(id="loops", parts=(Block(text=text, language=text, title=message),)),
            Section(
                id="one",
                parts=(
                    Finding(
                        id="EL701",
                        severity=Severity.ERROR,
                        message=message,
                        text=text,
                        spans=(Span(start=0, stop=1),) if text else (),
                        fixes=(Fix(expression=text, shape=text), Fix(expression=text)),
                    ),
                ),
            ),
        ),
        colours={text: 0, "A": 9},
        marks=((Span(start=0, stop=1), 11),),
    )


texts = st.one_of(
    st.text(max_size=12), st.sampled_from(HOSTILE), st.sampled_from(["i", "A[i,j]", "ij,jk->ik", "Σ_i a"])
)
numbers = st.integers() | st.floats()
values = st.recursive(
    numbers | st.builds(Code, texts),
    lambda inner: (
        st.builds(Join, st.lists(inner, max_size=4).map(tuple), st.sampled_from(["and", "or", "comma"]))
        | st.builds(lambda element: Message("sentence.one.plain", {"element": element}), inner)
        | st.builds(lambda count: Message("count.axes", {"count": count}), st.integers())
    ),
    max_leaves=4,
)
messages = st.builds(lambda element: Message("sentence.one.plain", {"element": element}), values)
spans = st.builds(lambda start, length: Span(start=start, stop=start + length), st.integers(0, 20), st.integers(0, 5))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    width = draw(st.integers(0, 4))
    row = st.lists(values, min_size=width, max_size=width).map(tuple)
    return Table(
        heads=tuple(draw(st.lists(messages, min_size=width, max_size=width))),
        rows=tuple(draw(st.lists(row, max_size=4))),
    )


array_names = st.sampled_from(["A", "b", "c1", "x_1", "alpha", "omicron", "α", "é", "_", "scores", "添字"])
index_names = st.sampled_from(["i", "0", "e0", "batch", "gamma", "β", "...", "x_y", "日"])
elements = st.builds(Element, array_names, st.lists(index_names, max_size=4).map(tuple))
formulas = st.builds(
    lambda result, over, factors: Formula(result=result, over=tuple(over), factors=tuple(factors)),
    elements,
    st.lists(index_names, max_size=3),
    st.lists(elements, min_size=1, max_size=4),
)
blocks = st.builds(
    lambda text, language, title: Block(text=text, language=language, title=title), texts, texts, st.none() | messages
)
fixes = st.builds(lambda expression, shape: Fix(expression=expression, shape=shape), texts, st.none() | texts)
findings = st.builds(
    lambda severity, message, text, spans, fixes: Finding(
        id="EL701", severity=severity, message=message, text=text, spans=tuple(spans), fixes=tuple(fixes)
    ),
    st.sampled_from(Severity),
    messages,
    texts,
    st.lists(spans, max_size=3),
    st.lists(fixes, max_size=3),
)
paragraphs = st.builds(lambda message, lead: Paragraph(message=message, lead=lead), messages, st.booleans())
parts = st.one_of(paragraphs, formulas, blocks, tables(), findings)
facts = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
sections = st.builds(
    lambda id, parts, facts: Section(id=id, parts=tuple(parts), facts=facts),
    st.sampled_from(["meaning", "shapes", "called", "loops", "warnings", "unread", "stage"]),
    st.lists(parts, max_size=3),
    st.dictionaries(texts, facts, max_size=3),
)
reports = st.builds(
    lambda kind, subject, sections, colours, marks: Report(
        kind=kind, subject=subject, sections=tuple(sections), colours=colours, marks=tuple(marks)
    ),
    st.sampled_from(["explain", "check", "why", "diff", "other"]),
    texts,
    st.lists(sections, max_size=3),
    st.dictionaries(texts, st.integers(0, 20), max_size=5),
    st.lists(st.tuples(spans, st.integers(0, 20)), max_size=4),
)
