"""Where the result of a trace is not what a file or a text of numbers holds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..core.plain_array import PlainArray
from ..evaluate import given, of_text
from ..views.catalogue import load_catalogue
from .given import open_array
from .page import language_of
from .traced import Trace

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def read_array(text: str) -> PlainArray:
    """Return the array of a file, or of a text: nested lists, or the number of an array without axes.

    Raises EinloopError.
    """
    if text.lstrip().startswith("["):
        return of_text(text)
    if NUMBER.fullmatch(text):
        return given(float(text) if set(text) & set(".eE") else int(text))
    return given(open_array(text, "the array to compare with").array)


def compared(found: Trace, text: str, at: Sequence[int] | None, lang: str) -> tuple[int | None, str]:
    """Return the step that completes the first element which an array has otherwise, and what there is to say of it.

    The array is a file or a text of nested lists; `at`: only this element is compared. Raises EinloopError.
    """
    told = found.difference(read_array(text), at)
    catalogue = load_catalogue(language_of(lang))
    return told.step, " ".join(map(catalogue.text, told.said))
