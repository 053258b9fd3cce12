"""The products that attention is made of, known by the places of their indices, or by what the operands are called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...core.message import Message
from .form import RoleForm
from .pairs import ORDERS

QUERIES = frozenset({"q", "query", "queries", "xq"})
KEYS = frozenset({"k", "key", "keys", "xk"})
VALUES = frozenset({"v", "value", "values", "xv"})
WEIGHTS = frozenset({"scores", "score", "attn", "attention", "probs", "prob", "weights", "softmax"})
DISPATCH = frozenset({"dispatch", "dispatcher"})
COMBINE = frozenset({"combine", "combiner"})


def by_name(form: RoleForm) -> Iterator[Message]:
    """Products of what is called queries and keys, scores and values, or a mask of experts."""
    if form.count != 2 or not form.clean:
        return
    for said, first, second in ((_scores, QUERIES, KEYS), (_output, WEIGHTS, VALUES)):
        places = [(a, b) for a, b in ORDERS if _is_called(form, a, first) and _is_called(form, b, second)]
        if places:
            yield from said(form, *places[0])
    yield from _experts(form)


def scores(form: RoleForm) -> Iterator[Message]:
    """Inner products along the last axis of two operands with four axes, two of them shared and kept."""
    if _four(form) and all(term[-1:] == form.contracted for term in form.whole):
        yield from _scores(form, *(ORDERS[0] if form.output[0] in form.terms[0] else ORDERS[1]))


def output_by_axes(form: RoleForm) -> Iterator[Message]:
    """Sums of slices of four axes, weighted with scores, where the two hold their heads in different axes."""
    cuts = {tuple(term.index(label) for label in form.batch if label in term) for term in form.whole}
    if len(cuts) > 1:
        yield from output(form)


def output(form: RoleForm) -> Iterator[Message]:
    """Sums of slices of four axes, weighted with scores: contracted last in the scores, the last axis kept."""
    if not _four(form):
        return
    for weights, values in ORDERS:
        ends = (form.whole[weights][-1:], form.whole[values][-1:])
        if ends == (form.contracted, form.own(values)) and form.spec.output[-1:] == form.own(values):
            yield from _output(form, weights, values)
            return


def relative_scores(form: RoleForm) -> Iterator[Message]:
    """Inner products with vectors that depend on one axis of the queries too: on how far positions are apart."""
    if form.count != 2 or not form.clean or len(form.batch) != 1 or len(form.contracted) != 1:
        return
    for queries, vectors in ORDERS:
        last = all(term[-1:] == form.contracted for term in form.whole)
        ranks = (len(form.whole[queries]), len(form.whole[vectors]))
        early = form.batch[0] in form.whole[vectors][:2]
        if last and early and ranks == (4, 3) and len(form.own(queries)) == 2:
            arrays = {"queries": form.code(queries), "vectors": form.code(vectors)}
            position = form.index(form.batch[0])
            yield form.message("relative_scores", (), position=position, distance=form.own(vectors), **arrays)


def _experts(form: RoleForm) -> Iterator[Message]:
    """Yield tokens put into the places that a mask called dispatch gives them, expert and capacity; or the outputs of
    experts added up for every token, with weights called combine.
    """
    for mask, other in ORDERS:
        own, over = form.own(mask), form.contracted
        ranks = (len(over), len(own), len(form.own(other)))
        if ranks == (1, 2, 1) and _is_called(form, mask, DISPATCH):
            arrays = {"mask": form.code(mask), "tokens": form.code(other)}
            yield form.message("expert_dispatch", token=over, places=own, **arrays)
        if ranks == (2, 1, 1) and _is_called(form, mask, COMBINE):
            arrays = {"mask": form.code(mask), "experts": form.code(other)}
            yield form.message("expert_combine", token=own, places=over, **arrays)


def _scores(form: RoleForm, queries: int, keys: int) -> Iterator[Message]:
    if _is_product(form, queries, keys):
        query, arrays = form.each(form.own(queries)), {"queries": form.code(queries), "keys": form.code(keys)}
        yield form.message("attention_scores", query=query, key=form.own(keys), **arrays)


def _output(form: RoleForm, weights: int, values: int) -> Iterator[Message]:
    if _is_product(form, weights, values):
        query, arrays = form.each(form.own(weights)), {"weights": form.code(weights), "values": form.code(values)}
        yield form.message("attention_output", query=query, along=form.own(values), **arrays)


def _is_product(form: RoleForm, left: int, right: int) -> bool:
    """Tell whether an operand with axes of its own is contracted with a matrix, along one index."""
    kept = bool(form.own(left)) and len(form.own(right)) == 1
    return kept and len(form.contracted) == 1 and len(form.terms[right]) == 2


def _four(form: RoleForm) -> bool:
    """Tell whether two terms have four axes each: two they share and keep, one contracted, one of their own."""
    if form.count != 2 or not form.clean or any(len(term) != 4 for term in form.whole):
        return False
    return len(form.batch) == 2 and len(form.contracted) == 1 and len(form.output) == 2


def _is_called(form: RoleForm, place: int, words: frozenset[str]) -> bool:
    """Tell whether the person's own name for an operand has one of these words in it."""
    name = form.spec.operands[form.numbers[place]].name or ""
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
    return any(part.lower() in words for part in parts)
