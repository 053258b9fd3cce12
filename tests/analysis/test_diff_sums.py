"""What diff says of two sums of einsums: in general, and for shapes at hand."""

from __future__ import annotations

import pytest

import einloop

ORDER = "Computed in another order, floats may differ in their last digits."


def facts(first: str, second: str, **options: object) -> dict:
    report = einloop.diff(first, second, **options)
    return next(dict(section.facts) for section in report.sections if section.id == "diff")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("y[i] = y[i] + x[i]", "y[i] += x[i]"),
        ("y[i] -= x[i]", "y[i] = y[i] - x[i]"),
        ("y[i] += A[i,j]*x[j]", "y[i] = A[i,j]*x[j] + y[i]"),
        ("y[i] = x[i]/3", "y[i] = 0.3333333333333333*x[i]"),
        ("y[i] = x[i]/7 + z[i]", "y[i] = z[i] + 0.14285714285714285*x[i]"),
    ],
)
def test_the_same(first: str, second: str) -> None:
    assert facts(first, second)["reason"] == "same terms"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("y[i] += x[i]", "y[i] = x[i] + z[i]"),
        ("y[i] = x[i]/3", "y[i] = 0.333*x[i]"),
        ("y[i] = 1000000000000000000001*x[i]", "y[i] = 1000000000000000000000*x[i]"),
    ],
)
def test_not_the_same(first: str, second: str) -> None:
    assert facts(first, second)["same"] is False


@pytest.mark.parametrize(
    ("first", "second", "shape"),
    [
        ("y = x.mean()", "y = x.sum()/5", (5,)),
        ("y = x.sum()", "y = x.mean()*5", (5,)),
        ("y = x.sum()/3", "y = x.mean()", (3,)),
    ],
)
def test_a_length_that_a_shape_gives_is_a_number(first: str, second: str, shape: tuple[int, ...]) -> None:
    report = einloop.diff(first, second, shapes={"x": shape})
    said = (
        "They compute the same for these shapes: with their lengths, both have the same terms.\n\n"
        f"In general they do not. They compute different things.\n{ORDER}"
    )
    assert said in str(report)
    assert not facts(first, second, shapes={"x": (7,)})["same"]


def test_inputs_have_the_shapes_that_are_given() -> None:
    found = facts("y = x.mean()", "y = x.sum()/4", shapes={"x": (5,)})
    assert found["example"] == {"inputs": {"x": [1, 2, 3, 4, 5]}, "first": 3, "second": 3.75}
    text = str(einloop.diff("y = x.mean()", "y = x.sum()/4", shapes={"x": (5,)}))
    assert "They differ for these shapes too." in text


def test_inputs_of_an_einsum_have_the_shapes_that_are_given() -> None:
    found = facts("ij->i", "ij->j", shapes=[(2, 2)])
    assert found["example"] == {"inputs": {"A": [[1, 2], [3, 4]]}, "first": [3, 7], "second": [4, 6]}


def test_large_shapes_are_shown_by_small_inputs_unless_a_length_counts() -> None:
    assert facts("y = x.sum() + 1", "y = x.sum()", shapes={"x": (5000,)})["example"]["inputs"] == {"x": [1]}
    assert facts("y = x.mean()", "y = x.sum()/4", shapes={"x": (5000,)})["example"] is None


def test_shapes_of_the_results_decide() -> None:
    text = str(einloop.diff("X.T @ X", "X @ X.T", shapes={"X": (3, 2)}))
    assert "They differ for these shapes too." in text
    assert "was not decided" not in text


@pytest.mark.parametrize("style", ["article", "scalar", "lists"])
def test_the_loops_of_a_formula_are_the_formula(style: str) -> None:
    """Loops read `B[:, :A.shape[1]]` where the formula, whose B is square, reads B."""
    text = "R[i] = b*B[j,j]*x[k]/g - B[k,i]*B[j,i]*A[k,i]/g"
    assert facts(text, einloop.generate(text, style=style).source)["same"]
