"""How many expressions a second einloop turns into loops once it is warm, and how the cost grows with their size.

`python benchmarks/generation.py [--rounds N]`. Text in, formatted text out, nothing verified. "black apart" is the same
work with black's `format_str` replaced by nothing: black runs only where a line has to be wrapped.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from string import ascii_letters, ascii_lowercase
from unittest.mock import patch

import black
from expressions import EXPRESSIONS
from measure import command, interleave, machine, ratio, verdict

import einloop

GOAL_RATE = 5000
GOAL_LARGE = 0.050
OPERANDS = (1, 2, 4, 8, 16, 32, 63)
INDICES = (1, 2, 4, 8, 16, 32, 52)


def generate_all(expressions: Iterable[str]) -> None:
    """Generate every expression once."""
    for expression in expressions:
        einloop.generate(expression)


def black_apart(work: Callable[[], object]) -> None:
    """Do the work with a black that returns its input."""
    with no_black():
        work()


def no_black() -> AbstractContextManager[object]:
    """Return a context in which black returns its input."""
    return patch.object(black, "format_str", lambda text, **_: text)


def with_new_letters(seed: int) -> tuple[str, ...]:
    """Return the expressions with their letters exchanged, another way for every seed, so that no text recurs."""
    letters = list(ascii_lowercase)
    random.Random(seed).shuffle(letters)
    table = str.maketrans(ascii_lowercase, "".join(letters))
    return tuple(expression.translate(table) for expression in EXPRESSIONS)


def large() -> str:
    """Return 63 operands in a ring through 52 indices, five of which are free."""
    letters = ascii_letters * 2
    return ",".join(letters[k : k + 2] for k in range(63)) + "->" + letters[0:52:12]


def of_operands(count: int) -> str:
    """Return a product of `count` matrices, element by element, summed over the second axis."""
    return ",".join(["ij"] * count) + "->i"


def of_indices(count: int) -> str:
    """Return two operands that share `count` indices, in opposite order; every other one is free."""
    labels = ascii_letters[:count]
    return f"{labels},{labels[::-1]}->{labels[::2]}"


def measure_list(rounds: int) -> None:
    """Print the rates for the list of expressions."""
    new: Iterator[tuple[str, ...]] = iter([with_new_letters(seed) for seed in range(rounds + 1)])
    work = {
        "black where it has to wrap": partial(generate_all, EXPRESSIONS),
        "black apart": partial(black_apart, partial(generate_all, EXPRESSIONS)),
        "black apart, never seen before": lambda: black_apart(partial(generate_all, next(new))),
    }
    for each in work.values():
        each()
    timings = interleave(work, rounds)
    print(f"{len(EXPRESSIONS)} expressions of 2 to 5 operands{'per second':>19}{'(median)':>12}{'us each':>10}")
    for name, timing in timings.items():
        best, middle = len(EXPRESSIONS) / timing.minimum, len(EXPRESSIONS) / timing.median
        print(f"  {name:<38}{best:>12,.0f}{middle:>12,.0f}{1e6 / best:>10.0f}")
    total, apart, unseen = timings.values()
    for name, timing in (("with black", total), ("black apart", apart)):
        met = len(EXPRESSIONS) / timing.minimum >= GOAL_RATE
        print(f"  {verdict(met, f'goal {GOAL_RATE:,} a second, {name}')}")
    print(f"  with black over black apart: {ratio(total, apart)}")
    print(f"  never seen over seen before: {ratio(unseen, apart)}\n")


def measure_large(rounds: int) -> None:
    """Print the time of the largest expression."""
    work = partial(einloop.generate, large())
    both = interleave({"with black": work, "black apart": partial(black_apart, work)}, rounds)
    print(f"63 operands, 52 indices{'min ms':>29}{'median ms':>12}")
    for name, timing in both.items():
        print(f"  {name:<38}{1e3 * timing.minimum:>12.1f}{1e3 * timing.median:>12.1f}")
    total, apart = both.values()
    print(f"  {verdict(apart.minimum < GOAL_LARGE, f'goal under {1e3 * GOAL_LARGE:.0f} ms, black apart')}")
    print(f"  with black over black apart: {ratio(total, apart)}\n")


def measure_growth(rounds: int) -> None:
    """Print how the cost grows, black apart: each count alone, in the same rounds."""
    for title, counts, expression in (
        ("operands (2 indices)", OPERANDS, of_operands),
        ("indices (2 operands)", INDICES, of_indices),
    ):
        work = {str(n): partial(einloop.generate, expression(n)) for n in counts}
        with no_black():
            timings = interleave(work, rounds)
        print(f"{title:<22}" + "".join(f"{name:>8}" for name in timings))
        print(f"{'  us, black apart':<22}" + "".join(f"{1e6 * each.minimum:>8.0f}" for each in timings.values()))
        each_one = (1e6 * timing.minimum / int(name) for name, timing in timings.items())
        print(f"{'  us for each of them':<22}" + "".join(f"{value:>8.0f}" for value in each_one))
    print()


def main() -> int:
    """Measure and print; return 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30, metavar="N", help="rounds of every measurement (30)")
    rounds = parser.parse_args().rounds
    print(f"Warm generation: the fastest of {rounds} interleaved rounds in one process\n{machine()}\n")
    measure_list(rounds)
    measure_large(rounds)
    measure_growth(rounds)
    print(f"again: {command()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
