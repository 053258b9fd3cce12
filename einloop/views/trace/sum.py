"""The sum that a step belongs to: the steps that write the same cell, of a long one both ends and what is near.

Never walks through all steps: what is far away is found by halving.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice, takewhile
from operator import add, sub

from ...core.dtypes import DTYPES, DtypeKind
from ...core.frozen import dataclass
from ...core.message import Code, Message
from ...core.trace import UNKNOWN, TracedCell, TracedLoops, TracedProduct, TracedRole, TraceStep
from ...core.visible import columns
from ..catalogue import Catalogue, TextRun
from .values import (
    ABOUT,
    MINUS,
    cells_text,
    dtypes_of,
    equals,
    equation,
    plus_text,
    product_text,
    short_text,
    sign_text,
    signed,
    value_text,
)

MAX_COUNTED = 1000
"""Steps between two that are counted one by one; of more it is only said that there are some."""
NEAR = 2
"""Terms shown before and after the current one."""
MAX_SYMBOLS = 8
"""Terms of a sum of symbols that are all shown."""
TERM = re.compile(" (?=[+−] )")
"""Where a term of such a sum ends."""
UNBROKEN = 24
"""Columns of a sum that stays on one line."""
ENDS = 2
"""And at the beginning of a sum."""


@dataclass(frozen=True, slots=True)
class SumGap:
    """Steps of a sum that are left out; None where they are too many to be counted."""

    count: int | None


SumParts = tuple["TraceStep | SumGap", ...]


def next_write(trace: TracedLoops, cell: TracedCell, after: int) -> int | None:
    """Return the number of the first step after a step that writes a cell."""
    return next(iter(trace.machine.writing(cell, after=after)), None)


def previous_write(trace: TracedLoops, cell: TracedCell, before: int) -> int | None:
    """Return the number of the last step before a step that writes a cell."""

    def earlier(after: int) -> bool:
        found = next_write(trace, cell, after)
        return found is not None and found < before

    if not earlier(0):
        return None
    reach = 1
    while before - 1 - reach > 0 and not earlier(before - 1 - reach):
        reach *= 2
    low = max(before - 1 - reach, 0)
    return next_write(trace, cell, _last_where(earlier, low, before))


def previous_writes(trace: TracedLoops, cell: TracedCell, before: int, begun: int, most: int) -> list[int]:
    """Return the numbers of the last steps before a step that write a cell, at most so many, all after `begun`."""
    reach = most
    while most:
        low = max(before - 1 - reach, begun)
        writes = takewhile(lambda number: number < before, trace.machine.writing(cell, after=low))
        numbers = list(islice(writes, MAX_COUNTED + 1))
        if len(numbers) > MAX_COUNTED:  # they lie close together after a wide gap
            break
        if len(numbers) >= most or low == begun:
            return numbers[-most:]
        reach *= 2
    found: list[int] = []
    while len(found) < most:
        number = previous_write(trace, cell, found[-1] if found else before)
        if number is None or number <= begun:
            break
        found.append(number)
    return found[::-1]


def _last_where(test: Callable[[int], bool], low: int, high: int) -> int:
    """Return the last number for which a test holds, of which it is known that it holds for `low` and not `high`."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if test(middle) else (low, middle)
    return low


def sum_parts(trace: TracedLoops, step: TraceStep, near: int = NEAR, ends: int = ENDS) -> SumParts:
    """Return the steps of the sum that a step belongs to, ascending: both ends, those near it, and gaps.

    The end of a sum is left out where it is far away: to compute what a cell holds there may take long.
    """
    cell = step.target
    ahead = _ahead(trace, step)
    shown = {step.number, *ahead[:near]}
    if len(ahead) <= MAX_COUNTED:
        shown.update(ahead[-1:])
    start = [*islice(trace.machine.writing(cell, after=step.begun), ends)]
    shown.update(number for number in start if number <= step.number or number in ahead)
    shown.update(previous_writes(trace, cell, step.number, step.begun, near))
    found: list[TraceStep | SumGap] = []
    before: int | None = None
    for number in sorted(shown):
        if before is not None:
            found += _between(trace, cell, before, number)
        found.append(step if number == step.number else trace.step(number))
        before = number
    return (*found, *([SumGap(None)] if len(ahead) > MAX_COUNTED else []))


def steps_of_sum(trace: TracedLoops, step: TraceStep) -> int:
    """Return how many steps make the sum that a step belongs to, without computing any."""
    cell, machine = step.target, trace.machine
    return machine.written(cell, machine.until(cell, step.number)) - machine.written(cell, step.begun)


def _ahead(trace: TracedLoops, step: TraceStep) -> list[int]:
    """Return the numbers of the steps after a step that add to the same sum, or of the first ones of very many."""
    numbers = list(islice(trace.machine.writing(step.target, after=step.number), MAX_COUNTED + 1))
    if not numbers or trace.step(numbers[-1]).begun == step.begun:
        return numbers
    same = _last_where(lambda place: place < 0 or trace.step(numbers[place]).begun == step.begun, -1, len(numbers) - 1)
    return numbers[: same + 1]


def _between(trace: TracedLoops, cell: TracedCell, before: int, after: int) -> list[TraceStep | SumGap]:
    """Return what stands for the steps between two: nothing where there are none, the step where there is one."""
    inside = takewhile(lambda number: number < after, trace.machine.writing(cell, after=before))
    numbers = list(islice(inside, MAX_COUNTED + 1))
    if len(numbers) == 1:
        return [trace.step(numbers[0])]
    return [SumGap(None if len(numbers) > MAX_COUNTED else len(numbers))] if numbers else []


def gap_text(gap: SumGap, catalogue: Catalogue, dots: str) -> str:
    """Return what stands in a sum for the terms that are left out."""
    known = Message("trace.text.terms", {"count": gap.count}) if gap.count is not None else None
    words = known or Message("trace.text.more_terms", {"count": MAX_COUNTED})
    return f"{dots} {catalogue.text(words)}"


def signed_terms(
    trace: TracedLoops, parts: SumParts, product: Callable[[TracedProduct], str]
) -> Iterator[tuple[TraceStep | SumGap | None, str]]:
    """Yield every term of a sum with its sign and the step that adds it, and the sign alone of a gap.

    What the cell held before comes first, as a term that no step adds. `product` writes a term without its sign.
    """
    dtypes = dtypes_of(trace)
    plus = plus_text([part.dtype for part in parts if not isinstance(part, SumGap)][:1])
    first = True
    begins = parts[0]
    if not isinstance(begins, SumGap) and begins.starts_from is not None:
        yield None, signed(short_text(begins.starts_from, begins.dtype))
        first = False
    alone = first and len(parts) == 1 and not isinstance(begins, SumGap) and len(begins.terms) == 1
    for part in parts:
        if isinstance(part, SumGap):
            yield part, "" if first else plus.lstrip()
            first = False
            continue
        for term in part.terms:
            text = product(term) if alone and not term.negative else signed(product(term))
            yield part, sign_text(term, dtypes, first=first).lstrip() + text
            first = False


def term_texts(trace: TracedLoops, parts: SumParts, catalogue: Catalogue, dots: str) -> list[str]:
    """Return the terms of a sum with their signs, and what stands for those left out."""
    dtypes = dtypes_of(trace)
    written = signed_terms(trace, parts, lambda term: product_text(term, dtypes))
    return [
        f"{text}{gap_text(part, catalogue, dots)} {dots}" if isinstance(part, SumGap) else text
        for part, text in written
    ]


def shortened_symbols(text: str, catalogue: Catalogue, dots: str) -> str:
    """Return a sum of symbols, of a long one both ends with a count of the terms between."""
    terms = TERM.split(text)
    if len(terms) <= MAX_SYMBOLS:
        return text
    half = MAX_SYMBOLS // 2
    gap = gap_text(SumGap(len(terms) - 2 * half), catalogue, dots)
    return " ".join([*terms[:half], f"+ {gap} {dots}", *terms[-half:]])


def shown_so_far(step: TraceStep, catalogue: Catalogue, dots: str) -> str:
    """Return what `so_far_text` says, of a long sum of symbols both ends."""
    text = so_far_text(step)
    return shortened_symbols(text, catalogue, dots) if symbolic(step.after) else text


def so_far_text(step: TraceStep) -> str:
    """Return what the cell held, what the step adds, and what it holds then; of symbols only the last."""
    after = short_text(step.after, step.dtype)
    if step.before is None or symbolic(step.after):
        return after
    text = signed(short_text(step.before, step.dtype))
    for term in step.terms:
        sign = MINUS if term.negative else plus_text([step.dtype])
        text += sign + signed(short_text(term.value, step.dtype))
    return equation(text, after) + (f" ({step.dtype})" if wraps(step) else "")


def symbolic(value: object) -> bool:
    """Return whether a value is a sum of symbols."""
    return isinstance(value, str) and value != UNKNOWN


def wraps(step: TraceStep) -> bool:
    """Return whether an integer left its dtype in a step, so that what is written there is not so in whole numbers."""
    row = DTYPES.get(step.dtype or "")
    values = (step.before, step.after, *(term.value for term in step.terms))
    if row is None or row.kind not in (DtypeKind.SIGNED, DtypeKind.UNSIGNED) or not all(map(_whole, values)):
        return False
    total = step.before
    for term in step.terms:
        total = (sub if term.negative else add)(total, term.value)
    return bool(total != step.after)


def _whole(value: object) -> bool:
    return isinstance(value, int)


def sum_runs(
    trace: TracedLoops, step: TraceStep, catalogue: Catalogue, dots: str, *, near: int = NEAR
) -> list[TextRun]:
    """Return the cell that a step writes, the whole sum it belongs to, and how far that is, as runs of a line.

    A line may break between two terms, not inside one.
    """
    parts = sum_parts(trace, step, near)
    terms = term_texts(trace, parts, catalogue, dots)
    alone = is_alone(step, parts)
    if alone:
        after = value_text if step.rounds else short_text
        values = [*_made_of(trace, step, terms, catalogue, dots), after(step.after, step.dtype)]
        if symbolic(step.after):
            values = [shortened_symbols(text, catalogue, dots) for text in values]
        _, *terms = equation(str(step.target), *filter(None, dict.fromkeys(values))).split(" ")
    else:
        sign, terms = equals(*terms), [term.replace(ABOUT, "") for term in terms]
        terms[:0] = [sign]
    runs = [TextRun(str(step.target), code=True)]
    for number, term in enumerate(terms):
        comma = "," if not alone and number == len(terms) - 1 else ""
        runs += [TextRun(" "), TextRun(term + comma, code=True)]
    if alone:
        return runs
    said = Message("trace.text.so_far", {"sum": Code(shown_so_far(step, catalogue, dots))})
    short = (TextRun(run.text, code=run.code and columns(run.text) <= UNBROKEN) for run in catalogue.runs(said))
    return [*runs, TextRun(" "), *short]


def _made_of(trace: TracedLoops, step: TraceStep, terms: list[str], catalogue: Catalogue, dots: str) -> list[str]:
    """Return what a step that makes the whole of its sum writes: the cells, and their values or what made a total."""
    if step.rounds:
        return [f"{step.dtype}({value_text(step.terms[0].value, None)})"]
    total = taken_total(trace, step)
    if total is not None:
        terms = term_texts(trace, sum_parts(trace, total), catalogue, dots)
    return [cells_text(step.terms), " ".join(terms)]


def taken_total(trace: TracedLoops, step: TraceStep) -> TraceStep | None:
    """Return the last step of the running total that a step takes as it is; None where it does not."""
    totals = {array.name for array in trace.arrays if array.role is TracedRole.TOTAL}
    cells = [cell for term in step.terms for cell, _ in term.factors]
    if len(cells) != 1 or cells[0].array not in totals or step.terms[0].times != 1 or step.terms[0].over:
        return None
    if step.terms[0].negative:
        return None
    number = previous_write(trace, cells[0], step.number)
    return None if number is None else trace.step(number)


def is_alone(step: TraceStep, parts: SumParts) -> bool:
    """Return whether a step makes the whole of its sum, so that nothing is to be said of how far that is."""
    return step.before is None and len(parts) == 1
