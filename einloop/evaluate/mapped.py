"""Values that are made when they are read: a large array of them takes no room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload

from ..core.arithmetic import Unary


class Mapped(Sequence[Any]):
    """Values as a function makes them when they are read."""

    __slots__ = ("_cast", "_values")

    def __init__(self, values: Sequence[Any], cast: Unary) -> None:
        self._values, self._cast = values, cast

    def __len__(self) -> int:
        return len(self._values)

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Any]: ...
    def __getitem__(self, place: int | slice) -> Any:
        found = self._values[place]
        return [self._cast(one) for one in found] if isinstance(place, slice) else self._cast(found)
