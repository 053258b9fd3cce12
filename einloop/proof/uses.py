"""What a Python text does with each name, from its top to its bottom as if every branch ran. Judges nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum

from .flows import Flows
from .syntax import Function, Scope, find, is_size, line_of, names_bound

MUTATORS = frozenset({"append", "extend", "insert", "fill", "itemset"})
"""Methods that store into their object."""

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class UseKind(Enum):
    """What a text does with a name."""

    READ = "read"
    LATER = "read once a function is called"
    DEFINE = "import or define"
    WRITE = "assign"
    LOOP = "assign as a loop variable"
    UPDATE = "read, then assign"
    STORE = "store into"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One use of a name in the module's scope. `perhaps`: on one branch only."""

    name: str
    kind: UseKind
    node: ast.AST
    looped: bool
    perhaps: bool

    @property
    def reads(self) -> bool:
        """The text needs a value of the name."""
        return self.kind in (UseKind.READ, UseKind.LATER, UseKind.UPDATE, UseKind.STORE)

    @property
    def writes(self) -> bool:
        """Whether it gives the name a value that does not depend on the one before."""
        return self.kind in (UseKind.DEFINE, UseKind.WRITE, UseKind.LOOP)

    @property
    def binds(self) -> bool:
        """Whether the name may be a result after it."""
        return self.kind in (UseKind.WRITE, UseKind.UPDATE, UseKind.STORE)

    @property
    def grows(self) -> bool:
        """Whether loops build up their result so."""
        return self.kind is UseKind.STORE or (self.kind is UseKind.UPDATE and self.looped)

    @property
    def place(self) -> tuple[int, int]:
        """Line and column."""
        return line_of(self.node), getattr(self.node, "col_offset", 0)


class Uses(ast.NodeVisitor):
    """Collects the uses of the names in the module's scope, in the order of evaluation.

    `flows`: which name goes into which. `counters`: names that steer loops or index arrays. `sizes`:
    names that hold shapes. `starred`: an import brings names that nobody can know.
    """

    def __init__(self) -> None:
        self.found: list[Use] = []
        self.flows = Flows()
        self.counters: set[str] = set()
        self.sizes: set[str] = set()
        self.starred = False
        self._hidden: list[frozenset[str]] = []
        self._looped = self._perhaps = self._called = False

    def stored_in_loops(self) -> list[str]:
        """Return the names that loops build up, without loop variables and counters."""
        loop_names = {use.name for use in self.found if use.kind is UseKind.LOOP} | self.counters
        names = [use.name for use in self.found if use.looped and use.grows and use.name not in loop_names]
        return list(dict.fromkeys(names))

    def visit_all(self, nodes: Iterable[ast.AST]) -> frozenset[str]:
        """Visit `nodes` and return the names that they read."""
        start = len(self.found)
        for node in nodes:
            self.visit(node)
        return frozenset(use.name for use in self.found[start:] if use.reads)

    def _add(self, name: str, node: ast.AST, kind: UseKind) -> None:
        if any(name in names for names in self._hidden):
            return
        if self._called:
            if kind in (UseKind.DEFINE, UseKind.WRITE, UseKind.LOOP):
                return
            kind = UseKind.LATER
        self.found.append(Use(name=name, kind=kind, node=node, looped=self._looped, perhaps=self._perhaps))

    def _assign(self, sources: Iterable[ast.expr], targets: Iterable[ast.expr], kind: UseKind = UseKind.WRITE) -> None:
        """Record an assignment: its values are read, then its targets bound or stored into."""
        targets = list(targets)
        start, bound = len(self.found), set(names_bound(*targets))
        read = self.visit_all(sources)
        if kind is not UseKind.LOOP:  # what is read and bound at once becomes one UPDATE or STORE
            self.found[start:] = [u for u in self.found[start:] if u.kind is not UseKind.READ or u.name not in bound]
        if not self._called:
            self.flows.add(read, bound)
        for target in targets:
            self._bind(target, kind, read)

    def _bind(self, target: ast.expr, kind: UseKind, read: frozenset[str]) -> None:
        if isinstance(target, ast.Name):
            updates = kind is UseKind.WRITE and target.id in read
            self._add(target.id, target, UseKind.UPDATE if updates else kind)
        elif isinstance(target, ast.Tuple | ast.List):
            for element in target.elts:
                self._bind(element, kind, read)
        elif isinstance(target, ast.Starred):
            self._bind(target.value, kind, read)
        elif isinstance(target, ast.Subscript):
            self.counters |= self.visit_all([target.slice])
            self._bind(target.value, UseKind.STORE, read)
        elif isinstance(target, ast.Attribute):
            self._bind(target.value, UseKind.STORE, read)
        else:
            self.visit(target)

    @contextmanager
    def _inside(
        self, *, looped: bool = False, perhaps: bool = False, called: bool = False, hidden: Iterable[str] = ()
    ) -> Iterator[None]:
        """Say where the nodes visited meanwhile stand; `hidden` are names of their own."""
        before = self._looped, self._perhaps, self._called
        self._looped, self._perhaps, self._called = before[0] or looped, before[1] or perhaps, before[2] or called
        self._hidden.append(frozenset(hidden))
        yield
        self._hidden.pop()
        self._looped, self._perhaps, self._called = before

    def visit_Name(self, node: ast.Name) -> None:
        self._add(node.id, node, UseKind.WRITE if isinstance(node.ctx, ast.Store) else UseKind.READ)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)
        self.counters |= self.visit_all([node.slice])

    def visit_Assign(self, node: ast.Assign) -> None:
        if is_size(node.value):
            self.sizes |= {*names_bound(*node.targets)}
        self._assign([node.value], node.targets)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._assign([node.value], [node.target])

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self._assign([node.value], [node.target])

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._assign([node.value], [node.target], UseKind.UPDATE)

    def visit_Expr(self, node: ast.Expr) -> None:
        call = node.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in MUTATORS:
            self._assign([*call.args, *(keyword.value for keyword in call.keywords)], [call.func])
        else:
            self.visit(call)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self._assign([node.iter], [node.target], UseKind.LOOP)
        with self._inside(looped=True):
            self.visit_all(node.body)
        self.visit_all(node.orelse)

    def visit_While(self, node: ast.While) -> None:
        self.counters |= self.visit_all([node.test])
        with self._inside(looped=True):
            self.visit_all(node.body)
        self.visit_all(node.orelse)

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        with self._inside(perhaps=True):
            self.visit_all([*node.body, *node.orelse])

    def _visit_branches(self, node: ast.AST) -> None:
        with self._inside(perhaps=True):
            self.generic_visit(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        with self._inside(hidden=[node.name] if node.name else []):
            self.generic_visit(node)

    def _visit_capture(self, node: ast.MatchAs | ast.MatchStar | ast.MatchMapping) -> None:
        self.generic_visit(node)
        name = node.rest if isinstance(node, ast.MatchMapping) else node.name
        if name is not None:
            self._add(name, node, UseKind.WRITE)

    def _visit_import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            self.starred |= alias.name == "*"
            self._add(alias.asname or alias.name.split(".")[0], node, UseKind.DEFINE)

    def visit_FunctionDef(self, node: Function) -> None:
        self.visit_all([*node.decorator_list, *defaults(node.args)])
        self._add(node.name, node, UseKind.DEFINE)
        self._visit_body(node, node.body)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.visit_all([*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)])
        self._add(node.name, node, UseKind.DEFINE)
        self._visit_body(node, node.body)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit_all(defaults(node.args))
        self._visit_body(node, [node.body])

    def _visit_body(self, node: Scope, body: Iterable[ast.AST]) -> None:
        """Record what a body with names of its own reads from outside."""
        with self._inside(called=True, hidden=own_names(node)):
            self.visit_all(body)

    def _visit_comprehension(self, node: Comprehension) -> None:
        self.visit(node.generators[0].iter)
        with self._inside(hidden=names_bound(*(part.target for part in node.generators))):
            for number, part in enumerate(node.generators):
                self.visit_all([part.iter, *part.ifs] if number else part.ifs)
            self.visit_all([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])

    visit_AsyncFor = visit_For  # noqa: N815
    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815
    visit_Import = visit_ImportFrom = _visit_import  # noqa: N815
    visit_Try = visit_TryStar = visit_match_case = _visit_branches  # noqa: N815
    visit_MatchAs = visit_MatchStar = visit_MatchMapping = _visit_capture  # noqa: N815
    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_comprehension  # noqa: N815


def defaults(arguments: ast.arguments) -> list[ast.expr]:
    """Return the default values of parameters."""
    return [*arguments.defaults, *(default for default in arguments.kw_defaults if default is not None)]


def own_names(node: Scope) -> set[str]:
    """Return the names of a function or class: its parameters and whatever its body binds."""
    names: set[str] = set()
    outside: set[str] = set()
    for child in find(ast.AST, node):
        match child:
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
            case ast.alias():
                names.add(child.asname or child.name.split(".")[0])
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names |= {name} if child is not node else set()
            case ast.Global():
                outside |= set(child.names)
    return names - outside
