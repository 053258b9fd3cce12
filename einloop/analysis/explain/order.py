"""What an expression without an arrow has for an output, and why."""

from __future__ import annotations

from ...core.message import Code, Message, codes
from ...core.names import Names
from ...core.report import Paragraph, Section
from ...core.spec import DOTS, Spec


def order(spec: Spec, names: Names) -> Section | None:
    """Return the rule that made an implicit output, applied; nothing where the output was written."""
    if not spec.implicit or not spec.indices:
        return None
    written = spec.subscripts
    labels = [label for label in spec.output if not label.startswith(DOTS)]
    repeated = [index.label for index in spec.indices if len(index.places) > 1 and not index.covered]
    dots = any(label.startswith(DOTS) for label in spec.output)
    rule = "order.rule.dots" if dots else "order.rule" if spec.output else "order.rule.scalar"
    parts = [Message(rule, {"whole": Code(written)})]
    if repeated:
        parts.append(Message("order.repeated", {"count": len(repeated), "labels": codes(repeated)}))
    if any(label.isupper() for label in labels) and any(label.islower() for label in labels):
        parts.append(Message("order.capitals"))
    if tuple(index.label for index in spec.free_by_appearance) != spec.output:
        parts.append(Message("order.moved", {"other": Code(_as_written(spec))}))
    return Section(
        id="order",
        parts=tuple(Paragraph(message=message) for message in parts),
        facts={"output": list(spec.output), "expression": written, "moved": parts[-1].id == "order.moved"},
    )


def _as_written(spec: Spec) -> str:
    """Return the expression that keeps the free indices in the order in which they were written."""
    terms = spec.subscripts.partition("->")[0]
    return f"{terms}->{spec.term(tuple(index.label for index in spec.free_by_appearance))}"
