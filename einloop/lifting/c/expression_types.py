"""The types of C's expressions, told without running them, and the numbers that stand in a text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pycparser import c_ast as c

from .arithmetic import COMPARISONS
from .constants import constant_type, wider
from .declarations import CDeclarations
from .types import DOUBLE, INT, SIZE, Arithmetic, ArrayType, CType, PointerType, RecordType


class ExpressionTypes(CDeclarations):
    """One run of a text, as far as the types of its expressions go."""

    def is_whole(self, node: Any) -> bool:
        """Return whether an expression is of a type that holds whole numbers."""
        return self.type_at(node).whole

    def type_at(self, node: Any) -> CType:
        """Return the type of an expression, without running it."""
        found = TYPED.get(node.__class__)
        return DOUBLE if found is None else found(self, node)

    def source_type(self, node: Any) -> CType:
        """Return the type of what is assigned, before it is converted: of `x += y` that of the sum."""
        if isinstance(node, c.Assignment) and node.op != "=":
            return _wider(self.type_at(node.lvalue), self.type_at(node.rvalue))
        return self.type_at(node)

    def unary_type(self, node: c.UnaryOp) -> CType:
        """Return the type of an expression with an operator before or after it."""
        if node.op in ("sizeof", "!"):
            return SIZE if node.op == "sizeof" else INT
        inner = self.type_at(node.expr)
        if node.op == "&":
            return PointerType(inner)
        return _below(inner) if node.op == "*" else inner

    def binary_type(self, node: c.BinaryOp) -> CType:
        """Return the type of what an operator makes of two."""
        if node.op in COMPARISONS or node.op in ("&&", "||"):
            return INT
        return _wider(self.type_at(node.left), self.type_at(node.right))

    def wraps(self, node: c.BinaryOp) -> bool:
        """Return whether a difference is of a type that has nothing below zero."""
        found = self.shared.wraps.get(node)
        if found is None:
            kind = self.type_at(node)
            found = self.shared.wraps[node] = isinstance(kind, Arithmetic) and kind.whole and kind.unsigned
        return found

    def call_type(self, node: c.FuncCall) -> CType:
        """Return the type of what a function of the text returns; of others a number with a fraction."""
        function = self.tree.functions.get(node.name.name) if isinstance(node.name, c.ID) else None
        return DOUBLE if function is None else self.type_of(function.decl.type.type)

    def member_type(self, node: c.StructRef) -> CType:
        """Return the type of a member."""
        owner = self.type_at(node.name)
        if isinstance(owner, (PointerType, ArrayType)):
            owner = _below(owner)
        return owner.fields.get(node.field.name, DOUBLE) if isinstance(owner, RecordType) else DOUBLE


TYPED: Mapping[type[c.Node], Callable[[Any, Any], CType]] = {
    **dict.fromkeys((c.Typename, c.Decl), lambda run, node: run.type_of(node.type)),
    c.Cast: lambda run, node: run.type_of(node.to_type),
    c.Constant: lambda run, node: constant_type(node),
    c.ID: lambda run, node: run.variable(node).type,
    c.ArrayRef: lambda run, node: _below(run.type_at(node.name)),
    c.StructRef: ExpressionTypes.member_type,
    c.UnaryOp: ExpressionTypes.unary_type,
    c.BinaryOp: ExpressionTypes.binary_type,
    c.Assignment: lambda run, node: run.type_at(node.lvalue),
    c.TernaryOp: lambda run, node: _wider(run.type_at(node.iftrue), run.type_at(node.iffalse)),
    c.ExprList: lambda run, node: run.type_at(node.exprs[-1]),
    c.FuncCall: ExpressionTypes.call_type,
}


def _below(kind: CType) -> CType:
    return kind.to if isinstance(kind, PointerType) else kind.of if isinstance(kind, ArrayType) else DOUBLE


def _wider(one: CType, other: CType) -> CType:
    """Return the type of a sum: of a pointer where one is, with a fraction where one has, else the larger."""
    for kind in (one, other):
        if not isinstance(kind, Arithmetic):
            return kind
    return wider(one, other)  # type: ignore[arg-type]
