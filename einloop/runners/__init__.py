"""Runs emitted text on arrays. Each row of RUNNERS answers one name in a `target.toml`."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from ..core.frozen import dataclass
from ..core.generated import Form, Runner
from ..core.program import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """What runs the texts of a target. Its functions are named `module.function`, and loaded when they are first used.

    `ready` takes a Program and returns a callable of one value an input, compiled and loaded; `extension` does so for
    the form of this name, where there is one. `main` takes the text of a whole program and returns its exit code and
    what it printed. `interpreted`: about a million loop iterations take a second. `snippets`: it leaves out the
    statements around the loops of a pasted call. A whole program of more than `many` loop iterations gets a note that
    so many of them take `pace`.
    """

    ready: str
    main: str
    many: int
    pace: str
    extension: str | None = None
    interpreted: bool = False
    snippets: bool = False


RUNNERS: dict[str, Runtime] = {
    "python": Runtime(
        ready="namespace.ready",
        main="namespace.run_program",
        many=100_000_000,
        pace="over half a minute of plain Python",
        interpreted=True,
        snippets=True,
    ),
    "c": Runtime(
        ready="shared_object.c_runner",
        main="shared_object.run_c_program",
        many=10_000_000_000,
        pace="about half a minute of the plain nest that it compares itself with",
        extension="extension.extension_runner",
    ),
    "numba": Runtime(
        ready="numba_function.numba_runner",
        main="namespace.run_program",
        many=10_000_000_000,
        pace="about half a minute of the np.einsum that it compares itself with",
    ),
}
"""What runs a text, by the name in a `target.toml`: such targets are proved, compiled for and measured."""


def make_runner(program: Program, form: Form) -> Runner | None:
    """Return what runs a program in a form, compiled at its first call; None where its target has no runner."""
    if program.runner is None or _maker(program.runner, form) is None:
        return None

    def run(*values: object) -> object:
        return ready_runner(program, form)(*values)

    return run


def ready_runner(program: Program, form: Form) -> Runner:
    """Return the same, compiled and loaded. Raises RunError where that cannot be done here."""
    maker = _maker(program.runner or "", form)
    assert maker is not None
    runner: Runner = _function(maker)(program)
    return runner


def run_whole(runner: str, source: str) -> tuple[int, str]:
    """Run a whole program; return its exit code and what it printed."""
    code, printed = _function(RUNNERS[runner].main)(source)
    return code, printed


def _maker(runner: str, form: Form) -> str | None:
    """Return the name of what makes a callable of a program in a form."""
    return RUNNERS[runner].extension if form is Form.EXTENSION else RUNNERS[runner].ready


def _function(name: str) -> Callable[..., Any]:
    module, _, function = name.rpartition(".")
    found: Callable[..., Any] = getattr(import_module(f".{module}", __package__), function)
    return found
