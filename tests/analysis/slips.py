"""Well-known expressions, and every legal slip of one or two letters of each: what `check` is measured on.

A slip is left out where nobody can tell it: where everything pairs up (`right_looking`), or where it is the right
expression with other names for its indices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from random import Random

from einloop.core.bind import bind_sizes
from einloop.core.errors import EinloopError
from einloop.core.spec import Spec
from einloop.notation.subscripts import read_subscripts

RIGHT = (
    # attention: scores and outputs in several layouts, heads, linear attention
    "bhqd,bhkd->bhqk",
    "bqhd,bkhd->bhqk",
    "bhqk,bhkd->bhqd",
    "bhqk,bkhd->bqhd",
    "qhd,khd->hqk",
    "bqhd,bkd->bhqk",
    "bhqk,bkd->bqhd",
    "ibnd,jbnd->bnij",
    "btm,mhd->bthd",
    "bthd,hdm->btm",
    "bnhd,bnhe->bhde",
    "bnhd,bhde->bnhe",
    "nlhd,nhdv,nlh->nlhv",
    # tensor decompositions: MTTKRP, CP, Tucker, mode products, Khatri-Rao, tensor trains
    "ijk,jr,kr->ir",
    "ijk,ir,kr->jr",
    "ijkl,jr,kr,lr->ir",
    "ir,jr,kr->ijk",
    "r,ir,jr,kr->ijk",
    "abc,ia,jb,kc->ijk",
    "ijk,ia,jb,kc->abc",
    "ijk,ja->iak",
    "ir,jr->ijr",
    "ia,ajb,bk->ijk",
    "aib,bjc,ckd->aijkd",
    "abc,bd,cde->ade",
    "iab,jbc,kca->ijk",
    # bilinear and quadratic forms
    "bi,oij,bj->bo",
    "bi,ij,bj->b",
    "bi,bij,bj->b",
    "i,ij,j->",
    "ki,kj,ij->k",
    "ijk,j,k->i",
    # chains and batched products
    "ij,jk->ik",
    "ij,jk,kl->il",
    "ij,jk,kl,lm->im",
    "ij,jk,k->i",
    "ij,jk,ki->",
    "bij,bjk->bik",
    "bij,bj->bi",
    "bij,bjk,bkl->bil",
    "ti,tj->ij",
    # physics, quantum, chemistry
    "ijkl,kl->ij",
    "prqs,rs->pq",
    "pi,qj,pqrs,rk,sl->ijkl",
    "kcld,ic,ld->ki",
    "ijab,ia,jb->",
    "ac,bd,cd->ab",
    "ijkl,k,l->ij",
    # neural networks and signal processing
    "nkctv,kvw->nctw",
    "bix,iox->box",
    "bhwc,hkc->bhwk",
    "gsec,gsm->egcm",
    "sec,ecm->sm",
    "fkt,fdt,fet->fkde",
)

MODES = ("no sizes", "distinct", "equal")
LENGTHS = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31)
EQUAL = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A wrong expression, the right one, the shapes of the right one (none in the mode without sizes), and whether
    np.einsum takes it."""

    wrong: str
    right: str
    mode: str
    kind: str
    shapes: tuple[tuple[int, ...], ...]
    legal: bool

    @property
    def spec(self) -> Spec:
        """The wrong expression, read and bound to the shapes."""
        spec = read_subscripts(self.wrong)
        return bind_sizes(spec, self.shapes) if self.shapes else spec


def slips(right: str, mode: str) -> tuple[Slip, ...]:
    """Return every slip of `right` in a mode that can be told from a right expression.

    >>> [slip.wrong for slip in slips("ij,j->i", "no sizes")]
    ['ii,j->i', 'ix,j->i', 'ij,i->i', 'ij,x->i', 'ij,j->j']
    """
    shapes = shapes_of(right, mode)
    found: dict[str, Slip] = {}
    for terms, kind in changed(split(right)):
        wrong = joined(terms)
        if wrong in found or meaning(wrong) == meaning(right) or not sound(terms):
            continue
        legal = fits(wrong, shapes)
        if not (legal and right_looking(terms)):
            found[wrong] = Slip(wrong=wrong, right=right, mode=mode, kind=kind, shapes=shapes, legal=legal)
    return tuple(found.values())


def sampled(each: int, seed: int = 0) -> Iterator[Slip]:
    """Yield at most so many legal slips of every expression and mode, and as many that are refused."""
    random = Random(seed)
    for right in RIGHT:
        for mode in MODES:
            every = slips(right, mode)
            for legal in (True, False):
                some = [slip for slip in every if slip.legal == legal]
                yield from random.sample(some, min(each, len(some)))


def changed(terms: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield terms (the output last) with one letter replaced, by another of the expression or by a fresh one, or with
    two letters of a term exchanged."""
    letters = sorted(set("".join(terms)))
    fresh = next(x for x in "xyzuvw" if x not in letters)
    last = len(terms) - 1
    for number, term in enumerate(terms):
        for place, old in enumerate(term):
            for new in letters if number == last else (*letters, fresh):
                if new != old:
                    kind = "fresh" if new == fresh else "output" if number == last else "replaced"
                    yield put(terms, number, term[:place] + new + term[place + 1 :]), kind
        for one, other in combinations(range(len(term)), 2):
            order = list(term)
            order[one], order[other] = order[other], order[one]
            yield put(terms, number, "".join(order)), "exchanged"


def right_looking(terms: tuple[str, ...]) -> bool:
    """Return whether everything pairs up: each index stands in two terms or more, the output counted, and in none
    twice."""
    return all(len(set(term)) == len(term) for term in terms) and all(
        sum(letter in term for term in terms) > 1 for letter in "".join(terms)
    )


def sound(terms: tuple[str, ...]) -> bool:
    """Return whether the output is one: its letters are in the inputs, each once."""
    return len(set(terms[-1])) == len(terms[-1]) and set(terms[-1]) <= set("".join(terms[:-1]))


def fits(text: str, shapes: tuple[tuple[int, ...], ...]) -> bool:
    """Return whether np.einsum takes an expression for shapes."""
    try:
        bind_sizes(read_subscripts(text), shapes)
    except EinloopError:
        return False
    return True


def shapes_of(right: str, mode: str) -> tuple[tuple[int, ...], ...]:
    """Return the shapes of the operands of a right expression in a mode."""
    *inputs, _ = split(right)
    letters = list(dict.fromkeys("".join(inputs)))
    lengths = {x: EQUAL if mode == "equal" else LENGTHS[n] for n, x in enumerate(letters)}
    return () if mode == "no sizes" else tuple(tuple(lengths[x] for x in term) for term in inputs)


def meaning(text: str) -> tuple[tuple[int, ...], ...]:
    """Return what expressions share that differ in the names of their indices only."""
    terms = split(text)
    numbers = {letter: n for n, letter in enumerate(dict.fromkeys("".join(terms)))}
    return tuple(tuple(numbers[letter] for letter in term) for term in terms)


def split(text: str) -> tuple[str, ...]:
    """Return the terms of an expression, the output last."""
    inputs, output = text.split("->")
    return (*inputs.split(","), output)


def joined(terms: tuple[str, ...]) -> str:
    """Return terms as an expression."""
    return f"{','.join(terms[:-1])}->{terms[-1]}"


def put(terms: tuple[str, ...], number: int, term: str) -> tuple[str, ...]:
    """Return terms with another one at a place."""
    return (*terms[:number], term, *terms[number + 1 :])
