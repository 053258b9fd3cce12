"""What is verified: how to run it, the expression, and the contract it must keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from ..core.generated import Contract
from ..core.spec import Spec

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """How to run a text, its expression and operand names, and its contract.

    `lenient`: a person's own loops, whose contract is only assumed. `scalars`: a result without axes must be a scalar,
    as a function returns one; a snippet may leave an array. `main` runs a whole program and gives its exit code and
    what it printed. `blocks`: the size of the blocks that the loops are cut into, by label of the index.
    """

    spec: Spec
    operands: tuple[str, ...]
    contract: Contract
    run: Callable[..., object]
    source: str = ""
    lenient: bool = False
    scalars: bool = False
    main: Callable[[], tuple[int, str]] | None = None
    blocks: Mapping[str, int] = field(default_factory=dict)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The name of every distinct input."""
        return tuple(dict.fromkeys(self.operands))

    @property
    def dtypes(self) -> tuple[str, ...]:
        """The dtype of every distinct input, float64 where the contract names none."""
        return self.contract.dtypes or ("float64",) * len(self.inputs)

    @property
    def dotted(self) -> frozenset[str]:
        """The inputs under an ellipsis: their rank varies, so one without axes stays an array."""
        pairs = zip(self.operands, self.spec.operands, strict=True)
        return frozenset(name for name, op in pairs if op.dots is not None)

    def per_operand(self, values: Sequence[T]) -> list[T]:
        """Return values given one per distinct input, one per operand."""
        named = dict(zip(self.inputs, values, strict=True))
        return [named[name] for name in self.operands]
