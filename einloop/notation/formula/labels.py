"""The indices of one operand of a formula: `[i, j]`, `_{ij}`, `^i_j`, `ᵢⱼ`, in order of writing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from ...core.errors import NotationError
from ...core.greek import GREEK
from ...core.names import identifier
from ...core.source import Span
from ...core.spec import DOTS
from .commands import TRANSPOSED, WORDED
from .cursor import Cursor, Label, quoted
from .tokens import Token, TokenKind

PRIMES = ("'", "’", "′")
MAX_POWER = 9
NO_INDEX = frozenset({"None", "True", "False"})
BARE_HINT = "an index is a bare name; take the element or slice before, as an operand of its own"
BRACES_HINT = "put all indices of an operand in braces, like A_{ij}, and blanks between operands"
_WORDS = re.compile(r"\s*[^\W\d_](?:[^\W_]|[\s-])*")


def bracket_labels(cursor: Cursor) -> list[Label]:
    """Return the indices in the brackets at the cursor: one bare name between two commas."""
    tokens = cursor.group("]")
    closing = cursor.tokens[cursor.place - 1]
    pieces: list[list[Token]] = [[]]
    for token in [*tokens, closing]:
        if token.is_mark(",") or token is closing:
            pieces[-1].append(token)
            pieces.append([])
        elif token.kind is not TokenKind.BLANK:
            pieces[-1].append(token)
    pieces.pop()
    if len(pieces[-1]) == 1:
        pieces.pop()
    labels = []
    for *piece, behind in pieces:
        if not piece:
            raise cursor.refusal("EL144", behind.span, f"an index is missing before {behind.text!r}")
        labels.append(_bare_name(cursor, piece))
    return labels


def script_labels(cursor: Cursor, tokens: list[Token], *, words: bool = False) -> list[Label]:
    """Return the indices in braces: every letter is one, or every word with `words`.

    Raises NotationError where commas or blanks stand between words: letters or words could be meant.
    """
    inside = cursor.inside(tokens)
    pieces: list[list[Label]] = [[]]
    crowded: Token | None = None
    while (token := inside.next()).kind is not TokenKind.END:
        if token.kind is TokenKind.BLANK or token.is_mark(","):
            inside.take()
            pieces.append([])
            continue
        found = _unit(inside, words=words)
        pieces[-1] += found
        if len(found) > 1:
            crowded = crowded or token
        if token.kind in (TokenKind.COMMAND, TokenKind.DOTS) and inside.next().kind is TokenKind.BLANK:
            inside.take()
    filled = [piece for piece in pieces if [label.text for label in piece] not in ([], [DOTS])]
    if crowded is not None and len(filled) > 1:
        raise cursor.refusal(
            "EL145",
            crowded.span,
            f"is {crowded.text!r} one index or {len(crowded.text)}?",
            f"write {','.join(crowded.text)} for the letters, \\text{{{crowded.text}}} for the word",
        )
    return [label for piece in pieces for label in piece]


def scripts(cursor: Cursor) -> tuple[list[Label], int, str, bool]:
    """Return the indices in the sub- and superscripts at the cursor, the power, the mark, and if any was there."""
    labels: list[Label] = []
    power, mark, some = 1, "", False
    while True:
        token = cursor.peek()
        if token.is_mark("{") and cursor.after().is_mark("}"):
            cursor.group("}")
            continue
        if token.kind is TokenKind.SCRIPT:
            found: list[Label] | int | str = _script_letters(cursor)
        elif token.is_mark("_"):
            cursor.take()
            found = _lowered(cursor)
        elif token.is_mark("^"):
            cursor.take()
            found = _raised(cursor)
        elif token.is_mark(*PRIMES):
            raise _transposed(cursor, token.span)
        else:
            return labels, power, mark, some
        some = True
        if isinstance(found, str):
            if mark:
                raise cursor.refusal("EL147", token.span, "a second mark in parentheses")
            mark = found
        elif isinstance(found, int):
            if power > 1:
                raise cursor.refusal("EL147", token.span, "a second power")
            power = found
        else:
            labels += found


def worded(cursor: Cursor) -> tuple[str, Span]:
    """Return the name in a command like `\\text{batch}` at the cursor, as an identifier."""
    command = cursor.take()
    if not cursor.at("{"):
        hint = f"write \\{command.text}{{...}}"
        raise cursor.refusal("EL140", command.span, f"nothing in braces behind {_shown(command)}", hint)
    opening = cursor.next()
    cursor.group("}")
    closing = cursor.tokens[cursor.place - 1]
    raw = cursor.text(opening, closing)[1:-1]
    name = identifier(raw.replace("\\_", "_").strip())
    plain = _WORDS.fullmatch(raw.replace("\\_", "x").replace("_", "^"))
    if not plain or not name or unicodedata.normalize("NFKC", name) != name:
        span = Span(start=opening.span.start, stop=closing.span.stop)
        hint = f"indices go behind: \\{command.text}{{name}}_{{ij}}"
        raise cursor.refusal("EL140", span, f"{quoted(raw)} makes no name", hint)
    return name, Span(start=command.span.start, stop=closing.span.stop)


def power_of(cursor: Cursor, number: Token) -> int:
    """Return a power, 2 to 9; raise NotationError for any other number."""
    if not number.text.isdecimal() or not 2 <= int(number.text[:4]) <= MAX_POWER:
        hint = f"a power from 2 to {MAX_POWER} is that many equal factors"
        raise cursor.refusal("EL147", number.span, f"the power {number.text} is no product", hint)
    return int(number.text)


def _lowered(cursor: Cursor) -> list[Label]:
    """Return the indices behind a `_`."""
    if cursor.at("{"):
        return script_labels(cursor, cursor.group("}"))
    return _loose(cursor, raised=False)


def _raised(cursor: Cursor) -> list[Label] | int | str:
    """Return the indices behind a `^`, or the power, or the mark in parentheses."""
    token = cursor.peek()
    if not token.is_mark("{"):
        _check_transposed(cursor, token)
        if token.kind is TokenKind.NUMBER:
            if len(token.text) > 1:
                hint = "put the power in braces"
                raise cursor.refusal("EL145", token.span, "a power of several digits", hint)
            return power_of(cursor, cursor.take())
        return _loose(cursor, raised=True)
    inside = cursor.group("}")
    solid = [x for x in inside if x.kind is not TokenKind.BLANK]
    if len(solid) == 1 and solid[0].kind is TokenKind.NUMBER:
        return power_of(cursor, solid[0])
    enclosed = _enclosed(cursor, solid)
    if enclosed is not None:
        return enclosed
    signs = [x for x in solid if not x.is_mark("{", "}") and x.text not in WORDED]
    if len(signs) == 1:
        _check_transposed(cursor, signs[0])
    if solid and solid[0].is_mark("-", "(", *PRIMES):
        span = Span(start=solid[0].span.start, stop=solid[-1].span.stop)
        raise _transposed(cursor, span)
    return [replace(label, raised=True) for label in script_labels(cursor, inside)]


def _enclosed(cursor: Cursor, solid: list[Token]) -> list[Label] | str | None:
    """Return what is raised in parentheses: a number or a word is a mark of the name, a letter an index."""
    if len(solid) < 3 or (solid[0].text, solid[-1].text) not in (("(", ")"), ("[", "]")):
        return None
    token, inside = solid[1], solid[1:-1]
    if token.kind is TokenKind.COMMAND and token.text in WORDED:
        within = cursor.inside(inside)
        name = worded(within)[0]
        return name if within.peek().kind is TokenKind.END and len(name) > 1 else None
    if len(inside) > 1:
        return None
    if (token.kind is TokenKind.NUMBER and token.text.isdecimal()) or (
        token.kind is TokenKind.WORD and len(token.text) > 1
    ):
        return token.text
    if token.kind is TokenKind.WORD or (token.kind is TokenKind.COMMAND and token.text in GREEK):
        return [Label(text=token.text, span=token.span, enclosed=True)]
    return None


def _loose(cursor: Cursor, *, raised: bool) -> list[Label]:
    """Return the indices behind a `_`, or a `^` (`raised`), without braces.

    LaTeX takes one letter only. Several letters are taken for indices too, with doubt, unless a
    subscript behind the second letter shows that this is an operand: `x_iy_i`.
    """
    word = cursor.peek()
    if word.kind is not TokenKind.WORD or len(word.text) == 1:
        return _unit(cursor)
    behind = cursor.after()
    if behind.is_mark("_") and len(word.text) == 2 and not raised:
        cursor.split()
        return _unit(cursor)
    if behind.is_mark("_", "^") or behind.kind in (TokenKind.SCRIPT, TokenKind.NUMBER):
        message = f"how much of {word.text!r} is an index?"
        raise cursor.refusal("EL145", word.span, message, BRACES_HINT)
    return [Label(text=x.text, span=x.span, doubtful=True) for x in _unit(cursor)]


def _unit(cursor: Cursor, *, words: bool = False) -> list[Label]:
    """Return the indices that the token at the cursor makes; several for a word of letters."""
    token = cursor.next()
    if token.kind is TokenKind.COMMAND and token.text in WORDED:
        name, span = worded(cursor)
        return [Label(text=name, span=span, doubtful=True)]
    greek = token.kind is TokenKind.COMMAND and token.text in GREEK
    whole = token.kind is TokenKind.WORD and (words or len(token.text) == 1)
    if token.kind is TokenKind.DOTS or greek or whole:
        cursor.take()
        return [Label(text=token.text, span=token.span)]
    if token.kind is TokenKind.WORD and token.text.isalpha():
        cursor.take()
        letters = [token.part(n, n + 1) for n in range(len(token.text))]
        return [Label(text=x.text, span=x.span, word=token.text) for x in letters]
    raise no_index(cursor, [token])


def _script_letters(cursor: Cursor) -> list[Label] | int:
    """Return the index or the power in a small letter; raised letters side by side may be a word, as in `Wⁱⁿ`."""
    found = _script_letter(cursor)
    if isinstance(found, int) or not cursor.tokens[cursor.place - 1].raised:
        return found
    while (token := cursor.next()).kind is TokenKind.SCRIPT and token.raised and token.text.isalpha():
        more = _script_letter(cursor)
        found += more if isinstance(more, list) else []
    word = "".join(label.text for label in found)
    return [replace(label, word=word, raised=True) for label in found] if len(found) > 1 else found


def _script_letter(cursor: Cursor) -> list[Label] | int:
    """Return the index, or the power, in a Unicode subscript or superscript."""
    token = cursor.take()
    if token.raised and token.text.isdecimal():
        return power_of(cursor, token)
    if token.raised:
        _check_transposed(cursor, token)
    if not token.text.isalpha() or len(token.text) > 1:
        raise no_index(cursor, [token])
    return [Label(text=token.text, span=token.span)]


def _bare_name(cursor: Cursor, piece: list[Token]) -> Label:
    """Return the index that stands between two commas of a bracket."""
    token = piece[0]
    greek = token.kind is TokenKind.COMMAND and token.text in GREEK
    if len(piece) > 1 or not (token.kind in (TokenKind.WORD, TokenKind.DOTS) or greek):
        raise no_index(cursor, piece)
    if token.text in NO_INDEX:
        raise no_index(cursor, piece)
    return Label(text=token.text, span=token.span)


def no_index(cursor: Cursor, piece: list[Token]) -> NotationError:
    """Return the refusal of something that stands where an index should."""
    span = Span(start=piece[0].span.start, stop=piece[-1].span.stop)
    text, texts = cursor.source.text[span.start : span.stop], [token.text for token in piece]
    if piece[0].kind is TokenKind.END:
        return cursor.refusal("EL140", span, "an index is missing", BRACES_HINT)
    if piece[0].kind in (TokenKind.NUMBER, TokenKind.SCRIPT) and len(piece) == 1:
        what = "is a constant place"
    elif ":" in texts:
        what = "is a slice"
    elif "[" in texts or "(" in texts:
        what = "looks the place up"
    elif {"+", "-", "*", "/"} & set(texts):
        what = "is arithmetic"
    elif any(token.is_mark("_", "^") for token in piece):
        hint = "name the index with one letter, or as a word: \\text{i1}"
        return cursor.refusal("EL144", span, f"{quoted(text)} is an index with an index", hint)
    else:
        what = "is no index"
    return cursor.refusal("EL144", span, f"{quoted(text)} {what}", BARE_HINT)


def _check_transposed(cursor: Cursor, token: Token) -> None:
    times = token.kind is TokenKind.TIMES
    if times or token.is_mark(*PRIMES) or token.text in TRANSPOSED:
        raise _transposed(cursor, token.span)


def _transposed(cursor: Cursor, span: Span) -> NotationError:
    text = cursor.source.text[span.start : span.stop]
    return cursor.refusal(
        "EL147",
        span,
        f"{quoted(text)} reads as a transpose, a conjugate or another array, not as an index",
        "write the indices as they are, A_{ji} for the transpose of A, or rename the operand",
    )


def _shown(command: Token) -> str:
    return f"\\{command.text}"
