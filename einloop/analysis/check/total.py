"""EL705: an operand that is only multiplied in by its total."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.message import Message, Value, codes
from ...core.report import Finding, Severity
from ...core.spec import Spec
from .case import CheckCase, lone_sums, operand_words, present


def totalled(spec: Spec) -> tuple[int, ...]:
    """Return the operands that share no index with another or with the output, scalars left out.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> totalled(read_subscripts("ij,kl->ij"))
    (1,)
    """
    lone = {index.label for index in lone_sums(spec)}
    return tuple(number for number, op in enumerate(spec.operands) if op.labels and set(op.labels) <= lone)


def only_total(case: CheckCase) -> Iterator[Finding]:
    """Yield a warning for each operand of which only the sum of all its elements counts."""
    lone = lone_sums(case.spec)
    if len({index.operands for index in lone}) > 1:
        return  # the rule of lone sums in two operands says it
    for number in totalled(case.spec):
        operand = case.spec.operands[number]
        labels = list(dict.fromkeys(operand.labels))
        values: dict[str, Value] = {
            "operand": operand_words(case.spec, number),
            "indices": codes(labels),
            "count": len(labels),
        }
        yield Finding(
            id="EL705",
            severity=Severity.WARNING,
            message=Message("diagnose.total", values),
            text=case.spec.source.text,
            spans=present((operand.span,)),
            operand=number,
        )
