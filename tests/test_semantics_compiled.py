"""The page on surprising semantics again, line by line, through `einloop.compile` on every target.

A target may refuse a dtype by name; whatever else np.einsum computes it computes too: same shape, dtype and values.
Left out are calls that are not a compiled function's (sublists, dtype=, order=, casting=, optimize=), and what is said
of views.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from test_semantics import LINES, SAME, calls, reference, run

import einloop
from einloop.core.errors import EinloopError
from einloop.runners.compiler import find_compiler

TARGETS = (
    pytest.param("c", marks=pytest.mark.skipif(find_compiler() is None, reason="no C compiler")),
    pytest.param("numba", marks=pytest.mark.skipif(find_spec("numba") is None, reason="Numba is not installed")),
    "numpy",
    "python",
)
OTHERS = {"dtype", "order", "casting", "optimize"}
ABOUT_VIEWS = ("shared(", "__setitem__", "flags.writeable")


class NotItsCallError(Exception):
    """The call is none that a compiled function has."""


def compiled(target: str) -> Callable[..., Any]:
    """Return what computes a call of np.einsum through a compiled function."""

    def einsum(subscripts: object, *operands: object, out: object = None, **keywords: object) -> Any:
        if not isinstance(subscripts, str | bytes) or OTHERS & set(keywords):
            raise NotItsCallError
        text = subscripts.decode() if isinstance(subscripts, bytes) else str(subscripts)
        return einloop.compile(text, target=target)(*operands, out=out)

    return einsum


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(("number", "place"), calls(SAME))
def test_same_as_numpy(number: int, place: int, target: str) -> None:
    call = LINES[number].calls[place]
    if any(word in call for word in ABOUT_VIEWS):
        return
    try:
        got = np.asarray(run(call, compiled(target)))
    except NotItsCallError:
        return
    except EinloopError as error:
        assert error.id in ("EL410", "EL301", "EL311"), f"{call}: {error}"  # noqa: PT017
        return
    wanted = np.asarray(run(call, reference))
    assert got.dtype == wanted.dtype.newbyteorder("=")
    np.testing.assert_array_equal(got, wanted)
