"""What is given for an array and is none, or holds no numbers: every face says what it is, and which operand."""

import collections
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import einloop
from einloop.core.errors import DtypeError, EinloopError, ShapeError

A = np.ones((2, 2))


class Frame:
    """A table of another library, which numpy cannot read."""

    shape = (2, 2)

    def __mul__(self, other):
        return self

    __add__ = __mul__


class Sparse(Frame):
    def toarray(self):
        return A


class Table(Frame):
    def to_numpy(self):
        return A

    def __len__(self):
        return 2


def numbers():
    yield 1.0


FACES = {
    "check": lambda *arrays: einloop.check("ij,jk->ik", load=arrays),
    "check by name": lambda one, two: einloop.check("np.einsum('ij,jk->ik', x, y)", load={"x": one, "y": two}),
    "check there": lambda *arrays: einloop.check("ij,jk->ik", load=arrays, dialect="torch"),
    "explain": lambda *arrays: einloop.explain("ij,jk->ik", load=arrays),
    "why": lambda *arrays: einloop.why("ij,jk->ik", *arrays, at=(0, 0)),
    "why, loaded": lambda *arrays: einloop.why("ij,jk->ik", load=arrays, at=(0, 0)),
    "generate": lambda *arrays: einloop.generate("ij,jk->ik", load=arrays),
    "verify": lambda *arrays: einloop.verify(einloop.generate("ij,jk->ik"), arrays=arrays),
    "compile": einloop.compile("ij,jk->ik", target="python"),
    "bench": lambda *arrays: einloop.bench("ij,jk->ik", load=arrays, targets=["python"], seconds=0.1),
}

NO_ARRAYS = {
    "a set": ({1, 2}, "give a list, whose order is known"),
    "a frozenset": (frozenset({1}), "give a list, whose order is known"),
    "a dict": ({"a": 1}, "give a list, whose order is known"),
    "a generator": (numbers(), "give np.array(list(...)) of it"),
    "a map": (map(float, "12"), "give np.array(list(...)) of it"),
    "None": (None, "give lists, numbers or arrays"),
    "Ellipsis": (..., "give lists, numbers or arrays"),
    "a function": (numbers, "give lists, numbers or arrays"),
    "the class int": (int, "give lists, numbers or arrays"),
    "a module": (collections, "give lists, numbers or arrays"),
    "an object": (object(), "give lists, numbers or arrays"),
    "a bytes object": (b"ab", "give lists, numbers or arrays"),
    "a Frame": (Frame(), "give lists, numbers or arrays"),
    "a Sparse": (Sparse(), "its .toarray() is one"),
    "a Table": (Table(), "its .to_numpy() is one"),
}


@pytest.mark.parametrize("called", NO_ARRAYS)
@pytest.mark.parametrize("face", FACES)
def test_what_is_no_array_is_called_what_it_is(face, called):
    value, hint = NO_ARRAYS[called]
    with pytest.raises(ShapeError) as caught:
        FACES[face](A, value)
    which = "operand 'y'" if face == "check by name" else "operand 1"
    assert (caught.value.id, caught.value.message) == ("EL209", f"{which} is {called}, which is not an array")
    assert caught.value.hint == hint


def test_a_sparse_matrix():
    sparse = pytest.importorskip("scipy.sparse")
    for value in (sparse.csr_matrix(A), sparse.coo_array(A)):
        with pytest.raises(ShapeError, match=f"is a {type(value).__name__}, which is not an array"):
            einloop.check("ij,jk->ik", load=[A, value])


@pytest.mark.parametrize("face", ["check", "why", "compile", "verify"])
@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([{1}, {2}], "operand 1 holds a set, which is not a number"),
        ([[1, None], [2, 3]], "operand 1 holds None, which is not a number"),
        ([[1, Fraction(1, 2)], [2, numbers]], "operand 1 holds a function, which is not a number"),
    ],
)
def test_lists_of_what_is_no_number(face, value, text):
    with pytest.raises(ShapeError) as caught:
        FACES[face](A, value)
    assert caught.value.message == text


def test_text_where_no_file_can_be_meant():
    with pytest.raises(ShapeError, match="operand 1 is a string, which is not an array"):
        FACES["compile"](A, "a.npy")


@pytest.mark.parametrize("number", [3, 2.5, 1j, True, 2**100, Fraction(1, 3), Decimal("0.1"), np.float32(2)])
def test_every_number_is_an_array_without_axes(number):
    assert einloop.check(",ij->ij", load=[number, A]).facts["findings"]["shape"] == [2, 2]
    assert einloop.compile(",->", target="python")(number, 1) == number


@pytest.mark.parametrize("value", [range(2), [Fraction(1), Fraction(2)], (1, 2), collections.deque([1, 2])])
def test_sequences_are_arrays(value):
    assert einloop.compile("i->", target="python")(value) == sum(value)


HOLDS = {
    "strings": (np.array([["a", "b"]] * 2), "'<U1' (strings)", "where they are numbers: operand.astype(float)"),
    "bytes": (np.array([[b"a", b"b"]] * 2), "'|S1' (bytes)", "where they are numbers: operand.astype(float)"),
    "texts of any length": (
        np.array([["a", "b"]] * 2, np.dtypes.StringDType()),
        "'StringDType()' (strings)",
        "where they are numbers: operand.astype(float)",
    ),
    "dates": (np.zeros((2, 2), "M8[D]"), "'<M8[D]' (dates)", "operand.astype('int64') counts their units"),
    "spans": (np.zeros((2, 2), "m8[s]"), "'<m8[s]' (spans of time)", "operand.astype('int64') counts their units"),
    "records": (np.zeros((2, 2), [("x", "f8")]), "'|V8' (records or raw bytes)", "take one field: operand['name']"),
}


@pytest.mark.parametrize("held", HOLDS)
@pytest.mark.parametrize("face", ["check", "check by name", "explain", "why", "generate", "compile", "bench"])
def test_dtypes_without_sums_name_their_operand(face, held):
    value, shown, hint = HOLDS[held]
    with pytest.raises(DtypeError) as caught:
        FACES[face](A, value)
    which = "operand 1 (y)" if face == "check by name" else "operand 1"
    assert caught.value.message == f"{which} has dtype {shown}, for which np.einsum has no sums and products"
    assert (caught.value.id, caught.value.operand, caught.value.hint) == ("EL301", 1, hint)


def test_a_compiled_function_names_the_operand_as_the_call_does():
    function = einloop.compile("np.einsum('ij,jk->ik', left, right)", target="python")
    with pytest.raises(DtypeError, match=r"operand 1 \(right\) has dtype '<U1'"):
        function(A, HOLDS["strings"][0])


@pytest.mark.parametrize("name", ["float8_e4m3fn", "int4"])
def test_a_dtype_of_another_library_is_called_by_its_name(name):
    ml_dtypes = pytest.importorskip("ml_dtypes")
    value = np.ones((2, 2), getattr(ml_dtypes, name))
    for face in ("check", "why", "generate", "compile"):
        with pytest.raises(DtypeError) as caught:
            FACES[face](A, value)
        assert caught.value.message.startswith(f"operand 1 has dtype '{name}', for which")


def test_quad_precision_is_refused_by_its_name():
    """np.einsum makes zeros of it (numpy 2.4, numpy_quaddtype 1.0)."""
    quad = pytest.importorskip("numpy_quaddtype")
    value = np.ones((2, 2), quad.QuadPrecDType())
    for face in ("check", "why", "generate", "compile"):
        with pytest.raises(DtypeError, match=r"operand 1 has dtype .QuadPrecDType"):
            FACES[face](A, value)


def test_an_out_that_holds_no_numbers_is_named():
    function = einloop.compile("i->i", target="python")
    with pytest.raises(EinloopError, match=r"out has dtype '<m8.s.' "):
        function(np.ones(2), out=np.zeros(2, "m8[s]"))
