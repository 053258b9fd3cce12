"""A Spec, Options and arrays in, the Report that says why one element of the result is what it is out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..analysis.unread import unread_section
from ..analysis.why import (
    MOST_TERMS,
    factors_of,
    locate,
    nonfinite_section,
    place_in,
    reached_section,
    sized,
    symbolic_sections,
    trace,
    traced_sections,
)
from ..core.dtypes import BFLOAT16, dtype_text
from ..core.errors import OptionError, displayed
from ..core.message import Code, Message
from ..core.names import Names, choose_names
from ..core.options import Options, per_operand
from ..core.report import Paragraph, Report, Section
from ..core.spec import Spec
from .colours import colours, marks
from .dtypes import given_dtypes
from .reading import reserved_names
from .whole import check_whole

TOP, MOST_TOP = 10, 10_000
"""How many terms are shown unless more are asked for, and at the most."""


def why(
    spec: Spec,
    options: Options,
    values: Sequence[Any] = (),
    *,
    at: Sequence[int] | None = None,
    top: int = TOP,
    nonfinite: bool = False,
) -> Report:
    """Return the terms of one element of the result.

    `values`: the operands' arrays, one each; without them the page shows which elements meet. `at`: the coordinates,
    which a result without axes does not need. `nonfinite`: the first element that is nan or inf, and why. Raises
    EinloopError.
    """
    if not 1 <= top <= MOST_TOP:
        raise OptionError("EL479", f"top is {displayed(top)}", hint=f"a number of terms, from 1 to {MOST_TOP:,}")
    check_whole(spec)
    names = choose_names(spec, reserved_names(options))
    values, told = _in_numpy(values)
    dtypes = given_dtypes(spec, options)  # refuses those that contradict the arrays
    if nonfinite:
        sections = _nonfinite(spec, names, values, at, top)
    elif values:
        sections = traced_sections(trace(factors_of(spec, names, values, place_in(spec, names, at)), top))
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
        sections=sections if unread is None else (unread, *sections),
        colours=colours(spec, names),
        marks=marks(spec),
    )


def _in_numpy(values: Sequence[Any]) -> tuple[Sequence[Any], tuple[Paragraph, ...]]:
    """Return arrays in dtypes of numpy's: bfloat16 in float32, which holds each of its numbers; and that they are."""
    if not any(dtype_text(value.dtype) == BFLOAT16 for value in values):
        return values, ()
    wide = "float32"
    found = [value.astype(wide) if dtype_text(value.dtype) == BFLOAT16 else value for value in values]
    told = Message("why.bfloat16", {"dtype": Code(BFLOAT16), "wide": Code(wide), "call": Code("np.einsum")})
    return found, (Paragraph(message=told),)


def _nonfinite(
    spec: Spec, names: Names, values: Sequence[Any], at: Sequence[int] | None, top: int
) -> tuple[Section, ...]:
    """Return where the first nan or inf stands with what makes that element, or why there is none."""
    if at is not None:
        raise OptionError(
            "EL473", "coordinates given, and the first nan or inf asked for", hint="leave one of them out"
        )
    if not values:
        raise OptionError("EL420", "nan and inf are looked for in arrays, and none is given", hint="--load, or arrays")
    found = locate(spec, names, values)
    first = nonfinite_section(found, spec, names, values)
    if found.place is None:
        return (first,)
    factors = factors_of(spec, names, values, found.place)
    if factors.count > MOST_TERMS:
        return (first, reached_section(factors))
    return (first, *traced_sections(trace(factors, top)))


def given_arrays(spec: Spec, options: Options, arrays: Sequence[tuple[str | None, Any]]) -> list[Any]:
    """Return the array of every operand, or nothing where none is given.

    Raises OptionError where only some are given, and where two are given for what the expression calls one array.
    """
    if not arrays:
        return []
    found = per_operand(spec, tuple(arrays), "array", reserved_names(options))
    names = choose_names(spec, reserved_names(options)).operands
    known = {name: array for name, array in zip(names, found, strict=True) if array is not None}
    missing = [name for name in names if name not in known]
    if missing:
        raise OptionError(
            "EL420",
            f"an array for {', '.join(known)}, but none for {', '.join(dict.fromkeys(missing))}",
            hint="give every operand's array, or shapes only",
        )
    chosen = []
    for number, (name, array) in enumerate(zip(names, found, strict=True)):
        if array is not None and array is not known[name] and not _same(array, known[name]):
            raise OptionError("EL403", f"{name} is one array, and is given two with different values", operand=number)
        chosen.append(known[name])
    return chosen


def _same(one: Any, two: Any) -> bool:
    return bool(one.dtype == two.dtype and one.shape == two.shape and one.tobytes() == two.tobytes())
