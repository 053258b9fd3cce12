"""Times of pieces of work in interleaved rounds, and ratios between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The seconds that one thing took, a figure per round."""

    rounds: tuple[float, ...]

    @property
    def minimum(self) -> float:
        """Seconds of the fastest round: what the work takes when nothing disturbs it."""
        return min(self.rounds)

    @property
    def median(self) -> float:
        """Seconds of the middle round."""
        return median(self.rounds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """One timing over another: of the minima, of the medians, and round by round: the median of these ratios and the
    quartiles about it.

    The ratio of the minima, or of the medians, may lie outside the quartiles; `middle` never does.
    """

    minima: float
    medians: float
    low: float
    middle: float
    high: float

    def __str__(self) -> str:
        return f"{self.minima:.2f} (minima), {self.medians:.2f} (medians), {self.low:.2f} to {self.high:.2f} (rounds)"


def ratio(this: Timing, that: Timing) -> Ratio:
    """Return `this` over `that`; both were measured in the same rounds.

    >>> found = ratio(Timing(rounds=(2.0, 4.0)), Timing(rounds=(1.0, 4.0)))
    >>> found.minima, found.middle
    (2.0, 1.5)
    """
    each = [a / b for a, b in zip(this.rounds, that.rounds, strict=True)]
    low, middle, high = quantiles(each, n=4, method="inclusive") if len(each) > 1 else each * 3
    return Ratio(
        minima=this.minimum / that.minimum,
        medians=this.median / that.median,
        low=min(low, middle),  # quartiles of equal numbers may differ in their last digit
        middle=middle,
        high=max(middle, high),
    )


def interleave(
    work: Mapping[str, Callable[[], object]],
    rounds: int,
    clock: Callable[[], float] = perf_counter,
    told: Callable[[int], None] | None = None,
    every: Mapping[str, int] | None = None,
    *,
    seconds: dict[str, list[float]] | None = None,
) -> dict[str, Timing]:
    """Return a timing per piece of work: each runs once a round, in turn, the order reversed every other round.

    A machine that slows down for a while then slows all of them alike. `told` hears which round begins. Work that
    `every` names takes part in one round of so many, the first among them. Times go into `seconds` where it is given,
    so that they are there when somebody interrupts.
    """
    seconds = {} if seconds is None else seconds
    seconds |= {name: [] for name in work}
    for number in range(rounds):
        if told is not None:
            told(number + 1)
        present = [name for name in work if every is None or number % every.get(name, 1) == 0]
        for name in present if number % 2 == 0 else reversed(present):
            start = clock()
            work[name]()
            seconds[name].append(clock() - start)
    return {name: Timing(rounds=tuple(each)) for name, each in seconds.items()}
