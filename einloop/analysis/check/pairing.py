"""EL703, EL704, EL705, EL719: an index that is summed inside one operand, though operands are multiplied."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.message import Code, Message, Value, codes
from ...core.report import Finding, Severity
from ...core.spec import Index, Spec
from ..repair import one_letter_away
from .case import CheckCase, extent_words, places_of


def lone_in_two(case: CheckCase) -> Iterator[Finding]:
    """Yield a warning where two operands each have a summed index of their own: nothing pairs them."""
    lone = case.lone
    if len({index.operands for index in lone}) < 2:
        return
    extents = {index.extent for index in lone}
    values: dict[str, Value] = {"indices": codes([index.label for index in lone]), "count": len(lone)}
    if len(extents) == 1 and None not in extents:
        key = "diagnose.lone.both" if len(lone) == 2 else "diagnose.lone.equal"
        message = Message(key, {**values, "size": extent_words(extents.pop())})
    else:
        message = Message("diagnose.lone.two", values)
    yield case.finding("EL703", Severity.WARNING, message, places_of(lone), operand=lone[0].operands[0])


def lone_uncontracted(case: CheckCase) -> Iterator[Finding]:
    """Yield a finding where an index is summed inside one operand, and nothing is contracted between operands.

    A warning where another operand has an index of its own in the output, as in a matrix product gone wrong
    (`ij,je->je`); else a note: scaling the sums of an operand (`ij,i->i`) stands in much right code.
    """
    lone = case.lone
    contracted = any(index.contracted for index in case.spec.indices)
    if len({index.operands for index in lone}) != 1 or contracted or totalled(case):
        return
    number = lone[0].operands[0]
    own = any(index.alone and index.operands != (number,) for index in case.spec.free)
    labels = codes([index.label for index in lone])
    message = Message("diagnose.lone.one", {"indices": labels, "count": len(lone), "operand": case.operand(number)})
    severity = Severity.WARNING if own else Severity.NOTE
    yield case.finding("EL704", severity, message, places_of(lone), operand=number)


def totalled(case: CheckCase) -> tuple[int, ...]:
    """Return the operands that share no index with another or with the output, scalars left out.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> totalled(CheckCase(spec=read_subscripts("ij,kl->ij")))
    (1,)
    """
    lone = {index.label for index in case.lone}
    return tuple(number for number, op in enumerate(case.spec.operands) if op.labels and set(op.labels) <= lone)


def only_total(case: CheckCase) -> Iterator[Finding]:
    """Yield a warning for each operand of which only the sum of all its elements counts."""
    if len({index.operands for index in case.lone}) > 1:
        return  # the rule of lone sums in two operands says it
    for number in totalled(case):
        operand = case.spec.operands[number]
        labels = list(dict.fromkeys(operand.labels))
        values: dict[str, Value] = {"operand": case.operand(number), "indices": codes(labels), "count": len(labels)}
        message = Message("diagnose.total", values)
        yield case.finding("EL705", Severity.WARNING, message, (operand.span,), operand=number)


def one_letter_off(case: CheckCase) -> Iterator[Finding]:
    """Yield a warning where an index that is summed inside one operand of a product looks like a slip: one letter
    changed makes every index of the expression pair up.

    `np,npj,n->n` is left in peace: no letter changed would keep the output and what all operands share. So is a
    diagonal alone: `ij,jj,jk->ik` scales columns.
    """
    spec, lone = case.spec, case.lone
    if len(lone) != 1 or not one_letter_away(spec, lone[0]):
        return
    number, twice = lone[0].operands[0], _diagonals(spec)
    values: dict[str, Value] = {"index": Code(lone[0].label), "operand": case.operand(number)}
    for index, there in twice[:1]:
        values |= {"twice": Code(index.label), "there": case.operand(there)}
    message = Message("diagnose.near.diagonal" if twice else "diagnose.near.lone", values)
    spans = places_of((lone[0], *(index for index, _ in twice)))
    yield case.finding("EL719", Severity.WARNING, message, spans, operand=number)


def _diagonals(spec: Spec) -> list[tuple[Index, int]]:
    """Return each index that stands twice in an operand and elsewhere too, with the operand."""
    return [
        (index, number)
        for index in spec.indices
        if index.diagonal and not index.covered and index.extent != 1 and (index.shared or index.label in spec.output)
        for number in index.operands
        if spec.operands[number].labels.count(index.label) > 1
    ]
