"""Everything a person can ask of an emission, and which operand each part of it is for. Reads no text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any, TypeVar

from .bind import Shape
from .errors import OptionError, displayed, with_article
from .frozen import dataclass
from .generated import Form
from .machine import COMMON, Machine
from .names import choose_names
from .near import meant
from .source import Notation
from .spec import Extent, Spec

T = TypeVar("T")

MAX_SEED = 2**128
"""What a seed is below: the width of numpy's own entropy."""

NOTATIONS = tuple(notation.value for notation in Notation if notation.traits.text)
"""The names of the notations that a text can be written in."""

Per = tuple[tuple[str | None, T], ...]
"""Values for operands: each with the name of its operand, or None for the next one in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedArray:
    """An array a person gave: shape, dtype (as numpy writes it), the array itself, and its file if it has one."""

    shape: tuple[int, ...]
    dtype: str
    path: str | None = None
    array: Any = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to emit, and what is known of the operands.

    `strides`: for each operand how many elements one step along each axis moves on, None where it is contiguous (none
    given: all are). `machine` is what a compiled text is made for. `file` is where the text is going to be, if it is
    known; `header`: the file that declares its function is wanted too. `expect`: the axes that the result should have.
    """

    notation: Notation | None = None
    shapes: Per[Shape] = ()
    sizes: Mapping[str, Extent] = field(default_factory=dict)
    dtypes: Per[str] = ()
    loaded: Per[LoadedArray] = ()
    strides: tuple[tuple[int, ...] | None, ...] = ()
    names: tuple[str | None, ...] = ()
    result: str | None = None
    target: str = "python"
    style: str = "article"
    order: str | None = None
    path: str | None = None
    schedule: tuple[str, ...] = ()
    form: Form = Form.SNIPPET
    function: str | None = None
    comments: bool = False
    checks: bool = False
    templates: str | None = None
    machine: Machine = COMMON
    threads: int = 1
    file: str | None = None
    header: bool = False
    expect: tuple[int | str, ...] | None = None


def per_operand(spec: Spec, given: Per[T], what: str, reserved: Iterable[str] = ()) -> tuple[T | None, ...]:
    """Return `given` with one entry per operand of `spec`, None where nothing was given.

    Operands are called by the name they have in the loops, or by the user's own; `reserved` are the words that no
    name in the loops may be. Two operands of one name share a value. Raises
    OptionError for a name that no operand has, for too many values, and for two values for one operand.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> per_operand(read_subscripts("ij,jk->ik"), (("B", (3, 4)), (None, (2, 3))), "shape")
    ((2, 3), (3, 4))
    """
    if not given:
        return (None,) * len(spec.operands)
    names = choose_names(spec, reserved).operands
    values: list[T | None] = [None] * len(names)
    for name in dict.fromkeys(name for name, _ in given if name is not None):
        _place(values, _named(spec, names, name, what), [one for other, one in given if other == name], names, what)
    free = [place for place, value in enumerate(values) if value is None]
    unnamed = [value for name, value in given if name is None]
    if len(unnamed) > len(free):
        raise OptionError(
            "EL404",
            f"{len(given)} {what}s given for {len(names)} operand{'s' * (len(names) > 1)} ({', '.join(names)})",
            hint=_comma_hint(spec) if len(names) == 1 else None,
        )
    for place, value in zip(free, unnamed, strict=False):
        values[place] = value
    return tuple(values)


def find_notation(name: str | None) -> Notation | None:
    """Return the notation of a name, None for none. Raises OptionError where there is no such notation.

    >>> find_notation("named")
    <Notation.NAMED: 'named'>
    """
    if name is None:
        return None
    found = next((notation for notation in Notation if notation.value == name), None)
    if found is None:
        raise OptionError("EL469", f"there is no notation {name!r}", hint=meant(name, NOTATIONS))
    return found


def check_seed(seed: int) -> int:
    """Return `seed`; raise OptionError unless it is a number from 0 that 128 bits hold."""
    if not 0 <= seed < MAX_SEED:
        raise OptionError("EL413", f"seed {displayed(seed)}: a seed is a number from 0" + " below 2**128" * (seed > 0))
    return seed


def _comma_hint(spec: Spec) -> str:
    """Return that commas separate terms, and the expression with one where a blank stands for it."""
    from .build import terms_at_blanks

    hint = "einsum terms are separated by commas"
    split = terms_at_blanks(spec)
    if split is None:
        return hint
    terms = ",".join("".join(part) for parts in split for part in parts)
    return f"{hint}: '{terms}->{spec.term(spec.output)}'"


def _named(spec: Spec, names: tuple[str, ...], name: str, what: str) -> list[int]:
    places = [place for place, op in enumerate(spec.operands) if op.name == name]
    places = places or [place for place, operand in enumerate(names) if operand == name]
    if not places:
        hint = meant(name, names, "") or None
        raise OptionError(
            "EL404", f"{with_article(what)} for {name!r}, but the operands are {', '.join(names)}", hint=hint
        )
    return places


def _place(values: list[T | None], places: list[int], found: list[T], names: tuple[str, ...], what: str) -> None:
    """Put what was given for one name in its places: once for all, or once for each operand of the name.

    Shapes and dtypes have to be the same each time; of arrays the caller knows whether they are.
    """
    plain = isinstance(found[0], str | tuple)
    for number, place in enumerate(places):
        one = found[number % len(found)]
        if values[place] is not None or len(found) > len(places) or (plain and one != found[0]):
            raise OptionError("EL480", f"two {what}s for {names[place]}")
        values[place] = one
