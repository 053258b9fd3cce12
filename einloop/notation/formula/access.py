"""A name with its indices, as it stands in a formula: `A[i, j]`, `\\hat{A}_{ij}`, `x_i^2`."""

from __future__ import annotations

import keyword

from ...core.greek import GREEK
from ...core.source import Span
from .commands import DECORATED, WORDED
from .cursor import Cursor, Half, Label, WrittenAccess
from .labels import bracket_labels, power_of, scripts, transposed, worded
from .refusals import unexpected
from .roots import half_of
from .tokens import Token, TokenKind, quoted
from .words import call_hint, names_function, names_operator, refuse_function, starts_operand

MAX_DEPTH = 20
NAMED_HINT = "put a name of several letters in \\text{...}, and blanks between operands"


def access(cursor: Cursor, *, left: bool = False) -> WrittenAccess:
    """Return the name at the cursor with its indices."""
    start = cursor.peek()
    wrapper, name = name_of(cursor, several=left or cursor.code, depth=0)
    spaced = cursor.next().kind is TokenKind.BLANK
    labels: list[Label] = []
    brackets = cursor.at("[")
    while cursor.at("["):
        labels += bracket_labels(cursor)
    times = cursor.at("(") and not (labels or brackets or left) and spaced and _multiplies(cursor, name, wrapper)
    if cursor.at("(") and not labels and not brackets and not times:
        message = f"{name!r} before '(' reads as a function"
        hint = f"write the result with its indices, {name}_{{i}}, or alone: {name} = ..." if left else None
        span = Span(start=start.span.start, stop=cursor.end())
        raise cursor.refusal("EL148", start.span, message, hint or call_hint(cursor, name, cursor.source.at(span)))
    _check_exponential(cursor, start, name)
    found = scripts(cursor)
    more, power, mark = found.labels, found.power, found.mark
    if mark and not more and not left and not cursor.alone and cursor.at("("):
        span = Span(start=start.span.start, stop=cursor.end())
        message = f"{quoted(cursor.source.at(span))} before '(' reads as a function"
        raise cursor.refusal("EL148", span, message, "write '*' between them for a product")
    if brackets and more:
        message = "an operand has its indices in brackets or in scripts, not in both"
        raise cursor.refusal("EL140", more[0].span, message)
    operator = names_function(name) or (starts_operand(cursor.peek()) and names_operator(name))
    if wrapper in WORDED and not (left or brackets) and operator:
        raise refuse_function(cursor, Span(start=start.span.start, stop=cursor.end()), name)
    half = found.half
    if half and (mark or found.turned or (half.power == -1 and more)):
        raise transposed(cursor.source, half.span)
    if cursor.peek().kind is TokenKind.POWER:
        half = _starred_half(cursor) or half
        power = power if half else _starred_power(cursor, power)
    span = Span(start=start.span.start, stop=cursor.end())
    if left and (power > 1 or half):
        raise cursor.refusal("EL147", span, "the result has a power")
    return WrittenAccess(
        name=f"{name}_{mark}" if mark else name,
        wrapper="_".join(filter(None, (wrapper, "marked" * bool(mark)))),
        labels=(*labels, *more),
        span=span,
        power=power,
        bare=not brackets and not found.some,
        marked=bool(mark),
        turned=found.turned,
        times=times,
        half=half,
    )


def _multiplies(cursor: Cursor, name: str, wrapper: str) -> bool:
    """Tell whether the parentheses at the cursor are a factor: a sum or difference of terms with indices.

    What has the name of a function, or is set as one, takes them.
    """
    if cursor.alone or wrapper in WORDED or names_operator(name):
        return False
    depth, signs, indices = 0, False, False
    for token in cursor.tokens[cursor.place :]:
        depth += token.is_mark("(") - token.is_mark(")")
        signs |= depth == 1 and token.is_mark("+", "-")
        indices |= token.is_script or token.is_mark("[")
        if not depth:
            return signs and indices
    return False


def _check_exponential(cursor: Cursor, start: Token, name: str) -> None:
    """Refuse e to a power that is more than a name."""
    if name != "e" or not cursor.at("^"):
        return
    closing = next((n for n in range(cursor.place, len(cursor.tokens)) if cursor.tokens[n].is_mark("}")), None)
    if closing is None or not cursor.after().is_mark("{"):
        return
    inside = [x for x in cursor.tokens[cursor.place + 2 : closing] if x.kind is not TokenKind.BLANK]
    if inside and not inside[0].is_mark("(") and any(x.is_script or x.is_mark("+", "-", "/") for x in inside):
        span = Span(start=start.span.start, stop=_closing(cursor).span.stop)
        message = f"{quoted(cursor.source.at(span))} is an exponential, and an einsum has no functions"
        raise cursor.refusal("EL148", span, message, "compute it before, and give the result a name")


def _closing(cursor: Cursor) -> Token:
    """Return the brace that closes the one after the cursor, or the last token."""
    depth = 0
    for token in cursor.tokens[cursor.place + 1 :]:
        depth += token.is_mark("{") - token.is_mark("}")
        if not depth:
            return token
    return cursor.tokens[-1]


def name_of(cursor: Cursor, *, several: bool, depth: int) -> tuple[str, str]:
    """Return what is around the name at the cursor, and the name; `several` letters or one."""
    token = cursor.peek()
    if depth > MAX_DEPTH:
        raise cursor.refusal("EL149", token.span, "names are nested too deeply")
    if token.kind is TokenKind.COMMAND and token.text in GREEK:
        return "", cursor.take().text
    if token.kind is TokenKind.COMMAND and token.text in WORDED:
        return token.text, worded(cursor)[0]
    if token.is_mark("{"):
        return _braced_name(cursor, several=several, depth=depth)
    if token.kind is TokenKind.COMMAND and token.text in DECORATED:
        cursor.take()
        if cursor.at("{"):
            inner, name = _braced_name(cursor, several=False, depth=depth)
        else:
            inner, name = name_of(cursor, several=False, depth=depth + 1)
        return "_".join(filter(None, (token.text, inner))), name
    if token.kind is not TokenKind.WORD:
        raise unexpected(cursor, token)
    if keyword.iskeyword(token.text):
        raise cursor.refusal("EL140", token.span, f"{token.text!r} is a word of Python, not an operand")
    if len(token.text) > 1 and not several:
        message = f"is {token.text!r} one operand or a product of {len(token.text)}?"
        raise cursor.refusal("EL145", token.span, message, NAMED_HINT)
    return "", cursor.take().text


def _braced_name(cursor: Cursor, *, several: bool, depth: int) -> tuple[str, str]:
    """Return what is around the name in the braces at the cursor, and the name."""
    inside = cursor.inside(cursor.group("}"))
    found = name_of(inside, several=several, depth=depth + 1)
    after = inside.peek()
    if after.kind is not TokenKind.END:
        message = "only a name may stand in these braces"
        raise cursor.refusal("EL140", after.span, message, "indices come after it: \\hat{x}_{i}")
    return found


def _starred_half(cursor: Cursor) -> Half | None:
    """Return the power after the `**` at the cursor where it is a root or an inverse: `-0.5`, `(1/2)`."""
    ahead = cursor.rest()
    if ahead[0].is_mark("("):
        tokens = ahead[1 : next((n for n, token in enumerate(ahead) if token.is_mark(")")), 1)]
        count = len(tokens) + 2
    else:
        tokens = ahead[: 1 + ahead[0].is_mark("-")]
        count = len(tokens)
    found = half_of(tokens) if tokens and not cursor.alone else None
    for _ in range(count + 1 if found else 0):
        cursor.peek()
        cursor.take()
    return found


def _starred_power(cursor: Cursor, power: int) -> int:
    """Return the power after the `**` at the cursor."""
    stars = cursor.take()
    if cursor.peek().kind is not TokenKind.NUMBER or power > 1:
        raise cursor.refusal("EL147", stars.span, "a power must be one number, 2 to 9")
    return power_of(cursor, cursor.take())
