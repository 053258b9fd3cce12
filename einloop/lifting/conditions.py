"""Conditions of a Python text: whether one on lengths and indices holds, and what a check of the inputs says."""

from __future__ import annotations

import ast
from fractions import Fraction
from typing import Any

from .arithmetic import COMPARE, SIGNS
from .known import Unknown
from .sizes import Extent, Refusal, Shorter, Unequal
from .values import Part, Store
from .writes import Writes

ELEMENTS = "what is done depends on the elements of an array"


class Conditions(Writes):
    """Arrays, and conditions on their lengths and on indices."""

    def truth(self, node: ast.expr) -> bool:
        """Return whether a condition on numbers holds."""
        match node:
            case ast.Compare(left=left, ops=ops, comparators=others):
                values = [self.value(part) for part in (left, *others)]
                pairs = zip(ops, values, values[1:], others, strict=False)
                return all(self.compared(op, a, b, node, other) for op, a, b, other in pairs)
            case ast.BoolOp(op=op, values=parts):
                return (all if isinstance(op, ast.And) else any)(self.truth(part) for part in parts)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not self.truth(operand)
        value = self.value(node)
        if value is None or isinstance(value, (int, float, str, Fraction, list, tuple)):
            return bool(value)
        part = Part(value) if isinstance(value, Store) else value
        if self.lists and isinstance(part, Part) and self.found.get(part.store.name, 0) > len(part.at):
            return self.length(part.store, part.axis(0)) > 0
        raise Refusal("EL805", ELEMENTS, node, hint="np.where chooses between arrays by their elements")

    def undecided_by(self, node: ast.AST, *values: Any) -> Refusal:
        """Return the refusal of a choice by values: one name that nothing else is known of is a size or a number."""
        names = [value.name for value in values if isinstance(value, Store) and value.given and not value.shape]
        if len(names) == 1 and not self.named.get(names[0]) and names[0] not in self.found:
            reason = f"what is done depends on {names[0]}, whose value is not known"
            return Refusal("EL805", reason, node, hint=f"say what it is in the first line: {names[0]} = 4")
        return Refusal("EL805", ELEMENTS, node, hint="np.where chooses between arrays by their elements")

    def compared(self, op: ast.cmpop, a: Any, b: Any, node: ast.expr, other: ast.expr) -> bool:
        """Return the result of one comparison, with what stands on its right."""
        if isinstance(op, (ast.Is, ast.IsNot)) and (a is None or b is None):
            return (a is b) == isinstance(op, ast.Is)
        if isinstance(op, (ast.In, ast.NotIn)) and isinstance(b, (list, tuple, range)) and isinstance(a, int):
            return (a in b) == isinstance(op, ast.In)
        numbers = isinstance(a, (int, float, Fraction)) and isinstance(b, (int, float, Fraction))
        if type(op) not in COMPARE or not (numbers or (isinstance(a, tuple) and isinstance(b, tuple))):
            if isinstance(a, str) or isinstance(b, str) or type(op) not in COMPARE:
                raise Refusal("EL802", "this condition is not supported", node)
            raise self.undecided_by(node, a, b)
        if isinstance(op, (ast.Eq, ast.NotEq)) and a is not b:
            for one, two in zip(a, b, strict=False) if isinstance(a, tuple) else [(a, b)]:
                self.apart(one, two, node)
        if isinstance(a, int) and isinstance(b, int):
            self.comparisons.met(other, SIGNS[type(op)], a, b)
        return COMPARE[type(op)](a, b)

    def apart(self, one: Any, other: Any, node: ast.expr) -> None:
        """Refuse to decide whether two lengths, not indices, are equal: the answer depends on the sizes."""
        if self.is_length(one) and self.is_length(other) and one.key != other.key:
            raise Refusal("EL811", "what this computes depends on whether two lengths are one", node)

    def is_length(self, value: Any) -> bool:
        """Return whether a number is a length that the text was given, and no index."""
        return isinstance(value, Extent) and value == self.sizes[value.key]

    # checks of the inputs

    def check(self, test: ast.expr, *, holds: bool) -> None:
        """Look at a check of the inputs, which holds or does not: lengths that it says are one are one."""
        match test:
            case ast.BoolOp(op=op, values=parts) if isinstance(op, ast.And) == holds:
                for part in parts:
                    self.check(part, holds=holds)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                self.check(operand, holds=not holds)
            case ast.Compare(left=left, ops=ops, comparators=others) if (
                all(isinstance(op, ast.Eq) for op in ops) and holds
            ):
                for one, other in zip((left, *others), others, strict=False):
                    self.equal(one, other)
            case ast.Compare(left=left, ops=[ast.NotEq()], comparators=[other]) if not holds:
                self.equal(left, other)

    def equal(self, one: ast.expr, other: ast.expr) -> None:
        """Take note that two things are equal: numbers of axes, lengths, whole shapes."""
        for left, right in ((one, other), (other, one)):
            match left:
                case (
                    ast.Attribute(value=owner, attr="ndim") | ast.Call(func=ast.Attribute(value=owner, attr="dim"))
                ) if isinstance(right, ast.Constant):
                    self.ranked(self.value(owner), right.value)
                    return
        try:
            a, b = self.value(one), self.value(other)
        except Refusal:
            return
        for x, y in ((a, b), (b, a)):
            shape = x
            if isinstance(x, Unknown) and isinstance(y, tuple):
                self.ranked(x.part, len(y))
                shape = self.shape(x.part, one)
            if isinstance(shape, tuple) and isinstance(y, tuple) and len(shape) == len(y):
                for left_length, right_length in zip(shape, y, strict=True):
                    self.same(left_length, right_length)
                return
        self.same(a, b)

    def same(self, a: Any, b: Any) -> None:
        """Take note that two lengths are one, or that one is a number."""
        if isinstance(a, Extent) and isinstance(b, Extent):
            if a != b:
                raise Unequal(a.key, b.key)
        elif isinstance(a, Extent) and type(b) is int and a != b and b > 0:
            raise Shorter(a.key, b, exact=True)
        elif isinstance(b, Extent) and type(a) is int:
            self.same(b, a)
