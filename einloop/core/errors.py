"""The family of refusals. Each error has a stable id, a place and a hint, and draws its own caret picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from .picture import caret_lines, shortened
from .shown import callers, ipython_lines
from .source import Span
from .visible import visible

if TYPE_CHECKING:
    from .report import Fix
    from .topic import Topic

MAX_MESSAGE = 1500
"""Characters of a message, or of a hint; one that quotes a text of thousands is cut in the middle."""
MAX_SHOWN = 200
"""Characters of a value that is shown in a message."""


class EinloopError(ValueError):
    """Something einloop refuses, and why. `str()` is the message with a caret under the place.

    Attributes
    ----------
    id : str
        `EL` and a number. Every id has one meaning.
    message : str
        One line.
    text : str
        What `span` and `also` point into.
    span : tuple of int or None
        Start and stop of the place in `text`.
    also : tuple of tuple of int
        Further places.
    operand, axis : int or None
        The number of the operand and of its axis, from 0.
    line : int or None
        The line of the text, from 1, where it has several; of standard input, where it was read from there.
    hint : str or None
        The likely fix.
    fixes : tuple of Fix
        Expressions that fit, the likeliest first.

    Examples
    --------
    >>> print(EinloopError("EL106", "output index 'z' is in no operand", text="ij->z", span=Span(start=4, stop=5)))
    error EL106: output index 'z' is in no operand
      ij->z
          ^
    """

    def __init__(
        self,
        id: str,
        message: str,
        *,
        text: str = "",
        span: Span | None = None,
        operand: int | None = None,
        axis: int | None = None,
        hint: str | None = None,
        also: Iterable[Span | None] = (),
    ) -> None:
        message = shortened(message, MAX_MESSAGE)
        super().__init__(message)
        self.id = id
        self.message = message
        self.text = text
        self.span = (span.start, span.stop) if span is not None and text else None
        self.also = tuple((other.start, other.stop) for other in also if other is not None and text)
        self.operand = operand
        self.axis = axis
        self.input_line: int | None = None
        self.hint = None if hint is None else shortened(hint, MAX_MESSAGE)
        self.fixes: tuple[Fix, ...] = ()
        self.shown: str | None = None
        """All that IPython shows, where no code of the caller's is worth a look."""

    @property
    def line(self) -> int | None:
        """The line of standard input, or of a text of several lines, from 1; None for one line, and without a place."""
        if self.input_line is not None or self.span is None or "\n" not in self.text.strip():
            return self.input_line
        return 1 + self.text.count("\n", 0, self.span[0])

    @property
    def topic(self) -> Topic | None:
        """What code has to know of the error, None for most: the registry says it for every id."""
        from .registry import topic_of  # a plain start refuses nothing and needs no table

        return topic_of(self.id)

    @property
    def undecided(self) -> bool:
        """Whether the error says nothing of the loops: they are neither proved nor refuted."""
        from .topic import UNDECIDED

        return self.topic in UNDECIDED

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, dict(self.__dict__)))

    def __str__(self) -> str:
        return caret_picture(self)

    def _render_traceback_(self) -> list[str]:
        """Return what IPython prints: the lines of the caller's own code, then the picture."""
        if self.shown is not None:
            return [self.shown]
        return ipython_lines(_rebuild(type(self), self.message, dict(self.__dict__)), callers(self.__traceback__))


class NotationError(EinloopError):
    """The expression cannot be read (EL1..)."""


class ShapeError(EinloopError):
    """Shapes and expression do not fit each other (EL2..)."""


class DtypeError(EinloopError, TypeError):
    """A dtype that cannot be multiplied and summed, or cannot be cast (EL3..)."""


class OptionError(EinloopError):
    """An option with an impossible value, or two that contradict each other (EL4..)."""


class LiftError(EinloopError):
    """Code that is no sum of einsums, or is not known to be one."""


class TemplateError(EinloopError):
    """A target or template that is missing or broken (EL5..)."""


class RunError(EinloopError):
    """Loops that could not be run or verified (EL6..)."""


class RaisedError(RunError):
    """Loops that ran in a process of their own and raised. `refuses`: as they would for inputs that they refuse."""

    refuses = False


def caret_picture(error: EinloopError) -> str:
    """Return the error as text: headline, the line at fault with a caret under the place, hint."""
    place = "" if error.input_line is None else f"line {error.input_line}: "
    lines = [f"{place}error {error.id}: {visible(error.message)}"]
    if error.span is not None:
        spans = [Span(start=start, stop=stop) for start, stop in (error.span, *error.also)]
        lines += [f"  {line}" for line in caret_lines(error.text, spans)]
    if error.hint:
        lines.append(f"hint: {visible(error.hint)}")
    return "\n".join(lines)


FOREIGN = (
    TypeError, IndexError, KeyError, OverflowError, NotImplementedError, RuntimeError, MemoryError, AttributeError
)  # fmt: skip
"""Classes that callers catch beside ValueError, which every EinloopError is; the narrowest first."""


def as_raised(error: EinloopError, theirs: Exception) -> EinloopError:
    """Return the same error as one of the class of another too, so that code that catches that class catches it.

    >>> isinstance(as_raised(ShapeError("EL209", "no array"), NotImplementedError()), ShapeError | RuntimeError)
    True
    """
    other = next((kind for kind in FOREIGN if isinstance(theirs, kind)), None)
    return error if other is None or isinstance(error, other) else _as_also(error, other)


def _as_also(error: EinloopError, other: type[Exception]) -> EinloopError:
    return _rebuild(_mixed(type(error), other), error.message, dict(error.__dict__))


_MIXED: dict[tuple[type[EinloopError], type[Exception]], type[EinloopError]] = {}


def _mixed(kind: type[EinloopError], other: type[Exception]) -> type[EinloopError]:
    """Return a subclass of both that is called as the first is, and pickles by both."""

    def reduced(error: EinloopError) -> tuple[object, ...]:
        return (_as_also, (_rebuild(kind, error.message, dict(error.__dict__)), other))

    if (kind, other) not in _MIXED:
        namespace = {"__module__": kind.__module__, "__reduce__": reduced}
        _MIXED[kind, other] = type(kind.__name__, (kind, other), namespace)
    return _MIXED[kind, other]


def _rebuild(kind: type[EinloopError], message: str, state: dict[str, object]) -> EinloopError:
    error = kind.__new__(kind, message)
    error.__dict__.update(state)
    return error


def displayed(value: object) -> str:
    """Return how a message shows a value that may be anything: shortened, and its type alone where it cannot be shown.

    >>> displayed([1]), displayed(10**5000)
    ('[1]', 'an int that cannot be shown')
    """
    try:
        return shortened(repr(value), MAX_SHOWN)
    except Exception:  # whatever a foreign __repr__ raises; of huge integers Python's own does
        return f"{with_article(type(value).__name__)} that cannot be shown"


def wrong_count(inputs: Sequence[str], given: int) -> RunError:
    """Return the refusal of more or fewer inputs than the loops take."""
    noun = "input" if len(inputs) == 1 else "inputs"
    return RunError("EL602", f"expected {len(inputs)} {noun} ({', '.join(inputs)}), got {given}")


def with_article(noun: str) -> str:
    """Return a noun after "a" or "an".

    >>> with_article("int"), with_article("list"), with_article("ndarray")
    ('an int', 'a list', 'an ndarray')
    """
    return f"{'an' if noun[:1].lower() in 'aeiou' or noun == 'ndarray' else 'a'} {noun}"
