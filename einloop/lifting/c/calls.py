"""Functions of C's library that kernels call: what fills and copies memory, allocates it, multiplies and adds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from pycparser import c_ast as c

from ...core.polynomial import Polynomial, exact, polynomial
from ..operators import is_scalar, root_of
from ..sizes import Extent, Refusal, Unequal
from .arithmetic import binary
from .memory import Memory, Pointer, scalar_size
from .nodes import walk
from .types import VOID, Arithmetic, CType, PointerType, RecordType

MAX_COPIED = 20_000
"""Elements that one call copies or fills."""
HALVES = (Fraction(1, 2), Fraction(-1, 2))
ROOTS = "np.sqrt takes it of a whole array"


def _pointer(run: Any, node: Any) -> Pointer:
    value = run.value(node)
    if not isinstance(value, Pointer):
        raise Refusal("EL802", "this is not a pointer", node)
    return value


def _elements(pointer: Pointer, size: int, node: Any) -> tuple[int, int]:
    """Return how many elements so many bytes are, and the bytes of one."""
    unit = _unit(pointer.to, pointer.memory, node)
    if size % unit or size < 0:
        raise Refusal("EL802", f"{size} bytes are not a whole number of elements", node, "multiply by sizeof")
    if size // unit > MAX_COPIED:
        raise Refusal("EL816", "this touches too many elements", node)
    return size // unit, unit


def _unit(kind: CType, memory: Memory, node: Any) -> int:
    if isinstance(kind, (RecordType, PointerType)):
        raise Refusal("EL802", "only numbers are filled or copied here", node)
    unit = scalar_size(kind)
    return memory.unit or 8 if isinstance(kind, Arithmetic) and kind.void else unit


def _memset(run: Any, node: c.FuncCall, nodes: Sequence[Any]) -> Any:
    pointer, value = _pointer(run, nodes[0]), run.value(nodes[1])
    if value != 0:
        raise Refusal("EL802", "memset writes bytes; only zeros are supported", nodes[1])
    for one in walk(nodes[2], c.UnaryOp):
        if one.op == "sizeof" and isinstance(one.expr, c.ID) and isinstance(run.type_at(one.expr), PointerType):
            raise Refusal("EL802", f"{one.expr.name} is a pointer: this is its own size, not that of its elements", one)
    count, unit = _elements(pointer, run.whole(nodes[2]), nodes[2])
    for place in range(count):
        pointer.memory.set(pointer.offset + place * unit, unit, Polynomial.number(0), node)
    run.steps += count
    return pointer


def _memcpy(run: Any, node: c.FuncCall, nodes: Sequence[Any]) -> Any:
    target, source = _pointer(run, nodes[0]), _pointer(run, nodes[1])
    count, unit = _elements(target, run.whole(nodes[2]), nodes[2])
    values = [source.memory.get(source.offset + place * unit, unit, node) for place in range(count)]
    for place, value in enumerate(values):
        target.memory.set(target.offset + place * unit, unit, value, node)
    run.steps += count
    return target


def _malloc(run: Any, node: c.FuncCall, nodes: Sequence[Any]) -> Any:
    return Pointer(Memory("", given=False, limit=run.whole(nodes[0])), 0, VOID)


def _aligned(run: Any, node: c.FuncCall, nodes: Sequence[Any]) -> Any:
    size = max(run.whole(one) for one in nodes)
    return Pointer(Memory("", given=False, limit=size), 0, VOID)


def _calloc(run: Any, node: c.FuncCall, nodes: Sequence[Any]) -> Any:
    size = run.whole(nodes[0]) * run.whole(nodes[1])
    return Pointer(Memory("", given=False, zero=True, limit=size), 0, VOID)


def _free(run: Any, node: c.FuncCall, nodes: Sequence[Any]) -> Any:
    for one in nodes:
        run.value(one)
    return 0


def _ignored(run: Any, node: c.FuncCall, nodes: Sequence[Any]) -> Any:
    return 0


def _assert(run: Any, node: c.FuncCall, nodes: Sequence[Any]) -> Any:
    for one in _conditions(nodes[0]):
        if isinstance(one, c.BinaryOp) and one.op == "==":
            a, b = run.value(one.left), run.value(one.right)
            if isinstance(a, Extent) and isinstance(b, Extent) and a != b:
                raise Unequal(a.key, b.key)
            if a == b:
                continue
        if not run.truth(one):
            raise Refusal("EL811", "this demands more of the sizes than that two are equal", one)
    return 0


def _conditions(node: Any) -> list[Any]:
    if isinstance(node, c.BinaryOp) and node.op == "&&":
        return [*_conditions(node.left), *_conditions(node.right)]
    return [] if isinstance(node, c.Constant) else [node]


def _fma(run: Any, node: c.FuncCall, nodes: Sequence[Any]) -> Any:
    a, b, added = (run.value(one) for one in nodes)
    return binary("+", binary("*", a, b, node, bool), added, node, bool)


def _root(run: Any, node: c.FuncCall, nodes: Sequence[Any]) -> Any:
    """Return the root of a number or a length, which is another such number."""
    inner = nodes[0]
    while isinstance(inner, c.Cast) and not run.is_whole(inner):
        inner = inner.expr
    value = run.value(inner)
    if not is_scalar(value):
        raise Refusal("EL807", f"{node.name.name} is neither a sum nor a product", node, ROOTS)
    return exact(root_of(getattr(value, "true", value), node))


def _power(run: Any, node: c.FuncCall, nodes: Sequence[Any]) -> Any:
    base, exponent = run.value(nodes[0]), run.value(nodes[1])
    exponent = getattr(exponent, "true", exponent)
    if exponent in HALVES:
        root = _root(run, node, nodes[:1])
        return root if exponent > 0 else binary("/", 1, root, node, lambda: False)
    if not isinstance(exponent, Polynomial) and exponent == int(exponent) and 0 <= exponent <= 8:
        found: Any = polynomial(1)
        for _ in range(int(exponent)):
            found = binary("*", found, polynomial(base), node, bool)
        return found
    raise Refusal("EL807", "only small whole powers are products", node)


def _least(choose: Callable[..., Any]) -> Callable[[Any, c.FuncCall, Sequence[Any]], Any]:
    def call(run: Any, node: c.FuncCall, nodes: Sequence[Any]) -> Any:
        values = [run.value(one) for one in nodes]
        if any(isinstance(one, (Polynomial, Pointer)) for one in values):
            name = f"np.{'minimum' if choose is min else 'maximum'}"
            raise Refusal("EL807", "the larger or smaller of two elements is neither a sum nor a product", node,
                          f"{name} takes it of arrays")  # fmt: skip
        return choose(values)

    return call


_smaller, _larger = _least(min), _least(max)


def _absolute(run: Any, node: c.FuncCall, nodes: Sequence[Any]) -> Any:
    value = run.value(nodes[0])
    if isinstance(value, (int, Fraction)):
        return abs(value)
    raise Refusal("EL807", f"{node.name.name} is neither a sum nor a product", node, "np.abs takes it of a whole array")


def _assumed(run: Any, node: c.FuncCall, nodes: Sequence[Any]) -> Any:
    if not nodes:
        raise Refusal("EL803", "arguments are needed here", node)
    return run.value(nodes[0])


Call = Callable[[Any, c.FuncCall, Sequence[Any]], Any]
"""A call in a run: its node, and the nodes of its arguments."""
ARGUMENTS: Mapping[Call, int] = {
    _memset: 3, _memcpy: 3, _fma: 3, _aligned: 2, _calloc: 2, _power: 2, _malloc: 1, _assert: 1, _root: 1, _absolute: 1,
    _smaller: 2, _larger: 2,
}  # fmt: skip
"""How many arguments calls have, where that is known."""
CALLS: Mapping[str, Call] = {
    **dict.fromkeys(("memset", "__builtin_memset"), _memset),
    **dict.fromkeys(("memcpy", "memmove", "__builtin_memcpy"), _memcpy),
    **dict.fromkeys(("malloc", "alloca", "__builtin_alloca"), _malloc),
    **dict.fromkeys(("aligned_alloc", "_mm_malloc"), _aligned),
    "calloc": _calloc,
    **dict.fromkeys(("free", "_mm_free"), _free),
    **dict.fromkeys(("printf", "puts", "__builtin_assume", "__builtin_prefetch"), _ignored),
    "assert": _assert,
    **dict.fromkeys(("fma", "fmaf", "__builtin_fma", "__builtin_fmaf"), _fma),
    **dict.fromkeys(("pow", "powf"), _power),
    **dict.fromkeys(("abs", "labs", "fabs", "fabsf"), _absolute),
    **dict.fromkeys(("sqrt", "sqrtf"), _root),
    **dict.fromkeys(("min", "MIN", "imin", "fmin", "fminf"), _smaller),
    **dict.fromkeys(("max", "MAX", "imax", "fmax", "fmaxf"), _larger),
    **dict.fromkeys(("__builtin_assume_aligned", "__builtin_expect"), _assumed),
}
NOT_LINEAR: Mapping[str, str] = {
    **{name + suffix: f"np.{called} takes it of a whole array"
       for name, called in (("exp", "exp"), ("log", "log"), ("sin", "sin"), ("cos", "cos"),
                            ("tanh", "tanh"), ("floor", "floor"), ("ceil", "ceil"), ("round", "round"))
       for suffix in ("", "f")},
}  # fmt: skip
"""Functions of one number that no sum of products is, and what numpy has for them."""


def called(run: Any, name: str, node: c.FuncCall, nodes: Sequence[Any]) -> Any:
    """Return what a function of the library gives. Raises Refusal."""
    call = CALLS.get(name)
    if call is None:
        if name in NOT_LINEAR:
            raise Refusal("EL807", f"{name} is neither a sum nor a product", node, NOT_LINEAR[name])
        raise Refusal("EL803", f"what {name or 'this'} does is not known", node, "give its definition in the same text")
    if len(nodes) != ARGUMENTS.get(call, len(nodes)):
        raise Refusal("EL803", f"{ARGUMENTS[call]} arguments are needed here", node)
    return call(run, node, nodes)
