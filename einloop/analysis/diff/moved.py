"""Which places of the operands share an index in one expression only, and which indices have another role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...core.canonical import CanonicalForm
from ...core.message import Code, Message, Value
from ...core.report import Fact
from ...core.spec import DOTS

MAX_TOLD = 8
"""Differences that are told; the rest is counted."""

Place = tuple[int, int]
"""An operand's number in the first expression, and the position among its labels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One difference, as a sentence and as facts."""

    message: Message
    facts: dict[str, Fact]


def moved(first: CanonicalForm, second: CanonicalForm, order: tuple[int, ...]) -> tuple[Moved, ...]:
    """Return every difference, `order` being the operand of the second that each operand of the first is held against.

    >>> one = CanonicalForm(arrays=("A", "B"), terms=(("i", "j"), ("j", "k")), output=("i", "k"))
    >>> two = CanonicalForm(arrays=("A", "B"), terms=(("i", "j"), ("k", "j")), output=("i", "k"))
    >>> [item.facts["what"] for item in moved(one, two, (0, 1))]
    ['shared', 'role', 'shared', 'role']
    """
    ours = {(n, axis): x for n, term in enumerate(first.terms) for axis, x in enumerate(term)}
    theirs = {(n, axis): x for n, m in enumerate(order) for axis, x in enumerate(second.terms[m])}
    table = _Table(first, second, ours, theirs)
    return tuple(table.differences())


def comparable(first: CanonicalForm, second: CanonicalForm, order: tuple[int, ...]) -> bool:
    """Return whether the operands' axes can be held against each other as they are written."""
    pairs = [(first.terms[n], second.terms[m]) for n, m in enumerate(order)]
    return all(len(a) == len(b) and [x == DOTS for x in a] == [x == DOTS for x in b] for a, b in pairs)


@dataclass(frozen=True, slots=True)
class _Table:
    """The label of every place, in the first expression and in the second."""

    first: CanonicalForm
    second: CanonicalForm
    ours: Mapping[Place, str]
    theirs: Mapping[Place, str]

    def differences(self) -> Iterator[Moved]:
        """Yield every difference, place by place."""
        here: dict[str, Place] = {}
        there: dict[str, Place] = {}
        told: set[tuple[Place, Place]] = set()
        roles: set[tuple[str, str]] = set()
        for place, label in self.ours.items():
            other = self.theirs[place]
            one, two = here.setdefault(label, place), there.setdefault(other, place)
            if one != place and self.theirs[one] != other and self._new(told, one, place):
                yield self._shared("first", label, one, place)
            if two != place and self.ours[two] != label and self._new(told, two, place):
                yield self._shared("second", other, two, place)
            if (label, other) not in roles:
                roles.add((label, other))
                yield from self._role(place, label, other)

    def _new(self, told: set[tuple[Place, Place]], one: Place, two: Place) -> bool:
        fresh = (one, two) not in told
        told.add((one, two))
        return fresh

    def _shared(self, side: str, label: str, one: Place, two: Place) -> Moved:
        values = {"one": self._named(one), "two": self._named(two), "index": _index(label)}
        places: list[Fact] = [self._fact(one), self._fact(two)]
        return Moved(
            message=Message(f"diff.shared.{side}", values), facts={"what": "shared", "in": side, "places": places}
        )

    def _role(self, place: Place, label: str, other: str) -> Iterator[Moved]:
        now, then = _position(self.first, label), _position(self.second, other)
        if now == then:
            return
        values: dict[str, Value] = {"place": self._named(place), "one": _index(label), "two": _index(other)}
        if now is None or then is None:
            which = "summed_first" if now is None else "free_first"
        else:
            which = "position"
            values |= {"here": now, "there": then}
        facts: dict[str, Fact] = {"what": "role", "places": [self._fact(place)], "first": now, "second": then}
        yield Moved(message=Message(f"diff.role.{which}", values), facts=facts)

    def _named(self, place: Place) -> Message:
        term = self.first.terms[place[0]]
        dots = term[place[1]] == DOTS
        values: dict[str, Value] = {"array": Code(self.first.arrays[place[0]]), "number": place[0]}
        again = self.first.arrays.count(self.first.arrays[place[0]]) > 1
        form = ("dots" if dots else "axis") + ("_again" if again else "")
        return Message(f"diff.place.{form}", values if dots else {**values, "axis": _axis(term, place[1])})

    def _fact(self, place: Place) -> dict[str, Fact]:
        term = self.first.terms[place[0]]
        return {"operand": place[0], "axis": None if term[place[1]] == DOTS else _axis(term, place[1])}


def _axis(term: tuple[str, ...], position: int) -> int:
    """Return the number of an axis, from the end where an ellipsis of unknown rank stands before it."""
    return position - len(term) if DOTS in term[:position] else position


def _index(label: str) -> Value:
    return Code(DOTS if label.startswith(DOTS) else label)


def _position(form: CanonicalForm, label: str) -> int | None:
    return _axis(form.output, form.output.index(label)) if label in form.output else None
