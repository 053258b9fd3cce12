"""What declarations, parameters and undeclared names of a C text stand for when it begins to run."""

from __future__ import annotations

from collections.abc import Iterator, Set
from keyword import iskeyword
from typing import Any

from pycparser import c_ast as c

from ...core.polynomial import Polynomial
from ..sizes import Extent, Refusal
from .conversions import converted
from .memory import Location, Memory, Pointer, Record, Variable, scalar_size
from .names import CNames
from .types import DOUBLE, SIZE, VOID, Arithmetic, ArrayType, CType, PointerType, RecordType

TAKEN = frozenset({"np", "None", "True", "False"})
"""Names that a statement in Python has another use for."""
MATH = {"M_PI": "np.pi", "M_E": "np.e"}
"""Numbers of math.h, and what they are in Python."""
KEPT = "{name} is static: it keeps its value from one call to the next"
OFFSETS = ((3, 1, 2), (2, 3, 1), (1, 2, 3))
"""What names that say where something starts are chosen to be in the runs."""
BEYOND = 4
"""How much longer all others are then."""
APART = 13
"""How much longer the rows of each further array are chosen to be, where a name of their own says how long."""


class CDeclarations(CNames):
    """One run of a text, as far as declarations go."""

    def variable(self, node: c.ID) -> Variable:
        """Return what a name stands for. Raises Refusal."""
        name = node.name
        found = self.names.get(name) or self.globals.get(name)
        if found is None:
            if name in self.tree.functions:
                raise Refusal("EL802", "a pointer to a function is not supported", node)
            self.globals[name] = found = self.undeclared(name)
        return found

    def undeclared(self, name: str) -> Variable:
        """Return what a name that is nowhere declared has to be: an array, a length, or a scalar."""
        if name in MATH:
            return Variable(DOUBLE, Polynomial.element(MATH[name]))
        if name in self.usage.indexed:
            kind: CType = DOUBLE
            for _ in range(self.usage.indexed[name]):
                kind = PointerType(kind)
            return Variable(kind, self.given(name, kind))
        if name in self.usage.limits or name in self.usage.places:
            return Variable(SIZE, self.length(name))
        return Variable(DOUBLE, self.given(name, DOUBLE))

    def declare(self, node: c.Decl) -> None:
        """Give a declared name its first value."""
        if isinstance(node.type, c.FuncDecl):
            return
        if node.name is None:
            self.type_of(node.type)
            return
        if id(node) in self.statics:
            self.bind(node.name, self.statics[id(node)])
            return
        kind = self.type_of(node.type)
        static = "static" in (node.storage or ())
        outer = self.names is self.globals
        if self.tree.bare and len(self.hidden) == 1 and node.init is None and node.name not in self.made(node):
            self.bind(node.name, Variable(kind, self.given(node.name, kind)))
            return
        if outer and node.init is None:
            self.globals[node.name] = Variable(kind, self.given(node.name, kind, shared=True))
            return
        kept = static and node.name in self.usage.written and "const" not in (node.quals or ())
        self.bind(node.name, Variable(kind))
        made = self.first(node, kind, zero=(static or outer) and not kept)
        if kept and not isinstance(made.value, (Pointer, Record)):
            made.value = None
            self.unset[made] = Refusal("EL817", KEPT.format(name=node.name), None, "set it before it is read")
        self.names[node.name] = made
        if static:
            self.statics[id(node)] = made

    def made(self, node: c.Decl) -> Set[str]:
        """Return the names of numbers that statements without a function write before they read them: their own."""
        return self.usage.varied if not isinstance(node.type, (c.ArrayDecl, c.PtrDecl)) else frozenset()

    def first(self, node: c.Decl, kind: CType, *, zero: bool) -> Variable:
        """Return a variable with the value that its declaration gives it."""
        if isinstance(kind, ArrayType):
            return Variable(kind, self.array(node, kind, zero=zero))
        if isinstance(kind, RecordType):
            made = Variable(kind, Record(kind, lambda name, one: self.local(name, one, zero=zero)))
            if isinstance(node.init, c.InitList):
                for name, one in _members(node.init, kind):
                    if not isinstance(kind.fields.get(name), Arithmetic):
                        raise Refusal("EL802", "only numbers are supported in the initialiser of a struct", one)
                    made.value.member(name, one).set(self.converted(self.value(one), kind.fields[name], one))
                for name, field in kind.fields.items():
                    if isinstance(field, Arithmetic) and made.value.member(name, node).get() is None:
                        made.value.member(name, node).set(self.converted(0, field, node))
            elif node.init is not None:
                made.value = self.copied(self.value(node.init), node)
            return made
        if node.init is None:
            return Variable(kind, self.converted(0, kind, node) if zero else None)
        init = node.init.exprs[0] if isinstance(node.init, c.InitList) and node.init.exprs else node.init
        return Variable(kind, self.converted(self.value(init), kind, init))

    def array(self, node: c.Decl, kind: ArrayType, *, zero: bool) -> Pointer:
        """Return a declared array with the values of its initialiser."""
        if node.name in self.setting.tables:
            found: Pointer = self.given(node.name, kind)
            found.memory.limit = kind.size if kind.length is not None else None
            return found
        rows = tuple(rows_of(kind.of))
        memory = Memory(node.name, given=False, rows=rows, zero=zero or node.init is not None)
        self.own.setdefault(node, []).append(memory)
        if node.init is not None:
            size = scalar_size(kind)
            places = self.initial(node.init, kind)
            for place, one in places:
                value = self.value(one)
                element = _element(kind)
                memory.set(place * size, size, self.converted(value, element, one), one)
            if kind.length is None:
                count = 1 + max((place for place, _ in places), default=-1)
                kind = ArrayType(kind.of, -(-count * size // max(kind.of.size, 1)))
            if (memory.last + 1) * size > kind.size:
                raise Refusal("EL813", f"{node.name} has fewer elements", node.init)
        memory.limit = kind.size
        return Pointer(memory, 0, kind.of)

    def initial(self, init: Any, kind: CType) -> list[tuple[int, Any]]:
        """Return the expressions of an initialiser with their places, in elements."""
        if not isinstance(init, c.InitList) or not isinstance(kind, ArrayType):
            return [(0, init.exprs[0] if isinstance(init, c.InitList) and init.exprs else init)]
        found: list[tuple[int, Any]] = []
        place = 0
        width = kind.of.size // max(scalar_size(kind), 1)
        for one in init.exprs:
            value = one
            if isinstance(one, c.NamedInitializer):
                if len(one.name) != 1 or isinstance(one.name[0], c.ID):
                    raise Refusal("EL802", "this designator is not supported", one)
                place, value = self.whole(one.name[0]) * width, one.expr
            if isinstance(value, c.InitList):
                place = -(-place // width) * width
                found += [(place + inner, said) for inner, said in self.initial(value, kind.of)]
                place += width
            else:
                found.append((place, value))
                place += 1
        return found

    def local(self, name: str, kind: CType, *, zero: bool) -> Variable:
        """Return a member of a struct that the text declares."""
        if isinstance(kind, ArrayType):
            return Variable(kind, Pointer(Memory(name, given=False, zero=zero, limit=kind.size), 0, kind.of))
        if isinstance(kind, RecordType):
            return Variable(kind, Record(kind, lambda inner, one: self.local(inner, one, zero=zero)))
        return Variable(kind, self.converted(0, kind, None) if zero else None)

    def parameter_type(self, node: Any) -> CType:
        """Return the type of a parameter: an array is a pointer to its first element or row."""
        if isinstance(node, c.ID):
            raise Refusal("EL802", f"the type of {node.name} is not said", node)
        kind = self.type_of(node.type)
        if isinstance(kind, ArrayType):
            return PointerType(kind.of)
        if isinstance(kind, Arithmetic) and kind.void:
            raise Refusal("EL802", "a parameter cannot be void", node)
        return kind

    def copied(self, value: Any, node: object) -> Record:
        """Return a struct with the members of another."""
        if isinstance(value, Pointer) and isinstance(value.to, RecordType):
            value = self.record_at(value, node)
        if not isinstance(value, Record):
            raise Refusal("EL802", "this is not a struct", node)
        original = value

        def member(name: str, kind: CType) -> Location:
            return Variable(kind, self.load(original.member(name, node), node))

        return Record(original.type, member)

    def converted(self, value: Any, kind: CType, node: Any) -> Any:
        """Return a value as a type holds it; `node` computes it. Raises Refusal."""
        return converted(self, value, kind, node)

    # what is given

    def given(
        self, name: str, kind: CType, prefix: tuple[int, ...] = (), *, shared: bool = False, member: bool = False
    ) -> Any:
        """Return what a parameter or a global of this type holds before the text runs.

        A whole number that is an address is a pointer to bytes.

        `shared`: a number that the text may write for its caller to see. `member`: it stands in a struct.
        """
        if isinstance(kind, (PointerType, ArrayType)):
            to = kind.to if isinstance(kind, PointerType) else kind.of
            rows = tuple(rows_of(to))
            memory = self.memory(name, prefix, rows)
            memory.declared = kind.length if isinstance(kind, ArrayType) else None
            memory.scalar = isinstance(to, Arithmetic) and name in self.usage.single
            memory.number = self.setting.scalars.get(memory.name) if memory.scalar else None
            return Pointer(memory, 0, to)
        if isinstance(kind, RecordType):
            return self.given_record(name, kind, prefix)
        if kind.whole and name in self.usage.addresses:
            return Pointer(self.memory(name, prefix, ()), 0, VOID)
        if kind.whole and not prefix and (member or shared or name in self.usage.counting | self.usage.asked):
            return self.length(name)
        said = self.said(name)
        if not prefix:
            self.scalars[said] = None
        if name in self.setting.scalars and not prefix:
            return self.setting.scalars[name]
        if shared:
            memory = self.memory(name, prefix, ())
            memory.scalar = True
        return Polynomial.element(said, prefix)

    def length(self, name: str) -> Extent:
        """Return the length that a name stands for in this run."""
        sizes, written = self.sizes, name
        name = self.said(name)
        if written in self.usage.strides and sizes.home(name) == name and name not in (*sizes.chosen, *sizes.given):
            number = sum(key in self.usage.strides for key in sizes.chosen)
            wish = sizes.lengths[len(sizes.chosen) % len(sizes.lengths)]
            least = max(sizes.lengths) + (3 * BEYOND if self.usage.offsets else 1)
            sizes.chosen[name] = least + APART * number + wish**2 * (number + 1) % APART
        elif self.usage.offsets and sizes.home(name) == name and name not in (*sizes.chosen, *sizes.given):
            number = sum(self.written(str(key)) in self.usage.offsets for key in sizes.chosen)
            start = OFFSETS[number % len(OFFSETS)][sizes.turn % 3]
            wish = sizes.lengths[len(sizes.chosen) % len(sizes.lengths)]
            sizes.chosen[name] = start if written in self.usage.offsets else wish + BEYOND
        found = sizes[name]
        self.counted[name] = int(found)
        return found

    def said(self, name: str) -> str:
        """Return a name as Python can say it."""
        said = name.replace("$", "_")
        while iskeyword(said) or said in TAKEN or (said != name and said in self.tree.words):
            said += "_"
        if said != name:
            self.renamed[said] = name
        return said

    def written(self, said: str) -> str:
        """Return a name as the text writes it."""
        return self.renamed.get(said, said)

    def memory(self, name: str, prefix: tuple[int, ...], rows: tuple[int, ...]) -> Memory:
        """Return memory that holds elements of its own."""
        made = Memory(self.said(name), given=True, prefix=prefix, rows=rows)
        self.memories.append(made)
        return made

    def given_record(
        self, name: str, kind: RecordType, prefix: tuple[int, ...] = (), *, dot: str = ".", copied: bool = False
    ) -> Record:
        """Return a struct that the caller gives, or a copy of one: its members are named after it, and `dot`."""

        def member(field_name: str, one: CType) -> Location:
            said = f"{name}_{field_name}"
            while said in self.tree.words:
                said += "_"
            self.renamed[said] = f"{self.written(name)}{'[i].' if prefix else dot}{field_name}"
            if isinstance(one, Arithmetic) and (prefix or not one.whole):
                memory = self.memory(said, prefix, ())
                memory.scalar, memory.copied = True, copied
                return Pointer(memory, 0, one)
            if isinstance(one, RecordType):
                return Variable(one, self.given_record(said, one, prefix, copied=copied))
            made = Variable(one, self.given(said, one, prefix, member=True))
            if isinstance(one, ArrayType):
                made.value.memory.copied = copied
            return made

        return Record(kind, member)

    def record_at(self, pointer: Pointer, node: object) -> Record:
        """Return the struct that stands where a pointer points."""
        memory, kind = pointer.memory, pointer.to
        if not isinstance(kind, RecordType):
            raise Refusal("EL802", "this is not a struct", node)
        place, rest = divmod(pointer.offset, kind.size)
        if rest or place < 0 or (memory.limit is not None and pointer.offset >= memory.limit):
            raise Refusal("EL813", "this is not a struct", node)
        if place not in memory.records:
            many = {memory.name, self.written(memory.name)} & self.usage.moved or memory.prefix
            if memory.given and not many and place:
                raise Refusal("EL813", f"{memory.name} is one struct, not an array", node)
            prefix = memory.at(place) if many else ()
            memory.records[place] = (
                self.given_record(memory.name, kind, prefix, dot="->")
                if memory.given
                else Record(kind, lambda name, one: self.local(name, one, zero=memory.zero))
            )
        return memory.records[place]


def rows_of(kind: CType) -> Iterator[int]:
    """Yield the lengths of the axes of an array, as far as they are said."""
    while isinstance(kind, ArrayType):
        if kind.length is None:
            return
        yield kind.length
        kind = kind.of


def _element(kind: CType) -> CType:
    while isinstance(kind, ArrayType):
        kind = kind.of
    return kind


def _members(init: c.InitList, kind: RecordType) -> Iterator[tuple[str, Any]]:
    """Yield the expressions of a struct's initialiser, each with the member that it is for."""
    names = list(kind.fields)
    place = 0
    for one in init.exprs:
        value = one
        if isinstance(one, c.NamedInitializer):
            name = one.name[0]
            if len(one.name) != 1 or not isinstance(name, c.ID) or name.name not in names:
                raise Refusal("EL802", "this designator is not supported", one)
            place, value = names.index(name.name), one.expr
        if place >= len(names):
            raise Refusal("EL813", "the struct has fewer members", one)
        yield names[place], value
        place += 1
