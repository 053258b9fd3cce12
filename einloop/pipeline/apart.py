"""A text that a user's templates made, run in a process of its own: it may do whatever it likes, and is judged here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any

from ..core.bind import bind_sizes
from ..core.errors import EinloopError, RunError
from ..core.generated import Generated
from ..core.spec import Spec

if TYPE_CHECKING:
    from ..core.generated import Runner
    from ..core.program import Program
    from ..runners.process import Budget


@contextmanager
def run_apart(generated: Generated, seconds: float) -> Iterator[tuple[Runner, Callable[[], tuple[int, str]]]]:
    """Give what runs the text, and what runs it as a whole program, in child processes that end with the `with`.

    One call may take about so many `seconds`.
    """
    from ..runners.process import CALL_SECONDS, Budget, ProcessRunner
    from ..runners.tasks import Emitted

    assert generated.program is not None
    seconds = max(CALL_SECONDS, seconds)
    budget = Budget(max(Budget().seconds, 2 * seconds))
    task = Emitted(program=generated.program, form=generated.form)
    with ProcessRunner(task, seconds=seconds, budget=budget) as run:

        def call(*values: object) -> object:
            return run(*values, most=most_elements(generated.spec, generated.operands, values))

        yield call, partial(_main, generated.program, budget)


def _main(program: Program, budget: Budget) -> tuple[int, str]:
    """Return the exit code of a whole program and what it printed; what ends it otherwise is its fault too."""
    from ..runners.process import ProcessRunner
    from ..runners.tasks import Script

    script = Script(source=program.text, runner=program.runner or "")
    try:
        with ProcessRunner(script, seconds=max(budget.left, 1.0), budget=budget) as run:
            code, _, printed = str(run()).partition(" ")
            return (int(code) if code.isdecimal() else 1), printed
    except RunError as error:
        if error.undecided:
            raise
        return 1, error.message


def most_elements(spec: Spec, operands: Sequence[str], values: Sequence[object]) -> int | None:
    """Return how many elements np.einsum's result has for values, one per distinct operand; None where they do not fit.

    >>> from einloop.notation import read
    >>> most_elements(read("ij,jk->ik"), ["A", "B"], [[[1, 2]], [[1], [2]]])
    1
    """
    by_name = dict(zip(dict.fromkeys(operands), map(_shape, values), strict=True))
    try:
        bound = bind_sizes(spec, [by_name[name] for name in operands])
        extents = [bound.by_label[label].extent for label in bound.output]
    except EinloopError:
        return None
    return prod(extent for extent in extents if isinstance(extent, int))


def _shape(value: Any) -> tuple[int, ...]:
    """Return the shape of an array or of nested lists, as far as their first elements show it."""
    shape: list[int] = []
    while isinstance(value, list):
        shape.append(len(value))
        value = value[0] if value else None
    return (*shape, *getattr(value, "shape", ()))
