"""What sums of einsums mean and cost: one analysis a file, each `Joined -> Section | None`."""

from __future__ import annotations

from .cost import sum_cost
from .formula import ones_of, statement_formula, term_formula, term_text
from .one import one_of_sum
from .sentence import sum_sentence, view_sentences
from .shapes import sum_shapes
from .shared import shared
from .terms import terms

__all__ = [
    "one_of_sum",
    "ones_of",
    "shared",
    "statement_formula",
    "sum_cost",
    "sum_sentence",
    "sum_shapes",
    "term_formula",
    "term_text",
    "terms",
    "view_sentences",
]
