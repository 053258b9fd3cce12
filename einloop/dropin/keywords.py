"""What np.einsum asks of optimize=."""

from __future__ import annotations

from typing import Any

from ..core.errors import OptionError

ORDERS_OF_PAIRS = ("greedy", "optimal")
"""What np.einsum finds a path by. Source: numpy's documentation of np.einsum_path."""
PATH = "einsum_path"


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
        "EL402",
        f"optimize={optimize!r}",
        hint=f"one of False, True, {', '.join(map(repr, ORDERS_OF_PAIRS))}, a pair such as ('greedy', 10**6), which "
        "limits the elements of a step, or a path such as ['einsum_path', (0, 1)]",
    )
