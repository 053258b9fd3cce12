"""Where why says without numpy that a float is what np.einsum gives, np.einsum gives it, whatever its order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einloop.analysis.why.plain import _certain, plain_sections, plain_trace
from einloop.core.bind import bind_sizes
from einloop.core.names import choose_names
from einloop.evaluate import evaluate, of_array
from einloop.notation import read

EXPRESSIONS = ("i,i->", "i->", "i,->", "i,i,i->", "ij,i->", "i,,->", ",")
SHAPES = {"i": 4, "j": 3}


@st.composite
def arrays(draw: st.DrawFn, text: str, dtype: str) -> list[np.ndarray]:
    """Draw operands: whole numbers times powers of two, large, tiny, short or long."""
    found = []
    for term in text.partition("->")[0].split(","):
        shape = tuple(SHAPES[label] for label in term)
        most = 2 ** draw(st.sampled_from((2, 5, 11, 24, 53)))
        power = draw(st.sampled_from((0, 0, 3, -3, 10, -20, 120, -140, 1000, -1060)))
        count = int(np.prod(shape, dtype=int)) * (2 if dtype[0] == "c" else 1)
        numbers = draw(st.lists(st.integers(-most, most) | st.integers(0, 3), min_size=count, max_size=count))
        with np.errstate(all="ignore"):
            parts = np.ldexp(np.array(numbers, float), power)
            values = parts[::2] + 1j * parts[1::2] if dtype[0] == "c" else parts
            found.append(values.astype(dtype).reshape(shape))
    return found


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "complex64", "complex128"])
@given(data=st.data())
@settings(max_examples=150)
def test_what_is_certain_is_what_numpy_gives(dtype, data):
    text = data.draw(st.sampled_from(EXPRESSIONS))
    operands = data.draw(arrays(text, dtype))
    value, certain = judged(text, operands, dtype)
    if certain:
        with np.errstate(all="ignore"):
            orders = [
                np.einsum(text, *operands),
                np.einsum(text, *(array[..., ::-1] if array.ndim else array for array in operands)),
            ]
        assert value == orders[0].item()
        if "ij" not in text:
            assert value == orders[1].item()


def judged(text: str, operands: list[np.ndarray], dtype: str) -> tuple[Any, bool]:
    """Return the element and whether it is called certain."""
    plain = [of_array(array) for array in operands]
    found = evaluate(read(text), plain)
    value = found.cell()
    names = choose_names(found.spec)
    traced, rows = plain_trace(found.spec, names, plain, (), value=value, dtype=dtype, top=3)
    return value, _certain(traced.factors, rows)


@pytest.mark.parametrize(
    ("text", "operands", "dtype", "certain"),
    [
        ("i->", [[1.0, 2.0, 3.0]], "float64", True),
        ("i->", [[0.1, 0.2]], "float64", False),
        ("i->", [[0.5, 0.25]], "float16", True),
        ("i->", [[2048.0, 1.0]], "float16", False),
        ("i->", [[2.0**53, 1.0]], "float64", False),
        ("i->", [[1e308, 1e308]], "float64", False),
        ("i,->", [[2.0**1023, 2.0**1023], 2.0**-4], "float64", False),
        ("i,i,i->", [[2.0**-600], [2.0**-600], [2.0**900]], "float64", False),
        ("i->", [[float("inf"), 1.0]], "float64", False),
        ("i,i->", [[0.0, 0.0], [0.5, 0.25]], "float64", True),
        ("i,i->", [[1 + 2j, 3], [1j, 2]], "complex128", True),
    ],
)
def test_what_is_called_certain(text, operands, dtype, certain):
    assert judged(text, [np.array(one, dtype) for one in operands], dtype)[1] is certain


def test_a_sum_of_too_many_terms_is_refused():
    spec = bind_sizes(read("i->"), [(2_000_000,)])
    with pytest.raises(ValueError, match="without numpy at most 1,000,000 are added up"):
        plain_sections(spec, choose_names(spec), [of_array(np.zeros(2_000_000))], (), value=0.0, dtype="float64", top=3)
