"""The expressions of C that loops run most, each made into a function once: names, numbers, `a + b`, `a[i]`.

Each does what the run's own way does, for the values that it meets almost always; for all others it takes that way.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from pycparser import c_ast as c

from ...core.polynomial import Polynomial
from .memory import Pointer, Variable
from .types import Arithmetic, ArrayType

Code = Callable[[], Any]
LONGEST = 1 << 63
"""What whole numbers are less than."""
WHOLE: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub,
}  # fmt: skip
"""What is quickly done with whole numbers; what compares them is taken note of by the run."""
RING: Mapping[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub}


class Quick(Protocol):
    """What quick ways need of a run."""

    names: dict[str, Variable]

    def code(self, node: Any) -> Code:
        """Return what gives the value of an expression."""

    def named(self, node: c.ID) -> Any:
        """Return what a name holds."""

    def constant(self, node: c.Constant) -> Any:
        """Return a number that stands in the text."""

    def operated(self, node: c.BinaryOp, a: Any, b: Any) -> Any:
        """Return what an operator gives for two values."""

    def at(self, node: c.ArrayRef, owner: Any, index: Any) -> Any:
        """Return what `a[i]` is."""


def _name(run: Quick, node: c.ID) -> Code:
    name = node.name

    def code() -> Any:
        variable = run.names.get(name)
        if variable is not None and variable.memory is None and variable.value is not None:
            return variable.value
        return run.named(node)

    return code


def _constant(run: Quick, node: c.Constant) -> Code:
    found = run.constant(node)
    return lambda: found


def _operation(run: Quick, node: c.BinaryOp) -> Code:
    left, right, whole, ring = run.code(node.left), run.code(node.right), WHOLE.get(node.op), RING.get(node.op)
    times = node.op == "*"

    def code() -> Any:
        a, b = left(), right()
        if isinstance(a, int) and isinstance(b, int):
            if whole is not None:
                return whole(a, b)
            if times and -LONGEST < (found := a * b) < LONGEST:
                return found
        elif ring is not None and type(a) is Polynomial and type(b) is Polynomial:
            return ring(a, b)
        return run.operated(node, a, b)

    return code


def _element(run: Quick, node: c.ArrayRef) -> Code:
    owner, subscript = run.code(node.name), run.code(node.subscript)

    def code() -> Any:
        place, index = owner(), subscript()
        if type(place) is Pointer and isinstance(index, int):
            kind, memory = place.to, place.memory
            if type(kind) is Arithmetic and not kind.whole and memory.kind is not None and not memory.kind.whole:
                return memory.get(place.offset + index * kind.size, kind.size, node)
            if type(kind) is ArrayType:
                return Pointer(memory, place.offset + index * kind.size, kind.of)
        return run.at(node, place, index)

    return code


QUICK: Mapping[type[c.Node], Callable[[Any, Any], Code]] = {
    c.ID: _name, c.Constant: _constant, c.BinaryOp: _operation, c.ArrayRef: _element,
}  # fmt: skip
