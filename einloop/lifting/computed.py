"""What a program is to the engine: something that runs on polynomials, and what one run of it leaves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ..core.polynomial import Polynomial
from .decisions import Distances
from .sizes import Key, Sizes

Input = int | tuple[int, ...]
"""What a program is given for a name: a length, or an array of a shape; a scalar has the shape ()."""
LATER = "'"
"""What stands among shapes after the name of a result that an input has too: it is another array then."""
Bounds = Mapping[object, tuple[int, int]]
"""By what marks them in the text: elements that are used, and elements that there are."""
Cells = Mapping[tuple[int, ...], Polynomial]
Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """Where a text is cut. `wanted`: at these places, None: wherever a sum was written; `names`: of what is cut there.

    `inside`: in loops as well. `refused`: where it cannot be cut.
    """

    wanted: frozenset[str] | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    inside: bool = False
    refused: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreOrder:
    """In which order what was computed can be stored, by pairs of keys.

    `before`: the first is computed before the second is stored. `after`: the first is stored before the second is
    computed. `stored`: the first is stored before the second.
    """

    before: Pairs = frozenset()
    after: Pairs = frozenset()
    stored: Pairs = frozenset()

    def __or__(self, other: StoreOrder) -> StoreOrder:
        """Return an order that is right for both."""
        return StoreOrder(
            before=self.before | other.before, after=self.after | other.after, stored=self.stored | other.stored
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CutPlan:
    """What a run shows of where its text is to be cut.

    `useful`: places where it is worth it. `every`: all places where it can be cut. `refused`: where it is not possible.
    `names`: what is to be called there as results are. `loops`: several statements in loops write something.
    """

    useful: frozenset[str]
    every: frozenset[str]
    refused: frozenset[str]
    names: Mapping[str, str]
    loops: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """What one run left: the elements of every result by name, and the shapes of arrays.

    `same`: lengths that have to be one for what the run saw, found after it. `inputs`: what the run was given.
    `made`: results that the text makes itself; the others are there before. `literals`: whole numbers that the text
    compares, adds or divides with lengths or indices. `letters`: the variables that index an axis of an array. `notes`:
    what is to be known of the results. `compared`: how near the comparisons of numbers were to coming out otherwise.
    `bounds`: how much of arrays of a fixed length is used, and how long they are.
    `assumes`: arrays are taken to be as long as the loops over them. `order`: of storing what stands in `results`.
    `temporaries`: arrays among `results` that are none; what was cut off is there by a key of its own. `plan`: what a
    run that looks for where to cut has found. `truths`: elements are truth values.
    """

    results: Mapping[str, Cells]
    shapes: Mapping[str, tuple[int, ...]]
    same: Sequence[tuple[Key, Key]] = ()
    inputs: Mapping[str, Input] = field(default_factory=dict)
    made: frozenset[str] = frozenset()
    literals: frozenset[int] = frozenset()
    letters: Mapping[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    compared: Distances = field(default_factory=dict)
    bounds: Bounds = field(default_factory=dict)
    assumes: bool = False
    order: StoreOrder = field(default_factory=StoreOrder)
    plan: CutPlan | None = None
    temporaries: frozenset[str] = frozenset()
    truths: bool = False


class Liftable(Protocol):
    """A text that was parsed."""

    @property
    def offsets(self) -> Collection[str]:
        """Lengths that say where something starts, and are shorter than others."""

    def run(self, sizes: Sizes, cuts: Cuts | None = None) -> Computed:
        """Run it on polynomials, with `cuts` in parts. Raises Refusal, and Unequal where two lengths have to be one."""
