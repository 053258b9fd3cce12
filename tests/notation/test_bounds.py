"""Texts of thousands of operands, terms, brackets or characters: each is refused, in time that grows with its length.

Nothing here is timed. Where a refusal took time with the square of the length, these texts would take minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from string import ascii_letters

import pytest

import einloop
from einloop.core.errors import EinloopError, NotationError, OptionError, displayed
from einloop.core.near import nearest
from einloop.core.picture import MAX_SHOWN, shortened
from einloop.core.source import MAX_FORMULA, MAX_TEXT, Notation
from einloop.notation import read
from einloop.notation.paths import read_path
from einloop.schedule.language import read_schedule

SIZE = MAX_FORMULA - 200
WORDS = MAX_FORMULA // 8

LONG: list[tuple[str, Notation | None, str]] = [
    ("i" * SIZE, None, "EL112"),
    ("ij," * (SIZE // 3), None, "EL110"),
    ("i->" + "ij" * (SIZE // 2), None, "EL105"),
    ("->" * (SIZE // 2), None, "EL101"),
    ("(" * SIZE, None, "EL101"),
    ("[" * SIZE, None, "EL140"),
    ("." * SIZE, None, "EL101"),
    ("ij ij," * (SIZE // 6) + "->ii", None, "EL110"),
    ("a" * SIZE + "*-> i", Notation.NAMED, "EL151"),
    (" ".join(f"w{n}" for n in range(WORDS)) + " -> w0", Notation.NAMED, "EL111"),
    ("w -> " + " ".join(f"w{n}" for n in range(WORDS)), Notation.NAMED, "EL106"),
    ("i," * (SIZE // 2) + "i -> i", Notation.NAMED, "EL110"),
    ("C=" + "A_{ij}" * WORDS, None, "EL110"),
    ("C[i]=" + "*".join(["A[i,j]"] * (WORDS - 10)), None, "EL110"),
    ("C[i]=" + "*".join(f"A{n}[i]" for n in range(WORDS // 2)), None, "EL110"),
    ("C=" + "A_i^9" * WORDS, None, "EL110"),
    ("C[i]=" + "(A[i,j]B[j])" * (SIZE // 12), None, "EL110"),
    ("C[i]=" + "A[i]+" * (SIZE // 5) + "A[i]", None, "EL142"),
    ("C[i]=" + "(" * SIZE, None, "EL149"),
    ("C=" + r"\hat{" * (SIZE // 6) + "A", None, "EL140"),
    ("C_i=" + r"\sum_j" * (WORDS - 10) + "A_{ij}", None, "EL111"),
    ("C[i]=" + "Σ" * (SIZE // 2) + " A[i,j]", None, "EL111"),
    ("C[i]=sum(" + "j," * (SIZE // 2 - 20) + ") A[i,j]", None, "EL146"),
    ("C[i]=" + "sum(j)" * WORDS + " A[i,j]", None, "EL111"),
    ("C=A[" + ",".join(f"j{n}" for n in range(WORDS)) + "]", None, "EL111"),
    ("C=A_{" + "i," * (SIZE // 2) + "}", None, "EL112"),
    ("C=A" + "_i" * (SIZE // 2), None, "EL112"),
    ("C_i=A_i" + r"\quad" * (SIZE // 6) + r", \dots", None, "EL140"),
    ("C_i=A_i" + r", i=1,\dots,m" * (SIZE // 14) + "!", None, "EL140"),
    ("C(i)=" + "a(" * (SIZE // 2), None, "EL148"),
    ("C(i)=" + "A(i)" * (SIZE // 4), None, "EL110"),
    ("C_i=A^{(" + "1" * SIZE + ")}", None, "EL106"),
    ("einsum('" + ",".join(["ij"] * (SIZE // 6)) + "'," + "a," * (SIZE // 6) + ")", None, "EL110"),
    ("einsum(" + "a,[0,1]," * (SIZE // 8) + ")", None, "EL110"),
    ("einsum('i'," * 1000 + "a" + ")" * 1000, None, "EL130"),
    ("einsum(" * (SIZE // 7), None, "EL130"),
    ("a." * (SIZE // 2) + "einsum('ij->i')", None, "EL137"),
    ("C = A\n" * (SIZE // 6), None, "EL138"),
]


@pytest.mark.parametrize(("text", "notation", "id_"), LONG, ids=[f"{x[0][:30]!r}" for x in LONG])
def test_a_long_text_is_refused(text: str, notation: Notation | None, id_: str) -> None:
    assert len(text) <= MAX_FORMULA
    with pytest.raises(EinloopError) as caught:
        read(text, notation)
    assert caught.value.id == id_
    assert len(str(caught.value)) < 4000
    assert max(map(len, str(caught.value).splitlines()[1:3]), default=0) < 1600


@pytest.mark.parametrize("notation", [None, *(x for x in Notation if x is not Notation.SUBLISTS)])
@pytest.mark.parametrize("text", ["i" * (MAX_TEXT + 1), "i," * 250_000, "C[i] = " + "A[i]+" * 100_000])
def test_a_longer_text_is_not_read(text: str, notation: Notation | None) -> None:
    with pytest.raises(NotationError) as caught:
        read(text, notation)
    assert str(caught.value) == (
        f"error EL166: the text has {len(text):,} characters; at most 50,000 are read\n"
        "hint: give the expression alone, or the call alone where it is pasted"
    )


def test_the_longest_text_is_read() -> None:
    assert read("ij->i" + " " * (MAX_TEXT - 5)).subscripts == "ij->i"


def test_a_longer_formula_is_not_read() -> None:
    with pytest.raises(NotationError, match="the formula has 20,002 characters; at most 20,000 are read"):
        read("C_i=" + "A" * 19_998)


def test_a_byte_order_mark_is_no_part_of_a_text() -> None:
    assert read("\ufeffij->i").subscripts == "ij->i"
    assert read("\ufeffC[i] = A[i]").subscripts == "i->i"


LIMITS = (
    ",".join(["ij"] * 63) + "->ij",
    ",".join(ascii_letters[n % 52] + ascii_letters[(n + 1) % 52] for n in range(63)) + "->ab",
    ascii_letters + "->" + ascii_letters[::-1],
    "ab" * 32 + "->ab",
    ",".join(["iiii"] * 31) + "->i",
    "," * 62 + "->",
)


@pytest.mark.parametrize("text", LIMITS, ids=[text[:20] for text in LIMITS])
@pytest.mark.parametrize("ask", [einloop.generate, einloop.explain, einloop.check])
def test_expressions_at_the_limits_are_read(text: str, ask: Callable[[str], object]) -> None:
    assert str(ask(text))


@pytest.mark.parametrize(
    ("text", "mark", "lines"),
    [
        ("a" * 30 + "!", 30, ["a" * 30 + "!", " " * 30 + "^"]),
        ("a" * 300 + "!", 300, ["..." + "a" * 60 + "!", " " * 63 + "^"]),
        ("!" + "a" * 300, 0, ["!" + "a" * 199 + "...", "^"]),
        ("a" * 300 + "!" + "b" * 300, 300, ["..." + "a" * 60 + "!" + "b" * 139 + "...", " " * 63 + "^"]),
    ],
)
def test_of_a_long_line_a_part_is_shown(text: str, mark: int, lines: list[str]) -> None:
    from einloop.core.source import Span

    error = NotationError("EL101", "no", text=text, span=Span(start=mark, stop=mark + 1))
    assert str(error).splitlines()[1:] == [f"  {line}" for line in lines]
    assert all(len(line) <= MAX_SHOWN + 6 for line in lines)


def test_words_are_shortened() -> None:
    assert shortened("x" * 5000, 1500).startswith("x" * 700)
    assert len(NotationError("EL101", "x" * 5000, hint="y" * 5000).message) <= 1500
    assert displayed("x" * 5000).count("x") < 200
    assert nearest("show" * 1000, ["show" * 1000]) is None


@pytest.mark.parametrize(
    "text", ["(0" + " " * 100_000, "(0,1)," * 10_000, "(" * 100_000, "(0," + "9" * 5000 + ")", "(٠,١)"]
)
def test_a_long_path_is_refused(text: str) -> None:
    with pytest.raises(OptionError) as caught:
        read_path(text, 3)
    assert caught.value.id == "EL431"


@pytest.mark.parametrize("text", ["tile(i,{})", "unroll(i,{})", "parallel({})", "tile(i,32) unroll(j,{})"])
def test_numbers_that_python_does_not_read_are_refused(text: str) -> None:
    with pytest.raises(EinloopError):
        einloop.generate("ij,jk->ik", schedule=text.format("9" * 5000))


def test_a_long_schedule_is_read() -> None:
    assert len(read_schedule("tile(i,2) " * 2000)) == 2000


def test_fast_loops_that_python_does_not_compile_are_refused() -> None:
    with pytest.raises(OptionError, match="rows nests 21 loops, and Python compiles at most 20"):
        einloop.generate("abcdefghijklmnopqrstu->utsrqponmlkjihgfedcba", style="fast")
    assert einloop.verify("abcdefghijklmnopqrst->tsrqponmlkjihgfedcba", style="fast")
