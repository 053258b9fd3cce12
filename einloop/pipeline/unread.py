"""What of a text is not read in, the refusal out. Loaded where there is such a thing."""

from __future__ import annotations

from ..core.errors import NotationError
from ..core.site import Around, Unread
from ..core.spec import Spec

MESSAGES = {
    Around.EXPRESSION: ("only the einsum call is read, and it is part of more", "paste the call alone: {shown}"),
    Around.CALLS: ("{count} einsum calls in one text; one is read at a time", "paste one of them: {shown}"),
    Around.STATEMENTS: (
        "only one statement is read, and the text has more",
        "paste the statement with the call alone: {shown}",
    ),
    Around.ADDED: (
        "the value of the call changes what {shown} holds, which is not read",
        "paste the call without what stands before it; only the loops of plain `einloop` (generate) keep it",
    ),
}
"""What is not read, and what to do: by kind, for what makes an answer false."""


def refuse_unread(spec: Spec, *, added: bool) -> None:
    """Raise NotationError for what of the text is not read. `added`: an augmented assignment may stand."""
    for part in spec.unread:
        if part.kind in MESSAGES and not (added and part.kind is Around.ADDED):
            raise _refusal(spec, part)


def _refusal(spec: Spec, part: Unread) -> NotationError:
    message, hint = (text.format(shown=part.shown, count=part.count) for text in MESSAGES[part.kind])
    return NotationError(
        part.kind.value,
        message,
        text=spec.source.text,
        span=part.spans[0] if part.spans else None,
        also=part.spans[1:],
        hint=hint,
    )
