"""What an expression is called: names of the field, recognised by the roles of the indices and never by their letters.

A recogniser is a function from a form to the sentences that hold, most often a pattern; RECOGNISERS lists them in
order, the most specific first. A name holds for the operation, whatever stands in the arrays; what attention scores
look like is told as a form. To add a name, add a pattern or a recogniser and its sentence to the catalogue below
`called`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...core.message import Message
from ...core.names import Names
from ...core.report import Paragraph, Section
from ...core.spec import Spec
from . import attention, chains, elementwise, one, outer, pairs, tensors
from .form import RoleForm, forms, whole_form
from .pattern import Recogniser, one_matrix_for_many, pattern, twice, two_names

__all__ = ["called", "recognise"]

MAX_NAMES = 3

NAMED_LAST = ("called.mttkrp.transposed",)
"""Sentences that come after other names: with the batch first, a bilinear layer is what was meant."""

WHOLE: tuple[Recogniser, ...] = (
    elementwise.numbers,
    elementwise.hadamard,
    pattern("ij,i->ij", "row_scaling", product="diag(B) · A", array="A", factors="B", along="i"),
    pattern("ij,i->ji", "row_scaling", product="(diag(B) · A)ᵀ", array="A", factors="B", along="i"),
    pattern("ij,j->ij", "column_scaling", product="A · diag(B)", array="A", factors="B", along="j"),
    pattern("ij,j->ji", "column_scaling", product="(A · diag(B))ᵀ", array="A", factors="B", along="j"),
    elementwise.axis_scaling,
)
"""Names of an expression as it stands, whose shared indices are not batch."""

RECOGNISERS: tuple[Recogniser, ...] = (
    one.rearranged,
    one.diagonal_sums,
    one.sums,
    pattern("ij->i", "row_sums", row="i"),
    pattern("ij->j", "column_sums", column="j"),
    pattern("i,ij,j->ij", "two_sided_scaling", product="diag(A) · B · diag(C)", rows="i", columns="j"),
    pattern("i,ij,j->ji", "two_sided_scaling", product="(diag(A) · B · diag(C))ᵀ", rows="i", columns="j"),
    outer.outer,
    pairs.sum_of_squares,
    pattern("ij,ij->i", "rowwise_dot", whole=True, free="i"),
    pattern("ij,ij->j", "columnwise_dot", whole=True, free="j"),
    pattern("ij,ji->i", "diagonal_of_product", whole=True, product="A · B", free="i"),
    pattern("i,i->", "inner_product"),
    pattern("ij,ij->", "frobenius", product="tr(A · Bᵀ)"),
    pattern("ij,ji->", "trace_of_product", product="tr(A · B)"),
    pairs.tensor_inner,
    attention.by_name,
    attention.scores,
    attention.output_by_axes,
    attention.relative_scores,
    pattern("ji,jk->ik", "gram.columns", twice, product="Aᵀ · B"),
    pattern("ij,kj->ik", "gram.rows", twice, product="A · Bᵀ"),
    pattern("ij,jk->ik", "matrix_square", twice, product="A · B"),
    pattern("ji,kj->ik", "matrix_square", twice, product="(A · B)ᵀ"),
    pattern("ij,jk->ik", "matrix_product", product="A · B"),
    pattern("ji,kj->ik", "matrix_product.result", product="(B · A)ᵀ"),
    pattern("ji,jk->ik", "matrix_product.transposed", two_names, product="Aᵀ · B", transposed="A"),
    pattern("ij,kj->ik", "matrix_product.transposed", two_names, product="A · Bᵀ", transposed="B"),
    pattern("ji,jk->ik", "matrix_product", product="Aᵀ · B"),
    pattern("ij,kj->ik", "matrix_product", product="A · Bᵀ"),
    attention.output,
    pattern("ij,j->i", "matrix_vector", product="A · B"),
    pattern("ij,i->j", "vector_matrix", product="B · A", columns="j"),
    pattern("ij,j->i", "weighted_sum.columns", array="A", weights="B"),
    pattern("ij,i->j", "weighted_sum.rows", array="A", weights="B"),
    pairs.weighted_sums,
    pairs.matrix_on_an_axis,
    pairs.projections,
    pattern("i,ij,j->", "mahalanobis", one_matrix_for_many, product="Aᵀ · B · C", vector="A", matrix="B"),
    pattern("i,ij,j->", "quadratic_form", twice, product="Aᵀ · B · C", vector="A", matrix="B"),
    pattern("i,ij,j->", "bilinear_form", product="Aᵀ · B · C", over="ij"),
    tensors.multilinear_maps,
    pattern("ji,j,jk->ik", "weighted_gram", twice, product="Aᵀ · diag(B) · C", array="A", weights="B"),
    pattern("ij,j,kj->ik", "weighted_gram", twice, product="A · diag(B) · Cᵀ", array="A", weights="B"),
    pattern("ij,j,jk->ik", "matrix_diagonal_matrix", product="A · diag(B) · C"),
    pattern("ji,j,jk->ik", "matrix_diagonal_matrix", product="Aᵀ · diag(B) · C"),
    pattern("ij,j,kj->ik", "matrix_diagonal_matrix", product="A · diag(B) · Cᵀ"),
    pattern("ji,j,kj->ik", "matrix_diagonal_matrix", product="(C · diag(B) · A)ᵀ"),
    chains.chains,
    chains.trains,
    tensors.mttkrp,
    tensors.multilinear_products,
    tensors.cp,
)
"""Names of what is left when a batch is fixed."""


def called(spec: Spec, names: Names) -> Section:
    """Return a paragraph for every name that fits, the most specific first, three at most.

    Facts: `names`, the stable ids of the names, "matrix_product" for the sentence `called.matrix_product.transposed`.

    >>> from einloop.core.names import choose_names
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = read_subscripts("bij,bkj->bik")
    >>> called(spec, choose_names(spec)).facts
    {'names': ['matrix_product']}
    """
    messages = recognise(spec, names)
    parts = tuple(Paragraph(message=message) for message in messages)
    return Section(id="called", parts=parts, facts={"names": [_name(message) for message in messages]})


def recognise(spec: Spec, names: Names) -> tuple[Message, ...]:
    """Return what an expression is called, the most specific name first; at least one sentence, at most three.

    >>> from einloop.core.names import choose_names
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = read_subscripts("pq,q->p")
    >>> [message.id for message in recognise(spec, choose_names(spec))]
    ['called.matrix_vector', 'called.weighted_sum.columns']
    """
    whole, batched = whole_form(spec, names), forms(spec, names)
    found: dict[str, Message] = {}
    for message in (*_said(whole, WHOLE), *(message for form in batched for message in _said(form, RECOGNISERS))):
        found.setdefault(_name(message), message)
    if found:
        return tuple(sorted(found.values(), key=lambda message: message.id in NAMED_LAST)[:MAX_NAMES])
    return tuple(pairs.tensordot(batched[0])) or tuple(elementwise.general(whole))


def _said(form: RoleForm, recognisers: Iterable[Recogniser]) -> Iterator[Message]:
    return (message for recogniser in recognisers for message in recogniser(form))


def _name(message: Message) -> str:
    """Return the stable id of a name: what follows `called.`, without the variant of the sentence."""
    return message.id.split(".")[1]
