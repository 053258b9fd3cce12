"""Generated, or a person's own loops, run against np.einsum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any

from ..core.bind import bind_sizes
from ..core.dtypes import dtype_name
from ..core.errors import OptionError, RunError
from ..core.generated import Form, Generated, Values
from ..core.options import check_seed
from ..runners.namespace import run_program

NOT_HERE = ("EL630", "EL633", "EL637")
"""Errors of a machine that lacks what a text needs to be run: a compiler, Numba, headers."""

IN_PYTHON = ("numba",)
"""Compiled targets whose whole programs are Python's."""

LONGEST_CASE = 20_000_000
"""Loop iterations that a text for one shape only may have to be verified."""

if TYPE_CHECKING:
    from ..core.verification import Verification


def check_arrays(generated: Generated, arrays: Sequence[Any]) -> None:
    """Raise EinloopError unless `arrays`, one per distinct input, are what the loops of `generated` are for."""
    if len(arrays) != len(generated.inputs):
        inputs = ", ".join(generated.inputs)
        raise OptionError("EL404", f"{len(arrays)} arrays given for the inputs {inputs}", hint="one array per input")
    by_name = dict(zip(generated.inputs, arrays, strict=True))
    bind_sizes(generated.spec, [by_name[name].shape for name in generated.operands])
    for array in arrays:
        if not generated.spec.is_view:
            dtype_name(array.dtype.str)


def verify(
    generated: Generated, *, seed: int = 0, given: Sequence[object] | None = None, command: str = ""
) -> Verification:
    """Return what running the text of `generated` against np.einsum on all of its contract found."""
    from ..core.verification import Verification

    check_seed(seed)
    if generated.runner is None:
        return Verification(
            subscripts=generated.spec.subscripts, cases=(), seed=seed, contract="",
            skipped=f"target {generated.target!r} has no runner, so its text cannot be run here",
        )  # fmt: skip
    points = prod(x.extent for x in generated.spec.indices if isinstance(x.extent, int))
    if generated.contract.literal and points > LONGEST_CASE:
        return Verification(
            subscripts=generated.spec.subscripts, cases=(), seed=seed, contract="",
            skipped=f"np.einsum would need {points:,} iterations for these shapes, and the text is for no others",
        )  # fmt: skip
    from ..proof import Subject
    from ..proof import verify as run_cases

    subject = Subject(
        spec=generated.spec,
        operands=generated.operands,
        contract=generated.contract,
        run=generated.runner,
        source=generated.source,
        scalars=generated.entry is not None,
        main=_main(generated),
    )
    try:
        found = run_cases(subject, seed=seed, given=given, command=command)  # type: ignore[arg-type]
        return found if found.cases or found.mismatch else _nothing_compared(found)
    except RunError as error:
        if error.id not in NOT_HERE:
            raise
        return Verification(
            subscripts=generated.spec.subscripts, cases=(), seed=seed, contract="",
            skipped=f"{error.message}, so the text cannot be run",
        )  # fmt: skip


def _nothing_compared(found: Verification) -> Verification:
    """Return a verification without a case as one that was skipped."""
    why = "no inputs of these shapes and dtypes have sums that two orders of adding agree on, so nothing was compared"
    return replace(found, skipped=why)


def _main(generated: Generated) -> Callable[[], tuple[int, str]] | None:
    """Return what runs the text as a whole program, where it is one."""
    if generated.form is not Form.SCRIPT:
        return None
    if generated.contract.values is Values.POINTERS and generated.target not in IN_PYTHON:
        from ..runners.shared_object import run_c_program

        return partial(run_c_program, generated.source)
    return partial(run_program, generated.source)
