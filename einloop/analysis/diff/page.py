"""The page of a comparison: the verdict and why, what each computes, what moved, inputs that show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from ...core.canonical import CanonicalForm
from ...core.message import Code, Join, Message
from ...core.names import choose_names
from ...core.report import Block, Fact, Paragraph, Section
from ..explain.sentence import sentence
from .example import Example, example
from .moved import MAX_TOLD, Moved, comparable, moved
from .pairing import same_names
from .relations import Relation, RelationKind, relation
from .telling import Telling
from .verdict import Compared, Reason

Write = Callable[[Example], str]
"""Gives an example as text to paste."""


def page(compared: Compared, write: Write) -> tuple[Section, ...]:
    """Return the sections of a comparison: verdict, what is computed, what moved, an example, which `write` writes."""
    return tuple(_Page(compared=compared).sections(write))


@dataclass(slots=True, kw_only=True)
class _Page:
    """Everything that goes onto the page. `ranks`: of the arrays that differences are told for, where not for all."""

    compared: Compared
    relation: Relation | None = field(init=False, default=None)
    differences: tuple[Moved, ...] = field(init=False, default=())
    ranks: Mapping[str, int] = field(init=False, default_factory=dict)
    example: Example | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        verdict = self.compared.verdict
        if verdict.reason in (Reason.STRUCTURE, Reason.RANKS):
            self.relation = relation(*self.compared.forms)
        if not verdict.same and verdict.forms is not None:
            self._hold_against(verdict.forms)
            self.example = example(*verdict.forms)

    def _hold_against(self, forms: tuple[CanonicalForm, CanonicalForm]) -> None:
        """Find what moved: between the expressions as they are written, where their axes can be told."""
        order = _order(*forms)
        if order is None:
            return
        written = self.compared.forms
        if not comparable(*written, order):
            self.ranks = {array: len(term) for array, term in zip(forms[0].arrays, forms[0].terms, strict=True)}
        self.differences = moved(*(forms if self.ranks else written), order)

    def sections(self, write: Write) -> Iterator[Section]:
        """Yield the page."""
        parts = (*Telling(self.compared, self.relation).paragraphs(), *self._no_example())
        yield Section(id="diff", parts=parts, facts=self._facts())
        yield Section(id="computes", parts=tuple(self._computes()))
        simple = self.relation is not None and self.relation.kind in (RelationKind.TRANSPOSE, RelationKind.OPERANDS)
        if self.differences and not simple:
            yield Section(id="moved", parts=tuple(self._moved()))
        if self.example is not None:
            yield Section(id="example", parts=(Block(text=write(self.example)),))

    def _no_example(self) -> Iterator[Paragraph]:
        """Yield why no inputs are shown, where they could be expected."""
        verdict = self.compared.verdict
        if verdict.agree:
            yield Paragraph(message=Message("diff.none.ranks"))
        elif verdict.reason is Reason.STRUCTURE and self.example is None:
            yield Paragraph(message=Message("diff.none.found"))

    def _computes(self) -> Iterator[Paragraph]:
        specs = self.compared.first, self.compared.second
        if self.compared.verdict.reason not in (Reason.COUNT, Reason.RANKS):
            pairing = self.compared.pairing
            specs = same_names(specs[0], pairing.first), same_names(specs[1], pairing.second)
        for side, spec in zip(("first", "second"), specs, strict=True):
            yield Paragraph(message=Message(f"diff.computes.{side}", {"sentence": sentence(spec, choose_names(spec))}))

    def _moved(self) -> Iterator[Paragraph]:
        if self.ranks:
            axes = {array: Message("diff.axes.exact", {"count": rank}) for array, rank in self.ranks.items()}
            ranks = [Message("diff.rank_of", {"array": Code(array), "axes": count}) for array, count in axes.items()]
            yield Paragraph(message=Message("diff.ranks_at", {"ranks": Join(tuple(ranks))}))
        for item in self.differences[:MAX_TOLD]:
            yield Paragraph(message=item.message)
        if len(self.differences) > MAX_TOLD:
            yield Paragraph(message=Message("diff.further", {"count": len(self.differences) - MAX_TOLD}))

    def _facts(self) -> dict[str, Fact]:
        kind = None if self.relation is None else self.relation.kind
        order: list[Fact] = [] if self.relation is None else list(self.relation.order)
        how = self.compared.deciding.how if self.compared.same else None
        letters: dict[str, Fact] | None = None if how is None else dict(how.labels)
        matched: list[Fact] | None = None if how is None else list(how.operands)
        return {
            "same": self.compared.same,
            "in_general": self.compared.verdict.same,
            "reason": self.compared.deciding.reason.value,
            "relation": None if kind is None else kind.value,
            "permutation": order if kind is RelationKind.TRANSPOSE and order else None,
            "operand_order": order if kind is RelationKind.OPERANDS else matched,
            "letters": letters,
            "moved": [item.facts for item in self.differences],
            "example": _example_facts(self.example),
        }


def _order(first: CanonicalForm, second: CanonicalForm) -> tuple[int, ...] | None:
    """Return for each operand of the first the one of the second that is the same array, one after another."""
    if sorted(first.arrays) != sorted(second.arrays):
        return None
    left = {array: [n for n, x in enumerate(second.arrays) if x == array] for array in second.arrays}
    return tuple(left[array].pop(0) for array in first.arrays)


def _example_facts(found: Example | None) -> dict[str, Fact] | None:
    if found is None:
        return None
    inputs: Mapping[str, Fact] = found.inputs
    return {"inputs": dict(inputs), "first": found.first, "second": found.second}
