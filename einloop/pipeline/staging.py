"""A bound Spec and Options in, a Report of the program after every pass of its schedule out."""

from __future__ import annotations

from math import prod

from ..core.generated import Generated, Values
from ..core.kernel import Packed
from ..core.message import Code, Message, Value
from ..core.nest import Accumulate, Assign, Nest, Stage, every
from ..core.options import Options
from ..core.report import Block, Paragraph, Part, Report, Section
from ..core.spec import Spec
from ..schedule import Command
from ..targets.render import render_loops
from ..targets.target import load_target
from .emission import emissions

CLASSIFY = "classify"


def stages(spec: Spec, options: Options) -> Report:
    """Return the program before any pass and after each, with the reason: every time as it would be printed, but
    without what a language puts around its loops, until kernels take their place."""
    sections = []
    before = ""
    for number, (command, emit) in enumerate(emissions(spec, options)):
        generated = emit()
        text = _text(generated, options)
        said = _said(command, changed=text != before)
        parts: list[Part] = [Paragraph(message=said)]
        if command is not None and command.name == CLASSIFY and generated.program is not None:
            parts += [Paragraph(message=told) for told in kinds(generated.program.nest)]
        if text != before:
            parts.append(Block(text=text, language=generated.target))
        facts = {"pass": None if command is None else str(command), "source": generated.source}
        sections.append(Section(id="stage", parts=tuple(parts), facts={"number": number, **facts}))
        before = text
    return Report(kind="stages", subject=spec.source.text or spec.subscripts, sections=tuple(sections))


def _text(generated: Generated, options: Options) -> str:
    program = generated.program
    if program is None or generated.contract.values is not Values.POINTERS or program.nest.kernels:
        return generated.source
    target = load_target(options.target, options.templates)
    return render_loops(program.nest, target, target.style(options.style))


def kinds(nest: Nest) -> tuple[Message, ...]:
    """Return what sort of work each of the nests is, a sentence a nest."""
    return tuple(_kind(stage) for stage in nest.stages if stage.kind is not None)


def _kind(stage: Stage) -> Message:
    assert stage.kind is not None
    values: dict[str, Value] = {"target": Code(_target(stage))}
    if isinstance(stage.problem, Packed):
        groups = (("rows", stage.problem.rows), ("columns", stage.problem.columns), ("depth", stage.problem.contracted))
        values |= {name: prod(axis.extent for axis in axes) for name, axes in groups}
        batch = prod(axis.extent for axis in stage.problem.batch)
        if batch > 1:
            return Message("schedule.kind.products", {**values, "batch": batch})
    return Message(f"schedule.kind.{stage.kind.value}", values)


def _target(stage: Stage) -> str:
    return next(s.target.buffer for s in every(stage.body) if isinstance(s, Assign | Accumulate))


def _said(command: Command | None, *, changed: bool) -> Message:
    """Return what a pass did, and why."""
    if command is None:
        return Message("schedule.start")
    what = Message(f"schedule.pass.{command.name}") if changed else Message("schedule.nothing")
    values: dict[str, Value] = {"pass": Code(str(command)), "what": what}
    if command.reason is None or not changed:
        return Message("schedule.step", values)
    return Message("schedule.decided", {**values, "why": command.reason})
