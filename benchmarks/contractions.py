"""Contractions of two arrays that are shaped like a matrix product: the classical ones, and those of TCCG.

TCCG is the benchmark of P. Springer and P. Bientinesi ("Design of a high-performance GEMM-like tensor-tensor
multiplication", 2018); its strings are target-left-right, column-major.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod


@dataclass(frozen=True, slots=True, kw_only=True)
class Contraction:
    """An expression of two contiguous operands, and the extent of every index."""

    name: str
    left: str
    right: str
    target: str
    sizes: dict[str, int]

    @property
    def subscripts(self) -> str:
        """What np.einsum takes."""
        return f"{self.left},{self.right}->{self.target}"

    @property
    def operations(self) -> int:
        """Multiplications and additions."""
        return 2 * prod(self.sizes.values())

    def shape(self, term: str) -> tuple[int, ...]:
        """Return the extents of one array."""
        return tuple(self.sizes[label] for label in term)


def contraction(name: str, subscripts: str, **sizes: int) -> Contraction:
    """Return an expression with the extents of its indices."""
    operands, target = subscripts.split("->")
    left, right = operands.split(",")
    return Contraction(name=name, left=left, right=right, target=target, sizes=sizes)


def square(extent: int) -> Contraction:
    """Return a product of square matrices."""
    return contraction(f"{extent} x {extent} matrices", "ij,jk->ik", i=extent, j=extent, k=extent)


MATRICES = tuple(square(extent) for extent in (100, 256, 512, 1000, 1024))
"""What BLAS itself computes."""

CLASSICAL = (
    contraction("matrix product, 512", "ij,jk->ik", i=512, j=512, k=512),
    contraction("matrix product, 100", "ij,jk->ik", i=100, j=100, k=100),
    contraction("a times b transposed", "ij,kj->ik", i=300, j=300, k=300),
    contraction("attention, small heads", "bimd,bind->bimn", b=4, i=64, m=48, n=48, d=32),
    contraction("attention", "bihd,bjhd->bhij", b=2, i=128, j=128, h=8, d=64),
    contraction("batch of matrices", "bij,bjk->bik", b=8, i=128, j=128, k=128),
    contraction("tensordot", "abcd,cdef->abef", a=20, b=20, c=20, d=20, e=20, f=20),
)

STRINGS = (
    "abcde-efbad-cf abcde-efcad-bf abcd-dbea-ec abcde-ecbfa-fd abcd-deca-be abc-bda-dc abcd-ebad-ce abcdef-dega-gfbc",
    "abcdef-dfgb-geac abcdef-degb-gfac abcdef-degc-gfab abc-dca-bd abcd-ea-ebcd abcd-eb-aecd abcd-ec-abed abc-adec-ebd",
    "ab-cad-dcb ab-acd-dbc abc-acd-db abc-adc-bd ab-ac-cb abcd-aebf-fdec abcd-eafd-fbec abcd-aebf-dfce",
)


def tccg(string: str, operations: float = 1.2e8) -> Contraction:
    """Return one of TCCG's, row-major, with about equal extents that make about so many operations.

    Extents are multiples of 4, of 8 where an array is contiguous.
    """
    target, left, right = (term[::-1] for term in string.split("-"))
    labels = sorted({*target, *left, *right})
    extent = (operations / 2) ** (1 / len(labels))
    sizes = {}
    for label in labels:
        unit = 8 if label in (left[-1], right[-1], target[-1]) else 4
        sizes[label] = max(unit, round(extent / unit) * unit)
    return contraction(string, f"{left},{right}->{target}", **sizes)


TCCG = tuple(tccg(string) for line in STRINGS for string in line.split())
