"""A moment of a trace as pictures need it: which cells are read and written, and what every cell holds then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ....core.drawing import Pieces
from ....core.trace import Position, TracedArray, TracedCell, TracedLoops, TraceStep
from ...page import Piece, coloured_places, cut, flat
from ..grid import read_cells
from ..lines import shortened_middle
from ..sum import so_far_text
from ..values import short_text

LONGEST_VALUE = 160
"""Characters of a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSize:
    """How much is shown, and how large.

    `places` along each of the last two axes of an array, `slices` along each other one, `characters` of a value; lines
    of code. Fonts, and the height of cells, are in the unit of the picture.
    """

    places: int
    slices: int
    characters: int
    font: float
    high: float
    lines: int
    code_font: float


@dataclass(frozen=True, kw_only=True)
class TracedMoment:
    """A step, or the state before the first one where `step` is None."""

    trace: TracedLoops
    step: TraceStep | None
    _texts: dict[tuple[str, Position], str | None] = field(default_factory=dict, compare=False)

    @cached_property
    def colours(self) -> Mapping[str, int]:
        """The number of the colour of every index, by its label and by the name that a loop counts with."""
        labels = {index.label: index.colour for index in self.trace.indices}
        return labels | {index.name: index.colour for index in self.trace.indices}

    @cached_property
    def read(self) -> frozenset[TracedCell]:
        """The cells that the step reads."""
        return frozenset() if self.step is None else frozenset(read_cells(self.step))

    @property
    def written(self) -> TracedCell | None:
        """The cell that the step writes."""
        return None if self.step is None else self.step.target

    def touched(self, array: TracedArray) -> list[Position]:
        """Return the places of an array that the step writes or reads."""
        cells = {*self.read, *([] if self.written is None else [self.written])}
        return sorted(cell.at for cell in cells if cell.array == array.name)

    def text(self, array: TracedArray, at: Position) -> str | None:
        """Return what a cell holds after the step, None where it holds nothing yet."""
        if (array.name, at) not in self._texts:
            number = 0 if self.step is None else self.step.number
            value = self.trace.value(array.name, at, number)
            self._texts[array.name, at] = None if value is None else bounded(short_text(value, array.dtype))
        return self._texts[array.name, at]

    @cached_property
    def before(self) -> str:
        """What the cell that the step writes held, nothing where the step does not add to it."""
        if self.step is None or self.step.before is None:
            return ""
        return bounded(short_text(self.step.before, self.step.dtype))

    @cached_property
    def so_far(self) -> str:
        """What the cell that the step writes held, what the step adds, and what it holds then."""
        return "" if self.step is None else bounded(so_far_text(self.step))

    def code(self, text: str) -> Pieces:
        """Return a line of code or an expression with its indices in their colours."""
        return pieces_of(cut(flat(text), coloured_places(flat(text), self.colours)))


def bounded(text: str) -> str:
    """Return a text that is not too long for a picture: of a sum of very many symbols both ends."""
    if len(text) > 4 * LONGEST_VALUE:
        text = text[: 2 * LONGEST_VALUE] + text[-2 * LONGEST_VALUE :]
    return shortened_middle(text, LONGEST_VALUE)


def pieces_of(line: Iterable[Piece]) -> Pieces:
    """Return pieces of a line as a drawing takes them."""
    return tuple((piece.text, piece.colour) for piece in line)
