"""Statements and Options in, the Report that explains them out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from ..analysis.sums import (
    one_of_sum,
    shared,
    statement_formula,
    sum_cost,
    sum_sentence,
    sum_shapes,
    terms,
    view_sentences,
)
from ..core.combination import Statements, wrapped
from ..core.errors import EinloopError
from ..core.joined import Joined
from ..core.message import Message, Value, codes
from ..core.options import Options
from ..core.report import Block, Fact, Paragraph, Part, Report, Section
from ..core.statement_data import statements_data
from ..views.formula import latex
from .check_sum import findings
from .colours import colours
from .sections import loops_section, warnings_section
from .show import generate
from .summed import joined, subject

if TYPE_CHECKING:
    from ..core.drawing import Drawing


def explain_sum(statements: Statements, options: Options) -> Report:
    """Return the page that explains sums of einsums: what is probably not meant stands on top."""
    found = joined(statements, options)
    sections = tuple(section for section in _page(statements, found, options) if section is not None)
    return Report(
        kind="explain",
        subject=subject(statements),
        sections=sections,
        colours=colours(found.spec, found.names),
        draw=partial(_drawn, statements, options),
    )


def _drawn(statements: Statements, options: Options) -> Drawing | None:
    from .draw import cells_of  # only a page of HTML has a picture

    return cells_of(statements, options)


def _page(statements: Statements, found: Joined, options: Options) -> Iterator[Section | None]:
    """Yield the sections in the order of the page."""
    yield warnings_section(findings(found, options))
    yield _meaning(found)
    yield _statement(found)
    yield sum_shapes(found)
    yield one_of_sum(found)
    yield _loops(statements, options)
    yield terms(found)
    yield shared(found)
    yield sum_cost(found)


def _loops(statements: Statements, options: Options) -> Section | None:
    """Return the loops; nothing where there are none for a sum such as this, which `einloop EXPR` says."""
    try:
        generated = generate(statements, options)
    except EinloopError:
        return None
    return loops_section(generated)


def _meaning(found: Joined) -> Section:
    """Return the sentence and the formula of every statement."""
    parts: list[Part] = []
    facts: list[Fact] = []
    for combination in found.statements.combinations:
        written = statement_formula(found, combination)
        parts.append(Paragraph(message=sum_sentence(found, combination), lead=True))
        parts.append(written)
        parts += [Paragraph(message=message) for message in view_sentences(combination)]
        facts.append({"formula": str(written), "latex": latex(written)})
    temporaries = found.statements.temporaries
    if temporaries:
        values: dict[str, Value] = {"names": codes(list(temporaries)), "count": len(temporaries)}
        parts.append(Paragraph(message=Message("sum.temporaries", values)))
    first = facts[0] if len(facts) == 1 and isinstance(facts[0], dict) else {}
    return Section(id="meaning", parts=tuple(parts), facts={**first, "formulas": facts})


def _statement(found: Joined) -> Section:
    """Return the statements of numpy."""
    text = "\n".join(wrapped(combination) for combination in found.statements.combinations)
    return Section(id="statement", parts=(Block(text=text),), facts=statements_data(found.statements))
