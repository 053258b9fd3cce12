"""Rows of the suite in, Markdown out: ratios by class, the goals beside them, and the text between two markers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from goals import COMPILATION, CONTRACT, EXPRESSION, FOUR_BY_FOUR, GOALS, PATH, PLAIN, TITLES, TORCH, WORST, Goal
from measured_case import BLAS, Row

RATIOS = (PLAIN, PATH, CONTRACT, EXPRESSION, TORCH, BLAS, "fastest")
START, STOP = "<!-- suite -->", "<!-- /suite -->"


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """What was measured of one class."""

    id: str
    title: str
    rows: tuple[Row, ...]

    def reached(self, what: str, target: str) -> float | None:
        """Return the figure that a goal is about, None where no case has it."""
        if what == "worst":
            return min(self.ratios(PATH, target), default=None)
        if what == "ahead":
            fastest = self.ratios("fastest", target)
            return sum(ratio > 1 for ratio in fastest) / len(fastest) if fastest else None
        return mean(self.ratios(what, target))

    def ratios(self, what: str, target: str) -> list[float]:
        """Return a rival's time over a target's, for every case that has both."""
        found = (row.fastest(target) if what == "fastest" else row.ratio(what, target) for row in self.rows)
        return [ratio for ratio in found if ratio is not None]


def mean(values: Sequence[float]) -> float | None:
    """Return the geometric mean, None of nothing.

    >>> mean([1.0, 4.0])
    2.0
    """
    return math.exp(sum(map(math.log, values)) / len(values)) if values else None


def page(classes: Sequence[Class], targets: Sequence[str], heading: Sequence[str]) -> str:
    """Return the whole text between the markers."""
    parts = ["\n".join(heading)]
    for target in targets:
        parts += [
            f"**{target}**",
            ratio_table(classes, target),
            goal_table(classes, target),
            compilation(classes, target),
        ]
    return "\n\n".join(parts)


def ratio_table(classes: Iterable[Class], target: str) -> str:
    """Return a row a class: geometric means of a rival's time over the target's."""
    lines = [
        "| class | cases | " + " | ".join(TITLES[name] for name in RATIOS) + " | ahead | worst |",
        "|---" * (len(RATIOS) + 4) + "|",
    ]
    for one in classes:
        timed = one.ratios("fastest", target)
        figures = [shown(one.reached(name, target)) for name in RATIOS]
        ahead = f"{sum(ratio > 1 for ratio in timed)} of {len(timed)}"
        lines.append(" | ".join([f"| {one.title}", f"{len(one.rows)}", *figures, ahead, worst(one, target)]) + " |")
    return "\n".join(lines)


def worst(one: Class, target: str) -> str:
    """Return the case that does worst against np.einsum with a path."""
    ratios = [(ratio, row.case) for row in one.rows if (ratio := row.ratio(PATH, target)) is not None]
    if not ratios:
        return "-"
    ratio, case = min(ratios, key=lambda pair: pair[0])
    return f"{shown(ratio)}: `{case.subscripts}`"


def goal_table(classes: Sequence[Class], target: str) -> str:
    """Return a row a goal, with what was reached."""
    lines = ["| class | over | goal | reached | |", "|---|---|---|---|---|"]
    for one in classes:
        for goal in GOALS.get(target, {}).get(one.id, ()):
            reached = one.reached(goal.what, target)
            lines.append(
                f"| {one.title} | {TITLES[goal.what]} | {wanted(goal)} | {shown(reached)} | {met(goal, reached)} |"
            )
    if target == "c":
        lines += [tiny_goal(one) for one in classes if one.id == "tiny"]
        lowest = [reached for one in classes if (reached := one.reached(WORST.what, target)) is not None]
        reached = min(lowest, default=None)
        lines.append(f"| every case | {TITLES[PATH]} | {wanted(WORST)} | {shown(reached)} | {met(WORST, reached)} |")
    return "\n".join(line for line in lines if line)


def tiny_goal(one: Class) -> str:
    """Return the row of the one case whose time has a goal."""
    name, most = FOUR_BY_FOUR
    times = [row.times["c"] for row in one.rows if row.case.name == name and "c" in row.times]
    if not times:
        return ""
    verdict = "met" if times[0] <= most else "missed"
    return f"| {one.title} | a call on {name} | at most {1e9 * most:.0f} ns | {1e9 * times[0]:.0f} ns | {verdict} |"


def compilation(classes: Iterable[Class], target: str) -> str:
    """Return how long kernels took until they could be called, and who was left out or wrong."""
    rows = [row for one in classes for row in one.rows]
    ready = [row.ready[target] for row in rows if target in row.ready]
    if not ready:
        return f"No case could be timed with {target}."
    middle, most = 1e3 * median(ready), 1e3 * max(ready)
    said = f"Until a kernel is ready: {middle:.0f} ms of processor time in the middle, {most:.0f} at most"
    if target == "c":
        said += f" (goal {1e3 * COMPILATION:.0f} ms: {'met' if max(ready) < COMPILATION else 'missed'})"
    absent = [f"`{row.case.subscripts}` ({row.reasons[target]})" for row in rows if target in row.reasons]
    return said + "." + (f" Not timed: {', '.join(absent)}." if absent else "")


def shown(value: float | None) -> str:
    """Return a ratio as the table writes it.

    >>> shown(0.00321), shown(0.856), shown(12.34), shown(123.4), shown(None)
    ('0.0032', '0.86', '12.3', '123', '-')
    """
    if value is not None and value < 0.1:
        return f"{value:.2g}"
    return "-" if value is None else f"{value:.{2 if value < 10 else 1 if value < 100 else 0}f}"


def wanted(goal: Goal) -> str:
    return f"{goal.least:g}"


def met(goal: Goal, reached: float | None) -> str:
    return "not measured" if reached is None else "met" if reached >= goal.least else "missed"


def replaced(text: str, new: str) -> str:
    """Return a text with what stands between its markers replaced. Raises ValueError where it has no markers.

    >>> replaced("a\\n<!-- suite -->\\nold\\n<!-- /suite -->\\nb", "new")
    'a\\n<!-- suite -->\\n\\nnew\\n\\n<!-- /suite -->\\nb'
    """
    before, start, rest = text.partition(START)
    _, stop, after = rest.partition(STOP)
    if not start or not stop:
        raise ValueError(f"no {START} ... {STOP}")
    return f"{before}{START}\n\n{new}\n\n{STOP}{after}"


def write(path: Path, new: str) -> None:
    """Put a text between the markers of a file. Raises SystemExit where it has none."""
    try:
        path.write_text(replaced(path.read_text(encoding="utf-8"), new), encoding="utf-8")
    except (OSError, ValueError) as error:
        raise SystemExit(f"{path.name}: {error}") from None
