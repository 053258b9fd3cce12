"""An expression in a pasted call in; out comes whether it visibly gives an array, and the dtype that its text shows.

Nothing is run: a plain name, an attribute or an element of one may be anything, and is taken for an array of float64.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from ...core.dtypes import COMPLEXES, FLOATS, common_dtype, dtype_name, item_bytes
from ...core.errors import DtypeError


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NUMPY = frozenset({"np", "numpy", "jnp", "cp", "torch"})
"""The names of modules whose functions give arrays."""
NO_ARRAYS = _words(
    "shape split array_split hsplit vsplit dsplit meshgrid nonzero where gradient ix_ broadcast_arrays unstack"
)
"""Those of their functions that give lists or tuples."""
KEEPING = _words(
    "reshape transpose copy swapaxes conj conjugate ravel flatten squeeze repeat take diagonal clip round moveaxis "
    "rollaxis expand_dims broadcast_to flip flipud fliplr rot90 roll tile triu tril diag ascontiguousarray "
    "asfortranarray maximum minimum max min atleast_1d atleast_2d atleast_3d array asarray asanyarray concatenate "
    "stack vstack hstack column_stack negative positive sort permute contiguous unsqueeze dot matmul outer kron "
    "multiply add subtract"
)
"""Functions and methods that give the dtype which their arrays have together."""
ADDING = _words("sum prod cumsum cumprod trace")
"""Those that count bools."""
FILLING = _words("ones zeros empty eye identity rand randn random")
TWO = _words("dot matmul outer kron multiply add subtract divide true_divide solve maximum minimum")
"""Those whose first two arguments are arrays."""
METHODS = KEEPING | ADDING | _words("astype view mean std var any all argsort item")
"""Methods of arrays that give arrays."""
PYTHON = {"bool": "bool", "int": "int64", "float": "float64", "complex": "complex128"}
"""What Python's own types are as dtypes."""
WIDEST = ("bool", "int64", "float64", "complex128", "object")
"""What `.tolist()` and Python make of every kind of number, by `_kind`."""
SMALL_FLOATS = {"bool": "float16", "int8": "float16", "uint8": "float16", "int16": "float32", "uint16": "float32"}
"""The smallest float that holds a whole number; float64 holds the others."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The dtype of an expression. `weak`: a Python number, which takes the dtype of an array beside it. `sure`: it does
    not rest on names whose dtype is not known."""

    dtype: str
    weak: bool = False
    sure: bool = True


UNKNOWN = Seen("float64", sure=False)


def is_loose(node: ast.expr) -> bool:
    """Tell whether an expression may give a list, a tuple, a range or anything else that is not an array.

    Plain names, attributes, elements (`box[0]`), comparisons and literal numbers are taken for arrays, and so are
    numpy's functions and the methods of arrays: people's expressions of arrays give arrays. Displays, comprehensions
    and all other calls are not, nor is what is computed with them.

    >>> [is_loose(ast.parse(text, mode="eval").body) for text in ("self.q.T", "A.copy() - B", "list(A)", "[1] + f(x)")]
    [False, False, True, True]
    """
    match node:
        case ast.Name() | ast.Attribute() | ast.Constant() | ast.Compare():
            return False
        case ast.Subscript(value=inner):
            return _is_row(inner)  # A.tolist()[:]
        case ast.Call(func=ast.Attribute(attr=name) as function):
            names = NUMPY if root(function) in NUMPY else None
            return name in NO_ARRAYS or name == "tolist" if names else name not in METHODS
        case ast.UnaryOp() | ast.NamedExpr() | ast.BinOp() | ast.BoolOp():
            return any(is_loose(part) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr))
        case ast.IfExp(body=body, orelse=orelse):
            return is_loose(body) or is_loose(orelse)
    return True


def seen(node: ast.expr) -> Seen:
    """Return the dtype that the text of an expression shows; float64, which is not sure, where it shows none.

    >>> texts = ("A > 0", "1j * A", "[[1, 2], [3, 4.5]]", "A.astype('f4').T", "2 * A", "f(x)")
    >>> [seen(ast.parse(text, mode="eval").body).dtype for text in texts]
    ['bool', 'complex128', 'float64', 'float32', 'float64', 'float64']
    """
    match node:
        case ast.Constant(value=value):
            found = _number(value)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))):
            found = _number(-value)
        case ast.Compare() | ast.UnaryOp(op=ast.Not()):
            found = Seen("bool")
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            found = _together([_strong(seen(one)) for one in elements]) if elements else Seen("float64")
        case ast.ListComp(elt=inner) | ast.GeneratorExp(elt=inner):
            found = _strong(seen(inner))
        case ast.BoolOp(values=values):
            found = _together([seen(value) for value in values])
        case ast.IfExp(body=body, orelse=orelse):
            found = _together([seen(body), seen(orelse)])
        case ast.Attribute(value=inner, attr=name):
            found = _attribute(seen(inner), name)
        case ast.BinOp():
            found = _computed(node)
        case ast.Call():
            found = _called(node)
        case (
            ast.UnaryOp(operand=inner)
            | ast.Starred(value=inner)
            | ast.NamedExpr(value=inner)
            | ast.Subscript(value=inner)
        ):
            found = seen(inner)
        case _:
            found = UNKNOWN
    return found


def shown_dtype(node: ast.expr) -> str | None:
    """Return the dtype that an argument visibly has, None where nothing shows it."""
    found = seen(node)
    return None if found == UNKNOWN else found.dtype


def root(node: ast.expr) -> str:
    """Return the variable or module at the start of `a.b.c`, '' for what starts with none."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _number(value: object) -> Seen:
    if isinstance(value, int) and not isinstance(value, bool):
        return Seen("int64" if value < 2**63 else "uint64" if value < 2**64 else "object", weak=value < 2**63)
    name = type(value).__name__
    return Seen(PYTHON[name], weak=name != "bool") if isinstance(value, bool | float | complex) else UNKNOWN


def _strong(found: Seen) -> Seen:
    return replace(found, weak=False)


def _kind(dtype: str) -> int:
    """Return where bool, whole numbers, floats, complex numbers and objects stand in this order."""
    kinds = (("bool",), (), FLOATS, COMPLEXES, ("object",))
    return next((number for number, names in enumerate(kinds) if dtype in names), 1)


def _together(found: list[Seen]) -> Seen:
    """Return the dtype that numpy gives arrays and Python numbers together: a number only decides the kind (NEP 50)."""
    arrays = [one.dtype for one in found if not one.weak]
    numbers = [one.dtype for one in found if one.weak]
    sure = all(one.sure for one in found)
    if not arrays or not numbers:
        return Seen(common_dtype(arrays or numbers), weak=not arrays, sure=sure)
    common, widest = common_dtype(arrays), max(numbers, key=_kind)
    if _kind(widest) <= _kind(common):
        return Seen(common, sure=sure)
    if widest == "complex128" and common in FLOATS:
        return Seen(common_dtype([common, "complex64"]), sure=sure)
    return Seen(widest, sure=sure)


def _floating(found: Seen) -> Seen:
    """Return float64 for whole numbers, other dtypes as they are."""
    return found if _kind(found.dtype) > 1 else replace(found, dtype="float64")


def _curved(found: Seen) -> Seen:
    """Return the smallest float that holds whole numbers, other dtypes as they are."""
    return found if _kind(found.dtype) > 1 else replace(found, dtype=SMALL_FLOATS.get(found.dtype, "float64"))


def _real(found: Seen) -> Seen:
    """Return the dtype of the parts of complex numbers, other dtypes as they are."""
    parts = dict(zip(COMPLEXES, FLOATS[1:], strict=False))
    return replace(found, dtype=parts.get(found.dtype, found.dtype))


def _attribute(found: Seen, name: str) -> Seen:
    if name in ("real", "imag"):
        return _real(found)
    return found if name in ("T", "mT", "H") else UNKNOWN


def _computed(node: ast.BinOp) -> Seen:
    """Return the dtype of arithmetic: of `&`, `|` and `^` that of both, of `/` never whole numbers."""
    sides = (node.left, node.right)
    if isinstance(node.op, ast.Mult) and any(map(_is_row, sides)) and any(map(_is_count, sides)):
        return next(seen(side) for side in sides if _is_row(side))  # [1, 2] * 3 repeats
    found = _together([seen(side) for side in sides])
    if isinstance(node.op, ast.Div):
        return _floating(found)
    logic = isinstance(node.op, ast.BitAnd | ast.BitOr | ast.BitXor)
    if logic and not found.sure:
        return Seen("bool") if any(seen(side) == Seen("bool") for side in sides) else UNKNOWN
    square = isinstance(node.op, ast.Pow) and isinstance(node.right, ast.Constant) and node.right.value == 2
    whole = isinstance(node.op, ast.Pow | ast.FloorDiv | ast.Mod | ast.LShift | ast.RShift)
    bools = seen(node.left).dtype == "bool" and (square or (whole and found.dtype == "bool"))
    return replace(found, dtype="int8") if bools else found


def _is_row(node: ast.expr) -> bool:
    """Tell whether an expression visibly gives a list or a tuple."""
    match node:
        case ast.List() | ast.Tuple() | ast.ListComp():
            return True
        case ast.BinOp(left=left, right=right):
            return _is_row(left) or _is_row(right)
        case ast.Subscript(value=inner):
            return _is_row(inner)
        case ast.Call(func=ast.Name(id="list" | "tuple" | "sorted") | ast.Attribute(attr="tolist")):
            return True
    return False


def _is_count(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int)


def unpacked_dtype(operands: Sequence[ast.expr]) -> str | None:
    """Return the dtype that arguments visibly have together, starred ones among them; None where nothing shows it.

    >>> unpacked_dtype(ast.parse("f(*[1j * a for a in x])", mode="eval").body.args)
    'complex128'
    """
    found = [operand.value if isinstance(operand, ast.Starred) else operand for operand in operands]
    common = _together([_strong(seen(operand)) for operand in found])
    return None if common == UNKNOWN else common.dtype


def _dtype_of(node: ast.expr) -> Seen:
    """Return the dtype that `dtype=` or astype is given."""
    text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ast.unparse(node)
    if isinstance(node, ast.Name) and text not in PYTHON:
        return UNKNOWN
    with suppress(DtypeError):
        return Seen(PYTHON.get(text) or dtype_name(text))
    return UNKNOWN


def _called(node: ast.Call) -> Seen:
    """Return the dtype of what a call gives."""
    given = next((keyword.value for keyword in node.keywords if keyword.arg == "dtype"), None)
    if given is not None and not (isinstance(given, ast.Constant) and given.value is None):
        return _dtype_of(given)
    match node.func, node.args:
        case ast.Name(id=name), arguments:
            return _own_call(name, arguments)
        case ast.Attribute(attr="astype" | "to" | "view"), [dtype, *_]:
            return _dtype_of(dtype)
        case ast.Attribute(attr=name) as function, arguments:
            if root(function) in ("np", "numpy"):
                return _function(name, arguments)
            more = arguments if name in TWO else []
            return _common_function(name, [function.value, *more])
    return UNKNOWN


def _own_call(name: str, arguments: list[ast.expr]) -> Seen:
    """Return the dtype of a call of one of Python's own functions."""
    if name in ("range", "len"):
        return Seen("int64", weak=name == "len")
    if name in PYTHON:
        return Seen(PYTHON[name], weak=name != "bool")
    change = {"list": _strong, "tuple": _strong, "sorted": _strong, "reversed": _strong, "abs": _real}.get(name)
    return change(seen(arguments[0])) if change is not None and arguments else UNKNOWN


def _function(name: str, arguments: list[ast.expr]) -> Seen:
    """Return the dtype of what a function of numpy gives."""
    if name in FILLING:
        return _dtype_of(arguments[1]) if len(arguments) > 1 and _is_dtype(arguments[1]) else Seen("float64")
    match name, arguments:
        case "array" | "asarray" | "asanyarray", [_, dtype, *_]:
            return _dtype_of(dtype)
        case "full", [_, value, *_]:
            arrays = [value]
        case "arange", [_, *_]:
            arrays = arguments
        case "where" | "einsum", [_, first, *others]:
            arrays = [first, *others]
        case _:
            with suppress(DtypeError):
                return Seen(dtype_name(name))  # np.float32(x)
            return _common_function(name, arguments)
    return _strong(_together([seen(array) for array in arrays]))


def _is_dtype(node: ast.expr) -> bool:
    """Tell whether a second argument is a dtype: it may be a length."""
    return (
        isinstance(node, ast.Attribute)
        or (isinstance(node, ast.Constant) and isinstance(node.value, str))
        or (isinstance(node, ast.Name) and node.id in PYTHON)
    )


def _common_function(name: str, arguments: list[ast.expr]) -> Seen:
    """Return the dtype of a function of `arguments`, or of the method of the first, that is called so."""
    change = next((change for names, change in CHANGES if name in names), None)
    if isinstance(change, str):
        return Seen(change)
    arrays = arguments[: 2 if name in TWO else 1]
    return change(_strong(_together(list(map(seen, arrays))))) if change is not None and arrays else UNKNOWN


def _listed(found: Seen) -> Seen:
    return replace(found, dtype=WIDEST[_kind(found.dtype)])


def _added(found: Seen) -> Seen:
    """Return the dtype of a sum: numpy adds small whole numbers in 64 bits."""
    whole = found.dtype == "bool" or (_kind(found.dtype) == 1 and item_bytes(found.dtype) < 8)
    return replace(found, dtype="uint64" if found.dtype[0] == "u" else "int64") if whole else found


_LOGICAL = _words(
    "isnan isinf isfinite isclose isin isreal iscomplex logical_and logical_or logical_not logical_xor any all "
    "greater greater_equal less less_equal equal not_equal"
)
_INDICES = _words("argsort argmax argmin argwhere flatnonzero count_nonzero randint integers searchsorted")
_CURVES = _words("exp exp2 expm1 log log2 log10 log1p sqrt sin cos tan sinh cosh tanh arcsin arccos arctan")
CHANGES: tuple[tuple[frozenset[str], str | Callable[[Seen], Seen]], ...] = (
    (_LOGICAL, "bool"),
    (_words("fft ifft fft2 ifft2 fftn ifftn rfft rfft2 rfftn ihfft"), "complex128"),
    (_INDICES, "int64"),
    (KEEPING | _words("ones_like zeros_like empty_like full_like"), lambda found: found),
    (_words("tolist"), _listed),
    (ADDING, _added),
    (_CURVES, _curved),
    (_words("mean inv solve pinv divide true_divide"), _floating),
    (_words("abs absolute real imag"), _real),
    (_words("angle norm std var"), lambda found: _real(_floating(found))),
)
"""What functions make of the dtype of their arrays: always the same, or a change."""
