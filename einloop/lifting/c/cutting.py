"""A statement of C that has run in, what it has written cut off: arrays, and numbers outside of loops."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from pycparser import c_ast as c

from ...core.polynomial import Polynomial, polynomial
from ..arithmetic import NUMBERS
from ..cutting import Logged
from ..sequence import CutRun
from ..versions import written
from .memory import At, Memory, Pointer, Variable
from .types import Arithmetic


class CCuttingRun(Protocol):
    """What runs a text that is cut in parts."""

    cutting: CutRun | None
    around: list[tuple[c.Node, int]]
    totals: dict[object, object]
    names: dict[str, Variable]
    memories: list[Memory]


def logged(run: CCuttingRun) -> Logged | None:
    """Return what arrays and numbers are before a statement in a loop runs, where that is of use."""
    if not run.around or run.cutting is None or not run.cutting.cuts.inside:
        return None
    values = {name: one.value for name, one in run.names.items()}
    return Logged({id(memory): len(memory.log or ()) for _, memory in _memories(run)}, values)


def cut_off(run: CCuttingRun, cutting: CutRun, node: Any, before: Logged | None) -> None:
    """Cut off what a statement has written; `before`: what `logged` was before it ran."""
    inside = len(run.around) > 0
    coord = getattr(node, "coord", None)
    if coord is None:
        return
    place = f"{coord.line}:{coord.column}"
    if inside and not cutting.cuts.inside:
        cutting.inner |= {place} if isinstance(node, c.Assignment) else set()
        return
    for name, memory in [*_memories(run)]:
        start = None if before is None else before.lengths.get(id(memory))
        places = dict.fromkeys(memory.cells if start is None or memory.log is None else memory.log[start:])
        _cut_memory(cutting, place, name, memory, places, inside=inside)
        memory.log = [] if memory.log is None and cutting.cuts.inside else memory.log
    for name, variable in [*run.names.items()]:
        same = inside and (before is None or before.values.get(name) is variable.value)
        if not same and variable.memory is None and isinstance(variable.value, (Polynomial, *NUMBERS)):
            _cut_number(run, cutting, place, name, variable)


def _memories(run: CCuttingRun) -> Iterator[tuple[str, Memory]]:
    """Yield the arrays of numbers that a statement may write, each once with its name."""
    found = {memory: memory.name for memory in run.memories}
    for name, one in run.names.items():
        if isinstance(one.value, Pointer) and one.memory is None:
            found.setdefault(one.value.memory, one.value.memory.name or name)
    for memory, name in found.items():
        if not memory.copied and _numbers(memory):
            yield name, memory


def _numbers(memory: Memory) -> bool:
    return memory.kind is not None and not memory.kind.whole


def _cut_memory(cutting: CutRun, place: str, name: str, memory: Memory, places: Any, *, inside: bool) -> None:
    """Cut off elements of an array."""
    fresh: dict[int, tuple[At, Polynomial]] = {}
    for n in places:
        value = memory.cells.get(n)
        if value is None or isinstance(value, Pointer):
            continue
        at, cell = memory.at(n), polynomial(value)
        if cutting.fresh(memory, name, at, cell) if not inside else not written(cutting.base(memory) or name, at, cell):
            fresh[n] = at, cell
    cells = dict(fresh.values())
    symbol = cutting.cut(place, memory, name, cells, given=memory.given, inside=inside)
    if symbol is not None:
        memory.cells.update({n: Polynomial.element(symbol, at) for n, (at, _) in fresh.items()})


def _cut_number(run: CCuttingRun, cutting: CutRun, place: str, name: str, variable: Variable) -> None:
    """Cut off a total; in loops it is an array with an axis for each of them."""
    if not isinstance(variable.type, Arithmetic) or variable.type.whole:
        return
    value = polynomial(variable.value)
    at = tuple(number for _, number in run.around)
    owner = variable if not at else run.totals.setdefault((name, tuple(id(one) for one, _ in run.around)), object())
    if written(cutting.base(owner) or name, at, value):
        return
    symbol = cutting.cut(place, owner, name, {at: value}, given=False, inside=bool(at))
    if symbol is not None:
        variable.value = Polynomial.element(symbol, at)
