"""Markdown, read back by a Markdown reader: code is code, cells stay in their rows, nothing turns into HTML."""

import re

import pytest
from hypothesis import example, given
from markdown_it import MarkdownIt
from samples import HOSTILE, long_sample, reports, sample, texts

from einloop.core.message import Code
from einloop.core.report import Block, Paragraph, Report, Section, Table
from einloop.pipeline.page import render
from einloop.views.markdown import code_span, fence
from einloop.views.page import flat

PAGE = """\
# `ij,k->i`

For every `i`, multiply `A[i,j]` by `b[k]` and add up over `j` and `k`.

```math
c_{i} = \\sum_{j} A_{ij}
```

## Indices

| index | extent | by plain loops |
| ----- | ------ | -------------: |
| `i`   | `I`    |          1,200 |
| `j`   | `J`    |              3 |
| `k`   | `K`    |            2.5 |

## Loops

Loops

```python
for i in range(I):
    c[i] = 0
```

Take `A[i,j]`.

> **warning EL702**: Add up `A[i,j]` over `j`.
>
> ```text
> ij,k->i
>  ^ ^
> ```
>
> hint: write `'ij,j->i'`, which gives shape `(2,)`, or write `"einsum('ij,j->i')"`

> **note EL702**: Add up `A[i,j]` over `j`.
>
> ```text
> ij,k->i
>  ^ ^
> ```
"""

READER = MarkdownIt("commonmark").enable("table")


def page_of(*parts):
    return render(Report(kind="explain", subject="", sections=(Section(id="warnings", parts=parts),)), "markdown", "en")


def inline(page):
    return [child for token in READER.parse(page) for child in token.children or []]


def test_the_whole_page():
    assert render(sample(), "markdown", "en") == PAGE


@given(texts)
@example("a\\|b`")
@example("|")
def test_code_in_a_sentence_is_code(text):
    found = [token.content for token in inline(page_of(Paragraph(message=Code(text)))) if token.type == "code_inline"]
    # a reader of CommonMark takes one blank from either end, where there is more than blanks
    assert [content.strip() for content in found] == ([flat(text).strip()] if text else [])


@given(texts)
def test_a_fence_holds_all_lines(text):
    tokens = [token for token in READER.parse(page_of(Block(text=text))) if token.type == "fence"]
    assert len(tokens) == 1
    assert "`" not in tokens[0].info


@pytest.mark.parametrize("text", HOSTILE)
def test_a_table_keeps_its_cells(text):
    page = page_of(Table(heads=(Code(text), Code("b")), rows=((Code(text), Code("x")), (1, Code(text)))))
    kinds = [token.type for token in READER.parse(page)]
    assert (kinds.count("th_open"), kinds.count("td_open"), kinds.count("tr_open")) == (2, 4, 3)
    shown = "".join(token.content for token in inline(page) if token.type == "code_inline")
    assert "x" in shown or "|" in text


def cells(row):
    r"""Return the cells of a row as GitHub reads them: a backslash protects the bar behind it."""
    return re.split(r"(?<!\\)(?:\\\\)*\|", row.strip())[1:-1]


@given(reports)
def test_every_row_has_as_many_cells_as_the_head(report):
    rows = []
    for line in [*re.sub(r"(?sm)^(`{3,})[^`\n]*\n.*?\n\1$", "", render(report, "markdown", "en")).split("\n"), ""]:
        if line.startswith("| "):
            rows.append(len(cells(line)))
        elif rows:
            assert len(rows) >= 2
            assert len(set(rows)) == 1
            rows = []


@given(reports)
def test_no_html_but_code_with_bars(report):
    for token in [*READER.parse(render(report, "markdown", "en")), *inline(render(report, "markdown", "en"))]:
        assert token.type != "html_block"
        assert token.type not in ("link_open", "image")
        if token.type == "html_inline":
            assert token.content in ("<code>", "</code>")


@pytest.mark.parametrize(
    ("text", "marked"),
    [("A", "`A`"), ("a`b", "``a`b``"), ("``", "``` `` ```"), ("`a", "`` `a ``"), (" a ", "`  a  `"), ("", "")],
)
def test_backticks(text, marked):
    assert code_span(text) == marked


def test_fences():
    assert fence("a", "python") == "```python\na\n```"
    assert fence("````\na", "text") == "`````text\n````\na\n`````"


def test_a_bar_in_a_cell_is_no_end_of_it():
    assert page_of(Table(heads=(Code("x"),), rows=((Code("a|b`<"),),))).splitlines()[2] == (
        "| <code>a&#124;b&#96;&lt;</code> |"
    )


def test_lines_of_arithmetic_are_no_formula():
    assert page_of(Block(text="c = a", language="math")) == "```text\nc = a\n```\n"


def test_an_expression_of_several_lines_stands_in_a_fence():
    report = Report(kind="explain", subject="einsum(\n'ij')", sections=())
    assert render(report, "markdown", "en") == "```text\neinsum(\n'ij')\n```\n"


def test_sixty_rows():
    kinds = [token.type for token in READER.parse(render(long_sample(), "markdown", "en"))]
    assert (kinds.count("tr_open"), kinds.count("td_open")) == (61, 180)
