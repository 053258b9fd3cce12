"""A Spec and plain arrays in, what makes one element of its result out: where numpy is not installed."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from ..analysis.elements import result_element
from ..analysis.why.plain import plain_sections as element_sections
from ..analysis.why.values import is_finite
from ..core.dtypes import DTYPES, DtypeKind
from ..core.errors import OptionError
from ..core.message import Code, Message
from ..core.names import Names
from ..core.plain_array import PlainArray, positions
from ..core.report import Fact, Paragraph, Section
from ..core.spec import Spec
from ..evaluate import EinsumValue, evaluate

MAX_POINTS = 3 * 10**6
"""Loop iterations in which nan and inf are looked for: some seconds."""


def plain_sections(
    spec: Spec, names: Names, arrays: Sequence[PlainArray], at: tuple[int, ...] | None, *, top: int
) -> tuple[Section, ...]:
    """Return what makes the element at some coordinates; without them, the first that is nan or inf.

    Raises OptionError where that takes too long, or the elements are no numbers.
    """
    value = evaluate(spec, arrays)
    if at is not None:
        return _element(value, names, at, top)
    dtype = Code(value.dtype)
    kind = DTYPES[value.dtype].kind
    if kind is DtypeKind.OBJECT:
        raise OptionError(
            "EL424",
            f"the elements are of dtype {value.dtype}: numpy does not say which of them are finite",
            hint="convert the operands to floats, with A.astype(float)",
        )
    if kind not in (DtypeKind.FLOAT, DtypeKind.COMPLEX):
        return (_none(Message("why.finite.integers", {"dtype": dtype}), "integers"),)
    points = prod(value.contraction.extents.values())
    if points > MAX_POINTS:
        raise OptionError("EL425", f"without numpy at most {MAX_POINTS:,} loop iterations are computed, not {points:,}")
    place = next((at for at in positions(value.shape) if not is_finite(value.cell(at))), None)
    if place is None:
        return (_none(Message("why.plain.finite"), "loops"),)
    name = result_element(value.spec, names, dict(zip(spec.output, map(str, place), strict=True)))
    lead = Paragraph(message=Message("why.first" if spec.output else "why.only", {"element": Code(name)}), lead=True)
    facts: dict[str, Fact] = {"found": True, "element": name, "at": list(place), "sure": False}
    return (Section(id="nonfinite", parts=(lead,), facts=facts), *_element(value, names, place, top))


def _element(value: EinsumValue, names: Names, at: tuple[int, ...], top: int) -> tuple[Section, ...]:
    return element_sections(value.spec, names, value.operands, at, value=value.cell(at), dtype=value.dtype, top=top)


def _none(message: Message, reason: str) -> Section:
    facts: dict[str, Fact] = {"found": False, "reason": reason, "sure": reason == "integers"}
    return Section(id="nonfinite", parts=(Paragraph(message=message, lead=True),), facts=facts)
