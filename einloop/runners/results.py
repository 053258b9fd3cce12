"""What a person's text computed in, what the parent reads out: arrays of other libraries become numpy's."""

from __future__ import annotations

import sys
from typing import Any

from ..core.errors import with_article
from .namespace import MODULE

KNOWN = {
    "builtins": {"NoneType", "bool", "bytes", "complex", "float", "int", "range", "str"},
    "decimal": {"Decimal"},
    "fractions": {"Fraction"},
}
"""Types that are sent as they are, by module; numpy's scalars and arrays are too."""

CONTAINERS = (list, tuple, set, frozenset)


class StrangeError(TypeError):
    """A result that is no array and cannot be made one; its text says what it is."""


def plain(value: object) -> object:
    """Return `value` if it is made of numbers and numpy arrays alone, else the array that it stands for.

    >>> plain([1, 2.0]), plain(map(abs, [1]))
    Traceback (most recent call last):
        ...
    einloop.runners.results.StrangeError: a map
    """
    if _is_plain(value):
        return value
    array = _array(value)
    if array is None or not _is_plain(array):
        kind = type(value)
        module = "" if kind.__module__ in ("builtins", "__main__", MODULE) else f"{kind.__module__}."
        if isinstance(value, CONTAINERS):
            raise StrangeError(f"{with_article(kind.__name__)} of objects that are no numbers")
        raise StrangeError(with_article(f"{module}{kind.__qualname__}"))
    return array


def _is_plain(value: Any) -> bool:
    """Return whether `value` holds nothing that the parent does not read."""
    kind = type(value)
    if kind in CONTAINERS:
        return all(map(_is_plain, value))
    if kind is dict:
        return all(_is_plain(key) and _is_plain(item) for key, item in value.items())
    if kind.__name__ in KNOWN.get(kind.__module__, ()):
        return True
    numpy: Any = sys.modules.get("numpy")
    if numpy is None or kind is not numpy.ndarray:
        return numpy is not None and issubclass(kind, numpy.generic) and kind.__module__ == "numpy"
    if value.dtype.hasobject:
        return all(map(_is_plain, value.flat))
    return bool(value.dtype.type.__module__ == "numpy")


def _array(value: Any) -> object | None:
    """Return the array that `value` stands for, None where there is none: it is wrapped whole, or masks elements."""
    numpy: Any = sys.modules.get("numpy")
    if numpy is None:
        return None
    if isinstance(value, numpy.ma.MaskedArray) and numpy.ma.is_masked(value):
        return None
    for convert in (numpy.asarray, lambda tensor: numpy.asarray(tensor.detach().cpu())):
        try:
            array = numpy.array(convert(value), copy=None, subok=False)
        except Exception:
            continue
        return None if array.ndim == 0 and array.dtype.hasobject and array[()] is value else array
    return None
