"""The limits of the sums of a formula, and the ranges after it: each must leave the whole axis, as loops take it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from ...core.greek import GREEK
from ...core.source import Source, Span
from ...core.spec import DOTS
from .commands import MINUS, PRIMES, WORDED
from .cursor import SumSign, around
from .frame import Range
from .tokens import Token, TokenKind, quoted, refusal
from .tree import ParsedFormula

_MARKS = re.compile(r"[\\{}]")
_HIGH = re.compile(r"(?:(\d+)|(.*?))(-1)?")
TAKE_BEFORE = "take the part of the axis before"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Extent:
    """The length of an axis as a limit tells it, `base` + `more`, and where; `base` is '' for a number.

    `sign` is the number of the sum sign whose limit it is, None for a range, which holds wherever the index stands.
    """

    label: str
    sign: int | None
    base: str
    more: int
    span: Span


def check_reach(source: Source, formula: ParsedFormula, ranges: Sequence[Range]) -> None:
    """Refuse limits that depend on an index, may leave out a part of an axis, or give one axis two lengths."""
    labels = {label.text for access in (formula.left, *formula.factors) for label in access.labels}
    labels |= {label.text for sign in formula.sums for label in sign.labels}
    extents = list(_range_extents(ranges))
    for number, sign in enumerate(formula.sums):
        if sign.high:
            extents += _sum_extents(source, labels, sign, number)
    for axis in _axes(formula):
        along = [x for x in extents if any(x.label == text and x.sign in (None, sign) for text, sign in axis)]
        for one, other in combinations(along, 2):
            if one.base == other.base and one.more != other.more:
                both = " and ".join(dict.fromkeys((repr(one.label), repr(other.label))))
                what = f"the limits of {both} give one axis two lengths"
                raise refusal(source, "EL172", other.span, what, TAKE_BEFORE)


def range_notes(source: Source, known: Collection[str], ranges: Sequence[Range]) -> Iterator[str]:
    """Yield a note for every range after a formula, whose indices are `known`: sizes come with shapes.

    Raises NotationError (EL169) for a range of no index of the formula, and for one that is not a whole axis.
    """
    for given in ranges:
        written = source.at(given.span).strip()
        what = f"the range {quoted(written)}"
        stranger = next((label for label in given.labels if label not in known), None)
        if stranger is not None or not given.labels:
            why = f"{stranger!r} is not an index of the formula" if stranger else "it names no index"
            raise refusal(source, "EL169", given.span, f"{what} is not read: {why}", "leave it out")
        index = next((word for word in _words_of(given) if word in known), None)
        if index is not None:
            message = f"{what} depends on index {index!r}, and loops run over whole axes"
            hint = f"multiply by an operand with indices {','.join(dict.fromkeys([*given.labels, index]))}: 1 or 0"
            raise refusal(source, "EL169", given.span, message, hint)
        if given.low > 1:
            message = f"{what} begins at {given.low}, and loops run over whole axes"
            raise refusal(source, "EL169", given.span, message, TAKE_BEFORE)
        size = _size(given)
        sizes = ",".join(f"{label}={size}" for label in given.labels)
        yield f"{written} is ignored; pass --sizes {sizes} to use it" if size else f"{written} is ignored"


def _words_of(given: Range) -> Iterator[str]:
    """Yield what may be an index in the end of a range; not its own index below, as in `n_i`."""
    head, *below = re.findall(r"[^\W_]+", given.high)[: 2 if "_" in given.high else 1] or [""]
    yield from (head, *(() if given.high.startswith("\\") else head))
    yield from (text for text in below if text not in given.labels)


def _size(given: Range) -> str:
    """Return the length of an axis as a range tells it, '' where it is neither a number nor a name."""
    if given.high.isdecimal():
        return str(int(given.high) - given.low + 1)
    name = given.high if given.low == 1 else given.high.removesuffix("-1")
    whole = given.low == 1 or given.high.endswith("-1")
    return name if whole and name.isidentifier() else ""


def lengths(formula: ParsedFormula) -> Iterator[tuple[str, int]]:
    """Yield names that are the length of an axis, as a limit of a sum says, with the number of the sum sign."""
    for number, sign in enumerate(formula.sums):
        base, more = _read([token for token in sign.high if token.kind is not TokenKind.BLANK])
        names = [token for token in sign.high if token.kind is TokenKind.WORD and token.text == base]
        if base and names and more + (sign.low == "0") == 0 and len(sign.labels) == 1:
            yield base, number


def _sum_extents(source: Source, labels: set[str], sign: SumSign, number: int) -> Iterator[_Extent]:
    solid = [token for token in sign.high if token.kind is not TokenKind.BLANK]
    span, own = around(sign.high), list(dict.fromkeys(label.text for label in sign.labels))
    shown = quoted(source.at(span))
    index = next((x for x in _mentioned(solid, set(own)) if x in labels), None)
    if index is not None:
        message = f"the limit {shown} depends on index {index!r}; a sum of an einsum runs over the whole axis"
        listed = ",".join(dict.fromkeys([*own, index]))
        hint = f"multiply by an operand with indices {listed}: 1 where the sum goes, 0 elsewhere"
        raise refusal(source, "EL172", span, message, hint)
    base, offset = _read(solid)
    more = offset + (sign.low == "0")
    whole = more in (0, sign.low == "0") if base else more > 0
    if base is None or not whole:
        message = f"the sum up to {shown} may leave out a part of the axis; a sum of an einsum takes all of it"
        below = ",".join(label.text for label in sign.labels)
        hint = f"write \\sum_{{{below}}} if that is the whole axis; else take the part before"
        raise refusal(source, "EL172", span, message, hint)
    if base != "infty":
        yield from (_Extent(label=label, sign=number, base=base, more=more, span=span) for label in own)


def _range_extents(ranges: Sequence[Range]) -> Iterator[_Extent]:
    """Yield the lengths that ranges after the formula tell."""
    for given in ranges:
        found = _HIGH.fullmatch(_MARKS.sub("", given.high))
        if found is None or not given.high:
            continue
        base = found[2] or ""
        more = int(found[1] or 0) - bool(found[3]) + 1 - given.low
        yield from (_Extent(label=x, sign=None, base=base, more=more, span=given.span) for x in given.labels)


def _read(solid: list[Token]) -> tuple[str | None, int]:
    """Return the name of a limit and what is added: `n-1` is n and -1, `5` is '' and 5; None where it is neither."""
    while len(solid) > 2 and solid[0].is_mark("{") and solid[-1].is_mark("}"):
        solid = solid[1:-1]
    if len(solid) == 1 and solid[0].kind is TokenKind.NUMBER:
        return ("", int(solid[0].text)) if solid[0].text.isdecimal() and len(solid[0].text) < 19 else (None, 0)
    offset = -1 if len(solid) > 2 and solid[-2].text in MINUS and solid[-1].text == "1" else 0
    name = solid[:-2] if offset else solid
    text = _MARKS.sub("", "".join(token.text for token in name))
    first = name[0] if name else None
    if first is None or not (first.kind is TokenKind.WORD or first.text in GREEK | WORDED | {"infty"}):
        return None, 0
    rest = name[1:]
    if first.text in WORDED:
        closing = next((n for n, token in enumerate(rest) if token.is_mark("}")), None)
        rest = rest[closing + 1 :] if closing is not None else rest[:1]
    while rest and rest[0].is_mark(*PRIMES):
        rest = rest[1:]
    lowered = not rest or rest[0].is_mark("_") or (rest[0].kind is TokenKind.SCRIPT and not rest[0].raised)
    names = (TokenKind.WORD, TokenKind.NUMBER, TokenKind.COMMAND, TokenKind.SCRIPT)
    plain = all(x.kind in names or x.is_mark("_", "{", "}") for x in rest)
    return (text, offset) if lowered and plain else (None, 0)


def _mentioned(solid: list[Token], own: set[str]) -> Iterator[str]:
    """Yield what may be an index in a limit: whole words, and their letters; not `own` ones below, as in `n_j`."""
    below = False
    for number, token in enumerate(solid):
        below |= token.is_mark("_") or (token.kind is TokenKind.SCRIPT and not token.raised)
        if token.kind not in (TokenKind.WORD, TokenKind.SCRIPT, TokenKind.COMMAND):
            continue
        word = number > 1 and solid[number - 2].text in WORDED
        head, *tail = token.text.split("_")
        letters = () if word or token.kind is TokenKind.COMMAND else head
        for text in dict.fromkeys((token.text, head, *letters)):
            if not (below and text in own):
                yield text
        yield from (text for text in tail if text not in own)


def _axes(formula: ParsedFormula) -> list[set[tuple[str, int]]]:
    """Return the indices that run over one axis, as they stand at one place of one operand: `x_i x_j`.

    Each has the number of the sum sign that lists it, -1 where none does: other sums may use its letter again.
    """
    places: dict[tuple[str, str, int], set[tuple[str, int]]] = {}
    for number, access in enumerate(formula.factors):
        texts = [label.text for label in access.labels]
        for axis, text in enumerate(texts if DOTS not in texts else ()):
            key = access.wrapper, access.name, axis
            places.setdefault(key, set()).add((text, _lister(formula, number, text)))
    axes: list[set[tuple[str, int]]] = []
    for labels in places.values():
        joined = [axis for axis in axes if axis & labels]
        axes = [axis for axis in axes if not axis & labels] + [labels.union(*joined)]
    return axes


def _lister(formula: ParsedFormula, factor: int, text: str) -> int:
    """Return the number of the sum sign that lists an index of a factor, -1 where none does."""
    for number, sign in enumerate(formula.sums):
        if sign.start <= factor < sign.stop and text in [label.text for label in sign.labels]:
            return number
    return -1
