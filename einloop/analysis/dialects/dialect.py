"""What a dialect is: an einsum of another library, how it reads a text, and the rules in which it differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from ...core.errors import EinloopError
from ...core.message import Code, Message, Value
from ...core.report import Finding, Severity
from ...core.source import Span
from ...core.spec import Spec
from ...core.topic import Topic


class Spelling(Enum):
    """What a dialect takes for a label, and what blanks mean to it."""

    LETTERS = "letters"
    """The 52 letters; a blank is skipped, but not inside `->` and `...`: np.einsum's own rules."""
    SQUEEZED = "squeezed"
    """The 52 letters; every blank is removed first."""
    SYMBOLS = "symbols"
    """Every character but `.,->` is a label; every blank is removed first."""
    WORDS = "words"
    """Names of axes with blanks between them."""


def _unknown(spec: Spec, dtypes: Sequence[str]) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """An einsum of another library.

    `call`: how it is called. `keywords`: those of np.einsum that it takes. `views`: one operand and nothing summed
    gives a view. `sums_lost_ellipsis`: axes that an ellipsis covers and an explicit output leaves out are summed.
    `numpy_dtypes`: products and sums have numpy's dtypes. `beyond`: the refusals of limits that do not hold
    here. `pairwise_letters`: letters are given out for one pair of operands at a time. `products_at_once`: where
    nothing is summed, all operands are multiplied in one step, in which np.einsum's limit holds. `computed`: the dtype
    in which it multiplies and adds operands of these dtypes, None where that is not known. `cast`: how an operand is
    given a wider dtype, which is written as numpy's, than the one that is computed in. `rules`: what else can differ,
    in order.
    """

    name: str
    call: str
    spelling: Spelling = Spelling.LETTERS
    keywords: tuple[str, ...] = ()
    views: bool = True
    numpy_dtypes: bool = False
    sums_lost_ellipsis: bool = False
    beyond: tuple[Topic, ...] = ()
    pairwise_letters: bool = False
    products_at_once: bool = False
    computed: Callable[[Spec, Sequence[str]], str | None] = _unknown
    cast: Callable[[str, str | None], str] = "operand.astype({})".format
    rules: tuple[Rule, ...] = ()

    @property
    def code(self) -> Code:
        """The call as a message shows it."""
        return Code(self.call)


@dataclass(frozen=True, slots=True, kw_only=True)
class DialectCase:
    """An expression before a dialect.

    `text`: what is handed to the library. `ours`: what np.einsum makes of it, or `error`: why it refuses. `theirs`:
    what the dialect makes of it, sizes bound where shapes are known, or `refusal`: why it refuses the text. `dtypes`:
    one per operand, None where unknown.
    """

    dialect: Dialect
    text: str
    ours: Spec | None = None
    error: EinloopError | None = None
    theirs: Spec | None = None
    refusal: Finding | None = None
    dtypes: tuple[str | None, ...] = ()

    @property
    def known_dtypes(self) -> tuple[str, ...]:
        """The dtype of every operand, or none at all where one is unknown."""
        known = tuple(dtype for dtype in self.dtypes if dtype is not None)
        return known if len(known) == len(self.dtypes) else ()

    def finding(self, id: str, severity: Severity, message: str, /, **values: Value) -> Finding:
        """Return a finding about this case, with the place of the error that it explains, if there is one."""
        error = self.error
        spans: tuple[Span, ...] = ()
        if error is not None and error.span is not None:
            spans = tuple(Span(start=start, stop=stop) for start, stop in (error.span, *error.also))
        return Finding(
            id=id,
            severity=severity,
            message=Message(f"dialect.{message}", {"call": self.dialect.code, **values}),
            text=error.text if error is not None and spans else "",
            spans=spans,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DialectVerdict:
    """What was found: legal there, and the same as np.einsum there (both may refuse), and why not."""

    legal: bool
    same: bool
    findings: tuple[Finding, ...] = ()

    @property
    def refused_by_both(self) -> bool:
        """Neither np.einsum nor the dialect takes it."""
        return self.same and not self.legal


Rule: TypeAlias = "Callable[[DialectCase], Iterator[Finding]]"
