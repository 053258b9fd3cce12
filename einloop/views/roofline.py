"""The Report of a bench as a drawing: its roofline as SVG, for light and dark pages. Needs nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import atan2, ceil, degrees, floor, log10
from typing import Any

from ..core.errors import OptionError
from ..core.message import Code, Message
from ..core.report import Report
from ..core.visible import columns
from .catalogue import Catalogue
from .page import Page, flat
from .pages import html_environment

WIDTH, HEIGHT = 760, 520
LETTER, BIG, MARGIN = 7.5, 11, 24
"""Pixels of a letter of a label and of the title, and beside the longest one."""
LEFT, RIGHT, TOP, BOTTOM = 76, 520, 64, 456
"""Of the field in which the roof stands; to its right stand the labels."""
LABELS = 556
LINE = 20
"""Pixels between two labels, at least."""
ROOM = 4.0
"""How much further than the points and the ridge the field reaches, as a factor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where something stands, in pixels, and what is written there."""

    x: float
    y: float
    text: str
    label_y: float = 0.0
    ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RooflinePlot:
    """Everything that the template writes: marks of the ticks and of the contestants, the corners of the roof."""

    across: tuple[Mark, ...]
    up: tuple[Mark, ...]
    roof: tuple[tuple[float, float], ...]
    slope: float
    along: tuple[float, float]
    """Where the words of the slope stand: not where the points are."""
    at: float
    points: tuple[Mark, ...]


def write_svg(report: Report, catalogue: Catalogue) -> str:
    """Return the roofline of a bench as one self-contained SVG.

    Raises OptionError where the report has no roofline (EL463).
    """
    found: Mapping[str, Any] = report.facts
    facts: Mapping[str, Any] = found.get("roofline", {})
    if not facts.get("operations") or not facts.get("gemm"):
        raise OptionError(
            "EL463", "there is no roofline to draw in this report", hint="einloop bench EXPR measures one"
        )
    page = Page(report, catalogue)
    words = {
        "title": {"subject": Code(flat(report.subject))},
        "bandwidth": {"bandwidth": Code(f"{facts['bandwidth'] / 1e9:.1f}")},
        "gemm": {"gemm": Code(f"{facts['gemm'] / 1e9:.1f}")},
        **{name: {} for name in ("x", "y", "ours", "others")},
    }
    if facts.get("passed"):
        words[f"above_{facts['passed']}"] = {}
    texts = {name: catalogue.text(Message(f"bench.plot.{name}", values)) for name, values in words.items()}
    plot = plot_of(facts, found["times"]["contestants"])
    widest = max([LABELS + LETTER * columns(one.text) for one in plot.points] + [LEFT + BIG * columns(texts["title"])])
    template = html_environment().get_template("roofline.svg")
    return template.render(
        page=page, plot=plot, words=texts, machine=found["machine"]["machine"],
        above=texts.get(f"above_{facts.get('passed')}"),
        size=(round(max(WIDTH, widest + MARGIN)), HEIGHT), field=(LEFT, TOP, RIGHT, BOTTOM), labels=LABELS,
    )  # fmt: skip


def plot_of(facts: Mapping[str, Any], contestants: Iterable[Mapping[str, Any]]) -> RooflinePlot:
    """Return where everything stands. `facts` are those of the roofline, in operations and bytes a second."""
    speeds = [(one["name"], one["operations_per_second"] / 1e9, one["ours"]) for one in contestants]
    bandwidth, gemm = facts["bandwidth"] / 1e9, facts["gemm"] / 1e9
    ridge, intensity = gemm / bandwidth, facts["intensity"]
    x_low, x_high = _decades([intensity / ROOM, ridge / ROOM, intensity * ROOM, ridge * ROOM])
    y_low, y_high = _decades([gemm / 10, gemm * ROOM, *(speed for _, speed, _ in speeds)])
    across, up = _scale(x_low, x_high, LEFT, RIGHT), _scale(y_low, y_high, BOTTOM, TOP)
    start = max(10.0**x_low, 10.0**y_low / bandwidth)
    corners = ((start, start * bandwidth), (ridge, gemm), (10.0**x_high, gemm))
    roof = tuple((across(x), up(y)) for x, y in corners)
    part = 0.3 if across(intensity) > (roof[0][0] + roof[1][0]) / 2 else 0.7
    ordered = sorted(speeds, key=lambda one: -one[1])
    heights = apart([up(speed) for _, speed, _ in ordered], LINE, TOP, BOTTOM)
    return RooflinePlot(
        across=tuple(Mark(x=across(10.0**n), y=BOTTOM, text=_power(n)) for n in range(x_low, x_high + 1)),
        up=tuple(Mark(x=LEFT, y=up(10.0**n), text=_power(n)) for n in range(y_low, y_high + 1)),
        roof=roof,
        slope=degrees(atan2(roof[1][1] - roof[0][1], roof[1][0] - roof[0][0])),
        along=(roof[0][0] + part * (roof[1][0] - roof[0][0]), roof[0][1] + part * (roof[1][1] - roof[0][1])),
        at=across(intensity),
        points=tuple(
            Mark(x=across(intensity), y=up(speed), text=f"{name}: {speed:.3g} GF/s", label_y=height, ours=ours)
            for (name, speed, ours), height in zip(ordered, heights, strict=True)
        ),
    )


def apart(wanted: list[float], gap: float, low: float, high: float) -> list[float]:
    """Return ascending heights near the wanted ones, at least `gap` apart, within `low` and `high` where they fit.

    >>> apart([10.0, 11.0, 50.0], 20.0, 0.0, 100.0)
    [10.0, 30.0, 50.0]
    >>> apart([90.0, 95.0], 20.0, 0.0, 100.0)
    [80.0, 100.0]
    """
    found: list[float] = []
    for height in wanted:
        found.append(max(height, found[-1] + gap if found else low))
    ceiling = high
    for place in reversed(range(len(found))):
        found[place] = min(found[place], ceiling)
        ceiling = found[place] - gap
    return found


def _decades(values: list[float]) -> tuple[int, int]:
    """Return the powers of ten around values that are above 0."""
    logs = [log10(value) for value in values]
    return floor(min(logs)), max(ceil(max(logs)), floor(min(logs)) + 1)


def _scale(low: int, high: int, first: float, last: float) -> Callable[[float], float]:
    """Return where a value stands, in pixels, on a logarithmic axis from 10**low to 10**high."""
    return lambda value: round(first + (last - first) * (log10(value) - low) / (high - low), 1)


def _power(exponent: int) -> str:
    """Return a power of ten as people read it.

    >>> _power(-2), _power(0), _power(3), _power(6)
    ('0.01', '1', '1000', '1e6')
    """
    return f"{10.0**exponent:g}" if -4 <= exponent <= 4 else f"1e{exponent}"
