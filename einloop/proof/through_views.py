"""A sum of einsums over parts of arrays as the yardstick: the parts are taken, and written into, as numpy does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.parts import part
from ..core.viewed import Viewed
from .einsum import Array
from .written_out import WrittenOut


@dataclass(frozen=True, slots=True, kw_only=True)
class ThroughViews:
    """A sum over parts, and what these are parts of; arrays are one for each that is given."""

    inner: WrittenOut
    viewed: Viewed

    @property
    def text(self) -> str:
        """The statement."""
        return self.inner.text

    @property
    def exact(self) -> bool:
        """Whole numbers give whole numbers."""
        return self.inner.exact

    @property
    def imaginary(self) -> bool:
        """A complex number stands beside some product."""
        return self.inner.imaginary

    def value(self, arrays: Sequence[Array]) -> Any:
        """Return the sum, or the array with the sum in its part."""
        parts, lengths = self._inside(arrays)
        return self._placed(self.inner.value(parts, lengths), arrays)

    def scale(self, arrays: Sequence[Array]) -> Array:
        """Return the magnitude of all that an element of the result is a sum of."""
        parts, lengths = self._inside(arrays)
        found = np.asarray(self.inner.scale(parts, lengths))
        return np.asarray(self._placed(found, arrays, dtype=found.dtype))

    def bound(self, dtypes: Sequence[str], terms: int) -> int:
        """Return how large integers may be in these dtypes; -1 where numpy does not sum such dtypes."""
        given = dict(zip(self.viewed.names, dtypes, strict=True))
        inside = [given[self.viewed.base(name)] for name in dict.fromkeys(self.inner.operands)]
        return self.inner.bound(inside, terms)

    def _given(self, arrays: Sequence[Array]) -> dict[str, Any]:
        """Return what is given by name. A length is an int: by an array without axes elements would be copied."""
        pairs = zip(self.viewed.inputs, arrays, strict=True)
        return {one.name: int(array) if one.length else array for one, array in pairs}

    def _inside(self, arrays: Sequence[Array]) -> tuple[list[Array], dict[str, float]]:
        """Return an array for each operand, and the lengths that are named."""
        found = self.viewed.inside(self._given(arrays))
        assert found is not None  # cases have such parts
        operands = dict.fromkeys(self.inner.operands)
        counts = {view.name: found[view.name] for view in self.viewed.views if view.name not in operands}
        return [np.asarray(found[name]) for name in operands], counts

    def _placed(self, value: Any, arrays: Sequence[Array], dtype: Any = None) -> Any:
        """Return the result, in the array that it is a part of where it is one; with a `dtype` magnitudes of that."""
        views = self.viewed
        if views.target is None or views.whole is None:
            return value
        given = self._given(arrays)
        whole = np.array(given[views.whole])
        whole = whole if dtype is None else np.abs(whole).astype(dtype)
        text = f"{views.target[:-1]}, ...]" if views.put else views.target
        part(text, {**given, views.whole: whole})[...] = value
        return whole
