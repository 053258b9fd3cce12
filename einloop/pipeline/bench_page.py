"""What a bench measured in, the Report that shows it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..core.memory import shown_bytes
from ..core.message import Code, Message, Value, codes
from ..core.report import Fact, Paragraph, Part, Report, Section, Table
from ..core.roofline import Roofline
from ..measure.contest import Contest
from ..measure.host import blas_kernel, machine, numpy_version
from ..measure.timing import Ratio, Timing
from .contestants import Contestant

NOTHING = Code("-")
ABOVE = 1.005
"""How much quicker than the roof allows somebody has to be to have passed it: what a percentage shows."""
COLUMNS = ("contestant", "minimum", "median", "gflops", "gbytes", "ratio", "spread", "roof")
OF_WORK = ("gflops", "gbytes", "roof")
"""Columns that need to know how much work there is."""
UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Everyone who was asked, what their calls took, and the roof above it.

    `roofline`: None for a sum of einsums. `empty`: some extent is 0. `cache`: bytes of the last cache.
    """

    everyone: tuple[Contestant, ...]
    found: Contest
    roofline: Roofline | None
    threads: int
    seconds: float
    reference: str
    dtypes: tuple[str, ...]
    empty: bool
    cache: int

    @property
    def timed(self) -> tuple[Contestant, ...]:
        """Who was timed."""
        return tuple(one for one in self.everyone if one.name in self.found.timings)

    @property
    def baseline(self) -> str | None:
        """The fastest of einloop's targets."""
        return self._fastest(ours=True)

    @property
    def rival(self) -> str | None:
        """The fastest of the others."""
        return self._fastest(ours=False)

    def timing(self, name: str) -> Timing:
        """Return the times of a contestant."""
        return self.found.timings[name]

    def ratio(self, name: str) -> Ratio | None:
        """Return the time of a contestant over that of the fastest of einloop's targets in the same rounds."""
        return None if self.baseline is None else self.found.ratio(name, self.baseline)

    @property
    def above(self) -> tuple[str, ...]:
        """Who was quicker than the roof allows, the quickest first."""
        least = 0.0 if self.roofline is None else self.roofline.seconds
        names = [one.name for one in self.timed if self.timing(one.name).minimum * ABOVE < least]
        return tuple(sorted(names, key=lambda name: self.timing(name).minimum))

    @property
    def passed(self) -> str | None:
        """What they passed: `gemm`, the peak of the arithmetic; `copy`, the bandwidth; `cache`, the bandwidth of memory
        with work that fits in the caches. None where nobody did."""
        if not self.above or self.roofline is None:
            return None
        work, peaks = self.roofline.work, self.roofline.peaks
        if peaks.gemm is not None and work.operations > ABOVE * peaks.gemm * self.timing(self.above[0]).minimum:
            return "gemm"
        return "cache" if work.bytes <= self.cache else "copy"

    def _fastest(self, *, ours: bool) -> str | None:
        names = [one.name for one in self.timed if one.ours == ours]
        return min(names, key=lambda name: self.timing(name).minimum, default=None)


def page_of(subject: str, measured: Measured) -> Report:
    """Return the page: times, what it took to be ready, the roofline, who was left out, the machine."""
    roofline = None if measured.roofline is None else _roofline(measured, measured.roofline)
    sections = (_times(measured), _ready(measured), roofline, _left_out(measured), _machine(measured))
    return Report(kind="bench", subject=subject, sections=tuple(section for section in sections if section is not None))


def seconds_text(seconds: float) -> str:
    """Return a time with a unit in which it has few digits.

    >>> seconds_text(1.5e-3), seconds_text(1.03e-7), seconds_text(12.0)
    ('1.50 ms', '103 ns', '12.0 s')
    """
    size, unit = next(((size, unit) for size, unit in UNITS if seconds >= size), UNITS[-1])
    value = seconds / size
    return f"{digits(value)} {unit}"


def digits(value: float) -> str:
    """Return a number with two decimals below 10, one below 100, none beyond.

    >>> digits(0.056), digits(12.34), digits(1234.5)
    ('0.06', '12.3', '1234')
    """
    return f"{value:.{2 if value < 10 else 1 if value < 100 else 0}f}"


def _times(measured: Measured) -> Section:
    rows: list[tuple[Value, ...]] = []
    facts: list[Fact] = []
    for one in measured.timed:
        timing, against = measured.timing(one.name), measured.ratio(one.name)
        fact: dict[str, Fact] = {
            "name": one.name,
            "ours": one.ours,
            "minimum": timing.minimum,
            "rounds": len(timing.rounds),
            "median": timing.median,
            **_speeds(timing, measured.roofline),
        }
        if against is not None:
            fact |= {"ratio": against.middle, "ratio_low": against.low, "ratio_high": against.high}
        facts.append(fact)
        rows.append(_row(one.name, timing, against, measured))
    shown = [name for name in COLUMNS if name not in OF_WORK or measured.roofline is not None]
    heads = tuple(Message(f"bench.head.{name}") for name in shown)
    parts: list[Part] = [_lead(measured), Table(heads=heads, rows=tuple(rows))]
    if measured.baseline is not None:
        parts.append(_how(measured))
    if measured.found.stopped:
        stopped: dict[str, Value] = {"count": measured.found.rounds}
        parts.append(Paragraph(message=Message("bench.stopped", stopped)))
    summary: dict[str, Fact] = {
        "contestants": facts,
        "fastest_target": measured.baseline,
        "fastest_rival": measured.rival,
        "rounds": measured.found.rounds,
        "stopped": measured.found.stopped,
        "threads": measured.threads,
        "reference": measured.reference,
        "dtypes": list[Fact](measured.dtypes),
    }
    return Section(id="times", parts=tuple(parts), facts=summary)


def _row(name: str, timing: Timing, against: Ratio | None, measured: Measured) -> tuple[Value, ...]:
    spread = NOTHING
    if against is not None and name != measured.baseline:
        spread = Code(f"{digits(against.low)}-{digits(against.high)}")
    times = (Code(name), Code(seconds_text(timing.minimum)), Code(seconds_text(timing.median)))
    ratio = (NOTHING if against is None else Code(digits(against.middle)), spread)
    if measured.roofline is None:
        return (*times, *ratio)
    work, least = measured.roofline.work, measured.roofline.seconds
    return (
        *times,
        work.operations / timing.minimum / 1e9 if work.operations else NOTHING,
        work.bytes / timing.minimum / 1e9 if work.bytes else NOTHING,
        *ratio,
        Code(f"{digits(100 * least / timing.minimum)} %") if least else NOTHING,
    )


def _speeds(timing: Timing, roofline: Roofline | None) -> dict[str, Fact]:
    """Return how fast a contestant is, for a program."""
    if roofline is None:
        return {}
    return {
        "operations_per_second": roofline.work.operations / timing.minimum,
        "bytes_per_second": roofline.work.bytes / timing.minimum,
        "of_roof": roofline.seconds / timing.minimum if roofline.seconds else None,
    }


def _lead(measured: Measured) -> Paragraph:
    """Return who is fastest, and by how much."""
    ours, rival = measured.baseline, measured.rival
    if ours is None:
        return Paragraph(message=Message("bench.lead.no_target"), lead=True)
    values: dict[str, Value] = {"target": Code(ours), "time": Code(seconds_text(measured.timing(ours).minimum))}
    if rival is None:
        return Paragraph(message=Message("bench.lead.alone", values), lead=True)
    against = measured.ratio(rival)
    assert against is not None
    values |= {"rival": Code(rival), "ratio": Code(digits(against.middle))}
    return Paragraph(message=Message("bench.lead.both", values), lead=True)


def _how(measured: Measured) -> Paragraph:
    values: dict[str, Value] = {
        "count": measured.threads,
        "rounds": measured.found.rounds,
        "reference": Code(measured.reference),
    }
    return Paragraph(message=Message("bench.how", values))


def _ready(measured: Measured) -> Section | None:
    """Return how long einloop's targets took until they could be called."""
    ready = {one.name: one.ready for one in measured.timed if one.ready is not None}
    if not ready:
        return None
    heads = (Message("bench.head.contestant"), Message("bench.head.ready"))
    rows = tuple((Code(name), Code(seconds_text(seconds))) for name, seconds in ready.items())
    facts: dict[str, Fact] = {
        one.name: {"seconds": one.ready, "processor": one.processor, "decisions": list[Fact](one.decisions)}
        for one in measured.timed
        if one.ours
    }
    return Section(id="ready", parts=(Table(heads=heads, rows=rows),), facts=facts)


def _roofline(measured: Measured, roofline: Roofline) -> Section:
    work, peaks = roofline.work, roofline.peaks
    rows: list[tuple[str, Value]] = [("operations", work.operations), ("bytes", work.bytes)]
    if work.operations:
        rows.append(("intensity", Message("cost.per_byte", {"number": work.intensity})))
    rows.append(("bandwidth", Code(_giga(peaks.bandwidth, "GB/s"))))
    if peaks.gemm is not None:
        rows.append(("gemm", Code(_giga(peaks.gemm, "GF/s"))))
    if roofline.seconds:
        rows.append(("least", Code(seconds_text(roofline.seconds))))
    facts: dict[str, Fact] = {
        "operations": work.operations,
        "bytes": work.bytes,
        "intensity": work.intensity,
        "bandwidth": peaks.bandwidth,
        "gemm": peaks.gemm,
        "ridge": roofline.ridge,
        "attainable": roofline.attainable,
        "seconds": roofline.seconds,
        "bound": roofline.bound.value,
        "passed": measured.passed,
        "above": list[Fact](measured.above),
    }
    return Section(
        id="roofline",
        parts=(
            Paragraph(message=Message("bench.side.empty") if measured.empty else _side(roofline)),
            Table(
                heads=(Message("bench.head.what"), Message("bench.head.how_much")),
                rows=tuple((Message(f"bench.row.{name}"), value) for name, value in rows),
            ),
            Paragraph(message=_above(measured, roofline)),
        ),
        facts=facts,
    )


def _above(measured: Measured, roofline: Roofline) -> Message:
    """Return who passed the roof, and why that can be, or that some might have."""
    if measured.passed is None:
        return Message("bench.cache")
    work, peaks, least = roofline.work, roofline.peaks, measured.timing(measured.above[0]).minimum
    values: dict[str, Value] = {"names": codes(list(measured.above)), "count": len(measured.above)}
    values |= {"bytes": work.bytes, "cache": Code(shown_bytes(measured.cache))}
    if measured.passed == "gemm":
        values |= {"speed": Code(_giga(work.operations / least, "GF/s")), "peak": Code(_giga(peaks.gemm or 0, "GF/s"))}
    else:
        values |= {"speed": Code(_giga(work.bytes / least, "GB/s")), "peak": Code(_giga(peaks.bandwidth, "GB/s"))}
    return Message(f"bench.above.{measured.passed}", values)


def _giga(speed: float, unit: str) -> str:
    return f"{speed / 1e9:.1f} {unit}"


def _side(roofline: Roofline) -> Message:
    """Return which of the two peaks holds the work back."""
    if not roofline.work.operations:
        return Message("bench.side.moves")
    if roofline.ridge is None:
        return Message("bench.side.no_peak", {"intensity": roofline.work.intensity})
    values: Mapping[str, Value] = {"intensity": roofline.work.intensity, "ridge": roofline.ridge}
    return Message(f"bench.side.{roofline.bound.value}", values)


def _left_out(measured: Measured) -> Section | None:
    """Return who was not timed, and why."""
    reasons: dict[str, Message] = {}
    for one in measured.everyone:
        if one.reason is not None:
            reasons[one.name] = one.reason
        elif one.name in measured.found.too_slow:
            each = measured.found.too_slow[one.name]
            reasons[one.name] = Message("bench.out.budget", {"seconds": each, "limit": measured.seconds})
    if not reasons:
        return None
    heads = (Message("bench.head.contestant"), Message("bench.head.reason"))
    table = Table(heads=heads, rows=tuple((Code(name), reason) for name, reason in reasons.items()))
    wrong: list[Fact] = [one.name for one in measured.everyone if one.wrong]
    ours: list[Fact] = [one.name for one in measured.everyone if one.wrong and one.ours]
    why: dict[str, Fact] = {name: reason.id.rpartition(".")[2] for name, reason in reasons.items()}
    return Section(id="left_out", parts=(table,), facts={"reasons": why, "wrong": wrong, "wrong_targets": ours})


def _machine(measured: Measured) -> Section:
    kernel = blas_kernel()
    values: dict[str, Value] = {"machine": Code(machine()), "numpy": Code(numpy_version())}
    message = Message("bench.machine", values)
    if kernel is not None:
        message = Message("bench.machine_kernel", {**values, "kernel": Code(kernel)})
    facts: dict[str, Fact] = {"machine": machine(), "numpy": numpy_version(), "blas_kernel": kernel}
    return Section(id="machine", parts=(Paragraph(message=message),), facts=facts)
