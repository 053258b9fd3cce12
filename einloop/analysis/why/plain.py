"""One element of a result taken apart where numpy is not, its arrays being plain. Sections as `page` makes them.

What the element is comes from whoever evaluates: one term is added after another. It is what np.einsum gives for
integers, booleans and objects, and for floats where every product and every sum is exact in whatever order; elsewhere
the page says that it is what loops come to. What np.einsum's own rounding does to it (EL754) is not told.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from heapq import nsmallest
from operator import add, mul
from typing import Any

from ...core.arithmetic import arithmetic, largest, shortest
from ...core.contraction import Contraction
from ...core.dtypes import DTYPES, DtypeKind
from ...core.errors import DtypeError, OptionError
from ...core.message import Code, Message, Value
from ...core.names import Names
from ...core.plain_array import PlainArray, positions
from ...core.report import Fact, Finding, Paragraph, Section, Severity
from ...core.spec import Spec
from .cause import Cause, Inputs, OddInput, cause
from .factors import Factors
from .kinds import ElementKind
from .told import Caused, same_sum, sum_fact, total_section, traced_sections
from .traced import TermValue, Traced, rest_of
from .traps import cancellation, traps
from .values import Exact, exact, fact, is_finite, is_nan, size, text, times

MAX_PLAIN_TERMS = 10**6
"""Terms of a sum; to take more apart takes many seconds."""
SLACK = 4
"""How far sums of rounded terms stay inside the bound on them, as in `nonfinite`."""
LOWEST = {"float16": -24, "float32": -149, "float64": -1074}
"""The power of two of the smallest positive number."""

Rows = Sequence[tuple[Any, ...]]
"""The factors of every term, in order."""
KINDS = {
    DtypeKind.LOGIC: ElementKind.LOGIC,
    DtypeKind.SIGNED: ElementKind.INTEGER,
    DtypeKind.UNSIGNED: ElementKind.INTEGER,
    DtypeKind.FLOAT: ElementKind.REAL,
    DtypeKind.COMPLEX: ElementKind.COMPLEX,
    DtypeKind.OBJECT: ElementKind.OBJECT,
}


class DtypeName(str):
    """The name of a dtype where a dtype of numpy may stand."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """Itself."""
        return str(self)


class ShortFloat(float):
    """A float of fewer digits than a double, which prints as such."""

    __slots__ = ("dtype",)

    def __new__(cls, value: float, dtype: str) -> ShortFloat:
        """Return a float that knows its dtype."""
        made = super().__new__(cls, value)
        made.dtype = dtype
        return made

    dtype: str

    def __neg__(self) -> ShortFloat:
        return ShortFloat(-float(self), self.dtype)

    def __str__(self) -> str:
        return shortest(self.dtype, float(self))


def plain_sections(
    spec: Spec, names: Names, arrays: Sequence[PlainArray], at: tuple[int, ...], *, value: Any, dtype: str, top: int
) -> tuple[Section, ...]:
    """Return what makes the element at some coordinates, with its `top` largest terms.

    `value` is what it comes to in `dtype`. Raises OptionError for a sum of too many terms.
    """
    traced, rows = plain_trace(spec, names, arrays, at, value=value, dtype=dtype, top=top)
    rounds = traced.factors.kind.rounds
    why = plain_cause(traced, rows) if rounds and not is_finite(value) else None
    caused: Caused = ((), {})
    if why is not None:
        more = [Paragraph(message=Message("why.cause.more", {"count": why.more}))] if why.more > 0 else []
        facts = {"cause": why.facts["cause"], "inputs": why.facts["inputs"]}
        caused = (Paragraph(message=why.message), *more), facts
    sure = not rounds or spec.is_view or _certain(traced.factors, rows)
    same = same_sum(traced, DTYPES[dtype].bits or 0)
    total = total_section(traced, same) if sure else _by_loops(traced, same)
    return traced_sections(traced, caused, total, plain_findings(traced))


def plain_trace(
    spec: Spec, names: Names, arrays: Sequence[PlainArray], at: tuple[int, ...], *, value: Any, dtype: str, top: int
) -> tuple[Traced, Rows]:
    """Return one element with its `top` largest terms, and the factors of every term."""
    factors = _factors(spec, names, arrays, at, dtype)
    if factors.count > MAX_PLAIN_TERMS:
        raise OptionError(
            "EL423",
            f"one element is a sum of {factors.count:,} terms; without numpy at most {MAX_PLAIN_TERMS:,} are added up",
            hint="cut the operands along a summed index",
        )
    rows = rows_of(factors)
    try:
        return _traced(factors, rows, plain_number(value, dtype), top), rows
    except (TypeError, ArithmeticError, AttributeError) as error:
        raise DtypeError("EL304", f"these objects cannot be multiplied and added up: {error}") from None


def plain_findings(traced: Traced) -> tuple[Finding, ...]:
    """Return what the dtype does to an element, but for what only np.einsum's own rounding does."""
    return _cancelled(traced) if traced.factors.kind.rounds else tuple(traps(traced))


def _factors(spec: Spec, names: Names, arrays: Sequence[PlainArray], at: tuple[int, ...], dtype: str) -> Factors:
    kind = KINDS[DTYPES[dtype].kind]
    summed = {x.label: x.extent for x in spec.summed if x.extent != 1 and isinstance(x.extent, int)}
    return Factors(
        spec=spec,
        names=names,
        arrays=tuple(arrays),
        common=DtypeName(dtype),
        kind=ElementKind.OTHER if spec.is_view and kind is ElementKind.OBJECT else kind,
        at=dict(zip(spec.output, at, strict=True)),
        summed=tuple(summed),
        shape=tuple(summed.values()),
        views=tuple(arrays),
    )


def rows_of(factors: Factors) -> Rows:
    """Return the factors of every term in order, in the dtype of the sum."""
    spec, dtype = factors.spec, str(factors.common)
    contraction = Contraction(
        terms=tuple(op.labels for op in spec.operands),
        shapes=tuple(array.shape for array in factors.arrays),
        extents={x.label: x.extent for x in spec.indices if isinstance(x.extent, int)},
        output=spec.output,
        summed=tuple(index.label for index in spec.summed),
    )
    if not factors.count:
        return []
    starts = contraction.places(tuple(factors.at.values()), (0,) * len(contraction.summed))
    cast = arithmetic(dtype).cast
    columns = [
        [plain_number(cast(array.values[start + offset]), dtype) for offset in offsets]
        for array, start, offsets in zip(factors.arrays, starts, contraction.offsets(contraction.summed), strict=True)
    ]
    return list(zip(*columns, strict=True))


def plain_number(value: Any, dtype: str) -> Any:
    """Return a number as one that prints with the digits of its dtype."""
    return ShortFloat(value, dtype) if isinstance(value, float) and DTYPES[dtype].short else value


def _traced(factors: Factors, rows: Rows, value: Any, top: int) -> Traced:
    kind = factors.kind
    products = [_product(kind, str(factors.common), row) for row in rows]
    finite = not kind.rounds or all(is_finite(one) for row in rows for one in row)
    chosen: Sequence[int] = range(len(rows))
    if len(rows) > top:
        ranks = _ranks(kind, products)
        chosen = nsmallest(top, chosen, key=lambda number: (-ranks[number], number))
    places = list(positions(factors.shape))
    terms = tuple(TermValue(place=places[n], factors=rows[n], product=products[n]) for n in chosen)
    total = _total(kind, products) if finite else None
    sizes = [size(one) for one, row in zip(products, rows, strict=True) if kind.rounds and all(map(is_finite, row))]
    return Traced(
        factors=factors,
        terms=terms,
        total=total,
        rest=rest_of(kind, total, terms),
        magnitude=sum(sizes, Fraction(0)),
        value=value,
        whole=factors.spec.is_view or all(index.extent for index in factors.spec.indices),
        precise=True,
        loops=None,
    )


def _product(kind: ElementKind, dtype: str, row: tuple[Any, ...]) -> Any:
    """Return the product of one term, exact where its factors are finite numbers."""
    if kind is ElementKind.OTHER:
        return row[0]
    if kind is ElementKind.LOGIC:
        return all(row)
    if kind is ElementKind.OBJECT:
        return reduce(mul, row)
    if not all(map(is_finite, row)):
        return plain_number(reduce(arithmetic(dtype).multiply, row), dtype)
    return reduce(times, map(exact, row))


def _total(kind: ElementKind, products: Sequence[Any]) -> Any:
    if kind is ElementKind.OTHER:
        return products[0]
    if kind is ElementKind.LOGIC:
        return sum(products)
    if kind is ElementKind.COMPLEX:
        return sum((one[0] for one in products), Fraction(0)), sum((one[1] for one in products), Fraction(0))
    return reduce(add, products, Fraction(0) if kind is ElementKind.REAL else 0)


def _ranks(kind: ElementKind, products: Sequence[Any]) -> list[Any]:
    """Return how large each term is, what is not a number being the largest; objects without a size are all equal."""
    if kind is ElementKind.OBJECT:
        try:
            ranks = [abs(one) for one in products]
            return ranks if all(one + 0 >= 0 for one in ranks) else [0] * len(ranks)
        except TypeError:
            return [0] * len(products)
    return [_rank(one) for one in products]


def _rank(product: Any) -> Any:
    if isinstance(product, tuple):
        return product[0] ** 2 + product[1] ** 2
    return float("inf") if not is_finite(product) else abs(product)


def _certain(factors: Factors, rows: Rows) -> bool:
    """Return whether every product and sum of these factors is exact, in whatever order they are taken.

    The elements of each operand are whole multiples of a power of two. So are products and sums of multiples; none
    exceeds what it would be if all elements were the largest, which has to fit the bits of the dtype.
    """
    part = DTYPES[str(factors.common)].part or str(factors.common)
    most, beyond, below = len(rows), Fraction(SLACK * len(rows)), 0
    for column in zip(*rows, strict=True):
        if not all(map(is_finite, column)):
            return False
        parts: list[Fraction] = [one for number in column for one in _parts(exact(number)) if one]
        if not parts:
            continue
        lowest = min((one.numerator & -one.numerator).bit_length() - one.denominator.bit_length() for one in parts)
        top: Fraction = max(abs(one) for one in parts)
        most = most * int(top / Fraction(2) ** lowest) * (2 if factors.kind is ElementKind.COMPLEX else 1)
        beyond *= 2 * top if top > 1 else 2
        below += min(lowest, 0)
    bits = DTYPES[part].bits or 0
    return most <= 1 << bits and beyond < Fraction(largest(part)) and below >= LOWEST[part]


def _parts(number: Exact) -> tuple[Fraction, ...]:
    return number if isinstance(number, tuple) else (Fraction(number),)


def _by_loops(traced: Traced, same: bool) -> Section:
    """Return what loops come to beside the sum of the terms."""
    said = "only" if traced.total is None or not traced.factors.count else "same" if same else "differs"
    values: dict[str, Value] = {"value": Code(text(traced.value, full=True))}
    values |= {"total": Code(text(traced.total, full=True))} if said == "differs" else {}
    facts: dict[str, Fact] = {
        "sum": sum_fact(traced),
        "einsum": None,
        "loops": fact(traced.value),
        "from": "loops",
        "same": same,
        "exact": True,
    }
    return Section(id="added", parts=(Paragraph(message=Message(f"why.plain.{said}", values)),), facts=facts)


def plain_cause(traced: Traced, rows: Rows) -> Cause | None:
    """Return why an element is not finite, None where only the order of additions tells."""
    places = list(positions(traced.factors.shape))
    odd: list[OddInput] = []
    count = 0
    for number in range(len(traced.factors.views)):
        own: dict[tuple[int, ...], int] = {}
        for term, row in enumerate(rows):
            if not is_finite(row[number]):
                own.setdefault(traced.factors.coordinates(number, places[term]), term)
        count += len(own)
        first_nan = [term for term in own.values() if is_nan(rows[term][number])][:1]
        chosen = dict.fromkeys([*list(own.values())[:1], *first_nan])
        odd += [OddInput(number, _term(traced, rows, places, term)) for term in chosen]
    inputs: Inputs = (odd, count)

    def first_terms(factors: Factors) -> tuple[TermValue | None, TermValue | None, TermValue | None]:
        found = [_term(traced, rows, places, n) for n, row in enumerate(rows) if not all(map(is_finite, row))]
        nan = next((term for term in found if is_nan(term.product)), None)
        plus = next((term for term in found if not is_nan(term.product) and term.product > 0), None)
        minus = next((term for term in found if not is_nan(term.product) and term.product < 0), None)
        return nan, plus, minus

    why = cause(traced, inputs, first_terms)
    return None if why.facts["cause"] == "overflow_partial" else why


def _term(traced: Traced, rows: Rows, places: Sequence[tuple[int, ...]], number: int) -> TermValue:
    factors = traced.factors
    product = _product(factors.kind, str(factors.common), rows[number])
    return TermValue(place=places[number], factors=rows[number], product=product)


def _cancelled(traced: Traced) -> tuple[Finding, ...]:
    """Return EL753 where terms cancel, whatever adds them."""
    if traced.total is None or not is_finite(traced.value) or not size(traced.total) or traced.factors.spec.is_view:
        return ()
    dtype = str(traced.factors.common)
    count = traced.factors.count
    bits = DTYPES[dtype].bits or 0
    said = cancellation(traced.total, traced.magnitude, traced.value, dtype=dtype, bits=bits, count=count)
    if said is None:
        return ()
    return (Finding(id="EL753", severity=Severity.WARNING, message=said, text=traced.factors.spec.source.text),)
