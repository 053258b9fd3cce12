"""A formula as LaTeX, and as a tree of MathML elements in which indices have their colours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from unicodedata import name as unicode_name

from ..core.formula import Element, Formula
from ..core.greek import GREEK, LETTERS
from ..core.spec import DOTS

UNWRITTEN_IN_TEX = frozenset({"omicron"})
"""LaTeX has no command for a letter that looks like an o."""
THIN_SPACE = "0.17em"


class NameKind(Enum):
    """How the name of an array or an index is set."""

    DOTS = "dots"
    GREEK = "greek"
    LETTER = "letter"
    NUMBER = "number"
    NUMBERED = "numbered"
    """A letter with digits below it."""
    WORD = "word"


def latex(formula: Formula) -> str:
    r"""Return a formula in LaTeX, without dollar signs. The formula reader reads it back.

    >>> print(latex(Formula(result=Element("C", ("i", "k")), over=("j",), factors=(Element("A", ("i", "j")),))))
    C_{ik} = \sum_{j} A_{ij}
    """
    sign = f"\\sum_{{{','.join(map(_latex_name, formula.over))}}} " if formula.over else ""
    return f"{_latex_element(formula.result)} = {sign}{' '.join(map(_latex_element, formula.factors))}"


def _latex_element(element: Element) -> str:
    r"""Return an element in LaTeX.

    >>> print(_latex_element(Element("self_q", ("alpha", "e0"))), _latex_element(Element("a1", ("i",))))
    \mathrm{self\_q}_{\alpha e_{0}} \mathrm{a1}_{i}
    >>> print(_latex_element(Element("scores", ("batch", "query"))), _latex_element(Element("c1")))
    \mathrm{scores}_{\mathrm{batch},\mathrm{query}} c_{1}
    """
    if not element.at:
        return _latex_name(element.array)
    inside = _separator(element.at).join(_spaced([_latex_name(text) for text in element.at]))
    return f"{_latex_name(element.array, head=True)}_{{{inside}}}"


def _latex_name(name: str, *, head: bool = False) -> str:
    """Return a name in LaTeX. `head`: a subscript follows, and two of them are not TeX."""
    kind, text = _kind(name, head=head)
    match kind:
        case NameKind.DOTS:
            return r"\ldots"
        case NameKind.GREEK:
            return f"\\{text}"
        case NameKind.NUMBERED:
            return f"{text[0]}_{{{text[1:]}}}"
        case NameKind.WORD:
            return f"\\mathrm{{{text.replace('_', chr(92) + '_')}}}"
    return text


def _spaced(written: Sequence[str]) -> Iterator[str]:
    """Yield texts that can follow each other: a command ends before a letter."""
    for text, following in zip(written, (*written[1:], ""), strict=True):
        command = text.startswith("\\") and text[-1].isalpha()
        yield f"{text} " if command and following[:1].isalpha() else text


def _separator(names: Sequence[str]) -> str:
    """Return what stands between indices: nothing, unless words would run together."""
    return "," if any(_kind(name)[0] is NameKind.WORD for name in names) else ""


def _kind(name: str, *, head: bool = False) -> tuple[NameKind, str]:
    """Return how a name is set, and its text: a Greek letter by its name."""
    spelled = name if name.isascii() else _spelled(name)
    if name == DOTS:
        return NameKind.DOTS, name
    if spelled in GREEK and spelled not in UNWRITTEN_IN_TEX:
        return NameKind.GREEK, spelled
    if len(spelled) == 1 and spelled.isalpha():
        return NameKind.LETTER, spelled
    if spelled.isdigit():
        return NameKind.NUMBER, spelled
    numbered = spelled[:1].isalpha() and spelled[1:].isdigit() and not head
    return NameKind.NUMBERED if numbered else NameKind.WORD, spelled


def _spelled(name: str) -> str:
    """Return a Greek letter by its name; other names as they are.

    >>> _spelled("α"), _spelled("Σ"), _spelled("é")
    ('alpha', 'Sigma', 'é')
    """
    words = unicode_name(name, "").split() if len(name) == 1 else []
    if len(words) != 4 or words[0] != "GREEK":
        return name
    spelled = words[3].lower() if words[1] == "SMALL" else words[3].capitalize()
    return spelled if spelled in GREEK else name


@dataclass(frozen=True, slots=True)
class Node:
    """An element of MathML: its tag, and either text or children. `colour`: the number of the index that it names."""

    tag: str
    text: str = ""
    children: tuple[Node, ...] = ()
    colour: int | None = None
    space: str | None = None


def mathml(formula: Formula, colours: Mapping[str, int]) -> Node:
    """Return a formula as an `mrow`.

    >>> trace = Formula(result=Element("c"), over=("i",), factors=(Element("A", ("i", "i")),))
    >>> [node.tag for node in mathml(trace, {"i": 0}).children]
    ['mi', 'mo', 'munder', 'msub']
    """
    over = [_node(name, colours) for name in formula.over]
    sign = [Node("munder", children=(Node("mo", "∑"), _row(over, ",")))] if over else []
    factors = [_element_node(element, colours) for element in formula.factors]
    spaced = (node for factor in factors for node in (Node("mspace", space=THIN_SPACE), factor))
    return Node("mrow", children=(_element_node(formula.result, colours), Node("mo", "="), *sign, *[*spaced][1:]))


def _element_node(element: Element, colours: Mapping[str, int]) -> Node:
    if not element.at:
        return _node(element.array, colours)
    inside = [_node(name, colours) for name in element.at]
    return Node("msub", children=(_node(element.array, colours, head=True), _row(inside, _separator(element.at))))


def _row(nodes: Sequence[Node], separator: str) -> Node:
    between = [Node("mo", separator)] if separator else []
    return Node("mrow", children=tuple([x for node in nodes for x in (*between, node)][len(between) :]))


def _node(name: str, colours: Mapping[str, int], *, head: bool = False) -> Node:
    kind, text = _kind(name, head=head)
    match kind:
        case NameKind.DOTS:
            return Node("mo", "…")
        case NameKind.GREEK:
            return Node("mi", LETTERS[text], colour=colours.get(text, colours.get(LETTERS[text])))
        case NameKind.NUMBER:
            return Node("mn", text)
        case NameKind.NUMBERED:
            letter = Node("mi", text[0], colour=colours.get(text[0]))
            return Node("msub", children=(letter, _row([Node("mn", text[1:])], "")), colour=colours.get(text))
    return Node("mtext" if kind is NameKind.WORD else "mi", text, colour=colours.get(text))
