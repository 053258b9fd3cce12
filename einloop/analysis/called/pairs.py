"""Two operands of any rank: inner products, tensor times vector or matrix, projections of heads, contractions."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.message import Code, Message
from ...core.spec import DOTS
from .form import RoleForm, is_matrix, is_vector

ORDERS = ((0, 1), (1, 0))


def sum_of_squares(form: RoleForm) -> Iterator[Message]:
    """The inner product of an array with itself."""
    if _contracts_all(form) and form.terms[0] == form.terms[1] and form.one_array(0, 1):
        yield form.message("sum_of_squares")


def tensor_inner(form: RoleForm) -> Iterator[Message]:
    """The sum of the products of two arrays' elements, three axes and more."""
    if _contracts_all(form) and len(form.terms[0]) > 2:
        yield form.message("tensor_inner" if form.terms[0] == form.terms[1] else "tensor_inner.permuted")


def weighted_sums(form: RoleForm) -> Iterator[Message]:
    """An operand whose axes are all contracted with some of the other: tensor times vector, and the slices of an array
    added up, each times a number of its own.
    """
    if form.count != 2 or not form.clean or not form.output:
        return
    for large, small in ORDERS:
        over = form.terms[small]
        if not over or set(over) != set(form.contracted) or not form.own(large) or is_matrix(form.terms[large]):
            continue
        array, other = form.code(large), form.code(small)
        if is_vector(over) and sum(label != DOTS for label in form.terms[large]) > 2:
            yield form.message("tensor_times_vector", array=array, vector=other, over=over, axis=form.axes(large, over))
        yield form.message("weighted_sum", array=array, weights=other, over=over)


def matrix_on_an_axis(form: RoleForm) -> Iterator[Message]:
    """A tensor times a matrix along one axis: a linear layer, where it is the last one of operand and result; the mode
    product, where the other axes stay where they are.
    """
    if form.count != 2 or not form.clean or len(form.contracted) != 1:
        return
    for tensor, matrix in ORDERS:
        over, new, positions = form.contracted, form.own(matrix), form.own(tensor)
        if not is_matrix(form.terms[matrix]) or len(new) != 1 or (len(positions) < 2 and DOTS not in positions):
            continue
        rows_first = form.terms[matrix] == (*new, *over)
        weights, factor = (Code(form.array(matrix, transposed=turned)) for turned in (rows_first, not rows_first))
        array, ends = form.code(tensor), form.whole[tensor][-1:] == over and form.spec.output[-1:] == new
        if ends and form.output == (*positions, *new):
            each = form.each(positions)
            yield form.message("linear_layer", array=array, weights=weights, positions=each, new=new)
        if tuple(new[0] if label == over[0] else label for label in form.terms[tensor]) == form.output:
            yield form.message("mode_product", array=array, matrix=factor, axis=form.axes(tensor, over), new=new)


def projections(form: RoleForm) -> Iterator[Message]:
    """The last axis mapped onto two, as queries, keys and values are made for many heads, or two last axes mapped
    together onto one, as the output of many heads is put together.
    """
    over = form.contracted
    if form.count != 2 or not form.clean or len(over) not in (1, 2):
        return
    for tensor, weight in ORDERS:
        positions, new, last = form.own(tensor), form.own(weight), form.whole[tensor][-len(over) :]
        three = len(form.terms[weight]) == 3 and DOTS not in form.terms[weight] and len(new) == 3 - len(over)
        if three and len(positions) > 1 and set(last) == set(over):
            name, each = "split_projection" if len(over) == 1 else "merged_projection", form.each(positions)
            yield form.message(name, array=form.code(tensor), weights=form.code(weight), positions=each, new=new)
            return


def tensordot(form: RoleForm) -> Iterator[Message]:
    """Some axes of one array contracted with as many of another; all others stay."""
    over = form.contracted
    if form.count == 2 and form.clean and over and form.output:
        straight = any((*form.own(one), *form.own(other)) == form.output for one, other in ORDERS)
        name, axes = "tensordot" if straight else "tensordot.permuted", [form.axes(place, over) for place in (0, 1)]
        arrays = {"first": form.code(0), "second": form.code(1)}
        yield form.message(name, count=len(over), first_axes=axes[0], second_axes=axes[1], **arrays)


def _contracts_all(form: RoleForm) -> bool:
    """Tell whether there are two terms, both with the same indices, all summed."""
    same = form.count == 2 and set(form.terms[0]) == set(form.terms[1]) != set()
    return same and not form.output and form.clean
