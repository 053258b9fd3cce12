"""What an expression is called: names of the field, recognised by the roles of the indices and never by their letters.

One family of names a file. Every recogniser is a function `(Form) -> Message | None`; RECOGNISERS tells them in order,
the most specific first. A name holds for the operation, whatever stands in the arrays; what attention scores look like
is told as a form. To add a name, add a recogniser to the table and its sentence to the catalogue below `called`.
"""

from __future__ import annotations

from collections.abc import Callable

from ...core.message import Message
from ...core.names import Names
from ...core.report import Paragraph, Section
from ...core.spec import Spec
from . import (
    attention,
    bilinear,
    chains,
    decompositions,
    elementwise,
    general,
    inner,
    layers,
    outer,
    products,
    rearranged,
    summed,
    vectors,
)
from .form import RoleForm, forms, whole_form

__all__ = ["called", "recognise"]

Recogniser = Callable[[RoleForm], Message | None]

MOST_NAMES = 3

LAST = ("called.mttkrp.transposed",)
"""Sentences that stand behind other names: with the batch first, a bilinear layer is what was meant."""

WHOLE: tuple[Recogniser, ...] = (
    elementwise.numbers,
    elementwise.square,
    elementwise.hadamard,
    elementwise.row_scaling,
    elementwise.column_scaling,
    elementwise.axis_scaling,
)
"""Names of an expression as it stands, whose shared indices are no batch."""

RECOGNISERS: tuple[Recogniser, ...] = (
    rearranged.scaling,
    rearranged.copy,
    rearranged.transpose,
    rearranged.reversal,
    rearranged.permutation,
    rearranged.diagonal,
    summed.trace,
    summed.partial_trace,
    summed.traces,
    summed.diagonal_sum,
    summed.total,
    summed.row_sums,
    summed.column_sums,
    summed.axis_sums,
    elementwise.two_sided_scaling,
    outer.khatri_rao,
    outer.face_splitting,
    outer.outer_product,
    outer.kronecker,
    outer.tensor_product,
    inner.sum_of_squares,
    inner.rowwise_dot,
    inner.columnwise_dot,
    inner.diagonal_of_product,
    inner.inner_product,
    inner.frobenius,
    inner.trace_of_product,
    inner.tensor_inner,
    attention.scores_by_name,
    attention.output_by_name,
    attention.expert_dispatch,
    attention.expert_combine,
    attention.scores,
    attention.output_by_axes,
    attention.relative_scores,
    products.gram,
    products.matrix_square,
    products.matrix_product,
    attention.output,
    vectors.matrix_vector,
    vectors.vector_matrix,
    vectors.tensor_times_vector,
    vectors.weighted_sum,
    layers.linear_layer,
    layers.mode_product,
    layers.split_projection,
    layers.merged_projection,
    bilinear.mahalanobis,
    bilinear.quadratic_form,
    bilinear.bilinear_form,
    bilinear.bilinear_map,
    bilinear.multilinear_map,
    chains.weighted_gram,
    chains.matrix_diagonal_matrix,
    chains.matrix_chain,
    chains.trace_of_chain,
    chains.tensor_train,
    chains.tensor_ring,
    decompositions.mttkrp,
    decompositions.tucker,
    decompositions.multilinear_product,
    decompositions.cp,
)
"""Names of what is left when a batch is fixed."""

GENERAL: tuple[Recogniser, ...] = (
    general.elementwise_sum,
    general.broadcast_product,
    general.product_of_sums,
    general.contraction,
)
"""What is said where nothing more specific holds; one of them always does where there are two terms or more."""


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
    fitting = [*_fitting(whole, WHOLE), *(message for form in batched for message in _fitting(form, RECOGNISERS))]
    found: dict[str, Message] = {}
    for message in fitting:
        found.setdefault(_name(message), message)
    if found:
        return tuple(sorted(found.values(), key=lambda message: message.id in LAST)[:MOST_NAMES])
    return tuple(_fitting(batched[0], (general.tensordot,)) or _fitting(whole, GENERAL)[:1])


def _fitting(form: RoleForm, recognisers: tuple[Recogniser, ...]) -> list[Message]:
    return [message for recogniser in recognisers if (message := recogniser(form)) is not None]


def _name(message: Message) -> str:
    """Return the stable id of a name: what follows `called.`, without the variant of the sentence."""
    return message.id.split(".")[1]
