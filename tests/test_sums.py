"""Sums of narrow floats: loops are never further from the exact value than np.einsum, however many terms there are."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import strategies as our
from hypothesis import given, note
from hypothesis import strategies as st
from strategies import Expression

import einloop
from einloop.core.dtypes import ARITHMETIC, summing_dtype

LEAST = Fraction(1, 2**24)
"""The smallest float16 above 0: all are multiples of it."""
LARGEST = 65520
"""What rounds to inf as a float16, and everything beyond."""
MANY, MILLION = 100_000, 1_000_000
UP, DOWN = np.float16(np.inf), np.float16(-np.inf)

HOW: Mapping[str, Mapping[str, Any]] = {
    "article": {},
    "scalar": {"style": "scalar"},
    "function": {"function": "f"},
    "function, scalar": {"function": "f", "style": "scalar"},
    "every dtype": {"function": "f", "dtypes": None},
    "every dtype, scalar": {"function": "f", "style": "scalar", "dtypes": None},
    "checks": {"checks": True, "comments": True},
    "rows": {"schedule": "order(output) rows"},
    "auto": {"schedule": "auto"},
    "tile": {"schedule": "tile(i,3)"},
    "c": {"target": "c"},
    "c, scalar": {"target": "c", "style": "scalar"},
    "c, fast": {"target": "c", "style": "fast"},
}
"""Ways to ask for loops."""


def exact(subscripts: str, arrays: Sequence[np.ndarray]) -> np.ndarray:
    """Return the exact sums of products of finite numbers, as fractions."""
    scaled = [np.ldexp(array.astype(np.float64), 24).astype(np.int64).astype(object) for array in arrays]
    sums = np.asarray(our.oracle(subscripts, *scaled), object)
    return np.vectorize(lambda n: n * LEAST ** len(arrays), otypes=[object])(sums)


def distance(value: Any, true: Fraction) -> float | Fraction:
    """Return how far a float16 is from a number; what rounds to inf is inf."""
    if not np.isfinite(value):
        return 0 if value == (UP if true > 0 else DOWN) and abs(true) >= LARGEST else float("inf")
    return abs(Fraction(float(value)) - true)


def assert_no_further(got: Any, subscripts: str, arrays: Sequence[np.ndarray]) -> None:
    """Check that no element is further from the exact one than np.einsum's."""
    with np.errstate(all="ignore"):
        theirs = np.asarray(our.oracle(subscripts, *arrays))
    found, true = np.asarray(got), exact(subscripts, arrays)
    assert found.dtype == theirs.dtype == np.float16
    assert found.shape == theirs.shape
    for ours, other, right in zip(found.flat, theirs.flat, true.flat, strict=True):
        assert distance(ours, right) <= distance(other, right), (ours, other, float(right))


def run(subscripts: str, arrays: Sequence[np.ndarray], **asked: Any) -> Any:
    """Return what emitted loops make of these arrays."""
    sized = asked.get("target") == "c" or "..." in subscripts
    shapes = [array.shape for array in arrays] if sized else None
    options = {"dtypes": [array.dtype.name for array in arrays], "shapes": shapes, **asked}
    loops = einloop.generate(subscripts, **{key: value for key, value in options.items() if value is not None})
    assert loops.runner is not None
    with np.errstate(all="ignore"):
        return loops.run(*arrays)


def random_values(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Return float16 around 1, of both signs."""
    rng = np.random.default_rng(seed)
    return (rng.uniform(0.5, 1.5, shape) * rng.choice([-1, 1], shape)).astype(np.float16)


DATA: Mapping[str, Callable[[tuple[int, ...], int], np.ndarray]] = {
    "ones": lambda shape, seed: np.ones(shape, np.float16),
    "tenths": lambda shape, seed: np.full(shape, 0.1, np.float16),
    "thirds": lambda shape, seed: np.full(shape, 1 / 3, np.float16),
    "positive": lambda shape, seed: abs(random_values(shape, seed)),
    "signed": random_values,
    "alternating": lambda shape, seed: np.resize(np.array([1, -0.999], np.float16), shape),
    "large": lambda shape, seed: np.resize(np.array([300, -300, 0.5], np.float16), shape),
    "small": lambda shape, seed: np.full(shape, 2.0**-14, np.float16),
}
LONG = (
    ("i->", ((MANY,),)),
    ("i,i->", ((MANY,), (MANY,))),
    ("ij->j", ((MANY // 2, 2),)),
    ("ij->i", ((2, MANY // 2),)),
    ("ij,jk->ik", ((1, MANY), (MANY, 1))),
    ("ij,i,->j", ((MANY // 2, 2), (MANY // 2,), ())),
)


@lru_cache(maxsize=64)
def long_case(number: int, data: str) -> tuple[str, tuple[np.ndarray, ...]]:
    subscripts, shapes = LONG[number]
    return subscripts, tuple(DATA[data](shape, seed) for seed, shape in enumerate(shapes))


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("number", range(len(LONG)), ids=[subscripts for subscripts, _ in LONG])
def test_a_hundred_thousand_terms(number: int, data: str) -> None:
    subscripts, arrays = long_case(number, data)
    for asked in ({}, {"schedule": "order(output) rows"}, {"target": "c"}, {"target": "c", "style": "fast"}):
        assert_no_further(run(subscripts, arrays, **asked), subscripts, arrays)


@pytest.mark.parametrize("number", range(len(LONG)), ids=[subscripts for subscripts, _ in LONG])
def test_compiled_sums_of_a_hundred_thousand_terms(number: int) -> None:
    for data in DATA:
        subscripts, arrays = long_case(number, data)
        assert_no_further(einloop.compile(subscripts)(*arrays), subscripts, arrays)


def test_numpy_is_given_no_path_between_whose_steps_it_would_round() -> None:
    subscripts, arrays = (
        "ij,jk,kl->il",
        [abs(random_values(shape, n)) for n, shape in enumerate([(2, 900), (900, 40), (40, 2)])],
    )
    assert_no_further(einloop.compile(subscripts, target="numpy")(*arrays), subscripts, arrays)


SHORT: tuple[tuple[str, Sequence[Any], float], ...] = (
    ("i->", [[1] * 4000], 4000),
    ("i,i->", [[300, 300, 300, -300], [200, 200, -200, 200]], 0),
    ("i,i,i->i", [[60000], [2], [0.5]], 60000),
    (",,->", [60000, 2, 0.5], 60000),
    ("i,,->", [[60000], 2, 0.25], 30000),
    ("ij->j", [[[1]] * 5000], 5000),
    ("ij,jk->ik", [[[1] * 4000], [[1]] * 4000], 4000),
    ("ij,jk,kl->il", [[[300]], [[300]], [[0.5]]], 45000),
    ("ii->", [np.eye(2500)], 2500),
    ("...i->...", [np.ones((2, 3000))], 3000),
    ("i->", [[60000, 60000]], np.inf),
    ("i->", [[-60000, -60000]], -np.inf),
    ("i->", [[]], 0),
    ("i->", [[2.0**-24] * 3], 3 * 2.0**-24),
)


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize(("subscripts", "values", "expected"), SHORT)
def test_sums_of_float16_round_once(how: str, subscripts: str, values: Sequence[Any], expected: float) -> None:
    arrays = [np.array(value, np.float16) for value in values]
    asked = HOW[how] if "i" in subscripts or how != "tile" else {}
    got = np.asarray(run(subscripts, arrays, **asked))
    assert got.dtype == np.float16
    assert (got.reshape(-1) == np.float16(expected)).all(), got


@pytest.mark.parametrize("target", ["python", "c"])
@pytest.mark.parametrize("path", ["auto", "(0,1),(0,1)", "(1,2),(0,1)", "presum"])
def test_intermediates_stay_wide(target: str, path: str) -> None:
    arrays = [np.array(value, np.float16) for value in ([[300.0, 1]], [[300.0], [1]], [[0.25]])]
    asked = {"schedule": path} if path == "presum" else {"path": path}
    assert run("ij,jk,kl->il", arrays, target=target, **asked) == np.float16(22500.25)


MIXED = (
    (("float16", "int8"), "float16"),
    (("uint8", "float16"), "float16"),
    (("bool", "float16"), "float16"),
    (("float16", "int16"), "float32"),
    (("float16", "float32"), "float32"),
    (("float16", "int64"), "float64"),
    (("float16", "complex64"), "complex64"),
)


@pytest.mark.parametrize("how", [how for how in HOW if how not in ("rows", "tile")])
@pytest.mark.parametrize(("dtypes", "common"), MIXED)
def test_mixed_operands(how: str, dtypes: tuple[str, str], common: str) -> None:
    """np.result_type says what is added; only a float16 is added in something wider."""
    arrays = [np.ones((4000, 1), dtypes[0]), np.ones((4000,), dtypes[1])]
    got = np.asarray(run("ij,i->j", arrays, **HOW[how]))
    assert got.dtype == common
    assert got == 4000


@pytest.mark.parametrize("how", [how for how in HOW if "function" in how or "every" in how or how == "checks"])
def test_other_byte_orders_are_the_same_dtype(how: str) -> None:
    got = np.asarray(run("ij->j", [np.ones((4000, 1), ">f2")], **HOW[how]))
    assert got == np.float16(4000)
    assert got.dtype == np.dtype("f2")


def test_nothing_is_widened_that_is_wide_enough() -> None:
    """Two factors and no sum are rounded once as they are; snippets for other dtypes know nothing of it."""
    for subscripts, dtype in (("i,i->i", "float16"), ("ij->ji", "float16"), ("ij,jk->ik", "float32")):
        text = str(einloop.generate(subscripts, dtypes=[dtype]))
        assert "float64" not in text
        assert "astype" not in text
    assert {name for name in ARITHMETIC if summing_dtype(name) != name} == {"float16"}


def test_a_snippet_leaves_its_operands_alone() -> None:
    names: dict[str, Any] = {"np": np, "a": np.ones(9, np.float16), "b": np.ones(9, np.float16)}
    given = dict(names)
    exec(str(einloop.generate("i,i->", dtypes=["float16"])), names)
    assert names["c"] == 9
    assert all(names[name] is value for name, value in given.items())


def test_names_of_sums_clash_with_none() -> None:
    wide = np.ones((4000, 1), np.float16)
    for how in ({"function": "f", "dtypes": None}, {"target": "c"}, {}):
        assert run("ij,i->j", [wide, wide[:, 0]], names=["wide", "C_sum"], **how) == 4000


SCRIPTS: tuple[tuple[str, Sequence[tuple[int, ...]]], ...] = (
    ("ij->j", [(5000, 3)]),
    ("i->", [(5000,)]),
    ("ij,jk->ik", [(2, 4000), (4000, 2)]),
    ("i,i,i->i", [(3,), (3,), (3,)]),
    ("ij->ji", [(3, 4)]),
)


@pytest.mark.parametrize("how", [{}, {"style": "scalar"}, {"target": "c"}, {"target": "c", "style": "fast"}])
@pytest.mark.parametrize(("subscripts", "shapes"), SCRIPTS)
def test_scripts_are_right_where_np_einsum_rounds(
    subscripts: str, shapes: Sequence[tuple[int, ...]], how: Mapping[str, Any]
) -> None:
    """np.einsum of 5,000 float16 along an outer axis stalls at 2,048: the exact value counts."""
    script = einloop.generate(subscripts, shapes=shapes, dtypes=["float16"] * len(shapes), script=True, **how)
    found = einloop.verify(script)
    assert found
    assert "the program's own inputs" in {case.kind for case in found.cases}


def test_a_script_compares_files_with_sums_that_are_rounded_once(tmp_path: Path) -> None:
    np.save(tmp_path / "ones.npy", np.ones((5000, 2), np.float16))
    script = einloop.generate("ij->j", load={"A": tmp_path / "ones.npy"}, script=True)
    path = tmp_path / "sums.py"
    path.write_text(str(script))
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=False)
    assert done.stdout == "equal to np.einsum\n"
    assert not done.stderr


def random_arrays(expression: Expression, seed: int) -> list[np.ndarray]:
    """Return float16 of which sums and products leave its range, cancel and lose digits."""
    rng = np.random.default_rng(seed)
    largest = 10.0 ** rng.uniform(-2, 4.5)
    return [(rng.uniform(-1, 1, shape) * largest).astype(np.float16) for shape in expression.shapes]


@given(our.expressions(most_operands=5), st.integers(0, 2**32 - 1), st.data())
def test_random_expressions(expression: Expression, seed: int, data: st.DataObject) -> None:
    arrays = random_arrays(expression, seed)
    how = data.draw(st.sampled_from([how for how in HOW if how not in ("rows", "tile")]))
    subscripts = expression.subscripts
    note(f"{subscripts} {expression.shapes} {how} {seed}")
    shapes = {"shapes": list(expression.shapes)} if expression.stretched else {}
    got = run(subscripts, arrays, **HOW[how], **shapes)
    if not expression.is_view:
        assert_no_further(got, subscripts, arrays)


LONG_NOTES = (
    ("i->", [(MILLION,)], {}, "1,000,000 terms are added one after the other in float32, which can cost 3 %", "fast"),
    ("i,i->", [(MILLION,)] * 2, {"function": "f", "order": "output"}, "1,000,000 terms", "fast"),
    ("ij->j", [(MILLION, 2)], {"style": "scalar"}, "3 %", "fast"),
    ("i->", [(MILLION,)], {"target": "c"}, "3 %", "fast"),
    ("ij->j", [(MILLION, 2)], {"target": "c", "style": "scalar"}, "3 %", "fast"),
    ("ij,jk->ik", [(16, 100_000), (100_000, 16)], {"target": "c"}, "0.3 %", "fast"),
    ("ij,i->j", [(MILLION, 3), (MILLION,)], {"target": "c"}, "3 %", "float64"),
    ("ij,i->j", [(MILLION, 3), (MILLION,)], {"target": "c", "style": "fast"}, "3 %", "float64"),
    ("ij->j", [(MILLION, 2)], {"target": "numba"}, "3 %", "fast"),
)
"""Loops that lose digits, what is said of them, and what loses fewer."""


def tenths(subscripts: str, shapes: Sequence[tuple[int, ...]]) -> tuple[list[np.ndarray], np.ndarray]:
    """Return operands whose terms are 0.1 each, and the exact result."""
    arrays = [np.full(shape, 1 if number else 0.1, np.float32) for number, shape in enumerate(shapes)]
    return arrays, np.einsum(subscripts, *(array.astype(np.float64) for array in arrays))


@pytest.mark.parametrize(("subscripts", "shapes", "asked", "words", "better"), LONG_NOTES)
def test_a_note_says_what_loses_digits_and_what_does_not(
    subscripts: str, shapes: Sequence[tuple[int, ...]], asked: Mapping[str, Any], words: str, better: str
) -> None:
    if asked.get("target") == "numba":
        pytest.importorskip("numba")
    arrays, true = tenths(subscripts, shapes)
    loops = einloop.generate(subscripts, shapes=shapes, dtypes=["float32"], **asked)
    (note_,) = loops.notes
    assert words in note_
    assert f"--style {better}" in note_ or f"--dtype {better}" in note_
    instead = {"style": better} if better == "fast" else {"dtypes": [better]}
    other = einloop.generate(subscripts, **{"shapes": shapes, "dtypes": ["float32"], **asked, **instead})
    assert better == "float64" or not other.notes

    def error(generated: einloop.Generated) -> float:
        wanted = generated.contract.dtypes or ("float32",)
        got = generated.run(*(array.astype(wanted[0]) for array in arrays))
        return float(np.max(abs(np.asarray(got, np.float64) - true) / true))

    assert error(loops) > 5 * error(other)


SILENT: tuple[tuple[str, Sequence[Any], Mapping[str, Any]], ...] = (
    ("i->", [(MILLION,)], {"style": "fast"}),
    ("i->", [(MILLION,)], {"target": "c", "style": "fast"}),
    ("i->", [(MILLION,)], {"target": "numba", "style": "scalar"}),
    ("i->", [(MILLION,)], {"dtypes": ["float64"]}),
    ("i->", [(MILLION,)], {"dtypes": None}),
    ("i->", [(MILLION,)], {"dtypes": ["float16"]}),
    ("i->", [(MILLION,)], {"dtypes": ["int32"]}),
    ("i->", [("N",)], {}),
    ("i->", [(20_000,)], {}),
    ("ij->ij", [(MILLION, 2)], {}),
    ("ij,jk->ik", [(1000, 20), (20, 1000)], {}),
    ("ij,jk,kl->il", [(2, 9000), (9000, 9000), (9000, 2)], {"path": "(0,1),(0,1)"}),
    ("ij->j", [(MILLION, 2)], {"target": "c", "schedule": "auto"}),
)


@pytest.mark.parametrize(("subscripts", "shapes", "asked"), SILENT)
def test_no_note_where_sums_are_short_or_wide(subscripts: str, shapes: Sequence[Any], asked: Mapping[str, Any]) -> None:
    options = {"shapes": shapes, "dtypes": ["float32"] * len(shapes), **asked}
    loops = einloop.generate(subscripts, **{key: value for key, value in options.items() if value is not None})
    assert not loops.notes


def test_the_longest_of_several_sums_is_told() -> None:
    shapes = [(2, 90_000), (90_000, 40_000), (40_000, 2)]
    assert "3,600,000,000 terms" in einloop.generate("ij,jk,kl->il", shapes=shapes, dtypes=["float32"] * 3).notes[0]
    steps = einloop.generate("ij,jk,kl->il", shapes=shapes, dtypes=["float32"] * 3, path="(0,1),(0,1)")
    assert "90,000 terms" in steps.notes[0]
    blocks = einloop.generate("ij,jk,kl->il", shapes=shapes, dtypes=["float32"] * 3, schedule="tile(j,100) tile(k,7)")
    assert "3,600,000,000 terms" in blocks.notes[0]
