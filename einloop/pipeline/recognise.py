"""By what form code is recognised where no notation reads a text: C, Python loops, numpy code. Reads nothing."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Sequence

from ..core.source import Notation
from ..notation import looks_like_call
from ..notation.forms import PROGRAM

_C = re.compile(
    r"^\s*(?:#\s*(?:include|define|pragma|if)|(?:static|inline|extern|const|void|int|float|double|size_t|unsigned"
    r"|long|short|char|struct|typedef)\b[\w\s*]*[\w*]\s*[\(;={\[])|\bfor\s*\([^()\n]*;|\*/",
    re.M,
)
_PREAMBLE = re.compile(r"\s*(?:#\s*(?:include|define|pragma|if|ifdef|ifndef)\b|//|/\*)")
_FOR = re.compile(r"for\s+[\w, ()]+\s+in\s")
_SIGNS = re.compile(r"[@(\[:*+/%=]|-(?!>)|\w\.\w")
"""What code has one of, if it computes: no other text is parsed."""
_LOOPS = (
    *(ast.For, ast.While, ast.FunctionDef, ast.ListComp, ast.GeneratorExp, ast.If, ast.IfExp, ast.Match, ast.With),
    *(ast.Try, ast.Import, ast.ImportFrom, ast.Global, ast.Lambda),
)
_OF_NAMES = (
    *(
        ast.Name,
        ast.Constant,
        ast.BinOp,
        ast.UnaryOp,
        ast.Subscript,
        ast.Tuple,
        ast.List,
        ast.Assign,
        ast.AugAssign,
        ast.Module,
    ),
    *(ast.expr_context, ast.operator, ast.unaryop),
)
_ARRAYS = (ast.MatMult, ast.Call, ast.Slice)
_PYTHON = re.compile(r"@|\[[^\]]*:|\'{3}|\"{3}|\bprint\(|\b[fr]['\"]|\bnp\.|\btorch\.|\0")
"""Signs that no formula has."""
_OF_NUMBERS = frozenset({"sqrt", "np.sqrt", "numpy.sqrt", "math.sqrt", "torch.sqrt", "jnp.sqrt", "len"})
_TRANSPOSES = frozenset({"T", "mT", "shape"})


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
    if not _SIGNS.search(text):
        return None
    tree = _parsed(text)
    if tree is None:
        first = text.lstrip().partition("\n")[0]
        begins = PROGRAM.match(first.rstrip()) or _FOR.match(first)
        return Notation.LOOPS if begins else None  # what is wrong with it, Python says
    nodes = list(ast.walk(tree))
    sizes = _sizes(nodes) if all(map(_is_indexed, tree.body)) else set()
    nodes = [node for node in nodes if node not in sizes]
    if any(isinstance(node, _LOOPS) or (isinstance(node, ast.Assign) and _is_list(node.value)) for node in nodes):
        return Notation.LOOPS
    unpacks = any(isinstance(t, (ast.Tuple, ast.List)) for n in nodes if isinstance(n, ast.Assign) for t in n.targets)
    likely = (
        unpacks
        or _changes_a_twin(nodes)
        or any(
            isinstance(node, _ARRAYS) or (isinstance(node, ast.Attribute) and node.attr in _TRANSPOSES)
            for node in nodes
        )
    )
    computes = (ast.BinOp, ast.UnaryOp, ast.Subscript, ast.Assign)
    return Notation.NUMPY if likely or (not sure and any(isinstance(n, computes) for n in nodes)) else None


def _is_indexed(statement: ast.stmt) -> bool:
    """Return whether a statement gives elements a value whose places are names, as formulas do: `S[i, j] = ...`."""
    target: ast.expr | None = statement.target if isinstance(statement, ast.AugAssign) else None
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        (target,) = statement.targets
    if not isinstance(target, ast.Subscript):
        return False
    places = target.slice.elts if isinstance(target.slice, ast.Tuple) else [target.slice]
    return all(isinstance(place, ast.Name) for place in places)


def _sizes(nodes: Sequence[ast.AST]) -> set[ast.AST]:
    """Return what formulas have too: the calls of roots, and lengths: `np.sqrt(d)`, `len(x)`, `A.shape[0]`."""
    found: set[ast.AST] = {node for node in nodes if isinstance(node, ast.Attribute) and node.attr == "shape"}
    for node in nodes:
        if isinstance(node, ast.Call) and ast.unparse(node.func) in _OF_NUMBERS:
            elements = [one.value for one in ast.walk(node) if isinstance(one, ast.Subscript)]
            found |= {node} if found.issuperset(elements) else set()
    return found


def _changes_a_twin(nodes: Sequence[ast.AST]) -> bool:
    """Return whether a name that is given to a thing with another name is changed in place: `y = x; y *= 2`.

    In a formula y alone changes; in Python x does too, if it is an array.
    """
    given = [node for node in nodes if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name)]
    twins = {one.id for node in given for one in (*node.targets, node.value) if isinstance(one, ast.Name)}
    changed = {
        node.target.id for node in nodes if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)
    }
    return not twins.isdisjoint(changed)


def _is_list(node: ast.expr) -> bool:
    return isinstance(node, ast.List) or (isinstance(node, ast.BinOp) and _is_list(node.left))


def of_names(text: str) -> bool:
    """Return whether a text is arithmetic on names and places without an index, which numpy code may be too.

    >>> [of_names(text) for text in ("C = A * B", "s = x[0] * y[-1]", "y_i = A_ij * x_j", "C[i] = A[i] * 2", "c=ab")]
    [True, True, False, False, False]
    """
    tree = _parsed(text) if "_" not in text else None
    nodes = [] if tree is None else [*ast.walk(tree)]
    indices = {part for node in nodes if isinstance(node, ast.Subscript) for part in ast.walk(node.slice)}
    return (
        any(isinstance(node, (ast.BinOp, ast.Subscript)) for node in nodes)
        and all(isinstance(node, _OF_NAMES) for node in nodes)
        and not any(isinstance(part, ast.Name) for part in indices)
    )


def is_arithmetic(text: str) -> bool:
    """Return whether a text is arithmetic on names with signs that no subscripts have, and no statement.

    >>> [is_arithmetic(text) for text in ("(a-b)*(a-b)", "a*b + c", "ij-jk", "C = A * B", "ij,jk->ik")]
    [True, True, False, False, False]
    """
    tree = None if {*"(*+/"}.isdisjoint(text) else _parsed(text)
    nodes = [*ast.walk(tree)] if tree is not None else []
    arithmetic = all(isinstance(node, (ast.Expr, *_OF_NAMES)) for node in nodes)
    return arithmetic and any(isinstance(node, ast.BinOp) for node in nodes) and isinstance(nodes[1], ast.Expr)


def broken_python(text: str) -> bool:
    """Return whether a text is no Python, and has what only Python has: what is wrong with it, Python says.

    >>> [broken_python(text) for text in ("C = (A[:, :] @ ", "A @", "print(f'{x')", "A @ B", "C[i] = A[i", "ij,->")]
    [True, True, True, False, False, False]
    """
    return _parsed(text) is None and _PYTHON.search(text) is not None


def begins_program(line: str) -> bool:
    """Tell whether a line begins a program: an import, a definition, a loop, or a name that gets the value of code.

    >>> [begins_program(x) for x in ("for i in range(n):", "C = np.zeros((n, m))", "s = []", "float dot(int n) {")]
    [True, True, True, True]
    >>> [begins_program(x) for x in ("ij,jk->ik", "C[i] = A[i]", "A @ B", "y = np.einsum('ij->i', A)", "for,of->r")]
    [False, False, False, False, False]
    """
    if _PREAMBLE.match(line) or _C.search(line):
        return True
    if looks_like_call(line):
        return False
    if PROGRAM.match(line):
        return True
    tree = _parsed(line.strip()) if "=" in line else None
    (first, *_) = tree.body if tree is not None and tree.body else (None,)
    if not isinstance(first, ast.Assign):
        return False
    return isinstance(first.value, ast.Constant) or _is_list(first.value) or code_notation(line.strip()) is not None


def _parsed(text: str) -> ast.Module | None:
    """Return the syntax tree of a text, None where it is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
