"""Runs Python text, a snippet or a function, in a fresh namespace of this process."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from contextlib import redirect_stdout
from copy import deepcopy
from functools import lru_cache
from io import StringIO
from types import CodeType

from ..core.generated import Runner
from ..core.nest import Accumulate, Assign, Nest, every
from ..core.program import Program
from ..core.rows import FromRows

MODULE = "einloop_generated"
FILENAME = f"<{MODULE}>"
"""The file that such a text stands in, as tracebacks tell."""


def ready(program: Program) -> Runner:
    """Return a callable that runs a program: its function, or a snippet without the statements around its loops."""
    if program.entry is not None:
        run: Runner = defined(program.text, program.entry)
    else:
        names = tuple(buffer.name for buffer in program.nest.also)
        run = python_runner(
            program.text, program.inputs, program.result, None, (program.before, program.after), also=names
        )
    written = {program.inputs.index(name) for name in _written(program.nest)}
    return _on_copies(run, written) if written else run


def _written(nest: Nest) -> set[str]:
    """Return the names of the inputs into whose arrays the loops write."""
    targets = {s.target.buffer for s in every(nest.body) if isinstance(s, Assign | Accumulate)}
    targets |= {s.buffer for s in nest.body if isinstance(s, FromRows) and (s.adds or s.over)}
    updated = {nest.result.name} if nest.updates else set()
    return {buffer.name for buffer in nest.inputs} & (targets | updated)


def _on_copies(run: Runner, places: Container[int]) -> Runner:
    """Return a callable that leaves the inputs at these places as they are, into which the loops would write."""

    def call(*values: object) -> object:
        return run(*(deepcopy(value) if place in places else value for place, value in enumerate(values)))

    return call


def python_runner(
    source: str,
    inputs: Sequence[str],
    result: str,
    entry: str | None,
    around: tuple[int, int] = (0, 0),
    *,
    also: tuple[str, ...] = (),
) -> Runner:
    """Return a callable that runs `source` on one value per name in `inputs`.

    So many statements `around` the loops, before and after, are left out. With `entry` the text defines a function,
    called with the inputs in order; otherwise the inputs are bound to their names, the text runs, and `result` is read,
    after the results that there are `also`.
    Every call has a namespace of its own, with numpy as `np` where the text needs it.

    >>> python_runner("c = a + 1", ["a"], "c", None)(41)
    42
    """

    def run(*values: object) -> object:
        if entry is not None:
            return defined(source, entry)(*values)
        namespace = {**_namespace(source), **dict(zip(inputs, values, strict=True))}
        exec(code_of(source, around), namespace)
        return (*(namespace[name] for name in also), namespace[result]) if also else namespace[result]

    return run


def defined(source: str, entry: str) -> Callable[..., object]:
    """Return the function `entry` that a text defines, which runs once for it.

    >>> defined("def double(x):\\n    return 2 * x\\n", "double")(21)
    42
    """
    namespace = _namespace(source)
    exec(code_of(source), namespace)
    function = namespace[entry]
    assert callable(function)
    return function


def _namespace(source: str) -> dict[str, object]:
    """Return the names that a text may use without importing them: numpy as `np` where it speaks of that."""
    if "np." not in source:
        return {"__name__": MODULE}
    import numpy

    return {"__name__": MODULE, "np": numpy}


def run_program(source: str) -> tuple[int, str]:
    """Run a whole program in this process; return its exit code (1 for an exception) and what it printed.

    >>> run_program("print('hello'); raise SystemExit(False)")
    (0, 'hello\\n')
    """
    printed = StringIO()
    try:
        with redirect_stdout(printed):
            exec(code_of(source), {"__name__": "__main__"})
    except SystemExit as stop:
        return int(bool(stop.code)), printed.getvalue()
    except Exception as error:
        return 1, f"{printed.getvalue()}{type(error).__name__}: {error}"
    return 0, printed.getvalue()


@lru_cache(maxsize=256)
def code_of(source: str, around: tuple[int, int] = (0, 0)) -> CodeType:
    """Return the code of a text, without so many statements `around` it, before and after."""
    if not any(around):
        return compile(source, FILENAME, "exec", dont_inherit=True)
    import ast

    tree = ast.parse(source)
    before, after = around
    tree.body = tree.body[before : len(tree.body) - after]
    return compile(tree, FILENAME, "exec", dont_inherit=True)
