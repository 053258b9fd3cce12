"""Words on the right side of a formula that are not operands: `sum_j` is a sum sign, `max_j` a function.

A word with brackets, `sum[j]`, is an array of that name.
"""

from __future__ import annotations

from itertools import pairwise

from ...core.errors import NotationError
from ...core.greek import GREEK
from ...core.source import Span
from .cursor import Cursor, SumSign, around
from .tokens import Token, TokenKind, quoted

SUM = "sum"
PRODUCT = "Π"
_FUNCTIONS = (
    "max min argmax argmin sup inf prod product mean avg average median std var cov exp log ln log2 log10 sqrt sin cos "
    "tan sinh cosh tanh arcsin arccos arctan relu sigmoid softmax tr trace det diag inv norm abs sgn sign floor ceil "
    "round any all cumsum cumprod"
)
_OPERATORS = (
    "maximum minimum amax amin ptp total count count_nonzero nonzero sort unique first last mode percentile quantile "
    "ave avg expectation logsumexp lse logaddexp add multiply subtract divide reduce lim limsup liminf union "
    "intersection softmin logsoftmax expm1 log1p square sigma rms cummax cummin diff convolve trapz trapezoid rank ker "
    "dim deg grad curl rot pfaffian perm permanent erf gamma sinc arcsinh arccosh arctanh cot sec csc real imag conj "
    "angle clip normalize layernorm batchnorm dropout gelu silu swish elu selu topk einsum trunc rint where"
)
FUNCTIONS = frozenset(_FUNCTIONS.split())
OPERATORS = FUNCTIONS | (frozenset(_OPERATORS.split()) - GREEK)
"""What reads as an operator where it stands before an operand; in brackets such a word is a usual name."""
_PREFIXES = ("nan", "arg", "log", "cum")
NO_FUNCTIONS = "{} is not an operand, and an einsum has no functions"
FUNCTION_HINT = "compute it before, and give the result a name; an array of that name has brackets, like {name}[i]"


def names_function(name: str) -> bool:
    """Tell whether a name is that of a function or a sum, in any case: `Max`, `SUM`."""
    return name.lower() in FUNCTIONS or name.lower() == SUM


def names_operator(name: str) -> bool:
    """Tell whether a name is that of a sum, a function or a reduction, in any case.

    >>> [names_operator(name) for name in ("nansum", "Argsort", "logsumexp", "weights", "gamma")]
    [True, True, True, False, False]
    """
    word = name.lower()
    stems = [word, *(word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix))]
    return any(stem in OPERATORS or stem == SUM for stem in stems)


def read_word(cursor: Cursor) -> None:
    """Make a sum sign of the word at the cursor where it is one; raise NotationError where it is a function."""
    word = cursor.peek()
    if word.kind is not TokenKind.WORD or cursor.following().is_mark("["):
        return
    after = cursor.following()
    head, bar, tail = word.text.partition("_")
    if not (names_operator(head) or head == PRODUCT):
        _check_unknown(cursor, word)
        return
    if head.lower() == SUM and not bar and after.text == "over":
        hint = "write the index below the sum, like sum_{j} A[i, j]"
        raise cursor.refusal("EL145", word.span, f"{quoted(word.text)} is followed by words", hint)
    listed = after.is_script
    if not (listed or starts_operand(after)) or (head == PRODUCT and not (listed or bar or after.is_mark("("))):
        return
    if head.lower() != SUM:
        hint = FUNCTION_HINT.format(name=word.text if after.is_mark("_", "^") else head)
        if head == PRODUCT:
            hint = "an einsum has products of operands and sums only; write \\Pi for a matrix of that name"
        raise cursor.refusal("EL148", word.span, NO_FUNCTIONS.format(quoted(word.text)), hint)
    if tail or not after.is_mark("(") or _lists_indices(cursor):
        _make_sum(cursor, word, len(head), tail)


def _check_unknown(cursor: Cursor, word: Token) -> None:
    """Refuse, in code, an unknown word in small letters that has its indices below and stands before an operand.

    `median_high_{j} A[i, j]` reads as an operator; a single letter, a Greek name or one with a capital as a matrix.
    """
    plain = len(word.text) > 1 and word.text.islower() and word.text not in GREEK
    operator = cursor.code and plain and cursor.following().is_script and _stands_before(cursor)
    solid = [token for token in cursor.tokens if token.kind is not TokenKind.BLANK] if operator else []
    if operator and not any(x.text == word.text and y.is_mark("[") for x, y in pairwise(solid)):
        message = f"{quoted(word.text)} stands before an operand like an operator, and an einsum has none"
        hint = f"write {word.text}[...] * with its indices in the brackets for an operand of that name"
        raise cursor.refusal("EL148", word.span, message, hint)


def _stands_before(cursor: Cursor) -> bool:
    """Tell whether a factor follows, without a product sign, the word at the cursor and its scripts."""
    rest, place = cursor.rest(), 0
    while rest[place].is_script:
        last = place + (rest[place].kind is TokenKind.MARK)
        if rest[last].is_mark("{"):
            last = next((n for n in range(last, len(rest)) if rest[n].is_mark("}")), len(rest))
        place = min(last + 1, len(rest) - 1)
    return starts_operand(rest[place])


TRACES = frozenset({"tr", "trace"})


def call_hint(cursor: Cursor, name: str, written: str) -> str:
    """Return what to write for the function call whose `(` is at the cursor: `sum(A[i, j])` is a sum over j.

    `written`: the name as it stands there.
    """
    if name.lower() in TRACES:
        both = "A[i, j] * B[j, i]" if cursor.code else "A_{ij} B_{ji}"
        return f"write the indices: the trace of A B is {both}"
    if name.lower() != SUM and names_operator(name):
        return FUNCTION_HINT.format(name=name)
    if name.lower() != SUM:
        element, times = (f"{name}[i, j]", "*") if cursor.code else (f"{written}_{{ij}}", "\\cdot")
        return f"write {element} for an element, {written} {times} (...) for a product"
    ends = [n for n in range(cursor.place, len(cursor.tokens)) if cursor.tokens[n].is_mark(")")]
    inside = cursor.tokens[cursor.place + 1 : ends[-1]] if ends else []
    if not any(token.is_mark("[") for token in inside):
        return "write the index below the sum, like sum_{j} A[i, j]"
    assign = next(n for n, token in enumerate(cursor.tokens) if token.kind is TokenKind.ASSIGN)
    kept = _bracketed(cursor.tokens[:assign])
    loop = next((n for n, token in enumerate(inside) if token.text == "for"), len(inside))
    inside, rest = inside[:loop], [token.text for token in inside[loop:]]
    if "if" in rest or set(_bracketed(inside)) & set(rest[rest.index("in") :] if "in" in rest else rest):
        return "a sum of an einsum runs over whole axes, without conditions; multiply by an operand of 1 and 0"
    summed = ",".join(x for x in dict.fromkeys(_bracketed(inside)) if x not in kept)
    product = cursor.source.at(around(inside)).strip() if inside else ""
    return f"write sum_{{{summed}}} {product}" if summed and product else f"write {product or 'the product'} alone"


def _bracketed(tokens: list[Token]) -> list[str]:
    """Return the words between brackets."""
    depth, words = 0, []
    for token in tokens:
        depth += token.is_mark("[") - token.is_mark("]")
        words += [token.text] if depth > 0 and token.kind is TokenKind.WORD else []
    return words


def check_unlisted(cursor: Cursor, sign: SumSign) -> None:
    """Refuse, in code, a bare word after a sum sign that lists nothing: `sum j A[i, j]`, `Σj * A[i, j]`.

    With a blank before it and a product sign after it, the word is an operand.
    """
    if sign.labels or not cursor.code:
        return
    solid = [cursor.peek(), *cursor.rest()]
    braces = solid[0].is_mark("{")
    stop = next((n for n, token in enumerate(solid) if token.is_mark("}")), 0) if braces else 1
    words = solid[braces:stop]
    if not words or not _are_names(words):
        return
    after = solid[stop + braces]
    glued = cursor.source.text[sign.span.start] in "Σ∑" and solid[0].span.start == sign.span.stop
    named = after.is_mark("[") or after.is_script or (after.is_mark("(") and not braces)
    if not named and (glued or starts_operand(after)):
        below = cursor.source.at(around(words))
        message = f"{quoted(below)} after the sum sign: is it the index, or an operand?"
        hint = f"write {cursor.source.at(sign.span)}_{{{below}}} for the index"
        raise cursor.refusal("EL145", around(words), message, hint)


def starts_operand(token: Token) -> bool:
    """Tell whether an operand, a sum or parentheses may begin with a token."""
    return token.is_mark("(", "{") or token.kind in (TokenKind.SUM, TokenKind.WORD, TokenKind.COMMAND)


def refuse_function(cursor: Cursor, span: Span, name: str) -> NotationError:
    """Return the refusal of a function's name that is set as a word, `\\operatorname{max}`."""
    hint = "write \\sum" if name.lower() == SUM else FUNCTION_HINT.format(name=name)
    return cursor.refusal("EL148", span, NO_FUNCTIONS.format(quoted(cursor.source.at(span))), hint)


def _are_names(tokens: list[Token]) -> bool:
    return all(token.kind is TokenKind.WORD or token.is_mark(",") for token in tokens)


def _lists_indices(cursor: Cursor) -> bool:
    """Tell whether names alone stand in the parentheses after the word at the cursor, and a factor after them."""
    rest = cursor.rest()
    closing = next((n for n, token in enumerate(rest) if token.is_mark(")")), 0)
    return 1 < closing < len(rest) - 1 and _are_names(rest[1:closing]) and starts_operand(rest[closing + 1])


def _make_sum(cursor: Cursor, word: Token, width: int, tail: str) -> None:
    """Put a sum sign, and below it what is listed, in place of a word."""
    place = cursor.place
    made = [Token(kind=TokenKind.SUM, text=SUM, span=word.part(0, width).span)]
    if tail:
        made += [_mark("_", word.part(width, width + 1).span), word.part(width + 1, len(word.text))]
    cursor.tokens[place : place + 1] = made
    if not tail and cursor.following().is_mark("("):
        opening = next(n for n in range(place, len(cursor.tokens)) if cursor.tokens[n].is_mark("("))
        closing = next(n for n in range(opening, len(cursor.tokens)) if cursor.tokens[n].is_mark(")"))
        span = cursor.tokens[opening].span
        cursor.tokens[closing] = _mark("}", cursor.tokens[closing].span)
        cursor.tokens[opening : opening + 1] = [_mark("_", span), _mark("{", span)]


def _mark(text: str, span: Span) -> Token:
    return Token(kind=TokenKind.MARK, text=text, span=span)
