"""What einloop.einsum adds to np.einsum: a call seen before, new shapes, a new expression, and numpy's own suite.

`python benchmarks/dropin.py [--rounds N]`. Both sides get the same arguments in every round, and np.einsum computes on
both.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import random
import warnings
from collections.abc import Callable
from functools import partial
from string import ascii_letters
from typing import Any

import numpy as np
from measure import command, interleave, machine, ratio, verdict

import einloop

GOAL_SEEN, GOAL_NEW, GOAL_SUITE = 5e-6, 300e-6, 2.0
CALLS = 200
"""Calls of one kind in a round; a new kind is called once."""
SUITE = "numpy._core.tests.test_einsum"

CASES = (
    ("ij,jk->ik", ((4, 5), (5, 6)), {}),
    ("bqhd,bkhd->bhqk", ((2, 3, 4, 5), (2, 6, 4, 5)), {}),
    ("ij,jk,kl->il", ((4, 5), (5, 6), (6, 7)), {"optimize": True}),
    ("ijkl,jm,kn,lo->imno", ((2, 3, 4, 5), (3, 3), (4, 4), (5, 5)), {}),
    ("i->", ((8,),), {}),
    ("oi,k->o", ((3, 2), (4,)), {}),
)
"""Expressions, shapes, keywords; the last one gets a warning."""

Call = tuple[tuple[Any, ...], dict[str, Any]]
numpys = np.einsum


def call(text: str, shapes: tuple[tuple[int, ...], ...], keywords: dict[str, Any]) -> Call:
    return (text, *map(np.ones, shapes)), keywords


def resized(shapes: tuple[tuple[int, ...], ...], rng: random.Random) -> tuple[tuple[int, ...], ...]:
    """Return other shapes of 2 to 9 along every axis, which agree where `shapes` agree."""
    sizes = sorted({n for shape in shapes for n in shape})
    other = dict(zip(sizes, rng.sample(range(2, 10), len(sizes)), strict=True))
    return tuple(tuple(other[n] for n in shape) for shape in shapes)


def relettered(text: str, rng: random.Random) -> str:
    """Return the expression in other letters, in the same order of the alphabet."""
    letters = [x for x in ascii_letters[:26] if x in text]
    others = sorted(rng.sample(ascii_letters[:26], len(letters)))
    return text.translate(str.maketrans("".join(letters), "".join(others)))


def repeat(einsum: Callable[..., Any], calls: list[Call]) -> None:
    for operands, keywords in calls:
        with contextlib.suppress(Exception):
            einsum(*operands, **keywords)


def measure_calls(rounds: int) -> None:
    """Print for each case what np.einsum takes, and what ours adds: seen before, new shapes, a new expression."""
    print(
        f"{'microseconds a call (medians)':<36}{'np.einsum':>10}{'added: seen':>13}{'new shapes':>12}{'new text':>10}"
    )
    rng = random.Random(0)
    seen, new = [], []
    for text, shapes, keywords in CASES:
        same = [call(text, shapes, keywords)] * CALLS
        moved = [[call(text, resized(shapes, rng), keywords)] for _ in range(rounds)]
        fresh = [[call(relettered(text, rng), shapes, keywords)] for _ in range(rounds)]
        repeat(einloop.einsum, same)
        work: dict[str, Callable[[], None]] = {}
        for side, einsum in (("numpy", numpys), ("ours", einloop.einsum)):
            work[side] = partial(repeat, einsum, same)
            work |= {f"{side}, {name}": in_turn(einsum, each) for name, each in (("shapes", moved), ("text", fresh))}
        found = interleave(work, rounds)
        own = found["numpy"].median / CALLS
        added = [found["ours"].median / CALLS - own]
        added += [found[f"ours, {name}"].median - found[f"numpy, {name}"].median for name in ("shapes", "text")]
        micro = [1e6 * seconds for seconds in (own, *added)]
        print(f"  {text:<34}{micro[0]:>10.2f}{micro[1]:>13.2f}{micro[2]:>12.0f}{micro[3]:>10.0f}")
        seen.append(added[0])
        new.append(added[2])
    quiet, fresh_goal = max(seen[:-1]) < GOAL_SEEN, max(new[:-1]) < GOAL_NEW
    print(f"  {verdict(quiet, f'goal under {1e6 * GOAL_SEEN:.0f} us added to a call without a warning')}")
    print(f"  {verdict(fresh_goal, f'goal under {1e6 * GOAL_NEW:.0f} us added to a new kind without a warning')}\n")


def in_turn(einsum: Callable[..., Any], calls: list[list[Call]]) -> Callable[[], None]:
    """Return what makes the next of `calls` each time."""
    following = iter(calls)
    return lambda: repeat(einsum, next(following))


def recorded() -> list[Call]:
    """Return every call that numpy's own suite makes, arrays as they were."""
    import pytest

    calls: list[Call] = []

    def kept(value: Any) -> Any:
        return value.copy() if isinstance(value, np.ndarray) else value

    def record(*operands: Any, **keywords: Any) -> Any:
        calls.append((tuple(map(kept, operands)), {name: kept(value) for name, value in keywords.items()}))
        return numpys(*operands, **keywords)

    np.einsum = record
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore", "--pyargs", SUITE])
    finally:
        np.einsum = numpys
    return calls


def measure_suite(rounds: int) -> None:
    """Print what the calls of numpy's own suite take, the first time and again."""
    calls = recorded()
    first = interleave({"numpy": partial(repeat, numpys, calls), "ours": partial(repeat, einloop.einsum, calls)}, 1)
    again = interleave(
        {"numpy": partial(repeat, numpys, calls), "ours": partial(repeat, einloop.einsum, calls)}, rounds
    )
    print(f"{len(calls):,} calls of numpy's suite, over np.einsum")
    once, later = ratio(first["ours"], first["numpy"]), ratio(again["ours"], again["numpy"])
    print(f"  the first time: {once.minima:.2f}\n  again: {later}")
    print(f"  {verdict(once.minima <= GOAL_SUITE, f'goal {GOAL_SUITE:.0f}, the first time')}\n")


def main() -> int:
    """Measure and print; return 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30, metavar="N", help="rounds of every measurement (30)")
    rounds = parser.parse_args().rounds
    warnings.simplefilter("ignore")
    print(f"einloop.einsum over np.einsum: {rounds} interleaved rounds in one process\n{machine()}\n")
    measure_calls(rounds)
    measure_suite(max(1, rounds // 6))
    print(f"again: {command()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
