"""Code as it comes from a page, a console or a chat; texts that are no formula; Python that is broken."""

from __future__ import annotations

import pytest

import einloop
from einloop.core.errors import EinloopError

LOOP = "for i in range(n):\n    y[i] += 2 * x[i]"
PASTED = [
    "    for i in range(n):\n        y[i] += 2 * x[i]",
    ">>> for i in range(n):\n...     y[i] += 2 * x[i]\n...\n",
    "In [3]: for i in range(n):\n   ...:     y[i] += 2 * x[i]\n",
    "```python\nfor i in range(n):\n    y[i] += 2 * x[i]\n```\n",
    "\ufefffor i in range(n):\n    y[i] += 2 * x[i]",
    "for i in range(n):\n\u00a0\u00a0\u00a0\u00a0y[i] += 2 * x[i]",
    "for i in tqdm(range(n)):\n    y[i] += 2 * x[i]",
    "from tqdm import trange\nfor i in trange(n):\n    y[i] += 2 * x[i]",
]
CODE = [
    ("In [5]: np.einsum('ij,jk->ik', A, B)", None, "result = np.einsum('ij,jk->ik', A, B)"),
    ("s = x[0] * y[0]", None, "s = x[0] * y[0]"),
    ("d = x[0]*x[0] + x[1]*x[1]", None, "d = np.einsum('i,i->', x, x)"),
    ("C = A * B", {"A": (2, 3), "B": (2, 3)}, "C = np.einsum('ij,ij->ij', A, B)"),
    ("-A", {"A": (2, 3)}, "result = -A"),
    ("A[0]", {"A": (2, 3)}, "result = A[0]"),
]
REFUSED = [
    ("EL812", "C = A * B", "A", "how many axes A and B have is not known"),
    ("EL801", "C = (A[:, :] @ ", "(", "this is not Python: '(' was never closed"),
    ("EL801", "A @", "", "this is not Python: invalid syntax"),
    ("EL802", "match n:\n    case 1: y = x", "match n:\n    case 1: y = x", "match is neither a loop nor arithmetic"),
    ("EL802", "global y\ny = A @ x", "global y", "global is neither a loop nor arithmetic"),
    ("EL814", "# nothing", None, "there is no code"),
    ("EL807", "A % 2", "A % 2", "this operation is neither a sum nor a product"),
    (
        "EL805",
        "C = A[:, :] * B[:, :] if n > 3 else A[:, :] + B[:, :]",
        "n > 3",
        "what is done depends on n, whose value is not known",
    ),
    (
        "EL809",
        "for i in range(n):\n    for j in range(n):\n        y[i] += j * x[j]",
        "j",
        "j is an index, and a number here",
    ),
]


@pytest.mark.parametrize("text", PASTED)
def test_what_stands_around_code_is_left_out(text):
    found = einloop.lift(text)
    assert str(found) == "y += 2 * x"
    assert found.verification


@pytest.mark.parametrize(("text", "shapes", "wanted"), CODE)
def test_arithmetic_without_indices_is_code(text, shapes, wanted):
    assert str(einloop.lift(text, shapes=shapes)) == wanted


@pytest.mark.parametrize(("id", "text", "place", "reason"), REFUSED)
def test_what_is_wrong_is_said_of_the_code(id, text, place, reason):
    with pytest.raises(EinloopError) as caught:
        einloop.lift(text)
    error = caught.value
    assert (error.id, error.message) == (id, reason)
    assert (None if error.span is None else text[slice(*error.span)]) == place


def test_a_formula_stays_one():
    assert str(einloop.lift("y_i = A_ij x_j")) == "y = np.einsum('ij,j->i', A, x)"
    assert str(einloop.lift("y[i] = 2 * x[i]")) == "y = 2 * x"
