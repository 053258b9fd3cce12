"""C text in, its words and marks out, each with the characters of the text that it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LEXEME = re.compile(
    r"""
    (?P<space>(?:[ \t\f\v\r]|\\\r?\n|//(?:\\\r?\n|[^\n])*|/\*.*?\*/)+)
  | (?P<newline>\n)
  | (?P<word>[^\W\d]\w*|\$\w+)
  | (?P<number>\.?\d(?:[eEpP][+-]|[\w.])*)
  | (?P<string>L?"(?:\\.|[^"\\\n])*"|L?'(?:\\.|[^'\\\n])*')
  | (?P<mark>\#\#|<<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A word or a mark, and the characters of the text that stand for it: of a macro's use, for what a macro gives.

    `hidden`: macros that it is not to be replaced by, as it came out of them.
    """

    text: str
    start: int
    stop: int
    hidden: frozenset[str] = frozenset()
    spaced: bool = True
    """A space stands before it, which tells `#define A (x)` from `#define A(x)`."""

    @property
    def is_word(self) -> bool:
        """It is a name or a keyword."""
        return self.text[0].isalpha() or self.text[0] in "_$"


def lexemes(text: str) -> Iterator[Lexeme]:
    """Yield the words and marks of C text, and its line ends; not its comments.

    >>> [lexeme.text for lexeme in lexemes("a += b[i] /* row */ * 2.5e-3f; // done")]
    ['a', '+=', 'b', '[', 'i', ']', '*', '2.5e-3f', ';']
    """
    spaced = True
    for found in LEXEME.finditer(text):
        if found.lastgroup == "space":
            spaced = True
            continue
        yield Lexeme(found.group(), found.start(), found.end(), spaced=spaced)
        spaced = False
