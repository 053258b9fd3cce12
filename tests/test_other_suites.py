"""What others wrote for einsum, run with einloop.einsum in its place: it passes what passes without it."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

RUN = """
import sys
import numpy as np
module, chosen, replaced = sys.argv[1:]
if replaced == "yes":
    import einloop
    np.einsum = einloop.einsum
import pytest
options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore", "--tb=no", "-rfEp", "--no-header"]
sys.exit(pytest.main([*options, "-k", chosen, "--pyargs", module]))
"""

SUITES = (
    ("numpy._core.tests.test_einsum", "test", 70),
    ("opt_einsum.tests.test_input", "test", 10),
    ("opt_einsum.tests.test_contract", "not random and not branch and not dp", 100),
)
"""A module of tests, which of them are run (opt_einsum's slow ways to a path are not), and how many these are."""


def outcomes(module: str, chosen: str, *, replaced: bool) -> dict[str, list[str]]:
    """Return the names of the tests of a module that pass and that fail."""
    words = [sys.executable, "-c", RUN, module, chosen, "yes" if replaced else "no"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd="/")
    lines = [line.split(" ", 1) for line in done.stdout.splitlines() if line.startswith(("PASSED", "FAILED", "ERROR"))]
    return {kind: [name.partition(" - ")[0] for found, name in lines if found == kind] for kind in ("PASSED", "FAILED")}


@pytest.mark.parametrize(("module", "chosen", "least"), SUITES, ids=[module for module, _, _ in SUITES])
def test_what_passes_with_np_einsum_passes_with_ours(module: str, chosen: str, least: int) -> None:
    try:
        found = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        found = None
    if found is None:
        pytest.skip(f"{module} is not installed")
    ours = outcomes(module, chosen, replaced=True)
    assert len(ours["PASSED"]) >= least
    if ours["FAILED"]:  # a suite may fail for reasons of its own
        assert set(ours["FAILED"]) <= set(outcomes(module, chosen, replaced=False)["FAILED"])
