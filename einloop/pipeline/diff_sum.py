"""Two sums of einsums and Options in, the Report of their comparison out, or only whether they are the same."""

from __future__ import annotations

from collections.abc import Mapping

from ..analysis.diff.pairing import arguments
from ..analysis.diff.sides import ComparedSide, side_of
from ..analysis.diff.sum_example import SumExample
from ..analysis.diff.sum_page import sum_sections
from ..analysis.diff.sums import ComparedSums, compare_sums
from ..core.bind_sum import bind_statements, input_names
from ..core.combination import Combination, Statements, Summand, wrapped
from ..core.names import choose_names
from ..core.options import Options
from ..core.report import Report
from ..targets.environment import environment
from ..targets.target import load_target
from .both import Read
from .summed import bound, shapes_by_name, subject


def diff_sums(first: Read, second: Read, between: str, options: Options) -> Report:
    """Return the page that compares two sums. Shapes in `options` are those of the first's arrays."""
    found = compared_sums(first, second, options)
    texts = [_text(one) for one in (first, second)]
    between = f"\n{between.strip()}\n" if any("\n" in text for text in texts) else between
    return Report(
        kind="diff",
        subject=between.join(texts),
        sections=sum_sections(found, lambda example: _pasted(example, found)),
    )


def _text(read: Read) -> str:
    """Return how the page names a side: by its text."""
    return subject(read) if isinstance(read, Statements) else read.source.text or read.subscripts


def compared_sums(first: Read, second: Read, options: Options) -> ComparedSums:
    """Return what is decided about two sums. Raises EinloopError where it stays undecided."""
    ours, theirs = _as_statements(first, second), _as_statements(second, first)
    sides = side_of(ours), side_of(theirs)
    if not (options.shapes or options.loaded or options.sizes):
        return compare_sums(*sides)
    shapes = shapes_by_name(ours, options)
    bound(ours, options)
    found = compare_sums(*sides)
    if found.same:
        return found
    there = {other: shapes[one] for other, one in found.matching.names.items() if one in shapes}
    known = {name: shape for name, shape in shapes.items() if name in sides[1].ranks}
    bind_statements(theirs, {**known, **there})
    others = {found.matching.names.get(name, name): shape for name, shape in known.items()}
    return compare_sums(*sides, {**others, **shapes})


def _as_statements(read: Read, other: Read) -> Statements:
    """Return an einsum as a statement; operands without names have those of the other side, in order."""
    if isinstance(read, Statements):
        return read
    given = arguments(read)
    names = [None if one is None else one[0] for one in given]
    if None in names:
        wanted = _names(other)
        wanted = [*wanted, *choose_names(read).operands[len(wanted) :]]
        names = [name or one for name, one in zip(names, wanted, strict=False)]
    spec = read.renamed(tuple(names), read.result)
    result = read.result or "C"
    return Statements(combinations=(Combination(source=read.source, result=result, summands=(Summand(spec=spec),)),))


def _names(other: Read) -> list[str]:
    """Return the names of the arrays of a side, in order."""
    if isinstance(other, Statements):
        return list(input_names(other))
    return list(choose_names(other).operands)


def _pasted(example: SumExample, found: ComparedSums) -> str | None:
    """Return an example as lines to paste; None where a part of an array is written, which has no values before."""
    combinations = [one for side in found.sides for one in side.statements.combinations]
    if any(combination.target is not None for combination in combinations):
        return None
    added = {one.result for one in combinations if one.adds}
    result = found.differing
    assert result is not None  # an example shows that one differs
    names = found.matching.names
    known = {*example.inputs, *example.scalars}
    for side, name, there in ((found.sides[0], result.first, known), (found.sides[1], result.second, {*known, *names})):
        needed = input_names(Statements(combinations=_needed(side.statements, name)))
        if not set(needed) <= there:
            return None  # what cancels out has no values here
    template = environment(load_target("python", None)).get_template("diff/sums.j2")
    values: Mapping[str, object] = {
        "inputs": {name: value for name, value in example.inputs.items() if name not in added},
        "scalars": example.scalars,
        "fractions": example.fractions,
        "sides": [
            _side(found.sides[0], {}, example, result.first, example.first),
            _side(found.sides[1], names, example, result.second, example.second),
        ],
    }
    return str(template.render(values)).rstrip("\n")


def _needed(statements: Statements, result: str) -> tuple[Combination, ...]:
    """Return the statements that a result needs, in order."""
    wanted, kept = {result}, list[Combination]()
    for combination in reversed(statements.combinations):
        if combination.result in wanted:
            kept.insert(0, combination)
            wanted |= set(input_names(Statements(combinations=(combination,))))
    return tuple(kept)


def _side(
    side: ComparedSide, names: Mapping[str, str], example: SumExample, result: str, value: object
) -> dict[str, object]:
    """Return what the template writes for one side."""
    combinations = _needed(side.statements, result)
    adds = [one.result for one in combinations if one.adds]
    held = {name: example.inputs[names.get(name, name)] for name in adds if names.get(name, name) in example.inputs}
    return {
        "held": held,
        "renamed": {other: one for other, one in names.items() if other.isidentifier() and other not in held},
        "text": "\n".join(wrapped(one) for one in combinations),
        "result": result,
        "value": value,
    }
