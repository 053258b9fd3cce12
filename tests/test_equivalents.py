"""Every expression that is offered instead of an einsum is run against np.einsum: values and shape."""

from __future__ import annotations

import importlib
import string
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import strategies as our
from hypothesis import given, note
from hypothesis import strategies as st
from test_golden import FILES, read_golden

import einloop
from einloop.analysis.equivalents import MODULES, equivalents
from einloop.core.arrays import Equivalent, Kind, nodes
from einloop.core.bind import bind_sizes
from einloop.core.names import Names, choose_names
from einloop.core.spec import Spec
from einloop.notation import read
from einloop.pipeline.equivalents import LONGEST, MOST_LINES, equivalents_section, written_equivalents
from einloop.targets.equivalents import write_equivalent, write_lines
from einloop.views.catalogue import load_catalogue

ARTICLE = Path(__file__).parent.parent / "examples" / "article"

WELL_KNOWN = """
ij->ji; ij->ij; i->; ij->; ij->i; ij->j; ij->ji; ijk->kji; ijk->jki; ijk->ikj; ijk->; ijk->j; ijk->ki; ijkl->lj
ii->; ii->i; iij->j; iij->ij; iji->j; iji->ij; ijj->ij; ijij->ij; ijij->; ijji->; iijj->ij; iii->; iii->i; iijk->kj
ii; ijk; kij; ba; Ab; ij,jk; ji,jk; ij,ij; i,j; ij,kj; iijj; ijkj; z,y,x
i,i->; i,i->i; i,j->ij; i,j->ji; i,j->; ij,j->i; ij,i->j; j,ij->i; i,ij->j; ij,j->ij; ij,i->ij; i,ij->ij; j,ij->ji
ij,jk->ik; ij,jk->ki; ij,kj->ik; ij,kj->ki; ji,jk->ik; ji,kj->ik; ji,kj->ki; ij,jk->; ij,jk->i; ij,jk->j; ij,jk->ijk
ij,ij->; ij,ij->ij; ij,ji->; ij,ji->ij; ij,ij->i; ij,ij->j; ij,ij->ji; ij,kl->ijkl; ij,kl->ikjl; ij,kl->jilk; ij,kl->
bij,bjk->bik; bij,bkj->bik; bji,bjk->bik; bij,bjk->bki; ijb,jkb->ikb; bij,jk->bik; ij,bjk->bik; bij,bj->bi; bij,j->bi
bi,bj->bij; bi,bi->b; bi,bj->ij; bi,ij->bj; bi,ij->jb; ni,nj->ij; nd,md->nm; bi,oi->bo; bi,bij,bj->b; i,ij,j->
bi,oij,bj->bo; xb,abc,xc->xa; i,ij,jk,k->; ij,jk,kl->il; ij,jk,kl,lm->im; ab,bc,cd,de,ef->af; ij,kj,kl->il; ij,j,jk->ik
bqhd,bkhd->bhqk; bhqk,bkhd->bqhd; bhqd,bhkd->bhqk; bhqk,bhkd->bhqd; bimd,bind->bimn; bimn,bind->bimd; qd,kd->qk
bshd,hdm->bsm; bsd,dhk->bshk; btd,dnh->bnth; bnth,nhd->btd; blhk,hkd->bld; bqd,bkd->bqk; thd,shd->hts; bchw,oc->bohw
nchw,nc->nchw; nchw->nc; nchw->nhwc; nhwc->nchw; bchw,bc->bchw; bcxy,bdxy->bcd; bcl,bdl->bcd; ncij,ncij->n
ijk,ia->ajk; ijk,ja->iak; ijk,ka->ija; ijk,ia,jb,kc->abc; abc,ai,bj,ck->ijk; ijk,jr,kr->ir; ijk,ir,kr->jr; ijk,ir,jr->kr
ir,jr,kr->ijk; ir,jr->ijr; ir,jr,r->ij; r,ir,jr,kr->ijk; ij,ik->ijk; ik,jk->ijk; aijb,bklc->aijklc; aib,bjc->aijc
abcd,cdef->abef; abcd,dcef->abef; abcd,abef->cdef; ijkl,kl->ij; ijkl,jl->ik; ijkl,ij->kl; ijkl,klmn->ijmn; iabc,jabc->ij
bijk,bjkl->bil; bijk,bkjl->bil; bijk,bjk->bi; bjk,bjkl->bl; abij,abjk->abik; abij,bajk->abik; abxy,abyz->bazx
bij,cjk->bcik
ij,j,k->ik; ij,ij,ij->; i,i,i->; i,i,i->i; i,i,j->j; ab,ab,c->c; ij,jk,ki->; ijk,ijk->ij; ijk,jki->; ijk,kji->ik
i,j,k->ijk
ii,ij->ij; ii,i->; ii,jj->ij; ii,jj->; iij,jk->ik; iij,jkk->ik; ij,jj->ij; ijj,jk->ik; iik,kjj->ij; ij,ji,i->j
,->; ,i->i; i,->i; ,ij->ij; ,ij->ji; ,ij->; ,,->; ->; ,ij,jk->ik; ij,,jk->ik; ,ii->; ijkl,lkji->; abcd,dcba->abcd
ijk,lk->ijl; ijk,kl->ijl; ijk,jl->ikl; ijk,il->jkl; i,ijk->jk; j,ijk->ik; k,ijk->ij; ijk,j->ki; ijk,jk->i; ijk,ij->k
pi,qj,rk,sl,ijkl->pqrs; i,j,k,l,m->ijklm; ab,bc,cd,de,ea->; a,b,c,d,e->; a,ab,abc,abcd,d->bc; ab,cb,cd,ed,ef->fa
...ij,...jk->...ik; ...ij,jk->...ik; ij,...jk->...ik; ...ij,...kj->...ik; ...i,...i->...; ...i,i->...; ...i,ij->...j
...ij->...ji; ...ij->...i; ...i->...; ...ii->...i; ...ii->...; i...->...i; ...i->i...; i...->...; i...i->...
i...i->...i
...,...->...; ...i,...->...i; ...,i->...i; i...,i->...; i...,j->ij...; i...,j...->ij...; a...,...->...a; i...,i...->...
...->...; i...j->j...i; ij...->...ij; ij...->j...i; ij...->ji...; ...ijk->...kij; ...ij,...ij->...; ...i,...j->...ij
...ij,...jk,...kl->...il; ...,...,...->...; ...i,...i,...i->...; i...,ij->...j; i...,ij,j...->...; ...ij,...j->...i
...ij,...ijk->...k; ...hij,...hjk->...hik; ...qhd,...khd->...hqk; ...ii,...i->...; ...i,...ij,...j->...
...ijk,...jkl->...il
i...j; ...ij,jk; i...; ...,i; ...ij,ij->ij...; ij...,jk...->ik...; ij,...->...ij; ij,...->i...j
"""
TABLE = tuple(dict.fromkeys(part.strip() for part in WELL_KNOWN.replace("\n", ";").split(";") if part.strip()))

STRETCHED = (
    ("ij,jk->ik", (2, 1), (3, 4)),
    ("ij,jk->ik", (2, 3), (1, 4)),
    ("ij,jk->ik", (1, 3), (3, 1)),
    ("i,i->", (1,), (3,)),
    ("i,i->i", (1,), (3,)),
    ("i,i->", (3,), (1,)),
    ("ij,ij->ij", (2, 1), (2, 3)),
    ("ij,ij->", (1, 3), (2, 1)),
    ("ij,ij->j", (1, 3), (2, 1)),
    ("ij,ij->i", (2, 1), (1, 3)),
    ("bij,bjk->bik", (1, 3, 4), (2, 4, 5)),
    ("bij,bjk->bik", (2, 3, 4), (1, 4, 5)),
    ("bij,bjk->kib", (2, 3, 1), (1, 4, 5)),
    ("abij,abjk->baik", (2, 1, 3, 4), (1, 6, 4, 5)),
    ("bijk,bjkl->bil", (1, 3, 4, 5), (2, 4, 5, 6)),
    ("bijk,bjkl->bil", (2, 3, 1, 5), (1, 4, 5, 6)),
    ("bijk,bjkl->bil", (2, 3, 4, 1), (2, 4, 5, 6)),
    ("bjk,bjkl->bl", (1, 4, 5), (3, 4, 5, 6)),
    ("ijk,ijl->ikjl", (2, 1, 5), (1, 3, 4)),
    ("ii,i->i", (1, 1), (3,)),
    ("ii,i->", (1, 1), (3,)),
    ("ii,ij->j", (1, 1), (3, 2)),
    ("iij,j->ij", (1, 1, 4), (4,)),
    ("ii,i,i->", (1, 1), (3,), (1,)),
    ("i,i,i->", (1,), (1,), (3,)),
    ("i,i,i->i", (1,), (1,), (3,)),
    ("i,i,i->i", (1,), (3,), (1,)),
    ("ij,jk,kl->il", (2, 3), (1, 4), (1, 5)),
    ("ij,jk,kl->il", (2, 1), (3, 1), (4, 5)),
    ("ijk,jr,kr->ir", (2, 1, 3), (4, 1), (3, 5)),
    ("...ij,...jk->...ik", (3, 2, 4), (2, 1, 4, 5)),
    ("...i,...i->...", (3, 1, 4), (2, 4)),
    ("abij,,ab,bj->aj", (1, 1, 2, 2), (), (3, 1), (2, 2)),
    ("...ab,,,a,...->...b", (1, 2, 2), (), (), (2,), (2,)),
    ("a...,...->...a", (2, 7, 3), (5, 1, 1)),
    ("...ijk,...jkl->...il", (1, 2, 3, 4), (3, 3, 4, 5)),
    ("...ij,ij->...", (2, 3, 1), (3, 4)),
    ("i,i->i", (1,), (0,)),
    ("i,i->", (1,), (0,)),
)

ODD = (
    ("ij,jk->ik", (2, 0), (0, 3)),
    ("ij,jk->ik", (0, 2), (2, 3)),
    ("ij->i", (2, 0)),
    ("ij->", (0, 0)),
    ("ij->ji", (2, 0)),
    ("ii->", (0, 0)),
    ("ii->i", (0, 0)),
    ("bijk,bjkl->bil", (2, 3, 0, 5), (2, 0, 5, 6)),
    ("bijk,bjkl->bil", (0, 3, 4, 5), (0, 4, 5, 6)),
    ("bijk,bjkl->bil", (2, 0, 4, 5), (2, 4, 5, 6)),
    ("ijk,jkl->il", (2, 0, 3), (0, 3, 4)),
    ("ij,kl->ijkl", (2, 0), (3, 1)),
    ("i,j,k->ijk", (2,), (0,), (3,)),
    ("bij,bj->bi", (2, 3, 0), (2, 0)),
    ("ij,jk->ik", (1, 1), (1, 1)),
    ("bijk,bjkl->bil", (1, 1, 1, 1), (1, 1, 1, 1)),
    ("ijk,jr,kr->ir", (1, 2, 1), (2, 1), (1, 1)),
    ("ii->i", (1, 1)),
    ("...i->...", (0, 3)),
    ("...i->...", (3, 0)),
)

NOT_IN_NUMPY = ("...ijk,...jkl->...il",)
"""No rank-free way to merge two axes."""

BATCHES = ((), (6,), (6, 7))
"""What an ellipsis covers in the first operand that has one; the others cover the last axes of it."""


@dataclass(frozen=True)
class Case:
    """An expression, read and perhaps bound, and shapes for its operands."""

    spec: Spec
    shapes: tuple[tuple[int, ...], ...]

    @property
    def names(self) -> Names:
        return choose_names(self.spec)


def shapes_of(spec: Spec, covered: tuple[int, ...] = (), fewer: int = 0) -> tuple[tuple[int, ...], ...]:
    """Return shapes with a length of its own for every index; each further ellipsis covers `fewer` axes less."""
    lengths = {index.label: 2 + n for n, index in enumerate(x for x in spec.indices if x.label != our.DOTS)}
    if len(lengths) > 7:
        least = 1 if len(lengths) > 14 else 2
        lengths = {label: least + n % 2 for n, label in enumerate(lengths)}
    shapes, seen = [], 0
    for op in spec.operands:
        kept = covered[min(seen * fewer, len(covered)) :]
        seen += op.dots is not None
        shapes.append(tuple(x for label in op.labels for x in (kept if label == our.DOTS else (lengths[label],))))
    return tuple(shapes)


def arrays_for(case: Case, kind: str, seed: int = 1) -> dict[str, Any]:
    """Return one array by name; one array given twice is one."""
    rng = np.random.default_rng(seed)
    arrays: dict[str, Any] = {}
    for name, shape in zip(case.names.operands, case.shapes, strict=True):
        values = np.asarray(rng.integers(-4, 5, shape))
        if kind == "complex128":
            values = values + 1j * np.asarray(rng.integers(-4, 5, shape))
        arrays.setdefault(name, np.asarray(values.astype(kind)))
    return arrays


@cache
def module(library: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(library)


def run(code: str, one: Equivalent, case: Case, arrays: dict[str, Any]) -> Any:
    """Return what a text gives, as a numpy array."""
    library = module(one.library)
    if one.library == "torch":
        arrays = {name: library.from_numpy(value.copy()) for name, value in arrays.items()}
    scope = {MODULES[one.library]: library, **arrays}
    if code.endswith("\n"):
        exec(code, scope)
        result = scope[case.names.result]
    else:
        result = eval(code, scope)
    return np.asarray(result)


def check(case: Case, libraries: tuple[str, ...] = ("numpy",), kinds: tuple[str, ...] = ("int64",)) -> int:
    """Run every text of an expression, printed or not, and return how many there were."""
    count = 0
    for one in equivalents(case.spec, case.names):
        if one.library in libraries:
            for kind in kinds:
                arrays = arrays_for(case, kind)
                operands = [arrays[name] for name in case.names.operands]
                expected = our.oracle(case.spec.subscripts, *operands)
                for code in texts(one):
                    count += 1
                    told = f"{case.spec.subscripts} {case.shapes} {kind} {one.library} {one.kind.value}: {code}"
                    try:
                        got = run(code, one, case, arrays)
                    except Exception as error:
                        raise AssertionError(told) from error
                    assert got.shape == np.shape(expected), told
                    same = np.allclose(got, expected) if kind in ("complex128", "float64") else (got == expected).all()
                    assert same, told
    return count


def texts(one: Equivalent) -> list[str]:
    """Return the text in one expression, and in lines."""
    whole = write_equivalent(one.tree, one.library)
    assert whole is not None
    lines = write_lines(one.lines, one.library)
    return [whole, lines] if lines else [whole]


def table_cases(text: str) -> list[Case]:
    """Return the expression without shapes and bound; an ellipsis of unknown rank at several ranks."""
    spec = read(text)
    dotted = any(op.dots is not None for op in spec.operands)
    cases = []
    for covered in BATCHES if dotted else BATCHES[:1]:
        for fewer in (0, 1) if dotted else (0,):
            shapes = shapes_of(spec, covered, fewer)
            cases += [Case(spec, shapes), Case(bind_sizes(spec, shapes), shapes)]
    return cases


@pytest.mark.parametrize("text", TABLE)
def test_numpy(text: str) -> None:
    for case in table_cases(text):
        count = check(case, kinds=("int64", "complex128"))
        assert count or text in NOT_IN_NUMPY


@pytest.mark.parametrize("library", ["torch", "einops", "einx"])
def test_other_libraries(library: str) -> None:
    pytest.importorskip(library)
    count = 0
    for text in TABLE:
        for case in table_cases(text)[: 1 if library == "einx" else None]:
            count += check(case, (library,), ("int64", "float64") if library == "torch" else ("int64",))
    assert count > 150


def bound(text: str, shapes: tuple[tuple[int, ...], ...]) -> Case:
    return Case(bind_sizes(read(text), shapes), shapes)


@pytest.mark.parametrize(("text", "shapes"), [(text, shapes) for text, *shapes in (*STRETCHED, *ODD)])
@pytest.mark.parametrize("library", ["numpy", "torch", "einops", "einx"])
def test_stretched_empty_and_single(text: str, shapes: list[tuple[int, ...]], library: str) -> None:
    pytest.importorskip(library)
    count = check(bound(text, tuple(shapes)), (library,))
    assert count or library in ("einops", "einx")


def test_the_golden_expressions() -> None:
    count = 0
    for path in FILES:
        case = read_golden(path)
        options = {key: case.options[key] for key in ("shapes", "sizes", "names", "result") if key in case.options}
        spec = einloop.generate(case.expression, **options).spec
        if all(isinstance(extent, int) for op in spec.operands for extent in op.shape or ("?",)):
            shapes = tuple(op.shape for op in spec.operands)
        else:
            shapes = shapes_of(spec)
        if len(set(choose_names(spec).operands)) == len(spec.operands):
            count += check(Case(spec, shapes))
    assert count > 150


def test_the_article() -> None:
    for path in sorted(ARTICLE.glob("*.py")):
        text = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# einloop ").split("'")[1]
        spec = read(text)
        assert check(Case(spec, shapes_of(spec)), kinds=("int64", "complex128")), text


@given(our.expressions(most_operands=5), st.booleans())
def test_random_expressions(expression: our.Expression, bind: bool) -> None:
    spec = read(expression.subscripts)
    plain = not expression.stretched and all(all(shape) for shape in expression.shapes)
    broadcast = any(expression.covered)
    if bind or not plain or broadcast:
        spec = bind_sizes(spec, expression.shapes)
    note(f"{expression.subscripts} {expression.shapes} bound: {bind}")
    check(Case(spec, expression.shapes), ("numpy", "torch", "einops", "einx"))


@given(our.expressions(most_operands=4, stretch=False))
def test_random_ellipses_of_unknown_rank(expression: our.Expression) -> None:
    if all(all(shape) for shape in expression.shapes):
        check(Case(read(expression.subscripts), expression.shapes))


# ---- dtypes: what the caveats say, and nothing else, differs from np.einsum


def plain_case(text: str) -> Case:
    spec = read(text)
    return Case(spec, shapes_of(spec, BATCHES[0]))


def results(text: str, library: str, kind: str) -> list[tuple[Equivalent, Any, Any]]:
    """Return every equivalent of a library with what it gives, or the error, and what np.einsum gives."""
    case = plain_case(text)
    arrays = {name: value.astype(kind) for name, value in arrays_for(case, "int64").items()}
    expected = np.asarray(our.oracle(case.spec.subscripts, *(arrays[name] for name in case.names.operands)))
    found = []
    for one in equivalents(case.spec, case.names):
        if one.library == library:
            try:
                got = run(texts(one)[0], one, case, arrays)
            except Exception as error:
                got = error
            found.append((one, got, expected))
    return found


@pytest.mark.parametrize("library", ["numpy", "torch", "einops", "einx"])
@pytest.mark.parametrize("kind", ["int8", "uint8", "bool", "object"])
def test_dtypes_are_kept_where_no_caveat_says_otherwise(library: str, kind: str) -> None:
    pytest.importorskip(library)
    if library == "torch" and kind == "object":
        pytest.skip("torch has no objects")
    count = 0
    for text in TABLE[:: 4 if library == "einx" else 1]:
        for one, got, expected in results(text, library, kind):
            if {"widens", "no_bools"} & set(one.caveats) or ("one_dtype" in one.caveats and kind == "bool"):
                continue
            count += 1
            assert not isinstance(got, Exception), f"{text}: {texts(one)[0]}: {got}"
            assert got.shape == expected.shape, text
            assert (got == expected).all(), text
            assert got.dtype == expected.dtype or (kind == "object" and not got.shape), (text, texts(one)[0])
    assert count > 20


@pytest.mark.parametrize(
    ("text", "library", "kind", "caveat", "dtype"),
    [
        ("ij->i", "numpy", "int8", "widens", "int64"),
        ("ij->i", "numpy", "uint8", "widens", "uint64"),
        ("ij->i", "numpy", "bool", "widens", "int64"),
        ("ij,ij->", "numpy", "int8", "widens", "int64"),
        ("ii", "numpy", "int8", "widens", "int64"),
        ("ij->i", "torch", "uint8", "widens", "int64"),
        ("ii", "torch", "int8", "widens", "int64"),
        ("ij->i", "einops", "bool", "widens", "int64"),
        ("ij->i", "einx", "int8", "widens", "int64"),
        ("ij,jk->ik", "torch", "bool", "one_dtype", None),
        ("bij,bjk->bik", "torch", "bool", "one_dtype", None),
        ("ijk,jkl->il", "torch", "bool", "one_dtype", None),
        ("ii", "torch", "bool", "no_bools", None),
    ],
)
def test_a_caveat_about_a_dtype_is_true(text: str, library: str, kind: str, caveat: str, dtype: str | None) -> None:
    pytest.importorskip(library)
    one, got, expected = results(text, library, kind)[0]
    assert caveat in one.caveats
    if dtype is None:
        assert isinstance(got, NotImplementedError)
    else:
        assert got.dtype == dtype != expected.dtype


@pytest.mark.parametrize("text", ["ij,jk->ik", "bij,bjk->bik", "ijk,jkl->il", "i,i->"])
def test_torch_refuses_products_of_two_dtypes(text: str) -> None:
    torch = pytest.importorskip("torch")
    case = plain_case(text)
    one = next(one for one in equivalents(case.spec, case.names) if one.library == "torch")
    assert "one_dtype" in one.caveats
    left, right = (torch.ones(shape) for shape in case.shapes)
    with pytest.raises(RuntimeError):
        eval(texts(one)[0], {"torch": torch, "A": left, "B": right.double(), "a": left, "b": right.double()})


@pytest.mark.parametrize("text", ["i,j->ij", "ij,ij->ij", "ij,kl->ijkl", "ij,ij->", "i,i,i->i", "bij,bj->bi"])
def test_torch_mixes_dtypes_where_no_caveat_forbids(text: str) -> None:
    torch = pytest.importorskip("torch")
    case = plain_case(text)
    one = next(one for one in equivalents(case.spec, case.names) if one.library == "torch")
    assert "one_dtype" not in one.caveats
    arrays = arrays_for(case, "int64")
    expected = our.oracle(case.spec.subscripts, *(arrays[name] for name in case.names.operands))
    mixed = {
        name: torch.from_numpy(value).to(torch.float64 if n else torch.int64)
        for n, (name, value) in enumerate(arrays.items())
    }
    assert np.array_equal(np.asarray(eval(texts(one)[0], {"torch": torch, **mixed})), expected)


def test_operands_of_different_dtypes_are_converted_two_at_a_time() -> None:
    case = plain_case("i,i,i->i")
    one = next(iter(equivalents(case.spec, case.names)))
    assert "converts_late" in one.caveats
    a, b, c = np.full(2, 100, np.int8), np.full(2, 100, np.int8), np.full(2, 1, np.int64)
    assert eval(texts(one)[0], {"a": a, "b": b, "c": c}).tolist() == [16, 16]
    assert np.einsum("i,i,i->i", a, b, c).tolist() == [10000, 10000]


def test_the_diagonal_of_numpy_is_read_only() -> None:
    for text, caveat in (("ii->i", True), ("iij->ij", True), ("ij->ji", False), ("iij->i", False)):
        case = plain_case(text)
        one = next(iter(equivalents(case.spec, case.names)))
        assert ("read_only" in one.caveats) is caveat
        array = np.ones(case.shapes[0])
        got = eval(texts(one)[0], {"np": np, "A": array})
        assert got.flags.writeable is not caveat
        assert np.einsum(text, array).flags.writeable


class Word:
    """A sum of words in a free monoid: products do not commute, and nothing is lost."""

    def __init__(self, terms: tuple[str, ...]) -> None:
        self.terms = tuple(sorted(terms))

    def __mul__(self, other: object) -> Word:
        return (
            Word(tuple(a + b for a in self.terms for b in other.terms)) if isinstance(other, Word) else NotImplemented
        )

    def __add__(self, other: Word | int) -> Word:
        return Word(self.terms + other.terms) if isinstance(other, Word) else self

    __radd__ = __add__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Word) and self.terms == other.terms

    def __hash__(self) -> int:
        return hash(self.terms)


def test_the_order_of_factors_is_kept_where_no_caveat_says_otherwise() -> None:
    kept, other = 0, 0
    for text in TABLE:
        case = plain_case(text)
        if len(case.shapes) < 2 or len(case.shapes) > 4 or case.spec.summed[4:] or np.prod(case.shapes[0]) > 100:
            continue
        letters = iter(string.ascii_letters + "".join(map(chr, range(0x4E00, 0x9000))))
        arrays = {}
        for name, shape in zip(case.names.operands, case.shapes, strict=True):
            arrays[name] = np.empty(shape, object)
            for place in np.ndindex(*shape):
                arrays[name][place] = Word((next(letters),))
        expected = np.asarray(np.einsum(case.spec.subscripts, *(arrays[name] for name in case.names.operands)))
        for one in equivalents(case.spec, case.names):
            if one.library == "numpy":
                got = np.asarray(run(texts(one)[0], one, case, arrays))
                same = bool((got == expected).all())
                assert same or "order" in one.caveats, f"{text}: {texts(one)[0]}"
                kept, other = kept + same, other + (not same)
    assert kept > 100 < kept + other
    assert other > 10


@pytest.mark.parametrize(
    ("text", "code", "shapes"),
    [
        ("ij,ij->", "A.reshape(-1) @ B.reshape(-1)", ((2, 1), (1, 2))),
        ("bijk,bjkl->bil", None, ((0, 3, 4, 5), (0, 4, 5, 6))),
    ],
)
def test_open_sizes_need_full_axes(text: str, code: str | None, shapes: tuple[tuple[int, ...], ...]) -> None:
    case = Case(read(text), shapes)
    one = next(x for x in equivalents(case.spec, case.names) if x.kind is Kind.MATMUL)
    assert "open_sizes" in one.caveats
    assert code in (None, texts(one)[0])
    arrays = {name: np.arange(1, 1 + np.prod(shape)).reshape(shape) for name, shape in zip("AB", shapes, strict=True)}
    expected = np.einsum(text, *arrays.values())
    try:
        got = run(texts(one)[0], one, case, arrays)
    except ValueError:
        got = None
    assert got is None or not np.array_equal(got, expected)
    told = bound(text, shapes)
    assert check(told)
    assert all("open_sizes" not in x.caveats for x in equivalents(told.spec, told.names))


# ---- the texts


@pytest.mark.parametrize(
    ("text", "numpy", "torch"),
    [
        ("ij,jk->ik", "A @ B", "A @ B"),
        ("ij,kj->ik", "A @ B.T", "A @ B.T"),
        ("ji,jk->ik", "A.T @ B", "A.T @ B"),
        ("ij,jk->ki", "(A @ B).T", "(A @ B).T"),
        ("ij->ji", "A.T", "A.T"),
        ("ij->ij", "A", "A"),
        ("ijk->kij", "A.transpose(2, 0, 1)", "A.permute(2, 0, 1)"),
        ("ijk->kji", "A.T", "A.permute(2, 1, 0)"),
        ("...ij->...ji", "A.mT", "A.mT"),
        ("i...->...i", "np.moveaxis(A, 0, -1)", "torch.movedim(A, 0, -1)"),
        ("ij->j", "A.sum(axis=0)", "A.sum(dim=0)"),
        ("ijk->j", "A.sum(axis=(0, 2))", "A.sum(dim=(0, 2))"),
        ("ij->", "A.sum()", "A.sum()"),
        ("ii->", "np.trace(A)", "torch.trace(A)"),
        ("iij->j", "np.trace(A)", "A.diagonal().sum(dim=1)"),
        ("ii->i", "np.diagonal(A)", "A.diagonal()"),
        ("ijj->ij", "np.diagonal(A, axis1=1, axis2=2)", "A.diagonal(dim1=1, dim2=2)"),
        ("i,i->", "a @ b", "a @ b"),
        ("i,j->ij", "np.outer(a, b)", "torch.outer(a, b)"),
        ("i,j->ji", "np.outer(b, a)", "torch.outer(b, a)"),
        ("ij,ij->ij", "A * B", "A * B"),
        ("ij,ji->ij", "A * B.T", "A * B.T"),
        ("ij,j->ij", "A * b", "A * b"),
        ("ij,i->ij", "A * b[:, None]", "A * b[:, None]"),
        ("ij,ij->", "(A * B).sum()", "(A * B).sum()"),
        ("ij,ij->i", "(A * B).sum(axis=1)", "(A * B).sum(dim=1)"),
        ("ij,j->i", "A @ b", "A @ b"),
        ("i,ij->j", "a @ B", "a @ B"),
        ("i,ij,j->", "a @ B @ c", "a @ B @ c"),
        ("ij,jk,kl->il", "A @ B @ C", "A @ B @ C"),
        ("bij,bjk->bik", "A @ B", "torch.bmm(A, B)"),
        ("bij,jk->bik", "A @ B", "A @ B"),
        ("...ij,...jk->...ik", "A @ B", "A @ B"),
        ("...i,ij->...j", "A @ B", "A @ B"),
        ("bhqd,bhkd->bhqk", "A @ B.mT", "A @ B.mT"),
        ("ijk,jkl->il", "np.tensordot(A, B, axes=2)", "torch.tensordot(A, B, dims=2)"),
        ("ijk,kjl->il", "np.tensordot(A, B, axes=([1, 2], [1, 0]))", "torch.tensordot(A, B, dims=([1, 2], [1, 0]))"),
        (",ij->ij", "a * B", "a * B"),
        ("->", "a", "a"),
    ],
)
def test_the_shortest_text(text: str, numpy: str, torch: str) -> None:
    case = plain_case(text)
    plain = [one for one in equivalents(case.spec, case.names) if one.kind is Kind.PLAIN]
    assert [texts(one)[0] for one in plain] == [numpy, torch]


@pytest.mark.parametrize(
    ("text", "einops", "einx"),
    [
        ("ij,jk->ik", 'einops.einsum(A, B, "i j, j k -> i k")', 'einx.dot("i j, j k -> i k", A, B)'),
        ("ij->ji", 'einops.rearrange(A, "i j -> j i")', 'einx.id("i j -> j i", A)'),
        ("ij->i", 'einops.reduce(A, "i j -> i", "sum")', 'einx.sum("i j -> i", A)'),
        ("ij->", 'einops.reduce(A, "i j ->", "sum")', 'einx.sum("i j ->", A)'),
        ("ii->i", 'einops.einsum(A, "i i -> i")', None),
        (",i->i", 'einops.einsum(a, b, ", i -> i")', 'einx.dot(", i -> i", a, b)'),
        ("C[row, for] = A[row, k] * B[k, for]", 'einops.einsum(A, B, "row k, k f -> row f")', ""),
        ("ij->ij", None, None),
    ],
)
def test_named_axes(text: str, einops: str | None, einx: str | None) -> None:
    case = plain_case(text)
    found = {one.library: texts(one)[0] for one in equivalents(case.spec, case.names) if one.kind is Kind.NAMED}
    assert found.get("einops") == einops
    assert einx == "" or found.get("einx") == einx


def test_an_array_given_twice_is_one_name() -> None:
    spec = read("np.einsum('ij,kj->ik', X, X)")
    names = choose_names(spec)
    assert texts(equivalents(spec, names)[0]) == ["X @ X.T"]


@pytest.mark.parametrize("name", ["np", "torch", "einops", "einx"])
def test_an_operand_called_as_a_library_hides_it(name: str) -> None:
    spec = read("ij,jk->ik").renamed((name, "B"), None)
    libraries = {one.library for one in equivalents(spec, choose_names(spec))}
    assert libraries == {"numpy", "torch", "einops", "einx"} - {"numpy" if name == "np" else name}


@pytest.mark.parametrize("path", [None, [(0, 1), (0, 1)], [(1, 2), (0, 1)], [(0, 2), (0, 1)], [(0, 1, 2)]])
@pytest.mark.parametrize("text", ["ijk,jr,kr->ir", "ij,jk,kl->il", "ab,cd,bc->ad", "i,j,k->kji", "bij,bjk,bk->bi"])
def test_a_path_changes_no_result(text: str, path: list[tuple[int, ...]] | None) -> None:
    case = plain_case(text)
    arrays = arrays_for(case, "int64")
    expected = np.einsum(text, *arrays.values())
    found = [one for one in equivalents(case.spec, case.names, path) if one.kind is Kind.MATMUL]
    assert [one.library for one in found] == ["numpy", "torch"]
    for code in texts(found[0]):
        got = run(code, found[0], case, arrays)
        assert got.shape == expected.shape
        assert (got == expected).all()


def test_an_exporters_form_has_no_other_steps() -> None:
    allowed = {"name", "reverse", "swap_last", "permute", "diagonal", "sum", "squeeze", "expand", "reshape"}
    for text in TABLE:
        case = plain_case(text)
        for one in equivalents(case.spec, case.names):
            if one.kind is Kind.MATMUL:
                assert {node.block for node in nodes(one.tree)} <= allowed | {"matmul", "multiply"}, text


# ---- the section


def section_of(text: str, *shapes: tuple[int | str, ...]) -> Any:
    spec = bind_sizes(read(text), shapes) if shapes else read(text)
    return equivalents_section(spec, choose_names(spec))


def test_every_sentence_is_in_the_catalogue_and_every_text_is_short() -> None:
    english = load_catalogue("en")
    said = set()
    for text in TABLE:
        section = section_of(text)
        assert section is not None, text
        assert section.id == "equivalents"
        assert english.text(section.title) == "The same without einsum"
        for fact in section.facts["equivalents"]:
            lines = fact["code"].splitlines()
            assert len(lines) <= MOST_LINES
            assert max(map(len, lines)) <= LONGEST
            said.update(fact["caveats"])
        for part in section.parts:
            for message in (part.message,) if hasattr(part, "message") else ():
                assert "{" not in english.text(message)
    assert said == {"widens", "one_dtype", "no_bools", "converts_late", "read_only", "order", "open_sizes"}


def test_the_exporters_form_stands_where_the_plain_one_is_none() -> None:
    spec = read("ijk,jkl->il")
    kinds = [(one.equivalent.library, one.equivalent.kind) for one in written_equivalents(spec, choose_names(spec))]
    assert ("numpy", Kind.MATMUL) in kinds
    assert ("torch", Kind.MATMUL) in kinds
    spec = read("ij,jk->ik")
    assert all(x.equivalent.kind is not Kind.MATMUL for x in written_equivalents(spec, choose_names(spec)))


def test_known_sizes_are_numbers_and_symbols_are_read() -> None:
    shown = [fact["code"] for fact in section_of("bijk,bjkl->bil", (2, 3, 4, 5), (2, 4, 5, 6)).facts["equivalents"]]
    assert shown[0] == "A.reshape(2, 3, 20) @ B.reshape(2, 20, 6)"
    shown = [
        fact["code"] for fact in section_of("bijk,bjkl->bil", ("B", 3, 4, "K"), ("B", 4, "K", 6)).facts["equivalents"]
    ]
    assert shown[0] == "A.reshape(-1, 3, 4 * A.shape[3]) @ B.reshape(-1, 4 * B.shape[2], 6)"


def test_sixty_operands_have_no_short_text() -> None:
    letters = string.ascii_letters
    chain = ",".join(letters[n % 25 : n % 25 + 2] for n in range(60))
    assert section_of(chain) is None
    assert section_of(",".join(["i"] * 60) + "->i") is None


def test_nothing_but_text_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess
    import sys

    code = (
        "import sys\nfrom einloop.notation import read\nfrom einloop.core.names import choose_names\n"
        "from einloop.pipeline.equivalents import equivalents_section\n"
        "spec = read('ij,jk->ik')\nassert equivalents_section(spec, choose_names(spec))\n"
        "print([name for name in ('numpy', 'opt_einsum', 'torch', 'einops', 'einx', 'black') if name in sys.modules])"
    )
    root = str(Path(einloop.__file__).parent.parent)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=root)
    assert (done.stdout, done.stderr) == ("[]\n", "")
