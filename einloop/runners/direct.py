"""Calls that go to Numba's dispatcher at once: it refuses what it was not compiled for, which is looked at then.

Dtypes are compared here, since the dispatcher may take a byte-swapped array for another, whose type it remembers.

The functions are written for their number of operands: to hand on `*operands` costs as much as a tiny product.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
            if {alike}:
                {attempt}
        except TypeError:
            return refused(*operands)
        except (ValueError, AttributeError):
            pass  # another number of operands, or no arrays
    return general(*operands, out=out)
"""


Function = Callable[..., Any]


def direct(
    kernel: Function, general: Function, refused: Function, *, dtypes: Sequence[str], shape: tuple[int, ...], dtype: str
) -> Function:
    """Return a function of arrays of these dtypes, and `out`, that has a kernel compute, and takes nothing else.

    The kernel fills an array of this shape and dtype and returns True, or returns the element where the shape is (). It
    raises TypeError for arrays of other ranks and layouts, which then go to `refused`, and returns False or None for
    other shapes. These, other dtypes, another number of operands, and calls with `out`, go to `general`.

    >>> import numpy as np
    >>> first = direct(
    ...     lambda a: a[0], lambda *_, out: "general", lambda *_: "refused", dtypes=["int64"], shape=(), dtype="int64"
    ... )
    >>> first(np.array([4])), first(np.array(4.0)), first([4]), first(np.array([4]), out=4), first()
    (np.int64(4), 'general', 'general', 'general', 'general')
    """
    import numpy as np

    known = np.dtype(dtype)
    names = {"kernel": kernel, "empty": np.empty, "shape": shape, "dtype": known, "scalar": known.type}
    namespace: dict[str, Any] = {**names, "general": general, "refused": refused}
    namespace |= {f"dtype_{number}": np.dtype(one) for number, one in enumerate(dtypes)}
    exec(_code(len(dtypes), scalar=not shape), namespace)
    function: Function = namespace[NAME]
    return function


@lru_cache(maxsize=64)
def _code(count: int, *, scalar: bool) -> CodeType:
    """Return the code that defines the function for a number of operands."""
    given = "".join(f"array_{number}, " for number in range(count)).rstrip()
    alike = " and ".join(f"array_{number}.dtype is dtype_{number}" for number in range(count))
    attempt = (GIVING if scalar else FILLING).format(given=given).strip()
    return compile(TEXT.format(name=NAME, given=given, alike=alike, attempt=attempt), f"<einloop {NAME}>", "exec")
