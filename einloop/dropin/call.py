"""What the arguments of a call of einsum say, in each of its forms. Computes nothing and changes no argument.

The forms: subscripts and arrays, arrays and lists of labels, subscripts and a list of tensors.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import Any

import numpy as np
import numpy._core.einsumfunc  # numpy's home of einsum, found by name

from ..core.bind import Shape, check_count
from ..core.build import MAX_AXES
from ..core.dtypes import dtype_name
from ..core.errors import DtypeError, NotationError, OptionError
from ..core.libraries import NUMPY, Library, has, library_of
from ..core.spec import Spec
from ..notation.sublists import read_sublists
from ..notation.subscripts import read_subscripts
from ..pipeline.advice import bind_with_advice
from ..runners.arrays import as_array
from .kinds import CHECKED, LABELS, operands_of

ARRAYS = ("__array_function__", "__array__", "__array_interface__", "__array_struct__", "__torch_function__")
"""What arrays have, whosever they are; numpy makes an array of anything else."""
OPTIMIZED = "numpy-optimize"
"""The dialect of np.einsum(..., optimize=True)."""


def settled(operands: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the arguments with lists of labels that can be read only once read into tuples.

    >>> settled((np.zeros(2), iter([0])))[1]
    (0,)
    """
    if not operands or isinstance(operands[0], str | bytes):
        return operands
    last = len(operands) - 1
    return tuple(
        tuple(islice(x, MAX_AXES + 2)) if (n % 2 or n == last) and isinstance(x, Iterator) else x
        for n, x in enumerate(operands)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of einsum: its arguments, the arrays among them, whose einsum computes it.

    `dialect`: under which name analysis knows the library's rules, None for those of np.einsum itself.
    """

    operands: tuple[Any, ...]
    keywords: Mapping[str, Any]
    values: list[Any]
    library: Library
    dialect: str | None

    def facts(self) -> tuple[tuple[Shape, ...], tuple[str | None, ...]] | None:
        """Return shapes and dtypes of operands, None where one is an array of a type that is not known.

        Raises ShapeError where one makes no array.
        """
        arrays = [
            value if any(has(value, name) for name in ARRAYS) else as_array(value, f"operand {number}")
            for number, value in enumerate(self.values)
        ]
        if not all(_known(array, self.library) for array in arrays):
            return None
        CHECKED.update(type(value) for value in self.values if any(has(value, name) for name in ARRAYS))
        # sizes that are symbols while a function is traced stay symbols
        shapes = tuple(tuple(n if isinstance(n, int) else str(n) for n in array.shape) for array in arrays)
        return shapes, tuple(named_dtype(array.dtype) for array in arrays)

    def subscripts(self) -> str:
        """Return the subscripts, sublists as letters. Raises EinloopError where np.einsum cannot read them, or has
        too many or too few operands for them, and no other library might."""
        operands = self.operands
        if not operands:
            raise OptionError("EL475", "no subscripts and no operands", hint="einsum('ij,jk->ik', A, B)")
        if isinstance(operands[0], str | bytes):
            text = operands[0].decode("latin-1") if isinstance(operands[0], bytes) else str(operands[0])
            try:
                check_count(read(text), len(self.values))
            except NotationError:
                if self.dialect is None:
                    raise
            return text
        pairs = len(operands) - len(operands) % 2
        if not pairs:
            raise OptionError(
                "EL475", "the first argument is not a subscripts string, and no list of labels follows it"
            )
        return _letters(operands[1:pairs:2], operands[pairs:])


def call_of(operands: tuple[Any, ...], keywords: Mapping[str, Any]) -> Call:
    """Return what is known of a call from its arguments alone."""
    values = operands_of(operands)
    library = library_of(values)
    # numpy leaves its plain einsum for all but False, and then reads subscripts by other rules
    optimizes = keywords.get("optimize", False) is not False
    dialect = (OPTIMIZED if optimizes else None) if library is NUMPY else library.name
    return Call(operands=operands, keywords=keywords, values=values, library=library, dialect=dialect)


def _known(array: Any, library: Library) -> bool:
    """Return whether an operand is an array that the library computes with itself."""
    if isinstance(array, np.ndarray):
        return type(array).__array_function__ is np.ndarray.__array_function__
    return isinstance(array, np.generic) or (library is not NUMPY and library.made(array))


def _letters(lists: tuple[Any, ...], output: tuple[Any, ...]) -> str:
    """Return lists of labels as subscripts, `output` being the output's, if it is given."""
    if all(type(labels) in LABELS and all(type(x) is int or x is ... for x in labels) for labels in (*lists, *output)):
        return _read_letters(tuple(map(tuple, lists)), tuple(map(tuple, output)))
    return read_sublists(lists, *output, given=bool(output)).subscripts


@lru_cache(maxsize=4096)
def _read_letters(lists: tuple[Any, ...], output: tuple[Any, ...]) -> str:
    return read_sublists(lists, *output, given=bool(output)).subscripts


@lru_cache(maxsize=4096)
def read(text: str) -> Spec:
    """Return the metadata of subscripts, read once."""
    return read_subscripts(text)


@lru_cache(maxsize=4096)
def bound(text: str, shapes: tuple[Shape, ...]) -> Spec:
    """Return subscripts with the extents that shapes give; a refusal says what would fit."""
    return bind_with_advice(read(text), shapes)


def named_dtype(dtype: Any) -> str | None:
    """Return the name of a dtype of numpy, torch or JAX, None where it has no sums, or none that are known."""
    return _named(getattr(dtype, "str", None) or str(dtype))


@lru_cache(maxsize=256)
def _named(text: str) -> str | None:
    try:
        return dtype_name(text)
    except DtypeError:
        return None


@cache
def einsum_of(library: Library) -> Callable[..., Any]:
    """Return a library's own einsum. The library is loaded.

    It is taken from the module that defines it, so that `np.einsum = einloop.einsum` never makes einloop call itself.
    """
    for home in library.homes:
        found: Any = getattr(sys.modules.get(home), "einsum", None)
        if found is not None and getattr(found, "__module__", None) != __package__:
            return found  # type: ignore[no-any-return]
    raise AssertionError(library.name)
