"""What the names of a C text are used for, from its syntax tree alone: as bounds, in subscripts, as arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pycparser import c_ast as c

from .nodes import walk

STEPS = frozenset({"p++", "p--", "++", "--"})


@dataclass(frozen=True, slots=True)
class Usage:
    """Names by what they are used for; what is assigned to such a name counts as used so.

    `limits`: in the bounds of loops and the lengths of arrays. `places`: where in memory something stands. `asked`: in
    conditions, and where only whole numbers can stand. `indexed`: how many subscripts follow a name. `moved`: names
    that stand for more than one element or struct. `addresses`: numbers that are addresses, as compilers write
    pointers. `varied`: names that are assigned to more than where they are declared.
    """

    limits: frozenset[str]
    places: frozenset[str]
    asked: frozenset[str]
    indexed: Mapping[str, int]
    moved: frozenset[str]
    addresses: frozenset[str]
    varied: frozenset[str]
    written: frozenset[str]
    """Names of which something is assigned to, or passed on."""
    whole_types: frozenset[str]
    """Names of types of which something counts."""
    single: frozenset[str]
    """Pointers that only `*p` reads or writes: to one number."""
    offsets: frozenset[str]
    """Names that say where something starts: no loop ends there, and no step is as long."""

    @property
    def counting(self) -> frozenset[str]:
        """Names that say how many there are of something, or where it stands."""
        return self.limits | self.places

    @property
    def strides(self) -> frozenset[str]:
        """Names that only say how far apart elements or rows stand."""
        apart = (one for one in self.places if one not in self.limits or one.lower().startswith("ld"))
        return frozenset(apart) - self.offsets


def usage_of(root: c.Node) -> Usage:
    """Return what the names below a node are used for."""
    given_values = list(flows(root))
    given: dict[str, set[str]] = {}
    located: dict[str, set[str]] = {}
    added: dict[str, set[str]] = {}
    for name, node in given_values:
        given.setdefault(name, set()).update(_names(node))
        located.setdefault(name, set()).update(() if isinstance(node, c.InitList) else _names(node))
        added.setdefault(name, set()).update(_added(node))
    indexed = _indexed(root)
    limits = _closed(set(_limits(root)), given)
    places = _closed(set(_places(root)), located)
    moved = {*_moved(root), *(name for node in walk(root, c.ArrayRef) for name in _base(node))}
    return Usage(
        limits=limits,
        places=places,
        asked=_closed(set(_asked(root)), given),
        indexed=indexed,
        moved=_closed(moved, added),
        addresses=_addresses(root, added) - limits,
        varied=frozenset(_varied(root)),
        written=frozenset(_written(root)),
        whole_types=frozenset(_whole_types(root, limits | places)),
        single=_single(root),
        offsets=_offsets(root, limits | places, given) - _addresses(root, added),
    )


def flows(root: c.Node) -> Iterator[tuple[str, c.Node]]:
    """Yield the names that are given a value, each with what is assigned to it or passed for it."""
    functions = {one.decl.name: one.decl.type.args for one in walk(root, c.FuncDef)}
    for node in walk(root, (c.Decl, c.Assignment, c.FuncCall)):
        match node:
            case c.Decl(name=str(name)) if node.init is not None:
                yield name, node.init
            case c.Assignment(lvalue=c.ID()):
                yield node.lvalue.name, node.rvalue
            case c.FuncCall(name=c.ID()) if node.args and functions.get(node.name.name):
                for one, passed in zip(functions[node.name.name].params, node.args.exprs, strict=False):
                    if getattr(one, "name", None) is not None:
                        yield one.name, passed


def _whole_types(root: c.Node, counting: Collection[str]) -> Iterator[str]:
    for node in walk(root, c.Decl):
        if node.name in counting and isinstance(node.type, c.TypeDecl) and isinstance(node.type.type, c.IdentifierType):
            yield node.type.type.names[0]


def _varied(root: c.Node) -> Iterator[str]:
    """Yield the names that are assigned to or stepped."""
    for node in walk(root, (c.Assignment, c.UnaryOp)):
        if isinstance(node, c.Assignment) and isinstance(node.lvalue, c.ID):
            yield node.lvalue.name
        elif isinstance(node, c.UnaryOp) and node.op in STEPS and isinstance(node.expr, c.ID):
            yield node.expr.name


def _written(root: c.Node) -> Iterator[str]:
    """Yield the names that assignments begin with, and those in arguments."""
    for node in walk(root, (c.Assignment, c.UnaryOp, c.FuncCall)):
        if isinstance(node, c.FuncCall):
            yield from _names(node.args)
        elif isinstance(node, c.Assignment) or node.op in STEPS:
            yield first_name(node.lvalue if isinstance(node, c.Assignment) else node.expr)


def scratch_of(root: c.FileAST) -> frozenset[str]:
    """Return the static arrays of a text that it reads, not only writes: what is left in them is for nobody else."""
    made = {one.name for one in root.ext if isinstance(one, c.Decl) and isinstance(one.type, c.ArrayDecl)
            and "static" in (one.storage or ()) and one.init is None}  # fmt: skip
    reading = [one.rvalue for one in walk(root, c.Assignment)] + [one.args for one in walk(root, c.FuncCall)]
    return frozenset(made & {name for node in reading for name in _names(node)})


def tables_of(root: c.Node, written: Collection[str]) -> frozenset[str]:
    """Return the arrays of numbers that a text declares, never writes, and reads where a loop says."""
    made = {
        one.name for one in walk(root, c.Decl) if isinstance(one.type, c.ArrayDecl) and isinstance(one.init, c.InitList)
    }
    looped = {name for node in walk(root, c.ArrayRef) for name in _base(node)
              if any(True for part in _chain(node) for _ in walk(part.subscript, c.ID))}  # fmt: skip
    return frozenset(made & looped - {*written})


def _asked(root: c.Node, names: Callable[[c.Node], Iterable[str]] | None = None) -> Iterator[str]:
    """Yield the names in conditions, and those that whole numbers alone have operators for, as `names` gives them."""
    names = names or _names
    for node in walk(root, (c.If, c.TernaryOp, c.Switch, c.BinaryOp, c.UnaryOp, c.Assignment)):
        match node:
            case c.If() | c.TernaryOp() | c.Switch():
                yield from names(node.cond)
            case c.BinaryOp() if node.op not in ("+", "-", "*"):
                yield from names(node)
            case c.UnaryOp(op="!" | "~"):
                yield from names(node)
            case c.Assignment() if node.op not in ("=", "+=", "-=", "*="):
                yield from names(node.rvalue)


def _limits(root: c.Node) -> Iterator[str]:
    """Yield the names in the bounds of loops, in the lengths of arrays, and in arguments."""
    for node in walk(root, (c.For, c.While, c.DoWhile, c.ArrayDecl, c.FuncCall)):
        match node:
            case c.ArrayDecl():
                yield from _names(node.dim)
            case c.FuncCall():
                yield from _names(node.args)
            case _:
                yield from _names(node.cond)
                yield from _names(getattr(node, "init", None))


def _offsets(root: c.FileAST, counting: Collection[str], given: Mapping[str, set[str]]) -> frozenset[str]:
    """Return the parameters that say where something starts."""
    begun = {id(flow) for loop in walk(root, c.For) if not _down(loop) and loop.init for flow in walk(loop.init)}
    kept: dict[str, set[str]] = {}
    for name, node in flows(root):
        if id(node) not in begun:
            kept.setdefault(name, set()).update(_names(node))
    fixed = {
        one.name for function in walk(root, c.FuncDef) for one in walk(function.decl.type, c.Decl)
        if isinstance(one.type, c.TypeDecl)
    }  # fmt: skip
    others = _closed({*_ends(root), *_spaced(root, given)}, kept)
    return frozenset(fixed & {*counting}) - others - {*_varied(root)}


def _down(loop: c.For) -> bool:
    """Return whether a loop counts down."""
    return any(
        one.op in ("p--", "--", "-=")
        for part in (loop.next, loop.cond)
        if part is not None
        for one in walk(part, (c.UnaryOp, c.Assignment))
    )


def _ends(root: c.FileAST) -> Iterator[str]:
    """Yield the names that loops end at, that say how long arrays are, and that are compared or taken apart."""
    functions = {one.decl.name for one in walk(root, c.FuncDef)}
    for node in walk(root, (c.For, c.While, c.DoWhile, c.ArrayDecl, c.FuncCall)):
        match node:
            case c.ArrayDecl():
                yield from _names(node.dim)
            case c.FuncCall():
                yield from () if first_name(node.name) in functions else _names(node.args)
            case _:
                yield from _names(node.init) if isinstance(node, c.For) and _down(node) else ()
    yield from _asked(root, _kept)


def _kept(node: c.Node) -> set[str]:
    """Return the names in an expression but those that it subtracts."""
    less = {name for one in walk(node, c.BinaryOp) if one.op == "-" for name in _names(one.right)}
    return {*_names(node)} - less


def _spaced(root: c.Node, given: Mapping[str, set[str]]) -> Iterator[str]:
    """Yield the names that are added in steps, or that indices are multiplied by."""
    indices = {*_varied(root)}
    while more := {name for name, used in given.items() if used & indices} - indices:
        indices |= more
    for node in walk(root, (c.Assignment, c.BinaryOp)):
        if isinstance(node, c.Assignment) and node.op in ("+=", "-="):
            yield from _outside(node.rvalue)
        elif isinstance(node, c.BinaryOp) and node.op == "*":
            left, right = {*_outside(node.left)}, {*_outside(node.right)}
            yield from right if left & indices else ()
            yield from left if right & indices else ()


def _outside(node: c.Node) -> Iterator[str]:
    """Yield the names in an expression that are not in subscripts or arguments."""
    if isinstance(node, c.ID):
        yield node.name
    elif not isinstance(node, (c.ArrayRef, c.FuncCall)):
        for _, one in node.children():
            yield from _outside(one)


def _places(root: c.Node) -> Iterator[str]:
    """Yield the names in subscripts and before them, and in pointers that are followed."""
    for node in walk(root, (c.ArrayRef, c.UnaryOp)):
        if isinstance(node, c.ArrayRef):
            yield from _names(node.subscript)
            yield from _base(node)
        elif node.op == "*":
            yield from _names(node.expr)


def _indexed(root: c.Node) -> dict[str, int]:
    """Return how many subscripts follow each name, one where a star stands before it."""
    found: dict[str, int] = {}
    for node in walk(root, (c.ArrayRef, c.UnaryOp)):
        if isinstance(node, c.ArrayRef):
            depth = sum(1 for _ in _chain(node))
            for name in _base(node):
                found[name] = max(found.get(name, 0), depth)
        elif node.op == "*" and (name := first_name(node.expr)):
            found.setdefault(name, 1)
    return found


def _chain(node: Any) -> Iterator[Any]:
    while isinstance(node, c.ArrayRef):
        yield node
        node = node.name


def _base(node: c.ArrayRef) -> Iterator[str]:
    """Yield the name that subscripts follow, none where they follow an expression."""
    *_, last = _chain(node)
    if isinstance(last.name, (c.ID, c.StructRef)):
        yield from list(_names(last.name))[:1]


def _moved(root: c.Node) -> Iterator[str]:
    """Yield the names that are stepped or added to."""
    for node in walk(root, (c.UnaryOp, c.BinaryOp, c.Assignment)):
        match node:
            case c.UnaryOp(expr=c.ID()) if node.op in STEPS:
                yield node.expr.name
            case c.BinaryOp(op="+" | "-"):
                yield from (one.name for one in (node.left, node.right) if isinstance(one, c.ID))
            case c.Assignment(lvalue=c.ID()) if node.op != "=":
                yield node.lvalue.name


def _single(root: c.Node) -> frozenset[str]:
    """Return the names that stand after a star wherever they stand."""
    starred = Counter(
        node.expr.name for node in walk(root, c.UnaryOp) if node.op == "*" and isinstance(node.expr, c.ID)
    )
    every = Counter(node.name for node in walk(root, c.ID))
    return frozenset(name for name, count in starred.items() if every[name] == count)


def _addresses(root: c.Node, added: Mapping[str, set[str]]) -> frozenset[str]:
    """Return the names that are added up to a pointer that a cast makes."""
    found: set[str] = set()
    for node in walk(root, c.Cast):
        if isinstance(node.to_type.type, c.PtrDecl):
            found.update(_added(node.expr))
    return _closed(found, added)


def _added(node: Any) -> Iterator[str]:
    """Yield the names that an expression adds, not those that it multiplies."""
    match node:
        case c.ID():
            yield node.name
        case c.BinaryOp(op="+" | "-"):
            yield from _added(node.left)
            yield from _added(node.right) if node.op == "+" else ()
        case c.Cast():
            yield from _added(node.expr)
        case c.TernaryOp():
            yield from _added(node.iftrue)
            yield from _added(node.iffalse)


def _names(node: c.Node | None) -> Iterator[str]:
    if node is not None:
        for one in walk(node, (c.ID, c.StructRef)):
            if isinstance(one, c.ID):
                yield one.name
            elif isinstance(one.name, c.ID):
                yield f"{one.name.name}_{one.field.name}"


def _closed(names: set[str], given: Mapping[str, set[str]]) -> frozenset[str]:
    """Return names with all that is assigned to them, and so on."""
    waiting = list(names)
    while waiting:
        for name in given.get(waiting.pop(), ()):
            if name not in names:
                names.add(name)
                waiting.append(name)
    return frozenset(names)


def first_name(node: Any) -> str:
    """Return the name that an expression begins with, empty where it has none."""
    return next(_names(node), "")


def index_names(root: c.Node) -> Mapping[tuple[str, int], tuple[str, ...]]:
    """Return the loop variables in the subscripts of every axis of every array, in the order of the text."""
    loops = {name for loop in walk(root, c.For) if loop.next is not None for name in _names(loop.next)}
    found: dict[tuple[str, int], dict[str, None]] = {}
    for node in walk(root, c.ArrayRef):
        base, axis = node.name, 0
        while isinstance(base, c.ArrayRef):
            base, axis = base.name, axis + 1
        inside = [name for name in _names(node.subscript) if name in loops]
        if isinstance(base, c.ID) and inside:
            found.setdefault((base.name, axis), {}).update(dict.fromkeys(inside))
    return {key: tuple(names) for key, names in found.items()}
