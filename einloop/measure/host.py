"""The machine that figures were measured on, and the threads that its BLAS may use."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from pathlib import Path

from ..core.machine import processor_facts

THREADS = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMBA_NUM_THREADS",
)
OTHER_KERNEL = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""Where they are set, OpenBLAS does not run the kernel made for this processor."""

_NAMES = ("scipy_openblas_{}64_", "scipy_openblas_{}", "openblas_{}64_", "openblas_{}")
"""What OpenBLAS calls its functions: as numpy's wheels carry it, and as systems install it."""


def environment(threads: int, given: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which BLAS libraries use so many threads and the kernel for this processor.

    >>> environment(1, {"HOME": "/", "OPENBLAS_CORETYPE": "Haswell"})["OMP_NUM_THREADS"]
    '1'
    """
    kept = {name: value for name, value in given.items() if name not in OTHER_KERNEL}
    return kept | dict.fromkeys(THREADS, str(threads))


def prepare(threads: int, given: MutableMapping[str, str] | None = None) -> bool:
    """Set the environment of a process that has not loaded numpy; return whether it has not.

    Where it has, somebody else's program is running, whose environment stays as it is: other libraries read it later.
    """
    if "numpy" in sys.modules:
        return False
    environ = os.environ if given is None else given
    wanted = environment(threads, environ)
    for name in set(environ) - set(wanted):
        del environ[name]
    environ.update(wanted)
    return True


@contextmanager
def blas_threads(threads: int) -> Iterator[bool]:
    """Let the OpenBLAS inside numpy use so many threads meanwhile; gives whether it could be told."""
    get, put = _openblas("get_num_threads"), _openblas("set_num_threads")
    if get is None or put is None:
        yield False
        return
    before = int(get())
    put(threads)
    try:
        yield True
    finally:
        put(before)


def blas_kernel() -> str | None:
    """Return which kernel the OpenBLAS inside numpy runs, None where it cannot be asked."""
    asked = _openblas("get_corename")
    if asked is None:
        return None
    asked.restype = ctypes.c_char_p
    return str(asked().decode())


def numpy_version() -> str:
    """Return the version of numpy."""
    import numpy as np

    return np.__version__


def machine() -> str:
    """Return the cores, the processor's model and the Python version, in one line."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores, {processor()}, {platform.python_implementation()} {platform.python_version()}"


def processor() -> str:
    """Return the processor's model as the system names it."""
    return processor_facts().get("model name") or platform.processor() or platform.machine()


def _openblas(what: str) -> ctypes._NamedFuncPointer | None:
    """Return a function of the OpenBLAS that numpy's wheel carries."""
    import numpy as np

    for path in sorted((Path(np.__file__).parent.parent / "numpy.libs").glob("*openblas*")):
        library = ctypes.CDLL(str(path))
        for name in _NAMES:
            if hasattr(library, name.format(what)):
                return getattr(library, name.format(what))  # type: ignore[no-any-return]
    return None
