"""Arrays and totals that a text computes on the way: later statements read them as they are then.

While a text runs, what a statement has written may be cut off: it is kept as what that statement computes, and from
there on its elements are those of a version of the array. What has to be stored when follows from who reads which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from keyword import iskeyword

from ..core.effort import spend
from ..core.polynomial import Element, Polynomial
from .computed import Cells, Computed, Cuts, Order, Plan
from .sizes import Refusal
from .terms import SITE
from .versions import VERSION, Version, own_base, reads_of, version_of, written
from .whole import Whole

At = tuple[int, ...]
INSIDE = ":*"
"""What the name of a cut in a loop ends with."""


class CutRun:
    """What one run of a text cuts off.

    `cells`: what every version is, by its key. `made`: versions with which the text makes the array. `history`: the
    versions of every array, the oldest first. `bad`: places where the text cannot be cut.
    """

    def __init__(self, cuts: Cuts) -> None:
        self.cuts = cuts
        self.cells: dict[str, Cells] = {}
        self.made: set[str] = set()
        self.history: dict[str, list[str]] = {}
        self.bad: set[str] = set()
        self.inner: set[str] = set()
        """Places of statements in loops that write something."""
        self._owners: dict[int, tuple[object, str]] = {}
        self._places: dict[str, list[object]] = {}
        self._times: dict[str, int] = {}
        self._newest: dict[tuple[str, At], int] = {}

    def base(self, owner: object) -> str | None:
        """Return the name of an array of which something was cut off, None for any other."""
        found = self._owners.get(id(owner))
        return None if found is None else found[1]

    def fresh(self, owner: object, name: str, at: At, cell: Polynomial) -> bool:
        """Return whether an element of an array is not just what some version has in that place.

        Where it is looked for where to cut a text, what was cut off in loops is fresh after them.
        """
        terms = cell.terms()
        if len(terms) == 1 and self._looking and self._inner(terms):
            return True
        return not written(self.base(owner) or name, at, cell)

    @property
    def _looking(self) -> bool:
        return self.cuts.inside and self.cuts.wanted is None

    def _inner(self, terms: Mapping[tuple[Element, ...], object]) -> bool:
        """Return whether there is an element of what was cut off in loops."""
        return any(name.endswith(INSIDE) for factors in terms for name, _ in factors)

    def cut(
        self, place: str, owner: object, name: str, cells: Cells, *, given: bool, inside: bool, several: bool = False
    ) -> str | None:
        """Return what the elements are called that stand for these from now on, None where they stay what they are.

        `place`: the statement. `owner`: the array. `given`: the array is there before. `inside`: in a loop, of which
        each turn writes elements of its own. `several`: it is known that some of what was written is a sum.
        """
        cut = self._named(place, owner, name, inside=inside)
        wanted = (
            cut in self.cuts.wanted if self.cuts.wanted is not None else several or self._sums(cells, inside=inside)
        )
        if not wanted or cut in self.cuts.refused or not _names(name) or not len(cells):
            return None
        base = self.base(owner)
        first = base is None
        if base is None:
            base = name if given else self.cuts.names.get(cut) or self._free(name)
            self._owners[id(owner)] = owner, base
        key = base + VERSION + cut
        if first and not given:
            self.made.add(key)
        versions = self.history.setdefault(base, [])
        if key not in versions:
            versions.append(key)
        if inside:
            self._check(key, cut, base, cells)
            cells = {**self.cells.get(key, {}), **cells}
        self.cells[key] = cells
        return base + SITE + VERSION + cut

    def _sums(self, cells: Cells, *, inside: bool) -> bool:
        """Return whether some elements are sums, or have to be cut off again after a loop."""
        if isinstance(cells, Whole):
            return False
        every = [cell.terms() for cell in cells.values()]
        return any(len(one) > 1 for one in every) or (
            not inside and self._looking and any(self._inner(one) for one in every)
        )

    def _check(self, key: str, cut: str, base: str, cells: Cells) -> None:
        """Take note where elements are written twice, or before those of an older version."""
        spend(len(cells))
        number = self.history[base].index(key)
        for at in cells:
            if self._newest.get((base, at), -1) >= number:
                self.bad.add(cut)
            self._newest[base, at] = number

    def _named(self, place: str, owner: object, name: str, *, inside: bool) -> str:
        """Return what a cut is called: the array, the place, which array of that name it is, and how often it came."""
        place = f"{name}:{place}"
        owners = self._places.setdefault(place, [])
        number = next((n for n, one in enumerate(owners) if one is owner), len(owners))
        if number == len(owners):
            owners.append(owner)
        place = f"{place}:{number}"
        if inside:
            return place + INSIDE
        self._times[place] = self._times.get(place, -1) + 1
        return f"{place}:{self._times[place]}"

    def _free(self, name: str) -> str:
        taken = {base for _, base in self._owners.values()} | {*self.cuts.names.values()}
        return next(one for one in (name, *(f"{name}{n}" for n in range(1, len(taken) + 2))) if one not in taken)


def _names(name: str) -> bool:
    """Return whether a statement can give its value to a name."""
    return name.isidentifier() and not iskeyword(name) and name not in ("np", "len")


def name_of(key: str) -> str:
    """Return the array that a key is a version of, or the result.

    >>> name_of("h#h:3:0:0"), name_of("y")
    ('h', 'y')
    """
    return key.partition(VERSION)[0]


def sequenced(run: CutRun | None, computed: Computed) -> Computed:
    """Return what a run has left in terms of what it has cut off, which is among the results then, by its key.

    Raises Refusal where that cannot be put in order.
    """
    results = computed.results
    if run is None:
        return replace(computed, order=_order({}, results, computed.made)) if len(results) > 1 else computed
    for key in run.made:
        given = computed.inputs.get(name_of(key))
        if given is not None and _reach(run.cells[key]) != given:
            raise Refusal("EL817", f"{name_of(key)} is made here, and given in another shape")
    cells, names = dict(run.cells), {}
    made = set(run.made)
    for name, left in results.items():
        found = left
        base = own_base(found, run.cells, run.history)
        if base not in (None, name) and base not in results and run.history[base][0] in run.made:
            names[run.history[base][0].partition(VERSION)[2]] = name
        if name in run.history:
            found = {at: cell for at, cell in found.items() if not written(name, at, cell)}
        elif name in computed.made:
            made.add(name)
        if found or name not in run.history:
            cells[name] = found
    order = _order(run.history, cells, frozenset(made))
    carried = {one.partition(VERSION)[2] for one, other in order.after if one == other}
    useful: frozenset[str] = frozenset()
    if run.cuts.wanted is None:
        useful = _useful(cells, frozenset(results))
    elif carried:
        raise Refusal("EL810", "a turn of a loop reads what the turn before made")
    plan = Plan(useful=useful, refused=frozenset(run.bad | carried), names=names, loops=len(run.inner) > 1)
    return replace(
        computed, results=cells, made=frozenset(made), order=order, plan=plan,
        temporaries=frozenset(run.history) - results.keys(),
    )  # fmt: skip


def _reach(cells: Cells) -> At:
    """Return the shape of an array that has these places."""
    return tuple(max(axis) + 1 for axis in zip(*cells, strict=True))


def _order(versions: Mapping[str, Sequence[str]], cells: Mapping[str, Cells], made: frozenset[str]) -> Order:
    """Return what has to be computed and stored before what: itself where a turn of a loop reads what another made."""
    history = {base: [*keys] for base, keys in versions.items()}
    for key in cells:
        if VERSION not in key:
            history.setdefault(key, []).append(key)
    before, after = set(), set()
    for key, found in cells.items():
        for version in reads_of(found, history, cells):
            if version.cut:
                after.add((version.base + VERSION + version.cut, key))
            following = _following(version, history, cells, made)
            if following is not None and following != key:
                before.add((key, following))
    stored = {pair for keys in history.values() for pair in pairwise(keys)}
    return Order(before=frozenset(before), after=frozenset(after), stored=frozenset(stored))


def _following(
    version: Version, history: Mapping[str, Sequence[str]], cells: Mapping[str, Cells], made: frozenset[str]
) -> str | None:
    """Return the version that is written over this one, None where none is."""
    versions = history.get(version.base, ())
    place = versions.index(version.base + VERSION + version.cut) + 1 if version.cut else 0
    whole = version.at is None
    return next((key for key in versions[place:] if whole or key in made or version.at in cells[key]), None)


def _useful(cells: Mapping[str, Cells], results: frozenset[str]) -> frozenset[str]:
    """Return the places of the versions that are multiplied later, or are results that others are made of."""
    found = set()
    for key, own in cells.items():
        for factors in products_of(own):
            versions = [version_of(factor) for factor in factors]
            arrays = sum(bool(version.at) for version in versions)
            counted = sum(bool(version.at) or bool(version.cut) for version in versions)
            for version in versions:
                times = (arrays if version.at else counted) > 1 or version.inverse
                other = version.base in results and version.base != name_of(key)
                if version.cut and (times or other):
                    found.add(version.cut)
    return frozenset(found)


def products_of(cells: Cells) -> Iterator[tuple[Element, ...]]:
    """Yield the products of all elements."""
    for cell in cells.values():
        yield from cell.terms()
