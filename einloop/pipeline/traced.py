"""The Trace that people hold: traced loops, and what shows, draws, compares and tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..analysis.trace import difference
from ..core.errors import EinloopError, OptionError
from ..core.message import Message
from ..core.options import Options
from ..core.plain_array import PlainArray
from ..core.shown import pretty
from ..core.spec import Spec
from ..core.trace import TraceDifference, TracedLoops
from ..evaluate import given
from .steps import picture, place_in, written

if TYPE_CHECKING:
    from ..core.combination import Statements
    from ..core.drawing import Drawing
    from ..core.report import Report


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Trace(TracedLoops):
    """Every step of emitted loops, computed when it is asked for. Printed it is a text; a notebook shows it as HTML.

    Attributes
    ----------
    formula : str
        What is computed, as a formula. `expression` is what was given.
    source : tuple of str
        The lines of the emitted text.
    arrays : tuple of TracedArray
        Operands in order, intermediates and running totals, and last the result.
    indices : tuple of TracedIndex
        What the loops count with, outermost first.
    machine : SearchedMachine
        What computes the steps.
    notes : tuple of Message
        What is to be known, such as lengths that nobody gave.
    subject, options, operands, symbolic, chosen
        What is traced: the expression with its lengths, what was asked of its loops, the array of every operand by
        its name, whether their elements are symbols, and whether lengths are examples.
    lang : str
        The language in which it shows itself.
    asked : mapping of str to object
        What `show` is asked for where no steps are: its keywords `steps`, `at` and `around`.

    Examples
    --------
    >>> import einloop
    >>> found = einloop.trace("i,i->", [1, 2, 3], [4, 5, 6])
    >>> [(step.before, step.after) for step in found.steps()]
    [(0, 4), (4, 14), (14, 32)]
    """

    subject: Spec | Statements = field(compare=False)
    options: Options = field(compare=False)
    operands: Mapping[str, PlainArray] = field(compare=False)
    symbolic: bool = False
    chosen: bool = False
    lang: str = field(default="en", compare=False)
    asked: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def __str__(self) -> str:
        return self.show()

    def __repr__(self) -> str:
        return f"<trace of {self.expression!r}: {self.count:,} step{'s' if self.count != 1 else ''}>"

    _repr_pretty_ = pretty

    def _repr_html_(self) -> str:
        return self.show("fragment")

    def difference(self, expected: Any, at: Sequence[int] | int | None = None) -> TraceDifference:
        """Return where the result is not what another array holds, and what there is to say of it.

        Integers are compared exactly, floats to half of the digits of the coarser dtype.

        Parameters
        ----------
        expected : array_like
            What the result should be.
        at : int or sequence of int, optional
            An element of the result: only this one is compared.

        Returns
        -------
        TraceDifference
            Its `step` completes the first element that differs, and is None where none does.

        Raises
        ------
        OptionError
            Where the shapes differ, for an element that there is not, and where it takes too long.
        """
        if self.symbolic:
            raise OptionError("EL471", "symbols are not compared with an array", hint="leave --symbolic out")
        place = None if at is None else place_in(self, at)
        return difference(self.machine, self.result, given(expected, "the array"), place, outputs=self._outputs)

    def _outputs(self, shape: tuple[int, ...]) -> Sequence[str]:
        """Return the expressions that differ in their output alone, and give a result of a shape."""
        from ..analysis.repair.outputs import giving

        if not isinstance(self.subject, Spec) or self.subject.source.notation.traits.code or self.subject.joint:
            return ()
        return giving(self.subject, shape)

    def first_difference(self, expected: Any) -> int | None:
        """Return the step that completes the first element of the result which another array has otherwise, or None.

        Compares as `difference` does, and raises what it raises.
        """
        return self.difference(expected).step

    def story(self, width: int | None = None) -> Report:
        """Return the same in whole arrays: diagonals, lined up, multiplied, summed; for so many columns."""
        from .page import shown
        from .story import story

        notes = (Message("draw.chosen"),) if self.chosen else ()
        return shown(story(self.subject, self.options, width, notes))

    def draw(self, *, steps: tuple[int, int] | int | None = None, at: Sequence[int] | int | None = None) -> Drawing:
        """Return steps as a picture: a slide each, up to 12 one under another.

        Parameters
        ----------
        steps : int or pair of int, optional
            A step, or the first and the last of some. By default the first one.
        at : int or sequence of int, optional
            An element of the result: the steps that write it, all or those among `steps`.

        Returns
        -------
        Drawing
            Shows itself in a notebook. `show()` is its text as SVG, `image("png")` the content of a file.

        Raises
        ------
        OptionError
            For steps and elements that there are not, and for more steps than a picture has room for.
        """
        return picture(self, self.lang, steps=steps, at=at)

    def show(
        self,
        format: str = "text",
        lang: str | None = None,
        *,
        steps: tuple[int, int] | int | None = None,
        at: Sequence[int] | int | None = None,
        around: int | None = None,
        width: int = 80,
        theme: str = "auto",
    ) -> str:
        """Return steps in a format.

        Parameters
        ----------
        format : str, default 'text'
            'text', 'html', 'svg' or 'json'; 'fragment' is HTML for a notebook.
        lang : str, optional
            'en' or 'ja'. By default its own, which is 'en' unless it was made for another.
        steps : int or pair of int, optional
            A step, or the first and the last of some. By default the first ones that fit the format.
        at : int or sequence of int, optional
            An element of the result: the steps that write it.
        around : int, optional
            A step, in place of the two: a page opens at it and has those around it.
        width : int, default 80
            Columns of the text.
        theme : str, default 'auto'
            Of a picture: 'light', 'dark', or 'auto', what the reader's system asks for.

        Raises
        ------
        OptionError
            For a format, a language or a theme that there is not, for steps and elements that there are not, and for
            more steps than a picture has room for.
        """
        given = {name: value for name, value in (("steps", steps), ("at", at), ("around", around)) if value is not None}
        known = self.lang if lang is None else lang
        which = given or self.asked
        return written(self, format, known, **which, width=width, theme=theme, story=self._story_data)

    def _story_data(self) -> Mapping[str, Any] | None:
        """Return the second story as data, None where there is none for such an expression."""
        from ..core.story_data import element_text, story_data
        from ..evaluate import symbol_text
        from .story import story_of

        try:
            told = story_of(self.subject, self.options, self.operands)
            return story_data(told, (lambda _, value: symbol_text(value)) if self.symbolic else element_text)
        except EinloopError:
            return None
