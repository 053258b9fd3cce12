"""A result in the text's words in, the combinations that say it out: specs, views, factors, targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ..core.build import Term, build_spec
from ..core.combination import Combination, Summand, View
from ..core.names import numbered
from ..core.polynomial import Number
from ..core.source import Notation, Source
from .arranged import Together
from .computed import LATER
from .fitted import Fitted
from .found import Found
from .letters import Places, lettered
from .parts import PartWriter
from .sizes import Refusal

ONES = "np.ones"
DIVIDES = "1/"
"""What the name of a factor begins with that divides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultWriter:
    """One result: what is known of it, and of the runs that it was found in.

    `made`: the text makes it; else it is there before. `written`: the places that each run wrote.
    """

    found: Found
    parts: PartWriter
    source: Source
    places: Places
    made: bool
    written: Sequence[frozenset[tuple[int, ...]]]

    @property
    def name(self) -> str:
        """The name of the result."""
        return self.found.name

    def combinations(self) -> list[Combination]:
        """Return what is to be run one after another. Raises Refusal."""
        groups: dict[object, list[Fitted]] = {}
        for term in self.found.terms:
            groups.setdefault(term.target, []).append(term)
        where = [[frozenset(terms[0].written(run)) for run in self.parts.chosen] for terms in groups.values()]
        whole = [all(map(frozenset.__eq__, places, self.written)) for places in where]
        parts = [terms for terms, all_of_it in zip(groups.values(), whole, strict=True) if not all_of_it]
        if sum(whole) > 1:
            raise Refusal("EL810", f"parts of {self.name} are different sums")
        base = next((terms for terms, all_of_it in zip(groups.values(), whole, strict=True) if all_of_it), None)
        apart = base is None and _disjoint(where, self.written)
        if base is not None and not parts:
            return [] if len(base) == 1 and self.old(base[0]) else [self._statement(base)]
        made = [] if apart and not self.made else [self._base(base)]
        if self.made and base is not None and len(base) == 1 and self._shares(base[0]):
            made = [self._base(None), self._statement(base, adds=True, alone=False)]
        made += [self._statement(terms, adds=not apart, alone=False) for terms in parts]
        if base is not None and len(base) == 1 and self.old(base[0]):
            del made[0]
        if self._clash(made, parts, apart):
            if not apart or self.made:
                raise Refusal("EL817", f"parts of {self.name} are read after other parts were written")
            return Together(made)
        return made

    def _shares(self, term: Fitted) -> bool:
        """Return whether a term alone is a view of its operand, which parts of it must not be written to."""
        return len(term.names) == 1 and term.coefficient == 1 and term.factor is None and term.divisor is None

    def _base(self, terms: Sequence[Fitted] | None) -> Combination:
        """Return the statement that everything else adds to, or writes parts of."""
        if terms is not None:
            return self._statement(terms, alone=False)
        region = self.found.region
        if region is None and not any(self.written):
            raise Refusal("EL814", f"{self.name} has no elements")
        if region is None:
            raise Refusal("EL810", f"parts of {self.name} are different sums")
        shape: tuple[str, ...] = ()
        target = None
        if self.made:
            shape = self._shape()
        else:
            target = f"{text}[...]" if (text := self._target(region)) == self.name or text[-1] == ")" else text
        return Combination(source=self.source, result=self.name, target=target, summands=(), shape=shape)

    def _shape(self, term: Fitted | None = None) -> tuple[str, ...]:
        """Return the lengths of the axes of a result that the text makes; `term` writes all of it, if given."""
        region = self.found.region or term
        if region is None:
            raise Refusal("EL810", f"parts of {self.name} are different sums")
        return tuple(self.parts.said(ends) for ends in self.parts.axis_ends(region.result, region.lengths))

    def _clash(self, made: Sequence[Combination], parts: Sequence[Sequence[Fitted]], apart: bool) -> bool:
        """Return whether a statement reads what one before it has changed."""
        for number, terms in enumerate(parts):
            if len(made) == len(parts) and not number and not apart:
                continue
            for term in terms:
                for name, axes in zip(term.names, term.operands, strict=True):
                    kept = apart or (self.old(term) and not (len(made) > len(parts) and not made[0].adds))
                    if name == self.name and not (axes == term.result and kept):
                        return True
        return False

    def old(self, term: Fitted) -> bool:
        """Return whether a term is what is there already."""
        alone = term.names == (self.name,) and term.operands[0] == term.result and not self.parts.reshaped(self.name)
        return alone and term.coefficient == 1 and term.factor is None and term.divisor is None

    def _target(self, term: Fitted) -> str:
        """Return the part of the result that a term writes, as Python."""
        if not self.parts.reshaped(self.name):
            return self.parts.part(self.name, term.result, term.lengths)
        later = self.parts.part(self.name + LATER, term.result, term.lengths)
        return self.name + later.removeprefix(self.name + LATER)

    def _statement(self, terms: Sequence[Fitted], *, adds: bool = False, alone: bool = True) -> Combination:
        """Return the sum of terms that write the same part of the result, `alone` where others write no part of it."""
        kept = [term for term in terms if not self.old(term)]
        adds = adds or len(kept) < len(terms)
        letters = lettered(self.name, kept or terms, self.places)
        names = {name for term in self.found.terms for name in term.names} | {self.name}
        writer = _SummandWriter(self.parts, self.source, names)
        summands = tuple(writer.summand(term, one) for term, one in zip(kept, letters, strict=False))
        target, shape = self._place((kept or terms)[0], letters[0], adds, alone)
        return Combination(
            source=self.source,
            result=self.name,
            target=target,
            adds=adds,
            summands=summands,
            views=tuple(view for view in writer.views.values() if view.name != view.text),
            shape=shape,
        )

    def _place(
        self, term: Fitted, letters: Sequence[str], adds: bool, alone: bool
    ) -> tuple[str | None, tuple[str, ...]]:
        """Return what is assigned to, None for all of the result, and the shape that it then has to be given."""
        text = self._target(term)
        output = [letters[label] for axis in term.result for label in axis.labels]
        diagonal = len(set(output)) < len(output)
        merged = ".reshape(" in text
        whole = text == self.name or (merged and text[-1] == ")")
        if diagonal:
            subscripts = "".join(output)
            return f"np.einsum({subscripts + '->' + ''.join(dict.fromkeys(output))!r}, {text})[...]", ()
        if text == self.name:
            constant = not self.made and not adds and not any(axis.labels for axes in term.operands for axis in axes)
            return f"{text}[...]" if constant and output else None, ()
        if self.made and not adds and (whole or alone):
            return None, self._shape(term)
        if whole and alone and not adds and self.source.notation is Notation.C:
            return None, ()
        return (f"{text}[...]" if text[-1] == ")" else text), ()


def _disjoint(
    where: Sequence[Sequence[frozenset[tuple[int, ...]]]], written: Sequence[frozenset[tuple[int, ...]]]
) -> bool:
    """Return whether parts do not overlap and together are all that was written, in every run."""
    return all(
        sum(len(places[run]) for places in where) == len(all_of_it)
        and frozenset[tuple[int, ...]]().union(*(places[run] for places in where)) == all_of_it
        for run, all_of_it in enumerate(written)
    )


@dataclass(frozen=True, slots=True)
class _SummandWriter:
    """What writes the summands of one combination; they share what stands for parts of arrays, by text."""

    parts: PartWriter
    source: Source
    taken: set[str]
    views: dict[str, View] = field(default_factory=dict)

    @property
    def lengths(self) -> set[str]:
        """The names that stand for lengths."""
        return {key for key in self.parts.chosen[0] if isinstance(key, str)}

    def summand(self, term: Fitted, letters: Sequence[str]) -> Summand:
        """Return a term as an einsum."""
        operands: list[tuple[str, tuple[int, ...]]] = []
        divisors = [] if term.divisor is None else [term.divisor.text]
        for name, axes in zip(term.names, term.operands, strict=True):
            if name.startswith(DIVIDES):
                divisors.append(name.removeprefix(DIVIDES))
            else:
                text = self.parts.part(name, axes, term.lengths)
                operands.append((text, tuple(label for axis in axes for label in axis.labels)))
        output = tuple(dict.fromkeys(label for axis in term.result for label in axis.labels))
        seen = {label for _, labels in operands for label in labels}
        operands += [(f"{ONES}({term.lengths[label].text})", (label,)) for label in output if label not in seen]
        terms = [_term([letters[x] for x in labels], self._named(text)) for text, labels in operands]
        return Summand(
            spec=build_spec(self.source, terms, _term([letters[x] for x in output], None)),
            coefficient=_whole(term.coefficient),
            factors=() if term.factor is None else (term.factor.factor,),
            divisors=tuple(divisors),
        )

    def _named(self, text: str) -> str:
        """Return the name that stands for an array, or for a part of one."""
        if text not in self.views:
            ones = text.startswith(ONES)
            array = text.partition("[")[0].partition(".")[0]
            used = {view.name for view in self.views.values()} | self.taken | self.lengths
            name = text if text.isidentifier() else numbered("ones" if ones else array, used)
            self.views[text] = View(name=name, text=text, ones=ones)
        return self.views[text].name


def _whole(value: Number) -> Number:
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else value


def _term(labels: Sequence[str], name: str | None) -> Term:
    return Term(labels=tuple(labels), spans=(None,) * len(labels), name=name)
