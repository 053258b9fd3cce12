"""Operands with one index on many axes: what is drawn for them, or stands for them, fits the memory."""

import random
from math import prod

import pytest

import einloop
from einloop.core.bind import bind_sizes
from einloop.core.generated import Contract
from einloop.evaluate import symbol_text, symbols
from einloop.notation import read
from einloop.proof.cases import MAX_ELEMENTS, Sampler


@pytest.mark.parametrize("text", ["iiiiiiii->i", "i" * 30 + "->i", "ij" * 32 + "->", "iiiiiiiiiiii,i->i", "ij,jk->ik"])
def test_no_operand_is_large(text):
    spec = read(text)
    sampler = Sampler(spec, tuple("AB"[: len(spec.operands)]), Contract(dtypes=None, checked=False), random.Random(0))
    drawn = [prod(shape) for case in sampler.cases() for shape in case.shapes]
    assert 0 < max(drawn) <= MAX_ELEMENTS
    assert einloop.verify(text)


def test_lengths_that_stand_in_the_text_are_not_cut():
    spec = bind_sizes(read("ii->i"), [(20_000, 20_000)])
    contract = Contract(dtypes=None, checked=False, literal=True)
    assert list(Sampler(spec, ("A",), contract, random.Random(0)).cases()) == []


def test_symbols_of_a_large_array_are_made_when_they_are_read():
    (array,) = symbols(["A"], [(3,) * 40])
    assert symbol_text(array.at((0, 2) * 20)) == f"A[{','.join(['0', '2'] * 20)}]"
    assert einloop.trace("i" * 40 + "->i", symbolic=True).count == 2
