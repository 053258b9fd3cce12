"""A place among the tokens of a formula, and the nouns that its grammar yields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...core.errors import NotationError
from ...core.source import Source, Span
from .tokens import Token, TokenKind, refusal


def around(tokens: Sequence[Token]) -> Span:
    """Return the span from the first of some tokens to the last."""
    return Span(start=tokens[0].span.start, stop=tokens[-1].span.stop)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One index where it is written; `doubtful`: it may be meant for something else; `enclosed`: as in `x^{(n)}`.

    `word` is what it is one letter of, `in` for the i of `W^{in}`, and `raised` tells that it stands above.
    """

    text: str
    span: Span
    doubtful: bool = False
    enclosed: bool = False
    word: str = ""
    raised: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """A power that is a root or an inverse, 0.5, -0.5 or -1, and where it stands."""

    power: float
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenAccess:
    """A name with its indices, `A[i, j]`; `wrapper` is what was around it, `hat` for `\\hat{A}`.

    `bare`: it has neither brackets nor scripts. `marked`: its name ends in what is raised in parentheses, `M^{(1)}`.
    `turned` is the sign that transposes it, where one does: its indices stand in the order of the array itself.
    `times`: parentheses follow, with a blank between, that it multiplies. `half`: its power where that is no whole
    number from 1 on.
    """

    name: str
    wrapper: str
    labels: tuple[Label, ...]
    span: Span
    power: int = 1
    bare: bool = False
    marked: bool = False
    turned: Span | None = None
    times: bool = False
    half: Half | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SumSign:
    """A sum sign: the indices that it lists, and the factors (start to stop) that it stands before.

    `low` is its lower limit, '' where it has none, and `high` the upper one.
    """

    labels: tuple[Label, ...]
    span: Span
    start: int
    stop: int
    low: str = ""
    high: tuple[Token, ...] = ()

    @property
    def limits(self) -> bool:
        """Tell whether the sum sign has limits."""
        return bool(self.low or self.high)


class Cursor:
    """A place among the tokens of a formula.

    `alone`: one product is read, and nothing that makes a sum of several; `code`: its text is in code form.
    """

    def __init__(self, source: Source, tokens: list[Token], *, alone: bool, code: bool) -> None:
        self.source = source
        self.tokens = tokens
        self.alone = alone
        self.code = code
        self.place = 0

    def next(self) -> Token:
        """Return the token at the cursor, a blank maybe."""
        return self.tokens[self.place]

    def after(self) -> Token:
        """Return the token after the one at the cursor, a blank maybe."""
        return self.tokens[min(self.place + 1, len(self.tokens) - 1)]

    def following(self) -> Token:
        """Return the token after the one at the cursor that is not a blank."""
        place = min(self.place + 1, len(self.tokens) - 1)
        while self.tokens[place].kind is TokenKind.BLANK:
            place += 1
        return self.tokens[place]

    def rest(self) -> list[Token]:
        """Return the tokens after the one at the cursor that are not blanks; the last is the END."""
        return [token for token in self.tokens[self.place + 1 :] if token.kind is not TokenKind.BLANK]

    def peek(self) -> Token:
        """Go over blanks and return the token after them."""
        while self.next().kind is TokenKind.BLANK:
            self.place += 1
        return self.next()

    def take(self) -> Token:
        """Return the token at the cursor and go past it; the END stays."""
        token = self.next()
        if token.kind is not TokenKind.END:
            self.place += 1
        return token

    def at(self, *marks: str) -> bool:
        """Go over blanks and tell whether one of `marks` follows."""
        return self.peek().is_mark(*marks)

    def split(self) -> None:
        """Make two words of the word at the cursor, the first of one letter."""
        word = self.next()
        pieces = [word.part(0, 1), word.part(1, len(word.text))]
        self.tokens[self.place : self.place + 1] = pieces

    def group(self, close: str) -> list[Token]:
        """Return the tokens up to `close`, which is passed; the opening mark is at the cursor."""
        opening, depth = self.take(), 1
        inside: list[Token] = []
        while True:
            token = self.take()
            if token.kind is TokenKind.END:
                raise self.refusal("EL140", opening.span, f"{opening.text!r} is never closed")
            depth += token.is_mark(opening.text) - token.is_mark(close)
            if depth == 0:
                return inside
            inside.append(token)

    def inside(self, tokens: list[Token]) -> Cursor:
        """Return a cursor over some of the tokens."""
        place = self.tokens[self.place - 1].span.start
        end = Token(kind=TokenKind.END, text="", span=Span(start=place, stop=place))
        return Cursor(self.source, [*tokens, end], alone=self.alone, code=self.code)

    def end(self) -> int:
        """Return where the last token before the cursor ends, blanks left out."""
        place = self.place - 1
        while self.tokens[place].kind is TokenKind.BLANK:
            place -= 1
        return self.tokens[place].span.stop

    def refusal(self, id: str, span: Span, message: str, hint: str | None = None) -> NotationError:
        """Return an error at `span`."""
        return refusal(self.source, id, span, message, hint)
