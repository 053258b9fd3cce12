"""Words on the right side of a formula that are no operands: `sum_j` is a sum sign, `max_j` a function.

A word with brackets, `sum[j]`, is an array of that name.
"""

from __future__ import annotations

from itertools import pairwise

from ...core.errors import NotationError
from ...core.greek import GREEK
from ...core.source import Span
from .cursor import Cursor, SumSign, quoted
from .tokens import Token, TokenKind

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
    head, bar, tail = word.text.partition("_")
    behind = _behind(cursor)
    if word.kind is not TokenKind.WORD or behind.is_mark("["):
        return
    if not (names_operator(head) or head == PRODUCT):
        _check_unknown(cursor, word)
        return
    listed = behind.is_mark("_", "^") or behind.kind is TokenKind.SCRIPT
    before_factor = starts_operand(behind)
    if head.lower() == SUM and not bar and behind.text == "over":
        hint = "write the index below the sum, like sum_{j} A[i, j]"
        raise cursor.refusal("EL145", word.span, f"{quoted(word.text)} is followed by words", hint)
    if not (listed or before_factor) or (head == PRODUCT and not (listed or bar or behind.is_mark("("))):
        return
    if head.lower() != SUM:
        raise _function(cursor, word, head)
    if not tail and behind.is_mark("(") and not _lists_indices(cursor):
        return
    _make_sum(cursor, word, len(head), tail)


def _check_unknown(cursor: Cursor, word: Token) -> None:
    """Refuse, in code, an unknown word in small letters that has its indices below and stands before an operand.

    `median_high_{j} A[i, j]` reads as an operator; a single letter, a Greek name or one with a capital as a matrix.
    """
    scripted = _behind(cursor).is_mark("_", "^") or _behind(cursor).kind is TokenKind.SCRIPT
    plain = len(word.text) > 1 and word.text.islower() and word.text not in GREEK
    if not (cursor.code and scripted and plain and _stands_before(cursor)) or _has_brackets(cursor, word.text):
        return
    message = f"{quoted(word.text)} stands before an operand like an operator, and an einsum has none"
    hint = f"write {word.text}[...] * with its indices in the brackets for an operand of that name"
    raise cursor.refusal("EL148", word.span, message, hint)


def _stands_before(cursor: Cursor) -> bool:
    """Tell whether a factor follows, without a product sign, the word at the cursor and its scripts."""
    rest = [token for token in cursor.tokens[cursor.place + 1 :] if token.kind is not TokenKind.BLANK]
    place = 0
    while rest[place].is_mark("_", "^") or rest[place].kind is TokenKind.SCRIPT:
        place += 1 if rest[place].kind is TokenKind.SCRIPT else 2
        if rest[min(place, len(rest)) - 1].is_mark("{"):
            closing = (n for n in range(place, len(rest)) if rest[n].is_mark("}"))
            place = next(closing, len(rest) - 2) + 1
        place = min(place, len(rest) - 1)
    return starts_operand(rest[place])


def _has_brackets(cursor: Cursor, name: str) -> bool:
    """Tell whether an operand of that name stands somewhere with brackets."""
    solid = [token for token in cursor.tokens if token.kind is not TokenKind.BLANK]
    return any(x.text == name and y.is_mark("[") for x, y in pairwise(solid))


def call_hint(cursor: Cursor, name: str) -> str:
    """Return what to write for the function call whose `(` is at the cursor: `sum(A[i, j])` is a sum over j."""
    if name.lower() != SUM:
        return f"write {name}[i, j] for an element, {name} * (...) for a product"
    ends = [n for n in range(cursor.place, len(cursor.tokens)) if cursor.tokens[n].is_mark(")")]
    if not ends or not any(token.is_mark("[") for token in cursor.tokens[cursor.place : ends[-1]]):
        return "write the index below the sum, like sum_{j} A[i, j]"
    assign = next(n for n, token in enumerate(cursor.tokens) if token.kind is TokenKind.ASSIGN)
    kept = _bracketed(cursor.tokens[:assign])
    inside = cursor.tokens[cursor.place + 1 : ends[-1]]
    loop = next((n for n, token in enumerate(inside) if token.text == "for"), len(inside))
    inside, rest = inside[:loop], [token.text for token in inside[loop:]]
    if "if" in rest or set(_bracketed(inside)) & set(rest[rest.index("in") :] if "in" in rest else rest):
        return "a sum of an einsum runs over whole axes, without conditions; multiply by an operand of 1 and 0"
    summed = ",".join(x for x in dict.fromkeys(_bracketed(inside)) if x not in kept)
    product = cursor.text(inside[0], inside[-1]).strip() if inside else ""
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
    solid = [token for token in cursor.tokens[cursor.place :] if token.kind is not TokenKind.BLANK]
    braces = solid[0].is_mark("{")
    stop = next((n for n, token in enumerate(solid) if token.is_mark("}")), 0) if braces else 1
    words = solid[braces:stop]
    if sign.labels or not cursor.code or not words:
        return
    if not all(token.kind is TokenKind.WORD or token.is_mark(",") for token in words):
        return
    behind = solid[stop + braces]
    glued = cursor.source.text[sign.span.start] in "Σ∑" and solid[0].span.start == sign.span.stop
    named = behind.is_mark("[", "_", "^") or behind.kind is TokenKind.SCRIPT or (behind.is_mark("(") and not braces)
    if named or not (glued or starts_operand(behind)):
        return
    span = Span(start=words[0].span.start, stop=words[-1].span.stop)
    text = cursor.source.text
    below = text[span.start : span.stop]
    message = f"{quoted(below)} after the sum sign: is it the index, or an operand?"
    hint = f"write {text[sign.span.start : sign.span.stop]}_{{{below}}} for the index"
    raise cursor.refusal("EL145", span, message, hint)


def starts_operand(token: Token) -> bool:
    """Tell whether an operand, a sum or parentheses may begin with a token."""
    return token.is_mark("(", "{") or token.kind in (TokenKind.SUM, TokenKind.WORD, TokenKind.COMMAND)


def refuse_function(cursor: Cursor, span: Span, name: str) -> NotationError:
    """Return the refusal of a function's name that is set as a word, `\\operatorname{max}`."""
    hint = "write \\sum" if name.lower() == SUM else FUNCTION_HINT.format(name=name)
    text = cursor.source.text[span.start : span.stop]
    return cursor.refusal("EL148", span, f"{quoted(text)} is no operand, and an einsum has no functions", hint)


def _function(cursor: Cursor, word: Token, head: str) -> NotationError:
    whole = _behind(cursor).is_mark("_", "^")
    hint = FUNCTION_HINT.format(name=word.text if whole else head)
    if head == PRODUCT:
        hint = "an einsum has products of operands and sums only; write \\Pi for a matrix of that name"
    message = f"{quoted(word.text)} is no operand, and an einsum has no functions"
    return cursor.refusal("EL148", word.span, message, hint)


def _behind(cursor: Cursor) -> Token:
    """Return the first token after the one at the cursor that is no blank."""
    rest = cursor.tokens[cursor.place + 1 :]
    return next((token for token in rest if token.kind is not TokenKind.BLANK), cursor.tokens[-1])


def _lists_indices(cursor: Cursor) -> bool:
    """Tell whether names alone stand in the parentheses after the word at the cursor, and a factor after them."""
    rest = [token for token in cursor.tokens[cursor.place + 1 :] if token.kind is not TokenKind.BLANK]
    closing = next((n for n, token in enumerate(rest) if token.is_mark(")")), None)
    if closing is None or closing < 2 or closing + 1 == len(rest):
        return False
    behind = rest[closing + 1]
    names = all(token.kind is TokenKind.WORD or token.is_mark(",") for token in rest[1:closing])
    return names and starts_operand(behind)


def _make_sum(cursor: Cursor, word: Token, width: int, tail: str) -> None:
    """Put a sum sign, and below it what is listed, in place of a word."""
    sign = Token(kind=TokenKind.SUM, text=SUM, span=word.part(0, width).span)
    made = [sign]
    if tail:
        below = word.part(width, width + 1)
        made += [Token(kind=TokenKind.MARK, text="_", span=below.span), word.part(width + 1, len(word.text))]
    place = cursor.place
    cursor.tokens[place : place + 1] = made
    if not tail and _behind(cursor).is_mark("("):
        opening = next(n for n in range(place, len(cursor.tokens)) if cursor.tokens[n].is_mark("("))
        closing = next(n for n in range(opening, len(cursor.tokens)) if cursor.tokens[n].is_mark(")"))
        for n, mark in ((opening, "{"), (closing, "}")):
            cursor.tokens[n] = Token(kind=TokenKind.MARK, text=mark, span=cursor.tokens[n].span)
        cursor.tokens.insert(opening, Token(kind=TokenKind.MARK, text="_", span=cursor.tokens[opening].span))
