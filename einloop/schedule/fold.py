"""Keep within a language's limit on nested loops: a chain of loops becomes one over all combinations."""

from __future__ import annotations

from itertools import groupby

from ..core.nest import Head, Loop, Nest, chain, nesting
from .rewrite import Body


def fold(nest: Nest, limit: int) -> Nest:
    """Return `nest` with at most `limit` loops inside each other.

    Whole chains are folded, the innermost first: one loop over many indices reads better than twenty levels of
    indentation. The order of iteration stays. The batch loop of an ellipsis stays a loop of its own.
    """
    return nest.map_bodies(lambda stage: stage.body if nesting(stage.body) <= limit else _folded(stage.body, limit))


def _folded(body: Body, limit: int) -> Body:
    heads, inner = chain(body)
    if not heads:
        return body
    inner = tuple(s for part in inner for s in (_folded((part,), limit - 1) if isinstance(part, Loop) else (part,)))
    runs: list[tuple[Head, ...]] = [(head,) for head in heads]
    if len(heads) + nesting(inner) > limit:
        runs = [tuple(run) for _, run in groupby(heads, key=lambda head: (head.dots, head.tiled and head.index))]
    for run in reversed(runs):
        inner = (Loop(heads=run, body=inner),)
    return inner
