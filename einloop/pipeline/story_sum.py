"""Statements and Options in, their story out: each term that is an einsum, then the sum of the terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod

from ..analysis.story import tell_statement, with_values
from ..core.bind_sum import input_names
from ..core.combination import Combination, Statements
from ..core.dtypes import BFLOAT16, WIDER_HINT
from ..core.errors import DtypeError, EinloopError, OptionError
from ..core.joined import join
from ..core.options import Options
from ..core.part_text import base_of
from ..core.plain_array import PlainArray, positions
from ..core.story import StageKind, Story, StoryStep
from ..evaluate import StatementValue, counting, evaluate_statements, given
from .reading import reserved_names
from .sections import check_given
from .summed import arrays_by_name, bound, dtypes_by_name, shapes_by_name, subject

MAX_COUNTED = 4096
"""Elements of an array that is given small whole numbers."""
MAX_POINTS = 1_000_000
"""Loop iterations of a term whose values are computed: a second or two."""


def tell_sums(statements: Statements, options: Options, arrays: Mapping[str, PlainArray] | None = None) -> Story:
    """Return the story of statements; `arrays` by name, if there are some. Raises EinloopError."""
    if options.path is not None:
        raise OptionError("EL471", "path is for one einsum, and this is a sum of several", hint="leave it out")
    found = join(bound(statements, options), reserved_names(options))
    dtypes = dtypes_by_name(statements, options)
    _check_numpy(dtypes)
    values = _values(statements, options, dtypes, arrays)
    named = (name for one in statements.combinations for name in (one.result, *one.operands))
    taken = {*found.names.taken, *input_names(statements), *named}
    steps: list[StoryStep] = []
    for number, combination in enumerate(found.statements.combinations):
        value = values[number] if values else None
        known = dtypes if value is None else {name: array.dtype for name, array in value.arrays.items()}
        told = tell_statement(found, combination, _with_views(combination, known), taken)
        steps += _valued(told, combination, value)
        dtypes = {name: dtype for name, dtype in dtypes.items() if name != combination.result}
    result = statements.combinations[-1].result
    return Story(expression=subject(statements), result=result, steps=tuple(steps))


def _values(
    statements: Statements, options: Options, dtypes: Mapping[str, str], arrays: Mapping[str, PlainArray] | None
) -> tuple[StatementValue, ...]:
    """Return the values of all statements where arrays are given, or all shapes known; else nothing."""
    loaded = arrays or {name: given(array, name) for name, array in arrays_by_name(statements, options).items()}
    check_given(loaded, input_names(statements))
    if loaded:
        return evaluate_statements(statements, loaded)
    shapes = shapes_by_name(statements, options)
    if not shapes:
        return ()
    operands = [op for one in statements.combinations for x in one.summands for op in x.spec.operands]
    arrays_with_axes = {operand.name for operand in operands if operand.labels}
    made = {}
    for name in input_names(statements):
        shape = tuple(size for size in shapes.get(name, ()) if isinstance(size, int))
        if len(shape) != len(shapes.get(name, ())) or (name not in shapes and name in arrays_with_axes):
            return ()
        if prod(shape) > MAX_COUNTED:
            return ()
        made[name] = counting(shape, dtypes.get(name, "int64"))
    try:
        return evaluate_statements(statements, made)
    except EinloopError:  # nobody gave these numbers: a length among them may not fit
        return ()


def _valued(
    told: tuple[StoryStep, ...], combination: Combination, value: StatementValue | None
) -> tuple[StoryStep, ...]:
    """Return steps with values; as they are where ones are among the arrays, which numpy has in float64."""
    names = {stage.name for step in told for stage in step.stages if stage.kind is StageKind.GIVEN}
    if value is None or names & combination.ones or prod(value.shape) > MAX_COUNTED or _points(value) > MAX_POINTS:
        return told
    made = PlainArray(value.shape, value.dtype, tuple(value.cell(at) for at in positions(value.shape)))
    last = replace(told[-1].stages[-1], shape=value.shape)  # a shape in words, or an unknown one, has numbers now
    if len(last.axes) != len(last.shape):
        last = replace(last, axes=("",) * len(last.shape))
    story = Story(expression="", result="", steps=(*told[:-1], replace(told[-1], stages=(last,))))
    return with_values(story, value.operands, made).steps


def _points(value: StatementValue) -> int:
    """Return how many loop iterations the longest term of a statement takes."""
    specs = (summand.spec for summand in value.combination.summands)
    return max((prod(x.extent for x in spec.indices if isinstance(x.extent, int)) for spec in specs), default=0)


def _with_views(combination: Combination, dtypes: Mapping[str, str]) -> dict[str, str]:
    """Return dtypes by name, those of parts of arrays too."""
    found = dict(dtypes)
    for view in combination.views:
        base = base_of(view.text)
        if view.ones:
            found[view.name] = "float64"
        elif base in dtypes:
            found[view.name] = dtypes[base]
    return found


def _check_numpy(dtypes: Mapping[str, str]) -> None:
    """Raise DtypeError for a dtype that numpy does not have."""
    for name, dtype in dtypes.items():
        if dtype == BFLOAT16:
            what = f"{name} has dtype {dtype}, which numpy does not have: nothing can be run with it"
            raise DtypeError("EL305", what, hint=WIDER_HINT)
