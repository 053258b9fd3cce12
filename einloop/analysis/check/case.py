"""What every rule looks at, and how it says what it found: operands, axes and indices in words, places in the text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from ...core.dtypes import ARITHMETIC, common_dtype
from ...core.expected import Expected
from ...core.message import Code, Message, Value
from ...core.report import Finding, Fix, Severity
from ...core.source import Span
from ...core.spec import DOTS, Extent, Index, Place, Spec

MAX_EXACT = 10**7
"""Numbers from here on are written by their magnitude."""
MAX_EXACT_BITS = 1000
"""Integers of more bits may be beyond every float."""


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
    def sizes(self) -> dict[str, int]:
        """The extents that are numbers."""
        return {index.label: index.extent for index in self.spec.indices if isinstance(index.extent, int)}

    @property
    def terms(self) -> int | None:
        """How many products are added for one element of the result, where the extents are known."""
        if any(index.label == DOTS or not isinstance(index.extent, int) for index in self.spec.summed):
            return None
        return prod(self.sizes[index.label] for index in self.spec.summed)

    @property
    def lone(self) -> tuple[Index, ...]:
        """The indices that are summed inside one operand of several. A sum over one element is none.

        >>> from einloop.notation.subscripts import read_subscripts
        >>> [index.label for index in CheckCase(spec=read_subscripts("ij,kl->il")).lone]
        ['j', 'k']
        """
        if len(self.spec.operands) == 1:
            return ()
        return tuple(index for index in self.spec.summed if index.alone and not index.covered and index.extent != 1)

    def operand(self, number: int) -> Message:
        """Return how an operand is called: its number, and the user's name where there is one."""
        name = self.spec.operands[number].name
        if name is None:
            return Message("diagnose.operand", {"number": Code(str(number))})
        return Message("diagnose.operand.named", {"number": Code(str(number)), "name": Code(name)})

    def axis(self, place: Place) -> Message:
        """Return how an axis of an operand is called."""
        return Message("diagnose.axis", {"operand": self.operand(place.operand), "axis": Code(str(place.axis))})

    def finding(
        self,
        id: str,
        severity: Severity,
        message: Message,
        spans: Iterable[Span | None] = (),
        *,
        operand: int | None = None,
        axis: int | None = None,
        fix: Fix | None = None,
    ) -> Finding:
        """Return a finding about the expression; of `spans`, the places that there are, each once."""
        found = {(span.start, span.stop): span for span in spans if span is not None}
        return Finding(
            id=id,
            severity=severity,
            message=message,
            text=self.spec.source.text,
            spans=tuple(found[key] for key in sorted(found)),
            operand=operand,
            axis=axis,
            fixes=() if fix is None else (fix,),
        )


Rule = Callable[[CheckCase], Iterator[Finding]]


def unless_cast(case: CheckCase, name: str, values: Mapping[str, Value]) -> Message:
    """Return what is said of the dtype; where a keyword of the call may set another, with that added.

    A name of a dtype is not a keyword.
    """
    message = Message(f"diagnose.{name}", values)
    if "=" not in case.cast:
        return message
    return Message("diagnose.unless_cast", {"said": message, "keyword": Code(case.cast)})


def extent_words(extent: Extent) -> int | Code:
    """Return an extent: a number, or its name."""
    return extent if isinstance(extent, int) else Code(str(extent))


def amount(number: int) -> int | float:
    """Return a number as it is to be read: exactly, or by its magnitude."""
    if abs(number) < MAX_EXACT:
        return number
    return float(number) if number.bit_length() < MAX_EXACT_BITS else float("inf")


def places_of(indices: Iterable[Index]) -> list[Span | None]:
    """Return where indices stand in the text."""
    return [place.span for index in indices for place in index.places]
