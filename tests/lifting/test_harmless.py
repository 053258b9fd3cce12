"""Texts are run to prove them only where every name in them is known: what others may call counts as called."""

from __future__ import annotations

import pytest

from einloop.lifting.harmless import unchecked

PRODUCT = "C = A[:, :] @ B[:, :]"

ESCAPES = [
    "print(*map(eval, ['1']))",
    "print(*map(open, ['file'], ['w']))",
    "print(sorted(['1'], key=eval))",
    "print(max(['1'], key=eval))",
    "print(end=list(map(eval, ['1'])))",
    "assert list(map(eval, ['1']))",
    "if len(list(map(eval, ['1']))) == 0: raise ValueError('x')",
    "def g(x: list(map(eval, ['1']))): return x * 2",
    "def g(x, f=exec): return f(x)",
    "y: list(map(eval, ['1'])) = A[:, :] * 2",
    "print(*map(np.savetxt, ['file'], [[1]]))",
    "print(*map(np.lib.npyio.save, ['file'], [[1]]))",
    "print(*map(A.tofile, ['file']))",
    "from functools import reduce; print(reduce(open, ['file', 'w']))",
    "assert functools.reduce(open, ['file', 'w'])",
    "from numpy import savetxt; print(*map(savetxt, ['file'], [[1]]))",
    "from numpy import *",
    "import os",
    "f = eval",
    "x = [exec]",
    "print(f'{exec}')",
    "y = (eval if n else len)('1')",
    "print(*map(print.__self__, A))",
    "print(f('1') for f in [open])",
]
PLAIN = [
    "from functools import reduce; y = reduce(np.matmul, [A, B])",
    "y = [float(a) for a in map(float, x)]",
    "y = list(map(sum, A))",
    "import time\nt0 = time.time()\ny = 2 * x\nprint(time.time() - t0)",
    "@numba.njit(parallel=True)\ndef f(x):\n    return x.sum(axis=0, dtype=np.float32)",
    "y = input @ weight",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_nothing_unknown_is_run(text: str) -> None:
    assert unchecked(f"{text}\n{PRODUCT}", ["A", "B", "x", "n"]) is not None


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_known_is_run(text: str) -> None:
    assert unchecked(text, ["A", "B", "x", "input", "weight"]) is None
