"""What is compiled, and what is made of it, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

from ...core.errors import EinloopError
from ...core.generated import Generated
from ...core.joint import JointSum
from ...core.layout import Layout
from ...core.spec import Spec
from ...runners.library import SharedLibrary

Direct = Callable[[Callable[..., Any], Callable[..., Any]], Callable[..., Any]]
"""Makes a function that tries a kernel first of those that take what it is not for, and what it refused."""
Told = Callable[[], tuple[str, ...]]
"""Says what the passes did to the loops, and why, a sentence each."""
MIN_LENGTHY_POINTS = 20_000
"""Loop iterations from which on other threads may run meanwhile: handing the lock over costs what some hundred take."""


def result_shape(spec: Spec) -> tuple[int, ...]:
    """Return the shape of the result of a bound expression."""
    extents = (spec.by_label[label].extent for label in spec.output)
    return tuple(n for n in extents if isinstance(n, int))


def origin(compiled_by: str | None, trouble: str | None) -> tuple[str, ...]:
    """Return who compiled something now, None for nobody, and why it was not kept, if it was not, a sentence each."""
    made = "It was compiled before." if compiled_by is None else f"Compiled by {compiled_by}."
    return (made,) if trouble is None else (made, f"What was compiled is kept for this process only: {trouble}.")


def first_line(error: EinloopError) -> str:
    """Return what an error says, without the text that follows."""
    return error.message.partition("\n")[0].rstrip(".")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompileCase:
    """A bound expression, the layouts of its operands, the dtype of its result, and how it should be computed.

    `joint` is the sum of einsums that it stands for, where it is not one einsum.
    """

    spec: Spec
    operands: tuple[Layout, ...]
    dtype: str
    schedule: tuple[str, ...]
    threads: int = 1
    joint: JointSum | None = None

    @property
    def subject(self) -> Spec | JointSum:
        """What loops are made of: the expression, or the sum of einsums whose operands and indices it has."""
        return self.spec if self.joint is None else self.joint

    @property
    def result(self) -> Layout:
        """The layout of the result: its last axis runs fastest."""
        return Layout(shape=result_shape(self.spec), dtype=self.dtype)

    @property
    def points(self) -> int:
        """Iterations of one nest of all loops."""
        return sum(prod(x.extent for x in nest if isinstance(x.extent, int)) for nest in self.spec.nests)

    @property
    def dtypes(self) -> tuple[str, ...]:
        """The dtype of each operand."""
        return tuple(layout.dtype for layout in self.operands)

    @property
    def named_dtypes(self) -> tuple[tuple[str | None, str], ...]:
        """The dtype of each operand as options say it: by name where one array may be several operands."""
        if self.joint is None:
            return tuple((None, dtype) for dtype in self.dtypes)
        return tuple({op.name: dtype for op, dtype in zip(self.spec.operands, self.dtypes, strict=True)}.items())

    def contiguous(self) -> CompileCase:
        """Return the same case for operands without gaps, their last axis fastest."""
        return replace(self, operands=tuple(replace(layout, strides=None) for layout in self.operands))


@dataclass(frozen=True, slots=True, kw_only=True)
class Specialisation:
    """A case that can be run: `kernel` takes the operands' arrays and the result's, which it fills.

    `fast` is the kernel as the extension `einloop_caller` knows it, or None. `general`: it serves every layout of these
    shapes; `copies`: it takes operands without gaps, so that others have to be copied first. `direct` makes a function
    that tries this kernel before it looks at its arrays. Of a sum of einsums, `taken` are the numbers of the operands
    whose arrays the kernel takes, and `start` is that of the operand which the result's array has to hold before.
    """

    target: str
    source: str
    kernel: Callable[..., object]
    notes: tuple[str, ...]
    """What was decided and why, a sentence each, without what `passes` says."""
    passes: Told = field(default=tuple, compare=False)
    """Says what each pass did to the loops, and why; only when asked, as it takes as long as making the text did."""
    fast: Any = field(default=None, compare=False)
    library: SharedLibrary | None = field(default=None, compare=False)
    """Where the kernel is, if that can be unloaded."""
    general: bool = False
    copies: bool = False
    taken: tuple[int, ...] = ()
    start: int | None = None
    direct: Direct | None = field(default=None, compare=False)

    def unloaded(self, note: str) -> Specialisation:
        """Return what is left to be told when nothing can be run any more, and why."""
        return replace(self, kernel=_nothing, fast=None, library=None, notes=(*self.notes, note))

    @property
    def decisions(self) -> tuple[str, ...]:
        """All that was decided, and why, a sentence each."""
        return (*self.notes, *self.passes())


def called_with(generated: Generated) -> tuple[tuple[int, ...], int | None]:
    """Return the numbers of the operands whose arrays the loops of a sum read, and of the one that they write into."""
    assert generated.program is not None
    nest, names = generated.program.nest, generated.operands
    return tuple(names.index(b.name) for b in nest.read_only), names.index(nest.result.name) if nest.updates else None


def _nothing(*_: Any) -> None:
    raise AssertionError("a kernel that was unloaded is not called")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What a call needs where its arrays can be taken as they are: what computes, shape and dtype of the result."""

    made: Specialisation
    shape: tuple[int, ...]
    dtype: Any
