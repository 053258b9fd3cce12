"""Did a text write into its inputs? Compares them afterwards with the same values from before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..core.errors import with_article


def change(before: Any, after: Any) -> str | None:
    """Return in words what became of `before`, an array or a nested list; None where it is as it was.

    >>> change([[1, 2]], [[1, 2]]), change([[1, 2]], [[1, 3]]), change([[1, 2]], [[1]])
    (None, '[0, 1] was 2 and is 3 afterwards', '[0] had 2 elements and has 1 afterwards')
    """
    return next(_changes(before, after, ()), None)


def _changes(before: Any, after: Any, place: tuple[int, ...]) -> Iterator[str]:
    if hasattr(before, "shape") and before.shape:
        yield from _changed_elements(before, after)
    elif isinstance(before, list):
        where = f"[{', '.join(map(str, place))}]" if place else "it"
        if not isinstance(after, list):
            yield f"{where} was a list and is {with_article(type(after).__name__)} afterwards"
        elif len(before) != len(after):
            yield f"{where} had {len(before)} elements and has {len(after)} afterwards"
        else:
            for number, (old, new) in enumerate(zip(before, after, strict=True)):
                yield from _changes(old, new, (*place, number))
    elif not _same(before, after):
        yield _told(place, before, after)


def _changed_elements(before: Any, after: Any) -> Iterator[str]:
    import numpy as np

    if before.shape != after.shape or before.dtype != after.dtype:
        old, new = (f"{array.dtype} of shape {array.shape}" for array in (before, after))
        yield f"it was {old} and is {new} afterwards"
        return
    if not before.dtype.hasobject and before.tobytes() == after.tobytes():
        return
    for place in np.ndindex(before.shape):
        if not _same(before[place], after[place]):
            yield _told(place, before[place], after[place])


def _told(place: tuple[int, ...], before: Any, after: Any) -> str:
    where = f"[{', '.join(map(str, place))}]" if place else "it"
    return f"{where} was {before} and is {after} afterwards"


def _same(before: Any, after: Any) -> bool:
    """Return whether two elements are alike; nan is like nan, and 0.0 is not like -0.0."""
    return type(before) is type(after) and repr(before) == repr(after)
