"""Spec and names in, Nest out: a loop nest for every step of a path, in order of appearance; one step is one nest."""

from __future__ import annotations

from dataclasses import replace

from ..core.buffer import Access, Buffer, Dtypes, Zero
from ..core.dtypes import ARITHMETIC, common_dtype, summing_dtype
from ..core.errors import OptionError
from ..core.generated import Values
from ..core.names import Names
from ..core.nest import Nest
from ..core.path import Step
from ..core.spec import DOTS, Dots, Spec
from .pieces import STRETCHED, dots_at
from .prepare import Request, prepare
from .steps import lower_steps


def lower(spec: Spec, names: Names, request: Request, path: tuple[Step, ...] = ()) -> Nest:
    """Return the loop nest of `spec`, or along a `path` one nest for each of its steps.

    Raises OptionError where nested lists are asked for and the number of axes is unknown.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> from einloop.core.names import choose_names
    >>> spec = read_subscripts("ij->i")
    >>> lower(spec, choose_names(spec), Request()).body[0].heads[0].index
    'i'
    """
    _check_ellipsis(spec, request)
    inputs = inputs_of(spec, names, request)
    dtypes = _dtypes(spec, names, request)
    prepared = prepare(spec, names, request, inputs, dtypes)
    setup = prepared.statements
    factors = tuple(element(spec, names, number, view, request) for number, view in enumerate(prepared.views))
    whole = Step(taken=tuple(range(len(factors))), terms=(tuple(spec.by_label),), output=spec.output)
    stages = lower_steps(spec, names, path or (whole,), factors, dtypes=dtypes, values=request.values)
    if not path:
        # a scalar needs no extents: a snippet starts with it, as the article does
        first = not spec.output and not request.checked and request.values is not Values.POINTERS
        zeros = stages[0].setup
        setup = (*zeros, *setup) if first else (*setup, *zeros)
        stages = (replace(stages[0], setup=()),)
    result = Buffer(
        name=names.result,
        rank=sum(label != DOTS for label in spec.output),
        dots=dots_at(spec.output),
        dtype=dtypes.result.dtype,
        extents=tuple(names.extent[label] for label in spec.output),
    )
    return Nest(inputs=inputs, result=result, prepare=setup, stages=stages, checked=request.checked, dtypes=dtypes)


def _check_ellipsis(spec: Spec, request: Request) -> None:
    if request.values is Values.ARRAYS or spec.dots is not Dots.KEPT:
        return
    why = "nested lists have no ellipsis: how deep they nest must be known"
    if request.values is Values.POINTERS:
        why = "this language has no ellipsis: the number of axes must be known"
    raise OptionError("EL407", why, text=spec.source.text, hint="give the shapes of the operands")


def inputs_of(spec: Spec, names: Names, request: Request) -> tuple[Buffer, ...]:
    """Return the array of each distinct operand."""
    buffers: dict[str, Buffer] = {}
    for number, (name, op) in enumerate(zip(names.operands, spec.operands, strict=True)):
        made = Buffer(
            name=name,
            rank=sum(label != DOTS for label in op.labels),
            dots=None if spec.dots is Dots.EMPTY else op.dots,
            dtype=request.dtypes[number] if request.dtypes else None,
            extents=_extents(spec, names, number),
            strides=request.strides[number] if request.strides else None,
        )
        first = buffers.setdefault(name, made)
        if first.dtype != made.dtype:
            both = f"with dtype {first.dtype} and {made.dtype} at once"
            raise OptionError("EL403", f"{name} is one array, {both}", operand=number)
        if first.strides != made.strides:
            raise OptionError("EL403", f"{name} is one array, with two layouts at once", operand=number)
    return tuple(buffers.values())


def _extents(spec: Spec, names: Names, number: int) -> tuple[str, ...]:
    """Return the extents of an operand's axes."""
    op = spec.operands[number]
    return tuple("1" if axis in op.stretched else names.extent.get(label, "") for axis, label in enumerate(op.labels))


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


def element(spec: Spec, names: Names, number: int, view: str, request: Request) -> Access:
    """Return the element of an operand, called `view`, that the loops read."""
    op = spec.operands[number]
    kept = [axis for axis, label in enumerate(op.labels) if label != DOTS or spec.dots is not Dots.EMPTY]
    extents = _extents(spec, names, number)
    arrays = request.values is Values.POINTERS or (request.checked and request.values is Values.ARRAYS)
    return Access(
        buffer=view,
        subscripts=tuple(STRETCHED if axis in op.stretched else names.index[op.labels[axis]] for axis in kept),
        dots=dots_at(tuple(op.labels[axis] for axis in kept)),
        boxed=arrays and not kept,
        extents=tuple(extents[axis] for axis in kept),
        dtype=request.dtypes[number] if request.dtypes else None,
        strides=request.strides[number] if request.strides else None,
    )
