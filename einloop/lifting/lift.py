"""A text in, the combinations that it computes out: it is run on polynomials with several choices of lengths.

Nothing of the text is executed. What it computes for small lengths, all different, is recovered as einsums exactly, and
must be the same einsums for every choice of lengths.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..core.combination import Statements
from ..core.polynomial import Polynomial
from ..core.source import Source
from .sizes import Demand, Key, Refusal, Sizes, Unequal
from .statements import Made, combination
from .terms import Monomial, terms_of

LENGTHS = (
    (3, 4, 5, 7, 9, 11, 2, 6, 8),
    (5, 3, 8, 4, 11, 6, 7, 2, 9),
    (4, 6, 3, 5, 2, 7, 9, 8, 3),
)
"""The lengths of each run, in the order in which a text asks for them."""
MAX_DEMANDS = 32
"""What a text may turn out to need of its lengths: that two are one, that one is a product of others."""

Cells = Mapping[tuple[int, ...], Polynomial]


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """What one run left: every result by name, as its elements or as terms, its lengths, and the shapes of arrays.

    `same` are lengths that have to be one for what the run saw, found after it.
    """

    results: Mapping[str, Cells | tuple[Monomial, ...]]
    shapes: Mapping[str, tuple[int, ...]]
    same: Sequence[tuple[Key, Key]] = ()


class Program(Protocol):
    """A text that was parsed."""

    def run(self, sizes: Sizes) -> Computed:
        """Run it on polynomials. Raises Refusal, and Unequal where two lengths have to be one."""


def lifted(program: Program, source: Source, given: Mapping[Key, int] | None = None) -> Statements:
    """Return what a program computes: one combination for each result. `given`: lengths that are numbers. Raises Refusal."""
    outcomes = [_settled(program, lengths, given or {}) for lengths in LENGTHS]
    names = outcomes[0][0].results
    if not names:
        raise Refusal("EL814", "nothing is left when this has run", hint="assign the result to a name, or return it")
    return Statements(
        combinations=tuple(
            combination(
                name,
                [Made(terms=_terms(ran.results[name]), chosen=chosen, shapes=ran.shapes) for ran, chosen in outcomes],
                source,
            )
            for name in names
        )
    )


def _terms(result: Cells | tuple[Monomial, ...]) -> tuple[Monomial, ...]:
    """Return a result as terms: one of whole arrays is terms already."""
    return result if isinstance(result, tuple) else terms_of(result)


def _settled(
    program: Program, lengths: tuple[int, ...], given: Mapping[Key, int]
) -> tuple[Computed, Mapping[Key, int]]:
    """Return what a run leaves when all that it needs of its lengths is met, and the lengths."""
    sizes = Sizes(lengths, {}, given)
    for _ in range(MAX_DEMANDS):
        try:
            ran = program.run(sizes)
        except Demand as demand:
            sizes.meet(demand)
            continue
        if not ran.same:
            return ran, {key: sizes[key] for key in (*sizes.chosen, *sizes.joins)}
        sizes.meet(Unequal(*ran.same[0]))
    raise Refusal("EL811", "the lengths of this text do not settle")
