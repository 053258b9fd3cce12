"""A C text in, how its function is called out: its parameters, what it returns, and a text to compile.

What proves a lifted C function asks here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pycparser import c_ast as c
from pycparser.c_generator import CGenerator

from ..sizes import Refusal, Sizes
from .calls import CALLS, NOT_LINEAR
from .declarations import rows_of
from .memory import scalar_size
from .names import Setting
from .nodes import walk
from .program import main_function
from .statements import CRun, shared
from .tree import BARE, Tree, parameters, parsed
from .types import BASIC, Arithmetic, ArrayType, CType, PointerType
from .usage import tables_of, usage_of

HEADERS = ("assert.h", "math.h", "stdbool.h", "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h", "sys/types.h")
IN_HEADERS = frozenset(
    name
    for name in BASIC
    if (name.endswith("_t") and "float" not in name) or name in ("bool", "_Bool", "uint", "ulong")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CParameter:
    """A parameter or a global array: what statements call it, its type, and its dtype.

    `kind` is `float64` for a number, `float64*` for a pointer to numbers, `float64**` for one to pointers; empty where
    it is none of them.
    """

    name: str
    type: CType
    kind: str
    spelled: str = ""
    """How the text calls the type below a pointer."""
    written: str = ""
    """The name in the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CSignature:
    """How the function of a text is called. `returns` is None where it returns nothing; `source` is what compiles."""

    entry: str
    parameters: tuple[CParameter, ...]
    outside: tuple[CParameter, ...]
    returns: str | None
    source: str
    returned: CType | None = None
    undeclared: frozenset[str] = frozenset()
    """Names that the text uses and does not declare."""
    tables: Mapping[str, Any] = field(default_factory=dict)
    """The numbers of arrays that the text declares and never writes, row by row."""

    @property
    def plain(self) -> bool:
        """It takes numbers and arrays of numbers alone."""
        plain = all(one.kind.rstrip("*") and not one.kind.endswith("**") for one in self.parameters)
        return plain and not self.outside and self.returns != ""


def signature(text: str) -> CSignature:
    """Return how the function of a C text is called. Raises Refusal where there is none.

    >>> found = signature("void f(int n, const float *x, double *y) { y[0] = n * x[0]; }")
    >>> found.entry, [(one.name, one.kind) for one in found.parameters], found.returns
    ('f', [('n', 'int32'), ('x', 'float32*'), ('y', 'float64*')], None)
    """
    tree = parsed(text)
    name = main_function(tree)
    if name == BARE:
        raise Refusal("EL814", "there is no function", hint="give the whole function, with its declarations")
    run = CRun(tree, usage_of(tree.root), Sizes((3, 4, 5, 6, 7, 8), {}, {}), Setting(), shared())
    function = tree.functions[name]
    found = [(one.name, run.parameter_type(one)) for one in parameters(function)]
    outside = [
        (one.name, run.type_of(one.type))
        for one in tree.root.ext
        if isinstance(one, c.Decl) and one.name and one.init is None and not isinstance(one.type, c.FuncDecl)
    ]
    returned = run.type_of(function.decl.type.type)
    return CSignature(
        entry=name,
        parameters=tuple(
            CParameter(
                name=run.said(one.name), type=kind, kind=kind_of(kind), spelled=_named(one.type), written=one.name
            )
            for one, (_, kind) in zip(parameters(function), found, strict=True)
        ),
        outside=tuple(CParameter(name=run.said(key), type=kind, kind=kind_of(kind)) for key, kind in outside),
        returns=None if isinstance(returned, Arithmetic) and returned.void else kind_of(returned),
        source=_compilable(run, name),
        returned=returned,
        undeclared=_undeclared(tree),
        tables=_tables(run),
    )


def _named(node: Any) -> str:
    """Return how a text calls the type below a pointer, empty where it has no name."""
    while isinstance(node, (c.PtrDecl, c.TypeDecl)):
        node = node.type
    if isinstance(node, c.Struct):
        return f"struct {node.name}" if node.name else ""
    return " ".join(node.names) if isinstance(node, c.IdentifierType) else ""


def _undeclared(tree: Tree) -> frozenset[str]:
    declared = {one.name for one in walk(tree.root, (c.Decl, c.Enumerator, c.Typedef))}
    called = {one.name.name for one in walk(tree.root, c.FuncCall) if isinstance(one.name, c.ID)}
    members = {id(one.field) for one in walk(tree.root, c.StructRef)}
    return frozenset(one.name for one in walk(tree.root, c.ID) if id(one) not in members) - declared - called


def kind_of(kind: CType) -> str:
    """Return the dtype of a number, with a star for each pointer; empty where it is another thing."""
    pointers, arrays = 0, False
    while isinstance(kind, (PointerType, ArrayType)):
        pointers += isinstance(kind, PointerType)
        arrays |= isinstance(kind, ArrayType)
        kind = kind.to if isinstance(kind, PointerType) else kind.of
    if not isinstance(kind, Arithmetic) or kind.void:
        return ""
    name = f"{'u' if kind.unsigned else ''}int" if kind.whole else "float"
    return f"{name}{8 * kind.size}{'*' * max(pointers, int(arrays))}"


def _tables(run: CRun) -> dict[str, Any]:
    """Return the numbers of the tables of a text, as nested lists."""
    names = tables_of(run.tree.root, run.usage.written)
    found: dict[str, Any] = {}
    for node in walk(run.tree.root, c.Decl):
        if node.name in names and isinstance(kind := run.type_of(node.type), ArrayType):
            places = dict(run.initial(node.init, kind))
            size = max(kind.size // scalar_size(kind), 1 + max(places, default=-1))
            rows = [float(run.value(places[n])) if n in places else 0.0 for n in range(size)]
            for length in reversed(tuple(rows_of(kind.of))):
                rows = [rows[n : n + length] for n in range(0, len(rows), length)]  # type: ignore[misc]
            found[run.said(node.name)] = rows
    return found


def _compilable(run: CRun, name: str) -> str:
    """Return what compiles: a function, those that it calls, and declarations, printed from what was read alone.

    Nothing else of the text is compiled, no directive, no attribute, no other function. Raises Refusal where something
    is called that is not known.
    """
    tree = run.tree
    kept = _called(tree, name)
    head = [f"#include <{header}>" for header in HEADERS]
    head += [
        f"typedef {_spelled(run.named_type(c.IdentifierType([one])))} {one};"
        for one in tree.types
        if one not in IN_HEADERS
    ]
    tree.functions[name].decl.storage, tree.functions[name].decl.funcspec = [], []
    parts = [one for one in tree.root.ext if (isinstance(one, c.FuncDef) and one.decl.name in kept)
             or (isinstance(one, c.Decl) and not isinstance(one.type, c.FuncDecl))
             or (isinstance(one, c.Typedef) and one.name not in tree.types)]  # fmt: skip
    return "\n".join([*head, CGenerator().visit(c.FileAST(parts))])


def _called(tree: Tree, name: str) -> set[str]:
    """Return the functions of a text that one of them calls, itself too. Raises Refusal where a call is not known."""
    found, waiting = {name}, [name]
    while waiting:
        for call in walk(tree.functions[waiting.pop()], c.FuncCall):
            said = call.name.name if isinstance(call.name, c.ID) else ""
            if said in tree.functions:
                waiting += [said] if said not in found else []
                found.add(said)
            elif said not in CALLS and said not in NOT_LINEAR:
                raise Refusal("EL803", f"what {said or 'this'} does is not known", call)
    return found


def _spelled(kind: CType) -> str:
    if not isinstance(kind, Arithmetic) or not kind.whole:
        return "float" if kind.size == 4 else "double"
    return f"{'u' if kind.unsigned else ''}int{8 * kind.size}_t"
