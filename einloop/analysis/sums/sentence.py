"""The sentence: what a sum of einsums is, in words."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.bind import show_shape
from ...core.combination import Combination
from ...core.formula import Addend
from ...core.joined import Joined
from ...core.message import Code, Join, Message, Value, codes
from ..explain.sentence import indices
from .formula import statement_formula, term_formula

MAX_SAID = 5
"""Terms that a sentence tells one by one."""
MAX_CHAINED = 2
"""Terms of which a language may say what is done with the one before, rather than list them."""


def sum_sentence(joined: Joined, combination: Combination) -> Message:
    """Return what a statement computes: "For every i, d[i] is n times a[i], minus the sum over j of A[i,j]."."""
    summands = combination.summands
    values: dict[str, Value] = {"result": Code(str(statement_formula(joined, combination).result))}
    if not summands:
        return Message("sum.nothing" if combination.adds else "sum.zero", values)
    first = summands[0]
    values["free"] = indices(first.spec.free, joined.of(combination, first))
    taken = combination.adds and all(summand.negative for summand in summands)
    kind = "taken" if taken else "added" if combination.adds else "set"
    scope = "each" if first.spec.output else "plain"
    if len(summands) > MAX_SAID:
        return Message(f"sum.many.{kind}.{scope}", values | {"count": len(summands)})
    addends = [term_formula(joined, combination, summand) for summand in summands]
    few = len(summands) <= MAX_CHAINED
    said = [_said(addend, first=not number, taken=taken, few=few) for number, addend in enumerate(addends)]
    terms = Join(tuple(said), "terms" if few else "listed")
    return Message(f"sum.{kind}.{scope}" if few else f"sum.listed.{kind}.{scope}", values | {"terms": terms})


def _said(addend: Addend, *, first: bool, taken: bool, few: bool) -> Message:
    """Return a term in words, after the sign that it has. `few`: it is said what is done with the terms before it."""
    term = _term(addend)
    if addend.negative and not taken:
        return Message("sum.minus" if few and not first else "sum.negative", {"term": term})
    return term if first else Message("sum.plus" if few else "sum.listed.plus", {"term": term})


def _term(addend: Addend) -> Message:
    scale = str(Addend(size=addend.size, scale=addend.scale))
    values: dict[str, Value] = {"scale": Code(scale), "over": codes(list(addend.over))}
    values["product"] = Code("·".join(map(str, addend.factors)))
    if not addend.factors:
        term = Message("sum.term.number", values)
    else:
        what = "sum" if addend.over else "product"
        kind = what if scale == "1" else f"scaled_{what}"
        term = Message(f"sum.term.{kind}", values)
    if not addend.divisors:
        return term
    return Message("sum.term.divided", {"term": term, "by": codes(list(addend.divisors))})


def view_sentences(combination: Combination) -> Iterator[Message]:
    """Yield what names stand for that are parts of arrays, or ones."""
    ones, spread = combination.ones, combination.spread
    written = [summand for summand in combination.summands if not (spread and summand.constant(ones))]
    used = {name for summand in written for name in summand.names}
    views = [view for view in combination.views if view.name in used]
    if views:
        said = [Message("sum.view", {"name": Code(view.name), "text": Code(view.text)}) for view in views]
        yield Message("sum.views", {"views": Join(tuple(said))})
    if any(view.ones for view in views):
        yield Message("sum.repeated")
    if combination.target is not None:
        yield Message("sum.target", {"target": Code(combination.target)})
    if combination.shape and combination.summands:
        yield Message("sum.reshaped", {"shape": Code(show_shape(combination.shape))})
