"""Any number of operands, element by element: products, scalings along axes; and what is true where no name fits."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.message import Code, Message
from .form import RoleForm, has_diagonal, is_matrix


def numbers(form: RoleForm) -> Iterator[Message]:
    """A product of numbers alone."""
    if form.count > 1 and not any(form.terms):
        yield form.message("numbers")


def hadamard(form: RoleForm) -> Iterator[Message]:
    """Two or more arrays with the same axes, element by element; an array times itself."""
    output = form.output
    if form.count < 2 or not output or has_diagonal(form.terms) or any(set(term) != set(output) for term in form.terms):
        return
    if form.count == 2 and form.terms[0] == form.terms[1] and form.one_array(0, 1):
        yield form.message("square")
    moved = [place for place, term in enumerate(form.terms) if term != output]
    factors = (form.array(place, transposed=place in moved) for place in range(form.count))
    if not moved:
        yield form.message("hadamard")
    elif is_matrix(output):
        yield form.message("hadamard.transposed", product=Code(" ∘ ".join(factors)))
    else:
        yield form.message("hadamard.permuted", count=len(moved), moved=form.arrays(moved))


def axis_scaling(form: RoleForm) -> Iterator[Message]:
    """An array times another that has some of its axes."""
    if form.count != 2 or has_diagonal(form.terms):
        return
    for large, small in ((0, 1), (1, 0)):
        few, many = set(form.terms[small]), set(form.terms[large])
        if many == set(form.output) and few and few < many and not is_matrix(form.terms[large]):
            arrays = {"array": form.code(large), "factors": form.code(small)}
            yield form.message("axis_scaling", along=form.terms[small], **arrays)


def general(form: RoleForm) -> Iterator[Message]:
    """What is said of two operands and more where nothing more specific holds: one sentence."""
    summed, contracted = form.summed, form.contracted
    if form.count < 2:
        return
    if not summed:
        yield form.message("broadcast_product", output=form.output)
    elif not has_diagonal(form.terms) and all(set(term) == set(form.terms[0]) for term in form.terms):
        yield form.message("elementwise_sum", over=summed)
    elif not contracted:
        own = [place for place, term in enumerate(form.terms) if set(term) & set(summed)]
        yield form.message("product_of_sums", count=len(own), summed=form.arrays(own), over=summed)
    else:
        alone = tuple(label for label in summed if label not in contracted)
        name = "contraction.alone" if alone else "contraction"
        yield form.message(name, operands=form.count, alone=alone, count=len(alone))
