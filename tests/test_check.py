"""`einloop check`, `einloop.check`, and the fixes in refusals: the twelve rows of mistakes, word for word."""

import io
import json
import sys

import numpy as np
import pytest

import einloop
from einloop import EinloopError, cli


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    """Run the command line in this process, in an empty folder; give exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def call(*words, stdin=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        code = cli.main(list(words))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def shaped(*shapes):
    return [word for shape in shapes for word in ("-s", shape)]


REFUSED = {
    "row 1: an axis was squeezed away": (
        ["bchw,bc->bchw", *shaped("2,4,5,6", "3")],
        """
error EL202: 'bc' names 2 axes but operand 1 has shape (3,), 1 axis
  bchw,bc->bchw
       ^^
hint: was a size-1 axis squeezed away?
""",
    ),
    "row 1, a term that fits": (
        ["bchw,bc->bchw", *shaped("2,4,5,6", "4")],
        """
error EL202: 'bc' names 2 axes but operand 1 has shape (4,), 1 axis
  bchw,bc->bchw
       ^^
hint: was a size-1 axis squeezed away? 'bchw,c->bchw' would fit, giving shape (2, 4, 5, 6)
""",
    ),
    "row 2: sizes": (
        ["bix,iox->box", *shaped("12,8192,2", "12,8192,2")],
        """
error EL205: 'i' is 8192 in operand 0 axis 1 but 12 in operand 1 axis 0
  bix,iox->box
   ^  ^
hint: 'bix,oix->box' would fit, giving shape (12, 12, 2), or 'ibx,iox->box', giving shape (8192, 8192, 2)
""",
    ),
    "row 2, names of extents": (
        ["bqhd,bkhd->bhqk", *shaped("q=B,L,H,K", "k=B,H,M,K")],
        """
error EL205: 'h' is H in operand 0 (q) axis 2 but M in operand 1 (k) axis 2
  bqhd,bkhd->bhqk
    ^    ^
hint: 'bqhd,bhkd->bhqk' would fit, giving shape (B, H, L, M), or 'bqkd,bkhd->bhqk', giving shape (B, M, L, H)
""",
    ),
    "row 8: an output index that no input has": (
        ["ij->ik"],
        """
error EL106: output index 'k' is in no operand (they offer i, j)
  ij->ik
       ^
hint: only an index of an operand can stand in the output; for a new axis write result[..., None]
""",
    ),
    "row 8: an output index twice": (
        ["i->ii"],
        """
error EL105: output index 'i' is written twice; each index may stand in the output once
  i->ii
     ^^
hint: loops can fill a diagonal: out[i, i] = a[i]
""",
    ),
    "row 9: a term without an array": (
        ["np.einsum('ij,jk->ik', a)"],
        """
error EL133: 2 terms, 1 array: nothing for `jk`
  np.einsum('ij,jk->ik', a)
                ^^
hint: add the array, or drop the term
""",
    ),
    "row 10: the output leaves out an ellipsis": (
        ["...ij,...jk->ik", *shaped("2x3x4", "2x4x5")],
        """
error EL204: '...' covers 1 axis of operand 0 (size 2) that the output leaves out
  ...ij,...jk->ik
  ^^^   ^^^
hint: write '...ij,...jk->...ik', giving shape (2, 3, 5), to keep the axes, or 'aij,ajk->ik', giving shape (3, 5), """
        "to sum over them; torch, JAX and optimize=True sum them, np.einsum refuses\n",
    ),
    "row 11: words": (
        ["bq d,bk d->bq bk"],
        """
error EL105: output index 'b' is written twice; each index may stand in the output once
  bq d,bk d->bq bk
             ^  ^
hint: blanks are ignored, 'bq d' is read as 'bqd'; for words as indices use named axes """
        "(--notation named, notation='named')\n",
    ),
}


@pytest.mark.parametrize(("words", "text"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(run, words, text):
    assert run("check", *words) == (2, "", text.removeprefix("\n"))


DOUBTED = {
    "row 3: a silent stretch": (
        ["ik,jk->ij", *shaped("4x1", "1x3")],
        "warning EL701: k is summed, and is 1 in operand 0 axis 1 but 3 in operand 1 axis 1: operand 0 is stretched, "
        "and each of its elements is added 3 times.",
        "   ^  ^",
        ["'ik,kj->ij'", "(4, 3)"],
    ),
    "row 4: a typo": (
        ["oi,k->o", *shaped("3x2", "2")],
        "warning EL703: i and k each stand in one operand only and not in the output: each is summed on its own and "
        "nothing pairs them, though both have size 2.",
        "   ^ ^",
        ["'oi,i->o'", "(3,)"],
    ),
    "row 5: the wrong sum": (
        ["ij,je->je", *shaped("3x3", "3x4")],
        "warning EL704: i is summed inside operand 0 alone, and nothing is contracted between the operands.",
        "  ^",
        ["'ij,je->ie'", "(3, 4)"],
    ),
    "row 6: implicit order": (
        ["kij", *shaped("2x3x4")],
        "note EL706: There is no '->': the output is in alphabetical order, capitals first: kij->ijk, shape (3, 4, 2). "
        "To keep the order written, write kij->kij.",
        "  ^^^",
        [],
    ),
    "row 7: the wrong rule of thumb": (
        ["ij,kl->il"],
        "warning EL703: j and k each stand in one operand only and not in the output: each is summed on its own and "
        "nothing pairs them. A comma multiplies; only a letter in both operands pairs their axes.",
        "   ^ ^",
        ["'ij,jl->il'"],
    ),
    "row 12: int8": (
        ["i,i->", *shaped("10", "10"), "--dtype", "int8"],
        "warning EL708: The sum has dtype int8, whose largest value is 127; 10 products of int8 values "
        "can reach 163,840 and "
        "wrap around. Pass dtype=np.int64.",
        None,
        [],
    ),
    "row 12: bool": (
        ["i,i->", *shaped("10", "10"), "--dtype", "bool"],
        "warning EL709: bool is added as OR: the sum over i says whether any product is true, and counts nothing. To "
        "count, pass dtype=np.int64.",
        "  ^ ^",
        [],
    ),
}


@pytest.mark.parametrize(("words", "message", "carets", "fixes"), DOUBTED.values(), ids=DOUBTED)
def test_what_is_doubted(run, words, message, carets, fixes):
    code, out, err = run("check", *words)
    lines = [line.rstrip() for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert message in " ".join(lines)
    assert carets is None or carets in lines
    assert all(fix in out for fix in fixes)
    assert run("check", "--strict", *words)[0] == int(message.startswith("warning"))


def test_nothing_wrong(run):
    code, out, err = run("check", "bij,bjk->bik", *shaped("2x3x4", "2x4x5"), "--strict")
    assert (code, err) == (0, "")
    assert "Nothing is wrong. The result has shape (2, 3, 5)." in out
    assert "Nothing is wrong. The result has the indices b and i." in run("check", "bij,bj->bi")[1]
    assert "Nothing is wrong. The result is one number." in run("check", "ijk->")[1]
    assert "No warnings. The result has the indices j and i." in run("check", "ij->ji")[1]


def test_what_shapes_are_not_needed_for(run):
    assert "note EL714" in run("check", "...ij,...jk->ik")[1]
    assert "EL714" not in run("check", "...ij,...jk->ik", *shaped("2x3", "3x4"))[1]
    code, out, _ = run("check", "--strict", "ij jk->ik")
    assert (code, "'ij,jk->ik'" in out) == (1, True)
    assert run("check", "--strict", "ij jk->ik", *shaped("2x3x3x4"))[0] == 0
    assert "note EL718" in run("check", "")[1]


def test_an_output_letter_of_no_operand_brings_a_fix(run):
    error = json.loads(run("check", "ij,jk->iz", "--json")[1])["error"]
    assert error["fixes"] == [{"expression": "ij,jk->ik", "shape": None}]


def test_real_arrays_are_summed(run):
    np.save("wraps.npy", np.full(10, 100, np.int8))
    np.save("fits.npy", np.full(10, 3, np.int8))
    assert (
        "The true sum 100000 does not fit int8"
        in run("check", "i,i->", "--load", "wraps.npy", "--load", "wraps.npy")[1]
    )
    assert "Nothing is wrong" in run("check", "i,i->", "--load", "fits.npy", "--load", "fits.npy")[1]
    assert "Nothing is wrong" in run("check", "i,i->", "--load", "a=fits.npy", "--load", "b=fits.npy")[1]
    out = run("check", "i,i->", "--load", "a=wraps.npy", *shaped("b=10"), "--dtype", "int8")[1]
    assert "can reach 163,840" in " ".join(out.split())


EXPECTED = {
    "met, by indices": (["bhqk,bkhd->bqhd", "--expect", "b,q,h,d"], True, "the expected shape, (b, q, h, d).", None),
    "met, by lengths": (["ij,jk->ik", "--expect", "2x4", *shaped("2x3", "3x4")], True, "expected shape, (2, 4).", None),
    "met, by both": (["ij,jk->ik", "--expect", "i,4", *shaped("2x3", "3x4")], True, "expected shape, (i, 4).", None),
    "met, by names of lengths": (
        ["bqhd,bkhd->bhqk", "--expect", "B,H,L,M", *shaped("q=B,L,H,K", "k=B,M,H,K")],
        True,
        "the expected shape, (B, H, L, M).",
        None,
    ),
    "met, by sizes": (["ij,jk->ik", "--expect", "N,k", "--sizes", "i=N"], True, "expected shape, (N, k).", None),
    "met, one number": (["ij,ij->", "--expect", "()"], True, "expected shape, ().", None),
    "met, words that Python keeps": (
        ["b out, out in -> b in", "--notation", "named", "--expect", "b,in"],
        True,
        "expected shape, (b, in).",
        None,
    ),
    "met, an index x": (["xy->x", "--expect", "x", *shaped("2x3")], True, "expected shape, (x,).", None),
    "met, an index x1": (
        ["x1 y -> x1", "--notation", "named", "--expect", "x1"],
        True,
        "expected shape, (x1,).",
        None,
    ),
    "met, a length x": (["i->i", "--expect", "x", *shaped("x,")], True, "expected shape, (x,).", None),
    "another than x": (["xy->y", "--expect", "x"], False, "The result has the index y; (x,) was", "xy->x"),
    "met, one axis": (["ij,j->i", "--expect", "i"], True, "expected shape, (i,).", None),
    "open": (["bij,bjk->bik", "--expect", "2,3,4"], None, "as many axes as expected, (2, 3, 4);", None),
    "another order": (
        ["bhqk,bkhd->bhqd", "--expect", "b,q,h,d"],
        False,
        "warning EL720: The result has the indices b, h, q and d; (b, q, h, d) was expected.",
        "bhqk,bkhd->bqhd",
    ),
    "another shape": (
        ["bhqk,bkhd->bhqd", "--expect", "2,7,4,3", *shaped("2x4x7x5", "2x5x4x3")],
        False,
        "The result has the indices b, h, q and d and shape (2, 4, 7, 3); (2, 7, 4, 3) was expected.",
        "bhqk,bkhd->bqhd",
    ),
    "one number": (["ij,jk->", "--expect", "i,k"], False, "The result is one number; (i, k) was", "ij,jk->ik"),
    "one index": (["ij,j->i", "--expect", "j"], False, "The result has the index i; (j,) was expected.", None),
    "another number of axes": (["bij,bjk->bik", "--expect", "i,k"], False, "(i, k) was expected.", "bij,bjk->ik"),
    "a formula": (
        ["C_{ij} = A_{ik} B_{kj}", "--expect", "j,i"],
        False,
        "(j, i) was expected.",
        "C[j,i] = A[i,k] * B[k,j]",
    ),
    "a pasted call": (["np.einsum('ij,jk', a, b)", "--expect", "k,i"], False, "(k, i) was expected.", "ij,jk->ki"),
    "names of lengths": (["ij,jk->ik", "--expect", "I,K"], True, "expected shape, (I, K).", None),
    "names of lengths, another order": (["ij,jk->ik", "--expect", "K,I"], False, "(K, I) was", "ij,jk->ki"),
    "lengths and indices": (["bhqk,bkhd->bhqd", "--expect", "B,q,H,d"], False, "(B, q, H, d)", "bhqk,bkhd->bqhd"),
    "names of equal lengths": (["ij,jk->ik", "--expect", "K,I", *shaped("3x4", "4x3")], True, "(K, I).", None),
    "names that clash": (["iI,Ik->ik", "--expect", "n_i,n_k"], True, "(n_i, n_k).", None),
    "words": (
        ["batch q d, batch k d -> batch q k", "--notation", "named", "--expect", "batch,k,q"],
        False,
        "(batch, k, q) was expected.",
        "batch q d, batch k d -> batch k q",
    ),
    "an ellipsis": (["...ij,...jk->...ik", "--expect", "...,k,i"], False, "(..., k, i) was", "...ij,...jk->...ki"),
}


@pytest.mark.parametrize(("words", "met", "message", "fix"), EXPECTED.values(), ids=EXPECTED)
def test_what_the_result_should_be(run, words, met, message, fix):
    code, out, err = run("check", "--strict", *words)
    assert (code, err) == (int(met is False), "")
    assert message in " ".join(out.split())
    data = json.loads(run("check", "--json", *words)[1])
    assert data["sections"][0]["facts"]["expected"]["met"] is met
    fixes = [fix["expression"] for found in data["findings"] if found["id"] == "EL720" for fix in found["fixes"]]
    assert fixes[:1] == ([] if fix is None else [fix])


@pytest.mark.parametrize(
    ("expect", "text"),
    [
        (
            "i,x",
            "error EL405: 'x' in the expected result i,x is neither an index nor the name of a length\n"
            "hint: the indices are i, j, k; the lengths are I, J, K, N\n",
        ),
        (
            "i,-3",
            "error EL405: '-3' is not the length of an axis\n  i,-3\n    ^^\n"
            "hint: shapes look like 2x3, 2,3 or B,L,H; () is a scalar\n",
        ),
        *(
            (
                expect,
                f"error EL405: a length is missing in the shape {expect!r}\n"
                "hint: shapes look like 2x3, 2,3 or B,L,H; () is a scalar\n",
            )
            for expect in ("2x", "2xx3", "x2x3", "x x")
        ),
        ("...,...", "error EL405: the expected result ...,... has '...' twice\n"),
    ],
)
def test_what_a_result_cannot_be(run, expect, text):
    assert run("check", "ij,jk->ik", "--sizes", "i=N", "--expect", expect) == (2, "", text)


def test_names_of_lengths_are_listed(run):
    hint = "hint: the indices are b, h, q, k, d; the lengths are B, H, Q, K, D\n"
    code, _, err = run("check", "bhqk,bkhd->bqhd", "--expect", "B,L,H,D")
    assert (code, err.splitlines(keepends=True)[-1]) == (2, hint)
    assert "'L' in the expected result B,L,H,D is neither an index" in err


def test_what_would_fit_gives_the_expected_result(run):
    words = ["ij,kj->ik", *shaped("2x3", "3x4")]
    assert "'ij,jk->ik' would fit" in run("check", *words)[2]
    error = json.loads(run("check", *words, "--expect", "4,2", "--json")[1])["error"]
    assert [fix["expression"] for fix in error["fixes"]] == []
    error = json.loads(run("check", *words, "--expect", "i,k", "--json")[1])["error"]
    assert [fix["expression"] for fix in error["fixes"]] == ["ij,jk->ik"]


def test_the_result_of_a_dialect_should_be_as_expected_too(run):
    words = ["...ij,jk->ik", *shaped("5x2x3", "3x4"), "--dialect", "torch"]
    assert run("check", *words, "--expect", "2,4")[1].endswith("The result has the expected shape, (2, 4).\n")
    out = run("check", *words, "--expect", "k,2")[1]
    assert "EL734" in out
    assert "The result has the indices i and k and shape (2, 4); (k, 2) was expected." in " ".join(out.split())
    assert "'x' in the expected result" in run("check", *words, "--expect", "i,x")[2]
    assert "'x' in the expected result" in run("check", "ij,jk->ik", "--dialect", "torch", "--expect", "i,x")[2]


def test_an_expectation_in_python():
    shapes = [(2, 3), (3, 4)]
    for expect in ("2,4", "i,k", (2, 4), ["i", np.int64(4)], np.zeros((2, 4)).shape):
        report = einloop.check("ij,jk->ik", shapes=shapes, expect=expect)
        assert report.facts["findings"]["expected"]["met"] is True
    report = einloop.check("ij,jk->ik", shapes=shapes, expect=("k", "i"), dialect="torch")
    assert [(f.id, f.axis, f.fixes[0].expression) for f in report.findings if f.id == "EL720"] == [
        ("EL720", 0, "ij,jk->ki")
    ]
    assert "expected" not in einloop.check("ij,jk->ik", shapes=shapes).facts["findings"]
    for expect in (8, (True, 4), (None, 4), (2.5, 4), {"i": 2}, "x y", ("i", "")):
        with pytest.raises(EinloopError) as caught:
            einloop.check("ij,jk->ik", shapes=shapes, expect=expect)
        assert caught.value.id == "EL405"


def test_json_for_programs(run):
    code, out, _ = run("check", "ij,kl->il", "--json")
    data = json.loads(out)
    (finding,) = data["findings"]
    assert (code, finding["id"], finding["severity"], finding["spans"]) == (0, "EL703", "warning", [[1, 2], [3, 4]])
    assert finding["fixes"] == [{"expression": "ij,jl->il", "shape": None}]
    code, out, err = run("check", "bix,iox->box", *shaped("12,8192,2", "12,8192,2"), "--json")
    error = json.loads(out)["error"]
    assert (code, err, error["span"], error["also"]) == (2, "", [4, 5], [[1, 2]])
    assert error["fixes"][0] == {"expression": "bix,oix->box", "shape": "(12, 12, 2)"}


def test_one_expression_a_line(run):
    code, out, err = run("check", "-", stdin="ij,jk->ik\nij,kl->il\nij->k\n\nij->ji\n")
    assert code == 2
    assert out.count("EL703") == 1
    assert out.count("EL713") == 2
    assert err.startswith("line 3: error EL106")
    assert run("check", "--strict", "-", stdin="ij->\nij,kl->il\nij->\n")[0] == 1
    code, out, _ = run("check", "--json", "-", stdin="ij->\nij->k\n")
    assert [sorted(json.loads(line))[0] for line in out.splitlines()] == ["findings", "error"]


def test_every_notation(run):
    assert (
        "'batch q d, batch k d -> batch q k'"
        in run("check", "--notation", "named", "batch q d, batch k e -> batch q k", *shaped("B,L,D", "B,M,D"))[1]
    )
    assert "'y[i] = A[i,j] * x[j]'" in run("check", "y_i = A_{ij} x_k")[1]
    assert "operand 1 (w) is multiplied in by its total only" in run("check", "np.einsum('i,j->i', x, w)")[1]


NAMED = {
    "names in order": (["q=B,L,H,K", "k=B,M,H,K"], ("q", "k")),
    "default names": (["B=B,M,H,K", "A=B,L,H,K"], (None, None)),
    "a default name in its own place": (["A=B,L,H,K", "x=B,M,H,K"], ("A", "x")),
    "no names": (["B,L,H,K", "B,M,H,K"], (None, None)),
}


@pytest.mark.parametrize(("shapes", "names"), NAMED.values(), ids=NAMED)
def test_shapes_name_the_operands(shapes, names):
    from einloop.core.options import Options
    from einloop.notation.shapes import read_named_shape
    from einloop.pipeline.expression import read_spec

    options = Options(shapes=tuple(read_named_shape(shape) for shape in shapes))
    spec = read_spec("bqhd,bkhd->bhqk", options)
    assert tuple(op.name for op in spec.operands) == names
    assert [op.shape[1] for op in spec.operands] == ["L", "M"]


AMBIGUOUS = {
    "one name for two operands": (
        {"q": (2, 3)},
        "error EL404: a shape for 'q', but the operands are A, B",
    ),
    "a name and a shape without": (
        {"shapes": [(2, 3)], "q": None},
        None,
    ),
    "the name of another operand": (
        {"x": (2, 3), "A": (3, 4)},
        "error EL404: 'A' is operand 0 where nothing is named, but is given as number 1\n"
        "hint: name every operand: --names, or names=[...]",
    ),
    "no name for Python": (
        {"2q": (2, 3), "k": (3, 4)},
        "error EL401: the operand name '2q' is not a name Python can use\nhint: letters, digits and _",
    ),
}


@pytest.mark.parametrize(("shapes", "text"), AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_ambiguous_names_are_refused(shapes, text):
    if text is None:
        from einloop.cli import main

        assert main(["check", "ij,jk->ik", "-s", "q=2x3", "-s", "3x4"]) == 2
        return
    with pytest.raises(EinloopError) as caught:
        einloop.check("ij,jk->ik", shapes=shapes)
    assert str(caught.value) == text


def test_names_from_arrays_and_in_the_loops():
    generated = einloop.generate("ij,jk->ik", shapes={"W": (2, 3), "X": (3, 4)})
    assert generated.inputs == ("W", "X")
    generated = einloop.generate("ij,jk->ik", load={"W": np.ones((2, 3)), "X": np.ones((3, 4))})
    assert generated.inputs == ("W", "X")


def test_the_python_face():
    report = einloop.check("ij,kl->il", shapes=[(2, 3), (3, 4)])
    assert report.kind == "check"
    assert [finding.id for finding in report.findings] == ["EL703"]
    assert [(fix.expression, fix.shape) for fix in report.findings[0].fixes] == [("ij,jl->il", "(2, 4)")]
    assert report.facts["findings"] == {
        "subscripts": "ij,kl->il",
        "output": ["i", "l"],
        "shape": [2, 4],
        "warnings": 1,
        "notes": 0,
    }
    assert "EL703" in report.show()
    array = np.full(10, 100, np.int8)
    assert [f.id for f in einloop.check("i,i->", load=[array, array]).findings] == ["EL708"]
    assert einloop.check("i,i->", load=[array, array], dtypes="int8").findings
    assert [f.id for f in einloop.check("i,i->", dtypes=["int64", "int64"]).findings] == []


def test_a_fix_keeps_an_index_that_stands_twice_beside_an_ellipsis():
    report = einloop.check("iik...,jl...->...lji", shapes=[(2, 2, 4, 2), (37, 1, 2)])
    assert "write 'iik...,jl...->...kji', which gives shape (2, 4, 37, 2)" in str(report)
    assert np.einsum("iik...,jl...->...kji", np.ones((2, 2, 4, 2)), np.ones((37, 1, 2))).shape == (2, 4, 37, 2)


def test_the_drop_in_gives_fixes_too():
    with pytest.raises(EinloopError) as caught:
        einloop.einsum("bix,iox->box", np.zeros((3, 5, 2)), np.zeros((3, 5, 2)))
    assert [fix.expression for fix in caught.value.fixes] == ["bix,oix->box", "ibx,iox->box"]
    with pytest.raises(EinloopError) as caught:
        einloop.einsum(np.zeros((3, 5)), [0, 1], np.zeros((3, 5)), [1, 2])
    assert [fix.expression for fix in caught.value.fixes]


def test_checking_one_or_two_operands_loads_nothing_heavy():
    code = (
        "import einloop, sys\n"
        "einloop.check('ij,kl->il', shapes=[(2, 3), (4, 5)], dtypes='int8')\n"
        "print(*(name for name in ('numpy', 'black', 'opt_einsum', 'rich') if name in sys.modules))"
    )
    from test_layers import fresh

    done = fresh(code)
    assert (done.stdout, done.stderr) == ("\n", "")


@pytest.mark.parametrize(
    ("call", "dtype", "ids", "text"),
    [
        ("np.einsum('i->', a, dtype=np.int64)", "int8", [], None),
        ("np.einsum('i->', a, dtype='i8')", "int8", [], None),
        ("np.einsum('i->', a, dtype=float)", "uint8", [], None),
        ("np.einsum('i->', a, dtype=object)", "int16", [], None),
        ("np.einsum('i->', a, dtype=int)", "bool", [], None),
        ("np.einsum('i->', a, dtype=np.int16)", "int8", ["EL708"], "The sum has dtype int16"),
        ("np.einsum('i->', a, dtype=None)", "int8", ["EL708"], "Pass dtype=np.int64."),
        ("np.einsum('i->', a, optimize=True)", "int8", ["EL708"], "Pass dtype=np.int64."),
        ("np.einsum('i->', a, dtype=wide)", "int8", ["EL708"], "not show whether dtype=wide brings a wider dtype"),
        ("np.einsum('i->', a, out=z)", "int8", ["EL708"], "not show whether out=z brings a wider dtype"),
        ("np.einsum('i->', a, out=z)", "bool", ["EL709"], "not show whether out=z brings a wider dtype"),
        ("np.einsum('i->', a, out=None)", "bool", ["EL709"], "pass dtype=np.int64."),
    ],
)
def test_a_dtype_that_the_call_asks_for(call, dtype, ids, text):
    for page in (
        einloop.check(call, shapes=[(1000,)], dtypes=dtype),
        einloop.explain(call, shapes=[(1000,)], dtypes=dtype),
    ):
        shown = " ".join(str(page).split())
        assert [f.id for f in page.findings if f.id in ("EL708", "EL709")] == ids
        assert text is None or text in shown


def test_an_array_of_another_dtype_to_write_to_changes_the_sum():
    array = np.full(1000, 100, np.int8)
    out = np.zeros((), np.int64)
    assert np.einsum("i->", array, out=out) == np.einsum("i->", array, dtype=np.int64) == 100_000


@pytest.mark.parametrize(
    ("text", "marks", "words"),
    [
        ("y[i] = sum_{j=1}^{n} A[i,j]", ["sum_{j=1}^{n}"], ["over j are not read"]),
        (r"y_i = \sum_{j=0}^{n-1} A_{ij} x_j", [r"\sum_{j=0}^{n-1}"], ["over j are not read"]),
        ("y_i = ∑ⱼ₌₁ⁿ A_{ij}", ["∑ⱼ₌₁ⁿ"], ["over j are not read"]),
        (
            r"c = \sum_{i=1}^m \sum_{k=1}^n A_{ik}",
            [r"\sum_{i=1}^m", r"\sum_{k=1}^n"],
            ["over i are not read", "over k are not read"],
        ),
        ("c = Σ^n x_i", ["Σ^n"], ["The limits of the sum are not read"]),
        ("y[i] = sum_{j} A[i,j]", [], []),
    ],
)
def test_limits_of_a_sum_that_are_not_read(text, marks, words):
    for page in (einloop.check(text), einloop.explain(text)):
        notes = [f for f in page.findings if f.id == "EL172"]
        assert [text[span.start : span.stop] for note in notes for span in note.spans] == marks
        shown = " ".join(str(page).split())
        assert all(word in shown for word in words)
        assert ("軸全体" in page.show(lang="ja")) == bool(marks)
    assert ("Nothing is wrong" in str(einloop.check(text))) != bool(marks)


def test_a_mask_is_told_of_where_arrays_are_given():
    hidden = np.ma.array([1.0, 2.0, 3.0], mask=[False, True, False])
    whole = np.ma.array([1.0, 2.0, 3.0])
    report = einloop.check("i,i->", load=[whole, hidden])
    assert [(f.id, f.operand) for f in report.findings if f.id == "EL747"] == [("EL747", 1)]
    assert "Operand 1 is a masked array" in str(report)
    assert "マスク付き配列" in report.show(lang="ja")
    named = einloop.check("np.einsum('i,i->', a, b)", load={"a": hidden, "b": np.ones(3)})
    assert [f.operand for f in named.findings if f.id == "EL747"] == [0]
    assert [f.id for f in einloop.check("i,i->", load=[whole, np.ones(3)]).findings if f.id == "EL747"] == []
    assert [f.id for f in einloop.check("i,i->", load=[hidden.data, whole]).findings if f.id == "EL747"] == []


@pytest.mark.parametrize(("value", "called"), [(b"ab", "a bytes object"), ("ab", "a string")])
def test_text_that_is_no_array(value, called):
    with pytest.raises(EinloopError) as caught:
        einloop.einsum("i->", value)
    assert (caught.value.id, caught.value.message) == ("EL209", f"operand 0 is {called}, which is not an array")
