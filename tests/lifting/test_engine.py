"""The heart of lifting: elements in, einsums out, right for lengths of every size or refused."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einloop.core.errors import LiftError
from einloop.core.polynomial import MAX_FACTORS, Polynomial, TooManyTerms
from einloop.core.source import Notation, Source
from einloop.lifting import lift
from einloop.lifting.computed import Computed
from einloop.lifting.lift import lifted
from einloop.lifting.sizes import Sizes
from einloop.runners.statements import run_statements

LOOPS, NUMPY, C = Notation.LOOPS, Notation.NUMPY, Notation.C
PRODUCT = "for i in range(n):\n for j in range(m):\n  for k in range(p): "

LIFTED = [
    # a flat array and two indices for the same elements
    (C, "void f(int n,int m,float*A,float*B,float*C){for(int i=0;i<n*m;i++)C[i]=A[i];"
        "for(int i=0;i<n;i++)for(int j=0;j<m;j++)C[i*m+j]+=B[j*n+i];}",
     "C = A.reshape(n, m) + np.einsum('ji->ij', B.reshape(m, n))"),
    (C, "void f(int n,int m,int p,float*A,float*B,float*C){for(int i=0;i<n;i++)for(int k=0;k<m;k++)"
        "for(int j=0;j<p;j++)C[i*m+k]+=A[i*p+j]*B[j*m+k];}",
     "C.reshape(n, m)[...] += np.einsum('ij,jk->ik', A.reshape(n, p), B.reshape(p, m))"),
    (C, "void f(int n,int m,int p,float alpha,float beta,float*A,float*B,float*C){for(int i=0;i<n*m;i++)C[i]*=beta;"
        "for(int i=0;i<n;i++)for(int j=0;j<m;j++)for(int k=0;k<p;k++)C[i*m+j]+=alpha*A[i*p+k]*B[k*m+j];}",
     "C = beta * C.reshape(n, m) + alpha * np.einsum('ik,kj->ij', A.reshape(n, p), B.reshape(p, m))"),
    # letters of the text, in every term
    (LOOPS, PRODUCT + "C[i, k] += A[i, j] * B[j, k]", "C += np.einsum('ij,jk->ik', A, B)"),
    (LOOPS, "for r in range(n):\n for c in range(m):\n  for t in range(p): Z[r, c] += R[r, t] * W[t, c]",
     "Z += np.einsum('rt,tc->rc', R, W)"),
    (LOOPS, "for row in range(n):\n for col in range(m): Z[row, col] = R[col, row] * x[row]",
     "Z = np.einsum('ij,j->ji', R, x)"),
    # terms that meet on the diagonal, or cancel there
    (LOOPS, "for i in range(n):\n for j in range(n): C[i, j] = 0.5 * (A[i, j] + A[j, i])",
     "C = 0.5 * A + 0.5 * np.einsum('ji->ij', A)"),
    (LOOPS, "for i in range(n):\n for j in range(n): C[i, j] = A[i, j] - A[j, i]",
     "C = A - np.einsum('ji->ij', A)"),
    # numbers
    (LOOPS, "for i in range(n): y[i] = 0.1 * x[i] + 0.2 * x[i]", "y = 0.3 * x"),
    (LOOPS, "for i in range(n): y[i] = x[i] / 3", "y = (1 / 3) * x"),
    (LOOPS, "for i in range(n):\n for j in range(m): y[i] += x[i]", "y += m * x"),
    (LOOPS, "for i in range(n):\n s = 0\n for j in range(m): s += A[i, j]\n y[i] = s / m",
     "y = np.einsum('ij->i', A) / m"),
    (LOOPS, "for i in range(n): y[i] = a[i] * b[i] + b[i] * a[i]", "y = 2 * np.einsum('i,i->i', a, b)"),
    (LOOPS, "for i in range(n): y[i] = x[i] / s / s", "y = x / s / s"),
    (LOOPS, "s = 0\nfor i in range(n): s += (a[i] - b[i])**2",
     "s = np.einsum('i,i->', a, a) - 2 * np.einsum('i,i->', a, b) + np.einsum('i,i->', b, b)"),
    # parts, constants, nothing
    (LOOPS, "C[0] = a[0]\nfor i in range(1, n): C[i] = b[i]", "C[0] = a[0]\nC[1:] = b[1:]"),
    (LOOPS, "for i in range(n):\n for j in range(m): C[i, j] = A[i, j]\nfor j in range(m): C[0, j] += b[j]",
     "C[...] = A\nC[0] += b"),
    (LOOPS, "for i in range(n): C[i, i] = d[i]", "np.einsum('ii->i', C)[...] = d"),
    (LOOPS, "for i in range(n):\n for j in range(m): C[i, j] = 5", "C[...] = 5"),
    (LOOPS, "for i in range(n): C[i] = 0", "C[...] = 0"),
    (LOOPS, "C = np.zeros((n, m))", "C = np.zeros((n, m))"),
    (LOOPS, "C = np.ones((n, m))", "C = np.full((n, m), 1)"),
    # slices end where the text ends
    (LOOPS, "for i in range(n - 1): y[i] = x[i + 1] - x[i]", "y[:n - 1] = x[1:] - x[:n - 1]"),
    (LOOPS, "for i in range(1, n - 1): y[i] = x[i + 1] - 2 * x[i] + x[i - 1]",
     "y[1:n - 1] = x[2:] - 2 * x[1:n - 1] + x[:n - 2]"),
    (LOOPS, "for i in range(n // 2): y[i] = x[i]", "y[:n//2] = x[:n//2]"),
    (LOOPS, "for i in range(n): y[i] = x[n - 1 - i]", "y = x[::-1]"),
    (LOOPS, "for i in range(n): y[i] = x[n + 4 - i]", "y = x[5:n + 5][::-1]"),
    (C, "float f(int n,float*a){float s=0;for(int i=0;i<n;i++)s+=a[i*n+i];return s;}",
     "result = np.einsum('ii->', a.reshape(n, n))"),
    (C, "void f(int n,int m,float*a,float*y){for(int i=0;i<n;i++)for(int j=0;j<m;j++)y[i]+=a[(i+1)*m+j];}",
     "y += np.einsum('ij->i', a.reshape(n + 1, m)[1:])"),
    # an unrolled loop is a loop, a peeled one too
    (LOOPS, "for i in range(n): y[i] = A[i, 0] * x[0] + A[i, 1] * x[1] + A[i, 2] * x[2]",
     "y = np.einsum('ij,j->i', A, x)"),
    (C, "float f(int n,float*a,float*b){float s=a[0]*b[0];for(int i=1;i<n;i++)s+=a[i]*b[i];return s;}",
     "result = np.einsum('i,i->', a, b)"),
    (C, "void f(int n,float*a,float*y){int i;for(i=0;i+4<=n;i+=4){y[i]=a[i];y[i+1]=a[i+1];y[i+2]=a[i+2];y[i+3]=a[i+3];}"
        "for(;i<n;i++)y[i]=a[i];}", "y = a"),
    (LOOPS, "for i0 in range(0, n, 32):\n for i in range(i0, min(i0 + 32, n)): y[i] += x[i]", "y += x"),
    # whole arrays
    (NUMPY, "C = A + 1", "C = A + 1"),
    (NUMPY, "C = A @ A", "C = np.einsum('ij,jk->ik', A, A)"),
    (NUMPY, "K = np.kron(A, A)",
     "K = np.einsum('ij,kl->ikjl', A, A).reshape(A.shape[0]*A.shape[0], A.shape[1]*A.shape[1])"),
]  # fmt: skip


@pytest.mark.parametrize(("notation", "text", "wanted"), LIFTED)
def test_lifted(notation: Notation, text: str, wanted: str) -> None:
    assert lift(text, notation, {"A": 2} if notation is NUMPY else None).text() == wanted


def test_a_leading_dimension_is_a_condition() -> None:
    text = (
        "void f(float*a,int lda,float*x,float*y,int m,int k){for(int i=0;i<m;i++){float s=0;"
        "for(int j=0;j<k;j++)s+=a[i*lda+j]*x[j];y[i]=s;}}"
    )
    found = lift(text, C)
    assert found.text() == "y = np.einsum('ij,j->i', a.reshape(m, lda)[:, :k], x)"
    assert found.combinations[0].notes[:1] == ("right where lda >= k",)


def test_a_peeled_loop_is_a_condition() -> None:
    text = "float f(int n,float*a){float s=a[0];for(int i=1;i<n;i++)s+=a[i];return s;}"
    assert lift(text, C).combinations[0].notes[:1] == ("right where n is not 0",)


REFUSED = [
    ("EL811", C, "void f(int n,int m,float*a,float*x,float*y){for(int i=0;i<n;i++){y[i]=0;"
                 "for(int j=0;j<m;j++)y[i]+=a[i*n+j]*x[j];}}", "this is right only where n = m"),
    ("EL811", LOOPS, "for i in range(n):\n    if n > 100: y[i] = 2 * x[i]\n    else: y[i] = x[i]",
     "what is computed depends on n > 100"),
    ("EL811", LOOPS, "for i0 in range(0, n, 32):\n for i in range(i0, min(i0 + 31, n)): y[i] += x[i]",
     "for n = 32, y is not what it is for other sizes"),
    ("EL811", LOOPS, "for i in range(min(n, 50)): y[i] += x[i]",
     "for n = 51, y is not what it is for other sizes"),
    ("EL809", C, "void f(int n,float*a,float*y){int i;for(i=0;i+4<n;i+=4){y[i]=a[i];y[i+1]=a[i+1];y[i+2]=a[i+2];"
                 "y[i+3]=a[i+3];}for(i=i+1;i<n;i++)y[i]=a[i];}", None),
    ("EL809", LOOPS, "for i in range(n):\n for j in range(i): C[i, j] = A[i, j]",
     "how far this loop goes depends on i: a triangle"),
    ("EL808", LOOPS, "for i in range(n):\n for k in range(m): y[i] += x[i + k] * w[k]",
     "i and k together say where x is read"),
    ("EL810", LOOPS, "for i in range(n):\n for j in range(m): C[j] += A[i] * C[j]",
     "each turn of a loop multiplies what the turn before made of C"),
    ("EL817", LOOPS, "for i in range(n):\n t = a[i]\n a[i] = b[i]\n b[i] = t", None),
    ("EL814", LOOPS, "for i in range(n): a[i] = a[i]", None),
]  # fmt: skip


@pytest.mark.parametrize(("id", "notation", "text", "message"), REFUSED)
def test_refused(id: str, notation: Notation, text: str, message: str | None) -> None:
    with pytest.raises(LiftError) as refused:
        lift(text, notation)
    assert refused.value.id == id
    if message is not None:
        assert refused.value.message == message


def test_what_doubles_itself_stays_small() -> None:
    assert lift("s = x[0]\nfor i in range(60): s = s + s", LOOPS).text() == f"s = {2**60} * x[0]"
    fibonacci = "a = x[0]\nb = x[1]\nfor i in range(80):\n t = a + b\n a = b\n b = t"
    assert "x[0]" in lift(fibonacci, LOOPS).text()


def test_polynomials_are_bounded() -> None:
    total = Polynomial.number(0)
    for n in range(200):
        total = total + Polynomial.element("a", (n,))
    with pytest.raises(TooManyTerms):
        total * total
    power = Polynomial.element("a")
    for _ in range(MAX_FACTORS - 1):
        power = power * Polynomial.element("a")
    with pytest.raises(TooManyTerms):
        power * Polynomial.element("a")


def test_numbers_are_what_is_written() -> None:
    tenth = Polynomial.number(0.1)
    assert (tenth + tenth + tenth).constant == Fraction(3, 10)


# random combinations of einsums: their elements are recovered as einsums of the same values


class Elements:
    """A program that computes a combination of einsums: what a reader of any text would have run."""

    def __init__(self, terms: Sequence[tuple[int, Sequence[tuple[str, str]], str]]) -> None:
        self.terms = terms
        self.offsets: frozenset[str] = frozenset()

    def run(self, sizes: Sizes, cuts: object = None) -> Computed:
        cells: dict[tuple[int, ...], Polynomial] = {}
        extents = {
            label: sizes[label]
            for _, operands, output in self.terms
            for _, t in (*operands, ("", output))
            for label in t
        }
        for number, (factor, operands, output) in enumerate(self.terms):
            labels = list(dict.fromkeys("".join(term for _, term in operands) + output))
            for at in product(*(range(extents[label]) for label in labels)):
                where = dict(zip(labels, at, strict=True))
                term = Polynomial.number(factor)
                for name, subscripts in operands:
                    place = tuple(where[label] for label in subscripts)
                    term = term * Polynomial.element(f"{name}@{number}" if place else name, place)
                result = tuple(where[label] for label in output)
                cells[result] = cells.get(result, Polynomial.number(0)) + term
        return Computed(results={"R": cells}, shapes={}, made=frozenset({"R"}))


@st.composite
def combinations(draw: Any) -> list[tuple[int, list[tuple[str, str]], str]]:
    output = "".join(draw(st.lists(st.sampled_from("ijk"), max_size=2, unique=True)))
    terms = []
    for number in range(draw(st.integers(1, 3))):
        operands = []
        for name in draw(st.lists(st.sampled_from("AB"), max_size=2, unique=True)):
            subscripts = draw(st.lists(st.sampled_from("ijkl"), min_size=1, max_size=3))
            operands.append((f"{name}{number}{len(subscripts)}", "".join(subscripts)))
        operands.append((f"D{number}", output)) if output else operands.append(("s", ""))
        terms.append((draw(st.sampled_from((1, 2, -3))), operands, output))
    return terms


@settings(max_examples=80, deadline=None)
@given(combinations())
def test_combinations_are_recovered(terms: list[tuple[int, list[tuple[str, str]], str]]) -> None:
    found = lifted(Elements(terms), Source(text="", notation=LOOPS)).statements
    for extents in (
        {"i": 2, "j": 3, "k": 4, "l": 5},
        {"i": 1, "j": 1, "k": 1, "l": 1},
        {"i": 7, "j": 1, "k": 2, "l": 3},
    ):
        rng = np.random.default_rng(0)
        values: dict[str, Any] = dict(extents)
        for _, operands, _ in terms:
            for name, subscripts in operands:
                # one array may be read along different axes: as long as its longest use
                values[name] = rng.integers(-4, 5, [extents[label] for label in subscripts])
        wanted: Any = 0
        for factor, operands, output in terms:
            subscripts = ",".join(term for _, term in operands) + "->" + output
            wanted = wanted + factor * np.einsum(subscripts, *(values[name] for name, _ in operands))
        assert np.array_equal(run_statements(found, values)["R"], wanted), found.text()
