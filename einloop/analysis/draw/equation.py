"""What a picture is of: a result, and the products of arrays that are added up to it, with the names that it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ...core.combination import Combination, Summand
from ...core.drawing import Pieces
from ...core.formula import grouped, shown_number
from ...core.joined import Joined
from ...core.message import Message
from ...core.names import Names
from ...core.spec import DOTS, Extent, Index, Spec
from ..explain.sentence import sentence
from ..sums import sum_sentence, view_sentences
from ..sums.formula import ones_of

LONGEST_INDEX, LONGEST_ARRAY = 10, 14
"""Characters of a name that is shown; of a longer one the beginning, or beginning and end."""
MANY_INDICES, HIGH_RANK, SHORT_INDEX = 8, 4, 6
"""From so many indices on, or axes of one array, names are shown in so many characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnArray:
    """An array of a product: its name, its labels, and which of its axes have length 1 and are repeated."""

    name: str
    labels: tuple[str, ...]
    stretched: tuple[int, ...] = ()

    def one(self, axis: int) -> bool:
        """Return whether an axis is repeated along its index."""
        return axis in self.stretched


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnProduct:
    """A product of arrays, summed over `over`; `front` and `back` are numbers and scalars around it, `sign` before."""

    factors: tuple[DrawnArray, ...]
    over: tuple[str, ...]
    sign: str = ""
    front: str = ""
    back: str = ""


@dataclass(frozen=True, kw_only=True)
class Equation:
    """`result[output] = products`: everything that a picture shows, in the words of the person.

    `spec` knows the indices of all products. `sentences` say what is computed.
    """

    spec: Spec
    names: Names
    result: DrawnArray
    equals: str
    products: tuple[DrawnProduct, ...]
    sentences: tuple[Message, ...]

    @cached_property
    def colour(self) -> Mapping[str, int]:
        """The number of every index' colour, by label."""
        return {index.label: number for number, index in enumerate(self.spec.indices)}

    @cached_property
    def index(self) -> Mapping[str, str]:
        """How every index is called in the picture, by label."""
        labels = [index.label for index in self.spec.indices]
        high = any(len(factor.labels) >= HIGH_RANK for factor in (self.result, *self.factors))
        most = SHORT_INDEX if high or len(labels) >= MANY_INDICES else LONGEST_INDEX
        return dict(zip(labels, shortened_names([self.full(label) for label in labels], most), strict=True))

    @cached_property
    def array(self) -> Mapping[str, str]:
        """How every array is called in the picture, by its name."""
        factors = [factor for product in self.products for factor in product.factors]
        names = list(dict.fromkeys([*(factor.name for factor in factors), self.result.name]))
        return dict(zip(names, shortened_names(names, LONGEST_ARRAY), strict=True))

    @cached_property
    def extent(self) -> Mapping[str, Extent]:
        """The extent of every index, by label; None where it is not known."""
        return {index.label: index.extent for index in self.spec.indices}

    @property
    def factors(self) -> tuple[DrawnArray, ...]:
        """All arrays of all products."""
        return tuple(factor for product in self.products for factor in product.factors)

    @property
    def output(self) -> tuple[str, ...]:
        """The labels of the result."""
        return self.result.labels

    def indices(self, product: DrawnProduct) -> tuple[Index, ...]:
        """Return the indices of one product, as they appear in all."""
        labels = {label for factor in product.factors for label in factor.labels} | set(product.over)
        return tuple(index for index in self.spec.indices if index.label in labels)

    def full(self, label: str) -> str:
        """Return the whole name of an index."""
        return self.names.shown(label)

    def piece(self, label: str, text: str | None = None) -> tuple[str, int | None]:
        """Return the name of an index, or another text, in its colour."""
        return (self.index[label] if text is None else text, self.colour.get(label))

    def element(self, factor: DrawnArray, at: Mapping[str, int] | None = None) -> Pieces:
        """Return an element of an array as it is written, `at` some places in place of names."""
        at = at or {}
        inside: list[tuple[str, int | None]] = []
        for axis, label in enumerate(factor.labels):
            inside += [(",", None)] if axis else []
            text = "0" if factor.one(axis) else str(at[label]) if label in at else None
            inside.append(self.piece(label, text))
        name = (self.array.get(factor.name, factor.name), None)
        return (name, ("[", None), *inside, ("]", None)) if inside else (name,)

    def whole(self, factor: DrawnArray, at: Mapping[str, int] | None = None) -> str:
        """Return an element with names that are not shortened."""
        at = at or {}
        axes = enumerate(factor.labels)
        inside = ["0" if factor.one(axis) else str(at.get(label, self.full(label))) for axis, label in axes]
        return f"{factor.name}[{','.join(inside)}]" if inside else factor.name

    def shape(self, factor: DrawnArray) -> Pieces:
        """Return the lengths of an array, each in the colour of its index; nothing for a number."""
        found: list[tuple[str, int | None]] = []
        for axis, label in enumerate(factor.labels):
            found += [("×", None)] if axis else []
            length = self.length(label)
            found.append(self.piece(label, f"1→{length}" if factor.one(axis) else length))
        return tuple(found)

    def length(self, label: str) -> str:
        """Return the length of an index: a number, or its name in the loops."""
        extent = self.extent[label]
        if label == DOTS:
            return DOTS
        return shortened_names([str(self.names.extent[label] if extent is None else extent)], LONGEST_INDEX)[0]

    def sum_sign(self, over: tuple[str, ...]) -> Pieces:
        """Return the sign of a sum over indices: `Σ_j`, `Σ_{j,k}`."""
        letters = [piece for label in over for piece in ((",", None), self.piece(label))][1:]
        if len(letters) == 1 and len(letters[0][0]) == 1:
            return (("Σ_", None), *letters)
        return (("Σ_{", None), *letters, ("}", None))

    def formula(self) -> tuple[Pieces, ...]:
        """Return the formula in words that a line may end after."""
        found: list[Pieces] = [(*self.element(self.result), (f" {self.equals}", None))]
        for product in self.products:
            found += [((product.sign, None),)] if product.sign else []
            found += [((f"{product.front} ·", None),)] if product.front else []
            found += [self.sum_sign(product.over)] if product.over else []
            for number, factor in enumerate(product.factors):
                last = number == len(product.factors) - 1
                found.append((*self.element(factor), *(((" ·", None),) if not last else ())))
            found += [((product.back.strip(), None),)] if product.back else []
        return tuple(found)


def shortened_names(names: Iterable[str], most: int) -> list[str]:
    """Return names of at most `most` characters, different ones where the names are.

    >>> shortened_names(["batch", "query_length", "query_levels", "query_lengths"], 8)
    ['batch', 'query_l…', 'quer…els', 'quer…ths']
    """
    found: list[str] = []
    for name in names:
        half = (most - 1) // 2
        ways = [name] if len(name) <= most else [name[: most - 1] + "…", name[: most - 1 - half] + "…" + name[-half:]]
        numbered = (f"{name[: most - 1 - len(str(number))]}…{number}" for number in range(1, 10_000))
        found.append(
            next((way for way in ways if way not in found), None) or next(x for x in numbered if x not in found)
        )
    return found


def equation_of(spec: Spec, names: Names) -> Equation:
    """Return what a picture of one einsum shows.

    >>> from einloop.core.names import choose_names
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = read_subscripts("ij,jk->ik")
    >>> "".join(text for word in equation_of(spec, choose_names(spec)).formula() for text, _ in word)
    'C[i,k] =Σ_jA[i,j] ·B[j,k]'
    """
    factors = tuple(
        DrawnArray(name=name, labels=known_labels(spec, op.labels), stretched=op.stretched)
        for name, op in zip(names.operands, spec.operands, strict=True)
    )
    return Equation(
        spec=spec,
        names=names,
        result=DrawnArray(name=names.result, labels=spec.output),
        equals="=",
        products=(DrawnProduct(factors=factors, over=tuple(index.label for index in spec.summed)),),
        sentences=(sentence(spec, names),),
    )


def known_labels(spec: Spec, labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return labels without an ellipsis that must be empty."""
    known = spec.by_label
    return tuple(label for label in labels if label in known)


def equation_of_sum(joined: Joined, combination: Combination) -> Equation:
    """Return what a picture of a sum of einsums shows."""
    taken = combination.adds and all(summand.negative for summand in combination.summands)
    products = tuple(
        _product(joined, combination, summand, first=not number, taken=taken)
        for number, summand in enumerate(combination.summands)
    )
    output = combination.summands[0].spec.output if combination.summands else ()
    known = dict(zip((op.name for op in joined.spec.operands), joined.names.operands, strict=True))
    name = known.get(combination.result, combination.result)
    return Equation(
        spec=joined.spec,
        names=joined.names,
        result=DrawnArray(name=name, labels=output),
        equals="−=" if taken else "+=" if combination.adds else "=",
        products=products,
        sentences=(sum_sentence(joined, combination), *view_sentences(combination)),
    )


def _product(joined: Joined, combination: Combination, summand: Summand, *, first: bool, taken: bool) -> DrawnProduct:
    """Return one term: arrays are its factors, numbers and scalars stand around them."""
    spec, names, ones = summand.spec, joined.of(combination, summand), ones_of(combination, summand)
    operands = [
        (name, op) for n, (name, op) in enumerate(zip(names.operands, spec.operands, strict=True)) if n not in ones
    ]
    scale = [*([] if summand.size == 1 else [shown_number(summand.size)]), *map(grouped, summand.factors)]
    scale += [name for name, op in operands if not op.labels]
    minus = summand.negative and not taken
    factors = tuple(
        DrawnArray(name=name, labels=known_labels(spec, op.labels), stretched=op.stretched)
        for name, op in operands
        if op.labels
    )
    return DrawnProduct(
        factors=factors,
        over=tuple(index.label for index in spec.summed),
        sign="−" if minus else "" if first else "+",
        front=" · ".join(scale) if scale or factors else "1",
        back="".join(f" / {grouped(text)}" for text in summand.divisors),
    )
