"""The sum that a step adds to as lines of code: the elements, below them their values, the step's own term marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ....core.slide import Word, code_lines, cut_lines
from ....core.text_width import code_width
from ....core.trace import TracedProduct, TraceStep
from ..sum import NEAR, SumGap, SumParts, is_alone, signed_terms, steps_of_sum, sum_parts
from ..values import dtypes_of, product_cells, product_text, short_text
from .moment import TracedMoment, bounded

SIZE = 20
MAX_LINES = 3
"""Of the values."""
DOTS = "…"

Lines = list[list[tuple[float, Word]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenSum:
    """A sum in lines of code. `left`: how many terms are left out; `alone`: one step makes all of it."""

    lines: Lines = field(default_factory=list)
    left: int = 0
    alone: bool = True


def written_sum(moment: TracedMoment, width: float) -> WrittenSum:
    """Return the sum that a step adds to, in lines of a width."""
    step = moment.step
    if step is None:
        return WrittenSum()
    dtypes, name = dtypes_of(moment.trace), str(step.target)
    for near in range(NEAR, -1, -1):
        parts = sum_parts(moment.trace, step, near)
        values = list(_words(moment, parts, lambda term: product_text(term, dtypes)))
        after = bounded(short_text(step.after, step.dtype))
        if is_alone(step, parts) and " ".join(word.text for word in values) != after:
            values.append(Word(pieces=((f"= {after}" if values else after, None),)))
        lines = _behind(name, values, width)
        if len(lines) <= MAX_LINES:
            break
    left = steps_of_sum(moment.trace, step) - sum(isinstance(part, TraceStep) for part in parts)
    names = list(_words(moment, parts, product_cells))
    above = _behind(name, names, width)
    if len(above) == 1 and names and [word.text for word in names] != [word.text for word in values]:
        lines = [*above, *cut_lines(_behind("", values, width, code_width(name, SIZE)), MAX_LINES)]
    else:
        lines = cut_lines(lines, MAX_LINES)
    return WrittenSum(lines=lines, left=left, alone=is_alone(step, parts))


def _behind(name: str, words: list[Word], width: float, indent: float = 0.0) -> Lines:
    """Return words in lines after a name and an equals sign."""
    start = Word(pieces=((f"{name} =".strip(), None),))
    left = indent + (code_width(" ", SIZE) if indent else 0.0)
    return [[(left + at, word) for at, word in line] for line in code_lines([start, *words], width - left, SIZE)]


def _words(moment: TracedMoment, parts: SumParts, product: Callable[[TracedProduct], str]) -> Iterator[Word]:
    """Yield the terms of a sum with their signs, and dots where some are left out."""
    for part, text in signed_terms(moment.trace, parts, product):
        if isinstance(part, SumGap):
            title = None if part.count is None else f"+{part.count}"
            yield Word(pieces=((f"{text.strip()} {DOTS}".strip(), None),), title=title)
        else:
            yield Word(pieces=((bounded(text), None),), marked=_own(part, moment.step))


def _own(part: TraceStep | None, step: TraceStep | None) -> bool:
    return step is not None and part is not None and part.number == step.number
