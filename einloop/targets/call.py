"""A bound Spec in, the text of a function out that calls np.einsum. Writes no text itself."""

from __future__ import annotations

from ..core.names import Names
from ..core.spec import Spec
from .environment import environment
from .target import load_target

FILE = "equivalents/call.j2"


def write_call(
    spec: Spec,
    names: Names,
    *,
    dtype: str,
    converted: tuple[str, ...],
    path: tuple[tuple[int, ...], ...],
    empty: bool,
) -> str:
    """Return a function `call` of the operands and the result, which it fills with what np.einsum computes.

    `converted` are operands that are first converted to the common `dtype`, `path` the steps in which operands are
    taken; with `empty` there is nothing to multiply.
    """
    return (
        environment(load_target("python"))
        .get_template(FILE)
        .render(
            subscripts=spec.subscripts,
            operands=names.operands,
            result=names.result,
            is_view=spec.is_view,
            dtype=dtype,
            converted=converted,
            path=path,
            empty=empty,
        )
    )
