"""A Spec, names and a path in, the Story out: one step, or one for every step of the path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...core.message import Code, Message, Value
from ...core.names import Names
from ...core.path import Step
from ...core.spec import DOTS, Dots, Spec
from ...core.story import Story, StoryStep
from ..elements import path_formulas
from .held import DtypeRules, Held, StoryTeller
from .operand import rounded
from .product import StepPlan, multiplied_and_summed


def tell(spec: Spec, names: Names, *, path: Sequence[Step] = (), dtypes: DtypeRules | None = None) -> Story:
    """Return the story of an expression. Without `dtypes` the lines are for one dtype whose sums keep it.

    >>> from einloop.core.names import choose_names
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = read_subscripts("ij,jk->ik")
    >>> for stage in tell(spec, choose_names(spec)).stages:
    ...     print(stage.kind.value, stage.name, stage.axes, stage.shape)
    given A ('i', 'j') ('I', 'J')
    given B ('j', 'k') ('J', 'K')
    line_up A1 ('i', 'k', 'j') ('I', 1, 'J')
    line_up B1 ('i', 'k', 'j') (1, 'K', 'J')
    multiply P ('i', 'k', 'j') ('I', 'K', 'J')
    sum C ('i', 'k') ('I', 'K')
    """
    telling = StoryTeller(spec=spec, names=names, taken={*names.taken})
    arrays = [operand_held(spec, names, number, dtypes) for number in range(len(spec.operands))]
    rules = None if spec.is_view else dtypes
    if len(path) > 1:
        steps = tuple(_along(telling, arrays, path, rules))
    else:
        summed = tuple(index.label for index in spec.summed)
        steps = (
            told_step(telling, arrays, StepPlan(output=spec.output, summed=summed, product="P"), names.result, rules),
        )
    return Story(expression=spec.source.text or spec.subscripts, result=names.result, steps=steps)


def _along(
    telling: StoryTeller, arrays: list[Held], path: Sequence[Step], rules: DtypeRules | None
) -> Iterator[StoryStep]:
    """Yield a step for each step of a path; what it makes is an array for those after it."""
    formulas = list(path_formulas(telling.spec, telling.names, path))
    telling.taken.update(name for name, _ in formulas)
    for number, (step, (name, computes)) in enumerate(zip(path, formulas, strict=True), start=1):
        last = number == len(path)
        plan = StepPlan(output=step.output, summed=step.summed, product=f"P{number}")
        values: dict[str, Value] = {"number": number, "count": len(path), "computes": Code(computes)}
        used = [arrays[place] for place in step.taken]
        made = told_step(telling, used, plan, name, rules, title=Message("story.step", values), last=last)
        left = [held for place, held in enumerate(arrays) if place not in step.taken]
        arrays = [*left, Held(name=name, of=name, labels=step.output, dtype=made.stages[-1].dtype)]
        yield made


def told_step(
    telling: StoryTeller,
    arrays: Sequence[Held],
    plan: StepPlan,
    name: str,
    rules: DtypeRules | None,
    *,
    title: Message | None = None,
    last: bool = True,
) -> StoryStep:
    """Return a step, which makes an array of a name; the last one makes it in the dtype of the result."""
    held = multiplied_and_summed(telling, arrays, plan, rules)
    if last and rules is not None:
        held = rounded(telling, held, rules.result)
    return StoryStep(name=name, stages=telling.finish(name, held), title=title)


def operand_held(spec: Spec, names: Names, number: int, rules: DtypeRules | None) -> Held:
    """Return an operand as it is given; an ellipsis that must be empty is no axis."""
    operand, name = spec.operands[number], names.operands[number]
    labels = tuple(label for label in operand.labels if not (label == DOTS and spec.dots is Dots.EMPTY))
    thin = frozenset(operand.labels[axis] for axis in operand.stretched)
    dtype = None if rules is None else rules.operands[number]
    return Held(name=name, of=name, labels=labels, thin=thin, stretched=thin, dtype=dtype)
