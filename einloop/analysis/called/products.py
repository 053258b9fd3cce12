"""Two matrices with one index contracted: Gram matrix, matrix square, matrix product."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.message import Code, Message, Value
from .form import TRANSPOSED, RoleForm, is_matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Which of two matrices stands on the left (the result's rows are its own), and which of them are transposed."""

    left: int
    right: int
    left_turned: bool
    right_turned: bool
    inner: str


def gram(form: RoleForm) -> Message | None:
    """The inner products of all columns, or of all rows, of one matrix."""
    found = _product(form)
    if found is None or not form.one_array(0, 1) or found.left_turned == found.right_turned:
        return None
    name = "gram.columns" if found.left_turned else "gram.rows"
    product = f"{form.array(found.left, transposed=found.left_turned)} · "
    product += form.array(found.right, transposed=found.right_turned)
    return form.message(name, array=Code(form.array(0)), product=Code(product), over=form.index(found.inner))


def matrix_square(form: RoleForm) -> Message | None:
    """A matrix times itself."""
    found = _product(form)
    if found is None or not form.one_array(0, 1) or found.left_turned != found.right_turned:
        return None
    product = f"{form.array(0)} · {form.array(1)}"
    shown = f"({product}){TRANSPOSED}" if found.left_turned else product
    return form.message("matrix_square", product=Code(shown), over=form.index(found.inner))


def matrix_product(form: RoleForm) -> Message | None:
    """Rows of one matrix times columns of another; either may be transposed, or the result."""
    found = _product(form)
    if found is None:
        return None
    left, right = found.left, found.right
    rows, columns = form.output
    values: dict[str, Value] = {"rows": form.index(rows), "columns": form.index(columns)}
    values["over"] = form.index(found.inner)
    if found.left_turned and found.right_turned:
        product = Code(f"({form.array(right)} · {form.array(left)}){TRANSPOSED}")
        return form.message("matrix_product.result", product=product, **values)
    product = Code(
        f"{form.array(left, transposed=found.left_turned)} · {form.array(right, transposed=found.right_turned)}"
    )
    one_name = form.array(left) == form.array(right)
    if one_name or (not found.left_turned and not found.right_turned):
        return form.message("matrix_product", product=product, **values)
    turned = Code(form.array(left if found.left_turned else right))
    return form.message("matrix_product.transposed", product=product, transposed=turned, **values)


def _product(form: RoleForm) -> Product | None:
    if form.count != 2 or not form.clean or not all(is_matrix(term) for term in form.terms):
        return None
    if len(form.contracted) != 1 or len(form.output) != 2:
        return None
    left, inner = form.holders(form.output[0])[0], form.contracted[0]
    right = 1 - left
    return Product(
        left=left,
        right=right,
        left_turned=form.terms[left][0] == inner,
        right_turned=form.terms[right][1] == inner,
        inner=inner,
    )
