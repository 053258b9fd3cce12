"""How long a person waits for one expression: einloop through a pipe, beside Python importing jinja2 and nothing more.

`python benchmarks/startup.py [--rounds N]`. Every round starts one process of each kind, in turn. Both sides find their
bytecode cached, as after any first run.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from importlib.util import cache_from_source, find_spec
from pathlib import Path

from measure import CHECKOUT, ROOT, command, interleave, machine, ratio, verdict

EXPRESSION = "ij,jk->ik"
GOAL, AIM = 2.0, 1.5
MODULES = ("einloop.cli", "jinja2.environment")


def einloop() -> list[str]:
    """Return how einloop is started: the script beside this Python, else the module."""
    script = shutil.which("einloop", path=str(Path(sys.executable).parent))
    return [script] if script else [sys.executable, "-m", "einloop"]


def environment() -> dict[str, str]:
    """Return the environment of all children: bytecode is written, and a checkout is found where nothing is
    installed."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    if CHECKOUT:
        env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), env.get("PYTHONPATH")]))
    return env


def run(words: Sequence[str], env: dict[str, str]) -> str:
    """Run a process to its end and return what it sent through the pipe."""
    done = subprocess.run(words, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def uncached() -> list[str]:
    """Return the modules whose bytecode is not where Python looks for it."""
    origins = {name: spec.origin for name in MODULES if (spec := find_spec(name)) is not None}
    return [name for name, path in origins.items() if path and not os.path.exists(cache_from_source(path))]


def main() -> int:
    """Measure and print; return 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30, metavar="N", help="rounds of processes (30)")
    rounds = parser.parse_args().rounds
    env = environment()
    floor, jinja2 = [sys.executable, "-c", "pass"], [sys.executable, "-c", "import jinja2"]
    ours = [*einloop(), EXPRESSION, "--no-verify"]
    work = {
        "python -c pass": partial(run, floor, env),
        "python -c 'import jinja2'": partial(run, jinja2, env),
        f"einloop '{EXPRESSION}' --no-verify": partial(run, ours, env),
    }
    for child in work.values():
        child()
    if "for k in range(K):" not in run(ours, env):
        raise SystemExit("einloop did not print the loops")
    for name in uncached():
        print(f"the bytecode of {name} cannot be cached here: the figures are those of a first run")

    _, import_jinja2, print_loops = timings = list(interleave(work, rounds).values())
    script = "the installed script" if len(ours) == 3 else "python -m einloop"
    print(f"Start to loops: {rounds} interleaved rounds of processes; einloop is {script}\n{machine()}\n")
    print(f"{'':<36}{'min ms':>9}{'median ms':>11}")
    for name, timing in zip(work, timings, strict=True):
        print(f"{name:<36}{1e3 * timing.minimum:>9.1f}{1e3 * timing.median:>11.1f}")
    found = ratio(print_loops, import_jinja2)
    print(f"\neinloop over jinja2: {found}")
    print(f"{verdict(found.minima <= GOAL, f'goal at most {GOAL}')}; {verdict(found.minima <= AIM, f'aim {AIM}')}")
    print(f"again: {command()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
