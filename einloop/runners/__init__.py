"""Runs emitted text on arrays. Each runner answers one name in a `target.toml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..core.generated import Form, Runner
from ..core.program import Program
from .namespace import defined, python_runner


def _python(program: Program) -> Runner:
    around = program.before, program.after
    return python_runner(program.text, program.inputs, program.result, program.entry, around)


def _c(program: Program) -> Runner:
    from .shared_object import c_runner  # loaded where C is run, not at every start

    return c_runner(program)


def _numba(program: Program) -> Runner:
    from .numba_function import numba_runner

    return numba_runner(program)


def _extension(program: Program) -> Runner:
    from .extension import extension_runner

    return extension_runner(program)


RUNNERS: Mapping[str, Callable[[Program], Runner]] = {
    "python": _python,
    "c": _c,
    "numba": _numba,
}
"""What makes a callable of a program, by the name in a `target.toml`."""

FORM_RUNNERS: Mapping[Form, Callable[[Program], Runner]] = {Form.EXTENSION: _extension}
"""What makes a callable of a program in a form that the target's own runner does not know."""


def make_runner(program: Program, form: Form) -> Runner | None:
    """Return what runs a program in a form, compiled at its first call; None where its target has no runner."""
    name = program.runner
    if name is None:
        return None
    if form in FORM_RUNNERS:
        return FORM_RUNNERS[form](program)
    return RUNNERS[name](program)


def ready_runner(program: Program, form: Form) -> Runner:
    """Return the same, compiled and loaded. Raises RunError where that cannot be done here."""
    runner = make_runner(program, form)
    assert runner is not None
    if form in FORM_RUNNERS:
        from .extension import extension_function

        extension_function(program)
    elif program.runner == "c":
        from .shared_object import c_function

        c_function(program)
    elif program.runner == "numba":
        from .numba_function import numba_function

        numba_function(program)
    return runner


def _python_writer(program: Program) -> Callable[..., None]:
    assert program.entry is not None
    function = defined(program.text, program.entry)

    def write(*arrays: Any) -> None:
        *operands, result = arrays
        result[...] = function(*operands)

    return write


def _numba_writer(program: Program) -> Callable[..., None]:
    from .numba_function import numba_function

    return numba_function(program)


WRITERS: Mapping[str, Callable[[Program], Callable[..., None]]] = {"python": _python_writer, "numba": _numba_writer}
"""What makes of a program a callable that takes the operands' arrays and the result's, which it fills.

A target in this table can be compiled for: `einloop.compile(..., target=...)`.
"""
