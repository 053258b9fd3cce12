"""A Report as HTML: a page that needs nothing from elsewhere, or a fragment for a notebook."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.drawing import Theme
from ..core.report import Report
from .catalogue import Catalogue
from .page import Page, clean
from .pages import html_environment


def write_html(report: Report, catalogue: Catalogue) -> str:
    """Return the report as one self-contained page."""
    return _write("report.html", report, catalogue, picture=_picture(report, catalogue))


def write_fragment(report: Report, catalogue: Catalogue) -> str:
    """Return the report as a `div` whose styles reach nothing outside it."""
    return _write("fragment.html", report, catalogue)


def write_panel(report: Report, catalogue: Catalogue) -> str:
    """Return the sections of a report as a `div` for a page that has the styles and shows the expression itself."""
    return _write("panel.html", report, catalogue)


def write_remarked(report: Report, catalogue: Catalogue, remarks: Sequence[tuple[str, str]]) -> str:
    """Return the report as a fragment with remarks below it: how each looks (good, bad or note), and its text, of which
    all lines but the first are code.
    """
    return _write("fragment.html", report, catalogue, remarks)


def _picture(report: Report, catalogue: Catalogue) -> str | None:
    """Return the picture of a report as SVG, if it has one."""
    drawing = None if report.draw is None else report.draw()
    if drawing is None:
        return None
    from .svg import write_drawing

    return write_drawing(drawing, catalogue, Theme.AUTO, inside=True)


def _write(
    template: str,
    report: Report,
    catalogue: Catalogue,
    remarks: Sequence[tuple[str, str]] = (),
    picture: str | None = None,
) -> str:
    page = Page(report, catalogue)
    lines = [(look, clean(text)) for look, text in remarks]
    return html_environment().get_template(template).render(page=page, report=report, remarks=lines, picture=picture)
