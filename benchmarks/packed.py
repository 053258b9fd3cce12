"""Packed kernels in C over BLAS and over np.einsum, which transposes and calls BLAS. One process, one thread.

`python benchmarks/packed.py [--rounds N] [--dtype float64|float32] [--only matrices|classical|tccg] [--vectors WIDTH]`.
Ratios are the rival's time over ours: above 1 the packed kernel is faster. Both sides write a product of matrices into
a given array; of other contractions both make a contiguous result anew. The kernel is called through ctypes, 1 to 3 us.
Needs a C compiler and numpy; compile time is apart.
"""

from __future__ import annotations

import argparse
import ctypes
import math
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import numpy as np
from contractions import CLASSICAL, MATRICES, TCCG, Contraction
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from measure import ROOT, Ratio, Timing, blas_kernel, command, interleave, machine, ratio, verdict

from einloop.core.kernel import Axis, Packed, PackedPlan
from einloop.core.machine import Machine
from einloop.core.root import template_root
from einloop.schedule.pack import plan

CORE = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""Where they are set, OpenBLAS does not run the kernel made for this processor."""
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

FLAGS = ("-O3", "-shared", "-fPIC")
WIDTHS = {"16": (), "32": ("-mavx2", "-mfma"), "64": ("-march=native",)}
"""Flags for vectors of so many bytes."""
CORES: dict[str, dict[str, str]] = {"16": {CORE[0]: "Nehalem"}, "32": {CORE[0]: "Haswell"}, "64": {}}
"""What makes an x86 OpenBLAS use the same vectors."""

CLASSES = {"matrices": MATRICES, "classical": CLASSICAL, "tccg": TCCG}
GOALS = {"matrices": 0.9, "classical": 1.2, "tccg": 1.3}
GOAL_COMPILE = 0.5
ENOUGH = 2e-3
"""Seconds of one measurement, about: what is shorter runs several times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One contraction: times of both sides, and the seconds of processor time that its compilation took."""

    case: Contraction
    plan: PackedPlan
    ours: Timing
    rival: Timing
    compilation: float

    @property
    def ratio(self) -> Ratio:
        """The rival's time over ours."""
        return ratio(self.rival, self.ours)


def restart_with_own_kernels(width: str) -> None:
    """Start this script again where the environment gives BLAS threads, or another kernel than the vectors allow."""
    env = {name: value for name, value in os.environ.items() if name not in CORE} | ONE_THREAD | CORES[width]
    if env != dict(os.environ):
        os.execve(sys.executable, [sys.executable, *sys.argv], env)


def packed(case: Contraction, dtype: str) -> Packed:
    """Return the kernel of a contraction of contiguous arrays."""

    def strides(term: str) -> dict[str, int]:
        return {label: math.prod(case.shape(term[n + 1 :])) for n, label in enumerate(term)}

    left, right, target = strides(case.left), strides(case.right), strides(case.target)
    groups: dict[tuple[bool, bool, bool], list[Axis]] = {}
    for label, extent in case.sizes.items():
        axis = Axis(
            name=label,
            extent=extent,
            left=left.get(label, 0),
            right=right.get(label, 0),
            target=target.get(label, 0),
        )
        groups.setdefault((label in left, label in right, label in target), []).append(axis)
    batch, rows, columns, contracted = (
        tuple(groups.get(key, ()))
        for key in ((True, True, True), (True, False, True), (False, True, True), (True, True, False))
    )
    return Packed(
        target="target",
        left="left",
        right="right",
        dtype=dtype,
        batch=batch,
        rows=rows,
        columns=columns,
        contracted=contracted,
    )


def built(made: PackedPlan, folder: Path, name: str, flags: Iterable[str]) -> tuple[Callable[..., int], float]:
    """Return the compiled kernel, and the processor time that the compiler took."""
    environment = Environment(
        loader=FileSystemLoader([Path(template_root()), ROOT / "benchmarks"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    source, library = folder / f"{name}.c", folder / f"{name}.so"
    source.write_text(
        environment.get_template("packed.c.j2").render(plan=made, number="double" if made.size == 8 else "float")
    )
    compiler = shutil.which("cc") or shutil.which("gcc")
    assert compiler, "no C compiler (cc, gcc)"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([compiler, *FLAGS, *flags, str(source), "-o", str(library)], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    function = ctypes.CDLL(str(library)).call
    function.argtypes = [ctypes.c_void_p] * 3
    return function, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(
    case: Contraction, made: PackedPlan, rounds: int, blas: bool, kernel: tuple[Callable[..., int], float]
) -> Measured:
    """Check the kernel against its rival, then time the two in turn."""
    rng = np.random.default_rng(0)
    dtype = made.kernel.dtype
    left, right = (rng.random(case.shape(term)).astype(dtype) for term in (case.left, case.right))
    function, compilation = kernel
    first, second = left.ctypes.data, right.ctypes.data
    kept = np.empty((2, *case.shape(case.target)), dtype)
    place = kept[0].ctypes.data

    def ours() -> np.ndarray:
        if blas:
            assert not function(first, second, place)
            return kept[0]
        target = np.empty(case.shape(case.target), dtype)
        assert not function(first, second, target.ctypes.data)
        return target

    def theirs() -> np.ndarray:
        if blas:
            return np.matmul(left, right, out=kept[1])
        return np.ascontiguousarray(np.einsum(case.subscripts, left, right, optimize=True))

    np.testing.assert_allclose(ours(), theirs(), rtol=1e-10 if dtype == "float64" else 1e-3)
    once = interleave({"theirs": theirs}, 3)["theirs"].minimum
    times = range(max(1, math.ceil(ENOUGH / once)))

    def repeated(work: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            for _ in times:
                work()

        return run

    timings = interleave({"ours": repeated(ours), "theirs": repeated(theirs)}, rounds)
    each = {name: Timing(rounds=tuple(t / len(times) for t in timing.rounds)) for name, timing in timings.items()}
    return Measured(case=case, plan=made, ours=each["ours"], rival=each["theirs"], compilation=compilation)


def mean(values: Iterable[float]) -> float:
    """Return the geometric mean."""
    logs = [math.log(value) for value in values]
    return math.exp(sum(logs) / len(logs))


def measure_class(name: str, dtype: str, rounds: int, folder: Path, width: str) -> list[float]:
    """Print a table of one class of contractions; return the compile times."""
    here = Machine.detect() if width == "64" else Machine.baseline()
    here = replace(here, vector_bytes=32, fused=True) if width == "32" else here
    flags = WIDTHS[width]
    rival = "np.matmul" if name == "matrices" else "np.einsum(optimize=True)"
    print(f"{name}, {dtype}: {rival} over packed{'minima':>14}{'medians':>9}{'GF/s':>8}{'rival':>8}  tile, packing")
    done = []
    for number, case in enumerate(CLASSES[name]):
        made = plan(packed(case, dtype), here)
        kernel = built(made, folder, f"{name}-{dtype}-{number}", flags)
        one = measured(case, made, rounds, name == "matrices", kernel)
        done.append(one)
        speed, other = (case.operations / timing.minimum / 1e9 for timing in (one.ours, one.rival))
        how = f"{made.tile.vectors}x{made.tile.columns}, {made.row_packing.value}, {made.column_packing.value}"
        title = f"  {case.name:<24}{case.subscripts}"
        print(f"{title:<54}{one.ratio.minima:>7.2f}{one.ratio.medians:>9.2f}{speed:>8.1f}{other:>8.1f}  {how}")
    minima, medians = mean(one.ratio.minima for one in done), mean(one.ratio.medians for one in done)
    print(f"  geometric mean: {minima:.2f} (minima), {medians:.2f} (medians)")
    print(f"  {verdict(minima >= GOALS[name], f'goal {GOALS[name]}')}\n")
    return [one.compilation for one in done]


def main() -> int:
    """Measure and print; return 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15, metavar="N", help="rounds of every measurement (15)")
    parser.add_argument("--dtype", choices=("float64", "float32"), help="one dtype only")
    parser.add_argument("--only", choices=tuple(CLASSES), help="one class only")
    parser.add_argument("--vectors", choices=tuple(WIDTHS), default="64", help="64: what this machine has; else bytes")
    options = parser.parse_args()
    restart_with_own_kernels(options.vectors)
    print(f"Packed kernels: {options.rounds} interleaved rounds in one process, one thread\n{machine()}")
    print(f"numpy {np.__version__}, OpenBLAS kernel {blas_kernel() or 'unknown'}\n")
    compilations = []
    with tempfile.TemporaryDirectory() as folder:
        for dtype in (options.dtype,) if options.dtype else ("float64", "float32"):
            for name in (options.only,) if options.only else CLASSES:
                compilations += measure_class(name, dtype, options.rounds, Path(folder), options.vectors)
    print(f"compilation, ms of processor time: {1e3 * median(compilations):.0f}, at most {1e3 * max(compilations):.0f}")
    print(f"  {verdict(max(compilations) < GOAL_COMPILE, f'goal {1e3 * GOAL_COMPILE:.0f} ms')}")
    print(f"again: {command()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
