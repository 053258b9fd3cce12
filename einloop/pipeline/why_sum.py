"""Statements and Options in, the Report that says why one element of a sum of einsums is what it is out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..analysis.why import place_in, sized
from ..analysis.why.sum_symbolic import sum_symbolic
from ..core.bind_sum import bind_statements, input_names
from ..core.combination import Statements
from ..core.errors import OptionError
from ..core.joined import Joined, join
from ..core.message import Code, Message
from ..core.options import Options
from ..core.report import Fact, Paragraph, Report, Section
from ..runners.presence import has_numpy
from .colours import colours
from .reading import reserved_names
from .sections import check_given, check_place, no_arrays
from .summed import arrays_by_name, bound, subject

if TYPE_CHECKING:
    from ..analysis.why.traced import Limits


Computing = tuple[Callable[[tuple[int, ...]], tuple[Section, ...]], Callable[[], "tuple[int, ...] | None"]]


def why_sum(
    statements: Statements,
    options: Options,
    *,
    at: Sequence[int] | None = None,
    top: int,
    nonfinite: bool = False,
    limits: Limits | None = None,
) -> Report:
    """Return the terms of one element: of the result that `options` name, else of the last one. Raises EinloopError."""
    statements = bound(_up_to(statements, options.result), options)
    check_place(at, nonfinite=nonfinite)
    found = join(statements, reserved_names(options))
    arrays = arrays_by_name(statements, options)
    if arrays:
        check_given(arrays, input_names(statements))
        sections = _of_values(found, arrays, at, top=top, nonfinite=nonfinite, limits=limits)
    elif nonfinite:
        raise no_arrays()
    else:
        found, sections = _symbolic(found, options, at, top)
    return Report(kind="why", subject=subject(statements), sections=sections, colours=colours(found.spec, found.names))


def _up_to(statements: Statements, result: str | None) -> Statements:
    """Return the statements up to the one that is asked for. Raises OptionError where there is no such result."""
    names = [combination.result for combination in statements.combinations]
    if result is None or len(names) == 1:
        return statements
    if result not in names:
        raise OptionError("EL404", f"no result is called {result!r}; there are {', '.join(names)}")
    last = len(names) - 1 - names[::-1].index(result)
    return replace(statements, combinations=statements.combinations[: last + 1])


def _of_values(
    found: Joined,
    arrays: Mapping[str, Any],
    at: Sequence[int] | None,
    *,
    top: int,
    nonfinite: bool,
    limits: Limits | None,
) -> tuple[Section, ...]:
    """Return what makes the element, which numpy computes where it is installed."""
    element, first = (_by_numpy if has_numpy() else _plainly)(found, arrays, top, limits)
    if not nonfinite:
        return element(_place(found, at))
    place = first()
    if place is None:
        sure = has_numpy()
        message = Message("why.finite.all_computed" if sure else "why.plain.finite")
        facts: dict[str, Fact] = {"found": False, "reason": "computed" if sure else "loops", "sure": sure}
        return (Section(id="nonfinite", parts=(Paragraph(message=message, lead=True),), facts=facts),)
    sections = element(place)
    name = str(sections[0].facts["element"])
    lead = Paragraph(message=Message("why.first" if place else "why.only", {"element": Code(name)}), lead=True)
    told = Section(id="nonfinite", parts=(lead,), facts={"found": True, "element": name, "at": list(place)})
    return (told, *sections)


def _by_numpy(found: Joined, arrays: Mapping[str, Any], top: int, limits: Limits | None) -> Computing:
    """Return what tells of an element, and what finds the first that is nan or inf; of earlier statements numpy's
    values are taken."""
    from ..analysis.why.sum_numpy import NumpySums
    from ..analysis.why.sum_page import sum_element
    from ..analysis.why.sum_values import computed, first_not_finite
    from ..analysis.why.traced import USUAL

    *earlier, last = found.statements.combinations
    known = dict(arrays)
    for combination in earlier:
        value = computed(combination, known)
        if combination.target is not None:
            raise OptionError("EL420", f"{combination.target} is a part, which is not computed here")
        known[combination.result] = value

    def element(place: tuple[int, ...]) -> tuple[Section, ...]:
        source = NumpySums(combination=last, arrays=known, at=place, top=top, limits=limits or USUAL)
        return sum_element(found, source, place)

    return element, lambda: first_not_finite(computed(last, known))


def _plainly(found: Joined, arrays: Mapping[str, Any], top: int, limits: Limits | None) -> Computing:
    """Return the same where numpy is not installed."""
    from ..analysis.why.sum_page import sum_element
    from .why_sum_plain import PlainSums, first_odd, last_statement

    statement = last_statement(found, arrays)
    summands = found.statements.combinations[-1].summands

    def element(place: tuple[int, ...]) -> tuple[Section, ...]:
        return sum_element(found, PlainSums(statement=statement, summands=summands, at=place, top=top), place)

    return element, lambda: first_odd(statement)


def _place(found: Joined, at: Sequence[int] | None) -> tuple[int, ...]:
    summands = found.statements.combinations[-1].summands
    if not summands:
        return tuple(at or ())
    return place_in(summands[0].spec, found.names, at)


def _symbolic(
    found: Joined, options: Options, at: Sequence[int] | None, top: int
) -> tuple[Joined, tuple[Section, ...]]:
    """Return the element without values, sizes that are unknown chosen."""
    whole, chosen = sized(found.spec, found.names, at)
    shapes = {op.name: op.shape for op in whole.operands if op.name is not None and op.shape is not None}
    statements = bind_statements(found.statements, shapes)
    made = join(statements, reserved_names(options))
    labels = {index.label for index in made.spec.indices}
    return made, sum_symbolic(made, _place(made, at), top, tuple(x for x in chosen if x in labels))
