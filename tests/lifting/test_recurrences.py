"""What loops carry from turn to turn, and places that are not linear in the indices: refused with that reason."""

import pytest

from einloop.core.errors import LiftError
from einloop.core.source import Notation
from einloop.lifting import lift

RECURRENCES = (
    ("s = a[0]\nfor i in range(1, n):\n    s = 0.5 * a[i] + 0.5 * s", "s = 0.5 * a[i] + 0.5 * s", "s"),
    ("r = a[0]\nfor i in range(1, n):\n    r = r * 2 + a[i]", "r = r * 2 + a[i]", "r"),
    ("def f(c, x):\n    r = 0\n    for a in c:\n        r = r * x + a\n    return r", "r = r * x + a", "r"),
    ("s = 0\nfor i in range(n):\n    s = (s + a[i]) / 2", "s = (s + a[i]) / 2", "s"),
    ("s = 0\nfor i in range(n):\n    s *= 0.9\n    s += a[i]", "s *= 0.9", "s"),
    (
        "for j in range(m):\n    r = 0\n    for i in range(n):\n        r = r * t + A[i, j]\n    y[j] = r",
        "r = r * t + A[i, j]",
        "r",
    ),
)


@pytest.mark.parametrize(("code", "place", "name"), RECURRENCES)
def test_a_recurrence_is_the_reason(code, place, name):
    with pytest.raises(LiftError) as caught:
        lift(code, Notation.LOOPS)
    error = caught.value
    said = f"each turn of a loop multiplies what the turn before made of {name}"
    assert (error.id, code[slice(*error.span)], error.message) == ("EL810", place, said)
    assert "triu" not in (error.hint or "")


PLACES = (
    ("s = 0\nfor i in range(n):\n    s += x[i * i]", "i * i", "x is read at i * i", "np.take(x, indices)"),
    ("s = 0\nfor i in range(n):\n    s += x[i ** 2]", "i ** 2", "x is read at i ** 2", "np.take(x, indices)"),
    (
        "s = 0\nfor i in range(n):\n    for j in range(m):\n        s += x[i * j]",
        "i * j",
        "x is read at i * j",
        "np.take(x, indices)",
    ),
    ("s = 0\nfor i in range(n):\n    s += x[i % 3]", "i % 3", "x is read at i % 3", "np.take(x, indices)"),
    ("for i in range(n):\n    y[i] = 2 * x[1 + i % 3]", "i % 3", "x is read at i % 3", "np.take(x, indices)"),
    ("for i in range(n):\n    y[i // 2] += x[i]", "i // 2", "y is written at i // 2", "np.add.at(y, indices, values)"),
    ("for i in range(n):\n    y[i * i] += x[i]", "i * i", "y is written at i * i", "np.add.at(y, indices, values)"),
)


@pytest.mark.parametrize(("code", "place", "said", "hint"), PLACES)
def test_a_place_that_is_not_linear_is_named(code, place, said, hint):
    with pytest.raises(LiftError) as caught:
        lift(code, Notation.LOOPS)
    error = caught.value
    found = (error.id, code[slice(*error.span)], error.message)
    assert found == ("EL809", place, f"{said}, which is not linear in the indices")
    assert error.hint.startswith(hint)


TRIANGLES = (
    ("s = 0\nfor i in range(n):\n    for j in range(i):\n        s += A[i, j]", "range(i)"),
    (
        "for i in range(n):\n    t = a[i]\n    t = t * 2\n    for j in range(i):\n        y[i] += t * x[j]",
        "range(i)",
    ),
)


@pytest.mark.parametrize(("code", "place"), TRIANGLES)
def test_a_triangle_stays_one(code, place):
    with pytest.raises(LiftError) as caught:
        lift(code, Notation.LOOPS)
    assert (caught.value.id, code[slice(*caught.value.span)]) == ("EL809", place)
    assert "np.triu" in caught.value.hint


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        ("for k in range(n * m):\n    y[k // m] += A[k // m, k % m]", "y += np.einsum('ki->k', A)"),
        ("s = 0\nfor i in range(n):\n    t = a[i]\n    t = 2 * t\n    s += t", "s = 2 * np.einsum('i->', a)"),
    ],
)
def test_what_only_looks_so_is_lifted(code, statement):
    assert lift(code, Notation.LOOPS).text() == statement
