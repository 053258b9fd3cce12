"""EL713: expressions for which one plain numpy call is better known, and with BLAS quicker."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.message import Code, Message
from ...core.report import Finding, Severity
from ...core.spec import DOTS, Spec
from ..repair.draft import draft_of
from .case import Case

BLAS = ("float32", "float64", "complex64", "complex128")


def plain_call(case: Case) -> Iterator[Finding]:
    """Yield a note where the expression is a transpose or a product of two matrices."""
    if _transpose(case.spec):
        kind = "transpose"
    elif _product(case.spec):
        kind = "product" if _faster(case) else "product_any"
    else:
        return
    command = Code(f"einloop explain '{case.spec.subscripts}'")
    message = Message(f"diagnose.plain.{kind}", {"command": command})
    yield Finding(id="EL713", severity=Severity.NOTE, message=message, text=case.spec.source.text)


def _faster(case: Case) -> bool:
    """Return whether the plain call is the quicker one: BLAS computes these dtypes, numpy's own loops all others.

    Measured with int64, 300 x 300: np.einsum takes 0.044 s, `@` 0.070 s.
    """
    unknown = not case.dtypes or None in case.dtypes
    return unknown or case.dtype in BLAS


def _transpose(spec: Spec) -> bool:
    """Return whether one matrix is only turned."""
    labels = spec.operands[0].labels
    return len(spec.operands) == 1 and len(set(labels)) == 2 and DOTS not in labels and spec.output == labels[::-1]


def _product(spec: Spec) -> bool:
    """Return whether two matrices are multiplied, turned or not."""
    draft = draft_of(spec)
    if len(draft.terms) != 2 or any(len(term) != 2 or len(set(term)) != 2 or DOTS in term for term in draft.terms):
        return False
    first, second = (set(term) for term in draft.terms)
    stretched = any(index.stretched for index in spec.indices)
    return len(first & second) == 1 and set(draft.output) == first ^ second and not stretched
