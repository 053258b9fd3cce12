"""Each library's own einsum, found once and never replaced.

Each is taken from the module that defines it, so that `np.einsum = einloop.einsum` never makes einloop call itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import Any

from ..core.libraries import Library


@cache
def einsum_of(library: Library) -> Callable[..., Any]:
    """Return a library's own einsum. The library is loaded."""
    import numpy._core.einsumfunc  # noqa: F401  # numpy's home is loaded by name

    for home in library.homes:
        found: Any = getattr(sys.modules.get(home), "einsum", None)
        if found is not None and getattr(found, "__module__", None) != __package__:
            return found  # type: ignore[no-any-return]
    raise AssertionError(library.name)
