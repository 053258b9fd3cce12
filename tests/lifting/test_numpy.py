"""Code on whole arrays: what it is as einsum, run against the code itself; near misses, with why they are none."""

from __future__ import annotations

import ast
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from einloop.core.errors import LiftError
from einloop.core.source import Notation
from einloop.lifting import lift

LIFTED = (
    (
        "x=2x3x8 Wq=8x8 Wk=8x8 Wv=8x8 H=#2",
        (
            "B, N, D = x.shape\n"
            "q = (x @ Wq).view(B, N, H, D // H).transpose(1, 2)\n"
            "k = (x @ Wk).view(B, N, H, D // H).transpose(1, 2)\n"
            "attn = q @ k.transpose(-2, -1)\n"
            "attn"
        ),
        (
            "attn = np.einsum('ijk,klm,ino,olm->iljn', x, Wq.reshape(x.shape[2], H, "
            "x.shape[2] // H), x, Wk.reshape(x.shape[2], H, x.shape[2] // H))"
        ),
    ),
    ("q=2x4x3x5 k=2x4x6x5", "q @ k.transpose(-2, -1)", "result = np.einsum('ijkl,ijml->ijkm', q, k)"),
    (
        "q=2x3x4x5 k=2x6x4x5 d=s",
        'scores = torch.einsum("bqhd,bkhd->bhqk", [q, k]) / d',
        "scores = np.einsum('ijkl,imkl->ikjm', q, k) / d",
    ),
    ("x=3 W=3x4 y=4", "x @ W @ y", "result = np.einsum('i,ij,j->', x, W, y)"),
    (
        "X=5x3 M=3x3 mu=3",
        "np.sum((X - mu) @ M * (X - mu), axis=1)",
        (
            "result = np.einsum('ij,jk,ik->i', X, M, X) - np.einsum('ij,jk,k->i', X, M, mu) - "
            "np.einsum('j,jk,ik->i', mu, M, X) + np.einsum('j,jk,k->', mu, M, mu)"
        ),
    ),
    (
        "X=4x3 Y=5x3",
        "((X[:, None, :] - Y[None, :, :]) ** 2).sum(-1)",
        (
            "result = np.einsum('ij,ij->i', X, X)[:, None] - 2 * np.einsum('ij,kj->ik', X, Y) "
            "+ np.einsum('kj,kj->k', Y, Y)"
        ),
    ),
    (
        "X=4x3 Y=5x3",
        "np.sum(X**2, 1)[:, None] - 2 * X @ Y.T + np.sum(Y**2, 1)[None, :]",
        (
            "result = np.einsum('ij,ij->i', X, X)[:, None] - 2 * np.einsum('ij,kj->ik', X, Y) "
            "+ np.einsum('kj,kj->k', Y, Y)"
        ),
    ),
    (
        "x=3x4 W=4x5 A=4x2 B=2x5 alpha=s r=s",
        "y = x @ W + (alpha / r) * (x @ A @ B)",
        "y = np.einsum('ij,jk->ik', x, W) + alpha * np.einsum('ij,jl,lk->ik', x, A, B) / r",
    ),
    ("a=3x4 b=3x5", "torch.bmm(a.unsqueeze(2), b.unsqueeze(1))", "result = np.einsum('ij,ik->ijk', a, b)"),
    ("a=3x4 b=3x5", "a[:, :, None] * b[:, None, :]", "result = np.einsum('ij,ik->ijk', a, b)"),
    ("A=3x4 B=4x3", "np.trace(A @ B)", "result = np.einsum('ij,ji->', A, B)"),
    ("A=3x4 B=3x4", "np.sum(A * B)", "result = np.einsum('ij,ij->', A, B)"),
    (
        "A=2x3 B=4x5",
        "np.kron(A, B)",
        ("result = np.einsum('ij,kl->ikjl', A, B).reshape(A.shape[0]*B.shape[0], A.shape[1]*B.shape[1])"),
    ),
    (
        "A=2x3 B=4x5 X=3x5",
        "np.kron(A, B) @ X.ravel()",
        "result = np.einsum('ij,kl,jl->ik', A, B, X).reshape(A.shape[0]*B.shape[0])",
    ),
    ("X=6x3", "n = X.shape[0]\nC = X.T @ X / n", "C = np.einsum('ij,ik->jk', X, X) / X.shape[0]"),
    (
        "X=6x3",
        "Xc = X - X.mean(axis=0)\ncov = Xc.T @ Xc / (X.shape[0] - 1)",
        ("Xc = X - np.einsum('kj->j', X) / X.shape[0]\ncov = np.einsum('ij,ik->jk', Xc, Xc) / (X.shape[0] - 1)"),
    ),
    (
        "X=6x3",
        "np.mean(X, axis=0, keepdims=True)",
        "result = (np.einsum('ij->j', X) / X.shape[0]).reshape(1, X.shape[1])",
    ),
    ("X=2x3x4", "X.mean((1, 2))", "result = np.einsum('ijk->i', X) / (X.shape[1]*X.shape[2])"),
    (
        "A=3x4 B=4x5 C=5x6 D=6x2",
        "np.linalg.multi_dot([A, B, C, D])",
        "result = np.einsum('ij,jk,kl,lm->im', A, B, C, D)",
    ),
    ("A=3x4x5 B=4x3x2", "np.tensordot(A, B, axes=([1, 0], [0, 1]))", "result = np.einsum('ijk,jil->kl', A, B)"),
    ("A=3x4x5 B=4x5x2", "np.tensordot(A, B, 2)", "result = np.einsum('ijk,jkl->il', A, B)"),
    ("A=3x4x5 B=6x5x2", "np.dot(A, B)", "result = np.einsum('ijk,lkm->ijlm', A, B)"),
    ("A=2x3x4 B=5x4", "np.inner(A, B)", "result = np.einsum('ijk,lk->ijl', A, B)"),
    ("A=2x3x4", "A.transpose(1, 2, 0)", "result = np.einsum('ijk->jki', A)"),
    ("A=2x3x4", "np.moveaxis(A, [0, 1], [-1, 0])", "result = np.einsum('ijk->jki', A)"),
    ("A=2x3x4", "A.permute(2, 0, 1).sum(dim=1)", "result = np.einsum('ijk->kj', A)"),
    ("A=2x3x4", "np.swapaxes(A, 0, -1)", "result = np.einsum('ijk->kji', A)"),
    ("A=3x3", "np.diagonal(A) * 2", "result = 2 * np.einsum('ii->i', A)"),
    (
        "A=3x3",
        "np.diag(np.diag(A))",
        ("result = np.zeros((A.shape[0], A.shape[0]))\nnp.einsum('ii->i', result)[...] += np.einsum('ii->i', A)"),
    ),
    ("A=3x3 v=3", "A @ np.diag(v) @ A.T", "result = np.einsum('ij,j,kj->ik', A, v, A)"),
    ("x=3 y=4", "np.multiply.outer(x, y)", "result = np.einsum('i,j->ij', x, y)"),
    ("x=3 y=4", "np.outer(x, y).T", "result = np.einsum('i,j->ji', x, y)"),
    ("a=5 b=5", "np.dot(a, b)", "result = np.einsum('i,i->', a, b)"),
    ("a=2x3 b=2x3", "np.vdot(a, b)", "result = np.einsum('ij,ij->', a, b)"),
    (
        "x=4x3 W=5x3 b=5",
        "F.linear(x, W, b)",
        "result = np.einsum('ij,kj->ik', x, W) + b",
    ),
    ("x1=4x3 x2=4x5 W=2x3x5", "F.bilinear(x1, x2, W)", "result = np.einsum('ij,kjl,il->ik', x1, W, x2)"),
    (
        "x=2x3x4",
        "einops.rearrange(x, 'b c d -> (b d) c')",
        "result = np.einsum('ijk->ikj', x).reshape(x.shape[0]*x.shape[2], x.shape[1])",
    ),
    (
        "x=2x12 h=#4",
        "einops.rearrange(x, 'b (h d) -> b h d', h=h)",
        "result = x.reshape(x.shape[0], h, x.shape[1] // h)",
    ),
    ("x=2x3x4 w=4x5", "einops.einsum(x, w, 'b n d, d e -> b n e')", "result = np.einsum('ijk,kl->ijl', x, w)"),
    ("x=2x3x4", "einops.reduce(x, 'b n d -> b d', 'mean')", "result = np.einsum('ijk->ik', x) / x.shape[1]"),
    ("x=2x3", "einops.repeat(x, 'b d -> b n d', n=5)", "result = np.einsum('ij,k->ikj', x, np.ones(5))"),
    (
        "A=3x4 B=4x5 C=5x3",
        "np.einsum('ij,jk->ik', A, np.einsum('ab,bc->ac', B, C))",
        "result = np.einsum('ij,jk,kl->il', A, B, C)",
    ),
    (
        "A=3x4 B=4x5 C=5x3",
        "opt_einsum.contract('ij,jk,kl->il', A, B, C)",
        "result = np.einsum('ij,jk,kl->il', A, B, C)",
    ),
    ("A=2x3x4 B=2x4x5", "np.matmul(A, B)", "result = np.einsum('ijk,ikl->ijl', A, B)"),
    ("A=2x3x4 B=4x5", "np.matmul(A, B)", "result = np.einsum('ijk,kl->ijl', A, B)"),
    ("A=2x1x3x4 B=6x4x5", "np.matmul(A[:, 0], B[0])", "result = np.einsum('ijk,kl->ijl', A[:, 0], B[0])"),
    ("A=6x4", "A[1:4] @ A[1:4].T", "result = np.einsum('ij,kj->ik', A[1:4], A[1:4])"),
    ("x=7", "x[1:] - x[:-1]", "result = x[1:] - x[:x.shape[0] - 1]"),
    (
        "x=7 y=7",
        "np.dot(x[1:] - x[:-1], y[1:] + y[:-1]) / 2",
        (
            "result = 0.5 * np.einsum('i,i->', x[1:], y[1:]) + 0.5 * np.einsum('i,i->', x[1:], "
            "y[:y.shape[0] - 1]) - 0.5 * np.einsum('i,i->', x[:y.shape[0] - 1], y[1:]) - "
            "0.5 * np.einsum('i,i->', x[:y.shape[0] - 1], y[:y.shape[0] - 1])"
        ),
    ),
    ("A=3x4", "A[0] + A[-1]", "result = A[0] + A[A.shape[0] - 1]"),
    ("A=3x4x5", "A[..., 0] @ A[0, 0, :4]", "result = np.einsum('ij,j->i', A[:, :, 0], A[0, 0, :4])"),
    ("A=3x4x5", "A[:, 1]", "result = A[:, 1]"),
    ("A=3x4", "np.ones((2, 3)) @ A", "result = np.einsum('ij,k->kj', A, np.ones(2))"),
    ("A=3x4", "A - np.full((3, 4), 2.5)", "result = A - 2.5"),
    (
        "A=3x3 lam=s",
        "A + lam * np.eye(3)",
        "result = np.zeros((3, 3))\nresult += A\nnp.einsum('ii->i', result)[...] += lam",
    ),
    (
        "X=5x3 y=5 lam=s w=3",
        "X.T @ (X @ w - y) + lam * w",
        "result = np.einsum('ij,ik,k->j', X, X, w) - np.einsum('ij,i->j', X, y) + lam * w",
    ),
    ("A=3x4", "np.add(A, A)", "result = 2 * A"),
    (
        "A=3x4 B=3x4",
        "np.subtract(np.multiply(A, B), np.square(A))",
        "result = np.einsum('ij,ij->ij', A, B) - np.einsum('ij,ij->ij', A, A)",
    ),
    ("A=3x4", "np.power(A, 3)", "result = np.einsum('ij,ij,ij->ij', A, A, A)"),
    ("A=2x3", "np.expand_dims(A, 1) * A[None]", "result = np.einsum('ij,kj->ikj', A, A)"),
    ("A=2x1x3 B=3x4", "A.squeeze(1) @ B", "result = np.einsum('ij,jk->ik', A[:, 0], B)"),
    ("A=2x3 B=4x3", "A.unsqueeze(1).expand(-1, 4, -1) * B", "result = np.einsum('ij,kj->ikj', A, B)"),
    ("A=2x3", "np.broadcast_to(A, (4, 2, 3))", "result = np.einsum('ij,k->kij', A, np.ones(4))"),
    (
        "C=2x4 A=2x3 B=3x4 alpha=s beta=s",
        "torch.addmm(C, A, B, beta=beta, alpha=alpha)",
        "result = beta * C + alpha * np.einsum('ik,kj->ij', A, B)",
    ),
    ("C=2x4 A=2x3 B=3x4", "C += A @ B", "C += np.einsum('ij,jk->ik', A, B)"),
    ("C=2x4 A=2x3 B=3x4", "C -= 2 * A @ B", "C -= 2 * np.einsum('ij,jk->ik', A, B)"),
    ("C=2x4 A=2x3 B=3x4", "C[:] = A @ B", "C = np.einsum('ij,jk->ik', A, B)"),
    ("C=2x4 A=2x3 B=3x4", "np.matmul(A, B, out=C)", "C = np.einsum('ij,jk->ik', A, B)"),
    ("C=4x4 A=2x3 B=3x4", "C[1:3] += A @ B", "C[1:3] += np.einsum('ij,jk->ik', A, B)"),
    ("Q=3x4 K=5x4 V=5x6", "S = Q @ K.T\nO = S @ V", "O = np.einsum('ij,kj,kl->il', Q, K, V)"),
    (
        "A=3x4 B=4x5 x=5",
        "def f(A, B, x):\n    y = B @ x\n    return A @ y",
        "result = np.einsum('ij,jk,k->i', A, B, x)",
    ),
    ("A=3x4 x=4", "g = lambda M, v: M @ v\ng(A, x)", "result = np.einsum('ij,j->i', A, x)"),
    ("G=3x4x2 H=2x5x3", "np.einsum('iaj,jbi->ab', G, H)", "result = np.einsum('ijk,kli->jl', G, H)"),
    (
        "A=3x4 B=3x4",
        "(A * B).sum(axis=-1, keepdims=True)",
        "result = np.einsum('ij,ij->i', A, B).reshape(A.shape[0], 1)",
    ),
    ("A=3x4 B=3x4", "np.einsum('...i,...i->...', A, B)", "result = np.einsum('ij,ij->i', A, B)"),
    ("A=3x4 B=4x5", "np.einsum(A, [0, 1], B, [1, 2], [0, 2])", "result = np.einsum('ij,jk->ik', A, B)"),
    (
        "x=3x4x6 n=#2",
        "x.reshape(x.shape[0], x.shape[1], n, -1).sum(2)",
        "result = np.einsum('ijkl->ijl', x.reshape(x.shape[0], x.shape[1], n, x.shape[2] // n))",
    ),
    ("x=3x4x6", "x.reshape(-1, 6).T @ x.reshape(-1, 6)", "result = np.einsum('ijk,ijl->kl', x, x)"),
    ("x=3x4x6", "x.flatten(1).sum(1)", "result = np.einsum('ijk->i', x)"),
    ("A=3x4 B=3x4", "A.ravel() @ B.ravel()", "result = np.einsum('ij,ij->', A, B)"),
    ("r=3x4x5 s=5x2", "r.reshape(12, 5) @ s", "result = np.einsum('ijk,kl->ijl', r, s).reshape(12, 2)"),
    ("A=4x4 v=4", "v @ A @ v", "result = np.einsum('i,ij,j->', v, A, v)"),
    ("A=4x4 v=4", "(v[:, None] * A * v[None, :]).sum()", "result = np.einsum('i,ij,j->', v, A, v)"),
    ("A=5x4x4", "torch.diagonal(A, dim1=1, dim2=2).sum(-1)", "result = np.einsum('ijj->i', A)"),
    ("A=5x4x4", "np.trace(A, axis1=1, axis2=2)", "result = np.einsum('ijj->i', A)"),
    ("U=3x4 s=4 V=4x5", "U @ np.diag(s) @ V", "result = np.einsum('ij,j,jk->ik', U, s, V)"),
    ("U=3x4 s=4 V=4x5", "(U * s) @ V", "result = np.einsum('ij,j,jk->ik', U, s, V)"),
    ("p=3 q=4 T=3x4x5", "np.einsum('i,j,ijk', p, q, T)", "result = np.einsum('i,j,ijk->k', p, q, T)"),
    ("T=3x4x5 u=5", "T @ u", "result = np.einsum('ijk,k->ij', T, u)"),
    ("A=3x4 B=4x3", "(A @ B) * (A @ B).T", "result = np.einsum('ij,jk,kl,li->ik', A, B, A, B)"),
    ("A=3x4", "A.sum()", "result = np.einsum('ij->', A)"),
    ("A=3x4", "sum(A)", "result = np.einsum('ij->j', A)"),
    (
        "A=3x4 w=4",
        "np.sum([A[:, j] * w[j] for j in range(4)], axis=0)",
        "result = np.einsum('ij,j->i', A[:, :4], w[:4])",
    ),
    ("a=3 b=3", "-a + b / 4", "result = -a + 0.25 * b"),
    (
        "x=4x6",
        "x.view(4, 2, 3).transpose(1, 2).reshape(4, 6)",
        "result = np.einsum('ijk->ikj', x.reshape(4, 2, 3)).reshape(4, 6)",
    ),
    (
        "emb=7x4 W=4x4",
        "emb @ (W + W.T) @ emb.T / 2",
        ("result = 0.5 * np.einsum('ij,jk,lk->il', emb, W, emb) + 0.5 * np.einsum('ij,kj,lk->il', emb, W, emb)"),
    ),
    ("A=3x4 B=3x4 C=3x4", "np.einsum('ij,ij->i', A, B) @ C", "result = np.einsum('ij,ij,ik->k', A, B, C)"),
    ("w=5 X=5x3", "X.T @ (w[:, None] * X)", "result = np.einsum('ij,i,ik->jk', X, w, X)"),
    ("w=5 X=5x3", "X.T @ np.diag(w) @ X", "result = np.einsum('ij,i,ik->jk', X, w, X)"),
    ("x=2x3x4 y=2x3x4", "torch.sum(x * y, dim=(1, 2))", "result = np.einsum('ijk,ijk->i', x, y)"),
)
"""Shapes (`#2`: a length, `s`: a number), code as people write it, and the statements that it is."""
RANKS = {"A": 2, "B": 2, "x": 1, "y": 1, "v": 1, "T": 3}
REFUSED = (
    (
        "EL807",
        "np.maximum(A, B)",
        "np.maximum(A, B)",
        "np.maximum chooses between elements, which no sum of products does",
    ),
    ("EL807", "np.exp(A) @ B", "np.exp(A)", "np.exp is not a sum of products"),
    ("EL807", "A / B", "A / B", "a quotient of arrays is not a sum of products"),
    ("EL807", "A ** 0.5", "A ** 0.5", "a power like this one is not a product"),
    ("EL807", "A ** -1", "A ** -1", "the power -1 is not a product"),
    ("EL807", "2 ** A", "2 ** A", "a power like this one is not a product"),
    ("EL807", "np.linalg.inv(A) @ B", "np.linalg.inv(A)", "np.linalg.inv is not a sum of products of elements"),
    (
        "EL807",
        "np.where(A > 0, A, 0)",
        "np.where(A > 0, A, 0)",
        "np.where chooses between elements, which no sum of products does",
    ),
    ("EL805", "A > 0", "A > 0", "what is done depends on the elements of an array"),
    ("EL807", "np.abs(A).sum()", "np.abs(A)", "np.abs is not a sum of products"),
    ("EL807", "A.max()", "A.max()", "A.max chooses between elements, which no sum of products does"),
    (
        "EL807",
        "np.maximum.reduce(A, 0)",
        "np.maximum.reduce(A, 0)",
        "np.maximum.reduce chooses between elements, which no sum of products does",
    ),
    (
        "EL807",
        "np.cumsum(x)",
        "np.cumsum(x)",
        "np.cumsum adds up parts of an axis, whose ends depend on the place in the result",
    ),
    ("EL807", "np.sort(x)", "np.sort(x)", "np.sort depends on the order of elements, which no sum of products does"),
    (
        "EL807",
        "np.linalg.matrix_power(A, 3)",
        "np.linalg.matrix_power(A, 3)",
        "np.linalg.matrix_power is a chain of products whose length is a number",
    ),
    ("EL803", "foo(A) @ B", "foo(A)", "what foo does is not known"),
    ("EL803", "A.bar() @ B", "A.bar()", "what A.bar does is not known"),
    ("EL803", "A.bar @ B", "A.bar", "what .bar is here is not known"),
    (
        "EL807",
        "np.stack([x, y])",
        "np.stack([x, y])",
        "np.stack puts arrays side by side, which no sum of products does",
    ),
    (
        "EL807",
        "np.concatenate([x, y])",
        "np.concatenate([x, y])",
        "np.concatenate puts arrays side by side, which no sum of products does",
    ),
    ("EL807", "A.conj() @ B", "A.conj()", "A.conj conjugates, which no einsum does"),
    ("EL807", "A.H @ B", "A.H", ".H conjugates, which no einsum does"),
    ("EL807", "x.repeat(3)", "x.repeat(3)", "x.repeat moves or repeats elements, which no sum of products does"),
    ("EL807", "np.triu(A) @ B", "np.triu(A)", "np.triu leaves elements out by their place, which no einsum does"),
    ("EL807", "np.cross(x, y)", "np.cross(x, y)", "np.cross adds products with signs by their place"),
    ("EL807", "np.prod(A, axis=0)", "np.prod(A, axis=0)", "np.prod multiplies along an axis, which no einsum does"),
    ("EL807", "F.relu(A @ B)", "F.relu(A @ B)", "F.relu chooses between elements, which no sum of products does"),
    (
        "EL807",
        "torch.softmax(A @ B, dim=-1) @ A",
        "torch.softmax(A @ B, dim=-1)",
        "torch.softmax divides by sums of elements, which no sum of products does",
    ),
    ("EL807", "np.sqrt(A)", "np.sqrt(A)", "np.sqrt is not a sum of products"),
    ("EL813", "np.sum(A, axis=2)", "np.sum(A, axis=2)", "an array with 2 axes has no axis 2"),
    ("EL813", "np.sum(A, axis=(0, 0))", "np.sum(A, axis=(0, 0))", "an axis is named twice"),
    ("EL813", "A.sum(axis=x)", "A.sum(axis=x)", "an axis has to be a whole number that the code says"),
    ("EL813", "np.transpose(A, (0,))", "np.transpose(A, (0,))", "1 axes are named of an array that has 2"),
    ("EL813", "np.einsum('ijk->i', A)", "np.einsum('ijk->i', A)", "3 axes are named of an array that has 2"),
    (
        "EL813",
        "np.einsum('ij,jk->iz', A, B)",
        "np.einsum('ij,jk->iz', A, B)",
        "the result has an axis that no operand has",
    ),
    (
        "EL803",
        "np.sum(A, where=B)",
        "np.sum(A, where=B)",
        "np.sum is not supported with these arguments: got an unexpected keyword argument 'where'",
    ),
    (
        "EL803",
        "np.multiply(A, 2, B)",
        "np.multiply(A, 2, B)",
        "np.multiply is not supported with these arguments: too many positional arguments",
    ),
    ("EL806", "A[x]", "x", "an element of an array cannot be an index here"),
    ("EL805", "A[A > 0]", "A > 0", "what is done depends on the elements of an array"),
    ("EL813", "A[0, 0, 0]", "A[0, 0, 0]", "A has 2 axes, 3 are named"),
    ("EL813", "A[..., ...]", "A[..., ...]", "an index has one ellipsis at most"),
    ("EL813", "A[::0]", "A[::0]", "a slice has no step of 0"),
    (
        "EL812",
        "A.reshape(5, -1)",
        "A.reshape(5, -1)",
        "which axes this shape merges or splits is not known without their lengths",
    ),
    ("EL812", "A.squeeze()", "A.squeeze()", "which axes have length 1 is not known"),
    (
        "EL802",
        "A.transpose(0, 1)",
        "A.transpose(0, 1)",
        "transpose(0, 1) swaps axes in torch, and leaves them as they are in numpy",
    ),
    ("EL813", "A @ 2", "A @ 2", "@ takes arrays with axes, and one of these is a number"),
    ("EL807", "np.random.rand(3, 4) @ A", "np.random.rand(3, 4)", "np.random.rand gives random numbers"),
    ("EL807", "np.trace(A, 1)", "np.trace(A, 1)", "a diagonal other than the main one is not an einsum"),
    ("EL813", "x.mT", "x.mT", "a matrix has two axes, and this array has fewer"),
    (
        "EL807",
        "einops.reduce(A, 'a b -> a', 'max')",
        "einops.reduce(A, 'a b -> a', 'max')",
        "reduction by 'max' is not a sum of products",
    ),
    (
        "EL813",
        "einops.rearrange(A, 'a b -> a')",
        "einops.rearrange(A, 'a b -> a')",
        "'b' is on one side of the pattern only",
    ),
    ("EL807", "np.average(A)", "np.average(A)", "np.average divides by a sum of weights"),
    ("EL807", "A.var(0)", "A.var(0)", "A.var is not a sum of products as it stands"),
    ("EL813", "np.tensordot(A, B, 9)", "np.tensordot(A, B, 9)", "9 axes are summed of arrays that have 2 and 2"),
    (
        "EL803",
        "np.bmm(A)",
        "np.bmm(A)",
        "np.bmm is not supported with these arguments: missing a required argument: 'other'",
    ),
    ("EL813", "torch.bmm(A, B)", "torch.bmm(A, B)", "an array with 3 axes is needed here, and this has 2"),
    ("EL802", "np.dot(**{'a': A})", "np.dot(**{'a': A})", "keywords from a dictionary are not supported"),
    ("EL816", "(A + A.T + B + B.T) ** 8", "(A + A.T + B + B.T) ** 8", "this has too many terms"),
    ("EL816", "((A + B) ** 8) ** 8", "((A + B) ** 8) ** 8", "this is a product of too many arrays"),
    ("EL801", "np.einsum('..', A)", "np.einsum('..', A)", "'.' is not a label of an einsum"),
    ("EL813", "A.reshape(-1, -1)", "A.reshape(-1, -1)", "a shape is whole numbers, one of them may be -1"),
    (
        "EL812",
        "T.reshape(3, 5) @ A",
        "T.reshape(3, 5)",
        "which axes this shape merges or splits is not known without their lengths",
    ),
    ("EL807", "np.eye(2, 3) @ A", "np.eye(2, 3)", "only a square identity matrix is supported"),
)
"""The id, the code, the part that the caret is at, and the message."""


def shapes_of(text: str) -> dict[str, tuple[int, ...] | int]:
    """Return shapes by name, lengths as numbers."""
    found: dict[str, tuple[int, ...] | int] = {}
    for word in text.split():
        name, _, shape = word.partition("=")
        found[name] = int(shape[1:]) if shape[0] == "#" else () if shape == "s" else tuple(map(int, shape.split("x")))
    return found


def results_of(text: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return what code leaves: the value of a last line, what its last function gives, or its names."""
    *body, last = ast.parse(text).body
    names = dict(values)
    exec(compile(ast.Module(body, []), "code", "exec"), names)
    if isinstance(last, ast.Expr) and not any(k.arg == "out" for k in getattr(last.value, "keywords", ())):
        return {"result": eval(compile(ast.Expression(last.value), "code", "eval"), names)}
    exec(compile(ast.Module([last], []), "code", "exec"), names)
    if isinstance(last, ast.FunctionDef):
        return {"result": names[last.name](*(names[argument.arg] for argument in last.args.args))}
    return names


TORCH = ("torch", "F.", ".view", "permute", "unsqueeze", ".expand(", "transpose(-2", "flatten(1)")


@pytest.mark.parametrize(("given", "text", "statements"), LIFTED)
def test_lifted(given: str, text: str, statements: str) -> None:
    shapes = shapes_of(given)
    arrays = {name: shape for name, shape in shapes.items() if not isinstance(shape, int)}
    found = lift(text, Notation.NUMPY, None, arrays)
    assert found.text() == statements
    rng = np.random.default_rng(7)
    values: dict[str, Any] = {
        name: shape if isinstance(shape, int) else rng.integers(1, 9, shape).astype(float) if shape else 3
        for name, shape in shapes.items()
    }
    own: dict[str, Any] = {"np": np, "math": math}
    if any(word in text for word in TORCH):
        torch = pytest.importorskip("torch")
        own |= {"torch": torch, "F": torch.nn.functional}
        own |= {name: torch.tensor(one) if isinstance(one, np.ndarray) else one for name, one in values.items()}
    else:
        own |= {name: one.copy() if isinstance(one, np.ndarray) else one for name, one in values.items()}
    for library in ("einops", "opt_einsum"):
        if library in text:
            own[library] = pytest.importorskip(library)
    wanted = results_of(text, own)
    made = {"np": np, **values}
    exec(statements, made)
    for one in found.combinations:
        want = wanted[one.result] if one.result in wanted else wanted["result"]
        have = np.asarray(made[one.result])
        assert have.shape == np.shape(want)
        np.testing.assert_allclose(have, np.asarray(want), rtol=1e-12)


@pytest.mark.parametrize(("id", "text", "place", "message"), REFUSED)
def test_refused(id: str, text: str, place: str | None, message: str) -> None:
    with pytest.raises(LiftError) as refused:
        lift(text, Notation.NUMPY, RANKS)
    error = refused.value
    assert (error.id, error.message) == (id, message)
    assert (text[slice(*error.span)] if error.span is not None else None) == place


def notes(text: str, shapes: dict[str, tuple[int | str | None, ...]] | None = None) -> tuple[str, ...]:
    return lift(text, Notation.NUMPY, None, shapes).combinations[0].notes


def test_a_number_of_axes_that_is_the_only_one_is_taken_and_said() -> None:
    text = "torch.bmm(-A, B)"
    assert lift(text, Notation.NUMPY).text() == "result = -np.einsum('ijk,ikl->ijl', A, B)"
    assert notes(text)[-1:] == ("A is an array with 3 axes: no other number of axes fits",)
    assert not notes("torch.bmm(A, B)")  # which takes no others


def test_readings_are_listed() -> None:
    with pytest.raises(LiftError) as refused:
        lift("C = A @ B", Notation.NUMPY)
    assert refused.value.id == "EL812"
    assert refused.value.message == "how many axes A and B have is not known"
    assert refused.value.hint == (
        "give their shapes: -s A=2x3 -s B=3x2 for C = np.einsum('ij,jk->ik', A, B), "
        "or -s A=2x3 -s B=3 for C = np.einsum('ij,j->i', A, B), "
        "or -s A=2 -s B=2x3 for C = np.einsum('i,ij->j', A, B), or others"
    )


def test_scalars_are_said() -> None:
    text = "C = alpha * A @ B.T"
    shapes: dict[str, tuple[int | str | None, ...]] = {"A": (2, 3), "B": (4, 3)}
    assert lift(text, Notation.NUMPY, None, shapes).text() == "C = alpha * np.einsum('ij,kj->ik', A, B)"
    assert "alpha is taken as one number" in notes(text, shapes)


def test_lengths_are_used_where_nothing_holds_without_them() -> None:
    text = "x.reshape(4, 6) @ y"
    with pytest.raises(LiftError) as refused:
        lift(text, Notation.NUMPY, {"x": 3, "y": 1})
    assert refused.value.id == "EL812"
    shapes: dict[str, tuple[int | str | None, ...]] = {"x": (4, 2, 3), "y": (6,)}
    assert lift(text, Notation.NUMPY, None, shapes).text() == "result = np.einsum('ijk,jk->i', x, y.reshape(2, 3))"
    assert "right for these shapes: x 4x2x3, y 6" in notes(text, shapes)


def test_an_axis_of_length_one_broadcasts_where_it_is_given() -> None:
    text = "A * b"
    assert (
        lift(text, Notation.NUMPY, None, {"A": (3, 4), "b": (1, 4)}).text() == "result = np.einsum('ij,j->ij', A, b[0])"
    )
    assert (
        lift(text, Notation.NUMPY, None, {"A": (3, 4), "b": (3, 4)}).text() == "result = np.einsum('ij,ij->ij', A, b)"
    )


def test_conjugation_is_said() -> None:
    assert "np.vdot conjugates complex numbers; this holds for real ones" in notes(
        "np.vdot(a, b)", {"a": (3,), "b": (3,)}
    )


@pytest.mark.parametrize("text", ["A = A @ B", "A = A.T", "A = A[1:]", "A = A.sum(0, keepdims=True)"])
def test_a_name_may_stand_for_an_array_of_another_shape_later(text: str) -> None:
    found = lift(text, Notation.NUMPY, {"A": 2, "B": 2})
    values = {"A": np.arange(12.0).reshape(3, 4), "B": np.arange(20.0).reshape(4, 5), "np": np}
    wanted, made = dict(values), dict(values)
    exec(text, wanted)
    exec(found.text(), made)
    np.testing.assert_array_equal(made["A"], wanted["A"])


def test_numbers_are_exact() -> None:
    (one,) = lift("0.1 * A + 0.2 * A", Notation.NUMPY, {"A": 2}).combinations
    assert one.summands[0].coefficient == Fraction(3, 10)


def test_contractions_of_many_labels_do_not_depend_on_their_lengths() -> None:
    text = "C = torch.einsum('abcd,cdef,efgh,ghij->abij', A, B, D, E)"
    found = lift(text, Notation.NUMPY, {"A": 4, "B": 4, "D": 4, "E": 4}).text()
    assert found == "C = np.einsum('ijkl,klmn,mnop,opqr->ijqr', A, B, D, E)"


@pytest.mark.parametrize(
    "text",
    [
        "def f(x: Float[Array, 'b n'], W: Float[Array, 'n m']):\n    return x @ W",
        "def f(x: 'Float[Array, \"b n\"]', W: Float[torch.Tensor, 'n m']):\n    return x @ W",
    ],
)
def test_annotations_say_ranks(text: str) -> None:
    assert lift(text, Notation.NUMPY).text() == "result = np.einsum('ij,jk->ik', x, W)"
