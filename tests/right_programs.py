"""Right programs as people write them: nested lists, loops, totals in locals, @, .sum, recursion, blocks.

One row: how it is written, the expression, the text. None of them may be called wrong.
"""

from __future__ import annotations

from wrong_programs import (
    BATCH,
    CHAIN,
    DIAGONAL,
    HADAMARD,
    INNER,
    MATVEC,
    MTTKRP,
    OUTER,
    PRODUCT,
    ROWS,
    TILED,
    TOTAL,
    TRANSPOSE,
)  # fmt: skip

RIGHT: list[tuple[str, str, str]] = [
    ("blocks of 16", PRODUCT, TILED.format(tile=16, operator="+=")),
    ("blocks of 64", PRODUCT, TILED.format(tile=64, operator="+=")),
    ("@", PRODUCT, "C = A @ B\n"),
    ("np.dot", PRODUCT, "C = np.dot(A, B)\n"),
    ("np.tensordot", PRODUCT, "C = np.tensordot(A, B, axes=1)\n"),
    ("broadcast and sum", PRODUCT, "C = (A[:, :, None] * B[None]).sum(axis=1)\n"),
    ("mean times the length", ROWS, "r = A.mean(axis=1) * A.shape[1] if A.shape[1] else np.zeros(len(A))\n"),
    (
        "outer products added",
        PRODUCT,
        """
        C = np.zeros((len(A), B.shape[1]))
        for a, b in zip(A.T, B):
            C += np.outer(a, b)
        """,
    ),
    ("rows by @", PRODUCT, "C = np.array([a @ B for a in A]).reshape(A.shape[0], B.shape[1])\n"),
    ("np.inner of the transposed", PRODUCT, "C = np.inner(A, B.T)\n"),
    ("as a stack of one", PRODUCT, "C = np.matmul(A[None], B[None])[0]\n"),
    ("einsum itself, optimized", PRODUCT, "C = np.einsum('ab,bc->ac', A, B, optimize=True)\n"),
    (
        "plain loops",
        PRODUCT,
        """
        C = np.zeros((A.shape[0], B.shape[1]))
        for i in range(A.shape[0]):
            for k in range(B.shape[1]):
                for j in range(A.shape[1]):
                    C[i, k] += A[i, j] * B[j, k]
        """,
    ),
    (
        "a total in a local, backwards",
        PRODUCT,
        """
        def f(A, B):
            n, m = A.shape
            p = B.shape[1]
            C = np.empty((n, p))
            for i in range(n - 1, -1, -1):
                for k in range(p):
                    total = 0
                    for j in reversed(range(m)):
                        total = total + A[i, j] * B[j, k]
                    C[i, k] = total
            return C
        """,
    ),
    (
        "nested lists, textbook",
        PRODUCT,
        """
        def matmul(A, B):
            n, m, p = len(A), len(B), len(B[0])
            C = [[0 for _ in range(p)] for _ in range(n)]
            for i in range(n):
                for j in range(p):
                    for k in range(m):
                        C[i][j] += A[i][k] * B[k][j]
            return C
        """,
    ),
    (
        "nested lists, with a guard that arrays do not take",
        PRODUCT,
        """
        def matmul(A, B):
            if not A or not B:
                return []
            return [[sum(a * b for a, b in zip(row, column)) for column in zip(*B)] for row in A]
        """,
    ),
    (
        "nested lists, zip(*B)",
        PRODUCT,
        """
        C = [[sum(a * b for a, b in zip(row, column)) for column in zip(*B)] for row in A]
        """,
    ),
    (
        "nested lists, appended",
        PRODUCT,
        """
        out = []
        for i in range(len(A)):
            new = []
            for k in range(len(B[0])):
                s = 0.0
                for j in range(len(B)):
                    s += A[i][j] * B[j][k]
                new.append(s)
            out.append(new)
        """,
    ),
    ("nested lists, math.fsum", MATVEC, "import math\ny = [math.fsum(a * b for a, b in zip(row, x)) for row in A]\n"),
    ("nested lists, sum from 0", MATVEC, "y = [sum(row[j] * x[j] for j in range(len(x))) for row in A]\n"),
    ("nested lists, map and mul", MATVEC, "from operator import mul\ny = [sum(map(mul, row, x)) for row in A]\n"),
    (
        "nested lists, reduce",
        MATVEC,
        """
        from functools import reduce
        y = [reduce(lambda s, t: s + t[0] * t[1], zip(row, x), 0) for row in A]
        """,
    ),
    (
        "nested lists, transposed",
        TRANSPOSE,
        """
        def f(A):
            return [[A[i][j] for i in range(len(A))] for j in range(len(A[0]))]
        """,
    ),
    ("nested lists, zip as transpose", TRANSPOSE, "C = [list(column) for column in zip(*A)]\n"),
    (
        "nested lists, total",
        TOTAL,
        """
        s = 0
        for row in A:
            for x in row:
                s += x
        """,
    ),
    ("nested lists, sum of sums", TOTAL, "s = sum(sum(row) for row in A)\n"),
    ("nested lists, outer", OUTER, "C = [[x * y for y in b] for x in a]\n"),
    ("nested lists, diagonal", DIAGONAL, "d = [A[i][i] for i in range(len(A))]\n"),
    ("nested lists, elementwise", HADAMARD, "C = [[x * y for x, y in zip(r, s)] for r, s in zip(A, B)]\n"),
    ("matvec by @", MATVEC, "y = A @ x\n"),
    (
        "matvec by columns",
        MATVEC,
        """
        y = np.zeros(len(A))
        for j in range(len(x)):
            y += A[:, j] * x[j]
        """,
    ),
    ("matvec, broadcast", MATVEC, "y = (A * x).sum(1)\n"),
    (
        "matvec in blocks",
        MATVEC,
        """
        y = np.zeros(len(A))
        for j in range(0, len(x), 32):
            y += A[:, j:j+32] @ x[j:j+32]
        """,
    ),
    ("matvec, np.vdot of rows", MATVEC, "y = np.array([np.vdot(row, x) for row in A], dtype=float)\n"),
    ("sum of all", TOTAL, "s = A.sum()\n"),
    (
        "sum of all, ravel",
        TOTAL,
        """
        s = 0.0
        for x in A.ravel():
            s += x
        """,
    ),
    ("sum of all, any order of memory", TOTAL, "s = np.ravel(A, order='K').sum()\n"),
    ("sum of all, built in", TOTAL, "s = sum(A.flat)\n"),
    (
        "sum of all, flat index",
        TOTAL,
        """
        s = 0
        for k in range(A.size):
            s += A.flat[k]
        """,
    ),
    ("sum of all, ones", TOTAL, "s = np.ones(A.shape[0]) @ A @ np.ones(A.shape[1])\n"),
    ("row sums, reduce", ROWS, "r = np.add.reduce(A, axis=-1)\n"),
    (
        "row sums, reshaped",
        ROWS,
        """
        a = A.reshape(-1)
        m = A.shape[1]
        r = np.array([a[i * m : (i + 1) * m].sum() for i in range(len(A))], dtype=float)
        """,
    ),
    (
        "row sums in pairs",
        ROWS,
        """
        def total(v):
            if len(v) < 2:
                return v[0] if len(v) else 0.0
            h = len(v) // 2
            return total(v[:h]) + total(v[h:])

        def f(A):
            return np.array([total(row) for row in A], dtype=float)
        """,
    ),
    (
        "row sums, compensated",
        ROWS,
        """
        r = np.zeros(len(A))
        for i in range(len(A)):
            s = c = 0.0
            for x in A[i]:
                t = s + x
                if np.isfinite(t):
                    c += (s - t) + x if abs(s) >= abs(x) else (x - t) + s
                s = t
            r[i] = s + c
        """,
    ),
    (
        "row sums, a copy changed in place",
        ROWS,
        """
        def f(A):
            B = A.copy()
            for j in range(1, B.shape[1]):
                B[:, 0] += B[:, j]
            return B[:, 0] if B.shape[1] else np.zeros(len(B))
        """,
    ),
    ("outer", OUTER, "C = np.outer(a, b)\n"),
    ("outer, columns", OUTER, "C = a[:, np.newaxis] * b\n"),
    ("outer, multiply.outer", OUTER, "C = np.multiply.outer(a, b)\n"),
    ("inner", INNER, "s = a @ b\n"),
    (
        "inner, while",
        INNER,
        """
        s = 0
        k = 0
        while k < len(a):
            s += a[k] * b[k]
            k += 1
        """,
    ),
    (
        "inner, unrolled by 4",
        INNER,
        """
        def f(a, b):
            n = len(a)
            s0 = s1 = s2 = s3 = 0.0
            k = 0
            while k + 4 <= n:
                s0 += a[k] * b[k]
                s1 += a[k+1] * b[k+1]
                s2 += a[k+2] * b[k+2]
                s3 += a[k+3] * b[k+3]
                k += 4
            while k < n:
                s0 += a[k] * b[k]
                k += 1
            return s0 + s1 + s2 + s3
        """,
    ),
    ("transpose", TRANSPOSE, "C = A.T\n"),
    (
        "transpose, loops",
        TRANSPOSE,
        """
        C = np.empty(A.shape[::-1])
        for i, j in np.ndindex(A.shape):
            C[j, i] = A[i, j]
        """,
    ),
    ("diagonal", DIAGONAL, "d = A.diagonal()\n"),
    ("diagonal, fancy", DIAGONAL, "d = A[range(len(A)), range(len(A))]\n"),
    ("elementwise", HADAMARD, "C = A * B\n"),
    ("elementwise in place of a copy", HADAMARD, "C = A.copy()\nC *= B\n"),
    ("batch", BATCH, "Z = X @ Y\n"),
    (
        "batch, one by one",
        BATCH,
        """
        def f(X, Y):
            Z = np.zeros((X.shape[0], X.shape[1], Y.shape[2]))
            for n, (x, y) in enumerate(zip(X, Y)):
                Z[n] = x @ y
            return Z
        """,
    ),
    ("chain", CHAIN, "D = A @ B @ C\n"),
    ("chain from the right", CHAIN, "D = A @ (B @ C)\n"),
    ("chain by multi_dot", CHAIN, "D = np.linalg.multi_dot([A, B, C])\n"),
    (
        "chain in loops",
        CHAIN,
        """
        D = np.zeros((A.shape[0], C.shape[1]))
        for i in range(A.shape[0]):
            for l in range(C.shape[1]):
                for j in range(A.shape[1]):
                    for k in range(B.shape[1]):
                        D[i, l] += A[i, j] * B[j, k] * C[k, l]
        """,
    ),
    ("three factors, two steps", MTTKRP, "M = np.einsum('ijk,kr->ijr', X, Q)\nM = (M * P).sum(axis=1)\n"),
    (
        "three factors, Khatri-Rao",
        MTTKRP,
        """
        def f(X, P, Q):
            i, j, k = X.shape
            return X.reshape(i, j * k) @ (P[:, None] * Q).reshape(j * k, P.shape[1])
        """,
    ),
    ("a factor before the sum", "ij,i->i", "r = (A * w[:, None]).sum(1)\n"),
    ("a factor after the sum", "ij,i->i", "r = A.sum(1) * w\n"),
    (
        "a factor after the sum, loops",
        "ij,i->i",
        """
        r = np.zeros(len(A))
        for i in range(len(A)):
            s = 0.0
            for j in range(A.shape[1]):
                s += A[i, j]
            r[i] = s * w[i]
        """,
    ),
    ("two sums multiplied", "i,j->", "s = a.sum() * b.sum()\n"),
    (
        "two sums in loops",
        "i,j->",
        """
        s = 0.0
        for x in a:
            for y in b:
                s += x * y
        """,
    ),
    ("a trace", "ii->", "s = np.trace(A)\n"),
    (
        "a trace in loops",
        "ii->",
        """
        s = 0
        for i in range(len(A)):
            s += A[i, i]
        """,
    ),
    ("a squared norm", "ij,ij->", "s = np.vdot(A, B)\n"),
    ("attention scores", "bqd,bkd->bqk", "s = q @ k.transpose(0, 2, 1)\n"),
    ("a bilinear form", "i,ij,j->", "s = x @ M @ y\n"),
    ("any rank", "...ij,...jk->...ik", "C = A @ B\n"),
    ("any rank, last axis", "...i->...", "def f(x):\n    return x.sum(-1)\n"),
    (
        "a cache by value",
        INNER,
        """
        seen = {}
        def f(a, b):
            key = a.tobytes(), b.tobytes()
            if key not in seen:
                seen[key] = float(a @ b)
            return seen[key]
        """,
    ),
    (
        "a default that is not kept",
        ROWS,
        """
        def f(A, r=None):
            r = [] if r is None else r
            for row in A:
                r.append(row.sum())
            return np.array(r, dtype=float)
        """,
    ),
    *(
        (
            f"nested lists below {line!r}",
            PRODUCT,
            f"""
            {line}
            C = []
            for i in range(len(A)):
                C.append([0.0] * len(B[0]))
                for k in range(len(B[0])):
                    for j in range(len(B)):
                        C[i][k] += A[i][j] * B[j][k]
            """,
        )
        for line in ("import time", "import sys, copy", "from random import random", "import numpy as np")
    ),
    (
        "an array filled as lists are",
        PRODUCT,
        """
        import numpy as np
        C = np.zeros((len(A), len(B[0])))
        for i in range(len(A)):
            for j in range(len(B)):
                for k in range(len(B[0])):
                    C[i][k] += A[i][j] * B[j][k]
        """,
    ),
    (
        "an array filled from lists",
        PRODUCT,
        """
        def f(A, B):
            first = B[0]
            C = np.zeros((len(A), len(first)))
            for i, row in enumerate(A):
                for k in range(len(first)):
                    C[i, k] = sum(row[j] * B[j][k] for j in range(len(row)))
            return C
        """,
    ),
    ("a helper, called below", PRODUCT, "def product(x, y):\n    return x @ y\nC = product(A, B)\n"),
    ("a helper for one row", ROWS, "def total(row):\n    return sum(row)\nr = [total(row) for row in A]\n"),
]
