"""What every rule looks at, and the words rules share: how an operand, an axis and an index are called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from ...core.dtypes import ARITHMETIC, common_dtype
from ...core.expected import Expected
from ...core.message import Code, Message
from ...core.source import Span
from ...core.spec import DOTS, Extent, Index, Place, Spec

LONG = 10**7
"""Numbers from here on are written by their magnitude."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckCase:
    """A legal expression, the dtypes of its operands where known, and their values where all are at hand.

    `memory`: the bytes of this machine's memory. `numpy`: np.einsum computes it; where another library does,
    `computed` is the dtype in which it does. `expected`: what the result should look like, where that was said.
    """

    spec: Spec
    dtypes: tuple[str | None, ...] = ()
    values: Sequence[Any] = ()
    memory: int | None = None
    numpy: bool = True
    computed: str | None = None
    expected: Expected | None = None

    @property
    def cast(self) -> str:
        """What a pasted call of np.einsum says of the dtype: its name, the keyword where it shows none, or ''."""
        return (self.spec.cast or "") if self.numpy else ""

    @property
    def dtype(self) -> str | None:
        """The dtype in which products and sums are computed, where every operand's is known."""
        if self.computed is not None:
            return self.computed
        if self.dtypes and self.cast in ARITHMETIC:
            return self.cast
        known = [dtype for dtype in self.dtypes if dtype is not None]
        if not known or len(known) < len(self.dtypes):
            return None
        return known[0] if len(set(known)) == 1 else common_dtype(known)

    @property
    def terms(self) -> int | None:
        """How many products are added for one element of the result, where the extents are known."""
        extents = [index.extent for index in self.spec.summed]
        if any(index.label == DOTS for index in self.spec.summed):
            return None
        numbers = [extent for extent in extents if isinstance(extent, int)]
        return prod(numbers) if len(numbers) == len(extents) else None


def unless_cast(case: CheckCase, message: Message) -> Message:
    """Return what is said of the dtype; where a keyword of the call may set another, with that added.

    A name of a dtype is no keyword.
    """
    if "=" not in case.cast:
        return message
    return Message("diagnose.unless_cast", {"said": message, "keyword": Code(case.cast)})


def operand_words(spec: Spec, number: int) -> Message:
    """Return how an operand is called: its number, and the user's name where there is one."""
    name = spec.operands[number].name
    if name is None:
        return Message("diagnose.operand", {"number": Code(str(number))})
    return Message("diagnose.operand.named", {"number": Code(str(number)), "name": Code(name)})


def axis_words(spec: Spec, place: Place) -> Message:
    """Return how an axis of an operand is called."""
    return Message("diagnose.axis", {"operand": operand_words(spec, place.operand), "axis": Code(str(place.axis))})


def extent_words(extent: Extent) -> int | Code:
    """Return an extent: a number, or its name."""
    return extent if isinstance(extent, int) else Code(str(extent))


def amount(number: int) -> int | float:
    """Return a number as it is to be read: exactly, or by its magnitude."""
    return number if abs(number) < LONG else float(number) if number.bit_length() < 1000 else float("inf")


def places_of(indices: Iterable[Index]) -> tuple[Span, ...]:
    """Return where indices stand in the text, each place once."""
    return present(place.span for index in indices for place in index.places)


def present(spans: Iterable[Span | None]) -> tuple[Span, ...]:
    """Return the spans that there are, each once, in order of appearance in the text."""
    found = {(span.start, span.stop): span for span in spans if span is not None}
    return tuple(found[key] for key in sorted(found))


def lone_sums(spec: Spec) -> tuple[Index, ...]:
    """Return the indices that are summed inside one operand of several. A sum over one element is none.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> [index.label for index in lone_sums(read_subscripts("ij,kl->il"))]
    ['j', 'k']
    """
    if len(spec.operands) == 1:
        return ()
    return tuple(index for index in spec.summed if index.alone and not index.covered and index.extent != 1)
