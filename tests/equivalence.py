"""Expressions that people write, and what runs the texts offered instead of them against np.einsum."""

from __future__ import annotations

import importlib
import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import strategies as our

from einloop.analysis.equivalents import MODULES, equivalents
from einloop.core.arrays import Equivalent
from einloop.core.bind import bind_sizes
from einloop.core.names import Names, choose_names
from einloop.core.spec import Spec
from einloop.notation import read
from einloop.targets.equivalents import write_equivalent, write_lines

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


def check(
    case: Case,
    libraries: tuple[str, ...] = ("numpy",),
    kinds: tuple[str, ...] = ("int64",),
    path: list[tuple[int, ...]] | None = None,
) -> int:
    """Run every text of an expression, printed or not, and return how many there were."""
    count = 0
    for one in equivalents(case.spec, case.names, path):
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


def bound(text: str, shapes: tuple[tuple[int, ...], ...]) -> Case:
    return Case(bind_sizes(read(text), shapes), shapes)


def plain_case(text: str) -> Case:
    spec = read(text)
    return Case(spec, shapes_of(spec, BATCHES[0]))
