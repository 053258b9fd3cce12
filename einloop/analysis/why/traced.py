"""Arrays in, the sections of one element of their result out: the one asked for, or the first that is nan or inf.

Loaded only where arrays are at hand, as this and what it imports need numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core.names import Names
from ...core.report import Section
from ...core.spec import Spec
from .element import MAX_TERMS, USUAL, Limits, trace
from .factors import factors_of
from .nonfinite import locate
from .page import nonfinite_section, reached_section, traced_sections


def element_sections(
    spec: Spec, names: Names, arrays: Sequence[Any], at: tuple[int, ...], *, top: int, limits: Limits | None = None
) -> tuple[Section, ...]:
    """Return what makes the element at some coordinates, with its `top` largest terms."""
    return traced_sections(trace(factors_of(spec, names, arrays, at), top, limits or USUAL))


def nonfinite_sections(
    spec: Spec, names: Names, arrays: Sequence[Any], *, top: int, limits: Limits | None = None
) -> tuple[Section, ...]:
    """Return where the first nan or inf stands with what makes that element, or why there is none."""
    limits = limits or USUAL
    found = locate(spec, names, arrays, limits)
    first = nonfinite_section(found, spec, names, arrays)
    if found.place is None:
        return (first,)
    factors = factors_of(spec, names, arrays, found.place)
    if factors.count > MAX_TERMS:
        return (first, reached_section(factors))
    return (first, *traced_sections(trace(factors, top, limits)))
