"""A draft as text, in the notation that the person used."""

from __future__ import annotations

from string import ascii_letters

from ...core.spec import DOTS, Spec
from .draft import DraftExpression, Labels


def written(draft: DraftExpression, spec: Spec) -> str:
    """Return the expression as `spec` is written: subscripts, named axes, or a formula.

    >>> from einloop.notation import read
    >>> spec = read("y_i = A_{ij} x_k")
    >>> written(DraftExpression(terms=(("i", "j"), ("j",)), output=("i",)), spec)
    'y[i] = A[i,j] * x[j]'
    """
    if spec.source.notation.traits.elements and spec.result and all(op.name for op in spec.operands):
        factors = [_element(op.name or "", term) for op, term in zip(spec.operands, draft.terms, strict=True)]
        return f"{_element(spec.result, draft.output)} = {' * '.join(factors)}"
    letters = all(len(label) == 1 and label in ascii_letters for label in draft.labels if label != DOTS)
    if not spec.source.notation.traits.words and letters:
        return f"{','.join(''.join(term) for term in draft.terms)}->{''.join(draft.output)}"
    return f"{', '.join(' '.join(term) for term in draft.terms)} -> {' '.join(draft.output)}"


def _element(name: str, labels: Labels) -> str:
    return f"{name}[{','.join(labels)}]" if labels else name
