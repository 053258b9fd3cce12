"""Names for generated code: one for every operand, index, extent and local, none of them clashing. Pure and deterministic."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from string import ascii_lowercase

from .errors import OptionError
from .spec import DOTS, Dots, Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names of one emission. `indices` and `extents` are aligned with `Spec.indices`."""

    operands: tuple[str, ...]
    result: str
    indices: tuple[str, ...]
    extents: tuple[str, ...]
    taken: frozenset[str]

    @property
    def inputs(self) -> tuple[str, ...]:
        """The distinct operand names: one array given twice is one input."""
        return tuple(dict.fromkeys(self.operands))

    def local(self, wanted: str) -> str:
        """Return `wanted`, or the nearest name that clashes with no other."""
        return fresh(wanted, self.taken)


def fresh(wanted: str, taken: Iterable[str]) -> str:
    """Return `wanted` with as many underscores behind it as it takes to be free.

    >>> fresh("total", {"total", "total_"})
    'total__'
    """
    while wanted in taken:
        wanted += "_"
    return wanted


def identifier(text: str) -> str:
    """Return an identifier that resembles `text`, or '' where nothing resembles one.

    >>> identifier("self.q"), identifier("x[0].T"), identifier("2.5"), identifier("batch size")
    ('self_q', 'x_0_T', '', 'batch_size')
    """
    name = re.sub(r"\W+", "_", text).strip("_")
    return name if name.isidentifier() else ""


def check_name(name: str, what: str) -> str:
    """Return `name`; raise OptionError where Python cannot use it as a variable."""
    if not name.isidentifier() or keyword.iskeyword(name):
        raise OptionError("EL401", f"{what} {name!r} is not a name Python can use", hint="letters, digits and _")
    return name


def choose_names(spec: Spec, reserved: Iterable[str] = ()) -> Names:
    """Return names for everything in `spec`, in this precedence: the user's operand and result names, index
    labels, default operands, default result, extents.

    `reserved` are words the target's code needs for itself. Two operands with the same user's name are one array.

    >>> from einloop.core.build import Term, build_spec
    >>> from einloop.core.source import Notation, Source
    >>> term = Term(labels=("a", "b"), spans=(None, None))
    >>> names = choose_names(build_spec(Source(text="ab->ba", notation=Notation.SUBSCRIPTS), [term], None))
    >>> names.operands, names.result, names.indices, names.extents
    (('A',), 'C', ('a', 'b'), ('n_a', 'n_b'))
    """
    forbidden = frozenset(reserved)
    taken: set[str] = set()
    named = [op.name and _usable(op.name, forbidden) for op in spec.operands]
    taken.update(name for name in named if name)
    result = spec.result and fresh(_usable(spec.result, forbidden), taken)
    if result:
        taken.add(result)
    indices = _index_names(spec, forbidden, taken)
    letters = _letters()
    used = {name.lower() for name in named if name} | ({result.lower()} if result else set())
    operands = []
    for name, op in zip(named, spec.operands, strict=True):
        if not name:
            name = _next_letter(letters, len(op.labels), op.dots is not None, forbidden, taken, used)
            used.add(name.lower())
        operands.append(name)
    if not result:
        rank, dots = len(spec.output), DOTS in spec.output
        result = _next_letter(_letters("c"), rank, dots, forbidden, taken, used)
    extents = _extent_names(spec, indices, forbidden, taken)
    names = Names(
        operands=tuple(operands), result=result, indices=indices, extents=extents, taken=frozenset(taken | forbidden)
    )
    _check_one_array_one_rank(spec, names)
    return names


def _usable(name: str, forbidden: frozenset[str]) -> str:
    while name in forbidden or keyword.iskeyword(name) or hasattr(builtins, name):
        name += "_"
    return name


def _index_names(spec: Spec, forbidden: frozenset[str], taken: set[str]) -> tuple[str, ...]:
    names: dict[str, str] = {}
    for index in spec.indices:
        if not index.covered:
            names[index.label] = fresh(_usable(index.label, forbidden), taken)
            taken.add(names[index.label])
    for index in spec.indices:
        if index.covered:
            wanted = "at" if index.label == DOTS else f"e{index.label.removeprefix(DOTS)}"
            names[index.label] = fresh(wanted, taken)
            taken.add(names[index.label])
    return tuple(names[index.label] for index in spec.indices)


def _letters(first: str = "a") -> Iterator[str]:
    """Yield first..z, a.., then a1..z1, a2..z2 and so on."""
    start = ascii_lowercase.index(first)
    yield from ascii_lowercase[start:] + ascii_lowercase[:start]
    round_ = 0
    while True:
        round_ += 1
        yield from (f"{letter}{round_}" for letter in ascii_lowercase)


def _next_letter(
    letters: Iterator[str], rank: int, dots: bool, forbidden: frozenset[str], taken: set[str], used: set[str]
) -> str:
    """Return the next free letter, a capital for two axes or more; no letter serves twice in either case."""
    for letter in letters:
        name = letter.upper() if rank > 1 or dots else letter
        if name not in taken and name not in forbidden and letter not in used:
            taken.add(name)
            return name
    raise AssertionError("the letters never end")


def _extent_names(spec: Spec, indices: tuple[str, ...], forbidden: frozenset[str], taken: set[str]) -> tuple[str, ...]:
    """Return the capital of every index, or `n_` and the index for all where one capital would clash."""
    symbols = [index.extent if isinstance(index.extent, str) else None for index in spec.indices]
    wanted = [
        symbol or ("batch" if index.label == DOTS else name.upper())
        for symbol, index, name in zip(symbols, spec.indices, indices, strict=True)
    ]
    distinct = {(name, symbol or label.label) for name, symbol, label in zip(wanted, symbols, spec.indices, strict=True)}
    derived = [name for name, symbol in zip(wanted, symbols, strict=True) if symbol is None]
    clash = len({name for name, _ in distinct}) < len(distinct) or any(
        name in taken or name != _usable(name, forbidden) for name in derived
    )
    if clash:
        wanted = [
            symbol or ("batch" if index.label == DOTS else f"n_{name}")
            for symbol, index, name in zip(symbols, spec.indices, indices, strict=True)
        ]
    chosen: dict[tuple[str, str], str] = {}
    for name, symbol, index in zip(wanted, symbols, spec.indices, strict=True):
        key = (name, symbol or index.label)
        if key not in chosen:
            chosen[key] = fresh(_usable(name, forbidden), taken)
            taken.add(chosen[key])
    return tuple(
        chosen[name, symbol or index.label] for name, symbol, index in zip(wanted, symbols, spec.indices, strict=True)
    )


def _check_one_array_one_rank(spec: Spec, names: Names) -> None:
    """Refuse one name for operands that cannot be the same array."""
    ranks: dict[str, tuple[int, int]] = {}
    if spec.dots is not Dots.ABSENT:
        return
    for number, (name, op) in enumerate(zip(names.operands, spec.operands, strict=True)):
        earlier, rank = ranks.setdefault(name, (number, len(op.labels)))
        if rank != len(op.labels):
            raise OptionError(
                "EL403",
                f"{name!r} stands for operand {earlier} with {rank} axes and for operand {number} with {len(op.labels)}: "
                "one array cannot have both",
                operand=number,
                hint="give the operands different names",
            )
