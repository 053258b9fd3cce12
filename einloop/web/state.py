"""What a person typed and chose on the page, read from JSON: texts, each with a default. Means nothing yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from ..core.errors import OptionError, displayed, with_article
from ..core.frozen import dataclass
from ..core.source import MAX_SOURCE

MAX_TESTS = 50
MAX_ARRAYS = 63
"""Tests of one expression, and arrays that it is given."""
MAX_FIELD = 20_000
"""Characters of a field that is not the expression."""
LISTS = {"tests": MAX_TESTS, "arrays": MAX_ARRAYS}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedTest:
    """What a person says of the expression: for these shapes or values, this result. All are texts."""

    name: str = ""
    shapes: str = ""
    values: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """What the page asks with. `other` is the second expression of a comparison, `at` an element of the result.

    `arrays` are those in use: `A=KEY`, or `KEY` for the next operand; the answer to `file` says the key.
    """

    text: str = ""
    other: str = ""
    at: str = ""
    notation: str = ""
    shapes: str = ""
    dtype: str = ""
    target: str = "python"
    style: str = ""
    schedule: str = ""
    order: str = ""
    path: str = ""
    library: str = "numpy"
    kind: str = "cells"
    symbolic: bool = False
    lang: str = "en"
    tests: tuple[StatedTest, ...] = ()
    arrays: tuple[str, ...] = ()


DEFAULTS = PageState()


def read_state(given: object) -> PageState:
    """Return the state in a JSON value; what is left out or empty has its default. Raises OptionError.

    >>> state = read_state({"text": "ij->i", "target": "", "tests": [{"shapes": "2x3"}]})
    >>> state.text, state.target, state.tests[0].shapes
    ('ij->i', 'python', '2x3')
    """
    known = {one.name for one in fields(PageState)}
    table = _table(given, "the state", known)
    found: dict[str, Any] = {}
    for name, value in table.items():
        default = getattr(DEFAULTS, name)
        if name == "tests":
            found[name] = tuple(_test(one) for one in _list(value, name))
        elif name == "arrays":
            found[name] = tuple(_text(one, "an array") for one in _list(value, name))
        elif isinstance(default, bool):
            found[name] = _flag(value, name)
        else:
            found[name] = _text(value, name, MAX_SOURCE if name in ("text", "other") else MAX_FIELD) or default
    return PageState(**found)


def _test(given: object) -> StatedTest:
    known = {one.name for one in fields(StatedTest)}
    return StatedTest(
        **{name: _text(value, f"a test's {name}") for name, value in _table(given, "a test", known).items()}
    )


def _table(given: object, what: str, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise OptionError("EL470", f"{what} is {with_article(type(given).__name__)}, not an object")
    stray = next((name for name in given if name not in known), None)
    if stray is not None:
        raise OptionError("EL469", f"{what} has no {displayed(stray)}", hint=f"it has {', '.join(sorted(known))}")
    return given


def _list(given: object, what: str) -> list[Any]:
    if not isinstance(given, list):
        raise OptionError("EL470", f"{what} is {with_article(type(given).__name__)}, not a list")
    if len(given) > LISTS[what]:
        raise OptionError("EL418", f"{what} has more than {LISTS[what]} values")
    return given


def _flag(given: object, what: str) -> bool:
    if not isinstance(given, bool):
        raise OptionError("EL470", f"{what} is {with_article(type(given).__name__)}, not true or false")
    return given


def _text(given: object, what: str, most: int = MAX_FIELD) -> str:
    if not isinstance(given, str):
        raise OptionError("EL470", f"{what} is {with_article(type(given).__name__)}, not a text")
    if len(given) > most:
        raise OptionError("EL479", f"{what} has {len(given):,} characters", hint=f"at most {most:,} are read")
    return given
