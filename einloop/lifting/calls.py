"""Calls in a Python text: of its own functions, of Python's, of lists; those on whole arrays are passed on."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from .counting import called
from .expressions import Expressions
from .flat import Flat
from .grids import Grid
from .kinds import CHANGES, CONVERTS, KEEP, whole_type
from .lists import METHODS, ListRow, length, same_lengths
from .loops import FUNCTIONS, OF_LIBRARIES, PASSED, SILENT, TAKE_FUNCTIONS, reduced
from .scopes import LIBRARIES, Function, KnownFunction, Scope, assigned, bound, defaults, parameters
from .sizes import Refusal
from .values import Part, Store
from .variables import nodes

MAX_DEPTH = 20
"""Calls inside of calls."""


COPIES = frozenset({"array", "copy", "clone", "deepcopy", "tolist"})
"""Calls that give elements of their own."""
FLAT = frozenset({"reshape", "view", "ravel"})
"""Calls that may give the elements of an array as one axis."""
VIEWS = frozenset({
    "reshape", "view", "ravel", "transpose", "permute", "swapaxes", "moveaxis", "t", "squeeze", "unsqueeze",
    "expand_dims", "diagonal", "asarray", "ascontiguousarray", "contiguous", "astype", "expand", "flatten",
    "broadcast_to",
})  # fmt: skip
"""Calls that may give the elements of their argument themselves."""


class Returned(Exception):  # noqa: N818  not an error: the call ends
    """A function's `return`."""

    def __init__(self, value: object, node: ast.expr | None) -> None:
        super().__init__()
        self.value, self.node = value, node


class Calls(Expressions):
    """Expressions, and what calls give.

    `library` says what a call of a function of numpy or torch gives.
    """

    arrays_call: Callable[[Any, ast.Call], Any]
    grown: dict[int, list[Any]]
    """Lists that were empty when the innermost loop began, or a turn of it, and are no longer."""
    active: list[ast.AST]
    """Functions that are being called, the outermost first."""

    def run(self, body: Sequence[ast.stmt]) -> None:
        """Run statements in order."""
        raise NotImplementedError

    def function_of(self, node: ast.Lambda | ast.FunctionDef) -> Function:
        """Return a function; defaults that name what has a value have that of now, others that of the first call."""
        made = Function(node, self.scope)
        for name, value in defaults(node.args).items():
            words = [one.id for one in nodes(value) if isinstance(one, ast.Name) and one.id not in LIBRARIES]
            if words and all(self.scope.find(word) for word in words):
                made.kept[name] = self.snapped(self.value(value))
        return made

    def call(self, node: ast.Call) -> Any:
        """Return what a call gives."""
        if isinstance(node.func, ast.Name):
            return self.by_name(called(node), node)
        if isinstance(node.func, ast.Lambda):
            return self.own(self.function_of(node.func), node)
        if isinstance(node.func, ast.Attribute) and not self.library(node.func.value, node.func.attr):
            found = self.method(node, node.func)
            return self.on_arrays(called(node), node) if found is NotImplemented else found
        return self.of_library(called(node), node)

    def by_name(self, name: str, node: ast.Call) -> Any:
        """Return what a call of a function by its bare name gives: one of the text, of Python, or imported by name."""
        scope = self.scope.find(name)
        own = None if scope is None else scope.names[name]
        if isinstance(own, Function):
            return self.own(own, node)
        if isinstance(own, KnownFunction):
            return self.of_library(own.name, node)
        if own is not None:
            raise Refusal("EL803", f"what {name} does is not known", node.func)
        if name in SILENT:
            return None
        return FUNCTIONS[name](self, node, self.passed(node)) if name in FUNCTIONS else self.of_library(name, node)

    def of_library(self, name: str, node: ast.Call) -> Any:
        """Return what a call of a library's function gives."""
        if name in SILENT:
            return None
        if name == "tqdm" and node.args:
            return self.value(node.args[0])
        if name == "reduce" and self.folds(node):
            return reduced(self, node, self.passed(node))
        return OF_LIBRARIES[name](self, node, self.passed(node)) if name in OF_LIBRARIES else self.on_arrays(name, node)

    def folds(self, node: ast.Call) -> bool:
        """Return whether a call of reduce is that of functools: a function comes first."""
        first = node.args[0] if len(node.args) > 1 else None
        if isinstance(first, ast.Name):
            return isinstance(self.looked_up(first), (Function, KnownFunction))
        return isinstance(first, ast.Lambda) or (isinstance(first, ast.Attribute) and self.library(first))

    def on_arrays(self, name: str, node: ast.Call) -> Any:
        """Return what a call on whole arrays gives: a copy, a part that shares its elements, or something new."""
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        first = owner if owner is not None and not self.library(owner) else node.args[0] if node.args else None
        kind = whole_type(node) if name in CONVERTS and first is not None else None
        if kind is not None and first is not None and not self.whole_numbers(self.value(first)):
            raise Refusal("EL807", CHANGES.format(kind=ast.unparse(kind)), node, hint=KEEP)
        if name in COPIES and first is not None and not isinstance(first, ast.Starred):
            value = self.value(first)
            if isinstance(value, list):
                self.rows_known(value, first)
            if isinstance(value, (Store, Part, Grid, list)):
                return self.copied(value, node)
        if name == "reshape" and isinstance(owner, ast.Call) and called(owner) in ("array", "asarray") and owner.args:
            same_lengths(self.value(owner.args[0]), [self.value(argument) for argument in node.args])
        found = self.arrays_call(self, node)
        if name in FLAT and isinstance(found, Grid) and found.rank == 1 and isinstance(first, ast.Name):
            value = self.value(first)
            if isinstance(value, Store) and value.shape is not None and value.given:
                return Flat(value)
        if name in VIEWS and isinstance(found, Grid) and isinstance(first, (ast.Name, ast.Attribute, ast.Subscript)):
            return self.viewed(found, self.shared(self.value(first)))
        return found

    def passed(self, node: ast.Call) -> list[Any]:
        """Return the arguments of a call without keywords that matter."""
        for keyword in node.keywords:
            if keyword.arg not in ("strict", "start", "dtype"):
                raise Refusal("EL803", f"what {called(node)} does with {keyword.arg or '**'} is not known", node)
        takes = called(node) in TAKE_FUNCTIONS
        found = [self.known(a) for a in node.args[:1]] if takes and node.args else []
        found = [one for one in found if one is not None]
        found += [item for argument in node.args[len(found) :] for item in self.spread(argument)]
        return found + [self.value(k.value) for k in node.keywords if k.arg == "start"]

    def known(self, node: ast.expr) -> KnownFunction | None:
        """Return a function of Python that stands as a value, None where this is none."""
        free = isinstance(node, ast.Name) and self.scope.find(node.id) is None
        return KnownFunction(node.id) if free and isinstance(node, ast.Name) and node.id in PASSED else None

    def method(self, node: ast.Call, function: ast.Attribute) -> Any:
        """Return what a method of a list gives, NotImplemented where it is none."""
        root = function.value
        if function.attr in SILENT and isinstance(root, ast.Name) and self.scope.find(root.id) is None:
            return None
        if function.attr == "type" and isinstance(self.value(root), str):
            return FUNCTIONS["float"](self, node, self.passed(node))
        if function.attr not in METHODS:
            return NotImplemented
        owner = self.value(root)
        if not isinstance(owner, list):
            if function.attr == "copy":
                return NotImplemented
            raise Refusal("EL802", f"{function.attr} is supported for lists that the code makes itself", node)
        arguments = [self.snapped(value) for value in self.passed(node)]
        if function.attr == "extend":
            arguments = [self.listed(one, node) if isinstance(one, (Store, Part, Grid)) else one for one in arguments]
        if not owner:
            self.grown[id(owner)] = owner
        try:
            found = METHODS[function.attr](owner, *arguments)
        except TypeError:
            raise Refusal("EL813", f"{function.attr} takes other arguments", node) from None
        self.touched[id(owner)] = self.clock
        self.wrote(root)
        return found

    def wrote(self, node: ast.expr) -> None:
        """Take note that what a name stands for was written in part."""
        while isinstance(node, (ast.Subscript, ast.Attribute)):
            node = node.value
        if isinstance(node, ast.Name):
            scope = self.scope.find(node.id)
            if scope is not None:
                scope.written[node.id] = self.clock

    def own(self, function: Function, node: ast.Call) -> Any:
        """Return what a function of the text gives for the arguments of a call."""
        passed = [self.snapped(item) for argument in node.args for item in self.spread(argument)]
        named: dict[str, Any] = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                raise Refusal("EL802", "arguments in a dictionary are not supported", node)
            named[keyword.arg] = self.snapped(self.value(keyword.value))
        before = self.clock
        found = self.function(function, bound(function, passed, named, node), node)
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            value = self.looked_up(argument)
            store = value.store if isinstance(value, Part) else value
            if self.touched.get(id(store), -1) > before:
                self.clock += 1
                self.wrote(argument)
        return found

    def applied(self, function: Function, passed: Sequence[Any], node: ast.AST) -> Any:
        """Return what a function of the text gives for these arguments."""
        return self.function(function, bound(function, [self.snapped(one) for one in passed], {}, node), node)

    def looked_up(self, node: ast.expr) -> Any:
        """Return the value of an argument that is a name, None else; this is no reading."""
        scope = self.scope.find(node.id) if isinstance(node, ast.Name) else None
        return scope.names[node.id] if scope is not None and isinstance(node, ast.Name) else None

    def function(self, function: Function, given: Mapping[str, Any], node: ast.AST) -> Any:
        """Return what a function of the text gives for these parameters; those left out are as it says itself."""
        return self.entered(function, given, node)[0]

    def entered(
        self, function: Function, given: Mapping[str, Any], node: ast.AST
    ) -> tuple[Any, ast.expr | None, Scope]:
        """Return what a function gives, the expression that it returns, and its names."""
        if function.node in self.active:
            raise Refusal("EL804", f"{function.name} calls itself", node, hint="write it as loops")
        if len(self.active) >= MAX_DEPTH:
            raise Refusal("EL816", "calls are nested too deeply", node)
        scope = Scope(around=function.scope, local=assigned(function.node))
        scope.names.update(given)
        others = defaults(function.node.args)
        outer = self.scope
        self.scope = function.scope
        for parameter in parameters(function.node.args):
            if parameter.arg not in scope.names:
                if parameter.arg not in others:
                    raise Refusal("EL813", f"{function.name} needs {parameter.arg}", node)
                if parameter.arg not in function.kept:
                    function.kept[parameter.arg] = self.value(others[parameter.arg])
                scope.names[parameter.arg] = function.kept[parameter.arg]
        self.scope = scope
        self.active.append(function.node)
        try:
            if isinstance(function.node, ast.Lambda):
                return self.value(function.node.body), function.node.body, scope
            self.run(function.node.body)
        except Returned as done:
            return done.value, done.node, scope
        finally:
            self.active.pop()
            self.scope = outer
        return None, None, scope

    # comprehensions

    def listed_comprehension(self, node: ast.ListComp | ast.GeneratorExp) -> Any:
        """Return a list of what a comprehension gives."""
        inner = Scope(around=self.scope)
        outer, self.scope = self.scope, inner
        try:
            first, *others = node.generators
            turns = self.listed(self.value(first.iter), first.iter)
            found = list(self.comprehension(node.elt, [first, *others], turns))
        finally:
            self.scope = outer
        whole = not others and not first.ifs
        return ListRow.of(found, length(turns) if whole else None)

    def comprehension(
        self, element: ast.expr, generators: Sequence[ast.comprehension], turns: Sequence[Any] | None = None
    ) -> Iterator[Any]:
        """Yield the elements of a comprehension."""
        if not generators:
            yield self.snapped(self.value(element))
            return
        first, *others = generators
        for item in turns if turns is not None else self.items(self.value(first.iter), first.iter):
            self.assign(first.target, item)
            if all(self.truth(test) for test in first.ifs):
                yield from self.comprehension(element, others)

    def snapped(self, value: Any) -> Any:
        """Return a value as it is now: an array's element does not change with the array."""
        if isinstance(value, Part) and self.left(value) == 0:
            return self.scalar(value, None)  # type: ignore[arg-type]
        return value
