"""The table of indices: kind, flags, extent and every place."""

from __future__ import annotations

from ...core.message import Code, Join, Message, Value
from ...core.names import Names
from ...core.report import Fact, Section, Table
from ...core.spec import DOTS, Index, Spec
from .shapes import extent

HEADS = ("index", "kind", "flags", "extent", "places")


def roles(spec: Spec, names: Names) -> Section | None:
    """Return a table with a row for every index, in order of appearance; nothing where there is no index."""
    if not spec.indices:
        return None
    return Section(
        id="roles",
        parts=(
            Table(
                heads=tuple(Message(f"roles.{head}") for head in HEADS),
                rows=tuple(_row(spec, names, index) for index in spec.indices),
            ),
        ),
        facts={"indices": [_facts(spec, names, index) for index in spec.indices]},
    )


def _row(spec: Spec, names: Names, index: Index) -> tuple[Value, ...]:
    shown = Code(names.shown(index.label))
    kind = Message(f"kind.{index.role.value}")
    flags = Join(tuple(Message(f"flag.{flag}") for flag in index.flags), "comma")
    return (shown, kind, flags, Code(str(extent(spec, names, index.label))), Join(_places(spec, names, index), "comma"))


def _places(spec: Spec, names: Names, index: Index) -> tuple[Message, ...]:
    """Return every place of an index, those in the operands before the one in the result."""
    found = [
        _place(names.operands[place.operand], place.axis, index.label, stretched=place.stretched)
        for place in index.places
    ]
    if index.label in spec.output:
        axis = spec.output.index(index.label)
        dots = spec.output.index(DOTS) if DOTS in spec.output else len(spec.output)
        found.append(_place(names.result, axis if axis <= dots else axis - len(spec.output), index.label))
    return tuple(found)


def _place(array: str, axis: int, label: str, *, stretched: bool = False) -> Message:
    """Return "A axis 0"; an ellipsis of unknown rank has no axis that could be counted."""
    if label == DOTS:
        return Message("roles.axes_of_dots", {"array": Code(array)})
    kind = "roles.stretched_place" if stretched else "roles.place"
    return Message(kind, {"array": Code(array), "axis": axis})


def _facts(spec: Spec, names: Names, index: Index) -> Fact:
    return {
        "label": index.label,
        "name": names.index[index.label],
        "kind": index.role.value,
        "flags": list(index.flags),
        "extent": index.extent,
        "places": [
            {"operand": names.operands[place.operand], "number": place.operand, "axis": place.axis}
            for place in index.places
        ],
        "output_axis": spec.output.index(index.label) if index.label in spec.output else None,
    }
