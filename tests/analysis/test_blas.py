"""EL713: which forms np.einsum would hand to BLAS, when that is worth saying, and what is said of it."""

import re

import numpy as np
import pytest

import einloop
from einloop.analysis.blas import SIDES, TIMES, blas_dtype, product_steps
from einloop.analysis.check import diagnose
from einloop.core.bind import bind_sizes
from einloop.core.dtypes import common_dtype
from einloop.notation import read
from einloop.notation.subscripts import read_subscripts
from einloop.views.catalogue import load_catalogue

ENGLISH = load_catalogue("en")

FORMS = [
    "ij,jk->ik", "ji,kj->ki", "bij,bjk->bik", "ijb,jkb->ikb", "bhqd,bkhd->bhqk", "...ij,...jk->...ik", "ijk,kl->ijl",
    "ijkl,ijm->klm", "thd,Thd->thT", "ijk,ljk->il", "abcd,cdef->abef", "aij,bjk->abik", "iij,jk->ik", "ij,jkk->ik",
    "ik,km,im->i", "ij,jk,kl->il", "ij,jk,kl,lm->im", "i,ij,jk->ik", "bqd,bkd,bkv->bqv", "ijk,ja,ka->ia", ",ij,jk->ik",
    "np.einsum('bij,bjk->bik', x, y)", "C[i,k] = A[i,j] * B[j,k]",
]  # fmt: skip

OTHERS = ["ij,j->i", "i,i->", "ij,ij->ij", "ij,ij->i", "bij,bj->bi", "i,j->ij", "ij->i", "ij,kl->ijkl", "i,j,k->ijk",
          "ij,i,j->", "ijk,kl,l->ij", "ij,jk->k", "ij,jk->i", "ijk->kji", "ii->i"]  # fmt: skip


def notes(text, shapes=(), dtypes=()):
    spec = read(text)
    spec = bind_sizes(spec, shapes) if shapes else spec
    return [ENGLISH.text(f.message) for f in diagnose(spec, dtypes) if f.id == "EL713"]


def sized(text, size):
    spec = read(text)
    return [(size,) * len(op.labels) for op in spec.operands]


@pytest.mark.parametrize("text", FORMS)
def test_a_form_that_blas_computes(text):
    (note,) = notes(text)
    assert "only with optimize=True" in note
    assert "took 3 times as long at 64 × 64 and 10 times at 512 × 512" in note
    shapes = [] if "..." in text else sized(text, 70)
    for dtype, times in TIMES.items() if shapes else ():
        (note,) = notes(text, shapes, (dtype,) * len(shapes))
        side = int(re.search(r"\((\d+) × ", note)[1])
        assert f"took {times[SIDES.index(side)]} times as long" in note


@pytest.mark.parametrize("text", FORMS)
@pytest.mark.parametrize("dtype", ["int64", "float16", "bool", "longdouble", "object"])
def test_no_blas_for_other_dtypes(text, dtype):
    assert not any("BLAS" in note for note in notes(text, (), (dtype,) * len(read(text).operands)))


@pytest.mark.parametrize("text", [text for text in FORMS if "..." not in text])
def test_nothing_is_said_of_tiny_arrays(text):
    assert not any("BLAS" in note for note in notes(text, sized(text, 4)))


@pytest.mark.parametrize("text", OTHERS)
def test_a_form_that_is_no_matrix_product(text):
    assert not any("BLAS" in note for note in notes(text))
    assert not any("BLAS" in note for note in notes(text, sized(text, 70)))


THIN = {
    "one product in a sum": [(5000, 1), (1, 5000)],
    "two products in a sum": [(5000, 2), (2, 5000)],
    "one column": [(5000, 5000), (5000, 1)],
    "three rows": [(3, 5000), (5000, 5000)],
    "no row": [(0, 5000), (5000, 5000)],
}


@pytest.mark.parametrize("shapes", THIN.values(), ids=THIN)
def test_thin_matrices_gain_little(shapes):
    assert not any("BLAS" in note for note in notes("ij,jk->ik", shapes))


def test_how_fast_it_is_does_not_matter_before_it_is_right():
    assert notes("bhqk,bqhd->bqhd", [("B", "H", "L", "L"), ("B", "L", "H", "D")]) == []
    assert notes("ijk,jr,jr->ir") == []


def test_named_extents_and_known_ones_together():
    assert notes("bij,bjk->bik", [("B", "I", 64), ("B", 64, "K")])
    assert notes("bij,bjk->bik", [("B", "I", 2), ("B", 2, "K")]) == []


def test_an_axis_that_is_stretched_is_none():
    assert notes("bij,bjk->bik", [(64, 64, 1), (64, 64, 64)]) == []


@pytest.mark.parametrize("text", [text for text in FORMS if "..." not in text])
def test_numpy_takes_a_path_with_a_matrix_product(text):
    """What the note says of optimize=True is what np.einsum does."""
    spec = bind_sizes(read(text), sized(text, 70))
    operands = [np.broadcast_to(0.0, shape) for shape in sized(text, 70)]
    path, _ = np.einsum_path(spec.subscripts, *operands, optimize=True)
    terms = [set(op.labels) for op in spec.operands]
    found = False
    for step in path[1:]:
        taken = [terms[place] for place in step]
        terms = [term for place, term in enumerate(terms) if place not in step]
        needed = set(spec.output).union(*terms)
        if len(taken) == 2:
            one, other = taken
            found |= bool((one & other) - needed and (one - other) & needed and (other - one) & needed)
        terms.append(set().union(*taken) & needed)
    assert found


def test_a_path_that_numpy_does_not_take_promises_nothing():
    """Its intermediates would be larger than inputs and output."""
    spec = bind_sizes(read_subscripts("bi,bj,bk,ijk->b"), [(1000, 100)] * 3 + [(100, 100, 100)])
    assert product_steps(spec) == ()
    arrays = [np.broadcast_to(0.0, op.shape) for op in spec.operands]
    assert np.einsum_path(spec.subscripts, *arrays, optimize=True)[0][1:] == [(0, 1, 2, 3)]


@pytest.mark.parametrize("text", [text for text in FORMS if len(read(text).operands) == 2])
def test_the_calls_that_are_pointed_to_are_matrix_products(text):
    found = einloop.explain(text).facts["equivalents"]["equivalents"]
    code = next(one["code"] for one in found if one["library"] == "numpy")
    assert "@" in code or "tensordot" in code


def test_the_dtype_that_blas_computes_in_is_that_of_all_operands():
    for one in ("bool", "int8", "int64", "float16", "float32", "float64", "complex64", "complex128", "longdouble"):
        for other in ("uint16", "float32", "complex64"):
            common = common_dtype([one, other])
            assert blas_dtype([one, other]) == (common if common in TIMES else None)
    assert blas_dtype([None, "int8"]) == blas_dtype([]) == "float64"


WORDS = {"en": ("savesnothing", "handsittoBLAS"), "ja": ("得はない", "BLASで計算する")}
"""What is said without blanks, which may be line breaks."""

SAVES_NOTHING = [
    ("ik,km,im->i", {}, True),
    ("ik,km,im->i", {"shapes": [(100, 100)] * 3}, True),
    ("ik,km,im->i", {"shapes": [(4, 4)] * 3}, False),
    ("ik,km,im->i", {"shapes": [(100, 100)] * 3, "dtypes": "int64"}, False),
    ("ni,ij,nj->n", {"shapes": [(90, 80), (80, 70), (90, 70)], "dtypes": "float32"}, True),
    ("i,i,i->i", {"shapes": [(100,)] * 3}, False),
    ("i,j,k->ijk", {}, False),
]


@pytest.mark.parametrize(("text", "options", "product"), SAVES_NOTHING)
@pytest.mark.parametrize("lang", WORDS)
def test_explain_tells_a_loop_that_becomes_a_matrix_product(text, options, product, lang):
    nothing, blas = WORDS[lang]
    page = "".join(einloop.explain(text, **options).show(lang=lang).split())
    assert (blas in page) == ("BLAS" in page) == product
    assert not (product and nothing in page)
