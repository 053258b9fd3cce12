"""One result of several runs in, its terms in the text's words out, and whether they are right for other lengths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from .boxes import box_of
from .computed import Cells
from .fitted import Elements, Fitted, elements, fitted
from .lengths import Chosen
from .refine import refined
from .sizes import Refusal
from .terms import Monomial, ReadAxis, degree, families_of, renumbered, terms_of
from .whole import Whole

MAX_POINTS = 5000
"""Products of elements that are compared one by one."""
DEPENDS = "what {name} is depends on the sizes"
COVER = "the loops do not cover all combinations of their indices"
CARRIED = "each turn of a loop multiplies what the turn before made of {name}"
MAX_DEGREE = 4
"""Arrays that are multiplied at most where it is how many there are that depends on the lengths, not whether."""
TRIANGLE = "for a triangle multiply by np.triu or np.tril of ones"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A result: its terms, and the part of the array that is written, None where that is no box."""

    name: str
    terms: tuple[Fitted, ...]
    region: Fitted | None

    def elements(self, chosen: Chosen) -> Elements:
        """Return the elements that are not zero for these lengths."""
        return nonzero(self._added(chosen))

    def _added(self, chosen: Chosen) -> Elements:
        made: Elements = {}
        for term in self.terms:
            term.add(made, chosen)
        return made

    def points(self, chosen: Chosen) -> int:
        """Return how many products of elements it is for these lengths."""
        return sum(prod(length.value(chosen) for length in term.lengths) for term in self.terms)

    def starts(self) -> frozenset[int]:
        """Return the numbers of the text that say where parts of the array begin that are read or written."""
        arrays = [term.result for term in self.terms]
        arrays += [
            axes
            for term in self.terms
            for name, axes in zip(term.names, term.operands, strict=True)
            if name == self.name
        ]
        return frozenset(axis.start.constant or 0 for axes in arrays for axis in axes)

    def overlaps(self, chosen: Chosen) -> bool:
        """Return whether some elements that are read in other places are written too, and some are not."""
        if not any(self.name in term.names for term in self.terms):
            return False
        made = self._added(chosen)
        products = ((at, factors) for at, cell in made.items() for factors in cell)
        read = {place for at, factors in products for name, place in factors if name == self.name and place != at}
        return bool(read & made.keys()) and bool(read - made.keys())

    def shape(self, chosen: Chosen) -> tuple[int, ...] | None:
        """Return how far the part that is written reaches for these lengths, None where it is no box."""
        if self.region is None:
            return None
        region = self.region.at(chosen)
        return tuple(
            axis.start
            + sum(s * (region.lengths[label] - 1) for s, label in zip(axis.steps, axis.labels, strict=True))
            + 1
            for axis in region.result
        )

    def right(self, cells: Cells, chosen: Chosen, *, made: bool) -> bool:
        """Return whether these are the elements for these lengths, and all that is written.

        An element that is not written is what it was, unless the result is `made` by the text.
        """
        if isinstance(cells, Whole) and made:
            now = [term.at(chosen) for term in self.terms]
            if self.shape(chosen) not in (None, tuple(map(int, cells.grid.shape))):
                return False
            if cells.alike(now) or max(map(points, now), default=0) > MAX_POINTS:
                return cells.alike(now)
        got = elements({at: cell.terms() for at, cell in cells.items()})
        terms = self.terms if self.region is None else (self.region,)
        places = {at for term in terms for at in term.written(chosen)}
        if made and places != set(cells):
            return False
        for at in places - got.keys():
            got[at] = {((self.name, at),): 1}
        wanted = self.elements(chosen)
        for at in got.keys() - places:
            wanted[at] = {((self.name, at),): 1}
        return nonzero(got) == wanted


def points(term: Monomial) -> int:
    """Return how many products of elements a term is."""
    return prod(term.lengths)


def nonzero(found: Elements) -> Elements:
    """Return the elements without products that cancel."""
    kept = {at: {p: weight for p, weight in cell.items() if weight} for at, cell in found.items()}
    return {at: cell for at, cell in kept.items() if cell}


def found_in(name: str, runs: Sequence[tuple[Cells, Chosen]]) -> Found:
    """Return a result as several runs have it. Raises Refusal where runs with other lengths compute other things."""
    if all(isinstance(cells, Whole) for cells, _ in runs):
        terms = [refined(cells.terms) for cells, _ in runs if isinstance(cells, Whole)]
    else:
        families = [families_of(cells) for cells, _ in runs]
        if len({degree(one) for one in families}) > 1 and max(map(degree, families)) > MAX_DEGREE:
            raise Refusal("EL810", CARRIED.format(name=name), final=True)
        terms = [refined(terms_of(one)) for one in families]
    chosen = [run for _, run in runs]
    matched = tuple(fitted(one, chosen) for one in _matched(name, terms))
    if all(isinstance(cells, Whole) for cells, _ in runs):
        return Found(name=name, terms=matched, region=_region_of(runs))
    whole = any(all(set(term.written(run)) == set(cells) for cells, run in runs) for term in matched)
    return Found(name=name, terms=matched, region=None if whole else _region_of(runs))


def _region_of(runs: Sequence[tuple[Cells, Chosen]]) -> Fitted | None:
    """Return the places that are written, None where they are no box."""
    known = [_region(cells) for cells, _ in runs]
    if None in known or len({one.structure for one in known if one is not None}) != 1:
        return None
    return fitted([one for one in known if one is not None], [run for _, run in runs])


def _matched(name: str, runs: Sequence[Sequence[Monomial]]) -> list[list[Monomial]]:
    """Return for each term of the first run what it is in every run. Raises Refusal where the runs differ."""
    ordered = [sorted(terms, key=lambda term: (repr(term.structure), _starts(term))) for terms in runs]
    structures = [[term.structure for term in terms] for terms in ordered]
    if any(one != structures[0] for one in structures):
        counts = [[term.names for term in terms] for terms in runs]
        grows = any(len(set(names)) < len(names) for names in counts) and len({len(names) for names in counts}) > 1
        grows &= structures[-2] != structures[-1]
        raise Refusal("EL809", COVER, hint=TRIANGLE) if grows else Refusal("EL811", DEPENDS.format(name=name))
    places = sorted(range(len(ordered[0])), key=lambda n: runs[0].index(ordered[0][n]))
    return [[terms[n] for terms in ordered] for n in places]


def _starts(term: Monomial) -> tuple[int, ...]:
    return tuple(axis.start for array in (term.result, *term.operands) for axis in array)


def _region(cells: Cells) -> Monomial | None:
    """Return the places that are written as a term without factors."""
    if isinstance(cells, Whole):
        return cells.region
    box = box_of(cells) if cells else None
    if box is None:
        return None
    axes = tuple(
        ReadAxis(
            labels=tuple(n for n, d in enumerate(box.directions) if d.step[axis]),
            steps=tuple(d.step[axis] for d in box.directions if d.step[axis]),
            start=start,
        )
        for axis, start in enumerate(box.origin)
    )
    return renumbered(1, (), [axes], [direction.length for direction in box.directions], ())
