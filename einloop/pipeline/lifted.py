"""A text and Options in, the einsums that it computes out: what they are called, how fast they are, the proof."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..analysis.called import recognise
from ..core.bind_sum import bind_statements
from ..core.combination import CALL, Statements, Summand
from ..core.errors import EinloopError, LiftError, NotationError, OptionError
from ..core.lifted import Lifted, statement_of
from ..core.message import Message
from ..core.names import choose_names
from ..core.near import meant
from ..core.options import Options
from ..core.source import Notation, Span
from ..core.spec import Spec
from ..core.verification import Verification, not_run
from ..lifting import LiftedCode
from ..notation import looks_like_call
from ..notation.forms import looks_like_formula
from ..runners.presence import has_numpy
from ..views.catalogue import FALLBACK, load_catalogue
from .code_names import shapes_by_name
from .equivalents import written_equivalents
from .expression import read_expression
from .lift import expression_of, lift_text
from .pasted import unwrapped
from .recognise import broken_python, code_notation, of_names
from .statements import alone
from .summed import as_einsum

CALLS: Mapping[str, str] = {"numpy": CALL, "torch": "torch.einsum", "jax": "jnp.einsum"}
"""How each library's einsum is called."""
LIBRARY = "numpy"
BUFFER = re.compile(r"(\w+)\.reshape\([^()]*\)(?:\[(?::\w*(?:, )?)+\])?")
"""A buffer as a matrix, perhaps without what pads its rows."""
NUMBER = re.compile(r"(?:return\s+|[^\W\d]\w*\s*=\s*)([-+]?[\d.]+(?:[eE][-+]?\d+)?j?)")
"""A statement that gives or returns a number."""
WORDS = re.compile(r"[^\W\d_]+(?:[ \t]+[^\W\d_]+)+[.?!]?")
"""A text of words alone, which np.einsum would take for the letters of subscripts."""
MIN_WORD = 3
"""Letters of what is taken for a word."""
WIDENS = "widens"
"""The caveat of numpy's sum: of truth values it is a count."""


def lift(text: str, options: Options, *, library: str = LIBRARY, lang: str = FALLBACK, verify: bool = False) -> Lifted:
    """Return the einsums that a text computes, in the spelling of a library. Raises EinloopError.

    Code is lifted; a text in another notation is read. `verify`: code is run beside its einsums, in a process of its
    own.
    """
    call = calls_of(library)
    text = unwrapped(text)
    _check_computes(text)
    notation = options.notation or code_notation(text)
    code: LiftedCode | None = None
    if notation is None or not notation.traits.code:
        found = _read(text, options)
        statements = found if isinstance(found, Statements) else Statements(combinations=(alone(found),))
        notation = statements.combinations[0].source.notation
    if notation.traits.code:
        code = lift_text(text, options, notation, torch=library == "torch")
        statements = code.statements
        if options.shapes or options.loaded:
            bind_statements(statements, shapes_by_name(text, options, notation))  # says which do not fit
    return Lifted(
        found=statements,
        statements=tuple(statement_of(one, call) for one in statements.combinations),
        notes=(
            *statement_notes(statements, lang, truths=code is not None and code.truths),
            *notes_of_library(statements, library),
        ),
        verification=_proof(statements, code, options, torch=library == "torch") if verify else None,
        call=call,
        runner=_run,
    )


def calls_of(library: str) -> str:
    """Return how a library's einsum is called. Raises OptionError."""
    if library not in CALLS:
        raise OptionError("EL469", f"there is no library {library!r} here", hint=meant(library, list(CALLS)))
    return CALLS[library]


def _check_computes(text: str) -> None:
    """Raise LiftError for a text that is nothing, or one name: as subscripts it would be a copy that nobody means.

    So for a number or a lambda alone.
    """
    name = "\n".join(line for line in text.strip().splitlines() if not line.lstrip().startswith("#"))
    alone = NUMBER.fullmatch(name)
    if name.startswith("lambda "):
        hint = "give what it computes a name: y = x + 1; a lambda in a file goes to einloop.lift itself"
        start = text.index("lambda")
        span = Span(start=start, stop=start + len("lambda"))
        raise LiftError("EL814", "a lambda alone computes nothing", text=text, span=span, hint=hint)
    if WORDS.fullmatch(name) and max(map(len, name.split())) >= MIN_WORD:
        hint = "give loops, array code, C or a formula; einloop explain says what subscripts mean"
        raise LiftError("EL814", "words alone compute nothing", text=text, hint=hint)
    if name and not name.isidentifier() and alone is None:
        return
    message = f"{name} alone computes nothing" if name else "there is no code"
    if alone is not None:
        message = f"{alone[1]} is a number: nothing is computed from arrays"
    raise LiftError("EL814", message, text=text, hint="give loops, array code, C, a formula, or the name of a file")


def _read(text: str, options: Options) -> Spec | Statements:
    """Return what a text means that is not plainly code. Raises LiftError where it may be code, which says more."""
    try:
        return read_expression(text, options, add=True)
    except NotationError:
        formula = looks_like_formula(text) and not of_names(text)
        notation = None if formula or looks_like_call(text) else code_notation(text, sure=False)
        if notation is None and not broken_python(text):
            raise
        return lift_text(text, options, notation or Notation.NUMPY).statements


def _proof(statements: Statements, code: LiftedCode | None, options: Options, *, torch: bool) -> Verification:
    """Return what running code beside its einsums found. There is no code of a formula: its loops are run instead."""
    from .show import generate
    from .verify import verify

    if code is not None and not has_numpy():
        return not_run(statements.text(), "numpy, with which both are run, is not installed", seed=0)
    if code is not None:
        from .lift_proof import prove  # numpy, which statements alone do not need

        return prove(statements, code.trials, torch=torch, truths=code.truths)
    try:
        return verify(generate(expression_of(statements, options), options))
    except EinloopError as error:
        return not_run(statements.text(), f"there are no loops for it: {error.message}", seed=0)


def speed_notes(found: Lifted, options: Options) -> Iterator[str]:
    """Yield how long each way to compute a statement takes on this machine, where it is one on whole arrays."""
    if not has_numpy():
        return
    from .lift_speed import speed_note, speed_note_of_sum  # what measures takes time to load

    einsum = as_einsum(found.found, options)
    note = speed_note_of_sum(found.found, options) if einsum is None else speed_note(einsum)
    if note is not None:
        yield note


def statement_notes(statements: Statements, lang: str, *, truths: bool = False) -> Iterator[str]:
    """Yield what each statement is called, a plainer way to write it, and what else holds; `truths`: of arrays of bool,
    whose sum np.einsum takes as or, and numpy's sum counts.
    """
    words = load_catalogue(lang)
    for combination in statements.combinations:
        texts, ones = combination.texts, combination.ones
        for whole, said in zip(combination.summands, combination.terms(), strict=True):
            summand = whole.without(ones)[0] if combination.spread else whole
            if _has_a_name(summand) and ones.isdisjoint(summand.names):
                name = words.text(_called(summand, texts))
                yield f"{said}: {name}" if len(combination.summands) > 1 else name
        if combination.adds:
            yield f"adds to what is in {combination.result}"
        einsum = combination.plain
        if einsum is not None and not _has_a_name(combination.summands[0]):
            einsum = None
        for one in () if einsum is None else written_equivalents(einsum, choose_names(einsum)):
            counts = truths and WIDENS in one.equivalent.caveats
            if one.equivalent.library == "numpy" and "\n" not in one.code and not counts:
                yield f"in plain numpy: {one.code}"
                break
        yield from combination.notes


def _called(summand: Summand, texts: Mapping[str, str]) -> Message:
    """Return what an einsum is called, parts of arrays by their texts: `A[1:]` and `A[:-1]` are two arrays."""
    spec = summand.spec.renamed(summand.names, None)
    names = choose_names(spec)
    said = [texts.get(own, name) for own, name in zip(summand.names, names.operands, strict=True)]
    buffers = [match[1] if (match := BUFFER.fullmatch(text)) else text for text in said]
    shown = [
        one if len({t for t, b in zip(said, buffers, strict=True) if b == one}) == 1 else text
        for text, one in zip(said, buffers, strict=True)
    ]
    return recognise(spec, replace(names, operands=tuple(shown)))[0]


def notes_of_library(statements: Statements, library: str) -> Iterator[str]:
    """Yield what has to be written otherwise in a library that is not numpy."""
    text = statements.text()
    if library == "torch" and "::-" in text:
        yield "torch has no negative steps: write torch.flip(A, (0,)) for A[::-1]"
    if library == "jax" and any(one.adds or one.target is not None for one in statements.combinations):
        yield "arrays of JAX are not changed in place: write C = C + ..., or C.at[...].add(...) for a part"


def _has_a_name(summand: Summand) -> bool:
    """Return whether an einsum is more than an array with a factor."""
    arrays = [operand for operand in summand.spec.operands if operand.labels]
    return len(arrays) > 1 or bool(summand.spec.summed) or any(op.labels != summand.spec.output for op in arrays)


def _run(statements: Statements, values: Mapping[str, Any]) -> dict[str, Any]:
    from ..runners.statements import check_values, run_statements  # numpy, which statements alone do not need

    check_values(statements, values)
    return run_statements(statements, values)
