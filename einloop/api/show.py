"""`einloop.generate`: an expression and keywords in, Generated out."""

from __future__ import annotations

from dataclasses import replace
from typing import Unpack

from ..core.generated import Generated
from ..core.options import GenerateOptions
from ..pipeline.expression import read_for_loops
from ..pipeline.notebook import loops_page
from ..pipeline.show import generate as generate_spec
from .options import options_from, takes
from .values import text_of


@takes(GenerateOptions)
def generate(expression: str, **options: Unpack[GenerateOptions]) -> Generated:
    """Return the explicit loops for an einsum expression.

    Parameters
    ----------
    expression : str
        Subscripts, a pasted call, a formula, or named axes (with `notation="named"`).
    notation : str, optional
        How the expression is written. Needed where its form does not show it: for named axes.
    add : bool, default False
        Let a formula with `+=` or `-=` add to what its result holds; without it the loops start from zeros.
    shapes : sequence of tuple, or mapping, optional
        A shape for each operand, in order or by the operand's name. Each axis is a number or a name.
    sizes : mapping of str to int or str, optional
        Extents by index, each a number or a name.
    load : sequence of array_like or path, or mapping, optional
        Arrays, or paths of `.npy` files, in order or by the operand's name. Their shapes and dtypes are used.
    dtypes : str, dtype, sequence or mapping, optional
        One dtype for all operands, one for each in order, or by the operand's name. By default what the text of a
        pasted call shows: `A > 0` is bool.
    names : sequence of str or None, optional
        Names of the operands in the loops; None keeps the name the expression gives.
    result : str, optional
        Name of the result.
    style : str, default 'article'
        How the loops are written; `einloop templates` lists the styles of each target.
    order : str, optional
        The order of the loops: the name of one, such as 'output', or all indices from the outermost loop to the
        innermost, such as 'i,k,j'.
    schedule : str or sequence of str, optional
        Passes over the loops, such as 'order(i,k,j) tile(i,32) accumulate', or 'auto'.
    path : str or sequence, optional
        Contract two operands at a time: the name of a search, such as 'auto' or 'greedy', or places such as
        '(0,1),(0,1)', or the list that `np.einsum_path` returns. A search takes about five seconds at most.
    function : str, optional
        Wrap the loops in a function of this name, which is right for every dtype and rejects inputs it cannot handle.
    script : bool, default False
        Return a whole program that compares itself with np.einsum.
    extension : bool, default False
        Return a Python module written in C, which checks its arrays (`target="c"`).
    comments : bool, default False
        Say above each line what it does.
    checks : bool, default False
        Let a snippet reject inputs it cannot handle too.
    target : str, default 'python'
        The language; `einloop templates` lists all.
    templates : str or path, optional
        A folder of your own templates. It is code, like a Makefile.
    header : bool, default False
        Also return a header that declares the function (`target="c"`), as `.header`.

    Returns
    -------
    Generated
        The text, as `str()` and as `source`, with its contract, and `run` to call it.

    Raises
    ------
    EinloopError
        Where the expression, a shape or an option is refused.

    Examples
    --------
    >>> print(generate("ij->i", result="r"))
    I, J = A.shape
    r = np.zeros(I)
    for i in range(I):
        for j in range(J):
            r[i] += A[i, j]
    <BLANKLINE>
    """
    known = options_from(generate, options)
    return replace(generate_spec(read_for_loops(text_of(expression), known), known), page=loops_page)
