"""Two threads over one, beside processes that keep no processor busy, one, or both. Nothing else should run meanwhile.

It stays on two processors; each busy process is pinned to one of them and does nothing but count. In every round one
and two threads run the same calls in turn, as many as take some milliseconds on one.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

import numpy as np
from measure import command, interleave, machine, ratio, verdict

import einloop
from einloop.measure.host import environment

CASES = {
    "ij,j->ij": ((400, 400), (400,)),
    "ij->i": ((1000, 1000),),
    "bij,bjk->bik": ((2000, 8, 8), (2000, 8, 8)),
    "ij,jk->ik": ((384, 384), (384, 384)),
    "ij,jk,kl->il": ((800, 100), (100, 800), (800, 100)),
}
BUSY = ("no processor busy", "one processor busy", "both processors busy")
MOST = 1.3
"""Times one thread's time that two may take beside busy processes."""
PORTION = 0.02
"""Seconds for which one side of a round runs."""
BURN = "import os, sys\nos.sched_setaffinity(0, {int(sys.argv[1])})\nwhile os.getppid() == int(sys.argv[2]): pass"


def main() -> int:
    """Measure, print, and return 0 where the goal is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=101, metavar="N", help="interleaved rounds (101)")
    rounds = parser.parse_args().rounds
    if not hasattr(os, "sched_setaffinity") or len(os.sched_getaffinity(0)) < 2:
        print("two processors are needed, and a system on which a process can be pinned to them")
        return 0
    processors = sorted(os.sched_getaffinity(0))[:2]
    os.sched_setaffinity(0, processors)
    os.environ.update(environment(1, os.environ))
    print(f"Two threads over one: {rounds} interleaved rounds\n{machine()}\n")
    worst = 0.0
    for many, label in enumerate(BUSY):
        print(f"{label:24}{'1 thread, ms':>14}{'2 threads, ms':>15}{'ratio':>8}  {'middle half':14}{'of all time':>8}")
        for text, shapes in CASES.items():
            calls = _calls(text, shapes)
            with burning(processors[:many]):
                times = interleave(calls, rounds)
            one, two = times["1"], times["2"]
            found = ratio(two, one)
            whole = sum(two.rounds) / sum(one.rounds)
            half = f"{found.low:.2f} to {found.high:.2f}"
            print(
                f"  {text:22}{one.median * 1e3:14.2f}{two.median * 1e3:15.2f}{found.middle:8.2f}  {half:14}{whole:8.2f}"
            )
            worst = max(worst, found.middle if many else 0.0)
        print()
    met = worst <= MOST
    print(verdict(met, f"at most {MOST} times one thread's time beside busy processes (worst median {worst:.2f})"))
    print(f"again: {command()}")
    return 0 if met else 1


def _calls(text: str, shapes: tuple[tuple[int, ...], ...]) -> dict[str, Callable[[], None]]:
    """Return the same calls on one thread and on two: so many as take PORTION seconds on one."""
    rng = np.random.default_rng(0)
    arrays = [rng.random(shape) for shape in shapes]
    functions = {str(threads): einloop.compile(text, target="c", threads=threads) for threads in (1, 2)}
    outs = {name: function(*arrays) for name, function in functions.items()}
    begun = perf_counter()
    functions["1"](*arrays, out=outs["1"])
    repeats = max(1, int(PORTION / (perf_counter() - begun)))

    def called(name: str) -> Callable[[], None]:
        function, out = functions[name], outs[name]

        def call() -> None:
            for _ in range(repeats):
                function(*arrays, out=out)

        return call

    return {name: called(name) for name in functions}


@contextmanager
def burning(processors: list[int]) -> Iterator[None]:
    """Keep processors busy, each by a process of its own."""
    processes = [subprocess.Popen([sys.executable, "-c", BURN, str(p), str(os.getpid())]) for p in processors]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


if __name__ == "__main__":
    raise SystemExit(main())
