"""The arguments of a pasted einsum call: names for the arrays, labels of a list, the string itself."""

from __future__ import annotations

import ast
import keyword
import re
import unicodedata
from collections.abc import Sequence

from ...core.errors import NotationError
from ...core.names import fresh, identifier
from ...core.spec import Spec
from ..passage import Passage
from ..sublists import Sublist, check_sublist, whose
from .pasted import PastedCall

LITERAL = re.compile(r"""[a-zA-Z]{0,2}('''|\"""|'|")(.*)\1""", re.DOTALL)
ARROW = "→"
LONGEST_NAME = 24
NAMED_NODES = (ast.Name, ast.Attribute, ast.Subscript, ast.Call)
"""The expressions whose text makes a name; that of `a + b` or `[1, 2]` would mislead."""
PASTE_HINT = "paste the string itself, like np.einsum('ij,jk->ik', a, b)"


def is_string(node: ast.expr) -> bool:
    """Tell whether `node` is a string or bytes written out."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)


def string_passage(call: PastedCall, node: ast.expr) -> Passage:
    """Return the value of a string literal as a passage of the pasted text.

    Raises NotationError for anything but a literal: nothing is run to know its value.
    """
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str | bytes):
        shown = f"`{call.shown(node)}`"
        what = "an f-string" if isinstance(node, ast.JoinedStr) else "not a string written out"
        raise NotationError(
            "EL132",
            f"the subscripts {shown} are {what}; the call does not show what they are",
            text=call.source.text,
            span=call.span(node),
            hint=PASTE_HINT,
        )
    value = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
    span, literal = call.span(node), LITERAL.fullmatch(call.segment(node))
    arrow = value.find(ARROW) if value.count(ARROW) == 1 and "->" not in value else -1
    if arrow >= 0 and literal is not None and literal[2] == value:
        text = value.replace(ARROW, "->")
        return Passage(source=call.source, text=text, start=span.start + literal.start(2), arrow=arrow)
    if arrow >= 0:
        return Passage(source=call.source, text=value.replace(ARROW, "->"), whole=span, arrow=arrow)
    if literal is not None and literal[2] == value:
        return Passage(source=call.source, text=value, start=span.start + literal.start(2))
    return Passage(source=call.source, text=value, whole=span)


def name_of(call: PastedCall, node: ast.expr) -> str | None:
    """Return an identifier that resembles the text of `node`, None where none does.

    An operator or a literal gives none, nor does a text that makes a keyword or a very long name.
    """
    if not isinstance(node, NAMED_NODES):
        return None
    name = node.id if isinstance(node, ast.Name) else identifier(call.segment(node))
    name = unicodedata.normalize("NFKC", name)
    if not name.isidentifier() or keyword.iskeyword(name) or len(name) > LONGEST_NAME:
        return None
    return name


def operand_names(call: PastedCall, operands: Sequence[ast.expr]) -> tuple[str | None, ...]:
    """Return a name for every operand, or None.

    The same text twice is one array and keeps its name, unless it calls something, which may give
    another array each time. Different texts never share a name: a variable keeps its own, of others the later one
    gets none.
    """
    owner: dict[str, str | None] = {x.id: ast.dump(x) for x in operands if isinstance(x, ast.Name)}
    names: list[str | None] = []
    for operand in operands:
        name = name_of(call, operand)
        if name is not None:
            same = _identity(operand)
            if name in owner and (same is None or owner[name] != same):
                name = None
            else:
                owner[name] = same
        names.append(name)
    return tuple(names)


def repeated_names(call: PastedCall, spec: Spec, operands: Sequence[ast.expr]) -> tuple[str | None, ...]:
    """Return the names of the operands of `spec`, with one for all those of the same text that have none: `a - b`."""
    names = [operand.name for operand in spec.operands]
    texts = [_identity(node) for node, _ in zip(operands, names, strict=False)]
    taken = {*call.words, *(index.label for index in spec.indices), *filter(None, names)}
    found: dict[str, str] = {}
    for number, text in enumerate(texts):
        if names[number] is None and text is not None and texts.count(text) > 1:
            letter = "X" if len(spec.operands[number].labels) > 1 else "x"
            if text not in found:
                found[text] = fresh(letter, taken)
                taken.add(found[text])
            names[number] = found[text]
    return tuple(names)


def sublist_of(call: PastedCall, node: ast.expr, operand: int | None) -> Sublist:
    """Return the labels of a list written out, with the span of each.

    Raises NotationError for anything else than a list of numbers and ellipses.
    """
    if not isinstance(node, ast.List | ast.Tuple | ast.Set):
        raise NotationError(
            "EL134",
            f"{whose(operand)} is not written out: `{call.shown(node)}`",
            text=call.source.text,
            span=call.span(node),
            operand=operand,
            hint="write its numbers, like [0, 1]",
        )
    sublist = Sublist(
        labels=tuple(_label(call, element, operand) for element in node.elts),
        spans=tuple(call.span(element) for element in node.elts),
        span=call.span(node),
    )
    return check_sublist(call.source, sublist, operand)


def is_label(node: ast.expr) -> bool:
    """Tell whether `node` is a whole number or an ellipsis written out."""
    value = _value(node)
    return value is Ellipsis or (isinstance(value, int) and not isinstance(value, bool))


def _label(call: PastedCall, node: ast.expr, operand: int | None) -> int | None:
    value = _value(node)
    if value is Ellipsis:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise NotationError(
        "EL134",
        f"`{call.shown(node)}` in {whose(operand)} is no label",
        text=call.source.text,
        span=call.span(node),
        operand=operand,
        hint="a label is a number from 0 to 51 written out, or ... for the axes of an ellipsis",
    )


def _value(node: ast.expr) -> object:
    """Return the value of a literal, of a negative number, of the name Ellipsis; else None."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name) and node.id == "Ellipsis":
        return Ellipsis
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _value(node.operand)
        if isinstance(value, int) and not isinstance(value, bool):
            return -value
    return None


def _identity(node: ast.expr) -> str | None:
    """Return what is equal for expressions that give the same array; None for one that may give another each time."""
    parts = list(ast.walk(node))
    if any(isinstance(part, ast.Call | ast.Await | ast.NamedExpr | ast.Starred | ast.Yield) for part in parts):
        return None
    return ast.dump(node)
