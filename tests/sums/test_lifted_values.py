"""What einloop.lift gives back: coefficients as texts, the line of an error, and what run says of wrong values."""

from __future__ import annotations

import numpy as np
import pytest

import einloop
from einloop import cli
from einloop.core.errors import EinloopError

COEFFICIENTS = [
    ("C[i,k] += 2*A[i,j]*B[j,k]/3 - alpha*D[i,k]/n", ["(2 / 3)", "-alpha / n"]),
    ("y[i] = -x[i]/n + 2*s*x[i]*z[i] - z[i]/3/n", ["-1 / n", "2 * s", "-(1 / 3) / n"]),
    ("y[i] = s*t*x[i]/(n + 1)", ["s * t / (n + 1)"]),
]


@pytest.mark.parametrize(("text", "said"), COEFFICIENTS, ids=[x[0] for x in COEFFICIENTS])
def test_coefficients_have_no_leftovers(text: str, said: list[str]) -> None:
    terms = einloop.lift(text, verify=False).statements[0].terms
    found = [term.coefficient for term in terms]
    assert [one if isinstance(one, str) else f"({one.numerator} / {one.denominator})" for one in found] == said


def test_errors_say_the_line() -> None:
    with pytest.raises(EinloopError) as caught:
        einloop.lift("for i in range(n):\n    y[i] = max(x[i],0)\n")
    assert (caught.value.line, caught.value.span) == (2, (30, 41))
    with pytest.raises(EinloopError) as caught:
        einloop.lift("y[i] = max(x[i], 0)")
    assert caught.value.line is None


def test_a_program_on_standard_input_is_refused_at_its_line(capsys, monkeypatch) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("# one\n\nfor i in range(n):\n    y[i] = max(x[i],0)\n"))
    assert cli.main(["-", "--no-verify"]) == 2
    assert capsys.readouterr().err.startswith("line 4: error EL807: ")


WRONG = [
    (
        "y = x*z",
        {"x": np.ones(2), "z": np.ones(3)},
        "EL205",
        "x has 2 on axis 0, and z has 3 on axis 0: one index runs",
    ),
    (
        "y = x*z",
        {"x": np.ones((2, 2)), "z": np.ones(3)},
        "EL202",
        "'i' names 1 axis but operand 0 (x) has shape (2, 2)",
    ),
    ("y = x + z", {"x": np.ones(2), "z": np.ones(3)}, "EL205", "the terms of y have the shapes (2,) and (3,)"),
    ("y = x + z", {"x": np.ones(3), "z": np.ones(3), "q": 1}, "EL404", "nothing here is called 'q'"),
]


@pytest.mark.parametrize(("text", "values", "id", "said"), WRONG, ids=[x[3] for x in WRONG])
def test_wrong_values_are_refused(text: str, values: dict, id: str, said: str) -> None:
    found = einloop.lift(text, shapes={"x": (3,), "z": (3,)}, verify=False)
    with pytest.raises(EinloopError) as caught:
        found.run(**values)
    assert caught.value.id == id
    assert caught.value.message.startswith(said)


def test_lengths_of_the_text_may_be_given() -> None:
    found = einloop.lift("for i in range(n):\n    y[i] = 2 * x[i]\n", verify=False)
    assert found.run(x=[1, 2], n=2)["y"].tolist() == [2, 4]


PLACES = [
    ("y = A @ x", {"A": (2, 3), "x": (4,)}, (8, 9), ((4, 5),), "A has 3 on axis 1, and x has 4 on axis 0: "),
    ("C = A @ B.T", {"A": (2, 3), "B": (4, 2)}, (8, 9), ((4, 5),), "A has 3 on axis 1, and B has 2 on axis 1: "),
    (
        "y[i] = A[i,j]*x[j] + b[i]",
        {"A": (2, 3), "x": (3,), "b": (4,)},
        (21, 25),
        ((7, 13),),
        "axis 0 of y has size 2 by A but 4 by b",
    ),
]


@pytest.mark.parametrize(("text", "shapes", "span", "also", "said"), PLACES, ids=[x[0] for x in PLACES])
def test_lengths_that_do_not_fit_are_shown_where_they_stand(text, shapes, span, also, said) -> None:
    with pytest.raises(EinloopError) as caught:
        einloop.check(text, shapes=shapes)
    error = caught.value
    assert (error.id, error.span, error.also) == ("EL205", span, also)
    assert error.message.startswith(said)
    assert "->" not in (error.hint or "")


def test_loops_are_held_to_the_shapes_that_are_given() -> None:
    text = "for i in range(n):\n    for j in range(m):\n        y[i] += A[i][j] * x[j]"
    with pytest.raises(EinloopError) as caught:
        einloop.lift(text, shapes={"A": (2, 3), "x": (4,)})
    assert caught.value.message == "A has 3 on axis 1, and x has 4 on axis 0: one index runs along both"
    assert caught.value.line == 3


def test_a_function_is_for_lift() -> None:
    with pytest.raises(EinloopError) as caught:
        einloop.explain(len)
    assert caught.value.hint == "einloop.lift takes a function; elsewhere give its text"
