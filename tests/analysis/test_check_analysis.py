"""What is warned of, what is noted, and what is left in peace."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import expressions

from einloop.analysis.check import diagnose, doubtful
from einloop.analysis.check.values import largest
from einloop.core.bind import bind_sizes
from einloop.core.report import Severity
from einloop.notation import read
from einloop.notation.subscripts import read_subscripts
from einloop.views.catalogue import load_catalogue

ENGLISH = load_catalogue("en")
W, N = Severity.WARNING, Severity.NOTE


def findings(text, shapes=(), dtypes=(), values=()):
    spec = read(text)
    return diagnose(bind_sizes(spec, shapes) if shapes else spec, dtypes, values)


def marked(finding):
    return [finding.text[span.start : span.stop] for span in finding.spans]


FOUND = {
    "row 3: a stretched axis is summed": (
        ("ik,jk->ij", [(4, 1), (1, 3)]),
        ("EL701", W, ["k", "k"], ["ik,kj->ij"]),
        "k is summed, and is 1 in operand 0 axis 1 but 3 in operand 1 axis 1: operand 0 is stretched, and each of its "
        "elements is added 3 times.",
    ),
    "a stretched axis is summed, names of extents": (
        ("np.einsum('bld,bmd->blm', q, k)", [("B", "L", "D"), ("B", "M", 1)]),
        ("EL701", W, ["d", "d"], []),
        "d is summed, and is 1 in operand 1 (k) axis 2 but D in operand 0 (q) axis 2: operand 1 (k) is stretched, and "
        "each of its elements is added D times.",
    ),
    "a stretched free axis, where another order fits": (
        ("ij,ij->ij", [(3, 1), (1, 3)]),
        ("EL702", W, ["i", "i"], ["ij,ji->ij", "ji,ij->ij"]),
        "i is 1 in operand 1 axis 0 but 3 in operand 0 axis 0: operand 1 is stretched. With the indices of one operand "
        "in another order nothing would be.",
    ),
    "row 4: a typo": (
        ("oi,k->o", [(3, 2), (2,)]),
        ("EL703", W, ["i", "k"], ["oi,i->o"]),
        "i and k each stand in one operand only and not in the output: each is summed on its own and nothing pairs "
        "them, though both have size 2.",
    ),
    "row 7: the wrong rule of thumb": (
        ("ij,kl->il",),
        ("EL703", W, ["j", "k"], ["ij,jl->il"]),
        "j and k each stand in one operand only and not in the output: each is summed on its own and nothing pairs "
        "them. A comma multiplies; only a letter in both operands pairs their axes.",
    ),
    "row 5: the wrong sum": (
        ("ij,je->je", [(3, 3), (3, 4)]),
        ("EL704", W, ["i"], ["ij,je->ie", "ij,ie->je"]),
        "i is summed inside operand 0 alone, and nothing is contracted between the operands.",
    ),
    "sums that are scaled": (
        ("ij,i->i",),
        ("EL704", N, ["j"], ["ij,j->i", "ij,i->j"]),
        "j is summed inside operand 0 alone, and nothing is contracted between the operands.",
    ),
    "only the total": (
        ("ij,k->ij", [(3, 4), (4,)]),
        ("EL705", W, ["k"], ["ij,j->ij"]),
        "operand 1 is multiplied in by its total only: its index k is in no other operand and not in the output.",
    ),
    "only the total of a matrix": (
        ("i,jk->i",),
        ("EL705", W, ["jk"], ["i,ji->i", "i,ik->i"]),
        "operand 1 is multiplied in by its total only: its indices j and k are in no other operand and not in the "
        "output.",
    ),
    "a sum that suddenly stands alone": (
        ("ijk,jr,jr->ir",),
        ("EL719", W, ["k"], ["ijk,jr,kr->ir", "ijk,kr,jr->ir", "ijk,jr,jr->ik"]),
        "k stands in operand 0 only and not in the output, so it is summed there and pairs with nothing. One letter "
        "changed, and every index pairs up.",
    ),
    "a letter of the batch that stands nowhere else": (
        ("np.einsum('bhqd,xhkd->bhqk', q, k)", [(2, 4, 5, 7), (2, 4, 3, 7)]),
        ("EL719", W, ["x"], ["bhqd,bhkd->bhqk", "bhqd,xhkd->bxqk"]),
        "x stands in operand 1 (k) only and not in the output, so it is summed there and pairs with nothing. One "
        "letter changed, and every index pairs up.",
    ),
    "a diagonal beside a sum that stands alone": (
        ("bi,jj,bj->b",),
        ("EL719", W, ["i", "j", "j", "j"], ["bi,ji,bj->b", "bi,ij,bj->b"]),
        "j stands twice in operand 1, so only a diagonal of it counts, and i stands in operand 0 only and not in the "
        "output. One letter changed, and every index pairs up.",
    ),
    "a diagonal in one of two operands": (
        ("ijkl,kk->ij", [(2, 3, 4, 4), (4, 4)]),
        ("EL719", W, ["k", "l", "k", "k"], ["ijkl,kl->ij", "ijkl,lk->ij"]),
        "k stands twice in operand 1, so only a diagonal of it counts, and l stands in operand 0 only and not in the "
        "output. One letter changed, and every index pairs up.",
    ),
    "row 6: implicit order": (
        ("kij", [(2, 3, 4)]),
        ("EL706", N, ["k", "i", "j"], []),
        "There is no '->': the output is in alphabetical order, capitals first: kij->ijk, shape (3, 4, 2). To keep the "
        "order written, write kij->kij.",
    ),
    "implicit order, capitals": (
        ("aB",),
        ("EL706", N, ["a", "B"], []),
        "There is no '->': the output is in alphabetical order, capitals first: aB->Ba. To keep the order written, "
        "write aB->aB.",
    ),
    "implicit order, an ellipsis": (
        ("i...",),
        ("EL706", N, ["i", "..."], []),
        "There is no '->': the output has the axes of '...' first, then alphabetical order, capitals first: "
        "i...->...i. To keep the order written, write i...->i....",
    ),
    "equal terms": (
        ("ij,ij", [(3, 3), (3, 3)]),
        ("EL707", N, ["ij", "ij"], ["ij,jk->ik"]),
        "operand 0 and operand 1 have the same term ij: their elements are multiplied one by one and added up to one "
        "number. A matrix product would fit too.",
    ),
    "row 12: int8": (
        ("i,i->", [(10,), (10,)], ("int8", "int8")),
        ("EL708", W, [], []),
        "The sum has dtype int8, whose largest value is 127; 10 products of int8 values can reach "
        "163,840 and wrap around. Pass "
        "dtype=np.int64.",
    ),
    "int32": (
        ("ij->i", [(2, 3)], ("int32",)),
        ("EL708", N, [], []),
        "The sum has dtype int32, whose largest value is 2,147,483,647; 3 values of dtype int32 can add up "
        "to 6,442,450,944 and wrap around. Pass dtype=np.int64.",
    ),
    "int8 of unknown length": (
        ("i->", (), ("int8",)),
        ("EL708", W, [], []),
        "The sum has dtype int8, whose largest value is 127; values of dtype int8 added up can exceed "
        "that and wrap around. Pass dtype=np.int64.",
    ),
    "row 12: bool": (
        ("ij,j->i", [(2, 3), (3,)], ("bool", "bool")),
        ("EL709", W, ["j", "j"], []),
        "bool is added as OR: the sum over j says whether any product is true, and counts nothing. To count, pass "
        "dtype=np.int64.",
    ),
    "float16": (
        ("i,i->", [(2048,), (2048,)], ("float16", "float16")),
        ("EL710", N, ["i", "i"], []),
        "Each element is a sum of 2,048 terms in float16, whose significand has 11 bits: from 2,048 "
        "terms on, a running sum can be "
        "so large that a term of average size rounds away. Summing in float32 keeps it.",
    ),
    "a large intermediate": (
        ("ab,ac,ad,bc,bd,cd->", [(120, 120)] * 6),
        ("EL711", N, [], []),
        "Even along the best path, an intermediate over {0} has 1,728,000 elements, 13.8 MB in float64; the largest of "
        "inputs and output has 14,400. np.einsum keeps to smaller ones with optimize=True, and computes more.",
    ),
    "a long nest": (
        ("ij,jk,kl->il", [(300, 300)] * 3),
        ("EL712", N, [], []),
        "np.einsum without optimize=True runs 8,100,000,000 iterations; two operands at a time need 54,000,000.",
    ),
    "an ellipsis that must cover nothing": (
        ("...ij,...jk->ik",),
        ("EL714", N, ["...", "..."], ["...ij,...jk->...ik"]),
        "The output leaves out '...': this is legal only where '...' covers no axis. To keep the axes that it covers, "
        "the output needs '...' too.",
    ),
    "an ellipsis alone": (
        ("...->",),
        ("EL714", N, ["..."], ["...->..."]),
        "The output leaves out '...': this is legal only where '...' covers no axis. To keep the axes that it covers, "
        "the output needs '...' too.",
    ),
    "a comma forgotten": (
        ("ij jk->ik",),
        ("EL715", W, ["ij jk"], ["ij,jk->ik"]),
        "Blanks are ignored: ij jk is the one term ijjk of one operand, with a diagonal over {0}. Only a comma "
        "separates operands.",
    ),
    "a comma forgotten, and a shape that fits": (
        ("ij jk->ik", [(2, 3, 3, 4)]),
        ("EL715", N, ["ij jk"], ["ij,jk->ik"]),
        "Blanks are ignored: ij jk is the one term ijjk of one operand, with a diagonal over {0}. Only a comma "
        "separates operands.",
    ),
    "a comma forgotten beside another, no arrow": (
        ("ij jk, kl",),
        ("EL715", W, ["ij jk"], ["ij,jk,kl->il"]),
        "Blanks are ignored: ij jk is the one term ijjk of one operand, with a diagonal over {0}. Only a comma "
        "separates operands.",
    ),
    "a comma forgotten, with an ellipsis": (
        ("np.einsum('...ij j->...i', A)",),
        ("EL715", W, ["...ij j"], ["...ij,j->...i"]),
        "Blanks are ignored: ...ij j is the one term ...ijj of one operand, with a diagonal over {0}. Only a comma "
        "separates operands.",
    ),
    "a comma forgotten, perhaps": (
        ("ij kl->ijkl",),
        ("EL715", N, ["ij kl"], ["ij,kl->ijkl"]),
        "Blanks are ignored: ij kl is the one term ijkl of one operand. Only a comma separates operands.",
    ),
    "a doubled comma": (
        ("ij, ,jk->ik",),
        ("EL716", N, [", ,"], ["ij,jk->ik"]),
        "Nothing stands between two commas: operand 1 has no axes, and everything is multiplied by its one number. "
        "Where a comma was doubled, leave one out.",
    ),
    "an ellipsis of the output alone": (
        ("ij->...i",),
        ("EL717", N, ["..."], []),
        "'...' in the output covers nothing: no operand has it.",
    ),
    "an ellipsis of the output alone, a pasted call": (
        ("np.einsum('ij->...i', A)", [(2, 3)]),
        ("EL717", N, ["..."], []),
        "'...' in the output covers nothing: no operand has it.",
    ),
    "nothing at all": (
        (" ",),
        ("EL718", N, [], []),
        "The expression is empty: its one operand has no axes, and the one number in it is copied.",
    ),
    "a transpose": (
        ("ij->ji",),
        ("EL713", N, [], []),
        "This is a transpose; numpy has a plain call for it: einloop explain 'ij->ji' shows it.",
    ),
    "a product of matrices, turned": (
        ("ij,kj->ki",),
        ("EL713", N, [], []),
        "This is a product of two matrices: einloop explain 'ij,kj->ki' shows numpy's plain call for it. np.einsum "
        "uses BLAS only with optimize=True: without it, products of float64 matrices took 3 times as long at 64 × 64 "
        "and 10 times at 512 × 512, measured on one core.",
    ),
    "a small product of matrices": (
        ("ij,jk->ik", [(2, 3), (3, 4)]),
        ("EL713", N, [], []),
        "This is a product of two matrices, which numpy's plain call computes faster: einloop explain 'ij,jk->ik' "
        "shows it.",
    ),
    "a batched product": (
        ("bij,bjk->bik", [(32, 128, 128), (32, 128, 128)], ("float32", "float32")),
        ("EL713", N, [], []),
        "This comes down to products of matrices: einloop explain 'bij,bjk->bik' shows it as plain numpy calls. "
        "np.einsum uses BLAS only with optimize=True: without it, a product no larger than this (256 × 256, float32) "
        "took 8 times as long, measured on one core.",
    ),
    "a matrix product among three": (
        ("ik,km,im->i",),
        ("EL713", N, [], []),
        "Taken two at a time, the operands need 2 steps, of which 1 is a product of matrices. np.einsum uses BLAS only "
        "with optimize=True: without it, products of float64 matrices took 3 times as long at 64 × 64 and 10 times at "
        "512 × 512, measured on one core.",
    ),
    "uint8 without a sum": (
        ("i,i->i", [(10,), (10,)], ("uint8", "uint8")),
        ("EL708", W, [], []),
        "The product has dtype uint8, whose largest value is 255; a product of uint8 values can reach 65,025 and wraps "
        "around. Pass dtype=np.int64.",
    ),
    "two small dtypes without a sum": (
        ("ij,j->ij", (), ("int16", "uint8")),
        ("EL708", W, [], []),
        "The product has dtype int16, whose largest value is 32,767; a product of int16 and uint8 values can reach "
        "8,355,840 and wraps around. Pass dtype=np.int64.",
    ),
    "int32 without a sum": (
        ("i,j->ij", (), ("int32", "int32")),
        ("EL708", N, [], []),
        "The product has dtype int32, whose largest value is 2,147,483,647; a product of int32 values can reach "
        "4.61e+18 and wraps around. Pass dtype=np.int64.",
    ),
    "bfloat16": (
        ("i,i->", (), ("bfloat16", "bfloat16")),
        ("EL733", N, [], []),
        "numpy has no bfloat16, so np.einsum computes nothing in it; torch and JAX do.",
    ),
}


@pytest.mark.parametrize(
    ("dtypes", "faster"),
    [
        ((), True),
        (("float64", None), True),
        (("float32", "float64"), True),
        (("complex64", "complex64"), True),
        (("int64", "int64"), False),
        (("float16", "float16"), False),
        (("bool", "int64"), False),
        (("object", "object"), False),
    ],
)
def test_the_plain_call_is_said_to_be_faster_only_where_blas_computes(dtypes, faster):
    (finding,) = [found for found in findings("ij,jk->ik", (), dtypes) if found.id == "EL713"]
    assert ("without it, products of" in ENGLISH.text(finding.message)) == faster
    small = [found for found in findings("ij,jk->ik", [(2, 3), (3, 4)], dtypes) if found.id == "EL713"]
    assert ("computes faster" in ENGLISH.text(small[0].message)) == faster


SMALL = ("bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64")


@pytest.mark.parametrize("one", SMALL)
@pytest.mark.parametrize("other", SMALL)
def test_a_product_is_warned_of_where_the_extremes_of_its_dtypes_wrap(one, other):
    ends = [
        [0, 1] if dtype == "bool" else [int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)] for dtype in (one, other)
    ]
    true = [[a * b for b in ends[1]] for a in ends[0]]
    got = np.einsum("i,j->ij", np.array(ends[0], one), np.array(ends[1], other)).astype(object).tolist()
    wraps = got != true and np.result_type(one, other) not in (np.dtype("bool"), np.dtype("int64"))
    found = [f for f in findings("i,j->ij", (), (one, other)) if f.id == "EL708"]
    assert bool(found) == wraps
    if found:
        assert (found[0].severity is W) == (np.result_type(one, other).itemsize < 4)


@pytest.mark.parametrize(
    ("values", "dtype", "text"),
    [
        ([16, 2], "uint8", "The true product 256 does not fit uint8, whose largest value is 255: the result is wrong."),
        ([15, 2], "uint8", None),
        ([-12, 3], "int8", "The true product 144 does not fit int8, whose largest value is 127: the result is wrong."),
        ([2**40, 3], "int64", f"The true product {2**80} does not fit int64, whose largest value is {2**63 - 1}: the"),
        ([], "uint8", None),
    ],
)
def test_with_values_at_hand_only_products_that_do_wrap_are_told(values, dtype, text):
    array = np.array(values, dtype=dtype)
    shape = (len(values),)
    found = [f for f in findings("i,i->i", [shape, shape], (dtype, dtype), [array, array]) if f.id == "EL708"]
    right = np.einsum("i,i->i", array, array).tolist() == [value * value for value in values]
    assert right == (text is None) == (not found)
    assert text is None or ENGLISH.text(found[0].message).startswith(text)


@given(expressions(most_operands=4), st.booleans())
def test_a_fix_cures_what_it_is_a_fix_of_and_warns_of_nothing(expression, shaped):
    shapes = expression.shapes if shaped else ()
    for finding in findings(expression.subscripts, shapes):
        for fix in finding.fixes:
            before, after = read_subscripts(expression.subscripts), read_subscripts(fix.expression)
            same = len(before.operands) == len(after.operands)
            again = findings(fix.expression, shapes if same else ())
            assert all(found.severity is not W and found.id != finding.id for found in again), (finding.id, fix)
            assert same or finding.id == "EL716"
            for old, new in zip(before.operands, after.operands, strict=True) if same else ():
                assert all(new.labels.count(x) <= max(old.labels.count(x), 1) for x in new.labels)


NOT_CURED = {
    "lone sums again": ("kjl,i->ji", [(4, 2, 2), (1,)]),
    "a diagonal of one element": ("ijl,lj->jl", [(4, 1, 3), (1, 1)]),
}


@pytest.mark.parametrize("case", NOT_CURED.values(), ids=NOT_CURED)
def test_fixes_that_once_cured_nothing(case):
    assert "EL704" in [finding.id for finding in findings(*case)]
    for finding in findings(*case):
        assert not {"kjl,i->jk", "ijl,jj->jl"} & {fix.expression for fix in finding.fixes}


@pytest.mark.parametrize(("case", "found", "text"), FOUND.values(), ids=FOUND)
def test_findings(case, found, text):
    first = findings(*case)[:1]
    (finding,) = first
    fixes = [fix.expression for fix in finding.fixes]
    assert (finding.id, finding.severity, marked(finding), fixes) == found
    indices = finding.message.values.get("indices")
    assert ENGLISH.text(finding.message) == (text if indices is None else text.format(ENGLISH.text(indices)))


QUIET = {
    "a small batched product": ("bij,bjk->bik", [(8, 16, 16), (8, 16, 16)]),
    "attention of a few": ("bqhd,bkhd->bhqk", [(2, 16, 4, 8), (2, 16, 4, 8)]),
    "a product of thin matrices": ("bij,bja->bia", [(9, 1000, 2), (9, 2, 500)]),
    "a matrix and a vector": ("bij,bj->bi", [(64, 500, 500), (64, 500)]),
    "an inner product": ("ij,ij->", [(3000, 3000), (3000, 3000)]),
    "a batched product of integers": ("bij,bjk->bik", (), ("int64", "int32")),
    "one key head for all": ("bqhd,bkhd->bhqk", [(2, 5, 8, 4), (2, 7, 1, 4)]),
    "a sum of one operand": ("ij->",),
    "a trace": ("ii", [(3, 3)]),
    "blanks between letters": ("b i j , b j -> b i",),
    "blanks between letters, a diagonal": ("b i i -> b",),
    "blanks that group the axes of a product": ("bq hd,b hd->bhq",),
    "blanks that group the axes of one operand": ("bq hd->bhqd", [(2, 3, 4, 5)]),
    "an ellipsis that covers nothing, as shapes say": ("...ij,...j->i", [(2, 3), (3,)]),
    "an empty term with a shape": ("ij,,jk->ik", [(2, 3), (), (3, 4)], ("int64",) * 3),
    "an empty term with a name": ("np.einsum('bij,,bj->bi', A, s, x)",),
    "empty terms at the ends": (",,bij,bj,,->bi",),
    "an ellipsis that is kept": ("np.einsum('...ij->...i', A)",),
    "an outer product": ("i,j->ij",),
    "a scalar": (",ij->ij",),
    "scalars only": (",->",),
    "nothing": ("->",),
    "a lone sum beside a contraction": ("bij,bj->b",),
    "a lone sum that shares all it could pair with": ("np,npj,n->n",),
    "a lone sum whose letter nothing else shows to be wrong": ("ij,ik->k",),
    "a lone sum of one element in a product of three": ("ijk,jr,jr->ir", [(2, 3, 1), (3, 4), (3, 4)]),
    "a trace beside a contraction": ("ijjk,kl->il", [(2, 3, 3, 4), (4, 5)]),
    "a diagonal matrix in a product": ("ij,jj,jk->ik", [(2, 3), (3, 3), (3, 4)]),
    "a diagonal matrix that scales": ("ij,jj->ij",),
    "a diagonal matrix and a number": ("ij,jj->",),
    "a lone axis of one element": ("ij,k->ij", [(2, 3), (1,)]),
    "an ellipsis that is stretched": ("...ij,...jk->...ik", [(1, 2, 3), (5, 3, 4)]),
    "broadcasting against a row": ("bij,bij->bij", [(2, 3, 4), (1, 3, 4)]),
    "elementwise, to one number": ("ij,ij->", [(3, 3), (3, 3)]),
    "one array with itself, to one number": ("np.einsum('ij,ij', x, x)", [(3, 3), (3, 3)]),
    "the written order": ("ij,jk,kl", [(2, 3), (3, 4), (4, 5)]),
    "a stretched sum of nothing": ("i,i->", [(1,), (0,)]),
    "int8 and uint8 without a sum": ("i,i->i", [(10,), (10,)], ("int8", "uint8")),
    "int8 and bool without a sum": ("i,i->i", (), ("int8", "bool")),
    "uint8 and bool, one term": ("ij,ij->i", [(9, 1), (9, 1)], ("uint8", "bool")),
    "int64 without a sum": ("i,i->i", (), ("int64", "uint8")),
    "a sum of one int8": ("ij->i", [(9, 1)], ("int8",)),
    "a copy of int8": ("ijk->kij", [(2, 3, 4)], ("int8",)),
    "int64": ("i,i->", [(10,), (10,)], ("int64", "int64")),
    "a mask of int8": ("i,i->", [(10,), (10,)], ("bool", "int64")),
    "few bool in int8": ("i,i->", [(1,), (1,)], ("bool", "int8")),
    "float32 of ordinary length": ("i,i->", [(1000,), (1000,)], ("float32", "float32")),
    "object": ("i,i->", [(1000,), (1000,)], ("object", "object")),
    "complex of ordinary length": ("i,i->", [(9,), (9,)], ("complex64", "float32")),
    "a view of strings": ("ij->ij", [(2, 3)], ("<U3",)),
    "a dtype that is not known": ("i,i->", [(9,), (9,)], ("int8", None)),
}


@pytest.mark.parametrize("case", QUIET.values(), ids=QUIET)
def test_what_is_left_in_peace(case):
    assert findings(*case) == ()


def test_an_ordinary_intermediate_is_not_noted():
    found = findings("ab,ac,ad,bc,bd,cd->", [(12, 12)] * 6)
    assert [finding.id for finding in found] == []


@pytest.mark.parametrize(
    ("values", "dtype", "text"),
    [
        ([100] * 10, "int8", "The true sum 100000 does not fit int8, whose largest value is 127: the result is wrong."),
        ([10] * 1, "int8", None),
        ([-10, 10], "int8", "The true sum 200 does not fit int8, whose largest value is 127: the result is wrong."),
        (
            [2**40] * 3,
            "int64",
            f"The true sum {3 * 2**80} does not fit int64, whose largest value is {2**63 - 1}: the result is",
        ),
        ([3] * 10, "uint8", None),
        ([], "int8", None),
    ],
)
def test_with_values_at_hand_only_sums_that_do_wrap_are_told(values, dtype, text):
    array = np.array(values, dtype=dtype)
    shape = (len(values),)
    found = [f for f in findings("i,i->", [shape, shape], (dtype, dtype), [array, array]) if f.id == "EL708"]
    if text is None:
        assert found == []
        assert int(np.einsum("i,i->", array, array)) == sum(int(x) * int(x) for x in values)
    else:
        assert ENGLISH.text(found[0].message).startswith(text)
        assert int(np.einsum("i,i->", array, array)) != sum(int(x) * int(x) for x in values)


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"])
def test_the_largest_value_of_a_dtype_is_numpys(dtype):
    assert largest(dtype) == np.iinfo(dtype).max


def test_a_running_sum_loses_terms_from_the_number_of_terms_that_is_told():
    for dtype, bits in (("float16", 11), ("float32", 24)):
        total = np.array(2.0**bits, dtype=dtype)
        assert total + np.array(1, dtype=dtype) == total
        assert total - np.array(1, dtype=dtype) + np.array(1, dtype=dtype) == total
    # what np.einsum makes of it, added up row by row
    assert np.einsum("ij->j", np.ones((4096, 2), np.float16)).tolist() == [2048, 2048]


@given(
    expressions(), st.booleans(), st.sampled_from([None, "int8", "bool", "float16", "object", "complex64", "uint64"])
)
def test_any_expression_can_be_diagnosed_and_told(expression, shaped, dtype):
    spec = read_subscripts(expression.subscripts)
    spec = bind_sizes(spec, expression.shapes) if shaped else spec
    found = diagnose(spec, () if dtype is None else (dtype,) * len(spec.operands))
    assert [finding.severity for finding in found] == sorted([f.severity for f in found], key=lambda s: s is not W)
    for finding in found:
        assert ENGLISH.text(finding.message)
        assert finding.message.id in ENGLISH.entries
        assert all(0 <= span.start < span.stop <= len(finding.text) for span in finding.spans)
    assert doubtful(spec) == any(f.severity is W and (f.id < "EL706" or f.id == "EL719") for f in found)


def test_sixty_operands():
    spec = bind_sizes(read_subscripts(",".join(["ij"] * 60) + "->"), [(2, 3)] * 60)
    assert diagnose(spec) == ()
    alone = read_subscripts(",".join("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") + "->")
    assert [finding.id for finding in diagnose(alone)] == ["EL703"]
