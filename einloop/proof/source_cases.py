"""Which inputs to try a person's loops on, beyond those of an emission. Draws no values.

Loops that a person wrote can be wrong in more ways than a text from templates: past one block of 16 or 64, for zeros
beside inf, for arrays that are no rows in memory, when they are called again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import prod

from ..core.dtypes import ARITHMETIC, COMPLEXES, FLOATS, common_dtype
from ..core.exact import exact_bound
from ..core.generated import Values
from ..core.sizes import axis_sizes
from .awkward import scalable
from .cases import Draw, Sampler, ValueKind
from .manner import LAYOUTS, MIXED, Manner
from .narrow import narrow_cases
from .tolerance import reals_tell

ALONE = (33, 64, 70, 256, 261, 1_024, 1_031)
"""Extents of one axis while the others stay short: past blocks of 16 to 1,024, whole blocks and not."""

TOGETHER = {33: 600_000, 70: 600_000, 261: 100_000}
"""Extents of two axes and more at once, each one longer than the axis before, with the most loop points."""

BLOCKS = (64, 48, 32, 16)
"""Extents of all axes at once that blocks of 16 and 32 fill."""

EQUAL = (34, 64)
"""Extents that all axes have at once: squares often go a way of their own."""

ALONE_POINTS, TOGETHER_POINTS = 50_000, 600_000
"""Loop points of a case with one long axis, and with one that ties several indices or with all axes long."""

LONG_GROUPS = 6
"""Up to so many axes are made long, and no more than so many choices of two or three of them."""

ZEROS_DRAWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """A case with its loop points, and whether one of its axes is empty."""

    draw: Draw
    points: int

    @property
    def empty(self) -> bool:
        """Some axis has no elements."""
        return any(0 in shape for shape in self.draw.shapes)


@dataclass(slots=True)
class SourceCases(Sampler):
    """The cases of a person's loops.

    `on_lists`: they measure as nested lists do, so some empty axes have no length. `in_place`: an input is the result.
    """

    on_lists: bool = False
    empty: bool = True
    in_place: bool = False

    def ordinary(self) -> Iterator[Sized]:
        """Yield what an emission is tried on, except for nan and inf where a sum is empty: their order decides."""
        for draw in self.cases():
            sized = Sized(draw=draw, points=0)
            if self._fits(draw) and not (sized.empty and draw.kind is ValueKind.SPECIAL):
                yield sized

    def telling(self) -> Iterator[Sized]:
        """Yield awkward values, layouts and repeated calls, on few short axes."""
        count = len(self.groups)
        for number in range(2):
            sizes = self._by_label([2] * count) if self.cube else self._distinct()
            yield from self.battery(sizes, self._covered(number, sizes))
        ones = self._by_label([1] * count)
        yield from self._awkward(ones, self._covered(2, ones))
        cube = self._by_label([3] * min(count, 6) + [1] * (count - 6))
        yield from self._shared(cube, self._covered(0, cube))
        yield from (Sized(draw=draw, points=draw.terms) for draw in narrow_cases(self))
        sizes = self._by_label([2] * count) if self.cube else self._distinct()
        yield from self._mixed(sizes, self._covered(0, sizes))

    def stated(self, extents: Mapping[str, int]) -> Iterator[Sized]:
        """Yield every kind of case for extents that are known; where some are not, these vary."""
        whole = len(extents) == sum(map(len, self.groups))
        for number in range(1 if whole else 2):
            sizes = ({} if whole else self._distinct()) | dict(extents)
            yield from self.battery(sizes, self._covered(number, sizes))
            yield from self._mixed(sizes, self._covered(number, sizes))
        literal = replace(self, contract=replace(self.contract, literal=True))
        yield from (Sized(draw=draw, points=draw.terms) for draw in narrow_cases(literal) if whole and self._fits(draw))

    def battery(self, sizes: Mapping[str, int], covered: Sequence[tuple[int, ...]]) -> Iterator[Sized]:
        """Yield every kind of values and every manner of handing them over, for one choice of extents."""
        first = self._first(sizes, covered)
        if first is None:
            return
        yield first
        yield from self._awkward(sizes, covered)
        if self.contract.values is not Values.LISTS:
            layouts = [manner for manner in LAYOUTS if not (self.in_place and manner is Manner.LOCKED)]
            yield from (self._handed(first, manner) for manner in layouts)
        yield self._handed(first, Manner.AGAIN)
        yield from self._shared(sizes, covered)
        for draw in self._kinds(sizes, tuple(covered), self._names):
            if draw.kind is not first.draw.kind:
                yield replace(first, draw=draw)

    def long(self) -> Iterator[Sized]:
        """Yield cases with long axes, those with few loop points first."""
        if self.cube:
            return
        sizes = sorted(self._long_sizes(), key=self._points)
        for extents in sizes:
            first = self._first(extents, self._covered(0, extents))
            if first is not None:
                yield first

    def _long_sizes(self) -> Iterator[dict[str, int]]:
        count = len(self.groups)
        for place, group in enumerate(self.groups[:LONG_GROUPS]):
            points = ALONE_POINTS if len(group) == 1 else TOGETHER_POINTS
            yield from self._within(({place: size} for size in ALONE), points)
        for base, points in TOGETHER.items():
            for several in {*range(2, min(count, 3) + 1), count}:
                chosen = list(combinations(range(min(count, LONG_GROUPS) if several < count else count), several))
                chosen = chosen if several > 1 else []
                step = max(1, len(chosen) // LONG_GROUPS)
                longer = ({place: base + n for n, place in enumerate(places)} for places in chosen[::step])
                yield from self._within(longer, points)
        if 1 < count <= len(BLOCKS):
            yield from self._within([dict(enumerate(BLOCKS[:count]))], TOGETHER_POINTS)
            yield from self._within([dict.fromkeys(range(count), size) for size in EQUAL], TOGETHER_POINTS)

    def _within(self, long: Iterator[dict[int, int]] | list[dict[int, int]], points: int) -> Iterator[dict[str, int]]:
        """Yield extents by label with some long axes, the others 2 and 3, where there are not too many points."""
        for extents in long:
            others: dict[int, int] = {}
            room = 12
            for place in range(len(self.groups)):
                short = 2 + len(others) % 2
                if place not in extents and short ** len(self.groups[place]) <= room:
                    others[place] = short
                    room //= short ** len(self.groups[place])
            both = {**others, **extents}
            sizes = self._by_label([both.get(place, 1) for place in range(len(self.groups))])
            if self._points(sizes) <= points:
                yield sizes

    def _points(self, sizes: Mapping[str, int]) -> int:
        """Return the loop points, or the elements of an input of which the loops read a diagonal only."""
        spec = self.spec
        shapes = (axis_sizes(spec, number, dict(sizes)) for number in self.inputs)
        return max(prod(sizes.values()), *map(prod, shapes))

    @property
    def _names(self) -> tuple[str, ...]:
        """The dtypes of cases beyond the ordinary ones."""
        count = len(self.inputs)
        return self.contract.dtypes or ("float64",) * count

    def _first(self, sizes: Mapping[str, int], covered: Sequence[tuple[int, ...]]) -> Sized | None:
        """Return the case of the most telling values that can be compared, small integers if these stay exact."""
        if not self.empty and 0 in [*sizes.values(), *(n for part in covered for n in part)]:
            return None
        draw = next(self._kinds(sizes, tuple(covered), self._names), None)
        points = self._points(sizes) * max((prod(part) for part in covered), default=1)
        return None if draw is None or not self._fits(draw) else Sized(draw=draw, points=points)

    def _awkward(self, sizes: Mapping[str, int], covered: Sequence[tuple[int, ...]]) -> Iterator[Sized]:
        first = self._first(sizes, covered)
        if first is None or first.empty or any(name not in ARITHMETIC for name in self._names):
            return
        yield from (replace(first, draw=draw) for draw in self._awkward_draws(first.draw))

    def _awkward_draws(self, draw: Draw) -> Iterator[Draw]:
        common = common_dtype(draw.dtypes)
        bound = min(exact_bound(name, draw.factors, draw.terms) for name in {*draw.dtypes, common})
        if bound and common != "bool":
            yield from (replace(draw, kind=ValueKind.SPARSE, bound=bound) for _ in range(2))
        if not (common in FLOATS or common in COMPLEXES) or not reals_tell(common, draw.factors, draw.terms):
            return
        if all(name in FLOATS for name in draw.dtypes):
            yield from (replace(draw, kind=ValueKind.ZEROS) for _ in range(ZEROS_DRAWN))
            yield replace(draw, kind=ValueKind.NEGATIVE)
        yield replace(draw, kind=ValueKind.SIGNED)
        if all(scalable(name, draw.factors) for name in draw.dtypes):
            yield from (replace(draw, kind=kind) for kind in (ValueKind.LARGE, ValueKind.TINY))

    def _shared(self, sizes: Mapping[str, int], covered: Sequence[tuple[int, ...]]) -> Iterator[Sized]:
        """Yield one array for every input, where all have one shape and dtype."""
        first = self._first(sizes, covered)
        alike = first is not None and len(set(first.draw.shapes)) == len(set(first.draw.dtypes)) == 1
        if first is not None and alike and len(first.draw.shapes) > 1 and not self.in_place:
            yield self._handed(first, Manner.SHARED)

    def _mixed(self, sizes: Mapping[str, int], covered: Sequence[tuple[int, ...]]) -> Iterator[Sized]:
        """Yield inputs that lie in memory in an order of their own each, where two have one."""
        first = self._first(sizes, covered)
        if first is None or self.contract.values is Values.LISTS:
            return
        if sum(len(shape) > 1 for shape in first.draw.shapes) > 1:
            yield from (self._handed(first, manner) for manner in MIXED)

    def _handed(self, sized: Sized, manner: Manner) -> Sized:
        return replace(sized, draw=replace(sized.draw, manner=manner))

    def _fits(self, draw: Draw) -> bool:
        """Return whether a case is asked for, and nested lists could say its shapes where the loops measure such."""
        if not self.empty and any(0 in shape for shape in draw.shapes):
            return False
        return not (self.on_lists and any(0 in shape[:-1] for shape in draw.shapes))
