"""Where an array is read or written in, the Python that says so out: `A[1:, ::2]`, `a.reshape(n, m)[:, :k]`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .fitted import Axis
from .lengths import Chosen, Length, named
from .sizes import Refusal

OVERLAP = "two indices together say where {name} is read"
WINDOW = "np.lib.stride_tricks.sliding_window_view gives such windows an axis of their own"
Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWriter:
    """What the runs of a text know: the lengths of each, and the shapes of arrays where they are known.

    `needs` collects what has to hold between lengths, in words: the rows of a flat array are long enough.
    """

    chosen: Sequence[Chosen]
    shapes: Sequence[Shapes]
    needs: dict[tuple[Length, Length], None] = field(default_factory=dict)

    def part(self, name: str, axes: Sequence[Axis], lengths: Sequence[Length]) -> str:
        """Return the array, or the part of it in another shape, that these axes read."""
        index: list[str] = []
        shape: list[str] = []
        for number, axis in enumerate(axes):
            if len(axis.labels) > 1:
                sizes, parts = self._levels(name, axis, lengths)
                shape += sizes
                index += parts
            else:
                shape.append("-1" if len(axes) == 1 else self._whole_length(name, number))
                index.append(self._one(name, number, axis, lengths))
        while index and index[-1] == ":":
            index.pop()
        split = any(len(axis.labels) > 1 for axis in axes)
        text = f"{name}.reshape({', '.join(shape)})" if split else name
        return f"{text}[{', '.join(index)}]" if index else text

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
            whole = (known is None and not any(starts) and step.constant == 1) or known == ends
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

    def _levels(self, name: str, axis: Axis, lengths: Sequence[Length]) -> tuple[list[str], list[str]]:
        """Return the shape that an axis with several labels is read in, and what stands in brackets for each level.

        A step of the slowest level is a row of the next; the rest of the start that no level takes is a place in rows of
        their own, as is a fastest step beyond one.
        """
        steps = [*map(self.values, axis.steps)]
        starts = self.values(axis.start)
        if any(min(values) < 1 for values in steps):
            raise Refusal("EL808", OVERLAP.format(name=name), hint=WINDOW)
        last = axis.steps[-1].constant
        levels = [*zip(steps, [lengths[label] for label in axis.labels], strict=True)]
        if last != 1:
            levels.append(([1] * len(starts), Length(((1, ()),))))
        shape, index = [], []
        rows: list[int] | None = None
        for number, (step, length) in enumerate(levels):
            counts = self.values(length)
            begins = [start // s for start, s in zip(starts, step, strict=True)]
            starts = [start % s for start, s in zip(starts, step, strict=True)]
            ends = [begin + count for begin, count in zip(begins, counts, strict=True)]
            if number:
                outer = levels[number - 1][0]
                if any(a % b for a, b in zip(outer, step, strict=True)):
                    raise Refusal("EL808", OVERLAP.format(name=name), hint=WINDOW)
                rows = [a // b for a, b in zip(outer, step, strict=True)]
                if any(row < end for row, end in zip(rows, ends, strict=True)):
                    raise Refusal("EL808", OVERLAP.format(name=name), hint=WINDOW)
                self._need(rows, ends)
            if number == len(axis.labels):
                shape.append(self.said(rows or []))
                index.append(self.said(begins))
                continue
            shape.append(self._outer(ends) if rows is None else self.said(rows))
            whole = not any(begins) and (rows is None or rows == ends)
            first = "" if not any(begins) else self.said(begins)
            index.append(":" if whole else f"{first}:" + ("" if rows == ends else self.said(ends)))
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
