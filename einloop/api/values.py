"""Plain Python values that callers give, as the values of core/ they mean. Refuses what means nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..core.bind import MAX_EXTENT
from ..core.dtypes import dtype_text
from ..core.errors import OptionError, with_article
from ..core.libraries import has
from ..core.options import Loaded, Options, Per, find_notation

LONGEST_SHOWN = 200
"""Characters of a wrong value that an error shows."""
Shapes = Sequence[Any] | Mapping[str, Any]
Dtypes = str | Sequence[str | None] | Mapping[str, str]
Arrays = Mapping[str, Any] | Sequence[Any]


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
    for operand in names or ():
        check_type("each of names", operand, str, optional=True)
    return Options(
        notation=find_notation(notation),
        shapes=_shapes(shapes),
        sizes={label: _extent(extent) for label, extent in (sizes or {}).items()},
        dtypes=_per(_dtypes(dtypes)),
        loaded=tuple((name, _loaded(value, what)) for name, value, what in named_arrays(load)),
        names=tuple(names or ()),
        result=result,
    )


def check_type(name: str, value: Any, kind: Any, *, optional: bool = False) -> None:
    """Raise OptionError unless `value` is of `kind` (or None, where that is allowed)."""
    if (value is None and optional) or isinstance(value, kind):
        return
    kinds = kind if isinstance(kind, tuple) else (kind,)
    wanted = " or ".join(one.__name__.lower() for one in kinds)
    raise OptionError(
        "EL402", f"{name} is {with_article(type(value).__name__)}{_shown(value)}", hint=with_article(wanted)
    )


def _shown(value: Any) -> str:
    """Return a value as it is written, behind a colon; nothing where that is long."""
    text = written(value)
    return f": {text}" if len(text) <= LONGEST_SHOWN and "\n" not in text else ""


def written(value: Any) -> str:
    """Return a value as Python writes it, or of what class it is where that raises."""
    try:
        return repr(value)
    except Exception:
        return f"<{type(value).__name__}>"


def text_of(expression: object) -> str:
    """Return the expression as text. Raises OptionError where it is none."""
    if isinstance(expression, bytes):
        return expression.decode("latin-1")
    if not isinstance(expression, str):
        raise OptionError(
            "EL402",
            f"the expression is {with_article(type(expression).__name__)}, not a string",
            hint="write sublists as a pasted call: generate('einsum(A, [0, 1], B, [1, 2])')",
        )
    return str(expression)


def _per(given: Mapping[str, Any] | Sequence[Any] | None) -> Per[Any]:
    """Return values for operands as pairs; None entries of a sequence keep their place empty."""
    if given is None:
        return ()
    if isinstance(given, Mapping):
        return tuple(given.items())
    return tuple((None, value) for value in given)


def _shapes(given: Shapes | None) -> Per[Any]:
    from ..notation.shapes import read_shape

    return tuple((name, read_shape(shape) if isinstance(shape, str) else _shape(shape)) for name, shape in _per(given))


def _shape(shape: Any) -> tuple[int | str, ...] | None:
    if shape is None:
        return None
    if not isinstance(shape, Iterable):
        raise OptionError("EL405", f"{shape!r} is no shape", hint="a tuple of numbers or names, one per axis")
    return tuple(_extent(extent) for extent in shape)


def expected_axes(expect: Any) -> tuple[int | str, ...] | None:
    """Return the axes that a result should have, given as `-s` writes them or one by one. Raises OptionError."""
    from ..notation.shapes import read_axis, read_expected

    if expect is None or isinstance(expect, str):
        return None if expect is None else read_expected(expect)
    if not isinstance(expect, Sequence):
        raise OptionError(
            "EL405", f"expect is {expect!r}, no shape", hint="a length, an index or the name of a length for each axis"
        )
    return tuple(read_axis(axis, axis) if isinstance(axis, str) else _extent(axis) for axis in expect)


def _extent(extent: Any) -> int | str:
    if isinstance(extent, str):
        return _name_of_extent(extent)
    try:
        number = extent.__index__()
    except (AttributeError, TypeError):
        raise OptionError("EL405", f"{extent!r} is not the length of an axis", hint="a number or a name") from None
    if isinstance(extent, bool) or number < 0:
        raise OptionError("EL405", f"{extent!r} is not the length of an axis", hint="a number from 0, or a name")
    if number > MAX_EXTENT:
        raise OptionError("EL405", f"an axis of {number} elements is beyond what any array holds")
    return int(number)


def _name_of_extent(text: str) -> int | str:
    from ..notation.shapes import read_extent

    extent = read_extent(text, text)
    assert extent is not None
    return extent


def _dtypes(given: Any) -> Any:
    """Return dtypes as texts: one, a sequence or a mapping of names, types or numpy dtypes."""
    if isinstance(given, Mapping):
        return {name: _dtype_text(value) for name, value in given.items()}
    if isinstance(given, Sequence) and not isinstance(given, str):
        return [_dtype_text(value) for value in given]
    return None if given is None else [_dtype_text(given)]


def _dtype_text(value: Any) -> str | None:
    text = value.__name__ if isinstance(value, type) else getattr(value, "str", value)
    check_type("each of dtypes", text, str, optional=True)
    return text


def named_arrays(load: Arrays | None) -> list[tuple[str | None, Any, str]]:
    """Return every array or file given: the name of its operand, where there is one, itself, what errors call it."""
    if isinstance(load, Mapping):
        return [(name, value, f"operand {name!r}") for name, value in load.items()]
    if load is None:
        return []
    if has(load, "shape") or isinstance(load, str) or not isinstance(load, Iterable):
        kind = with_article(type(load).__name__)
        raise OptionError("EL402", f"load is {kind}", hint="a list of arrays, or a mapping from names to arrays")
    return [(None, value, f"operand {number}") for number, value in enumerate(load)]


def _loaded(value: Any, what: str) -> Loaded:
    path = str(value) if issubclass(type(value), str | Path) else None
    array = array_of(value, what)
    return Loaded(shape=tuple(array.shape), dtype=dtype_text(array.dtype), path=path)


def array_of(value: Any, what: str) -> Any:
    """Return a file's array, or the value as an array. Raises EinloopError, which calls it `what`, where it is none."""
    from ..runners.arrays import as_array, load_array

    return load_array(value) if issubclass(type(value), str | Path) else as_array(value, what)
