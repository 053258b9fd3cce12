"""The schedules that decide for themselves: which passes an expression deserves, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import prod

from ..core.ability import Ability
from ..core.message import Message, Value, codes
from ..core.path import Step, path_steps, path_terms
from ..core.spec import Spec
from .classify import pays
from .draft import PathFinder
from .language import PassCall
from .passes import find_pass

MAX_RATIO = 1.3
"""One nest is kept where it has at most so many times the iterations of all steps."""
MIN_POINTS_LARGE = 128**3
"""Iterations from which on a matrix product is large."""


def decide(spec: Spec, order: str = "output", why: str = "order") -> tuple[PassCall, ...]:
    """Return the passes that make plain loops quick: less work first, then each output element once.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> [str(command) for command in decide(read_subscripts("ij,jk,kl,m->il"))]
    ['presum', 'path(auto)', 'order(output)', 'accumulate']
    """
    less = () if _is_empty(spec) or spec.joint else _less_work(spec, steps=len(spec.operands) > 2)
    commands = [*less, _command("order", order, why=why)]
    if spec.summed and spec.output:
        commands.append(_command("accumulate"))
    return tuple(commands)


def decide_compiled(
    spec: Spec, find_path: PathFinder, threads: int, abilities: Collection[Ability]
) -> tuple[PassCall, ...]:
    """Return the passes for a compiler: as above, then loops that read memory as it lies, sums in vectors, and kernels.

    Passes that the target is not able to write are left out. Where some extent is unknown there are no strides to
    decide by: the passes are those of `decide`, with another order where the compiler does not reorder sums itself.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> from einloop.core.ability import Ability
    >>> from einloop.core.bind import bind_sizes
    >>> spec = bind_sizes(read_subscripts("ij,jk->ik"), [(9, 9), (9, 9)])
    >>> print(*map(str, decide_compiled(spec, lambda spec, text: (), 1, Ability)))
    canonicalise classify order(memory) tile accumulate unroll vectorise pack
    """
    if not all(isinstance(index.extent, int) for index in spec.indices):
        return decide(spec, "axes", "axes") if Ability.LANES in abilities else decide(spec)
    if _is_empty(spec):
        return (_command("canonicalise"),)
    steps = len(spec.operands) > 2 and not spec.joint and _steps_pay(spec, find_path)
    made = (
        _command("canonicalise"),
        *(() if spec.joint else _less_work(spec, steps=steps)),
        _command("classify"),
        _command("order", "memory", why="memory"),
        _command("tile"),
        _command("accumulate"),
        _command("unroll"),
        *((_command("parallel", values={"threads": threads}),) if threads > 1 else ()),
        *((_command("vectorise"),) if Ability.LANES in abilities else ()),
        _command("pack"),
    )
    return tuple(command for command in made if find_pass(command).ability in (None, *abilities))


def _is_empty(spec: Spec) -> bool:
    """Return whether the loops are known to have no iteration: steps would save none, and may make a nan of inf times
    an empty sum, or a float of an empty sum of objects."""
    return any(index.extent == 0 for index in spec.indices)


def _less_work(spec: Spec, *, steps: bool) -> tuple[PassCall, ...]:
    """Return the passes that leave fewer iterations."""
    commands = []
    lone = _lone(spec)
    if lone and len(spec.operands) > 1:
        commands.append(_command("presum", values={"count": len(lone), "indices": codes(lone)}))
    if steps:
        commands.append(_command("path", "auto", values={"operands": len(spec.operands)}))
    return tuple(commands)


def _command(name: str, *arguments: str, why: str = "", values: Mapping[str, Value] | None = None) -> PassCall:
    return PassCall(name=name, arguments=arguments, reason=Message(f"schedule.why.{why or name}", values or {}))


def _lone(spec: Spec) -> list[str]:
    """Return the summed indices that one operand alone has."""
    terms = path_terms(spec)
    return [index.label for index in spec.summed if sum(index.label in term for term in terms) == 1]


def _steps_pay(spec: Spec, find_path: PathFinder) -> bool:
    """Return whether steps have far fewer iterations than one nest, or one of them is a matrix product."""
    sizes = {index.label: index.extent for index in spec.indices if isinstance(index.extent, int)}
    steps = path_steps(path_terms(spec), spec.output, find_path(spec, "auto"))
    fewer = prod(sizes.values()) > MAX_RATIO * sum(step.points(sizes) for step in steps)
    return fewer or any(_is_product(step, sizes) for step in steps)


def multiplies_large(spec: Spec, find_path: PathFinder) -> bool:
    """Return whether a bound expression, or a step of its path, is shaped like a large matrix product.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> from einloop.core.bind import bind_sizes
    >>> spec = read_subscripts("ij,jk->ik")
    >>> [multiplies_large(bind_sizes(spec, [(n, n)] * 2), lambda spec, text: ((0, 1),)) for n in (99, 199)]
    [False, True]
    """
    if len(spec.operands) == 1:
        return False
    sizes = {index.label: index.extent for index in spec.indices if isinstance(index.extent, int)}
    path = find_path(spec, "auto") if len(spec.operands) > 2 else ((0, 1),)
    steps = path_steps(path_terms(spec), spec.output, path)
    return any(_is_product(step, sizes) and step.points(sizes) >= MIN_POINTS_LARGE for step in steps)


def _is_product(step: Step, sizes: Mapping[str, int]) -> bool:
    """Return whether a step is shaped like a matrix product that is worth packing."""
    if len(step.terms) != 2:
        return False
    left, right = (set(term) for term in step.terms)
    kept = set(step.output)
    groups = ((left - right) & kept, (right - left) & kept, (left & right) - kept)
    return pays([prod(sizes[label] for label in group) for group in groups])
