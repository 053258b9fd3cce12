"""Inputs of one element that are nan or inf, and the first terms that are, in arrays of numpy."""

from __future__ import annotations

import numpy as np

from .blocks import blocks, first_where, is_odd, place_of, points_of
from .cause import Inputs, OddInput
from .element import term_at
from .factors import Factors, multiply
from .traced import TermValue


def odd_inputs(factors: Factors) -> Inputs:
    """Return the first nan and the first other input that is not finite, by operand, and how many there are in all."""
    found: list[OddInput] = []
    count = 0
    for number, view in enumerate(factors.views):
        if view.dtype.kind in "fc":
            places = (first_where(is_odd, view), first_where(np.isnan, view))
            found += [OddInput(number, term_at(factors, place)) for place in dict.fromkeys(places) if place is not None]
            count += sum(int(np.count_nonzero(is_odd(view[piece]))) for piece in blocks(view.shape))
    return found, count


def first_terms(factors: Factors) -> tuple[TermValue | None, TermValue | None, TermValue | None]:
    """Return the first term that is nan, the first that is inf, and the first that is -inf."""
    found: list[TermValue | None] = [None, None, None]
    done = 0
    with np.errstate(all="ignore"):
        for piece in blocks(factors.shape):
            flat = multiply([part.astype(factors.common) for part in factors.parts(piece)], piece)
            for number, mask in enumerate((np.isnan(flat), flat == np.inf, flat == -np.inf)):
                if found[number] is None and mask.any():
                    found[number] = term_at(factors, place_of(done + int(np.argmax(mask)), factors.shape))
            if found[0] is not None:
                break
            done += points_of(piece)
    return found[0], found[1], found[2]
