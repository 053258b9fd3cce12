"""One operand: copy, transpose, permutation, diagonal; trace, total and sums over axes."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.message import Code, Message
from ...core.spec import DOTS
from .form import RoleForm, Said, has_diagonal, is_matrix


def rearranged(form: RoleForm) -> Iterator[Message]:
    """Nothing is summed: all elements in their order or another, or a diagonal."""
    term, output = form.terms[0], form.output
    if form.count != 1 or set(term) != set(output):
        return
    if has_diagonal(form.terms):
        yield _diagonal(form)
    elif term == output:
        yield form.message("scaling" if form.scalars else "copy")
    else:
        moved = tuple(label for label, after in zip(term, output, strict=True) if label != after)
        if len(moved) == 2 and DOTS not in moved:
            others = tuple(label for label in output if label not in moved)
            name = "transpose" if is_matrix(term) else "transpose.axes"
            yield form.message(name, others, axes=form.axes(0, moved))
        if len(output) > 2 and DOTS not in output and output == term[::-1]:
            yield form.message("reversal")
        if not is_matrix(term):
            order = ", ".join(str(term.index(label)) for label in output)
            yield form.message(
                "permutation.dots" if DOTS in term else "permutation",
                before=form.group(term),
                after=form.group(output),
                order=Code(f"({order})"),
            )


def _diagonal(form: RoleForm) -> Message:
    """Return the sentence for axes that run together, and stay."""
    along = _repeated(form)
    others = tuple(label for label in form.output if label not in along)
    name = "diagonal" if len(along) == 1 else "diagonal.several"
    return form.message(name, others, along=along, axes=form.axes(0, along))


def diagonal_sums(form: RoleForm) -> Iterator[Message]:
    """Trace: the sum of a diagonal of two axes, of a matrix or of one matrix for every index of a third axis; partial
    trace: two axes or more stay; several such pairs; a sum over an operand that is read along another diagonal.
    """
    if form.count != 1 or not has_diagonal(form.terms) or not form.summed:
        return
    term, along = form.terms[0], _repeated(form)
    pairs = all(term.count(label) == 2 and label not in form.output for label in along)
    values: dict[str, Said] = {"over": form.summed, "axes": form.axes(0, along), "along": along, "kept": form.output}
    if not pairs or along != form.summed:
        yield form.message("diagonal_sum", **values)
    elif len(along) > 1:
        yield form.message("traces", form.output, **values)
    elif len(form.output) > 1:
        yield form.message("partial_trace", **values)
    else:
        yield form.message("trace" if is_matrix(term) else "trace.axes", form.output, **values)


def sums(form: RoleForm) -> Iterator[Message]:
    """The sum of all elements, or over some axes of three and more; those of a matrix have names of their own."""
    if form.count != 1 or has_diagonal(form.terms) or not form.summed:
        return
    if not form.output:
        yield form.message("total")
    elif not is_matrix(form.terms[0]):
        over, kept = form.summed, form.each(form.output)
        yield form.message("axis_sums", over=over, axes=form.axes(0, over), kept=kept, count=len(over))


def _repeated(form: RoleForm) -> tuple[str, ...]:
    return tuple(label for label in form.labels if form.terms[0].count(label) > 1)
