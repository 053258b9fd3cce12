"""A bound Spec and Options in, Generated out: name, lower, schedule, render, format."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any

from ..core.ability import Ability
from ..core.errors import OptionError, TemplateError, with_article
from ..core.generated import Contract, Form, Generated, Values
from ..core.names import Names
from ..core.nest import Nest
from ..core.options import Options
from ..core.path import einsum_path
from ..core.program import Program
from ..core.spec import Spec
from ..format import format_python
from ..runners import RUNNERS, Runtime, make_runner
from ..schedule import Draft, PassCall, first_draft, schedule, stages
from ..targets.context import free_extents, function_context, script_context
from ..targets.render import render, render_loops
from ..targets.target import HEADER, LIKE, Style, Target, load_target
from .drafting import admit, begun
from .dtypes import shown_note
from .reading import DEFAULT_ENTRY, entry_name, reserved_names, values_of
from .scheduling import commands_of, decides, find_path, follows_call, path_notes
from .whole import check_whole

if TYPE_CHECKING:
    from ..core.combination import Statements
    from ..core.joint import JointSum
    from .placing import Placed

ONE_BY_ONE = (PassCall(name="order", arguments=("output",)), PassCall(name="accumulate"))
"""The schedule that finishes one element of the result after the other, which needs no memory for sums."""
NO_PLACE: Mapping[str, Any] = {"aliases": (), "endings": ()}
"""What the template of a snippet gets where no call was pasted."""


def generate(subject: Spec | JointSum | Statements, options: Options) -> Generated:
    """Return the loops of an einsum, a sum of einsums or statements, as text with its contract and its runner.

    Statements are bound to the shapes that `options` give; what else there is, is bound already.
    """
    if not isinstance(subject, Spec):
        from ..core.combination import Statements  # a plain expression is spared it

        if isinstance(subject, Statements):
            return _of_statements(subject, options)
    *_, (_, last) = emissions(subject, options)
    return last()


def _of_statements(statements: Statements, options: Options) -> Generated:
    if len(statements.combinations) > 1:
        from .programs import generate_program

        return generate_program(statements, options)
    from .statements import bind_combination

    return generate(bind_combination(statements.combinations[0], options), options)


def emissions(subject: Spec | JointSum, options: Options) -> Iterator[tuple[PassCall | None, Callable[[], Generated]]]:
    """Yield what makes the text before any pass (with None) and after every pass of the schedule (with it)."""
    spec, joint = (subject, None) if isinstance(subject, Spec) else (subject.spec, subject)
    target = load_target(options.target, options.templates)
    style = target.style(options.style)
    if options.form is Form.SNIPPET and Form.SNIPPET not in target.forms:
        options = replace(options, function=DEFAULT_ENTRY)  # a language without loops on their own
    check_whole(spec, added=options.form is Form.SNIPPET)
    if joint is not None:
        from .statements import check_loops  # a plain expression is spared it

        check_loops(joint, options, target)
    draft = begun(subject, options, target, style)
    names, request = draft.names, draft.request
    if spec.site is not None and options.form is Form.SNIPPET:
        from .placing import names_in_place  # a plain expression stands in no place

        in_place = names_in_place(spec, names, draft.nest, reserved_names(options))
        if in_place is not names:
            draft = first_draft(spec, in_place, request, find_path, target.abilities)
    commands = commands_of(spec, target, style, options, draft)
    if joint is not None and joint.on_parts:
        from .parts import check_forms, stands_around  # whole arrays are spared it

        check_forms(joint, options, style)
        draft = replace(draft, viewed=stands_around(joint, names, options))
    for command, nest in stages(draft, commands, target.max_nested_loops):
        yield command, partial(_emission, draft, nest, options, target, style, commands=commands)


def _emission(
    draft: Draft, nest: Nest, options: Options, target: Target, style: Style, *, commands: tuple[PassCall, ...]
) -> Generated:
    spec, names, request = draft.spec, draft.names, draft.request
    entry = entry_name(options)
    joint = draft.joint
    statement = None if joint is None else joint.text
    context: Mapping[str, Any] = function_context(spec, names, entry, statement) if entry else {}
    if draft.viewed is not None:
        from .parts import around, context_around

        nest, context = around(draft, nest), context_around(draft, context)
    if entry:
        context = {**context, "file": _file_name(options, entry, target)}
    if options.form is Form.SCRIPT:
        context = {**context, **_script(draft, nest, options, target, style)}
    placed = _placed(draft, nest, style, options.form)
    if options.form is Form.SNIPPET:
        context = NO_PLACE if placed is None else placed.context
    text = render(
        nest,
        target,
        style,
        target.form(options.form),
        comments=options.comments,
        context=context,
        threads=options.threads,
    )
    if target.formatter == "black":
        text = format_python(text, always=target.foreign or (placed is not None and not placed.simple))
    program = _program(text, draft, nest, entry, target.runner)
    runtime = _runtime(target)
    if placed is not None and runtime is not None and runtime.snippets:
        program = _in_place(program, draft, placed)
    return Generated(
        source=text,
        target=target.name,
        style=style.name,
        form=options.form,
        spec=spec,
        contract=_contract(spec, nest, request.dtypes, style, request.checked),
        joint=joint,
        inputs=program.inputs,
        operands=names.operands,
        result=program.result,
        loop_names=tuple((names.index[i.label], names.extent[i.label]) for i in spec.indices),
        entry=entry,
        header=_header(nest, target, style, options, context),
        notes=(
            *_notes(spec, names, options, placed, nest if joint else None),
            *_path_notes(spec, commands, options),
            *_length_note(spec, options, target),
            *_sizes_note(spec, options, target, style),
            *_sum_note(draft, nest, options, target, style),
        ),
        runner=None if runtime is None else make_runner(program, options.form),
        admission=admit,
        program=program,
        foreign=target.foreign,
        viewed=draft.viewed,
    )


def _script(draft: Draft, nest: Nest, options: Options, target: Target, style: Style) -> dict[str, Any]:
    """Return what the template of a whole program gets beside that of a function."""
    spec, names, joint = draft.spec, draft.names, draft.joint
    value, whole = (None, True) if joint is None else _value(joint, names)
    paths = _paths(spec, options, names)
    context = script_context(spec, names, nest, paths, value, whole=whole)
    if style.values is Values.POINTERS:
        one_by_one = draft.nest.dtypes.wide and joint is None
        plain = schedule(draft, ONE_BY_ONE if one_by_one else (), target.max_nested_loops)
        if joint is not None and plain.intermediates:
            from .statements import refuse_program

            raise refuse_program(joint)
        context = {**context, "plain": render_loops(plain, target, style)}
    return context


def _value(joint: JointSum, names: Names) -> tuple[str, bool]:
    """Return what a sum of einsums gives, as Python in the names of the loops, and whether whole numbers give such."""
    from ..core.joint_program import right_side

    called = {op.name or "": name for op, name in zip(joint.spec.operands, names.operands, strict=True)}
    whole = all(not term.divides and isinstance(term.multiplier, int) for term in joint.terms)
    return right_side(joint.statements.combinations[0], called), whole


def _header(nest: Nest, target: Target, style: Style, options: Options, context: Mapping[str, Any]) -> str | None:
    """Return the text that declares the function, where it is asked for. Raises OptionError where there is none."""
    if not options.header:
        return None
    if target.header is None:
        raise OptionError("EL471", f"target {target.name!r} has no headers", hint="--target c has them")
    if options.form is not Form.FUNCTION:
        raise OptionError("EL471", f"a header is for a function, not for {with_article(options.form.value)}")
    return render(nest, target, style, target.header, comments=False, context=context)


def _file_name(options: Options, entry: str, target: Target) -> str:
    """Return the name of the text's file, as a shell reads it: what it will be, or that of the function."""
    given = os.path.basename(options.file or "")
    stem, suffix = os.path.splitext(given)
    if suffix.lower() == HEADER:  # the text will stand beside it
        given = stem + target.suffix
    fits = given.endswith(target.suffix) or LIKE.get(suffix.lower(), suffix.lower()) == target.suffix
    name = given if given.isprintable() and fits and given != target.suffix else entry + target.suffix
    if name.isascii() and name.replace("_", "").replace(".", "").replace("-", "").isalnum():
        return name if name[0] != "-" else f"./{name}"
    from shlex import quote  # a plain name needs none

    return quote(f"./{name}" if name[0] == "-" else name)


def _placed(draft: Draft, nest: Nest, style: Style, form: Form) -> Placed | None:
    """Return what surrounds the loops where they take the place of a pasted call."""
    if draft.spec.site is None or form is not Form.SNIPPET:
        return None
    from .placing import placed  # loads Python's parser, which a plain expression is spared

    return placed(draft.spec, draft.names, nest, style)


def _in_place(program: Program, draft: Draft, around: Placed) -> Program:
    """Return a program whose statements around the loops are not run. Raises NotationError for harmful loops."""
    from .placing import check_harmless

    if not check_harmless(program.text, draft.spec, draft.names, around):
        return program  # a user's template that leaves them out
    return replace(program, before=len(around.aliases), after=len(around.endings))


def _paths(spec: Spec, options: Options, names: Names) -> dict[str, str]:
    """Return the file of each operand that has one."""
    loaded = zip(names.operands, values_of(spec, options.loaded, "array", options), strict=True)
    return {name: array.path for name, array in loaded if array is not None and array.path is not None}


def _runtime(target: Target) -> Runtime | None:
    """Return how texts of the target run, None where it has no runner. Raises TemplateError for an unknown one."""
    if target.runner is None:
        return None
    if target.runner not in RUNNERS:
        raise TemplateError(
            "EL503",
            f"target {target.name!r} asks for a runner {target.runner!r}",
            hint=f"there is {', '.join(RUNNERS)}",
        )
    return RUNNERS[target.runner]


def _program(text: str, draft: Draft, nest: Nest, entry: str | None, runner: str | None) -> Program:
    """Return the text with what a runner has to know."""
    inputs = draft.names.inputs if draft.viewed is None else draft.viewed.names
    extents: dict[str, tuple[int, int]] = {}
    for name, op in zip(draft.names.operands, draft.spec.operands, strict=True) if draft.viewed is None else ():
        for axis, label in enumerate(op.labels):
            if axis not in op.stretched and label in draft.names.extent:
                extents.setdefault(draft.names.extent[label], (inputs.index(name), axis))
    return Program(
        text=text,
        inputs=inputs,
        result=nest.result.name,
        entry=entry,
        extents=tuple((name, *extents[name]) for name in free_extents(draft.spec, draft.names) if name in extents),
        nest=nest,
        runner=runner,
    )


def _contract(spec: Spec, nest: Nest, dtypes: tuple[str, ...] | None, style: Style, checked: bool) -> Contract:
    per_input: tuple[str, ...] | None = None
    if dtypes is not None:
        per_input = tuple("int64" if buffer.length else str(buffer.dtype or "float64") for buffer in nest.inputs)
    elif not checked and style.values is Values.ARRAYS:
        per_input = tuple("int64" if buffer.length else "float64" for buffer in nest.inputs)
    plain_zero = not spec.output and dtypes is None and not checked and bool(spec.summed)
    pointers = style.values is Values.POINTERS
    return Contract(
        dtypes=per_input,
        checked=checked,
        values=style.values,
        plain_zero=plain_zero and not pointers,
        literal=pointers,
        stepwise=len(nest.stages) > 1 and not spec.joint,
        numbers=bool(spec.joint),
    )


def _path_notes(spec: Spec, commands: tuple[PassCall, ...], options: Options) -> tuple[str, ...]:
    """Return the notes on paths: on one of a pasted call that is not taken, and on a search that ended early."""
    found = [message for command in commands for message in path_notes(spec, command)]
    left = spec.path and not follows_call(spec, options)
    notes = (f"optimize={einsum_path(spec.path)} is not part of the loops",) if left else ()
    if not found:
        return notes
    from ..views.catalogue import FALLBACK, load_catalogue

    words = load_catalogue(FALLBACK)
    return (*notes, *(words.text(message).rstrip(".") for message in found))


def _length_note(spec: Spec, options: Options, target: Target) -> tuple[str, ...]:
    """Return a note where a program would run for long."""
    points = prod(index.extent for index in spec.indices if isinstance(index.extent, int))
    runtime = _runtime(target)
    if options.form is not Form.SCRIPT or runtime is None or points <= runtime.many:
        return ()
    return (f"the program runs {points:,} loop iterations, {runtime.pace} for each {runtime.many:,}",)


def _sizes_note(spec: Spec, options: Options, target: Target, style: Style) -> tuple[str, ...]:
    """Return a note where a schedule that decides for itself lacks the sizes to decide by."""
    unknown = [index.label for index in spec.indices if not isinstance(index.extent, int)]
    if not unknown or Ability.STRIDES not in target.abilities or not decides(style, options):
        return ()
    return (f"kernels and vectors need sizes, and those of {', '.join(unknown)} are not known: give shapes",)


def _sum_note(draft: Draft, nest: Nest, options: Options, target: Target, style: Style) -> tuple[str, ...]:
    """Return a note where sums of declared floats are so long that adding term by term costs digits."""
    if draft.request.dtypes is None or not draft.spec.summed or draft.joint is not None:
        return ()
    from .long_sums import long_sum_note

    return long_sum_note(draft, nest, options, target, style)


def _converted_note(nest: Nest) -> tuple[str, ...]:
    from .statements import converted_note  # a plain expression is spared it

    return converted_note(nest)


def _notes(spec: Spec, names: Names, options: Options, around: Placed | None, summed: Nest | None) -> tuple[str, ...]:
    """Return the notes on the text and on names that could not be kept; loops that end in `out[...] =` keep out=."""
    wanted = [(op.name, name) for op, name in zip(spec.operands, names.operands, strict=True)]
    wanted.append((spec.result, names.result))
    indices = set(names.index.values())
    changed = [
        f"{old} is called {new} here, as {old} is {'an index' if old in indices else 'taken'}"
        for old, new in dict.fromkeys(wanted)
        if old and old != new
    ]
    written = around is not None and bool(around.endings)
    read = (note for note in spec.notes if not (written and note.startswith("out=")))
    widened = () if summed is None else _converted_note(summed)
    return (*read, *changed, *widened, *shown_note(spec, options, names.operands))
