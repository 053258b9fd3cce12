"""Sums of einsums over parts of arrays: the lines that name the parts, what the loops give, and what is refused."""

import numpy as np
import pytest

from einloop.core.errors import EinloopError
from einloop.core.options import Options
from einloop.core.part_text import reworded
from einloop.pipeline.expression import read_expression
from einloop.pipeline.show import generate
from einloop.pipeline.verify import verify


def made(text, **options):
    shapes = tuple((name, shape) for name, shape in SHAPES.items() if name in text.replace("range", ""))
    if text.startswith("for"):
        shapes = ()
    chosen = Options(**{"shapes": shapes, **options})
    return generate(read_expression(text, chosen), chosen)


SHAPES = {"A": (6, 5), "B": (5, 4), "X": (3, 4), "w": (4,), "x": (12,)}
TEXTS = (
    (
        "y = x[1:] - x[:-1]",
        {},
        """
x1 = x[1:]
x2 = x[: x.shape[0] - 1]
I = len(x1)
I = len(x2)
y = np.zeros(I)
for i in range(I):
    y[i] = x1[i] - x2[i]
""",
    ),
    (
        "y = x[1:] - x[:-1]",
        {"style": "lists"},
        """
x1 = x[1:]
x2 = x[: len(x) - 1]
I = len(x1)
I = len(x2)
y = [0] * I
for i in range(I):
    y[i] = x1[i] - x2[i]
""",
    ),
    (
        "x[1:] += x[:-1]",
        {},
        """
x_old = x.copy()
x1 = x_old[: x_old.shape[0] - 1]
x2 = x[1:]
I = len(x1)
I = len(x2)
for i in range(I):
    x2[i] += x1[i]
""",
    ),
    (
        "for i in range(n):\n    for k in range(m):\n        c[i*m + k] = 0\n"
        "        for j in range(p):\n            c[i*m + k] += A[i, j] * b[j*m + k]",
        {"style": "scalar"},
        """
b1 = b.reshape(p, m)
c1 = c.reshape(n, m)
I, J = A.shape
J, K = b1.shape
I, K = c1.shape
for i in range(I):
    for k in range(K):
        total = 0.0
        for j in range(J):
            total += A[i, j] * b1[j, k]
        c1[i, k] = total
c = c1.reshape(c.shape)
""",
    ),
    (
        "for j in range(n):\n    C[0] += x[j] * y[j]",
        {},
        """
C1 = C[0]
J = len(x)
J = len(y)
for j in range(J):
    C1 += x[j] * y[j]
C[0] = C1
""",
    ),
    (
        "C = X.T @ X / (X.shape[0] - 1)",
        {"style": "scalar"},
        """
count = X.shape[0] - 1
I, J = X.shape
I, K = X.shape
C = np.zeros((J, K))
for j in range(J):
    for k in range(K):
        total = 0.0
        for i in range(I):
            total += X[i, j] * X[i, k]
        C[j, k] = total / count
""",
    ),
    (
        "for i in range(4):\n    for j in range(3):\n        C[i, j] = 5",
        {},
        """
I, J = C.shape
for i in range(I):
    for j in range(J):
        C[i, j] = 5
""",
    ),
    (
        "for i in range(n):\n    C[i + 1] = A[i]",
        {"style": "fast"},
        """
C1 = C[1 : n + 1]
I = len(A)
I = len(C1)
A_rows = A.tolist()
C1_rows = []
for A_i in A_rows:
    C1_rows.append(A_i)
C1[...] = np.array(C1_rows).reshape(I)
""",
    ),
)


@pytest.mark.parametrize(("text", "options", "loops"), TEXTS)
def test_loops(text, options, loops):
    generated = made(text, **options)
    assert generated.source == loops.lstrip("\n")
    found = verify(generated)
    assert found, str(found)
    assert len(found.cases) > 10


SUMS = (
    "y = x[1:] - x[:-1]",
    "C = A[1:] @ B",
    "C = A[:, 1:] @ B[:-1, :3] + 2",
    "y = x.reshape(3, 4) @ w",
    "y = x[2] * w",
    "x = x * x[0] + x",
    "x[1:-1] = 2*x[2:] - x[:-2]",
    "y = 3 * x[::-1]",
    "C = X.T @ X / X.shape[0]",
    "m = x.mean()",
    "D = X - X.mean(axis=0)",
    "for i in range(n):\n    y[2*i] = x[2*i+1]",
    "for i in range(1, n-1):\n    y[i] = x[i-1] - 2*x[i] + x[i+1]",
    "for i in range(1, n):\n    C[i] = C[i] + A[i]",
    "for i in range(n):\n    for j in range(m):\n        c[i*m+j] = A[i,j] * b[j] + 1",
    "for i in range(n):\n    for j in range(n):\n        C[0,i] += A[i,j] * x[j]",
    "for i in range(n):\n    for j in range(m):\n        C[i, j] = 2*C[i, j] + 7",
    "for i in range(3):\n    for j in range(m):\n        C[i, j] = 7",
)
FORMS = (
    {},
    {"style": "scalar"},
    {"style": "fast"},
    {"function": "f"},
    {"function": "f", "style": "scalar"},
    {"function": "f", "style": "fast"},
    {"checks": True},
    {"comments": True},
    {"dtypes": ((None, "float32"),)},
    {"dtypes": ((None, "complex64"),), "function": "f"},
)


UNWALKED = ("C = A[:, 1:] @ B[:-1, :3] + 2", "D = X - X.mean(axis=0)", SUMS[-1])
"""What has an index that no operand can be walked along."""


@pytest.mark.parametrize("text", SUMS)
@pytest.mark.parametrize("options", FORMS, ids=str)
def test_right(text, options):
    if options.get("style") == "fast" and text in UNWALKED:
        with pytest.raises(EinloopError) as error:
            made(text, **options)
        assert error.value.id == "EL433"
        return
    generated = made(text, **options)
    found = verify(generated)
    assert found, str(found)
    assert len(found.cases) > 2


@pytest.mark.parametrize("text", ["y = x[1:] - x[:-1]", "C = A[1:] @ B", "y = x[2] * w"])
@pytest.mark.parametrize("options", [{}, {"function": "f"}], ids=str)
def test_lists(text, options):
    found = verify(made(text, style="lists", **options))
    assert found, str(found)


def test_it_runs_on_arrays():
    x = np.arange(5.0) ** 2
    assert made("y = x[1:] - x[:-1]").run(x).tolist() == [1, 3, 5, 7]
    moved = made("for i in range(n):\n    C[i + 1] = A[i]", function="f")
    old = np.zeros(4)
    assert moved.inputs == ("A", "C", "n")
    assert moved.run(np.ones(2), old, 2).tolist() == [0, 1, 1, 0]
    assert old.tolist() == [0, 0, 0, 0]


def test_an_array_that_reshape_copies_is_written():
    generated = made("for i in range(n):\n    for j in range(m):\n        c[i*m+j] = A[i,j]", function="f")
    spread = np.zeros(8)[::2]
    assert generated.run(np.ones((2, 2)), spread, 2, 2).tolist() == [1, 1, 1, 1]


def test_names_are_kept_apart():
    """The array `I` is not the length of the index i, nor `x1` the part of x."""
    generated = made("y = I[1:] * x1 - I[:-1]", shapes=(("I", (5,)), ("x1", (4,))))
    assert "I1 = I[1:]\n" in generated.source
    assert verify(generated)


def test_a_wrong_part_is_found():
    from dataclasses import replace

    from einloop.runners import make_runner

    generated = made("y = x[1:] - x[:-1]")
    text = generated.source.replace("x1 = x[1:]", "x1 = x[: x.shape[0] - 1]")
    program = replace(generated.program, text=text)
    found = verify(replace(generated, source=text, program=program, runner=make_runner(program, generated.form)))
    assert not found


def test_arrays_that_are_given():
    found = verify(made("y = x[1:] - x[:-1]"), given=[np.arange(7.0)])
    assert found
    assert "the arrays given among them" in str(found)


REFUSED = (
    ("y = x[1:] - x[:-1]", {"target": "c"}, "x[1:] is no whole array: 'c' reads and writes arrays as they are"),
    ("y = x[1:] - x[:-1]", {"target": "numba"}, "x[1:] is no whole array: 'numba' reads and writes arrays as they are"),
    ("y = x[1:] - x[:-1]", {"script": True}, "a program would have to make arrays that have these parts"),
    ("x[1:] += x[:-1]", {"style": "lists"}, "x[1:] of nested lists is a copy, and writing into it is lost"),
    ("C = A[:, 1:] @ B", {"style": "lists"}, "nested lists have no A[:, 1:]"),
    (
        "for i in range(n):\n    C[i, 0] = 5",
        {"script": True},
        "a program would have to make arrays that have these parts",
    ),
    (
        "for i in range(n):\n    C[i] = 5",
        {"target": "c"},
        "C is written over: 'c' reads and writes arrays as they are",
    ),
)


@pytest.mark.parametrize(("text", "options", "message"), REFUSED)
def test_refused(text, options, message):
    shapes = {"shapes": (("A", (6, 6)), ("B", (5, 4)))} if "@" in text else {}
    with pytest.raises(EinloopError) as error:
        made(text, **options, **shapes)
    assert (error.value.id, error.value.message) == ("EL435", message)


def test_what_does_not_fit_is_refused():
    generated = made("y = x.reshape(3, 4) @ w")
    with pytest.raises(EinloopError) as error:
        generated.run(np.ones(11), np.ones(4))
    assert error.value.id == "EL604"
    function = made("C = X.T @ X / (X.shape[0] - 1)", function="f")
    with pytest.raises(ValueError, match="count is 0, and something is divided by it"):
        function.run(np.ones((1, 3)))


PARTS = (
    ("A[1:n-1, ::2]", "A[1 : n - 1, ::2]"),
    ("A[1:3,:n-1]", "A[1:3, : n - 1]"),
    ("x[n-1::-1]", "x[n - 1 :: -1]"),
    ("a[:n*m].reshape(n, m)", "a[: n * m].reshape(n, m)"),
    ("a[-(n-1):]", "a[-(n - 1) :]"),
    ("x[...,0]", "x[..., 0]"),
    ("(n-1)*m", "(n - 1) * m"),
    ("len(x)//2", "len(x) // 2"),
)


@pytest.mark.parametrize(("text", "written"), PARTS)
def test_texts_are_as_black_leaves_them(text, written):
    from black import Mode, format_str

    assert reworded(text, {}) == written
    assert format_str(f"y = {written}\n", mode=Mode(line_length=88)) == f"y = {written}\n"


@pytest.mark.parametrize(
    "text", ["x[f(1)]", "__import__('os')", "x[1.5:]", "x.sum()", "x[True]", "x if x else y", "x["]
)
def test_other_texts_have_no_meaning(text):
    with pytest.raises(ValueError):  # noqa: PT011
        reworded(text, {})


@pytest.mark.parametrize("text", ["s[0] = x @ z", "y[k] += x @ z", "C[0, 1] = x @ z", "y[k, 0] -= 2 * x @ z"])
def test_one_element_of_an_array_is_written(text):
    options = Options(shapes=(("x", (3,)), ("z", (3,))))
    assert verify(generate(read_expression(text, options), options))


@pytest.mark.parametrize(
    "text",
    [
        "S = (Q @ K.T) / np.sqrt(Q.shape[1])",
        "y = np.sqrt(n) * x[:]",
        "y = x[:] / np.sqrt(x.shape[0])",
        "y = 2 * np.sqrt(n) * x[:] - z[:]",
    ],
)
@pytest.mark.parametrize("function", [None, "f"])
def test_roots_of_lengths_are_named_before_the_loops(text, function):
    shapes = (("Q", (2, 3)), ("K", (4, 3)), ("x", (4,)), ("z", (4,)))
    options = Options(shapes=tuple(one for one in shapes if f"{one[0]}" in text.split("=")[1]), function=function)
    generated = generate(read_expression(text, options), options)
    assert " = np.sqrt(" in generated.source
    assert verify(generated)
