"""A Spec in, the expression with a name for every axis out, as einops and einx take it."""

from __future__ import annotations

import keyword

from ...core.arrays import ArrayNode, Name, NamedDot, NamedRearrange, NamedSum
from ...core.names import Names
from ...core.spec import DOTS, Spec, folded
from .labelled import Labels
from .plain import operand_labels


def einops_expression(spec: Spec, names: Names) -> ArrayNode | None:
    """Return the call, or None where nothing is to be done.

    einops.einsum hands everything to np.einsum, so it can say whatever that can.
    """
    tree = _single(spec, names)
    return tree if tree is not None or is_identity(spec) else _dot(spec, names)


def einx_expression(spec: Spec, names: Names) -> ArrayNode | None:
    """Return the call, or None where einx refuses.

    einx 0.4 neither stretches an axis of size 1, nor takes one of length 0, nor sums an index of a product that does
    not stand in exactly two operands, nor takes ellipses of different ranks. Diagonals are not offered: of
    `i a i b -> a i b` its `id` takes other elements.
    """
    odd = any(index.diagonal or index.stretched or index.extent == 0 for index in spec.indices)
    if odd or is_identity(spec) or not all(name.isascii() for name in axis_names(spec).values()):
        return None
    if len(spec.operands) == 1:
        return _single(spec, names)
    dotted = sum(map(_dotted, (operand_labels(spec, number) for number in range(len(spec.operands)))))
    paired = all(len(index.operands) == 2 for index in spec.summed)
    return _dot(spec, names) if dotted < 2 and paired else None


def is_identity(spec: Spec) -> bool:
    """Return whether the result is the one operand as it is."""
    return len(spec.operands) == 1 and operand_labels(spec, 0) == spec.output


def axis_names(spec: Spec) -> dict[str, str]:
    """Return by label a name that both libraries take: the label itself, or the letter that stands for it."""
    letters = spec.letters
    named = [index.label for index in spec.indices if not index.covered]
    plain = {x for x in named if x.isidentifier() and not keyword.iskeyword(x) and x == x.strip("_")}
    return {label: label if label in plain else letters[label] for label in named}


def _single(spec: Spec, names: Names) -> ArrayNode | None:
    """Return a rearrangement or a sum of one operand without repeated indices."""
    if len(spec.operands) > 1 or any(index.diagonal for index in spec.indices) or is_identity(spec):
        return None
    kind = NamedSum if spec.summed else NamedRearrange
    term, output = _term(spec, operand_labels(spec, 0)), _term(spec, spec.output)
    return kind(array=Name(name=names.operands[0]), term=term, output=output)


def _dot(spec: Spec, names: Names) -> ArrayNode:
    return NamedDot(
        arrays=tuple(Name(name=name) for name in names.operands),
        terms=tuple(_term(spec, operand_labels(spec, number)) for number in range(len(spec.operands))),
        output=_term(spec, spec.output),
    )


def _term(spec: Spec, labels: Labels) -> Labels:
    """Return the labels as axis names, the axes of an ellipsis as one `...` again."""
    names = axis_names(spec)
    return tuple(names.get(label, label) for label in folded(labels))


def _dotted(labels: Labels) -> bool:
    return any(label.startswith(DOTS) for label in labels)
