"""Which inputs to try a person's loops on, beyond those of an emission. Draws no values.

Loops that a person wrote can be wrong in more ways than a text from templates: past one block of 16 or 64, for zeros
beside inf, for arrays that are not rows in memory, when they are called again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import prod

from ..core.dtypes import ARITHMETIC, COMPLEXES, FLOATS, common_dtype
from ..core.exact import exact_bound
from ..core.generated import Values
from ..core.sizes import axis_sizes
from .awkward import scalable
from .cases import Draw, Sampler, ValueKind
from .manner import LAYOUTS, MIXED
from .narrow import narrow_cases
from .tolerance import reals_tell
from .ways import Manner

LONG_EXTENTS = (33, 64, 70, 256, 261, 1_024, 1_031)
"""Extents of one axis while the others stay short: past blocks of 16 to 1,024, whole blocks and not."""

TOGETHER = {33: 600_000, 70: 600_000, 261: 100_000}
"""Extents of two axes and more at once, each one longer than the axis before, with the most loop points."""

BLOCKS = (64, 48, 32, 16)
"""Extents of all axes at once that blocks of 16 and 32 fill."""

EQUAL = (34, 64)
"""Extents that all axes have at once: squares often go a way of their own."""

MAX_ALONE_POINTS, MAX_TOGETHER_POINTS = 50_000, 600_000
"""Loop points of a case with one long axis, and with one that ties several indices or with all axes long."""

MAX_LONG_GROUPS = 6
"""Axes that are made long, and choices of two or three of them."""

MAX_SHORT_POINTS = 12
"""Loop points of the short axes beside long ones."""

ZEROS_DRAWN = 4

Covered = Sequence[tuple[int, ...]]


@dataclass(slots=True)
class SourceCases(Sampler):
    """The cases of a person's loops.

    `on_lists`: they measure as nested lists do, so some empty axes have no length. `in_place`: an input is the result.
    """

    on_lists: bool = False
    empty: bool = True
    in_place: bool = False

    def ordinary(self) -> Iterator[Draw]:
        """Yield what an emission is tried on, except for nan and inf where a sum is empty: their order decides."""
        for draw in self.cases():
            if self._fits(draw) and not (draw.empty and draw.kind is ValueKind.SPECIAL):
                yield draw

    def telling(self) -> Iterator[Draw]:
        """Yield awkward values, layouts and repeated calls, on few short axes."""
        count = len(self.groups)
        for number in range(2):
            sizes = self._short()
            yield from self._battery(sizes, self._covered(number, sizes))
        ones = self._by_label([1] * count)
        yield from self._awkward(ones, self._covered(2, ones))
        cube = self._by_label([3] * min(count, 6) + [1] * (count - 6))
        yield from self._shared(cube, self._covered(0, cube))
        yield from (replace(draw, points=draw.terms) for draw in narrow_cases(self))
        sizes = self._short()
        yield from self._mixed(sizes, self._covered(0, sizes))

    def stated(self, extents: Mapping[str, int]) -> Iterator[Draw]:
        """Yield every kind of case for extents that are known; where some are not, these vary."""
        whole = len(extents) == sum(map(len, self.groups))
        for number in range(1 if whole else 2):
            sizes = ({} if whole else self._distinct()) | dict(extents)
            yield from self._battery(sizes, self._covered(number, sizes))
            yield from self._mixed(sizes, self._covered(number, sizes))
        literal = replace(self, contract=replace(self.contract, literal=True))
        yield from (replace(draw, points=draw.terms) for draw in narrow_cases(literal) if whole and self._fits(draw))

    def long(self) -> Iterator[Draw]:
        """Yield cases with long axes, those with few loop points first."""
        for extents in () if self.cube else sorted(self._long_sizes(), key=self._points):
            first = self._first(extents, self._covered(0, extents))
            if first is not None:
                yield first

    def _short(self) -> dict[str, int]:
        return self._by_label([2] * len(self.groups)) if self.cube else self._distinct()

    def _battery(self, sizes: Mapping[str, int], covered: Covered) -> Iterator[Draw]:
        """Yield every kind of values and every manner of handing them over, for one choice of extents."""
        first = self._first(sizes, covered)
        if first is None:
            return
        yield first
        yield from self._awkward(sizes, covered)
        if self.contract.values is not Values.LISTS:
            layouts = [manner for manner in LAYOUTS if not (self.in_place and manner is Manner.LOCKED)]
            yield from (replace(first, manner=manner) for manner in layouts)
        yield replace(first, manner=Manner.AGAIN)
        yield from self._shared(sizes, covered)
        for draw in self._kinds(sizes, tuple(covered), self._names):
            if draw.kind is not first.kind:
                yield replace(draw, points=first.points)

    def _long_sizes(self) -> Iterator[dict[str, int]]:
        count = len(self.groups)
        for place, group in enumerate(self.groups[:MAX_LONG_GROUPS]):
            points = MAX_ALONE_POINTS if len(group) == 1 else MAX_TOGETHER_POINTS
            yield from self._within(({place: size} for size in LONG_EXTENTS), points)
        for base, points in TOGETHER.items():
            for several in {*range(2, min(count, 3) + 1), count} - {0, 1}:
                chosen = list(combinations(range(min(count, MAX_LONG_GROUPS) if several < count else count), several))
                step = max(1, len(chosen) // MAX_LONG_GROUPS)
                longer = ({place: base + n for n, place in enumerate(places)} for places in chosen[::step])
                yield from self._within(longer, points)
        if 1 < count <= len(BLOCKS):
            yield from self._within([dict(enumerate(BLOCKS[:count]))], MAX_TOGETHER_POINTS)
            yield from self._within([dict.fromkeys(range(count), size) for size in EQUAL], MAX_TOGETHER_POINTS)

    def _within(self, long: Iterable[dict[int, int]], points: int) -> Iterator[dict[str, int]]:
        """Yield extents by label with some long axes, the others 2 and 3, where there are not too many points."""
        for extents in long:
            others: dict[int, int] = {}
            room = MAX_SHORT_POINTS
            for place, group in enumerate(self.groups):
                short = 2 + len(others) % 2
                if place not in extents and short ** len(group) <= room:
                    others[place] = short
                    room //= short ** len(group)
            both = {**others, **extents}
            sizes = self._by_label([both.get(place, 1) for place in range(len(self.groups))])
            if self._points(sizes) <= points:
                yield sizes

    def _points(self, sizes: Mapping[str, int]) -> int:
        """Return the loop points, or the elements of an input of which the loops read a diagonal only."""
        shapes = (axis_sizes(self.spec, number, dict(sizes)) for number in self.inputs)
        return max(prod(sizes.values()), *map(prod, shapes))

    @property
    def _names(self) -> tuple[str, ...]:
        """The dtypes of cases beyond the ordinary ones."""
        return self.contract.dtypes or ("float64",) * len(self.inputs)

    def _first(self, sizes: Mapping[str, int], covered: Covered) -> Draw | None:
        """Return the case of the most telling values that can be compared, small integers if these stay exact."""
        if not self.empty and 0 in [*sizes.values(), *(n for part in covered for n in part)]:
            return None
        draw = next(self._kinds(sizes, tuple(covered), self._names), None)
        points = self._points(sizes) * max((prod(part) for part in covered), default=1)
        return None if draw is None or not self._fits(draw) else replace(draw, points=points)

    def _awkward(self, sizes: Mapping[str, int], covered: Covered) -> Iterator[Draw]:
        draw = self._first(sizes, covered)
        if draw is None or draw.empty or any(name not in ARITHMETIC for name in self._names):
            return
        common = common_dtype(draw.dtypes)
        bound = min(exact_bound(name, draw.factors, draw.terms) for name in {*draw.dtypes, common})
        if bound and common != "bool":
            yield from [replace(draw, kind=ValueKind.SPARSE, bound=bound)] * 2
        if not (common in FLOATS or common in COMPLEXES) or not reals_tell(common, draw.factors, draw.terms):
            return
        if all(name in FLOATS for name in draw.dtypes):
            yield from [replace(draw, kind=ValueKind.ZEROS)] * ZEROS_DRAWN
            yield replace(draw, kind=ValueKind.NEGATIVE)
        yield replace(draw, kind=ValueKind.SIGNED)
        if all(scalable(name, draw.factors) for name in draw.dtypes):
            yield from (replace(draw, kind=kind) for kind in (ValueKind.LARGE, ValueKind.TINY))

    def _shared(self, sizes: Mapping[str, int], covered: Covered) -> Iterator[Draw]:
        """Yield one array for every input, where all have one shape and dtype."""
        first = self._first(sizes, covered)
        if first is None or len(first.shapes) < 2 or self.in_place:
            return
        if len(set(first.shapes)) == len(set(first.dtypes)) == 1:
            yield replace(first, manner=Manner.SHARED)

    def _mixed(self, sizes: Mapping[str, int], covered: Covered) -> Iterator[Draw]:
        """Yield inputs that lie in memory in an order of their own each, where two have one."""
        first = self._first(sizes, covered)
        if first is None or self.contract.values is Values.LISTS:
            return
        if sum(len(shape) > 1 for shape in first.shapes) > 1:
            yield from (replace(first, manner=manner) for manner in MIXED)

    def _fits(self, draw: Draw) -> bool:
        """Return whether a case is asked for, and nested lists could say its shapes where the loops measure such."""
        if draw.empty and not self.empty:
            return False
        return not (self.on_lists and any(0 in shape[:-1] for shape in draw.shapes))
