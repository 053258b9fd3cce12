"""Statements and the shapes of arrays in, statements with extents out: the terms of a sum have one shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from .bind import Shape, bind_sizes
from .combination import Combination, Statements, Summand
from .errors import ShapeError
from .indices import index_table
from .part_text import base_of
from .parts import Shaped, part, sized
from .source import Span
from .spec import Extent, Spec
from .text_order import text_order
from .written_place import written_place

NAME = re.compile(r"(?<![\w.])[^\W\d]\w*")
"""A name in a text, but not an attribute."""
ONE_SHAPE = "the terms of a sum have one shape; only an axis of size 1 is repeated"


def input_names(statements: Statements) -> tuple[str, ...]:
    """Return the arrays and scalars that statements are given, in the order of the text.

    Not results that later ones read; for a view the array that it is a part of.

    >>> from .combination import View
    >>> from einloop.notation import read
    >>> spec = read("D = np.einsum('i,i->i', A, b)").renamed(("A1", "b"), "D")
    >>> view = View(name="A1", text="A[1:]")
    >>> one = Combination(source=spec.source, result="D", summands=(Summand(spec=spec),), views=(view,))
    >>> input_names(Statements(combinations=(one,)))
    ('A', 'b')
    """
    made: set[str] = set()
    found: dict[str, None] = {}
    for combination in statements.combinations:
        views = {view.name: view for view in combination.views}
        for name in _read(combination):
            whole = base_of(views[name].text) if name in views else name
            if whole not in made and not (name in views and views[name].ones):
                found[whole] = None
        if (combination.adds or combination.target is not None) and combination.result not in made:
            found[combination.result] = None
        made.add(combination.result)
    last = statements.combinations[-1]
    return text_order(found, last.source.text, last.result)


def _read(combination: Combination) -> Iterator[str]:
    """Yield the names of operands, in order, then those in texts of lengths and scalars."""
    for summand in combination.summands:
        yield from summand.names
    for summand in combination.summands:
        for text in (*summand.factors, *summand.divisors):
            yield from (name for name in NAME.findall(text) if name not in ("len", "np"))


def bind_statements(
    statements: Statements, shapes: Mapping[str, Shape], sizes: Mapping[str, Extent] | None = None
) -> Statements:
    """Return statements with the extents that shapes of arrays by name, and sizes of indices, give.

    Raises ShapeError where they fit no einsum, or the terms of a sum have different shapes.
    """
    known = dict(shapes)
    made = []
    for combination in statements.combinations:
        views = {view.name: shape for view in combination.views if (shape := _view_shape(view.text, known, sizes))}
        bound = _bound(combination, known | views, sizes or {})
        made.append(bound)
        whole = result_shape(bound, known, sizes)
        if combination.target is None and None not in whole:
            known[combination.result] = whole
    return replace(statements, combinations=tuple(made))


def result_shape(
    combination: Combination, shapes: Mapping[str, Shape] | None = None, sizes: Mapping[str, Extent] | None = None
) -> Shape:
    """Return the shape of what a combination computes; its summands are bound, and axes of size 1 are repeated.

    `shapes` and `sizes`: what lengths of a result in the text's words are worked out from.
    """
    if combination.shape:
        return tuple(_length(text, shapes or {}, sizes) for text in combination.shape)
    if not combination.summands:
        return ()
    spec = combination.summands[0].spec
    return tuple(spec.by_label[label].extent if label in spec.by_label else None for label in spec.output)


def _view_shape(text: str, known: Mapping[str, Shape], sizes: Mapping[str, Extent] | None) -> Shape | None:
    """Return the shape of a part of an array, None where it is not known in numbers."""
    found = _part(text, known, sizes)
    return found.shape if isinstance(found, Shaped) else None


def _length(text: str, known: Mapping[str, Shape], sizes: Mapping[str, Extent] | None) -> Extent:
    """Return a length: a number where it can be worked out, else its text."""
    found = _part(text, known, sizes)
    return found if isinstance(found, int) else text


def _part(text: str, known: Mapping[str, Shape], sizes: Mapping[str, Extent] | None) -> object:
    return part(text, *sized(known, sizes or {}))


def _bound(combination: Combination, shapes: Mapping[str, Shape], sizes: Mapping[str, Extent]) -> Combination:
    specs = [_spec(summand, shapes, sizes) for summand in combination.summands]
    given = shapes.get(combination.result) if combination.adds and combination.target is None else None
    if not specs:
        return combination
    whole: list[Extent] = []
    for axis in range(len(specs[0].output)):
        found = list(_lengths(combination, specs, axis, given))
        whole.append(_one_length(combination, axis, found))
    summands = []
    for summand, spec in zip(combination.summands, specs, strict=True):
        wanted = {label: size for label, size in zip(spec.output, whole, strict=True) if size is not None}
        summands.append(replace(summand, spec=_repeated(spec, wanted)))
    return replace(combination, summands=tuple(summands))


def _spec(summand: Summand, shapes: Mapping[str, Shape], sizes: Mapping[str, Extent]) -> Spec:
    spec = summand.spec
    own = {index.label: sizes[index.label] for index in spec.indices if index.label in sizes}
    return bind_sizes(spec, [shapes.get(name) for name in summand.names], own) if spec.operands else spec


def _lengths(
    combination: Combination, specs: list[Spec], axis: int, given: Shape | None
) -> Iterator[tuple[str, Extent]]:
    """Yield what gives an axis of the result its length, and the length."""
    if given is not None and axis < len(given):
        yield combination.result, given[axis]
    for spec in specs:
        index = spec.by_label.get(spec.output[axis]) if axis < len(spec.output) else None
        for place in index.places if index is not None else ():
            if index is not None and index.extent is not None and not place.stretched:
                yield spec.operands[place.operand].name or "", index.extent
                break


def _place(combination: Combination, name: str) -> Span | None:
    """Return where an array stands in the text."""
    operands = [operand for summand in combination.summands for operand in summand.spec.operands]
    spans = (operand.span for operand in operands if operand.name == name and operand.span is not None)
    return next(spans, None) or written_place(combination.source, name)


def _one_length(combination: Combination, axis: int, found: list[tuple[str, Extent]]) -> Extent:
    """Return the length of an axis of the result. Raises ShapeError where two terms have different ones."""
    name, length = next(((name, size) for name, size in found if size != 1), found[0] if found else ("", None))
    for other, size in found:
        if size not in (1, length):
            raise ShapeError(
                "EL205",
                f"axis {axis} of {combination.result} has size {length} by {name} but {size} by {other}",
                text=combination.source.text,
                span=_place(combination, other),
                also=(_place(combination, name),),
                hint=ONE_SHAPE,
            )
    return length


def alone(spec: Spec) -> Spec:
    """Return a term as an einsum of its own: what other terms say of its extents is left out."""
    shapes = [operand.shape for operand in spec.operands]
    operands = tuple(replace(op, shape=None, stretched=()) for op in spec.operands)
    bare = replace(spec, operands=operands, indices=index_table(operands, spec.output))
    return bind_sizes(bare, shapes) if any(shape is not None for shape in shapes) else bare


def _repeated(spec: Spec, wanted: Mapping[str, Extent]) -> Spec:
    """Return a spec with these extents of free indices; where it has 1 instead, the axis is stretched."""
    extents = {index.label: index.extent for index in spec.indices}
    if all(extents.get(label) == size for label, size in wanted.items()):
        return spec
    short = {label for label, size in wanted.items() if extents.get(label) == 1 != size}
    operands = tuple(
        replace(
            op,
            stretched=tuple(
                axis
                for axis, label in enumerate(op.labels)
                if axis in op.stretched or (label in short and op.shape is not None)
            ),
        )
        for op in spec.operands
    )
    return replace(spec, operands=operands, indices=index_table(operands, spec.output, {**extents, **wanted}))
