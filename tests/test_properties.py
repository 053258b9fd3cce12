"""Random expressions, valid and not: loops equal np.einsum, or both refuse.

EINLOOP_FUZZ=20000 runs that many examples of each property. What a run found belongs in test_failed_once.py.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import black
import numpy as np
import pytest
import strategies as our
from hypothesis import assume, given, note
from hypothesis import strategies as st
from strategies import DOTS, Expression

import einloop
from einloop.core.errors import RunError
from einloop.core.generated import Form, Generated, Values
from einloop.core.source import Notation

NAMES = (
    "A",
    "B",
    "x",
    "np",
    "i",
    "I",
    "k",
    "at",
    "batch",
    "dtype",
    "total",
    "len",
    "C",
    "n_i",
    "e0",
    "A_0",
    "rng",
    "f",
)
SYMBOLS = ("N", "M", "B", "I", "J", "A", "dtype", "np", "n_i")
SEEDS = st.integers(0, 2**32 - 1)


def reference(expression: Expression, arrays: Sequence[np.ndarray]) -> Any:
    """Return what np.einsum says."""
    with np.errstate(all="ignore"):
        return our.oracle(expression.subscripts, *arrays)


def hidden_in_lists(expression: Expression) -> bool:
    """Tell whether nested lists cannot show some extent: an empty axis that is not the last one."""
    shapes = [*expression.shapes, np.shape(reference(expression, [np.zeros(shape) for shape in expression.shapes]))]
    return any(0 in shape[:-1] for shape in shapes)


def assert_same(got: Any, expected: Any) -> None:
    """Check shape, dtype and value, exactly; types too for objects and scalars."""
    assert isinstance(got, np.ndarray) == isinstance(expected, np.ndarray), type(got)
    if not isinstance(expected, np.ndarray):
        assert type(got) is type(expected)
    assert_same_array(got, expected)


def assert_same_array(got: Any, expected: Any) -> None:
    """Check shape, dtype and value, exactly, a scalar being as good as a 0-d array."""
    found, wanted = as_array(got), as_array(expected)
    assert found.shape == wanted.shape
    # a scalar has no byte order, a 0-d array may have one
    assert found.dtype == wanted.dtype or (not wanted.shape and found.dtype.newbyteorder("=") == wanted.dtype)
    assert np.array_equal(found, wanted), f"{found!r} is not {wanted!r}"
    if wanted.dtype == object:
        assert [type(x) for x in found.flat] == [type(x) for x in wanted.flat]


def as_array(value: Any) -> np.ndarray:
    """Return the value as an array, plain Python objects as arrays of objects."""
    if isinstance(value, np.ndarray | np.generic):
        return np.asarray(value)
    boxed = np.empty((), object)
    boxed[()] = value
    return boxed


@dataclass(frozen=True)
class Emission:
    """Arguments for `generate`, and the expression they say; `declared` dtypes per operand or None."""

    text: str
    expression: Expression
    options: dict[str, Any]
    with_shapes: bool
    declared: tuple[str, ...] | None = None
    shared: tuple[int, ...] = field(default=())
    """For each operand the first operand that is the same array."""

    def generate(self) -> Generated:
        """Return the emission."""
        return einloop.generate(self.text, **self.options)

    @property
    def call(self) -> str:
        """One line that repeats it."""
        return our.call_text("einloop.generate", self.text, **self.options)


def _drop_contradictions(options: dict[str, Any], *, shared: bool) -> None:
    """Names of extents are drawn label by label: in one array under two terms they contradict each other."""
    if shared:
        options.pop("shapes", None)


@st.composite
def emissions(draw: st.DrawFn, *, styles: Sequence[str] = ("article", "scalar", "lists")) -> Emission:
    """Draw an expression in some notation with every option of `generate` that does not need a file."""
    expression = draw(our.expressions(stretch=draw(st.booleans())))
    text, notation, expression = draw(our.written(expression))
    style = draw(st.sampled_from(styles))
    if style == "lists" and hidden_in_lists(expression):
        style = "article"
    options: dict[str, Any] = {"notation": notation.value} if draw(st.booleans()) or notation.value == "named" else {}
    if style != "article" or draw(st.booleans()):
        options["style"] = style
    with_shapes = expression.stretched or draw(st.booleans()) or (style == "lists" and DOTS in expression.result)
    if with_shapes:
        options["shapes"] = list(expression.shapes)
    else:
        options |= draw(_sizes(expression))
    count = len(expression.terms)
    declared = None
    if style != "lists" and draw(st.booleans()):
        declared = draw(our.dtype_lists(count))
        options["dtypes"] = list(declared) if len(set(declared)) > 1 or draw(st.booleans()) else declared[0]
    # the arguments of a pasted call are what they are: two of them are not one array
    names, shared = draw(_names(expression, declared, ties=notation is not Notation.CALL))
    if names:
        options["names"] = names
    _drop_contradictions(options, shared=len(set(shared)) < count and not with_shapes)
    form = draw(st.sampled_from(Form))
    if form is Form.SCRIPT:
        options["script"] = True
    if form is Form.FUNCTION or (form is Form.SCRIPT and draw(st.booleans())):
        options["function"] = draw(st.sampled_from(("f", "loops", "matmul", "A", "C", "i", "I", "rng", "expected")))
    for flag in ("comments", "checks"):
        if draw(st.booleans()):
            options[flag] = True
    if draw(st.booleans()):
        options["result"] = draw(st.sampled_from(("r", "out", "np", "i", "A", "total", "x", "batch", "len")))
    order = draw(_orders(expression, style, with_shapes=with_shapes))
    if order is not None:
        options["order"] = order
    return Emission(text, expression, options, with_shapes, declared, shared)


@st.composite
def _sizes(draw: st.DrawFn, expression: Expression) -> dict[str, Any]:
    """Draw extents for some indices, as numbers or names; names for all axes of some operands."""
    if any(DOTS in term for term in expression.terms) or not expression.labels or draw(st.booleans()):
        return {}
    if draw(st.booleans()):
        chosen = draw(st.lists(st.sampled_from(expression.labels), unique=True))
        extents = expression.extents
        return {"sizes": {label: extents[label] for label in chosen}}
    symbols = {label: draw(st.sampled_from(SYMBOLS)) for label in expression.labels}
    shapes = [tuple(symbols[label] for label in term) for term in expression.terms]
    return {"shapes": [None if draw(st.integers(0, 3)) == 0 else shape for shape in shapes]}


@st.composite
def _names(
    draw: st.DrawFn, expression: Expression, declared: tuple[str, ...] | None, *, ties: bool
) -> tuple[list[str | None], tuple[int, ...]]:
    """Draw names for some operands; with `ties` two operands of one shape and dtype may be one array."""
    count = len(expression.terms)
    shared = list(range(count))
    if draw(st.booleans()):
        return [], tuple(shared)
    names: list[str | None] = [*draw(st.permutations(NAMES))][: draw(st.integers(0, min(count, len(NAMES))))]
    keys = [(shape, declared and declared[n]) for n, shape in enumerate(expression.shapes)]
    for place in range(1, len(names)):
        if ties and keys[place] in keys[:place] and draw(st.booleans()):
            shared[place] = shared[keys.index(keys[place])]
            names[place] = names[shared[place]]
    return names, tuple(shared)


@st.composite
def _orders(draw: st.DrawFn, expression: Expression, style: str, *, with_shapes: bool) -> str | None:
    """Draw an order of the loops that the style can take."""
    kind = draw(st.sampled_from((None, "appearance", "output", "indices")))
    if kind == "appearance" and style == "scalar":
        return None
    if kind != "indices":
        return kind
    labels = list(expression.labels) + ([DOTS] if DOTS in expression.result else [])
    if with_shapes and not any(expression.covered) and DOTS in labels and draw(st.booleans()):
        labels.remove(DOTS)
    mixed = draw(st.permutations(labels))
    if style == "scalar":
        mixed = sorted(mixed, key=lambda label: label not in expression.result)
    return draw(st.sampled_from((",", ", "))).join(mixed)


def arrays_for(emission: Emission, generated: Generated, draw: st.DrawFn) -> list[np.ndarray]:
    """Draw arrays inside the contract of an emission, one per operand."""
    contract, expression = generated.contract, emission.expression
    lists = contract.values is Values.LISTS
    if lists or not emission.with_shapes or draw(st.booleans()):
        extents = _agreeing(emission, draw, redraw=draw(st.booleans()), lists=lists)
        expression = expression.with_extents(extents, stretch=emission.with_shapes)
    if lists:
        expression = _visible_in_lists(expression)
    count = len(expression.terms)
    if contract.dtypes is not None:
        by_name = dict(zip(generated.inputs, contract.dtypes, strict=True))
        dtypes = tuple(by_name[name] for name in generated.operands)
    elif lists:
        dtypes = (draw(st.sampled_from(("object", "float64", "complex128"))),) * count
    else:
        pool = our.ARITHMETIC + our.FOREIGN + (our.UNCOUNTABLE if expression.is_view else ())
        drawn = draw(our.dtype_lists(count, pool))
        dtypes = tuple(drawn[n] for n in emission.shared)
    arrays = our.exact_arrays(expression, dtypes, draw(SEEDS))
    return [arrays[n] for n in emission.shared]


def _agreeing(emission: Emission, draw: st.DrawFn, *, redraw: bool, lists: bool) -> dict[str, int]:
    """Return extents by label, equal where one array or one name of an extent ties them; new ones if `redraw`."""
    expression, extents = emission.expression, emission.expression.extents
    groups = {label: {label} for label in extents}

    def tie(first: str, second: str) -> None:
        if not first.startswith(DOTS) and not second.startswith(DOTS):
            groups[first] |= groups[second]
            for label in groups[first]:
                groups[label] = groups[first]

    spread = [our.spread(term, n) for term, n in zip(expression.terms, expression.covered, strict=True)]
    fixed: set[str] = set()
    for operand, leader in enumerate(emission.shared):
        for axis, (first, second) in enumerate(zip(spread[leader], spread[operand], strict=True)):
            size = expression.shapes[operand][axis]
            if extents.get(first, size) == size == extents.get(second, size):
                tie(first, second)
            if first != second:
                # a label stays as it is where the same axis is stretched, or covered by an ellipsis, elsewhere
                flat = {x for x in (first, second) if extents.get(x, size) != size or x.startswith(DOTS)}
                fixed |= {first, second} - flat if flat else set()
    symbols: dict[str, str] = {}
    for term, shape in zip(expression.terms, emission.options.get("shapes") or (), strict=False):
        for label, name in zip(term, shape or (), strict=False):
            if isinstance(name, str):
                tie(symbols.setdefault(name, label), label)
    chosen = dict(extents)
    for label in extents:
        group = groups[label]
        if label == min(group) and not group & fixed:
            size = draw(st.integers(0, 3)) if redraw else extents[label]
            if lists and size == 0 and not all(_always_last(expression, x) for x in group):
                size = 2
            chosen |= dict.fromkeys(group, size)
    return chosen


def _always_last(expression: Expression, label: str) -> bool:
    return all(label not in term[:-1] for term in expression.terms)


def _visible_in_lists(expression: Expression) -> Expression:
    """Return the expression with every axis that an ellipsis covers nonempty: nested lists would lose others."""
    shapes = []
    for term, covered, shape in zip(expression.terms, expression.covered, expression.shapes, strict=True):
        pairs = zip(our.spread(term, covered), shape, strict=True)
        shapes.append(tuple(2 if label.startswith(DOTS) and not size else size for label, size in pairs))
    return expression.with_shapes(shapes)


def check_run(generated: Generated, expression: Expression, arrays: Sequence[np.ndarray]) -> None:
    """Run an emission on one array per operand and compare with np.einsum, as its contract promises."""
    by_name = dict(zip(generated.operands, arrays, strict=True))
    given = [by_name[name] for name in generated.inputs]
    note(f".run({', '.join(map(our.show, given))})")
    expected = reference(expression, arrays)
    if generated.contract.values is Values.LISTS:
        if all(type(x) is bool for array in given for x in array.flat):
            # to lists these are truth values, which no text for lists computes with
            with contextlib.suppress(RunError):
                check_lists(generated.run(*(array.tolist() for array in given)), expected)
            return
        check_lists(generated.run(*(array.tolist() for array in given)), expected)
    elif generated.entry:
        assert_same(generated.run(*given), expected)
    elif generated.contract.checked:
        with np.errstate(all="ignore"):
            assert_same_array(generated.run(*given), expected)
    else:
        inputs = generated.inputs
        varying = {
            name for name, op in zip(generated.operands, generated.spec.operands, strict=True) if op.dots is not None
        }
        with np.errstate(all="ignore"):
            got = generated.run(
                *(array if name in varying else array[()] for name, array in zip(inputs, given, strict=True))
            )
        if generated.contract.plain_zero and type(got) is int and not expression.with_arrays(arrays).summed_terms():
            got = np.asarray(expected).dtype.type(got)
        assert_same_array(got, expected)


def check_lists(got: Any, expected: Any) -> None:
    """Check nested lists against an array: the nesting, and every number with its type (a sum may begin at int 0)."""
    wanted = as_array(expected).tolist()
    assert got == wanted
    assert nesting(got) == nesting(wanted)


def nesting(value: Any) -> Any:
    """Return the lengths of nested lists."""
    return [nesting(item) for item in value] if isinstance(value, list) else None


@given(emissions(), st.data())
def test_loops_equal_einsum(emission: Emission, data: st.DataObject) -> None:
    note(emission.call)
    generated = emission.generate()
    check_run(generated, emission.expression, arrays_for(emission, generated, data.draw))


@given(emissions())
def test_text_is_as_black_leaves_it_and_always_the_same(emission: Emission) -> None:
    note(emission.call)
    text = emission.generate().source
    assert text == emission.generate().source
    assert black.format_str(text, mode=black.Mode()) == text


@given(emissions())
def test_scripts_agree_with_einsum(emission: Emission) -> None:
    options = emission.options | {"script": True}
    note(our.call_text("einloop.generate", emission.text, **options))
    generated = einloop.generate(emission.text, **options)
    printed = StringIO()
    with redirect_stdout(printed), pytest.raises(SystemExit) as stop:
        exec(compile(generated.source, "<script>", "exec"), {"__name__": "__main__"})
    assert (bool(stop.value.code), printed.getvalue()) == (False, "equal to np.einsum\n")


@given(emissions(), SEEDS)
def test_the_verifier_agrees(emission: Emission, seed: int) -> None:
    note(emission.call)
    found = einloop.verify(emission.generate(), seed=seed)
    assert found, str(found)


@given(our.expressions(most_operands=5), st.data())
def test_a_schedule_never_changes_a_result(expression: Expression, data: st.DataObject) -> None:
    dtype = data.draw(st.sampled_from(("int8", "float64", "bool", "complex64", "object")))
    arrays = our.exact_arrays(expression, (dtype,) * len(expression.terms), data.draw(SEEDS))
    expected = reference(expression, arrays)
    for style in ("article", "scalar"):
        for order in {None, "output", data.draw(_orders(expression, style, with_shapes=True)) or "output"}:
            options = {"shapes": expression.shapes, "style": style, "order": order, "function": "f"}
            text = expression.subscripts if order in (None, "output") else _lettered(expression)
            note(our.call_text("einloop.generate", text, **options))
            assert_same(einloop.generate(text, **options).run(*arrays), expected)


def _lettered(expression: Expression) -> str:
    """Return the expression as subscripts in its own letters."""
    return f"{','.join(map(''.join, expression.terms))}->{''.join(expression.result)}"


@dataclass(frozen=True)
class Call:
    """Arguments of np.einsum; `out` is made anew for every run."""

    arguments: tuple[Any, ...]
    keywords: dict[str, Any]

    def run(self, einsum: Callable[..., Any]) -> Any:
        """Return the value, and out= with it."""
        fresh = {key: value.copy() if key == "out" else value for key, value in self.keywords.items()}
        got = einsum(*self.arguments, **fresh)
        if "out" in fresh:
            assert got is fresh["out"]
        return got

    def __str__(self) -> str:
        return our.call_text("einloop.einsum", *self.arguments, **self.keywords)


def check_call(call: Call) -> None:
    """Check that einloop.einsum does what np.einsum does, refusing included."""
    note(str(call))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = call.run(our.oracle)
    except Exception as error:
        note(f"np.einsum: {type(error).__name__}: {error}")
        # what Python objects refuse to be multiplied or added by, they refuse in loops too
        arithmetic = (
            isinstance(error, OverflowError) or "unsupported operand" in str(error) or "can't mul" in str(error)
        )
        with pytest.raises(type(error) if arithmetic else einloop.EinloopError):
            call.run(einloop.einsum)
        return
    with warnings.catch_warnings():
        # numpy warns too where casting="unsafe" drops an imaginary part
        warnings.simplefilter("ignore", np.exceptions.ComplexWarning)
        got = call.run(einloop.einsum)
    assert_same(got, expected)


def _reversed(array: np.ndarray) -> np.ndarray:
    return array[::-1].copy()[::-1] if array.ndim else array


def _strided(array: np.ndarray) -> np.ndarray:
    return np.repeat(array, 2, axis=-1)[..., ::2] if array.ndim else array


def _read_only(array: np.ndarray) -> np.ndarray:
    array = array.copy()
    array.flags.writeable = False
    return array


def _listed(array: np.ndarray) -> Any:
    """Return nested lists, where np.asarray makes an array with arithmetic of them again."""
    return array if array.dtype.kind in "SMmV" or array.dtype.itemsize > 16 else array.tolist()


DISGUISES: tuple[Callable[[np.ndarray], Any], ...] = (
    lambda array: array,
    lambda array: array[()],
    lambda array: np.ma.array(array) if array.dtype.names is None else array,
    np.asfortranarray,
    _reversed,
    _strided,
    _read_only,
    _listed,
)
"""Other objects that hold the same values."""


@st.composite
def einsum_calls(draw: st.DrawFn) -> Call:
    """Draw a valid call of np.einsum in either form."""
    expression = draw(our.expressions())
    count = len(expression.terms)
    pool = our.ARITHMETIC + our.FOREIGN + (our.UNCOUNTABLE if expression.is_view else ())
    arrays = our.exact_arrays(expression, draw(our.dtype_lists(count, pool)), draw(SEEDS))
    given = [draw(st.sampled_from(DISGUISES))(array) for array in arrays]
    if draw(st.booleans()):
        text = draw(our.subscripts(expression))
        return Call((draw(st.sampled_from((text, np.str_(text), text.encode()))), *given), {})
    lists, output = draw(our.numbered(expression))
    makers = (list, tuple, lambda x: np.array(x, int) if ... not in x else x)
    made = [draw(st.sampled_from(makers))(x) for x in lists]
    pairs = [part for pair in zip(given, made, strict=True) for part in pair]
    return Call((*pairs, *([] if output is None else [output])), {})


@pytest.mark.filterwarnings("ignore::einloop.EinloopWarning")
@given(einsum_calls())
def test_drop_in_equals_einsum(call: Call) -> None:
    check_call(call)


COMPUTED = (
    "int8",
    "int64",
    "float16",
    "float32",
    "float64",
    "complex64",
    "complex128",
    "object",
    "bool",
    "U3",
    "m8[s]",
)


@pytest.mark.filterwarnings("ignore::einloop.EinloopWarning")
@given(our.expressions(most_operands=3), st.data())
def test_keywords_mean_what_they_mean_to_einsum(expression: Expression, data: st.DataObject) -> None:
    count = len(expression.terms)
    dtypes = data.draw(our.dtype_lists(count, ("bool", "int8", "int64", "float32", "float64", "complex64", "object")))
    keywords: dict[str, Any] = {}
    if data.draw(st.booleans()):
        keywords["dtype"] = data.draw(st.sampled_from(COMPUTED))
    if data.draw(st.booleans()):
        keywords["casting"] = data.draw(st.sampled_from(("no", "equiv", "safe", "same_kind", "unsafe", "sometimes")))
    if data.draw(st.booleans()):
        keywords["order"] = data.draw(st.sampled_from(("K", "A", "C", "F", "Z")))
    if data.draw(st.booleans()) and keywords.get("casting") != "unsafe":
        shape = np.shape(reference(expression, [np.zeros(shape) for shape in expression.shapes]))
        shape = (*shape, 1) if data.draw(st.integers(0, 9)) == 0 else shape
        keywords["out"] = np.zeros(shape, data.draw(st.sampled_from(COMPUTED)))
    if data.draw(st.booleans()):
        keywords["optimize"] = False
    asked = [
        keywords[key] if key == "dtype" else keywords[key].dtype.str for key in ("dtype", "out") if key in keywords
    ]
    computed = [name for name in asked if np.dtype(name).kind in "fc"]
    arrays = our.exact_arrays(expression, dtypes, data.draw(SEEDS), computed=computed)
    check_call(Call((expression.subscripts, *arrays), keywords))


ALPHABET = " ,->.ijkIJK" * 3 + "aZ=-_0(*\t\nαé→"


@st.composite
def damaged_texts(draw: st.DrawFn, text: str) -> str:
    """Draw the text with a few characters left out, put in, replaced or exchanged."""
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(text)))
        character = draw(st.sampled_from(ALPHABET))
        how = draw(st.sampled_from(("drop", "insert", "replace", "exchange")))
        rest = text[place:]
        if how == "insert":
            rest = character + rest
        elif how == "drop":
            rest = rest[1:]
        elif how == "replace":
            rest = character + rest[1:]
        else:
            rest = rest[1:2] + rest[:1] + rest[2:]
        text = text[:place] + rest
    return text


@st.composite
def damaged_arrays(draw: st.DrawFn, arrays: list[np.ndarray]) -> list[np.ndarray]:
    """Draw the arrays with one of them of another size or rank, left out, or there twice."""
    place = draw(st.integers(0, len(arrays) - 1))
    shape = list(arrays[place].shape)
    how = draw(st.sampled_from(("longer", "shorter", "new axis", "lost axis", "gone", "twice", "exchanged")))
    if how == "gone":
        return arrays[:place] + arrays[place + 1 :]
    if how == "twice":
        return [*arrays[: place + 1], *arrays[place:]]
    if how == "exchanged":
        return [*arrays[place:], *arrays[:place]]
    axis = draw(st.integers(0, max(len(shape) - 1, 0)))
    if how == "new axis":
        shape.insert(axis, draw(st.sampled_from((1, 2))))
    elif shape:
        shape[axis : axis + 1] = [] if how == "lost axis" else [max(0, shape[axis] + (1 if how == "longer" else -1))]
    return [*arrays[:place], np.ones(shape, arrays[place].dtype), *arrays[place + 1 :]]


@st.composite
def damaged_lists(draw: st.DrawFn, lists: list[list[Any]]) -> list[Any]:
    """Draw the lists of labels with something wrong in one of them, or with another label."""
    place = draw(st.integers(0, len(lists) - 1))
    wrong = (0, 1, 51, 52, -1, 10**20, True, 1.0, None, "i", ..., [0], np.int64(1), np.float64(1))
    entries = [*lists[place]]
    entries.insert(draw(st.integers(0, len(entries))), draw(st.sampled_from(wrong)))
    if draw(st.integers(0, 4)) == 0:
        return [*lists[:place], draw(st.sampled_from((..., None, 3, "ij", 1.5))), *lists[place + 1 :]]
    return [*lists[:place], entries, *lists[place + 1 :]]


@st.composite
def damaged_calls(draw: st.DrawFn) -> Call:
    """Draw a call of np.einsum in which something is changed; it may be valid again."""
    expression = draw(our.expressions(most_operands=4))
    dtype = draw(st.sampled_from(("float64", "int64", "bool", "object")))
    arrays = our.exact_arrays(expression, (dtype,) * len(expression.terms), draw(SEEDS))
    damage_arrays = draw(st.booleans())
    if damage_arrays:
        arrays = draw(damaged_arrays(arrays))
        if draw(st.integers(0, 9)) == 0 and arrays and dtype != "object":
            arrays[0] = arrays[0].astype("U1")
    if draw(st.integers(0, 2)):
        text = draw(our.subscripts(expression))
        if not damage_arrays or draw(st.booleans()):
            text = draw(damaged_texts(text))
        return Call((text, *arrays), {})
    lists, output = draw(our.numbered(expression))
    every = [*lists, *([] if output is None else [output])]
    if not damage_arrays or draw(st.booleans()):
        every = draw(damaged_lists(every))
    pairs = [part for n, array in enumerate(arrays) for part in (array, every[n] if n < len(every) else [])]
    return Call((*pairs, *every[len(arrays) :]), {})


def reads_foreign_memory(call: Call) -> bool:
    """Tell whether np.einsum reads outside its operand: a diagonal whose first axis, and not every axis, is empty."""
    arrays = [argument for argument in call.arguments if isinstance(argument, np.ndarray)]
    return len(arrays) == 1 and 0 in arrays[0].shape and any(arrays[0].shape)


@pytest.mark.filterwarnings("ignore::einloop.EinloopWarning")
@given(damaged_calls())
def test_refuses_exactly_what_einsum_refuses(call: Call) -> None:
    assume(not reads_foreign_memory(call))
    check_call(call)
    if isinstance(call.arguments[0], str) and all(array.dtype.kind in "biufcO" for array in call.arguments[1:]):
        check_generate(call)


def check_generate(call: Call) -> None:
    """Check that `generate`, given the same text and shapes, refuses what np.einsum refuses, and nothing else."""
    text, *arrays = call.arguments
    options = {"notation": "subscripts", "shapes": [array.shape for array in arrays], "function": "f"}
    note(our.call_text("einloop.generate", text, **options))
    try:
        expected = call.run(our.oracle)
    except Exception:
        if len(arrays) >= text.count(",") + 1:
            with pytest.raises(einloop.EinloopError):
                einloop.generate(text, **options)
        return
    assert_same(einloop.generate(text, **options).run(*arrays), expected)


def check_error(error: einloop.EinloopError) -> None:
    """Check that an error can be drawn: an id, and a place that is in its text."""
    assert str(error).startswith(f"error {error.id}: ")
    assert error.span is None or 0 <= error.span[0] <= error.span[1] <= len(error.text)


ANYTHING = st.none() | st.integers(-2, 3) | st.floats() | st.text(max_size=3) | st.booleans()
SHAPES = st.lists(ANYTHING | st.lists(ANYTHING, max_size=3).map(tuple), max_size=3)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "shapes": st.none() | SHAPES | st.dictionaries(st.text(max_size=2), st.tuples(ANYTHING)),
        "sizes": st.dictionaries(
            st.sampled_from("ijkz") | st.text(max_size=2), st.integers(-1, 3) | st.text(max_size=3)
        ),
        "dtypes": st.lists(
            st.sampled_from(("int8", "f4", "float", "U3", "x")) | st.text(max_size=3) | st.none(), max_size=3
        )
        | st.text(max_size=4)
        | st.sampled_from((int, float, np.float32, np.dtype("i2"), np.int64, object, str)),
        "names": st.lists(st.none() | st.sampled_from(("A", "if", "1a", "np", "")) | st.text(max_size=2), max_size=3),
        "result": st.sampled_from(("r", "for", "a b", "")) | st.text(max_size=2),
        "style": st.sampled_from(("article", "scalar", "lists", "baroque")),
        "order": st.sampled_from(("output", "appearance", "i", "j,i", "ij,", "...", ",,", "k,j,i"))
        | st.text(max_size=3),
        "function": st.sampled_from(("f", "class", "np", "")) | st.text(max_size=2),
        "script": st.booleans(),
        "comments": st.booleans(),
        "checks": st.booleans(),
        "notation": st.sampled_from(("subscripts", "call", "formula", "named", "sublists", "poetry")),
        "target": st.sampled_from(("python", "cobol", "..", "")),
    },
)


@given(st.data())
def test_generate_raises_no_foreign_exception(data: st.DataObject) -> None:
    text, _, _ = data.draw(our.written(data.draw(our.expressions(most_operands=3))))
    if data.draw(st.booleans()):
        text = data.draw(damaged_texts(text) | st.text(max_size=12))
    options = data.draw(OPTIONS)
    note(our.call_text("einloop.generate", text, **options))
    try:
        generated = einloop.generate(text, **options)
    except einloop.EinloopError as error:
        check_error(error)
        return
    compile(generated.source, "<generated>", "exec")
    assert black.format_str(generated.source, mode=black.Mode()) == generated.source
