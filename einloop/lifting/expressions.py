"""Expressions of a Python text, run on polynomials: numbers, elements, whole arrays, lists; never executed."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import e, isfinite, pi, prod
from typing import Any

from ..core.effort import TooMuchError, spend
from ..core.polynomial import Polynomial, polynomial
from .access import Index
from .arithmetic import RING, arithmetic, number_of
from .conditions import Conditions
from .extents import quotient
from .grids import Grid
from .known import Unknown, unknown
from .lists import NO_ARITHMETIC, ListRow, joined, repeated
from .operators import is_scalar, names_alone, operated, root_of, transpose_of
from .scopes import LIBRARIES, OF_ARRAYS, Function, Scope, Time
from .shapes import matmul
from .sizes import Extent, Refusal, too_long
from .values import Part, Store, is_list

MAX_STEPS = 200_000
"""Statements and expressions that one run evaluates."""
STEPS = 128
"""Steps that are counted at a time."""
STEP = 4
"""The work of one step."""
CONSTANTS: Mapping[str, Any] = {"newaxis": None, "False_": False, "True_": True, "pi": pi, "e": e}
SAME = frozenset({"dtype", "device", "kind", "name"})
"""Attributes that say of what type a thing is, which no einsum depends on."""
KINDS = frozenset({"int", "float", "complex", "bool", "object"})
KIND = "dtype"
"""What stands for every type of elements."""


class Expressions(Conditions):
    """Conditions and arrays, and the expressions that are made of them."""

    scope: Scope
    counting: frozenset[str]
    lengths: frozenset[int]
    """Numbers of the text that stand for any length: too long to be run."""
    libraries: set[str]
    """Names that imports give to libraries whose functions are known."""
    asked: dict[str, None]
    """Lengths that were asked for by name."""
    bits: dict[bool, ast.AST]
    """A place where elements meet the operators of bits (True), and one where they are added (False)."""

    @abstractmethod
    def call(self, node: ast.Call) -> Any:
        """Return what a call gives."""

    @abstractmethod
    def applied(self, function: Function, passed: Sequence[Any], node: ast.AST) -> Any:
        """Return what a function of the text gives for these arguments."""

    @abstractmethod
    def note(self, text: str) -> None:
        """Take note of something that is to be known of the result."""

    @abstractmethod
    def assign(self, target: ast.expr, value: Any) -> None:
        """Give a target a value."""

    def step(self, node: ast.AST) -> None:
        """Count one more statement or expression."""
        self.clock += 1
        if self.clock > self.paid:
            self.pay(node)

    def pay(self, node: ast.AST) -> None:
        """Count the work of the next steps. Raises Refusal where they are too many."""
        self.paid += STEPS
        try:
            spend(STEPS * STEP)
        except TooMuchError:
            raise too_long(node) from None
        if self.clock > MAX_STEPS:
            raise too_long(node)

    def value(self, node: ast.expr) -> Any:
        """Return what an expression is."""
        self.clock += 1
        if self.clock > self.paid:
            self.pay(node)
        handler = HANDLERS.get(type(node))
        if handler is None:
            raise Refusal("EL802", f"{UNREAD.get(type(node), 'this')} is not arithmetic on arrays", node)
        return handler(self, node)

    def constant(self, node: ast.Constant) -> Any:
        """Return a number, or what else is written out."""
        value = node.value
        if type(value) is int and value in self.lengths:
            return self.sizes[str(value)]
        if isinstance(value, float) and not isfinite(value):
            raise Refusal("EL816", "this number is too large", node)
        return value

    def name(self, name: str, node: ast.AST | None = None) -> Any:
        """Return the value of a name: one that nothing was assigned to is an input."""
        scope = self.scope if name in self.scope.names else self.scope.find(name)
        if scope is None and name in KINDS:
            return KIND
        if scope is None:
            if name in self.scope.local:
                raise Refusal("EL802", f"{name} is read before it has a value", node)
            scope = self.scope
            while scope.around is not None:
                scope = scope.around
            scope.names[name] = (
                self.asked_for(name) if name in self.counting and not self.ranks.get(name) else self.given(name)
            )
        scope.read[name] = self.clock
        value = scope.names[name]
        if isinstance(value, Grid):
            self.current(value, name, node)
        return value

    def asked_for(self, name: str) -> int:
        """Return a length that the text was given by name."""
        self.asked[name] = None
        return self.sizes[name]

    def spread(self, node: ast.expr) -> Iterator[Any]:
        """Yield the value of an argument, those of a starred one each."""
        if isinstance(node, ast.Starred):
            yield from self.items(self.value(node.value), node)
        else:
            yield self.value(node)

    def listed_out(self, node: ast.List | ast.Tuple) -> Any:
        """Return a list or a tuple that is written out."""
        found = [item for part in node.elts for item in self.spread(part)]
        return ListRow.of(found) if isinstance(node, ast.List) else tuple(found)

    def library(self, node: ast.expr, attribute: str = "") -> bool:
        """Return whether an expression is a library's name, as in `np.linalg`; `attribute` is what is asked of it."""
        while isinstance(node, ast.Attribute):
            node = node.value
        if not isinstance(node, ast.Name) or (node.id == "F" and attribute in OF_ARRAYS):
            return False
        return node.id in self.libraries or (node.id in LIBRARIES and self.scope.find(node.id) is None)

    def attribute(self, owner: ast.expr, attribute: str, node: ast.AST) -> Any:
        """Return an attribute of an array: its shape, its transpose, how many axes it has."""
        if self.library(owner, attribute):
            return CONSTANTS.get(attribute, attribute)
        value = self.value(owner)
        if attribute in SAME and isinstance(value, (str, Store, Part, Grid)):
            return KIND
        if attribute in {"shape", "ndim"}:
            shape = self.shape(value, node)
            if attribute == "ndim" and isinstance(shape, Unknown):
                raise unknown(shape.part.store.name, node)
            return shape if attribute == "shape" else len(shape)
        match attribute:
            case "T" | "mT" | "H" | "mH":
                self.whole_needed(value, node)
                return self.viewed(transpose_of(self, value, attribute, node), self.shared(value))
            case "size":
                return prod(self.grid(value, node).shape)
            case "real":
                return value
        hint = f"pass it as an argument: {attribute}" if isinstance(owner, ast.Name) and owner.id == "self" else ""
        raise Refusal("EL803", f"what .{attribute} is here is not known", node, hint=hint)

    # operators

    def binary(self, op: ast.operator, left: Any, right: Any, node: ast.AST) -> Any:
        """Return the result of an operator between numbers, elements, lists or whole arrays."""
        if type(left) is Polynomial and type(right) is Polynomial and False in self.bits and type(op) in RING:
            return RING[type(op)](left, right)
        return self.between(op, left, right, node)

    def between(self, op: ast.operator, left: Any, right: Any, node: ast.AST) -> Any:  # noqa: PLR0911  kinds of values
        """Return what `binary` does where it takes a longer look."""
        if (is_list(left) or is_list(right)) and not (_array(left) or _array(right)):
            raise Refusal("EL802", NO_ARITHMETIC, node, hint="np.array makes an array of a list")
        for one, other in ((left, right), (right, left)):
            if isinstance(one, list) and isinstance(other, int) and isinstance(op, ast.Mult):
                return repeated(one, other, node)
            if self.lists and isinstance(one, list) and isinstance(other, (Store, Part, Polynomial)):
                raise Refusal("EL802", NO_ARITHMETIC, node, hint="np.array makes an array of a list")
        if isinstance(op, ast.Add) and isinstance(left, list) and isinstance(right, list):
            return joined(left, right, node)
        if isinstance(op, ast.Add) and isinstance(left, tuple) and isinstance(right, tuple):
            return left + right
        if isinstance(op, ast.MatMult):
            one = self.grid(left, getattr(node, "left", node))
            other = self.grid(right, getattr(node, "right", node))
            return self.fitted(lambda: matmul(one, other), node)
        if isinstance(left, Time) or isinstance(right, Time):
            return Time()
        a = self.operand(left, getattr(node, "left", node))
        divisor = self.one_number(right) if isinstance(op, ast.Div) else right
        b = self.operand(divisor, getattr(node, "right", node))
        if isinstance(a, Grid) or isinstance(b, Grid):
            self.beside(a, right, getattr(node, "right", node))
            self.beside(b, left, getattr(node, "left", node))
            if self.lists and isinstance(op, (ast.Add, ast.Mult)):
                self.not_lists(a, left)
                self.not_lists(b, right)
            for one, other in ((a, b), (b, a)) if isinstance(op, (ast.Add, ast.Sub)) else ():
                if isinstance(one, Polynomial) and isinstance(other, Grid) and other.rank:
                    self.elements_known(one, node)
            one, other = self.grid(a, node), self.grid(b, node)
            numbers = [grid.constant for grid in (one, other) if grid.constant is not None]
            self.kept_apart(op, numbers, node)
            found = self.fitted(lambda: operated(op, one, other), node)
            return found if found.rank or self.arrays_only else self.fitted(lambda: found.cells[0], node)
        return self.combined(op, a, b, node)

    def one_number(self, value: Any) -> Any:
        """Return a value; an array of unknown rank is one number where quotients and roots of arrays are refused."""
        if self.arrays_only and isinstance(value, Store) and value.given and self.left(Part(value)) is None:
            self.ranked(value, 0)
            self.note(f"{value.name} is one number")
        return value

    def beside(self, whole: Any, value: Any, node: ast.AST) -> None:
        """Refuse a name of which nothing says whether it is one number or an array, next to an array with axes."""
        if self.lists or not (isinstance(whole, Grid) and whole.rank and isinstance(value, Store)):
            return
        if value.given and value.shape is None and not self.named.get(value.name):
            raise unknown(value.name, node)

    def not_lists(self, whole: Any, value: Any) -> None:
        """Take note in plain Python that an array, or a row of one, has arithmetic: it would be another for a list."""
        store = value.store if isinstance(value, Part) else value
        if isinstance(whole, Grid) and whole.rank and isinstance(store, Store) and store.given:
            self.note(f"right where {store.name} is an array: {NO_ARITHMETIC}")

    def combined(self, op: ast.operator, a: Any, b: Any, node: ast.AST) -> Any:
        """Return the result of an operator between two numbers or elements; bits and sums do not mix."""
        if (isinstance(a, Polynomial) or isinstance(b, Polynomial)) and not self.summed(op):
            self.kept_apart(op, [number_of(n) for n in (a, b) if number_of(n) is not None], node)
        if isinstance(op, ast.Pow) and b in (Fraction(1, 2), -Fraction(1, 2)) and is_scalar(a):
            return arithmetic(ast.Div(), 1, root_of(a, node), node) if b < 0 else root_of(a, node)
        if isinstance(op, ast.FloorDiv) and self.splits and isinstance(a, Extent) and isinstance(b, int):
            return self.divided(a, b)
        if isinstance(op, (ast.FloorDiv, ast.Mod)) and isinstance(a, int) and isinstance(b, int) and b > 0:
            self.comparisons.met(node, "<", a, b)
        return arithmetic(op, a, b, node)

    def summed(self, op: ast.operator) -> bool:
        """Return whether elements are known to be numbers, and an operator says nothing else."""
        return False in self.bits and not isinstance(op, (ast.BitOr, ast.BitAnd))

    def divided(self, length: Extent, by: int) -> int:
        """Return a quotient of lengths in a text that splits axes: it leaves no rest. Raises Composed to make it so."""
        found = quotient(length, [by])
        return self.sizes[found.key] if isinstance(found, Extent) else found

    def kept_apart(self, op: ast.operator, numbers: Sequence[Any], node: ast.AST) -> None:
        """Take note whether elements are truth values or numbers here, by the operator and the numbers beside it."""
        if isinstance(op, (ast.BitOr, ast.BitAnd)):
            if any(number not in ((0,) if isinstance(op, ast.BitOr) else (0, 1)) for number in numbers):
                raise Refusal("EL807", "a bitwise operation on numbers is not a sum of products", node)
            self.bits.setdefault(True, node)
        elif not (isinstance(op, ast.Mult) and all(number in (0, 1) for number in numbers)) and (
            not isinstance(op, ast.Add) or not numbers or any(numbers)
        ):
            self.bits.setdefault(False, node)

    def operation(self, node: ast.BinOp) -> Any:
        """Return what an operator gives."""
        left = self.value(node.left)
        if isinstance(node.op, ast.Div) and self.arrays_only:
            for name in names_alone(node.right):
                self.one_number(self.value(name))
        right = self.value(node.right)
        if isinstance(node.op, ast.MatMult):
            self.whole_needed(left, node.left)
            self.whole_needed(right, node.right)
        return self.binary(node.op, left, right, node)

    def unary(self, node: ast.UnaryOp) -> Any:
        """Return what a sign gives; `not` of what is a number is a number."""
        if isinstance(node.op, ast.Not):
            return not self.truth(node.operand)
        value = self.value(node.operand)
        if isinstance(node.op, ast.UAdd):
            return value
        if isinstance(node.op, ast.USub) and not isinstance(value, (list, tuple)):
            return -value if isinstance(value, int) else self.binary(ast.Mult(), -1, value, node)
        raise Refusal("EL807", "this operation is neither a sum nor a product", node)

    def logical(self, node: ast.BoolOp) -> Any:
        """Return `and` and `or`: of elements, which are truth values then, or of conditions."""
        values = [self.value(part) for part in node.values]
        if not any(isinstance(value, (Polynomial, Store, Part)) for value in values):
            return self.truth(node)
        op: ast.operator = ast.BitAnd() if isinstance(node.op, ast.And) else ast.BitOr()
        result = self.scalar(values[0], node)
        for value in values[1:]:
            result = polynomial(self.combined(op, result, self.scalar(value, node), node))
        return result

    def chosen(self, node: ast.IfExp) -> Any:
        """Return what a conditional expression chooses; between types it chooses none."""
        if isinstance(node.test, ast.Compare):
            sides = [self.value(part) for part in (node.test.left, *node.test.comparators)]
            if any(isinstance(side, str) for side in sides):
                choices = self.value(node.body), self.value(node.orelse)
                if all(isinstance(choice, str) for choice in choices):
                    return KIND
        return self.value(node.body if self.truth(node.test) else node.orelse)

    # subscripts

    def index(self, node: ast.expr) -> Index:
        """Return the indices of a subscript: whole numbers, None for a whole axis, other slices, "new", "..."."""
        found: list[Any] = []
        names, read = self.scope.names, self.scope.read
        for part in node.elts if isinstance(node, ast.Tuple) else [node]:
            if type(part) is ast.Name:  # most are
                value = names.get(part.id)
                if type(value) is Extent or type(value) is int:
                    read[part.id] = self.clock
                    found.append(value)
                    continue
                value = self.name(part.id, part)
                if isinstance(value, int):
                    found.append(value)
                    continue
            match part:
                case ast.Slice(lower=None, upper=None, step=None):
                    found.append(None)
                case ast.Slice(lower=lower, upper=upper, step=step):
                    found.append(slice(*(None if x is None else self.whole(x) for x in (lower, upper, step))))
                case ast.Constant(value=value) if value is None or value is Ellipsis:
                    found.append("new" if value is None else "...")
                case ast.Starred(value=inner):
                    found += [self.whole(part, i) for i in self.items(self.value(inner), part)]
                case _:
                    value = self.value(part)
                    if isinstance(value, tuple):
                        found += [self.whole(part, i) for i in value]
                        continue
                    found.append("new" if value is None else self.whole(part, value))
        return tuple(found)

    def whole(self, node: ast.expr, value: Any = ...) -> int:
        """Return an expression as a whole number."""
        value = self.value(node) if value is ... else value
        if isinstance(value, Fraction) and value.denominator == 1:
            value = int(value)
        if isinstance(value, (Store, Part, Polynomial, Grid)):
            raise Refusal("EL806", "an element of an array cannot be an index here", node)
        if not isinstance(value, int) or isinstance(value, bool):
            raise Refusal("EL802", "an index is a whole number", node)
        return value

    def subscript(self, node: ast.Subscript) -> Any:
        """Return a part of an array or of a list."""
        owner, index = self.value(node.value), self.index(node.slice)
        place = self.element_at(owner, index)
        return self.part(owner, index, node) if place is None else place[0].get(place[1], self.site(node))


HANDLERS: Mapping[type[ast.expr], Callable[[Any, Any], Any]] = {
    ast.Constant: Expressions.constant,
    ast.Name: lambda run, node: run.name(node.id, node),
    ast.BinOp: Expressions.operation,
    ast.UnaryOp: Expressions.unary,
    ast.Subscript: Expressions.subscript,
    ast.Attribute: lambda run, node: run.attribute(node.value, node.attr, node),
    ast.Call: lambda run, node: run.call(node),
    ast.ListComp: lambda run, node: run.listed_comprehension(node),
    ast.GeneratorExp: lambda run, node: run.listed_comprehension(node),
    ast.List: Expressions.listed_out,
    ast.Tuple: Expressions.listed_out,
    ast.IfExp: Expressions.chosen,
    ast.BoolOp: Expressions.logical,
    ast.Compare: lambda run, node: run.truth(node),
    ast.Lambda: lambda run, node: run.function_of(node),
    ast.JoinedStr: lambda run, node: "",
}
"""What each kind of expression is."""
UNREAD: Mapping[type[ast.expr], str] = {
    ast.Dict: "a dictionary", ast.Set: "a set", ast.DictComp: "a dictionary", ast.SetComp: "a set",
    ast.NamedExpr: "a name inside of an expression", ast.Await: "await", ast.Yield: "yield", ast.YieldFrom: "yield",
}  # fmt: skip


def _array(value: Any) -> bool:
    """Return whether a value is an array of numpy's."""
    return isinstance(value, (Store, Part, Grid)) and not is_list(value) and getattr(value, "rank", None) != 0
