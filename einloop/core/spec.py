"""Index metadata: what an einsum expression says, whatever notation it was written in. Immutable; parses nothing."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from string import ascii_letters
from typing import TYPE_CHECKING

from .frozen import dataclass
from .source import Source, Span

if TYPE_CHECKING:
    from .site import Site, Unread

DOTS = "..."
"""The label of the axes that an ellipsis covers while their number is unknown."""

Extent = int | str | None
"""The length of an axis: a number, a name the user gave it, or unknown."""

Places = tuple[tuple[int, ...], ...]
"""A contraction path: for each step the places it takes in the list of arrays that are left."""

MATHEMATICAL_LETTERS = "ijklmnopqrstuvwxyzabcdefgh" + "IJKLMNOPQRSTUVWXYZABCDEFGH"


class Role(Enum):
    """Whether an index is in the output."""

    FREE = "free"
    SUMMED = "summed"


class Dots(Enum):
    """What the ellipses of an expression mean for its loops."""

    ABSENT = "absent"
    KEPT = "kept"
    EMPTY = "empty"
    """Inputs have `...`, the explicit output has not: they must cover no axis (np.einsum refuses otherwise)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One occurrence of an index in an operand.

    `axis` counts from 0; after an ellipsis of unknown rank it counts from the end (-1 is the last axis).
    `stretched`: this axis has size 1 and is repeated along the index.
    """

    operand: int
    axis: int
    span: Span | None = None
    stretched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """One index: its label, extent, role and every place in the operands where it occurs."""

    label: str
    role: Role
    places: tuple[Place, ...]
    extent: Extent = None

    @property
    def operands(self) -> tuple[int, ...]:
        """The operands it occurs in, without repetition."""
        return tuple(dict.fromkeys(place.operand for place in self.places))

    @property
    def shared(self) -> bool:
        """It occurs in two operands or more."""
        return len(self.operands) > 1

    @property
    def alone(self) -> bool:
        """It occurs in one operand only."""
        return len(self.operands) == 1

    @property
    def contracted(self) -> bool:
        """It is shared and summed."""
        return self.shared and self.role is Role.SUMMED

    @property
    def batch(self) -> bool:
        """It is shared and free."""
        return self.shared and self.role is Role.FREE

    @property
    def diagonal(self) -> bool:
        """It occurs twice or more in one operand."""
        return len(self.operands) < len(self.places)

    @property
    def stretched(self) -> bool:
        """Some operand has size 1 where the index runs further."""
        return any(place.stretched for place in self.places)

    @property
    def covered(self) -> bool:
        """It stands for axes that an ellipsis covers, not for a label the user wrote."""
        return self.label.startswith(DOTS)

    @property
    def flags(self) -> tuple[str, ...]:
        """The names of the flags that hold, in a fixed order."""
        names = ("shared", "contracted", "batch", "alone", "diagonal", "stretched")
        return tuple(name for name in names if getattr(self, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Operand:
    """One input: its labels in axis order (`...` among them while its rank is unknown).

    `stretched`: the axes of size 1 that are repeated along an index that runs further. `yields`: the name came with a
    shape or an array, not with the expression: where it is an index too, the index keeps it.
    """

    labels: tuple[str, ...]
    spans: tuple[Span | None, ...]
    span: Span | None = None
    name: str | None = None
    shape: tuple[Extent, ...] | None = None
    stretched: tuple[int, ...] = ()
    yields: bool = False

    @property
    def dots(self) -> int | None:
        """Position of the ellipsis among the labels, or None."""
        return self.labels.index(DOTS) if DOTS in self.labels else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """An einsum expression as metadata. `indices` stand in order of first appearance in the inputs.

    `site` is where a pasted call stands, `unread` what of the text the expression leaves out. `cast` is the dtype in
    which a pasted call computes: its name, or the keyword as written (`out=z`) where the text does not show it.
    `path` is the contraction path that a pasted call gives to optimize=.
    `limits` are the sum signs of a formula whose limits are not read, each with the indices that it lists.
    `joint`: it has the operands and indices of a sum of einsums, and is none itself: the labels of each summand.
    """

    source: Source
    operands: tuple[Operand, ...]
    output: tuple[str, ...]
    output_spans: tuple[Span | None, ...]
    implicit: bool
    dots: Dots
    indices: tuple[Index, ...]
    result: str | None = None
    notes: tuple[str, ...] = ()
    site: Site | None = None
    unread: tuple[Unread, ...] = ()
    cast: str | None = None
    path: Places = ()
    limits: tuple[tuple[Span, tuple[str, ...]], ...] = ()
    joint: tuple[tuple[str, ...], ...] = ()

    @property
    def by_label(self) -> dict[str, Index]:
        """Index by label."""
        return {index.label: index for index in self.indices}

    @property
    def free(self) -> tuple[Index, ...]:
        """The free indices in output order."""
        return tuple(self.by_label[label] for label in self.output)

    @property
    def free_by_appearance(self) -> tuple[Index, ...]:
        """The free indices in order of appearance."""
        return tuple(index for index in self.indices if index.role is Role.FREE)

    @property
    def summed(self) -> tuple[Index, ...]:
        """The summed indices in order of appearance."""
        return tuple(index for index in self.indices if index.role is Role.SUMMED)

    @property
    def is_view(self) -> bool:
        """One operand and nothing summed: np.einsum returns a view, for every dtype."""
        return len(self.operands) == 1 and not self.summed and not self.joint

    @property
    def nests(self) -> tuple[tuple[Index, ...], ...]:
        """The indices that loops inside each other run over: all, or those of each summand of a sum of einsums."""
        found = self.by_label
        return tuple(tuple(found[label] for label in labels) for labels in self.joint) or (self.indices,)

    @property
    def letters(self) -> dict[str, str]:
        """Label → the one ASCII letter that stands for it in `subscripts`."""
        return _letters([index.label for index in self.indices if not index.covered])

    @property
    def subscripts(self) -> str:
        """The expression in np.einsum's notation, with an explicit output.

        A label of one ASCII letter stands for itself; other labels get a letter. Axes covered by an
        ellipsis are written `...` again.
        """
        terms = ",".join(self.term(operand.labels) for operand in self.operands)
        return f"{terms}->{self.term(self.output)}"

    def term(self, labels: tuple[str, ...]) -> str:
        """Return `labels` as one term of np.einsum's notation."""
        letters = self.letters
        return "".join(letters.get(label, label) for label in folded(labels))

    def renamed(self, names: tuple[str | None, ...], result: str | None) -> Spec:
        """Return the same expression with other user's names for operands and result."""
        operands = tuple(replace(op, name=name, yields=False) for op, name in zip(self.operands, names, strict=True))
        return replace(self, operands=operands, result=result)


def folded(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return labels with the axes that an ellipsis covers as one `...` again.

    >>> folded(("...1", "...0", "i", "i"))
    ('...', 'i', 'i')
    """
    shown = [DOTS if label.startswith(DOTS) else label for label in labels]
    return tuple(label for place, label in enumerate(shown) if label != DOTS or DOTS not in shown[:place])


def _letters(labels: list[str]) -> dict[str, str]:
    taken = {label for label in labels if len(label) == 1 and label in ascii_letters}
    letters: dict[str, str] = {}
    for label in labels:
        if label in taken:
            letters[label] = label
            continue
        first = label[0] if label[0] in ascii_letters else ""
        wanted = [first, first.swapcase(), *MATHEMATICAL_LETTERS]
        letters[label] = next(x for x in wanted if x and x not in taken)
        taken.add(letters[label])
    return letters
