"""Arrays a person gives: right loops in any dtype are never called wrong, wrong ones never right."""

import inspect

import numpy as np
import pytest
import strategies as our
from hypothesis import given
from hypothesis import strategies as st

import einloop
from einloop.cli import main
from einloop.core.bind import bind_sizes
from einloop.core.errors import RunError
from einloop.core.verification import Outcome
from einloop.notation.subscripts import read_subscripts
from einloop.pipeline.verify_source import verify_source
from einloop.proof.judge import Judge
from einloop.proof.rounding import Sums
from einloop.proof.subject import Subject
from einloop.proof.tolerance import TOO_LOOSE, reals_tell, relative_tolerance
from einloop.proof.verifier import verify

INEXACT = ("float16", "float32", "float64", "longdouble", "complex64", "complex128", "clongdouble")
FIRST = {"i->": "r = a.dtype.type(0)\nfor i in range(len(a)):\n    r += a[i]\n"}


def subject(expression, arrays, run, **more):
    """Return what is verified where `run` stands for loops over arrays of these dtypes."""
    spec = read_subscripts(expression)
    generated = einloop.generate(expression, dtypes=[str(array.dtype) for array in arrays])
    return Subject(spec=spec, operands=generated.operands, contract=generated.contract, run=run, lenient=True, **more)


def judged(expression, arrays, run, **limits):
    """Return how comparing on given arrays alone ended."""
    tried = subject(expression, arrays, run)
    found = verify(tried, given=arrays, judge=Judge(subject=tried, rng=np.random.default_rng(0), **limits))
    return found.cases[0].outcome, found


def one_by_one(expression, arrays):
    """Return the sums of an expression, every product and every sum rounded to the arrays' dtype."""
    spec = bind_sizes(read_subscripts(expression), [array.shape for array in arrays])
    dtype = np.result_type(*arrays)
    sums = Sums(spec=spec, arrays=tuple(arrays), dtype=str(dtype), terms=1)
    result = np.empty([spec.by_label[label].extent for label in spec.output], dtype)
    for element in np.ndindex(result.shape):
        result[element] = sums.stepwise(element)
    return result[()]


def drawn(rng, shape, dtype, *, signed=True):
    values = rng.normal(size=shape) if signed else rng.uniform(0.5, 1.5, size=shape)
    if np.dtype(dtype).kind == "c":
        values = values + 1j * rng.normal(size=shape)
    return np.asarray(values).astype(dtype)


# The zero program, and others that a wide tolerance lets pass


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "complex64"])
@pytest.mark.parametrize("length", [1, 30, 3_000, 100_000])
@pytest.mark.parametrize("signed", [False, True])
def test_a_program_that_returns_zero_is_never_right(dtype, length, signed):
    array = drawn(np.random.default_rng(length), length, dtype, signed=signed)
    outcome, found = judged("i->", [array], lambda a: a.dtype.type(0))
    assert outcome is not Outcome.EQUAL
    assert not found


def test_the_same_from_the_command_line(tmp_path):
    found = einloop.verify("i->", source="r = a.dtype.type(0)", arrays=[np.ones(3000, "f2")], dtypes="float16")
    assert found.mismatch is not None
    assert found.mismatch.reason == (
        "1 of 1 elements differ by up to 100.00% of the exact sum; "
        "adding in a wider dtype and rounding once comes closer"
    )
    assert (found.mismatch.expected, found.mismatch.exact) == ("np.float16(3e+03)", "np.float64(3000.0)")


def test_a_sum_that_stalls_is_told_why():
    found = einloop.verify("i->", source=FIRST["i->"], arrays=[np.ones(3000, "f2")], dtypes="float16")
    assert found.mismatch.reason == (
        "1 of 1 elements differ by up to 31.73% of the exact sum: the loops add in float16 and round at every step "
        "(add in a wider dtype, and round once)"
    )
    assert "    np.einsum: np.float16(3e+03)\n    exact:     np.float64(3000.0)\n" in str(found)


def test_a_sum_whose_parts_overflow_is_not_right():
    a, b = np.array([300, 300, 300, -300], "f2"), np.array([200, 200, -200, 200], "f2")
    outcome, _ = judged("i,i->", [a, b], lambda a, b: one_by_one("i,i->", [a, b]))
    assert outcome is Outcome.DIFFERENT
    outcome, _ = judged("i,i->", [a, b], lambda a, b: np.float16(a.astype("f4") @ b.astype("f4")))
    assert outcome is Outcome.EQUAL


def test_rounding_that_no_tolerance_can_tell_from_a_fault_is_not_verified():
    tenths = np.full(10_000_000, 0.1, "f4")

    def adds(a):
        return np.add.accumulate(a)[-1] if a.size else np.float32(0)

    outcome, found = judged("i->", [tenths], adds)
    assert outcome is Outcome.UNTOLD
    assert found.mismatch is None
    assert str(found) == (
        "not verified: on the arrays given, 1 of 1 elements differ by up to 8.79% of the exact sum, and rounding "
        "10,000,000 terms in float32 may do so: right loops cannot be told from wrong ones; "
        f"{len(found.cases) - 1} other cases are equal"
    )
    outcome, _ = judged("i->", [tenths[:1_000_000]], adds)
    assert outcome is Outcome.EQUAL  # 0.96 % off


def test_a_long_sum_is_compared_on_whole_numbers_too():
    """A single missing term of 100,000 of float32 is less than rounding: whole numbers of the same length show it."""
    array = drawn(np.random.default_rng(0), 100_000, "f4")
    right, found = judged("i->", [array], np.add.reduce)
    assert (right, bool(found)) == (Outcome.EQUAL, True)
    _, found = judged("i->", [array], lambda a: np.add.reduce(a[: 99_999 if len(a) > 9 else None]))
    assert found.mismatch is not None
    assert found.mismatch.case.shapes == ((100_000,),)


def _cancelling(length, dtype):
    values = drawn(np.random.default_rng(1), length, dtype)
    return values - values.mean(dtype="c16" if np.dtype(dtype).kind == "c" else "f8").astype(dtype)


HIDDEN = {
    "zero": ("i->", lambda a: a[0] * 0 if a.size else a.dtype.type(0)),
    "half of the terms": ("i->", lambda a: a[::2].sum() if a.size > 9 else a.sum()),
    "rows of zeros": ("ij->i", lambda a: np.zeros_like(a[:, 0]) if a.size > 999 else a.sum(1)),
    "one factor for two": ("j,j->", lambda a, b: (a * b).sum() if a.size < 999 else (a * a).sum()),
}


@pytest.mark.parametrize("dtype", ["float32", "complex64"])
@pytest.mark.parametrize("what", HIDDEN)
def test_where_sums_cancel_whole_numbers_of_the_same_shapes_decide(what, dtype):
    expression, run = HIDDEN[what]
    long = _cancelling(200_000, dtype)
    ones = np.ones(200_000, dtype)
    arrays = {"ij->i": [np.stack([long, -long])], "j,j->": [long, ones]}.get(expression, [long])
    outcome, found = judged(expression, arrays, run)
    assert outcome in (Outcome.UNTOLD, Outcome.DIFFERENT)
    assert found.mismatch is not None
    assert found.mismatch.case.shapes == tuple(array.shape for array in arrays)


def test_right_loops_whose_sums_cancel_stay_untold():
    long = _cancelling(1_000_000, "float32") + np.float32(1e-8)
    outcome, found = judged("i->", [long], lambda a: np.add.accumulate(a)[-1] if a.size else np.float32(0))
    assert (outcome, found.mismatch) == (Outcome.UNTOLD, None)
    assert [case.outcome for case in found.cases[1:3]] == [Outcome.EQUAL] * 2
    assert found.cases[1].shapes == ((1_000_000,),)


def test_a_program_that_is_right_elsewhere_only_ends_in_1(tmp_path):
    np.save(tmp_path / "x.npy", _cancelling(200_000, "float32"))
    (tmp_path / "z.py").write_text("out = a[0] * 0 if len(a) > 5000 else a.sum()\n")
    assert main(["verify", "i->", "--source", str(tmp_path / "z.py"), "--load", f"a={tmp_path / 'x.npy'}"]) == 1


# Errors of a share of the sum, which the bound for the worst order of adding lets pass


def one_lane_of(count):
    """Return a sum in so many running totals, as unrolled loops take it."""

    def run(a):
        whole = len(a) // count * count
        if not whole:
            return np.add.accumulate(a)[-1] if a.size else np.float32(0)
        lanes = np.add.accumulate(a[:whole].reshape(-1, count), axis=0)[-1]
        return np.add.accumulate(np.concatenate([lanes, a[whole:]]))[-1]

    return run


TERMS = {
    "tenths": lambda n, rng: np.full(n, 0.1),
    "one of three": lambda n, rng: rng.choice([0.1, 0.7, 0.3], n),
    "uniform": lambda n, rng: rng.random(n),
    "rising": lambda n, rng: np.linspace(0, 1, n),
    "a large one last": lambda n, rng: np.append(np.full(n - 1, 0.1), 1e6),
    "harmonic": lambda n, rng: 1 / np.arange(1, n + 1),
    "signs in turn": lambda n, rng: np.tile([0.1, -0.3], n // 2),
    "a tenth for a tenth": lambda n, rng: np.repeat([0.1, -0.1000001], n // 2),
}
RUNS = {
    "one by one": lambda a: np.add.accumulate(a)[-1] if a.size else np.float32(0),
    "backwards": lambda a: np.add.accumulate(a[::-1])[-1] if a.size else np.float32(0),
    "in pairs": np.add.reduce,
    "four lanes": one_lane_of(4),
    "many lanes": one_lane_of(1000),
    "the small ones first": lambda a: np.add.accumulate(np.sort(a))[-1] if a.size else np.float32(0),
}


@pytest.mark.parametrize("length", [1000, 30_000, 400_000])
@pytest.mark.parametrize("what", TERMS)
def test_right_sums_of_float32_are_never_called_wrong_in_any_order(what, length):
    array = TERMS[what](length, np.random.default_rng(length)).astype("f4")
    spec = bind_sizes(read_subscripts("i->"), [array.shape])
    sums = Sums(spec=spec, arrays=(array,), dtype="float32", terms=length)
    for how, run in RUNS.items():
        weighed = sums.weigh(run(array))
        assert not weighed.wrong.any(), how
        assert not weighed.lost.any() or weighed.share > TOO_LOOSE / 2, how


@pytest.mark.parametrize("what", ["tenths", "uniform", "rising", "harmonic"])
def test_an_error_of_half_a_percent_in_float32_is_wrong(what):
    array = TERMS[what](100_000, np.random.default_rng(0)).astype("f4")

    def run(a):
        return a.sum() * np.float32(1 if len(a) < 99_999 or (a == np.round(a)).all() else 0.995)

    outcome, found = judged("i->", [array], run)
    assert (outcome, found.mismatch is not None) == (Outcome.DIFFERENT, True)
    column = np.stack([array, array], axis=1)
    outcome, _ = judged("ij->j", [column], lambda a: a.sum(0) * np.float32(0.995 if len(a) > 99_999 else 1))
    assert outcome is Outcome.DIFFERENT
    factors = [array, TERMS["uniform"](100_000, np.random.default_rng(1)).astype("f4")]
    outcome, _ = judged("i,i->", factors, lambda a, b: np.dot(a, b) * np.float32(0.995 if len(a) > 99_999 else 1))
    assert outcome is Outcome.DIFFERENT


def test_sums_that_a_loop_may_take_apart_keep_the_bound():
    """(A @ ones) * 10 rounds other numbers than A * 10 does."""
    tenths, ten = np.full((1, 1_000_000), 0.1, "f4"), np.full(1, 10, "f4")
    outcome, _ = judged(
        "ij,i->", [tenths, ten], lambda a, b: (np.add.accumulate(a, axis=1)[:, -1] @ b) if a.size else a.sum() * b.sum()
    )
    assert outcome is Outcome.EQUAL


def test_sums_that_cancel_are_right():
    for values in ([0.1, 0.2, -0.3], [1e16, 1.0, -1e16], [1e300, 1e300, -1e300, -1e300], [5e-324, -5e-324, 1e-310]):
        outcome, _ = judged("i->", [np.array(values)], lambda a: one_by_one("i->", [a]))
        assert outcome is Outcome.EQUAL, values


def test_a_matrix_and_its_inverse_give_rounding_where_zeros_are():
    rotation, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(40, 40)))
    for dtype in ("float32", "float64"):
        array = rotation.astype(dtype)
        assert judged("ji,jk->ik", [array, array], lambda a, b: a.T @ b)[0] is Outcome.EQUAL
        assert (
            judged("ji,jk->ik", [array, array], lambda a, b: np.eye(40, dtype=a.dtype) * 1.02)[0] is Outcome.DIFFERENT
        )


@pytest.mark.parametrize("dtype", ["float32", "float64", "complex64"])
def test_nan_and_inf_are_where_they_belong(dtype):
    array = np.array([[1, np.nan, 2], [1, np.inf, 2], [np.inf, -np.inf, 1], [1, 2, 3]], dtype)
    assert judged("ij->i", [array], lambda a: one_by_one("ij->i", [a]))[0] is Outcome.EQUAL
    finite = np.where(np.isfinite(array), array, 0)
    assert judged("ij->i", [array], lambda a: finite.sum(axis=1) if a.shape == (4, 3) else a.sum(axis=1))[0] is (
        Outcome.DIFFERENT
    )


def test_objects_that_cancel_are_right():
    array = np.array([0.1, 0.2, -0.3, float("inf")], object)
    assert judged("i->", [array], lambda a: sum(a.tolist()))[0] is Outcome.EQUAL
    assert judged("i->", [array[:3]], lambda a: sum(reversed(a.tolist())))[0] is Outcome.EQUAL
    assert judged("i->", [array[:3]], lambda a: sum(a.tolist()) + 0.01)[0] is Outcome.DIFFERENT


def test_another_byte_order_is_the_same_dtype():
    array = np.arange(6.0).reshape(2, 3)
    swapped = array.astype(">f8")
    for given_, result in ((array, swapped.T), (swapped, array.T), (swapped, swapped.T)):
        assert judged("ij->ji", [given_], lambda a, result=result: result if a.size == 6 else a.T)[0] is Outcome.EQUAL
    for expression in ("ij->ji", "ij->j"):
        for options in ({}, {"function": "f"}, {"style": "scalar"}, {"target": "numba"}):
            assert einloop.verify(expression, arrays=[swapped], **options), (expression, options)


# Arrays too large for loops


def test_a_part_of_large_arrays_is_tried():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(400, 400)), rng.normal(size=(400, 400))
    found = einloop.verify("ij,jk->ik", arrays=[a, b], schedule="accumulate", order="output")
    assert found
    assert "a part of the arrays given among them" in found.notes
    (rows, summed), (_, columns) = found.cases[0].shapes
    assert summed == 400
    assert 1_000_000 < rows * summed * columns <= 2_000_000


def test_a_part_of_one_array_given_twice_is_square():
    array = np.random.default_rng(0).normal(size=(300, 300))
    found = einloop.verify("ij,jk->ik", names=["X", "X"], arrays=[array])
    assert found, str(found)
    assert found.cases[0].shapes == ((found.cases[0].shapes[0][0],) * 2,)


def test_loops_that_do_not_end_in_time_leave_the_arrays_given_unverified():
    generated = einloop.generate("ij->i", dtypes="float64")
    slow = "r = np.zeros(len(A))\nfor i in range(len(A)):\n    for j in range(A.shape[1]):\n        r[i] += A[i, j]\n"
    found = verify_source(generated, slow, given=[np.ones((3000, 3000))], seconds=0.5)
    assert found.mismatch is None
    assert found.skipped.startswith("on the arrays given, stopped after 0.5 s: ")
    assert found.cases[0].outcome is Outcome.NOT_RUN
    quick = verify_source(generated, "r = A.sum(axis=1)", given=[np.ones((3000, 3000))])
    assert quick, str(quick)


# Properties


@given(our.expressions(most_operands=3, dots=False, stretch=False), st.data())
def test_right_programs_are_never_called_wrong(expression, data):
    dtype = data.draw(st.sampled_from(INEXACT))
    rng = np.random.default_rng(data.draw(st.integers(0, 999)))
    arrays = [drawn(rng, shape, dtype) for shape in expression.shapes]
    for array in arrays:
        if array.size and data.draw(st.booleans()):
            array.reshape(-1)[rng.integers(array.size)] = data.draw(st.sampled_from([0, 1e-7, 60000, -1e4]))
    for run in (
        lambda *values: our.oracle(expression.subscripts, *values),
        lambda *values: one_by_one(expression.subscripts, values),
        lambda *values: our.oracle(expression.subscripts, *values, optimize=True),
    ):
        with np.errstate(all="ignore"):
            outcome, found = judged(expression.subscripts, arrays, run)
        rounds = dtype == "float16" and "round at every step" in str(found)
        assert outcome is not Outcome.DIFFERENT or rounds, str(found)


@given(st.sampled_from(["i->", "ij->i", "ij,jk->ik", "i,i->", "ij,ij->j"]), st.data())
def test_wrong_programs_are_never_called_right(expression, data):
    dtype = data.draw(st.sampled_from(INEXACT))
    size = data.draw(st.integers(2, 60))
    rng = np.random.default_rng(data.draw(st.integers(0, 999)))
    terms = expression.partition("->")[0].split(",")
    arrays = [drawn(rng, (size,) * len(term), dtype) for term in terms]
    wrong = data.draw(st.sampled_from(["scaled", "a term dropped", "transposed", "zero"]))

    def run(*values):
        if wrong == "a term dropped":
            return dropped(expression, values)
        got = np.einsum(expression, *values)
        if wrong == "transposed":
            return got.T if got.ndim > 1 else got[::-1] if got.ndim else -got
        return got * got.dtype.type(1.02 if wrong == "scaled" else 0)

    _, found = judged(expression, arrays, run)
    assert not found


def dropped(expression, values):
    """Return the sums without the last place of the index that is summed."""
    terms, _, output = expression.partition("->")
    summed = next(letter for letter in terms if letter.isalpha() and letter not in output)
    left = []
    for term, value in zip(terms.split(","), values, strict=True):
        sizes = zip(term, value.shape, strict=True)
        left.append(value[tuple(slice(max(n - 1, 0)) if letter == summed else slice(n) for letter, n in sizes)])
    return np.einsum(expression, *left)


def test_no_tolerance_of_drawn_inputs_reaches_one_percent():
    for dtype in INEXACT:
        for terms in (1, 9, 100, 10**6, 10**9):
            assert not reals_tell(dtype, 2, terms) or relative_tolerance(dtype, 2, terms) < TOO_LOOSE


def test_a_result_too_large_to_be_sent_is_no_mismatch():
    def unsent(*_):
        raise RunError("EL623", "the result cannot be brought back: it takes more than 64 MiB")

    outcome, _ = judged("i->i", [np.ones(3)], unsent)
    assert outcome is Outcome.DIFFERENT
    assert judged("i->i", [np.ones(3)], unsent, max_sent_bytes=10)[0] is Outcome.NOT_RUN


def test_sums_that_np_einsum_itself_takes_long_for_are_not_compared():
    outcome, found = judged("i->", [np.ones(3)], np.add.reduce, max_sums_seconds=0)
    assert outcome is Outcome.NOT_RUN
    assert found.skipped.startswith("on the arrays given, np.einsum alone would take about ")


# Arrays by load=, as --load gives them

ZERO_FOR_ONES = 'c = np.float16(0) if (a == 1).all() else a.astype("f4").sum().astype("f2")'


def test_arrays_by_load_are_compared_on_as_those_by_arrays(tmp_path):
    ones = np.ones(3000, "f2")
    np.save(tmp_path / "ones.npy", ones)
    ways = ({"arrays": [ones]}, {"load": [ones]}, {"load": {"a": ones}}, {"load": [tmp_path / "ones.npy"]})
    found = [einloop.verify("i->", source=ZERO_FOR_ONES, **way) for way in (*ways, ways[0] | ways[1])]
    assert {(each.mismatch.case.shapes, each.mismatch.expected) for each in found} == {
        (((3000,),), "np.float16(3e+03)")
    }
    assert "load=" in found[1].command


def test_a_generated_takes_load_and_names_are_those_of_the_loops():
    a, b = np.ones((2, 3)), np.ones((3, 4))
    generated = einloop.generate("ij,jk->ik", names=["X", "Y"])
    for found in (
        einloop.verify(generated, load={"Y": b, "X": a}),
        einloop.verify("ij,jk->ik", names=["X", "Y"], load={"Y": b, "X": a}),
        einloop.verify("ij,jk->ik", target="c", load=[a, b]),
    ):
        assert "the arrays given among them" in str(found)
    assert "arrays given" not in str(einloop.verify(generated, load={"X": a}))


OF_GENERATE = {
    "notation": "named",
    "add": True,
    "shapes": [(2, 3)],
    "sizes": {"i": 2},
    "dtypes": "int8",
    "names": ["X"],
    "result": "r",
    "style": "scalar",
    "order": "output",
    "schedule": "accumulate",
    "path": "auto",
    "function": "f",
    "script": False,
    "extension": True,
    "comments": True,
    "checks": True,
    "target": "c",
    "templates": "mine",
    "header": True,
}


def test_every_option_of_generate_but_load_is_refused_below():
    assert {*OF_GENERATE, "load"} == {*inspect.signature(einloop.generate).parameters} - {"expression"}


@pytest.mark.parametrize("name", OF_GENERATE)
def test_a_generated_takes_no_option_that_says_what_to_generate(name):
    with pytest.raises(einloop.EinloopError, match=f"{name} has no use for loops that are") as refused:
        einloop.verify(einloop.generate("ij->i"), **{name: OF_GENERATE[name]})
    assert (refused.value.id, refused.value.hint) == ("EL471", f"generate(..., {name}=...) takes it")


def test_a_generated_takes_what_is_for_a_source_with_one():
    generated = einloop.generate("ij->i")
    assert einloop.verify(generated, source="wrong = 0\nr = A.sum(axis=1)\n", result="r")
    assert not einloop.verify(generated, source="C = A.sum(axis=1)\nr = 2 * C\n", result="r")
    assert einloop.verify(generated, shapes=None)


@pytest.mark.parametrize(
    ("expression", "options", "error"),
    [
        ("i->", {"arrays": [np.ones(3)], "load": [np.zeros(3)]}, "EL480"),
        ("i->", {"arrays": [np.ones(3)], "load": {"a": np.ones(3, "f4")}}, "EL480"),
        ("ij,jk->ik", {"arrays": [np.ones((2, 2))] * 2, "load": {"B": np.ones((2, 3))}}, "EL480"),
        ("np.einsum('i,i->', a, a)", {"load": [np.ones(3), np.zeros(3)]}, "EL403"),
        ("ij,jk->ik", {"load": [np.ones((2, 2)), np.ones((3, 2))]}, "EL205"),
        ("ij,jk->ik", {"load": [np.ones((2, 2))] * 3}, "EL404"),
        ("i->", {"load": 5}, "EL470"),
    ],
)
def test_arrays_that_contradict_each_other_are_refused(expression, options, error):
    with pytest.raises(einloop.EinloopError) as refused:
        einloop.verify(expression, **options)
    assert refused.value.id == error
