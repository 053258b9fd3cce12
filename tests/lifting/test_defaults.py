"""Defaults of Python's parameters: made once, when the function is, and shared by its calls."""

import pytest

import einloop

CASES = (
    (
        "def g(x, acc=[0]):\n    acc[0] += x\n    return acc[0]\nr = g(a[0])\nq = g(a[1])",
        "r = a[0]\nq = np.einsum('i->', a[:2])",
    ),
    (
        "def h(t, x):\n    t[0] += x\ndef g(x, acc=[0]):\n    h(acc, x)\n    return acc[0]\nr = g(a[0])\nq = g(a[1])",
        "r = a[0]\nq = np.einsum('i->', a[:2])",
    ),
    (
        "def g(x, *, acc=[0]):\n    acc[0] += x\n    return acc[0]\nr = g(a[0], acc=[0])\nq = g(a[1])",
        "r = a[0]\nq = a[1]",
    ),
    (
        "def g(x, acc=np.zeros(1)):\n    acc[0] += x\n    return acc[0]\nr = g(a[0])\nq = g(a[1])",
        "r = a[0]\nq = np.einsum('i->', a[:2])",
    ),
    (
        "def g(x, acc=None):\n    acc = [0] if acc is None else acc\n    acc[0] += x\n    return acc[0]\n"
        "r = g(a[0])\nq = g(a[1])",
        "r = a[0]\nq = a[1]",
    ),
    ("k = 2\ndef g(x, f=k):\n    return f * x\nk = 3\nr = g(a[0])", "r = 2 * a[0]"),
    ("k = 2\ng = lambda x, f=k: f * x\nk = 3\nr = g(a[0]) + g(a[1], 5)", "r = 2 * a[0] + 5 * a[1]"),
    ("def g(x, f=3):\n    return f * x\nr = g(a[0])", "r = 3 * a[0]"),
)


@pytest.mark.parametrize(("code", "statements"), CASES)
def test_defaults_are_those_of_python(code, statements):
    found = einloop.lift(code, shapes={"a": (2,)})
    assert str(found).startswith(statements)
    assert found.verification.cases
