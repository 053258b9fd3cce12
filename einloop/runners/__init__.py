"""Runs emitted text on arrays. Each runner answers one name in a `target.toml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..core.generated import Runner
from ..core.program import Program
from .namespace import python_runner


def _c(program: Program) -> Runner:
    from .shared_object import c_runner  # loaded where C is run, not at every start

    return c_runner(program)


def _numba(program: Program) -> Runner:
    from .numba_function import numba_runner

    return numba_runner(program)


RUNNERS: Mapping[str, Callable[[Program], Runner]] = {
    "python": lambda program: python_runner(program.text, program.inputs, program.result, program.entry),
    "c": _c,
    "numba": _numba,
}
"""What makes a callable of a program."""
