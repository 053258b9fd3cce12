"""What C's pointers reach: arrays of elements, rows behind pointers, members of structs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod
from typing import Any

from ...core.polynomial import Polynomial
from ..sizes import Refusal
from ..values import site_of
from .types import Arithmetic, ArrayType, CType, RecordType

At = tuple[int, ...]


@dataclass(slots=True, eq=False)
class Memory:
    """Bytes that one declaration, parameter or allocation reserves, as elements of one size.

    An array that is `given` holds its own elements until they are written: their positions are `prefix`, then one
    number, which `rows`, the lengths of the axes after the first, split into several. `scalar`: there is one element,
    `prefix` is its position. `zero`: what is not written is 0. `limit`: how many bytes there are, None where that is
    not said.
    """

    name: str
    given: bool
    prefix: At = ()
    rows: tuple[int, ...] = ()
    declared: int | None = None
    """The length of the first axis, where the text says it."""
    scalar: bool = False
    number: Any = None
    """What its one element is taken to be."""
    zero: bool = False
    copied: bool = False
    """It belongs to a struct that is passed by value: the caller does not see what is written."""
    limit: int | None = None
    unit: int = 0
    kind: Arithmetic | None = None
    """What its elements are, None while nobody has asked."""
    cells: dict[int, Any] = field(default_factory=dict)
    elements: dict[tuple[int, object], Polynomial] = field(default_factory=dict)
    """Its own elements, by place and by who reads them."""
    last: int = -1
    """The last element that was read or written, in elements from the first."""
    records: dict[int, Record] = field(default_factory=dict)
    log: list[int] | None = None
    """Where it was written, in order, where somebody wants to know."""

    def at(self, place: int) -> At:
        """Return the position of the element at a place, in elements from the first."""
        if self.scalar:
            return self.prefix
        position: list[int] = []
        for length in reversed(self.rows):
            place, rest = divmod(place, length)
            position.append(rest)
        return (*self.prefix, place, *reversed(position))

    def place(self, offset: int, size: int, node: object) -> int:
        """Return which element stands at an offset in bytes. Raises Refusal."""
        if self.unit not in (0, size) or offset % size:
            raise Refusal("EL802", f"the bytes of {self.name or 'this'} are read as numbers of another size", node)
        self.unit = size
        if offset < 0:
            raise Refusal("EL813", f"this is before the first element of {self.name}", node)
        if self.limit is not None and offset + size > self.limit:
            raise Refusal("EL813", f"this is after the last element of {self.name}", node)
        if self.scalar and offset:
            raise Refusal("EL813", f"{self.name} is one number, not an array", node)
        place = offset // size
        self.last = max(self.last, place)
        return place

    @property
    def touched(self) -> At | None:
        """The shape that an array has to have at least, None where it was not touched."""
        if self.scalar:
            return tuple(n + 1 for n in self.prefix)
        size = prod(self.rows)
        if self.declared is not None:
            return (*(n + 1 for n in self.prefix), max(self.declared, self.last // max(size, 1) + 1), *self.rows)
        if self.last < 0:
            return None
        return (*(n + 1 for n in self.prefix), self.last // size + 1, *self.rows)

    def read_as(self, kind: Arithmetic, node: object) -> None:
        """Take note of what its elements are. Raises Refusal where they are read as something else."""
        if self.kind is None:
            self.kind = kind
        elif self.kind.whole != kind.whole:
            raise Refusal("EL802", f"the bytes of {self.name or 'this'} are read as numbers of another kind", node)

    def get(self, offset: int, size: int, node: object) -> Any:
        """Return the element at an offset in bytes. Raises Refusal."""
        place = self.place(offset, size, node)
        found = self.cells.get(place)
        if found is not None:
            return found
        if self.number is not None:
            return self.number
        if self.given:
            own = self.elements.get((place, node))
            if own is None:
                at = self.at(place)
                own = Polynomial.element(self.name + site_of(node) if at else self.name, at)
                self.elements[place, node] = own
            return own
        if self.zero:
            return 0
        raise Refusal("EL802", f"an element of {self.name or 'this'} is read before it is written", node)

    def own(self, place: int) -> Polynomial | None:
        """Return an element as it is before anything is written, None where there is none."""
        return Polynomial.element(self.name, self.at(place)) if self.given else None

    def set(self, offset: int, size: int, value: Any, node: object) -> None:
        """Write the element at an offset in bytes. Raises Refusal."""
        place = self.place(offset, size, node)
        self.cells[place] = value
        if self.log is not None:
            self.log.append(place)


class Pointer:
    """A place in memory, in bytes from its start, and the type of what stands there. Immutable."""

    __slots__ = ("memory", "offset", "to")

    def __init__(self, memory: Memory, offset: int, to: CType) -> None:
        self.memory, self.offset, self.to = memory, offset, to

    def moved(self, steps: int) -> Pointer:
        """Return the pointer so many elements further."""
        return Pointer(self.memory, self.offset + steps * self.to.size, self.to)


@dataclass(slots=True, eq=False)
class Variable:
    """A name's value and type. `memory` holds the value once its address was taken."""

    type: CType
    value: Any = None
    memory: Memory | None = None

    def address(self, name: str) -> Pointer:
        """Return a pointer to it; its value lives there from now on."""
        if self.memory is None:
            self.memory = Memory(name, given=False, limit=self.type.size)
            if isinstance(self.value, Record):
                self.memory.records[0] = self.value
            elif self.value is not None:
                self.memory.cells[0] = self.value
        return Pointer(self.memory, 0, self.type)

    def get(self) -> Any:
        """Return its value, None where it was never set."""
        if self.memory is not None and not isinstance(self.type, RecordType):
            return self.memory.cells.get(0)
        return self.value

    def set(self, value: Any) -> None:
        """Give it a value."""
        if self.memory is not None:
            self.memory.cells[0] = value
        self.value = value


Location = Variable | Pointer
"""What can be assigned to: a variable, or a place in memory."""


@dataclass(slots=True, eq=False)
class Record:
    """A struct's members, each made by `make` when it is first asked for."""

    type: RecordType
    make: Callable[[str, CType], Location]
    members: dict[str, Location] = field(default_factory=dict)

    def member(self, name: str, node: object) -> Location:
        """Return a member's location. Raises Refusal."""
        if name not in self.type.fields:
            raise Refusal("EL802", f"the struct has no member {name}", node)
        if name not in self.members:
            self.members[name] = self.make(name, self.type.fields[name])
        return self.members[name]


def scalar_size(type: CType) -> int:
    """Return the bytes of one element at the bottom of an array's type."""
    while isinstance(type, ArrayType):
        type = type.of
    return type.size
