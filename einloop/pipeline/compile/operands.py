"""The operands of a function before it is called: their names, and the layouts it is first specialised for."""

from __future__ import annotations

from dataclasses import replace

from ...core.bind import Shape
from ...core.layout import Layout
from ...core.options import Options
from ...core.spec import Spec
from ..dtypes import numpy_dtypes
from ..naming import named_by_shapes
from ..reading import bind

Layouts = tuple[Layout, ...]


def named_operands(spec: Spec, options: Options) -> Spec:
    """Return `spec` with the names that options give, a name of its own, or none, for each operand.

    Raises OptionError for names that cannot be.
    """
    plain = _of_operands(options)
    bare = replace(plain, shapes=(), sizes={}, dtypes=())
    return distinct(named_by_shapes(bind(spec, bare), plain))


def first_case(spec: Spec, options: Options) -> Layouts | None:
    """Return the layouts of operands of the shapes and dtypes that options give, None where some extent is not known.

    Raises EinloopError where the shapes do not fit, and where a dtype has no arithmetic.
    """
    plain = replace(_of_operands(options), names=(), result=None)
    dtypes = numpy_dtypes(spec, plain) or ("float64",) * len(spec.operands)
    layouts = []
    for operand, dtype in zip(bind(spec, plain).operands, dtypes, strict=True):
        shape = known(operand.shape)
        if shape is None:
            return None
        layouts.append(Layout(shape=shape, dtype=dtype))
    return tuple(layouts)


def _of_operands(options: Options) -> Options:
    """Return what options say of the operands, without a target, which may be one that has no templates."""
    return replace(options, target="python", schedule=())


def known(shape: Shape | None) -> tuple[int, ...] | None:
    """Return a shape whose extents are all numbers, None for any other.

    >>> known((2, 3)), known(("B", 3)), known(None)
    ((2, 3), None, None)
    """
    if shape is None:
        return None
    numbers = tuple(extent for extent in shape if isinstance(extent, int))
    return numbers if len(numbers) == len(shape) else None


def distinct(spec: Spec) -> Spec:
    """Return `spec` with a name of its own, or none, for each operand: every operand is an array of its own.

    >>> from einloop.notation import read
    >>> spec = distinct(read("einsum('ij,jk->ik', A, A)"))
    >>> [operand.name for operand in spec.operands]
    [None, None]
    """
    names = [operand.name for operand in spec.operands]
    plain = len({(name or f" {n}").rstrip("_").lower() for n, name in enumerate(names)}) == len(names)
    return spec if plain else spec.renamed((None,) * len(names), spec.result)
