"""A tensor with vectors on its axes: quadratic and bilinear forms, bilinear and multilinear maps."""

from __future__ import annotations

from ...core.message import Code, Message, Value
from .form import RoleForm, is_matrix, is_vector


def mahalanobis(form: RoleForm) -> Message | None:
    """A quadratic form with one matrix for many vectors."""
    found = quadratic_form(form)
    middle = _tensor(form)
    if found is None or middle is None or not form.batch or any(label in form.whole[middle] for label in form.batch):
        return None
    return Message("called.mahalanobis", found.values)


def quadratic_form(form: RoleForm) -> Message | None:
    """A bilinear form of one vector, given twice."""
    middle = _tensor(form)
    if middle is None or form.count != 3 or form.output:
        return None
    first, second = (place for place in range(3) if place != middle)
    if not form.one_array(first, second):
        return None
    values: dict[str, Value] = {"vector": Code(form.array(first)), "matrix": Code(form.array(middle))}
    product = f"{form.part(first, transposed=True)} · {form.part(middle)} · {form.part(second)}"
    return form.message("quadratic_form", product=Code(product), **values)


def bilinear_form(form: RoleForm) -> Message | None:
    """A number made of two vectors and a matrix between."""
    middle = _tensor(form)
    if middle is None or form.count != 3 or form.output:
        return None
    left, right = (form.holders(label) for label in form.terms[middle])
    first, second = (next(place for place in places if place != middle) for places in (left, right))
    product = f"{form.part(first, transposed=True)} · {form.part(middle)} · {form.part(second)}"
    return form.message("bilinear_form", product=Code(product), over=form.indices(form.terms[middle]))


def bilinear_map(form: RoleForm) -> Message | None:
    """A bilinear form for each of several outputs: a tensor with two axes for vectors and others that stay."""
    if form.count != 3 or not form.output:
        return None
    return _map(form, "bilinear_map")


def multilinear_map(form: RoleForm) -> Message | None:
    """A tensor with vectors on three axes or more."""
    if form.count < 4:
        return None
    return _map(form, "multilinear_map" if form.output else "multilinear_form")


def _map(form: RoleForm, name: str) -> Message | None:
    middle = _tensor(form)
    if middle is None:
        return None
    vectors = form.arrays([place for place in range(form.count) if place != middle])
    values: dict[str, Value] = {
        "tensor": Code(form.array(middle)),
        "vectors": vectors,
        "kept": form.each(form.output),
    }
    return form.message(name, over=form.indices(form.contracted), **values)


def _tensor(form: RoleForm) -> int | None:
    """Return the term in which every other term's one index is contracted, each with one axis of its own."""
    if form.count < 3 or not form.clean:
        return None
    middle = max(range(form.count), key=lambda place: len(form.terms[place]))
    term = form.terms[middle]
    vectors = [other for place, other in enumerate(form.terms) if place != middle]
    labels = [label for other in vectors for label in other]
    if not all(is_vector(other) for other in vectors) or len(set(labels)) < len(labels):
        return None
    if (
        set(labels) != set(form.contracted)
        or not set(labels) <= set(term)
        or (len(vectors) == 2 and not form.output and not is_matrix(term))
    ):
        return None
    return middle
