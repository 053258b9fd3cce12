"""Nothing summed, nothing in common but the batch: outer and tensor products, Kronecker, Khatri-Rao, face-splitting."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.message import Code, Join, Message
from ...core.spec import DOTS
from .form import RoleForm, is_matrix, is_vector, whole_form


def outer(form: RoleForm) -> Iterator[Message]:
    """Every element of an operand times every element of the others."""
    if form.count < 2 or not form.apart:
        return
    yield from _matrix_pairs(form)
    order = list(dict.fromkeys(form.holders(label)[0] for label in form.output))
    if all(map(is_vector, form.terms)):
        name = "outer_product" if form.count == 2 else "outer_product.many"
        yield form.message(name, count=form.count, arrays=form.arrays(order))
    elif all(form.terms):
        yield from _kronecker(form, order)
        straight = tuple(label for place in order for label in form.terms[place]) == form.output
        yield form.message("tensor_product" if straight else "tensor_product.permuted", arrays=form.arrays(order))


def _matrix_pairs(form: RoleForm) -> Iterator[Message]:
    """Yield the name of matrices with one shared free index, last in the result (Khatri-Rao: column by column) or first
    (face-splitting: row by row), and one more of their own each.
    """
    whole, ends = whole_form(form.spec, form.names), (form.spec.output[-1:], form.spec.output[:1])
    if form.batch not in ends or not all(is_matrix(term) and form.batch[0] in term for term in form.whole):
        return
    name, sign, axis = ("khatri_rao", " ⊙ ", 1) if form.batch == ends[0] else ("face_splitting", " • ", 0)
    order = [form.holders(label)[0] for label in form.output]
    factors = [whole.array(place, transposed=form.whole[place][axis] != form.batch[0]) for place in order]
    yield form.message(name, (), product=Code(sign.join(factors)), shared=form.batch, joined=form.group(form.output))


def _kronecker(form: RoleForm, order: list[int]) -> Iterator[Message]:
    """Yield the name where the first axes of all operands stand side by side, then the second: reshaped, that is the
    Kronecker product.
    """
    rank, count = len(form.terms[0]), form.count
    if rank < 2 or any(len(term) != rank for term in form.terms) or DOTS in form.output:
        return
    groups = [form.output[start : start + count] for start in range(0, len(form.output), count)]
    if any([form.holders(label)[0] for label in group] != order for group in groups):
        return
    turned = [place for place in order if tuple(x for x in form.output if x in form.terms[place]) != form.terms[place]]
    if rank == 2 or not turned:
        product = " ⊗ ".join(form.array(place, transposed=place in turned) for place in order)
        yield form.message("kronecker", product=Code(product), groups=Join(tuple(map(form.group, groups))))
