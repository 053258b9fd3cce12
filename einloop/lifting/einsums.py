"""Subscripts that a text gives to an einsum, or to einops, in; the operation on whole arrays out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import Any

from .extents import Merged, fitting, single
from .grids import Grid, Unfit, broadcast, contract, scaled
from .shapes import reshaped

SIGNS = re.compile(r"->|\.\.\.|[(),]|[^\s(),]+")
MAX_LETTER = 52
Labels = list[object]


def einsum(*arguments: Any) -> Grid:
    """Return np.einsum's result: of subscripts and operands, or of operands with lists of numbers."""
    first, *others = arguments or (None,)
    if not isinstance(first, str) and isinstance(arguments[-1:] and arguments[-1], str):
        return named_einsum(*arguments)
    if not isinstance(first, str):
        return _of_sublists(arguments)
    operands = list(others[0]) if len(others) == 1 and isinstance(others[0], (list, tuple)) else others
    inputs, arrow, output = first.replace(" ", "").partition("->")
    terms = [_letters(term) for term in inputs.split(",")]
    return _labelled([*map(_grid, operands)], terms, _letters(output) if arrow else None)


def ranks_of(name: str, arguments: Sequence[Any]) -> tuple[list[Any], list[int]]:
    """Return the operands of an einsum whose subscripts say it, and how many axes each has; none of anything else."""
    if name not in ("einsum", "contract"):
        return [], []
    first, last = arguments[:1], arguments[-1:]
    if first and isinstance(first[0], str):
        operands = arguments[1][:] if len(arguments) == 2 and isinstance(arguments[1], (list, tuple)) else arguments[1:]
        terms = [[*term.strip().replace(" ", "")] for term in first[0].partition("->")[0].split(",")]
    elif last and isinstance(last[0], str):
        operands, terms = arguments[:-1], [term.split() for term in last[0].partition("->")[0].split(",")]
    else:
        return [], []
    said = [(one, len(term)) for one, term in zip(operands, terms, strict=False) if "." not in "".join(term)]
    return [one for one, _ in said], [rank for _, rank in said]


def _grid(value: Any, what: str = "an operand of this einsum") -> Grid:
    if not isinstance(value, Grid):
        raise Unfit(f"{what} is not an array", "EL802")
    return value


def _letters(term: str) -> Labels:
    """Return the labels of a term; an ellipsis is one of them."""
    found: Labels = []
    for sign in re.findall(r"\.\.\.|.", term):
        if sign != "..." and not (sign.isalpha() and sign.isascii()):
            raise Unfit(f"{sign!r} is not a label of an einsum", "EL801")
        found.append(... if sign == "..." else sign)
    return found


def _of_sublists(arguments: Sequence[Any]) -> Grid:
    """Return the einsum of `A, [0, 1], B, [1, 2], [0, 2]`."""
    pairs = [*zip(arguments[::2], arguments[1::2], strict=False)]
    if any(not isinstance(sublist, (list, tuple)) for _, sublist in pairs) or not pairs:
        raise Unfit("an einsum takes subscripts, or a list of numbers after each operand", "EL802")
    output = arguments[-1] if len(arguments) % 2 else None
    if output is not None and not isinstance(output, (list, tuple)):
        raise Unfit("the output of this einsum is not a list of numbers", "EL802")
    terms = [list(sublist) for _, sublist in pairs]
    for label in (label for term in (*terms, output or ()) for label in term):
        if label is not ... and not (isinstance(label, int) and 0 <= label < MAX_LETTER):
            raise Unfit(f"{label!r} is not a label of an einsum", "EL802")
    return _labelled([_grid(one) for one, _ in pairs], terms, None if output is None else list(output))


def _labelled(operands: list[Grid], terms: list[Labels], output: Labels | None) -> Grid:
    """Return an einsum whose labels may have an ellipsis, and whose output may be left out."""
    if len(operands) != len(terms):
        raise Unfit(f"{len(terms)} terms for {len(operands)} operands")
    depth = 0
    for grid, term in zip(operands, terms, strict=True):
        if ... in term:
            if term.count(...) > 1 or grid.rank < len(term) - 1:
                raise Unfit(f"{len(term) - 1} axes are named of an array that has {grid.rank}")
            depth = max(depth, grid.rank - len(term) + 1)
    if output is None:
        flat = [label for term in terms for label in term]
        once = [label for label in dict.fromkeys(flat) if label is not ... and flat.count(label) == 1]
        output = [*([...] if ... in flat else []), *sorted(once, key=lambda label: (str(type(label)), label))]
    named = [
        _filled(term, grid.rank - len(term) + 1, depth) if ... in term else term
        for grid, term in zip(operands, terms, strict=True)
    ]
    return contract(*_broadcast(operands, named), _filled(output, depth, depth))


def _filled(term: Labels, own: int, depth: int) -> Labels:
    """Return labels with the axes that an ellipsis stands for, counted from the last."""
    found: Labels = []
    for label in term:
        found += [("...", n) for n in range(depth - own, depth)] if label is ... else [label]
    return found


def _broadcast(operands: list[Grid], terms: list[Labels]) -> tuple[list[Grid], list[Labels]]:
    """Return operands with the axes of length 1 as long as those of the same label."""
    longest: dict[object, int] = {}
    for grid, term in zip(operands, terms, strict=True):
        if grid.rank != len(term):
            raise Unfit(f"{len(term)} axes are named of an array that has {grid.rank}")
        for label, length in zip(term, grid.shape, strict=True):
            longest[label] = length if single(longest.get(label, 1)) else longest[label]
    wide = []
    for grid, term in zip(operands, terms, strict=True):
        shape = [longest[label] if single(n) else n for label, n in zip(term, grid.shape, strict=True)]
        wide.append(broadcast(grid, shape))
    return wide, terms


# einops


def rearrange(grid: Any, pattern: Any, **lengths: Any) -> Grid:
    """Return einops.rearrange's result."""
    return _patterned(_grid(grid, "this"), pattern, lengths, None)


def reduce(grid: Any, pattern: Any, reduction: Any = None, **lengths: Any) -> Grid:
    """Return einops.reduce's result for a sum or a mean."""
    if reduction not in ("sum", "mean"):
        raise Unfit(f"reduction by {reduction!r} is not a sum of products", "EL807")
    return _patterned(_grid(grid, "this"), pattern, lengths, reduction)


def repeat(grid: Any, pattern: Any, **lengths: Any) -> Grid:
    """Return einops.repeat's result."""
    return _patterned(_grid(grid, "this"), pattern, lengths, "repeat")


def named_einsum(*arguments: Any) -> Grid:
    """Return einops.einsum's result: operands first, then terms of names."""
    *operands, pattern = arguments
    if not isinstance(pattern, str):
        raise Unfit("the last argument of einops.einsum is its pattern", "EL802")
    inputs, arrow, output = pattern.partition("->")
    if not arrow:
        raise Unfit("einops.einsum needs an arrow", "EL801")
    terms: list[Labels] = [[... if n == "..." else n for n in term.split()] for term in inputs.split(",")]
    return _labelled([*map(_grid, operands)], terms, [... if n == "..." else n for n in output.split()])


Group = list[str]


def _groups(side: str) -> list[Group]:
    """Return the axes of one side of a pattern, each with the names that it is made of."""
    found: list[Group] = []
    group: Group | None = None
    for sign in SIGNS.findall(side):
        if sign == "(" and group is None:
            group = []
        elif sign == ")" and group is not None:
            found.append(group)
            group = None
        elif sign.isidentifier() or sign.isdigit() or sign == "...":
            name = [] if sign == "1" else [sign]
            if group is None:
                found.append(name)
            else:
                group += name
        else:
            raise Unfit(f"{sign!r} is not supported in this pattern", "EL801")
    if group is not None:
        raise Unfit("a parenthesis is not closed in this pattern", "EL801")
    return found


def _patterned(grid: Grid, pattern: Any, lengths: Mapping[str, Any], reduction: str | None) -> Grid:
    """Return what a pattern of einops makes of an array."""
    if not isinstance(pattern, str) or pattern.count("->") != 1:
        raise Unfit("a pattern of einops has two sides and an arrow", "EL801")
    left, right = [*map(_groups, pattern.split("->"))]
    left, right = _without_ellipsis(left, right, grid.rank)
    if len(left) != grid.rank:
        raise Unfit(f"{len(left)} axes are named of an array that has {grid.rank}")
    named = [name for names in left for name in names]
    flat = grid
    start = 0
    for length, names in zip(grid.shape, left, strict=True):
        if sum(name not in lengths for name in names) > 1:
            raise Unfit("all axes in parentheses but one need a length")
        own = [lengths.get(name, length if len(names) == 1 else -1) for name in names]
        if -1 in own or len(names) != 1 or own[0] is not length:
            fitted = fitting([length], own)
            flat = reshaped(flat, [*flat.shape[:start], *fitted, *flat.shape[start + 1 :]])
        start += len(names)
    known = dict(zip(named, flat.shape, strict=True)) | {name: lengths[name] for name in lengths if name not in named}
    kept = [name for names in right for name in names]
    gone = [name for name in named if name not in kept]
    new = [name for name in kept if name not in named]
    if (gone and reduction not in ("sum", "mean")) or (
        new and (reduction != "repeat" or any(n not in known for n in new))
    ):
        raise Unfit(f"{(gone or new)[0]!r} is on one side of the pattern only")
    for name in new:
        flat = broadcast(flat, (known[name], *flat.shape))
    found = contract([flat], [[*reversed(new), *named]], kept)
    if reduction == "mean":
        found = scaled(found, Fraction(1, prod(int(known[name]) for name in gone) or 1))
    if all(len(names) == 1 for names in right):
        return found
    return reshaped(found, [Merged.of([known[name] for name in names]) for names in right])


def _without_ellipsis(left: list[Group], right: list[Group], rank: int) -> tuple[list[Group], list[Group]]:
    """Return both sides with names for the axes that an ellipsis stands for."""
    if ["..."] not in left:
        return left, right
    wild = [[f"_{n}"] for n in range(rank - len(left) + 1)]

    def spread(side: list[Group]) -> list[Group]:
        found: list[Group] = []
        for names in side:
            within = [name for one in names for name in ([w[0] for w in wild] if one == "..." else [one])]
            found += wild if names == ["..."] else [within]
        return found

    return spread(left), spread(right)
