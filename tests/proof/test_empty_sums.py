"""Sums of einsums over nested lists in which one term has no elements: it adds no number, of whatever kind."""

from __future__ import annotations

import numpy as np
import pytest

import einloop
from einloop.proof.compare import Rule, difference


@pytest.mark.parametrize("text", ["R[i] = 0.5*A[i,j] + B[i,k,l] + R[i]", "s = 0.5*a[i] + b[j]", "R[i] += A[i,j]/2"])
def test_a_fraction_of_nothing_is_no_number(text):
    assert einloop.verify(text, style="lists")


def test_only_the_kind_of_a_number_is_left_open():
    wanted = np.array([-8.0, 2.0], object)
    rule = Rule(exact=True, factors=2, terms=4, lists=True, objects=True, kinds=True)
    assert difference([-8, 2], wanted, rule) is None
    found = difference([-8, 3], wanted, rule)
    assert found is not None
    assert (found.element, found.got, found.expected) == ((1,), "3", "2.0")
    assert difference([-8, True], np.array([-8.0, 1.0], object), rule) is not None
    assert difference([-8, 2], wanted, Rule(exact=True, factors=2, terms=4, lists=True, objects=True)) is not None
