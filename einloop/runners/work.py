"""A task in, out what runs it on calls: in the child process, where nothing has to be kept from it."""

from __future__ import annotations

import contextlib
import inspect
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from types import CodeType

from . import ready_runner, run_whole
from .namespace import MODULE
from .results import LONGEST_TEXT
from .tasks import Emitted, Script, Task, TextTask

FILENAME = f"<{MODULE}>"
"""The file that a person's text stands in, as tracebacks tell."""
PRINTED = LONGEST_TEXT - 20
"""Characters of what a program printed that are brought back, from its end."""

Call = tuple[object, ...]
Work = Callable[[Sequence[Call]], tuple[object, ...]]


class MissingError(LookupError):
    """The text ran and does not define the name wanted."""


def work(task: Task, modules: Mapping[str, object]) -> Work:
    """Return what runs a task on several calls. `modules` are those that a person's text need not import.

    A text that templates made is built with the first calls, none perhaps.
    """
    match task:
        case TextTask():
            return partial(_run_text, task, modules, os.getcwd())
        case Emitted():
            return _emitted(task)
        case Script():
            return lambda calls: tuple(_run_script(task) for _ in calls)


def _emitted(task: Emitted) -> Work:
    ready = cache(partial(ready_runner, task.program, task.form))

    def run(calls: Sequence[Call]) -> tuple[object, ...]:
        with _no_complaints():
            function = ready()
            return tuple(function(*values) for values in calls)

    return run


def _run_script(task: Script) -> str:
    """Return the exit code and the end of what was printed, with a blank between them."""
    code, printed = run_whole(task.runner, task.source)
    return f"{code} {printed[-PRINTED:]}"


def _run_text(task: TextTask, modules: Mapping[str, object], home: str, calls: Sequence[Call]) -> tuple[object, ...]:
    """Return the results. A function is called again and again in one namespace; a snippet runs once a call. Every run
    begins in the folder `home`, wherever the one before went."""
    if task.entry is None:
        return tuple(_run_once(task, modules, [values])[0] for values in _each(calls, home))
    return tuple(_run_once(task, modules, _each(calls, home)))


def _each(calls: Sequence[Call], home: str) -> Iterator[Call]:
    """Yield calls, each in the folder `home`, which is made anew where it was removed."""
    for values in calls:
        with contextlib.suppress(OSError):
            os.makedirs(home, mode=0o700, exist_ok=True)
            os.chdir(home)
        yield values


def _run_once(task: TextTask, modules: Mapping[str, object], calls: Iterable[Call]) -> list[object]:
    namespace: dict[str, object] = {"__name__": MODULE, **modules}
    if task.entry is None:
        (values,) = calls
        namespace.update(zip(task.inputs, values, strict=True))
    with _no_complaints():
        exec(_compiled(task.source), namespace)
        wanted = task.entry or task.result or ""
        if wanted not in namespace:
            raise MissingError(wanted)
        if task.entry is None:
            return [namespace[wanted]]
        return [_call(namespace[wanted], dict(zip(task.inputs, values, strict=True))) for values in calls]


def _call(function: object, given: dict[str, object]) -> object:
    """Call `function` by name where it has names: its parameters may stand in another order than the operands."""
    assert callable(function)
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return function(*given.values())
    kinds = {parameter.kind for parameter in parameters}
    named = {p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}
    placed = [p.name for p in parameters if p.kind is p.POSITIONAL_ONLY and p.name in given]
    by_name = {name: value for name, value in given.items() if name not in placed}
    if not named.issuperset(by_name) and inspect.Parameter.VAR_KEYWORD not in kinds:
        return function(*given.values())
    return function(*(given[name] for name in placed), **by_name)


@contextlib.contextmanager
def _no_complaints() -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        with contextlib.suppress(ImportError):
            import numpy

            stack.enter_context(numpy.errstate(all="ignore"))
        yield


def _compiled(source: str) -> CodeType:
    return compile(source, FILENAME, "exec", dont_inherit=True)
