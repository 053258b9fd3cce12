"""Which passes an emission goes through: its style's, and what the options ask for."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from ..core.ability import Ability
from ..core.errors import OptionError, TemplateError
from ..core.message import Code, Message
from ..core.options import Options
from ..core.path import Step, einsum_path, path_steps, path_terms, path_text
from ..core.spec import Places, Spec
from ..schedule import PASSES, Draft, PassCall, read_schedules
from ..targets.target import Style, Target

if TYPE_CHECKING:
    from ..analysis.path import FoundPath

AUTO = "auto"
ITSELF = {AUTO: {"path"}, "rows": {"path", "presum", "order"}}
"""Styles whose schedule has this pass leave room for these others only."""
FIRST = tuple(one.name for one in PASSES if one.early)


def commands_of(
    spec: Spec, target: Target, style: Style, options: Options, draft: Draft | None = None
) -> tuple[PassCall, ...]:
    """Return the passes of a style with those that the options ask for; an order takes the place of the style's.

    The path of a pasted call counts where the options have neither a path nor a schedule. Raises OptionError where two
    options ask for the same.
    """
    asked = [
        found for command in read_schedules(options.schedule) for found in _decided(spec, command, target, options)
    ]
    named = {command.name for command in asked}
    for option, text in (("order", options.order), ("path", options.path)):  # a path, put in last, stands first
        if text is None:
            continue
        if option in named:
            raise OptionError(
                "EL434", f"--{option} {text} beside a schedule that has {option} itself", hint="leave one of them out"
            )
        asked.insert(0, PassCall(name=option, arguments=(text,)))
        named.add(option)
    if follows_call(spec, options):
        asked.insert(0, PassCall(name="path", arguments=(path_text(spec.path),)))
        named.add("path")
    itself = next((last for last in ITSELF if last in style.schedule), None)
    if itself is not None and named - ITSELF[itself]:
        raise OptionError(
            "EL434",
            f"style {style.name!r} is the schedule '{' '.join(style.schedule)}' itself, and "
            f"{'--order' if options.order else '--schedule'} is given beside it",
            hint="leave one of them out, or take style article",
        )
    own = [command for command in _own(spec, target, style, options) if command.name not in named]
    if draft is not None and draft.joint is not None and not options.schedule:
        own = _fused(own, draft)
    leading = tuple(takewhile(lambda command: command.name in FIRST, asked))
    rest = tuple(asked[len(leading) :])
    if own and rest and rest[0].name == "order":
        return (*leading, rest[0], *own, *rest[1:])
    return (*leading, *own, *rest)


def _fused(own: list[PassCall], draft: Draft) -> list[PassCall]:
    """Return the passes of a style for a sum of einsums: one nest over the elements of the result, where they leave it
    open in what order the loops stand."""
    if len(draft.nest.stages) < 2 or not {command.name for command in own} <= {"order", "accumulate"}:
        return own
    ordered = [replace(c, arguments=("output",)) if c.name == "order" else c for c in own]
    place = 1 if own[:1] and own[0].name == "order" else 0
    fuse = PassCall(name="fuse", reason=Message("schedule.why.fuse"))
    return [*ordered[:place], fuse, *ordered[place:]]


def decides(style: Style, options: Options) -> bool:
    """Return whether a schedule that decides for itself is asked for, by itself or in a style."""
    return any(command.name == AUTO for command in read_schedules((*style.schedule, *options.schedule)))


def _own(spec: Spec, target: Target, style: Style, options: Options) -> tuple[PassCall, ...]:
    """Return the passes of a style, without a place: nobody wrote them. Raises TemplateError where its target.toml
    names an unknown one."""
    commands = [replace(command, text="", span=None) for command in read_schedules(style.schedule)]
    known = [AUTO, *(one.name for one in PASSES)]
    for command in commands:
        if command.name not in known:
            raise TemplateError("EL504", f"the schedule has a step {str(command)!r}; there are {', '.join(known)}")
    return tuple(found for command in commands for found in _decided(spec, command, target, options))


def _decided(spec: Spec, command: PassCall, target: Target, options: Options) -> tuple[PassCall, ...]:
    """Return what `auto` stands for; any other command as it is."""
    if command.name != AUTO or command.arguments:
        return (command,)
    from ..schedule.auto import decide, decide_compiled

    if Ability.STRIDES not in target.abilities:
        return decide(spec)
    return decide_compiled(spec, find_path, options.threads, target.abilities)


def follows_call(spec: Spec, options: Options) -> bool:
    """Return whether the loops take the path that a pasted call gives to optimize=: nobody asked for another one."""
    return bool(spec.path) and options.path is None and not options.schedule


def find_path(spec: Spec, text: str) -> Places:
    """Return the path that a text means: a way to find one, by name, or the places themselves. Raises OptionError."""
    found = _search(spec, text)
    return found if isinstance(found, tuple) else tuple(step.taken for step in found.steps)


def steps_of(spec: Spec, options: Options) -> tuple[Step, ...]:
    """Return the steps of the path that options or a pasted call give, else of the best one. Raises OptionError."""
    places = spec.path if spec.path and options.path is None else find_path(spec, options.path or "auto")
    return path_steps(path_terms(spec), spec.output, places or [tuple(range(len(spec.operands)))])


def path_said(spec: Spec, command: PassCall) -> tuple[Message, ...]:
    """Return what is to be said of the path that a pass took: how np.einsum takes it, and of a search that ended before
    its time. Nothing for other passes."""
    if command.name != "path":
        return ()
    places = find_path(spec, ",".join(command.arguments) or "auto")
    return (*path_notes(spec, command), Message("path.einsum", {"call": Code(f"optimize={einsum_path(places)}")}))


def path_notes(spec: Spec, command: PassCall) -> tuple[Message, ...]:
    """Return what is to be said of a search for a path that ended before its time."""
    if command.name != "path":
        return ()
    found = _search(spec, ",".join(command.arguments) or "auto")
    return () if isinstance(found, tuple) or found.note is None else (found.note,)


def _search(spec: Spec, text: str) -> Places | FoundPath:
    """Return the path that stands in a text, or what is found in the way that it names."""
    from ..notation.paths import read_path

    asked = read_path(text, len(spec.operands))
    if not isinstance(asked, str):
        return asked
    if len(spec.operands) == 1:
        return ()
    from ..analysis.path import search_path

    try:
        return search_path(spec, asked)
    except ImportError as error:
        library = error.name or "opt_einsum"
        hint = f"pip install {library}"
        raise OptionError("EL432", f"{library}, which finds paths, is not installed", hint=hint) from None
