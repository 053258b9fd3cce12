"""Kernels for the tests of packing: random ones with any strides, compiled many to a file, called through ctypes."""

from __future__ import annotations

import ctypes
import random
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from einloop.core.kernel import Axis, Packed, PackedPlan
from einloop.core.machine import Machine
from einloop.schedule.pack import plan

ROOT = Path(__file__).parents[2]
COMPILER = shutil.which("cc") or shutil.which("gcc")
FLAGS = ("-std=c11", "-Wall", "-Wextra", "-Werror")

BASELINE = Machine()
AVX2 = Machine(vector_bytes=32, fused=True)
AVX512 = Machine(vector_bytes=64, registers=32, fused=True, level1=48 * 1024, level2=1024 * 1024)
TINY = Machine(vector_bytes=32, level1=512, level2=2048, level3=8192)
"""Caches so small that every loop over blocks runs several times."""
MACHINES = {"baseline": BASELINE, "avx2": AVX2, "avx512": AVX512, "tiny": TINY}

GROUPS = {"batch": "lrt", "rows": "lt", "columns": "rt", "contracted": "lr"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How many elements an array has in memory, and which of them is its element 0,0,..."""

    length: int
    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A kernel, how it runs, and what its arrays need."""

    kernel: Packed
    plan: PackedPlan

    def array(self, name: str) -> Extent:
        """Return what one of left, right and target needs."""
        moves = [(axis.extent - 1) * getattr(axis, name) for axis in self.axes]
        below = -sum(move for move in moves if move < 0)
        return Extent(length=below + sum(move for move in moves if move > 0) + 1, first=below)

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Every index."""
        return (*self.kernel.batch, *self.kernel.rows, *self.kernel.columns, *self.kernel.contracted)

    left = property(lambda self: self.array("left"))
    right = property(lambda self: self.array("right"))
    target = property(lambda self: self.array("target"))


def case(machine: Machine, dtype: str, **groups: tuple[Axis, ...]) -> Case:
    """Return a kernel of these indices on a machine."""
    given = {group: groups.get(group, ()) for group in GROUPS}
    kernel = Packed(target="t", left="l", right="r", dtype=dtype, **given)
    return Case(kernel=kernel, plan=plan(kernel, machine))


def matrices(machine: Machine, dtype: str, extents: tuple[int, int, int], order: str = "ij,jk->ik") -> Case:
    """Return a matrix product of contiguous arrays; `order` says how they lie in memory."""
    sizes = dict(zip("ijk", extents, strict=True))
    (left, right), target = order.split("->", maxsplit=1)[0].split(","), order.split("->")[1]

    def stride(term: str, label: str) -> int:
        return 0 if label not in term else 1 if term[1] == label else sizes[term[1]]

    i, j, k = (
        Axis(name=x, extent=sizes[x], left=stride(left, x), right=stride(right, x), target=stride(target, x))
        for x in "ijk"
    )
    return case(machine, dtype, rows=(i,), columns=(k,), contracted=(j,))


def random_case(
    seed: int,
    machine: Machine,
    dtype: str,
    limit: int = 6000,
    *,
    still: float = 0.08,
    signs: tuple[int, ...] = (1, 1, 1, -1),
) -> Case:
    """Return a kernel of random indices, up to three of a kind, whose arrays lie in memory in any way.

    `still`: how often an operand does not move on along one of its indices; `signs`: of the strides, drawn from.
    """
    rng = random.Random(seed)
    groups: dict[str, list[Axis]] = {}
    names = iter("abcdefghmnop")
    for group in GROUPS:
        count = rng.choice((0, 0, 1, 2) if group == "batch" else (0, 1, 1, 2, 2, 3))
        extents = [rng.choice((1, 2, 3, 4, 5, 8, 8, 9, 16, 17, 24, 33)) for _ in range(count)]
        while extents and np.prod(extents) > (6 if group == "batch" else limit ** (1 / 3) * 3):
            extents.pop()
        groups[group] = [Axis(name=next(names), extent=extent) for extent in extents]
    for array, letter in (("left", "l"), ("right", "r"), ("target", "t")):
        here = [(group, n) for group in GROUPS if letter in GROUPS[group] for n in range(len(groups[group]))]
        rng.shuffle(here)
        stride = rng.choice((1, 1, 1, 1, 2, 3))
        for group, n in here:
            axis = groups[group][n]
            signed = 0 if array != "target" and rng.random() < still else stride * rng.choice(signs)
            groups[group][n] = replace(axis, **{array: signed})
            stride *= axis.extent + rng.choice((0, 0, 0, 1))
    return case(machine, dtype, **{group: tuple(axes) for group, axes in groups.items()})


def text(cases: list[Case], *, main: bool = False, refuse: bool = False) -> str:
    """Return the C file with all the kernels."""
    environment = Environment(
        loader=FileSystemLoader([ROOT / "templates", Path(__file__).parent]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("packed_kernels.c.j2").render(cases=cases, main=main, refuse=refuse)


def compiled(folder: Path, source: str, *flags: str) -> Path:
    """Compile to a library, or with a main program to a program; a warning is an error."""
    path = folder / "kernels.c"
    path.write_text(source, encoding="utf-8")
    assert COMPILER
    done = subprocess.run(
        [COMPILER, *FLAGS, *flags, str(path), "-o", str(folder / "kernels.so")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "kernels.so"


def library(folder: Path, cases: list[Case], *flags: str, refuse: bool = False) -> ctypes.CDLL:
    """Return the loaded library of the kernels."""
    return ctypes.CDLL(str(compiled(folder, text(cases, refuse=refuse), *flags, "-shared", "-fPIC")))


def view(memory: np.ndarray, extent: Extent, axes: tuple[Axis, ...], name: str) -> np.ndarray:
    """Return an array with an axis per index, 0 strides where the array has none."""
    strides = [getattr(axis, name) * memory.itemsize for axis in axes]
    return np.lib.stride_tricks.as_strided(memory[extent.first :], [axis.extent for axis in axes], strides)


def drawn(rng: np.random.Generator, length: int, dtype: str) -> np.ndarray:
    """Return small whole numbers, or complex numbers with such parts."""
    numbers = rng.integers(-5, 6, length).astype(dtype)
    if numbers.dtype.kind == "c":
        numbers.imag = rng.integers(-5, 6, length)
    return numbers


def run(function: ctypes._NamedFuncPointer, one: Case, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return what a kernel wrote into memory full of -77777, and what should stand there.

    The elements are small whole numbers, so that sums are exact.
    """
    rng = np.random.default_rng(seed)
    dtype = one.kernel.dtype
    left, right = (drawn(rng, extent.length, dtype) for extent in (one.left, one.right))
    memory = np.full(one.target.length, -77777, dtype)
    expected = memory.copy()
    free = len(one.axes) - len(one.kernel.contracted)
    a, b = view(left, one.left, one.axes, "left"), view(right, one.right, one.axes, "right")
    axes = list(range(len(one.axes)))
    view(expected, one.target, one.axes[:free], "target")[...] = np.einsum(a, axes, b, axes, axes[:free])
    function.argtypes = [ctypes.c_void_p] * 3
    offsets = zip((left, right, memory), (one.left, one.right, one.target), strict=True)
    assert function(*(array.ctypes.data + extent.first * array.itemsize for array, extent in offsets)) == 0
    return memory, expected
