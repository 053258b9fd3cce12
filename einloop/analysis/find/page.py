"""The page of `find`: what fits, each with what it is called; what would tell more; or why nothing fits. Pure data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...core.message import Code, Join, Message, Value, codes
from ...core.names import Names
from ...core.report import Block, Fact, Paragraph, Part, Section
from ...core.spec import Extent, Spec
from ..called import called
from .apart import OneLength, distinct, fits, one_length
from .factor import Factor, means
from .fitting import Gap, Sample, shape_text
from .search import Candidate

if TYPE_CHECKING:
    from .values import Tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A candidate that is shown: as an expression with names, its call, and the factor where values were given."""

    candidate: Candidate
    spec: Spec
    names: Names
    call: str
    factor: Factor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindOutcome:
    """What is told: `hits` are shown, `fit` einsums fit the shapes. `tried` is what values said, where there were any.

    `apart`: those that differ only in the order of equal operands are counted apart.
    `stopped`: the search over shapes was given up, and simpler ones may be missing. `silent`: the result has no
    elements, or only zeros.
    """

    sample: Sample
    names: tuple[str, ...]
    result: str
    hits: tuple[Hit, ...]
    fit: int
    stopped: bool = False
    apart: bool = False
    tried: Tried | None = None
    silent: str | None = None
    near: Hit | None = None


def found_section(outcome: FindOutcome) -> Section:
    """Return how many einsums fit, or give the values, and what was left untried."""
    parts: list[Part] = [Paragraph(message=_verdict(outcome), lead=True)]
    parts += [Paragraph(message=message) for message in _limits(outcome)]
    total = outcome.fit if outcome.tried is None else len(outcome.tried.found)
    facts: dict[str, Fact] = {
        "count": total,
        "fit": outcome.fit,
        "tried": None if outcome.tried is None else outcome.tried.tried,
        "answers": [_facts(hit) for hit in outcome.hits],
    }
    return Section(id="found", parts=tuple(parts), facts=facts)


def answers_section(outcome: FindOutcome) -> Section | None:
    """Return the answers, each with what it is called and its call; or what comes closest. None where there is none."""
    parts = [part for number, hit in enumerate(outcome.hits, 1) for part in _answer(number, hit)]
    parts += _near(outcome)
    return Section(id="answers", parts=tuple(parts)) if parts else None


def gaps_section(outcome: FindOutcome, gaps: Sequence[Gap]) -> Section:
    """Return why nothing fits the shapes."""
    parts = [Paragraph(message=Message("find.none"), lead=True)]
    for gap in gaps:
        parts += [Paragraph(message=message) for message in _gap(outcome, gap)]
    lengths: list[Fact] = [gap.extent for gap in gaps]
    facts: dict[str, Fact] = {"count": 0, "fit": 0, "tried": None, "answers": [], "missing": lengths}
    return Section(id="found", parts=tuple(parts), facts=facts)


def apart_section(outcome: FindOutcome) -> Section | None:
    """Return which further shapes would leave fewer, or None where one is left, or lengths tell all that they can."""
    shown = [hit.candidate for hit in outcome.hits]
    if outcome.fit < 2 or not shown or (outcome.tried is not None and len(outcome.tried.found) < 2):
        return None
    parts: list[Part] = []
    better = distinct(shown[0], outcome.names)
    facts: dict[str, Fact] = {}
    if better.fit < outcome.fit:
        parts += [Paragraph(message=_one_length(outcome, one)) for one in one_length(outcome.sample, shown)]
        left = [number for number, candidate in enumerate(shown, 1) if fits(candidate, better.sample)]
        arrays = zip(outcome.names, better.sample.operands, strict=True)
        operands = [f"{name} {shape_text(shape)}" for name, shape in dict.fromkeys(arrays)]
        values: dict[str, Value] = {
            "operands": codes(operands),
            "result": Code(shape_text(better.sample.result)),
            "count": better.fit,
            "fit": outcome.fit,
            "shown": codes([str(number) for number in left]),
        }
        parts.append(
            Paragraph(message=Message("find.distinct.one" if len(left) == 1 else "find.distinct.many", values))
        )
        facts = {
            "operands": [list(shape) for shape in better.sample.operands],
            "result": list(better.sample.result),
            "fit": better.fit,
        }
    if outcome.tried is None and outcome.silent is None:
        flags = {"load": Code("--load"), "result": Code("--result-file")}
        parts.append(Paragraph(message=Message("find.values", flags)))
    return Section(id="apart", parts=tuple(parts), facts=facts) if parts else None


def next_section(command: str) -> Section:
    """Return the command that explains the first answer."""
    return Section(id="next", parts=(Block(text=command, language="sh"),), facts={"command": command})


def _verdict(outcome: FindOutcome) -> Message:
    values: dict[str, Value] = {"count": outcome.fit, "shown": len(outcome.hits)}
    tried = outcome.tried
    if tried is None:
        if len(outcome.hits) < outcome.fit:
            return Message("find.fit.some", values)
        return Message("find.fit.one" if outcome.fit == 1 else "find.fit.all", values)
    values |= {"tried": tried.tried, "fit": outcome.fit, "count": len(tried.found)}
    if not tried.found:
        if tried.tried < outcome.fit:
            return Message("find.given.untried", values)
        return Message("find.given.none", {**values, "count": tried.tried})
    if outcome.fit == 1:
        return Message("find.given.only")
    whole = "all" if tried.tried == outcome.fit else "part"
    kind = "one" if len(tried.found) == 1 else "several" if len(tried.found) == len(outcome.hits) else "some"
    return Message(f"find.given.{kind}.{whole}", values)


def _limits(outcome: FindOutcome) -> Iterator[Message]:
    """Yield what was left untried, and what the values cannot say."""
    if outcome.silent is not None:
        yield Message(f"find.silent.{outcome.silent}")
    if outcome.stopped:
        yield Message("find.stopped")
    if outcome.tried is not None:
        if outcome.tried.late:
            yield Message("find.late", {"tried": outcome.tried.tried, "fit": outcome.fit, "flag": Code("--seconds")})
        if outcome.tried.loose and outcome.silent is None:
            yield Message("find.loose")
        if not outcome.tried.found and outcome.near is None and len(set(outcome.names)) == len(outcome.names):
            yield Message("find.again")
        if not outcome.tried.factors:
            yield Message("find.no_factor")
    twice = [name for name in dict.fromkeys(outcome.names) if outcome.names.count(name) > 1]
    if twice and outcome.apart:
        yield Message("find.twice", {"array": codes(twice), "count": len(twice)})
    ones = [(operand, axis) for operand, axis, extent in outcome.sample.axes if extent == 1]
    if ones and outcome.hits:
        yield Message("find.ones", {"count": len(ones), "axes": _axes(outcome, ones)})


def _answer(number: int, hit: Hit) -> Iterator[Part]:
    names = [part.message for part in called(hit.spec, hit.names).parts if isinstance(part, Paragraph)]
    yield Paragraph(message=Message("find.answer", {"number": number, "called": names[0]}))
    yield Block(text=hit.call)
    lengths = {hit.names.index[index.label]: index.extent for index in hit.spec.summed}
    known = {name: extent for name, extent in lengths.items() if isinstance(extent, int)}
    over = () if hit.factor is None else means(hit.factor, known)
    if over:
        assert hit.factor is not None
        yield Paragraph(message=Message("find.mean", {"number": Code(hit.factor.under), "over": codes(list(over))}))


def _facts(hit: Hit) -> Fact:
    lengths: dict[str, Fact] = {hit.names.index[index.label]: index.extent for index in hit.spec.indices}
    names = called(hit.spec, hit.names).facts["names"]
    factor = (
        None if hit.factor is None else (hit.factor.before or "1") + (f"/{hit.factor.under}" * bool(hit.factor.under))
    )
    return {
        "subscripts": hit.spec.subscripts,
        "call": hit.call,
        "called": names,
        "lengths": lengths,
        "points": hit.candidate.points,
        "factor": factor,
    }


def _near(outcome: FindOutcome) -> Iterator[Part]:
    """Yield what comes closest where no candidate gives the values."""
    if outcome.near is None or outcome.tried is None or outcome.tried.near is None:
        return
    near = outcome.tried.near
    values: dict[str, Value] = {"agree": near.agree, "size": near.size}
    if near.how.value == "added":
        along = [str(axis) for axis in near.along]
        id = "find.near.added_axes" if along else "find.near.added_number"
        yield Paragraph(message=Message(id, {"axes": codes(along), "count": len(along)}))
    else:
        yield Paragraph(message=Message(f"find.near.{near.how.value}", values))
    yield Block(text=outcome.near.call)


def _gap(outcome: FindOutcome, gap: Gap) -> Iterator[Message]:
    extent, axes = Code(str(gap.extent)), codes([str(axis) for axis in gap.axes])
    values: dict[str, Value] = {"extent": extent, "axes": axes, "count": len(gap.axes), "offered": gap.offered}
    if gap.offered:
        yield Message("find.gap.few", values)
    else:
        yield Message("find.gap.none", values)
    if gap.extent == 1:
        yield Message("find.gap.new_axis", {"call": Code("[..., None]"), "keyword": Code("keepdims=True")})
    elif gap.factors:
        one, other = (_axis(outcome, place) for place in gap.factors)
        numbers = [outcome.sample.operands[operand][axis] for operand, axis in gap.factors]
        product = Code(" * ".join(map(str, numbers)))
        yield Message("find.gap.product", {"extent": extent, "product": product, "one": one, "other": other})
    elif isinstance(gap.extent, str) and len(outcome.sample.result) == 1:
        yield Message("find.gap.name", {"extent": extent, "flag": Code("--result")})


def _one_length(outcome: FindOutcome, found: OneLength) -> Message:
    return Message("find.one_length", {"extent": _extent(found.extent), "axes": _axes(outcome, found.axes)})


def _axes(outcome: FindOutcome, axes: Sequence[tuple[int, int]]) -> Join:
    return Join(tuple(_axis(outcome, place) for place in axes))


def _axis(outcome: FindOutcome, place: tuple[int, int]) -> Message:
    return Message("roles.place", {"array": Code(outcome.names[place[0]]), "axis": place[1]})


def _extent(extent: Extent) -> Code:
    return Code(str(extent))
