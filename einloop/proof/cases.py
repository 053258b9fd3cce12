"""Which inputs to compare on: shapes, dtypes and kinds of values from all of a contract. Draws no values."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from math import prod

from ..core.dtypes import ARITHMETIC, COMPLEXES, FLOATS, common_dtype
from ..core.exact import exact_bound
from ..core.generated import Contract, Values
from ..core.sizes import axis_sizes, covered_rank, needs_cube, tied_indices
from ..core.spec import Dots, Index, Spec
from .blocks import MAX_BLOCK_POINTS, past_blocks
from .tolerance import reals_tell
from .ways import Manner

MAX_POINTS = 1_500
"""Loop points of one case, so that plain Python loops take milliseconds."""

MAX_ELEMENTS = 1_000_000
"""Elements of one operand, of which a diagonal has many more than loop points."""

MAX_DISTINCT_INDICES = 6
"""Indices up to which all get different extents at once."""

LONG_EXTENT, MAX_LONG_AXES = 13, 8
"""An extent on which a bound written into loops shows, and how many axes get it, one at a time."""

MAX_DOTS_RANK = 3
BOOL_REPEATS = 4
"""How often booleans are drawn in every shape: a bit says little."""

VIEW_ONLY = ("<U3", "S2", ">i4", ">f8", "m8[s]", "M8[D]", "i4,f8")
"""Dtypes without arithmetic, or in another byte order: only permutations and diagonals take them."""

NO_ARITHMETIC = ("<U3", "m8[s]")
NUMBERS = tuple(name for name in ARITHMETIC if name not in ("bool", "object"))
"""What a sum of einsums is for."""

LIST_DTYPES = ("object", "float64", "bool", "complex128")
"""What nested lists hold, as the dtype of the array they are made from; object stands for Python integers."""


class ValueKind(Enum):
    """The values a case is filled with."""

    INTEGERS = "small integers"
    FULL_RANGE = "integers that wrap"
    REALS = "random reals"
    SPECIAL = "nan and inf"
    SPARSE = "small integers and zeros"
    ZEROS = "zeros beside nan and inf"
    SIGNED = "reals of either sign"
    NEGATIVE = "nan and -inf"
    LARGE = "large reals"
    TINY = "tiny reals"
    NARROW = "narrow sums"
    GIVEN = "the arrays given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """One case to be filled with values. `shapes` and `dtypes` have one entry per distinct input.

    `points`: its loop points, where these say how long it takes. `lengths`: the inputs that are whole numbers, by
    place, and what they are.
    """

    shapes: tuple[tuple[int, ...], ...]
    dtypes: tuple[str, ...]
    kind: ValueKind
    factors: int
    terms: int
    bound: int = 0
    manner: Manner = Manner.PLAIN
    points: int = 0
    lengths: tuple[tuple[int, int], ...] = ()

    @property
    def exact(self) -> bool:
        """Values must be equal, not only close."""
        return self.kind in (ValueKind.INTEGERS, ValueKind.FULL_RANGE, ValueKind.SPARSE)

    @property
    def empty(self) -> bool:
        """Some axis has no elements."""
        return any(0 in shape for shape in self.shapes)

    @property
    def words(self) -> str:
        """What is special about the inputs, for the table of cases."""
        return self.kind.value + (f", {self.manner.value}" if self.manner.value else "")


@dataclass(slots=True)
class Sampler:
    """Draws the cases of one expression. `operands` are the operand names; equal names are one array."""

    spec: Spec
    operands: tuple[str, ...]
    contract: Contract
    rng: random.Random
    points: int = MAX_POINTS
    blocks: Mapping[str, int] = field(default_factory=dict)
    """The size of the blocks that loops over an index are cut into."""
    bound: Callable[[Sequence[str], int], int] | None = None
    """How large integers may be in these dtypes in a sum of einsums: 0 as large as they like, -1 not compared."""
    whole: frozenset[str] = frozenset()
    """The labels of indices that are never empty: something is divided by how long they are."""
    imaginary: bool = False
    """A complex number stands beside products, which makes nan of an infinity in one order and not in another."""
    groups: tuple[tuple[Index, ...], ...] = field(init=False)
    inputs: tuple[int, ...] = field(init=False)
    cube: bool = field(init=False)
    pinned: frozenset[str] = field(init=False)
    """Labels of extent 1, because their axis is stretched where the same array occurs again."""

    def __post_init__(self) -> None:
        self.groups = tied_indices(self.spec, self.operands)
        self.inputs = tuple(self.operands.index(name) for name in dict.fromkeys(self.operands))
        self.cube = needs_cube(self.spec, self.operands)
        self.pinned = frozenset(self._pinned())

    def _pinned(self) -> Iterator[str]:
        pairs = list(zip(self.operands, self.spec.operands, strict=True))
        flat = {(name, axis) for name, op in pairs for axis in op.stretched}
        for group in self.groups:
            solid = [place for index in group for place in index.places if not place.stretched]
            if any((self.operands[place.operand], place.axis) in flat for place in solid):
                yield from (index.label for index in group)

    def cases(self) -> Iterator[Draw]:
        """Yield every case, the telling ones first, those past a block last."""
        yield from self._usual_cases()
        if not self.blocks:
            return
        dtypes = list(self._dtypes())
        known = self._known() if self.contract.literal else {}
        for number, extents in enumerate(past_blocks(self.groups, self.blocks, self._by_label)):
            sizes = extents | known
            covered = self._covered(MAX_DOTS_RANK + 1 if self.cube else 1 + number % MAX_DOTS_RANK, sizes)
            if prod(sizes.values()) * max(map(prod, covered)) > MAX_BLOCK_POINTS:
                continue
            for names in dict.fromkeys([dtypes[0], dtypes[number % len(dtypes)]]):
                yield from self._kinds(sizes, covered, names)

    def _usual_cases(self) -> Iterator[Draw]:
        shapes = list(self._shapes())
        dtypes = list(self._dtypes()) if shapes else []
        if len(dtypes) <= 1:
            for sizes, covered in shapes:
                yield from self._kinds(sizes, covered, dtypes[0])
            return
        for number, names in enumerate(dtypes):
            for sizes, covered in [shapes[0], shapes[number % len(shapes)]]:
                yield from self._kinds(sizes, covered, names)
        for number, (sizes, covered) in enumerate(shapes):
            yield from self._kinds(sizes, covered, dtypes[number % len(dtypes)])

    def _shapes(self) -> Iterator[tuple[dict[str, int], tuple[tuple[int, ...], ...]]]:
        """Yield extents by label, with the extents that each distinct input's ellipsis covers."""
        sized = [sizes for sizes in self._sizes() if all(sizes.get(label) != 0 for label in self.whole)]
        for number, sizes in enumerate(sized):
            yield sizes, self._covered(number, sizes)

    def _sizes(self) -> Iterator[dict[str, int]]:
        """Yield extents by label, those that stand in the text as they are there."""
        if not self.contract.literal:
            yield from map(self._affordable, self._any_sizes())
            return
        seen: list[dict[str, int]] = []
        for sizes in self._any_sizes():
            if (fixed := sizes | self._known()) not in seen and self._elements(fixed) <= MAX_ELEMENTS:
                seen.append(fixed)
                yield fixed

    def _affordable(self, sizes: dict[str, int]) -> dict[str, int]:
        """Return extents that are cut down until no operand is too large: of a diagonal the loops read little."""
        largest = max(sizes.values(), default=1)
        while largest > 1 and self._elements(sizes) > MAX_ELEMENTS:
            largest -= 1
            sizes = {label: min(size, largest) for label, size in sizes.items()}
        return sizes

    def _elements(self, sizes: Mapping[str, int]) -> int:
        """Return how many elements the largest operand has, without what an ellipsis covers."""
        return max(prod(sizes.get(label, 1) for label in op.labels) for op in self.spec.operands)

    def _known(self) -> dict[str, int]:
        """Return the extents that are numbers."""
        return {i.label: i.extent for i in self.spec.indices if isinstance(i.extent, int)}

    def _any_sizes(self) -> Iterator[dict[str, int]]:
        """Yield extents by label. One array under several ellipses is a cube: only then do they surely broadcast."""
        if self.cube:
            empty = all(map(self._may_be_empty, self.groups))
            yield from (self._by_label([n] * len(self.groups)) for n in (2, 3, 1, 0, 2, 3) if n or empty)
        else:
            yield from self._free_sizes()

    def _free_sizes(self) -> Iterator[dict[str, int]]:
        given = self._known()
        count = len(self.groups)
        if len(given) == sum(map(len, self.groups)) and prod(given.values()) <= self.points:
            yield given
        for _ in range(3):
            yield self._distinct()
        for group in self.groups[:MAX_LONG_AXES]:
            long = LONG_EXTENT if LONG_EXTENT ** len(group) <= self.points else 2
            yield self._by_label([1] * count) | {i.label: long for i in group if i.label not in self.pinned}
        if count > MAX_DISTINCT_INDICES:
            yield from self._separating()
        yield self._by_label([1] * count)
        for place in range(min(count, 4)):
            sizes = self._distinct()
            yield sizes | {index.label: 1 for index in self.groups[place % count]}
        for group in self.groups[:6]:
            if self._may_be_empty(group):
                yield self._distinct() | {index.label: 0 for index in group if index.label not in self.pinned}
        if count and all(map(self._may_be_empty, self.groups)):
            yield self._by_label([0] * count)
        for _ in range(2):
            yield self._by_label([self.rng.choice((1, 2, 3)) if self._room(count) else 1 for _ in range(count)])

    def _room(self, count: int) -> bool:
        return 3**count <= self.points or self.rng.random() < 6 / count

    def _distinct(self) -> dict[str, int]:
        """Return extents that differ from each other, in random order, within the budget; the rest are 1."""
        extents, order = [1] * len(self.groups), list(range(len(self.groups)))
        self.rng.shuffle(order)
        room, following = self.points, 2
        for place in order:
            weight = max(1, len(self.groups[place]))
            if following**weight <= room:
                extents[place] = following
                room //= following**weight
                following = following + 1 if len(order) <= MAX_DISTINCT_INDICES else 2
        return self._by_label(extents)

    def _separating(self) -> Iterator[dict[str, int]]:
        """Yield extents 2 and 1 such that any two indices differ in one of them: by the bits of their numbers."""
        room = self.points.bit_length() - 1
        for first in range(0, len(self.groups), room):
            chunk = range(first, min(first + room, len(self.groups)))
            for bit in range(max(len(chunk) - 1, 1).bit_length()):
                picked = {k for k in chunk if (k - first + 1) >> bit & 1}
                yield self._by_label([2 if k in picked else 1 for k in range(len(self.groups))])

    def _by_label(self, extents: Sequence[int]) -> dict[str, int]:
        named = ((index.label, n) for group, n in zip(self.groups, extents, strict=True) for index in group)
        return {label: 1 if label in self.pinned else n for label, n in named}

    def _may_be_empty(self, group: tuple[Index, ...]) -> bool:
        """Nested lists can only show the extent of an empty axis where it is the last one."""
        if self.contract.values is Values.ARRAYS:
            return True
        ranks = [len(op.labels) for op in self.spec.operands]
        return all(p.axis == ranks[p.operand] - 1 for index in group for p in index.places)

    def _covered(self, number: int, sizes: Mapping[str, int]) -> tuple[tuple[int, ...], ...]:
        """Return what each input's ellipsis covers: ranks from 0, extents that broadcast, 1 and 0 among them."""
        if self.spec.dots is not Dots.KEPT:
            return ((),) * len(self.inputs)
        rank = number % (MAX_DOTS_RANK + 1) if number else 2
        if self.cube:
            size = next((n for label, n in sizes.items() if label not in self.pinned), 2)
            return tuple((size,) * covered_rank(self.spec, self.operands, place, rank) for place in self.inputs)
        full = [self.rng.choice((2, 3)) for _ in range(rank)]
        if rank and number % 5 == 4:
            full[self.rng.randrange(rank)] = 0
        longest = self.rng.randrange(len(self.inputs))
        return tuple(self._part(number, full, whole=place == longest) for place in range(len(self.inputs)))

    def _part(self, number: int, full: list[int], *, whole: bool) -> tuple[int, ...]:
        if whole or number % 2:
            return tuple(full)
        start = self.rng.randint(0, len(full))
        return tuple(n if self.rng.random() < 0.7 else 1 for n in full[start:])

    def _dtypes(self) -> Iterator[tuple[str, ...]]:
        """Yield dtypes per input: the declared ones; else each dtype for all, then mixtures."""
        count = len(self.inputs)
        if self.contract.dtypes is not None:
            yield self.contract.dtypes
            return
        if self.contract.values is Values.LISTS:
            yield from ((name,) * count for name in LIST_DTYPES if name != "bool" or not self.contract.numbers)
            return
        known = NUMBERS if self.contract.numbers else ARITHMETIC
        singles = ("float64", *(name for name in known if name != "float64"))
        yield from ((name,) * count for name in singles)
        if self.spec.is_view:
            yield from ((name,) for name in VIEW_ONLY)
        elif count > 1:
            yield from (tuple(self.rng.choice(known) for _ in range(count)) for _ in range(12))

    def _kinds(
        self, sizes: Mapping[str, int], covered: tuple[tuple[int, ...], ...], names: tuple[str, ...]
    ) -> Iterator[Draw]:
        shapes = tuple(self._shape(number, sizes, part) for number, part in zip(self.inputs, covered, strict=True))
        terms = prod(sizes[index.label] for index in self.spec.summed)
        empty = not all((*sizes.values(), *(n for part in covered for n in part)))
        empty = empty and (self.contract.stepwise or self.bound is not None)
        if empty and "object" in names and self.contract.stepwise:
            return  # an intermediate that is an empty sum is the int 0, and 0 times an object need not be the int 0
        most = 0 if self.bound is None else self.bound(names, terms)
        for kind, largest in kinds_of(self.spec, names, terms, imaginary=self.imaginary) if most >= 0 else ():
            if most and kind is ValueKind.FULL_RANGE:
                continue
            bound = min(largest, most) if most else largest
            if empty and kind is ValueKind.SPECIAL:
                continue  # 0 times an infinite factor is nan
            yield Draw(
                shapes=shapes, dtypes=names, kind=kind, factors=len(self.spec.operands), terms=terms, bound=bound
            )

    def _shape(self, number: int, sizes: Mapping[str, int], part: tuple[int, ...]) -> tuple[int, ...]:
        named = axis_sizes(self.spec, number, dict(sizes))
        dots = self.spec.operands[number].dots
        return named if dots is None else (*named[:dots], *part, *named[dots:])


def kinds_of(
    spec: Spec, names: Sequence[str], terms: int, *, imaginary: bool = False
) -> Iterator[tuple[ValueKind, int]]:
    """Yield the kinds of values that can be compared for these dtypes, and how large integers may be.

    `imaginary`: a complex number stands beside the products.
    """
    if any(name not in ARITHMETIC for name in names):
        yield ValueKind.INTEGERS, 9
        return
    common = common_dtype(names)
    factors = len(spec.operands)
    # among objects the narrowest float among them decides what is exact
    bound = min(exact_bound(name, factors, terms) for name in (names if common == "object" else [common]))
    inexact = common in FLOATS or common in COMPLEXES
    if bound:
        yield from [(ValueKind.INTEGERS, bound)] * (BOOL_REPEATS if common == "bool" else 1)
    if any("int" in name for name in names) and not inexact and common != "object":
        yield ValueKind.FULL_RANGE, 0
    if inexact and reals_tell(common, factors, terms):
        yield ValueKind.REALS, 0
        real = common in FLOATS and not imaginary
        if real and "bool" not in names:  # False times inf is nan, or is not multiplied at all
            yield ValueKind.SPECIAL, 0
