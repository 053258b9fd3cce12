"""The text of a trace: steps in full, ranges, one cell; never wider than asked, whatever it holds."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nests import traced

import einloop
from einloop.core.message import Code, Message
from einloop.core.trace import TracedCell, TracedProduct
from einloop.core.visible import columns
from einloop.views.catalogue import load_catalogue
from einloop.views.trace.sum import sum_parts
from einloop.views.trace.text import write_trace_text
from einloop.views.trace.values import product_text, short_text, sum_text, value_text

ENGLISH, JAPANESE = load_catalogue("en"), load_catalogue("ja")
PRODUCT = {"i": 2, "j": 3, "k": 2}


def text(trace, *span, catalogue=ENGLISH, **options):
    return write_trace_text(trace, catalogue, *span, **options)


def test_a_step_in_full():
    assert text(traced("ij,jk->ik", PRODUCT), 10, 10) == (
        """\
step 10 of 12   i = 1  j = 1  k = 1
  I, J = A.shape                             A           B        C
  J, K = B.shape                              1  2  3     1  2     22  28
  C = np.zeros((I, K))                        4 [5] 6     3 [4]    19 [8 -> 28]
  for i in range(I):                                      5  6
      for j in range(J):
          for k in range(K):
>             C[i, k] += A[i, j] * B[j, k]
C[1,1] = 4·2 + 5·4 + 6·6, so far 8 + 20 = 28
so far a sentence of some length about the step
"""
    )


def test_a_range_takes_a_line_each():
    assert text(traced("ij,jk->ik", PRODUCT), 9, 11) == (
        """\
step  line  i  j  k  cell    product        values  holds
   9     7  1  1  0  C[1,0]  A[1,1]·B[1,0]  5·3     4 -> 19
  10     7  1  1  1  C[1,1]  A[1,1]·B[1,1]  5·4     8 -> 28
  11     7  1  2  0  C[1,0]  A[1,2]·B[2,0]  6·5     19 -> 49
"""
    )


def test_one_cell_and_its_value():
    assert text(traced("ij,jk->ik", PRODUCT), at=(1, 1)) == (
        """\
step  line  i  j  k  cell    product        values  holds
   8     7  1  0  1  C[1,1]  A[1,0]·B[0,1]  4·2     0 -> 8
  10     7  1  1  1  C[1,1]  A[1,1]·B[1,1]  5·4     8 -> 28
  12     7  1  2  1  C[1,1]  A[1,2]·B[2,1]  6·6     28 -> 64
C[1,1] = 64
"""
    )


def test_without_a_range_the_ends_are_shown_in_full():
    found = text(traced("ij,jk->ik", PRODUCT))
    assert re.findall(r"^(?:step \d+ of 12|… .*)", found, re.M) == [
        "step 1 of 12",
        "step 2 of 12",
        "… 9 steps",
        "step 12 of 12",
    ]
    assert found.startswith("ij,jk->ik\nC[i,k] = Σ A[i,j]·B[j,k]\nA 2×3 int64  B 3×2 int64  C 2×2 int64\n")


def test_two_steps_leave_nothing_out():
    found = text(traced("i->i", {"i": 2}))
    assert "…" not in found
    assert found.count("\nstep ") == 2


@pytest.mark.parametrize("catalogue", [ENGLISH, JAPANESE])
def test_no_steps(catalogue):
    found = text(traced("ij,jk->ik", PRODUCT | {"j": 0}), catalogue=catalogue)
    assert "2×0" in found
    assert "0  0" in found  # the result is there
    cell = text(traced("ij,jk->ik", PRODUCT | {"j": 0}), at=(0, 0))
    assert cell == "No step writes C[0,0].\nC[0,0] = 0\n"


def test_an_empty_result():
    assert "0×2" in text(traced("ij,jk->ik", PRODUCT | {"i": 0}))


def test_symbols():
    found = text(traced("ij,jk->ik", PRODUCT, symbols=True), 10, 10)
    assert "[d·h -> d·h + e·j]" in found
    assert "C[1,1] = d·h + e·j + f·l, so far d·h + e·j\n" in found


def test_slices_of_higher_ranks_have_names():
    found = text(traced("bij,bjk->bik", {"b": 2} | PRODUCT), 20, 20)
    assert "A[b=1]         B[b=1]     C[b=1]\n" in found
    assert "[10] 11  12      9  10      70 [0 -> 80]\n" in found


def test_rank_five():
    found = text(traced("abcde->abcde", dict.fromkeys("abcde", 2)), 30, 30)
    assert "A[a=1,b=1,c=1]" in found


def test_a_scalar():
    assert "C\n" in (found := text(traced("i,i->", {"i": 3}), 2, 2))
    assert "[1 -> 5]" in found
    assert text(traced("i,i->", {"i": 3}), at=()).endswith("C = 14\n")


def test_large_arrays_are_cut_around_the_current_cells():
    found = text(traced("ij,jk->ik", dict.fromkeys("ijk", 1000), ones=True), 500_500_500, 500_500_500)
    assert "A  1000×1000\n" in found
    assert "      0  …497  498  499  500  501  502  503  …495  999\n" in found
    assert " 500  1     …    1    1 [  1]   1    1    1     …    1\n" in found
    assert "… 496 more terms …" in found
    assert "so far 500 + 1 = 501" in found


def test_a_long_range_and_a_long_cell_are_cut_in_the_middle():
    trace = traced("ij,jk->ik", dict.fromkeys("ijk", 1000), ones=True)
    whole = text(trace, 1, 10**9).splitlines()
    assert len(whole) == 42
    assert whole[21] == "… 999,999,960 steps"
    assert whole[-1].startswith("1,000,000,000 ")
    cell = text(trace, at=(500, 3)).splitlines()
    assert len(cell) == 43
    assert cell[21] == "… 960 steps"
    assert cell[-1] == "C[500,3] = 1000"


def test_what_is_too_much_to_count_is_said_to_be_so():
    trace = traced("i->", {"i": 10**9}, ones=True)
    assert "… more than 1,000 terms …" in text(trace, 5 * 10**8, 5 * 10**8)
    assert "… more than 1,000 steps\n" in text(trace, at=())


def test_a_sum_is_shown_with_its_ends_and_what_is_near():
    trace = traced("i->", {"i": 100})
    parts = sum_parts(trace, trace.step(50))
    assert [getattr(part, "number", None) or (part.count,) for part in parts] == [
        1, 2, (45,), 48, 49, 50, 51, 52, (47,), 100
    ]  # fmt: skip
    assert [part.number for part in sum_parts(traced("i->", {"i": 4}), traced("i->", {"i": 4}).step(2))] == [1, 2, 3, 4]


def test_a_single_term_that_would_be_left_out_is_shown():
    trace = traced("i->", {"i": 5})
    assert [part.number for part in sum_parts(trace, trace.step(1))] == [1, 2, 3, 4, 5]


# values


@pytest.mark.parametrize(
    ("value", "dtype", "found"),
    [
        (-112, "int8", "-112"),
        (0.1, "float32", "0.1"),
        (1.0, "float64", "1"),
        (2.0, None, "2"),
        (float("nan"), "float64", "nan"),
        (float("-inf"), "float16", "-inf"),
        (1e300, "float64", "1e+300"),
        (True, "bool", "True"),
        (1.5 - 2j, "complex128", "(1.5-2j)"),
        ("a·e + b·g", None, "a·e + b·g"),
        ("\x1b[31m\n", None, "\\x1b[31m\\n"),
        (10**59, "object", "1" + "0" * 59),
    ],
)
def test_values(value, dtype, found):
    assert value_text(value, dtype) == found


A, B = TracedCell("A", (0,)), TracedCell("B")


@pytest.mark.parametrize(
    ("term", "found"),
    [
        (TracedProduct(factors=((A, 4), (B, 2)), value=8), "4·2"),
        (TracedProduct(factors=((A, 4), (B, -2)), value=-8), "4·(−2)"),
        (TracedProduct(factors=((A, "a + b"), (B, "c·d")), value=""), "(a + b)·c·d"),
        (TracedProduct(factors=((A, "−a"), (B, "−b")), value=""), "(−a)·(−b)"),
        (TracedProduct(factors=((A, 4),), value=8, times=2), "2·4"),
        (TracedProduct(factors=((A, 4),), value=2, times=0.5, over=(3, (B, 7))), "0.5·4/(3·7)"),
        (TracedProduct(factors=((A, 4),), value=2, over=((B, "a·b"),)), "4/(a·b)"),
        (TracedProduct(factors=((A, 4),), value=2, over=((B, -2),)), "4/(−2)"),
        (TracedProduct(factors=(), value=3, times=3), "3"),
        (TracedProduct(factors=((A, 1 + 2j), (B, 2j)), value=0), "(1+2j)·2j"),
    ],
)
def test_products(term, found):
    assert product_text(term, {}) == found


def test_sums():
    one, minus = (TracedProduct(factors=((A, -4),), value=-4, negative=negative) for negative in (False, True))
    assert sum_text([one, one, minus], {"A": "int64"}) == "(−4) + (−4) − (−4)"
    assert sum_text([minus], {"A": "int64"}) == "−(−4)"
    assert sum_text([one], {"A": "int64"}) == "−4"
    yes = TracedProduct(factors=((A, True), (B, False)), value=False)
    assert sum_text([yes, yes], {"A": "bool", "B": "bool"}) == "True∧False ∨ True∧False"


@pytest.mark.parametrize(
    ("value", "dtype", "text"),
    [
        (0.63335262, "float32", "≈0.63335"),
        (0.1, "float64", "0.1"),
        (-0.123456, "float64", "−0.123456"),
        (1 / 3, "float16", "≈0.33333"),
        (2 / 3 * 1e-9, "float64", "≈6.6667e-10"),
        (0.9999999, "float64", "≈1"),
        (123456789.25, "float64", "≈123456789"),
        (123456789.0, "float64", "123456789"),
        (3.33283335e16, "float64", "3.33283335e+16"),
        (1.23456789e300, "float64", "≈1.2346e+300"),
        (-(2**63), "int64", "−9223372036854775808"),
        (float("-inf"), "float64", "−inf"),
        (float("nan"), "float64", "nan"),
        (complex(1 / 3, -2), "complex128", "≈(0.33333−2j)"),
        (True, "bool", "True"),
        (10**400, None, "1" + 400 * "0"),
        ("a·b − 0.123456789·c", None, "a·b − 0.123456789·c"),
    ],
)
def test_values_as_a_person_reads_them(value, dtype, text):
    assert short_text(value, dtype) == text


def test_rounded_numbers_are_said_to_be(tmp_path):
    a, x = np.array([[0.1234567, -2.0], [0.5, 1 / 3]]), np.array([-1.0, 0.25])
    trace = einloop.trace("ij,j->i", a, x)
    said = trace.show(steps=2)
    assert "  A ≈ " in said, said
    assert "  c ≈\n" in said, said
    assert "  b\n" in said, said
    assert "[−0.12346 -> −0.62346] 0\n" in said, said
    assert "c[0] ≈ 0.12346·(−1) + (−2)·0.25, so far (−0.12346) + (−0.5) ≈ −0.62346\n" in said, said
    assert trace.show(at=0).endswith("c[0] ≈ −0.62346\n")
    assert '"after": "-0.6234567"' in trace.show("json")
    exact = einloop.trace("ij,j->i", [[0.5, -2.0]], x).show(steps=2)
    assert "c[0] = 0.5·(−1) + (−2)·0.25, so far (−0.5) + (−0.5) = −1\n" in exact
    assert "≈" not in exact
    narrow = np.array([1 / 3, 1 / 3], "float16")  # what rounding does is shown with all digits
    assert "c = float16(0.66650390625) = 0.6665\n" in einloop.trace("i->", narrow).show(steps=3)


# einloop's own machine


def steps(expression, *, at=None, which=None, **options):
    return einloop.trace(expression, **options).show(steps=which, at=at)


def test_a_running_total_is_told_with_the_cell_that_takes_it():
    found = steps("ij,jk->ik", style="scalar", shapes=[(2, 3), (3, 2)], at=(1, 1)).splitlines()
    assert found[0].split() == ["step", "line", "i", "k", "j", "cell", "product", "values", "holds"]
    assert [line.split()[-1] for line in found[1:-1]] == ["8", "28", "64", "64"]
    assert found[-2].split() == ["16", "9", "1", "1", "C[1,1]", "total", "64", "64"]
    assert found[-1] == "C[1,1] = 64"


def test_each_sum_of_a_running_total_is_its_own():
    trace = einloop.trace("ij,jk->ik", style="scalar", shapes=[(2, 3), (3, 2)])
    for step in trace.steps():
        if step.target.array == "total":
            numbers = [part.number for part in sum_parts(trace, step)]
            assert numbers == [step.begun + 1, step.begun + 2, step.begun + 3]


def test_integers_that_wrap_around_are_called_by_their_dtype():
    found = steps("i,i->", dtypes="int8", shapes=[(20,), (20,)], which=7)
    assert "so far 91 + 49 = −116 (int8)\n" in found


def test_an_assignment_names_what_it_copies():
    assert "c[1] = A[1,1] = 5\n" in steps("ii->i", shapes=[(3, 3)], which=2)


def test_a_sum_that_begins_with_an_assignment_is_not_called_complete():
    found = steps("y_i = 2 A_ij x_j - b_i / 3", shapes={"A": (2, 3), "x": (3,), "b": (2,)}, which=1)
    assert "y[0] = −1/3 + 2·1·1 + 2·2·2 + 2·3·3, so far ≈−0.33333\n" in found


def test_tiles_and_paths_run():
    tiled = steps("ij,jk->ik", schedule="tile(i,2) tile(j,3)", shapes=[(5, 7), (7, 4)], which=40)
    assert "i0 = 0  j0 = 3  i = 1  j = 3  k = 3" in tiled
    path = einloop.trace("ij,jk,kl->il", path="auto", shapes=[(2, 3), (3, 2), (2, 2)])
    assert "T1" in path.show(steps=1)


def test_a_statement_of_several_lines_is_shown_whole():
    found = steps(",".join("abcdefgh") + "->", which=30)
    assert "… 17 lines" in found
    assert re.findall(r"^(>?) +(q \+= \(|i\[a\]|\* p\[h\])", found, re.M) == [
        (">", "q += ("),
        ("", "i[a]"),
        ("", "* p[h]"),
    ]


# never wider than asked

LONG, WIDE = (["a_name_of_forty_letters_" + letter * 16 for letter in "abcde"], ["添字配列" + c for c in "あいうえお"])
EXTENTS = st.integers(min_value=0, max_value=12)
VALUES = (
    None,
    lambda name, at: -1 / (3 + sum(at)),
    lambda name, at: 10**59 + sum(at),
    lambda name, at: complex(sum(at) / 7, -1 / 3),
    lambda name, at: float("nan") if sum(at) % 3 else -1e300,
)
EXPRESSIONS = ("->", "i->", "i,i->i", "ij,jk->ik", "bijd,bjk,kl,l,d->bil", "abcde,edcba->ace", "ab,bc,cd,de,ea->")


@given(
    st.sampled_from(EXPRESSIONS),
    st.lists(EXTENTS, min_size=8, max_size=8),
    st.sampled_from(("ABDEF", LONG, WIDE)),
    st.sampled_from(VALUES),
    st.integers(40, 200),
    st.sampled_from([ENGLISH, JAPANESE]),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_no_line_is_wider_than_asked(expression, sizes, names, values, width, catalogue, ascii, random):  # noqa: PLR0917
    letters = dict.fromkeys(letter for letter in expression if letter.isalpha())
    extents = dict(zip(letters, sizes, strict=False))
    while (count := traced(expression, extents).count) > 3000:
        extents = {name: max(size // 2, 1) for name, size in extents.items()}
    note = Message("trace.text.so_far", {"sum": Code("x" * 90)})
    trace = traced(expression, extents, names=names, element=values, dtype="object", notes=(note,))
    asked = [{}]
    if count:
        first = random.randint(1, count)
        asked += [{"first": first, "last": first}, {"first": first, "last": random.randint(first, count)}]
    if 0 not in trace.result.shape:
        asked.append({"at": tuple(random.randrange(size) for size in trace.result.shape)})
    for options in asked:
        found = text(trace, width=width, catalogue=catalogue, ascii=ascii, **options)
        assert found.endswith("\n")
        assert max(map(columns, found.splitlines())) <= width
        assert not ascii or found.isascii()
        assert all(line == line.rstrip() for line in found.splitlines())


def test_a_very_narrow_text_is_as_wide_as_the_narrowest():
    found = text(traced("ij,jk->ik", PRODUCT), 10, 10, width=1)
    assert max(map(columns, found.splitlines())) <= 20


def test_signs_in_ascii():
    found = text(traced("ij,jk->ik", dict.fromkeys("ijk", 30)), 5000, 5000, ascii=True)
    assert found.isascii()
    assert "A  30x30" in found
    assert "..." in found
