"""What a library's refusal means: einloop's error for it, in the class that the library raised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..core.errors import EinloopError, OptionError, as_raised
from ..core.libraries import NUMPY, Library
from ..core.spec import Spec
from ..runners.arrays import as_array
from ..runners.foreign import NEVER, oddity, said
from ..runners.operands import check_out, common_dtype
from .call import Call, call_of
from .verdict import examined

ORDERS_OF_PAIRS = ("greedy", "optimal")
"""What np.einsum finds a path by. Source: numpy's documentation of np.einsum_path."""
PATH = "einsum_path"
ORDERS = ("K", "A", "C", "F")
CASTINGS = ("no", "equiv", "safe", "same_kind", "unsafe")
NEW_CASTINGS = ("same_value",)
"""Those of newer numpys alone."""
NUMBERS = (int, float, complex, np.ndarray, np.generic)


def explained(theirs: Exception, operands: tuple[Any, ...], keywords: Mapping[str, Any]) -> EinloopError | None:
    """Return einloop's error for what a library refused, which is an error of the library's class too.

    None where einloop knows no reason: then the library's own error stands.
    """
    if isinstance(theirs, MemoryError):
        return None
    ours = fault(operands, keywords)
    path = keywords.get("optimize")
    if ours is None and isinstance(path, list | tuple) and not isinstance(theirs, AttributeError):
        ours = OptionError("EL431", f"optimize={path!r}: {theirs}")
    if ours is None:
        return None
    ours = as_raised(ours, theirs)
    ours.add_note(f"{type(theirs).__name__} of the library: {said(theirs)}")
    return ours


def fault(operands: tuple[Any, ...], keywords: Mapping[str, Any]) -> EinloopError | None:
    """Return what is wrong with a call, None where nothing is known to be."""
    for check in (_check, _check_readable):
        try:
            check(call_of(operands, keywords))
        except EinloopError as error:
            return error
        except Exception:  # an array that raises when it is looked at
            continue
    return None


def _check_readable(call: Call) -> None:
    """Raise EinloopError for what the library cannot read as an array."""
    for number, value in enumerate(call.values):
        if call.library is NUMPY:
            as_array(value, f"operand {number}")
        elif (odd := oddity(value, f"operand {number}", most=NEVER)) is not None:
            raise odd


def _check(call: Call) -> None:
    """Raise EinloopError for what is wrong with a call."""
    _check_keywords(call.library, call.keywords)
    _check_mixture(call.library, call.values)
    facts = call.facts()
    if facts is None:
        return
    spec = examined(call.subscripts(), call.dialect, *facts)[0]
    if call.dialect is None and spec is not None:
        _check_arrays(spec, call)


def _check_mixture(library: Library, values: list[Any]) -> None:
    """Raise OptionError where operands are arrays of several libraries that do not go together."""
    if library is NUMPY:
        return
    numbers = NUMBERS if library.numbers else ()
    first = next(number for number, value in enumerate(values) if library.owns(value))
    for number, value in enumerate(values):
        if not library.owns(value) and not isinstance(value, numbers):
            raise OptionError(
                "EL415",
                f"operand {first} is an array of {library.name}, operand {number} is a {_type_name(value)}",
                hint=f"make every operand an array of {library.name}, or every one an array of numpy",
                operand=number,
            )


def _type_name(value: Any) -> str:
    name = type(value)
    return name.__name__ if name.__module__ == "builtins" else f"{name.__module__.partition('.')[0]}.{name.__name__}"


def _check_arrays(spec: Spec, call: Call) -> None:
    """Raise EinloopError where out=, dtype= and casting= do not fit the operands."""
    out, keywords = call.keywords.get("out"), call.keywords
    if spec.is_view and out is None:
        return
    check_out(spec, out)
    arrays = [np.asarray(value) for value in call.values]
    common_dtype(spec, arrays, out, keywords.get("dtype"), keywords.get("casting", "safe"))


def _check_keywords(library: Library, keywords: Mapping[str, Any]) -> None:
    """Raise OptionError for a keyword unknown to a library's einsum, or a value that np.einsum does not take."""
    for name in keywords:
        if name not in library.keywords:
            takes = ", ".join(library.keywords) or "no keywords"
            # callers look for these words, which are Python's own
            message = f"einsum() got an unexpected keyword argument {name!r}"
            raise OptionError("EL476", message, hint=f"{library.name}'s einsum takes {takes}")
    if library is not NUMPY:
        return
    order, casting = keywords.get("order", "K"), keywords.get("casting", "safe")
    if order is not None and (not isinstance(order, str) or order.upper() not in ORDERS):
        raise OptionError("EL469", f"order={order!r}", hint=f"one of {', '.join(ORDERS)}")
    if not isinstance(casting, str) or casting not in (*CASTINGS, *NEW_CASTINGS):
        raise OptionError("EL469", f"casting={casting!r}", hint=f"one of {', '.join(CASTINGS)}")
    _check_optimize(keywords.get("optimize", False))


def _check_optimize(optimize: Any) -> None:
    """Raise OptionError unless `optimize` is something that np.einsum understands."""
    if optimize is None or isinstance(optimize, bool) or (isinstance(optimize, str) and optimize in ORDERS_OF_PAIRS):
        return
    if isinstance(optimize, list | tuple) and optimize:
        way, *rest = optimize
        limited = len(rest) == 1 and isinstance(rest[0], int | float)
        if isinstance(way, str) and (way == PATH or (way in ORDERS_OF_PAIRS and limited)):
            return
    raise OptionError(
        "EL431",
        f"optimize={optimize!r}",
        hint=f"one of False, True, {', '.join(map(repr, ORDERS_OF_PAIRS))}, a pair such as ('greedy', 10**6), which "
        "limits the elements of a step, or a path such as ['einsum_path', (0, 1)]",
    )
