"""Binding whose refusals name the expressions that would fit. Costs nothing where shapes fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..core.bind import Shape, bind_sizes
from ..core.errors import EinloopError, ShapeError
from ..core.spec import Extent, Spec
from ..core.topic import Topic

if TYPE_CHECKING:
    from ..core.expected import Expected
    from ..core.report import Fix


def bind_with_advice(
    spec: Spec,
    shapes: Sequence[Shape | None] = (),
    sizes: Mapping[str, Extent] | None = None,
    expected: Expected | None = None,
) -> Spec:
    """Return what `bind_sizes` returns; a refusal of a rank, a size or a lost ellipsis says what would fit.

    `expected`: what the result of all that would fit must look like.

    >>> from einloop.notation import read
    >>> try:
    ...     bind_with_advice(read("bix,iox->box"), [(12, 8192, 2), (12, 8192, 2)])
    ... except ShapeError as error:
    ...     print(error.fixes[0])
    Fix(expression='bix,oix->box', shape='(12, 12, 2)')
    """
    try:
        return bind_sizes(spec, shapes, sizes)
    except ShapeError as error:
        advise(error, spec, shapes, sizes, expected)
        raise


def advise(
    error: EinloopError,
    spec: Spec,
    shapes: Sequence[Shape | None],
    sizes: Mapping[str, Extent] | None = None,
    expected: Expected | None = None,
) -> None:
    """Add to a refusal the expressions one edit away that fit these shapes, and name them in its hint."""
    if error.topic not in (Topic.RANK, Topic.LOST_ELLIPSIS, Topic.SIZE) or spec.joint:
        return
    if spec.source.notation.traits.code:
        return  # nobody wrote the subscripts that would be corrected
    from ..analysis.check.doubts import doubtful
    from ..analysis.repair import dots_repairs, repairs

    if error.topic is Topic.LOST_ELLIPSIS:
        error.fixes = dots_repairs(spec, shapes, sizes, doubtful=doubtful)
        error.hint = _dots_hint(error.fixes) or error.hint
        return
    operands = [number for number, op in enumerate(spec.operands) if _marked(op.spans, error)]
    operands += [] if error.operand is None else [error.operand]
    error.fixes = repairs(spec, shapes, sizes, doubtful=doubtful, operands=operands, expected=expected)
    if error.fixes:
        plain = error.topic is Topic.RANK and error.hint is not None and not error.hint.endswith("?")
        error.hint = _with_fixes(None if plain else error.hint, error.fixes)


def _marked(spans: Sequence[object], error: EinloopError) -> bool:
    places = {(getattr(span, "start", None), getattr(span, "stop", None)) for span in spans if span is not None}
    return not places.isdisjoint(error.also)


def _with_fixes(hint: str | None, fixes: tuple[Fix, ...]) -> str:
    first, *others = fixes
    words = f"{first.expression!r} would fit{_giving(first)}"
    words += "".join(f", or {fix.expression!r}{_giving(fix)}" for fix in others)
    if hint is None:
        return words
    return f"{hint} {words}" if hint.endswith("?") else f"{hint}; {words}"


def _giving(fix: Fix) -> str:
    return "" if fix.shape is None else f", giving shape {fix.shape}"


def _dots_hint(fixes: tuple[Fix, ...]) -> str | None:
    """Return how to keep and how to sum the axes of an ellipsis, where both fit."""
    if len(fixes) < 2:
        return None
    kept, summed = fixes
    return (
        f"write {kept.expression!r}{_giving(kept)}, to keep the axes, or {summed.expression!r}{_giving(summed)}, "
        "to sum over them; torch, JAX and optimize=True sum them, np.einsum refuses"
    )
