"""`%%einloop`: a cell runs once and as it is, and its calls are shown with the arrays that they got."""

import pytest

from in_notebook.shell import run_cells

SETUP = "import numpy as np\nA = np.arange(6).reshape(2, 3)\nB = np.arange(12).reshape(3, 4)"


def watched(*cells):
    """Return what cells did after the arrays A and B were made."""
    return run_cells(SETUP, *cells)[1:]


def test_a_cell_is_run_once_and_its_values_are_set():
    cell, names, last = watched(
        "%%einloop\nruns = globals().get('runs', 0) + 1\nC = np.einsum('ij,jk->ik', A, B)\nC.shape",
        "runs, C.tolist(), sorted(n for n in globals() if 'einloop' in n)",
        "_2 if False else Out[3]",
    )
    assert cell.good
    assert "Out[3]: (2, 4)" in cell.out
    assert cell.text.startswith(
        "C = np.einsum('ij,jk->ik', A, B)\n\nLine 3, ran once.\n\n"
        "For every i and k, multiply A[i,j] by B[j,k] and add up over j.\n"
    )
    assert "  A      i j   (2, 3)\n" in cell.text
    assert cell.text.rstrip().endswith("cases are equal, these arrays among them.")
    assert '<div class="einloop"' in cell.shown[0]["text/html"]
    assert names.value == "(1, [[20, 23, 26, 29], [56, 68, 80, 92]], [])"
    assert last.value == "(2, 4)"


def test_arrays_are_those_of_the_moment():
    (cell,) = watched("%%einloop --why --at 0,0\nnp.einsum('ij,jk->ik', A, B)\nA[:] = 100\nB = None")
    assert "C[0,0] is 20" in cell.text


def test_functions_and_loops():
    cell, second = watched(
        "%%einloop\n"
        "def f(x):\n    return np.einsum('ij->j', x)\n"
        "def g(x):\n    return np.einsum('ij->', x)\n"
        "for n in (1, 2, 2):\n    f(A[:n])\n"
        "text = 'ij->ji'\nT = np.einsum(text, A)",
        "%%einloop --run 2\nfor n in (1, 2, 3):\n    np.einsum('i->', np.ones(n))\nnp.einsum('ij->', A)",
    )
    in_f, in_g, at_top = (one["text/plain"] for one in cell.shown)
    assert "Line 3, in f(), ran 3 times; this is run 1.\nIts runs had 2 different sets of shapes." in in_f
    assert "(1, 3)" in in_f
    assert "Line 5, in g(): no run of it was seen, so nothing is known of its arrays." in in_g
    assert "T = np.einsum('ij->ji', A)" in at_top
    run, once = (one["text/plain"] for one in second.shown)
    assert "ran 3 times; this is run 2." in run
    assert "(2,)" in run
    assert "ran once" in once
    assert "(2, 3)" in once


def test_a_function_that_the_cell_defines_stays_what_it_is():
    ran, later, einsum = watched(
        "%%einloop\ndef f(x):\n    return np.einsum('ij->i', x)\nmine = np.einsum\nf(A)",
        "f(A).tolist(), mine('ij->', A)",
        "import inspect; (mine is np.einsum, hasattr(np.einsum, '__einloop_watched__'), inspect.getsource(f)[:8])",
    )
    assert ran.good
    assert later.value == "([3, 12], np.int64(15))"
    assert einsum.value == "(True, False, 'def f(x)')"


def test_names_of_functions_are_watched_too():
    cell, after = watched(
        "%%einloop\nfrom numpy import einsum\neinsum('ij->i', A)",
        "einsum is np.einsum",
    )
    assert "Line 3, ran once." in cell.text
    assert after.value == "True"


def test_other_names_of_functions():
    pytest.importorskip("einops")
    first, second = watched(
        "%%einloop\nfrom einops import einsum as ee\nG = ee(A, B, 'i j, j k -> i k')",
        "%%einloop\nH = ee(A, 'i j -> i')",
    )
    assert "G = einsum(A, B, 'i j, j k -> i k')\n\nLine 3, ran once." in first.text
    assert "H = einsum(A, 'i j -> i')\n\nLine 2, ran once." in second.text
    assert "(2, 3)" in second.text


def test_a_library_that_the_cell_imports():
    pytest.importorskip("opt_einsum")
    cell, after = watched(
        "%%einloop\nimport opt_einsum as oe\nR = oe.contract('ij,jk->ik', A, B)",
        "hasattr(oe.contract, '__einloop_watched__')",
    )
    assert "Line 3, ran once." in cell.text
    assert "(2, 3)" in cell.text
    assert after.value == "False"


def test_torch():
    pytest.importorskip("torch")
    (cell,) = watched(
        "%%einloop\nimport torch\nq = torch.ones(2, 3, requires_grad=True)\n"
        "torch.einsum('ij,kj->ik', q, q).sum().backward()\n"
        "h = torch.einsum('ij->i', q.to(torch.bfloat16))"
    )
    assert cell.good
    first, second = (one["text/plain"] for one in cell.shown)
    assert "(2, 3)" in first
    assert "these arrays among them" in first
    assert "(2, 3)" in second


def test_jax_inside_jit():
    pytest.importorskip("jax")
    (cell,) = watched(
        "%%einloop\nimport jax, jax.numpy as jnp\n@jax.jit\ndef f(x):\n"
        "    return jnp.einsum('ij->j', x)\nf(jnp.ones((2, 3)))"
    )
    assert cell.good
    assert "in f(), ran once" in cell.text
    assert "(2, 3)" in cell.text


def test_warnings_are_shown_and_notes_are_not():
    (cell,) = watched("%%einloop\nnp.einsum('i,i->', np.int8([100, 100]), np.int8([2, 2]))")
    assert "warning EL708: The true sum 400 does not fit int8" in cell.text
    assert "EL713" not in cell.text


def test_a_call_that_fails_is_explained_and_the_error_is_as_without_the_magic():
    cell, plain, debug = watched(
        "%%einloop\nprint('before')\nnp.einsum('ij,jk->ik', A, A)\nprint('after')",
        "# %%einloop\nprint('before')\nnp.einsum('ij,jk->ik', A, A)\nprint('after')",
        "import sys; type(sys.last_value).__name__",
    )
    assert not cell.good
    assert "before" in cell.out
    assert "after\n" not in cell.out
    assert "It raised" in cell.text
    assert "error EL205: 'j' is 3 in operand 0 (A) axis 1 but 2 in operand 1 (A) axis 0" in cell.text
    lines = cell.out[cell.out.index("-----") :].splitlines()
    wanted = plain.out[plain.out.index("-----") :].splitlines()
    assert [line.replace("In[3]", "In[4]") for line in lines] == wanted
    assert "einloop/" not in cell.out
    assert debug.value == "'ValueError'"


@pytest.mark.parametrize("cell", ["1 +", "1 / 0", "raise SystemError('x')", "def f(:", "%nosuchmagic"])
def test_other_errors_are_shown_once_and_without_frames_of_the_magic(cell):
    (ran,) = watched(f"%%einloop\n{cell}")
    assert not ran.good or "nosuch" in cell
    assert "einloop/" not in ran.out + ran.err
    assert "run_cell_magic" not in ran.out
    assert (ran.out + ran.err).count("Traceback") <= 1


def test_what_is_refused_is_refused_before_the_cell_runs():
    for line, said in (
        ("--nosuch", "unrecognized arguments: --nosuch"),
        ("--diff", "diff does not look at the calls of a cell"),
        ("--run 0", "--run 0: which run is looked at"),
        ("--run", "which run is looked at"),
        ("'x", "close the quote"),
    ):
        cell, after = watched(f"%%einloop {line}\nran = np.einsum('i->', A[0])", "'ran' in globals()")
        assert not cell.good
        assert said in cell.out, line
        assert after.value == "False"


def test_a_cell_that_awaits_is_not_run():
    cell, after = watched("%%einloop\nimport asyncio\nran = True\nawait asyncio.sleep(0)", "'ran' in globals()")
    assert "a cell with `await` cannot be looked at; it was not run" in cell.out
    assert after.value == "False"


def test_a_cell_without_calls():
    (cell,) = watched("%%einloop\nprint(1)")
    assert cell.good
    assert cell.out == "1\neinloop: this cell calls no einsum and no contract\n"


def test_other_magics_in_the_cell():
    (cell,) = watched("%%einloop\n%time x = 1\ny = np.einsum('ij->', A)\n!true\ny")
    assert "Line 3, ran once." in cell.text
    assert "Out[3]: np.int64(15)" in cell.out


def test_commands_with_their_options():
    cell, traced = watched(
        "%%einloop --explain --lang ja --draw\nnp.einsum('ij->i', A)",
        "%%einloop --trace --at 1\nnp.einsum('ij->i', A)",
    )
    assert "総和" in cell.text
    assert "<svg" in cell.shown[0]["text/html"] or "data:image/svg" in cell.shown[0]["text/html"]
    assert "<iframe" in traced.shown[0]["text/html"]
    assert "c[1]" in traced.text


def test_what_einloop_refuses_is_part_of_the_page():
    (cell,) = watched("%%einloop --why\nnp.einsum('ij->i', A)\nnp.einsum('ij->', A)")
    assert cell.good
    assert "error EL420: " in cell.out or "error EL421: " in cell.out
    assert "is 15: 6 terms" in cell.text


def test_large_arrays_are_not_copied():
    cell, traced = watched(
        "%%einloop\nZ = np.zeros((3000, 3000))\nnp.einsum('ij->', Z)", "%%einloop --trace\nnp.einsum('ij->', Z)"
    )
    assert "too large to copy, so their values are not looked at" in traced.out
    assert "<trace" in traced.shown[0]["text/plain"] or "of 9,000,000" in traced.text
    assert "these arrays among them" not in cell.text
    assert "too large to copy" in cell.text
    assert "(3000, 3000)" in cell.text


def test_a_semicolon_keeps_the_value_from_being_shown():
    cell, loud = watched("%%einloop\nnp.einsum('ij->', A);", "%%einloop\nnp.einsum('ij->', A)")
    assert "Out" not in cell.out
    assert len(cell.shown) == 1
    assert "Out[4]: np.int64(15)" in loud.out


@pytest.mark.parametrize("error", ["ExceptionGroup('g', [ValueError(1)])", "KeyboardInterrupt", "SystemExit"])
def test_what_is_no_common_error_is_shown_once(error):
    (ran,) = watched(f"%%einloop\nraise {error}")
    assert not ran.good
    assert "einloop/" not in ran.out + ran.err
    assert (ran.out + ran.err).count("Traceback") <= 1


def test_what_a_cell_puts_in_place_of_einsum_stays():
    cell, after, _ = watched(
        "%%einloop\nreal = np.einsum\nnp.einsum = lambda *a: 7\nnp.einsum('ij->i', A)",
        "np.einsum()",
        "np.einsum = real",
    )
    assert cell.good
    assert "Out[3]: 7" in cell.out
    assert after.value == "7"


def test_operands_that_raise_are_no_trouble():
    (cell,) = watched(
        "%%einloop\nclass Evil:\n    shape = property(lambda self: 1 / 0)\n"
        "    def __array__(self, *a, **k):\n        return np.ones((2, 3))\n"
        "np.einsum('ij->i', Evil()).tolist()"
    )
    assert cell.good
    assert "Out[3]: [3.0, 3.0]" in cell.out
    assert "(I, J)" in cell.text


def test_threads():
    (cell,) = watched(
        "%%einloop\nimport threading\ndef work():\n    np.einsum('ij->j', A)\n"
        "threads = [threading.Thread(target=work) for _ in range(4)]\n"
        "for thread in threads: thread.start()\nfor thread in threads: thread.join()"
    )
    assert "in work(), ran 4 times" in cell.text


def test_a_line_in_a_module_of_torch():
    pytest.importorskip("torch")
    (_, line) = watched(
        "import torch\nx = torch.ones(2, 3)\nlayer = torch.nn.Linear(3, 4)",
        "%einloop torch.einsum('bi,oi->bo', x, layer.weight) --check",
    )
    assert "The result has shape (2, 4)." in line.out
