"""`if (x != 0) s += x * y`: what is done only where a product is not zero, run as if it were always done.

That is the same where every change is a multiple of that product, as no number but one that is not finite makes a
product with zero another thing than zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pycparser import c_ast as c

from ...core.polynomial import Polynomial, polynomial
from ..fitted import elements
from ..sizes import Refusal
from .memory import Memory, Pointer, Record, Variable

FINITE = "right where nothing is inf or nan: where {text} is 0, what it multiplies is left out"


def tested(node: c.If) -> Any:
    """Return the expression that an `if` without `else` asks whether it is zero, None where it asks something else."""
    test = node.cond
    if node.iffalse is not None:
        return None
    if isinstance(test, c.BinaryOp) and test.op == "!=":
        sides = (test.left, test.right)
        zero = [isinstance(one, c.Constant) and not one.value.strip("0.fFlL") for one in sides]
        return sides[zero[0]] if any(zero) else None
    return test if isinstance(test, (c.ArrayRef, c.ID, c.UnaryOp)) else None


def without_zeros(nodes: Sequence[Any]) -> list[Any]:
    """Return the statements of a block with those after `if (x == 0) continue;` as what is done where x is not zero."""
    for place, node in enumerate(nodes):
        if isinstance(node, c.If) and node.iffalse is None and _continues(node.iftrue):
            test = node.cond
            if isinstance(test, c.BinaryOp) and test.op == "==":
                other = c.BinaryOp("!=", test.left, test.right, test.coord)
                rest = c.Compound(list(nodes[place + 1 :]), node.coord)
                return [*nodes[:place], c.If(other, rest, None, node.coord)]
    return [*nodes]


def _continues(node: Any) -> bool:
    while isinstance(node, c.Compound) and len(node.block_items or ()) == 1:
        node = node.block_items[0]
    return isinstance(node, c.Continue)


def _runs(run: Any, value: Any, does: Callable[[Any], Any], refusal: Refusal) -> bool:
    """Run what is done only where a value is not zero; return whether it may always be done.

    Variables of which that is not true have no value from then on: to read them is refused.
    """
    terms = elements({(): value.terms()})[()] if isinstance(value, Polynomial) else {}
    if len(terms) != 1 or any(isinstance(one.value, Record) for one in run.names.values()):
        return False
    factors = Counter(next(iter(terms)))
    variables = [(one, one.value) for one in (*run.names.values(), *run.globals.values())]
    memories = {id(one): one for one in (*run.memories, *_reached(run))}
    before = [(one, dict(one.cells)) for one in memories.values()]
    does(run)
    for memory, cells in before:
        for place, after in memory.cells.items():
            old = cells.get(place, memory.own(place))
            if after is not old and not _multiple(after, old, factors):
                return False
    for variable, old in variables:
        if variable.value is not old and not _multiple(variable.value, old, factors):
            variable.value, run.unset[variable] = None, refusal
    return True


def _reached(run: Any) -> Iterator[Memory]:
    """Yield the memory of arrays that the text makes, and of variables whose address it takes."""
    for one in (*run.names.values(), *run.globals.values()):
        if isinstance(one, Variable) and one.memory is not None:
            yield one.memory
        if isinstance(one.value, Pointer):
            yield one.value.memory


def _multiple(after: Any, before: Any, factors: Counter[Any]) -> bool:
    """Return whether the change of a value is a multiple of a product."""
    if before is None or any(isinstance(one, (Pointer, Record)) for one in (after, before)):
        return False
    changed = elements({(): (polynomial(after) - polynomial(before)).terms()})
    return all(Counter(product) >= factors for product in changed[()])


def guarded(run: Any, node: c.If, does: Callable[[Any], Any], refusal: Refusal) -> None:
    """Run what is done only where a product of elements is not zero. Raises the refusal where that is no product."""
    test = tested(node)
    if test is None or not _runs(run, run.value(test), does, refusal):
        raise refusal
    run.note(test, FINITE)
