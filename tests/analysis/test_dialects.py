"""What other libraries make of an einsum: every claim is held against the installed library."""

from __future__ import annotations

import importlib.util
import json
import string
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations_with_replacement
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
import strategies as our
from hypothesis import given, note
from hypothesis import strategies as st
from strategies import Expression

import einloop
from einloop.analysis.dialects import DIALECTS, KEYWORDS, find, jax, torch
from einloop.cli import main
from einloop.core.dtypes import NUMPY_ALONE, dtype_name
from einloop.core.errors import EinloopError, OptionError
from einloop.core.options import LoadedArray, Options
from einloop.core.report import Finding, Report, Section, Severity
from einloop.core.source import Notation
from einloop.pipeline.dialects import dialect_section
from einloop.pipeline.page import shown
from einloop.views.catalogue import load_catalogue

LIBRARY = MappingProxyType(
    {
        "numpy": "numpy",
        "numpy-optimize": "numpy",
        "torch": "torch",
        "jax": "jax",
        "opt_einsum": "opt_einsum",
        "einops": "einops",
    }
)
NAMES = tuple(LIBRARY)
LETTERS = string.ascii_letters


def needs(dialect: str) -> None:
    """Skip where the dialect's library is not installed."""
    if importlib.util.find_spec(LIBRARY[dialect]) is None:
        pytest.skip(f"{LIBRARY[dialect]} is not installed")


def library(dialect: str) -> tuple[Callable[..., Any], Callable[[Any], Any]]:
    """Return the dialect's einsum, called as np.einsum is, and what makes its arrays."""
    needs(dialect)
    if dialect == "torch":
        import torch as library

        return library.einsum, library.as_tensor
    if dialect == "jax":
        import jax.numpy as jnp

        return jnp.einsum, jnp.asarray
    if dialect == "opt_einsum":
        import opt_einsum

        return opt_einsum.contract, np.asarray
    if dialect == "einops":
        return pattern_first, np.asarray
    if dialect == "numpy":
        return our.oracle, np.asarray
    return lambda *operands, **keywords: np.einsum(*operands, **{"optimize": True} | keywords), np.asarray


def pattern_first(pattern: str, *arrays: Any, **keywords: Any) -> Any:
    """Return einops.einsum's result, the pattern given first."""
    import einops

    return einops.einsum(*arrays, pattern, **keywords)


def computed(dialect: str, text: Any, arrays: list[Any], **keywords: Any) -> Any:
    """Return what the library computes, as a numpy array."""
    einsum, array_of = library(dialect)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # words that einops discourages, dtypes that jax narrows
        return as_array(einsum(text, *map(array_of, arrays), **keywords))


def as_array(value: Any) -> np.ndarray:
    """Return a result as a numpy array; what is not an array is the one element of an array of objects."""
    return np.asarray(value, dtype=None if hasattr(value, "dtype") else object)


def sample(shape: tuple[int, ...], dtype: str = "float64") -> np.ndarray:
    """Return small numbers that are exact in every dtype."""
    count = int(np.prod(shape, dtype=int))
    return np.array(np.arange(1, count + 1) % 5 + 1).reshape(shape).astype(dtype)


def section(dialect: str, text: str, arrays: list[Any] | None = None, **options: Any) -> Section:
    """Return what einloop says of an expression for these arrays."""
    loaded = tuple((None, LoadedArray(shape=array.shape, dtype=array.dtype.str)) for array in arrays or ())
    return dialect_section(text, Options(loaded=loaded, **options), dialect)


def findings(found: Section) -> list[Finding]:
    return [part for part in found.parts if isinstance(part, Finding)]


def said(found: Section) -> list[str]:
    """Return the text of every finding."""
    catalogue = load_catalogue("en")
    return [catalogue.text(finding.message) for finding in findings(found)]


@dataclass(frozen=True)
class Row:
    """One claim: what a dialect makes of a text with operands of these shapes and dtypes.

    `id`: of the first finding, None where the dialect does what np.einsum does, "EL1.." or "EL2.." where both refuse.
    """

    dialects: tuple[str, ...]
    text: str
    shapes: tuple[tuple[int, ...], ...]
    id: str | None
    dtypes: tuple[str, ...] = ()

    @property
    def arrays(self) -> list[np.ndarray]:
        """The operands."""
        dtypes = (
            self.dtypes if len(self.dtypes) == len(self.shapes) else (*self.dtypes, "float32")[:1] * len(self.shapes)
        )
        return [sample(shape, dtype) for shape, dtype in zip(self.shapes, dtypes, strict=True)]


SUMMING = ("numpy-optimize", "torch", "jax", "opt_einsum")
SQUEEZING = ("numpy-optimize", "jax", "opt_einsum")
EXACT = ("numpy", "numpy-optimize", "torch", "opt_einsum")
EVERY = tuple(name for name in NAMES if name != "einops")
PRODUCT = ((2, 3), (3, 2))
CROWD = ",".join(["i"] * 64)
IDENTITY_COUNT = 43

ROWS = (
    # the same everywhere
    Row(EVERY, "ij,jk->ik", PRODUCT, None),
    Row(EVERY, " i j , j k -> k i ", PRODUCT, None),
    Row(EVERY, "kij", ((2, 3, 4),), None),
    Row(EVERY, "zZaA", ((2, 3, 4, 5),), None),
    Row(EVERY, "i...j", ((2, 3, 4),), None),
    Row(EVERY, "i,i,i", ((2,),) * 3, None),
    Row(EVERY, "ii", ((3, 3),), None),
    Row(EVERY, "ii->i", ((3, 3),), None),
    Row(EVERY, "ij->...ij", ((2, 3),), None),
    Row(EVERY, "...i->i", ((3,),), None),
    Row(EVERY, "a...,...->...a", ((2, 7, 3), (5, 1, 1)), None),
    Row(EVERY, "", ((),), None),
    Row(EVERY, ",", ((), ()), None),
    Row(EVERY, ",i", ((), (2,)), None),
    Row(EVERY, "...->", ((),), None),
    # sizes of 1 stretch, kept and contracted; empty axes
    Row(EVERY, "i,i->i", ((1,), (3,)), None),
    Row(EVERY, "ij,jk->ik", ((2, 1), (3, 2)), None),
    Row(EVERY, "ii,i->i", ((1, 1), (3,)), None),
    Row(EVERY, "...i,...i->...i", ((1, 3), (2, 3)), None),
    Row(EVERY, "ij,jk->ik", ((2, 0), (0, 3)), None),
    Row(EVERY, "i,i->i", ((1,), (0,)), None),
    Row(EVERY, "i->", ((0,),), None),
    Row(EVERY, ",".join(["i"] * 63) + "->i", ((2,),) * 63, None),
    # refused everywhere
    Row(EVERY, "i->ii", ((2,),), "EL105"),
    Row(EVERY, "i->ij", ((2,),), "EL106"),
    Row(EVERY, "i->->i", ((2,),), "EL101"),
    Row(EVERY, "ij->i,j", ((2, 2),), "EL101"),
    Row(EVERY, "....", ((2, 3),), "EL101"),
    Row(EVERY, "i,i->i", ((2,), (3,)), "EL205"),
    Row(EVERY, "ij", ((2,),), "EL202"),
    Row(("numpy", "numpy-optimize", "torch", "opt_einsum"), "ii->i", ((3, 1),), "EL205"),
    Row(EVERY, "ii->i", ((2, 3),), "EL205"),
    Row(("numpy",), "...i->i", ((2, 3),), "EL204"),
    Row(("numpy", "torch"), "ij- >ji", ((2, 3),), "EL101"),
    Row(("numpy", "torch", "numpy-optimize"), "αβ->βα", ((2, 3),), "EL101"),
    Row(("numpy", "numpy-optimize"), CROWD + "->i", ((2,),) * 64, "EL110"),
    Row(("einops",), CROWD + "->i", ((2,),) * 64, "EL110"),
    # a lost ellipsis is summed
    Row(SUMMING, "...i->i", ((2, 3),), "EL734"),
    Row(SUMMING, "...i->i", ((1, 3),), "EL734"),
    Row(SUMMING, "...ij,...jk->ik", ((2, 3, 4), (2, 4, 5)), "EL734"),
    Row(SUMMING, "i,...->i", ((2,), (3, 4)), "EL734"),
    Row(SUMMING, "...i,...j->ij", ((2, 3), (1, 4)), "EL734"),
    Row(SUMMING, "...i,...i->i", ((2, 3), (2, 4)), "EL204"),
    # diagonals of sizes 1 and n
    Row(("jax",), "ii->i", ((3, 1),), "EL735"),
    Row(("jax",), "ii->i", ((1, 3),), "EL735"),
    Row(("jax",), "ii,i->i", ((1, 3), (3,)), "EL735"),
    Row(("jax",), "ii->i", ((2, 3),), "EL205"),
    Row(("jax",), "iib->b", ((1, 3, 2),), "EL735"),
    Row(("jax",), "a,akk,k...->...ka", ((2,), (2, 1, 3), (3,)), "EL735"),
    Row(("jax",), "ii...i,...->...", ((1, 2, 2), ()), "EL735"),
    Row(("jax",), "iib...->...", ((1, 3, 2),), "EL735"),
    Row(("jax",), "ZZZ...->...", ((1, 2, 2, 1, 2),), "EL735"),
    Row(("jax",), "...,bbk,kbb...->k", ((1,), (0, 1, 1), (1, 0, 0, 1)), "EL735"),
    Row(("jax",), "...ii->i", ((2, 1, 3),), "EL735"),
    Row(("jax",), "ii,i->i", ((1, 3), (1,)), "EL205"),
    Row(("jax",), "ii,ii->i", ((1, 3), (3, 1)), "EL205"),
    Row(("jax",), "ii,ii->i", ((1, 3), (3, 3)), "EL735"),
    Row(("jax",), "kjk,kjj->", ((3, 1, 3), (3, 1, 2)), "EL205"),
    # what both refuse stays refused, whatever the dtypes
    Row(EXACT, "ii,i,i->", ((3, 2), (3,), (3,)), "EL205", ("int8", "float64", "float64")),
    Row(EXACT, "bbb,bbb,b->b", ((1, 3, 3), (3, 3, 3), (3,)), "EL205", ("float64", "int64", "float64")),
    Row(("torch",), "ii->i", ((2, 3),), "EL205", ("uint8",)),
    Row(("jax",), "ii->i", ((2, 3),), "EL205", ("float64",)),
    Row(("torch", "jax"), "ii->i", ((2, 3),), "EL205", ("longdouble",)),
    # characters
    Row(SQUEEZING, "ij- >ji", ((2, 3),), "EL736"),
    Row(SQUEEZING, ". . .i->i. . .", ((2, 3),), "EL736"),
    Row(("jax", "opt_einsum"), "αβ->βα", ((2, 3),), "EL736"),
    Row(("jax", "opt_einsum"), "βα", ((2, 3),), "EL736"),
    Row(("jax", "opt_einsum"), "aβB", ((2, 3, 4),), "EL736"),
    Row(("jax", "opt_einsum"), "i1,1j->ij", PRODUCT, "EL736"),
    Row(("jax", "opt_einsum"), "i_->i", ((2, 3),), "EL736"),
    Row(("jax", "opt_einsum"), "i\tj->ji", ((2, 3, 4),), "EL736"),
    Row(("jax", "opt_einsum"), "α->β", ((2,),), "EL101"),
    # how many
    Row(("torch", "jax", "opt_einsum"), CROWD + "->i", ((2,),) * 64, "EL737"),
    Row(("numpy-optimize", "torch", "jax", "opt_einsum"), CROWD + "->", ((2,),) * 64, "EL737"),
    Row(("torch", "jax"), LETTERS + ",...->...", ((1,) * 52, (1,) * 13), "EL737"),
    Row(("jax",), LETTERS + ",αβ->", ((1,) * 52, (1, 1)), "EL737"),
    Row(("opt_einsum",), LETTERS[:30] + "," + LETTERS[30:] + ",αβ->", ((1,) * 30, (1,) * 22, (1, 1)), "EL744"),
    Row(("numpy-optimize", "opt_einsum"), LETTERS + "...", ((1,) * 54,), "EL732"),
    Row(("numpy-optimize", "opt_einsum"), "...,i->...i", ((1,) * 60, (2,)), "EL732"),
    Row(("torch", "jax"), LETTERS + "...", ((1,) * 54,), None),
    # einops: axes are words
    Row(("einops",), "i j, j k -> i k", PRODUCT, None),
    Row(("einops",), "i,j->i j", ((2,), (3,)), None),
    Row(("einops",), "(i) j -> j i", ((2, 3),), "EL736"),
    Row(("einops",), "... i -> ...", ((2, 3),), None),
    Row(("einops",), "i i -> i", ((3, 3),), None),
    Row(("einops",), "_ j -> j", ((2, 3),), "EL736"),
    Row(("einops",), "->", ((),), None),
    Row(("einops",), ",->", ((), ()), None),
    Row(("einops",), "ij,jk->ik", PRODUCT, "EL731"),
    Row(("einops",), "ij,jk", PRODUCT, "EL731"),
    Row(("einops",), "ij->", ((2, 3),), "EL731"),
    Row(("einops",), "...i->...i", ((2, 3),), "EL731"),
    Row(("einops",), "i 1 -> i", ((2, 1),), "EL731"),
    Row(("einops",), "(i j) -> i j", ((2, 3),), "EL731"),
    Row(("einops",), "() i -> i", ((2, 3),), "EL731"),
    Row(("einops",), "i j -> i i", ((2, 2),), "EL731"),
    Row(("einops",), "i j -> i,j", ((2, 2),), "EL731"),
    Row(("einops",), "i->->i", ((2,),), "EL731"),
    Row(("einops",), "i*j -> i", ((2, 2),), "EL731"),
    Row(("einops",), "i\tj -> i", ((2, 2),), "EL731"),
    Row(("einops",), "i_ j -> j", ((2, 2),), "EL731"),
    Row(("einops",), "... ... i -> i", ((2, 2),), "EL731"),
    Row(("einops",), ". . . i -> i", ((2, 2),), "EL731"),
    Row(("einops",), "batch dim -> dim batch", ((2, 3),), "EL736"),
    Row(("einops",), "ab c -> c ab", ((2, 3),), "EL736"),
    Row(("einops",), "π r -> r π", ((2, 3),), "EL736"),
    Row(("einops",), "... i -> i", ((2, 3),), "EL204"),
    # dtypes
    Row(("torch", "jax"), "i->", ((3,),), "EL733", ("longdouble",)),
    Row(("torch", "jax"), "i->", ((3,),), "EL733", ("clongdouble",)),
    Row(("torch", "jax"), "i->", ((3,),), "EL733", ("object",)),
    Row(("torch",), "i->", ((3,),), "EL738", ("uint8",)),
    Row(("torch",), "i->", ((3,),), "EL738", ("bool",)),
    Row(("torch",), "i->", ((3,),), "EL738", ("uint64",)),
    Row(("torch",), "i->", ((3,),), None, ("int64",)),
    Row(("torch",), "ii->i", ((3, 3),), None, ("uint8",)),
    Row(("torch",), "i,i->", ((3,), (3,)), None, ("uint8",)),
    Row(("torch",), "i,i->", ((3,), (3,)), "EL733", ("bool",)),
    Row(("torch",), "i,i->", ((3,), (3,)), "EL733", ("uint16",)),
    Row(("torch",), "i,i->i", ((3,), (3,)), None, ("uint16",)),
    Row(("torch",), "i,i->i", ((3,), (3,)), None, ("bool",)),
    Row(("torch",), "i,j->", ((3,), (2,)), "EL738", ("int32",)),
    Row(("torch",), "ij,i->", ((2, 3), (2,)), "EL733", ("int32",)),
    Row(("torch",), "ij,i->", ((2, 3), (2,)), None, ("int64",)),
    Row(("torch",), "ij,jk->ik", PRODUCT, "EL733", ("float32", "float64")),
    Row(("torch",), "ij,jk->ik", PRODUCT, "EL733", ("int32", "float32")),
    Row(("torch",), "i,i->i", ((3,), (3,)), None, ("float32", "float64")),
    Row(("torch",), "i,i->i", ((3,), (3,)), "EL738", ("int32", "float32")),
    Row(("torch",), "i,i->i", ((3,), (3,)), "EL733", ("uint16", "int32")),
    Row(("torch",), "i,i->i", ((3,), (3,)), None, ("uint16", "float32")),
    Row(("torch",), "ij,jk,kl->il", ((2, 3), (3, 2), (2, 2)), "EL745", ("bool", "bool", "int64")),
    Row(("torch",), "ij,jk,kl->il", ((2, 3), (3, 2), (2, 2)), None, ("int64",)),
    Row(("torch",), "i,i,i->i", ((3,), (3,), (3,)), None, ("int8",)),
    Row(("jax",), "i->", ((3,),), "EL738", ("float64",)),
    Row(("jax",), "i->", ((3,),), "EL738", ("int64",)),
    Row(("jax",), "i->", ((3,),), "EL738", ("complex128",)),
    Row(("jax",), "i->", ((3,),), None, ("uint8",)),
    Row(("jax",), "ij,jk->ik", PRODUCT, None, ("bool",)),
    Row(("jax",), "i,i->", ((3,), (3,)), "EL738", ("int32", "float32")),
    Row(("jax",), "i,i,i->", ((2,), (2,), (2,)), None, ("int8", "int8", "int32")),
    Row(("numpy-optimize", "opt_einsum"), "i,i,i->", ((2,), (2,), (2,)), "EL739", ("int8", "int8", "int64")),
    Row(("numpy-optimize",), "ii,->", ((2, 2), ()), "EL739", ("bool", "int8")),
    Row(("numpy-optimize",), "i,i->", ((300,), (1,)), "EL739", ("int8", "int64")),
    Row(("numpy-optimize",), "j,ij->j", ((2,), (300, 2)), "EL739", ("int64", "int8")),
    Row(("numpy-optimize", "opt_einsum"), "i,i->", ((2,), (2,)), None, ("int8", "int64")),
    Row(("numpy-optimize", "opt_einsum"), "i,i,i->", ((2,), (2,), (2,)), None, ("int8",)),
    Row(("einops",), "i, i, i ->", ((2,), (2,), (2,)), None, ("int8", "int8", "int64")),
    Row(("numpy-optimize", "opt_einsum", "einops"), "i,i->", ((3,), (3,)), None, ("object",)),
    Row(("numpy-optimize", "opt_einsum", "einops"), "i,i->", ((3,), (3,)), None, ("clongdouble",)),
)

PARAMETERS = [
    pytest.param(dialect, row, id=f"{dialect} {row.text[:20]} {row.id}") for row in ROWS for dialect in row.dialects
]


@pytest.mark.parametrize(("dialect", "row"), PARAMETERS)
def test_claims_hold_in_the_library(dialect: str, row: Row) -> None:
    needs(dialect)
    arrays = row.arrays
    if row.id is not None and not row.id.startswith("EL7"):
        with pytest.raises(EinloopError) as refused:
            section(dialect, row.text, arrays)
        assert refused.value.id == row.id
        with pytest.raises(Exception):  # noqa: B017, PT011  each library has its own
            computed(dialect, row.text, arrays)
        return
    found = section(dialect, row.text, crowded(row, arrays))
    check(dialect, row.text, arrays, found)
    assert [finding.id for finding in findings(found) if finding.severity is not Severity.NOTE] == (
        [] if row.id is None else [row.id]
    )


def crowded(row: Row, arrays: list[Any]) -> list[Any] | None:
    """Return the arrays, or nothing where there are more than einloop can count."""
    return None if row.text.startswith(CROWD) else arrays


PERHAPS = {"EL735", "EL744", "EL745"}
"""Findings that say what may happen."""


def check(dialect: str, text: str, arrays: list[Any], found: Section) -> None:
    """Hold a verdict against the library, and against np.einsum."""
    reasons = set(found.facts["reasons"])  # type: ignore[arg-type]
    if not found.facts["legal"]:
        with pytest.raises(Exception):  # noqa: B017, PT011  each library has its own
            computed(dialect, text, arrays)
        return
    try:
        got = computed(dialect, text, arrays)
    except Exception:
        assert reasons & PERHAPS
        return
    try:
        expected = as_array(our.oracle(text, *arrays))
    except (ValueError, TypeError):
        assert not found.facts["same"]
        return
    if found.facts["same"]:
        assert got.dtype == expected.dtype
        assert got.shape == expected.shape
        np.testing.assert_allclose(*comparable(got, expected), rtol=1e-5)
    elif not reasons & (PERHAPS | {"EL739"}):
        alike = got.dtype == expected.dtype and got.shape == expected.shape
        assert not alike or not np.array_equal(*comparable(got, expected))


def comparable(*arrays: np.ndarray) -> list[np.ndarray]:
    """Return arrays that numpy can compare: objects as numbers."""
    return [array.astype(complex) if array.dtype == object else array for array in arrays]


def test_every_dialect_and_every_finding_has_rows() -> None:
    assert {dialect for row in ROWS for dialect in row.dialects} == {dialect.name for dialect in DIALECTS} == set(NAMES)
    assert {row.id for row in ROWS if row.id and row.id.startswith("EL7")} == {
        *(f"EL{number}" for number in (731, 732, 733, 734, 735, 736, 737, 738, 739, 744, 745))
    }


@pytest.mark.parametrize("dialect", ["numpy-optimize", "opt_einsum"])
def test_pairs_have_a_dtype_of_their_own(dialect: str) -> None:
    needs(dialect)
    flags = [np.ones((2, 3), bool), np.ones((3, 2), bool), np.ones((2, 2), np.int64)]
    assert our.oracle("ij,jk,kl->il", *flags).tolist() == [[6, 6], [6, 6]]
    assert computed(dialect, "ij,jk,kl->il", flags).tolist() == [[2, 2], [2, 2]]
    assert said(section(dialect, "ij,jk,kl->il", flags)) == [
        f"{find(dialect).call} contracts operands in pairs, each in the dtype common to the pair alone (bool and int64 "
        "here): bool with bool is OR, small integers wrap and small floats round before the others join. np.einsum "
        "computes in int64 from the start."
    ]


def test_einops_reads_one_axis_where_it_fits() -> None:
    needs("einops")
    found = section("einops", "ij->")
    assert found.facts["reasons"] == ["EL740"]
    assert found.facts["legal"] is True
    assert findings(found)[0].fixes[0].expression == "i j ->"
    assert computed("einops", "ij->", [np.arange(3)]) == 3
    with pytest.raises(ValueError, match="too many subscripts"):
        our.oracle("ij->", np.arange(3))


@pytest.mark.parametrize("dialect", ["torch", "jax"])
def test_sums_of_float16_are_rounded_elsewhere(dialect: str) -> None:
    needs(dialect)
    ones = [np.ones((5000, 2), np.float16)]
    found = section(dialect, "ij->j", ones)
    assert (found.facts["same"], found.facts["reasons"]) == (True, ["EL742"])
    assert our.oracle("ij->j", *ones).tolist() == [2048, 2048]
    assert computed(dialect, "ij->j", ones).tolist() == [5000, 5000]


@pytest.mark.parametrize("dialect", SUMMING)
def test_an_ellipsis_of_unknown_rank_gets_a_note(dialect: str) -> None:
    found = section(dialect, "...ij,jk->ik")
    assert (found.facts["legal"], found.facts["same"]) == (True, True)
    assert findings(found)[0].id == "EL741"
    needs(dialect)
    arrays = [sample((2, 2, 3), "float32"), sample((3, 2), "float32")]
    assert computed(dialect, "...ij,jk->ik", arrays).shape == (2, 2)


def test_jax_without_dtypes_gets_a_note() -> None:
    found = section("jax", "ij,jk->ik")
    assert (found.facts["legal"], found.facts["same"], found.facts["reasons"]) == (True, True, ["EL746"])
    needs("jax")
    for wide, narrow in (("float64", "float32"), ("complex128", "complex64"), ("int64", "int32")):
        assert computed("jax", "i->i", [np.ones(2, wide)]).dtype == narrow


def test_an_index_written_too_often_for_numpy() -> None:
    text = ",".join(["iii"] * 43)
    cube = np.zeros((3, 3, 3), np.float32)
    cube[np.arange(3), np.arange(3), np.arange(3)] = 1
    assert our.oracle(text, *[cube] * 43) == 1
    for dialect in SUMMING:
        assert section(dialect, text).facts["reasons"] == ["EL737"]
    for dialect in SUMMING:
        if importlib.util.find_spec(LIBRARY[dialect]) is not None:
            assert computed(dialect, text, [cube] * 43) == 3


VALUES = {"out": np.zeros((2, 2)), "dtype": "float64", "order": "F", "casting": "unsafe", "optimize": True}


@pytest.mark.parametrize("keyword", KEYWORDS)
@pytest.mark.parametrize("dialect", NAMES)
def test_keywords(dialect: str, keyword: str) -> None:
    needs(dialect)
    text = "i j, j k -> i k"
    arrays = [np.ones((2, 3)), np.ones((3, 2))]
    if keyword in find(dialect).keywords:
        assert computed(dialect, text, arrays, **{keyword: VALUES[keyword]}).shape == (2, 2)
    else:
        with pytest.raises((TypeError, NotImplementedError)):
            computed(dialect, text, arrays, **{keyword: VALUES[keyword]})


@pytest.mark.parametrize("dialect", NAMES)
def test_views(dialect: str) -> None:
    einsum, array_of = library(dialect)
    for text, changed in (("i j -> j i", (0, 1)), ("i i -> i", (1, 1))):
        given_array = array_of(np.zeros((2, 2), np.float32))
        result = einsum(text, given_array)
        if find(dialect).views:
            result[(1, 0) if result.ndim == 2 else 1] = 7
            assert given_array[changed] == 7
        else:
            with pytest.raises(TypeError):
                result[0] = 7
    copies = load_catalogue("en").text(section(dialect, "i j -> j i").parts[-1].message)  # type: ignore[union-attr]
    assert ("an array of its own" in copies) is not find(dialect).views


def test_bytes_and_sublists() -> None:
    lists = (sample((2, 3), "float32"), [0, 1], sample((3, 2), "float32"), [1, 2], [0, 2])
    taken = []
    for dialect in ("numpy", "numpy-optimize", "torch", "jax", "opt_einsum"):
        if importlib.util.find_spec(LIBRARY[dialect]) is not None:
            einsum, array_of = library(dialect)
            given_arrays = [value if isinstance(value, list) else array_of(value) for value in lists]
            assert np.asarray(einsum(*given_arrays)).tolist() == our.oracle(*lists).tolist()
            taken.append(dialect)
    assert taken[:2] == ["numpy", "numpy-optimize"]


def test_promotion_in_torch() -> None:
    needs("torch")
    import torch as library

    dtypes = [name for name in our.ARITHMETIC if name not in NUMPY_ALONE]
    for one, other in combinations_with_replacement(dtypes, 2):
        if one != other and not torch.promotes(one, other):
            with pytest.raises(RuntimeError, match="Promotion for uint16"):
                library.promote_types(getattr(library, one), getattr(library, other))
            continue
        wanted = str(library.promote_types(getattr(library, one), getattr(library, other)))
        assert dtype_name(wanted) == torch.promoted(one, other), (one, other)


def test_promotion_in_jax() -> None:
    needs("jax")
    import jax.numpy as jnp

    dtypes = [name for name in our.ARITHMETIC if name not in NUMPY_ALONE]
    for one, other in combinations_with_replacement(dtypes, 2):
        values = [jnp.asarray(np.ones(2, dtype)) for dtype in (one, other)]
        assert str(jnp.einsum("i,i->i", *values).dtype) == jax.promoted([one, other]), (one, other)


DTYPES = (
    "bool",
    "int8",
    "uint8",
    "uint16",
    "int32",
    "int64",
    "float32",
    "float64",
    "complex64",
    "longdouble",
    "object",
)


@pytest.mark.parametrize("dialect", NAMES)
@given(our.expressions(most_operands=4), st.data())
def test_verdicts_on_random_expressions(dialect: str, expression: Expression, data: st.DataObject) -> None:
    needs(dialect)
    count = len(expression.terms)
    dtypes = data.draw(st.just(("float32",) * count) | our.dtype_lists(count, DTYPES))
    if data.draw(st.booleans()) and our.DOTS in expression.subscripts:
        text = expression.subscripts.rpartition("->")[0] + "->" + "".join(set(expression.result) - {our.DOTS})
    else:
        text = expression.subscripts
    arrays = our.exact_arrays(expression, dtypes, data.draw(st.integers(0, 2**32 - 1)))
    if dialect == "einops" and data.draw(st.booleans()):
        text = spaced(text)
    note(our.call_text(dialect, text, *arrays))
    try:
        found = section(dialect, text, arrays)
    except EinloopError as error:
        note(str(error))
        with pytest.raises(Exception):  # noqa: B017, PT011  each library has its own
            computed(dialect, text, arrays)
        return
    note(shown(Report(kind="check", subject=text, sections=(found,))).show())
    if found.facts["legal"] and not found.facts["same"]:
        return  # what differs is in the table; by chance it may not show
    check(dialect, text, arrays, found)


def spaced(text: str) -> str:
    """Return subscripts as einops writes them."""
    return " ".join(text.replace("...", "…")).replace("- >", "->").replace("…", "...")


@pytest.mark.parametrize(
    ("dialect", "text", "options", "wanted"),
    [
        (
            "torch",
            "...ij,...jk->ik",
            {"shapes": ((None, (2, 3, 4)), (None, (2, 4, 5)))},
            "Dialect\n"
            "warning EL734: np.einsum refuses to lose the axis that '...' covers; torch.einsum sums\n"
            "over it, which gives shape (3, 5).\n"
            "  ...ij,...jk->ik\n"
            "  ^^^   ^^^\n"
            "hint: write '...ij,...jk->...ik'\n",
        ),
        (
            "torch",
            "...a,...b->ab",
            {"shapes": ((None, ("B", "H", "L")), (None, ("B", "H", "M")))},
            "Dialect\n"
            "warning EL734: np.einsum refuses to lose the 2 axes that '...' covers; torch.einsum sums\n"
            "over them, which gives shape (L, M).\n"
            "  ...a,...b->ab\n"
            "  ^^^  ^^^\n"
            "hint: write '...a,...b->...ab'\n",
        ),
        (
            "jax",
            "i->i",
            {"dtypes": ((None, "float64"),)},
            "Dialect\n"
            "warning EL738: While jax_enable_x64 is off, jnp.einsum turns float64 into float32 and\n"
            "says nothing: the result has dtype float32, np.einsum's float64.\n",
        ),
        (
            "einops",
            "ij,jk->ik",
            {},
            "Dialect\n"
            "error EL731: einops.einsum separates axes by blanks, so ik in the output is one axis,\n"
            "and no operand has it: they have ij and jk.\n"
            "hint: write 'i j, j k -> i k'\n",
        ),
        (
            "einops",
            "batch d, e d -> batch e",
            {"notation": Notation.NAMED},
            "Dialect\neinops.einsum takes it, and it means there what it means to np.einsum.\n",
        ),
        (
            "torch",
            "y_i = W_{ij} x_j",
            {},
            "Dialect\n"
            "torch.einsum takes it, and it means there what it means to np.einsum.\n"
            "\n"
            "For torch.einsum it is written ij,j->i.\n",
        ),
        ("numpy", "ij->ji", {}, "Dialect\nnp.einsum takes it.\n"),
    ],
)
def test_pages(dialect: str, text: str, options: dict[str, Any], wanted: str) -> None:
    found = dialect_section(text, Options(**options), dialect)
    page = shown(Report(kind="check", subject=text, sections=(found,))).show()
    assert page.startswith(f"{text}\n\n{wanted}")


@pytest.mark.parametrize(
    ("text", "legal"),
    [("np.einsum('i j, j k -> i k', A, B)", True), ("torch.einsum('ij,jk->ik', A, B)", False)],
)
def test_a_pasted_call_is_judged_by_its_string(text: str, legal: bool) -> None:
    for dialect in EVERY:
        assert section(dialect, text).facts["same"] is True
    assert section("einops", text).facts["legal"] is legal


def test_sublists_are_written_for_einops() -> None:
    found = section("einops", "np.einsum(A, [0, 1], B, [1, 2])")
    assert (found.facts["same"], found.facts["written"]) == (True, "i j, j k -> i k")


def test_an_unknown_dialect() -> None:
    with pytest.raises(OptionError) as refused:
        section("tensorflow", "ij->ji")
    assert str(refused.value) == (
        "error EL469: there is no dialect 'tensorflow'\n"
        "hint: one of numpy, numpy-optimize, torch, jax, opt_einsum, einops"
    )


@pytest.mark.parametrize(
    ("words", "code", "reasons"),
    [
        (["...i->i", "-s", "2x3", "--dialect", "torch"], 0, ["EL734"]),
        (["...i->i", "-s", "2x3", "--dialect", "torch", "--strict"], 1, ["EL734"]),
        (["ij,jk->ik", "--dialect", "torch", "--strict"], 0, []),
        (["ij,jk->ik", "--dialect", "einops"], 2, ["EL731"]),
        (["ij,jk->ik", "-s", "q=B,H", "-s", "k=H,L", "--dialect", "torch"], 0, []),
        (["ij,jk->ik", "--dtype", "A=int32", "--dtype", "B=float32", "--dialect", "torch"], 2, ["EL733"]),
        (["αβ->βα", "--dialect", "opt_einsum"], 0, ["EL736"]),
        (["αβ->βα", "--dialect", "torch"], 2, None),
        (["ij->k", "--dialect", "torch"], 2, None),
        (["ij->k", "--dialect", "tensorflow"], 2, None),
    ],
)
def test_check(words: list[str], code: int, reasons: list[str] | None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *words, "--json"]) == code
    found = json.loads(capsys.readouterr().out)
    if reasons is None:
        assert found["error"]["id"] in ("EL101", "EL106", "EL469")
    else:
        assert (found["sections"][0]["id"], found["sections"][0]["facts"]["reasons"]) == ("dialect", reasons)


@pytest.mark.parametrize(
    ("dialect", "dtype", "ids", "advice"),
    [
        ("numpy", "uint8", ["EL708"], "dtype=np.int64"),
        ("numpy-optimize", "uint8", ["EL708"], "dtype=np.int64"),
        ("opt_einsum", "uint8", ["EL708"], "operand.astype(np.int64)"),
        ("einops", "uint8", ["EL708"], "operand.astype(np.int64)"),
        ("opt_einsum", "bool", ["EL709"], "operand.astype(np.int64)"),
        ("torch", "uint8", ["EL738"], None),
        ("torch", "bool", ["EL738"], None),
        ("jax", "uint8", ["EL708"], "operand.astype(jnp.int32)"),
        ("jax", "bool", ["EL709"], "operand.astype(jnp.int32)"),
        ("jax", "int64", ["EL738"], None),
    ],
)
def test_findings_about_dtypes_hold_in_the_dialect(
    dialect: str, dtype: str, ids: list[str], advice: str | None
) -> None:
    report = einloop.check("i ->", shapes=[(300,)], dtypes=dtype, dialect=dialect)
    found = [finding for finding in report.findings if finding.severity is Severity.WARNING]
    assert [finding.id for finding in found] == ids
    assert advice is None or f"ass {advice}." in load_catalogue("en").text(found[0].message)


def test_files_are_looked_at_by_the_rules_of_the_dialect(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.full(300, 100, np.int8))
    found = {
        name: [finding.id for finding in einloop.check("i->", load=[tmp_path / "a.npy"], dialect=name).findings]
        for name in ("numpy", "torch", "jax")
    }
    assert found == {"numpy": ["EL708"], "torch": ["EL738"], "jax": ["EL708"]}


@pytest.mark.parametrize("dialect", ["numpy-optimize", "opt_einsum"])
def test_another_dtype_does_not_hide_a_refusal(dialect: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["ii,i,i->", "-s", "3x2", "-s", "3", "-s", "3", "--dtype", "A=int8", "--dialect", dialect]
    assert main(["check", *words, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["id"] == "EL205"


def test_check_in_python() -> None:
    report = einloop.check("oi,k->o", shapes=[(3, 2), (2,)], dialect="torch")
    assert report.facts["dialect"]["same"] is True
    assert report.facts["findings"]["warnings"] == 1
    with pytest.raises(EinloopError, match="dialect is an int: 3"):
        einloop.check("ij", dialect=3)  # type: ignore[arg-type]
