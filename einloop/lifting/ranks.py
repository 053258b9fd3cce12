"""How many axes the arrays of a text have where nobody says it: the numbers that make sense, and what that gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from ..core.effort import TooMuchError, limited
from ..core.topic import Topic
from .computed import LATER
from .free import NamesUsed
from .sizes import TOO_LONG, Refusal
from .trials import LiftedCode

CANDIDATES = (2, 1, 3, 4)
"""How many axes an array is tried with, the likeliest first."""
MAX_TRIES = 120
"""Runs of a text with ranks that are tried."""
MAX_READINGS = 4
"""Readings that a refusal lists."""
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
    leaves = sorted(
        _kept(_leaves(tried, ranks, uses, dead), ranks, uses.sums),
        key=lambda leaf: sum(map(_unlikely, leaf[0].values())),
    )
    if not leaves:
        raise _reason(dead, first if not dead or any(map(_unseen, dead)) else dead[0])
    readings = _readings(lifted, leaves, dead)
    unseen = len(readings) == MAX_READINGS or any(map(_unseen, dead))
    if not readings:
        raise first if unseen else dead[0]
    found, _, code = next(iter(readings.values()))
    new = {name: rank for name, rank in found.items() if name not in ranks}
    if len(readings) > 1 or unseen:
        raise _ambiguous(first, new, readings, unseen=unseen)
    alone = len(leaves) == 1
    notes = tuple(
        _note(name, rank, alone=alone and name not in uses.sums, assumed=_number(name, ranks, uses))
        for name, rank in new.items()
    )
    return code.noted(*notes)


def _readings(
    lifted: Callable[[Ranks], LiftedCode], leaves: Sequence[tuple[dict[str, int], Shapes]], dead: list[Refusal]
) -> dict[str, Reading]:
    """Return by its text what each of these readings gives; those that give nothing go to `dead`."""
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
                if len(found) == MAX_READINGS:
                    break
    except TooMuchError:
        dead.append(CUT)
    return found


def _reason(dead: Sequence[Refusal], other: Refusal) -> Refusal:
    """Return the refusal of a reading that says more than that shapes do not fit, else the other one."""
    return next((one for one in dead if one.topic is not Topic.UNFIT and not _unseen(one)), other)


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


def _unlikely(rank: int) -> int:
    """Return how unlikely a number of axes is."""
    return 2 if rank > max(CANDIDATES[:2]) else not rank


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
    tried: Callable[[Ranks], Shapes], ranks: Ranks, uses: NamesUsed, dead: list[Refusal]
) -> Iterator[tuple[dict[str, int], Shapes]]:
    """Yield ranks with which a text runs, the likeliest first, and the shapes of its arrays then."""
    waiting: list[dict[str, int]] = [dict(ranks)]
    for _ in range(MAX_TRIES):
        if not waiting:
            return
        chosen = waiting.pop()
        try:
            yield chosen, tried(chosen)
        except Refusal as refusal:
            name = refusal.unknown
            if not name or name in chosen:
                dead.append(refusal)
                continue
            named = uses.least.get(name, 0)
            candidates = tuple(n for n in CANDIDATES if n >= named) if named < 3 else tuple(range(named, named + 3))
            if name not in uses.arrays or name in uses.sums:
                candidates = (0,) if _number(name, ranks, uses) else (*candidates, 0)
            waiting += ({**chosen, name: rank} for rank in reversed(candidates))
    dead += [CUT] if waiting else []


def _ambiguous(first: Refusal, new: Mapping[str, int], readings: Mapping[str, Reading], *, unseen: bool) -> Refusal:
    """Return the refusal of a text that has several readings, with them."""
    names = sorted(new)
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    said = []
    for text, (found, shapes, _) in readings.items():
        own = [f"-s {name}={_shape(shapes.get(name, ()))}" for name in names if found.get(name, 0)]
        numbers = [name for name in names if not found.get(name, 0)]
        given = " ".join(own) or f"{', '.join(numbers)} as numbers"
        said.append(f"{given} for {text.replace(chr(10), '; ')}")
    more = ", or others" if unseen else ""
    return Refusal(
        "EL812",
        f"how many axes {listed} {'has' if len(names) == 1 else 'have'} is not known",
        first.node,
        hint=f"give {'its shape' if len(names) == 1 else 'their shapes'}: {', or '.join(said)}{more}",
    )


def _shape(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, map(int, shape)))
