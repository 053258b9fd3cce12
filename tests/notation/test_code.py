"""What is said of code that is not an einsum, and of files and programs."""

from __future__ import annotations

import io
import json

import pytest

from einloop import cli
from einloop.cli.lines import expressions
from einloop.core.errors import EinloopError, NotationError
from einloop.notation import read

STRANGERS = [
    ("C = A @ B", "@"),
    ("A @ B.T", "@"),
    ("torch.bmm(a, b)", "torch.bmm"),
    ("y = torch.bmm(a, b)", "torch.bmm"),
    ("np.tensordot(a, b, axes=([1], [0]))", "np.tensordot"),
    ("A.dot(B)", "A.dot"),
    ("self.proj(x)[0].T", "self.proj"),
    ("matmul(a, b)", "matmul"),
    ("np.einsum_path('ij,jk', a, b)", "np.einsum_path"),
    ("einops.rearrange(x, 'b h -> h b')", "einops.rearrange"),
    ("C[i] = np.exp(A[i])", "np.exp"),
]
PROGRAMS = [
    "import numpy as np\nx = 3",
    "def f(a):\n    return a",
    "x = 1\ny = 2",
    "for i in range(3):\n    C[i] = A[i]",
    "class A:\n    pass\n",
]
FILES = ["model.py", "./a/model.py", "~/my model.ipynb", "expressions.txt", "C:\\x\\a.py", " a.npy "]
OTHERS = ["ij,(jk)", "i;j", "a.b", "ij.py->i", "C[i,k] = A[i,j] @ B[j,k]", "C[i] = exp(A[i])", "f(ij)", "ij\njk"]


@pytest.mark.parametrize(("text", "marked"), STRANGERS)
def test_code_that_is_no_einsum(text: str, marked: str) -> None:
    with pytest.raises(NotationError) as caught:
        read(text)
    error = caught.value
    assert error.id == "EL131"
    assert "not an einsum call" in error.message
    assert error.span is not None
    assert text[slice(*error.span)] == marked
    assert error.hint is not None
    assert "np.einsum" in error.hint


@pytest.mark.parametrize("text", [*PROGRAMS, *FILES])
def test_programs_and_files(text: str) -> None:
    with pytest.raises(NotationError) as caught:
        read(text)
    assert caught.value.id == "EL138"
    assert caught.value.hint is not None
    assert "einloop lift FILE" in caught.value.hint


@pytest.mark.parametrize("text", OTHERS)
def test_what_may_be_meant_as_an_expression_keeps_its_error(text: str) -> None:
    with pytest.raises(EinloopError) as caught:
        read(text)
    assert caught.value.id not in ("EL131", "EL138")


def test_words_of_python_are_subscripts() -> None:
    assert [read(text).subscripts for text in ("if", "for,of->r", "def")] == ["if->fi", "for,of->r", "def->def"]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["import torch", "x = 1"], [(1, "import torch\nx = 1\n")]),
        (["#!/usr/bin/env python"], [(1, "#!/usr/bin/env python\n")]),
        (["# A model.", "", "from torch import nn", ""], [(3, "from torch import nn\n\n")]),
        (['"""A model."""'], [(1, '"""A model."""\n')]),
        (["ij->i", "class A(nn.Module):"], [(1, "ij->i"), (2, "class A(nn.Module):\n")]),
        (["@jit", "def f(x):"], [(1, "@jit\ndef f(x):\n")]),
        (
            ["for i in range(3):", "    C[i] = A[i]", "", "# ij->i"],
            [(1, "for i in range(3):\n    C[i] = A[i]\n\n# ij->i\n")],
        ),
        (["float f(float *x) {", "  return *x;", "}"], [(1, "float f(float *x) {\n  return *x;\n}\n")]),
    ],
)
def test_from_a_line_that_begins_a_program_on_standard_input_is_one_text(
    lines: list[str], found: list[tuple[int, str]]
) -> None:
    assert list(expressions(f"{line}\n" for line in lines)) == found


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (
            "import torch\nx = 1",
            "line 1: error EL138: this is a program, not an expression, and no einsum call is read in it",
        ),
        ("# A model.\n\nclass A:\n    pass", "line 3: error EL138: this is a program"),
        ("for i in range(3):\n    C[i] = np.exp(A[i])", "line 2: error EL807: "),
        ("C = A @ B\n", "line 1: error EL812: how many axes A and B have is not known"),
    ],
)
def test_a_program_on_standard_input_that_is_no_einsum_is_refused(
    program: str, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(program))
    assert cli.main(["-", "--no-verify"]) == 2
    out, err = capsys.readouterr()
    assert (out, err[: len(said)]) == ("", said)


def test_a_program_on_standard_input_is_lifted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("for i in range(n):\n    for j in range(m):\n        y[i] += A[j, i]"))
    assert cli.main(["explain", "-", "--format", "json"]) == 0
    sections = {section["id"]: section for section in json.loads(capsys.readouterr().out)["sections"]}
    assert sections["statement"]["facts"]["text"] == "y += np.einsum('ji->i', A)"


def test_expressions_and_comments_on_standard_input() -> None:
    lines = ["# two\n", "ij->i\n", "for,of->r\n", "# np.einsum('i->', a)\n", "np.einsum(\n", " # x\n", "'i->', a)\n"]
    assert list(expressions(lines)) == [(2, "ij->i"), (3, "for,of->r"), (5, "np.einsum(\n'i->', a)")]


@pytest.mark.parametrize(
    ("text", "callee"),
    [
        ('numpy.einsum "ij,jk->ik"', "numpy.einsum"),
        ("np.einsum 'ij,jk->ik', a, b", "np.einsum"),
        ("  oe.contract ij,jk->ik", "oe.contract"),
        ("np.einsum'ij->i'", "np.einsum"),
    ],
)
def test_a_call_without_parentheses(text: str, callee: str) -> None:
    with pytest.raises(NotationError) as caught:
        read(text)
    assert (caught.value.id, caught.value.message) == ("EL131", f"`{callee}` is not called: no '(' follows it")
    assert caught.value.span is not None
    assert text[slice(*caught.value.span)] == callee
