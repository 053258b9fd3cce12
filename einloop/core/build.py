"""Terms in, `Spec` out: every reader of a notation ends here. Checks the rules that hold in all notations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from .errors import NotationError
from .frozen import dataclass
from .indices import index_table
from .source import Source, Span
from .spec import DOTS, Dots, Operand, Spec

MAX_OPERANDS = 63
"""NPY_MAXARGS is 64 and counts the output."""
NEW_AXIS = "only an index of an operand can stand in the output; for a new axis write result[..., None]"
MAX_LABELS = 52
MAX_AXES = 64
MAX_OCCURRENCES = 127
"""np.einsum counts the occurrences of a label in a signed char and gives wrong results beyond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One operand, or the output, as a reader saw it: labels with their spans, and the user's name."""

    labels: tuple[str, ...]
    spans: tuple[Span | None, ...]
    span: Span | None = None
    name: str | None = None


def build_spec(
    source: Source,
    terms: Sequence[Term],
    output: Term | None,
    *,
    order: Mapping[str, int] | None = None,
    notes: tuple[str, ...] = (),
    repeat_hint: str | None = None,
) -> Spec:
    """Return the metadata of an expression.

    `output` is None where the notation leaves it implicit: then it holds the ellipsis and every label that
    occurs once in all inputs, sorted by `order` (by default ASCII, capitals first). `repeat_hint` replaces the
    hint where an output label is repeated.

    Raises NotationError for an output label that is repeated or in no operand, and beyond np.einsum's limits.

    >>> term = Term(labels=("j", "i"), spans=(None, None))
    >>> from einloop.core.source import Notation
    >>> build_spec(Source(text="ji", notation=Notation.SUBSCRIPTS), [term], None).subscripts
    'ji->ij'
    """
    check_limits(source, terms)
    seen = dict.fromkeys(label for term in terms for label in term.labels)
    dots = _dots(terms, output)
    implicit = output is None
    if output is None:
        output = _implicit_output(terms, order)
    else:
        _check_output(source, terms, output, repeat_hint)
    kept = [(x, s) for x, s in zip(output.labels, output.spans, strict=True) if x in seen]
    operands = tuple(Operand(labels=t.labels, spans=t.spans, span=t.span, name=t.name) for t in terms)
    labels = tuple(label for label, _ in kept)
    spec = Spec(
        source=source,
        operands=operands,
        output=labels,
        output_spans=tuple(span for _, span in kept),
        implicit=implicit,
        dots=dots,
        indices=index_table(operands, labels),
        result=output.name,
        notes=notes,
    )
    note = _order_note(spec) if implicit and order is None else ()
    return replace(spec, notes=(*notes, *note)) if note else spec


def terms_at_blanks(spec: Spec) -> tuple[tuple[tuple[str, ...], ...], ...] | None:
    """Return the parts of every term, cut where a blank looks like a comma forgotten, or None where no blank does.

    Blanks in subscripts separate nothing. They look like a comma between parts of which one has two letters or more,
    where two parts share a letter, or where the only term has no part of one letter.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> terms_at_blanks(read_subscripts("ij jk->ik"))
    ((('i', 'j'), ('j', 'k')),)
    >>> terms_at_blanks(read_subscripts("i j, j k -> i k")) is None
    True
    """
    if not spec.source.notation.traits.letters or " " not in spec.source.text:
        return None
    cut = tuple(_cut(spec, operand) for operand in spec.operands)
    return cut if any(len(parts) > 1 for parts in cut) else None


def _cut(spec: Spec, operand: Operand) -> tuple[tuple[str, ...], ...]:
    labels = tuple(dict.fromkeys(DOTS if x.startswith(DOTS) else (x, n) for n, x in enumerate(operand.labels)))
    whole = tuple(x if isinstance(x, str) else x[0] for x in labels)
    words = () if operand.span is None else spec.source.at(operand.span).split()
    parts = tuple(tuple(re.findall(r"\.\.\.|.", word)) for word in words)
    if len(parts) < 2 or tuple(x for part in parts for x in part) != whole or max(map(len, parts)) < 2:
        return (whole,)
    shared = len({x for part in parts for x in part}) < sum(len(set(part)) for part in parts)
    alone = len(spec.operands) == 1 and min(map(len, parts)) > 1
    return parts if shared or alone else (whole,)


def _order_note(spec: Spec) -> tuple[str, ...]:
    """Return a note where an implicit output has another order than the inputs show."""
    written = tuple(index.label for index in spec.free_by_appearance)
    if not spec.implicit or spec.output == written:
        return ()
    what = "alphabetical order, capitals first"
    if DOTS in spec.output:
        what = f"'...' first, then {what}"
    return (f"no '->', so the output is in {what}: {spec.subscripts!r}; to get another order, write it",)


def _dots(terms: Sequence[Term], output: Term | None) -> Dots:
    if not any(DOTS in term.labels for term in terms):
        return Dots.ABSENT
    return Dots.KEPT if output is None or DOTS in output.labels else Dots.EMPTY


def _implicit_output(terms: Sequence[Term], order: Mapping[str, int] | None) -> Term:
    labels = [label for term in terms for label in term.labels if label != DOTS]
    once = [label for label in dict.fromkeys(labels) if labels.count(label) == 1]
    once.sort(key=order.__getitem__ if order is not None else None)
    if any(DOTS in term.labels for term in terms):
        once.insert(0, DOTS)
    return Term(labels=tuple(once), spans=(None,) * len(once))


def _check_output(source: Source, terms: Sequence[Term], output: Term, repeat_hint: str | None) -> None:
    seen = dict.fromkeys(label for term in terms for label in term.labels)
    written = [(x, span) for x, span in zip(output.labels, output.spans, strict=True) if x != DOTS]
    for place, (label, span) in enumerate(written):
        first = next(where for other, where in written if other == label)
        if label in [other for other, _ in written[:place]]:
            message = f"output index {label!r} is written twice; each index may stand in the output once"
            hint = repeat_hint or f"loops can fill a diagonal: out[{label}, {label}] = a[{label}]"
            raise NotationError("EL105", message, text=source.text, span=span, also=(first,), hint=hint)
    for label, span in written:
        if label not in seen:
            offered = ", ".join(other for other in seen if other != DOTS)
            offer = f"they offer {offered}" if offered else "they have no index at all"
            message = f"output index {label!r} is in no operand ({offer})"
            error = NotationError("EL106", message, text=source.text, span=span, hint=NEW_AXIS)
            _advise(error, source, terms, output, label)
            raise error


def _advise(error: NotationError, source: Source, terms: Sequence[Term], output: Term, label: str) -> None:
    """Add to the refusal of an output index the one that was probably meant, where there is one."""
    other = _meant(terms, output)
    if other is None:
        return
    error.hint = f"was {other!r} meant?"
    if source.notation.traits.letters:
        from .report import Fix  # a plain start needs no reports

        terms_text = ",".join("".join(term.labels) for term in terms)
        output_text = "".join(other if x == label else x for x in output.labels)
        error.fixes = (Fix(expression=f"{terms_text}->{output_text}"),)
        error.hint += f" {error.fixes[0].expression!r} is legal"


def _meant(terms: Sequence[Term], output: Term) -> str | None:
    """Return the one index that would stand in one place only and be summed, where one output index is in no operand.

    None where there is no such index, or several, and where the output would be the only term again.
    """
    every = [label for term in terms for label in term.labels if label != DOTS]
    once = [label for label in every if every.count(label) == 1 and label not in output.labels]
    strange = [label for label in output.labels if label != DOTS and label not in every]
    if len(once) != 1 or len(strange) != 1:
        return None
    meant = tuple(once[0] if label in strange else label for label in output.labels)
    return None if len(terms) == 1 and meant == terms[0].labels else once[0]


def too_many_operands(source: Source, span: Span | None, count: str) -> NotationError:
    """Return the refusal of more operands than np.einsum takes; `span` is the first one too many."""
    message = f"{count} operands; np.einsum without optimize=True takes at most {MAX_OPERANDS}"
    hint = (
        "torch and JAX take more, and so does optimize=True where an index is summed; for loops split the "
        "expression in two"
    )
    return NotationError("EL110", message, text=source.text, span=span, operand=MAX_OPERANDS, hint=hint)


def check_limits(source: Source, terms: Sequence[Term]) -> None:
    """Raise NotationError for more operands, indices or occurrences of one than np.einsum takes."""
    if len(terms) > MAX_OPERANDS:
        raise too_many_operands(source, terms[MAX_OPERANDS].span, f"{len(terms)}")
    counts = Counter(label for term in terms for label in term.labels if label != DOTS)
    if len(counts) > MAX_LABELS:
        extra = list(counts)[MAX_LABELS]
        message = f"{len(counts)} different indices; np.einsum has {MAX_LABELS}, {extra!r} is one too many"
        raise NotationError("EL111", message)
    for label, count in counts.items():
        if count > MAX_OCCURRENCES:
            message = f"index {label!r} occurs {count} times; np.einsum gives wrong results beyond {MAX_OCCURRENCES}, "
            raise NotationError("EL112", message + "so there is nothing to prove loops against")
