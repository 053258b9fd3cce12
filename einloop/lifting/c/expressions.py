"""Expressions of C, run on polynomials: what each is, and what it does on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from operator import mul
from typing import Any

from pycparser import c_ast as c

from ...core.polynomial import Polynomial
from ..kinds import SIGNED
from ..sizes import Extent, Refusal
from ..versions import VERSION
from . import codes as hot
from .accesses import CAccesses
from .arithmetic import WHERE, binary
from .calls import called
from .codes import Code, Codes, Maker, by
from .constants import fitting, number
from .memory import Pointer, Record, Variable
from .names import Literal
from .tree import parameters
from .types import Arithmetic, PointerType, RecordType

MET = frozenset({"/", "%", ">>", "&"})
"""Operators that ask on the way whether one number is less than the other."""
MAX_BITS = 64


class CExpressions(CAccesses):
    """One run of a text, as far as expressions go. `body` runs a function."""

    def body(self, function: c.FuncDef, given: list[Variable], node: Any) -> Any:
        """Return what a function gives for these arguments."""
        raise NotImplementedError

    def named(self, node: c.ID) -> Any:
        """Return what a name holds."""
        variable = self.names.get(node.name) or self.variable(node)
        value = variable.value if variable.memory is None else variable.get()
        if value is None:
            raise self.unread(variable, node.name, node)
        return value

    def branch(self, node: Any) -> bool:
        """Return whether a condition holds, and remember which way it went."""
        found = self.truth(node)
        self.shared.branches.setdefault(node, set()).add(found)
        return found

    def truth(self, node: Any) -> bool:
        """Return whether a condition holds."""
        value = self.value(node)
        if isinstance(value, Pointer):
            return True
        if isinstance(value, (Polynomial, Record)):
            found = self.compared("!=", value, 0, node)
            if found is None:
                raise Refusal("EL805", "what is done depends on the elements of an array", node, WHERE)
            return found
        if isinstance(value, Extent) and not isinstance(value, Literal):
            return bool(self.compared("!=", value, 0, node))
        return bool(value)

    def compared(self, op: str, a: Any, b: Any, node: Any) -> bool | None:
        """Return how a scalar or a length compares with a number, where that goes one way but for the number itself."""
        if isinstance(b, (Extent, Polynomial)) and not isinstance(a, (Extent, Polynomial)):
            a, b = b, a
        if op not in ("==", "!=") or isinstance(b, (Extent, Pointer, Record)):
            return None
        number = b.constant if isinstance(b, Polynomial) else b
        if number is None:
            return None
        if isinstance(a, Extent) and isinstance(a.key, str):
            self.shared.special.setdefault((a.key, number), node)
            return (a == number) == (op == "==") if a.key not in self.setting.general else op == "!="
        if isinstance(a, Polynomial):
            terms = list(a.terms().items())
            if len(terms) == 1 and terms[0][1] == 1 and len(terms[0][0]) == 1 and terms[0][0][0][1] == ():
                if VERSION in terms[0][0][0][0]:
                    return None  # what the text has computed
                self.shared.special.setdefault((terms[0][0][0][0], number), node)
                return op == "!="
        return None

    def operated(self, node: c.BinaryOp, a: Any, b: Any) -> Any:
        """Return what an operator gives for two values."""
        if (
            node.op == "-"
            and isinstance(a, (int, Polynomial))
            and isinstance(b, (int, Polynomial))
            and self.wraps(node)
        ):
            self.note(node, SIGNED)
        if node.op in MET and isinstance(a, int) and isinstance(b, int):
            self.meet(node, a, b)
        return binary(node.op, a, b, node, lambda: self.is_whole(node.left) and self.is_whole(node.right))

    def of_numbers(self, node: c.BinaryOp, a: Any, b: Any, makes: Callable[[Any, Any], Any]) -> Any:
        """Return what is made of two lengths, or of two numbers of the text. Raises Refusal where that does not fit."""
        kind = self.type_at(node)
        if isinstance(a, Literal) and isinstance(b, Literal) and isinstance(kind, Arithmetic) and kind.whole:
            true = makes(a.true, b.true)
            held = fitting(true, kind, node)[0]
            if held != true and makes is mul:
                return held
        return makes(a, b)

    def equated(self, node: c.BinaryOp, a: Any, b: Any, names: Set[str]) -> Any:
        """Return whether two values are equal, or are not; `names` stand in the comparison."""
        if isinstance(a, int) and isinstance(b, int):
            self.comparisons.met(node, node.op, a, b)
        found = None if names & self.usage.varied else self.compared(node.op, a, b, node)
        return binary(node.op, a, b, node, bool) if found is None else int(found)

    def meet(self, node: c.BinaryOp, a: int, b: int) -> None:
        """Take note of a quotient, a rest or a mask: it is nothing special only below the other number."""
        if node.op == ">>":
            b = 1 << min(max(b, 0), MAX_BITS)
        self.comparisons.met(node, "<", a, b + (node.op == "&"))

    def unary(self, node: c.UnaryOp) -> Any:
        """Return what an operator before an expression gives."""
        match node.op:
            case "&":
                return self.address(node.expr)
            case "-":
                return self.negated(node)
            case "+":
                return self.value(node.expr)
            case "!":
                return int(not self.truth(node.expr))
            case "~":
                return ~self.whole(node.expr)
            case "sizeof":
                return self.type_at(node.expr).size
        raise Refusal("EL802", f"what {node.op} does is not supported", node)

    def negated(self, node: c.UnaryOp) -> Any:
        """Return a number with the other sign."""
        value = self.value(node.expr)
        if isinstance(value, (Pointer, Record)):
            raise Refusal("EL802", "this is not a number", node)
        return -value

    def cast(self, node: c.Cast) -> Any:
        """Return a value as another type."""
        kind = self.type_of(node.to_type)
        value = self.value(node.expr)
        if isinstance(kind, PointerType) and isinstance(value, Extent) and isinstance(node.expr, c.ID):
            raise Refusal("EL802", "a number as an address is not supported", node)
        return self.converted(value, kind, node.expr)

    def literal(self, node: c.CompoundLiteral) -> Any:
        """Return a struct or an array that an expression makes."""
        kind = self.type_of(node.type)
        made = c.Decl("literal", [], [], [], [], node.type, node.init, None, node.coord)
        return self.first(made, kind, zero=False).get()

    def call(self, node: c.FuncCall) -> Any:
        """Return what a call gives: of a function of the text, or of one that is known."""
        name = node.name.name if isinstance(node.name, c.ID) else ""
        function = self.tree.functions.get(name)
        nodes = list(node.args.exprs) if node.args else []
        if function is not None:
            names = parameters(function)
            if len(names) != len(nodes):
                raise Refusal("EL802", f"{name} takes {len(names)} arguments", node)
            given = [self.passed(one, value) for one, value in zip(names, nodes, strict=True)]
            return self.body(function, given, node)
        return called(self, name, node, nodes)

    def passed(self, parameter: c.Decl, node: Any) -> Variable:
        """Return an argument as its parameter holds it."""
        kind = self.parameter_type(parameter)
        value = self.value(node)
        if isinstance(kind, RecordType):
            return Variable(kind, self.copied(value, node))
        return Variable(kind, self.converted(value, kind, node))


def _constant(node: c.Constant, codes: Codes) -> Code:
    """Return what gives a number that stands in the text, or what a run takes for it."""
    found = number(node)
    return (lambda run: run.literals.get(found, found)) if isinstance(found, int) else lambda run: found


def _list(node: c.ExprList, codes: Codes) -> Code:
    parts = [codes.value(one) for one in node.exprs]
    return lambda run: [part(run) for part in parts][-1]


VALUES: Mapping[type[c.Node], Maker] = {
    **hot.VALUES,
    c.Constant: _constant,
    c.ExprList: _list,
    c.StructRef: by(lambda run, node: run.load(run.member(node), node)),
    c.Cast: by(CExpressions.cast),
    c.TernaryOp: by(lambda run, node: run.value(node.iftrue if run.branch(node.cond) else node.iffalse)),
    c.FuncCall: by(CExpressions.call),
    c.CompoundLiteral: by(CExpressions.literal),
}
PLACES: Mapping[type[c.Node], Maker] = {**hot.PLACES, c.StructRef: by(CExpressions.member)}
