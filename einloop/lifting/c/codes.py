"""What the constructs of a C text do, each made into a function of a run: once, for all runs of the text.

Each does what the run's own methods do, at once for the values that it meets almost always.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import mul
from typing import Any

from pycparser import c_ast as c

from ...core.polynomial import Polynomial
from ..decisions import BOTH
from ..kinds import SIGNED
from ..sizes import Refusal
from .arithmetic import COMPARISONS, RING, binary, multiplied
from .constants import SMALL, number, remade, wrapped
from .memory import Pointer
from .nodes import walk
from .types import INT, Arithmetic, ArrayType

Code = Callable[[Any], Any]
"""What a construct does in a run."""
LONGEST = 1 << 63
"""What whole numbers are less than."""
SHORT = 1 << 31
"""What numbers of four bytes with a sign are less than."""


class Codes:
    """The codes of one text, by the constructs that they are made of, each made when it is first needed."""

    def __init__(self, *makers: Mapping[type[c.Node], Maker]) -> None:
        self.makers = makers
        self.known: tuple[dict[c.Node, Code], ...] = ({}, {}, {})
        self.steps: set[c.Node] = set()
        """What loops do after each turn."""

    def value(self, node: Any) -> Code:
        """Return what gives the value of an expression."""
        return self.known[0].get(node) or self._made(0, node, "this is neither a loop nor arithmetic on arrays")

    def place(self, node: Any) -> Code:
        """Return what gives where an expression stands, which can be assigned through."""
        return self.known[1].get(node) or self._made(1, node, "this cannot be assigned to")

    def statement(self, node: Any) -> Code:
        """Return what runs a statement, and counts it."""
        if node is None:
            return lambda run: None
        found = self.known[2].get(node)
        if found is None:
            own = node.__class__ in self.makers[2]
            found = self.known[2][node] = _counted(node, self._made(2, node, "") if own else self.value(node))
        return found

    def _made(self, kind: int, node: Any, unknown: str) -> Code:
        make = self.makers[kind].get(node.__class__)
        try:
            if make is None:
                raise Refusal("EL802", unknown, node)
            found = make(node, self)
        except Refusal as refusal:
            found = _refused(refusal.id, refusal.reason, refusal.node)
        self.known[kind][node] = found
        return found


Maker = Callable[[Any, Codes], Code]


def by(method: Callable[[Any, Any], Any]) -> Maker:
    """Return what makes a construct into a call of a run's method."""
    return lambda node, codes: lambda run: method(run, node)


def _refused(id: str, reason: str, node: Any) -> Code:
    def code(run: Any) -> Any:
        raise Refusal(id, reason, node)

    return code


def _counted(node: Any, does: Code) -> Code:
    def code(run: Any) -> Any:
        run.steps += 1
        if run.steps > run.paid:
            run.pay(node)
        if run.cutting is None:
            does(run)
        else:
            run.kept(does, node)

    return code


def _name(node: c.ID, codes: Codes) -> Code:
    name = node.name

    def code(run: Any) -> Any:
        variable = run.names.get(name)
        if variable is not None and variable.memory is None and variable.value is not None:
            return variable.value
        return run.named(node)

    return code


def _operation(node: c.BinaryOp, codes: Codes) -> Code:
    op, made = node.op, remade(node)
    if made is not None:
        return lambda run: made
    if op in ("&&", "||"):
        return _logical(node, op == "||")
    left, right = codes.value(node.left), codes.value(node.right)
    if op in ("==", "!="):
        return _equality(node, left, right)
    if op in RING:
        return _sum(node, left, right, RING[op])
    if op == "*":
        return _product(node, left, right)
    return (
        _comparison(node, left, right) if op in COMPARISONS else lambda run: run.operated(node, left(run), right(run))
    )


def _sum(node: c.BinaryOp, left: Code, right: Code, ring: Callable[[Any, Any], Any]) -> Code:
    minus = node.op == "-"

    def code(run: Any) -> Any:
        a, b = left(run), right(run)
        if isinstance(a, int):
            if isinstance(b, int):
                return ring(a, b) if type(a) is not type(b) or type(a) is int else run.of_numbers(node, a, b, ring)
        elif type(a) is Polynomial and type(b) is Polynomial:
            if minus and run.wraps(node):
                run.note(node, SIGNED)
            return ring(a, b)
        return run.operated(node, a, b)

    return code


def _product(node: c.BinaryOp, left: Code, right: Code) -> Code:
    def code(run: Any) -> Any:
        a, b = left(run), right(run)
        if isinstance(a, int) and isinstance(b, int) and -LONGEST < (found := a * b) < LONGEST:
            return found if type(a) is not type(b) or type(a) is int else run.of_numbers(node, a, b, mul)
        return multiplied(a, b, node) if type(a) is Polynomial is type(b) else run.operated(node, a, b)

    return code


def _comparison(node: c.BinaryOp, left: Code, right: Code) -> Code:
    op, compares = node.op, COMPARISONS[node.op]

    def code(run: Any) -> Any:
        a, b = left(run), right(run)
        if isinstance(a, int) and isinstance(b, int):
            if run.comparisons.least.get(node) != BOTH:
                run.comparisons.met(node, op, a, b)
            return 1 if compares(a, b) else 0
        return run.operated(node, a, b)

    return code


def _logical(node: c.BinaryOp, enough: bool) -> Code:
    """Return what asks for one of two conditions, or both; the second is only looked at where it matters."""

    def code(run: Any) -> int:
        return int(enough if run.truth(node.left) is enough else run.truth(node.right))

    return code


def _equality(node: c.BinaryOp, left: Code, right: Code) -> Code:
    names = {one.name for one in walk(node, c.ID)}

    def code(run: Any) -> Any:
        return run.equated(node, left(run), right(run), names)

    return code


def _element(node: c.ArrayRef, codes: Codes) -> Code:
    owner, subscript = codes.value(node.name), codes.value(node.subscript)

    def code(run: Any) -> Any:
        place, index = owner(run), subscript(run)
        if type(place) is Pointer and isinstance(index, int):
            kind, memory = place.to, place.memory
            if type(kind) is Arithmetic and not kind.whole and memory.kind is not None and not memory.kind.whole:
                return memory.get(place.offset + index * kind.size, kind.size, node)
            if type(kind) is ArrayType:
                return Pointer(memory, place.offset + index * kind.size, kind.of)
        return run.load(run.element(node, place, index), node)

    return code


def _assignment(node: c.Assignment, codes: Codes) -> Code:
    place, right = codes.place(node.lvalue), codes.value(node.rvalue)
    op, ring = node.op[:-1], RING.get(node.op[:-1])

    def plain(run: Any) -> Any:
        value = right(run)
        return run.store(place(run), value, node.rvalue, node.lvalue)

    def code(run: Any) -> Any:
        target = place(run)
        before, added = run.load(target, node.lvalue), right(run)
        value = added
        if ring is not None and type(before) is Polynomial is type(value):
            value = ring(before, value)
        else:
            value = binary(op, before, value, node, lambda: run.is_whole(node.lvalue) and run.is_whole(node.rvalue))
        held = _held(op, before, added, value, target)
        return run.store(target, held, node if held is value else node.lvalue, node.lvalue)

    return code if op else plain


def _held(op: str, before: Any, other: Any, value: Any, target: Any) -> Any:
    """Return what a narrow type holds of what an operator makes of numbers of the text, `value` where it holds it."""
    kind = target.to if type(target) is Pointer else target.type
    known = [getattr(one, "true", one) for one in (before, other)]
    if type(kind) is not Arithmetic or not kind.whole or kind.size >= INT.size or known == [before, other]:
        return value
    if any(type(one) is not int for one in known):
        return value
    made = binary(op, known[0], known[1], None, bool)
    held = wrapped(made, kind, None)
    return value if held == made else held


def _unary(node: c.UnaryOp, codes: Codes) -> Code:
    if node.op in ("p++", "p--", "++", "--"):
        return _step(node, codes)
    if node.op == "*":
        place = codes.place(node)
        return lambda run: run.load(place(run), node)
    made = remade(node) if node.op != "~" or _stays(node.expr) else None
    return (lambda run: run.unary(node)) if made is None else lambda run: made


def _stays(node: c.Node) -> bool:
    """Return whether a number of the text stands for itself in every run: no mask is made of another."""
    return isinstance(node, c.Constant) and node.type != "char" and number(node) <= SMALL


def _step(node: c.UnaryOp, codes: Codes) -> Code:
    """Return what adds or takes one, and gives the value before or after."""
    op, late = "+" if "+" in node.op else "-", node.op[0] == "p"
    one, place = 1 if op == "+" else -1, codes.place(node.expr)
    name = node.expr.name if isinstance(node.expr, c.ID) else None

    def code(run: Any) -> Any:
        variable = run.names.get(name)
        if variable is not None and variable.memory is None and isinstance(variable.value, int):
            kind, before, after = variable.type, variable.value, variable.value + one
            if type(kind) is Arithmetic and kind.whole and kind.size > 2 and 0 <= after < SHORT:
                variable.value = after
                return before if late else after
        target = place(run)
        before = run.load(target, node.expr)
        after = _held(op, before, 1, binary(op, before, 1, node, bool), target)
        after = run.store(target, after, node.expr, node)
        return before if late else after

    return code


def _variable(node: c.ID, codes: Codes) -> Code:
    name = node.name
    return lambda run: run.names.get(name) or run.variable(node)


def _element_place(node: c.ArrayRef, codes: Codes) -> Code:
    owner, subscript = codes.value(node.name), codes.value(node.subscript)

    def code(run: Any) -> Any:
        return run.element(node, owner(run), subscript(run))

    return code


def _reached(node: c.UnaryOp, codes: Codes) -> Code:
    if node.op != "*":
        raise Refusal("EL802", "this cannot be assigned to", node)
    return lambda run: run.reached(node.expr)


VALUES: Mapping[type[c.Node], Maker] = {
    c.ID: _name, c.BinaryOp: _operation, c.ArrayRef: _element, c.Assignment: _assignment, c.UnaryOp: _unary,
}  # fmt: skip
PLACES: Mapping[type[c.Node], Maker] = {c.ID: _variable, c.ArrayRef: _element_place, c.UnaryOp: _reached}
