"""The cheatsheet: expressions with shapes, each with what it is called in words. Every row runs."""

from __future__ import annotations

from functools import cache
from typing import Any

from ..analysis.called import recognise
from ..core.names import choose_names
from ..core.spec import Spec
from ..views.catalogue import load_catalogue
from .arrays import HeldArrays
from .asked import options_of
from .reading import read, words_for
from .state import PageState

ROWS = (
    ("ij,jk->ik", "2x3 3x4"),
    ("ij,j->i", "2x3 3"),
    ("i,i->", "3 3"),
    ("i,j->ij", "2 3"),
    ("ij,ij->ij", "2x3 2x3"),
    ("ij,ij->", "2x3 2x3"),
    ("ij->ji", "2x3"),
    ("ij->i", "2x3"),
    ("ij->j", "2x3"),
    ("ij->", "2x3"),
    ("ii->i", "3x3"),
    ("ii->", "3x3"),
    ("ij,kj->ik", "2x3 4x3"),
    ("bij,bjk->bik", "2x2x3 2x3x2"),
    ("i,ij,j->", "2 2x3 3"),
    ("ij,jk,kl->il", "2x3 3x4 4x2"),
    ("bqhd,bkhd->bhqk", "1x2x2x3 1x2x2x3"),
    ("bhqk,bkhd->bqhd", "1x2x2x3 1x3x2x2"),
    ("...ij->...ji", "2x2x3"),
    ("np.einsum('ij,jk->ik', A, B)", "2x3 3x4"),
    ("y_i = \\sum_j A_{ij} x_j", "2x3 3"),
    ("C[i,k] = A[i,j] * B[j,k] - D[i,k]", "2x3 3x4 2x4"),
    ("A @ B.T", "A=2x3 B=4x3"),
    ("for i in range(n):\n    for j in range(m):\n        y[i] += A[i, j] * x[j]", "A=2x3 x=3"),
)
"""Texts in every notation, and shapes small enough to see every step."""


def sheet(state: PageState, held: HeldArrays) -> dict[str, Any]:
    """Return the rows of the cheatsheet in the page's language."""
    words = words_for(state)
    return {"rows": [dict(row) for row in rows_in(words.language)]}


@cache
def rows_in(language: str) -> tuple[dict[str, str], ...]:
    """Return the rows with what each computes: its name, else its sentence."""
    return tuple({"text": text, "shapes": shapes, "says": _says(text, shapes, language)} for text, shapes in ROWS)


def _says(text: str, shapes: str, language: str) -> str:
    state, words = PageState(text=text, shapes=shapes), load_catalogue(language)
    options = options_of(state, HeldArrays())
    found = read(state, options)
    if isinstance(found, Spec):
        return words.text(recognise(found, choose_names(found))[0])
    return found.text()
