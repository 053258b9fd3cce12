"""An expression and Options in, its story out: which whole arrays are made, one after another, in numpy's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING, Any

from ..analysis.story import DtypeRules, story_sections, tell, with_values
from ..core.dtypes import DTYPES, common_dtype, summing_dtype
from ..core.errors import DtypeError
from ..core.message import Code, Message
from ..core.names import Names, choose_names
from ..core.options import Options
from ..core.path import Step, einsum_path
from ..core.plain_array import PlainArray
from ..core.report import Report
from ..core.sizes import axis_sizes
from ..core.spec import Spec
from ..core.story import StageKind, Story
from ..core.topic import Topic
from ..evaluate import counting
from ..evaluate import given as as_plain
from ..targets.equivalents import write_lines
from .arrays import given_arrays
from .colours import colours, marks
from .dtypes import numpy_dtypes
from .reading import reserved_names
from .scheduling import follows_call, steps_of
from .sections import check_given
from .whole import check_whole

if TYPE_CHECKING:
    from ..core.combination import Statements

NUMPY = "numpy"
AROUND = 4
"""Columns of a page that grids of values leave free."""
MAX_COUNTED = 4096
"""Elements of an operand that is given small whole numbers."""


def story(
    found: Spec | Statements, options: Options, width: int | None = None, notes: tuple[Message, ...] = ()
) -> Report:
    """Return the page that tells an expression array by array, for so many columns; `notes` stand at its end.

    Raises EinloopError.
    """
    found = _einsum(found, options)
    told = story_of(found, options)
    told = replace(told, notes=(*told.notes, *notes))
    sections = story_sections(told) if width is None else story_sections(told, room=width - AROUND)
    return Report(kind="story", subject=told.expression, sections=sections, **_look(found, options))


def story_of(
    found: Spec | Statements,
    options: Options,
    arrays: Sequence[PlainArray] | Mapping[str, PlainArray] | None = None,
) -> Story:
    """Return the story of an expression, along a path where the options or a pasted call give one.

    Its stages have values where `arrays` (by name, or of one einsum one an operand) or the options give arrays, and
    where lengths are known: small whole numbers. Raises EinloopError.
    """
    found = _einsum(found, options)
    if isinstance(found, Spec):
        return written(_of_einsum(found, options, arrays or ()))
    from .story_sum import tell_sums

    told = tell_sums(found, options, arrays if isinstance(arrays, Mapping) else None)
    return written(replace(told, notes=_dtype_notes(told)))


def _of_einsum(spec: Spec, options: Options, arrays: Sequence[PlainArray] | Mapping[str, PlainArray]) -> Story:
    check_whole(spec)
    names = choose_names(spec, reserved_names(options))
    given = [arrays[name] for name in names.operands] if isinstance(arrays, Mapping) else arrays
    values = given or _arrays(spec, options, names)
    dtypes = tuple(array.dtype for array in values) if values else numpy_dtypes(spec, options)
    path = _path(spec, options)
    told = tell(spec, names, path=path, dtypes=None if dtypes is None else _rules(dtypes))
    if len(path) > 1:
        call = Code(f"optimize={einsum_path([step.taken for step in path])}")
        told = replace(told, notes=(Message("path.einsum", {"call": call}),))
    told = replace(told, notes=(*_dtype_notes(told), *told.notes))
    return with_values(told, dict(zip(names.operands, values, strict=True))) if values else told


def _einsum(found: Spec | Statements, options: Options) -> Spec | Statements:
    """Return the einsum that statements are, where they are one and no more."""
    if isinstance(found, Spec):
        return found
    from .summed import as_einsum

    return as_einsum(found, options) or found


def _look(found: Spec | Statements, options: Options) -> dict[str, Any]:
    """Return the colours of a page, and the places of indices in the expression."""
    if isinstance(found, Spec):
        names = choose_names(found, reserved_names(options))
        return {"colours": colours(found, names), "marks": marks(found)}
    from .summed import joined

    made = joined(found, options)
    return {"colours": colours(made.spec, made.names)}


def written(told: Story) -> Story:
    """Return a story with the text of every line."""
    steps = []
    for step in told.steps:
        stages = tuple(
            stage if stage.line is None else replace(stage, code=(write_lines([stage.line], NUMPY) or "").rstrip("\n"))
            for stage in step.stages
        )
        steps.append(replace(step, stages=stages))
    return replace(told, steps=tuple(steps))


def _path(spec: Spec, options: Options) -> tuple[Step, ...]:
    """Return the steps of the path that is asked for; none for one product."""
    asked = options.path is not None or follows_call(spec, options)
    return steps_of(spec, options) if asked else ()


def _rules(dtypes: Sequence[str]) -> DtypeRules:
    common = common_dtype(dtypes)
    return DtypeRules(operands=tuple(dtypes), result=common, sums=summing_dtype(common))


def _arrays(spec: Spec, options: Options, names: Names) -> list[PlainArray]:
    """Return the arrays that are given, else small whole numbers where the lengths are known.

    Nothing where they are not, and for dtypes that plain Python has no numbers of.
    """
    loaded = given_arrays(spec, options)
    check_given(loaded, names.operands)
    try:
        return [as_plain(loaded[name], name) for name in names.operands] if loaded else _counted(spec, options)
    except DtypeError as error:
        if error.topic is not Topic.NO_NUMBERS:
            raise
        return []


def _counted(spec: Spec, options: Options) -> list[PlainArray]:
    """Return an array of small whole numbers for every operand; nothing where a length is unknown or large."""
    sizes = {index.label: index.extent for index in spec.indices if isinstance(index.extent, int)}
    dtypes = numpy_dtypes(spec, options) or ("int64",) * len(spec.operands)
    if len(sizes) < len(spec.indices) or not set(dtypes) <= set(DTYPES):
        return []
    shapes = [axis_sizes(spec, number, sizes) for number in range(len(spec.operands))]
    small = max(map(prod, shapes), default=0) <= MAX_COUNTED
    return [counting(shape, dtype) for shape, dtype in zip(shapes, dtypes, strict=True)] if small else []


def _dtype_notes(told: Story) -> tuple[Message, ...]:
    """Return for which dtypes lines that multiply or add are, where none are known."""
    dtypes = [stage.dtype for stage in told.stages if stage.kind is StageKind.GIVEN]
    computes = any(stage.kind in (StageKind.MULTIPLY, StageKind.SUM) for stage in told.stages)
    return (Message("story.dtypes"),) if None in dtypes and computes else ()
