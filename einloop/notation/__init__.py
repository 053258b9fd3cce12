"""Reads an einsum in any notation into a Spec. Knows nothing of loops, arrays or files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..core.source import Notation
from ..core.spec import Spec
from .subscripts import read_subscripts


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How one notation is recognised in a text (None: only when asked for), and read."""

    notation: Notation
    read: Callable[[str], Spec]
    recognise: Callable[[str], bool] | None = None


def _always(text: str) -> bool:
    return True


READERS: tuple[Reader, ...] = (
    Reader(notation=Notation.SUBSCRIPTS, read=read_subscripts, recognise=_always),
)
"""In the order in which they are tried on a text of unknown notation."""


def read(text: str, notation: Notation | None = None) -> Spec:
    """Return the metadata of `text`; without `notation` it is recognised by its form.

    Raises NotationError.

    >>> read("ij,jk->ik").subscripts
    'ij,jk->ik'
    """
    for reader in READERS:
        if reader.notation is notation or (notation is None and reader.recognise and reader.recognise(text)):
            return reader.read(text)
    raise AssertionError(f"no reader for {notation}")
