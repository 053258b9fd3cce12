"""A formula (C[i,k] += A[i,j] * B[j,k], or LaTeX) in, Spec out, with the user's names.

One product on the right. The left side gives the output and its order; an index on the right only is
summed, whether or not a sum sign lists it. What could be read in two ways is refused. The grammar is in
`formula_grammar`; here its parts get their meaning:

- `C_ik` (several letters without braces) has both indices, if each of them occurs in another place too;
- `\\text{in}` as an index must occur in another place too, else it may be part of the name;
- `x_i^2` is x twice; a raised T, H, star or prime is refused;
- letters are operands of one letter; several letters are one name in brackets, on the left, in \\text{}.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..core.build import Term, build_spec
from ..core.source import Notation, Source
from ..core.spec import DOTS, Spec
from .call import looks_like_call
from .formula_checks import check_formula, label_texts, with_letters
from .formula_cursor import Access, Formula
from .formula_grammar import parse_formula

_ASSIGNS = re.compile(r"(?<![=<>!-])(?:\+=|:=|=|≔)(?![=>])")
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
    source = Source(text=text, notation=Notation.FORMULA)
    formula = with_letters(parse_formula(source))
    check_formula(source, formula)
    names = _names(formula)
    terms = [_term(access, names) for access in formula.factors]
    spec = build_spec(source, terms, _term(formula.left, names), notes=_notes(source, formula))
    return _with_name_note(spec)


def _names(formula: Formula) -> dict[tuple[str, str], str]:
    """Return the name of every operand and the result, by what is around it and its letters.

    What is around a name is dropped, unless another has the same letters: `\\hat{y}` beside `y` is y_hat.
    """
    keys = [(access.wrapper, access.name) for access in (*formula.factors, formula.left)]
    names: dict[tuple[str, str], str] = {}
    for key in sorted(keys, key=lambda key: key[0] != ""):
        wrapper, name = key
        taken = {given for other, given in names.items() if other != key}
        if name in taken:
            name = f"{name}_{wrapper}"
        while name in taken:
            name += "_"
        names.setdefault(key, name)
    return names


def _term(access: Access, names: dict[tuple[str, str], str]) -> Term:
    return Term(
        labels=tuple(label.text for label in access.labels),
        spans=tuple(label.span for label in access.labels),
        span=access.span,
        name=names[access.wrapper, access.name],
    )


def _notes(source: Source, formula: Formula) -> tuple[str, ...]:
    """Return what of the formula is not read as it stands."""
    notes = []
    listed = [label.text for sign in formula.sums for label in sign.labels]
    for sign in formula.sums:
        over = ", ".join(label.text for label in sign.labels) or "nothing listed"
        if sign.limits:
            notes.append(f"the limits of the sum over {over} are not read: it takes the whole axis")
        if source.text[sign.span.start] == "Σ" and len(sign.labels) > 1:
            notes.append(f"Σ is read as a sum over {over}; write \\Sigma for a matrix of that name")
    summed = label_texts(formula.factors) - label_texts([formula.left]) - {DOTS, *listed}
    if listed and summed:
        unlisted = ", ".join(sorted(summed))
        notes.append(f"summed too, as the result has them not: {unlisted} (no sum sign lists them)")
    return tuple(notes)


def _with_name_note(spec: Spec) -> Spec:
    if spec.result not in [operand.name for operand in spec.operands]:
        return spec
    note = f"{spec.result} on the right is what is given; the result is a new array"
    return replace(spec, notes=(*spec.notes, note))
