"""EL703, EL704: an index that is summed inside one operand, though operands are multiplied."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.message import Message, Value, codes
from ...core.report import Finding, Severity
from ...core.spec import DOTS, Index
from .case import CheckCase, extent_words, lone_sums, operand_words, places_of
from .total import totalled


def lone_in_two(case: CheckCase) -> Iterator[Finding]:
    """Yield a warning where two operands each have a summed index of their own: nothing pairs them."""
    lone = lone_sums(case.spec)
    if len({index.operands for index in lone}) < 2:
        return
    extents = {index.extent for index in lone}
    values: dict[str, Value] = {"indices": codes([index.label for index in lone]), "count": len(lone)}
    if len(extents) == 1 and None not in extents:
        message = Message("diagnose.lone.equal", {**values, "size": extent_words(extents.pop())})
    else:
        message = Message("diagnose.lone.two", values)
    yield _finding(case, "EL703", Severity.WARNING, message, lone)


def lone_uncontracted(case: CheckCase) -> Iterator[Finding]:
    """Yield a finding where an index is summed inside one operand, and nothing is contracted between operands.

    A warning where another operand has an index of its own in the output, as in a matrix product gone wrong
    (`ij,je->je`); else a note: scaling the sums of an operand (`ij,i->i`) stands in much right code.
    """
    lone = lone_sums(case.spec)
    contracted = any(index.contracted for index in case.spec.indices)
    if len({index.operands for index in lone}) != 1 or contracted or totalled(case.spec):
        return
    number = lone[0].operands[0]
    own = any(index.alone and index.operands != (number,) for index in case.spec.free)
    severity = Severity.WARNING if own else Severity.NOTE
    operand = operand_words(case.spec, number)
    values: dict[str, Value] = {
        "indices": codes([index.label for index in lone]),
        "count": len(lone),
        "operand": operand,
    }
    yield _finding(case, "EL704", severity, Message("diagnose.lone.one", values), lone)


def _finding(case: CheckCase, id: str, severity: Severity, message: Message, lone: tuple[Index, ...]) -> Finding:
    assert all(index.label != DOTS for index in lone)
    return Finding(
        id=id,
        severity=severity,
        message=message,
        text=case.spec.source.text,
        spans=places_of(lone),
        operand=lone[0].operands[0],
    )
