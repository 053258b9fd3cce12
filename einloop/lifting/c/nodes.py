"""A syntax tree of C in, its nodes out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pycparser import c_ast as c


def walk(node: Any, kind: Any = c.Node) -> Iterator[Any]:
    """Yield the nodes of one kind below a node, itself too, in the order of the text."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, kind):
            yield one
        waiting += reversed([child for _, child in one.children()])
