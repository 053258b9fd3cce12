"""Results made of the nodes and bytes that a child sent. Trusts nothing: a child runs code of others.

What is made is bounded by what was expected, and consists of numbers, short texts, lists and arrays alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from .frames import BrokenFrameError
from .results import LEAVES, MAX_BITS, MAX_DEPTH, MAX_TEXT_LETTERS, max_numbers

DTYPE = re.compile(r"[<>|=]?(?:[?biufc]\d{0,2}|[mM]8(?:\[\d{0,9}[a-zA-Z]{1,7}\])?)", re.ASCII)
"""Dtypes whose elements come as bytes."""
HOLLOW = re.compile(r"[<>|=]?(?:[?biufcSUV]\d{0,4}|[mM]8(?:\[\d{0,9}[a-zA-Z]{1,7}\])?)", re.ASCII)
"""Dtypes of arrays without elements: texts and records too."""
MAX_NUMBER_BYTES = 32
"""Bytes of the widest number."""


def max_body_bytes(most: Sequence[int | None], largest: int) -> int:
    """Return how many bytes of arrays an answer to several calls may carry."""
    return sum(largest if one is None else max(MAX_NUMBER_BYTES * one, 8 * max_numbers(one)) for one in most)


def decoded(nodes: Any, body: bytes, most: Sequence[int | None]) -> tuple[Any, ...]:
    """Return the results of several calls. Raises BrokenFrameError where they are not what a child sends."""
    if not isinstance(nodes, list) or len(nodes) != len(most):
        raise BrokenFrameError
    reader = _Reader(body)
    try:
        results = tuple(reader.result(node, one) for node, one in zip(nodes, most, strict=True))
    except (ValueError, TypeError, KeyError, OverflowError, ArithmeticError, RecursionError, MemoryError):
        raise BrokenFrameError from None
    if reader.place != len(body):
        raise BrokenFrameError
    return results


class _Reader:
    """Reads nodes, and the bytes of their arrays one after the other."""

    def __init__(self, body: bytes) -> None:
        self.place = 0
        self._body = body
        self._most: int | None = None

    def result(self, node: Any, most: int | None) -> Any:
        self._most = most
        return self._value(node, 0)

    def _value(self, node: Any, depth: int) -> Any:
        if node is None or isinstance(node, bool | int | float):
            return node
        if isinstance(node, str):
            return _checked(node, not depth and len(node) <= MAX_TEXT_LETTERS)
        _check(depth <= MAX_DEPTH)
        return self._values(node, depth) if isinstance(node, list) else self._tagged(node, depth)

    def _values(self, nodes: list[Any], depth: int) -> list[Any]:
        return [self._value(node, depth + 1) for node in nodes]

    def _tagged(self, node: Any, depth: int) -> Any:
        match node:
            case {"tuple": list() as items}:
                return tuple(self._values(items, depth))
            case {"array": str() as dtype, "shape": list() as shape, "scalar": bool() as scalar}:
                array = self._array(_dtype(DTYPE, dtype), _shape(shape))
                return array[()] if scalar and not array.ndim else array
            case {"hollow": str() as dtype, "shape": list() as shape}:
                _check(not depth)  # in a list it would be filled
                return self._hollow(_dtype(HOLLOW, dtype), _shape(shape))
            case {"lists": str() as dtype, "shape": list() as shape}:
                return self._lists(_checked(dtype, dtype in LEAVES.values()), _shape(shape))
            case {"objects": list() as items, "shape": list() as shape}:
                return self._objects(self._values(items, depth), _shape(shape))
        return _number(node)

    def _array(self, dtype: Any, shape: tuple[int, ...]) -> Any:
        size = prod(shape)
        _check(self._most is None or size <= max_numbers(self._most))
        return np.ndarray(shape, dtype, self._take(size * dtype.itemsize))

    def _hollow(self, dtype: Any, shape: tuple[int, ...]) -> Any:
        _check(dtype.kind in "SUV" or (self._most is not None and prod(shape) > self._most))
        return np.broadcast_to(np.zeros((), dtype), shape)

    def _lists(self, dtype: str, shape: tuple[int, ...]) -> Any:
        size = prod(shape)
        _check(bool(shape) and 0 < size <= max_numbers(self._most))
        return np.frombuffer(self._take(size * np.dtype(dtype).itemsize), dtype).reshape(shape).tolist()

    def _objects(self, items: list[Any], shape: tuple[int, ...]) -> Any:
        _check(len(items) == prod(shape))
        array = np.empty(len(items), object)
        for place, item in enumerate(items):
            array[place] = item
        return array.reshape(shape)

    def _take(self, count: int) -> memoryview:
        part = memoryview(self._body)[self.place : self.place + count]
        _check(len(part) == count)
        self.place += count
        return part


def _number(node: Any) -> Any:
    match node:
        case {"int": str() as digits, **rest} if not rest:
            return _integer(digits)
        case {"complex": [int() | float() as real, int() | float() as imag], **rest} if not rest:
            return complex(real, imag)
        case {"fraction": [str() as over, str() as under], **rest} if not rest:
            return Fraction(_integer(over), _integer(under))
        case {"decimal": str() as digits, **rest} if not rest:
            try:
                return Decimal(_checked(digits, len(digits) <= MAX_BITS // 4))
            except InvalidOperation:
                raise BrokenFrameError from None
    raise BrokenFrameError


def _integer(digits: str) -> int:
    return int(_checked(digits, len(digits) <= MAX_BITS // 4 + 3), 16)


def _dtype(known: re.Pattern[str], text: str) -> Any:
    return np.dtype(_checked(text, known.fullmatch(text) is not None))


def _shape(shape: list[Any]) -> tuple[int, ...]:
    _check(len(shape) <= MAX_DEPTH and all(type(size) is int and 0 <= size < 1 << 62 for size in shape))
    return tuple(shape)


def _check(holds: bool) -> None:
    if not holds:
        raise BrokenFrameError


def _checked(text: str, holds: bool) -> str:
    _check(holds)
    return text
