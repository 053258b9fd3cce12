"""Text of a person as a terminal may show it: what steers one, or cannot be seen, stands there as an escape."""

from __future__ import annotations

import re

UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
"""Characters that Unicode calls ignorable by default and Python calls printable: nothing shows where they stand."""

WIDE = frozenset("WF")
NO_WIDTH = frozenset({"Mn", "Me"})


def visible(text: str, keep: str = "\n") -> str:
    """Return a text in which every character can be seen: controls and what has no width stand as escapes.

    `keep`: the controls that stay.

    >>> visible("a\\x1b[31mb\\u202ec\\u200bd\\n"), visible("one\\nline", keep="")
    ('a\\\\x1b[31mb\\\\u202ec\\\\u200bd\\n', 'one\\\\nline')
    """
    if text.isprintable() and (text.isascii() or UNSEEN.search(text) is None):
        return text
    return "".join(one if one in keep or shows(one) else escaped(one) for one in text)


def unseen(character: str) -> bool:
    """Return whether a character that counts as printable shows nothing where it stands."""
    return UNSEEN.match(character) is not None


def shows(character: str) -> bool:
    """Return whether a character is seen where it stands."""
    return character.isprintable() and not unseen(character)


def escaped(character: str) -> str:
    """Return a character as Python writes it in a string of ASCII alone.

    >>> escaped("\\x9b"), escaped("\\udc80"), escaped("\\r")
    ('\\\\x9b', '\\\\udc80', '\\\\r')
    """
    return character.encode("unicode_escape").decode("ascii")


def escaped_json(text: str) -> str:
    """Return JSON that says the same, in which every character of its strings can be seen.

    >>> escaped_json('"\\x7f\\u202e\\U000e0001"')
    '"\\\\u007f\\\\u202e\\\\udb40\\\\udc01"'
    """
    if text.isprintable() and (text.isascii() or UNSEEN.search(text) is None):
        return text
    return "".join(one if one == "\n" or shows(one) else _json_escape(one) for one in text)


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


def columns(text: str) -> int:
    """Return how many columns a text takes on a terminal.

    >>> columns("A[i]"), columns("添字"), columns("e\\u0301")
    (4, 4, 1)
    """
    return len(text) if text.isascii() else sum(map(width, text))


def width(character: str) -> int:
    """Return how many columns a character takes: 2 for wide ones, 0 for what stands over another."""
    from unicodedata import category, east_asian_width  # a plain start, which is ASCII, loads no tables

    return 2 if east_asian_width(character) in WIDE else 0 if category(character) in NO_WIDTH else 1
