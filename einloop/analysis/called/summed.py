"""One operand, something summed: trace, partial trace, total, sums of rows, of columns, over axes."""

from __future__ import annotations

from ...core.message import Code, Message, Value
from .form import RoleForm, has_diagonal, is_matrix


def trace(form: RoleForm) -> Message | None:
    """The sum of a diagonal of two axes, of a matrix or of one matrix for every index of a third axis."""
    along = _traced(form)
    if len(along) != 1 or len(form.output) > 1:
        return None
    name = "trace" if is_matrix(form.terms[0]) else "trace.axes"
    return form.message_over(form.output, name, array=Code(form.array(0)), axes=form.axes(0, along))


def partial_trace(form: RoleForm) -> Message | None:
    """A pair of axes set equal and summed, where two axes or more stay."""
    along = _traced(form)
    if len(along) != 1 or len(form.output) < 2:
        return None
    axes, kept = form.axes(0, along), form.indices(form.output)
    return form.message("partial_trace", array=Code(form.array(0)), axes=axes, over=form.indices(along), kept=kept)


def traces(form: RoleForm) -> Message | None:
    """Several pairs of axes, each set equal and summed."""
    along = _traced(form)
    if len(along) < 2:
        return None
    return form.message_over(form.output, "traces", array=Code(form.array(0)), over=form.indices(along))


def diagonal_sum(form: RoleForm) -> Message | None:
    """A sum over an operand that is read along a diagonal, and is no trace."""
    if form.count != 1 or not has_diagonal(form.terms) or not _over(form) or _traced(form):
        return None
    term = form.terms[0]
    along = tuple(label for label in dict.fromkeys(term) if term.count(label) > 1)
    over = form.indices(_over(form))
    return form.message("diagonal_sum", array=Code(form.array(0)), along=form.indices(along), over=over)


def total(form: RoleForm) -> Message | None:
    """The sum of all elements."""
    if not _sums(form) or form.output:
        return None
    return form.message("total", array=Code(form.array(0)))


def row_sums(form: RoleForm) -> Message | None:
    """The sum of every row of a matrix."""
    if not _sums(form) or not is_matrix(form.terms[0]) or form.output != form.terms[0][:1]:
        return None
    return form.message("row_sums", array=Code(form.array(0)), row=form.index(form.output[0]))


def column_sums(form: RoleForm) -> Message | None:
    """The sum of every column of a matrix."""
    if not _sums(form) or not is_matrix(form.terms[0]) or form.output != form.terms[0][1:]:
        return None
    return form.message("column_sums", array=Code(form.array(0)), column=form.index(form.output[0]))


def axis_sums(form: RoleForm) -> Message | None:
    """The sum over some axes, where others stay."""
    if not _sums(form) or not form.output or is_matrix(form.terms[0]):
        return None
    over = _over(form)
    values: dict[str, Value] = {
        "array": Code(form.array(0)),
        "over": form.indices(over),
        "axes": form.axes(0, over),
        "kept": form.each(form.output),
    }
    return form.message("axis_sums", count=len(over), **values)


def _over(form: RoleForm) -> tuple[str, ...]:
    return tuple(label for label in form.labels if label not in form.output)


def _sums(form: RoleForm) -> bool:
    return form.count == 1 and not has_diagonal(form.terms) and bool(_over(form))


def _traced(form: RoleForm) -> tuple[str, ...]:
    """Return the labels that occur twice and are summed, if every other label occurs once and is free."""
    if form.count != 1:
        return ()
    term = form.terms[0]
    twice = tuple(label for label in form.labels if term.count(label) == 2 and label not in form.output)
    rest = [label for label in term if label not in twice]
    return twice if sorted(rest) == sorted(form.output) else ()
