"""The Numba target: text as written, run against np.einsum; packed kernels; what it refuses. Skipped without Numba."""

import importlib.util
import sys
from dataclasses import replace
from math import prod
from pathlib import Path

import black
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from strategies import DOTS, expressions, subscripts

import einloop
from einloop.core.errors import OptionError, RunError
from einloop.core.options import Options
from einloop.pipeline.expression import read_spec
from einloop.pipeline.show import generate
from einloop.runners import numba_function

sys.path.insert(0, str(Path(__file__).parent / "schedule"))
from packing import GROUPS, MACHINES, Case, case, drawn, random_case, view

needs_numba = pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="no Numba")
DTYPES = (
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64",
    "complex64", "complex128",
)  # fmt: skip
EXPRESSIONS = (
    ("ij,jk->ik", None),
    ("iij,j->i", ["4x4x3", "3"]),
    ("i,j,k->", None),
    (",i->i", None),
)
MORE = (
    ("ii->", None),
    ("->", None),
    ("ij->ji", None),
    ("ij,ij->ij", ["2x3", "2x1"]),
    ("ij,jk,kl->il", ["3x0", "0x4", "4x2"]),
    ("...ij,...jk->...ik", ["2x3x4", "4x5"]),
)

PRODUCT = '''\
import numpy as np
from numba import njit


@njit(nogil=True, error_model="numpy", fastmath={"reassoc", "contract", "nsz"})
def product(A, B, C):
    """np.einsum("ij,jk->ik", A, B) in explicit loops.

    A: shape (I, J), float64
    B: shape (J, K), float64
    C: shape (I, K), float64, written

    Arrays are contiguous, the last axis fastest; C overlaps none of the others.
    """
    I, J = A.shape
    J, K = B.shape
    C[:] = 0.0
    for i in range(I):
        for j in range(J):
            for k in range(K):
                C[i, k] += A[i, j] * B[j, k]
'''


def test_the_text_is_one_function():
    assert einloop.generate("ij,jk->ik", target="numba", function="product").source == PRODUCT


def test_extents_that_are_known_stand_in_the_text():
    source = einloop.generate("ij,jk->ik", target="numba", shapes=["2x3", "3x4"]).source
    assert ".shape" not in source
    assert "for i in range(2):" in source


@pytest.mark.parametrize("dtype", ["int8", "bool", "uint64"])
def test_sums_are_reassociated_where_they_are_of_floats(dtype):
    assert "fastmath" in einloop.generate("i->", target="numba", dtypes="complex64").source
    assert "fastmath" not in einloop.generate("i->i", target="numba").source
    assert "fastmath" not in einloop.generate("i->", target="numba", dtypes=dtype).source


@needs_numba
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("text", "shapes"), EXPRESSIONS, ids=[row[0] for row in EXPRESSIONS])
def test_every_dtype(text, shapes, dtype):
    style = ("scalar", "article")[len(text) % 2]
    found = einloop.verify(text, target="numba", dtypes=dtype, shapes=shapes, style=style)
    assert found, str(found)


@needs_numba
@pytest.mark.parametrize("style", ["scalar", "fast"])
@pytest.mark.parametrize(("text", "shapes"), MORE, ids=[row[0] for row in MORE])
def test_further_expressions(text, shapes, style):
    found = einloop.verify(text, target="numba", shapes=shapes, style=style)
    assert found, str(found)


MIXED = (
    ("int8", "uint8"),
    ("int64", "uint64"),
    ("uint32", "int32"),
    ("bool", "int8"),
    ("int8", "float32"),
    ("float32", "complex64"),
    ("uint64", "complex64"),
    ("bool", "complex128"),
)


@needs_numba
@pytest.mark.parametrize("dtypes", MIXED, ids=", ".join)
def test_mixed_dtypes_are_converted_to_the_common_one_first(dtypes):
    found = einloop.verify("ij,j->i", target="numba", dtypes=dtypes)
    assert found, str(found)


@needs_numba
@pytest.mark.parametrize(
    "options",
    [
        {"path": "auto", "comments": True},
        {"schedule": "tile(j,2) tile(k,3)"},
        {"shapes": ["5x7", "7x6"], "schedule": "canonicalise order(i,j,k) accumulate vectorise"},
        {"shapes": ["5x7", "7x6"], "schedule": "canonicalise order(i,k,j) tile(i,2) tile(k,3) accumulate unroll(j)"},
        {"shapes": ["5x7", "7x6"], "schedule": "canonicalise order(i,j,k) accumulate parallel(i,2)"},
    ],
)
def test_schedules(options):
    text = "ij,jk->ik" if "shapes" in options or "schedule" in options else "ij,jk,kl->il"
    options = {"style": "article"} | options
    found = einloop.verify(text, target="numba", **options)
    assert found, str(found)


@needs_numba
def test_shared_loops_over_blocks():
    shapes = ["40x50"]
    source = einloop.generate("ij->ji", target="numba", shapes=shapes, schedule="canonicalise tile(j,16) parallel(j)")
    assert "parallel=True" in source.source
    assert "in prange((50 + 15) // 16):" in source.source
    array = np.arange(2000.0).reshape(40, 50)
    assert np.array_equal(source.run(array), array.T)


@needs_numba
@settings(max_examples=8)
@given(st.data())
def test_random_expressions(data):
    expression = data.draw(expressions(most_operands=3))
    text = data.draw(subscripts(expression))
    known = expression.stretched or DOTS in text or data.draw(st.booleans())
    style = data.draw(st.sampled_from(("scalar", "fast")))
    dtypes = data.draw(st.sampled_from(DTYPES))
    shapes = expression.shapes if known else None
    found = einloop.verify(text, target="numba", style=style, shapes=shapes, dtypes=dtypes)
    assert found, f"einloop {text!r} --target numba --style {style}\n{found}"


@needs_numba
def test_a_program_checks_itself():
    generated = einloop.generate("ij,jk->ik", target="numba", script=True, dtypes="complex64")
    found = einloop.verify(generated)
    assert found, str(found)


@needs_numba
@pytest.mark.parametrize("style", ["article", "fast"])
def test_arrays_that_are_not_contiguous(style):
    """The text addresses memory by the strides it was made for; the runner lays arrays out so."""
    options = Options(
        shapes=((None, (3, 4)), (None, (4, 5))), strides=((1, 6), None), target="numba", style=style
    )  # fmt: skip
    made = generate(read_spec("ij,jk->ik", options), options)
    rng = np.random.default_rng(0)
    memory, b, c = rng.random(24), rng.random((4, 5)), np.empty((3, 5))
    a = np.lib.stride_tricks.as_strided(memory, (3, 4), (8, 48))
    numba_function.numba_function(made.program)(memory[:21], b, c)
    assert np.allclose(c, a @ b)
    assert np.allclose(made.run(a, b), a @ b)


def test_arrays_that_are_read_backwards_are_refused():
    options = Options(shapes=((None, (3,)),), strides=((-1,),), target="numba")
    with pytest.raises(OptionError) as caught:
        generate(read_spec("i->", options), options)
    assert (caught.value.id, caught.value.operand) == ("EL416", 0)
    assert caught.value.message == (
        "operand 0 is read backwards (strides -1), and target 'numba' has no negative offsets"
    )


@pytest.mark.parametrize("dtype", ["float16", "longdouble", "clongdouble", "object"])
def test_dtypes_without_numba_are_refused_by_name(dtype):
    with pytest.raises(OptionError, match=f"operand 0 has {dtype}") as caught:
        einloop.generate("ij->i", target="numba", dtypes=dtype)
    assert caught.value.id == "EL410"


def test_a_function_cannot_hide_what_the_text_uses():
    with pytest.raises(OptionError, match="'prange'") as caught:
        einloop.generate("ij->i", target="numba", function="prange")
    assert caught.value.id == "EL401"


def test_a_machine_without_numba_says_so(monkeypatch):
    monkeypatch.setattr(numba_function, "find_spec", lambda name: None)
    numba_function._overloads.clear()
    generated = einloop.generate("i,i->", target="numba", names=["left", "right"])
    with pytest.raises(RunError, match="Numba is not installed") as caught:
        generated.run(np.ones(3), np.ones(3))
    assert (caught.value.id, caught.value.hint) == ("EL633", "pip install einloop[numba]")
    assert str(einloop.verify(generated)) == "not verified: Numba is not installed, so the text cannot be run"


@needs_numba
def test_what_numba_refuses_is_shown_with_numbered_lines():
    program = einloop.generate("i->", target="numba").program
    broken = replace(program, text=program.text.replace("A[i]" if "A[i]" in program.text else "a[i]", "unknown[i]"))
    with pytest.raises(RunError, match="Numba refuses the text") as caught:
        numba_function.numba_function(broken)
    assert caught.value.id == "EL634"
    assert "unknown" in caught.value.message
    assert "   2 | from numba import njit" in caught.value.message


@needs_numba
def test_missing_memory_is_said(monkeypatch):
    def full(*_):
        raise MemoryError

    generated = einloop.generate("ij,jk,kl->il", target="numba", path="auto")
    monkeypatch.setattr(numba_function, "numba_function", lambda _: full)
    with pytest.raises(RunError, match="no memory") as caught:
        generated.run(np.ones((2, 2)), np.ones((2, 2)), np.ones((2, 2)))
    assert caught.value.id == "EL631"


@needs_numba
def test_arrays_of_other_dtypes_and_ranks_are_no_silent_error():
    function = numba_function.numba_function(einloop.generate("i->", target="numba").program)
    total = np.empty(())
    function(np.ones(3), total)
    assert total == 3
    for wrong in (np.ones(3, np.float32), np.ones((3, 1)), np.ones(6)[::2]):
        with pytest.raises(TypeError):
            function(wrong, total)


def sizes_of(shape):
    return tuple(map(int, shape.split("x")))


PACKED = (
    ("ij,jk->ik", ["37x300", "300x41"], "float64"),
    ("bij,kjb->ikb", ["3x19x23", "26x23x3"], "float32"),
    ("dabe,fc,fe->abcd", ["8x7x8x9", "11x10", "11x9"], "float64"),
    ("bij,kjb->ikb", ["3x25x23", "26x23x3"], "complex64"),
    ("ij,jk,kl->il", ["27x21", "21x29", "29x25"], "complex128"),
)


@needs_numba
@pytest.mark.parametrize(("text", "shapes", "dtype"), PACKED, ids=[f"{row[0]} {row[2]}" for row in PACKED])
def test_packed_kernels(text, shapes, dtype):
    generated = einloop.generate(text, target="numba", style="fast", shapes=shapes, dtypes=dtype)
    assert "@intrinsic" in generated.source
    rng = np.random.default_rng(0)
    arrays = [drawn(rng, prod(sizes), dtype).reshape(sizes) for sizes in map(sizes_of, shapes)]
    expected = np.einsum(text, *arrays, optimize=True)
    got = generated.run(*arrays)
    assert got.dtype == expected.dtype
    assert np.array_equal(got, expected)


@pytest.mark.parametrize(("text", "shapes", "dtype"), PACKED, ids=[f"{row[0]} {row[2]}" for row in PACKED])
def test_the_text_of_packed_kernels_is_as_black_writes_it(text, shapes, dtype):
    source = einloop.generate(text, target="numba", style="fast", shapes=shapes, dtypes=dtype).source
    assert black.format_str(source, mode=black.Mode()) == source


def forwards(one: Case) -> dict:
    """Return the indices of a kernel whose arrays are read forwards."""
    return {
        group: tuple(
            replace(axis, left=abs(axis.left), right=abs(axis.right), target=abs(axis.target))
            for axis in getattr(one.kernel, group)
        )
        for group in GROUPS
    }


@needs_numba
@pytest.mark.parametrize("seed", range(8))
def test_random_kernels(seed):
    """Any strides, every width of vectors, blocks of caches that are tiny."""
    machine, dtype = MACHINES[list(MACHINES)[seed % 4]], ("float64", "float32")[seed // 4 % 2]
    one = case(machine, dtype, **forwards(random_case(seed, machine, dtype)))
    environment = Environment(
        loader=FileSystemLoader(
            [Path(__file__).parents[1] / "templates" / "numba", Path(__file__).parent / "schedule"]
        ),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    namespace = {}
    exec(environment.get_template("packed_kernel.py.j2").render(plan=one.plan), namespace)
    rng = np.random.default_rng(seed)
    left, right = (rng.integers(-5, 6, extent.length).astype(dtype) for extent in (one.left, one.right))
    memory = np.full(one.target.length, -77777, dtype)
    expected = memory.copy()
    free = len(one.axes) - len(one.kernel.contracted)
    a, b = view(left, one.left, one.axes, "left"), view(right, one.right, one.axes, "right")
    axes = list(range(len(one.axes)))
    view(expected, one.target, one.axes[:free], "target")[...] = np.einsum(a, axes, b, axes, axes[:free])
    namespace["call"](left, right, memory)
    assert np.array_equal(memory, expected)
