"""An expression and Options in, the Trace of the loops that they make out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any, TypeAlias

from ..analysis.elements import formula
from ..analysis.trace import ExplainedMachine, first_difference, first_nan
from ..analysis.why import sized
from ..core.arithmetic import arithmetic
from ..core.buffer import BARE
from ..core.errors import EinloopError, OptionError
from ..core.generated import Form, Generated, Values
from ..core.message import Code, Message
from ..core.names import choose_names
from ..core.near import meant
from ..core.options import Options
from ..core.plain_array import PlainArray
from ..core.report import Report
from ..core.spec import Spec
from ..core.trace import Trace, TracedArray, TracedCell, TracedIndex, TracedRole
from ..evaluate import counting, given, of_text, symbols
from ..evaluate.loops import LoopMachine, LoopTree, read_program, writes_in
from ..views.catalogue import load_catalogue
from .arrays import given_arrays
from .draw import FORMATS as FORMATS_OF_DRAWINGS
from .draw import SVG
from .draw import written as drawn
from .given import open_array
from .page import language_of
from .reading import reserved_names
from .show import generate
from .whole import check_whole

if TYPE_CHECKING:
    from ..core.combination import Statements
    from ..core.drawing import Drawing

Shapes = Mapping[str, tuple[int, ...]]
Looped: TypeAlias = "tuple[Generated, Spec | Statements, Shapes, str, bool]"
TEXT, JSON, FRAGMENT = "text", "json", "fragment"
FORMATS = (TEXT, "html", SVG, JSON)
IMAGES = FORMATS_OF_DRAWINGS[1:]
"""Formats of a picture that have a file's content and no text."""
TUI = "tui"
MAX_STEPS = 5000
"""Steps of a page, unless others are asked for."""
MAX_SLIDES = 12
"""Steps of a picture."""


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
    traced = tuple(_traced_arrays(generated, tree, symbolic=symbolic))
    machine = ExplainedMachine(LoopMachine(tree, arrays, symbolic=symbolic), traced)
    scaled = any(scale != BARE for write in writes_in(tree.nodes) for _, scale, _ in write.terms)
    return Trace(
        expression=_text(subject),
        formula=said,
        source=tuple(generated.source.splitlines()),
        arrays=traced,
        indices=tuple(_indices(generated, tree)),
        machine=machine,
        notes=(Message("trace.chosen"),) if chosen or not options.loaded else (),
        write=partial(written, story=partial(_story_data, bound, options, arrays, symbolic=symbolic)),
        picture=picture,
        story=partial(_story, subject, options),
        nan=partial(first_nan, machine, arrays, scaled=scaled or symbolic),
        difference=lambda expected: first_difference(machine, traced[-1], given(expected, "the array")),
    )


def written(
    found: Trace,
    format: str,
    lang: str,
    *,
    steps: tuple[int, int] | int | None = None,
    at: Sequence[int] | int | None = None,
    width: int = 80,
    theme: str = "auto",
    story: Callable[[], Mapping[str, Any] | None],
) -> str:
    """Return steps of a trace in a format; `story` gives the data of its second story. Raises OptionError."""
    if format not in (*FORMATS, FRAGMENT):
        raise OptionError("EL469", f"there is no format {format!r}", hint=meant(format, FORMATS))
    if format == SVG:
        return picture(found, steps=steps, at=at).show(lang, theme)
    if theme != "auto":
        raise OptionError("EL471", f"a theme is of a picture, and this is {format}", hint="leave it out")
    catalogue = load_catalogue(language_of(lang))
    first, last = _span(found, steps)
    place = None if at is None else _place(found, at)
    if format == TEXT:
        from ..views.trace.text import write_trace_text

        return write_trace_text(found, catalogue, first, last, at=place, width=width)
    from ..views.trace.data import trace_data

    if place is not None and first is None:
        first = found.first_step(place)
    first = first or 1
    last = min(found.count, first + MAX_STEPS - 1) if last is None else last
    data = trace_data(found, first, last)
    told = story()
    if told is not None:
        data["story"] = told
    if format == JSON:
        from ..views.report_json import json_line

        return json_line(data)
    from ..views.trace.page import page_words, write_trace_page

    return write_trace_page(data, page_words(), language_of(lang), fragment=format == FRAGMENT)


def picture(
    found: Trace, *, steps: tuple[int, int] | int | None = None, at: Sequence[int] | int | None = None
) -> Drawing:
    """Return steps of a trace as slides, one under another. Raises OptionError."""
    from ..views.trace.picture import draw_steps

    first, last = _span(found, steps)
    if at is None:
        first = first or min(found.count, 1)
        numbers: Sequence[int] = range(first, (first if last is None else last) + 1) if first else range(0)
        note = None
    else:
        cell = TracedCell(found.result.name, _place(found, at))
        end = found.count if last is None else last
        writing = takewhile(lambda number: number <= end, found.machine.writing(cell, after=(first or 1) - 1))
        numbers = list(islice(writing, MAX_SLIDES + 1))
        note = Message("trace.text.unwritten" if steps is None else "draw.trace.unwritten", {"cell": Code(str(cell))})
    if len(numbers) > MAX_SLIDES:
        what = f"{len(numbers):,} steps" if at is None else f"more than {MAX_SLIDES} steps"
        hint = f"the first of them: --steps {numbers[0]}-{numbers[MAX_SLIDES - 1]}"
        raise OptionError("EL439", f"a picture has room for {MAX_SLIDES} steps, and these are {what}", hint=hint)
    made = draw_steps(found, [found.step(number) for number in numbers], note)
    return replace(made, write=drawn, lang=found.lang)


def _story(subject: Spec | Statements, options: Options, width: int | None = None) -> Report:
    from .page import shown
    from .story import story

    return shown(story(subject, options, width))


def _story_data(
    subject: Spec | Statements, options: Options, arrays: Mapping[str, PlainArray], *, symbolic: bool
) -> Mapping[str, Any] | None:
    """Return the second story as data, None where there is none for such an expression."""
    from ..core.story_data import element_text, story_data
    from ..evaluate import symbol_text
    from .story import story_of

    try:
        told = story_of(subject, options, arrays)
        return story_data(told, (lambda _, value: symbol_text(value)) if symbolic else element_text)
    except EinloopError:
        return None


def painted(found: Trace, lang: str, **asked: Any) -> str:
    """Return steps as text for a terminal that shows colours; `asked` as in `written`. Raises OptionError."""
    from ..views.terminal import paint_lines
    from ..views.trace.text import trace_lines

    catalogue = load_catalogue(language_of(lang))
    first, last = _span(found, asked["steps"])
    place = None if asked["at"] is None else _place(found, asked["at"])
    return paint_lines(trace_lines(found, catalogue, first, last, at=place, width=asked["width"]))


def on_screen(found: Trace, lang: str, number: int = 1, *, colours: bool) -> None:
    """Let a person step through a trace on the whole terminal, from a step on. Raises OptionError."""
    from ..views.trace.terminal import show_trace

    if found.count:
        found.step(number)
    show_trace(found, load_catalogue(language_of(lang)), number, colours=colours)


def read_array(text: str) -> PlainArray:
    """Return the array of a file, or of a text of nested lists. Raises EinloopError."""
    if text.lstrip().startswith("["):
        return of_text(text)
    return given(open_array(text, "the array to compare with").array)


def _span(found: Trace, steps: tuple[int, int] | int | None) -> tuple[int | None, int | None]:
    """Return the first and the last step that are asked for. Raises OptionError for steps that there are not."""
    if steps is None:
        return None, None
    first, last = (steps, steps) if isinstance(steps, int) else steps
    for number in (first, last):
        if not 1 <= number <= found.count:
            found.step(number)  # raises
    if first > last:
        raise OptionError("EL439", f"{first}-{last} are no steps: the first is after the last", hint=f"{last}-{first}")
    return first, last


def _place(found: Trace, at: Sequence[int] | int) -> tuple[int, ...]:
    """Return the coordinates of an element of the result; negative ones count from the end. Raises OptionError."""
    given = (at,) if isinstance(at, int) else tuple(at)
    shape = found.result.shape
    if len(given) != len(shape):
        axes = f"{len(shape)} ax{'i' if len(shape) == 1 else 'e'}s"
        raise OptionError("EL421", f"{len(given)} coordinates given, but the result has {axes}")
    for axis, (place, size) in enumerate(zip(given, shape, strict=True)):
        if not -size <= place < size:
            raise OptionError("EL422", f"{place} is out of range for axis {axis} of the result, which has size {size}")
    return tuple(place % size for place, size in zip(given, shape, strict=True))


def _check_useful(options: Options, *, symbolic: bool) -> None:
    """Raise OptionError for what a trace has no use for."""
    if options.target != "python":
        raise OptionError(
            "EL471", f"a trace is of Python's loops, not of target {options.target!r}", hint="leave --target out"
        )
    if options.form is not Form.SNIPPET:
        raise OptionError("EL471", "a trace is of the loops alone", hint="leave the function or the script out")
    if symbolic and (options.loaded or options.dtypes):
        raise OptionError("EL471", "symbols have neither values nor a dtype", hint="leave --symbolic out, or the rest")


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
