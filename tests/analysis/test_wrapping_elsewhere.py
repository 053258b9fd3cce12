"""Small integers in torch and JAX: `check --dialect` warns exactly where the library itself wraps the extremes."""

import numpy as np
import pytest

import einloop
from einloop.core.report import Severity
from einloop.notation.subscripts import read_subscripts

FORMS = ["i,i->", "i,i->i", "ij,kj->ik", "bij,bjk->bik", "i->", "ij->i", "ij,k->ik", "i,j->", "ij,ij->i", "i,j->ij",
         "i,i,i->", "i,i,i->i", "ij->ji"]  # fmt: skip
DTYPES = ["int8", "uint8", "int16", "int32"]


def extremes(text, dtype):
    value = int(np.iinfo(dtype).min) or int(np.iinfo(dtype).max)
    return [np.full((3,) * len(op.labels), value, dtype) for op in read_subscripts(text).operands]


def compute(library, text, arrays):
    if library == "torch":
        torch = pytest.importorskip("torch")
        return torch.einsum(text, *map(torch.from_numpy, arrays)).numpy()
    jnp = pytest.importorskip("jax.numpy")
    return np.asarray(jnp.einsum(text, *map(jnp.asarray, arrays)))


@pytest.mark.parametrize("text", FORMS)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("library", ["torch", "jax"])
def test_a_warning_stands_where_the_library_wraps(library, dtype, text):
    arrays = extremes(text, dtype)
    true = np.einsum(text, *(array.astype(object) for array in arrays))
    wraps = compute(library, text, arrays).tolist() != np.asarray(true).tolist()
    shapes = [array.shape for array in arrays]
    found = [f for f in einloop.check(text, shapes=shapes, dtypes=dtype, dialect=library).findings if f.id == "EL708"]
    in_int64 = library == "torch" and dtype == "int32" and any(abs(x) >= 2**63 for x in np.asarray(true).flat)
    assert bool(found) == wraps or in_int64  # what 64 bits may leave is told of given values only
    assert all((f.severity is Severity.WARNING) == (dtype != "int32") for f in found)
    told = einloop.check(text, load=arrays, dialect=library).findings
    assert ("EL708" in [f.id for f in told]) == wraps


def test_what_is_advised_helps():
    torch, jnp = pytest.importorskip("torch"), pytest.importorskip("jax.numpy")
    arrays = extremes("ij,kj->ik", "int8")
    wide = [torch.from_numpy(array).to(torch.int64) for array in arrays]
    assert torch.einsum("ij,kj->ik", *wide).tolist() == [[3 * 128 * 128] * 3] * 3
    wide = [jnp.asarray(array).astype(jnp.int32) for array in arrays]
    assert jnp.einsum("ij,kj->ik", *wide).tolist() == [[3 * 128 * 128] * 3] * 3


@pytest.mark.parametrize(
    ("library", "call"), [("torch", "operand.to(torch.int64)"), ("jax", "operand.astype(jnp.int32)")]
)
def test_the_advice_is_a_call_of_the_library(library, call):
    page = einloop.check("i,i->", dtypes="int8", dialect=library).show()
    assert f"Pass {call}." in " ".join(page.split())


@pytest.mark.parametrize("dtype", ["int64", "uint64"])
@pytest.mark.parametrize(("text", "shape"), [("i->", (1,)), ("lli->i", (1, 1, 1)), ("ij->i", (3, 1)), ("ii->", (1, 1))])
def test_one_value_that_jax_narrows_has_a_sentence(text, shape, dtype):
    page = einloop.check(text, shapes=[shape], dtypes=dtype, dialect="jax")
    assert [finding.id for finding in page.findings].count("EL708") == 1
    assert f"a value of dtype {dtype} can reach" in " ".join(str(page).split())
