"""How a dialect reads the characters of a text: respelled as the subscripts that mean the same to np.einsum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from string import ascii_letters

from ...core.build import MAX_LABELS
from ...core.message import Code, Message, Value, codes
from ...core.report import Finding, Fix, Severity
from ...core.spec import DOTS, Spec, folded
from ...core.topic import Topic
from ..repair.draft import draft_of
from .dialect import Dialect, DialectCase, Spelling

PUNCTUATION = ".,->"
SORTED_LETTERS = "".join(sorted(ascii_letters))
ELLIPSIS = "…"
"""einops' own sign for the three dots."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Respelled:
    """A text in np.einsum's letters, or why the dialect refuses it. Neither: more labels than there are letters."""

    text: str | None = None
    refusal: Finding | None = None


def respell(dialect: Dialect, text: str) -> Respelled:
    """Return `text` as subscripts of ASCII letters that mean to np.einsum what `text` means to the dialect.

    It need not be legal: what is wrong in every dialect stays wrong.

    >>> from einloop.analysis.dialects import find
    >>> respell(find("jax"), "β1->1β").text, respell(find("einops"), "batch d -> d batch").text
    ('BA->AB', 'ab->ba')
    """
    if dialect.spelling is Spelling.WORDS:
        return _from_words(dialect, text)
    if dialect.spelling is Spelling.LETTERS:
        return Respelled(text=text)
    squeezed = text.replace(" ", "")
    if dialect.spelling is Spelling.SQUEEZED:
        return Respelled(text=squeezed)
    labels = sorted(set(squeezed) - set(PUNCTUATION))
    if len(labels) > MAX_LABELS:
        return Respelled()
    # an implicit output is in the order of the characters: the letters have to keep it
    letters = dict(zip(labels, SORTED_LETTERS, strict=False))
    return Respelled(text="".join(letters.get(character, character) for character in squeezed))


def unusual(case: DialectCase) -> Iterator[Finding]:
    """Say which characters np.einsum refuses and the dialect takes."""
    if case.error is None or case.error.topic is not Topic.CHARACTER or case.theirs is None:
        return
    others = [c for c in dict.fromkeys(case.text) if c not in ascii_letters + PUNCTUATION + " "]
    if others:
        yield case.finding("EL736", Severity.WARNING, "symbols", labels=codes(others))
    else:
        yield case.finding("EL736", Severity.WARNING, "blanks")


def as_words(spec: Spec) -> str:
    """Return an expression as einops writes it.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> as_words(read_subscripts("...ij,jk"))
    '... i j, j k -> ... i k'
    """
    terms = ", ".join(" ".join(folded(operand.labels)) for operand in spec.operands)
    return f"{terms} -> {' '.join(folded(spec.output))}".strip()


def _from_words(dialect: Dialect, text: str) -> Respelled:
    """Read a text as einops does. Source: einops' documentation of einsum; observed behaviour of 0.8."""
    sides = text.split("->")
    if len(sides) != 2:
        return _refused(dialect, text, "no_arrow" if len(sides) == 1 else "arrows")
    terms: list[list[str]] = []
    for side in (*sides[0].split(","), sides[1]):
        words = _axes(side)
        bad = next((word for word in words if not _is_axis(word)), None)
        if bad is not None:
            return _refused(dialect, text, "bad_axis", axis=Code(bad))
        terms.append(words)
    *inputs, output = terms
    known = [word for word in dict.fromkeys(word for term in inputs for word in term) if word != DOTS]
    for place, word in enumerate(output):
        if word not in known and word != DOTS:
            return _refused(dialect, text, "unknown_axis", axis=Code(word), offered=codes(known))
        if word in output[:place]:
            return _refused(dialect, text, "repeated_axis", axis=Code(word))
    if len(known) > MAX_LABELS:
        return _refused(dialect, text, "many_axes", count=len(known), most=MAX_LABELS)
    letters = dict(zip(known, ascii_letters, strict=False)) | {DOTS: DOTS}
    spelled = ["".join(letters[word] for word in term) for term in terms]
    return Respelled(text=f"{','.join(spelled[:-1])}->{spelled[-1]}")


def _axes(side: str) -> list[str]:
    """Return the words of one term; what is not an axis stays as it was written, so that a message can show it."""
    if side.count(".") not in (0, len(DOTS)) or ("." in side and DOTS not in side):
        return [side.strip()]
    words, depth = [], ""
    for word in side.replace(DOTS, ELLIPSIS).replace("(", " ( ").replace(")", " ) ").split(" "):
        if word == "":
            continue
        if word in "()" or depth:
            depth += f" {word}" if depth else word
            if word == ")":
                words.append(_group(depth))
                depth = ""
            continue
        words.append(DOTS if word == ELLIPSIS else word.replace(ELLIPSIS, DOTS))
    return [*words, depth] if depth else words


def _group(text: str) -> str:
    """Return the one name in a pair of brackets, or the group as it was written."""
    inside = text.strip("() ")
    return inside if text == f"( {inside} )" and " " not in inside else text.replace("( ", "(").replace(" )", ")")


def _is_axis(word: str) -> bool:
    if word in (DOTS, "_"):
        return True
    return word.isidentifier() and not word.startswith("_") and not word.endswith("_")


def _refused(dialect: Dialect, text: str, message: str, **values: Value) -> Respelled:
    sentence = Message(f"dialect.{message}", {"call": dialect.code, **values})
    return Respelled(refusal=Finding(id="EL731", severity=Severity.ERROR, message=sentence, text=text))


def misread(case: DialectCase) -> Iterator[Finding]:
    """Say where the dialect reads other axes than np.einsum does, and how to write it there."""
    ours, theirs = case.ours, case.theirs
    written = () if ours is None else (Fix(expression=as_words(ours)),)
    if case.refusal is not None:
        yield replace(case.refusal, fixes=written)
    elif theirs is not None and ours is None:
        yield case.finding("EL736", Severity.WARNING, "words", reading=Code(theirs.subscripts))
    elif theirs is None and ours is not None:
        reading = Code(respell(case.dialect, case.text).text or case.text)
        yield replace(case.finding("EL731", Severity.ERROR, "misread_shapes", reading=reading), fixes=written)
    elif theirs is not None and ours is not None and draft_of(theirs).key != draft_of(ours).key:
        values = {"text": Code(case.text), "reading": Code(theirs.subscripts)}
        yield replace(case.finding("EL740", Severity.WARNING, "misread", **values), fixes=written)
