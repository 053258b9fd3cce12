"""The order of the stages: read, bind, name, lower, schedule, render, format, and what runs the result.

The only module that knows it. Takes and gives values of `core/`; parses no arguments and prints nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .core.bind import Shape, bind_sizes
from .core.dtypes import ARITHMETIC, dtype_name
from .core.errors import OptionError, TemplateError
from .core.generated import Contract, Form, Generated, Runner, Values
from .core.names import Names, check_name, choose_names
from .core.nest import Nest
from .core.source import Notation
from .core.spec import Extent, Spec
from .format import format_python
from .notation import read
from .runners import RUNNERS
from .schedule import Request, lower, schedule
from .targets.context import function_context, script_context
from .targets.render import render
from .targets.target import Style, Target, load_target

DEFAULT_ENTRY = "loops"
NEEDED_BY_LOOPS = frozenset({"np", "len", "range", "any", "isinstance", "ValueError", "TypeError"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Everything a person can ask of an emission. Sequences have one entry per operand, None where unknown."""

    notation: Notation | None = None
    shapes: Sequence[Shape | None] = ()
    sizes: Mapping[str, Extent] = field(default_factory=dict)
    dtypes: Sequence[str | None] = ()
    names: Sequence[str | None] = ()
    result: str | None = None
    paths: Mapping[str, str] = field(default_factory=dict)
    target: str = "python"
    style: str = "article"
    order: str | None = None
    form: Form = Form.SNIPPET
    function: str | None = None
    comments: bool = False
    checks: bool = False
    templates: Path | None = None


def read_spec(text: str, options: Options) -> Spec:
    """Return the metadata of `text`, with the names, shapes and sizes that `options` give."""
    return bind(read(text, options.notation), options)


def bind(spec: Spec, options: Options) -> Spec:
    """Return `spec` with the names, shapes and sizes that `options` give."""
    return bind_sizes(_named(spec, options), options.shapes, options.sizes)


def generate(spec: Spec, options: Options) -> Generated:
    """Return the loops of a bound `spec` as formatted text, with their contract and their runner."""
    target = load_target(options.target, options.templates)
    style = target.style(options.style)
    checked = options.checks or options.form is not Form.SNIPPET
    dtypes = _dtypes(spec, options, style)
    names = choose_names(spec, target.reserved)
    request = Request(dtypes=dtypes, checked=checked, values=style.values)
    nest = lower(spec, names, request)
    nest = schedule(nest, spec, names, style.schedule, options.order, target.max_nested_loops)
    entry = _entry(options)
    context = function_context(spec, names, entry) if entry else {}
    if options.form is Form.SCRIPT:
        context |= script_context(spec, names, nest, options.paths)
    text = render(nest, target, style, options.form, comments=options.comments, context=context)
    if target.formatter == "black":
        text = format_python(text, always=target.foreign)
    return Generated(
        source=text,
        target=target.name,
        style=style.name,
        form=options.form,
        spec=spec,
        contract=_contract(spec, nest, dtypes, style, checked),
        inputs=names.inputs,
        operands=names.operands,
        result=names.result,
        entry=entry,
        notes=_notes(spec, names),
        runner=_runner(target, text, names, entry),
    )


def _runner(target: Target, text: str, names: Names, entry: str | None) -> Runner | None:
    """Return what runs the text, or None where the target has no runner."""
    if target.runner is None:
        return None
    if target.runner not in RUNNERS:
        raise TemplateError(
            "EL503", f"target {target.name!r} asks for a runner {target.runner!r}", hint=f"there is {', '.join(RUNNERS)}"
        )
    return RUNNERS[target.runner](text, names.inputs, names.result, entry)


def _named(spec: Spec, options: Options) -> Spec:
    """Return `spec` with the names given in `options` in place of those in the text."""
    if not options.names and options.result is None:
        return spec
    count = len(spec.operands)
    if len(options.names) > count:
        raise OptionError("EL401", f"{len(options.names)} names for {count} operands ({', '.join(map(str, options.names))})")
    given = [*options.names, *([None] * (count - len(options.names)))]
    checked = tuple(
        op.name if name is None else check_name(name, "the operand name")
        for op, name in zip(spec.operands, given, strict=True)
    )
    result = spec.result if options.result is None else check_name(options.result, "the result name")
    return spec.renamed(checked, result)


def _dtypes(spec: Spec, options: Options, style: Style) -> tuple[str, ...] | None:
    """Return one declared dtype per operand, undeclared ones as float64, or None where none is declared."""
    if all(dtype is None for dtype in options.dtypes):
        return None
    if style.values is Values.LISTS:
        raise OptionError("EL410", f"style {style.name!r} computes on Python numbers, which have no dtype", hint="leave --dtype out")
    if spec.is_view and options.dtypes[0] not in ARITHMETIC:
        return (str(options.dtypes[0]),)
    return tuple("float64" if dtype is None else dtype_name(dtype) for dtype in options.dtypes)


def _entry(options: Options) -> str | None:
    """Return the name of the function around the loops, if there is one."""
    if options.form is Form.SNIPPET:
        return None
    entry = check_name(options.function or DEFAULT_ENTRY, "the function name")
    if entry in NEEDED_BY_LOOPS:
        raise OptionError("EL401", f"a function called {entry!r} would hide what the loops use", hint="choose another name")
    return entry


def _contract(spec: Spec, nest: Nest, dtypes: tuple[str, ...] | None, style: Style, checked: bool) -> Contract:
    per_input: tuple[str, ...] | None = None
    if dtypes is not None:
        per_input = tuple(str(buffer.dtype) for buffer in nest.inputs)
    elif not checked and style.values is Values.ARRAYS:
        per_input = ("float64",) * len(nest.inputs)
    plain_zero = not spec.output and dtypes is None and not checked and bool(spec.summed)
    return Contract(dtypes=per_input, checked=checked, values=style.values, plain_zero=plain_zero)


def _notes(spec: Spec, names: Names) -> tuple[str, ...]:
    """Return what a person should know about names that could not be kept."""
    wanted = [(op.name, name) for op, name in zip(spec.operands, names.operands, strict=True)]
    wanted.append((spec.result, names.result))
    changed = [f"{old} is called {new} here, to clash with nothing" for old, new in dict.fromkeys(wanted) if old and old != new]
    return (*spec.notes, *changed)
