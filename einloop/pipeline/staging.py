"""A bound Spec and Options in, a Report of the program after every pass of its schedule out."""

from __future__ import annotations

from ..core.message import Code, Message, Value
from ..core.options import Options
from ..core.report import Block, Paragraph, Part, Report, Section
from ..core.spec import Spec
from ..schedule import Command
from .emission import emissions


def stages(spec: Spec, options: Options) -> Report:
    """Return the program before any pass and after each, every time as it would be printed, with the reason."""
    sections = []
    before = ""
    for number, (command, emit) in enumerate(emissions(spec, options)):
        generated = emit()
        said = _said(command, changed=generated.source != before)
        parts: list[Part] = [Paragraph(message=said)]
        if generated.source != before:
            parts.append(Block(text=generated.source, language=generated.target))
        facts = {"pass": None if command is None else str(command), "source": generated.source}
        sections.append(Section(id="stage", parts=tuple(parts), facts={"number": number, **facts}))
        before = generated.source
    return Report(kind="stages", subject=spec.source.text or spec.subscripts, sections=tuple(sections))


def _said(command: Command | None, *, changed: bool) -> Message:
    """Return what a pass did, and why."""
    if command is None:
        return Message("schedule.start")
    what = Message(f"schedule.pass.{command.name}") if changed else Message("schedule.nothing")
    values: dict[str, Value] = {"pass": Code(str(command)), "what": what}
    if command.reason is None or not changed:
        return Message("schedule.step", values)
    return Message("schedule.decided", {**values, "why": command.reason})
