"""Nothing summed and every index in some place together: products element by element, and scalings along axes."""

from __future__ import annotations

from ...core.message import Code, Message, Value
from .form import TRANSPOSED, RoleForm, has_diagonal, is_matrix, is_vector


def numbers(form: RoleForm) -> Message | None:
    """A product of numbers alone."""
    if form.count < 2 or any(form.terms):
        return None
    return form.message("numbers", arrays=form.arrays())


def square(form: RoleForm) -> Message | None:
    """An array times itself, element by element."""
    if not _same_axes(form) or form.count != 2 or form.terms[0] != form.terms[1] or not form.one_array(0, 1):
        return None
    return form.message("square", array=Code(form.array(0)))


def hadamard(form: RoleForm) -> Message | None:
    """Two or more arrays with the same axes, element by element."""
    if not _same_axes(form):
        return None
    output = form.output
    moved = [place for place, term in enumerate(form.terms) if term != output]
    values: dict[str, Value] = {"arrays": form.arrays()}
    if not moved:
        return form.message("hadamard", **values)
    if is_matrix(output):
        factors = [form.array(place, transposed=place in moved) for place in range(form.count)]
        return form.message("hadamard.transposed", product=Code(" ∘ ".join(factors)))
    return form.message("hadamard.permuted", count=len(moved), moved=form.arrays(moved), **values)


def two_sided_scaling(form: RoleForm) -> Message | None:
    """A matrix whose rows and columns are both scaled: diagonal · matrix · diagonal."""
    matrices = [place for place, term in enumerate(form.terms) if is_matrix(term)]
    vectors = {term[0]: place for place, term in enumerate(form.terms) if is_vector(term)}
    if (
        form.count != 3
        or len(matrices) != 1
        or set(vectors) != set(form.terms[matrices[0]])
        or has_diagonal(form.whole)
    ):
        return None
    rows, columns = form.terms[matrices[0]]
    if sorted(form.output) != sorted((rows, columns)):
        return None
    left, right = (f"diag({form.part(vectors[label])})" for label in (rows, columns))
    product = f"{left} · {form.part(matrices[0])} · {right}"
    shown = product if form.output == (rows, columns) else f"({product}){TRANSPOSED}"
    return form.message("two_sided_scaling", product=Code(shown), rows=form.index(rows), columns=form.index(columns))


def row_scaling(form: RoleForm) -> Message | None:
    """Every row of a matrix times a number of its own: diagonal matrix times matrix."""
    return _scaled(form, 0, "row_scaling")


def column_scaling(form: RoleForm) -> Message | None:
    """Every column of a matrix times a number of its own: matrix times diagonal matrix."""
    return _scaled(form, 1, "column_scaling")


def axis_scaling(form: RoleForm) -> Message | None:
    """An array times another that has some of its axes."""
    pair = _large_and_small(form)
    if pair is None or is_matrix(form.terms[pair[0]]):
        return None
    large, small = pair
    along = form.indices(form.terms[small])
    return form.message("axis_scaling", array=Code(form.array(large)), along=along, factors=Code(form.array(small)))


def _same_axes(form: RoleForm) -> bool:
    axes = set(form.output)
    same = all(set(term) == axes for term in form.terms)
    return form.count > 1 and bool(axes) and same and not has_diagonal(form.terms)


def _large_and_small(form: RoleForm) -> tuple[int, int] | None:
    """Return which of two terms has all axes of the result, and which has some of them, at least one."""
    if form.count != 2 or has_diagonal(form.terms):
        return None
    axes = [set(term) for term in form.terms]
    for large, small in ((0, 1), (1, 0)):
        if axes[large] == set(form.output) and axes[small] and axes[small] < axes[large]:
            return large, small
    return None


def _scaled(form: RoleForm, axis: int, name: str) -> Message | None:
    pair = _large_and_small(form)
    if pair is None:
        return None
    large, small = pair
    term = form.terms[large]
    if not is_matrix(term) or form.terms[small] != (term[axis],):
        return None
    diagonal = f"diag({form.array(small)})"
    product = f"{diagonal} · {form.array(large)}" if axis == 0 else f"{form.array(large)} · {diagonal}"
    values: dict[str, Value] = {
        "array": Code(form.array(large)),
        "factors": Code(form.array(small)),
        "along": form.index(term[axis]),
    }
    shown = product if form.output == term else f"({product}){TRANSPOSED}"
    return form.message(name, product=Code(shown), **values)
