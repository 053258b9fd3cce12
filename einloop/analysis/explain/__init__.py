"""What an expression means and costs: one analysis a file, each `(Spec, Names) -> Section | None`."""

from __future__ import annotations

from ...core.names import Names
from ...core.report import Paragraph, Section
from ...core.spec import Spec
from .cost import cost
from .formula import formula
from .one import one_element
from .order import order
from .roles import roles
from .sentence import sentence
from .shapes import shapes
from .steps import steps

__all__ = ["cost", "formula", "meaning", "one_element", "order", "roles", "sentence", "shapes", "steps"]


def meaning(spec: Spec, names: Names) -> Section:
    """Return the sentence and the formula.

    >>> from einloop.core.names import choose_names
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = read_subscripts("ij,jk->ik")
    >>> meaning(spec, choose_names(spec)).facts["formula"]
    'C[i,k] = Σ_j A[i,j] · B[j,k]'
    """
    written = formula(spec, names)
    lead = Paragraph(message=sentence(spec, names), lead=True)
    facts = {"formula": written.unicode, "latex": written.latex}
    return Section(id="meaning", parts=(lead, written), facts=facts)
