"""Whose einsum computes a call: np.einsum, torch.einsum or jnp.einsum, each found once and never replaced.

Recognised where the library is loaded already: who has its array has loaded it. Each einsum is taken from the module
that defines it, so that `np.einsum = einloop.einsum` never makes einloop call itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A library with an einsum: its name, that of its arrays, where its einsum is defined, and its keywords.

    `homes`: modules in which its einsum stands, the defining one first. `protocol`: what objects have that are to be
    handed to it though they are none of its arrays. `numbers`: it takes arrays and numbers of numpy and Python too.
    """

    name: str
    array: str
    homes: tuple[str, ...]
    keywords: tuple[str, ...]
    protocol: str | None = None
    numbers: bool = False

    def made(self, value: Any) -> bool:
        """Return whether a value is an array of this library."""
        array = getattr(sys.modules.get(self.name), self.array, None)
        return array is not None and isinstance(value, array)

    def owns(self, value: Any) -> bool:
        """Return whether a value is to be computed by this library, which is loaded."""
        if self.protocol is not None and self.name in sys.modules and hasattr(type(value), self.protocol):
            return True
        return self.made(value)


NUMPY = Library(
    name="numpy",
    array="ndarray",
    homes=("numpy._core.einsumfunc", "numpy"),
    keywords=("out", "dtype", "order", "casting", "optimize"),
)
TORCH = Library(
    name="torch", array="Tensor", homes=("torch.functional", "torch"), keywords=(), protocol="__torch_function__"
)
JAX = Library(
    name="jax",
    array="Array",
    homes=("jax._src.numpy.einsum", "jax._src.numpy.lax_numpy", "jax.numpy"),
    keywords=("optimize", "precision", "preferred_element_type", "out_sharding"),
    numbers=True,
)
OTHERS = (TORCH, JAX)


def library_of(values: Sequence[Any]) -> Library:
    """Return the library that computes with these operands: that of the first array of torch or JAX, else numpy."""
    return next((library for value in values for library in OTHERS if library.owns(value)), NUMPY)


def is_tensor(value: Any) -> bool:
    """Return whether a value is a tensor of torch, or stands for one."""
    return TORCH.owns(value)


@cache
def einsum_of(library: Library) -> Callable[..., Any]:
    """Return a library's own einsum. The library is loaded."""
    import numpy._core.einsumfunc  # noqa: F401  # numpy's home is loaded by name

    for home in library.homes:
        found: Any = getattr(sys.modules.get(home), "einsum", None)
        if found is not None and getattr(found, "__module__", None) != __package__:
            return found  # type: ignore[no-any-return]
    raise AssertionError(library.name)
