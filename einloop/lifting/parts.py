"""Where an array is read or written in, the Python that says so out: `A[1:, ::2]`, `a.reshape(n, m)[:, :k]`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from .computed import LATER, Input
from .fitted import TermAxis
from .found import Found
from .lengths import Chosen, Length, named
from .sizes import Refusal
from .sums import divided, times, total

OVERLAP = "two indices together say where {name} is read"
WINDOW = "np.lib.stride_tricks.sliding_window_view gives such windows an axis of their own"
LONG = 97
"""A length beyond all others."""
NO_WORDS = "a length is not a simple function of the lengths in the code"
CLOSE = (0, -1, 1, -2, 2)
"""What is added to a length to find one between the last element of a slice and the next."""
BEFORE = Length(((-1, ()),))
START, END = 0, -1
"""Below zero a start counts from the end; an end of -1 is one for lengths of one, of which nothing is taken."""
Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an axis is read or written, along labels of these lengths."""

    axis: TermAxis
    lengths: tuple[Length, ...]

    def value(self, chosen: Chosen) -> int:
        """Return the place after the last that is reached."""
        along = zip(self.axis.steps, self.lengths, strict=True)
        far = sum(max(step.value(chosen), 0) * (length.value(chosen) - 1) for step, length in along)
        return self.axis.start.value(chosen) + far + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWriter:
    """What the runs of a text know: the lengths of each, and the shapes of arrays where they are known.

    `probes`: the lengths that words are found at: those of the runs first, and more. `ends`: for each axis of each
    array where its accesses end. `inputs`: what each run was given. `needs` collects what has to hold between lengths,
    in words: the rows of a flat array are long enough.
    """

    chosen: Sequence[Chosen]
    probes: Sequence[Chosen]
    shapes: Sequence[Shapes]
    ends: Mapping[tuple[str, int], frozenset[Reach]] = field(default_factory=dict)
    inputs: Sequence[Mapping[str, Input]] = ()
    needs: dict[tuple[Length, Length], None] = field(default_factory=dict)
    least: dict[tuple[Length, Length], None] = field(default_factory=dict)
    """What has to hold for starts and ends of slices not to be below zero."""
    positive: dict[Length, None] = field(default_factory=dict)
    """Steps of slices that have names, which can be neither zero nor below."""

    def part(self, name: str, axes: Sequence[TermAxis], lengths: Sequence[Length]) -> str:
        """Return the array, or the part of it in another shape, that these axes read."""
        before: list[str] = []
        index: list[str] = []
        after: list[str] = []
        shape: list[str] = []
        flat = True
        for number, axis in enumerate(axes):
            if (one := self._slice(name, number, axis, lengths)) is None:
                first, sizes, parts, turned = self._levels(name, number, axis, lengths)
                before.append(first)
                shape += sizes
                index += parts
                after += turned
                flat = False
            else:
                before.append(":")
                shape.append("-1" if len(axes) == 1 else self._whole_length(name, number))
                index.append(one[0])
                after += [one[1]] if axis.labels else []
        if not flat:
            name = f"{_indexed(name, before)}.reshape({', '.join(shape)})"
        return _indexed(_indexed(name, index), after)

    def _slice(self, name: str, number: int, axis: TermAxis, lengths: Sequence[Length]) -> tuple[str, str] | None:
        """Return what `_one` does, None for an axis with several labels, or with one that no slice has words for."""
        if len(axis.labels) > 1:
            return None
        try:
            return self._one(name, number, axis, lengths)
        except Refusal:
            if not axis.labels or axis.steps[0].constant is not None:
                raise
            return None

    def whole(self, name: str, axis: int, ends: Sequence[int]) -> bool:
        """Return whether an axis is read up to its end: where its length is not known, no access goes further.

        A length that is less than what the text counts with, `n - 1`, is not taken for that of an axis.
        """
        found = named(ends, self.probes)
        plain = found is not None and found.plain
        return (self.known(name, axis) is not None or plain) and self._furthest(name, axis, ends)

    def _furthest(self, name: str, axis: int, ends: Sequence[int], own: Sequence[int] = ()) -> bool:
        """Return whether an axis ends so, or no access goes beyond that, but for one that ends at its `own`."""
        known, end = self.known(name, axis), named(ends, self.probes)
        if known is not None or end is None:
            return known == [*ends]
        touched = [self._touched(run, name, axis) for run in range(len(self.chosen))]
        if any(length > end.value(run) for length, run in zip(touched, self.chosen, strict=True)):
            return False
        if all(touched) and touched != [*own[: len(touched)]] and named(touched, self.chosen) is None:
            return False
        others = [one for one in self.ends.get((name, axis), ()) if [one.value(run) for run in self.probes] != [*own]]
        runs = [*self.probes, *self._extremes()]
        return all(other.value(run) <= end.value(run) for run in runs for other in others)

    def _touched(self, run: int, name: str, axis: int) -> int:
        """Return how far a run read an axis, also what made no difference; 0 where a number of the text says it."""
        shape = self.inputs[run].get(name, ()) if run < len(self.inputs) else ()
        length = shape[axis] if isinstance(shape, tuple) and axis < len(shape) else 0
        return 0 if str(length) in self.chosen[run] else length

    def _extremes(self) -> list[Chosen]:
        """Return lengths of one, with each of them long, and long ones, with each of them one."""
        ones, longs = dict.fromkeys(self.probes[0], 1), dict.fromkeys(self.probes[0], LONG)
        return [ones, *({**ones, key: LONG} for key in ones), *({**longs, key: 1} for key in ones)]

    def values(self, length: Length) -> list[int]:
        """Return what a length is at every probe."""
        return [length.value(run) for run in self.probes]

    def axis_ends(self, axes: Sequence[TermAxis], lengths: Sequence[Length]) -> list[list[int]]:
        """Return where each axis is read or written up to."""
        reaches = [Reach(axis, tuple(lengths[label] for label in axis.labels)) for axis in axes]
        return [[reach.value(run) for run in self.probes] for reach in reaches]

    def reshaped(self, name: str) -> bool:
        """Return whether a name stands for an array of another shape at the end."""
        return any(shapes.get(name + LATER, shapes.get(name)) != shapes.get(name) for shapes in self.shapes)

    def known(self, name: str, axis: int) -> list[int] | None:
        """Return the length of an axis at every probe, None where the text does not have it."""
        if all(name in shapes for shapes in self.shapes):
            found = named([shapes[name][axis] for shapes in self.shapes], self.chosen)
            return None if found is None else self.values(found)
        if any(name in shapes for shapes in self.shapes) or (name, axis) not in self.chosen[0]:
            return None
        return [run[name, axis] for run in self.probes]

    def said(self, values: Sequence[int]) -> str:
        """Return a length in the words of the text. Raises Refusal where nothing simple says it."""
        return self._worded(values).text

    def _worded(self, values: Sequence[int]) -> Length:
        found = named(values, self.probes)
        if found is None:
            raise Refusal("EL815", NO_WORDS)
        return found

    def _place(self, values: Sequence[int], below: int) -> str:
        """Return the start or the end of a slice, and take note of what has to hold for it to be one.

        `below`: down to which number below zero a place means no more than zero does.
        """
        found = self._worded(values)
        small = found.value(dict.fromkeys(self.probes[0], 1))
        if min(values) < 0 or small < below:
            if found.divisor > 1:
                raise Refusal("EL815", NO_WORDS)
            above = Length(tuple(part for part in found.parts if part[0] > 0))
            self.least[above, Length(tuple((-factor, keys) for factor, keys in found.parts if factor < 0))] = None
        return found.text

    def assumed(self, axes: Iterable[tuple[str, int]]) -> None:
        """Take note that no access goes beyond axes whose lengths are taken to be those of the loops over them."""
        for name, axis in axes:
            known = self.known(name, axis)
            row = None if known is None else named(known, self.probes)
            for end in self.ends.get((name, axis), ()):
                if row is not None and any(end.value(run) > row.value(run) for run in self.probes):
                    self.least[row, self._worded([end.value(run) for run in self.probes])] = None

    def _whole_length(self, name: str, axis: int) -> str:
        known = self.known(name, axis)
        return f"{name}.shape[{axis}]" if known is None else self.said(known)

    def _one(self, name: str, number: int, axis: TermAxis, lengths: Sequence[Length]) -> tuple[str, str]:
        """Return what stands in brackets for an axis with one label or none, and in those that turn the part around."""
        known = self.known(name, number)
        if not axis.labels:
            self._fits(name, number, [start + 1 for start in self.values(axis.start)])
            return self._place(self.values(axis.start), START), ":"
        (step,), (label,) = axis.steps, axis.labels
        starts, steps, counts = self.values(axis.start), self.values(step), self.values(lengths[label])
        first = "" if axis.start.constant == 0 else self._place(starts, START)
        if min(steps) > 0:
            ends = [a + s * (n - 1) + 1 for a, s, n in zip(starts, steps, counts, strict=True)]
            whole = step.constant == 1 and self.whole(name, number, ends)
            near = known is not None and all(end <= n < end + s for end, n, s in zip(ends, known, steps, strict=True))
            self._fits(name, number, ends)
            if step.constant == 1 and named(ends, self.probes) is None:
                return f"{first}:", f":{self._place(counts, END)}"
            last = "" if whole or near else self._last(ends, steps)
            match step.parts:
                case ((1, (str(key),)),) if key.isidentifier():
                    self.positive[step] = None
            return f"{first}:{last}" + (f":{step.text}" if step.constant != 1 else ""), ":"
        ends = [a + s * (n - 1) - 1 for a, s, n in zip(starts, steps, counts, strict=True)]
        if all(end == -1 for end in ends):
            top = known is not None and all(start == n - 1 for start, n in zip(starts, known, strict=True))
            top = top or (known is None and self.whole(name, number, [start + 1 for start in starts]))
            return f"{'' if top else first}::{step.text}", ":"
        if step.constant is None or any(end < -1 for end in ends[: len(self.chosen)]):
            raise Refusal("EL815", "a step backwards depends on the sizes")
        low, high = self._place([end + 1 for end in ends], START), self.said([start + 1 for start in starts])
        size = "" if step.constant == -1 else f":{-step.constant}"
        return f"{low}:{high}{size}", "::-1"

    def _fits(self, name: str, number: int, ends: Sequence[int]) -> None:
        """Take note that a row of several axes, whose length the text does not have, is as long as what is read."""
        shapes = [run.get(name) for run in self.inputs]
        rows = [shape[number] for shape in shapes if isinstance(shape, tuple) and len(shape) > max(number, 1)]
        length = named(rows, self.chosen) if len(rows) == len(self.chosen) else None
        if length is not None and self.known(name, number) is None and not self._always(self.values(length), ends):
            self.needs[length, self._worded(ends)] = None

    def _last(self, ends: Sequence[int], steps: Sequence[int]) -> str:
        """Return the end of a slice: where its last element ends, or a length of the text before the next element."""
        if named(ends, self.probes) is None:
            for key, added in product(sorted(self.probes[0], key=lambda key: not isinstance(key, str)), CLOSE):
                lengths = [run[key] + added for run in self.probes]
                if all(end <= n < end + step for end, n, step in zip(ends, lengths, steps, strict=True)):
                    return self._place(lengths, END)
        return self._place(ends, END)

    def _levels(
        self, name: str, number: int, axis: TermAxis, lengths: Sequence[Length]
    ) -> tuple[str, list[str], list[str], list[str]]:
        """Return the part of an axis with several labels that is read, its shape, what is in brackets then and after.

        A step of the slowest level is a row of the next; the rest of the start that no level takes is a place in rows
        of their own, as is a fastest step beyond one. A level that is read backwards is turned around.
        """
        axis, turned = self._forward(name, axis, lengths)
        steps = [self.values(step) for step in axis.steps]
        counts = [self.values(lengths[label]) for label in axis.labels]
        starts = self.values(axis.start)
        end = [
            start + sum(s[run] * (n[run] - 1) for s, n in zip(steps, counts, strict=True)) + 1
            for run, start in enumerate(starts)
        ]
        before = ":"
        begins = self._begins(axis, steps)
        first = [begin * step for begin, step in zip(begins[0], steps[0], strict=True)]
        last = [a + step * n for a, step, n in zip(first, steps[0], counts[0], strict=True)]
        if not self.whole(name, number, end) and not self._furthest(name, number, last, end):
            before = f"{self._place(first, START) if any(first) else ''}:{self._place(last, END)}"
            begins[0] = [0] * len(starts)
        apart = axis.steps[-1].constant != 1
        if apart:
            steps.append([1] * len(starts))
            counts.append([1] * len(starts))
        shape, index = self._rows(name, steps, counts, begins)
        if apart:
            index[-1] = self.said(begins[-1])
        return before, shape, index, turned

    def _forward(self, name: str, axis: TermAxis, lengths: Sequence[Length]) -> tuple[TermAxis, list[str]]:
        """Return an axis with all levels read forwards, and what turns those around that are not."""
        steps, start, turned = [], axis.start, []
        for step, label in zip(axis.steps, axis.labels, strict=True):
            values = self.values(step)
            backwards = max(values) < 0
            if (min(values) < 1 and not backwards) or (backwards and (start.divisor, lengths[label].divisor) != (1, 1)):
                raise Refusal("EL808", OVERLAP.format(name=name), hint=WINDOW)
            if backwards:
                start = total(start, times(step, total(lengths[label], BEFORE)))
            steps.append(times(step, BEFORE) if backwards else step)
            turned.append("::-1" if backwards else ":")
        return TermAxis(labels=axis.labels, steps=tuple(steps), start=start), turned

    def _begins(self, axis: TermAxis, steps: Sequence[Sequence[int]]) -> list[list[int]]:
        """Return in which row of each level an axis starts, and last in which place of the fastest."""
        begins: list[list[int]] = []
        left, rest = axis.start, self.values(axis.start)
        for step, values in zip(axis.steps, steps, strict=True):
            often = [start // s for start, s in zip(rest, values, strict=True)]
            if left.divisor == step.divisor == 1 and named(often, self.probes) is None:
                words, left = divided(left, step)
                often = self.values(words)
                runs = len(self.chosen)
                if all(a < b * s for a, b, s in zip(rest[:runs], often, values, strict=False)):
                    often, left = [one - 1 for one in often], total(left, step)
            else:
                left = self._rest(left, step, often)
            begins.append(often)
            rest = [start - s * n for start, s, n in zip(rest, values, often, strict=True)]
        return [*begins, rest]

    def _rest(self, start: Length, step: Length, often: Sequence[int]) -> Length:
        """Return what is left of a start after so many steps, in words; the start itself where there are none."""
        found = named(often, self.probes)
        if found is None or 1 not in (found.divisor, step.divisor, start.divisor) or not any(often):
            return start
        return total(start, times(times(found, step), BEFORE))

    def _rows(
        self,
        name: str,
        steps: Sequence[Sequence[int]],
        counts: Sequence[Sequence[int]],
        starts: Sequence[Sequence[int]],
    ) -> tuple[list[str], list[str]]:
        """Return the shape of an axis with several levels, and what stands in brackets for each of them."""
        shape, index = [], []
        for level, (step, count, begins) in enumerate(zip(steps, counts, starts, strict=False)):
            ends = [begin + n for begin, n in zip(begins, count, strict=True)]
            rows = ends
            if level:
                outer = steps[level - 1]
                rows = [a // b for a, b in zip(outer, step, strict=True)]
                short = [row < end for row, end in zip(rows, ends, strict=True)]
                if any(a % b for a, b in zip(outer, step, strict=True)) or any(short[: len(self.chosen)]):
                    raise Refusal("EL808", OVERLAP.format(name=name), hint=WINDOW)
                if any(short) or not self._always(rows, ends):
                    self.needs[self._worded(rows), self._worded(ends)] = None
            outermost = named(rows, self.probes)
            shape.append(self._place(rows, END) if outermost is not None or level else "-1")
            first = self._place(begins, START) if any(begins) else ""
            index.append(
                ":" if rows == ends and not any(begins) else f"{first}:{'' if rows == ends else self._place(ends, END)}"
            )
        return shape, index

    def _always(self, rows: Sequence[int], ends: Sequence[int]) -> bool:
        """Return whether rows are as long as what is read of them, whichever length is long."""
        row, end = named(rows, self.probes), named(ends, self.probes)
        if row is None or end is None:
            return True
        return all(row.value(trial) >= end.value(trial) for trial in self._extremes())


def _indexed(text: str, index: list[str]) -> str:
    """Return a part of an array; whole axes at the end are not named."""
    while index and index[-1] == ":":
        index.pop()
    return f"{text}[{', '.join(index)}]" if index else text


def ends_of(found: Sequence[Found]) -> dict[tuple[str, int], frozenset[Reach]]:
    """Return for each axis of each array where the accesses of these results end."""
    ends: dict[tuple[str, int], frozenset[Reach]] = {}
    for one in found:
        for term in (*one.terms, *([] if one.region is None else [one.region])):
            for name, axes in ((one.name, term.result), *zip(term.names, term.operands, strict=True)):
                for number, axis in enumerate(axes):
                    reach = Reach(axis, tuple(term.lengths[label] for label in axis.labels))
                    ends[name, number] = ends.get((name, number), frozenset()) | {reach}
    return ends
