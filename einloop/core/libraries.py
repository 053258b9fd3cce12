"""Libraries with arrays and an einsum of their own, and which of them an object belongs to. Imports none of them.

They are recognised where they are loaded already: who has an array of one has loaded it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
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
        try:
            return array is not None and isinstance(value, array)
        except Exception:  # a value that raises when it is asked for its class
            return False

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


def has(value: object, name: str) -> bool:
    """Return whether a value has an attribute; one that raises is none.

    >>> has(1, "real"), has(1, "shape")
    (True, False)
    """
    try:
        getattr(value, name)
    except Exception:
        return False
    return True
