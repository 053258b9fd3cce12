"""What callers see of a compiled function. Needs no numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...core.options import Options
from ...core.spec import Spec

if TYPE_CHECKING:
    from .specialisations import Specialisations

NOTHING_YET = "Nothing is compiled yet: shapes and dtypes are known at the first call."


class Compiled:
    """A function on arrays that computes an einsum expression: `f(A, B)`, or `f(A, B, out=C)`.

    For shapes, dtypes and strides that are new it is specialised, which may compile; the last 64 are kept. `compile`
    makes one.

    Parameters
    ----------
    *operands : array_like
        One for each operand. Tensors of torch give a tensor, arrays of JAX one of JAX; dtypes combine as numpy's do.
    out : array, optional
        Is filled and returned; it may overlap the operands.

    Returns
    -------
    array
        What np.einsum returns: same shape, dtype (in native byte order) and value, floats within the rounding of
        another order of sums. It is never a view of an operand, and its last axis is always the fastest.

    Raises
    ------
    EinloopError
        For arrays that np.einsum refuses, for tensors that numpy does not read as they are (sparse, on another device,
        with a gradient or a conjugation still to be done), for masked elements, and for arrays that are more than
        numbers to their own library, such as those with units.

    Examples
    --------
    >>> import einloop
    >>> f = einloop.compile("ij,j->i", target="numpy")
    >>> f([[1.0, 2.0], [3.0, 4.0]], [10.0, 100.0]).tolist()
    [210.0, 430.0]
    """

    __slots__ = ("__weakref__", "_made", "_options", "_spec", "_text")

    def __init__(self, text: str, options: Options, spec: Spec, made: Specialisations) -> None:
        self._text = text
        self._options = options
        self._spec = spec
        self._made = made

    def __call__(self, *operands: Any, out: Any = None) -> Any:
        """Return what np.einsum does for these operands, in `out` where that is given."""
        raise NotImplementedError

    @property
    def expression(self) -> str:
        """The expression, in np.einsum's notation."""
        return self._spec.subscripts

    @property
    def source(self) -> str | None:
        """The text that runs, of the specialisation made last; None where there is none yet."""
        return None if self._made.last is None else self._made.last.source

    @property
    def target(self) -> str:
        """What the specialisation made last runs on: "c", "numba", "numpy" or "python"; before, what was asked for."""
        return self._options.target if self._made.last is None else self._made.last.target

    @property
    def decisions(self) -> tuple[str, ...]:
        """What was decided for the specialisation made last, and why, a sentence each: the target, where the text was
        compiled, what sort of work each nest is, and every pass that changed the loops."""
        return (NOTHING_YET,) if self._made.last is None else self._made.last.decisions

    def __dir__(self) -> list[str]:
        return dir(Compiled)  # what its own class adds is for einloop itself

    def __repr__(self) -> str:
        return f"<einloop.Compiled {self.expression!r}, target {self.target!r}>"
