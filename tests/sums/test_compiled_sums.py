"""`einloop.compile` of sums of einsums."""

import pickle

import numpy as np
import pytest

import einloop
from einloop.core.errors import EinloopError

GEMM = "C = alpha*A@B + beta*C"
SHAPES = {"A": (64, 50), "B": (50, 30), "C": (64, 30)}
RNG = np.random.default_rng(0)
A, B, C = (RNG.integers(-5, 6, shape).astype(float) for shape in SHAPES.values())


@pytest.mark.parametrize("target", ["auto", "c", "numba", "numpy", "python"])
def test_gemm(target):
    if target == "numba":
        pytest.importorskip("numba")
    function = einloop.compile(GEMM, shapes=SHAPES, target=target)
    assert function.operands == ("alpha", "A", "B", "beta", "C")
    want, old = 2 * (A @ B) + 0.5 * C, C.copy()
    for _ in range(2):  # the second call finds what the first made
        assert np.array_equal(function(2.0, A, B, 0.5, old), want)
    assert np.array_equal(old, C)
    assert function(2, A, B, 0.5, old, out=old) is old
    assert np.array_equal(old, want)


@pytest.mark.parametrize(
    ("text", "operands", "value"),
    [
        ("r = x @ A @ x", ("x", "A"), lambda x, a: x @ a @ x),
        ("r = x @ A @ x / 2", ("x", "A"), lambda x, a: x @ a @ x / 2),
        ("C = A.T @ A", ("A",), lambda a: a.T @ a),
        ("C[i,k] = A[i,j]*A[k,j]", ("A",), lambda a: a @ a.T),
        ("y[i] = x[i]*x[i]", ("x",), lambda x: x * x),
    ],
)
def test_an_array_that_stands_twice_is_given_once(text, operands, value):
    arrays = {"x": np.arange(4.0), "A": np.arange(16.0).reshape(4, 4)}
    function = einloop.compile(text, shapes={name: arrays[name].shape for name in operands})
    assert function.operands == operands
    assert function.target != "numpy"
    assert np.array_equal(function(*map(arrays.get, operands)), value(*map(arrays.get, operands)))


def test_dtypes_are_numpys():
    function = einloop.compile(GEMM, shapes=SHAPES)
    narrow = [array.astype("f4") for array in (A, B, C)]
    assert function(2.0, narrow[0], narrow[1], 3, narrow[2]).dtype == np.float32
    small = [array.astype("i1") for array in (A, B, C)]
    with np.errstate(all="ignore"):
        want = np.int8(2) * (small[0] @ small[1]) + np.int8(3) * small[2]
    got = function(2, small[0], small[1], 3, small[2])
    assert got.dtype == np.int8
    assert np.array_equal(got, want)
    assert function(2.5, small[0], small[1], 3, small[2]).dtype == np.float64


def test_layouts_and_threads():
    function = einloop.compile(GEMM, shapes=SHAPES, threads=2)
    got = function(2.0, A[::-1], np.asfortranarray(B), 3.0, C[:, ::-1])
    assert np.array_equal(got, 2 * (A[::-1] @ B) + 3 * C[:, ::-1])
    turned = np.asfortranarray(C)
    assert function(2.0, A, B, 3.0, turned, out=turned) is turned
    assert np.array_equal(turned, 2 * (A @ B) + 3 * C)


def test_what_reads_its_own_result():
    x, square = np.arange(5.0), RNG.integers(-5, 6, (5, 5)).astype(float)
    function = einloop.compile("x = x + dt*A@x", shapes={"A": (5, 5), "x": (5,)})
    want = x + 2 * (square @ x)
    assert np.array_equal(function(x, 2, square), want)
    function(x, 2, square, out=x)
    assert np.array_equal(x, want)


def test_a_scalar():
    function = einloop.compile("s += x@y", shapes={"x": (4,), "y": (4,)})
    assert function(np.ones(4), np.ones(4), 3.0) == 7.0


def test_a_formula():
    function = einloop.compile("d[i] = A[i,j] b[j] - 2 c[i]")
    assert function(np.eye(2), [1, 2], [1, 1]).tolist() == [-1.0, 0.0]


def test_it_is_pickled():
    function = pickle.loads(pickle.dumps(einloop.compile(GEMM, shapes=SHAPES)))
    assert np.array_equal(function(2.0, A, B, 0.5, C), 2 * (A @ B) + 0.5 * C)


REFUSED = (
    ((2.0, A, B, 0.5), "EL201", "5 operands in the statement, alpha, A, B, beta, C; 4 given"),
    ((2.0, A, B.T, 0.5, C), "EL205", "A has 50 on axis 1, and B has 30 on axis 0: one index runs along both"),
    ((2.0, A, "B", 0.5, C), "EL209", "B is a string, which is not an array"),
    ((300, A.astype("i1"), B.astype("i1"), 1, C.astype("i1")), "EL410", "alpha is 300, which does not fit int8"),
)


@pytest.mark.parametrize(("operands", "id", "message"), REFUSED, ids=[row[1] for row in REFUSED])
def test_refused(operands, id, message):
    function = einloop.compile(GEMM, shapes=SHAPES)
    with pytest.raises(EinloopError) as error:
        function(*operands)
    assert (error.value.id, error.value.message) == (id, message)


def test_several_statements_are_refused():
    with pytest.raises(EinloopError) as error:
        einloop.compile("s = x[i] * y[i]; z[i] = s * x[i] + y[i]")
    assert error.value.message == "several statements are compiled one at a time"
