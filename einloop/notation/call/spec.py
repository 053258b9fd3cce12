"""A found call in, Spec out: its subscripts, the names of its arrays, notes on everything else."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import zip_longest

from ...core.build import Term, build_spec
from ...core.dtypes import dtype_name
from ...core.errors import DtypeError, NotationError, OptionError
from ...core.site import Around
from ...core.source import Span
from ...core.spec import Places, Spec
from ..named import named_terms
from ..passage import Passage
from ..paths import check_path, places_of
from ..sublists import sublists_spec
from ..subscripts import subscript_terms, words_hint
from .arguments import (
    PASTE_HINT,
    hidden_subscripts,
    is_label,
    is_string,
    name_of,
    operand_names,
    repeated_names,
    string_passage,
    sublist_of,
)
from .kinds import PYTHON
from .pasted import PastedCall
from .site import site_of

_Read = tuple[Spec, Sequence[ast.expr]]
"""The metadata of a call, and the expressions of its arrays."""
SUBSCRIPTS_KEYWORDS = ("subscripts", "equation")
OPERANDS_KEYWORD = "operands"
SUBSCRIPTS_FIRST = ("cp.", "jax.", "jnp.", "np.", "numpy.", "oe.", "opt_einsum.", "tf.", "torch.")
"""Libraries where a pattern of named axes after the arrays can only be a mistake."""


def call_spec(call: PastedCall) -> Spec:
    """Return the metadata of a call; raise NotationError where its subscripts are not to be seen."""
    strings, arguments, notes = _keywords(call)
    if len(strings) + _string_first(arguments) > 1:
        raise call.refusal("EL171", strings[-1], "the subscripts are given twice", "keep one of them")
    if strings:
        spec, operands = _subscripts_spec(call, strings[0], arguments, notes)
    elif _string_first(arguments):
        spec, operands = _subscripts_spec(call, arguments[0], arguments[1:], notes)
    elif arguments and is_string(arguments[-1]):
        spec, operands = _named_spec(call, arguments[-1], arguments[:-1], notes)
    elif any(map(_is_sublist, arguments[1::2])):
        spec, operands = _sublists_spec(call, arguments, notes)
    elif not arguments:
        raise call.refusal("EL132", call.node, "the call has no argument", PASTE_HINT)
    else:
        raise hidden_subscripts(call, arguments[-1 if isinstance(arguments[-1], ast.JoinedStr) else 0])
    named = spec.renamed(repeated_names(call, spec, operands), _result(call))
    path = _path(call, len(spec.operands))
    return replace(named, site=site_of(call, operands), unread=call.unread, cast=_cast(call), path=path)


def _subscripts_spec(call: PastedCall, string: ast.expr, operands: Sequence[ast.expr], notes: tuple[str, ...]) -> _Read:
    passage = string_passage(call, string)
    if call.segment(call.node.func).startswith("einops."):
        hint = "einops.einsum(a, b, 'i j, j k -> i k')"
        raise call.refusal("EL136", string, "einops.einsum takes its pattern last", hint)
    terms, output = subscript_terms(passage)
    if len(terms) > 1 and len(operands) == 1 and isinstance(operands[0], ast.List | ast.Tuple):
        operands = operands[0].elts  # torch also takes them in one list, which no single array can be here
    named = _with_names(call, terms, operands)
    notes = (*notes, *_arrow_note(passage))
    return build_spec(call.source, named, output, notes=notes, repeat_hint=words_hint(passage.text)), operands


def _named_spec(call: PastedCall, string: ast.expr, operands: Sequence[ast.expr], notes: tuple[str, ...]) -> _Read:
    callee = call.segment(call.node.func)
    if callee.startswith(SUBSCRIPTS_FIRST):
        hint = "put the string before the arrays; named axes after them are for einops.einsum"
        raise call.refusal("EL136", string, f"{callee} takes its subscripts first", hint)
    passage = string_passage(call, string)
    terms, output = named_terms(passage)
    notes = (*notes, *_arrow_note(passage))
    return build_spec(call.source, _with_names(call, terms, operands), output, notes=notes), operands


def _sublists_spec(call: PastedCall, arguments: Sequence[ast.expr], notes: tuple[str, ...]) -> _Read:
    for argument in arguments:
        if isinstance(argument, ast.Starred):
            message = f"`{call.shown(argument)}` hides which list belongs to which array"
            raise call.refusal("EL135", argument, message, "write the arguments out")
    pairs = list(zip(arguments[0::2], arguments[1::2], strict=False))
    arrays = [array for array, _ in pairs]
    names = operand_names(call, arrays)
    lists = [sublist_of(call, given, number) for number, (_, given) in enumerate(pairs)]
    output = sublist_of(call, arguments[-1], None) if len(arguments) % 2 else None
    return sublists_spec(call.source, lists, output, notes).renamed(names, None), arrays


def _arrow_note(passage: Passage) -> tuple[str, ...]:
    return () if passage.arrow is None else ("'→' is read as '->', which is what the call has to be given",)


def _string_first(arguments: Sequence[ast.expr]) -> bool:
    """Tell whether the subscripts come first."""
    return bool(arguments) and is_string(arguments[0])


def _is_sublist(argument: ast.expr) -> bool:
    """Tell whether an argument is a list of labels: it has one, or it is empty."""
    if not isinstance(argument, ast.List | ast.Tuple | ast.Set):
        return False
    return not argument.elts or any(map(is_label, argument.elts))


def _with_names(call: PastedCall, terms: Sequence[Term], operands: Sequence[ast.expr]) -> list[Term]:
    """Return the terms with the names of their arrays; refuse where their numbers differ."""
    starred = next((n for n, operand in enumerate(operands) if isinstance(operand, ast.Starred)), None)
    known = operands[:starred]
    if len(known) > len(terms) or (len(known) < len(terms) and starred is None):
        raise _uneven(call, terms, operands, len(known))
    names = operand_names(call, known)
    return [replace(term, name=name) for term, name in zip_longest(terms, names)]


def _uneven(call: PastedCall, terms: Sequence[Term], operands: Sequence[ast.expr], known: int) -> NotationError:
    """Return the refusal of more or fewer arrays than terms."""
    surplus = known > len(terms)
    arrays = len(operands) if surplus else known
    if surplus:
        span: Span | None = call.span(operands[len(terms)])
        what = f"no term for `{call.shown(operands[len(terms)])}`"
        hint = "add a term for it after a ',', or drop the array"
    else:
        span, term = terms[known].span, terms[known]
        what = f"nothing for {f'`{_shown(call, term)}`' if term.labels else f'the empty term {known}'}"
        hint = "add the array, or drop the term"
    counts = ", ".join(f"{n} {noun}{'s' * (n != 1)}" for n, noun in ((len(terms), "term"), (arrays, "array")))
    place = min(known, len(terms))
    return NotationError("EL133", f"{counts}: {what}", text=call.source.text, span=span, operand=place, hint=hint)


def _shown(call: PastedCall, term: Term) -> str:
    """Return a term as it was written, its labels alone where it is part of an escaped string."""
    text = "" if term.span is None else call.source.text[term.span.start : term.span.stop]
    return " ".join(term.labels) if "'" in text or '"' in text else text


def _keywords(call: PastedCall) -> tuple[list[ast.expr], list[ast.expr], tuple[str, ...]]:
    """Return subscripts given by keyword, the other arguments, and notes on all other keywords."""
    strings, arguments = [], list(_spread(call.node.args))
    notes = [
        f"the loops start from zeros; their last line changes what {part.shown} holds"
        for part in call.unread
        if part.kind is Around.ADDED
    ]
    for keyword in call.node.keywords:
        value = keyword.value
        if keyword.arg in SUBSCRIPTS_KEYWORDS:
            strings.append(value)
        elif keyword.arg == OPERANDS_KEYWORD and isinstance(value, ast.List | ast.Tuple):
            arguments += value.elts
        elif keyword.arg == "dtype":
            written = _dtype_written(value) or "..."
            notes.append(f"dtype={call.shown(value)}: pass --dtype {written} (dtypes=...) to get it")
        elif keyword.arg != "optimize" or _written_path(value) is None:
            shown = f"{keyword.arg}=" if keyword.arg else "**"
            notes.append(f"{shown}{call.shown(value)} is not part of the loops")
    return strings, arguments, tuple(notes)


def _path(call: PastedCall, operands: int) -> Places:
    """Return the path that is written out in optimize=, () where none is. Raises OptionError where it does not fit."""
    for keyword in call.node.keywords:
        places = _written_path(keyword.value) if keyword.arg == "optimize" else None
        if places is not None:
            try:
                return check_path(places, operands)
            except OptionError as error:
                span = call.span(keyword.value)
                error.text, error.span = call.source.text, (span.start, span.stop)
                raise
    return ()


def _written_path(value: ast.expr) -> Places | None:
    """Return the path that an expression writes out, None where it is something else."""
    try:
        return places_of(ast.literal_eval(value))
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None


def _spread(arguments: Sequence[ast.expr]) -> Iterator[ast.expr]:
    """Yield the arguments, those of a list or tuple that is written out and unpacked one by one."""
    for argument in arguments:
        if isinstance(argument, ast.Starred) and isinstance(argument.value, ast.List | ast.Tuple):
            yield from _spread(argument.value.elts)
        else:
            yield argument


def _dtype_written(value: ast.expr) -> str | None:
    """Return the name of a dtype that an expression shows, None where it shows none."""
    match value:
        case ast.Constant(value=str() as name):
            return name
        case ast.Attribute(attr=name):
            return name.removesuffix("_")
        case ast.Name(id=name):
            return PYTHON.get(name, name)
    return None


def _cast(call: PastedCall) -> str | None:
    """Return the dtype in which the call says to compute, or the keyword that says it; None where none does."""
    given = {
        x.arg: x.value for x in call.node.keywords if not (isinstance(x.value, ast.Constant) and not x.value.value)
    }
    if "dtype" in given:
        with suppress(DtypeError):
            return dtype_name(_dtype_written(given["dtype"]) or "")
    return next((f"{name}={call.shown(given[name])}" for name in ("dtype", "out") if name in given), None)


def _result(call: PastedCall) -> str | None:
    """Return the name that the value gets: the target of the assignment, else of out=."""
    target = call.target if call.target is not None else call.out
    return None if target is None else name_of(call, target)
