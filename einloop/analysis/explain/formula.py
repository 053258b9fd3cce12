"""The formula of an expression, in Unicode and in LaTeX. The formula reader reads both back."""

from __future__ import annotations

from ...core.names import Names
from ...core.report import Formula
from ...core.spec import DOTS, Spec
from ..elements import element, result_element, subscripts, tex_element, tex_name


def formula(spec: Spec, names: Names) -> Formula:
    r"""Return the formula with the user's names.

    >>> from einloop.core.names import choose_names
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = read_subscripts("ij,jk->ik")
    >>> print(formula(spec, choose_names(spec)).unicode)
    C[i,k] = Σ_j A[i,j] · B[j,k]
    >>> print(formula(spec, choose_names(spec)).latex)
    C_{ik} = \sum_{j} A_{ij} B_{jk}
    """
    numbers = range(len(spec.operands))
    over = [names.index[index.label] for index in spec.summed]
    product = " · ".join(element(spec, names, number) for number in numbers)
    unicode = f"{result_element(spec, names)} = {sum_sign(over)}{product}"
    factors = " ".join(tex_element(names.operands[number], subscripts(spec, names, number)) for number in numbers)
    result = tex_element(names.result, [label if label == DOTS else names.index[label] for label in spec.output])
    latex = f"{result} = {_tex_sum_sign(over)}{factors}"
    return Formula(unicode=unicode, latex=latex)


def sum_sign(over: list[str]) -> str:
    """Return the sign of a sum over indices, in Unicode: `Σ_{i,j} `; nothing where nothing is summed."""
    if not over:
        return ""
    return f"Σ_{over[0]} " if len(over) == 1 and len(over[0]) == 1 else f"Σ_{{{','.join(over)}}} "


def _tex_sum_sign(over: list[str]) -> str:
    return f"\\sum_{{{','.join(map(tex_name, over))}}} " if over else ""
