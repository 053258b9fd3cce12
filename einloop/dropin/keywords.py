"""What the libraries' einsums take as keywords."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.errors import OptionError
from ..core.libraries import NUMPY, Library

ORDERS_OF_PAIRS = ("greedy", "optimal")
"""What np.einsum finds a path by. Source: numpy's documentation of np.einsum_path."""
PATH = "einsum_path"
ORDERS = ("K", "A", "C", "F")
CASTINGS = ("no", "equiv", "safe", "same_kind", "unsafe")
NEW_CASTINGS = ("same_value",)
"""Those of newer numpys alone."""


def check_keywords(library: Library, keywords: Mapping[str, Any]) -> None:
    """Raise OptionError for a keyword that a library's einsum has not, or a value that np.einsum does not take."""
    for name in keywords:
        if name not in library.keywords:
            takes = ", ".join(library.keywords) or "no keywords"
            # callers look for these words, which are Python's own
            message = f"einsum() got an unexpected keyword argument {name!r}"
            raise OptionError("EL476", message, hint=f"{library.name}'s einsum takes {takes}")
    if library is not NUMPY:
        return
    order, casting = keywords.get("order", "K"), keywords.get("casting", "safe")
    if order is not None and (not isinstance(order, str) or order.upper() not in ORDERS):
        raise OptionError("EL469", f"order={order!r}", hint=f"one of {', '.join(ORDERS)}")
    if not isinstance(casting, str) or casting not in (*CASTINGS, *NEW_CASTINGS):
        raise OptionError("EL469", f"casting={casting!r}", hint=f"one of {', '.join(CASTINGS)}")
    check_optimize(keywords.get("optimize", False))


def check_optimize(optimize: Any) -> None:
    """Raise OptionError unless `optimize` is something that np.einsum understands."""
    if optimize is None or isinstance(optimize, bool) or (isinstance(optimize, str) and optimize in ORDERS_OF_PAIRS):
        return
    if isinstance(optimize, list | tuple) and optimize:
        way, *rest = optimize
        limited = len(rest) == 1 and isinstance(rest[0], int | float)
        if isinstance(way, str) and (way == PATH or (way in ORDERS_OF_PAIRS and limited)):
            return
    raise OptionError(
        "EL431",
        f"optimize={optimize!r}",
        hint=f"one of False, True, {', '.join(map(repr, ORDERS_OF_PAIRS))}, a pair such as ('greedy', 10**6), which "
        "limits the elements of a step, or a path such as ['einsum_path', (0, 1)]",
    )
