"""Shapes that a dialect takes and np.einsum refuses: an ellipsis that the output leaves out, uneven diagonals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ...core.bind import Shape, bind_sizes, show_shape
from ...core.build import index_table
from ...core.errors import EinloopError, ShapeError
from ...core.message import Code
from ...core.report import Finding, Fix, Severity
from ...core.spec import DOTS, Dots, Extent, Spec
from .dialect import Case, Dialect

LOST_ELLIPSIS, SIZES = "EL204", "EL205"


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
        if error.id == LOST_ELLIPSIS and dialect.sums_lost_ellipsis:
            return _summing(bind_sizes(_keeping(spec), shapes, sizes))
        if error.id == SIZES and SIZES in dialect.beyond:
            return _uneven(spec, shapes, error)
        raise


def lost_ellipsis(case: Case) -> Iterator[Finding]:
    """Say that the dialect sums axes which np.einsum refuses to lose, or that it would."""
    theirs = case.theirs
    if theirs is None or not case.dialect.sums_lost_ellipsis:
        return
    if case.error is not None and case.error.id == LOST_ELLIPSIS:
        covered = sum(index.covered for index in theirs.indices)
        shape = show_shape(tuple(index.extent for index in theirs.free))
        found = case.finding("EL734", Severity.WARNING, "lost_ellipsis", count=covered, shape=Code(shape))
        yield replace(found, fixes=(Fix(expression=_kept_text(theirs)),))
    elif case.error is None and theirs.dots is Dots.EMPTY and any(op.shape is None for op in theirs.operands):
        yield case.finding("EL741", Severity.NOTE, "lost_ellipsis_perhaps")


def uneven_diagonal(case: Case) -> Iterator[Finding]:
    """Say that the dialect takes sizes 1 and n on one diagonal."""
    if case.error is not None and case.error.id == SIZES and case.theirs is not None:
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


def _uneven(spec: Spec, shapes: Sequence[Shape | None], error: EinloopError) -> Spec:
    """Return the expression where every index has one size besides 1; else raise `error`.

    What the dialect computes is not described by extents, so there are none.
    """
    sizes: dict[str, set[Extent]] = {}
    for operand, shape in zip(spec.operands, shapes, strict=True):
        if operand.dots is not None or shape is None:
            raise error
        for label, size in zip(operand.labels, shape, strict=True):
            sizes.setdefault(label, set()).add(size)
    if any(len(found - {1}) > 1 for found in sizes.values()):
        raise error
    return spec
