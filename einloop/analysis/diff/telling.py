"""The sentences that tell the verdict: the same and why, or different and how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...core.canonical import CanonicalForm
from ...core.message import Code, Join, Message, Value, codes
from ...core.report import Paragraph
from ...core.spec import DOTS, Dots
from .pairing import By
from .ranks import ranks_of
from .relations import Relation, RelationKind
from .verdict import Compared, Reason, differ_for_shapes

EQUAL = "↔"


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells what was decided, and what turns the one expression into the other."""

    compared: Compared
    relation: Relation | None
    at_hand: bool = False
    """Inputs of the shapes at hand show that they differ."""

    def paragraphs(self) -> Iterator[Paragraph]:
        """Yield the verdict and what it rests on, the verdict first."""
        if self.compared.same:
            reason = self.compared.deciding.reason.name.lower()
            yield Paragraph(message=Message(f"diff.same.{reason}"), lead=True)
            yield from self._why()
            if not self.compared.verdict.same:
                yield Paragraph(message=Message("diff.general", {"difference": self.difference()}))
        else:
            yield Paragraph(message=self.difference(), lead=True)
            yield from self._beside()
            yield from self._shapes()
        yield from self._matched()
        yield from self._notation()
        yield from self._not_compared()

    def difference(self) -> Message:
        """Return what the difference is, as simply as was found."""
        verdict = self.compared.verdict
        if self.relation is not None:
            return self._related(self.relation)
        if verdict.reason is Reason.COUNT:
            specs = self.compared.first, self.compared.second
            one, two = (Message("diff.operands", {"count": len(spec.operands)}) for spec in specs)
            return Message("diff.different.count", {"one": one, "two": two})
        if verdict.reason is Reason.ARRAYS and self.compared.pairing.unlike is not None:
            mine, yours = self.compared.pairing.unlike
            return Message("diff.different.arguments", {"one": Code(mine), "two": Code(yours)})
        if verdict.reason is Reason.ARRAYS and self.compared.pairing.apart is not None:
            here, there = self.compared.pairing.apart
            names = [op.name for op in self.compared.first.operands]
            side = "first" if names[here] == names[there] else "second"
            return Message(f"diff.different.arrays_{side}", {"here": here, "there": there})
        return self._ranks(verdict.at) if verdict.at is not None else Message("diff.different.structure")

    def _why(self) -> Iterator[Paragraph]:
        """Yield which labels and operands correspond."""
        how = self.compared.deciding.how
        if how is None:
            return
        pairs = [f"{one} {EQUAL} {two}" for one, two in how.labels.items() if one != two]
        if pairs:
            values: dict[str, Value] = {"pairs": codes(pairs, "comma"), "count": len(pairs)}
            yield Paragraph(message=Message("diff.letters", values))
        if how.operands != tuple(range(len(how.operands))):
            kind = "name" if self.compared.pairing.by is By.NAME else "array"
            yield Paragraph(message=Message(f"diff.matched.{kind}"))
            many = "many" if len(how.operands) > 2 else "two"
            yield Paragraph(message=Message(f"diff.factors.{many}"))

    def _beside(self) -> Iterator[Paragraph]:
        """Yield what else differs: the ranks of an array, how often it is used."""
        verdict = self.compared.verdict
        if self.relation is not None and verdict.at is not None:
            yield Paragraph(message=self._ranks(verdict.at))
        ours, theirs = self.compared.forms
        for array in self.compared.pairing.arrays if self.compared.pairing.by is By.NAME else ():
            counts = ours.arrays.count(array), theirs.arrays.count(array)
            if counts[0] != counts[1]:
                one, two = (Message("diff.count", {"count": count}) for count in counts)
                yield Paragraph(message=Message("diff.times", {"array": Code(array), "one": one, "two": two}))

    def _ranks(self, array: str) -> Message:
        """Return that an array has other ranks in the one than in the other."""
        one, two = (_rank(form, array) for form in self.compared.forms)
        key = "ranks" if self.compared.verdict.reason is Reason.RANKS else "more_ranks"
        return Message(f"diff.different.{key}", {"array": Code(array), "one": one, "two": two})

    def _related(self, found: Relation) -> Message:
        ours, theirs = self.compared.forms
        side = "second" if found.swapped else "first"
        match found.kind:
            case RelationKind.TRANSPOSE if found.order:
                return Message("diff.related.transpose", {"order": Code(", ".join(map(str, found.order)))})
            case RelationKind.TRANSPOSE:
                return Message("diff.related.order", {"one": _listed(ours.output), "two": _listed(found.labels)})
            case RelationKind.OPERANDS if self.compared.pairing.by is By.NAME:
                swaps = [(theirs.arrays[m], ours.arrays[n]) for m, n in enumerate(found.order)]
                pairs = [Message("diff.for", {"new": Code(a), "old": Code(b)}) for a, b in swaps if a != b]
                return Message("diff.related.arrays", {"pairs": Join(tuple(pairs))})
            case RelationKind.OPERANDS:
                return Message("diff.related.operands", {"order": Code(f"({', '.join(map(str, found.order))})")})
            case RelationKind.SUM:
                return Message(f"diff.related.sum_of_{side}", {"labels": codes(list(found.labels))})
            case RelationKind.DIAGONAL:
                one, two = found.labels
                return Message(f"diff.related.diagonal_of_{side}", {"one": Code(one), "two": Code(two)})

    def _shapes(self) -> Iterator[Paragraph]:
        """Yield whether what differs in general differs for the shapes at hand."""
        shapes = self.compared.shapes
        if shapes is not None and self.compared.verdict.forms is not None:
            sure = self.at_hand or differ_for_shapes(shapes.first, shapes.second, self.compared.pairing)
            yield Paragraph(message=Message("diff.shapes.differ" if sure else "diff.shapes.open"))

    def _matched(self) -> Iterator[Paragraph]:
        """Yield how operands were matched, where they are not called the same."""
        pairing = self.compared.pairing
        if pairing.by is By.NAME:
            return
        if pairing.renamed:
            pairs = codes([f"{one} {EQUAL} {two}" for one, two in pairing.renamed], "comma")
            yield Paragraph(message=Message("diff.matched.position", {"pairs": pairs}))
        specs = self.compared.first, self.compared.second
        first, second = (any(op.name for op in spec.operands) for spec in specs)
        if first != second and len(set(pairing.first)) < len(pairing.first):
            yield Paragraph(message=Message(f"diff.matched.given_{'second' if first else 'first'}"))

    def _notation(self) -> Iterator[Paragraph]:
        """Yield what an expression does not say: its output, or that its ellipsis must be empty."""
        sides = ("first", self.compared.first), ("second", self.compared.second)
        for side, spec in sides:
            if spec.implicit:
                yield Paragraph(message=Message(f"diff.implicit.{side}", {"whole": Code(spec.subscripts)}))
        lost = [side for side, spec in sides if spec.dots is Dots.EMPTY]
        if len(lost) == 1:
            yield Paragraph(message=Message(f"diff.lost_dots.{lost[0]}"))

    def _not_compared(self) -> Iterator[Paragraph]:
        """Yield what one call alone says of its value, its dtype or where it goes."""
        one, two = (spec.site.beside if spec.site else () for spec in (self.compared.first, self.compared.second))
        for side, parts, others in (("first", one, two), ("second", two, one)):
            alone = [part for part in parts if part not in others]
            if alone:
                yield Paragraph(message=Message(f"diff.beside.{side}", {"parts": codes(alone)}))


def _rank(form: CanonicalForm, array: str) -> Message:
    rank = ranks_of(form)[array]
    return Message(f"diff.axes.{'least' if rank.open else 'exact'}", {"count": rank.least})


def _listed(labels: tuple[str, ...]) -> Value:
    return codes([DOTS if label.startswith(DOTS) else label for label in labels], "comma")
