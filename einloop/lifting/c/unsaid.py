"""Structs that a C text uses and does not define in, the members that it uses of them out.

Code of a library comes without its headers. What stands before `.` or `->` is a struct all the same: a member that is
followed, or assigned to a pointer, is a pointer, one that counts is a whole number, any other a number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from pycparser import c_ast as c

from .nodes import walk
from .usage import first_name, flows, usage_of

MEMBER = tuple[str, str]
"""The type of a struct, and the name of a member."""


def structs_of(root: c.FileAST, types: Collection[str]) -> dict[str, str]:
    """Return the declarations of the members of each of these types that are structs, as C."""
    owners = {
        one.name: name for one in walk(root, c.Decl) if (name := _bottom(one.type)[0]) in types and one.name is not None
    }
    used = [node for node in walk(root, c.StructRef) if _member(node, owners) is not None] if owners else []
    if not used:
        return {}
    usage = usage_of(root)
    counting = usage.counting | usage.asked
    pointers: dict[MEMBER, str] = {}
    for member, said in _pointers(root, owners):
        pointers.setdefault(member, said)
    found: dict[str, dict[str, str]] = {}
    for node in used:
        kind, name = _member(node, owners) or ("", "")
        members = found.setdefault(kind, {})
        if (kind, name) in pointers:
            members[name] = f"{pointers[kind, name]}{name};"
        elif f"{first_name(node.name)}_{name}" in counting:
            members[name] = f"int {name};"
        else:
            members.setdefault(name, f"double {name};")
    return {kind: " ".join(members.values()) for kind, members in found.items()}


def _bottom(node: Any) -> tuple[str, int]:
    """Return the name of the type below pointers and arrays, and how many there are of these; no name for others."""
    depth = 0
    while isinstance(node, (c.PtrDecl, c.ArrayDecl, c.TypeDecl)):
        depth += not isinstance(node, c.TypeDecl)
        node = node.type
    return (" ".join(node.names), depth) if isinstance(node, c.IdentifierType) else ("", depth)


def _member(node: Any, owners: dict[str, str]) -> MEMBER | None:
    """Return which member of which type an expression is, None where it is none of an unknown type."""
    if not isinstance(node, c.StructRef):
        return None
    base = node.name
    while isinstance(base, (c.ArrayRef, c.UnaryOp)):
        base = base.name if isinstance(base, c.ArrayRef) else base.expr
    return (owners[base.name], node.field.name) if isinstance(base, c.ID) and base.name in owners else None


def _pointers(root: c.FileAST, owners: dict[str, str]) -> Iterator[tuple[MEMBER, str]]:
    """Yield the members that are pointers, with what they point to, as C: the most that is known of each first."""
    kinds = {one.name: _bottom(one.type) for one in walk(root, c.Decl)}
    for name, value in flows(root):
        said, depth = kinds.get(name, ("", 0))
        if said and depth:
            for part in _terms(value):
                if (found := _member(part, owners)) is not None:
                    yield found, f"{said} {'*' * depth}"
    for node in walk(root, (c.ArrayRef, c.UnaryOp)):
        depth, base = 0, node
        while isinstance(base, c.ArrayRef) or (isinstance(base, c.UnaryOp) and base.op in ("*", "p++", "p--")):
            depth += isinstance(base, c.ArrayRef) or base.op == "*"
            base = base.name if isinstance(base, c.ArrayRef) else base.expr
        if depth and (found := _member(base, owners)) is not None:
            yield found, "double " + "*" * depth


def _terms(node: Any) -> Iterator[Any]:
    """Yield what an expression adds up: what it points into, and by how much."""
    match node:
        case c.BinaryOp(op="+" | "-"):
            yield from _terms(node.left)
            yield from _terms(node.right) if not isinstance(node.right, c.StructRef) else ()
        case c.Cast():
            yield from _terms(node.expr)
        case _:
            yield node
