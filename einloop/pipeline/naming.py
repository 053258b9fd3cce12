"""Names that shapes and arrays bring along: `q=2x3` calls an operand q where the expression names none."""

from __future__ import annotations

from dataclasses import replace

from ..core.errors import OptionError
from ..core.names import check_name, choose_names
from ..core.options import Options
from ..core.spec import Spec


def named_by_shapes(spec: Spec, options: Options) -> Spec:
    """Return `spec` with the names under which shapes, or else arrays, are given, in the order in which they are given.

    Only where no operand has a name yet, and every operand is given under one. Operands given under one name are one
    array. A default name (A, B ...) keeps its operand. Raises OptionError where the order and a default name contradict
    each other.

    >>> from einloop.notation import read
    >>> spec = named_by_shapes(read("bqd,bkd->bqk"), Options(shapes=(("q", ("B", "L", "D")), ("k", ("B", "M", "D")))))
    >>> [operand.name for operand in spec.operands]
    ['q', 'k']
    """
    if options.names or any(operand.name for operand in spec.operands):
        return spec
    given = [name for name, _ in options.shapes or options.loaded]
    defaults = choose_names(spec).operands
    if len(set(given)) == len(given) and all(name is None or name in defaults for name in given):
        return spec
    names = [check_name(name, "the operand name") for name in given if name is not None]
    if len(names) != len(given) or len(names) != len(defaults):
        return spec  # looking the names up later says which there are
    for place, name in enumerate(names) if len(set(names)) == len(names) else ():
        if name in defaults and defaults.index(name) != place:
            raise OptionError(
                "EL404",
                f"{name!r} is operand {defaults.index(name)} where nothing is named, but is given as number {place}",
                hint="name every operand: --names, or names=[...]",
            )
    operands = zip(spec.operands, names, strict=True)
    return replace(spec, operands=tuple(replace(op, name=name, yields=True) for op, name in operands))
