"""A person's loops: which sizes and values they are tried on, and for which shapes they are called right."""

from __future__ import annotations

import random
import textwrap
from typing import Any

import numpy as np
import pytest

from einloop import generate, verify
from einloop.core.errors import OptionError, RunError, ShapeError
from einloop.core.generated import Contract
from einloop.core.options import Options
from einloop.core.verification import Verification
from einloop.pipeline.expression import read_spec
from einloop.pipeline.verify_source import verify_source
from einloop.proof.awkward import fill_awkward, magnitudes, unsure
from einloop.proof.cases import Draw, ValueKind
from einloop.proof.compare import Rule, difference
from einloop.proof.flows import Flows
from einloop.proof.infer import infer_roles
from einloop.proof.lists import on_lists
from einloop.proof.manner import LAYOUTS, MIXED, handed, passed
from einloop.proof.source_cases import SourceCases
from einloop.proof.subject import Subject
from einloop.proof.ways import Manner
from einloop.runners.process import ProcessRunner

PRODUCT = "ij,jk->ik"
LOOPS = """
C = np.zeros((A.shape[0], B.shape[1]))
for i in range(A.shape[0]):
    for k in range(B.shape[1]):
        for j in range(A.shape[1]):
            C[i, k] += A[i, j] * B[j, k]
"""
LITERAL = """
C = np.zeros((4, 5))
for i in range(4):
    for k in range(5):
        for j in range(6):
            C[i, k] += A[i, j] * B[j, k]
"""
TEXTBOOK = """
def matmul(A, B):
    C = [[0 for _ in range(len(B[0]))] for _ in range(len(A))]
    for i in range(len(A)):
        for j in range(len(B[0])):
            for k in range(len(B)):
                C[i][j] += A[i][k] * B[k][j]
    return C
"""
MEASURED_AS_LISTS = """
def f(A, B):
    C = np.zeros((len(A), len(B[0])))
    for i in range(len(A)):
        for k in range(len(B[0])):
            C[i, k] = sum(A[i, j] * B[j, k] for j in range(len(B)))
    return C
"""
TILED = """
def f(A, B):
    C = np.zeros((A.shape[0], B.shape[1]))
    for j in range(0, A.shape[1], 16):
        C = A[:, j : j + 16] @ B[j : j + 16]
    return C
"""


def tried(found: Verification) -> set[tuple[tuple[int, ...], ...]]:
    return {case.shapes for case in found.cases}


def test_loops_are_tried_past_blocks_and_the_verdict_says_how_far() -> None:
    found = verify(PRODUCT, source=LOOPS)
    assert found
    assert {((2, 33), (33, 3)), ((2, 70), (70, 3)), ((33, 34), (34, 35))} <= tried(found)
    assert "axes up to 1,031 long, several at once up to " in str(found)


@pytest.mark.parametrize("options", [{}, {"shapes": [(64, 64), (64, 64)]}])
def test_a_fault_past_one_block_is_seen(options: dict[str, Any]) -> None:
    assert verify(PRODUCT, source=TILED, **options).mismatch is not None


def test_the_shapes_given_decide() -> None:
    found = verify(PRODUCT, source=LITERAL, shapes=[(4, 6), (6, 5)])
    assert found
    assert found.only == "4x6 6x5"
    assert str(found).startswith(
        "verified against np.einsum for these shapes only (4x6 6x5): 20 cases equal (float64, "
    )
    assert "at other sizes the loops differ: for 2x4 4x3, the loops failed: line 6 raised IndexError: index 4" in str(
        found
    )


def test_loops_that_are_right_at_other_sizes_too_are_said_to_be() -> None:
    found = verify(PRODUCT, source=LOOPS, shapes=[(4, 6), (6, 5)])
    assert found
    assert not found.only
    assert "right for the shapes given, 4x6 6x5, and at other sizes too" in str(found)
    assert ((4, 6), (6, 5)) in tried(found)


def test_loops_that_are_wrong_for_the_shapes_given_are_wrong() -> None:
    found = verify(PRODUCT, source=LITERAL, shapes=[(4, 7), (7, 5)])
    assert found.mismatch is not None
    assert tried(found) == {((4, 7), (7, 5))}


def test_extents_of_which_some_are_given_decide_as_well() -> None:
    source = "C = np.zeros((4, B.shape[1]))\nfor i in range(4):\n    C[i] = A[i] @ B\n"
    found = verify(PRODUCT, source=source, sizes={"i": 4})
    assert found
    assert found.only == "i=4"


def test_only_the_shapes_given_are_tried_where_that_is_asked_for() -> None:
    found = verify(PRODUCT, source=LOOPS, shapes=[(4, 6), (6, 5)], shapes_only=True)
    assert found
    assert tried(found) == {((4, 6), (6, 5))}
    assert "for these shapes only (4x6 6x5)" in str(found)
    assert "no other sizes tried" in str(found)


@pytest.mark.parametrize("options", [{}, {"shapes": {"A": (2, 3)}}])
def test_only_the_shapes_given_needs_shapes(options: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match="EL474"):
        verify(PRODUCT, source=LOOPS, shapes_only=True, **options)


@pytest.mark.parametrize(
    ("option", "value"), [("shapes_only", True), ("no_empty", True), ("inputs", ["A", "B"]), ("entry", "f")]
)
def test_what_to_try_is_for_sources(option: str, value: Any) -> None:
    with pytest.raises(OptionError, match=f"{option} is for loops you wrote"):
        verify(PRODUCT, **{option: value})
    with pytest.raises(OptionError, match=option):
        verify(PRODUCT, source=LOOPS, **{option: 1})


def test_arrays_that_are_given_are_tried_and_decide() -> None:
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=(4, 6)), rng.normal(size=(6, 5))]
    found = verify(PRODUCT, source=LITERAL, arrays=arrays)
    assert found
    assert found.only == "4x6 6x5"
    assert found.cases[0].kind == "the arrays given"


def test_arrays_whose_terms_cancel_are_compared_by_the_size_of_the_terms() -> None:
    a = np.array([1e16, 1.0, -1e16, 3.0])
    source = "def f(a):\n    s = 0.0\n    for x in sorted(a):\n        s += x\n    return s\n"
    assert verify("i->", source=source, arrays=[a])


def test_arrays_that_rounding_may_change_are_compared_with_the_exact_sum() -> None:
    ones = [np.ones(3_000, np.float16)]
    assert verify("i->", source="s = np.float16(a.astype(float).sum())\n", arrays=ones)
    assert verify("i->", source="s = np.float16(a.sum() / 2) if len(a) > 2_000 else a.sum()\n", arrays=ones).mismatch
    added = "s = np.float16(0)\nfor x in a:\n    s += x\n"
    assert not verify("i->", source=added, arrays=ones)


def test_shapes_that_take_too_long_are_not_verified() -> None:
    source = "while A.shape[0] == 7:\n    pass\nr = A.sum(axis=1)\n"
    found = verify_source(generate("ij->i", shapes=[(7, 3)]), source, seconds=0.5)
    assert not found
    assert str(found).startswith(
        "not verified: for the shapes given, stopped after 0.5 s: the loops do not end, or are too slow for these sizes"
    )
    assert str(found).endswith(" cases of other sizes are equal, and are all that is tried without shapes")


def test_loops_that_end_for_the_shapes_given_only_are_right_for_these() -> None:
    source = "s, i = 0.0, 0\nwhile i != 4:\n    s += a[i % len(a)]\n    i += 4 // len(a) if len(a) <= 4 else 3\n"
    found = verify_source(generate("i->", shapes=[(4,)]), source, seconds=0.5)
    assert found
    assert found.only == "4"


def test_a_result_that_cannot_be_brought_back_is_not_verified() -> None:
    found = verify("i,j->ij", source="C = np.outer(a, b)\n", shapes=[(10_000,), (10_000,)])
    assert str(found).startswith("not verified: the result for the shapes given takes more than 64 MiB; ")


def test_a_textbook_product_of_nested_lists_is_right() -> None:
    found = verify(PRODUCT, source=TEXTBOOK)
    assert found
    assert "no empty axes whose length nested lists cannot say" in str(found)
    assert ((4, 3), (3, 0)) in tried(found)
    assert not any(shape[0] == 0 for shapes in tried(found) for shape in shapes)


def test_lists_that_arrays_do_not_fit_are_given_lists() -> None:
    source = (
        "def f(A, x):\n    if not A:\n        return []\n    return [sum(p * q for p, q in zip(row, x)) for row in A]\n"
    )
    found = verify("ij,j->i", source=source)
    assert found
    assert found.contract.startswith("Python numbers, ")


def test_a_mismatch_on_empty_axes_alone_says_so() -> None:
    found = verify(PRODUCT, source=MEASURED_AS_LISTS)
    assert found.mismatch is not None
    assert found.mismatch.case.shapes == ((3, 0), (0, 2))
    assert "cases without an empty axis are equal; --no-empty or no_empty=True tries these only" in str(found)
    found = verify(PRODUCT, source=MEASURED_AS_LISTS, no_empty=True)
    assert found
    assert "no empty axes" in str(found)
    assert not any(0 in shape for shapes in tried(found) for shape in shapes)


LISTS = [
    ("C = [[0] * len(B[0]) for _ in A]\n", True),
    ("import math\nfrom itertools import product\nC = math.fsum(x for x in A)\n", True),
    ("C = list(map(sum, A))\n", True),
    ("C = A[0][1]\nC.append(3)\n", False),
    ("C = A[0, 1]\n", False),
    ("C = A @ B\n", False),
    ("n = A.shape\n", False),
    ("C = np.zeros(3)\n", False),
    ("import torch\n", False),
    ("from numpy import dot\n", False),
    ("import time, sys\nimport copy\nC = [[0] * len(B[0]) for _ in A]\n", True),
    ("from random import *\nimport numpy as np\nC = [len(row) for row in A]\n", True),
    ("import numpy as np\nC = np.zeros(len(A))\n", False),
    ("import numpy as np\nC = np.zeros((len(A), len(B[0])))\n", True),
    ("row = B[0]\nC = np.zeros((len(A), len(row)))\nC[0, 0] += A[0][0]\n", True),
    ("C = np.zeros((len(A), len(B[0])))\nC[0, 0] += A[0, 0]\n", False),
    ("A = np.asarray(A)\nC = np.zeros((A.shape[0], len(B[0])))\n", False),
    ("import torch\nC = torch.zeros(len(A), len(B[0]))\n", True),
    ("import torch\nC = [torch.sum(row) for row in A]\n", False),
    ("from numpy import *\nC = zeros(len(A))\n", False),
]


@pytest.mark.parametrize(("source", "expected"), LISTS)
def test_which_sources_are_on_lists(source: str, expected: bool) -> None:
    assert on_lists(source) is expected


def test_one_array_for_two_operands() -> None:
    assert verify("ij,kj->ik", source="C = A @ A.T\n", inputs=["A", "A"])
    assert verify(PRODUCT, source="C = A @ A\n", inputs=["A", "A"])
    assert verify("ij,kj->ik", source="C = A @ A.T\n", inputs=["A", "A"], shapes={"A": (3, 4), "B": (3, 4)})
    assert not verify(PRODUCT, source="C = A @ A.T\n", inputs=["A", "A"])


ONE_ARRAY = [
    ("ij,j->i", {}, "'A' stands for operand 0 with 2 axes and for operand 1 with 1: one array cannot have both"),
    (PRODUCT, {"shapes": [(2, 3), (3, 2)]}, "A is one array, with shape (2, 3) and (3, 2) at once"),
    (PRODUCT, {"dtypes": {"A": "float32", "B": "int8"}}, "A is one array, with dtype float32 and int8 at once"),
    (PRODUCT, {"arrays": [np.eye(2), np.ones((2, 2))]}, "A is one array, and is given two with different values"),
]


@pytest.mark.parametrize(("expression", "options", "message"), ONE_ARRAY)
def test_one_array_that_cannot_be_two_operands(expression: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises((OptionError, ShapeError)) as caught:
        verify(expression, source="C = A @ A\n", inputs=["A", "A"], **options)
    assert caught.value.message == message


def test_loops_that_write_into_an_input_are_told_so() -> None:
    found = verify("i,i->", source="def f(a, b):\n    a *= b\n    return a.sum()\n")
    assert found.mismatch is not None
    assert found.mismatch.reason.startswith("the loops write into their input a: [0] was ")


def test_an_input_that_is_the_result_may_be_written_into() -> None:
    assert verify("i,i->i", source="for i in range(len(a)):\n    a[i] *= b[i]\n", inputs=["a", "b"], result="a")


def test_nested_lists_that_are_written_into() -> None:
    source = "r = []\nfor row in A:\n    row.append(0)\n    r.append(sum(row))\n"
    found = verify("ij->i", source=source, style="lists")
    assert found.mismatch is not None
    assert "the loops write into their input A: [0] had " in found.mismatch.reason


def test_arrays_that_a_library_refuses_are_a_note() -> None:
    source = """
    def f(A):
        if min(A.strides, default=0) < 0:
            raise ValueError("no negative strides")
        return A.sum(axis=1)
    """
    found = verify("ij->i", source=textwrap.dedent(source))
    assert found
    assert "arrays read backwards are refused: line 4 raised ValueError: no negative strides" in str(found)


def test_the_order_of_names_that_say_nothing_is_found() -> None:
    found = verify("ij,j->i", source="y = [sum(a * b for a, b in zip(row, x)) for row in M]\n")
    assert found
    assert "the operands are M, x" in str(found)


def test_other_dtypes_are_tried_as_hard() -> None:
    source = (
        "C = np.zeros((A.shape[0], B.shape[1]), {0})\nfor j in range(A.shape[1]):\n    C += np.outer(A[:, j], B[j])\n"
    )
    for dtype in ("float32", "complex128", "int8", "bool"):
        text = source.format(f"np.{dtype}")
        found = verify(PRODUCT, source=text.replace("+=", "|=") if dtype == "bool" else text, dtypes=dtype)
        assert found, str(found)
        assert any(33 in shape for shapes in tried(found) for shape in shapes)


def draw(kind: ValueKind, *shapes: tuple[int, ...], dtype: str = "float64", terms: int = 1) -> Draw:
    return Draw(shapes=shapes, dtypes=(dtype,) * len(shapes), kind=kind, factors=len(shapes), terms=terms, bound=9)


def test_awkward_values_are_what_they_are_called() -> None:
    rng = np.random.default_rng(0)

    def values(kind: ValueKind, dtype: str = "float64") -> list[np.ndarray[Any, Any]]:
        return list(fill_awkward(draw(kind, (20, 20), (20, 20), dtype=dtype), rng))

    holed = values(ValueKind.ZEROS)
    finite = [array for array in holed if np.isfinite(array).all()]
    (poisoned,) = [array for array in holed if not np.isfinite(array).all()]
    assert len(finite) == 1
    assert (finite[0] == 0).any()
    assert np.signbit(finite[0][finite[0] == 0]).any()
    assert np.isnan(poisoned).any()
    assert np.isposinf(poisoned).any()
    assert sum(bool((array <= 0).any()) for array in values(ValueKind.NEGATIVE)) == 1
    assert all((array < 0).any() and (array > 0).any() for array in values(ValueKind.SIGNED))
    assert all((np.abs(array) > 1e100).all() for array in values(ValueKind.LARGE))
    assert all((np.abs(array) < 1e-100).all() for array in values(ValueKind.TINY))
    assert all(np.isfinite(array).all() and (array != 0).all() for array in values(ValueKind.TINY, "float32"))
    assert all((array == 0).any() and (array == np.round(array)).all() for array in values(ValueKind.SPARSE, "int8"))


def test_only_what_the_order_decides_is_unsure() -> None:
    a, w = np.array([[0.0, 1.0], [0.0, 0.0], [2.0, 1.0]]), np.array([np.inf, np.nan, 3.0])
    assert unsure(read_spec("ij,i->i", Options()), [a, w]).tolist() == [True, False, False]  # type: ignore[union-attr]
    assert unsure(read_spec("ij,ij->i", Options()), [a, a]) is None
    assert unsure(read_spec("ij,i->i", Options()), [a[:, :1], w]) is None


def test_rounding_is_bounded_by_the_size_of_the_terms() -> None:
    factors = [np.array([1e16, 1.0, -1e16])]
    spec = read_spec("i->", Options())
    rule = Rule(exact=False, factors=1, terms=3, scale=magnitudes(spec, factors))
    assert difference(np.float64(0.0), np.float64(1.0), rule) is None
    assert difference(np.float64(1e3), np.float64(1.0), rule) is not None


def test_a_finite_number_is_no_inf() -> None:
    rule = Rule(exact=False, factors=1, terms=3)
    assert difference(np.array([5.0]), np.array([np.inf]), rule) is not None
    assert difference(np.array([-np.inf]), np.array([np.inf]), rule) is not None
    assert difference(np.array([np.inf]), np.array([np.inf]), rule) is None


@pytest.mark.parametrize("manner", LAYOUTS)
def test_layouts_hold_the_same_values(manner: Manner) -> None:
    array = np.arange(12.0).reshape(3, 4)
    laid = handed(array, manner)
    assert np.array_equal(laid, array)
    assert laid.flags.writeable == (manner is not Manner.LOCKED)
    assert laid.flags.c_contiguous == (manner is Manner.LOCKED)


@pytest.mark.parametrize("manner", MIXED)
def test_inputs_may_lie_differently(manner: Manner) -> None:
    array = np.arange(12.0).reshape(3, 4)
    contract = Contract(dtypes=None, checked=False)
    spec = generate("ij,jk,kl->il").spec
    subject = Subject(spec=spec, operands=("A", "B", "C"), contract=contract, run=lambda *_: None, lenient=True)
    laid = passed(subject, [array] * 3, manner)
    assert all(np.array_equal(one, array) for one in laid)  # type: ignore[arg-type]
    rows = [one.flags.c_contiguous for one in laid]  # type: ignore[attr-defined]
    assert rows == [manner is Manner.ROWS_COLUMNS, manner is Manner.COLUMNS_ROWS, manner is Manner.ROWS_COLUMNS]


def test_two_names_may_take_one_array() -> None:
    squared = "np.einsum('ij,jk->ik', A, A)"
    for source, inputs in [
        ("def f(X, Y):\n    return X @ Y\n", None),
        ("def f(X, Y):\n    return X @ Y\n", ["Y", "X"]),
        ("def f(A):\n    return A @ A\n", None),
        ("C = X @ Y\n", ["X", "Y"]),
        ("C = X @ Y\n", None),
    ]:
        found = verify(squared, source=source, inputs=inputs)
        assert found, str(found)
    assert verify(squared, source="def f(X, Y):\n    return X @ Y.T\n").mismatch is not None
    assert verify("np.einsum('i,ij,j->', x, M, x)", source="def f(v, W, w):\n    return v @ W @ w\n")
    assert verify(squared, source="def f(X, Y):\n    return X @ Y\n", arrays=[np.arange(4.0).reshape(2, 2)])
    with pytest.raises(OptionError, match="EL403: y is one name"):
        verify("np.einsum('ij,jk,kl->il', A, A, B)", source="r = x @ y @ y\n", inputs=["x", "y", "y"])


UNCOMPARED = [
    ("import no_such_module\nr = no_such_module.sum(A)\n", "the source imports no_such_module, which is not installed"),
    ("r = map(sum, A)\n", "the result is a map: return an array, numbers or nested lists"),
]


@pytest.mark.parametrize(("source", "reason"), UNCOMPARED)
def test_what_cannot_be_compared_is_no_mismatch(source: str, reason: str) -> None:
    for options in ({}, {"shapes": [(2, 3)]}, {"arrays": [np.ones((2, 3))]}):
        found = verify("ij->i", source=source, **options)  # type: ignore[arg-type]
        assert not found
        assert str(found) == f"not verified: {reason}"


def test_a_source_may_begin_with_a_byte_order_mark() -> None:
    assert verify("ij->i", source="\ufeffr = A.sum(axis=1)\n")


def test_values_are_counted_and_named_in_english() -> None:
    with pytest.raises(OptionError, match="1 array given for the inputs A, B"):
        verify(PRODUCT, source="C = A @ B\n", arrays=[np.eye(2)])
    with pytest.raises(OptionError, match="2 arrays given for the input A"):
        verify("ij->i", source="r = A.sum(axis=1)\n", arrays=[np.eye(2), np.eye(2)])
    with pytest.raises(OptionError, match="no_empty is an int: 1") as caught:
        verify("ij->i", source="r = A.sum(axis=1)\n", no_empty=1)  # type: ignore[arg-type]
    assert caught.value.hint == "a bool"


def test_inputs_are_a_sequence_of_names() -> None:
    with pytest.raises(OptionError, match="inputs is one text: 'A,B'") as caught:
        verify(PRODUCT, source="C = A @ B\n", inputs="A,B")
    assert caught.value.hint == "give a sequence of names: inputs=['A', 'B']"


@pytest.mark.parametrize("inputs", [5, {"A", "B"}, {"A": 1, "B": 2}, np.array(["A", "B"]), ["A", 1], [["A"], "B"]])
def test_inputs_of_another_type_are_refused(inputs: Any) -> None:
    with pytest.raises(OptionError, match="inputs is ") as caught:
        verify(PRODUCT, source="C = A @ B\n", inputs=inputs)
    assert caught.value.id == "EL470"


@pytest.mark.parametrize("entry", [["f"], {"f": 1}, {"f"}, np.array(["f"]), 5])
def test_an_entry_of_another_type_is_refused(entry: Any) -> None:
    with pytest.raises(OptionError, match="entry is ") as caught:
        verify(PRODUCT, source="def f(A, B):\n    return A @ B\n", entry=entry)
    assert caught.value.id == "EL470"


@pytest.mark.parametrize("expression", ["i->", "ij,jk->ik", "ii->i", "bij,bjk->bik", "ijklm->m", "...i->...", ",->"])
def test_cases_have_no_more_points_than_is_quick(expression: str) -> None:
    generated = generate(expression)
    contract = Contract(dtypes=("float64",) * len(generated.inputs), checked=False)
    cases = list(SourceCases(generated.spec, generated.operands, contract, random.Random(0)).long())
    assert [case.points for case in cases] == sorted(case.points for case in cases)
    assert all(case.points <= 4_000_000 for case in cases)
    assert cases or expression == ",->"


def test_the_same_seed_draws_the_same_inputs() -> None:
    source = "r = A.sum(axis=1) + (A.shape[1] > 40)\n"
    first, second = (verify("ij->i", source=source, seed=3) for _ in range(2))
    assert first.mismatch is not None
    assert str(first) == str(second)


def test_refusals_reach_the_caller() -> None:
    with pytest.raises(RunError, match="EL619"):
        verify(PRODUCT, source="")


@pytest.mark.parametrize("stated", [False, True])
def test_loops_that_take_too_long_in_all_are_verified_for_the_shapes_given(
    stated: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ProcessRunner.repeated

    def repeated(self: ProcessRunner, *calls: Any, **bounds: Any) -> tuple[object, ...]:
        if calls[0][0].shape != (3, 4):
            raise RunError("EL644", "stopped: all runs together took more than 60 s")
        return whole(self, *calls, **bounds)

    monkeypatch.setattr(ProcessRunner, "repeated", repeated)
    if not stated:
        with pytest.raises(RunError, match="all runs together"):
            verify("ij->i", source="r = A.sum(1)")
        return
    found = verify("ij->i", source="r = A.sum(1)", shapes=[(3, 4)])
    assert found
    assert found.only == "3x4"
    assert "at other sizes, stopped: all runs together took more than 60 s" in str(found)


LONG = {
    "a chain": "x0 = A\n" + "".join(f"x{n + 1} = x{n} + x{n // 2}\n" for n in range(4000)),
    "a circle": "x = A\nfor i in A:\n" + "".join(f"    x{n} = x + x{(n + 1) % 3000}\n" for n in range(3000)),
    "one line": ", ".join(f"a{n}" for n in range(8000)) + " = " + ", ".join(f"b{n}" for n in range(8000)),
    "overwritten": "A = 1\n" * 20_000,
    "many names": "".join(f"r = a{n}\n" for n in range(10_000)),
    "many functions": "".join(f"def f{n}(a): return a\n" for n in range(5000)),
    "parentheses": f"r = {'(' * 100_000}A{')' * 100_000}",
    "minuses": f"r = {'-' * 200_000}A",
    "a sum": f"r = {'+'.join(['A'] * 100_000)}",
    "subscripts": f"r = A{'[0]' * 80_000}",
    "lambdas": f"r = {'lambda: ' * 30_000}A",
    "blocks": "".join(f"{' ' * n}if A:\n" for n in range(99)) + f"{' ' * 99}r = A\n",
    "too long, EL646": "x = A\n" * 300_000,
    "zeros": "\0" * 200_000,
}


@pytest.mark.parametrize("what", LONG)
def test_long_sources_are_read_in_time_or_refused_in_few_words(what: str) -> None:
    """The time that reading took grew with the cube of the length: such a text would hang here."""
    for operands in (["A"], [None]):
        try:
            said = str(infer_roles(LONG[what], operands))
        except RunError as error:
            said = str(error)
        assert said.startswith(("Roles(inputs=('A',)", "error EL6"))
        assert len(said) < 3000


def test_flows_are_what_they_are_by_their_definition() -> None:
    draw = random.Random(0)
    for _ in range(300):
        names = "abcdefgh"[: draw.randint(2, 8)]
        flows, pairs = Flows(), set[tuple[str, str]]()
        for _ in range(draw.randint(1, 9)):
            read = set(draw.choices(names, k=draw.randint(0, 3)))
            bound = set(draw.choices(names, k=draw.randint(1, 2)))
            flows.add(read, bound)
            pairs |= {(before, after) for before in read for after in bound - {before}}
        reached = {name: flows.reached([name]) | {name} for name in names}
        for name in names:
            wanted = {name}
            while more := {after for before, after in pairs if before in wanted} - wanted:
                wanted |= more
            assert reached[name] == wanted
        for name in names:
            assert flows.is_end(name) == all(name in reached[after] for after in reached[name])
