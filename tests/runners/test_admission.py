"""What `.run` takes: np.einsum's shape, dtype and value, or a refusal that says what the text is for."""

import re
from fractions import Fraction

import numpy as np
import pytest
import strategies as our
from hypothesis import given
from hypothesis import strategies as st

import einloop
from einloop import generate
from einloop.core.errors import EinloopError, RunError, ShapeError
from einloop.runners.compiler import find_compiler

COMPILED = [{"target": "numba"}, *([{"target": "c"}, {"target": "c", "extension": True}] if find_compiler() else [])]
UNCHECKED = [{}, {"style": "scalar"}, {"style": "fast"}, {"schedule": "tile(i,2)"}, *COMPILED]
"""Texts that look at nothing themselves."""


def named(options):
    return " ".join(f"{key}={value}" for key, value in options.items()) or "article"


def ones(*shapes, dtype="float64"):
    return [np.ones(shape, dtype) for shape in shapes]


MISFITS = {
    "complex numbers, whose imaginary parts would be lost": (ones(3, 3, dtype="complex128"), "EL603"),
    "integers that would wrap": (ones(3, 3, dtype="int8"), "EL603"),
    "integers that would not": (ones(3, 3, dtype="int64"), "EL603"),
    "booleans that would be counted": (ones(3, 3, dtype="bool"), "EL603"),
    "floats of another width": (ones(3, 3, dtype="float32"), "EL603"),
    "one that fits and one that does not": ([np.ones(3), np.ones(3, "f4")], "EL603"),
    "strings": ([np.array(["a"]), np.ones(1)], "EL603"),
    "lists of integers": ([[1, 2], [3, 4]], "EL603"),
    "two lengths": (ones(5, 3), "EL205"),
    "a length that np.einsum stretches": (ones(1, 3), "EL604"),
    "an axis too many": (ones((2, 3), 3), "EL202"),
    "an axis too few": (ones(3, ()), "EL202"),
    "nothing": ([None, np.ones(3)], "EL209"),
    "a set": ([{1.0}, np.ones(1)], "EL209"),
    "ragged lists": ([[[1.0], [1.0, 2.0]], np.ones(2)], "EL209"),
}


@pytest.mark.parametrize("options", UNCHECKED, ids=named)
@pytest.mark.parametrize("what", MISFITS)
def test_what_a_text_is_not_for_is_refused(options, what):
    inputs, id = MISFITS[what]
    with pytest.raises(EinloopError) as caught:
        generate("i,i->", **options).run(*inputs)
    assert caught.value.id == id


@pytest.mark.parametrize("options", UNCHECKED, ids=named)
def test_what_a_text_is_for_is_run(options):
    text = generate("i,i->", **options)
    a, b = np.arange(4.0), np.arange(2.0, 6.0)
    inputs = {"arrays": (a, b), "lists": (a.tolist(), tuple(b)), "other bytes": (a.astype(">f8"), b.astype(">f8"))}
    for what, arrays in inputs.items():
        assert text.run(*arrays) == 26, what


HINTS = [
    ({}, ones(3, 3, dtype="int8"), "dtypes='int8', or with function='f' for every dtype"),
    ({"style": "fast"}, ones(3, 3, dtype="f4"), "style='article', dtypes='float32'"),
    ({"target": "numba"}, ones(3, 3, dtype="c8"), "dtypes='complex64'"),
    ({"target": "numba"}, ones(3, 3, dtype="O"), "target='python', dtypes='object'"),
    (
        {},
        [np.ones(3, "f4"), np.ones(3)],
        "dtypes={'a': 'float32', 'b': 'float64'}, or with function='f' for every dtype",
    ),
]


@pytest.mark.parametrize(("options", "inputs", "hint"), HINTS)
def test_the_hint_says_what_to_ask_for_and_that_runs(options, inputs, hint):
    with pytest.raises(RunError) as caught:
        generate("i,i->", **options).run(*inputs)
    assert caught.value.hint == f"generate it with {hint}"
    asked = options | {key: eval(value) for key, value in re.findall(r"(\w+)=('\w+'|\{.*?\})", hint)}
    got, wanted = generate("i,i->", **asked).run(*inputs), np.einsum("i,i->", *inputs)
    assert (got, type(got)) == (wanted, type(wanted))


SIZES = {
    "numbers in a compiled text": (
        "ij,jk->ik",
        {"target": "numba", "shapes": [(2, 3), (3, 4)]},
        ones((3, 3), (3, 3)),
        "'i' is 3 here and 2 in this text, which is for no other size",
    ),
    "an axis that is stretched in the text only": (
        "ij,jk->ik",
        {"shapes": [(2, 1), (3, 4)]},
        ones((2, 3), (3, 4)),
        "A axis 1 is stretched along 'j' in this text, so its size must be 1, not 3",
    ),
    "an axis that is stretched here only": (
        "...ij,...jk->...ik",
        {},
        ones((7, 5, 1), (3, 4)),
        "A axis 2 has size 1, and this text does not stretch it along 'j'",
    ),
    "one name of two extents": (
        "ab,b->",
        {"shapes": [("N", "N"), None]},
        ones((2, 3), 3),
        "'a' is 2 and 'b' is 3; in this text both are N",
    ),
}


@pytest.mark.parametrize("what", SIZES)
def test_sizes_that_a_text_is_not_for_are_refused(what):
    expression, options, arrays, message = SIZES[what]
    with pytest.raises(RunError) as caught:
        generate(expression, **options).run(*arrays)
    assert (caught.value.id, caught.value.message) == ("EL604", message)
    shapes = eval(caught.value.hint.removeprefix("generate it with shapes="))
    got = generate(expression, **options | {"shapes": shapes}).run(*arrays)
    assert np.array_equal(got, np.einsum(expression, *arrays))


def test_sizes_that_are_only_known_bind_no_python_text():
    a, b = np.ones((5, 6)), np.ones((6, 7))
    assert np.array_equal(generate("ij,jk->ik", shapes=[(2, 3), (3, 4)]).run(a, b), a @ b)
    assert generate("ij,jk->ik", shapes=[(2, 1), (3, 4)]).run(np.ones((5, 1)), np.ones((1, 3))).shape == (5, 3)


LISTS = {
    "an array": (np.ones((1, 2)), "A is of type ndarray; this text takes nested lists of Python numbers"),
    "numpy's": ([[np.int8(100), 2]], "A holds values of type int8; this text takes nested lists of Python numbers"),
    "words": ([["a", "b"]], "A holds values of type str; this text takes nested lists of Python numbers"),
    "an empty list": ([], "A is not an array of 2 axes: nothing shows how long the axes in an empty list are"),
    "rows of two lengths": ([[1, 2], [3]], "A is not an array of 2 axes: rows differ in length"),
}  # fmt: skip


@pytest.mark.parametrize("what", LISTS)
def test_lists_that_are_no_array_of_numbers_are_refused(what):
    value, message = LISTS[what]
    with pytest.raises(RunError) as caught:
        generate("ij,jk->ik", style="lists").run(value, [[1], [2]])
    assert (caught.value.id, caught.value.message) == ("EL605", message)


def test_lists_of_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ShapeError):
        generate("ij,jk->ik", style="lists").run([[1, 2]], [[1], [2], [3]])
    with pytest.raises(RunError, match="does not stretch"):
        generate("ij,jk->ik", style="lists").run([[1]], [[1], [2]])


def test_lists_hold_every_kind_of_python_number():
    half = generate("i,i->", style="lists").run([Fraction(1, 2), True], (1, 2.5))
    assert half == 3


TRUTHS = {
    "i->": ([True, True],),
    "ij->j": (([True], [True]),),
    ",->": (True, False),
    "i,j->ij": ([True], (False, True)),
    "i,i->i": ([True], [True]),
}


@pytest.mark.parametrize("function", [None, "f"])
@pytest.mark.parametrize("expression", TRUTHS)
def test_lists_of_bools_alone_are_refused_where_loops_compute(expression, function):
    generated = generate(expression, style="lists", function=function)
    with pytest.raises(RunError, match="truth values only") as caught:
        generated.run(*TRUTHS[expression])
    assert caught.value.id == "EL605"
    counted = [np.asarray(value).astype(int).tolist() for value in TRUTHS[expression]]
    assert np.array_equal(generated.run(*counted), np.einsum(expression, *counted))


def test_bools_beside_numbers_are_numbers_and_are_moved_as_they_are():
    for expression, inputs in (
        ("i->", [[True, 2]]),
        ("i,i->", [[True, True], [3, 4]]),
        ("i,i->", [[True], [0.5]]),
        ("ij->ji", [[[True, False]]]),
        ("ii->i", [[[True]]]),
    ):
        found, wanted = generate(expression, style="lists").run(*inputs), np.einsum(expression, *inputs)
        assert np.array_equal(found, wanted)
        assert np.asarray(found).dtype == wanted.dtype


def test_functions_refuse_for_themselves():
    for expression, inputs in (("i,i->", ones(5, 3)), ("ij->i", ones(2))):
        with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text's own words
            generate(expression, function="f").run(*inputs)
        assert type(caught.value) is ValueError


@pytest.mark.parametrize(
    "options", [{}, {"style": "scalar"}, {"style": "fast"}, {"function": "f"}, *COMPILED], ids=named
)
def test_a_result_without_axes_is_no_alias(options):
    given = np.array(3.0)
    got = generate("->", **options).run(given)
    given[()] = 4
    assert got == 3
    assert isinstance(got, np.float64)


def test_a_function_takes_another_byte_order_for_its_dtype():
    array = np.arange(6.0).reshape(2, 3).astype(">f8")
    for expression in ("ij->ji", "ij->j", "ij->"):
        got = generate(expression, function="f", dtypes="float64").run(array)
        assert np.array_equal(got, np.einsum(expression, array))
        assert got.dtype == np.float64


@given(our.expressions(most_operands=3), st.data())
def test_run_is_right_or_refuses(expression, data):
    """Any text is given any arrays: shape, dtype and value are np.einsum's, or an error says why not."""
    options = data.draw(
        st.sampled_from([{}, {"style": "scalar"}, {"style": "fast"}, {"checks": True}, {"function": "f"}])
    )
    pool = ("float64", "int8", "bool", "complex64", "object")
    count = len(expression.terms)
    if data.draw(st.booleans()):
        options = options | {"shapes": expression.shapes}
    if data.draw(st.booleans()) and options.get("style") != "fast":
        options = options | {"dtypes": data.draw(st.sampled_from(pool))}
    dtype = data.draw(st.sampled_from(pool))
    arrays = our.exact_arrays(expression, (dtype,) * count, data.draw(st.integers(0, 99)))
    if data.draw(st.booleans()):
        place = data.draw(st.integers(0, count - 1))
        array = arrays[place]
        arrays[place] = data.draw(
            st.sampled_from([array[None], array.T, array[..., :1] if array.ndim else array[None]])
        )
    try:
        text = einloop.generate(expression.subscripts, **options)
        with np.errstate(all="ignore"):
            got = text.run(*arrays)
    except EinloopError:
        return
    except (ValueError, TypeError):
        if text.contract.checked:
            return
        raise
    wanted = np.einsum(expression.subscripts, *arrays)
    assert np.shape(got) == np.shape(wanted)
    assert np.array_equal(got, wanted)
    if not (text.contract.plain_zero and type(got) in (int, bool)) and dtype != "object":
        assert np.asarray(got).dtype == wanted.dtype
