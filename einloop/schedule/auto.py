"""The schedule that decides for itself: which passes an expression deserves, and why."""

from __future__ import annotations

from ..core.message import Message, codes
from ..core.path import path_terms
from ..core.spec import Spec
from .language import Command


def decide(spec: Spec) -> tuple[Command, ...]:
    """Return the passes that make plain loops quick: less work first, then each output element once.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> [str(command) for command in decide(read_subscripts("ij,jk,kl,m->il"))]
    ['presum', 'path(auto)', 'order(output)', 'accumulate']
    """
    commands = []
    lone = _lone(spec)
    if lone and len(spec.operands) > 1:
        reason = Message("schedule.why.presum", {"count": len(lone), "indices": codes(lone)})
        commands.append(Command(name="presum", reason=reason))
    if len(spec.operands) > 2:
        reason = Message("schedule.why.path", {"operands": len(spec.operands)})
        commands.append(Command(name="path", arguments=("auto",), reason=reason))
    commands.append(Command(name="order", arguments=("output",), reason=Message("schedule.why.order")))
    if spec.summed and spec.output:
        commands.append(Command(name="accumulate", reason=Message("schedule.why.accumulate")))
    return tuple(commands)


def _lone(spec: Spec) -> list[str]:
    """Return the summed indices that one operand alone has."""
    terms = path_terms(spec)
    return [index.label for index in spec.summed if sum(index.label in term for term in terms) == 1]
