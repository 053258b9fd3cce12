"""The jinja2 environment of a target: strict, cached, and sandboxed where the templates are the user's."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ..core.dtypes import DTYPES
from .target import Target

if TYPE_CHECKING:
    from jinja2 import Environment


def environment(target: Target) -> Environment:
    """Return the environment in which the target's templates are looked up and rendered."""
    return _environment(target.roots, True) if target.foreign else _built_in(target.roots)


@lru_cache(maxsize=1)
def _built_in(roots: tuple[str, ...]) -> Environment:
    return _environment(roots, False)


def _environment(roots: tuple[str, ...], foreign: bool) -> Environment:
    from jinja2 import Environment, StrictUndefined

    from .bytecode import TemplateCache
    from .loader import BuiltInLoader, ForeignLoader

    kind = Environment
    if foreign:
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        kind = ImmutableSandboxedEnvironment
    env = kind(
        loader=ForeignLoader(roots, encoding="utf-8-sig") if foreign else BuiltInLoader(roots),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        bytecode_cache=None if foreign else TemplateCache(roots[-1]),
    )
    env.filters["quote"] = quote
    env.filters["grouped"] = grouped
    env.filters["facts"] = DTYPES.__getitem__
    return env


def quote(text: str) -> str:
    """Return `text` as a Python string literal, in double quotes where that needs no escape.

    >>> print(quote("ij->i"), quote('say "hi"'))
    "ij->i" 'say "hi"'
    """
    literal = repr(text)
    return f'"{literal[1:-1]}"' if literal[0] == "'" and '"' not in text else literal


def grouped(value: object) -> str:
    """Return a number with commas between its thousands; anything else as it is.

    >>> grouped(1234567), grouped("I * J")
    ('1,234,567', 'I * J')
    """
    return f"{value:,}" if isinstance(value, int) else str(value)
