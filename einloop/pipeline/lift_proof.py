"""Code and the statements that it was lifted to, run on the same inputs. Imports numpy, for which code is at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..core.combination import Statements
from ..core.errors import LiftError, RunError
from ..core.source import Notation
from ..core.verification import Case, Outcome, Verification, not_run
from ..lifting.lift import Input
from ..lifting.runnable import runnable
from ..runners.process import Budget, ProcessRunner
from ..runners.statements import run_statements
from ..runners.tasks import TextTask

SECONDS = 10.0
"""What one call of the code may take."""
RELATIVE = 1e-9
"""How far sums of whole numbers may be from each other, beside the largest, where numbers that are none take part."""


def prove(statements: Statements, trials: Sequence[Mapping[str, Input]], *, seed: int = 0) -> Verification:
    """Return what running Python code and its statements on the same inputs found.

    `trials`: what the code is given, for several choices of lengths. Raises LiftError where the results differ.
    """
    source = statements.combinations[0].source
    results = [one.result for one in statements.combinations]
    text = runnable(source.text, results)
    inputs = [_values(trial, seed) for trial in trials]
    budget = Budget()
    try:
        for name in results:
            task = _in_torch(TextTask(source=text, inputs=tuple(inputs[0]), result=name))
            with ProcessRunner(task, seconds=SECONDS, budget=budget) as run:
                for trial, values in zip(trials, inputs, strict=True):
                    ours = run_statements(statements, values)[name]
                    _compare(name, run(*values.values()), ours, trial, source.text)
    except RunError as error:
        return not_run(statements.text(), error.message, seed=seed)
    cases = tuple(_case(trial) for trial in trials)
    return Verification(subscripts=statements.text(), cases=cases, seed=seed, contract="float64")


def _case(trial: Mapping[str, Input]) -> Case:
    shapes = tuple(shape for shape in trial.values() if isinstance(shape, tuple))
    dtypes = ("float64",) * len(shapes)
    return Case(shapes=shapes, dtypes=dtypes, kind="whole numbers", outcome=Outcome.EQUAL)


def _values(trial: Mapping[str, Input], seed: int) -> dict[str, Any]:
    """Return a value for every name: lengths as they are, whole numbers from -4 to 5 in arrays, never 0 in scalars."""
    rng = np.random.default_rng(seed)
    return {
        name: given
        if isinstance(given, int)
        else rng.integers(-4, 6, given).astype(float)
        if given
        else float(rng.integers(2, 6))
        for name, given in trial.items()
    }


def _in_torch(task: TextTask) -> TextTask:
    """Return a task whose inputs and result are tensors where its text is torch code."""
    if "import torch" not in task.source:
        return task
    head = [f"{name} = torch.as_tensor({name}) if hasattr({name}, 'shape') else {name}" for name in task.inputs]
    first, *rest = task.source.split("\n")
    source = "\n".join(["import torch", *head, first, *rest, f"{task.result} = {task.result}.numpy()"])
    return TextTask(source=source, inputs=task.inputs, result=task.result)


def _compare(name: str, theirs: Any, ours: Any, trial: Mapping[str, Input], text: str) -> None:
    """Raise LiftError where two results differ."""
    got, wanted = np.asarray(theirs, dtype=complex), np.asarray(ours, dtype=complex)
    if got.size == wanted.size and got.shape != wanted.shape and 1 in (got.ndim, wanted.ndim):
        got = got.reshape(wanted.shape)  # one of the two has the array flat
    scale = max(np.abs(wanted).max(initial=0.0), 1.0)
    if got.shape == wanted.shape and np.allclose(got, wanted, rtol=0, atol=RELATIVE * scale):
        return
    sizes = ", ".join(f"{key}={value}" if isinstance(value, int) else f"{key}: {value}" for key, value in trial.items())
    raise LiftError("EL819", f"the code gives another {name} than its einsum, for {sizes}", text=text)


def provable(statements: Statements) -> bool:
    """Return whether the code can be run here: C takes a compiler, and is compared elsewhere."""
    return statements.combinations[0].source.notation is not Notation.C
