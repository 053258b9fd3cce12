"""Forms with an ellipsis for arrays of known ranks: which ranks a form takes, and what it is there.

How many ranks have to be looked at. Fix which operand of the one form is which of the other, and let `named` be the
most labels that a term has beside its ellipsis. In a form for given ranks the axes that ellipses cover are columns:
the m-th from the right in every operand that has m. Suppose the ranks of the arrays, sorted, leave a gap of more
than `named` + 2 (or the least is so far above what it must be). Above the gap both forms have columns of exactly the
arrays above it. If the two forms are one there, the columns of the one are the columns of the other and stand at the
same position of the output, so a column in the middle can be taken out of both, and they are one for ranks above the
gap that are less by one; the same backwards: where they are one with the gap at its limit, a column can be put in. So
gaps up to `named` + 2 decide, and these are finitely many ranks. This holds for each way to match the operands (one
array has one rank, above the gap or below it), so it holds for whether there is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product

from ...core.canonical import CanonicalForm
from ...core.spec import DOTS

MAX_RANKS = 3_000
"""Combinations of ranks that are looked at."""
MAX_AXES = 300_000
"""Axes of all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """What rank an array may have: `least`, and more where `open`."""

    least: int
    open: bool


def ranks_of(form: CanonicalForm) -> dict[str, Rank]:
    """Return the rank that each array must have.

    >>> ranks_of(CanonicalForm(arrays=("A",), terms=(("...", "i"),), output=("...",)))
    {'A': Rank(least=1, open=True)}
    """
    found: dict[str, Rank] = {}
    for array, term in zip(form.arrays, form.terms, strict=True):
        own = Rank(least=sum(label != DOTS for label in term), open=DOTS in term)
        held = found.get(array, own)
        found[array] = Rank(least=max(own.least, held.least), open=own.open and held.open)
    return found


def common_ranks(first: CanonicalForm, second: CanonicalForm) -> dict[str, Rank] | str:
    """Return the ranks that both forms take, or the first array that has none."""
    ours, theirs = ranks_of(first), ranks_of(second)
    common: dict[str, Rank] = {}
    for array in dict.fromkeys((*ours, *theirs)):
        one, two = ours.get(array), theirs.get(array)
        if one is None or two is None:
            common[array] = one or two or Rank(least=0, open=True)
            continue
        least = max(one.least, two.least)
        if any(rank.least < least and not rank.open for rank in (one, two)):
            return array
        common[array] = Rank(least=least, open=one.open and two.open)
    return common


def settled(form: CanonicalForm) -> CanonicalForm:
    """Return the form without the ellipses that cover no axis, as another term of the same array says.

    >>> settled(CanonicalForm(arrays=("A", "A"), terms=(("i", "j"), ("...", "i", "k")), output=("...", "j", "k"))).terms
    (('i', 'j'), ('i', 'k'))
    """
    ranks = ranks_of(form)
    terms = tuple(
        tuple(x for x in term if x != DOTS) if ranks[array] == Rank(least=len(term) - 1, open=False) else term
        for array, term in zip(form.arrays, form.terms, strict=True)
    )
    kept = any(DOTS in term for term in terms)
    return CanonicalForm(arrays=form.arrays, terms=terms, output=tuple(x for x in form.output if kept or x != DOTS))


def expanded(form: CanonicalForm, ranks: Mapping[str, int]) -> CanonicalForm:
    """Return the form for arrays of these ranks, the axes that ellipses cover as labels of their own.

    >>> expanded(CanonicalForm(arrays=("A",), terms=(("...", "i"),), output=("...",)), {"A": 3}).terms
    (('...1', '...0', 'i'),)
    """
    covered = [ranks[array] - len(term) + 1 for array, term in zip(form.arrays, form.terms, strict=True)]
    most = max((n for n, term in zip(covered, form.terms, strict=True) if DOTS in term), default=0)
    return CanonicalForm(
        arrays=form.arrays,
        terms=tuple(_spread(term, n) for term, n in zip(form.terms, covered, strict=True)),
        output=_spread(form.output, most),
    )


def _spread(term: tuple[str, ...], covered: int) -> tuple[str, ...]:
    columns = tuple(f"{DOTS}{column}" for column in reversed(range(covered)))
    return tuple(x for label in term for x in (columns if label == DOTS else (label,)))


def telling_ranks(
    first: CanonicalForm, second: CanonicalForm, common: Mapping[str, Rank], max_ranks: int = MAX_RANKS
) -> tuple[list[dict[str, int]], bool]:
    """Return combinations of ranks to look at, small ones first, and whether they decide for all ranks."""
    free = [array for array, rank in common.items() if rank.open]
    named = max((len(term) for form in (first, second) for term in form.terms), default=0)
    reach = len(free) * (named + 2)
    axes = sum(len(term) + reach for form in (first, second) for term in form.terms)
    most = min(max_ranks, MAX_AXES // max(axes, 1))
    whole = (reach + 1) ** len(free) <= most
    more = product(range(reach + 1), repeat=len(free)) if whole else _first_steps(len(free))
    chosen = sorted(dict.fromkeys(islice(more, most)), key=sum)
    return [
        {a: rank.least + dict(zip(free, steps, strict=True)).get(a, 0) for a, rank in common.items()}
        for steps in chosen
    ], whole


def _first_steps(count: int) -> Iterator[tuple[int, ...]]:
    """Yield how much above the least each rank is: all alike, then one or two apart."""
    for step in range(4):
        yield (step,) * count
    for base, place, step in product(range(3), range(count), range(4)):
        yield tuple(step if n == place else base for n in range(count))
