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
from .sizes import Key, Refusal, Sizes, Unequal
from .statements import Made, combination
from .terms import terms_of

LENGTHS = (
    (3, 4, 5, 7, 9, 11, 2, 6, 8),
    (5, 3, 8, 4, 11, 6, 7, 2, 9),
    (4, 6, 3, 5, 2, 7, 9, 8, 3),
)
"""The lengths of each run, in the order in which a text asks for them."""
MAX_JOINS = 16
"""Pairs of lengths that a text may turn out to need equal."""

CHOICES: Sequence[tuple[tuple[int, ...], Mapping[Key, int]]] = tuple((lengths, {}) for lengths in LENGTHS)
"""The choices of a text that has no numbers to mind."""

Cells = Mapping[tuple[int, ...], Polynomial]


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """What one run left: the elements of every result by name, its lengths, and the shapes of arrays.

    `same` are lengths that have to be one for what the run saw, found after it.
    """

    results: Mapping[str, Cells]
    shapes: Mapping[str, tuple[int, ...]]
    same: Sequence[tuple[Key, Key]] = ()


class Program(Protocol):
    """A text that was parsed. `choices`: for each run the lengths in the order they are asked for, and those of some names."""

    choices: Sequence[tuple[tuple[int, ...], Mapping[Key, int]]] | None

    def run(self, sizes: Sizes) -> Computed:
        """Run it on polynomials. Raises Refusal, and Unequal where two lengths have to be one."""


def lifted(program: Program, source: Source) -> Statements:
    """Return what a program computes: one combination for each result. Raises Refusal."""
    outcomes = [_settled(program, *choice) for choice in program.choices or ()]
    names = outcomes[0][0].results
    if not names:
        raise Refusal("EL814", "nothing is left when this has run", hint="assign the result to a name, or return it")
    return Statements(
        combinations=tuple(
            combination(
                name,
                [Made(terms=terms_of(ran.results[name]), chosen=chosen, shapes=ran.shapes) for ran, chosen in outcomes],
                source,
            )
            for name in names
        )
    )


def _settled(program: Program, lengths: tuple[int, ...], given: Mapping[Key, int]) -> tuple[Computed, Mapping[Key, int]]:
    """Return what a run leaves when lengths that have to be one are one, and the lengths."""
    joins: dict[Key, Key] = {}
    for _ in range(MAX_JOINS):
        sizes = Sizes(lengths, joins, given)
        try:
            ran = program.run(sizes)
        except Unequal as error:
            one, other = sizes.home(error.one), sizes.home(error.other)
            if one == other:
                raise Refusal("EL813", "lengths that cannot be one have to be one") from None
            joins[one] = other
            continue
        if not ran.same:
            return ran, {key: sizes[key] for key in (*sizes.chosen, *joins)}
        one, other = ran.same[0]
        joins[one] = other
    raise Refusal("EL811", "the lengths of this text do not settle")
