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
MAX_NAME = 24
"""Letters of a name that is made of an expression."""
NAMED_NODES = (ast.Name, ast.Attribute, ast.Subscript, ast.Call)
"""The expressions whose text makes a name; that of `a + b` or `[1, 2]` would mislead."""
CHANGING_NODES = (ast.Call, ast.Await, ast.NamedExpr, ast.Starred, ast.Yield)
"""What may give another array each time."""
PASTE_HINT = "paste the string itself, like np.einsum('ij,jk->ik', a, b)"


def is_string(node: ast.expr) -> bool:
    """Tell whether `node` is a string or bytes written out."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)


def string_passage(call: PastedCall, node: ast.expr) -> Passage:
    """Return the value of a string literal as a passage of the pasted text.

    Raises NotationError for anything but a literal: nothing is run to know its value.
    """
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str | bytes):
        raise hidden_subscripts(call, node)
    value = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
    span, literal = call.span(node), LITERAL.fullmatch(call.segment(node))
    arrow = value.find(ARROW) if value.count(ARROW) == 1 and "->" not in value else None
    as_written = literal is not None and literal[2] == value
    return Passage(
        source=call.source,
        text=value if arrow is None else value.replace(ARROW, "->"),
        start=span.start + literal.start(2) if literal is not None else 0,
        whole=None if as_written else span,
        arrow=arrow,
    )


def hidden_subscripts(call: PastedCall, node: ast.expr) -> NotationError:
    """Return the refusal of subscripts that are not a string written out."""
    what = "an f-string" if isinstance(node, ast.JoinedStr) else "not a string written out"
    message = f"the subscripts `{call.shown(node)}` are {what}; the call does not show what they are"
    return call.refusal("EL132", node, message, PASTE_HINT)


def name_of(call: PastedCall, node: ast.expr) -> str | None:
    """Return an identifier that resembles the text of `node`, None where none does.

    An operator or a literal gives none, nor does a text that makes a keyword or a very long name.
    """
    if not isinstance(node, NAMED_NODES):
        return None
    name = node.id if isinstance(node, ast.Name) else identifier(call.segment(node))
    name = unicodedata.normalize("NFKC", name)
    return name if name.isidentifier() and not keyword.iskeyword(name) and len(name) <= MAX_NAME else None


def operand_names(call: PastedCall, operands: Sequence[ast.expr]) -> tuple[str | None, ...]:
    """Return a name for every operand, or None.

    The same text twice is one array and keeps its name, unless it calls something, which may give
    another array each time. Different texts never share a name: a variable keeps its own, of others the later one
    gets none.
    """
    owner: dict[str, str | None] = {x.id: ast.dump(x) for x in operands if isinstance(x, ast.Name)}
    names: list[str | None] = []
    for operand in operands:
        name, same = name_of(call, operand), _identity(operand)
        if name in owner and (same is None or owner[name] != same):
            name = None
        elif name is not None:
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
            if text not in found:
                found[text] = fresh("X" if len(spec.operands[number].labels) > 1 else "x", taken)
                taken.add(found[text])
            names[number] = found[text]
    return tuple(names)


def sublist_of(call: PastedCall, node: ast.expr, operand: int | None) -> Sublist:
    """Return the labels of a list written out, with the span of each.

    Raises NotationError for anything else than a list of numbers and ellipses.
    """
    if not isinstance(node, ast.List | ast.Tuple | ast.Set):
        message = f"{whose(operand)} is not written out: `{call.shown(node)}`"
        raise call.refusal("EL134", node, message, "write its numbers, like [0, 1]", operand=operand)
    sublist = Sublist(
        labels=tuple(_label(call, element, operand) for element in node.elts),
        spans=tuple(call.span(element) for element in node.elts),
        span=call.span(node),
    )
    return check_sublist(call.source, sublist, operand)


def is_label(node: ast.expr) -> bool:
    """Tell whether `node` is a whole number or an ellipsis written out."""
    return _value(node) is not None


def _label(call: PastedCall, node: ast.expr, operand: int | None) -> int | None:
    value = _value(node)
    if value is None:
        message = f"`{call.shown(node)}` in {whose(operand)} is not a label"
        hint = "a label is a number from 0 to 51 written out, or ... for the axes of an ellipsis"
        raise call.refusal("EL134", node, message, hint, operand=operand)
    return value if isinstance(value, int) else None


def _value(node: ast.expr) -> object:
    """Return a whole number or Ellipsis where an expression writes one out; else None."""
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() as number):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = _value(operand)
            return -value if isinstance(value, int) else None
        case ast.Constant(value=value) if value is Ellipsis:
            return Ellipsis
        case ast.Name(id="Ellipsis"):
            return Ellipsis
    return None


def _identity(node: ast.expr) -> str | None:
    """Return what is equal for expressions that give the same array; None for one that may give another each time."""
    return None if any(isinstance(part, CHANGING_NODES) for part in ast.walk(node)) else ast.dump(node)
