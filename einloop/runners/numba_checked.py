"""Numba's loops behind a function that looks at the shapes of its arrays: the quick way into them from Python.

Numba's dispatcher refuses arrays of other dtypes, ranks and layouts with a TypeError; shapes it does not know. They are
compared in machine code, where it costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..core.program import Program
from .numba_function import Overload, kind_of_result, kinds_of_inputs, overload

NAME = "checked"

FILLING = '''

{entry}.targetoptions.update(_nrt=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)


@njit({options})
def {name}({arrays}, out):
    """Write the result into `out`, and return True; return False where an array has another shape."""
    if {wrong}:
        return False
    {entry}({arrays}, out)
    return True
'''

GIVING = '''

{entry}.targetoptions.update(no_cpython_wrapper=True, no_cfunc_wrapper=True)


@njit(_nrt=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
def element_of({arrays}):
    """Return the only element of the result."""
    out = np.empty((), np.{dtype})
    {entry}({arrays}, out)
    return out[()]


@njit({options})
def {name}({arrays}):
    """Return the only element of the result; None where an array has another shape."""
    if {wrong}:
        return None
    return element_of({arrays})
'''

PLAIN = "_nrt=False, no_cfunc_wrapper=True"
"""What is called from Python makes no arrays itself: those that it is given need no counter of Numba's own, which takes
40 ns each. What it calls would inherit that. It is called from nowhere else, so that nothing else needs a wrapper."""


def checked(program: Program, shapes: Sequence[tuple[int, ...]], *, lengthy: bool) -> Overload:
    """Return the loops of a program for inputs of these shapes, compiled, as a function that returns whether they are.

    It is called with the inputs and the array that is written, or with the inputs alone where the result has no axes:
    it then returns the element, or None for other shapes. `lengthy`: other threads may run meanwhile. Raises RunError
    where Numba is not installed or refuses the text.
    """
    result = kind_of_result(program)
    text = program.text + _checks(program, shapes, lengthy=lengthy)
    return overload(text, NAME, kinds_of_inputs(program), result if result[1] else None)


def _checks(program: Program, shapes: Sequence[tuple[int, ...]], *, lengthy: bool) -> str:
    """Return the text of the function around a program's own."""
    result = program.nest.result
    names = [f"array_{number}" for number in range(len(shapes))]
    # that there are no axes the dispatcher knows
    wrong = [f"{name}.shape != {shape}" for name, shape in zip(names, shapes, strict=True) if shape]
    return (FILLING if result.extents else GIVING).format(
        name=NAME,
        entry=program.entry,
        arrays=", ".join(names),
        wrong=" or ".join(wrong) or "False",
        dtype="bool_" if result.dtype == "bool" else result.dtype,
        options=f"{PLAIN}, nogil=True" if lengthy else PLAIN,
    )
