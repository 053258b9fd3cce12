"""PlainArray and what makes one: nested lists, their text, arrays of numpy, `.npy` files; and back."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einloop.core.arithmetic import add, arithmetic, cast, multiply, shortest
from einloop.core.errors import EinloopError
from einloop.core.plain_array import PlainArray
from einloop.evaluate import counting, of_array, of_lists, of_text, read_npy, symbol_text, symbols

NUMPYS = (
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64",
    "complex64", "complex128",
)  # fmt: skip


@pytest.mark.parametrize(
    "value",
    [
        5, True, 2.5, 1j, [], [[]], [[], []], [1, 2], [True, 2], [True, 2.5], [True, 1j], [[1, 2.5], [3, 4]],
        ((1,), (2,)), [2**63], [2**63, 1], [2**63, -1], [2**63, True], [2**64, 1], [2**64, 1.5], [-(2**63) - 1],
        [Fraction(1, 2), 1], range(3), [range(2), range(2)], [[[1]], [[2]]], [float("nan"), 1], [np.float32(0.1), 1],
        [np.int8(1), np.int8(2)], [np.True_, np.uint8(3)],
    ],
)  # fmt: skip
def test_lists_are_what_numpy_makes_of_them(value):
    found, wanted = of_lists(value), np.array(value)
    assert (found.shape, found.dtype) == (wanted.shape, wanted.dtype.name)
    assert json.dumps(found.tolist(), default=repr) == json.dumps(wanted.tolist(), default=repr)


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("[[1, 2], [3]]", "the array is ragged: [1] has 1 element, and [0] has 2", "[3]"),
        ("[[1, 2], 3]", "the array is ragged: [1] is a number, and [0] is a list", "3"),
        ("[1, [2, 3]]", "the array is ragged: [1] is a list, and [0] is a number", "[2, 3]"),
        ("  [[[1], [2]], [[3], [4, 5]]]", "the array is ragged: [1][1] has 2 elements, and [0][0] has 1", "[4, 5]"),
        ("[[], [1]]", "the array is ragged: [1] has 1 element, and [0] has 0", "[1]"),
        ("[1, 'é', 2]", "the array holds a str at [1], which is not a number", "'é'"),
        ("['é', None]", "the array holds a str at [0], which is not a number", "'é'"),
        ("[1, None]", "the array holds None at [1], which is not a number", "None"),
        ("[1, {2}]", "the array holds a set at [1], which is not a number", "{2}"),
    ],
)
def test_what_is_wrong_in_lists_is_told_with_its_place(text, message, place):
    with pytest.raises(EinloopError) as refused:
        of_text(text)
    error = refused.value
    assert (error.id, error.message) == ("EL209", message)
    assert error.span is not None
    assert text[slice(*error.span)] == place


@pytest.mark.parametrize("text", ["", "x", "[1", "[1, x]", "f(1)", "[" * 300 + "]" * 300, "__import__('os')", "1 +"])
def test_texts_that_are_no_lists(text):
    with pytest.raises(EinloopError) as refused:
        of_text(text)
    assert refused.value.id == "EL209"


@pytest.mark.parametrize(
    ("value", "dtype", "message"),
    [
        ([300], "int8", "the array holds 300, which int8 cannot hold"),
        ([-1], "uint8", "the array holds -1, which uint8 cannot hold"),
        ([float("nan")], "int64", "the array holds nan, which int64 cannot hold"),
        ([1j], "float64", "the array holds 1j, which float64 cannot hold"),
        ([1], "longdouble", "plain Python has no numbers of dtype longdouble"),
        ("abc", None, "the array is a str, which is not an array"),
        (None, None, "the array is None, which is not an array"),
        ({1: 2}, None, "the array is a dict, which is not an array"),
    ],
)
def test_values_that_a_dtype_does_not_hold(value, dtype, message):
    with pytest.raises(EinloopError) as refused:
        of_lists(value, dtype)
    assert refused.value.message == message


class Lying:
    """Says that it has another shape than its elements have."""

    dtype = "float64"

    def __init__(self, shape: tuple[int, ...], values: object) -> None:
        self.shape, self.values = shape, values

    def tolist(self) -> object:
        """Return the elements."""
        return self.values


@pytest.mark.parametrize(("shape", "values"), [((2,), [1, 2, 3]), ((2, 2), [1, 2]), ((1,), 5), ((0,), [1])])
def test_arrays_whose_elements_have_another_shape(shape, values):
    with pytest.raises(EinloopError) as refused:
        of_array(Lying(shape, values))
    assert refused.value.id == "EL209"


def test_arrays_of_other_libraries_have_numbers_of_their_dtype():
    assert repr(of_array(Lying((2,), [1, 2])).values) == "(1.0, 2.0)"


def test_lists_inside_themselves_end():
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(EinloopError) as refused:
        of_lists(endless)
    assert refused.value.message == "the array has more than 64 axes"


@pytest.mark.parametrize("order", "CF")
@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
@pytest.mark.parametrize("dtype", [*NUMPYS, ">i4", ">f8", ">c16", ">u2", "<f2"])
def test_npy_files(dtype, version, order):
    array = np.array(np.arange(24).reshape(2, 3, 4) % 7, dtype=dtype, order=order)
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version)
    found, wanted = read_npy(file.getvalue()), of_array(array)
    assert found.shape == wanted.shape
    assert found.dtype == wanted.dtype
    assert list(map(repr, found.values)) == list(map(repr, wanted.values))
    assert found.tolist() == array.tolist()


@pytest.mark.parametrize("shape", [(), (0,), (2, 0, 3), (1,), (5,)])
def test_npy_files_of_any_shape(shape):
    file = io.BytesIO()
    np.save(file, np.ones(shape, order="F"))
    assert read_npy(file.getvalue()).tolist() == np.ones(shape).tolist()


def saved(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


GOOD = saved(np.arange(3))


@pytest.mark.parametrize(
    ("data", "id", "message"),
    [
        (b"", "EL411", "x.npy is not a .npy file"),
        (b"PK\x03\x04", "EL411", "x.npy is an archive of arrays (.npz)"),
        (GOOD[:8], "EL411", "x.npy is damaged: its header makes no sense"),
        (GOOD[:-1], "EL411", "x.npy is damaged: it is shorter than its header says"),
        (GOOD.replace(b"\x93NUMPY\x01", b"\x93NUMPY\x09"), "EL411", "x.npy is damaged: its header makes no sense"),
        (GOOD.replace(b"(3,)", b"(-3)"), "EL411", "x.npy is damaged: its header makes no sense"),
        (GOOD.replace(b"(3,)", b"3**9"), "EL411", "x.npy is damaged: its header makes no sense"),
        (
            GOOD.replace(b"(3,), }       ", b"(99999999,), }"),
            "EL411",
            "x.npy is damaged: it is shorter than its header says",
        ),
        (saved(np.array([1, None])), "EL411", "x.npy holds Python objects, which are never unpickled"),
        (saved(np.zeros(2, "i4,f8")), "EL411", "x.npy holds records"),
        (saved(np.ones(2, "g")), "EL312", "plain Python has no numbers of dtype longdouble"),
        (saved(np.array(["a"])), "EL301", None),
        (saved(np.zeros(1, "M8[D]")), "EL301", None),
    ],
)
def test_npy_files_that_are_refused(data, id, message):
    with pytest.raises(EinloopError) as refused:
        read_npy(data, "x.npy")
    assert refused.value.id == id
    assert message in (None, refused.value.message)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(data):
    with suppress(EinloopError):
        read_npy(b"\x93NUMPY" + data)


@pytest.mark.parametrize(
    "index",
    [
        0, -1, slice(1, None), slice(None, None, -1), slice(None, None, 2), ..., None, (slice(None), 0), (1, 2, 3),
        (..., 1), (0, ..., slice(2)), (None, 1), (slice(5, 9),), (slice(0, 0), ...), (1, ..., None), (1, 2, 3, ...),
    ],
)  # fmt: skip
def test_parts_are_those_of_numpy(index):
    array = np.arange(60).reshape(3, 4, 5)
    found, wanted = of_array(array)[index], array[index]
    ours = found.tolist() if isinstance(found, PlainArray) else found
    assert ours == wanted.tolist()
    assert np.shape(ours) == wanted.shape or 0 in wanted.shape


@pytest.mark.parametrize("index", [3, (0, 0, 0, 0), (..., ...), (0, 9)])
def test_parts_that_are_not_there(index):
    with pytest.raises(IndexError):
        of_array(np.arange(60).reshape(3, 4, 5))[index]


@pytest.mark.parametrize("shape", [(6, 4), (-1,), (2, -1, 3), (24,), (4, 6)])
def test_other_shapes(shape):
    array = np.arange(24).reshape(2, 3, 4)
    assert of_array(array).reshape(*shape).tolist() == array.reshape(shape).tolist()


@pytest.mark.parametrize("shape", [(5,), (-1, 5), (-1, -1), (0, -1), (-2, -12)])
def test_shapes_that_do_not_fit(shape):
    with pytest.raises(ValueError, match="has no shape"):
        of_array(np.arange(24)).reshape(*shape)


def bits(dtype: str) -> st.SearchStrategy[np.generic]:
    kind = np.dtype(dtype)
    raw = st.binary(min_size=kind.itemsize, max_size=kind.itemsize)
    if kind.kind == "b":
        return st.booleans().map(np.bool_)
    return raw.map(lambda data: np.frombuffer(data, dtype)[0])


@pytest.mark.parametrize("dtype", NUMPYS)
@given(data=st.data())
@settings(max_examples=100)
def test_single_operations_are_those_of_numpys_scalars(dtype, data):
    one, other = data.draw(bits(dtype)), data.draw(bits(dtype))
    rules = arithmetic(dtype)
    ours = one.item(), other.item()
    with np.errstate(all="ignore"):
        pairs = [(multiply(dtype, *ours), one * other), (add(dtype, *ours), one + other)]
        if dtype != "bool":
            pairs.append((rules.subtract(*ours), one - other))
        if np.dtype(dtype).kind == "f":
            pairs.append((rules.divide(*ours), one / other))
    for found, wanted in pairs:
        assert type(found) is type(wanted.item())
        if np.dtype(dtype).kind == "c":
            parts = [[value.real, value.imag] for value in (found, wanted.item())]
            np.testing.assert_array_equal(*parts)
        else:
            np.testing.assert_array_equal(found, wanted.item())


@pytest.mark.parametrize("dtype", ["float16", "float32"])
@given(value=st.floats())
@settings(max_examples=300)
def test_casts_round_once(dtype, value):
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(cast(dtype, value), np.dtype(dtype).type(value).item())


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@given(data=st.data())
@settings(max_examples=100)
def test_texts_give_a_number_back_with_as_few_digits_as_numpy_needs(dtype, data):
    number = data.draw(bits(dtype))
    text = shortest(dtype, number.item())
    assert float(text) == float(str(number)) or number != number  # noqa: PLR0124


@pytest.mark.parametrize(
    ("dtype", "value", "wanted"),
    [("int8", 300, 44), ("uint8", -1, 255), ("int64", 2**63, -(2**63)), ("uint64", -1, 2**64 - 1), ("bool", 2, True),
     ("int16", 2.9, 2), ("float64", 2**2000, float("inf")), ("float64", -(2**2000), float("-inf")),
     ("float64", Fraction(1, 3), 1 / 3), ("complex64", 0.1, complex(np.float32(0.1))), ("object", "x", "x")],
)  # fmt: skip
def test_casts(dtype, value, wanted):
    assert cast(dtype, value) == wanted


@pytest.mark.parametrize("dtype", ["longdouble", "clongdouble", "bfloat16", "float128", "str"])
def test_no_arithmetic(dtype):
    with pytest.raises(EinloopError) as refused:
        arithmetic(dtype)
    assert refused.value.message == f"plain Python has no numbers of dtype {dtype}"


def test_default_numbers():
    assert counting((2, 2), "float32").tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert counting((), "int8").tolist() == 1
    assert counting((0, 2)).tolist() == []


def test_symbols_are_letters_while_they_last():
    (a, b) = symbols(["A", "B"], [(2, 2), (2, 11)])
    assert symbol_text(b.values[-1]) == "z"
    (a, again, b) = symbols(["A", "A", "B"], [(2, 2), (2, 2), (23,)])
    assert a is again
    assert symbol_text(a.at((1, 0))) == "A[1,0]"
    assert symbol_text(b.at((5,))) == "B[5]"
