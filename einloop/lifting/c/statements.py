"""Statements and functions of C, run on polynomials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pycparser import c_ast as c

from ...core.topic import Topic
from ..sequence import CutRun
from ..sizes import Extent, Refusal, Unequal
from .cutting import cut_off, logged
from .expressions import CExpressions, Literal
from .memory import Pointer, Variable
from .types import Arithmetic, ArrayType, CType, PointerType, RecordType

MAX_CALLS = 30
"""Functions that wait for another to return."""


class JumpError(Exception):
    """`break`, `continue` or `return`."""

    def __init__(self, kind: type[c.Node], value: Any = None) -> None:
        super().__init__()
        self.kind, self.value = kind, value


class CRun(CExpressions):
    """One run of a text."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.returns: list[CType] = []
        """What the functions return that are running, the innermost last."""
        self.cutting: CutRun | None = None
        """What cuts the text in parts, where it is cut."""
        self.turning = 0
        """Loops that are run."""
        self.outermost: dict[str, Variable] = {}
        """The names of the outermost block of a text without a function."""
        self.statements: Mapping[type[c.Node], Callable[[Any], None]] = {
            c.Compound: self.compound,
            c.DeclList: lambda node: self.every(node.decls),
            c.Decl: self.declare,
            c.Typedef: lambda node: self.typedefs.update({node.name: node.type}),
            c.For: self.loop_for,
            c.While: lambda node: self.loop(node, node.cond, node.stmt, None),
            c.DoWhile: lambda node: self.loop(node, node.cond, node.stmt, None, first=True),
            c.If: self.conditional,
            c.Assignment: self.assignment,
            c.Switch: self.switch,
            c.Return: self.leave,
            c.Break: self.jump,
            c.Continue: self.jump,
            c.EmptyStatement: lambda node: None,
            c.Pragma: lambda node: None,
            c.Label: lambda node: self.statement(node.stmt),
            c.StaticAssert: lambda node: None,
        }
        known = set(self.tree.types)
        self.every(
            node
            for node in self.tree.root.ext
            if not isinstance(node, c.FuncDef) and not (isinstance(node, c.Typedef) and node.name in known)
        )

    def statement(self, node: Any) -> None:
        """Run a statement."""
        if node is None:
            return
        self.step(node)
        run = self.statements.get(node.__class__)
        if run is not None:
            self.kept(run, node)
        elif isinstance(node, c.Goto):
            raise Refusal("EL802", "goto is not supported", node, "write the loop with for or while")
        else:
            self.value(node)

    def kept(self, run: Callable[[Any], None], node: Any) -> None:
        """Run a statement; where the text is cut in parts, what it writes is kept."""
        if self.cutting is None:
            run(node)
            return
        before = logged(self)
        run(node)
        cut_off(self, self.cutting, node, before)

    def every(self, nodes: Any) -> None:
        """Run statements in order."""
        for node in nodes or ():
            self.statement(node)

    def compound(self, node: c.Compound) -> None:
        """Run a block; its names end with it."""
        self.open()
        try:
            self.every(node.block_items)
        finally:
            if len(self.hidden) == 1:
                self.outermost = dict(self.names)
            self.close()

    def loop_for(self, node: c.For) -> None:
        """Run a `for` loop."""
        self.open()
        try:
            if node.init is not None:
                self.statement(node.init)
            self.loop(node, node.cond, node.stmt, node.next)
        finally:
            self.close()

    def loop(self, node: Any, test: Any, body: Any, after: Any, *, first: bool = False) -> None:
        """Run a loop until its condition fails; `first`: the body runs before it is asked."""
        self.turning += 1
        try:
            while first or test is None or self.continues(test):
                first = False
                self.step(node)
                try:
                    self.statement(body)
                except JumpError as jump:
                    if jump.kind is c.Break:
                        break
                    if jump.kind is c.Return:
                        raise
                if after is not None:
                    self.value(after)
        finally:
            self.turning -= 1

    def continues(self, test: Any) -> bool:
        """Return whether a loop goes on."""
        try:
            value = self.value(test)
        except Refusal as refusal:
            if refusal.topic is Topic.BRANCH:
                raise Refusal("EL804", "how often this loop runs depends on the elements of an array", test) from None
            raise
        if not isinstance(value, int):
            raise Refusal("EL804", "how often this loop runs is not known", test)
        return bool(value)

    def conditional(self, node: c.If) -> None:
        """Run one branch of an `if`; lengths that have to be equal for the rest to run are made so."""
        if node.iffalse is None and _leaves(node.iftrue):
            for one in _alternatives(node.cond):
                a, b = self.value(one.left), self.value(one.right)
                lengths = all(isinstance(one, Extent) and not isinstance(one, Literal) for one in (a, b))
                if lengths and a != b:
                    raise Unequal(a.key, b.key)
        self.statement(node.iftrue if self.branch(node.cond) else node.iffalse)

    def switch(self, node: c.Switch) -> None:
        """Run a `switch` from the case of a number that the text knows. Raises Refusal where it is not known."""
        value = self.value(node.cond)
        if not isinstance(value, int) or (isinstance(value, Extent) and not isinstance(value, Literal)):
            raise Refusal("EL805", f"which case runs depends on {self.tree.text(node.cond)}", node.cond,
                          "give the one case that is meant")  # fmt: skip
        items = list((node.stmt.block_items if isinstance(node.stmt, c.Compound) else [node.stmt]) or ())
        cases = [one for one in items if isinstance(one, (c.Case, c.Default))]
        said = getattr(value, "true", value)
        entry = next((one for one in cases if isinstance(one, c.Case) and self._case(one) == said), None)
        entry = entry or next((one for one in cases if isinstance(one, c.Default)), None)
        if entry is None:
            return
        self.open()
        try:
            for one in items[items.index(entry) :]:
                self.every(one.stmts if isinstance(one, (c.Case, c.Default)) else [one])
        except JumpError as jump:
            if jump.kind is not c.Break:
                raise
        finally:
            self.close()

    def _case(self, node: c.Case) -> int:
        value = self.whole(node.expr)
        return int(getattr(value, "true", value))

    def leave(self, node: c.Return) -> None:
        """Leave a function with its value."""
        if node.expr is None:
            raise JumpError(c.Return)
        raise JumpError(c.Return, self.converted(self.value(node.expr), self.returns[-1], node.expr))

    def jump(self, node: Any) -> None:
        """Leave a loop, or go on with its next round."""
        raise JumpError(type(node))

    def body(self, function: c.FuncDef, given: list[Variable], node: Any) -> Any:
        """Return what a function gives for these arguments."""
        if len(self.returns) >= MAX_CALLS:
            raise Refusal("EL816", "calls are nested too deeply", node)
        names = [one.name for one in parameters(function)]
        outer = self.names, self.hidden
        self.names, self.hidden = dict(zip(names, given, strict=True)), []
        self.returns.append(self.type_of(function.decl.type.type))
        try:
            self.statement(function.body)
        except JumpError as jump:
            if jump.kind is not c.Return:
                raise Refusal("EL801", "break or continue outside a loop", function) from None
            return jump.value
        finally:
            self.names, self.hidden = outer
            self.returns.pop()
        return None

    def main(self, name: str) -> Any:
        """Run a function on inputs of its own; return what it returns."""
        function = self.tree.functions[name]
        given: list[Variable] = []
        self.names = {}
        for one in parameters(function):
            kind = self.parameter_type(one)
            if isinstance(kind, RecordType):
                value: Any = self.given_record(one.name, kind, copied=True)
            else:
                value = self.given(one.name, kind)
            self.names[one.name] = made = Variable(kind, value)
            given.append(made)
            said = self.type_of(one.type)
            if isinstance(said, ArrayType) and isinstance(made.value, Pointer):
                made.value.memory.declared = said.length
        return self.body(function, given, function)

    def parameter_type(self, node: Any) -> CType:
        """Return the type of a parameter: an array is a pointer to its first element or row."""
        kind = self.type_of(node.type)
        if isinstance(kind, ArrayType):
            return PointerType(kind.of)
        if isinstance(kind, Arithmetic) and kind.void:
            raise Refusal("EL802", "a parameter cannot be void", node)
        return kind


def parameters(function: c.FuncDef) -> list[Any]:
    """Return the parameters of a function that have names."""
    found = function.decl.type.args.params if function.decl.type.args else ()
    return [one for one in found if getattr(one, "name", None) is not None]


def _alternatives(node: Any) -> list[Any]:
    """Return the conditions `a != b` of which one is enough for a condition to hold."""
    if not isinstance(node, c.BinaryOp):
        return []
    if node.op == "||":
        return [*_alternatives(node.left), *_alternatives(node.right)]
    return (
        [node] if node.op == "!=" and all(isinstance(s, (c.ID, c.StructRef)) for s in (node.left, node.right)) else []
    )


def _leaves(node: Any) -> bool:
    """Return whether a branch does nothing but leave the function."""
    if isinstance(node, c.Compound):
        items = list(node.block_items or ())
        return len(items) == 1 and isinstance(items[0], c.Return)
    return isinstance(node, c.Return)
