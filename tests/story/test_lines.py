"""The lines of a story are run by numpy: every stage has the shape that is told, and the last one is the einsum."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import Expression, dtype_lists, exact_arrays, expressions, oracle, subscripts

from einloop.core.names import choose_names
from einloop.core.options import Options
from einloop.core.spec import DOTS
from einloop.core.story import StageKind, Story
from einloop.evaluate import evaluate, of_array
from einloop.pipeline.expression import read_expression
from einloop.pipeline.story import story_of


def told(text: str, shapes=None, dtypes=None, path=None, arrays=None) -> tuple[Story, tuple[str, ...]]:
    """Return the story of subscripts, and the names of the operands."""
    options = Options(
        shapes=tuple((None, shape) for shape in shapes or ()),
        dtypes=tuple((None, dtype) for dtype in dtypes or ()),
        path=path,
    )
    spec = read_expression(text, options)
    return story_of(spec, options, arrays), choose_names(spec).operands


def run(story: Story, arrays: dict[str, np.ndarray]) -> dict[int, object]:
    """Return what numpy makes of every stage by its number."""
    space = {"np": np, **arrays}
    found = {}
    for number, stage in enumerate(story.stages):
        if stage.code is None:
            assert stage.kind is StageKind.GIVEN
        else:
            assert stage.name not in arrays, "a line overwrites an operand"
            with np.errstate(all="ignore"):  # numpy warns of scalars that wrap, not of arrays
                exec(stage.code, space)
        found[number] = space[stage.name]
    return found


def fits(shape: tuple[int, ...], said: tuple[int | str, ...], known: dict[str, int]) -> bool:
    """Return whether a shape is the one that is told; `...` stands for any axes."""
    if DOTS in said:
        dots = said.index(DOTS)
        after = len(said) - dots - 1
        ends = (*shape[:dots], *(shape[len(shape) - after :] if after else ()))
        return len(shape) >= len(said) - 1 and fits(ends, (*said[:dots], *said[dots + 1 :]), known)
    return len(shape) == len(said) and all(
        size == (known.setdefault(one, size) if isinstance(one, str) else one)
        for size, one in zip(shape, said, strict=True)
    )


def check(expression: Expression, text: str, story: Story, names: tuple[str, ...], arrays: list[np.ndarray]) -> None:
    """Assert that numpy finds the shapes told, and the value of np.einsum."""
    found = run(story, dict(zip(names, arrays, strict=True)))
    known: dict[str, int] = {}
    for number, stage in enumerate(story.stages):
        assert fits(np.shape(found[number]), stage.shape, known), (text, stage, np.shape(found[number]))
        assert len(stage.axes) == len(stage.shape)
    wanted = oracle(text, *arrays)
    last = found[max(found)]
    assert np.shape(last) == np.shape(wanted)
    assert np.array_equal(last, wanted), (text, last, wanted)


@settings(deadline=None)
@given(st.data())
def test_shapes_and_values_are_those_of_numpy(data) -> None:
    expression = data.draw(expressions(most_operands=8))
    text = data.draw(subscripts(expression))
    story, names = told(text, expression.shapes)
    check(expression, text, story, names, exact_arrays(expression, ["int64"] * len(names), 0))


@settings(deadline=None)
@given(st.data())
def test_without_shapes_the_lines_are_right_for_all(data) -> None:
    """Axes of length 1 that stretch do not show in the shapes told: those are of agreeing operands."""
    stretch = data.draw(st.booleans())
    expression = data.draw(expressions(most_operands=8, stretch=stretch))
    text = data.draw(subscripts(expression))
    story, names = told(text)
    arrays = exact_arrays(expression, ["int64"] * len(names), 0)
    stretched = any(1 in shape for shape in expression.shapes)
    if stretched:
        found = run(story, dict(zip(names, arrays, strict=True)))
        assert np.array_equal(found[max(found)], oracle(text, *arrays)), text
    else:
        check(expression, text, story, names, arrays)


@settings(deadline=None)
@given(st.data())
def test_along_a_path(data) -> None:
    expression = data.draw(expressions(most_operands=5))
    text = data.draw(subscripts(expression))
    left, path = len(expression.terms), []
    while left > 1:
        count = data.draw(st.integers(2, min(left, 3)))
        path.append(tuple(sorted(data.draw(st.permutations(range(left)))[:count])))
        left -= count - 1
    shapes = expression.shapes if data.draw(st.booleans()) or DOTS in text else None
    story, names = told(text, shapes, path=",".join(map(str, path)) or None)
    arrays = exact_arrays(expression, ["int64"] * len(names), 0)
    assert len(story.steps) == max(len(path), 1)
    if shapes:
        check(expression, text, story, names, arrays)
    else:
        found = run(story, dict(zip(names, arrays, strict=True)))
        assert np.array_equal(found[max(found)], oracle(text, *arrays)), text


@settings(deadline=None)
@given(st.data())
def test_dtypes_are_those_of_np_einsum(data) -> None:
    expression = data.draw(expressions(most_operands=4))
    text = data.draw(subscripts(expression))
    dtypes = data.draw(dtype_lists(len(expression.terms)))
    story, names = told(text, expression.shapes, dtypes=dtypes)
    arrays = exact_arrays(expression, dtypes, data.draw(st.integers(0, 99)))
    found = run(story, dict(zip(names, arrays, strict=True)))
    with np.errstate(all="ignore"):
        wanted = np.asarray(oracle(text, *arrays))
    last = np.asarray(found[max(found)])
    assert last.dtype == wanted.dtype or "object" in dtypes, (text, dtypes)
    assert np.array_equal(last, wanted), (text, dtypes, last, wanted)


@settings(deadline=None)
@given(st.data())
def test_values_are_those_of_numpy_at_every_stage(data) -> None:
    expression = data.draw(expressions(most_operands=4))
    text = data.draw(subscripts(expression))
    dtypes = data.draw(dtype_lists(len(expression.terms), ("int64", "int8", "uint16", "bool", "float64", "float32")))
    arrays = exact_arrays(expression, dtypes, data.draw(st.integers(0, 99)))
    plain = [of_array(array) for array in arrays]
    story, names = told(text, expression.shapes, arrays=plain)
    found = run(story, dict(zip(names, arrays, strict=True)))
    for number, stage in enumerate(story.stages):
        assert stage.values is not None
        assert stage.values.tolist() == np.asarray(found[number]).tolist(), (text, stage)
        assert stage.values.dtype == stage.dtype == np.asarray(found[number]).dtype
    spec = read_expression(text, Options(shapes=tuple((None, shape) for shape in expression.shapes)))
    assert stage.values == evaluate(spec, plain).whole()
