"""A person's C function, compiled in the child, as a callable on arrays and numbers."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .shared_object import compiled
from .tasks import CTask

KINDS: Mapping[str, Any] = {
    "float32": ctypes.c_float,
    "float64": ctypes.c_double,
    "int8": ctypes.c_int8,
    "uint8": ctypes.c_uint8,
    "int16": ctypes.c_int16,
    "uint16": ctypes.c_uint16,
    "int32": ctypes.c_int32,
    "uint32": ctypes.c_uint32,
    "int64": ctypes.c_int64,
    "uint64": ctypes.c_uint64,
}
"""What C calls each dtype that a function may take."""


def ready_c_call(task: CTask) -> Callable[..., object]:
    """Return the function of a task, compiled and loaded: called with values in its parameters' order.

    It gives the array that `task.result` names after the call, or what the function returns. Raises RunError where
    there is no compiler, and where that refuses the text.
    """
    with compiled(task.source) as path:
        function = ctypes.CDLL(path)[task.entry]
    function.restype = None if task.returns is None else KINDS[task.returns]
    place = task.inputs.index(task.result) if task.result is not None else None

    def call(*values: object) -> object:
        given = [
            np.array(value, dtype=kind.removesuffix("*")) if kind.endswith("*") else _number(kind, value)
            for kind, value in zip(task.kinds, values, strict=True)
        ]
        returned = function(
            *(one.ctypes.data_as(ctypes.c_void_p) if isinstance(one, np.ndarray) else one for one in given)
        )
        return returned if place is None else given[place]

    return call


def _number(kind: str, value: Any) -> Any:
    """Return a number as C has it."""
    return KINDS[kind](value if kind.startswith("float") else int(value))
