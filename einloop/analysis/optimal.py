"""Labels of operands and extents in, the cheapest contraction path out, as far as a given time allows.

A set of operands has one cheapest way to be combined, whatever is done with it afterwards, so sets grow from two that
have no operand in common, and those that cost as much as a whole path that is known already are dropped. Source:
R. N. C. Pfeifer, J. Haegeman, F. Verstraete, "Faster identification of optimal contraction sequences for tensor
networks", 2014.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from time import monotonic

from ..core.spec import Places

MAX_SETS = 400_000
"""Sets of operands that a search remembers at most: about 100 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The cheapest path that was found, () where none was cheaper than the bound. `complete`: there is no cheaper one;
    else `connected` tells whether there is none among those that never multiply arrays without a common label."""

    path: Places
    complete: bool
    connected: bool


@dataclass(slots=True, kw_only=True)
class Search:
    """A search: sets of operands and of labels are numbers, a bit for each member.

    `cost` and `halves`: of every set that was reached, what it costs, and the two sets that it is made of. `kept` and
    `products` remember what `labels` and `size` give.
    """

    terms: Sequence[int]
    output: int
    sizes: Sequence[int]
    bound: float
    clock: Callable[[], float]
    max_sets: int = MAX_SETS
    cost: dict[int, float] = field(default_factory=dict)
    halves: dict[int, tuple[int, int]] = field(default_factory=dict)
    kept: dict[int, int] = field(default_factory=dict)
    products: dict[int, int] = field(default_factory=lambda: {0: 1})

    def run(self, deadline: float, *, connected: bool) -> bool:
        """Find the cheapest way to combine every set that costs less than the bound, which a path of all operands
        lowers; return whether there was time. `connected`: only sets that have a label in common are combined."""
        count = len(self.terms)
        singles = [1 << number for number in range(count)]
        self.cost = dict.fromkeys(singles, 0.0)
        self.kept |= zip(singles, self.terms, strict=True)
        levels = [[], singles]
        for size in range(2, count + 1):
            reached: dict[int, None] = {}
            for smaller in range(1, size // 2 + 1):
                for one in levels[smaller]:
                    if self.clock() > deadline or len(self.kept) > self.max_sets:
                        return False
                    labels = self.kept[one]
                    for other in levels[size - smaller]:
                        if one & other or (2 * smaller == size and one > other):
                            continue
                        if (not connected or labels & self.kept[other]) and self.join(one, other):
                            reached[one | other] = None
            levels.append(list(reached))
        self.bound = self.cost.get((1 << count) - 1, self.bound)
        return True

    def join(self, one: int, other: int) -> bool:
        """Note what it costs to combine two sets where that is the cheapest way yet; return whether it is."""
        both = one | other
        left, right = self.kept[one], self.kept[other]
        sums = left & right & ~self.labels(both) != 0
        cost = self.cost[one] + self.cost[other] + self.size(left | right) * (1 + sums)
        if cost >= self.cost.get(both, self.bound):
            return False
        self.cost[both], self.halves[both] = cost, (one, other)
        return True

    def labels(self, operands: int) -> int:
        """Return the labels that the product of some operands keeps: those that others or the output need."""
        if operands not in self.kept:
            inside = outside = 0
            for number, term in enumerate(self.terms):
                if operands >> number & 1:
                    inside |= term
                else:
                    outside |= term
            self.kept[operands] = inside & (outside | self.output)
        return self.kept[operands]

    def size(self, labels: int) -> int:
        """Return the product of the extents of labels."""
        if labels not in self.products:
            lowest = labels & -labels
            self.products[labels] = self.sizes[lowest.bit_length() - 1] * self.size(labels ^ lowest)
        return self.products[labels]

    def path(self) -> Places:
        """Return the steps that make the set of all operands, as places in the list of arrays that are left."""
        joined, waiting = [], [(1 << len(self.terms)) - 1]
        while waiting:
            made = waiting.pop()
            if made in self.halves:
                joined.append(self.halves[made])
                waiting += self.halves[made]
        left, steps = [1 << number for number in range(len(self.terms))], []
        for pair in reversed(joined):
            steps.append(tuple(sorted(left.index(one) for one in pair)))
            left = [one for one in left if one not in pair] + [pair[0] | pair[1]]
        return tuple(steps)


def optimal_path(
    terms: Sequence[Iterable[str]],
    output: Iterable[str],
    sizes: Mapping[str, int],
    *,
    bound: float,
    seconds: float,
    clock: Callable[[], float] = monotonic,
    max_sets: int = MAX_SETS,
) -> Best:
    """Return the cheapest path among those that cost less than `bound`, after at most about so many seconds, with at
    most so many sets of operands in mind.

    A step costs its iterations, twice as much where it sums, as opt_einsum counts. Half of the time goes to paths that
    combine arrays with a label in common, which are far fewer and mostly the cheapest.

    >>> sizes = {"i": 9, "j": 9, "k": 9, "l": 2}
    >>> optimal_path(["ij", "jk", "kl"], "il", sizes, bound=1e9, seconds=9).path
    ((1, 2), (0, 1))
    """
    bits = {label: 1 << number for number, label in enumerate(sizes)}
    search = Search(
        terms=[reduce(or_, (bits[label] for label in term), 0) for term in terms],
        output=reduce(or_, (bits[label] for label in output), 0),
        sizes=tuple(sizes.values()),
        bound=bound,
        clock=clock,
        max_sets=max_sets,
    )
    start = clock()
    connected = search.run(start + seconds / 2, connected=True)
    path = search.path()
    complete = search.run(start + seconds, connected=False)
    return Best(path=(search.path() if complete else ()) or path, complete=complete, connected=connected)
