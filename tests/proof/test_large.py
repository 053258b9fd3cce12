"""Texts for one large shape: run whole where time and memory allow, compared exactly, refused in words."""

import timeit

import numpy as np
import pytest

import einloop
from einloop.core.bind import bind_sizes
from einloop.core.errors import RunError
from einloop.core.generated import Contract, Values
from einloop.core.memory import free_memory, shown_bytes
from einloop.core.verification import Outcome
from einloop.notation.subscripts import read_subscripts
from einloop.pipeline import verify as proving
from einloop.proof.einsum import contraction_seconds
from einloop.proof.large import verify_large
from einloop.proof.plan import Allowance, plan_large
from einloop.proof.subject import Subject

FLOATS = ("float16", "float32", "float64", "longdouble", "complex64", "complex128")
DTYPES = (*FLOATS, "int8", "int64", "uint8", "uint64", "bool")
EASY = Allowance(text=0.1, plain=0.1, every=30.0)
SHAPES = {
    "ij,jk->ik": [(60, 70), (70, 50)],
    "i->": [(3000,)],
    "ijk,k->ji": [(20, 30, 40), (40,)],
    "ii,ij->j": [(50, 50), (50, 9)],
}


def subject(expression, run, shapes=None, dtype="float64"):
    spec = bind_sizes(read_subscripts(expression), shapes or SHAPES[expression])
    operands = tuple("ABC"[: len(spec.operands)])
    contract = Contract(dtypes=(dtype,) * len(operands), checked=False, values=Values.POINTERS, literal=True)
    return Subject(spec=spec, operands=operands, contract=contract, run=run)


def scarce(subject):
    """Return an allowance whose memory holds the arrays, and not all of the exact sums too."""
    every = (Allowance(text=0.1, plain=0.1, every=30.0, memory=memory) for memory in range(0, 10**7, 1000))
    return next(allowance for allowance in every if plan_large(subject, allowance).refused is None)


def einsum(expression):
    return lambda *arrays: np.einsum(expression, *arrays)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("expression", SHAPES)
def test_a_right_text_is_verified_in_every_dtype(expression, dtype):
    found = verify_large(subject(expression, einsum(expression), dtype=dtype), EASY)
    assert found, str(found)
    assert found.notes == ("at the full size",)


def last_of_block(a, b):
    result = np.zeros((a.shape[0], b.shape[1]), a.dtype)
    for start in range(0, a.shape[1], 32):
        result = a[:, start : start + 32] @ b[start : start + 32]
    return result


WRONG = {
    "the last block only": last_of_block,
    "a term dropped": lambda a, b: a[:, :-1] @ b[:-1],
    "scaled": lambda a, b: a @ b * 1.02,
    "the last row left out": lambda a, b: np.concatenate([a[:-1] @ b, np.zeros((1, b.shape[1]))]),
    "another shape": lambda a, b: (a @ b).T,
    "another dtype": lambda a, b: (a @ b).astype("float32"),
    "nothing": lambda a, b: None,
    "an exception": lambda a, b: 1 // 0,
}


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.parametrize("sampled", [False, True])
def test_a_wrong_text_is_not(what, sampled):
    wrong = subject("ij,jk->ik", WRONG[what])
    found = verify_large(wrong, scarce(wrong) if sampled else EASY)
    assert found.mismatch is not None
    assert "256 of 3,000 elements" in found.notes[0] if sampled else found.notes == ("at the full size",)
    assert not found


def test_elements_are_sampled_where_all_would_take_too_much():
    for expression in SHAPES:
        for dtype in ("float64", "int8", "bool", "complex64", "float16"):
            right = subject(expression, einsum(expression), dtype=dtype)
            found = verify_large(right, scarce(right))
            assert found, str(found)
            assert "elements compared" in found.notes[0]
    right = subject("ij,jk->ik", einsum("ij,jk->ik"))
    found = verify_large(right, scarce(right))
    assert found.notes == ("at the full size, 256 of 3,000 elements compared",)


REFUSED = {
    "too long": (
        [(10_000, 10_000), (10_000, 10_000)],
        Allowance(text=2500, plain=2500, every=30, memory=None),
        "the text would run for about 42 minutes at these shapes, above the 30 s allowed, and it is for no others",
    ),
    "too large": (
        [(10**7, 10**7), (10**7, 10**7)],
        Allowance(text=0.1, plain=0.1, every=30.0, memory=10**9),
        "operands and result of these shapes take 7,200 TB to fill and compare, this machine has 1 GB left, and the "
        "text is for no others",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_goes_beyond_time_or_memory_is_refused_in_words(what):
    shapes, allowance, words = REFUSED[what]
    found = verify_large(subject("ij,jk->ik", lambda *_: pytest.fail("run"), shapes=shapes), allowance)
    assert (found.skipped, bool(found)) == (words, False)


def test_memory_that_runs_out_all_the_same_is_no_verdict():
    def hungry(*_):
        raise MemoryError

    found = verify_large(subject("i->", hungry), EASY)
    assert found.skipped.startswith("there is not memory enough")


def test_what_cannot_be_run_is_no_mismatch():
    def uncompiled(*_):
        raise RunError("EL630", "there is no C compiler here")

    with pytest.raises(RunError):
        verify_large(subject("i->", uncompiled), EASY)


def test_the_arrays_given_are_compared_after_whole_numbers():
    a, b = np.random.default_rng(0).normal(size=(60, 70)), np.random.default_rng(1).normal(size=(70, 50))
    found = verify_large(subject("ij,jk->ik", einsum("ij,jk->ik")), EASY, given=[a, b])
    assert found, str(found)
    assert [case.kind for case in found.cases] == ["small integers", "the arrays given"]
    wrong = verify_large(subject("ij,jk->ik", lambda x, y: np.rint(x) @ np.rint(y)), EASY, given=[a, b])
    assert wrong.mismatch.case.kind == "the arrays given"
    late = Allowance(text=20, plain=20, every=30)
    unseen = verify_large(subject("ij,jk->ik", einsum("ij,jk->ik")), late, given=[a, b])
    assert unseen.skipped.startswith("the arrays given take too long")


def test_a_person_who_waits_is_told():
    told = []
    verify_large(subject("i->", einsum("i->")), Allowance(text=12, plain=12, every=30), tell=told.append)
    assert told == ["running the text at its full size, about 12 s"]


def test_costs_are_estimated_before_anything_is_computed():
    product = contraction_seconds(["ij", "jk"], "ik", [(1000, 1000), (1000, 1000)])
    batch = contraction_seconds(["bij", "bjk"], "bik", [(10, 1000, 1000), (10, 1000, 1000)])
    chain = contraction_seconds(["ij", "jk", "kl"], "il", [(1000, 1000)] * 3)
    assert batch > 10 * product
    assert chain == pytest.approx(2 * product)
    assert contraction_seconds(["ij"], "ji", [(10**9, 10**9)]) > 1e9


def test_memory_in_words():
    assert [shown_bytes(n) for n in (12, 1e3, 2.5e9, 1.52e12, 8e15)] == [
        "12 B",
        "1 kB",
        "2.5 GB",
        "1.52 TB",
        "8,000 TB",
    ]
    assert free_memory() is None or free_memory() > 0


@pytest.mark.parametrize("seconds", [1e-9, 30])
def test_the_budget_is_an_argument(seconds):
    generated = einloop.generate("ij,jk->ik", target="numba", shapes=[(300, 300), (300, 300)])
    found = proving.verify(generated, seconds=seconds)
    assert bool(found) is (seconds == 30), str(found)
    assert found.cases == () or found.cases[0].outcome is Outcome.EQUAL


PACKED = {
    "a product": ("ij,jk->ik", [(900, 900)] * 2, "float64"),
    "float32": ("ij,jk->ik", [(900, 900)] * 2, "float32"),
    "complex": ("ij,jk->ik", [(500, 500)] * 2, "complex128"),
    "a batch": ("bij,bjk->bik", [(9, 400, 400)] * 2, "float64"),
    "a chain": ("ij,jk,kl->il", [(700, 700)] * 3, "float64"),
}


@pytest.mark.parametrize("what", PACKED)
def test_packed_kernels_are_run_as_quickly_as_they_are_compiled_and_expected_so(what):
    expression, shapes, dtype = PACKED[what]
    text = einloop.generate(expression, shapes=shapes, dtypes=dtype, target="c", schedule="auto")
    assert text.program.nest.kernels
    arrays = [np.ones(shape, dtype) for shape in shapes]
    text.run(*arrays)
    took = min(timeit.repeat(lambda: text.run(*arrays), number=1, repeat=3))
    expected, plain = proving._seconds(text)
    assert took / 10 < expected < plain / 2
    assert einloop.verify(text), str(einloop.verify(text))


def test_a_packed_product_of_thousands_is_allowed_and_plain_loops_are_not():
    options = {"shapes": [(3000, 3000)] * 2, "target": "c"}
    packed, plain = (proving._seconds(einloop.generate("ij,jk->ik", schedule=s, **options))[0] for s in ("auto", ""))
    assert packed < proving.MAX_SECONDS / 2 < proving.MAX_SECONDS < plain
    assert proving._seconds(einloop.generate("ij,jk->ik", **options | {"target": "python"}))[0] > plain
