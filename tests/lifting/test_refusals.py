"""Refusals of lifting that no other table has: lengths without words, a failed proof, commands that take one einsum."""

from __future__ import annotations

import pytest

from einloop.core.errors import EinloopError, LiftError
from einloop.core.options import Options
from einloop.core.source import Notation
from einloop.lifting import lift
from einloop.pipeline.expression import read_expression
from einloop.pipeline.lift_proof import prove

LOOP = "s = 0\nfor i in range({end}):\n    s += x[i]{factor}"


@pytest.mark.parametrize(
    ("end", "factor", "reason"),
    [
        ("n**3 + 1", "", "a length is not a simple function of the lengths in the code"),
        ("2**n", "", "a length is not a simple function of the lengths in the code"),
        ("n", " * 2**n", "a factor depends on the sizes"),
    ],
)
def test_a_length_without_words_is_refused(end: str, factor: str, reason: str) -> None:
    with pytest.raises(LiftError) as caught:
        lift(LOOP.format(end=end, factor=factor), Notation.LOOPS)
    assert (caught.value.id, caught.value.message) == ("EL815", reason)


@pytest.mark.parametrize(("end", "statement"), [("n*n - n", "x[:n*n - n]"), ("n//2 + n % 2", "x[:(n + 1)//2]")])
def test_a_length_with_words_is_lifted(end: str, statement: str) -> None:
    assert lift(LOOP.format(end=end, factor=""), Notation.LOOPS).text() == f"s = np.einsum('i->', {statement})"


def test_a_proof_that_fails_is_an_error() -> None:
    right, wrong = "C = A @ B.T", "C = A @ B"
    ranks, trial = {"A": 2, "B": 2}, {"A": (3, 3), "B": (3, 3)}
    code = lift(right, Notation.NUMPY, ranks)
    other = lift(wrong, Notation.NUMPY, ranks)
    statements = getattr(code, "statements", code)
    assert prove(statements, [trial])
    with pytest.raises(LiftError) as caught:
        prove(_with_text_of(statements, getattr(other, "statements", other)), [trial])
    assert (caught.value.id, caught.value.message) == (
        "EL819",
        "the code gives another C than its einsum, for A: (3, 3), B: (3, 3)",
    )


def _with_text_of(statements, others):
    """Return statements that say of themselves that they come from the text of others."""
    from dataclasses import replace

    (one,), (other,) = statements.combinations, others.combinations
    return replace(statements, combinations=(replace(one, source=other.source),))


def test_refusals_of_lifting_are_errors_of_einloop() -> None:
    with pytest.raises(EinloopError, match="EL807"):
        lift("C = A / B", Notation.NUMPY, {"A": 1, "B": 1})


@pytest.mark.parametrize(
    "code", ["for i in range(n):\n    y[i] += x[i] \ud800", "void f(int n) { /* \ud800 */ for (;;) n = 1; }"]
)
def test_half_of_a_character_is_refused_at_its_place(code) -> None:
    with pytest.raises(LiftError) as caught:
        read_expression(code, Options())
    assert (caught.value.id, caught.value.message) == ("EL801", r"'\ud800' cannot stand in code")
    assert caught.value.span == (code.index("\ud800"), code.index("\ud800") + 1)


@pytest.mark.parametrize("shapes", [(), ((None, (2, 2)),)])
def test_code_that_is_nested_too_deeply_is_refused(shapes) -> None:
    with pytest.raises(LiftError) as caught:
        read_expression("A @ " * 2000 + "A", Options(shapes=shapes))
    assert (caught.value.id, caught.value.message) == ("EL816", "this is nested too deeply to be followed")
