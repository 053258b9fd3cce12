"""Code and the statements that it was lifted to, run on the same inputs: the code in a process of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..core.combination import Statements
from ..core.errors import LiftError, RunError
from ..core.verification import Case, Outcome, Verification, not_run
from ..lifting.computed import Input
from ..lifting.runnable import runnable
from ..proof.lifted import same, values
from ..runners.process import Budget, ProcessRunner
from ..runners.statements import run_statements
from ..runners.tasks import TextTask

SECONDS = 10.0
"""What one call of the code may take."""


def prove(statements: Statements, trials: Sequence[Mapping[str, Input]], *, seed: int = 0) -> Verification:
    """Return what running Python code and its statements on the same inputs found.

    `trials`: what the code is given, for several choices of lengths. Raises LiftError where the results differ.
    """
    source = statements.combinations[0].source
    results = [one.result for one in statements.combinations]
    text = runnable(source.text, results)
    inputs = [values(trial, seed) for trial in trials]
    budget = Budget()
    try:
        for name in results:
            task = _in_torch(TextTask(source=text, inputs=tuple(inputs[0]), result=name))
            with ProcessRunner(task, seconds=SECONDS, budget=budget) as run:
                for trial, given in zip(trials, inputs, strict=True):
                    if not same(run(*given.values()), run_statements(statements, given)[name]):
                        raise _different(name, trial, source.text)
    except RunError as error:
        return not_run(statements.text(), error.message, seed=seed)
    cases = tuple(_case(trial) for trial in trials)
    return Verification(subscripts=statements.text(), cases=cases, seed=seed, contract="float64")


def _case(trial: Mapping[str, Input]) -> Case:
    shapes = tuple(shape for shape in trial.values() if isinstance(shape, tuple))
    dtypes = ("float64",) * len(shapes)
    return Case(shapes=shapes, dtypes=dtypes, kind="whole numbers", outcome=Outcome.EQUAL)


def _in_torch(task: TextTask) -> TextTask:
    """Return a task whose inputs and result are tensors where its text is torch code."""
    if "import torch" not in task.source:
        return task
    head = [f"{name} = torch.as_tensor({name}) if hasattr({name}, 'shape') else {name}" for name in task.inputs]
    source = "\n".join(["import torch", *head, task.source, f"{task.result} = {task.result}.numpy()"])
    return TextTask(source=source, inputs=task.inputs, result=task.result)


def _different(name: str, trial: Mapping[str, Input], text: str) -> LiftError:
    sizes = ", ".join(
        f"{key} = {value}" if isinstance(value, int) else f"{key}: {value}" for key, value in trial.items()
    )
    return LiftError("EL819", f"the code gives another {name} than its einsum, for {sizes}", text=text)
