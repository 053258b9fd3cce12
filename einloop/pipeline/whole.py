"""A Spec in, a refusal out where the text has more than the expression and the answer would be false of the whole."""

from __future__ import annotations

from ..core.spec import Spec


def check_whole(spec: Spec, *, added: bool = False) -> None:
    """Raise NotationError where the text says more than the expression. `added`: an augmented assignment may stand."""
    if spec.unread:
        from .unread import refuse_unread

        refuse_unread(spec, added=added)
