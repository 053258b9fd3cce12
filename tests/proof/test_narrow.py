"""Narrow sums in verification: loops that round at every step are caught, and right ones are not."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

import einloop
import einloop.schedule
from einloop.core import dtypes
from einloop.core.generated import Contract, Values
from einloop.notation.subscripts import read_subscripts
from einloop.proof.cases import MAX_POINTS, Draw, Sampler
from einloop.proof.narrow import exact_result, narrow_cases, narrow_values

LOOPS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("i->", {}),
    ("i->", {"function": "f"}),
    ("i,i->", {"style": "scalar"}),
    ("i,i->", {"function": "f", "dtypes": None}),
    ("ij->j", {"style": "scalar", "function": "f", "dtypes": None}),
    ("ij,jk->ik", {}),
    ("ij,jk->ik", {"checks": True}),
    ("ij,jk->ik", {"dtypes": ["float16", "int8"]}),
    ("ij,jk->ik", {"schedule": "tile(j,8)"}),
    ("ij,jk,kl->il", {"path": "auto"}),
    ("ij,kl->il", {"schedule": "presum"}),
    ("ii->", {}),
    ("...i,i->...", {}),
    ("i,i,i->i", {}),
    (",,->", {"function": "f", "dtypes": None}),
    ("ij,jk->ik", {"target": "c"}),
    ("ij,jk->ik", {"target": "c", "style": "scalar"}),
    ("ij,jk->ik", {"target": "c", "style": "fast", "shapes": [(2, 300), (300, 2)]}),
)


@pytest.mark.parametrize(("subscripts", "asked"), LOOPS)
def test_loops_that_round_at_every_step_are_caught(subscripts: str, asked: Mapping[str, Any]) -> None:
    with pytest.MonkeyPatch.context() as patch:  # loops that add in the dtype of their operands
        patch.setitem(dtypes.DTYPES, "float16", replace(dtypes.DTYPES["float16"], sums=None))
        narrow = generated(subscripts, asked)
    found = einloop.verify(narrow)
    assert found.mismatch is not None
    assert found.mismatch.case.kind == "narrow sums"


@pytest.mark.parametrize(("subscripts", "asked"), LOOPS)
def test_loops_that_round_once_are_right(subscripts: str, asked: Mapping[str, Any]) -> None:
    found = einloop.verify(generated(subscripts, asked))
    assert found
    assert "narrow sums" in {case.kind for case in found.cases}


def generated(subscripts: str, asked: Mapping[str, Any]) -> einloop.Generated:
    options = {"dtypes": ["float16"] * (subscripts.count(",") + 1), **asked}
    return einloop.generate(subscripts, **{key: value for key, value in options.items() if value is not None})


def draws(subscripts: str, dtypes: tuple[str, ...] | None, values: Values = Values.ARRAYS) -> list[Draw]:
    spec = read_subscripts(subscripts)
    contract = Contract(dtypes=dtypes, checked=dtypes is None, values=values)
    return list(narrow_cases(Sampler(spec, tuple("ABC"[: len(spec.operands)]), contract, random.Random(0))))


NONE = (
    ("i,i->", ("float32", "float32"), Values.ARRAYS),
    ("i,i->", ("float16", "int16"), Values.ARRAYS),
    ("i,i->i", None, Values.ARRAYS),
    ("ij->ji", None, Values.ARRAYS),
    ("i,i->", None, Values.LISTS),
)


@pytest.mark.parametrize(("subscripts", "dtypes", "values"), NONE)
def test_where_nothing_narrow_is_added_there_are_no_cases(
    subscripts: str, dtypes: tuple[str, ...] | None, values: Values
) -> None:
    assert not draws(subscripts, dtypes, values)


LONG = ("i->", "i,i->", "ij,jk->ik", "ij,ij->", "ijk,kj->i", "i,i,i->", "iij,j->", "...i,i->...", "ij,kl->il")


@pytest.mark.parametrize("subscripts", LONG)
def test_every_summed_index_is_long_in_one_case(subscripts: str) -> None:
    """Adding the terms one after the other in float16 goes wrong by more than one percent."""
    spec, names = read_subscripts(subscripts), ("A", "B", "C")
    found = [draw for draw in draws(subscripts, None) if set(draw.dtypes) == {"float16"}]
    assert found
    for draw in found:
        assert draw.terms <= MAX_POINTS
        arrays = narrow_values(spec, names[: len(draw.shapes)], draw)
        true = np.asarray(exact_result(spec.subscripts, list(arrays))).reshape(-1)[0]
        step = stepwise(spec.subscripts, arrays)
        assert np.isfinite(true)
        assert not abs(float(step) - float(true)) <= 0.01 * abs(float(true))


def stepwise(subscripts: str, arrays: Sequence[np.ndarray]) -> np.float16:
    """Return the first element of the result, every step of it rounded to float16."""
    inputs, output = subscripts.split("->")
    labels = [term.replace("...", "") for term in inputs.split(",")]
    sizes = {x: n for term, array in zip(labels, arrays, strict=True) for x, n in zip(term, array.shape, strict=True)}
    summed = [label for label in sizes if label not in output]
    total = np.float16(0)
    with np.errstate(all="ignore"):
        for place in product(*(range(sizes[label]) for label in summed)):
            at = dict(zip(summed, place, strict=True))
            term = np.float16(1)
            for name, array in zip(labels, arrays, strict=True):
                term = term * array[tuple(at.get(label, 0) for label in name)]
            total = total + term
    return total


RIGHT = (
    ("i->", "c = np.float16(a.astype(np.float64).sum())"),
    ("ij->j", "c = A.astype(np.float32).sum(axis=0).astype(np.float16)"),
    # np.einsum rounds at every step here itself
    ("ij->j", "c = np.zeros(A.shape[1], np.float16)\nfor row in A:\n    c += row"),
)


@pytest.mark.parametrize(("subscripts", "source"), RIGHT)
def test_right_loops_of_a_person_are_right(subscripts: str, source: str) -> None:
    assert einloop.verify(subscripts, source=f"import numpy as np\n{source}", dtypes=["float16"])
