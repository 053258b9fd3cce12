"""How many axes the arrays of a text have where nobody says it: the numbers that make sense, and what that gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from ..core.effort import TooMuchError, limited
from ..core.topic import Topic
from .computed import LATER, Input
from .free import NamesUsed
from .sizes import TOO_LONG, Refusal
from .trials import LiftedCode

CANDIDATES = (2, 1, 3, 4)
"""How many axes an array is tried with, the likeliest first."""
FEW = 2
"""The most axes that are tried at first; more are, unless several readings have so few."""
MAX_TRIES = 120
"""Runs of a text with ranks that are tried."""
MAX_READINGS = 3
"""Readings that a refusal lists."""
WIDTH = 60
"""Characters of a reading in a list of them."""
SCALARS = frozenset({
    "alpha", "beta", "gamma", "delta", "eps", "epsilon", "lam", "lambda_", "lmbda", "lmbd", "scale", "scaling", "eta",
    "lr", "factor", "coef", "coeff", "reg",
})  # fmt: skip
"""Names that stand for one number where they only multiply or are added."""
SEARCH = 600_000
"""The work of looking at readings; those that are not reached may be others."""
CUT = Refusal("EL816", "there are more numbers of axes to try than are tried")
"""What stands for readings that were not looked at."""
Ranks = Mapping[str, int]
What = TypeVar("What")
Shapes = Mapping[str, tuple[int, ...]]
Reading = tuple[dict[str, int], Shapes, LiftedCode]
"""Ranks, the shapes that arrays have with them, and what the text computes then."""


def settled(
    tried: Callable[[Ranks], Shapes], lifted: Callable[[Ranks], LiftedCode], ranks: Ranks, uses: NamesUsed
) -> LiftedCode:
    """Return what a text computes, with the ranks that are the only ones that make sense.

    `tried` runs the text once and gives the shapes of its arrays; `lifted` lifts it. Raises Refusal, which names
    the readings where there are several.
    """
    try:
        return lifted(ranks)
    except Refusal as refusal:
        if not refusal.unknown:
            raise
        first = refusal
    dead: list[Refusal] = []
    try:
        return _tried(tried, lifted, ranks, uses, (first, dead))
    except TooMuchError:
        raise _reason(dead, first) from None


def _tried(
    tried: Callable[[Ranks], Shapes],
    lifted: Callable[[Ranks], LiftedCode],
    ranks: Ranks,
    uses: NamesUsed,
    refusals: tuple[Refusal, list[Refusal]],
) -> LiftedCode:
    """Return what a text computes with the only ranks that make sense. Raises the first refusal where more may.

    `refusals`: it, which is a question, and a list for those of readings.
    """
    first, dead = refusals
    tries = _Once(tried)
    codes = _Once(lifted)
    for most, wanted in ((FEW, MAX_READINGS), (max(CANDIDATES), 2)):
        dead.clear()
        found = _kept(_leaves(tries, ranks, uses, dead, most), ranks, uses.sums)
        leaves = sorted(found, key=lambda leaf: _unlikely(leaf[0], ranks))
        readings = _readings(codes, leaves, dead, wanted)
        if len(readings) > 1:
            raise _ambiguous(first, ranks, readings, unseen=True)
        if any(map(_unseen, dead)) or (not leaves and _one_reason(dead)):
            break
    unseen = any(map(_unseen, dead))
    if not leaves:
        raise _reason(dead, first if not dead or unseen else dead[0])
    if not readings:
        raise first if unseen else _reason(dead, dead[0])
    chosen, _, code = next(iter(readings.values()))
    if unseen:
        raise _ambiguous(first, ranks, readings, unseen=True)
    alone = len(leaves) == 1
    notes = tuple(
        _note(name, rank, alone=alone and name not in uses.sums, assumed=_number(name, ranks, uses))
        for name, rank in chosen.items()
        if name not in ranks
    )
    return code.noted(*notes)


class _Once(Generic[What]):
    """What is done with ranks, once for each choice of them."""

    def __init__(self, do: Callable[[Ranks], What]) -> None:
        self.do = do
        self.done: dict[frozenset[tuple[str, int]], What | Refusal] = {}

    def __call__(self, ranks: Ranks) -> What:
        """Return what is done with these ranks. Raises Refusal where that is refused."""
        key = frozenset(ranks.items())
        if key not in self.done:
            try:
                self.done[key] = self.do(ranks)
            except Refusal as refusal:
                self.done[key] = refusal
        found = self.done[key]
        if isinstance(found, Refusal):
            raise found
        return found


def _readings(
    lifted: Callable[[Ranks], LiftedCode],
    leaves: Sequence[tuple[dict[str, int], Shapes]],
    dead: list[Refusal],
    wanted: int,
) -> dict[str, Reading]:
    """Return by its text what each of these readings gives, the first few; those that give nothing go to `dead`."""
    found: dict[str, Reading] = {}
    try:
        with limited(SEARCH):
            for ranks, shapes in leaves:
                try:
                    code = lifted(ranks)
                except Refusal as refusal:
                    dead.append(refusal)
                    continue
                found.setdefault(code.statements.text(), (ranks, shapes, code))
                if len(found) == wanted:
                    break
    except TooMuchError:
        dead.append(CUT)
    return found


def _reason(dead: Sequence[Refusal], other: Refusal) -> Refusal:
    """Return the refusal of a reading that says more than that shapes do not fit, else the other one."""
    return next((one for one in dead if one.topic is not Topic.UNFIT and not _unseen(one)), other)


def _one_reason(dead: Sequence[Refusal]) -> bool:
    """Return whether readings with few axes are all refused for one reason, which is not how many axes there are."""
    return len({(one.id, one.reason) for one in dead}) == 1 and dead[0].topic not in (Topic.UNFIT, Topic.UNKNOWN_AXES)


def _unseen(refusal: Refusal) -> bool:
    """Return whether a reading was given up because there is too much to look at, not for what it is."""
    return refusal is CUT or refusal.reason == TOO_LONG


def _kept(
    leaves: Iterator[tuple[dict[str, int], Shapes]], ranks: Ranks, sums: frozenset[str]
) -> Sequence[tuple[dict[str, int], Shapes]]:
    """Return the readings in which an array that is read and given a new value has as many axes as that, if any.

    `sums`: arrays that a sum is added to; they have no more axes than it.
    """
    found = list(leaves)
    alike = [
        (chosen, shapes)
        for chosen, shapes in found
        if all(
            len(shapes.get(name + LATER, shapes.get(name, ()))) == rank
            for name, rank in chosen.items()
            if name not in ranks
        )
    ]
    return [leaf for leaf in alike if not any(_wider(leaf[0], other, sums) for other, _ in alike)] or found


def _wider(chosen: Ranks, other: Ranks, sums: frozenset[str]) -> bool:
    """Return whether ranks only differ from others in that arrays which sums are added to have more axes."""
    if chosen.keys() != other.keys() or chosen == other:
        return False
    return all(rank == other[name] or (name in sums and rank > other[name]) for name, rank in chosen.items())


def _unlikely(chosen: Ranks, given: Ranks) -> int:
    """Return how far numbers of axes are from what names say: a large letter is a matrix, a small one a vector."""
    new = [(name, rank) for name, rank in chosen.items() if name not in given]
    return sum(abs(rank - (2 if name[:1].isupper() else 1)) for name, rank in new)


def _note(name: str, rank: int, *, alone: bool, assumed: bool) -> str:
    if assumed:
        return f"{name} is taken as one number"
    axes = "one number" if not rank else f"an array with {rank} ax{'is' if rank == 1 else 'es'}"
    return f"{name} is {axes}: no other number of axes fits" if alone else f"{name} is taken as {axes}"


def _number(name: str, ranks: Ranks, uses: NamesUsed) -> bool:
    """Return whether a name is taken as one number: it is called so, or small letters multiply arrays."""
    if name in uses.arrays or name in uses.added:
        return False
    return name in SCALARS or (bool(ranks) and name.islower())


def _leaves(
    tries: Callable[[Ranks], Shapes], ranks: Ranks, uses: NamesUsed, dead: list[Refusal], most: int
) -> Iterator[tuple[dict[str, int], Shapes]]:
    """Yield ranks with which a text runs, none above `most` unless subscripts say it, and the shapes of arrays then."""
    waiting: list[dict[str, int]] = [dict(ranks)]
    for _ in range(MAX_TRIES):
        if not waiting:
            return
        chosen = waiting.pop()
        try:
            yield chosen, tries(chosen)
        except Refusal as refusal:
            name = refusal.unknown
            if not name or name in chosen:
                dead.append(refusal)
                continue
            named = uses.least.get(name, 0)
            candidates = tuple(n for n in CANDIDATES if named <= n <= most) or tuple(range(named, named + most - 1))
            if name not in uses.arrays or name in uses.sums:
                candidates = (0,) if _number(name, ranks, uses) else (*candidates, 0)
            waiting += ({**chosen, name: rank} for rank in reversed(candidates))
    dead += [CUT] if waiting else []


def _ambiguous(first: Refusal, ranks: Ranks, readings: Mapping[str, Reading], *, unseen: bool) -> Refusal:
    """Return the refusal of a text that has several readings, with the plainest of them."""
    asked = {name for found, _, _ in readings.values() for name in found if name not in ranks}
    given = [(found, code.trials[0]) for found, _, code in readings.values()]
    axes = {name: {_rank(name, *one) for one in given} for name in given[0][1] if name not in ranks}
    made = {one.result for _, _, code in readings.values() for one in code.statements.combinations if not one.adds}
    names = sorted(asked | {name for name, each in axes.items() if len(each) > 1 and name not in made})
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    said = []
    for text, (found, shapes, code) in sorted(readings.items(), key=lambda pair: _odd(pair[0])):
        trial = code.trials[0]
        known = {name: shapes.get(name, trial.get(name, (2,) * found.get(name, 0))) for name in names}
        own = [f"-s {name}={_shape(shape)}" for name, shape in known.items() if isinstance(shape, tuple) and shape]
        given_as = " ".join(own) or f"{', '.join(names)} as numbers"
        said.append(f"{given_as} for {_cut(text)}")
    more = ", or others" if unseen else ""
    return Refusal(
        "EL812",
        f"how many axes {listed} {'has' if len(names) == 1 else 'have'} is not known",
        first.node,
        hint=f"give {'its shape' if len(names) == 1 else 'their shapes'}: {', or '.join(said)}{more}",
    )


def _cut(text: str) -> str:
    """Return statements on one line, and no more of them than can be read at a glance."""
    line = text.replace("\n", "; ")
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 3]}..."


def _shape(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, map(int, shape)))


def _rank(name: str, found: Ranks, trial: Mapping[str, Input]) -> int:
    """Return how many axes an array has in a reading."""
    given = trial.get(name, ())
    return found.get(name, len(given) if isinstance(given, tuple) else 0)


def _odd(text: str) -> int:
    """Return how much of statements only makes arrays fit, as a plain reading does not."""
    return text.count("np.ones") + text.count(".shape[")
