"""The indices of one operand of a formula: `[i, j]`, `_{ij}`, `^i_j`, `ᵢⱼ`, in order of writing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import Enum

from ...core.errors import NotationError
from ...core.greek import GREEK
from ...core.names import identifier
from ...core.source import Source, Span
from ...core.spec import DOTS
from .commands import PRIMES, TRANSPOSED, WORDED
from .cursor import Cursor, Half, Label, around
from .roots import half_of
from .tokens import Token, TokenKind, quoted, refusal

MAX_POWER = 9
TRANSPOSES = frozenset({"T", "top", "intercal"})
"""What raised exchanges the two indices of a matrix, where a sum of einsums is read."""
NO_INDEX = frozenset({"None", "True", "False"})
BARE_HINT = "an index is a bare name; take the element or slice before, as an operand of its own"
BRACES_HINT = "put all indices of an operand in braces, like A_{ij}, and blanks between operands"
_WORDS = re.compile(r"\s*[^\W\d_](?:[^\W_]|[\s-])*")


def bracket_labels(cursor: Cursor) -> list[Label]:
    """Return the indices in the brackets at the cursor: one bare name between two commas."""
    inside = cursor.group("]")
    closing = cursor.tokens[cursor.place - 1]
    labels: list[Label] = []
    piece: list[Token] = []
    for token in [*inside, closing]:
        if token is not closing and not token.is_mark(","):
            piece += [token] if token.kind is not TokenKind.BLANK else []
            continue
        if piece:
            labels.append(_bare_name(cursor, piece))
        elif token is not closing:
            raise cursor.refusal("EL144", token.span, f"an index is missing before {token.text!r}")
        piece = []
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
        message = f"is {crowded.text!r} one index or {len(crowded.text)}?"
        hint = f"write {','.join(crowded.text)} for the letters, \\text{{{crowded.text}}} for the word"
        raise cursor.refusal("EL145", crowded.span, message, hint)
    return [label for piece in pieces for label in piece]


class Turned(Enum):
    """A raised sign that changes the whole array."""

    TRANSPOSED = "transposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripts:
    """What the sub- and superscripts of an operand say; `some`: it has any."""

    labels: tuple[Label, ...] = ()
    power: int = 1
    mark: str = ""
    some: bool = False
    turned: Span | None = None
    half: Half | None = None


def scripts(cursor: Cursor) -> Scripts:
    """Return what the sub- and superscripts at the cursor say."""
    labels: list[Label] = []
    power, mark, some = 1, "", False
    half: Half | None = None
    turned, primes = list[Span](), list[Token]()
    while True:
        token = cursor.peek()
        if token.is_mark("{") and cursor.after().is_mark("}"):
            cursor.group("}")
            continue
        if token.is_mark(*PRIMES) and not cursor.alone:
            primes.append(cursor.take())
            continue
        if token.is_mark(*PRIMES):
            raise transposed(cursor.source, token.span)
        if not token.is_script:
            break
        found, some = _script(cursor), True
        if isinstance(found, Turned):
            turned.append(Span(start=token.span.start, stop=cursor.end()))
        elif isinstance(found, str):
            if mark:
                raise cursor.refusal("EL147", token.span, "a second mark in parentheses")
            mark = found
        elif isinstance(found, int | Half):
            if power > 1 or half:
                raise cursor.refusal("EL147", token.span, "a second power")
            power, half = (found, None) if isinstance(found, int) else (1, found)
        else:
            labels += found
    if turned or primes:
        labels, mark = _changed(cursor, labels, mark, turned, primes)
    first = turned[0] if turned else None
    return Scripts(labels=tuple(labels), power=power, mark=mark, some=some, turned=first, half=half)


def _changed(
    cursor: Cursor, labels: list[Label], mark: str, turned: list[Span], primes: list[Token]
) -> tuple[list[Label], str]:
    """Return the indices in the order of the array itself, and the mark: `A^T_{ij}` is `A_{ji}`, `x'_i` a new array.

    A prime above a matrix may mean either, and is refused.
    """
    if primes and (len(labels) == 2 or mark):
        raise transposed(cursor.source, primes[0].span)
    if turned and (len(labels) not in (1, 2) or len(turned) > 1 or DOTS in [label.text for label in labels]):
        refused = transposed(cursor.source, turned[0])
        refused.hint = refused.hint if labels else "write indices, as in x_i A_{ij} x_j, or numpy code: x @ A @ x"
        raise refused
    return labels[::-1] if turned else labels, mark or "_".join(["prime"] * len(primes))


def worded(cursor: Cursor) -> tuple[str, Span]:
    """Return the name in a command like `\\text{batch}` at the cursor, as an identifier."""
    command = cursor.take()
    if not cursor.at("{"):
        message = f"nothing in braces after \\{command.text}"
        raise cursor.refusal("EL140", command.span, message, f"write \\{command.text}{{...}}")
    opening = cursor.next()
    cursor.group("}")
    closing = cursor.tokens[cursor.place - 1]
    raw = cursor.source.at(around([opening, closing]))[1:-1]
    name = identifier(raw.replace("\\_", "_").strip())
    plain = _WORDS.fullmatch(raw.replace("\\_", "x").replace("_", "^"))
    if not plain or not name or unicodedata.normalize("NFKC", name) != name:
        hint = f"indices come after it: \\{command.text}{{name}}_{{ij}}"
        raise cursor.refusal("EL140", around([opening, closing]), f"{quoted(raw)} makes no name", hint)
    return name, around([command, closing])


def power_of(cursor: Cursor, number: Token) -> int:
    """Return a power, 2 to 9; raise NotationError for any other number."""
    if not number.text.isdecimal() or not 2 <= int(number.text[:4]) <= MAX_POWER:
        hint = f"a power from 2 to {MAX_POWER} is that many equal factors"
        raise cursor.refusal("EL147", number.span, f"the power {number.text} is not a product", hint)
    return int(number.text)


def _script(cursor: Cursor) -> list[Label] | int | str | Turned | Half:
    """Return the indices, the power or the mark in the script at the cursor, or that it transposes."""
    if cursor.next().kind is TokenKind.SCRIPT:
        return _script_letters(cursor)
    raised = cursor.take().text == "^"
    if not cursor.at("{"):
        return _raised(cursor) if raised else _loose(cursor, raised=False)
    return _raised_group(cursor) if raised else script_labels(cursor, cursor.group("}"))


def _raised(cursor: Cursor) -> list[Label] | int | Turned:
    """Return the indices after a `^`, or the power, without braces."""
    token = cursor.peek()
    if _transposes(cursor, token):
        cursor.take()
        return Turned.TRANSPOSED
    _check_transposed(cursor, token)
    if token.kind is not TokenKind.NUMBER:
        return _loose(cursor, raised=True)
    if len(token.text) > 1:
        raise cursor.refusal("EL145", token.span, "a power of several digits", "put the power in braces")
    return power_of(cursor, cursor.take())


def _raised_group(cursor: Cursor) -> list[Label] | int | str | Turned | Half:
    """Return the indices in the raised braces at the cursor, or the power, or the mark in parentheses."""
    inside = cursor.group("}")
    solid = [x for x in inside if x.kind is not TokenKind.BLANK]
    found = None if cursor.alone else half_of(solid)
    if found is not None:
        return found
    if len(solid) == 1 and solid[0].kind is TokenKind.NUMBER:
        return power_of(cursor, solid[0])
    enclosed = _enclosed(cursor, solid)
    if enclosed is not None:
        return enclosed
    signs = [x for x in solid if not x.is_mark("{", "}") and x.text not in WORDED]
    if len(signs) == 1 and _transposes(cursor, signs[0]):
        return Turned.TRANSPOSED
    if len(signs) == 1:
        _check_transposed(cursor, signs[0])
    if solid and solid[0].is_mark("-", "(", *PRIMES):
        raise transposed(cursor.source, around(solid))
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
    word = token.kind is TokenKind.WORD
    if len(inside) > 1:
        return None
    if (token.kind is TokenKind.NUMBER and token.text.isdecimal()) or (word and len(token.text) > 1):
        return token.text
    return [Label(text=token.text, span=token.span, enclosed=True)] if word or _is_greek(token) else None


def _loose(cursor: Cursor, *, raised: bool) -> list[Label]:
    """Return the indices after a `_`, or a `^` (`raised`), without braces.

    LaTeX takes one letter only. Several letters are taken for indices too, with doubt, unless a
    subscript after the second letter shows that this is an operand: `x_iy_i`.
    """
    word = cursor.peek()
    if word.kind is not TokenKind.WORD or len(word.text) == 1:
        return _unit(cursor)
    after = cursor.after()
    if after.is_mark("_") and len(word.text) == 2 and not raised:
        cursor.split()
        return _unit(cursor)
    if after.is_script or after.kind is TokenKind.NUMBER:
        raise cursor.refusal("EL145", word.span, f"how much of {word.text!r} is an index?", BRACES_HINT)
    return [Label(text=x.text, span=x.span, doubtful=True) for x in _unit(cursor)]


def _unit(cursor: Cursor, *, words: bool = False) -> list[Label]:
    """Return the indices that the token at the cursor makes; several for a word of letters."""
    token = cursor.next()
    if token.kind is TokenKind.COMMAND and token.text in WORDED:
        name, span = worded(cursor)
        return [Label(text=name, span=span, doubtful=True)]
    whole = token.kind is TokenKind.WORD and (words or len(token.text) == 1)
    if token.kind is TokenKind.DOTS or _is_greek(token) or whole:
        cursor.take()
        return [Label(text=token.text, span=token.span)]
    if token.kind is TokenKind.WORD and token.text.isalpha():
        cursor.take()
        letters = [token.part(n, n + 1) for n in range(len(token.text))]
        return [Label(text=x.text, span=x.span, word=token.text) for x in letters]
    raise _no_index(cursor, [token])


def _script_letters(cursor: Cursor) -> list[Label] | int | Turned:
    """Return the index or the power in a small letter; raised letters side by side may be a word, as in `Wⁱⁿ`."""
    if cursor.next().raised and _transposes(cursor, cursor.next()):
        cursor.take()
        return Turned.TRANSPOSED
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
        raise _no_index(cursor, [token])
    return [Label(text=token.text, span=token.span)]


def _bare_name(cursor: Cursor, piece: list[Token]) -> Label:
    """Return the index that stands between two commas of a bracket."""
    token = piece[0]
    named = token.kind in (TokenKind.WORD, TokenKind.DOTS) or _is_greek(token)
    if len(piece) > 1 or not named or token.text in NO_INDEX:
        raise _no_index(cursor, piece)
    return Label(text=token.text, span=token.span)


def _is_greek(token: Token) -> bool:
    return token.kind is TokenKind.COMMAND and token.text in GREEK


def _no_index(cursor: Cursor, piece: list[Token]) -> NotationError:
    """Return the refusal of something that stands where an index should."""
    first, texts, hint = piece[0], {token.text for token in piece}, BARE_HINT
    if first.kind is TokenKind.END:
        return cursor.refusal("EL140", around(piece), "an index is missing", BRACES_HINT)
    if first.kind in (TokenKind.NUMBER, TokenKind.SCRIPT) and len(piece) == 1:
        what = "is a constant place"
    elif ":" in texts:
        what = "is a slice"
    elif texts & {"[", "("}:
        what = "looks the place up"
    elif texts & {"+", "-", "*", "/"}:
        what = "is arithmetic"
    elif any(token.is_mark("_", "^") for token in piece):
        what, hint = "is an index with an index", "name the index with one letter, or as a word: \\text{i1}"
    else:
        what = "is not an index"
    return cursor.refusal("EL144", around(piece), f"{quoted(cursor.source.at(around(piece)))} {what}", hint)


def _transposes(cursor: Cursor, token: Token) -> bool:
    """Tell whether what is raised transposes a matrix, where more than one product may be read."""
    return not cursor.alone and token.text in TRANSPOSES


def _check_transposed(cursor: Cursor, token: Token) -> None:
    if token.kind is TokenKind.TIMES or token.is_mark(*PRIMES) or token.text in TRANSPOSED:
        raise transposed(cursor.source, token.span)


def transposed(source: Source, span: Span) -> NotationError:
    """Return the refusal of a raised sign that may change the whole array."""
    text = source.at(span)
    if text.startswith("(") and any(sign in text for sign in "+-"):
        message = f"{quoted(text)} reads as another layer or step, not as an index"
        hint = "name the arrays of each step differently, and leave the rest out: g_i = W_{ij} h_j + b_i"
        return refusal(source, "EL147", span, message, hint)
    message = f"{quoted(text)} reads as a transpose, a conjugate or another array, not as an index"
    hint = "write the indices as they are, A_{ji} for the transpose of A, or rename the operand"
    return refusal(source, "EL147", span, message, hint)
