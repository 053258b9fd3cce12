"""Text for a terminal that shows colours: one colour per index. rich is loaded here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from ..core.generated import Generated
from ..core.report import Report
from .catalogue import Catalogue

if TYPE_CHECKING:
    from .page import Piece
    from .rows import Line

COLOURS = ("cyan", "magenta", "yellow", "green", "blue", "red", "bright_cyan", "bright_magenta")
ROLES = {
    "title": "bold",
    "error": "bold red",
    "warning": "bold yellow",
    "note": "bold cyan",
    "current": "bold",
    "read": "reverse",
    "written": "bold reverse",
    "quiet": "dim",
}
"""How the roles of a page's pieces look."""
WORD = re.compile(r"\b[^\W\d]\w*\b")


def paint(generated: Generated) -> str:
    """Return the source with every index and its extent in the index's colour."""
    styles: dict[str, str] = {}
    for number, (index, extent) in enumerate(generated.loop_names):
        styles[index] = styles[extent] = COLOURS[number % len(COLOURS)]
    return _painted(generated.source, styles)


def paint_report(report: Report, catalogue: Catalogue, width: int) -> str:
    """Return the report as text with one colour an index wherever code names it, and bold titles."""
    from .page import Page
    from .text import page_lines, trimmed

    return paint_lines(map(trimmed, page_lines(Page(report, catalogue), width, width)))


def paint_narrow(report: Report, catalogue: Catalogue, width: int) -> str:
    """Return the report as `paint_report` does, no line wider than `width`."""
    from .page import Page
    from .text import narrow_lines

    return paint_lines(narrow_lines(Page(report, catalogue), width))


def paint_lines(lines: Iterable[Line]) -> str:
    """Return lines of pieces for a terminal, each as its role and its index look."""
    painted = Text()
    for line in lines:
        for piece in line:
            painted.append(piece.text, _style(piece))
        painted.append("\n")
    return _printed(painted)


def _style(piece: Piece) -> str:
    """Return rich's name for how a piece looks; an index beyond the colours is underlined as well."""
    role = ROLES.get(piece.role.value, "")
    if piece.colour is None:
        return role
    again = " underline" if piece.colour >= len(COLOURS) else ""
    return f"{role} {COLOURS[piece.colour % len(COLOURS)]}{again}".strip()


def paint_error(text: str) -> str:
    """Return the picture of an error with its headline in red."""
    head, newline, rest = text.partition("\n")
    return _painted(head, {}, "bold red") + newline + rest


def paint_verdict(text: str, *, good: bool) -> str:
    """Return a verdict in green, or in red."""
    return _painted(text, {}, "green" if good else "bold red")


def _painted(text: str, styles: dict[str, str], whole: str = "") -> str:
    painted = Text(text, style=whole)
    for match in WORD.finditer(text):
        style = styles.get(match.group())
        if style:
            painted.stylize(style, match.start(), match.end())
    return _printed(painted)


def _printed(painted: Text) -> str:
    out = StringIO()
    console = Console(
        file=out, force_terminal=True, color_system="standard", no_color=False, width=10_000, highlight=False
    )
    console.print(painted, end="", soft_wrap=True)
    return out.getvalue()
