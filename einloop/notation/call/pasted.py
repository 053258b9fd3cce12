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
from ..forms import CALLEE
from .around import LINE_END, PastedText, unread_outside, unread_parts, words_of

PROMPT = re.compile(r"^([ \t]*)(?:>>>|\.\.\.)(?=[ \n]|$)", re.MULTILINE)
MAX_CALLS, MAX_ENDS = 10, 100
"""Calls, and closing parentheses for each, tried where the text around a call is not whole."""
MAX_PARSED = 200_000
"""Characters that these tries parse in all, at most."""
BLOCK = "if 1:\n"
"""Put before indented code: it then parses, and every column stays where it was."""

TooDeep = (RecursionError, MemoryError)
"""What Python's parser raises for code that is nested too deeply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedCall(PastedText):
    """An einsum call found in a text.

    `statement` is the statement that does something with the value of the call itself, None where there is none.
    `words` are the names in the text, `unread` what of it is not read.
    """

    node: ast.Call
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

    @property
    def out(self) -> ast.expr | None:
        """The array that the call writes to."""
        given = next((keyword.value for keyword in self.node.keywords if keyword.arg == "out"), None)
        return None if is_none(given) else given


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
    found, refusal = None, None
    for prefix in (BLOCK, "") if first[:1].isspace() else ("",):
        try:
            tree = _parse(prefix + text)
        except TooDeep:
            raise too_deep() from None
        except (SyntaxError, ValueError) as error:
            refusal = refusal or _not_python(source, error, len(prefix) > 0)
            continue
        found = _first_call(PastedText.of(source, text, prefixed=bool(prefix)), tree)
        break
    found = found or _cut_out(source, text)
    if found is None:
        hint = "a call looks like np.einsum('ij,jk->ik', a, b)"
        message = "no call of einsum or contract in this text"
        raise refusal or NotationError("EL131", message, text=source.text, hint=hint)
    return found


def too_deep() -> NotationError:
    """Return the refusal of what Python's parser cannot read for its depth."""
    return NotationError("EL137", "the call is nested too deeply to be read")


def is_none(node: ast.expr | None) -> bool:
    """Tell whether there is no expression, or a None written out."""
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def _last_name(node: ast.expr) -> str:
    """Return the last name of a callee like `np.einsum`, or ''."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


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
    nodes = list(_walk(tree, parents))
    calls = [x for x in nodes if isinstance(x, ast.Call) and _last_name(x.func).endswith(("einsum", "contract"))]
    if not calls:
        return None
    calls.sort(key=lambda call: (not _last_name(call.func).endswith("einsum"), call.lineno, call.col_offset))
    statement, unread = unread_parts(text, tree, calls[0], parents, calls)
    return PastedCall(
        source=text.source,
        starts=text.starts,
        node=calls[0],
        statement=statement,
        words=words_of(tree),
        unread=unread,
    )


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
    for found in islice(CALLEE.finditer(text), MAX_CALLS):
        start = found.start()
        while start and (text[start - 1].isalnum() or text[start - 1] in "._"):
            start -= 1
        stop = found.end()
        for _ in range(MAX_ENDS):
            stop = text.find(")", stop) + 1
            parsed += stop - start
            if not stop or parsed > MAX_PARSED:
                break
            try:
                tree = _parse(text[start:stop])
            except (SyntaxError, ValueError, *TooDeep):
                continue
            call = _first_call(PastedText.of(source, text[start:], start=start), tree)
            if call is None:
                break
            words, unread = unread_outside(call, text, Span(start=start, stop=stop))
            return replace(call, words=call.words | words, unread=(*unread, *call.unread))
    return None


def _check_characters(source: Source) -> None:
    """Refuse what no Python source can hold; the parser would not say where it is."""
    for place, character in enumerate(source.text):
        if character == "\0" or "\ud800" <= character <= "\udfff":
            message = f"the call is not Python: {character!r} cannot stand in code"
            raise NotationError("EL130", message, text=source.text, span=Span(start=place, stop=place + 1))


def _not_python(source: Source, error: Exception, block: bool) -> NotationError:
    span, what = None, str(error)
    if isinstance(error, SyntaxError):
        what = error.msg
        starts = PastedText.of(source, source.text).starts
        line = (error.lineno or 0) - block
        if 1 <= line <= len(starts):
            place = min(len(source.text), (starts[line - 1] or 0) + max(0, (error.offset or 1) - 1))
            span = Span(start=place, stop=min(place + 1, len(source.text)))
    hint = "paste the whole call, with its quotes and parentheses"
    return NotationError("EL130", f"the call is not Python: {what}", text=source.text, span=span, hint=hint)
