"""The table of targets that a compiled function may run on, and the choice among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from ...core.dtypes import COMPLEXES, has_kernels
from ...core.errors import EinloopError, OptionError, RunError
from ...core.near import meant
from ...core.registry import topic_of  # now: when an error is looked at, no file may be to be had
from ...core.topic import Topic
from ...runners.compiler import no_place
from ...runners.library import no_room
from ...schedule.auto import multiplies_large
from ...targets.target import load_target, runnable_targets
from ..scheduling import find_path
from . import c, numba, written
from .case import CompileCase, Specialisation, first_line

AUTO = "auto"
ARTICLE = "article"
"""The style that every target has."""
OF_BLAS = tuple(filter(has_kernels, COMPLEXES))
"""Dtypes in which BLAS multiplies large matrices faster than packed kernels, which write one operand out first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """A target: its name, why it cannot be used here (None: it can), and what makes a case into something that runs.

    `scheduled`: it computes with generated loops. `limited`: it is for the dtypes that its `target.toml` lists.
    """

    name: str
    missing: Callable[[], str | None]
    specialise: Callable[[CompileCase], Specialisation]
    scheduled: bool = True
    limited: bool = True


BACKENDS = (
    Backend(name="c", missing=c.missing, specialise=c.specialise),
    Backend(name="numba", missing=numba.missing, specialise=numba.specialise),
    Backend(name="numpy", missing=lambda: None, specialise=written.by_numpy, scheduled=False, limited=False),
)
"""What may be chosen without being asked for, in the order of preference."""


def known() -> tuple[Backend, ...]:
    """Return everything that can be asked for: BACKENDS, and as they are the loops of every other target with a runner.

    >>> [backend.name for backend in known()][:4]
    ['c', 'numba', 'numpy', 'python']
    """
    names = [backend.name for backend in BACKENDS]
    plain = (_plain(target) for target in runnable_targets() if target not in names)
    return (*BACKENDS, *sorted(plain, key=lambda backend: backend.limited))  # "auto" takes first what takes every case


def _plain(target: str) -> Backend:
    limited = bool(load_target(target).style(ARTICLE).dtypes)
    return Backend(name=target, missing=lambda: None, specialise=partial(written.by_runner, target), limited=limited)


def check_target(target: str, schedule: tuple[str, ...]) -> None:
    """Raise OptionError for an unknown target, and for a schedule of one without loops."""
    if target == AUTO:
        return
    found = next((backend for backend in known() if backend.name == target), None)
    if found is None:
        raise OptionError(
            "EL469",
            f"there is no target {target!r} to compile for",
            hint=meant(target, [AUTO, *(b.name for b in known())]),
        )
    if not found.scheduled and schedule != (AUTO,):
        raise OptionError("EL471", f"target {target!r} has no loops that a schedule could change", hint="leave it out")


def specialise(case: CompileCase, target: str) -> Specialisation:
    """Return a case made to run on a target, or on the best that there is for "auto", with what was decided and why.

    Where a target holds all that it may, np.einsum computes the case. Raises EinloopError where the target that was
    asked for refuses.
    """
    return _best(case) if target == AUTO else _asked(case, next(one for one in known() if one.name == target))


def _asked(case: CompileCase, backend: Backend) -> Specialisation:
    try:
        with _kept_from_work(backend):
            made = backend.specialise(case)
    except EinloopError as error:
        if topic_of(error.id) is not Topic.FULL:
            raise
        made = written.by_numpy(case)
        return replace(made, notes=(f"The target is numpy, not {backend.name}: {first_line(error)}.", *made.notes))
    return replace(made, notes=(f"The target is {backend.name}, as asked.", *made.notes))


def _best(case: CompileCase) -> Specialisation:
    notes: list[str] = []
    decides = case.schedule == (AUTO,)
    for backend in BACKENDS if decides else [backend for backend in known() if backend.scheduled]:
        try:
            with _kept_from_work(backend):
                why_not = backend.missing() or _unsupported(backend, case)
                why_not = why_not or (_outdone(backend, case) if decides else None)
                if why_not is None:
                    made = backend.specialise(case)
                    return replace(made, notes=(*notes, f"The target is {backend.name}.", *made.notes))
        except EinloopError as error:
            if not (decides or isinstance(error, RunError)):
                raise  # a schedule that is refused is a mistake of who wrote it
            why_not = first_line(error)
            if not backend.limited:
                made = written.without_text(case)
                return replace(made, notes=(*notes, f"The target is numpy, without a text: {why_not}."))
        notes.append(f"Not {backend.name}: {why_not}.")
    raise AssertionError("numpy and plain Python take every case")


@contextmanager
def _kept_from_work(backend: Backend) -> Iterator[None]:
    """Raise a RunError where there is no memory, and where the disk does not take what has to be written."""
    try:
        yield
    except MemoryError:
        raise no_room() from None
    except ImportError as error:  # of what is imported when it is needed, and finds no memory then
        raise RunError("EL641", f"the target {backend.name} was kept from its work: {error}") from None
    except OSError as error:
        raise no_place(error) from None


def _outdone(backend: Backend, case: CompileCase) -> str | None:
    """Return why generated loops would be slower than what numpy calls, or None."""
    if backend.limited and case.joint is None and case.dtype in OF_BLAS and multiplies_large(case.spec, find_path):
        return f"BLAS, which np.einsum calls, is faster at large matrix products of {case.dtype}"
    return None


def _unsupported(backend: Backend, case: CompileCase) -> str | None:
    """Return which dtype a target is not right for, or None."""
    if not backend.limited:
        return None
    known = load_target(backend.name).style(ARTICLE).dtypes
    wrong = next((dtype for dtype in (*case.dtypes, case.dtype) if dtype not in known), None)
    return None if wrong is None else f"it is not right for {wrong}"
