"""The statements of every result in, all of them in an order in which each reads what it should out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..core.build import Term, build_spec
from ..core.combination import Combination, Summand
from ..core.names import numbered
from .computed import StoreOrder
from .sizes import Refusal

WORD = re.compile(r"[^\W\d]\w*")
UNORDERED = "{names}: each is computed from what was in another before it changed"


class Together(list[Combination]):
    """Statements that are all computed before any of them is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """Statements in order. `temporaries`: names that only they use. `computed`, `stored`: when each result was."""

    statements: tuple[Combination, ...]
    temporaries: tuple[str, ...]
    computed: Mapping[str, int]
    stored: Mapping[str, int]

    def keeps(self, order: StoreOrder) -> bool:
        """Return whether everything is read when it is there."""
        computed, stored = self.computed, self.stored
        known = computed.keys()
        pairs = [(one, other) for one, other in order.before if known >= {one, other}]
        later = [(one, other) for one, other in order.after if known >= {one, other}]
        again = [(one, other) for one, other in order.stored if known >= {one, other}]
        return (
            all(computed[one] < stored[other] for one, other in pairs)
            and all(stored[one] <= computed[other] for one, other in later)
            and all(stored[one] < stored[other] for one, other in again)
        )


@dataclass(slots=True)
class _Arranging:
    """What is to be put in order. `used`: names that stand for something."""

    left: dict[str, Sequence[Combination]]
    order: StoreOrder
    made: frozenset[str]
    used: set[str]
    statements: list[Combination] = field(default_factory=list)
    temporaries: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    """What each statement belongs to."""
    computed: dict[str, int] = field(default_factory=dict)
    stored: dict[str, int] = field(default_factory=dict)
    clock: int = 0

    def readable(self, key: str) -> bool:
        """Return whether all that a result reads is stored."""
        return all(one in self.stored for one, other in self.order.after if other == key and one in self.known)

    def storable(self, key: str) -> bool:
        """Return whether all that reads what a result is written over is computed."""
        read = all(
            one in self.computed
            for one, other in self.order.before
            if other == key and one != key and one in self.known
        )
        return read and all(
            one in self.stored for one, other in self.order.stored if other == key and one in self.known
        )

    @property
    def known(self) -> set[str]:
        """All results."""
        return {*self.left, *self.stored}

    def put(self, key: str) -> None:
        """Store a result, which is computed now if it was not before."""
        self.computed.setdefault(key, self.clock)
        statements = self.left.pop(key)
        if isinstance(statements, Together):
            statements = self.apart(statements)
        self.statements += statements
        self.keys += [key] * len(statements)
        self.clock += 1
        self.stored[key] = self.clock

    def keep(self, key: str) -> None:
        """Compute a result into a name of its own; it is stored later."""
        (one,) = self.left[key]
        kept, put = self.halves(one)
        self.computed[key] = self.clock
        self.clock += 1
        self.statements.append(kept)
        self.keys.append(key)
        self.left[key] = [put]

    def halves(self, one: Combination) -> tuple[Combination, Combination]:
        """Return a statement as two: the first gives what is computed a name of its own."""
        name = numbered(one.result, self.used)
        self.used.add(name)
        self.temporaries.append(name)
        return split(one, name)

    def apart(self, statements: Together) -> list[Combination]:
        """Return statements as those that compute, then the last one, then those that store."""
        *first, last = statements
        if any(shares(one) or not one.summands for one in first):
            raise Refusal("EL817", f"parts of {last.result} are read after other parts were written")
        halves = [self.halves(one) for one in first]
        return [*(kept for kept, _ in halves), last, *(put for _, put in halves)]


def arranged(
    results: Mapping[str, Sequence[Combination]], order: StoreOrder, made: frozenset[str], text: str
) -> Arranged:
    """Return the statements of all results so that each reads what it should. Raises Refusal where none can.

    `made`: results that the text makes; the others are there before.
    """
    state = _Arranging(dict(results), order, made, {*WORD.findall(text), *(one.partition("#")[0] for one in results)})
    while state.left:
        key = next((one for one in state.left if state.storable(one) and _or_computed(state, one)), None)
        if key is not None:
            state.put(key)
            continue
        waits = {one for one, other in order.before if other in state.left}
        key = next(
            (one for one in state.left if one in waits and one not in state.computed and state.readable(one)
             and _splits(state.left[one])), None,
        )  # fmt: skip
        if key is None:
            names = ", ".join(dict.fromkeys(one.partition("#")[0] for one in state.left))
            raise Refusal("EL817", UNORDERED.format(names=names), hint="copy one of them before: t = x.copy()")
        state.keep(key)
    return Arranged(
        statements=tuple(_unshared(state)), temporaries=tuple(state.temporaries), computed=state.computed,
        stored=state.stored,
    )  # fmt: skip


def _unshared(state: _Arranging) -> list[Combination]:
    """Return statements of which none gives an array another name and then changes it under one of the two."""
    found = list(state.statements)
    for number, one in enumerate(found):
        if one.target is not None or one.adds or one.shape or not shares(one):
            continue
        array = _array(one)
        after = [n for n in range(number + 1, len(found)) if found[n].result in (array, one.result)]
        changed = [n for n in after if found[n].adds or found[n].target is not None]
        if not changed or array in state.temporaries:
            continue
        if state.keys[number] not in state.made:
            found[number] = replace(one, target=f"{one.result}[...]")
            continue
        for n in changed:
            if found[n].target is not None:
                raise Refusal("EL817", f"{one.result} is {array}, parts of which are written later")
            found[n] = _added(found[n])
    return found


def _array(one: Combination) -> str:
    """Return the array that the only operand of a statement is, or is a part of."""
    (name,) = one.operands
    text = next((view.text for view in one.views if view.name == name), name)
    return text.partition("[")[0].partition(".")[0]


def _added(one: Combination) -> Combination:
    """Return a statement that adds to its result as one that makes it anew."""
    spec = one.summands[0].spec
    spans = (None,) * len(spec.output)
    term = Term(labels=spec.output, spans=spans, name=one.result)
    old = Summand(spec=build_spec(one.source, [term], Term(labels=spec.output, spans=spans)))
    return replace(one, adds=False, summands=(old, *one.summands))


def _or_computed(state: _Arranging, key: str) -> bool:
    return key in state.computed or state.readable(key)


def _splits(statements: Sequence[Combination]) -> bool:
    """Return whether what is written can be computed first: it is one statement, and no array under another name."""
    return len(statements) == 1 and bool(statements[0].summands) and not shares(statements[0])


def shares(one: Combination) -> bool:
    """Return whether what is computed may be a part of an array itself, not a copy."""
    if len(one.summands) != 1 or not one.summands[0].bare:
        return False
    arrays = [operand for operand in one.summands[0].spec.operands if operand.labels]
    return len(arrays) == 1 and not one.summands[0].spec.summed and len(one.summands[0].spec.operands) == 1


def split(one: Combination, name: str) -> tuple[Combination, Combination]:
    """Return a statement as two: what is computed gets a name, and then is written."""
    output = one.summands[0].spec.output
    spans = (None,) * len(output)
    term = Term(labels=output, spans=spans, name=name)
    spec = build_spec(one.source, [term], Term(labels=output, spans=spans))
    kept = replace(one, result=name, target=None, adds=False, notes=())
    return kept, replace(one, summands=(Summand(spec=spec),), views=(), shape=())
