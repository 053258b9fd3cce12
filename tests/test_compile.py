"""einloop.compile: results of np.einsum for every dtype and layout, out=, specialisation, fallbacks, threads."""

import copy
import gc
import os
import pickle
import subprocess
import sys
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import (
    ARITHMETIC,
    call_text,
    dtype_lists,
    exact_arrays,
    expressions,
    oracle,
    subscripts,
)

import einloop
from einloop.core.errors import DtypeError, EinloopError, OptionError, RunError, ShapeError
from einloop.pipeline.compile import backends, c, written
from einloop.pipeline.compile.specialisations import MAX_LAYOUTS, MAX_SPECIALISATIONS
from einloop.runners import store, threads
from einloop.runners.compiler import find_compiler

needs_compiler = pytest.mark.skipif(find_compiler() is None, reason="no C compiler")
TARGETS = ("auto", "numpy", "python")


def misaligned(array):
    """Return the same values where no element begins at a multiple of its size."""
    raw = np.zeros(array.nbytes + 1, np.uint8)[1:]
    view = np.ndarray(array.shape, array.dtype, raw)
    view[...] = array
    return view


def gapped(array):
    """Return the same values, with unused elements between those of each axis."""
    wide = np.ones(tuple(2 * n for n in array.shape), array.dtype)
    view = wide[(slice(None, None, 2),) * array.ndim]
    view[...] = array
    return view


def half_steps(array):
    """Return the same values, a field of a record, so that strides are not multiples of the item's size."""
    records = np.zeros(array.shape, [("value", array.dtype), ("other", "i1")])
    records["value"] = array
    return records["value"]


def read_only(array):
    view = array.view()
    view.flags.writeable = False
    return view


def repeated(array):
    """Return an array of one row's values, every row the same memory."""
    return np.broadcast_to(array[:1], array.shape) if array.ndim and array.shape[0] else array


LAYOUT_KINDS = {
    "plain": lambda a: a,
    "reversed": lambda a: a[(slice(None, None, -1),) * a.ndim].copy()[(slice(None, None, -1),) * a.ndim],
    "Fortran": np.asfortranarray,
    "gapped": gapped,
    "half steps": half_steps,
    "read only": read_only,
    "repeated": repeated,
    "byte-swapped": lambda a: a.astype(a.dtype.newbyteorder()),
    "misaligned": misaligned,
    "subclass": lambda a: a.view(type("Sub", (np.ndarray,), {})),
    "memory order": lambda a: np.ascontiguousarray(a.T).T,
}


def laid_out(kind, array):
    """Return an array of one of the kinds; 0-d ones and objects stay themselves where they cannot be of it."""
    if array.dtype == object and kind in ("misaligned", "half steps", "byte-swapped"):
        return array
    return array if array.ndim == 0 and kind != "misaligned" else LAYOUT_KINDS[kind](array)


def same(found, expected):
    """Assert that a result has the shape, the dtype and the values of np.einsum's, and is as much of a scalar."""
    assert np.shape(found) == np.shape(expected)
    if isinstance(expected, np.ndarray | np.generic):
        assert isinstance(found, np.ndarray) == isinstance(expected, np.ndarray)
        assert found.dtype == expected.dtype.newbyteorder("=")
    assert np.array_equal(found, expected)


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=max(25, int(os.environ.get("EINLOOP_FUZZ", "0"))))
@given(st.data())
def test_random_expressions_dtypes_and_layouts(target, data):
    expression = data.draw(expressions(most_operands=4))
    text = data.draw(subscripts(expression))
    dtypes = data.draw(dtype_lists(len(expression.terms)))
    arrays = exact_arrays(expression, dtypes, data.draw(st.integers(0, 2**32)))
    arrays = [laid_out(data.draw(st.sampled_from(list(LAYOUT_KINDS))), array) for array in arrays]
    with np.errstate(all="ignore"):
        expected = oracle(expression.subscripts, *arrays)
        try:
            function = einloop.compile(text, target=target)
            for _ in range(2):
                same(function(*arrays), expected)
            into = np.empty(np.shape(expected), np.result_type(*arrays).newbyteorder("="))
            assert function(*arrays, out=into) is into
            assert np.array_equal(into, oracle(expression.subscripts, *arrays, out=into.copy()))
        except Exception:
            print(call_text("einloop.compile", text, target=target), [array.strides for array in arrays])
            print(call_text("f", *arrays))
            raise


@needs_compiler
@pytest.mark.parametrize("kind", LAYOUT_KINDS)
@pytest.mark.parametrize("dtype", [name for name in ARITHMETIC if name != "object"])
def test_every_dtype_in_every_layout_on_c(kind, dtype):
    a = laid_out(kind, (np.arange(12).reshape(3, 4) % 5).astype(dtype))
    b = laid_out(kind, (np.arange(8).reshape(4, 2) % 3).astype(dtype))
    function = einloop.compile("ij,jk->ik", target="c")
    same(function(a, b), np.einsum("ij,jk->ik", a, b))
    assert function.target == "c"


LARGER = (
    "ij,jk->ik",
    "bij,bkj->bik",
    "ijk,kl->jli",
    "abc,dcb->da",
    "ij->ji",
    "ijk->kji",
    "ijk->k",
    "ij,j->i",
    "ij,jk,kl->il",
    "iij,jk->ik",
    "i,j->ij",
    "ij,ij->",
)


@needs_compiler
@pytest.mark.parametrize("text", LARGER)
@settings(max_examples=max(3, int(os.environ.get("EINLOOP_FUZZ", "0")) // 10))
@given(st.data())
def test_extents_for_which_loops_are_cut_vectorised_and_packed(text, data):
    terms = text.partition("->")[0].split(",")
    extents = {label: data.draw(st.integers(1, 45)) for label in sorted(set(text) - set(",->"))}
    dtypes = data.draw(dtype_lists(len(terms), ("float64", "float32", "int32", "complex64", "bool")))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    arrays = [
        laid_out(
            data.draw(st.sampled_from(list(LAYOUT_KINDS))), rng.integers(0, 3, [extents[x] for x in term]).astype(d)
        )
        for term, d in zip(terms, dtypes, strict=True)
    ]
    same(einloop.compile(text, target="c")(*arrays), np.einsum(text, *arrays))


def test_plain_values_are_arrays():
    function = einloop.compile("ij,j->i")
    assert function([[1, 2], [3, 4]], (10, 100)).tolist() == [210, 430]
    assert isinstance(einloop.compile("i,i->")([1.5, 2], [2, 1]), np.float64)
    assert einloop.compile(",->")(2, 3) == 6


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("ij,jk->ik", [(3, 0), (0, 2)]),
        ("ij,jk->ik", [(0, 3), (3, 2)]),
        ("i,j->ij", [(2,), (0,)]),
        ("ij,ij->ij", [(1, 3), (4, 1)]),
        ("...ij,...jk->...ik", [(5, 1, 2, 3), (4, 3, 2)]),
        ("iij->j", [(3, 3, 2)]),
        (",", [(), ()]),
        ("i->", [(1,)]),
        ("ij,jk,kl->", [(2, 3), (3, 4), (4, 0)]),
    ],
)
@pytest.mark.parametrize("target", TARGETS)
def test_extents_of_zero_and_one_stretched_axes_diagonals_scalars(target, text, shapes):
    rng = np.random.default_rng(0)
    arrays = [rng.integers(-3, 4, size=shape) for shape in shapes]
    same(einloop.compile(text, target=target)(*arrays), oracle(text, *arrays))


def test_the_rank_of_an_ellipsis_comes_with_the_call():
    function = einloop.compile("...ij->...ji")
    for shape in ((2, 3), (4, 2, 3), (1, 2, 3, 2)):
        array = np.arange(np.prod(shape)).reshape(shape)
        same(function(array), np.einsum("...ij->...ji", array))
        assert not np.shares_memory(function(array), array)


@pytest.mark.parametrize("target", TARGETS)
def test_objects_are_computed_by_python(target):
    a, b = np.array([2**70, 3], object), np.array([1, 2], object)
    assert einloop.compile("i,i->", target=target)(a, b) == 2**70 + 6
    kept = einloop.compile("ij->ji", target="numpy")(np.array([[None, "x"]], object))
    assert kept.tolist() == [[None], ["x"]]


class TestOut:
    """out= as np.einsum takes it."""

    @pytest.mark.parametrize("target", TARGETS)
    @pytest.mark.parametrize("dtype", ["f4", "f8", ">f8", "c16", "O"])
    def test_dtypes_that_hold_the_result(self, target, dtype):
        a = np.arange(6, dtype="f4").reshape(2, 3)
        out, expected = np.zeros((2, 2), dtype), np.zeros((2, 2), dtype)
        function = einloop.compile("ij,kj->ik", target=target if dtype != "O" else "auto")
        assert function(a, a, out=out) is out
        np.einsum("ij,kj->ik", a, a, out=expected)
        assert np.array_equal(out, expected)
        assert out.dtype == np.dtype(dtype)

    def test_out_takes_part_in_the_common_dtype(self):
        small = np.array([100], "i1")
        assert einloop.compile("i,i->")(small, small, out=np.zeros((), "i8")) == 10000
        assert einloop.compile("i,i->")(small, small) == 16

    @pytest.mark.parametrize("kind", ["Fortran", "gapped", "reversed", "misaligned", "subclass"])
    def test_layouts(self, kind):
        a, out = np.arange(6.0).reshape(2, 3), laid_out(kind, np.zeros((2, 3)))
        assert einloop.compile("ij->ij")(a, out=out) is out
        assert np.array_equal(out, a)

    @pytest.mark.parametrize("target", TARGETS)
    def test_it_may_overlap_an_operand(self, target):
        function = einloop.compile("ij,jk->ki", target=target)
        for _ in range(2):
            a, b = np.arange(9.0).reshape(3, 3), np.arange(9.0, 18.0).reshape(3, 3)
            expected = (a @ b).T
            assert np.array_equal(function(a, b, out=a), expected)
            whole = np.zeros((6, 3))
            whole[1:4] = np.arange(9.0).reshape(3, 3)
            expected = np.einsum("ij,jk->ki", whole[1:4], b).copy()
            assert np.array_equal(function(whole[1:4], b, out=whole[:3]), expected)
            whole[3:] = np.arange(9.0).reshape(3, 3)
            upside = whole[5:2:-1]
            expected = np.einsum("ij,jk->ki", upside, b).copy()
            assert np.array_equal(function(upside, b, out=whole[2:5]), expected)

    def test_a_length_of_one_is_repeated_in_a_larger_out(self):
        assert einloop.compile("i->i")([5], out=np.zeros(3, int)).tolist() == [5, 5, 5]

    def test_nothing_is_none(self):
        assert einloop.compile("i->i")([5], out=None).tolist() == [5]

    def test_the_same_call_again_goes_straight_to_the_kernel(self):
        function = einloop.compile("ij,jk->ik", target="auto", shapes=["2x2", "2x2"])
        out = np.zeros((2, 2))
        for _ in range(3):
            assert function(np.eye(2), np.eye(2), out=out) is out
            assert np.array_equal(out, np.eye(2))

    def test_objects_are_computed_into_it_from_zero(self):
        values = np.array([True, 2.5], object)
        out, expected = np.zeros(2, object), np.zeros(2, object)
        einloop.compile("i->i")(values, out=out)
        np.einsum("i->i", values, out=expected)
        assert list(map(type, out)) == list(map(type, expected))


REFUSED = [
    ("too few operands", "ij,jk->ik", [np.eye(2)], {}, "EL201", ShapeError),
    ("too many operands", "ij->ij", [np.eye(2), np.eye(2)], {}, "EL201", ShapeError),
    ("another rank", "ij->ij", [np.ones(2)], {}, "EL202", ShapeError),
    ("sizes that disagree", "ij,jk->ik", [np.eye(2), np.eye(3)], {}, "EL205", ShapeError),
    ("no array", "i->i", [[[1], [1, 2]]], {}, "EL209", ShapeError),
    ("a dtype without sums", "i->", [np.array(["a"])], {}, "EL301", DtypeError),
    ("out of another rank", "i->i", [np.ones(2)], {"out": np.zeros((2, 1))}, "EL207", ShapeError),
    ("out without room", "i->i", [np.ones(2)], {"out": np.zeros(3)}, "EL207", ShapeError),
    ("out that is not an array", "i->i", [np.ones(2)], {"out": [0, 0]}, "EL477", OptionError),
    ("out of a narrower dtype", "i->i", [np.ones(2)], {"out": np.zeros(2, "f4")}, "EL302", DtypeError),
    ("out that cannot be written", "i->i", [np.ones(2)], {"out": read_only(np.zeros(2))}, "EL477", OptionError),
]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("row", REFUSED, ids=[row[0] for row in REFUSED])
def test_what_numpy_refuses_is_refused(target, row):
    _, text, arrays, keywords, id, kind = row
    with pytest.raises((ValueError, TypeError)):
        np.einsum(text, *arrays, **keywords)
    with pytest.raises(kind) as caught:
        einloop.compile(text, target=target)(*arrays, **keywords)
    assert caught.value.id == id


@pytest.mark.parametrize("target", ["auto", "c", "numba", "numpy", "python"])
def test_unknown_keywords_are_a_type_error(target):
    call = einloop.compile("ij->i", target=target)
    for more in ({}, {"out": np.zeros(2)}, {"out": None}):
        call(np.ones((2, 3)))  # the next call tries the kernel first
        with pytest.raises(OptionError, match="unexpected keyword argument 'axis'") as caught:
            call(np.ones((2, 3)), axis=0, **more)
        assert isinstance(caught.value, TypeError)
        assert (caught.value.id, caught.value.hint) == ("EL469", "out is the only one")
    with pytest.raises(TypeError) as caught:
        call(np.ones((2, 3)), oot=None)
    assert caught.value.hint == "did you mean 'out'? out is the only one"
    assert call(np.ones((2, 3)), out=None).tolist() == [3, 3]


@pytest.mark.parametrize("target", ["auto", "numba", "numpy", "python"])
def test_a_compiled_function_shows_what_callers_use(target):
    shown = {name for name in dir(einloop.compile("ij->i", target=target)) if name[0] != "_"}
    assert shown == {"decisions", "expression", "source", "target"}


@pytest.mark.parametrize(
    ("options", "id", "message"),
    [
        ({"target": "fortran"}, "EL469", "there is no target 'fortran' to compile for"),
        ({"target": "numpy", "schedule": "accumulate"}, "EL471", "target 'numpy' has no loops that a schedule could"),
        ({"schedule": "jump", "shapes": ["2", "2"]}, "EL433", "jump"),
        ({"threads": 0}, "EL479", "threads=0"),
        ({"threads": True}, "EL479", "threads=True"),
        ({"threads": 3_000_000_000}, "EL479", "threads=3000000000"),
        ({"threads": "2"}, "EL470", "threads is a str"),
        ({"target": 1}, "EL470", "target is an int"),
        ({"shapes": ["2", "3"]}, "EL205", "'i' is 2 in operand 0"),
        ({"dtypes": "text"}, "EL301", "dtype 'text' is unknown"),
    ],
)
def test_options_that_are_refused(options, id, message):
    with pytest.raises(EinloopError) as caught:
        einloop.compile("i,i->", **options)
    assert caught.value.id == id
    assert message in caught.value.message


@needs_compiler
def test_a_dtype_that_c_does_not_have_is_refused_by_name():
    with pytest.raises(OptionError, match="has object") as caught:
        einloop.compile("i->", target="c")(np.array([1, 2], object))
    assert caught.value.id == "EL410"


@needs_compiler
class TestDecisions:
    """What a function says of itself."""

    def test_before_and_after_the_first_call(self):
        function = einloop.compile("ij,jk->ik")
        assert (function.source, function.target) == (None, "auto")
        assert function.decisions == ("Nothing is compiled yet: shapes and dtypes are known at the first call.",)
        function(np.eye(2), np.eye(2))
        assert function.target == "c"
        assert "void kernel(" in function.source
        assert function.decisions[0] == "The target is c."
        assert repr(function) == "<einloop.Compiled 'ij,jk->ik', target 'c'>"

    def test_shapes_are_compiled_for_at_once(self):
        function = einloop.compile("ij,jk->ik", sizes={"i": 2, "j": 3, "k": 4}, dtypes="f4")
        assert function.target == "c"
        assert "const float *" in function.source

    def test_objects_go_to_numpy_and_it_is_said(self):
        function = einloop.compile("i->")
        function(np.array([1, 2], object))
        assert function.target == "numpy"
        assert "Not c: it is not right for object." in function.decisions

    def test_a_second_function_finds_what_was_compiled(self):
        first, second = (einloop.compile("abc,cd->abd", shapes=["2x3x4", "4x5"]) for _ in range(2))
        assert first.source == second.source
        assert "It was compiled before." in second.decisions

    def test_a_schedule_of_ones_own(self):
        function = einloop.compile("ij,jk->ik", schedule="order(k,j,i)", shapes=["2x3", "3x4"])
        assert "order(k,j,i): puts the loops in another order." in function.decisions

    def test_each_pass_that_changed_the_loops_says_what_it_did_and_why(self):
        function = einloop.compile("ij,j->i", target="c", shapes=["90x800", "800"], threads=1)
        origin, *passes = function.decisions[1:]
        assert origin.startswith(("Compiled by", "It was compiled before"))
        assert [sentence.partition(":")[0] for sentence in passes] == [
            "c is bound by memory", "accumulate", "unroll", "vectorise",
        ]  # fmt: skip
        assert passes[0] == "c is bound by memory: every number is read once or a few times."
        assert passes[-1] == (
            "vectorise: adds up in a block of totals in place of one, which fill vectors. "
            "Each addition to one total waits for the one before; those to a block do not."
        )

    def test_what_passes_did_is_found_out_only_when_it_is_asked_for(self, monkeypatch):
        asked = []
        monkeypatch.setattr(written, "decisions", lambda spec, options: asked.append(options.target) or ())
        function = einloop.compile("ij,jk->ki", target="c")
        function(np.eye(3), np.eye(3))
        assert not asked
        assert function.decisions == function.decisions
        assert asked == ["c"]

    def test_every_target_says_what_its_passes_did(self):
        function = einloop.compile("ij,jk->ik", target="python", shapes=["30x30", "30x30"])
        assert [sentence.partition(":")[0] for sentence in function.decisions[1:]] == ["order(output)", "accumulate"]
        assert len(einloop.compile("ij->i", target="numpy", shapes=["3x3"]).decisions) == 1

    def test_operands_of_one_name_are_arrays_of_their_own(self):
        function = einloop.compile("np.einsum('ij,jk->ik', A, A)")
        a, b = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)
        assert np.array_equal(function(a, b), a @ b)

    def test_names_are_kept(self):
        source = einloop.compile("np.einsum('ij,jk->ik', q, key)", shapes=["2x3", "3x4"]).source
        assert "const double *q, const double *key" in source


@needs_compiler
class TestFunction:
    """The object that callers hold."""

    def test_it_is_a_compiled(self):
        function = einloop.compile("i,i->")
        assert isinstance(function, einloop.Compiled)
        assert callable(function)
        assert function.expression == "i,i->"
        with pytest.raises(AttributeError, match="nothing_like_it"):
            _ = function.nothing_like_it

    def test_it_can_be_pickled_and_copied(self):
        function = einloop.compile("i,i->", target="c", names=["x", "y"])
        for again in (pickle.loads(pickle.dumps(function)), copy.copy(function), copy.deepcopy(function)):
            assert again([1.0, 2.0], [3.0, 4.0]) == 11
            assert "*x, const double *y" in again.source

    def test_it_goes_when_nobody_holds_it(self):
        function = einloop.compile("ij,jk->ik", shapes=["2x2", "2x2"])
        function(np.eye(2), np.eye(2))
        alive = weakref.ref(function)
        del function
        gc.collect()
        assert alive() is None

    def test_references_are_given_back(self):
        function = einloop.compile("ij,jk->ik")
        a, out = np.eye(3), np.zeros((3, 3))
        for _ in range(2):  # what the first calls keep, they keep once
            function(a, a)
            function(a, a, out=out)
            function(a[::-1], a, out=a)
        before = sys.getrefcount(a), sys.getrefcount(out), sys.getrefcount(None), sys.getrefcount(function)
        for _ in range(1000):
            function(a, a)
            function(a, a, out=out)
            function(a[::-1], a, out=a)
        after = sys.getrefcount(a), sys.getrefcount(out), sys.getrefcount(None), sys.getrefcount(function)
        assert all(abs(x - y) < 500 for x, y in zip(before, after, strict=True))  # 3,000 calls; None has other uses

    def test_the_list_of_kernels_and_of_specialisations_is_bounded(self):
        function = einloop.compile("i->", target="auto")
        for n in range(1, 19):
            assert function(np.ones(n)) == n
        assert function(np.ones(1)) == 1
        small = einloop.compile("i,i->i", target="numpy")
        for n in range(MAX_SPECIALISATIONS + 9):
            small(np.ones(n), np.ones(n))
        assert len(small._made) == MAX_SPECIALISATIONS
        assert small._made.bind.cache_info().currsize == MAX_SPECIALISATIONS

    def test_a_few_layouts_are_compiled_for_and_others_copied(self):
        function = einloop.compile("ij->j", target="c")
        whole = np.arange(400.0).reshape(20, 20)
        for n in range(6):
            part = whole[:3, n : n + 3 * (n + 1) : n + 1]
            same(function(part), np.einsum("ij->j", part))
        assert len(function._made) == MAX_LAYOUTS + 1

    def test_more_operands_than_the_extension_takes(self):
        count = caller_module().MAX_OPERANDS + 1
        function = einloop.compile(",".join("i" * count) + "->i", schedule="order(output)")
        assert function(*[np.full(2, 2)] * count).tolist() == [2**count] * 2
        assert any(note.startswith("Calls go through ctypes: there are more than") for note in function.decisions)


def caller_module():
    return c.caller()


@needs_compiler
class TestExtension:
    """The extension refuses what would make it crash."""

    def test_kernels_and_functions_check_their_arguments(self):
        module = caller_module()
        layout = (np.dtype("f8").num, np.dtype("f8").num, (2,), (8,), 0, 16)
        rest = {"fallible": False, "lengthy": False, "library": None, "used": bytearray(1)}
        for layouts in (
            (layout,),
            (layout,) * 20,
            (1, 2),
            (layout, (1, 1, (2,), (8, 8), 0, 16)),
            (layout, (1, 1, ("a",), None, 0, 1)),
        ):
            with pytest.raises((ValueError, TypeError)):
                module.Kernel(address=0, layouts=layouts, **rest)
        with pytest.raises(TypeError):
            module.Function(1)
        with pytest.raises(TypeError):
            module.remember(1, 2)
        with pytest.raises(TypeError):
            module.drop(1, 2)
        with pytest.raises(TypeError, match="forget takes a function"):
            module.forget(1)
        for used in (b"1", bytearray(), 7):
            with pytest.raises((ValueError, TypeError, BufferError)):
                module.Kernel(address=0, layouts=(layout, layout), **{**rest, "used": used})
        kernel = module.Kernel(address=0, layouts=(layout, layout), **rest)
        for arguments in (
            (),
            (np.ones(2),),
            (np.ones(3), np.ones(2)),
            (np.ones(2), np.ones(3)),
            (np.ones(2, "f4"), np.ones(2)),
        ):
            with pytest.raises(TypeError, match="other arrays"):
                kernel.run(*arguments)
        shared = np.ones(2)
        with pytest.raises(TypeError, match="other arrays"):
            kernel.run(shared, shared)

    def test_dtypes_with_two_numbers_are_one(self):
        function = einloop.compile("i,i->", target="c")
        for code in "lq":
            assert function(np.arange(3, dtype=code), np.arange(3, dtype=code)) == 5
        assert len(function._made) == 1


class TestFallback:
    """Something is missing, and is said to be."""

    def test_no_compiler(self, monkeypatch):
        monkeypatch.setenv("CC", "")
        monkeypatch.setenv("PATH", "")
        function = einloop.compile("ij,jk->ik")
        assert np.array_equal(function(np.eye(2), np.eye(2)), np.eye(2))
        assert function.target in ("numba", "numpy")
        assert function.decisions[0] == "Not c: there is no C compiler here."
        assert isinstance(function, einloop.Compiled)
        with pytest.raises(RunError, match="there is no C compiler here") as caught:
            einloop.compile("ij->i", target="c")(np.eye(2))
        assert caught.value.id == "EL630"

    def test_a_compiler_that_does_not_work(self, monkeypatch):
        monkeypatch.setenv("CC", "false")
        function = einloop.compile("ab,bc->ca")
        assert np.array_equal(function(np.eye(2), np.eye(2)), np.eye(2))
        assert function.target in ("numba", "numpy")
        assert any(note.startswith("Not c: false refuses the text") for note in function.decisions)
        with pytest.raises(RunError) as caught:
            einloop.compile("ab,bc->ca", target="c")(np.eye(2), np.eye(2))
        assert caught.value.id == "EL632"

    @pytest.mark.parametrize("error", [MemoryError, OSError(28, "No space left on device"), ImportError("no")])
    @pytest.mark.parametrize(
        ("text", "shapes"),
        [
            ("ij,jk->ik", [(3, 4), (4, 5)]),
            ("ij->ji", [(3, 4)]),
            ("ii->i", [(3, 3)]),
            ("ij->", [(3, 4)]),
            ("ij,jk->ik", [(2, 0), (0, 5)]),
            ("...i,i->...", [(2, 3, 4), (4,)]),
            (",->", [(), ()]),
        ],
    )
    def test_nothing_can_be_made(self, monkeypatch, error, text, shapes):
        def fails(case):
            raise error

        made = tuple(replace(backend, specialise=fails) for backend in backends.known())
        monkeypatch.setattr(backends, "BACKENDS", made[:-1])
        monkeypatch.setattr(backends, "known", lambda: made)
        for dtypes in (("f8", "f8"), ("i4", "f4"), ("?", "?"), ("c8", "f8"), ("f2", "i2"), ("O", "O")):
            arrays = [
                (np.arange(np.prod(shape)) % 5).reshape(shape).astype(d)
                for shape, d in zip(shapes, dtypes, strict=False)
            ]
            function = einloop.compile(text)
            same(function(*arrays), np.einsum(text, *arrays))
            assert function.target == "numpy"
            assert "The target is numpy, without a text: " in function.decisions[-1]
        for target in ("c", "numba", "numpy", "python"):
            with pytest.raises(RunError) as caught:
                einloop.compile(text, target=target)(*arrays)
            assert caught.value.id in ("EL636", "EL640", "EL641")

    @needs_compiler
    def test_no_headers(self, monkeypatch):
        monkeypatch.setattr(np, "get_include", lambda: "/nowhere")
        function = einloop.compile("ij,jk->ik")
        assert type(function).__module__.startswith("einloop.")  # not that of the extension
        assert np.array_equal(function(np.eye(2), np.eye(2)[::-1]), np.eye(2)[::-1])
        assert function.target == "c"
        assert any("Calls go through ctypes: the header" in note for note in function.decisions)

    @needs_compiler
    def test_no_memory(self, monkeypatch):
        monkeypatch.setattr(c, "load", lambda *_: failing())
        function = einloop.compile("ij,jk,kl->il", target="c", schedule="path(auto)")
        for _ in range(2):
            with pytest.raises(RunError, match="no memory") as caught:
                function(np.eye(2), np.eye(2), np.eye(2))
            assert caught.value.id == "EL631"
        with pytest.raises(RunError, match="no memory"):
            function(np.eye(2), np.eye(2), np.eye(2), out=np.zeros((2, 2)))

    @needs_compiler
    def test_a_compiler_that_does_not_know_the_processor(self, monkeypatch, tmp_path):
        script = tmp_path / "plain-cc"
        script.write_text(
            f'#!/bin/sh\ncase " $* " in *" -march=native "*) exit 1;; esac\nexec {find_compiler().command[0]} "$@"\n'
        )
        script.chmod(0o755)
        monkeypatch.setenv("CC", str(script))
        monkeypatch.setenv("EINLOOP_CACHE_DIR", str(tmp_path / "cache"))
        function = einloop.compile("ij,jk->ik", target="c")
        assert np.array_equal(function(np.eye(3), np.eye(3)), np.eye(3))

    @needs_compiler
    def test_no_threads(self, monkeypatch):
        monkeypatch.setattr(threads, "_threads", [])
        monkeypatch.setattr(threads, "processors", lambda: 2)
        monkeypatch.setattr(c, "_threads_text", lambda: "nothing that compiles")
        function = einloop.compile("ij,jk->ik", target="c", threads=2, shapes=["40x40", "40x40"])
        assert any(note.startswith("One thread, not 2:") for note in function.decisions)
        assert np.array_equal(function(np.eye(40), np.eye(40)), np.eye(40))

    @needs_compiler
    @pytest.mark.parametrize(
        ("there", "wanted", "note"),
        [
            (1, 2, "One thread, not 2: this process may run on one processor."),
            (2, 5, "2 threads, not 5: this process may run on 2 processors."),
            (4, 4, None),
        ],
    )
    def test_no_more_threads_than_processors(self, monkeypatch, there, wanted, note):
        monkeypatch.setattr(threads, "processors", lambda: there)
        function = einloop.compile("ij,jk->ik", target="c", threads=wanted, shapes=["40x40", "40x40"])
        assert [one for one in function.decisions if "processor" in one] == ([] if note is None else [note])


def failing():
    """Return a library whose kernel finds no memory."""
    text = "int kernel(const void *a, const void *b, const void *c, void *d)\n{\n    return !!a + !!b + !!c + !!d;\n}\n"
    from einloop.runners.artefacts import load

    return load(text)


@needs_compiler
def test_threads_share_the_work():
    function = einloop.compile("ij,jk->ik", threads=2)
    a = np.arange(10000.0).reshape(100, 100)
    assert np.array_equal(function(a, a), a @ a)


@needs_compiler
def test_many_threads_at_once(monkeypatch, tmp_path):
    monkeypatch.setenv("EINLOOP_CACHE_DIR", str(tmp_path / "cache"))
    function = einloop.compile("ij,jk->ik")
    a = np.arange(1600.0).reshape(40, 40)
    expected = a @ a
    together = threading.Barrier(8)

    def work(number):
        together.wait()
        for n in range(40):
            cut = a[: 1 + (n + number) % 5]
            assert np.array_equal(function(cut, a), expected[: 1 + (n + number) % 5])
            assert np.array_equal(function(a, a), expected)
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(8)))


PROCESS = """
import sys
import numpy as np
import einloop
sys.stdin.read(1)
f = einloop.compile("ij,jk->ki", target="c")
print(f(np.arange(6.0).reshape(2, 3), np.ones((3, 2))).tolist(), f.target)
"""


def environment(folder):
    """Return the environment of a process that finds the package where this one did, with a cache of its own."""
    root = os.path.dirname(os.path.dirname(einloop.__file__))
    return {**os.environ, "EINLOOP_CACHE_DIR": str(folder / "cache"), "PYTHONPATH": root}


@needs_compiler
def test_several_processes_at_once(tmp_path):
    env = environment(tmp_path)
    started = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, text=True
        )
        for _ in range(3)
    ]
    for process in started:
        process.stdin.write("x")
        process.stdin.flush()
    for process in started:
        output, _ = process.communicate()
        assert (process.returncode, output) == (0, "[[3.0, 12.0], [3.0, 12.0]] c\n")
    assert [name for name in os.listdir(tmp_path / "cache") if not name.endswith(".so")] == []


DAMAGES = {
    "cut short": lambda content: content[:-200],
    "altered": lambda content: content[:5000] + b"\x90" * 8 + content[5008:],
}


@needs_compiler
@pytest.mark.parametrize("damage", DAMAGES)
def test_what_lies_in_the_cache_is_not_trusted(monkeypatch, tmp_path, damage):
    env = environment(tmp_path)
    monkeypatch.setenv("EINLOOP_CACHE_DIR", env["EINLOOP_CACHE_DIR"])
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", PROCESS], input="x", capture_output=True, env=env, text=True, check=False
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "[[3.0, 12.0], [3.0, 12.0]] c\n", "")
        files = sorted((tmp_path / "cache").iterdir())
        assert len(files) == 2
        for path in files:
            assert store.recall(path.stem, store.SHARED) is not None
            path.write_bytes(DAMAGES[damage](path.read_bytes()))
            assert store.recall(path.stem, store.SHARED) is None


@needs_compiler
def test_a_folder_that_cannot_be_used_is_said(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("EINLOOP_CACHE_DIR", str(tmp_path / "file" / "cache"))
    function = einloop.compile("ij,jk->ik", shapes=["2x3", "3x2"])
    assert function.target == "c"
    assert any(note.startswith("What was compiled is kept for this process only:") for note in function.decisions)
    assert store.stored().files == 0


@needs_compiler
@pytest.mark.parametrize(
    ("subscripts", "arrays"),
    [
        ("i,i->i", [np.array([1e30], "c8"), np.array([1e100])]),
        ("i,i->i", [np.array([3 + 5j], "c8"), np.array([2000000011], "i4")]),
        ("i,i->", [np.array([1e30, 1], "c8"), np.array([1e100, 1], "c16")]),
    ],
)
def test_a_narrow_complex_factor_does_not_narrow_the_product(subscripts, arrays):
    result, expected = einloop.compile(subscripts, target="c")(*arrays), np.einsum(subscripts, *arrays)
    assert result.dtype == expected.dtype
    assert np.allclose(result, expected, rtol=1e-14)


@needs_compiler
@pytest.mark.parametrize("subscripts", ["i->", "i,i->", "ij->j"])
def test_halves_are_summed_as_floats(subscripts):
    shape = (5000, 3)[: 1 + ("j" in subscripts)]
    arrays = [np.ones(shape, "f2")] * (1 + subscripts.count(","))
    assert np.all(einloop.compile(subscripts, target="c")(*arrays) == 5000)


@needs_compiler
def test_an_empty_sum_does_not_run_over_the_other_extents():
    huge = np.lib.stride_tricks.as_strided(np.array([3.0]), (2**40,), (0,))
    assert einloop.compile("i,j->", target="c")(huge, np.ones(0)) == 0


@pytest.mark.parametrize("cc", ["true", "echo", '"', "gcc -bogus"])
def test_a_compiler_that_is_none_is_passed_over(monkeypatch, tmp_path, cc):
    monkeypatch.setenv("CC", cc)
    monkeypatch.setenv("EINLOOP_CACHE_DIR", str(tmp_path))
    function = einloop.compile("ij->j", target="auto")
    assert np.array_equal(function(np.ones((3, 4))), np.full(4, 3.0))
    assert function.target in ("numba", "numpy")


def test_an_out_that_may_not_be_written_is_refused_at_every_call():
    function, out = einloop.compile("i,i->i"), np.zeros(3)
    function(np.ones(3), np.ones(3), out=out)
    out.flags.writeable = False
    with pytest.raises(EinloopError, match="out is an array that may not be written"):
        function(np.ones(3), np.ones(3), out=out)


@needs_compiler
def test_large_complex_products_are_left_to_blas():
    function = einloop.compile("ij,jk->ik")
    for extent, target in ((40, "c"), (130, "numpy")):
        ones = np.ones((extent, extent), complex)
        assert np.array_equal(function(ones, ones), extent * ones)
        assert function.target == target
    assert any("BLAS, which np.einsum calls, is faster" in sentence for sentence in function.decisions)


EMPTY_SUMS = [
    ("jj,ii->", (0, 0), (3, 3)),
    ("j,i->", (0,), (3,)),
    ("i,j->", (3,), (0,)),
    ("j,i->i", (0,), (3,)),
    ("j,i,k->", (0,), (3,), (2,)),
    ("ij,jk,kl->il", (2, 0), (0, 3), (3, 2)),
    ("ij,jk,kl->il", (2, 3), (3, 0), (0, 2)),
]


@pytest.mark.parametrize("dtypes", [("O", "f4"), ("f4", "O"), ("O", "c16"), ("f8", "f8"), ("i4", "f8")])
@pytest.mark.parametrize("row", EMPTY_SUMS, ids=[f"{row[0]} {row[1]}" for row in EMPTY_SUMS])
@pytest.mark.parametrize("target", ["auto", "python", "numpy"])
def test_an_empty_sum_has_the_zero_of_the_result(target, row, dtypes):
    text, *shapes = row
    arrays = [
        np.full(shape, np.inf if dtype in ("f4", "f8") else 2, dtype)
        for shape, dtype in zip(shapes, (dtypes * 2)[: len(shapes)], strict=True)
    ]
    got, wanted = einloop.compile(text, target=target)(*arrays), np.einsum(text, *arrays)
    assert np.array_equal(got, wanted)
    assert np.asarray(got).dtype == np.asarray(wanted).dtype
    assert [type(one) for one in np.asarray(got).flat] == [type(one) for one in np.asarray(wanted).flat]
