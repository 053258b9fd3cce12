"""Tracing elements: exact sums, the largest terms, the first nan or inf, traps; by brute force against np.einsum."""

from fractions import Fraction
from functools import reduce
from itertools import product
from math import prod

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import ARITHMETIC, INTEGERS, dtype_lists, exact_arrays, expressions, oracle

import einloop
from einloop.analysis.why import blocks, element, exact, factors, place, values
from einloop.analysis.why.traced import Limits
from einloop.api.options import options_from
from einloop.core.bind import bind_sizes
from einloop.core.names import choose_names
from einloop.core.slices import diagonal
from einloop.notation import read
from einloop.pipeline.expression import read_spec
from einloop.pipeline.page import shown
from einloop.pipeline.why import why

FLOATS = ("float16", "float32", "float64", "longdouble", "complex64", "complex128", "clongdouble")
RANDOM = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


def wanted(expression, arrays):
    result = oracle(expression.subscripts, *arrays)
    objects = any(array.dtype == object for array in arrays)
    return np.asarray(result, dtype=object if objects else None)


@st.composite
def traced(draw, pool=ARITHMETIC, **options):
    expression = draw(expressions(**options))
    dtypes = draw(dtype_lists(len(expression.terms), pool))
    return expression, exact_arrays(expression, dtypes, draw(st.integers(0, 9999)))


@RANDOM
@given(traced(), st.integers(0, 10**6), st.sampled_from((1, 2, 3, 10, 1000)))
def test_an_element_is_what_np_einsum_says(case, number, top):
    expression, arrays = case
    result = wanted(expression, arrays)
    if result.size == 0:
        return
    at = tuple(int(axis) for axis in np.unravel_index(number % result.size, result.shape)) if result.ndim else ()
    report = einloop.why(expression.subscripts, *arrays, at=at, top=top)
    total = report.facts["total"]
    assert report.facts["element"]["at"] == list(at)
    if result.dtype.kind in "biu":
        assert total["einsum"] == result[at].item()
    if result.dtype.kind in "iu":
        bits = np.iinfo(result.dtype).bits
        assert (total["sum"] - result[at].item()) % (1 << bits) == 0
        assert [f.id for f in report.findings] == ([] if total["same"] else ["EL751"])
    else:
        assert total["same"], report.show()
    if result.dtype.kind in "fc":
        assert report.findings == ()
    assert report.show()
    assert report.show("json")


@RANDOM
@given(traced((*INTEGERS, "bool"), most_operands=4), st.integers(0, 10**6), st.integers(1, 6))
def test_terms_are_the_largest_and_the_sum_is_exact(case, number, top):
    expression, arrays = case
    result = wanted(expression, arrays)
    if result.size == 0 or result.dtype.kind not in "iu":
        return
    at = tuple(int(axis) for axis in np.unravel_index(number % result.size, result.shape)) if result.ndim else ()
    spec = bind_sizes(read(expression.subscripts), expression.shapes)
    products = brute_force(spec, arrays, at)
    report = einloop.why(expression.subscripts, *arrays, at=at, top=top)
    assert report.facts["total"]["sum"] == sum(products)
    if len(products) < 2:
        return
    shown = [term["product"] for term in report.facts["terms"]["terms"]]
    if len(products) > top:
        assert [abs(value) for value in shown] == sorted(map(abs, products), reverse=True)[:top]
    else:
        assert shown == products
    assert report.facts["terms"]["left_out"] == len(products) - len(shown)
    assert report.facts["terms"]["rest"] == sum(products) - sum(shown)


def brute_force(spec, arrays, at):
    """Return every product of an element as Python integers, in C order of the summed indices."""
    fixed = dict(zip(spec.output, at, strict=True))
    found = []
    for inner in product(*(range(index.extent) for index in spec.summed)):
        places = fixed | dict(zip((index.label for index in spec.summed), inner, strict=True))
        found.append(prod(int(array[factors.coordinates(spec, number, places)]) for number, array in enumerate(arrays)))
    return found


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "longdouble", "complex64", "complex128"])
@pytest.mark.parametrize("operands", [1, 2, 3, 5])
@pytest.mark.parametrize("scale", [1, 8])
def test_sums_of_floats_are_exact(dtype, operands, scale):
    rng = np.random.default_rng(operands)
    arrays = [rng.normal(size=200) * 10.0 ** rng.integers(-scale // 2, scale // 2 + 1, 200) for _ in range(operands)]
    if dtype.startswith("c"):
        arrays = [array + 1j * rng.normal(size=200) for array in arrays]
    arrays = [array.astype(dtype) for array in arrays]
    spec = bind_sizes(read(",".join("i" * operands) + "->"), [(200,)] * operands)
    traced = element.trace(factors.factors_of(spec, choose_names(spec), arrays, ()), 3)
    terms = [reduce(values.times, (values.exact(array[n]) for array in arrays)) for n in range(200)]
    if dtype.startswith("c"):
        true = tuple(sum((term[part] for term in terms), Fraction(0)) for part in (0, 1))
    else:
        true = sum(terms, Fraction(0))
    error = values.size(values.minus(traced.total, true))
    size = sum(values.size(term) for term in terms)
    assert error <= size / 2 ** (exact.BITS - 8)
    assert error == 0 or not traced.precise
    assert traced.precise == (operands == 1 or (operands == 2 and dtype in ("float16", "float32", "float64")))


@pytest.mark.parametrize("dtype", ["float64", "complex128", "longdouble"])
@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1.0, 1e160, 1e300])
def test_the_largest_terms_are_found_beyond_the_ends_of_the_dtype(dtype, scale):
    values_ = np.array([3, -9, 2, 7, 5], dtype) * np.array(scale, dtype)
    report = einloop.why("i,i,i->", values_, values_, values_, top=2)
    assert [term["at"]["i"] for term in report.facts["terms"]["terms"]] == [1, 3]


def test_sums_neither_overflow_nor_vanish():
    big, small = np.full(4, 1e300), np.full(4, 1e-300)
    spec = bind_sizes(read("i,i,i,i->"), [(4,)] * 4)
    traced = element.trace(factors.factors_of(spec, choose_names(spec), [big, big, small, small], ()), 9)
    assert abs(traced.total / 4 - 1) < Fraction(1, 10**12)
    assert traced.finite_inputs


@pytest.mark.parametrize("most", [1, 2, 5, 7, 64])
@pytest.mark.parametrize("shape", [(), (1,), (9,), (2, 3), (4, 1, 5), (3, 0), (2, 3, 4), (11, 7)])
def test_blocks_follow_one_another_in_c_order(shape, most):
    grid = np.arange(prod(shape)).reshape(shape)
    pieces = list(blocks.blocks(shape, most))
    found = [value for piece in pieces for value in grid[(*piece, ...)].reshape(-1).tolist()]
    assert found == list(range(prod(shape)))
    assert all(blocks.points_of(piece) <= most for piece in pieces)
    assert len(pieces) <= max(4 * prod(shape) // most + 1, 1) + prod(shape) // max(most, 1)


def limited(limits, expression, *arrays, at=None, top=10, nonfinite=False):
    """Return what einloop.why does where so much is computed at a time, and of the whole result."""
    options = options_from(einloop.why, {"load": arrays})
    return shown(why(read_spec(expression, options), options, at=at, top=top, nonfinite=nonfinite, limits=limits))


def test_many_blocks_change_nothing():
    rng = np.random.default_rng(0)
    arrays = [rng.integers(-50, 50, (6, 7, 8)), rng.integers(-50, 50, (8, 6))]
    usual = einloop.why("ijk,ki->j", *arrays, at=3, top=5).facts
    pieces = Limits(block_points=5)
    assert limited(pieces, "ijk,ki->j", *arrays, at=(3,), top=5).facts == usual


def test_a_diagonal_is_a_view_of_what_is_read():
    array = np.arange(27).reshape(3, 3, 3)
    assert diagonal(array, ["i", "i", "i"])[0].tolist() == [0, 13, 26]
    view, labels = diagonal(array, ["i", "j", "i"])
    assert (view.tolist(), labels) == (np.einsum("iji->ij", array).tolist(), ["i", "j"])
    assert np.shares_memory(diagonal(array, ["j", "i", "i"])[0], array)


SLICES = Limits(whole_points=0)
"""np.einsum computes no whole results, as with large arrays."""
UNCHECKED = Limits(whole_points=0, checked=0)
"""Nor are elements computed one by one."""

SPECIAL = (np.nan, np.inf, -np.inf)


@st.composite
def wild(draw):
    """Draw an expression and arrays with nan, inf, and values near the end of their dtype."""
    expression = draw(expressions(most_operands=5))
    pool = (*FLOATS, "int8", "int64", "bool") if draw(st.booleans()) else FLOATS
    dtypes = draw(dtype_lists(len(expression.terms), pool))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    mode = draw(st.sampled_from(("special", "huge", "both")))
    return expression, [
        _wild(rng, shape, np.dtype(dtype), mode) for shape, dtype in zip(expression.shapes, dtypes, strict=True)
    ]


def _wild(rng, shape, dtype, mode):
    if dtype.kind in "bi":
        return rng.integers(0, 2, size=shape).astype(dtype)
    found = rng.integers(-2, 3, size=shape).astype(dtype)
    if dtype.kind == "c":
        found = found + (1j * rng.integers(-2, 3, size=shape)).astype(dtype)
    with np.errstate(all="ignore"):
        if mode != "special":
            found = found * (np.finfo(dtype).max / 8).astype(dtype) ** rng.choice([0, 0.5, 1], p=[0.5, 0.3, 0.2])
    if mode != "huge":
        odd = (*SPECIAL, complex(0, np.inf), complex(np.nan, 1)) if dtype.kind == "c" else SPECIAL
        chosen = rng.choice(np.array(odd), size=shape)
        found = np.where(rng.random(shape) < rng.choice([0, 0.05, 0.3]), chosen, found)
    return np.asarray(found, dtype=dtype)


@pytest.mark.parametrize("limits", [Limits(), SLICES], ids=["whole", "slices"])
def test_the_first_nan_or_inf_is_that_of_np_einsum(limits):
    outcomes = set()

    @settings(RANDOM, max_examples=400)
    @given(wild())
    def check(case):
        expression, arrays = case
        result = wanted(expression, arrays)
        report = limited(limits, expression.subscripts, *arrays, nonfinite=True)
        found = report.facts["nonfinite"]
        if result.dtype.kind not in "fc":
            assert found == {"found": False, "reason": "integers", "sure": True}
            return
        bad = np.argwhere(~np.isfinite(np.atleast_1d(result)))[:, : result.ndim]
        outcomes.add((found["found"], found["sure"]))
        if not found["sure"]:
            assert limits is SLICES
            return
        assert found["found"] == bool(len(bad)), report.show()
        if len(bad):
            assert found["at"] == bad[0].tolist(), report.show()
            assert not np.isfinite(np.complex128(_number(report.facts["element"]["value"])))
        assert report.show()

    check()
    assert {(True, True), (False, True)} <= outcomes


def _number(fact):
    if isinstance(fact, dict):
        return complex(float(fact["real"]), float(fact["imag"]))
    return float(fact)


CAUSES = {
    "nan": ("i,i->", [[1, np.nan], [2, 3]], "c is nan because a[1] is nan.", "input"),
    "inf": ("i,i->", [[1, -np.inf], [2, 3]], "c is -inf because a[1] is -inf.", "input"),
    "the nan, not the inf before it": ("i,i->", [[np.inf, np.nan], [2, 3]], "c is nan because a[1] is nan.", "input"),
    "0 · inf": (
        "i,i->",
        [[1, 0], [2, np.inf]],
        "c is nan because b[1] is inf and a[1] is 0: 0 · inf is nan.",
        "zero_times_inf",
    ),
    "inf - inf": (
        "i,i->",
        [[np.inf, 1], [2, -np.inf]],
        "c is nan because a[0]·b[0] is inf and a[1]·b[1] is -inf: inf - inf is nan.",
        "inf_minus_inf",
    ),
    "a factor applied last": ("i,->", [[0, 1], np.inf], "c is inf because b is inf.", "input"),
    "complex": (
        "i,i->",
        [[1, complex(np.inf, 0)], [2, 1j]],
        "c is (nan+infj) because a[1] is (inf+0j): complex numbers are multiplied part by part, where 0 · inf and "
        "inf - inf are nan.",
        "parts",
    ),
    "a product": (
        "i,i->",
        [[1, 1e200], [2, 1e200]],
        "c is inf although every input is finite: a[1]·b[1] is 1e+400, beyond float64, whose largest "
        "value is 1.79769e+308.",
        "overflow_product",
    ),
    "a sum": (
        "i,i->",
        [[1e308, 1e308], [1, 1]],
        "c is inf although every term is finite: their sum 2e+308 is beyond float64, whose largest "
        "value is 1.79769e+308.",
        "overflow_sum",
    ),
    "a partial sum": (
        "i,->",
        [[1e308, 1e308], 0.1],
        "c is inf although the sum 2e+307 is finite: on the way there np.einsum leaves float64, whose largest value is "
        "1.79769e+308.",
        "overflow_partial",
    ),
    "a copy": ("i->i", [[1, np.nan]], "c[1] is nan because a[1] is nan.", "input"),
    "a diagonal": ("ii->i", [[[1, np.nan], [0, np.inf]]], "c[1] is inf because A[1,1] is inf.", "input"),
    "a stretched axis": ("ij,j->ij", [np.ones((2, 3)), [np.inf]], "C[0,0] is inf because b[0] is inf.", "input"),
}


@pytest.mark.parametrize("name", CAUSES)
def test_causes_are_named(name):
    expression, arrays, sentence, cause = CAUSES[name]
    report = einloop.why(expression, *map(np.asarray, arrays), nonfinite=True)
    assert sentence in words(report)
    assert report.facts["element"]["cause"] == cause


def words(report):
    return " ".join(report.show().split())


FINITE = {
    "integers": ("i->", [np.arange(3)], "Every element is finite: int64 has neither nan nor inf."),
    "booleans": ("i->", [np.ones(3, bool)], "Every element is finite: bool has neither nan nor inf."),
    "no elements": ("ij->i", [np.full((0, 2), np.nan)], "Nothing is nan or inf: the result has no elements."),
    "empty sums": ("i,->", [np.ones(0), np.array(np.inf)], "Every element is finite: each is an empty sum, 0."),
    "moved": (
        "ii->i",
        [np.array([[1, np.nan], [np.inf, 2]])],
        "Every element is finite: elements are only moved, and those that are read are all finite.",
    ),
    "bound": (
        "ij,jk->ik",
        [np.ones((2, 3)), np.ones((3, 2))],
        "Every element is finite: all elements that are read are, and no sum exceeds 12, where float64 ends at "
        "1.8e+308.",
    ),
    "computed": (
        "i,i->i",
        [np.array([1e200, 1]), np.array([1, 1e200])],
        "Every element is finite: the values are large enough to overflow float64, so np.einsum computed them all.",
    ),
}


@pytest.mark.parametrize("name", FINITE)
def test_a_finite_result_has_a_reason(name):
    expression, arrays, sentence = FINITE[name]
    report = einloop.why(expression, *arrays, nonfinite=True)
    assert sentence in words(report)
    assert not report.facts["nonfinite"]["found"]


def test_bounds_by_element_exclude_overflow_without_np_einsums_result():
    report = limited(SLICES, "i,i->i", np.array([1e200, 1]), np.array([1, 1e200]), nonfinite=True)
    assert report.facts["nonfinite"] == {"found": False, "reason": "each", "sure": True}


def test_what_was_computed_from_slices_only_is_said():
    arrays = np.array([[1e308, -1e308], [1e308, 1e308]]), np.array([1.0, 1.0])
    report = limited(SLICES, "ij,j->i", *arrays, nonfinite=True)
    assert report.facts["nonfinite"] == {"found": True, "element": "c[1]", "at": [1], "sure": False}
    assert "1 element before it comes near the end of float64" in words(report)
    report = limited(SLICES, "ij,j->i", arrays[0][:1], arrays[1], nonfinite=True)
    assert report.facts["nonfinite"] == {"found": False, "reason": "near", "sure": False}
    report = limited(UNCHECKED, "ij,j->i", arrays[0][:1], arrays[1], nonfinite=True)
    assert report.facts["nonfinite"] == {"found": False, "reason": "unsure", "sure": False}


def test_what_optimize_finds_is_confirmed():
    array = np.array([[1e308, -1e308], [1e308, 1e308]])
    for dtype in ("float64", "float16"):
        scaled = array if dtype == "float64" else (np.sign(array) * 60000)
        report = limited(UNCHECKED, "ij,j->i", scaled.astype(dtype), np.ones(2, dtype), nonfinite=True)
        assert report.facts["nonfinite"] == {"found": True, "element": "c[1]", "at": [1], "sure": False}
        assert "optimize=True" in words(report)


def test_an_input_is_named_where_terms_are_too_many():
    long = np.broadcast_to(1.0, 10**5)
    odd = np.ones(10**5)
    odd[7] = -np.inf
    report = einloop.why("i,j->", long, odd, nonfinite=True)
    assert "b[7] is -inf, and goes into c. Its terms are too many to add up here." in words(report)
    assert report.facts["element"] == {
        "element": "c",
        "terms": 10**10,
        "cause": "reached",
        "inputs": [{"operand": "b", "at": [7], "value": "-inf"}],
    }


def test_inputs_that_tell_need_no_result():
    """10^10 elements of a result are never computed where an input is nan: this would not fit into memory."""
    long = np.broadcast_to(1.0, 100_000)
    last = np.ones(100_000)
    last[-1] = np.nan
    report = einloop.why("i,j->ij", long, last, nonfinite=True)
    assert report.facts["nonfinite"]["at"] == [0, 99_999]


TRAPS = {
    "wraps": (
        "i,i->",
        [np.full(10, 100, np.int8)] * 2,
        "warning EL751: The true sum 100000 does not fit int8; np.einsum gives -96. Pass dtype=np.int32.",
    ),
    "the smallest": (
        "i,i->",
        [np.array([100, 3], np.uint8), np.array([3, 1], np.uint8)],
        "warning EL751: The true sum 303 does not fit uint8; np.einsum gives 47. Pass dtype=np.int16.",
    ),
    "beyond int64": (
        "i,i->",
        [np.full(2, 2**62)] * 2,
        "warning EL751: The true sum 42535295865117307932921825928971026432 does not fit int64; np.einsum gives 0. "
        "Pass dtype=object.",
    ),
    "unsigned alone": (
        "i->",
        [np.array([2**63 - 1, 5], np.int64)],
        "warning EL751: The true sum 9223372036854775812 does not fit int64; np.einsum gives -9223372036854775804. "
        "Pass dtype=object.",
    ),
    "below zero": (
        "i->",
        [np.array([-100, -100], np.int8)],
        "warning EL751: The true sum -200 does not fit int8; np.einsum gives 56. Pass dtype=np.int16.",
    ),
    "or": (
        "i,i->",
        [np.array([True, True, False])] * 2,
        "warning EL752: 2 of 3 products are true, and bool is added as OR: np.einsum gives True. To count, pass "
        "dtype=np.int64.",
    ),
    "float32 ends": (
        "i,i->",
        [np.array([1e38], np.float32), np.array([10], np.float32)],
        "warning EL751: The true sum 1e+39 does not fit float32, whose largest value is 3.40282e+38; "
        "np.einsum gives inf. Pass "
        "dtype=np.float64.",
    ),
    "a partial sum": (
        "i->",
        [np.array([3e38, 3e38, -3e38], np.float32)],
        "fits float32, but products or partial sums exceed its end, 3.40282e+38; np.einsum gives inf. Pass "
        "dtype=np.float64.",
    ),
    "complex": (
        "i,i->",
        [np.array([3e38 + 3e38j], np.complex64), np.array([10], np.complex64)],
        "does not fit complex64, whose largest value is 3.40282e+38; np.einsum gives (inf+infj). Pass "
        "dtype=np.complex128.",
    ),
    "no dtype holds it": (
        "i,i->",
        [np.array([np.finfo(np.longdouble).max])] * 2,
        "and no wider dtype holds it either. Scale the operands down.",
    ),
    "cancellation": (
        "i->",
        [np.array([1e9, 1.5, -1e9])],
        "warning EL753: The terms cancel: their sizes sum to 2e+09, their sum is 1.5, 1.3e+09 times smaller.",
    ),
    "only rounding is left": (
        "ij->j",
        [np.array([2.0**60, 1, -(2.0**60), -1]).repeat(2).reshape(4, 2)],
        "their true sum is 0. The -1 that np.einsum gives is rounding error of float64 only.",
    ),
    "float16 stands still": (
        "ij->j",
        [np.ones((5000, 2), np.float16)],
        "warning EL754: Adding up in float16 gives 2048; the true sum is 5000: a relative error of 0.59, more than "
        "rounding once explains. Pass dtype=np.float32.",
    ),
}
HEALTHY = {
    "floats": ("i,i->", [np.linspace(0, 1, 999)] * 2),
    "float16": ("i,i->", [np.linspace(0, 1, 999, dtype=np.float16)] * 2),
    "float32": ("ij,j->i", [np.linspace(0, 1, 999, dtype=np.float32).reshape(1, -1), np.ones(999, np.float32)]),
    "exact zero": ("i->", [np.array([1.0, -1.0])]),
    "one true": ("i,i->", [np.array([True, False])] * 2),
    "a copy of booleans": ("i->i", [np.array([True, True])]),
    "integers": ("i,i->", [np.arange(10)] * 2),
    "int8 that fits": ("i->", [np.full(10, 12, np.int8)]),
    "nan": ("i->", [np.array([np.nan, 1e16, 1])]),
    "objects": ("i->", [np.array([2**70, 1], object)]),
    "nothing": ("i->", [np.zeros(0)]),
}


def at_start(expression):
    return None if expression.endswith("->") else (0,)


@pytest.mark.parametrize("name", TRAPS)
def test_traps_are_named(name):
    expression, arrays, sentence = TRAPS[name]
    report = einloop.why(expression, *arrays, at=at_start(expression))
    assert sentence in words(report)


@pytest.mark.parametrize("name", HEALTHY)
def test_healthy_data_has_no_findings(name):
    expression, arrays = HEALTHY[name]
    assert einloop.why(expression, *arrays, at=at_start(expression)).findings == ()


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("count", [10, 1000])
@pytest.mark.parametrize("draw", ["random", "standard_normal"])
def test_random_data_has_no_findings(dtype, count, draw):
    """Fixed seeds: of normally distributed float16 sums, one in a hundred or so does cancel."""
    rng = np.random.default_rng(7)
    for _ in range(5):
        a, b = (getattr(rng, draw)(count).astype(dtype) for _ in range(2))
        assert einloop.why("i,i->", a, b).findings == ()


NUMBERS = {
    "a float": (np.float64(2 / 3), "0.666667", 2 / 3),
    "a whole float": (np.float16(2048), "2048", 2048.0),
    "zero": (np.float64(0), "0", 0.0),
    "minus zero": (np.float64(-0.0), "-0.0", 0.0),
    "nan": (np.float32(np.nan), "nan", "nan"),
    "minus inf": (np.longdouble(-np.inf), "-inf", "-inf"),
    "a long double beyond floats": (np.longdouble("1e400"), "1e+400", "1e+400"),
    "complex": (np.complex64(1 - 2j), "(1-2j)", {"real": 1.0, "imag": -2.0}),
    "a fraction": (Fraction(1, 3), "0.333333", 1 / 3),
    "a huge fraction": (Fraction(10**400, 7), "1.42857e+399", "1.42857e+399"),
    "a tiny fraction": (Fraction(1, 10**400), "1e-400", "1e-400"),
    "an integer": (np.int64(-7), "-7", -7),
    "a long integer": (2**200, "1.60694e+60", 2**200),
    "an integer that Python does not write": (10**5000, "1e+5000", "1e+5000"),
    "a bool": (np.bool_(True), "True", True),
    "a text": ("x" * 99, "x" * 59 + "…", "x" * 59 + "…"),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_as_text_and_facts(name):
    value, text, fact = NUMBERS[name]
    assert values.text(value) == text
    assert values.fact(value) == fact


SIZED = {
    ("ij,jk->ik", (1, 2)): {"i": 2, "j": 3, "k": 4},
    ("ij,jk->ik", (5, -9)): {"i": 6, "j": 3, "k": 9},
    ("...i->...", (4,)): {"...0": 5, "i": 2},
    ("einsum('ij,ik->jk', X, X)", (1, 5)): {"i": 2, "j": 6, "k": 6},
    ("einsum('...i,i...->...', X, X)", (3,)): {"...0": 4, "i": 4},
}


@pytest.mark.parametrize(("text", "at"), SIZED)
def test_sizes_reach_to_the_element(text, at):
    spec = read(text)
    bound, chosen = place.sized(spec, choose_names(spec), at)
    assert {index.label: index.extent for index in bound.indices} == SIZED[text, at]
    assert set(chosen) == set(SIZED[text, at])


LOOPS = {
    "float32, in several totals": (
        ("i->", np.full(1_000_000, 0.1, "f4")),
        "Loops that add one term after the other round to float32 every time: they give 100958.34, a relative error of "
        "0.0096. np.einsum adds in another order and comes closer.",
        100958.34375,
    ),
    "float16 along an outer axis": (
        ("ij->j", np.ones((5000, 2), "f2")),
        "The loops of einloop multiply and add float16 in float64 and round once: they give 5000.",
        5000.0,
    ),
}
LIKE_NUMPY = {
    "float32 along an outer axis": ("ij->j", np.full((1_000_000, 2), 0.1, "f4")),
    "few terms": ("i->", np.full(1000, 0.1, "f4")),
    "float64": ("i->", np.full(1_000_000, 0.1)),
    "float16 in a row": ("ij->i", np.ones((2, 5000), "f2")),
    "int32": ("i->", np.full(1_000_000, 3, "i4")),
    "nan": ("ij->j", np.full((5000, 2), np.nan, "f2")),
    "a view": ("ij->ji", np.full((2, 2), 0.1, "f2")),
}


@pytest.mark.parametrize("name", LOOPS)
@pytest.mark.parametrize("most", [blocks.BLOCK_POINTS, 1000])
def test_what_loops_give_is_told_where_it_differs(name, most):
    (subscripts, array), sentence, value = LOOPS[name]
    report = limited(Limits(block_points=most), subscripts, array, at=(0,) * (array.ndim - 1))
    assert sentence in " ".join(report.show().split())
    assert report.facts["total"]["loops"] == value
    loops = einloop.generate(subscripts, dtypes=[array.dtype.name])
    assert np.ravel(loops.run(array))[0] == np.asarray(value, array.dtype)


@pytest.mark.parametrize("name", LIKE_NUMPY)
def test_what_loops_give_is_not_told_where_np_einsum_does_the_same(name):
    subscripts, array = LIKE_NUMPY[name]
    rank = len(subscripts.split("->")[1])
    report = einloop.why(subscripts, array, at=(0,) * rank)
    assert "loops" not in report.facts["total"]
