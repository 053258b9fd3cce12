"""C that leaves home: built with the command in its own head, right under any flags, C++ as well, with its header."""

import os
import platform
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
from test_extension import needs_headers

import einloop
from einloop.cli import main
from einloop.core.errors import OptionError
from einloop.core.machine import Machine
from einloop.runners import caller
from einloop.runners.caller import include_flags
from einloop.runners.compiler import find_compiler

needs_compiler = pytest.mark.skipif(find_compiler() is None or shutil.which("cc") is None, reason="no C compiler")
needs_cpp = pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler")
WIDTHS = ("defined(__AVX512F__)", "defined(__AVX2__) && defined(__FMA__)")


def command(text):
    """Return the command that stands in the head of a text."""
    return re.search(r"\A/\*.*?Compile it with\n \*     (cc .*?)\n", text, re.DOTALL)[1]


def build(text, folder, name):
    """Write a text to a file and run its own command beside it."""
    (folder / name).write_text(text, encoding="utf-8")
    path = os.pathsep.join((os.path.dirname(sys.executable), os.environ["PATH"]))
    done = subprocess.run(
        ["sh", "-c", command(text)], cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def drawn(shapes, dtype):
    rng = np.random.default_rng(0)
    return [rng.integers(0 if np.dtype(dtype).kind in "bu" else -3, 4, shape).astype(dtype) for shape in shapes]


PARALLEL = "order(output) parallel(i,2)"
LEAVING = (
    ("ij,jk->ik", ((70, 41), (41, 53)), "float64", {"style": "fast"}),
    ("ij,jk->ik", ((70, 41), (41, 53)), "float32", {"schedule": "auto"}),
    ("ij,jk->ik", ((70, 41), (41, 53)), "complex128", {"style": "fast"}),
    ("ij,jk->ik", ((70, 41), (41, 53)), "float16", {"style": "fast"}),
    ("ij,jk->ik", ((64, 64), (64, 64)), "float64", {"schedule": f"canonicalise classify {PARALLEL} pack"}),
    ("ij,jk->ik", ((64, 64), (64, 64)), "float64", {"schedule": PARALLEL}),
    ("ij,jk,kl->il", ((20, 30), (30, 40), (40, 50)), "float64", {"style": "fast"}),
    ("bij,bjk->bik", ((50, 4, 4), (50, 4, 4)), "float64", {"style": "fast"}),
    ("ij->ji", ((90, 70),), "float64", {"style": "fast"}),
    ("ij->ji", ((90, 70),), "int8", {"schedule": "canonicalise pack"}),
    ("ij,ij->i", ((30, 100), (30, 100)), "float32", {"style": "fast", "shapes": None}),
    ("ij,jk->ik", ((3, 1), (1, 4)), "bool", {"shapes": None}),
)  # fmt: skip
IDS = [f"{text} {dtype} {' '.join(map(str, options))}" for text, _, dtype, options in LEAVING]


@needs_headers
@needs_compiler
@pytest.mark.parametrize(("text", "shapes", "dtype", "options"), LEAVING, ids=IDS)
def test_an_extension_is_built_by_its_own_command(text, shapes, dtype, options, tmp_path):
    source = einloop.generate(
        text, target="c", extension=True, function="leaving", dtypes=dtype, **{"shapes": shapes, **options}
    ).source
    assert ("-fopenmp" in command(source)) == ("parallel" in str(options))
    build(source, tmp_path, "leaving.c")
    leaving = caller.open_module("leaving", str(tmp_path / "leaving.so")).leaving
    arrays = drawn(shapes, dtype)
    result = leaving(*arrays)
    expected = np.einsum(text, *arrays)
    assert result.dtype == expected.dtype
    assert np.array_equal(result, expected)
    out = np.zeros(expected.shape, expected.dtype)
    assert leaving(*arrays, out=out) is out
    assert np.array_equal(out, expected)


@needs_compiler
@pytest.mark.parametrize("dtype", ["float64", "complex64", "clongdouble", "uint8"])
def test_a_script_is_built_by_its_own_command(dtype, tmp_path):
    source = einloop.generate(
        "ij,jk->ik", target="c", script=True, style="fast", shapes=["30x40", "40x50"], dtypes=dtype
    ).source
    build(source, tmp_path, "loops.c")
    done = subprocess.run([tmp_path / "loops"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "equal to plain loops\n")
    if platform.machine() in ("x86_64", "AMD64"):
        build(
            source.replace("\n#include", "\n#define __builtin_cpu_supports(feature) 0\n#include", 1),
            tmp_path,
            "loops.c",
        )
        done = subprocess.run([tmp_path / "loops"], capture_output=True, text=True, check=False)
        words = ["cc", "-march=native", "-dM", "-E", "-xc", os.devnull]
        flags = subprocess.run(words, capture_output=True, text=True, check=False)
        assert ("compiled for processors with avx, which this one lacks" in done.stderr) == ("__AVX__" in flags.stdout)


@needs_compiler
@pytest.mark.parametrize(
    ("output", "name"),
    [
        ("product.c", "product.c"),
        ("my product.c", "'my product.c'"),
        ("a'b.c", "'a'\"'\"'b.c'"),
        ("größe.c", "'größe.c'"),
        ("--help.c", "./--help.c"),
        ("two\nlines.c", "kernel.c"),
        ("product.txt", "kernel.c"),
        (".c", "kernel.c"),
    ],
)
def test_the_command_names_the_file_that_is_written(output, name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["ij,jk->ik", "--target", "c", "--function", "kernel", "--no-verify", f"--output={output}"]
    assert main(words) == 0
    source = (tmp_path / output).read_text(encoding="utf-8")
    assert command(source) == f"cc -O3 -march=native -c {name}"
    if name != "kernel.c":
        subprocess.run(["sh", "-c", command(source)], cwd=tmp_path, check=True)
    assert capsys.readouterr().out == ""


FLAGS = {"baseline": (), "avx2": ("-mavx2", "-mfma"), "avx512": ("-mavx512f", "-mavx2", "-mfma")}


def here(flags):
    """Return whether this processor runs what a compiler makes with the flags."""
    return Machine.detect().vector_bytes >= {"baseline": 16, "avx2": 32, "avx512": 64}[flags]


@needs_headers
@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="flags of x86 processors")
@pytest.mark.parametrize("flags", FLAGS)
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_every_version_of_a_kernel_is_right(flags, compiler, tmp_path):
    if shutil.which(compiler) is None or not here(flags):
        pytest.skip("not here")
    for number, (text, shapes, dtype, options) in enumerate(LEAVING[:10]):
        name = f"leaving{number}"
        source = einloop.generate(
            text, target="c", extension=True, function=name, shapes=shapes, dtypes=dtype, **options
        ).source
        (tmp_path / f"{name}.c").write_text(source)
        target = tmp_path / f"{name}.so"
        words = [compiler, "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-psabi", "-Wno-unknown-pragmas", *FLAGS[flags]]
        subprocess.run(
            [*words, "-fPIC", "-shared", *include_flags(), f"{name}.c", "-o", target], cwd=tmp_path, check=True
        )
        arrays = drawn(shapes, dtype)
        assert np.array_equal(getattr(caller.open_module(name, str(target)), name)(*arrays), np.einsum(text, *arrays))


def test_kernels_have_versions_where_the_text_is_for_every_processor():
    shapes = ["64x64", "64x64"]
    source = einloop.generate("ij,jk->ik", target="c", shapes=shapes, style="fast").source
    lines = source.splitlines()
    assert lines.index(f"#if {WIDTHS[0]}") < lines.index(f"#elif {WIDTHS[1]}") < len(lines) - lines[::-1].index("#else")
    assert source.count("static int packed_run(") == 3
    assert source.count("if (packed_run(B, A, C))") == 1
    # elements of 16 bytes move one by one whatever the vectors
    moved = einloop.generate("ij->ji", target="c", shapes=["90x90"], style="fast", dtypes="complex128").source
    assert moved.count("static void permuted_run(") == 1
    assert "#if defined(__AVX512F__)" not in moved


def test_a_text_for_one_processor_says_so():
    compiled = einloop.compile("ij,jk->ik", target="c")
    compiled(np.ones((64, 64)), np.ones((64, 64)))
    source = compiled.source
    if "packed_run" not in source:
        pytest.skip("no C compiler")
    assert source.count("static int packed_run(") == 1
    assert f"It was made for vectors of {Machine.detect().vector_bytes} bytes" in source


STANDARDS = (
    ("gcc", "-xc", "-std=c99"), ("gcc", "-xc", "-std=c11"), ("gcc", "-xc", "-std=gnu17", "-march=native"),
    ("clang", "-xc", "-std=c11"), ("g++", "-xc++", "-std=c++17"), ("g++", "-xc++", "-std=gnu++20", "-march=native"),
    ("clang++", "-xc++", "-std=c++17"),
)  # fmt: skip
WRITTEN = (
    ("ij,jk->ik", "float64", {}),
    ("ij,jk,kl->il", "complex64", {"path": "auto"}),
    ("ij,jk,k->", "float32", {"path": "auto"}),
    ("ij,jk->ik", "complex128", {"style": "fast", "shapes": ["64x64", "64x64"]}),
    ("ij,jk->ik", "longdouble", {"style": "scalar", "shapes": ["4x5", "5x6"]}),
    ("ij->ji", "int16", {"style": "fast", "shapes": ["64x64"]}),
    ("ij,j->i", "bool", {"style": "scalar"}),
    ("->", "clongdouble", {}),
    ("ij,jk->ik", "float64", {"shapes": ["3x0", "0x4"], "style": "fast"}),
)


@pytest.mark.parametrize("standard", STANDARDS, ids=" ".join)
@pytest.mark.parametrize("form", ["function", "script", "extension"])
def test_there_are_no_warnings_in_any_standard_nor_in_cpp(form, standard, tmp_path):
    if shutil.which(standard[0]) is None:
        pytest.skip("no such compiler")
    try:
        flags = include_flags() if form == "extension" else ()
    except einloop.EinloopError:
        pytest.skip("no headers")
    for number, (text, dtype, options) in enumerate(WRITTEN):
        source = einloop.generate(
            text,
            target="c",
            function="written",
            dtypes=dtype,
            **options,
            **({} if form == "function" else {form: True}),
        ).source
        path = tmp_path / f"{number}.c"
        path.write_text(source)
        words = [*standard, "-Wall", "-Wextra", "-Werror", "-fsyntax-only", *flags, path]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), text


@needs_cpp
def test_halves_are_refused_in_words_where_cpp_has_none(tmp_path):
    path = tmp_path / "half.cpp"
    path.write_text(einloop.generate("i,i->", target="c", dtypes="float16").source)
    done = subprocess.run(["g++", "-fsyntax-only", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0 or "this compiler has no _Float16" in done.stderr


CPP = """
#include <cstdio>
#include "{name}.h"
#include "{name}.h"
int main()
{{
    const double a[6] = {{1, 2, 3, 4, 5, 6}}, b[12] = {{1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3}};
    double c[8];
    {call}
    std::printf("%g %g\\n", c[0], c[7]);
}}
"""


@needs_cpp
@needs_compiler
@pytest.mark.parametrize(
    ("options", "call"),
    [
        ((), "product(2, 3, 4, a, b, c);"),
        (("-s", "2x3", "-s", "3x4", "--style", "fast"), "product(a, b, c);"),
    ],
)
def test_a_header_is_for_cpp_too(options, call, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["ij,jk->ik", "--target", "c", "--function", "product", "--header", "-o", "made.c", *options]
    assert main(words) == 0
    assert "verified against np.einsum" in capsys.readouterr().err
    (tmp_path / "main.cpp").write_text(CPP.format(name="made", call=call))
    subprocess.run(["sh", "-c", command((tmp_path / "made.c").read_text())], check=True)
    strict = ["-Wall", "-Wextra", "-Werror", "-std=c++17"]
    subprocess.run(["g++", *strict, "main.cpp", "made.o", "-o", "main"], check=True)
    assert subprocess.run(["./main"], capture_output=True, text=True, check=True).stdout == "14 32\n"
    # the same declaration in C, beside the definition
    (tmp_path / "both.c").write_text('#include "made.h"\n#include "made.c"\n')
    subprocess.run(["cc", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "both.c"], check=True)


HEADER = """\
/* np.einsum("ij,jk->ik", A, B) in explicit loops: the function that product.c holds.
 *
 * A: I x J
 * B: J x K
 * C: I x K, written
 *
 * Arrays are contiguous, the last axis fastest; C overlaps none of the others.
 */
#ifndef EINLOOP_product_H
#define EINLOOP_product_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

void product(ptrdiff_t I, ptrdiff_t J, ptrdiff_t K, const int32_t *A, const int32_t *B, int32_t *C);

#ifdef __cplusplus
}
#endif

#endif
"""


def test_where_a_header_goes(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["ij,jk->ik", "--target", "c", "--function", "product", "--dtype", "int32", "--no-verify", "--header"]
    assert main(words) == 0
    assert capsys.readouterr().out == HEADER
    assert main([*words, "-o", "product.h"]) == 0
    assert (tmp_path / "product.h").read_text() == HEADER
    assert os.listdir() == ["product.h"]
    assert main([*words, "-o", "other.c"]) == 0
    assert (tmp_path / "other.h").read_text() == HEADER.replace("product.c", "other.c")
    assert "void product(" in (tmp_path / "other.c").read_text()
    assert capsys.readouterr().out == ""
    generated = einloop.generate("ij,jk->ik", target="c", function="product", dtypes="int32", header=True)
    assert generated.header == HEADER
    assert einloop.generate("ij,jk->ik", target="c").header is None
    fast = einloop.generate("ij,jk->ik", target="c", header=True, shapes=["2x3", "3x4"], schedule="canonicalise")
    assert "double *__restrict C);" in fast.header


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "target 'python' has no headers"),
        ({"target": "numba", "function": "f"}, "target 'numba' has no headers"),
        ({"target": "c", "extension": True}, "a header is for a function, not for an extension"),
        ({"target": "c", "script": True}, "a header is for a function, not for a script"),
    ],
)
def test_headers_that_cannot_be(options, said):
    with pytest.raises(OptionError, match=said) as caught:
        einloop.generate("ij->i", header=True, **options)
    assert caught.value.id == "EL471"


@needs_cpp
def test_names_are_no_words_of_cpp_either(tmp_path):
    words = ["virtual", "new"]
    generated = einloop.generate("ij,jk->ik", target="c", names=words, result="template", header=True)
    assert not {"virtual", "new", "template"} & {*generated.inputs, generated.result}
    (tmp_path / "names.cpp").write_text(generated.header + generated.source)
    subprocess.run(["g++", "-fsyntax-only", tmp_path / "names.cpp"], check=True)
    with pytest.raises(OptionError, match="a function called 'template' would hide") as caught:
        einloop.generate("i->", target="c", function="template")
    assert caught.value.id == "EL401"


class TestNotes:
    """What is said of sizes, and of programs that run for long."""

    @pytest.mark.parametrize("options", [{"style": "fast"}, {"schedule": "auto"}])
    def test_sizes_that_are_missing(self, options):
        said = "kernels and vectors need sizes, and those of {} are not known: give shapes"
        assert einloop.generate("ij,jk->ik", target="c", **options).notes == (said.format("i, j, k"),)
        assert said.format("k") in einloop.generate("ij,jk->ik", target="c", shapes=["2x3", None], **options).notes
        assert einloop.generate("ij,jk->ik", target="c", shapes=["2x3", "3x4"], **options).notes == ()
        assert einloop.generate("ij,jk->ik", **options).notes == ()
        assert einloop.generate("ij,jk->ik", target="c").notes == ()

    @pytest.mark.parametrize(
        ("target", "size", "pace"),
        [
            ("python", 500, "over half a minute of plain Python for each 100,000,000"),
            ("c", 500, None),
            ("numba", 500, None),
            ("c", 3000, "about half a minute of the plain nest that it compares itself with for each 10,000,000,000"),
            (
                "numba",
                3000,
                "about half a minute of the np.einsum that it compares itself with for each 10,000,000,000",
            ),
        ],
    )
    def test_programs_that_run_for_long(self, target, size, pace):
        generated = einloop.generate("ij,jk->ik", target=target, script=True, shapes=[(size, size)] * 2)
        said = f"the program runs {size**3:,} loop iterations, {pace}"
        assert generated.notes == (() if pace is None else (said,))
