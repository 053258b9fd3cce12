"""A complex number beside products: every target computes what numpy does, of real arrays and of complex ones."""

import numpy as np
import pytest

import einloop
from einloop.runners.compiler import find_compiler

TEXTS = {
    "y[i] = 1j*x[i]": lambda x: 1j * x,
    "y[i] = (1+2j)*x[i] - z[i]": lambda x, z: (1 + 2j) * x - z,
    "C[i,k] = (1-2j)*A[i,j]*B[j,k]": lambda a, b: (1 - 2j) * (a @ b),
    "C[i,k] = D[i,k] - 2j*A[i,j]*B[j,k]/s": lambda d, a, b, s: d - 2j * (a @ b) / s,
}
TARGETS = [
    "python",
    "numba",
    pytest.param("c", marks=pytest.mark.skipif(find_compiler() is None, reason="no C compiler")),
]
SHAPES = {"x": (3,), "z": (3,), "A": (2, 3), "B": (3, 4), "D": (2, 4), "s": ()}


def arrays(generated, dtype):
    values = np.random.default_rng(0)
    made = [values.integers(1, 9, SHAPES[name]).astype(dtype) for name in generated.inputs]
    return [array + array.astype(dtype) * 1j if dtype == "complex128" else array for array in made]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("style", ["article", "scalar", "fast"])
@pytest.mark.parametrize("text", TEXTS)
def test_loops_are_verified(text, style, target):
    assert einloop.verify(text, style=style, target=target)


@pytest.mark.parametrize("dtype", ["float64", "complex128", "float32"])
@pytest.mark.parametrize("target", ["auto", "numpy"])
@pytest.mark.parametrize("text", TEXTS)
def test_compiled_functions_give_what_numpy_gives(text, target, dtype):
    given = arrays(einloop.generate(text), dtype)
    found, expected = einloop.compile(text, target=target)(*given), TEXTS[text](*given)
    assert found.dtype == expected.dtype
    assert np.allclose(found, expected, rtol=1e-5)
