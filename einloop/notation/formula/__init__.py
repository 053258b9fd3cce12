"""Formulas (C[i,k] += A[i,j] * B[j,k], or LaTeX) in, a Spec or statements out, with the user's names.

The left side gives the output and its order; an index on the right only is summed, whether or not a sum sign lists it,
in every term of its own. What could be read in two ways is refused. `grammar` and `right` make a tree of a formula. One
product is a Spec, made in `spec`. Of more, `scopes` says where sums stand, `expand` makes terms of the tree, `combine`
and `sequence` statements of them. What parts mean is in `checks`:

- `C_ik` (several letters without braces) has both indices, if each of them occurs in another place too;
- `\\text{in}` as an index must occur in another place too, else it may be part of the name;
- `x_i^2` is x twice; a raised T, H, star or prime is refused where one product is read; in sums `A^T_{ij}` is A_{ji},
  and `x'_i` an array of its own;
- a sum sign reaches to the next `+` or `-`; in parentheses, and to a power, an index that no sign lists is summed where
  it stands twice in a term;
- `\\delta_{ij}` is an array like others, which the user gives;
- `M^{(1)}` is an array of its own; `(n)` is an index where something else shows that n is one, else refused;
- letters are operands of one letter; several letters are one name in brackets, on the left, in \\text{}.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.source import Notation, Source
from ...core.spec import Spec

if TYPE_CHECKING:
    from ...core.combination import Statements


def read_formula(text: str) -> Spec:
    """Return the metadata of a formula.

    Raises NotationError for anything but one product with a left side.

    >>> spec = read_formula("C[i,k] += A[i,j] * B[j,k]")
    >>> spec.subscripts, spec.result, [operand.name for operand in spec.operands]
    ('ij,jk->ik', 'C', ['A', 'B'])
    >>> read_formula(r"y_i = \\sum_{j=1}^{n} W_{ij} x_j").subscripts
    'ij,j->i'
    """
    # The grammar takes milliseconds to load, which the other notations are spared.
    from .spec import formula_spec

    return formula_spec(Source(text=text, notation=Notation.FORMULA))


def read_formulas(text: str, *, add: bool = False) -> Spec | Statements:
    """Return the metadata of a formula that is one einsum, else the statements that the formulas of a text are.

    `add`: a lone formula with `+=` or `-=` adds to what its result holds; without it the result starts from zeros.
    Raises NotationError for what is no sum of products.

    >>> print(read_formulas("C[i] = 2*A[i,j]*x[j] - b[i] / n").text())
    C = 2 * np.einsum('ij,j->i', A, x) - b / n
    >>> read_formulas("C[i] = A[i,j]*x[j]").subscripts
    'ij,j->i'
    """
    from .spec import formula_combination

    return formula_combination(Source(text=text, notation=Notation.FORMULA), add=add)
