"""Elements of operands and result, as trees and as text: `A[i,j]`. Reads no values."""

from __future__ import annotations

from collections.abc import Mapping

from ..core.formula import Element, Formula
from ..core.names import Names
from ..core.spec import Spec


def element(spec: Spec, names: Names, number: int, at: Mapping[str, str] | None = None) -> str:
    """Return the element of an operand that the loops read, each index by its name, or by what `at` puts for it.

    A stretched axis is read at 0; an ellipsis of unknown rank stays `...`.

    >>> from einloop.core.names import choose_names
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = read_subscripts("ij,j->i")
    >>> element(spec, choose_names(spec), 0), element(spec, choose_names(spec), 1, {"j": "2"})
    ('A[i,j]', 'b[2]')
    """
    return str(operand_element(spec, names, number, at))


def result_element(spec: Spec, names: Names, at: Mapping[str, str] | None = None) -> str:
    """Return the element of the result that the loops write; like `element`."""
    return str(result_part(spec, names, at))


def formula(spec: Spec, names: Names) -> Formula:
    """Return the formula of an expression, with the user's names.

    >>> from einloop.core.names import choose_names
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = read_subscripts("ij,jk->ik")
    >>> str(formula(spec, choose_names(spec)))
    'C[i,k] = Σ_j A[i,j] · B[j,k]'
    """
    return Formula(
        result=result_part(spec, names),
        over=tuple(names.index[index.label] for index in spec.summed),
        factors=tuple(operand_element(spec, names, number) for number in range(len(spec.operands))),
    )


def operand_element(spec: Spec, names: Names, number: int, at: Mapping[str, str] | None = None) -> Element:
    """Return the element of an operand that the loops read, as a tree."""
    operand = spec.operands[number]
    inside = ("0" if n in operand.stretched else _subscript(x, names, at) for n, x in enumerate(operand.labels))
    return Element(names.operands[number], tuple(inside))


def result_part(spec: Spec, names: Names, at: Mapping[str, str] | None = None) -> Element:
    """Return the element of the result that the loops write, as a tree."""
    return Element(names.result, tuple(_subscript(label, names, at) for label in spec.output))


def _subscript(label: str, names: Names, at: Mapping[str, str] | None) -> str:
    return at[label] if at is not None and label in at else names.shown(label)
