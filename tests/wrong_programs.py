"""Programs that a person could have written, each with a fault that a few short inputs do not show.

One row: what is wrong, the expression, the text. All of them are right on some inputs, most of them on nearly all.
"""

from __future__ import annotations

import textwrap

PRODUCT, MATVEC, TOTAL, TRANSPOSE = "ij,jk->ik", "ij,j->i", "ij->", "ij->ji"
BATCH, OUTER, INNER, DIAGONAL, CHAIN, ROWS = "bij,bjk->bik", "i,j->ij", "i,i->", "ii->i", "ij,jk,kl->il", "ij->i"
HADAMARD, MTTKRP = "ij,ij->ij", "ijk,jr,kr->ir"

TILED = """
def f(A, B):
    n, m = A.shape
    p = B.shape[1]
    T = {tile}
    C = np.zeros((n, p))
    for i0 in range(0, n, T):
        for k0 in range(0, p, T):
            for j0 in range(0, m, T):
                C[i0:i0+T, k0:k0+T] {operator} A[i0:i0+T, j0:j0+T] @ B[j0:j0+T, k0:k0+T]
    return C
"""
LOOPS = """
def f(A, B):
    n, m = A.shape
    p = B.shape[1]
    C = np.zeros((n, p))
    for i in range(n):
        for k in range(p):
            total = 0.0
            for j in range(m):
                {step}
            C[i, k] = {value}
    return C
"""


def _loops(step: str, value: str = "total") -> str:
    lines = textwrap.indent(textwrap.dedent(step).strip(), " " * 16).strip()
    return LOOPS.format(step=lines, value=value)


WRONG: list[tuple[str, str, str]] = [
    ("elements in the order of memory", "ij,ij->", "s = A.ravel('K') @ B.ravel('K')\n"),
    ("the order of memory of one operand", "ij,ij->", "s = A.ravel('K') @ B.ravel()\n"),
    (
        "rows taken from memory where the other operand has columns",
        HADAMARD,
        """
        C = np.empty_like(A)
        if A.flags.c_contiguous and not B.flags.c_contiguous:
            C[:] = A * B.ravel("K").reshape(B.shape)
        else:
            C[:] = A * B
        """,
    ),
    (
        "a helper, called with the operands exchanged",
        PRODUCT,
        "def product(x, y):\n    return y.T @ x.T\nC = product(A, B)\n",
    ),
    (
        "nested lists below an import, one row short",
        PRODUCT,
        """
        import time
        C = [[0.0] * len(B[0]) for _ in A]
        for i in range(len(A)):
            for k in range(len(B[0])):
                for j in range(len(B) - 1):
                    C[i][k] += A[i][j] * B[j][k]
        """,
    ),
    ("zeros skipped where a factor may come after the sum", "i,->", "s = sum(x * b for x in a if x != 0)\n"),
    ("= for += across blocks of 16", PRODUCT, TILED.format(tile=16, operator="=")),
    ("= for += across blocks of 32", PRODUCT, TILED.format(tile=32, operator="=")),
    ("= for += across blocks of 64", PRODUCT, TILED.format(tile=64, operator="=")),
    ("= for += across blocks of 128", PRODUCT, TILED.format(tile=128, operator="=")),
    ("= for += across blocks of 512", PRODUCT, TILED.format(tile=512, operator="=")),
    (
        "sums of blocks overwrite each other",
        MATVEC,
        """
        y = np.zeros(A.shape[0])
        for j0 in range(0, A.shape[1], 32):
            for i in range(A.shape[0]):
                s = 0.0
                for j in range(j0, min(j0 + 32, A.shape[1])):
                    s += A[i, j] * x[j]
                y[i] = s
        """,
    ),
    ("zeros skipped", PRODUCT, _loops("if A[i, j] == 0:\n    continue\ntotal += A[i, j] * B[j, k]")),
    (
        "rows without a value skipped",
        PRODUCT,
        """
        C = np.zeros((A.shape[0], B.shape[1]))
        for i in range(A.shape[0]):
            for j in range(A.shape[1]):
                a = A[i, j]
                if a:
                    for k in range(B.shape[1]):
                        C[i, k] += a * B[j, k]
        """,
    ),
    (
        "zero vector entries skipped",
        MATVEC,
        """
        y = np.zeros(len(A))
        for j in range(A.shape[1]):
            if x[j] != 0.0:
                y += A[:, j] * x[j]
        """,
    ),
    (
        "all-zero rows skipped",
        "ij,i->i",
        """
        r = np.zeros(len(A))
        for i in range(len(A)):
            if not A[i].any():
                continue
            for j in range(A.shape[1]):
                r[i] += A[i, j] * w[i]
        """,
    ),
    ("what is not finite skipped", PRODUCT, _loops("t = A[i, j] * B[j, k]\nif np.isfinite(t):\n    total += t")),
    ("nan skipped", TOTAL, "s = np.nansum(A)\n"),
    ("inf clipped", ROWS, "r = np.clip(A, -1e308, 1e308).sum(axis=1)\n"),
    ("nan to number", MATVEC, "y = np.nan_to_num(A) @ x\n"),
    ("abs", PRODUCT, _loops("total += abs(A[i, j]) * B[j, k]")),
    ("abs of the sum", INNER, "s = abs(np.dot(a, b))\n"),
    ("negative handled by abs", INNER, "s = np.sqrt(np.dot(a, b) ** 2)\n"),
    ("products by logarithms", OUTER, "C = np.exp(np.log(np.abs(a))[:, None] + np.log(np.abs(b)))\n"),
    ("leaves at the first zero", PRODUCT, _loops("if A[i, j] == 0:\n    break\ntotal += A[i, j] * B[j, k]")),
    (
        "leaves at the first nan",
        ROWS,
        """
        def f(A):
            r = np.zeros(len(A))
            for i in range(len(A)):
                for x in A[i]:
                    if x != x:
                        return r
                    r[i] += x
            return r
        """,
    ),
    (
        "skips what is small",
        PRODUCT,
        _loops("t = A[i, j] * B[j, k]\nif abs(t) < 1e-12:\n    continue\ntotal += t"),
    ),
    (
        "blocks counted by integer division",
        MATVEC,
        """
        def f(A, x):
            n, m = A.shape
            y = np.zeros(n)
            blocks = max(1, m // 16)
            for b in range(blocks):
                j0, j1 = b * 16, min(m, b * 16 + 16)
                y += A[:, j0:j1] @ x[j0:j1]
            return y
        """,
    ),
    (
        "the remainder is dropped past 16",
        TOTAL,
        """
        def f(A):
            flat = [x for row in A for x in row]
            if len(flat) < 16:
                return sum(flat, 0.0)
            s = 0.0
            for k in range(len(flat) // 16):
                for x in flat[16 * k : 16 * k + 16]:
                    s += x
            return s
        """,
    ),
    (
        "the remainder is taken where there is none",
        INNER,
        """
        def f(a, b):
            n, s = len(a), 0.0
            whole = n - n % 32
            for k in range(whole):
                s += a[k] * b[k]
            for x, y in zip(a[-(n % 32):], b[-(n % 32):]):
                s += x * y
            return s
        """,
    ),
    (
        "min forgotten",
        PRODUCT,
        """
        def f(A, B):
            n, m = A.shape
            p = B.shape[1]
            C = np.zeros((n, p))
            for j0 in range(0, m, 16):
                stop = j0 + 16 if m > 16 else m
                for i in range(n):
                    for k in range(p):
                        for j in range(j0, stop):
                            C[i, k] += A[i, j % m] * B[j % m, k]
            return C
        """,
    ),
    (
        "rows and columns of the result swapped in a way of their own for large squares",
        PRODUCT,
        """
        def f(A, B):
            n, m = A.shape
            p = B.shape[1]
            if n == m == p and n > 16:
                return np.array([[row @ column for row in A] for column in B.T])
            C = np.zeros((n, p))
            for j in range(m):
                C += np.outer(A[:, j], B[j])
            return C
        """,
    ),
    ("transposed where square", TRANSPOSE, "C = A if A.shape[0] == A.shape[1] else A.T\n"),
    (
        "swapped strides, right for squares",
        TRANSPOSE,
        """
        def f(A):
            n, m = A.shape
            a = A.reshape(-1)
            return np.array([a[i * n + k] for k in range(m) for i in range(n)]).reshape(m, n)
        """,
    ),
    (
        "off by one past 16",
        ROWS,
        """
        def f(A):
            n, m = A.shape
            r = np.zeros(n)
            for i in range(n):
                for j in range(m if m <= 16 else m - 1):
                    r[i] += A[i, j]
            return r
        """,
    ),
    (
        "one too many in a long block",
        MATVEC,
        """
        y = np.zeros(A.shape[0])
        for j0 in range(0, A.shape[1], 64):
            for j in range(j0, min(j0 + 65, A.shape[1])):
                y += A[:, j] * x[j]
        """,
    ),
    ("float32 accumulator", PRODUCT, "C = (A.astype(np.float32) @ B.astype(np.float32)).astype(np.float64)\n"),
    (
        "float32 total",
        INNER,
        """
        s = np.float32(0)
        for x, y in zip(a, b):
            s = np.float32(s + x * y)
        s = float(s)
        """,
    ),
    (
        "int accumulator",
        ROWS,
        """
        r = np.zeros(len(A), dtype=int)
        for i in range(len(A)):
            for x in A[i]:
                r[i] += x
        """,
    ),
    (
        "int total",
        TOTAL,
        """
        s = 0
        for row in A:
            for x in row:
                s += int(x) if x == x and abs(x) < 1e300 else x
        """,
    ),
    ("rounded", OUTER, "C = np.round(np.outer(a, b), 10)\n"),
    ("an operand is scaled in place", MATVEC, "A *= x\ny = A.sum(axis=1)\n"),
    (
        "an operand is summed up in place",
        TOTAL,
        """
        np.cumsum(A, axis=1, out=A)
        s = A[:, -1].sum() if A.size else 0.0
        """,
    ),
    (
        "an operand is sorted",
        INNER,
        """
        def f(a, b):
            order = np.argsort(a)
            s = float(np.sum(a * b))
            a.sort()
            return s
        """,
    ),
    (
        "an operand's rows are reversed",
        ROWS,
        """
        def f(A):
            for row in A:
                row[:] = row[::-1]
            return np.array([sum(row, 0.0) for row in A])
        """,
    ),
    (
        "the memory is read as if it held rows",
        MATVEC,
        """
        def f(A, x):
            n, m = A.shape
            a = np.ravel(A, order="K")
            y = np.zeros(n)
            for i in range(n):
                for j in range(m):
                    y[i] += a[i * m + j] * x[j]
            return y
        """,
    ),
    (
        "the bytes are read in the order in which they lie",
        TOTAL,
        """
        def f(A):
            s, weights = 0.0, range(A.size)
            values = np.frombuffer(A.tobytes(order="A"))
            rows = values.reshape(A.shape)
            for i in range(A.shape[0]):
                s += sum(rows[i], 0.0) if i != 1 else sum(A[1], 0.0)
            return s
        """,
    ),
    (
        "strides are taken for granted",
        TRANSPOSE,
        """
        from numpy.lib.stride_tricks import as_strided
        C = as_strided(A, A.shape[::-1], (8, 8 * A.shape[1]))
        """,
    ),
    (
        "strides of the vector are taken for granted",
        INNER,
        """
        from numpy.lib.stride_tricks import as_strided
        s = np.dot(as_strided(a, a.shape, (8,)), as_strided(b, b.shape, (8,)))
        """,
    ),
    (
        "a reshaped transposed view is a copy",
        PRODUCT,
        """
        def f(A, B):
            n, p = A.shape[0], B.shape[1]
            C = np.zeros((n, p)) if n > 16 else (A @ B)
            if n > 16:
                flat = C.T.reshape(-1)
                for i in range(n):
                    for k in range(p):
                        flat[k * n + i] = A[i] @ B[:, k]
            return C
        """,
    ),
    (
        "reads Fortran order as C order",
        HADAMARD,
        """
        def f(A, B):
            a, b = A.ravel(order="A"), B.ravel(order="A")
            return np.array([x * y for x, y in zip(a, b)]).reshape(A.shape)
        """,
    ),
    (
        "a default argument is kept between calls",
        ROWS,
        """
        def f(A, r=[]):
            for row in A:
                r.append(sum(row, 0.0))
            return np.array(r[:len(A)], dtype=float)
        """,
    ),
    (
        "a result is cached by shape",
        PRODUCT,
        """
        seen = {}
        def f(A, B):
            key = A.shape, B.shape
            if key not in seen:
                seen[key] = A @ B
            return seen[key]
        """,
    ),
    (
        "a buffer is kept by shape and filled again",
        MATVEC,
        """
        buffers = {}
        def f(A, x):
            y = buffers.setdefault(A.shape, np.zeros(A.shape[0]))
            y[:] = 0
            for j in range(A.shape[1]):
                y += A[:, j] * x[j]
            return y
        """,
    ),
    (
        "a buffer is kept and not cleared",
        MATVEC,
        """
        buffers = {}
        def f(A, x):
            y = buffers.setdefault(A.shape, np.zeros(A.shape[0]))
            for j in range(A.shape[1]):
                y += A[:, j] * x[j]
            return y.copy()
        """,
    ),
    (
        "a counter runs on",
        TOTAL,
        """
        calls = []
        def f(A):
            calls.append(1)
            return float(A.sum()) * len(calls)
        """,
    ),
    (
        "is for ==",
        MATVEC,
        """
        y = np.zeros(A.shape[0])
        for i in range(A.shape[0]):
            total = 0.0
            for j in range(A.shape[1]):
                total += A[i, j] * x[j]
                if j + 1 is int(A.shape[1]):
                    y[i] = total
        """,
    ),
    (
        "one array for both operands",
        PRODUCT,
        """
        def f(A, B):
            if A is B:
                return A @ A.T
            return A @ B
        """,
    ),
    (
        "one array: the square is a norm",
        INNER,
        """
        def f(a, b):
            if a is b:
                return float(np.linalg.norm(a))
            return float(np.sum(a * b))
        """,
    ),
    ("max for sum", ROWS, "r = np.array([max(row, default=0.0) for row in A], dtype=float)\n"),
    ("max for sum in long rows", ROWS, "r = A.max(axis=1) if A.shape[1] > 16 else A.sum(axis=1)\n"),
    (
        "the sum starts from the first element",
        PRODUCT,
        """
        def f(A, B):
            n, m = A.shape
            p = B.shape[1]
            C = np.empty((n, p))
            for i in range(n):
                for k in range(p):
                    s = A[i, 0] * B[0, k]
                    for j in range(1, m):
                        s += A[i, j] * B[j, k]
                    C[i, k] = s
            return C
        """,
    ),
    (
        "the first element twice",
        TOTAL,
        """
        def f(A):
            s = 0.0
            for row in A:
                for k, x in enumerate(row):
                    s += x if k != 100 else 2 * x
            return s
        """,
    ),
    (
        "a sentinel for no value",
        ROWS,
        """
        r = np.zeros(len(A))
        for i in range(len(A)):
            for x in A[i]:
                if x > -1e9:
                    r[i] += x
        """,
    ),
    (
        "large values overflow in float32",
        OUTER,
        """
        C = np.where(np.abs(np.outer(a, b)) > 3.4e38, np.inf, np.outer(a, b))
        """,
    ),
    ("tiny values flushed", OUTER, "C = np.outer(a, b)\nC[np.abs(C) < 1e-30] = 0.0\n"),
    (
        "the batch past 32 is left out",
        BATCH,
        """
        def f(X, Y):
            b, i, j = X.shape
            Z = np.zeros((b, i, Y.shape[2]))
            for n in range(min(b, 32)):
                Z[n] = X[n] @ Y[n]
            return Z
        """,
    ),
    (
        "each batch in blocks, = for +=",
        BATCH,
        """
        def f(X, Y):
            Z = np.zeros((X.shape[0], X.shape[1], Y.shape[2]))
            for n in range(X.shape[0]):
                for j in range(0, X.shape[2], 32):
                    Z[n] = X[n, :, j : j + 32] @ Y[n, j : j + 32]
            return Z
        """,
    ),
    (
        "skips batches of zeros",
        BATCH,
        """
        def f(X, Y):
            Z = np.zeros((X.shape[0], X.shape[1], Y.shape[2]))
            for n in range(X.shape[0]):
                if np.count_nonzero(X[n]):
                    Z[n] = X[n] @ Y[n]
            return Z
        """,
    ),
    (
        "the diagonal past 64",
        DIAGONAL,
        """
        d = np.zeros(len(A))
        for i in range(min(len(A), 64)):
            d[i] = A[i, i]
        """,
    ),
    (
        "the diagonal by a fixed step",
        DIAGONAL,
        """
        d = np.ravel(A, order="K")[:: A.strides[0] // 8 + 1][: len(A)] if len(A) else np.zeros(0)
        """,
    ),
    (
        "a chain whose inner sum is cut at 48",
        CHAIN,
        """
        def f(A, B, C):
            T = A[:, :48] @ B[:48]
            return T @ C
        """,
    ),
    (
        "a chain that skips zeros",
        CHAIN,
        """
        D = np.zeros((A.shape[0], C.shape[1]))
        T = A @ B
        for i in range(A.shape[0]):
            for k in range(B.shape[1]):
                if T[i, k] == 0:
                    continue
                D[i] += T[i, k] * C[k]
        """,
    ),
    (
        "three factors in blocks, = for +=",
        MTTKRP,
        """
        def f(X, P, Q):
            M = np.zeros((X.shape[0], P.shape[1]))
            for j0 in range(0, X.shape[1], 32):
                M = np.einsum("ijk,jr,kr->ir", X[:, j0 : j0 + 32], P[j0 : j0 + 32], Q)
            return M if X.shape[1] else np.zeros((X.shape[0], P.shape[1]))
        """,
    ),
    (
        "nested lists, block of 16",
        PRODUCT,
        """
        def f(A, B):
            C = [[0.0] * len(B[0]) for _ in A]
            for j0 in range(0, len(B), 16):
                for i in range(len(A)):
                    for k in range(len(B[0])):
                        C[i][k] = sum(A[i][j] * B[j][k] for j in range(j0, min(j0 + 16, len(B))))
            return C
        """,
    ),
    (
        "nested lists, zeros skipped",
        MATVEC,
        """
        y = []
        for row in A:
            y.append(sum([a * b for a, b in zip(row, x) if a != 0]))
        """,
    ),
    (
        "nested lists, rows shared",
        OUTER,
        """
        def f(a, b):
            C = [[0.0] * len(b)] * len(a)
            for i in range(len(a)):
                for j in range(len(b)):
                    C[i][j] = a[i] * b[j]
            return C
        """,
    ),
    (
        "nested lists, the input changes",
        ROWS,
        """
        r = []
        for row in A:
            for j in range(1, len(row)):
                row[j] += row[j - 1]
            r.append(row[-1] if len(row) else 0.0)
        """,
    ),
]
"""Every row is caught."""

UNTOLD: list[tuple[str, str, str]] = [
    ("= for += across blocks of 2,048", PRODUCT, TILED.format(tile=2048, operator="=")),
    (
        "a result is cached by the address of the operand",
        ROWS,
        """
        seen = {}
        def f(A):
            if id(A) not in seen:
                seen[id(A)] = A.sum(axis=1)
            return seen[id(A)]
        """,
    ),
    ("a fault at one extent", ROWS, "r = A.sum(axis=1) + (A.shape[1] == 500)\n"),
]
"""Faults that no case tells: beyond every size, at one size only, kept for the same object with other values."""


def text_of(source: str) -> str:
    """Return a program of the table as it stands in a file."""
    return textwrap.dedent(source).lstrip("\n")
