"""Where the sums of a formula stand: the tree with what sum signs list, and with a sum for every index that none lists.

An index that is not in the result is summed in every term of its own; within a term, around the smallest part that has
all its occurrences. What could be meant in two ways is refused, as is a sign that does not reach what it lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...core.build import MAX_LABELS
from ...core.errors import NotationError
from ...core.source import Source
from ...core.spec import DOTS
from .checks import WITHOUT_IT, label_texts
from .cursor import Label, WrittenAccess
from .tokens import refusal
from .tree import Added, Branch, Divided, Multiplied, ParsedFormula, Raised, Summed

OUTSIDE = "put the sum sign in front, or name one of the indices differently"


def terms_of(tree: Branch) -> tuple[tuple[bool, Branch], ...]:
    """Return the terms of a right side, each with whether it is subtracted."""
    return tree.parts if isinstance(tree, Added) else ((False, tree),)


def with_sums(source: Source, formula: ParsedFormula) -> tuple[Branch, tuple[str, ...]]:
    """Return the right side with every sum in it, and notes on what is summed where readers might differ.

    Raises NotationError where a sum may be meant in two ways.
    """
    scopes = _Scopes(source, formula)
    parts = [(negative, scopes.resolved(term, frozenset())) for negative, term in terms_of(formula.right)]
    terms = [term for _, term in parts]
    notes = (*scopes.ends(terms), *scopes.alone(terms))
    placed = tuple((negative, scopes.placed(term)) for negative, term in parts)
    return Added(parts=placed, span=formula.right.span), notes


def inside(node: Branch) -> tuple[Branch, ...]:
    """Return the parts of a branch."""
    match node:
        case Added(parts=parts):
            return tuple(part for _, part in parts)
        case Multiplied(parts=parts):
            return parts
        case Divided(top=top, bottoms=bottoms):
            return (top, *bottoms)
        case Raised(base=base):
            return (base,)
        case Summed(body=body):
            return (body,)
    return ()


class _Scopes:
    """The sums of one formula."""

    def __init__(self, source: Source, formula: ParsedFormula) -> None:
        self.source = source
        self.formula = formula
        self.kept = label_texts([formula.left]) | {DOTS}
        self.known: dict[int, tuple[Branch, frozenset[str]]] = {}

    def open(self, node: Branch) -> frozenset[str]:
        """Return the indices in a branch that no sum in it sums."""
        if id(node) not in self.known:
            if isinstance(node, WrittenAccess):
                found = frozenset(label.text for label in node.labels)
            else:
                found = frozenset[str]().union(*map(self.open, inside(node)))
            self.known[id(node)] = node, found.difference(node.labels if isinstance(node, Summed) else ())
        return self.known[id(node)][1]

    def resolved(self, node: Branch, above: frozenset[str]) -> Branch:
        """Return a branch in which sums have the indices that their signs list, `above` those of signs around it."""
        match node:
            case Added(parts=parts):
                return replace(node, parts=tuple((negative, self.resolved(part, above)) for negative, part in parts))
            case Multiplied(parts=parts):
                return replace(node, parts=tuple(self.resolved(part, above) for part in parts))
            case Divided(top=top, bottoms=bottoms):
                below = tuple(self.resolved(part, above) for part in bottoms)
                return replace(node, top=self.resolved(top, above), bottoms=below)
            case Raised(base=base):
                return replace(node, base=self.resolved(base, above))
            case Summed(sign=int(sign)):
                return self._listed(node, sign, above)
        return node

    def _listed(self, node: Summed, number: int, above: frozenset[str]) -> Summed:
        sign = self.formula.sums[number]
        listed = [label.text for label in sign.labels]
        body = self.resolved(node.body, above.union(listed))
        for position, label in enumerate(sign.labels):
            if label.text in above or label.text in listed[:position]:
                raise self.wrong(label, "is listed by two sum signs", "name one of them differently")
            if label.text in self.kept and label.text != DOTS:
                hint = "leave it out of the sum, or out of the left side"
                raise self.wrong(label, "is summed, and stands in the result", hint)
            if label.text not in self.open(body) or label.text == DOTS:
                raise self.wrong(label, "is summed, but no operand has it", WITHOUT_IT)
        if not listed:
            listed = sorted(self.open(body) - self.kept - above)
        return replace(node, body=body, labels=tuple(listed))

    def ends(self, terms: list[Branch]) -> Iterator[str]:
        """Yield a note where a term without indices follows a sum.

        Raises NotationError for a sum sign after which some of the terms have its index, and some have not.
        """
        for number, term in enumerate(terms):
            for label in self._trailing(term):
                after = [label in self.open(other) for other in terms[number + 1 :]]
                if after and not any(after) and any(not self.open(other) for other in terms[number + 1 :]):
                    yield f"the sum over {label} ends before the next '+' or '-'"
                if any(after) and not all(after):
                    place = self.place_of(terms[number + 1 + after.index(True)], label)
                    message = f"does the sum over {label!r} end before the next '+' or '-', or cover what follows?"
                    hint = f"write (\\sum_{{{label}}} ...) + ... or \\sum_{{{label}}} (...)"
                    raise refusal(self.source, "EL145", place.span, message, hint)

    def alone(self, terms: list[Branch]) -> Iterator[str]:
        """Yield a note for an index that stands once in a term, not in others, and is summed: a slip perhaps."""
        for term in terms:
            for label in sorted(self.open(term) - self.kept):
                if self.counts(term, label)[0] < 2 and any(label not in self.open(other) for other in terms):
                    shown = self.source.at(term.span)
                    yield f"{label} is summed in {shown}; the terms without it are added once"

    def _trailing(self, node: Branch) -> tuple[str, ...]:
        """Return the indices of sum signs that reach to the end of a term."""
        match node:
            case Multiplied(parts=(_, *_, last)):
                return self._trailing(last)
            case Summed(body=body, labels=labels):
                return (*labels, *self._trailing(body))
        return ()

    def placed(self, term: Branch) -> Branch:
        """Return a term with a sum around what has an index that the result has not."""
        listed, summed = set(_listed_in(term)), self.open(term) - self.kept
        if len(summed) > MAX_LABELS:
            message = f"{len(summed)} different indices; np.einsum has {MAX_LABELS}"
            raise NotationError("EL111", message)
        for label in sorted(summed):
            if label in listed:
                raise self.wrong(self.place_of(term, label), "stands outside the reach of its sum sign", OUTSIDE)
            term = self._sum(term, label)
        return term

    def _sum(self, node: Branch, label: str) -> Branch:
        match node:
            case Multiplied(parts=parts):
                having = [part for part in parts if label in self.open(part)]
                if len(having) == 1:
                    changed = tuple(self._sum(part, label) if part is having[0] else part for part in parts)
                    return replace(node, parts=changed)
                self._check_groups(having, label)
            case Added(parts=parts):
                return replace(node, parts=tuple((minus, self._sum_part(node, x, label)) for minus, x in parts))
            case Divided(top=top):
                return replace(node, top=self._sum(top, label) if label in self.open(top) else top)
            case Summed(body=body):
                return replace(node, body=self._sum(body, label))
            case Raised(base=base) if not isinstance(base, WrittenAccess) and self.counts(base, label)[1] > 1:
                if not self._lacks(base, label) or self.counts(base, label)[0] < 2:
                    message = f"is the sum over {label!r} raised to the power, or what is summed?"
                    hint = f"write (\\sum_{{{label}}} ...)^{node.power} or \\sum_{{{label}}} (...)^{node.power}"
                    raise refusal(self.source, "EL145", self.place_of(base, label).span, message, hint)
                return replace(node, base=self._sum(base, label))
        return Summed(body=node, span=node.span, labels=(label,))

    def _sum_part(self, node: Added, part: Branch, label: str) -> Branch:
        if label not in self.open(part):
            return part
        if self.counts(part, label)[0] < 2 and any(label not in self.open(other) for _, other in node.parts):
            message = f"index {label!r} is summed: are the terms without it added once, or once for each {label!r}?"
            hint = f"write \\sum_{{{label}}} before the term that has it, or before the parentheses"
            raise refusal(self.source, "EL145", self.place_of(part, label).span, message, hint)
        return self._sum(part, label)

    def _check_groups(self, having: list[Branch], label: str) -> None:
        """Refuse an index that is summed inside parentheses, on its own perhaps, and stands outside."""
        for part in having:
            base = _core(part)
            if not isinstance(base, WrittenAccess) and self.counts(base, label)[1] > 1:
                other = next(x for x in reversed(having) if x is not part)
                message = f"index {label!r} is summed inside parentheses, and stands outside too"
                hint = "write the sum signs, and name one of the indices differently"
                raise refusal(self.source, "EL146", self.place_of(other, label).span, message, hint)

    def counts(self, node: Branch, label: str) -> tuple[int, int]:
        """Return how often an index stands in a term of a branch that has it: the fewest times, and the most."""
        if label not in self.open(node):
            return 0, 0
        match node:
            case WrittenAccess(labels=labels):
                number = sum(x.text == label for x in labels)
                return number, number
            case Raised(base=base, power=power):
                fewest, most = self.counts(base, label)
                return fewest * power, most * power
        every = [found for part in inside(node) if (found := self.counts(part, label))[1]]
        if isinstance(node, Added):
            return min(x for x, _ in every), max(x for _, x in every)
        return sum(x for x, _ in every), sum(x for _, x in every)

    def _lacks(self, node: Branch, label: str) -> bool:
        """Tell whether a sum in a branch has a part with an index and one without."""
        parts = inside(node)
        having = [part for part in parts if label in self.open(part)]
        return (isinstance(node, Added) and len(having) < len(parts)) or any(self._lacks(x, label) for x in having)

    def place_of(self, node: Branch, label: str) -> Label:
        """Return where an index first stands in a branch."""
        return next(x for access in accesses(node) for x in access.labels if x.text == label)

    def wrong(self, label: Label, what: str, hint: str | None = None) -> NotationError:
        """Return the refusal of an index that a sum sign lists wrongly."""
        return refusal(self.source, "EL146", label.span, f"index {label.text!r} {what}", hint)


def _core(node: Branch) -> Branch:
    """Return a branch without a power, and parentheses around one thing."""
    while True:
        match node:
            case Multiplied(parts=(part,)) | Raised(base=part):
                node = part
            case _:
                return node


def accesses(node: Branch) -> Iterator[WrittenAccess]:
    """Yield the operands in a branch in order of writing."""
    if isinstance(node, WrittenAccess):
        yield node
    for part in inside(node):
        yield from accesses(part)


def _listed_in(node: Branch) -> Iterator[str]:
    """Yield the indices that sums in a branch list."""
    if isinstance(node, Summed):
        yield from node.labels
    for part in inside(node):
        yield from _listed_in(part)
