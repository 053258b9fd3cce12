"""Calls that go to Numba's dispatcher at once: whatever comes, it is np.einsum's result. Skipped without Numba."""

import importlib.util
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from test_compile import LAYOUT_KINDS, laid_out, same

import einloop
from einloop.core.errors import EinloopError, ShapeError
from einloop.pipeline.compile.function import MAX_REFUSALS

pytestmark = pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="no Numba")
A, B = np.arange(12.0).reshape(3, 4), np.arange(12.0, 20.0).reshape(4, 2)


def warm(subscripts, *arrays):
    """Return a function that goes to the kernel for arrays like these at once."""
    function = einloop.compile(subscripts, target="numba")
    same(function(*arrays), np.einsum(subscripts, *arrays))
    assert is_direct(function)
    return function


def is_direct(function):
    return getattr(function.__call__, "__name__", "") == "call"


@pytest.mark.parametrize("kind", LAYOUT_KINDS)
@pytest.mark.parametrize(("subscripts", "arrays"), [("ij,jk->ik", (A, B)), ("ij->", (A,))])
def test_other_layouts(subscripts, arrays, kind):
    function = warm(subscripts, *arrays)
    other = [laid_out(kind, array) for array in arrays]
    expected = np.einsum(subscripts, *other)
    for _ in range(3):
        same(function(*other), expected)
        same(function(*arrays), np.einsum(subscripts, *arrays))


OTHERS = {
    "other shapes": (A[:2].copy(), B),
    "float32": (A.astype("f4"), B),
    "int64": (A.astype("i8"), B.astype("i8")),
    "complex": (A + 1j, B),
    "lists": (A.tolist(), B.tolist()),
    "a list": (A, B.tolist()),
    "objects": (A.astype(object), B.astype(object)),
    "nothing to sum": (A[:, :0].copy(), B[:0].copy()),
    "nothing": (A[:0].copy(), B),
    "stretched": (A[:, :1].copy(), B),
}


@pytest.mark.parametrize("case", OTHERS)
def test_other_arrays(case):
    function, others = warm("ij,jk->ik", A, B), OTHERS[case]
    expected = np.einsum("ij,jk->ik", *others) if case != "objects" else np.einsum("ij,jk->ik", A, B).astype(object)
    if case == "objects":
        with pytest.raises(EinloopError):
            function(*others)
        return
    for _ in range(2):
        same(function(*others), expected)
        same(function(A, B), np.einsum("ij,jk->ik", A, B))


@pytest.mark.parametrize("arrays", [(), (A,), (A, B, B), (A, B[:3].copy()), (A, B[0]), (A, B[:0])])
def test_what_does_not_fit_is_refused(arrays):
    function = warm("ij,jk->ik", A, B)
    for _ in range(2):
        with pytest.raises(ShapeError):
            function(*arrays)


def test_out():
    function = warm("ij,jk->ik", A, B)
    for dtype, order in (("f8", "C"), ("f8", "F"), ("c16", "C")):
        out = np.full((3, 2), 7, dtype, order)
        assert function(A, B, out=out) is out
        assert np.array_equal(out, A @ B)
    square = np.arange(9.0).reshape(3, 3)
    function, expected = warm("ij,jk->ik", square, square), square @ square
    assert np.array_equal(function(square, square, out=square), expected)
    with pytest.raises(EinloopError):
        function(square, square, out=[])
    total = np.zeros(())
    assert warm("ij->", A)(A, out=total) is total
    assert total == A.sum()


@pytest.mark.parametrize(
    "dtype", ["bool", "int8", "uint8", "int32", "int64", "uint64", "float32", "float64", "complex64", "complex128"]
)
@pytest.mark.parametrize("subscripts", ["i,i->", "i,i->i"])
def test_every_dtype(subscripts, dtype):
    a = np.array([3, 0, 255, 77]).astype(dtype)
    function, expected = warm(subscripts, a, a), np.einsum(subscripts, a, a)
    for _ in range(2):
        found = function(a, a)
        same(found, expected)
        assert type(found) is type(expected)


def test_large_integers_and_what_is_no_number():
    most = np.array([2**64 - 1], "u8")
    assert warm("i->", most)(most) == 2**64 - 1
    assert np.isnan(warm("i->", np.ones(2))(np.array([1, np.nan])))


def test_a_function_that_often_meets_other_arrays_looks_first():
    function = warm("ij,jk->ik", A, B)
    fortran = np.asfortranarray(A)
    for _ in range(MAX_REFUSALS + 2):
        assert np.array_equal(function(fortran, B), A @ B)
        assert np.array_equal(function(A, B), A @ B)
    assert not is_direct(function)


def test_other_shapes_are_no_refusals():
    function = warm("ij,jk->ik", A, B)
    for n in range(3 * MAX_REFUSALS):
        cut = A[: 1 + n % 3].copy()
        assert np.array_equal(function(cut, B), cut @ B)
    assert is_direct(function)


def test_references_are_given_back():
    function, missing = warm("ij,jk->ik", A, B), np.ones((5, 4))
    function(missing, B)
    before = [sys.getrefcount(one) for one in (A, B, missing, None, function)]
    for _ in range(500):
        function(A, B)
        function(missing, B)
    after = [sys.getrefcount(one) for one in (A, B, missing, None, function)]
    assert all(abs(x - y) < 20 for x, y in zip(before, after, strict=True))


def test_threads():
    function = warm("ij,jk->ik", A, B)
    together = threading.Barrier(4)

    def work(number):
        together.wait()
        cut = A[: 1 + number % 3].copy()
        return all(np.array_equal(function(cut, B), cut @ B) for _ in range(200))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(4)))
