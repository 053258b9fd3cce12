"""Text that is no einsum in any notation, but Python, or a file's name: says so. Runs nothing, opens nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..core.errors import NotationError
from ..core.source import Span
from .forms import looks_like_call

if TYPE_CHECKING:
    import ast

FILE = re.compile(r"[\w~./\\: -]*\w\.(?:py|pyi|pyx|ipynb|txt|md|rst|tex|json|toml|csv|npy|npz|c|h|cpp|cu|jl|m|sh)")
LIKE_CODE = re.compile(r"[(@;\n]")
PROGRAM = re.compile(
    r"import [\w.]+|from [\w.]+ import |(?:async )?def \w+\s*\(|class \w+\s*[(:]|@[\w.]+(?:\(|$)|#!|\"\"\"|'''"
    r"|(?:if|for|while|with|try)\b.*:\s*(?:#.*)?$"
)
BARE_CALL = re.compile(r"""\s*((?:\w+\.)*(?:einsum|contract))(?:\s|["'])""")
MIN_NAME = 3
"""Letters of a function's name, where nothing but its parentheses tells it from labels."""
CALL_HINT = "write the subscripts, like 'ij,jk->ik', or paste a call like np.einsum('ij,jk->ik', a, b)"
FILE_HINT = "paste one call; `einloop - < FILE` reads one expression a line, `einloop verify EXPR --source FILE` loops"
PROGRAM_HINT = "paste one call; `einloop verify EXPR --source FILE` compares the loops in a file with EXPR"


def other_code(text: str, *, brackets: bool) -> NotationError | None:
    """Return the refusal of a text that is code or a file's name, None where it may be meant as an expression.

    `brackets`: those in the text, and functions, belong to its notation.

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
    import ast  # takes milliseconds to load, which expressions are spared
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(text.strip()).body
        return _code(text, body, brackets=brackets)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _code(text: str, body: list[ast.stmt], *, brackets: bool) -> NotationError | None:
    import ast

    plain = ast.Expr | ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return
    code = [x for x in body if not (isinstance(x, ast.Expr) and isinstance(x.value, ast.Name | ast.Tuple))]
    if not all(isinstance(statement, plain) for statement in code) or (code and len(body) > 1 and "\n" in text):
        return _program(text)
    for node in (node for statement in body for node in ast.walk(statement)):
        if isinstance(node, ast.Call):
            callee = ast.unparse(node.func)
            dotted = isinstance(node.func, ast.Attribute)
            if dotted or (not brackets and isinstance(node.func, ast.Name) and len(callee) >= MIN_NAME):
                return _stranger(text, callee, f"`{callee}` is not an einsum call")
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult) and not brackets:
            return _stranger(text, "@", "`@` is a matrix product, and this is not an einsum call")
    return None


def check_line(line: str) -> None:
    """Raise NotationError where a line, which should hold an expression, begins a program.

    >>> check_line("for,of->r"), check_line("np.einsum('ij', a)")
    (None, None)
    """
    if PROGRAM.match(line) and not looks_like_call(line):
        raise _program(line.rstrip("\r\n"))


def _program(text: str) -> NotationError:
    message = "this is a program, not an expression, and no einsum call is read in it"
    return NotationError("EL138", message, text=text, span=Span(start=0, stop=len(text.rstrip())), hint=PROGRAM_HINT)


def _stranger(text: str, mark: str, message: str) -> NotationError:
    place = text.find(mark)
    span = None if place < 0 else Span(start=place, stop=place + len(mark))
    hint = "paste np.einsum with the same arguments" if mark.endswith("einsum_path") else CALL_HINT
    return NotationError("EL131", message, text=text, span=span, hint=hint)
