"""Calls that go to Numba's dispatcher at once: it refuses what it was not compiled for, which is looked at then.

The functions are written for their number of operands: to hand on `*operands` costs as much as a tiny product.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import CodeType
from typing import Any

NAME = "call"

FILLING = """
result = empty(shape, dtype)
            if kernel({given} result):
                return result
"""

GIVING = """
result = kernel({given})
            if result is not None:
                return scalar(result)
"""

TEXT = """\
def {name}(*operands, out=None):
    if out is None:
        try:
            {given} = operands
            {attempt}
        except TypeError:
            return refused(*operands)
        except ValueError:
            pass  # another number of operands
    return general(*operands, out=out)
"""


Function = Callable[..., Any]


def direct(
    kernel: Function, general: Function, refused: Function, *, count: int, shape: tuple[int, ...], dtype: str
) -> Function:
    """Return a function of `count` arrays, and `out`, that has a kernel compute, and takes nothing else.

    The kernel fills an array of this shape and returns True, or returns the element where the shape is (). It raises
    TypeError for arrays of other dtypes, ranks and layouts, which then go to `refused`. It returns False or None for
    other shapes; these, another number of operands, and calls with `out`, go to `general`.

    >>> half = direct(
    ...     lambda a: a / 2, lambda *_, out: "general", lambda *_: "refused", count=1, shape=(), dtype="float64"
    ... )
    >>> half(4), half(4, 4), half(4, out=4), half([])
    (np.float64(2.0), 'general', 'general', 'refused')
    """
    import numpy as np

    known = np.dtype(dtype)
    names = {"kernel": kernel, "empty": np.empty, "shape": shape, "dtype": known, "scalar": known.type}
    namespace: dict[str, Any] = {**names, "general": general, "refused": refused}
    exec(_code(count, scalar=not shape), namespace)
    function: Function = namespace[NAME]
    return function


@lru_cache(maxsize=64)
def _code(count: int, *, scalar: bool) -> CodeType:
    """Return the code that defines the function for a number of operands."""
    given = "".join(f"array_{number}, " for number in range(count)).rstrip()
    attempt = (GIVING if scalar else FILLING).format(given=given).strip()
    return compile(TEXT.format(name=NAME, given=given, attempt=attempt), f"<einloop {NAME}>", "exec")
