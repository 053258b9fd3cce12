"""Kernels called by address: the interpreter's lock is released in long ones, errors come back."""

import threading

import numpy as np
import pytest

from einloop.core.errors import RunError
from einloop.core.layout import Layout
from einloop.pipeline.compile import c
from einloop.runners.artefacts import load
from einloop.runners.caller import Entry, by_ctypes, by_extension, checked
from einloop.runners.compiler import find_compiler

needs_compiler = pytest.mark.skipif(find_compiler() is None, reason="no C compiler")

WAITS = """
/* Says that it has begun, and waits until somebody else writes to the flag, for a while. */
int kernel(const double *flag, double *result)
{
    *(volatile double *)result = 1;
    for (long long i = 0; i < 20000000000 && !*(const volatile double *)flag; i++)
        ;
    *result = *flag ? 2 : 3;
    return 0;
}
"""
FAILS = "int kernel(const double *a, double *b)\n{\n    *b = *a;\n    return 1;\n}\n"


def entry(text, *, fallible=False, lengthy=False):
    """Return a kernel of one array of one number."""
    one = Layout(shape=(1,), dtype="float64")
    return Entry(
        library=load(text).library, name="kernel", operands=(one,), result=one, fallible=fallible, lengthy=lengthy
    )


def extension():
    """Return the extension, or skip where there is none."""
    try:
        return c.caller()
    except RunError as error:
        pytest.skip(error.message)


def way(name, one):
    """Return a kernel called through the extension or through ctypes."""
    return by_ctypes(one) if name == "ctypes" else checked(by_extension(extension(), one).run)


@needs_compiler
@pytest.mark.parametrize("name", ["extension", "ctypes"])
def test_other_threads_run_during_a_long_kernel(name):
    kernel = way(name, entry(WAITS, lengthy=True))
    flag, result = np.zeros(1), np.zeros(1)
    thread = threading.Thread(target=kernel, args=(flag, result))
    thread.start()
    while not result[0]:
        pass
    flag[0] = 1
    thread.join()
    assert result[0] == 2


@needs_compiler
@pytest.mark.parametrize("name", ["extension", "ctypes"])
def test_missing_memory_is_an_error(name):
    with pytest.raises(RunError, match="no memory") as caught:
        way(name, entry(FAILS, fallible=True))(np.ones(1), np.zeros(1))
    assert caught.value.id == "EL631"
    result = np.zeros(1)
    way(name, entry(FAILS))(np.ones(1), result)
    assert result[0] == 1
