"""A Story in, sections of a page out: for each step a table of stages, what is to be said of them, and values."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.bind import show_shape
from ...core.message import Code, Message, Value
from ...core.report import Block, Paragraph, Part, Section, Table
from ...core.story import StageKind, Story, StoryStage, StoryStep
from ...core.story_data import Write, element_text, story_data
from .grids import grid_lines

ROOM = 76
"""Columns that grids of values take where it is not said how many."""
MAX_SHOWN = 144
"""Elements of an array that is shown as a grid."""
ALIKE = frozenset({StageKind.CAST, StageKind.SQUEEZE, StageKind.LINE_UP, StageKind.SAME})
"""Stages whose elements are those of the array before them, in another shape or dtype at the most."""


def story_sections(story: Story, write: Write = element_text, room: int = ROOM) -> tuple[Section, ...]:
    """Return the sections that show a story, one a step; the first has the facts of all.

    `write` makes a text of an element, from its dtype and its value; `room`: columns that grids of values take.
    """
    pages = [list(_step(step, write, room)) for step in story.steps]
    pages[-1] += [Paragraph(message=note) for note in story.notes]
    facts = story_data(story, write)
    return tuple(Section(id="story", parts=tuple(parts), facts={} if n else facts) for n, parts in enumerate(pages))


def _step(step: StoryStep, write: Write, room: int) -> Iterator[Part]:
    """Yield what is shown of one step."""
    if step.title is not None:
        yield Paragraph(message=step.title, lead=True)
    heads = tuple(Message(f"story.head.{head}") for head in ("stage", "numpy", "axes", "shape"))
    yield Table(heads=heads, rows=tuple(map(_row, step.stages)))
    arrays = [
        (stage.name, stage.axes, stage.values)
        for stage in step.stages
        if stage.kind not in ALIKE and stage.values is not None and len(stage.values.values) <= MAX_SHOWN
    ]
    if arrays:
        yield Block(text="\n".join(grid_lines(arrays, room, write)), language="text")
    said = list[Message]()
    for message in (message for stage in step.stages for message in stage.why):
        if message not in said:
            said.append(message)
            yield Paragraph(message=message)


def _row(stage: StoryStage) -> tuple[Value, ...]:
    values: dict[str, Value] = {"array": Code(stage.of), "indices": Code(", ".join(stage.about))}
    kind = Message(f"story.kind.{stage.kind.value}", values)
    return (kind, Code(stage.code or ""), Code(" ".join(stage.axes)), Code(show_shape(stage.shape)))
