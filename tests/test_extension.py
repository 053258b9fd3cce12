"""C as a Python extension: compiled without warnings, verified, strict about what it is called with."""

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
from einloop.runners.compiler import find_compiler


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
    def test_anything_else_is_not_implemented(self, shapes):
        product = loaded("ij,jk->ik", function="product", shapes=shapes)
        a, b, out = np.ones((2, 3)), np.ones((3, 4)), np.zeros((2, 4))
        locked, crooked = np.zeros((2, 4)), np.zeros(65, np.int8)[1:].view("f8").reshape(2, 4)
        locked.flags.writeable = False
        wide = np.zeros(20)
        for arguments in (
            (),
            (a,),
            (a, b, out, out),
            (a, b.tolist()),
            (a.astype("f4"), b),
            (a, b.astype(">f8")),
            (a, b[0]),
            (a, b[:2]),
            (a[:, ::-1], b),
            (np.asfortranarray(a), b),
            (a.view(Sub), b),
            (a, b, locked),
            (a, b, crooked),
            (a, b, out[:, :3]),
            (a, b, out.T),
            (a, b, out.astype("f4")),
            (wide[:6].reshape(2, 3), b, wide[4:12].reshape(2, 4)),
            (a, wide[8:].reshape(3, 4), wide[2:10].reshape(2, 4)),
        ):
            assert product(*arguments) is NotImplemented
        assert product(wide[:6].reshape(2, 3), b, wide[6:14].reshape(2, 4)) is not NotImplemented

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
    with pytest.raises(RunError, match="does not take these arrays") as caught:
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
