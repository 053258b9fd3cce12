"""Timings of calls that do the same: calibrated, repeated where they are short, within a budget."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import repeat
from math import ceil
from time import perf_counter

from .timing import Ratio, Timing, interleave, ratio

Call = Callable[[], object]
Clock = Callable[[], float]

MIN_ROUND_SECONDS = 2e-3
"""Seconds that a call is repeated for within a round: a clock's ticks and one loop step vanish in it."""
MIN_CALIBRATION_SECONDS = 2e-4
"""Seconds of calibration that tell how long one call takes."""
MAX_CALLS = 1 << 17
"""Calls of one in a round."""
MIN_ROUNDS, MAX_BESIDE_ROUNDS = 3, 15
"""Rounds that everyone takes part in at least, and those that what runs beside takes part in at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """What was measured: seconds a call, round by round, who was too slow, with the seconds a call, and who failed.

    `every`: long calls take part in one round of so many. `stopped`: somebody interrupted it.
    """

    timings: Mapping[str, Timing]
    rounds: int
    every: Mapping[str, int]
    too_slow: Mapping[str, float]
    failed: Mapping[str, Exception] = field(default_factory=dict)
    stopped: bool = False

    def ratio(self, this: str, that: str) -> Ratio:
        """Return the time of one over that of the other; round by round where both took part."""
        first, second = (self._by_round(name) for name in (this, that))
        both = [number for number in first if number in second]
        found = ratio(*(Timing(rounds=tuple(each[n] for n in both)) for each in (first, second)))
        one, other = self.timings[this], self.timings[that]
        return replace(found, minima=one.minimum / other.minimum, medians=one.median / other.median)

    def _by_round(self, name: str) -> dict[int, float]:
        return {place * self.every[name]: seconds for place, seconds in enumerate(self.timings[name].rounds)}


def contest(
    calls: Mapping[str, Call],
    *,
    rounds: int,
    seconds: float,
    drop: bool = True,
    beside: Mapping[str, Call] | None = None,
    keep: bool = False,
    clock: Clock = perf_counter,
    told: Callable[[int, int], None] | None = None,
) -> Contest:
    """Return the timings of calls that ran interleaved, up to `rounds` times each and for about `seconds` in all.

    Long calls take part in fewer rounds, three at least. While three rounds of all do not fit the budget the slowest
    are left out, but never the fastest; so is a call that fails. Without `drop` nobody is left out, all may take
    longer, and a failure is raised. What `beside` has runs once in some of the same rounds, whatever it takes. With
    `keep` an interrupt after the first round ends the contest with what was measured. `told(round, of)` hears of every
    round. Garbage is collected between contests, not within one.
    """
    failed: dict[str, Exception] = {}
    each: dict[str, float] = {}
    for name, call in calls.items():
        with _noted(name, failed if drop else None):
            each[name] = seconds_of(call, clock)
    times = {name: max(1, min(MAX_CALLS, ceil(MIN_ROUND_SECONDS / one))) for name, one in each.items()}
    cost = dict(sorted(((name, one * times[name]) for name, one in each.items()), key=lambda pair: pair[1]))
    while drop and len(cost) > 1 and MIN_ROUNDS * sum(cost.values()) > seconds:
        cost.popitem()
    counts = _rounds(cost, rounds, seconds)
    count = max(counts.values(), default=0)
    counts |= dict.fromkeys(beside or {}, min(max(count, 1), MAX_BESIDE_ROUNDS))
    every = {name: ceil(count / own) for name, own in counts.items()}
    work = {name: _repeated(call, times[name]) for name, call in calls.items() if name in counts}
    if drop:
        work = {name: partial(_tried, name, call, failed) for name, call in work.items()}
    spent: dict[str, list[float]] = {}
    stopped = False
    tell = None if told is None else lambda number: told(number, count)
    with _nothing_collected():
        try:
            interleave({**work, **(beside or {})}, max(count, bool(beside)), clock, tell, every, seconds=spent)
        except KeyboardInterrupt:
            stopped = keep and bool(spent) and all(spent.values())
            if not stopped:
                raise
    return Contest(
        timings={
            name: Timing(rounds=tuple(t / times.get(name, 1) for t in one))
            for name, one in spent.items()
            if one and name not in failed
        },
        rounds=max(map(len, spent.values()), default=0) if stopped else count,
        every=every,
        too_slow={name: each[name] for name in each if name not in counts},
        failed=failed,
        stopped=stopped,
    )


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Collect garbage now, and none within the block."""
    gc.collect()
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@contextmanager
def _noted(name: str, failed: dict[str, Exception] | None) -> Iterator[None]:
    """Note any failure of a call; raise it where nobody notes it."""
    try:
        yield
    except Exception as error:
        if failed is None:
            raise
        failed[name] = error


def _tried(name: str, call: Call, failed: dict[str, Exception]) -> None:
    """Run a call that has not failed yet."""
    if name not in failed:
        with _noted(name, failed):
            call()


def _rounds(cost: Mapping[str, float], rounds: int, seconds: float) -> dict[str, int]:
    """Return how many rounds everyone takes part in, for costs of a round in ascending order.

    Everyone has the least number; what is left of the budget is shared evenly, and what the quick do not need goes to
    the slow.

    >>> _rounds({"quick": 0.01, "slow": 1.0}, 15, 5.0)
    {'quick': 15, 'slow': 4}
    """
    least = min(MIN_ROUNDS, rounds)
    left = max(0.0, seconds - least * sum(cost.values()))
    counts = {}
    for place, (name, one) in enumerate(cost.items()):
        share = left / (len(cost) - place)
        more = min(rounds - least, int(share / one)) if one else rounds - least
        left -= more * one
        counts[name] = least + more
    return counts


def seconds_of(call: Call, clock: Clock = perf_counter) -> float:
    """Return about how many seconds one call takes; short calls are repeated until the clock can tell."""
    times = 1
    while True:
        start = clock()
        for _ in repeat(None, times):
            call()
        spent = clock() - start
        if spent >= MIN_CALIBRATION_SECONDS or times >= MAX_CALLS:
            return max(spent / times, 1e-9)
        times *= 8


def _repeated(call: Call, times: int) -> Call:
    if times == 1:
        return call

    def run() -> None:
        for _ in repeat(None, times):
            call()

    return run
