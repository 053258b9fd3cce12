"""Put a whole kernel in place of the loops of a nest."""

from __future__ import annotations

from dataclasses import replace

from ..core.nest import Kernel, Kind, Nest, Stage
from .canonicalise import without_zeros
from .classify import product_of
from .draft import Draft
from .language import Command
from .pack import plan

PREFIX = "packed"


def pack(draft: Draft, command: Command) -> Draft:
    """Return the program with every nest that is shaped like a matrix product as a packed kernel.

    Raises OptionError where the target has no kernels, and, asked for by a person, where no nest is of that shape.
    """
    draft.check_able(command, "kernels", "which has no text for kernels")
    if not draft.canonical:
        raise command.refused("pack looks at strides, which the loops do not have", hint="canonicalise pack")
    nest = draft.nest if any(stage.kind for stage in draft.nest.stages) else _shaped(draft, command)
    stages = tuple(_packed(draft, stage, number) for number, stage in enumerate(nest.stages))
    if stages == draft.nest.stages and command.reason is None:
        raise command.refused(
            "no nest is a product of two matrices of float32 or float64 that is large enough to pack",
            hint="6 rows, columns and products at least, over 4,096 iterations",
        )
    made = replace(nest, stages=stages)
    written = {kernel.plan.kernel.target for kernel in made.kernels}
    return draft.with_nest(without_zeros(made, written), closed=command.name)


def _shaped(draft: Draft, command: Command) -> Nest:
    """Return the program with what a kernel could take of each nest, where a person asks without classifying."""
    draft.check_open(command)
    stages = []
    for stage in draft.nest.stages:
        product = product_of(stage)
        whole = product is not None and product.rows and product.columns and product.contracted
        stages.append(replace(stage, kind=Kind.PRODUCT, problem=product) if whole else stage)
    return replace(draft.nest, stages=tuple(stages))


def _packed(draft: Draft, stage: Stage, number: int) -> Stage:
    if stage.kind is not Kind.PRODUCT or stage.problem is None:
        return stage
    prefix = draft.names.local(f"{PREFIX}{number + 1 if number else ''}")
    kernel = Kernel(plan=plan(stage.problem, draft.request.machine), prefix=prefix)
    return replace(stage, body=(kernel,))
