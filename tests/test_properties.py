"""Random expressions, valid and not: loops equal np.einsum, or both refuse.

EINLOOP_FUZZ=20000 runs that many examples of each property. What a run found belongs in test_failed_once.py.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
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
from einloop.core.generated import Form, Generated, Values

NAMES = ("A", "B", "x", "np", "i", "I", "k", "at", "batch", "dtype", "total", "len", "C", "n_i", "e0", "A_0", "rng", "f")
SYMBOLS = ("N", "M", "B", "I", "J", "A", "dtype", "np", "n_i")
SEEDS = st.integers(0, 2**32 - 1)


def reference(expression: Expression, arrays: Sequence[np.ndarray]) -> Any:
    """Return what np.einsum says."""
    with np.errstate(all="ignore"):
        return np.einsum(expression.subscripts, *arrays, optimize=False)


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
    assert found.dtype == wanted.dtype
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


@st.composite
def emissions(draw: st.DrawFn, *, styles: Sequence[str] = ("article", "scalar", "lists")) -> Emission:
    """Draw an expression in some notation with every option of `generate` that does not need a file."""
    expression = draw(our.expressions(stretch=draw(st.booleans())))
    text, notation, expression = draw(our.written(expression))
    style = draw(st.sampled_from(styles))
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
    names, shared = draw(_names(expression, declared))
    if names:
        options["names"] = names
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
    draw: st.DrawFn, expression: Expression, declared: tuple[str, ...] | None
) -> tuple[list[str | None], tuple[int, ...]]:
    """Draw names for some operands; two operands of one shape and dtype may be one array."""
    count = len(expression.terms)
    shared = list(range(count))
    if draw(st.booleans()):
        return [], tuple(shared)
    names: list[str | None] = [*draw(st.permutations(NAMES))][: draw(st.integers(0, min(count, len(NAMES))))]
    keys = [(shape, declared and declared[n]) for n, shape in enumerate(expression.shapes)]
    for place in range(1, len(names)):
        if keys[place] in keys[:place] and draw(st.booleans()):
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
        check_lists(generated.run(*(array.tolist() for array in given)), expected)
    elif generated.entry:
        got = generated.run(*given)
        if DOTS in generated.spec.output:
            assert_same_array(got, expected)
        else:
            assert_same(got, expected)
    else:
        with np.errstate(all="ignore"):
            got = generated.run(*(array if generated.contract.checked else array[()] for array in given))
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
