"""What lowering and passes build nests from."""

from __future__ import annotations

from collections.abc import Iterable

from ..core.names import Names
from ..core.nest import Accumulate, Alloc, Assign, Head, Loop, Statement, Zero
from ..core.spec import DOTS


def nested(heads: tuple[Head, ...], body: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Return `body` inside one loop per head, the first outermost."""
    for head in reversed(heads):
        body = (Loop(heads=(head,), body=body),)
    return body


def chain(body: tuple[Statement, ...]) -> tuple[tuple[Head, ...], tuple[Statement, ...]]:
    """Return the heads of the loops that stand directly inside each other, and what the innermost holds."""
    heads: list[Head] = []
    while len(body) == 1 and isinstance(body[0], Loop):
        heads += body[0].heads
        body = body[0].body
    return tuple(heads), body


def statement_of(inner: tuple[Statement, ...]) -> Assign | Accumulate:
    """Return the statement inside the loops of a stage."""
    return next(s for s in inner if isinstance(s, Assign | Accumulate))


def zeros(names: Names, buffer: str, labels: tuple[str, ...], zero: Zero, *, owned: bool = False) -> Alloc:
    """Return the allocation of a buffer with an axis for each label; `owned` for an intermediate."""
    return Alloc(
        buffer=buffer,
        extents=tuple(names.extent[label] for label in labels),
        subscripts=tuple(names.index[label] for label in labels),
        dots=dots_at(labels),
        dtype=zero.dtype,
        variable=zero.variable,
        like=zero.like,
        owned=owned,
    )


def dots_at(labels: Iterable[str]) -> int | None:
    """Return where among the labels of a term the ellipsis stands."""
    labels = tuple(labels)
    return labels.index(DOTS) if DOTS in labels else None
