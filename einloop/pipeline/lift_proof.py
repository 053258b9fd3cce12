"""Code and the statements that it was lifted to, run on the same inputs: the code in a process of its own."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from enum import Enum
from math import prod
from typing import TYPE_CHECKING, Any

from ..core.combination import Statements
from ..core.errors import LiftError, RunError
from ..core.source import Notation, Source
from ..core.verification import Case, Outcome, Verification, not_run
from ..lifting.computed import Input
from ..lifting.counting import facts
from ..lifting.harmless import unchecked
from ..lifting.kinds import HELD
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


def prove(
    statements: Statements,
    trials: Sequence[Mapping[str, Input]],
    *,
    seed: int = 0,
    torch: bool = False,
    truths: bool = False,
) -> Verification:
    """Return what running code and its statements on the same inputs found: C takes a compiler.

    `trials`: what the code is given, for several choices of lengths; `torch`: as tensors; `truths`: as arrays of
    bool. Raises LiftError where the results differ.
    """
    source = statements.combinations[0].source
    if sum(prod(given) for given in trials[-1].values() if isinstance(given, tuple)) > MAX_ELEMENTS:
        return not_run(statements.text(), "its sizes are too large to compare here", seed=seed)
    doubt = None if source.notation is Notation.C else unchecked(source.text, trials[0].keys())
    if doubt is not None:
        place = f"line {getattr(doubt, 'lineno', 1)}"
        return not_run(statements.text(), f"{place} does more than was looked at, so the code is not run", seed=seed)
    failed: list[RunError] = []
    for way in _ways(source, torch=torch):
        try:
            _compare(statements, trials, seed, way, truths=truths)
        except RunError as error:
            failed.append(error)
            continue
        break
    else:
        return not_run(statements.text(), failed[0].message, seed=seed)
    dtype = "bool" if truths else "float64"
    cases = tuple(_case(trial, dtype) for trial in trials)
    return Verification(subscripts=statements.text(), cases=cases, seed=seed, contract=dtype)


class GivenAs(Enum):
    """What code is given for arrays."""

    ARRAYS = "arrays of numpy, or of the library that its text imports"
    LISTS = "nested lists"
    TENSORS = "tensors of torch"


def _ways(source: Source, *, torch: bool) -> Sequence[GivenAs]:
    """Return what code may be given, the likeliest first: what a list or a tensor can, an array may not."""
    if source.notation is Notation.C:
        return (GivenAs.ARRAYS,)
    shown = facts(ast.parse(source.text))
    if torch:
        return (GivenAs.TENSORS, GivenAs.ARRAYS)
    return (GivenAs.ARRAYS, *((GivenAs.LISTS,) if shown.lists else ()), *((GivenAs.TENSORS,) if shown.torch else ()))


def _compare(
    statements: Statements, trials: Sequence[Mapping[str, Input]], seed: int, way: GivenAs, *, truths: bool
) -> None:
    """Raise LiftError where the code gives something else than its statements, RunError where it does not run."""
    source = statements.combinations[0].source
    names = dict.fromkeys(one.result for one in statements.combinations)
    results = [name for name in names if name not in statements.temporaries]
    budget = Budget()
    tables = _tables(source)
    inputs = [{**values(trial, seed, truths=truths), **tables} for trial in trials]
    for name in results:
        task, relative, made = _task(source, tuple(results), name, trials[0], torch=way is GivenAs.TENSORS)
        with ProcessRunner(task, seconds=SECONDS, budget=budget, start=_start(task)) as run:
            for trial, values_given in zip(trials, inputs, strict=True):
                given = _fitting(task, values_given)
                passed = {**values(made, seed, truths=truths), **given, **_measures(task, given)}
                listed = way is GivenAs.LISTS
                theirs = run(*(_listed(passed.get(one)) if listed else passed.get(one) for one in task.inputs))
                if not same(theirs, _wrapped(task, name, run_statements(statements, given)[name]), relative):
                    _check_held(statements)
                    raise _different(name, trial, source.text)


def _check_held(statements: Statements) -> None:
    """Raise RunError where statements are right for numbers that the types of the text hold: others were tried."""
    notes = [note for one in statements.combinations for note in one.notes if note.endswith(HELD)]
    if notes:
        raise RunError("EL623", f"it is {notes[0].rpartition(': ')[0]}, and other numbers were tried")


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


def _task(
    source: Source, results: Sequence[str], name: str, trial: Mapping[str, Input], *, torch: bool
) -> tuple[Task, float, Mapping[str, Input]]:
    """Return what runs code for one of its results, how far numbers may be apart, and what takes results alone.

    Raises RunError.
    """
    if source.notation is not Notation.C:
        text = runnable(source.text, results)
        relative = SINGLE if any(word in source.text for word in SHORT) else RELATIVE
        text = f"import torch\n{text}" if torch and "import torch" not in text else text
        return _in_torch(TextTask(source=text, inputs=tuple(trial), result=name)), relative, {}
    task, made = _c_task(_signature(source), results, name, trial)
    kinds = (*task.kinds, task.returns or "")
    return task, SINGLE if any("32" in kind and "float" in kind for kind in kinds) else RELATIVE, made


def _c_task(
    found: CSignature, results: Sequence[str], name: str, trial: Mapping[str, Input]
) -> tuple[CTask, Mapping[str, Input]]:
    """Return what calls a C function: itself, or one that fills structs, rows and globals for it. Raises RunError."""
    from ..lifting.c.entry import ENTRY, entry

    if found.plain and not found.undeclared & trial.keys():
        names, kinds = (tuple(getattr(one, part) for one in found.parameters) for part in ("name", "kind"))
        called, source, made = found.entry, found.source, {}
    else:
        written = entry(found, trial, results)
        if written is None:
            raise RunError("EL623", "its function takes more than numbers and arrays of numbers")
        names, kinds, called, source, made = written.names, written.kinds, ENTRY, written.source, {**written.made}
    result, returns = (name, None) if name in names else (None, found.returns)
    return CTask(source=source, entry=called, inputs=names, kinds=kinds, result=result, returns=returns or None), made


def _measures(task: Task, given: Mapping[str, Any]) -> dict[str, int]:
    """Return the sizes of arrays that what calls a C function asks for by name."""
    found: dict[str, int] = {}
    for asked in task.inputs if isinstance(task, CTask) else ():
        name, _, measure = asked.partition(".")
        if measure == "size":
            found[asked] = given[name].size
        elif measure:
            found[asked] = given[name].shape[int(measure[-2])]
    return found


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


def _case(trial: Mapping[str, Input], dtype: str) -> Case:
    shapes = tuple(shape for shape in trial.values() if isinstance(shape, tuple))
    kind = "truth values" if dtype == "bool" else "whole numbers"
    return Case(shapes=shapes, dtypes=(dtype,) * len(shapes), kind=kind, outcome=Outcome.EQUAL)


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
