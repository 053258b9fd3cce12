"""Nothing summed, nothing in common but the batch: outer and tensor products, Kronecker, Khatri-Rao, face-splitting."""

from __future__ import annotations

from ...core.message import Code, Join, Message, Value
from ...core.spec import DOTS
from .form import Labels, RoleForm, is_matrix, is_vector, whole_form


def khatri_rao(form: RoleForm) -> Message | None:
    """The Kronecker product of the matrices' columns, one column of each at a time; its rows kept apart."""
    return _matrix_pairs(form, "khatri_rao", form.spec.output[-1:], shared_axis=1)


def face_splitting(form: RoleForm) -> Message | None:
    """The Kronecker product of the matrices' rows, one row of each at a time; its columns kept apart."""
    return _matrix_pairs(form, "face_splitting", form.spec.output[:1], shared_axis=0)


def outer_product(form: RoleForm) -> Message | None:
    """Every element of a vector times every element of others."""
    if form.count < 2 or not form.apart or not all(is_vector(term) for term in form.terms):
        return None
    order = _by_output(form)
    if form.count > 2:
        return form.message("outer_product.many", count=form.count, arrays=form.arrays(order))
    rows, columns = (form.index(label) for label in form.output)
    return form.message("outer_product", arrays=form.arrays(order), rows=rows, columns=columns)


def kronecker(form: RoleForm) -> Message | None:
    """Every element times every element, where the first axes of all operands stand side by side, then the second:
    reshaped, that is the Kronecker product.
    """
    rank, count = len(form.terms[0]), form.count
    if count < 2 or rank < 2 or not form.apart or any(len(term) != rank for term in form.terms) or DOTS in form.output:
        return None
    groups = [form.output[start : start + count] for start in range(0, len(form.output), count)]
    order = [form.holders(label)[0] for label in groups[0]]
    if any([form.holders(label)[0] for label in group] != order for group in groups) or len(set(order)) < count:
        return None
    turned = [place for place in order if tuple(x for x in form.output if x in form.terms[place]) != form.terms[place]]
    if turned and rank > 2:
        return None
    product = " ⊗ ".join(form.array(place, transposed=place in turned) for place in order)
    shown = tuple(Code(f"({', '.join(form.index(label).text for label in group)})") for group in groups)
    return form.message("kronecker", product=Code(product), groups=Join(shown))


def tensor_product(form: RoleForm) -> Message | None:
    """Every element times every element, of operands with any number of axes."""
    if form.count < 2 or not form.apart or not all(form.terms) or all(is_vector(term) for term in form.terms):
        return None
    order = _by_output(form)
    straight = tuple(label for place in order for label in form.terms[place]) == form.output
    return form.message("tensor_product" if straight else "tensor_product.permuted", arrays=form.arrays(order))


def _by_output(form: RoleForm) -> list[int]:
    """Return the terms in the order in which the output first shows them."""
    return list(dict.fromkeys(form.holders(label)[0] for label in form.output))


def _matrix_pairs(form: RoleForm, name: str, shared: Labels, *, shared_axis: int) -> Message | None:
    """Return the message where matrices share the one free index `shared`, and each has one more of its own."""
    if form.count < 2 or form.batch != shared or not form.apart:
        return None
    if not all(is_matrix(term) and shared[0] in term for term in form.whole):
        return None
    order = _by_output(form)
    turned = [place for place in order if form.whole[place][shared_axis] != shared[0]]
    whole = whole_form(form.spec, form.names)
    names = [whole.array(place, transposed=place in turned) for place in order]
    values: dict[str, Value] = {
        "product": Code((" ⊙ " if shared_axis else " • ").join(names)),
        "shared": form.index(shared[0]),
    }
    joined = Code(f"({', '.join(form.index(label).text for label in form.output)})")
    return form.message_over((), name, joined=joined, **values)
