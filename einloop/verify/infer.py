"""A person's Python text in, out which names are its inputs and which is its result. Runs nothing.

A text with functions is checked through one of them: its required parameters are the inputs, what it returns is the
result. Any other text is a snippet: the names it reads before it assigns them are the inputs. A block under
`if __name__ == "__main__":` is not considered. Names are followed from the top of the text to its bottom, as if every
branch ran.

Refusals: EL610 the text does not parse; EL611 which function, or loops outside it; EL612 a function that cannot be
called with arrays; EL613 not as many names as operands; EL614 a name that nothing gives a value; EL615 an input is
overwritten; EL616 the snippet makes its own inputs; EL617 a name given is not in the text; EL618 which name is the
result.
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
from string import ascii_uppercase

from ..core.errors import RunError
from ..core.source import Span

GIVEN = frozenset({"np", "numpy", "math", "__file__"}) | frozenset(dir(builtins))
"""Names that a text may read although it never assigns them."""
MUTATORS = frozenset({"append", "extend", "insert", "fill", "itemset"})
"""Methods that store into their object."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Scope = _Function | ast.Lambda | ast.ClassDef
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """How to run a text: the names that take the inputs, and its result or its function.

    `inputs` are in operand order: one per distinct operand name, or one per operand where the text has so many.
    A function takes them by name: its parameters may stand in another order. `result` is the name to read
    afterwards, None where the function `entry` returns the result.
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
    r"""Return which names of `source` are its inputs, and which name or function gives the result.

    `operands` are the operand names of the expression, None where it has none. `inputs`, `result` and `entry` are
    the person's word; `expected_result` is the expression's name for its result, which counts where the text assigns
    it. Both count for a snippet only. Operand names that the text reads take their places; other names fill the rest
    in the order in which they first appear in the text, even where another order would fit as well. A name twice in
    `inputs` is one array for two operands. Raises RunError where the roles are not certain.

    >>> infer_roles("c = 0\nfor i in range(len(a)):\n    c += a[i] * b[i]\n", [None, None])
    Roles(inputs=('a', 'b'), result='c', entry=None)
    >>> infer_roles("def dot(b, a, n=3):\n    return sum(a[i] * b[i] for i in range(n))\n", ["a", "b"])
    Roles(inputs=('a', 'b'), result=None, entry='dot')
    """
    text = source.replace("\r\n", "\n").replace("\r", "\n")
    body, main = _without_main(_parse(text).body)
    wanted = _Wanted(operands=tuple(operands), inputs=None if inputs is None else tuple(inputs))
    uses = _Uses()
    try:
        uses.visit_all(body)
    except RecursionError:
        raise RunError("EL610", "the source nests too deeply to be read") from None
    function = _function(text, body, uses, entry, (result, expected_result))
    if function is not None:
        return Roles(inputs=_parameters(text, function, wanted), result=None, entry=function.name)
    names = _free_names(text, uses, wanted, main)
    return Roles(inputs=names, result=_result(uses, names, result, expected_result), entry=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """The operands of the expression, and the names that the person gave for them."""

    operands: tuple[str | None, ...]
    inputs: tuple[str, ...] | None

    @property
    def slots(self) -> tuple[str | None, ...]:
        """One entry per distinct operand name and per operand without one."""
        return tuple(name for n, name in enumerate(self.operands) if name is None or name not in self.operands[:n])

    @property
    def known(self) -> frozenset[str]:
        """The names that are inputs wherever the text reads them."""
        return frozenset(self.inputs or (name for name in self.operands if name is not None))

    def placed(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return `names`, as many as the operands, with those of the operands at their places."""
        slots = self.slots if len(names) == len(self.slots) else self.operands
        others = iter([name for name in names if name not in slots])
        return tuple(slot if slot is not None and slot in names else next(others) for slot in slots)

    def check_count(self, names: Sequence[str], found: str, *, many: str = "", few: str = "") -> None:
        """Refuse `names` that are not as many as the operands.

        `found` counts them in words, `many` and `few` are advice for more and for fewer than wanted.
        """
        count = len(self.operands)
        if len(names) in (count, len(self.slots)):
            return
        padding = [names[-1]] * count if names else list(ascii_uppercase)
        example = [*names, *padding][:count]
        options = f"--inputs {','.join(example)} or inputs={example}"
        listed = f" ({', '.join(names)})" if names else ""
        advice = many if len(names) > count else f", where one array serves twice{few}" if names else few
        raise RunError(
            "EL613",
            f"{found}{listed}, the expression has {_counted(count, 'operand')}",
            hint=f"name one for every operand, in their order: {options}{advice}",
        )


def _function(
    text: str, body: Sequence[ast.stmt], uses: _Uses, entry: str | None, results: Sequence[str | None]
) -> _Function | None:
    """Return the function through which the text is checked, None where it is checked as a snippet."""
    functions = {function.name: function for function in _functions(body)}
    if entry is not None:
        if entry not in functions:
            hint = f"its functions: {', '.join(functions)}" if functions else "it defines no function"
            raise RunError("EL611", f"the source has no function {entry!r}", hint=hint)
        return functions[entry]
    looped = uses.stored_in_loops()
    if any(result in looped for result in results):
        return None
    if not functions:
        if not looped:
            _refuse_classes(text, body)
        return None
    if looped:
        raise RunError(
            "EL611",
            f"the source has functions ({', '.join(functions)}) and loops outside them (on {', '.join(looped)})",
            hint=f"--entry {next(iter(functions))} checks the function, --result {looped[-1]} the loops",
        )
    return _only_function(functions)


def _functions(body: Iterable[ast.AST]) -> Iterator[_Function]:
    """Yield the functions of the module, those inside `if`, `try` and `with` too."""
    for node in body:
        if isinstance(node, _Function):
            yield node
        elif not isinstance(node, ast.ClassDef | ast.expr):
            yield from _functions(ast.iter_child_nodes(node))


def _only_function(functions: dict[str, _Function]) -> _Function:
    """Return the function that no other one mentions; one without parameters only drives the others."""
    possible = {name: function for name, function in functions.items() if _every_parameter(function)} or functions
    mentioned = {name for function in possible.values() for name in _loaded(function) - {function.name}}
    outer = [name for name in possible if name not in mentioned]
    if len(outer) == 1:
        return possible[outer[0]]
    candidates = outer or list(possible)
    raise RunError(
        "EL611",
        f"the source has {len(candidates)} functions that could be meant: {', '.join(candidates)}",
        hint=f"say which: --entry {candidates[-1]} or entry={candidates[-1]!r}",
    )


def _refuse_classes(text: str, body: Sequence[ast.stmt]) -> None:
    for node in body:
        if isinstance(node, ast.ClassDef) and any(isinstance(child, _Function) for child in node.body):
            message = f"the functions of the source stand in the class {node.name!r}, so they need an object"
            raise _refusal("EL612", message, text, node, "write the loops as a function of the arrays")


def _every_parameter(function: _Function) -> list[ast.arg]:
    arguments = function.args
    more = [argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *more]


def _parameters(text: str, function: _Function, wanted: _Wanted) -> tuple[str, ...]:
    """Return the parameters that take the inputs, in operand order."""
    _refuse_kind(text, function)
    arguments, what = function.args, f"the function {function.name!r}"
    positional = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    required = positional[: len(positional) - len(arguments.defaults)]
    by_keyword = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    required += [argument.arg for argument, default in by_keyword if default is None]
    every = [*positional, *(argument.arg for argument in arguments.kwonlyargs)]
    if wanted.inputs is None:
        chosen = [name for name in every if name in required or name in wanted.operands]
        found = f"{what} requires {_counted(len(chosen), 'parameter')}"
        wanted.check_count(chosen, found, many="; give the other parameters a default value")
        return wanted.placed(chosen)
    for name in wanted.inputs:
        if name not in every:
            raise _refusal("EL617", f"{what} has no parameter {name!r}", text, function, f"it has {', '.join(every)}")
    wanted.check_count(wanted.inputs, f"{_counted(len(wanted.inputs), 'input')} given")
    for name in required:
        if name not in wanted.inputs:
            message = f"{what} requires {name!r}, which is no input"
            raise _refusal("EL614", message, text, function, f"give {name!r} a default value")
    return wanted.inputs


def _refuse_kind(text: str, function: _Function) -> None:
    """Refuse a function that gives no result when it is called with one array per parameter."""
    parameters = _every_parameter(function)
    own = list(_own_nodes(function))
    hint = "write it as a plain function that returns the result"
    if isinstance(function, ast.AsyncFunctionDef):
        problem = "is async"
    elif any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own):
        problem = "yields, so it is a generator"
    elif parameters and parameters[0].arg in ("self", "cls"):
        problem = "is a method: it needs an object"
    elif function.args.vararg is not None:
        problem = f"takes any number of arguments (*{function.args.vararg.arg})"
        hint = "give it one parameter for every operand"
    elif not any(isinstance(node, ast.Return) and node.value is not None for node in own):
        problem = "returns nothing"
    else:
        return
    raise _refusal("EL612", f"the function {function.name!r} {problem}", text, function, hint)


def _own_nodes(function: _Function) -> Iterator[ast.AST]:
    """Yield the nodes of a function, without those of functions inside it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _Scope):
            waiting += ast.iter_child_nodes(node)


def _free_names(text: str, uses: _Uses, wanted: _Wanted, main: bool) -> tuple[str, ...]:
    """Return the inputs of a snippet, in operand order."""
    _refuse_overwriting(text, uses, wanted.known)
    free = _read_first(uses, wanted.known)
    uncreated = {u.name for u in uses.found if u.grows and u.name in free} - wanted.known
    if wanted.inputs is not None:
        names = wanted.inputs
        for name in names:
            if name not in free:
                hint = f"names without a value in it: {', '.join(free)}" if free else "it makes all that it reads"
                raise RunError("EL617", f"the source reads no {name!r} that could be given to it", hint=hint)
        wanted.check_count(names, f"{_counted(len(names), 'input')} given")
    elif not free:
        raise _makes_its_own(main)
    elif all(name in free for name in wanted.slots):
        names = tuple(name for name in wanted.slots if name is not None)
    else:
        candidates = [name for name in free if name not in uncreated]
        found = f"the source reads {_counted(len(candidates), 'name')} that it does not assign first"
        wanted.check_count(candidates, found, few="; remove the lines that make inputs")
        names = wanted.placed(candidates)
    left = [use for name, use in free.items() if name not in names]
    if left and not uses.starred:
        raise _no_value(text, left[0], names, created=left[0].name not in uncreated)
    return names


def _refuse_overwriting(text: str, uses: _Uses, known: frozenset[str]) -> None:
    """Refuse a value that the text gives to an input and reads later: no other values would be tried."""
    for number, use in enumerate(uses.found):
        overwrites = use.name in known and use.writes and not use.perhaps
        later = uses.found[number + 1 :]
        if overwrites and any(u.name == use.name and u.reads for u in later):
            message = f"line {_line(use.node)} overwrites the input {use.name!r}"
            message += ", so it cannot be verified on other values"
            raise _refusal("EL615", message, text, use.node, "remove that line")


def _read_first(uses: _Uses, known: frozenset[str]) -> dict[str, _Use]:
    """Return the names that are read before they are assigned, in order of appearance.

    A known input may be assigned on a branch (`if a is None: a = ...`).
    """
    assigned: set[str] = set()
    free: dict[str, _Use] = {}
    ever = {use.name for use in uses.found if use.writes}
    for use in sorted(uses.found, key=lambda use: use.kind is _Kind.LATER):
        bound = ever if use.kind is _Kind.LATER else assigned
        if use.reads and use.name not in bound and (use.name in known or use.name not in GIVEN):
            free[use.name] = min(use, free.get(use.name, use), key=lambda use: use.place)
        if (use.writes or use.kind is _Kind.UPDATE) and not (use.perhaps and use.name in known):
            assigned.add(use.name)
    return dict(sorted(free.items(), key=lambda item: item[1].place))


def _makes_its_own(main: bool) -> RunError:
    hint = "remove the lines that make the inputs"
    if main:
        hint = 'what stands under `if __name__ == "__main__":` is not run: move the loops out of it'
    return RunError(
        "EL616",
        "the source reads no name that it does not assign first: it makes its own inputs, "
        "so it cannot be verified on other values",
        hint=hint,
    )


def _no_value(text: str, use: _Use, names: Sequence[str], *, created: bool) -> RunError:
    size = f"such as {use.name} = {names[0]}.shape[0]"
    hint = f"give it a value first, {size}" if created else f"create it first, such as {use.name} = np.zeros(...)"
    message = f"line {_line(use.node)} uses {use.name!r}, which has no value there and is none of the inputs"
    return _refusal("EL614", f"{message} ({', '.join(names)})", text, use.node, hint)


def _result(uses: _Uses, inputs: Sequence[str], result: str | None, expected: str | None) -> str:
    """Return the name of a snippet's result."""
    bound = list(dict.fromkeys(use.name for use in uses.found if use.binds))
    if result is not None:
        if result not in bound and result not in inputs:
            hint = f"it assigns {', '.join(bound)}" if bound else "it assigns nothing"
            raise RunError("EL617", f"the source never assigns {result!r}", hint=hint)
        return result
    if expected is not None and expected in bound:
        return expected
    looped = uses.stored_in_loops()
    top = [u.name for u in uses.found if u.binds and not u.looped and u.name not in (*inputs, *uses.sizes)]
    candidates = looped or list(dict.fromkeys(top))
    ends = [name for name in candidates if uses.is_end(name)]
    if len(ends) == 1:
        return ends[0]
    if not candidates:
        raise RunError("EL618", "the source assigns no result", hint="assign it to a name, such as C = ...")
    unsure = ends or [*candidates, *(name for name in bound if name not in candidates and uses.is_end(name))]
    raise RunError(
        "EL618",
        f"the source has {len(unsure)} names that could be the result: {', '.join(unsure)}",
        hint=f"say which: --result {unsure[-1]} or result={unsure[-1]!r}",
    )


class _Kind(Enum):
    """What a text does with a name."""

    READ = "read"
    LATER = "read once a function is called"
    DEFINE = "import or define"
    WRITE = "assign"
    LOOP = "assign as a loop variable"
    UPDATE = "read, then assign"
    STORE = "store into"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    """One use of a name in the module's scope. `perhaps`: on one branch only."""

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
        """Whether it gives the name a value that does not depend on the one before."""
        return self.kind in (_Kind.DEFINE, _Kind.WRITE, _Kind.LOOP)

    @property
    def binds(self) -> bool:
        """Whether the name may be a result after it."""
        return self.kind in (_Kind.WRITE, _Kind.UPDATE, _Kind.STORE)

    @property
    def grows(self) -> bool:
        """Whether loops build up their result so."""
        return self.kind is _Kind.STORE or (self.kind is _Kind.UPDATE and self.looped)

    @property
    def place(self) -> tuple[int, int]:
        return _line(self.node), getattr(self.node, "col_offset", 0)


class _Uses(ast.NodeVisitor):
    """Collects the uses of the names in the module's scope, in the order of evaluation.

    `flows`: pairs (name read, name it goes into). `counters`: names that steer loops or index arrays. `sizes`:
    names that hold shapes. `starred`: an import brings names that nobody can know.
    """

    def __init__(self) -> None:
        self.found: list[_Use] = []
        self.flows: set[tuple[str, str]] = set()
        self.counters: set[str] = set()
        self.sizes: set[str] = set()
        self.starred = False
        self._hidden: list[frozenset[str]] = []
        self._looped = self._perhaps = self._called = False

    def stored_in_loops(self) -> list[str]:
        """Return the names that loops build up, without loop variables and counters."""
        loop_names = {use.name for use in self.found if use.kind is _Kind.LOOP} | self.counters
        names = [use.name for use in self.found if use.looped and use.grows and use.name not in loop_names]
        return list(dict.fromkeys(names))

    def is_end(self, name: str) -> bool:
        """Return whether nothing is computed from `name` except what goes back into it."""
        return all(name in self._reached(after) for after in self._reached(name))

    def _reached(self, start: str) -> set[str]:
        reached: set[str] = set()
        waiting = [start]
        while waiting:
            name = waiting.pop()
            new = {after for before, after in self.flows if before == name} - reached
            reached |= new
            waiting += new
        return reached

    def visit_all(self, nodes: Iterable[ast.AST]) -> frozenset[str]:
        """Visit `nodes` and return the names that they read."""
        start = len(self.found)
        for node in nodes:
            self.visit(node)
        return frozenset(use.name for use in self.found[start:] if use.reads)

    def _add(self, name: str, node: ast.AST, kind: _Kind) -> None:
        if any(name in names for names in self._hidden):
            return
        if self._called:
            if kind in (_Kind.DEFINE, _Kind.WRITE, _Kind.LOOP):
                return
            kind = _Kind.LATER
        self.found.append(_Use(name=name, kind=kind, node=node, looped=self._looped, perhaps=self._perhaps))

    def _assign(self, sources: Iterable[ast.expr], targets: Iterable[ast.expr], kind: _Kind = _Kind.WRITE) -> None:
        """Record an assignment: its values are read, then its targets bound or stored into."""
        start, bound = len(self.found), {name for target in targets for name in _names_bound(target)}
        read = self.visit_all(sources)
        if kind is not _Kind.LOOP:  # what is read and bound at once becomes one UPDATE or STORE
            self.found[start:] = [u for u in self.found[start:] if u.kind is not _Kind.READ or u.name not in bound]
        if not self._called:
            self.flows |= {(before, after) for before in read for after in bound - {before}}
        for target in targets:
            self._bind(target, kind, read)

    def _bind(self, target: ast.expr, kind: _Kind, read: frozenset[str]) -> None:
        if isinstance(target, ast.Name):
            updates = kind is _Kind.WRITE and target.id in read
            self._add(target.id, target, _Kind.UPDATE if updates else kind)
        elif isinstance(target, ast.Tuple | ast.List):
            for element in target.elts:
                self._bind(element, kind, read)
        elif isinstance(target, ast.Starred):
            self._bind(target.value, kind, read)
        elif isinstance(target, ast.Subscript):
            self.counters |= self.visit_all([target.slice])
            self._bind(target.value, _Kind.STORE, read)
        elif isinstance(target, ast.Attribute):
            self._bind(target.value, _Kind.STORE, read)
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
        self._add(node.id, node, _Kind.WRITE if isinstance(node.ctx, ast.Store) else _Kind.READ)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)
        self.counters |= self.visit_all([node.slice])

    def visit_Assign(self, node: ast.Assign) -> None:
        if _is_size(node.value):
            self.sizes |= {name for target in node.targets for name in _names_bound(target)}
        self._assign([node.value], node.targets)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._assign([node.value], [node.target])

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self._assign([node.value], [node.target])

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._assign([node.value], [node.target], _Kind.UPDATE)

    def visit_Expr(self, node: ast.Expr) -> None:
        call = node.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in MUTATORS:
            self._assign([*call.args, *(keyword.value for keyword in call.keywords)], [call.func])
        else:
            self.visit(call)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self._assign([node.iter], [node.target], _Kind.LOOP)
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
            self._add(name, node, _Kind.WRITE)

    def _visit_import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            self.starred |= alias.name == "*"
            self._add(alias.asname or alias.name.split(".")[0], node, _Kind.DEFINE)

    def visit_FunctionDef(self, node: _Function) -> None:
        self.visit_all([*node.decorator_list, *_defaults(node.args)])
        self._add(node.name, node, _Kind.DEFINE)
        self._visit_body(node, node.body)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.visit_all([*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)])
        self._add(node.name, node, _Kind.DEFINE)
        self._visit_body(node, node.body)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit_all(_defaults(node.args))
        self._visit_body(node, [node.body])

    def _visit_body(self, node: _Scope, body: Iterable[ast.AST]) -> None:
        """Record what a body with names of its own reads from outside."""
        with self._inside(called=True, hidden=_own_names(node)):
            self.visit_all(body)

    def _visit_comprehension(self, node: _Comprehension) -> None:
        self.visit(node.generators[0].iter)
        with self._inside(hidden=[name for part in node.generators for name in _names_bound(part.target)]):
            for number, part in enumerate(node.generators):
                self.visit_all([part.iter, *part.ifs] if number else part.ifs)
            self.visit_all([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])

    visit_AsyncFor = visit_For  # noqa: N815
    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815
    visit_Import = visit_ImportFrom = _visit_import  # noqa: N815
    visit_Try = visit_TryStar = visit_match_case = _visit_branches  # noqa: N815
    visit_MatchAs = visit_MatchStar = visit_MatchMapping = _visit_capture  # noqa: N815
    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_comprehension  # noqa: N815


def _loaded(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def _names_bound(target: ast.AST) -> Iterator[str]:
    """Yield the names that assigning to `target` binds or stores into."""
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from _names_bound(element)
    elif isinstance(target, ast.Subscript | ast.Attribute | ast.Starred):
        yield from _names_bound(target.value)


def _is_size(value: ast.expr) -> bool:
    """Return whether `value` is a shape, an extent, or several of them."""
    if isinstance(value, ast.Tuple):
        return all(map(_is_size, value.elts))
    while isinstance(value, ast.Subscript | ast.Call):
        value = value.func if isinstance(value, ast.Call) else value.value
    name = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")
    return name in ("shape", "size", "ndim", "len")


def _defaults(arguments: ast.arguments) -> list[ast.expr]:
    return [*arguments.defaults, *(default for default in arguments.kw_defaults if default is not None)]


def _own_names(node: _Scope) -> set[str]:
    """Return the names of a function or class: its parameters and whatever its body binds."""
    names: set[str] = set()
    outside: set[str] = set()
    for child in ast.walk(node):
        if isinstance(child, ast.arg):
            names.add(child.arg)
        elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            names.add(child.id)
        elif isinstance(child, ast.alias):
            names.add(child.asname or child.name.split(".")[0])
        elif isinstance(child, _Function | ast.ClassDef) and child is not node:
            names.add(child.name)
        elif isinstance(child, ast.Global):
            outside |= set(child.names)
    return names - outside


def _without_main(body: Sequence[ast.stmt]) -> tuple[list[ast.stmt], bool]:
    """Return the statements that run on import, and whether others stand under `if __name__ == "__main__":`."""
    kept: list[ast.stmt] = []
    for statement in body:
        kept += statement.orelse if isinstance(statement, ast.If) and _is_main(statement) else [statement]
    return kept, any(isinstance(statement, ast.If) and _is_main(statement) for statement in body)


def _is_main(statement: ast.If) -> bool:
    test = ast.unparse(statement.test)
    return test in ("__name__ == '__main__'", "'__main__' == __name__")


def _parse(text: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise _syntax_refusal(text, error) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise RunError("EL610", f"the source does not parse: {str(error) or type(error).__name__}") from None


def _syntax_refusal(text: str, error: SyntaxError) -> RunError:
    lines = text.split("\n")
    number = min(max(error.lineno or 1, 1), len(lines))
    start = min(max((error.offset or 1) - 1, 0), len(lines[number - 1]))
    stop = (error.end_offset or 0) - 1 if error.end_lineno == number else 0
    first = sum(len(line) + 1 for line in lines[: number - 1])
    span = Span(start=first + start, stop=first + max(stop, start + 1))
    shared = isinstance(error, IndentationError) and textwrap.dedent(text) != text
    hint = "remove the indentation that all lines share" if shared else None
    return RunError("EL610", f"line {number} does not parse: {error.msg}", text=text, span=span, hint=hint)


def _refusal(id: str, message: str, text: str, node: ast.AST, hint: str) -> RunError:
    """Return an error with its caret under the first line of `node`."""
    lines = text.split("\n")
    number, column = _line(node), getattr(node, "col_offset", 0)
    line = lines[number - 1].encode()
    last = getattr(node, "end_lineno", number)
    first = sum(len(line) + 1 for line in lines[: number - 1])
    start = first + len(line[:column].decode())
    stop = first + len(line[: getattr(node, "end_col_offset", 0)].decode()) if last == number else first + len(line)
    return RunError(id, message, text=text, span=Span(start=start, stop=stop), hint=hint)


def _line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 1))


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
