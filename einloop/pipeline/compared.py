"""Where the result of a trace is not what a file or a text of numbers holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import prod

from ..core.errors import EinloopError
from ..core.message import Code, Message
from ..core.options import Options
from ..core.plain_array import PlainArray
from ..core.spec import Spec
from ..evaluate import given, of_text
from ..runners.presence import has_numpy
from ..views.catalogue import load_catalogue
from .given import open_array
from .page import language_of
from .traced import Trace

MAX_ELEMENTS, MAX_EINSUMS = 5_000, 1_000
"""Elements of an array with which an einsum is looked for that gives another array, and einsums that are tried."""
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
    expected = read_array(text)
    told = found.difference(expected, at)
    meant = () if told.step is None else _giving(found, expected)
    catalogue = load_catalogue(language_of(lang))
    return told.step, " ".join(map(catalogue.text, (*told.said, *meant)))


def _giving(found: Trace, expected: PlainArray) -> Iterator[Message]:
    """Yield which einsum of the arrays that were loaded gives another array, where a short search finds one."""
    loaded = found.options.loaded
    arrays = [array for _, array in loaded]
    spec = found.subject if isinstance(found.subject, Spec) else None
    if spec is None or len(arrays) != len(spec.operands) or not has_numpy():
        return
    if max(map(prod, (expected.shape, *(array.shape for array in arrays)))) > MAX_ELEMENTS:
        return
    from .find import Wanted, giving

    wanted = Wanted(shape=expected.shape, array=open_array(expected.tolist(), "the array to compare with"))
    try:
        subscripts = giving(Options(loaded=loaded), wanted, MAX_EINSUMS)
    except EinloopError:
        return
    if subscripts is not None:
        yield Message("trace.against.gives", {"expression": Code(repr(subscripts))})
