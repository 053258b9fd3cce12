"""Words on the right side of a formula that are no operands: `sum_j` is a sum sign, `max_j` a function.

A word with brackets, `sum[j]`, is an array of that name.
"""

from __future__ import annotations

from ...core.errors import NotationError
from ...core.source import Span
from .cursor import Cursor, quoted
from .tokens import Kind, Token

SUM = "sum"
PRODUCT = "Π"
_FUNCTIONS = (
    "max min argmax argmin sup inf prod product mean avg average median std var cov exp log ln log2 log10 sqrt sin cos "
    "tan sinh cosh tanh arcsin arccos arctan relu sigmoid softmax tr trace det diag inv norm abs sgn sign floor ceil "
    "round any all cumsum cumprod"
)
FUNCTIONS = frozenset(_FUNCTIONS.split())
FUNCTION_HINT = "compute it before, and give the result a name; an array of that name has brackets, like {name}[i]"


def names_function(name: str) -> bool:
    """Tell whether a name is that of a function or a sum, in any case: `Max`, `SUM`."""
    return name.lower() in FUNCTIONS or name.lower() == SUM


def read_word(cursor: Cursor) -> None:
    """Make a sum sign of the word at the cursor where it is one; raise NotationError where it is a function."""
    word = cursor.peek()
    head, bar, tail = word.text.partition("_")
    behind = _behind(cursor)
    if word.kind is not Kind.WORD or behind.is_mark("[") or not (names_function(head) or head == PRODUCT):
        return
    listed = behind.is_mark("_", "^") or behind.kind is Kind.SCRIPT
    before_factor = behind.is_mark("(", "{") or behind.kind in (Kind.SUM, Kind.WORD, Kind.COMMAND)
    if head.lower() == SUM and not bar and behind.text == "over":
        hint = "write the index below the sum, like sum_{j} A[i, j]"
        raise cursor.refusal("EL145", word.span, f"{quoted(word.text)} is followed by words", hint)
    if not (listed or before_factor) or (head == PRODUCT and not (listed or bar or behind.is_mark("("))):
        return
    if head.lower() != SUM:
        raise _function(cursor, word, head)
    if not bar and behind.is_mark("(") and not _lists_indices(cursor):
        return
    _make_sum(cursor, word, len(head), tail)


def refuse_function(cursor: Cursor, span: Span, name: str) -> NotationError:
    """Return the refusal of a function's name that is set as a word, `\\operatorname{max}`."""
    hint = "write \\sum" if name.lower() == SUM else FUNCTION_HINT.format(name=name)
    text = cursor.source.text[span.start : span.stop]
    return cursor.refusal("EL148", span, f"{quoted(text)} is no operand, and an einsum has no functions", hint)


def _function(cursor: Cursor, word: Token, head: str) -> NotationError:
    hint = FUNCTION_HINT.format(name=head)
    if head == PRODUCT:
        hint = "an einsum has products of operands and sums only; write \\Pi for a matrix of that name"
    message = f"{quoted(word.text)} is no operand, and an einsum has no functions"
    return cursor.refusal("EL148", word.span, message, hint)


def _behind(cursor: Cursor) -> Token:
    """Return the first token after the one at the cursor that is no blank."""
    rest = cursor.tokens[cursor.place + 1 :]
    return next((token for token in rest if token.kind is not Kind.BLANK), cursor.tokens[-1])


def _lists_indices(cursor: Cursor) -> bool:
    """Tell whether names alone stand in the parentheses after the word at the cursor, and a factor after them."""
    rest = [token for token in cursor.tokens[cursor.place + 1 :] if token.kind is not Kind.BLANK]
    closing = next((n for n, token in enumerate(rest) if token.is_mark(")")), None)
    if closing is None or closing < 2 or closing + 1 == len(rest):
        return False
    behind = rest[closing + 1]
    names = all(token.kind is Kind.WORD or token.is_mark(",") for token in rest[1:closing])
    return names and (behind.is_mark("(") or behind.kind in (Kind.SUM, Kind.WORD, Kind.COMMAND))


def _make_sum(cursor: Cursor, word: Token, width: int, tail: str) -> None:
    """Put a sum sign, and below it what is listed, in place of a word."""
    sign = Token(kind=Kind.SUM, text=SUM, span=word.part(0, width).span)
    made = [sign]
    if tail:
        below = word.part(width, width + 1)
        made += [Token(kind=Kind.MARK, text="_", span=below.span), word.part(width + 1, len(word.text))]
    place = cursor.place
    cursor.tokens[place : place + 1] = made
    if not tail and _behind(cursor).is_mark("("):
        opening = next(n for n in range(place, len(cursor.tokens)) if cursor.tokens[n].is_mark("("))
        closing = next(n for n in range(opening, len(cursor.tokens)) if cursor.tokens[n].is_mark(")"))
        for n, mark in ((opening, "{"), (closing, "}")):
            cursor.tokens[n] = Token(kind=Kind.MARK, text=mark, span=cursor.tokens[n].span)
        cursor.tokens.insert(opening, Token(kind=Kind.MARK, text="_", span=cursor.tokens[opening].span))
