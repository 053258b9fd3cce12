"""Whether two expressions are one: a table of pairs, brute force on random ones, and searches that are hard."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_letters

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import Expression, exact_arrays, expressions, oracle

from einloop.analysis.diff import compare
from einloop.analysis.diff.example import example
from einloop.analysis.diff.ranks import common_ranks, telling_ranks
from einloop.analysis.diff.relations import relation
from einloop.core.canonical import CanonicalForm, correspondence, form_of
from einloop.core.errors import EinloopError, OptionError
from einloop.core.options import Options
from einloop.core.sizes import connected
from einloop.notation import read
from einloop.pipeline.diff import compared, equivalent

PLAIN = Options()


def call(terms: Sequence[str], output: str, names: Sequence[str] = ()) -> str:
    """Return an expression as subscripts, or as a call where operands have names."""
    text = f"{','.join(terms)}->{output}"
    return f"np.einsum({text!r}, {', '.join(names)})" if names else text


SAME = [
    ("ij,jk->ik", "ab,bc->ac"),
    ("ij,jk", "ij,jk->ik"),
    ("ba", "ba->ab"),
    ("aB", "aB->Ba"),
    ("", "->"),
    (",", " , -> "),
    ("i,,j", "a,,b->ab"),
    ("ij->", "ab->"),
    ("ii", "kk->"),
    ("iij->ij", "aab->ab"),
    ("ij,jk->ik", "C[i,k] += A[i,j] * B[j,k]"),
    ("ij,jk->ik", "np.einsum('xy,yz', left, right)"),
    (r"y_i = \sum_j W_{ij} x_j", "np.einsum('j,ij->i', x, W)"),
    ("np.einsum('ij,jk', a, b)", "np.einsum('jk,ij->ik', b, a)"),
    ("np.einsum('ij,jk->ik', A, A)", "np.einsum('jk,ij->ik', A, A)"),
    ("np.einsum('ij,jk->ik', A, A)", "jk,ij->ik"),
    ("jk,ij->ik", "np.einsum('ij,jk->ik', A, A)"),
    ("np.einsum('i,j->', x, x)", "np.einsum('j,i->', x, x)"),
    ("np.einsum('ij,ij->i', X, X)", "np.einsum('ab,ab->a', Y, Y)"),
    ("...ij,...jk", "...ab,...bc->...ac"),
    ("i...", "i...->...i"),
    ("ij->i...j", "ij->ij"),
    ("...ij,jk->ik", "ij,jk->ik"),
    ("...i->...i", "i...->i..."),
    ("...ij,...->...ij", "...ij,...->...ij"),
    ("np.einsum('...ij,jk->...ik', A, A)", "np.einsum('ij,jk->ik', A, A)"),
    ("np.einsum('i...i,...,jj,...i->...', Y, X, Y, X)", "np.einsum('bb...,...,cc,...b->...', Y, X, Y, X)"),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_the_same(first, second):
    assert equivalent(first, second, PLAIN)
    assert equivalent(second, first, PLAIN)


DIFFERENT = [
    ("ij,jk->ik", "ij,kj->ik", None),
    ("ij->i", "ij->j", None),
    ("ij,j->i", "ij,k->i", None),
    ("np.einsum('i,i->i', A, A)", "np.einsum('i->i', A)", None),
    ("np.einsum('ij,ij->', A, A)", "np.einsum('ij,ji->', A, A)", None),
    ("np.einsum('ij,jk->ik', A, A)", "np.einsum('ij,jk->ik', A, B)", None),
    ("ij,jk->ik", "ij,jk,kl->il", None),
    ("ij->i", "ijk->i", None),
    ("...i->...", "i...->...", None),
    ("...ij->...ij", "ij->ij", None),
    ("...i->...i", "...->...", None),
    ("...,...->...", "...i,...i->...i", None),
    ("...ij->...ij", "...ij->...ji", "transpose"),
    ("ij->ij", "ij->ji", "transpose"),
    ("bij->bij", "bij->jbi", "transpose"),
    ("ij,j->i", "j,ij->i", "operands"),
    ("ij,jk->ik", "jk,ij->ik", "operands"),
    ("np.einsum('ij,jk->ik', a, b)", "np.einsum('ij,jk->ik', b, a)", "operands"),
    ("ij->ij", "ij->i", "sum"),
    ("ij,jk->i", "ab,bc->ac", "sum"),
    ("ij->ij", "ij->", "sum"),
    ("ii->i", "ij->ij", "diagonal"),
    ("ij,kl->ijkl", "ij,il->ijl", "diagonal"),
]


@pytest.mark.parametrize(("first", "second", "kind"), DIFFERENT)
def test_different_and_how(first, second, kind):
    found = compared(first, second, PLAIN)
    assert not found.same
    assert not equivalent(second, first, PLAIN)
    between = relation(*found.forms)
    assert (between and between.kind.value) == kind


def test_the_permutation_turns_the_first_into_the_second():
    found = relation(*compared("bij->bij", "bij->jbi", PLAIN).forms)
    array = np.arange(24).reshape(2, 3, 4)
    assert found.order == (2, 0, 1)
    assert np.array_equal(array.transpose(found.order), np.einsum("bij->jbi", array))


def test_the_order_is_that_in_which_the_second_takes_the_operands():
    found = relation(*compared("ij,jk,kl->il", "kl,ij,jk->il", PLAIN).forms)
    arrays = [np.arange(6).reshape(2, 3), np.arange(12).reshape(3, 4), np.arange(20).reshape(4, 5)]
    swapped = [arrays[number] for number in found.order]
    assert np.array_equal(np.einsum("ij,jk,kl->il", *arrays), np.einsum("kl,ij,jk->il", *swapped))


SHAPED = [
    ("ij,j->i", "ij,k->i", [(2, 1), (1,)], "same for these shapes"),
    ("ij->i", "ij->j", [(1, 1)], "same for these shapes"),
    ("ij,jk->ik", "ij,kj->ik", [(3, 3), (3, 3)], "structure"),
    ("ij->ij", "ij->ji", [(3, 1)], "structure"),
    ("ij->ij", "ij->ji", [("B", 1)], "structure"),
    ("ij,jk->ik", "ij,jk->i", [("B", "L"), ("L", 1)], "structure"),
    ("ij,j->i", "ij,k->i", [("B", 1), (1,)], "same for these shapes"),
    ("i,i->i", "i,j->i", [(4,), (1,)], "same for these shapes"),
    ("i,i->i", "i,j->i", [("N",), (1,)], "same for these shapes"),
    ("i,i->i", "i,j->i", [("N",), ("N",)], "structure"),
    ("i,i->i", "i,j->i", [(0,), (0,)], "no term for these shapes"),
    ("ij->i", "ij->j", [(0, 3)], "structure"),
    ("...i->...", "i...->...", [(4,)], "same for these ranks"),
    ("...i->...", "i...->...", [(4, 5)], "structure"),
    ("ij,jk", "ij,jk->ik", [(2, 1), (3, 4)], "same form"),
]


@pytest.mark.parametrize(("first", "second", "shapes", "reason"), SHAPED)
def test_for_shapes(first, second, shapes, reason):
    options = Options(shapes=tuple((None, shape) for shape in shapes))
    assert compared(first, second, options).deciding.reason.value == reason


@pytest.mark.parametrize(("first", "second", "shapes", "reason"), SHAPED)
def test_what_is_said_for_shapes_is_so(first, second, shapes, reason):
    sizes = {"B": 2, "L": 3, "N": 4}
    numbers = [tuple(sizes.get(extent, extent) for extent in shape) for shape in shapes]
    rng = np.random.default_rng(0)
    arrays = [rng.integers(1, 50, size=shape).astype(object) for shape in numbers]
    one, two = (np.asarray(np.einsum(text, *arrays)) for text in (first, second))
    assert (one.shape == two.shape and one.tolist() == two.tolist()) == reason.startswith(("same", "no term"))


def test_products_of_two_by_two_matrices_may_agree_by_algebra():
    """The traces of AABBAB and AABABB are equal for matrices of two by two, and not for larger ones."""
    words = "AABBAB", "AABABB"
    terms = [f"{ascii_letters[n]}{ascii_letters[(n + 1) % 6]}" for n in range(6)]
    first, second = (call(terms, "", word) for word in words)
    found = compared(first, second, Options(shapes=(("A", (2, 2)), ("B", (2, 2)))))
    assert found.deciding.reason.value == "structure"
    shown = example(*found.verdict.forms)
    assert {*shown.shapes.values()} == {(3, 3)}
    rng = np.random.default_rng(0)
    small = {name: rng.integers(-9, 9, size=(2, 2)) for name in "AB"}
    one, two = (np.einsum(",".join(terms) + "->", *(small[name] for name in word)) for word in words)
    assert one == two


# Brute force


@st.composite
def relabelled(draw: st.DrawFn) -> tuple[str, str, Expression, list[str], list[int]]:
    """Draw an expression, and the same with other labels, written-out output and operands of one name permuted."""
    expression = draw(expressions(most_operands=6))
    keys = [(len(term), "..." in term, shape) for term, shape in zip(expression.terms, expression.shapes, strict=True)]
    shared = draw(st.booleans())
    names = [f"A{keys.index(key) if shared else number}" for number, key in enumerate(keys)]
    letters = dict(zip(expression.labels, draw(st.permutations(ascii_letters)), strict=False)) | {"...": "..."}
    order = draw(st.permutations(range(len(names))))
    first = ",".join("".join(term) for term in expression.terms)
    first += "" if expression.output is None else f"->{''.join(expression.output)}"
    terms = ["".join(letters[label] for label in expression.terms[number]) for number in order]
    output = "".join(letters[label] for label in expression.result)
    second = call(terms, output, [names[number] for number in order])
    return f"np.einsum({first!r}, {', '.join(names)})", second, expression, names, list(order)


@given(relabelled(), st.integers(0, 2**32))
def test_an_expression_is_itself(pair, seed):
    first, second, expression, names, order = pair
    assert equivalent(first, second, PLAIN)
    assert equivalent(second, first, PLAIN)
    arrays = exact_arrays(expression, ["int64"] * len(names), seed)
    given_arrays = [arrays[names.index(name)] for name in names]
    one = oracle(read(first).subscripts, *given_arrays)
    two = oracle(read(second).subscripts, *(given_arrays[number] for number in order))
    assert np.array_equal(one, two)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str]:
    """Draw an expression of at most four labels, and one that differs in a label, an axis, the output or a name."""
    letters = "ijkl"[: draw(st.integers(1, 4))]
    term = st.text(st.sampled_from(letters), max_size=3)
    terms = draw(st.lists(term, min_size=1, max_size=4))
    output = draw(_output(terms))
    names = draw(st.lists(st.sampled_from("XY"), min_size=len(terms), max_size=len(terms)) | st.just([]))
    others, kept, called = list(terms), output, list(names)
    place = draw(st.integers(0, len(terms) - 1))
    match draw(st.sampled_from(("label", "axes", "output", "operands", "names"))):
        case "label" if terms[place]:
            axis = draw(st.integers(0, len(terms[place]) - 1))
            others[place] = terms[place][:axis] + draw(st.sampled_from(letters)) + terms[place][axis + 1 :]
        case "axes":
            others[place] = "".join(draw(st.permutations(terms[place])))
        case "output":
            kept = draw(_output(terms))
        case "operands":
            others = draw(st.permutations(terms))
        case "names" if names:
            called = draw(st.permutations(names))
    kept = "".join(label for label in kept if label in "".join(others))
    return call(terms, output, names), call(others, kept, called)


def _output(terms: list[str]) -> st.SearchStrategy[str]:
    labels = sorted(set("".join(terms)))
    return st.permutations(labels).flatmap(lambda order: st.integers(0, len(order)).map(lambda n: "".join(order[:n])))


def computed(found, inputs):
    """Return the results of both expressions, as shapes and nested lists."""
    pairs = (found.first, found.pairing.first), (found.second, found.pairing.second)
    results = [
        np.asarray(np.einsum(spec.subscripts, *(inputs[name] for name in names), optimize=False))
        for spec, names in pairs
    ]
    return [(result.shape, result.tolist()) for result in results]


@given(edited(), st.integers(0, 2**32))
def test_the_verdict_is_that_of_brute_force(pair, seed):
    try:
        found = compared(*pair, PLAIN)
    except EinloopError as error:
        assume(error.id != "EL403")
        raise
    if found.verdict.forms is None:
        assert found.verdict.reason.value in ("ranks", "number of operands", "operands that are one array in one alone")
        return
    rng = np.random.default_rng(seed)
    for extents in (None, found):
        one, two = computed(found, _arrays(found, rng, distinct=extents is not None))
        assert one == two or not found.same
        assert found.same or extents is not None or one != two
    if not found.same:
        shown = example(*found.verdict.forms)
        assert computed(found, shown.inputs) == [
            (shown.first_shape, shown.first),
            (shown.second_shape, shown.second),
        ]
        assert (shown.first, shown.first_shape) != (shown.second, shown.second_shape)


def _arrays(found, rng, *, distinct):
    """Return random arrays: every extent four, or another extent for all axes that are tied."""
    forms = found.verdict.forms
    groups = connected(
        ((number, label), (array, axis))
        for number, form in enumerate(forms)
        for array, term in zip(form.arrays, form.terms, strict=True)
        for axis, label in enumerate(term)
    )
    extents: dict[object, int] = {}
    arrays = {}
    for array, term in zip(forms[0].arrays, forms[0].terms, strict=True):
        leaders = [groups[array, axis] for axis in range(len(term))]
        shape = [extents.setdefault(leader, len(extents) + 2) if distinct else 4 for leader in leaders]
        arrays.setdefault(array, rng.integers(-1000, 1000, size=shape).astype(object))
    return arrays


@given(expressions(most_operands=3), st.data())
def test_ellipses_are_held_against_arrays_of_every_small_rank(expression, data):
    """The same for all small ranks, or different for one: what np.einsum says decides."""
    terms = ["".join(term) for term in expression.terms]
    output = "".join(expression.result)
    moved = [_moved_dots(data, term) for term in expression.terms]
    first, second = call(terms, output), call(moved, output)
    verdict = compare(read(first), read(second)).verdict
    forms = [form_of(read(text), [f"A{n}" for n in range(len(terms))]) for text in (first, second)]
    rng = np.random.default_rng(0)
    ranks, _ = telling_ranks(*forms, common_ranks(*forms))
    agree = True
    for combination in ranks[:9]:
        arrays = [rng.integers(1, 99, size=(2,) * combination[name]) for name in forms[0].arrays]
        results = [np.asarray(np.einsum(text, *arrays)).tolist() for text in (first, second)]
        agree = agree and results[0] == results[1]
    assert agree or not verdict.same


def _moved_dots(data, term):
    labels = [label for label in term if label != "..."]
    if "..." in term:
        labels.insert(data.draw(st.integers(0, len(labels))), "...")
    return "".join(labels)


# Many operands


def ring(count: int, start: int = 0) -> list[str]:
    letters = ascii_letters[start : start + count]
    return [letters[n] + letters[(n + 1) % count] for n in range(count)]


def shuffled(terms: list[str], seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    letters = dict(zip(ascii_letters, rng.permutation(list(ascii_letters)), strict=True))
    return ["".join(letters[x] for x in terms[n]) for n in rng.permutation(len(terms))]


MANY = {
    "sixty operands over one index": (["i"] * 60, ["a"] * 60, True),
    "sixty operands, one of them apart": (["i"] * 60, ["a"] * 59 + ["b"], False),
    "a ring": (ring(52), shuffled(ring(52), 1), True),
    "a ring with one matrix turned round": (ring(52), shuffled([*ring(51)[:-1], "ya", "Yy"], 2), False),
    "two rings": (ring(26) + ring(26, 26), shuffled(ring(26) + ring(26, 26), 3), True),
    "two rings for one": (ring(52), shuffled(ring(26) + ring(26, 26), 4), False),
    "twenty pairs": ([f"{x}{x}" for x in ascii_letters[:20]] * 2, [f"{x}{x}" for x in ascii_letters[20:40]] * 2, True),
    "everything with everything": (
        [a + b for a in "abcdefgh" for b in "abcdefgh" if a != b],
        shuffled([a + b for a in "abcdefgh" for b in "abcdefgh" if a != b], 5),
        True,
    ),
}


@pytest.mark.parametrize(("first", "second", "same"), MANY.values(), ids=MANY)
def test_many_operands_of_one_name(first, second, same):
    pair = [call(terms, "", ["A"] * len(terms)) for terms in (first, second)]
    assert equivalent(*pair, PLAIN) == same


def test_sixty_operands_by_name():
    terms = [ascii_letters[n % 50] + ascii_letters[(n * 7 + 1) % 50] for n in range(60)]
    names = [f"T{n}" for n in range(60)]
    turned = call(terms[::-1], "", names[::-1])
    assert equivalent(call(terms, "", names), turned, PLAIN)
    assert not equivalent(call(terms, "", names), call(terms, "", names[::-1]), PLAIN)


CYCLIC = [[(row + column) % 7 for column in range(7)] for row in range(7)]
IRREGULAR = [
    [2, 4, 0, 1, 3, 6, 5],
    [4, 3, 2, 5, 6, 0, 1],
    [6, 2, 5, 3, 0, 1, 4],
    [0, 6, 1, 2, 5, 4, 3],
    [5, 1, 6, 0, 4, 3, 2],
    [1, 0, 3, 4, 2, 5, 6],
    [3, 5, 4, 6, 1, 2, 0],
]


def latin(square: list[list[int]]) -> str:
    """Return one array under a term for every cell of a Latin square: refinement alone tells no two cells apart."""
    cells = [(row, column, square[row][column]) for row in range(7) for column in range(7)]
    terms = [ascii_letters[r] + ascii_letters[7 + c] + ascii_letters[14 + s] for r, c, s in cells]
    return call(terms, "", ["A"] * 49)


def test_a_search_that_takes_too_long_is_given_up():
    with pytest.raises(OptionError) as caught:
        equivalent(latin(CYCLIC), latin(IRREGULAR), PLAIN)
    assert str(caught.value) == (
        "error EL440: undecided: the operands of one name can be matched in too many ways "
        "(given up after 2,000,000 looks at an axis)\n"
        "hint: give operands that are different arrays different names"
    )


def test_a_hard_search_that_succeeds():
    turned = [row[::-1] for row in CYCLIC[::-1]]
    assert equivalent(latin(CYCLIC), latin(turned), PLAIN)


def test_inputs_decide_where_the_search_gives_up():
    first = CanonicalForm(arrays=("A",) * 3, terms=(("i", "j"), ("j", "k"), ("k", "i")), output=())
    second = CanonicalForm(arrays=("A",) * 3, terms=(("i", "j"), ("j", "i"), ("k", "k")), output=())
    with pytest.raises(OptionError):
        correspondence(first, second, work=1)
    assert example(first, second).first != example(first, second).second


def test_one_array_under_many_ellipses():
    pair = [call([term] * 5, output, ["X"] * 5) for term, output in (("...i", "...i"), ("i...", "i..."))]
    assert equivalent(*pair, PLAIN)
    assert not equivalent("...i,...j->...ij", "i...,j...->...ij", PLAIN)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [("...i,...->...i", "...i,...->...i", True), ("i...,...->i...", "...i,...->...i", False)],
)
def test_an_ellipsis_beside_another_operand(first, second, same):
    assert equivalent(first, second, PLAIN) == same
