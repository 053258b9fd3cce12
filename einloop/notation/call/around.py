"""A parsed text and the call in it that is read in; what surrounds the call, and the names in the text, out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...core.errors import NotationError
from ...core.site import Around, Unread
from ...core.source import Source, Span

LINE_END = re.compile(r"\r\n|\r|\n")
WORD = re.compile(r"[^\W\d]\w*")
NOTHING = re.compile(r"[\s#;]*")
"""What may stand around a call that is cut out of a comment."""
NAME_FIELDS = ("id", "name", "asname", "rest", "arg", "names")
"""Fields of a syntax tree that hold a variable's name."""
SIMPLE = (ast.Expr, ast.Assign, ast.AnnAssign, ast.Return, ast.AugAssign)
"""Statements in whose place loops can stand."""
WRAPPERS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
HARMLESS = (ast.Import, ast.ImportFrom, ast.Pass, ast.Global, ast.Nonlocal)
MAX_SHOWN = 72
"""Characters of a call that a hint may take."""

Placed = ast.expr | ast.keyword | ast.stmt


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedText:
    """A text that was parsed. `starts` holds the offset of every line (None: a line put before it)."""

    source: Source
    starts: tuple[int | None, ...]

    @classmethod
    def of(cls, source: Source, parsed: str, *, start: int = 0, prefixed: bool = False) -> PastedText:
        """Return the text whose part from `start` on was parsed as `parsed`, after a line of ours if `prefixed`."""
        starts = (start, *(start + end.end() for end in LINE_END.finditer(parsed)))
        return PastedText(source=source, starts=(None, *starts) if prefixed else starts)

    def span(self, node: Placed) -> Span:
        """Return the place of `node` in the source."""
        start = self._offset(node.lineno, node.col_offset)
        stop = self._offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
        return Span(start=start, stop=max(start, stop))

    def segment(self, node: Placed) -> str:
        """Return the text of `node` as it was pasted."""
        span = self.span(node)
        return self.source.text[span.start : span.stop]

    def shown(self, node: Placed, limit: int = 40) -> str:
        """Return the text of `node` on one line, shortened to `limit` characters."""
        return _on_one_line(self.segment(node), limit)

    def refusal(
        self, id: str, node: Placed, message: str, hint: str | None = None, *, operand: int | None = None
    ) -> NotationError:
        """Return a refusal of a part of the text."""
        return NotationError(id, message, text=self.source.text, span=self.span(node), operand=operand, hint=hint)

    def _offset(self, line: int, column: int) -> int:
        """Return the offset of a place that ast gives as a line (from 1) and a column in UTF-8 bytes."""
        start = self.starts[line - 1] or 0
        if self.source.text.isascii():
            return start + column
        stop = self.starts[line] if line < len(self.starts) else None
        text = self.source.text[start:stop].encode(errors="surrogatepass")
        return start + len(text[:column].decode(errors="ignore"))


def _on_one_line(text: str, limit: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 3] + "..."


def words_of(tree: ast.AST) -> frozenset[str]:
    """Return every name that stands for a variable, a parameter, a function or a module in a tree.

    >>> sorted(words_of(ast.parse("def f(a): import b.c as d; return self.q[n]")))
    ['a', 'b', 'c', 'd', 'f', 'n', 'self']
    """
    found: set[str] = set()
    for node in ast.walk(tree):
        for field in NAME_FIELDS if not isinstance(node, ast.keyword) else ():
            value = getattr(node, field, None)
            names = value if isinstance(value, list) else [value]
            found.update(word for name in names if isinstance(name, str) for word in name.split("."))
    return frozenset(found)


def unread_parts(
    text: PastedText,
    tree: ast.Module,
    call: ast.Call,
    parents: Mapping[ast.AST, ast.AST],
    calls: Sequence[ast.Call],
) -> tuple[ast.stmt | None, tuple[Unread, ...]]:
    """Return the statement that takes the value of `call` as it is, and what of the text is not read."""
    shown = text.shown(call, MAX_SHOWN)
    unread = []
    inside = set(ast.walk(call))
    others = [other for other in calls if other not in inside]
    if others:
        spans = tuple(text.span(other.func) for other in others)
        unread.append(Unread(kind=Around.CALLS, spans=spans, shown=shown, count=len(others) + 1))
    node: ast.AST = call
    if isinstance(parents[node], ast.NamedExpr):
        node = parents[node]
    statement = parents[node]
    taken = statement if isinstance(statement, SIMPLE) and getattr(statement, "value", None) is node else None
    while not isinstance(statement, ast.stmt):
        node, statement = statement, parents[statement]
    if taken is None and not others:
        whole = text.span(node if isinstance(statement, SIMPLE) and isinstance(node, ast.expr) else statement)
        spans = _rest(text, whole, text.span(call))
        unread.append(Unread(kind=Around.EXPRESSION, spans=spans, shown=shown))
    strangers = tuple(_strangers(text, tree, statement, parents))
    if strangers:
        unread.append(Unread(kind=Around.STATEMENTS, spans=strangers, shown=text.shown(taken or call, MAX_SHOWN)))
    if isinstance(taken, ast.AugAssign):
        span = _rest(text, text.span(taken), text.span(call))
        unread.append(Unread(kind=Around.ADDED, spans=span, shown=text.shown(taken.target, MAX_SHOWN)))
    return taken, tuple(unread)


def unread_outside(text: PastedText, whole: str, inside: Span) -> tuple[frozenset[str], tuple[Unread, ...]]:
    """Return the names outside a call that was cut out of its text, and what is not read there."""
    outside = Span(start=0, stop=len(whole))
    pieces = (whole[: inside.start], whole[inside.stop :])
    words = frozenset(word for piece in pieces for word in WORD.findall(piece))
    if all(map(NOTHING.fullmatch, pieces)):
        return words, ()
    shown = _on_one_line(whole[inside.start : inside.stop], MAX_SHOWN)
    return words, (Unread(kind=Around.EXPRESSION, spans=_rest(text, outside, inside), shown=shown),)


def _rest(text: PastedText, whole: Span, inside: Span) -> tuple[Span, ...]:
    """Return what of `whole` is not `inside`, without the blanks around it."""
    spans = []
    for start, stop in ((whole.start, inside.start), (inside.stop, whole.stop)):
        piece = text.source.text[start:stop]
        left = start + len(piece) - len(piece.lstrip())
        if piece.strip():
            spans.append(Span(start=left, stop=left + len(piece.strip())))
    return tuple(spans)


def _strangers(
    text: PastedText, tree: ast.Module, statement: ast.stmt, parents: Mapping[ast.AST, ast.AST]
) -> Iterator[Span]:
    """Yield the places of the statements that do something beside the one with the call, or around it."""
    node: ast.AST = statement
    while node is not tree:
        above = parents[node]
        for body in ("body", "orelse", "finalbody", "handlers"):
            for other in getattr(above, body, None) or ():
                if other is not node and not _harmless(other):
                    yield text.span(other)
        ours = isinstance(above, ast.If) and text.starts[above.lineno - 1] is None
        plain = isinstance(above, WRAPPERS) and not above.decorator_list
        if isinstance(above, ast.stmt) and not (ours or plain):
            first = min((text.span(d).start for d in getattr(above, "decorator_list", ())), default=None)
            start = text.span(above).start if first is None else first
            inner = next(iter(getattr(above, "body", ())), None)
            stop = text.span(above).stop if inner is None else text.span(inner).start
            yield Span(start=start, stop=start + len(text.source.text[start:stop].rstrip()))
        node = above


def _harmless(node: ast.stmt) -> bool:
    """Tell whether a statement changes nothing: it imports, documents, or shows something."""
    if isinstance(node, ast.Expr):
        shown = node.value.func if isinstance(node.value, ast.Call) else node.value
        return isinstance(node.value, ast.Name | ast.Constant) or (isinstance(shown, ast.Name) and shown.id == "print")
    return isinstance(node, HARMLESS)
