"""What is read from subscripts: what np.einsum's own parser takes. `number` is a line of the semantics page, or 0.

Also holds what is true of `read` in every notation.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from einloop.core.errors import EinloopError, NotationError, OptionError
from einloop.core.source import Notation, Source
from einloop.core.spec import Dots, Spec
from einloop.notation import READERS, read
from einloop.notation.subscripts import read_subscripts

READ: list[tuple[int, str, str]] = [
    (0, "ij,jk->ik", "ij,jk->ik"),
    (1, " i j ,  j k -> k  i ", "ij,jk->ki"),
    (2, "i i -> i", "ii->i"),
    (13, "i,,j", "i,,j->ij"),
    (13, ",", ",->"),
    (13, ",i", ",i->i"),
    (13, "i,", "i,->i"),
    (14, "", "->"),
    (14, "  ", "->"),
    (14, "->", "->"),
    (14, " -> ", "->"),
    (29, "iI,I->i", "iI,I->i"),
    (30, "ij->", "ij->"),
    (31, "z,Z,a,A", "z,Z,a,A->AZaz"),
    (32, "ba", "ba->ab"),
    (33, "bA", "bA->Ab"),
    (34, "i,i,i", "i,i,i->"),
    (35, "ii", "ii->"),
    (35, "ii->i", "ii->i"),
    (36, "i...", "i...->...i"),
    (37, "i...j", "i...j->...ij"),
    (38, "i...j,j...k->k...i", "i...j,j...k->k...i"),
    (40, "a...,...->...a", "a...,...->...a"),
    (41, "...ij,jk->...ik", "...ij,jk->...ik"),
    (42, "...i->i", "...i->i"),
    (43, "...ij,jk->ik", "...ij,jk->ik"),
    (45, "ij->i...j", "ij->ij"),
    (46, "i...,i->...", "i...,i->..."),
    (36, "...", "...->..."),
]

REFUSED: list[tuple[int, str, str, tuple[int, int] | None, list[str]]] = [
    (
        3,
        "i\tj",
        "EL101",
        (1, 2),
        [
            r"error EL101: '\t' cannot stand in subscripts; a label is one letter (character 1)",
            "  i j",
            "   ^",
            "hint: only the blank may separate; tabs and line breaks may not",
        ],
    ),
    (
        3,
        "i\nj",
        "EL101",
        (1, 2),
        [
            r"error EL101: '\n' cannot stand in subscripts; a label is one letter (character 1)",
            "  i",
            "   ^",
            "hint: only the blank may separate; tabs and line breaks may not",
        ],
    ),
    (
        3,
        "i\rj",
        "EL101",
        (1, 2),
        [
            r"error EL101: '\r' cannot stand in subscripts; a label is one letter (character 1)",
            r"  i\rj",
            "   ^^",
            "hint: only the blank may separate; tabs and line breaks may not",
        ],
    ),
    (
        3,
        "i\x0bj",
        "EL101",
        (1, 2),
        [
            r"error EL101: '\x0b' cannot stand in subscripts; a label is one letter (character 1)",
            r"  i\x0bj",
            "   ^^^^",
            "hint: only the blank may separate; tabs and line breaks may not",
        ],
    ),
    (
        3,
        "i\xa0j",
        "EL101",
        (1, 2),
        [
            r"error EL101: '\xa0' cannot stand in subscripts, which are ASCII letters (character 1)",
            r"  i\xa0j",
            "   ^^^^",
        ],
    ),
    (
        4,
        "ij- >ji",
        "EL101",
        (2, 3),
        [
            "error EL101: '-' is not part of '->' (character 2)",
            "  ij- >ji",
            "    ^",
            "hint: write '->', with no blank inside",
        ],
    ),
    (
        5,
        ". . .",
        "EL101",
        (0, 1),
        [
            "error EL101: a '.' that is not part of '...' (character 0)",
            "  . . .",
            "  ^",
            "hint: an ellipsis is three dots with no blank between",
        ],
    ),
    (
        6,
        "αβ->βα",
        "EL101",
        (0, 1),
        [
            "error EL101: 'α' cannot stand in subscripts, which are ASCII letters (character 0)",
            "  αβ->βα",
            "  ^",
        ],
    ),
    (
        7,
        "ª",
        "EL101",
        (0, 1),
        [
            "error EL101: 'ª' cannot stand in subscripts, which are ASCII letters (character 0)",
            "  ª",
            "  ^",
        ],
    ),
    (
        8,
        "b (h d) -> b h d",
        "EL101",
        (2, 3),
        [
            "error EL101: '(' cannot stand in subscripts; a label is one letter (character 2)",
            "  b (h d) -> b h d",
            "    ^",
            "hint: for words as indices use named axes (--notation named, notation='named')",
        ],
    ),
    (
        8,
        "i1",
        "EL101",
        (1, 2),
        [
            "error EL101: '1' cannot stand in subscripts; a label is one letter (character 1)",
            "  i1",
            "   ^",
            "hint: for words as indices use named axes (--notation named, notation='named')",
        ],
    ),
    (
        8,
        "i_j",
        "EL101",
        (1, 2),
        [
            "error EL101: '_' cannot stand in subscripts; a label is one letter (character 1)",
            "  i_j",
            "   ^",
            "hint: for words as indices use named axes (--notation named, notation='named')",
        ],
    ),
    (
        10,
        "é",
        "EL101",
        (0, 1),
        [
            "error EL101: 'é' cannot stand in subscripts, which are ASCII letters (character 0)",
            "  é",
            "  ^",
        ],
    ),
    (
        11,
        "i\0->q!!",
        "EL101",
        (1, 2),
        [
            r"error EL101: '\x00' cannot stand in subscripts; a label is one letter (character 1)",
            r"  i\x00->q!!",
            "   ^^^^",
        ],
    ),
    (
        23,
        "i->->i",
        "EL101",
        (3, 4),
        [
            "error EL101: a second arrow; only one '->' may stand in subscripts (character 3)",
            "  i->->i",
            "     ^",
        ],
    ),
    (
        23,
        "i-",
        "EL101",
        (1, 2),
        [
            "error EL101: the expression ends in '-' (character 1)",
            "  i-",
            "   ^",
            "hint: quote it: in a shell, an unquoted '>' sends the output to a file",
        ],
    ),
    (
        23,
        "i>j",
        "EL101",
        (1, 2),
        [
            "error EL101: '>' is not part of '->' (character 1)",
            "  i>j",
            "   ^",
            "hint: write '->', with no blank inside",
        ],
    ),
    (
        23,
        "i>-j",
        "EL101",
        (1, 2),
        [
            "error EL101: '>' is not part of '->' (character 1)",
            "  i>-j",
            "   ^",
            "hint: write '->', with no blank inside",
        ],
    ),
    (
        23,
        "i=>j",
        "EL101",
        (1, 2),
        [
            "error EL101: '=>' is not an arrow (character 1)",
            "  i=>j",
            "   ^",
            "hint: write '->'",
        ],
    ),
    (
        23,
        "i-i",
        "EL101",
        (1, 2),
        [
            "error EL101: '-' is not part of '->' (character 1)",
            "  i-i",
            "   ^",
            "hint: write '->', with no blank inside",
        ],
    ),
    (
        23,
        "-->",
        "EL101",
        (0, 1),
        [
            "error EL101: '-' is not part of '->' (character 0)",
            "  -->",
            "  ^",
            "hint: write '->', with no blank inside",
        ],
    ),
    (
        24,
        "->,->",
        "EL101",
        (3, 4),
        [
            "error EL101: a second arrow; only one '->' may stand in subscripts (character 3)",
            "  ->,->",
            "     ^",
        ],
    ),
    (
        25,
        "ij->i,j",
        "EL101",
        (5, 6),
        [
            "error EL101: ',' in the output; an einsum has one output (character 5)",
            "  ij->i,j",
            "       ^",
        ],
    ),
    (
        26,
        "i->ii",
        "EL105",
        (4, 5),
        [
            "error EL105: output index 'i' is written twice; each index may stand in the output once",
            "  i->ii",
            "     ^^",
            "hint: loops can fill a diagonal: out[i, i] = a[i]",
        ],
    ),
    (
        27,
        "ij->kk",
        "EL105",
        (5, 6),
        [
            "error EL105: output index 'k' is written twice; each index may stand in the output once",
            "  ij->kk",
            "      ^^",
            "hint: loops can fill a diagonal: out[k, k] = a[k]",
        ],
    ),
    (
        28,
        "i->ij",
        "EL106",
        (4, 5),
        [
            "error EL106: output index 'j' is in no operand (they offer i)",
            "  i->ij",
            "      ^",
            "hint: only an index of an operand can stand in the output; for a new axis write result[..., None]",
        ],
    ),
    (
        38,
        "i...j...",
        "EL101",
        (5, 6),
        [
            "error EL101: a second '...'; a term may have one (character 5)",
            "  i...j...",
            "       ^",
        ],
    ),
    (
        38,
        "i->......",
        "EL101",
        (6, 7),
        [
            "error EL101: a '.' too many (character 6)",
            "  i->......",
            "        ^",
            "hint: an ellipsis is three dots",
        ],
    ),
    (
        38,
        "...->...i...",
        "EL101",
        (9, 10),
        [
            "error EL101: a second '...'; a term may have one (character 9)",
            "  ...->...i...",
            "           ^",
        ],
    ),
    (
        47,
        "....",
        "EL101",
        (3, 4),
        [
            "error EL101: a '.' too many (character 3)",
            "  ....",
            "     ^",
            "hint: an ellipsis is three dots",
        ],
    ),
    (
        47,
        ".....",
        "EL101",
        (3, 4),
        [
            "error EL101: a '.' too many (character 3)",
            "  .....",
            "     ^",
            "hint: an ellipsis is three dots",
        ],
    ),
    (
        47,
        "......",
        "EL101",
        (3, 4),
        [
            "error EL101: a '.' too many (character 3)",
            "  ......",
            "     ^",
            "hint: an ellipsis is three dots",
        ],
    ),
    (
        47,
        "..",
        "EL101",
        (0, 1),
        [
            "error EL101: a '.' that is not part of '...' (character 0)",
            "  ..",
            "  ^",
            "hint: an ellipsis is three dots with no blank between",
        ],
    ),
    (
        47,
        ".",
        "EL101",
        (0, 1),
        [
            "error EL101: a '.' that is not part of '...' (character 0)",
            "  .",
            "  ^",
            "hint: an ellipsis is three dots with no blank between",
        ],
    ),
    (
        47,
        "i.j",
        "EL101",
        (1, 2),
        [
            "error EL101: a '.' that is not part of '...' (character 1)",
            "  i.j",
            "   ^",
            "hint: an ellipsis is three dots with no blank between",
        ],
    ),
    (
        0,
        "i→j",
        "EL101",
        (1, 2),
        [
            "error EL101: '→' cannot stand in subscripts, which are ASCII letters (character 1)",
            "  i→j",
            "   ^",
            "hint: write '->'",
        ],
    ),
    (
        0,
        "ij,jk=ik",
        "EL101",
        (5, 6),
        [
            "error EL101: '=' cannot stand in subscripts; a label is one letter (character 5)",
            "  ij,jk=ik",
            "       ^",
            "hint: write '->'",
        ],
    ),
    (
        0,
        "i*j",
        "EL101",
        (1, 2),
        [
            "error EL101: '*' cannot stand in subscripts; a label is one letter (character 1)",
            "  i*j",
            "   ^",
            "hint: write ',' between operands",
        ],
    ),
    (
        0,
        "…i",
        "EL101",
        (0, 1),
        [
            "error EL101: '…' cannot stand in subscripts, which are ASCII letters (character 0)",
            "  …i",
            "  ^",
            "hint: write three full stops, '...'",
        ],
    ),
    (
        0,
        "bq d,bk d->bq bk",
        "EL105",
        (14, 15),
        [
            "error EL105: output index 'b' is written twice; each index may stand in the output once",
            "  bq d,bk d->bq bk",
            "             ^  ^",
            (
                "hint: blanks are ignored, 'bq d' is read as 'bqd'; for words as indices use named axes "
                "(--notation named, notation='named')"
            ),
        ],
    ),
    (
        19,
        ",".join(["i"] * 64),
        "EL110",
        (126, 127),
        [
            "error EL110: 64 operands; np.einsum without optimize=True takes at most 63",
            "  " + ",".join(["i"] * 64),
            " " * 128 + "^",
            "hint: torch and JAX take more, and so does optimize=True where an index is summed; for loops split the "
            "expression in two",
        ],
    ),
    (
        62,
        ",".join(["i" * 64] * 2),
        "EL112",
        None,
        [
            (
                "error EL112: index 'i' occurs 128 times; np.einsum gives wrong results beyond 127, so "
                "there is nothing to prove loops against"
            ),
        ],
    ),
]


@pytest.mark.parametrize(("number", "text", "subscripts"), READ, ids=[repr(x[1]) for x in READ])
def test_read(number: int, text: str, subscripts: str) -> None:
    spec = read_subscripts(text)
    assert spec.subscripts == subscripts
    assert spec.source == Source(text=text, notation=Notation.SUBSCRIPTS)
    assert spec.implicit is ("->" not in text)
    assert numpy_takes(text), f"line {number}: np.einsum refuses it"


@pytest.mark.parametrize(("number", "text", "id_", "span", "picture"), REFUSED, ids=[repr(x[1])[:40] for x in REFUSED])
def test_refused(number: int, text: str, id_: str, span: tuple[int, int] | None, picture: list[str]) -> None:
    with pytest.raises(NotationError) as caught:
        read_subscripts(text)
    error = caught.value
    assert (error.id, error.span) == (id_, span)
    assert str(error).split("\n") == picture
    assert number in NUMPY_IS_WRONG or not numpy_takes(text), f"line {number}: np.einsum takes it"


def test_63_operands_are_read() -> None:
    text = ",".join(["i"] * 63)
    assert len(read_subscripts(text).operands) == 63
    assert numpy_takes(text)


def test_dots_left_out_must_cover_nothing() -> None:
    assert read_subscripts("...i->i").dots is Dots.EMPTY
    assert read_subscripts("...i->...i").dots is Dots.KEPT
    assert read_subscripts("i->i").dots is Dots.ABSENT


def test_output_dots_without_input_dots_are_dropped() -> None:
    spec = read_subscripts("ij->i...j")
    assert spec.output == ("i", "j")
    assert spec.dots is Dots.ABSENT


def test_implicit_order_is_told() -> None:
    (note,) = read_subscripts("bA").notes
    assert note.startswith("no '->', so the output is in alphabetical order, capitals first: 'bA->Ab'")
    assert read_subscripts("ab").notes == ()


def test_spans() -> None:
    text = " i ... j , , jk -> i  k"
    spec = read_subscripts(text)
    terms = [text[op.span.start : op.span.stop] for op in spec.operands if op.span]
    assert terms == ["i ... j", "", "jk"]
    labels = [text[span.start : span.stop] for op in spec.operands for span in op.spans if span]
    assert labels == ["i", "...", "j", "j", "k"]
    assert [text[span.start : span.stop] for span in spec.output_spans if span] == ["i", "k"]


NUMPY_IS_WRONG = (11, 62)
"""Lines where numpy takes what it should not: an embedded NUL, a label that occurs too often."""


def numpy_takes(text: str) -> bool:
    """Tell whether np.einsum takes `text` for operands of some ranks: every ellipsis may cover 0 or 1 axes."""
    inputs = text.partition("->")[0]
    for covered in (0, 1):
        ranks = [sum(c.isalpha() for c in term) + covered * ("..." in term) for term in inputs.split(",")]
        try:
            np.einsum(text, *(np.ones((1,) * rank) for rank in ranks))
        except ValueError:
            continue
        return True
    return False


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="ijAZ.,-> ", max_size=14))
@example("i->")
@example("...i,...->...")
@example("ij-> ji")
@example(". ..i")
def test_takes_what_numpy_takes(text: str) -> None:
    check_against_numpy(text)


TERM = st.lists(st.sampled_from(["i", "j", "A", "Z", "...", " "]), max_size=4).map("".join)
NEARLY = st.builds(
    lambda inputs, output, noise, place: (
        (",".join(inputs) + output)[:place] + noise + (",".join(inputs) + output)[place:]
    ),
    st.lists(TERM, min_size=1, max_size=3),
    st.one_of(st.just(""), TERM.map("->{}".format)),
    st.sampled_from(["", "", "", ".", "-", ">", "->", ",", " ", "i"]),
    st.integers(0, 12),
)


@settings(max_examples=500, deadline=None)
@given(NEARLY)
def test_takes_what_numpy_takes_of_nearly_right_ones(text: str) -> None:
    check_against_numpy(text)


def check_against_numpy(text: str) -> None:
    """Fail unless einloop and np.einsum both take `text`, or neither."""
    found = outcome(text, Notation.SUBSCRIPTS)
    assert numpy_takes(text) is isinstance(found, Spec), f"{text!r}: {found}"


@pytest.mark.parametrize(
    ("text", "notation"),
    [
        ("ij,jk->ik", Notation.SUBSCRIPTS),
        ("i=>j", Notation.SUBSCRIPTS),
        ("i→j", Notation.SUBSCRIPTS),
        ("batch i -> i", Notation.SUBSCRIPTS),
        ("C[i] = A[i]", Notation.FORMULA),
        ("y_i = x_i", Notation.FORMULA),
        (r"\sum_i x_i", Notation.FORMULA),
        ("C[i] = np.einsum('i', A)", Notation.CALL),
        ("oe.contract('i', A)", Notation.CALL),
    ],
)
def test_notation_is_recognised_by_form(text: str, notation: Notation) -> None:
    reader = next(reader for reader in READERS if reader.recognise and reader.recognise(text))
    assert reader.notation is notation
    if text not in ("i=>j", "i→j", "batch i -> i", r"\sum_i x_i"):
        assert read(text).source.notation is notation


def test_notation_asked_for_is_used() -> None:
    assert read("i j -> j", Notation.NAMED).output == ("j",)
    assert read("ab -> ba", Notation.SUBSCRIPTS).source.notation is Notation.SUBSCRIPTS
    with pytest.raises(NotationError) as caught:
        read("ab -> ab", Notation.FORMULA)
    assert caught.value.id == "EL140"
    with pytest.raises(NotationError) as caught:
        read("f(a)", Notation.CALL)
    assert caught.value.id == "EL131"


def test_sublists_are_no_text() -> None:
    with pytest.raises(OptionError) as caught:
        read("[0, 1]", Notation.SUBLISTS)
    assert str(caught.value).split("\n") == [
        "error EL469: no text is written in sublists",
        "hint: give sublists in Python, or paste the whole call: np.einsum(a, [0, 1], b, [1, 2])",
    ]


FRAGMENTS = (
    "A B x i j ij alpha _ ^ { } [ ] ( ) , . ... * ** + = += := -> \\sum \\text \\hat \\alpha \\top \\frac \\left "
    "' 2 0 : - / ; ᵢ ⱼ ² ᵀ ∑ Σ ₌ ₁ ⁿ _{ ^{ np.einsum( contract( \" f\" # \n \t \0 \ud800 é 𝐀 [0,1] 'ij->i', "
    "lambda \\ | @ $ ½ ﬁ"
)
PIECES = st.sampled_from([*FRAGMENTS.split(" "), " "])
STARTS = st.sampled_from(["", "C[i] = ", "C_{i} = ", r"\sum_{i} ", "np.einsum('ij->i', ", "np.einsum(a, "])
TEXTS = st.text() | st.builds(lambda start, pieces: start + "".join(pieces), STARTS, st.lists(PIECES, max_size=12))


@settings(max_examples=500, deadline=None)
@given(TEXTS, st.sampled_from([None, *Notation]))
@example("", None)
@example("\0", None)
@example("\ud800", Notation.CALL)
@example("C[i]=", Notation.CALL)
def test_any_text_is_read_or_refused(text: str, notation: Notation | None) -> None:
    found = outcome(text, notation)
    if isinstance(found, EinloopError):
        assert str(found).startswith(f"error {found.id}: ")
        assert found.span is None or 0 <= found.span[0] <= found.span[1] <= len(text)
        return
    assert found.source.text == text
    spans = [span for op in found.operands for span in (op.span, *op.spans) if span is not None]
    assert all(0 <= span.start <= span.stop <= len(text) for span in spans)
    assert read_subscripts(found.subscripts).subscripts == found.subscripts


def outcome(text: str, notation: Notation | None) -> Spec | EinloopError:
    """Return what `read` makes of `text`; any other exception passes."""
    try:
        return read(text, notation)
    except EinloopError as error:
        return error
