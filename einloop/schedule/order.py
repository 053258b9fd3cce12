"""Reorder the loops of a perfect nest. Changes no statement."""

from __future__ import annotations

from ..core.errors import OptionError
from ..core.nest import Head, Loop, Nest, Statement
from ..core.spec import DOTS, Spec
from .lower import nested


def reorder(nest: Nest, labels: tuple[str, ...]) -> Nest:
    """Return `nest` with its loops in the order of `labels`, which name each index once.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> from einloop.core.names import choose_names
    >>> from einloop.schedule.lower import Request, lower
    >>> spec = read_subscripts("ij,jk->ik")
    >>> nest = reorder(lower(spec, choose_names(spec), Request()), ("k", "j", "i"))
    >>> [head.of.label for head in chain(nest.body)[0]]
    ['k', 'j', 'i']
    """
    heads, inner = chain(nest.body)
    if labels == tuple(head.of.label for head in heads):
        return nest
    by_label = {head.of.label: head for head in heads}
    return nest.with_body(nested(tuple(by_label[label] for label in labels), inner))


def chain(body: tuple[Statement, ...]) -> tuple[tuple[Head, ...], tuple[Statement, ...]]:
    """Return the heads of the loops that stand directly inside each other, and what the innermost holds."""
    heads: list[Head] = []
    while len(body) == 1 and isinstance(body[0], Loop):
        heads += body[0].heads
        body = body[0].body
    return tuple(heads), body


def order_by_output(spec: Spec) -> tuple[str, ...]:
    """Return the labels with free indices first, as in the output, then summed ones as they appear."""
    return (*spec.output, *(index.label for index in spec.summed))


def order_by_appearance(spec: Spec) -> tuple[str, ...]:
    """Return the labels as they first appear in the inputs."""
    return tuple(index.label for index in spec.indices)


def read_order(spec: Spec, text: str) -> tuple[str, ...]:
    """Return the labels of an order the user wrote, `i,k,j` or, for labels of one letter, `ikj`.

    `...` stands for all axes of an ellipsis. Raises OptionError unless every index is named once.
    """
    known = order_by_appearance(spec)
    words = [word.strip() for word in text.split(",")]
    if len(words) == 1 and len(known) > 1 and all(letter in known for letter in text):
        words = list(text)
    covered = tuple(label for label in known if label.startswith(DOTS))
    labels = tuple(label for word in words for label in (covered if word == DOTS else (word,)) if label)
    if sorted(labels) != sorted(known):
        raise OptionError(
            "EL408",
            f"order {text!r} must name each index once: {', '.join(known) or 'there is none'}",
            hint="appearance, output, or indices from the outermost loop to the innermost, like i,k,j",
        )
    return labels
