"""EL712, EL713: iterations that a path saves, numpy calls that are better known, and what BLAS computes faster."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from ...core.message import Code, Message, Value
from ...core.report import Finding, Severity
from ...core.spec import DOTS, Spec
from ..blas import SIDES, TIMES, blas_dtype, measured_side, product_steps, steps_of
from ..path import contraction_path, path_sizes
from ..repair.draft import draft_of
from .case import CheckCase, amount

MIN_GAIN = 10
"""How many times fewer iterations make a path worth a note."""
MIN_ITERATIONS = 10**7
"""Iterations of one nest that np.einsum takes some hundredths of a second for; below nobody asks why it is slow."""


def path_costs(case: CheckCase) -> Iterator[Finding]:
    """Yield a note on iterations that a path saves; where every extent is known."""
    spec, known = case.spec, case.sizes
    if not case.numpy or len(spec.operands) < 3 or len(known) < len(spec.indices) or 0 in known.values():
        return
    steps = contraction_path(spec)
    if steps is None:
        return
    sizes = dict(path_sizes(spec))
    naive, along = prod(sizes.values()), sum(step.points(sizes) for step in steps)
    if naive >= MIN_ITERATIONS and naive >= MIN_GAIN * along:
        values = {"naive": amount(naive), "along": amount(along), "call": Code("optimize=True")}
        yield case.finding("EL712", Severity.NOTE, Message("diagnose.naive", values))


def plain_call(case: CheckCase) -> Iterator[Finding]:
    """Yield a note where the expression is a transpose, a product of two matrices, or has a step that BLAS computes."""
    message = _message(case) if case.numpy else None
    if message is not None:
        yield case.finding("EL713", Severity.NOTE, message)


def _message(case: CheckCase) -> Message | None:
    spec = case.spec
    command = Code(f"einloop explain '{spec.subscripts}'")
    if _transpose(spec):
        return Message("diagnose.plain.transpose", {"command": command})
    dtype = blas_dtype(case.dtypes)
    if dtype is None:
        return Message("diagnose.plain.product_any", {"command": command}) if _product(spec) else None
    steps = steps_of(spec)
    found = product_steps(spec, steps)
    if not found:
        return Message("diagnose.plain.product", {"command": command}) if _product(spec) else None
    gain = _gain(dtype, measured_side(spec, [steps[number] for number in found]))
    if len(steps) > 1:
        return Message("diagnose.plain.path", {"count": len(found), "steps": len(steps), "gain": gain})
    kind = "matrices" if _product(spec) else "pair"
    return Message(f"diagnose.plain.{kind}", {"command": command, "gain": gain})


def _gain(dtype: str, side: int | None) -> Message:
    """Return how much longer np.einsum takes without BLAS: as measured at the nearest size, or at the ends."""
    values: dict[str, Value] = {"call": Code("optimize=True"), "dtype": Code(dtype)}
    times = dict(zip(SIDES, TIMES[dtype], strict=True))
    if side is not None:
        return Message("diagnose.plain.gain.known", {**values, "side": side, "times": times[side]})
    least, most = SIDES[0], SIDES[-1]
    ends = {"small": least, "few": times[least], "large": most, "many": times[most]}
    return Message("diagnose.plain.gain.open", {**values, **ends})


def _transpose(spec: Spec) -> bool:
    """Return whether one matrix is only turned."""
    labels = spec.operands[0].labels
    return len(spec.operands) == 1 and len(set(labels)) == 2 and DOTS not in labels and spec.output == labels[::-1]


def _product(spec: Spec) -> bool:
    """Return whether two matrices are multiplied, turned or not."""
    draft = draft_of(spec)
    if len(draft.terms) != 2 or any(len(term) != 2 or len(set(term)) != 2 or DOTS in term for term in draft.terms):
        return False
    first, second = (set(term) for term in draft.terms)
    stretched = any(index.stretched for index in spec.indices)
    return len(first & second) == 1 and set(draft.output) == first ^ second and not stretched
