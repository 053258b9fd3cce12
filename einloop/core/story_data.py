"""A story as plain values, for JSON, the facts of reports and pages: the keys stay, others may join them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .arithmetic import shortest
from .message import Code, Message, Value
from .story import Story, StoryStage, StoryStep
from .visible import visible

if TYPE_CHECKING:
    from .report import Fact

Write = Callable[[str, Any], str]


def element_text(dtype: str, value: Any) -> str:
    """Return an element with the fewest digits that give it back in its dtype; a float that is whole has no fraction.

    >>> element_text("float32", 0.5), element_text("float64", 3.0), element_text("bool", True)
    ('0.5', '3', 'True')
    """
    return visible(shortest(dtype, value).removesuffix(".0"), keep="")


def story_data(story: Story, write: Write = element_text) -> dict[str, Fact]:
    """Return a story as plain values. `write` makes a text of an element, from its dtype and its value.

    >>> from .story import StageKind
    >>> given = StoryStage(kind=StageKind.GIVEN, of="A", name="A", axes=("i",), shape=("I",))
    >>> data = story_data(Story(expression="i->i", result="A", steps=(StoryStep(name="A", stages=(given,)),)))
    >>> data["steps"][0]["stages"][0]["kind"], data["steps"][0]["stages"][0]["shape"]
    ('given', ['I'])
    """
    return {
        "kind": "story",
        "expression": story.expression,
        "result": story.result,
        "steps": [_step(number, step, write) for number, step in enumerate(story.steps, start=1)],
        "notes": [message_data(note) for note in story.notes],
    }


def _step(number: int, step: StoryStep, write: Write) -> Fact:
    return {
        "number": number,
        "title": None if step.title is None else message_data(step.title),
        "name": step.name,
        "stages": [_stage(stage, write) for stage in step.stages],
    }


def _stage(stage: StoryStage, write: Write) -> Fact:
    values = stage.values
    return {
        "kind": stage.kind.value,
        "of": stage.of,
        "name": stage.name,
        "from": list(stage.sources),
        "axes": list(stage.axes),
        "shape": list(stage.shape),
        "about": list(stage.about),
        "code": stage.code,
        "dtype": stage.dtype,
        "values": None if values is None else [write(values.dtype, value) for value in values.values],
        "why": [message_data(one) for one in stage.why],
    }


def message_data(message: Message) -> Fact:
    """Return a sentence as its id and what its placeholders stand for, plain texts and numbers.

    >>> message_data(Message("story.sum", {"indices": Code("j, k"), "count": 2}))
    ['story.sum', {'indices': 'j, k', 'count': 2}]
    """
    return [message.id, {name: _plain(value) for name, value in message.values.items()}]


def _plain(value: Value) -> Fact:
    if isinstance(value, Code):
        return value.text
    if isinstance(value, Message):
        return message_data(value)
    return value if isinstance(value, int | float) else [_plain(item) for item in value.items]
