"""The pairwise contraction path of an expression, from opt_einsum, cotengra or a search. Loaded for three and more
operands only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic

from ..core.message import Message
from ..core.path import Step, path_steps, path_terms
from ..core.spec import Places, Spec
from .optimal import MAX_SETS, optimal_path

ASSUMED_EXTENT = 100
"""What an unknown extent counts while a path is chosen."""

MAX_SEARCHED_OPERANDS = 6
"""Operands up to which auto tries every path (half a millisecond for six). Beyond, opt_einsum looks for a good one."""

SEARCH_SECONDS = 5.0
"""How long a search for a path may take. What opt_einsum's auto and greedy do with 63 operands takes milliseconds."""

AUTO, OPTIMAL, COTENGRA = "auto", "optimal", "cotengra"
TRIES, TRIES_AT_ONCE = 256, 8
"""Random greedy paths that cotengra tries, and how many of them between two looks at the clock."""
SUBTREE = 8
"""Neighbouring steps of the best one that it then puts into their best order."""

Terms = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPath:
    """The steps of a path, and what is to be said of a search that ended before its time."""

    steps: tuple[Step, ...]
    note: Message | None = None


def contraction_path(spec: Spec) -> tuple[Step, ...] | None:
    """Return the steps that opt_einsum would take, unknown extents taken as equal; None where it is not installed.

    A stretched axis is left out of its term: it is read at 0, whatever the index. A diagonal is one label.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> [step.output for step in contraction_path(read_subscripts("ij,jk,k->i")) or ()]
    [('j',), ('i',)]
    """
    try:
        return search_path(spec).steps
    except ImportError:
        return None


def search_path(spec: Spec, way: str = AUTO, max_sets: int = MAX_SETS) -> FoundPath:
    """Return the path that is found in a way: auto, greedy, optimal or cotengra.

    A search that takes longer than SEARCH_SECONDS, or remembers more than `max_sets` sets of operands, ends with the
    best path that it has. Raises ImportError where the library that is needed is not installed.
    """
    terms, sizes = path_terms(spec), path_sizes(spec)
    few = len(terms) <= MAX_SEARCHED_OPERANDS
    if way not in (OPTIMAL, COTENGRA):
        path = _looked_up(terms, spec.output, sizes, OPTIMAL if way == AUTO and few else way)
        return FoundPath(steps=path_steps(terms, spec.output, path))
    import opt_einsum  # noqa: F401  # a path that is remembered does not hide that a library is missing

    if way == COTENGRA:
        import cotengra  # noqa: F401
    way = OPTIMAL if few else way
    return _searched(terms, spec.output, tuple(sizes.items()), way, seconds=SEARCH_SECONDS, max_sets=max_sets)


def path_sizes(spec: Spec) -> Mapping[str, int]:
    """Return an extent for every index: its own, or the assumed one."""
    return {index.label: index.extent if isinstance(index.extent, int) else ASSUMED_EXTENT for index in spec.indices}


def _looked_up(terms: Terms, output: tuple[str, ...], sizes: Mapping[str, int], way: str) -> Places:
    """Return the path that opt_einsum finds."""
    from opt_einsum import contract_path, get_symbol

    labels = dict.fromkeys(label for term in (*terms, output) for label in term)
    symbols = {label: get_symbol(number) for number, label in enumerate(labels)}
    text = ",".join("".join(symbols[label] for label in term) for term in terms)
    text += "->" + "".join(symbols[label] for label in output)
    shapes = [tuple(sizes[label] for label in term) for term in terms]
    path, _ = contract_path(text, *shapes, shapes=True, optimize=way)
    return tuple(map(tuple, path))


@lru_cache(maxsize=32)
def _searched(
    terms: Terms,
    output: tuple[str, ...],
    extents: tuple[tuple[str, int], ...],
    way: str,
    *,
    seconds: float,
    max_sets: int,
) -> FoundPath:
    """Return the path of a search that may take long; kept, as one text asks for it several times."""
    sizes = dict(extents)
    greedy = path_steps(terms, output, _looked_up(terms, output, sizes, "greedy"))
    if way == COTENGRA:
        places, ended = _cotengra(terms, output, sizes, seconds)
        steps = min(greedy, path_steps(terms, output, places), key=lambda steps: path_cost(steps, sizes))
        return FoundPath(steps=steps, note=Message("path.best", {"seconds": seconds}) if ended else None)
    best = optimal_path(terms, output, sizes, bound=path_cost(greedy, sizes), seconds=seconds, max_sets=max_sets)
    steps = path_steps(terms, output, best.path) if best.path else greedy
    if best.complete:
        return FoundPath(steps=steps)
    kind = "greedy" if not best.path else "connected" if best.connected else "best"
    return FoundPath(steps=steps, note=Message(f"path.{kind}", {"seconds": seconds}))


def path_cost(steps: tuple[Step, ...], sizes: Mapping[str, int]) -> int:
    """Return what a path costs: the iterations of its steps, twice those of a step that sums what two arrays share.

    >>> path_cost(path_steps([("i", "j"), ("j", "k"), ("k",)], ("i",), [(1, 2), (0, 1)]), {"i": 2, "j": 3, "k": 5})
    42
    """
    return sum(step.points(sizes) * (1 + _sums_shared(step)) for step in steps)


def _sums_shared(step: Step) -> bool:
    return any(sum(label in term for term in step.terms) > 1 for label in step.summed)


def _cotengra(terms: Terms, output: tuple[str, ...], sizes: Mapping[str, int], seconds: float) -> tuple[Places, bool]:
    """Return the best of the random greedy paths that cotengra tries, its parts reordered: the same one at every call,
    unless time is up before all are tried, which the second value tells."""
    from cotengra import RandomGreedyOptimizer

    search = RandomGreedyOptimizer(max_repeats=TRIES_AT_ONCE, seed=0, parallel=False)
    positive = {label: max(size, 1) for label, size in sizes.items()}  # it takes logarithms
    stop, ended = monotonic() + seconds, False
    for _ in range(TRIES // TRIES_AT_ONCE):
        tree = search.search(terms, output, positive)
        ended = monotonic() > stop
        if ended:
            break
    path = tree.subtree_reconfigure(subtree_size=SUBTREE, minimize="flops").get_path()
    return tuple(map(tuple, path)), ended
