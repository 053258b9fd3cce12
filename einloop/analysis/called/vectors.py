"""Two operands of which one is summed away: matrix-vector, vector-matrix, tensor times vector, weighted sum."""

from __future__ import annotations

from ...core.message import Code, Message, Value
from ...core.spec import DOTS
from .form import RoleForm, is_matrix, is_vector


def matrix_vector(form: RoleForm) -> Message | None:
    """The inner product of every row of a matrix with a vector."""
    return _with_matrix(form, "matrix_vector", contracted_axis=1)


def vector_matrix(form: RoleForm) -> Message | None:
    """The inner product of a vector with every column of a matrix."""
    return _with_matrix(form, "vector_matrix", contracted_axis=0)


def tensor_times_vector(form: RoleForm) -> Message | None:
    """One axis of a tensor of three axes or more contracted with a vector."""
    pair = _large_and_small(form)
    if pair is None or not is_vector(form.terms[pair[1]]) or sum(label != DOTS for label in form.terms[pair[0]]) < 3:
        return None
    large, small = pair
    over = form.terms[small]
    values: dict[str, Value] = {"array": Code(form.array(large)), "vector": Code(form.array(small))}
    return form.message("tensor_times_vector", over=form.indices(over), axis=form.axes(large, over), **values)


def weighted_sum(form: RoleForm) -> Message | None:
    """The slices of an array added up, each times a number of its own."""
    pair = _large_and_small(form)
    if pair is None:
        return None
    large, small = pair
    values: dict[str, Value] = {"array": Code(form.array(large)), "weights": Code(form.array(small))}
    if is_matrix(form.terms[large]):
        rows = form.terms[large][0] == form.terms[small][0]
        return form.message("weighted_sum.rows" if rows else "weighted_sum.columns", **values)
    return form.message("weighted_sum", over=form.indices(form.terms[small]), **values)


def _with_matrix(form: RoleForm, name: str, contracted_axis: int) -> Message | None:
    pair = _large_and_small(form)
    if pair is None:
        return None
    large, small = pair
    if not is_matrix(form.terms[large]) or form.terms[large][contracted_axis] != form.terms[small][0]:
        return None
    matrix, vector = form.part(large), form.part(small)
    product = f"{matrix} · {vector}" if contracted_axis else f"{vector} · {matrix}"
    rows, columns = (form.index(label) for label in form.terms[large])
    return form.message(name, product=Code(product), rows=rows, columns=columns, over=form.indices(form.terms[small]))


def _large_and_small(form: RoleForm) -> tuple[int, int] | None:
    """Return which of two terms keeps axes, and which has none but those that both are summed over."""
    if form.count != 2 or not form.clean or not form.output:
        return None
    for large, small in ((0, 1), (1, 0)):
        if (
            form.terms[small]
            and set(form.terms[small]) == set(form.contracted)
            and form.own(large)
            and not form.own(small)
        ):
            return large, small
    return None
