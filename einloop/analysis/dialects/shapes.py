"""Shapes that a dialect takes and np.einsum refuses: an ellipsis that the output leaves out, uneven diagonals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ...core.bind import Shape, bind_sizes, show_shape
from ...core.errors import EinloopError, ShapeError
from ...core.indices import index_table
from ...core.message import Code
from ...core.report import Finding, Fix, Severity
from ...core.spec import DOTS, Dots, Extent, Operand, Spec
from ...core.topic import Topic
from .dialect import Dialect, DialectCase


def bind_there(
    dialect: Dialect, spec: Spec, shapes: Sequence[Shape | None], sizes: Mapping[str, Extent] | None = None
) -> Spec:
    """Return `spec` with the extents that `shapes` give, by the rules of the dialect.

    Raises EinloopError where the dialect refuses the shapes too.

    >>> from einloop.analysis.dialects import find
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = bind_there(find("torch"), read_subscripts("...i->i"), [(2, 3)])
    >>> spec.output, [index.label for index in spec.summed]
    (('i',), ['...0'])
    """
    try:
        return bind_sizes(spec, shapes, sizes)
    except ShapeError as error:
        if error.topic is Topic.LOST_ELLIPSIS and dialect.sums_lost_ellipsis:
            return _summing(bind_there(dialect, _keeping(spec), shapes, sizes))
        if error.topic is Topic.SIZE and Topic.SIZE in dialect.beyond:
            return _uneven(spec, shapes, sizes, error)
        raise


def lost_ellipsis(case: DialectCase) -> Iterator[Finding]:
    """Say that the dialect sums axes which np.einsum refuses to lose, or that it would."""
    theirs = case.theirs
    if theirs is None or not case.dialect.sums_lost_ellipsis:
        return
    if case.error is not None and case.error.topic is Topic.LOST_ELLIPSIS and not uneven(theirs):
        covered = sum(index.covered for index in theirs.indices)
        shape = show_shape(tuple(index.extent for index in theirs.free))
        found = case.finding("EL734", Severity.WARNING, "lost_ellipsis", count=covered, shape=Code(shape))
        yield replace(found, fixes=(Fix(expression=_kept_text(theirs)),))
    elif case.error is None and theirs.dots is Dots.EMPTY and any(op.shape is None for op in theirs.operands):
        yield case.finding("EL741", Severity.NOTE, "lost_ellipsis_perhaps")


def uneven_diagonal(case: DialectCase) -> Iterator[Finding]:
    """Say that the dialect takes sizes 1 and n on one diagonal."""
    if case.error is not None and case.theirs is not None and uneven(case.theirs):
        yield case.finding("EL735", Severity.WARNING, "uneven_diagonal")


def _keeping(spec: Spec) -> Spec:
    """Return the expression with its ellipsis in the output."""
    return replace(spec, output=(DOTS, *spec.output), output_spans=(None, *spec.output_spans), dots=Dots.KEPT)


def _summing(spec: Spec) -> Spec:
    """Return a bound expression with the axes of its ellipsis summed."""
    kept = [(x, s) for x, s in zip(spec.output, spec.output_spans, strict=True) if not x.startswith(DOTS)]
    output = tuple(label for label, _ in kept)
    extents = {index.label: index.extent for index in spec.indices}
    indices = index_table(spec.operands, output, extents)
    return replace(spec, output=output, output_spans=tuple(span for _, span in kept), indices=indices)


def _kept_text(spec: Spec) -> str:
    terms = ",".join(spec.term(operand.labels) for operand in spec.operands)
    return f"{terms}->{DOTS}{spec.term(spec.output)}"


def uneven(spec: Spec) -> bool:
    """Return whether an index has several sizes within one operand."""
    return any(len(set(axes)) != len(dict(axes)) for axes in (_axes(op, op.shape) for op in spec.operands))


def _axes(operand: Operand, shape: Shape | None) -> list[tuple[str, Extent]]:
    """Return label and size of every axis, nothing where the shape is unknown.

    Axes that an ellipsis covers have labels of their own, counted from the right.
    """
    if shape is None:
        return []
    labels, dots = operand.labels, operand.dots
    if dots is not None:
        covered = len(shape) - len(labels) + 1
        labels = (*labels[:dots], *(f"{DOTS}{number}" for number in range(-covered, 0)), *labels[dots + 1 :])
    return list(zip(labels, shape, strict=True))


def _uneven(
    spec: Spec, shapes: Sequence[Shape | None], sizes: Mapping[str, Extent] | None, error: EinloopError
) -> Spec:
    """Return the expression where every index has one size besides 1, its operands with the shapes they have.

    What the dialect computes is not described by extents, so there are none. Raises EinloopError where an index has
    more sizes, and `error` where two operands come out unequal.
    """
    axes = [_axes(operand, shape) for operand, shape in zip(spec.operands, shapes, strict=True)]
    if len(axes) == 2 and None not in shapes and not _pair_meets(axes[1], axes[0]):
        raise error
    wide = {label: size for found in axes for label, size in found if size != 1}
    even = [
        None if shape is None else tuple(wide.get(label, size) if size == 1 else size for label, size in found)
        for found, shape in zip(axes, shapes, strict=True)
    ]
    bound = bind_sizes(spec, even, sizes)
    operands = tuple(replace(op, shape=shape) for op, shape in zip(bound.operands, shapes, strict=True))
    return replace(bound, operands=operands, indices=tuple(replace(index, extent=None) for index in bound.indices))


def _pair_meets(one: list[tuple[str, Extent]], other: list[tuple[str, Extent]]) -> bool:
    """Return whether jnp.einsum finds every index that two operands share of one size in both.

    It drops an axis of size 1 where the other operand's first axis of that index is longer; a diagonal then has the
    size of its last axis. Source: jax 0.10, `_einsum` in jax/_src/numpy/einsum.py. With three operands or more it
    depends on the path.
    """
    one = _dropped(one, other)
    other = _dropped(other, one)
    last_of_one, last_of_other = dict(one), dict(other)
    return all(last_of_other.get(label, size) == size for label, size in last_of_one.items())


def _dropped(axes: list[tuple[str, Extent]], other: list[tuple[str, Extent]]) -> list[tuple[str, Extent]]:
    first = dict(reversed(other))
    return [(label, size) for label, size in axes if size != 1 or first.get(label, 1) == 1]
