"""Several statements and Options in, Generated out: loops one after another, with arrays between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..core.bind import Shape
from ..core.buffer import Access, Buffer
from ..core.combination import Combination, Statements
from ..core.errors import OptionError
from ..core.frozen import dataclass
from ..core.generated import Contract, Form, Generated, Values
from ..core.joint import JointSum, joined
from ..core.joint_program import program_spec
from ..core.names import Names, fresh
from ..core.nest import Alloc, Nest, Stage, Statement
from ..core.options import Options, Per
from ..core.preparation import AsArray, CheckDtype, CheckNested, CheckRank, Convert, Extents, KeepOld
from ..core.program import Program
from ..core.text_order import text_order
from ..format import format_python
from ..runners import RUNNERS, make_runner
from ..schedule import schedule
from ..schedule.rewrite import rewritten, with_elements
from ..targets.context import ShapedOperand
from ..targets.render import render
from ..targets.target import Style, Target, load_target
from .drafting import admit, begun
from .reading import bind, entry_name
from .scheduling import commands_of
from .statements import check_extents, check_loops, check_whole_arrays

OF_INPUTS = (AsArray, CheckRank, CheckDtype, CheckNested)
"""What is only asked of arrays that a caller gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lowered:
    """One statement: its sum, the names in its loops, and the loops."""

    joint: JointSum
    names: Names
    nest: Nest

    @property
    def called(self) -> dict[str, str]:
        """What names of the statement are called in the loops."""
        found = {op.name or "": name for op, name in zip(self.joint.spec.operands, self.names.operands, strict=True)}
        return {**found, self.joint.result: self.names.result}


def generate_program(statements: Statements, options: Options) -> Generated:
    """Return the loops of statements, one after another. Raises OptionError where they cannot be written so."""
    target = load_target(options.target, options.templates)
    style = target.style(options.style)
    if options.form is Form.SNIPPET and Form.SNIPPET not in target.forms:
        options = replace(options, function="loops")
    results = tuple(
        dict.fromkeys(one.result for one in statements.combinations if one.result not in statements.temporaries)
    )
    _check(statements, results, options, style)
    parts = _parts(statements, options, target, style)
    nest = _joined(parts, results, pointers=style.values is Values.POINTERS)
    return _emitted(statements, parts, nest, options, target=target, style=style)


def _check(statements: Statements, results: tuple[str, ...], options: Options, style: Style) -> None:
    """Raise OptionError for what several statements cannot have."""
    source = statements.combinations[0].source.text
    if options.names or options.result is not None or options.sizes:
        raise OptionError("EL471", "the statements name what they compute", hint="give shapes by name, and no more")
    if options.form not in (Form.SNIPPET, Form.FUNCTION):
        raise OptionError("EL435", "several statements are a snippet or a function", text=source, hint="--function f")
    written = [one.result for one in statements.combinations]
    if style.values is Values.POINTERS and (len(results) > 1 or len(set(written)) < len(written)):
        raise OptionError(
            "EL435",
            f"a compiled function has one result, and these statements have {', '.join(dict.fromkeys(written))}",
            text=source,
            hint="give one at a time, or take --target python",
        )


def _parts(statements: Statements, options: Options, target: Target, style: Style) -> tuple[Lowered, ...]:
    """Return every statement as loops of its own."""
    every = {name for one in statements.combinations for name in (*one.operands, one.result)}
    shapes: dict[str, Shape] = {}
    dtypes: dict[str, str] = {}
    called: dict[str, str] = {}
    parts = []
    for combination in statements.combinations:
        part = _lowered(combination, _given(options, combination, shapes, dtypes), every, target, style)
        for name, loop_name in part.called.items():
            if called.setdefault(name, loop_name) != loop_name:
                raise OptionError("EL401", f"{name} would be called {called[name]} and {loop_name}", hint="rename it")
        extents = tuple(part.joint.spec.by_label[label].extent for label in part.joint.output)
        if None not in extents:
            shapes[combination.result] = extents
        if part.nest.result.dtype is not None:
            dtypes[combination.result] = part.nest.result.dtype
        parts.append(part)
    return tuple(parts)


def _given(
    options: Options, combination: Combination, shapes: Mapping[str, Shape], dtypes: Mapping[str, str]
) -> Options:
    """Return the options of one statement: shapes and dtypes of what it reads, what earlier ones made among them."""
    names = {op.name for op in joined(combination).spec.operands}
    given: Per[Shape] = tuple((n, shape) for n, shape in options.shapes if n in names and n not in shapes)
    own = tuple((name, shape) for name, shape in shapes.items() if name in names)
    asked = options.dtypes
    if len(asked) == 1 and asked[0][0] is None:
        asked = tuple((name, asked[0][1]) for name in sorted(filter(None, names)) if name not in dtypes)
    kept = tuple((name, dtype) for name, dtype in asked if name in names and name not in dtypes)
    made = tuple((name, dtype) for name, dtype in dtypes.items() if name in names)
    return replace(options, shapes=(*given, *own), dtypes=(*kept, *made) if asked or options.dtypes else made)


def _lowered(combination: Combination, options: Options, every: set[str], target: Target, style: Style) -> Lowered:
    """Return one statement as loops, after the passes of its schedule."""
    joint = joined(combination)
    check_loops(joint, options, target)
    check_whole_arrays(joint, "several statements read and write arrays as they are", "give one statement at a time")
    spec = bind(joint.spec, options)
    joint = replace(joint, spec=spec)
    check_extents(joint)
    if style.values is Values.POINTERS:
        unknown = [x.label for x in spec.indices if not isinstance(x.extent, int)]
        if unknown:
            array = next(op for op in spec.operands if unknown[0] in op.labels)
            example = "x".join(str(2 + axis) for axis in range(len(array.labels)))
            raise OptionError(
                "EL435",
                f"{target.name!r} needs the shapes of all statements, and {unknown[0]!r} of {joint.text} is unknown",
                hint=f"-s {array.name}={example} gives that of {array.name}",
            )
    own = {op.name for op in spec.operands} | {combination.result}
    draft = begun(joint, options, target, style, sorted(every - own))
    commands = commands_of(spec, target, style, options, draft)
    return Lowered(joint=joint, names=draft.names, nest=schedule(draft, commands, target.max_nested_loops))


def _joined(parts: Sequence[Lowered], results: Sequence[str], *, pointers: bool) -> Nest:
    """Return the statements as one program."""
    made: set[str] = set()
    stages: list[Stage] = []
    inputs: dict[str, Buffer] = {}
    waiting: list[Statement] = []
    taken = frozenset().union(*(part.names.taken for part in parts))
    read: dict[str, tuple[str, int]] = {}
    checked: list[Statement] = []
    for number, part in enumerate(parts):
        nest = part.nest
        inputs |= {b.name: b for b in nest.inputs if b.name not in made and b.name not in inputs}
        kept = [s for s in nest.prepare if not (isinstance(s, OF_INPUTS) and s.buffer.name in made)]
        later = {name for other in parts[number + 1 :] for name in other.names.operands}
        later |= {other.nest.result.name for other in parts if other.joint.result in results}
        spoilt = [s.buffer for s in kept if isinstance(s, Convert) and s.buffer.name in later]
        spoilt = [buffer for buffer in spoilt if buffer.name != nest.result.name]
        before = [KeepOld(target=fresh(f"{b.name}_given", taken), buffer=b, copied=False) for b in spoilt]
        kept = [s for s in kept if not _is_read(s, read) and s not in checked]
        checked += [s for s in kept if isinstance(s, OF_INPUTS)]
        first, *rest = nest.stages
        stages += [replace(first, setup=(*waiting, *before, *kept, *first.setup)), *rest]
        after = (KeepOld(target=s.buffer.name, buffer=replace(s.buffer, name=s.target), copied=False) for s in before)
        waiting = [*nest.finish, *after]
        made.add(nest.result.name)
        read = {name: place for name, place in read.items() if place[0] != nest.result.name}
    last = parts[-1].nest
    outputs = [part.nest.result for part in parts if part.joint.result in results]
    source = parts[-1].joint.spec.source.text
    order = text_order(inputs, source, parts[-1].joint.result)
    joint = replace(
        last,
        inputs=tuple(inputs[name] for name in order),
        result=outputs[-1],
        prepare=(),
        stages=tuple(stages),
        finish=tuple(waiting),
        updates=outputs[-1].name in inputs and any(p.nest.updates for p in parts if p.nest.result == outputs[-1]),
        also=tuple({buffer.name: buffer for buffer in outputs[:-1] if buffer.name != outputs[-1].name}.values()),
    )
    if not pointers:
        return joint
    rounded = next((part.joint for part in parts[:-1] if part.nest.finish), None)
    if rounded is not None:
        raise OptionError(
            "EL435",
            f"{rounded.result} would be rounded between two statements, which takes an array beside it",
            text=rounded.spec.source.text,
            hint="--target python, or another dtype",
        )
    changed = next((part.joint for part in parts if part.nest.updates and part.nest.result != joint.result), None)
    if changed is not None:
        raise OptionError(
            "EL435",
            f"{changed.result} would be changed in place, and it is not what the function computes",
            text=changed.spec.source.text,
            hint="give one statement at a time, or --target python",
        )
    return _owning(joint, parts)


def _is_read(statement: Statement, read: dict[str, tuple[str, int]]) -> bool:
    """Return whether the names that lengths are read into have these lengths; take note of where they are from."""
    if not isinstance(statement, Extents) or statement.stretched or statement.dots is not None:
        return False
    found = {name: (statement.buffer.name, axis) for axis, name in enumerate(statement.names) if name != "_"}
    known = all(read.get(name) == place for name, place in found.items())
    read.update(found)
    return known and bool(found)


def _owning(nest: Nest, parts: Sequence[Lowered]) -> Nest:
    """Return a program of a compiled language that makes the arrays between its statements itself."""
    made = {part.nest.result.name: part.nest.result for part in parts}
    between = {name: buffer for name, buffer in made.items() if name != nest.result.name}

    def alloc(statement: Statement) -> tuple[Statement, ...] | None:
        if isinstance(statement, Alloc) and statement.buffer in between:
            return (replace(statement, owned=True),)
        return None

    def unboxed(access: Access) -> Access:
        buffer = between.get(access.buffer)
        scalar = buffer is not None and not buffer.extents
        return replace(access, boxed=False, strides=None, subscripts=()) if scalar else access

    stages = tuple(
        replace(
            stage,
            setup=with_elements(rewritten(stage.setup, alloc), unboxed),
            body=with_elements(stage.body, unboxed),
        )
        for stage in nest.stages
    )
    return replace(nest, stages=stages)


def _context(
    statements: Statements, parts: Sequence[Lowered], nest: Nest, entry: str | None, target: Target
) -> dict[str, object]:
    """Return what the template of a form gets beside the loops."""
    if entry is None:
        return {"aliases": (), "endings": ()}
    shown = {
        name: ShapedOperand(name=name, axes=tuple(part.names.extent[label] for label in op.labels))
        for part in reversed(parts)
        for name, op in zip(part.names.operands, part.joint.spec.operands, strict=True)
    }
    inputs = tuple(buffer.name for buffer in nest.inputs)
    return {
        "entry": entry,
        "file": f"{entry}{target.suffix}",
        "inputs": inputs,
        "operands": tuple(shown[name] for name in inputs),
        "arguments": inputs,
        "result_axes": nest.result.extents,
        "subscripts": "",
        "statement": statements.text(),
        "is_view": False,
        "sums": True,
        "free_extents": (),
        "loop_extents": (),
    }


def _emitted(
    statements: Statements, parts: Sequence[Lowered], nest: Nest, options: Options, *, target: Target, style: Style
) -> Generated:
    """Return the text of a program with what it promises."""
    inputs = tuple(buffer.name for buffer in nest.inputs)
    spec, operands = program_spec([part.joint for part in parts], [part.called for part in parts], inputs)
    entry = entry_name(options)
    checked = nest.checked
    context = _context(statements, parts, nest, entry, target)
    text = render(nest, target, style, target.form(options.form), comments=options.comments, context=context)
    if target.formatter == "black":
        text = format_python(text, always=target.foreign)
    program = Program(
        text=text, inputs=inputs, result=nest.result.name, entry=entry, extents=(), nest=nest, runner=target.runner
    )
    pointers = style.values is Values.POINTERS
    declared = tuple(str(buffer.dtype) for buffer in nest.inputs) if nest.inputs and nest.inputs[0].dtype else None
    if declared is None and not checked and style.values is Values.ARRAYS:
        declared = ("float64",) * len(inputs)
    return Generated(
        source=text,
        target=target.name,
        style=style.name,
        form=options.form,
        spec=spec,
        contract=Contract(
            dtypes=declared,
            checked=checked,
            values=style.values,
            literal=pointers,
            numbers=True,
            plain_zero=not checked and not pointers and any(not part.joint.output for part in parts),
        ),
        inputs=inputs,
        operands=operands,
        result=nest.result.name,
        loop_names=(),
        entry=entry,
        runner=make_runner(program, options.form) if target.runner in RUNNERS else None,
        admission=admit,
        program=program,
        foreign=target.foreign,
        joint=parts[-1].joint,
        steps=tuple((part.joint, part.names.operands, part.names.result) for part in parts),
    )
