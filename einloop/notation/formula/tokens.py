"""A formula's text in, its tokens out: LaTeX, Unicode mathematics and code. Knows no grammar.

In code form (the text has a bracket, `A[i, j]`) an underscore is part of a word; in mathematical form it
starts a subscript.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import cache

from ...core.errors import NotationError
from ...core.source import Source, Span


class TokenKind(Enum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    SCRIPT = "script"
    ASSIGN = "assign"
    SUM = "sum"
    TIMES = "times"
    POWER = "power"
    DOTS = "dots"
    COMMAND = "command"
    MARK = "mark"
    BLANK = "blank"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token: its text in usual letters (`𝐀` is `A`, a command has no backslash), and its place.

    A SCRIPT is one Unicode subscript or superscript letter; `raised` tells which.
    """

    kind: TokenKind
    text: str
    span: Span
    raised: bool = False

    def is_mark(self, *marks: str) -> bool:
        """Tell whether it is one of these marks."""
        return self.kind is TokenKind.MARK and self.text in marks

    @property
    def is_script(self) -> bool:
        """Whether a sub- or superscript begins with it, or it is one."""
        return self.kind is TokenKind.SCRIPT or self.is_mark("_", "^")

    def part(self, start: int, stop: int) -> Token:
        """Return some characters of a word as a token."""
        span = Span(start=self.span.start + start, stop=self.span.start + stop)
        if self.span.stop - self.span.start != len(self.text):
            span = self.span
        return Token(kind=self.kind, text=self.text[start:stop], span=span)


_VULGAR = "¼-¾⅐-⅞"
"""Fractions of one character."""
_SCRIPTS = "²³¹ªºʰ-ʸˠ-ˤᴬ-ᵪᵸᶛ-ᶿ⁰-ₜⱼⱽ"
_BLANK = (
    r"(?:\s|[~$&]|\\[,;:!>()\[\]\s\\]|\\(?:quad|qquad|left|right|limits|nolimits|displaystyle|textstyle"
    r"|nonumber|notag|[bB]igg?[lr]?)(?![A-Za-z]))+"
)
_ASSIGN = (
    r"\+=|:=|[≔≜≡←]|=(?![=>])|\\(?:coloneqq?|triangleq|equiv|leftarrow|gets)(?![A-Za-z])|\\mathrel\s*\{\s*[+:]?=\s*\}"
    r"|(?:\\mathrel\s*)?\{\s*[+:]\s*\}\s*="
)
_DECIMAL = r"(?:\d+(?:\.\d+)?|(?<![\w\])}])\.\d+)(?:[eE][-+]?\d+)?"
_SUFFIX = r"(?:[fFjJ](?!\w))?"
"""What programs write after a number: `0.5f` is single precision, `2j` imaginary."""
_REST = rf"""
  (?P<BLANK>{_BLANK})
| (?P<DOTS>\.\.\.|…|\\[lc]?dots(?![A-Za-z]))
| (?P<ASSIGN>{_ASSIGN})
| (?P<POWER>\*\*)
| (?P<TIMES>[*·⋅×∗∙⊙∘⊗]|\\(?:cdot|times|ast|odot|circ|otimes)(?![A-Za-z]))
| (?P<COMMAND>\\[A-Za-z]+|√)
| (?P<NUMBER>{_DECIMAL}SUFFIX|[{_VULGAR}])
| (?P<SCRIPT>[{_SCRIPTS}])
| (?P<MARK>[-+/−÷,;.:_^()\[\]{{}}'’′]|\\_)
"""
_MATHEMATICAL = rf"(?P<SUM>∑|Σ|\\sum(?![A-Za-z]))|(?P<WORD>[^\W\d_Σ{_SCRIPTS}{_VULGAR}]+)|{_REST.replace('SUFFIX', '')}"
_CODE = (
    rf"(?P<SUM>∑|Σ(?!\s*\[)|\\sum(?![A-Za-z]))"
    rf"|(?P<WORD>[^\W\d_{_SCRIPTS}{_VULGAR}](?:(?!_\s*\{{)[^\W{_SCRIPTS}{_VULGAR}])*)"
    rf"|{_REST.replace('SUFFIX', _SUFFIX)}"
)
_BRACKET = re.compile(r"(?<!\\)(?<!\^\{)\[")
SAME = {"−": "-", "÷": "/"}
"""Signs that are written in another way too."""
_SQUARE = "for the square of a norm write the sum of squares: s = x_i^2"
_HINTS = {
    "=": "write '=', ':=' or '+='",
    **dict.fromkeys("<≤≥≠", "a formula is one assignment, without conditions"),
    **dict.fromkeys(">→", "subscripts are written with '->', like ij,jk->ik; a formula with '='"),
    **dict.fromkeys("|∏∂", "an einsum has products and sums only"),
    **dict.fromkeys(("\\|", "‖"), _SQUARE),
    "@": "write the indices: C[i, k] = A[i, j] * B[j, k]",
    "\\{": "write parentheses",
    "∀": "leave it out: loops run over whole axes",
    "∞": "write \\infty, or the sum without limits",
    "%": "leave it out if it begins a comment; a remainder is not a product",
    "∈": "sets of indices are not read; write the index alone below the sum, like sum_{j}",
}


def has_brackets(text: str) -> bool:
    """Tell whether a formula is in code form: some bracket is not LaTeX's `\\[`, nor that of `W^{[1]}`."""
    return _BRACKET.search(text) is not None


def tokenize(source: Source, *, code: bool | None = None) -> list[Token]:
    """Return the tokens of a formula, the last of which is END. `code`: it is in code form; None: what it has tells.

    Raises NotationError for a character that stands in no formula.

    >>> from einloop.core.source import Notation
    >>> [x.text for x in tokenize(Source(text=r"c=\\sum_i 𝑎ᵢ", notation=Notation.FORMULA))]
    ['c', '=', 'sum', '_', 'i', ' ', 'a', 'i', '']
    """
    text, place = source.text, 0
    pattern = _compiled(_CODE if (has_brackets(text) if code is None else code) else _MATHEMATICAL)
    tokens: list[Token] = []
    while place < len(text):
        found = pattern.match(text, place)
        kind = None if found is None or found.lastgroup is None else TokenKind[found.lastgroup]
        token = None if found is None or kind is None else _token(kind, found[0], Span(start=place, stop=found.end()))
        if token is None:
            raise _stranger(source, place)
        tokens.append(token)
        place = token.span.stop
    end = len(text.rstrip())
    return [*tokens, Token(kind=TokenKind.END, text="", span=Span(start=end, stop=end))]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern compiled when it is first needed: it takes milliseconds that other notations save."""
    return re.compile(pattern, re.VERBOSE)


def _token(kind: TokenKind, raw: str, span: Span) -> Token | None:
    if kind is TokenKind.SCRIPT:
        tag = unicodedata.decomposition(raw).partition(" ")[0]
        if tag not in ("<sub>", "<super>"):
            return None
        text = unicodedata.normalize("NFKC", raw)
        return Token(kind=kind, text=text, span=span, raised=tag == "<super>")
    if kind in (TokenKind.WORD, TokenKind.NUMBER):
        raw = unicodedata.normalize("NFKC", raw)
        if kind is TokenKind.WORD and not raw.isidentifier():
            return None
    usual = {TokenKind.BLANK: " ", TokenKind.DOTS: "...", TokenKind.SUM: "sum"}
    if kind is TokenKind.COMMAND:
        raw = "sqrt" if raw == "√" else raw.removeprefix("\\")
    elif kind is TokenKind.MARK:
        raw = SAME.get(raw, raw)
    return Token(kind=kind, text=usual.get(kind, raw), span=span)


def quoted(text: str) -> str:
    """Return a piece of a formula for a message, in quotes: control characters escaped, not LaTeX.

    >>> print(quoted("\\\\sum"), quoted("'"))
    '\\sum' "'"
    """
    return repr(text).replace("\\\\", "\\")


def refusal(source: Source, id: str, span: Span, message: str, hint: str | None = None) -> NotationError:
    """Return an error at a span of a formula, whose place the message says."""
    return NotationError(id, f"{message} (character {span.start})", text=source.text, span=span, hint=hint)


def _stranger(source: Source, place: int) -> NotationError:
    character = source.text[place]
    if character == "\\":
        character = source.text[place : place + 2]
    condition = character == ">" and source.text[place - 1 : place] not in ("-", "=")
    span = Span(start=place, stop=place + len(character))
    hint = _HINTS.get("<" if condition else character)
    return refusal(source, "EL140", span, f"{quoted(character)} cannot stand in a formula", hint)
