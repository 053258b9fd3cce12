"""Statements in, what every result is in terms of what was given out: results that later statements read are put in.

What a result held before is an operand of its name. Products of sums are multiplied out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count

from .combination import MAX_SUMMANDS, Combination, Statements, Summand
from .errors import LiftError
from .indices import index_table
from .labels import relabelled, spec_over, unplaced
from .like_terms import times
from .part_text import base_of

Sums = dict[str, tuple[Summand, ...]]
"""The terms of each result by name, or by the part of it that is written."""


def final_sums(statements: Statements) -> Sums:
    """Return what each result is when all statements have run, temporaries left out.

    Operands that stand for parts of arrays, or for ones, are called by the text that they stand for. Raises LiftError
    where a part of a result is read or written beside all of it, and where there would be too many terms.

    >>> from einloop.notation import read
    >>> texts = ("T = np.einsum('ij,jk->ik', A, B)", "D = np.einsum('ij,jk->ik', T, C)")
    >>> specs = [read(text) for text in texts]
    >>> made = Statements(
    ...     combinations=tuple(
    ...         Combination(source=spec.source, result=spec.result, summands=(Summand(spec=spec),)) for spec in specs
    ...     ),
    ...     temporaries=("T",),
    ... )
    >>> [summand.names for summand in final_sums(made)["D"]]
    [('A', 'B', 'C')]
    """
    found: Sums = {}
    numbers = count()
    parts: dict[str, str] = {}
    for combination in statements.combinations:
        _check_parts(combination, found, parts)
        known = {name: summands for name, summands in found.items() if name not in parts}
        called = [one.called(combination.texts) for one in combination.summands]
        summands = [made for one in called for made in _expanded(one, known, numbers)]
        key = combination.target or combination.result
        if combination.adds:
            summands += found.get(key) or tuple(_old(combination, key))
        if len(summands) > MAX_SUMMANDS:
            raise _too_many(combination)
        found[key] = tuple(summands)
        if combination.target is not None or combination.shape:
            parts[key] = combination.result
    return {name: summands for name, summands in found.items() if name not in statements.temporaries}


def _check_parts(combination: Combination, found: Sums, parts: Mapping[str, str]) -> None:
    """Raise LiftError where a part of a result meets the rest of it: what is there then is no one sum."""
    used = {name for summand in combination.summands for name in summand.names}
    whole = {base_of(view.text) for view in combination.views if view.name in used}
    written = {combination.result} if combination.target in found else set()
    partly = {result for key, result in parts.items()} - written
    clash = (whole & found.keys()) | ((used | {combination.result}) & partly)
    if combination.target is not None and combination.result in found:
        clash |= {combination.result}
    if clash:
        name = min(clash)
        raise LiftError(
            "EL821",
            f"{name} is read or written both as a whole and in part, or in two shapes",
            text=combination.source.text,
            hint="give what is read later a name of its own",
        )


def _old(combination: Combination, name: str) -> Iterator[Summand]:
    """Yield what the result held before, as a term."""
    output = combination.summands[0].spec.output if combination.summands else ()
    yield Summand(spec=spec_over(combination.source, (unplaced(name, output),), output))


def _expanded(summand: Summand, known: Sums, numbers: Iterator[int]) -> list[Summand]:
    """Return a term with what is known put in for its operands, multiplied out."""
    done: list[Summand] = [summand]
    for name in dict.fromkeys(summand.names):
        if name in known:
            done = [made for one in done for made in _put_in(one, name, known[name], numbers)]
    return done


def _put_in(summand: Summand, name: str, inner: tuple[Summand, ...], numbers: Iterator[int]) -> list[Summand]:
    """Return a term with a sum put in for every operand of a name."""
    left = [summand]
    places = summand.names.count(name)
    if len(inner) ** places > MAX_SUMMANDS:
        raise _too_many(summand)
    for _ in range(places):
        left = [_product(one, name, term, numbers) for one in left for term in inner]
    return left


def _product(summand: Summand, name: str, term: Summand, numbers: Iterator[int]) -> Summand:
    """Return a term with another one in place of its first operand of a name."""
    spec, place = summand.spec, summand.names.index(name)
    labels = spec.operands[place].labels
    new = {index.label: f"{index.label}.{next(numbers)}" for index in term.spec.summed}
    inner = relabelled(term.spec, {**new, **dict(zip(term.spec.output, labels, strict=True))})
    operands = (*spec.operands[:place], *inner.operands, *spec.operands[place + 1 :])
    return replace(
        summand,
        spec=replace(spec, operands=operands, indices=index_table(operands, spec.output)),
        coefficient=times(summand.coefficient, term.coefficient),
        factors=(*summand.factors, *term.factors),
        divisors=(*summand.divisors, *term.divisors),
    )


def _too_many(one: Combination | Summand) -> LiftError:
    source = one.source if isinstance(one, Combination) else one.spec.source
    return LiftError("EL816", f"multiplied out, these are more than {MAX_SUMMANDS:,} terms", text=source.text)
