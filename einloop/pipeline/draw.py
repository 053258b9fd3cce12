"""An expression and Options in, a Drawing out; and a Drawing as the content of a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from ..analysis.draw import (
    ElementCase,
    Heading,
    draw_axes,
    draw_cells,
    draw_network,
    draw_path,
    draw_stages,
    equation_of,
)
from ..analysis.why import place_in, sized
from ..core.drawing import Drawing, Theme
from ..core.errors import EinloopError, OptionError
from ..core.message import Message
from ..core.names import choose_names
from ..core.near import meant
from ..core.options import Options
from ..core.spec import Spec
from ..views.catalogue import load_catalogue
from ..views.page import flat
from .colours import marks
from .page import language_of
from .reading import reserved_names
from .scheduling import steps_of
from .whole import check_whole

if TYPE_CHECKING:
    from ..core.combination import Combination, Statements


class Kind(Enum):
    """What a picture shows."""

    CELLS = "cells"
    NETWORK = "network"
    PATH = "path"
    AXES = "axes"
    STAGES = "stages"


KINDS = tuple(kind.value for kind in Kind)
ONE_EINSUM = {Kind.NETWORK: "a network is", Kind.PATH: "a path is", Kind.STAGES: "stages are"}
"""What there is no picture of a sum of."""
THEMES = tuple(theme.value for theme in Theme)
SVG = "svg"
FORMATS = (SVG, "png", "pdf")
"""What a picture can be written as; the names of files end so."""
LONGEST_TEXT = 100
"""Characters of an expression that stands above its picture as it was given; of a longer one, its subscripts do."""


def draw(
    spec: Spec | Statements, options: Options, *, kind: str = Kind.CELLS.value, at: Sequence[int] | None = None
) -> Drawing:
    """Return the picture of an expression.

    `at`: the element of the result that the cells show, else one is chosen. Raises EinloopError.
    """
    if kind not in KINDS:
        raise OptionError("EL469", f"there is no kind of picture {kind!r}", hint=meant(kind, KINDS))
    _check_useful(Kind(kind), options, at)
    if not isinstance(spec, Spec):
        from .summed import as_einsum

        plain = as_einsum(spec, options)
        if plain is None:
            return replace(_of_sum(spec, options, Kind(kind), at), write=written)
        spec = plain
    check_whole(spec)
    if Kind(kind) is Kind.CELLS:
        return replace(_cells(spec, options, at), write=written)
    if Kind(kind) is Kind.STAGES:
        return replace(_stages(spec, options, at), write=written)
    names = choose_names(spec, reserved_names(options))
    equation, heading = equation_of(spec, names), _heading(spec)
    if Kind(kind) is Kind.NETWORK:
        return replace(draw_network(equation, heading), write=written)
    if Kind(kind) is Kind.AXES:
        return replace(draw_axes(equation, heading), write=written)
    return replace(draw_path(equation, heading, steps_of(spec, options)), write=written)


def _check_useful(kind: Kind, options: Options, at: Sequence[int] | None) -> None:
    """Raise OptionError for what a kind of picture has no use for."""
    if at is not None and kind not in (Kind.CELLS, Kind.STAGES):
        raise OptionError(
            "EL471", f"a picture of kind {kind.value!r} shows no element of the result", hint="leave it out"
        )
    if options.path is not None and kind is not Kind.PATH:
        raise OptionError("EL471", f"a picture of kind {kind.value!r} shows no path", hint="--kind path shows one")


def cells_of(spec: Spec | Statements, options: Options) -> Drawing | None:
    """Return the cells of an expression, for a page that explains it; None where there is no such picture."""
    try:
        return _cells(spec, options, None) if isinstance(spec, Spec) else _of_sum(spec, options, Kind.CELLS, None)
    except EinloopError:
        return None


def _cells(spec: Spec, options: Options, at: Sequence[int] | None) -> Drawing:
    known, place, notes = _with_place(spec, options, at)
    equation = equation_of(known, choose_names(known, reserved_names(options)))
    return draw_cells(equation, _heading(spec), place, notes, given=bool(options.loaded))


def _stages(spec: Spec, options: Options, at: Sequence[int] | None) -> Drawing:
    from .story import story_of  # no other picture has values

    known, place, notes = _with_place(spec, options, at)
    equation = equation_of(known, choose_names(known, reserved_names(options)))
    size = {index.label: index.extent for index in known.indices if isinstance(index.extent, int)}
    case = ElementCase(equation=equation, at=place, size=size)
    return draw_stages(story_of(replace(known, path=()), options), case, _heading(spec), notes)


def _with_place(
    spec: Spec, options: Options, at: Sequence[int] | None
) -> tuple[Spec, dict[str, int] | None, tuple[Message, ...]]:
    """Return an expression with a length for every index, the element that is shown, and that lengths were chosen."""
    reserved = reserved_names(options)
    known, chosen = sized(spec, choose_names(spec, reserved), _any_place(spec) if at is None else at)
    names = choose_names(known, reserved)
    place = _usual_place(known) if at is None else dict(zip(known.output, place_in(known, names, at), strict=True))
    return known, place, _notes(chosen)


def _of_sum(statements: Statements, options: Options, kind: Kind, at: Sequence[int] | None) -> Drawing:
    """Return the picture of a sum of einsums."""
    from ..analysis.draw import equation_of_sum
    from ..core.bind_sum import bind_statements
    from ..core.joined import join
    from .summed import bound, subject

    if kind in ONE_EINSUM:
        what = f"{ONE_EINSUM[kind]} drawn of a single einsum, which this is not"
        raise OptionError("EL436", what, hint="draw its terms one by one")
    statements = _one_statement(statements, options.result)
    found = join(bound(statements, options), reserved_names(options))
    text = flat(subject(statements))
    if len(text) > LONGEST_TEXT or "\n" in subject(statements):
        text = flat(statements.text())
    heading = Heading(text=text, pieces=((text, None),))
    if kind is Kind.AXES:
        return draw_axes(equation_of_sum(found, found.statements.combinations[-1]), heading)
    whole, chosen = sized(found.spec, found.names, _any_place(found.spec) if at is None else at)
    shapes = {op.name: op.shape for op in whole.operands if op.name is not None and op.shape is not None}
    made = join(bind_statements(found.statements, shapes), reserved_names(options))
    combination = made.statements.combinations[-1]
    place = _sum_place(combination, made.names, at)
    return draw_cells(equation_of_sum(made, combination), heading, place, _notes(chosen), given=bool(options.loaded))


def _sum_place(combination: Combination, names: object, at: Sequence[int] | None) -> Mapping[str, int] | None:
    """Return the element of a sum that is shown."""
    if not combination.summands:
        return {}
    spec = combination.summands[0].spec
    if at is None:
        return _usual_place(spec)
    return dict(zip(spec.output, place_in(spec, names, at), strict=True))  # type: ignore[arg-type]


def _one_statement(statements: Statements, result: str | None) -> Statements:
    """Return the statement that makes a result, or the only one. Raises OptionError where there are several."""
    names = [combination.result for combination in statements.combinations]
    if result is None and len(names) > 1:
        listed = ", ".join(dict.fromkeys(names))
        raise OptionError(
            "EL436",
            f"a picture shows one statement, and these are {len(names)} ({listed})",
            hint=f"say which: --result {names[-1]}",
        )
    if result is None or len(names) == 1:
        return statements
    if result not in names:
        raise OptionError("EL404", f"no result is called {result!r}; there are {', '.join(names)}")
    last = len(names) - 1 - names[::-1].index(result)
    return replace(statements, combinations=statements.combinations[last : last + 1])


def _any_place(spec: Spec) -> tuple[int, ...]:
    """Return coordinates for as many axes as a result has; an ellipsis of unknown rank covers one."""
    return (0,) * len(spec.output)


def _usual_place(spec: Spec) -> dict[str, int] | None:
    """Return the element that is shown where none is asked for, None where the result has none: 1 and 2 in turn along
    its axes, as far as they reach, so that it can be seen which coordinate is which."""
    sizes = {index.label: index.extent for index in spec.free}
    if any(size == 0 for size in sizes.values()):
        return None
    return {
        label: min(1 + number % 2, size - 1)
        for number, (label, size) in enumerate(sizes.items())
        if isinstance(size, int)
    }


def _notes(chosen: Sequence[str]) -> tuple[Message, ...]:
    return (Message("draw.chosen"),) if chosen else ()


def _heading(spec: Spec) -> Heading:
    """Return what stands above a picture: the text with its indices in their colours; of a long one the subscripts."""
    text = spec.source.text
    if not text.strip() or len(text) > LONGEST_TEXT or "\n" in text:
        return Heading(text=spec.subscripts, pieces=((spec.subscripts, None),))
    pieces: list[tuple[str, int | None]] = []
    at = 0
    for span, number in marks(spec):
        if span.start >= at:
            pieces += [(text[at : span.start], None), (text[span.start : span.stop], number)]
            at = span.stop
    pieces.append((text[at:], None))
    return Heading(text=text, pieces=tuple(piece for piece in pieces if piece[0]))


def written(drawing: Drawing, format: str, lang: str, theme: str) -> bytes:
    """Return a drawing as the content of a file. Raises OptionError."""
    if format not in FORMATS:
        raise OptionError("EL469", f"there is no format {format!r}", hint=meant(format, FORMATS))
    if theme not in THEMES:
        raise OptionError("EL469", f"there is no theme {theme!r}", hint=meant(theme, THEMES))
    from ..views.svg import write_drawing

    catalogue, look = load_catalogue(language_of(lang)), Theme(theme)
    if format == SVG:
        return write_drawing(drawing, catalogue, look).encode()
    from ..views.raster import write_image

    ground = Theme.LIGHT if look is Theme.AUTO else look
    return write_image(lambda plain: write_drawing(drawing, catalogue, ground, plain=plain), format)
