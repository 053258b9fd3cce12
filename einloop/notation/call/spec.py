"""A found call in, Spec out: its subscripts, the names of its arrays, notes on everything else."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...core.build import Term, build_spec
from ...core.dtypes import dtype_name
from ...core.errors import DtypeError, NotationError, OptionError
from ...core.site import Around, Unread
from ...core.spec import Places, Spec
from ..named import named_terms
from ..passage import Passage
from ..paths import check_path, places_of
from ..sublists import sublists_spec
from ..subscripts import subscript_terms, words_hint
from .arguments import (
    PASTE_HINT,
    is_label,
    is_string,
    name_of,
    operand_names,
    repeated_names,
    string_passage,
    sublist_of,
)
from .pasted import PastedCall
from .site import site_of

_Read = tuple[Spec, Sequence[ast.expr]]
"""The metadata of a call, and the expressions of its arrays."""
SUBSCRIPTS_KEYWORDS = ("subscripts", "equation")
OPERANDS_KEYWORD = "operands"
DTYPES = {"bool": "bool", "complex": "complex128", "float": "float64", "int": "int64"}
"""What Python's own types mean as dtype=."""
SUBSCRIPTS_FIRST = ("cp.", "jax.", "jnp.", "np.", "numpy.", "oe.", "opt_einsum.", "tf.", "torch.")
"""Libraries where a pattern of named axes behind the arrays can only be a mistake."""


def call_spec(call: PastedCall) -> Spec:
    """Return the metadata of a call; raise NotationError where its subscripts are not to be seen."""
    strings, arguments, notes = _keywords(call)
    if len(strings) + _string_first(arguments) > 1:
        again = strings[-1]
        raise _refusal("EL171", call, again, "the subscripts are given twice", "keep one of them")
    if strings:
        spec, operands = _subscripts_spec(call, strings[0], arguments, notes)
    elif _string_first(arguments):
        spec, operands = _subscripts_spec(call, arguments[0], arguments[1:], notes)
    elif arguments and is_string(arguments[-1]):
        spec, operands = _named_spec(call, arguments[-1], arguments[:-1], notes)
    elif any(map(_is_sublist, arguments[1::2])):
        spec, operands = _sublists_spec(call, arguments, notes)
    else:
        raise _no_subscripts(call, arguments)
    named = spec.renamed(repeated_names(call, spec, operands), _result(call))
    path = _path(call, len(spec.operands))
    return replace(named, site=site_of(call, operands), unread=call.unread, cast=_cast(call), path=path)


def _subscripts_spec(call: PastedCall, string: ast.expr, operands: Sequence[ast.expr], notes: tuple[str, ...]) -> _Read:
    passage = string_passage(call, string)
    if call.segment(call.node.func).startswith("einops."):
        hint = "einops.einsum(a, b, 'i j, j k -> i k')"
        raise _refusal("EL136", call, string, "einops.einsum takes its pattern last", hint)
    terms, output = subscript_terms(passage)
    operands = _unpacked(operands, len(terms))
    named = _with_names(call, terms, operands)
    notes = (*notes, *_arrow_note(passage))
    return build_spec(call.source, named, output, notes=notes, repeat_hint=words_hint(passage.text)), operands


def _named_spec(call: PastedCall, string: ast.expr, operands: Sequence[ast.expr], notes: tuple[str, ...]) -> _Read:
    callee = call.segment(call.node.func)
    if callee.startswith(SUBSCRIPTS_FIRST):
        message = f"{callee} takes its subscripts first"
        hint = "put the string before the arrays; named axes behind them are for einops.einsum"
        raise _refusal("EL136", call, string, message, hint)
    passage = string_passage(call, string)
    terms, output = named_terms(passage)
    notes = (*notes, *_arrow_note(passage))
    return build_spec(call.source, _with_names(call, terms, operands), output, notes=notes), operands


def _sublists_spec(call: PastedCall, arguments: Sequence[ast.expr], notes: tuple[str, ...]) -> _Read:
    for argument in arguments:
        if isinstance(argument, ast.Starred):
            message = f"`{call.shown(argument)}` hides which list belongs to which array"
            raise _refusal("EL135", call, argument, message, "write the arguments out")
    pairs = list(zip(arguments[0::2], arguments[1::2], strict=False))
    arrays = [array for array, _ in pairs]
    names = operand_names(call, arrays)
    lists = [sublist_of(call, given, number) for number, (_, given) in enumerate(pairs)]
    odd = len(arguments) % 2 == 1
    output = sublist_of(call, arguments[-1], None) if odd else None
    spec = sublists_spec(call.source, lists, output, notes)
    return spec.renamed(names, None), arrays


def _arrow_note(passage: Passage) -> tuple[str, ...]:
    if passage.arrow is None:
        return ()
    return ("'→' is read as '->', which is what the call has to be given",)


def _string_first(arguments: Sequence[ast.expr]) -> bool:
    """Tell whether the subscripts come first."""
    return bool(arguments) and is_string(arguments[0])


def _is_sublist(argument: ast.expr) -> bool:
    """Tell whether an argument is a list of labels: it has one, or it is empty."""
    if not isinstance(argument, ast.List | ast.Tuple | ast.Set):
        return False
    return not argument.elts or any(map(is_label, argument.elts))


def _unpacked(operands: Sequence[ast.expr], terms: int) -> Sequence[ast.expr]:
    """Return the operands; torch also takes them in one list, which no single array can be here."""
    if terms > 1 and len(operands) == 1 and isinstance(operands[0], ast.List | ast.Tuple):
        return operands[0].elts
    return operands


def _with_names(call: PastedCall, terms: Sequence[Term], operands: Sequence[ast.expr]) -> list[Term]:
    """Return the terms with the names of their arrays; refuse where their numbers differ."""
    starred = [n for n, operand in enumerate(operands) if isinstance(operand, ast.Starred)]
    known = operands[: starred[0]] if starred else operands
    if len(known) > len(terms):
        raise _surplus(call, terms, operands)
    if len(known) < len(terms) and not starred:
        raise _missing(call, terms, len(known))
    names = operand_names(call, known)
    padded = (*names, *(None for _ in range(len(terms) - len(names))))
    return [
        Term(labels=term.labels, spans=term.spans, span=term.span, name=name)
        for term, name in zip(terms, padded, strict=True)
    ]


def _surplus(call: PastedCall, terms: Sequence[Term], operands: Sequence[ast.expr]) -> NotationError:
    first = operands[len(terms)]
    return NotationError(
        "EL133",
        f"{_count(len(terms), 'term')}, {_count(len(operands), 'array')}: no term for `{call.shown(first)}`",
        text=call.source.text,
        span=call.span(first),
        operand=len(terms),
        hint="add a term for it behind a ',', or drop the array",
    )


def _missing(call: PastedCall, terms: Sequence[Term], arrays: int) -> NotationError:
    term = terms[arrays]
    what = f"`{_shown(call, term)}`" if term.labels else f"the empty term {arrays}"
    return NotationError(
        "EL133",
        f"{_count(len(terms), 'term')}, {_count(arrays, 'array')}: nothing for {what}",
        text=call.source.text,
        span=term.span,
        operand=arrays,
        hint="add the array, or drop the term",
    )


def _shown(call: PastedCall, term: Term) -> str:
    """Return a term as it was written, its labels alone where it is part of an escaped string."""
    span = term.span
    text = "" if span is None else call.source.text[span.start : span.stop]
    return " ".join(term.labels) if "'" in text or '"' in text else text


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _keywords(call: PastedCall) -> tuple[list[ast.expr], list[ast.expr], tuple[str, ...]]:
    """Return subscripts given by keyword, the other arguments, and notes on all other keywords."""
    strings, arguments = [], list(_spread(call.node.args))
    notes = [_added(part) for part in call.unread if part.kind is Around.ADDED]
    for keyword in call.node.keywords:
        value = keyword.value
        if keyword.arg in SUBSCRIPTS_KEYWORDS:
            strings.append(value)
        elif keyword.arg == OPERANDS_KEYWORD and isinstance(value, ast.List | ast.Tuple):
            arguments += value.elts
        elif keyword.arg == "dtype":
            notes.append(_dtype_note(call, value))
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


def _added(part: Unread) -> str:
    return f"the loops start from zeros; their last line changes what {part.shown} holds"


def _spread(arguments: Sequence[ast.expr]) -> Iterator[ast.expr]:
    """Yield the arguments, those of a list or tuple that is written out and unpacked one by one."""
    for argument in arguments:
        if isinstance(argument, ast.Starred) and isinstance(argument.value, ast.List | ast.Tuple):
            yield from _spread(argument.value.elts)
        else:
            yield argument


def _dtype_note(call: PastedCall, value: ast.expr) -> str:
    return f"dtype={call.shown(value)}: pass --dtype {_dtype_written(value) or '...'} (dtypes=...) to get it"


def _dtype_written(value: ast.expr) -> str | None:
    """Return the name of a dtype that an expression shows, None where it shows none."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    if isinstance(value, ast.Attribute):
        return value.attr.removesuffix("_")
    return DTYPES.get(value.id, value.id) if isinstance(value, ast.Name) else None


def _cast(call: PastedCall) -> str | None:
    """Return the dtype in which the call says to compute, or the keyword that says it; None where none does."""
    given = {
        x.arg: x.value for x in call.node.keywords if not (isinstance(x.value, ast.Constant) and not x.value.value)
    }
    for keyword in ("dtype", "out"):
        if keyword in given:
            value = given[keyword]
            try:
                return dtype_name((_dtype_written(value) or "") if keyword == "dtype" else "")
            except DtypeError:
                return f"{keyword}={call.shown(value)}"
    return None


def _result(call: PastedCall) -> str | None:
    """Return the name that the value gets: the target of the assignment, else of out=."""
    if call.target is not None:
        return name_of(call, call.target)
    out = [keyword.value for keyword in call.node.keywords if keyword.arg == "out"]
    return name_of(call, out[0]) if out else None


def _no_subscripts(call: PastedCall, arguments: Sequence[ast.expr]) -> NotationError:
    if not arguments:
        return _refusal("EL132", call, call.node, "the call has no argument", PASTE_HINT)
    first = arguments[0]
    what = "an f-string" if isinstance(first, ast.JoinedStr) else "not a string written out"
    last = arguments[-1]
    if isinstance(last, ast.JoinedStr):
        first, what = last, "an f-string"
    shown = call.shown(first)
    message = f"the subscripts `{shown}` are {what}; the call does not show what they are"
    return _refusal("EL132", call, first, message, PASTE_HINT)


def _refusal(id_: str, call: PastedCall, node: ast.expr, message: str, hint: str) -> NotationError:
    return NotationError(id_, message, text=call.source.text, span=call.span(node), hint=hint)
