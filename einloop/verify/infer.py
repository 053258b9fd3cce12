"""A person's Python text in, out which names are its inputs and which is its result. Runs nothing.

A text with functions is checked through one of them: its required parameters are the inputs, what it returns is the
result. Any other text is a snippet: the names it reads before it assigns them are the inputs. A block under
`if __name__ == "__main__":` is not considered. Control flow is read from top to bottom and not followed.

Refusals: EL610 the text does not parse; EL611 which function, or loops outside it; EL612 a function that cannot be
called with arrays; EL613 as many names as operands are wanted; EL614 a name that nothing gives a value; EL615 an input
is overwritten; EL616 the snippet makes its own inputs; EL617 a given name is not in the text; EL618 which name is the
result; EL619 a function and a result name are given together.
"""

from __future__ import annotations

import ast
import builtins
import textwrap
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum

from ..core.errors import RunError
from ..core.source import Span

GIVEN = frozenset({"np", "numpy", "math", "__file__"}) | frozenset(dir(builtins))
"""Names that a text may read without being given them."""
MUTATORS = frozenset({"append", "extend", "insert", "fill", "itemset"})
"""Methods that store into their object."""
NAMING = "--inputs A,B or inputs=['A', 'B']"

Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = Function | ast.Lambda | ast.ClassDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """How to run a text: the names that take the inputs, then its result or its function.

    `inputs` are in operand order, one per distinct operand name or, where names were given or found so, one per
    operand. `result` is the name to read afterwards, None where the function `entry` returns it.
    """

    inputs: tuple[str, ...]
    result: str | None
    entry: str | None


def infer_roles(
    source: str,
    operands: Sequence[str | None],
    *,
    inputs: Sequence[str] | None = None,
    result: str | None = None,
    entry: str | None = None,
    expected_result: str | None = None,
) -> Roles:
    """Return which names of `source` are its inputs, and which name or function gives the result.

    `operands`: the operand names of the expression, None where it has none. `inputs`, `result` and `entry` are the
    person's word; `expected_result` is the expression's own name for its result, used where the text assigns it.
    Operand names that the text reads take their places; the other names follow in order of first appearance in
    the text, whatever they are. A name given twice in `inputs` is one array for two operands.
    Raises RunError where the roles are not certain.

    >>> infer_roles("c = 0\\nfor i in range(len(a)):\\n    c += a[i] * b[i]\\n", [None, None])
    Roles(inputs=('a', 'b'), result='c', entry=None)
    >>> infer_roles("def dot(b, a, n=3):\\n    return sum(a[i] * b[i] for i in range(n))\\n", ["a", "b"])
    Roles(inputs=('a', 'b'), result=None, entry='dot')
    """
    text = source.replace("\r\n", "\n").replace("\r", "\n")
    body, main = _without_main(_parse(text).body)
    wanted = _Wanted(operands=tuple(operands), inputs=None if inputs is None else tuple(inputs))
    uses = _Uses()
    for statement in body:
        uses.visit(statement)
    function = _function(text, body, uses, result, entry, expected_result)
    if function is not None:
        return Roles(inputs=_parameters(text, function, wanted), result=None, entry=function.name)
    names = _free_names(text, uses, wanted, main)
    return Roles(inputs=names, result=_result(text, uses, names, result, expected_result), entry=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """The operands of the expression and the names that the person gave for them."""

    operands: tuple[str | None, ...]
    inputs: tuple[str, ...] | None

    @property
    def slots(self) -> tuple[str | None, ...]:
        """One entry per distinct operand name and per nameless operand."""
        return tuple(name for n, name in enumerate(self.operands) if name is None or name not in self.operands[:n])

    @property
    def known(self) -> frozenset[str]:
        return frozenset(self.inputs or (name for name in self.operands if name is not None))

    def fits(self, count: int) -> bool:
        return count in (len(self.slots), len(self.operands))

    def placed(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return `names` with those that operands have at their places."""
        slots = self.slots if len(names) == len(self.slots) else self.operands
        rest = iter([name for name in names if name not in slots])
        return tuple(slot if slot in names else next(rest) for slot in slots)


# Reading the text -----------------------------------------------------------------------------------------------


class _Kind(Enum):
    """What a text does with a name."""

    READ = "read"
    LATER = "read when a function defined here is called"
    WRITE = "assign"
    DEFINE = "import or define"
    LOOP = "assign as a loop variable"
    UPDATE = "read, then assign"
    STORE = "store into"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    """One use of a name of the module's scope. `perhaps`: on one branch only."""

    name: str
    kind: _Kind
    node: ast.AST
    looped: bool
    perhaps: bool

    @property
    def reads(self) -> bool:
        return self.kind in (_Kind.READ, _Kind.LATER, _Kind.UPDATE, _Kind.STORE)

    @property
    def writes(self) -> bool:
        return self.kind in (_Kind.WRITE, _Kind.DEFINE, _Kind.LOOP, _Kind.UPDATE)

    @property
    def place(self) -> tuple[int, int]:
        return _line(self.node), getattr(self.node, "col_offset", 0)


class _Uses(ast.NodeVisitor):
    """Collects the uses of every name of the module's scope, in the order of evaluation.

    `flows` are pairs (name read, name it goes into); `counters` are names that steer loops or index arrays;
    `sizes` hold shapes; `starred`: an import brings names that nobody can know.
    """

    def __init__(self) -> None:
        self.found: list[_Use] = []
        self.flows: set[tuple[str, str]] = set()
        self.counters: set[str] = set()
        self.sizes: set[str] = set()
        self.starred = False
        self._hidden: list[frozenset[str]] = []
        self._own: frozenset[str] = frozenset()
        self._loops = self._branches = self._later = 0

    def _add(self, name: str, node: ast.AST, kind: _Kind) -> None:
        if any(name in names for names in self._hidden) or (kind is _Kind.READ and name in self._own):
            return
        if self._later:
            if kind in (_Kind.WRITE, _Kind.LOOP, _Kind.DEFINE):
                return
            kind = _Kind.LATER
        looped, perhaps = bool(self._loops), bool(self._branches)
        self.found.append(_Use(name=name, kind=kind, node=node, looped=looped, perhaps=perhaps))

    def _visit_all(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self.visit(node)

    def _bind(self, target: ast.expr, kind: _Kind, sources: frozenset[str] = frozenset()) -> None:
        """Record what assigning to `target` a value made of `sources` does."""
        if isinstance(target, ast.Name):
            updates = kind is _Kind.WRITE and target.id in sources
            self._add(target.id, target, _Kind.UPDATE if updates else kind)
        elif isinstance(target, ast.Tuple | ast.List):
            for element in target.elts:
                self._bind(element, kind, sources)
        elif isinstance(target, ast.Starred):
            self._bind(target.value, kind, sources)
        else:
            self._store(target)

    def _store(self, target: ast.expr) -> None:
        """Record a store into the array or list at the root of `target`."""
        while isinstance(target, ast.Subscript | ast.Attribute):
            if isinstance(target, ast.Subscript):
                self.visit(target.slice)
                self.counters |= _loaded(target.slice)
            target = target.value
        if isinstance(target, ast.Name):
            self._add(target.id, target, _Kind.STORE)
        else:
            self.visit(target)

    def _assign(self, value: ast.expr, targets: Sequence[ast.expr]) -> None:
        sources, roots = _loaded(value), frozenset(name for t in targets for name in _roots(t))
        self.flows |= {(name, root) for name in sources for root in roots}
        if _is_size(value):
            self.sizes |= roots
        outer, self._own = self._own, roots
        self.visit(value)
        self._own = outer
        for target in targets:
            self._bind(target, _Kind.WRITE, sources)

    @contextmanager
    def _looping(self) -> Iterator[None]:
        self._loops += 1
        yield
        self._loops -= 1

    @contextmanager
    def _branching(self) -> Iterator[None]:
        self._branches += 1
        yield
        self._branches -= 1

    @contextmanager
    def _hiding(self, names: frozenset[str]) -> Iterator[None]:
        self._hidden.append(names)
        yield
        self._hidden.pop()

    def visit_Name(self, node: ast.Name) -> None:
        self._add(node.id, node, _Kind.WRITE if isinstance(node.ctx, ast.Store) else _Kind.READ)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.counters |= _loaded(node.slice)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        self._assign(node.value, node.targets)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._assign(node.value, [node.target])

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self._assign(node.value, [node.target])

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.flows |= {(name, root) for name in _loaded(node.value) for root in _roots(node.target)}
        self._bind(node.target, _Kind.UPDATE)
        self.visit(node.value)

    def visit_Expr(self, node: ast.Expr) -> None:
        call = node.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in MUTATORS:
            arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
            sources = frozenset(name for argument in arguments for name in _loaded(argument))
            self.flows |= {(name, root) for name in sources for root in _roots(call.func)}
            self._visit_all(arguments)
            self._store(call.func.value)
        else:
            self.visit(call)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        self.flows |= {(name, root) for name in _loaded(node.iter) for root in _roots(node.target)}
        self._bind(node.target, _Kind.LOOP)
        with self._looping():
            self._visit_all(node.body)
        self._visit_all(node.orelse)

    visit_AsyncFor = visit_For  # noqa: N815

    def visit_While(self, node: ast.While) -> None:
        self.counters |= _loaded(node.test)
        self.visit(node.test)
        with self._looping():
            self._visit_all(node.body)
        self._visit_all(node.orelse)

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        with self._branching():
            self._visit_all([*node.body, *node.orelse])

    def visit_Try(self, node: ast.Try | ast.TryStar) -> None:
        with self._branching():
            self.generic_visit(node)

    visit_TryStar = visit_Try  # noqa: N815

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        with self._hiding(frozenset({node.name} if node.name else ())):
            self.generic_visit(node)

    def visit_Match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        with self._branching():
            self._visit_all(node.cases)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self.generic_visit(node)
        if node.name:
            self._add(node.name, node, _Kind.WRITE)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name:
            self._add(node.name, node, _Kind.WRITE)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self.generic_visit(node)
        if node.rest:
            self._add(node.rest, node, _Kind.WRITE)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            self.starred |= alias.name == "*"
            self._add(alias.asname or alias.name.split(".")[0], node, _Kind.DEFINE)

    visit_ImportFrom = visit_Import  # noqa: N815

    def visit_FunctionDef(self, node: Function) -> None:
        self._visit_all([*node.decorator_list, *_defaults(node.args)])
        self._add(node.name, node, _Kind.DEFINE)
        self._visit_scope(node, node.body)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._visit_all([*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)])
        self._add(node.name, node, _Kind.DEFINE)
        self._visit_scope(node, node.body)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._visit_all(_defaults(node.args))
        self._visit_scope(node, [node.body])

    def _visit_scope(self, node: Scope, body: Sequence[ast.AST]) -> None:
        """Record what the body of a function reads from outside, when it is called."""
        self._later += 1
        with self._hiding(_locals(node)):
            self._visit_all(body)
        self._later -= 1

    def _visit_comprehension(self, node: Comprehension) -> None:
        hidden = frozenset(name for part in node.generators for name in _roots(part.target))
        self.visit(node.generators[0].iter)
        with self._hiding(hidden):
            for number, part in enumerate(node.generators):
                self._visit_all([part.iter, *part.ifs] if number else part.ifs)
            self._visit_all([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_comprehension  # noqa: N815


def _loaded(node: ast.AST) -> frozenset[str]:
    return frozenset(n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))


def _roots(target: ast.AST) -> Iterator[str]:
    """Yield the names that assigning to `target` binds or stores into."""
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from _roots(element)
    elif isinstance(target, ast.Subscript | ast.Attribute | ast.Starred):
        yield from _roots(target.value)


def _is_size(value: ast.expr) -> bool:
    """Return whether `value` is a shape, a part of one or a length."""
    if isinstance(value, ast.Tuple):
        return all(map(_is_size, value.elts))
    if isinstance(value, ast.Subscript):
        return _is_size(value.value)
    if isinstance(value, ast.Call):
        value = value.func
        return (value.id if isinstance(value, ast.Name) else getattr(value, "attr", "")) in ("len", "shape")
    return isinstance(value, ast.Attribute) and value.attr in ("shape", "size", "ndim")


def _defaults(arguments: ast.arguments) -> list[ast.expr]:
    return [*arguments.defaults, *(default for default in arguments.kw_defaults if default is not None)]


def _locals(node: Scope) -> frozenset[str]:
    """Return the names that belong to a function or class: parameters and whatever its body binds."""
    names: set[str] = set()
    outside: set[str] = set()
    for child in ast.walk(node):
        if isinstance(child, ast.arg):
            names.add(child.arg)
        elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            names.add(child.id)
        elif isinstance(child, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name.split(".")[0] for alias in child.names}
        elif isinstance(child, Function | ast.ClassDef) and child is not node:
            names.add(child.name)
        elif isinstance(child, ast.Global):
            outside |= set(child.names)
    return frozenset(names - outside)


def _parse(text: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise _syntax_error(text, error) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise RunError("EL610", f"the source does not parse: {error or type(error).__name__}") from None


def _syntax_error(text: str, error: SyntaxError) -> RunError:
    lines = text.split("\n")
    number = min(max(error.lineno or 1, 1), len(lines))
    line = lines[number - 1]
    start = min(max((error.offset or 1) - 1, 0), len(line))
    ends_here = error.end_lineno == number and (error.end_offset or 0) - 1 > start
    stop = (error.end_offset or 0) - 1 if ends_here else start + 1
    first = sum(len(earlier) + 1 for earlier in lines[: number - 1])
    indented = isinstance(error, IndentationError) and textwrap.dedent(text) != text
    hint = "remove the indentation that all lines share" if indented else None
    span = Span(start=first + start, stop=first + stop)
    return RunError("EL610", f"the source does not parse: line {number}: {error.msg}", text=text, span=span, hint=hint)


def _without_main(body: Sequence[ast.stmt]) -> tuple[list[ast.stmt], bool]:
    """Return the statements that run on import, and whether others stand under `if __name__ == "__main__":`."""
    kept: list[ast.stmt] = []
    for statement in body:
        kept += statement.orelse if _is_main(statement) else [statement]
    return kept, any(map(_is_main, body))


def _is_main(statement: ast.AST) -> TypeGuardIf:
    return False


