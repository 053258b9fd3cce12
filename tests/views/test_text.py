"""The text view and the comment, line by line; wrapping; columns; colours on a terminal."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import ENGLISH, finding, long_sample, phrase, reports, sample

from einloop.core.message import Code, Message, codes
from einloop.core.report import Block, Finding, Fix, Paragraph, Report, Section, Severity, Table
from einloop.core.source import Span
from einloop.core.visible import columns
from einloop.pipeline.page import painted, render
from einloop.views.catalogue import TextRun, load_catalogue
from einloop.views.layout import wrap
from einloop.views.page import coloured_places
from einloop.views.terminal import paint_report
from einloop.views.text import write_text

PAGE = """\
ij,k->i

For every i, multiply A[i,j] by b[k] and add up over j and k.

  c[i] = Σ_j A[i,j]
  c_{i} = \\sum_{j} A_{ij}

Indices
  index  extent  by plain loops
  i      I                1,200
  j      J                    3
  k      K                  2.5

Loops
Loops
  for i in range(I):
      c[i] = 0

Take A[i,j].

warning EL702: Add up A[i,j] over j.
  ij,k->i
   ^ ^
hint: write 'ij,j->i', which gives shape (2,), or write "einsum('ij,j->i')"

note EL702: Add up A[i,j] over j.
  ij,k->i
   ^ ^
"""

COMMENT = """\
# warning EL702: Add up A[i,j] over j.
#   ij,k->i
#    ^ ^
# hint: write 'ij,j->i', which gives shape (2,), or write "einsum('ij,j->i')"
# For every i, multiply A[i,j] by b[k] and add up over j and k.
"""


def of(*parts, id="warnings", **more):
    return Report(kind="explain", subject="ij", sections=(Section(id=id, parts=parts),), **more)


def body(*parts, width=88):
    return write_text(of(*parts), ENGLISH, width).removeprefix("ij\n\n")


def test_the_whole_page():
    assert write_text(sample(), ENGLISH) == PAGE


def test_the_comment():
    assert render(sample(), "comment", "en") == COMMENT


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (Paragraph(message=phrase("A[i]")), "Take A[i].\n"),
        (Paragraph(message=phrase("")), "Take .\n"),
        (Block(text="a\n\n  b\n"), "  a\n\n    b\n"),
        (Block(text=""), "\n"),
        (Block(text="\tif x:\n\t\ty"), "          if x:\n                  y\n"),
        (Table(heads=(), rows=()), ""),
        (Table(heads=(phrase("x"),), rows=()), "  Take x.\n"),
        (
            Table(heads=(phrase("x"), phrase("y")), rows=((Code("添字"), 1), (Code("ij"), -20))),
            "  Take x.  Take y.\n  添字           1\n  ij           -20\n",
        ),
        (
            Table(heads=(phrase("x"), phrase("y")), rows=((1, 1), (Code("12"), Code("I")))),
            "  Take x.  Take y.\n        1  1\n       12  I\n",
        ),
        (
            Finding(id="EL701", severity=Severity.ERROR, message=phrase("x")),
            "error EL701: Take x.\n",
        ),
        (
            Finding(id="EL701", severity=Severity.NOTE, message=phrase("x"), fixes=(Fix(expression="ij->i"),)),
            "note EL701: Take x.\nhint: write 'ij->i'\n",
        ),
        (
            finding(Severity.WARNING, text="einsum(\n'ij')"),
            "warning EL702: Add up A[i,j] over j.\n  einsum(\n   ^ ^\n",
        ),
    ],
)
def test_parts(part, text):
    assert body(part) == text


def test_an_empty_line_stands_where_parts_would_run_together():
    line, block = Paragraph(message=phrase("x")), Block(text="a")
    assert body(line, line, block, block, line) == "Take x.\nTake x.\n  a\n\n  a\n\nTake x.\n"


@pytest.mark.parametrize("width", [20, 40, 88])
def test_no_line_is_wider_than_the_page(width):
    message = Message("sentence.many.plain", {"factors": codes([f"A[{'i,' * (n % 4)}j]" for n in range(40)])})
    long_cell = Table(heads=(phrase("x"), phrase("y")), rows=((codes(["ij"] * 40), codes(["k"] * 60)), (1, 2)))
    lines = body(Paragraph(message=message), long_cell, width=width).splitlines()
    assert max(map(columns, lines)) <= width
    assert len(lines) > 10


def test_code_is_not_broken():
    shape = f"({', '.join('12345')})"
    message = Message("sentence.two.plain", {"first": Code(shape), "second": Code(shape)})
    assert body(Paragraph(message=message), width=24) == f"Multiply {shape}\nby {shape}.\n"
    assert body(Paragraph(message=message), width=10) == f"Multiply\n{shape}\nby\n{shape}.\n"


def test_japanese_breaks_between_characters_but_not_before_a_full_stop():
    runs = [TextRun("すべての "), TextRun("A[i]", code=True), TextRun("について、積をとって和をとる。")]
    lines = ["".join(run.text for run in line) for line in wrap(runs, 16)]
    assert lines == ["すべての A[i]に", "ついて、積をとっ", "て和をとる。"]
    tight = ["".join(run.text for run in line) for line in wrap([TextRun("積をとって。")], 10)]
    assert tight == ["積をとっ", "て。"]


@given(st.lists(st.builds(TextRun, st.text("ab é添。「 ", max_size=8), st.booleans()), max_size=6), st.integers(1, 30))
def test_wrapping_loses_nothing_but_blanks(runs, width):
    lines = wrap(runs, width)
    assert "".join(run.text for line in lines for run in line).replace(" ", "") == "".join(
        run.text for run in runs
    ).replace(" ", "")
    whole = [run.text for run in runs if run.code and run.text]
    assert [run.text for line in lines for run in line if run.code and run.text] == whole


@given(reports)
def test_no_blanks_at_the_end_of_a_line(report):
    assert [line for line in render(report, "text", "en").split("\n") if line != line.rstrip()] == []


@pytest.mark.parametrize(
    ("text", "colours", "coloured"),
    [
        ("A[i,j]", {"i": 0, "j": 1}, ["i", "j"]),
        ("Σ_j A[i]", {"i": 0, "j": 1}, ["j", "i"]),
        ("Σ_{j,k} x", {"j": 0, "k": 1}, ["j", "k"]),
        ("O(i·j·(...))", {"i": 0, "j": 1}, ["i", "j"]),
        ("for i in range(I):", {"i": 0, "I": 0, "in": 4}, ["i", "in", "I"]),
        ("A.shape, shape", {"shape": 0}, ["shape"]),
        ("f(x).T, T, a[0].T", {"T": 0}, ["T"]),
        ("batch_A, batch", {"batch": 0}, ["batch"]),
        ("8·J·K + 0j", {"J": 0, "j": 1}, ["J"]),
        ("'ij,jk->ik'", {"i": 0, "j": 1, "k": 2}, list("ijjkik")),
        ("'...ij->...'", {"i": 0, "j": 1}, ["i", "j"]),
        ("ij,jx->ik", {"i": 0, "j": 1, "k": 2}, []),
        ("ij -> i", {"ij": 0, "i": 1}, ["ij", "i"]),
        ("αβ,β->α", {"α": 0, "β": 1}, list("αββα")),
        ("batch", {"a": 0}, []),
        ("", {"": 0}, []),
    ],
)
def test_what_is_coloured_in_code(text, colours, coloured):
    places = coloured_places(text, colours)
    assert [text[start:stop] for start, stop, _ in places] == coloured
    assert all(colours[text[start:stop]] == number for start, stop, number in places)


ESCAPE = re.compile(r"\x1b\[[\d;]*m")


def test_an_index_has_one_colour_in_code_and_none_in_prose():
    message = Message("sentence.one.sum", {"element": Code("A[a,o]"), "over": codes(["o"])})
    report = of(
        Paragraph(message=message), Block(text="for a in range(N_a):"), id="loops", colours={"a": 0, "N_a": 0, "o": 1}
    )
    page = paint_report(report, ENGLISH, 88)
    assert page == (
        "ij\n\n\x1b[1mLoops\x1b[0m\nAdd up A[\x1b[36ma\x1b[0m,\x1b[35mo\x1b[0m] over \x1b[35mo\x1b[0m.\n"
        "  for \x1b[36ma\x1b[0m in range(\x1b[36mN_a\x1b[0m):\n"
    )


def test_findings_and_the_expression_are_coloured():
    page = painted(sample(), "en", 88)
    assert page.startswith("\x1b[36mi\x1b[0m\x1b[35mj\x1b[0m,\x1b[33mk\x1b[0m->\x1b[36mi\x1b[0m\n")
    assert "\x1b[1;33mwarning EL702\x1b[0m: Add up" in page
    assert "  \x1b[36mi\x1b[0m\x1b[35mj\x1b[0m,\x1b[33mk\x1b[0m->\x1b[36mi\x1b[0m\n   ^ ^\n" in page


def test_an_expression_without_marks_is_coloured_as_code_is():
    page = paint_report(of(finding(text="ij->i"), colours={"i": 0, "j": 1}), ENGLISH, 88)
    assert page.startswith("ij\n\n")
    assert "  \x1b[36mi\x1b[0m\x1b[35mj\x1b[0m->\x1b[36mi\x1b[0m\n   ^ ^\n" in page
    subject = Report(kind="check", subject="ij->i", sections=(), colours={"i": 0, "j": 1})
    assert paint_report(subject, ENGLISH, 88) == "\x1b[36mi\x1b[0m\x1b[35mj\x1b[0m->\x1b[36mi\x1b[0m\n"


def test_a_ninth_index_is_underlined_too():
    page = paint_report(of(Block(text="a b"), colours={"a": 1, "b": 9}), ENGLISH, 88)
    assert "\x1b[35ma\x1b[0m \x1b[4;35mb\x1b[0m" in page


@given(reports)
def test_colours_change_no_text(report):
    page = paint_report(report, ENGLISH, 70)
    assert ESCAPE.sub("", page) == write_text(report, ENGLISH, 70)


def test_carets_of_several_lines():
    text = "einsum('ij',\n  a)"
    part = Finding(
        id="EL701",
        severity=Severity.WARNING,
        message=phrase("x"),
        text=text,
        spans=(Span(start=8, stop=9), Span(start=15, stop=16)),
    )
    assert body(part) == "warning EL701: Take x.\n  einsum('ij',\n          ^\n    a)\n    ^\n"


def test_carets_below_wide_characters():
    part = Finding(
        id="EL701",
        severity=Severity.WARNING,
        message=phrase("x"),
        text="添字,k",
        spans=(Span(start=1, stop=2), Span(start=3, stop=4)),
    )
    assert body(part) == "warning EL701: Take x.\n  添字,k\n    ^^ ^\n"


def test_a_pasted_expression_has_no_odd_characters():
    report = Report(
        kind="explain",
        subject="einsum(\r\n\t'ij')",
        sections=(Section(id="warnings", parts=(Block(text="a\r\n\tb\r\n"),)),),
        marks=((Span(start=11, stop=12), 0),),
    )
    assert write_text(report, ENGLISH) == "einsum(\n 'ij')\n\n  a\n          b\n"
    assert "\n '\x1b[36mi\x1b[0mj')\n" in paint_report(report, ENGLISH, 88)


def test_a_long_comment_shows_ten_rows_of_shapes():
    rows = tuple((Code(f"A_{number}"), Code("(2, 3)")) for number in range(60))
    heads = (Message("shapes.array"), Message("shapes.shape"))
    lines = render(of(Table(heads=heads, rows=rows), id="shapes"), "comment", "en").splitlines()
    assert lines[:2] == ["# A_0   (2, 3)", "# A_1   (2, 3)"]
    assert lines[7:] == ["# A_7   (2, 3)", "# ...", "# A_59  (2, 3)"]


def test_a_comment_holds_the_name_and_no_code():
    called = Section(id="called", parts=(Paragraph(message=phrase("a product")), Block(text="A @ B")))
    report = Report(kind="explain", subject="ij", sections=(called,))
    assert render(report, "comment", "en") == "# Take a product.\n"


@given(reports)
def test_every_line_of_a_comment_is_one(report):
    page = render(report, "comment", "en")
    assert all(line.startswith("#") for line in page.split("\n")[:-1])
    assert page == "" or page.endswith("\n")


def test_comments_take_at_most_88_columns():
    for language in ("en", "ja"):
        page = render(long_sample(), "comment", language)
        assert 80 < max(map(columns, page.splitlines())) <= 88


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"), (-1234567, "-1,234,567"), (5.8125, "5.81"), (0.0416666, "0.0417"), (99.96, "100"),
        (1234.56, "1,235"), (-250000.0, "-250,000"), (1e20, "1e+20"), (1.5e-7, "1.5e-07"), (float("nan"), "nan"),
        (float("inf"), "inf"),
    ],
)  # fmt: skip
def test_numbers(number, text):
    assert load_catalogue("en").text(number) == text


def rows_of(*rows, width):
    heads, *cells = (tuple(map(Code, row)) for row in rows)
    text = write_text(of(Table(heads=heads, rows=tuple(cells))), ENGLISH, width)
    lines = text.removeprefix("ij\n\n").splitlines()
    assert max(map(len, lines)) <= width
    return lines


def test_what_follows_long_code_stands_below_it():
    rows = (("who", "one", "two"), ("a", "1", "x"), ("np.einsum(optimize=True)", "2", "y"))
    assert rows_of(*rows, width=36) == [
        "  who                       one  two",
        "  a                           1  x",
        "  np.einsum(optimize=True)    2  y",
    ]
    assert rows_of(*rows, width=30) == [
        "  who                 one  two",
        "  a                     1  x",
        "  np.einsum(optimize=True)",
        "                        2  y",
    ]


def test_long_code_stands_beside_what_is_before_it_where_it_fits():
    rows = (("n", "computes", "shape"), ("1", "T1[i] = A[i,j] * B[j]", "(I,)"), ("2", "c[i] = T1[i]", "(I,)"))
    assert rows_of(*rows, width=30) == [
        "  n  computes            shape",
        "  1  T1[i] = A[i,j] * B[j]",
        "                         (I,)",
        "  2  c[i] = T1[i]        (I,)",
    ]
    assert rows_of(("library", "call"), ("numpy", "np.einsum(A, B, out=C)"), width=29) == [
        "  library  call",
        "  numpy",
        "      np.einsum(A, B, out=C)",
    ]


def test_columns_that_do_not_fit_stand_below():
    rows = (("who", "minimum", "median", "spread"), ("a", "1.00 ms", "2.00 ms", "1.00-2.00"), ("b", "9 s", "9 s", "-"))
    assert rows_of(*rows, width=26) == [
        "  who  minimum  median",
        "  a    1.00 ms  2.00 ms",
        "  b    9 s      9 s",
        "",
        "  who  spread",
        "  a    1.00-2.00",
        "  b    -",
    ]


def test_tables_in_files_keep_to_80_columns():
    text = write_text(of(Table(heads=tuple(map(Code, "ab")), rows=((Code("x" * 39), Code("y" * 44)),))), ENGLISH)
    assert max(map(len, text.splitlines())) <= 80
