"""Spec and shapes in, Spec with extents out. An ellipsis becomes indices; size-1 axes that stretch are marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod

from .build import MAX_AXES
from .errors import OptionError, ShapeError
from .indices import index_table
from .source import Span
from .spec import DOTS, Dots, Extent, Operand, Spec
from .written_place import written_place

Shape = tuple[Extent, ...]

MAX_EXTENT = 2**63 - 1
"""The most elements an array can have, along one axis or in all."""


def bind_sizes(spec: Spec, shapes: Sequence[Shape | None] = (), sizes: Mapping[str, Extent] | None = None) -> Spec:
    """Return `spec` with the extents that `shapes` (one per operand, None where unknown) and `sizes` give.

    Extents are numbers or names. Raises ShapeError where a shape has another rank than its term, where two
    axes of one index disagree (size 1 stretches, except within one operand), and where an ellipsis covers
    axes that an explicit output leaves out; OptionError for sizes of indices that do not exist.

    >>> from einloop.core.build import Term, build_spec
    >>> from einloop.core.source import Notation, Source
    >>> terms = [Term(labels=("i", "j"), spans=(None, None)), Term(labels=("j",), spans=(None,))]
    >>> spec = build_spec(Source(text="ij,j", notation=Notation.SUBSCRIPTS), terms, None)
    >>> bound = bind_sizes(spec, [(2, 3), (3,)])
    >>> [(index.label, index.extent) for index in bound.indices]
    [('i', 2), ('j', 3)]
    """
    sizes = dict(sizes or {})
    shapes = list(shapes) or [None] * len(spec.operands)
    if not sizes and all(shape is None for shape in shapes):
        return spec
    check_count(spec, len(shapes))
    _check_sizes(spec, sizes)
    shapes = [
        _shape_from_sizes(op, sizes) if shape is None else shape
        for op, shape in zip(spec.operands, shapes, strict=True)
    ]
    for number, shape in enumerate(shapes):
        if shape is not None:
            _check_rank(spec, number, shape)
            _check_elements(spec, number, shape)
    operands, output, spans = _expand_dots(spec, shapes)
    expanded = replace(spec, operands=operands, output=output, output_spans=spans)
    extents = _extents(expanded, shapes, sizes)
    bound = tuple(
        replace(op, shape=shape, stretched=_stretched_axes(op, shape, extents))
        for op, shape in zip(operands, shapes, strict=True)
    )
    indices = index_table(bound, output, extents)
    if len(indices) > MAX_AXES:
        raise ShapeError(
            "EL206", f"{len(indices)} loops: np.einsum iterates over at most {MAX_AXES} axes", text=spec.source.text
        )
    dots = spec.dots if any(op.dots is not None for op in bound) else Dots.ABSENT
    return replace(expanded, operands=bound, indices=indices, dots=dots)


def _stretched_axes(operand: Operand, shape: Shape | None, extents: Mapping[str, Extent]) -> tuple[int, ...]:
    if shape is None or 1 not in shape:
        return ()
    axes = enumerate(zip(operand.labels, shape, strict=True))
    return tuple(axis for axis, (label, size) in axes if size == 1 != extents[label])


def operand_title(spec: Spec, number: int) -> str:
    """Return how messages call an operand: its number, and the user's name where there is one."""
    name = spec.operands[number].name
    return f"operand {number} ({name})" if name else f"operand {number}"


def show_shape(shape: Shape) -> str:
    """Return a shape as Python writes it, names of extents bare.

    >>> show_shape(("B", 3)), show_shape((4,)), show_shape(())
    ('(B, 3)', '(4,)', '()')
    """
    return f"({shape[0]},)" if len(shape) == 1 else f"({', '.join(map(str, shape))})"


def _axes(count: int) -> str:
    return f"{count} axis" if count == 1 else f"{count} axes"


def check_count(spec: Spec, given: int) -> None:
    """Raise ShapeError unless `given` operands are as many as the expression has terms."""
    terms = len(spec.operands)
    if given == terms:
        return
    if given < terms:
        missing = spec.operands[given]
        detail = (
            f"nothing for operand {given}, {spec.term(missing.labels)!r}"
            if missing.labels
            else f"nothing for operand {given}"
        )
        raise ShapeError(
            "EL201",
            f"{terms} operand{'s' * (terms > 1)} in the expression, {given} given: {detail}",
            text=spec.source.text,
            span=missing.span,
            operand=given,
        )
    last = spec.operands[-1]
    raise ShapeError(
        "EL201",
        f"{terms} operand{'s' * (terms > 1)} in the expression, {given} given: no term for operand {terms}",
        text=spec.source.text,
        span=last.span,
        operand=terms,
        hint="a comma separates the terms of the operands",
    )


def _check_sizes(spec: Spec, sizes: Mapping[str, Extent]) -> None:
    known = [index.label for index in spec.indices]
    for label in sizes:
        if label not in known:
            raise OptionError(
                "EL406",
                f"a size for {label!r}, which is not an index of the expression (it has {', '.join(known) or 'none'})",
            )


def _shape_from_sizes(operand: Operand, sizes: Mapping[str, Extent]) -> Shape | None:
    known = all(label in sizes for label in operand.labels)
    return tuple(sizes[label] for label in operand.labels) if known else None


def _check_rank(spec: Spec, number: int, shape: Shape) -> None:
    operand = spec.operands[number]
    named = sum(label != DOTS for label in operand.labels)
    if len(shape) == named or (len(shape) > named and operand.dots is not None):
        return
    term = spec.term(operand.labels)
    atleast = "at least " if operand.dots is not None else ""
    hint = None
    if len(shape) < named:
        hint = "was a size-1 axis squeezed away?"
    elif operand.dots is None:
        hint = f"name every axis, or write '...{term}' to keep the axes in front as they are"
    raise ShapeError(
        "EL202",
        f"{term!r} names {atleast}{_axes(named)} but {operand_title(spec, number)} has shape {show_shape(shape)}, "
        f"{_axes(len(shape))}",
        text=spec.source.text,
        span=operand.span,
        operand=number,
        hint=hint,
    )


def _check_elements(spec: Spec, number: int, shape: Shape) -> None:
    if prod(extent for extent in shape if isinstance(extent, int)) > MAX_EXTENT:
        raise ShapeError(
            "EL208",
            f"{operand_title(spec, number)} of shape {show_shape(shape)} has more elements than any array can hold",
            text=spec.source.text,
            span=spec.operands[number].span,
            operand=number,
        )


def _expand_dots(
    spec: Spec, shapes: Sequence[Shape | None]
) -> tuple[tuple[Operand, ...], tuple[str, ...], tuple[Span | None, ...]]:
    """Return operands and output with each ellipsis replaced by the indices it covers, aligned on the right."""
    if spec.dots is Dots.ABSENT:
        return spec.operands, spec.output, spec.output_spans
    ranks = [
        0 if op.dots is None else None if shape is None else len(shape) - len(op.labels) + 1
        for op, shape in zip(spec.operands, shapes, strict=True)
    ]
    if None in ranks:
        number = ranks.index(None)
        raise ShapeError(
            "EL203",
            f"{operand_title(spec, number)} has an ellipsis and no shape; where any shape is given, "
            "every operand with an ellipsis needs one",
            text=spec.source.text,
            span=spec.operands[number].span,
            operand=number,
            hint="give a shape for every operand, or for none",
        )
    known = [rank for rank in ranks if rank is not None]
    total = max(known)
    if spec.dots is Dots.EMPTY and total:
        _refuse_lost_dots(spec, shapes, known.index(total), total)
    labels = tuple(f"{DOTS}{k}" for k in range(total))
    operands = tuple(
        replace(op, labels=_spread(op.labels, labels[total - rank :]), spans=_spread_spans(op.labels, op.spans, rank))
        for op, rank in zip(spec.operands, known, strict=True)
    )
    return operands, _spread(spec.output, labels), _spread_spans(spec.output, spec.output_spans, total)


def _spread(labels: tuple[str, ...], covered: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(x for label in labels for x in (covered if label == DOTS else (label,)))


def _spread_spans(labels: tuple[str, ...], spans: tuple[Span | None, ...], rank: int) -> tuple[Span | None, ...]:
    return tuple(s for label, span in zip(labels, spans, strict=True) for s in [span] * (rank if label == DOTS else 1))


def _refuse_lost_dots(spec: Spec, shapes: Sequence[Shape | None], number: int, total: int) -> None:
    operand, shape = spec.operands[number], shapes[number]
    assert shape is not None
    assert operand.dots is not None
    covered = shape[operand.dots : operand.dots + total]
    raise ShapeError(
        "EL204",
        f"'...' covers {_axes(total)} of {operand_title(spec, number)} (size {', '.join(map(str, covered))}) "
        "that the output leaves out",
        text=spec.source.text,
        span=operand.spans[operand.dots],
        operand=number,
        axis=operand.dots,
        also=(op.spans[op.dots] for op in spec.operands if op.dots is not None),
        hint=f"write '...{spec.term(spec.output)}' as the output to keep them, or name them to sum over them; "
        "torch, JAX and optimize=True sum them, np.einsum refuses",
    )


def _extents(spec: Spec, shapes: Sequence[Shape | None], sizes: Mapping[str, Extent]) -> dict[str, Extent]:
    """Return the extent of every label; raise where two axes disagree."""
    extents: dict[str, Extent] = {}
    first: dict[str, tuple[int, int]] = {}
    for number, (operand, shape) in enumerate(zip(spec.operands, shapes, strict=True)):
        if shape is None:
            continue
        _check_diagonals(spec, number, shape)
        for axis, (label, extent) in enumerate(zip(operand.labels, shape, strict=True)):
            known = extents.get(label)
            if known is None or (known == 1 and extent != 1):
                extents[label] = extent
                first[label] = (number, axis)
            elif extent not in (known, 1):
                _refuse_sizes(spec, label, (number, axis), first[label], (known, extent))
    for label, size in sizes.items():
        known = extents.setdefault(label, size)
        if known != size:
            number, axis = first[label]
            raise ShapeError(
                "EL205",
                f"{label!r} is {size} by the sizes given but {known} in {operand_title(spec, number)} axis {axis}",
                text=spec.source.text,
                span=spec.operands[number].spans[axis],
                operand=number,
                axis=axis,
            )
    return extents


def _check_diagonals(spec: Spec, number: int, shape: Shape) -> None:
    operand = spec.operands[number]
    if len(set(operand.labels)) == len(operand.labels):
        return
    for axis, label in enumerate(operand.labels):
        earlier = operand.labels.index(label)
        if shape[axis] != shape[earlier]:
            raise ShapeError(
                "EL205",
                f"{label!r} is {shape[earlier]} in axis {earlier} but {shape[axis]} in axis {axis} of "
                f"{operand_title(spec, number)}: a diagonal needs equal sizes",
                text=spec.source.text,
                span=operand.spans[axis],
                also=(operand.spans[earlier],),
                operand=number,
                axis=axis,
                hint="use two different indices, or cut the operand to a square",
            )


def _refuse_sizes(
    spec: Spec, label: str, place: tuple[int, int], earlier: tuple[int, int], found: tuple[Extent, Extent]
) -> None:
    number, axis = place
    if spec.source.notation.traits.code:
        names = [spec.operands[n].name or operand_title(spec, n) for n in (earlier[0], number)]
        spans = [written_place(spec.source, name) for name in names]
        raise ShapeError(
            "EL205",
            f"{names[0]} has {found[0]} on axis {earlier[1]}, and {names[1]} has {found[1]} on axis {axis}: "
            "one index runs along both",
            text=spec.source.text,
            span=spans[1],
            operand=number,
            axis=axis,
            also=(spans[0],),
            hint=_one_length(*found),
        )
    shown = "an axis of '...'" if label.startswith(DOTS) else repr(label)
    raise ShapeError(
        "EL205",
        f"{shown} is {found[0]} in {operand_title(spec, earlier[0])} axis {earlier[1]} "
        f"but {found[1]} in {operand_title(spec, number)} axis {axis}",
        text=spec.source.text,
        span=spec.operands[number].spans[axis],
        operand=number,
        axis=axis,
        also=(spec.operands[earlier[0]].spans[earlier[1]],),
        hint=_one_length(*found),
    )


def _one_length(first: Extent, second: Extent) -> str | None:
    """Return what to do where a name and a number may be one length."""
    if isinstance(first, str) == isinstance(second, str):
        return None
    return f"{first} and {second} count as different lengths; where they are one, write it in one way"
