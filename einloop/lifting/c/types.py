"""What C types are while a text runs on polynomials: how large, whole or not, and what a pointer reaches."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A number: its bytes, whether it is whole, and whether it has no sign.

    `void` is bytes without a meaning, `truth` a bool.
    """

    size: int
    whole: bool
    unsigned: bool = False
    void: bool = False
    truth: bool = False


@dataclass(frozen=True, slots=True)
class PointerType:
    """A pointer to something."""

    to: CType
    size: int = 8
    whole: bool = False


@dataclass(frozen=True, slots=True)
class ArrayType:
    """An array; `length` is None where it is not said."""

    of: CType
    length: int | None
    whole: bool = False

    @property
    def size(self) -> int:
        """Its bytes."""
        return (self.length or 0) * self.of.size


@dataclass(frozen=True, slots=True, eq=False)
class RecordType:
    """A struct: the types of its members by name."""

    fields: Mapping[str, CType]
    whole: bool = False

    @property
    def size(self) -> int:
        """Its bytes, as far as places in arrays of it are told apart by them."""
        return max(sum(one.size for one in self.fields.values()), 1)


CType = Arithmetic | PointerType | ArrayType | RecordType
INT = Arithmetic(4, True)
DOUBLE = Arithmetic(8, False)
SIZE = Arithmetic(8, True, True)
VOID = Arithmetic(1, True, void=True)
UINT = Arithmetic(4, True, True)
FLOAT = Arithmetic(4, False)
LONG = Arithmetic(8, True)

BASIC: Mapping[str, Arithmetic] = {
    **{f"int{bits}_t": Arithmetic(bits // 8, True) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}_t": Arithmetic(bits // 8, True, True) for bits in (8, 16, 32, 64)},
    **{f"int_fast{bits}_t": LONG for bits in (8, 16, 32, 64)},
    **dict.fromkeys(("ssize_t", "ptrdiff_t", "intptr_t", "intmax_t", "off_t"), LONG),
    **dict.fromkeys(("size_t", "uintptr_t", "uintmax_t"), SIZE),
    **dict.fromkeys(("bool", "_Bool"), Arithmetic(1, True, True, truth=True)),
    **dict.fromkeys(("uint", "_DWORD", "undefined4", "dword", "u32"), UINT),
    **dict.fromkeys(("ulong", "ulonglong", "_QWORD", "undefined8", "qword", "u64"), SIZE),
    **dict.fromkeys(("longlong", "__int64", "i64"), LONG),
    **dict.fromkeys(("integer", "logical", "__int32", "i32"), INT),
    **dict.fromkeys(("uchar", "_BYTE", "byte", "undefined", "undefined1", "u8"), Arithmetic(1, True, True)),
    **dict.fromkeys(("ushort", "_WORD", "undefined2", "u16"), Arithmetic(2, True, True)),
    **dict.fromkeys(("f32", "float32_t", "real"), FLOAT),
    **dict.fromkeys(("f64", "float64_t", "doublereal"), DOUBLE),
}
"""Types that headers and compilers define."""
WHOLE_WORDS = re.compile(
    r"(?<![a-z])(u?int|s?size|intp|dword|integer|long|short|idx|index|dim|len|length|count|offset|bool|word|byte)(?![a-z])|int\d*(_t)?$|^u?int",
    re.IGNORECASE,
)


def guessed(name: str) -> Arithmetic:
    """Return what a type that is nowhere defined is, by its name: whole, or else a number with a fraction.

    >>> guessed("blas_int").whole, guessed("index_t").whole, guessed("DATA_TYPE").whole, guessed("real_t").whole
    (True, True, False, False)
    """
    return LONG if WHOLE_WORDS.search(name) else DOUBLE


def basic(names: Sequence[str]) -> Arithmetic:
    """Return what words like `unsigned long` or the name of a known type say."""
    if len(names) == 1 and (names[0] in BASIC or not names[0].islower() or "_" in names[0]):
        return BASIC.get(names[0]) or guessed(names[0])
    words = set(names)
    if "void" in words:
        return VOID
    if "double" in words or "float" in words:
        return FLOAT if "float" in words else DOUBLE
    known = words & {"int", "char", "short", "long", "signed", "unsigned"}
    if not known:
        return guessed(names[0])
    size = 1 if "char" in words else 2 if "short" in words else 8 if "long" in words else 4
    return Arithmetic(size, True, "unsigned" in words)
