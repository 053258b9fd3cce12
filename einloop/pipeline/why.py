"""A Spec and Options in, the Report that says why one element of the result is what it is out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..analysis.unread import unread_section
from ..analysis.why import place_in, sized, symbolic_sections
from ..core.dtypes import BFLOAT16, dtype_text
from ..core.errors import OptionError, displayed
from ..core.message import Code, Message
from ..core.names import Names, choose_names
from ..core.options import Options
from ..core.report import Paragraph, Report
from ..core.spec import Spec
from ..runners.presence import has_numpy
from .arrays import given_arrays
from .as_call import call_section
from .colours import colours, marks
from .dtypes import given_dtypes
from .reading import reserved_names
from .sections import check_given, check_place, no_arrays
from .whole import check_whole

if TYPE_CHECKING:
    from ..analysis.why.traced import Limits
    from ..core.combination import Statements

TOP, MAX_TOP = 10, 10_000
"""How many terms are shown unless more are asked for, and at the most."""


def why(
    spec: Spec | Statements,
    options: Options,
    *,
    at: Sequence[int] | None = None,
    top: int = TOP,
    nonfinite: bool = False,
    limits: Limits | None = None,
) -> Report:
    """Return the terms of one element of the result.

    Without arrays in `options` the page shows which elements meet. `at`: the coordinates, which a result without axes
    does not need. `nonfinite`: the first element that is nan or inf, and why. `limits`: how much is computed. Raises
    EinloopError.
    """
    if not 1 <= top <= MAX_TOP:
        raise OptionError("EL479", f"top is {displayed(top)}", hint=f"a number of terms, from 1 to {MAX_TOP:,}")
    if not isinstance(spec, Spec):
        from .summed import as_einsum

        plain = as_einsum(spec, options)
        if plain is None:
            from .why_sum import why_sum

            return why_sum(spec, options, at=at, top=top, nonfinite=nonfinite, limits=limits)
        spec = plain
    check_whole(spec)
    names = choose_names(spec, reserved_names(options))
    arrays, told = _in_numpy(_arrays(spec, options, names))
    dtypes = given_dtypes(spec, options)  # refuses those that contradict the arrays
    check_place(at, nonfinite=nonfinite)
    if arrays and not has_numpy():
        from .why_plain import plain_sections

        sections = plain_sections(spec, names, arrays, None if nonfinite else place_in(spec, names, at), top=top)
    elif arrays:
        from ..analysis.why.page import element_sections, nonfinite_sections

        if nonfinite:
            sections = nonfinite_sections(spec, names, arrays, top=top, limits=limits)
        else:
            place = place_in(spec, names, at)
            sections = element_sections(spec, names, arrays, place, top=top, limits=limits)
    elif nonfinite:
        raise no_arrays()
    else:
        known, chosen = sized(spec, names, at)
        names = choose_names(known, reserved_names(options))
        logic = dtypes is not None and set(dtypes) == {"bool"}
        sections = symbolic_sections(known, names, place_in(known, names, at), top, chosen, logic=logic)
    if told:
        sections = (replace(sections[0], parts=(*sections[0].parts, *told)), *sections[1:])
    unread = unread_section(spec)
    return Report(
        kind="why",
        subject=spec.source.text or spec.subscripts,
        sections=(*([] if unread is None else [unread]), *sections, *call_section([spec])),
        colours=colours(spec, names),
        marks=marks(spec),
    )


def _in_numpy(arrays: Sequence[Any]) -> tuple[Sequence[Any], tuple[Paragraph, ...]]:
    """Return arrays in dtypes of numpy's: bfloat16 in float32, which holds each of its numbers; and that they are."""
    if not arrays or not has_numpy() or not any(dtype_text(array.dtype) == BFLOAT16 for array in arrays):
        return arrays, ()
    wide = "float32"
    found = [array.astype(wide) if dtype_text(array.dtype) == BFLOAT16 else array for array in arrays]
    told = Message("why.bfloat16", {"dtype": Code(BFLOAT16), "wide": Code(wide), "call": Code("np.einsum")})
    return found, (Paragraph(message=told),)


def _arrays(spec: Spec, options: Options, names: Names) -> list[Any]:
    """Return the array of every operand, or nothing where none is given. Raises OptionError where some are missing."""
    arrays = given_arrays(spec, options)
    check_given(arrays, names.operands)
    return [arrays[name] for name in names.operands] if arrays else []
