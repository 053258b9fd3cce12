"""By what form the text of a notation, or a program, is recognised. Reads nothing."""

from __future__ import annotations

import re

from ..core.errors import NotationError
from ..core.source import Span

CALLEE = re.compile(r"(?:einsum|contract)\s*\(")
_ASSIGNS = re.compile(r"(?<![=<>!-])(?:[-+]=|:=|=|≔)(?![=>])")
_LISTED = re.compile(r"\s*[^\W\d]\w*\s*\([\w\s,]*\)\s*(?:\+=|:=|=(?![=>]))")
_MATHEMATICAL = re.compile(r"\\[A-Za-z]|[∑Σ₀-ₜᵢᵣᵤᵥⱼ²³½¼¾]|[_^]\{|\[")
_INDEXED = re.compile(r"[_^*·⋅×≔]|[-+]=|:=")
PROGRAM = re.compile(
    r"import [\w.]+|from [\w.]+ import |(?:async )?def \w+\s*\(|class \w+\s*[(:]|@[\w.]+(?:\(|$)|#!|\"\"\"|'''"
    r"|(?:if|for|while|with|try)\b.*:\s*(?:#.*)?$"
)
PROGRAM_HINT = "paste one call, or loops or code that computes; `einloop lift FILE` reads a file"


def looks_like_call(text: str) -> bool:
    """Tell whether `text` has a call of something whose name ends in einsum or contract.

    >>> looks_like_call("np.einsum ('ij->i', a)"), looks_like_call("ij->i")
    (True, False)
    """
    return CALLEE.search(text) is not None


def looks_like_formula(text: str) -> bool:
    """Tell whether `text` has the form of a formula: brackets, LaTeX, a sum sign, or `=` with a product.

    >>> [looks_like_formula(x) for x in ("C[i] = A[i]", "y_i = x_i", "ij,jk->ik", "i=>j", "ij=ji")]
    [True, True, False, False, False]
    """
    if looks_like_call(text):
        return False
    if _MATHEMATICAL.search(text) or _LISTED.match(text):
        return True
    return _ASSIGNS.search(text) is not None and _INDEXED.search(text) is not None


def program_refusal(text: str) -> NotationError:
    """Return the refusal of a program."""
    message = "this is a program, not an expression, and no einsum call is read in it"
    return NotationError("EL138", message, text=text, span=Span(start=0, stop=len(text.rstrip())), hint=PROGRAM_HINT)
