"""What einloop prints as Python and Numba, in any style, order, path and schedule, lifts back to the same einsum.

EINLOOP_FUZZ=20000 runs that many examples.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
import pytest
import strategies as our
from hypothesis import assume, given, note
from hypothesis import strategies as st
from strategies import Expression

import einloop
from einloop.core.errors import EinloopError, LiftError
from einloop.core.generated import Form
from einloop.core.source import Notation
from einloop.lifting import lift

PRIMES = (2, 3, 5, 4, 7, 6)
"""Extents that differ, so that no axis is taken for another."""
MAX_TURNS = 3000
"""Turns of all loops together: the text is run several times, with lengths up to about ten."""
SCHEDULES = (
    "", "auto", "accumulate", "canonicalise", "classify", "presum", "path(auto)", "rows", "tile({0},2)",
    "tile({0},3) tile({1},2)", "unroll({0},2)", "accumulate unroll({1},3)", "parallel({0})", "vectorise({1})", "pack",
)  # fmt: skip


@st.composite
def emitted(draw: st.DrawFn) -> tuple[str, Expression, dict[str, Any]]:
    """Draw subscripts, the expression, and options that say how it is printed."""
    expression = draw(our.expressions(most_operands=4, dots=False, stretch=False))
    extents = dict(zip(expression.labels, PRIMES, strict=False))
    expression = expression.with_extents(extents, stretch=False)
    assume(prod(extents.values()) <= MAX_TURNS and len(expression.labels) <= 5)
    options: dict[str, Any] = {
        "style": draw(st.sampled_from(("article", "scalar", "lists", "fast"))),
        "target": draw(st.sampled_from(("python", "python", "numba"))),
    }
    labels = list(expression.labels)
    if draw(st.booleans()):
        kind = draw(st.sampled_from(("appearance", "output", "indices")))
        options["order"] = ",".join(draw(st.permutations(labels))) if kind == "indices" else kind
    if draw(st.integers(0, 2)) == 0:
        options["path"] = draw(st.sampled_from(("greedy", "optimal", "auto")))
    elif labels and draw(st.booleans()):
        options.pop("order", None)
        options["style"] = "article"
        options["schedule"] = draw(st.sampled_from(SCHEDULES)).format(*draw(st.permutations([*labels, labels[0]])))
    form = draw(st.sampled_from(Form))
    if form is Form.SCRIPT:
        options["script"] = True
    if form is Form.FUNCTION:
        options["function"] = "loops"
    for flag in ("comments", "checks"):
        if draw(st.booleans()):
            options[flag] = True
    if draw(st.integers(0, 3)) == 0:
        options["dtypes"] = draw(st.sampled_from(("bool", "float32", "complex128", "int64")))
    if draw(st.integers(0, 3)) == 0:
        options["shapes"] = list(expression.shapes)
    return draw(our.subscripts(expression)), expression, options


def computed(text: str, arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """Return what statements of einsums leave. Only what einloop wrote is run."""
    names: dict[str, Any] = {"np": np, **{name: array.copy() for name, array in arrays.items()}}
    exec(text, names)
    return names


def drawn(expression: Expression, dtype: str, seed: int) -> Sequence[np.ndarray]:
    """Return arrays of whole numbers, none of them zero."""
    rng = np.random.default_rng(seed)
    arrays = [np.array(rng.integers(1, 9, size=shape)) for shape in expression.shapes]
    return [rng.random(array.shape) < 0.5 if dtype == "bool" else array for array in map(np.asarray, arrays)]


@given(emitted(), st.integers(0, 2**32 - 1))
def test_what_is_printed_lifts_back(case: tuple[str, Expression, dict[str, Any]], seed: int) -> None:
    subscripts, expression, options = case
    try:
        generated = einloop.generate(subscripts, **options)
    except EinloopError:
        assume(False)
    note(our.call_text("einloop.generate", subscripts, **options))
    note(generated.source)
    ranks = {name: len(term) for name, term in zip(generated.operands, expression.terms, strict=True)}
    scalars = {name: 0 for name, rank in ranks.items() if rank == 0 and options["target"] == "python"}
    try:
        statements = lift(generated.source, Notation.LOOPS, scalars)
    except LiftError as error:
        assert error.id == "EL816"  # loops over many axes may take more steps than are made
        assume(False)
    note(statements.text())
    arrays = drawn(expression, options.get("dtypes", ""), seed)
    inputs = dict(zip(generated.operands, arrays, strict=True))
    expected = np.einsum(subscripts, *arrays)
    result = statements.combinations[-1].result
    before = {**inputs, result: np.zeros_like(expected)} if result not in inputs else inputs
    got = computed(statements.text(), before)[result]
    assert np.array_equal(got, expected)
    assert len(statements.combinations) == 1 or "shapes" in options or "path" in options


@pytest.mark.parametrize("subscripts", ["...ij,jk->...ik", "i...->..."])
def test_an_ellipsis_asks_for_shapes(subscripts: str) -> None:
    text = einloop.generate(subscripts).source
    with pytest.raises(LiftError) as caught:
        lift(text, Notation.LOOPS)
    assert caught.value.id == "EL812"
    assert caught.value.message == "how many axes A has is not known"


def test_an_ellipsis_of_known_rank() -> None:
    text = einloop.generate("...ij,jk->...ik").source
    assert lift(text, Notation.LOOPS, {"A": 4, "B": 2}).text() == "C = np.einsum('abij,jk->abik', A, B)"


def test_tiles_of_many_axes() -> None:
    subscripts = "ppii,kj,iiip,ipki->kpj"
    text = einloop.generate(subscripts, target="numba", schedule="tile(i,3) tile(k,2)").source
    assert lift(text, Notation.LOOPS).text() == f"E = np.einsum('{subscripts}', A, B, C, D)"
