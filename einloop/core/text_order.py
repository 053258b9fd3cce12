"""In which order values are given by place: that of the text, or of the parameters of a function."""

from __future__ import annotations

import re
from collections.abc import Iterable

SIGNATURE = re.compile(r"\s*(?:@[^\n]*\n\s*)*(?:def\s|(?:[\w*]+[\s*]+)+\w+\s*\()")
"""How a function begins, in Python and in C."""


def text_order(names: Iterable[str], text: str, result: str) -> tuple[str, ...]:
    """Return names in the order in which a text has them; what it has not comes last, in the order given.

    Of one statement the right side counts: what it writes and does not read comes last.

    >>> text_order(("beta", "C", "alpha"), "C = alpha * A @ B + beta * C", "C")
    ('alpha', 'beta', 'C')
    >>> text_order(("b", "a"), "def f(a, b):\\n    return b - a", "result")
    ('a', 'b')
    """
    function = SIGNATURE.match(text) is not None
    first = 0 if function or not {"\n", ";"}.isdisjoint(text.strip()) else text.find("=") + 1

    def place(name: str) -> int:
        start = first
        if name == result and not function and not first:
            return len(text)
        for after in (r"(?!\w)", r"(?![^\W_])"):  # in a formula an index may follow: x_i
            found = re.compile(rf"(?<![\w.]){re.escape(name)}{after}").search(text, start)
            if found is not None:
                return found.start()
        return len(text)

    return tuple(sorted(dict.fromkeys(names), key=place))
