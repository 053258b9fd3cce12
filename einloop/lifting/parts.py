"""Where an array is read or written in, the Python that says so out: `A[1:, ::2]`, `a.reshape(n, m)[:, :k]`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .fitted import Axis
from .found import Found
from .lengths import Chosen, Length, Runs, named
from .sizes import Refusal

OVERLAP = "two indices together say where {name} is read"
WINDOW = "np.lib.stride_tricks.sliding_window_view gives such windows an axis of their own"
Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWriter:
    """What the runs of a text know: the lengths of each, and the shapes of arrays where they are known.

    `ends`: for each axis of each array where its accesses end, in every run. `needs` collects what has to hold between
    lengths, in words: the rows of a flat array are long enough.
    """

    chosen: Sequence[Chosen]
    shapes: Sequence[Shapes]
    ends: Mapping[tuple[str, int], frozenset[Runs]] = field(default_factory=dict)
    needs: dict[tuple[Length, Length], None] = field(default_factory=dict)

    def part(self, name: str, axes: Sequence[Axis], lengths: Sequence[Length]) -> str:
        """Return the array, or the part of it in another shape, that these axes read."""
        before: list[str] = []
        index: list[str] = []
        shape: list[str] = []
        for number, axis in enumerate(axes):
            if len(axis.labels) > 1:
                first, sizes, parts = self._levels(name, number, axis, lengths)
                before.append(first)
                shape += sizes
                index += parts
            else:
                before.append(":")
                shape.append("-1" if len(axes) == 1 else self._whole_length(name, number))
                index.append(self._one(name, number, axis, lengths))
        if any(len(axis.labels) > 1 for axis in axes):
            name = f"{_indexed(name, before)}.reshape({', '.join(shape)})"
        return _indexed(name, index)

    def whole(self, name: str, axis: int, ends: Sequence[int]) -> bool:
        """Return whether an axis is read up to its end: where its length is not known, no access goes further.

        A length that is less than what the text counts with, `n - 1`, is not taken for that of an axis.
        """
        known = self.known(name, axis)
        if known is not None:
            return known == [*ends]
        found = named(ends, self.chosen)
        others = self.ends.get((name, axis), frozenset())
        return found is not None and found.plain and all(map(int.__ge__, ends, map(max, zip(*others, strict=True))))

    def values(self, length: Length) -> list[int]:
        """Return what a length is in each run."""
        return [length.value(run) for run in self.chosen]

    def known(self, name: str, axis: int) -> list[int] | None:
        """Return the length of an axis in every run where the text has it."""
        found = [
            shapes[name][axis] if name in shapes else run.get((name, axis))
            for run, shapes in zip(self.chosen, self.shapes, strict=True)
        ]
        return None if None in found else [n for n in found if n is not None]

    def said(self, values: Sequence[int]) -> str:
        """Return a length in the words of the text. Raises Refusal where nothing simple says it."""
        found = named(values, self.chosen)
        if found is None:
            raise Refusal("EL815", "a length is no simple function of the lengths that the text has")
        return found.text

    def _whole_length(self, name: str, axis: int) -> str:
        known = self.known(name, axis)
        return f"{name}.shape[{axis}]" if known is None else self.said(known)

    def _one(self, name: str, number: int, axis: Axis, lengths: Sequence[Length]) -> str:
        """Return what stands in brackets for an axis with one label or none."""
        known = self.known(name, number)
        if not axis.labels:
            return axis.start.text
        (step,), (label,) = axis.steps, axis.labels
        starts, steps, counts = self.values(axis.start), self.values(step), self.values(lengths[label])
        first = "" if axis.start.constant == 0 else axis.start.text
        if min(steps) > 0:
            ends = [a + s * (n - 1) + 1 for a, s, n in zip(starts, steps, counts, strict=True)]
            whole = step.constant == 1 and self.whole(name, number, ends)
            near = known is not None and all(
                end <= n < end + s for end, n, s in zip(ends, known, steps, strict=True)
            )
            last = "" if whole or near else self.said(ends)
            return f"{first}:{last}" + (f":{step.text}" if step.constant != 1 else "")
        ends = [a + s * (n - 1) - 1 for a, s, n in zip(starts, steps, counts, strict=True)]
        if known is not None and all(start == n - 1 for start, n in zip(starts, known, strict=True)):
            first = ""
        last = "" if all(end < 0 for end in ends) else self.said(ends)
        return f"{first}:{last}:{step.text}"

    def _levels(
        self, name: str, number: int, axis: Axis, lengths: Sequence[Length]
    ) -> tuple[str, list[str], list[str]]:
        """Return the part of an axis with several labels that is read, its shape, and what stands in brackets then.

        A step of the slowest level is a row of the next; the rest of the start that no level takes is a place in rows of
        their own, as is a fastest step beyond one.
        """
        steps = [self.values(step) for step in axis.steps]
        counts = [self.values(lengths[label]) for label in axis.labels]
        starts = self.values(axis.start)
        if any(min(values) < 1 for values in steps):
            raise Refusal("EL808", OVERLAP.format(name=name), hint=WINDOW)
        end = [
            start + sum(s[run] * (n[run] - 1) for s, n in zip(steps, counts, strict=True)) + 1
            for run, start in enumerate(starts)
        ]
        before = ":"
        if not self.whole(name, number, end) and not self._reaches(name, number, end, steps[0]):
            first = [start // step * step for start, step in zip(starts, steps[0], strict=True)]
            last = [a + step * n for a, step, n in zip(first, steps[0], counts[0], strict=True)]
            before = f"{self.said(first) if any(first) else ''}:{self.said(last)}"
            starts = [start - a for start, a in zip(starts, first, strict=True)]
        if axis.steps[-1].constant != 1:
            steps.append([1] * len(starts))
            counts.append([1] * len(starts))
        shape, index = self._rows(name, steps, counts, starts)
        if axis.steps[-1].constant != 1:
            index[-1] = self.said([start % step for start, step in zip(starts, steps[-2], strict=True)])
        return before, shape, index

    def _reaches(self, name: str, axis: int, ends: Sequence[int], rows: Sequence[int]) -> bool:
        """Return whether no access of an axis goes beyond the row in which this one ends."""
        others = self.ends.get((name, axis), frozenset())
        up = [-(-end // row) * row for end, row in zip(ends, rows, strict=True)]
        known = self.known(name, axis)
        return all(map(int.__ge__, up, map(max, zip(*others, strict=True)))) if known is None else known == up

    def _rows(
        self, name: str, steps: Sequence[Sequence[int]], counts: Sequence[Sequence[int]], starts: Sequence[int]
    ) -> tuple[list[str], list[str]]:
        """Return the shape of an axis with several levels, and what stands in brackets for each of them."""
        shape, index = [], []
        left = [*starts]
        for level, (step, count) in enumerate(zip(steps, counts, strict=True)):
            begins = [start // s for start, s in zip(left, step, strict=True)]
            left = [start % s for start, s in zip(left, step, strict=True)]
            ends = [begin + n for begin, n in zip(begins, count, strict=True)]
            rows = ends
            if level:
                outer = steps[level - 1]
                rows = [a // b for a, b in zip(outer, step, strict=True)]
                if any(a % b for a, b in zip(outer, step, strict=True)) or any(map(int.__lt__, rows, ends)):
                    raise Refusal("EL808", OVERLAP.format(name=name), hint=WINDOW)
                self._need(rows, ends)
            shape.append(self.said(rows) if level else self._outer(rows))
            first = self.said(begins) if any(begins) else ""
            index.append(":" if rows == ends and not any(begins) else f"{first}:{'' if rows == ends else self.said(ends)}")
        return shape, index

    def _outer(self, ends: Sequence[int]) -> str:
        found = named(ends, self.chosen)
        return "-1" if found is None else found.text

    def _need(self, rows: Sequence[int], ends: Sequence[int]) -> None:
        """Take note that rows are as long as what is read of them, where that is no matter of course."""
        if len({row - end for row, end in zip(rows, ends, strict=True)}) > 1:
            row, end = named(rows, self.chosen), named(ends, self.chosen)
            if row is not None and end is not None:
                self.needs[row, end] = None


def _indexed(text: str, index: list[str]) -> str:
    """Return a part of an array; whole axes at the end are not named."""
    while index and index[-1] == ":":
        index.pop()
    return f"{text}[{', '.join(index)}]" if index else text


def ends_of(found: Sequence[Found], chosen: Sequence[Chosen]) -> dict[tuple[str, int], frozenset[Runs]]:
    """Return for each axis of each array where the accesses of these results end, in every run."""
    ends: dict[tuple[str, int], frozenset[Runs]] = {}
    for one in found:
        for term in (*one.terms, *([] if one.region is None else [one.region])):
            for name, axes in ((one.name, term.result), *zip(term.names, term.operands, strict=True)):
                for number, axis in enumerate(axes):
                    end = tuple(_end(axis, term.lengths, run) for run in chosen)
                    ends[name, number] = ends.get((name, number), frozenset()) | {end}
    return ends


def _end(axis: Axis, lengths: Sequence[Length], chosen: Chosen) -> int:
    """Return the place after the last that an axis is read at."""
    along = (
        max(step.value(chosen), 0) * (lengths[label].value(chosen) - 1)
        for step, label in zip(axis.steps, axis.labels, strict=True)
    )
    return axis.start.value(chosen) + sum(along) + 1
