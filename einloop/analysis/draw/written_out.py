"""An element of the result written out as the sum that it is, in lines of code."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.drawing import Pieces
from ...core.slide import Word, code_lines, cut_lines
from .element_case import ElementCase
from .equation import DrawnProduct

MAX_TERMS, MAX_FACTORS = 40, 200
"""Of the sum written out."""
FORMULA_LINES = 2
LONG_PRODUCT = 50
"""Characters from which on a line may end inside a product."""

Lines = list[list[tuple[float, Word]]]


def sum_lines(case: ElementCase, width: float, most_lines: int, *, numbered: bool) -> tuple[Lines, int]:
    """Return the formula and the element of the result written out, in lines, and how many products are left out."""
    equation = case.equation
    formula = cut_lines(code_lines([Word(pieces=one) for one in equation.formula()], width), FORMULA_LINES)
    if case.at is None or not (equation.output or case.most_terms != 1):
        return formula, 0
    badges = numbered and case.countable
    widest = max((len(one.factors) for one in equation.products), default=1)
    first = min(max(case.most_terms, 1), max(MAX_FACTORS // max(widest, 1), 1), MAX_TERMS)
    for most in range(first, 0, -1):
        lines = code_lines(_written_out(case, most, badges=badges), width)
        if len(lines) <= most_lines:
            break
    left = sum(max(case.terms(one) - most, 0) for one in equation.products)
    return [*formula, *cut_lines(lines, most_lines)], left


def _written_out(case: ElementCase, most: int, *, badges: bool) -> Iterator[Word]:
    """Yield the element of the result as the sum that it is, at most so many products of each term."""
    equation = case.equation
    yield Word(pieces=(*equation.element(equation.result, case.at), (f" {equation.equals}", None)))
    if not equation.products:
        yield Word(pieces=(("0", None),))
    before = 0
    for one in equation.products:
        count = case.terms(one)
        scaled = bool((one.front or one.back) and one.factors)
        front = (one.sign and f"{one.sign} ") + one.front + ("·" if scaled and one.front else "")
        if one.factors and count:
            opening = front + ("(" if scaled and count > 1 else "")
            closing = (")" if scaled and count > 1 else "") + one.back
            for number, term, words in _products(case, one, most, (opening, closing)):
                yield from number
                badge = str(before + term) if badges and count > 1 else None
                for place, pieces in enumerate(words):
                    yield Word(pieces=pieces, badge=None if place else badge)
        else:
            yield Word(pieces=((front + ("0" if one.factors else "") + one.back, None),))
        before += count


def _products(
    case: ElementCase, one: DrawnProduct, most: int, around: tuple[str, str]
) -> Iterator[tuple[tuple[Word, ...], int, list[Pieces]]]:
    """Yield the products of one term: all, or the first ones and the last. Each with the dots before it, if there are
    some, with its number from 1, and in words. `around`: what stands before the first and after the last."""
    count = case.terms(one)
    first = count if count <= most else max(most - 1, 1)
    numbers = [*range(first), *([count - 1] if count > most > 1 else [])]
    after = 0
    for number, term in enumerate(numbers):
        dots = (Word(pieces=(("+ …", None),)),) if term > after else ()
        after = term + 1
        opening = "+ " if number else around[0]
        closing = ""
        if number == len(numbers) - 1:
            closing = around[1] if after == count else f" + …{around[1]}"
        at = {**(case.at or {}), **places_of_term(case, one, term)}
        yield dots, after, _one_product([case.equation.element(factor, at) for factor in one.factors], opening, closing)


def places_of_term(case: ElementCase, one: DrawnProduct, term: int) -> dict[str, int]:
    """Return the place along every summed index in a term, counted from 0 in the order of loops over them."""
    found: dict[str, int] = {}
    for label in reversed(one.over):
        term, found[label] = divmod(term, case.size[label])
    return found


def _one_product(factors: list[Pieces], opening: str, closing: str) -> list[Pieces]:
    """Return one product as a word, or as a word a factor where it is long."""
    short = sum(len(text) for factor in factors for text, _ in factor) + len(factors) <= LONG_PRODUCT
    words: list[Pieces] = []
    for number, factor in enumerate(factors):
        head: Pieces = ((opening, None),) if not number and opening else ()
        tail = closing if number == len(factors) - 1 else "·" if short else " ·"
        words.append((*head, *factor, *(((tail, None),) if tail else ())))
    return [tuple(piece for word in words for piece in word)] if short else words
