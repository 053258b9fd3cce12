"""Expressions of C, run on polynomials: what each is, and what it does on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any

from pycparser import c_ast as c

from ...core.polynomial import Polynomial, polynomial
from ..sizes import Extent, Refusal
from ..terms import SITE
from .arithmetic import binary
from .calls import CALLS, NOT_LINEAR
from .expression_types import ExpressionTypes, number
from .memory import At, Location, Pointer, Record, Variable, scalar_size
from .quick import QUICK, Code
from .tree import walk
from .types import Arithmetic, ArrayType, CType, PointerType, RecordType
from .usage import first_name

LOGICAL = ("&&", "||")
SHORT = 1 << 31
"""What numbers of four bytes with a sign are less than."""


MET: Mapping[str, bool] = {
    **dict.fromkeys(("<", ">", "<=", ">=", "==", "!="), False), **dict.fromkeys(("/", "%", ">>", "&"), True),
}  # fmt: skip
"""Operators that compare numbers, and those that ask on the way whether one is less than the other (True)."""
MAX_BITS = 64


class Literal(Extent):
    """A number of the text that another stands for; `true` is the one in the text."""

    true: int


class CExpressions(ExpressionTypes):
    """One run of a text, as far as expressions go. `body` runs a function."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.constants: dict[int, Any] = {}
        self.codes: dict[c.Node, Code] = {}
        self.table: Mapping[type[c.Node], Callable[[Any], Any]] = {
            c.Assignment: self.assignment,
            c.UnaryOp: self.unary,
            c.BinaryOp: self.logical,
            c.StructRef: lambda node: self.load(self.member(node), node),
            c.Cast: self.cast,
            c.TernaryOp: lambda node: self.value(node.iftrue if self.branch(node.cond) else node.iffalse),
            c.ExprList: lambda node: [self.value(one) for one in node.exprs][-1],
            c.FuncCall: self.call,
            c.CompoundLiteral: self.literal,
        }

        self.unaries: Mapping[str, Callable[[c.UnaryOp], Any]] = {
            **dict.fromkeys(("p++", "p--", "++", "--"), self.stepped),
            "*": lambda node: self.load(self.reached(node.expr), node),
            "&": lambda node: self.address(node.expr),
            "-": self.negated,
            "+": lambda node: self.value(node.expr),
            "!": lambda node: int(not self.truth(node.expr)),
            "~": lambda node: ~self.whole(node.expr),
            "sizeof": lambda node: self.type_at(node.expr).size,
        }

    def body(self, function: c.FuncDef, given: list[Variable], node: Any) -> Any:
        """Return what a function gives for these arguments."""
        raise NotImplementedError

    def value(self, node: Any) -> Any:
        """Return what an expression is; run what it does on the way."""
        code = self.codes.get(node)
        return self.code(node)() if code is None else code()

    def code(self, node: Any) -> Code:
        """Return what gives the value of an expression."""
        found = self.codes.get(node)
        if found is None:
            quick, own = QUICK.get(node.__class__), self.table.get(node.__class__)
            if quick is not None and getattr(node, "op", "") not in LOGICAL:
                found = quick(self, node)
            elif own is not None:
                found = partial(own, node)
            else:
                raise Refusal("EL802", "this is neither a loop nor arithmetic on arrays", node)
            self.codes[node] = found
        return found

    def named(self, node: c.ID) -> Any:
        """Return what a name holds."""
        variable = self.names.get(node.name) or self.variable(node)
        value = variable.value if variable.memory is None else variable.get()
        if value is None:
            raise Refusal("EL802", f"{node.name} is read before it has a value", node)
        return value

    # numbers

    def constant(self, node: c.Constant) -> Any:
        """Return a number that stands in the text, or what a run takes for it."""
        found = self.constants.get(id(node))
        if found is None:
            found = number(node)
            if isinstance(found, int) and found in self.setting.literals:
                made = Literal(self.sizes[str(found)], str(found))
                made.true = found
                found = made
            self.constants[id(node)] = found
        return found

    def whole(self, node: Any) -> int:
        """Return an expression that is a whole number."""
        return self.whole_of(self.value(node), node)

    def whole_of(self, value: Any, node: Any) -> int:
        """Return a value that is a whole number."""
        if isinstance(value, int):
            return value
        if isinstance(value, Polynomial):
            raise Refusal("EL806", "an element of an array is an index here", node)
        raise Refusal("EL802", "a whole number is needed here", node)

    def branch(self, node: Any) -> bool:
        """Return whether a condition holds, and remember which way it went."""
        found = self.truth(node)
        self.seen.branches.setdefault(node, set()).add(found)
        return found

    def truth(self, node: Any) -> bool:
        """Return whether a condition holds."""
        value = self.value(node)
        if isinstance(value, Pointer):
            return True
        if isinstance(value, (Polynomial, Record)):
            found = self.compared("!=", value, 0, node)
            if found is None:
                raise Refusal("EL805", "what is done depends on the elements of an array", node)
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
            self.seen.special.setdefault((a.key, number), node)
            return (a == number) == (op == "==") if a.key not in self.setting.general else op == "!="
        if isinstance(a, Polynomial):
            terms = list(a.terms().items())
            if len(terms) == 1 and terms[0][1] == 1 and len(terms[0][0]) == 1 and terms[0][0][0][1] == ():
                if SITE in terms[0][0][0][0]:
                    return None  # what the text has computed
                self.seen.special.setdefault((terms[0][0][0][0], number), node)
                return op == "!="
        return None

    def logical(self, node: c.BinaryOp) -> int:
        """Return whether both or one of two conditions hold; the second is only looked at where it matters."""
        if node.op == "&&":
            return int(self.truth(node.left) and self.truth(node.right))
        return int(self.truth(node.left) or self.truth(node.right))

    def operated(self, node: c.BinaryOp, a: Any, b: Any) -> Any:
        """Return what an operator gives for two values."""
        op = node.op
        if op in MET and isinstance(a, int) and isinstance(b, int):
            self.meet(node, op, a, b)
        if op in ("==", "!=") and not any(one.name in self.usage.varied for one in walk(node, c.ID)):
            found = self.compared(op, a, b, node)
            if found is not None:
                return int(found)
        return binary(op, a, b, node, lambda: self.is_whole(node.left) and self.is_whole(node.right))

    def meet(self, node: c.BinaryOp, op: str, a: int, b: int) -> None:
        """Take note of a comparison: a quotient, a rest and a mask are nothing special only below the other number."""
        if op == ">>":
            b = 1 << min(max(b, 0), MAX_BITS)
        elif op == "&":
            b += 1
        self.comparisons.met(node, "<" if MET[op] else op, a, b)

    def unary(self, node: c.UnaryOp) -> Any:
        """Return what a unary operator gives."""
        found = self.unaries.get(node.op)
        if found is None:
            raise Refusal("EL802", f"what {node.op} does is not supported", node)
        return found(node)

    def negated(self, node: c.UnaryOp) -> Any:
        """Return a number with the other sign."""
        value = self.value(node.expr)
        if isinstance(value, (Pointer, Record)):
            raise Refusal("EL802", "this is not a number", node)
        return -value

    def stepped(self, node: c.UnaryOp) -> Any:
        """Add or take one; return the value before or after."""
        variable = self.names.get(node.expr.name) if node.expr.__class__ is c.ID else None
        if variable is not None and variable.memory is None and isinstance(variable.value, int):
            kind, before, after = variable.type, variable.value, variable.value + (1 if "+" in node.op else -1)
            if type(kind) is Arithmetic and kind.whole and kind.size > 2 and 0 <= after < SHORT:
                variable.value = after
                return before if node.op[0] == "p" else after
        place = self.location(node.expr)
        before = self.load(place, node.expr)
        after = binary("+" if "+" in node.op else "-", before, 1, node, bool)
        self.store(place, after, node.expr, node)
        return before if node.op[0] == "p" else after

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

    # places

    def location(self, node: Any) -> Location:
        """Return what an expression can be assigned through. Raises Refusal."""
        if node.__class__ is c.ArrayRef:
            return self.element(node)
        match node:
            case c.ID():
                return self.variable(node)
            case c.UnaryOp(op="*"):
                return self.reached(node.expr)
            case c.StructRef():
                return self.member(node)
            case _:
                raise Refusal("EL802", "this cannot be assigned to", node)

    def reached(self, node: Any) -> Pointer:
        """Return an expression that is a pointer."""
        value = self.value(node)
        if not isinstance(value, Pointer):
            raise Refusal("EL802", "this is not a pointer", node)
        return value

    def at(self, node: c.ArrayRef, owner: Any, index: Any) -> Any:
        """Return what `a[i]` is."""
        return self.load(self.place(node, owner, index), node)

    def element(self, node: c.ArrayRef) -> Pointer:
        """Return the place of `a[i]`."""
        return self.place(node, self.value(node.name), self.value(node.subscript))

    def place(self, node: c.ArrayRef, owner: Any, index: Any) -> Pointer:
        """Return the place at an index of something."""
        if not isinstance(owner, Pointer):
            raise Refusal("EL802", "this has no elements", node)
        if not isinstance(index, int):
            index = self.whole_of(index, node.subscript)
        return owner.moved(index)

    def member(self, node: c.StructRef) -> Location:
        """Return the place of `s.x` or `p->x`."""
        if node.type == "->":
            return self.record_at(self.reached(node.name), node).member(node.field.name, node)
        owner = self.location(node.name) if not isinstance(node.name, c.FuncCall) else self.value(node.name)
        if isinstance(owner, Variable):
            owner = owner.get()
        record = self.record_at(owner, node) if isinstance(owner, Pointer) else owner
        if not isinstance(record, Record):
            raise Refusal("EL802", "this is not a struct", node)
        return record.member(node.field.name, node)

    def address(self, node: Any) -> Pointer:
        """Return a pointer to what an expression names."""
        place = self.location(node)
        if isinstance(place, Pointer):
            return place
        value = place.get()
        if isinstance(place.type, ArrayType) and isinstance(value, Pointer):
            return Pointer(value.memory, value.offset, place.type)
        return place.address(first_name(node))

    def load(self, place: Location, node: object) -> Any:
        """Return what stands at a location. Raises Refusal."""
        if isinstance(place, Variable):
            value = place.get()
            if value is None:
                raise Refusal("EL802", "this is read before it has a value", node)
            return value
        kind = place.to
        if isinstance(kind, ArrayType):
            return Pointer(place.memory, place.offset, kind.of)
        if isinstance(kind, RecordType):
            return place
        if isinstance(kind, PointerType):
            return self.row(place, kind, node)
        if isinstance(kind, Arithmetic) and kind.void:
            raise Refusal("EL802", "a void pointer has no elements", node)
        memory = place.memory
        memory.read_as(kind, node)
        if memory.given and kind.whole and not memory.cells and not memory.prefix and self.counts(memory.name):
            if place.offset:
                raise Refusal("EL802", f"{memory.name} is read as one number and as an array", node)
            return self.length(memory.name)
        return memory.get(place.offset, kind.size, node)

    def counts(self, name: str) -> bool:
        """Return whether a pointer to a whole number is how a length is given: it is read through `*n` alone."""
        name = self.written(name)
        return name not in self.usage.moved and name in self.usage.counting

    def members(self, name: str, record: Record) -> Iterator[tuple[str, dict[At, Polynomial]]]:
        """Yield what a struct holds that the text made: the elements of each member."""
        for field in record.type.fields:
            place = record.member(field, None)
            value = place.get() if isinstance(place, Variable) else self.load(place, None)
            cells: dict[At, Polynomial] = {}
            if isinstance(value, Pointer) and (value.memory.copied or not value.memory.given):
                cells = self.array_left(value, record.type.fields[field])
            elif isinstance(value, (int, Fraction, Polynomial)):
                cells = {(): polynomial(value)}
            if cells:
                said = f"{name}_{field}"
                self.renamed[said] = f"{name}.{field}"
                yield said, cells

    def array_left(self, pointer: Pointer, kind: CType) -> dict[At, Polynomial]:
        """Return the elements of an array in a struct that was written, by position; none where it was not."""
        memory, unit = pointer.memory, scalar_size(kind)
        lengths: list[int] = []
        while isinstance(kind, ArrayType) and kind.length is not None:
            lengths.append(kind.length)
            kind = kind.of
        if not memory.cells or not lengths:
            return {}
        places = {
            at: n for n, at in enumerate(product(*(range(one) for one in lengths))) if memory.given or n in memory.cells
        }
        return {at: polynomial(memory.get(n * unit, unit, None)) for at, n in places.items()}

    def row(self, place: Pointer, kind: PointerType, node: object) -> Any:
        """Return the pointer that stands in memory; an array of pointers that is given holds rows of its own."""
        memory = place.memory
        index = memory.place(place.offset, kind.size, node)
        if index not in memory.cells and memory.given:
            memory.cells[index] = self.given(memory.name, kind, memory.at(index))
        return memory.get(place.offset, kind.size, node)

    def store(self, place: Location, value: Any, source: Any, node: object) -> None:
        """Write a value that `source` computes where a location is. Raises Refusal."""
        kind = place.type if isinstance(place, Variable) else place.to
        if type(value) is Polynomial and type(kind) is Arithmetic and not kind.whole:
            if isinstance(place, Variable):
                place.set(value)
            else:
                place.memory.read_as(kind, node)
                place.memory.set(place.offset, kind.size, value, node)
            return
        if isinstance(kind, RecordType):
            copy = self.copied(value, node)
            target = place.get() if isinstance(place, Variable) else self.record_at(place, node)
            for name, one in kind.fields.items():
                self.store(
                    target.member(name, node), self.load(copy.member(name, node), node), source, node
                ) if not isinstance(one, ArrayType) else None
            return
        if isinstance(kind, ArrayType):
            raise Refusal("EL802", "an array cannot be assigned to", node)
        value = self.converted(value, kind, source)
        if isinstance(place, Variable):
            place.set(value)
            return
        if isinstance(kind, Arithmetic) and not isinstance(value, (Pointer, Record)):
            value = polynomial(value)
            place.memory.read_as(kind, node)
        elif isinstance(kind, Arithmetic):
            raise Refusal("EL813", "one number is needed here", node)
        place.memory.set(place.offset, kind.size, value, node)

    def assignment(self, node: c.Assignment) -> Any:
        """Write a value, and return it."""
        if node.op == "=":
            value = self.value(node.rvalue)
            self.store(self.location(node.lvalue), value, node.rvalue, node.lvalue)
            return value
        place = self.location(node.lvalue)
        before = self.load(place, node.lvalue)
        value = binary(
            node.op[:-1], before, self.value(node.rvalue), node,
            lambda: self.is_whole(node.lvalue) and self.is_whole(node.rvalue),
        )  # fmt: skip
        self.store(place, value, node.rvalue, node.lvalue)
        return value

    def call(self, node: c.FuncCall) -> Any:
        """Return what a call gives: of a function of the text, or of one that is known."""
        name = node.name.name if isinstance(node.name, c.ID) else ""
        function = self.tree.functions.get(name)
        nodes = list(node.args.exprs) if node.args else []
        if function is not None:
            parameters = [one for one in (function.decl.type.args.params if function.decl.type.args else ())
                          if getattr(one, "name", None) is not None]  # fmt: skip
            if len(parameters) != len(nodes):
                raise Refusal("EL802", f"{name} takes {len(parameters)} arguments", node)
            return self.body(
                function, [self.passed(one, given) for one, given in zip(parameters, nodes, strict=True)], node
            )
        if name in CALLS:
            return CALLS[name](self, node, nodes)
        if name in NOT_LINEAR:
            raise Refusal("EL807", f"{name} is neither a sum nor a product", node, NOT_LINEAR[name])
        raise Refusal("EL803", f"what {name or 'this'} does is not known", node, "give its definition in the same text")

    def passed(self, parameter: c.Decl, node: Any) -> Variable:
        """Return an argument as its parameter holds it."""
        kind = self.type_of(parameter.type)
        value = self.value(node)
        if isinstance(kind, ArrayType):
            kind = PointerType(kind.of)
        if isinstance(kind, RecordType):
            return Variable(kind, self.copied(value, node))
        return Variable(kind, self.converted(value, kind, node))
