"""An expression reduced to what names go by: the labels of every operand, without batch indices and scalars.

A stretched axis is read at 0 whatever the index, so it is not an axis of its term. Fixing a free index leaves an
einsum of slices: what the rest is called, the whole is called too, batched over that index. A form fixes some free
indices, its batch; recognisers look at the terms that are left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from ...core.message import Code, Join, Message, Value, codes
from ...core.names import Names
from ...core.spec import DOTS, Spec
from ..elements import element

TRANSPOSED = "ᵀ"

Labels = tuple[str, ...]

Said: TypeAlias = "Value | Labels"
"""What a placeholder of a sentence stands for; labels are written as indices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleForm:
    """One way to read an expression: `batch` fixed, `terms` and `output` without it, `whole` the terms with it.

    `numbers` are the operands that the terms belong to, `scalars` the operands without an axis, which have no term.
    """

    spec: Spec
    names: Names
    numbers: tuple[int, ...]
    whole: tuple[Labels, ...]
    terms: tuple[Labels, ...]
    output: Labels
    batch: Labels
    scalars: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many terms there are."""
        return len(self.terms)

    @property
    def labels(self) -> Labels:
        """Every label of the terms, in order of appearance."""
        return tuple(dict.fromkeys(label for term in self.terms for label in term))

    @property
    def summed(self) -> Labels:
        """The labels that the output lacks, in order of appearance."""
        return tuple(label for label in self.labels if label not in self.output)

    @property
    def contracted(self) -> Labels:
        """The summed labels that occur in two terms or more, in order of appearance."""
        return tuple(label for label in self.summed if len(self.holders(label)) > 1)

    @property
    def clean(self) -> bool:
        """There is no diagonal, and no index is summed in one operand alone."""
        return not has_diagonal(self.whole) and self.summed == self.contracted

    @property
    def apart(self) -> bool:
        """There is no diagonal, nothing is summed, and no two terms share an index."""
        return self.clean and sum(map(len, self.terms)) == len(self.output) == len(self.labels)

    def holders(self, label: str) -> tuple[int, ...]:
        """Return which terms a label occurs in."""
        return tuple(place for place, term in enumerate(self.terms) if label in term)

    def own(self, place: int) -> Labels:
        """Return the free labels that only this term has."""
        return tuple(x for x in self.terms[place] if x in self.output and len(self.holders(x)) == 1)

    def one_array(self, first: int, second: int) -> bool:
        """Tell whether two terms are slices of one array, cut at the same axes."""
        return self._cut(first) == self._cut(second)

    def array(self, place: int, *, transposed: bool = False) -> str:
        """Return what sentences call an operand: its name; the elements that are read, where stretched axes matter; a
        slice, where the same array is cut otherwise elsewhere.
        """
        mark = TRANSPOSED if transposed else ""
        number, names = self.numbers[place], self.names.operands
        same = [other for other in range(self.count) if names[self.numbers[other]] == names[number]]
        if not all(self.one_array(place, other) for other in same):
            return f"{self._slice(place)}{mark}"
        operand = self.spec.operands[number]
        matters = any(operand.labels[axis] not in self.batch for axis in operand.stretched)
        return f"{element(self.spec, self.names, number) if matters else names[number]}{mark}"

    def part(self, place: int, *, transposed: bool = False) -> str:
        """Return an operand as the slice that it is for each value of the batch: `A[b,:]`, where the name alone would
        be taken for a matrix.
        """
        if not set(self.whole[place]) & set(self.batch):
            return self.array(place, transposed=transposed)
        return f"{self._slice(place)}{TRANSPOSED if transposed else ''}"

    def _slice(self, place: int) -> str:
        if not set(self.whole[place]) & set(self.batch):
            return self.names.operands[self.numbers[place]]
        at = dict.fromkeys(self.terms[place], ":")
        return element(self.spec, self.names, self.numbers[place], at)

    def _cut(self, place: int) -> tuple[object, ...]:
        number = self.numbers[place]
        operand = self.spec.operands[number]
        kept = tuple(label if label in self.batch or label == DOTS else None for label in operand.labels)
        return (self.names.operands[number], kept, operand.stretched)

    def code(self, place: int) -> Code:
        """Return an operand as a value of a sentence."""
        return Code(self.array(place))

    def arrays(self, places: Iterable[int] | None = None) -> Join:
        """Return what sentences call these operands, by default all that have a term."""
        return codes([self.array(place) for place in (range(self.count) if places is None else places)])

    def indices(self, labels: Iterable[str]) -> Join:
        """Return indices joined; those of an ellipsis of unknown rank are its axes."""
        return self._joined(labels, Message("called.dots"))

    def each(self, labels: Iterable[str]) -> Join:
        """Return indices joined, to follow "for every"."""
        return self._joined(labels, Message("sentence.position", {"dots": Code(DOTS)}))

    def _joined(self, labels: Iterable[str], dots: Message) -> Join:
        return Join(tuple(dots if label == DOTS else self.index(label) for label in labels))

    def index(self, label: str) -> Code:
        """Return an index as sentences write it."""
        return Code(self.names.shown(label))

    def group(self, labels: Labels) -> Code:
        """Return indices as a row of axes: `(i, j)`."""
        return Code(f"({', '.join(self.index(label).text for label in labels)})")

    def axes(self, place: int, labels: Labels) -> Join:
        """Return the numbers of the axes of an operand that have these labels; after an ellipsis they count from
        the end."""
        number, table = self.numbers[place], self.spec.by_label
        found = [p.axis for label in labels for p in table[label].places if p.operand == number]
        return codes([str(axis) for axis in found])

    def message(self, name: str, over: Labels | None = None, /, **values: Said) -> Message:
        """Return the sentence of a name, which holds for every value of the batch, or of `over`: `{extra}` in it says
        so, and by what it is scaled.

        `{array}`, `{arrays}`, `{over}`, `{rows}` and `{columns}` in it stand for the first operand, all of them, what
        is contracted, and the result's first index and the others, unless `values` gives them.
        """
        batch = self.batch if over is None else over
        factors = codes([element(self.spec, self.names, number) for number in self.scalars])
        kinds = [*(["batched"] if batch else []), *(["scaled"] if self.scalars else [])]
        said = Message(f"called.extra.{'_'.join(kinds)}", {"batch": self.indices(batch), "scalars": factors})
        given: dict[str, Value] = {"extra": said if kinds else Join(()), "factors": factors}
        given |= {"array": self.code(0), "arrays": self.arrays(), "over": self.indices(self.contracted)}
        given |= {"rows": self.indices(self.output[:1]), "columns": self.indices(self.output[1:])}
        written = {key: self.indices(value) if isinstance(value, tuple) else value for key, value in values.items()}
        return Message(f"called.{name}", given | written)


def whole_form(spec: Spec, names: Names) -> RoleForm:
    """Return an expression as it stands, without a batch."""
    return _form(spec, names, ())


def forms(spec: Spec, names: Names) -> tuple[RoleForm, ...]:
    """Return the ways to read an expression with a batch, the plainest first.

    1. the batch is what every operand has, and what an ellipsis covers; 2. only what every operand has; 3. what two
    operands share, stretched or not, and what an ellipsis covers. Of two operands the largest batch comes first. One
    operand is read as a whole.
    """
    terms = whole_form(spec, names).terms
    if len(terms) < 2:
        return (whole_form(spec, names),)
    every = {label for label in spec.output if all(label in term for term in terms)}
    covered = {index.label for index in spec.indices if index.covered}
    shared = {index.label for index in spec.indices if index.batch}
    wanted = [every | covered, every, shared | covered]
    if len(terms) == 2:
        wanted.sort(key=len, reverse=True)  # a batch of size 1 against one of size n is a batch
    batches = dict.fromkeys(tuple(label for label in spec.output if label in fixed) for fixed in wanted)
    return tuple(_form(spec, names, batch) for batch in batches)


def is_matrix(term: Labels) -> bool:
    """Tell whether a term has two axes for sure."""
    return len(term) == 2 and DOTS not in term


def is_vector(term: Labels) -> bool:
    """Tell whether a term has one axis for sure."""
    return len(term) == 1 and DOTS not in term


def has_diagonal(terms: tuple[Labels, ...]) -> bool:
    """Tell whether a label occurs twice in a term."""
    return any(len(set(term)) < len(term) for term in terms)


def _form(spec: Spec, names: Names, batch: Labels) -> RoleForm:
    """Return a form. Operands that are not scalars have a term; where there are only scalars, all have."""
    whole = tuple(_read(spec, number) for number in range(len(spec.operands)))
    real = tuple(number for number, term in enumerate(whole) if term) or tuple(range(len(whole)))
    return RoleForm(
        spec=spec,
        names=names,
        numbers=real,
        whole=tuple(whole[number] for number in real),
        terms=tuple(tuple(label for label in whole[number] if label not in batch) for number in real),
        output=tuple(label for label in spec.output if label not in batch),
        batch=batch,
        scalars=tuple(number for number in range(len(whole)) if number not in real),
    )


def _read(spec: Spec, number: int) -> Labels:
    """Return the labels an operand is read along; an ellipsis that the output leaves out covers nothing."""
    operand, kept = spec.operands[number], spec.by_label
    return tuple(x for axis, x in enumerate(operand.labels) if axis not in operand.stretched and x in kept)
