"""Statements and functions of C, run on polynomials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pycparser import c_ast as c

from ...core.topic import Topic
from ..sequence import CutRun
from ..sizes import Extent, Refusal, Unequal
from .codes import Code, Codes, Maker, by
from .cutting import cut_off, logged
from .expressions import PLACES, VALUES, CExpressions
from .guards import guarded, without_zeros
from .memory import Pointer, Variable
from .names import Literal, Shared
from .nodes import walk
from .tree import parameters
from .types import ArrayType, CType, RecordType

FOR = "write the loop with for or while"
MAX_CALLS = 30
"""Functions that wait for another to return."""


class JumpError(Exception):
    """`break`, `continue`, `goto` or `return`."""

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
        self.around: list[tuple[c.Node, int]] = []
        """The loops that are run where the text is cut, with the turn of each."""
        self.totals: dict[object, object] = {}
        """What stands for numbers in loops where the text is cut."""
        self.outermost: dict[str, Variable] = {}
        """The names of the outermost block of a text without a function."""
        known = set(self.tree.types)
        self.every(
            node
            for node in self.tree.root.ext
            if not isinstance(node, c.FuncDef) and not (isinstance(node, c.Typedef) and node.name in known)
        )

    def kept(self, does: Code, node: Any) -> None:
        """Run a statement of a text that is cut in parts, and keep what it writes."""
        assert self.cutting is not None
        before = logged(self)
        does(self)
        cut_off(self, self.cutting, node, before)

    def every(self, nodes: Any) -> None:
        """Run statements in order."""
        for node in nodes or ():
            self.shared.codes.statement(node)(self)

    def continues(self, asks: Code, test: Any) -> int:
        """Return whether a loop goes on: zero where it does not."""
        try:
            value = asks(self)
        except Refusal as refusal:
            if refusal.topic is Topic.BRANCH:
                raise Refusal("EL804", "how often this loop runs depends on the elements of an array", test) from None
            raise
        if not isinstance(value, int):
            raise Refusal("EL804", "how often this loop runs is not known", test)
        return value

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
        value = self.value(node.expr)
        if isinstance(node.expr, c.ID) and node.expr.name not in self.tree.declared and not isinstance(value, int):
            raise JumpError(c.Return, value)  # a constant of a header has the type that is returned
        raise JumpError(c.Return, self.converted(value, self.returns[-1], node.expr))

    def jump(self, node: Any) -> None:
        """Leave a loop, or go on with its next round."""
        raise JumpError(type(node), node)

    def body(self, function: c.FuncDef, given: list[Variable], node: Any) -> Any:
        """Return what a function gives for these arguments."""
        if len(self.returns) >= MAX_CALLS:
            raise Refusal("EL816", "calls are nested too deeply", node)
        names = [one.name for one in parameters(function)]
        outer = self.names, self.hidden
        self.names, self.hidden = dict(zip(names, given, strict=True)), []
        self.returns.append(self.type_of(function.decl.type.type))
        try:
            self.every([function.body])
        except JumpError as jump:
            if jump.kind is c.Goto:
                raise Refusal(
                    "EL802", "goto is supported only to a label further down in its block", jump.value, FOR
                ) from None
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


def shared() -> Shared:
    """Return what the runs of a text share before the first."""
    return Shared(Codes(VALUES, PLACES, STATEMENTS))


def _block(node: c.Compound, codes: Codes) -> Code:
    """Return what runs a block; its names end with it."""
    nodes = without_zeros(node.block_items or ())
    items = [codes.statement(one) for one in nodes]
    labels = {one.name: place for place, one in enumerate(nodes) if isinstance(one, c.Label)}

    def code(run: CRun) -> None:
        place = 0
        run.open()
        try:
            while place < len(items):
                try:
                    items[place](run)
                    place += 1
                except JumpError as jump:
                    if jump.kind is not c.Goto or labels.get(jump.value.name, 0) <= place:
                        raise
                    place = labels[jump.value.name]
        finally:
            if len(run.hidden) == 1:
                run.outermost = dict(run.names)
            run.close()

    return code


def _for(node: c.For, codes: Codes) -> Code:
    init = codes.statement(node.init)
    codes.steps.update(walk(node.next, c.Assignment) if node.next is not None else ())
    loop = _loop(node, codes, after=codes.value(node.next) if node.next is not None else None)

    def code(run: CRun) -> None:
        run.open()
        try:
            init(run)
            loop(run)
        finally:
            run.close()

    return code


def _loop(node: Any, codes: Codes, after: Code | None = None) -> Code:
    """Return what runs a loop until its condition fails; the body of `do` runs before it is asked."""
    asks = codes.value(node.cond) if node.cond is not None else lambda run: 1
    body, first = codes.statement(node.stmt), isinstance(node, c.DoWhile)

    def code(run: CRun) -> None:
        run.around.append((node, 0))
        try:
            turns(run)
        finally:
            run.around.pop()

    def turns(run: CRun) -> None:
        begins, number = first, 0
        while begins or run.continues(asks, node.cond):
            begins = False
            run.steps += 1
            if run.steps > run.paid:
                run.pay(node)
            if run.cutting is not None:
                run.around[-1] = node, number
                number += 1
            try:
                body(run)
            except JumpError as jump:
                if jump.kind is c.Break:
                    break
                if jump.kind is not c.Continue:
                    raise
            if after is not None:
                after(run)

    return code


def _conditional(node: c.If, codes: Codes) -> Code:
    """Return what runs one branch of an `if`; lengths that have to be equal for the rest to run are made so."""
    ways = codes.statement(node.iffalse), codes.statement(node.iftrue)
    demands = _alternatives(node.cond) if node.iffalse is None and _leaves(node.iftrue) else []

    def code(run: CRun) -> None:
        way: bool | None = None
        for one in demands:
            a, b = run.value(one.left), run.value(one.right)
            if all(isinstance(one, Extent) and not isinstance(one, Literal) for one in (a, b)) and a != b:
                raise Unequal(a.key, b.key)
        try:
            way = run.branch(node.cond)
        except Refusal as refusal:
            if refusal.topic is not Topic.BRANCH or node.iffalse is not None:
                raise
            guarded(run, node, ways[True], refusal)
        if way is not None:
            ways[way](run)

    return code


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


STATEMENTS: Mapping[type[c.Node], Maker] = {
    c.Compound: _block,
    c.DeclList: by(lambda run, node: run.every(node.decls)),
    c.Decl: by(CRun.declare),
    c.Typedef: by(lambda run, node: run.typedefs.update({node.name: node.type})),
    c.For: _for,
    **dict.fromkeys((c.While, c.DoWhile), _loop),
    c.If: _conditional,
    c.Switch: by(CRun.switch),
    c.Return: by(CRun.leave),
    **dict.fromkeys((c.Break, c.Continue, c.Goto), by(CRun.jump)),
    **dict.fromkeys((c.EmptyStatement, c.Pragma, c.StaticAssert), lambda node, codes: codes.statement(None)),
    c.Label: lambda node, codes: codes.statement(node.stmt),
}
