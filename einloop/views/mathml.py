"""LaTeX of formulas as a tree of MathML elements: the commands that formulas of einsums are written with, no others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}_^]|\d+(?:\.\d+)?|\s+|.", re.DOTALL)

SMALL = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "omicron": "ο", "pi": "π", "rho": "ρ",
    "varsigma": "ς", "sigma": "σ", "tau": "τ", "upsilon": "υ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
}  # fmt: skip
OTHER = {"varepsilon": "ε", "vartheta": "ϑ", "varpi": "ϖ", "varrho": "ϱ", "phi": "ϕ", "ell": "ℓ"}
CAPITAL = {
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ",
    "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
LETTERS = SMALL | OTHER | CAPITAL
ESCAPED = "_{}$&#%"
BIG = {"sum": "∑", "prod": "∏"}
SIGNS = {
    **BIG, **{mark: mark for mark in ESCAPED},
    "ldots": "…", "dots": "…", "cdots": "⋯", "cdot": "⋅", "times": "×", "odot": "⊙", "otimes": "⊗", "to": "→",
    "ne": "≠", "neq": "≠", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "in": "∈", "infty": "∞", "approx": "≈",
}  # fmt: skip
SPACES = {",": "0.17em", ":": "0.22em", ";": "0.28em", " ": "0.25em", "quad": "1em", "qquad": "2em"}
WORDS = ("mathrm", "mathit", "mathbf", "mathtt", "text", "operatorname")


@dataclass(frozen=True, slots=True)
class Node:
    """An element: its tag, and either text or children. `colour`: the number of the index that it names."""

    tag: str
    text: str = ""
    children: tuple[Node, ...] = ()
    colour: int | None = None
    space: str | None = None


class UnknownTexError(ValueError):
    """The formula holds something that this reader does not know."""


def mathml(latex: str, colours: Mapping[str, int]) -> Node | None:
    r"""Return a formula as an `mrow`; None where it holds a command that is not known here.

    >>> [node.tag for node in mathml(r"c = \sum_{i} A_{ii}", {"i": 0}).children]
    ['mi', 'mo', 'munder', 'msub']
    """
    reader = _Reader(latex, colours)
    try:
        return reader.row(None)
    except (UnknownTexError, RecursionError):
        return None


class _Reader:
    def __init__(self, latex: str, colours: Mapping[str, int]) -> None:
        self.tokens = [match.group() for match in TOKEN.finditer(latex)]
        self.colours = colours
        self.place = 0

    def peek(self) -> str | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def take(self) -> str:
        token = self.peek()
        if token is None:
            raise UnknownTexError("the formula ends too early")
        self.place += 1
        return token

    def row(self, end: str | None) -> Node:
        """Read up to `end`, which is taken; None: up to the end of the formula."""
        nodes: list[Node] = []
        while (token := self.peek()) != end:
            if token is None:
                raise UnknownTexError("an open brace")
            if token.isspace():
                self.place += 1
                if end is None and nodes and _letter_like(nodes[-1]) and self.peek() not in (None, "="):
                    nodes.append(Node("mspace", space=SPACES[","]))
                continue
            nodes.append(self.scripted())
        if end is not None:
            self.place += 1
        return Node("mrow", children=tuple(nodes))

    def scripted(self) -> Node:
        """Read an atom with what hangs below and above it."""
        base = self.atom()
        below = above = None
        while (token := self.peek()) in ("_", "^"):
            self.place += 1
            if (below if token == "_" else above) is not None:
                raise UnknownTexError("two scripts")
            script = self.group()
            below, above = (script, above) if token == "_" else (below, script)
        scripts = tuple(script for script in (below, above) if script is not None)
        if not scripts:
            return base
        kind = "both" if len(scripts) == 2 else "below" if below is not None else "above"
        tags = BIG_TAGS if base.text in BIG.values() else TAGS
        return Node(tags[kind], children=(base, *scripts), colour=self.numbered(base, below))

    def numbered(self, base: Node, below: Node | None) -> int | None:
        """Return the colour of a name like `e0`, written `e_{0}`."""
        digits = "" if below is None else "".join(child.text for child in below.children)
        return self.colours.get(base.text + digits) if base.tag == "mi" and digits.isdigit() else None

    def group(self) -> Node:
        """Read a group in braces, or one atom."""
        while (token := self.peek()) is not None and token.isspace():
            self.place += 1
        if token == "{":
            self.place += 1
            return self.row("}")
        return Node("mrow", children=(self.atom(),))

    def atom(self) -> Node:
        token = self.take()
        if token == "{":
            return self.row("}")
        if token in ("}", "_", "^"):
            raise UnknownTexError(token)
        if token.startswith("\\"):
            return self.command(token[1:])
        if token[0].isdigit():
            return Node("mn", token)
        if token.isalpha():
            return Node("mi", token, colour=self.colours.get(token))
        return Node("mo", token)

    def command(self, name: str) -> Node:
        if name in LETTERS:
            colour = self.colours.get(name, self.colours.get(LETTERS[name]))
            return Node("mi", LETTERS[name], colour=colour)
        if name in SPACES:
            return Node("mspace", space=SPACES[name])
        if name in WORDS:
            return self.word()
        if name == "frac":
            return Node("mfrac", children=(self.group(), self.group()))
        if name == "overline":
            return Node("mover", children=(self.group(), Node("mo", "‾")))
        if name not in SIGNS:
            raise UnknownTexError(name)
        return Node("mo", SIGNS[name])

    def word(self) -> Node:
        """Read a name of several letters in braces."""
        if self.take() != "{":
            raise UnknownTexError("a name without braces")
        letters = []
        while (token := self.take()) != "}":
            if token == "{" or (token.startswith("\\") and token[1:] not in ESCAPED):
                raise UnknownTexError(token)
            letters.append(token.removeprefix("\\"))
        text = "".join(letters)
        return Node("mtext", text, colour=self.colours.get(text))


TAGS = {"both": "msubsup", "below": "msub", "above": "msup"}
BIG_TAGS = {"both": "munderover", "below": "munder", "above": "mover"}


def _letter_like(node: Node) -> bool:
    return node.tag in ("mi", "mtext", "mn", "msub", "msup", "msubsup")
