"""The search over labels: complete, counted right, in the order of its points; and how values are compared."""

from fractions import Fraction
from itertools import islice, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einloop.analysis.find import BestFirst, Candidate, Sample, count, how_many, missing, unique
from einloop.analysis.find.apart import distinct, fits, one_length
from einloop.analysis.find.closest import ClosestDifference
from einloop.analysis.find.factor import means, written
from einloop.analysis.find.search import CROSSED, DIAGONAL, INWARD, KEPT, LONE, SPREAD, TURNED, UNRELATED
from einloop.analysis.find.values import ValueLimits, try_values


def sample(operands, result):
    return Sample(operands=tuple(operands), result=tuple(result))


def every(example):
    """Return every expression that fits, by trying all labels for all axes."""
    lengths = example.lengths
    found = set()
    for labels in product(range(len(lengths)), repeat=len(lengths)):
        if any(label > max(labels[:place], default=-1) + 1 for place, label in enumerate(labels)):
            continue
        known = {}
        if any(known.setdefault(x, n) != n for x, n in zip(labels, lengths, strict=True)):
            continue
        for output in permutations(known, len(example.result)):
            if tuple(known[x] for x in output) == example.result:
                rest = iter(labels)
                found.add((tuple(tuple(islice(rest, len(shape))) for shape in example.operands), output))
    return found


def points(terms, output):
    """Return the points of an expression as the documentation of the constants says, counted from the whole."""
    labels = list(dict.fromkeys(x for term in terms for x in term))
    holders = {x: [p for p, term in enumerate(terms) if x in term] for x in labels}
    total = sum(DIAGONAL * (term.count(x) - 1) for term in terms for x in set(term))
    total += sum(LONE for x in labels if sum(term.count(x) for term in terms) == 1 and x not in output)
    total += sum(TURNED for a, x in enumerate(output) for y in output[a:] if x > y)
    total += sum(KEPT for x in output if len(holders[x]) > 1)
    total += sum(SPREAD * max(0, len(holders[x]) - 2) for x in labels)
    for p, term in enumerate(terms):
        firsts = list(dict.fromkeys(term))
        old = [x for x in firsts if holders[x][0] < p]
        total += sum(CROSSED for a, x in enumerate(old) for y in old[a:] if x > y)
    for x in labels:
        if x not in output and len(holders[x]) > 1:
            one, other = terms[holders[x][0]], terms[holders[x][1]]
            after, before = one[one.index(x) + 1 :], other[: other.index(x)]
            total += INWARD * any(y not in other for y in after)
            total += INWARD * any(y not in one for y in before)
    groups = []
    for term in terms:
        touching = [group for group in groups if group & set(term)]
        groups = [group for group in groups if not group & set(term)]
        groups += [set(term).union(*touching)] if term else []
    return total + UNRELATED * max(0, len(groups) - 1)


SMALL = [
    ([(2, 3), (3, 4)], (2, 4)),
    ([(4, 4), (4, 4)], (4, 4)),
    ([(4, 4)], (4,)),
    ([(4, 4, 4)], ()),
    ([(2, 4, 4), (2, 4)], (2, 4)),
    ([(4, 4), (4,), (4,)], (4,)),
    ([(2, 3), (2, 3), (2, 3)], (2,)),
    ([(), (3,)], (3,)),
    ([()], ()),
    ([(4, 4, 4), (4, 4)], (4, 4, 4)),
    ([(1, 4), (1, 4)], (4, 1)),
    ([("B", "L"), ("L", "B")], ("B",)),
    ([(0, 2), (2, 0)], (2, 2)),
]


@pytest.mark.parametrize(("operands", "result"), SMALL, ids=str)
def test_everything_that_fits_is_found_once_and_counted(operands, result):
    example = sample(operands, result)
    found = [(one.terms, one.output) for one in BestFirst(example)]
    assert len(found) == len(set(found)) == count(example)
    assert set(found) == every(example)


@pytest.mark.parametrize(("operands", "result"), SMALL, ids=str)
def test_the_order_is_that_of_the_points_which_are_those_of_the_whole(operands, result):
    found = list(BestFirst(sample(operands, result)))
    assert [one.points for one in found] == sorted(one.points for one in found)
    assert [one.points for one in found] == [points(one.terms, one.output) for one in found]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_example_is_searched_whole_and_in_order(data):
    shapes = st.lists(st.sampled_from([2, 3]), max_size=3).map(tuple)
    operands = data.draw(st.lists(shapes, min_size=1, max_size=3).filter(lambda found: sum(map(len, found)) <= 7))
    result = data.draw(st.permutations([n for shape in operands for n in shape]).map(lambda n: tuple(n[:3])))
    example = sample(operands, result)
    found = list(BestFirst(example))
    assert len(found) == count(example)
    assert [one.points for one in found] == sorted(points(one.terms, one.output) for one in found)


FIRST = [
    ([(2, 3), (3, 4)], (2, 4), ["ij,jk->ik", "ij,kl->il"]),
    ([(4, 4), (4, 4)], (4, 4), ["ij,jk->ik", "ij,ik->jk", "ij,kj->ik"]),
    ([(100, 4, 4), (100, 4)], (100, 4), ["ijk,ik->ij", "ijk,ij->ik"]),
    ([(4, 4), (4,)], (4,), ["ij,j->i", "ij,i->j"]),
    ([(4,), (4,)], (), ["i,i->", "i,j->"]),
    ([(4,), (4,)], (4, 4), ["i,j->ij", "i,j->ji"]),
    ([(4,), (4,)], (4,), ["i,i->i"]),
    ([(3, 4)], (4, 3), ["ij->ji"]),
    ([(4, 4)], (4, 4), ["ij->ij", "ij->ji"]),
    ([(4, 4)], (4,), ["ij->i", "ij->j", "ii->i"]),
    ([(4, 4)], (), ["ii->", "ij->"]),
    ([(3, 4)], (3,), ["ij->i"]),
    ([(3, 4), (3, 4)], (), ["ij,ij->"]),
    ([(4, 4), (4, 4)], (), ["ij,ij->", "ij,ji->"]),
    ([(8, 2, 3), (8, 3, 5)], (8, 2, 5), ["ijk,ikl->ijl"]),
    ([("B", "H", "L", "D"), ("B", "H", "M", "D")], ("B", "H", "L", "M"), ["ijkl,ijml->ijkm"]),
    ([(32, 10), (20, 10)], (32, 20), ["ij,kj->ik"]),
    ([(3, 4, 5), (4, 6), (5, 6)], (3, 6), ["ijk,jl,kl->il"]),
    ([(3, 2), (4, 2), (5, 2)], (3, 4, 5), ["ij,kj,lj->ikl"]),
    ([(2, 3), (3, 4), (4, 5), (5, 6)], (2, 6), ["ij,jk,kl,lm->im"]),
    ([(3,), (3, 3), (3,)], (), ["i,ij,j->"]),
    ([(4, 4)] * 4, (4, 4), ["ij,jk,kl,lm->im"]),
    ([(), (3, 4)], (3, 4), [",ij->ij"]),
    ([(2, 3, 4, 5), (4, 5, 6, 7)], (2, 3, 6, 7), ["ijkl,klmn->ijmn"]),
    ([(2, 3, 4, 5, 6, 7)], (7, 6, 5, 4, 3, 2), ["ijklmn->nmlkji"]),
    ([(0, 3), (3, 0)], (0, 0), ["ij,jk->ik"]),
]


@pytest.mark.parametrize(("operands", "result", "wanted"), FIRST, ids=str)
def test_what_comes_first(operands, result, wanted):
    assert [one.subscripts for one in islice(BestFirst(sample(operands, result)), len(wanted))] == wanted


def test_an_index_on_its_own_and_a_diagonal_come_later():
    found = [one.subscripts for one in BestFirst(sample([(4, 4), (4, 4)], (4, 4)))]
    assert found.index("ij,ji->ij") < found.index("ij,kj->ij") < found.index("ii,jk->jk")


def test_a_search_that_is_cut_says_so_and_gives_what_it_has():
    search = BestFirst(sample([(3,) * 6, (3,) * 6], (3,) * 6), 20_000)
    found = list(search)
    assert search.stopped
    assert [one.points for one in found] == [points(one.terms, one.output) for one in found] != []
    assert len({(one.terms, one.output) for one in found}) == len(found)
    whole = BestFirst(sample([(2, 3), (3, 4)], (2, 4)))
    assert len(list(whole)) == 2
    assert not whole.stopped


GAPS = [
    ([(2, 3)], (7,), [(7, (0,), 0, ())]),
    ([(2, 3)], (2, 2), [(2, (0, 1), 1, ())]),
    ([(2, 3)], (6,), [(6, (0,), 0, ((0, 0), (0, 1)))]),
    ([(2,), (3,)], (6, 5), [(6, (0,), 0, ((0, 0), (1, 0))), (5, (1,), 0, ())]),
    ([(2, 3)], (2, 1), [(1, (1,), 0, ())]),
    ([("B",)], ("C",), [("C", (0,), 0, ())]),
    ([(2, 3)], (3, 2), []),
]


@pytest.mark.parametrize(("operands", "result", "wanted"), GAPS, ids=str)
def test_why_nothing_fits(operands, result, wanted):
    found = missing(sample(operands, result))
    assert [(gap.extent, gap.axes, gap.offered, gap.factors) for gap in found] == wanted
    assert (count(sample(operands, result)) == 0) == bool(wanted)


def test_further_lengths_tell_apart_what_they_can():
    first, second, third = islice(BestFirst(sample([(9, 4, 4), (9, 4)], (9, 4))), 3)
    better = distinct(first, ("A", "B")).sample
    assert [fits(one, better) for one in (first, second, third)] == [True, False, True]
    assert [one.extent for one in one_length(sample([(9, 4, 4), (9, 4)], (9, 4)), [first, second, third])] == [4]


FACTORS = [
    (0.5, 1e-15, (), ("", "2")),
    (1 / 3, 1e-12, (), ("", "3")),
    (2 / 3, 1e-12, (), ("2", "3")),
    (-1.0, 1e-15, (), ("-1", "")),
    (1e6, 1e-12, (), ("1000000", "")),
    (1 / 30, 1e-12, (5, 6), ("", "30")),
    (1 / 512, 1e-12, (), ("", "512")),
    (0.123, 1e-12, (), ("0.123", "")),
    (np.pi, 1e-12, (), ("3.14159265359", "")),
    (1e-200, 1e-12, (), ("1e-200", "")),
    (Fraction(-3, 7), 0.0, (), ("-3", "7")),
    (2j, 1e-12, (), ("2j", "")),
    (1 - 2j, 1e-12, (), ("(1-2j)", "")),
    (complex(2, 1e-17), 1e-12, (), ("2", "")),
]


@pytest.mark.parametrize(("value", "precision", "lengths", "wanted"), FACTORS, ids=str)
def test_how_a_factor_is_written(value, precision, lengths, wanted):
    found = written(value, precision, lengths)
    assert (found.before, found.under) == wanted
    text = f"{found.before or 1} / {found.under or 1}"
    assert eval(text) == pytest.approx(complex(value) if isinstance(value, complex) else float(value), rel=1e-11)


def test_a_mean_is_told_by_its_lengths():
    assert means(written(1 / 20, 1e-12, (4, 5)), {"i": 4, "j": 5}) == ("i", "j")
    assert means(written(1 / 5, 1e-12), {"i": 4, "j": 5}) == ("j",)
    assert means(written(3 / 5, 1e-12), {"i": 4, "j": 5}) == ()


rng = np.random.default_rng(11)
M, N = rng.normal(size=(4, 4)), rng.normal(size=(4, 4))
WHOLE, OTHER = rng.integers(-9, 9, (3, 4)), rng.integers(-9, 9, (4, 5))
BYTES, MORE = WHOLE.astype("i1"), OTHER.astype("i1")
LOGIC, MASK = rng.integers(0, 2, (3, 4)) > 0, rng.integers(0, 2, (4, 5)) > 0
NAN, INF = M.copy(), M.copy()
NAN[1, 2], INF[0, 3] = np.nan, -np.inf
SINGLE, HALF = M.astype("f4"), M.astype("f2")
HUGE = np.array([2**62, 2**61, 3])


def tried(arrays, result, **limits):
    arrays, result = [np.asarray(array) for array in arrays], np.asarray(result)
    example = sample([array.shape for array in arrays], result.shape)
    return try_values(BestFirst(example), arrays, result, ValueLimits(**limits))


def shown(found):
    factor = found.factor
    return (found.candidate.subscripts, factor and (factor.before, factor.under), found.cast)


with np.errstate(all="ignore"):
    VALUES = [
        ("floats", [M, N], M @ N, [("ij,jk->ik", None, None)]),
        ("transposed", [M, N], (N @ M).T, [("ij,ki->jk", None, None)]),
        ("hadamard", [M, N], M * N.T, [("ij,ji->ij", None, None)]),
        ("sum of one axis", [M], M.sum(0), [("ij->j", None, None)]),
        ("diagonal", [M], np.diag(M), [("ii->i", None, None)]),
        ("a lone axis", [M, N], M.sum(1)[:, None] * N, [("ij,ik->ik", None, None)]),
        ("a mean", [M], M.mean(1), [("ij->i", ("", "4"), None)]),
        ("a mean of all", [M, N], (M * N).mean(), [("ij,ij->", ("", "16"), None)]),
        ("a factor", [M, N], 0.1 * M @ N, [("ij,jk->ik", ("", "10"), None)]),
        ("minus", [M, N], -M @ N, [("ij,jk->ik", ("-1", ""), None)]),
        ("numbers", [np.float64(3), M], 3 * M, [(",ij->ij", None, None)]),
        ("float32", [SINGLE, SINGLE[::-1]], SINGLE @ SINGLE[::-1], [("ij,jk->ik", None, None)]),
        ("float16", [HALF, HALF[::-1]], HALF @ HALF[::-1], [("ij,jk->ik", None, None)]),
        ("float32 of doubles", [M, N], (M @ N).astype("f4"), [("ij,jk->ik", None, None)]),
        ("integers", [WHOLE, OTHER], WHOLE @ OTHER, [("ij,jk->ik", None, None)]),
        ("thrice", [WHOLE, OTHER], 3 * (WHOLE @ OTHER), [("ij,jk->ik", ("3", ""), None)]),
        ("halves", [WHOLE, OTHER], (WHOLE @ OTHER) / 2, [("ij,jk->ik", ("", "2"), None)]),
        ("wrapped bytes", [BYTES, MORE], BYTES @ MORE, [("ij,jk->ik", None, None)]),
        ("wide bytes", [BYTES, MORE], WHOLE @ OTHER, [("ij,jk->ik", None, "int64")]),
        ("bytes as floats", [BYTES, MORE], (WHOLE @ OTHER) * 1.0, [("ij,jk->ik", None, "float64")]),
        ("logic", [LOGIC, MASK], LOGIC @ MASK, [("ij,jk->ik", None, None)]),
        ("counted", [LOGIC, MASK], LOGIC.astype(int) @ MASK, [("ij,jk->ik", None, "int64")]),
        ("nan", [NAN, N], NAN @ N, [("ij,jk->ik", None, None)]),
        ("inf", [INF, N], INF @ N, [("ij,jk->ik", None, None)]),
        ("inf doubled", [INF, N], 2 * (INF @ N), [("ij,jk->ik", ("2", ""), None)]),
        ("complex", [M + 1j * N, N], 2j * ((M + 1j * N) @ N), [("ij,jk->ik", ("2j", ""), None)]),
        ("wraps in 64 bits", [HUGE, HUGE], (HUGE * HUGE).sum(), [("i,i->", None, None)]),
        ("uint64", [HUGE.astype("u8"), np.array([1, 2, 1], "u8")], np.uint64(2**63 + 3), [("i,i->", None, None)]),
        ("sums that overflow", [1e300 * M], np.array([np.inf, -np.inf, np.inf, 1.0]), []),
        ("near the end", [1e153 * M, 1e153 * N], (1e153 * M) @ (2e153 * N), [("ij,jk->ik", ("2", ""), None)]),
        ("tiny", [1e-150 * M, 1e-150 * N], 3e-300 * (M @ N), [("ij,jk->ik", ("3", ""), None)]),
        ("none", [M, N], np.exp(M @ N), []),
        ("not twice one number", [WHOLE[0], OTHER[:, 0]], WHOLE[0] @ OTHER[:, 0] + 1, []),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arrays", "result", "wanted"), [case[1:] for case in VALUES], ids=[case[0] for case in VALUES]
)
def test_what_gives_values(arrays, result, wanted):
    assert [shown(found) for found in tried(arrays, result).found] == wanted


NEAR = [
    ("clipped", np.maximum(M @ N, 0), ClosestDifference.CLIPPED, ()),
    ("zeroed", np.triu(M @ N), ClosestDifference.ZEROED, ()),
    ("some", np.where(np.eye(4) > 0, 7.0, M @ N), ClosestDifference.SOME, ()),
    ("a row added", M @ N + M[0], ClosestDifference.ADDED, (1,)),
    ("a column added", M @ N + M[0][:, None], ClosestDifference.ADDED, (0,)),
    ("a number added", M @ N + 1, ClosestDifference.ADDED, ()),
]


@pytest.mark.parametrize(("result", "how", "along"), [case[1:] for case in NEAR], ids=[case[0] for case in NEAR])
def test_what_comes_closest(result, how, along):
    near = tried([M, N], result).near
    assert (near.candidate.subscripts, near.how, near.along) == ("ij,jk->ik", how, along)
    assert near.agree == (0 if how is ClosestDifference.ADDED else np.count_nonzero(np.isclose(result, M @ N)))


def test_nothing_is_close_to_what_is_not():
    assert tried([M, N], np.exp(M @ N)).near is None


def test_zeros_say_nothing_and_everything_fits():
    found = tried([np.zeros((3, 3))], np.zeros(3)).found
    assert [shown(one) for one in found] == [("ij->i", None, None), ("ij->j", None, None), ("ii->i", None, None)]


def test_limits_stop_the_trying():
    square = rng.normal(size=(3, 3, 3))
    some = tried([square, square], np.einsum("ijk,ijl->kl", square, square), most=10)
    assert some.tried == 10
    assert [shown(one)[0] for one in some.found] == ["ijk,ijl->kl"]
    late = tried([square, square], rng.normal(size=(3, 3)), seconds=0)
    assert (late.late, late.tried, late.found) == (True, 0, ())


def test_what_is_hidden_far_back_is_found_after_the_limit():
    cube = rng.normal(size=(3, 3, 3))
    result = np.einsum("iij,kkl->lj", cube, cube[::-1])
    found = tried([cube, cube[::-1]], result, most=2)
    assert [shown(one)[0] for one in found.found] == ["iij,kkl->lj"]
    assert 2 < found.tried < count(sample([cube.shape, cube.shape], (3, 3)))


@st.composite
def einsums(draw):
    """Draw terms and an output, every index with a length of its own."""
    counts = draw(st.lists(st.integers(0, 3), min_size=1, max_size=3))
    terms = [tuple(draw(st.integers(0, 4)) for _ in range(rank)) for rank in counts]
    labels = sorted({x for term in terms for x in term})
    output = tuple(draw(st.permutations(labels)))[: draw(st.integers(0, min(3, len(labels))))]
    return terms, output


def canonical(terms, output):
    order = list(dict.fromkeys(x for term in terms for x in term))
    return tuple(tuple(map(order.index, term)) for term in terms), tuple(map(order.index, output))


@given(einsums(), st.integers(0, 2**32 - 1), st.sampled_from([1, 2, -3]))
@settings(max_examples=80, deadline=None)
def test_the_einsum_behind_values_is_found_and_what_is_found_gives_them(drawn, seed, factor):
    terms, output = drawn
    lengths = [2, 3, 4, 5, 6]
    draw = np.random.default_rng(seed)
    arrays = [draw.integers(-50, 50, tuple(lengths[x] for x in term)) for term in terms]
    spelled = [part for array, term in zip(arrays, terms, strict=True) for part in (array, list(term))]
    result = factor * np.asarray(np.einsum(*spelled, list(output)))
    found = tried(arrays, result)
    if not result.any():
        return
    assert not found.late
    shapes = {(one.candidate.terms, one.candidate.output) for one in found.found}
    assert canonical(terms, output) in shapes or (factor == -3 and result.size == 1)
    for one in found.found:
        scale = Fraction(1) if one.factor is None else one.factor.value
        again = np.einsum(one.candidate.subscripts, *arrays)
        assert (np.asarray(again) * scale.numerator == result * scale.denominator).all()


def test_a_candidate_writes_itself():
    assert Candidate(terms=((0, 1), (1,), ()), output=(0,), points=0).subscripts == "ij,j,->i"


TWICE = [
    ([(2, 3), (2, 3)], (3, 3), "AA"),
    ([(4, 4), (4, 4)], (4, 4), "AA"),
    ([(4, 4), (4,), (4,)], (), "ABB"),
    ([(3,), (3,), (3,)], (3,), "AAA"),
]


@pytest.mark.parametrize(("operands", "result", "names"), TWICE, ids=str)
def test_operands_of_one_name_may_be_exchanged(operands, result, names):
    example = sample(operands, result)
    arrays = {name: rng.normal(size=shape) for name, shape in zip(names, operands, strict=True)}
    values = {}
    for one in BestFirst(example):
        value = np.einsum(one.subscripts, *(arrays[name] for name in names))
        values.setdefault(np.round(value, 8).tobytes(), []).append(one)
    found = list(unique(BestFirst(example), tuple(names)))
    assert [one.points for one in found] == sorted(one.points for one in found)
    assert len(found) == how_many(example, tuple(names)) == len(values) < count(example)
    assert all(sum(one in found for one in group) == 1 for group in values.values())


def test_a_coarse_number_is_said_to_fit_by_chance():
    half = rng.normal(size=(3, 3, 3)).astype("f2")
    found = tried([half, half[::-1]], np.einsum("ijk,ijk->", half, half[::-1]))
    assert "ijk,ijk->" in [shown(one)[0] for one in found.found]
    assert found.loose
    assert not any(one.factor for one in found.found)
    assert not tried([M, N], M @ N).loose
    assert not tried([M, N], np.trace(M @ N)).loose


def test_a_multiple_of_one_number_is_not_believed():
    assert [shown(one) for one in tried([WHOLE[0], OTHER[:, 0]], 3 * (WHOLE[0] @ OTHER[:, 0])).found] == []
    assert [shown(one) for one in tried([M, N], 0.37 * np.trace(M @ N)).found] == []
    assert [shown(one) for one in tried([M, N], np.trace(M @ N) / 2).found] == [("ij,ji->", ("", "2"), None)]


def test_a_call_whose_sums_are_multiplied_after_does_not_wrap_before():
    large, ones = np.full((2, 3), 100, "i1"), np.ones((3, 2), "i1")
    ones[0, 0] = 2
    result = (large.astype(int) @ ones // 100).astype("i1")
    (found,) = [one for one in tried([large, ones], result).found if one.candidate.subscripts == "ij,jk->ik"]
    assert shown(found) == ("ij,jk->ik", ("", "100"), "int64")
    assert (np.einsum("ij,jk->ik", large, ones, dtype=found.cast) / 100 == result).all()
