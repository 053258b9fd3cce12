"""What is read from sublists given in Python, and what is refused of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, cycle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einloop.core.errors import NotationError
from einloop.core.source import Notation, Source
from einloop.notation.sublists import read_sublists


class Three:
    """Something that counts as the integer 3."""

    def __index__(self) -> int:
        return 3


ACCEPTED: list[tuple[list[object], object, str | None]] = [
    ([[0, 1], [1, 2]], [0, 2], "ij,jk->ik"),
    ([[0, 1], [1, 2]], None, "ij,jk->ik"),
    ([[51, 0]], None, "ji->ij"),
    ([[25, 26]], None, "ij->ij"),
    ([[7, 7]], None, "ii->"),
    ([[7, 7]], [7], "ii->i"),
    ([[], []], None, ",->"),
    ([[0, 1]], [], "ij->"),
    ([(1, 0)], (0, 1), "ji->ij"),
    ([range(2)], range(1), "ij->i"),
    ([np.array([1, 0])], None, "ji->ij"),
    ([[np.int8(1), np.uint64(0), np.array(2)]], None, "jik->ijk"),
    ([{0: "a", 1: "b"}], None, "ij->ij"),
    ([b"\1\0"], None, "ji->ij"),
    ([[0, Three()]], None, "ij->ij"),
    ([[..., 0]], None, "...i->...i"),
    ([[0, ...]], None, "i...->...i"),
    ([[0, ..., 1]], [1, ..., 0], "i...j->j...i"),
    ([[0, ...]], [0], "i...->i"),
    ([[0]], [0, ...], "i->i"),
    ([[0] * 64], None, "i" * 64 + "->"),
    ([list(range(30)), list(range(30, 52))], [51, 0], None),
]


@pytest.mark.parametrize(("lists", "output", "subscripts"), ACCEPTED)
def test_accepted(lists: list[object], output: object, subscripts: str | None) -> None:
    spec = read_sublists(lists, output)
    assert subscripts is None or spec.subscripts == subscripts
    assert spec.source == Source(text="", notation=Notation.SUBLISTS)
    assert spec.implicit is (output is None)
    assert all(operand.name is None and operand.span is None for operand in spec.operands)
    ones = [np.ones((1,) * sum(label is not Ellipsis for label in labels)) for labels in lists]
    arguments = [argument for pair in zip(ones, lists, strict=True) for argument in pair]
    by_numpy = np.einsum(*arguments, *([] if output is None else [output]))
    assert by_numpy.ndim == sum(label != "..." for label in spec.output)


def test_generator_is_read_once() -> None:
    def labels() -> Iterator[int]:
        yield from (1, 0)

    assert read_sublists([labels()]).subscripts == "ji->ij"


def test_empty_output_that_is_given() -> None:
    assert read_sublists([[0, 1]], [], given=True).output == ()
    assert read_sublists([[0, 1]], given=False).output == ("i", "j")


def test_order_of_an_implicit_output_is_told() -> None:
    assert read_sublists([[51, 7]]).notes == (
        "no output list, so the output is in ascending order of the numbers: 'ji->ij'",
    )
    assert read_sublists([[0, ...]]).notes == (
        "no output list, so the output is the ellipsis first, then in ascending order of the numbers: 'i...->...i'",
    )
    assert read_sublists([[7, 51]]).notes == ()


LABEL_HINT = "hint: a list holds numbers from 0 to 51, or ... for the axes of an ellipsis"
REFUSED: list[tuple[list[object], object, str, int | None, list[str]]] = [
    (
        [],
        None,
        "EL124",
        None,
        ["error EL124: no operand", "hint: every array needs its list: einsum(a, [0, 1], b, [1, 2])"],
    ),
    (
        [[0], "ij"],
        None,
        "EL120",
        1,
        [
            "error EL120: the list of operand 1 is the string 'ij'",
            "hint: pass subscripts first, einsum('ij,jk->ik', a, b), or numbers: [0, 1]",
        ],
    ),
    (
        [...],
        None,
        "EL120",
        0,
        ["error EL120: the list of operand 0 is not a list but a bare Ellipsis", "hint: write [...]"],
    ),
    ([3], None, "EL120", 0, ["error EL120: the list of operand 0 is not a list but of type int", LABEL_HINT]),
    ([None], None, "EL120", 0, ["error EL120: the list of operand 0 is not a list but of type NoneType", LABEL_HINT]),
    (
        [np.array(1)],
        None,
        "EL120",
        0,
        ["error EL120: the list of operand 0 is not a list but of type ndarray", LABEL_HINT],
    ),
    ([[0]], 0, "EL120", None, ["error EL120: the list of the output is not a list but of type int", LABEL_HINT]),
    (
        [[0, True]],
        None,
        "EL121",
        0,
        [
            "error EL121: the list of operand 0 has a bool at position 1; a label is an integer or Ellipsis",
            LABEL_HINT,
        ],
    ),
    (
        [[0], [np.True_]],
        None,
        "EL121",
        1,
        [
            "error EL121: the list of operand 1 has a bool at position 0; a label is an integer or Ellipsis",
            LABEL_HINT,
        ],
    ),
    (
        [[1.0]],
        None,
        "EL121",
        0,
        [
            "error EL121: the list of operand 0 has a float at position 0; a label is an integer or Ellipsis",
            LABEL_HINT,
        ],
    ),
    (
        [["i"]],
        None,
        "EL121",
        0,
        [
            "error EL121: the list of operand 0 has a str at position 0; a label is an integer or Ellipsis",
            LABEL_HINT,
        ],
    ),
    (
        [[0]],
        [None],
        "EL121",
        None,
        [
            "error EL121: the list of the output has None at position 0; a label is an integer or Ellipsis",
            LABEL_HINT,
        ],
    ),
    (
        [[[0, 1]]],
        None,
        "EL121",
        0,
        [
            "error EL121: the list of operand 0 has a list at position 0; a label is an integer or Ellipsis",
            LABEL_HINT,
        ],
    ),
    (
        [np.array([[0, 1]])],
        None,
        "EL121",
        0,
        [
            "error EL121: the list of operand 0 has a ndarray at position 0; a label is an integer or Ellipsis",
            LABEL_HINT,
        ],
    ),
    (
        [[0, 52]],
        None,
        "EL122",
        0,
        ["error EL122: 52 in the list of operand 0 (position 1) is not a label; they go from 0 to 51"],
    ),
    (
        [[0]],
        [-1],
        "EL122",
        None,
        ["error EL122: -1 in the list of the output (position 0) is not a label; they go from 0 to 51"],
    ),
    (
        [[10**5000]],
        None,
        "EL122",
        0,
        ["error EL122: a huge number in the list of operand 0 (position 0) is not a label; they go from 0 to 51"],
    ),
    (
        [count()],
        None,
        "EL122",
        0,
        ["error EL122: 52 in the list of operand 0 (position 52) is not a label; they go from 0 to 51"],
    ),
    (
        [[..., 0, ...]],
        None,
        "EL123",
        0,
        ["error EL123: a second Ellipsis in the list of operand 0 (position 2)", "hint: one is enough"],
    ),
    (
        [cycle([0])],
        None,
        "EL125",
        0,
        ["error EL125: the list of operand 0 is longer than 64; no array has so many axes"],
    ),
    (
        [[0, 1]],
        [1, 1],
        "EL105",
        None,
        [
            "error EL105: output label 1 is written twice; each may stand in the output once",
            "hint: loops can fill a diagonal: out[1, 1] = a[1]",
        ],
    ),
    ([[0, 1]], [5], "EL106", None, ["error EL106: output label 5 is in no operand (they offer 0, 1)"]),
    ([[]], [5], "EL106", None, ["error EL106: output label 5 is in no operand (they have none)"]),
]


@pytest.mark.parametrize(("lists", "output", "id_", "operand", "picture"), REFUSED, ids=[x[4][0] for x in REFUSED])
def test_refused(lists: list[object], output: object, id_: str, operand: int | None, picture: list[str]) -> None:
    with pytest.raises(NotationError) as caught:
        read_sublists(lists, output)
    error = caught.value
    assert (error.id, error.span, error.operand) == (id_, None, operand)
    assert str(error).split("\n") == picture


def test_output_given_as_none_is_no_list() -> None:
    with pytest.raises(NotationError) as caught:
        read_sublists([[0]], None, given=True)
    assert str(caught.value).startswith("error EL120: the list of the output is not a list but of type NoneType")


LABELS = st.lists(st.sampled_from([0, 1, 5, 51, 52, -1, ..., True, 1.0]), max_size=4)


@settings(max_examples=300, deadline=None)
@given(st.lists(LABELS, min_size=1, max_size=3), st.none() | LABELS)
def test_takes_what_numpy_takes(lists: list[list[object]], output: list[object] | None) -> None:
    ones = [np.ones((1,) * sum(label is not Ellipsis for label in labels)) for labels in lists]
    arguments = [argument for pair in zip(ones, lists, strict=True) for argument in pair]
    try:
        by_numpy = np.einsum(*arguments, *([] if output is None else [output]))
    except (TypeError, ValueError):
        with pytest.raises(NotationError):
            read_sublists(lists, output, given=output is not None)
        return
    spec = read_sublists(lists, output, given=output is not None)
    assert by_numpy.ndim == sum(label != "..." for label in spec.output)
