"""Texts that were once lifted to what they compute for some lengths alone: each is right now, or refused."""

from __future__ import annotations

import pytest

from einloop.core.errors import LiftError
from einloop.core.source import Notation
from einloop.lifting import lift, lifted_code

LOOPS, C = Notation.LOOPS, Notation.C
NEST = "for i in range(n):\n for j in range(m):\n  "
COPY = "void f(int n,double*x,double*y){for(int i=0;i<n;i++)%s}"

REFUSED = [
    # what is done beyond a number that no run reached
    (LOOPS, NEST + "if n > 100 and m > 100: C[i, j] = A[i, j]\n  else: C[i, j] = 2*A[i, j]"),
    (LOOPS, "f = 1\nif n > 10 and m > 10 and p > 10: f = 2\n" + NEST
        + "for k in range(p): C[i, k] += f*A[i, j]*B[j, k]"),
    (LOOPS, "for i in range(min(n, 5)): y[i] = x[i]"),
    (LOOPS, "for i in range(min(n, 50)): y[i] = x[i]"),
    (LOOPS, "for i in range(min(n, 50000)): y[i] = x[i]"),
    (LOOPS, "for i in range(max(n, 3)): y[i] = x[i]"),
    (LOOPS, "for i in range(n):\n if i < 10000: y[i] = x[i]"),
    (LOOPS, "for i in range(n):\n if n < 100000: y[i] = x[i]"),
    (LOOPS, "for i in range(n):\n if i > 200: continue\n y[i] = x[i]"),
    (LOOPS, "s = 0\nfor i in range(n):\n s += x[i]\n if i == 99: break\ny[0] = s"),
    (LOOPS, "for i in range(n): y[i % 64] += x[i]"),
    (LOOPS, "for i in range(n): y[i // 64] += x[i]"),
    (LOOPS, "for i in range(n): y[i] = x[min(i, 40)]"),
    # what is done for one length alone
    (LOOPS, "for i in range(n): y[i] = x[i] if n != 70 else 0"),
    (LOOPS, "for i in range(n): y[i] = x[i] if n % 64 != 5 else 0"),
    # what a later turn reads of what an earlier one wrote, from some length on
    (LOOPS, "for i in range(n): y[i + 10000] = y[i] + x[i]"),
    (LOOPS, "for j in range(m):\n for k in range(m): C[k*p] = 2*C[j*m + k]*A[k]"),
    # blocks that leave something out, or go too far
    (LOOPS, "for ii in range(0, n, 32):\n for i in range(ii, min(ii + 31, n)): y[i] = 2*x[i]"),
    (LOOPS, "for ii in range(0, n, 32):\n for i in range(ii, ii + 32): y[i] = 2*x[i]"),
    (LOOPS, "for i in range(0, n - n % 4, 4):\n for u in range(4): y[i + u] = x[i + u]"),
    (C, "void f(int n,double*x,double*y){int b=n<100000?n:100000;for(int i=0;i<b;i++)y[i]=x[i];}"),
    (C, "void f(int n,double*x,double*y){if(n==70)return;for(int i=0;i<n;i++)y[i]=x[i];}"),
    (C, COPY % "y[i>>6]+=x[i];"),
    (C, COPY % "y[i&63]+=x[i];"),
    (C, "void f(int n,double*x,double*y){double s=0;for(int i=0;i<n;i++){s+=x[i];if(i==99)break;}y[0]=s;}"),
    (C, "void f(int n,double*x,double*y){for(int ii=0;ii<n;ii+=64)for(int i=ii;i<ii+63&&i<n;i++)y[i]=x[i];}"),
    (C, "void f(int n,int m,int p,double*A,double*B,double*C){double f=(n>10&&m>100&&p>1000)?2:1;for(int i=0;i<n;i++)"
        "for(int j=0;j<m;j++)for(int k=0;k<p;k++)C[i*p+k]+=f*A[i*m+j]*B[j*p+k];}"),
]  # fmt: skip


@pytest.mark.parametrize(("notation", "text"), REFUSED)
def test_what_holds_for_some_lengths_alone_is_refused(notation: Notation, text: str) -> None:
    with pytest.raises(LiftError) as error:
        lift(text, notation)
    assert error.value.id in ("EL805", "EL809", "EL811", "EL816", "EL817", "EL822")


LIFTED = [
    # copies keep what is not written
    ("B = [row[:] for row in A]\nfor i in range(n):\n for j in range(n): B[i][j] = 2*A[i][j]",
     "B = 2 * A", "shapes: A (n, n)"),
    # lengths that are taken to be one
    ("for i in range(3):\n for j in range(3): C[i, j] = A[j, i]",
     "C = np.einsum('ji->ij', A)", "shapes: A (3, 3), C (3, 3)"),
    ("y = np.zeros(n)\nfor i in range(m): y[i] = x[i]", "y = x", "right where n = m"),
    ("for i in range(n): y[i] += a * x[i]", "y += a * x", "shapes: y (n,), x (n,)"),
    # one array along two lengths: the part of it that each needs
    ("for i in range(n):\n for j in range(m//2): C[j, i] = w[i]*x[i] + x[j]", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted", "note"), LIFTED)
def test_what_is_assumed_is_said(text: str, wanted: str | None, note: str | None) -> None:
    found = lift(text, LOOPS)
    if wanted is not None:
        assert found.text() == wanted
        assert note in [one for combination in found.combinations for one in combination.notes]
    else:
        assert "x[:n]" in found.text()
        assert "x[:m//2]" in found.text()


def test_trials_are_what_code_is_given() -> None:
    code = lifted_code("for i in range(0, n, 16):\n for k in range(i, min(i + 16, n)): y[k] = 2*x[k]", LOOPS)
    assert {"n": 1, "x": (1,), "y": (1,)} in code.trials
    assert any(trial["n"] > 32 for trial in code.trials)
    loops = "for(int i=0;i<64;i++)for(int j=0;j<32;j++)y[i]+=A[i][j]*x[j];"
    fixed = "void f(double A[64][32],double x[32],double y[64]){" + loops + "}"
    assert lifted_code(fixed, C).trials == ({"A": (64, 32), "x": (32,), "y": (64,)},)


NO_SHAPE = [
    # a length that is that of one access only, and one that a reshape needs longer
    ("void f(int n,int m,double*x,double*s){for(int i=0;i<n;i++)for(int j=1;j<m;j++)s[0]+=x[j]-x[i];}", "x"),
    ("void f(int n,int p,double*x,double*z){for(int i=0;i<4;i++){double s=0;for(int j=0;j<p;j++)"
        "s+=x[i]*z[j*n+i];z[i]+=s;}}", "z"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), NO_SHAPE)
def test_no_shape_is_said_that_some_lengths_need_longer(text: str, name: str) -> None:
    assert name not in lifted_code(text, C).shapes


def test_trials_fit_arrays_and_steps() -> None:
    code = lifted_code(
        "void f(double*x,double*y,int n){double b[8];for(int i=0;i<n;i++)b[i]=x[i];for(int i=0;i<n;i++)y[i]=b[i];}", C
    )
    assert all(trial["n"] <= 8 for trial in code.trials)
    code = lifted_code("void f(int n,double*x,double*y){for(int i=0;i<n;i+=8)for(int j=i;j<i+8;j++)y[j]=x[j];}", C)
    assert all(trial["n"] % 8 == 0 for trial in code.trials)


def test_rows_of_a_number_of_the_text_are_as_long_as_it_says() -> None:
    code = lifted_code(
        "void f(float*a,float*x,float*y){int i,k;for(i=0;i<10;i++){float s=0;float*p=a+i*10;"
        "for(k=0;k<10;k++)s+=*p++*x[k];*y++=s;}}", C
    )  # fmt: skip
    assert code.statements.text() == "y = np.einsum('ik,k->i', a.reshape(10, 10), x)"
    assert all(trial["a"] == (100,) for trial in code.trials)
