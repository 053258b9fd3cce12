"""A text in, the combinations that it computes out: it is run on polynomials with several choices of lengths.

Nothing of the text is executed. What it computes for small lengths is recovered as einsums exactly, must be the same
einsums for every choice of lengths, and is then compared with the text at others: one, none, and large.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import combinations
from operator import or_

from ..core.combination import Combination, Statements
from ..core.effort import TooMuchError, limited
from ..core.polynomial import TooManyTerms
from ..core.source import Notation, Source
from ..core.topic import Topic
from .arranged import arranged
from .better import better
from .compared import LiftRuns, Otherwise, Ran
from .computed import Cells, Computed, CutPlan, Cuts, Input, Liftable
from .decisions import ONE_WAY, undecided
from .found import Found, found_in
from .lengths import Length, named
from .parts import PartWriter, ends_of
from .probes import probes
from .sequence import INSIDE, name_of
from .sizes import Key, Refusal, Sizes, Unequal, said, too_long
from .statements import ResultWriter
from .trials import LiftedCode
from .whole import Whole

__all__ = ["Cells", "Computed", "Input", "Liftable", "lifted"]


Lengths = Sequence[tuple[int, ...]]
"""The lengths of each run, in the order in which a text asks for them."""
SMALL = (
    (2, 3, 2, 3, 3, 4, 3, 4, 3, 2, 4, 2),
    (4, 2, 3, 2, 3, 2, 4, 4, 2, 3, 3, 2),
    (3, 4, 2, 2, 2, 3, 2, 2, 3, 3, 2, 3),
)
"""No product of up to four of the first eight is the same in the three runs, nor equal to one of up to three others."""
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
MORE = (
    (5, 6, 4, 7, 5, 4, 6, 5, 4, 6, 5, 4),
    (7, 6, 8, 10, 9, 12, 11, 14, 13, 16, 15, 18),
)
"""One more run of each, where some lengths say where something starts: what they are is seen in more runs."""
LARGE = (
    (8, 7),
    (13, 9),
    (11, 12),
)
MAX_GUESSES = 6
"""Pairs of lengths that are tried as one to say why a text is refused."""
STRUCTURE = frozenset({Topic.WINDOW, Topic.GAPS, Topic.UNLIKE})
"""Refusals that small lengths are enough for."""
PLAN_MOST = 100_000
"""The work of looking for where a text is to be cut in parts."""
MAX_PLANS = 6
STAGED_MOST = 1_000_000
"""The work of lifting a text in parts."""
WHOLE_MOST = 500_000
"""The work of lifting a text that was lifted in parts again as a whole."""
MOST = 2_000_000
"""Units of work of one lift: beyond them a text is refused, on every machine alike."""
AGAIN_MOST = MOST // 3
"""The work of a trial after one that was refused."""
AGAIN = STRUCTURE | {Topic.OTHER_SIZES, Topic.UNFIT, Topic.NO_RESULT, Topic.NO_WORDS}
"""Refusals that other lengths may not meet."""
TOO_MANY = "this has too many terms"
ROWS = "this is right only where {row} = {end}: rows of {row} elements, and a loop over {end} of them"
UNTRIED = "this does not run for enough values of {length} to be known"
FAR = "whether parts of {name} overlap is not known for lengths beyond {longest}"
MIN_VALUES = 3
"""Values that every length has in the runs."""


def lifted(program: Liftable, source: Source) -> LiftedCode:
    """Return what a program computes, in the order of its statements where that is better. Raises Refusal."""
    for cuts in planned(program):
        try:
            kept = _lifted(program, source, cuts, STAGED_MOST)
            break
        except Refusal:
            continue
    else:
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
                return _Trial(program, joins, cuts, source=source).lifted(lengths)
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


def planned(program: Liftable) -> list[Cuts]:
    """Return where a program is to be cut in parts: where it is of use, then wherever it can be; none if of no use."""
    found: list[Cuts] = []
    with suppress(Refusal, TooMuchError), limited(PLAN_MOST):
        plan = _plan(program, Cuts(wanted=None))
        found = [Cuts(wanted=places, names=plan.names) for places in (plan.useful, plan.every)]
        if plan.loops:
            inner = _plan(program, Cuts(inside=True))
            places = frozenset(place for place in inner.useful if place.endswith(INSIDE))
            names = {**plan.names, **inner.names}
            more = Cuts(wanted=plan.useful | places, names=names, inside=bool(places))
            found = [more, *found] if places else found
    useful = bool(found) and bool(found[0].wanted)
    return list({cuts.wanted: cuts for cuts in found if cuts.wanted}.values()) if useful else []


def _plan(program: Liftable, cuts: Cuts) -> CutPlan:
    """Return what a run shows that is cut where it can be."""
    for _ in range(MAX_PLANS):
        plan = _Trial(program, {}, cuts, source=Source(text="", notation=Notation.NUMPY)).run(SMALL[0]).computed.plan
        if plan is None:
            break
        if not plan.refused - cuts.refused:
            return plan
        cuts = replace(cuts, refused=cuts.refused | plan.refused)
    raise Refusal("EL816", TOO_MANY)


def shapes_in(program: Liftable) -> Mapping[str, tuple[int, ...]]:
    """Return the shapes of arrays in one run of a program. Raises Refusal where it does not run."""
    trial = _Trial(program, {}, source=Source(text="", notation=Notation.NUMPY))
    try:
        return trial.run(SMALL[0]).computed.shapes
    except TooMuchError:
        raise too_long() from None


def _choices(program: Liftable, joins: Mapping[Key, Key], refused: Sequence[Refusal]) -> Iterator[Lengths]:
    """Yield lengths to run a text with, each after what was before has been refused."""
    yield (*SMALL, *MORE[:1]) if program.offsets else SMALL
    yield (*GROWING, *MORE[1:]) if program.offsets else GROWING
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
    pairs = [pair for pair in combinations(_homes(program, joins), 2) if not all(str(key).isdecimal() for key in pair)]
    for one, other in pairs[:MAX_GUESSES]:
        try:
            _Trial(program, {**joins, one: other}, source=source).lifted(SMALL)
        except (Refusal, TooMuchError):
            continue
        hint = f"use one of them for both, or correct where {said(one)} stands for {said(other)}"
        return Refusal("EL811", f"this is right only where {said(one)} = {said(other)}", last.node, hint=hint)
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


def _true(row: Length, end: Length) -> bool:
    """Return whether a row is long enough whatever the lengths are: both are numbers of the text."""
    numbers = {key: int(str(key)) for length in (row, end) for _, keys in length.parts for key in keys
               if str(key).isdecimal()}  # fmt: skip
    own = all(key in numbers for length in (row, end) for _, keys in length.parts for key in keys)
    return own and row.value(numbers) >= end.value(numbers)


def _never(row: Length, end: Length) -> bool:
    """Return whether a length is shorter than another whatever lengths there are."""
    if row.divisor != 1 or end.divisor != 1:
        return False
    left = Counter[tuple[Key, ...]]()
    for sign, length in ((1, row), (-1, end)):
        for factor, keys in length.parts:
            left[tuple(sorted(keys, key=repr))] += sign * factor
    return left.pop((), 0) < 0 and not any(left.values())


@dataclass(slots=True)
class _Trial(LiftRuns):
    """A program that is lifted with lengths that were found to be one."""

    source: Source = field(kw_only=True)

    def lifted(self, lengths: Lengths) -> LiftedCode:
        """Return what the program computes, as runs with these lengths show it. Raises Refusal."""
        runs: list[Ran] = []
        known = -1
        while known != len(self.joins):
            known = len(self.joins)
            runs = [self.run(one, turn=turn) for turn, one in enumerate(lengths)]
        names = list(runs[0].computed.results)
        if any(set(run.computed.results) != set(names) for run in runs):
            raise Refusal("EL811", "which results are written depends on the sizes")
        if not names:
            raise Refusal("EL814", "this code leaves no result", hint="assign the result to a name, or return it")
        self.made = frozenset(name for run in runs for name in run.computed.made)
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
        results = dict(zip(names, found, strict=True))
        statements = self._ordered(results, parts, runs)
        self._refuse_rows(found, parts)
        parts.assumed(key for key in self.joins if isinstance(key, tuple))
        demands = [pair for pair in (*parts.needs, *parts.least) if not _true(*pair)]
        for row, end in demands:
            if _never(row, end) or any(str(k).isdigit() for x in (row, end) for _, keys in x.parts for k in keys):
                raise Refusal("EL811", f"this is right only where {row.text} >= {end.text}")
        notes = [f"right where {row.text} >= {end.text}" for row, end in demands]
        notes += runs[0].computed.notes
        self.compared += (run.sample(keys) for run in runs)
        notes += [f"right where {step.text} >= 1" for step in parts.positive]
        nonzero = {f"right where {step.text} is not 0" for step in parts.positive}
        notes += [one for one in self.checked(results, parts, runs[0].computed.literals) if one not in nonzero]
        within = [*self._within()]
        notes += [f"right where {length.text} <= {most.text}" for length, most in within]
        notes += [f"right where {key} = {home}" for key, home in self.joins.items() if _names(key, home)]
        self._refuse_unseen(found, [key for key in keys if self._varies(key, runs[0].sizes)])
        if notes and statements:
            statements = (replace(statements[0], notes=(*statements[0].notes, *notes)), *statements[1:])
        if not statements:
            raise Refusal("EL814", "this code changes nothing: it writes what was there before")
        return self._code(statements, runs, within)

    def _code(
        self, statements: Sequence[Combination], runs: Sequence[Ran], within: Sequence[tuple[Length, Length]]
    ) -> LiftedCode:
        """Return statements with what they are tried on, and the shapes that they assume."""
        temporaries = (*sorted(runs[0].computed.temporaries), *(self.arranged.temporaries if self.arranged else ()))
        code = LiftedCode(
            statements=Statements(combinations=tuple(statements), temporaries=temporaries),
            sizes=runs[0].sizes,
            samples=self.compared,
            first=len(runs),
            offsets=self.program.offsets,
            within=within,
            truths=runs[0].computed.truths,
        )
        shapes = code.shapes if runs[0].computed.assumes else {}
        words = ", ".join(
            f"{name} ({', '.join(shape)}{',' if len(shape) == 1 else ''})" for name, shape in shapes.items()
        )
        return code.noted(f"shapes: {words}") if words else code

    def _ordered(self, results: Mapping[str, Found], parts: PartWriter, runs: Sequence[Ran]) -> tuple[Combination, ...]:
        """Return the statements of all results in an order in which each reads what it should. Raises Refusal."""
        written = {key: self._written(key, one, parts, runs) for key, one in results.items()}
        order = reduce(or_, (run.computed.order for run in runs))
        self.arranged = arranged(written, order, runs[0].computed.made, self.source.text)
        return self.arranged.statements

    def _within(self) -> Iterator[tuple[Length, Length]]:
        """Yield how much of an array is used, and how long it is, where the text does not run for lengths beyond."""
        for mark in self.compared[0].bounds:
            ran = [one for one in self.compared if mark in one.bounds]
            chosen = [one.lengths for one in ran]
            used, most = (named(values, chosen) for values in zip(*(one.bounds[mark] for one in ran), strict=True))
            if (
                used
                and most
                and not _true(most, used)
                and any(used.value(lengths) > most.value(lengths) for lengths in self.unfit)
            ):
                yield used, most

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
                hint = f"give the loop over {key} too" if _names(key) else ""
                raise Refusal("EL811", UNTRIED.format(length=said(key)), hint=hint)
        longest = max((one.lengths[key] for one in self.compared for key in free), default=0)
        for one in found:
            starts = one.starts()
            if free and len(starts) > 1 and max(starts) > longest:
                raise Refusal("EL811", FAR.format(name=one.name, longest=longest))

    def _written(self, key: str, found: Found, parts: PartWriter, runs: Sequence[Ran]) -> list[Combination]:
        computed = runs[0].computed
        return ResultWriter(
            found=found,
            parts=parts,
            source=self.source,
            places=computed.letters,
            made=key in computed.made,
            written=[frozenset(run.computed.results[key]) for run in runs],
        ).combinations()
