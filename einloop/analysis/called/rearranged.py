"""One operand, nothing summed: copy, transpose, permutation, diagonal."""

from __future__ import annotations

from ...core.message import Code, Message, Value
from ...core.spec import DOTS
from .form import RoleForm, has_diagonal, is_matrix


def scaling(form: RoleForm) -> Message | None:
    """An operand times a number."""
    if not form.scalars or form.count != 1 or form.terms[0] != form.output:
        return None
    return form.message("scaling", array=Code(form.array(0)), factors=form.factors)


def copy(form: RoleForm) -> Message | None:
    """The operand itself."""
    if form.scalars or form.count != 1 or form.terms[0] != form.output:
        return None
    return form.message("copy", array=Code(form.array(0)))


def transpose(form: RoleForm) -> Message | None:
    """A matrix with rows and columns exchanged, or two axes exchanged and the others where they were."""
    if not _rearranged(form):
        return None
    term = form.terms[0]
    moved = [label for label, after in zip(term, form.output, strict=True) if label != after]
    if len(moved) != 2 or DOTS in moved:
        return None
    others = tuple(label for label in form.output if label not in moved)
    name = "transpose" if is_matrix(term) else "transpose.axes"
    return form.message_over(others, name, array=Code(form.array(0)), axes=form.axes(0, tuple(moved)))


def reversal(form: RoleForm) -> Message | None:
    """All axes in the opposite order, three or more."""
    if not _rearranged(form) or len(form.output) < 3 or DOTS in form.output or form.output != form.terms[0][::-1]:
        return None
    return form.message("reversal", array=Code(form.array(0)))


def permutation(form: RoleForm) -> Message | None:
    """Axes in another order, three or more; with the numbers np.transpose takes where they are known."""
    if not _rearranged(form) or is_matrix(form.terms[0]):
        return None
    term = form.terms[0]
    values: dict[str, Value] = {
        "array": Code(form.array(0)),
        "before": _row(form, term),
        "after": _row(form, form.output),
    }
    if DOTS in term:
        return form.message("permutation.dots", **values)
    order = ", ".join(str(term.index(label)) for label in form.output)
    return form.message("permutation", order=Code(f"({order})"), **values)


def diagonal(form: RoleForm) -> Message | None:
    """Axes of one operand that run together, and stay."""
    if form.count != 1 or not has_diagonal(form.terms) or set(form.terms[0]) != set(form.output):
        return None
    term = form.terms[0]
    along = tuple(label for label in dict.fromkeys(term) if term.count(label) > 1)
    others = tuple(label for label in form.output if label not in along)
    values: dict[str, Value] = {"array": Code(form.array(0)), "along": form.indices(along)}
    if len(along) == 1:
        return form.message_over(others, "diagonal", axes=form.axes(0, along), **values)
    return form.message_over(others, "diagonal.several", **values)


def _rearranged(form: RoleForm) -> bool:
    return form.count == 1 and form.apart and form.terms[0] != form.output


def _row(form: RoleForm, labels: tuple[str, ...]) -> Code:
    return Code(f"({', '.join(form.index(label).text for label in labels)})")
