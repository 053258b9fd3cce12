"""Statements evaluated beside numpy, which runs their own text: dtypes, values, parts that are written, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from einloop.core.combination import Statements
from einloop.core.errors import EinloopError
from einloop.core.options import Options
from einloop.core.source import Notation
from einloop.evaluate import evaluate_statements, of_array
from einloop.evaluate import given as plain
from einloop.pipeline.lift import lift_text

generator = np.random.default_rng(3)


def numbers(shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """Return small whole numbers, so that every order of adding is exact."""
    values = generator.integers(0 if dtype[0] in "u" else -3, 4, size=shape)
    return np.asarray(values).astype(dtype)


def read(text: str, shapes: dict[str, tuple[int, ...]]) -> Statements:
    return lift_text(text, Options(shapes=tuple(shapes.items())), Notation.NUMPY).statements


CASES = (
    ("D = 0.5 * A @ B - C", {"A": (2, 3), "B": (3, 4), "C": (2, 4)}),
    ("D = A @ B / 3 + 2 * C", {"A": (2, 3), "B": (3, 4), "C": (2, 4)}),
    ("D = alpha * A @ B + beta * C", {"A": (2, 3), "B": (3, 4), "C": (2, 4), "alpha": (), "beta": ()}),
    ("D = A @ B + C", {"A": (2, 3), "B": (3, 4), "C": (1, 4)}),
    ("D = A @ B + c", {"A": (2, 3), "B": (3, 4), "c": (4,)}),
    ("y += A @ x", {"A": (2, 3), "x": (3,), "y": (2,)}),
    ("y -= A @ x", {"A": (2, 3), "x": (3,), "y": (2,)}),
    ("y[1:] += 2 * x[:-1]", {"x": (4,), "y": (4,)}),
    ("y[1:-1] = x[2:] - x[:-2]", {"x": (5,), "y": (5,)}),
    ("T = A @ B\nD = T - T.T", {"A": (3, 2), "B": (2, 3)}),
    ("d = A.mean(axis=1)", {"A": (2, 4)}),
    ("s = (A * A).sum() / 4 - 1", {"A": (2, 2)}),
    ("D = -A + B", {"A": (2, 2), "B": (2, 2)}),
    ("D = np.zeros((2, 3))", {}),
    ("D = np.outer(a, b) + np.ones((2, 3))", {"a": (2,), "b": (3,)}),
    ("D = 2j * A", {"A": (2, 2)}),
    ("D = x.reshape(2, 3) + A", {"x": (6,), "A": (2, 3)}),
    ("D = A * 3 + 0", {"A": (0, 2)}),
)
DTYPES = ("int8", "uint8", "int64", "uint64", "float16", "float32", "float64", "complex64", "complex128")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("text", "shapes"), CASES)
def test_statements_are_what_their_text_gives_in_numpy(text, shapes, dtype):
    arrays = {name: numbers(shape, dtype) for name, shape in shapes.items()}
    check(text, arrays)


@pytest.mark.parametrize("pair", [("int8", "float32"), ("uint8", "int8"), ("int64", "uint64"), ("float16", "int16")])
@pytest.mark.parametrize(("text", "shapes"), CASES)
def test_dtypes_that_differ(text, shapes, pair):
    check(text, {name: numbers(shape, pair[n % 2]) for n, (name, shape) in enumerate(shapes.items())})


def check(text: str, arrays: dict[str, np.ndarray]) -> None:
    """Compare the values of the statements that a text is with what numpy gives for them, refusals too."""
    shapes = {name: array.shape for name, array in arrays.items()}
    statements = read(text, shapes)
    space = {"np": np, **{name: array.copy() for name, array in arrays.items()}}
    try:
        with np.errstate(all="ignore"):
            exec(statements.text(), space)
    except (TypeError, ValueError, OverflowError):
        with pytest.raises(EinloopError):
            [value.whole() for value in evaluate_statements(statements, {n: of_array(a) for n, a in arrays.items()})]
        return
    found = evaluate_statements(statements, {name: of_array(array) for name, array in arrays.items()})
    whole = found[-1].whole()
    wanted = np.asarray(space[found[-1].combination.result])
    assert (whole.shape, whole.dtype) == (wanted.shape, wanted.dtype.name), statements.text()
    np.testing.assert_allclose(np.array(whole.values, wanted.dtype), wanted.reshape(-1), rtol=1e-6, equal_nan=True)
    if wanted.dtype.kind in "iu":
        assert list(whole.values) == wanted.reshape(-1).tolist()


@pytest.mark.parametrize(
    ("text", "arrays", "id", "message"),
    [
        ("y = A @ x", {"A": np.ones((2, 3))}, "EL420", "no array is given for x"),
        ("y += A @ x", {"A": np.ones((2, 3)), "x": np.ones(3), "y": np.ones(2, "i4")}, "EL304", None),
        ("D = -A + B", {"A": np.ones((2, 2), bool), "B": np.ones((2, 2), bool)}, "EL304", None),
        ("D = 300 * A", {"A": np.ones((2, 2), "i1")}, "EL304", None),
    ],
)
def test_what_is_refused(text, arrays, id, message):
    shapes = {"A": (2, 3), "x": (3,), "y": (2,), "B": (2, 2)} | {n: a.shape for n, a in arrays.items()}
    used = {name: shape for name, shape in shapes.items() if name in text}
    statements = read(text, used)
    with pytest.raises(EinloopError) as refused:
        [value.whole() for value in evaluate_statements(statements, {n: plain(a) for n, a in arrays.items()})]
    assert refused.value.id == id
    assert message in (None, refused.value.message)


def test_one_element_of_a_sum_needs_no_other():
    statements = read("D = 0.5 * A @ B - C", {"A": (2, 3), "B": (3, 4), "C": (2, 4)})
    arrays = {"A": numbers((2, 3), "int8"), "B": numbers((3, 4), "int8"), "C": numbers((2, 4), "int8")}
    (value,) = evaluate_statements(statements, {name: of_array(array) for name, array in arrays.items()})
    assert value.cell((1, 2)) == (0.5 * arrays["A"] @ arrays["B"] - arrays["C"])[1, 2]
