"""What whole arrays do in an einsum: diagonals are taken, operands lined up, multiplied and summed. Computes nothing.

A stage makes one array of those before it; its line is an assignment, and the lines of all stages are a program.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from .arrays import ArrayAssign
from .frozen import dataclass
from .message import Message
from .plain_array import PlainArray

PRODUCT = "product"
"""What a stage is of that belongs to no single operand."""


class StageKind(Enum):
    """What a stage does."""

    GIVEN = "given"
    """Nothing: an array as it is given, or as an earlier step made it."""
    CAST = "cast"
    """Converts an operand to the dtype in which products are made."""
    DIAGONAL = "diagonal"
    """Takes the diagonal of two axes, which become one."""
    SQUEEZE = "squeeze"
    """Leaves out axes of length 1 that are read at 0 whatever the index is."""
    LINE_UP = "line_up"
    """Puts the axes of an operand in the order of the product's; new ones of length 1 stand where it has none."""
    MULTIPLY = "multiply"
    """Multiplies element by element, axes of length 1 repeated."""
    SUM = "sum"
    """Sums over axes."""
    ORDER = "order"
    """Puts axes in the order of the output."""
    ROUND = "round"
    """Converts what was computed to the dtype of the result."""
    SAME = "same"
    """Nothing is left to do: another name."""
    ADD = "add"
    """Adds up the terms of a sum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryStage:
    """One array of a story, and how it is made.

    `of` is the operand that it rearranges, or PRODUCT. `sources` are the names of the arrays that it is made of,
    `terms` the axes of each. `axes` are names of indices; an axis of length 1 keeps the name of the index that it
    stands for, and `...` are axes of unknown number. `shape` has numbers, and names of extents. `about`: the axes that
    the stage is about, such as those inserted, repeated or summed. `code`: its line as text, once it is written.
    """

    kind: StageKind
    of: str
    name: str
    axes: tuple[str, ...]
    shape: tuple[int | str, ...]
    sources: tuple[str, ...] = ()
    terms: tuple[tuple[str, ...], ...] = ()
    about: tuple[str, ...] = ()
    line: ArrayAssign | None = None
    code: str | None = None
    dtype: str | None = None
    values: PlainArray | None = None
    why: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryStep:
    """The stages of one product and sum: all of an einsum, or one step of a contraction path. `name` is what it makes,
    `title` says which step it is, where there are several."""

    name: str
    stages: tuple[StoryStage, ...]
    title: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An einsum told array by array. `notes` are what is to be known of it, such as that lengths were chosen."""

    expression: str
    result: str
    steps: tuple[StoryStep, ...]
    notes: tuple[Message, ...] = ()

    @property
    def stages(self) -> Iterator[StoryStage]:
        """Every stage of every step."""
        return (stage for step in self.steps for stage in step.stages)

    @property
    def lines(self) -> tuple[str, ...]:
        """The program that the stages are."""
        return tuple(stage.code for stage in self.stages if stage.code is not None)
