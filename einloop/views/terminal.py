"""Text for a terminal that shows colours: one colour per index. rich is loaded here and nowhere else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..core.generated import Generated
from ..core.message import Code
from ..core.report import Report, Table
from ..core.verification import Verification
from .catalogue import Catalogue

if TYPE_CHECKING:
    from rich.text import Text

    from .page import Piece

COLOURS = ("cyan", "magenta", "yellow", "green", "blue", "red", "bright_cyan", "bright_magenta")
ROLES = {"title": "bold", "error": "bold red", "warning": "bold yellow", "note": "bold cyan"}
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
    from rich.text import Text

    from .page import Page
    from .text import page_lines, trimmed

    painted = Text()
    for line in page_lines(Page(report, catalogue), width, width):
        for piece in trimmed(line):
            painted.append(piece.text, _style(piece))
        painted.append("\n")
    return _printed(painted)


def _style(piece: Piece) -> str:
    """Return rich's name for how a piece looks; an index beyond the colours is underlined as well."""
    if piece.colour is None:
        return ROLES.get(piece.role.value, "")
    again = " underline" if piece.colour >= len(COLOURS) else ""
    return COLOURS[piece.colour % len(COLOURS)] + again


def paint_error(text: str) -> str:
    """Return the picture of an error with its headline in red."""
    head, newline, rest = text.partition("\n")
    return _painted(head, {}, "bold red") + newline + rest


def paint_verdict(text: str, *, good: bool) -> str:
    """Return a verdict in green, or in red."""
    return _painted(text, {}, "green" if good else "bold red")


def case_table(found: Verification, width: int) -> str:
    """Return the cases of a verification as lines of at most `width` columns: shapes, dtypes, values and outcome."""
    from .page import Page
    from .rows import row_lines
    from .text import plain

    rows = [
        (
            " ".join("x".join(map(str, shape)) or "()" for shape in case.shapes),
            case.dtypes[0] if len(set(case.dtypes)) == 1 else " ".join(case.dtypes),
            case.kind + ("" if case.exact else ", within tolerance"),
            case.outcome.value,
        )
        for case in found.cases
    ]
    heads = ("shapes", "dtypes", "values", "outcome")
    table = Table(
        heads=tuple(Code(head) for head in heads), rows=tuple(tuple(Code(cell) for cell in row) for row in rows)
    )
    page = Page(Report(kind="cases", subject="", sections=()), Catalogue(language="", entries={}))
    return "\n".join(plain(line) for row in row_lines(page, table, width) for line in row)


def _painted(text: str, styles: dict[str, str], whole: str = "") -> str:
    from rich.text import Text

    painted = Text(text, style=whole)
    for match in WORD.finditer(text):
        style = styles.get(match.group())
        if style:
            painted.stylize(style, match.start(), match.end())
    return _printed(painted)


def _printed(painted: Text) -> str:
    from io import StringIO

    from rich.console import Console

    out = StringIO()
    Console(file=out, force_terminal=True, color_system="standard", width=10_000, highlight=False).print(
        painted, end="", soft_wrap=True
    )
    return out.getvalue()
