"""A tensor times a matrix or a small tensor along one axis or two: mode product, linear layer, projections of heads."""

from __future__ import annotations

from ...core.message import Code, Message, Value
from ...core.spec import DOTS
from .form import RoleForm, is_matrix


def linear_layer(form: RoleForm) -> Message | None:
    """The vectors along the last axis, each times one matrix; the result is the last axis again."""
    pair = _tensor_and_matrix(form)
    if pair is None:
        return None
    tensor, matrix = pair
    over, new = form.contracted, form.own(matrix)
    positions = form.own(tensor)
    if form.whole[tensor][-1:] != over or form.spec.output[-1:] != new or form.output != (*positions, *new):
        return None
    weights = form.array(matrix, transposed=form.terms[matrix] == (*new, *over))
    values: dict[str, Value] = {
        "array": Code(form.array(tensor)),
        "weights": Code(weights),
        "positions": form.each(positions),
    }
    return form.message("linear_layer", over=form.index(over[0]), new=form.index(new[0]), **values)


def mode_product(form: RoleForm) -> Message | None:
    """One axis of a tensor replaced by its product with a matrix; the others stay where they are."""
    pair = _tensor_and_matrix(form)
    if pair is None:
        return None
    tensor, matrix = pair
    over, new = form.contracted, form.own(matrix)
    if tuple(new[0] if label == over[0] else label for label in form.terms[tensor]) != form.output:
        return None
    factor = form.array(matrix, transposed=form.terms[matrix] == (*over, *new))
    values: dict[str, Value] = {
        "array": Code(form.array(tensor)),
        "matrix": Code(factor),
        "axis": form.axes(tensor, over),
    }
    return form.message("mode_product", over=form.index(over[0]), new=form.index(new[0]), **values)


def split_projection(form: RoleForm) -> Message | None:
    """The vectors along the last axis mapped onto two axes, as queries, keys and values are made for many heads."""
    return _projection(form, "split_projection", contracted=1)


def merged_projection(form: RoleForm) -> Message | None:
    """Two last axes mapped together onto one, as the output of many heads is put together."""
    return _projection(form, "merged_projection", contracted=2)


def _tensor_and_matrix(form: RoleForm) -> tuple[int, int] | None:
    """Return which of two terms is a matrix with one index contracted, where the other has two more or an ellipsis."""
    if form.count != 2 or not form.clean or len(form.contracted) != 1:
        return None
    for tensor, matrix in ((0, 1), (1, 0)):
        own = form.own(tensor)
        if is_matrix(form.terms[matrix]) and len(form.own(matrix)) == 1 and (len(own) > 1 or DOTS in own):
            return tensor, matrix
    return None


def _projection(form: RoleForm, name: str, contracted: int) -> Message | None:
    """Return the message for a tensor whose last axes are contracted with a weight of three axes."""
    if form.count != 2 or not form.clean or len(form.contracted) != contracted:
        return None
    for tensor, weight in ((0, 1), (1, 0)):
        if len(form.terms[weight]) != 3 or DOTS in form.terms[weight] or len(form.own(tensor)) < 2:
            continue
        over, new = form.contracted, form.own(weight)
        if set(form.whole[tensor][-contracted:]) != set(over) or len(new) != 3 - contracted:
            continue
        values: dict[str, Value] = {"array": Code(form.array(tensor)), "weights": Code(form.array(weight))}
        values |= {"positions": form.each(form.own(tensor))}
        return form.message(name, over=form.indices(over), new=form.indices(new), **values)
    return None
