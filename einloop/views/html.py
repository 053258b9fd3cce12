"""A Report as HTML: a page that needs nothing from elsewhere, or a fragment for a notebook."""

from __future__ import annotations

from ..core.report import Report
from .catalogue import Catalogue
from .mathml import mathml
from .page import Page
from .pages import html_environment

LONG = 120
"""A formula of more characters is set as code: browsers break its lines, those of MathML they do not."""


def write_html(report: Report, catalogue: Catalogue) -> str:
    """Return the report as one self-contained page."""
    return _write("report.html", report, catalogue)


def write_fragment(report: Report, catalogue: Catalogue) -> str:
    """Return the report as a `div` whose styles reach nothing outside it."""
    return _write("fragment.html", report, catalogue)


def _write(template: str, report: Report, catalogue: Catalogue) -> str:
    page = Page(report, catalogue)
    formulas = {
        part.latex: mathml(part.latex, report.colours) if len(part.unicode) <= LONG else None for part in page.formulas
    }
    return html_environment().get_template(template).render(page=page, report=report, formulas=formulas)
