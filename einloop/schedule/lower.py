"""Spec and names in, Nest out: one loop per index, in order of appearance, around one statement."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.dtypes import ARITHMETIC, Arithmetic, arithmetic_of, common_dtype
from ..core.errors import OptionError
from ..core.generated import Values
from ..core.names import Names
from ..core.nest import Access, Accumulate, Alloc, Assign, Buffer, Head, Loop, Nest, Statement
from ..core.spec import DOTS, Dots, Index, Operand, Role, Spec
from .prepare import Request, prepare

STRETCHED = "0"
"""The subscript on an axis of size 1 that is repeated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Zero:
    """How the zeros that sums start from are typed: declared, read at run time, like an operand, or floats."""

    dtype: str | None = None
    variable: str | None = None
    like: str | None = None


def lower(spec: Spec, names: Names, request: Request) -> Nest:
    """Return the loop nest of `spec`.

    Raises OptionError where nested lists are asked for and the number of axes is unknown.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> from einloop.core.names import choose_names
    >>> spec = read_subscripts("ij->i")
    >>> lower(spec, choose_names(spec), Request()).body[0].heads[0].index
    'i'
    """
    if request.values is Values.LISTS and spec.dots is Dots.KEPT:
        raise OptionError(
            "EL407",
            "nested lists have no ellipsis: how deep they nest must be known",
            text=spec.source.text,
            hint="give the shapes of the operands",
        )
    inputs = _inputs(spec, names, request)
    zero = _zero(spec, names, request)
    prepared = prepare(spec, names, request, inputs, zero.variable)
    statement, needs_zero = _statement(spec, names, request, prepared.views, zero)
    rank = sum(label != DOTS for label in spec.output)
    result = Buffer(name=names.result, rank=rank, dots=_dots(spec.output), dtype=zero.dtype)
    setup = prepared.statements
    if needs_zero:
        alloc = _alloc(spec, names, zero)
        # a scalar needs no extents: a snippet starts with it, as the article does
        first = not spec.output and not request.checked
        setup = (alloc, *setup) if first else (*setup, alloc)
    heads = tuple(_head(spec, names, index) for index in spec.indices)
    return Nest(inputs=inputs, result=result, prepare=setup, body=nested(heads, (statement,)), checked=request.checked)


def nested(heads: tuple[Head, ...], body: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Return `body` inside one loop per head, the first outermost."""
    for head in reversed(heads):
        body = (Loop(heads=(head,), body=body),)
    return body


def _inputs(spec: Spec, names: Names, request: Request) -> tuple[Buffer, ...]:
    buffers: dict[str, Buffer] = {}
    for number, (name, op) in enumerate(zip(names.operands, spec.operands, strict=True)):
        dtype = request.dtypes[number] if request.dtypes else None
        earlier = buffers.get(name)
        if earlier is not None and earlier.dtype != dtype:
            raise OptionError(
                "EL404", f"{name} is one array, with dtype {earlier.dtype} and {dtype} at once", operand=number
            )
        rank = sum(label != DOTS for label in op.labels)
        dots = None if spec.dots is Dots.EMPTY else op.dots
        buffers.setdefault(name, Buffer(name=name, rank=rank, dots=dots, dtype=dtype))
    return tuple(buffers.values())


def _zero(spec: Spec, names: Names, request: Request) -> _Zero:
    if request.values is Values.LISTS:
        return _Zero()
    if request.dtypes is not None:
        common = common_dtype(request.dtypes)
        return _Zero(dtype=common) if common in ARITHMETIC else _Zero(like=names.operands[0])
    if not request.checked:
        return _Zero()
    return _Zero(like=names.operands[0]) if spec.is_view else _Zero(variable=names.local("dtype"))


def _statement(
    spec: Spec, names: Names, request: Request, views: tuple[str, ...], zero: _Zero
) -> tuple[Statement, bool]:
    """Return the innermost statement, and whether its target has to exist before."""
    output = tuple(names.index[label] for label in spec.output)
    target = Access(buffer=names.result, subscripts=output, dots=_dots(spec.output))
    boxed = request.checked and request.values is Values.ARRAYS
    factors = tuple(_factor(spec, names, op, view, boxed=boxed) for op, view in zip(spec.operands, views, strict=True))
    logic = arithmetic_of(zero.dtype) is Arithmetic.LOGIC
    typed_scalar = not spec.output and zero.variable is not None
    if spec.summed or typed_scalar:
        return Accumulate(target=target, factors=factors, logic=logic), True
    computed = not spec.is_view and (
        zero.variable is not None or zero.dtype == "object" or request.values is Values.LISTS
    )
    return Assign(target=target, factors=factors, logic=logic, from_zero=computed), bool(spec.output)


def _factor(spec: Spec, names: Names, operand: Operand, view: str, *, boxed: bool) -> Access:
    labels = operand.labels
    if spec.dots is Dots.EMPTY:
        labels = tuple(label for label in labels if label != DOTS)
    subscripts = tuple(
        STRETCHED if axis in operand.stretched else names.index[label] for axis, label in enumerate(labels)
    )
    return Access(buffer=view, subscripts=subscripts, dots=_dots(labels), boxed=boxed and not labels)


def _alloc(spec: Spec, names: Names, zero: _Zero) -> Alloc:
    return Alloc(
        buffer=names.result,
        extents=tuple(names.extent[label] for label in spec.output),
        subscripts=tuple(names.index[label] for label in spec.output),
        dots=_dots(spec.output),
        dtype=zero.dtype,
        variable=zero.variable,
        like=zero.like,
    )


def _head(spec: Spec, names: Names, index: Index) -> Head:
    places = [(names.operands[place.operand], place.axis) for place in index.places]
    if index.role is Role.FREE:
        axis, dots = spec.output.index(index.label), _dots(spec.output)
        places.append((names.result, axis if dots is None or axis <= dots else axis - len(spec.output)))
    return Head(of=index, index=names.index[index.label], extent=names.extent[index.label], places=tuple(places))


def _dots(labels: tuple[str, ...]) -> int | None:
    return labels.index(DOTS) if DOTS in labels else None
