"""A text in, the combinations that it computes out: it is run on polynomials with several choices of lengths.

Nothing of the text is executed. What it computes for small lengths is recovered as einsums exactly, must be the same
einsums for every choice of lengths, and is then compared with the text at others: one, none, and large.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import combinations, islice, product
from operator import or_

from ..core.combination import Combination, Statements
from ..core.effort import TooMuchError, limited, spend
from ..core.polynomial import TooManyTerms
from ..core.source import Notation, Source
from ..core.topic import Topic
from .arranged import Arranged, arranged
from .better import better
from .checks import empty, few, holding, more, trials
from .computed import Cells, Computed, Cuts, Input, Liftable, Plan
from .decisions import ONE_WAY, undecided
from .found import Found, found_in
from .parts import PartWriter, ends_of, probes
from .sequence import INSIDE, name_of
from .sizes import Key, Refusal, Sizes, Unequal, too_long
from .statements import ResultWriter
from .trials import LiftedCode, LiftSample
from .whole import Whole

__all__ = ["Cells", "Computed", "Input", "Liftable", "lifted"]


class Otherwise(Refusal):
    """What was found is not what the text computes for other lengths."""


Lengths = Sequence[tuple[int, ...]]
"""The lengths of each run, in the order in which a text asks for them."""
SMALL = (
    (2, 3, 2, 3, 2, 4, 2, 2, 3, 2, 4, 3),
    (4, 2, 3, 2, 2, 2, 4, 2, 2, 3, 3, 3),
    (3, 4, 2, 2, 3, 2, 2, 4, 3, 3, 2, 2),
)
"""Products of two of the first seven differ from each other, and in the three runs."""
GROWING = (
    (4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
    (6, 7, 9, 10, 12, 13, 15, 16, 18, 19, 21, 22),
    (5, 8, 9, 11, 12, 14, 15, 17, 18, 20, 21, 23),
)
RISING = (
    (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13),
    (3, 4, 6, 7, 9, 10, 12, 13, 15, 16, 18, 19),
    (2, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18, 20),
)
"""The same from the last that are asked for to the first."""
LARGE = (
    (8, 7),
    (13, 9),
    (11, 12),
)
MAX_JOINS = 16
"""Pairs of lengths that a text may turn out to need equal."""
MAX_GUESSES = 6
"""Pairs of lengths that are tried as one to say why a text is refused."""
STRUCTURE = frozenset({Topic.WINDOW, Topic.GAPS, Topic.UNLIKE})
"""Refusals that small lengths are enough for."""
PLAN_MOST = 100_000
"""The work of looking for where a text is to be cut in parts."""
MAX_PLANS = 6
STAGED_MOST = 1_000_000
WHOLE_MOST = 500_000
"""The work of lifting a text that was lifted in parts again as a whole."""
MOST = 2_000_000
"""Units of work of one lift: beyond them a text is refused, on every machine alike."""
RUN = 300
"""The work of one run, however short."""
AGAIN_MOST = MOST // 3
"""The work of a trial after one that was refused."""
AGAIN = STRUCTURE | {Topic.OTHER_SIZES, Topic.UNFIT, Topic.NO_RESULT, Topic.NO_WORDS}
"""Refusals that other lengths may not meet."""
TOO_MANY = "this has too many terms"
STEPS = "run at {sizes}, it takes too many steps"
ROWS = "this is right only where {row} = {end}: rows of {row} elements, and a loop over {end} of them"
UNTRIED = "this does not run for enough values of {length} to be known"
FAR = "whether parts of {name} overlap is not known for lengths beyond {longest}"
OVERLAPS = (2, 3, 4, 5)
"""Lengths at which parts of a result that are read and written may meet."""
MAX_OVERLAPPING = 3
"""Lengths of a text for which every choice of these is looked at."""
MAX_OVERLAPS = 12
MIN_VALUES = 3
"""Values that every length has in the runs."""
OTHERWISE = "for {sizes}, {name} is not what it is for other sizes"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ran:
    """One run: what it left, and its lengths."""

    computed: Computed
    sizes: Sizes

    def chosen(self, keys: Iterable[Key]) -> dict[Key, int]:
        """Return the value of every length, also of those that this run did not ask for."""
        return {key: int(self.sizes[key]) for key in keys}

    def sample(self, keys: Iterable[Key]) -> LiftSample:
        """Return what the code can be run with to do the same."""
        return LiftSample(lengths=self.chosen(keys), inputs=self.computed.inputs, compared=self.computed.compared)


def lifted(program: Liftable, source: Source) -> LiftedCode:
    """Return what a program computes, in the order of its statements where that is better. Raises Refusal."""
    cuts = planned(program)
    if cuts is None:
        return _lifted(program, source, None, MOST)
    try:
        kept = _lifted(program, source, cuts, STAGED_MOST)
    except Refusal:
        return _lifted(program, source, None, MOST)
    try:
        whole = _lifted(program, source, None, WHOLE_MOST)
    except Refusal:
        return kept
    return kept if better(kept.statements, whole.statements) else whole


def _lifted(program: Liftable, source: Source, cuts: Cuts | None, most: int) -> LiftedCode:
    """Return what a program computes where it is cut in parts. Raises Refusal."""
    joins: dict[Key, Key] = {}
    refused: list[Refusal] = []
    for lengths in _choices(program, joins, refused):
        try:
            with limited(min(AGAIN_MOST, most) if refused else most):
                return _Trial(program, source, joins, cuts).lifted(lengths)
        except TooMuchError as error:
            refused.append(Refusal("EL816", TOO_MANY) if isinstance(error, TooManyTerms) else too_long())
            break
        except Refusal as refusal:
            refused.append(refusal)
            if refusal.final or refusal.topic not in AGAIN:
                break
    if cuts is not None:
        raise refused[-1]
    raise _told(program, source, joins, refused)


def planned(program: Liftable) -> Cuts | None:
    """Return where a program is to be cut in parts, None where that is of no use."""
    found = Cuts(wanted=None)
    with suppress(Refusal, TooMuchError), limited(PLAN_MOST):
        plan = _plan(program, found)
        found = Cuts(wanted=plan.useful, names=plan.names)
        if plan.loops:
            inner = _plan(program, Cuts(inside=True))
            places = frozenset(place for place in inner.useful if place.endswith(INSIDE))
            found = Cuts(wanted=plan.useful | places, names={**plan.names, **inner.names}, inside=bool(places))
    return found if found.wanted else None


def _plan(program: Liftable, cuts: Cuts) -> Plan:
    """Return what a run shows that is cut where it can be."""
    for _ in range(MAX_PLANS):
        plan = _Trial(program, Source(text="", notation=Notation.NUMPY), {}, cuts).run(SMALL[0]).computed.plan
        if plan is None:
            break
        if not plan.refused - cuts.refused:
            return plan
        cuts = replace(cuts, refused=cuts.refused | plan.refused)
    raise Refusal("EL816", TOO_MANY)


def shapes_in(program: Liftable) -> Mapping[str, tuple[int, ...]]:
    """Return the shapes of arrays in one run of a program. Raises Refusal where it does not run."""
    trial = _Trial(program, Source(text="", notation=Notation.NUMPY), {})
    try:
        return trial.run(SMALL[0]).computed.shapes
    except TooMuchError:
        raise too_long() from None


def _choices(program: Liftable, joins: Mapping[Key, Key], refused: Sequence[Refusal]) -> Iterator[Lengths]:
    """Yield lengths to run a text with, each after what was before has been refused."""
    yield SMALL
    yield GROWING
    count = len(_homes(program, joins))
    if isinstance(refused[1], Otherwise) and count > 1:
        return
    if count > 1:
        yield [run[count - 1 :: -1] for run in RISING]
    if count == 1 or (count <= len(LARGE[0]) and refused[1].topic not in STRUCTURE):
        yield LARGE


def _told(program: Liftable, source: Source, joins: Mapping[Key, Key], refused: Sequence[Refusal]) -> Refusal:
    """Return the refusal to show: with what would have to hold, where the text lifts when two lengths are one."""
    last = refused[-1]
    if last.topic is Topic.TOO_LONG and refused[0].topic in STRUCTURE:
        return refused[0]
    if last.final or last.topic not in AGAIN:
        return last
    otherwise = next((one for one in refused if isinstance(one, Otherwise)), None)
    if otherwise is not None:
        return otherwise
    last = refused[1 if len(refused) > 1 else 0]
    if last.topic is Topic.UNFIT:  # it may not fit for these lengths alone
        last = next((one for one in refused if one.topic is not Topic.UNFIT), last)
    for one, other in list(combinations(_homes(program, joins), 2))[:MAX_GUESSES]:
        try:
            _Trial(program, source, {**joins, one: other}).lifted(SMALL)
        except (Refusal, TooMuchError):
            continue
        hint = f"use one of them for both, or correct where {_said(one)} stands for {_said(other)}"
        return Refusal("EL811", f"this is right only where {_said(one)} = {_said(other)}", last.node, hint=hint)
    return last


def _homes(program: Liftable, joins: Mapping[Key, Key]) -> list[Key]:
    """Return the lengths that a text asks for and that may differ."""
    sizes = Sizes(GROWING[0], joins, {})
    with suppress(Refusal, Unequal, TooMuchError), limited(AGAIN_MOST):
        program.run(sizes)
    return [key for key in sizes.chosen if key not in joins]


def _names(*keys: Key) -> bool:
    """Return whether these are lengths that the text has names for."""
    return all(isinstance(key, str) and key.isidentifier() for key in keys)


def _said(key: Key) -> str:
    return key if isinstance(key, str) else f"{key[0]}.shape[{key[1]}]"


@dataclass(slots=True)
class _Trial:
    """A program that is lifted with lengths that were found to be one."""

    program: Liftable
    source: Source
    joins: dict[Key, Key]
    cuts: Cuts | None = None
    whole: bool = False
    """All results are known as terms, whatever the lengths are."""
    compared: list[LiftSample] = field(default_factory=list)
    """Runs that compute what was found."""
    arranged: Arranged | None = None

    def lifted(self, lengths: Lengths) -> LiftedCode:
        """Return what the program computes, as runs with these lengths show it. Raises Refusal."""
        runs: list[_Ran] = []
        known = -1
        while known != len(self.joins):
            known = len(self.joins)
            runs = [self.run(one) for one in lengths]
        names = list(runs[0].computed.results)
        if any(set(run.computed.results) != set(names) for run in runs):
            raise Refusal("EL811", "which results are written depends on the sizes")
        if not names:
            raise Refusal("EL814", "this code leaves no result", hint="assign the result to a name, or return it")
        keys = list(dict.fromkeys(key for run in runs for key in (*run.sizes.chosen, *self.joins)))
        chosen = [run.chosen(keys) for run in runs]
        found = [
            found_in(name_of(name), [(run.computed.results[name], at) for run, at in zip(runs, chosen, strict=True)])
            for name in names
        ]
        wide = probes(chosen, runs[0].sizes.composed)
        parts = PartWriter(
            chosen=chosen,
            probes=wide,
            shapes=[run.computed.shapes for run in runs],
            ends=ends_of(found),
            inputs=[run.computed.inputs for run in runs],
        )
        self.whole = all(isinstance(result, Whole) for run in runs for result in run.computed.results.values())
        written = {name: self._written(name, one, parts, runs) for name, one in zip(names, found, strict=True)}
        order = reduce(or_, (run.computed.order for run in runs))
        self.arranged = arranged(written, order, runs[0].computed.made, self.source.text)
        statements = self.arranged.statements
        self._refuse_rows(found, parts)
        parts.assumed(key for key in self.joins if isinstance(key, tuple))
        for row, end in (*parts.needs, *parts.least):
            if any(str(key).isdigit() for length in (row, end) for _, keys in length.parts for key in keys):
                raise Refusal("EL811", f"this is right only where {row.text} >= {end.text}")
        notes = [f"right where {row.text} >= {end.text}" for row, end in (*parts.needs, *parts.least)]
        notes += runs[0].computed.notes
        self.compared += (run.sample(keys) for run in runs)
        notes += self._checked(dict(zip(names, found, strict=True)), parts, runs[0].computed.literals)
        notes += [f"right where {key} = {home}" for key, home in self.joins.items() if _names(key, home)]
        self._refuse_unseen(found, [key for key in keys if self._varies(key, runs[0].sizes)])
        if notes and statements:
            statements = (replace(statements[0], notes=(*statements[0].notes, *notes)), *statements[1:])
        if not statements:
            raise Refusal("EL814", "this code changes nothing: it writes what was there before")
        code = LiftedCode(
            statements=Statements(
                combinations=statements,
                temporaries=(*sorted(runs[0].computed.temporaries), *self.arranged.temporaries),
            ),
            sizes=runs[0].sizes,
            samples=self.compared,
        )
        shapes = code.shapes if runs[0].computed.assumes else {}
        said = ", ".join(
            f"{name} ({', '.join(shape)}{',' if len(shape) == 1 else ''})" for name, shape in shapes.items()
        )
        return code.noted(f"shapes: {said}") if said else code

    def _refuse_rows(self, found: Sequence[Found], parts: PartWriter) -> None:
        """Refuse rows of a flat array that are as long as a loop over something else."""
        lengths = {length for one in found for term in one.terms for length in term.lengths}
        for row, end in parts.needs:
            if row in lengths and end in lengths:
                raise Refusal(
                    "EL811",
                    ROWS.format(row=row.text, end=end.text),
                    hint=f"where rows have {end.text} elements, the index is i*{end.factor} + j",
                )

    def _varies(self, key: Key, sizes: Sizes) -> bool:
        """Return whether a length may have any value."""
        return key not in self.joins and key not in sizes.composed and key not in sizes.exact

    def _refuse_unseen(self, found: Sequence[Found], free: Sequence[Key]) -> None:
        """Refuse what may be otherwise for lengths that were not tried."""
        mark = undecided([(one.lengths, one.compared) for one in self.compared])
        if mark is not None:
            raise Refusal("EL811", ONE_WAY, mark[0] if isinstance(mark, tuple) else mark, final=True)
        for key in free:
            if len({one.lengths[key] for one in self.compared}) < MIN_VALUES:
                raise Refusal("EL811", UNTRIED.format(length=_said(key)))
        longest = max((one.lengths[key] for one in self.compared for key in free), default=0)
        for one in found:
            starts = one.starts()
            if free and len(starts) > 1 and max(starts) > longest:
                raise Refusal("EL811", FAR.format(name=one.name, longest=longest))

    def _written(self, key: str, found: Found, parts: PartWriter, runs: Sequence[_Ran]) -> list[Combination]:
        computed = runs[0].computed
        return ResultWriter(
            found=found,
            parts=parts,
            source=self.source,
            places=computed.letters,
            made=key in computed.made,
            written=[frozenset(run.computed.results[key]) for run in runs],
        ).combinations()

    def run(self, lengths: tuple[int, ...], given: Mapping[Key, int] | None = None) -> _Ran:
        """Return what a run leaves when lengths that have to be one are one."""
        for _ in range(MAX_JOINS):
            sizes = Sizes(lengths, self.joins, given or {})
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
                return _Ran(computed=ran, sizes=sizes)
            one, other = ran.same[0]
            self.joins[one] = other
        raise Refusal("EL811", "the lengths in this code cannot be determined")

    def _checked(self, results: Mapping[str, Found], parts: PartWriter, literals: frozenset[int]) -> list[str]:
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
                notes.update(dict.fromkeys(f"right where {_said(key)} is not 1" for key in ones))
        divides = any(term.divisor is not None for one in found for term in one.terms)
        for given in empty(homes) if divides or not self.whole else ():
            try:
                self._compare(results, parts, given, empty=True)
            except Refusal:
                (key,) = (key for key, length in given.items() if not length)
                notes[f"right where {_said(key)} is not 0"] = None
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
        yield from trials(homes, literals)
        yield from self._overlapping(found, homes)
        for given in more(homes, literals):
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
                return []
            raise
        chosen = ran.chosen([*held, *self.joins])
        if ran.sizes.chosen.keys() - chosen.keys() - self.joins.keys():
            raise Refusal("EL811", "which lengths matter depends on the sizes")
        if ran.computed.results.keys() - found.keys():
            raise Otherwise("EL811", "which results are written depends on the sizes")
        if self.arranged is not None and not self.arranged.keeps(ran.computed.order):
            raise Otherwise("EL811", "what is to be computed first depends on the sizes")
        for key, one in found.items():
            if empty and key not in ran.computed.results:
                continue
            made = key in ran.computed.made
            if not one.right(ran.computed.results.get(key, {}), chosen, made=made):
                sizes = ", ".join(f"{_said(key)} = {length}" for key, length in held.items())
                raise Otherwise("EL811", OTHERWISE.format(name=one.name, sizes=sizes))
        return [ran.sample(parts.chosen[0])]

    def _joined(self, given: Mapping[Key, int]) -> dict[Key, int]:
        sizes = Sizes((2,), self.joins, given)
        return {key: int(sizes[key]) for key in self.joins}
