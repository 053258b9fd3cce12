"""What is true of every other expression: elementwise, tensor contraction, product of sums."""

from __future__ import annotations

from ...core.message import Code, Message, Value
from .form import RoleForm, has_diagonal


def elementwise_sum(form: RoleForm) -> Message | None:
    """The elements of arrays with the same axes multiplied, and the products added up."""
    axes = set(form.terms[0])
    same = all(set(term) == axes for term in form.terms)
    if form.count < 2 or not same or not _summed(form) or has_diagonal(form.terms):
        return None
    return form.message("elementwise_sum", arrays=form.arrays(), over=form.indices(_summed(form)))


def tensordot(form: RoleForm) -> Message | None:
    """Some axes of one array contracted with as many of another; all others stay."""
    if form.count != 2 or not form.clean or not form.contracted or not form.output:
        return None
    over, output = form.contracted, form.output
    straight = [(*form.own(one), *form.own(other)) == output for one, other in ((0, 1), (1, 0))]
    values: dict[str, Value] = {"first": Code(form.array(0)), "second": Code(form.array(1)), "over": form.indices(over)}
    values |= {"first_axes": form.axes(0, over), "second_axes": form.axes(1, over)}
    return form.message("tensordot" if any(straight) else "tensordot.permuted", count=len(over), **values)


def broadcast_product(form: RoleForm) -> Message | None:
    """Arrays multiplied element by element, each repeated along the axes it lacks."""
    if form.count < 2 or _summed(form):
        return None
    return form.message("broadcast_product", arrays=form.arrays(), output=form.indices(form.output))


def product_of_sums(form: RoleForm) -> Message | None:
    """Nothing is contracted between operands: every operand is summed on its own before they are multiplied."""
    if form.count < 2 or not _summed(form) or _contracted(form):
        return None
    summed = [place for place, term in enumerate(form.terms) if set(term) & set(_summed(form))]
    values: dict[str, Value] = {
        "arrays": form.arrays(),
        "summed": form.arrays(summed),
        "over": form.indices(_summed(form)),
    }
    return form.message("product_of_sums", count=len(summed), **values)


def contraction(form: RoleForm) -> Message | None:
    """Several operands summed over what they share."""
    if form.count < 2 or not _contracted(form):
        return None
    alone = tuple(label for label in _summed(form) if label not in _contracted(form))
    values: dict[str, Value] = {"over": form.indices(_contracted(form)), "alone": form.indices(alone)}
    name = "contraction.alone" if alone else "contraction"
    return form.message(name, operands=form.count, count=len(alone), **values)


def _labels(form: RoleForm) -> tuple[str, ...]:
    return tuple(dict.fromkeys(label for term in form.terms for label in term))


def _summed(form: RoleForm) -> tuple[str, ...]:
    return tuple(label for label in _labels(form) if label not in form.output)


def _contracted(form: RoleForm) -> tuple[str, ...]:
    return tuple(label for label in _summed(form) if sum(label in term for term in form.terms) > 1)
