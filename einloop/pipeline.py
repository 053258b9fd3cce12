"""The order of the stages: read, bind, name, lower, schedule, render, format, and what runs the result.

The only module that knows it. Takes and gives values of `core/`; parses no arguments and prints nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any

from .core.bind import bind_sizes, show_shape
from .core.dtypes import ARITHMETIC, dtype_name
from .core.errors import OptionError, TemplateError
from .core.generated import Contract, Form, Generated, Runner, Values
from .core.names import Names, check_name, choose_names
from .core.nest import Nest
from .core.options import Loaded, Options, check_seed, per_operand
from .core.sizes import check_lists_show, check_ties, one_array_one_shape
from .core.spec import Spec
from .format import format_python
from .notation import read
from .runners import RUNNERS
from .runners.namespace import run_program
from .schedule import Request, lower, schedule
from .targets.context import function_context, script_context
from .targets.render import render
from .targets.target import Style, Target, load_target

if TYPE_CHECKING:
    from .core.verification import Verification

DEFAULT_ENTRY = "loops"
LONG_PROGRAM = 100_000_000
"""Loop iterations from which on a program gets a note."""
NEEDED_BY_LOOPS = frozenset({"np", "len", "range", "any", "isinstance", "ValueError", "TypeError"})


def read_spec(text: str, options: Options) -> Spec:
    """Return the metadata of `text`, with the names, shapes and sizes that `options` give."""
    return bind(read(text, options.notation), options)


def bind(spec: Spec, options: Options) -> Spec:
    """Return `spec` with the names, shapes and sizes that `options` give."""
    spec = _named(spec, options)
    if not (options.shapes or options.loaded or options.sizes):
        return spec
    reserved = _reserved(options)
    loaded = per_operand(spec, options.loaded, "array", reserved)
    shapes = per_operand(spec, options.shapes, "shape", reserved)
    for shape, array in zip(shapes, loaded, strict=True):
        if shape is not None and array is not None and shape != array.shape:
            raise OptionError(
                "EL404", f"shape {show_shape(shape)} for an array that has shape {show_shape(array.shape)}"
            )
    both = [shape if array is None else array.shape for shape, array in zip(shapes, loaded, strict=True)]
    bound = bind_sizes(spec, one_array_one_shape(spec, both), options.sizes)
    check_ties(bound)
    return bound


def generate(spec: Spec, options: Options) -> Generated:
    """Return the loops of a bound `spec` as formatted text, with their contract and their runner."""
    target = load_target(options.target, options.templates)
    style = target.style(options.style)
    checked = options.checks or options.form is not Form.SNIPPET
    dtypes = _dtypes(spec, options, style, checked=checked)
    entry = _entry(options)
    names = choose_names(spec, _reserved(options))
    if style.values is Values.LISTS:
        check_lists_show(spec, names.operands)
    request = Request(dtypes=dtypes, checked=checked, values=style.values)
    nest = lower(spec, names, request)
    nest = schedule(nest, spec, names, steps=style.schedule, order=options.order, limit=target.max_nested_loops)
    context = function_context(spec, names, entry) if entry else {}
    if options.form is Form.SCRIPT:
        context |= script_context(spec, names, nest, _paths(spec, options, names))
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
        loop_names=tuple((names.index[i.label], names.extent[i.label]) for i in spec.indices),
        entry=entry,
        notes=(*_notes(spec, names), *_length_note(spec, options)),
        runner=_runner(target, text, names, entry),
    )


def _paths(spec: Spec, options: Options, names: Names) -> dict[str, str]:
    """Return the file of each operand that has one."""
    loaded = zip(names.operands, per_operand(spec, options.loaded, "array", _reserved(options)), strict=True)
    return {name: array.path for name, array in loaded if array is not None and array.path is not None}


def check_arrays(generated: Generated, arrays: Sequence[Any]) -> None:
    """Raise EinloopError unless `arrays`, one per distinct input, are what the loops of `generated` are for."""
    if len(arrays) != len(generated.inputs):
        inputs = ", ".join(generated.inputs)
        raise OptionError("EL404", f"{len(arrays)} arrays given for the inputs {inputs}", hint="one array per input")
    by_name = dict(zip(generated.inputs, arrays, strict=True))
    bind_sizes(generated.spec, [by_name[name].shape for name in generated.operands])
    for array in arrays:
        if not generated.spec.is_view:
            dtype_name(array.dtype.str)


def _runner(target: Target, text: str, names: Names, entry: str | None) -> Runner | None:
    """Return what runs the text, or None where the target has no runner."""
    if target.runner is None:
        return None
    if target.runner not in RUNNERS:
        raise TemplateError(
            "EL503",
            f"target {target.name!r} asks for a runner {target.runner!r}",
            hint=f"there is {', '.join(RUNNERS)}",
        )
    return RUNNERS[target.runner](text, names.inputs, names.result, entry)


def _named(spec: Spec, options: Options) -> Spec:
    """Return `spec` with the names given in `options` in place of those in the text."""
    if not options.names and options.result is None:
        return spec
    count = len(spec.operands)
    if len(options.names) > count:
        shown = ", ".join(name or "" for name in options.names)
        operands = "1 operand" if count == 1 else f"{count} operands"
        raise OptionError("EL401", f"{len(options.names)} names for {operands} ({shown})")
    given = [*options.names, *([None] * (count - len(options.names)))]
    checked = tuple(
        op.name if name is None else check_name(name, "the operand name")
        for op, name in zip(spec.operands, given, strict=True)
    )
    result = spec.result if options.result is None else check_name(options.result, "the result name")
    return spec.renamed(checked, result)


def _dtypes(spec: Spec, options: Options, style: Style, *, checked: bool) -> tuple[str, ...] | None:
    """Return one declared dtype per operand, undeclared ones as float64, or None where none is declared.

    Checked loops for a view of an array with a dtype that has no arithmetic take every dtype, as the view does.
    """
    declared = options.dtypes
    if not declared and not options.loaded:
        return None
    reserved = _reserved(options)
    loaded = per_operand(spec, options.loaded, "array", reserved)
    if len(declared) == 1 and declared[0][0] is None:
        asked: tuple[str | None, ...] = (declared[0][1],) * len(spec.operands)
    else:
        asked = per_operand(spec, declared, "dtype", reserved)
    if style.values is Values.LISTS:
        if not declared:
            return None
        raise OptionError(
            "EL410", f"style {style.name!r} computes on Python numbers, which have no dtype", hint="leave --dtype out"
        )
    names = tuple(_dtype(spec, text, array) for text, array in zip(asked, loaded, strict=True))
    return None if checked and names[0] not in ARITHMETIC else names


def _dtype(spec: Spec, text: str | None, array: Loaded | None) -> str:
    if text is not None:
        if array is not None and dtype_name(text) != dtype_name(array.dtype):
            raise OptionError("EL404", f"dtype {text} for an array that has dtype {dtype_name(array.dtype)}")
        return dtype_name(text)
    if array is None:
        return "float64"
    if spec.is_view and (array.dtype[0] in ">" or array.dtype[1] not in "biufcO"):
        return array.dtype  # a view keeps any dtype and byte order
    return dtype_name(array.dtype)


def _reserved(options: Options) -> tuple[str, ...]:
    """Return the names that nothing in the loops may have: the templates' own, and that of a program's function."""
    reserved = load_target(options.target, options.templates).reserved
    entry = _entry(options) if options.form is Form.SCRIPT else None
    return reserved if entry is None else (*reserved, entry)


def _entry(options: Options) -> str | None:
    """Return the name of the function around the loops, if there is one."""
    if options.form is Form.SNIPPET:
        return None
    entry = check_name(DEFAULT_ENTRY if options.function is None else options.function, "the function name")
    if entry in NEEDED_BY_LOOPS:
        raise OptionError(
            "EL401", f"a function called {entry!r} would hide what the loops use", hint="choose another name"
        )
    return entry


def _contract(spec: Spec, nest: Nest, dtypes: tuple[str, ...] | None, style: Style, checked: bool) -> Contract:
    per_input: tuple[str, ...] | None = None
    if dtypes is not None:
        per_input = tuple(str(buffer.dtype) for buffer in nest.inputs)
    elif not checked and style.values is Values.ARRAYS:
        per_input = ("float64",) * len(nest.inputs)
    plain_zero = not spec.output and dtypes is None and not checked and bool(spec.summed)
    return Contract(dtypes=per_input, checked=checked, values=style.values, plain_zero=plain_zero)


def _length_note(spec: Spec, options: Options) -> tuple[str, ...]:
    """Return a note where a program would run for long."""
    points = prod(index.extent for index in spec.indices if isinstance(index.extent, int))
    if options.form is not Form.SCRIPT or points <= LONG_PROGRAM:
        return ()
    return (
        f"the program runs {points:,} loop iterations, over half a minute of plain Python for each {LONG_PROGRAM:,}",
    )


def _notes(spec: Spec, names: Names) -> tuple[str, ...]:
    """Return what a person should know about names that could not be kept."""
    wanted = [(op.name, name) for op, name in zip(spec.operands, names.operands, strict=True)]
    wanted.append((spec.result, names.result))
    changed = [
        f"{old} is called {new} here, as {old} is taken" for old, new in dict.fromkeys(wanted) if old and old != new
    ]
    return (*spec.notes, *changed)


def verify(
    generated: Generated, *, seed: int = 0, given: Sequence[object] | None = None, command: str = ""
) -> Verification:
    """Return what running the text of `generated` against np.einsum on all of its contract found."""
    from .core.verification import Verification

    check_seed(seed)
    if generated.runner is None:
        return Verification(
            subscripts=generated.spec.subscripts, cases=(), seed=seed, contract="",
            skipped=f"target {generated.target!r} has no runner, so its text cannot be run here",
        )  # fmt: skip
    from .proof import Subject
    from .proof import verify as run_cases

    subject = Subject(
        spec=generated.spec,
        operands=generated.operands,
        contract=generated.contract,
        run=generated.runner,
        source=generated.source,
        scalars=generated.entry is not None,
        main=partial(run_program, generated.source) if generated.form is Form.SCRIPT else None,
    )
    return run_cases(subject, seed=seed, given=given, command=command)  # type: ignore[arg-type]


def verify_source(
    generated: Generated,
    source: str,
    *,
    inputs: Sequence[str] | None = None,
    result: str | None = None,
    entry: str | None = None,
    seed: int = 0,
    given: Sequence[object] | None = None,
    command: str = "",
    seconds: float = 10.0,
) -> Verification:
    """Return what running a person's `source` against the expression of `generated` found.

    The names of inputs and result are inferred where they are not given; the text runs in a child process, and
    a case that takes longer than `seconds` is stopped.
    """
    from .proof import Subject
    from .proof import verify as run_cases
    from .proof.infer import infer_roles

    check_seed(seed)
    from .runners.process import ProcessRunner

    distinct = tuple(dict.fromkeys(generated.operands))
    own = {name: op.name for name, op in zip(generated.operands, generated.spec.operands, strict=True)}
    roles = infer_roles(
        source,
        [own[name] for name in distinct],
        inputs=inputs,
        result=result,
        entry=entry,
        expected_result=generated.spec.result,
    )
    ordered = roles.inputs
    if roles.entry is None and set(ordered) == set(distinct):
        ordered = distinct  # the default names, as in loops that einloop printed and a person edited
    names = dict(zip(distinct, ordered, strict=True))
    contract = generated.contract
    dtypes = contract.dtypes or (None if contract.values is Values.LISTS else ("float64",) * len(distinct))
    with ProcessRunner(source=source, inputs=ordered, result=roles.result, entry=roles.entry, seconds=seconds) as run:
        subject = Subject(
            spec=generated.spec,
            operands=tuple(names[name] for name in generated.operands),
            contract=Contract(dtypes=dtypes, checked=False, values=contract.values),
            run=run,
            source=source,
            lenient=True,
        )
        return run_cases(subject, seed=seed, given=given, command=command)  # type: ignore[arg-type]
