"""The passes that made a function's loops, in words: put off until somebody asks, and then kept."""

from __future__ import annotations

from functools import cache, partial

from ...core.options import Options
from ...core.spec import Spec
from .case import Told


def told_later(spec: Spec, options: Options) -> Told:
    """Return what says, in English, what each pass did to the loops of these options and why: the same loops are made
    once more, with their text after every pass."""
    return cache(partial(_told, spec, options))


def _told(spec: Spec, options: Options) -> tuple[str, ...]:
    from ...views.catalogue import FALLBACK, load_catalogue
    from ..stages import decisions

    words = load_catalogue(FALLBACK)
    return tuple(words.text(message) for message in decisions(spec, options))
