"""Which element is asked for, and sizes for an expression whose shapes are unknown. Reads no arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NoReturn

from ...core.bind import bind_sizes
from ...core.errors import OptionError
from ...core.names import Names
from ...core.sizes import check_ties, covered_rank, needs_cube, one_array_one_shape, sensible_sizes, tied_indices
from ...core.spec import DOTS, Spec


def place_in(spec: Spec, names: Names, at: Sequence[int] | None) -> tuple[int, ...]:
    """Return the coordinates of the element that `at` means; negative ones count from the end.

    Every extent of the result must be known. Raises OptionError where an element of that many coordinates, or at that
    place, does not exist.

    >>> from einloop.core.names import choose_names
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = bind_sizes(read_subscripts("ij->ij"), [(2, 3)])
    >>> place_in(spec, choose_names(spec), (0, -1))
    (0, 2)
    """
    given = () if at is None else tuple(at)
    if len(given) != len(spec.output) or (at is None and spec.output):
        _refuse_count(spec, names, at)
    sizes = [spec.by_label[label].extent for label in spec.output]
    found = []
    for axis, (label, place, size) in enumerate(zip(spec.output, given, sizes, strict=True)):
        assert isinstance(size, int)
        if not -size <= place < size:
            _refuse_place(names, label, axis, place, size)
        found.append(place % size)
    return tuple(found)


def _refuse_count(spec: Spec, names: Names, at: Sequence[int] | None) -> NoReturn:
    wanted = [names.index[label] for label in spec.output]
    axes = f"{len(wanted)} ax{'i' if len(wanted) == 1 else 'e'}s ({', '.join(wanted)})"
    if not wanted:
        raise OptionError(
            "EL421",
            f"{_coordinates(at or ())} given, but the result is one number",
            hint="leave the coordinates out",
        )
    if at is None:
        raise OptionError(
            "EL421",
            f"which element? The result has {axes}",
            hint=f"give {_coordinates(wanted)}, such as {','.join('0' for _ in wanted)}",
        )
    raise OptionError("EL421", f"{_coordinates(at)} given, but the result has {axes}")


def _coordinates(at: Sequence[object]) -> str:
    return f"{len(at)} coordinate{'s' * (len(at) != 1)}"


def _refuse_place(names: Names, label: str, axis: int, place: int, size: int) -> NoReturn:
    shown = "an axis of '...'" if label.startswith(DOTS) else repr(names.index[label])
    if not size:
        raise OptionError("EL422", f"{shown}, axis {axis} of the result, has size 0: the result has no elements")
    raise OptionError(
        "EL422",
        f"{place} is out of range for {shown}, axis {axis} of the result, which has size {size}",
        axis=axis,
        hint=f"from {-size} to {size - 1}",
    )


def sized(spec: Spec, names: Names, at: Sequence[int] | None) -> tuple[Spec, tuple[str, ...]]:
    """Return `spec` with a number for every extent, and the labels of the indices whose extent was chosen here.

    Free indices reach at least to the coordinates asked for. Raises OptionError as `place_in` does, where the number
    of axes shows that no element has these coordinates.
    """
    known = {index.label for index in spec.indices if isinstance(index.extent, int)}
    named = [label for label in spec.output if label != DOTS]
    covered = max(len(at or ()) - len(named), 0) if DOTS in spec.output else 0
    if len(at or ()) != len(named) + covered:
        _refuse_count(spec, names, at)
    if len(known) == len(spec.indices) and all(op.shape is not None for op in spec.operands):
        return spec, ()
    sizes = _reaching(spec, names, sensible_sizes(spec, names), known, at)
    rank = [covered_rank(spec, names.operands, number, covered) for number in range(len(spec.operands))]
    extra = _extra(spec, at, _cube(spec, names, sizes, at), max([covered, *rank]))
    shapes = []
    for number, op in enumerate(spec.operands):
        shape: list[int] = []
        for axis, label in enumerate(op.labels):
            if label == DOTS:
                shape += extra[len(extra) - rank[number] :] if rank[number] else []
            else:
                shape.append(1 if axis in op.stretched else sizes[label])
        shapes.append(tuple(shape))
    bound = bind_sizes(spec, one_array_one_shape(spec, shapes))
    check_ties(bound)
    return bound, tuple(index.label for index in bound.indices if index.label not in known)


def _reaching(
    spec: Spec, names: Names, sizes: dict[str, int], known: set[str], at: Sequence[int] | None
) -> dict[str, int]:
    """Return the sizes with those chosen here large enough for the coordinates; what is tied grows together."""
    dots = spec.output.index(DOTS) if DOTS in spec.output else len(spec.output)
    after = len(spec.output) - dots - 1
    places = list(at or ())
    front = dict(zip(spec.output[:dots], places, strict=False))
    back = dict(zip(spec.output[dots + 1 :], places[len(places) - after :] if after > 0 else [], strict=False))
    wanted = {label: _reach(place) for label, place in (front | back).items()}
    grown = dict(sizes)
    for group in tied_indices(spec, names.operands):
        least = max(wanted.get(index.label, 0) for index in group)
        if not any(index.label in known for index in group):
            grown |= {index.label: max(sizes[index.label], least) for index in group}
    most = _cube(spec, names, grown, at)
    return {label: most if most and label not in known else size for label, size in grown.items()}


def _cube(spec: Spec, names: Names, sizes: Mapping[str, int], at: Sequence[int] | None) -> int:
    """Return the one extent of all axes where one array stands under several ellipses; else 0."""
    if not needs_cube(spec, names.operands):
        return 0
    return max(2, *sizes.values(), *(_reach(place) for place in at or ()))


def _reach(place: int) -> int:
    """Return how long an axis is that has this place."""
    return place + 1 if place >= 0 else -place


def _extra(spec: Spec, at: Sequence[int] | None, cube: int, rank: int) -> list[int]:
    """Return extents for the axes that ellipses of unknown rank cover: they reach to the coordinates asked for."""
    if DOTS not in spec.output:
        return [cube or 2] * rank
    dots = spec.output.index(DOTS)
    covered = max(len(at or ()) - len(spec.output) + 1, 0)
    inside = list(at or ())[dots : dots + covered]
    least = [0] * (rank - len(inside)) + [_reach(place) for place in inside]
    return [max(cube or 2, size) for size in least]
