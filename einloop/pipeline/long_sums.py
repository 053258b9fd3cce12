"""A note where loops add so many terms one after the other that it costs digits, and what to ask for instead.

A running sum of n equal terms rounds at every step by at most 2^-p of what it has come to (p bits), which makes n/2
times 2^-p of the whole (N. J. Higham, Accuracy and Stability of Numerical Algorithms, section 4.2). 1,000,000 float32
of 0.1 come out 0.96 % off, where 3 % is the most.
"""

from __future__ import annotations

from dataclasses import replace
from math import prod

from ..core.ability import Ability
from ..core.dtypes import DTYPES, common_dtype, summing_dtype
from ..core.generated import Values
from ..core.nest import Nest
from ..core.options import Options
from ..core.spec import Spec
from ..schedule import Draft, first_draft, schedule
from ..schedule.chains import longest_chain
from ..targets.target import Style, Target
from .scheduling import commands_of, find_path

FAST = "fast"
MIN_LOSS = 0.001
"""What part of a sum of equal terms may be lost before a note says so."""


def long_sum_note(draft: Draft, nest: Nest, options: Options, target: Target, style: Style) -> tuple[str, ...]:
    """Return the note, or nothing where no sum is so long."""
    dtypes = draft.request.dtypes
    if dtypes is None or draft.spec.is_view:
        return ()
    dtype = summing_dtype(common_dtype(dtypes))
    if _loss(dtype, _terms(draft.spec)) < MIN_LOSS:
        return ()
    terms = _chain(nest, target, style)
    if _loss(dtype, terms) < MIN_LOSS:
        return ()
    cost = (
        f"{terms:,} terms are added one after the other in {dtype}, which can cost {_percent(_loss(dtype, terms))} of "
        "their sum"
    )
    return (cost + _better(draft, options, target, style, dtype),)


def _terms(spec: Spec) -> int:
    """Return how many terms an element of the result has, as far as extents are known."""
    return prod(index.extent for index in spec.summed if isinstance(index.extent, int))


def _loss(dtype: str, terms: int) -> float:
    """Return what part of a sum of so many equal terms may be lost.

    >>> round(_loss("float32", 10**6), 3), _loss("float32", 10**9), _loss("int8", 10**6)
    (0.03, 1.0, 0.0)
    """
    bits = DTYPES[dtype].bits if dtype in DTYPES else None
    return 0.0 if bits is None else min(terms / 2.0 ** (bits + 1), 1.0)


def _percent(part: float) -> str:
    """Return a part as a text.

    >>> _percent(0.0298), _percent(0.001), _percent(1)
    ('3 %', '0.1 %', '100 %')
    """
    return f"{100 * part:.1f}".rstrip("0").rstrip(".") + " %"


def _chain(nest: Nest, target: Target, style: Style) -> int:
    """Return how many terms are added to one number at the most. A compiler that is told nothing of vectors takes them
    by itself, where it may reorder sums."""
    return longest_chain(nest, reordered=style.values is Values.POINTERS and Ability.LANES not in target.abilities)


def _better(draft: Draft, options: Options, target: Target, style: Style, dtype: str) -> str:
    """Return in words what does better: the target's fast style, or else a wider dtype."""
    fast = target.styles.get(FAST)
    fits = fast is not None and fast is not style and set(draft.request.dtypes or ()) <= set(fast.dtypes)
    if fast is not None and fits and _loss(dtype, _fewest(draft, options, target, fast)) < MIN_LOSS:
        how = "in many totals at once" if fast.values is Values.POINTERS else "in 64-bit Python floats"
        return f"; --style {FAST} adds {how}"
    row = DTYPES[dtype]
    return f"; --dtype {row.wider} has digits to spare" if row.short else ""


def _fewest(draft: Draft, options: Options, target: Target, fast: Style) -> int:
    """Return how many terms the loops of the fast style add to one number at the most."""
    plain = replace(options, style=FAST, order=None, path=None, schedule=())
    begin = first_draft(draft.spec, draft.names, draft.request, find_path, target.abilities)
    nest = schedule(begin, commands_of(draft.spec, target, fast, plain), target.max_nested_loops)
    return _chain(nest, target, fast)
