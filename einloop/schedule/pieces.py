"""What lowering and passes build nests from."""

from __future__ import annotations

from ..core.buffer import Scale, Zero
from ..core.names import Names
from ..core.nest import Accumulate, Alloc, Assign
from ..core.spec import DOTS

STRETCHED = "0"
"""The subscript on an axis of size 1 that is repeated."""
NOTHING = Scale(multiplier=0)
"""What zero is written with over what is there."""


def clears(statement: Assign | Accumulate) -> bool:
    """Return whether a statement writes zero over what is there."""
    return isinstance(statement, Assign) and statement.scales == (NOTHING,) and not statement.factors


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


def dots_at(labels: tuple[str, ...]) -> int | None:
    """Return where among the labels of a term the ellipsis stands."""
    return labels.index(DOTS) if DOTS in labels else None
