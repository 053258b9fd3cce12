"""How many axes the arrays of a text have where nobody says it: the numbers that make sense, and what that gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ..core.topic import Topic
from .sizes import Refusal
from .trials import LiftedCode

CANDIDATES = (2, 1, 3)
"""How many axes an array is tried with, the likeliest first."""
MAX_TRIES = 60
"""Runs of a text with ranks that are tried."""
MAX_READINGS = 4
"""Readings that a refusal lists."""
SCALARS = frozenset({
    "alpha", "beta", "gamma", "delta", "eps", "epsilon", "lam", "lambda_", "lmbda", "lmbd", "scale", "scaling", "eta",
    "lr", "factor", "coef", "coeff", "reg",
})  # fmt: skip
"""Names that stand for one number where they only multiply or are added."""
Ranks = Mapping[str, int]
Shapes = Mapping[str, tuple[int, ...]]


def settled(
    tried: Callable[[Ranks], Shapes], lifted: Callable[[Ranks], LiftedCode], ranks: Ranks, arrays: frozenset[str]
) -> LiftedCode:
    """Return what a text computes, with the ranks that are the only ones that make sense.

    `tried` runs the text once and gives the shapes of its arrays; `lifted` lifts it. `arrays`: names that are used as
    arrays, not in arithmetic only. Raises Refusal, which names the readings where there are several.
    """
    try:
        return lifted(ranks)
    except Refusal as refusal:
        if not refusal.unknown:
            raise
        first = refusal
    dead: list[Refusal] = []
    leaves = sorted(_leaves(tried, ranks, arrays, dead), key=lambda leaf: sum(map(_unlikely, leaf[0].values())))
    if not leaves:
        raise next((one for one in dead if one.topic is not Topic.UNFIT), dead[0] if dead else first)
    readings: dict[str, tuple[dict[str, int], Shapes, LiftedCode]] = {}
    for found, shapes in leaves:
        try:
            code = lifted(found)
        except Refusal as refusal:
            dead.append(refusal)
            continue
        readings.setdefault(code.statements.text(), (found, shapes, code))
        if len(readings) == MAX_READINGS:
            break
    if not readings:
        raise dead[0]
    found, _, code = next(iter(readings.values()))
    new = {name: rank for name, rank in found.items() if name not in ranks}
    if len(readings) > 1:
        raise _ambiguous(first, new, readings)
    alone = len(leaves) == 1
    notes = tuple(_note(name, rank, alone=alone, assumed=_number(name, ranks, arrays)) for name, rank in new.items())
    return code.noted(*notes)


def _unlikely(rank: int) -> int:
    """Return how unlikely a number of axes is."""
    return 2 if rank > max(CANDIDATES[:2]) else not rank


def _note(name: str, rank: int, *, alone: bool, assumed: bool) -> str:
    if assumed:
        return f"{name} is taken as one number"
    axes = "one number" if not rank else f"an array with {rank} ax{'is' if rank == 1 else 'es'}"
    return f"{name} is {axes}: no other number of axes fits" if alone else f"{name} is taken as {axes}"


def _number(name: str, ranks: Ranks, arrays: frozenset[str]) -> bool:
    """Return whether a name is taken as one number: it is used as such, and arrays have shapes or it is called so."""
    return name not in arrays and (bool(ranks) or name in SCALARS)


def _leaves(
    tried: Callable[[Ranks], Shapes], ranks: Ranks, arrays: frozenset[str], dead: list[Refusal]
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
            candidates = (0,) if _number(name, ranks, arrays) else CANDIDATES if name in arrays else (*CANDIDATES, 0)
            waiting += ({**chosen, name: rank} for rank in reversed(candidates))


def _ambiguous(
    first: Refusal, new: Mapping[str, int], readings: Mapping[str, tuple[dict[str, int], Shapes, LiftedCode]]
) -> Refusal:
    """Return the refusal of a text that has several readings, with them."""
    names = sorted(new)
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    said = []
    for text, (found, shapes, _) in readings.items():
        own = [f"-s {name}={_shape(shapes.get(name, ()))}" for name in names if found.get(name, 0)]
        numbers = [name for name in names if not found.get(name, 0)]
        given = " ".join(own) or f"{', '.join(numbers)} as numbers"
        said.append(f"{given} for {text.replace(chr(10), '; ')}")
    more = "" if len(readings) < MAX_READINGS else ", or others"
    return Refusal(
        "EL812",
        f"how many axes {listed} {'has' if len(names) == 1 else 'have'} is not known",
        first.node,
        hint=f"give {'its shape' if len(names) == 1 else 'their shapes'}: {', or '.join(said)}{more}",
    )


def _shape(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, map(int, shape)))
