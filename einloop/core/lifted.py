"""What was made of code: the statements to paste, as text and as data, and the proof. Runs nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from .combination import CALL, Coefficient, Combination, Statements, Summand, grouped_divisor, number_text
from .errors import OptionError
from .frozen import dataclass
from .shown import pretty
from .verification import Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftedTerm:
    """One einsum of a statement, with its factor.

    Attributes
    ----------
    coefficient : int, float, complex, Fraction or str
        A number, or where scalars or lengths take part, Python text: `2 * alpha`, `1 / n`.
    subscripts : str
        In np.einsum's notation.
    operands : tuple of str
        Python text, one for each term of the subscripts: a name, or a part of an array such as `A[1:]`.
    """

    coefficient: Coefficient | str
    subscripts: str
    operands: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftedStatement:
    """One statement: what it gives its value to, and the einsums that it adds up.

    Attributes
    ----------
    result : str
        The name of the result.
    adds : bool
        Whether it adds to what is in the result already.
    terms : tuple of LiftedTerm
        Their sum is the value. Without terms it is zero.
    text : str
        The statement as Python.
    """

    result: str
    adds: bool
    terms: tuple[LiftedTerm, ...]
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Lifted:
    """The einsums that code computes. `str()` is the text to paste.

    Attributes
    ----------
    statements : tuple of LiftedStatement
        In the order in which they are to run.
    notes : tuple of str
        What they are called, what holds for them, what else is to be known.
    verification : Verification or None
        How running the code and the einsums on the same inputs compared; None where it was not asked for.

    Examples
    --------
    >>> import einloop
    >>> found = einloop.lift("for i in range(n):\\n    y[i] = 2 * sum(A[i][j] * x[j] for j in range(m))")
    >>> print(found)
    y = 2 * np.einsum('ij,j->i', A, x)
    >>> found.statements[0].terms[0].subscripts
    'ij,j->i'
    >>> found.run(A=[[1, 2], [3, 4]], x=[1, 1])["y"].tolist()
    [6, 14]
    """

    found: Statements = field(repr=False)
    statements: tuple[LiftedStatement, ...]
    notes: tuple[str, ...] = ()
    verification: Verification | None = None
    call: str = CALL
    runner: Callable[[Statements, Mapping[str, Any]], dict[str, Any]] | None = field(default=None, compare=False)

    def run(self, **values: Any) -> dict[str, Any]:
        """Return the results by name, computed by np.einsum.

        Parameters
        ----------
        **values
            The arrays, scalars and lengths that the statements name. Lengths that the shapes of arrays say may be left
            out. A result that is added to is not changed: the sum is returned.

        Returns
        -------
        dict of str to ndarray
        """
        if self.runner is None:
            raise OptionError("EL471", "these statements have nothing to run them")
        return self.runner(self.found, values)

    def __str__(self) -> str:
        return self.found.text(self.call)

    def __repr__(self) -> str:
        return f"<{self}>"

    _repr_pretty_ = pretty


def statement_of(combination: Combination, call: str = CALL) -> LiftedStatement:
    """Return a combination as a person reads it."""
    return LiftedStatement(
        result=combination.result,
        adds=combination.adds,
        terms=tuple(_term(summand, combination.texts) for summand in combination.summands),
        text=combination.text(call),
    )


def _term(summand: Summand, texts: Mapping[str, str]) -> LiftedTerm:
    coefficient: Coefficient | str = summand.coefficient
    if summand.scalars() or summand.factors or summand.divisors:
        named = [*summand.factors, *summand.scalars(texts)]
        sign, size = "-" * summand.negative, summand.size
        factors = [*([] if size == 1 and named else [number_text(size)]), *named]
        coefficient = sign + " * ".join(factors)
        coefficient += "".join(f" / {grouped_divisor(text)}" for text in summand.divisors)
    pairs = zip(summand.names, summand.spec.operands, strict=True)
    return LiftedTerm(
        coefficient=coefficient,
        subscripts=summand.subscripts,
        operands=tuple(texts.get(name, name) for name, operand in pairs if operand.labels),
    )
