"""Random einsum expressions for hypothesis: metadata first, written down in any notation afterwards.

An `Expression` is valid by construction. Arrays hold values for which every order of evaluation gives the same
result, so that comparisons are exact in every dtype.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from string import ascii_letters
from typing import Any

import numpy as np
from hypothesis import strategies as st

from einloop.core.source import Notation
from einloop.notation import READERS

DOTS = "..."
POINTS = 400
"""Loop points of one expression, so that plain Python loops take a millisecond."""

INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
ARITHMETIC = (
    "bool",
    *INTEGERS,
    "float16",
    "float32",
    "float64",
    "longdouble",
    "complex64",
    "complex128",
    "clongdouble",
    "object",
)
FOREIGN = (">i4", ">f8", ">c16", ">u2")
"""Byte orders that are not this machine's, on most machines."""
UNCOUNTABLE = ("U3", "S2", "M8[D]", "m8[s]", "i4,f8")
"""Dtypes without products and sums: views only."""
SIGNIFICAND = {"float16": 11, "float32": 24, "complex64": 24}

AVAILABLE = tuple(reader.notation for reader in READERS)
"""The notations that `generate` reads at present."""

WORDS = ("batch", "query", "key", "dim", "for", "len", "np", "axis0", "Head", "i", "I", "C", "total", "dtype", "lambda")


@dataclass(frozen=True)
class Expression:
    """A valid einsum with the shapes of its operands; `output` is None where it is implicit."""

    terms: tuple[tuple[str, ...], ...]
    output: tuple[str, ...] | None
    shapes: tuple[tuple[int, ...], ...]

    @property
    def result(self) -> tuple[str, ...]:
        """The labels of the output, implicit or not."""
        if self.output is not None:
            return self.output
        every = [label for term in self.terms for label in term]
        once = sorted(label for label in set(every) if label != DOTS and every.count(label) == 1)
        return (DOTS, *once) if DOTS in every else tuple(once)

    @property
    def labels(self) -> tuple[str, ...]:
        """The named labels in order of appearance."""
        return tuple(dict.fromkeys(label for term in self.terms for label in term if label != DOTS))

    @property
    def subscripts(self) -> str:
        """The plainest way to write it for np.einsum, with an explicit output; labels get letters."""
        letters = dict(zip(self.labels, ascii_letters, strict=False)) | {DOTS: DOTS}
        left = ",".join("".join(letters[label] for label in term) for term in self.terms)
        return f"{left}->{''.join(letters[label] for label in self.result)}"

    @property
    def covered(self) -> tuple[int, ...]:
        """How many axes the ellipsis of each term covers."""
        return tuple(
            len(shape) - len(term) + (DOTS in term) for term, shape in zip(self.terms, self.shapes, strict=True)
        )

    @property
    def extents(self) -> dict[str, int]:
        """The extent of every named label."""
        found: dict[str, int] = {}
        for term, shape, covered in zip(self.terms, self.shapes, self.covered, strict=True):
            for label, size in zip(spread(term, covered), shape, strict=True):
                if not label.startswith(DOTS) and found.get(label, 1) == 1:
                    found[label] = size
        return found

    @property
    def stretched(self) -> bool:
        """Some named axis has size 1 where its label runs further."""
        extents = self.extents
        return any(
            size != extents.get(label, size)
            for term, shape, covered in zip(self.terms, self.shapes, self.covered, strict=True)
            for label, size in zip(spread(term, covered), shape, strict=True)
        )

    @property
    def is_view(self) -> bool:
        """One operand and nothing summed."""
        return len(self.terms) == 1 and set(self.terms[0]) <= set(self.result)

    def summed_terms(self) -> int:
        """Return how many products are added for one element of the output."""
        return prod(size for label, size in self.extents.items() if label not in self.result)

    def with_shapes(self, shapes: Sequence[tuple[int, ...]]) -> Expression:
        """Return the same expression for operands of other shapes."""
        return Expression(self.terms, self.output, tuple(shapes))

    def with_arrays(self, arrays: Sequence[np.ndarray]) -> Expression:
        """Return the same expression for these operands."""
        return self.with_shapes([array.shape for array in arrays])

    def with_extents(self, extents: Mapping[str, int], *, stretch: bool) -> Expression:
        """Return the same expression with these extents; axes stay stretched only where `stretch`."""
        old, shapes = self.extents, []
        for term, shape, covered in zip(self.terms, self.shapes, self.covered, strict=True):
            pairs = zip(spread(term, covered), shape, strict=True)
            shapes.append(
                tuple(
                    size if label.startswith(DOTS) or (stretch and size != old[label]) else extents[label]
                    for label, size in pairs
                )
            )
        return self.with_shapes(shapes)

    def renamed(self, names: Mapping[str, str]) -> Expression:
        """Return the same expression, output explicit, with other labels."""
        new = {**names, DOTS: DOTS}
        terms = tuple(tuple(new[label] for label in term) for term in self.terms)
        return Expression(terms, tuple(new[label] for label in self.result), self.shapes)


def spread(term: Sequence[str], covered: int) -> tuple[str, ...]:
    """Return `term` with its ellipsis as `covered` labels, '...0' the last axis."""
    inner = tuple(f"{DOTS}{k}" for k in reversed(range(covered)))
    return tuple(x for label in term for x in (inner if label == DOTS else (label,)))


@st.composite
def expressions(draw: st.DrawFn, *, most_operands: int = 12, dots: bool = True, stretch: bool = True) -> Expression:
    """Draw a valid expression with shapes: diagonals, ellipses of any rank, extents 0 to 4, stretched axes."""
    count = draw(
        st.integers(1, 5) | st.integers(1, most_operands) if most_operands > 5 else st.integers(1, most_operands)
    )
    labels = draw(st.lists(st.sampled_from("ijkIJKabABzZnpx"), max_size=6, unique=True))
    longest = 4 if count < 6 else 2
    term = st.lists(st.sampled_from(labels), max_size=longest) if labels else st.just([])
    terms = [tuple(draw(term)) for _ in range(count)]
    full: list[int] = []
    if dots and draw(st.booleans()):
        full = draw(st.lists(st.sampled_from((2, 3, 1, 0)), max_size=3))
        terms = [_with_dots(draw, term) for term in terms]
    extents = _extents(draw, labels, full)
    shapes = tuple(_shape(draw, term, extents, full, stretch=stretch) for term in terms)
    expression = Expression(tuple(terms), None, shapes)
    return Expression(expression.terms, _output(draw, expression), shapes)


def _with_dots(draw: st.DrawFn, term: tuple[str, ...]) -> tuple[str, ...]:
    if not draw(st.booleans()):
        return term
    place = draw(st.integers(0, len(term)))
    return (*term[:place], DOTS, *term[place:])


def _extents(draw: st.DrawFn, labels: list[str], full: list[int]) -> dict[str, int]:
    room = POINTS // max(1, prod(max(size, 1) for size in full))
    extents = {}
    for label in labels:
        extents[label] = min(draw(st.sampled_from((2, 3, 1, 4, 2, 3, 0))), max(room, 1))
        room //= max(extents[label], 1)
    return extents


def _shape(
    draw: st.DrawFn, term: tuple[str, ...], extents: dict[str, int], full: list[int], *, stretch: bool
) -> tuple[int, ...]:
    flat = (
        draw(st.sets(st.sampled_from(term), max_size=1)) if stretch and term and draw(st.integers(0, 3)) == 0 else set()
    )
    inner: list[int] = []
    if DOTS in term:
        kept = full[draw(st.integers(0, len(full))) :]
        inner = [1 if draw(st.integers(0, 3)) == 0 else size for size in kept]
    sizes = ([*inner] if label == DOTS else [1 if label in flat else extents[label]] for label in term)
    return tuple(size for part in sizes for size in part)


def _output(draw: st.DrawFn, expression: Expression) -> tuple[str, ...] | None:
    if draw(st.integers(0, 3)) == 0:
        return None
    labels = list(expression.labels)
    kept = draw(st.permutations(labels))[: draw(st.integers(0, len(labels)))] if labels else []
    needed, possible = any(expression.covered), any(DOTS in term for term in expression.terms)
    if needed or (draw(st.booleans()) and (possible or draw(st.booleans()))):
        place = draw(st.integers(0, len(kept)))
        kept = [*kept[:place], DOTS, *kept[place:]]
    return tuple(kept)


@st.composite
def blanks(draw: st.DrawFn, tokens: Sequence[str]) -> str:
    """Draw the tokens joined, with blanks between some of them."""
    if draw(st.booleans()):
        return "".join(tokens)
    return "".join(" " * draw(st.sampled_from((0, 0, 1, 2))) + token for token in (*tokens, ""))


@st.composite
def subscripts(draw: st.DrawFn, expression: Expression) -> str:
    """Draw the expression as np.einsum's subscripts, blanks anywhere."""
    tokens = [token for term in expression.terms for token in (",", *term)][1:]
    if expression.output is not None:
        tokens += ["->", *expression.output]
    return draw(blanks(tokens))


@st.composite
def numbered(draw: st.DrawFn, expression: Expression) -> tuple[list[list[Any]], list[Any] | None]:
    """Draw the expression as lists of labels 0 to 51, one per operand, and the output's or None.

    An implicit output stays in the same order: the numbers ascend as the letters do.
    """
    labels = sorted(expression.labels)
    numbers = sorted(draw(st.sets(st.integers(0, 51), min_size=len(labels), max_size=len(labels))))
    table: dict[str, Any] = dict(zip(labels, numbers, strict=True)) | {DOTS: ...}
    lists = [[table[label] for label in term] for term in expression.terms]
    return lists, None if expression.output is None else [table[label] for label in expression.output]


def operand_names(count: int) -> tuple[str, ...]:
    """Return that many names for operands, none of them a label."""
    return tuple(f"op{letter}" for letter in ascii_letters[:count])


@st.composite
def written(draw: st.DrawFn, expression: Expression) -> tuple[str, Notation, Expression]:
    """Draw a text for `generate`, its notation, and the expression in the labels of that notation.

    Only notations that can say the expression, and that are there to be read.
    """
    can = [Notation.SUBSCRIPTS, Notation.CALL, Notation.NAMED]
    if _as_formula(expression):
        can.append(Notation.FORMULA)
    notation = draw(st.sampled_from([way for way in can if way in AVAILABLE]))
    if notation is Notation.SUBSCRIPTS:
        return draw(subscripts(expression)), notation, expression
    if notation is Notation.CALL:
        text, shown = draw(calls(expression))
        return text, notation, shown
    if notation is Notation.NAMED:
        words = draw(st.permutations(WORDS))
        expression = expression.renamed(dict(zip(expression.labels, words, strict=False)))
        tokens = [" ".join(term) for term in expression.terms]
        return f"{', '.join(tokens)} -> {' '.join(expression.result)}", notation, expression
    expression = expression.renamed({label: label for label in expression.labels})
    names = operand_names(len(expression.terms))
    factors = [_element(name, term) for name, term in zip(names, expression.terms, strict=True)]
    sign = "+=" if set(expression.labels) - set(expression.result) else "="
    return f"{_element('R', expression.result)} {sign} {' * '.join(factors)}", notation, expression


def _as_formula(expression: Expression) -> bool:
    """Tell whether a formula can say it: without an ellipsis, and with an index that shows that it is a formula."""
    return bool(expression.labels) and all(DOTS not in term for term in (*expression.terms, expression.result))


def _element(name: str, labels: Sequence[str]) -> str:
    return f"{name}[{', '.join(labels)}]" if labels else name


@st.composite
def calls(draw: st.DrawFn, expression: Expression) -> tuple[str, Expression]:
    """Draw the expression as a pasted call, with subscripts or with sublists; the latter show i, j, k as labels."""
    callee = draw(st.sampled_from(("np.einsum", "einsum", "torch.einsum", "oe.contract")))
    names = operand_names(len(expression.terms))
    target = draw(st.sampled_from(("", "out = ")))
    if draw(st.booleans()):
        text = draw(subscripts(expression))
        return f"{target}{callee}({text!r}, {', '.join(names)})", expression
    lists, output = draw(numbered(expression))
    parts = [part for name, labels in zip(names, lists, strict=True) for part in (name, _list(labels))]
    parts += [] if output is None else [_list(output)]
    shown = expression.renamed(dict(zip(sorted(expression.labels), "ijklmn", strict=False)))
    return f"{target}{callee}({', '.join(parts)})", shown


def _list(labels: Sequence[Any]) -> str:
    return f"[{', '.join(DOTS if label is ... else str(label) for label in labels)}]"


@st.composite
def dtype_lists(draw: st.DrawFn, count: int, pool: Sequence[str] = ARITHMETIC) -> tuple[str, ...]:
    """Draw one dtype per operand: all the same, or a mixture."""
    if draw(st.booleans()):
        return (draw(st.sampled_from(pool)),) * count
    few = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True))
    return tuple(draw(st.sampled_from(few)) for _ in range(count))


def exact_arrays(
    expression: Expression, dtypes: Sequence[str], seed: int, *, computed: Sequence[str] = ()
) -> list[np.ndarray]:
    """Return one array per operand; integers wrap, everything else stays exact in every order of evaluation.

    `computed`: further dtypes in which the sums have to be exact.
    """
    rng = np.random.default_rng(seed)
    kinds = [np.dtype(dtype) for dtype in dtypes]
    countable = all(kind.kind in "biufcO" for kind in kinds)
    common = np.result_type(*kinds) if countable else kinds[0]
    wild = bool(rng.integers(2)) and not computed and all(kind.kind in "biuO" for kind in kinds)
    terms = max(expression.summed_terms(), 1)
    bound = min(_bound(kind, len(dtypes), terms) for kind in (common, *map(np.dtype, computed)))
    return [
        _array(rng, shape, kind, common, wild=wild, bound=bound)
        for shape, kind in zip(expression.shapes, kinds, strict=True)
    ]


def _bound(common: np.dtype[Any], factors: int, terms: int) -> int:
    """Return the largest b <= 4 for which sums of products of integers up to b are exact; 0: only -1, 0 and 1."""
    bits = SIGNIFICAND.get(common.name, 53)
    wide = 2 if common.kind == "c" else 1
    return next((b for b in (4, 3, 2, 1) if (b * wide) ** factors * terms <= 2**bits), 0)


def _array(
    rng: np.random.Generator,
    shape: tuple[int, ...],
    kind: np.dtype[Any],
    common: np.dtype[Any],
    *,
    wild: bool,
    bound: int,
) -> np.ndarray:
    if kind.kind not in "biufcO":
        return np.array(rng.integers(1, 99, size=shape)).astype(kind)
    if kind.kind == "b":
        return np.array(rng.random(shape) < 0.6)
    if kind.kind in "iu" and common.kind in "iu" and wild:
        info = np.iinfo(kind)
        return np.array(
            rng.integers(info.min, info.max, size=shape, dtype=kind.newbyteorder("="), endpoint=True)
        ).astype(kind)
    if kind.kind == "c" and not bound:
        return np.array(rng.choice([1, -1, 1j, -1j], size=shape)).astype(kind)
    most = max(bound, 1)
    values = np.array(rng.integers(0 if kind.kind == "u" else -most, most + 1, size=shape))
    if kind.kind == "c":
        values = values + 1j * rng.integers(-most, most + 1, size=shape)
    if kind.kind == "O" and wild and common.kind == "O":
        return _objects(rng, values)
    return np.array(values).astype(kind)


def _objects(rng: np.random.Generator, values: np.ndarray) -> np.ndarray:
    """Return the integers as Python objects of several types, some of them huge or fractions."""
    out = np.empty(values.shape, object)
    makers = (int, Fraction, bool, lambda value: int(value) * 2**70, lambda value: Fraction(int(value), 3))
    chosen = rng.choice(len(makers), size=2)
    for place in np.ndindex(*values.shape):
        out[place] = makers[rng.choice(chosen)](int(values[place]))
    return out


def oracle(*operands: Any, **keywords: Any) -> Any:
    """Return what np.einsum(optimize=False) says, and keep it from writing outside its arrays.

    Where two operands have an empty product ("i,j->ij" with sizes 2 and 0), numpy 2.4 adds 0 to what lies behind
    the result: harmless for most bits, but not for nan, -0.0 and long doubles (seen by valgrind in
    sum_of_products_outstride0_two; the program aborts later). In a foreign byte order numpy takes another path.
    """
    several = len(operands) > (2 if operands and isinstance(operands[0], str | bytes) else 3)
    if several and any(isinstance(value, np.ndarray | list) and np.size(value) == 0 for value in operands):
        operands = tuple(map(_foreign, operands))
        if keywords.get("casting") == "no":
            keywords["casting"] = "equiv"
    return np.einsum(*operands, **{"optimize": False} | keywords)


def _foreign(value: Any) -> Any:
    if isinstance(value, list) and value and isinstance(value[0], float | complex | list):
        value = np.asarray(value)
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "iufc" and value.dtype.isnative:
        return np.asarray(value).astype(value.dtype.newbyteorder())
    return value


def show(value: object) -> str:
    """Return Python text for an argument of a call, to be pasted where `np` and `Fraction` are imported."""
    if isinstance(value, np.ndarray):
        dtype = "object" if value.dtype == object else repr(value.dtype.descr if value.dtype.names else value.dtype.str)
        if not value.size:
            return f"np.zeros({value.shape}, {dtype})"
        return f"np.array({value.tolist()!r}, {dtype})"
    if isinstance(value, np.generic):
        return f"np.array({value.item()!r}, {value.dtype.str!r})[()]"
    return repr(value)


def call_text(callee: str, /, *arguments: object, **keywords: object) -> str:
    """Return a call as one line that can be pasted."""
    given = [*map(show, arguments), *(f"{key}={show(value)}" for key, value in keywords.items())]
    return f"{callee}({', '.join(given)})"
