"""Text that is not an einsum in any notation, but Python, or a file's name: says so. Runs nothing, opens nothing.

Loaded where a text cannot be read: Python's parser takes milliseconds to load.
"""

from __future__ import annotations

import ast
import re
import warnings

from ..core.errors import NotationError
from ..core.source import Span
from .forms import program_refusal

FILE = re.compile(r"[\w~./\\: -]*\w\.(?:py|pyi|pyx|ipynb|txt|md|rst|tex|json|toml|csv|npy|npz|c|h|cpp|cu|jl|m|sh)")
LIKE_CODE = re.compile(r"[(@;\n]")
BARE_CALL = re.compile(r"""\s*((?:\w+\.)*(?:einsum|contract))(?:\s|["'])""")
MIN_NAME = 3
"""Letters of a function's name, where nothing but its parentheses tells it from labels."""
CALL_HINT = "write the subscripts, like 'ij,jk->ik', or paste a call like np.einsum('ij,jk->ik', a, b)"
FILE_HINT = "`einloop lift FILE` reads the loops or the code in it, and so does `einloop explain - < FILE`"


NAMES = (ast.Assign, ast.AugAssign, ast.Name, ast.Constant, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop)
TOO_DEEP = "too many nested parentheses"
"""What Python's own parser says."""
NO_INDEX_HINT = "write the indices, like y[i] = A[i, j] * x[j] + b[i]; for array code give shapes: -s x=3"


def names_alone(text: str, *, long: bool = False) -> NotationError | None:
    """Return the refusal of a text that gives a name the value of names and numbers, or is too deep to tell; else None.

    `long`: the text is read as a formula; only where a name has several letters, which it takes for a product.

    >>> print(names_alone("R = -alpha + beta").message)
    no operand has an index, so there is nothing to loop over
    >>> names_alone("ij,jk->ik"), names_alone("y = A @ x")
    (None, None)
    """
    if "=" not in text or (long and "_" in text):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(text.strip()).body
        nodes = [node for statement in body for node in ast.walk(statement)]
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        deep = isinstance(error, RecursionError | MemoryError) or TOO_DEEP in str(error)
        return _too_deep(text) if deep and not long else None
    if not _of_names(body, nodes) or (long and all(len(x.id) == 1 for x in nodes if isinstance(x, ast.Name))):
        return None
    message = "no operand has an index, so there is nothing to loop over"
    span = Span(start=0, stop=len(text.rstrip()))
    return NotationError("EL145", message, text=text, span=span, hint=NO_INDEX_HINT)


def _of_names(body: list[ast.stmt], nodes: list[ast.AST]) -> bool:
    """Return whether a text is one assignment of names and numbers."""
    assigns = len(body) == 1 and isinstance(body[0], ast.Assign | ast.AugAssign)
    plain = (*NAMES, ast.expr_context)
    return assigns and all(isinstance(x, plain) and not isinstance(x, ast.MatMult) for x in nodes)


def _too_deep(text: str) -> NotationError:
    message = "this is nested too deeply, or has too many terms, to be read as code"
    return NotationError("EL137", message, text=text, hint="give parts of it names, in statements of their own")


def other_code(text: str, *, brackets: bool, several: bool = False) -> NotationError | None:
    """Return the refusal of a text that is code or a file's name, None where it may be meant as an expression.

    `brackets`: those in the text, and functions, belong to its notation; `several`: so do several assignments.

    >>> print(other_code("torch.bmm(a, b)", brackets=False).message)
    `torch.bmm` is not an einsum call
    """
    if FILE.fullmatch(text.strip()):
        message = f"{text.strip()!r} is the name of a file, not an expression"
        return NotationError("EL138", message, text=text, hint=FILE_HINT)
    bare = None if brackets else BARE_CALL.match(text)
    if bare is not None:
        span = Span(start=bare.start(1), stop=bare.end(1))
        message = f"`{bare[1]}` is not called: no '(' follows it"
        return NotationError("EL131", message, text=text, span=span, hint=CALL_HINT)
    if LIKE_CODE.search(text) is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(text.strip()).body
        return _code(text, body, brackets=brackets, several=several)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _code(text: str, body: list[ast.stmt], *, brackets: bool, several: bool) -> NotationError | None:
    plain = ast.Expr | ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return
    code = [x for x in body if not (isinstance(x, ast.Expr) and isinstance(x.value, ast.Name | ast.Tuple))]
    lines = code and len(body) > 1 and "\n" in text and not several
    if lines or not all(isinstance(statement, plain) for statement in code):
        return program_refusal(text)
    for node in (node for statement in body for node in ast.walk(statement)):
        if isinstance(node, ast.Call):
            callee = ast.unparse(node.func)
            dotted = isinstance(node.func, ast.Attribute)
            if dotted or (not brackets and isinstance(node.func, ast.Name) and len(callee) >= MIN_NAME):
                return _stranger(text, callee, f"`{callee}` is not an einsum call")
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult) and not brackets:
            return _stranger(text, "@", "`@` is a matrix product, and this is not an einsum call")
    return None


def _stranger(text: str, mark: str, message: str) -> NotationError:
    place = text.find(mark)
    span = None if place < 0 else Span(start=place, stop=place + len(mark))
    hint = "paste np.einsum with the same arguments" if mark.endswith("einsum_path") else CALL_HINT
    return NotationError("EL131", message, text=text, span=span, hint=hint)
