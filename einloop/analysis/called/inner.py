"""Two operands with the same axes, all summed but the batch: inner products, traces of products, row-wise dots."""

from __future__ import annotations

from ...core.message import Code, Message, Value
from .form import Labels, RoleForm, is_matrix, is_vector, whole_form


def sum_of_squares(form: RoleForm) -> Message | None:
    """The inner product of an array with itself."""
    if not _contracts_all(form) or form.terms[0] != form.terms[1] or not form.one_array(0, 1):
        return None
    return form.message("sum_of_squares", array=Code(form.array(0)), over=form.indices(form.terms[0]))


def rowwise_dot(form: RoleForm) -> Message | None:
    """The inner products of rows with rows of the same number."""
    return _dots(form, 0, 0, "rowwise_dot")


def columnwise_dot(form: RoleForm) -> Message | None:
    """The inner products of columns with columns of the same number."""
    return _dots(form, 1, 1, "columnwise_dot")


def diagonal_of_product(form: RoleForm) -> Message | None:
    """The inner products of rows of one matrix with columns of the other: the diagonal of their product."""
    return _dots(form, 0, 1, "diagonal_of_product", first=0) or _dots(form, 1, 0, "diagonal_of_product", first=1)


def inner_product(form: RoleForm) -> Message | None:
    """The sum of the products of two vectors' elements."""
    if not _contracts_all(form) or not is_vector(form.terms[0]):
        return None
    return form.message("inner_product", arrays=form.arrays(), over=form.indices(form.terms[0]))


def frobenius(form: RoleForm) -> Message | None:
    """The sum of the products of two matrices' elements."""
    if not _contracts_all(form) or not is_matrix(form.terms[0]) or form.terms[0] != form.terms[1]:
        return None
    product = f"tr({form.array(0)} · {form.array(1, transposed=True)})"
    return form.message("frobenius", arrays=form.arrays(), product=Code(product), over=form.indices(form.terms[0]))


def trace_of_product(form: RoleForm) -> Message | None:
    """The sum of the products of a matrix' elements with those of another, transposed."""
    if not _contracts_all(form) or not is_matrix(form.terms[0]) or form.terms[0] == form.terms[1]:
        return None
    product = f"tr({form.array(0)} · {form.array(1)})"
    return form.message("trace_of_product", product=Code(product), over=form.indices(form.terms[0]))


def tensor_inner(form: RoleForm) -> Message | None:
    """The sum of the products of two arrays' elements, three axes and more."""
    if not _contracts_all(form) or len(form.terms[0]) < 3:
        return None
    name = "tensor_inner" if form.terms[0] == form.terms[1] else "tensor_inner.permuted"
    return form.message(name, arrays=form.arrays(), over=form.indices(form.terms[0]))


def _contracts_all(form: RoleForm) -> bool:
    """Tell whether there are two terms, both with the same indices, all summed."""
    if form.count != 2 or form.output or not form.clean:
        return False
    return bool(form.terms[0]) and set(form.terms[0]) == set(form.terms[1])


def _dots(form: RoleForm, free_axis: int, other_axis: int, name: str, first: int = 0) -> Message | None:
    """Return the message for two matrices that share one free index, at these axes, and are summed over the other."""
    if not _contracts_all(form) or not all(is_matrix(term) for term in form.whole) or len(form.batch) != 1:
        return None
    free: Labels = form.batch
    if (form.whole[0].index(free[0]), form.whole[1].index(free[0])) != (free_axis, other_axis):
        return None
    whole = whole_form(form.spec, form.names)
    values: dict[str, Value] = {"free": form.index(free[0]), "over": form.indices(form.terms[0])}
    if free_axis == other_axis:
        return form.message_over((), name, arrays=whole.arrays(), **values)
    product = f"{whole.array(first)} · {whole.array(1 - first)}"
    return form.message_over((), name, product=Code(product), **values)
