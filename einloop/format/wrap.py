"""Wraps an overlong product as black would, without loading black. Everything else is left to black."""

from __future__ import annotations

import re

STATEMENT = re.compile(r"^( *)(\w+(?:\[[\w*, ]+\])?) (\+=|=) (.+)$")
FACTOR = r"\w+(?:\[[^\[\]()\"']*\])*"
PRODUCT = re.compile(rf"{FACTOR}(?: \* {FACTOR}){{2,}}")


def wrap_product(line: str, width: int) -> str | None:
    """Return an assignment of a product of three factors or more, wrapped to `width` characters.

    None where the line is something else, or where black would have to decide more than one thing: with two
    factors it weighs other places to split, and the first or a later line may still be too long.

    >>> print(wrap_product("c += aaaa[i] * bbbb[i] * cccc[i]", 31))
    c += (
        aaaa[i] * bbbb[i] * cccc[i]
    )
    """
    match = STATEMENT.match(line)
    if match is None or not PRODUCT.fullmatch(match[4]):
        return None
    indent, target, operator, product = match.groups()
    inner = indent + "    "
    first = f"{indent}{target} {operator} ("
    factors = product.split(" * ")
    lines = [inner + product]
    if len(lines[0]) > width:
        lines = [inner + factors[0], *(f"{inner}* {factor}" for factor in factors[1:])]
    if len(first) > width or any(len(text) > width for text in lines):
        return None
    return "\n".join([first, *lines, f"{indent})"])
