"""Elements of operands and result, as trees and as text: `A[i,j]`. Reads no values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..core.formula import Element, Formula, sum_sign
from ..core.names import Names
from ..core.path import Step
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


def path_formulas(spec: Spec, names: Names, path: Sequence[Step]) -> Iterator[tuple[str, str]]:
    """Yield for every step of a path the array that it makes, and its formula; intermediates are called T1, T2 ...

    >>> from einloop.core.names import choose_names
    >>> from einloop.core.path import path_steps, path_terms
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = read_subscripts("ij,jk,k->i")
    >>> path = path_steps(path_terms(spec), spec.output, [(1, 2), (0, 1)])
    >>> [text for _, text in path_formulas(spec, choose_names(spec), path)]
    ['T1[j] = Σ_k B[j,k] · c[k]', 'd[i] = Σ_j A[i,j] · T1[j]']
    """
    left = [element(spec, names, number) for number in range(len(names.operands))]
    for number, step in enumerate(path, start=1):
        inputs = [left[place] for place in step.taken]
        name = names.result if number == len(path) else names.local(f"T{number}")
        result = str(Element(name, tuple(map(names.shown, step.output))))
        left = [factor for place, factor in enumerate(left) if place not in step.taken] + [result]
        yield name, f"{result} = {sum_sign(tuple(map(names.shown, step.summed)))}{' · '.join(inputs)}"


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
