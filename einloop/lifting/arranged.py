"""The statements of every result in, all of them in an order in which each reads what it should out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..core.build import Term, build_spec
from ..core.combination import Combination, Summand
from ..core.names import numbered
from .computed import Order
from .sizes import Refusal

WORD = re.compile(r"[^\W\d]\w*")
UNORDERED = "{names}: each is computed from what was in another before it changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """Statements in order. `temporaries`: names that only they use. `computed`, `stored`: when each result was."""

    statements: tuple[Combination, ...]
    temporaries: tuple[str, ...]
    computed: Mapping[str, int]
    stored: Mapping[str, int]

    def keeps(self, order: Order) -> bool:
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
    order: Order
    used: set[str]
    statements: list[Combination] = field(default_factory=list)
    temporaries: list[str] = field(default_factory=list)
    computed: dict[str, int] = field(default_factory=dict)
    stored: dict[str, int] = field(default_factory=dict)
    clock: int = 0

    def readable(self, key: str) -> bool:
        """Return whether all that a result reads is stored."""
        return all(one in self.stored for one, other in self.order.after if other == key and one in self.known)

    def storable(self, key: str) -> bool:
        """Return whether all that reads what a result is written over is computed."""
        read = all(
            one in self.computed for one, other in self.order.before if other == key and one != key and one in self.known
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
        self.statements += self.left.pop(key)
        self.clock += 1
        self.stored[key] = self.clock

    def keep(self, key: str) -> None:
        """Compute a result into a name of its own; it is stored later."""
        (one,) = self.left[key]
        name = numbered(one.result, self.used)
        self.used.add(name)
        self.temporaries.append(name)
        kept, put = split(one, name)
        self.computed[key] = self.clock
        self.clock += 1
        self.statements.append(kept)
        self.left[key] = [put]


def arranged(results: Mapping[str, Sequence[Combination]], order: Order, text: str) -> Arranged:
    """Return the statements of all results so that each reads what it should. Raises Refusal where none can."""
    state = _Arranging(dict(results), order, {*WORD.findall(text), *(one.partition("#")[0] for one in results)})
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
            raise Refusal("EL817", UNORDERED.format(names=names))
        state.keep(key)
    return Arranged(
        statements=tuple(state.statements), temporaries=tuple(state.temporaries), computed=state.computed,
        stored=state.stored,
    )  # fmt: skip


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
