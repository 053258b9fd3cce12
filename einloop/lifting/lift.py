"""A text in, the combinations that it computes out: it is run on polynomials with several choices of lengths.

Nothing of the text is executed. What it computes for small lengths is recovered as einsums exactly, must be the same
einsums for every choice of lengths, and is then compared with the text at others: one, none, and large.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from ..core.combination import Combination, Statements
from ..core.polynomial import TooManyTerms
from ..core.source import Source
from .checks import empty, holding, trials
from .computed import Cells, Computed, Input, Program
from .found import Found, found_in
from .parts import PartWriter
from .sizes import Key, Refusal, Sizes, Unequal
from .statements import ResultWriter, in_order

__all__ = ["Cells", "Computed", "Input", "Program", "lifted"]

SMALL = (
    (2, 3, 4, 2, 3, 2, 2, 3),
    (3, 2, 2, 4, 2, 3, 2, 3),
    (2, 4, 3, 3, 2, 3, 3, 2),
)
GROWING = (
    (3, 4, 5, 6, 7, 8, 9, 10),
    (4, 3, 6, 5, 8, 7, 10, 9),
    (3, 5, 4, 7, 6, 9, 8, 11),
)
FALLING = (
    (9, 8, 7, 6, 5, 4, 3, 2),
    (8, 9, 6, 7, 4, 5, 2, 3),
    (9, 7, 8, 5, 6, 3, 4, 2),
)
LARGE = (
    (13, 14, 17, 15, 12, 16),
    (14, 16, 13, 12, 15, 17),
    (17, 13, 15, 14, 16, 12),
)
"""The lengths of each run, in the order in which a text asks for them: the first that do are taken."""
MAX_LARGE = 2
"""Lengths of a text that is run with `LARGE`."""
MAX_JOINS = 16
"""Pairs of lengths that a text may turn out to need equal."""
MAX_GUESSES = 15
"""Pairs of lengths that are tried as one to say why a text is refused."""
AGAIN = frozenset({"EL808", "EL809", "EL810", "EL811", "EL813", "EL815"})
"""Refusals that other lengths may not meet."""
TOO_MANY = "this has more terms than are looked at"
STEPS = "run at {sizes}, it takes more steps than are looked at"
OTHERWISE = "what {name} is for {sizes} is not what it is for others"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ran:
    """One run: what it left, and the value of every length."""

    computed: Computed
    chosen: Mapping[Key, int]


def lifted(program: Program, source: Source) -> Statements:
    """Return what a program computes. Raises Refusal."""
    joins: dict[Key, Key] = {}
    refused: list[Refusal] = []
    for lengths in (SMALL, GROWING, FALLING, LARGE):
        try:
            return _Trial(program, source, joins).lifted(lengths)
        except Refusal as refusal:
            refused.append(refusal)
            if refusal.id not in AGAIN:
                break
    raise _told(program, source, joins, refused)


def _told(program: Program, source: Source, joins: Mapping[Key, Key], refused: Sequence[Refusal]) -> Refusal:
    """Return the refusal to show: with what would have to hold, where the text lifts when two lengths are one."""
    last = refused[-1] if refused[-1].id not in AGAIN else refused[1 if len(refused) > 1 else 0]
    if last.id not in AGAIN:
        return last
    for one, other in _guesses(program, joins):
        try:
            _Trial(program, source, {**joins, one: other}).lifted(GROWING)
        except Refusal:
            continue
        return Refusal("EL811", f"this is right only where {_said(one)} = {_said(other)}", last.node,
                       hint=f"use {_said(other)} for both, or correct the strides")  # fmt: skip
    return last


def _guesses(program: Program, joins: Mapping[Key, Key]) -> Iterator[tuple[Key, Key]]:
    sizes = Sizes(GROWING[0], joins, {})
    try:
        program.run(sizes)
    except (Refusal, Unequal, TooManyTerms):
        pass
    homes = [key for key in sizes.chosen if key not in joins]
    yield from list(combinations(homes, 2))[:MAX_GUESSES]


def _said(key: Key) -> str:
    return key if isinstance(key, str) else f"{key[0]}.shape[{key[1]}]"


@dataclass(slots=True)
class _Trial:
    """A program that is lifted with lengths that were found to be one."""

    program: Program
    source: Source
    joins: dict[Key, Key]

    def lifted(self, lengths: Sequence[tuple[int, ...]]) -> Statements:
        """Return what the program computes, as runs with these lengths show it. Raises Refusal."""
        runs: list[_Ran] = []
        known = -1
        while known != len(self.joins):
            known = len(self.joins)
            runs = [self._run(one) for one in lengths]
        if lengths is LARGE and len(runs[0].chosen) - len(self.joins) > MAX_LARGE:
            raise Refusal("EL811", "the structure of this text does not show at small lengths")
        names = runs[0].computed.results
        if not names:
            raise Refusal("EL814", "nothing is left when this has run", hint="assign the result to a name, or return it")
        found = [
            found_in(name, [(run.computed.results.get(name, {}), run.chosen) for run in runs]) for name in names
        ]
        parts = PartWriter(chosen=[run.chosen for run in runs], shapes=[run.computed.shapes for run in runs])
        statements = in_order({one.name: self._written(one, parts, runs) for one in found})
        notes = self._checked(found, parts, runs[0])
        if notes:
            statements = (replace(statements[0], notes=(*statements[0].notes, *notes)), *statements[1:])
        return Statements(combinations=statements)

    def _written(self, found: Found, parts: PartWriter, runs: Sequence[_Ran]) -> list[Combination]:
        computed = runs[0].computed
        return ResultWriter(
            found=found,
            parts=parts,
            source=self.source,
            places=computed.letters,
            made=found.name in computed.made,
            written=[frozenset(run.computed.results[found.name]) for run in runs],
        ).combinations()

    def _run(self, lengths: tuple[int, ...], given: Mapping[Key, int] | None = None) -> _Ran:
        """Return what a run leaves when lengths that have to be one are one."""
        for _ in range(MAX_JOINS):
            sizes = Sizes(lengths, self.joins, given or {})
            try:
                ran = self.program.run(sizes)
            except Unequal as error:
                one, other = sizes.home(error.one), sizes.home(error.other)
                if one == other:
                    raise Refusal("EL813", "lengths that cannot be one have to be one") from None
                self.joins[one] = other
                continue
            except TooManyTerms:
                raise Refusal("EL816", TOO_MANY) from None
            if not ran.same:
                return _Ran(computed=ran, chosen={key: sizes[key] for key in (*sizes.chosen, *self.joins)})
            one, other = ran.same[0]
            self.joins[one] = other
        raise Refusal("EL811", "the lengths of this text do not settle")

    def _checked(self, found: Sequence[Found], parts: PartWriter, run: _Ran) -> list[str]:
        """Compare what was found with the program at other lengths; return what has to hold. Raises Refusal."""
        homes = [key for key in run.chosen if key not in self.joins]
        joins = len(self.joins)
        for given in trials(homes, run.computed.literals):
            self._compare(found, parts, given)
        notes = []
        for given in empty(homes):
            try:
                self._compare(found, parts, given)
            except Refusal:
                (key,) = (key for key, length in given.items() if not length)
                notes.append(f"right where {_said(key)} is not 0")
        if len(self.joins) != joins:
            raise Refusal("EL811", "which lengths are one depends on the lengths")
        return notes

    def _compare(self, found: Sequence[Found], parts: PartWriter, given: Mapping[Key, int]) -> None:
        held = holding(given, list(parts.needs), self._joined(given))
        if held is None:
            return
        try:
            ran = self._run((2,), held)
        except Refusal as refusal:
            if refusal.id == "EL813":
                return
            raise
        chosen = {**held, **self._joined(held), **ran.chosen}
        for one in found:
            if not one.right(ran.computed.results.get(one.name, {}), chosen):
                sizes = ", ".join(f"{_said(key)} = {length}" for key, length in held.items())
                raise Refusal("EL811", OTHERWISE.format(name=one.name, sizes=sizes))

    def _joined(self, given: Mapping[Key, int]) -> dict[Key, int]:
        sizes = Sizes((2,), self.joins, given)
        return {key: int(sizes[key]) for key in self.joins}
