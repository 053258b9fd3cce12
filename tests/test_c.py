"""The C target: text as written, run against np.einsum, without warnings, clean under sanitizers."""

import ctypes
import subprocess

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import DOTS, expressions, subscripts

import einloop
from einloop.core.errors import EinloopError, OptionError, RunError
from einloop.runners import shared_object
from einloop.runners.compiler import find_compiler

needs_compiler = pytest.mark.skipif(find_compiler() is None, reason="no C compiler")
DTYPES = (
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64",
    "longdouble", "complex64", "complex128", "clongdouble",
)  # fmt: skip
EXPRESSIONS = (
    ("ij,jk->ik", None),
    ("ii->", None),
    ("->", None),
    (",i->i", None),
    ("ij->ji", None),
    ("i,j,k->", None),
    ("iij,j->i", ["4x4x3", "3"]),
    ("ij,ij->ij", ["2x3", "2x1"]),
    ("ij,jk,kl->il", ["3x0", "0x4", "4x2"]),
    ("...ij,...jk->...ik", ["2x3x4", "4x5"]),
)

PRODUCT = """\
/* np.einsum("ij,jk->ik", A, B) in explicit loops.
 *
 * A: I x J
 * B: J x K
 * C: I x K, written
 *
 * Arrays are contiguous, the last axis fastest; C overlaps none of the others.
 *
 * Compile it with
 *     cc -O3 -march=native -c product.c
 * -march=native asks for all that this processor can do; without it the code is slower, and runs on others too.
 */
#include <stddef.h>
#include <string.h>

void product(ptrdiff_t I, ptrdiff_t J, ptrdiff_t K, const double *A, const double *B, double *C)
{
    memset(C, 0, I * K * sizeof *C);
    for (ptrdiff_t i = 0; i < I; i++) {
        for (ptrdiff_t j = 0; j < J; j++) {
            for (ptrdiff_t k = 0; k < K; k++) {
                C[i * K + k] += A[i * J + j] * B[j * K + k];
            }
        }
    }
}
"""


def test_the_text_is_one_function():
    assert einloop.generate("ij,jk->ik", target="c", function="product").source == PRODUCT


def test_extents_that_are_known_stand_in_the_text():
    source = einloop.generate("ij,jk->ik", target="c", shapes=["2x3", "3x4"]).source
    assert "void loops(const double *A, const double *B, double *C)" in source
    assert "C[i * 4 + k] += A[i * 3 + j] * B[j * 4 + k];" in source


@needs_compiler
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("text", "shapes"), EXPRESSIONS, ids=[row[0] for row in EXPRESSIONS])
def test_every_dtype(text, shapes, dtype):
    found = einloop.verify(text, target="c", dtypes=dtype, shapes=shapes, style="scalar")
    assert found, str(found)


@needs_compiler
@pytest.mark.parametrize("options", [{}, {"path": "auto"}, {"schedule": "tile(j,2) tile(k,3)"}, {"comments": True}])
def test_styles_and_schedules(options):
    for text in ("ij,jk,kl->il", "abc,ia,jb,kc->ijk"):
        found = einloop.verify(text, target="c", **options)
        assert found, str(found)


@needs_compiler
@settings(max_examples=15)
@given(st.data())
def test_random_expressions(data):
    expression = data.draw(expressions(most_operands=4))
    text = data.draw(subscripts(expression))
    shapes = expression.shapes if expression.stretched or DOTS in text else None
    found = einloop.verify(text, target="c", shapes=shapes, dtypes=data.draw(st.sampled_from(DTYPES)))
    assert found, f"einloop {text!r} --target c\n{found}"


STRICT = ("-Wall", "-Wextra", "-Werror", "-O3", "-std=gnu11", "-fsyntax-only")


@needs_compiler
@pytest.mark.parametrize("dtype", DTYPES)
def test_there_are_no_warnings(tmp_path, dtype):
    for number, (text, shapes) in enumerate(EXPRESSIONS):
        for options in ({}, {"path": "auto"}):
            path = tmp_path / f"{number}.c"
            path.write_text(einloop.generate(text, target="c", shapes=shapes, dtypes=dtype, **options).source)
            done = subprocess.run(
                [*find_compiler().command, *STRICT, path], capture_output=True, text=True, check=False
            )
            assert (done.returncode, done.stderr) == (0, "")


MAIN = """
#include <stdio.h>
int main(void)
{
    static const double a[2 * 3] = {1, 2, 3, 4, 5, 6};
    static const double b[3 * 4] = {1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3}, c[4] = {1, 2, 3, 4};
    static double d[2];
    if (loops(a, b, c, d))
        return 1;
    printf("%g %g\\n", d[0], d[1]);
    return 0;
}
"""


@needs_compiler
def test_sanitizers_are_silent(tmp_path):
    source = einloop.generate("ij,jk,k->i", target="c", shapes=["2x3", "3x4", "4"], path="(0,1),(0,1)").source
    (tmp_path / "main.c").write_text(source + MAIN)
    flags = ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-std=gnu11"]
    command = [*find_compiler().command, *flags, tmp_path / "main.c", "-o", tmp_path / "main"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this compiler has no sanitizers")
    done = subprocess.run([tmp_path / "main"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "140 320\n", "")


def test_objects_are_refused_by_name():
    with pytest.raises(OptionError, match="operand 0 has object") as caught:
        einloop.generate("ij->i", target="c", dtypes="object")
    assert caught.value.id == "EL410"


def test_an_ellipsis_of_unknown_rank_is_refused():
    with pytest.raises(OptionError, match="the number of axes must be known") as caught:
        einloop.generate("...i->...", target="c")
    assert caught.value.id == "EL407"


def test_a_machine_without_a_compiler_says_so(monkeypatch):
    monkeypatch.setenv("CC", "")
    monkeypatch.setenv("PATH", "")
    generated = einloop.generate("i,i->", target="c", names=["left", "right"])
    with pytest.raises(RunError, match="there is no C compiler here") as caught:
        generated.run(np.ones(3), np.ones(3))
    assert caught.value.id == "EL630"
    assert str(einloop.verify(generated)) == "not verified: there is no C compiler here, so the text cannot be run"


@needs_compiler
def test_what_the_compiler_refuses_is_shown_with_numbered_lines():
    wrong = shared_object.compiled("int f(void)\n{\n    return x;\n}\n")
    with pytest.raises(EinloopError, match=r"refuses the text") as caught, wrong:
        pass
    assert caught.value.id == "EL632"
    assert "  3 |     return x;" in caught.value.message


@needs_compiler
def test_missing_memory_is_said(monkeypatch):
    generated = einloop.generate("ij,jk,kl->il", target="c", path="auto")
    monkeypatch.setattr(shared_object, "_function", lambda *_: lambda *_: 1)
    with pytest.raises(RunError, match="no memory") as caught:
        generated.run(np.ones((2, 2)), np.ones((2, 2)), np.ones((2, 2)))
    assert caught.value.id == "EL631"


@needs_compiler
@pytest.mark.parametrize("dtype", ["float64", "float16", "complex64", "int8", "bool"])
def test_a_large_shape_of_a_text_for_it_only_is_run(dtype):
    found = einloop.verify("ij,jk->ik", target="c", shapes=["300x300", "300x300"], dtypes=dtype)
    assert found, str(found)
    assert [case.shapes for case in found.cases] == [((300, 300), (300, 300))]


@needs_compiler
def test_shapes_that_take_too_long_are_not_verified():
    found = einloop.verify("ij,jk->ik", target="c", shapes=["9000x9000", "9000x9000"])
    assert not found
    assert str(found) == (
        "not verified: the text would run for about 31 minutes at these shapes, above the 30 s allowed, and it is for "
        "no others"
    )


@needs_compiler
def test_the_shared_object_is_plain_c():
    with shared_object.compiled(PRODUCT) as path:
        product = ctypes.CDLL(path).product
    a, b, c = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4), np.empty((2, 4))
    product(*map(ctypes.c_ssize_t, (2, 3, 4)), *(ctypes.c_void_p(x.ctypes.data) for x in (a, b, c)))
    assert np.array_equal(c, a @ b)


@needs_compiler
def test_names_that_compilers_and_kernels_have_are_given_way():
    found = einloop.verify(
        "ij,jk->ik",
        target="c",
        shapes=["20x21", "21x22"],
        names=["packed_run", "linux"],
        result="unix",
        function="total_0",
        schedule="auto",
    )
    assert found, str(found)


@needs_compiler
def test_a_compiler_that_fails_is_no_verdict_on_the_loops(monkeypatch):
    monkeypatch.setenv("CC", "gcc -bogus")
    with pytest.raises(RunError, match="refuses the text"):
        einloop.verify("ij->ji", target="c")


@needs_compiler
@pytest.mark.parametrize(("dtype", "length"), [("float16", 5000), ("float32", 17_000_000)])
def test_sums_too_long_for_ones_are_compared_on_ones_and_zeros(dtype, length):
    found = einloop.verify("i->", dtypes=dtype, shapes=[(length,)], target="c")
    assert found, str(found)
