"""Loops as people post them in forums: every one comes out right, or is refused for what it is."""

from __future__ import annotations

import pytest
from lifting_cases import blocks, count, pairs
from running import assert_same

from einloop.core.errors import LiftError
from einloop.core.source import Notation
from einloop.lifting import lift

SNIPPETS = """
# matrix product with three loops
def matmul(A, B):
    n = len(A)
    m = len(A[0])
    p = len(B[0])
    C = [[0 for _ in range(p)] for _ in range(n)]
    for i in range(n):
        for j in range(p):
            for k in range(m):
                C[i][j] += A[i][k] * B[k][j]
    return C
=> C = np.einsum('ik,kj->ij', A, B)

# matrix product, one line
result = [[sum(a * b for a, b in zip(A_row, B_col)) for B_col in zip(*B)] for A_row in A]
=> result = np.einsum('ij,jk->ik', A, B)

# A times B transposed
for i in range(A.shape[0]):
    for j in range(B.shape[0]):
        out[i, j] = 0
        for k in range(A.shape[1]):
            out[i, j] += A[i, k] * B[j, k]
=> out = np.einsum('ik,jk->ij', A, B)

# Gram matrix
n, d = X.shape
G = np.zeros((d, d))
for i in range(d):
    for j in range(d):
        for s in range(n):
            G[i, j] += X[s, i] * X[s, j]
=> G = np.einsum('si,sj->ij', X, X)

# batched product
def bmm(a, b):
    out = np.zeros((a.shape[0], a.shape[1], b.shape[2]))
    for n in range(a.shape[0]):
        for i in range(a.shape[1]):
            for j in range(b.shape[2]):
                for k in range(a.shape[2]):
                    out[n, i, j] += a[n, i, k] * b[n, k, j]
    return out
=> out = np.einsum('nik,nkj->nij', a, b)

# outer product
outer = []
for x in u:
    row = []
    for y in v:
        row.append(x * y)
    outer.append(row)
=> outer = np.einsum('i,j->ij', u, v)

# dot product
def dot(a, b):
    assert len(a) == len(b)
    total = 0
    for i in range(len(a)):
        total += a[i] * b[i]
    return total
=> total = np.einsum('i,i->', a, b)

# trace
tr = 0
for i in range(len(M)):
    tr += M[i][i]
=> tr = np.einsum('ii->', M)

# diagonal
diag = [M[i][i] for i in range(len(M))]
=> diag = np.einsum('ii->i', M)

# row sums
sums = [sum(row) for row in A]
=> sums = np.einsum('ij->i', A)

# column sums
cols = [sum(A[i][j] for i in range(len(A))) for j in range(len(A[0]))]
=> cols = np.einsum('ij->j', A)

# total
total = sum(sum(row) for row in A)
=> total = np.einsum('ij->', A)

# quadratic form
q = 0
for i in range(n):
    for j in range(n):
        q += x[i] * A[i][j] * x[j]
=> q = np.einsum('i,ij,j->', x, A, x)

# bilinear form for every row
def bilinear(X, A, Y):
    res = []
    for x, y in zip(X, Y):
        s = 0
        for i in range(len(x)):
            for j in range(len(y)):
                s += x[i] * A[i][j] * y[j]
        res.append(s)
    return res
=> res = np.einsum('ki,ij,kj->k', X, A, Y)

# Khatri-Rao, one row for every pair
for i in range(I):
    for j in range(J):
        for r in range(R):
            K[i * J + j][r] = A[i][r] * B[j][r]
=> K.reshape(I, J, K.shape[1])[...] = np.einsum('ir,jr->ijr', A, B)

# Kronecker product
for i in range(n):
    for j in range(m):
        for k in range(p):
            for l in range(q):
                K[i * p + k, j * q + l] = A[i, j] * B[k, l]
=> K.reshape(n, p, m, q)[...] = np.einsum('ij,kl->ikjl', A, B)

# Hadamard
C = [[a * b for a, b in zip(r, s)] for r, s in zip(A, B)]
=> C = np.einsum('ij,ij->ij', A, B)

# tensor times matrix
I, J, K = X.shape
R = U.shape[0]
Y = np.zeros((I, R, K))
for i in range(I):
    for r in range(R):
        for k in range(K):
            for j in range(J):
                Y[i, r, k] += X[i, j, k] * U[r, j]
=> Y = np.einsum('ijk,rj->irk', X, U)

# MTTKRP
for i in range(I):
    for j in range(J):
        for k in range(K):
            for r in range(R):
                M[i, r] += X[i, j, k] * B[j, r] * C[k, r]
=> M += np.einsum('ijk,jr,kr->ir', X, B, C)

# attention scores
def scores(Q, K):
    b, h, t, d = Q.shape
    s = np.zeros((b, h, t, K.shape[2]))
    for n in range(b):
        for m in range(h):
            for i in range(t):
                for j in range(K.shape[2]):
                    for e in range(d):
                        s[n, m, i, j] += Q[n, m, i, e] * K[n, m, j, e]
    return s
=> s = np.einsum('nmie,nmje->nmij', Q, K)

# scaled scores
for i in range(n):
    for j in range(m):
        acc = 0.0
        for d in range(D):
            acc += Q[i][d] * K[j][d]
        S[i][j] = scale * acc
=> S = scale * np.einsum('id,jd->ij', Q, K)

# second moments
n = len(X)
C = [[sum(X[k][i] * X[k][j] for k in range(n)) / n for j in range(len(X[0]))] for i in range(len(X[0]))]
=> C = np.einsum('ki,kj->ij', X, X) / X.shape[0]

# mean
mean = 0
for v in x:
    mean += v
mean /= len(x)
=> mean = np.einsum('i->', x) / x.shape[0]

# mean-free row sums
n, m = A.shape
for i in range(n):
    s = 0.0
    for j in range(m):
        s += A[i, j] - mu[j]
    y[i] = s
=> y = np.einsum('ij->i', A) - np.einsum('j->', mu)

# pairwise squared distances
D = np.zeros((len(X), len(Y)))
for i in range(len(X)):
    for j in range(len(Y)):
        for k in range(X.shape[1]):
            D[i, j] += (X[i, k] - Y[j, k]) ** 2
=> D = np.einsum('ik,ik->i', X, X)[:, None] - 2 * np.einsum('ik,jk->ij', X, Y) + np.einsum('jk,jk->j', Y, Y)

# squared norm
norm2 = sum(v ** 2 for v in x)
=> norm2 = np.einsum('i,i->', x, x)

# transpose
T = [[A[j][i] for j in range(len(A))] for i in range(len(A[0]))]
=> T = np.einsum('ji->ij', A)

# weighted sum of matrices
for k in range(len(w)):
    for i in range(n):
        for j in range(m):
            S[i][j] += w[k] * M[k][i][j]
=> S += np.einsum('k,kij->ij', w, M)

# matrix times vector, plus bias
y = []
for row, b in zip(W, bias):
    y.append(sum(w * v for w, v in zip(row, x)) + b)
=> y = np.einsum('ij,j->i', W, x) + bias

# gemm
for i in range(M):
    for j in range(N):
        C[i][j] *= beta
        for k in range(K):
            C[i][j] += alpha * A[i][k] * B[k][j]
=> C = beta * C + alpha * np.einsum('ik,kj->ij', A, B)

# axpy
for i in range(n):
    y[i] = a * x[i] + y[i]
=> y += a * x

# rank one update
for i in range(len(x)):
    for j in range(len(y)):
        A[i][j] += x[i] * y[j]
=> A += np.einsum('i,j->ij', x, y)

# chain of two products
tmp = [[0.0] * p for _ in range(n)]
for i in range(n):
    for j in range(p):
        for k in range(m):
            tmp[i][j] += A[i][k] * B[k][j]
D = [[0.0] * q for _ in range(n)]
for i in range(n):
    for j in range(q):
        for k in range(p):
            D[i][j] += tmp[i][k] * C[k][j]
=> D = np.einsum('ik,ka,aj->ij', A, B, C)

# tiled product
BLOCK = 64
for ii in range(0, n, BLOCK):
    for kk in range(0, n, BLOCK):
        for jj in range(0, n, BLOCK):
            for i in range(ii, min(ii + BLOCK, n)):
                for k in range(kk, min(kk + BLOCK, n)):
                    for j in range(jj, min(jj + BLOCK, n)):
                        C[i][j] += A[i][k] * B[k][j]
=> C += np.einsum('ik,kj->ij', A, B)

# unrolled dot product
s0 = s1 = s2 = s3 = 0.0
m = n - n % 4
for i in range(0, m, 4):
    s0 += a[i] * b[i]
    s1 += a[i + 1] * b[i + 1]
    s2 += a[i + 2] * b[i + 2]
    s3 += a[i + 3] * b[i + 3]
s = s0 + s1 + s2 + s3
for i in range(m, n):
    s += a[i] * b[i]
=> s = np.einsum('i,i->', a, b)

# elementwise with broadcasting
for i in range(n):
    for j in range(m):
        out[i, j] = A[i, j] * v[j] + b[j]
=> out = np.einsum('ij,j->ij', A, v) + b

# contraction of two tensors
T = np.zeros((A.shape[0], B.shape[2]))
for i, j in itertools.product(range(A.shape[0]), range(B.shape[2])):
    T[i, j] = sum(A[i, k, l] * B[k, l, j] for k in range(A.shape[1]) for l in range(A.shape[2]))
=> T = np.einsum('ikl,klj->ij', A, B)

# script with data
A = [[1, 2, 3], [4, 5, 6]]
B = [[7, 8], [9, 10], [11, 12]]
result = [[0, 0], [0, 0]]
for i in range(len(A)):
    for j in range(len(B[0])):
        for k in range(len(B)):
            result[i][j] += A[i][k] * B[k][j]
for r in result:
    print(r)
=> result = np.einsum('ik,kj->ij', A, B)

# cosine numerators
sims = [[sum(u[k] * v[k] for k in range(len(u))) for v in V] for u in U]
=> sims = np.einsum('ij,kj->ik', U, V)

# polynomial features, second order
for s in range(S):
    for i in range(n):
        for j in range(n):
            F[s, i, j] = X[s, i] * X[s, j]
=> F = np.einsum('si,sj->sij', X, X)

# Frobenius product
f = 0
for i, row in enumerate(A):
    for j, v in enumerate(row):
        f += v * B[i][j]
=> f = np.einsum('ij,ij->', A, B)

# complex power
p = 0
for z in signal:
    p += z * z
=> p = np.einsum('i,i->', signal, signal)

# last axis first
out = np.empty((K, I, J))
for i, j, k in np.ndindex(I, J, K):
    out[k, i, j] = X[i, j, k]
=> out = np.einsum('ijk->kij', X)

# guard on lengths by names, with a print
def product(A, B):
    rows, inner, common, columns = len(A), len(A[0]), len(B), len(B[0])
    if inner != common:
        print("these do not fit")
        return
    C = [[0 for _ in range(columns)] for _ in range(rows)]
    for i in range(rows):
        for j in range(columns):
            for k in range(inner):
                C[i][j] += A[i][k] * B[k][j]
    return C
=> C = np.einsum('ik,kj->ij', A, B)

# the work in the branch where lengths are equal
def product(A, x):
    if len(A[0]) == len(x):
        return [sum(a * b for a, b in zip(row, x)) for row in A]
    else:
        print("these do not fit")
=> result = np.einsum('ij,j->i', A, x)

# map with a lambda of two
d = sum(map(lambda x, y: x * y, a, b))
=> d = np.einsum('i,i->', a, b)

# map over rows
y = list(map(lambda row: sum(a * b for a, b in zip(row, x)), A))
=> y = np.einsum('ij,j->i', A, x)

# reduce with a start
import functools
d = functools.reduce(lambda total, pair: total + pair[0] * pair[1], zip(a, b), 0)
=> d = np.einsum('i,i->', a, b)

# starmap of a product
import itertools
import operator
d = sum(itertools.starmap(operator.mul, zip(a, b)))
=> d = np.einsum('i,i->', a, b)

# timed
import time
start = time.perf_counter()
y = [sum(a * b for a, b in zip(row, x)) for row in A]
took = time.perf_counter() - start
print(f"{took} s")
=> y = np.einsum('ij,j->i', A, x)

# Kronecker product
rows, columns = len(A) * len(B), len(A[0]) * len(B[0])
K = [[0] * columns for _ in range(rows)]
for i in range(len(A)):
    for j in range(len(A[0])):
        for k in range(len(B)):
            for l in range(len(B[0])):
                K[i * len(B) + k][j * len(B[0]) + l] = A[i][j] * B[k][l]
=> K = np.einsum('ij,kl->ikjl', A, B).reshape(A.shape[0]*B.shape[0], A.shape[1]*B.shape[1])

# pairs in two lists of points
s = 0
for (x1, y1), (x2, y2) in zip(P, Q):
    s += x1 * x2 + y1 * y2
=> s = np.einsum('ij,ij->', P, Q)

# every third from the second on
s = 0
for i in range(1, n, 3):
    s += x[i]
=> s = np.einsum('i->', x[1:n:3])
"""

REFUSED = """
# a clock in the result
import time
s = sum(a) * time.time()
=> EL814 this code leaves no result
=> -

# a product of all (refused)
s = functools.reduce(operator.mul, a)
=> EL810 each turn of a loop multiplies what the turn before made of s
=> s = functools.reduce(operator.mul, a)

# a function that is not known, passed on
y = list(map(str, a))
=> EL803 what the function that is passed here does is not known
=> map(str, a)

# lengths that differ, and something else is done
s = 0
if len(A[0]) != len(B):
    s = 1
for i in range(len(A)):
    s += A[i][0]
=> EL811 what this computes depends on whether two lengths are one
=> len(A[0]) != len(B)

# a factor without words
for i in range(n):
    y[i] = x[i] * (n * n * n + n)
=> EL815 a factor depends on the sizes
=> y[i] = x[i] * (n * n * n + n)

# a checkerboard
s = 0
for i in range(n):
    for j in range(n):
        if (i + j) % 2 == 0:
            s += A[i][j]
=> EL811 what is computed depends on (i + j) % 2 == 0
=> (i + j) % 2 == 0

# convolution (refused)
for i in range(n):
    for k in range(len(w)):
        y[i] += x[i + k] * w[k]
=> EL808 i and k together say where x is read
=> i + k

# prefix sums (refused)
out = [0] * len(x)
out[0] = x[0]
for i in range(1, len(x)):
    out[i] = out[i - 1] + x[i]
=> EL822 out[i] is computed from out[i - 1], which another turn computed
=> out[i - 1]

# Floyd-Warshall (refused)
for k in range(n):
    for i in range(n):
        for j in range(n):
            if dist[i][k] + dist[k][j] < dist[i][j]:
                dist[i][j] = dist[i][k] + dist[k][j]
=> EL805 what is done depends on the elements of an array
=> dist[i][k] + dist[k][j] < dist[i][j]
"""


@pytest.mark.parametrize(("text", "statement"), pairs(SNIPPETS), ids=count())
def test_snippets_come_out_right(text: str, statement: str) -> None:
    statements = lift(text, Notation.LOOPS)
    assert statements.text() == statement
    assert_same(text, statements)


@pytest.mark.parametrize(("text", "result"), blocks(REFUSED), ids=count())
def test_what_is_no_einsum_is_refused(text: str, result: list[str]) -> None:
    with pytest.raises(LiftError) as caught:
        lift(text, Notation.LOOPS)
    assert f"{caught.value.id} {caught.value.message}" == result[0]
    span = caught.value.span
    assert ("-" if span is None else text[slice(*span)]) == result[1]
