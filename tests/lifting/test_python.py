# ruff: noqa: E501
"""Python loops in, the statements that they are out; near misses are refused, with the place and the reason.

Every text that is lifted is also run here, on whole numbers, and leaves what its statements leave.
"""

from __future__ import annotations

import pytest
from lifting_cases import blocks, count, pairs
from running import assert_same

from einloop.core.errors import LiftError
from einloop.core.source import Notation
from einloop.lifting import lift

LIFTED = """
for i in range(n):
    for j in range(m):
        for k in range(p):
            C[i][j] += A[i][k] * B[k][j]
=> C += np.einsum('ik,kj->ij', A, B)

for i in range(len(A)):
    for j in range(len(B[0])):
        C[i][j] = 0
        for k in range(len(B)):
            C[i][j] += A[i][k] * B[k][j]
=> C = np.einsum('ik,kj->ij', A, B)

C = [[sum(a * b for a, b in zip(row, col)) for col in zip(*B)] for row in A]
=> C = np.einsum('ij,jk->ik', A, B)

def matmul(A, B):
    \"\"\"Multiply.\"\"\"
    n, m, p = len(A), len(A[0]), len(B[0])
    C = [[0] * p for _ in range(n)]
    for i in range(n):
        for j in range(p):
            total = 0
            for k in range(m):
                total += A[i][k] * B[k][j]
            C[i][j] = total
    return C
=> C = np.einsum('ik,kj->ij', A, B)

for i0 in range(0, n, 32):
    for j0 in range(0, n, 32):
        for i in range(i0, min(i0 + 32, n)):
            for j in range(j0, min(j0 + 32, n)):
                C[i][j] += A[i][j] * x[j]
=> C += np.einsum('ij,j->ij', A, x)

s = 0
for i in range(0, n - n % 4, 4):
    s += x[i] * y[i] + x[i+1]*y[i+1] + x[i+2]*y[i+2] + x[i+3]*y[i+3]
for i in range(n - n % 4, n):
    s += x[i] * y[i]
=> s = np.einsum('i,i->', x, y)

for i in range(n):
    for j in range(n):
        if i == j:
            t += A[i][j]
=> t += np.einsum('ii->', A)

for i in range(100):
    for j in range(200):
        for k in range(300):
            C[i][j] += A[i][k] * B[k][j]
=> C += np.einsum('ik,kj->ij', A, B)

n = 1000
A = np.random.rand(n, n)
B = np.random.rand(n, n)
C = np.zeros((n, n))
for i in range(n):
    for j in range(n):
        for k in range(n):
            C[i, j] += A[i, k] * B[k, j]
print(C)
=> C = np.einsum('ik,kj->ij', A, B)

A = [[1,2],[3,4]]
B = [[5,6],[7,8]]
result = [[0,0],[0,0]]
for i in range(len(A)):
    for j in range(len(B[0])):
        for k in range(len(B)):
            result[i][j] += A[i][k] * B[k][j]
for r in result:
    print(r)
=> result = np.einsum('ik,kj->ij', A, B)

for i in range(3):
    for j in range(n):
        y[i] += A[i][j]
=> y += np.einsum('ij->i', A)

for i, j in itertools.product(range(n), range(m)):
    y[i] += A[i, j] * x[j]
=> y += np.einsum('ij,j->i', A, x)

for i, row in enumerate(A):
    for j, v in enumerate(row):
        y[i] += v * x[j]
=> y += np.einsum('ij,j->i', A, x)

D = [[sum((a - b) ** 2 for a, b in zip(p, q)) for q in Y] for p in X]
=> D = np.einsum('ij,ij->i', X, X)[:, None] - 2 * np.einsum('ij,kj->ik', X, Y) + np.einsum('kj,kj->k', Y, Y)

for i in range(n):
    for j in range(m):
        D[i, j] = np.sum((X[i, :] - Y[j, :]) ** 2)
=> D = np.einsum('ik,ik->i', X, X)[:, None] - 2 * np.einsum('ik,jk->ij', X, Y) + np.einsum('jk,jk->j', Y, Y)

mean = sum(x) / n
=> mean = np.einsum('i->', x) / n

for i in range(n):
    y[i] = y[i] * s
=> y = s * y

for i in range(n):
    y[i] *= s
=> y = s * y

for i in range(n):
    y[i] -= A[i][0] * x[0]
=> y -= x[0] * A[:, 0]

y = x[-1] * x[0]
=> y = x[x.shape[0] - 1] * x[0]

def f(a, b):
    if len(a) != len(b):
        return None
    return sum(x * y for x, y in zip(a, b))
=> result = np.einsum('i,i->', a, b)

for i in range(n):
    for j in range(m):
        C[i, j] = a * A[i, j] + b * C[i, j]
=> C = a * A + b * C

def add(A, B):
    for i in range(len(A)):
        for j in range(len(A[0])):
            A[i][j] += B[i][j]
def mul(A, B):
    return [[sum(A[i][k] * B[k][j] for k in range(len(B))) for j in range(len(B[0]))] for i in range(len(A))]
def f(A, B, C):
    D = mul(A, B)
    add(D, C)
    return D
=> D = np.einsum('ik,kj->ij', A, B) + C

def f(A: list[list[float]], x: list[float]):
    y = []
    for row in A:
        s = 0.0
        for a, b in zip(row, x):
            s += a * b
        y.append(s)
    return y
=> y = np.einsum('ij,j->i', A, x)

tmp = np.zeros((n, m))
for i in range(n):
    for j in range(m):
        for k in range(p):
            tmp[i, j] += alpha * A[i, k] * B[k, j]
D = np.zeros((n, q))
for i in range(n):
    for j in range(q):
        for k in range(m):
            D[i, j] += tmp[i, k] * C[k, j]
=> D = alpha * np.einsum('ik,ka,aj->ij', A, B, C)

def trace(A):
    assert A.shape[0] == A.shape[1]
    return sum(A[i, i] for i in range(A.shape[0]))
=> result = np.einsum('ii->', A)

def f(A, B):
    if A.shape[1] != B.shape[0]:
        raise ValueError("no")
    C = np.zeros((A.shape[0], B.shape[1]))
    for i, j in np.ndindex(*C.shape):
        C[i, j] = np.dot(A[i, :], B[:, j])
    return C
=> C = np.einsum('ik,kj->ij', A, B)

x = [1, 2, 3]
y = [4, 5, 6]
dot = 0
for a, b in zip(x, y):
    dot += a * b
print(dot)
=> dot = np.einsum('i,i->', x, y)

x = [1, 2, 3]
y = [4, 5, 6]
dot = 0
for i in range(3):
    dot += x[i] * y[i]
=> dot = np.einsum('i,i->', x, y)

def outer(u, v): return [[a * b for b in v] for a in u]
=> result = np.einsum('i,j->ij', u, v)

def T(A):
    return [list(r) for r in zip(*A)]
=> result = np.einsum('ij->ji', A)

C = [[A[j][i] for j in range(len(A))] for i in range(len(A[0]))]
=> C = np.einsum('ji->ij', A)

y = x
y[0] = 5
z = x[0] * 2
=> x[0] = 5
=> z = 10

B = A.copy()
for i in range(n):
    B[i] *= 2
=> B = 2 * A

B = [row[:] for row in A]
for i in range(n):
    for j in range(m):
        B[i][j] += C[i][j]
=> B = A + C

for i in range(n):
    ok |= a[i] & b[i]
=> ok += np.einsum('i,i->', a, b)

r = any(a[i] and b[i] for i in range(n))
=> r = np.einsum('i,i->', a, b)

for i in range(n):
    a[i] = a[i + 1]
=> a[:n] = a[1:n + 1]

for i in range(2, n):
    y[i] = a[i] * x[i - 1]
=> y[2:] = np.einsum('i,i->i', a[2:], x[1:n - 1])

for i in range(n):
    y[i] = x[-1] * a[i]
=> y = x[x.shape[0] - 1] * a

def f(A):
    return [row[-1] for row in A]
=> result = A[:, A.shape[1] - 1]

for i in range(n - 1):
    d[i] = x[i + 1] - x[i]
=> d[:n - 1] = x[1:] - x[:n - 1]

s = sum(x[1:4])
=> s = np.einsum('i->', x[1:4])

y = [2 * v for v in x[1:]]
=> y = 2 * x[1:]

for i in range(n):
    y[n - 1 - i] = x[i]
=> y = x[::-1]

for i in reversed(range(n)):
    y[i] = x[i] * a
=> y = a * x

for i in range(n - 1, -1, -1):
    y[i] += x[i]
=> y += x

y = np.full((n, m), 0.5)
for i in range(n):
    for j in range(m):
        y[i, j] += A[i, j]
=> y = 0.5 + A

y = np.ones(n)
for i in range(n):
    y[i] *= x[i]
=> y = x

y = np.zeros_like(A)
for i in range(A.shape[0]):
    for j in range(A.shape[1]):
        y[i, j] = A[i, j] * s
=> y = s * A

for i in range(len(C)):
    for j in range(len(C[i])):
        C[i][j] = A[i][j] + 2 * B[j][i] - C[i][j] / 3
=> C = A + 2 * np.einsum('ji->ij', B) - (1 / 3) * C

x = 0
for i in range(n):
    for j in range(m):
        x += -A[i][j] * +b[j]
=> x = -np.einsum('ij,j->', A, b)

p = 1
for i in range(3):
    p *= x[i]
=> p = x[0] * x[1] * x[2]

for i in range(n):
    if i == 0:
        s = x[0] * y[0]
    else:
        s += x[i] * y[i]
=> s = np.einsum('i,i->', x, y)

for i in range(n):
    for j in range(m):
        lo, hi = 0, m
        if lo <= j < hi:
            y[i] += A[i][j]
=> y += np.einsum('ij->i', A)

total, count = 0, len(x)
for v in x:
    total += v
mean = total / count
=> mean = np.einsum('i->', x) / x.shape[0]

y, z = [], []
for a in x:
    y.append(2 * a)
    z.append(a * a)
=> y = 2 * x
=> z = np.einsum('i,i->i', x, x)

def f(A, B, out=None):
    if out is None:
        out = np.zeros((len(A), len(B[0])))
    for i in range(len(A)):
        for j in range(len(B[0])):
            for k in range(len(B)):
                out[i, j] += A[i, k] * B[k, j]
    return out
=> out = np.einsum('ik,kj->ij', A, B)

def gemm(A, B, C, alpha=1.0, beta=0.0):
    for i in range(len(A)):
        for j in range(len(B[0])):
            t = 0
            for k in range(len(B)):
                t += A[i][k] * B[k][j]
            C[i][j] = alpha * t + beta * C[i][j]
=> C = alpha * np.einsum('ik,kj->ij', A, B) + beta * C

from numba import njit, prange
@njit(parallel=True)
def f(A, x, y):
    for i in prange(A.shape[0]):
        acc = 0.0
        for j in range(A.shape[1]):
            acc += A[i, j] * x[j]
        y[i] = acc
=> y = np.einsum('ij,j->i', A, x)

import numpy as np
def f(x: np.ndarray, y: np.ndarray) -> float:
    \"\"\"Dot product.\"\"\"
    s: float = 0.0
    for i in range(x.shape[0]):
        s += x[i] * y[i]
    print("done", s)
    return s
if __name__ == "__main__":
    print(f(np.ones(3), np.ones(3)))
=> s = np.einsum('i,i->', x, y)

f = lambda a, b: sum(x * y for x, y in zip(a, b))
C = [[f(r, s) for s in B] for r in A]
=> C = np.einsum('ij,kj->ik', A, B)

for i in range(n):
    C[i] = [a * s for a in A[i]]
=> C = s * A

for i in range(n):
    y[i] = sum([A[i][j] * x[j] for j in range(m)], 0)
=> y = np.einsum('ij,j->i', A, x)

for i in range(len(A)):
    row = A[i]
    for j in range(len(row)):
        out[i] = out[i] + row[j] * w[j]
=> out += np.einsum('ij,j->i', A, w)

for b, (x, y) in enumerate(zip(X, Y)):
    for i in range(len(x)):
        s[b] += x[i] * y[i]
=> s += np.einsum('bi,bi->b', X, Y)

def f(x):
    def sq(v): return v * v
    return sum(sq(v) for v in x)
=> result = np.einsum('i,i->', x, x)

def f(A):
    if not A:
        return []
    n = len(A)
    return [[A[j][i] for j in range(n)] for i in range(len(A[0]))]
=> result = np.einsum('ji->ij', A)

for i in range(n):
    for j in range(m):
        C[i][j] = A[i][j] if i < n else 0
=> C = A

def f(a, b):
    return a * c
c = c + 1
=> c += 1

for i in range(n):
    best = i
    y[best] = x[i]
=> y = x

C[i][j] = A[i][j]
=> C[i, j] = A[i, j]

y = A[i]
=> y = A[i]

x[0] = 1
=> x[0] = 1

a = b = 0
for i in range(n):
    a += x[i]
    b += y[i]
=> a = np.einsum('i->', x)
=> b = np.einsum('i->', y)

y = np.zeros(n)
for i in range(n):
    y[i] = A[i, :] @ x
=> y = np.einsum('ij,j->i', A, x)

for b in range(B):
    for i in range(n):
        for j in range(m):
            out[b][i][j] = sum(Q[b][i][d] * K[b][j][d] for d in range(D)) / math.sqrt(D)
=> out = np.einsum('bid,bjd->bij', Q, K) / np.sqrt(D)

s = 0
for i in range(n):
    if i % 2 == 0:
        s += x[i]
=> s = np.einsum('i->', x[:n:2])

s = 0
for i in range(0, n, 2):
    s += x[i] * y[i]
=> s = np.einsum('i,i->', x[:n:2], y[:n:2])

for i in range(0, n, 2):
    s += x[i]
=> s += np.einsum('i->', x[:n:2])

J = np.zeros((n, n))
K = np.zeros((n, n))
for p in range(n):
    for q in range(n):
        for r in range(n):
            for s in range(n):
                J[p, q] += I[p, q, r, s] * D[r, s]
                K[p, q] += I[p, r, q, s] * D[r, s]
F = 2 * J - K
=> F = 2 * np.einsum('pqrs,rs->pq', I, D) - np.einsum('prqs,rs->pq', I, D)

J = np.zeros((n, n))
K = np.zeros((n, n))
for p in range(n):
    for q in range(n):
        for r in range(n):
            for s in range(n):
                J[p, q] += I[p, q, r, s] * D[r, s]
                K[p, q] += I[p, r, q, s] * D[r, s]
=> J = np.einsum('pqrs,rs->pq', I, D)
=> K = np.einsum('prqs,rs->pq', I, D)

MO = np.zeros((n, n, n, n))
for i in range(n):
    for j in range(n):
        for k in range(n):
            for l in range(n):
                for m in range(n):
                    MO[i, j, k, l] += C[m, i] * AO[m, j, k, l]
=> MO = np.einsum('mi,mjkl->ijkl', C, AO)

Matrix = List[List[float]]
def mult(a: Matrix, b: Matrix) -> Matrix:
    c = [[0.0] * len(b[0]) for _ in range(len(a))]
    for i in range(len(a)):
        for j in range(len(b[0])):
            for k in range(len(b)):
                c[i][j] += a[i][k] * b[k][j]
    return c
=> c = np.einsum('ik,kj->ij', a, b)

block = 4
C = np.zeros((A.shape[0], B.shape[1]))
for i0 in range(0, A.shape[0], block):
    for j0 in range(0, B.shape[1], block):
        for k0 in range(0, A.shape[1], block):
            C[i0:i0+block, j0:j0+block] += A[i0:i0+block, k0:k0+block] @ B[k0:k0+block, j0:j0+block]
=> C = np.einsum('ij,jk->ik', A, B)

m, n = A.shape
p, q = B.shape
K = np.zeros((m * p, n * q))
for i in range(m):
    for j in range(n):
        K[i*p:(i+1)*p, j*q:(j+1)*q] = A[i, j] * B
=> K = np.einsum('ij,kl->ikjl', A, B).reshape(A.shape[0]*B.shape[0], A.shape[1]*B.shape[1])

y = np.empty((n, m))
for i in range(n):
    y[i, :] = A[i, 0] * B[:, 0]
=> y = np.einsum('i,j->ij', A[:, 0], B[:, 0])

y = np.zeros(n, dtype=int)
for i in range(n):
    for j in np.arange(m):
        y[i] += A[i, j] * x[j]
=> y = np.einsum('ij,j->i', A, x)

C, H, W = F.shape
G = np.zeros((C, C))
for i in range(C):
    for j in range(C):
        for h in range(H):
            for w in range(W):
                G[i, j] += F[i, h, w] * F[j, h, w]
=> G = np.einsum('ihw,jhw->ij', F, F)

np.random.seed(0)
A = np.arange(12).reshape(3, 4)
y = np.zeros(3)
for i in range(3):
    for j in range(4):
        y[i] += A[i, j] * x[j]
=> y = np.einsum('ij,j->i', A, x)

np.stack([np.kron(A[:, k], B[:, k]) for k in range(A.shape[1])], axis=1)
=> result = np.einsum('ik,jk->ijk', A, B).reshape(A.shape[0]*B.shape[0], A.shape[1])

B = copy.deepcopy(A)
for i in range(n):
    for j in range(n):
        B[i][j] += A[j][i]
=> B = A + np.einsum('ji->ij', A)

for i in range(n):
    for j in range(n):
        D[i, j] = np.sum((x[i, :] - x[j, :])**2)
=> D = np.einsum('ik,ik->i', x, x)[:, None] - 2 * np.einsum('ik,jk->ij', x, x) + np.einsum('jk,jk->j', x, x)

for i in range(n):
    for j in range(m):
        D[i, j] = np.sum((x[i, :] - y[j, :])**2)
=> D = np.einsum('ik,ik->i', x, x)[:, None] - 2 * np.einsum('ik,jk->ij', x, y) + np.einsum('jk,jk->j', y, y)

for i in range(n):
    for j in range(n):
        K[i, j] = (X[i, :] + X[j, :]) @ (X[i, :] - X[j, :])
=> K = np.einsum('ik,ik->i', X, X)[:, None] - np.einsum('ik,jk->ij', X, X) + np.einsum('jk,ik->ij', X, X) - np.einsum('jk,jk->j', X, X)

C = [[0, 0], [0, 0]]
C[0][0] = A[0][0]*B[0][0]
C[1][1] = A[1][1]*B[1][1]
=> C = np.zeros((2, 2))
=> np.einsum('ii->i', C)[...] += np.einsum('ii,ii->i', A, B)

s = sum(map(sum, A))
=> s = np.einsum('ij->', A)

T = list(map(list, zip(*A)))
for i in range(len(T)):
    for j in range(len(T[0])):
        y[i] += T[i][j] * x[j]
=> y += np.einsum('ji,j->i', A, x)
"""

REFUSED = """
for i in range(n):
    for k in range(K):
        y[i] += x[i + k] * w[k]
=> EL808 i and k together say where x is read
=> i + k

s = 0
for i in range(n):
    s += x[i]
    y[i] = s
=> EL822 s is read while it is summed: each turn needs what the one before computed
=> s

for i in range(n):
    for j in range(i):
        C[i][j] += A[i][j]
=> EL809 how far this loop goes depends on i: a triangle
=> range(i)

for i in range(n):
    for j in range(m):
        if i < j:
            C[i][j] = A[i][j]
=> EL809 only elements with i < j take part: a triangle
=> i < j

for i in range(n):
    for j in range(n):
        A[i][j] = A[j][i]
=> EL817 A[j][i] is read in the loops that write A[i][j]
=> A[j][i]

x[0] = 1
for i in range(1, n):
    x[i] = x[i-1] * a[i]
=> EL822 x[i] is computed from x[i - 1], which another turn computed
=> x[i-1]

for i in range(n):
    y[i] = x[idx[i]]
=> EL806 an element of an array cannot be an index here
=> idx[i]

for i in range(n):
    y[i] = max(x[i], 0)
=> EL807 the minimum or maximum of elements is not a sum of products
=> max(x[i], 0)

for i in range(n):
    if x[i] > 0:
        y[i] = x[i]
=> EL805 what is done depends on the elements of an array
=> x[i] > 0

y = [v * v for v in x if v > 0]
=> EL805 what is done depends on the elements of an array
=> v > 0

while i < n:
    s += x[i]
=> EL804 a while loop may never end
=> while i < n:

def f(n):
    return 1 if n == 0 else n * f(n - 1)
=> EL805 what is done depends on n, whose value is not known
=> n == 0

for i in range(10**12):
    s += x[i]
=> EL816 this takes too many steps
=> range(10**12)

for i in range(n):
    t = a[i]
    a[i] = b[i]
    b[i] = t
=> EL817 a, b: each is computed from what was in another before it changed
=> -

for i in range(n):
    for j in range(m):
        if k < K:
            C[i][j] += A[i][j]
=> EL805 what is done depends on the elements of an array
=> k < K

x = A[1:]
A[1] = 0
y = x * 2
=> EL817 x is a part of A, which has changed since
=> x

D = A @ B
E = D
D += 1
F = E * 2
=> EL812 how many axes A and B have is not known
=> A

__import__("os").system("touch pwned")
=> EL803 what __import__ does is not known
=> __import__("os")

x = open("/etc/passwd").read()
=> EL803 what open does is not known
=> open("/etc/passwd")

exec("a = 1")
=> EL803 what exec does is not known
=> exec("a = 1")

y = ().__class__.__bases__[0].__subclasses__()
=> EL803 what .__class__ is here is not known
=> ().__class__

for k in range(K0):
    if k < K:
        y[k] += x[k]
=> EL811 what is computed depends on k < K
=> k < K

for i in range(n):
    for j in range(m):
        if A[i][j] != 0:
            y[i] += A[i][j] * x[j]
=> EL805 what is done depends on the elements of an array
=> A[i][j] != 0

row = A[0][:]
row[1] = 3
z = A[0][1] * 2
=> EL817 this writes to a part of A, or to a copy of it
=> row[1]

for i in range(n):
    c += a[i] * 2 | b[i]
=> EL807 elements are numbers here and truth values elsewhere in this text
=> a[i] * 2

if n > 100:
    s = 0
else:
    s = sum(x[i] for i in range(n))
=> EL811 what is computed depends on n > 100
=> n > 100

for i in range(n):
    for j in range(n):
        if i != j:
            s += A[i][j]
=> EL809 only elements with i != j take part: all but a diagonal
=> i != j

def cumsum(x):
    out = []
    total = 0
    for v in x:
        total += v
        out.append(total)
    return out
=> EL822 total is read while it is summed: each turn needs what the one before computed
=> total

for k in range(n):
    for i in range(n):
        for j in range(n):
            d[i][j] = min(d[i][j], d[i][k] + d[k][j])
=> EL807 the minimum or maximum of elements is not a sum of products
=> min(d[i][j], d[i][k] + d[k][j])

y[i] = f(x[i])
=> EL803 what f does is not known
=> f(x[i])

fib = [0, 1]
for i in range(2, n):
    fib.append(fib[i-1] + fib[i-2])
=> EL809 the loops do not cover all combinations of their indices
=> fib = [0, 1]

for i in range(n):
    for j in range(m):
        C[i, j] = A[i, j] / B[i, j]
=> EL807 a quotient of elements is not a sum of products
=> A[i, j] / B[i, j]

class M:
    def f(self): pass
=> EL802 a class is neither a loop nor arithmetic
=> class M:

with open("x") as f:
    y = f
=> EL802 with is neither a loop nor arithmetic
=> with open("x") as f:

def gen(x):
    for v in x:
        yield v
=> EL804 gen is a generator, which may never end
=> yield v

import os
os.system("touch pwned")
=> EL803 what os.system does is not known
=> os.system("touch pwned")

from os import system as sum
y = sum(x)
=> EL803 what sum does is not known
=> sum

l = [a[0]]
for i in range(50):
    l = l + l
=> EL816 this list is too long
=> l + l

l = [1, 2]
m = l + l
=> EL802 lists have no arithmetic: + joins them, * repeats them
=> l + l

x = 3
for i in range(100):
    x = x * x
y = x * z[0]
=> EL816 this number is too long
=> x * x

p = a[0] + b[0]
for i in range(30):
    p = p * p
=> EL816 this has too many terms
=> p = p * p

x = [0] * 10**12
=> EL816 this list is too long
=> [0] * 10**12

f = lambda x: f(x)
y = f(1)
=> EL804 this lambda calls itself
=> f(x)

def f(x):
    return g(x)
def g(x):
    return f(x)
y = g(x)
=> EL804 g calls itself
=> g(x)

((((((((((((((((((((((((((((((
=> EL801 this is not Python: '(' was never closed
=> (

x = 1e999 * y[0]
=> EL816 this number is too large
=> 1e999

for i in range(n):
y = 1
=> EL801 this is not Python: expected an indented block after 'for' statement on line 1
=> y

s = 0
for i in range(n):
    for j in range(n):
        if i == j:
            continue
        s += A[i][j]
=> EL809 only elements with i != j take part: all but a diagonal
=> i == j

for i in range(n):
    C[i, :] = A[i, :] * s
=> EL812 how many axes s has is not known
=> s

y = sum(np.dot(A[i], x[i]) for i in range(n))
=> EL812 how many axes A and x have is not known
=> A[i]

for i in range(n):
    y[perm[i]] = x[i]
=> EL806 an element of an array cannot be an index here
=> perm[i]

for i in range(n):
    y[i] = x[i] ** 0.5
=> EL807 a power that is not a whole number is not a product
=> x[i] ** 0.5

for i in range(n):
    y[i] = abs(x[i])
=> EL807 a distance from zero is not a sum of products
=> abs(x[i])

for i in range(n):
    y[i] = x[i] // 2
=> EL807 rounding down a quotient is neither a sum nor a product
=> x[i] // 2

for i in range(n):
    y[i] = x[i] % 2
=> EL807 a remainder is neither a sum nor a product
=> x[i] % 2

for i in range(n):
    y[i] = 1 / x[i]
=> EL807 a quotient of elements is not a sum of products
=> 1 / x[i]

for i in range(n):
    y[i] = np.exp(x[i])
=> EL807 np.exp is not a sum of products
=> np.exp(x[i])

for i in range(n):
    y[i] = x[i] > 0
=> EL805 what is done depends on the elements of an array
=> x[i] > 0

for i in range(int(x[0])):
    y[i] = 1
=> EL807 rounding an element is not a sum of products
=> int(x[0])

for i in range(k[0]):
    s += x[i]
=> EL804 how often this loop runs depends on the elements of an array
=> k[0]

try:
    y = x
except E:
    pass
=> EL802 how much of a try is done depends on the errors that come up
=> try:

def f(*args):
    return args[0]
=> EL802 a function with any number of arguments is not supported
=> def f(*args):

def f(a):
    s += a
    return s
y = f(b)
=> EL802 s is read before it has a value
=> s

global x
x = 1
=> EL802 global is neither a loop nor arithmetic
=> global x

y = {i: x[i] for i in range(n)}
=> EL802 a dictionary is not arithmetic on arrays
=> {i: x[i] for i in range(n)}

del x
=> EL802 del is neither a loop nor arithmetic
=> del x

y = getattr(x, "shape")
=> EL803 what getattr does is not known
=> getattr(x, "shape")

y = x.__class__
=> EL803 what .__class__ is here is not known
=> x.__class__

y = eval("x")
=> EL803 what eval does is not known
=> eval("x")

y = x.tofile("pwned")
=> EL803 what x.tofile does is not known
=> x.tofile("pwned")

y = np.fromfile("x")
=> EL803 what np.fromfile does is not known
=> np.fromfile("x")

y = np.load("x.npy")
=> EL803 what np.load does is not known
=> np.load("x.npy")

y = sorted(x)
=> EL807 an order of elements is not a sum of products
=> sorted(x)

import numpy as np
y = np.maximum(x, 0)
=> EL807 np.maximum chooses between elements, which no sum of products does
=> np.maximum(x, 0)

x = [x]
x.append(x)
=> EL816 this is nested too deeply
=> -

x = []
x.append(x)
y = x
=> EL816 this is nested too deeply
=> x = []

for i in range(n):
    for j in range(i, n):
        C[i][j] = A[i][j]
=> EL809 how far this loop goes depends on i: a triangle
=> range(i, n)

for i in range(n):
    s = sum(x[:i + 1])
    y[i] = s
=> EL809 how far this slice goes depends on i
=> :i + 1

for t in range(T):
    for i in range(n):
        h[t + 1, i] = sum(W[i, j] * h[t, j] for j in range(n))
=> EL822 h[t + 1, i] is computed from h[t, j], which another turn computed
=> h[t, j]

for i in range(n):
    y[i] = (x[i - 1] + x[i] + x[i + 1]) / 3
=> EL811 what y is depends on the sizes
=> y[i] = (x[i - 1] + x[i] + x[i + 1]) / 3

5
=> EL814 this code leaves no result
=> -

pass
=> EL814 this code leaves no result
=> -

\"\"\"doc\"\"\"
=> EL814 this code leaves no result
=> -

x
=> EL814 this code changes nothing: it writes what was there before
=> -

print(1)
=> EL814 this code leaves no result
=> -

import numpy
=> EL814 this code leaves no result
=> -

def f(): pass
=> EL814 this code leaves no result
=> -

for i in range(0):
    y[i] = x[i]
=> EL814 this code leaves no result
=> -

for i in range(n):
    pass
=> EL814 this code leaves no result
=> -

s = 0
for x in range(n):
    s += x
=> EL814 this code leaves no result
=> -

for i in range(n):
    for j in range(m):
        c[i + j] += a[i] * b[j]
=> EL808 i and j together say where c is written
=> i + j

H, W = img.shape
kh, kw = ker.shape
out = np.zeros((H - kh + 1, W - kw + 1))
for i in range(H - kh + 1):
    for j in range(W - kw + 1):
        for a in range(kh):
            for b in range(kw):
                out[i, j] += img[i + a, j + b] * ker[a, b]
=> EL808 i and a together say where img is read
=> i + a

for i in range(n):
    for k in range(K0):
        if k < K:
            y[i] += A[i, k] * w[k]
=> EL811 what is computed depends on k < K
=> k < K

def forward(self, x):
    y = np.zeros(x.shape[0])
    for i in range(x.shape[0]):
        y[i] = x[i] * self.W[i]
    return y
=> EL803 what .W is here is not known
=> self.W

block = 4
C = np.zeros((A.shape[0], B.shape[1]))
for i0 in range(0, A.shape[0], block):
    for j0 in range(0, B.shape[1], block):
        for k0 in range(0, A.shape[1], block):
            C[i0:i0+block, j0:j0+block] += A[i0:i0+block, k0:k0+3] @ B[k0:k0+3, j0:j0+block]
=> EL811 for A.shape[0] = 2, B.shape[1] = 1, A.shape[1] = 4, C is not what it is for other sizes
=> C[i0:i0+block, j0:j0+block] += A[i0:i0+block, k0:k0+3] @ B[k0:k0+3, j0:j0+block]

m, n = A.shape
p, q = B.shape
K = np.zeros((m * p, n * q))
for i in range(m):
    for j in range(n):
        K[i*q:(i+1)*q, j*q:(j+1)*q] = A[i, j] * B
=> EL813 two lengths would have to be equal and cannot be
=> -

J = np.zeros((n, n))
for p in range(n):
    for q in range(n):
        for r in range(n):
            for s in range(r):
                J[p, q] += I[p, q, r, s] * D[r, s]
=> EL809 how far this loop goes depends on r: a triangle
=> range(r)

C = np.zeros((n, n))
for i in range(n):
    C[i] = A[i] * d[i]
=> EL812 how many axes A and d have is not known
=> C[i]

S = np.zeros((n, n))
for i in range(n):
    S[:, i] += a[i] * x[i]
=> EL812 how many axes a and x have is not known
=> S[:, i] += a[i] * x[i]

Y = np.zeros((n, m))
for i in range(n):
    Y[i, :] = X[i, :] - mu[i]
=> EL812 how many axes mu has is not known
=> X[i, :] - mu[i]

y = np.empty(n)
for i in range(n):
    for j in range(m):
        y[i] += A[i, j] * x[j]
=> EL802 an element of y is read before it is written
=> y[i]

y = np.empty(n)
for i in range(1, n):
    y[i] = x[i]
=> EL802 not all of y is written
=> -

for i in range(n):
    for j in range(n):
        D[i, j] = np.sum((x[i, :] - x[j + 1, :])**2)
=> EL811 the lengths in this code cannot be determined
=> D[i, j] = np.sum((x[i, :] - x[j + 1, :])**2)
"""


@pytest.mark.parametrize(("text", "statement"), pairs(LIFTED), ids=count())
def test_loops_are_lifted(text: str, statement: str) -> None:
    statements = lift(text, Notation.LOOPS)
    assert statements.text() == statement
    assert_same(text, statements)


@pytest.mark.parametrize(("text", "result"), blocks(REFUSED), ids=count())
def test_near_misses_are_refused(text: str, result: list[str]) -> None:
    with pytest.raises(LiftError) as caught:
        lift(text, Notation.LOOPS)
    error = caught.value
    assert f"{error.id} {error.message}" == result[0]
    place = "-" if error.span is None else text[slice(*error.span)]
    assert place.split("\n")[0] == result[1]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("import math\ns = math.fsum(x[i]*y[i] for i in range(n))", "s = np.einsum('i,i->', x, y)"),
        ("from math import fsum\ns = fsum(x) / len(x)", "s = np.einsum('i->', x) / x.shape[0]"),
        ("import math\ns = math.sumprod(x, y)", "s = np.einsum('i,i->', x, y)"),
        (
            "import copy\nB = copy.deepcopy(A)\nfor i in range(n):\n    for j in range(m):\n        B[i][j] += A[i][j]",
            "B = 2 * A",
        ),
        ("from copy import deepcopy\nB = deepcopy(A)\nfor i in range(n):\n    B[i][i] = 0", None),
    ],
)
def test_functions_of_the_standard_library(text: str, wanted: str | None) -> None:
    if wanted is not None:
        assert lift(text, Notation.LOOPS).text() == wanted
        return
    with pytest.raises(LiftError):
        lift(text, Notation.LOOPS)
