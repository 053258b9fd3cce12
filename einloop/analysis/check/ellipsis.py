"""EL714, EL717: an ellipsis that the output leaves out, and one that only the output has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...core.message import Message
from ...core.report import Finding, Severity
from ...core.source import Span
from ...core.spec import DOTS, Dots
from ..repair import fix_for
from ..repair.draft import draft_of
from ..repair.edits import with_dots
from .case import CheckCase, present
from .doubts import doubtful

WITH_ARROW = re.compile(r"([^'\"]*)->([^'\"]*)")
"""An expression, with its output apart: the whole text, or the string in a call."""


def lost_dots(case: CheckCase) -> Iterator[Finding]:
    """Yield a note where `...` must cover no axis, and no shape says that it does."""
    spec = case.spec
    if spec.dots is not Dots.EMPTY or all(op.dots is None for op in spec.operands):
        return
    shapes = [op.shape for op in spec.operands]
    fix = fix_for(spec, with_dots(draft_of(spec), ()), shapes, {}, doubtful=doubtful, cure="EL714")
    yield Finding(
        id="EL714",
        severity=Severity.NOTE,
        message=Message("diagnose.dots.lost"),
        text=spec.source.text,
        spans=present(op.spans[op.dots] for op in spec.operands if op.dots is not None),
        fixes=() if fix is None else (fix,),
    )


def dots_of_nothing(case: CheckCase) -> Iterator[Finding]:
    """Yield a note where the output has `...` and no operand has."""
    source = case.spec.source
    found = WITH_ARROW.search(source.text) if source.notation.traits.terms else None
    if found is None or DOTS in found[1] or DOTS not in found[2]:
        return
    start = found.start(2) + found[2].index(DOTS)
    yield Finding(
        id="EL717",
        severity=Severity.NOTE,
        message=Message("diagnose.dots.none"),
        text=source.text,
        spans=(Span(start=start, stop=start + len(DOTS)),),
    )
