"""A sum of einsums as data: `result = [what is there +] sum of coefficient * einsum`. Reads and runs nothing.

Readers make Statements, of which every summand has labels of its own. `labels.py` gives one index one label throughout;
from that `joined.py` makes what pages show, and `joint.py` what loops are made from. `bind_sum.py` gives statements the
extents that shapes say, `parts.py` and `part_text.py` read what views stand for, `substitution.py` and `like_terms.py`
multiply out and add up.

>>> from einloop.notation import read
>>> product, vector = (read(text) for text in ("T = np.einsum('ij,jk->ik', A, B)", "T = np.einsum('ik->ik', C)"))
>>> both = Combination(
...     source=product.source, result="D",
...     summands=(Summand(spec=product, coefficient=Fraction(1, 2)), Summand(spec=vector, coefficient=-1)),
... )
>>> both.text()
"D = 0.5 * np.einsum('ij,jk->ik', A, B) - C"
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from math import isfinite, lcm

from .frozen import dataclass
from .indices import index_table
from .source import Source
from .spec import Spec

Coefficient = int | float | complex | Fraction
CALL = "np.einsum"
LONG = 10**16
"""From here on a whole number is written as a decimal where that is exact."""
MAX_DENOMINATOR = 10_000
"""Of a quotient that is looked for in a complex number."""
_OF_NUMPY = re.compile(r"\bnp\.(einsum|ones|zeros|full)\(")
"""What other libraries have under the same name."""
MAX_SUMMANDS = 1000
"""Einsums in one combination: what a sum to a power may expand to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the name of an operand stands for: `text`, a part of an array (`A[1:]`), or it in another shape.

    `ones`: an operand of ones, which stands for an index that no other operand has.
    """

    name: str
    text: str
    ones: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Summand:
    """One einsum with what multiplies and divides it.

    Every operand of `spec` has a name; a scalar is an operand without labels. `factors` and `divisors` are lengths and
    scalars in the text's words: `n`, `A.shape[0]`, `alpha`.
    """

    spec: Spec
    coefficient: Coefficient = 1
    factors: tuple[str, ...] = ()
    divisors: tuple[str, ...] = ()

    @property
    def bare(self) -> bool:
        """Nothing multiplies or divides it."""
        return self.coefficient == 1 and not self.factors and not self.divisors

    @property
    def negative(self) -> bool:
        """It is subtracted."""
        return not isinstance(self.coefficient, complex) and self.coefficient < 0

    @property
    def size(self) -> Coefficient:
        """The coefficient without its sign; a complex one as it is."""
        number = self.coefficient
        return -number if not isinstance(number, complex) and number < 0 else number

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its operands."""
        return tuple(operand.name or "" for operand in self.spec.operands)

    def constant(self, ones: Collection[str]) -> bool:
        """Return whether it is the same everywhere: all its arrays are ones, and it has some."""
        arrays = [name for name, operand in zip(self.names, self.spec.operands, strict=True) if operand.labels]
        return bool(arrays) and len(arrays) == len(self.spec.output) and all(name in ones for name in arrays)

    @property
    def subscripts(self) -> str:
        """The subscripts of its arrays, without its scalars."""
        spec = self.spec
        terms = ",".join(spec.term(operand.labels) for operand in spec.operands if operand.labels)
        return f"{terms}->{spec.term(spec.output)}"

    def called(self, texts: Mapping[str, str]) -> Summand:
        """Return it with operands that are called by what their names stand for."""
        operands = tuple(replace(op, name=texts.get(op.name or "", op.name)) for op in self.spec.operands)
        return replace(self, spec=replace(self.spec, operands=operands))

    def scalars(self, texts: Mapping[str, str] | None = None) -> tuple[str, ...]:
        """Return its operands without axes, by what their names stand for."""
        pairs = zip(self.names, self.spec.operands, strict=True)
        return tuple((texts or {}).get(name, name) for name, operand in pairs if not operand.labels)

    def scaled(self, text: str = "", texts: Mapping[str, str] | None = None) -> str:
        """Return a text with all that multiplies and divides it, but for the sign."""
        number = [] if self.size == 1 else [number_text(self.size)]
        parts = [*number, *self.factors, *self.scalars(texts), *([text] if text else [])]
        return " * ".join(parts or ["1"]) + "".join(f" / {grouped_divisor(text)}" for text in self.divisors)

    def shape(self, texts: Mapping[str, str], ones: Collection[str]) -> str:
        """Return the lengths of its operands of ones, in the order of the output, as a tuple in Python."""
        lengths = {
            operand.labels[0]: texts[name].removeprefix("np.ones(")[:-1]
            for name, operand in zip(self.names, self.spec.operands, strict=True)
            if name in ones
        }
        said = [lengths[label] for label in self.spec.output]
        return f"({', '.join(said)}{',' if len(said) == 1 else ''})"

    def without(self, ones: Collection[str]) -> tuple[Summand, str]:
        """Return it without its operands of ones, and what puts its axes where they belong: numpy repeats it along the
        others. As it is where some of the ones count: their axis is summed, or another operand has it.

        >>> from einloop.notation import read
        >>> apart = Summand(spec=read("C = np.einsum('i,j->ij', x, ones)")).without({"ones"})
        >>> apart[0].text() + apart[1]
        'x[:, None]'
        """
        spec = self.spec
        kept = tuple(operand for operand in spec.operands if operand.name not in ones)
        alone = [label for operand in spec.operands if operand.name in ones for label in operand.labels]
        own = {label for operand in kept for label in operand.labels}
        if not alone or own.intersection(alone) or not set(alone) <= set(spec.output) or not own:
            return self, ""
        output = tuple(label for label in spec.output if label in own)
        axes = [":" if label in own else "None" for label in spec.output]
        axes = axes[axes.index(":") :] if output else []
        last = max((place for place, axis in enumerate(axes) if axis == "None"), default=-1)
        spans = (None,) * len(output)
        bare = replace(spec, operands=kept, output=output, output_spans=spans, indices=index_table(kept, output))
        return replace(self, spec=bare), f"[{', '.join(axes[: last + 1])}]" if last >= 0 else ""

    def text(self, call: str = CALL, texts: Mapping[str, str] | None = None, index: str = "") -> str:
        """Return it as Python, without its sign. `texts` say what names stand for; `index` stands after the array.

        An operand as it is, scaled or not, needs no call; scalars stand in front of one.
        """
        spec, texts = self.spec, texts or {}
        pairs = zip(self.names, spec.operands, strict=True)
        arrays = {n: (texts.get(name, name), op.labels) for n, (name, op) in enumerate(pairs) if op.labels}
        said = [text for text, _ in arrays.values()]
        if len(arrays) == 1 and next(iter(arrays.values()))[1] == spec.output:
            return self.scaled(said[0] + index, texts)
        einsum = f"{call}({', '.join([repr(self.subscripts), *said])}){index}" if arrays else ""
        return self.scaled(einsum, texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """One statement: `target = sum of summands`, or `target += ...` where it `adds` to what is there.

    `target` is the part of the result that is written (`C[1:]`), None where it is all of it. No summands: zeros.
    `shape`: the lengths of the result in the text's words, where the summands do not say them: zeros, and sums that are
    given another shape.
    """

    source: Source
    result: str
    summands: tuple[Summand, ...]
    adds: bool = False
    target: str | None = None
    views: tuple[View, ...] = ()
    notes: tuple[str, ...] = ()
    shape: tuple[str, ...] = ()

    @property
    def plain(self) -> Spec | None:
        """The einsum that it is, where it is one and nothing else."""
        alone = len(self.summands) == 1 and not (self.adds or self.target or self.views or self.shape)
        return self.summands[0].spec if alone and self.summands[0].bare else None

    @property
    def operands(self) -> tuple[str, ...]:
        """The names of all operands, each once."""
        return tuple(dict.fromkeys(name for summand in self.summands for name in summand.names))

    def text(self, call: str = CALL) -> str:
        """Return the statement as Python, in the library whose einsum `call` is."""
        text = f"{self.target or self.result} {self.sign} {self._value(call)}"
        library = call.partition(".")[0]
        return text if call == CALL else _OF_NUMPY.sub(rf"{library}.\1(", text)

    @property
    def sign(self) -> str:
        """What stands between the result and the sum: all negative terms are subtracted from what is there."""
        if not self.adds:
            return "="
        return "-=" if self.summands and all(summand.negative for summand in self.summands) else "+="

    def _value(self, call: str) -> str:
        shape = f"({', '.join(self.shape)})"
        if not self.summands:
            return f"np.zeros({shape})" if self.shape else "0"
        said = " ".join(self.signed(call))
        if not self.shape:
            return said
        alone = len(self.summands) == 1 and not self.summands[0].divisors and said.endswith(")")
        return f"{said}.reshape{shape}" if alone else f"({said}).reshape{shape}"

    @property
    def spread(self) -> bool:
        """Terms that lack an axis are repeated along it: another term has it, or what is written does."""
        if self.target is not None or self.adds or not self.summands:
            return True
        ones = self.ones
        shown = (set(one.without(ones)[0].spec.output) for one in self.summands if not one.constant(ones))
        each = zip((one.spec.output for one in self.summands if not one.constant(ones)), shown, strict=True)
        given = {place for output, own in each for place, label in enumerate(output) if label in own}
        return len(given) == len(self.summands[0].spec.output)

    @property
    def ones(self) -> frozenset[str]:
        """The names that stand for ones."""
        return frozenset(view.name for view in self.views if view.ones)

    @property
    def texts(self) -> dict[str, str]:
        """What names of operands stand for, where that is no array of the name."""
        return {view.name: view.text for view in self.views}

    def signed(self, call: str = CALL) -> list[str]:
        """Return every summand as Python with its sign, or without one where all are subtracted."""
        taken = self.sign == "-="
        minus = [summand.negative and not taken for summand in self.summands]
        return with_signs(zip(minus, self.terms(call), strict=True))

    def terms(self, call: str = CALL) -> tuple[str, ...]:
        """Return every summand as Python, without its sign."""
        texts, ones, spread = self.texts, self.ones, self.spread
        alone = not spread and all(summand.constant(ones) for summand in self.summands)
        found = []
        for summand in self.summands:
            if summand.constant(ones):
                text = summand.scaled("", texts)
                found.append(f"np.full({summand.shape(texts, ones)}, {text})" if alone else text)
            else:
                bare, index = summand.without(ones) if spread else (summand, "")
                found.append(bare.text(call, texts, index))
        return tuple(found)


def wrapped(combination: Combination, width: int = 88) -> str:
    """Return a statement as Python, a term a line in parentheses where it is longer than `width` characters.

    >>> from einloop.notation import read
    >>> terms = tuple(Summand(spec=read(f"C = np.einsum('ij->ji', {name})")) for name in "AB")
    >>> print(wrapped(Combination(source=terms[0].spec.source, result="C", summands=terms), 40))
    C = (
        np.einsum('ij->ji', A)
        + np.einsum('ij->ji', B)
    )
    """
    text = combination.text()
    if len(text) <= width or len(combination.summands) < 2 or combination.shape:
        return text
    lines = [f"    {term}" for term in combination.signed()]
    return "\n".join([f"{combination.target or combination.result} {combination.sign} (", *lines, ")"])


def with_signs(terms: Iterable[tuple[bool, str]]) -> list[str]:
    """Return terms with the signs between them, the first as Python begins a sum.

    >>> with_signs([(True, "A"), (False, "B"), (True, "C")])
    ['-A', '+ B', '- C']
    """
    (minus, first), *others = terms
    return [f"{'-' * minus}{first}", *(f"{'-' if minus else '+'} {text}" for minus, text in others)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """Combinations one after another. `temporaries` are results that only later ones read."""

    combinations: tuple[Combination, ...]
    temporaries: tuple[str, ...] = ()

    @property
    def plain(self) -> Spec | None:
        """The einsum that they are, where they are one and nothing else."""
        return self.combinations[0].plain if len(self.combinations) == 1 else None

    def text(self, call: str = CALL) -> str:
        """Return the statements as Python, one a line."""
        return "\n".join(combination.text(call) for combination in self.combinations)


def number_text(value: Coefficient) -> str:
    """Return a number as Python: a fraction as a decimal where that is exact, else as a quotient in parentheses.

    A complex number too is written as a quotient, where that gives the same number and is shorter.

    >>> [number_text(x) for x in (Fraction(1, 4), Fraction(1, 3), Fraction(6, 2), 0.1, 2j, Fraction(1, 10**9), 10**300)]
    ['0.25', '(1 / 3)', '3', '0.1', '2j', '1e-09', '1e+300']
    >>> number_text(complex(1, 2) / 3), number_text(1j / 7), number_text(0.5 + 0.25j)
    ('((1+2j) / 3)', '(1j / 7)', '(0.5+0.25j)')
    """
    if isinstance(value, complex):
        above, below = quotient(value)
        return repr(value) if below == 1 else f"({above!r} / {below})"
    if not isinstance(value, (int, Fraction)) or (isinstance(value, int) and abs(value) < LONG):
        return repr(value)
    value = Fraction(value)
    if value.denominator == 1 and abs(value) < LONG:
        return str(value.numerator)
    try:
        decimal = repr(float(value))
    except OverflowError:
        decimal = "inf"
    if decimal.endswith("inf") or Fraction(decimal) != value:
        return str(value.numerator) if value.denominator == 1 else f"({value.numerator} / {value.denominator})"
    return decimal


def quotient(value: complex) -> tuple[complex, int]:
    """Return two numbers whose quotient is a complex number, the second whole: 1 unless that is shorter to write."""
    if not (isfinite(value.real) and isfinite(value.imag)):
        return value, 1
    parts = [Fraction(one).limit_denominator(MAX_DENOMINATOR) for one in (value.real, value.imag)]
    below = lcm(*(part.denominator for part in parts))
    above = complex(*(float(part * below) for part in parts))
    short = below > 1 and len(f"({above!r} / {below})") < len(repr(value))
    return (above, below) if short and above / below == value else (value, 1)


def grouped_divisor(text: str) -> str:
    """Return a length or a scalar as what divides: in parentheses where it is no name, element or call.

    >>> [grouped_divisor(text) for text in ("n", "A.shape[0]", "np.sqrt(n - 1)", "n - 1", "f(a) + f(b)")]
    ['n', 'A.shape[0]', 'np.sqrt(n - 1)', '(n - 1)', '(f(a) + f(b))']
    """
    name = text.partition("[")[0].partition("(")[0]
    depth = 0
    for place, character in enumerate(text[len(name) :]):
        depth += (character in "([") - (character in ")]")
        if not depth and place < len(text) - len(name) - 1:
            return f"({text})"
    return text if name.replace(".", "").replace("_", "").isalnum() else f"({text})"
