"""Which names in a person's text are its inputs, and which is its result."""

from __future__ import annotations

from typing import Any

import pytest

from einloop.core.errors import RunError
from einloop.core.options import Options
from einloop.pipeline.expression import read_spec
from einloop.pipeline.show import generate
from einloop.proof.infer import Roles, infer_roles

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


HELPERS: list[tuple[str, list[str | None], dict[str, Any], Roles]] = [
    (FUNCTION + "C = matmul(A, B)\n", ["A", "B"], {}, Roles(inputs=("A", "B"), result="C", entry=None)),
    (FUNCTION + "out = matmul(p, q)\n", [None] * 2, {}, Roles(inputs=("p", "q"), result="out", entry=None)),
    (
        "def mul(x, y):\n    return x @ y\nD = mul(A, B)\n",
        [None] * 2,
        {"inputs": ["A", "B"], "result": "D"},
        Roles(inputs=("A", "B"), result="D", entry=None),
    ),
    (
        "def total(row):\n    return sum(row)\nS = [total(row) for row in A]\n",
        [None],
        {},
        Roles(inputs=("A",), result="S", entry=None),
    ),
    (
        "def term(i):\n    return a[i] * b[i]\ns = sum(term(i) for i in range(3))\n",
        [None] * 2,
        {},
        Roles(inputs=("a", "b"), result="s", entry=None),
    ),
    (
        "def f(x):\n    return x\nc = 0\nfor x in a:\n    c += f(x)\n",
        [None],
        {},
        Roles(inputs=("a",), result="c", entry=None),
    ),
    (FUNCTION + "print(matmul(A, B))\n", [None] * 2, {}, Roles(inputs=("A", "B"), result=None, entry="matmul")),
    (
        FUNCTION + "C = matmul(A, B)\n",
        [None] * 2,
        {"entry": "matmul"},
        Roles(inputs=("A", "B"), result=None, entry="matmul"),
    ),
    (
        FUNCTION + "X = rand(2, 2)\nC = matmul(X, X)\n",
        [None] * 2,
        {},
        Roles(inputs=("A", "B"), result=None, entry="matmul"),
    ),
    (
        "from x import *\n" + FUNCTION + "X = rand(2, 2)\nC = matmul(X, X)\n",
        [None] * 2,
        {},
        Roles(inputs=("A", "B"), result=None, entry="matmul"),
    ),
    (
        "def check(A):\n    return A\ndef helper(a, b):\n    return a\n",
        [None],
        {},
        Roles(inputs=("A",), result=None, entry="check"),
    ),
    (
        "def first(x, y):\n    return x\ndef second(q, k):\n    return q\n",
        ["q", "k"],
        {},
        Roles(inputs=("q", "k"), result=None, entry="second"),
    ),
    (
        "import time\nstart = time.time()\nr = a.sum()\nelapsed = time.time() - start\n",
        [None],
        {},
        Roles(inputs=("a",), result="r", entry=None),
    ),
    ("def f(X, Y):\n    return X @ Y\n", ["A", "A"], {}, Roles(inputs=("X", "Y"), result=None, entry="f")),
    ("def f(X, A):\n    return X @ A\n", ["A", "A"], {}, Roles(inputs=("A", "X"), result=None, entry="f")),
]


@pytest.mark.parametrize(("source", "operands", "options", "expected"), HELPERS)
def test_what_is_meant_among_functions_and_names(
    source: str, operands: list[str | None], options: dict[str, Any], expected: Roles
) -> None:
    assert infer_roles(source, operands, **options) == expected


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


PLAIN = "hint: write it as a plain function that returns the result"
NAME = "hint: name one for every operand, in their order: "
OWN = (
    "EL616: the source reads no name that it does not assign first: it makes its own inputs, "
    "so it cannot be verified on other values\n"
)
NOTHING = (
    "there is nothing to verify\n"
    "hint: write loops that read the operands and assign a result, or a function that returns it"
)
REFUSED: list[tuple[str, str, dict[str, Any], str]] = [
    (
        "r = zeros(len(a))\nfor i in range(len(a)):\n    r[i] = a[i]\n",
        "?",
        {},
        "EL614: line 1 uses 'zeros', which is not defined\n"
        "  r = zeros(len(a))\n      ^^^^^\nhint: import it or define it",
    ),
    (
        "s = torch.sum(a)\n",
        "?",
        {},
        "EL614: line 1 uses 'torch', which is not defined\n"
        "  s = torch.sum(a)\n      ^^^^^\nhint: import it: import torch",
    ),
    (
        "s = jnp.sum(a)\n",
        "?",
        {"inputs": ["a"]},
        "EL614: line 1 uses 'jnp', which is not defined\n"
        "  s = jnp.sum(a)\n      ^^^\nhint: import it: import jax.numpy as jnp",
    ),
    ("c = (a\n", "?", {}, ("EL610: line 1 does not parse: '(' was never closed\n  c = (a\n      ^")),
    (
        "c = a\nd = 'x\n",
        "?",
        {},
        ("EL610: line 2 does not parse: unterminated string literal (detected at line 2)\n  d = 'x\n      ^"),
    ),
    (
        "    c = 0\n    for i in a:\n        c += i\n",
        "?",
        {},
        (
            "EL610: line 1 does not parse: unexpected indent\n"
            "      c = 0\n"
            "     ^\n"
            "hint: remove the indentation that all lines share"
        ),
    ),
    (
        "for i in a:\nc = 0\n",
        "?",
        {},
        ("EL610: line 2 does not parse: expected an indented block after 'for' statement on line 1\n  c = 0\n  ^"),
    ),
    ("%timeit c\n", "?", {}, ("EL610: line 1 does not parse: invalid syntax\n  %timeit c\n  ^")),
    ("c = é $ a", "?", {}, ("EL610: line 1 does not parse: invalid syntax\n  c = é $ a\n        ^")),
    ("c = [\n1,\n", "?", {}, ("EL610: line 1 does not parse: '[' was never closed\n  c = [\n      ^")),
    (
        "def f(a):\n    return a\n",
        "?",
        {"entry": "g"},
        ("EL617: the source has no function 'g'\nhint: its functions: f"),
    ),
    ("c = a\n", "?", {"entry": "g"}, ("EL617: the source has no function 'g'\nhint: it defines no function")),
    (
        "def f(a):\n    return a\ndef g(b):\n    return b\n",
        "?",
        {},
        ("EL611: the source has 2 functions that could be meant: f, g\nhint: say which: --entry g or entry='g'"),
    ),
    (
        "def f(a):\n    return g(a)\ndef g(b):\n    return f(b)\n",
        "?",
        {},
        ("EL611: the source has 2 functions that could be meant: f, g\nhint: say which: --entry g or entry='g'"),
    ),
    (
        "def f(a):\n    return a\nc = 0\nfor x in range(3):\n    c += f(x)\n",
        "?",
        {},
        (
            "EL611: the source has functions (f) and loops outside them (on c)\n"
            "hint: --entry f checks the function, --result c the loops"
        ),
    ),
    (
        "async def f(a):\n    return a\n",
        "?",
        {},
        (f"EL612: the function 'f' is async\n  async def f(a):\n  ^^^^^^^^^^^^^^^\n{PLAIN}"),
    ),
    (
        "def f(a):\n    yield a\n",
        "?",
        {},
        (f"EL612: the function 'f' yields, so it is a generator\n  def f(a):\n  ^^^^^^^^^\n{PLAIN}"),
    ),
    (
        "x = 1\n\ndef f(self, a):\n    return a\n",
        "? ?",
        {},
        (f"EL612: the function 'f' is a method: it needs an object\n  def f(self, a):\n  ^^^^^^^^^^^^^^^\n{PLAIN}"),
    ),
    (
        "def f(*arrays):\n    return arrays\n",
        "?",
        {},
        (
            "EL612: the function 'f' takes any number of arguments (*arrays)\n"
            "  def f(*arrays):\n"
            "  ^^^^^^^^^^^^^^^\n"
            "hint: give it one parameter for every operand"
        ),
    ),
    (
        "def f(a):\n    print(a)\n    return\n",
        "?",
        {},
        (f"EL612: the function 'f' returns nothing\n  def f(a):\n  ^^^^^^^^^\n{PLAIN}"),
    ),
    (
        "class P:\n    def f(self, a):\n        return a\n",
        "?",
        {},
        (
            "EL612: the functions of the source stand in the class 'P', so they need an object\n"
            "  class P:\n"
            "  ^^^^^^^^\n"
            "hint: write the loops as a function of the arrays"
        ),
    ),
    (
        "def f(a, b, out):\n    return out\n",
        "? ?",
        {},
        (
            "EL613: the function 'f' requires 3 parameters (a, b, out), the expression has 2 operands\n"
            f"{NAME}--inputs a,b or inputs=['a', 'b']; give the other parameters a default value"
        ),
    ),
    (
        "def f(a):\n    return a\n",
        "? ?",
        {},
        (
            "EL613: the function 'f' requires 1 parameter (a), the expression has 2 operands\n"
            f"{NAME}--inputs a,a or inputs=['a', 'a'], where one array serves twice"
        ),
    ),
    (
        "def f():\n    return a\n",
        "?",
        {},
        (
            "EL616: the function 'f' takes no parameters, so it cannot be verified on other values than it makes or "
            "finds\n"
            "  def f():\n"
            "  ^^^^^^^^\n"
            "hint: give it one parameter for every operand"
        ),
    ),
    (
        "c = a * b * n\n",
        "? ?",
        {},
        (
            "EL613: the source reads 3 names that it does not assign first (a, b, n), the expression has 2 operands\n"
            f"{NAME}--inputs a,b or inputs=['a', 'b']"
        ),
    ),
    (
        "c = a * a\n",
        "? ?",
        {},
        (
            "EL613: the source reads 1 name that it does not assign first (a), the expression has 2 operands\n"
            f"{NAME}--inputs a,a or inputs=['a', 'a'], where one array serves twice; remove the lines that make inputs"
        ),
    ),
    (
        "a = np.ones(3)\nc = a * b\n",
        "? ?",
        {},
        (
            "EL613: the source reads 1 name that it does not assign first (b), the expression has 2 operands\n"
            f"{NAME}--inputs b,b or inputs=['b', 'b'], where one array serves twice; remove the lines that make inputs"
        ),
    ),
    (
        "c = a * b\n",
        "? ? ?",
        {"inputs": ["a", "b"]},
        (
            "EL613: 2 inputs given (a, b), the expression has 3 operands\n"
            f"{NAME}--inputs a,b,b or inputs=['a', 'b', 'b'], where one array serves twice"
        ),
    ),
    (
        "def f(a):\n    return a\n",
        "?",
        {"inputs": ["a", "a"]},
        (f"EL613: 2 inputs given (a, a), the expression has 1 operand\n{NAME}--inputs a or inputs=['a']"),
    ),
    (
        "c += 1\nc[0] = 2\n",
        "? ?",
        {},
        (
            "EL613: the source reads 0 names that it does not assign first, the expression has 2 operands\n"
            f"{NAME}--inputs A,B or inputs=['A', 'B']; remove the lines that make inputs"
        ),
    ),
    (
        "def f(a, b, out):\n    return out\n",
        "? ?",
        {"inputs": ["a", "b"]},
        (
            "EL614: the function 'f' requires 'out', which is not an input\n"
            "  def f(a, b, out):\n"
            "  ^^^^^^^^^^^^^^^^^\n"
            "hint: give 'out' a default value"
        ),
    ),
    (
        "for i in range(n):\n    c += a[i]\n",
        "a",
        {},
        (
            "EL614: line 1 uses 'n', which has no value there and is none of the inputs (a)\n"
            "  for i in range(n):\n"
            "                 ^\n"
            "hint: give it a value first, such as n = a.shape[0]"
        ),
    ),
    (
        "for i in range(3):\n    c[i] = a[i]\n",
        "?",
        {},
        (
            "EL614: line 2 uses 'c', which has no value there and is none of the inputs (a)\n"
            "      c[i] = a[i]\n"
            "      ^\n"
            "hint: create it first, such as c = np.zeros(...)"
        ),
    ),
    (
        "c = a * n\n",
        "?",
        {"inputs": ["a"]},
        (
            "EL614: line 1 uses 'n', which has no value there and is none of the inputs (a)\n"
            "  c = a * n\n"
            "          ^\n"
            "hint: give it a value first, such as n = a.shape[0]"
        ),
    ),
    (
        "é = 'é' * a * n\n",
        "a",
        {},
        (
            "EL614: line 1 uses 'n', which has no value there and is none of the inputs (a)\n"
            "  é = 'é' * a * n\n"
            "                ^\n"
            "hint: give it a value first, such as n = a.shape[0]"
        ),
    ),
    (
        "import numpy as np\na = np.random.rand(3)\nc = a * b\n",
        "a b",
        {},
        (
            "EL615: line 2 overwrites the input 'a', so it cannot be verified on other values\n"
            "  a = np.random.rand(3)\n"
            "  ^\n"
            "hint: remove that line"
        ),
    ),
    (
        "a, b = x, y\nc = a * b\n",
        "? ?",
        {"inputs": ["a", "b"]},
        (
            "EL615: line 1 overwrites the input 'a', so it cannot be verified on other values\n"
            "  a, b = x, y\n"
            "  ^\n"
            "hint: remove that line"
        ),
    ),
    (
        "for a in range(3):\n    c = a\n",
        "a",
        {},
        (
            "EL615: line 1 overwrites the input 'a', so it cannot be verified on other values\n"
            "  for a in range(3):\n"
            "      ^\n"
            "hint: remove that line"
        ),
    ),
    (
        "a = np.ones(3)\nc = a\n",
        "?",
        {},
        (
            "EL616: the source makes its own inputs (a in line 1), so it cannot be verified on other values\n"
            "  a = np.ones(3)\n"
            "  ^^^^^^^^^^^^^^\n"
            "hint: remove the line that makes a: the verification gives the values"
        ),
    ),
    (
        "rng = np.random.default_rng(0)\na = rng.random((2, 3))\nb = [[x] for x in range(3)]\nc = np.dot(a, b)\n",
        "? ?",
        {},
        (
            "EL616: the source makes its own inputs (a in line 2, b in line 3), so it cannot be verified on other "
            "values\n"
            "  a = rng.random((2, 3))\n"
            "  ^^^^^^^^^^^^^^^^^^^^^^\n"
            "hint: remove the lines that make a and b: the verification gives the values"
        ),
    ),
    ("x = 1\n", "?", {}, (f"{OWN}hint: remove the lines that make the inputs")),
    ("", "?", {}, f"EL619: the source is empty: {NOTHING}"),
    (" \n\t\n", "?", {}, f"EL619: the source is empty: {NOTHING}"),
    ("# C = A @ B\n", "?", {}, f"EL619: the source holds comments only: {NOTHING}"),
    ("import numpy as np\n# later\n", "? ?", {}, f"EL619: the source holds imports and no loops: {NOTHING}"),
    ('"""A product."""\npass\n', "? ?", {}, f"EL619: the source holds no loops: {NOTHING}"),
    (
        "import numpy as np\nmul = lambda x, y=2: np.dot(x, y)\n",
        "? ?",
        {},
        (
            "EL628: the lambda 'mul' cannot be verified as it stands\n"
            "  mul = lambda x, y=2: np.dot(x, y)\n"
            "  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
            "hint: write it as a function: def mul(x, y=2): return np.dot(x, y)"
        ),
    ),
    (
        "f = lambda a: a * n\n",
        "?",
        {"entry": "f"},
        (
            "EL628: the lambda 'f' cannot be verified as it stands\n"
            "  f = lambda a: a * n\n"
            "  ^^^^^^^^^^^^^^^^^^^\n"
            "hint: write it as a function: def f(a): return a * n"
        ),
    ),
    (
        "lambda a: a.T\n",
        "?",
        {"inputs": ["a"]},
        (
            "EL628: the source is a lambda, which cannot be verified as it stands\n"
            "  lambda a: a.T\n"
            "  ^^^^^^^^^^^^^\n"
            "hint: write it as a function: def f(a): return a.T"
        ),
    ),
    (
        'if __name__ == "__main__":\n    c = a\n',
        "?",
        {},
        (f'{OWN}hint: what stands under `if __name__ == "__main__":` is not run: move the loops out of it'),
    ),
    (
        "c = a\n",
        "?",
        {"inputs": ["x"]},
        ("EL617: the source reads no 'x' that could be given to it\nhint: names without a value in it: a"),
    ),
    (
        "a = 3\nc = a\n",
        "?",
        {"inputs": ["x"]},
        ("EL617: the source reads no 'x' that could be given to it\nhint: it makes all that it reads"),
    ),
    (
        "def f(a):\n    return a\n",
        "?",
        {"inputs": ["x"]},
        ("EL617: the function 'f' has no parameter 'x'\n  def f(a):\n  ^^^^^^^^^\nhint: it has a"),
    ),
    ("c = a\n", "?", {"result": "d"}, ("EL617: the source never assigns 'd'\nhint: it assigns c")),
    ("print(a)\n", "?", {"result": "d"}, ("EL617: the source never assigns 'd'\nhint: it assigns nothing")),
    ("print(a)\n", "?", {}, ("EL618: the source assigns no result\nhint: assign it to a name, such as C = ...")),
    (
        "c = a\nd = a\n",
        "?",
        {},
        ("EL618: the source has 2 names that could be the result: c, d\nhint: say which: --result d or result='d'"),
    ),
    (
        "c = d = 0\nfor i in a:\n    c += i\n    d += i * i\n",
        "?",
        {},
        ("EL618: the source has 2 names that could be the result: c, d\nhint: say which: --result d or result='d'"),
    ),
    (
        "C = [0]\nfor i in a:\n    C[0] += i\nD = C * 2\n",
        "?",
        {},
        ("EL618: the source has 2 names that could be the result: C, D\nhint: say which: --result D or result='D'"),
    ),
]


@pytest.mark.parametrize(("source", "operands", "options", "text"), REFUSED)
def test_refusals(source: str, operands: str, options: dict[str, Any], text: str) -> None:
    with pytest.raises(RunError) as caught:
        infer_roles(source, [None if name == "?" else name for name in operands.split()], **options)
    assert str(caught.value) == f"error {text}"


@pytest.mark.parametrize("source", ["c = a\0", "c = " + "(" * 300 + ")" * 300, "c = " + "+".join(["a"] * 20_000)])
def test_texts_that_python_itself_gives_up_on(source: str) -> None:
    with pytest.raises(RunError) as caught:
        infer_roles(source, ["a"])
    assert caught.value.id == "EL610"


def test_reading_warns_of_nothing() -> None:
    assert infer_roles("c = a if '\\d' is a else 0\n", ["a"]).result == "c"


@pytest.mark.parametrize(
    "options", [Options(), Options(function="f"), Options(script=True)], ids=lambda o: o.form.value
)
@pytest.mark.parametrize("expression", ["ij,jk->ik", "ii", "ij->ji", "i,i,i->", "...i,i->...", "ij,jk,kl->il"])
def test_the_roles_in_einloops_own_loops(expression: str, options: Options) -> None:
    generated = generate(read_spec(expression, options), options)
    found = infer_roles(generated.source, [None] * len(generated.inputs))
    assert found.inputs == generated.inputs
    assert (found.result, found.entry) in ((generated.result, None), (None, generated.entry))
