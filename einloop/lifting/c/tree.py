"""C text in, its syntax tree out, with the characters that every construct stands at. pycparser reads it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Any

from pycparser import c_ast as c
from pycparser.c_parser import CParser, ParseError

from ..sizes import Refusal
from .lexemes import Lexeme
from .macros import Preprocessor
from .nodes import walk
from .types import BASIC, Arithmetic, basic, guessed
from .unsaid import structs_of

BARE = "__bare__"
"""The name of the function that loops without one are put in."""
ERROR_PLACE = re.compile(r":(\d+):(\d+)")
BODY_LINE = 2
"""The line that holds the text in what pycparser reads; types are declared before."""
KEYWORDS = frozenset({
    "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern", "float",
    "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed", "sizeof",
    "static", "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "_Bool", "_Complex",
    "_Static_assert", "_Atomic", "_Thread_local",
})  # fmt: skip
OTHERS = {
    **dict.fromkeys(("template", "class", "namespace", "auto", "::", "using"), "this is C++: give its loops as C"),
    **dict.fromkeys(
        ("__global__", "__device__", "__shared__", "<<<"), "this is CUDA: give the loops that its threads stand for"
    ),
    **dict.fromkeys(("complex", "_Complex"), "complex numbers of C are not supported"),
}
"""Words of other languages, and what to say of them."""


@dataclass(frozen=True, eq=False)
class Tree:
    """A text that was parsed: its functions by name, and what stands outside of them."""

    source: str
    lexemes: Sequence[Lexeme]
    starts: Sequence[int]
    """Where each lexeme stands in what pycparser read, column by column."""
    root: c.FileAST
    types: Sequence[str] = ()
    """Names of numbers' types that the text uses and does not define."""
    structs: Mapping[str, str] = field(default_factory=dict)
    """Names of structs' types that the text uses and does not define, and the members that it uses."""

    @cached_property
    def functions(self) -> dict[str, c.FuncDef]:
        """The functions that have a body."""
        return {node.decl.name: node for node in self.root.ext if isinstance(node, c.FuncDef)}

    @cached_property
    def words(self) -> frozenset[str]:
        """The names and keywords of the text."""
        return frozenset(one.text for one in self.lexemes if one.is_word)

    @cached_property
    def declared(self) -> dict[str, Arithmetic]:
        """The types of the numbers that the text declares."""
        kinds = {one.name: getattr(one.type, "type", None) for one in walk(self.root, c.Decl)}
        return {name: basic(kind.names) for name, kind in kinds.items() if isinstance(kind, c.IdentifierType)}

    @property
    def bare(self) -> bool:
        """The text is statements alone."""
        return BARE in self.functions

    def span(self, node: Any) -> tuple[int, int] | None:
        """Return where a construct begins and ends in the text, None where that is not known."""
        if isinstance(node, Lexeme):
            return node.start, node.stop
        columns = [one.coord.column for one in (walk(node) if node is not None else ())
                   if one.coord is not None and one.coord.line == BODY_LINE]  # fmt: skip
        if not columns:
            return None
        first, last = (bisect_right(self.starts, column) - 1 for column in (min(columns), max(columns)))
        first, last = self._balanced(max(first, 0), max(last, 0))
        if isinstance(node, c.UnaryOp) and node.op in ("p++", "p--"):
            last = min(last + 1, len(self.lexemes) - 1)
        part = self.lexemes[first : last + 1]
        return (min(one.start for one in part), max(one.stop for one in part)) if part else None

    def _balanced(self, first: int, last: int) -> tuple[int, int]:
        """Return a range of lexemes with the brackets that it opens, and those that close what it closes."""
        depth = lowest = 0
        for one in self.lexemes[first : last + 1]:
            depth += (one.text in ("(", "[")) - (one.text in (")", "]"))
            lowest = min(lowest, depth)
        depth -= lowest
        while lowest < 0 and first > 0:
            first -= 1
            lowest += (self.lexemes[first].text in ("(", "[")) - (self.lexemes[first].text in (")", "]"))
        while depth > 0 and last + 1 < len(self.lexemes):
            last += 1
            depth += (self.lexemes[last].text in ("(", "[")) - (self.lexemes[last].text in (")", "]"))
        return first, last

    def text(self, node: Any) -> str:
        """Return a construct as it stands in the text, on one line."""
        span = self.span(node)
        return "" if span is None else " ".join(self.source[span[0] : span[1]].split())


def parameters(function: c.FuncDef) -> list[Any]:
    """Return the parameters of a function that have names, as they are declared in brackets or after them."""
    found = function.decl.type.args.params if function.decl.type.args else ()
    after = {one.name: one for one in function.param_decls or ()}
    return [after.get(one.name, one) for one in found if getattr(one, "name", None) is not None]


def parsed(source: str) -> Tree:
    """Return the syntax tree of C text: functions, or statements alone. Raises Refusal."""
    lexemes = Preprocessor().run(source)
    if not lexemes:
        raise Refusal("EL814", "this text has no code")
    types = _types(lexemes)
    try:
        tree = _tree(source, lexemes, types, {})
        structs = structs_of(tree.root, types)
        return _tree(source, lexemes, [one for one in types if one not in structs], structs) if structs else tree
    except ParseError as error:
        refusal = _refused(source, lexemes, error)
    except RecursionError:
        raise Refusal("EL816", "this is nested too deeply") from None
    except (AssertionError, AttributeError, TypeError, ValueError):
        refusal = Refusal("EL801", "this cannot be read as C")
    try:
        front = [Lexeme(text, 0, 0) for text in ("void", BARE, "(", "void", ")", "{")]
        return _tree(source, [*front, *lexemes, Lexeme("}", len(source), len(source))], types, {})
    except (ParseError, RecursionError, AssertionError, AttributeError, TypeError, ValueError):
        raise refusal from None


def _columns(lexemes: Sequence[Lexeme]) -> list[int]:
    """Return the column at which each lexeme stands in what pycparser reads."""
    return [*accumulate((len(one.text) + 1 for one in lexemes), initial=1)]


def _tree(source: str, lexemes: Sequence[Lexeme], types: Sequence[str], structs: Mapping[str, str]) -> Tree:
    head = " ".join(
        [f"typedef {'int' if (BASIC.get(name) or guessed(name)).whole else 'double'} {name};" for name in types]
        + [f"typedef struct {{ {members} }} {name};" for name, members in structs.items()]
    )
    root = CParser().parse(f"{head}\n{' '.join(one.text for one in lexemes)}")
    return Tree(source, lexemes, _columns(lexemes), root, types, structs)


def _refused(source: str, lexemes: Sequence[Lexeme], error: ParseError) -> Refusal:
    """Return why a text cannot be parsed, with the place."""
    found = ERROR_PLACE.search(str(error))
    if found is None or int(found.group(1)) != BODY_LINE:
        return Refusal("EL801", "this C ends before it is complete", Lexeme("", lexemes[-1].start, lexemes[-1].stop))
    one = lexemes[max(bisect_right(_columns(lexemes), int(found.group(2))) - 1, 0)]
    other = next((word for word in lexemes if word.text in OTHERS), None)
    if other is not None:
        return Refusal("EL802", OTHERS[other.text], other)
    return Refusal("EL801", f"this cannot be read as C: {one.text} is not expected here", one)


def _types(lexemes: Sequence[Lexeme]) -> list[str]:
    """Return the types that a text names and does not define."""
    own = {lexemes[n + 1].text for n, one in enumerate(lexemes[:-1]) if one.text == "typedef"}
    defined = set(_defined(lexemes))
    words = dict.fromkeys(one.text for one in lexemes if one.text in BASIC and one.text not in KEYWORDS)
    words.update(dict.fromkeys(name for name in _unknown(lexemes) if name not in own))
    return [name for name in words if name not in defined]


def _defined(lexemes: Sequence[Lexeme]) -> Iterator[str]:
    """Yield the names that typedefs define: the last word before the semicolon."""
    place = 0
    while place < len(lexemes):
        if lexemes[place].text == "typedef":
            depth, last = 0, ""
            while place + 1 < len(lexemes) and (depth or lexemes[place].text != ";"):
                depth += (lexemes[place].text in "{[(") - (lexemes[place].text in "}])")
                last = lexemes[place].text if lexemes[place].is_word and not depth else last
                place += 1
            yield last
        place += 1


def _unknown(lexemes: Sequence[Lexeme]) -> Iterator[str]:
    """Yield words that stand where only a type can: before a name that is declared."""
    starts = {"", "{", "}", ";", "(", ",", "const", "static", "restrict", "inline", "register", "volatile", "extern",
              "unsigned", "typedef"}  # fmt: skip
    for place, one in enumerate(lexemes):
        before = lexemes[place - 1].text if place else ""
        if not one.is_word or one.text in KEYWORDS or one.text in BASIC or before not in starts:
            continue
        after = place + 1
        while after < len(lexemes) and lexemes[after].text in ("*", "const", "restrict", "volatile"):
            after += 1
        named = after < len(lexemes) and lexemes[after].is_word and lexemes[after].text not in KEYWORDS
        stars = any(lexemes[n].text == "*" for n in range(place + 1, min(after, len(lexemes))))
        cast = stars and before == "(" and after < len(lexemes) and lexemes[after].text == ")"
        product = stars and not any(lexemes[n].text in ("const", "restrict") for n in range(place + 1, after))
        if cast or (named and (not product or _declares(lexemes, place, after))):
            yield one.text


def _declares(lexemes: Sequence[Lexeme], place: int, after: int) -> bool:
    """Return whether `T * x` declares: at the start of a statement, or in the parameters of a function."""
    before = lexemes[place - 1].text if place else ""
    if before in ("", "{", "}", ";", "const", "static", "register", "volatile", "extern", "typedef"):
        return True
    following = lexemes[after + 1].text if after + 1 < len(lexemes) else ""
    return before in ("(", ",") and following in (",", ")", "[") and _in_parameters(lexemes, place)


def _in_parameters(lexemes: Sequence[Lexeme], place: int) -> bool:
    """Return whether a place is inside brackets that a body follows."""
    depth = 0
    while place < len(lexemes):
        depth += (lexemes[place].text == "(") - (lexemes[place].text == ")")
        if depth < 0:
            return place + 1 < len(lexemes) and lexemes[place + 1].text in ("{", ";")
        place += 1
    return False
