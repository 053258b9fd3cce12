"""The products that attention is made of, known by the places of their indices, or by what the operands are called."""

from __future__ import annotations

import re

from ...core.message import Code, Message, Value
from .form import Labels, RoleForm

QUERIES = frozenset({"q", "query", "queries", "xq"})
KEYS = frozenset({"k", "key", "keys", "xk"})
VALUES = frozenset({"v", "value", "values", "xv"})
WEIGHTS = frozenset({"scores", "score", "attn", "attention", "probs", "prob", "weights", "softmax"})
DISPATCH = frozenset({"dispatch", "dispatcher"})
COMBINE = frozenset({"combine", "combiner"})


def scores_by_name(form: RoleForm) -> Message | None:
    """Inner products of what is called queries with what is called keys."""
    return _scores(form, *_named(form, QUERIES, KEYS))


def scores(form: RoleForm) -> Message | None:
    """Inner products along the last axis of two operands with four axes, two of them shared and kept."""
    if form.count != 2 or not _four(form) or _last(form) != (form.contracted * 2):
        return None
    first = form.output[0] if form.output else None
    return _scores(form, 0, 1) if first in form.terms[0] else _scores(form, 1, 0)


def output_by_name(form: RoleForm) -> Message | None:
    """Sums of what is called values, weighted with what is called scores or attention."""
    return _output(form, *_named(form, WEIGHTS, VALUES))


def output_by_axes(form: RoleForm) -> Message | None:
    """Sums of slices of four axes, weighted with scores, where the two hold their heads in different axes."""
    return None if form.count != 2 or _cut(form, 0) == _cut(form, 1) else output(form)


def output(form: RoleForm) -> Message | None:
    """Sums of slices of four axes, weighted with scores: contracted last in the scores, the last axis kept."""
    if form.count != 2 or not _four(form):
        return None
    for weights, values in ((0, 1), (1, 0)):
        ends = (form.whole[weights][-1:], form.whole[values][-1:])
        if ends == (form.contracted, form.own(values)) and form.spec.output[-1:] == form.own(values):
            return _output(form, weights, values)
    return None


def relative_scores(form: RoleForm) -> Message | None:
    """Inner products with vectors that depend on one axis of the queries too: on how far positions are apart."""
    if form.count != 2 or not form.clean or len(form.batch) != 1 or len(form.contracted) != 1:
        return None
    if _last(form) != form.contracted * 2 or sorted(map(len, form.whole)) != [3, 4]:
        return None
    queries = 0 if len(form.whole[0]) == 4 else 1
    if form.batch[0] not in form.whole[1 - queries][:2] or len(form.own(queries)) != 2:
        return None
    values: dict[str, Value] = {"queries": Code(form.array(queries)), "vectors": Code(form.array(1 - queries))}
    values |= {"position": form.index(form.batch[0]), "distance": form.index(form.own(1 - queries)[0])}
    return form.message_over((), "relative_scores", over=form.indices(form.contracted), **values)


def expert_dispatch(form: RoleForm) -> Message | None:
    """Tokens put into the places that a mask called dispatch gives them: expert and capacity."""
    for mask in range(form.count if form.count == 2 and form.clean else 0):
        own, other = form.own(mask), form.own(1 - mask)
        if _is_called(form, mask, DISPATCH) and len(form.contracted) == 1 and len(own) == 2 and len(other) == 1:
            values: dict[str, Value] = {
                "mask": Code(form.array(mask)),
                "tokens": Code(form.array(1 - mask)),
                "places": form.indices(own),
            }
            return form.message("expert_dispatch", token=form.index(form.contracted[0]), **values)
    return None


def expert_combine(form: RoleForm) -> Message | None:
    """The outputs of experts added up for every token, with weights called combine."""
    for mask in range(form.count if form.count == 2 and form.clean else 0):
        own, other = form.own(mask), form.own(1 - mask)
        if _is_called(form, mask, COMBINE) and len(form.contracted) == 2 and len(own) == 1 and len(other) == 1:
            values: dict[str, Value] = {
                "mask": Code(form.array(mask)),
                "experts": Code(form.array(1 - mask)),
                "token": form.index(own[0]),
            }
            return form.message("expert_combine", places=form.indices(form.contracted), **values)
    return None


def _scores(form: RoleForm, queries: int | None, keys: int | None) -> Message | None:
    if queries is None or keys is None or not form.clean or len(form.contracted) != 1:
        return None
    if not form.own(queries) or len(form.own(keys)) != 1 or len(form.terms[keys]) != 2:
        return None
    values: dict[str, Value] = {"queries": Code(form.array(queries)), "keys": Code(form.array(keys))}
    values |= {"query": form.each(form.own(queries)), "key": form.indices(form.own(keys))}
    return form.message("attention_scores", over=form.indices(form.contracted), **values)


def _output(form: RoleForm, weights: int | None, values: int | None) -> Message | None:
    if weights is None or values is None or not form.clean or len(form.contracted) != 1:
        return None
    if not form.own(weights) or len(form.own(values)) != 1 or len(form.terms[values]) != 2:
        return None
    shown: dict[str, Value] = {"weights": Code(form.array(weights)), "values": Code(form.array(values))}
    shown |= {"query": form.each(form.own(weights)), "along": form.indices(form.own(values))}
    return form.message("attention_output", over=form.indices(form.contracted), **shown)


def _four(form: RoleForm) -> bool:
    """Tell whether two terms have four axes each: two they share and keep, one contracted, one of their own."""
    four = form.clean and all(len(term) == 4 for term in form.whole) and len(form.batch) == 2
    return four and len(form.contracted) == 1 and len(form.output) == 2


def _last(form: RoleForm) -> Labels:
    return tuple(label for term in form.whole for label in term[-1:])


def _cut(form: RoleForm, place: int) -> tuple[int, ...]:
    return tuple(form.whole[place].index(label) for label in form.batch if label in form.whole[place])


def _named(form: RoleForm, first: frozenset[str], second: frozenset[str]) -> tuple[int | None, int | None]:
    """Return which of two operands is called by a word of the first and which by one of the second kind."""
    for one, other in ((0, 1), (1, 0)):
        if form.count == 2 and _is_called(form, one, first) and _is_called(form, other, second):
            return one, other
    return None, None


def _is_called(form: RoleForm, place: int, words: frozenset[str]) -> bool:
    """Tell whether the person's own name for an operand has one of these words in it."""
    name = form.spec.operands[form.numbers[place]].name or ""
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
    return any(part.lower() in words for part in parts)
