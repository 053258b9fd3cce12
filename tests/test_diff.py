"""`einloop diff`, `einloop.diff` and `einloop.equivalent`: the pages word for word, exit codes, refusals, facts."""

import io
import json
import subprocess
import sys

import numpy as np
import pytest

import einloop
from einloop import cli
from einloop.analysis.diff.verdict import decide
from einloop.core.canonical import form_of
from einloop.core.errors import OptionError
from einloop.notation import read

PAGES = {
    ("ij,jk->ik", "ab,bc"): """
ij,jk->ik | ab,bc

They compute the same: the indices stand in the same places.

The indices have other names: i ↔ a, j ↔ b, k ↔ c.
The second leaves its output out; written out it is ab,bc->ac.

What each computes
First: For every i and k, multiply A[i,j] by B[j,k] and add up over j.
Second: For every a and c, multiply A[a,b] by B[b,c] and add up over b.
""",
    ("ij,jk->ik", "ij,kj->ik"): """
ij,jk->ik | ij,kj->ik

They compute different things.

What each computes
First: For every i and k, multiply A[i,j] by B[j,k] and add up over j.
Second: For every i and k, multiply A[i,j] by B[k,j] and add up over j.

What moved
In the first only, axis 1 of A and axis 0 of B share an index, j.
The index of axis 0 of B is summed in the first (j) and free in the second (k).
In the second only, axis 1 of A and axis 1 of B share an index, j.
The index of axis 1 of B is free in the first (k) and summed in the second (j).

Inputs that show it
  A = [[1, 2]]
  B = [[3, 4], [5, 6]]
  np.einsum("ij,jk->ik", A, B)  # [[13, 16]]
  np.einsum("ij,kj->ik", A, B)  # [[11, 17]]
""",
    ("np.einsum('ij,jk,kl->il', a, b, c)", "np.einsum('kl,ij,jk->il', c, a, b)"): """
np.einsum('ij,jk,kl->il', a, b, c) | np.einsum('kl,ij,jk->il', c, a, b)

They compute the same: the indices stand in the same places.

The operands are matched by name, so their order does not matter.
The factors stand in another order: floats may differ in their last digits, and objects
that do not commute may differ.

What each computes
First: For every i and l, multiply a[i,j], b[j,k] and c[k,l] together and add up over j
and k.
Second: For every i and l, multiply c[k,l], a[i,j] and b[j,k] together and add up over k
and j.
""",
    ("...i->...", "i...->..."): """
...i->... | i...->...

They compute different things.

What each computes
First: For every position in the batch axes ..., add up A[...,i] over i.
Second: For every position in the batch axes ..., add up A[i,...] over i.

What moved
Told for A with 2 axes:
The index of axis 0 of A is free in the first (...) and summed in the second (i).
The index of axis 1 of A is summed in the first (i) and free in the second (...).

Inputs that show it
  A = [[1, 2]]
  np.einsum("...i->...", A)  # [3]
  np.einsum("i...->...", A)  # [1, 2]
""",
}


@pytest.mark.parametrize(("first", "second"), PAGES)
def test_page(first, second):
    assert einloop.diff(first, second).show() == PAGES[first, second].removeprefix("\n")


LEADS = [
    (
        "ij->ij",
        "ij->ji",
        "They differ only in the order of the output axes: the second is the first with .transpose(1, 0).",
    ),
    (
        "...ij->...ij",
        "...ij->...ji",
        "They differ only in the order of the output axes: in letters of the first, ..., i, j in the "
        "first and ..., j, i in "
        "the second.",
    ),
    (
        "ij,j->i",
        "j,ij->i",
        "They are the same if the operands of the first are given to the second in another order: (1, 0).",
    ),
    (
        "np.einsum('ij,jk->ik', a, b)",
        "np.einsum('ij,jk->ik', b, a)",
        "They differ only in which array stands where: the second is the first with b for a and a for b.",
    ),
    ("ij->ij", "ij->i", "The second is the first summed over j."),
    ("ij->", "ij->ij", "The first is the second summed over i and j."),
    ("ij->ij", "ii->i", "The second is a diagonal of the first: the elements where i and j are equal."),
    ("ii->i", "ab->ab", "The first is a diagonal of the second: the elements where a and b are equal."),
    ("ij,jk->ik", "ij->ij", "They take different operands: 2 operands in the first, 1 operand in the second."),
    (
        "ij->i",
        "ijk->i",
        "They take different arrays: A has 2 axes in the first and 3 axes in the second, so no inputs fit both.",
    ),
    (
        "...->...",
        "...i->...i",
        "They take different arrays: A has 0 axes or more in the first and 1 axis or more in the second.",
    ),
    (
        "np.einsum('ij,jk->ik', A, A)",
        "np.einsum('ij,jk->ik', A, B)",
        "They take different arrays: operands 0 and 1 are one array in the first and two in the second. Given one "
        "array there in both, they compute the same.",
    ),
    (
        "np.einsum('ij,jk->ik', A, B)",
        "np.einsum('ij,jk->ik', A, A)",
        "They take different arrays: operands 0 and 1 are one array in the second and two in the first. Given one "
        "array there in both, they compute the same.",
    ),
    (
        "...i->...i",
        "i...->i...",
        "They compute the same: written differently, but for every number of axes that '...' may cover the indices are "
        "the same.",
    ),
]


def said(report):
    """Return the sentences of the verdict, unwrapped."""
    return json.loads(report.show("json"))["sections"][0]["text"]


@pytest.mark.parametrize(("first", "second", "lead"), LEADS)
def test_lead(first, second, lead):
    assert said(einloop.diff(first, second))[0] == lead


BESIDE = [
    ("np.einsum('i,i->i', A, A)", "np.einsum('i->i', A)", {}, "A stands 2 times in the first and once in the second."),
    (
        "np.einsum('i,j->ij', A, B)",
        "np.einsum('i,j->ij', X, Y)",
        {},
        "The operands are matched by position: A ↔ X, B ↔ Y.",
    ),
    (
        "np.einsum('ij,jk->ik', A, A)",
        "jk,ij->ik",
        {},
        "The second names no arrays: it is given those of the first, in order.",
    ),
    (
        "jk,ij->ik",
        "np.einsum('ij,jk->ik', A, A)",
        {},
        "The first names no arrays: it is given those of the second, in order.",
    ),
    ("ij->i", "i...j->i", {}, "In the second '...' may cover no axis, as the output leaves it out."),
    ("...ij->i", "ij->i", {}, "In the first '...' may cover no axis, as the output leaves it out."),
    ("ij->i", "ij->j", {"shapes": [(3, 3)]}, "They differ for these shapes too."),
    ("ij->i", "ij->j", {"shapes": [("N", "N")]}, "Whether they agree for these shapes was not decided."),
    ("ij->ij", "ij->ji", {"sizes": {"i": 1, "j": 1}}, "In general they do not. They differ only in the order"),
    ("...,...->...", "...i,...i->...i", {}, "On arrays that both take, the results are the same."),
    ("ba", "ba->ab", {}, "The first leaves its output out; written out it is ba->ab."),
]


@pytest.mark.parametrize(("first", "second", "options", "sentence"), BESIDE)
def test_what_else_is_said(first, second, options, sentence):
    assert any(text.startswith(sentence) for text in said(einloop.diff(first, second, **options)))


def test_many_differences_are_counted():
    report = einloop.diff("abcdef->abc", "abcdef->fed")
    assert len(report.facts["diff"]["moved"]) == 6
    report = einloop.diff("abcdef,ghijkl->", "abcdef,fedcba->")
    moved = next(section for section in report.sections if section.id == "moved")
    assert len(moved.parts) == 6
    report = einloop.diff("abcdefghij->", "abcdefghij->jihgfedcba")
    assert "There are 2 more differences." in report.show()


def test_facts():
    facts = einloop.diff("ij->ij", "ab->ba").facts["diff"]
    assert facts == {
        "same": False,
        "in_general": False,
        "reason": "structure",
        "relation": "transpose",
        "permutation": [1, 0],
        "operand_order": None,
        "letters": None,
        "moved": [
            {"what": "role", "places": [{"operand": 0, "axis": 0}], "first": 0, "second": 1},
            {"what": "role", "places": [{"operand": 0, "axis": 1}], "first": 1, "second": 0},
        ],
        "example": {"inputs": {"A": [[1, 2], [3, 4]]}, "first": [[1, 2], [3, 4]], "second": [[1, 3], [2, 4]]},
    }


def test_facts_of_what_is_the_same():
    facts = einloop.diff("np.einsum('ij,jk', a, b)", "np.einsum('jk,ij->ik', b, a)").facts["diff"]
    assert (facts["same"], facts["reason"], facts["operand_order"]) == (True, "same form", [1, 0])
    assert facts["letters"] == {"i": "i", "j": "j", "k": "k"}
    assert facts["example"] is None


def test_the_inputs_can_be_pasted():
    report = einloop.diff("np.einsum('ij,ij->', X, X)", "np.einsum('ij,ji->', X, X)")
    block = next(section for section in report.sections if section.id == "example").parts[0]
    lines = block.text.splitlines()
    scope = {"np": np}
    exec(lines[0], scope)
    for line in lines[1:]:
        code, _, result = line.partition("  # ")
        assert eval(code, scope).tolist() == eval(result)
    assert len(lines) == 3


def test_words_as_indices_are_written_as_letters():
    report = einloop.diff("batch q, batch k -> q k", "b q, b k -> k q", notation="named")
    assert 'np.einsum("bq,bk->qk", A, B)' in report.show()


def test_marks_stand_under_the_indices():
    report = einloop.diff("ij,jk->ik", "ab,bc->ac")
    marked = {(report.subject[span.start : span.stop], number) for span, number in report.marks}
    assert marked == {("i", 0), ("j", 1), ("k", 2), ("a", 0), ("b", 1), ("c", 2)}
    assert report.colours == {"i": 0, "j": 1, "k": 2, "a": 0, "b": 1, "c": 2}


def test_one_name_of_two_indices_has_one_colour():
    assert einloop.diff("ij->ij", "ik->ki").colours == {"i": 0, "j": 1, "k": 2}


@pytest.mark.parametrize("format", ["text", "markdown", "html", "latex", "json", "comment"])
@pytest.mark.parametrize("pair", [("ij,jk->ik", "ij,kj->ik"), ("ij->i", "ab->a"), ("ij->ij", "ij->ji")])
def test_every_format(pair, format):
    assert einloop.diff(*pair).show(format)


CODES = [
    (["ij,jk->ik", "ab,bc->ac"], 0),
    (["ij,jk->ik", "C[i,k] += A[i,j] * B[j,k]"], 0),
    (["--notation", "named", "a b, b c -> a c", "x y, y z -> x z"], 0),
    (["ij->i", "ij->j", "-s", "1x1"], 0),
    (["ij->i", "ij->j"], 1),
    (["ij->i", "ij->j", "-s", "2x2"], 1),
    (["ij,jk->ik", "ij,kj->ik", "--names", "A,A"], 1),
    (["ij->i", "ij->j", "--json"], 1),
]


@pytest.mark.parametrize(("words", "code"), CODES)
def test_exit_code(words, code, capsys):
    assert cli.main(["diff", *words]) == code
    out, err = capsys.readouterr()
    assert out
    assert not err


REFUSED = [
    (["ij->z", "ij->i"], "EL106"),
    (["ij->i", "ij->z"], "EL106"),
    (["ij->i", "ij->j", "-s", "2x3x4"], "EL202"),
    (["ij,jk->ik", "ij,kj->ik", "-s", "2x3", "-s", "3x4"], "EL205"),
    (["ij->i", "ab->a", "--sizes", "a=2"], "EL406"),
    (["-", "-"], "EL472"),
    (["ij->i", "ij->i", "--dtype", "int8"], "EL471"),
    (["ij->i", "ij->i", "--result", "C"], "EL471"),
    (["ij->i"], "EL400"),
    (["ij->i", "ij->i", "--format", "pdf"], "EL469"),
    (["np.einsum('ij,jk->ik', A, A)", "np.einsum('ij,j->i', A, A)"], "EL403"),
    (["np.einsum('ij,j->i', A, A)", "ij,j->i"], "EL403"),
]


@pytest.mark.parametrize(("words", "id"), REFUSED)
def test_refusal(words, id, capsys):
    assert cli.main(["diff", *words]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith(f"error {id}: ")


STANDARD_INPUT = [
    (["ij->i", "-"], "ij->i\n", 0),
    (["-", "ij->i"], "ij->j\n", 1),
    (["-", "ij->i"], "y = np.zeros(n)\nfor i in range(n):\n    for j in range(m):\n        y[i] += A[i, j]\n", 0),
]


@pytest.mark.parametrize(("words", "given", "code"), STANDARD_INPUT)
def test_one_of_the_two_comes_from_standard_input(words, given, code, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(given))
    assert cli.main(["diff", *words]) == code


@pytest.mark.parametrize("given", ["", "# nothing\n", "ij->i\nij->j\n"])
def test_none_and_several_from_standard_input_are_refused(given, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(given))
    assert cli.main(["diff", "ij->i", "-"]) == 2
    assert capsys.readouterr() == ("", "error EL472: diff takes two expressions\n")


def test_ellipses_that_are_too_many_to_try_are_refused():
    """No expression is known that has too many, so the limit is lowered."""
    one, two = (form_of(read(text), ("A",)) for text in ("...i->...i", "i...->i..."))
    with pytest.raises(OptionError) as refused:
        decide(one, two, max_ranks=3)
    assert (refused.value.id, refused.value.message, refused.value.hint) == (
        "EL441",
        "undecided: the two agree for the 3 combinations of ranks that were tried, but their ellipses are "
        "too many to try all that matter",
        "give shapes (-s): then every axis is known",
    )


def test_help_closes_with_examples(capsys):
    with pytest.raises(SystemExit):
        cli.main(["diff", "--help"])
    assert "einloop diff 'ij,jk->ik' 'ab,bc'" in capsys.readouterr().out


def test_shapes_are_those_of_the_first_by_name():
    pair = "np.einsum('ij,j->i', M, v)", "np.einsum('k,ij->i', v, M)"
    assert not einloop.equivalent(*pair)
    assert einloop.equivalent(*pair, shapes=[(3, 1), (1,)])
    assert einloop.equivalent(*pair, shapes={"v": (1,), "M": (3, 1)})
    assert einloop.equivalent(*pair, load={"v": np.ones(1), "M": np.ones((3, 1))})
    assert not einloop.equivalent(*pair, shapes=[(3, 2), (2,)])


@pytest.mark.parametrize("wrong", [(3, "ij"), ("ij", None)])
def test_what_is_no_text_is_refused(wrong):
    for call in (einloop.diff, einloop.equivalent):
        with pytest.raises(einloop.EinloopError) as caught:
            call(*wrong)
        assert caught.value.id == "EL470"


def test_deciding_needs_no_arrays():
    code = (
        "import sys, einloop\n"
        "assert einloop.equivalent('ij,jk', 'ab,bc->ac') and not einloop.equivalent('ij->i', 'ij->j')\n"
        "assert einloop.diff('ij,jk', 'ab,bc->ac').show()\n"
        "print([name for name in ('numpy', 'opt_einsum', 'black', 'rich') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")


CALL = "np.einsum('ij,jk->ik', {})"
ARGUMENTS = [
    ("a.T, b", "a, b", None, "They take different arrays: a.T in the first is not a in the second."),
    ("2*a, b", "a, b", None, "They take different arrays: 2 * a in the first is not a in the second."),
    ("a, np.linalg.inv(b)", "a, b", None, "They take different arrays: np.linalg.inv(b) in the first is not b"),
    ("a, b", "a, np.einsum('ij->ji', b)", None, "b in the first is not np.einsum('ij->ji', b) in the second."),
    ("a[0], b", "a[1], b", None, "a[0] in the first is not a[1] in the second."),
    ("a.copy(), b", "a, b", None, "a.copy() in the first is not a in the second."),
    ("a.T, b", "b, a", None, "a.T in the first is not a in the second."),
    ("self.a.T, b", "self.a, b", None, "self.a.T in the first is not self.a in the second."),
    ("a.T, b", "a .T, b", "name", "They compute the same: the indices stand in the same places."),
    ("2*a, f(b)", "2 * (a), f( b )", "name", "They compute the same: the indices stand in the same places."),
    ("f(a), f(a)", "f(a), f(a)", "name", "They compute the same: the indices stand in the same places."),
    ("[[1]], b", "[[1],], b", "name", "They compute the same: the indices stand in the same places."),
    ("x.T, y", "a, b", "position", "The operands are matched by position: x.T ↔ a, y ↔ b."),
    ("x - y, z", "a, b", "position", "The operands are matched by position: x - y ↔ a, z ↔ b."),
    ("self.a, b", "self.c, b", "position", "The operands are matched by position: self.a ↔ self.c."),
]


@pytest.mark.parametrize(("first", "second", "by", "sentence"), ARGUMENTS, ids=[f"{a} | {b}" for a, b, *_ in ARGUMENTS])
def test_what_stands_inside_the_arguments_of_calls(first, second, by, sentence):
    for texts in ((CALL.format(first), CALL.format(second)), (f"x = {CALL.format(first)}", CALL.format(second))):
        report = einloop.diff(*texts)
        assert report.facts["diff"]["same"] is (by is not None)
        assert einloop.equivalent(*texts) is (by is not None)
        assert einloop.equivalent(*texts[::-1]) is (by is not None)
        assert einloop.equivalent(*texts, shapes=[(2, 1), (1, 3)]) is (by is not None)
        page = " ".join(said(report))
        assert sentence in page
        assert ("matched by position" in page) is (by != "name")


def test_arguments_by_text_in_another_order():
    one, two = "np.einsum('ij,jk->ik', a.T, f(b))", "np.einsum('jk,ij->ik', f( b ), a.T)"
    assert "The operands are matched by name, so their order does not matter." in said(einloop.diff(one, two))
    assert not einloop.equivalent(one, "np.einsum('ij,jk->ik', f(b), a.T)")
    assert einloop.equivalent(one, "C[i,k] = X[i,j] * Y[j,k]")
    assert einloop.equivalent(one, "ij,jk->ik")
    assert not einloop.equivalent("np.einsum('ij->ij', a.T)", "C[i,j] = a[i,j]")
    assert einloop.equivalent("np.einsum('ij->ij', a.T)", "np.einsum('ij->ij', a)", names=["A"])


BESIDE = [
    ("np.einsum('ij->i', a, dtype='f4')", "dtype='f4'"),
    ("np.einsum('ij->i', a, out=c)", "out=c"),
    ("np.einsum('ij->i', a, casting='unsafe')", "casting='unsafe'"),
    ("np.einsum('ij->i', a, **kw)", "**kw"),
    ("c[0] = np.einsum('ij->i', a)", "c[0] = ..."),
    ("c[0, :] = np.einsum('ij->i', a, dtype=np.int8)", "dtype=np.int8 and c[0, :] = ..."),
]


@pytest.mark.parametrize(("text", "parts"), BESIDE, ids=[text for text, _ in BESIDE])
def test_what_one_call_alone_says_beside_its_arrays(text, parts):
    plain = "np.einsum('ij->i', a)"
    assert f"The first also says {parts}, which is not compared." in said(einloop.diff(text, plain))
    assert f"The second also says {parts}, which is not compared." in said(einloop.diff("c = " + plain, text))
    assert "not compared" not in said(einloop.diff(text, text))
    for quiet in ("np.einsum('ij->i', a, optimize=True)", "np.einsum('ij->i', a, dtype=None)", "x.y = " + plain):
        assert "not compared" not in said(einloop.diff(quiet, plain))


def test_a_formula_that_adds_is_noted():
    report = einloop.diff("x1[i] += A[i,j]*y[j]", "x1[i] = A[i,j]*y[j]")
    assert [finding.id for finding in report.findings] == ["EL164"]
    assert report.facts["diff"]["same"] is True
    assert "what x1[i] held before is not added" in report.show()
    assert "ゼロから始まる" in report.show(lang="ja")
    assert cli.main(["diff", "x1[i] += A[i,j]*y[j]", "x1[i] = A[i,j]*y[j]"]) == 0
    assert not einloop.diff("ij,j->i", "x1[i] = A[i,j]*y[j]").findings
