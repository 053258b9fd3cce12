"""Which operands of two expressions are the same array: by the user's names, else by position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations, product

from ...core.errors import OptionError
from ...core.names import choose_names, fresh
from ...core.site import Argument
from ...core.sizes import connected
from ...core.spec import Spec


class By(Enum):
    """What tells which operand is which."""

    NAME = "name"
    POSITION = "position"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """The array that each operand of either expression is; one array has one name in both.

    `renamed`: operands matched by position that have another name in the second expression, (here, there).
    `apart`: two operands matched by position that are one array in one expression, by its names, and two in the other.
    `unlike`: two arguments that are computed from one variable in different ways (`a.T` and `a`): no one array.
    """

    by: By
    first: tuple[str, ...]
    second: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...] = ()
    apart: tuple[int, int] | None = None
    unlike: tuple[str, str] | None = None

    @property
    def arrays(self) -> tuple[str, ...]:
        """Every array once, in order of appearance."""
        return tuple(dict.fromkeys((*self.first, *self.second)))


def pair(first: Spec, second: Spec) -> Pairing:
    """Return which operands are the same array.

    By name where both expressions name all their operands and use the same names; what a pasted call is given goes by
    its text, so that `a.T` is another array than `a`. Else by position; then positions that have one name in either
    expression are one array in both, so that they are given what both can be given.

    Raises OptionError for one name of operands that cannot be one array.

    >>> from einloop.notation import read
    >>> pair(read("einsum('ij,jk', A, B)"), read("einsum('jk,ij', B, A)")).second
    ('B', 'A')
    >>> pair(read("ij,jk"), read("X[i,k] = P[i,j] * Q[j,k]")).first
    ('P', 'Q')
    """
    ours, theirs = arguments(first), arguments(second)
    if None not in ours and set(ours) == set(theirs):
        usable = dict(zip(ours, choose_names(first).operands, strict=True))
        return Pairing(by=By.NAME, first=tuple(usable[x] for x in ours), second=tuple(usable[x] for x in theirs))
    return _by_position(first, second)


def arguments(spec: Spec) -> tuple[tuple[str, int] | None, ...]:
    """Return what each operand is given, by its text or name, None where it has none.

    A call that stands twice may give two arrays: these are numbered.

    >>> from einloop.notation import read
    >>> arguments(read("np.einsum('ij,jk,k', f(a), f(a), a.T[0])"))
    (('f(a)', 0), ('f(a)', 1), ('a.T[0]', 0))
    """
    names = choose_names(spec).operands  # refuses an array of two ranks
    texts = [_text(spec, number) for number in range(len(names))]
    found: list[tuple[str, int] | None] = []
    for text, name in zip(texts, names, strict=True):
        arrays = list(dict.fromkeys(other for same, other in zip(texts, names, strict=True) if same == text))
        found.append(None if text is None else (text, arrays.index(name)))
    return tuple(found)


def _text(spec: Spec, number: int) -> str | None:
    argument = _argument(spec, number)
    return spec.operands[number].name if argument is None else argument.text


def _argument(spec: Spec, number: int) -> Argument | None:
    """Return the expression that a pasted call is given for an operand."""
    given = spec.site.arguments if spec.site is not None else ()
    return given[number] if number < len(given) else None


def _unlike(first: Spec, second: Spec) -> tuple[str, str] | None:
    """Return an argument of each expression that the other lacks, which are computed from one variable."""
    texts = [{key[0] for key in arguments(spec) if key} for spec in (first, second)]
    mine, yours = (
        [(text, _reads(spec, number)) for number in range(len(spec.operands)) if (text := _text(spec, number))]
        for spec in (first, second)
    )
    pairs = product(
        [one for one in mine if one[0] not in texts[1]], [other for other in yours if other[0] not in texts[0]]
    )
    return next(((one, two) for (one, here), (two, there) in pairs if _related(here, there)), None)


def _reads(spec: Spec, number: int) -> frozenset[str]:
    argument, name = _argument(spec, number), spec.operands[number].name
    return argument.reads if argument is not None else frozenset([name] if name else [])


def _related(here: frozenset[str], there: frozenset[str]) -> bool:
    """Tell whether two expressions read one variable, or one an attribute of what the other reads."""
    return any(f"{a}.".startswith(f"{b}.") or f"{b}.".startswith(f"{a}.") for a in here for b in there)


def _by_position(first: Spec, second: Spec) -> Pairing:
    longer = first if len(first.operands) >= len(second.operands) else second
    shown = second if _named(second) and not _named(first) else first
    base = _names_of(longer) if _named(longer) else _names_of(shown, longer)
    groups = _one_array(first, second)
    arrays: list[str] = []
    for number, name in enumerate(base):
        earlier = groups.index(groups[number]) if number < len(groups) else number
        arrays.append(arrays[earlier] if earlier < number else fresh(name, arrays))
    count = min(len(first.operands), len(second.operands))
    renamed = dict.fromkeys((_text(first, number), _text(second, number)) for number in range(count))
    return Pairing(
        by=By.POSITION,
        first=tuple(arrays[: len(first.operands)]),
        second=tuple(arrays[: len(second.operands)]),
        renamed=tuple((one, two) for one, two in renamed if one and two and one != two),
        apart=_apart(first, second),
        unlike=_unlike(first, second),
    )


def _apart(first: Spec, second: Spec) -> tuple[int, int] | None:
    """Return two operands that are one array in one expression and two in the other, where both name their operands."""
    if not (_named(first) and _named(second)) or len(first.operands) != len(second.operands):
        return None
    names = [[op.name or number for number, op in enumerate(spec.operands)] for spec in (first, second)]
    pairs = combinations(range(len(first.operands)), 2)
    return next(((a, b) for a, b in pairs if (names[0][a] == names[0][b]) != (names[1][a] == names[1][b])), None)


def _named(spec: Spec) -> bool:
    return any(op.name for op in spec.operands)


def _names_of(spec: Spec, longer: Spec | None = None) -> tuple[str, ...]:
    """Return the names of the operands; of those of `longer` where it has more, and names none."""
    names = choose_names(spec).operands
    if longer is None or len(longer.operands) == len(spec.operands):
        return names
    return (*names, *choose_names(longer).operands[len(names) :])


def _one_array(first: Spec, second: Spec) -> list[object]:
    """Return for each position a key that positions of one array share: those of one name in either expression.

    Where these cannot be one array in both, every position is an array of its own.
    """
    if len(first.operands) != len(second.operands):
        return []
    groups = connected(
        (number, (side, op.name or number))
        for side, spec in enumerate((first, second))
        for number, op in enumerate(spec.operands)
    )
    keys = [groups[number] for number in range(len(first.operands))]
    names = tuple(f"x{keys.index(key)}" for key in keys)
    return keys if _may_be(first, names) and _may_be(second, names) else []


def _may_be(spec: Spec, names: tuple[str, ...]) -> bool:
    """Return whether the operands of `spec` can be the arrays of these names: one name, one rank."""
    try:
        choose_names(spec.renamed(names, spec.result))
    except OptionError:
        return False
    return True


def same_names(spec: Spec, arrays: Sequence[str]) -> Spec:
    """Return `spec` with the arrays' names for operands that have none."""
    if _named(spec):
        return spec
    return spec.renamed(tuple(arrays), spec.result) if _may_be(spec, tuple(arrays)) else spec
