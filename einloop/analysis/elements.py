"""Elements of operands and result as text: `A[i,j]`, `A_{ij}`. Reads no values."""

from __future__ import annotations

from collections.abc import Mapping

from ..core.greek import GREEK
from ..core.names import Names
from ..core.spec import DOTS, Spec

UNWRITTEN_IN_TEX = frozenset({"omicron"})
"""LaTeX has no command for a letter that looks like an o."""


def element(spec: Spec, names: Names, number: int, at: Mapping[str, str] | None = None) -> str:
    """Return the element of an operand that the loops read, each index by its name, or by what `at` puts for it.

    A stretched axis is read at 0; an ellipsis of unknown rank stays `...`.

    >>> from einloop.core.names import choose_names
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = read_subscripts("ij,j->i")
    >>> element(spec, choose_names(spec), 0), element(spec, choose_names(spec), 1, {"j": "2"})
    ('A[i,j]', 'b[2]')
    """
    return _indexed(names.operands[number], subscripts(spec, names, number, at))


def result_element(spec: Spec, names: Names, at: Mapping[str, str] | None = None) -> str:
    """Return the element of the result that the loops write; like `element`."""
    return _indexed(names.result, [_subscript(label, names, at) for label in spec.output])


def subscripts(spec: Spec, names: Names, number: int, at: Mapping[str, str] | None = None) -> list[str]:
    """Return what stands in the brackets of an operand's element, one text an axis."""
    operand = spec.operands[number]
    return [
        "0" if axis in operand.stretched else _subscript(label, names, at) for axis, label in enumerate(operand.labels)
    ]


def _subscript(label: str, names: Names, at: Mapping[str, str] | None) -> str:
    if at is not None and label in at:
        return at[label]
    return DOTS if label == DOTS else names.index[label]


def _indexed(name: str, inside: list[str]) -> str:
    return f"{name}[{','.join(inside)}]" if inside else name


def tex_element(name: str, inside: list[str]) -> str:
    r"""Return an element in LaTeX.

    >>> print(tex_element("A", ["i", "j"]), tex_element("self_q", ["alpha", "e0"]), tex_element("c", []))
    A_{ij} \mathrm{self\_q}_{\alpha e_{0}} c
    >>> print(tex_element("a1", ["i"]))
    \mathrm{a1}_{i}
    >>> print(tex_element("scores", ["batch", "query"]))
    \mathrm{scores}_{\mathrm{batch},\mathrm{query}}
    """
    if not inside:
        return tex_name(name)
    written = [tex_name(text) for text in inside]
    words = any(text.startswith(r"\mathrm") for text in written)
    head = tex_name(name)
    if head.endswith("}") and not head.startswith("\\"):
        head = f"\\mathrm{{{name}}}"  # a second subscript behind the first one is no TeX
    return f"{head}_{{{(',' if words else '').join(_spaced(written))}}}"


def _spaced(written: list[str]) -> list[str]:
    """Return texts that can stand behind each other: a command ends before a letter."""
    ends = [*written[1:], ""]
    return [
        f"{text} " if text.startswith("\\") and text[-1].isalpha() and following[:1].isalpha() else text
        for text, following in zip(written, ends, strict=True)
    ]


def tex_name(name: str) -> str:
    """Return the name of an array or an index in LaTeX."""
    if name == DOTS:
        return r"\ldots"
    if not name.isascii():
        name = _spelled(name)
    if name in GREEK - UNWRITTEN_IN_TEX:
        return f"\\{name}"
    letter, digits = name[:1], name[1:]
    if not digits:
        return letter
    if digits.isdigit() and letter.isalpha():
        return f"{letter}_{{{digits}}}"
    if name.isdigit():
        return name
    return f"\\mathrm{{{name.replace('_', chr(92) + '_')}}}"


def _spelled(name: str) -> str:
    """Return a Greek letter by its name; other names as they are.

    >>> _spelled("α"), _spelled("Σ"), _spelled("é")
    ('alpha', 'Sigma', 'é')
    """
    from unicodedata import name as unicode_name

    words = unicode_name(name, "").split() if len(name) == 1 else []
    if len(words) != 4 or words[0] != "GREEK":
        return name
    spelled = words[3].lower() if words[1] == "SMALL" else words[3].capitalize()
    return spelled if spelled in GREEK else name
