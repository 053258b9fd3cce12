"""Everything a person can ask of an emission: a row an option. And which operand each part of it is for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, fields
from functools import cache
from os import PathLike
from typing import Any, TypedDict, TypeVar

from .bind import Shape
from .errors import OptionError, displayed, with_article
from .frozen import dataclass
from .generated import Form, form_of
from .machine import COMMON, Machine
from .names import choose_names
from .near import meant
from .source import Notation
from .spec import Extent, Spec

T = TypeVar("T")

MAX_SEED = 2**128
"""What a seed is below: the width of numpy's own entropy."""

MAX_THREADS = 1024
"""Threads that are started at most: more than nearly all machines have processors."""

NOTATIONS = tuple(notation.value for notation in Notation if notation.traits.text)
"""The names of the notations that a text can be written in."""

Per = tuple[tuple[str | None, T], ...]
"""Values for operands: each with the name of its operand, or None for the next one in order."""
Shapes = Sequence[Any] | Mapping[str, Any]
Dtypes = str | Sequence[str | None] | Mapping[str, str]
Arrays = Mapping[str, Any] | Sequence[Any]
"""How Python callers give shapes, dtypes and arrays: in order, or by the names of operands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedArray:
    """An array that a person gave: its shape, its dtype (as numpy writes it), its file if it has one, and itself."""

    shape: tuple[int, ...]
    dtype: str
    path: str | None = None
    array: Any = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionRow:
    """An option as both faces see it: the field of Options, its type as written there, the keyword, and the flags.

    `many`: the flag may be given again. `help` may say `{default}`, and ask a table for names: `{styles}`.
    """

    name: str
    type: str
    default: Any
    keyword: str
    flags: tuple[str, ...]
    help: str
    metavar: str | None
    many: bool


def option(
    default: Any, *flags: str, help: str, metavar: str | None = None, many: bool = False, keyword: str | None = None
) -> Any:
    """Return a field of Options that people give: its default (or what makes one), and the rest of its OptionRow."""
    row = {"flags": flags, "help": help, "metavar": metavar, "many": many, "keyword": keyword}
    return field(default_factory=default, metadata=row) if callable(default) else field(default=default, metadata=row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to emit, and what is known of the operands.

    A field made by `option` is given as a flag and as a keyword; the keyword is declared below, in the first of the
    classes of keywords whose functions take it. The other fields are for einloop itself. `strides`: for each operand
    how many elements one step along each axis moves on, None where it is contiguous (none given: all are). `machine`
    is what a compiled text is made for. `file` is where the text is going to be, if it is known. `expect`: the axes
    that the result should have.
    """

    notation: Notation | None = option(
        None,
        "--notation",
        metavar=f"{{{','.join(NOTATIONS)}}}",
        help="how EXPR is written; needed for named axes",
    )
    add: bool = option(False, "--add", help="let a formula with += or -= add to what its result holds, not to zeros")
    shapes: Per[Shape] = option(
        (),
        "-s",
        "--shape",
        "--shapes",
        many=True,
        metavar="2x3",
        help="the next operand's shape (2x3, B,L,H or ()), or A=2x3",
    )
    sizes: Mapping[str, Extent] = option(dict, "--sizes", many=True, metavar="i=2,j=3", help="extents by index")
    loaded: Per[LoadedArray] = option(
        (), "--load", keyword="load", many=True, metavar="A=a.npy", help="shape, dtype and values of a real array"
    )
    dtypes: Per[str] = option(
        (), "--dtype", "--dtypes", many=True, metavar="float32", help="the dtype of all operands, or A=int8"
    )
    names: tuple[str | None, ...] = option((), "--names", metavar="A,B", help="names of the operands")
    result: str | None = option(None, "--result", metavar="C", help="name of the result")
    style: str = option("article", "--style", metavar="NAME", help="style of the loops: {styles} (default: {default})")
    order: str | None = option(None, "--order", metavar="ORDER", help="order of the loops: {orders}, or like i,k,j")
    schedule: tuple[str, ...] = option(
        (),
        "--schedule",
        many=True,
        metavar="PASSES",
        help="passes that transform the loops, like 'order(i,k,j) tile(i,32) accumulate'",
    )
    path: str | None = option(
        None, "--path", metavar="PATH", help="contract two operands at a time: {paths}, or places like (0,1),(0,1)"
    )
    function: str | None = option(
        None, "--function", metavar="NAME", help="wrap the loops in a function that rejects inputs it cannot handle"
    )
    script: bool = option(False, "--script", help="a whole program that compares itself with np.einsum")
    extension: bool = option(False, "--extension", help="a Python module in C, which checks its arrays (--target c)")
    comments: bool = option(False, "--comments", help="say above each line what it does")
    checks: bool = option(False, "--checks", help="let a snippet reject inputs it cannot handle")
    target: str = option(
        "python", "--target", metavar="NAME", help="the language: {targets} (default: {default}, or by FILE's name)"
    )
    templates: str | None = option(
        None, "--templates", metavar="DIR", help="a folder of your own templates; it is code, like a Makefile"
    )
    header: bool = option(False, "--header", help="the .h that declares the function; with -o, next to FILE")
    strides: tuple[tuple[int, ...] | None, ...] = ()
    machine: Machine = COMMON
    threads: int = 1
    file: str | None = None
    expect: tuple[int | str, ...] | None = None

    @property
    def form(self) -> Form:
        """What surrounds the loops. Raises OptionError where two forms are asked for."""
        return form_of(script=self.script, extension=self.extension, function=self.function)


class LiftOptions(TypedDict, total=False):
    """The keywords of `lift`."""

    notation: str | None
    shapes: Shapes | None
    load: Arrays | None


class CompileOptions(TypedDict, total=False):
    """Keywords of `compile`, and of all functions below. Each class adds those of further functions."""

    notation: str | None
    add: bool
    shapes: Shapes | None
    sizes: Mapping[str, int | str] | None
    names: Sequence[str | None] | None


class DiffOptions(CompileOptions, total=False):
    """The keywords of `diff` and `equivalent`."""

    load: Arrays | None


class FindOptions(TypedDict, total=False):
    """The keywords of `find`, which takes no expression."""

    shapes: Shapes | None
    load: Arrays | None
    names: Sequence[str | None] | None


class BenchOptions(DiffOptions, total=False):
    """The keywords of `bench`."""

    dtypes: Dtypes | None


class CheckOptions(BenchOptions, total=False):
    """The keywords of `check` and `why`."""

    result: str | None


class DrawOptions(DiffOptions, total=False):
    """The keywords of `draw`."""

    result: str | None
    path: str | Sequence[Any] | None


class TraceOptions(CheckOptions, total=False):
    """The keywords of `trace`."""

    style: str
    order: str | None
    schedule: str | Sequence[str]
    path: str | Sequence[Any] | None
    comments: bool


class ExplainOptions(CheckOptions, total=False):
    """The keywords of `explain`."""

    style: str


class StagesOptions(ExplainOptions, total=False):
    """The keywords of `stages`, and of the command `verify`."""

    order: str | None
    schedule: str | Sequence[str]
    path: str | Sequence[Any] | None
    function: str | None
    script: bool
    extension: bool
    comments: bool
    checks: bool
    target: str
    templates: str | PathLike[str] | None


class GenerateOptions(StagesOptions, total=False):
    """The keywords of `generate` and `verify`: all."""

    header: bool


@cache
def rows() -> tuple[OptionRow, ...]:
    """Return the table of the options, in the order in which a help shows them."""
    return tuple(
        OptionRow(
            **{**one.metadata, "keyword": one.metadata["keyword"] or one.name},
            name=one.name,
            type=str(one.type),
            default=one.default,
        )
        for one in fields(Options)
        if one.metadata
    )


def rows_of(taken: type) -> tuple[OptionRow, ...]:
    """Return the rows of a class of keywords.

    >>> [row.keyword for row in rows_of(ExplainOptions) if row not in rows_of(DiffOptions)]
    ['dtypes', 'result', 'style']
    """
    return tuple(row for row in rows() if row.keyword in taken.__annotations__)


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


def check_threads(threads: int) -> int:
    """Return `threads`; raise OptionError unless it is a number of threads that can be started."""
    if isinstance(threads, bool) or not 1 <= threads <= MAX_THREADS:
        raise OptionError("EL479", f"threads={displayed(threads)}", hint=f"a number from 1 to {MAX_THREADS}")
    return threads


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
