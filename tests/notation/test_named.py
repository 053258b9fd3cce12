"""What is read as named axes, and what is refused."""

from __future__ import annotations

import pytest

from einloop.core.errors import NotationError
from einloop.core.source import Notation, Source
from einloop.notation.named import read_named

ACCEPTED: list[tuple[str, str, list[str | None], str | None]] = [
    ("batch query dim, batch key dim -> batch query key", "bqd,bkd->bqk", [None, None], None),
    ("i, j -> j i", "i,j->ji", [None, None], None),
    ("batch\n\ti,\r\ni -> batch", "bi,i->b", [None, None], None),
    ("i i -> i", "ii->i", [None], None),
    ("->", "->", [None], None),
    (", i -> i", ",i->i", [None, None], None),
    ("  a  ->  ", "a->", [None], None),
    ("... i, i j -> ... j", "...i,ij->...j", [None, None], None),
    ("...i->i...", "...i->i...", [None], None),
    ("é über, über -> é", "ij,j->i", [None, None], None),
    ("in out, in -> out", "io,i->o", [None, None], None),
    ("axis0 b_c -> b_c axis0", "ab->ba", [None], None),
    ("I i -> i", "Ii->i", [None], None),
]

REFUSED: list[tuple[str, str, tuple[int, int] | None, list[str]]] = [
    (
        "i, i",
        "EL150",
        None,
        [
            "error EL150: named axes need '->' and an output",
            "hint: write the output after '->', like 'batch i, i j -> batch j'",
        ],
    ),
    (
        "",
        "EL150",
        None,
        [
            "error EL150: named axes need '->' and an output",
            "hint: write the output after '->', like 'batch i, i j -> batch j'",
        ],
    ),
    (
        "batch i",
        "EL150",
        None,
        [
            "error EL150: named axes need '->' and an output",
            "hint: write the output after '->', like 'batch i, i j -> batch j'",
        ],
    ),
    (
        "i -> i -> i",
        "EL150",
        (7, 9),
        [
            "error EL150: a second '->' (character 7)",
            "  i -> i -> i",
            "         ^^",
        ],
    ),
    (
        "i -> i, i",
        "EL155",
        (6, 7),
        [
            "error EL155: ',' in the output; an einsum has one output (character 6)",
            "  i -> i, i",
            "        ^",
        ],
    ),
    (
        "(h d) -> h d",
        "EL152",
        (0, 1),
        [
            "error EL152: parentheses compose axes; an einsum cannot split or merge them (character 0)",
            "  (h d) -> h d",
            "  ^",
            "hint: name every axis on its own, and reshape before or after",
        ],
    ),
    (
        "b 1 -> b",
        "EL153",
        (2, 3),
        [
            "error EL153: '1' names no axis (character 2)",
            "  b 1 -> b",
            "    ^",
            "hint: give the axis a name; for an axis of length 1, index it away before",
        ],
    ),
    (
        "_ i -> i",
        "EL153",
        (0, 1),
        [
            "error EL153: '_' names no axis (character 0)",
            "  _ i -> i",
            "  ^",
            "hint: give the axis a name; for an axis of length 1, index it away before",
        ],
    ),
    (
        "i __ -> i",
        "EL153",
        (2, 4),
        [
            "error EL153: '__' names no axis (character 2)",
            "  i __ -> i",
            "    ^^",
            "hint: give the axis a name; for an axis of length 1, index it away before",
        ],
    ),
    (
        "_a -> _a",
        "EL151",
        (0, 2),
        [
            "error EL151: the axis '_a' begins or ends with '_', which einops refuses (character 0)",
            "  _a -> _a",
            "  ^^",
            "hint: write 'a'",
        ],
    ),
    (
        "a_ -> a_",
        "EL151",
        (0, 2),
        [
            "error EL151: the axis 'a_' begins or ends with '_', which einops refuses (character 0)",
            "  a_ -> a_",
            "  ^^",
            "hint: write 'a'",
        ],
    ),
    (
        "1a -> 1a",
        "EL151",
        (0, 1),
        [
            "error EL151: '1a' begins with a digit (character 0)",
            "  1a -> 1a",
            "  ^",
            "hint: a name begins with a letter",
        ],
    ),
    (
        "a.b -> a",
        "EL154",
        (1, 2),
        [
            "error EL154: '.' is not an ellipsis (character 1)",
            "  a.b -> a",
            "   ^",
            "hint: an ellipsis is three dots",
        ],
    ),
    (
        "i .. -> i",
        "EL154",
        (2, 4),
        [
            "error EL154: '..' is not an ellipsis (character 2)",
            "  i .. -> i",
            "    ^^",
            "hint: an ellipsis is three dots",
        ],
    ),
    (
        "i .... -> i",
        "EL154",
        (2, 6),
        [
            "error EL154: '....' is not an ellipsis (character 2)",
            "  i .... -> i",
            "    ^^^^",
            "hint: an ellipsis is three dots",
        ],
    ),
    (
        "... ... -> ...",
        "EL154",
        (4, 7),
        [
            "error EL154: a second '...'; a term may have one (character 4)",
            "  ... ... -> ...",
            "      ^^^",
        ],
    ),
    (
        "... -> ... ...",
        "EL154",
        (11, 14),
        [
            "error EL154: a second '...'; a term may have one (character 11)",
            "  ... -> ... ...",
            "             ^^^",
        ],
    ),
    (
        "i→j",
        "EL151",
        (1, 2),
        [
            "error EL151: '→' cannot stand in the name of an axis (character 1)",
            "  i→j",
            "   ^",
            "hint: write '->'",
        ],
    ),
    (
        "i - > i",
        "EL151",
        (2, 3),
        [
            "error EL151: '-' cannot stand in the name of an axis (character 2)",
            "  i - > i",
            "    ^",
            "hint: write '->', with no blank inside",
        ],
    ),
    (
        "i => i",
        "EL151",
        (2, 3),
        [
            "error EL151: '=' cannot stand in the name of an axis (character 2)",
            "  i => i",
            "    ^",
            "hint: write '->', with no blank inside",
        ],
    ),
    (
        "i * j -> i",
        "EL151",
        (2, 3),
        [
            "error EL151: '*' cannot stand in the name of an axis (character 2)",
            "  i * j -> i",
            "    ^",
            "hint: write ',' between operands",
        ],
    ),
    (
        "a|b -> a",
        "EL151",
        (1, 2),
        [
            "error EL151: '|' cannot stand in the name of an axis (character 1)",
            "  a|b -> a",
            "   ^",
            "hint: write ',' between operands",
        ],
    ),
    (
        "ſ -> ſ",
        "EL151",
        (0, 1),
        [
            "error EL151: Python takes 'ſ' for the name 's' (character 0)",
            "  ſ -> ſ",
            "  ^",
            "hint: write 's'",
        ],
    ),
    (
        "i\0 -> i",
        "EL151",
        (1, 2),
        [
            r"error EL151: '\x00' cannot stand in the name of an axis (character 1)",
            r"  i\x00 -> i",
            "   ^^^^",
        ],
    ),
    (
        "i -> k",
        "EL106",
        (5, 6),
        [
            "error EL106: output index 'k' is in no operand (they offer i)",
            "  i -> k",
            "       ^",
            "hint: only an index of an operand can stand in the output; for a new axis write result[..., None]",
        ],
    ),
    (
        "i -> i i",
        "EL105",
        (7, 8),
        [
            "error EL105: output index 'i' is written twice; each index may stand in the output once",
            "  i -> i i",
            "       ^ ^",
            "hint: loops can fill a diagonal: out[i, i] = a[i]",
        ],
    ),
    (
        "a-b -> a",
        "EL151",
        (1, 2),
        [
            "error EL151: '-' cannot stand in the name of an axis (character 1)",
            "  a-b -> a",
            "   ^",
            "hint: write '->', with no blank inside",
        ],
    ),
    (
        "²x -> ²x",
        "EL151",
        (0, 1),
        [
            "error EL151: '²' cannot stand in the name of an axis (character 0)",
            "  ²x -> ²x",
            "  ^",
        ],
    ),
]


@pytest.mark.parametrize(("text", "subscripts", "names", "result"), ACCEPTED, ids=[repr(x[0]) for x in ACCEPTED])
def test_accepted(text: str, subscripts: str, names: list[str | None], result: str | None) -> None:
    spec = read_named(text)
    assert spec.subscripts == subscripts
    assert [operand.name for operand in spec.operands] == names
    assert spec.result == result
    assert spec.source == Source(text=text, notation=Notation.NAMED)


@pytest.mark.parametrize(("text", "id_", "span", "picture"), REFUSED, ids=[repr(x[0]) for x in REFUSED])
def test_refused(text: str, id_: str, span: tuple[int, int] | None, picture: list[str]) -> None:
    with pytest.raises(NotationError) as caught:
        read_named(text)
    error = caught.value
    assert (error.id, error.span, error.text) == (id_, span, text)
    assert str(error).split("\n") == picture


def test_labels_are_the_words() -> None:
    text = "batch query dim, batch key dim -> batch query key"
    spec = read_named(text)
    assert [operand.labels for operand in spec.operands] == [("batch", "query", "dim"), ("batch", "key", "dim")]
    assert spec.output == ("batch", "query", "key")
    assert not spec.implicit
    for operand in spec.operands:
        for label, span in zip(operand.labels, operand.spans, strict=True):
            assert span is not None
            assert text[span.start : span.stop] == label
