"""Permutations in C over np.einsum with a copy, both into a new array. One process, one thread.

`python benchmarks/permutations.py [--rounds N] [--dtype DTYPE]`. Ratios are the rival's time over ours: above 1 the
tiles are faster. The column `copy` is the time of np.copy, which permutes nothing, over ours. The kernel is called
through ctypes, 1 to 3 us. Needs a C compiler and numpy; compile time is apart.
"""

from __future__ import annotations

import argparse
import ctypes
import math
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from measure import ROOT, Timing, command, interleave, machine, ratio, verdict

try:
    import einloop  # noqa: F401
except ModuleNotFoundError:
    sys.path.append(str(ROOT))

from einloop.core.kernel import Axis, Permuted, PermutedPlan
from einloop.core.machine import Machine
from einloop.core.root import template_root
from einloop.schedule.permute import plan_permuted

CASES = (
    ("ij->ji", (2000, 2000)),
    ("ij->ji", (500, 500)),
    ("ij->ji", (2048, 2048)),
    ("abcd->dcba", (40, 40, 40, 40)),
    ("abc->cab", (100, 120, 140)),
    ("abc->bca", (100, 120, 140)),
    ("abcde->edcba", (16,) * 5),
    ("abcdef->fbdace", (12,) * 6),
)
DTYPES = ("float64", "float32", "complex128", "uint8", "int16")
GOAL, GOAL_COMPILE = 2.5, 0.15
FLAGS = ("-O3", "-march=native", "-shared", "-fPIC")
ENOUGH = 2e-3
"""Seconds of one measurement, about: what is shorter runs several times."""


def permuted(subscripts: str, shape: tuple[int, ...], size: int) -> Permuted:
    """Return the permutation of a contiguous array of elements of so many bytes."""
    source, target = subscripts.split("->")
    extents = dict(zip(source, shape, strict=True))

    def stride(term: str, label: str) -> int:
        return math.prod(extents[after] for after in term[term.index(label) + 1 :])

    axes = (Axis(name=x, extent=extents[x], left=stride(source, x), target=stride(target, x)) for x in target)
    return Permuted(target="target", source="source", size=size, axes=tuple(axes))


def built(made: PermutedPlan, folder: Path, name: str) -> tuple[Callable[..., None], float]:
    """Return the compiled permutation, and the processor time that the compiler took."""
    environment = Environment(
        loader=FileSystemLoader([Path(template_root()), ROOT / "benchmarks"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    source, library = folder / f"{name}.c", folder / f"{name}.so"
    source.write_text(environment.get_template("permuted.c.j2").render(plan=made))
    compiler = shutil.which("cc") or shutil.which("gcc")
    assert compiler, "no C compiler (cc, gcc)"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([compiler, *FLAGS, str(source), "-o", str(library)], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    function = ctypes.CDLL(str(library)).call
    function.argtypes, function.restype = [ctypes.c_void_p] * 2, None
    return function, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(
    subscripts: str, array: np.ndarray, function: Callable[..., None], rounds: int
) -> tuple[dict[str, Timing], int]:
    """Check the permutation against its rival, then time it, the rival and a copy in turn; return the bytes too."""
    shape = np.einsum(subscripts, array).shape
    source = array.ctypes.data

    def ours() -> np.ndarray:
        target = np.empty(shape, array.dtype)
        function(source, target.ctypes.data)
        return target

    def theirs() -> np.ndarray:
        return np.ascontiguousarray(np.einsum(subscripts, array))

    np.testing.assert_array_equal(ours(), theirs())
    once = interleave({"theirs": theirs}, 3)["theirs"].minimum
    times = range(max(1, math.ceil(ENOUGH / once)))

    def repeated(work: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            for _ in times:
                work()

        return run

    work = {"ours": repeated(ours), "theirs": repeated(theirs), "copy": repeated(array.copy)}
    timings = interleave(work, rounds)
    each = {name: Timing(rounds=tuple(t / len(times) for t in timing.rounds)) for name, timing in timings.items()}
    return each, 2 * array.nbytes


def mean(values: Iterable[float]) -> float:
    """Return the geometric mean."""
    logs = [math.log(value) for value in values]
    return math.exp(sum(logs) / len(logs))


def measure_dtype(dtype: str, rounds: int, folder: Path) -> list[float]:
    """Print a table of one dtype; return the compile times."""
    print(f"{dtype}: np.einsum and a copy over tiles{'minima':>21}{'medians':>9}{'copy':>7}{'GB/s':>7}  tile")
    ratios, compilations = [], []
    rng = np.random.default_rng(0)
    for number, (subscripts, shape) in enumerate(CASES):
        array = rng.integers(0, 100, shape).astype(dtype)
        made = plan_permuted(permuted(subscripts, shape, array.itemsize), Machine.detect())
        assert made, "nothing to transpose"
        function, compilation = built(made, folder, f"{dtype}-{number}")
        timings, moved = measured(subscripts, array, function, rounds)
        one = ratio(timings["theirs"], timings["ours"])
        copied = timings["copy"].minimum / timings["ours"].minimum
        ratios.append(one)
        compilations.append(compilation)
        title = f"  {subscripts:<18}{' x '.join(map(str, shape))}"
        how = f"{made.read.length} x {made.written.length}{', streamed' if made.streamed else ''}"
        speed = moved / timings["ours"].minimum / 1e9
        print(f"{title:<54}{one.minima:>7.2f}{one.medians:>9.2f}{copied:>7.2f}{speed:>7.1f}  {how}")
    minima, medians = mean(one.minima for one in ratios), mean(one.medians for one in ratios)
    print(f"  geometric mean: {minima:.2f} (minima), {medians:.2f} (medians)")
    print(f"  {verdict(minima >= GOAL, f'goal {GOAL}')}\n")
    return compilations


def main() -> int:
    """Measure and print; return 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15, metavar="N", help="rounds of every measurement (15)")
    parser.add_argument("--dtype", choices=DTYPES, default="float64", help="of the array (float64)")
    options = parser.parse_args()
    print(f"Permutations: {options.rounds} interleaved rounds in one process, one thread\n{machine()}")
    print(f"numpy {np.__version__}\n")
    with tempfile.TemporaryDirectory() as folder:
        compilations = measure_dtype(options.dtype, options.rounds, Path(folder))
    print(f"compilation, ms of processor time: {1e3 * median(compilations):.0f}, at most {1e3 * max(compilations):.0f}")
    print(f"  {verdict(max(compilations) < GOAL_COMPILE, f'goal {1e3 * GOAL_COMPILE:.0f} ms')}")
    print(f"again: {command()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
