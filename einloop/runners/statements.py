"""Statements and values by name in, the values of their results out, computed by np.einsum."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from operator import mod, truediv
from typing import Any

import numpy as np

from ..core.bind import bind_sizes, show_shape
from ..core.bind_sum import NAME, ONE_SHAPE, input_names
from ..core.combination import Combination, Statements, Summand
from ..core.errors import OptionError, ShapeError, displayed
from ..core.near import meant
from ..core.part_text import UnsaidError, tree_of
from ..core.parts import OPERATORS, PartReader
from .arrays import as_array

NUMBERS = (int, float, complex)


def run_statements(statements: Statements, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the results by name. Raises OptionError where a value is missing, or does not fit.

    >>> from einloop.lifting import lift
    >>> from einloop.core.source import Notation
    >>> run_statements(lift("y = x + x", Notation.NUMPY, {"x": 1}), {"x": [1, 2]})["y"]
    array([2, 4])
    """
    known = {name: value if isinstance(value, NUMBERS) else as_array(value, name) for name, value in values.items()}
    known |= _lengths(statements, known)
    results: dict[str, Any] = {}
    for combination in statements.combinations:
        results[combination.result] = known[combination.result] = _value(combination, known)
    return results


def _value(combination: Combination, known: Mapping[str, Any]) -> Any:
    """Return the new value of a result."""
    texts = combination.texts
    terms = [_summand(summand, texts, known) for summand in combination.summands]
    total: Any = terms[0] if terms else 0
    for term in terms[1:]:
        total = _added(combination, total, term)
    if combination.target is None and not combination.adds:
        if not combination.shape:
            return total
        shape = tuple(_evaluated(text, known) for text in combination.shape)
        return np.reshape(total, shape) if combination.summands else np.zeros(shape)
    if combination.result not in known:
        what = "is added to" if combination.adds else "is written in part"
        raise OptionError("EL420", f"{combination.result} {what}, and no value of it is given")
    old = np.array(known[combination.result])
    text = combination.target or f"{combination.result}[...]"
    new = _evaluated(text, {**known, combination.result: old}) + total if combination.adds else total
    if np.result_type(new) != old.dtype:
        old = old.astype(np.result_type(old, new))
    target = tree_of(text)
    if not isinstance(target, ast.Subscript):
        raise OptionError("EL420", f"{text} is nothing that is written to")
    owner = _value_of(target.value, {**known, combination.result: old}, text)
    owner[_value_of(target.slice, known, text)] = new
    return old


def check_values(statements: Statements, values: Mapping[str, Any]) -> None:
    """Raise OptionError for a value of a name that neither the statements nor their text has."""
    names = [*input_names(statements), *(one.result for one in statements.combinations)]
    text = " ".join((statements.combinations[0].source.text, *_texts(statements)))
    words = {*names, *NAME.findall(text)}
    unknown = next((name for name in values if name not in words), None)
    if unknown is not None:
        raise OptionError("EL404", f"nothing here is called {unknown!r}", hint=meant(unknown, names) or None)


def _added(combination: Combination, total: Any, more: Any) -> Any:
    """Return the sum of two terms. Raises ShapeError where they have different shapes."""
    try:
        return total + more
    except ValueError:
        shapes = " and ".join(show_shape(np.shape(term)) for term in (total, more))
        message = f"the terms of {combination.result} have the shapes {shapes} for these values"
        raise ShapeError("EL205", message, text=combination.source.text, hint=ONE_SHAPE) from None


def _summand(summand: Summand, texts: Mapping[str, str], known: Mapping[str, Any]) -> Any:
    operands = [_evaluated(texts.get(name, name), known) for name in summand.names]
    if operands:
        bind_sizes(summand.spec, [np.shape(operand) for operand in operands])  # says what does not fit
    value: Any = np.einsum(summand.spec.subscripts, *operands) if operands else 1
    for text in summand.factors:
        value = value * _evaluated(text, known)
    if summand.coefficient != 1:
        coefficient = summand.coefficient
        value = value * (coefficient if isinstance(coefficient, NUMBERS) else float(coefficient))
    for text in summand.divisors:
        value = value / _evaluated(text, known)
    return value


def _evaluated(text: str, known: Mapping[str, Any]) -> Any:
    """Return the value of what a view, a factor or a target says. Raises OptionError."""
    return _value_of(tree_of(text), known, text)


def _value_of(tree: ast.expr, known: Mapping[str, Any], text: str) -> Any:
    try:
        return _Values(known, _ones).value(tree)
    except UnsaidError as error:
        raise OptionError("EL420", f"{error} is nothing that statements say") from None
    except (ValueError, IndexError, TypeError, AttributeError, ZeroDivisionError) as error:
        if isinstance(error, OptionError):
            raise
        raise OptionError(
            "EL420",
            f"{displayed(text)} does not fit the values given: {error}",
        ) from None


def _ones(size: int) -> Any:
    return np.ones(size, dtype=int)


class _Values(PartReader):
    """Reads what stands in statements: arithmetic on all numbers, and what numpy does to arrays."""

    __slots__ = ()

    def number(self, node: ast.expr, depth: int) -> Any:
        """Return the value of arithmetic, of an array in another order, and of a number."""
        match node:
            case ast.Name(id=name):
                raise OptionError("EL420", f"no value is given for {name}", hint=f"give it: {name}=...")
            case ast.Constant(value=value):
                return value
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self.value(operand, depth)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in MORE:
                return MORE[type(op)](self.value(left, depth), self.value(right, depth))
            case ast.Attribute(attr="T", value=array):
                return np.transpose(self.value(array, depth))
        return super().number(node, depth)

    def called(self, node: ast.Call, depth: int) -> Any:
        """Return what a function or a method of numpy gives."""
        match node.func:
            case ast.Attribute(value=ast.Name(id="np"), attr="sqrt" | "einsum" as name):
                return getattr(np, name)(*(self.value(one, depth) for one in node.args))
            case ast.Attribute(value=owner, attr="transpose" | "ravel" as name):
                return getattr(self.value(owner, depth), name)(*(self.value(one, depth) for one in node.args))
        return super().called(node, depth)


MORE: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    **OPERATORS,
    ast.Div: truediv,
    ast.Mod: mod,
    ast.Pow: pow,
}
"""What is computed with numbers that are no lengths too."""


def _lengths(statements: Statements, known: Mapping[str, Any]) -> dict[str, int]:
    """Return lengths that are not given and that arrays say: `A.reshape(n, m)` of an array with two axes."""
    found: dict[str, int] = {}
    for node in (node for text in _texts(statements) for node in ast.walk(ast.parse(text, mode="eval"))):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="reshape"), args=shape) if name in known:
                lengths = np.shape(known[name])
                for axis, length in zip(shape, lengths, strict=True) if len(lengths) == len(shape) else ():
                    if isinstance(axis, ast.Name) and axis.id not in known:
                        found.setdefault(axis.id, length)
    return found


def _texts(statements: Statements) -> Iterable[str]:
    for combination in statements.combinations:
        yield from (view.text for view in combination.views)
