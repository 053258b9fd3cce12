"""Passes that choose the steps of a program, before its loops are transformed."""

from __future__ import annotations

from ..core.path import path_terms
from .draft import Draft
from .language import PassCall


def path(draft: Draft, command: PassCall) -> Draft:
    """Return the program in the steps of a contraction path, two operands at a time."""
    pairs = draft.find_path(draft.spec, ",".join(command.arguments) or "auto")
    if len(draft.spec.operands) == 1 or (len(pairs) == 1 and not draft.lone):
        return draft  # one step for all operands is one nest
    return draft.in_steps(lone=draft.lone, pairs=pairs)


def presum(draft: Draft, command: PassCall) -> Draft:
    """Return the program with every operand summed first over the indices that only it has, and not the output."""
    terms = path_terms(draft.spec)
    every = [label for term in terms for label in term]
    summed = {label for label in every if every.count(label) == 1} - set(draft.spec.output)
    lone = tuple(number for number, term in enumerate(terms) if summed & set(term))
    if not lone or len(terms) == 1:
        return draft
    return draft.in_steps(lone=lone, pairs=draft.pairs)
