"""Plain Python values that callers give, as the values of core/ they mean. Refuses what means nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from itertools import islice
from typing import Any, ParamSpec, TypeVar

from ..core.bind import MAX_EXTENT
from ..core.errors import EinloopError, OptionError, displayed, with_article
from ..core.libraries import has
from ..core.options import LoadedArray, Options, Per, find_notation

LONGEST_SHOWN = 200
"""Characters of a wrong value that an error shows."""
Shapes = Sequence[Any] | Mapping[str, Any]
Dtypes = str | Sequence[str | None] | Mapping[str, str]
Arrays = Mapping[str, Any] | Sequence[Any]
P = ParamSpec("P")
R = TypeVar("R")
MOST = 1000
"""Values for operands, or axes of a shape, that are read; an einsum has at most 63 and 64."""


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
    found = tuple(islice(given, MOST + 1))
    if len(found) > MOST:
        raise OptionError("EL418", f"{what} has more than {MOST} values")
    return found


@guarded
def operand_options(
    *,
    notation: str | None = None,
    shapes: Shapes | None = None,
    sizes: Mapping[str, int | str] | None = None,
    dtypes: Dtypes | None = None,
    load: Arrays | None = None,
    names: Sequence[str | None] | None = None,
    result: str | None = None,
) -> Options:
    """Return what callers say of an expression and its operands. Raises OptionError."""
    check_type("notation", notation, str, optional=True)
    check_type("result", result, str, optional=True)
    check_type("sizes", sizes, Mapping, optional=True)
    check_type("shapes", shapes, (Sequence, Mapping), optional=True)
    check_type("names", names, Sequence, optional=True)
    called = entries(names or (), "names")
    for operand in called:
        check_type("each of names", operand, str, optional=True)
    return Options(
        notation=find_notation(notation),
        shapes=_shapes(shapes),
        sizes={label: _extent(extent) for label, extent in _named(entries((sizes or {}).items(), "sizes"))},
        dtypes=_per(_dtypes(dtypes)),
        loaded=opened(load),
        names=called,
        result=None if result is None else str.__str__(result),
    )


def check_type(name: str, value: Any, kind: Any, *, optional: bool = False) -> None:
    """Raise OptionError unless `value` is of `kind` (or None, where that is allowed)."""
    if (value is None and optional) or isinstance(value, kind):
        return
    kinds = kind if isinstance(kind, tuple) else (kind,)
    wanted = " or ".join(one.__name__.lower() for one in kinds)
    raise OptionError(
        "EL470", f"{name} is {with_article(type(value).__name__)}{_shown(value)}", hint=with_article(wanted)
    )


def _shown(value: Any) -> str:
    """Return a value as it is written, behind a colon; nothing where that is long."""
    text = displayed(value)
    return f": {text}" if len(text) <= LONGEST_SHOWN and "\n" not in text else ""


@guarded
def text_of(expression: object) -> str:
    """Return the expression as text. Raises OptionError where it is none."""
    if isinstance(expression, bytes):
        return expression.decode("latin-1")
    if not isinstance(expression, str):
        raise OptionError(
            "EL470",
            f"the expression is {with_article(type(expression).__name__)}, not a string",
            hint="write sublists as a pasted call: generate('einsum(A, [0, 1], B, [1, 2])')",
        )
    return str.__str__(expression)  # a subclass may say something else of itself


def _per(given: Mapping[str, Any] | Sequence[Any] | None) -> Per[Any]:
    """Return values for operands as pairs; None entries of a sequence keep their place empty."""
    if given is None:
        return ()
    if isinstance(given, Mapping):
        return tuple(_named(entries(given.items(), "the mapping")))
    return tuple((None, value) for value in entries(given, "the sequence"))


def _named(items: Iterable[tuple[Any, Any]]) -> list[tuple[str, Any]]:
    """Return values with the names of their operands. Raises OptionError where a name is no text."""
    found = [(name, value) for name, value in items]
    for name, _ in found:
        check_type("the name of an operand", name, str)
    return found


def _shapes(given: Shapes | None) -> Per[Any]:
    from ..notation.shapes import read_shape

    return tuple((name, read_shape(shape) if isinstance(shape, str) else _shape(shape)) for name, shape in _per(given))


def _shape(shape: Any) -> tuple[int | str, ...] | None:
    if shape is None:
        return None
    if not isinstance(shape, Iterable):
        raise OptionError("EL405", f"{displayed(shape)} is no shape", hint="a tuple of numbers or names, one per axis")
    return tuple(_extent(extent) for extent in entries(shape, "the shape"))


@guarded
def expected_axes(expect: Any) -> tuple[int | str, ...] | None:
    """Return the axes that a result should have, given as `-s` writes them or one by one. Raises OptionError."""
    from ..notation.shapes import read_axis, read_expected

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


def _extent(extent: Any) -> int | str:
    if isinstance(extent, str):
        return _name_of_extent(extent)
    try:
        number = int(extent.__index__())
    except Exception:  # whatever a foreign __index__ raises
        raise OptionError(
            "EL405", f"{displayed(extent)} is not the length of an axis", hint="a number or a name"
        ) from None
    if isinstance(extent, bool) or number < 0:
        raise OptionError(
            "EL405", f"{displayed(extent)} is not the length of an axis", hint="a number from 0, or a name"
        )
    if number > MAX_EXTENT:
        raise OptionError("EL405", "an axis of more than 2**63 - 1 elements is beyond what any array holds")
    return number


def _name_of_extent(text: str) -> int | str:
    from ..notation.shapes import read_extent

    extent = read_extent(text, text)
    assert extent is not None
    return extent


def _dtypes(given: Any) -> Any:
    """Return dtypes as texts: one, a sequence or a mapping of names, types or numpy dtypes."""
    if isinstance(given, Mapping):
        return {name: _dtype_text(value) for name, value in entries(given.items(), "dtypes")}
    if isinstance(given, Sequence) and not isinstance(given, str):
        return [_dtype_text(value) for value in entries(given, "dtypes")]
    return None if given is None else [_dtype_text(given)]


def _dtype_text(value: Any) -> str | None:
    text = value.__name__ if isinstance(value, type) else getattr(value, "str", value)
    check_type("each of dtypes", text, str, optional=True)
    return None if text is None else str.__str__(text)


@guarded
def _named_arrays(load: Arrays | None) -> list[tuple[str | None, Any, str]]:
    """Return every array or file given: the name of its operand, where there is one, itself, what errors call it."""
    if isinstance(load, Mapping):
        return [(name, value, f"operand {name!r}") for name, value in _named(entries(load.items(), "the mapping"))]
    if load is None:
        return []
    if has(load, "shape") or isinstance(load, str) or not isinstance(load, Iterable):
        kind = with_article(type(load).__name__)
        raise OptionError("EL470", f"load is {kind}", hint="a list of arrays, or a mapping from names to arrays")
    given = entries(load, "the sequence of arrays")
    return [(None, value, f"operand {number}") for number, value in enumerate(given)]


def opened(load: Arrays | None) -> Per[LoadedArray]:
    """Return every array or file given, with the name of its operand, where there is one. Raises EinloopError."""
    found = _named_arrays(load)
    if not found:
        return ()
    from ..runners.arrays import open_array

    return tuple((name, open_array(value, what)) for name, value, what in found)
