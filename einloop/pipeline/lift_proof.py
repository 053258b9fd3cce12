"""Code and the statements that it was lifted to, run on the same inputs: the code in a process of its own."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING, Any

from ..core.combination import Statements
from ..core.errors import LiftError, RunError
from ..core.source import Notation, Source
from ..core.verification import Case, Outcome, Verification, not_run
from ..lifting.computed import Input
from ..lifting.counting import has_lists
from ..lifting.harmless import unchecked
from ..lifting.runnable import runnable
from ..lifting.sizes import Refusal
from ..proof.lifted import RELATIVE, SINGLE, array, as_held, same, values
from ..runners.process import Budget, ProcessRunner, loading
from ..runners.statements import run_statements
from ..runners.tasks import CTask, Task, TextTask

if TYPE_CHECKING:
    from ..lifting.c.signature import CSignature

SECONDS = 10.0
"""What one call of the code may take."""
SHORT = ("float32", "jnp", "jax")
"""Words of a text that computes with numbers of 32 bits, whose results are rounded."""
SLOW = ("torch", "jax", "numba")
"""Libraries that take seconds to load."""
MAX_ELEMENTS = 1_000_000
"""Elements of the arrays of one trial."""


def prove(statements: Statements, trials: Sequence[Mapping[str, Input]], *, seed: int = 0) -> Verification:
    """Return what running code and its statements on the same inputs found: C takes a compiler.

    `trials`: what the code is given, for several choices of lengths. Raises LiftError where the results differ.
    """
    source = statements.combinations[0].source
    if sum(prod(given) for given in trials[-1].values() if isinstance(given, tuple)) > MAX_ELEMENTS:
        return not_run(statements.text(), "its sizes are too large to compare here", seed=seed)
    doubt = None if source.notation is Notation.C else unchecked(source.text, trials[0].keys())
    if doubt is not None:
        place = f"line {getattr(doubt, 'lineno', 1)}"
        return not_run(statements.text(), f"{place} does more than was looked at, so the code is not run", seed=seed)
    try:
        _compare(statements, trials, seed)
    except RunError as error:
        if source.notation is Notation.C or not has_lists(ast.parse(source.text)):
            return not_run(statements.text(), error.message, seed=seed)
        try:
            _compare(statements, trials, seed, lists=True)  # what a list can, an array may not
        except RunError:
            return not_run(statements.text(), error.message, seed=seed)
    cases = tuple(_case(trial) for trial in trials)
    return Verification(subscripts=statements.text(), cases=cases, seed=seed, contract="float64")


def _compare(statements: Statements, trials: Sequence[Mapping[str, Input]], seed: int, *, lists: bool = False) -> None:
    """Raise LiftError where the code gives something else than its statements, RunError where it does not run.

    `lists`: it is given nested lists for arrays.
    """
    source = statements.combinations[0].source
    results = dict.fromkeys(one.result for one in statements.combinations)
    budget = Budget()
    tables = _tables(source)
    inputs = [{**values(trial, seed), **tables} for trial in trials]
    for name in results:
        task, relative = _task(source, tuple(results), name, tuple(inputs[0]))
        with ProcessRunner(task, seconds=SECONDS, budget=budget, start=_start(task)) as run:
            for trial, values_given in zip(trials, inputs, strict=True):
                given = _fitting(task, values_given)
                theirs = run(*(_listed(given.get(one)) if lists else given.get(one) for one in task.inputs))
                if not same(theirs, _wrapped(task, name, run_statements(statements, given)[name]), relative):
                    raise _different(name, trial, source.text)


def _start(task: Task) -> str:
    """Return what starts the child: what takes long to load is loaded before the code's time runs."""
    return loading(*(one for one in SLOW if isinstance(task, TextTask) and f"import {one}" in task.source))


def _listed(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else value


def _tables(source: Source) -> dict[str, Any]:
    """Return the arrays whose numbers stand in a text. Raises RunError where it cannot be run."""
    return (
        {name: array(rows) for name, rows in _signature(source).tables.items()} if source.notation is Notation.C else {}
    )


def _signature(source: Source) -> CSignature:
    from ..lifting.c.signature import signature  # pycparser, which read the text

    try:
        return signature(source.text)
    except Refusal as refusal:
        raise RunError("EL623", f"it is not run: {refusal.reason}") from None


def _task(source: Source, results: Sequence[str], name: str, inputs: tuple[str, ...]) -> tuple[Task, float]:
    """Return what runs code for one of its results, and how far numbers may be from each other. Raises RunError."""
    if source.notation is not Notation.C:
        text = runnable(source.text, results)
        relative = SINGLE if any(word in source.text for word in SHORT) else RELATIVE
        return _in_torch(TextTask(source=text, inputs=inputs, result=name)), relative
    found = _signature(source)
    if not found.plain:
        raise RunError("EL623", "its function takes more than numbers and arrays of numbers")
    names = tuple(one.name for one in found.parameters)
    kinds = tuple(one.kind for one in found.parameters)
    result, returns = (name, None) if name in names else (None, found.returns)
    task = CTask(source=found.source, entry=found.entry, inputs=names, kinds=kinds, result=result, returns=returns)
    return task, SINGLE if any("32" in kind and "float" in kind for kind in (*kinds, found.returns or "")) else RELATIVE


def _fitting(task: Task, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return values that parameters of C hold: those without a sign are not below zero."""
    if not isinstance(task, CTask):
        return given
    unsigned = [name for name, kind in zip(task.inputs, task.kinds, strict=True) if kind.startswith("u")]
    return {**given, **{name: abs(given[name]) for name in unsigned if name in given}}


def _wrapped(task: Task, name: str, value: Any) -> Any:
    """Return a result as its type in C holds it: NumPy's arrays of that type wrap as C's do."""
    kinds = dict(zip(task.inputs, task.kinds, strict=True)) if isinstance(task, CTask) else {}
    kind = (kinds.get(name, task.returns) or "").rstrip("*") if isinstance(task, CTask) else ""
    return as_held(value, kind)


def _case(trial: Mapping[str, Input]) -> Case:
    shapes = tuple(shape for shape in trial.values() if isinstance(shape, tuple))
    dtypes = ("float64",) * len(shapes)
    return Case(shapes=shapes, dtypes=dtypes, kind="whole numbers", outcome=Outcome.EQUAL)


def _in_torch(task: TextTask) -> TextTask:
    """Return a task whose inputs and result are tensors where its text is torch code."""
    if "import torch" not in task.source:
        return task
    head = [f"{name} = torch.as_tensor({name}) if hasattr({name}, 'shape') else {name}" for name in task.inputs]
    first = ["import torch", "torch.set_default_dtype(torch.float64)", *head]
    source = "\n".join([*first, task.source, f"{task.result} = {task.result}.numpy()"])
    return TextTask(source=source, inputs=task.inputs, result=task.result)


def _different(name: str, trial: Mapping[str, Input], text: str) -> LiftError:
    sizes = ", ".join(
        f"{key} = {value}" if isinstance(value, int) else f"{key}: {value}" for key, value in trial.items()
    )
    return LiftError("EL819", f"the code gives another {name} than its einsum, for {sizes}", text=text)
