"""C as a Python extension: compiled without warnings, verified, strict about what it is called with."""

import inspect
import platform
import subprocess
import sysconfig
from itertools import cycle

import numpy as np
import pytest
from test_c import DTYPES, EXPRESSIONS, STRICT

import einloop
from einloop.cli import main
from einloop.core.errors import OptionError, RunError
from einloop.core.generated import Form
from einloop.runners import caller, extension
from einloop.runners.caller import include_flags
from einloop.runners.compiler import SHARED, find_compiler
from einloop.runners.shared_object import compiled


class Sub(np.ndarray):
    """A subclass."""


def headers():
    """Return whether Python's headers are there."""
    try:
        return bool(include_flags())
    except RunError:
        return False


needs_headers = pytest.mark.skipif(find_compiler() is None or not headers(), reason="no C compiler, or no headers")


def loaded(text, **options):
    """Return the function of an extension."""
    generated = einloop.generate(text, target="c", extension=True, **options)
    return extension._function(generated.source, generated.entry)


@needs_headers
@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype(dtype):
    found = einloop.verify("ij,jk->ik", target="c", extension=True, dtypes=dtype)
    assert found, str(found)


@needs_headers
@pytest.mark.parametrize(("text", "shapes"), EXPRESSIONS, ids=[row[0] for row in EXPRESSIONS])
def test_every_kind_of_expression(text, shapes):
    found = einloop.verify(text, target="c", extension=True, shapes=shapes)
    assert found, str(found)


@needs_headers
def test_there_are_no_warnings(tmp_path):
    several = cycle(
        [{"path": "auto"}, {"dtypes": "complex64"}, {"function": "T", "dtypes": "int8"}, {"dtypes": "bool"}]
    )
    for (text, shapes), options in zip(EXPRESSIONS, several, strict=False):
        path = tmp_path / "text.c"
        path.write_text(einloop.generate(text, target="c", extension=True, shapes=shapes, **options).source)
        command = [*find_compiler().command, *STRICT, *include_flags(), path]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


@needs_headers
def test_names_of_indices_may_be_pythons_macros():
    for text in ("IT,TN->IN", "LPI,IT->LT"):
        verdict = einloop.verify(text, target="c", extension=True)
        assert verdict, str(verdict)


@needs_headers
class TestCall:
    """What the function takes, and what it leaves to others."""

    @pytest.mark.parametrize("shapes", [None, ["2x3", "3x4"]])
    def test_a_result_or_into_out(self, shapes):
        product = loaded("ij,jk->ik", function="product", shapes=shapes)
        a, b, out = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4), np.zeros((2, 4))
        assert np.array_equal(product(a, b), a @ b)
        assert product(a, b, out) is out
        assert np.array_equal(out, a @ b)

    @pytest.mark.parametrize("shapes", [None, ["2x3", "3x4"]])
    def test_out_by_name(self, shapes):
        product = loaded("ij,jk->ik", function="product", shapes=shapes)
        a, b, out = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4), np.full((2, 4), 7.0)
        assert product(a, b, out=out) is out
        assert np.array_equal(out, a @ b)
        assert np.array_equal(product(a, b, out=None), a @ b)
        assert np.array_equal(product(a, b, None), a @ b)

    @pytest.mark.parametrize("shapes", [None, ["2x3", "3x4"]])
    def test_anything_else_is_a_type_error_that_names_it(self, shapes):
        product = loaded("ij,jk->ik", function="product", shapes=shapes)
        a, b, out = np.ones((2, 3)), np.ones((3, 4)), np.zeros((2, 4))
        locked, crooked = np.zeros((2, 4)), np.zeros(65, np.int8)[1:].view("f8").reshape(2, 4)
        locked.flags.writeable = False
        wide = np.zeros(20)
        of_a, of_b, of_out = ("(I, J)", "(J, K)", "(I, K)") if shapes is None else ("(2, 3)", "(3, 4)", "(2, 4)")
        so_far = ", where I is 2 and J is 3" if shapes is None else ""
        sizes = ", where I is 2 and J is 3 and K is 4" if shapes is None else ""
        count = "product takes 2 arrays (A, B) and out=; it was given {} by place and {} by name"
        lying = "has to be contiguous, the last axis fastest"
        of_other = f"out has to be an array of float64 and shape {of_out}{sizes}, not of "
        for arguments, named, said in (
            ((), {}, count.format(0, 0)),
            ((a,), {}, count.format(1, 0)),
            ((a,), {"out": out}, count.format(1, 1)),
            ((a, b, out, out), {}, count.format(4, 0)),
            ((a, b, out), {"out": out}, count.format(3, 1)),
            ((a, b), {"B": b}, count.format(2, 1)),
            ((a, b), {"out": out, "A": a}, count.format(2, 2)),
            ((a, b.tolist()), {}, f"B has to be a numpy array of float64 and shape {of_b}, not an object of type list"),
            ((a, b, 5), {}, f"out has to be a numpy array of float64 and shape {of_out}, not an object of type int"),
            ((a.view(Sub), b), {}, f"A has to be a numpy array of float64 and shape {of_a}, not an object of type Sub"),
            ((a.astype("f4"), b), {}, f"{of_a}, not of float32 and shape (2, 3)"),
            ((a, b.astype(">f8")), {}, f"{of_b}{so_far}, not of >f8 and shape (3, 4)"),
            ((a, b.astype(complex)), {}, f"{of_b}{so_far}, not of complex128 and shape (3, 4)"),
            ((a, b.astype("f2")), {}, f"{of_b}{so_far}, not of float16 and shape (3, 4)"),
            ((a, b.astype(object)), {}, f"{of_b}{so_far}, not of object and shape (3, 4)"),
            ((a, b[0]), {}, f"{of_b}{so_far}, not of float64 and shape (4,)"),
            ((a, b[:2]), {}, f"{of_b}{so_far}, not of float64 and shape (2, 4)"),
            ((a[:, ::-1], b), {}, f"A, an array of float64 and shape {of_a}, {lying}; it has strides (24, -8)"),
            ((np.asfortranarray(a), b), {}, f"{lying}; it has strides (8, 16)"),
            ((a, b, locked), {}, "out is read-only"),
            ((a, b, crooked), {}, "it has strides (32, 8), and its elements are not aligned"),
            ((a, b, out[:, :3]), {}, f"{of_other}float64 and shape (2, 3)"),
            ((a, b, out.T), {}, f"{of_other}float64 and shape (4, 2)"),
            ((a, b, np.asfortranarray(out)), {}, f"{lying}; it has strides (8, 16)"),
            ((a, b, out.astype("f4")), {}, f"{of_other}float32 and shape (2, 4)"),
            ((a, b, out.astype(">f8")), {}, f"{of_other}>f8 and shape (2, 4)"),
            ((wide[:6].reshape(2, 3), b, wide[4:12].reshape(2, 4)), {}, "out shares memory with A"),
            ((a, wide[8:].reshape(3, 4)), {"out": wide[2:10].reshape(2, 4)}, "out shares memory with B"),
        ):  # fmt: skip
            with pytest.raises(TypeError) as caught:
                product(*arguments, **named)
            assert said in str(caught.value), said
            assert str(caught.value).startswith("product")
        last = wide[6:14].reshape(2, 4)
        assert product(wide[:6].reshape(2, 3), b, out=last) is last

    @pytest.mark.parametrize("dtype", ["bool", "int8", "float16", "complex64", "longdouble"])
    def test_other_byte_orders_and_dtypes_are_refused_by_name(self, dtype):
        total = loaded("i->", function="total", dtypes=dtype)
        array = np.ones(3, dtype)
        assert total(array) == array.sum() or dtype == "bool"
        for other in (np.ones(3), array.astype(array.dtype.newbyteorder("S"))):
            if other.dtype != array.dtype:
                with pytest.raises(TypeError, match=rf"a has to be an array of {dtype} and shape \(I,\), not of "):
                    total(other)

    def test_axes_of_one_and_of_no_element(self):
        product = loaded("ij,jk->ik", function="product")
        for i, j, k in ((1, 1, 1), (0, 3, 2), (2, 0, 3), (1, 5, 0)):
            out = np.full((i, k), 7.0)
            assert product(np.ones((i, j)), np.ones((j, k)), out=out) is out
            assert np.array_equal(out, np.full((i, k), float(j)))

    def test_it_says_what_it_is(self):
        product = loaded("ij,jk->ik", function="product", shapes=["2x3", "3x4"], dtypes="float32", names=["left", "B"])
        assert "np.einsum('ij,jk->ik', left, B) in explicit loops." in product.__doc__
        assert "left : float32 array of shape (2, 3)" in product.__doc__
        assert "out : float32 array of shape (2, 4), optional" in product.__doc__
        assert str(inspect.signature(product)) == "(left, B, /, out=None)"
        generated = einloop.generate("i->", target="c", extension=True, function="total")
        with compiled(generated.source, (*extension.FLAGS, *include_flags())) as path:
            module = caller.open_module("total", path)
        assert module.__doc__ == (
            "np.einsum('i->', a) in explicit loops: total(a, out=None).\n\na has shape (I,), the result ()."
        )

    @pytest.mark.parametrize("name", ["out", "array", "result", "read", "shape", "target", "operand0", "given", "self"])
    def test_names_that_the_module_uses_itself(self, name):
        for arguments in ({"function": name}, {"names": [name, "other"]}):
            function = loaded("ij,jk->ik", **arguments)
            assert np.array_equal(function(np.eye(2), np.eye(2)), np.eye(2))

    @pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="asks an x86 processor")
    def test_another_processor_refuses_it_at_import(self):
        text = einloop.generate("i->", target="c", extension=True, function="total").source
        poor = "#define __builtin_cpu_supports(feature) 0\n" + text
        said = "total was compiled for processors with avx, which this one lacks: compile it here, or without -march"
        flags = ("-O1", "-mavx2", *SHARED, *include_flags())
        with compiled(poor, flags) as path, pytest.raises(ImportError, match=said):
            caller.open_module("total", path)

    def test_scalars_and_long_sums(self):
        total = loaded("i,i->", function="total", schedule="auto")
        assert isinstance(total(np.ones(3), np.ones(3)), np.float64)
        assert total(np.ones(100_000), np.ones(100_000)) == 100_000
        assert total(np.ones(0), np.ones(0)) == 0
        out = np.zeros(())
        assert total(np.ones(2), np.ones(2), out) is out

    def test_integers_of_both_names(self):
        total = loaded("i->", function="total", dtypes="int64")
        assert total(np.arange(3, dtype="l")) == total(np.arange(3, dtype="q")) == 3


@needs_headers
def test_the_command_builds_a_module_that_python_imports(tmp_path, monkeypatch, capsys):
    source = tmp_path / "product.c"
    assert main(["ij,jk->ik", "--target", "c", "--extension", "--function", "product", "-o", str(source)]) == 0
    assert "verified against np.einsum" in capsys.readouterr().err
    target = tmp_path / f"product{sysconfig.get_config_var('EXT_SUFFIX')}"
    subprocess.run(
        [*find_compiler().command, "-O2", "-fPIC", "-shared", *include_flags(), source, "-o", target], check=True
    )
    monkeypatch.syspath_prepend(tmp_path)
    import product

    assert np.array_equal(product.product(np.eye(2), np.eye(2)), np.eye(2))


def test_without_headers_it_is_not_verified(monkeypatch, capsys):
    monkeypatch.setattr(np, "get_include", lambda: "/nowhere")
    found = einloop.verify("abc->cb", target="c", extension=True, names=["headless"])
    assert found.skipped is not None
    with pytest.raises(RunError, match=r"the header .* is not in /nowhere") as caught:
        caller.include_flags()
    assert caught.value.id == "EL637"


@needs_headers
def test_other_arrays_are_refused():
    generated = einloop.generate("i->", target="c", extension=True, shapes=["3"])
    with pytest.raises(RunError, match=r"does not take these arrays: loops: a has to be an array of float64") as caught:
        generated.runner(np.ones(4))
    assert caught.value.id == "EL638"
    with pytest.raises(RunError, match="'i' is 4 here and 3 in this text") as caught:
        generated.run(np.ones(4))
    assert caught.value.id == "EL604"


def test_forms_that_cannot_be():
    with pytest.raises(OptionError, match="a script and an extension at once"):
        einloop.generate("i->", target="c", extension=True, script=True)
    with pytest.raises(OptionError, match="target 'python' has no extension form"):
        einloop.generate("i->", extension=True)
    assert einloop.generate("i->", target="c", extension=True).form is Form.EXTENSION


@pytest.mark.parametrize("shapes", [None, {"A": (3, 4), "B": (4, 5)}])
@pytest.mark.parametrize("text", ["C[i,k] = alpha*A[i,j]*B[j,k] + beta*C[i,k]", "C[i,k] = C[i,k] + A[i,j]*B[j,k]"])
def test_what_is_added_to_is_left_as_it_is(text, shapes):
    assert einloop.verify(text, target="c", extension=True, shapes=shapes)
    generated = einloop.generate(text, target="c", extension=True, shapes=shapes)
    assert f'"{generated.joint.text} in explicit loops' in generated.source
    given = [np.ones(tuple({"A": (3, 4), "B": (4, 5), "C": (3, 5)}.get(name, ()))) for name in generated.inputs]
    assert np.array_equal(generated.run(*given), np.full((3, 5), 5.0))
    assert all((array == 1).all() for array in given)
