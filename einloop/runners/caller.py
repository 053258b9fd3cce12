"""Calls of kernels on arrays: through the extension `einloop_caller`, or through ctypes without it.

A kernel is a C function of pointers to its operands' elements 0,0,... and to a contiguous result.
"""

from __future__ import annotations

import os
import sysconfig
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from math import prod
from types import ModuleType
from typing import Any

import numpy as np

from ..core.errors import RunError
from ..core.layout import Layout
from ..core.lock import ForkLock
from .artefacts import loaded
from .compiler import SHARED
from .library import SharedLibrary, no_memory

NAME = "einloop_caller"
FLAGS = ("-O2", "-Wno-missing-field-initializers", *SHARED)

Kernel = Callable[..., None]
"""Called with the operands' arrays and the result's, which it fills."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A compiled function: where it is, the arrays it is for, and how it has to be called.

    `fallible`: it returns an int, not 0 where memory ran out. `lengthy`: other threads should run meanwhile.
    """

    library: SharedLibrary
    name: str
    operands: tuple[Layout, ...]
    result: Layout
    fallible: bool
    lengthy: bool


def load_caller(text: str) -> ModuleType:
    """Return the extension that a text is, compiled for this Python and this numpy.

    Raises RunError where Python's or numpy's headers are missing, where there is no compiler, and where it refuses.
    """
    flags = (*FLAGS, *include_flags())
    with _loading:
        key = (text, flags)
        if key not in _modules:
            _modules[key] = loaded(text, flags, partial(open_module, NAME))[0]
        return _modules[key]


def include_flags() -> tuple[str, ...]:
    """Return what tells a compiler where Python's and numpy's headers are. Raises RunError where some are missing."""
    folders = (sysconfig.get_paths()["include"], np.get_include())
    for folder, header in zip(folders, ("Python.h", os.path.join("numpy", "arrayobject.h")), strict=True):
        if not os.path.isfile(os.path.join(folder, header)):
            raise RunError("EL637", f"the header {header} is not in {folder}", hint="install Python's headers")
    return tuple(f"-I{folder}" for folder in folders)


_modules: dict[object, ModuleType] = {}
_loading = ForkLock()


def by_extension(caller: ModuleType, entry: Entry) -> Any:
    """Return the extension's object for a kernel; its method `run` is a Kernel that says whether memory ran out."""
    return caller.Kernel(
        address=entry.library.address(entry.name),
        used=entry.library.used,
        library=entry.library,
        layouts=tuple(map(_described, (*entry.operands, entry.result))),
        fallible=entry.fallible,
        lengthy=entry.lengthy,
    )


def checked(run: Callable[..., bool]) -> Kernel:
    """Return a kernel of the extension as one that raises RunError where memory runs out."""

    def call(*arrays: Any) -> None:
        if run(*arrays):
            raise no_memory()

    return call


def by_ctypes(entry: Entry) -> Kernel:
    """Return a kernel that is called through ctypes, which releases the interpreter's lock."""
    function = entry.library.function(entry.name, 0, len(entry.operands))
    used = entry.library.used

    def call(*arrays: Any) -> None:
        used[0] = 1
        if function(*(array.ctypes.data for array in arrays)) and entry.fallible:
            raise no_memory()

    return call


def open_module(name: str, path: str) -> ModuleType:
    """Return the extension of this name in a file. Raises ImportError where it is none."""
    loader = ExtensionFileLoader(name, path)
    spec = spec_from_file_location(name, path, loader=loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def _described(layout: Layout) -> tuple[Any, ...]:
    """Return a layout as the extension reads it: two numbers of the dtype, shape, strides and reach in bytes."""
    dtype = np.dtype(layout.dtype)
    strides = layout.strides
    if strides is None:
        strides = _contiguous(layout.shape)
    wide = None if 0 in layout.shape else tuple(step * dtype.itemsize for step in strides)
    size = dtype.itemsize
    return dtype.num, _twin(dtype), tuple(layout.shape), wide, layout.below * size, layout.above * size


def _contiguous(shape: Sequence[int]) -> tuple[int, ...]:
    """Return the strides, in elements, of an array without gaps.

    >>> _contiguous((2, 3, 4)), _contiguous(())
    ((12, 4, 1), ())
    """
    return tuple(prod(shape[axis + 1 :]) for axis in range(len(shape)))


def _twin(dtype: Any) -> int:
    """Return the other number that numpy has for a dtype, or its own again.

    >>> import numpy as np
    >>> sorted((_twin(np.dtype("q")), _twin(np.dtype("l")))) == sorted((np.dtype("q").num, np.dtype("l").num))
    True
    """
    return next(
        (int(np.dtype(c).num) for c in "bhilqBHILQdg" if c != dtype.char and np.dtype(c) == dtype), int(dtype.num)
    )
