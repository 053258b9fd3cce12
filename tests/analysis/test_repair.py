"""Fixes: legal for the shapes, giving the shape they say, one small edit away, the likeliest first."""

from functools import partial
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import expressions

from einloop.analysis import repair
from einloop.analysis.check import diagnose, doubtful
from einloop.analysis.repair.draft import DraftExpression, draft_of, extents_of
from einloop.core.bind import bind_sizes
from einloop.core.errors import ShapeError
from einloop.core.expected import Expected
from einloop.notation import read
from einloop.notation.subscripts import read_subscripts
from einloop.pipeline.advice import bind_with_advice

repairs = partial(repair.repairs, doubtful=doubtful)
dots_repairs = partial(repair.dots_repairs, doubtful=doubtful)

FOUND = {
    "row 2: two letters exchanged": (
        "bix,iox->box",
        [(12, 8192, 2), (12, 8192, 2)],
        [("bix,oix->box", "(12, 12, 2)"), ("ibx,iox->box", "(8192, 8192, 2)")],
    ),
    "row 3: nothing stretched": ("ik,jk->ij", [(4, 1), (1, 3)], [("ik,kj->ij", "(4, 3)")]),
    "row 4: a letter replaced": ("oi,k->o", [(3, 2), (2,)], [("oi,i->o", "(3,)")]),
    "row 5: an output letter, or a letter of the second term": (
        "ij,je->je",
        [(3, 3), (3, 4)],
        [("ij,je->ie", "(3, 4)"), ("ij,ie->je", "(3, 4)")],
    ),
    "attention output, by its sizes": (
        "bhqk,bqhd->bqhd",
        [(2, 4, 5, 7), (2, 7, 4, 3)],
        [("bhqk,bkhd->bqhd", "(2, 5, 4, 3)")],
    ),
    "attention output, as long as its keys": (
        "bhqk,bqhd->bqhd",
        [(2, 4, 5, 5), (2, 5, 4, 8)],
        [
            ("bhqk,bkhd->bqhd", "(2, 5, 4, 8)"),
            ("bhqk,bqhd->bkhd", "(2, 5, 4, 8)"),
            ("bhqk,bqhd->bqkd", "(2, 5, 5, 8)"),
        ],
    ),
    "attention output, no shapes": (
        "bhqk,bqhd->bqhd",
        [],
        [("bhqk,bkhd->bqhd", None), ("bhqk,bqhd->bkhd", None), ("bhqk,bqkd->bqhd", None)],
    ),
    "what all operands share is kept first": (
        "nlhd,nhdv,nxh->nlhv",
        [],
        [("nlhd,nhdv,nlh->nlhv", None), ("nlhd,nhdv,ndh->nlhv", None), ("nlhd,nhdv,nxh->nlxv", None)],
    ),
    "the output is kept first, and the last place is for another output": (
        "ijk,jr,kr->kr",
        [],
        [("ijk,jr,ki->kr", None), ("ijk,jr,ir->kr", None), ("ijk,jr,kr->ir", None)],
    ),
    "row 7, no shapes": ("ij,kl->il", [], [("ij,jl->il", None)]),
    "names of extents are equal to themselves only": (
        "bqd,bke->bqk",
        [("B", "L", "D"), ("B", "M", "D")],
        [("bqd,bkd->bqk", "(B, L, M)")],
    ),
    "other names of extents do not fit": ("ij,jk->ik", [("A", "B"), ("C", "D")], []),
    "an ellipsis in every term with axes to spare": (
        "ij,jk->ik",
        [(5, 2, 3), (5, 3, 4)],
        [("...ij,...jk->...ik", "(5, 2, 4)")],
    ),
    "a letter inserted": ("i->i", [(2, 3)], [("...i->...i", "(2, 3)"), ("ij->i", "(2,)"), ("ji->i", "(3,)")]),
    "a letter dropped": ("bchw,bc->bchw", [(2, 4, 5, 6), (4,)], [("bchw,c->bchw", "(2, 4, 5, 6)")]),
    "nothing fits": ("bchw,bc->bchw", [(2, 4, 5, 6), (3,)], []),
    "implicit output follows": ("ij,ik", [(2, 3), (3, 4)], [("ji,ik->jk", "(2, 4)")]),
    "no outer product in place of a contraction": ("ij,jk", [("B", "L"), ("M", "K")], []),
    "the shape of a scalar": ("i,j->", [(3,), (3,)], [("i,i->", "()")]),
}


@pytest.mark.parametrize(("text", "shapes", "found"), FOUND.values(), ids=FOUND)
def test_repairs(text, shapes, found):
    assert [(fix.expression, fix.shape) for fix in repairs(read_subscripts(text), shapes)] == found


def test_sizes_by_index_count_too():
    spec = read_subscripts("ij,kl->il")
    assert [fix.expression for fix in repairs(spec, sizes={"j": 3, "k": 4})] == []
    spec = bind_sizes(read_subscripts("ij"), [(2, 3)])
    assert repairs(spec, sizes={"i": 4}) == ()


@pytest.mark.parametrize(
    ("text", "notation", "fix"),
    [
        ("batch q d, batch k e -> batch q k", "named", "batch q d, batch k d -> batch q k"),
        ("y_i = A_{ij} x_k", "formula", "y[i] = A[i,j] * x[j]"),
        ("C[a,b] = W[a,mu] * v[b,nu]", "formula", "C[a,b] = W[a,mu] * v[b,mu]"),
        ("np.einsum('ij,kl->il', x, y)", "call", "ij,jl->il"),
    ],
)
def test_fixes_are_written_as_the_person_wrote_and_can_be_read_again(text, notation, fix):
    spec = read(text) if notation != "named" else read(text, spec_notation("named"))
    assert [found.expression for found in repairs(spec)] == [fix]
    again = read(fix, spec_notation(notation)) if notation != "call" else read(fix)
    assert len(again.operands) == len(spec.operands)


def spec_notation(name):
    from einloop.core.source import Notation

    return Notation(name)


def test_a_lost_ellipsis_is_kept_or_summed():
    spec = read_subscripts("...ij,...jk->ik")
    assert [(fix.expression, fix.shape) for fix in dots_repairs(spec, [(2, 3, 4), (2, 4, 5)])] == [
        ("...ij,...jk->...ik", "(2, 3, 5)"),
        ("aij,ajk->ik", "(3, 5)"),
    ]
    uneven = [(7, 2, 3, 4), (2, 4, 5)]
    assert [fix.expression for fix in dots_repairs(spec, uneven)] == ["...ij,...jk->...ik", "abij,bjk->ik"]


@given(expressions(), st.booleans())
def test_a_quick_fit_is_what_binding_finds(expression, keep):
    spec = read_subscripts(expression.subscripts)
    shapes = list(expression.shapes)
    if not keep:
        shapes = [shape[::-1] for shape in shapes]
    fitted = extents_of(draft_of(spec), shapes)
    try:
        bound = bind_sizes(spec, shapes)
    except ShapeError:
        assert fitted is None
        return
    assert fitted is not None
    named = {index.label: index.extent for index in bound.indices if not index.covered}
    assert fitted[0] == named
    assert fitted[1] == sum(index.stretched and not index.covered for index in bound.indices)


def edits_between(one: DraftExpression, other: DraftExpression) -> int:
    """Return how many terms, the output among them only where no term differs, are not the same."""
    terms = sum(a != b for a, b in zip(one.terms, other.terms, strict=True))
    return terms or int(one.output != other.output)


def is_small(before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """Return whether one label was replaced, added or dropped, or the labels reordered."""
    if len(before) == len(after):
        return sorted(before) == sorted(after) or sum(a != b for a, b in zip(before, after, strict=True)) == 1
    long, short = sorted((before, after), key=len, reverse=True)
    return len(long) == len(short) + 1 and any(long[:n] + long[n + 1 :] == short for n in range(len(long)))


def check_fix(expression, shapes, fix):
    """Assert that np.einsum takes a fix, that it gives the shape it says, is near and gets no warning."""
    spec = read_subscripts(fix.expression)
    result = np.einsum(fix.expression, *[np.zeros(shape, int) for shape in shapes])
    assert fix.shape == str(result.shape)
    assert not doubtful(bind_sizes(spec, shapes))
    before, after = draft_of(read_subscripts(expression.subscripts)), draft_of(spec)
    assert before.key != after.key
    if all("..." not in term for term in after.terms) or any("..." in term for term in before.terms):
        assert edits_between(before, after) == 1
        assert all(a == b or is_small(a, b) for a, b in zip(before.terms, after.terms, strict=True))


@given(expressions(most_operands=4, dots=False))
def test_fixes_of_warnings_are_legal_near_and_without_warnings(expression):
    spec = bind_sizes(read_subscripts(expression.subscripts), expression.shapes)
    for finding in diagnose(spec):
        assert len(finding.fixes) <= 3
        assert len({fix.expression for fix in finding.fixes}) == len(finding.fixes)
        for fix in finding.fixes if finding.id != "EL707" else ():
            check_fix(expression, expression.shapes, fix)


@given(expressions(most_operands=4, dots=False, stretch=False), st.data())
def test_fixes_of_refusals_are_legal_near_and_without_warnings(expression, data):
    shapes = [list(shape) for shape in expression.shapes]
    number = data.draw(st.integers(0, len(shapes) - 1))
    shapes[number] = data.draw(st.permutations(shapes[number]))
    given_shapes = [tuple(shape) for shape in shapes]
    for fix in fixes_of_refusal(expression.subscripts, given_shapes):
        check_fix(expression, given_shapes, fix)


def fixes_of_refusal(text, shapes):
    """Return the fixes of the refusal of these shapes, none where they are legal."""
    try:
        bind_with_advice(read_subscripts(text), shapes)
    except ShapeError as error:
        return error.fixes
    return ()


def test_permuted_operands_are_put_right():
    """Every order of an operand's labels that brings the contracted one to another axis is refused and mended."""
    for order in permutations(range(3)):
        labels = tuple("abc"[place] for place in order)
        if labels[2] == "c":
            continue
        text = f"{''.join(labels)},cd->abd"
        with pytest.raises(ShapeError) as caught:
            bind_with_advice(read_subscripts(text), [(2, 3, 5), (5, 7)])
        assert ("abc,cd->abd", "(2, 3, 7)") in [(fix.expression, fix.shape) for fix in caught.value.fixes]


EXPECTED = {
    "another order": ("bhqk,bkhd->bhqd", [], ("b", "q", "h", "d"), ["bhqk,bkhd->bqhd"]),
    "another order, by lengths": ("bhqk,bkhd->bhqd", [(2, 4, 7, 5), (2, 5, 4, 3)], (2, 7, 4, 3), ["bhqk,bkhd->bqhd"]),
    "another index": ("ijk,jr,kr->jr", [(2, 3, 5), (3, 7), (5, 7)], (2, 7), ["ijk,jr,kr->ir"]),
    "an index more": ("ii->i", [(3, 3)], (3, 3), ["ij->ij", "ji->ij"]),
    "lengths of the same size": ("ij,jk->ki", [(4, 4), (4, 4)], ("i", "k"), ["ij,jk->ik"]),
    "an ellipsis anywhere": ("...ij->...ij", [(5, 2, 3)], ("j", 5, "i"), ["...ij->j...i"]),
    "stretched as before": ("bqd,bkd->bqk", [(2, 3, 4), (1, 5, 4)], ("b", "k", "q"), ["bqd,bkd->bkq"]),
    "nothing gives it": ("ij,jk->ik", [(2, 3), (3, 4)], (9, 9), []),
    "an operand's letter too, where the shapes clash": ("ij,kj->ik", [(2, 3), (3, 4)], ("i", "k"), ["ij,jk->ik"]),
}


@pytest.mark.parametrize(("text", "shapes", "axes", "found"), EXPECTED.values(), ids=EXPECTED)
def test_repairs_look_as_expected(text, shapes, axes, found):
    spec = read_subscripts(text)
    labels = {index.label: index.label for index in spec.indices}
    expected = Expected(axes=axes, labels=labels, lengths=frozenset())
    assert [fix.expression for fix in repairs(spec, shapes, expected=expected)] == found


VERDICTS = {
    "labels": (("i", "k"), ("i", "k"), {}, True),
    "lengths": ((2, 3), ("i", "k"), {"i": 2, "k": 3}, True),
    "another length": ((2, 4), ("i", "k"), {"i": 2, "k": 3}, False),
    "an unknown length": ((2, 4), ("i", "k"), {"i": 2}, None),
    "an unknown length beside a wrong one": ((2, 4), ("i", "k"), {"i": 5}, False),
    "a number where a name is known": ((2, "k"), ("i", "k"), {"i": "B"}, None),
    "names of lengths": (("B", "L"), ("i", "k"), {"i": "B", "k": "L"}, True),
    "other names of lengths": (("B", "L"), ("i", "k"), {"i": "L", "k": "B"}, False),
    "a number of one": ((1,), ("i",), {"i": 1}, True),
    "nothing": ((), (), {}, True),
    "too few": ((), ("i",), {}, False),
    "too many": (("i", "k"), ("i",), {}, False),
    "an ellipsis of unknown rank": ((5, 6, "i"), ("...", "i"), {}, None),
    "an ellipsis of no axis": (("i",), ("...", "i"), {}, True),
    "fewer axes than are named": ((), ("...", "i"), {}, False),
    "an ellipsis for an ellipsis": (("...", "i"), ("...", "i"), {}, True),
    "an ellipsis elsewhere": (("i", "..."), ("...", "i"), {}, False),
    "an ellipsis for its axes": (("...", "i"), ("...1", "...0", "i"), {}, True),
    "an ellipsis for none": (("...", "i"), ("i",), {}, True),
    "lengths for the axes of an ellipsis": ((5, 6, "i"), ("...1", "...0", "i"), {"...1": 5, "...0": 6}, True),
}


@pytest.mark.parametrize(("axes", "output", "extents", "met"), VERDICTS.values(), ids=VERDICTS)
def test_whether_a_result_is_as_expected(axes, output, extents, met):
    labels = {label: label for label in "ijk"}
    assert Expected(axes=axes, labels=labels, lengths=frozenset("BL")).met(output, extents) is met
