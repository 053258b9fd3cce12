"""The page of a comparison: the verdict and why, what each computes, what moved, inputs that show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

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
from .verdict import Compared, Reason, Verdict

Write = Callable[[Example], str]
"""Gives an example as text to paste."""


def page(compared: Compared, write: Write) -> tuple[Section, ...]:
    """Return the sections of a comparison: verdict, what is computed, what moved, an example, which `write` writes."""
    verdict = compared.verdict
    related = relation(*compared.forms) if verdict.reason in (Reason.STRUCTURE, Reason.RANKS) else None
    differences: tuple[Moved, ...] = ()
    ranks: Mapping[str, int] = {}
    found = None
    if not verdict.same and verdict.forms is not None:
        differences, ranks = _differences(compared, verdict.forms)
        given = compared.small_shapes
        found = example(*verdict.forms, given)
    at_hand = found is not None and found.shapes == compared.small_shapes
    parts = (*Telling(compared, related, at_hand).paragraphs(), *_no_example(verdict, found))
    sections = [
        Section(id="diff", parts=parts, facts=_facts(compared, related, differences, found)),
        Section(id="computes", parts=tuple(_computes(compared))),
    ]
    simple = related is not None and related.kind in (RelationKind.TRANSPOSE, RelationKind.OPERANDS)
    if differences and not simple:
        sections.append(Section(id="moved", parts=tuple(_moved(differences, ranks))))
    if found is not None:
        sections.append(Section(id="example", parts=(Block(text=write(found)),)))
    return tuple(sections)


def _differences(
    compared: Compared, forms: tuple[CanonicalForm, CanonicalForm]
) -> tuple[tuple[Moved, ...], Mapping[str, int]]:
    """Return what moved, and the ranks of the arrays that it is told for, where not for all.

    The expressions are held against each other as they are written, where their axes can be told.
    """
    order = _order(*forms)
    if order is None:
        return (), {}
    if comparable(*compared.forms, order):
        return moved(*compared.forms, order), {}
    return moved(*forms, order), {a: len(term) for a, term in zip(forms[0].arrays, forms[0].terms, strict=True)}


def _order(first: CanonicalForm, second: CanonicalForm) -> tuple[int, ...] | None:
    """Return for each operand of the first the one of the second that is the same array, one after another."""
    if sorted(first.arrays) != sorted(second.arrays):
        return None
    left = {array: [n for n, x in enumerate(second.arrays) if x == array] for array in second.arrays}
    return tuple(left[array].pop(0) for array in first.arrays)


def _no_example(verdict: Verdict, found: Example | None) -> Iterator[Paragraph]:
    """Yield why no inputs are shown, where they could be expected."""
    if verdict.agree:
        yield Paragraph(message=Message("diff.none.ranks"))
    elif verdict.reason is Reason.STRUCTURE and found is None:
        yield Paragraph(message=Message("diff.none.found"))


def _computes(compared: Compared) -> Iterator[Paragraph]:
    specs = compared.first, compared.second
    if compared.verdict.reason not in (Reason.COUNT, Reason.RANKS):
        pairing = compared.pairing
        specs = same_names(specs[0], pairing.first), same_names(specs[1], pairing.second)
    for side, spec in zip(("first", "second"), specs, strict=True):
        yield Paragraph(message=Message(f"diff.computes.{side}", {"sentence": sentence(spec, choose_names(spec))}))


def _moved(differences: Sequence[Moved], ranks: Mapping[str, int]) -> Iterator[Paragraph]:
    if ranks:
        axes = {array: Message("diff.axes.exact", {"count": rank}) for array, rank in ranks.items()}
        told = [Message("diff.rank_of", {"array": Code(array), "axes": count}) for array, count in axes.items()]
        yield Paragraph(message=Message("diff.ranks_at", {"ranks": Join(tuple(told))}))
    for item in differences[:MAX_TOLD]:
        yield Paragraph(message=item.message)
    if len(differences) > MAX_TOLD:
        yield Paragraph(message=Message("diff.further", {"count": len(differences) - MAX_TOLD}))


def _facts(
    compared: Compared, related: Relation | None, differences: Sequence[Moved], found: Example | None
) -> dict[str, Fact]:
    kind = None if related is None else related.kind
    order: list[Fact] = [] if related is None else list(related.order)
    how = compared.deciding.how if compared.same else None
    letters: dict[str, Fact] | None = None if how is None else dict(how.labels)
    matched: list[Fact] | None = None if how is None else list(how.operands)
    inputs: Mapping[str, Fact] = {} if found is None else found.inputs
    shown: Fact = None if found is None else {"inputs": dict(inputs), "first": found.first, "second": found.second}
    return {
        "same": compared.same,
        "in_general": compared.verdict.same,
        "reason": compared.deciding.reason.value,
        "relation": None if kind is None else kind.value,
        "permutation": order if kind is RelationKind.TRANSPOSE and order else None,
        "operand_order": order if kind is RelationKind.OPERANDS else matched,
        "letters": letters,
        "moved": [item.facts for item in differences],
        "example": shown,
    }
