"""How long a person waits for one expression: einloop through a pipe, beside Python importing jinja2 and nothing more.

`python benchmarks/startup.py [--rounds N] [--wheel]`. Every round starts one process of each kind, in turn: where
Python keeps its bytecode, as after any first run, and where it may not write any (PYTHONDONTWRITEBYTECODE). `--wheel`
builds a wheel of this checkout and measures that, installed in an environment of its own, in folders without write
permission; in a checkout, what was compiled of the templates stays beside them, and is used in both cases.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.util import cache_from_source, find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from measure import CHECKOUT, ROOT, command, interleave, machine, ratio, verdict

EXPRESSION = "ij,jk->ik"
GOAL, GOAL_UNWRITTEN = 1.8, 2.0
"""Where bytecode is kept, and where it cannot be written."""
MODULES = ("einloop.cli", "jinja2.environment")
UNWRITTEN = "no bytecode written"
KEPT = "bytecode kept"


def einloop(python: str) -> list[str]:
    """Return how einloop is started: the script beside a Python, else the module."""
    script = shutil.which("einloop", path=str(Path(python).parent))
    return [script] if script else [python, "-m", "einloop"]


def environment(wheel: bool, **more: str) -> dict[str, str]:
    """Return the environment of children: a checkout is found where nothing is installed."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | more
    if wheel:
        env.pop("PYTHONPATH", None)
    elif CHECKOUT:
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


@contextmanager
def installed_wheel() -> Iterator[str]:
    """Yield the Python of a new environment with a wheel of this checkout, in folders that nobody may write."""
    with TemporaryDirectory() as folder:
        python = str(Path(folder, "bin", "python"))
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        # pip compiles what it installs, whatever PYTHONDONTWRITEBYTECODE says
        subprocess.run([python, "-m", "pip", "install", "--quiet", str(ROOT)], cwd=folder, check=True)
        places = [path for path in Path(folder, "lib").rglob("*") if path.is_dir() and not path.is_symlink()]
        files = _files(folder)
        for place in places:
            place.chmod(0o555)
        try:
            yield python
        finally:
            for place in places:
                place.chmod(0o755)
        if _files(folder) != files:  # root writes everywhere
            raise SystemExit("something was written where einloop is installed")


def _files(folder: str) -> set[Path]:
    return set(Path(folder, "lib").rglob("*"))


def measure(python: str, rounds: int, wheel: bool) -> None:
    """Measure and print."""
    jinja2, ours = [python, "-c", "import jinja2"], [*einloop(python), EXPRESSION, "--no-verify"]
    settings = {KEPT: environment(wheel), UNWRITTEN: environment(wheel, PYTHONDONTWRITEBYTECODE="1")}
    work = {"python -c pass": partial(run, [python, "-c", "pass"], settings[KEPT])}
    for name, env in settings.items():
        work[f"import jinja2, {name}"] = partial(run, jinja2, env)
        work[f"einloop '{EXPRESSION}', {name}"] = partial(run, ours, env)
    for child in work.values():
        child()
    if "for k in range(K):" not in run(ours, settings[KEPT]):
        raise SystemExit("einloop did not print the loops")
    if not wheel:
        for name in uncached():
            print(f"the bytecode of {name} cannot be cached here: the figures are those of a first run")

    timings = dict(zip(work, interleave(work, rounds).values(), strict=True))
    script = "the installed script" if len(ours) == 3 else "python -m einloop"
    origin = ", of a wheel in folders without write permission" if wheel else ""
    print(f"Start to loops: {rounds} interleaved rounds of processes; einloop --no-verify is {script}{origin}")
    print(f"{machine()}\n\n{'':<42}{'min ms':>9}{'median ms':>11}")
    for name, timing in timings.items():
        print(f"{name:<42}{1e3 * timing.minimum:>9.1f}{1e3 * timing.median:>11.1f}")
    print()
    for name, goal in ((KEPT, GOAL), (UNWRITTEN, GOAL_UNWRITTEN)):
        found = ratio(timings[f"einloop '{EXPRESSION}', {name}"], timings[f"import jinja2, {name}"])
        print(f"einloop over jinja2, {name}: {found}")
        print(f"  {verdict(found.minima <= goal, f'goal at most {goal}')}")
    print(f"again: {command()}")


def main() -> int:
    """Measure and print; return 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30, metavar="N", help="rounds of processes (30)")
    parser.add_argument("--wheel", action="store_true", help="build a wheel, and measure it where it is installed")
    arguments = parser.parse_args()
    if arguments.wheel:
        with installed_wheel() as python:
            measure(python, arguments.rounds, True)
    else:
        measure(sys.executable, arguments.rounds, False)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
