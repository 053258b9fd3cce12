"""Pasted Python in, the einsum call in it out, with the place of every part. Runs nothing."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice

from ...core.errors import NotationError
from ...core.site import Unread
from ...core.source import Source, Span
from . import CALLEE
from .around import LINE_END, PastedText, unread_outside, unread_parts, words_of

PROMPT = re.compile(r"^([ \t]*)(?:>>>|\.\.\.)(?=[ \n]|$)", re.MULTILINE)
CUT_TRIES, PARSE_TRIES = 10, 100
"""Calls, and closing parentheses for each, tried where the text around a call is not whole."""
PARSED = 200_000
"""Characters that these tries parse in all, at most."""
BLOCK = "if 1:\n"
"""Put before indented code: it then parses, and every column stays where it was."""

TooDeep = (RecursionError, MemoryError)
"""What Python's parser raises for code that is nested too deeply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedCall:
    """An einsum call found in a text.

    `statement` is the statement that does something with the value of the call itself, None where there is none.
    `words` are the names in the text, `unread` what of it is not read.
    """

    source: Source
    node: ast.Call
    text: PastedText
    statement: ast.stmt | None
    words: frozenset[str]
    unread: tuple[Unread, ...]

    @property
    def target(self) -> ast.expr | None:
        """The one expression that the value of the call is assigned to."""
        match self.statement:
            case ast.Assign(targets=[target]) | ast.AnnAssign(target=target) | ast.AugAssign(target=target):
                return target
            case ast.Expr(value=ast.NamedExpr(target=target)):
                return target
        return None

    def span(self, node: ast.expr | ast.keyword) -> Span:
        """Return the place of `node` in the text."""
        return self.text.span(node)

    def segment(self, node: ast.expr) -> str:
        """Return the text of `node` as it was pasted."""
        return self.text.segment(node)

    def shown(self, node: ast.expr, limit: int = 40) -> str:
        """Return the text of `node` on one line, shortened to `limit` characters."""
        return self.text.shown(node, limit)


def find_call(source: Source) -> PastedCall:
    """Return the first einsum call in a text, which may be cut out of its surroundings.

    Raises NotationError where the text is not Python or has no such call.

    >>> from einloop.core.source import Notation
    >>> found = find_call(Source(text="  y = np.einsum('ij->i', x)", notation=Notation.CALL))
    >>> found.span(found.node), found.segment(found.target)
    (Span(start=6, stop=27), 'y')
    """
    _check_characters(source)
    text = _without_prompts(source.text)
    first = next((line for line in LINE_END.split(text) if line.strip()), "")
    prefixes = (BLOCK, "") if first[:1].isspace() else ("",)
    found, refusal = None, None
    for prefix in prefixes:
        try:
            tree = _parse(prefix + text)
        except TooDeep:
            raise NotationError("EL137", "the call is nested too deeply to be read") from None
        except (SyntaxError, ValueError) as error:
            refusal = refusal or _not_python(source, error, len(prefix) > 0)
            continue
        found = _first_call(PastedText.of(source, text, prefixed=bool(prefix)), tree)
        refusal = refusal or _no_call(source)
        break
    found = found or _cut_out(source, text)
    if found is None:
        raise refusal or _no_call(source)
    return found


def last_name(node: ast.expr) -> str:
    """Return the last name of a callee like `np.einsum`, or ''."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _parse(code: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(code)


def _without_prompts(text: str) -> str:
    """Return a pasted interpreter session with prompts, and what it printed, as blanks, so that no offset changes."""
    if not text.lstrip().startswith(">>>"):
        return text
    lines = text.splitlines(keepends=True)
    typed = "".join(line if PROMPT.match(line) else re.sub(r"[^\r\n]", " ", line) for line in lines)
    for session in (typed, text):
        code = PROMPT.sub(lambda prompt: prompt[1] + "   ", session)
        with suppress(SyntaxError, ValueError, *TooDeep):
            _parse(code if not code[:1].isspace() else BLOCK + code)
            return code
    return code


def _first_call(text: PastedText, tree: ast.Module) -> PastedCall | None:
    """Return the first call in reading order; einsum goes before other contractions."""
    parents: dict[ast.AST, ast.AST] = {}
    calls = [
        node
        for node in _walk(tree, parents)
        if isinstance(node, ast.Call) and last_name(node.func).endswith(("einsum", "contract"))
    ]
    if not calls:
        return None
    call = min(calls, key=_reading_order)
    statement, unread = unread_parts(text, tree, call, parents, sorted(calls, key=_reading_order))
    return PastedCall(
        source=text.source, node=call, text=text, statement=statement, words=words_of(tree), unread=unread
    )


def _reading_order(call: ast.Call) -> tuple[bool, int, int]:
    return not last_name(call.func).endswith("einsum"), call.lineno, call.col_offset


def _walk(tree: ast.AST, parents: dict[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    """Yield every node and note its parent; f-strings are left out: before 3.12 they have no places."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.JoinedStr):
                parents[child] = node
                waiting.append(child)


def _cut_out(source: Source, text: str) -> PastedCall | None:
    """Return the first call whose parentheses close, where the text around it does not parse."""
    parsed = 0
    for found in islice(CALLEE.finditer(text), CUT_TRIES):
        start = found.start()
        while start and (text[start - 1].isalnum() or text[start - 1] in "._"):
            start -= 1
        stop = found.end()
        for _ in range(PARSE_TRIES):
            stop = text.find(")", stop) + 1
            parsed += stop - start
            if not stop or parsed > PARSED:
                break
            try:
                tree = _parse(text[start:stop])
            except (SyntaxError, ValueError, *TooDeep):
                continue
            call = _first_call(PastedText.of(source, text[start:], start=start), tree)
            if call is None:
                break
            words, unread = unread_outside(call.text, text, Span(start=start, stop=stop))
            return replace(call, words=call.words | words, unread=(*unread, *call.unread))
    return None


def _check_characters(source: Source) -> None:
    """Refuse what no Python source can hold; the parser would not say where it is."""
    for place, character in enumerate(source.text):
        if character == "\0" or "\ud800" <= character <= "\udfff":
            raise NotationError(
                "EL130",
                f"the call is not Python: {character!r} cannot stand in code",
                text=source.text,
                span=Span(start=place, stop=place + 1),
            )


def _no_call(source: Source) -> NotationError:
    return NotationError(
        "EL131",
        "no call of einsum or contract in this text",
        text=source.text,
        hint="a call looks like np.einsum('ij,jk->ik', a, b)",
    )


def _not_python(source: Source, error: Exception, block: bool) -> NotationError:
    span, what = None, str(error)
    if isinstance(error, SyntaxError):
        what = error.msg
        starts = PastedText.of(source, source.text).starts
        line = (error.lineno or 0) - block
        if 1 <= line <= len(starts):
            place = min(len(source.text), (starts[line - 1] or 0) + max(0, (error.offset or 1) - 1))
            span = Span(start=place, stop=min(place + 1, len(source.text)))
    return NotationError(
        "EL130",
        f"the call is not Python: {what}",
        text=source.text,
        span=span,
        hint="paste the whole call, with its quotes and parentheses",
    )
