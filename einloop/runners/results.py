"""What a text computed as plain values and bytes, of which the parent makes it again without unpickling.

Arrays go as bytes. One that has more elements than np.einsum's result goes without them: its shape is wrong. Numbers
and nested lists go as JSON, with a tag for what JSON lacks; arrays of other libraries become numpy's first.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import prod
from typing import Any

from ..core.errors import RunError, with_article
from .namespace import MODULE

Node = Any
"""What JSON has."""

MAX_BYTES = 64 << 20
"""Bytes of the largest result that is brought back from a person's text."""
MAX_PLAIN_HEADER_BYTES = 1 << 16
"""Bytes of a header that describes no result."""
MAX_DEPTH = 64
"""Levels of nested lists; numpy has no more axes."""
MAX_UNKNOWN_NUMBERS = 1_000_000
"""Numbers in lists where nobody knows how many there should be."""
MAX_TEXT_LETTERS = 1_000
"""Letters of a text that is the result, and bytes of one element of an array."""
MAX_BITS = 100_000
"""Bits of the longest integer."""
LEAVES = {float: "f8", int: "i8", complex: "c16", bool: "?"}
"""The dtypes in which nested lists of one type go."""
PLAIN = "biufcmM"
"""Kinds of dtypes whose elements are bytes that mean the same everywhere."""


class StrangeError(RunError):
    """A result that is not an array and cannot be made one."""

    def __init__(self, what: str) -> None:
        super().__init__("EL629", f"the result is {what}: return an array, numbers or nested lists")


def unsent(why: str) -> RunError:
    """Return the refusal of a result that cannot be brought back."""
    return RunError("EL623", f"the result cannot be brought back: {why}")


def too_many(most: int | None) -> RunError:
    """Return the refusal of a result that holds more numbers than could be right."""
    held = f"over {max_numbers(most):,} numbers"
    if most is None:
        return unsent(f"it holds {held}")
    return RunError("EL645", f"the result holds {held}, and np.einsum's {most:,}")


def max_numbers(most: int | None) -> int:
    """Return how many numbers lists may hold where np.einsum's result has `most`: more, so that the error can tell."""
    return MAX_UNKNOWN_NUMBERS if most is None else 4 * most + 10_000


def max_header_bytes(most: Sequence[int | None]) -> int:
    """Return how many bytes a header may have that describes several results."""
    return MAX_PLAIN_HEADER_BYTES + sum(min(16 << 20, (1 << 20) + 64 * max_numbers(one)) for one in most)


class Encoder:
    """Encodes one result after the other; `body` collects the bytes of arrays."""

    def __init__(self, *, largest: int | None) -> None:
        self.body = bytearray()
        self._largest = largest
        self._most: int | None = None
        self._left = 0

    def encode(self, value: object, most: int | None) -> Node:
        """Return a result as a node, or raise RunError. `most`: how many elements np.einsum's result has."""
        self._most, self._left = most, max_numbers(most)
        return self._value(value, 0)

    def _value(self, value: Any, depth: int) -> Node:
        kind = type(value)
        if kind is list or kind is tuple:
            return self._sequence(value, depth)
        if value is None or (kind is str and depth == 0 and len(value) <= MAX_TEXT_LETTERS):
            return value
        number = _number(value, kind)
        if number is not None:
            return number
        array = _array(value, self._most)
        if array is None or array.dtype.type.__module__ != "numpy" or array.dtype.itemsize > MAX_TEXT_LETTERS:
            raise StrangeError(_called(value))
        return self._elements(array, depth, scalar=array.ndim == 0 and _is_scalar(value))

    def _sequence(self, value: Sequence[Any], depth: int) -> Node:
        if depth >= MAX_DEPTH:
            raise StrangeError(f"a list of over {MAX_DEPTH} levels")
        flat = _flat(value, self._most) if depth == 0 and type(value) is list else None
        if flat is not None:
            shape, dtype, leaves = flat
            self._add(leaves.nbytes, leaves.tobytes)
            return {"lists": dtype, "shape": shape}
        nodes = []
        for item in value:
            self._count(1)
            nodes.append(self._item(value, item, depth))
        return nodes if type(value) is list else {"tuple": nodes}

    def _item(self, value: Sequence[Any], item: Any, depth: int) -> Node:
        try:
            return self._value(item, depth + 1)
        except StrangeError as error:
            if depth or f"over {MAX_DEPTH}" in error.message:
                raise
            raise StrangeError(f"{with_article(type(value).__name__)} of objects that are not numbers") from None

    def _elements(self, array: Any, depth: int, *, scalar: bool) -> Node:
        shape = list(array.shape)
        if array.dtype.kind == "O":
            self._count(array.size)
            return {"objects": [self._value(item, 1) for item in array.flat], "shape": shape}
        if depth:
            self._count(array.size)
        elif array.dtype.kind in "SUV" or (self._most is not None and array.size > self._most):
            return {"hollow": array.dtype.str, "shape": shape}
        if array.dtype.kind not in PLAIN:
            raise StrangeError(f"an array of {array.dtype}")
        self._add(array.nbytes, array.tobytes)
        return {"array": array.dtype.str, "shape": shape, "scalar": scalar}

    def _count(self, numbers: int) -> None:
        self._left -= numbers
        if self._left < 0:
            raise too_many(self._most)

    def _add(self, size: int, content: Callable[[], bytes]) -> None:
        if self._largest is not None and len(self.body) + size > self._largest:
            raise unsent(f"it takes more than {self._largest >> 20} MiB")
        self.body += content()


def _number(value: Any, kind: type) -> Node:
    """Return the node of a number or a truth value of Python's own; None for anything else."""
    if kind is bool or kind is float:
        return value
    if kind is int:
        return value if -(1 << 63) <= value < 1 << 64 else {"int": _digits(value)}
    if kind is complex:
        return {"complex": [value.real, value.imag]}
    if kind is Fraction:
        return {"fraction": [_digits(value.numerator), _digits(value.denominator)]}
    if kind is Decimal:
        text = str(value)
        if len(text) > MAX_BITS // 4:
            raise unsent(f"it holds a number of over {MAX_BITS // 4:,} digits")
        return {"decimal": text}
    return None


def _digits(value: int) -> str:
    if value.bit_length() > MAX_BITS:
        raise unsent(f"it holds a number of over {MAX_BITS:,} bits")
    return hex(value)


def _flat(value: list[Any], most: int | None) -> tuple[list[int], str, Any] | None:
    """Return shape, dtype and numbers of nested lists that are regular and hold one type; None for others."""
    numpy: Any = sys.modules.get("numpy")
    shape: list[int] = []
    inner: Any = value
    while type(inner) is list and len(shape) <= MAX_DEPTH:
        shape.append(len(inner))
        inner = inner[0] if inner else None
    if numpy is None or not all(shape) or type(inner) not in LEAVES:
        return None
    if prod(shape) > max_numbers(most):
        raise too_many(most)
    level: list[Any] = [value]
    for size in shape:
        if not all(type(item) is list and len(item) == size for item in level):
            return None
        level = [leaf for item in level for leaf in item]
    if set(map(type, level)) != {type(inner)}:
        return None
    try:
        return shape, LEAVES[type(inner)], numpy.array(level, LEAVES[type(inner)])
    except OverflowError:
        return None


def _array(value: Any, most: int | None) -> Any:
    """Return the array of numpy that a value is or stands for; None where there is none: one that is only wrapped, or
    that masks elements."""
    numpy: Any = sys.modules.get("numpy")
    if numpy is None or isinstance(value, dict | set | frozenset | bytes | bytearray):
        return None
    if isinstance(value, range):
        if len(value) > MAX_BYTES // 8:
            raise too_many(most)
        return numpy.array(value)
    if type(value) is numpy.ndarray:
        return value
    if isinstance(value, numpy.ma.MaskedArray) and numpy.ma.is_masked(value):
        return None
    for convert in (numpy.asarray, lambda tensor: numpy.asarray(tensor.detach().cpu())):
        try:
            array = numpy.array(convert(value), copy=None, subok=False)
        except Exception:
            continue
        return None if array.ndim == 0 and array.dtype.hasobject and array[()] is value else array
    return None


def _is_scalar(value: Any) -> bool:
    """Return whether a value is a scalar of numpy's own."""
    numpy: Any = sys.modules.get("numpy")
    return issubclass(type(value), numpy.generic) and type(value).__module__ == "numpy"


def _called(value: Any) -> str:
    """Return what a value is that is not an array."""
    kind = type(value)
    module = "" if kind.__module__ in ("builtins", "__main__", MODULE) else f"{kind.__module__}."
    return with_article(f"{module}{kind.__qualname__}"[:MAX_TEXT_LETTERS])
