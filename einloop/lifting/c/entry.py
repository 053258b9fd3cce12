"""A signature in, a function out that takes numbers and arrays alone: it fills structs, rows and globals, and calls.

What proves a lifted C function calls this one: ctypes need not know what a struct looks like.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ..computed import Input
from .memory import scalar_size
from .signature import CParameter, CSignature, kind_of
from .types import Arithmetic, ArrayType, CType, PointerType, RecordType

ENTRY = "einloop_entry"
SPELLED: Mapping[str, str] = {"float32": "float", "float64": "double"}
"""How C spells a dtype; a whole one has `_t` after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CEntry:
    """What is called: its parameters by name, their dtypes, and the shapes of those that only take results."""

    source: str
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    made: Mapping[str, tuple[int, ...]]


@dataclass(slots=True)
class _Writer:
    """An entry while it is written."""

    given: Mapping[str, Input]
    results: Collection[str]
    names: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    made: dict[str, tuple[int, ...]] = field(default_factory=dict)
    possible: bool = True

    def taken(self, name: str, kind: str) -> str:
        """Return what the entry calls a value that it takes."""
        if name not in self.names:
            self.names.append(name)
            self.kinds.append(kind)
        return f"einloop_{self.names.index(name)}"

    def argument(self, one: CParameter) -> str:
        """Return what the function is given for a parameter."""
        place = f"own_{len(self.names)}_{len(self.before)}"
        kind = one.type.to if isinstance(one.type, PointerType) else one.type
        if isinstance(kind, RecordType) and isinstance(one.type, PointerType) and self.many(one.written, kind):
            return self.structs(one, kind, place)
        if isinstance(kind, RecordType) and one.spelled:
            self.before.append(f"{one.spelled} {place}; memset(&{place}, 0, sizeof {place});")
            for member, field_type in kind.fields.items():
                self.member(f"{one.written}_{member}", f"{place}.{member}", field_type)
            return f"&{place}" if isinstance(one.type, PointerType) else place
        if isinstance(kind, PointerType):
            return self.rows(one.name, one.type, place)
        if not one.kind or one.kind.endswith("**"):
            self.possible = False
            return "0"
        return self.taken(one.name, one.kind)

    def many(self, name: str, kind: RecordType) -> bool:
        """Return whether a pointer to a struct is one to many: a member that is one number is an array here."""
        members = ((self.given.get(f"{name}_{member}"), one) for member, one in kind.fields.items())
        return any(isinstance(shape, tuple) and len(shape) > _depth(one) for shape, one in members if kind_of(one))

    def structs(self, one: CParameter, kind: RecordType, place: str) -> str:
        """Return an array of structs that is filled with the numbers of arrays, and they with its numbers after."""
        names = {name: member for member in kind.fields if (name := f"{one.written}_{member}") in self.given}
        kinds = {name: kind.fields[member] for name, member in names.items()}
        self.possible &= bool(one.spelled) and all(
            isinstance(type, (Arithmetic, ArrayType)) and kind_of(type) and self.given[name]
            for name, type in kinds.items()
        )
        if not self.possible:
            return "0"
        counts = [self.taken(f"{name}.shape[0]", "int64") for name in names]
        self.before.append(f"{one.spelled} {place}[{' + '.join(counts)} + 1]; memset({place}, 0, sizeof {place});")
        for (name, member), count in zip(names.items(), counts, strict=True):
            own = self.taken(name, f"{_bottom(kind_of(kinds[name]))}*")
            size = f"sizeof {place}[0].{member}"
            theirs, ours = f"&{place}[at].{member}", f"(char *){own} + at * {size}"
            self.before.append(f"for (long at = 0; at < {count}; at++) memcpy({theirs}, {ours}, {size});")
            self.after.append(f"for (long at = 0; at < {count}; at++) memcpy({ours}, {theirs}, {size});")
        return place

    def member(self, name: str, place: str, kind: CType) -> None:
        """Give a member of a struct, or a global, its value, and bring it back."""
        dtype = kind_of(kind)
        if isinstance(kind, RecordType):
            for member, one in kind.fields.items():
                self.member(f"{name}_{member}", f"{place}.{member}", one)
        elif name not in self.given:
            return
        elif not dtype:
            self.possible = False
        elif isinstance(kind, Arithmetic):
            if isinstance(self.given[name], int) and name not in self.results:
                self.before.append(f"{place} = {self.taken(name, dtype)};")
            elif self.given[name] == () or isinstance(self.given[name], int):
                own = self.taken(name, dtype + "*")
                self.before.append(f"{place} = *{own};")
                self.after.append(f"*{own} = {place};")
            else:  # one of many structs
                self.possible = False
        elif isinstance(kind, ArrayType):
            own, size = self.taken(name, f"{_bottom(dtype)}*"), self.taken(f"{name}.size", "int64")
            size = f"{size} * {scalar_size(kind)} < sizeof {place} ? {size} * {scalar_size(kind)} : sizeof {place}"
            self.before.append(f"memcpy({place}, {own}, {size});")
            self.after.append(f"memcpy({own}, {place}, {size});")
        elif isinstance(kind.to, PointerType):
            self.before.append(f"{place} = {self.rows(name, kind, f'rows_{len(self.before)}')};")
        else:
            self.before.append(f"{place} = {self.taken(name, dtype)};")

    def rows(self, name: str, kind: CType, place: str) -> str:
        """Return a pointer to pointers to the rows of an array."""
        dtype, shape = kind_of(kind), self.given.get(name)
        if not dtype.endswith("**") or dtype.endswith("***") or not isinstance(shape, tuple) or len(shape) != 2:
            self.possible = False
            return "0"
        own = self.taken(name, dtype[:-1])
        count, length = (self.taken(f"{name}.shape[{axis}]", "int64") for axis in (0, 1))
        self.before.append(f"{_spelled(dtype[:-2])} *{place}[{count} + 1];")
        self.before.append(f"for (long at = 0; at < {count}; at++) {place}[at] = {own} + at * {length};")
        return f"(void *){place}"

    def returned(self, kind: CType, place: str) -> None:
        """Bring back the members of a struct that the function returns."""
        for member, one in kind.fields.items() if isinstance(kind, RecordType) else ():
            name, dtype, shape = f"result_{member}", kind_of(one), []
            bottom = one
            while isinstance(bottom, ArrayType):
                shape.append(bottom.length or 0)
                bottom = bottom.of
            if name in self.results and isinstance(bottom, Arithmetic) and dtype:
                own = self.taken(name, f"{_bottom(dtype)}*")
                self.made[name] = tuple(shape)
                size = f"sizeof {place}.{member}"
                self.after.append(f"memcpy({own}, {'' if shape else '&'}{place}.{member}, {size});")


def entry(found: CSignature, given: Mapping[str, Input], results: Collection[str]) -> CEntry | None:
    """Return the function that takes what is `given`, and of which `results` come back; None where none can be written.

    >>> from .signature import signature
    >>> text = "typedef struct { int n; double *x; } V; void f(V v) { for (int i = 0; i < v.n; i++) v.x[i] *= 2; }"
    >>> made = entry(signature(text), {"v_n": 3, "v_x": (3,)}, ["v_x"])
    >>> made.names, made.kinds
    (('v_n', 'v_x'), ('int32', 'float64*'))
    """
    writer = _Writer(given, results)
    arguments = [writer.argument(one) for one in found.parameters]
    for one in found.outside:
        writer.member(one.name, one.name, one.type)
    unsaid = [f"#ifndef {name}\nstatic double {name};\n#endif" for name in sorted(found.undeclared - given.keys())]
    for name, shape in given.items():
        if name not in writer.names and name not in found.tables and name in found.undeclared:
            kind = "int64" if isinstance(shape, int) else "float64*" if shape else "float64"
            unsaid.append(f"static {_spelled(kind.rstrip('*'))} {'*' if shape and kind.endswith('*') else ''}{name};")
            writer.before.append(f"{name} = {writer.taken(name, kind)};")
            writer.possible &= isinstance(shape, int) or len(shape) < 2
    call = f"{found.entry}({', '.join(arguments)});"
    if isinstance(found.returned, RecordType):
        writer.returned(found.returned, "back")
        call = f"__typeof__({call[:-1]}) back = {call}"
    elif found.returns is not None:
        call = f"{_spelled(found.returns.rstrip('*'))} {'*' * found.returns.count('*')}back = {call}"
    missing = {*given, *results} - {"result", *writer.names, *found.tables}
    if not writer.possible or missing:
        return None
    returns = _spelled(found.returns) if found.returns else "void"
    own = ", ".join(
        f"{_spelled(kind.rstrip('*'))} {'*' * kind.count('*')}einloop_{n}" for n, kind in enumerate(writer.kinds)
    )
    back = ["return back;"] if found.returns else []
    body = "\n".join([*writer.before, call, *writer.after, *back])
    head, _, rest = found.source.rpartition("#include")
    line, _, rest = rest.partition("\n")
    source = "\n".join([f"{head}#include{line}", *unsaid, rest, f"{returns} {ENTRY}({own or 'void'}) {{\n{body}\n}}"])
    return CEntry(source=source, names=tuple(writer.names), kinds=tuple(writer.kinds), made=writer.made)


def _depth(kind: CType) -> int:
    """Return how many axes a member has."""
    if isinstance(kind, PointerType):
        return 1 + _depth(kind.to)
    return 1 + _depth(kind.of) if isinstance(kind, ArrayType) else 0


def _bottom(dtype: str) -> str:
    return dtype.rstrip("*")


def _spelled(dtype: str) -> str:
    return SPELLED.get(dtype, f"{dtype}_t")
