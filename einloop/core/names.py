"""Names for generated code: one for every operand, index, extent and local, none clashing. Pure, deterministic."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count
from string import ascii_lowercase

from .errors import OptionError
from .frozen import dataclass
from .spec import DOTS, Dots, Operand, Spec

WORDS = frozenset(keyword.kwlist) | frozenset(dir(builtins)) | {"_"}
"""What Python needs for itself, and the name of what is not needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names of one emission: one per operand, the result's, and by label each index's and its extent's."""

    operands: tuple[str, ...]
    result: str
    index: Mapping[str, str]
    extent: Mapping[str, str]
    taken: frozenset[str]

    @property
    def inputs(self) -> tuple[str, ...]:
        """The distinct operand names: one array given twice is one input."""
        return tuple(dict.fromkeys(self.operands))

    def shown(self, label: str) -> str:
        """Return how an index is called; the axes of an ellipsis of unknown rank are `...`."""
        return DOTS if label == DOTS else self.index[label]

    def with_literal_extents(self, spec: Spec) -> Names:
        """Return the same names with extents that are known as numbers in place of their names."""
        known = {x.label: str(x.extent) for x in spec.indices if isinstance(x.extent, int)}
        return replace(self, extent={**self.extent, **known})

    def local(self, wanted: str) -> str:
        """Return `wanted`, or the nearest name that clashes with no other."""
        return fresh(wanted, self.taken)


def fresh(wanted: str, taken: Iterable[str]) -> str:
    """Return `wanted` with as many underscores after it as it takes to be free.

    >>> fresh("total", {"total", "total_"})
    'total__'
    """
    while wanted in taken:
        wanted += "_"
    return wanted


def numbered(wanted: str, taken: Iterable[str]) -> str:
    """Return `wanted` with the first number after it that makes it free.

    >>> numbered("x", {"x1", "x2"})
    'x3'
    """
    used = set(taken)
    return next(name for name in (f"{wanted}{number}" for number in count(1)) if name not in used)


def identifier(text: str) -> str:
    """Return an identifier that resembles `text`, or '' where nothing resembles one.

    >>> identifier("self.q"), identifier("x[0].T"), identifier("2.5"), identifier("batch size")
    ('self_q', 'x_0_T', '', 'batch_size')
    """
    name = normal(re.sub(r"\W+", "_", text).strip("_"))
    return name if name.isidentifier() else ""


def normal(name: str) -> str:
    """Return `name` as Python's parser reads it: letters that only look different are one (PEP 3131)."""
    if name.isascii():
        return name
    from unicodedata import normalize

    return normalize("NFKC", name)


def check_name(name: str, what: str) -> str:
    """Return `name` as Python reads it; raise OptionError where it cannot be a variable."""
    name = normal(name)
    if not name.isidentifier() or keyword.iskeyword(name):
        hint = "it is a word of Python's own" if keyword.iskeyword(name) else "letters, digits and _"
        raise OptionError("EL401", f"{what} {name!r} is not a name Python can use", hint=hint)
    return name


def choose_names(spec: Spec, reserved: Iterable[str] = ()) -> Names:
    """Return names for everything in `spec`, in this precedence: the user's operand and result names, index
    labels, operand names that came with shapes or arrays, default operands, default result, extents.

    `reserved` are words the target's code needs for itself. Two operands with the same user's name are one array. In
    loops for a pasted call no name is one of its text, except those of arguments and of the target themselves.

    >>> from einloop.core.build import Term, build_spec
    >>> from einloop.core.source import Notation, Source
    >>> term = Term(labels=("a", "b"), spans=(None, None))
    >>> names = choose_names(build_spec(Source(text="ab->ba", notation=Notation.SUBSCRIPTS), [term], None))
    >>> names.operands, names.result, names.index["a"], names.extent["a"]
    (('A',), 'C', 'a', 'n_a')
    """
    pool = _Pool(reserved, spec.site.words if spec.site else ())
    named = _operand_names(spec, pool)
    result = (
        pool.take(spec.result, own=spec.site is not None and spec.result == spec.site.target) if spec.result else None
    )
    index = _index_names(spec, pool)
    yielding = dict.fromkeys(op.name for op in spec.operands if op.name and op.yields)
    unwanted = {*yielding, *(index.extent for index in spec.indices if isinstance(index.extent, str))}
    named |= {name: pool.take_turned(name, unwanted) for name in yielding}
    pool.letters.update(name.lower() for name in (*named.values(), result or ""))
    alphabet = _alphabet("a")
    operands = tuple(
        named[op.name] if op.name else pool.take_letter(alphabet, capital=len(op.labels) > 1 or op.dots is not None)
        for op in spec.operands
    )
    if result is None:
        result = pool.take_letter(_alphabet("c"), capital=len(spec.output) > 1 or DOTS in spec.output)
    extent = _extent_names(spec, index, pool)
    taken = frozenset(pool.taken | pool.reserved | pool.words)
    names = Names(operands=operands, result=result, index=index, extent=extent, taken=taken)
    _check_one_array_one_rank(spec, names)
    return names


class _Pool:
    """The names that are still free, while names are being chosen."""

    def __init__(self, reserved: Iterable[str], words: Iterable[str]) -> None:
        self.reserved = frozenset(reserved)
        self.words = frozenset(words)
        """Names of the text around a pasted call."""
        self.taken: set[str] = set()
        self.letters: set[str] = set()
        """Lower-case letters that operands and result have in either case: `C` beside `c` would confuse."""

    def is_word(self, name: str) -> bool:
        """Return whether the language or the templates need `name` for themselves."""
        return name in WORDS or name in self.reserved

    def is_free(self, name: str, *, own: bool = False) -> bool:
        """Return whether `name` can be taken; one of the text's words by its `own`er only."""
        return name not in self.taken and not self.is_word(name) and (own or name not in self.words)

    def take(self, wanted: str, *, own: bool = False) -> str:
        """Take `wanted` or the nearest name that is free."""
        while not self.is_free(wanted, own=own):
            wanted, own = f"{wanted}_", False
        self.taken.add(wanted)
        return wanted

    def take_turned(self, wanted: str, unwanted: Iterable[str]) -> str:
        """Take `wanted`; where that is taken the same in capitals, or in small letters, unless it is unwanted."""
        turned = wanted.upper() if wanted != wanted.upper() else wanted.lower()
        free = wanted in self.taken and turned not in unwanted and self.is_free(turned)
        return self.take(turned if free else wanted)

    def take_letter(self, alphabet: Iterator[str], *, capital: bool) -> str:
        """Take the next letter of the alphabet that is free."""
        for letter in alphabet:
            name = letter.upper() if capital else letter
            if letter not in self.letters and self.is_free(name):
                self.letters.add(letter)
                self.taken.add(name)
                return name
        raise AssertionError("the alphabet never ends")


def _operand_names(spec: Spec, pool: _Pool) -> dict[str, str]:
    """Return the name in the loops by the user's name, but of those that yield: what can stay as it is comes first."""
    arguments = spec.site.arguments if spec.site else ()
    held = {
        argument.text
        for argument, op in zip(arguments, spec.operands, strict=False)
        if argument is not None and argument.plain and argument.text == op.name
    }
    wanted = dict.fromkeys(op.name for op in spec.operands if op.name and not op.yields)
    kept = [name for name in wanted if pool.is_free(name, own=name in held)]
    named = {name: pool.take(name, own=name in held) for name in kept}
    return {name: named[name] if name in named else pool.take(name) for name in wanted}


def _alphabet(first: str) -> Iterator[str]:
    """Yield first..z, a.., then a1..z1, a2..z2 and so on."""
    start = ascii_lowercase.index(first)
    yield from ascii_lowercase[start:] + ascii_lowercase[:start]
    for round_ in count(1):
        yield from (f"{letter}{round_}" for letter in ascii_lowercase)


def _index_names(spec: Spec, pool: _Pool) -> dict[str, str]:
    """Return the labels themselves where they are free; axes of an ellipsis give way to labels."""
    names = {index.label: pool.take(index.label) for index in spec.indices if not index.covered}
    for index in spec.indices:
        if index.covered:
            wanted = "at" if index.label == DOTS else f"e{index.label.removeprefix(DOTS)}"
            names[index.label] = pool.take(wanted)
    return names


def _extent_names(spec: Spec, names: Mapping[str, str], pool: _Pool) -> dict[str, str]:
    """Return the user's name of each extent, else the index in capitals; where one such capital would clash,
    all of them are `n_` and the index."""
    symbols = {index.label: index.extent for index in spec.indices if isinstance(index.extent, str)}
    taken = {symbol: pool.take(symbol) for symbol in dict.fromkeys(symbols.values())}
    derived = [(index.label, names[index.label]) for index in spec.indices if index.label not in symbols]
    capitals = [name.upper() for label, name in derived if label != DOTS]
    clash = len(set(capitals)) < len(capitals) or not all(map(pool.is_free, capitals))
    chosen = {label: taken[symbol] for label, symbol in symbols.items()}
    for label, name in derived:
        chosen[label] = pool.take("batch" if label == DOTS else f"n_{name}" if clash else name.upper())
    return chosen


def _check_one_array_one_rank(spec: Spec, names: Names) -> None:
    """Refuse one name for operands that cannot be the same array."""
    ranks: dict[str, tuple[int, int]] = {}
    for number, (name, op) in enumerate(zip(names.operands, spec.operands, strict=True)):
        if op.dots is None or spec.dots is Dots.EMPTY:
            earlier, rank = ranks.setdefault(name, (number, _named_axes(op)))
            if rank != _named_axes(op):
                _refuse_ranks(name, earlier, rank, number, f"{_named_axes(op)}")
    for number, (name, op) in enumerate(zip(names.operands, spec.operands, strict=True)):
        earlier, rank = ranks.get(name, (number, _named_axes(op)))
        if rank < _named_axes(op):
            _refuse_ranks(name, earlier, rank, number, f"at least {_named_axes(op)}")


def _named_axes(operand: Operand) -> int:
    return sum(label != DOTS for label in operand.labels)


def _refuse_ranks(name: str, earlier: int, rank: int, number: int, other: str) -> None:
    raise OptionError(
        "EL403",
        f"{name!r} stands for operand {earlier} with {rank} axes and for operand {number} with {other}: "
        "one array cannot have both",
        operand=number,
        hint="give the operands different names",
    )
