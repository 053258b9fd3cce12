"""A formula (C[i,k] += A[i,j] * B[j,k], or LaTeX) in, Spec out, with the user's names.

One product on the right. The left side gives the output and its order; an index on the right only is
summed, whether or not a sum sign lists it. What could be read in two ways is refused. The grammar is
in `grammar`, what its parts mean in `checks` and `spec`:

- `C_ik` (several letters without braces) has both indices, if each of them occurs in another place too;
- `\\text{in}` as an index must occur in another place too, else it may be part of the name;
- `x_i^2` is x twice; a raised T, H, star or prime is refused;
- `M^{(1)}` is an array of its own; `(n)` is an index where something else shows that n is one, else refused;
- letters are operands of one letter; several letters are one name in brackets, on the left, in \\text{}.
"""

from __future__ import annotations

import re

from ...core.source import Notation, Source
from ...core.spec import Spec
from ..call import looks_like_call

_ASSIGNS = re.compile(r"(?<![=<>!-])(?:\+=|:=|=|≔)(?![=>])")
_LISTED = re.compile(r"\s*[^\W\d]\w*\s*\([\w\s,]*\)\s*(?:\+=|:=|=(?![=>]))")
_MATHEMATICAL = re.compile(r"\\[A-Za-z]|[∑Σ₀-ₜᵢᵣᵤᵥⱼ]|[_^]\{|\[")
_INDEXED = re.compile(r"[_^*·⋅×≔]|\+=|:=")


def looks_like_formula(text: str) -> bool:
    """Tell whether `text` has the form of a formula: brackets, LaTeX, a sum sign, or `=` with a product.

    >>> [looks_like_formula(x) for x in ("C[i] = A[i]", "y_i = x_i", "ij,jk->ik", "i=>j", "ij=ji")]
    [True, True, False, False, False]
    """
    if looks_like_call(text):
        return False
    if _MATHEMATICAL.search(text):
        return True
    if _LISTED.match(text):
        return True
    return _ASSIGNS.search(text) is not None and _INDEXED.search(text) is not None


def read_formula(text: str) -> Spec:
    """Return the metadata of a formula.

    Raises NotationError for anything but one product with a left side.

    >>> spec = read_formula("C[i,k] += A[i,j] * B[j,k]")
    >>> spec.subscripts, spec.result, [operand.name for operand in spec.operands]
    ('ij,jk->ik', 'C', ['A', 'B'])
    >>> read_formula(r"y_i = \\sum_{j=1}^{n} W_{ij} x_j").subscripts
    'ij,j->i'
    """
    # The grammar takes milliseconds to load, which the other notations are spared.
    from .spec import formula_spec

    return formula_spec(Source(text=text, notation=Notation.FORMULA))
