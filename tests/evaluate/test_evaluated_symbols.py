"""Elements of results as exact texts, and that one element costs its own terms alone."""

from __future__ import annotations

import pytest

from einloop.core.errors import OptionError
from einloop.core.plain_array import PlainArray
from einloop.evaluate import evaluate, symbol_text, symbols
from einloop.notation import read


@pytest.mark.parametrize(
    ("text", "shapes", "position", "wanted"),
    [
        ("ij,jk->ik", [(2, 2), (2, 2)], (0, 1), "a·f + b·h"),
        ("ij,jk->ik", [(3, 4), (4, 5)], (2, 1), "A[2,0]·B[0,1] + A[2,1]·B[1,1] + A[2,2]·B[2,1] + A[2,3]·B[3,1]"),
        ("ij->ji", [(2, 2)], (1, 0), "b"),
        ("ii", [(3, 3)], (), "a + e + i"),
        ("i,i->i", [(3,), (1,)], (2,), "c·d"),
        ("i,->i", [(2,), ()], (1,), "b·c"),
        ("i->", [(0,)], (), "0"),
    ],
)
def test_elements_as_text(text, shapes, position, wanted):
    value = evaluate(read(text), symbols("ABC"[: len(shapes)], shapes))
    assert symbol_text(value.cell(position)) == wanted


def test_one_array_given_twice_is_multiplied_by_itself():
    value = evaluate(read("ij,ij->"), symbols("AA", [(2, 2), (2, 2)]))
    assert symbol_text(value.cell()) == "a·a + b·b + c·c + d·d"
    value = evaluate(read("i,j->"), symbols("AA", [(2,), (2,)]))
    assert symbol_text(value.cell()) == "a·a + a·b + b·a + b·b"
    value = evaluate(read("i,i,->"), [*symbols("A", [(1,)]) * 2, PlainArray((), "object", (3,))])
    assert symbol_text(value.cell()) == "3·a·a"


def test_a_sum_of_symbols_without_end_is_refused():
    value = evaluate(read("i->"), symbols("A", [(50_000,)]))
    with pytest.raises(OptionError) as refused:
        symbol_text(value.cell())
    assert refused.value.id == "EL423"


class Counted(tuple):
    """Values that count how often they are read."""

    reads = 0

    def __getitem__(self, place):
        Counted.reads += 1
        return super().__getitem__(place)


@pytest.mark.parametrize("dtype", ["int8", "float64"])
def test_an_element_reads_nothing_but_its_own_terms(dtype):
    value = evaluate(
        read("ij,jk->ik"),
        [PlainArray((300, 7), dtype, Counted(range(2100))), PlainArray((7, 300), "float64", Counted(range(2100)))],
    )
    Counted.reads = 0
    assert value.cell((299, 1)) == sum(cast_int8(299 * 7 + j, dtype) * (j * 300 + 1) for j in range(7))
    assert Counted.reads == 14


def cast_int8(value: int, dtype: str) -> int:
    return value


def test_long_sums_are_added_in_blocks():
    ones = PlainArray((3, 70_000), "int64", (1,) * 210_000)
    value = evaluate(read("ij->i"), [ones])
    assert value.whole().tolist() == [70_000] * 3
    three = [PlainArray((70,), "int64", (1,) * 70)] * 3
    assert evaluate(read("i,j,k->"), three).cell() == 70**3
