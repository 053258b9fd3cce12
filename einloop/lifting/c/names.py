"""What one run of a C text knows: its names by block, its types, what it saw. `value` says what an expression is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pycparser import c_ast as c

from ...core.effort import TooMuchError, spend
from ...core.polynomial import Number, Polynomial
from ..decisions import Comparisons
from ..sizes import Extent, Refusal, Sizes, too_long
from .arithmetic import PICKED
from .codes import Codes
from .memory import Location, Memory, Variable
from .tree import Tree
from .types import BASIC, INT, LONG, Arithmetic, ArrayType, CType, PointerType, RecordType, basic
from .usage import Usage

MAX_STEPS = 100_000
"""Statements that one run looks at."""
STEPS = 64
"""Steps that are counted at a time."""
STEP = 6
"""The work of one step."""


class Literal(Extent):
    """A number of the text that another stands for."""

    @property
    def true(self) -> int:
        """The number in the text."""
        return int(str(self.key))


@dataclass(slots=True)
class Shared:
    """What all runs of a text share: its codes, and what they saw of its conditions.

    `branches`: which ways each went. `special`: numbers that a length or a scalar was compared with for equality.
    `notes`: what is taken for granted, `noted`: of which constructs. `wraps`: differences, by whether their
    type has nothing below zero.
    """

    codes: Codes
    branches: dict[c.Node, set[bool]] = field(default_factory=dict)
    special: dict[tuple[str, Number], c.Node] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    noted: set[c.Node] = field(default_factory=set)
    wraps: dict[c.Node, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a run takes for the numbers in the text and its scalars.

    `literals`: what stands for a number of the text. `scalars`: numbers that scalars are given. `general`: names that
    are equal to no number that they are compared with, whatever they are. `tables`: arrays of numbers in the text that
    are taken as they would be if they were given.
    """

    literals: Mapping[int, int] = field(default_factory=dict)
    scalars: Mapping[str, Number] = field(default_factory=dict)
    general: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()


class CNames:
    """The names and types of one run."""

    def __init__(self, tree: Tree, usage: Usage, sizes: Sizes, setting: Setting, shared: Shared) -> None:
        self.tree, self.usage, self.sizes, self.setting, self.shared = tree, usage, sizes, setting, shared
        self.literals = {number: Literal(sizes[str(number)], str(number)) for number in setting.literals}
        self.globals: dict[str, Variable] = {}
        self.names = self.globals
        """The names of the function that runs; those of blocks are taken out when they end."""
        self.hidden: list[list[tuple[str, Variable | None]]] = []
        """For every open block what its names hide."""
        self.memories: list[Memory] = []
        self.own: dict[c.Node, list[Memory]] = {}
        """The arrays that each declaration made."""
        self.typedefs: dict[str, c.Node] = {}
        self.structs: dict[str, CType] = {}
        self.types: dict[int, CType] = {}
        self.statics: dict[int, Variable] = {}
        self.unset: dict[Variable, Refusal] = {}
        """Variables without a value that is known, and why."""
        self.counted: dict[str, int] = {}
        self.scalars: dict[str, None] = {}
        self.renamed: dict[str, str] = {}
        """Names that Python cannot say, and members of structs, by what they are called instead."""
        self.comparisons = Comparisons()
        self.steps = self.paid = 0

    def value(self, node: Any) -> Any:
        """Return what an expression is; run what it does on the way."""
        return self.shared.codes.value(node)(self)

    def location(self, node: Any) -> Any:
        """Return what an expression can be assigned through. Raises Refusal."""
        return self.shared.codes.place(node)(self)

    def whole(self, node: Any) -> int:
        """Return an expression that is a whole number."""
        return self.whole_of(self.value(node), node)

    def whole_of(self, value: Any, node: Any) -> int:
        """Return a value that is a whole number."""
        if isinstance(value, int):
            return value
        if isinstance(value, Polynomial):
            raise Refusal("EL806", "an element of an array is an index here", node, PICKED)
        raise Refusal("EL802", "a whole number is needed here", node)

    def type_at(self, node: Any) -> CType:
        """Return the type of an expression, without running it."""
        raise NotImplementedError

    def source_type(self, node: Any) -> CType:
        """Return the type of what is assigned, before it is converted."""
        raise NotImplementedError

    def is_whole(self, node: Any) -> bool:
        """Return whether an expression is of a type that holds whole numbers."""
        raise NotImplementedError

    def load(self, place: Location, node: object) -> Any:
        """Return what stands at a location."""
        raise NotImplementedError

    def pay(self, node: object) -> None:
        """Count the work of the next steps. Raises Refusal where they are too many."""
        self.paid += STEPS
        try:
            spend(STEPS * STEP)
        except TooMuchError:
            raise too_long(node) from None
        if self.steps > MAX_STEPS:
            raise Refusal("EL816", f"this takes more than {MAX_STEPS:,} steps", node)

    # names

    def literal_of(self, node: c.ID) -> tuple[int, Arithmetic] | None:
        """Return the number of the text that a name stands for, with its type, None where it is another value."""
        found = self.names.get(node.name)
        if found is None or not isinstance(found.value, Literal) or not isinstance(found.type, Arithmetic):
            return None
        return found.value.true, found.type

    def note(self, node: c.Node, said: str) -> None:
        """Take note of what is taken for granted of a construct: `{text}` is how it stands in the text."""
        if node not in self.shared.noted:
            self.shared.noted.add(node)
            self.shared.notes[said.format(text=self.tree.text(node))] = None

    def unread(self, variable: Variable, name: str, node: object) -> Refusal:
        """Return why a variable without a value cannot be read."""
        known = self.unset.get(variable)
        if known is None:
            return Refusal("EL802", f"{name} is read before it has a value", node)
        return Refusal(known.id, known.reason, known.node or node, known.hint)

    def bind(self, name: str, variable: Variable) -> None:
        """Let a name stand for a variable until the block ends."""
        if self.hidden:
            self.hidden[-1].append((name, self.names.get(name)))
        self.names[name] = variable

    def open(self) -> None:
        """Begin a block."""
        self.hidden.append([])

    def close(self) -> None:
        """End a block: its names stand for what they did before."""
        for name, before in reversed(self.hidden.pop()):
            if before is None:
                del self.names[name]
            else:
                self.names[name] = before

    # types

    def type_of(self, node: Any) -> CType:
        """Return the type that a declaration says."""
        found = self.types.get(id(node))
        if found is None:
            read = TYPES.get(node.__class__)
            if read is None:
                raise Refusal("EL802", UNREAD.get(node.__class__, "this type is not supported"), node)
            found = read(self, node)
            if not _measured(node):
                self.types[id(node)] = found
        return found

    def named_type(self, node: c.IdentifierType) -> CType:
        """Return the type that words say."""
        if len(node.names) == 1 and node.names[0] in self.typedefs:
            return self.type_of(self.typedefs[node.names[0]])
        if node.names[0] in self.tree.types and node.names[0] in self.usage.whole_types:
            return BASIC.get(node.names[0], LONG)
        if "_Complex" in node.names or "complex" in node.names:
            raise Refusal("EL802", "complex numbers of C are not supported", node)
        return basic(node.names)

    def array_type(self, node: c.ArrayDecl) -> CType:
        """Return the type of an array."""
        return ArrayType(self.type_of(node.type), None if node.dim is None else self.whole(node.dim))

    def record(self, node: c.Struct) -> CType:
        """Return the type of a struct, which one that points to itself has as well."""
        if node.decls is None:
            if node.name not in self.structs:
                raise Refusal("EL802", f"the struct {node.name} has no members here", node)
            return self.structs[node.name]
        fields: dict[str, CType] = {}
        made = RecordType(fields)
        if node.name:
            self.structs[node.name] = made
        for one in node.decls:
            if getattr(one, "bitsize", None) is not None or getattr(one, "name", None) is None:
                raise Refusal("EL802", "this member of a struct is not supported", one)
            fields[one.name] = self.type_of(one.type)
        return made

    def enumerate(self, node: c.Enum) -> CType:
        """Declare the names of an enum; return the type of its values."""
        following: int = 0
        for one in node.values.enumerators if node.values else ():
            following = self.whole(one.value) if one.value is not None else following
            self.bind(one.name, Variable(INT, following))
            following += 1
        return INT


TYPES: Mapping[type[c.Node], Callable[[Any, Any], CType]] = {
    **dict.fromkeys((c.Decl, c.TypeDecl, c.Typename, c.Typedef), lambda run, node: run.type_of(node.type)),
    c.IdentifierType: CNames.named_type,
    c.PtrDecl: lambda run, node: PointerType(run.type_of(node.type)),
    c.ArrayDecl: CNames.array_type,
    c.Enum: CNames.enumerate,
    c.Struct: CNames.record,
}
UNREAD: Mapping[type[c.Node], str] = {
    c.FuncDecl: "a pointer to a function is not supported",
    c.Union: "a union is not supported: its members share their bytes",
}
"""Types that are not read, and why."""


def _measured(node: Any) -> bool:
    """Return whether a type has lengths, which may differ when it is asked for again."""
    while node is not None and not isinstance(node, (c.IdentifierType, c.Struct, c.Enum)):
        if isinstance(node, c.ArrayDecl):
            return True
        node = getattr(node, "type", None)
    return False
