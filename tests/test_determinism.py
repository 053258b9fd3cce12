"""Same input, same bytes: whatever the hash seed, the order of calls, and what was generated before."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from test_golden import FILES, read_golden

import einloop

ROOT = Path(__file__).parent.parent
PROGRAM = """
import sys
from pathlib import Path
from test_golden import read_golden
import einloop
for name in sys.argv[1:]:
    case = read_golden(Path(name))
    print(einloop.generate(case.expression, **case.options).source)
print(einloop.verify("ij,jk->ik", function="f", seed=3))
for expression in ("ij,jk->iz", "ij,jk->ii", "i%"):
    try:
        einloop.generate(expression)
    except einloop.EinloopError as error:
        print(error)
"""


def texts_in_a_new_interpreter(hash_seed: str) -> str:
    """Return the text of every golden case, a verdict and some errors, from a process with this hash seed."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, FILES)],
        env=os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_hash_seeds() -> None:
    first, *others = (texts_in_a_new_interpreter(seed) for seed in ("0", "1", "4294967295"))
    assert first.count("\n") > len(FILES)
    assert others == [first, first]


@pytest.mark.parametrize("backwards", [False, True], ids=["in order", "backwards"])
def test_nothing_remembers(backwards: bool) -> None:
    cases = [read_golden(path) for path in FILES]
    for case in reversed(cases) if backwards else cases:
        assert einloop.generate(case.expression, **case.options).source == case.text
        assert einloop.generate(case.expression, **case.options).source == case.text


def test_a_verification_repeats() -> None:
    for seed in (0, 7):
        first, second = (einloop.verify("...ij,jk->...ik", function="f", seed=seed) for _ in range(2))
        assert first == second
    assert einloop.verify("ij->i", seed=0).cases != einloop.verify("ij->i", seed=7).cases
