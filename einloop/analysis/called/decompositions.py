"""A tensor and a matrix for each of its axes: MTTKRP, Tucker, CP."""

from __future__ import annotations

from ...core.message import Code, Message, Value
from ...core.spec import DOTS
from .form import RoleForm, is_matrix, is_vector


def mttkrp(form: RoleForm) -> Message | None:
    """A tensor unfolded along one axis, times the Khatri-Rao product of matrices for all other axes."""
    tensor = _largest(form)
    if tensor is None or len(form.terms[tensor]) != form.count or DOTS in form.terms[tensor] or len(form.output) != 2:
        return None
    kept = form.own(tensor)
    term = form.terms[tensor]
    factors = [place for label in term for place in form.holders(label) if place != tensor]
    rank = [label for label in form.output if label not in form.terms[tensor]]
    if (
        len(kept) != 1
        or len(rank) != 1
        or len(factors) != form.count - 1
        or not _on_axes(form, tensor, factors, rank * len(factors))
    ):
        return None
    name = "mttkrp" if form.output[0] == kept[0] else "mttkrp.transposed"
    values: dict[str, Value] = {
        "array": Code(form.array(tensor)),
        "factors": form.arrays(factors),
        "axis": form.axes(tensor, kept),
    }
    return form.message(name, kept=form.index(kept[0]), rank=form.index(rank[0]), **values)


def tucker(form: RoleForm) -> Message | None:
    """A core tensor times a matrix along every axis."""
    return _multilinear(form, "tucker", whole=True)


def multilinear_product(form: RoleForm) -> Message | None:
    """A tensor times a matrix along several axes; others stay."""
    return _multilinear(form, "multilinear_product", whole=False)


def cp(form: RoleForm) -> Message | None:
    """A sum of outer products of the columns of matrices, perhaps with a weight for each."""
    if form.count < 3 or not form.clean or len(form.contracted) != 1 or DOTS in form.output:
        return None
    rank = form.contracted[0]
    weights = [place for place, term in enumerate(form.terms) if is_vector(term)]
    order = [form.holders(label)[0] for label in form.output]
    whole = len(form.holders(rank)) == form.count == len(weights) + len(order)
    if (
        not whole
        or len(weights) > 1
        or not all(is_matrix(form.terms[place]) for place in order)
        or len(set(order)) < len(order)
    ):
        return None
    values: dict[str, Value] = {"factors": form.arrays(order), "over": form.index(rank)}
    if not weights:
        return form.message("cp", **values)
    return form.message("cp.weighted", weights=Code(form.array(weights[0])), **values)


def _largest(form: RoleForm) -> int | None:
    """Return the one term with three axes or more, where there are three terms or more."""
    large = [place for place, term in enumerate(form.terms) if len(term) > 2]
    return large[0] if form.count > 2 and form.clean and len(large) == 1 else None


def _on_axes(form: RoleForm, tensor: int, factors: list[int], new: list[str]) -> bool:
    """Tell whether each factor is a matrix of one of `new` and of a contracted axis of the tensor, each another."""
    olds = []
    for place, label in zip(factors, new, strict=True):
        term = form.terms[place]
        old = [x for x in term if x != label]
        if not is_matrix(term) or len(old) != 1 or old[0] not in form.terms[tensor]:
            return False
        olds += old
    return len(set(olds)) == len(olds) and set(olds) == set(form.contracted)


def _multilinear(form: RoleForm, name: str, *, whole: bool) -> Message | None:
    tensor = _core(form)
    if tensor is None or len(form.terms[tensor]) < 3 or bool(form.own(tensor)) is whole:
        return None  # a matrix between two others is a chain
    factors = [place for place in range(form.count) if place != tensor]
    new = [form.own(place) for place in factors]
    if any(len(own) != 1 for own in new) or not _on_axes(form, tensor, factors, [own[0] for own in new]):
        return None
    after = {old: own[0] for place, own in zip(factors, new, strict=True) for old in form.terms[place] if old != own[0]}
    straight = tuple(after.get(label, label) for label in form.terms[tensor]) == form.output
    by_axis = sorted(factors, key=lambda place: min(map(form.terms[tensor].index, set(form.terms[place]) & set(after))))
    over = form.indices([label for label in form.terms[tensor] if label in after])
    values: dict[str, Value] = {"array": Code(form.array(tensor)), "factors": form.arrays(by_axis), "over": over}
    return form.message(name if straight else f"{name}.permuted", **values)


def _core(form: RoleForm) -> int | None:
    """Return the term in which every contracted index is, where there are three terms or more."""
    if form.count < 3 or not form.clean or not form.contracted:
        return None
    return next((place for place, term in enumerate(form.terms) if set(form.contracted) <= set(term)), None)
