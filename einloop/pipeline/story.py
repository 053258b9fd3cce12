"""An expression and Options in, its story out: which whole arrays are made, one after another, in numpy's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING

from ..analysis.story import DtypeRules, story_section, tell, with_values
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
from ..evaluate import counting, given
from ..targets.equivalents import write_lines
from .arrays import given_arrays
from .as_call import call_section
from .colours import colours, marks
from .draw import steps_of
from .dtypes import numpy_dtypes
from .reading import reserved_names
from .scheduling import follows_call
from .sections import check_given
from .whole import check_whole

if TYPE_CHECKING:
    from ..core.combination import Statements

NUMPY = "numpy"
MAX_COUNTED = 4096
"""Elements of an operand that is given small whole numbers."""


def story(found: Spec | Statements, options: Options) -> Report:
    """Return the page that tells an expression array by array. Raises EinloopError."""
    spec = found
    names = choose_names(spec, reserved_names(options))
    told = story_of(spec, options)
    section = story_section(told)
    return Report(
        kind="story",
        subject=told.expression,
        sections=(section, *call_section([spec])),
        colours=colours(spec, names),
        marks=marks(spec),
    )


def story_of(found: Spec | Statements, options: Options, arrays: Sequence[PlainArray] | None = None) -> Story:
    """Return the story of an expression, along a path where the options or a pasted call give one.

    Its stages have values where `arrays` (one an operand) or the options give arrays; small whole numbers where only
    lengths are known. Raises EinloopError.
    """
    check_whole(found)
    spec, names = found, choose_names(found, reserved_names(options))
    values = arrays or _arrays(spec, options, names)
    dtypes = tuple(array.dtype for array in values) if values else numpy_dtypes(spec, options)
    told = tell(spec, names, path=_path(spec, options), dtypes=None if dtypes is None else _rules(dtypes))
    told = replace(told, notes=(*told.notes, *_notes(told, spec, options)))
    return written(with_values(told, dict(zip(names.operands, values, strict=True))) if values else told)


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
        return [given(loaded[name], name) for name in names.operands] if loaded else _counted(spec, options)
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


def _notes(told: Story, spec: Spec, options: Options) -> tuple[Message, ...]:
    """Return what is to be known of the lines: for which dtypes they are, and how np.einsum takes the path."""
    found = []
    dtypes = [stage.dtype for stage in told.stages if stage.kind is StageKind.GIVEN]
    computes = any(stage.kind in (StageKind.MULTIPLY, StageKind.SUM) for stage in told.stages)
    if None in dtypes and computes:
        found.append(Message("story.dtypes"))
    path = _path(spec, options)
    if len(path) > 1:
        places = [step.taken for step in path]
        found.append(Message("path.einsum", {"call": Code(f"optimize={einsum_path(places)}")}))
    return tuple(found)
