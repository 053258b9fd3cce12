"""Lengths of axes that are made of others, and when two axes run together: what that says about their lengths."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from .places import Unfit
from .sizes import Composed, Extent, Factor, Offset, Unequal, said


class Merged(int):
    """The length of an axis that several were merged into."""

    factors: tuple[int, ...]

    @classmethod
    def of(cls, lengths: Sequence[int]) -> int:
        """Return the product of lengths; of a single one, that length."""
        kept = [n for n in _flat(lengths) if not single(n)]
        if len(kept) < 2:
            return kept[0] if kept else 1
        made = cls(prod(map(int, kept)))
        made.factors = tuple(kept)
        return made


class Cut(int):
    """The length of a part of an axis: of `whole`, from `part.start` to `part.stop`."""

    whole: Extent
    part: tuple[int | None, int | None, int | None]

    @classmethod
    def of(cls, size: int, whole: Extent, part: slice) -> Cut:
        """Return the length of a slice."""
        made = cls(size)
        made.whole = whole
        made.part = (part.start or None, part.stop, part.step if part.step != 1 else None)
        return made


def single(length: int) -> bool:
    """Return whether an axis has length 1 whatever the lengths of a text are, so that it broadcasts."""
    return length == 1 and not isinstance(length, (Cut, Merged)) and (not isinstance(length, Extent) or length.fixed)


def joined(one: int, other: int) -> int:
    """Return the length of two axes that run together.

    Raises Unequal or Composed where the text means one by them and they were not chosen so, Unfit where they are not.
    """
    if isinstance(other, Extent) and not other.fixed:
        one, other = other, one
    if isinstance(one, Extent) and not one.fixed:
        _meet(one, other)
    elif isinstance(one, Cut) or isinstance(other, Cut):
        _meet_cut(*((one, other) if isinstance(one, Cut) else (other, one)))
    elif isinstance(one, Merged) and isinstance(other, Merged):
        _meet_merged(one, other)
    if one != other:
        raise Unfit(f"lengths {int(one)} and {int(other)} do not fit")
    return one


def _meet(one: Extent, other: int) -> None:
    """Raise what makes a length that a text asks for equal to another."""
    match other:
        case Extent() if not other.fixed:
            if one.key != other.key:
                raise Unequal(one.key, other.key)
        case Merged():
            _compose(one, tuple(map(factor_of, other.factors)))
        case Cut():
            if other.whole.key == one.key:
                raise Unfit(f"lengths {int(one)} and {int(other)} do not fit")
            _compose(one, (Offset(other.whole.key, int(other) - int(other.whole)),))
        case _ if not (one.loose and one == other):
            _compose(one, (int(other),))


def _compose(one: Extent, parts: tuple[Factor, ...]) -> None:
    if sorted(map(str, one.parts)) != sorted(map(str, parts)):
        raise Composed(one.key, parts)


def _meet_cut(one: int, other: int) -> None:
    if not isinstance(one, Cut):
        return
    if not isinstance(other, Cut):
        if not one.part[2] and one != other:
            raise Composed(one.whole.key, (int(other) + int(one.whole) - int(one),))
        return
    if one.whole.key == other.whole.key:
        return
    gap = (int(one) - int(one.whole)) - (int(other) - int(other.whole))
    if one.part == other.part or (not gap and not one.part[2] and not other.part[2]):
        raise Unequal(one.whole.key, other.whole.key)
    if not one.part[2] and not other.part[2]:
        _compose(other.whole, (Offset(one.whole.key, gap),))


def _meet_merged(one: Merged, other: Merged) -> None:
    left, right = apart([*one.factors], [*other.factors])
    for a, b in zip(left, right, strict=False) if len(left) == len(right) else ():
        joined(a, b)


def apart(one: list[int], other: list[int]) -> tuple[list[int], list[int]]:
    """Return lengths without those that both sides have."""
    left: list[int] = []
    right = [*other]
    for length in one:
        factor = factor_of(length)
        twin = next((at for at, n in enumerate(right) if n == length and factor_of(n) == factor), None)
        if twin is None:
            left.append(length)
        else:
            del right[twin]  # by its place: numbers and lengths may be equal
    return left, right


def factor_of(length: int) -> Factor:
    """Return what a length belongs to, or the number that it is."""
    if isinstance(length, Extent) and not length.fixed:
        return length.key
    return Offset(length.whole.key, int(length) - int(length.whole)) if isinstance(length, Cut) else int(length)


def quotient(length: Extent, by: Sequence[int]) -> int:
    """Return a length without factors that it has. Raises Composed for a length that is not known to have them."""
    factors = [factor_of(n) for n in by]
    left = [*length.parts]
    for factor in factors:
        if factor not in left:
            rest = f"{said(length.key)} // {' // '.join(map(said, factors))}"  # what is left, in the text's words
            raise Composed(length.key, (*factors, rest))
        left.remove(factor)
    if len(left) == 1 and isinstance(left[0], (str, tuple)):
        return Extent(int(length) // prod(map(int, by)), left[0])
    return int(length) // prod(map(int, by))


def fitting(old: Sequence[int], new: Sequence[object]) -> list[int]:
    """Return a new shape for an array of an old one, with its -1 as a length.

    Raises Composed or Unequal where lengths have to be what makes them fit, Unfit where nothing does.
    """
    shape = [n for n in new if isinstance(n, int)]
    if len(shape) < len(new) or sum(n == -1 for n in shape) > 1 or any(n < -1 for n in shape):
        raise Unfit("a shape is whole numbers, one of them may be -1")
    before, after = apart(_flat(old), _flat([n for n in shape if n != -1]))
    if -1 in shape:
        left = _left(before, after)
        return [left if n == -1 else n for n in shape]
    fits = prod(map(int, before)) == prod(map(int, after))
    for whole, parts in ((before, after), (after, before)):
        free = len(whole) == 1 and isinstance(whole[0], Extent)
        if free and isinstance(whole[0], Extent) and (not fits or all(isinstance(n, Extent) for n in parts)):
            if len(parts) == 1:
                joined(whole[0], parts[0])
            else:
                _compose(whole[0], tuple(map(factor_of, parts)))
    if not fits:
        _rest(before, after)
        raise _misfit(before, after)
    return shape


def _flat(lengths: Sequence[int]) -> list[int]:
    """Return lengths with those that are products of others as these."""
    return [n for length in lengths for n in (length.factors if isinstance(length, Merged) else (length,))]


def _rest(before: Sequence[int], after: Sequence[int]) -> None:
    """Raise Composed for the only length that is not known, where numbers of the text say it."""
    unknown = [n for n in before if isinstance(n, Extent) and not n.fixed]
    if len(unknown) != 1 or _unsure(after):
        return
    known = prod(int(n) for n in before if n is not unknown[0])
    have = prod(map(int, after))
    if known and not have % known:
        _compose(unknown[0], (have // known,))


def _left(before: list[int], after: list[int]) -> int:
    """Return the length that -1 stands for, when lengths of the old and of the new shape are left over."""
    have, want = prod(map(int, before)), prod(map(int, after))
    if not after:
        return Merged.of(before)
    if len(before) == 1 and isinstance(before[0], Extent) and not before[0].fixed:
        return quotient(before[0], after)
    if _unsure(before) or not want or have % want:
        raise _misfit(before, after)
    return have // want


def _misfit(before: Sequence[int], after: Sequence[int]) -> Unfit:
    if _unsure(before) or _unsure(after):
        return Unfit(LENGTHS, "EL812", GIVE)
    return Unfit(f"{prod(map(int, before))} elements do not fit into {prod(map(int, after))}")


LENGTHS = "which axes this shape merges or splits is not known without their lengths"
GIVE = "give the shapes of the arrays: -s NAME=2x3x4"


def _unsure(lengths: Sequence[int]) -> bool:
    """Return whether these lengths may be others."""
    return any(isinstance(n, (Extent, Cut)) and not (isinstance(n, Extent) and n.fixed) for n in lengths)
