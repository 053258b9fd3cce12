"""What np.einsum does, line by line: the same calls to np.einsum and einloop.einsum, side by side.

The numbers 1 to 123 are those of the project's page on surprising semantics. Expectations are computed by numpy
in the test itself; the tables only say how the two must relate. `E` in a call is np.einsum or einloop.einsum.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from strategies import oracle

import einloop

PAIRS = (("u8", "i8"), ("i8", "f4"), ("f2", "i2"), ("f2", "i1"), ("u1", "i1"), ("g", "c8"), ("?", "f2"), ("u4", "i4"))


@dataclass(frozen=True)
class Line:
    """One line of the page, with calls that show it.

    `ids`, one per call: the id of the EinloopError with which einloop refuses, "TypeError" where Python itself
    refuses, None where it computes: then what numpy says, or `right`.
    """

    number: int
    rule: str
    calls: tuple[str, ...]
    ids: tuple[str | None, ...]
    right: object = None


def same(number: int, rule: str, *calls: str) -> Line:
    """Return a line where np.einsum computes something, and einloop.einsum the same."""
    return Line(number, rule, calls, (None,) * len(calls))


def refused(number: int, rule: str, ids: str | tuple[str, ...], *calls: str) -> Line:
    """Return a line where np.einsum refuses, and so does einloop.einsum, with one id for all or one per call."""
    return Line(number, rule, calls, (ids,) * len(calls) if isinstance(ids, str) else ids)


def bug(number: int, rule: str, refusal: str | None, *calls: str, right: object = None) -> Line:
    """Return a line where np.einsum is wrong, and einloop.einsum refuses or is right."""
    return Line(number, rule, calls, (refusal,) * len(calls), right)


def numbers(n: int, m: int) -> np.ndarray:
    """Return an array of numbers that are all different."""
    return np.arange(n * m).reshape(n, m)


def identity(rank: int, size: int = 3) -> np.ndarray:
    """Return ones on the diagonal of `rank` axes, zeros elsewhere."""
    out = np.zeros((size,) * rank)
    out[(np.arange(size),) * rank] = 1
    return out


def raising(call: Callable[[], object]) -> object:
    """Return the value of the call where every floating-point event is an exception."""
    with np.errstate(all="raise"):
        return call()


def shared(einsum: Callable[..., Any], subscripts: str, array: np.ndarray) -> bool:
    """Return whether the value of a call shares memory with its operand, and is another object."""
    value = einsum(subscripts, array)
    return np.shares_memory(value, array) and value is not array


def in_place(einsum: Callable[..., object], subscripts: str) -> object:
    """Return the value of a call whose out= is its operands, all of them one square array."""
    square = np.arange(4.0).reshape(2, 2)
    return einsum(subscripts, *[square] * (subscripts.count(",") + 1), out=square)


SAME = [
    same(
        1,
        "blanks are skipped anywhere",
        "E(' i j ,  j k -> k  i ', np.ones((2, 3)), np.ones((3, 2)))",
        "E(' ' * 500 + 'ij' + ' ' * 500, numbers(2, 3))",
        "E('ij -> j i', numbers(2, 3))",
        "E('i ... -> ... i', numbers(2, 3))",
    ),
    same(2, "a blank separates no operands", "E('i i -> i', numbers(2, 2))", "E('i i', numbers(2, 2))"),
    same(
        9, "bytes and np.str_ are subscripts too", "E(b'ij->ji', numbers(2, 3))", "E(np.str_('ij->ji'), numbers(2, 3))"
    ),
    same(
        13,
        "an empty term is a 0-d operand",
        "E('i,,j', [1, 2], 10, [3, 4])",
        "E(',', 2, 3)",
        "E(',i', 2, [3, 4])",
        "E('i,', [3, 4], 2)",
        "E(',,->', 2, 3, 4)",
    ),
    same(14, "nothing but blanks is one 0-d operand", "E('', 5)", "E('  ', 5)", "E('->', 5)", "E(' -> ', 5)"),
    same(20, "63 operands work", "E(','.join(['i'] * 63), *[np.ones(2)] * 63)"),
    same(29, "case counts", "E('iI,I->i', numbers(2, 3), [1, 1, 1])"),
    same(30, "an explicit output may drop any label", "E('ij->', numbers(2, 3))", "E('ij->j', numbers(2, 3))"),
    same(
        31,
        "implicit output: capitals first",
        "E('z,Z,a,A', np.arange(2.0), np.arange(3.0), np.arange(4.0), np.arange(5.0))",
    ),
    same(32, "an implicit output is sorted", "E('ba', numbers(2, 3))"),
    same(33, "... capitals before small letters", "E('bA', numbers(2, 3))"),
    same(34, "a label that occurs three times is summed", "E('i,i,i', [1, 2], [1, 2], [1, 2])"),
    same(35, "trace and diagonal", "E('ii', numbers(3, 3))", "E('ii->i', numbers(3, 3))"),
    same(36, "an implicit output begins with the ellipsis", "E('i...', numbers(2, 3))"),
    same(37, "... wherever it stood", "E('i...j', np.arange(24).reshape(2, 3, 4))"),
    same(
        38,
        "an ellipsis may stand anywhere",
        "E('i...j,j...k->k...i', np.arange(30).reshape(2, 5, 3), np.arange(60).reshape(3, 5, 4))",
    ),
    same(39, "an ellipsis may cover no axis", "E('i...', [1, 2])", "E('...', 7)", "E('...,...->...', 7, 8)"),
    same(
        40,
        "ellipses align on the right and stretch",
        "E('a...,...->...a', np.arange(42).reshape(2, 7, 3), np.arange(5).reshape(5, 1, 1))",
    ),
    same(
        41,
        "a term without an ellipsis has none of its axes",
        "E('...ij,jk->...ik', np.arange(30).reshape(5, 2, 3), np.arange(12).reshape(3, 4))",
    ),
    same(
        43,
        "an output may lose an ellipsis that covers nothing",
        "E('...ij,jk->ik', numbers(2, 3), numbers(3, 4))",
        "E('...->', 3)",
    ),
    same(
        45,
        "an output ellipsis needs none in the inputs",
        "E('ij->i...j', numbers(2, 3))",
        "E('i,j->...', [1, 2], [3, 4])",
    ),
    same(46, "axes of an ellipsis are never those of a label", "E('i...,i->...', numbers(2, 3), np.ones(2))"),
    same(48, "a label of size 1 stretches", "E('i,i', [1, 2, 3], [10])"),
    same(49, "... where it is summed", "E('ij,jk->ik', np.ones((2, 1)), numbers(3, 2))"),
    same(50, "... and where it is kept", "E('i,i->i', [5], [1, 2, 3])"),
    same(52, "a diagonal of size 1 stretches too", "E('ii,i->i', np.ones((1, 1)), [1.0, 2.0, 3.0])"),
    same(53, "1 stretches to 0", "E('i,i->i', np.ones(1), np.ones(0))", "E('i,i', np.ones(1), np.ones(0))"),
    same(
        54,
        "an empty sum is the dtype's zero",
        "E('ij,jk->ik', np.ones((2, 0)), np.ones((0, 2)))",
        "E('i->', np.zeros(0, bool))",
        "E('i->', np.zeros(0, object))",
        "E('ij->i', np.zeros((2, 0), object))",
        "E('i->', np.zeros(0, 'i1'))",
        "E('i->', np.zeros(0, 'c8'))",
    ),
    same(
        60,
        "64 axes",
        "E(ascii_letters + '...', np.ones((1,) * 64))",
        "E(ascii_letters, np.ones((1,) * 52))",
        "E(ascii_letters + '->', np.full((1,) * 52, 3))",
    ),
    same(
        65,
        "sublists, ascending without an output",
        "E(numbers(2, 3), [51, 0])",
        "E(numbers(2, 3), [0, 1], numbers(3, 4), [1, 2])",
        "E(numbers(2, 3), [0, 1], numbers(3, 4), [1, 2], [2, 0])",
        "E(np.ones((5, 2, 3)), [..., 0, 1], numbers(3, 4), [1, 2], [..., 0, 2])",
    ),
    same(
        67,
        "any iterable is a sublist",
        "E(numbers(2, 3), range(2))",
        "E(numbers(2, 3), np.array([1, 0]))",
        "E(numbers(2, 3), (0, 1), (1, 0))",
        "E(numbers(2, 3), (n for n in (1, 0)))",
        "E(np.arange(3), {4})",
    ),
    same(71, "an odd last argument is the output list", "E(numbers(2, 3), [0, 1], np.array([1, 0]))"),
    same(72, "empty lists", "E(3, [], 4, [])", "E(np.ones((2, 3)), [0, 1], [])", "E(3, [])", "E(3, [], [])"),
    same(
        74,
        "products and sums in the common dtype",
        "E('i->', np.full(3, 100, np.int8))",
        "E('ij->j', np.full((3, 2), 200, np.uint8))",
        "E('i,i->', np.full(3, 100, np.int8), np.full(3, 2, np.int16))",
    ),
    same(
        75,
        "integers wrap",
        "E('i,i', np.full(3, 100, np.uint8), np.full(3, 100, np.uint8))",
        "E('i,i->i', np.full(3, 2 ** 62, np.int64), np.full(3, 2, np.int64))",
        "E('i->', np.full(3, 2 ** 63, np.uint64))",
    ),
    same(
        76,
        "bool adds as OR",
        "E('i->', np.array([True, True]))",
        "E('ij,jk->ik', np.ones((2, 2), bool), np.ones((2, 2), bool))",
        "E('i,i->i', np.array([True, False]), np.array([True, True]))",
    ),
    same(
        77,
        "bool with an int is arithmetic from the start",
        "E('ij,jk,kl->il', np.ones((2, 3), bool), np.ones((3, 2), bool), np.ones((2, 2), int))",
    ),
    same(
        78,
        "Python scalars are strong",
        "E('i,->i', np.ones(2, 'f4'), 2.0)",
        "E('i,->i', np.ones(2, 'i1'), 2)",
        "E('i,->i', np.ones(2, 'f4'), 2j)",
        "E('i,->i', np.ones(2, 'i1'), True)",
    ),
    same(79, "common dtypes", *[f"E('i,i->i', np.ones(1, {a!r}), np.ones(1, {b!r}))" for a, b in PAIRS]),
    same(80, "large Python integers", "E(',', 2 ** 63, 4)", "E(',', 2 ** 64, 4)", "E('', 2 ** 64)"),
    same(
        81,
        "lists are arrays; an empty one is float64",
        "E('i,i->i', [], np.zeros(0, int))",
        "E('ij->j', [[1, 2], [3, 4]])",
        "E('ij->ji', ((1, 2.5), (3, 4)))",
    ),
    same(
        82,
        "objects: Python arithmetic from int 0",
        "E('i->', np.array([1, 2], object))",
        "E('i->', np.array([], object))",
        "E('i,i->i', np.array([1.5, True], object), np.array([1, True], object))",
        "E(',', np.array(True, object), True)",
        "E('i,i', np.array([2 ** 70, 1], object), np.array([2 ** 70, 1j], object))",
    ),
    same(
        85,
        "views take every dtype",
        "E('ij->ji', np.array([['a', 'b']]))",
        "E('ii->i', np.array([['a', 'b'], ['c', 'd']]))",
        "E('ij->ji', np.array([[1, 2]], 'm8[s]'))",
        "E('ij->ji', np.array([[b'a', b'bcd']]))",
        "E('ij->ji', np.array([[(1, 2.0)]], 'i4,f8'))",
        "E('...i->i...', np.array([['2020-01-01', '2021-01-01']], 'M8[D]'))",
        "E('', np.str_('abc'))",
    ),
    same(
        86,
        "byte order: native when computed, kept in views",
        "E('i->', np.arange(3, dtype='>i4'))",
        "E('i->i', np.arange(3, dtype='>i4'))",
        "E('i,i->i', np.arange(3, dtype='>f8'), np.arange(3, dtype='>f8'))",
        "E('ij->ji', np.ones((2, 3), '>c16'))",
    ),
    same(
        87,
        "subclasses become arrays",
        "E('i->', np.ma.array([1, 2, 3], mask=[0, 1, 0]))",
        "E('i->i', np.ma.array([1, 2, 3], mask=[0, 1, 0]))",
        "E('i,i->i', np.arange(3).view(np.recarray), np.arange(3))",
    ),
    same(
        96,
        "computed zeros are +0.0, viewed ones keep their sign (compared with ==)",
        "E('i,i->i', np.array([-0.0]), np.array([1.0]))",
        "E('i->i', np.array([-0.0]))",
    ),
    same(
        97,
        "no floating-point error is raised or warned of",
        "raising(lambda: E('i,i->', np.array([1e+308, 1e+308]), np.array([1e+308, 1e+308])))",
        "raising(lambda: E('i,i->i', np.array([1e-308]), np.array([1e-308])))",
        "raising(lambda: E('i,i->i', np.array([np.inf]), np.array([0.0])))",
        "raising(lambda: E(',', np.inf, 0.0))",
        "raising(lambda: E('i->', np.full(3, 100, np.int8)))",
        "raising(lambda: E(',', np.int8(100), np.int8(100)))",
        "E('i,i->', np.array([1e+308, 1e+308]), np.array([1e+308, 1e+308]))",
    ),
    same(
        99,
        "0-d results are scalars",
        "E('i->', [1, 2])",
        "E('', 3.5)",
        "E('ii', np.ones((2, 2), 'c8'))",
        "E('i->', np.array([1, 2], object))",
        "E('', np.array(None, object))",
    ),
    same(
        100,
        "one operand and nothing summed is a view",
        "shared(E, 'ij->ji', np.ones((2, 3)))",
        "shared(E, 'ii->i', np.ones((3, 3)))",
        "shared(E, '...', np.ones((2, 3)))",
        "shared(E, 'ij->i', np.ones((2, 3)))",
    ),
    same(
        101,
        "writing to a view changes the operand",
        "(lambda z: (E('ii->i', z).__setitem__(slice(None), 7), z)[1])(np.zeros((2, 2)))",
    ),
    same(
        102,
        "a view of a read-only array is read-only",
        "E('ij->ji', np.broadcast_to(np.arange(3), (2, 3))).flags.writeable",
        "E('ij->ji', np.ones((2, 3))).flags.writeable",
    ),
    same(
        103,
        "dtype= and order= mean nothing to a view",
        "E('i->i', np.arange(3), dtype='float32', order='F')",
        "E('ij->ji', np.array([['a']]), casting='no')",
    ),
    same(
        106,
        "casting='unsafe' truncates before multiplying",
        "E('i,i->', np.array([1.9, 1.9]), np.array([1.9, 1.9]), dtype=int, casting='unsafe')",
        "E('i->', np.array([1.9, 1.9]), dtype='i1', casting='unsafe')",
        "E('i->', np.arange(3, dtype='i4'), dtype='i2', casting='same_kind')",
        "E('i->', np.arange(3), dtype=float)",
        "E('i,i->i', np.arange(3), np.arange(3), dtype=object)",
    ),
    same(
        107,
        "out= takes part in the common dtype",
        "E('i,i->', np.array([100], 'i1'), np.array([100], 'i1'), out=np.zeros((), 'i8'))",
        "E('i->i', np.array([1, 2], 'i1'), out=np.zeros(2))",
        "E('ij->j', numbers(2, 3), out=np.ones(3, int))",
    ),
    same(
        109,
        "out= may be larger than a result of size 1",
        "E('i->i', [5], out=np.zeros(3, int))",
        "E('i,j->ij', [5], [1, 2], out=np.zeros((3, 2), int))",
    ),
    same(110, "out= may overlap an operand", "in_place(E, 'ij->ji')", "in_place(E, 'ij,jk->ik')"),
    same(123, "-0.0 (compared with ==)", "E(',', -0.0, 1.0)", "E(',', -0.0, 1.0, optimize=True)"),
]

OWN = [
    same(
        88,
        "rounding is the library's own, in every order",
        "E('i->', np.array([1e8, 1, -1e8], 'f4'))",
    ),
    same(89, "... and lanes", "E('i->', np.array([1e16, 1, 1, 1, 1, 1, 1, 1, -1e16]))"),
    same(90, "... and float16 sums", "E('i->', np.ones(5000, 'f2'))"),
    same(91, "... over another axis", "E('ij->j', np.ones((5000, 2), 'f2'))"),
    same(
        92,
        "... and float16 products",
        "E('i,i,i->i', np.array([60000], 'f2'), np.array([2], 'f2'), np.array([.5], 'f2'))",
    ),
    same(93, "overflow is the library's own", "E('i,->', np.array([1e308, 1e308]), 0.1)"),
    same(94, "... over another axis", "E('ij,i->i', np.array([[1e308, 1e308]]), np.array([0.1]))"),
    same(95, "0 times inf likewise", "E('i,->', np.array([0.0, 1.0]), np.inf)"),
    same(98, "complex inf likewise", "E('i,i->i', np.array([complex(np.inf, 0)]), np.array([1j]))"),
    same(104, "the layout of the result", "E('ij,jk->ki', np.ones((2, 3)), np.ones((3, 4))).strides"),
    same(
        113,
        "optimize=True: the dtype of each pair",
        "E('ij,jk,kl->il', np.ones((2, 3), bool), np.ones((3, 2), bool), np.ones((2, 2), int), optimize=True)",
    ),
    same(
        114,
        "optimize=path: small integers wrap in an intermediate",
        "E('i,i,i->', np.full(2, 100, 'i1'), np.full(2, 100, 'i1'), [1, 1], optimize=['einsum_path', (0, 1), (0, 1)])",
    ),
    same(
        117,
        "optimize=True: a scalar may be an array",
        "E('i,i->', [1, 2], [3, 4], optimize=True)",
        "E('i,i->', [1, 2], [3, 4], optimize='greedy')",
    ),
    same(115, "optimize=True: an ellipsis may be lost", "E('...i->i', numbers(2, 3), optimize=True)"),
    same(116, "optimize=True: blanks anywhere", "E('i . . . - > i', numbers(2, 3), optimize=True)"),
    same(
        119,
        "optimize=True: dtype= that narrows",
        "E('ij,jk->ik', np.ones((2, 2), int), np.ones((2, 2), int), dtype='i1', optimize=True)",
    ),
    same(120, "optimize=True: 64 operands", "E(','.join(['i'] * 64), *[np.ones(2)] * 64, optimize=True)"),
]
"""Lines in which the result depends on how it is computed: einloop.einsum leaves that to numpy."""

REFUSED = [
    refused(
        3,
        "only the blank is white space",
        "EL101",
        *[f"E('i{x}j', np.ones((2, 3)))" for x in (r"\t", r"\n", r"\r", r"\v", r"\xa0")],
    ),
    refused(4, "the arrow has no blank inside", "EL101", "E('ij- >ji', np.ones((2, 3)))"),
    refused(5, "nor has the ellipsis", "EL101", "E('. . .', np.ones((2, 3)))"),
    refused(6, "labels are ASCII letters", "EL101", "E('αβ->βα', np.ones((2, 3)))"),
    refused(7, "... str.isalpha() is not the rule", "EL101", "E('ª', np.ones(3))", "E('é', np.ones(3))"),
    refused(
        8,
        "no digits, underscores, parentheses",
        "EL101",
        "E('b (h d) -> b h d', np.ones((2, 6)))",
        "E('i1', np.ones((2, 6)))",
        "E('i_j', np.ones((2, 6)))",
    ),
    refused(12, "a string in a 0-d array is an operand", "EL121", "E(np.array('ij->ji'), np.ones((2, 3)))"),
    refused(15, "no operand", ("EL201", "EL201", "EL475"), "E('')", "E('ij')", "E()"),
    refused(16, "more terms than operands", "EL201", "E('i,j', [1, 2])"),
    refused(17, "more operands than terms", "EL201", "E('i', [1, 2], [3, 4])"),
    refused(18, "einloop sees characters before it counts", "EL101", "E('i%,j', [1, 2])"),
    refused(19, "64 operands", "EL110", "E(','.join(['i'] * 64), *[np.ones(2)] * 64)"),
    refused(21, "a term names every axis", "EL202", "E('ij', [1, 2])", "E('ij...', [1, 2])"),
    refused(22, "... size-1 axes too", "EL202", "E('i', np.ones((3, 1)))"),
    refused(
        23, "one arrow at most", "EL101", *[f"E({x!r}, [1, 2])" for x in ("i->->i", "i-", "i>", "i>-", "i=>i", "i-i")]
    ),
    refused(24, "an arrow ends the terms", "EL101", "E('->,->', 0, 5)"),
    refused(25, "one output", "EL101", "E('ij->i,j', np.ones((2, 2)))"),
    refused(26, "a label stands in the output once", "EL105", "E('i->ii', [1, 2])"),
    refused(27, "repetition is reported before absence", "EL105", "E('ij->kk', np.ones((2, 2)))"),
    refused(28, "every output label is in an input", "EL106", "E('i->ij', [1, 2])"),
    refused(42, "an ellipsis with axes may not be lost", "EL204", "E('...i->i', np.ones((2, 3)))"),
    refused(44, "... even an axis of size 1", "EL204", "E('ij...,jk->ik', np.ones((2, 3, 1)), np.ones((3, 4)))"),
    refused(
        47,
        "three dots, once a term",
        "EL101",
        *[f"E({x!r}, np.ones((2, 3)))" for x in ("....", ".....", "......", "..", ".", "...i...", "ij->...i...j")],
    ),
    refused(
        51,
        "a diagonal is not stretched",
        "EL205",
        "E('ii->i', np.ones((1, 3)))",
        "E('ii', np.ones((3, 1)))",
        "E('ii,i->i', np.ones((1, 3)), np.ones(3))",
    ),
    refused(57, "a diagonal of unequal sizes, kept", "EL205", "E('ii->i', np.ones((2, 3)))"),
    refused(58, "... and summed", "EL205", "E('ii->', np.ones((2, 3)))"),
    refused(
        59,
        "sizes of two operands that disagree",
        "EL205",
        "E('ij,jk->ik', np.ones((2, 3)), np.ones((4, 2)))",
        "E('...i,...i', np.ones((2, 3)), np.ones((4, 3)))",
    ),
    refused(61, "65 axes", "EL206", "E(ascii_letters + ',...->...', np.ones((1,) * 52), np.ones((1,) * 13))"),
    refused(66, "an output label in no list", "EL106", "E(np.ones(3), [0], [1])"),
    refused(
        68,
        "labels go from 0 to 51",
        "EL122",
        "E(np.ones((2, 3)), [0, 52])",
        "E(np.ones((2, 3)), [0, -1])",
        "E(np.ones((2, 3)), [0, 10 ** 30])",
    ),
    refused(
        69,
        "labels are integers",
        "EL121",
        *[
            f"E(np.ones((2, 3)), {x})"
            for x in ("[True, False]", "[0.0, 1.0]", "['i', 'j']", "[None, 0]", "[[0], [1]]", "[np.True_, 0]")
        ],
    ),
    refused(70, "a bare Ellipsis is not a list", "EL120", "E(np.ones((2, 3)), Ellipsis)", "E(np.ones((2, 3)), 5)"),
    refused(83, "objects that cannot be added to 0", "TypeError", "E('i->', np.array(['a', 'b'], object))"),
    refused(
        84,
        "no arithmetic on strings and times",
        "EL301",
        "E('i->', np.zeros(2, 'm8[s]'))",
        "E('i->', np.zeros(2, 'M8[s]'))",
        "E('i->', np.array(['a']))",
        "E('i,i->i', np.array([b'a']), np.array([b'b']))",
        "E('i->', np.zeros(2, 'i4,f8'))",
    ),
    refused(
        105,
        "dtype= is cast to safely",
        ("EL302", "EL301"),
        "E('i->', np.arange(3), dtype='int8')",
        "E('i->', np.arange(3), dtype='U3')",
    ),
    refused(
        108,
        "out= is an array of the right rank",
        ("EL207", "EL207", "EL477"),
        "E('i->i', [1, 2], out=np.zeros((2, 1)))",
        "E('i->i', [1, 2], out=np.zeros(3))",
        "E('i->i', [1, 2], out=[0, 0])",
    ),
    refused(
        111,
        "casting='no' forbids promotion",
        "EL302",
        "E('i,i->i', np.ones(2, int), np.ones(2), casting='no')",
        "E('i,i->i', np.ones(2, int), np.ones(2), casting='equiv')",
    ),
    refused(112, "unknown keywords", "TypeError", "E('i->', [1, 2], keepdims=True)", "E('i->', [1, 2], axis=0)"),
    refused(118, "optimize=True: labels go to 51", "EL122", "E(np.ones((2, 3)), [0, 52], optimize=True)"),
    refused(
        122,
        "optimize=0",
        "EL431",
        "E('ij,jk', np.ones((2, 2)), np.ones((2, 2)), optimize=0)",
        "E('ij,jk', np.ones((2, 2)), np.ones((2, 2)), optimize=1)",
    ),
    refused(121, "optimize=True: sizes that disagree", "EL205", "E('i,i', np.ones(2), np.ones(3), optimize=True)"),
]

BUGS = [
    bug(10, "bytes beyond ASCII", "EL101", "E(b'\\xe9', np.ones(3))"),
    bug(11, "NUL ends the string for numpy", "EL101", "E('i\\x00->q!!', np.arange(3))", "E('i\\x00', np.arange(3))"),
    bug(55, "a diagonal of sizes 0 and 3 reads foreign memory", "EL205", "E('ii->i', np.ones((0, 3)))"),
    bug(56, "... with further axes", "EL205", "E('iij->ij', np.ones((0, 3, 2)))"),
    bug(62, "a label written 129 times is not iterated", "EL112", "E(','.join(['iii'] * 43), *[identity(3)] * 43)"),
    bug(63, "126 times are right", None, "E(','.join(['iii'] * 42), *[identity(3)] * 42)", right=3.0),
    bug(
        64,
        "256 times are none for numpy",
        "EL112",
        "E(','.join(['i' * 64] * 4) + '->i', *[np.ones((1,) * 64)] * 4)",
        "E(','.join(['i' * 64] * 4) + ',i', *[np.ones((1,) * 64)] * 4, np.ones(1))",
    ),
]

NOT_COMPARED = {73: "a limit of numpy's buffer for lists, not of the expression"}
"""Lines without a comparison, and why."""

LINES = {line.number: line for line in (*SAME, *OWN, *REFUSED, *BUGS)}


def reference(*operands: object, **keywords: object) -> Any:
    """Return what np.einsum says."""
    return oracle(*operands, **keywords)


def run(call: str, einsum: Callable[..., Any]) -> Any:
    """Return the value of a call, with `E` for `einsum`."""
    known = {"np": np, "E": einsum, "ascii_letters": string.ascii_letters}
    return eval(
        call,
        {**known, "numbers": numbers, "identity": identity, "raising": raising, "in_place": in_place, "shared": shared},
    )


def calls(lines: list[Line]) -> list[Any]:
    """Return one test parameter per call: the line's number and the position of the call."""
    return [
        pytest.param(line.number, place, id=f"Q{line.number}-{place + 1}")
        for line in lines
        for place in range(len(line.calls))
    ]


def check_refusal(call: str, wanted: str) -> None:
    if wanted == "TypeError":
        with pytest.raises(TypeError):
            run(call, einloop.einsum)
        return
    with pytest.raises(einloop.EinloopError) as caught:
        run(call, einloop.einsum)
    assert caught.value.id == wanted


def test_every_line_once() -> None:
    listed = [line.number for line in (*SAME, *OWN, *REFUSED, *BUGS)] + list(NOT_COMPARED)
    assert sorted(listed) == list(range(1, 124))
    assert all(len(line.ids) == len(line.calls) > 0 for line in LINES.values())


@pytest.mark.filterwarnings("ignore::einloop.EinloopWarning")
@pytest.mark.parametrize(("number", "place"), calls([*SAME, *OWN]))
def test_same_as_numpy(number: int, place: int) -> None:
    call = LINES[number].calls[place]
    expected, got = run(call, reference), run(call, einloop.einsum)
    assert type(got) is type(expected)
    wanted, found = np.asarray(expected), np.asarray(got)
    np.testing.assert_array_equal(found, wanted, strict=True)
    if wanted.dtype == object:
        assert [type(x) for x in found.flat] == [type(x) for x in wanted.flat]


@pytest.mark.parametrize(("number", "place"), calls(REFUSED))
def test_refused_like_numpy(number: int, place: int) -> None:
    line = LINES[number]
    with pytest.raises((ValueError, TypeError, IndexError)):
        run(line.calls[place], reference)
    check_refusal(line.calls[place], str(line.ids[place]))


@pytest.mark.parametrize(("number", "place"), calls(BUGS))
def test_right_where_numpy_is_wrong(number: int, place: int) -> None:
    line = LINES[number]
    wanted = line.ids[place]
    if wanted is None:
        assert run(line.calls[place], einloop.einsum) == line.right
    else:
        check_refusal(line.calls[place], wanted)


def test_out_is_returned_itself() -> None:
    out = np.zeros(())
    assert einloop.einsum("i->", [1.0, 2.0], out=out) is out
    assert out.tolist() == 3.0
