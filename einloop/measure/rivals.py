"""What else computes an einsum expression: calls of numpy, opt_einsum and torch."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import FunctionType, SimpleNamespace
from typing import Any

import numpy as np

Array = Any
Call = Callable[[], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A library's way to compute an expression.

    `prepare(subscripts, arrays)` gives the call that is timed; it raises ImportError where the library is missing.
    `nested`: it runs the one nest of loops over all indices, so that its time grows with their product.
    """

    name: str
    prepare: Callable[[str, Sequence[Array]], Call]
    nested: bool = False


def _contract(subscripts: str, arrays: Sequence[Array]) -> Call:
    import opt_einsum

    return partial(opt_einsum.contract, subscripts, *arrays)


def _expression(subscripts: str, arrays: Sequence[Array]) -> Call:
    import opt_einsum

    made = opt_einsum.contract_expression(subscripts, *(array.shape for array in arrays))
    return partial(made, *arrays)


def _torch(subscripts: str, arrays: Sequence[Array]) -> Call:
    import torch

    return partial(torch.einsum, subscripts, *(torch.from_numpy(array) for array in arrays))


NUMPY = Rival(name="np.einsum", prepare=lambda subscripts, arrays: partial(np.einsum, subscripts, *arrays), nested=True)
NUMPY_PATH = Rival(
    name="np.einsum(optimize=True)",
    prepare=lambda subscripts, arrays: partial(np.einsum, subscripts, *arrays, optimize=True),
)
RIVALS: tuple[Rival, ...] = (
    NUMPY,
    NUMPY_PATH,
    Rival(name="opt_einsum.contract", prepare=_contract),
    Rival(name="opt_einsum expression", prepare=_expression),
    Rival(name="torch.einsum", prepare=_torch),
)
"""In the order of the table. An opt_einsum expression has its path from before the clock starts."""


def evaluation(code: str, values: dict[str, Array]) -> Rival:
    """Return a rival that evaluates a line of numpy in which the arrays have these names.

    >>> import numpy as np
    >>> evaluation("A.sum(axis=0)", {"A": np.ones((2, 3))}).prepare("", ())().shape
    (3,)
    """
    return Rival(name=code, prepare=lambda subscripts, arrays: evaluating(code, values))


def evaluating(code: str, values: Mapping[str, Array], *, paths: bool = False) -> Call:
    """Return a call that evaluates a line of numpy; `paths`: with optimize=True in every np.einsum.

    >>> import numpy as np
    >>> float(evaluating("np.einsum('i,i,i->', x, x, x) / 2", {"x": np.ones(4)}, paths=True)())
    2.0
    """
    known: Any = np
    if paths:
        known = SimpleNamespace(**{**vars(np), "einsum": partial(np.einsum, optimize=True)})
    # a function around the compiled line: it is not compiled, and no namespace made, at every call; methods of
    # arrays look for Python's own names there
    return FunctionType(compile(code, "<equivalent>", "eval"), {"__builtins__": builtins, "np": known, **values})


def contiguous(call: Call, arrays: Sequence[Array]) -> tuple[Call, Array]:
    """Return a call whose result is an array of its own in the order of C, and that result as a numpy array.

    Where the call gives a view of an operand or another order, the copy is part of the call: all contestants then
    give the same.
    """
    result = call()
    of_torch = hasattr(result, "numpy")
    values = result.resolve_conj().numpy() if of_torch else np.asarray(result)
    if values.flags.c_contiguous and not any(np.may_share_memory(values, array) for array in arrays):
        return call, values
    return (partial(_torch_copy, call) if of_torch else lambda: call().copy("C")), values


def set_torch_threads(threads: int) -> None:
    """Let torch, where it is installed, use so many threads."""
    try:
        import torch
    except ImportError:
        return
    torch.set_num_threads(threads)


def _torch_copy(call: Call) -> Any:
    import torch

    return call().clone(memory_format=torch.contiguous_format)
