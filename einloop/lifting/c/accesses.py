"""Where C's expressions stand in memory: elements, members, addresses; what is read there, and what is written."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from pycparser import c_ast as c

from ...core.polynomial import Polynomial, polynomial
from ..sizes import Refusal
from .expression_types import ExpressionTypes
from .memory import At, Location, Pointer, Record, Variable, scalar_size
from .types import Arithmetic, ArrayType, CType, PointerType, RecordType
from .usage import first_name


class CAccesses(ExpressionTypes):
    """One run of a text, as far as places in memory go."""

    def reached(self, node: Any) -> Pointer:
        """Return an expression that is a pointer."""
        value = self.value(node)
        if not isinstance(value, Pointer):
            raise Refusal("EL802", "this is not a pointer", node)
        return value

    def element(self, node: c.ArrayRef, owner: Any, index: Any) -> Pointer:
        """Return the place at an index of something."""
        if isinstance(index, Pointer):
            owner, index = index, owner
        if not isinstance(owner, Pointer):
            raise Refusal("EL802", "this has no elements", node)
        return owner.moved(self.whole_of(index, node.subscript))

    def member(self, node: c.StructRef) -> Location:
        """Return the place of `s.x` or `p->x`."""
        if node.type == "->":
            return self.record_at(self.reached(node.name), node).member(node.field.name, node)
        owner = self.location(node.name) if not isinstance(node.name, c.FuncCall) else self.value(node.name)
        if isinstance(owner, Variable):
            owner = owner.get()
        record = self.record_at(owner, node) if isinstance(owner, Pointer) else owner
        if not isinstance(record, Record):
            raise Refusal("EL802", "this is not a struct", node)
        return record.member(node.field.name, node)

    def address(self, node: Any) -> Pointer:
        """Return a pointer to what an expression names."""
        place: Location = self.location(node)
        if isinstance(place, Pointer):
            return place
        value = place.get()
        if isinstance(place.type, ArrayType) and isinstance(value, Pointer):
            return Pointer(value.memory, value.offset, place.type)
        return place.address(first_name(node))

    def load(self, place: Location, node: object) -> Any:
        """Return what stands at a location. Raises Refusal."""
        if isinstance(place, Variable):
            value = place.get()
            if value is None:
                raise self.unread(place, first_name(node) or "this", node)
            return value
        kind = place.to
        if isinstance(kind, ArrayType):
            return Pointer(place.memory, place.offset, kind.of)
        if isinstance(kind, RecordType):
            return place
        if isinstance(kind, PointerType):
            return self.row(place, kind, node)
        if isinstance(kind, Arithmetic) and kind.void:
            raise Refusal("EL802", "a void pointer has no elements", node)
        memory = place.memory
        memory.read_as(kind, node)
        if memory.given and kind.whole and not memory.cells and not memory.prefix and self.counts(memory.name):
            if place.offset:
                raise Refusal("EL802", f"{memory.name} is read as one number and as an array", node)
            return self.length(memory.name)
        return memory.get(place.offset, kind.size, node)

    def counts(self, name: str) -> bool:
        """Return whether a pointer to a whole number is how a length is given: it is read through `*n` alone."""
        name = self.written(name)
        return name not in self.usage.moved and name in self.usage.counting

    def members(self, name: str, record: Record) -> Iterator[tuple[str, dict[At, Polynomial]]]:
        """Yield what a struct holds that the text made: the elements of each member."""
        for field in record.type.fields:
            place = record.member(field, None)
            value = place.get() if isinstance(place, Variable) else self.load(place, None)
            cells: dict[At, Polynomial] = {}
            if isinstance(value, Pointer) and (value.memory.copied or not value.memory.given):
                cells = self.array_left(value, record.type.fields[field])
            elif isinstance(value, (int, Fraction, Polynomial)):
                cells = {(): polynomial(value)}
            if cells:
                said = f"{name}_{field}"
                self.renamed[said] = f"{name}.{field}"
                yield said, cells

    def array_left(self, pointer: Pointer, kind: CType) -> dict[At, Polynomial]:
        """Return the elements of an array in a struct that was written, by position; none where it was not."""
        memory, unit = pointer.memory, scalar_size(kind)
        lengths: list[int] = []
        while isinstance(kind, ArrayType) and kind.length is not None:
            lengths.append(kind.length)
            kind = kind.of
        if not memory.cells or not lengths:
            return {}
        places = {
            at: n for n, at in enumerate(product(*(range(one) for one in lengths))) if memory.given or n in memory.cells
        }
        return {at: polynomial(memory.get(n * unit, unit, None)) for at, n in places.items()}

    def row(self, place: Pointer, kind: PointerType, node: object) -> Any:
        """Return the pointer that stands in memory; an array of pointers that is given holds rows of its own."""
        memory = place.memory
        index = memory.place(place.offset, kind.size, node)
        if index not in memory.cells and memory.given:
            memory.cells[index] = self.given(memory.name, kind, memory.at(index))
        return memory.get(place.offset, kind.size, node)

    def store(self, place: Location, value: Any, source: Any, node: object) -> Any:
        """Write a value that `source` computes where a location is; return what stands there then. Raises Refusal."""
        kind = place.type if isinstance(place, Variable) else place.to
        if type(value) is Polynomial and type(kind) is Arithmetic and not kind.whole:
            if isinstance(place, Variable):
                place.set(value)
            else:
                place.memory.read_as(kind, node)
                place.memory.set(place.offset, kind.size, value, node)
            return value
        if isinstance(kind, RecordType):
            copy = self.copied(value, node)
            target = place.get() if isinstance(place, Variable) else self.record_at(place, node)
            for name, one in kind.fields.items():
                self.store(
                    target.member(name, node), self.load(copy.member(name, node), node), source, node
                ) if not isinstance(one, ArrayType) else None
            return value
        if isinstance(kind, ArrayType):
            raise Refusal("EL802", "an array cannot be assigned to", node)
        value = self.converted(value, kind, source)
        if isinstance(place, Variable):
            place.set(value)
            return value
        if isinstance(kind, Arithmetic) and not isinstance(value, (Pointer, Record)):
            value = polynomial(value)
            place.memory.read_as(kind, node)
        elif isinstance(kind, Arithmetic):
            raise Refusal("EL813", "one number is needed here", node)
        place.memory.set(place.offset, kind.size, value, node)
        return value
