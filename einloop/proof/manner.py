"""How the inputs of a case are handed over: how they lie in memory, how often the loops are called."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.generated import Values
from .einsum import Array
from .subject import Subject
from .ways import Manner

GARBAGE = 99
"""What stands between the elements of an array with gaps along its first and last axis."""


LAYOUTS = (Manner.COLUMNS, Manner.GAPS, Manner.BACKWARDS, Manner.LOCKED)

MIXED = {
    Manner.ROWS_COLUMNS: (Manner.PLAIN, Manner.COLUMNS),
    Manner.COLUMNS_ROWS: (Manner.COLUMNS, Manner.PLAIN),
}
"""What each input lies like where they lie differently, in turn."""


def handed(array: Array, manner: Manner) -> Array:
    """Return a copy of `array` that lies in memory as `manner` says.

    >>> handed(np.eye(2), Manner.GAPS).strides, handed(np.eye(2), Manner.BACKWARDS).strides
    ((80, 16), (-16, -8))
    """
    view = array.copy(order="F" if manner is Manner.COLUMNS else "C")
    if manner is Manner.GAPS and array.ndim:
        ends = {0, array.ndim - 1}
        sizes = [2 * size + 1 if axis in ends else size for axis, size in enumerate(array.shape)]
        home = np.full(sizes, GARBAGE).astype(array.dtype)
        view = home[tuple(slice(1, None, 2) if axis in ends else slice(None) for axis in range(array.ndim))]
        view[...] = array
    elif manner is Manner.BACKWARDS and array.ndim:
        view = view[(slice(None, None, -1),) * array.ndim]
        view[...] = array
    view.flags.writeable = manner is not Manner.LOCKED
    return view


def passed(subject: Subject, arrays: Sequence[Array], manner: Manner = Manner.PLAIN) -> list[object]:
    """Return the inputs as a text takes them: nested lists, arrays that may not be written to, or scalars.

    What a person's loops write into is told afterwards. In a mixed manner they lie differently. Loops that are given
    one array for every input get the first one.
    """
    if subject.contract.values is Values.LISTS:
        return [array.tolist() for array in arrays]
    manners = MIXED.get(manner, (manner,))
    inputs: list[object] = []
    for number, (name, array) in enumerate(zip(subject.inputs, arrays, strict=True)):
        if name in subject.lengths:
            inputs.append(int(array))
        elif array.ndim or subject.contract.checked or name in subject.dotted:
            laid = handed(array, manners[number % len(manners)])
            laid.flags.writeable &= subject.lenient
            inputs.append(laid)
        else:
            inputs.append(array.copy()[()])
    return [inputs[0]] * len(inputs) if manner is Manner.SHARED else inputs
