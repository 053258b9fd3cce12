"""The C target: emitted for these layouts, compiled, cached, called by address."""

from __future__ import annotations

from functools import lru_cache
from types import ModuleType
from typing import Any

from ...core.errors import EinloopError
from ...core.machine import Machine
from ...core.options import Options
from ...core.program import Program
from ...runners import threads as pool
from ...runners.artefacts import load
from ...runners.caller import Entry, Kernel, by_ctypes, by_extension, checked, load_caller
from ...runners.compiler import find_compiler
from ...targets.facts import alone_inside
from ...targets.render import plain_text
from ...targets.target import load_target
from ..show import generate
from .case import MIN_LENGTHY_POINTS, CompileCase, Specialisation, called_with, first_line, origin
from .written import told_later

NAME = "c"
ENTRY = "kernel"
CALLER = "caller.j2"
THREADS = "threads.j2"


def missing() -> str | None:
    """Return why nothing can be compiled here, or None."""
    return None if find_compiler() is not None else "there is no C compiler here"


def specialise(case: CompileCase) -> Specialisation:
    """Return a case as compiled C. Raises EinloopError where the target, the schedule or the compiler refuses."""
    threads, notes = _threads(case.threads)
    options = _options(case, threads)
    generated = generate(case.subject, options)
    taken, start = called_with(generated)
    program = generated.program
    assert program is not None
    library = load(generated.source)
    if threads > 1:
        pool.connect(library.library)
    entry = Entry(
        library=library.library,
        name=ENTRY,
        operands=tuple(case.operands[number] for number in taken),
        result=case.result,
        fallible=program.nest.fallible,
        lengthy=case.points > MIN_LENGTHY_POINTS,
    )
    fast, why_not = _fast(entry)
    kernel: Kernel = by_ctypes(entry) if fast is None else checked(fast.run)
    return Specialisation(
        target=NAME,
        source=generated.source,
        kernel=kernel,
        notes=(*origin(library.compiled_by, library.library.trouble), *notes, *_inside(program, threads), *why_not),
        passes=told_later(case.subject, options),
        taken=taken,
        start=start,
        fast=fast,
        library=library.library,
    )


def caller() -> ModuleType:
    """Return the extension through which kernels are called. Raises RunError where there can be none."""
    return load_caller(_caller_text())


def _options(case: CompileCase, threads: int) -> Options:
    """Return what the text for a case is emitted with."""
    strides = tuple(layout.strides for layout in case.operands)
    return Options(
        target=NAME,
        function=ENTRY,
        dtypes=case.named_dtypes,
        strides=() if all(steps is None for steps in strides) else strides,
        schedule=case.schedule,
        machine=_machine(),
        threads=threads,
    )


@lru_cache(maxsize=1)
def _machine() -> Machine:
    return Machine.detect()


@lru_cache(maxsize=1)
def _caller_text() -> str:
    return plain_text(load_target(NAME), CALLER)


def _fast(entry: Entry) -> tuple[Any, tuple[str, ...]]:
    """Return the extension's object for a kernel, or None and why calls go through ctypes."""
    try:
        module = caller()
    except EinloopError as error:
        return None, (f"Calls go through ctypes: {first_line(error)}.",)
    if len(entry.operands) > module.MAX_OPERANDS:
        return None, (f"Calls go through ctypes: there are more than {module.MAX_OPERANDS} operands.",)
    return by_extension(module, entry), ()


def _threads(wanted: int) -> tuple[int, tuple[str, ...]]:
    """Return how many threads there can be, and why there are fewer than wanted."""
    if wanted == 1:
        return 1, ()
    most = pool.processors()
    if most == 1:
        return 1, (f"One thread, not {wanted}: this process may run on one processor.",)
    try:
        pool.start(_threads_text())
    except EinloopError as error:
        return 1, (f"One thread, not {wanted}: {first_line(error)}.",)
    fewer = f"{most} threads, not {wanted}: this process may run on {most} processors."
    return min(wanted, most), (fewer,) if most < wanted else ()


@lru_cache(maxsize=1)
def _threads_text() -> str:
    return plain_text(load_target(NAME), THREADS, name=pool.NAME)


def _inside(program: Program, threads: int) -> tuple[str, ...]:
    """Return which loops one thread runs alone though they should be shared."""
    labels = alone_inside(program.nest) if threads > 1 else ()
    return tuple(f"One thread runs the loop over {label}, as it stands inside another loop." for label in labels)
