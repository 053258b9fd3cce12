"""Python text run on polynomials: what every element of every array is at the end, in elements of the inputs.

The text is never run: its syntax tree is walked, and only what stands here and in the modules that this one is made of
is understood; all else is refused with its place. Lengths are small and differ, so that the text cannot take one for
another unnoticed.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..core.polynomial import Polynomial
from .branches import casts, gives_up, is_main, relates, says
from .calls import Returned
from .counting import Facts, called, is_annotation
from .cutting import NamedNumber, cut_off, logged, repeats
from .epochs import refuse_epochs
from .grids import Grid
from .in_place import InPlace
from .inputs import example_of
from .known import Unknown, unknown
from .lists import ListRow, joined
from .scopes import DECORATORS, LIBRARIES, MODULES, SILENT, Foreign, Function, KnownFunction, Scope, rank_of
from .sequence import CutRun
from .sizes import Extent, Refusal, Sizes
from .values import Part, Store, is_list
from .variables import nodes

__all__ = ["LIBRARIES", "Run", "called"]


class Left(Exception):  # noqa: N818  not an error: the loop goes on or ends
    """A loop's `break` or `continue`."""

    def __init__(self, node: ast.Break | ast.Continue) -> None:
        super().__init__()
        self.node = node


class Run(InPlace):
    """One run of a text: its statements.

    `facts`: what its syntax tree shows. `ranks`: how many axes arrays have, as a person says it; `found`: as an earlier
    run saw it. `lengths`: numbers that stand for any length. `call` says what a call on whole arrays gives.
    """

    def __init__(
        self,
        facts: Facts,
        sizes: Sizes,
        ranks: Mapping[str, int],
        call: Callable[[Any, ast.Call], Any],
        *,
        found: Mapping[str, int],
        lengths: frozenset[int] = frozenset(),
    ) -> None:
        super().__init__(sizes, ranks, found)
        self.arrays_call, self.lengths = call, lengths
        self.counting, self.lists = facts.counting, facts.lists
        self.settings, self.meets, self.below = facts.settings, frozenset(facts.literals), facts.below
        self.named, self.sliced = facts.ranks, facts.sliced
        self.arrays_only, self.splits, self.torch = facts.arrays_only, facts.splits, facts.torch
        self.notes: dict[str, None] = {}
        """What is to be known of the result."""
        self.scope = self.module = Scope()
        self.active: list[ast.AST] = []
        self.bits: dict[bool, ast.AST] = {}
        self.grown: dict[int, list[Any]] = {}
        self.asked: dict[str, None] = {}
        self.libraries: set[str] = set()
        self.cutting: CutRun | None = None
        """What cuts the text in parts, where it is cut."""
        self.totals: dict[object, NamedNumber] = {}
        """Names of scopes that stand for numbers, where the text is cut."""
        self.around: list[tuple[ast.For, int]] = []
        """The loops that run where the text is cut, with the turn of each; not those that only do the same again."""

    def note(self, text: str) -> None:
        """Take note of something that is to be known of the result."""
        self.notes[text] = None

    def run(self, body: Sequence[ast.stmt]) -> None:
        """Run statements in order."""
        for node in body:
            self.step(node)
            handler = STATEMENTS.get(type(node))
            if handler is None:
                reason, hint = UNREAD.get(type(node), (NEITHER.format("this"), ""))
                raise Refusal("EL802", reason, node, hint)
            if self.cutting is None:
                handler(self, node)
                continue
            before = logged(self)
            handler(self, node)
            cut_off(self, self.cutting, node, before)

    def expression(self, node: ast.Expr) -> None:
        """Run a call that stands alone; a text that stands alone says something to people."""
        if not isinstance(node.value, ast.Constant):
            self.value(node.value)

    # assignments

    def assignment(self, node: ast.Assign | ast.AnnAssign) -> None:
        """Give one or more targets a value."""
        if node.value is None:
            rank = rank_of(node.annotation) if isinstance(node, ast.AnnAssign) else None
            if rank is not None and isinstance(node.target, ast.Name) and self.scope.find(node.target.id) is None:
                self.given(node.target.id, (None,) * rank)
            return
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if isinstance(node.value, ast.Subscript) and is_annotation(node.value):
            for target in targets:
                self.assign(target, Foreign(ast.unparse(target)))
            return
        if not self.active and len(targets) == 1 and isinstance(targets[0], ast.Name):
            made = example_of(node.value, self, targets[0].id)
            if made is not None:
                self.scope.names[targets[0].id] = made
                return
        found = self.snapped(self.value(node.value))
        for target in targets:
            self.assign(target, found)

    def augmented(self, node: ast.AugAssign) -> None:
        """Add to a target, or multiply it."""
        old = self.value(node.target)
        value = self.value(node.value)
        if isinstance(node.op, ast.Add) and (isinstance(old, list) or is_list(old)) and self.extends(old, value, node):
            items = value if isinstance(value, list) else self.listed(value, node.value)
            if not old:
                self.grown[id(old)] = old
            old[:] = joined(old, items, node)
            self.touched[id(old)] = self.clock
            self.wrote(node.target)
            return
        found = self.binary(node.op, old, value, node)
        if isinstance(old, Store) and isinstance(value, Grid):
            self.narrow(old, value, node)
        if isinstance(node.target, ast.Name) and isinstance(old, (Store, Part)) and isinstance(found, Grid):
            self.put(old, ("...",), found, node)
            self.wrote(node.target)
            return
        if isinstance(node.target, ast.Name) and self.shared(old) is not None and isinstance(old, Grid):
            self.put(old, ("...",), found, node)
        if isinstance(node.target, ast.Name) and isinstance(old, list) and isinstance(found, list):
            old[:] = found
            return
        if isinstance(node.target, ast.Name) and node.target.id in self.scope.loops and isinstance(old, Polynomial):
            self.of_numbers(old)
        self.assign(node.target, found)

    def narrow(self, old: Store, value: Grid, node: ast.AST) -> None:
        """Refuse to add an array to one that only has more axes because of how many it is tried with."""
        if old.name in self.tried and value.rank < len(old.shape or ()):
            raise Refusal("EL813", f"what has {value.rank} axes is added to more", node)

    def assign(self, target: ast.expr, value: Any) -> None:
        """Give a target a value."""
        match target:
            case ast.Name(id=name):
                if isinstance(value, Grid) and value.rank and id(value) not in self.views:
                    value = self.copied(value, target)
                if isinstance(value, Store) and not value.name:
                    value.name = name
                elif isinstance(value, Store):
                    self.indexed_as(value, name)
                self.scope.names[name] = value
                self.scope.written[name] = self.clock
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                self.unpack(target, parts, value)
            case ast.Subscript(value=owner, slice=index):
                self.put(self.value(owner), self.index(index), value, target)
                self.wrote(owner)
            case _:
                raise Refusal("EL802", "this cannot be assigned to here", target)

    def unpack(self, target: ast.expr, parts: Sequence[ast.expr], value: Any) -> None:
        """Give several targets a value each."""
        stars = [n for n, part in enumerate(parts) if isinstance(part, ast.Starred)]
        part = Part(value) if isinstance(value, Store) else value
        if isinstance(part, Part) and part.store.given and not stars and self.left(part) != 0:
            self.same(self.length(part.store, part.axis(0)), len(parts))
        if isinstance(value, Unknown):
            if stars:
                raise unknown(value.part.store.name, target)
            self.ranked(value.part, len(parts))
            value = self.shape(value.part, target)
        values = list(self.items(value, target))
        if stars and len(values) >= len(parts) - 1:
            end = stars[0] + len(values) - len(parts) + 1
            values[stars[0] : end] = [values[stars[0] : end]]
            parts = [part.value if isinstance(part, ast.Starred) else part for part in parts]
        if len(values) != len(parts):
            raise Refusal("EL813", f"{len(parts)} names for {len(values)} values", target)
        for part, one in zip(parts, values, strict=True):
            self.assign(part, one)

    # loops and choices

    def loop(self, node: ast.For) -> None:
        """Run a for loop."""
        if all(says(one) for one in node.body):
            return
        refuse_epochs(node)
        if isinstance(node.target, ast.Name):
            self.scope.loops.add(node.target.id)
        else:
            self.scope.loops |= {one.id for one in ast.walk(node.target) if isinstance(one, ast.Name)}
        over = self.value(node.iter)
        turns = self.listed(over, node.iter) if isinstance(over, (Store, Part, Grid)) else over
        outer, self.grown = self.grown, {}
        try:
            if self.turned(node, turns):
                self.run(node.orelse)
            for items in self.grown.values():
                if isinstance(items, ListRow) and len(items) == len(turns):
                    items.extent = getattr(turns, "extent", None)
        finally:
            self.grown = outer

    def turned(self, node: ast.For, turns: Any) -> bool:
        """Run the turns of a loop; return whether it was not left early."""
        plain = node.target.id if isinstance(node.target, ast.Name) else None
        inner = self.cutting is not None and not repeats(node, turns)
        self.around += [(node, 0)] if inner else []
        try:
            return self.taken(node, turns, plain, inner=inner)
        finally:
            del self.around[len(self.around) - inner :]

    def taken(self, node: ast.For, turns: Any, plain: str | None, *, inner: bool) -> bool:
        """Run the turns of a loop over a `plain` name, or over several; return whether it was not left early."""
        for number, item in enumerate(self.items(turns, node.iter)):
            self.step(node)
            if inner:
                self.around[-1] = node, number
            if plain is not None and type(item) is Extent:
                self.scope.names[plain] = item
                self.scope.written[plain] = self.clock
            else:
                self.assign(node.target, item)
            try:
                self.run(node.body)
            except Left as left:
                if isinstance(left.node, ast.Break):
                    return False
        return True

    def leave(self, node: ast.Break | ast.Continue) -> None:
        """Leave a turn of a loop, or the loop."""
        raise Left(node)

    def choice(self, node: ast.If) -> None:
        """Run one branch of a condition; a check of the inputs says something about them instead."""
        leaves = gives_up(node.body)
        if leaves and ((isinstance(node.body[-1], ast.Raise) and not node.orelse) or self.asks(node.test, ast.NotEq)):
            self.check(node.test, holds=False)
            self.run(node.orelse)
        elif node.orelse and gives_up(node.orelse) and self.asks(node.test, ast.Eq):
            self.check(node.test, holds=True)
            self.run(node.body)
        elif casts(node):
            pass
        elif is_main(node.test):
            if not any(isinstance(value, Function) for value in self.module.names.values()):
                self.run(node.body)
        else:
            self.run(node.body if self.truth(node.test) else node.orelse)

    def asks(self, test: ast.expr, relation: type[ast.cmpop]) -> bool:
        """Return whether a condition only asks whether lengths are one (Eq: all of them), or differ (NotEq)."""
        parts = test.values if isinstance(test, ast.BoolOp) else [test]
        if relation is ast.Eq and isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
            return False
        return all(relates(part, relation) for part in parts) and self.of_lengths(parts)

    def of_lengths(self, parts: Sequence[ast.expr]) -> bool:
        """Return whether conditions compare lengths, and one of each pair is not known beforehand."""
        sides = [[part.left, *part.comparators] if isinstance(part, ast.Compare) else [] for part in parts]
        values = [[self.value(side) for side in both] for both in sides]
        return all(
            len(both) == 2 and any(map(self.is_length, both)) and all(isinstance(one, int) for one in both)
            for both in values
        )

    def define(self, node: ast.FunctionDef) -> None:
        """Take note of a function."""
        for decorator in node.decorator_list:
            name = called(decorator) if isinstance(decorator, ast.Call) else _last_name(decorator)
            if name not in DECORATORS:
                raise Refusal("EL803", f"what this decorator does to {node.name} is not known", decorator)
        for inner in nodes(node):
            if isinstance(inner, (ast.Yield, ast.YieldFrom)):
                raise Refusal("EL804", f"{node.name} is a generator, which may never end", inner, hint="return a list")
        self.scope.names[node.name] = self.function_of(node)

    def give_back(self, node: ast.Return) -> None:
        """Leave a function with a value."""
        if not self.active:
            raise Refusal("EL801", "return outside a function", node)
        raise Returned(None if node.value is None else self.snapped(self.value(node.value)), node.value)

    def imported(self, node: ast.Import | ast.ImportFrom) -> None:
        """Take note of what an import makes known: functions of libraries by their own names, all else not at all."""
        module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            if ((alias.asname or module) and alias.name in MODULES) or f"{module}.{alias.name}" in MODULES:
                self.libraries.add(name)
                continue
            if isinstance(node, ast.ImportFrom):
                if module in MODULES:
                    self.scope.names[name] = KnownFunction(alias.name)
                elif module not in SILENT:
                    self.scope.names[name] = Foreign(f"{module}.{alias.name}")
            elif alias.name not in MODULES and alias.name not in SILENT:
                self.scope.names[name] = Foreign(alias.name)

    def endless(self, node: ast.While) -> None:
        """Refuse a while loop."""
        raise Refusal("EL804", "a while loop may never end", node, hint="write it as a for loop over a range")


def _last_name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _nothing(run: Run, node: ast.stmt) -> None:
    """Do nothing: what stands here computes nothing."""


STATEMENTS: Mapping[type[ast.stmt], Callable[[Run, Any], None]] = {
    ast.Expr: Run.expression, ast.Assign: Run.assignment, ast.AnnAssign: Run.assignment, ast.AugAssign: Run.augmented,
    ast.For: Run.loop, ast.If: Run.choice, ast.Assert: lambda run, node: run.check(node.test, holds=True),
    ast.FunctionDef: Run.define, ast.Return: Run.give_back, ast.Import: Run.imported, ast.ImportFrom: Run.imported,
    ast.Pass: _nothing, ast.Break: Run.leave, ast.Continue: Run.leave, ast.While: Run.endless,
}  # fmt: skip
"""What each kind of statement does."""
NEITHER = "{} is neither a loop nor arithmetic"
UNREAD: Mapping[type[ast.stmt], tuple[str, str]] = {
    ast.ClassDef: (NEITHER.format("a class"), "give one method alone, with what it takes from self as arguments"),
    ast.Try: ("how much of a try is done depends on the errors that come up", "give the statements in it"),
    **{kind: (NEITHER.format(said), "") for kind, said in {
        ast.With: "with", ast.Delete: "del", ast.Global: "global", ast.Nonlocal: "nonlocal", ast.AsyncFor: "async for",
        ast.AsyncFunctionDef: "an async function", ast.Match: "match", ast.Raise: "raise",
    }.items()},
}  # fmt: skip
"""What the reason is for statements that are not read, and what to do."""
