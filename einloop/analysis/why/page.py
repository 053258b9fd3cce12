"""What was found about an element as Sections: the sum written out, a table of terms, np.einsum's value, findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...core.dtypes import summing_dtype
from ...core.message import Code, Message, Value
from ...core.names import Names
from ...core.report import Fact, Paragraph, Part, Section
from ...core.spec import Spec
from ..elements import result_element
from .cause import Cause, cause, reached
from .element import trace
from .factors import Factors, common_of, factors_of
from .nonfinite import Finite, NonFinite, locate
from .odd_inputs import first_terms, odd_inputs
from .told import same_sum, total_section, traced_sections
from .traced import MAX_TERMS, USUAL, Limits, Traced
from .traps import bits_of, loops_differ, traps
from .values import exact, fact, is_finite, minus, size, text


def element_sections(
    spec: Spec, names: Names, arrays: Sequence[Any], at: tuple[int, ...], *, top: int, limits: Limits | None = None
) -> tuple[Section, ...]:
    """Return what makes the element at some coordinates, with its `top` largest terms."""
    return _traced(trace(factors_of(spec, names, arrays, at), top, limits or USUAL))


def nonfinite_sections(
    spec: Spec, names: Names, arrays: Sequence[Any], *, top: int, limits: Limits | None = None
) -> tuple[Section, ...]:
    """Return where the first nan or inf stands with what makes that element, or why there is none."""
    limits = limits or USUAL
    found = locate(spec, names, arrays, limits)
    first = _first(found, spec, names, arrays)
    if found.place is None:
        return (first,)
    factors = factors_of(spec, names, arrays, found.place)
    if factors.count > MAX_TERMS:
        return (first, _reached(factors))
    return (first, *_traced(trace(factors, top, limits)))


def _traced(traced: Traced) -> tuple[Section, ...]:
    """Return an element, its terms, np.einsum's value beside their sum, and what its dtype does to it."""
    parts: tuple[Part, ...] = ()
    facts: dict[str, Fact] = {}
    if traced.factors.kind.rounds and not is_finite(traced.value):
        why = cause(traced, odd_inputs(traced.factors), first_terms)
        parts, facts = tuple(_caused(why)), {"cause": why.facts["cause"], "inputs": why.facts["inputs"]}
    return traced_sections(traced, (parts, facts), _total(traced), tuple(traps(traced)))


def _caused(why: Cause) -> Iterator[Part]:
    yield Paragraph(message=why.message)
    if why.more > 0:
        yield Paragraph(message=Message("why.cause.more", {"count": why.more}))


def _total(traced: Traced) -> Section:
    """Return np.einsum's value beside the sum of the terms, and what loops give where that is worth telling."""
    same = same_sum(traced, bits_of(traced.factors) if traced.factors.kind.rounds else 0)
    if not loops_differ(traced):
        return total_section(traced, same)
    return total_section(traced, same, [Paragraph(message=_loops(traced))], {"loops": fact(traced.loops)})


def _loops(traced: Traced) -> Message:
    """Return the sentence that says what loops come to, and why."""
    dtype = traced.factors.common.name
    wide = summing_dtype(dtype)
    values: dict[str, Value] = {"value": Code(text(traced.loops, full=True)), "dtype": Code(dtype)}
    if wide != dtype:
        return Message("why.loops.once", values | {"wide": Code(wide)})
    error = size(minus(exact(traced.loops), traced.total)) / (size(traced.total) or traced.magnitude)
    return Message("why.loops.each", values | {"error": Code(f"{float(error):.2g}")})


def _reached(factors: Factors) -> Section:
    """Return which input makes an element nan or inf, where its terms are too many to add up."""
    why = reached(factors, odd_inputs(factors))
    facts: dict[str, Fact] = {"element": factors.text, "terms": factors.count, **why.facts}
    return Section(id="element", parts=tuple(_caused(why)), facts=facts)


def _first(found: NonFinite, spec: Spec, names: Names, arrays: Sequence[Any]) -> Section:
    """Return where the first nan or inf stands, or why there is none."""
    dtype = Code(str(common_of(spec, arrays)[0].name))
    if found.place is None:
        assert found.finite is not None
        values: dict[str, Value] = {"dtype": dtype}
        if found.finite is Finite.BOUND:
            values |= {"bound": Code(f"{found.bound:.2g}"), "limit": Code(f"{found.limit:.2g}")}
        if found.finite is Finite.NEAR:
            values["count"] = found.checked
        message = Message(f"why.finite.{found.finite.value}", values)
        sure = found.finite not in (Finite.NEAR, Finite.UNSURE)
        facts: dict[str, Fact] = {"found": False, "reason": found.finite.value, "sure": sure}
        return Section(id="nonfinite", parts=(Paragraph(message=message, lead=True),), facts=facts)
    name = Code(result_element(spec, names, dict(zip(spec.output, map(str, found.place), strict=True))))
    parts = [Paragraph(message=Message("why.first" if spec.output else "why.only", {"element": name}), lead=True)]
    if found.unsure:
        parts.append(Paragraph(message=Message("why.unsure", {"dtype": dtype})))
    elif found.checked:
        parts.append(Paragraph(message=Message("why.near", {"dtype": dtype, "count": found.checked})))
    if found.sliced:
        parts.append(Paragraph(message=Message("why.sliced", {"element": name})))
    sure = not (found.unsure or found.checked or found.sliced)
    facts = {"found": True, "element": name.text, "at": list(found.place), "sure": sure}
    return Section(id="nonfinite", parts=tuple(parts), facts=facts)
