"""What is verified: how to run it, the expression, and the contract it must keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from ..core.generated import Contract
from ..core.spec import Spec
from ..core.viewed import Viewed
from .einsum import Array

T = TypeVar("T")


class Yardstick(Protocol):
    """What is right where it is not one call of np.einsum; arrays are one per distinct input."""

    @property
    def text(self) -> str:
        """The statements, with their calls of np.einsum."""

    @property
    def imaginary(self) -> bool:
        """A complex number stands beside some product."""

    @property
    def exact(self) -> bool:
        """Whole numbers give whole numbers."""

    def value(self, arrays: Sequence[Array]) -> Any:
        """Return what the result must be."""

    def scale(self, arrays: Sequence[Array]) -> Array:
        """Return the magnitude of all that an element of the result is a sum of."""

    def bound(self, dtypes: Sequence[str], terms: int) -> int:
        """Return how large integers may be in these dtypes; 0 where they may overflow, -1 where there is no sum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """How to run a text, its expression and operand names, and its contract.

    `lenient`: a person's own loops, whose contract is only assumed. `scalars`: a result without axes must be a scalar,
    as a function returns one; a snippet may leave an array. `main` runs a whole program and gives its exit code and
    what it printed. `blocks`: the size of the blocks that the loops are cut into, by label of the index. `yardstick`:
    what a sum of einsums is compared with. `told`: a person knows its indices by their labels. `viewed`: what its
    operands are parts of.
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
    yardstick: Yardstick | None = None
    told: bool = True
    viewed: Viewed | None = None

    @property
    def inputs(self) -> tuple[str, ...]:
        """The name of every distinct input."""
        return tuple(dict.fromkeys(self.operands)) if self.viewed is None else self.viewed.names

    @property
    def lengths(self) -> frozenset[str]:
        """The inputs that are whole numbers."""
        return frozenset(one.name for one in self.viewed.inputs if one.length) if self.viewed else frozenset()

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
