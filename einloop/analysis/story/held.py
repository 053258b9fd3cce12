"""Stages while a story is told: the arrays at hand, the labels of their axes, and names that are still free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ...core.arrays import ArrayAssign, ArrayNode, Name
from ...core.message import Message
from ...core.names import Names, fresh, numbered
from ...core.spec import Spec
from ...core.story import PRODUCT, StageKind, StoryStage
from ..equivalents.labelled import axis_number
from ..explain.shapes import extent

Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DtypeRules:
    """The dtype of every operand, that of the result, and the one in which products are made and added."""

    operands: tuple[str, ...]
    result: str
    sums: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An array of the story so far. `thin`: the labels along which it has length 1 and the index may run further.

    `stretched`: those of them that the operand itself has. `of`: the operand that it comes from.
    """

    name: str
    of: str
    labels: Labels
    thin: frozenset[str] = frozenset()
    stretched: frozenset[str] = frozenset()
    dtype: str | None = None

    @property
    def node(self) -> Name:
        """The array as part of an expression."""
        return Name(name=self.name)

    def axes(self, positions: Iterable[int]) -> tuple[int, ...]:
        """Return how axes are counted: from the end after an ellipsis of unknown rank."""
        return tuple(axis_number(self.labels, position) for position in positions)


@dataclass(slots=True, kw_only=True)
class StoryTeller:
    """A story while it is told: the stages of a step, and the names that are taken."""

    spec: Spec
    names: Names
    taken: set[str]
    stages: list[StoryStage] = field(default_factory=list)

    def shown(self, labels: Iterable[str]) -> tuple[str, ...]:
        """Return how indices are called."""
        return tuple(map(self.names.shown, labels))

    def shape(self, held: Held) -> tuple[int | str, ...]:
        """Return the shape of an array."""
        return tuple(1 if x in held.thin else extent(self.spec, self.names, x) for x in held.labels)

    def after(self, held: Held) -> str:
        """Return a new name for what is made of an array: the operand's with a number, `S` for a product."""
        if held.of == PRODUCT:
            return self.local("S")
        return self.keep(numbered(f"{held.of}_" if held.of[-1].isdigit() else held.of, self.taken))

    def local(self, wanted: str) -> str:
        """Return a new name, the one that is wanted if it is free."""
        return self.keep(fresh(wanted, self.taken))

    def keep(self, name: str) -> str:
        """Return a name, which is taken from now on."""
        self.taken.add(name)
        return name

    def given(self, held: Held, why: Sequence[Message] = ()) -> None:
        """Tell that an array is there."""
        self.stages.append(replace(self._stage(StageKind.GIVEN, held), why=tuple(why)))

    def made(
        self,
        kind: StageKind,
        held: Held,
        tree: ArrayNode,
        *,
        sources: Sequence[Held],
        about: Iterable[str] = (),
        why: Sequence[Message] = (),
    ) -> Held:
        """Tell how an array is made; return it."""
        stage = replace(
            self._stage(kind, held),
            sources=tuple(one.name for one in sources),
            terms=tuple(self.shown(one.labels) for one in sources),
            about=self.shown(about),
            line=ArrayAssign(name=held.name, array=tree),
            why=tuple(why),
        )
        self.stages.append(stage)
        return held

    def _stage(self, kind: StageKind, held: Held) -> StoryStage:
        axes, shape = self.shown(held.labels), self.shape(held)
        return StoryStage(kind=kind, of=held.of, name=held.name, axes=axes, shape=shape, dtype=held.dtype)

    def finish(self, name: str, last: Held) -> tuple[StoryStage, ...]:
        """Return the stages of a step, whose last array is called `name`; begin another step."""
        if self.stages[-1].kind is StageKind.GIVEN:
            self.made(StageKind.SAME, replace(last, name=name), last.node, sources=[last], why=[Message("story.same")])
        end = self.stages[-1]
        assert end.line is not None
        stages = (*self.stages[:-1], replace(end, name=name, line=replace(end.line, name=name)))
        self.stages = []
        return stages
