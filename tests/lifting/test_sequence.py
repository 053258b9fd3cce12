# ruff: noqa: E501
"""Texts whose statements are kept: what is computed on the way is stored, and read as it is then."""

from __future__ import annotations

import pytest
from lifting_cases import count, pairs
from running import assert_same

from einloop.core.errors import LiftError
from einloop.core.source import Notation
from einloop.lifting import lift, lifted_code
from einloop.pipeline.lift_proof import prove

LOOPS = """
for i in range(n):
    h[i] = b[i]
    for j in range(m):
        h[i] += W[i][j] * x[j]
for k in range(p):
    y[k] = 0
    for i in range(n):
        y[k] += V[k][i] * h[i]
=> h = b + np.einsum('ij,j->i', W, x)
=> y = np.einsum('ki,i->k', V, h)

def f(A, x, t, s):
    for i in range(n):
        t[i] = 0
        for j in range(m):
            t[i] += A[i, j] * x[j]
    for i in range(n):
        s[i] = t[i] * t[i]
=> t = np.einsum('ij,j->i', A, x)
=> s = np.einsum('i,i->i', t, t)

for i in range(n):
    t[i] = 2 * x[i]
for i in range(n):
    s[i] = t[i] + y[i]
=> t = 2 * x
=> s = 2 * x + y

h = [sum(W[i][j] * x[j] for j in range(m)) + b[i] for i in range(n)]
y = [sum(V[k][i] * h[i] for i in range(n)) for k in range(p)]
=> h = np.einsum('ij,j->i', W, x) + b
=> y = np.einsum('ki,i->k', V, h)

def net(W1, b1, W2, b2, x):
    def layer(W, b, v):
        return [sum(w * u for w, u in zip(row, v)) + c for row, c in zip(W, b)]
    h = layer(W1, b1, x)
    return layer(W2, b2, h)
=> h = np.einsum('ij,j->i', W1, x) + b1
=> result = np.einsum('ij,j->i', W2, h) + b2

for i in range(n):
    for j in range(m):
        for k in range(p):
            C[i][j] += A[i][k] * B[k][j]
for i in range(n):
    for j in range(q):
        for k in range(m):
            D[i][j] += C[i][k] * E[k][j]
=> C += np.einsum('ik,kj->ij', A, B)
=> D += np.einsum('ik,kj->ij', C, E)

def variance(x):
    n = len(x)
    mu = sum(x) / n
    return sum((v - mu) ** 2 for v in x) / n
=> mu = np.einsum('i->', x) / x.shape[0]
=> result = np.einsum('i,i->', x, x) / x.shape[0] - 2 * mu * np.einsum('i->', x) / x.shape[0] + mu * mu

for i in range(n):
    mu = 0
    for j in range(m):
        mu += A[i][j]
    for j in range(m):
        B[i][j] = (A[i][j] - mu) * A[i][j]
=> mu = np.einsum('ij->i', A)
=> B = np.einsum('ij,ij->ij', A, A) - np.einsum('i,ij->ij', mu, A)

for i in range(n):
    x[i] = c * x[i] + s * y[i]
    y[i] = c * y[i] - s * x[i]
=> x = c * x + s * y
=> y = c * y - s * x

for i in range(n):
    t = c * x[i] + s * y[i]
    y[i] = c * y[i] - s * x[i]
    x[i] = t
=> x1 = c * x + s * y
=> y = c * y - s * x
=> x = x1

for i in range(n):
    v[i] = mu * v[i] + g[i] + wd * w[i]
    w[i] -= lr * v[i]
=> v = mu * v + g + wd * w
=> w -= lr * v

for i in range(n):
    for j in range(m):
        e[i] += X[i][j] * w[j]
    for j in range(m):
        grad[j] += e[i] * X[i][j]
=> e += np.einsum('ij,j->i', X, w)
=> grad += np.einsum('i,ij->j', e, X)

def step(X, y, w, rate):
    for _ in range(2):
        e = [sum(X[i][j] * w[j] for j in range(len(w))) - y[i] for i in range(len(y))]
        w = [w[j] - rate * sum(X[i][j] * e[i] for i in range(len(y))) for j in range(len(w))]
    return w
=> e = np.einsum('ij,j->i', X, w) - y
=> w1 = w - rate * np.einsum('ij,i->j', X, e)
=> e1 = np.einsum('ij,j->i', X, w1) - y
=> w = w1 - rate * np.einsum('ij,i->j', X, e1)

for i in range(n):
    old[i] = w[i]
    w[i] += g[i]
=> old[...] = w
=> w += g

a, b = b, a
=> b1 = a
=> a = b
=> b = b1

t = a[i]
a[i] = b[i] + c
b[i] = t
=> a1 = b[i] + c
=> b[i] = a[i]
=> a[i] = a1
"""
ARRAYS = """
h = W @ x + b
y = V @ h + c
=> h = np.einsum('ij,j->i', W, x) + b
=> y = np.einsum('ij,j->i', V, h) + c

h = W @ x + b
h = V @ h + c
y = U @ h
=> h = np.einsum('ij,j->i', W, x) + b
=> h1 = np.einsum('ij,j->i', V, h) + c
=> y = np.einsum('ij,j->i', U, h1)

x = A @ x + b
x = A @ x + b
=> x1 = np.einsum('ij,j->i', A, x) + b
=> x = np.einsum('ij,j->i', A, x1) + b

x += A @ y
y += A.T @ x
=> x += np.einsum('ij,j->i', A, y)
=> y += np.einsum('ij,i->j', A, x)

def f(A, B, E):
    C = A @ B
    D = C @ E + C
    return C, D
=> C = np.einsum('ij,jk->ik', A, B)
=> D = np.einsum('ij,jk->ik', C, E) + C

D = A - B
s = (D * D).sum()
=> D = A - B
=> s = np.einsum('ij,ij->', D, D)

s = (x * x).sum()
y = x / s
=> s = np.einsum('i,i->', x, x)
=> y = x / s

s = x @ x
y = x / np.sqrt(s)
=> s = np.einsum('i,i->', x, x)
=> y = x / np.sqrt(s)

mu = x.mean()
var = ((x - mu) ** 2).mean()
=> mu = np.einsum('i->', x) / x.shape[0]
=> var = np.einsum('i,i->', x, x) / x.shape[0] - 2 * mu * np.einsum('i->', x) / x.shape[0] + mu * mu

T = A @ B
C = T @ E
=> C = np.einsum('ij,jk,kl->il', A, B, E)

T = A + B
y = T @ x
=> y = np.einsum('ij,j->i', A, x) + np.einsum('ij,j->i', B, x)

T = A @ B
C = T + T.T
=> C = np.einsum('ij,jk->ik', A, B) + np.einsum('kj,ji->ik', A, B)
"""
RANKS = {**dict.fromkeys("WVUABEX", 2), **dict.fromkeys("xybc", 1)}
C = """
void rot(double *x, double *y, int n, double c, double s)
{ for (int i = 0; i < n; i++) { x[i] = c*x[i] + s*y[i]; y[i] = c*y[i] - s*x[i]; } }
=> x = c * x + s * y
=> y = c * y - s * x

void rot(double *x, double *y, int n, double c, double s)
{ for (int i = 0; i < n; i++) { double t = c*x[i] + s*y[i]; y[i] = c*y[i] - s*x[i]; x[i] = t; } }
=> x1 = c * x + s * y
=> y = c * y - s * x
=> x = x1

void sgd(float *w, float *v, const float *g, int n, float lr, float mu, float wd)
{ for (int i = 0; i < n; i++) { v[i] = mu*v[i] + g[i] + wd*w[i]; w[i] -= lr*v[i]; } }
=> v = mu * v + g + wd * w
=> w -= lr * v

void gemver(int n, double a, double b, double A[n][n], double *u, double *v, double *w, double *x, double *y, double *z)
{
  for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) A[i][j] += u[i]*v[j];
  for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) x[i] += b*A[j][i]*y[j];
  for (int i = 0; i < n; i++) x[i] += z[i];
  for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) w[i] += a*A[i][j]*x[j];
}
=> A += np.einsum('i,j->ij', u, v)
=> x += b * np.einsum('ji,j->i', A, y) + z
=> w += a * np.einsum('ij,j->i', A, x)

void atax(int m, int n, double A[m][n], double *x, double *y, double *t)
{
  for (int j = 0; j < n; j++) y[j] = 0;
  for (int i = 0; i < m; i++) {
    t[i] = 0;
    for (int j = 0; j < n; j++) t[i] += A[i][j]*x[j];
    for (int j = 0; j < n; j++) y[j] += A[i][j]*t[i];
  }
}
=> t = np.einsum('ij,j->i', A, x)
=> y = np.einsum('ij,i->j', A, t)

void net(const double *W, const double *x, const double *b, const double *V, double *y, int n, int m, int p)
{
  double h[n];
  for (int i = 0; i < n; i++) { h[i] = b[i]; for (int j = 0; j < m; j++) h[i] += W[i*m+j]*x[j]; }
  for (int k = 0; k < p; k++) { double s = 0; for (int i = 0; i < n; i++) s += V[k*n+i]*h[i]; y[k] = s; }
}
=> h = b + np.einsum('ij,j->i', W.reshape(n, m), x)
=> y = np.einsum('ki,i->k', V.reshape(p, n), h)

void two(double beta, double A[4][5], double B[5][6], double C[6][7], double D[4][7])
{
  double T[4][6];
  for (int i = 0; i < 4; i++) for (int j = 0; j < 6; j++) { T[i][j] = 0; for (int k = 0; k < 5; k++) T[i][j] += A[i][k]*B[k][j]; }
  for (int i = 0; i < 4; i++) for (int j = 0; j < 7; j++) { D[i][j] *= beta; for (int k = 0; k < 6; k++) D[i][j] += T[i][k]*C[k][j]; }
}
=> T = np.einsum('ik,kj->ij', A, B)
=> D = beta * D + np.einsum('ik,kj->ij', T, C)

double variance(const double *x, int n)
{
  double mu = 0, s = 0;
  for (int i = 0; i < n; i++) mu += x[i];
  mu /= n;
  for (int i = 0; i < n; i++) s += (x[i] - mu)*(x[i] - mu);
  return s/n;
}
=> mu = np.einsum('i->', x)
=> result = np.einsum('i,i->', x, x) / n - 2 * mu * np.einsum('i->', x) / (n*n) + mu * mu / (n*n)

void butterfly(double *x) { double a = x[0], b = x[1]; x[0] = a + b; x[1] = a - b; }
=> x1 = np.einsum('i->', x)
=> x[1] = x[0] - x[1]
=> x[0] = x1
"""
CARRIED = """
for i in range(n):
    for j in range(n):
        y[i] += A[i][j] * y[j]
=> EL817 y[j] is read in the loops that write y[i]

for i in range(1, n):
    x[i] = x[i - 1] + b[i]
    y[i] = x[i] * x[i]
=> EL822 x[i] is computed from x[i - 1], which another turn computed

for i in range(n):
    t = a[i]
    a[i] = b[i]
    b[i] = t
=> EL817 a, b: each is computed from what was in another before it changed
"""


@pytest.mark.parametrize(("text", "statements"), pairs(LOOPS), ids=count())
def test_loops_keep_their_statements(text: str, statements: str) -> None:
    found = lift(text, Notation.LOOPS)
    assert found.text() == statements
    assert_same(text, found)


@pytest.mark.parametrize(("text", "statements"), pairs(ARRAYS), ids=count())
def test_array_code_keeps_its_statements(text: str, statements: str) -> None:
    found = lifted_code(text, Notation.NUMPY, RANKS)
    assert found.statements.text() == statements
    prove(found.statements, found.trials)


@pytest.mark.parametrize(("text", "statements"), pairs(C), ids=count())
def test_c_keeps_its_statements(text: str, statements: str) -> None:
    found = lifted_code(text, Notation.C)
    assert found.statements.text() == statements
    prove(found.statements, found.trials)


@pytest.mark.parametrize(("text", "error"), pairs(CARRIED), ids=count())
def test_what_a_loop_carries_is_refused(text: str, error: str) -> None:
    with pytest.raises(LiftError) as caught:
        lift(text, Notation.LOOPS)
    assert f"{caught.value.id} {caught.value.message}" == error


def test_temporaries_are_no_results() -> None:
    found = lift("h = W @ x + b\ny = V @ h", Notation.NUMPY, RANKS)
    assert found.temporaries == ("h",)
