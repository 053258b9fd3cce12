"""A Spec and arrays in, the elements of its result out: one at a time, or all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..core.arithmetic import DtypeArithmetic, Unary, arithmetic
from ..core.bind import bind_sizes, operand_title
from ..core.contraction import Contraction
from ..core.dtypes import DTYPES, DtypeKind, common_dtype, dtype_name, summing_dtype
from ..core.effort import TooMuchError
from ..core.errors import DtypeError, OptionError
from ..core.plain_array import PlainArray
from ..core.sizes import check_ties
from ..core.spec import Spec
from .mapped import Mapped


@dataclass(frozen=True, kw_only=True)
class EinsumValue:
    """The result of an einsum, computed when it is asked for; `dtype` is that of the result.

    `spec` has the extents of the `operands`. Where it is a view, elements are taken as they are.
    """

    spec: Spec
    operands: tuple[PlainArray, ...]
    dtype: str

    @cached_property
    def contraction(self) -> Contraction:
        """Which elements of the operands meet."""
        return Contraction(
            terms=tuple(operand.labels for operand in self.spec.operands),
            shapes=tuple(array.shape for array in self.operands),
            extents={x.label: x.extent for x in self.spec.indices if isinstance(x.extent, int)},
            output=self.spec.output,
            summed=tuple(index.label for index in self.spec.summed),
        )

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the result's axes."""
        return tuple(self.contraction.extents[label] for label in self.spec.output)

    @property
    def sums(self) -> str:
        """The dtype in which products are multiplied and added."""
        return summing_dtype(self.dtype)

    def cell(self, position: Sequence[int] = ()) -> Any:
        """Return one element, for which its own terms alone are computed.

        Raises DtypeError for objects that have no product or sum, OptionError where a sum of symbols is too long.
        """
        if self.spec.is_view:
            return next(self.products(position))
        rules, finish = self._rules()
        with _told():
            found = self.contraction.element(self._cast(), position, rules.multiply, rules.add, rules.zero)
        return finish(found)

    def products(self, position: Sequence[int] = ()) -> Iterator[Any]:
        """Yield the products of one element, in the order in which they are added."""
        return self.contraction.products(self._cast(), position, arithmetic(self.sums).multiply)

    def whole(self) -> PlainArray:
        """Return all of the result; raises as `cell` does."""
        if self.spec.is_view:
            places = list(range(len(self.operands[0].values)))
            found = self.contraction.whole([places], _second, _second, None)
            return PlainArray(self.shape, self.dtype, tuple(self.operands[0].values[place] for place in found))
        (rules, finish), values = self._rules(), [tuple(column) for column in self._cast()]
        with _told():
            made = self.contraction.whole(values, rules.multiply, rules.add, rules.zero)
            return PlainArray(self.shape, self.dtype, tuple(map(finish, made)))

    def _cast(self) -> list[Sequence[Any]]:
        """Return the elements of the operands in the dtype of the result, each made when it is read."""
        cast = arithmetic(self.dtype).cast
        return [one.values if one.dtype == self.dtype else Mapped(one.values, cast) for one in self.operands]

    def _rules(self) -> tuple[DtypeArithmetic, Unary]:
        """Return what multiplies and adds, and what makes an element of the total.

        Integers are added as they are and wrapped at the end: that is the same number, and takes less time.
        """
        whole = DTYPES[self.dtype].kind in (DtypeKind.SIGNED, DtypeKind.UNSIGNED)
        finish = arithmetic(self.dtype if whole or self.sums != self.dtype else "object").cast
        return arithmetic("object" if whole else self.sums), finish


def evaluate(spec: Spec, operands: Sequence[PlainArray], dtype: str | None = None) -> EinsumValue:
    """Return the value of an einsum for one array per operand, computed in `dtype` where one is given.

    Raises ShapeError where shapes do not fit; DtypeError where a dtype has no sums and products here, or where numpy
    does not cast an operand to `dtype`.

    >>> from einloop.notation import read
    >>> A, x = PlainArray((2, 2), "int8", (100, 1, 2, 3)), PlainArray((2,), "int8", (2, 1))
    >>> found = evaluate(read("ij,j->i"), [A, x])
    >>> found.cell((0,)), found.whole().tolist(), found.dtype, list(found.products((0,)))
    (-55, [-55, 7], 'int8', [-56, 1])
    """
    bound = bind_sizes(spec, [array.shape for array in operands])
    check_ties(bound)
    common = common_dtype([array.dtype for array in operands])
    wanted = common if dtype is None or bound.is_view else dtype_name(dtype)
    for number, array in enumerate(operands):
        if common_dtype([array.dtype, wanted]) != wanted:
            what = f"{operand_title(spec, number)} has {array.dtype}, which numpy does not cast to {wanted} by itself"
            raise DtypeError("EL302", what, operand=number, hint=f"dtype={common}, or cast the array")
    arithmetic(wanted)
    return EinsumValue(spec=bound, operands=tuple(operands), dtype=wanted)


def _second(_: Any, value: Any) -> Any:
    return value


@contextmanager
def _told() -> Iterator[None]:
    """Say what objects raise whose products or sums are asked for."""
    try:
        yield
    except TooMuchError:
        raise OptionError("EL423", "a sum of symbols has more terms than are added up") from None
    except (TypeError, ArithmeticError, AttributeError) as error:
        raise DtypeError("EL304", f"these objects cannot be multiplied and added up: {error}") from None
