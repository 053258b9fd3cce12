"""Runs every file in examples/article/ on small inputs and compares it with np.einsum.

`python examples/run.py` prints one line per file: the expression, the shapes of inputs and result, what it is. The
exit code is 1 where a result differs. The extents of all indices differ from each other, so that a transposition would
show; the values are whole numbers, so that the comparison is exact.
"""

from __future__ import annotations

from itertools import count

import numpy as np
from make import EXAMPLES, Example

SEED = 0


def inputs(example: Example) -> dict[str, np.ndarray]:
    """Return an array per operand, by name; its axes have 3, 4, 5, ... elements, in the order of the indices."""
    spec = example.generate().spec
    sizes = dict(zip((index.label for index in spec.indices), count(3)))
    rng = np.random.default_rng(SEED)
    shapes = [tuple(sizes[label] for label in operand.labels) for operand in spec.operands]
    arrays = [rng.integers(-9, 10, size=shape).astype(float) for shape in shapes]
    return dict(zip(example.generate().operands, arrays, strict=True))


def run(example: Example, arrays: dict[str, np.ndarray]) -> object:
    """Return what the text of the file computes from the arrays."""
    namespace: dict[str, object] = {"np": np, **arrays}
    exec(compile(example.path.read_text(encoding="utf-8"), example.path.name, "exec"), namespace)
    return namespace[example.generate().result]


def main() -> int:
    """Run all files; return the exit code."""
    different = 0
    for example in EXAMPLES:
        arrays = inputs(example)
        got, wanted = run(example, arrays), np.einsum(example.expression, *arrays.values(), optimize=False)
        equal = np.array_equal(got, wanted)
        different += not equal
        shapes = f"{', '.join(str(array.shape) for array in arrays.values())} -> {np.shape(got)}"
        verdict = "" if equal else "   DIFFERENT from np.einsum"
        print(f"{example.path.name:<26}{example.expression:<17}{shapes:<44}{example.meaning}{verdict}")
    return int(different > 0)


if __name__ == "__main__":
    raise SystemExit(main())
