"""C functions run on polynomials: what every element that a pointer reaches is at the end, in elements of the inputs.

pycparser reads the text, nothing is compiled or run. A pointer is an array and a place in it, so that `*p++`, `a[i * n + j]`
and `a[i][j]` are one thing. Parameters that count are small numbers that differ; the others are inputs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pycparser import c_ast as c
from pycparser.c_parser import CParser, ParseError

from ..core.polynomial import Polynomial
from .computed import Cells, Computed
from .sizes import Refusal, Sizes
from .values import Store, site_of

MAX_STEPS = 400_000
WHOLE = frozenset({"int", "long", "short", "char", "unsigned", "signed", "size_t", "ssize_t", "ptrdiff_t", "bool", "_Bool"}
                  | {f"{sign}int{bits}_t" for sign in ("", "u") for bits in (8, 16, 32, 64)})  # fmt: skip
TYPES = "".join(f"typedef int {name};" for name in sorted(WHOLE) if name.endswith("_t") or name == "bool")
SAME = frozenset({"fabs"}) - {"fabs"}
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)
DIRECTIVE = re.compile(r"^[ \t]*#(?!\s*define)[^\n]*", re.M)
MACRO = re.compile(r"^[ \t]*#\s*define\s+(\w+)[ \t]+([^\n]+)$", re.M)
NOISE = re.compile(r"__restrict(__)?|__attribute__\s*\(\(.*?\)\)|\b__inline(__)?\b|\b__extension__\b")


@dataclass(frozen=True, slots=True)
class Pointer:
    """A place in an array, and the lengths of the axes that are still to be indexed beyond the first."""

    store: Store
    offset: int = 0
    rows: tuple[int, ...] = ()

    @property
    def stride(self) -> int:
        """How far one step goes."""
        size = 1
        for length in self.rows:
            size *= length
        return size

    def moved(self, steps: int) -> Pointer:
        """Return the pointer so many steps further."""
        return Pointer(self.store, self.offset + steps * self.stride, self.rows)


class Jump(Exception):
    """`break`, `continue` or `return`."""

    def __init__(self, kind: type[c.Node], value: Any = None) -> None:
        super().__init__()
        self.kind, self.value = kind, value


def parsed(text: str) -> c.FileAST:
    """Return the syntax tree of C text, every character where it was but for macros. Raises Refusal."""
    blank = lambda found: re.sub(r"[^\n]", " ", found.group())  # noqa: E731
    macros = dict(MACRO.findall(text))
    text = NOISE.sub(blank, MACRO.sub(blank, DIRECTIVE.sub(blank, COMMENT.sub(blank, text))))
    for _ in range(len(macros)):
        for name, value in macros.items():
            text = re.sub(rf"\b{name}\b", f"({value.strip()})", text)
    try:
        return CParser().parse(f"{TYPES}\n#line 1\n{text}")
    except ParseError as error:
        raise Refusal("EL801", f"this is no C that can be read: {error}") from None


class CRun:
    """One run of a C function."""

    def __init__(self, tree: c.FileAST, sizes: Sizes) -> None:
        self.sizes = sizes
        self.functions = {node.decl.name: node for node in tree.ext if isinstance(node, c.FuncDef)}
        self.scopes: list[dict[str, Any]] = [{}]
        self.stores: dict[str, Store] = {}
        self.steps = 0
        self.odd: list[c.Node] = []
        for node in tree.ext:
            if isinstance(node, c.Decl) and not isinstance(node.type, c.FuncDecl):
                self.statement(node)

    def main(self, name: str) -> Any:
        """Run a function on inputs of its own."""
        function = self.functions[name]
        given = {p.name: self.parameter(p) for p in (function.decl.type.args.params if function.decl.type.args else ())
                 if p.name is not None}  # fmt: skip
        return self.body(function, given)

    def parameter(self, node: c.Decl) -> Any:
        """Return what a parameter is: a pointer into an array of its own, a number that counts, or a scalar."""
        kind = node.type
        if isinstance(kind, (c.PtrDecl, c.ArrayDecl)):
            store = self.stores[node.name] = Store(node.name, given=True)
            return Pointer(store, 0, self.rows(kind.type))
        if _whole(kind):
            return self.sizes[node.name]
        return Polynomial.element(node.name)

    def rows(self, kind: c.Node) -> tuple[int, ...]:
        """Return the lengths of the axes after the first of an array's type."""
        found = []
        while isinstance(kind, c.ArrayDecl):
            found.append(self.whole(kind.dim))
            kind = kind.type
        if isinstance(kind, c.PtrDecl):
            raise Refusal("EL802", "an array of pointers", kind, "give rows one after the other")
        return tuple(found)

    def body(self, function: c.FuncDef, given: Mapping[str, Any]) -> Any:
        """Return what a function returns for these arguments."""
        outer, self.scopes = self.scopes, [self.scopes[0], dict(given)]
        try:
            self.statement(function.body)
        except Jump as jump:
            return jump.value
        finally:
            self.scopes = outer
        return None

    # statements

    def statement(self, node: c.Node | None) -> None:
        """Run a statement."""
        if node is None:
            return
        self.step(node)
        match node:
            case c.Compound():
                self.scopes.append({})
                for one in node.block_items or ():
                    self.statement(one)
                self.scopes.pop()
            case c.DeclList():
                for one in node.decls:
                    self.statement(one)
            case c.Decl():
                self.scopes[-1][node.name] = self.declared(node)
            case c.For():
                self.scopes.append({})
                self.statement(node.init)
                self.loop(node.cond, node.stmt, node.next)
                self.scopes.pop()
            case c.While():
                self.loop(node.cond, node.stmt, None)
            case c.DoWhile():
                self.statement(node.stmt)
                self.loop(node.cond, node.stmt, None)
            case c.If():
                self.odd.append(node.cond)
                self.statement(node.iftrue if self.truth(node.cond) else node.iffalse)
            case c.Return():
                raise Jump(c.Return, None if node.expr is None else self.value(node.expr))
            case c.Break() | c.Continue():
                raise Jump(type(node))
            case c.EmptyStatement() | c.Pragma():
                pass
            case _:
                self.value(node)

    def loop(self, test: c.Node | None, body: c.Node, after: c.Node | None) -> None:
        """Run a loop until its condition, which must be known, fails."""
        while test is None or self.truth(test):
            try:
                self.statement(body)
            except Jump as jump:
                if jump.kind is c.Break:
                    break
                if jump.kind is c.Return:
                    raise
            if after is not None:
                self.value(after)

    def step(self, node: c.Node) -> None:
        """Count one more statement or expression."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise Refusal("EL816", "this takes more steps than are looked at", node)

    def declared(self, node: c.Decl) -> Any:
        """Return the first value of a variable."""
        kind = node.type
        if isinstance(kind, c.ArrayDecl):
            store = Store(node.name, given=False, fill=Polynomial.number(0))
            if node.init is not None:
                for place, value in enumerate(self.listed(node.init)):
                    store.cells[place,] = self.scalar(value, node)
            return Pointer(store, 0, self.rows(kind.type))
        if node.init is None:
            return 0 if _whole(kind) else Polynomial.number(0)
        value = self.value(node.init)
        return self.converted(value, kind, node)

    def listed(self, node: c.Node) -> Iterator[Any]:
        """Yield the values of an initialiser, in order."""
        if isinstance(node, c.InitList):
            for one in node.exprs:
                yield from self.listed(one)
        else:
            yield self.value(node)

    def converted(self, value: Any, kind: c.Node, node: c.Node) -> Any:
        """Return a value as a declared type holds it."""
        if isinstance(kind, (c.PtrDecl, c.ArrayDecl)) or isinstance(value, Pointer):
            return value
        if _whole(kind) and isinstance(value, Fraction):
            raise Refusal("EL802", "a number loses its fraction here", node)
        return value

    # values

    def value(self, node: c.Node) -> Any:
        """Return what an expression is; run what it does on the way."""
        self.step(node)
        match node:
            case c.Constant():
                return _constant(node)
            case c.ID():
                return self.scope(node)[node.name]
            case c.Assignment():
                value = self.value(node.rvalue)
                if node.op != "=":
                    value = self.binary(node.op[:-1], self.value(node.lvalue), value, node)
                self.assign(node.lvalue, value)
                return value
            case c.UnaryOp():
                return self.unary(node)
            case c.BinaryOp(op="&&"):
                return int(self.truth(node.left) and self.truth(node.right))
            case c.BinaryOp(op="||"):
                return int(self.truth(node.left) or self.truth(node.right))
            case c.BinaryOp():
                return self.binary(node.op, self.value(node.left), self.value(node.right), node)
            case c.ArrayRef():
                return self.read(self.place(node), node)
            case c.Cast():
                return self.converted(self.value(node.expr), node.to_type.type, node)
            case c.TernaryOp():
                self.odd.append(node.cond)
                return self.value(node.iftrue if self.truth(node.cond) else node.iffalse)
            case c.ExprList():
                return [self.value(one) for one in node.exprs][-1]
            case c.FuncCall():
                return self.call(node)
            case _:
                raise Refusal("EL802", "this is no arithmetic on arrays", node)

    def scope(self, node: c.ID) -> dict[str, Any]:
        """Return the scope that a name stands in; a free name that is in none is a size."""
        for scope in reversed(self.scopes):
            if node.name in scope:
                return scope
        raise Refusal("EL802", f"{node.name} is not declared", node)

    def place(self, node: c.ArrayRef) -> Pointer:
        """Return the place that `a[i]` names."""
        owner, index = self.value(node.name), self.whole(node.subscript)
        if not isinstance(owner, Pointer):
            raise Refusal("EL802", "this has no elements", node)
        if not isinstance(node.subscript, (c.ID, c.Constant)):
            self.odd.append(node.subscript)
        step = owner.moved(index)
        return Pointer(step.store, step.offset, step.rows)

    def read(self, pointer: Pointer, node: c.Node) -> Any:
        """Return the element at a place, or the row that begins there."""
        if pointer.rows:
            return Pointer(pointer.store, pointer.offset, pointer.rows[1:])
        if pointer.offset < 0:
            raise Refusal("EL813", f"this reads before the first element of {pointer.store.name}", node)
        return pointer.store.get((pointer.offset,), site_of(node))

    def assign(self, target: c.Node, value: Any) -> None:
        """Write a value where a target says."""
        match target:
            case c.ID():
                self.scope(target)[target.name] = value
            case c.ArrayRef():
                self.write(self.place(target), value, target)
            case c.UnaryOp(op="*"):
                self.write(self.pointer(target.expr), value, target)
            case _:
                raise Refusal("EL802", "this cannot be assigned to here", target)

    def write(self, pointer: Pointer, value: Any, node: c.Node) -> None:
        """Write an element."""
        if pointer.rows or pointer.offset < 0:
            raise Refusal("EL802", "this is no element", node)
        pointer.store.cells[pointer.offset,] = self.scalar(value, node)

    def pointer(self, node: c.Node) -> Pointer:
        """Return an expression that is a pointer."""
        value = self.value(node)
        if not isinstance(value, Pointer):
            raise Refusal("EL802", "this is no pointer", node)
        return value

    def unary(self, node: c.UnaryOp) -> Any:
        """Return what a unary operator gives."""
        match node.op:
            case "p++" | "p--" | "++" | "--":
                before = self.value(node.expr)
                after = self.binary("+" if "+" in node.op else "-", before, 1, node)
                self.assign(node.expr, after)
                return before if node.op[0] == "p" else after
            case "*":
                return self.read(self.pointer(node.expr), node)
            case "&":
                if isinstance(node.expr, c.ArrayRef):
                    return self.place(node.expr)
                if isinstance(node.expr, c.UnaryOp) and node.expr.op == "*":
                    return self.pointer(node.expr.expr)
                raise Refusal("EL802", "the address of this is not followed", node)
            case "-":
                return self.binary("*", -1, self.value(node.expr), node)
            case "+":
                return self.value(node.expr)
            case "!":
                return int(not self.truth(node.expr))
            case _:
                raise Refusal("EL803", f"what {node.op} does here is not known", node)

    def binary(self, op: str, a: Any, b: Any, node: c.Node) -> Any:
        """Return what an operator gives for numbers, elements and pointers."""
        if isinstance(a, Pointer) or isinstance(b, Pointer):
            return _pointers(op, a, b, node)
        known = not isinstance(a, Polynomial) and not isinstance(b, Polynomial)
        whole = isinstance(a, int) and isinstance(b, int)
        match op:
            case "+":
                return a + b
            case "-":
                return a - b
            case "*":
                return a * b
            case "/" if whole and b:
                return int(Fraction(a, b))
            case "/":
                from .python import quotient

                return quotient(a, b, node)
            case "%" if whole and b:
                return a - b * int(Fraction(a, b))
            case "<<" if whole and 0 <= b < 64:
                return a << b
            case ">>" if whole and 0 <= b < 64:
                return a >> b
            case "<" | ">" | "<=" | ">=" | "==" | "!=" if known:
                return int({"<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b, "==": a == b, "!=": a != b}[op])
            case "<" | ">" | "<=" | ">=" | "==" | "!=":
                raise Refusal("EL805", "what is done depends on the elements of an array", node)
            case _:
                raise Refusal("EL807", "this operation is neither a sum nor a product", node)

    def truth(self, node: c.Node) -> bool:
        """Return whether a condition on numbers holds."""
        value = self.value(node)
        if isinstance(value, (Polynomial, Pointer)):
            raise Refusal("EL805", "what is done depends on the elements of an array", node)
        return bool(value)

    def whole(self, node: c.Node) -> int:
        """Return an expression that is a whole number."""
        value = self.value(node)
        if isinstance(value, Polynomial):
            raise Refusal("EL806", "an element of an array cannot be an index here", node)
        if not isinstance(value, int):
            raise Refusal("EL802", "an index is a whole number", node)
        return value

    def scalar(self, value: Any, node: c.Node) -> Polynomial:
        """Return a value that is one number."""
        if isinstance(value, Polynomial):
            return value
        if isinstance(value, (int, float, Fraction)):
            return Polynomial.number(value)
        raise Refusal("EL813", "one number is needed here", node)

    def call(self, node: c.FuncCall) -> Any:
        """Return what a call gives: of a function of the text, or one that multiplies and adds."""
        name = node.name.name if isinstance(node.name, c.ID) else ""
        arguments = [self.value(one) for one in (node.args.exprs if node.args else ())]
        if name in self.functions:
            names = [p.name for p in self.functions[name].decl.type.args.params]
            return self.body(self.functions[name], dict(zip(names, arguments, strict=False)))
        if name in ("fma", "fmaf") and len(arguments) == 3:
            return self.binary("+", self.binary("*", *arguments[:2], node), arguments[2], node)
        raise Refusal("EL803", f"what {name or 'this'} does is not known", node)


def _pointers(op: str, a: Any, b: Any, node: c.Node) -> Any:
    """Return what an operator gives where a pointer takes part."""
    if op == "+" and isinstance(b, Pointer):
        a, b = b, a
    if op in "+-" and isinstance(a, Pointer) and isinstance(b, int):
        return a.moved(b if op == "+" else -b)
    if isinstance(a, Pointer) and isinstance(b, Pointer) and a.store is b.store:
        distance = a.offset - b.offset
        found = {"-": distance // a.stride, "<": distance < 0, ">": distance > 0, "<=": distance <= 0,
                 ">=": distance >= 0, "==": not distance, "!=": bool(distance)}  # fmt: skip
        if op in found:
            return int(found[op])
    raise Refusal("EL802", "this is no arithmetic on pointers that is followed", node)


def _constant(node: c.Constant) -> int | Fraction:
    text = node.value.rstrip("uUlL") if "int" in node.type else node.value.rstrip("fFlL")
    try:
        return int(text, 0) if "int" in node.type else Fraction(text)
    except ValueError:
        raise Refusal("EL802", "this is no number", node) from None


def _whole(kind: c.Node) -> bool:
    """Return whether a declared type holds whole numbers."""
    while not isinstance(kind, c.IdentifierType):
        if not hasattr(kind, "type"):
            return False
        kind = kind.type
    return any(name in WHOLE for name in kind.names)


class CProgram:
    """C text, parsed: its last function is what is run."""

    def __init__(self, text: str) -> None:
        self.tree = parsed(text)

    def run(self, sizes: Sizes) -> Computed:
        """Run it on polynomials."""
        run = CRun(self.tree, sizes)
        if not run.functions:
            raise Refusal("EL814", "there is no function", hint="give the whole function, with its declarations")
        returned = run.main(list(run.functions)[-1])
        results: dict[str, Cells] = {store.name: store.cells for store in run.stores.values() if store.cells}
        if returned is not None:
            results["result"] = {(): run.scalar(returned, self.tree)}
        return Computed(results=results, shapes={})
