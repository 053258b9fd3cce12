"""A Drawing in the words of a language as SVG, on light or dark ground. Needs nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..core.drawing import Drawing, Ink, Inscription, Prose, Rectangle, Stroke, Theme
from ..core.message import Message
from ..core.text_width import code_width, prose_width
from .catalogue import Catalogue, TextRun
from .layout import atoms
from .page import flat
from .pages import html_environment

BLANK_LINES = re.compile("\n{2,}")
SMALLEST = 14
"""Size of a font that sentences are not set below."""
NARROWEST = 0.3
"""Width of no character is less, as a part of the font's size."""
CODE_SIZE = 0.94
"""Of code in prose, as a part of the size of prose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProseLine:
    """A line of a sentence, and where it stands."""

    x: float
    y: float
    size: float
    look: str
    runs: tuple[TextRun, ...]


def write_drawing(
    drawing: Drawing,
    catalogue: Catalogue,
    theme: Theme,
    *,
    inside: bool = False,
    plain: bool = False,
    styled: bool = True,
) -> str:
    """Return a drawing as SVG.

    `inside`: it stands in a page of HTML, and is as wide as there is room. `plain`: a library reads it that knows no
    lists of fonts, and centres no lines of several colours. Without `styled` the page has the styles of drawings.
    """
    said = [catalogue.text(message) for message in drawing.description]
    template = html_environment().get_template("drawing.svg")
    written: str = template.render(
        drawing=drawing,
        shapes=list(_rows(drawing.shapes if inside else (*drawing.head, *drawing.shapes), catalogue, plain=plain)),
        title=flat(drawing.subject),
        description=flat(" ".join(said)),
        language=catalogue.language,
        theme=theme.value,
        inside=inside,
        plain=plain,
        styled=styled,
    )
    return BLANK_LINES.sub("\n", written).lstrip()


def _rows(shapes: tuple[Ink, ...], catalogue: Catalogue, *, plain: bool) -> Iterator[tuple[str, object]]:
    """Yield every shape with the name of the macro that writes it."""
    for shape in shapes:
        if isinstance(shape, Prose):
            for line in prose_lines(shape, catalogue):
                yield "prose", line
        elif isinstance(shape, Rectangle):
            yield "rectangle", shape
        elif isinstance(shape, Stroke):
            yield "stroke", shape
        else:
            assert isinstance(shape, Inscription)
            yield from (("inscription", one) for one in (_pieces_apart(shape) if plain else (shape,)))


def _pieces_apart(line: Inscription) -> Iterator[Inscription]:
    """Yield every piece of a line where it begins."""
    x = line.box[0]
    for text, colour in line.pieces:
        yield replace(line, x=x, pieces=((text, colour),), anchor="start")
        x += code_width(text, line.size)


def prose_lines(prose: Prose, catalogue: Catalogue) -> list[ProseLine]:
    """Return sentences as lines, in a smaller font where they would be too many, cut where they still are."""
    runs = _sentences(prose.messages, catalogue)
    size = prose.size
    while True:
        lines = _wrapped(runs, prose.width, size)
        if len(lines) <= prose.lines or size <= SMALLEST:
            break
        size -= 1
    if len(lines) > prose.lines:
        lines = [*lines[: prose.lines - 1], _cut(lines[prose.lines - 1], prose.width, size)]
    pitch = prose.size * 1.34
    return [
        ProseLine(x=prose.x, y=prose.y + number * pitch, size=size, look=prose.look.value, runs=tuple(line))
        for number, line in enumerate(lines)
    ]


def _sentences(messages: tuple[Message, ...], catalogue: Catalogue) -> list[TextRun]:
    runs: list[TextRun] = []
    for number, message in enumerate(messages):
        runs += [TextRun(" ")] if number else []
        runs += [TextRun(flat(run.text), code=run.code) for run in catalogue.runs(message)]
    return runs


def run_width(run: TextRun, size: float) -> float:
    """Return how wide a run of a sentence is."""
    return code_width(run.text, size * CODE_SIZE) if run.code else prose_width(run.text, size)


def _wrapped(runs: list[TextRun], width: float, size: float) -> list[list[TextRun]]:
    """Return runs in lines of a width, code and words unbroken."""
    lines: list[list[TextRun]] = [[]]
    used, space = 0.0, prose_width(" ", size)
    for blank, whole in atoms(runs):
        atom = _shortened(whole, width, size)
        need = sum(run_width(run, size) for run in atom)
        if lines[-1] and used + space * blank + need > width:
            lines.append([])
            used = 0.0
        elif blank and lines[-1]:
            lines[-1].append(TextRun(" "))
            used += space
        lines[-1] += atom
        used += need
    return lines


def _shortened(atom: list[TextRun], width: float, size: float) -> list[TextRun]:
    """Return what no line breaks inside as wide as a line: of what is wider the beginning, and dots."""
    if sum(run_width(run, size) for run in atom) <= width:
        return atom
    left, found = width - prose_width("…", size), list[TextRun]()
    for run in atom:
        text = run.text[: int(left / size / NARROWEST)]
        while text and run_width(replace(run, text=text), size) > left:
            text = text[:-1]
        found.append(replace(run, text=text))
        left -= run_width(found[-1], size)
        if text != run.text:
            break
    return [*found, TextRun("…")]


def _cut(line: list[TextRun], width: float, size: float) -> list[TextRun]:
    """Return the beginning of a line that leaves room for dots, and these."""
    left, kept = width - prose_width("…", size), list[TextRun]()
    for run in line:
        left -= run_width(run, size)
        if left < 0:
            break
        kept.append(run)
    return [*kept, TextRun("…")]
