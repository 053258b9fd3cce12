"""What np.einsum does, line by line: the same calls to np.einsum and einloop.einsum, side by side.

The numbers Q1 to Q123 are those of the project's page on surprising semantics. Expectations are computed by
numpy in the test itself; the tables only say how the two must relate.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import einloop

Call = Callable[[Callable[..., Any]], Any]
LETTERS = string.ascii_letters


@dataclass(frozen=True)
class Same:
    """np.einsum(optimize=False) computes it, and einloop.einsum gives the same shape, dtype, value and type."""

    number: int
    rule: str
    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Refused:
    """np.einsum(optimize=False) refuses, and so does einloop.einsum.

    `ids`, one per call: the id of the EinloopError, or TypeError where Python itself refuses.
    """

    number: int
    rule: str
    ids: tuple[str, ...]
    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Bug:
    """np.einsum is wrong. einloop.einsum refuses with these ids, or, where the id is None, gives `right`."""

    number: int
    rule: str
    ids: tuple[str | None, ...]
    calls: tuple[Call, ...]
    right: object = None


def numbers(n: int, m: int) -> np.ndarray:
    """Return an array of numbers that are all different."""
    return np.arange(n * m).reshape(n, m)


def each(make: Callable[[Any], Call], values: Iterable[object]) -> tuple[Call, ...]:
    """Return one call per value."""
    return tuple(map(make, values))


def in_place(subscripts: str) -> Call:
    """Return the call whose out= is its operands, all of them one square array."""

    def run(e: Callable[..., Any]) -> Any:
        square = np.arange(4.0).reshape(2, 2)
        return e(subscripts, *[square] * (subscripts.count(",") + 1), out=square)

    return run


def with_raise(call: Call) -> Call:
    """Return the call under np.errstate(all="raise")."""

    def run(e: Callable[..., Any]) -> Any:
        with np.errstate(all="raise"):
            return call(e)

    return run


def identity(rank: int, size: int = 3) -> np.ndarray:
    """Return ones on the diagonal of `rank` axes, zeros elsewhere."""
    out = np.zeros((size,) * rank)
    np.einsum(f"{'i' * rank}->i", out)[:] = 1
    return out


SAME = [
    Same(
        1,
        "blanks are skipped anywhere",
        (
            lambda e: e(" i j ,  j k -> k  i ", np.ones((2, 3)), np.ones((3, 2))),
            lambda e: e(" " * 500 + "ij" + " " * 500, numbers(2, 3)),
            lambda e: e("ij -> j i", numbers(2, 3)),
            lambda e: e("i ... -> ... i", numbers(2, 3)),
        ),
    ),
    Same(
        2,
        "a blank separates no operands",
        (
            lambda e: e("i i -> i", numbers(2, 2)),
            lambda e: e("i i", numbers(2, 2)),
        ),
    ),
    Same(
        9,
        "bytes and np.str_ are subscripts too",
        (
            lambda e: e(b"ij->ji", numbers(2, 3)),
            lambda e: e(np.str_("ij->ji"), numbers(2, 3)),
        ),
    ),
    Same(
        13,
        "an empty term is a 0-d operand",
        (
            lambda e: e("i,,j", [1, 2], 10, [3, 4]),
            lambda e: e(",", 2, 3),
            lambda e: e(",i", 2, [3, 4]),
            lambda e: e("i,", [3, 4], 2),
            lambda e: e(",,->", 2, 3, 4),
        ),
    ),
    Same(
        14,
        "nothing but blanks is one 0-d operand",
        (
            lambda e: e("", 5),
            lambda e: e("  ", 5),
            lambda e: e("->", 5),
            lambda e: e(" -> ", 5),
        ),
    ),
    Same(20, "63 operands work", (lambda e: e(",".join(["i"] * 63), *[np.ones(2)] * 63),)),
    Same(29, "case counts", (lambda e: e("iI,I->i", numbers(2, 3), [1, 1, 1]),)),
    Same(
        30,
        "an explicit output may drop any label",
        (
            lambda e: e("ij->", numbers(2, 3)),
            lambda e: e("ij->j", numbers(2, 3)),
        ),
    ),
    Same(
        31,
        "implicit output: capitals first",
        (lambda e: e("z,Z,a,A", np.arange(2.0), np.arange(3.0), np.arange(4.0), np.arange(5.0)),),
    ),
    Same(32, "an implicit output is sorted", (lambda e: e("ba", numbers(2, 3)),)),
    Same(33, "... capitals before small letters", (lambda e: e("bA", numbers(2, 3)),)),
    Same(34, "a label that occurs three times is summed", (lambda e: e("i,i,i", [1, 2], [1, 2], [1, 2]),)),
    Same(35, "trace and diagonal", (lambda e: e("ii", numbers(3, 3)), lambda e: e("ii->i", numbers(3, 3)))),
    Same(36, "an implicit output begins with the ellipsis", (lambda e: e("i...", numbers(2, 3)),)),
    Same(37, "... wherever it stood", (lambda e: e("i...j", np.arange(24).reshape(2, 3, 4)),)),
    Same(
        38,
        "an ellipsis may stand anywhere",
        (lambda e: e("i...j,j...k->k...i", np.arange(30).reshape(2, 5, 3), np.arange(60).reshape(3, 5, 4)),),
    ),
    Same(
        39,
        "an ellipsis may cover no axis",
        (
            lambda e: e("i...", [1, 2]),
            lambda e: e("...", 7),
            lambda e: e("...,...->...", 7, 8),
        ),
    ),
    Same(
        40,
        "ellipses align on the right and stretch",
        (lambda e: e("a...,...->...a", np.arange(42).reshape(2, 7, 3), np.arange(5).reshape(5, 1, 1)),),
    ),
    Same(
        41,
        "a term without an ellipsis has none of its axes",
        (lambda e: e("...ij,jk->...ik", np.arange(30).reshape(5, 2, 3), np.arange(12).reshape(3, 4)),),
    ),
    Same(
        43,
        "an output may lose an ellipsis that covers nothing",
        (
            lambda e: e("...ij,jk->ik", numbers(2, 3), numbers(3, 4)),
            lambda e: e("...->", 3),
        ),
    ),
    Same(
        45,
        "an output ellipsis needs none in the inputs",
        (
            lambda e: e("ij->i...j", numbers(2, 3)),
            lambda e: e("i,j->...", [1, 2], [3, 4]),
        ),
    ),
    Same(
        46, "axes of an ellipsis are never those of a label", (lambda e: e("i...,i->...", numbers(2, 3), np.ones(2)),)
    ),
    Same(48, "a label of size 1 stretches", (lambda e: e("i,i", [1, 2, 3], [10]),)),
    Same(49, "... where it is summed", (lambda e: e("ij,jk->ik", np.ones((2, 1)), numbers(3, 2)),)),
    Same(50, "... and where it is kept", (lambda e: e("i,i->i", [5], [1, 2, 3]),)),
    Same(52, "a diagonal of size 1 stretches too", (lambda e: e("ii,i->i", np.ones((1, 1)), [1.0, 2.0, 3.0]),)),
    Same(
        53,
        "1 stretches to 0",
        (lambda e: e("i,i->i", np.ones(1), np.ones(0)), lambda e: e("i,i", np.ones(1), np.ones(0))),
    ),
    Same(
        54,
        "an empty sum is the dtype's zero",
        (
            lambda e: e("ij,jk->ik", np.ones((2, 0)), np.ones((0, 2))),
            lambda e: e("i->", np.zeros(0, bool)),
            lambda e: e("i->", np.zeros(0, object)),
            lambda e: e("ij->i", np.zeros((2, 0), object)),
            lambda e: e("i->", np.zeros(0, "i1")),
            lambda e: e("i->", np.zeros(0, "c8")),
        ),
    ),
    Same(
        60,
        "64 axes",
        (
            lambda e: e(LETTERS + "...", np.ones((1,) * 64)),
            lambda e: e(LETTERS, np.ones((1,) * 52)),
            lambda e: e(LETTERS + "->", np.full((1,) * 52, 3)),
        ),
    ),
    Same(
        65,
        "sublists, ascending without an output",
        (
            lambda e: e(numbers(2, 3), [51, 0]),
            lambda e: e(numbers(2, 3), [0, 1], numbers(3, 4), [1, 2]),
            lambda e: e(numbers(2, 3), [0, 1], numbers(3, 4), [1, 2], [2, 0]),
            lambda e: e(np.ones((5, 2, 3)), [..., 0, 1], numbers(3, 4), [1, 2], [..., 0, 2]),
        ),
    ),
    Same(
        67,
        "any iterable is a sublist",
        (
            lambda e: e(numbers(2, 3), range(2)),
            lambda e: e(numbers(2, 3), np.array([1, 0])),
            lambda e: e(numbers(2, 3), (0, 1), (1, 0)),
            lambda e: e(numbers(2, 3), (n for n in (1, 0))),
            lambda e: e(np.arange(3), {4}),
        ),
    ),
    Same(71, "an odd last argument is the output list", (lambda e: e(numbers(2, 3), [0, 1], np.array([1, 0])),)),
    Same(
        72,
        "empty lists",
        (
            lambda e: e(3, [], 4, []),
            lambda e: e(np.ones((2, 3)), [0, 1], []),
            lambda e: e(3, []),
            lambda e: e(3, [], []),
        ),
    ),
    Same(
        74,
        "products and sums in the common dtype",
        (
            lambda e: e("i->", np.full(3, 100, np.int8)),
            lambda e: e("ij->j", np.full((3, 2), 200, np.uint8)),
            lambda e: e("i,i->", np.full(3, 100, np.int8), np.full(3, 2, np.int16)),
        ),
    ),
    Same(
        75,
        "integers wrap",
        (
            lambda e: e("i,i", np.full(3, 100, np.uint8), np.full(3, 100, np.uint8)),
            lambda e: e("i,i->i", np.full(3, 2**62, np.int64), np.full(3, 2, np.int64)),
            lambda e: e("i->", np.full(3, 2**63, np.uint64)),
        ),
    ),
    Same(
        76,
        "bool adds as OR",
        (
            lambda e: e("i->", np.array([True, True])),
            lambda e: e("ij,jk->ik", np.ones((2, 2), bool), np.ones((2, 2), bool)),
            lambda e: e("i,i->i", np.array([True, False]), np.array([True, True])),
        ),
    ),
    Same(
        77,
        "bool with an int is arithmetic from the start",
        (lambda e: e("ij,jk,kl->il", np.ones((2, 3), bool), np.ones((3, 2), bool), np.ones((2, 2), int)),),
    ),
    Same(
        78,
        "Python scalars are strong",
        (
            lambda e: e("i,->i", np.ones(2, "f4"), 2.0),
            lambda e: e("i,->i", np.ones(2, "i1"), 2),
            lambda e: e("i,->i", np.ones(2, "f4"), 2j),
            lambda e: e("i,->i", np.ones(2, "i1"), True),
        ),
    ),
    Same(
        79,
        "common dtypes",
        each(
            lambda pair: lambda e: e("i,i->i", np.ones(1, pair[0]), np.ones(1, pair[1])),
            (
                "u8 i8".split(),
                "i8 f4".split(),
                "f2 i2".split(),
                "f2 i1".split(),
                "u1 i1".split(),
                "g c8".split(),
                "? f2".split(),
                "u4 i4".split(),
            ),
        ),
    ),
    Same(
        80,
        "large Python integers",
        (
            lambda e: e(",", 2**63, 4),
            lambda e: e(",", 2**64, 4),
            lambda e: e("", 2**64),
        ),
    ),
    Same(
        81,
        "lists are arrays; an empty one is float64",
        (
            lambda e: e("i,i->i", [], np.zeros(0, int)),
            lambda e: e("ij->j", [[1, 2], [3, 4]]),
            lambda e: e("ij->ji", ((1, 2.5), (3, 4))),
        ),
    ),
    Same(
        82,
        "objects: Python arithmetic from int 0",
        (
            lambda e: e("i->", np.array([1, 2], object)),
            lambda e: e("i->", np.array([], object)),
            lambda e: e("i,i->i", np.array([1.5, True], object), np.array([1, True], object)),
            lambda e: e(",", np.array(True, object), True),
            lambda e: e("i,i", np.array([2**70, 1], object), np.array([2**70, 1j], object)),
        ),
    ),
    Same(
        85,
        "views take every dtype",
        (
            lambda e: e("ij->ji", np.array([["a", "b"]])),
            lambda e: e("ii->i", np.array([["a", "b"], ["c", "d"]])),
            lambda e: e("ij->ji", np.array([[1, 2]], "m8[s]")),
            lambda e: e("ij->ji", np.array([[b"a", b"bcd"]])),
            lambda e: e("ij->ji", np.array([[(1, 2.0)]], "i4,f8")),
            lambda e: e("...i->i...", np.array([["2020-01-01", "2021-01-01"]], "M8[D]")),
            lambda e: e("", np.str_("abc")),
        ),
    ),
    Same(
        86,
        "byte order: native when computed, kept in views",
        (
            lambda e: e("i->", np.arange(3, dtype=">i4")),
            lambda e: e("i->i", np.arange(3, dtype=">i4")),
            lambda e: e("i,i->i", np.arange(3, dtype=">f8"), np.arange(3, dtype=">f8")),
            lambda e: e("ij->ji", np.ones((2, 3), ">c16")),
        ),
    ),
    Same(
        87,
        "subclasses become arrays",
        (
            lambda e: e("i->", np.ma.array([1, 2, 3], mask=[0, 1, 0])),
            lambda e: e("i->i", np.ma.array([1, 2, 3], mask=[0, 1, 0])),
            lambda e: e("i,i->i", np.arange(3).view(np.recarray), np.arange(3)),
        ),
    ),
    Same(
        96,
        "computed zeros are +0.0, viewed ones keep their sign (compared with ==)",
        (
            lambda e: e("i,i->i", np.array([-0.0]), np.array([1.0])),
            lambda e: e("i->i", np.array([-0.0])),
        ),
    ),
    Same(
        97,
        "no floating-point error is raised or warned of",
        (
            with_raise(lambda e: e("i,i->", np.array([1e308, 1e308]), np.array([1e308, 1e308]))),
            with_raise(lambda e: e("i,i->i", np.array([1e-308]), np.array([1e-308]))),
            with_raise(lambda e: e("i,i->i", np.array([np.inf]), np.array([0.0]))),
            with_raise(lambda e: e(",", np.inf, 0.0)),
            with_raise(lambda e: e("i->", np.full(3, 100, np.int8))),
            with_raise(lambda e: e(",", np.int8(100), np.int8(100))),
            lambda e: e("i,i->", np.array([1e308, 1e308]), np.array([1e308, 1e308])),
        ),
    ),
    Same(
        99,
        "0-d results are scalars",
        (
            lambda e: e("i->", [1, 2]),
            lambda e: e("", 3.5),
            lambda e: e("ii", np.ones((2, 2), "c8")),
            lambda e: e("i->", np.array([1, 2], object)),
            lambda e: e("", np.array(None, object)),
        ),
    ),
    Same(
        103,
        "dtype= and order= mean nothing to a view",
        (
            lambda e: e("i->i", np.arange(3), dtype="float32", order="F"),
            lambda e: e("ij->ji", np.array([["a"]]), casting="no"),
        ),
    ),
    Same(
        106,
        "casting='unsafe' truncates before multiplying",
        (
            lambda e: e("i,i->", np.array([1.9, 1.9]), np.array([1.9, 1.9]), dtype=int, casting="unsafe"),
            lambda e: e("i->", np.array([1.9, 1.9]), dtype="i1", casting="unsafe"),
            lambda e: e("i->", np.arange(3, dtype="i4"), dtype="i2", casting="same_kind"),
            lambda e: e("i->", np.arange(3), dtype=float),
            lambda e: e("i,i->i", np.arange(3), np.arange(3), dtype=object),
        ),
    ),
    Same(
        107,
        "out= takes part in the common dtype",
        (
            lambda e: e("i,i->", np.array([100], "i1"), np.array([100], "i1"), out=np.zeros((), "i8")),
            lambda e: e("i->i", np.array([1, 2], "i1"), out=np.zeros(2)),
            lambda e: e("ij->j", numbers(2, 3), out=np.ones(3, int)),
        ),
    ),
    Same(
        109,
        "out= may be larger than a result of size 1",
        (
            lambda e: e("i->i", [5], out=np.zeros(3, int)),
            lambda e: e("i,j->ij", [5], [1, 2], out=np.zeros((3, 2), int)),
        ),
    ),
    Same(
        110,
        "out= may overlap an operand",
        (
            in_place("ij->ji"),
            in_place("ij,jk->ik"),
        ),
    ),
    Same(
        113,
        "optimize=True: one common dtype all the same",
        (
            lambda e: e(
                "ij,jk,kl->il", np.ones((2, 3), bool), np.ones((3, 2), bool), np.ones((2, 2), int), optimize=True
            ),
        ),
    ),
    Same(
        114,
        "optimize=path: small integers in their common dtype",
        (
            lambda e: e(
                "i,i,i->",
                np.full(2, 100, "i1"),
                np.full(2, 100, "i1"),
                np.ones(2, int),
                optimize=["einsum_path", (0, 1), (0, 1)],
            ),
        ),
    ),
    Same(
        117,
        "optimize=True: a scalar stays a scalar",
        (
            lambda e: e("i,i->", [1, 2], [3, 4], optimize=True),
            lambda e: e("i,i->", [1, 2], [3, 4], optimize="greedy"),
        ),
    ),
    Same(123, "-0.0 (compared with ==)", (lambda e: e(",", -0.0, 1.0), lambda e: e(",", -0.0, 1.0, optimize=True))),
]

REFUSED = [
    Refused(
        3,
        "only the blank is white space",
        ("EL101",) * 5,
        each(lambda blank: lambda e: e(f"i{blank}j", np.ones((2, 3))), "\t\n\r\v\N{NO-BREAK SPACE}"),
    ),
    Refused(4, "the arrow has no blank inside", ("EL101",), (lambda e: e("ij- >ji", np.ones((2, 3))),)),
    Refused(5, "nor has the ellipsis", ("EL101",), (lambda e: e(". . .", np.ones((2, 3))),)),
    Refused(6, "labels are ASCII letters", ("EL101",), (lambda e: e("αβ->βα", np.ones((2, 3))),)),
    Refused(
        7,
        "... str.isalpha() is not the rule",
        ("EL101", "EL101"),
        (
            lambda e: e("ª", np.ones(3)),
            lambda e: e("é", np.ones(3)),
        ),
    ),
    Refused(
        8,
        "no digits, underscores, parentheses",
        ("EL101", "EL101", "EL101"),
        (
            lambda e: e("b (h d) -> b h d", np.ones((2, 6))),
            lambda e: e("i1", np.ones((2, 6))),
            lambda e: e("i_j", np.ones((2, 6))),
        ),
    ),
    Refused(
        12, "a string in a 0-d array is an operand", ("EL121",), (lambda e: e(np.array("ij->ji"), np.ones((2, 3))),)
    ),
    Refused(
        15,
        "no operand",
        ("EL201", "EL201", "EL402"),
        (
            lambda e: e(""),
            lambda e: e("ij"),
            lambda e: e(),
        ),
    ),
    Refused(16, "more terms than operands", ("EL201",), (lambda e: e("i,j", [1, 2]),)),
    Refused(17, "more operands than terms", ("EL201",), (lambda e: e("i", [1, 2], [3, 4]),)),
    Refused(18, "einloop sees characters before it counts", ("EL101",), (lambda e: e("i%,j", [1, 2]),)),
    Refused(19, "64 operands", ("EL110",), (lambda e: e(",".join(["i"] * 64), *[np.ones(2)] * 64),)),
    Refused(
        21,
        "a term names every axis",
        ("EL202", "EL202"),
        (
            lambda e: e("ij", [1, 2]),
            lambda e: e("ij...", [1, 2]),
        ),
    ),
    Refused(22, "... size-1 axes too", ("EL202",), (lambda e: e("i", np.ones((3, 1))),)),
    Refused(
        23,
        "one arrow at most",
        ("EL101",) * 6,
        each(lambda given: lambda e: e(given, [1, 2]), ("i->->i", "i-", "i>", "i>-", "i=>i", "i-i")),
    ),
    Refused(24, "an arrow ends the terms", ("EL101",), (lambda e: e("->,->", 0, 5),)),
    Refused(25, "one output", ("EL101",), (lambda e: e("ij->i,j", np.ones((2, 2))),)),
    Refused(26, "a label stands in the output once", ("EL105",), (lambda e: e("i->ii", [1, 2]),)),
    Refused(27, "repetition is reported before absence", ("EL105",), (lambda e: e("ij->kk", np.ones((2, 2))),)),
    Refused(28, "every output label is in an input", ("EL106",), (lambda e: e("i->ij", [1, 2]),)),
    Refused(42, "an ellipsis with axes may not be lost", ("EL204",), (lambda e: e("...i->i", np.ones((2, 3))),)),
    Refused(
        44,
        "... even an axis of size 1",
        ("EL204",),
        (lambda e: e("ij...,jk->ik", np.ones((2, 3, 1)), np.ones((3, 4))),),
    ),
    Refused(
        47,
        "three dots, once a term",
        ("EL101",) * 7,
        each(
            lambda given: lambda e: e(given, np.ones((2, 3))),
            ("....", ".....", "......", "..", ".", "...i...", "ij->...i...j"),
        ),
    ),
    Refused(
        51,
        "a diagonal is not stretched",
        ("EL205", "EL205", "EL205"),
        (
            lambda e: e("ii->i", np.ones((1, 3))),
            lambda e: e("ii", np.ones((3, 1))),
            lambda e: e("ii,i->i", np.ones((1, 3)), np.ones(3)),
        ),
    ),
    Refused(57, "a diagonal of unequal sizes, kept", ("EL205",), (lambda e: e("ii->i", np.ones((2, 3))),)),
    Refused(58, "... and summed", ("EL205",), (lambda e: e("ii->", np.ones((2, 3))),)),
    Refused(
        59,
        "sizes of two operands that disagree",
        ("EL205", "EL205"),
        (
            lambda e: e("ij,jk->ik", np.ones((2, 3)), np.ones((4, 2))),
            lambda e: e("...i,...i", np.ones((2, 3)), np.ones((4, 3))),
        ),
    ),
    Refused(61, "65 axes", ("EL206",), (lambda e: e(LETTERS + ",...->...", np.ones((1,) * 52), np.ones((1,) * 13)),)),
    Refused(66, "an output label in no list", ("EL106",), (lambda e: e(np.ones(3), [0], [1]),)),
    Refused(
        68,
        "labels go from 0 to 51",
        ("EL122", "EL122", "EL122"),
        (
            lambda e: e(np.ones((2, 3)), [0, 52]),
            lambda e: e(np.ones((2, 3)), [0, -1]),
            lambda e: e(np.ones((2, 3)), [0, 10**30]),
        ),
    ),
    Refused(
        69,
        "labels are integers",
        ("EL121",) * 6,
        each(
            lambda given: lambda e: e(np.ones((2, 3)), given),
            ([True, False], [0.0, 1.0], ["i", "j"], [None, 0], [[0], [1]], [np.True_, 0]),
        ),
    ),
    Refused(
        70,
        "a bare Ellipsis is no list",
        ("EL120", "EL120"),
        (
            lambda e: e(np.ones((2, 3)), Ellipsis),
            lambda e: e(np.ones((2, 3)), 5),
        ),
    ),
    Refused(
        83, "objects that cannot be added to 0", ("TypeError",), (lambda e: e("i->", np.array(["a", "b"], object)),)
    ),
    Refused(
        84,
        "no arithmetic on strings and times",
        ("EL301",) * 5,
        (
            lambda e: e("i->", np.zeros(2, "m8[s]")),
            lambda e: e("i->", np.zeros(2, "M8[s]")),
            lambda e: e("i->", np.array(["a"])),
            lambda e: e("i,i->i", np.array([b"a"]), np.array([b"b"])),
            lambda e: e("i->", np.zeros(2, "i4,f8")),
        ),
    ),
    Refused(
        105,
        "dtype= is cast to safely",
        ("EL302", "EL301"),
        (
            lambda e: e("i->", np.arange(3), dtype="int8"),
            lambda e: e("i->", np.arange(3), dtype="U3"),
        ),
    ),
    Refused(
        108,
        "out= is an array of the right rank",
        ("EL207", "EL207", "EL402"),
        (
            lambda e: e("i->i", [1, 2], out=np.zeros((2, 1))),
            lambda e: e("i->i", [1, 2], out=np.zeros(3)),
            lambda e: e("i->i", [1, 2], out=[0, 0]),
        ),
    ),
    Refused(
        111,
        "casting='no' forbids promotion",
        ("EL302", "EL302"),
        (
            lambda e: e("i,i->i", np.ones(2, int), np.ones(2), casting="no"),
            lambda e: e("i,i->i", np.ones(2, int), np.ones(2), casting="equiv"),
        ),
    ),
    Refused(
        112,
        "unknown keywords",
        ("TypeError", "TypeError"),
        (
            lambda e: e("i->", [1, 2], keepdims=True),
            lambda e: e("i->", [1, 2], axis=0),
        ),
    ),
    Refused(
        115,
        "optimize=True: an ellipsis with axes may not be lost",
        ("EL204",),
        (lambda e: e("...i->i", numbers(2, 3), optimize=True),),
    ),
    Refused(
        116,
        "blanks inside the ellipsis stay wrong without optimize",
        ("EL101",),
        (lambda e: e("i . . . - > i", numbers(2, 3), optimize=True),),
    ),
    Refused(
        118,
        "optimize=True: labels go from 0 to 51",
        ("EL122", "EL122", "EL121"),
        (
            lambda e: e(np.ones((2, 3)), [0, 52], optimize=True),
            lambda e: e(np.ones((2, 3)), [0, -1], optimize=True),
            lambda e: e(np.ones((2, 3)), [0, True], optimize=True),
        ),
    ),
    Refused(
        119,
        "optimize=True: dtype= that narrows",
        ("EL302",),
        (lambda e: e("ij,jk->ik", np.ones((2, 2), int), np.ones((2, 2), int), dtype="i1", optimize=True),),
    ),
    Refused(
        120,
        "optimize=True: 64 operands",
        ("EL110",),
        (lambda e: e(",".join(["i"] * 64), *[np.ones(2)] * 64, optimize=True),),
    ),
    Refused(
        121,
        "optimize=True: sizes that disagree",
        ("EL205",),
        (lambda e: e("i,i", np.ones(2), np.ones(3), optimize=True),),
    ),
]

BUGS = [
    Bug(10, "bytes beyond ASCII", ("EL101",), (lambda e: e(b"\xe9", np.ones(3)),)),
    Bug(
        11,
        "NUL ends the string for numpy",
        ("EL101", "EL101"),
        (
            lambda e: e("i\0->q!!", np.arange(3)),
            lambda e: e("i\0", np.arange(3)),
        ),
    ),
    Bug(55, "a diagonal of sizes 0 and 3 reads foreign memory", ("EL205",), (lambda e: e("ii->i", np.ones((0, 3))),)),
    Bug(56, "... with further axes", ("EL205",), (lambda e: e("iij->ij", np.ones((0, 3, 2))),)),
    Bug(
        62,
        "a label written 129 times is not iterated",
        ("EL112",),
        (lambda e: e(",".join(["iii"] * 43), *[identity(3)] * 43),),
    ),
    Bug(63, "126 times are right", (None,), (lambda e: e(",".join(["iii"] * 42), *[identity(3)] * 42),), right=3.0),
    Bug(
        64,
        "256 times are none for numpy",
        ("EL112", "EL112"),
        (
            lambda e: e(",".join(["i" * 64] * 4) + "->i", *[np.ones((1,) * 64)] * 4),
            lambda e: e(",".join(["i" * 64] * 4) + ",i", *[np.ones((1,) * 64)] * 4, np.ones(1)),
        ),
    ),
]

NOT_COMPARED = {
    73: "a limit of numpy's buffer for lists, not of the expression",
    88: "rounding: the order in which numpy adds depends on the machine",
    89: "rounding: the order in which numpy adds depends on the machine",
    90: "rounding: contiguous float16 sums are kept in float32 by numpy",
    91: "rounding: the same sums over another axis are not",
    92: "rounding: float16 products of several factors are kept in float32 by numpy",
    93: "overflow depends on the order of multiplying and adding",
    94: "overflow depends on the order of multiplying and adding",
    95: "0 times inf is seen or not, depending on the order",
    98: "inf times a complex number depends on how the product is written",
    100: "numpy returns a view, einloop a copy: it shares no memory",
    101: "numpy returns a view, einloop a copy: writing to it changes nothing else",
    102: "numpy returns a view, einloop a copy: it can always be written to",
    104: "the layout of the result in memory is no part of its value",
    122: "einloop takes every optimize=, since it always computes as with False",
}
"""Lines without a comparison, and why."""


def reference(*operands: object, **keywords: object) -> Any:
    """Return what np.einsum says without optimization, which defines what an expression means."""
    keywords.pop("optimize", None)
    return np.einsum(*operands, **keywords, optimize=False)


def cases(rows: list[Any]) -> list[Any]:
    """Return one test parameter per call: the row and the position of the call."""
    return [
        pytest.param(row, place, id=f"Q{row.number}-{place + 1}") for row in rows for place in range(len(row.calls))
    ]


def test_every_line_once() -> None:
    listed = [row.number for row in (*SAME, *REFUSED, *BUGS)] + list(NOT_COMPARED)
    assert sorted(listed) == list(range(1, 124))
    assert all(len(row.ids) == len(row.calls) for row in (*REFUSED, *BUGS))


@pytest.mark.parametrize(("row", "place"), cases(SAME))
def test_same_as_numpy(row: Same, place: int) -> None:
    call = row.calls[place]
    expected, got = call(reference), call(einloop.einsum)
    assert type(got) is type(expected)
    wanted, found = np.asarray(expected), np.asarray(got)
    assert found.shape == wanted.shape
    assert found.dtype == wanted.dtype
    np.testing.assert_array_equal(found, wanted, strict=True)
    if wanted.dtype == object:
        assert [type(x) for x in found.flat] == [type(x) for x in wanted.flat]


@pytest.mark.parametrize(("row", "place"), cases(REFUSED))
def test_refused_like_numpy(row: Refused, place: int) -> None:
    call, wanted = row.calls[place], row.ids[place]
    with pytest.raises((ValueError, TypeError)):
        call(reference)
    if wanted == "TypeError":
        with pytest.raises(TypeError):
            call(einloop.einsum)
        return
    with pytest.raises(einloop.EinloopError) as caught:
        call(einloop.einsum)
    assert caught.value.id == wanted


@pytest.mark.parametrize(("row", "place"), cases(BUGS))
def test_right_where_numpy_is_wrong(row: Bug, place: int) -> None:
    call, wanted = row.calls[place], row.ids[place]
    if wanted is None:
        assert call(einloop.einsum) == row.right
        return
    with pytest.raises(einloop.EinloopError) as caught:
        call(einloop.einsum)
    assert caught.value.id == wanted


def test_out_is_returned_itself() -> None:
    out = np.zeros(())
    assert einloop.einsum("i->", [1.0, 2.0], out=out) is out
    assert out.tolist() == 3.0
