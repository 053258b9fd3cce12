"""Expressions over whole arrays, as immutable trees: `A @ B.T`, `A.sum(axis=0)`. Holds no text and computes nothing.

Every node names the macro that writes it (`block`) and its inputs. Axes are counted from 0, or from the end (negative)
where an ellipsis of unknown rank stands before them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar


class Slot(Enum):
    """What stands at one place of an index such as `[:, None]`."""

    AXIS = "axis"
    NEW = "new"
    DOTS = "dots"


@dataclass(frozen=True, slots=True)
class AxisLength:
    """The length of one axis of an operand, read where the text runs."""

    operand: str
    axis: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A length in a shape: a number times lengths that are read. -1 lets the library work it out."""

    number: int = 1
    lengths: tuple[AxisLength, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayNode:
    """An array that is computed: `block` is the macro that writes how."""

    block: ClassVar[str]

    @property
    def inputs(self) -> tuple[ArrayNode, ...]:
        """The arrays that it is made of."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Name(ArrayNode):
    """An operand, or what an earlier line computed."""

    block: ClassVar[str] = "name"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unary(ArrayNode):
    array: ArrayNode

    @property
    def inputs(self) -> tuple[ArrayNode, ...]:
        """The array."""
        return (self.array,)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Binary(ArrayNode):
    left: ArrayNode
    right: ArrayNode

    @property
    def inputs(self) -> tuple[ArrayNode, ...]:
        """Left and right."""
        return (self.left, self.right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverse(_Unary):
    """All axes in reverse order, `A.T`."""

    block: ClassVar[str] = "reverse"


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapLast(_Unary):
    """The last two axes exchanged."""

    block: ClassVar[str] = "swap_last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permute(_Unary):
    """Axis k of the result is axis `axes[k]` of the array."""

    block: ClassVar[str] = "permute"
    axes: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveAxes(_Unary):
    """Axis `source[k]` moved to `destination[k]`; the other axes keep their order."""

    block: ClassVar[str] = "move_axes"
    source: tuple[int, ...]
    destination: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagonal(_Unary):
    """The diagonal of two axes, which becomes the last axis."""

    block: ClassVar[str] = "diagonal"
    axes: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagonalSum(_Unary):
    """The sum of the diagonal of two axes. `whole`: there are no other axes."""

    block: ClassVar[str] = "trace"
    axes: tuple[int, int]
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum(_Unary):
    """The sum over some axes, or over all (None)."""

    block: ClassVar[str] = "sum"
    axes: tuple[int, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSum(_Unary):
    """The sum over some axes, or over all (None), added and kept in `dtype`, a narrow one."""

    block: ClassVar[str] = "kept_sum"
    axes: tuple[int, ...] | None
    dtype: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast(_Unary):
    """The same numbers in another dtype."""

    block: ClassVar[str] = "cast"
    dtype: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Squeeze(_Unary):
    """Axes of size 1 left out."""

    block: ClassVar[str] = "squeeze"
    axes: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expand(_Unary):
    """New axes of size 1."""

    block: ClassVar[str] = "expand"
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reshape(_Unary):
    """The same elements in the same order under another shape."""

    block: ClassVar[str] = "reshape"
    shape: tuple[Size, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matmul(_Binary):
    """`left @ right`: vectors, matrices, or stacks of matrices whose leading axes broadcast."""

    block: ClassVar[str] = "matmul"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchedMatmul(_Binary):
    """The matrix products of two stacks of three axes each, without broadcasting."""

    block: ClassVar[str] = "bmm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiply(_Binary):
    """`left * right`, broadcast."""

    block: ClassVar[str] = "multiply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer(_Binary):
    """All products of two vectors."""

    block: ClassVar[str] = "outer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensordot(_Binary):
    """Sum over pairs of axes; what is left of the left array stands before what is left of the right one.

    `adjacent`: the axes are the last of the left array and the first of the right one, in the same order.
    """

    block: ClassVar[str] = "tensordot"
    left_axes: tuple[int, ...]
    right_axes: tuple[int, ...]
    adjacent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDot(ArrayNode):
    """A sum of products with an axis name for every axis (`...` for the axes of an ellipsis)."""

    block: ClassVar[str] = "named_dot"
    arrays: tuple[ArrayNode, ...]
    terms: tuple[tuple[str, ...], ...]
    output: tuple[str, ...]

    @property
    def inputs(self) -> tuple[ArrayNode, ...]:
        """The operands."""
        return self.arrays


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSum(_Unary):
    """The sum over the named axes that the output leaves out, the rest in the order of the output."""

    block: ClassVar[str] = "named_sum"
    term: tuple[str, ...]
    output: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRearrange(_Unary):
    """Named axes in another order."""

    block: ClassVar[str] = "named_rearrange"
    term: tuple[str, ...]
    output: tuple[str, ...]


class ProductKind(Enum):
    """What an equivalent is for."""

    PLAIN = "plain"
    """As an expert writes it."""
    NAMED = "named"
    """With a name for every axis."""
    MATMUL = "matmul"
    """Nothing but transposes, reshapes, diagonals, sums, `@` and `*`, for tools that know no einsum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayAssign:
    """One line of a longer text: a name for what a tree computes."""

    block: ClassVar[str] = "assign"
    name: str
    array: ArrayNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalent:
    """An expression without einsum.

    `tree` is the whole in one expression, `lines` the same in assignments, the last one to the result (empty where
    there is nothing to divide). `caveats` are ids of the catalogue, `equivalents.caveat.<id>`. `exportable`: made of
    what `ProductKind.MATMUL` allows.
    """

    library: str
    kind: ProductKind
    tree: ArrayNode
    lines: tuple[ArrayAssign, ...] = field(default=())
    caveats: tuple[str, ...] = ()
    exportable: bool = False


def nodes(tree: ArrayNode) -> Iterator[ArrayNode]:
    """Yield every node of a tree, the root first.

    >>> [node.block for node in nodes(Matmul(left=Name(name="A"), right=Reverse(array=Name(name="B"))))]
    ['matmul', 'name', 'reverse', 'name']
    """
    yield tree
    for part in tree.inputs:
        yield from nodes(part)
