"""What a sum of einsums costs by plain loops: the work of its terms added up. In names of extents where unknown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...core.combination import Combination, Summand
from ...core.joined import Joined
from ...core.message import Code, Join, Message, Value
from ...core.report import Fact, Paragraph, Section, Table
from ...core.spec import Spec
from ..explain.cost import order_of
from ..explain.counts import product_of, sum_of
from ..explain.shapes import extent
from .formula import ones_of


def sum_cost(joined: Joined) -> Section | None:
    """Return what all terms of all statements cost together, and how that grows; nothing where there is no term.

    Counted is a nest of loops for each term: its products, the additions to the result, and a product for each element
    of the result where something scales the term.
    """
    pairs = [(one, summand) for one in joined.statements.combinations for summand in one.summands]
    if not pairs:
        return None
    counts = {
        "iterations": _iterations(pairs),
        "multiplications": _multiplications(pairs),
        "additions": _additions(joined),
    }
    rows = [(name, _total(joined, found)) for name, found in counts.items()]
    sets = [frozenset(index.label for index in summand.spec.indices) for _, summand in pairs]
    largest = [n for n, one in enumerate(sets) if not any(one < other for other in sets) and one not in sets[:n]]
    orders = [Code(order_of(joined.names, (index.label for index in pairs[n][1].spec.indices))) for n in largest]
    table = Table(
        heads=(Message("cost.what"), Message("cost.how_much")),
        rows=tuple((Message(f"cost.{name}"), value) for name, value in rows),
    )
    said = Message("sum.scales", {"order": Join(tuple(orders), "plus")})
    facts: dict[str, Fact] = {name: _fact(value) for name, value in rows}
    facts["scales_as"] = [order.text for order in orders]
    return Section(id="cost", parts=(Paragraph(message=said), table), facts=facts)


Count = tuple[Iterable[str], int]
"""The labels of loops, and how often what is counted happens in each iteration."""


def _total(joined: Joined, counts: Iterable[Count]) -> Value:
    """Return a sum of products of extents, loops over the same indices taken together."""
    order = {index.label: number for number, index in enumerate(joined.spec.indices)}
    found: dict[tuple[str, ...], int] = {}
    for labels, count in counts:
        key = tuple(sorted(labels, key=lambda label: order.get(label, len(order))))
        found[key] = found.get(key, 0) + count
    extents = ((extent(joined.spec, joined.names, label) for label in labels) for labels in found)
    return sum_of([product_of(sizes, count) for sizes, count in zip(extents, found.values(), strict=True)])


def _iterations(pairs: list[tuple[Combination, Summand]]) -> Iterator[Count]:
    for _, summand in pairs:
        yield _loops(summand.spec), 1


def _multiplications(pairs: list[tuple[Combination, Summand]]) -> Iterator[Count]:
    for combination, summand in pairs:
        spec, ones = summand.spec, ones_of(combination, summand)
        arrays = sum(bool(operand.labels) and n not in ones for n, operand in enumerate(spec.operands))
        scales = (abs(summand.coefficient) != 1) + len(summand.factors) + len(summand.divisors)
        scales += sum(not operand.labels for operand in spec.operands)
        if arrays > 1:
            yield _loops(spec), arrays - 1
        if scales - (arrays == 0) > 0:
            yield spec.output, scales - (arrays == 0)


def _additions(joined: Joined) -> Iterator[Count]:
    """Yield the additions: those inside sums, and those of terms to each other or to what is there."""
    for combination in joined.statements.combinations:
        for number, summand in enumerate(combination.summands):
            if summand.spec.summed:
                yield _loops(summand.spec), 1
            if number or combination.adds:
                yield summand.spec.output, 1


def _loops(spec: Spec) -> tuple[str, ...]:
    return tuple(index.label for index in spec.indices)


def _fact(value: Value) -> Fact:
    return value.text if isinstance(value, Code) else value if isinstance(value, int) else str(value)
