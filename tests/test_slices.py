"""Views of operands at a place, and operands that np.einsum does not write past its result for."""

import numpy as np
import pytest

from einloop.core.slices import aligned, at_place, diagonal, unharmed


def test_an_axis_of_one_element_is_read_at_0():
    array = np.arange(3).reshape(1, 3)
    view, left = at_place(array, ("i", "j"), {"i": 7})
    assert (view.tolist(), left) == ([0, 1, 2], ["j"])
    assert np.shares_memory(view, array)


def test_a_repeated_label_stays_twice_until_the_diagonal_is_taken():
    view, left = at_place(np.arange(8).reshape(2, 2, 2), ("i", "j", "i"), {"j": 1})
    assert left == ["i", "i"]
    assert diagonal(view, left)[0].tolist() == [2, 7]


def test_an_axis_that_is_not_there_has_one_element():
    assert aligned(np.ones((2, 3)), ["i", "j"], ["j", "k", "i"]).shape == (3, 1, 2)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "g", "c8", "c16", "i1", "i8", "u2", ">f8", "?", "O"])
def test_operands_of_empty_products_are_not_native(dtype):
    full, empty = np.ones((2, 3), dtype), np.ones((3, 0), dtype)
    assert all(one is other for one, other in zip(unharmed([full, full]), [full, full], strict=True))
    assert unharmed([empty])[0] is empty
    for before, after in zip([full, empty], unharmed([full, empty]), strict=True):
        assert np.array_equal(before, after)
        assert not after.dtype.isnative or after.dtype.kind in "bO" or after.dtype.itemsize == 1
    result = np.einsum("ij,jk->ik", *unharmed([full, empty]))
    assert result.shape == (2, 0)
    assert result.dtype.newbyteorder("=") == np.dtype(dtype).newbyteorder("=")


@pytest.mark.parametrize("subscripts", ["ij,jk->ik", "ij,jk->k", "ij,jk,kl->il"])
def test_empty_sums_are_zeros(subscripts):
    shapes = {"i": 4, "j": 0, "k": 5, "l": 6}
    terms = subscripts.split("->")[0].split(",")
    operands = [np.ones([shapes[label] for label in term]) for term in terms]
    for _ in range(50):
        assert not np.einsum(subscripts, *unharmed(operands)).any()
