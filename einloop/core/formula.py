"""A formula as a tree, in the names that the loops have: `C[i,k] = Σ_j A[i,j] · B[j,k]`. `str` is its plain text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .combination import Coefficient


@dataclass(frozen=True, slots=True)
class Element:
    """An element of an array: the array's name, and what stands in its brackets, one text an axis.

    >>> str(Element("A", ("i", "0"))), str(Element("c"))
    ('A[i,0]', 'c')
    """

    array: str
    at: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.array}[{','.join(self.at)}]" if self.at else self.array


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """An element of the result is a product of elements, summed over indices, if any."""

    result: Element
    over: tuple[str, ...] = ()
    factors: tuple[Element, ...]

    def __str__(self) -> str:
        return f"{self.result} = {sum_sign(self.over)}{' · '.join(map(str, self.factors))}"


def sum_sign(over: tuple[str, ...]) -> str:
    """Return the sign of a sum over indices: `Σ_{i,j} `; nothing where nothing is summed."""
    if not over:
        return ""
    return f"Σ_{over[0]} " if len(over) == 1 and len(over[0]) == 1 else f"Σ_{{{','.join(over)}}} "


@dataclass(frozen=True, slots=True, kw_only=True)
class Addend:
    """One term of a sum: a product of elements, perhaps summed, with what multiplies and divides it.

    `size` is a number, `scale` and `divisors` are lengths and scalars in the text's words.

    >>> str(Addend(size=2, over=("j",), factors=(Element("A", ("i", "j")), Element("x", ("j",))), divisors=("n",)))
    '2 · Σ_j A[i,j] · x[j] / n'
    """

    negative: bool = False
    size: Coefficient = 1
    scale: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    factors: tuple[Element, ...] = ()
    divisors: tuple[str, ...] = ()

    def __str__(self) -> str:
        front = [shown_number(self.size)] if self.size != 1 else []
        front += map(grouped, self.scale)
        if self.factors:
            front.append(f"{sum_sign(self.over)}{' · '.join(map(str, self.factors))}")
        return " · ".join(front or ["1"]) + "".join(f" / {grouped(text, under=True)}" for text in self.divisors)


@dataclass(frozen=True, slots=True, kw_only=True)
class SumFormula:
    """An element of the result is a sum of addends, on top of what is there where it `adds`.

    >>> str(SumFormula(result=Element("d", ("i",)), addends=(Addend(scale=("n",)), Addend(negative=True))))
    'd[i] = n − 1'
    """

    result: Element
    addends: tuple[Addend, ...]
    adds: bool = False

    def __str__(self) -> str:
        first, *others = self.addends or (Addend(size=0),)
        taken = self.adds and all(addend.negative for addend in self.addends)
        sign = "−" if first.negative and not taken else ""
        rest = (f" {'−' if other.negative and not taken else '+'} {other}" for other in others)
        equals = "−=" if taken else "+=" if self.adds else "="
        return f"{self.result} {equals} {sign}{first}{''.join(rest)}"


def grouped(text: str, *, under: bool = False) -> str:
    """Return a factor that is a sum in parentheses, and a product too where it divides.

    >>> grouped("n - 1"), grouped("A.shape[0]"), grouped("m*n"), grouped("m*n", under=True)
    ('(n - 1)', 'A.shape[0]', 'm*n', '(m*n)')
    """
    marks = (" + ", " - ", " / ", *(("*",) if under else ()))
    return f"({text})" if any(mark in text for mark in marks) else text


def shown_number(number: Coefficient) -> str:
    """Return a coefficient as a formula has it.

    >>> from fractions import Fraction
    >>> shown_number(Fraction(1, 3)), shown_number(Fraction(1, 4)), shown_number(2j), shown_number((1 + 2j) / 3)
    ('1/3', '0.25', '2j', '(1+2j)/3')
    """
    from .combination import number_text  # the formula of one einsum has no number

    text = number_text(number)
    return text[1:-1].replace(" / ", "/") if " / " in text else text
