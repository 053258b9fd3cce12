"""The text of a schedule in, its commands out: `order(i,k,j) tile(i,32) accumulate`. Knows no pass."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..core.errors import OptionError
from ..core.frozen import dataclass
from ..core.source import Span

if TYPE_CHECKING:
    from ..core.message import Message

COMMAND = re.compile(r"\s*(?P<name>[^\W\d]\w*)(?:\((?P<arguments>(?:[^()]|\([^()]*\))*)\))?\s*,?")


@dataclass(frozen=True, slots=True, kw_only=True)
class PassCall:
    """One step of a schedule: the name of a pass, its arguments, and where it stands in the `text`.

    `reason` is why a schedule that decides for itself takes the step.
    """

    name: str
    arguments: tuple[str, ...] = ()
    text: str = ""
    span: Span | None = None
    reason: Message | None = None

    def __str__(self) -> str:
        return f"{self.name}({','.join(self.arguments)})" if self.arguments else self.name

    def refused(self, message: str, hint: str | None = None) -> OptionError:
        """Return the refusal of this step, with its place."""
        return OptionError("EL433", message, text=self.text, span=self.span, hint=hint)

    def number(self, place: int, what: str, least: int, most: int, hint: str) -> int:
        """Return the argument at a place as a number. Raises OptionError where it is none from `least` to `most`."""
        text = self.arguments[place]
        if not (text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most):
            raise self.refused(f"{text!r} is not a {what}", hint=hint)
        return int(text)

    def locate(self, error: OptionError) -> None:
        """Give a refusal that has no place of its own the place of this step."""
        if error.span is None and self.span is not None:
            error.text, error.span = self.text, (self.span.start, self.span.stop)


def read_schedule(text: str) -> tuple[PassCall, ...]:
    """Return the commands of a schedule, separated by blanks. Raises OptionError for anything else, with the place.

    >>> [str(command) for command in read_schedule("order(i,k,j) tile(i, 32) accumulate")]
    ['order(i,k,j)', 'tile(i,32)', 'accumulate']
    >>> read_schedule("path((0,1),(0,1))")[0].arguments
    ('(0,1)', '(0,1)')
    """
    commands, place = [], 0
    while text[place:].strip():
        found = COMMAND.match(text, place)
        if found is None:
            start = place + len(text[place:]) - len(text[place:].lstrip())
            raise OptionError(
                "EL433",
                "here a schedule should name a pass",
                text=text,
                span=Span(start=start, stop=len(text.rstrip())),
                hint="passes look like order(i,k,j) tile(i,32) accumulate",
            )
        span = Span(
            start=found.start("name"),
            stop=found.end("arguments") + 1 if found["arguments"] is not None else found.end("name"),
        )
        commands.append(
            PassCall(name=found["name"], arguments=_arguments(found["arguments"] or ""), text=text, span=span)
        )
        place = found.end()
    return tuple(commands)


def read_schedules(texts: Iterable[str]) -> tuple[PassCall, ...]:
    """Return the commands of several texts, one after the other."""
    return tuple(command for text in texts for command in read_schedule(text))


def _arguments(text: str) -> tuple[str, ...]:
    """Return what stands between commas outside of brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return tuple(part.strip() for part in parts if part.strip())
