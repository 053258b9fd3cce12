"""Permutations in tiles: what the plan decides, and what the compiled text moves."""

from __future__ import annotations

import ctypes
import mmap
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path

import numpy as np
import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from packing import AVX2, AVX512, BASELINE, COMPILER, ROOT, TINY, Extent, compiled, view

from einloop.core.kernel import Axis, Permuted, PermutedPlan
from einloop.core.machine import Machine
from einloop.schedule.permute import plan_permuted

needs_compiler = pytest.mark.skipif(COMPILER is None, reason="no C compiler (cc, gcc)")

STREAMED = replace(AVX2, level3=2048)
"""A level 3 so small that the lines of every target are written past it, in large tiles."""
MACHINES = {"baseline": BASELINE, "avx2": AVX2, "avx512": AVX512, "tiny": TINY, "streamed": STREAMED}
DTYPES = {1: "uint8", 2: "uint16", 4: "float32", 8: "float64", 16: "complex128"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A permutation, how it runs, and what its arrays need."""

    kernel: Permuted
    plan: PermutedPlan

    def array(self, name: str) -> Extent:
        """Return what the source (left) or the target needs."""
        moves = [(axis.extent - 1) * getattr(axis, name) for axis in self.kernel.axes]
        below = -sum(move for move in moves if move < 0)
        return Extent(length=below + sum(move for move in moves if move > 0) + 1, first=below)

    source = property(lambda self: self.array("left"))
    target = property(lambda self: self.array("target"))


def permuted(expression: str, shape: tuple[int, ...], size: int = 8) -> Permuted:
    """Return the permutation of a contiguous array."""
    source, target = expression.split("->")
    extents = dict(zip(source, shape, strict=True))

    def stride(term: str, label: str) -> int:
        return prod(extents[after] for after in term[term.index(label) + 1 :])

    axes = (Axis(name=x, extent=extents[x], left=stride(source, x), target=stride(target, x)) for x in target)
    return Permuted(target="t", source="s", size=size, axes=tuple(axes))


def case(kernel: Permuted, machine: Machine) -> Case:
    made = plan_permuted(kernel, machine)
    assert made
    return Case(kernel=kernel, plan=made)


def random_kernel(seed: int, size: int) -> Permuted:
    """Return a permutation of up to five indices between arrays that lie in memory in any way."""
    rng = random.Random(seed)
    extents = [rng.choice((1, 2, 3, 4, 5, 8, 9, 16, 17, 23, 33)) for _ in range(rng.choice((2, 2, 3, 3, 4, 5)))]
    while prod(extents) > 20_000:
        extents.pop()
    axes = [Axis(name=name, extent=extent) for name, extent in zip("abcde", extents, strict=False)]
    for array in ("left", "target"):
        stride, order = 1, rng.sample(range(len(axes)), len(axes))
        for n in order:
            odd = 0 if rng.random() < 0.05 else rng.choice((1, 1, 1, -1))
            axes[n] = replace(axes[n], **{array: stride * (odd if array == "left" else 1)})
            stride *= axes[n].extent + rng.choice((0, 0, 0, 1))
    return Permuted(target="t", source="s", size=size, axes=tuple(axes))


def random_cases(seeds: range, size: int, machine: Machine) -> list[Case]:
    """Return those of the random permutations that have a plan."""
    kernels = [random_kernel(seed, size) for seed in seeds]
    return [Case(kernel=kernel, plan=made) for kernel in kernels if (made := plan_permuted(kernel, machine))]


def text(cases: list[Case], *, main: bool = False) -> str:
    """Return the C file with all of them."""
    environment = Environment(
        loader=FileSystemLoader([ROOT / "templates", Path(__file__).parent]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("permuted_kernels.c.j2").render(cases=cases, main=main)


def run(function: ctypes._NamedFuncPointer, one: Case, shift: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return what was written into memory full of nines, and what should stand there.

    The arrays begin `shift` elements behind where numpy's memory does.
    """
    dtype = DTYPES[one.kernel.size]
    source = (np.random.default_rng(0).integers(0, 250, one.source.length + shift)).astype(dtype)[shift:]
    memory = np.full(one.target.length + shift, 9, dtype)[shift:]
    expected = memory.copy()
    view(expected, one.target, one.kernel.axes, "target")[...] = view(source, one.source, one.kernel.axes, "left")
    function.argtypes = [ctypes.c_void_p] * 2
    function.restype = None
    pairs = ((source, one.source), (memory, one.target))
    function(*(array.ctypes.data + extent.first * array.itemsize for array, extent in pairs))
    return memory, expected


def check(folder: Path, cases: list[Case], *flags: str) -> None:
    """Compile the permutations together, and compare every one with numpy's copy of a view."""
    assert cases
    loaded = ctypes.CDLL(str(compiled(folder, text(cases), *flags, "-shared", "-fPIC")))
    for number, one in enumerate(cases):
        for shift in (0, 1, 3):
            memory, expected = run(getattr(loaded, f"call_{number}"), one, shift)
            assert np.array_equal(memory, expected), (number, shift, one)


@needs_compiler
@pytest.mark.parametrize("size", DTYPES)
@pytest.mark.parametrize("machine", MACHINES)
def test_random_permutations(machine, size, tmp_path):
    check(tmp_path, random_cases(range(25), size, MACHINES[machine]), "-O1")


@needs_compiler
@pytest.mark.parametrize("size", DTYPES)
def test_random_permutations_as_they_are_shipped(size, tmp_path):
    cases = random_cases(range(100, 110), size, STREAMED) + random_cases(range(110, 120), size, Machine.detect())
    check(tmp_path, cases, "-O3", "-march=native")


@needs_compiler
@pytest.mark.parametrize("machine", ["avx2", "streamed"])
@pytest.mark.parametrize("size", DTYPES)
def test_ragged_matrices(machine, size, tmp_path):
    """Every number of rows and of columns around a block, a tile and two."""
    extents = [*range(2, 10), 15, 16, 17, 31, 33, 63, 64, 65, 127, 129]
    pairs = [(n, extents[-1 - k]) for k, n in enumerate(extents)] + [(n, n) for n in extents if n > 7]
    kernels = [permuted("ij->ji", pair, size) for pair in pairs]
    check(tmp_path, [case(kernel, MACHINES[machine]) for kernel in kernels], "-O1")


CLASSICAL = [
    ("ij->ji", (64, 128)),
    ("abc->cab", (10, 12, 14)),
    ("abc->bca", (10, 12, 14)),
    ("abcd->dcba", (9, 8, 7, 10)),
    ("abcde->edcba", (8, 8, 8, 8, 8)),
    ("abcdef->fbdace", (4, 5, 6, 4, 5, 6)),
]


@needs_compiler
@pytest.mark.parametrize("machine", MACHINES)
def test_classical_permutations(machine, tmp_path):
    cases = [case(permuted(*each, size), MACHINES[machine]) for each in CLASSICAL for size in (4, 8)]
    check(tmp_path, cases, "-O2")


@needs_compiler
@pytest.mark.parametrize("machine", ["baseline", "streamed"])
def test_reversed_and_repeated_sources(machine, tmp_path):
    """All axes backwards, one of them, and one along which the source stays where it is."""
    kernels = []
    for expression, shape in CLASSICAL[:5]:
        kernel = permuted(expression, shape)
        signs = [[-1] * len(shape)] + [[-1 if m == n else 1 for m in range(len(shape))] for n in range(len(shape))]
        signs += [[0 if m == n else 1 for m in range(len(shape))] for n in range(len(shape))]
        for each in signs:
            axes = tuple(replace(a, left=a.left * sign) for a, sign in zip(kernel.axes, each, strict=True))
            kernels.append(replace(kernel, axes=axes))
    plans = [plan_permuted(kernel, MACHINES[machine]) for kernel in kernels]
    cases = [Case(kernel=kernel, plan=made) for kernel, made in zip(kernels, plans, strict=True) if made]
    assert len(cases) > len(kernels) // 2
    assert any(one.plan.first for one in cases)
    check(tmp_path, cases, "-O1")


@needs_compiler
@pytest.mark.parametrize("machine", ["avx2", "streamed"])
def test_sanitizers(machine, tmp_path):
    here = MACHINES[machine]
    cases = [one for size in DTYPES for one in random_cases(range(300, 312), size, here)]
    cases += [case(permuted(*each), here) for each in CLASSICAL]
    flags = ("-O0", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
    program = compiled(tmp_path, text(cases, main=True), *flags)
    done = subprocess.run([str(program)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@needs_compiler
def test_threads(tmp_path):
    cases = [case(permuted(*each), STREAMED) for each in CLASSICAL]
    loaded = ctypes.CDLL(str(compiled(tmp_path, text(cases), "-O1", "-shared", "-fPIC")))
    work = [number for _ in range(20) for number in range(len(cases))]
    with ThreadPoolExecutor(4) as pool:
        done = pool.map(lambda number: run(getattr(loaded, f"call_{number}"), cases[number]), work)
        assert all(np.array_equal(memory, expected) for memory, expected in done)


@needs_compiler
@pytest.mark.skipif(not hasattr(mmap, "MAP_ANONYMOUS"), reason="needs addresses without memory behind them")
def test_offsets_beyond_31_bits(tmp_path):
    far = 2**31 + 8
    axes = (Axis(name="i", extent=3, left=1, target=far), Axis(name="j", extent=5, left=far, target=1))
    one = case(Permuted(target="t", source="s", size=1, axes=axes), BASELINE)
    function = ctypes.CDLL(str(compiled(tmp_path, text([one]), "-O1", "-shared", "-fPIC"))).call_0
    function.argtypes = [ctypes.c_void_p] * 2
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    try:
        memory = [mmap.mmap(-1, 4 * far + 64, flags=flags), mmap.mmap(-1, 2 * far + 64, flags=flags)]
    except OSError:
        pytest.skip("not enough addresses")
    source, target = (np.frombuffer(each, np.uint8) for each in memory)
    for i in range(3):
        for j in range(5):
            source[i + j * far] = 10 * i + j + 1
    function(source.ctypes.data, target.ctypes.data)
    assert [[int(target[i * far + j]) for j in range(5)] for i in range(3)] == [
        [10 * i + j + 1 for j in range(5)] for i in range(3)
    ]


@pytest.mark.parametrize(
    "kernel",
    [
        permuted("abc->bac", (8, 9, 10)),  # the same index is contiguous in both
        permuted("ij->ij", (8, 9)),
        permuted("ij->ji", (1, 9)),
        permuted("ij->ji", (8, 9), size=32),
        replace(permuted("i->i", (9,)), axes=()),
        Permuted(target="t", source="s", size=8, axes=(Axis(name="i", extent=9, left=10, target=1),)),
    ],
)
def test_nothing_to_transpose(kernel):
    assert plan_permuted(kernel, AVX2) is None


def test_runs_go_on_over_several_indices():
    made = plan_permuted(permuted("abcdef->fbdace", (12,) * 6), replace(AVX2, level3=2**20))
    assert made
    assert (made.read.length, made.written.length, made.written.unit) == (12, 48, 12)
    assert made.written.offsets[:13] == (*range(0, 144, 12), 12**3)
    assert made.streamed


def test_small_arrays_stay_in_the_cache():
    made = plan_permuted(permuted("ij->ji", (100, 100)), AVX2)
    assert made
    assert (made.streamed, made.read.length, made.written.length) == (False, 8, 8)


def test_tiles_are_whole_blocks():
    made = plan_permuted(permuted("ij->ji", (2000, 2000)), AVX2)
    assert made
    assert (made.read.length, made.written.length, made.read.rest) == (64, 64, 16)


def test_names_begin_with_the_prefix():
    """Several permutations share a file: none of their names clash, and none is visible outside."""
    lines = text([case(permuted("ij->ji", (500, 600)), STREAMED)]).splitlines()
    outside = [line for line in lines if line[:1].isalpha() and "call_0" not in line]
    assert outside
    assert all(line.startswith(("static ", "typedef ")) and " p0_" in line for line in outside)


def test_the_same_text_whatever_the_hash_seed():
    code = "from test_permute import *; print(text([case(permuted(*each), STREAMED) for each in CLASSICAL]))"
    texts = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parent,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(texts) == 1


@needs_compiler
def test_the_benchmark_runs_to_its_end(tmp_path):
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "permutations.py"), "--rounds", "1", "--dtype", "int16"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "abcdef->fbdace" in done.stdout
    assert done.stdout.endswith("again: python benchmarks/permutations.py --rounds 1 --dtype int16\n")
