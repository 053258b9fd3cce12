"""The cases of the suite by class, each an expression with the extents of its indices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contractions import CLASSICAL, MATRICES, TCCG, Contraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An expression in np.einsum's notation, the extent of every index, and the dtype of its operands."""

    name: str
    subscripts: str
    sizes: dict[str, int]
    dtype: str = "float64"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A class of cases. `blas`: where a case is a plain matrix product, BLAS is measured as well."""

    id: str
    title: str
    cases: tuple[Case, ...]
    blas: bool = False


def case(subscripts: str, sizes: str, name: str = "", dtype: str = "float64") -> Case:
    """Return a case; sizes are written `i=3 j=4`.

    >>> case("ij->ji", "i=3 j=4").sizes
    {'i': 3, 'j': 4}
    """
    pairs = (pair.split("=") for pair in sizes.split())
    return Case(name=name or subscripts, subscripts=subscripts, sizes={k: int(n) for k, n in pairs}, dtype=dtype)


def of(contractions: Iterable[Contraction], dtype: str = "float64") -> tuple[Case, ...]:
    """Return contractions of two operands as cases."""
    return tuple(Case(name=one.name, subscripts=one.subscripts, sizes=one.sizes, dtype=dtype) for one in contractions)


BATCHES = (
    case("bij,bjk->bik", "b=20000 i=4 j=4 k=4"),
    case("bij,bjk->bik", "b=20000 i=3 j=3 k=3"),
    case("bij,bjk->bik", "b=5000 i=8 j=8 k=8"),
    case("bij,bj->bi", "b=50000 i=3 j=3", "rotated points"),
    case("bi,ij,bj->b", "b=30000 i=4 j=4", "quadratic forms"),
)

PERMUTATIONS = (
    case("ij->ji", "i=2000 j=2000"),
    case("abc->cab", "a=100 b=120 c=140"),
    case("abcd->dcba", "a=40 b=40 c=40 d=40"),
    case("abcd->acbd", "a=40 b=40 c=40 d=40"),
    case("abcde->edcba", "a=16 b=16 c=16 d=16 e=16"),
    case("abcdef->fbdace", "a=12 b=12 c=12 d=12 e=12 f=12"),
)

MEMORY = (
    case("ii->", "i=2000", "trace"),
    case("ii->i", "i=2000", "diagonal"),
    case("iij->j", "i=500 j=16", "trace of two axes"),
    case("ij->", "i=2000 j=1000", "sum"),
    case("ij->i", "i=2000 j=1000", "sums of rows"),
    case("ij->j", "i=2000 j=1000", "sums of columns"),
    case("ijk->ik", "i=100 j=200 k=100", "sums of the middle axis"),
    case("ijkl->jl", "i=40 j=40 k=40 l=40"),
    case("ijkl->ik", "i=40 j=40 k=40 l=40"),
    case("i,j->ij", "i=1500 j=1500", "outer product"),
    case("ij,ij->ij", "i=1500 j=1500", "element by element"),
    case("ij,ji->ij", "i=1500 j=1500", "element by element, one transposed"),
    case("ij,j->i", "i=1500 j=1500", "matrix times vector"),
    case("i,ij->j", "i=1500 j=1500", "vector times matrix"),
    case("ij,ij->", "i=1500 j=1500", "inner product"),
    case("ij,ji->", "i=1500 j=1500", "inner product, one transposed"),
    case("ij,ij->i", "i=1500 j=1500", "inner products of rows"),
    case("bi,bi->b", "b=200000 i=8", "short inner products"),
    case("ijk,ijk->ik", "i=100 j=200 k=100"),
    case("ijk,k->ij", "i=100 j=100 k=100"),
    case("ijk,i->jk", "i=100 j=100 k=100"),
    case("ijk,j->ik", "i=100 j=100 k=100"),
    case("ijk,kij->", "i=100 j=100 k=100"),
)

SEVERAL = (
    case("ij,jk,kl->il", "i=100 j=100 k=100 l=100", "product of three matrices"),
    case("ab,bc,cd,de->ae", "a=60 b=60 c=60 d=60 e=60", "product of four matrices"),
    case("ai,ij,bj->ab", "a=80 b=80 i=80 j=80", "a matrix between two"),
    case("i,ij,j->", "i=1000 j=1000", "bilinear form"),
    case("bi,ij,bj->b", "b=400 i=64 j=64", "a batch of them"),
    case("bi,oij,bj->bo", "b=64 o=32 i=32 j=32", "bilinear layer"),
    case("ni,n,nj->ij", "n=2000 i=32 j=32", "weighted Gram matrix"),
    case("ijk,jr,kr->ir", "i=80 j=80 k=80 r=16", "MTTKRP"),
    case("ir,jr->ijr", "i=200 j=200 r=32", "Khatri-Rao product"),
    case("ir,jr,kr->ijk", "i=80 j=80 k=80 r=8", "array from its CP factors"),
    case("abc,ia,jb,kc->ijk", "a=12 b=12 c=12 i=40 j=40 k=40", "array from its Tucker factors"),
    case("aib,bjc,ckd,dla->ijkl", "a=8 i=8 b=8 j=8 c=8 k=8 d=8 l=8", "ring of four"),
    case("ab,aic,bid->cd", "a=48 b=48 i=4 c=48 d=48", "environment of a chain"),
    case("bi,bj,bk->bijk", "b=200 i=12 j=12 k=12", "interaction of three"),
    case("ia,nab,jb->nij", "n=2000 i=6 j=6 a=6 b=6", "transformed covariances"),
    case("ni,ni,ni->", "n=5000 i=50", "inner product of three"),
    case("bhij,bij,bjhd->bihd", "b=4 h=4 i=64 j=64 d=32", "masked attention"),
)

TINY = (
    case("ij,jk->ik", "i=3 j=3 k=3"),
    case("ij,jk->ik", "i=4 j=4 k=4", "4 x 4 matrices"),
    case("ij,jk->ik", "i=8 j=8 k=8"),
    case("ij,jk->ik", "i=16 j=16 k=16"),
    case("ii->", "i=5"),
    case("i,i->", "i=10"),
    case("i,ij,j->", "i=4 j=4"),
    case("ij,jk,kl->il", "i=5 j=5 k=5 l=5"),
    case("i,j->ij", "i=8 j=8"),
)

OTHER_DTYPES = tuple(
    case(subscripts, sizes, dtype=dtype)
    for dtype in ("int64", "int32", "uint8", "complex64", "complex128")
    for subscripts, sizes in (
        ("ij,jk->ik", "i=96 j=96 k=96"),
        ("bij,bjk->bik", "b=2000 i=4 j=4 k=4"),
        ("ij,ij->i", "i=600 j=600"),
        ("abc->cab", "a=60 b=70 c=80"),
    )
)

GROUPS = (
    Group(id="matrices", title="matrix-product-like", cases=of(CLASSICAL), blas=True),
    Group(id="squares", title="square matrices", cases=of(MATRICES), blas=True),
    Group(id="tccg", title="TCCG", cases=of(TCCG)),
    Group(id="batches", title="batches of tiny matrices", cases=BATCHES),
    Group(id="permutations", title="permutations", cases=PERMUTATIONS),
    Group(id="memory", title="other memory-bound", cases=MEMORY),
    Group(id="several", title="three and more operands", cases=SEVERAL),
    Group(id="tiny", title="tiny calls", cases=TINY),
    Group(id="random", title="random expressions", cases=()),
    Group(id="float32", title="matrix-product-like, float32", cases=of((*CLASSICAL, *MATRICES), "float32"), blas=True),
    Group(id="dtypes", title="integers and complex numbers", cases=OTHER_DTYPES),
)
"""In the order of the table. Random expressions are drawn while the suite runs."""
