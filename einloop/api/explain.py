"""`einloop.explain`: an expression and keywords in, a Report out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..core.report import Report
from ..pipeline.explain import explain as explain_spec
from ..pipeline.page import shown
from ..pipeline.reading import read_spec
from .values import Arrays, Dtypes, Shapes, check_type, operand_options, text_of


def explain(
    expression: str,
    *,
    shapes: Shapes | None = None,
    sizes: Mapping[str, int | str] | None = None,
    dtypes: Dtypes | None = None,
    load: Arrays | None = None,
    names: Sequence[str | None] | None = None,
    result: str | None = None,
    notation: str | None = None,
    style: str = "article",
) -> Report:
    """Return what an einsum expression means: a Report that prints as a page, and shows itself in a notebook.

    The arguments are those of `generate`. `report.show(format, lang)` gives text, markdown, html, latex, json or
    comment, in English (en) or Japanese (ja); `report.facts` is the same as plain values.

    Raises EinloopError where the expression or the shapes are refused.

    >>> report = explain("ij,jk->ik")
    >>> report.facts["meaning"]["formula"]
    'C[i,k] = Σ_j A[i,j] · B[j,k]'
    >>> print(report.show().splitlines()[2])
    For every i and k, multiply A[i,j] by B[j,k] and add up over j.
    """
    check_type("style", style, str)
    options = replace(
        operand_options(
            notation=notation, shapes=shapes, sizes=sizes, dtypes=dtypes, load=load, names=names, result=result
        ),
        style=style,
    )
    return shown(explain_spec(read_spec(text_of(expression), options), options))
