"""The whole suite: einloop's compiled targets beside numpy, opt_einsum, torch and BLAS, class by class, one thread.

`python benchmarks/suite.py [--target c,numba] [--only CLASS] [--dtype NAME] [--rounds N] [--seconds S] [--quick]`.
Ratios are a rival's time over ours: above 1 einloop is faster. All contestants of a case run in the same rounds, in one
process; every result is contiguous, and was compared with np.einsum's before anything was timed. `--log FILE` keeps the
times of every case as JSON Lines; `--write` puts the table into RESULTS.md and docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path
from typing import TextIO

import numpy as np
from cases import GROUPS, Case, Group
from measure import ROOT, blas_kernel, command, machine, restart_on_one_thread
from measured_case import Row, measured, path_seconds
from random_cases import random_cases
from table import Class, page, write

from einloop.core.roofline import Peaks
from einloop.measure.host import blas_threads
from einloop.measure.peaks import measure_peaks
from einloop.measure.rivals import set_torch_threads
from einloop.pipeline.compile import numba

RANDOM, SEED, COUNT = "random", 4711, 50
ENOUGH = 200e-6
"""Seconds that np.einsum with a path needs for a random expression that counts."""
RESULTS = Path(__file__).parent / "RESULTS.md"
QUICK_ROUNDS, QUICK_SECONDS, QUICK_COUNT = 5, 0.8, 12


def main() -> int:
    """Measure, print and write; return 0."""
    options = parsed()
    restart_on_one_thread()
    targets = tuple(options.target.split(","))
    groups = [group for group in GROUPS if options.only is None or group.id in options.only.split(",")]
    classes = []
    with tempfile.TemporaryDirectory() as folder, blas_threads(1), log_file(options.log) as log:
        # nothing compiled before is found, so that compile times are those of a first use
        os.environ |= {"EINLOOP_CACHE_DIR": folder, "XDG_CACHE_HOME": folder}
        numba.MAX_FUNCTIONS = 1 << 20  # every case is compiled for in this process
        set_torch_threads(1)
        print(f"{machine()}, numpy {np.__version__}, OpenBLAS kernel {blas_kernel() or 'unknown'}", flush=True)
        peaks = measure_peaks("float64")
        for group in groups:
            rows = tuple(measure_group(group, targets, options, log))
            if rows:
                classes.append(Class(id=group.id, title=group.title, rows=rows))
    text = page(classes, targets, heading(options, peaks.best(measure_peaks("float64"))))
    print(f"\n{text}\n\nagain: {command()}")
    if options.write:
        for path in (RESULTS, ROOT / "docs" / "benchmarks.md"):
            write(path, text)
    return 0


def parsed() -> argparse.Namespace:
    """Return the arguments."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--target", default="c", metavar="NAMES", help="c (default), numba, python, or several: c,numba")
    add("--only", metavar="CLASSES", help=f"some classes only: {', '.join(group.id for group in GROUPS)}")
    add("--dtype", metavar="NAME", help="of every case, in place of its own")
    add("--rounds", type=int, default=15, metavar="N", help="rounds of every case, at most (15)")
    add("--seconds", type=float, default=4.0, metavar="S", help="for every case, about (4)")
    add("--seed", type=int, default=SEED, metavar="N", help=f"of the random expressions ({SEED})")
    add(
        "--quick",
        action="store_true",
        help=f"{QUICK_ROUNDS} rounds, {QUICK_SECONDS} s, {QUICK_COUNT} random expressions",
    )
    add("--log", metavar="FILE", help="keep the times of every case, as JSON Lines")
    add("--write", action="store_true", help="put the table into benchmarks/RESULTS.md and docs/benchmarks.md")
    options = parser.parse_args()
    known = {group.id for group in GROUPS}
    for name in (options.only or "").split(","):
        if name and name not in known:
            parser.error(f"there is no class {name!r}; there are {', '.join(sorted(known))}")
    if options.quick:
        options.rounds, options.seconds = min(options.rounds, QUICK_ROUNDS), min(options.seconds, QUICK_SECONDS)
    return options


def log_file(path: str | None) -> AbstractContextManager[TextIO | None]:
    """Return a file for the log, or nothing."""
    return open(path, "w", encoding="utf-8") if path else nullcontext()


def measure_group(
    group: Group, targets: tuple[str, ...], options: argparse.Namespace, log: TextIO | None
) -> Iterator[Row]:
    """Yield the rows of a class, each printed and logged as soon as it is there."""
    print(f"\n{group.title}", flush=True)
    for case in drawn(options) if group.id == RANDOM else group.cases:
        asked = case if options.dtype is None else replace(case, dtype=options.dtype)
        how = {"rounds": options.rounds, "seconds": options.seconds}
        row = measured(asked, targets, threads=1, blas=group.blas, **how)
        print(line(row, targets), flush=True)
        if log is not None:
            log.write(json.dumps({"class": group.id, **asdict(row)}) + "\n")
            log.flush()
        yield row


def drawn(options: argparse.Namespace) -> Iterable[Case]:
    """Return random expressions for which np.einsum with a path needs long enough."""
    long_enough = (case for case in random_cases(options.seed) if path_seconds(case) > ENOUGH)
    return islice(long_enough, QUICK_COUNT if options.quick else COUNT)


def line(row: Row, targets: tuple[str, ...]) -> str:
    """Return a case on one line: seconds of the targets, and every rival over the first target that was timed."""
    title = f"  {row.case.name:<26.26} {row.case.subscripts:<24}"
    said = [f"{name} {1e6 * row.times[name]:.1f} us" for name in targets if name in row.times]
    base = next((name for name in targets if name in row.times), None)
    if base is not None:
        said += [f"{name} {row.times[name] / row.times[base]:.2f}" for name in row.times if name not in targets]
        said += [f"blas {row.over_blas[base]:.2f}"] if base in row.over_blas else []
    said += [f"{name}: {why}" for name, why in row.reasons.items()]
    return f"{title} {'  '.join(said)}"


def heading(options: argparse.Namespace, peaks: Peaks) -> list[str]:
    """Return what stands above the tables: the machine, and how to read them."""
    assert peaks.gemm is not None
    return [
        f"{machine()}, numpy {np.__version__}, OpenBLAS kernel {blas_kernel() or 'unknown'}: dgemm",
        f"{peaks.gemm / 1e9:.0f} GF/s, copy {peaks.bandwidth / 1e9:.0f} GB/s.",
        f"One thread, up to {options.rounds} interleaved rounds in one process, contiguous results on all sides,",
        "minimum times. Each number is the other library's time divided by einloop's (geometric mean):",
        "above 1 einloop is faster. Compilation is not included.",
        "BLAS: np.matmul and einloop writing into a given array, where arrays are a product of matrices as they lie.",
        f"Random expressions (seed {options.seed}) are those on which `np.einsum(optimize=True)` needs over",
        f"{1e6 * ENOUGH:.0f} µs.",
    ]


if __name__ == "__main__":
    sys.exit(main())
