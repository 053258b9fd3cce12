"""A sum of einsums as one expression over the operands of all of them: what names, shapes and loops are made from.

Its labels are those of `labels.one_length`; an operand stands in it once, and terms say by number which they multiply.

>>> from einloop.core.combination import Combination, Summand
>>> from einloop.notation import read
>>> product, vector = (read(text) for text in ("d = np.einsum('ij,j->i', A, b)", "d = np.einsum('k->k', c)"))
>>> both = Combination(source=product.source, result="d", summands=(Summand(spec=product), Summand(spec=vector)))
>>> joined(both).spec.subscripts, [term.operands for term in joined(both).terms]
('ij,j,i->i', [(0, 1), (2,)])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import isfinite

from .combination import Coefficient, Combination, Statements, View
from .errors import OptionError
from .frozen import dataclass
from .labels import one_length, spec_over, unplaced
from .names import fresh, numbered
from .part_text import UnsaidError, base_of, factors_in, read_names, reworded
from .spec import Dots, Spec
from .text_order import text_order

Terms = Sequence[tuple[str, tuple[str, ...]]]
"""The operands of one summand: their names and labels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JointTerm:
    """One summand. Its `operands` are numbers of those of the joint expression, scalars that multiply it first.

    `number` multiplies it, and is positive where it is real; `negative`: it is subtracted. `divisors` are numbers of
    operands without axes. `lengths` are labels whose extents multiply it, `divided` those whose extents divide it; or
    names of lengths in the sum's views.
    """

    operands: tuple[int, ...]
    labels: tuple[str, ...]
    number: Coefficient = 1
    negative: bool = False
    divisors: tuple[int, ...] = ()
    lengths: tuple[str, ...] = ()
    divided: tuple[str, ...] = ()

    @property
    def multiplier(self) -> int | float | complex:
        """The number without what divides it: a fraction is a decimal only where that is exact."""
        number = self.number
        if not isinstance(number, Fraction):
            return number
        return float(number) if _is_decimal(number) else number.numerator

    @property
    def denominator(self) -> int:
        """The whole number that divides it."""
        return 1 if not isinstance(self.number, Fraction) or _is_decimal(self.number) else self.number.denominator

    def renumbered(self, order: Sequence[int]) -> JointTerm:
        """Return it with numbers of operands that stand in another order."""
        numbers = {number: place for place, number in enumerate(order)}
        operands = tuple(numbers[number] for number in self.operands)
        return replace(self, operands=operands, divisors=tuple(numbers[number] for number in self.divisors))

    @property
    def divides(self) -> bool:
        """Something divides it: of whole numbers it makes floats."""
        return bool(self.divisors or self.divided or self.denominator != 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class JointSum:
    """A combination over operands that its summands share.

    The operands of `spec` are different arrays, or one array under different indices; it is no einsum of its own. One
    letter has one extent in all summands. `adds`: the result is added to, and its array is the operand `old`, which
    every combination has that reads its own result. `over`: the result's array is there, and is written over.
    `views` are what names of operands, and of lengths, stand for. Where the result is a part of an array, that is
    `whole`, and `target` the text of the part.
    """

    spec: Spec
    terms: tuple[JointTerm, ...]
    result: str
    adds: bool
    old: int | None
    statements: Statements
    views: tuple[View, ...] = ()
    over: bool = False
    whole: str | None = None
    target: str | None = None

    @property
    def given(self) -> bool:
        """The result is written into an array that is there."""
        return self.adds or self.over

    @property
    def on_parts(self) -> bool:
        """Something is a part of an array, or is computed before the loops, or is written over."""
        return bool(self.views) or self.over or self.target is not None

    @property
    def divided(self) -> tuple[str, ...]:
        """The labels, and the names of lengths, that divide something."""
        return tuple(dict.fromkeys(name for term in self.terms for name in term.divided))

    @property
    def text(self) -> str:
        """The statement."""
        return self.statements.text()

    @property
    def kind(self) -> str:
        """What it is, in words: `a sum of 2 einsums`."""
        if len(self.terms) > 1:
            return f"a sum of {len(self.terms)} einsums"
        if self.adds:
            return "an einsum that is added to its result"
        return "an einsum of parts of arrays" if self.views or self.over else "an einsum with a factor"

    @property
    def output(self) -> tuple[str, ...]:
        """The labels of the result."""
        return self.spec.output

    def summed(self, term: JointTerm) -> tuple[str, ...]:
        """Return the labels over which a summand is summed."""
        return tuple(label for label in term.labels if label not in self.spec.output)

    @property
    def plainly_old(self) -> bool:
        """Every summand reads of the result only the element that it writes, and sums nothing where it does."""
        reads = {n for n, op in enumerate(self.spec.operands) if op.name == self.result}
        return reads <= {self.old} and all(
            not self.summed(term) for term in self.terms if not reads.isdisjoint(term.operands)
        )


def joined(combination: Combination) -> JointSum:
    """Return a combination as one expression. Raises OptionError where loops cannot say what it is."""
    _check(combination)
    goal = _goal(combination)
    maker = _Maker(combination, goal.result if goal.given else None)
    terms = tuple(maker.term(number) for number in range(len(combination.summands)))
    result, output = goal.result, maker.output
    if goal.given:
        maker.number(result, output)
    order = maker.order()
    terms = tuple(term.renumbered(order) for term in terms)
    place = maker.known.get((result, output))
    old = None if place is None else order.index(place)
    every = list(maker.known)
    operands = tuple(unplaced(*every[number]) for number in order)
    spec = replace(
        spec_over(combination.source, operands, output, result=result),
        notes=combination.notes,
        joint=tuple(term.labels for term in terms),
    )
    lost = [label for label in output if label not in spec.by_label]
    if lost:
        raise refused(
            combination, f"nothing says how long {lost[0]!r} of {result} is", "an operand that has this axis says it"
        )
    views = tuple(view for view in combination.views if not view.ones)
    return JointSum(
        spec=spec,
        terms=terms,
        result=result,
        adds=combination.adds,
        old=old,
        statements=Statements(combinations=(combination,)),
        views=tuple(dict.fromkeys((*views, *goal.views, *maker.counts.values()))),
        over=goal.given and not combination.adds,
        whole=None if goal.target is None else combination.result,
        target=goal.target,
    )


ROOT = "np.sqrt("
"""How the text of a square root begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Goal:
    """What loops compute: the name of the result, whether its array is `given`, and where it is a part of which
    array, the text of that, and what the name stands for."""

    result: str
    given: bool
    target: str | None = None
    views: tuple[View, ...] = ()


def _goal(combination: Combination) -> _Goal:
    """Return what is written. One element is computed, and put into its place at the end."""
    target = combination.target
    if target is None:
        return _Goal(result=combination.result, given=combination.adds)
    text = target.removesuffix("[...]")
    if text == combination.result:
        return _Goal(result=text, given=True)
    taken = {view.name for view in combination.views} | set(combination.operands)
    name = next((view.name for view in combination.views if view.text == text), None)
    name = name or numbered(combination.result, taken)
    scalar = not combination.summands[0].spec.output
    read = combination.adds or not scalar or any(view.text == text for view in combination.views)
    views = (View(name=name, text=text),) if read else ()
    return _Goal(result=name, given=combination.adds or not scalar, target=text, views=views)


def refused(combination: Combination, why: str, hint: str | None = None) -> OptionError:
    """Return the refusal of loops for a combination."""
    return OptionError("EL435", why, text=combination.source.text, hint=hint)


def _check(combination: Combination) -> None:
    """Raise OptionError for what loops over a sum have no words for."""
    for summand in combination.summands:
        number = summand.coefficient
        finite = isinstance(number, Fraction | int) or isfinite(abs(number))
        if not finite:
            raise refused(combination, f"a factor is {number}, which is no number that loops can write")
        if summand.spec.dots is not Dots.ABSENT:
            raise refused(combination, "an ellipsis in a sum of einsums", "name its axes")
    if not combination.summands:
        raise refused(combination, f"{combination.result} is zero, whatever there is", "there is nothing to loop over")
    if combination.shape:
        shape = ", ".join(combination.shape)
        raise refused(
            combination,
            f"{combination.result} is given the shape ({shape}) in the end, which loops do not do",
            "leave the reshape out, and do it after the loops",
        )


class _Maker:
    """The terms of a combination as they are made, with the operands `known` so far: a number for each.

    `given`: the result, where its array is there. `counts`: the lengths that are computed before the loops.
    """

    def __init__(self, combination: Combination, given: str | None) -> None:
        self.combination, self.given = combination, given
        self.counts: dict[str, View] = {}
        ones = combination.ones
        self.roots = {view.name: view for view in combination.views if view.text.startswith(ROOT)}
        labelled = one_length(combination)
        self.operands: list[Terms] = [
            [(op.name or "", op.labels) for op in one.spec.operands if op.name not in {*ones, *self.roots}]
            for one in labelled.summands
        ]
        self.output = labelled.summands[0].spec.output
        self.known: dict[tuple[str, tuple[str, ...]], int] = {}

    def number(self, name: str, labels: tuple[str, ...] = ()) -> int:
        """Return the number of an operand."""
        return self.known.setdefault((name, labels), len(self.known))

    def order(self) -> tuple[int, ...]:
        """Return the numbers of the operands in the order in which the text has their arrays."""
        views = {view.name: base_of(view.text) for view in self.combination.views}
        bases = [views.get(name, name) for name, _ in self.known]
        said = text_order(bases, self.combination.source.text, self.combination.result)
        return tuple(sorted(range(len(bases)), key=lambda number: said.index(bases[number])))

    def term(self, place: int) -> JointTerm:
        """Return a summand over the operands of all."""
        summand, inside = self.combination.summands[place], self.operands[place]
        factors, lengths, times = self._lengths(summand.factors)
        lengths += tuple(name for name in summand.names if name in self.roots)
        scalars = tuple(
            self.number(*operand) for operand in (*((name, ()) for name in factors), *inside) if not operand[1]
        )
        arrays = tuple(self.number(*operand) for operand in inside if operand[1])
        divisors, divided, over = self._lengths(summand.divisors)
        number: Coefficient = summand.coefficient
        if times != 1:
            number *= times
        if over != 1:
            number = Fraction(number, over) if isinstance(number, int | Fraction) else number / over
        if isinstance(number, int | Fraction) and any(self._is_root(name) for name in lengths):
            number = float(number)
        return JointTerm(
            operands=(*scalars, *arrays),
            labels=tuple(dict.fromkeys([*(label for _, labels in inside for label in labels), *self.output])),
            number=-number if summand.negative else number,
            negative=summand.negative,
            divisors=tuple(self.number(name) for name in divisors),
            lengths=lengths,
            divided=divided,
        )

    def _lengths(self, texts: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...], int]:
        """Return scalars, labels whose extents stand there, and the product of numbers."""
        names: list[str] = []
        labels: list[str] = []
        number = 1
        for text in texts:
            for part in factors_in(text):
                if isinstance(part, int):
                    number *= part
                elif isinstance(part, str):
                    names.append(part)
                else:
                    array, axis = part
                    label = None if axis is None else self._label(array, axis)
                    labels.append(label or self._count(array if axis is None else f"{array}.shape[{axis}]"))
        return tuple(names), tuple(labels), number

    def _label(self, array: str, axis: int) -> str | None:
        """Return the label of an operand's axis."""
        for name, labels in (operand for operands in self.operands for operand in operands):
            if name == array and -len(labels) <= axis < len(labels):
                return labels[axis]
        if self.given == array and -len(self.output) <= axis < len(self.output):
            return self.output[axis]
        return None

    def _is_root(self, name: str) -> bool:
        """Return whether a name stands for a square root, which makes floats of whole numbers."""
        views = (*self.roots.values(), *self.counts.values())
        return any(view.name == name and view.text.startswith(ROOT) for view in views)

    def _count(self, text: str) -> str:
        """Return the name of a length that no axis of an operand has, or of its square root."""
        try:
            reworded(text, {})
        except UnsaidError:
            raise refused(self.combination, f"the factor {text} is no scalar and no length of an operand") from None
        root = text.startswith(ROOT)
        if text not in self.counts:
            taken = {name for terms in self.operands for name, _ in terms} | {v.name for v in self.combination.views}
            taken |= {view.name for view in self.counts.values()} | {self.combination.result, *read_names(text)[1]}
            self.counts[text] = View(name=fresh("root" if root else "count", taken), text=text)
        return self.counts[text].name


def _is_decimal(number: Fraction) -> bool:
    """Return whether a decimal says a fraction exactly.

    >>> _is_decimal(Fraction(1, 4)), _is_decimal(Fraction(1, 3)), _is_decimal(Fraction(4, 2))
    (True, False, False)
    """
    if number.denominator == 1 or abs(number) > 2**53:
        return False
    decimal = repr(float(number))
    return "e" not in decimal and Fraction(decimal) == number
