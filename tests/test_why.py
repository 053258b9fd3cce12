"""`einloop why` and `einloop.why`: the pages word for word, exit codes, refusals, facts, every notation and format."""

import io
import json
import sys
from fractions import Fraction

import numpy as np
import pytest

import einloop
from einloop import cli
from einloop.core.errors import EinloopError
from einloop.notation.shapes import read_place
from einloop.pipeline.page import VIEWS

A = np.array([[1, 2, 3], [4, 5, 6]])
B = np.arange(12).reshape(3, 4) - 5

PAGES = {
    "a matrix product": (
        ("ij,jk->ik", A, B),
        {"at": (1, 2)},
        """
ij,jk->ik

C[1,2] is 28: 3 terms are added up over j.

  C[1,2] = A[1,0]·B[0,2] + A[1,1]·B[1,2] + A[1,2]·B[2,2]
         = 4·(-3) + 5·1 + 6·5
         = 23

Its terms
  term           values  product  share of the sum
  A[1,0]·B[0,2]  4·(-3)      -12  -52.2%
  A[1,1]·B[1,2]  5·1           5  21.7%
  A[1,2]·B[2,2]  6·5          30  130%

What np.einsum gives
The terms sum to 23, which is what np.einsum's result has there.
""".replace("is 28", "is 23"),
    ),
    "the largest terms": (
        ("i,i->", np.arange(100.0), np.ones(100)),
        {"top": 2},
        """
i,i->

c is 4950: 100 terms are added up over i.

  c = a[99]·b[99] + a[98]·b[98] + …
    = 99·1 + 98·1 + …
    = 4950

Its terms
  term         values  product  share of the sum
  a[99]·b[99]  99·1         99  2%
  a[98]·b[98]  98·1         98  1.98%

98 more terms, none of them larger, are left out; they sum to 4753.

What np.einsum gives
The terms sum to 4950, which is what np.einsum's result has there.
""",
    ),
    "booleans": (
        ("i,i->", np.array([True, True]), np.array([False, True])),
        {},
        """
i,i->

c is True: whether any of 2 terms over i is true.

  c = a[0]∧b[0] ∨ a[1]∧b[1]
    = True∧False ∨ True∧True
    = True

Its terms
  term       values      product
  a[0]∧b[0]  True∧False  False
  a[1]∧b[1]  True∧True   True

What np.einsum gives
Whether any term is true: True, which is what np.einsum's result has there.
""",
    ),
    "a wrapped sum": (
        ("i,i->", np.full(10, 100, np.int8), np.full(10, 100, np.int8)),
        {"top": 1},
        """
i,i->

c is -96: 10 terms are added up over i.

  c = a[0]·b[0] + …
    = 100·100 + …
    = -96

Its terms
  term       values   product  share of the sum
  a[0]·b[0]  100·100    10000  10%

9 more terms, none of them larger, are left out; they sum to 90000.

What np.einsum gives
The terms sum to 100000; np.einsum's result has -96 there.

What the dtype does to it
warning EL751: The true sum 100000 does not fit int8; np.einsum gives -96. Pass
dtype=np.int32.
""",
    ),
    "a nan": (
        ("ij,jk->ik", np.array([[1, 2], [3, np.nan]]), np.array([[5, 6], [7, 8]])),
        {"nonfinite": True},
        """
ij,jk->ik

The first element that is not finite, in C order, is C[1,0].

C[1,0] is nan: 2 terms are added up over j.

  C[1,0] = A[1,0]·B[0,0] + A[1,1]·B[1,0]
         = 3·5 + nan·7
         = nan

C[1,0] is nan because A[1,1] is nan.

Its terms
  term           values  product
  A[1,0]·B[0,0]  3·5     15
  A[1,1]·B[1,0]  nan·7   nan

What np.einsum gives
np.einsum's result has nan there.
""",
    ),
    "a copy": (
        ("ij->ji", np.array([["a", "b"]])),
        {"at": (-1, 0)},
        """
ij->ji

C[1,0] is b, one element; nothing is multiplied or added up.

  C[1,0] = A[0,1]
         = b

What np.einsum gives
np.einsum's result has b there.
""",
    ),
    "an empty sum": (
        ("ij,jk->ik", np.zeros((2, 0)), np.zeros((0, 3))),
        {"at": (1, 2)},
        """
ij,jk->ik

C[1,2] is 0: an empty sum, with no terms at all.

What np.einsum gives
np.einsum gives 0 on the slices that make this element.
""",
    ),
    "one number": (
        (",->", np.int8(3), np.int8(-4)),
        {},
        """
,->

c is -12, one product; nothing is added up.

  c = a·b
    = 3·(-4)
    = -12

What np.einsum gives
The terms sum to -12, which is what np.einsum's result has there.
""",
    ),
    "without arrays": (
        ("bqhd,bkhd->bhqk",),
        {"at": (0, 1, 2, 3), "shapes": [("B", "L", "H", 2), ("B", "M", "H", 2)]},
        """
bqhd,bkhd->bhqk

C[0,1,2,3] is the sum of 2 terms over d.

  C[0,1,2,3] = A[0,2,1,0]·B[0,3,1,0] + A[0,2,1,1]·B[0,3,1,1]

Sizes that were not given are chosen here: b = 2, q = 3, h = 4 and k = 5.
""",
    ),
    "too many terms without arrays": (
        ("ij->",),
        {"shapes": [(3, 4)], "top": 2},
        """
ij->

c is the sum of 12 terms over i and j.

  c = A[0,0] + A[0,1] + …

10 more terms follow.
""",
    ),
    "booleans without arrays": (
        ("ij,j->i",),
        {"at": 0, "sizes": {"i": 2, "j": 2}, "dtypes": "bool"},
        """
ij,j->i

c[0] says whether any of 2 terms over j is true.

  c[0] = A[0,0]∧b[0] ∨ A[0,1]∧b[1]
""",
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_word_for_word(name):
    arguments, options, page = PAGES[name]
    assert einloop.why(*arguments, **options).show() == page.lstrip("\n")


LINES = {
    "an ellipsis": ("...i,i...->...", [A, B[:, :2]], (-1,), "c[1] = A[1,0]·B[0,1] + A[1,1]·B[1,1] + A[1,2]·B[2,1]"),
    "a diagonal": ("iij->j", [np.ones((2, 2, 3))], (2,), "c[2] = A[0,0,2] + A[1,1,2]"),
    "a stretched axis": ("ij,j->i", [A, np.array([2])], (0,), "c[0] = A[0,0]·b[0] + A[0,1]·b[0] + A[0,2]·b[0]"),
    "a stretched free axis": ("ij,ij->ij", [A, np.ones((1, 3))], (1, 2), "C[1,2] = A[1,2]·B[0,2]"),
    "one array twice": ("np.einsum('ij,ik->jk', X, X)", [A, A], (0, 2), "C[0,2] = X[0,0]·X[0,2] + X[1,0]·X[1,2]"),
    "a formula": ("C_{ik} = A_{ij} B_{jk}", [A, B], (0, 0), "C[0,0] = A[0,0]·B[0,0] + A[0,1]·B[1,0] + A[0,2]·B[2,0]"),
    "sublists": ("einsum(x, [0, 1], [1])", [A], (2,), "c[2] = x[0,2] + x[1,2]"),
    "an implicit output": ("ba", [A], (2, 1), "C[2,1] = A[1,2]"),
    "a 0-d operand": ("i,->i", [np.array([3, 4]), 5], (1,), "c[1] = a[1]·b"),
    "named axes": ("row col, col -> row", [A, np.ones(3)], (0,), "c[0] = A[0,0]·b[0] + A[0,1]·b[1] + A[0,2]·b[2]"),
    "many factors": (",".join("i" * 60) + "->", [np.ones(1)] * 60, None, "j2 = a[0]·b[0]·c[0]·d[0]·…·i2[0]"),
}


@pytest.mark.parametrize("name", LINES)
def test_which_elements_meet(name):
    text, arrays, at, line = LINES[name]
    notation = "named" if name == "named axes" else None
    report = einloop.why(text, *arrays, at=at, notation=notation)
    assert report.sections[0].parts[1].text.splitlines()[0] == line
    assert report.facts["total"]["same"]


def test_objects_and_their_sum():
    report = einloop.why("i,i->", np.array([Fraction(1, 3), 2], object), np.array([3, 2**70], object), top=1)
    assert report.facts["total"] == {
        "sum": 1 + 2**71,
        "einsum": 1 + 2**71,
        "from": "whole",
        "same": True,
        "exact": True,
    }
    assert "1 more term is left out." in report.show()


def test_facts_have_every_number():
    facts = einloop.why("ij,j->i", A, np.array([1.5, np.inf, 2]), at=[1]).facts
    assert facts["element"]["cause"] == "input"
    assert facts["element"]["inputs"] == [{"operand": "b", "at": [1], "value": "inf"}]
    assert facts["terms"]["terms"][0] == {
        "at": {"j": 0},
        "factors": [{"operand": "A", "at": [1, 0], "value": 4.0}, {"operand": "b", "at": [0], "value": 1.5}],
        "product": 6.0,
        "share": None,
    }
    assert facts["terms"]["terms"][1]["product"] == "inf"
    assert facts["total"] == {"sum": None, "einsum": "inf", "from": "whole", "same": False, "exact": True}


def test_a_large_contraction_is_not_computed_whole():
    long = np.broadcast_to(np.arange(4.0), (30_000, 4))
    report = einloop.why("ij,kj->ik", long, long, at=(29_999, 3))
    assert report.facts["total"] == {"sum": 14.0, "einsum": 14.0, "from": "slices", "same": True, "exact": True}
    assert "on the slices that make this element" in report.show()


@pytest.mark.parametrize("format", VIEWS)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_in_every_format(name, format):
    arguments, options, _ = PAGES[name]
    assert einloop.why(*arguments, **options).show(format)


REFUSED = {
    "EL421: no coordinates": (("ij->i", A), {}, "which element? The result has 1 axis (i)"),
    "EL421: too many": (("ij->i", A), {"at": (0, 1)}, "2 coordinates given, but the result has 1 axis (i)"),
    "EL421: for a number": (("ij->", A), {"at": 0}, "1 coordinate given, but the result is one number"),
    "EL421: too few for shapes": (("ij->ij",), {"at": 1}, "1 coordinate given, but the result has 2 axes (i, j)"),
    "EL421: too few beside an ellipsis": (
        ("...ij->...ij",),
        {"at": 1},
        "1 coordinate given, but the result has 3 axes",
    ),
    "EL422: beyond": (
        ("ij->i", A),
        {"at": 2},
        "2 is out of range for 'i', axis 0 of the result, which has size 2",
    ),
    "EL422: before": (("ij->j", A), {"at": -4}, "-4 is out of range for 'j', axis 0 of the result, which has size 3"),
    "EL422: an axis of dots": (
        ("...i->...", A),
        {"at": 2},
        "2 is out of range for an axis of '...', axis 0 of the result, which has size 2",
    ),
    "EL422: nothing there": (
        ("ij->i", np.ones((0, 2))),
        {"at": 0},
        "'i', axis 0 of the result, has size 0: the result has no elements",
    ),
    "EL421: words": (("ij->i", A), {"at": "1"}, "'1' is not a list of coordinates"),
    "EL421: floats": (("ij->i", A), {"at": (1.5,)}, "(1.5,) is not a list of coordinates"),
    "EL420: half of the arrays": (
        ("ij,jk->ik",),
        {"at": (0, 0), "load": {"A": A}, "shapes": {"B": (3, 4)}},
        "an array for A, but none for B",
    ),
    "EL420: no arrays": (("ij->",), {"nonfinite": True}, "nan and inf are looked for in arrays, and none is given"),
    "EL473: a place and a search": (("ij->i", A), {"at": 0, "nonfinite": True}, "coordinates given, and the first nan"),
    "EL479: no terms": (("ij->", A), {"top": 0}, "top is 0"),
    "EL479: too many to show": (("ij->", A), {"top": 10**6}, "top is 1000000"),
    "EL425: a huge sum": (
        ("i,j->", *[np.broadcast_to(1e200, 10**5)] * 2),
        {"nonfinite": True},
        "(at most 1,000,000,000,000), elements 1 (at most 100,000,000), terms of each 10,000,000,000 (at most",
    ),
    "EL470: half a term": (("ij->", A), {"top": 1.5}, "top is a float: 1.5"),
    "EL480: arrays twice": (("ij->", A), {"load": [A]}, "arrays given twice, as arguments and by load"),
    "EL480: another dtype": (("ij->", A), {"dtypes": "int8"}, "dtype int8 for an array that has dtype int64"),
    "EL201: too few arrays": (("ij,jk->ik", A), {"at": (0, 0)}, "2 operands in the expression, 1 given"),
    "EL205: sizes": (("ij,jk->ik", A, A), {"at": (0, 0)}, "'j' is 3 in operand 0 axis 1 but 2 in operand 1 axis 0"),
    "EL403: one array, two values": (
        ("np.einsum('ij,ij->', X, X)", A, A + 1),
        {},
        "X is one array, and is given two with different values",
    ),
    "EL403: one array, two lengths": (
        ("np.einsum('ij,jk->ik', X, X)",),
        {"at": (0, 0), "sizes": {"i": 2, "j": 3}},
        "but they run over the same axis of one array",
    ),
    "EL423: too many terms": (
        ("i,j,k->", *[np.broadcast_to(1.0, 10**4)] * 3),
        {},
        "one element is a sum of 1,000,000,000,000 terms; at most 1,000,000,000 are added up here",
    ),
    "EL424: objects": (
        ("i->", np.array([1, None], object)),
        {"nonfinite": True},
        "the elements are of dtype object: numpy does not say which of them are finite",
    ),
    "EL424: texts": (("i->i", np.array(["a"])), {"nonfinite": True}, "the elements are of dtype <U1"),
    "EL425: too large": (
        ("i,j->ij", *[np.broadcast_to(1e200, 10**6)] * 2),
        {"nonfinite": True},
        "the values are so large that float64 may overflow, and seeing where takes too long: multiplications "
        "1,000,000,000,000 (at most 1,000,000,000,000), elements 1,000,000,000,000 (at most 100,000,000)",
    ),
    "EL304: objects without sums": (
        ("i->", np.array(["a", "b"], object)),
        {},
        "these objects cannot be multiplied and added up: unsupported operand type(s) for +: 'int' and 'str'",
    ),
    "EL301: texts": (("i->", np.array(["a"])), {}, "operand 0 has dtype '<U1' (strings), for which"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name):
    arguments, options, text = REFUSED[name]
    with pytest.raises(EinloopError) as caught:
        einloop.why(*arguments, **options)
    assert caught.value.id == name.partition(":")[0]
    assert text in caught.value.message


@pytest.fixture
def files(tmp_path):
    """Return the paths of three files: A, B, and one with a nan."""
    odd = A.astype(float)
    odd[1, 2] = np.nan
    paths = {name: str(tmp_path / f"{name}.npy") for name in ("a", "b", "odd")}
    for name, array in zip(paths, (A, B, odd), strict=True):
        np.save(paths[name], array)
    return paths


def test_the_command_line_gives_the_same_page(files, capsys):
    words = ["why", "ij,jk->ik", "--at", "1,2", "--load", f"A={files['a']}", "--load", f"B={files['b']}"]
    assert cli.main(words) == 0
    out, err = capsys.readouterr()
    assert out == PAGES["a matrix product"][2].lstrip("\n")
    assert err == ""


def test_json_on_the_command_line(files, capsys):
    words = ["why", "ij,jk->ik", "--nonfinite", "--load", files["odd"], "--load", files["b"], "--json", "--top", "1"]
    assert cli.main(words) == 0
    data = json.loads(capsys.readouterr().out)
    facts = {section["id"]: section["facts"] for section in data["sections"]}
    assert data["kind"] == "why"
    assert facts["nonfinite"] == {"found": True, "element": "C[1,0]", "at": [1, 0], "sure": True}
    assert facts["element"]["inputs"] == [{"operand": "A", "at": [1, 2], "value": "nan"}]
    assert [term["product"] for term in facts["terms"]["terms"]] == ["nan"]


@pytest.mark.parametrize("words", [["--at", "-1,-2"], ["--at=-1,-2"], ["--at", "(1, 2)"], ["--at", "[1,2]"]])
def test_ways_to_write_coordinates(words, capsys):
    assert cli.main(["why", "ij,jk->ik", "-s", "2x3", "-s", "3x4", *words]) == 0
    assert "C[1,2] = " in capsys.readouterr().out


def test_one_coordinate_from_the_end(capsys):
    assert cli.main(["why", "ij->i", "-s", "2x1", "--at", "-1"]) == 0
    assert "c[1] = A[1,0]" in capsys.readouterr().out


def test_no_nan_is_an_answer(files, capsys):
    assert cli.main(["why", "ij,jk->ik", "--nonfinite", "--load", files["a"], "--load", files["b"]]) == 0
    assert "Every element is finite: int64 has neither nan nor inf." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "id"),
    [
        (["ij->i", "--at", "x"], "EL421"),
        (["ij->i", "--at", "1.5"], "EL421"),
        (["ij->i"], "EL421"),
        (["ij->", "--top", "x"], "EL400"),
        (["ij->", "--top", "-3"], "EL479"),
        (["ij->", "--load", "no/such.npy"], "EL411"),
        (["ij->", "--nonfinite"], "EL420"),
        (["ij->k", "--at", "1"], "EL106"),
    ],
)
def test_refusals_on_the_command_line(words, id, capsys):
    assert cli.main(["why", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"error {id}: ")


@pytest.mark.parametrize("given", ["", "# nothing\n", "ij->i\nij->j\n"])
def test_none_and_several_from_standard_input_are_refused(given, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(given))
    assert cli.main(["why", "-", "--at", "0"]) == 2
    assert capsys.readouterr() == ("", "error EL472: why takes one expression\n")


def test_one_expression_comes_from_standard_input(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("ij->i\n"))
    assert cli.main(["why", "-", "--at", "1", "-s", "2x3"]) == 0
    read = capsys.readouterr().out
    assert cli.main(["why", "ij->i", "--at", "1", "-s", "2x3"]) == 0
    assert capsys.readouterr().out == read


@pytest.mark.parametrize(("text", "place"), [("", ()), ("()", ()), ("3", (3,)), ("(3,)", (3,)), (" 1 , -2 ", (1, -2))])
def test_coordinates_are_read(text, place):
    assert read_place(text) == place


def test_help_closes_with_examples(capsys):
    with pytest.raises(SystemExit):
        cli.main(["why", "--help"])
    assert "einloop why 'ij,jk->ik' --at 1,2 --load A=a.npy" in capsys.readouterr().out
