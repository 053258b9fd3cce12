"""What a person gives as an array in, a PlainArray out: nested lists, a text of them, or an array of any library."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from math import prod
from pathlib import Path
from typing import Any

from ..core.arithmetic import arithmetic
from ..core.bind import show_shape
from ..core.dtypes import array_dtype, common_dtype
from ..core.errors import DtypeError, OptionError, ShapeError, displayed, with_article
from ..core.libraries import has
from ..core.options import LoadedArray
from ..core.plain_array import PlainArray
from .npy import load_npy

MAX_AXES = 64
"""Axes of an array of numpy."""
MAX_TEXT = 1_000_000
"""Characters of lists that are written out."""
Route = tuple[int, ...]


def given(value: Any, what: str = "the array") -> PlainArray:
    """Return an array, nested lists or a number as a PlainArray. Raises EinloopError, which calls it `what`."""
    if isinstance(value, PlainArray):
        return value
    return of_array(value, what) if has(value, "shape") and has(value, "dtype") else of_lists(value, what=what)


def opened(value: Any, what: str = "the array") -> LoadedArray:
    """Return a file's array, or a value as an array. Raises EinloopError, which calls it `what`."""
    if isinstance(value, LoadedArray):
        return value
    path = str(value) if isinstance(value, str | Path) else None
    array = given(value, what) if path is None else load_npy(path)
    return LoadedArray(shape=array.shape, dtype=array.dtype, path=path, array=array)


def same_values(one: PlainArray, other: PlainArray) -> bool:
    """Return whether two arrays have one dtype, shape and values; nan is like nan.

    >>> same_values(of_lists([float("nan")]), of_lists([float("nan")])), same_values(of_lists([1]), of_lists([2]))
    (True, False)
    """
    pairs = zip(one.values, other.values, strict=False)
    alike = (one.dtype, one.shape) == (other.dtype, other.shape)
    return alike and all(a == b or (a != a and b != b) for a, b in pairs)  # noqa: PLR0124


def of_array(value: Any, what: str = "the array") -> PlainArray:
    """Return an array of numpy, or of a library that is like it, by its `tolist()`, `dtype` and `shape`.

    Raises DtypeError for dtypes that Python has no numbers of, and for elements behind a mask.
    """
    dtype = array_dtype(getattr(value.dtype, "str", None) or str(value.dtype), what)
    arithmetic(dtype)
    if has(value, "mask") and value.mask.any():
        what = f"{what} hides elements behind a mask, and they would be counted"
        raise DtypeError("EL311", what, hint=".filled(0) leaves them out of a sum")
    shape = tuple(int(size) for size in value.shape)
    try:
        values = tuple(_flat(value.tolist(), len(shape)))
    except TypeError:
        values = ()
    if len(values) != prod(shape):
        raise ShapeError("EL209", f"{what} is not an array: its elements have not the shape {show_shape(shape)}")
    known = type(value).__module__ == "numpy"
    return PlainArray(shape, dtype, values if known else tuple(map(arithmetic(dtype).cast, values)))


def _flat(values: Any, depth: int) -> Iterator[Any]:
    if not depth:
        yield values
    elif depth == 1:
        yield from values
    else:
        for one in values:
            yield from _flat(one, depth - 1)


def of_lists(value: Any, dtype: str | None = None, what: str = "the array") -> PlainArray:
    """Return nested lists, tuples or a number as an array, of `dtype` or of the one that np.asarray gives them.

    Raises ShapeError where rows differ in length, at the first that does, and where an element is no number.

    >>> of_lists([[1, 2.5], [3, 4]])
    PlainArray(shape=(2, 2), dtype='float64', values=(1.0, 2.5, 3.0, 4.0))
    >>> of_lists([[1, 2], [3]], what="A")
    Traceback (most recent call last):
        ...
    einloop.core.errors.ShapeError: error EL209: A is ragged: [1] has 1 element, and [0] has 2
    hint: give every row as many
    """
    try:
        return _of_lists(value, dtype, what)
    except _MisfitError as misfit:
        raise misfit.error from None


def of_text(text: str, what: str = "the array") -> PlainArray:
    """Return the array that a text of nested lists says; the text is read, never run.

    >>> of_text("[[1, 2], [3, 4]]").tolist()
    [[1, 2], [3, 4]]
    """
    try:
        if len(text) > MAX_TEXT:
            raise OptionError("EL418", f"{what} is a text of more than {MAX_TEXT:,} characters", hint="give a file")
        tree = ast.parse(text.strip(), mode="eval").body
        value = ast.literal_eval(tree)
    except OptionError:
        raise
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise ShapeError(
            "EL209", f"{what} is not an array: {displayed(text)}", hint="such as [[1, 2], [3, 4]]"
        ) from None
    try:
        return _of_lists(value, None, what)
    except _MisfitError as misfit:
        misfit.error.text, misfit.error.span = text, _span(text, tree, misfit.path)
        raise misfit.error from None


class _MisfitError(Exception):
    """Something in nested lists that does not belong there, and where it stands."""

    def __init__(self, path: Route, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.path, self.error = path, ShapeError("EL209", message, hint=hint)


def _of_lists(value: Any, dtype: str | None, what: str) -> PlainArray:
    shape = tuple(_lengths(value, what))
    values = tuple(_checked(value, shape, (), what))
    dtype = dtype or (common_dtype(list(dict.fromkeys(map(_dtype, values)))) if values else "float64")
    return PlainArray(shape, dtype, tuple(_held(value, dtype, what) for value in values))


def _held(value: Any, dtype: str, what: str) -> Any:
    """Return a number as one of a dtype. Raises DtypeError for an integer that it does not hold, as numpy does."""
    cast = arithmetic(dtype).cast
    try:
        made = cast(value)
    except (ValueError, OverflowError, TypeError):
        made = None
    if made is None or (isinstance(value, int) and isinstance(made, int) and made != value and dtype != "bool"):
        raise DtypeError("EL302", f"{what} holds {displayed(value)}, which {dtype} cannot hold")
    return made


def _lengths(value: Any, what: str) -> Iterator[int]:
    """Yield the length of each axis, by the first row of each."""
    for _ in range(MAX_AXES + 1):
        if not isinstance(value, Sequence) or isinstance(value, str | bytes | bytearray):
            return
        yield len(value)
        if not value:
            return
        value = value[0]
    raise ShapeError("EL209", f"{what} has more than {MAX_AXES} axes")


def _checked(value: Any, shape: Sequence[int], path: Route, what: str) -> Iterator[Any]:
    """Yield the elements in C order. Raises _MisfitError at the first that does not fit `shape`."""
    rows = isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray)
    if len(path) == len(shape):
        if rows:
            raise _ragged(path, what, f"{_place(path)} is a list, and {_place((0,) * len(path))} is a number")
        if not _number(value):
            called = "None" if value is None else with_article(type(value).__name__)
            if not path:
                raise _MisfitError(path, f"{what} is {called}, which is not an array")
            raise _MisfitError(path, f"{what} holds {called} at {_place(path)}, which is not a number")
        yield value
        return
    wanted = shape[len(path)]
    if not rows:
        raise _ragged(path, what, f"{_place(path)} is a number, and {_place((0,) * len(path))} is a list")
    if len(value) != wanted:
        counted = f"{len(value)} element{'s' * (len(value) != 1)}"
        raise _ragged(path, what, f"{_place(path)} has {counted}, and {_place((0,) * len(path))} has {wanted}")
    for number, one in enumerate(value):
        yield from _checked(one, shape, (*path, number), what)


def _ragged(path: Route, what: str, message: str) -> _MisfitError:
    return _MisfitError(path, f"{what} is ragged: {message}", "give every row as many")


def _place(path: Route) -> str:
    return "".join(f"[{number}]" for number in path) or "it"


def _number(value: Any) -> bool:
    kind = type(value)
    return hasattr(kind, "__mul__") and hasattr(kind, "__add__") and not hasattr(kind, "__len__")


def _dtype(value: Any) -> str:
    """Return the dtype that numpy gives one number."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int64" if -(2**63) <= value < 2**63 else "uint64" if 0 < value < 2**64 else "object"
    if has(value, "dtype"):
        return array_dtype(getattr(value.dtype, "str", None) or str(value.dtype), "an element")
    return {float: "float64", complex: "complex128"}.get(type(value), "object")


def _span(text: str, tree: ast.expr, path: Route) -> tuple[int, int] | None:
    """Return where in a text the element at a path stands; None where the text has several lines."""
    for number in path:
        assert isinstance(tree, ast.List | ast.Tuple)
        tree = tree.elts[number]
    start = len(text) - len(text.lstrip())
    line = text.strip()
    if "\n" in line or tree.end_col_offset is None:
        return None
    offsets = (len(line.encode()[:place].decode()) for place in (tree.col_offset, tree.end_col_offset))
    return (start + next(offsets), start + next(offsets))
