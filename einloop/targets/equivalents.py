"""An array expression in, its text in one library out: every node is a macro of `templates/equivalents/<library>.j2`.

Writes no text itself; it only says where an infix text needs parentheses.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..core.arrays import ArrayAssign, ArrayNode
from .environment import environment
from .target import load_target

FOLDER = "equivalents"
OPEN, CLOSE = "([", ")]"


class Written(str):
    """The text of an array, and how it stands inside another text."""

    __slots__ = ()

    @property
    def operators(self) -> tuple[str, ...]:
        """The infix operators outside all brackets.

        >>> Written("A @ (B * c) @ D").operators
        ('@', '@')
        """
        outside, depth = "", 0
        for character in self:
            depth -= character in CLOSE
            outside += character if not depth else ""
            depth += character in OPEN
        return tuple(outside.split()[1::2])

    @property
    def atom(self) -> str:
        """The text where something follows it, or an operator stands before it: infix text in parentheses."""
        return f"({self})" if self.operators else str(self)

    def before(self, operator: str) -> str:
        """Return the text on the left of an operator: a chain of the same needs no parentheses."""
        return str(self) if set(self.operators) <= {operator} else f"({self})"


def write_equivalent(tree: ArrayNode, library: str) -> str | None:
    """Return the text of an array expression, or None where the library has no macro for one of its nodes.

    >>> from einloop.core.arrays import Matmul, Name, Reverse
    >>> write_equivalent(Reverse(array=Matmul(left=Name(name="A"), right=Name(name="B"))), "numpy")
    '(A @ B).T'
    """
    inputs = []
    for part in tree.inputs:
        text = write_equivalent(part, library)
        if text is None:
            return None
        inputs.append(Written(text))
    return _written(tree.block, library, tree, *inputs)


def write_lines(lines: Iterable[ArrayAssign], library: str) -> str | None:
    """Return assignments, one per line, or None where the library cannot write one of them."""
    written = []
    for line in lines:
        value = write_equivalent(line.array, library)
        text = None if value is None else _written(line.block, library, line, value)
        if text is None:
            return None
        written.append(text)
    return "".join(written)


def _written(block: str, library: str, *arguments: object) -> str | None:
    """Return what a macro writes, or None where the library's file has none of this name."""
    # the environment of the Python target: the built-in templates, compiled once
    template = environment(load_target("python")).get_template(f"{FOLDER}/{library}.j2")
    macro = getattr(template.module, block, None)
    return None if macro is None else str(macro(*arguments))
