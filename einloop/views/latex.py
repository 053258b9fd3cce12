"""A Report as a LaTeX document of its own. In Japanese it asks for LuaLaTeX or XeLaTeX, elsewhere any LaTeX sets it."""

from __future__ import annotations

from ..core.report import Report, Table
from ..core.visible import columns
from .catalogue import Catalogue
from .layout import GAP, fit
from .page import Page
from .pages import latex_environment
from .tex import unknown_characters

MAX_ROW_CHARACTERS = 84
"""How many characters of a table's row surely fit into a line."""


def write_latex(report: Report, catalogue: Catalogue) -> str:
    """Return the report as a LaTeX document."""
    page = Page(report, catalogue)
    env = latex_environment()
    body = env.get_template("body.tex").render(page=page, report=report, shares=lambda table: shares(page, table))
    return env.get_template("report.tex").render(
        page=page, report=report, body=body, unknown=[(c, f"{ord(c):04X}") for c in unknown_characters(body)]
    )


def shares(page: Page, table: Table) -> tuple[float, ...]:
    """Return which part of the line each column takes; nothing where all columns fit as they are."""
    rows = [[page.runs(cell) for cell in row] for row in (table.heads, *table.rows)]
    natural = [max(sum(columns(run.text) for run in cell) for cell in column) for column in zip(*rows, strict=True)]
    if sum(natural) + GAP * len(natural) <= MAX_ROW_CHARACTERS:
        return ()
    widths = [min(width, MAX_ROW_CHARACTERS) for width in fit(rows, MAX_ROW_CHARACTERS)]
    return tuple(round(width / sum(widths), 4) for width in widths)
