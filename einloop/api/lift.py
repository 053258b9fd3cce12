"""`einloop.lift`: loops, array code, C or a function in, the einsums that they compute out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Unpack

from ..core.errors import LiftError, OptionError, with_article
from ..core.lifted import Lifted
from ..core.options import LiftOptions
from ..pipeline.lifted import LIBRARY
from ..pipeline.lifted import lift as lift_text
from .options import options_from, takes
from .values import check_type, flag, text_of


@takes(LiftOptions)
def lift(
    code: str | Callable[..., Any], *, library: str = LIBRARY, verify: bool = True, **options: Unpack[LiftOptions]
) -> Lifted:
    """Return the einsums that code computes.

    Nothing of the code runs before its syntax tree shows only loops, arithmetic, indexing and known calls. What it
    computes is found from its structure; then both are run on the same inputs, the code in a process of its own.

    Parameters
    ----------
    code : str or function
        Python loops, numpy or torch code, a C function, a formula; or a Python function, whose source is read.
    library : {"numpy", "torch", "jax"}, default "numpy"
        Whose einsum the text calls.
    verify : bool, default True
        Run the code and the einsums on inputs that can tell them apart.
    **options
        `notation`: how the code is written (`loops`, `numpy`, `c`), where that is not plain. `shapes`, by name or in
        the order in which the code reads its arrays: how many axes they have, where the code does not say it. `load`:
        arrays in place of shapes.

    Returns
    -------
    Lifted
        Prints as the text to paste. `statements` has the terms, `run` computes the results.

    Raises
    ------
    EinloopError
        Where the code is no sum of einsums, with the reason, the place and what to do; or where an option is refused.

    Examples
    --------
    >>> print(lift("C = A @ B.T", shapes={"A": (2, 3), "B": (4, 3)}))
    C = np.einsum('ij,kj->ik', A, B)
    >>> lift("s = 0\\nfor i in range(n):\\n    s += x[i] * y[i] / n").statements[0].terms
    (LiftedTerm(coefficient='1 / n', subscripts='i,i->', operands=('x', 'y')),)
    """
    check_type("library", library, str)
    verify = flag("verify", verify)
    text = source_of(code) if callable(code) else text_of(code)
    return lift_text(text, options_from(lift, options), library=library, verify=verify)


def source_of(function: Callable[..., Any]) -> str:
    """Return the source of a Python function, as if it stood alone. Raises LiftError where there is none."""
    from inspect import getsource, unwrap
    from textwrap import dedent

    try:
        text = dedent(getsource(unwrap(function)))
    except (OSError, TypeError) as error:
        kind = with_article(type(function).__name__)
        raise LiftError(
            "EL801", f"the source of this {kind.split()[-1]} cannot be read: {error}", hint="give its text"
        ) from None
    if "lambda" in text and getattr(function, "__name__", "") == "<lambda>":
        return lambda_source(text)
    return text


def lambda_source(text: str) -> str:
    """Return the lambda in a line of code as a function.

    >>> print(lambda_source("f = lambda A, x: A @ x"))
    def function(A, x):
        return A @ x
    """
    import ast

    try:
        tree = ast.parse(text.strip())
    except SyntaxError:
        raise OptionError("EL470", "the lambda is part of a longer expression", hint="give its text") from None
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
    if len(found) != 1:
        raise OptionError("EL470", f"{len(found)} lambdas stand in one line", hint="give the text of one")
    (node,) = found
    return f"def function({ast.unparse(node.args)}):\n    return {ast.unparse(node.body)}"
