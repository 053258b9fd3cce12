"""bfloat16: known to check, explain and why, with torch's and JAX's rules; refused wherever something is to be run."""

import numpy as np
import pytest

import einloop
from einloop.analysis.dialects.jax import promoted as jax_promoted
from einloop.analysis.dialects.torch import torch_computed
from einloop.cli import main
from einloop.core.bind import bind_sizes
from einloop.core.dtypes import common_dtype, dtype_name, item_bytes
from einloop.core.errors import DtypeError
from einloop.notation.subscripts import read_subscripts

OTHERS = ("bool", "uint8", "int8", "int32", "int64", "float16", "float32", "float64", "complex64", "complex128")


def ids(report):
    return [finding.id for finding in report.findings]


@pytest.mark.parametrize("text", ["bfloat16", "torch.bfloat16", "jnp.bfloat16"])
def test_it_is_a_dtype_by_its_name(text):
    assert dtype_name(text) == "bfloat16"
    assert item_bytes("bfloat16") == 2


def test_explain_counts_its_bytes_and_says_what_the_loops_compute_in():
    report = einloop.explain("ij,jk->ik", shapes=[(2, 3), (3, 4)], dtypes="bfloat16")
    assert (report.facts["cost"]["bytes_read"], report.facts["cost"]["bytes_written"]) == (36, 16)
    assert "numpy has no bfloat16: these loops compute in float64." in report.show()
    assert "numpy には bfloat16 がない" in report.show(lang="ja")
    assert "dtype=" not in report.facts["loops"]["source"]


@pytest.mark.parametrize(("terms", "noted"), [(255, False), (256, True)])
@pytest.mark.parametrize("dialect", [None, "torch", "jax"])
def test_long_sums_are_noted(terms, noted, dialect):
    report = einloop.check("i,i->", shapes=[(terms,)] * 2, dtypes="bfloat16", dialect=dialect)
    assert ("EL710" in ids(report)) == noted
    assert ("EL733" in ids(report)) == (dialect is None)


def test_a_copy_is_no_computation():
    assert ids(einloop.check("ij->ji", dtypes="bfloat16", shapes=[(2, 3)], dialect="numpy")) == ["EL713"]
    report = einloop.check("i,i->i", dtypes="bfloat16", dialect="numpy")
    assert report.facts["dialect"]["legal"] is False


def test_its_promotion_is_torchs_and_jaxs():
    torch, jnp = pytest.importorskip("torch"), pytest.importorskip("jax.numpy")
    for other in OTHERS:
        theirs = torch.result_type(torch.ones(2, dtype=torch.bfloat16), torch.ones(2, dtype=getattr(torch, other)))
        assert str(theirs) == f"torch.{common_dtype(['bfloat16', other])}"
        array = jnp.ones(2, jnp.bfloat16) * jnp.ones(2, jnp.asarray(np.ones(1, other)).dtype)
        assert str(array.dtype) == jax_promoted(["bfloat16", other])


FORMS = ["i,i->", "i,i->i", "ij,jk->ik", "ij,j->i", "ij,k->ik", "i->", "i,i,i->"]


@pytest.mark.parametrize("text", FORMS)
@pytest.mark.parametrize("other", OTHERS)
def test_torch_refuses_what_is_said_and_gives_the_dtype_that_is_said(text, other):
    torch = pytest.importorskip("torch")
    spec = read_subscripts(text)
    names = ("bfloat16", *(other,) * (len(spec.operands) - 1))
    tensors = [
        torch.ones((3,) * len(op.labels), dtype=getattr(torch, name))
        for op, name in zip(spec.operands, names, strict=True)
    ]
    report = einloop.check(text, shapes=[tuple(t.shape) for t in tensors], dtypes=names, dialect="torch")
    try:
        result = str(torch.einsum(text, *tensors).dtype).removeprefix("torch.")
    except RuntimeError:
        assert not report.facts["dialect"]["legal"] or "EL745" in ids(report)
        return
    assert report.facts["dialect"]["legal"]
    bound = bind_sizes(spec, [tuple(t.shape) for t in tensors])
    assert torch_computed(bound, names) in (result, None)


def test_torch_and_jax_add_it_in_float32_on_a_cpu():
    """What the note on long sums says of them."""
    torch, jnp = pytest.importorskip("torch"), pytest.importorskip("jax.numpy")
    ones = torch.ones((3000, 3), dtype=torch.bfloat16)
    assert torch.einsum("ij,ij->j", ones, ones).tolist() == torch.einsum("ij->j", ones).tolist() == [3008.0] * 3
    ones = jnp.ones((3000, 3), jnp.bfloat16)
    assert jnp.einsum("ij,ij->j", ones, ones).tolist() == jnp.einsum("ij->j", ones).tolist() == [3008.0] * 3


@pytest.fixture
def arrays():
    ml_dtypes = pytest.importorskip("ml_dtypes")
    one = np.array([[0.1, 2, -3], [4, 0.5, np.inf]], ml_dtypes.bfloat16)
    return one, np.array([[1, 2], [3, 4], [0, 6]], ml_dtypes.bfloat16)


def test_arrays_of_it_are_checked_and_explained(arrays):
    assert "EL733" in ids(einloop.check("ij,jk->ik", load=arrays))
    report = einloop.explain("ij,jk->ik", load=arrays)
    assert report.facts["cost"]["bytes_read"] == 24


def test_why_computes_with_every_number_exactly(arrays):
    report = einloop.why("ij,jk->ik", *arrays, at=(0, 1))
    assert report.facts["total"]["einsum"] == float(np.float32(arrays[0][0, 0]) * 2 + 8 - 18)
    assert "numpy has no bfloat16: here np.einsum computes in float32" in report.show()
    assert "numpy には bfloat16 がない" in report.show(lang="ja")
    report = einloop.why("ij,jk->ik", *arrays, nonfinite=True)
    assert report.facts["element"]["at"] == [1, 0]


def test_why_without_arrays():
    assert einloop.why("ij,jk->ik", at=(0, 1), dtypes="bfloat16", shapes=[(2, 3), (3, 2)]).sections


REFUSED = {
    "generate": lambda *arrays: einloop.generate("ij,jk->ik", dtypes="bfloat16"),
    "generate, one of two": lambda *arrays: einloop.generate("ij,jk->ik", dtypes=["float32", "bfloat16"]),
    "generate for arrays": lambda *arrays: einloop.generate("ij,jk->ik", load=arrays),
    "a view": lambda *arrays: einloop.generate("ij->ji", load=arrays[:1]),
    "a function": lambda *arrays: einloop.generate("ij,jk->ik", dtypes="bfloat16", function="f"),
    "lists": lambda *arrays: einloop.generate("ij,jk->ik", load=arrays, style="lists"),
    "C": lambda *arrays: einloop.generate("ij,jk->ik", dtypes="bfloat16", target="c"),
    "compile": lambda *arrays: einloop.compile("ij,jk->ik", dtypes="bfloat16", shapes=[(2, 3), (3, 2)]),
    "a compiled function": einloop.compile("ij,jk->ik", target="python"),
    "bench": lambda *arrays: einloop.bench("ij,jk->ik", dtypes="bfloat16", shapes=[(2, 3), (3, 2)], targets=["python"]),
    "stages": lambda *arrays: einloop.stages("ij,jk->ik", dtypes="bfloat16"),
}


@pytest.mark.parametrize("face", REFUSED)
def test_nothing_is_run_with_it(face, arrays):
    with pytest.raises(DtypeError) as caught:
        REFUSED[face](*arrays)
    assert caught.value.id == "EL305"
    which = "operand 1" if face == "generate, one of two" else "operand 0"
    assert caught.value.message.startswith(f"{which} has dtype bfloat16, which numpy does not have")
    assert "float32 holds every bfloat16: operand.astype('float32')" in caught.value.hint


@pytest.mark.parametrize("command", ["show", "verify"])
def test_the_command_line_refuses_loops(command, capsys):
    assert main([command, "ij,jk->ik", "--dtype", "B=bfloat16"]) == 2
    assert capsys.readouterr().err == (
        "error EL305: operand 1 has dtype bfloat16, which numpy does not have: nothing can be run with it\n"
        "hint: check, explain and why take it; float32 holds every bfloat16: operand.astype('float32')\n"
    )


def test_the_command_line_checks_explains_and_traces(capsys):
    for words in (["check"], ["explain"], ["why", "--at", "0,0"]):
        assert main([words[0], "ij,jk->ik", "--dtype", "bfloat16", *words[1:]]) == 0
    assert "bfloat16" in capsys.readouterr().out


def test_explain_takes_a_call_whose_text_shows_it():
    report = einloop.explain("torch.einsum('ij->i', q.to(torch.bfloat16))")
    assert "numpy has no bfloat16: these loops compute in float64." in report.show()
    assert "c = np.zeros(I)\n" in report.facts["loops"]["source"]
