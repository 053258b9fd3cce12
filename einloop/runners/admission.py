"""Refuses inputs that a text is not for, and gives the others as its loops take them. Runs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Number
from typing import Any

from ..core.bind import Shape, bind_sizes, show_shape
from ..core.build import MAX_AXES
from ..core.dtypes import array_dtype, dtype_name, dtype_text
from ..core.errors import EinloopError, RunError
from ..core.generated import Generated, Values
from ..core.libraries import has
from ..core.parts import Shaped
from ..core.spec import DOTS, Spec


def admit(generated: Generated, inputs: Sequence[object]) -> Sequence[object]:
    """Return `inputs` as the loops of a text take them, one for each distinct input.

    Texts that check their arrays are left to do so. Others get native arrays of the dtypes they are for, and scalars
    in place of arrays without axes. Raises ShapeError for what does not fit the expression, RunError for what the text
    is not for.
    """
    if generated.contract.values is Values.LISTS:
        _check_lists(generated, inputs)
        return inputs
    from .arrays import as_admitted  # with numpy, which nested lists do without

    wanted = generated.contract.dtypes or ("",) * len(generated.inputs)
    arrays = [as_admitted(*each) for each in zip(generated.inputs, inputs, wanted, strict=True)]
    if generated.contract.checked:
        for name, array in zip(generated.inputs, arrays, strict=True):
            array_dtype(dtype_text(array.dtype), name, _operand(generated, name))
        return arrays
    _check_shapes(generated, arrays)
    _check_dtypes(generated, arrays)
    if generated.contract.values is Values.POINTERS:
        return arrays
    covering = {
        name for name, op in zip(generated.operands, generated.spec.operands, strict=True) if op.dots is not None
    }
    native = [array.astype(array.dtype.newbyteorder("="), copy=False) for array in arrays]
    named = zip(generated.inputs, native, strict=True)
    return [array if array.ndim or name in covering else array[()] for name, array in named]


def _operand(generated: Generated, name: str) -> int | None:
    """Return which operand an input is, None where it is only given for parts of it."""
    return generated.operands.index(name) if name in generated.operands else None


def _rank(generated: Generated, name: str) -> int:
    """Return how many axes an input has, at least."""
    number = _operand(generated, name)
    if number is not None:
        return len(generated.spec.operands[number].labels)
    return next((one.rank or 0 for one in (generated.viewed.inputs if generated.viewed else ()) if one.name == name), 0)


def _known(shape: Shape) -> tuple[int, ...]:
    """Return a shape that is known in numbers."""
    return tuple(size for size in shape if isinstance(size, int))


def shapes_inside(generated: Generated, arrays: Sequence[Any]) -> dict[str, Shape]:
    """Return the shape of every operand. Raises RunError where an array has not the part that one is."""
    given = dict(zip(generated.inputs, arrays, strict=True))
    if generated.viewed is None:
        return {name: array.shape for name, array in given.items()}
    found = generated.viewed.inside(given)
    if found is None:
        shown = ", ".join(f"{name} of shape {show_shape(array.shape)}" for name, array in given.items() if array.shape)
        parts = ", ".join(view.text for view in generated.viewed.views)
        raise RunError("EL604", f"there is not every part of {parts} in {shown}", text=generated.spec.source.text)
    return {name: getattr(found[name], "shape", ()) for name in generated.operands}


def _check_shapes(generated: Generated, arrays: Sequence[Any]) -> None:
    """Raise an error for shapes that do not fit the expression, and for those that this text is not for."""
    by_name = shapes_inside(generated, arrays)
    spec = generated.spec
    bound = bind_sizes(spec, [by_name[name] for name in generated.operands])
    reason = _sizes_apart(generated, bound) or _stretched_apart(generated, bound) or _lengths_apart(spec, bound)
    if reason is not None:
        shown = ", ".join(show_shape(shape) for shape in (by_name[name] for name in generated.operands))
        raise RunError("EL604", reason, text=spec.source.text, hint=f"generate it with shapes=[{shown}]")


def _sizes_apart(generated: Generated, bound: Spec) -> str | None:
    """Return which number in the text another size should stand for."""
    if not generated.contract.literal:
        return None
    for index in generated.spec.indices:
        size = bound.by_label[index.label].extent
        if isinstance(index.extent, int) and size != index.extent:
            return f"{index.label!r} is {size} here and {index.extent} in this text, which is for no other size"
    return None


def _stretched_apart(generated: Generated, bound: Spec) -> str | None:
    """Return which axis is stretched here and not in the text, or there and not here."""
    for name, op, here in zip(generated.operands, generated.spec.operands, bound.operands, strict=True):
        covered = len(here.labels) - len(op.labels)
        for place, label in enumerate(op.labels):
            axis = place if op.dots is None or place < op.dots else place + covered
            size = None if label == DOTS or here.shape is None else here.shape[axis]
            if size is None:
                continue  # an ellipsis broadcasts whatever it covers
            if place in op.stretched and size != 1:
                return (
                    f"{name} axis {axis} is stretched along {label!r} in this text, so its size must be 1, not {size}"
                )
            if axis in here.stretched and place not in op.stretched:
                return f"{name} axis {axis} has size 1, and this text does not stretch it along {label!r}"
    return None


def _lengths_apart(spec: Spec, bound: Spec) -> str | None:
    """Return which two indices have one length by name, and two here."""
    first: dict[str, str] = {}
    for index in spec.indices:
        if isinstance(index.extent, str):
            other = first.setdefault(index.extent, index.label)
            sizes = bound.by_label[other].extent, bound.by_label[index.label].extent
            if sizes[0] != sizes[1]:
                return (
                    f"{other!r} is {sizes[0]} and {index.label!r} is {sizes[1]}; in this text both are {index.extent}"
                )
    return None


def _check_dtypes(generated: Generated, arrays: Sequence[Any]) -> None:
    """Raise RunError for arrays of another dtype than the text is for; the order of bytes does not matter."""
    wanted = generated.contract.dtypes or ()
    for name, array, dtype in zip(generated.inputs, arrays, wanted, strict=True):
        if array.dtype.newbyteorder("=") != dtype:
            raise RunError(
                "EL603",
                f"{name} has dtype {array.dtype}, and this text is for {dtype}",
                operand=_operand(generated, name),
                hint=_dtype_hint(generated, arrays),
            )


def _dtype_hint(generated: Generated, arrays: Sequence[Any]) -> str:
    """Return with which option there is a text for these arrays."""
    try:
        names = [dtype_name(array.dtype.str) for array in arrays]
    except EinloopError:
        return "function='f' gives a text that takes what np.einsum takes"
    asked = names[0] if len(set(names)) == 1 else dict(zip(generated.inputs, names, strict=True))
    hint = f"dtypes={asked!r}"
    if generated.contract.values is Values.POINTERS:
        hint = f"target='python', {hint}" if "object" in names else hint
    elif generated.style in ("article", "scalar"):
        hint += ", or with function='f' for every dtype"
    else:
        hint = f"style='article', {hint}"
    return f"generate it with {hint}"


def _check_lists(generated: Generated, inputs: Sequence[object]) -> None:
    """Raise an error unless the inputs are nested lists of Python numbers whose shapes fit the expression."""
    shapes: dict[str, Shape] = {}
    truths = True
    for name, value in zip(generated.inputs, inputs, strict=True):
        truths = truths and _holds_truths(value)
        rank = _rank(generated, name)
        for leaf in _leaves(value):
            if not _is_number(leaf):
                what = f"{'is' if leaf is value else 'holds values'} of type {type(leaf).__name__}"
                raise RunError(
                    "EL605",
                    f"{name} {what}; this text takes nested lists of Python numbers",
                    hint=f"pass {name}.tolist()" if has(leaf, "tolist") else None,
                )
        if generated.contract.checked:
            continue  # the text itself looks at how the lists nest
        shape = _nesting(value)
        if shape is None or (len(shape) < rank and 0 in shape):
            why = "rows differ in length" if shape is None else "nothing shows how long the axes in an empty list are"
            raise RunError("EL605", f"{name} is not an array of {rank} axes: {why}")
        shapes[name] = shape
    if shapes:
        lengths = {one.name for one in generated.viewed.inputs if one.length} if generated.viewed else ()
        named = zip(generated.inputs, inputs, strict=True)
        _check_shapes(generated, [v if name in lengths else Shaped(_known(shapes[name])) for name, v in named])
    if truths and not generated.spec.is_view:
        names = " and ".join(generated.inputs)
        raise RunError(
            "EL605",
            f"{names} hold{'s' if len(generated.inputs) == 1 else ''} truth values only; this text computes with "
            "numbers, where np.einsum takes 'or' for a sum and 'and' for a product",
            hint="generate it with dtypes='bool' and another style, or pass 0 and 1",
        )


def _holds_truths(value: object) -> bool:
    """Return whether nested lists hold bools, and nothing else."""
    kinds = {type(leaf) for leaf in _leaves(value)}
    return kinds == {bool}


def _leaves(value: Any, depth: int = 0) -> Iterable[object]:
    """Yield what stands in nested lists. Raises RunError for lists that nest more deeply than any array."""
    if not issubclass(type(value), list | tuple):
        yield value
        return
    if depth > MAX_AXES:
        raise RunError("EL605", f"the lists nest more than {MAX_AXES} deep, and no array has so many axes")
    for item in value:
        yield from _leaves(item, depth + 1)


def _is_number(value: object) -> bool:
    """Return whether a value computes as Python's numbers do: numpy's own integers and narrow floats wrap and round."""
    kind = type(value)
    return issubclass(kind, int | float | complex) or (issubclass(kind, Number) and not has(value, "dtype"))


def _nesting(value: object) -> tuple[int, ...] | None:
    """Return the shape of nested lists as far as they show it, None where rows differ."""
    if not isinstance(value, list | tuple):
        return ()
    inner = {_nesting(item) for item in value}
    if len(inner) > 1 or None in inner:
        return None
    return (len(value), *(inner.pop() or () if inner else ()))
