"""An expression and Options in, the Trace of the loops that they make out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from ..analysis.elements import formula
from ..analysis.trace import ExplainedMachine
from ..analysis.why import sized
from ..core.arithmetic import arithmetic
from ..core.buffer import BARE
from ..core.dtypes import DTYPES, DtypeKind
from ..core.errors import OptionError
from ..core.generated import Form, Generated, Values
from ..core.message import Message, codes
from ..core.names import choose_names
from ..core.options import Options
from ..core.plain_array import PlainArray
from ..core.spec import Spec
from ..core.trace import TracedArray, TracedCell, TracedIndex, TracedRole
from ..evaluate import counting, given, symbols
from ..evaluate.loops import LoopMachine, LoopTree, read_program, writes_in
from .arrays import given_arrays
from .reading import reserved_names
from .show import generate
from .traced import Trace
from .whole import check_whole

if TYPE_CHECKING:
    from ..core.combination import Statements

Shapes = Mapping[str, tuple[int, ...]]
Looped: TypeAlias = "tuple[Generated, Spec | Statements, Shapes, str, bool]"


def trace(subject: Spec | Statements, options: Options, *, symbolic: bool = False) -> Trace:
    """Return the trace of the loops of an expression.

    Where `options` give no arrays, the operands are small whole numbers, or with `symbolic` symbols. Raises
    EinloopError.
    """
    _check_useful(options, symbolic=symbolic)
    generated, bound, shapes, said, chosen = _loops(subject, options)
    arrays = _arrays(generated, shapes, options, symbolic=symbolic)
    assert generated.program is not None
    tree = read_program(generated.program, arrays, plain=generated.contract.values is Values.LISTS)
    machine = LoopMachine(tree, arrays, symbolic=symbolic)
    traced = tuple(_typed(array, tree, machine) for array in _traced_arrays(generated, tree, symbolic=symbolic))
    scaled = any(scale != BARE for write in writes_in(tree.nodes) for _, scale, _ in write.terms)
    return Trace(
        expression=_text(subject),
        formula=said,
        source=tuple(generated.source.splitlines()),
        arrays=traced,
        indices=tuple(_indices(generated, tree)),
        machine=ExplainedMachine(machine, traced, arrays, scaled=scaled or symbolic),
        notes=tuple(_notes(generated, arrays, given=bool(options.loaded), chosen=chosen)),
        subject=bound,
        options=options,
        operands=arrays,
        symbolic=symbolic,
        chosen=chosen,
    )


def _notes(generated: Generated, arrays: Mapping[str, PlainArray], *, given: bool, chosen: bool) -> Iterator[Message]:
    """Yield what is to be known of the values."""
    if chosen or not given:
        yield Message("trace.chosen")
    if given and generated.contract.values is Values.LISTS:
        whole = (DtypeKind.SIGNED, DtypeKind.UNSIGNED)
        names = dict.fromkeys(array.dtype for array in arrays.values() if DTYPES[array.dtype].kind in whole)
        if names:
            yield Message("trace.python", {"dtypes": codes(list(names))})


def _check_useful(options: Options, *, symbolic: bool) -> None:
    """Raise OptionError for what a trace has no use for."""
    if options.target != "python":
        raise OptionError(
            "EL471", f"a trace is of Python's loops, not of target {options.target!r}", hint="leave --target out"
        )
    if options.form is not Form.SNIPPET:
        raise OptionError("EL471", "a trace is of the loops alone", hint="leave the function or the script out")
    if symbolic and (options.loaded or options.dtypes):
        others = " and ".join(
            name for name, given in (("the arrays", options.loaded), ("--dtype", options.dtypes)) if given
        )
        raise OptionError("EL471", "symbols have neither values nor a dtype", hint=f"leave --symbolic out, or {others}")


def _loops(subject: Spec | Statements, options: Options) -> Looped:
    """Return the loops, what they are of, the shapes of operands by name, the formula, whether lengths were chosen."""
    reserved = reserved_names(options)
    if not isinstance(subject, Spec):
        from .summed import as_einsum

        plain = as_einsum(subject, options)
        if plain is None:
            return _loops_of_statements(subject, options)
        subject = plain
    check_whole(subject)
    known, chosen = sized(subject, choose_names(subject, reserved), (0,) * len(subject.output))
    names = choose_names(known, reserved)
    shapes = {name: operand.shape or () for name, operand in zip(names.operands, known.operands, strict=True)}
    return generate(known, options), known, _numbers(shapes), str(formula(known, names)), bool(chosen)


def _loops_of_statements(statements: Statements, options: Options) -> Looped:
    from ..analysis.sums import statement_formula
    from ..core.bind_sum import bind_statements, input_names
    from ..core.joined import join
    from .summed import bound, shapes_by_name

    found = join(bound(statements, options), reserved_names(options))
    whole, chosen = sized(found.spec, found.names, (0,) * len(found.spec.output))
    shapes = {op.name: op.shape for op in whole.operands if op.name is not None and op.shape is not None}
    shapes = {name: shapes[name] for name in input_names(statements) if name in shapes}
    shapes |= shapes_by_name(statements, options)
    made = join(bind_statements(statements, shapes, options.sizes), reserved_names(options))
    said = "\n".join(str(statement_formula(made, one)) for one in made.statements.combinations)
    generated = generate(made.statements, replace(options, shapes=tuple(shapes.items())))
    return generated, made.statements, _numbers(shapes), said, bool(chosen)


def _numbers(shapes: Mapping[str, tuple[object, ...]]) -> Shapes:
    return {name: tuple(size for size in shape if isinstance(size, int)) for name, shape in shapes.items()}


def _arrays(generated: Generated, shapes: Shapes, options: Options, *, symbolic: bool) -> dict[str, PlainArray]:
    """Return the array of every input: those that were given, else small numbers. Raises OptionError."""
    from .sections import check_given

    loaded: Mapping[str, Any] = {}
    if options.loaded:
        loaded = _loaded(generated, options)
        check_given(loaded, generated.inputs)
        return {name: given(loaded[name], name) for name in generated.inputs}
    assert generated.program is not None
    lengths = _lengths(generated, options)
    scalars = [buffer.name for buffer in generated.program.nest.inputs if not buffer.rank and buffer.dots is None]
    shapes = {**dict.fromkeys((*scalars, *lengths), ()), **shapes}
    missing = [name for name in generated.inputs if name not in shapes]
    if missing:
        hint = f"-s {missing[0]}=2x3, or --load {missing[0]}=a.npy"
        raise OptionError("EL420", f"{missing[0]} has no shape", hint=hint)
    if symbolic:
        letters = symbols(generated.inputs, [shapes[name] for name in generated.inputs])
        return dict(zip(generated.inputs, letters, strict=True))
    declared = generated.contract.dtypes or ("float64",) * len(generated.inputs)
    for dtype in declared:
        arithmetic(dtype)  # raises for what plain Python has not
    made = {name: counting(shapes[name], dtype) for name, dtype in zip(generated.inputs, declared, strict=True)}
    return made | {name: PlainArray((), "int64", (length,)) for name, length in lengths.items()}


def _lengths(generated: Generated, options: Options) -> dict[str, int]:
    """Return the inputs that are lengths and no arrays. Raises OptionError where one has no value."""
    assert generated.program is not None
    names = [buffer.name for buffer in generated.program.nest.inputs if buffer.length]
    found = {name: size for name, size in options.sizes.items() if name in names and isinstance(size, int)}
    missing = [name for name in names if name not in found]
    if missing:
        raise OptionError("EL420", f"{missing[0]}, a length, has no value", hint=f"--sizes {missing[0]}=4")
    return found


def _loaded(generated: Generated, options: Options) -> Mapping[str, Any]:
    if generated.statements is not None:
        from .summed import arrays_by_name

        return arrays_by_name(generated.statements, options)
    return given_arrays(generated.spec, options, names=generated.operands)


def _text(subject: Spec | Statements) -> str:
    if isinstance(subject, Spec):
        return subject.source.text or subject.subscripts
    from .summed import subject as text_of

    return text_of(subject)


def _traced_arrays(generated: Generated, tree: LoopTree, *, symbolic: bool) -> list[TracedArray]:
    """Return what the loops read and make: operands in order, what is made between, the result last."""
    used = tree.axes
    inputs = [name for name in generated.inputs if name in used and name != generated.result]
    between = [name for name in used if name not in inputs and name != generated.result]
    roles = {
        **dict.fromkeys(inputs, TracedRole.OPERAND),
        **{name: TracedRole.TOTAL if name in tree.totals else TracedRole.INTERMEDIATE for name in between},
        generated.result: TracedRole.RESULT,
    }
    return [
        TracedArray(
            name=name, role=role, axes=used.get(name, ()), shape=tree.shapes[name],
            dtype=None if symbolic else tree.dtypes.get(name),
        )
        for name, role in roles.items()
    ]  # fmt: skip


def _typed(array: TracedArray, tree: LoopTree, machine: LoopMachine) -> TracedArray:
    """Return a scalar that no line gives a dtype with the one that the only statement which writes it gives it."""
    writes = [write for write in writes_in(tree.nodes) if write.target.array == array.name]
    if array.dtype is not None or array.shape or len(writes) != 1:
        return array
    number = next(machine.writing(TracedCell(array.name)), None)
    dtype = None if number is None else machine.step(number).dtype
    return replace(array, dtype=dtype) if dtype in DTYPES else array


def _indices(generated: Generated, tree: LoopTree) -> list[TracedIndex]:
    """Return what the loops count with."""
    colours = {index.label: number for number, index in enumerate(generated.spec.indices)}
    return [
        TracedIndex(
            name=name,
            label=head.label,
            extent=tree.extents[name],
            colour=colours.setdefault(head.label, len(colours)),
            summed=head.summed,
        )
        for name, head in tree.heads.items()
    ]
