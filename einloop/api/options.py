"""The keywords that describe an emission, checked and as the Options they mean; how functions show that they take them.

What is checked and shown comes from the table in `core/options.py`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ..core.errors import OptionError, as_raised
from ..core.near import meant
from ..core.options import OptionRow, Options, rows, rows_of
from .values import READERS, check_type, flag, guarded

F = TypeVar("F", bound=Callable[..., object])
KINDS: Mapping[str, type] = {"str": str, "int": int, "float": float}
"""What an option whose type has this name takes, where it is no flag."""


def takes(keywords: type) -> Callable[[F], F]:
    """Return a decorator of a function whose `**options` are a class of keywords: it shows every one of them.

    >>> from einloop.core.options import DiffOptions
    >>> @takes(DiffOptions)
    ... def example(expression, **options):
    ...     return options_from(example, options)
    >>> inspect.signature(example).parameters["sizes"].default is None
    True
    >>> example("ij->i", sizes={"i": 2}).sizes
    {'i': 2}
    """

    def shown(function: F) -> F:
        signature = inspect.signature(function)
        *own, _ = signature.parameters.values()
        taken = [
            inspect.Parameter(
                row.keyword,
                inspect.Parameter.KEYWORD_ONLY,
                default=None if _type(keywords, row).endswith("| None") else row.default,
                annotation=_type(keywords, row),
            )
            for row in rows_of(keywords)
        ]
        vars(function)["__signature__"] = signature.replace(parameters=[*own, *taken])
        return function

    return shown


@guarded
def options_from(function: Callable[..., object], given: Mapping[str, Any], **more: Any) -> Options:
    """Return the Options that the keywords of a function mean, with `more` of them.

    Raises OptionError (EL469, a TypeError too) for a keyword that the function does not have, and for values of a wrong
    type.
    """
    known = inspect.signature(function).parameters
    for keyword in given:
        if keyword not in known:
            message = f"{function.__name__}() got an unexpected keyword argument {keyword!r}"
            raise as_raised(OptionError("EL469", message, hint=meant(keyword, known)), TypeError())
    found = {
        row.name: _read(row, given[row.keyword])
        for row in rows()
        if row.keyword in given and (given[row.keyword] is not None or known[row.keyword].default is not None)
    }
    return Options(**found, **more)


def _type(keywords: type, row: OptionRow) -> str:
    """Return the type of a keyword as its class declares it."""
    declared: str = keywords.__annotations__[row.keyword].__forward_arg__
    return declared


def _read(row: OptionRow, value: Any) -> Any:
    """Return what the value of a keyword means. Raises OptionError."""
    if row.keyword in READERS:
        return READERS[row.keyword](value)
    if row.type == "bool":
        return flag(row.keyword, value)
    kind = KINDS[row.type.removesuffix(" | None")]
    check_type(row.keyword, value, kind)
    return str.__str__(value) if kind is str else value  # a subclass may say something else of itself
