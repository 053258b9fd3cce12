"""Reads an einsum in any notation into a Spec. Knows nothing of loops, arrays or files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..core.errors import NotationError, OptionError
from ..core.frozen import dataclass
from ..core.source import MAX_FORMULA, MAX_TEXT, Notation
from ..core.spec import Spec
from .call import read_call
from .forms import looks_like_call, looks_like_formula
from .formula import read_formula, read_formulas
from .named import read_named
from .subscripts import read_subscripts

if TYPE_CHECKING:
    from ..core.combination import Statements

__all__ = ["READERS", "Reader", "looks_like_call", "read", "read_statements"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How one notation is recognised in a text (None: only when asked for), and read.

    `limit`: how many characters of a `noun` are read. `code`: whether a text of this form that cannot be read may be
    other code, which then is said; `brackets`: whether brackets and functions are the notation's own.
    """

    notation: Notation
    read: Callable[[str], Spec]
    recognise: Callable[[str], bool] | None = None
    noun: str = "text"
    limit: int = MAX_TEXT
    code: bool = True
    brackets: bool = False


def _always(text: str) -> bool:
    return True


BOM = "\ufeff"
READERS: tuple[Reader, ...] = (
    Reader(notation=Notation.CALL, read=read_call, recognise=looks_like_call, code=False),
    Reader(
        notation=Notation.FORMULA,
        read=read_formula,
        recognise=looks_like_formula,
        noun="formula",
        limit=MAX_FORMULA,
        brackets=True,
    ),
    Reader(notation=Notation.SUBSCRIPTS, read=read_subscripts, recognise=_always),
    Reader(notation=Notation.NAMED, read=read_named),
)
"""In the order in which they are tried on a text of unknown notation. Sublists are not text."""


def read(text: str, notation: Notation | None = None) -> Spec:
    """Return the metadata of `text`, which is one einsum; without `notation` it is recognised by its form.

    A byte order mark in front is no part of it. Raises NotationError, and OptionError for a notation that no text is
    written in.

    >>> read("ij,jk->ik").subscripts
    'ij,jk->ik'
    >>> read("y[i] = A[i, j] * x[j]").subscripts, read("np.einsum('ij,j', A, x)").subscripts
    ('ij,j->i', 'ij,j->i')
    """
    text, reader = _reader(text, notation)
    try:
        return reader.read(text)
    except NotationError as error:
        raise _said(error, text, reader, notation) from None


def read_statements(text: str, notation: Notation | None = None, *, add: bool = False) -> Spec | Statements:
    """Return the metadata of `text` where it is one einsum, else the sums of einsums that it is.

    What `read` reads, this reads the same. `add`: a lone formula with `+=` or `-=` adds to what is there; without it
    its result starts from zeros, and a note says so. In a sequence of formulas they always add.

    >>> print(read_statements("C[i] = A[i, j] * x[j] + b[i]").text())
    C = np.einsum('ij,j->i', A, x) + b
    >>> read_statements("ij,jk->ik").subscripts
    'ij,jk->ik'
    """
    text, reader = _reader(text, notation)
    if reader.notation is not Notation.FORMULA:
        return read(text, notation)
    try:
        return read_formulas(text, add=add)
    except NotationError as error:
        raise _said(error, text, reader, notation, several=True) from None


def _reader(text: str, notation: Notation | None) -> tuple[str, Reader]:
    """Return a text without its byte order mark, and what reads it. Raises NotationError where it is too long."""
    text = text.removeprefix(BOM)
    _check_length(text, "text", MAX_TEXT)
    for reader in READERS:
        recognised = notation is None and reader.recognise is not None and reader.recognise(text)
        if recognised or notation is reader.notation:
            _check_length(text, reader.noun, reader.limit)
            return text, reader
    raise OptionError(
        "EL469",
        f"no text is written in {'this notation' if notation is None else notation.value}",
        hint="give sublists in Python, or paste the whole call: np.einsum(a, [0, 1], b, [1, 2])",
    )


def _check_length(text: str, noun: str, limit: int) -> None:
    if len(text) > limit:
        message = f"the {noun} has {len(text):,} characters; at most {limit:,} are read"
        raise NotationError("EL166", message, hint="give the expression alone, or the call alone where it is pasted")


def _said(
    error: NotationError, text: str, reader: Reader, notation: Notation | None, *, several: bool = False
) -> NotationError:
    """Return the refusal of a text that has the form of a notation; of other code, where the notation is not stated."""
    if notation is not None or not reader.code:
        return error
    from .code import names_alone, other_code

    named = names_alone(text, long=reader.notation is Notation.FORMULA)
    return named or other_code(text, brackets=reader.brackets, several=several) or error
