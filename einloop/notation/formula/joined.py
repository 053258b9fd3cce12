"""Two statements that change one result in, one that does what both do out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...core.errors import NotationError
from ...core.polynomial import Polynomial
from .combine import ComputedStatement, letters_of
from .expand import Expander, Letter
from .tokens import refusal

NAME_HINT = "give one of the arrays another name"


def joined(before: ComputedStatement, after: ComputedStatement, expander: Expander) -> ComputedStatement:
    """Return the statement that computes what `after` makes of what `before` leaves in their result.

    Raises NotationError where `after` throws it away, or reads it with other indices.
    """
    texts = _texts(before, after)
    span = after.formula.right.span
    total = Polynomial.number(0)
    changes = False
    for product, factor in after.value.terms().items():
        called = [(name, tuple(_called(x, texts) for x in at)) for name, at in product]
        own = [element for element in called if element[0] == after.result]
        if any(element != before.own for element in own):
            raise _refused(after, f"{after.result!r} is read with other indices in the statement that changes it")
        rest = Polynomial({tuple(element for element in called if element[0] != after.result): factor})
        total = total + expander.product([*(before.value for _ in own), rest], span)
        changes |= bool(own)
    if not changes and before.value.terms():
        raise _refused(after, f"{after.result!r} is computed twice, and what the first statement computes is lost")
    extents = {
        (texts.get(text, text) if not scope else text, scope): axis for (text, scope), axis in after.extents.items()
    }
    return replace(
        after,
        formula=replace(after.formula, left=before.formula.left),
        own=before.own,
        value=expander.merged(total, span),
        extents={**extents, **before.extents},
        reads=before.reads | after.reads,
        notes=tuple(dict.fromkeys((*before.notes, *after.notes))),
    )


def _texts(before: ComputedStatement, after: ComputedStatement) -> Mapping[str, str]:
    """Return what the indices of the result are called in the first statement, by their texts in the second."""
    old, new = ([x.text for x in letters_of(one.own[1])] for one in (before, after))
    if len(old) != len(new):
        raise _refused(after, f"{after.result!r} has {len(new)} indices here, and {len(old)} before")
    return dict(zip(new, old, strict=True))


def _called(letter: object, texts: Mapping[str, str]) -> object:
    """Return an index as the first statement calls it, where it is one of the result."""
    if isinstance(letter, Letter) and not letter.scope:
        return replace(letter, text=texts.get(letter.text, letter.text))
    return letter


def _refused(after: ComputedStatement, message: str) -> NotationError:
    return refusal(after.source, "EL145", after.formula.left.span, message, NAME_HINT)
