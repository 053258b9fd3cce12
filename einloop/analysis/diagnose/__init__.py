"""A Spec in, findings out: what is probably not meant (warnings), and what is worth knowing (notes).

One file a rule; a rule says what it found, `diagnose` adds the fixes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core.report import Finding
from ...core.spec import Spec

__all__ = ["diagnose"]


def diagnose(spec: Spec, dtypes: tuple[str | None, ...] = (), values: Sequence[Any] = ()) -> tuple[Finding, ...]:
    """Return what there is to say about a legal expression, warnings first.

    `dtypes`: one per operand where they are known. `values`: the operands' arrays where they are at hand; then sums
    that could leave their dtype are computed, to say whether they do.
    """
    return ()
