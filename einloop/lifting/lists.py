"""Lists of Python as values: nested lists that know which length they have, and what a text does with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..core.effort import spend
from .sizes import Extent, Refusal, Unequal

MAX_ITEMS = 100_000
"""Items of one list."""
NO_ARITHMETIC = "lists have no arithmetic: + joins them, * repeats them"


class ListRow(list[Any]):
    """A list, and the length that it has by the text's words where that is known."""

    extent: Extent | None = None

    @classmethod
    def of(cls, items: Iterable[Any], extent: object = None) -> ListRow:
        """Return a list of that length; `extent` counts where it is one."""
        row = cls(items)
        row.extent = extent if isinstance(extent, Extent) else None
        return row


def length(value: list[Any] | tuple[Any, ...] | range) -> int:
    """Return how long a list is, in the text's words where they are known."""
    extent = getattr(value, "extent", None)
    return extent if extent is not None and extent == len(value) else len(value)


def repeated(items: list[Any], times: int, node: object) -> ListRow:
    """Return `items * times`."""
    if len(items) * times > MAX_ITEMS:
        raise Refusal("EL816", "this list is too long", node)
    spend(len(items) * max(times, 0) // 8)
    return ListRow.of(list(items) * times, times if len(items) == 1 else None)


def joined(one: list[Any], other: list[Any], node: object) -> list[Any]:
    """Return `one + other`."""
    if len(one) + len(other) > MAX_ITEMS:
        raise Refusal("EL816", "this list is too long", node)
    spend((len(one) + len(other)) // 8)
    return one + other


def taken(items: list[Any] | tuple[Any, ...] | range, index: Any, node: object) -> Any:
    """Return an item or a slice. Raises Unequal where only another length makes it one of the list."""
    if isinstance(index, slice):
        return items[index]
    return items[place_in(items, index, node)]


def place_in(items: list[Any] | tuple[Any, ...] | range, index: int, node: object) -> int:
    """Return the place of an item, from the end where the index is below zero."""
    if not -len(items) <= index < len(items):
        extent = length(items)
        if isinstance(extent, Extent) and isinstance(index, Extent) and index.key != extent.key:
            raise Unequal(extent.key, index.key)
        raise Refusal("EL813", f"{index} is outside this list of {len(items)}", node)
    return index % len(items)


def zipped(lists: list[list[Any]]) -> list[tuple[Any, ...]]:
    """Return what zip gives; lists that are as long as something are as long as each other."""
    extents = [one for one in map(length, lists) if isinstance(one, Extent)]
    for other in extents[1:]:
        if other != extents[0]:
            raise Unequal(extents[0].key, other.key)
    return ListRow.of(zip(*lists, strict=False), extents[0] if len(extents) == len(lists) > 0 else None)


def same_lengths(rows: Any, shape: list[Any]) -> None:
    """Take lists that become an array with as many axes as they nest deep to be as long as its shape says.

    That shape is only there for lists without items. Raises Unequal where their lengths were not chosen so.
    """
    found: list[int] = []
    while isinstance(rows, list) and rows:
        found.append(length(rows))
        rows = rows[0]
    for own, said in zip(found, shape, strict=True) if len(found) == len(shape) else ():
        if isinstance(own, Extent) and isinstance(said, Extent) and own != said:
            raise Unequal(own.key, said.key)


def _append(items: list[Any], value: Any) -> None:
    if len(items) >= MAX_ITEMS:
        raise Refusal("EL816", "this list is too long")
    items.append(value)


def _extend(items: list[Any], others: Any) -> None:
    if not isinstance(others, (list, tuple, range)) or len(items) + len(others) > MAX_ITEMS:
        raise Refusal("EL802", "only a list that is not too long extends a list here")
    items.extend(others)


METHODS: Mapping[str, Callable[..., Any]] = {
    "append": _append,
    "extend": _extend,
    "copy": lambda items: ListRow.of(items, length(items)),
    "reverse": lambda items: items.reverse(),
}
"""Methods of lists that a text may call."""
