"""Which inputs to compare loops over parts of arrays on: shapes and lengths for which these parts fit each other."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from math import prod

from ..core.build import MAX_AXES
from ..core.generated import Contract, Values
from ..core.joint import JointSum
from ..core.part_text import numbers_in, read_names
from ..core.parts import Shaped, reshaped_length
from ..core.sizes import tied_indices
from ..core.spec import Index
from ..core.viewed import Viewed, ViewedInput, agreeing
from .cases import LIST_DTYPES, MAX_POINTS, NO_ARITHMETIC, NUMBERS, Draw, ValueKind, kinds_of
from .einsum import Array
from .written_out import is_imaginary

Chosen = dict[str, Shaped | int]
"""A shape for every array that is given, and every length."""
MAX_CHOICES = 14
"""Choices of shapes and lengths that are tried."""
MAX_TRIES = 60
MAX_SHAPES = 4000
"""Shapes of one array that are looked at for one choice."""
SMALL = (4, 3, 5, 2, 6, 1, 7, 0, 8)
LENGTH_DTYPE = "int64"


@dataclass(slots=True, kw_only=True)
class ViewedCases:
    """Draws the cases of a sum over parts of arrays; `operands` are their names in the loops."""

    joint: JointSum
    viewed: Viewed
    operands: tuple[str, ...]
    contract: Contract
    rng: random.Random
    bound: Callable[[Sequence[str], int], int]
    groups: tuple[tuple[Index, ...], ...] = field(init=False)
    choices: list[Chosen] = field(init=False)
    needed: dict[str, tuple[str, ...]] = field(init=False)
    """What each view is computed from."""

    def __post_init__(self) -> None:
        self.groups = tied_indices(self.joint.spec, self.operands)
        read = ((view.name, read_names(view.text)) for view in self.viewed.views)
        self.needed = {name: (*arrays, *lengths) for name, (arrays, lengths) in read}
        self.choices = list(self._choices())

    def cases(self) -> Iterator[Draw]:
        """Yield every case."""
        dtypes = list(self._dtypes())
        if not self.choices:
            return
        for number, names in enumerate(dtypes if len(dtypes) > 1 else ()):
            for choice in (self.choices[0], self.choices[number % len(self.choices)]):
                yield from self._draws(choice, names)
        for number, choice in enumerate(self.choices):
            yield from self._draws(choice, dtypes[number % len(dtypes)])

    def given(self, arrays: Sequence[Array]) -> Draw:
        """Return the case of arrays that a person gave."""
        return Draw(
            shapes=tuple(array.shape for array in arrays),
            dtypes=tuple(str(array.dtype) for array in arrays),
            kind=ValueKind.GIVEN,
            factors=len(self.joint.spec.operands),
            terms=max(prod(array.shape) for array in arrays),
        )

    def outside(self) -> Iterator[tuple[str, Draw]]:
        """Yield inputs that checked loops must refuse, each with what is wrong with it."""
        for choice in self.choices[:1]:
            for one in self.viewed.inputs:
                if not one.length:
                    yield from self._wrong(choice, one)

    def _wrong(self, choice: Chosen, one: ViewedInput) -> Iterator[tuple[str, Draw]]:
        shaped = choice[one.name]
        assert isinstance(shaped, Shaped)
        usual = next(iter(self._dtypes()))
        place = self.viewed.names.index(one.name)
        for axis, size in enumerate(shaped.shape):
            for other in {size + 1, 1} - {size}:
                wrong = {**choice, one.name: Shaped((*shaped.shape[:axis], other, *shaped.shape[axis + 1 :]))}
                if not self._fits(wrong):
                    yield f"axis {axis} of size {other}", self._draw(wrong, usual)
        if self.contract.values is Values.LISTS:
            return
        if one.rank is not None and len(shaped.shape) < MAX_AXES:
            yield "an axis too many", self._draw({**choice, one.name: Shaped((*shaped.shape, 2))}, usual)
        read = one.operand is not None or one.name == self.viewed.whole
        if self.contract.dtypes is not None:
            wrong_dtypes: tuple[str, ...] = ("int16",) if read and usual[place] != "int16" else ()
        else:
            wrong_dtypes = (*NO_ARITHMETIC, "bool", "object") if read else ()
        for dtype in wrong_dtypes:
            yield f"dtype {dtype}", self._draw(choice, (*usual[:place], dtype, *usual[place + 1 :]))

    def _draw(self, choice: Chosen, dtypes: Sequence[str]) -> Draw:
        """Return a case of small integers."""
        given = [choice[name] for name in self.viewed.names]
        return Draw(
            shapes=tuple(() if isinstance(one, int) else one.shape for one in given),
            dtypes=tuple(dtypes),
            kind=ValueKind.INTEGERS,
            factors=1,
            terms=1,
            bound=2,
            lengths=tuple((place, one) for place, one in enumerate(given) if isinstance(one, int)),
        )

    def _dtypes(self) -> Iterator[tuple[str, ...]]:
        if self.contract.dtypes is not None:
            yield self.contract.dtypes
            return
        names = [name for name in LIST_DTYPES if name != "bool"] if self.contract.values is Values.LISTS else NUMBERS
        yield from (self._of(["float64"]), *(self._of([name]) for name in names if name != "float64"))
        if self.contract.values is Values.ARRAYS and len(self.viewed.inputs) > 1:
            yield from (self._of(names) for _ in range(8))

    def _of(self, names: Sequence[str]) -> tuple[str, ...]:
        return tuple(LENGTH_DTYPE if one.length else self.rng.choice(names) for one in self.viewed.inputs)

    def _draws(self, choice: Chosen, names: tuple[str, ...]) -> Iterator[Draw]:
        """Yield the cases of a choice, with all kinds of values that can be compared."""
        base = self._draw(choice, names)
        summed = [index.label for index in self.joint.spec.summed]
        sizes = self._sizes(choice) or {}
        terms = prod(sizes.get(label, 1) for label in summed)
        most = self.bound(names, terms)
        empty = base.empty or 0 in sizes.values()
        read = [name for name, one in zip(names, self.viewed.inputs, strict=True) if not one.length] or ["float64"]
        for kind, largest in (
            kinds_of(self.joint.spec, read, terms, imaginary=is_imaginary(self.joint)) if most >= 0 else ()
        ):
            if (most and kind is ValueKind.FULL_RANGE) or (empty and kind is ValueKind.SPECIAL):
                continue
            yield Draw(
                shapes=base.shapes,
                dtypes=names,
                kind=kind,
                factors=len(self.joint.spec.operands),
                terms=terms,
                bound=min(largest, most) if most else largest,
                lengths=base.lengths,
            )

    def _sizes(self, choice: Chosen) -> dict[str, int] | None:
        """Return the length of every index, None where the parts do not exist or do not fit each other."""
        inside = self.viewed.inside(choice)
        if inside is None or not agreeing(self.joint, inside, self.operands):
            return None
        if self.contract.values is Values.LISTS and any(0 in getattr(one, "shape", ())[:-1] for one in inside.values()):
            return None
        sizes: dict[str, int] = {}
        for name, operand in zip(self.operands, self.joint.spec.operands, strict=True):
            for label, size in zip(operand.labels, getattr(inside[name], "shape", ()), strict=True):
                sizes[label] = max(sizes.get(label, size), size) if size != 1 else sizes.get(label, 1)
        numbers = (view.name for view in self.viewed.views if isinstance(inside[view.name], int | float))
        counts = {name: inside[name] for name in numbers}
        if any({**sizes, **counts}.get(name) == 0 for name in self.joint.divided):
            return None
        return sizes if prod(sizes.values()) <= MAX_POINTS else None

    def _fits(self, choice: Chosen) -> bool:
        return self._sizes(choice) is not None

    def _choices(self) -> Iterator[Chosen]:
        """Yield shapes and lengths that fit: telling ones first, then some with an empty axis or one of length 1."""
        found: list[tuple[bool, Chosen]] = []
        seen: list[Chosen] = []
        for number in range(MAX_TRIES):
            if len(found) >= MAX_CHOICES:
                break
            choice = self._choice(small=number % 5 > 2)
            if choice is not None and choice not in seen:
                seen.append(choice)
                sizes = self._sizes(choice) or {}
                plain = all(size > 1 for size in sizes.values()) and len(set(sizes.values())) == len(self.groups)
                found.append((not plain, choice))
        yield from (choice for _, choice in sorted(found, key=lambda pair: pair[0]))

    def _choice(self, *, small: bool) -> Chosen | None:
        """Return one choice, None where none was found."""
        chosen: Chosen = {one.name: self._length(small) for one in self.viewed.inputs if one.length}
        left = [one for one in self.viewed.inputs if not one.length]
        while left:
            one = next((one for one in left if self._told_length(one, chosen) is not None), left[0])
            left.remove(one)
            shapes = islice(self._shapes(one, chosen, small=small), MAX_SHAPES)
            shape = next((shape for shape in shapes if self._possible({**chosen, one.name: shape})), None)
            if shape is None:
                return None
            chosen[one.name] = shape
        return chosen if self._fits(chosen) else None

    def _told_length(self, one: ViewedInput, chosen: Chosen) -> int | None:
        """Return how many elements an array has, where what is chosen already says it."""
        texts = [view.text for view in self.viewed.views if self.viewed.base(view.name) == one.name]
        lengths = (reshaped_length(text, chosen) for text in texts)
        return next((length for length in lengths if length is not None), None) if one.rank is None else None

    def _length(self, small: bool) -> int:
        return self.rng.choice((0, 1, 2, 3) if small else (2, 3, 4, 5))

    def _possible(self, chosen: Mapping[str, Shaped | int]) -> bool:
        """Return whether what is chosen so far fits: parts of the arrays that are not chosen yet are left out."""
        known = dict(chosen)
        kept, whole = self.viewed.kept, self.viewed.whole
        if kept is not None and whole is not None and whole in chosen:
            known[kept] = chosen[whole]
        ready = (name for name in self.operands if all(one in known for one in self.needed.get(name, (name,))))
        inside = {name: self.viewed.one(name, known) for name in ready}
        return None not in inside.values() and agreeing(self.joint, inside, self.operands)

    def _shapes(self, one: ViewedInput, chosen: Chosen, *, small: bool) -> Iterator[Shaped]:
        """Yield shapes that an array may have; one that is only read in another shape has one axis."""
        texts = [view.text for view in self.viewed.views if self.viewed.base(view.name) == one.name]
        told = {number + more for text in texts for number in numbers_in(text) for more in (0, 1, 2)}
        sizes = [*SMALL[: 8 if small else 5], *sorted(told - set(SMALL))]
        self.rng.shuffle(sizes)
        if one.rank is not None:
            yield from (Shaped(shape) for shape in product(sizes, repeat=one.rank))
            return
        told_length = self._told_length(one, chosen)
        if told_length is not None:
            yield Shaped((told_length,))
            return
        lengths = [value for value in chosen.values() if isinstance(value, int)]
        extents = [size for value in chosen.values() if isinstance(value, Shaped) for size in value.shape]
        sides = [*dict.fromkeys([*lengths, *extents, *told, *SMALL])][:16]
        yield from (Shaped((a * b * c,)) for a, b, c in product(sides, sides, (1, *sides)))
