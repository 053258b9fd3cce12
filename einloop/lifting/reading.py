"""Python text in, its syntax tree and what that shows before it is run out; what is not Python is refused."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import lru_cache

from .counting import Facts, facts
from .sizes import Refusal
from .variables import parsed, variables


@lru_cache(maxsize=16)
def read(text: str) -> tuple[ast.Module, Facts, Mapping[tuple[str, int], tuple[str, ...]]]:
    """Return the syntax tree of a text, what it shows, and the variables that index arrays; nobody changes them.

    Raises Refusal for what is not Python.
    """
    try:
        tree = parsed(text)
        return tree, facts(tree), variables(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Refusal("EL801", f"this is not Python: {getattr(error, 'msg', error)}", _place(error)) from None


def _place(error: BaseException) -> object:
    """Return a place for a syntax error that has one."""
    if not isinstance(error, SyntaxError) or error.lineno is None or not error.text:
        return None
    node = ast.Pass()
    column = max((error.offset or 1) - 1, 0)
    node.lineno = node.end_lineno = error.lineno
    before = error.text[:column]
    node.col_offset, node.end_col_offset = len(before.encode()), len(error.text[: column + 1].encode())
    return node
