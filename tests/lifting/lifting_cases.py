"""Tables of texts and what comes of them, as blocks: the text, then `=>` and its result on lines of its own."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count as counter

ARROW = "=> "


def blocks(table: str) -> list[tuple[str, list[str]]]:
    """Return each text with the lines of its result, without their arrows; a blank line ends a block."""
    found: list[tuple[str, list[str]]] = []
    text: list[str] = []
    results: list[str] = []
    for line in [*table.strip("\n").split("\n"), ""]:
        if line.startswith(ARROW):
            results.append(line.removeprefix(ARROW))
        elif results and not line:
            found.append(("\n".join(text), results))
            text, results = [], []
        else:
            text.append(line)
    return found


def pairs(table: str) -> list[tuple[str, str]]:
    """Return each text with its result as one string."""
    return [(text, "\n".join(results)) for text, results in blocks(table)]


def count() -> Callable[[object], str]:
    """Return what names the cases of a table by their number."""
    numbers = counter()
    return lambda value: str(next(numbers))
