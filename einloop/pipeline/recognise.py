"""By what form code is recognised where no notation reads a text: C, Python loops, numpy code. Reads nothing."""

from __future__ import annotations

import ast
import re

from ..core.source import Notation

_C = re.compile(
    r"^\s*(?:#\s*(?:include|define|pragma|if)|(?:static|inline|extern|const|void|int|float|double|size_t|unsigned"
    r"|long|short|char|struct|typedef)\b[\w\s*]*[\w*]\s*[\(;={\[])|\bfor\s*\([^()\n]*;|\*/",
    re.M,
)
_LOOPS = (ast.For, ast.While, ast.FunctionDef, ast.ListComp, ast.GeneratorExp, ast.AugAssign, ast.If)
_ARRAYS = (ast.MatMult, ast.Call, ast.Attribute, ast.Slice, ast.Lambda)


def code_notation(text: str, *, sure: bool = True) -> Notation | None:
    """Return how a text is written where it is code, None where it is none.

    `sure`: only where nothing but code looks so; else any Python that computes will do.

    >>> [code_notation(text) for text in ("A @ B.T", "for i in range(n): y[i] = x[i]", "ij,jk->ik", "a * b")]
    [<Notation.NUMPY: 'numpy'>, <Notation.LOOPS: 'loops'>, None, None]
    >>> code_notation("a * b", sure=False), code_notation("void f(int n, float *x) { x[0] = n; }")
    (<Notation.NUMPY: 'numpy'>, <Notation.C: 'c'>)
    """
    if _C.search(text):
        return Notation.C
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if any(isinstance(node, _LOOPS) for node in nodes):
        return Notation.LOOPS
    likely = any(isinstance(node, _ARRAYS) for node in nodes)
    return Notation.NUMPY if likely or (not sure and any(isinstance(n, ast.BinOp) for n in nodes)) else None
