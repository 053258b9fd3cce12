"""`einloop lift` and `einloop.lift`: the text to paste, its terms, its proof; every command takes code."""

import io
import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

import einloop
from einloop import cli
from einloop.core.errors import EinloopError, LiftError, OptionError
from einloop.core.source import Notation
from einloop.lifting import lifted_code
from einloop.pipeline.lift_proof import prove

SCORES = """\
for i in range(n):
    for j in range(m):
        for k in range(d):
            S[i][j] += Q[i][k] * K[j][k] / 2
"""
GEMV = """
void gemv(int n, int m, double alpha, const double *a, int lda, const double *x, double beta, double *y)
{
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < m; j++)
            sum += a[i * lda + j] * x[j];
        y[i] = alpha * sum + beta * y[i];
    }
}
"""
FORMS = [
    ("C = A @ B.T", {"A": (2, 3), "B": (4, 3)}, "C = np.einsum('ij,kj->ik', A, B)"),
    ("C[i,k] += A[i,j]*B[j,k]/2 - D[i,k]", None, "C += 0.5 * np.einsum('ij,jk->ik', A, B) - D"),
    ("y_i = \\frac{1}{2} \\sum_j A_{ij} x_j", None, "y = 0.5 * np.einsum('ij,j->i', A, x)"),
    (SCORES, None, "S += 0.5 * np.einsum('ik,jk->ij', Q, K)"),
    ("ij,jk->ik", None, "C = np.einsum('ij,jk->ik', A, B)"),
    ("np.einsum('ij,jk->ik', a, b).T", None, "result = np.einsum('ij,jk->ki', a, b)"),
    ("2 * x + y", {"x": (3,), "y": (3,)}, "result = 2 * x + y"),
]


@pytest.mark.parametrize(("text", "shapes", "wanted"), FORMS, ids=[text.strip()[:30] for text, _, _ in FORMS])
def test_every_form_is_lifted(text, shapes, wanted):
    found = einloop.lift(text, shapes=shapes, verify=False)
    assert str(found) == wanted
    assert [one.text for one in found.statements] == wanted.splitlines()


def test_terms_have_their_coefficient_subscripts_and_operands():
    found = einloop.lift("C = alpha * A @ B / 3 - 2 * C", shapes={"A": (2, 3), "B": (3, 4), "C": (2, 4)})
    (statement,) = found.statements
    assert (statement.result, statement.adds) == ("C", False)
    assert [(t.coefficient, t.subscripts, t.operands) for t in statement.terms] == [
        ("(1 / 3) * alpha", "ij,jk->ik", ("A", "B")),
        (-2, "ik->ik", ("C",)),
    ]
    assert found.verification


def test_a_function_is_lifted_from_its_source():
    def weighted(a, w):
        total = 0
        for i in range(len(a)):
            total += a[i] * w[i]
        return total

    assert einloop.lift(weighted).statements[0].terms[0].subscripts == "i,i->"
    product = lambda A, x: A @ x  # noqa: E731, N803
    assert str(einloop.lift(product, shapes=[(2, 3), (3,)])) == "result = np.einsum('ij,j->i', A, x)"


def test_a_function_without_source_is_refused():
    with pytest.raises(LiftError, match=r"the source of this .* cannot be read"):
        einloop.lift(len)


def test_running_gives_results_by_name():
    found = einloop.lift(SCORES)
    q, k = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(4, 3)
    np.testing.assert_array_equal(found.run(S=np.ones((2, 4)), Q=q, K=k)["S"], 1 + q @ k.T / 2)
    old = np.ones((2, 4))
    found.run(S=old, Q=q, K=k)
    assert (old == 1).all()


def test_running_without_a_value_says_which():
    with pytest.raises(OptionError, match="S is added to, and no value of it is given"):
        einloop.lift(SCORES).run(Q=[[1]], K=[[1]])
    with pytest.raises(OptionError, match="no value is given for K"):
        einloop.lift(SCORES).run(Q=[[1]], S=[[1]])


def test_lengths_that_arrays_say_may_be_left_out():
    pytest.importorskip("pycparser")
    found = einloop.lift(GEMV, verify=False)
    a, x, y = np.arange(6.0).reshape(2, 3), np.ones(3), np.ones(2)
    np.testing.assert_array_equal(found.run(alpha=2, a=a, x=x, beta=3, y=y, m=3)["y"], 2 * a.sum(1) + 3)


def test_another_library():
    assert str(einloop.lift("A @ x", shapes={"A": (2, 3), "x": (3,)}, library="torch", verify=False)) == (
        "result = torch.einsum('ij,j->i', A, x)"
    )
    with pytest.raises(EinloopError, match="there is no library 'tensorflow' here"):
        einloop.lift("A @ x", library="tensorflow")


# proof


def test_python_code_is_run_beside_its_einsums():
    found = einloop.lift(SCORES).verification
    assert found
    assert len(found.cases) >= 3


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")
def test_c_is_compiled_and_run_beside_its_einsums():
    pytest.importorskip("pycparser")
    assert einloop.lift(GEMV).verification


def test_torch_code_runs_on_tensors():
    pytest.importorskip("torch")
    assert einloop.lift("torch.bmm(q, k.transpose(1, 2))").verification


HARMFUL = [
    "for i in range(n):\n    if n < 0: __import__('os').system('echo')\n    y[i] = x[i]",
    "y = x[0] if True else open('file', 'w')",
    "import os\ny = 2 * x[1]",
    "y = x[0] if 1 else x.__class__",
]


@pytest.mark.parametrize("text", HARMFUL)
def test_code_that_was_not_looked_at_whole_is_not_run(text):
    found = einloop.lift(text, shapes={"x": (3,)}).verification
    assert not found
    assert "does more than was looked at, so the code is not run" in str(found)


def test_code_that_differs_from_its_einsum_is_refused():
    code = lifted_code("y = x + x", Notation.NUMPY, {"x": 1})
    (one,) = code.statements.combinations
    wrong = replace(code.statements, combinations=(replace(one, source=replace(one.source, text="y = 3 * x")),))
    with pytest.raises(LiftError, match="the code gives another y than its einsum, for x: ") as caught:
        prove(wrong, code.trials)
    assert caught.value.id == "EL819"


# the command line


@pytest.fixture
def run(capsys, monkeypatch):
    """Run the command line; return the exit code, and what went to standard output and standard error."""

    def call(*words, stdin=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        code = cli.main(words)
        return (code, *capsys.readouterr())

    return call


def test_statements_go_to_standard_output_and_the_rest_to_standard_error(run, tmp_path):
    file = tmp_path / "scores.py"
    file.write_text(SCORES, encoding="utf-8")
    code, out, err = run("lift", str(file), "--no-speed")
    assert (code, out) == (0, "S += 0.5 * np.einsum('ik,jk->ij', Q, K)\n")
    assert "note: adds to what is in S\n" in err
    assert err.splitlines()[-1].startswith("verified against np.einsum: ")


def test_standard_input_json_and_a_file(run, tmp_path):
    code, out, _ = run("lift", "-", "--no-speed", "--json", stdin=SCORES)
    data = json.loads(out)
    assert (code, data["text"]) == (0, "S += 0.5 * np.einsum('ik,jk->ij', Q, K)")
    assert data["statements"][0]["terms"][0]["subscripts"] == "ik,jk->ij"
    assert data["verification"]["verified"] is True
    target = tmp_path / "out.py"
    assert run("lift", SCORES, "--no-speed", "--no-verify", "-o", str(target))[:2] == (0, "")
    assert target.read_text(encoding="utf-8") == "S += 0.5 * np.einsum('ik,jk->ij', Q, K)\n"


def test_speed_is_measured(run):
    code, _, err = run("lift", "C = A @ B", "-s", "A=8x8", "-s", "B=8x8", "--no-verify")
    assert code == 0
    assert "note: measured at i=8, j=8, k=8: " in err
    assert "the loops in Python" in err
    code, _, err = run("lift", "C = A @ B + 2 * C", "-s", "A=8x8", "-s", "B=8x8", "-s", "C=8x8", "--no-verify")
    assert code == 0
    assert "note: measured at i=8, j=8, k=8: " in err
    assert "this statement" in err


def test_a_file_that_is_not_there_is_no_code(run):
    assert run("lift", "loops.py") == (2, "", "error EL412: there is no file 'loops.py'\n")


def test_a_refusal_points_at_its_line(run):
    code, out, err = run("lift", "for i in range(n):\n    y[i] = max(x[i], 0)\n")
    assert (code, out) == (2, "")
    assert err == (
        "error EL807: the minimum or maximum of elements is not a sum of products\n"
        "      y[i] = max(x[i], 0)\n"
        "             ^^^^^^^^^^^^\n"
        "hint: np.maximum and np.minimum compare two arrays, np.maximum.reduce and np.minimum.reduce the elements of "
        "one\n"
    )


# every command takes code


LOOPS = "for i in range(n):\n    for j in range(m):\n        y[i] += A[i, j] * x[j]\n"


def test_every_command_takes_code(run):
    assert (
        run("C = A @ B.T", "-s", "2x3", "-s", "4x3")[1].splitlines()[-1] == "            C[i, k] += A[i, j] * B[k, j]"
    )
    assert "For every i, add to y[i]" in run("explain", "-", stdin=LOOPS)[1]
    assert run("check", "-", stdin=LOOPS)[0] == 0
    assert "y[1]" in run("why", "-", "--at", "1", stdin=LOOPS)[1]
    assert run("diff", "(A[:, None] * B).sum(0)", "i,ij->j")[0] == 0
    assert run("verify", "y = A @ x", "-s", "2x3", "-s", "3")[0] == 0
    assert (
        einloop.compile("y = A @ x", shapes={"A": (2, 3), "x": (3,)}, target="numpy")([[1, 2, 3]] * 2, [1, 1, 1])[0]
        == 6
    )


def test_sums_are_loops_too(run):
    code, out, err = run("y = A @ x + b", "-s", "2x3", "-s", "3", "-s", "2")
    assert (code, out.splitlines()[-1]) == (0, "        y[i] += A[i, j] * x[j]")
    assert "note: with np.einsum: y = np.einsum('ij,j->i', A, x) + b\n" in err
    assert "verified against np.einsum: " in err


def test_bench_takes_sums():
    report = einloop.bench("C[i] = A[i] + B[i]/2", sizes={"i": 3}, targets=["python"], seconds=0.05)
    assert {one["name"] for one in report.facts["times"]["contestants"]} == {"python", "numpy", "numpy, optimize=True"}
    with pytest.raises(OptionError, match="several statements are measured one at a time"):
        einloop.bench("S[i] = A[i]*B[i]; C[i] = S[i] + B[i]", sizes={"i": 3})


def test_the_call_of_a_formula_is_said(run):
    assert "note: with np.einsum: y = np.einsum('ij,j->i', A, x)\n" in run("y[i] = A[i,j] * x[j]")[2]
    for command in ("explain", "check", "why"):
        out = run(command, "y[i] = A[i,j] * x[j]", *(["--at", "0"] if command == "why" else []))[1]
        assert "\nWith np.einsum\n  y = np.einsum('ij,j->i', A, x)\n" in out, command


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("for i in range(n):\n    y[i] = x[i\n", "this is not Python: '[' was never closed\n      y[i] = x[i\n"),
        ("for i in range(n) y[i] = x[i]", "this is not Python: invalid syntax\n"),
        ("def f(x):\n  y = 3\n return x", "this is not Python: unindent does not match any outer indentation level"),
    ],
)
def test_broken_python_is_no_broken_formula(text, message):
    with pytest.raises(LiftError) as caught:
        einloop.generate(text)
    assert str(caught.value).startswith(f"error EL801: {message}")


@pytest.mark.parametrize(
    ("text", "library", "statement", "note"),
    [
        ("x @ W + bias", "torch", "result = torch.einsum('ij,jk->ik', x, W) + bias", None),
        ("A + x[:, None]", "jax", "result = A + x[:, None]", None),
        ("y = 0 * v[:] + 1", "torch", "y = torch.full((v.shape[0],), 1)", None),
        ("A[::-1] @ A.T", "torch", "result = torch.einsum('ij,kj->ik', A[::-1], A)", "torch has no negative steps"),
        ("v += 2 * u", "jax", "v += 2 * u", "arrays of JAX are not changed in place"),
    ],
)
def test_statements_of_other_libraries(text, library, statement, note):
    shapes = {"x": (2, 3), "W": (3, 4), "bias": (4,), "A": (2, 3), "v": (5,), "u": (5,)}
    if text.startswith("A + x"):
        shapes = {"A": (2, 3), "x": (2,)}
    read = {name: shape for name, shape in shapes.items() if name in text}
    found = einloop.lift(text, shapes=read, library=library)
    assert str(found) == statement
    assert note is None or any(one.startswith(note) for one in found.notes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lambda x: x + 1", "a lambda alone computes nothing"),
        ("return 3", "3 is a number: nothing is computed from arrays"),
        ("matrix product of A and B", "words alone compute nothing"),
        ("how do I write a batch outer product?", "words alone compute nothing"),
        ("y = -2.5", "-2.5 is a number: nothing is computed from arrays"),
    ],
)
def test_what_computes_nothing_is_no_subscripts(text, message):
    with pytest.raises(LiftError) as caught:
        einloop.lift(text)
    assert (caught.value.id, caught.value.message) == ("EL814", message)


@pytest.mark.parametrize("text", ["y = " + "+".join("x" * 3000), "y = " + "(" * 300 + "x" + ")" * 300])
def test_code_that_is_too_deep_is_no_subscripts(text):
    with pytest.raises(einloop.EinloopError) as caught:
        einloop.lift(text, shapes={"x": (3,)})
    assert caught.value.id == "EL137"
    assert caught.value.message == "this is nested too deeply, or has too many terms, to be read as code"


def test_one_shape_is_one():
    with pytest.raises(OptionError, match="1 shape, and the code reads A, x"):
        einloop.lift("y = A @ x", shapes=[(2, 3)])


def test_the_hint_of_unknown_shapes_names_an_array_that_is_there():
    with pytest.raises(OptionError) as caught:
        einloop.generate("T[i] = a[i] + 1; y[i] = T[i]*T[i]", target="c")
    assert caught.value.hint == "-s a=2 gives that of a"


def test_comments_of_sums_say_what_is_done():
    text = "C[i,k] = 2*A[i,j]*B[j,k]/3 - D[i,k]"
    source = einloop.generate(text, style="scalar", comments=True).source
    assert "# begin the total\n        total = -D[i, k]\n" in source
    assert "# write the result\n        C[i, k] = total" in source
    shapes = {"A": (2, 3), "B": (3, 4), "D": (2, 4)}
    assert "/* C: the result */" in einloop.generate(text, target="c", comments=True, shapes=shapes).source
