"""A formula's tree in, a polynomial of array elements out, in which labels say where an element stands.

Every copy of a sum has labels of its own: `(Σ_i a_i)^2` is a_i a_j.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ...core.build import MAX_OPERANDS, too_many_operands
from ...core.combination import MAX_SUMMANDS, number_text
from ...core.polynomial import Element, Number, Polynomial, Product
from ...core.source import Source, Span
from ...core.spec import DOTS
from .cursor import WrittenAccess
from .lengths import LENGTH
from .numbers import simple, too_long
from .scopes import accesses
from .tokens import quoted, refusal
from .tree import Added, Branch, Constant, Divided, Multiplied, Raised, Root, Summed

ONES = "1"
"""The name of an element of an array of ones, which stands for an index that nothing else in its term has."""
FACTOR, DIVISOR = "*", "1/"
"""What the names of elements begin with that are texts, and multiply or divide."""
INVERSE_HINT = "give the inverse as an operand; to divide by a sum, compute it in a statement before"
MAX_WORK = 15_000
"""Products that are formed for one formula: under half a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where an operand is written; two are equal wherever they are."""

    span: Span | None = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An index of an element: its text, and which sum it belongs to, 0 for none; equal wherever it is written."""

    text: str
    scope: int = 0
    span: Span | None = field(default=None, compare=False)


class Expander:
    """The polynomials of some formulas; names of arrays and texts of lengths are given.

    `extents` are the axes that indices run along: an array's name, and the number of the axis. `notes` say where a
    sum that no sign lists counts terms that do not have its index.
    """

    def __init__(self, source: Source, names: Mapping[tuple[str, str], str]) -> None:
        self.source = source
        self.names = names
        self.lengths: Mapping[str, str] = {}
        self.extents: dict[tuple[str, int], tuple[str, int]] = {}
        self.notes: list[str] = []
        self.scopes = 0
        self.around: set[int] = set()
        self.work = 0

    def polynomial(self, node: Branch, within: Mapping[str, int] | None = None) -> Polynomial:
        """Return the polynomial of a branch; `within` are the sums around it, by index."""
        within = within or {}
        match node:
            case Constant(value=value):
                return Polynomial.number(value)
            case WrittenAccess():
                return self.element(node, within)
            case Added(parts=parts):
                return self._total(parts, within, node.span)
            case Summed():
                return self._summed(node, within)
            case Root():
                return self._root(node, within)
        return self.product(self._factors(node, within), node.span)

    def _factors(self, node: Multiplied | Divided | Raised, within: Mapping[str, int]) -> list[Polynomial]:
        """Return what a product, a quotient or a power multiplies; each copy has sums of its own."""
        match node:
            case Multiplied(parts=parts):
                return [self.polynomial(part, within) for part in parts]
            case Raised(base=base, power=power):
                return [self.polynomial(base, within) for _ in range(power)]
        return [self.polynomial(node.top, within), *(self._inverse(part, within) for part in node.bottoms)]

    def _root(self, node: Root, within: Mapping[str, int]) -> Polynomial:
        found = self.polynomial(node.inside, within)
        number = found.constant
        if number is not None and (isinstance(number, complex) or number <= 0):
            message = f"{quoted(self.source.at(node.span))} is not the root of a number above zero"
            raise refusal(self.source, "EL148", node.span, message)
        return Polynomial.element(f"{FACTOR}np.sqrt({_said(found)})", (Spot(span=node.span),))

    def _total(self, parts: Iterable[tuple[bool, Branch]], within: Mapping[str, int], span: Span) -> Polynomial:
        total = Polynomial.number(0)
        for negative, part in parts:
            found = self.polynomial(part, within)
            self._count(len(found.terms()), span)
            total = total + (-found if negative else found)
        return self.merged(total, span)

    def _summed(self, node: Summed, within: Mapping[str, int]) -> Polynomial:
        self.scopes += 1
        scope = self.scopes
        self.around.add(scope)
        found = self.polynomial(node.body, {**within, **dict.fromkeys(node.labels, scope)})
        self.around.remove(scope)
        total, lacking = _over(found, [Letter(text=label, scope=scope) for label in node.labels])
        if node.sign is None and lacking:
            shown = self.source.at(node.span)
            if not isinstance(node.body, Raised) and not self._repeats(node.body, lacking):
                message = f"index {lacking[0]!r} is summed: do terms without it count once, or once for each?"
                hint = f"write \\sum_{{{lacking[0]}}} where the sum belongs"
                raise refusal(self.source, "EL145", node.span, message, hint)
            self.notes.append(f"the sum over {', '.join(lacking)} takes all of {shown}: each of its terms")
        return self.merged(total, node.span)

    def _repeats(self, node: Branch, labels: Collection[str]) -> bool:
        """Tell whether all factors of a product that have an index are one, written more than once: `(...)*(...)`."""
        factors = node.parts if isinstance(node, Multiplied) else ()
        having = [x for x in factors if any(label.text in labels for one in accesses(x) for label in one.labels)]
        written = {"".join(self.source.at(factor.span).split()) for factor in having}
        return len(having) > 1 and len(written) == 1

    def element(self, access: WrittenAccess, within: Mapping[str, int]) -> Polynomial:
        """Return the element that an operand is."""
        if access.wrapper == LENGTH:
            return Polynomial.element(FACTOR + access.name, (Spot(span=access.span),))
        name = self.names[access.wrapper, access.name]
        if access.bare and not access.wrapper and access.name in self.lengths:
            return Polynomial.element(FACTOR + self.lengths[access.name], (Spot(span=access.span),))
        letters = tuple(Letter(text=x.text, scope=within.get(x.text, 0), span=x.span) for x in access.labels)
        texts = [letter.text for letter in letters]
        dots = texts.index(DOTS) if DOTS in texts else len(texts)
        for axis, letter in enumerate(letters):
            place = axis if axis < dots else axis - len(letters)
            self.extents.setdefault((letter.text, letter.scope), (name, place))
        return Polynomial.element(name, (Spot(span=access.span), *letters))

    def product(self, factors: list[Polynomial], span: Span) -> Polynomial:
        """Return a product, numbers first. Raises NotationError where it has too many terms."""
        number: Number = 1
        made: Polynomial | None = None
        for factor in factors:
            constant = factor.constant
            if constant is not None:
                number = self._checked(number * constant, span)
                continue
            if made is not None:
                self._count(len(made.terms()) * len(factor.terms()), span)
            made = factor if made is None else self.merged(made * factor, span)
        made = Polynomial.number(number) if made is None else made * number if number != 1 else made
        return self._limited(made, span)

    def merged(self, found: Polynomial, span: Span) -> Polynomial:
        """Return a sum in which terms with the same factors are one, whatever their order."""
        terms: dict[object, tuple[Product, Number]] = {}
        for product, factor in found.terms().items():
            key = _key(product, self.around)
            first, before = terms.get(key, (product, 0))
            terms[key] = first, before + factor
        return self._limited(Polynomial({product: factor for product, factor in terms.values() if factor}), span)

    def _limited(self, found: Polynomial, span: Span) -> Polynomial:
        terms = found.terms()
        self._count(len(terms), span)
        if len(terms) > MAX_SUMMANDS:
            message = f"the sum has {len(terms):,} terms after expansion; at most {MAX_SUMMANDS:,} are read"
            raise refusal(self.source, "EL173", span, message, "write several statements, with names for the parts")
        for product, factor in terms.items():
            self._checked(factor, span)
            if len(product) > MAX_OPERANDS and sum(not name.startswith((FACTOR, DIVISOR)) for name, _ in product) > 63:
                raise too_many_operands(self.source, span, f"more than {MAX_OPERANDS}")
        return Polynomial({product: simple(factor) for product, factor in terms.items()})

    def _count(self, number: int, span: Span) -> None:
        self.work += number
        if self.work > MAX_WORK:
            message = f"to expand it takes more than {MAX_WORK:,} products"
            raise refusal(self.source, "EL173", span, message, "write several statements, with names for the parts")

    def _checked(self, value: Number, span: Span) -> Number:
        if too_long(value):
            raise refusal(self.source, "EL173", span, "a factor is beyond the largest float", "give it a name")
        return value

    def _inverse(self, node: Branch, within: Mapping[str, int]) -> Polynomial:
        """Return what divides as a factor. Raises NotationError where it is an array, or zero."""
        found = self.polynomial(node, within)
        text = quoted(self.source.at(node.span))
        for product in found.terms():
            if any(len(position) > 1 for _, position in product):
                message = f"division by {text}, which has indices: an einsum has no division"
                raise refusal(self.source, "EL142", node.span, message, INVERSE_HINT)
        if not found.terms():
            raise refusal(self.source, "EL142", node.span, f"division by {text}, which is zero")
        if len(found.terms()) > 1:
            return Polynomial.element(DIVISOR + _said(found), (Spot(span=node.span),))
        ((product, factor),) = found.terms().items()
        turned: list[Element] = []
        for name, position in product:
            new = name.removeprefix(DIVISOR) if name.startswith(DIVISOR) else DIVISOR + name.removeprefix(FACTOR)
            turned.append((FACTOR + new if name.startswith(DIVISOR) else new, position))
        inverse = _inverse_of(factor)
        if inverse is None:
            turned.append((DIVISOR + number_text(factor), (Spot(span=node.span),)))
        return Polynomial({tuple(turned): 1 if inverse is None else inverse})


def _inverse_of(value: Number) -> Number | None:
    """Return one divided by a number, None where no number is that exactly."""
    return simple(1 / Fraction(value)) if isinstance(value, int | Fraction) else None


def _over(found: Polynomial, letters: list[Letter]) -> tuple[Polynomial, list[str]]:
    """Return a sum over indices, and those of them that some terms have not: these count as often as it runs."""
    terms: dict[Product, Number] = {}
    lacking: dict[str, None] = {}
    for product, factor in found.terms().items():
        present = {letter for _, position in product for letter in position[1:]}
        more = [letter for letter in letters if letter not in present]
        terms[product + tuple((ONES, (Spot(span=None), letter)) for letter in more)] = factor
        lacking |= dict.fromkeys(letter.text for letter in more)
    return Polynomial(terms), list(lacking)


def _key(product: Product, around: Collection[int]) -> object:
    """Return the same for products that differ in the order of their factors and the names of summed indices only.

    Indices of sums `around` the product are not renamed: they are those of other products too.
    """
    if len(product) == 1 and len(product[0][1]) == 1:
        return product
    kept = {0, *around}
    ordered = sorted(product, key=lambda element: _order(element, kept))
    numbers: dict[object, int] = {}
    return tuple(
        (name, tuple(x if not isinstance(x, Letter) or x.scope in kept else _number(numbers, x) for x in position))
        for name, position in ordered
    )


def _number(numbers: dict[object, int], letter: Letter) -> int:
    return numbers.setdefault(letter, len(numbers))


def _order(element: Element, kept: Collection[int]) -> tuple[str, list[tuple[str, int]], list[tuple[str, int]]]:
    name, position = element
    letters = [x for x in position if isinstance(x, Letter)]
    return (
        name,
        [(x.text, x.scope) if x.scope in kept else ("", 0) for x in letters],
        [(x.text, x.scope) for x in letters],
    )


def _said(found: Polynomial) -> str:
    """Return a sum of products of scalars as Python."""
    text = ""
    for product, factor in found.terms().items():
        negative = not isinstance(factor, complex) and factor < 0
        size = -factor if negative else factor
        names = [name.removeprefix(FACTOR) for name, _ in product if not name.startswith(DIVISOR)]
        parts = " * ".join(([] if size == 1 and names else [number_text(size)]) + names)
        parts += "".join(f" / ({name.removeprefix(DIVISOR)})" for name, _ in product if name.startswith(DIVISOR))
        sign = (" - " if negative else " + ") if text else "-" if negative else ""
        text += sign + parts
    return text
