"""What a child process runs, as its parent tells it. Pickled on the way there, never on the way back."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.generated import Form
from ..core.program import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTask:
    """A person's Python text: the names of its inputs, its result or its function.

    `watched` are the inputs that it may not write into.
    """

    source: str
    inputs: tuple[str, ...]
    result: str | None
    entry: str | None = None
    watched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Emitted:
    """A text that templates made, run by the runner of its target."""

    program: Program
    form: Form

    @property
    def source(self) -> str:
        """The text."""
        return self.program.text

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of its inputs."""
        return self.program.inputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A whole program, run as a person would: gives a text of its exit code and what it printed.

    `runner` is the name of what runs its target's texts.
    """

    source: str
    runner: str
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CTask:
    """A person's C text, and how its function `entry` is called.

    `inputs` are its parameters in order, `kinds` their dtypes: `float32`, or `float32*` for a pointer to an array.
    `result` is the array that is brought back; None: what the function returns, of dtype `returns`.
    """

    source: str
    entry: str
    inputs: tuple[str, ...]
    kinds: tuple[str, ...]
    result: str | None
    returns: str | None = None


Task = TextTask | CTask | Emitted | Script


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What the child runs again and again, and how many seconds one call may take."""

    task: Task
    seconds: float
