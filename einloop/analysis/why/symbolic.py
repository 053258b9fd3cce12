"""An element written out without values: which elements meet. Reads no arrays."""

from __future__ import annotations

from itertools import islice, product
from math import prod

from ...core.message import Code, Message, Value, codes
from ...core.names import Names
from ...core.report import Block, Fact, Paragraph, Part, Section
from ...core.spec import Spec
from ..elements import element, result_element
from .kinds import ElementKind, added, multiplied


def symbolic_sections(
    spec: Spec, names: Names, at: tuple[int, ...], top: int, chosen: tuple[str, ...], *, logic: bool
) -> tuple[Section, ...]:
    """Return an element written out without values.

    `chosen`: the indices whose extent nobody gave. `logic`: the operands are booleans, whose product is AND and sum OR.
    """
    kind = ElementKind.LOGIC if logic else ElementKind.REAL
    fixed = {label: str(place) for label, place in zip(spec.output, at, strict=True)}
    name = result_element(spec, names, fixed)
    sizes = {index.label: index.extent for index in spec.summed if isinstance(index.extent, int)}
    count = prod(sizes.values())
    terms = []
    for place in islice(product(*(range(min(size, top)) for size in sizes.values())), top):
        texts = fixed | dict(zip(sizes, map(str, place), strict=True))
        terms.append(multiplied([element(spec, names, n, texts) for n in range(len(spec.operands))], kind))
    parts: list[Part] = [Paragraph(message=_lead(spec, names, name, count, kind), lead=True)]
    if terms:
        dots = ["…"] if count > len(terms) else []
        parts.append(Block(text=added(f"{name} = ", [*terms, *dots], kind), language="math"))
    if count > len(terms):
        parts.append(Paragraph(message=Message("why.left.unknown", {"count": count - len(terms)})))
    if chosen:
        sized = codes([f"{names.index[label]} = {spec.by_label[label].extent}" for label in chosen])
        parts.append(Paragraph(message=Message("why.chosen", {"sizes": sized})))
    facts: dict[str, Fact] = {
        "element": name,
        "at": list(at),
        "terms": count,
        "first": [*terms],
        "sizes": {names.index[index.label]: index.extent for index in spec.indices},
        "chosen": [names.index[label] for label in chosen],
    }
    return (Section(id="element", parts=tuple(parts), facts=facts),)


def _lead(spec: Spec, names: Names, name: str, count: int, kind: ElementKind) -> Message:
    values: dict[str, Value] = {"element": Code(name), "count": count}
    if count == 0:
        return Message("one.empty", {"element": Code(name)})
    if count == 1:
        return Message("why.symbolic.single", values)
    over = [names.index[index.label] for index in spec.summed if index.extent != 1]
    return Message(f"why.symbolic.{'any' if kind is ElementKind.LOGIC else 'sum'}", values | {"over": codes(over)})
