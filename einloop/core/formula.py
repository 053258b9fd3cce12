"""A formula as a tree, in the names that the loops have: `C[i,k] = Σ_j A[i,j] · B[j,k]`. `str` is its plain text."""

from __future__ import annotations

from dataclasses import dataclass


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
