"""Reorder the loops of a perfect nest. Changes no statement."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..core.buffer import Access
from ..core.errors import OptionError
from ..core.near import meant
from ..core.nest import Head, Stage, Statement, chain, nested
from ..core.spec import DOTS
from .draft import Draft
from .language import PassCall
from .pieces import STRETCHED

MEMORY = "memory"

Order = Callable[[Stage], tuple[str, ...]]
"""The labels of a stage's loops from the outermost to the innermost."""


def order(draft: Draft, command: PassCall) -> Draft:
    """Return the program with the loops of each stage in another order: a named one, or the labels that are listed.

    `...` stands for all axes of an ellipsis. Raises OptionError unless every index is named once.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> from einloop.core.names import choose_names
    >>> from einloop.schedule import Request, first_draft, read_schedule
    >>> spec = read_subscripts("ij,jk->ik")
    >>> draft = first_draft(spec, choose_names(spec), Request(), lambda spec, name: ())
    >>> [head.label for head in order(draft, read_schedule("order(output)")[0]).nest.stages[0].heads]
    ['i', 'k', 'j']
    """
    wanted = _order(draft, command)
    return draft.with_bodies(lambda stage: _reordered(stage, wanted(stage)))


def _order(draft: Draft, command: PassCall) -> Order:
    text = ",".join(command.arguments)
    if text in ORDERS:
        return ORDERS[text]
    if text == MEMORY:
        draft.check_strides(command, "order(memory) compares", hint="canonicalise order(memory)")
        from .memory import order_by_memory

        return lambda stage: order_by_memory(stage, draft.request.machine)
    labels = read_order(draft.labels, text)
    return lambda stage: labels


def _reordered(stage: Stage, labels: tuple[str, ...]) -> tuple[Statement, ...]:
    heads, inner = chain(stage.body)
    blocks = [head for head in heads if head.step > 1]
    by_label = {head.label: head for head in _plain(stage)}
    return nested((*blocks, *(by_label[label] for label in labels if label in by_label)), inner)


def _plain(stage: Stage) -> list[Head]:
    """Return the loops of a stage that do not run over blocks."""
    return [head for head in stage.heads if head.step == 1]


def order_by_output(stage: Stage) -> tuple[str, ...]:
    """Return the labels of a stage with free indices first, as in its result, then summed ones as they stand."""
    heads = _plain(stage)
    free = {head.index: head.label for head in heads if not head.summed}
    written = stage.statement.target.subscripts
    return (*(free[name] for name in written if name in free), *(head.label for head in heads if head.summed))


def order_by_appearance(stage: Stage) -> tuple[str, ...]:
    """Return the labels of a stage as they stand: as they first appear in what it reads."""
    return tuple(head.label for head in _plain(stage))


def order_by_axes(stage: Stage) -> tuple[str, ...]:
    """Return the labels of a stage in an order that needs no sizes to be known: last axes lie together in memory.

    A free index along which the result is contiguous, and every factor that has it, stands innermost: a compiler makes
    vectors of that. Else totals are made where the innermost loop sums already; and what sums nothing is written as it
    lies. Anything else stays in order of appearance, which compilers may change themselves.
    """
    heads = stage.heads
    sums = any(head.summed for head in heads)
    side_by_side = [head.label for head in _plain(stage) if _side_by_side(head.index, stage)]
    if sums and side_by_side:
        last = side_by_side[-1]
        return (*(label for label in order_by_appearance(stage) if label != last), last)
    return order_by_output(stage) if not sums or heads[-1].summed else order_by_appearance(stage)


def _side_by_side(index: str, stage: Stage) -> bool:
    """Return whether a loop over the index writes neighbours, and reads neighbours or one element of each factor."""
    target, factors = stage.statement.target, stage.factors
    return _is_last(index, target) and all(index not in a.subscripts or _is_last(index, a) for a in factors)


def _is_last(index: str, access: Access) -> bool:
    """Return whether the index is that of an array's last axis, and of no other."""
    axes = [subscript for subscript in access.subscripts if subscript != STRETCHED]
    return axes[-1:] == [index] and axes.count(index) == 1


def read_order(known: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Return the labels of an order the user wrote, `i,k,j` or, for labels of one letter, `ikj`.

    `...` stands for all axes of an ellipsis. Raises OptionError unless every index is named once.
    """
    words = [word.strip() for word in text.split(",")]
    if len(words) == 1 and len(known) > 1 and all(letter in known for letter in text):
        words = list(text)
    covered = tuple(label for label in known if label.startswith(DOTS))
    labels = tuple(label for word in words for label in (covered if word == DOTS else (word,)) if label)
    if sorted(labels) != sorted(known):
        usual = "appearance, output, axes, or indices from the outermost loop to the innermost, like i,k,j"
        raise OptionError(
            "EL408",
            f"order {text!r} must name each index once: {', '.join(known) or 'there is none'}",
            hint=meant(text, ORDERS, usual),
        )
    return labels


ORDERS: Mapping[str, Order] = {"appearance": order_by_appearance, "output": order_by_output, "axes": order_by_axes}
"""Orders that have a name."""
