"""A picture as data: rectangles, lines and texts with their places. Immutable; knows no format and no colours.

A view gives it the words of a language and the colours of a theme.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeAlias

from .message import Message
from .shown import pretty
from .text_width import code_width

WIDTH, HEIGHT = 1280, 720
"""Of a slide. A picture that needs more room is larger, in the same proportion."""
TEXT_SIZE = 14
"""The smallest font of a picture, in its own units."""
ASCENT, DESCENT = 0.95, 0.27
"""How far a line of text reaches above and below its base line, as parts of the font's size."""

Pieces: TypeAlias = "tuple[tuple[str, int | None], ...]"
"""Code in pieces, each with the number of the index that gives it its colour, or None."""
Ink: TypeAlias = "Rectangle | Stroke | Inscription | Prose"


class Theme(Enum):
    """On what ground a picture stands."""

    AUTO = "auto"
    """What the reader's system asks for."""
    LIGHT = "light"
    DARK = "dark"


class Look(Enum):
    """What a shape stands for; how that looks is the view's."""

    CELL = "cell"
    """An element that the loops read or write."""
    UNREAD = "unread"
    """An element that the loops never read."""
    LIT = "lit"
    """An element that the one element of the result needs, and that element itself."""
    READ = "read"
    """An element that a step of a trace reads."""
    WRITTEN = "written"
    """The element that it writes."""
    RING = "ring"
    """The second edge of that one."""
    EMPTY = "empty"
    """Where an array without elements would have them."""
    BADGE = "badge"
    NODE = "node"
    RESULT = "result"
    DOT = "dot"
    """A place where several legs are one index."""
    CHIP = "chip"
    BACK = "back"
    """Keeps lines out of a text."""
    LINE = "line"
    GUIDE = "guide"
    LEADER = "leader"
    """Leads from a thing to what is said of it."""
    TEXT = "text"
    NAME = "name"
    FAINT = "faint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectangle:
    """A rectangle. `element`: which element of an array it is. `title` is shown where a pointer rests on it."""

    x: float
    y: float
    width: float
    height: float
    look: Look
    radius: float = 0.0
    colour: int | None = None
    element: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A line from point to point: straight between two, a quadratic curve of three, a cubic one of four."""

    points: tuple[tuple[float, float], ...]
    look: Look = Look.LINE
    colour: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inscription:
    """One line of code. `anchor`: which part of it stands at `x`; `y` is its base line. `title`: what it shortens."""

    x: float
    y: float
    pieces: Pieces
    size: float = TEXT_SIZE
    anchor: str = "middle"
    look: Look = Look.TEXT
    title: str | None = None

    @property
    def text(self) -> str:
        """The line without its colours."""
        return "".join(text for text, _ in self.pieces)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, upper, right and lower edge, as estimated."""
        wide = code_width(self.text, self.size)
        left = self.x - {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]
        return left, self.y - ASCENT * self.size, left + wide, self.y + DESCENT * self.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """Sentences in at most `lines` lines of at most `width`; `y` is the first one's base line."""

    x: float
    y: float
    width: float
    lines: int
    messages: tuple[Message, ...]
    size: float
    look: Look = Look.TEXT


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Drawing:
    """A picture of an expression. A notebook shows it; `show()` is its text as SVG.

    Attributes
    ----------
    kind : str
        'cells', 'network', 'path', 'axes' or 'stages'; 'steps' of a trace.
    subject : str
        The expression as it was given.
    width, height : float
        Its size, 1280 by 720 or more.
    slides : int
        How many slides stand in it, one under another.
    shapes : tuple
        What is drawn, in order.
    head : tuple
        The heading above it, which ends at the height `top`.
    description : tuple of Message
        What it shows, in sentences.
    write : callable or None
        What `show` and `image` call with the drawing, a format, a language and a theme.
    lang, theme : str
        How it shows itself where `show` and `image` are not told otherwise.

    Examples
    --------
    >>> import einloop
    >>> drawing = einloop.draw("ij,jk->ik")
    >>> drawing, (drawing.width, drawing.height)
    (<cells 'ij,jk->ik'>, (1280, 720))
    >>> drawing.show().splitlines()[0][:4]
    '<svg'
    """

    kind: str
    subject: str
    width: float
    height: float
    shapes: tuple[Ink, ...]
    description: tuple[Message, ...]
    head: tuple[Ink, ...] = ()
    top: float = 0.0
    slides: int = 1
    write: Callable[[Drawing, str, str, str], bytes] | None = field(default=None, compare=False)
    lang: str = field(default="en", compare=False)
    theme: str = field(default="auto", compare=False)

    def image(self, format: str = "svg", lang: str | None = None, theme: str | None = None) -> bytes:
        """Return the picture as the content of a file.

        Parameters
        ----------
        format : str, default 'svg'
            'svg', or 'png' or 'pdf', which need CairoSVG, or Playwright and a Chromium.
        lang : str, optional
            The language of its sentences, or 'auto': what the environment asks for. By default its own, 'en'.
        theme : str, optional
            'light', 'dark', or 'auto': what the reader's system asks for; PNG and PDF are light then. By default its
            own, 'auto'.

        Returns
        -------
        bytes
            SVG in UTF-8, PNG or PDF.

        Raises
        ------
        EinloopError
            Where there is no such format, language or theme, and where a library is missing.
        TypeError
            Where the drawing was made without `write`.
        """
        if self.write is None:
            raise TypeError("this Drawing was made without a writer")
        return self.write(self, format, lang or self.lang, theme or self.theme)

    def show(self, lang: str | None = None, theme: str | None = None) -> str:
        """Return the picture as SVG; like `image`."""
        return self.image("svg", lang, theme).decode()

    def __repr__(self) -> str:
        return f"<{self.kind} {self.subject!r}>"

    _repr_pretty_ = pretty

    def _repr_svg_(self) -> str:
        return self.show()

    def _repr_html_(self) -> str:
        """Return the picture as an image no wider than the page: of an SVG alone, some notebooks cut off a part."""
        from base64 import b64encode

        svg = self.show()
        said = svg.partition("<desc>")[2].partition("</desc>")[0].replace('"', "&quot;")
        data = b64encode(svg.encode()).decode()
        return f'<img src="data:image/svg+xml;base64,{data}" alt="{said}" style="max-width: 100%; height: auto">'


def moved(shape: Ink, x: float, y: float) -> Ink:
    """Return a shape elsewhere: `x` to the right and `y` down.

    >>> moved(Stroke(points=((0, 0), (1, 1))), 2, 3).points
    ((2, 3), (3, 4))
    """
    if isinstance(shape, Stroke):
        return replace(shape, points=tuple((one + x, other + y) for one, other in shape.points))
    return replace(shape, x=shape.x + x, y=shape.y + y)


def boxes(shapes: Iterable[Ink]) -> list[tuple[float, float, float, float]]:
    """Return the boxes of all lines of code among shapes."""
    return [shape.box for shape in shapes if isinstance(shape, Inscription)]
