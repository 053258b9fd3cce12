"""The indices of one operand of a formula: `[i, j]`, `_{ij}`, `^i_j`, `ᵢⱼ`, in order of writing.

Also holds the cursor that the formula's grammar walks the tokens with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..core.errors import NotationError
from ..core.names import identifier
from ..core.source import Source, Span
from ..core.spec import DOTS
from .formula_tokens import Kind, Token, has_brackets

GREEK = frozenset(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi"
    " omicron pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta"
    " Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell".split()
)
WORDED = frozenset(
    "mathrm text textrm textit textbf textsf texttt mathit mathsf mathtt operatorname mbox".split()
)
"""Commands that set several letters as one word."""
NO_CONSTANTS = frozenset({"None", "True", "False"})
TRANSPOSES = frozenset("T H top dagger ast intercal * -1 -T".split())
LIST_HINT = "an index is a bare name; take the slice or the element before, as an operand of its own"
_WORDED = re.compile(r"\s*(?:[^\W\d_](?:[^\W_]|\\_|[\s-])*)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One index where it is written; `doubtful`: it may be meant for something else."""

    text: str
    span: Span
    doubtful: bool = False


class Cursor:
    """A place among the tokens of a formula."""

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        self.source = source
        self.tokens = tokens
        self.place = 0
        self.code = has_brackets(source.text)

    def next(self) -> Token:
        """Return the token at the cursor, a blank maybe."""
        return self.tokens[self.place]

    def peek(self) -> Token:
        """Go over blanks and return the token behind them."""
        while self.next().kind is Kind.BLANK:
            self.place += 1
        return self.next()

    def take(self) -> Token:
        """Return the token at the cursor and go past it; the END stays."""
        token = self.next()
        if token.kind is not Kind.END:
            self.place += 1
        return token

    def at(self, *marks: str) -> bool:
        """Tell whether one of `marks` is the next token but blanks."""
        token = self.peek()
        return token.kind is Kind.MARK and token.text in marks

    def split(self, letters: int) -> None:
        """Make two words of the word at the cursor."""
        word = self.next()
        pieces = [word.part(0, letters), word.part(letters, len(word.text))]
        self.tokens[self.place : self.place + 1] = pieces

    def text(self, span: Span) -> str:
        """Return what is written at `span`."""
        return self.source.text[span.start : span.stop]

    def refusal(self, id_: str, span: Span, message: str, hint: str | None = None) -> NotationError:
        """Return an error at `span`."""
        where = f"(character {span.start})"
        text = self.source.text
        return NotationError(id_, f"{message} {where}", text=text, span=span, hint=hint)

    def group(self, close: str) -> list[Token]:
        """Return the tokens up to `close`, which is passed; the opening mark is the next token."""
        opening, depth, inside = self.take(), 1, []
        while True:
            token = self.take()
            if token.kind is Kind.END:
                message = f"{opening.text!r} is never closed"
                raise self.refusal("EL140", opening.span, message)
            if token.kind is Kind.MARK and token.text in (opening.text, close):
                depth += 1 if token.text == opening.text else -1
                if depth == 0:
                    return inside
            inside.append(token)


def bracket_labels(cursor: Cursor) -> list[Label]:
    """Return the indices in the brackets at the cursor: one bare name between two commas."""
    labels: list[Label] = []
    tokens = cursor.group("]")
    pieces: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind is Kind.MARK and token.text == ",":
            pieces.append([])
        elif token.kind is not Kind.BLANK:
            pieces[-1].append(token)
    if len(pieces) > 1 and not pieces[-1]:
        pieces.pop()
    for number, piece in enumerate(pieces):
        if not piece and len(pieces) > 1:
            closing = cursor.tokens[cursor.place - 1].span
            span = closing if not tokens else tokens[0].span
            raise cursor.refusal("EL144", span, f"index {number} is missing between the commas")
        if piece:
            labels.append(_bare_name(cursor, piece))
    return labels


def script_labels(cursor: Cursor, tokens: list[Token], *, words: bool = False) -> list[Label]:
    """Return the indices in braces: every letter is one; `words`: every word is one.

    Raises NotationError where commas or blanks stand between words: letters or words could be meant.
    """
    pieces: list[list[Label]] = [[]]
    crowded: Token | None = None
    for position, token in enumerate(tokens):
        after = tokens[position - 1].kind if position else Kind.BLANK
        if token.kind is Kind.BLANK and after in (Kind.COMMAND, Kind.DOTS):
            continue
        if token.kind is Kind.BLANK or (token.kind is Kind.MARK and token.text == ","):
            pieces.append([])
            continue
        if token.kind is Kind.MARK and token.text in "{}":
            continue
        if token.kind is Kind.WORD and token.text.isalpha() and not words:
            pieces[-1] += [_label(token.part(n, n + 1)) for n in range(len(token.text))]
            crowded = crowded or (token if len(token.text) > 1 else None)
        elif token.kind in (Kind.WORD, Kind.DOTS):
            pieces[-1].append(_label(token))
        elif token.kind is Kind.COMMAND and token.text in GREEK:
            pieces[-1].append(_label(token))
        else:
            raise _no_index(cursor, [token])
    filled = [piece for piece in pieces if [label.text for label in piece] not in ([], [DOTS])]
    if crowded is not None and len(filled) > 1:
        raise cursor.refusal(
            "EL145",
            crowded.span,
            f"is {crowded.text!r} one index or {len(crowded.text)}?",
            f"write {','.join(crowded.text)} for the letters, \\text{{{crowded.text}}} for the word",
        )
    return [label for piece in pieces for label in piece]
