"""Calls that do the same in, a timing of each out: calibrated, repeated where they are short, within a budget."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import repeat
from math import ceil
from time import perf_counter

from .timing import Timing, interleave

Call = Callable[[], object]
Clock = Callable[[], float]

ENOUGH = 2e-3
"""Seconds that a call is repeated for within a round, at least: a clock's ticks and one loop step vanish in it."""
SHORT = 2e-4
"""Seconds of calibration that tell how long one call takes."""
MOST_CALLS = 1 << 17
LEAST_ROUNDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """What was measured: seconds a call, round by round; how many rounds; who was too slow, with the seconds a call."""

    timings: Mapping[str, Timing]
    rounds: int
    too_slow: Mapping[str, float]


def contest(
    calls: Mapping[str, Call],
    *,
    rounds: int,
    seconds: float,
    clock: Clock = perf_counter,
    told: Callable[[int, int], None] | None = None,
) -> Contest:
    """Return the timings of calls that ran interleaved, up to `rounds` times each and for about `seconds` in all.

    The slowest calls are left out while three rounds of all do not fit the budget; the fastest one never is.
    `told(done, of)` hears of every round. Garbage is collected between contests, not within one.
    """
    each = {name: seconds_of(call, clock) for name, call in calls.items()}
    times = {name: max(1, min(MOST_CALLS, ceil(ENOUGH / one))) for name, one in each.items()}
    cost = {name: one * times[name] for name, one in each.items()}
    kept = sorted(cost, key=lambda name: cost[name])
    while len(kept) > 1 and LEAST_ROUNDS * sum(cost[name] for name in kept) > seconds:
        kept.pop()
    total = sum(cost[name] for name in kept)
    count = min(rounds, max(LEAST_ROUNDS, int(seconds / total))) if total else rounds
    work = {name: _repeated(call, times[name]) for name, call in calls.items() if name in kept}
    gc.collect()
    collecting = gc.isenabled()
    gc.disable()
    try:
        found = interleave(work, count, clock, None if told is None else lambda done: told(done, count))
    finally:
        if collecting:
            gc.enable()
    timings = {name: Timing(rounds=tuple(t / times[name] for t in one.rounds)) for name, one in found.items()}
    return Contest(timings=timings, rounds=count, too_slow={n: each[n] for n in calls if n not in kept})


def seconds_of(call: Call, clock: Clock = perf_counter) -> float:
    """Return about how many seconds one call takes; short calls are repeated until the clock can tell."""
    times = 1
    while True:
        start = clock()
        for _ in repeat(None, times):
            call()
        spent = clock() - start
        if spent >= SHORT or times >= MOST_CALLS:
            return max(spent / times, 1e-9)
        times *= 8


def _repeated(call: Call, times: int) -> Call:
    if times == 1:
        return call

    def run() -> None:
        for _ in repeat(None, times):
            call()

    return run
