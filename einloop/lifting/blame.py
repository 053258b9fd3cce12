"""A refusal in, the construct of the Python text that causes it out, in plain words.

What a text computes is refused by its structure, which has no place in the text. Here the text is searched for what
usually makes such structures; nothing is decided: a refusal stays one, whatever is found.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..core.topic import Topic
from .counting import called
from .found import CARRIED
from .sizes import Refusal
from .variables import indices_of, subscripted

EYE = "a repeated letter says it: 'ii->i' is a diagonal, 'ii->' a trace"
OFF = "subtract the diagonal: np.einsum(...) - np.einsum('ii...', ...)"
TRIANGLE = "np.triu and np.tril give such a triangle of a matrix, with zeros elsewhere: sum over that"
RUNNING = "np.cumsum gives running sums, np.cumprod running products"
WINDOWS = "np.lib.stride_tricks.sliding_window_view(x, k) gives such windows an axis of their own"
CONVOLVES = "np.convolve(a, b) adds up products so"
TAKEN = "np.take({name}, indices) gives such elements: give its result to an einsum"
ADDED = "np.add.at({name}, indices, values) adds so"
RECURRENCE = "a recurrence has no einsum; where it is a running sum or product, np.cumsum or np.cumprod"


@dataclass(frozen=True, slots=True)
class EnclosingLoop:
    """One loop around a place: its variable, what it goes over, and what is repeated."""

    name: str
    over: ast.expr
    body: Sequence[ast.AST]


Place = tuple[ast.AST, tuple[EnclosingLoop, ...]]
"""A node of the tree and the loops around it, the outermost first."""


def explained(tree: ast.Module, refusal: Refusal) -> Refusal:
    """Return a refusal with the construct that is its cause, where one is found and the refusal names no place."""
    if refusal.topic not in SEARCHES or getattr(refusal.node, "lineno", None) is not None:
        return refusal
    places = list(_places(tree, ()))
    for search in SEARCHES[refusal.topic]:
        for place in places:
            found = search(*place)
            if found is not None:
                return found
    if refusal.topic is Topic.OVERLAP:
        return refusal  # all that is written takes part
    node = _writer(places)
    hint = refusal.hint if refusal.topic is not Topic.GAPS else ""  # that of triangles, of which there is none
    return Refusal(refusal.id, refusal.reason, node, hint, final=refusal.final, unknown=refusal.unknown)


def _places(node: ast.AST, loops: tuple[EnclosingLoop, ...]) -> Iterator[Place]:
    """Yield every node of a tree in order, with the loops around it."""
    yield node, loops
    inner = loops
    if isinstance(node, ast.For):
        inner = (*loops, *(EnclosingLoop(name, node.iter, node.body) for name in _targets(node.target, node.iter)))
    elif isinstance(node, (ast.ListComp, ast.GeneratorExp)):
        for one in node.generators:
            inner = (*inner, *(EnclosingLoop(name, one.iter, [node.elt]) for name in _targets(one.target, one.iter)))
    for child in ast.iter_child_nodes(node):
        yield from _places(child, inner)


def _targets(target: ast.expr, over: ast.expr) -> list[str]:
    """Return the indices that a loop goes through."""
    names = [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]
    if isinstance(over, ast.Call) and called(over) == "enumerate":
        return names[:1]
    counts = isinstance(over, ast.Call) and called(over) in ("range", "prange", "ndindex", "product")
    return names if counts else []


def _indices(node: ast.AST, loops: Sequence[EnclosingLoop]) -> list[str]:
    """Return the indices of the loops that an expression names."""
    known = {loop.name for loop in loops}
    return list(dict.fromkeys(n.id for n in ast.walk(node) if isinstance(n, ast.Name) and n.id in known))


def _window(node: ast.AST, loops: tuple[EnclosingLoop, ...]) -> Refusal | None:
    """Find `x[i + k]`."""
    if not isinstance(node, ast.Subscript):
        return None
    for index in indices_of(node):
        names = _indices(index, loops)
        flat = any(isinstance(one, ast.BinOp) and isinstance(one.op, ast.Mult) for one in ast.walk(index))
        if len(names) > 1 and isinstance(index, ast.BinOp) and not flat:
            name = ast.unparse(node.value)
            both = " and ".join(names)
            if isinstance(node.ctx, ast.Store):
                return Refusal("EL808", f"{both} together say where {name} is written", index, CONVOLVES)
            return Refusal("EL808", f"{both} together say where {name} is read", index, WINDOWS)
    return None


def _window_of_whole_loops(node: ast.AST, loops: tuple[EnclosingLoop, ...]) -> Refusal | None:
    """Find `x[i + k]` where no loop goes in blocks."""
    stepped = any(isinstance(loop.over, ast.Call) and len(loop.over.args) > 2 for loop in loops)
    return None if stepped else _window(node, loops)


def _condition(node: ast.AST, loops: tuple[EnclosingLoop, ...]) -> Refusal | None:
    """Find `if i == j` and `if i < j`."""
    tests: list[ast.expr] = []
    leaves = False
    match node:
        case ast.If(test=test, body=body):
            tests, leaves = [test], isinstance(body[0], (ast.Continue, ast.Break))
        case ast.IfExp(test=test):
            tests = [test]
        case ast.ListComp(generators=generators) | ast.GeneratorExp(generators=generators):
            tests = [test for one in generators for test in one.ifs]
            loops = (
                *loops,
                *(EnclosingLoop(n, one.iter, []) for one in generators for n in _targets(one.target, one.iter)),
            )
    for test in tests:
        divides = any(isinstance(inner, (ast.Mod, ast.FloorDiv)) for inner in ast.walk(test))
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and len(_indices(test, loops)) > 1 and not divides:
            op = OPPOSITE[type(test.ops[0])] if leaves and type(test.ops[0]) in OPPOSITE else type(test.ops[0])
            shape, hint = SHAPES.get(op, ("a part of the square", TRIANGLE))
            said = ast.unparse(ast.Compare(left=test.left, ops=[op()], comparators=test.comparators))
            return Refusal("EL809", f"only elements with {said} take part: {shape}", test, hint)
    return None


OPPOSITE: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt,
}  # fmt: skip
SHAPES: Mapping[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: ("a diagonal", EYE),
    ast.NotEq: ("all but a diagonal", OFF),
    **dict.fromkeys((ast.Lt, ast.LtE, ast.Gt, ast.GtE), ("a triangle", TRIANGLE)),
}


def _bound(node: ast.AST, loops: tuple[EnclosingLoop, ...]) -> Refusal | None:
    """Find `range(i)`, and a slice that ends at an index."""
    match node:
        case ast.Call(args=arguments) if called(node) in ("range", "prange"):
            outer = _indices(node, loops)
            tiled = any(isinstance(inner, ast.Call) and called(inner) == "min" for inner in ast.walk(node))
            if outer and not tiled and not _is_block(arguments, outer):
                names = ", ".join(outer)
                return Refusal("EL809", f"how far this loop goes depends on {names}: a triangle", node, TRIANGLE)
        case ast.Subscript(slice=ast.Slice(lower=lower, upper=upper) as index):
            ends = [end for end in (lower, upper) if end is not None]
            names_of = [name for end in ends for name in _indices(end, loops)]
            block = len(ends) == 2 and _indices(ends[0], loops) == _indices(ends[1], loops)
            if names_of and not block:
                return Refusal("EL809", f"how far this slice goes depends on {names_of[0]}", index, RUNNING)
    return None


def _is_block(arguments: Sequence[ast.expr], names: Sequence[str]) -> bool:
    """Return whether a range goes over one block: `range(i0, i0 + 32)`."""
    return (
        len(arguments) > 1
        and all(any(name in _words(one) for one in arguments[:1]) for name in names)
        and all(name in _words(arguments[1]) for name in names)
    )


def _words(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _read_words(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load)}


def _as_number(node: ast.AST, loops: tuple[EnclosingLoop, ...]) -> Refusal | None:
    """Find an index that elements are multiplied by: `y[i] += j * x[j]`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        for one, other in ((node.left, node.right), (node.right, node.left)):
            names = {loop.name for loop in loops if not isinstance(loop.over, ast.Name)}
            if (
                isinstance(one, ast.Name)
                and one.id in names
                and any(isinstance(n, ast.Subscript) for n in ast.walk(other))
            ):
                reason = f"{one.id} is an index, and a number here"
                return Refusal("EL809", reason, one, f"make it an operand: np.arange(n)[{one.id}]")
    return None


def _carried(node: ast.AST, loops: tuple[EnclosingLoop, ...]) -> Refusal | None:
    """Find a total that is read before its loop ends, and an element that is computed from one computed before."""
    if isinstance(node, ast.For):
        totals = {_target(one): one for one in node.body if _target(one)}
        reset = {name for one in node.body if isinstance(one, ast.Assign) for t in one.targets for name in _words(t)}
        for one in node.body:
            for name in (_read_words(one) & totals.keys()) - reset if one is not totals.get(_target(one)) else ():
                reason = f"{name} is read while it is summed: each turn needs what the one before computed"
                return Refusal("EL822", reason, _named_in(one, name), RUNNING)
    if isinstance(node, (ast.Assign, ast.AugAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            found = _read_shifted(target, node.value, loops)
            if found is not None:
                return found
    return None


def _recurrence(node: ast.AST, loops: tuple[EnclosingLoop, ...]) -> Refusal | None:
    """Find a number that a turn of a loop multiplies, and keeps for the next: `s = 0.5 * s + a[i]`."""
    if not isinstance(node, ast.For):
        return None
    inside = [one for statement in node.body for one in ast.walk(statement)]
    plain = [one for one in inside if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)]
    begun = {ast.unparse(one.targets[0]) for one in plain if not _words(one.value) & _words(one.targets[0])}
    for one in inside:
        name = _multiplied(one)
        if name and name not in begun:
            return Refusal("EL810", CARRIED.format(name=name), one, RECURRENCE)
    return None


def _multiplied(node: ast.AST) -> str:
    """Return the name that a statement gives a multiple of what it was, "" where it does not."""
    match node:
        case ast.AugAssign(target=ast.Name(id=name), op=ast.Mult() | ast.Div()):
            return name
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            products = (ast.Mult, ast.Div, ast.Pow, ast.MatMult)
            inner = (one for one in ast.walk(value) if isinstance(one, ast.BinOp) and isinstance(one.op, products))
            return name if any(name in _words(one) for one in inner) else ""
    return ""


def _bent(node: ast.AST, loops: tuple[EnclosingLoop, ...]) -> Refusal | None:
    """Find `x[i * i]`, `x[i * j]`, `x[i % 3]`, `x[i // 2]`: places that are no sum of multiples of indices."""
    if not isinstance(node, ast.Subscript):
        return None
    for index in indices_of(node):
        for one in ast.walk(index):
            if isinstance(one, ast.BinOp) and _is_bent(one, loops):
                name = ast.unparse(node.value)
                done, hint = ("written", ADDED) if isinstance(node.ctx, ast.Store) else ("read", TAKEN)
                reason = f"{name} is {done} at {ast.unparse(one)}, which is not linear in the indices"
                return Refusal("EL809", reason, one, hint.format(name=name))
    return None


def _is_bent(node: ast.BinOp, loops: tuple[EnclosingLoop, ...]) -> bool:
    left, right = _indices(node.left, loops), _indices(node.right, loops)
    if isinstance(node.op, ast.Mult):
        return bool(left and right)
    return isinstance(node.op, (ast.Mod, ast.FloorDiv, ast.Pow)) and bool(left or right)


def _target(node: ast.AST) -> str:
    return node.target.id if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) else ""


def _named_in(node: ast.AST, name: str) -> ast.AST:
    return next(one for one in ast.walk(node) if isinstance(one, ast.Name) and one.id == name)


def _read_shifted(target: ast.expr, value: ast.expr, loops: Sequence[EnclosingLoop]) -> Refusal | None:
    """Find where an array is read at another place than the one that is written."""
    if not isinstance(target, ast.Subscript) or not _indices(target, loops):
        return None
    array, places = subscripted(target)
    for node in ast.walk(value):
        name, indices = subscripted(node)
        written, read = ast.unparse(target), ast.unparse(node)
        if not indices or name != array or not _indices(node, loops) or len(indices) != len(places) or written == read:
            continue
        pairs = zip(places, indices, strict=True)
        if any(_indices(a, loops) == _indices(b, loops) != [] and ast.unparse(a) != ast.unparse(b) for a, b in pairs):
            reason = f"{written} is computed from {read}, which another turn computed"
            return Refusal("EL822", reason, node, RECURRENCE)
        reason = f"{read} is read in the loops that write {written}"
        return Refusal("EL817", reason, node, "write to another array")
    return None


def _any_condition(node: ast.AST, loops: tuple[EnclosingLoop, ...]) -> Refusal | None:
    """Find a condition on an index or a length."""
    match node:
        case ast.If(test=test) | ast.IfExp(test=test) if not (isinstance(node, ast.If) and _raises(node)):
            hint = _shorter(test, loops) if isinstance(node, ast.If) and not node.orelse else ""
            return Refusal("EL811", f"what is computed depends on {ast.unparse(test)}", test, hint)
        case ast.comprehension(ifs=[test, *_]):
            return Refusal("EL811", f"what is computed depends on {ast.unparse(test)}", test)
    return None


def _shorter(test: ast.expr, loops: Sequence[EnclosingLoop]) -> str:
    """Return what to do where `if k < K` only makes a loop shorter, "" where it does something else."""
    match test:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Lt()], comparators=[ast.Name(id=end)]):
            for loop in loops:
                match loop.over:
                    case ast.Call(args=[length]) if loop.name == name and called(loop.over) in ("range", "prange"):
                        return f"where {end} is at most {ast.unparse(length)}, write range({end}) and no condition"
    return ""


def _raises(node: ast.If) -> bool:
    return isinstance(node.body[-1], ast.Raise)


def _writer(places: Sequence[Place]) -> ast.AST | None:
    """Return the last assignment inside of most loops."""
    kinds = ast.Assign | ast.AugAssign | ast.Return
    writers = [(len(loops), node) for node, loops in places if isinstance(node, kinds)]
    return max(writers, key=lambda pair: pair[0])[1] if writers else None


Search = Callable[[ast.AST, tuple[EnclosingLoop, ...]], Refusal | None]
SEARCHES: Mapping[Topic | None, tuple[Search, ...]] = {
    Topic.WINDOW: (_window,),
    Topic.GAPS: (_as_number, _recurrence, _condition, _carried, _bound, _bent, _window, _any_condition),
    Topic.UNLIKE: (_as_number, _recurrence, _condition, _carried, _bound, _bent, _window, _any_condition),
    Topic.OTHER_SIZES: (_recurrence, _condition, _carried, _bound, _bent, _any_condition, _window_of_whole_loops),
    Topic.TOO_LONG: (_condition, _carried, _bound),
    Topic.NO_WORDS: (_condition, _bound, _any_condition),
    Topic.OVERLAP: (_carried,),
}
"""What makes a structure that is refused so, the likeliest first."""
