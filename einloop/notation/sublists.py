"""Sublists ([0, 1], [1, 2] -> [0, 2]) in, Spec out: what np.einsum(a, [0, 1], b, [1, 2]) takes.

Labels are numbers 0..51; they are shown as the letters i, j, k... in ascending order. The arrays are
not seen here. Source of the rules: NumPy manual, numpy.einsum; observed behaviour of optimize=False.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import cast

from ..core.build import MAX_AXES, MAX_LABELS, Term, build_spec
from ..core.errors import NotationError
from ..core.source import Notation, Source, Span
from ..core.spec import DOTS, MATHEMATICAL_LETTERS, Spec

LIST_HINT = "a list holds numbers from 0 to 51, or ... for the axes of an ellipsis"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sublist:
    """The labels of one operand or of the output: numbers, None where an Ellipsis stood.

    `spans` are aligned with `labels`; all of them are None for lists given in Python.
    """

    labels: tuple[int | None, ...]
    spans: tuple[Span | None, ...]
    span: Span | None = None


def read_sublists(lists: Sequence[object], output: object | None = None, *, given: bool = False) -> Spec:
    """Return the metadata of sublists given in Python, one for each operand, and maybe the output's.

    Each is an iterable of integers (whatever `operator.index` takes, bool excepted) or Ellipsis. Where
    no output is `given` it is implicit: the ellipsis, then every label that occurs once, ascending.

    Raises NotationError.

    >>> read_sublists([[0, 1], [1, 2]], [0, 2], given=True).subscripts
    'ij,jk->ik'
    >>> read_sublists([[51, 7]]).subscripts
    'ji->ij'
    """
    source = Source(text="", notation=Notation.SUBLISTS)
    if not lists:
        raise NotationError("EL124", "no operand", hint="every array needs its list: einsum(a, [0, 1], b, [1, 2])")
    terms = [check_sublist(source, _entries(x, number), number) for number, x in enumerate(lists)]
    written = given or output is not None
    return sublists_spec(source, terms, check_sublist(source, _entries(output, None), None) if written else None)


def sublists_spec(
    source: Source, lists: Sequence[Sublist], output: Sublist | None, notes: tuple[str, ...] = ()
) -> Spec:
    """Return the metadata of checked sublists.

    Raises NotationError where a label of the output is repeated or in no operand.
    """
    if output is not None:
        _check_output(source, lists, output)
    every = [*lists, output] if output is not None else lists
    numbers = sorted({number for x in every for number in x.labels if number is not None})
    letters = dict(zip(numbers, MATHEMATICAL_LETTERS, strict=False))
    out = None if output is None else _term(output, letters)
    order = {letter: number for number, letter in letters.items()}
    spec = build_spec(source, [_term(sublist, letters) for sublist in lists], out, order=order)
    return replace(spec, notes=(*notes, *_order_note(spec)))


def check_sublist(source: Source, sublist: Sublist, operand: int | None) -> Sublist:
    """Return `sublist` (of the output where `operand` is None); raise NotationError for bad labels."""

    def refusal(id: str, message: str, span: Span | None, hint: str | None = None) -> NotationError:
        return NotationError(id, message, text=source.text, span=span, operand=operand, hint=hint)

    for position, (number, span) in enumerate(zip(sublist.labels, sublist.spans, strict=True)):
        where = f"{whose(operand)} (position {position})"
        if number is None and None in sublist.labels[:position]:
            raise refusal("EL123", f"a second Ellipsis in {where}", span, "one is enough")
        if number is not None and not 0 <= number < MAX_LABELS:
            shown = number if -(10**9) < number < 10**9 else "a huge number"
            raise refusal("EL122", f"{shown} in {where} is not a label; they go from 0 to 51", span)
    if len(sublist.labels) - sublist.labels.count(None) > MAX_AXES:
        message = f"{whose(operand)} is longer than {MAX_AXES}; no array has so many axes"
        raise refusal("EL125", message, sublist.span)
    return sublist


def whose(operand: int | None) -> str:
    """Return words for the list of an operand, or of the output (None)."""
    return "the list of the output" if operand is None else f"the list of operand {operand}"


def _entries(given: object, operand: int | None) -> Sublist:
    """Return the labels in a Python object; read no further than an array can have axes."""
    if isinstance(given, str):
        hint = "pass subscripts first, einsum('ij,jk->ik', a, b), or numbers: [0, 1]"
        raise NotationError("EL120", f"{whose(operand)} is the string {given!r}", operand=operand, hint=hint)
    try:
        entries = list(islice(cast(Iterable[object], given), MAX_AXES + 2))
    except TypeError:
        kind = "a bare Ellipsis" if given is Ellipsis else f"of type {type(given).__name__}"
        hint = "write [...]" if given is Ellipsis else LIST_HINT
        message = f"{whose(operand)} is not a list but {kind}"
        raise NotationError("EL120", message, operand=operand, hint=hint) from None
    labels = tuple(_number(entry, operand, position) for position, entry in enumerate(entries))
    return Sublist(labels=labels, spans=(None,) * len(labels))


def _number(entry: object, operand: int | None, position: int) -> int | None:
    """Return the label that `entry` is, None for an Ellipsis."""
    if entry is Ellipsis:
        return None
    # by its name, as older releases of numpy let their own bool pass for an index, with a warning
    if type(entry).__name__ != "bool" and hasattr(type(entry), "__index__"):
        try:
            return operator.index(entry)  # type: ignore[arg-type]  # hasattr is the check
        except (TypeError, ValueError, OverflowError):
            pass
    kind = "None" if entry is None else f"a {type(entry).__name__}"
    message = f"{whose(operand)} has {kind} at position {position}; a label is an integer or Ellipsis"
    raise NotationError("EL121", message, operand=operand, axis=position, hint=LIST_HINT)


def _term(sublist: Sublist, letters: dict[int, str]) -> Term:
    labels = tuple(DOTS if number is None else letters[number] for number in sublist.labels)
    return Term(labels=labels, spans=sublist.spans, span=sublist.span)


def _check_output(source: Source, lists: Sequence[Sublist], output: Sublist) -> None:
    """Refuse in the user's numbers what `build_spec` would refuse in letters."""
    offered = {number: None for x in lists for number in x.labels if number is not None}
    pairs = [(n, s) for n, s in zip(output.labels, output.spans, strict=True) if n is not None]
    numbers = [number for number, _ in pairs]
    for position, (number, span) in enumerate(pairs):
        if number in numbers[:position]:
            message = f"output label {number} is written twice; each may stand in the output once"
            hint = f"loops can fill a diagonal: out[{number}, {number}] = a[{number}]"
            raise NotationError("EL105", message, text=source.text, span=span, hint=hint)
    for number, span in pairs:
        if number not in offered:
            offer = f"they offer {', '.join(map(str, offered))}" if offered else "they have none"
            message = f"output label {number} is in no operand ({offer})"
            raise NotationError("EL106", message, text=source.text, span=span)


def _order_note(spec: Spec) -> tuple[str, ...]:
    """Return a note where an implicit output has another order than the lists show."""
    if not spec.implicit or spec.output == tuple(index.label for index in spec.free_by_appearance):
        return ()
    first = "the ellipsis first, then " if DOTS in spec.output else ""
    return (f"no output list, so the output is {first}in ascending order of the numbers: {spec.subscripts!r}",)
