"""Targets that write Python: what they emit is defined as a function, which fills the result."""

from __future__ import annotations

from ...core.generated import Form
from ...core.machine import Machine
from ...core.names import choose_names
from ...core.options import Options
from ...runners import WRITERS
from ...runners.namespace import defined
from ...runners.progress import Progress
from ...targets.call import write_call
from ..emission import generate
from ..scheduling import find_path
from .case import Case, Specialisation
from .forks import threads_here
from .passes import told_later

ENTRY = "loops"
CALL = "call"
THREADED = "numba"
"""The target among them whose loops may be shared among threads."""
WORTH_A_PATH = 20_000
"""Iterations from which on np.einsum is told a path: it takes about as long to look at one."""


def emitted(target: str, case: Case) -> Specialisation:
    """Return a case as the loops that a target emits, run by its runner. Raises EinloopError where it refuses."""
    case = case.contiguous()
    threads, fewer = threads_here(case.threads) if target == THREADED else (1, ())
    options = Options(
        target=target,
        form=Form.FUNCTION,
        function=ENTRY,
        dtypes=tuple((None, dtype) for dtype in case.dtypes),
        schedule=case.schedule,
        threads=threads,
        machine=Machine.detect(),
    )
    generated = generate(case.spec, options)
    assert generated.program is not None
    with Progress():  # Numba compiles now
        kernel = WRITERS[target](generated.program)
    return Specialisation(
        target=target,
        source=generated.source,
        kernel=kernel,
        notes=fewer,
        passes=told_later(case.spec, options),
        general=True,
        copies=True,
        strict=target == "numba",
    )


def by_numpy(case: Case) -> Specialisation:
    """Return a case as a call of np.einsum, along a path that is found now."""
    names = choose_names(case.spec, ("np", CALL))
    pairs: tuple[tuple[int, ...], ...] = ()
    if len(case.operands) > 1 and case.dtype != "object" and case.points > WORTH_A_PATH:
        pairs = find_path(case.spec, "auto") if len(case.operands) > 2 else ((0, 1),)
    converted = tuple(n for n, d in zip(names.operands, case.dtypes, strict=True) if d != case.dtype)
    source = write_call(case.spec, names, dtype=case.dtype, converted=converted, path=pairs, empty=not case.points)
    notes = (f"np.einsum takes the operands in the order {', '.join(map(str, pairs))}.",) if len(pairs) > 1 else ()
    return Specialisation(target="numpy", source=source, kernel=defined(source, CALL), notes=notes, general=True)
