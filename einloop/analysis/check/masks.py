"""EL747: arrays given with a mask, at which np.einsum does not look."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.message import Code, Message
from ...core.report import Finding, Severity
from .case import CheckCase, present


def masked(case: CheckCase) -> Iterator[Finding]:
    """Yield a warning for every array whose mask hides something."""
    if not case.values or not case.numpy:
        return
    import numpy as np

    for number, value in enumerate(case.values):
        if np.ma.is_masked(value):
            yield Finding(
                id="EL747",
                severity=Severity.WARNING,
                message=Message("diagnose.masked", {"operand": Code(str(number))}),
                text=case.spec.source.text,
                spans=present([case.spec.operands[number].span]),
                operand=number,
            )
