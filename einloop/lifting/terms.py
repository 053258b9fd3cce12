"""Elements of a result in, the einsums that make them out: every term as labels for its operands and for the result.

What a text reads in several places comes with where it is read, so that `A[i, j] + A[j, i]` are two terms although they
meet on the diagonal. Products that fill one box when that is left out are one term: an unrolled loop is a loop.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from ..core.effort import spend
from ..core.polynomial import Number, Polynomial
from .boxes import Box, Point, box_of, boxes_of, points_of
from .sizes import Refusal

At = tuple[int, ...]
SITE = "@"
"""What stands between the name of an array and the place in the text where it is read."""
NO_EINSUM = "the products of {names} are not an einsum"
MANY = "the elements are sums of more than {count} different products"
MAX_FAMILIES = 100
"""Products of different arrays in one result: with more of them, what one turn of a loop makes the next takes up."""
CONSTANTS = "the numbers that are added are not the same everywhere"


def array_of(name: str) -> str:
    """Return the name of an array without the place where it is read."""
    return name.partition(SITE)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAxis:
    """Where one axis of an array is read: from `start` on, along these labels, slow to fast.

    Along label n it moves by `steps[n]`: an axis of an array has one label; several where the array is one axis in
    memory and several in meaning, none where one place of it is read.
    """

    labels: tuple[int, ...]
    steps: tuple[int, ...]
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Monomial:
    """One product of arrays, summed: its coefficient, the arrays in order, the axes of each and of the result."""

    coefficient: Number
    names: tuple[str, ...]
    operands: tuple[tuple[ReadAxis, ...], ...]
    result: tuple[ReadAxis, ...]
    lengths: tuple[int, ...]
    """Of every label; labels are numbered as they appear in the operands, then in the result."""
    sites: tuple[str, ...] = ()
    """Where the text reads the operands, where that had to be known to tell terms apart."""

    @property
    def structure(self) -> tuple[object, ...]:
        """What is the same whatever the lengths are."""
        axes = tuple(tuple(axis.labels for axis in operand) for operand in (*self.operands, self.result))
        return self.names, self.sites, axes


@dataclass(frozen=True, slots=True)
class Family:
    """Products of the same arrays in one order: the arrays, and how many axes the result and each of them has."""

    names: tuple[str, ...]
    ranks: tuple[int, ...]

    @property
    def order(self) -> tuple[int, ...]:
        """The factors sorted by name."""
        return tuple(sorted(range(len(self.names)), key=lambda n: self.names[n]))

    @property
    def sorted(self) -> Family:
        """The family whose factors are sorted by name."""
        order = self.order
        return Family(tuple(self.names[n] for n in order), (self.ranks[0], *(self.ranks[n + 1] for n in order)))

    def permuted(self, point: Point) -> Point:
        """Return a point with its factors sorted by name."""
        starts = [sum(self.ranks[:n]) for n in range(len(self.ranks) + 1)]
        moved = [point[starts[n + 1] : starts[n + 2]] for n in self.order]
        return (*point[: self.ranks[0]], *(i for part in moved for i in part))


Weights = dict[Point, Number]


@dataclass(frozen=True, slots=True)
class _Found:
    """A box of products, each with the same weight."""

    weight: Number
    box: Box
    sites: tuple[str, ...] = ()


Orders = dict[Family, dict[tuple[str, ...], Weights]]
Families = dict[Family, Orders]
"""Products by the arrays that are multiplied, sorted; then by their order; then by where the text reads them."""


def terms_of(families: Families) -> tuple[Monomial, ...]:
    """Return the einsums whose sum these products are. Raises Refusal where they are none."""
    return tuple(term for orders in families.values() for term in _terms(orders))


def families_of(cells: Mapping[At, Polynomial]) -> Families:
    """Return the products of all elements. Raises Refusal where they are of too many different arrays."""
    found: Families = {}
    known: dict[str, tuple[str, str]] = {}
    groups: dict[tuple[tuple[str, ...], tuple[int, ...]], dict[tuple[str, ...], Weights]] = {}
    for at, cell in cells.items():
        terms = cell.terms()
        spend(2 + 3 * len(terms))
        for product, factor in terms.items():
            names, sites, ranks, point = [], [], [len(at)], [*at]
            for element, place in product:
                if element not in known:
                    name, _, site = element.partition(SITE)
                    known[element] = name, site
                name, site = known[element]
                names.append(name)
                sites.append(site)
                ranks.append(len(place))
                point += place  # type: ignore[arg-type]
            key = tuple(names), tuple(ranks)
            if key not in groups:
                family = Family(*key)
                groups[key] = found.setdefault(family.sorted, {})[family] = {}
                if len(found) > MAX_FAMILIES:
                    raise Refusal("EL810", MANY.format(count=MAX_FAMILIES), final=True)
            weights = groups[key].setdefault(tuple(sites), {})
            weights[tuple(point)] = weights.get(tuple(point), 0) + factor
    return found


def degree(families: Families) -> int:
    """Return how many arrays are multiplied at most."""
    return max((len(family.names) for family in families), default=0)


def _terms(orders: Mapping[Family, Mapping[tuple[str, ...], Weights]]) -> Iterator[Monomial]:
    """Yield the terms of products of the same arrays, given by the order in which they were multiplied."""
    first, *others = orders
    if others:
        together: Weights = {}
        for family, sites in orders.items():
            for weights in sites.values():
                for point, weight in weights.items():
                    moved = family.permuted(point)
                    together[moved] = together.get(moved, 0) + weight
        whole = _whole(first.sorted, together)
        if whole is not None:
            yield _monomial(first, _Found(whole.weight, _unsorted(first, whole.box)))
            return
    parts = {family: _parts(family, sites) for family, sites in orders.items()}
    if not others:
        yield from (_monomial(first, part) for part in parts[first])
        return
    seen: dict[tuple[Point, ...], tuple[Family, _Found]] = {}
    for family, boxes in parts.items():
        for part in boxes:
            key = tuple(sorted(map(family.permuted, points_of(part.box))))
            if key in seen:
                owner, before = seen[key]
                seen[key] = owner, replace(before, weight=before.weight + part.weight)
            else:
                seen[key] = family, part
    yield from (_monomial(family, part) for family, part in seen.values() if part.weight)


def _unsorted(family: Family, box: Box) -> Box:
    """Return a box of points with sorted factors as the family orders them."""
    places = family.permuted(tuple(range(sum(family.ranks))))
    back = [places.index(n) for n in range(len(places))]
    found = box_of([tuple(point[n] for n in back) for point in points_of(box)])
    assert found is not None
    return found


def _parts(family: Family, sites: Mapping[tuple[str, ...], Weights]) -> list[_Found]:
    """Return the boxes that products of the same arrays in one order fill: as few as can be."""
    together: Weights = {}
    for weights in sites.values():
        for point, weight in weights.items():
            together[point] = together.get(point, 0) + weight
    if not any(together.values()):
        return []
    whole = _whole(family, together)
    if whole is not None:
        return [whole]
    apart = _boxes(sites) if len(sites) > 1 else None
    if apart is not None and len(apart) <= len(sites):
        return _united(family, apart)
    plain = _boxes({(): together})
    best = min((found for found in (plain, apart) if found is not None), key=len, default=None)
    if best is None:
        names = ", ".join(dict.fromkeys(family.names))
        raise Refusal("EL810", NO_EINSUM.format(names=names) if names else CONSTANTS)
    return best if best is plain else _united(family, best)


def _whole(family: Family, weights: Weights) -> _Found | None:
    """Return the one box that all products fill, None where they fill none."""
    points = {point: weight for point, weight in weights.items() if weight}
    if len(set(points.values())) != 1:
        return None
    box = box_of(points)
    return _Found(next(iter(points.values())), box) if box is not None and nested(family.ranks, box) else None


def _boxes(sites: Mapping[tuple[str, ...], Weights]) -> list[_Found] | None:
    """Return the boxes of products that are read in the same places, None where those are too many."""
    found: list[_Found] = []
    for where, weights in sites.items():
        alike: dict[Number, list[Point]] = {}
        for point, weight in weights.items():
            if weight:
                alike.setdefault(weight, []).append(point)
        for weight, points in alike.items():
            boxes = boxes_of(points)
            if boxes is None:
                return None
            found += [_Found(weight, box, where) for box in boxes]
    return found


def _united(family: Family, found: Sequence[_Found]) -> list[_Found]:
    """Return the boxes with those that together fill one box as one."""
    by_box: dict[Box, _Found] = {}
    for part in found:
        before = by_box.get(part.box)
        by_box[part.box] = part if before is None else replace(before, weight=before.weight + part.weight)
    left = [part for part in by_box.values() if part.weight]
    for weight in dict.fromkeys(part.weight for part in left):
        group = [part for part in left if part.weight == weight]
        if len(group) > 2 and (one := _union(family, group)) is not None:
            left = [part for part in left if part.weight != weight] + [one]
    while (pair := _pair(family, left)) is not None:
        n, m, one = pair
        left[n : n + 1], left[m : m + 1] = [one], []
    return left


def _pair(family: Family, found: Sequence[_Found]) -> tuple[int, int, _Found] | None:
    """Return two boxes that together fill one box, and that; None where there are none."""
    for n, m in combinations(range(len(found)), 2):
        if found[n].weight == found[m].weight and (one := _union(family, [found[n], found[m]])) is not None:
            return n, m, one
    return None


def _union(family: Family, parts: Sequence[_Found]) -> _Found | None:
    """Return the box that these boxes fill without overlapping, None where they fill none."""
    points = [point for part in parts for point in points_of(part.box)]
    together = set(points)
    box = box_of(together) if len(together) == len(points) else None
    if box is None or not nested(family.ranks, box):
        return None
    return _Found(parts[0].weight, box, tuple(sorted({site for part in parts for site in part.sites})))


def nested(ranks: Sequence[int], box: Box) -> bool:
    """Return whether directions that move along the same axis nest: a step is whole rows of the next."""
    for axis in range(sum(ranks)):
        along = sorted(((abs(d.step[axis]), d.length) for d in box.directions if d.step[axis]), reverse=True)
        if any(outer % step or outer // step < length for (outer, _), (step, length) in pairwise(along)):
            return False
    return True


def _monomial(family: Family, found: _Found) -> Monomial:
    """Return a box of products as a term."""
    arrays: list[tuple[ReadAxis, ...]] = []
    start = 0
    for rank in family.ranks:
        arrays.append(tuple(_axis(found.box, axis) for axis in range(start, start + rank)))
        start += rank
    lengths = [direction.length for direction in found.box.directions]
    return renumbered(found.weight, family.names, arrays, lengths, found.sites)


def renumbered(
    weight: Number,
    names: tuple[str, ...],
    arrays: Sequence[Sequence[ReadAxis]],
    lengths: Sequence[int],
    sites: tuple[str, ...],
) -> Monomial:
    """Return a term with its labels numbered as they appear. `arrays`: the result, then the operands."""
    order = list(dict.fromkeys(label for array in (*arrays[1:], arrays[0]) for axis in array for label in axis.labels))
    result, *operands = (
        tuple(
            ReadAxis(labels=tuple(order.index(label) for label in a.labels), steps=a.steps, start=a.start)
            for a in array
        )
        for array in arrays
    )
    return Monomial(
        coefficient=weight,
        names=names,
        operands=tuple(operands),
        result=result,
        lengths=tuple(lengths[label] for label in order),
        sites=sites,
    )


def _axis(box: Box, axis: int) -> ReadAxis:
    """Return the labels of one coordinate, slow to fast."""
    along = sorted(
        ((d.step[axis], label) for label, d in enumerate(box.directions) if d.step[axis]), key=lambda p: -abs(p[0])
    )
    return ReadAxis(
        labels=tuple(label for _, label in along), steps=tuple(step for step, _ in along), start=box.origin[axis]
    )
