"""`einloop bench`: what is counted, who takes part, what the page says. No figure is asserted that a clock gave."""

import io
import json
import os
import re
import subprocess
import sys
from functools import partial
from itertools import count, pairwise
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest

import einloop
from einloop import cli
from einloop.core.console import ERASE
from einloop.core.errors import EinloopError, OptionError
from einloop.core.options import Options
from einloop.core.progress import ProgressLine
from einloop.core.report import Report, Section
from einloop.core.roofline import Bound, Peaks, Roofline, Work
from einloop.measure import host, peaks, rivals
from einloop.measure.contest import Contest, contest
from einloop.measure.peaks import measure_peaks
from einloop.measure.timing import Timing, interleave, ratio
from einloop.pipeline import bench as benching
from einloop.pipeline import bench_page, bench_request, contestants
from einloop.pipeline.bench import bench
from einloop.pipeline.bench_request import BenchRequest, targets_of
from einloop.pipeline.expression import read_spec
from einloop.pipeline.page import render, shown
from einloop.pipeline.problem import problem_of, shrunk_sizes, work_of
from einloop.targets.target import runnable_targets
from einloop.views.catalogue import load_catalogue
from einloop.views.roofline import apart, plot_of
from einloop.views.text import write_text

ROOT = Path(einloop.__file__).parent.parent
PEAKS = Peaks(bandwidth=1e10, gemm=5e10)
SIZES = {"i": 3, "j": 4, "k": 5}
KNOWN = SimpleNamespace(calls={}, peaks=lambda timings: PEAKS)
THREADS = "hint: a number from 1 to 1024"
QUICK = {"seconds": 30, "rounds": 2, "peaks": lambda dtype: KNOWN}


class Clock:
    """Time that passes only where somebody says so."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def takes(self, seconds, calls=None, name=""):
        def call():
            self.now += seconds
            if calls is not None:
                calls.append(name)

        return call


def measured(expression="ij,jk->ik", sizes=SIZES, dtype=None, targets=("python",), **more):
    options = Options(sizes=sizes, dtypes=() if dtype is None else ((None, dtype),))
    return shown(bench(expression, options, BenchRequest(targets=targets, **{**QUICK, **more})))


def among(*rivals):
    """Return what says that these take part."""
    return lambda problem: rivals


def sized(expression, size):
    return dict.fromkeys(sorted({*"ijk"} & set(expression.replace("einsum", "").replace("python", ""))), size)


def names(report):
    return [one["name"] for one in report.facts["times"]["contestants"]]


# Timing


def test_rounds_alternate_their_order():
    clock, calls = Clock(), []
    work = {name: clock.takes(1, calls, name) for name in "ab"}
    found = interleave(work, 3, clock)
    assert "".join(calls) == "abbaab"
    assert found["a"].rounds == (1, 1, 1)


def test_work_may_take_part_in_some_rounds_only():
    clock, calls, told = Clock(), [], []
    work = {name: clock.takes(1, calls, name) for name in "ab"}
    found = interleave(work, 4, clock, told.append, {"b": 3})
    assert "".join(calls) == "abaaba"
    assert (len(found["a"].rounds), len(found["b"].rounds), told) == (4, 2, [1, 2, 3, 4])


def test_a_ratio_has_the_middle_half_of_the_rounds():
    found = ratio(Timing(rounds=(2.0, 4.0, 6.0)), Timing(rounds=(1.0, 1.0, 1.0)))
    assert (found.minima, found.medians, found.low, found.middle, found.high) == (2, 4, 3, 4, 5)


def test_the_middle_ratio_lies_between_its_quartiles_where_that_of_the_minima_does_not():
    found = ratio(Timing(rounds=(1.0, 6.0, 6.0, 6.0)), Timing(rounds=(1.0, 2.0, 2.0, 2.0)))
    assert (found.minima, found.low, found.middle, found.high) == (1, 2.5, 3, 3)
    for rounds in ((0.1,), (0.1,) * 3, (0.7, 0.1, 0.3), (1e-9, 3e-9, 7e-9, 1.1e-9)):
        found = ratio(Timing(rounds=rounds), Timing(rounds=(0.3,) * len(rounds)))
        assert found.low <= found.middle <= found.high


def test_short_calls_are_repeated():
    clock = Clock()
    found = contest({"short": clock.takes(1e-6), "long": clock.takes(0.01)}, rounds=4, seconds=10, clock=clock)
    assert found.timings["short"].minimum == pytest.approx(1e-6)
    assert found.timings["long"].minimum == pytest.approx(0.01)
    assert [len(one.rounds) for one in found.timings.values()] == [4, 4]
    assert found.ratio("long", "short").medians == pytest.approx(1e4)


def test_the_budget_gives_long_calls_fewer_rounds():
    clock = Clock()
    calls = {"quick": clock.takes(0.01), "slow": clock.takes(1.0)}
    found = contest(calls, rounds=12, seconds=5, clock=clock)
    assert found.rounds == len(found.timings["quick"].rounds) == 12
    assert len(found.timings["slow"].rounds) == 4
    assert found.ratio("slow", "quick").minima == pytest.approx(100)
    assert clock.now < 5 + 2 * 1.1


def test_the_budget_leaves_the_slowest_out():
    clock = Clock()
    calls = {"quick": clock.takes(0.01), "slow": clock.takes(1.0), "slowest": clock.takes(2.0)}
    found = contest(calls, rounds=10, seconds=4, clock=clock)
    assert list(found.timings) == ["quick", "slow"]
    assert found.too_slow == {"slowest": pytest.approx(2.0)}
    alone = contest({"slow": clock.takes(5.0)}, rounds=10, seconds=1, clock=clock)
    assert len(alone.timings["slow"].rounds) == 3
    everyone = contest(calls, rounds=10, seconds=4, drop=False, clock=clock)
    assert list(everyone.timings) == list(calls)


def test_a_clock_that_stands_still_ends_nothing():
    found = contest({"a": lambda: None}, rounds=2, seconds=1, clock=lambda: 0.0)
    assert found.timings["a"].rounds == (0.0, 0.0)


def test_who_fails_is_left_out_with_the_reason():
    clock, left = Clock(), iter(range(30))

    def tires():
        clock.now += 1
        if next(left) > 2:
            raise MemoryError("no room")

    def fails():
        raise ValueError("never")

    calls = {"fine": clock.takes(1), "tires": tires, "fails": fails}
    found = contest(calls, rounds=9, seconds=99, clock=clock)
    assert list(found.timings) == ["fine"]
    assert {name: str(error) for name, error in found.failed.items()} == {"fails": "never", "tires": "no room"}
    with pytest.raises(ValueError, match="never"):
        contest({"fails": fails}, rounds=9, seconds=99, clock=clock, drop=False)


def test_what_runs_beside_shares_the_rounds_and_costs_no_place():
    clock, ran = Clock(), []
    calls = {"quick": clock.takes(0.01, ran, "q"), "slow": clock.takes(1.0, ran, "s")}
    beside = {"peak": clock.takes(50.0, ran, "p")}
    found = contest(calls, rounds=4, seconds=5, beside=beside, clock=clock)
    assert found.too_slow == {}
    assert found.timings["peak"].rounds == pytest.approx((50.0,) * 4)
    assert "".join(ran[-6:]) in {"qspqsp", "qsppsq", "psqqsp"}
    many = contest({"quick": clock.takes(0.01)}, rounds=90, seconds=99, beside=beside, clock=clock)
    assert (len(many.timings["quick"].rounds), len(many.timings["peak"].rounds)) == (90, 15)


def interrupted(after):
    """Return a call that somebody interrupts when it has run so often."""
    left = iter(range(after))

    def call():
        if next(left, None) is None:
            raise KeyboardInterrupt

    return call


def test_an_interrupt_keeps_whole_rounds_where_that_is_asked_for():
    ticks = count()
    clock = lambda: float(next(ticks))  # noqa: E731
    found = contest({"a": lambda: None, "b": interrupted(4)}, rounds=9, seconds=999, keep=True, clock=clock)
    assert (found.stopped, found.rounds) == (True, 3)
    assert [len(one.rounds) for one in found.timings.values()] == [3, 3]
    assert found.ratio("a", "b").middle == 1
    for after, keep in ((4, False), (1, True), (0, True)):  # nobody asked; the first round; before it
        with pytest.raises(KeyboardInterrupt):
            contest({"a": lambda: None, "b": interrupted(after)}, rounds=9, seconds=999, keep=keep, clock=clock)


# The machine


def test_the_environment_gives_blas_its_threads_and_its_own_kernel():
    given = {"OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_L2_SIZE": "1", "HOME": "/h", "OMP_NUM_THREADS": "9"}
    assert host.environment(2, given) == {"HOME": "/h", **dict.fromkeys(host.THREADS, "2")}


def test_the_environment_of_a_program_that_has_numpy_stays_as_it_is():
    given = {"HOME": "/h", "OMP_NUM_THREADS": "9"}
    assert host.prepare(2, given) is False
    assert given == {"HOME": "/h", "OMP_NUM_THREADS": "9"}


def test_the_environment_of_a_new_process_is_set():
    program = (
        "from einloop.measure import host; given = {'OMP_NUM_THREADS': '9'}\n"
        "assert host.prepare(2, given) and given['OMP_NUM_THREADS'] == '2'"
    )
    subprocess.run([sys.executable, "-c", program], check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})


def test_threads_of_blas_are_put_back():
    with host.blas_threads(1) as told:
        pass
    assert told in (True, False)


def test_peaks_are_positive_and_only_blas_has_products():
    small = {"extent": 8, "size": 4096}
    found = measure_peaks("float32", **small)
    assert found.bandwidth > 0
    assert found.gemm > 0
    assert measure_peaks("int32", **small).gemm is None


def test_the_better_of_two_peaks_counts():
    assert Peaks(bandwidth=1.0, gemm=4.0).best(Peaks(bandwidth=2.0, gemm=3.0)) == Peaks(bandwidth=2.0, gemm=4.0)
    assert Peaks(bandwidth=1.0).best(Peaks(bandwidth=0.5)) == Peaks(bandwidth=1.0)


# The roofline


@pytest.mark.parametrize(
    ("operations", "bound", "attainable", "seconds"),
    [(100, Bound.MEMORY, 1e10, 1e-8), (500, Bound.ARITHMETIC, 5e10, 1e-8), (1000, Bound.ARITHMETIC, 5e10, 2e-8)],
)
def test_the_lower_roof_counts(operations, bound, attainable, seconds):
    roofline = Roofline(work=Work(operations=operations, bytes=100), peaks=PEAKS)
    assert (roofline.ridge, roofline.bound) == (5.0, bound)
    assert (roofline.attainable, roofline.seconds) == (pytest.approx(attainable), pytest.approx(seconds))


def test_without_a_product_there_is_one_roof():
    roofline = Roofline(work=Work(operations=1000, bytes=10), peaks=Peaks(bandwidth=1e10))
    assert (roofline.ridge, roofline.bound, roofline.attainable) == (None, Bound.MEMORY, 1e12)
    assert Work(operations=0, bytes=0).intensity == 0


@pytest.mark.parametrize(
    ("expression", "sizes", "dtype", "operations", "size"),
    [
        ("ij,jk->ik", SIZES, "float64", 2 * 60, 8 * (12 + 20 + 15)),
        ("ij,jk->ik", SIZES, "complex64", 8 * 60, 8 * (12 + 20 + 15)),
        ("ij->ji", {"i": 3, "j": 4}, "int8", 0, 24),
        ("ii->", {"i": 3}, "float64", 3, 8 * (3 + 1)),
        ("i,j->ij", {"i": 3, "j": 4}, "float32", 12, 4 * (3 + 4 + 12)),
        ("ij,k->k", SIZES, "float64", 12 + 5, 8 * (12 + 5 + 5)),
        ("ij,jk,kl->il", {**SIZES, "l": 2}, "float64", 2 * (4 * 5 * 2 + 3 * 4 * 2), 8 * (12 + 20 + 10 + 6)),
        ("...i,...i->...", {}, "float64", 2 * 24, 8 * (24 + 24 + 6)),
        ("ij,jk->ik", {"i": 0, "j": 4, "k": 5}, "float64", 0, 8 * 20),
    ],
)
def test_work_is_that_of_loops_written_by_hand(expression, sizes, dtype, operations, size):
    shapes = ((None, (2, 3, 4)), (None, (2, 3, 4))) if "..." in expression else ()
    spec = read_spec(expression, Options(sizes=sizes, shapes=shapes))
    extents = {index.label: index.extent for index in spec.indices}
    found = work_of(spec, extents, (dtype,) * len(spec.operands))
    assert (found.operations, found.bytes) == (operations, size)


def test_a_small_problem_keeps_the_short_extents():
    assert shrunk_sizes({"i": 2, "j": 1000}, 100) == {"i": 2, "j": 50}
    assert shrunk_sizes({"i": 2, "j": 3}, 100) == {"i": 2, "j": 3}
    assert shrunk_sizes({"i": 0, "j": 1000}, 10) == {"i": 0, "j": 1000}
    assert shrunk_sizes({}, 10) == {}


# Who takes part


def test_everyone_is_timed_and_the_page_says_so():
    report = measured()
    found = names(report)
    assert found[:3] == ["python", "np.einsum", "np.einsum(optimize=True)"]
    assert found[-1] == "A @ B"
    facts = report.facts["times"]
    assert facts["fastest_target"] == "python"
    assert facts["fastest_rival"] in found
    assert facts["contestants"][0]["ratio"] == 1
    page = str(report)
    assert page.startswith("ij,jk->ik\n\nTimes\npython takes ")
    assert "memory is the limit: the roofs meet at 5." in page
    assert re.search(r"^  operations +120$", page, re.MULTILINE)
    assert re.search(r"^  BLAS gemm peak +50\.0 GF/s$", page, re.MULTILINE)


@pytest.mark.parametrize(
    ("expression", "sizes", "line"),
    [
        ("ij,kj->ik", SIZES, "A @ B.T"),
        ("ij->ji", {"i": 3, "j": 4}, "A.T"),
        ("abcd,cdef->abef", dict.fromkeys("abcdef", 2), "np.tensordot(A, B, axes=2)"),
    ],
)
def test_the_same_without_einsum_is_a_rival(expression, sizes, line):
    assert line in names(measured(expression, sizes))


@pytest.mark.parametrize(
    ("expression", "line"),
    [
        ("ij->i", "A.sum(axis=1)"),
        ("ij->", "A.sum()"),
        ("ij,ij->", "(A * B).sum()"),
        ("ijk,ij->k", "np.tensordot(A, B, axes=([0, 1], [0, 1]))"),
        ("ii->i", "A.diagonal()"),
        ("ii->", "A.trace()"),
        ("ij->ij", "A.copy()"),
        ("np.einsum('ij->ij', python)", "python.copy()"),
        ("i,j->ij", "np.outer(a, b)"),
    ],
)
def test_every_line_of_numpy_runs(expression, line):
    report = measured(expression, sized(expression, 3))
    assert {"python", "np.einsum"} <= set(names(report))
    assert "left_out" not in report.facts
    assert names(report)[-1] == line or line not in names(report)
    assert len(names(report)) == 7 - (names(report)[-1] == "torch.einsum")


def test_a_line_finds_what_methods_look_for():
    array = np.arange(6.0).reshape(2, 3)
    for code in (
        "A.sum()",
        "A.mean(axis=0)",
        "A.max()",
        "A.std()",
        "A.astype(complex).prod()",
        "len(A) * A",
        "np.ptp(A)",
    ):
        call = rivals.evaluation(code, {"A": array}).prepare("", ())
        assert np.array_equal(call(), eval(code, {"np": np, "A": array}))


def test_one_target_alone_is_measured():
    report = measured(rivals=among())
    assert names(report) == ["python"]
    assert "Nothing but einloop's" in str(report) or "python takes" in str(report)


def test_results_are_contiguous_and_nobody_elses():
    array = np.arange(6.0).reshape(2, 3)
    for call in (lambda: array.T, lambda: array, lambda: array + 1, lambda: np.asfortranarray(array + 1)):
        timed, _ = rivals.contiguous(call, [array])
        result = np.asarray(timed())
        assert result.flags.c_contiguous
        assert not np.may_share_memory(result, array)
        assert np.array_equal(result, call())


def test_torch_too_gives_contiguous_results():
    torch = pytest.importorskip("torch")
    array = np.arange(6.0).reshape(2, 3)
    timed, values = rivals.contiguous(lambda: torch.from_numpy(array).T, [array])
    assert timed().is_contiguous()
    assert np.array_equal(values, array.T)
    complexes = array + 1j
    timed, values = rivals.contiguous(lambda: torch.from_numpy(complexes).conj(), [complexes])
    assert np.array_equal(values, complexes.conj())


@pytest.mark.parametrize("dtype", ["float32", "int8", "bool", "complex128", "float16", "object"])
def test_every_dtype_is_measured_or_left_out_by_name(dtype):
    report = measured(dtype=dtype)
    out = report.facts.get("left_out", {"reasons": {}, "wrong_targets": []})
    assert {"python", "np.einsum"} <= {*names(report), *out["reasons"]}
    assert "np.einsum" in names(report)
    assert out["wrong_targets"] == []


def test_several_operands_an_ellipsis_and_a_stretched_axis():
    assert "np.einsum" in names(measured("ij,jk,kl->il", {**SIZES, "l": 2}))
    options = Options(shapes=((None, (2, 1, 4)), (None, (2, 3, 4))))
    report = bench("...i,...i->...", options, BenchRequest(targets=("python",), **QUICK))
    assert {"python", "np.einsum"} <= set(names(report))


def test_a_pasted_call_on_one_array_is_timed_on_two():
    report = measured("np.einsum('ij,jk->ik', a, a)", {"i": 3, "j": 3, "k": 3})
    assert report.subject == "np.einsum('ij,jk->ik', a, a)"
    assert "np.einsum" in names(report)


def test_a_wrong_target_is_reported_and_not_timed():
    def broken(subscripts, **how):
        return lambda *arrays, **more: np.einsum(subscripts, *arrays) + 1

    report = measured(compiled=broken)
    assert "python" not in names(report)
    out = report.facts["left_out"]
    assert (out["wrong"], out["wrong_targets"]) == (["python"], ["python"])
    assert "wrong: 15 of 15 elements differ" in str(report)
    assert str(report).splitlines()[3] == "No target of einloop was timed."
    assert "ratio" not in report.facts["times"]["contestants"][0]


def test_a_wrong_rival_is_reported_and_not_timed():
    wrong = rivals.Rival(name="broken", prepare=lambda subscripts, arrays: lambda: np.zeros((3, 5)))
    other = rivals.Rival(name="other dtype", prepare=lambda s, arrays: lambda: np.einsum(s, *arrays).astype("f4"))
    report = measured(rivals=among(*rivals.RIVALS, wrong, other))
    assert report.facts["left_out"]["wrong"] == ["broken", "other dtype"]
    assert report.facts["left_out"]["wrong_targets"] == []
    assert "dtype float32, np.einsum gives float64" in str(report)


def test_long_sums_of_short_floats_are_still_compared():
    def broken(subscripts, **how):
        return lambda *arrays, **more: np.einsum(subscripts, *arrays) * np.float16(1.25)

    report = measured("i,i->", {"i": 5000}, "float16", compiled=broken)
    assert report.facts["left_out"]["wrong_targets"] == ["python"]


def test_a_library_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setitem(sys.modules, "opt_einsum", None)
    report = measured()
    assert report.facts["left_out"]["reasons"] == {
        "opt_einsum.contract": "missing",
        "opt_einsum expression": "missing",
        "torch.einsum": "missing",
    }
    assert re.search(r"^  torch.einsum +torch is not installed$", str(report), re.MULTILINE)


def test_a_library_that_refuses_is_named():
    def refuse(subscripts, arrays):
        raise RuntimeError("not for you\nand a second line")

    report = measured(rivals=among(rivals.NUMPY, rivals.Rival(name="shy", prepare=refuse)))
    assert re.search(r"^  shy +RuntimeError: not for you$", str(report), re.MULTILINE)


def test_what_would_take_too_long_is_not_run():
    report = measured("ij,jk->ik", {"i": 40, "j": 40, "k": 40}, seconds=1e-9)
    reasons = report.facts["left_out"]["reasons"]
    assert (reasons["python"], reasons["np.einsum"]) == ("slow", "slow")
    assert names(report)  # the fastest is timed whatever the budget
    assert report.facts["times"]["reference"] == "np.einsum(optimize=True)"
    assert "one call would take about " in str(report)


def test_a_target_that_cannot_run_is_named(monkeypatch):
    monkeypatch.setenv("CC", "none-such")
    report = measured(targets=("c", "python"))
    assert re.search(r"^  c +there is no C compiler here$", str(report), re.MULTILINE)
    assert names(report)[0] == "python"


def test_targets_that_all_cannot_run_are_refused_before_anything_is_measured(monkeypatch):
    monkeypatch.setenv("CC", "none-such")
    prepared = []
    rival = rivals.Rival(name="waiting", prepare=lambda *_: prepared.append(1))
    with pytest.raises(OptionError) as caught:
        measured(targets=("c",), rivals=among(rival))
    assert str(caught.value) == (
        "error EL464: none of the targets can run here: c: there is no C compiler here\n"
        "hint: install gcc or clang, or set CC"
    )
    assert not prepared


def test_the_usual_targets_are_those_there_are():
    assert set(targets_of(BenchRequest(), Options())) <= set(runnable_targets())
    assert targets_of(BenchRequest(targets=("python", "python")), Options()) == ("python",)


def test_the_clock_may_be_anothers():
    ticks = count()
    report = measured(clock=lambda: float(next(ticks)))
    assert {one["median"] for one in report.facts["times"]["contestants"]} == {1.0}


def test_a_rival_that_fails_in_the_contest_is_named():
    left = iter(range(3))

    def tires(subscripts, arrays):
        def call():
            if next(left, None) is None:
                raise MemoryError("no room")
            return np.einsum(subscripts, *arrays)

        return call

    report = measured(rivals=among(rivals.NUMPY, rivals.Rival(name="tires", prepare=tires)))
    assert re.search(r"^  tires +MemoryError: no room$", str(report), re.MULTILINE)
    assert "tires" not in names(report)


# The roof against what was measured


def page_with(speeds, peaks, cache=0, **more):
    """Return the page of contestants with these times in seconds, below these peaks."""
    timings = {name: Timing(rounds=(seconds,)) for name, seconds in speeds.items()}
    found = Contest(timings=timings, rounds=1, every=dict.fromkeys(speeds, 1), too_slow={}, **more)
    everyone = tuple(contestants.Contestant(name=name, ours=name == "c", call=lambda: None) for name in speeds)
    measured = bench_page.Measured(
        everyone=everyone, found=found, roofline=Roofline(work=Work(operations=1000, bytes=100), peaks=peaks),
        threads=1, seconds=1.0, reference="np.einsum", dtypes=("float64",), empty=False, cache=cache,
    )  # fmt: skip
    return shown(bench_page.page_of("ij,jk->ik", measured))


SLOW_GEMM, SLOW_COPY = Peaks(bandwidth=1e9, gemm=1e9), Peaks(bandwidth=1e7, gemm=1e12)


@pytest.mark.parametrize(
    ("speeds", "peaks", "cache", "passed", "sentence"),
    [
        ({"c": 2e-6, "A @ B": 3e-6}, SLOW_GEMM, 0, None, "what fits in a cache may pass the roof."),
        (
            {"c": 5e-7, "A @ B": 8e-7, "np.einsum": 3e-6},
            SLOW_GEMM,
            10**9,
            "gemm",
            "The roof is too low: c and A @ B computed up to 2.0 GF/s, and the BLAS product in the same rounds only "
            "1.0 GF/s. Percentages above 100 % come from that.",
        ),
        (
            {"c": 5e-6, "A @ B": 2e-6},
            SLOW_COPY,
            0,
            "copy",
            "The roof is too low: A @ B and c moved up to 0.1 GB/s, and the copy in the same rounds only 0.0 GB/s. "
            "Percentages above 100 % come from that.",
        ),
        (
            {"c": 5e-6, "A @ B": 2e-5},
            SLOW_COPY,
            2 * 10**6,
            "cache",
            "c passed the roof: the 100 bytes fit in the caches (2 MB), and the bandwidth is that of arrays beyond "
            "them.",
        ),
    ],
)
def test_who_passes_the_roof_is_said(speeds, peaks, cache, passed, sentence):
    report = page_with(speeds, peaks, cache)
    assert report.facts["roofline"]["passed"] == passed
    assert bool(report.facts["roofline"]["above"]) == (passed is not None)
    assert sentence in str(report).replace("\n", " ")
    for format in ("markdown", "html", "latex"):
        assert ("too low" in report.show(format)) == (passed in ("gemm", "copy"))
    drawing = report.show("svg")
    assert ("Points above the roof" in drawing) == (passed is not None)
    if passed is not None:
        assert "上限より上の点" in report.show("svg", "ja")


def test_a_page_of_rounds_that_were_interrupted_says_so():
    report = page_with({"c": 1e-6}, SLOW_GEMM, stopped=True)
    assert "It was interrupted after 1 round." in str(report)
    assert report.facts["times"]["stopped"] is True
    assert '"stopped": true' in report.show("json")


def test_peaks_are_measured_in_the_rounds_of_the_contest(monkeypatch):
    ran = []
    yard = peaks.Yardsticks(calls={peaks.COPY: lambda: ran.append(1)}, copied=64, operations=0)
    report = measured(dtype="int8", rounds=4, peaks=lambda dtype: yard)
    assert len(ran) == 4
    assert report.facts["roofline"]["bandwidth"] > 0
    assert peaks.COPY not in names(report)


@pytest.mark.parametrize("expression", ["ij,jk->ik", "ij->j", "ij,ij->"])
def test_an_empty_problem_claims_nothing(expression):
    sizes = sized(expression, 0)
    report = measured(expression, sizes)
    assert "Nothing is computed: an extent is 0." in str(report)
    for one in report.facts["times"]["contestants"]:
        assert one["operations_per_second"] == 0
    with pytest.raises(OptionError, match="nothing is computed, an extent is 0"):
        measured(expression, sizes, drawn=True)
    nothing = str(measured("ij,jk->ik", {"i": 0, "j": 0, "k": 0}))
    assert "0.00 %" not in nothing
    assert "least time" not in nothing


# Refusals


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda: measured(sizes={"i": 3}),
            "error EL460: no size is known for 'j', 'k': nothing can be measured\nhint: give --sizes j=64,k=64",
        ),
        (
            lambda: measured("...i->...i", {}),
            "error EL460: no size is known for the axes of '...', 'i': nothing can be measured\n"
            "hint: give shapes: -s 64x64",
        ),
        (
            lambda: measured("ij->i", {"i": 10**9, "j": 10**9}),
            "error EL461: the operands take 8,000,000 TB and the result 8 GB; to measure them takes more memory than "
            "the 1 GB that are free\n"
            "hint: smaller sizes can be measured",
        ),
        (lambda: measured(rounds=0), "error EL462: 0 rounds: at least 1"),
        (lambda: measured(threads=-1), "error EL462: -1 threads: at least 1"),
        *(
            (
                lambda seconds=seconds: measured(seconds=seconds),
                f"error EL462: expected more than 0 and at most 31,536,000 seconds, got {shown_as}",
            )
            for seconds, shown_as in [
                (float("nan"), "nan"),
                (float("inf"), "inf"),
                (1e308, "1e+308"),
                (10**25, str(10**25)),
                (0, "0"),
                (-1.0, "-1.0"),
            ]
        ),
        *(
            (lambda threads=threads: measured(threads=threads), f"error EL479: threads={threads}\n{THREADS}")
            for threads in (1025, 3_000_000_000, 10**23, True)
        ),
        (
            lambda: einloop.bench("ij->i", sizes=SIZES, targets=["python"], threads=True),
            f"error EL479: threads=True\n{THREADS}",
        ),
        (
            lambda: measured("ij->ji", {"i": 3, "j": 4}, drawn=True),
            "error EL463: there is no roofline to draw: nothing is computed, elements are moved\n"
            "hint: leave --plot out",
        ),
        (
            lambda: measured(dtype="int8", drawn=True),
            "error EL463: there is no roofline to draw for int8: BLAS has no product whose speed would be the roof\n"
            "hint: one of float32, float64, complex64, complex128",
        ),
        (
            lambda: einloop.explain("ij->i").show("svg"),
            "error EL463: there is no roofline to draw in this report\nhint: einloop bench EXPR measures one",
        ),
    ],
)
def test_refusals(monkeypatch, call, text):
    monkeypatch.setattr("einloop.pipeline.problem.free_memory", lambda: 10**9)
    with pytest.raises(OptionError) as caught:
        call()
    assert str(caught.value) == text


def test_an_unknown_target_is_refused():
    with pytest.raises(EinloopError, match="there is no target 'fortran'"):
        measured(targets=("fortran",))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"targets": "python"}, "targets is a str: 'python'"),
        ({"targets": [3]}, "each of targets is an int: 3"),
        ({"rounds": 2.5}, "rounds is a float: 2.5"),
        ({"seconds": "1"}, "seconds is a str: '1'"),
    ],
)
def test_values_of_the_wrong_type_are_refused(more, message):
    with pytest.raises(OptionError) as caught:
        einloop.bench("ij->i", sizes={"i": 2, "j": 2}, **more)
    assert caught.value.message == message


# The command


@pytest.fixture
def command(monkeypatch, capsys):
    """Run the command in this process, with peaks that nobody measured; return exit code, output and complaints.

    `more` of the request may be another than the command asks for.
    """
    monkeypatch.setattr(host, "prepare", lambda threads: True)

    def run(*words, **more):
        known = {"peaks": lambda dtype: KNOWN, **more}
        monkeypatch.setattr(bench_request, "BenchRequest", lambda **asked: BenchRequest(**{**asked, **known}))
        code = cli.main(["bench", *words])
        out, err = capsys.readouterr()
        return SimpleNamespace(code=code, out=out, err=err)

    return run


USUAL = ("ij,jk->ik", "-s", "3x4", "-s", "4x5", "--targets", "python", "--seconds", "30", "--rounds", "2")


def test_the_command_prints_a_page(command):
    done = command(*USUAL)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("ij,jk->ik\n\nTimes\npython takes ")
    assert "2 interleaved rounds on one thread." in done.out


def test_json_holds_the_figures(command):
    done = command(*USUAL, "--json")
    data = json.loads(done.out)
    assert data["kind"] == "bench"
    facts = {section["id"]: section["facts"] for section in data["sections"]}
    assert set(facts) >= {"times", "ready", "roofline", "machine"}
    for one in facts["times"]["contestants"]:
        assert set(one) == {
            "name", "ours", "minimum", "rounds", "median", "operations_per_second", "bytes_per_second", "of_roof",
            "ratio", "ratio_low", "ratio_high",
        }  # fmt: skip
    assert set(facts["ready"]) == {"python"}
    assert facts["roofline"]["operations"] == 120
    assert facts["roofline"]["bound"] == "memory"
    assert facts["times"]["dtypes"] == ["float64", "float64"]


@pytest.mark.parametrize("format", ["markdown", "html", "latex", "comment"])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_format_and_language(command, format, lang):
    done = command(*USUAL, "--format", format, "--lang", lang)
    assert (done.code, done.err) == (0, "")
    assert "python" in done.out


def test_a_wrong_target_ends_in_1(command):
    done = command(*USUAL, compiled=lambda *_, **__: lambda *arrays: np.zeros((3, 5)))
    assert done.code == 1
    assert "wrong: 15 of 15 elements differ" in done.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["ij", "--plot", "a.png"],
            "error EL465: --plot 'a.png': the drawing is SVG\nhint: a name that ends in .svg\n",
        ),
        (["ij", "--plot", ""], "error EL465: --plot '': the drawing is SVG\nhint: a name that ends in .svg\n"),
        (["ij", "--result", "C"], "error EL471: bench has no use for --result\n"),
        (["ij", "--targets", ","], "error EL474: --targets ',' names no target\nhint: like c,python\n"),
        (["ij", "--threads", "0"], "error EL462: 0 threads: at least 1\n"),
        (["ij", "--threads", "3000000000"], f"error EL479: threads=3000000000\n{THREADS}\n"),
        (["ij", "--threads", str(10**23)], f"error EL479: threads={10**23}\n{THREADS}\n"),
    ],
)
def test_wrong_words_end_in_2(command, words, message):
    done = command(*words)
    assert (done.code, done.out, done.err) == (2, "", message)


def test_no_target_that_runs_ends_in_2(command, monkeypatch):
    monkeypatch.setenv("CC", "none-such")
    done = command(*USUAL[:5], "--targets", "c")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error EL464: none of the targets can run here: c: there is no C compiler here\n")
    done = command(*USUAL[:5], "--targets", "c,python", *USUAL[7:])
    assert (done.code, done.err) == (0, "")
    assert re.search(r"^  c +there is no C compiler here$", done.out, re.MULTILINE)


@pytest.mark.parametrize("option", ["--plot", "-o"])
def test_a_file_that_cannot_be_written_is_found_out_first(command, monkeypatch, tmp_path, option):
    monkeypatch.setattr(benching, "bench", lambda *_: pytest.fail("it was measured"))
    there = tmp_path / "folder.svg"
    there.mkdir()
    missing = tmp_path / "no"
    for path, reason in ((missing / "a.svg", f"there is no folder {str(missing)!r}"), (there, "Is a directory")):
        done = command(*USUAL, option, str(path))
        assert (done.code, done.out) == (2, "")
        assert done.err == f"error EL412: {str(path)!r} cannot be written: {reason}\n"


@pytest.mark.parametrize(("option", "suffix"), [("--plot", "svg"), ("-o", "md")])
def test_a_measurement_that_fails_leaves_files_as_they_were(command, monkeypatch, tmp_path, option, suffix):
    def fail(*_):
        raise OptionError("EL461", "too large")

    monkeypatch.setattr(benching, "bench", fail)
    old, new, link = (tmp_path / f"{name}.{suffix}" for name in ("old", "new", "link"))
    old.write_text("kept")
    link.symlink_to(tmp_path / f"nothing.{suffix}")
    for path in (old, new, link):
        assert command(*USUAL, option, str(path)).err == "error EL461: too large\n"
    assert old.read_text() == "kept"
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"link.{suffix}", f"old.{suffix}"]


def test_help_says_what_a_ratio_is(capsys):
    with pytest.raises(SystemExit):
        cli.main(["bench", "--help"])
    assert "the median of all rounds" in capsys.readouterr().out


def test_an_interrupt_in_the_rounds_shows_what_was_measured(command):
    left = iter(range(8_000))

    def broken_off(subscripts, *arrays):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return np.einsum(subscripts, *arrays)

    broken = rivals.Rival(name="broken off", prepare=lambda s, arrays: partial(broken_off, s, *arrays))
    done = command(*USUAL[:7], "--seconds", "1000", "--rounds", "100000", rivals=among(broken))
    assert done.code == 130
    assert "It was interrupted after " in done.out
    assert done.err == "interrupted\n"


def test_an_interrupt_before_the_rounds_ends_at_once(command):
    def interrupt(*_):
        raise KeyboardInterrupt

    done = command(*USUAL, rivals=among(rivals.Rival(name="broken off", prepare=interrupt)))
    assert (done.code, done.out, done.err) == (130, "", "interrupted\n")


@pytest.mark.parametrize(
    ("expression", "sizes", "dtype"),
    [("i,j->ij", "i=1000000,j=1000000", "float64"), ("ij->i", "i=10000000,j=10000000", "int8"),
     ("i->", "i=100000000000", "complex64")],
)  # fmt: skip
def test_arrays_too_large_for_the_memory_are_refused_in_one_line(command, monkeypatch, expression, sizes, dtype):
    monkeypatch.setattr("einloop.pipeline.problem.random_arrays", lambda *_: pytest.fail("something was drawn"))
    done = command(expression, "--sizes", sizes, "--dtype", dtype)
    assert (done.code, done.out) == (2, "")
    assert re.fullmatch(r"error EL461: the operands take .*B and the result .*B; to .*\nhint: .*\n", done.err)


def test_memory_that_runs_out_on_the_way_is_one_line(command, monkeypatch):
    def full(*_, **__):
        raise MemoryError("Unable to allocate 9 GiB")

    monkeypatch.setattr(benching, "reference", full)
    assert command(*USUAL).err.startswith("error EL461: the operands take 256 B and the result 120 B; ")
    monkeypatch.setattr(benching, "bench", full)
    assert command(*USUAL).err == "error EL468: this takes more memory than there is: Unable to allocate 9 GiB\n"


@pytest.mark.parametrize("columns", [40, 60, 80, 100])
def test_the_page_keeps_to_the_columns_of_a_terminal(command, columns):
    report = page_with({"c": 1e-6, "np.einsum(optimize=True)": 2e-6, "(A[:, None] * B).sum(axis=(1, 2))": 3e-6}, PEAKS)
    text = write_text(report, load_catalogue("en"), columns)
    assert max(len(line) for line in text.splitlines() if line.startswith("  ")) <= columns
    assert len(re.findall(r"^  contestant ", text, re.MULTILINE)) == (1 if columns >= 80 else 2 if columns == 60 else 3)
    assert "\n  np.einsum(optimize=True)" in text


def test_a_loaded_array_gives_its_shape(command, tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((3, 4), "float32"))
    done = command("ij->i", "--load", str(tmp_path / "a.npy"), *USUAL[5:], "--json")
    assert json.loads(done.out)["sections"][0]["facts"]["dtypes"] == ["float32"]


def child(*words, **more):
    return subprocess.Popen(
        [sys.executable, "-m", "einloop", "bench", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


def test_a_reader_that_went_away_is_no_trouble():
    read, write = os.pipe()
    os.close(read)
    process = child(*USUAL, stdout=write)
    os.close(write)
    _, err = process.communicate()
    assert (process.returncode, err) == (141, "")


def test_no_progress_where_no_terminal_is():
    stream = io.StringIO()
    with ProgressLine(stream) as progress:
        progress.tell("measuring: round 1 of 2")
    assert stream.getvalue() == ""


def test_progress_is_one_line_that_goes_away():
    stream = io.StringIO()
    stream.isatty = lambda: True
    with ProgressLine(stream) as progress:
        progress.tell("checking np.einsum")
        progress.tell(f"checking {'A @ ' * 40}A")
    assert stream.getvalue() == f"{ERASE}checking np.einsum{ERASE}{('checking ' + 'A @ ' * 40)[:79]}{ERASE}"


# The drawing

SVG = "{http://www.w3.org/2000/svg}"


def drawn(command, tmp_path, *more):
    path = tmp_path / "roof.svg"
    assert command(*USUAL, "--plot", str(path), *more).code == 0
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_drawing_is_svg_with_a_point_for_everyone(command, tmp_path, lang):
    text = drawn(command, tmp_path, "--lang", lang)
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    labels = [element.text for element in root.iter(f"{SVG}text")]
    circles = list(root.iter(f"{SVG}circle"))
    points = [label for label in labels if label.endswith("GF/s") and ": " in label]
    assert len(circles) == len(points) + 2  # and the two of the legend
    assert any(label.startswith("python: ") for label in points)
    assert root.find(f"{SVG}title").text == labels[0]
    assert "prefers-color-scheme: dark" in text
    assert not re.search(r"href|url\(|@import|src=|<script", text)


def test_the_drawing_says_how_high_the_roofs_are(command, tmp_path):
    text = drawn(command, tmp_path)
    assert "copy 10.0 GB/s" in text
    assert "BLAS gemm peak 50.0 GF/s" in text
    assert "Roofline of ij,jk-&gt;ik" in text


def facts_of(speeds, intensity=1.0):
    everyone = [{"name": f"n{k}", "operations_per_second": v, "ours": k == 0} for k, v in enumerate(speeds)]
    return {"operations": 1, "bandwidth": 1e10, "gemm": 5e10, "intensity": intensity}, everyone


@pytest.mark.parametrize("intensity", [1e-4, 0.1, 5.0, 300.0])
@pytest.mark.parametrize("speeds", [[1e9], [1e9] * 12, [1e3, 1e10, 2e10, 6e10]])
def test_labels_stand_apart_and_inside(speeds, intensity):
    drawing = plot_of(*facts_of(speeds, intensity))
    heights = [point.label_y for point in drawing.points]
    assert all(b - a >= 20 - 1e-9 for a, b in pairwise(heights))
    assert all(64 <= point.y <= 456 for point in drawing.points)
    assert 76 <= drawing.at <= 520
    assert all(76 <= x <= 520 and 64 <= y <= 456 for x, y in drawing.roof)
    assert min(heights) >= 64 or len(heights) > 19
    assert max(heights) <= 456


def test_labels_that_do_not_fit_still_stand_apart():
    heights = apart([50.0] * 5, 20.0, 0.0, 60.0)
    assert [b - a for a, b in pairwise(heights)] == [20.0] * 4


def test_nothing_in_the_drawing_is_taken_for_markup():
    facts, everyone = facts_of([1e9])
    everyone[0]["name"] = '<b a="1">&'
    report = Report(
        kind="bench",
        subject="</title><x>&\x00",
        sections=(
            Section(id="times", parts=(), facts={"contestants": everyone}),
            Section(id="roofline", parts=(), facts=facts),
            Section(id="machine", parts=(), facts={"machine": "<m>"}),
        ),
    )
    root = ElementTree.fromstring(render(report, "svg", "en"))
    assert not list(root.iter(f"{SVG}x"))
    assert any((element.text or "").startswith('<b a="1">&: ') for element in root.iter(f"{SVG}text"))


def test_times_have_units():
    texts = [bench_page.seconds_text(t) for t in (2e-10, 9.99e-9, 1e-6, 0.25, 70.0)]
    assert texts == ["0.20 ns", "9.99 ns", "1.00 µs", "250 ms", "70.0 s"]


def test_the_arrays_are_the_same_every_time():
    spec = read_spec("ij->i", Options(sizes={"i": 2, "j": 3}))
    first, second = (problem_of(spec, Options()).arrays[0] for _ in range(2))
    assert np.array_equal(first, second)
