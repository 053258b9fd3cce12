"""Data of traces, made by hand: a few loops written out, in the form that the page takes."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any

import numpy as np

Data = dict[str, Any]


def texts(array: np.ndarray) -> list[str]:
    return [str(value) for value in array.ravel().tolist()]


def flat_place(at: tuple[int, ...], shape: tuple[int, ...]) -> int:
    return int(np.ravel_multi_index(at, shape)) if at else 0


def described(names: dict[str, tuple[str, str, tuple[int, ...]]], dtype: str) -> list[Data]:
    return [
        {"name": name, "role": role, "axes": list(axes), "shape": list(shape), "dtype": dtype}
        for name, (role, axes, shape) in names.items()
    ]


def traced(
    expression: str,
    operands: list[np.ndarray],
    *,
    total: bool = False,
    code: tuple[str, ...] = (),
    order: str | None = None,
    start: int = 0,
) -> Data:
    """Return the trace of plain loops: one step a product; with `total` each sum is made in a scalar first."""
    inputs, output = expression.split("->")
    axes = inputs.split(",")
    extents = {x: n for one, array in zip(axes, operands, strict=True) for x, n in zip(one, array.shape, strict=True)}
    summed = [x for x in extents if x not in output]
    loops = list(order or (output + "".join(summed) if total else extents))
    dtype = operands[0].dtype
    names = "ABDEF"[: len(axes)]
    shape = tuple(extents[x] for x in output)
    held = np.full(shape, start, dtype)
    arrays = {name: ("operand", one, array.shape) for name, one, array in zip(names, axes, operands, strict=True)}
    if total:
        arrays["total"] = ("total", "", ())
    arrays["C"] = ("result", output, shape)
    data: Data = {
        "kind": "trace",
        "expression": expression,
        "formula": f"C[{','.join(output)}] = Σ_{{{','.join(summed)}}} "
        + "·".join(f"{name}[{','.join(one)}]" for name, one in zip(names, axes, strict=True)),
        "code": list(code or written(names, axes, output, loops, total)),
        "indices": [
            {"name": x, "label": x, "extent": extents[x], "colour": list(extents).index(x), "summed": x in summed}
            for x in loops
        ],
        "arrays": described(arrays, str(dtype)),
        "first": 1,
        "steps": [],
        "notes": [],
    }
    starts = [texts(array) for array in operands] + ([[None]] if total else []) + [texts(held)]
    for array, given in zip(data["arrays"], starts, strict=True):
        array["start"] = given
    line, last, rounds = len(data["code"]), len(data["arrays"]) - 1, -1
    running = dtype.type(0)
    with np.errstate(over="ignore"):
        for number in product(*(range(extents[x]) for x in loops)):
            at = dict(zip(loops, number, strict=True))
            factors, value = [], dtype.type(1)
            for place, (one, array) in enumerate(zip(axes, operands, strict=True)):
                where = tuple(at[x] for x in one)
                factors.append([place, flat_place(where, array.shape), str(array[where])])
                value = dtype.type(value * array[where]) if place else array[where]
            goal = tuple(at[x] for x in output)
            flat = flat_place(goal, shape)
            step = {
                "line": line - total,
                "at": [[loops.index(x), at[x]] for x in loops],
                "terms": [{"factors": factors, "value": str(value)}],
                "why": [["trace.page.place", {"number": len(data["steps"]) + 1, "count": "x"}]],
            }
            if total:
                begins = not any(at[x] for x in summed)
                rounds += begins
                before = dtype.type(0) if begins else running
                running = dtype.type(before + value)
                step |= {"target": [last - 1, 0], "before": str(before), "after": str(running), "begun": rounds}
            else:
                before = held[goal]
                held[goal] = dtype.type(before + value)
                step |= {"target": [last, flat], "before": str(before), "after": str(held[goal]), "begun": 0}
            data["steps"].append(step)
            if total and all(at[x] == extents[x] - 1 for x in summed):
                data["steps"].append(
                    {
                        "line": line,
                        "at": [[loops.index(x), at[x]] for x in output],
                        "target": [last, flat],
                        "terms": [{"factors": [[last - 1, 0, str(running)]], "value": str(running)}],
                        "before": None,
                        "after": str(running),
                        "begun": 0,
                        "why": [],
                    }
                )
    data["count"] = len(data["steps"])
    return data


def written(names: str, axes: list[str], output: str, loops: list[str], total: bool) -> list[str]:
    """Return loops as lines of code."""
    pairs = list(zip(names, axes, strict=True))
    lines = [f"{', '.join(x.upper() for x in one)} = {name}.shape" for name, one in pairs if one]
    lines.append(f"C = np.zeros(({', '.join(x.upper() for x in output)}))")
    depth = 0
    for x in loops:
        if total and depth == len(output):
            lines.append("    " * depth + "total = 0")
        lines.append(f"{'    ' * depth}for {x} in range({x.upper()}):")
        depth += 1
    factors = " * ".join(f"{name}[{', '.join(one)}]" if one else name for name, one in pairs)
    target = "total" if total else f"C[{', '.join(output)}]" if output else "C"
    lines.append(f"{'    ' * depth}{target} += {factors}")
    if total:
        lines.append(f"{'    ' * len(output)}C[{', '.join(output)}] = total")
    return lines


def counted(*shape: int, dtype: str = "int64") -> np.ndarray:
    return (np.arange(prod(shape)) + 1).astype(dtype).reshape(shape)


PRODUCT = "ij,jk->ik"


def matrices(**how: Any) -> Data:
    return traced(PRODUCT, [counted(2, 3), counted(3, 2)], **how)


def batch() -> Data:
    return traced("bij,bjk->bik", [counted(2, 2, 3), counted(2, 3, 4)])


def wrapping() -> Data:
    return traced("i,i->", [np.array([100, 100], "int8"), np.array([2, 2], "int8")])


def large(rows: int = 17, inner: int = 17, columns: int = 18) -> Data:
    return traced(PRODUCT, [counted(rows, inner), counted(inner, columns)])
