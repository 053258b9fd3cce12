"""Terms of a sum as structure: which of them are one einsum, and what their coefficients come to.

Sums of different einsums are different. A form with as many labels as any other of a sum has, at values of its own for
every label, a product of elements that no other form of the sum has (see `canonical.py`); its coefficient there is that
of the form, times how many ways there are to match the form with itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from .canonical import CanonicalForm, correspondence
from .combination import Coefficient, Summand
from .formula import sum_sign
from .frozen import dataclass
from .polynomial import exact
from .spec import MATHEMATICAL_LETTERS

ONES = "np.ones("
"""How the text begins that stands for ones."""
ALL_ONES = "1"
"""The array that stands for ones of whatever length: it says that a term is repeated along an index."""

Powers = tuple[tuple[str, int], ...]
"""Scalars and lengths by their texts, in order, each with its power; negative ones divide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeTerms:
    """Terms that are one einsum but for a number: its form, scalars and lengths, and the sum of the numbers."""

    form: CanonicalForm
    scalars: Powers
    coefficient: Coefficient

    @property
    def places(self) -> list[tuple[str, tuple[int, ...]]]:
        """Each array, with the axis of the result that each of its axes is; -1 for one that is summed."""
        axes = {label: axis for axis, label in reversed(list(enumerate(self.form.output)))}
        pairs = zip(self.form.arrays, self.form.terms, strict=True)
        return [(array, tuple(axes.get(label, -1) for label in labels)) for array, labels in pairs]

    def text(self, free: Sequence[str] = ()) -> str:
        """Return the term without its coefficient; `free` are the labels of the result."""
        above = [text if power == 1 else f"{text}^{power}" for text, power in self.scalars if power > 0]
        below = [text if power == -1 else f"{text}^{-power}" for text, power in self.scalars if power < 0]
        shown = _letters(self.form, free)
        over = tuple(shown[label] for label in self.form.labels if label not in self.form.output)
        pairs = zip(self.form.arrays, self.form.terms, strict=True)
        factors = [f"{array}[{','.join(shown[label] for label in term)}]" for array, term in pairs if array != ALL_ONES]
        product = [f"{sum_sign(over)}{' · '.join(factors)}"] if factors else []
        return " · ".join([*above, *product] or ["1"]) + "".join(f" / {one}" for one in below)


def _letters(form: CanonicalForm, free: Sequence[str]) -> dict[str, str]:
    """Return how each label is shown: those of the result as they are given, others as they are where they can be."""
    shown = dict(zip(form.output, free, strict=True)) if len(free) == len(form.output) else {x: x for x in form.output}
    for label in form.labels:
        if label not in shown:
            wanted = (label.partition(".")[0], *MATHEMATICAL_LETTERS, label)
            shown[label] = next(one for one in wanted if one not in shown.values())
    return shown


def like_terms(summands: Iterable[Summand]) -> tuple[LikeTerms, ...]:
    """Return the terms of a sum with those that are one einsum added up; none has coefficient 0.

    Raises OptionError where the search whether two are one stays undecided.

    >>> from einloop.notation import read
    >>> ab, ba = (Summand(spec=read(f"np.einsum('i,i->', {names})")) for names in ("a, b", "b, a"))
    >>> [(term.text(), term.coefficient) for term in like_terms([ab, ba])]
    [('Σ_i a[i] · b[i]', 2)]
    """
    return added([term_of(summand) for summand in summands])


def added(terms: Iterable[LikeTerms]) -> tuple[LikeTerms, ...]:
    """Return terms with those that are one einsum added up, without those that come to nothing."""
    terms = list(terms)
    found = []
    for group in alike(terms):
        coefficient = total(terms[number].coefficient for number in group)
        if coefficient != 0:
            found.append(replace(terms[group[0]], coefficient=coefficient))
    return tuple(found)


def alike(terms: Sequence[LikeTerms]) -> list[list[int]]:
    """Return the numbers of the terms in groups that are one einsum, in order of appearance."""
    found: dict[object, list[list[int]]] = {}
    for number, term in enumerate(terms):
        groups = found.setdefault(_key(term), [])
        for group in groups:
            if correspondence(terms[group[0]].form, term.form) is not None:
                group.append(number)
                break
        else:
            groups.append([number])
    return sorted(group for groups in found.values() for group in groups)


def _key(term: LikeTerms) -> object:
    """Return what terms that are one einsum have in common for sure."""
    return tuple(sorted(term.places)), len(term.form.output), term.scalars


def term_of(summand: Summand) -> LikeTerms:
    """Return one term. Operands without axes, factors and divisors are scalars; ones that say nothing are left out."""
    spec = summand.spec
    powers: dict[str, int] = {}
    for texts, power in ((summand.factors, 1), (summand.divisors, -1)):
        for text in texts:
            for part in text.split("*") if text.replace("*", "").replace(" ", "").isalnum() else (text,):
                powers[part.strip()] = powers.get(part.strip(), 0) + power
    arrays: list[str] = []
    terms: list[tuple[str, ...]] = []
    read = {x for op in spec.operands if not (op.name or "").startswith(ONES) for x in op.labels}
    for name, operand in zip(summand.names, spec.operands, strict=True):
        if name.startswith(ONES) and operand.labels:
            (label,) = operand.labels
            if label in read:
                continue
            read.add(label)
            if label not in spec.output:
                length = name.removeprefix(ONES).removesuffix(")")
                powers[length] = powers.get(length, 0) + 1
                continue
        if operand.labels:
            arrays.append(ALL_ONES if name.startswith(ONES) else name)
            terms.append(operand.labels)
        else:
            powers[name] = powers.get(name, 0) + 1
    return LikeTerms(
        form=CanonicalForm(arrays=tuple(arrays), terms=tuple(terms), output=spec.output),
        scalars=tuple(sorted((text, power) for text, power in powers.items() if power)),
        coefficient=exact(summand.coefficient),
    )


def total(numbers: Iterable[Coefficient]) -> Coefficient:
    """Return a sum of coefficients.

    >>> from fractions import Fraction
    >>> total([Fraction(1, 3), 2]), total([Fraction(1, 2), 1j]), total([])
    (Fraction(7, 3), (0.5+1j), 0)
    """
    found: Coefficient = 0
    for number in numbers:
        if isinstance(found, complex) or isinstance(number, complex):
            found = complex(found) + complex(number)
        else:
            found = found + number
    return found


def times(one: Coefficient, other: Coefficient) -> Coefficient:
    """Return a product, exact where both are.

    >>> from fractions import Fraction
    >>> times(0.1, 3), times(Fraction(1, 2), 1j)
    (Fraction(3, 10), 0.5j)
    """
    if isinstance(one, complex) or isinstance(other, complex):
        return complex(one) * complex(other)
    return exact(one) * exact(other)
