"""A program that is run with several choices of lengths, and whether it computes what was found for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from ..core.effort import spend
from ..core.topic import Topic
from .arranged import Arranged
from .checks import begun, empty, few, holding, large, more, trials
from .computed import Computed, Cuts, Liftable
from .decisions import undecided
from .found import Found
from .lengths import Chosen
from .parts import PartWriter
from .sizes import Key, Refusal, Sizes, Unequal, said
from .trials import LiftSample

MAX_JOINS = 16
"""Pairs of lengths that a text may turn out to need equal."""
RUN = 300
"""The work of one run, however short."""
OVERLAPS = (2, 3, 4, 5)
"""Lengths at which parts of a result that are read and written may meet."""
MAX_OVERLAPPING = 3
"""Lengths of a text for which every choice of these is looked at."""
MAX_OVERLAPS = 12
OTHERWISE = "for {sizes}, {name} is not what it is for other sizes"


class Otherwise(Refusal):
    """What was found is not what the text computes for other lengths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One run: what it left, and its lengths."""

    computed: Computed
    sizes: Sizes

    def chosen(self, keys: Iterable[Key]) -> dict[Key, int]:
        """Return the value of every length, also of those that this run did not ask for."""
        return {key: int(self.sizes[key]) for key in keys}

    def sample(self, keys: Iterable[Key]) -> LiftSample:
        """Return what the code can be run with to do the same."""
        return LiftSample(
            lengths=self.chosen(keys),
            inputs=self.computed.inputs,
            compared=self.computed.compared,
            bounds=self.computed.bounds,
        )


@dataclass(slots=True)
class LiftRuns:
    """A program that is lifted with lengths that were found to be one."""

    program: Liftable
    joins: dict[Key, Key]
    cuts: Cuts | None = None
    whole: bool = False
    """All results are known as terms, whatever the lengths are."""
    made: frozenset[str] = frozenset()
    """Results that the text makes itself, which are nothing where it does not."""
    compared: list[LiftSample] = field(default_factory=list)
    """LiftRuns that compute what was found."""
    unfit: list[Chosen] = field(default_factory=list)
    """Lengths for which the text does not run."""
    arranged: Arranged | None = None
    """The statements in order."""

    def run(self, lengths: tuple[int, ...], given: Mapping[Key, int] | None = None, *, turn: int = 0) -> Ran:
        """Return what a run leaves when lengths that have to be one are one."""
        for _ in range(MAX_JOINS):
            sizes = Sizes(lengths, self.joins, given or {}, turn=turn)
            spend(RUN)
            try:
                ran = self.program.run(sizes, self.cuts)
            except Unequal as error:
                one, other = sizes.home(error.one), sizes.home(error.other)
                if one == other:
                    raise Refusal("EL813", "two lengths would have to be equal and cannot be") from None
                self.joins[one] = other
                continue
            if not ran.same:
                return Ran(computed=ran, sizes=sizes)
            one, other = ran.same[0]
            self.joins[one] = other
        raise Refusal("EL811", "the lengths in this code cannot be determined")

    def checked(self, results: Mapping[str, Found], parts: PartWriter, literals: frozenset[int]) -> list[str]:
        """Compare what was found with the program at other lengths; return what has to hold. Raises Refusal."""
        found = [*results.values()]
        homes = [key for key in parts.chosen[0] if key not in self.joins]
        joins = len(self.joins)
        notes: dict[str, None] = {}
        for given in few(homes) if self.whole else self._trials(found, homes, literals):
            try:
                self.compared += self._compare(results, parts, given)
            except Refusal as refusal:
                ones = self._ones(results, parts, given, refusal)
                notes.update(dict.fromkeys(f"right where {said(key)} is not 1" for key in ones))
        divides = any(term.divisor is not None for one in found for term in one.terms)
        for given in empty(homes) if divides or not self.whole else ():
            try:
                self._compare(results, parts, given, empty=True)
            except Refusal:
                (key,) = (key for key, length in given.items() if not length)
                notes[f"right where {said(key)} is not 0"] = None
        if len(self.joins) != joins:
            raise Refusal("EL811", "which lengths are equal depends on the sizes")
        return [*notes]

    def _overlapping(self, found: Sequence[Found], homes: Sequence[Key]) -> Iterator[dict[Key, int]]:
        """Yield lengths for which some of what is read of a result is written before, though not all of it."""
        every = product(OVERLAPS, repeat=len(homes)) if len(homes) <= MAX_OVERLAPPING else ()
        lengths = (dict(zip(homes, sizes, strict=True)) for sizes in every)
        some = (given for given in lengths if any(one.overlaps({**given, **self._joined(given)}) for one in found))
        yield from islice(some, MAX_OVERLAPS)

    def _trials(
        self, found: Sequence[Found], homes: Sequence[Key], literals: frozenset[int]
    ) -> Iterator[dict[Key, int]]:
        """Yield lengths to try, and more of them while a comparison has come out one way only."""
        beyond = large(homes, lambda given: sum(one.points({**given, **self._joined(given)}) for one in found))
        yield from begun(homes, self.program.offsets, beyond)
        yield from trials(homes, literals, beyond)
        yield from self._overlapping(found, homes)
        for given in more(homes, literals, beyond):
            if undecided([(one.lengths, one.compared) for one in self.compared]) is None:
                return
            yield given

    def _ones(
        self, found: Mapping[str, Found], parts: PartWriter, given: Mapping[Key, int], refusal: Refusal
    ) -> list[Key]:
        """Return which lengths of one are why the program computes something else. Raises the refusal where none is."""
        if 1 not in given.values():
            raise refusal
        for scale in (2, 3, 4):
            larger = {key: scale if length == 1 else (scale + 1) * length for key, length in given.items()}
            try:
                self._compare(found, parts, larger)
            except Refusal:
                raise refusal from None
        why = []
        for key in (key for key, length in given.items() if length == 1):
            try:
                self._compare(found, parts, {**larger, key: 1})
            except Refusal:
                why.append(key)
        if not why:
            raise refusal
        return why

    def _compare(
        self, found: Mapping[str, Found], parts: PartWriter, given: Mapping[Key, int], *, empty: bool = False
    ) -> list[LiftSample]:
        """Return runs that were compared. Raises Refusal where the program computes something else for them."""
        held = holding(given, [*parts.needs, *parts.least], self._joined(given))
        if held is None:
            return []
        try:
            ran = self.run((2,), held)
        except Refusal as refusal:
            if refusal.topic is Topic.UNFIT:
                self.unfit.append({**self._joined(held), **held})
                return []
            raise
        chosen = ran.chosen([*held, *self.joins])
        if ran.sizes.chosen.keys() - chosen.keys() - self.joins.keys():
            raise Refusal("EL811", "which lengths matter depends on the sizes")
        if not empty and ran.computed.results.keys() - found.keys():
            raise Otherwise("EL811", "which results are written depends on the sizes")
        if self.arranged is not None and not self.arranged.keeps(ran.computed.order):
            raise Otherwise("EL811", "what is to be computed first depends on the sizes")
        for key, one in found.items():
            made = key in ran.computed.made
            if empty and key not in ran.computed.results and key in self.made:
                continue
            if not one.right(ran.computed.results.get(key, {}), chosen, made=made):
                sizes = ", ".join(f"{said(key)} = {length}" for key, length in held.items())
                raise Otherwise("EL811", OTHERWISE.format(name=one.name, sizes=sizes))
        return [ran.sample(parts.chosen[0])]

    def _joined(self, given: Mapping[Key, int]) -> dict[Key, int]:
        sizes = Sizes((2,), self.joins, given)
        return {key: int(sizes[key]) for key in self.joins}
