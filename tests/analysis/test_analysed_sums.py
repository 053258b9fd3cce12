"""explain, check, why and diff of sums of einsums: their pages word for word, facts, refusals, and random sums."""

from __future__ import annotations

import json
import random
from contextlib import suppress
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import einloop
from einloop import cli
from einloop.analysis.diff.sides import side_of
from einloop.analysis.diff.sums import SumReason, compare_sums
from einloop.api.values import opened
from einloop.core.bind_sum import bind_statements, input_names
from einloop.core.combination import Combination, Statements, Summand
from einloop.core.errors import EinloopError, LiftError, OptionError, ShapeError
from einloop.core.joined import join
from einloop.core.options import Options
from einloop.core.parts import Shaped, part
from einloop.core.source import Notation
from einloop.core.statement_data import statements_data
from einloop.core.substitution import final_sums
from einloop.lifting import lift
from einloop.notation import read
from einloop.pipeline.check import check
from einloop.pipeline.diff import diff
from einloop.pipeline.diff_sum import diff_sums
from einloop.pipeline.explain import explain
from einloop.pipeline.page import VIEWS, render
from einloop.pipeline.why import why

RANKS = {"A": 2, "B": 2, "C": 2, "X": 2, "a": 1, "b": 1, "c": 1, "x": 1, "y": 1, "alpha": 0, "n": 0, "P": 2, "Q": 2}


def lifted(text: str) -> Statements:
    return lift(text, Notation.NUMPY, RANKS)


def summand(text: str, coefficient=1, **more) -> Summand:
    return Summand(spec=read(text), coefficient=coefficient, **more)


def combined(result: str, *summands: Summand, **more) -> Combination:
    return Combination(source=summands[0].spec.source, result=result, summands=summands, **more)


def statements(*combinations: Combination, temporaries=()) -> Statements:
    return Statements(combinations=combinations, temporaries=temporaries)


def shown(report, format: str = "text", lang: str = "en") -> str:
    return render(report, format, lang)


def section(report, id: str):
    return next(one for one in report.sections if one.id == id)


SENTENCES = {
    "D = 2*A@B - C": "For every i and k, D[i,k] is 2 times the sum over j of A[i,j]·B[j,k], minus C[i,k].",
    "D = -A@B": "For every i and k, D[i,k] is minus the sum over j of A[i,j]·B[j,k].",
    "d = a/3 + 0.5*b": "For every i, d[i] is 1/3 times a[i], plus 0.5 times b[i].",
    "y = y + alpha*A@x/n": "For every i, add to y[i]: alpha times the sum over j of A[i,j]·x[j], divided by n.",
    "y = y - a - b": "For every i, subtract from y[i]: a[i], plus b[i].",
    "d = (a*b).sum() + 3": "d is the sum over i of a[i]·b[i], plus 3.",
    "D = A + b": "For every i and j, D[i,j] is A[i,j], plus b[j].",
    "D = 0*A": "D is 0: nothing is added up.",
    "d = a + a*b + 2*b*b + c + c*c + 1": "For every i, d[i] is the sum of 6 terms.",
}


@pytest.mark.parametrize("text", SENTENCES)
def test_the_sentence(text):
    assert SENTENCES[text] in shown(explain(lifted(text), Options())).replace("\n", " ")


FORMULAS = {
    "D = 2*A@B - C": ("D[i,k] = 2 · Σ_j A[i,j] · B[j,k] − C[i,k]", r"D_{ik} = 2 \sum_{j} A_{ij} B_{jk} - C_{ik}"),
    "d = a/3 - b": ("d[i] = 1/3 · a[i] − b[i]", r"d_{i} = \frac{1}{3} a_{i} - b_{i}"),
    "d = -a - b/2": ("d[i] = −a[i] − 0.5 · b[i]", r"d_{i} = -a_{i} - \frac{1}{2} b_{i}"),
    "y = y + alpha*a/n": ("y[i] += alpha · a[i] / n", r"y_{i} = y_{i} + \frac{\alpha}{n} a_{i}"),
    "y = y - a": ("y[i] −= a[i]", r"y_{i} = y_{i} - a_{i}"),
    "d = 0.7*a + b": ("d[i] = 0.7 · a[i] + b[i]", r"d_{i} = \frac{7}{10} a_{i} + b_{i}"),
    "d = 2j*a + b": ("d[i] = 2j · a[i] + b[i]", r"d_{i} = 2 \mathrm{i} a_{i} + b_{i}"),
    "D = A + 1": ("D[i,j] = A[i,j] + 1", r"D_{ij} = A_{ij} + 1"),
}


@pytest.mark.parametrize("text", FORMULAS)
def test_the_formula(text):
    facts = section(explain(lifted(text), Options()), "meaning").facts
    assert (facts["formula"], facts["latex"]) == FORMULAS[text]


def test_a_length_in_a_formula_is_code():
    mean = statements(
        combined(
            "d",
            summand("np.einsum('ij->j', A)", divisors=("A.shape[0]",)),
            summand("np.einsum('j->j', b)", factors=("n - 1",)),
        )
    )
    facts = section(explain(mean, Options()), "meaning").facts
    assert facts["formula"] == "d[j] = Σ_i A[i,j] / A.shape[0] + (n - 1) · b[j]"
    assert facts["latex"] == r"d_{j} = \frac{1}{\mathtt{A.shape[0]}} \sum_{i} A_{ij} + \mathtt{n\ -\ 1} b_{j}"


def test_several_statements_stand_in_order_with_temporaries():
    two = statements(
        combined("T", summand("np.einsum('ij,jk->ik', A, B)")),
        combined("D", summand("np.einsum('pq,qr->pr', T, C)", 2), summand("np.einsum('ab->ab', T)", -1)),
        temporaries=("T",),
    )
    report = explain(two, Options())
    text = shown(report)
    assert text.index("T[i,k] = Σ_j A[i,j] · B[j,k]") < text.index("D[i,r] = 2 · Σ_k T[i,k] · C[k,r] − T[i,r]")
    assert "T is a temporary: only later statements read it." in text
    assert [one["result"] for one in section(report, "statement").facts["statements"]] == ["T", "D"]


@pytest.mark.parametrize("format", VIEWS)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_page_in_every_format(format, lang):
    values = (("A", (2, 3)), ("B", (3, 4)), ("C", (2, 4)))
    found, known = lifted("D = 2*A@B - C/3"), Options(shapes=values)
    for report in (
        explain(found, known),
        check(found, known),
        why(found, known, at=(0, 1)),
        diff(found, lifted("D = A@B + C"), Options()),
    ):
        assert len(shown(report, format, lang)) > 10


def test_shapes_that_disagree_are_refused():
    with pytest.raises(ShapeError) as caught:
        explain(lifted("D = A + C"), Options(shapes=(("A", (2, 3)), ("C", (2, 4)))))
    assert caught.value.id == "EL205"
    assert caught.value.message == "axis 1 of D has size 3 by A but 4 by C"
    assert caught.value.hint == "the terms of a sum have one shape; only an axis of size 1 is repeated"


def test_a_name_that_no_array_has_is_refused():
    with pytest.raises(OptionError, match="a shape for 'Z', but the operands are A, C, D"):
        check(lifted("D = A + C"), Options(shapes=(("Z", (2, 3)),)))


def test_indices_of_one_axis_have_one_name():
    made = join(lifted("D = A@B + C"))
    assert [one.spec.subscripts for one in made.statements.combinations[0].summands] == ["ij,jk->ik", "ik->ik"]
    two = join(lifted("D = A@B\nE = B@A"))
    labels = [one.summands[0].spec for one in two.statements.combinations]
    assert labels[0].operands[1].labels == labels[1].operands[0].labels, "B has the same indices in both"


FINDINGS = {
    "d = (a-b)*(a-b)": [
        "warning EL764: The square of a difference is multiplied out. In floats the large terms cancel where a and b "
        "are close, and most digits are lost: subtract first, then square.",
    ],
    "D = A@B - 2*A@C": [
        "note EL763: Σ_j A[i,j] · B[j,k] and −2 · Σ_j A[i,j] · C[j,k] share the factor A. "
        "np.einsum('ij,jk->ik', A, B - 2 * C) computes their sum with one contraction in place of 2.",
    ],
    "D = A + b": ["note EL762: b[j] has no index i: it is repeated along that axis of the result."],
    "D = np.einsum('ij,kl->il', A, B) + C": [
        "note EL703: In Σ_{j,k} A[i,j] · B[k,l]: j and k each stand in one operand only and not in the output: each is "
        "summed on its own and nothing pairs them. A comma multiplies; only a letter in both operands pairs their "
        "axes.",
    ],
    "D = A@B + A": [],
    "d = (a+b)*(a+b)": [],
}


@pytest.mark.parametrize("text", FINDINGS)
def test_findings(text):
    report = check(lifted(text), Options())
    page = " ".join(shown(report).split())
    for said in FINDINGS[text]:
        assert said.split(": ", 1)[1] in page
    kinds = [finding.id for finding in report.findings]
    assert kinds == [said.split()[1].rstrip(":") for said in FINDINGS[text]]


DTYPES = [
    ("d = a - b", "uint8", "EL767"),
    ("d = a - b", "bool", "EL766"),
    ("d = a - b", "int8", None),
    ("d = a + b", "uint8", None),
    ("d = 2*a - b", "float32", None),
]


@pytest.mark.parametrize(("text", "dtype", "id"), DTYPES)
def test_dtypes_of_differences(text, dtype, id):
    found = {finding.id for finding in check(lifted(text), Options(dtypes=((None, dtype),))).findings}
    assert (id in found) if id else found <= {"EL708"}
    one, other = np.ones(2, dtype), np.ones(2, dtype)
    if id == "EL766":
        with pytest.raises(TypeError):
            one - other
    if id == "EL767":
        assert (one - other - other > 0).all(), "it wraps around"


@pytest.mark.parametrize(
    ("own", "other", "refused"), [("int64", "float64", True), ("float32", "float64", False), ("uint8", "int8", True)]
)
def test_what_numpy_adds_in_place(own, other, refused):
    known = Options(dtypes=(("y", own), ("a", other)))
    found = [finding.id for finding in check(lifted("y = y + a"), known).findings]
    assert ("EL768" in found) is refused
    held = np.ones(2, own)
    if refused:
        with pytest.raises(TypeError):
            held += np.ones(2, other)
    else:
        held += np.ones(2, other)


def test_an_axis_that_another_term_stretches():
    report = check(lifted("D = A + C"), Options(shapes=(("A", (2, 3)), ("C", (1, 3)))))
    assert "warning EL765: Axis 0 of C has size 1, and i is 2 in other terms: C[0,j] is repeated" in shown(report)


def test_an_expected_result():
    shapes = (("A", (2, 3)), ("B", (3, 4)), ("C", (2, 4)))
    found = lifted("D = A@B + C")
    assert [x.id for x in check(found, Options(shapes=shapes, expect=(4, 2))).findings] == ["EL720"]
    assert check(found, Options(shapes=shapes, expect=(2, 4))).findings == ()


def loaded(**arrays):
    return opened({name: np.asarray(array) for name, array in arrays.items()})


WHY = """\
D = 2*A@B - C

D[1,2] is 159: 2 terms are added up.

  D[1,2] = 2 · Σ_j A[1,j] · B[j,2] − C[1,2]
         = 160 − 1
         = 159

What each term comes to
  term                     products  value
  2 · Σ_j A[1,j] · B[j,2]         3    160
  −C[1,2]                         1     -1

Their products
2 · Σ_j A[1,j] · B[j,2], whose products sum to 80:
  term           values  product  share of the sum
  A[1,0]·B[0,2]  3·2           6  7.5%
  A[1,1]·B[1,2]  4·6          24  30%
  A[1,2]·B[2,2]  5·10         50  62.5%

What numpy gives
The terms sum to 159, which is what numpy gives.
"""


def test_why_with_values():
    left, right = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)
    known = Options(loaded=loaded(A=left, B=right, C=np.ones((2, 4))))
    report = why(lifted("D = 2*A@B - C"), known, at=(1, 2))
    assert shown(report) == WHY
    facts = report.facts
    assert facts["element"]["value"] == facts["numpy"]["numpy"] == facts["numpy"]["sum"] == (2 * left @ right)[1, 2] - 1
    assert [one["value"] for one in facts["addends"]["addends"]] == [160.0, -1.0]
    assert [one["product"] for one in facts["products"]["terms"][0]["terms"]] == [6, 24, 50]


def test_why_is_what_numpy_gives():
    random.seed(0)
    rng = np.random.default_rng(0)
    arrays = {"A": rng.random((2, 3)), "B": rng.random((3, 4)), "C": rng.random((2, 4)), "x": rng.random(3)}
    arrays |= {"y": rng.random(2), "a": rng.random(5), "b": rng.random(4), "alpha": np.array(2.5), "n": np.array(7)}
    texts = {
        "D = 2*A@B - C": 2 * arrays["A"] @ arrays["B"] - arrays["C"],
        "y = y + alpha*A@x/n": arrays["y"] + arrays["alpha"] * (arrays["A"] @ arrays["x"]) / 7,
        "d = a[1:] - a[:-1] + 1": arrays["a"][1:] - arrays["a"][:-1] + 1,
        "D = C + b": arrays["C"] + arrays["b"],
        "d = (a*a).sum() - 3*alpha": (arrays["a"] ** 2).sum() - 3 * 2.5,
        "d = -a/3": -arrays["a"] / 3,
    }
    for text, result in texts.items():
        found = lifted(text)
        known = Options(loaded=loaded(**{name: arrays[name] for name in input_names(found)}))
        for place in np.ndindex(np.shape(result)):
            facts = why(found, known, at=place).facts
            assert facts["element"]["value"] == pytest.approx(np.asarray(result)[place], rel=1e-14), (text, place)
            assert facts["numpy"]["sum"] == pytest.approx(np.asarray(result)[place], rel=1e-14)


def test_why_says_what_is_not_finite():
    infinite = np.ones((2, 3))
    infinite[1, 1] = np.inf
    found = lifted("D = 2*A@B - C")
    known = Options(loaded=loaded(A=infinite, B=np.ones((3, 4)), C=np.ones((2, 4))))
    report = why(found, known, nonfinite=True)
    assert report.facts["nonfinite"] == {"found": True, "element": "D[1,0]", "at": [1, 0]}
    assert "In 2 · Σ_j A[1,j] · B[j,0]: D[1,0] is inf because A[1,1] is inf." in shown(report)
    fine = why(found, Options(loaded=loaded(A=np.ones((2, 3)), B=np.ones((3, 4)), C=np.ones((2, 4)))), nonfinite=True)
    assert "Every element is finite: numpy computed them all." in shown(fine)
    huge = np.array([1e308])
    over = why(lifted("d = a + b"), Options(loaded=loaded(a=huge, b=huge)), at=(0,))
    assert "Every term is finite; d[0] is not, because their sum leaves the dtype." in shown(over)


def test_why_says_that_terms_cancel_and_wrap():
    near = why(lifted("d = (a-b)*(a-b)"), Options(loaded=loaded(a=[1e8 + 1], b=[1e8])), at=(0,))
    assert [finding.id for finding in near.findings] == ["EL753"]
    wraps = why(lifted("d = a - b"), Options(loaded=loaded(a=np.uint8([1]), b=np.uint8([3]))), at=(0,))
    assert [finding.id for finding in wraps.findings] == ["EL751"]
    assert "The true sum -2 does not fit uint8; numpy gives 254." in shown(wraps)


def test_why_without_values():
    assert "D[0,1] = 2·(A[0,0]·B[0,1] + A[0,1]·B[1,1] + A[0,2]·B[2,1]) − C[0,1]" in shown(
        why(lifted("D = 2*A@B - C"), Options(), at=(0, 1))
    )
    assert "y[1] = y[1] + alpha·(A[1,0]·x[0] + A[1,1]·x[1] + A[1,2]·x[2])/n" in shown(
        why(lifted("y = y + alpha*A@x/n"), Options(), at=(1,))
    )


WHY_REFUSED = [
    ({"at": (0,)}, "EL421"),
    ({"at": (0, 9)}, "EL422"),
    ({"nonfinite": True}, "EL420"),
    ({"at": (0, 0), "nonfinite": True}, "EL473"),
]


@pytest.mark.parametrize(("asked", "id"), WHY_REFUSED)
def test_why_refuses(asked, id):
    known = Options(shapes=(("A", (2, 3)), ("C", (2, 3))))
    with pytest.raises(OptionError) as caught:
        why(lifted("D = A + C"), known, **asked)
    assert caught.value.id == id


def test_why_refuses_arrays_that_are_missing():
    with pytest.raises(OptionError, match="an array for A, but none for C") as caught:
        why(lifted("D = A + C"), Options(loaded=loaded(A=np.ones((2, 3)))), at=(0, 0))
    assert caught.value.id == "EL420"


SAME = [
    ("d = (a-b)*(a-b)", "d = a*a - 2*a*b + b*b"),
    ("D = A@B + A@C", "D = A@(B + C)"),
    ("y = alpha*A@x + y", "y = y + A@(x*alpha)"),
    ("D = (A@B).T", "D = B.T@A.T"),
    ("d = a/3 + a/6", "d = 0.5*a"),
    ("d = 0.1*a + 0.2*a", "d = 0.3*a"),
    ("D = A@B - 2*C", "Z = P@Q - 2*X"),
    ("d = a + b", "d = b + a"),
    ("D = A + b", "D = b + A"),
    ("D = A@B\nE = A + C", "D = A@B\nE = C + A"),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_same(first, second):
    report = diff(lifted(first), lifted(second), Options())
    assert report.facts["diff"]["same"], shown(report)
    assert report.facts["diff"]["example"] is None


DIFFERENT = [
    ("D = A@B - A@C", "D = A@(B + C)", "structure"),
    ("D = A + B.T", "D = A + B", "structure"),
    ("d = a[1:] - a[:-1]", "d = a[1:] - 2*a[:-1]", "structure"),
    ("d = a + 1", "d = a + 2", "structure"),
    ("y = y + a", "y = 2*y + a", "structure"),
    ("d = a/n", "d = a/3", "structure"),
    ("d = a + b", "d = A + C", "axes of the result"),
    ("D = A@B\nE = A + C", "D = A@B", "number of results"),
    ("D = A@B + A@C", "D = A@A + A@B + A@C", "structure"),
]


@pytest.mark.parametrize(("first", "second", "reason"), DIFFERENT)
def test_different(first, second, reason):
    facts = diff(lifted(first), lifted(second), Options()).facts["diff"]
    assert (facts["same"], facts["reason"]) == (False, reason)


def test_how_they_differ():
    turned = diff(lifted("D = A@B + C"), lifted("D = B.T@A.T + C.T"), Options())
    assert turned.facts["diff"]["permutation"] == [1, 0]
    twice = diff(lifted("D = A@B + C"), lifted("D = 2*A@B + 2*C"), Options())
    assert (twice.facts["diff"]["relation"], twice.facts["diff"]["factor"]) == ("multiple", 2)
    assert "The second is 2 times the first." in shown(twice)


DIFFERENCE = """\
They compute different things.

What each computes
First: For every i and k, D[i,k] is the sum over j of A[i,j]·B[j,k], minus 2 times
C[i,k].
Second: For every i and k, D[i,k] is the sum over j of A[i,j]·B[j,k], plus the sum over
l of B[i,l]·A[l,k], plus C[i,k].

Term by term
  term                 first  second
  C[i,k]               -2          1
  Σ_j B[i,j] · A[j,k]  none        1
  Σ_j A[i,j] · B[j,k]  1           1

Inputs that show it
  A = np.array([[1]])
  B = np.array([[2]])
  C = np.array([[3]])
  D = np.einsum('ij,jk->ik', A, B) - 2 * C
  # D = [[-4]]
  D = np.einsum('ij,jk->ik', A, B) + np.einsum('ij,jk->ik', B, A) + C
  # D = [[7]]
"""


def test_the_page_of_a_difference():
    product, other = "np.einsum('ij,jk->ik', A, B)", "np.einsum('ij,jk->ik', B, A)"
    first = combined("D", summand(product), summand("np.einsum('ij->ij', C)", -2))
    second = combined("D", summand(product), summand(other), summand("np.einsum('ij->ij', C)"))
    page = shown(diff(statements(first), statements(second), Options()))
    assert page.partition("\n\n")[2] == DIFFERENCE


def test_a_temporary_is_put_in():
    two = statements(
        combined("T", summand("np.einsum('ij,jk->ik', A, B)"), summand("np.einsum('ij->ij', C)", -1)),
        combined("D", summand("np.einsum('ij,jk->ik', T, T)")),
        temporaries=("T",),
    )
    assert diff(two, lifted("D = A@B@A@B - A@B@C - C@A@B + C@C"), Options()).facts["diff"]["same"]
    assert not diff(two, lifted("D = A@B@A@B - A@B@C + C@C"), Options()).facts["diff"]["same"]


def test_a_part_of_a_result_is_no_sum():
    first = combined("C", summand("np.einsum('i->i', a)"))
    part_of = combined("C", summand("np.einsum('i->i', b)"), target="C[1:]")
    with pytest.raises(LiftError) as caught:
        final_sums(statements(first, part_of))
    assert caught.value.id == "EL821"
    assert caught.value.message == ("C is read or written both as a whole and in part, or in two shapes")


def test_shapes_that_may_be_two_stay_undecided():
    one = combined("D", summand("np.einsum('i,j->ij', a, b)"), summand("np.einsum('i,j->ij', b, a)"), shape=("n",))
    other = combined("D", summand("np.einsum('i,j->ij', a, b)"), summand("np.einsum('i,j->ij', b, a)"), shape=("m",))
    with pytest.raises(OptionError) as caught:
        diff(statements(one), statements(other), Options())
    assert caught.value.id == "EL442"
    assert caught.value.message == "undecided: the result is given the shape (n) in the first and (m) in the second"


def test_dots_stay_undecided():
    one = combined("D", summand("np.einsum('...i->...', A)"), summand("np.einsum('...i->...', B)"))
    other = combined("D", summand("np.einsum('i...->...', A)"), summand("np.einsum('...i->...', B)"))
    with pytest.raises(OptionError) as caught:
        diff(statements(one), statements(other), Options())
    assert caught.value.id == "EL441"


def test_products_of_many_sums_are_refused():
    wide = combined("T", *(summand(f"np.einsum('i->i', a{number})") for number in range(40)))
    power = combined("D", summand("np.einsum('i,i->i', T, T)"))
    with pytest.raises(LiftError) as caught:
        final_sums(statements(wide, power))
    assert caught.value.id == "EL816"


def test_shapes_of_ones_decide():
    first, second = "d = A.sum(0) + b", "d = A[0] + b"
    rows = statements(combined("d", summand("np.einsum('ij->j', A)"), summand("np.einsum('j->j', b)")))
    other = statements(combined("d", summand("np.einsum('ij->i', A)"), summand("np.einsum('j->j', b)")))
    known = Options(shapes=(("A", (1, 1)), ("b", (1,))))
    assert diff(rows, other, known).facts["diff"]["reason"] == "same for these shapes", (first, second)


def run_example(text: str) -> list:
    """Return what the lines of an example give, next to what they say they give."""
    names: dict = {"np": np}
    found, lines = [], []
    for line in text.split("\n"):
        if line.startswith("# "):
            exec("\n".join(lines), names)
            name, _, said = line[2:].partition(" = ")
            found.append((np.asarray(names[name]), eval(said)))
            lines = []
        else:
            lines.append(line)
    return found


FACTORS = ["A", "B", "C"]


@st.composite
def random_sums(draw):
    """Return a random sum of products of matrices and vectors, and a rearranged one: factors and terms in another
    order, coefficients in two parts, another text for the same indices."""
    terms = []
    for _ in range(draw(st.integers(1, 4))):
        names = draw(st.lists(st.sampled_from(FACTORS), min_size=1, max_size=3))
        labels = [draw(st.sampled_from(["ij", "jk", "ik", "kj", "ii", "ki"])) for _ in names]
        used = sorted({x for term in labels for x in term})
        if not {"i", "k"} <= set(used):
            labels.append("ik")
            names.append("A")
        terms.append((draw(st.sampled_from([1, -1, 2, Fraction(1, 2), Fraction(1, 3), -3])), names, labels))
    rng = random.Random(draw(st.integers(0, 10**6)))
    return terms, rng


def written(terms, letters=str.strip) -> Statements:
    parts = [
        summand(f"np.einsum('{','.join(map(letters, labels))}->{letters('ik')}', {', '.join(names)})", coefficient)
        for coefficient, names, labels in terms
    ]
    return statements(combined("D", *parts))


def rearranged(terms, rng: random.Random) -> Statements:
    found = []
    for coefficient, names, labels in terms:
        pairs = list(zip(names, labels, strict=True))
        rng.shuffle(pairs)
        share = Fraction(rng.randint(-3, 3), rng.choice([1, 2, 7]))
        shares = [one for one in (share, Fraction(coefficient) - share) if one]
        found += [(one, [name for name, _ in pairs], [term for _, term in pairs]) for one in shares]
    rng.shuffle(found)
    table = str.maketrans(dict(zip("ijk", rng.sample("abcpqr", 3), strict=True)))
    return (
        written(found or terms, lambda text: text.translate(table))
        if found
        else statements(combined("D", summand("np.einsum('ik->ik', A)", 0)))
    )


@given(random_sums())
def test_a_rearranged_sum_is_the_same(made):
    terms, rng = made
    assert compare_sums(side_of(written(terms)), side_of(rearranged(terms, rng))).reason is SumReason.TERMS


@given(random_sums(), st.integers(0, 3))
def test_a_changed_sum_differs_and_the_example_shows_it(made, kind):
    terms, rng = made
    changed = [(coefficient, list(names), list(labels)) for coefficient, names, labels in terms]
    number = rng.randrange(len(changed))
    coefficient, names, labels = changed[number]
    if kind == 0:
        changed[number] = (coefficient + 1, names, labels)
    elif kind == 1:
        del changed[number]
    elif kind == 2:
        names[0] = "D1" if names[0] == "A" else "A"
    else:
        labels[0] = labels[0][::-1]
    if not changed:
        return
    first, second = written(terms), written(changed)
    report = diff_sums(first, second, " | ", Options())
    facts = report.facts["diff"]
    arrays = {name: np.random.default_rng(1).integers(1, 9, (3, 3)) for name in (*FACTORS, "D1")}
    equal = np.allclose(*(value(one, arrays) for one in (first, second)))
    if facts["same"]:
        assert equal or facts["arrays"]
        return
    shown_example = [one for one in report.sections if one.id == "example"]
    if shown_example:
        (one, said), (other, told) = run_example(shown_example[0].parts[0].text)
        assert np.allclose(one, said)
        assert np.allclose(other, told)
        assert not np.allclose(one, other)
    else:
        assert not equal or facts["arrays"]


def value(made: Statements, arrays) -> np.ndarray:
    (combination,) = made.combinations
    return sum(
        float(one.coefficient) * np.einsum(one.spec.subscripts, *(arrays[name] for name in one.names))
        for one in combination.summands
    )


PARTS = [
    ("A[1:]", (4, 3)),
    ("A[:A.shape[0] - 1, 0]", (4,)),
    ("A[::-2]", (3, 3)),
    ("A.reshape(-1, 5)", (3, 5)),
    ("A[..., None]", (5, 3, 1)),
    ("np.ones(A.shape[1])", (3,)),
    ("np.ones(len(A) * n)", (10,)),
    ("A[9]", None),
    ("A.sum()", None),
    ("__import__('os')", None),
    ("A[B]", None),
    ("A.reshape(4)", None),
    ("A[", None),
    ("A" + "[0]" * 60, None),
]


@pytest.mark.parametrize(("text", "shape"), PARTS)
def test_parts(text, shape):
    found = part(text, {"A": Shaped((5, 3))}, {"n": 2})
    assert (found.shape if isinstance(found, Shaped) else None) == shape
    if shape is not None:
        assert part(text, {"A": np.zeros((5, 3))}, {"n": 2}, np.ones).shape == shape


def test_facts_are_stable():
    found = lifted("y = y + alpha*A@x/3 - y/n")
    data = statements_data(found)
    json.dumps(data)
    (one,) = data["statements"]
    assert list(one) == ["text", "result", "target", "adds", "terms", "views", "notes"]
    assert one["terms"][0] == {
        "coefficient": "1/3",
        "subscripts": ",ij,j->i",
        "operands": ["alpha", "A", "x"],
        "factors": [],
        "divisors": [],
    }


def test_the_commands_take_sums(capsys):
    shapes = ["-s", "A=2x3", "-s", "B=3x4", "-s", "C=2x4"]
    assert cli.main(["explain", "D = 2*A @ B - C", *shapes, "--format", "json"]) == 0
    sections = {one["id"]: one["facts"] for one in json.loads(capsys.readouterr().out)["sections"]}
    assert sections["statement"]["text"] == "D = 2 * np.einsum('ij,jk->ik', A, B) - C"
    assert sections["cost"] == {"iterations": 32, "multiplications": 32, "additions": 32, "scales_as": ["O(i·j·k)"]}
    assert cli.main(["check", "D = A @ B - A @ C", "-s", "A=2x3", "-s", "B=3x4", "-s", "C=3x4", "--strict"]) == 0
    assert cli.main(["why", "D = 2*A @ B - C", *shapes, "--at", "0,1"]) == 0
    assert cli.main(["diff", "(a-b)*(a-b)", "a*a - 2*a*b + b*b"]) == 0
    assert cli.main(["diff", "(A[:, None] * B).sum(0)", "i,ij->j"]) == 0
    assert cli.main(["diff", "A @ B - C", "A @ B + C", *shapes]) == 1
    assert einloop.equivalent("A @ (B + C)", "A @ B + A @ C", shapes={"A": (2, 3), "B": (3, 4), "C": (3, 4)})


def test_a_plain_einsum_goes_the_usual_way():
    plain = lifted("D = A@B")
    assert [one.id for one in explain(plain, Options()).sections if one.id != "statement"] == [
        one.id for one in explain(read("D = np.einsum('ij,jk->ik', A, B)"), Options()).sections
    ]
    assert "moved" not in {one.id for one in diff(plain, read("ij,jk->ki"), Options()).sections}


def test_binding_says_the_shape_of_later_results():
    two = lifted("D = A@B\nE = A + C")
    bound = bind_statements(two, {"A": (2, 3), "B": (3, 4), "C": (2, 3)})
    assert [index.extent for index in bound.combinations[0].summands[0].spec.free] == [2, 4]


AWKWARD = [
    (("A", ()),),
    (("A", (0, 0)), ("B", (0, 0)), ("C", (0, 0))),
    (("a", (0,)), ("b", (0,))),
    (("A", (1, 1)), ("B", (1, 1)), ("C", (1, 1))),
]


@pytest.mark.parametrize("shapes", AWKWARD)
@pytest.mark.parametrize("text", ["D = A@B - C", "d = a - b", "D = A + 1"])
def test_awkward_shapes_give_a_page_or_a_refusal(text, shapes):
    for command in (explain, check, partial(why, at=(0, 0))):
        with suppress(EinloopError):
            assert shown(command(lifted(text), Options(shapes=shapes)))


@pytest.mark.parametrize(
    ("text", "shapes", "count", "line"),
    [
        ("y = x - A@x", "A=2x2 x=2", 2, "y[0] = x[0] − (A[0,0]·x[0] + A[0,1]·x[1])"),
        ("y = x + A@x", "A=2x2 x=2", 3, "y[0] = x[0] + A[0,0]·x[0] + A[0,1]·x[1]"),
        ("y = x - 2*A@x", "A=2x2 x=2", 2, "y[0] = x[0] − 2·(A[0,0]·x[0] + A[0,1]·x[1])"),
        ("y = -A@x + x", "A=2x2 x=2", 2, "y[0] = −(A[0,0]·x[0] + A[0,1]·x[1]) + x[0]"),
        ("y = x - A@x", "A=1x1 x=1", 2, "y[0] = x[0] − A[0,0]·x[0]"),
        ("y += A@x", "A=2x2 x=2 y=2", 3, "y[0] = y[0] + A[0,0]·x[0] + A[0,1]·x[1]"),
    ],
)
def test_the_terms_of_an_element_are_those_that_are_counted(text, shapes, count, line, capsys):
    assert cli.main(["why", text, "--at", "0", *(one for shape in shapes.split() for one in ("-s", shape))]) == 0
    printed = capsys.readouterr().out
    assert f"y[0] is the sum of {count} terms." in printed
    assert line in printed
