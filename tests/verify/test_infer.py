"""Which names in a person's text are its inputs, and which is its result."""

from __future__ import annotations

import pytest

from einloop.core.errors import RunError
from einloop.verify.infer import Roles, infer_roles

MATMUL = """\
C = np.zeros((A.shape[0], B.shape[1]))
for i in range(A.shape[0]):
    for k in range(B.shape[1]):
        for j in range(A.shape[1]):
            C[i, k] += A[i, j] * B[j, k]
"""
TOTALS = """\
import numpy as np
A = np.asarray(A)
rows, inner = A.shape
C = np.empty((rows, B.shape[1]))
for i in range(rows):
    for k in range(B.shape[1]):
        total = 0.0
        for j in range(inner):
            total += A[i, j] * B[j, k]
        C[i, k] = total
print(C)
assert np.allclose(C, np.einsum("ij,jk->ik", A, B))
"""
LISTS = """\
out = []
for row in A:
    new = []
    for k in range(len(B[0])):
        total = 0
        for j in range(len(B)):
            total += row[j] * B[j][k]
        new.append(total)
    out.append(new)
"""
TWO_STEPS = """\
T = np.zeros((A.shape[0], B.shape[1]))
for i in range(A.shape[0]):
    for k in range(B.shape[1]):
        T[i, k] = sum(A[i, j] * B[j, k] for j in range(A.shape[1]))
D = np.zeros((T.shape[0], C.shape[1]))
for i in range(T.shape[0]):
    for l in range(C.shape[1]):
        D[i, l] = sum(T[i, k] * C[k, l] for k in range(T.shape[1]))
"""
WHILE = "c = 0\ni = 0\nwhile i < len(a):\n    c += a[i] * b[i]\n    i += 1\n"
FLAT = "k = 0\nout = [0] * len(a)\nfor x in a:\n    out[k] = x * b[k]\n    k += 1\n"
MOVING = "n, m = A.shape\nC = np.zeros(n)\nfor i in range(n):\n    old = C[i]\n    C[i] = old + A[i, 0] * B[0]\n"
SUMS = "C = [[sum(A[i][j] * B[j][k] for j in range(len(B))) for k in range(len(B[0]))] for i in range(len(A))]\n"

SNIPPETS = [
    (MATMUL, "A B", "C"),
    (TOTALS, "A B", "C"),
    (LISTS, "A B", "out"),
    (TWO_STEPS, "A B C", "D"),
    (WHILE, "a b", "c"),
    (FLAT, "a b", "out"),
    (MOVING, "A B", "C"),
    (SUMS, "A B", "C"),
    ("c = 0\nfor i in range(len(a)):\n    c = c + a[i]\n", "a", "c"),
    ("c = max(a)\n", "a", "c"),
    ("d = a * 2\nc = d + b\n", "a b", "c"),
    ("n, m = len(b), b.shape[0]\nc = a + b\n", "b a", "c"),
    ("c = b + a\n", "b a", "c"),
    ("c = [x for x in a for y in x]\n", "a", "c"),
    ("x = [x * 2 for x in a]\n", "a", "x"),
    ("c = {k: v for k, v in a}\n", "a", "c"),
    ("f = lambda i: a[i] * n\nn = 3\nc = f(0)\n", "a", "c"),
    ("c = (t := a) + t\n", "a", "c"),
    ("import numpy as xp, os.path\nfrom math import pi as p\nc = xp.sum(a) + p + len(os.path.sep)\n", "a", "c"),
    ("with open(a) as f:\n    c = f\n", "a", "c"),
    ("try:\n    c = a\nexcept (ValueError, OSError) as e:\n    c = str(e)\n", "a", "c"),
    ("match a:\n    case [x, *y] | {'k': x, **y}:\n        c = x + y\n    case z:\n        c = z\n", "a", "c"),
    ("t = a\nc = t + b\ndel t\n", "a b", "c"),
    ("c: list[int] = a\nd: T\n", "a", "c"),
    ("c = np.zeros(3)\nc.flat[0] = a\nc[1:], c[:1] = b\n", "a b", "c"),
    ("class P:\n    x = a\nc = P.x\n", "a", "c"),
    ("import x\r\nc = 0\r\nfor i in x.y(a):\r\n    c += i\r\n", "a", "c"),
    ("c = math.sqrt(a) + np.pi + __name__ + numpy.e\n", "a", "c"),
    ("c = a\nif __name__ == '__main__':\n    a = 3\n    print(c)\nelse:\n    d = c\n", "a", "d"),
]


@pytest.mark.parametrize(("source", "inputs", "result"), SNIPPETS)
def test_snippets(source: str, inputs: str, result: str) -> None:
    names = tuple(inputs.split())
    found = infer_roles(source, [None] * len(names))
    assert found == Roles(inputs=names, result=result, entry=None)


ORDERS = [
    ("c = b * a\n", ["a", "b"], "a b"),
    ("c = b * a\n", [None, None], "b a"),
    ("c = b * x\n", ["a", "b"], "x b"),
    ("c = y * x\n", ["a", "b"], "y x"),
    ("c = y * a * x\n", [None, "a", None], "y a x"),
    ("c = a * a\n", ["a", "a"], "a"),
    ("c = x * x\n", ["a", "a"], "x"),
    ("c = y * x\n", ["a", "a"], "y x"),
    ("c = b * a\n", ["b", "a", "b"], "b a"),
    ("c = [a[j] * b[i] for i in range(len(b)) for j in a]\n", [None, None], "a b"),
    ("c = input * sum\n", ["input", "sum"], "input sum"),
    ("from x import *\nc = a * zeros(3)\n", ["a"], "a"),
    ("if 'a' not in globals():\n    a = 3\nc = a\n", ["a"], "a"),
    ("c = a\na = None\n", ["a"], "a"),
    ("for i in range(2):\n    a[i] *= b[i]\n", ["a", "b"], "a b"),
    ("a = np.asarray(a)\nc = a\n", ["a"], "a"),
    ("a, n = a.T, 3\nc = a * n\n", ["a"], "a"),
]


@pytest.mark.parametrize(("source", "operands", "inputs"), ORDERS)
def test_operand_names_take_their_places(source: str, operands: list[str | None], inputs: str) -> None:
    assert infer_roles(source, operands).inputs == tuple(inputs.split())


GIVEN = [
    ("c = x * y\n", [None, None], ["y", "x"], ("y", "x")),
    ("c = x * y\n", ["x", "y"], ["y", "x"], ("y", "x")),
    ("c = x * x\n", [None, None], ["x", "x"], ("x", "x")),
    ("def f(x, y, n=3):\n    return x\n", [None, None], ["y", "x"], ("y", "x")),
    ("def f(x, y=3):\n    return x\n", [None, None], ["x", "y"], ("x", "y")),
]


@pytest.mark.parametrize(("source", "operands", "inputs", "expected"), GIVEN)
def test_inputs_that_are_given(
    source: str, operands: list[str | None], inputs: list[str], expected: tuple[str, ...]
) -> None:
    assert infer_roles(source, operands, inputs=inputs).inputs == expected


MAIN = "if '__main__' == __name__:\n    for n in range(3):\n        total += matmul(n, n)\n"
FUNCTION = "def matmul(A, B):\n    return A @ B\n"
HELPED = "def mul(a, b):\n    return a * b\n\ndef dot(A, B):\n    return sum(map(mul, A, B))\n"

FUNCTIONS = [
    (FUNCTION, [None, None], None, "matmul", "A B"),
    (FUNCTION, ["B", "A"], None, "matmul", "B A"),
    (FUNCTION + MAIN, [None, None], None, "matmul", "A B"),
    (FUNCTION + "A = np.ones((2, 2))\nC = matmul(A, A)\nprint(C)\n", ["A", "B"], None, "matmul", "A B"),
    (FUNCTION + "def main():\n    print(matmul(1, 2))\nmain()\n", [None, None], None, "matmul", "A B"),
    (HELPED, [None, None], None, "dot", "A B"),
    (HELPED, [None, None], "mul", "mul", "a b"),
    ("def f(A, n=3, *, m=4, **rest):\n    return A\n", [None], None, "f", "A"),
    ("def f(A, B=None):\n    return A\n", ["A", "B"], None, "f", "A B"),
    ("def f(A, /, *, B):\n    return A\n", [None, None], None, "f", "A B"),
    ("def f(A):\n    def g():\n        yield A\n    return list(g())\n", [None], None, "f", "A"),
    ("def f(A):\n    return f(A)\n", [None], None, "f", "A"),
    ("try:\n    import x\nexcept ImportError:\n    def f(A):\n        return A\n", [None], None, "f", "A"),
    ("class P:\n    def g(self): ...\n\ndef f(A):\n    return A\n", [None], None, "f", "A"),
    ("for i in range(3):\n    c += f(i)\n\ndef f(A):\n    return A\n", [None], "f", "f", "A"),
]


@pytest.mark.parametrize(("source", "operands", "entry", "name", "inputs"), FUNCTIONS)
def test_functions(source: str, operands: list[str | None], entry: str | None, name: str, inputs: str) -> None:
    found = infer_roles(source, operands, entry=entry)
    assert found == Roles(inputs=tuple(inputs.split()), result=None, entry=name)


RESULTS = [
    ("c = a\nd = a\n", "d", None, "d"),
    ("c = a\nd = a\n", None, "c", "c"),
    ("c = a\n", None, "C", "c"),
    ("a[0] = 3\n", "a", None, "a"),
    ("def f(x):\n    return x\nc = 0\nfor i in a:\n    c += f(i)\n", "c", None, "c"),
    ("def f(i):\n    x = a[i]\n    return x\nc = 0\nfor i in range(3):\n    c += f(i)\n", None, "c", "c"),
]


@pytest.mark.parametrize(("source", "given", "expected_result", "result"), RESULTS)
def test_results(source: str, given: str | None, expected_result: str | None, result: str) -> None:
    found = infer_roles(source, ["a"], result=given, expected_result=expected_result)
    assert found == Roles(inputs=("a",), result=result, entry=None)


def test_the_names_of_an_expression_do_not_choose_a_function_by_its_result() -> None:
    assert infer_roles(FUNCTION, ["A", "B"], expected_result="C").entry == "matmul"


NO_ORDER = "name one for every operand, in their order: --inputs "
REFUSED = [
    ("c = (a\n", {}, "EL610: line 1 does not parse: '(' was never closed\n  c = (a\n      ^"),
]


@pytest.mark.parametrize(("source", "options", "text"), REFUSED)
def test_refusals(source: str, options: dict[str, str], text: str) -> None:
    with pytest.raises(RunError) as caught:
        infer_roles(source, ["a"], **options)
    assert str(caught.value) == f"error {text}"
