"""Runs a task on calls: in the child process, where nothing has to be kept from it."""

from __future__ import annotations

import contextlib
import inspect
import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial

from ..core.errors import RunError
from . import ready_runner, run_whole
from .namespace import MODULE, code_of
from .results import MAX_TEXT_LETTERS
from .tasks import CTask, Emitted, Script, Task, TextTask

PRINTED_LETTERS = MAX_TEXT_LETTERS - 20
"""Letters of what a program printed that are brought back, from its end."""

Call = tuple[object, ...]
Work = Callable[[Sequence[Call]], tuple[object, ...]]


def work(task: Task, modules: Mapping[str, object]) -> Work:
    """Return what runs a task on several calls. `modules` are those that a person's text need not import.

    A text that templates made is built with the first calls, none perhaps. A person's text raises RunError where it
    does not define what is wanted.
    """
    match task:
        case TextTask():
            return partial(_run_text, task, modules, os.getcwd())
        case Emitted():
            return partial(_run_emitted, cache(partial(ready_runner, task.program, task.form)))
        case CTask():
            return partial(_run_emitted, cache(partial(_ready_c_call, task)))
        case Script():
            return lambda calls: tuple(_run_script(task) for _ in calls)


def _run_emitted(ready: Callable[[], Callable[..., object]], calls: Sequence[Call]) -> tuple[object, ...]:
    with _no_complaints():
        function = ready()
        return tuple(function(*values) for values in calls)


def _ready_c_call(task: CTask) -> Callable[..., object]:
    from .c_call import ready_c_call  # ctypes and numpy, which other tasks may do without

    return ready_c_call(task)


def _run_script(task: Script) -> str:
    """Return the exit code and the end of what was printed, with a blank between them."""
    code, printed = run_whole(task.runner, task.source)
    return f"{code} {printed[-PRINTED_LETTERS:]}"


def _run_text(task: TextTask, modules: Mapping[str, object], home: str, calls: Sequence[Call]) -> tuple[object, ...]:
    """Return the results. A function is called again and again in one namespace; a snippet runs once a call."""
    named = (dict(zip(task.inputs, values, strict=True)) for values in calls)
    if task.entry is None:
        return tuple(_result(task, {**modules, **values}) for values in _at_home(named, home))
    with _no_complaints():
        function = _defined(task, modules)
        return tuple(_call(function, values) for values in _at_home(named, home))


def _at_home(calls: Iterator[dict[str, object]], home: str) -> Iterator[dict[str, object]]:
    """Yield calls, each in the folder `home`, wherever the one before went; it is made anew where it was removed."""
    for values in calls:
        with contextlib.suppress(OSError):
            os.makedirs(home, mode=0o700, exist_ok=True)
            os.chdir(home)
        yield values


def _result(task: TextTask, names: Mapping[str, object]) -> object:
    with _no_complaints():
        return _defined(task, names)


def _defined(task: TextTask, names: Mapping[str, object]) -> object:
    """Run a text in which these names are known; return its function or its result."""
    namespace: dict[str, object] = {"__name__": MODULE, **names}
    exec(code_of(task.source), namespace)
    wanted = task.entry or task.result or ""
    if wanted not in namespace:
        raise RunError("EL626", f"the source ran and did not define {wanted!r}")
    return namespace[wanted]


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
