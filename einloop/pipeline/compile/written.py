"""Functions that fill the result: the loops of any target that has a runner, and calls of np.einsum."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from ...core.dtypes import summing_dtype
from ...core.generated import Generated
from ...core.joint import JointSum
from ...core.machine import Machine
from ...core.names import choose_names
from ...core.options import Options
from ...core.path import einsum_path
from ...core.spec import Spec
from ...proof.written_out import WrittenOut
from ...runners import ready_runner
from ...runners.einsum import einsum_kernel
from ...runners.namespace import defined
from ...targets.call import write_call
from ...views.catalogue import FALLBACK, load_catalogue
from ..scheduling import find_path
from ..show import generate
from ..stages import decisions
from .case import CompileCase, Specialisation, Told

ENTRY = "loops"
CALL = "call"
MIN_PATH_POINTS = 20_000
"""Loop iterations from which on np.einsum is told a path: it takes about as long to look at one."""


def by_runner(target: str, case: CompileCase) -> Specialisation:
    """Return a case as loops that the runner of a target runs. Raises EinloopError where the target or the schedule
    refuses."""
    generated, passes = written(target, case.contiguous(), threads=1)
    assert generated.program is not None
    function: Callable[..., Any] = ready_runner(generated.program, generated.form)

    def fill(*arrays: Any) -> None:
        *operands, result = arrays
        result[...] = function(*operands)

    return Specialisation(
        target=target,
        source=generated.source,
        kernel=fill,
        taken=tuple(generated.operands.index(name) for name in generated.inputs),
        notes=(),
        passes=passes,
        general=True,
        copies=True,
    )


def written(target: str, case: CompileCase, *, threads: int) -> tuple[Generated, Told]:
    """Return the function that a target emits for a case whose operands are contiguous, and what tells of its passes.

    Raises EinloopError where the target or the schedule refuses.
    """
    options = Options(
        target=target,
        function=ENTRY,
        dtypes=case.named_dtypes,
        schedule=case.schedule,
        threads=threads,
        machine=Machine.detect(),
    )
    return generate(case.subject, options), told_later(case.subject, options)


def without_text(case: CompileCase) -> Specialisation:
    """Return a case as a call of np.einsum that nothing has to be read or written for: there is no room for that."""
    if case.joint is not None:
        return _by_sum(case, case.joint)
    kernel = einsum_kernel(case.spec.subscripts, case.dtype, empty=not case.points, is_view=case.spec.is_view)
    return Specialisation(target="numpy", source="", kernel=kernel, notes=(), general=True)


def by_numpy(case: CompileCase) -> Specialisation:
    """Return a case as a call of np.einsum, along a path that is found now."""
    if case.joint is not None:
        return _by_sum(case, case.joint)
    names = choose_names(case.spec, ("np", CALL))
    pairs: tuple[tuple[int, ...], ...] = ()
    rounds = summing_dtype(case.dtype) != case.dtype  # between steps: one call for all operands keeps more digits
    if len(case.operands) > 1 and case.dtype != "object" and not rounds and case.points > MIN_PATH_POINTS:
        pairs = find_path(case.spec, "auto") if len(case.operands) > 2 else ((0, 1),)
    converted = tuple(n for n, d in zip(names.operands, case.dtypes, strict=True) if d != case.dtype)
    source = write_call(case.spec, names, dtype=case.dtype, converted=converted, path=pairs, empty=not case.points)
    notes = (f"np.einsum is called with optimize={einsum_path(pairs)}.",) if len(pairs) > 1 else ()
    return Specialisation(target="numpy", source=source, kernel=defined(source, CALL), notes=notes, general=True)


def _by_sum(case: CompileCase, joint: JointSum) -> Specialisation:
    """Return a sum of einsums as calls of np.einsum, and numpy's own sums and products of what they give."""
    numbers = tuple(range(len(case.operands)))
    sums = WrittenOut(joint=joint, operands=tuple(map(str, numbers)))

    def fill(*arrays: Any) -> None:
        *operands, result = arrays
        result[...] = sums.value(operands)

    return Specialisation(target="numpy", source=joint.text, kernel=fill, notes=(), taken=numbers, general=True)


def told_later(subject: Spec | JointSum, options: Options) -> Told:
    """Return what says, in English, what each pass did to the loops of these options and why.

    The same loops are made once more for it, when it is asked for the first time.
    """

    @cache
    def told() -> tuple[str, ...]:
        words = load_catalogue(FALLBACK)
        return tuple(words.text(message) for message in decisions(subject, options))

    return told
