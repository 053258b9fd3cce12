"""Generated, or a person's own loops, run against np.einsum."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any

from ..core.bind import bind_sizes
from ..core.dtypes import COMPLEXES, DTYPES, dtype_name
from ..core.errors import OptionError, RunError
from ..core.generated import Form, Generated
from ..core.nest import Kernel, Remark, every, heads_of
from ..core.options import check_seed
from ..core.topic import Topic
from ..runners import RUNNERS, run_whole
from ..runners.admission import shapes_inside
from ..runners.presence import has_numpy

MAX_COMPARED_POINTS = 20_000_000
"""Loop iterations up to which a text for one shape only is compared with plain np.einsum, several times."""

MAX_SECONDS = 30.0
"""What running such a text at a larger size may take, with what it is compared with."""

COMPILED_POINTS = 4e8
"""Loop iterations that compiled loops take in a second, on a slow machine."""
PACKED_POINTS = 3e9
"""Multiplications that the kernel of a matrix product makes in a second, on a slow machine; of complex numbers it makes
four times as many."""
PYTHON_POINTS = 1e6
"""Loop iterations of plain Python in a second."""

Main = Callable[[], tuple[int, str]]
"""Runs a whole program; gives its exit code and what it printed."""

if TYPE_CHECKING:
    from ..core.generated import Runner
    from ..core.verification import Verification
    from ..proof.subject import Subject, Yardstick


def check_arrays(generated: Generated, arrays: Sequence[Any]) -> None:
    """Raise EinloopError unless `arrays`, one per distinct input, are what the loops of `generated` are for."""
    if len(arrays) != len(generated.inputs):
        inputs = ", ".join(generated.inputs)
        given = f"{len(arrays)} array{'s' * (len(arrays) != 1)} given"
        wanted = f"the input{'s' * (len(generated.inputs) != 1)} {inputs}"
        raise OptionError("EL404", f"{given} for {wanted}", hint="one array per input")
    by_name = shapes_inside(generated, arrays)
    bind_sizes(generated.spec, [by_name[name] for name in generated.operands])
    for array in arrays:
        if not generated.spec.is_view:
            dtype_name(getattr(array.dtype, "str", array.dtype))


def verify(
    generated: Generated,
    *,
    seed: int = 0,
    given: Sequence[Any] | None = None,
    command: str = "",
    seconds: float = MAX_SECONDS,
    tell: Callable[[str], None] | None = None,
) -> Verification:
    """Return what running the text of `generated` against np.einsum on all of its contract found.

    A text that a user's templates made runs in a process of its own. A text for one large shape only is run at that
    size, where it takes at most about `seconds`; `tell` takes words for a person who waits.
    """
    from ..core.verification import not_run

    check_seed(seed)
    if generated.runner is None:
        why = f"target {generated.target!r} has no runner, so its text cannot be run here"
        return not_run(generated.spec.subscripts, why, seed=seed)
    if not has_numpy():
        from .verify_plain import verify_plain

        return verify_plain(generated, seed=seed, given=given, command=command)
    from ..proof.large import verify_large
    from ..proof.plan import Allowance
    from ..proof.verifier import verify as run_cases

    points = sum(prod(x.extent for x in nest if isinstance(x.extent, int)) for nest in generated.spec.nests)
    large = generated.contract.literal and points > MAX_COMPARED_POINTS
    try:
        with _runners(generated, seconds if large else 0.0) as (run, main):
            subject = _subject(generated, run, main)
            if not large:
                found = run_cases(subject, seed=seed, given=given, command=command)
                if found.cases or found.mismatch:
                    return found
            if generated.joint is not None:
                why = "no inputs of these shapes and dtypes are both quick to sum and exact"
                return not_run(generated.expression, why, seed=seed)
            text, plain = _seconds(generated)
            allowance = Allowance(text=text, plain=plain, every=seconds)
            return verify_large(subject, allowance, seed=seed, given=given, command=command, tell=tell)
    except RunError as error:
        if error.topic is not Topic.NO_TOOL:
            raise
        return not_run(generated.spec.subscripts, f"{error.message}, so the text cannot be run", seed=seed)


@contextmanager
def _runners(generated: Generated, seconds: float) -> Iterator[tuple[Runner, Main | None]]:
    """Give what runs a text, and what runs it as a whole program where it is one: here, or apart if it is foreign."""
    assert generated.runner is not None
    if not generated.foreign:
        yield generated.runner, _main(generated)
        return
    from .apart import run_apart

    with run_apart(generated, 2 * seconds) as (run, main):
        yield run, main if generated.form is Form.SCRIPT else None


def _subject(generated: Generated, run: Runner, main: Main | None) -> Subject:
    """Return what is verified."""
    from ..proof.subject import Subject

    return Subject(
        spec=generated.spec,
        operands=generated.operands,
        contract=generated.contract,
        run=run,
        source=generated.source,
        scalars=generated.entry is not None,
        main=main,
        blocks=_blocks(generated),
        yardstick=_yardstick(generated),
        told=not generated.steps,
        viewed=generated.viewed,
    )


def _yardstick(generated: Generated) -> Yardstick | None:
    """Return what the text is compared with, where it is not one call of np.einsum."""
    if generated.joint is None:
        return None
    from ..proof.written_out import InSteps, WrittenOut

    if generated.steps:
        results = (*(b.name for b in generated.program.nest.also), generated.result) if generated.program else ()
        steps = tuple((WrittenOut(joint=joint, operands=names), name) for joint, names, name in generated.steps)
        return InSteps(steps=steps, operands=generated.operands, results=results)
    written = WrittenOut(joint=generated.joint, operands=generated.operands)
    if generated.viewed is None:
        return written
    from ..proof.through_views import ThroughViews

    return ThroughViews(inner=written, viewed=generated.viewed)


def _seconds(generated: Generated) -> tuple[float, float]:
    """Return about how long a text for one shape runs, and one plain nest in its language."""
    from ..core.kernel import PackedPlan  # where a text is run, not where it is printed

    assert generated.program is not None
    nest, runner = generated.program.nest, generated.program.runner
    plain = prod(x.extent for x in generated.spec.indices if isinstance(x.extent, int))
    pace = PYTHON_POINTS if runner is None or RUNNERS[runner].interpreted else COMPILED_POINTS
    row = DTYPES.get(str(nest.result.dtype))
    slower = 1 if row is None else row.slower
    seconds = 0.0
    for stage in nest.stages:
        remarks = [_number(remark.points) for remark in every(stage.statements) if isinstance(remark, Remark)]
        points = sum(remarks) or plain
        if any(isinstance(statement, Kernel) and statement.block == PackedPlan.block for statement in stage.body):
            seconds += points * (4 if str(nest.result.dtype) in COMPLEXES else 1) / PACKED_POINTS
        else:
            seconds += points * slower / pace
    return seconds, plain * slower / pace


def _blocks(generated: Generated) -> dict[str, int]:
    """Return the size of the blocks that loops are cut into, by label of the index."""
    blocks: dict[str, int] = {}
    for head in heads_of(generated.program.nest.body) if generated.program is not None else ():
        if head.step > 1:
            blocks[head.of.label] = max(head.step, blocks.get(head.of.label, 0))
    return blocks


def _number(points: int | tuple[str, ...]) -> int:
    """Return a number of iterations, where it is known."""
    return points if isinstance(points, int) else prod(int(name) for name in points if name.isdecimal())


def _main(generated: Generated) -> Main | None:
    """Return what runs the text as a whole program, where it is one."""
    runner = None if generated.program is None else generated.program.runner
    return None if generated.form is not Form.SCRIPT or runner is None else partial(run_whole, runner, generated.source)
