"""Statements and values by name in, the values of their results out, computed by np.einsum."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ..core.combination import Combination, Statements, Summand
from ..core.errors import OptionError, displayed
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
    texts = {view.name: view.text for view in combination.views}
    total: Any = 0
    for summand in combination.summands:
        total = total + _summand(summand, texts, known)
    if combination.target is None and not combination.adds:
        if not combination.shape:
            return total
        shape = tuple(_evaluated(text, known) for text in combination.shape)
        return np.reshape(total, shape) if combination.summands else np.zeros(shape)
    if combination.result not in known:
        what = "is added to" if combination.adds else "is written in part"
        raise OptionError("EL420", f"{combination.result} {what}, and no value of it is given")
    old = np.array(known[combination.result])
    target = ast.parse(combination.target or f"{combination.result}[...]", mode="eval").body
    new = _walked(target, {**known, combination.result: old}) + total if combination.adds else total
    if np.result_type(new) != old.dtype:
        old = old.astype(np.result_type(old, new))
    if not isinstance(target, ast.Subscript):
        raise OptionError("EL420", f"{ast.unparse(target)} is nothing that is written to")
    owner = _walked(target.value, {**known, combination.result: old})
    owner[_walked(target.slice, known)] = new
    return old


def _summand(summand: Summand, texts: Mapping[str, str], known: Mapping[str, Any]) -> Any:
    operands = [_evaluated(texts.get(name, name), known) for name in summand.names]
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
    try:
        return _walked(ast.parse(text, mode="eval").body, known)
    except (ValueError, IndexError, TypeError, ZeroDivisionError) as error:
        if isinstance(error, OptionError):
            raise
        raise OptionError("EL420", f"{displayed(text)} does not fit the values given: {error}") from None


def _walked(node: ast.expr | None, known: Mapping[str, Any]) -> Any:  # noqa: PLR0911, PLR0912 (a case a construct)
    """Return the value of an expression: names, numbers, arithmetic, parts, shapes, reshape, ones."""
    match node:
        case None:
            return None
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            if name not in known:
                raise OptionError("EL420", f"no value is given for {name}", hint=f"give it: {name}=...")
            return known[name]
        case ast.Tuple(elts=parts):
            return tuple(_walked(part, known) for part in parts)
        case ast.Slice():
            return slice(_walked(node.lower, known), _walked(node.upper, known), _walked(node.step, known))
        case ast.Subscript():
            return _walked(node.value, known)[_walked(node.slice, known)]
        case ast.UnaryOp(op=ast.USub()):
            return -_walked(node.operand, known)
        case ast.BinOp():
            return OPERATORS[type(node.op)](_walked(node.left, known), _walked(node.right, known))
        case ast.Attribute(attr="shape" | "T" as name):
            return getattr(np.asarray(_walked(node.value, known)), name)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr="ones")):
            (shape,) = (_walked(argument, known) for argument in node.args)
            return np.ones(shape, dtype=int)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr="sqrt"), args=[argument]):
            return np.sqrt(_walked(argument, known))
        case ast.Call(func=ast.Name(id="len"), args=[argument]):
            return len(_walked(argument, known))
        case ast.Call(func=ast.Attribute(value=owner, attr="reshape" | "transpose" | "ravel" as name)):
            return getattr(np.asarray(_walked(owner, known)), name)(*(_walked(one, known) for one in node.args))
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr="einsum"), args=[subscripts, array]):
            return np.einsum(_walked(subscripts, known), _walked(array, known))
    raise OptionError("EL420", f"{ast.unparse(node)} is nothing that statements say")


OPERATORS: Mapping[type[ast.operator], Any] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
    ast.Pow: lambda a, b: a**b,
}


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
