"""What several runs of a text made of one result in, the combination that says it out: specs, views, factors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..core.build import Term, build_spec
from ..core.combination import Coefficient, Combination, Summand, View
from ..core.names import fresh
from ..core.source import Source
from .lengths import named
from .sizes import Key, Refusal
from .terms import Monomial, ReadAxis

LETTERS = "ijklmnopqrstuvwxyzabcdefghIJKLMNOPQRSTUVWXYZABCDEFGH"
OVERLAP = "two indices together say where {name} is read"
ONES = "np.ones"
DIVIDES = "1/"
"""What the name of a factor begins with that divides."""
WINDOW = "np.lib.stride_tricks.sliding_window_view gives such windows an axis of their own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One result of one run: its terms, the lengths of the run, and the shapes of arrays where they are known."""

    terms: tuple[Monomial, ...]
    chosen: Mapping[Key, int]
    shapes: Mapping[str, tuple[int, ...]]


def combination(name: str, runs: Sequence[Made], source: Source) -> Combination:
    """Return the combination for a result. Raises Refusal where runs with other lengths compute other things."""
    sorted_terms = [sorted(run.terms, key=lambda term: repr(term.structure)) for run in runs]
    first = sorted_terms[0]
    if any([t.structure for t in terms] != [t.structure for t in first] for terms in sorted_terms[1:]):
        raise Refusal("EL811", f"what {name} is depends on the lengths")
    order = sorted(range(len(first)), key=lambda n: runs[0].terms.index(first[n]))
    views: dict[str, View] = {}
    writers = [
        _SummandWriter(runs=runs, terms=tuple(terms[n] for terms in sorted_terms), views=views, source=source)
        for n in order
    ]
    targets = {writer.part(name, [term.result for term in writer.terms]) for writer in writers}
    if len(targets) > 1:
        raise Refusal("EL810", f"parts of {name} are different sums")
    written = targets.pop() if targets else name
    summands = [writer.summand() for writer in writers]
    old = next((one for one in summands if one.bare and _is_old(one, written, views)), None)
    return Combination(
        source=source,
        result=name,
        target=_target(written, name, adds=old is not None),
        adds=old is not None,
        summands=tuple(summand for summand in summands if summand is not old),
        views=tuple(view for view in views.values() if view.name != view.text),
    )


def _is_old(summand: Summand, written: str, views: Mapping[str, View]) -> bool:
    """Return whether a summand is what is there already."""
    (operand, *others) = summand.spec.operands or (None,)
    return (
        operand is not None
        and not others
        and operand.labels == summand.spec.output
        and (operand.name == (views[written].name if written in views else written))
    )


def _target(written: str, name: str, *, adds: bool) -> str | None:
    """Return what is assigned to: a name, or a part of an array, of which other shapes are written in place."""
    if written == name or (not adds and written.startswith(f"{name}.reshape(") and "[" not in written):
        return None
    return written if "[" in written else f"{written}[...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class _SummandWriter:
    """One term, as every run has it."""

    runs: Sequence[Made]
    terms: tuple[Monomial, ...]
    views: dict[str, View]
    """What stands for parts of arrays, by text; summands of one result share it."""
    source: Source

    def summand(self) -> Summand:
        """Return the term as an einsum."""
        operands: list[tuple[str, tuple[int, ...]]] = []
        divisors = []
        for place, name in enumerate(self.terms[0].names):
            axes = [term.operands[place] for term in self.terms]
            if name.startswith(DIVIDES):
                divisors.append(name.removeprefix(DIVIDES))
                continue
            operands.append((self.part(name, axes), tuple(label for axis in axes[0] for label in axis.labels)))
        output = tuple(label for axis in self.terms[0].result for label in axis.labels)
        seen = {label for _, labels in operands for label in labels}
        for label in dict.fromkeys(output):
            if label not in seen:
                operands.append((f"{ONES}({self.length([t.lengths[label] for t in self.terms])})", (label,)))
        terms = [_term(labels, self.named(text)) for text, labels in operands]
        coefficient, factors = self.coefficient()
        spec = build_spec(self.source, terms, _term(output, None))
        return Summand(spec=spec, coefficient=coefficient, factors=factors, divisors=tuple(divisors))

    def named(self, text: str) -> str:
        """Return the name that stands for an array, or for a part of one."""
        if text not in self.views:
            array = text.partition("[")[0].partition(".")[0]
            taken = {view.name for view in self.views.values()} | {name for term in self.terms for name in term.names}
            name = text if text.isidentifier() else fresh("ones" if text.startswith(ONES) else f"{array}1", taken)
            self.views[text] = View(name=name, text=text, ones=text.startswith(ONES))
        return self.views[text].name

    def coefficient(self) -> tuple[Coefficient, tuple[str, ...]]:
        """Return the factor: a number, and a length where it is one in every run."""
        values = tuple(term.coefficient for term in self.terms)
        if len(set(values)) == 1:
            return values[0], ()
        if any(isinstance(value, complex) or value != int(value) for value in values):
            raise Refusal("EL815", "a factor depends on the lengths")
        return 1, (self.length([int(value.real) for value in values]),)

    def length(self, values: Sequence[int]) -> str:
        """Return a length in the words of the text. Raises Refusal where nothing simple says it."""
        found = named(tuple(values), [run.chosen for run in self.runs])
        if found is None:
            raise Refusal("EL815", "a length is no simple function of the lengths that the text has")
        return found

    def part(self, name: str, axes: Sequence[tuple[ReadAxis, ...]]) -> str:
        """Return the array, or the part of it in another shape, that these axes read; one entry for each run."""
        index: list[str] = []
        shape: list[str] = []
        split = False
        for number, runs in enumerate(zip(*axes, strict=True)):
            if len(runs[0].labels) > 1:
                split = True
                lengths, parts = self.levels(name, runs)
                shape += lengths
                index += parts
            else:
                shape.append("-1")
                index.append(self.one(name, number, runs))
        while index and index[-1] == ":":
            index.pop()
        text = f"{name}.reshape({', '.join(shape)})" if split else name
        return f"{text}[{', '.join(index)}]" if index else text

    def one(self, name: str, number: int, runs: tuple[ReadAxis, ...]) -> str:
        """Return what stands in brackets for an axis with one label or none."""
        starts = [axis.start for axis in runs]
        if not runs[0].labels:
            if self.known(name, number) == tuple(1 for _ in runs):
                return "0"
            return self.length(starts)
        steps = {axis.steps[0] for axis in runs}
        if len(steps) > 1:
            raise Refusal("EL811", f"how {name} is stepped through depends on the lengths")
        step = steps.pop()
        label = runs[0].labels[0]
        lengths = [term.lengths[label] for term in self.terms]
        ends = [
            start + step * (length - 1) + (1 if step > 0 else -1) for start, length in zip(starts, lengths, strict=True)
        ]
        known = self.known(name, number)
        if step > 0:
            whole = (known is None and not any(starts)) or known == tuple(ends)
            near = known is not None and all(end <= n < end + step for end, n in zip(ends, known, strict=True))
            first = "" if not any(starts) else self.length(starts)
            last = "" if whole or near else self.length(ends)
            return f"{first}:{last}" + (f":{step}" if step != 1 else "")
        from_end = known is not None and all(start == n - 1 for start, n in zip(starts, known, strict=True))
        first = "" if from_end else self.length(starts)
        last = "" if all(end == -1 for end in ends) else self.length(ends)
        return f"{first}:{last}:{step}"

    def known(self, name: str, axis: int) -> tuple[int, ...] | None:
        """Return the length of an axis in every run where the text has it."""
        found = [run.shapes[name][axis] if name in run.shapes else run.chosen.get((name, axis)) for run in self.runs]
        return None if None in found else tuple(n for n in found if n is not None)

    def levels(self, name: str, runs: tuple[ReadAxis, ...]) -> tuple[list[str], list[str]]:
        """Return the shape that an axis with several labels is read in, and what stands in brackets for each level."""
        labels = runs[0].labels
        if any(axis.start for axis in runs) or any(axis.steps[-1] != 1 for axis in runs):
            raise Refusal("EL808", OVERLAP.format(name=name), hint=WINDOW)
        shape, index = ["-1"], [":"]
        for place in range(1, len(labels)):
            lengths = [term.lengths[labels[place]] for term in self.terms]
            rows = []
            for axis, length in zip(runs, lengths, strict=True):
                row, rest = divmod(axis.steps[place - 1], axis.steps[place])
                if rest or row < length:
                    raise Refusal("EL808", OVERLAP.format(name=name), hint=WINDOW)
                rows.append(row)
            shape.append(self.length(rows))
            index.append(":" if rows == lengths else f":{self.length(lengths)}")
        outer = [term.lengths[labels[0]] for term in self.terms]
        try:
            shape[0] = self.length(outer)
        except Refusal:
            shape[0] = "-1"
        return shape, index


def _term(labels: tuple[int, ...], name: str | None) -> Term:
    return Term(labels=tuple(LETTERS[label] for label in labels), spans=(None,) * len(labels), name=name)
