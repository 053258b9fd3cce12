"""How many slips are warned of, and where the right expression stands among the fixes; `pytest -s` prints the table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import pytest
from slips import MODES, RIGHT, Slip, meaning, right_looking, sampled, split

from einloop.analysis.check import diagnose
from einloop.core.errors import ShapeError
from einloop.core.report import Severity
from einloop.notation.subscripts import read_subscripts
from einloop.pipeline.advice import bind_with_advice

EACH = 3
"""Slips of an expression and a mode, legal and refused."""


@dataclass(frozen=True)
class Outcome:
    """A slip, whether it is warned of or refused, and at which place its right expression stands among the fixes."""

    slip: Slip
    warned: bool
    place: int | None


@cache
def outcomes() -> tuple[Outcome, ...]:
    """Return what becomes of every sampled slip."""
    return tuple(outcome(slip) for slip in sampled(EACH))


def outcome(slip: Slip) -> Outcome:
    fixes: Sequence[str] = []
    warned = True
    if slip.legal:
        found = [finding for finding in diagnose(slip.spec) if finding.severity is Severity.WARNING]
        fixes, warned = [fix.expression for finding in found for fix in finding.fixes], bool(found)
    else:
        with pytest.raises(ShapeError) as caught:
            bind_with_advice(read_subscripts(slip.wrong), slip.shapes)
        fixes = [fix.expression for fix in caught.value.fixes]
    places = [place for place, fix in enumerate(dict.fromkeys(fixes)) if meaning(fix) == meaning(slip.right)]
    return Outcome(slip, warned, places[0] if places else None)


def shares(some: Sequence[Outcome]) -> tuple[float, float, float]:
    """Return which part is warned of, and of those which part has the right expression among three fixes, and first."""
    warned = [one for one in some if one.warned]
    return (
        len(warned) / len(some),
        sum(one.place is not None and one.place < 3 for one in warned) / len(warned),
        sum(one.place == 0 for one in warned) / len(warned),
    )


def groups() -> Iterator[tuple[str, list[Outcome]]]:
    """Yield the outcomes together and by mode and kind of slip, then the refused ones."""
    legal = [one for one in outcomes() if one.slip.legal]
    yield "all", legal
    for mode in MODES:
        yield mode, [one for one in legal if one.slip.mode == mode]
    for kind in ("replaced", "fresh", "output"):
        yield kind, [one for one in legal if one.slip.kind == kind]
    yield "refused", [one for one in outcomes() if not one.slip.legal]


MEASURED = {
    "all": (0.78, 0.96, 0.68),
    "no sizes": (0.83, 0.96, 0.59),
    "distinct": (0.7, 0.96, 0.88),
    "equal": (0.8, 0.96, 0.59),
    "replaced": (0.77, 0.97, 0.64),
    "fresh": (0.9, 0.96, 0.87),
    "output": (0.61, 0.95, 0.35),
    "refused": (1.0, 1.0, 0.9),
}
"""What was measured: warned of, right expression among three, right expression first; none may sink."""


def test_the_table_is_large_and_of_many_kinds():
    legal = [one.slip for one in outcomes() if one.slip.legal]
    assert len(RIGHT) == len(set(map(meaning, RIGHT))) >= 50
    assert len(legal) >= 400
    assert {slip.mode for slip in legal} == set(MODES)
    assert {slip.kind for slip in legal} == {"replaced", "fresh", "output"}
    assert all(not right_looking(split(slip.wrong)) for slip in legal)


def test_right_expressions_are_not_warned_of():
    for right in RIGHT:
        assert right_looking(split(right))
        assert [f.id for f in diagnose(read_subscripts(right)) if f.severity is Severity.WARNING] == []


def test_shares():
    table = {name: (len(some), *shares(some)) for name, some in groups()}
    print(f"\n{'slips':10}{'number':>8}{'warned':>8}{'in three':>10}{'first':>8}")
    for name, (number, warned, three, first) in table.items():
        print(f"{name:10}{number:8}{warned:8.2f}{three:10.2f}{first:8.2f}")
    for name, least in MEASURED.items():
        assert all(share >= bound for share, bound in zip(table[name][1:], least, strict=True)), (name, table[name])


@pytest.mark.parametrize(
    ("wrong", "right", "extent"),
    [
        ("irk,jr,kr->ir", "ijk,jr,kr->ir", 5),
        ("ijr,jr,kr->ir", "ijk,jr,kr->ir", 5),
        ("ijrl,jr,kr,lr->ir", "ijkl,jr,kr,lr->ir", 4),
        ("bhqd,bkhd->bqhd", "bhqk,bkhd->bqhd", None),
        ("bhqd,bkhd->bqhd", "bhqk,bkhd->bqhd", 6),
    ],
)
def test_a_well_known_operation_is_among_the_fixes(wrong: str, right: str, extent: int | None):
    spec = read_subscripts(wrong)
    if extent is not None:
        spec = bind_with_advice(spec, [(extent,) * len(op.labels) for op in spec.operands])
    fixes = [fix.expression for finding in diagnose(spec) for fix in finding.fixes]
    assert right in fixes[:3]


def test_one_array_in_two_ranks_has_no_name():
    spec = read_subscripts("ij,jk,jj->ik")
    named = spec.renamed(("A", "B", "A"), None)
    assert all(fix.expression for finding in diagnose(named) for fix in finding.fixes)
