"""Which operands of two expressions are the same array: by the user's names, else by position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from ...core.errors import OptionError
from ...core.names import choose_names, fresh
from ...core.spec import Spec


class By(Enum):
    """What tells which operand is which."""

    NAME = "name"
    POSITION = "position"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """The array that each operand of either expression is; one array has one name in both.

    `renamed`: operands matched by position that have another name in the second expression, (here, there).
    """

    by: By
    first: tuple[str, ...]
    second: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...] = ()

    @property
    def arrays(self) -> tuple[str, ...]:
        """Every array once, in order of appearance."""
        return tuple(dict.fromkeys((*self.first, *self.second)))


def pair(first: Spec, second: Spec) -> Pairing:
    """Return which operands are the same array.

    By name where both expressions name all their operands and use the same names. Else by position; then operands
    of one name are one array where both expressions say so, or one says so and the other names nothing.

    >>> from einloop.notation import read
    >>> pair(read("einsum('ij,jk', A, B)"), read("einsum('jk,ij', B, A)")).second
    ('B', 'A')
    >>> pair(read("ij,jk"), read("X[i,k] = P[i,j] * Q[j,k]")).first
    ('P', 'Q')
    """
    named = [{op.name for op in spec.operands} for spec in (first, second)]
    if None not in named[0] and named[0] == named[1]:
        names = choose_names(first).operands
        usable = {op.name: name for op, name in zip(first.operands, names, strict=True)}
        return Pairing(by=By.NAME, first=names, second=tuple(usable[op.name] for op in second.operands))
    return _by_position(first, second)


def _by_position(first: Spec, second: Spec) -> Pairing:
    longer = first if len(first.operands) >= len(second.operands) else second
    shown = second if _named(second) and not _named(first) else first
    base = _names_of(longer) if _named(longer) else _names_of(shown, longer)
    groups = _one_array(first, second)
    arrays: list[str] = []
    for number, name in enumerate(base):
        earlier = groups.index(groups[number]) if number < len(groups) else number
        arrays.append(arrays[earlier] if earlier < number else fresh(name, arrays))
    both = zip(first.operands, second.operands, strict=False)
    renamed = dict.fromkeys((one.name, two.name) for one, two in both if one.name and two.name and one.name != two.name)
    return Pairing(
        by=By.POSITION,
        first=tuple(arrays[: len(first.operands)]),
        second=tuple(arrays[: len(second.operands)]),
        renamed=tuple((one, two) for one, two in renamed if one and two),
    )


def _named(spec: Spec) -> bool:
    return any(op.name for op in spec.operands)


def _names_of(spec: Spec, longer: Spec | None = None) -> tuple[str, ...]:
    """Return the names of the operands; of those of `longer` where it has more, and names none."""
    names = choose_names(spec).operands
    if longer is None or len(longer.operands) == len(spec.operands):
        return names
    return (*names, *choose_names(longer).operands[len(names) :])


def _one_array(first: Spec, second: Spec) -> list[tuple[object, ...]]:
    """Return for each position a key that positions of one array share."""
    if len(first.operands) != len(second.operands) or not (_keeps_ranks(first, second) and _keeps_ranks(second, first)):
        return []
    keys = [[op.name or number for number, op in enumerate(spec.operands)] for spec in (first, second) if _named(spec)]
    return list(zip(*keys, strict=True)) if keys else []


def _keeps_ranks(spec: Spec, other: Spec) -> bool:
    """Return whether `spec` can be given the arrays of `other` at all."""
    if _named(spec):
        return True
    try:
        choose_names(spec.renamed(tuple(op.name for op in other.operands), spec.result))
    except OptionError:
        return False
    return True


def same_names(spec: Spec, arrays: Sequence[str]) -> Spec:
    """Return `spec` with the arrays' names for operands that have none."""
    if _named(spec):
        return spec
    renamed = spec.renamed(tuple(arrays), spec.result)
    try:
        choose_names(renamed)
    except OptionError:
        return spec
    return renamed
