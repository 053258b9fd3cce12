"""A bound Spec and Options in, what every pass of its schedule did out: a Report with the text, or sentences only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from ..core.combination import Statements
from ..core.errors import OptionError
from ..core.generated import Generated, Values
from ..core.joint import JointSum
from ..core.kernel import Packed
from ..core.message import Code, Message, Value
from ..core.nest import Accumulate, Assign, Nest, Stage, every
from ..core.options import Options
from ..core.report import Block, Paragraph, Part, Report, Section
from ..core.spec import Spec
from ..schedule import PassCall
from ..targets.render import render_loops
from ..targets.target import load_target
from .scheduling import path_said
from .show import emissions

CLASSIFY = "classify"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A program before any pass (`command` is None) or after one: its text, and what is said of it.

    `text` may be the loops only of what `generated` has whole. `changed`: the pass did something to it.
    """

    command: PassCall | None
    generated: Generated
    text: str
    changed: bool

    @property
    def said(self) -> Message:
        """What the pass did, and why."""
        return _said(self.command, changed=self.changed, sum=self.generated.joint is not None)

    @property
    def path(self) -> tuple[Message, ...]:
        """What is to be said of the path that the pass took."""
        return path_said(self.generated.spec, self.command) if self.command is not None and self.changed else ()

    @property
    def kinds(self) -> tuple[Message, ...]:
        """What sort of work each of the nests is, a sentence a nest, where that is what the pass found out."""
        program = self.generated.program
        if self.command is None or self.command.name != CLASSIFY or program is None:
            return ()
        return kinds(program.nest)


def stages(found: Spec | Statements, options: Options) -> Report:
    """Return the program before any pass and after each, with the reason: every time as it would be printed, but
    without what a language puts around its loops, until kernels take their place.

    A statement is bound to the shapes that `options` give. Raises OptionError for several.
    """
    subject, spec = _subject(found, options)
    sections = []
    for number, told in enumerate(_told(subject, options)):
        parts: list[Part] = [Paragraph(message=message) for message in (told.said, *told.path, *told.kinds)]
        if told.changed:
            parts.append(Block(text=told.text, language=told.generated.target))
        facts = {"pass": None if told.command is None else str(told.command), "source": told.generated.source}
        sections.append(Section(id="stage", parts=tuple(parts), facts={"number": number, **facts}))
    return Report(kind="stages", subject=spec.source.text or spec.subscripts, sections=tuple(sections))


def _subject(found: Spec | Statements, options: Options) -> tuple[Spec | JointSum, Spec]:
    if isinstance(found, Spec):
        return found, found
    from .statements import bind_combination  # a plain expression is spared it

    if len(found.combinations) > 1:
        raise OptionError("EL435", "the passes are shown of one statement at a time", hint=found.combinations[0].text())
    joint = bind_combination(found.combinations[0], options)
    return joint, joint.spec


def decisions(subject: Spec | JointSum, options: Options) -> tuple[Message, ...]:
    """Return what each pass that changed something did, and why, and what sort of work it found each nest to be."""
    found: list[Message] = []
    for told in _told(subject, options):
        if told.command is not None and told.changed:
            found += told.said, *told.path
        found += told.kinds
    return tuple(found)


def _told(subject: Spec | JointSum, options: Options) -> Iterator[Told]:
    before = ""
    for command, emit in emissions(subject, options):
        generated = emit()
        text = _text(generated, options)
        yield Told(command=command, generated=generated, text=text, changed=text != before)
        before = text


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


def _said(command: PassCall | None, *, changed: bool, sum: bool) -> Message:
    """Return what a pass did, and why."""
    if command is None:
        return Message("schedule.start_terms" if sum else "schedule.start")
    what = Message(f"schedule.pass.{command.name}") if changed else Message("schedule.nothing")
    values: dict[str, Value] = {"pass": Code(str(command)), "what": what}
    if command.reason is None or not changed:
        return Message("schedule.step", values)
    return Message("schedule.decided", {**values, "why": command.reason})
