"""A formula as LaTeX, and as a tree of MathML elements in which indices have their colours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from unicodedata import name as unicode_name

from ..core.combination import quotient
from ..core.formula import Addend, Element, Formula, SumFormula, shown_number
from ..core.greek import GREEK, LETTERS
from ..core.spec import DOTS

UNWRITTEN_IN_TEX = frozenset({"omicron"})
"""LaTeX has no command for a letter that looks like an o."""
THIN_SPACE = "0.17em"
COMPLEX = re.compile(r"\((-?[\d.]+)([+-])([\d.]+)j\)")
"""A complex number with two parts, as Python writes it."""


class NameKind(Enum):
    """How the name of an array or an index is set."""

    DOTS = "dots"
    GREEK = "greek"
    LETTER = "letter"
    NUMBER = "number"
    NUMBERED = "numbered"
    """A letter with digits below it."""
    WORD = "word"


def latex(formula: Formula | SumFormula) -> str:
    r"""Return a formula in LaTeX, without dollar signs. The formula reader reads it back.

    >>> print(latex(Formula(result=Element("C", ("i", "k")), over=("j",), factors=(Element("A", ("i", "j")),))))
    C_{ik} = \sum_{j} A_{ij}
    >>> from fractions import Fraction
    >>> half = Addend(negative=True, size=Fraction(1, 2), factors=(Element("b", ("i",)),))
    >>> print(latex(SumFormula(result=Element("c", ("i",)), addends=(half,), adds=True)))
    c_{i} = c_{i} - \frac{1}{2} b_{i}
    """
    if isinstance(formula, SumFormula):
        return _latex_sum(formula)
    sign = f"\\sum_{{{','.join(map(_latex_name, formula.over))}}} " if formula.over else ""
    return f"{_latex_element(formula.result)} = {sign}{' '.join(map(_latex_element, formula.factors))}"


def _latex_sum(formula: SumFormula) -> str:
    result = _latex_element(formula.result)
    text = result if formula.adds else ""
    for addend in formula.addends or (Addend(size=0),):
        sign = "-" if addend.negative else "+" if text else ""
        text += f" {sign} {_latex_addend(addend)}" if text else f"{sign}{_latex_addend(addend)}"
    return f"{result} = {text}"


def _latex_addend(addend: Addend) -> str:
    over, under = ([_latex_scale(text) for text in part] for part in _fraction(addend))
    over = [_without_parentheses(over[0])] if under and len(over) == 1 else over
    front = " ".join(over)
    if under:
        front = f"\\frac{{{front or '1'}}}{{{' '.join(under)}}}"
    sign = f"\\sum_{{{','.join(map(_latex_name, addend.over))}}}" if addend.over else ""
    return " ".join(part for part in (front, sign, *map(_latex_element, addend.factors)) if part) or "1"


def _fraction(addend: Addend) -> tuple[list[str], list[str]]:
    """Return what stands above and below the line in front of a product; a number first."""
    size = addend.size
    if isinstance(size, complex):
        number, divisor = quotient(size)
        above, below = [] if number == 1 else [repr(number)], [] if divisor == 1 else [str(divisor)]
    elif not isinstance(size, int | float):
        above, below = ([str(number)] if number != 1 else [] for number in (size.numerator, size.denominator))
    else:
        above, below = [] if size == 1 else [shown_number(size)], []
    return [*above, *addend.scale], [*below, *addend.divisors]


def _latex_scale(text: str) -> str:
    r"""Return a factor in LaTeX: a number, a name, or code.

    >>> print(_latex_scale("1e-05"), _latex_scale("2.5j"), _latex_scale("alpha"), _latex_scale("A.shape[0]"))
    10^{-5} 2.5 \mathrm{i} \alpha \mathtt{A.shape[0]}
    >>> print(_latex_scale("(1+2j)"), _latex_scale("(-0.5-1j)"))
    (1+2\mathrm{i}) (-0.5-\mathrm{i})
    """
    complex_number = COMPLEX.fullmatch(text)
    if complex_number is not None:
        real, sign, imaginary = complex_number.groups()
        return f"({real}{sign}{'' if imaginary == '1' else imaginary}\\mathrm{{i}})"
    if text.isidentifier():
        return _latex_name(text)
    if text[:1].isdigit() and "e" in text and "j" not in text:
        mantissa, _, power = text.partition("e")
        return ("" if mantissa == "1" else f"{mantissa} \\cdot ") + f"10^{{{int(power)}}}"
    if text[:1].isdigit() and text.endswith("j"):
        return f"{'' if text == '1j' else text[:-1] + ' '}\\mathrm{{i}}"
    if text.replace(".", "").isdigit():
        return text
    code = text.replace("_", r"\_").replace(" ", r"\ ")
    return f"\\mathtt{{{code}}}"


def _without_parentheses(text: str) -> str:
    return text[1:-1] if text.startswith("(") and text.endswith(")") and text.count("(") == 1 else text


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


def mathml(formula: Formula | SumFormula, colours: Mapping[str, int]) -> Node:
    """Return a formula as an `mrow`.

    >>> trace = Formula(result=Element("c"), over=("i",), factors=(Element("A", ("i", "i")),))
    >>> [node.tag for node in mathml(trace, {"i": 0}).children]
    ['mi', 'mo', 'munder', 'msub']
    """
    result = _element_node(formula.result, colours)
    if isinstance(formula, SumFormula):
        return Node("mrow", children=(result, Node("mo", "="), *_sum_nodes(formula, colours)))
    product = _product_nodes(formula.over, formula.factors, colours)
    return Node("mrow", children=(result, Node("mo", "="), *product))


def _product_nodes(over: Sequence[str], factors: Sequence[Element], colours: Mapping[str, int]) -> list[Node]:
    names = [_node(name, colours) for name in over]
    sign = [Node("munder", children=(Node("mo", "∑"), _row(names, ",")))] if names else []
    return [*sign, *_spaced_nodes([_element_node(element, colours) for element in factors])]


def _spaced_nodes(nodes: Sequence[Node]) -> list[Node]:
    return [part for node in nodes for part in (Node("mspace", space=THIN_SPACE), node)][1:]


def _sum_nodes(formula: SumFormula, colours: Mapping[str, int]) -> Iterator[Node]:
    first = not formula.adds
    if formula.adds:
        yield _element_node(formula.result, colours)
    for addend in formula.addends or (Addend(size=0),):
        if addend.negative or not first:
            yield Node("mo", "−" if addend.negative else "+")
        yield from _addend_nodes(addend, colours)
        first = False


def _addend_nodes(addend: Addend, colours: Mapping[str, int]) -> list[Node]:
    over, under = ([_scale_node(text, colours) for text in part] for part in _fraction(addend))
    front = _spaced_nodes(over)
    if under:
        above = front or [Node("mn", "1")]
        parts = (Node("mrow", children=tuple(above)), Node("mrow", children=tuple(_spaced_nodes(under))))
        front = [Node("mfrac", children=parts)]
    product = _product_nodes(addend.over, addend.factors, colours)
    gap = [Node("mspace", space=THIN_SPACE)] if front and product else []
    return [*front, *gap, *product] or [Node("mn", "1")]


def _scale_node(text: str, colours: Mapping[str, int]) -> Node:
    if text.isidentifier():
        return _node(text, colours)
    return Node("mn" if text[:1].isdigit() else "mtext", text)


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
