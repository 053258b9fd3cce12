"""Shapes or arrays of an example in, the Report of the einsums that fit it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from shlex import join
from typing import Any

from ..analysis.find import BestFirst, Candidate, Sample, count, how_many, missing, shape_text, unique
from ..analysis.find.factor import Factor
from ..analysis.find.page import (
    FindOutcome,
    Hit,
    answers_section,
    apart_section,
    found_section,
    gaps_section,
    next_section,
)
from ..core.bind import Shape, bind_sizes
from ..core.dtypes import array_dtype
from ..core.errors import DtypeError, OptionError, displayed
from ..core.names import check_name, choose_names
from ..core.options import LoadedArray, Options
from ..core.progress import ProgressLine
from ..core.report import Report, Section
from ..core.source import Notation
from ..core.spec import MATHEMATICAL_LETTERS
from ..notation import read
from ..targets.environment import environment
from ..targets.target import load_target
from .colours import colours
from .example import GivenOperand, given_operands
from .reading import reserved_names

TOP, MAX_TOP = 5, 1_000
"""How many answers are shown unless more are asked for, and at the most."""
SECONDS, MAX_SECONDS = 20.0, 31_536_000
"""How long values are tried where nothing says otherwise, and at the most."""
MAX_OPERANDS, MAX_AXES = 8, 32
"""Of an example; the search grows fast with both."""
CALL_WIDTH = 78
"""Columns of a call with the lengths of its indices in one line: two are the indent."""
SHAPES_NODES = 60_000
"""Incomplete expressions that a search without values looks at: about a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The result of an example: its shape, its array where values are known, and the name that it was given."""

    shape: Shape
    array: LoadedArray | None = None
    name: str | None = None


def find(options: Options, wanted: Wanted, *, top: int = TOP, seconds: float = SECONDS) -> Report:
    """Return the einsums that fit the operands in `options` and the result, the simplest first.

    Where the result and every operand have arrays, only those that give its values, up to one factor, in at most about
    `seconds`. `top` are shown. Raises EinloopError.
    """
    if not 1 <= top <= MAX_TOP:
        raise OptionError("EL479", f"top is {displayed(top)}", hint=f"a number of answers, from 1 to {MAX_TOP:,}")
    if not 0 < seconds <= MAX_SECONDS:
        why = f"expected more than 0 and at most {MAX_SECONDS:,} seconds, got {displayed(seconds)}"
        raise OptionError("EL462", why)
    page = _page(options, wanted)
    gaps = missing(page.sample)
    outcome = page.outcome((), 0) if gaps else _outcome(page, top, seconds)
    first = outcome.hits[0] if outcome.hits else None
    return Report(
        kind="find",
        subject=page.subject,
        sections=(gaps_section(outcome, gaps),) if gaps else tuple(_sections(page, outcome)),
        colours={} if first is None else colours(first.spec, first.names),
    )


def giving(options: Options, wanted: Wanted, most: int) -> str | None:
    """Return the simplest einsum that gives the values of an example, None where none does.

    None too where more than `most` einsums fit its shapes. Raises EinloopError.
    """
    page = _page(options, wanted)
    if missing(page.sample) or count(page.sample) > most:
        return None
    hits = _outcome(page, 1, SECONDS).hits
    return hits[0].spec.subscripts if hits and hits[0].factor is None else None


def _page(options: Options, wanted: Wanted) -> _Page:
    """Return what all answers share. Raises EinloopError."""
    given = given_operands(options)
    sample = Sample(operands=tuple(one.shape for one in given), result=wanted.shape)
    _check_size(sample)
    if wanted.name is not None:
        check_name(wanted.name, "the result name")
    return _Page(given=given, wanted=wanted, sample=sample, options=options)


def _sections(page: _Page, outcome: FindOutcome) -> Iterator[Section]:
    """Yield the page of what fits, most important first."""
    yield found_section(outcome)
    yield from filter(None, (answers_section(outcome), apart_section(outcome)))
    if outcome.hits:
        yield next_section(page.command(outcome.hits[0]))


def found(report: Report) -> bool:
    """Return whether a report of `find` has an answer."""
    (facts,) = (section.facts for section in report.sections if section.id == "found")
    return bool(facts["count"])


def _check_size(sample: Sample) -> None:
    for many, most, what in (
        (len(sample.operands), MAX_OPERANDS, "operands"),
        (max(len(sample.lengths), len(sample.result)), MAX_AXES, "axes"),
    ):
        if many > most:
            raise OptionError("EL479", f"{many} {what}; find takes at most {most}")


def _outcome(page: _Page, top: int, seconds: float) -> FindOutcome:
    """Return what fits, by values where there are any."""
    names, arrays, silent = page.names()[0], page.arrays(), None
    known = how_many(page.sample, names)
    fit = count(page.sample) if known is None else known
    if arrays is not None and not arrays[-1].size:
        arrays, silent = None, "empty"
    if arrays is None:
        search = BestFirst(page.sample, SHAPES_NODES)
        hits = tuple(page.hit(candidate) for candidate in islice(unique(search, names), top))
        return page.outcome(hits, fit, apart=known is None, stopped=search.stopped, silent=silent)
    from ..analysis.find.values import ValueLimits, try_values  # numpy, which shapes alone do not need

    *operands, result = arrays
    with ProgressLine() as line:
        search = BestFirst(page.sample)
        tried = try_values(
            unique(search, names),
            operands,
            result,
            ValueLimits(seconds=seconds),
            lambda number: line.tell(f"tried {number:,} of {fit:,} einsums ..."),
        )
    hits = tuple(page.hit(one.candidate, one.factor, one.cast) for one in tried.found[:top])
    near = None if tried.near is None else page.hit(tried.near.candidate)
    silent = None if result.any() else "zeros"
    told = {"tried": tried, "silent": silent, "near": near}
    return page.outcome(hits, fit, apart=known is None, stopped=search.stopped, **told)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What all answers share: the operands, and how a candidate becomes an expression with names."""

    given: tuple[GivenOperand, ...]
    wanted: Wanted
    sample: Sample
    options: Options

    def outcome(self, hits: tuple[Hit, ...], fit: int, **more: Any) -> FindOutcome:
        """Return what is told about some candidates."""
        names, result = self.names()
        return FindOutcome(sample=self.sample, names=names, result=result, hits=hits, fit=fit, **more)

    @property
    def subject(self) -> str:
        """The example in one line."""
        names, result = self.names()
        operands = [f"{name} {shape_text(one.shape)}" for name, one in zip(names, self.given, strict=True)]
        return f"{', '.join(operands)} -> {result} {shape_text(self.wanted.shape)}"

    def hit(self, candidate: Candidate, factor: Factor | None = None, cast: str | None = None) -> Hit:
        """Return a candidate with names and as a call."""
        spec = read(candidate.subscripts, Notation.SUBSCRIPTS)
        spec = bind_sizes(spec, self.sample.operands)
        spec = spec.renamed(tuple(one.name for one in self.given), self.wanted.name)
        names = choose_names(spec, reserved_names(self.options))
        names = replace(names, index={index.label: index.label for index in spec.indices})  # those of the call
        template = environment(load_target("python", None)).get_template("find/call.j2")
        call = template.render(
            result=names.result,
            subscripts=repr(candidate.subscripts),
            indices=[f"{names.index[index.label]}={index.extent}" for index in spec.indices],
            width=CALL_WIDTH,
            operands=names.operands,
            before=factor.before if factor else "",
            under=factor.under if factor else "",
            cast=None if cast is None else repr(cast),
        )
        return Hit(candidate=candidate, spec=spec, names=names, call=str(call).strip(), factor=factor)

    def command(self, hit: Hit) -> str:
        """Return the command line that explains an answer for these shapes."""
        shapes = [f"{one.name}={shape_text(one.shape)}" if one.name else shape_text(one.shape) for one in self.given]
        return join(["einloop", "explain", hit.candidate.subscripts, *(w for s in shapes for w in ("-s", s))])

    def arrays(self) -> list[Any] | None:
        """Return the arrays of the operands and of the result, None where there are none. Raises EinloopError."""
        if self.wanted.array is None:
            return None
        names, result = self.names()
        lacking = [name for name, one in zip(names, self.given, strict=True) if one.array is None]
        if lacking:
            what = f"the result has values, but there is no array for {', '.join(dict.fromkeys(lacking))}"
            raise OptionError("EL420", what, hint="--load, or load=, for every operand; or the result's shape only")
        every = [*((name, one.array) for name, one in zip(names, self.given, strict=True)), (result, self.wanted.array)]
        return [_numbers(name, one) for name, one in every if one is not None]

    def names(self) -> tuple[tuple[str, ...], str]:
        """Return what operands and result are called, whatever fits them."""
        letters = iter(MATHEMATICAL_LETTERS)
        terms = ["".join(next(letters) for _ in shape) for shape in self.sample.operands]
        output = "".join(terms)[: len(self.sample.result)]
        spec = read(f"{','.join(terms)}->{output}", Notation.SUBSCRIPTS)
        names = choose_names(
            spec.renamed(tuple(one.name for one in self.given), self.wanted.name), reserved_names(self.options)
        )
        return names.operands, names.result


def _numbers(name: str, loaded: LoadedArray) -> Any:
    """Return an array whose numbers can be compared. Raises DtypeError."""
    from ..runners.arrays import as_operand

    dtype = array_dtype(loaded.dtype, name)
    if dtype == "object":
        raise DtypeError(
            "EL306", f"{name} holds Python objects, whose values are not compared", hint=f"{name}.astype(float)"
        )
    array = as_operand(loaded.array, name)
    return array.astype("float32") if dtype == "bfloat16" else array
