"""Plain Python values that callers give, as the values of core/ they mean. Refuses what means nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from itertools import islice
from typing import Any, ParamSpec, TypeVar

from ..core.bind import MAX_EXTENT
from ..core.errors import EinloopError, OptionError, displayed, with_article
from ..core.libraries import has
from ..core.options import Arrays, Dtypes, LoadedArray, Per, Shapes, find_notation
from ..notation.paths import path_argument
from ..notation.shapes import read_axis, read_expected, read_extent, read_shape

P = ParamSpec("P")
R = TypeVar("R")
MAX_VALUES = 1000
"""Values for operands, or axes of a shape, that are read; an einsum has at most 63 and 64."""

NUMPY_BOOLS = ("bool", "bool_")
"""What numpy 2 and numpy 1 call their class of bools, which is known without loading numpy."""


def guarded(read: Callable[P, R]) -> Callable[P, R]:
    """Return a function that reads what callers give, with whatever their objects raise as an OptionError (EL418)."""

    @wraps(read)
    def reading(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return read(*args, **kwargs)
        except EinloopError:
            raise
        except Exception as error:
            said = f"{type(error).__name__}: {displayed(error.args[0])}" if error.args else type(error).__name__
            raise OptionError("EL418", f"an argument cannot be read; it raises {said}") from error

    return reading


def entries(given: Iterable[Any], what: str) -> tuple[Any, ...]:
    """Return the values in a collection, which may be endless. Raises OptionError where they are too many."""
    found = tuple(islice(given, MAX_VALUES + 1))
    if len(found) > MAX_VALUES:
        raise OptionError("EL418", f"{what} has more than {MAX_VALUES} values")
    return found


@guarded
def texts(given: Sequence[Any], name: str, *, optional: bool = False) -> tuple[Any, ...]:
    """Return a sequence of texts as a tuple. Raises OptionError where it holds something else."""
    check_type(name, given, Sequence)
    found = entries(given, name)
    for text in found:
        check_type(f"each of {name}", text, str, optional=optional)
    return found


def check_type(name: str, value: Any, kind: type | tuple[type, ...], *, optional: bool = False) -> None:
    """Raise OptionError unless `value` is of `kind` (or None, where that is allowed)."""
    if (value is None and optional) or isinstance(value, kind):
        return
    wanted = " or ".join(one.__name__.lower() for one in (kind if isinstance(kind, tuple) else (kind,)))
    text = displayed(value)
    shown = "" if "\n" in text else f": {text}"
    raise OptionError("EL470", f"{name} is {with_article(type(value).__name__)}{shown}", hint=with_article(wanted))


def flag(name: str, value: Any) -> bool:
    """Return a bool, Python's or numpy's. Raises OptionError for anything else, which need not mean what Python makes
    of it: the text "False" is true there.
    """
    kind = type(value)
    if kind.__module__ == "numpy" and kind.__name__ in NUMPY_BOOLS:
        return bool(value)
    check_type(name, value, bool)
    return bool(value)


@guarded
def text_of(expression: object) -> str:
    """Return the expression as text. Raises OptionError where it is none."""
    if isinstance(expression, bytes):
        return expression.decode("latin-1")
    if not isinstance(expression, str):
        hint = "write sublists as a pasted call: 'einsum(A, [0, 1], B, [1, 2])'"
        hint = "einloop.lift takes a function; elsewhere give its text" if callable(expression) else hint
        raise OptionError(
            "EL470", f"the expression is {with_article(type(expression).__name__)}, not a string", hint=hint
        )
    return str.__str__(expression)  # a subclass may say something else of itself


@guarded
def expected_axes(expect: Any) -> tuple[int | str, ...] | None:
    """Return the axes that a result should have, given as `-s` writes them or one by one. Raises OptionError."""
    if expect is None or isinstance(expect, str):
        return None if expect is None else read_expected(expect)
    if not isinstance(expect, Sequence):
        raise OptionError(
            "EL405",
            f"expect is {displayed(expect)}, no shape",
            hint="a length, an index or the name of a length for each axis",
        )
    return tuple(
        read_axis(axis, axis) if isinstance(axis, str) else _extent(axis) for axis in entries(expect, "expect")
    )


def place_of(at: Any) -> tuple[int, ...] | None:
    """Return coordinates as whole numbers. Raises OptionError."""
    if at is None:
        return None
    try:
        one = not isinstance(at, str) and hasattr(at, "__index__")
        place = tuple(int(number.__index__()) for number in ([at] if one else entries(at, "at")))
    except Exception:  # whatever foreign objects raise
        place = (MAX_EXTENT + 1,)
    if any(abs(number) > MAX_EXTENT for number in place):
        raise OptionError(
            "EL421", f"{displayed(at)} is not a list of coordinates", hint="whole numbers, such as (1, 2)"
        )
    return place


@guarded
def opened(given: Arrays) -> Per[LoadedArray]:
    """Return every array or file given, with the name of its operand, where there is one. Raises EinloopError."""
    if has(given, "shape") or isinstance(given, str) or not isinstance(given, Iterable):
        kind = with_article(type(given).__name__)
        raise OptionError("EL470", f"load is {kind}", hint="a list of arrays, or a mapping from names to arrays")
    from ..pipeline.given import open_array  # numpy, or what stands for it

    if isinstance(given, Mapping):
        items = _named(given.items(), "the mapping")
        return tuple((name, open_array(value, f"operand {name!r}")) for name, value in items)
    found = entries(given, "the sequence of arrays")
    return tuple((None, open_array(value, f"operand {number}")) for number, value in enumerate(found))


def _per(given: Mapping[str, Any] | Sequence[Any]) -> Per[Any]:
    """Return values for operands as pairs; None entries of a sequence keep their place empty."""
    if isinstance(given, Mapping):
        return _named(given.items(), "the mapping")
    return tuple((None, value) for value in entries(given, "the sequence"))


def _named(items: Iterable[tuple[Any, Any]], what: str) -> tuple[tuple[str, Any], ...]:
    """Return values with their names. Raises OptionError where a name is not text."""
    found = tuple((name, value) for name, value in entries(items, what))
    for name, _ in found:
        check_type("the name of an operand", name, str)
    return found


def _shapes(given: Shapes) -> Per[Any]:
    check_type("shapes", given, (Sequence, Mapping))
    return tuple(
        (name, read_shape(shape) if isinstance(shape, str) else shape_of(shape)) for name, shape in _per(given)
    )


def shape_of(shape: Any) -> tuple[int | str, ...] | None:
    """Return a shape that a caller gives, None for None. Raises OptionError where it is none."""
    if shape is None:
        return None
    if not isinstance(shape, Iterable):
        raise OptionError(
            "EL405", f"{displayed(shape)} is not a shape", hint="a tuple of numbers or names, one per axis"
        )
    return tuple(_extent(extent) for extent in entries(shape, "the shape"))


def _sizes(given: Mapping[str, Any]) -> dict[str, int | str]:
    check_type("sizes", given, Mapping)
    return {label: _extent(extent) for label, extent in _named(given.items(), "sizes")}


def _extent(extent: Any) -> int | str:
    if isinstance(extent, str):
        named = read_extent(extent, extent)
        assert named is not None
        return named
    try:
        number = int(extent.__index__())
    except Exception:  # whatever a foreign __index__ raises
        raise _no_length(extent, "a number or a name") from None
    if isinstance(extent, bool) or number < 0:
        raise _no_length(extent, "a number from 0, or a name")
    if number > MAX_EXTENT:
        raise OptionError("EL405", "an axis of more than 2**63 - 1 elements is beyond what any array holds")
    return number


def _no_length(extent: Any, hint: str) -> OptionError:
    return OptionError("EL405", f"{displayed(extent)} is not the length of an axis", hint=hint)


def _dtypes(given: Dtypes) -> Per[Any]:
    """Return dtypes as texts: one, a sequence or a mapping of names, types or numpy dtypes."""
    if isinstance(given, str) or not isinstance(given, Mapping | Sequence):
        return ((None, _dtype_text(given)),)
    return tuple((name, _dtype_text(value)) for name, value in _per(given))


def _dtype_text(value: Any) -> str | None:
    text = value.__name__ if isinstance(value, type) else getattr(value, "str", value)
    check_type("each of dtypes", text, str, optional=True)
    return None if text is None else str.__str__(text)


def _notation(given: str) -> Any:
    check_type("notation", given, str)
    return find_notation(given)


def _names(given: Sequence[str | None]) -> tuple[str | None, ...]:
    return texts(given, "names", optional=True)


def _schedule(given: str | Sequence[str]) -> tuple[str, ...]:
    check_type("schedule", given, (str, Sequence))
    return texts((given,) if isinstance(given, str) else given, "schedule")


READERS: Mapping[str, Callable[[Any], Any]] = {
    "notation": _notation,
    "shapes": _shapes,
    "sizes": _sizes,
    "load": opened,
    "dtypes": _dtypes,
    "names": _names,
    "schedule": _schedule,
    "path": path_argument,
    "templates": str,
}
"""What the value of a keyword means, where it is not what its type says."""
