"""Arrays of other libraries: which of them numpy cannot read as they are and what makes them readable, which would lose
what they are, and results as the library's own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core.bind import operand_title
from ..core.dtypes import WIDER_HINT
from ..core.errors import DtypeError, EinloopError, OptionError, ShapeError, as_raised, with_article
from ..core.libraries import JAX, NUMPY, OTHERS, TORCH, Library, has
from ..core.spec import Spec

Oddity = tuple[Callable[[Any], object], str, str | None]
"""How a tensor is known for one that numpy does not read; what it is; what to do."""

NARROW = ("bfloat16", "float8", "float4")
"""How the names of dtypes begin that torch has and numpy lacks."""
ODD_TENSORS: tuple[Oddity, ...] = (
    (lambda t: t.is_nested, "a nested tensor", "give each of its tensors alone, or its .to_padded_tensor(0)"),
    (lambda t: "strided" not in str(t.layout), "a sparse tensor", "its .to_dense() is an array"),
    (lambda t: t.is_quantized, "a quantised tensor", "its .dequantize() is an array"),
    (lambda t: t.device.type == "meta", "a tensor without values (its device is meta)", None),
    (lambda t: t.device.type != "cpu", "a tensor that lies on another device", "its .cpu() is here"),
    (lambda t: t.requires_grad, "a tensor that requires its gradient, which would be lost", "give its .detach()"),
    (lambda t: t.is_conj(), "a tensor whose conjugation is still to be done", "give its .resolve_conj()"),
    (lambda t: t.is_neg(), "a tensor whose negation is still to be done", "give its .resolve_neg()"),
)
"""The order counts: the first that holds is told."""
ODD_ARRAYS: tuple[Oddity, ...] = (
    (lambda a: "Tracer" in type(a).__name__, "traced by JAX, and has no values yet", "call it outside of jax.jit"),
    (lambda a: a.is_deleted(), "an array of JAX that was deleted", None),
)
NEVER = 3
"""How many of ODD_TENSORS torch's own einsum refuses: those that come first."""


def refused(value: object, error: Exception, what: str) -> EinloopError:
    """Return the refusal of a value of which numpy makes no array, raising `error`; it is of the error's class too."""
    odd = oddity(value, what)
    if odd is None:
        odd = ShapeError("EL209", f"{what} is not an array: {said(error)}")
    return as_raised(odd, error)


def oddity(value: object, what: str, *, most: int | None = None) -> EinloopError | None:
    """Return why numpy does not read an array of torch or JAX as it is, None where no reason is known.

    `most`: look at so many reasons only.
    """
    if TORCH.made(value):
        dtype = str(getattr(value, "dtype", "")).rpartition(".")[2]
        if most is None and dtype.startswith(NARROW):
            return DtypeError("EL305", f"{what} has dtype {dtype}, which numpy does not have", hint=WIDER_HINT)
        oddities = ODD_TENSORS[:most]
    elif JAX.made(value):
        oddities = ODD_ARRAYS[:most]
    else:
        return None
    for holds, called, hint in oddities:
        if _holds(holds, value):
            return DtypeError("EL308", f"{what} is {called}", hint=hint)
    return None


def _holds(test: Callable[[Any], object], value: object) -> bool:
    try:
        return bool(test(value))
    except Exception:
        return False


def said(error: Exception) -> str:
    """Return the first line of what an error says, its class where it says nothing, or raises when it is asked."""
    try:
        return str(error).strip().partition("\n")[0] or type(error).__name__
    except Exception:
        return type(error).__name__


def check_plain(value: object, what: str) -> None:
    """Raise EinloopError for an array that is more than its numbers: a result of these alone would be wrong.

    >>> import numpy as np
    >>> check_plain(np.ma.masked_array([1, 2], [True, False]), "A")
    Traceback (most recent call last):
        ...
    einloop.core.errors.DtypeError: error EL311: A hides elements behind a mask, and they would be counted
    hint: .filled(0) leaves them out of a sum
    """
    kind: Any = type(value)
    if has(kind, "__array_function__") and kind.__array_function__ is not np.ndarray.__array_function__:
        raise DtypeError(
            "EL310",
            f"{what} is {with_article(kind.__name__)}, which its own library computes with: all but its numbers would "
            "be lost",
            hint="give its numbers as an array, or call einloop.einsum, which leaves it to its library",
        )
    if issubclass(kind, np.ma.MaskedArray) and np.ma.is_masked(value):
        raise DtypeError(
            "EL311",
            f"{what} hides elements behind a mask, and they would be counted",
            hint=".filled(0) leaves them out of a sum",
        )


def library_of_all(spec: Spec, values: Sequence[object]) -> Library:
    """Return the library whose arrays operands are, numpy where they are of none. Raises OptionError for a mixture."""
    tensor = getattr(sys.modules.get(TORCH.name), TORCH.array, None)
    if tensor is not None and all(type(value) is tensor for value in values):
        return TORCH
    library = next((one for value in values for one in OTHERS if one.made(value)), NUMPY)
    if library is NUMPY:
        return library
    first = next(number for number, value in enumerate(values) if library.made(value))
    for number, value in enumerate(values):
        if not library.made(value) and not (library.numbers and _is_numpys(value)):
            raise OptionError(
                "EL415",
                f"{operand_title(spec, first)} is an array of {library.name}, {operand_title(spec, number)} is "
                f"{with_article(type(value).__name__)}",
                hint=f"make every operand an array of {library.name}, or every one an array of numpy",
                operand=number,
            )
    return library


def _is_numpys(value: object) -> bool:
    return issubclass(type(value), int | float | complex | np.ndarray | np.generic)


def check_out_of(library: Library, out: object) -> None:
    """Raise OptionError unless results can be written into `out` beside operands of a library."""
    if out is None:
        return
    if library is JAX:
        raise OptionError("EL477", "out= with arrays of JAX, which cannot be written", hint="leave it out")
    if not library.made(out):
        name = type(out).__name__
        raise OptionError("EL477", f"out is {with_article(name)}, and the operands are arrays of {library.name}")
    odd = oddity(out, "out")
    if odd is not None:
        raise odd
    tensor: Any = out
    if any(n > 1 and not step for n, step in zip(tensor.shape, tensor.stride(), strict=True)):
        raise OptionError("EL477", "out has several elements in one place", hint="give its .contiguous()")


def read(library: Library, values: Sequence[Any]) -> list[Any] | None:
    """Return tensors as the arrays in their memory, quicker than numpy finds them; None where that cannot be done."""
    try:
        return [value.numpy() for value in values] if library is TORCH else None
    except Exception:  # who looks closer says why
        return None


def handed_back(library: Library, result: Any) -> Any:
    """Return a new array of numpy as the library's own: torch's shares its memory, JAX's is a copy where need be."""
    made: Any = sys.modules[library.name]
    return made.from_numpy(np.asarray(result)) if library is TORCH else made.numpy.asarray(result)
