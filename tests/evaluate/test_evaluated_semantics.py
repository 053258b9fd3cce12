"""The evaluator beside np.einsum: every line of the page on semantics that concerns values, and random expressions."""

from __future__ import annotations

import string
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import Expression, dtype_lists, exact_arrays, expressions, oracle
from test_semantics import SAME, identity, numbers, raising

from einloop.core.errors import DtypeError, EinloopError
from einloop.core.plain_array import positions
from einloop.evaluate import evaluate
from einloop.evaluate import given as plain
from einloop.notation import read

PLAIN = ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
FLOATS = ("float16", "float32", "float64", "complex64", "complex128")
NOT_VALUES = {97: "warnings", 101: "memory", 102: "memory", 100: "memory"}
"""Lines of the page that say nothing about values, and what they speak of."""
UNKNOWN_HERE = ("'g'", "['a", "[b'a", "[(1", "'m8", "2020", "np.str_('abc')", "mask=")
"""Parts of calls whose operands are refused: Python has no numbers of their dtype, or elements are hidden."""
OTHER_FORMS = (
    "out=",
    "order=",
    "casting=",
    "optimize=",
    "dtype=int",
    "dtype=float",
    "dtype=object",
    "(2)",
    "(n ",
    "{4}",
    "([1, 0])",
)
"""Parts of calls with keywords that an expression and arrays do not have, and sublists that are no lists."""


def same(found: Any, wanted: Any) -> bool:
    """Return whether an evaluated array is numpy's: shape, dtype, and every value with its sign and its type."""
    wanted = as_array(wanted)
    if (found.shape, found.dtype) != (wanted.shape, wanted.dtype.name):
        return False
    theirs = wanted.reshape(-1).tolist()
    return all(
        type(one) is type(other) and (repr(one) == repr(other)) for one, other in zip(found.values, theirs, strict=True)
    )


def as_array(value: Any) -> np.ndarray:
    """Return what np.einsum returned as an array: of objects it returns one that has no axes itself."""
    if isinstance(value, np.ndarray | np.generic):
        return np.asarray(value)
    box = np.empty((), object)
    box[()] = value
    return box


def called(*arguments: Any) -> Any:
    """Return what the evaluator gives for the arguments of a call of np.einsum."""
    if isinstance(arguments[0], str | bytes):
        text, operands = arguments[0], arguments[1:]
        text = text.decode() if isinstance(text, bytes) else str(text)
    else:
        pairs, output = arguments[: len(arguments) // 2 * 2], arguments[-1] if len(arguments) % 2 else None
        operands, lists = pairs[::2], [list(labels) for labels in pairs[1::2]]
        spelled = ", ".join(f"x{n}, {str(labels).replace('Ellipsis', '...')}" for n, labels in enumerate(lists))
        end = "" if output is None else f", {str([*map(int_or_dots, output)]).replace('Ellipsis', '...')}"
        text = f"einsum({spelled}{end})"
    return evaluate(read(text), [plain(value) for value in operands]).whole()


def int_or_dots(label: Any) -> Any:
    return ... if label is ... else int(label)


def space(einsum: Any) -> dict[str, Any]:
    return {
        "E": einsum, "np": np, "numbers": numbers, "identity": identity, "raising": raising, "string": string,
        "ascii_letters": string.ascii_letters,
    }  # fmt: skip


CALLS = [
    (line.number, call)
    for line in SAME
    if line.number not in NOT_VALUES
    for call in line.calls
    if not any(part in call for part in OTHER_FORMS) and "E(" in call
]


@pytest.mark.parametrize(("number", "call"), CALLS)
def test_a_line_of_the_page(number, call):
    if any(part in call for part in UNKNOWN_HERE):
        with pytest.raises(EinloopError):
            eval(call, space(called))
        return
    assert same(eval(call, space(called)), eval(call, space(oracle)))


def test_the_page_is_nearly_all_there():
    assert len(CALLS) > 90


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_random_expressions_of_exact_values(data):
    expression: Expression = data.draw(expressions(most_operands=6))
    dtypes = data.draw(dtype_lists(len(expression.terms), (*PLAIN, *FLOATS, "object")))
    arrays = exact_arrays(expression, dtypes, data.draw(st.integers(0, 2**20)))
    wanted = as_array(oracle(expression.subscripts, *arrays))
    value = evaluate(read(expression.subscripts), [plain(array) for array in arrays])
    found = value.whole()
    if found.dtype.startswith("complex") or found.dtype == "object":
        assert (found.dtype, found.shape) == (wanted.dtype.name, wanted.shape)
        assert list(found.values) == wanted.reshape(-1).tolist()  # of a zero part np.einsum may have either sign
    else:
        assert same(found, wanted)
    cells = [value.cell(position) for position in positions(value.shape)]
    assert list(map(repr, cells)) == list(map(repr, found.values))


def in_order(subscripts: str, arrays: list[np.ndarray], dtype: str) -> np.ndarray:
    """Return what loops over numpy's own scalars give: products and totals rounded one after another."""
    spec = read(subscripts)
    extents = {
        x: n for op, a in zip(spec.operands, arrays, strict=True) for x, n in zip(op.labels, a.shape, strict=True)
    }
    wide = np.dtype("float64") if dtype == "float16" else np.dtype(dtype)
    summed = [index.label for index in spec.summed]
    result = np.zeros([extents[x] for x in spec.output], dtype)
    for place in np.ndindex(*result.shape):
        total = wide.type(0)
        for inner in np.ndindex(*(extents[x] for x in summed)):
            at = dict(zip((*spec.output, *summed), (*place, *inner), strict=True))
            factors = [
                wide.type(a[tuple(at[x] for x in op.labels)]) for op, a in zip(spec.operands, arrays, strict=True)
            ]
            product = factors[0]
            for factor in factors[1:]:
                product = product * factor
            total = total + product
        result[place] = total
    return result


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("subscripts", ["ij,jk->ik", "i,i,i->", "ij->j", "iij,jk->k", "i,j->ij"])
@pytest.mark.parametrize("scale", [1.0, 1e4, 1e-4, 1e30])
def test_floats_are_rounded_after_each_step_as_numpys_scalars_are(dtype, subscripts, scale):
    generator = np.random.default_rng(7)
    shapes = {"i": 4, "j": 5, "k": 3}
    arrays = [
        (generator.standard_normal([shapes[x] if "ii" not in term else {"i": 4, "j": 5}[x] for x in term]) * scale)
        for term in subscripts.split("->")[0].split(",")
    ]
    with np.errstate(all="ignore"):
        arrays = [array.astype(dtype) * (1 + 1j if dtype.startswith("c") else 1) for array in arrays]
        arrays = [array.astype(dtype) for array in arrays]
        wanted = in_order(subscripts, arrays, dtype)
    found = evaluate(read(subscripts), [plain(array) for array in arrays]).whole()
    ours = np.array(found.tolist(), dtype).reshape(found.shape)
    np.testing.assert_array_equal(ours, wanted)
    np.testing.assert_array_equal(np.array(list(found.values), wanted.astype(complex).dtype), wanted.reshape(-1))


@pytest.mark.parametrize("special", [np.inf, -np.inf, np.nan, -0.0, 5e-324, 65504.0, 3.4028235e38, 1.7e308])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_ends_of_floats(dtype, special):
    with np.errstate(all="ignore"):
        a = np.array([special, 2.0, 0.0], dtype)
        b = np.array([1.0, 0.0, special], dtype)
        wanted = in_order("i,j->ij", [a, b], dtype)
    found = evaluate(read("i,j->ij"), [plain(a), plain(b)]).whole()
    np.testing.assert_array_equal(np.array(found.tolist(), dtype), wanted)


@pytest.mark.parametrize("dtype", ["longdouble", "clongdouble"])
def test_extended_floats_are_refused_by_name(dtype):
    with pytest.raises(DtypeError) as refused:
        plain(np.ones(2, dtype))
    hint = "float64, or complex128"
    assert (refused.value.id, refused.value.message, refused.value.hint) == (
        "EL312",
        f"plain Python has no numbers of dtype {dtype}",
        hint,
    )


def test_a_dtype_that_is_asked_for():
    found = evaluate(read("i,i->"), [plain(np.array([100, 1], "i1"))] * 2, "int32")
    assert found.whole().tolist() == 10001
    assert found.dtype == "int32"
    with pytest.raises(DtypeError) as refused:
        evaluate(read("i->"), [plain(np.arange(3))], "int8")
    assert refused.value.id == "EL302"
    assert refused.value.message == "operand 0 has int64, which numpy does not cast to int8 by itself"


def test_objects_that_cannot_be_added():
    with pytest.raises(DtypeError) as refused:
        evaluate(read("i->"), [plain(np.array([{1}, {2}], object))]).cell()
    assert refused.value.id == "EL304"
