"""HTML: balanced, self-contained, escaped; fragments that restyle nothing; colours that can be read."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from samples import HOSTILE, hostile, long_sample, reports, sample, texts

from einloop.core.formula import Element
from einloop.core.message import Code
from einloop.core.report import Block, Formula, Paragraph, Report, Section, Table
from einloop.pipeline.page import render
from einloop.views.catalogue import languages
from einloop.views.formula import mathml
from einloop.views.page import flat
from einloop.views.pages import DARK, LIGHT

VOID = {"meta"}
TAGS = {
    "html", "head", "meta", "title", "style", "body", "main", "div", "section", "h1", "h2", "p", "code", "pre", "span",
    "strong", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "math", "mrow", "mi", "mo", "mn",
    "mtext", "mspace", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mfrac",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "name", "content", "class", "title", "scope", "role", "displaystyle", "aria-label", "width"
}  # fmt: skip


class Reader(HTMLParser):
    """Collects text, tags and attributes; complains about a tag that is not closed, or closed too early."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.attributes, self.text, self.codes, self.headings = [], [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)
        if tag == "code":
            self.codes.append("")
        if tag in ("h1", "h2"):
            self.headings.append("")

    def handle_endtag(self, tag):
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)
        if "code" in self.open:
            self.codes[-1] += data
        if {"h1", "h2"} & set(self.open):
            self.headings[-1] += data

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    def handle_pi(self, data):
        raise AssertionError(f"an instruction: {data}")

    def unknown_decl(self, data):
        raise AssertionError(f"a declaration: {data}")


def read(page):
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    assert set(reader.tags) <= TAGS
    assert {name for name, _ in reader.attributes} <= ATTRIBUTES
    return reader


def page_of(*parts, format="html", **more):
    return render(
        Report(kind="explain", subject="ij", sections=(Section(id="warnings", parts=parts),), **more), format, "en"
    )


@pytest.mark.parametrize("format", ["html", "fragment"])
@given(report=reports)
def test_every_page_is_balanced_and_of_known_tags(format, report):
    read(render(report, format, "en"))


@pytest.mark.parametrize("format", ["html", "fragment"])
@given(text=texts)
@example(text="</style><script>")
@example(text="\" onmouseover='x'")
def test_text_of_a_user_is_text(format, text):
    page = read(render(hostile(text), format, "en"))
    assert "script" not in page.tags
    shown = [code for code in page.codes if code.strip()]
    assert not text.strip() or flat(text) in shown


@given(texts)
def test_titles_of_colours_are_escaped(text):
    word = read(page_of(Block(text="i"), colours={"i": 0, text: 1}))
    assert {value for name, value in word.attributes if name == "title"} <= {"index i", f"index {flat(text)}"}


@pytest.mark.parametrize("format", ["html", "fragment"])
def test_nothing_comes_from_elsewhere(format):
    page = render(sample(), format, "en")
    assert re.findall(r"https?:|url\(|@import|<link|<script|src=|href=", page) == []


@pytest.mark.parametrize("lang", languages())
def test_the_page_says_its_language(lang):
    assert f'<html lang="{lang}">' in render(sample(), "html", lang)
    assert f'<div class="einloop" lang="{lang}">' in render(sample(), "fragment", lang)


def test_headings_and_scopes():
    page = read(render(sample(), "html", "en"))
    assert page.headings == ["ij,k->i", "Indices", "Loops"]
    assert page.attributes.count(("scope", "col")) == 3
    assert page.attributes.count(("scope", "row")) == 3
    assert ("name", "viewport") in page.attributes


def test_a_fragment_has_no_heading_of_the_page():
    page = read(render(sample(), "fragment", "en"))
    assert page.headings == ["Indices", "Loops"]
    assert not {"html", "body", "main", "h1"} & set(page.tags)


def rules(page):
    """Yield the selectors of a page's style, those inside @media too."""
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL).group(1)
    for rule in re.findall(r"([^{};]+)\{", style):
        if not rule.strip().startswith("@"):
            yield from (selector.strip() for selector in re.sub(r"\([^()]*\)", "", rule).split(","))


def test_a_fragment_styles_nothing_outside_itself():
    selectors = list(rules(render(sample(), "fragment", "en")))
    assert len(selectors) > 30
    assert [selector for selector in selectors if ".einloop" not in selector] == []


def test_an_index_has_its_colour_everywhere():
    page = render(sample(), "html", "en")
    assert page.count('<span class="i1" title="index j">j</span>') > 5
    assert '<span class="i0" title="index i">I</span>' in page
    assert '<mi class="i1">j</mi>' in page
    assert "For every <code>" in page


def test_a_ninth_index_wears_a_colour_again_underlined():
    page = page_of(Block(text="a b"), colours={"a": 1, "b": 9})
    assert '<span class="i1" title="index a">a</span> <span class="i1 again" title="index b">b</span>' in page


def test_numbers_stand_to_the_right():
    page = page_of(Table(heads=(Code("a"), Code("b")), rows=((Code("x"), 1), (Code("y"), 1234))))
    assert '<td class="number">1,234</td>' in page
    assert '<th scope="row"><code>x</code></th>' in page


def test_code_keeps_its_lines_and_blanks():
    page = read(page_of(Block(text="for i:\n    a < b\n")))
    assert page.codes[-1] == "for i:\n    a < b"


@pytest.mark.parametrize("text", HOSTILE)
def test_prose_and_code_come_back(text):
    assert read(page_of(Paragraph(message=Code(text)))).codes[1:] == ([flat(text)] if text else [])


def test_a_long_formula_is_set_where_lines_break():
    for length, is_math in ((120, True), (121, False)):
        made = Formula(result=Element("c"), factors=(Element("a" * (length - len("c = "))),))
        page = page_of(made, colours={"c": 0})
        assert len(str(made)) == length
        assert ("<math" in page) == is_math
        assert ('<code><span class="i0" title="index c">c</span> = aa' in page) != is_math


def test_sixty_rows():
    page = read(render(long_sample(), "html", "en"))
    assert page.tags.count("tr") == 61


def shape(node):
    """Return a tree of MathML as nested tuples."""
    inside = (node.text,) if node.text else tuple(shape(child) for child in node.children)
    return (node.tag, *inside) if node.colour is None else (node.tag, node.colour, *inside)


def row(*nodes):
    return ("mrow", *nodes)


INDEX_I, INDEX_J = ("mi", 0, "i"), ("mi", 1, "j")
COLOURS = {"i": 0, "j": 1, "alpha": 2, "batch": 3, "e0": 4}


@pytest.mark.parametrize(
    ("name", "tree"),
    [
        ("c", ("mi", "c")),
        ("i", INDEX_I),
        ("alpha", ("mi", 2, "α")),
        ("α", ("mi", 2, "α")),
        ("omicron", ("mtext", "omicron")),
        ("é", ("mi", "é")),
        ("12", ("mn", "12")),
        ("e0", ("msub", 4, ("mi", "e"), row(("mn", "0")))),
        ("m_1", ("mtext", "m_1")),
        ("batch", ("mtext", 3, "batch")),
        ("...", ("mo", "…")),
    ],
)
def test_names_in_mathml(name, tree):
    said = mathml(Formula(result=Element(name), factors=(Element("A", ("i", name)),)), COLOURS)
    comma = (("mo", ","),) if tree[0] == "mtext" else ()
    assert shape(said) == row(tree, ("mo", "="), ("msub", ("mi", "A"), row(INDEX_I, *comma, tree)))


@pytest.mark.parametrize(
    ("made", "tree"),
    [
        (
            Formula(result=Element("c"), over=("i", "j"), factors=(Element("A", ("i", "j")), Element("b"))),
            row(
                ("mi", "c"), ("mo", "="), ("munder", ("mo", "∑"), row(INDEX_I, ("mo", ","), INDEX_J)),
                ("msub", ("mi", "A"), row(INDEX_I, INDEX_J)), ("mspace",), ("mi", "b"),
            ),
        ),
        (
            Formula(result=Element("e0"), factors=(Element("e0", ("i",)),)),
            row(
                ("msub", 4, ("mi", "e"), row(("mn", "0"))), ("mo", "="), ("msub", ("mtext", 4, "e0"), row(INDEX_I)),
            ),
        ),
    ],
)  # fmt: skip
def test_mathml(made, tree):
    assert shape(mathml(made, COLOURS)) == tree


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """Return the contrast of two colours as WCAG 2 defines it."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def variables(style, after):
    """Return the custom properties that follow a text in a style."""
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", style[style.index(after) :].split("}")[0]))


@pytest.mark.parametrize(("after", "palette"), [(".einloop {", LIGHT), ("prefers-color-scheme: dark", DARK)])
def test_colours_can_be_read(after, palette):
    found = variables(render(sample(), "html", "en"), after)
    assert tuple(found[f"i{number}"] for number in range(8)) == palette
    for ground in (found["back"], found["code"]):
        for name in (*(f"i{number}" for number in range(8)), "text", "faint", "error", "warning", "note"):
            assert contrast(found[name], ground) >= 4.5, (name, ground)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_colours_can_be_told_apart(palette):
    channels = [[int(colour[place : place + 2], 16) for place in (1, 3, 5)] for colour in palette]
    for number, one in enumerate(channels):
        for other in channels[:number]:
            assert sum(abs(a - b) for a, b in zip(one, other, strict=True)) > 80


def test_unescaped_text_would_be_found():
    assert unescape(render(hostile("<b>"), "html", "en")).count("<b>") > 5
    with pytest.raises(AssertionError):
        read("<p><b></p>")
