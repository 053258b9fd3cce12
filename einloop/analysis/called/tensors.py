"""A tensor with vectors or matrices on its axes: multilinear maps, MTTKRP, Tucker; and what CP makes of matrices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...core.message import Message
from ...core.spec import DOTS
from .form import RoleForm, is_matrix, is_vector


def multilinear_maps(form: RoleForm) -> Iterator[Message]:
    """A tensor in which every other operand, a vector, is contracted with one axis of its own: for two vectors a
    bilinear form for each of several outputs, for three or more a multilinear map or form.
    """
    if form.count < 3 or not form.clean or (form.count == 3 and not form.output):
        return
    middle = max(range(form.count), key=lambda place: len(form.terms[place]))
    vectors = [place for place in range(form.count) if place != middle]
    labels = [label for place in vectors for label in form.terms[place]]
    if not all(is_vector(form.terms[place]) for place in vectors) or len(set(labels)) < len(labels):
        return
    if set(labels) == set(form.contracted) and set(labels) <= set(form.terms[middle]):
        name = "bilinear_map" if form.count == 3 else "multilinear_map" if form.output else "multilinear_form"
        kept = form.each(form.output)
        yield form.message(name, tensor=form.code(middle), vectors=form.arrays(vectors), kept=kept)


def mttkrp(form: RoleForm) -> Iterator[Message]:
    """A tensor unfolded along one axis, times the Khatri-Rao product of matrices for all other axes."""
    large = [place for place, term in enumerate(form.terms) if len(term) > 2]
    if form.count < 3 or not form.clean or len(large) != 1 or len(form.output) != 2:
        return
    tensor = large[0]
    term, kept = form.terms[tensor], form.own(tensor)
    factors = [place for label in term for place in form.holders(label) if place != tensor]
    rank = tuple(label for label in form.output if label not in term)
    if len(term) != form.count or DOTS in term or len(kept) != 1 or len(rank) != 1 or len(factors) != form.count - 1:
        return
    if _on_axes(form, tensor, factors, rank * len(factors)):
        name = "mttkrp" if form.output[0] == kept[0] else "mttkrp.transposed"
        axis, matrices = form.axes(tensor, kept), form.arrays(factors)
        yield form.message(name, array=form.code(tensor), kept=kept, axis=axis, factors=matrices, rank=rank)


def multilinear_products(form: RoleForm) -> Iterator[Message]:
    """A tensor times a matrix along every axis (a Tucker core), or along several where others stay."""
    contracted = set(form.contracted)
    cores = [place for place, term in enumerate(form.terms) if contracted <= set(term)]
    if form.count < 3 or not form.clean or not contracted or not cores or len(form.terms[cores[0]]) < 3:
        return  # a matrix between two others is a chain
    tensor, term = cores[0], form.terms[cores[0]]
    factors = [place for place in range(form.count) if place != tensor]
    new = [label for place in factors for label in form.own(place)]
    if any(len(form.own(place)) != 1 for place in factors) or not _on_axes(form, tensor, factors, new):
        return
    after = {old: own for place, own in zip(factors, new, strict=True) for old in form.terms[place] if old != own}
    straight = tuple(after.get(label, label) for label in term) == form.output
    by_axis = sorted(factors, key=lambda place: min(map(term.index, set(form.terms[place]) & contracted)))
    name = f"{'multilinear_product' if form.own(tensor) else 'tucker'}{'' if straight else '.permuted'}"
    over = tuple(label for label in term if label in contracted)
    yield form.message(name, array=form.code(tensor), factors=form.arrays(by_axis), over=over)


def cp(form: RoleForm) -> Iterator[Message]:
    """A sum of outer products of the columns of matrices, perhaps with a weight for each."""
    if form.count < 3 or not form.clean or len(form.contracted) != 1 or DOTS in form.output:
        return
    weights = [place for place, term in enumerate(form.terms) if is_vector(term)]
    order = [form.holders(label)[0] for label in form.output]
    whole = len(form.holders(form.contracted[0])) == form.count == len(weights) + len(order)
    matrices = all(is_matrix(form.terms[place]) for place in order) and len(set(order)) == len(order)
    if whole and matrices and len(weights) < 2:
        name = "cp.weighted" if weights else "cp"
        yield form.message(name, factors=form.arrays(order), weights=form.arrays(weights))


def _on_axes(form: RoleForm, tensor: int, factors: list[int], new: Sequence[str]) -> bool:
    """Tell whether each factor is a matrix of one of `new` and of a contracted axis of the tensor, each another."""
    olds = []
    for place, label in zip(factors, new, strict=True):
        old = [x for x in form.terms[place] if x != label]
        if not is_matrix(form.terms[place]) or len(old) != 1 or old[0] not in form.terms[tensor]:
            return False
        olds += old
    return len(set(olds)) == len(olds) and set(olds) == set(form.contracted)
