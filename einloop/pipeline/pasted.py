r"""Code as it is copied from a page, a console or a chat in, the same code as it stands in a file out. Reads nothing.

>>> unwrapped(">>> for i in range(n):\n...     y[i] += x[i]\n")
'for i in range(n):\n    y[i] += x[i]\n'
"""

from __future__ import annotations

import re
from textwrap import dedent

FENCE = re.compile(r"[ \t]*(?:```|~~~)[^\n`]*(?:\n|$)")
"""A line of Markdown that begins code, or ends it."""
PROMPT = re.compile(r"^[ \t]*(?:>>>|In ?\[\d*\]:|\.\.\.:?)(?: |$)", re.MULTILINE)
"""What a console writes before what is typed."""
TYPED = re.compile(r"\s*(?:>>>|In ?\[\d*\]:)(?: |$)")
ODD = str.maketrans({"\u00a0": " ", "\ufeff": None, "\u200b": None})
"""Spaces of web pages, and marks at the start of files."""


def unwrapped(text: str) -> str:
    r"""Return a text without what its way here put around it: a fence, prompts, indentation that all of it has.

    >>> unwrapped("```python\nA @ B\n```"), unwrapped("    for i in x:\n        s += i"), unwrapped("ij,jk->ik")
    ('A @ B\n', 'for i in x:\n    s += i', 'ij,jk->ik')
    >>> unwrapped("In [3]: A @ B\nOut[3]: 2.0")
    'A @ B\n'
    """
    text = text.translate(ODD) if "\u00a0" in text or "\ufeff" in text or "\u200b" in text else text
    if text.lstrip()[:3] in ("```", "~~~"):
        text = FENCE.sub("", text)
    if TYPED.match(text):
        typed = [line for line in text.splitlines(keepends=True) if PROMPT.match(line)]  # the others are answers
        text = PROMPT.sub("", "".join(typed))
    return dedent(text) if text[:1] in " \t\n" else text
