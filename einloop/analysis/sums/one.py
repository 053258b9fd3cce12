"""One element of a sum of einsums, spelled out term by term."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import prod

from ...core.combination import Combination, Summand
from ...core.formula import grouped
from ...core.joined import Joined
from ...core.report import Block, Fact, Section
from ...core.spec import DOTS
from ..explain.one import telling_places
from ..explain.shapes import extent
from .formula import statement_formula, term_formula

MAX_TERMS = 4
"""A sum of more products shows its first ones and its last."""
MAX_ADDENDS = 12
MAX_LINE = 84
PLUS = " + "


def one_of_sum(joined: Joined) -> Section | None:
    """Return an element of each result written out; nothing where that would be no help: too many terms, an ellipsis,
    or a result without elements."""
    texts, facts = [], list[Fact]()
    for combination in joined.statements.combinations:
        if not 0 < len(combination.summands) <= MAX_ADDENDS:
            return None
        at = _places(joined, combination)
        if at is None:
            return None
        written = [(summand, TermWriter(joined, combination, summand, at).text()) for summand in combination.summands]
        terms = [signed(text, negative=one.negative, first=not n) for n, (one, text) in enumerate(written)]
        left = str(statement_formula(joined, combination, at).result)
        sign = "+=" if combination.adds else "="
        texts.append(rows(f"{left} {sign} ", terms))
        facts.append({"element": left, "terms": [term.strip() for term in terms]})
    return Section(id="one", parts=(Block(text="\n".join(texts), language="math"),), facts={"elements": facts})


def signed(text: str, *, negative: bool, first: bool) -> str:
    """Return a term with the sign that stands before it."""
    if first:
        return f"−{text}" if negative else text
    return f" {'−' if negative else '+'} {text}"


def rows(start: str, terms: list[str]) -> str:
    """Return terms in a row, or below each other where they are long; a term that is longer goes on in the next line.

    >>> print(rows("y = ", [" + ".join(f"A[0,{n}]·x[{n}]" for n in range(8)), " − z[0]"]))
    y = A[0,0]·x[0] + A[0,1]·x[1] + A[0,2]·x[2] + A[0,3]·x[3] + A[0,4]·x[4]
          + A[0,5]·x[5] + A[0,6]·x[6] + A[0,7]·x[7]
      − z[0]
    """
    row = start + "".join(terms)
    if len(row) <= MAX_LINE:
        return row
    indent = " " * (len(start) - 2)
    lines = [start + terms[0], *(f"{indent}{term.strip()}" for term in terms[1:])]
    return "\n".join(line for term in lines for line in _broken(term, f"{indent}    "))


def _broken(text: str, indent: str) -> Iterator[str]:
    """Yield a sum in lines that are not too long, where its products are not."""
    first, *others = text.split(PLUS)
    line = first
    for part in others:
        if len(line) + len(PLUS) + len(part) > MAX_LINE:
            yield line
            line = indent + PLUS.lstrip() + part
        else:
            line += PLUS + part
    yield line


def _places(joined: Joined, combination: Combination) -> dict[str, str] | None:
    """Return a place for each free index, different ones where the extents allow it; None where there is none."""
    found: dict[str, str] = {}
    for number, label in enumerate(combination.summands[0].spec.output):
        size = extent(joined.spec, joined.names, label)
        if label == DOTS or size in (0, DOTS):
            return None
        found[label] = str(min(number, size - 1) if isinstance(size, int) else number)
    return found


@dataclass(frozen=True, slots=True)
class TermWriter:
    """Writes one term of an element as the sum of products that it is."""

    joined: Joined
    combination: Combination
    summand: Summand
    at: Mapping[str, str]
    most: int = MAX_TERMS

    def text(self) -> str:
        """Return the term without its sign."""
        scale = replace(term_formula(self.joined, self.combination, self.summand, self.at), negative=False)
        if not scale.factors:
            return str(scale)
        front = str(replace(scale, over=(), factors=(), divisors=()))
        products = list(self.products())
        inside = " + ".join(products)
        if products == ["0"]:
            return "0"
        if len(products) > 1 and (front != "1" or scale.divisors or self.summand.negative):
            inside = f"({inside})"
        over = "".join(f"/{grouped(text, under=True)}" for text in scale.divisors)
        return (inside if front == "1" else f"{front.replace(' · ', '·')}·{inside}") + over

    @property
    def count(self) -> int:
        """How many terms it is where its products stand by themselves; 1 where they are in parentheses."""
        scale = replace(term_formula(self.joined, self.combination, self.summand, self.at), negative=False)
        front = str(replace(scale, over=(), factors=(), divisors=()))
        sizes = [extent(self.joined.spec, self.joined.names, index.label) for index in self.summand.spec.summed]
        known = [size for size in sizes if isinstance(size, int)]
        alone = scale.factors and front == "1" and not scale.divisors and not self.summand.negative
        return max(prod(known), 1) if alone and len(known) == len(sizes) else 1

    def products(self) -> Iterator[str]:
        """Yield the products: all of few, else the first ones, dots and the last."""
        labels = [index.label for index in self.summand.spec.summed]
        sizes = [extent(self.joined.spec, self.joined.names, label) for label in labels]
        if 0 in sizes:
            yield "0"
            return
        for place in telling_places(sizes, self.most, max(self.most // 2, 1)):
            yield "…" if place is None else self.product({**self.at, **dict(zip(labels, place, strict=True))})

    def product(self, at: Mapping[str, str]) -> str:
        """Return the product at one place along all indices."""
        return "·".join(map(str, term_formula(self.joined, self.combination, self.summand, at).factors))
