"""One label for one index: what pages show, and what loops run over."""

from __future__ import annotations

import pytest

from einloop.core.combination import Combination, Statements, Summand
from einloop.core.labels import one_label, one_length
from einloop.core.options import Options
from einloop.notation import read, read_statements
from einloop.pipeline.explain import explain
from einloop.pipeline.page import render

TWO_SUMS = "y[i] = A[i,j]*x[j] + B[i,j]*z[j]"


def combined(*texts: str, **more) -> Combination:
    summands = tuple(Summand(spec=read(text)) for text in texts)
    return Combination(source=summands[0].spec.source, result="y", summands=summands, **more)


def subscripts(combination: Combination) -> list[str]:
    return [summand.spec.subscripts for summand in combination.summands]


def shown(text: str, *shapes) -> str:
    options = Options(shapes=shapes)
    return render(explain(read_statements(text), options), "text", "en")


def test_a_letter_of_a_formula_that_has_two_lengths_is_two_indices():
    page = shown(TWO_SUMS, ("A", (3, 4)), ("B", (3, 5)))
    assert "y[i] = Σ_j A[i,j] · x[j] + Σ_k B[i,k] · z[k]" in page
    assert "B      i k   (3, 5)" in page
    assert "z      k     (5,)" in page


@pytest.mark.parametrize("shapes", [(), (("A", (3, 4)), ("B", (3, 4)))])
def test_a_formula_keeps_its_letters_where_they_have_one_length(shapes):
    assert "y[i] = Σ_j A[i,j] · x[j] + Σ_j B[i,j] · z[j]" in shown(TWO_SUMS, *shapes)


@pytest.mark.parametrize(
    ("texts", "page", "loops"),
    [
        (("'ij,j->i', A, x", "'pq,q->p', B, x"), ["ij,j->i", "ij,j->i"], ["ij,j->i", "ij,j->i"]),
        (("'ij,j->i', A, x", "'ij,j->i', B, z"), ["ij,j->i", "ik,k->i"], ["ij,j->i", "ik,k->i"]),
        # by the second term both axes of A have the length of y, so both sums do
        (("'ij,j->i', A, x", "'ji,j->i', A, z"), ["ij,j->i", "ki,k->i"], ["ij,j->i", "ji,j->i"]),
        (("'ii->i', A", "'ij->i', A"), ["ii->i", "ij->i"], ["ii->i", "ij->i"]),
        (("',->', a, b", "'i,i->', x, x"), [",->", "i,i->"], [",->", "i,i->"]),
    ],
)
def test_labels(texts, page, loops):
    one = combined(*(f"y = np.einsum({text})" for text in texts))
    assert subscripts(one_label(Statements(combinations=(one,))).combinations[0]) == page
    assert subscripts(one_length(one)) == loops


def test_a_result_lends_its_labels_to_what_reads_it():
    first = combined("y = np.einsum('ab,b->a', A, x)")
    second = combined("y = np.einsum('q,q->', y, y)")
    made = one_label(Statements(combinations=(first, second)))
    assert [subscripts(one) for one in made.combinations] == [["ab,b->a"], ["a,a->"]]
