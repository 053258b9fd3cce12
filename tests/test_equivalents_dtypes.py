"""What a caveat says differs from np.einsum, and nothing else does."""

from __future__ import annotations

import string
from typing import Any

import numpy as np
import pytest
import strategies as our
from equivalence import TABLE, Case, arrays_for, bound, check, plain_case, run, texts

from einloop.analysis.equivalents import equivalents
from einloop.core.arrays import Equivalent, ProductKind
from einloop.notation import read


def results(text: str, library: str, kind: str) -> list[tuple[Equivalent, Any, Any]]:
    """Return every equivalent of a library with what it gives, or the error, and what np.einsum gives."""
    case = plain_case(text)
    arrays = {name: value.astype(kind) for name, value in arrays_for(case, "int64").items()}
    expected = np.asarray(our.oracle(case.spec.subscripts, *(arrays[name] for name in case.names.operands)))
    found = []
    for one in equivalents(case.spec, case.names):
        if one.library == library:
            try:
                got = run(texts(one)[0], one, case, arrays)
            except Exception as error:
                got = error
            found.append((one, got, expected))
    return found


@pytest.mark.parametrize("library", ["numpy", "torch", "einops", "einx"])
@pytest.mark.parametrize("kind", ["int8", "uint8", "bool", "object"])
def test_dtypes_are_kept_where_no_caveat_says_otherwise(library: str, kind: str) -> None:
    pytest.importorskip(library)
    if library == "torch" and kind == "object":
        pytest.skip("torch has no objects")
    count = 0
    for text in TABLE[:: 4 if library == "einx" else 1]:
        for one, got, expected in results(text, library, kind):
            if {"widens", "no_bools"} & set(one.caveats) or ("one_dtype" in one.caveats and kind == "bool"):
                continue
            count += 1
            assert not isinstance(got, Exception), f"{text}: {texts(one)[0]}: {got}"
            assert got.shape == expected.shape, text
            assert (got == expected).all(), text
            assert got.dtype == expected.dtype or (kind == "object" and not got.shape), (text, texts(one)[0])
    assert count > 20


@pytest.mark.parametrize(
    ("text", "library", "kind", "caveat", "dtype"),
    [
        ("ij->i", "numpy", "int8", "widens", "int64"),
        ("ij->i", "numpy", "uint8", "widens", "uint64"),
        ("ij->i", "numpy", "bool", "widens", "int64"),
        ("ij,ij->", "numpy", "int8", "widens", "int64"),
        ("ii", "numpy", "int8", "widens", "int64"),
        ("ij->i", "torch", "uint8", "widens", "int64"),
        ("ii", "torch", "int8", "widens", "int64"),
        ("ij->i", "einops", "bool", "widens", "int64"),
        ("ij->i", "einx", "int8", "widens", "int64"),
        ("ij,jk->ik", "torch", "bool", "one_dtype", None),
        ("bij,bjk->bik", "torch", "bool", "one_dtype", None),
        ("ijk,jkl->il", "torch", "bool", "one_dtype", None),
        ("ii", "torch", "bool", "no_bools", None),
    ],
)
def test_a_caveat_about_a_dtype_is_true(text: str, library: str, kind: str, caveat: str, dtype: str | None) -> None:
    pytest.importorskip(library)
    one, got, expected = results(text, library, kind)[0]
    assert caveat in one.caveats
    if dtype is None:
        assert isinstance(got, NotImplementedError)
    else:
        assert got.dtype == dtype != expected.dtype


@pytest.mark.parametrize("text", ["ij,jk->ik", "bij,bjk->bik", "ijk,jkl->il", "i,i->"])
def test_torch_refuses_products_of_two_dtypes(text: str) -> None:
    torch = pytest.importorskip("torch")
    case = plain_case(text)
    one = next(one for one in equivalents(case.spec, case.names) if one.library == "torch")
    assert "one_dtype" in one.caveats
    left, right = (torch.ones(shape) for shape in case.shapes)
    with pytest.raises(RuntimeError):
        eval(texts(one)[0], {"torch": torch, "A": left, "B": right.double(), "a": left, "b": right.double()})


@pytest.mark.parametrize("text", ["i,j->ij", "ij,ij->ij", "ij,kl->ijkl", "ij,ij->", "i,i,i->i", "bij,bj->bi"])
def test_torch_mixes_dtypes_where_no_caveat_forbids(text: str) -> None:
    torch = pytest.importorskip("torch")
    case = plain_case(text)
    one = next(one for one in equivalents(case.spec, case.names) if one.library == "torch")
    assert "one_dtype" not in one.caveats
    arrays = arrays_for(case, "int64")
    expected = our.oracle(case.spec.subscripts, *(arrays[name] for name in case.names.operands))
    mixed = {
        name: torch.from_numpy(value).to(torch.float64 if n else torch.int64)
        for n, (name, value) in enumerate(arrays.items())
    }
    assert np.array_equal(np.asarray(eval(texts(one)[0], {"torch": torch, **mixed})), expected)


def test_operands_of_different_dtypes_are_converted_two_at_a_time() -> None:
    case = plain_case("i,i,i->i")
    one = next(iter(equivalents(case.spec, case.names)))
    assert "converts_late" in one.caveats
    a, b, c = np.full(2, 100, np.int8), np.full(2, 100, np.int8), np.full(2, 1, np.int64)
    assert eval(texts(one)[0], {"a": a, "b": b, "c": c}).tolist() == [16, 16]
    assert np.einsum("i,i,i->i", a, b, c).tolist() == [10000, 10000]


def test_the_diagonal_of_numpy_is_read_only() -> None:
    for text, caveat in (("ii->i", True), ("iij->ij", True), ("ij->ji", False), ("iij->i", False)):
        case = plain_case(text)
        one = next(iter(equivalents(case.spec, case.names)))
        assert ("read_only" in one.caveats) is caveat
        array = np.ones(case.shapes[0])
        got = eval(texts(one)[0], {"np": np, "A": array})
        assert got.flags.writeable is not caveat
        assert np.einsum(text, array).flags.writeable


class Word:
    """A sum of words in a free monoid: products do not commute, and nothing is lost."""

    def __init__(self, terms: tuple[str, ...]) -> None:
        self.terms = tuple(sorted(terms))

    def __mul__(self, other: object) -> Word:
        return (
            Word(tuple(a + b for a in self.terms for b in other.terms)) if isinstance(other, Word) else NotImplemented
        )

    def __add__(self, other: Word | int) -> Word:
        return Word(self.terms + other.terms) if isinstance(other, Word) else self

    __radd__ = __add__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Word) and self.terms == other.terms

    def __hash__(self) -> int:
        return hash(self.terms)


def test_the_order_of_factors_is_kept_where_no_caveat_says_otherwise() -> None:
    kept, other = 0, 0
    for text in TABLE:
        case = plain_case(text)
        if len(case.shapes) < 2 or len(case.shapes) > 4 or case.spec.summed[4:] or np.prod(case.shapes[0]) > 100:
            continue
        letters = iter(string.ascii_letters + "".join(map(chr, range(0x4E00, 0x9000))))
        arrays = {}
        for name, shape in zip(case.names.operands, case.shapes, strict=True):
            arrays[name] = np.empty(shape, object)
            for place in np.ndindex(*shape):
                arrays[name][place] = Word((next(letters),))
        expected = np.asarray(np.einsum(case.spec.subscripts, *(arrays[name] for name in case.names.operands)))
        for one in equivalents(case.spec, case.names):
            if one.library == "numpy":
                got = np.asarray(run(texts(one)[0], one, case, arrays))
                same = bool((got == expected).all())
                assert same or "order" in one.caveats, f"{text}: {texts(one)[0]}"
                kept, other = kept + same, other + (not same)
    assert kept > 100 < kept + other
    assert other > 10


@pytest.mark.parametrize(
    ("text", "code", "shapes"),
    [
        ("ij,ij->", "A.reshape(-1) @ B.reshape(-1)", ((2, 1), (1, 2))),
        ("bijk,bjkl->bil", None, ((0, 3, 4, 5), (0, 4, 5, 6))),
    ],
)
def test_open_sizes_need_full_axes(text: str, code: str | None, shapes: tuple[tuple[int, ...], ...]) -> None:
    case = Case(read(text), shapes)
    one = next(x for x in equivalents(case.spec, case.names) if x.kind is ProductKind.MATMUL)
    assert "open_sizes" in one.caveats
    assert code in (None, texts(one)[0])
    arrays = {name: np.arange(1, 1 + np.prod(shape)).reshape(shape) for name, shape in zip("AB", shapes, strict=True)}
    expected = np.einsum(text, *arrays.values())
    try:
        got = run(texts(one)[0], one, case, arrays)
    except ValueError:
        got = None
    assert got is None or not np.array_equal(got, expected)
    told = bound(text, shapes)
    assert check(told)
    assert all("open_sizes" not in x.caveats for x in equivalents(told.spec, told.names))
