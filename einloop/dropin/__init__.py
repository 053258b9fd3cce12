"""np.einsum's own call, checked by einloop and computed by the library of its operands.

Takes whatever np.einsum, torch.einsum or jnp.einsum take, and hands it on as it is: result, dtype, strides, views,
laziness and subclass are the library's. What is added: errors that name index, operand and axis, in the class that the
library raises, and warnings of what was probably not meant. Computes nothing itself.
"""

from __future__ import annotations

import warnings
from functools import cache
from importlib import import_module
from inspect import Parameter, Signature
from threading import Lock
from typing import TYPE_CHECKING, Any

from ..core.warning import EinloopWarning
from .kinds import key_of

if TYPE_CHECKING:
    from .verdict import CallVerdict

__all__ = ["einsum"]

MAX_KINDS = 16_384
"""Kinds of call whose verdict is kept: some 5 MB."""

_VERDICTS: dict[object, CallVerdict] = {}
_LOCK = Lock()


def einsum(*operands: Any, **keywords: Any) -> Any:
    """Return what the operands' own einsum returns for the very same arguments, with einloop's errors and warnings.

    Arrays of torch and JAX go to torch.einsum and jnp.einsum, all else to np.einsum, which passes it on to a library
    that asks for it (dask, sparse, units). So `np.einsum = einloop.einsum` serves to debug a library. Arrays of types
    that are not known are handed on unchecked.

    Parameters
    ----------
    *operands
        Subscripts and arrays, or arrays and lists of labels; for torch also subscripts and one list of tensors.
    **keywords
        Those of the library: for np.einsum `out`, `dtype`, `order`, `casting`, `optimize`.

    Returns
    -------
    object
        The library's own result: an array, a scalar, or a view.

    Raises
    ------
    EinloopError
        Where the library refuses and einloop knows why. It is also an error of the class that the library raised.

    Warns
    -----
    EinloopWarning
        Where the expression is legal and probably not meant. `warnings.filterwarnings("ignore", message="EL702")`
        filters by id.

    Examples
    --------
    >>> einsum("ij,j->i", [[1, 2], [3, 4]], [10, 100]).tolist()
    [210, 430]
    """
    key = key_of(operands, keywords)
    verdict = None if key is None else _VERDICTS.get(key)
    if verdict is None:
        operands, verdict = _room("verdict").judged(operands, keywords)
        if key is not None and verdict.lasting:
            _keep(key, verdict)
    for id, text in (*verdict.warnings, *verdict.masked(operands)) if verdict.speaks else ():
        warnings.warn(EinloopWarning(id, text), stacklevel=2)
    try:
        result = verdict.einsum(*operands, **keywords)
    except Exception as error:
        ours = _room("refusal").explained(error, operands, keywords)
        if ours is None:
            raise
        raise ours from None
    if verdict.illegal and (wrong := _room("refusal").fault(operands, keywords)) is not None:
        raise wrong  # numpy answers a few illegal calls, wrongly
    return result


# what editors, and libraries that look, take for the arguments: np.einsum's own
_FOR_NUMPY = {"out": None, "optimize": False}
setattr(  # noqa: B010
    einsum,
    "__signature__",
    Signature(
        [
            Parameter("operands", Parameter.VAR_POSITIONAL),
            *(Parameter(name, Parameter.KEYWORD_ONLY, default=value) for name, value in _FOR_NUMPY.items()),
            Parameter("keywords", Parameter.VAR_KEYWORD),
        ]
    ),
)


@cache
def _room(module: str) -> Any:
    """Return a module that looks at calls, loaded with numpy when the first call comes."""
    return import_module(f".{module}", __name__)


def _keep(key: object, verdict: CallVerdict) -> None:
    """Remember a verdict; the oldest one goes where there are too many."""
    with _LOCK:
        if len(_VERDICTS) >= MAX_KINDS:
            _VERDICTS.pop(next(iter(_VERDICTS)))
        _VERDICTS[key] = verdict
