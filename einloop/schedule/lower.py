"""Spec and names in, Nest out: one loop per index, in order of appearance, around one statement."""

from __future__ import annotations

from ..core.buffer import Access, Buffer
from ..core.dtypes import ARITHMETIC, Arithmetic, arithmetic_of, common_dtype, summing_dtype
from ..core.errors import OptionError
from ..core.generated import Values
from ..core.names import Names
from ..core.nest import Accumulate, Assign, Dtypes, Head, Nest, Stage, Statement, Zero
from ..core.path import Step
from ..core.spec import DOTS, Dots, Index, Role, Spec
from .pieces import dots_at, nested, zeros
from .prepare import Request, prepare

STRETCHED = "0"
"""The subscript on an axis of size 1 that is repeated."""


def lower(spec: Spec, names: Names, request: Request, path: tuple[Step, ...] = ()) -> Nest:
    """Return the loop nest of `spec`, or along a `path` one nest for each of its steps.

    Raises OptionError where nested lists are asked for and the number of axes is unknown.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> from einloop.core.names import choose_names
    >>> spec = read_subscripts("ij->i")
    >>> lower(spec, choose_names(spec), Request()).body[0].heads[0].index
    'i'
    """
    if request.values is not Values.ARRAYS and spec.dots is Dots.KEPT:
        what = "nested lists have" if request.values is Values.LISTS else "this language has"
        raise OptionError(
            "EL407",
            f"{what} no ellipsis: how deep they nest must be known"
            if request.values is Values.LISTS
            else f"{what} no ellipsis: the number of axes must be known",
            text=spec.source.text,
            hint="give the shapes of the operands",
        )
    inputs = _inputs(spec, names, request)
    dtypes = _dtypes(spec, names, request)
    prepared = prepare(spec, names, request, inputs, dtypes)
    rank = sum(label != DOTS for label in spec.output)
    result = Buffer(
        name=names.result,
        rank=rank,
        dots=dots_at(spec.output),
        dtype=dtypes.result.dtype,
        extents=tuple(names.extent[label] for label in spec.output),
    )
    pointers = request.values is Values.POINTERS
    boxed = pointers or (request.checked and request.values is Values.ARRAYS)
    factors = tuple(
        _factor(spec, names, number, view, request, boxed=boxed) for number, view in enumerate(prepared.views)
    )
    setup = prepared.statements
    if path:
        from .steps import lower_steps

        stages = lower_steps(spec, names, path, factors, dtypes, boxed=pointers)
        return Nest(inputs=inputs, result=result, prepare=setup, stages=stages, checked=request.checked, dtypes=dtypes)
    statement, needs_zero = _statement(spec, names, request, factors, dtypes)
    if needs_zero:
        alloc = zeros(names, names.result, spec.output, dtypes.result)
        # a scalar needs no extents: a snippet starts with it, as the article does
        first = not spec.output and not request.checked and not pointers
        setup = (alloc, *setup) if first else (*setup, alloc)
    heads = tuple(_head(spec, names, index) for index in spec.indices)
    stage = Stage(setup=(), body=nested(heads, (statement,)), zero=dtypes.sums)
    return Nest(inputs=inputs, result=result, prepare=setup, stages=(stage,), checked=request.checked, dtypes=dtypes)


def _inputs(spec: Spec, names: Names, request: Request) -> tuple[Buffer, ...]:
    buffers: dict[str, Buffer] = {}
    for number, (name, op) in enumerate(zip(names.operands, spec.operands, strict=True)):
        dtype = request.dtypes[number] if request.dtypes else None
        earlier = buffers.get(name)
        if earlier is not None and earlier.dtype != dtype:
            raise OptionError(
                "EL403", f"{name} is one array, with dtype {earlier.dtype} and {dtype} at once", operand=number
            )
        rank = sum(label != DOTS for label in op.labels)
        dots = None if spec.dots is Dots.EMPTY else op.dots
        extents = tuple(
            "1" if axis in op.stretched else names.extent.get(label, "") for axis, label in enumerate(op.labels)
        )
        strides = request.strides[number] if request.strides else None
        if earlier is not None and earlier.strides != strides:
            raise OptionError("EL403", f"{name} is one array, with two layouts at once", operand=number)
        buffers.setdefault(name, Buffer(name=name, rank=rank, dots=dots, dtype=dtype, extents=extents, strides=strides))
    return tuple(buffers.values())


def _dtypes(spec: Spec, names: Names, request: Request) -> Dtypes:
    """Return how zeros are typed: those of sums, and of products of three and more, as wide as these ask for."""
    zero = _zero(spec, names, request)
    if not spec.summed and len(spec.operands) <= 2:
        return Dtypes(result=zero, sums=zero)  # one product at most: it is rounded once anyhow
    if zero.variable is not None:
        return Dtypes(result=zero, sums=Zero(variable=names.local("wide")))
    return Dtypes(result=zero, sums=zero if zero.dtype is None else Zero(dtype=summing_dtype(zero.dtype)))


def _zero(spec: Spec, names: Names, request: Request) -> Zero:
    """Return how the zeros of the result are typed."""
    if request.values is Values.LISTS:
        return Zero()
    if request.dtypes is not None:
        common = common_dtype(request.dtypes)
        return Zero(dtype=common) if common in ARITHMETIC else Zero(like=names.operands[0])
    if not request.checked:
        return Zero()
    return Zero(like=names.operands[0]) if spec.is_view else Zero(variable=names.local("dtype"))


def _statement(
    spec: Spec, names: Names, request: Request, factors: tuple[Access, ...], dtypes: Dtypes
) -> tuple[Statement, bool]:
    """Return the innermost statement, and whether its target has to exist before."""
    zero, wide = dtypes.result, dtypes.wide
    output = tuple(names.index[label] for label in spec.output)
    target = Access(
        buffer=names.result,
        subscripts=output,
        dots=dots_at(spec.output),
        boxed=request.values is Values.POINTERS and not output,
        extents=tuple(names.extent[label] for label in spec.output),
        dtype=zero.dtype,
    )
    logic = arithmetic_of(zero.dtype) is Arithmetic.LOGIC
    typed_scalar = not spec.output and zero.variable is not None
    if spec.summed or typed_scalar:
        return Accumulate(target=target, factors=factors, logic=logic, wide=wide), True
    computed = not spec.is_view and (
        zero.variable is not None or zero.dtype == "object" or request.values is Values.LISTS
    )
    return Assign(target=target, factors=factors, logic=logic, from_zero=computed, wide=wide), bool(spec.output)


def _factor(spec: Spec, names: Names, number: int, view: str, request: Request, *, boxed: bool) -> Access:
    operand = spec.operands[number]
    labels = operand.labels
    if spec.dots is Dots.EMPTY:
        labels = tuple(label for label in labels if label != DOTS)
    subscripts = tuple(
        STRETCHED if axis in operand.stretched else names.index[label] for axis, label in enumerate(labels)
    )
    extents = tuple(
        "1" if axis in operand.stretched else names.extent.get(label, "") for axis, label in enumerate(labels)
    )
    return Access(
        buffer=view,
        subscripts=subscripts,
        dots=dots_at(labels),
        boxed=boxed and not labels,
        extents=extents,
        dtype=request.dtypes[number] if request.dtypes else None,
        strides=request.strides[number] if request.strides else None,
    )


def _head(spec: Spec, names: Names, index: Index) -> Head:
    places = [(names.operands[place.operand], place.axis) for place in index.places]
    if index.role is Role.FREE:
        axis, dots = spec.output.index(index.label), dots_at(spec.output)
        places.append((names.result, axis if dots is None or axis <= dots else axis - len(spec.output)))
    return Head(of=index, index=names.index[index.label], extent=names.extent[index.label], places=tuple(places))
