"""C that leaves home: built with the command in its own head, beside einloop.compile; and what it is without shapes.

`python benchmarks/exported.py [--rounds N] [--only EXPRESSION]`. One process, one thread; the arrays of a case are the
same for all.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from measure import Timing, command, interleave, machine, ratio, restart_on_one_thread, verdict

import einloop
from einloop.runners.caller import open_module

GOAL, GOAL_WITHOUT = 1.2, 1.1
WORK = 2e-3
"""Seconds that the calls of one side take in a round, about."""

Shapes = tuple[tuple[int, ...], ...]

CASES: tuple[tuple[str, Shapes, str], ...] = (
    ("ij,jk->ik", ((512, 512), (512, 512)), "float64"),
    ("ij,jk->ik", ((256, 256), (256, 256)), "float32"),
    ("ij,kj->ik", ((300, 200), (250, 200)), "float64"),
    ("bij,bjk->bik", ((64, 64, 64), (64, 64, 64)), "float64"),
    ("bqhd,bkhd->bhqk", ((2, 128, 4, 32), (2, 128, 4, 32)), "float32"),
    ("abc,cd->abd", ((32, 32, 64), (64, 48)), "complex128"),
    ("ijk,lj,mk->ilm", ((40, 50, 60), (30, 50), (20, 60)), "float64"),
    ("bij,bjk->bik", ((5000, 4, 4), (5000, 4, 4)), "float64"),
    ("ij->ji", ((1000, 900),), "float64"),
    ("ij,ij->i", ((1000, 1000), (1000, 1000)), "float64"),
    ("ijk,ijk->ik", ((100, 80, 60), (100, 80, 60)), "float64"),
    ("ij,j->i", ((1000, 1000), (1000,)), "float64"),
    ("ij->j", ((1000, 1000),), "float32"),
    ("ij,jk->ik", ((4, 4), (4, 4)), "float64"),
)
"""Expressions with shapes."""

WITHOUT: tuple[tuple[str, Shapes], ...] = (
    ("ij,jk->ik", ((256, 256), (256, 256))),
    ("ij,kj->ik", ((256, 256), (256, 256))),
    ("ji,jk->ik", ((256, 256), (256, 256))),
    ("ij,jk->ki", ((200, 200), (200, 200))),
    ("bij,bjk->bik", ((64, 64, 64), (64, 64, 64))),
    ("ij,j->i", ((512, 512), (512,))),
    ("ij,i->j", ((512, 512), (512,))),
    ("ij->j", ((512, 512),)),
    ("ij->i", ((512, 512),)),
    ("ij->ji", ((512, 512),)),
    ("ij,ij->", ((512, 512), (512, 512))),
    ("ij,ji->", ((512, 512), (512, 512))),
    ("i,j->ij", ((512,), (512,))),
    ("ijk,k->ij", ((64, 64, 128), (128,))),
    ("ijk,j->ik", ((64, 64, 128), (64,))),
    ("ijk,ijk->ik", ((64, 64, 128), (64, 64, 128))),
    ("ijk,jil->kl", ((64, 64, 64), (64, 64, 64))),
    ("bqhd,bkhd->bhqk", ((2, 64, 4, 64), (2, 64, 4, 64))),
    ("ij,jk,kl->il", ((64, 64), (64, 64), (64, 64))),
    ("iij->j", ((128, 128, 64),)),
)
"""Expressions whose C is emitted without shapes, and shapes to call it with."""


def built(text: str, folder: str) -> Any:
    """Return the function of an extension, compiled with the command that stands in its text."""
    line = re.search(r"Compile it with\n \* +(cc .*)", text)
    assert line is not None
    home = tempfile.mkdtemp(dir=folder)
    (Path(home) / "exported.c").write_text(text, encoding="utf-8")
    path = os.pathsep.join((os.path.dirname(sys.executable), os.environ["PATH"]))
    subprocess.run(["sh", "-c", line[1]], cwd=home, env={**os.environ, "PATH": path}, check=True)
    return open_module("exported", f"{home}/exported.so").exported


def exported(text: str, dtype: str, shapes: Shapes | None, style: str, folder: str) -> Any:
    """Return the function that the command line's `--target c --extension` leads to."""
    generated = einloop.generate(
        text, target="c", extension=True, function="exported", style=style, shapes=shapes, dtypes=dtype
    )
    return built(generated.source, folder)


def timed(sides: dict[str, Callable[..., Any]], text: str, arrays: list[Any], rounds: int) -> dict[str, Timing]:
    """Return what one round of calls takes each side; every result is compared with np.einsum's first."""
    expected = np.einsum(text, *arrays, optimize=True)
    for name, side in sides.items():
        assert np.allclose(side(*arrays), expected, rtol=1e-3), f"{name}: {text}"
    once = min(interleave({name: lambda s=side: s(*arrays) for name, side in sides.items()}, 3).values(), key=minimum)
    calls = max(1, int(WORK / max(once.minimum, 1e-7)))

    def repeated(side: Callable[..., Any]) -> Callable[[], None]:
        def work() -> None:
            for _ in range(calls):
                side(*arrays)

        return work

    return interleave({name: repeated(side) for name, side in sides.items()}, rounds)


def minimum(timing: Timing) -> float:
    return timing.minimum


def drawn(shapes: Shapes, dtype: str) -> list[Any]:
    rng = np.random.default_rng(0)
    return [rng.random(shape).astype(dtype) for shape in shapes]


def show(text: str, shapes: Shapes) -> str:
    return f"{text} {' '.join('x'.join(map(str, shape)) for shape in shapes)}"


def measure_exported(rounds: int, folder: str, only: str | None) -> None:
    """Print what exported C with shapes takes over einloop.compile."""
    print(f"{'--style fast --extension with shapes, over einloop.compile':<66}{'minima':>8}{'medians':>9}")
    worst = 0.0
    for text, shapes, dtype in CASES:
        if only not in (None, text):
            continue
        sides = {
            "compile": einloop.compile(text, target="c"),
            "exported": exported(text, dtype, shapes, "fast", folder),
        }
        found = timed(sides, text, drawn(shapes, dtype), rounds)
        over = ratio(found["exported"], found["compile"])
        worst = max(worst, over.minima)
        print(f"  {show(text, shapes) + ' ' + dtype:<64}{over.minima:>8.2f}{over.medians:>9.2f}")
    print(f"  {verdict(worst <= GOAL, f'goal at most {GOAL} (minima)')}\n")


def measure_without(rounds: int, folder: str, only: str | None) -> None:
    """Print what C without shapes takes in style fast over style article."""
    print(f"{'--style fast without shapes, over the default style':<66}{'minima':>8}{'medians':>9}")
    worst = 0.0
    for text, shapes in WITHOUT:
        if only not in (None, text):
            continue
        sides = {style: exported(text, "float64", None, style, folder) for style in ("article", "fast")}
        found = timed(sides, text, drawn(shapes, "float64"), rounds)
        over = ratio(found["fast"], found["article"])
        worst = max(worst, over.minima)
        print(f"  {show(text, shapes):<64}{over.minima:>8.2f}{over.medians:>9.2f}")
    print(f"  {verdict(worst <= GOAL_WITHOUT, f'goal at most {GOAL_WITHOUT} (minima)')}\n")


def main() -> int:
    """Measure and print; return 0."""
    restart_on_one_thread()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30, metavar="N", help="rounds of every measurement (30)")
    parser.add_argument("--only", metavar="EXPRESSION", help="this expression alone")
    arguments = parser.parse_args()
    rounds = arguments.rounds
    print(f"Exported C: {rounds} interleaved rounds in one process\n{machine()}\n")
    folder = tempfile.mkdtemp()
    try:
        measure_exported(rounds, folder, arguments.only)
        measure_without(rounds, folder, arguments.only)
    finally:
        shutil.rmtree(folder)
    print(f"again: {command()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
