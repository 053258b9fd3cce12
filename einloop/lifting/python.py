"""Python text run on polynomials: what every element of every array is at the end, in elements of the inputs.

The text is never run: its syntax tree is walked, and only what stands here and in `functions` is understood; all else is
refused with its place. Lengths are small and differ, so that the text cannot take one for another unnoticed.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..core.polynomial import Polynomial
from .grids import Grid, Unfit, elementwise, made, matmul, sliced, transposed
from .sizes import Extent, Key, Refusal, Sizes, Unequal
from .values import Part, Store, as_grid, site_of

MAX_STEPS = 400_000
"""Statements and expressions that one run evaluates: about a second."""
MAX_POWER = 8

NUMBERS = (int, float, complex, Fraction)
COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip
LIBRARIES = frozenset({"np", "numpy", "torch", "jnp", "opt_einsum", "oe", "einops", "math"})


class Returned(Exception):
    """A function's `return`."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


class Unknown:
    """The shape of an array whose number of axes is not known: each length as it is asked for."""

    def __init__(self, run: Run, part: Part) -> None:
        self.run, self.part = run, part

    def __getitem__(self, axis: int) -> int:
        if axis < 0:
            raise Refusal("EL812", f"how many axes {self.part.store.name} has is not known", hint="give its shape")
        return self.run.sizes[self.part.store.name, self.part.axis(axis)]


class Run:
    """One run of a text.

    `ranks`: how many axes arrays have, as far as an earlier run or a person says it. `odd`: places where what is done
    depends on the values of indices, which is why no einsum may come out. `call` says what a call gives.
    """

    def __init__(
        self, tree: ast.Module, sizes: Sizes, ranks: Mapping[str, int], call: Callable[[Run, ast.Call], Any]
    ) -> None:
        self.sizes, self.ranks, self.call = sizes, ranks, call
        self.counting = counting(tree)
        self.names: dict[str, Any] = {}
        self.stores: dict[str, Store] = {}
        self.functions: dict[str, ast.FunctionDef] = {}
        self.odd: list[ast.AST] = []
        self.along: dict[tuple[str, int], dict[Key, None]] = {}
        """For each axis the lengths of the loops that index it."""
        self.steps = 0

    def run(self, body: Sequence[ast.stmt]) -> None:
        """Run statements in order."""
        for node in body:
            self.step(node)
            self.statement(node)

    def step(self, node: ast.AST) -> None:
        """Count one more statement or expression."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise Refusal("EL816", "this takes more steps than are looked at", node)

    def statement(self, node: ast.stmt) -> None:
        """Run one statement."""
        match node:
            case ast.Expr(value=ast.Constant()) | ast.Pass() | ast.Import() | ast.ImportFrom():
                pass
            case ast.Expr(value=ast.Call() as call):
                self.value(call)
            case ast.Assign(targets=targets, value=value):
                found = self.value(value)
                for target in targets:
                    self.assign(target, found)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self.assign(target, self.value(value))
            case ast.AugAssign(target=target, op=op, value=value):
                self.assign(target, self.binary(op, self.value(_loaded(target)), self.value(value), node))
            case ast.For(target=target, iter=over, body=body, orelse=[]):
                for item in self.items(self.value(over), over):
                    self.assign(target, item)
                    self.run(body)
            case ast.If(test=test, body=[ast.Raise()], orelse=[]):
                self.guard(test)
            case ast.If(test=test, body=body, orelse=other):
                self.odd.append(test)
                self.run(body if self.truth(test) else other)
            case ast.Assert(test=test):
                self.guard(test)
            case ast.FunctionDef():
                self.functions[node.name] = node
            case ast.Return(value=value):
                raise Returned(None if value is None else self.value(value))
            case ast.While():
                raise Refusal("EL804", "a while loop may never end", node, hint="write it as a for loop over a range")
            case _:
                raise Refusal("EL802", "this is neither a loop nor arithmetic", node)

    def guard(self, test: ast.expr) -> None:
        """Look at a check of the inputs: lengths that it compares are one, all else is not looked at."""
        for node in ast.walk(test):
            if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
                if isinstance(node.left, ast.Attribute) and node.left.attr == "ndim":
                    self.ranked(self.value(node.left.value), self.value(node.comparators[0]))
                    continue
                try:
                    left, right = self.value(node.left), self.value(node.comparators[0])
                except Refusal:
                    continue
                if isinstance(left, Extent) and isinstance(right, Extent) and left != right:
                    raise Unequal(left.key, right.key)

    def ranked(self, value: Any, rank: Any) -> None:
        """Take note of how many axes an array has."""
        if isinstance(value, Store) and value.shape is None and isinstance(rank, int):
            value.shape = tuple(self.sizes[value.name, axis] for axis in range(rank))

    # targets

    def assign(self, target: ast.expr, value: Any) -> None:
        """Give a target a value."""
        match target:
            case ast.Name(id=name):
                if isinstance(value, Store) and not value.name:
                    value.name = name
                    self.stores[name] = value
                self.names[name] = value
            case ast.Tuple(elts=parts) if isinstance(value, Unknown):
                if any(isinstance(part, ast.Starred) for part in parts):
                    value[-1]
                store = value.part.store
                self.ranked(store, len(value.part.at) + len(parts))
                self.assign(target, self.shape(value.part, target))
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                values = list(self.items(value, target))
                stars = [n for n, part in enumerate(parts) if isinstance(part, ast.Starred)]
                if stars and len(values) >= len(parts) - 1:
                    end = stars[0] + len(values) - len(parts) + 1
                    values[stars[0] : end] = [values[stars[0] : end]]
                    parts = [part.value if isinstance(part, ast.Starred) else part for part in parts]
                if len(values) != len(parts):
                    raise Refusal("EL813", f"{len(parts)} names for {len(values)} values", target)
                for part, one in zip(parts, values, strict=True):
                    self.assign(part, one)
            case ast.Subscript(value=owner, slice=index):
                self.put(self.value(owner), self.index(index), value, target)
            case _:
                raise Refusal("EL802", "this cannot be assigned to here", target)

    def put(self, owner: Any, index: tuple[Any, ...], value: Any, node: ast.AST) -> None:
        """Write an element, or a whole part, of an array or a list."""
        if isinstance(owner, list) and len(index) == 1 and isinstance(index[0], int):
            owner[index[0]] = value
            return
        part = Part(owner) if isinstance(owner, Store) else owner
        if not isinstance(part, Part) or any(i is not None and not isinstance(i, int) for i in index):
            raise Refusal("EL802", "elements of this cannot be written", node)
        part = part.fixed(index)
        self.inside(part, node)
        shape = part.store.shape
        if shape is None or (len(shape) == len(part.at) and None not in part.at):
            part.store.cells[tuple(i for i in part.at if i is not None)] = self.scalar(value, node)
            return
        free = [shape[part.axis(axis)] for axis in range(part.rank or 0)]
        block = self.grid(value, node)
        wide = elementwise(lambda a, b: b, made(free, lambda at: Polynomial.number(0)), block)
        for at, cell in zip(places(free), wide.cells, strict=True):
            part.store.cells[tuple(i for i in part.fixed(at).at if i is not None)] = cell

    # values

    def value(self, node: ast.expr) -> Any:
        """Return what an expression is."""
        self.step(node)
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return self.name(name)
            case ast.BinOp(left=left, op=op, right=right):
                return self.binary(op, self.value(left), self.value(right), node)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self.binary(ast.Mult(), -1, self.value(operand), node)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.value(operand)
            case ast.Subscript(value=owner, slice=index):
                return self.part(self.value(owner), self.index(index), node)
            case ast.Attribute(value=owner, attr=attribute):
                return self.attribute(owner, attribute, node)
            case ast.Call():
                return self.call(self, node)
            case (
                ast.ListComp(elt=element, generators=generators) | ast.GeneratorExp(elt=element, generators=generators)
            ):
                return list(self.comprehension(element, generators))
            case ast.List(elts=parts):
                return [item for part in parts for item in self.spread(part)]
            case ast.Tuple(elts=parts):
                return tuple(item for part in parts for item in self.spread(part))
            case ast.IfExp(test=test, body=body, orelse=other):
                self.odd.append(test)
                return self.value(body if self.truth(test) else other)
            case _:
                raise Refusal("EL802", "this is no arithmetic on arrays", node)

    def spread(self, node: ast.expr) -> Iterator[Any]:
        """Yield the value of an argument, those of a starred one each."""
        if isinstance(node, ast.Starred):
            yield from self.items(self.value(node.value), node)
        else:
            yield self.value(node)

    def name(self, name: str) -> Any:
        """Return the value of a name: one that nothing was assigned to is an input."""
        if name not in self.names:
            if name in self.counting:
                self.names[name] = self.sizes[name]
            else:
                rank = self.ranks.get(name)
                shape = None if rank is None else tuple(self.sizes[name, axis] for axis in range(rank))
                self.names[name] = self.stores[name] = Store(name, given=True, shape=shape)
        return self.names[name]

    def attribute(self, owner: ast.expr, attribute: str, node: ast.AST) -> Any:
        """Return an attribute of an array: its shape, its transpose, how many axes it has."""
        if isinstance(owner, ast.Name) and owner.id in LIBRARIES and owner.id not in self.names:
            return {"newaxis": None, "False_": 0, "True_": 1}.get(attribute, attribute)
        value = self.value(owner)
        match attribute:
            case "shape":
                return self.shape(value, node)
            case "T" | "mT":
                grid = self.grid(value, node)
                if attribute == "mT" and grid.rank > 1:
                    return transposed(grid, (*range(grid.rank - 2), grid.rank - 1, grid.rank - 2))
                return transposed(grid)
            case "ndim":
                return len(self.shape(value, node))
            case "size":
                return len(self.grid(value, node).cells)
            case "dtype" | "real" | "device":
                return attribute
            case _:
                raise Refusal("EL803", f"what .{attribute} is here is not known", node)

    def binary(self, op: ast.operator, left: Any, right: Any, node: ast.AST) -> Any:
        """Return the result of an operator between numbers, elements or whole arrays."""
        for one, other in ((left, right), (right, left)):
            if isinstance(one, list) and isinstance(other, int) and isinstance(op, ast.Mult):
                return [item for _ in range(other) for item in one]
        if isinstance(op, ast.Add) and type(left) is type(right) and isinstance(left, (list, tuple)):
            return left + right
        if isinstance(op, ast.MatMult):
            one, other = self.grid(left, node), self.grid(right, node)
            return self.fitted(lambda: matmul(one, other), node)
        a, b = self.operand(left, node), self.operand(right, node)
        if isinstance(a, Grid) or isinstance(b, Grid):
            one, other = self.grid(a, node), self.grid(b, node)
            return self.fitted(
                lambda: elementwise(lambda x, y: _scalar(self.arithmetic(op, x, y, node)), one, other), node
            )
        return self.arithmetic(op, a, b, node)

    def arithmetic(self, op: ast.operator, a: Any, b: Any, node: ast.AST) -> Any:
        """Return the result of an operator between numbers and polynomials."""
        whole = isinstance(a, int) and isinstance(b, int)
        match op:
            case ast.Add():
                return a + b
            case ast.Sub():
                return a - b
            case ast.Mult():
                return a * b
            case ast.BitOr() if not whole:
                return a + b
            case ast.BitAnd() if not whole:
                return a * b
            case ast.Div():
                return quotient(a, b, node)
            case ast.Pow() if isinstance(b, int) and 0 <= b <= MAX_POWER:
                result: Any = 1
                for _ in range(b):
                    result = result * a
                return result
            case ast.FloorDiv() if whole and b:
                return a // b
            case ast.Mod() if whole and b:
                return a % b
            case _:
                raise Refusal("EL807", "this operation is neither a sum nor a product", node)

    def operand(self, value: Any, node: ast.AST) -> Any:
        """Return what takes part in arithmetic: a number, a polynomial, or a grid of some rank."""
        if isinstance(value, bool):
            return int(value)
        if isinstance(value, (*NUMBERS, Polynomial, Grid)):
            return value
        part = Part(value) if isinstance(value, Store) else value
        if (isinstance(part, Part) and part.rank not in (None, 0)) or isinstance(value, list):
            return self.grid(value, node)
        return self.scalar(part, node)

    def scalar(self, value: Any, node: ast.AST) -> Polynomial:
        """Return one element or number."""
        if isinstance(value, Grid) and not value.rank:
            return value.cells[0]
        if isinstance(value, (*NUMBERS, Polynomial)):
            return _scalar(value)
        part = Part(value) if isinstance(value, Store) else value
        if not isinstance(part, Part) or None in part.at or part.rank:
            raise Refusal("EL813", "one number is needed here", node)
        at = tuple(i for i in part.at if i is not None)
        return part.store.get(at, site_of(node))

    def grid(self, value: Any, node: ast.AST) -> Grid:
        """Return a whole array."""
        found = as_grid(value, site_of(node))
        if found is None:
            store = value if isinstance(value, Store) else value.store if isinstance(value, Part) else None
            if store is None:
                raise Refusal("EL802", "this is no array", node)
            raise Refusal(
                "EL812",
                f"how many axes {store.name} has is not known",
                node,
                hint=f"give its shape: -s {store.name}=2x3",
            )
        return found

    def fitted(self, make: Callable[[], Any], node: ast.AST) -> Any:
        """Return what `make` gives; what does not fit is refused with this place."""
        try:
            return make()
        except Unfit as error:
            raise Refusal("EL813", str(error), node) from None

    # parts of arrays

    def index(self, node: ast.expr) -> tuple[Any, ...]:
        """Return the indices of a subscript: whole numbers, None for a whole axis, other slices, "new", "..."."""
        found: list[Any] = []
        for part in node.elts if isinstance(node, ast.Tuple) else [node]:
            match part:
                case ast.Slice(lower=None, upper=None, step=None):
                    found.append(None)
                    continue
                case ast.Slice(lower=lower, upper=upper, step=step):
                    found.append(slice(*(None if x is None else self.whole(x) for x in (lower, upper, step))))
                    continue
                case ast.Constant(value=None):
                    found.append("new")
                    continue
                case ast.Constant(value=value) if value is Ellipsis:
                    found.append("...")
                    continue
            value = self.value(part)
            if value is None:
                found.append("new")
                continue
            if not isinstance(part, (ast.Name, ast.Constant)):
                self.odd.append(part)
            found.append(self.whole(part, value))
        return tuple(found)

    def whole(self, node: ast.expr, value: Any = ...) -> int:
        """Return an expression as a whole number."""
        value = self.value(node) if value is ... else value
        if isinstance(value, Fraction) and value.denominator == 1:
            value = int(value)
        if isinstance(value, (Store, Part, Polynomial, Grid)):
            raise Refusal("EL806", "an element of an array cannot be an index here", node)
        if not isinstance(value, int):
            raise Refusal("EL802", "an index is a whole number", node)
        return value

    def part(self, owner: Any, index: tuple[Any, ...], node: ast.AST) -> Any:
        """Return the part of an array, list, tuple or shape that a subscript names."""
        if isinstance(owner, Unknown):
            return owner[index[0]]
        if isinstance(owner, (list, tuple)) and isinstance(index[0], (int, slice)):
            try:
                found = owner[index[0]]
            except IndexError:
                raise Refusal("EL813", "outside of this list", node) from None
            return found if len(index) == 1 else self.part(found, index[1:], node)
        if not isinstance(owner, (Store, Part)) or any(i is not None and not isinstance(i, int) for i in index):
            return self.fitted(lambda: sliced(self.grid(owner, node), index), node)
        part = (Part(owner) if isinstance(owner, Store) else owner).fixed(index)
        self.inside(part, node)
        return part.store.get(tuple(i for i in part.at if i is not None), site_of(node)) if part.rank == 0 else part

    def inside(self, part: Part, node: ast.AST) -> None:
        """Refuse positions outside of an array."""
        store = part.store
        if any(i is not None and i < 0 for i in part.at):
            raise Refusal("EL813", "indices below zero are not read", node)
        for axis, i in enumerate(part.at):
            if isinstance(i, Extent) and store.given:
                self.along.setdefault((store.name, axis), {})[i.key] = None
        if store.shape is None:
            return
        if len(part.at) > len(store.shape):
            raise Refusal("EL802", f"{store.name} has {len(store.shape)} axes", node)
        for axis, (i, length) in enumerate(zip(part.at, store.shape, strict=False)):
            if i is not None and i >= length:
                if isinstance(length, Extent) and isinstance(i, Extent) and i.key != length.key and store.given:
                    raise Unequal(length.key, i.key)
                raise Refusal("EL813", f"{i} is outside of axis {axis} of {store.name}", node)

    def shape(self, value: Any, node: ast.AST) -> Any:
        """Return the lengths of an array, each when it is asked for where their number is unknown."""
        part = Part(value) if isinstance(value, Store) else value
        if isinstance(part, Part) and part.store.shape is None:
            return Unknown(self, part)
        return self.grid(value, node).shape

    def items(self, value: Any, node: ast.AST) -> Iterator[Any]:
        """Yield what a loop over a value goes through."""
        if isinstance(value, (list, tuple, range)):
            yield from value
        elif isinstance(value, (Store, Part)):
            part = Part(value) if isinstance(value, Store) else value
            for i in range(self.shape(part, node)[0]):
                yield self.part(part, (i,), node)
        elif isinstance(value, Grid) and value.rank:
            for i in range(value.shape[0]):
                yield sliced(value, (i,))
        else:
            raise Refusal("EL802", "this cannot be looped over", node)

    def comprehension(self, element: ast.expr, generators: Sequence[ast.comprehension]) -> Iterator[Any]:
        """Yield the elements of a comprehension."""
        if not generators:
            yield self.value(element)
            return
        first, *others = generators
        for item in self.items(self.value(first.iter), first.iter):
            self.assign(first.target, item)
            self.odd += first.ifs
            if all(self.truth(test) for test in first.ifs):
                yield from self.comprehension(element, others)

    def truth(self, node: ast.expr) -> bool:
        """Return whether a condition on numbers holds."""
        match node:
            case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in COMPARE for op in ops):
                values = [self.value(part) for part in (left, *others)]
                if not all(isinstance(value, (int, float, Fraction)) for value in values):
                    raise Refusal("EL805", "what is done depends on the elements of an array", node)
                pairs = zip(ops, values, values[1:], strict=False)
                return all(COMPARE[type(op)](a, b) for op, a, b in pairs)
            case ast.BoolOp(op=op, values=parts):
                return (all if isinstance(op, ast.And) else any)(self.truth(part) for part in parts)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not self.truth(operand)
            case _:
                raise Refusal("EL802", "this condition is not read", node)

    def function(self, function: ast.FunctionDef, arguments: Sequence[Any]) -> Any:
        """Return what a function of the text gives for these arguments."""
        outer, names = self.names, [argument.arg for argument in function.args.args]
        given = dict(zip(names, arguments, strict=False))
        for name, default in zip(names[::-1], function.args.defaults[::-1], strict=False):
            if name not in given:
                given[name] = self.value(default)
        self.names = given
        try:
            self.run(function.body)
        except Returned as done:
            return done.value
        finally:
            self.names = outer
        return None


def counting(tree: ast.AST) -> frozenset[str]:
    """Return the names that a text counts with: in ranges, indices, shapes, and in what these are made of."""
    found: set[str] = set()
    assigned: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in COUNTS:
            found |= set(_plain_names(node.args))
        elif isinstance(node, ast.Subscript):
            found |= set(_plain_names([node.slice]))
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    assigned.setdefault(target.id, []).append(node.value)
    waiting = list(found)
    while waiting:
        new = set(_plain_names(assigned.get(waiting.pop(), ()))) - found
        found |= new
        waiting += new
    return frozenset(found)


COUNTS = frozenset({"range", "zeros", "empty", "ones", "full", "reshape", "view"})


def _plain_names(nodes: Sequence[ast.AST]) -> Iterator[str]:
    """Yield the names in expressions that count, but for arrays whose length or shape is asked."""
    for node in nodes:
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Tuple, ast.List, ast.Slice)):
            yield from _plain_names(list(ast.iter_child_nodes(node)))
        elif isinstance(node, ast.Call) and called(node) in ("min", "max", "range"):
            yield from _plain_names(node.args)
        elif isinstance(node, ast.Subscript):
            yield from _plain_names([node.slice])


def called(node: ast.Call) -> str:
    """Return the last name of what a call calls."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _loaded(target: ast.expr) -> ast.expr:
    """Return a target as the expression that reads it."""
    loaded = ast.parse(ast.unparse(target), mode="eval").body
    for node in ast.walk(loaded):
        ast.copy_location(node, target)
    return loaded


def places(lengths: Sequence[int]) -> Iterator[tuple[int, ...]]:
    from itertools import product

    return product(*(range(n) for n in lengths))


def _scalar(value: Any) -> Polynomial:
    return value if isinstance(value, Polynomial) else Polynomial.number(value)


def quotient(a: Any, b: Any, node: ast.AST) -> Any:
    if isinstance(b, Polynomial) and b.constant is not None:
        b = b.constant
    if isinstance(b, Polynomial):
        if len(terms := b.terms()) == 1:
            ((factors, factor),) = terms.items()
            if len(factors) == 1 and factors[0][1] == ():
                return _scalar(a) * Polynomial.element(f"1/{factors[0][0]}") * (Fraction(1) / Fraction(factor))
        raise Refusal("EL807", "a quotient of elements is no sum of products", node)
    if not b:
        raise Refusal("EL807", "this divides by zero", node)
    if isinstance(b, complex) or isinstance(a, complex):
        return a / b
    inverse = Fraction(1) / Fraction(b)
    return a * inverse if isinstance(a, Polynomial) else Fraction(a) * inverse
