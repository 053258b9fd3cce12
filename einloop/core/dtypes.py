"""Names of dtypes and how they combine, without numpy: the rules of np.result_type and of einsum's arithmetic.

Source: NumPy manual, "Data type promotion in NumPy"; every combination is compared with numpy in the tests.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import lru_cache
from typing import Any

from .errors import DtypeError
from .near import meant

FLOATS = ("float16", "float32", "float64", "longdouble")
COMPLEXES = ("complex64", "complex128", "clongdouble")
SIGNED = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
ARITHMETIC = ("bool", *SIGNED, *UNSIGNED, *FLOATS, *COMPLEXES, "object")
"""Every dtype with sums and products in np.einsum."""
BFLOAT16 = "bfloat16"
"""A dtype of torch and JAX that numpy has not: known to what speaks about expressions, not to loops."""
WIDER_HINT = "float32 holds every bfloat16: operand.astype('float32')"

SUMMED_IN: Mapping[str, str] = {"float16": "float64"}
"""The dtype in which products of a narrow one are multiplied and added, to be rounded once.

np.einsum adds float16 in float32 where it can, in several totals at once; one total of float32, which plain loops have,
is sometimes further off. In float64 sums of products of two float16 are exact unless huge terms cancel.
"""

_CODES = {
    "?": "bool", "b1": "bool", "O": "object",
    "i1": "int8", "i2": "int16", "i4": "int32", "i8": "int64", "int": "int64",
    "u1": "uint8", "u2": "uint16", "u4": "uint32", "u8": "uint64", "uint": "uint64",
    "f2": "float16", "f4": "float32", "f8": "float64", "float": "float64", "double": "float64",
    "half": "float16", "single": "float32", "f16": "longdouble", "g": "longdouble", "float128": "longdouble",
    "c8": "complex64", "c16": "complex128", "complex": "complex128", "c32": "clongdouble", "G": "clongdouble",
    "complex256": "clongdouble", "bool_": "bool", "object_": "object",
    "e": "float16", "f": "float32", "d": "float64", "F": "complex64", "D": "complex128",
}  # fmt: skip

_HOLDS = {
    "U": ("strings", "where they are numbers: operand.astype(float)"),
    "S": ("bytes", "where they are numbers: operand.astype(float)"),
    "StringDType": ("strings", "where they are numbers: operand.astype(float)"),
    "M": ("dates", "operand.astype('int64') counts their units"),
    "m": ("spans of time", "operand.astype('int64') counts their units"),
    "V": ("records or raw bytes", "take one field: operand['name']"),
}
"""What arrays hold that are no numbers, by how their dtype is written, and what to do."""


class Arithmetic(Enum):
    """What multiplying and adding mean for a dtype."""

    NUMBERS = "numbers"
    LOGIC = "logic"
    """bool: the product is AND, the sum is OR."""


@lru_cache(maxsize=256)
def dtype_name(text: str) -> str:
    """Return the canonical name of a dtype that a person wrote.

    Raises DtypeError where the dtype has no sums and products, or does not exist.

    >>> dtype_name("f4"), dtype_name("np.float32"), dtype_name(">i8"), dtype_name("torch.bool")
    ('float32', 'float32', 'int64', 'bool')
    """
    plain = re.sub(r"^(np|numpy|torch|jnp|jax\.numpy)\.", "", text.strip()).lstrip("<>=|")
    name = _CODES.get(plain, plain)
    if name not in ARITHMETIC and name != BFLOAT16:
        raise DtypeError(
            "EL301",
            f"dtype {text!r} is unknown or has no sums and products in np.einsum",
            hint=meant(plain, ARITHMETIC),
        )
    return name


def dtype_text(dtype: Any) -> str:
    """Return how a dtype of numpy, or one that another library gave numpy, is written: `<f8`, `bfloat16`.

    >>> import numpy as np
    >>> dtype_text(np.dtype("float64").newbyteorder("<")), dtype_text(np.dtype("V8"))
    ('<f8', '|V8')
    """
    own = dtype.kind in "biufcOSUMm" or dtype.type.__module__ == "numpy"
    return str(dtype.str if own else dtype)


def array_dtype(text: str, what: str, operand: int | None = None) -> str:
    """Return the canonical name of an array's dtype. Raises DtypeError, which calls the array `what`, where it has no
    sums and products.

    >>> array_dtype(">i4", "operand 0")
    'int32'
    """
    try:
        return dtype_name(text)
    except DtypeError:
        found = re.match(r"[<>=|]?([USMmV])\d|(StringDType)", text)
        holds, hint = _HOLDS[found[1] or found[2]] if found else (None, "operand.astype(float)")
        shown = f"{text!r} ({holds})" if holds else repr(text)
        message = f"{what} has dtype {shown}, for which np.einsum has no sums and products"
        raise DtypeError("EL301", message, operand=operand, hint=hint) from None


def item_bytes(name: str) -> int:
    """Return how many bytes one element of a dtype takes; of object arrays, one reference.

    >>> [item_bytes(name) for name in ("float32", "clongdouble", "bool", "object", "bfloat16")]
    [4, 32, 1, 8, 2]
    """
    if name == BFLOAT16:
        return 2
    widths = (int(code[1:]) for code, dtype in _CODES.items() if dtype == name and code[1:].isdigit())
    return next(widths, 8)


def common_dtype(names: Sequence[str]) -> str:
    """Return the dtype that np.result_type gives for these dtypes together; with bfloat16 what torch and JAX give.

    >>> common_dtype(["int8", "float32"]), common_dtype(["uint64", "int64"]), common_dtype(["bfloat16", "int32"])
    ('float32', 'float64', 'bfloat16')
    """
    distinct = list(dict.fromkeys(names))
    if len(distinct) == 1:
        return distinct[0]
    if "object" in distinct:
        return "object"
    integers = [name for name in distinct if name in SIGNED or name in UNSIGNED]
    inexact = [name for name in distinct if name in FLOATS or name in COMPLEXES]
    if BFLOAT16 in distinct:
        return common_dtype([*inexact, "float32"]) if inexact else BFLOAT16
    if not inexact:
        return _common_integer(integers)
    level = max([_float_level(name) for name in inexact] + [_float_for(name) for name in integers])
    if any(name in COMPLEXES for name in inexact):
        return COMPLEXES[max(level, 1) - 1]
    return FLOATS[level]


def summing_dtype(name: str) -> str:
    """Return the dtype in which products of a dtype are multiplied and added: as a rule its own.

    >>> summing_dtype("float16"), summing_dtype("float32")
    ('float64', 'float32')
    """
    return SUMMED_IN.get(name, name)


def arithmetic_of(name: str | None) -> Arithmetic:
    """Return what product and sum mean for a dtype (None: a float).

    >>> arithmetic_of("bool").value
    'logic'
    """
    return Arithmetic.LOGIC if name == "bool" else Arithmetic.NUMBERS


def _common_integer(names: Sequence[str]) -> str:
    signed = [SIGNED.index(name) for name in names if name in SIGNED]
    unsigned = [UNSIGNED.index(name) for name in names if name in UNSIGNED]
    if not signed:
        return UNSIGNED[max(unsigned)]
    if not unsigned:
        return SIGNED[max(signed)]
    level = max(*signed, max(unsigned) + 1)
    return SIGNED[level] if level < len(SIGNED) else "float64"


def _float_level(name: str) -> int:
    return FLOATS.index(name) if name in FLOATS else COMPLEXES.index(name) + 1


def _float_for(integer: str) -> int:
    """Return the level of the smallest float that np.result_type deems fit for an integer dtype."""
    return {"int8": 0, "uint8": 0, "int16": 1, "uint16": 1}.get(integer, 2)
