"""EL709: sums of booleans, which are OR."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.message import Code, Message, codes
from ...core.report import Finding, Severity
from .case import CheckCase, places_of, unless_cast


def logic(case: CheckCase) -> Iterator[Finding]:
    """Yield a warning where booleans are summed: the result says whether any is true, and counts nothing."""
    summed = [index for index in case.spec.summed if index.extent != 1]
    if case.dtype != "bool" or not summed:
        return
    labels = ["..." if index.covered else index.label for index in summed]
    yield Finding(
        id="EL709",
        severity=Severity.WARNING,
        message=unless_cast(
            case,
            Message("diagnose.logic", {"indices": codes(list(dict.fromkeys(labels))), "call": Code("dtype=np.int64")}),
        ),
        text=case.spec.source.text,
        spans=places_of(summed),
    )
