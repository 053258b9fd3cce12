"""A statement that adds up einsums in, its story out: that of every term, then the statement with what they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ...core.arrays import ArrayAssign, Name
from ...core.bind_sum import alone
from ...core.combination import Combination, Summand
from ...core.dtypes import common_dtype, summing_dtype
from ...core.indices import index_table
from ...core.joined import Joined
from ...core.message import Code, Message, Value
from ...core.names import numbered
from ...core.spec import DOTS, Operand, Spec
from ...core.story import StageKind, StoryStage, StoryStep
from ..elements import formula
from ..explain.shapes import extent
from .held import DtypeRules, StoryTeller
from .product import StepPlan
from .tell import operand_held, told_step

Dtypes = Mapping[str, str]
"""The dtype of every array by name, as far as they are known."""


def tell_statement(joined: Joined, combination: Combination, dtypes: Dtypes, taken: set[str]) -> tuple[StoryStep, ...]:
    """Return a step for each term of a statement that is an einsum, and one that puts the terms together.

    `taken` are names that are not free; those that are made join them.
    """
    statement = _Statement(joined=joined, combination=combination, dtypes=dtypes, taken=taken)
    return statement.steps()


@dataclass(slots=True, kw_only=True)
class _Statement:
    """One statement while it is told."""

    joined: Joined
    combination: Combination
    dtypes: Dtypes
    taken: set[str]
    told: list[StoryStep] = field(default_factory=list)

    def steps(self) -> tuple[StoryStep, ...]:
        """Return the steps of the terms, and the last one."""
        one = self.combination
        shown = replace(one, summands=tuple(map(self._term, one.summands)))
        axes, shape = self._result()
        last = StoryStage(
            kind=StageKind.ADD,
            of=one.result,
            name=one.target or one.result,
            axes=axes,
            shape=shape,
            sources=shown.operands,
            code=shown.text(),
            why=(_said(one),),
        )
        title = Message("story.together", {"statement": Code(one.text())})
        return (*self.told, StoryStep(name=last.name, stages=(last,), title=title))

    def _result(self) -> tuple[tuple[str, ...], tuple[int | str, ...]]:
        """Return the axes and the shape of what is written; axes of another shape than the terms' have no names."""
        one, names = self.combination, self.joined.names
        if one.shape:
            return ("",) * len(one.shape), tuple(int(size) if size.isdecimal() else size for size in one.shape)
        if not one.summands:
            return ((), ()) if one.target is None else ((DOTS,), (DOTS,))
        first = one.summands[0].spec
        return tuple(map(names.shown, first.output)), tuple(extent(first, names, label) for label in first.output)

    def _term(self, summand: Summand) -> Summand:
        """Return a term with one array in place of its einsum, whose story is told; as it is, where it is none."""
        one = self.combination
        if one.spread and summand.constant(one.ones):
            return summand
        bare = summand.without(one.ones)[0] if one.spread else summand
        arrays = tuple(operand for operand in bare.spec.operands if operand.labels)
        if not arrays or (len(arrays) == 1 and arrays[0].labels == bare.spec.output):
            return summand
        name = numbered("T", self.taken)
        self.taken.add(name)
        self.told.append(self._step(_only(bare.spec, arrays), name))
        ones = [op for op in summand.spec.operands if op.labels and op not in bare.spec.operands]
        scalars = [op for op in summand.spec.operands if not op.labels]
        output = bare.spec.output
        made = Operand(labels=output, spans=(None,) * len(output), name=name)
        return replace(summand, spec=replace(summand.spec, operands=(made, *ones, *scalars)))

    def _step(self, spec: Spec, name: str) -> StoryStep:
        """Return the story of the einsum of a term."""
        one = self.combination
        operands = tuple(operand.name or "" for operand in spec.operands)
        names = replace(self.joined.names, operands=operands, result=name)
        telling = StoryTeller(spec=spec, names=names, taken=self.taken)
        rules = _rules(spec, operands, self.dtypes)
        held = [operand_held(spec, names, number, rules) for number in range(len(operands))]
        plan = StepPlan(output=spec.output, summed=tuple(index.label for index in spec.summed), product=f"P{name[1:]}")
        values: dict[str, Value] = {"computes": Code(str(formula(spec, names)))}
        step = told_step(telling, held, plan, name, rules, title=Message("story.term", values))
        return replace(step, stages=tuple(_given(stage, one.texts) for stage in step.stages))


def _said(combination: Combination) -> Message:
    """Return what becomes of the terms of a statement."""
    if not combination.summands:
        return Message("sum.zero", {"result": Code(combination.result)})
    if combination.adds:
        return Message("story.add.onto", {"array": Code(combination.target or combination.result)})
    return Message("story.add.alone" if len(combination.summands) < 2 else "story.add")


def _given(stage: StoryStage, texts: Mapping[str, str]) -> StoryStage:
    """Return a stage that gives a part of an array with the line that makes it."""
    if stage.kind is not StageKind.GIVEN or stage.name not in texts:
        return stage
    return replace(stage, line=ArrayAssign(name=stage.name, array=Name(name=texts[stage.name])))


def _only(spec: Spec, arrays: tuple[Operand, ...]) -> Spec:
    """Return the einsum of some operands, on its own: no other term says how long its axes are."""
    extents = {index.label: index.extent for index in spec.indices}
    return alone(replace(spec, operands=arrays, indices=index_table(arrays, spec.output, extents)))


def _rules(spec: Spec, names: tuple[str, ...], dtypes: Dtypes) -> DtypeRules | None:
    if spec.is_view or not all(name in dtypes for name in names):
        return None
    own = tuple(dtypes[name] for name in names)
    common = common_dtype(own)
    return DtypeRules(operands=own, result=common, sums=summing_dtype(common))
