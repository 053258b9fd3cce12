"""The polynomial of a statement in, the combination of einsums out: labels, operands of ones, factors, old values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...core.build import Term, build_spec
from ...core.combination import Combination, Summand, View
from ...core.errors import NotationError
from ...core.names import fresh
from ...core.polynomial import Element, Number, Polynomial, Product
from ...core.source import Source
from ...core.spec import DOTS, MATHEMATICAL_LETTERS
from .expand import DIVISOR, FACTOR, ONES, Letter, Spot
from .tokens import refusal
from .tree import ParsedFormula

Extents = Mapping[tuple[str, int], tuple[str, int]]
"""The axes that indices run along, by text and sum: an array's name, and the number of the axis."""

LENGTH = re.compile(r"\w+\.shape\[-?\d+\]")
"""The text of a length: what is multiplied and divided by one is neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputedStatement:
    """A statement that is read: what its result holds after it, as a polynomial; `own` is the result's element."""

    formula: ParsedFormula
    source: Source
    result: str
    own: Element
    value: Polynomial
    extents: Extents
    reads: frozenset[str]
    notes: tuple[str, ...]


def combination(done: ComputedStatement, source: Source) -> Combination:
    """Return the combination that a statement is. Raises NotationError where it has no operand.

    `source` is the text of all statements, into which spans point.
    """
    writer = _Writer(done, source)
    terms = done.value.terms()
    old = (done.own,)
    adds = terms.get(old) == 1
    summands = [writer.summand(product, factor) for product, factor in terms.items() if not (adds and product == old)]
    if not summands and not adds:
        summands = [writer.summand((), 0)]
    if not adds and not any(summand.names for summand in summands):
        cancel = done.formula.factors and not terms
        what = "is 0: its terms cancel" if cancel else "is a number alone"
        message = f"the right side {what}, and no operand is left"
        hint = "write 0 where it is used" if cancel else "write the number where it is used"
        raise refusal(done.source, "EL143", done.formula.right.span, message, hint)
    notes = done.notes
    if done.result in [name for summand in summands for name in summand.names]:
        notes += (f"{done.result} on the right is what it holds before",)
    return Combination(
        source=source,
        result=done.result,
        summands=tuple(summands),
        adds=adds,
        views=tuple(writer.views.values()),
        notes=notes,
    )


class _Writer:
    """Writes the terms of one statement as einsums; `views` are the operands of ones, by what they stand for."""

    def __init__(self, done: ComputedStatement, source: Source) -> None:
        self.done = done
        self.source = source
        self.views: dict[str, View] = {}
        self.kept = tuple(letter for letter in done.own[1] if isinstance(letter, Letter))

    def summand(self, product: Product, factor: Number) -> Summand:
        """Return a term as an einsum with what multiplies and divides it."""
        operands = [(n, at) for n, at in product if n != ONES and not n.startswith((FACTOR, DIVISOR))]
        ones = [letter for name, at in product if name == ONES for letter in letters_of(at)]
        present = {letter for _, at in operands for letter in letters_of(at)}
        kept = {letter.text for letter in self.kept}
        factors = [name.removeprefix(FACTOR) for name, _ in product if name.startswith(FACTOR)]
        factors += [self.length(letter) for letter in ones if letter.scope]
        divisors = [name.removeprefix(DIVISOR) for name, _ in product if name.startswith(DIVISOR)]
        for text in [text for text in factors if LENGTH.fullmatch(text) and text in divisors]:
            factors.remove(text)
            divisors.remove(text)
        labels = _labels([*(x for _, at in operands for x in letters_of(at))], kept)
        terms = [self.term(name, at, labels) for name, at in operands]
        terms += [self.ones(letter) for letter in self.kept if letter not in present and self.known(letter)]
        left = self.done.formula.left
        output = Term(
            labels=tuple(letter.text for letter in self.kept),
            spans=tuple(letter.span for letter in self.kept),
            span=left.span,
            name=self.done.result,
        )
        try:
            spec = build_spec(self.source, terms, output)
        except NotationError as error:
            error.text = self.source.text if error.span else ""
            raise
        return Summand(
            spec=spec,
            coefficient=factor,
            factors=tuple(factors),
            divisors=tuple(divisors),
        )

    def term(self, name: str, at: tuple[object, ...], labels: Mapping[Letter, str]) -> Term:
        """Return an operand."""
        letters = list(letters_of(at))
        return Term(
            labels=tuple(labels[letter] for letter in letters),
            spans=tuple(letter.span for letter in letters),
            span=next(spot.span for spot in at if isinstance(spot, Spot)),
            name=name,
        )

    def ones(self, letter: Letter) -> Term:
        """Return an operand of ones along an index of the result that a term has not."""
        text = f"np.ones({self.length(letter)})"
        taken = {*(view.name for view in self.views.values()), *self.done.reads, self.done.result}
        view = self.views.setdefault(text, View(name=fresh("ones", taken), text=text, ones=True))
        return Term(labels=(letter.text,), spans=(None,), name=view.name)

    def known(self, letter: Letter) -> bool:
        """Return whether something says how long the axis is that an index of the result runs along.

        Raises NotationError for an ellipsis, which may be any number of axes.
        """
        if letter.text == DOTS:
            message = "'...' stands in the result, and not in every term"
            hint = "the axes of an ellipsis are not broadcast: write its indices"
            place = next(x.span for x in self.done.formula.left.labels if x.text == DOTS)
            raise refusal(self.done.source, "EL106", place, message, hint)
        return (letter.text, letter.scope) in self.done.extents

    def length(self, letter: Letter) -> str:
        """Return the length of the axis that an index runs along."""
        name, axis = self.done.extents[letter.text, letter.scope]
        return f"{name}.shape[{axis}]"


def letters_of(at: tuple[object, ...]) -> Iterator[Letter]:
    """Yield the indices of a position."""
    return (letter for letter in at if isinstance(letter, Letter))


def _labels(letters: list[Letter], kept: set[str]) -> dict[Letter, str]:
    """Return the label of every index of a term: its own text, another letter where a second sum has that text."""
    labels = {letter: letter.text for letter in letters if not letter.scope}
    taken = {*kept, *(letter.text for letter in letters)}
    used = {*kept, *labels.values()}
    for letter in letters:
        if letter in labels:
            continue
        text = letter.text
        if text in used:
            text = next((x for x in MATHEMATICAL_LETTERS if x not in taken), fresh(f"{letter.text}2", taken))
        labels[letter] = text
        used.add(text)
        taken.add(text)
    return labels
