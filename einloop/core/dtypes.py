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
from .frozen import dataclass
from .near import meant


class DtypeKind(Enum):
    """What the elements of an array are."""

    LOGIC = "logic"
    """bool: the product is AND, the sum is OR."""
    SIGNED = "signed"
    UNSIGNED = "unsigned"
    FLOAT = "float"
    COMPLEX = "complex"
    OBJECT = "object"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dtype:
    """What is known of a dtype, None where it does not apply.

    - `bytes` of an element, of objects those of a reference; `codes` are other ways to write its name;
    - `bits` of the significand, those of extended types as their double on every platform; `reach` is the power of ten
      that products of large or tiny values may come to; `wider` the dtype that has digits to spare;
    - `sums` is the dtype in which products are multiplied and added, to be rounded once; `part` that of the two parts
      of a complex number;
    - `numpy`, `elsewhere`: numpy has it, torch and JAX have it; `jax` is what JAX makes of it while jax_enable_x64 is
      off;
    - `c` is its type in C, `c_sums` the type in which integers wrap around there, `c_numpy` numpy's name of it in C;
      `numba`: Numba has it; `kernels`: packed kernels and blocks of totals are written for it, and BLAS has products;
    - `slower` is how many times longer compiled loops take than those on float64.
    """

    name: str
    kind: DtypeKind
    bytes: int
    codes: tuple[str, ...] = ()
    bits: int | None = None
    reach: int = 250
    wider: str | None = None
    sums: str | None = None
    part: str | None = None
    numpy: bool = True
    elsewhere: bool = True
    jax: str | None = None
    c: str | None = None
    c_sums: str | None = None
    c_numpy: str | None = None
    numba: bool = False
    kernels: bool = False
    slower: int = 1

    @property
    def short(self) -> bool:
        """It has fewer digits than a double."""
        return self.bits is not None and self.bits < DOUBLE_BITS

    @property
    def epsilon(self) -> float:
        """The distance from 1 to the next number, in a double for what is not a float."""
        return 2.0 ** (1 - (self.bits or DOUBLE_BITS))


DOUBLE_BITS = 53


def _integer(name: str, *codes: str, bytes: int, jax: str | None = None) -> Dtype:
    kind = DtypeKind.UNSIGNED if name.startswith("u") else DtypeKind.SIGNED
    # narrower ones wrap when they are stored; as unsigned, where overflow is defined
    c_sums = "uint64_t" if bytes == 8 else "uint32_t"
    return Dtype(
        name=name,
        kind=kind,
        bytes=bytes,
        codes=codes,
        jax=jax,
        c=f"{name}_t",
        c_sums=c_sums,
        c_numpy=f"NPY_{name.upper()}",
        numba=True,
    )


_ROWS = (
    Dtype(
        name="float64", kind=DtypeKind.FLOAT, bytes=8, codes=("f8", "float", "double", "d"), bits=53,
        wider="longdouble", jax="float32", c="double", c_numpy="NPY_DOUBLE", numba=True, kernels=True,
    ),
    Dtype(
        name="float32", kind=DtypeKind.FLOAT, bytes=4, codes=("f4", "single", "f"), bits=24, reach=30,
        wider="float64", c="float", c_numpy="NPY_FLOAT", numba=True, kernels=True,
    ),
    # np.einsum adds float16 in float32 where it can, in several totals at once; one total of float32, which plain loops
    # have, is sometimes further off. In float64 sums of products of two are exact unless huge terms cancel
    Dtype(
        name="float16", kind=DtypeKind.FLOAT, bytes=2, codes=("f2", "half", "e"), bits=11, reach=0,
        wider="float32", sums="float64", c="_Float16", c_numpy="NPY_HALF", slower=16,
    ),
    Dtype(
        name="longdouble", kind=DtypeKind.FLOAT, bytes=16, codes=("f16", "g", "float128"), bits=53,
        elsewhere=False, c="long double", c_numpy="NPY_LONGDOUBLE", slower=4,
    ),
    Dtype(
        name="complex64", kind=DtypeKind.COMPLEX, bytes=8, codes=("c8", "F"), bits=24, reach=30,
        wider="complex128", part="float32", c="float _Complex", c_numpy="NPY_CFLOAT", numba=True,
        kernels=True, slower=3,
    ),
    Dtype(
        name="complex128", kind=DtypeKind.COMPLEX, bytes=16, codes=("c16", "complex", "D"), bits=53,
        wider="clongdouble", part="float64", jax="complex64", c="double _Complex", c_numpy="NPY_CDOUBLE", numba=True,
        kernels=True, slower=3,
    ),
    Dtype(
        name="clongdouble", kind=DtypeKind.COMPLEX, bytes=32, codes=("c32", "G", "complex256"), bits=53,
        part="longdouble", elsewhere=False, c="long double _Complex", c_numpy="NPY_CLONGDOUBLE", slower=16,
    ),
    Dtype(
        name="bool", kind=DtypeKind.LOGIC, bytes=1, codes=("?", "b1", "bool_"), c="unsigned char", c_numpy="NPY_BOOL",
        numba=True,
    ),
    _integer("int8", "i1", bytes=1),
    _integer("int16", "i2", bytes=2),
    _integer("int32", "i4", bytes=4),
    _integer("int64", "i8", "int", bytes=8, jax="int32"),
    _integer("uint8", "u1", bytes=1),
    _integer("uint16", "u2", bytes=2),
    _integer("uint32", "u4", bytes=4),
    _integer("uint64", "u8", "uint", bytes=8, jax="uint32"),
    Dtype(name="object", kind=DtypeKind.OBJECT, bytes=8, codes=("O", "object_"), elsewhere=False),
    Dtype(name="bfloat16", kind=DtypeKind.FLOAT, bytes=2, bits=8, wider="float32", numpy=False),
)  # fmt: skip
DTYPES: Mapping[str, Dtype] = {row.name: row for row in _ROWS}
"""Every dtype that einloop knows, those first for which a compiled text is made where nothing else is said."""


def _of(kind: DtypeKind) -> tuple[str, ...]:
    rows = (row for row in _ROWS if row.kind is kind and row.numpy)
    return tuple(row.name for row in sorted(rows, key=lambda row: row.bytes))


FLOATS, COMPLEXES = _of(DtypeKind.FLOAT), _of(DtypeKind.COMPLEX)
SIGNED, UNSIGNED = _of(DtypeKind.SIGNED), _of(DtypeKind.UNSIGNED)
ARITHMETIC = ("bool", *SIGNED, *UNSIGNED, *FLOATS, *COMPLEXES, "object")
"""Every dtype with sums and products in np.einsum, the narrow ones of each kind first."""
NUMPY_ALONE = tuple(row.name for row in _ROWS if not row.elsewhere)
"""What neither torch nor JAX has."""
BFLOAT16 = "bfloat16"
"""A dtype of torch and JAX that numpy does not have: known to what speaks about expressions, not to loops."""
WIDER_HINT = "float32 holds every bfloat16: operand.astype('float32')"

_CODES = {code: row.name for row in _ROWS for code in row.codes}

_HOLDS = {
    "U": ("strings", "where they are numbers: operand.astype(float)"),
    "S": ("bytes", "where they are numbers: operand.astype(float)"),
    "StringDType": ("strings", "where they are numbers: operand.astype(float)"),
    "M": ("dates", "operand.astype('int64') counts their units"),
    "m": ("spans of time", "operand.astype('int64') counts their units"),
    "V": ("records or raw bytes", "take one field: operand['name']"),
}
"""What arrays hold that are not numbers, by how their dtype is written, and what to do."""


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
    return DTYPES[name].bytes if name in DTYPES else 8


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
    """Return the dtype in which products of a dtype are multiplied and added: its own, but for narrow ones.

    >>> summing_dtype("float16"), summing_dtype("float32")
    ('float64', 'float32')
    """
    return (DTYPES[name].sums if name in DTYPES else None) or name


def has_kernels(name: str | None) -> bool:
    """Return whether packed kernels and blocks of totals are written for a dtype.

    >>> has_kernels("float32"), has_kernels("int8"), has_kernels(None)
    (True, False, False)
    """
    return name is not None and name in DTYPES and DTYPES[name].kernels


def is_logic(name: str | None) -> bool:
    """Return whether product and sum of a dtype (None: a float) are AND and OR.

    >>> is_logic("bool"), is_logic(None)
    (True, False)
    """
    return name is not None and name in DTYPES and DTYPES[name].kind is DtypeKind.LOGIC


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
