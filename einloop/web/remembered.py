"""What was read of the last texts, so that the panels of one state share one reading, of a refusal too."""

from __future__ import annotations

from collections import OrderedDict
from contextvars import Context
from copy import copy
from dataclasses import replace
from threading import Lock

from ..core.combination import Statements
from ..core.effort import limited
from ..core.errors import EinloopError
from ..core.options import Options
from ..core.spec import Spec
from ..pipeline.expression import read_expression

MAX_READINGS = 64
MAX_UNITS = 600_000
"""Work of reading one text, where it is counted; code that is lifted takes a tenth of it, or less."""
Read = Spec | Statements
Key = tuple[str, bool, bool, str]

_READINGS: OrderedDict[Key, Read | EinloopError] = OrderedDict()
_LOCK = Lock()


def reading(text: str, options: Options, *, whole: bool = False, added: bool = False) -> Read:
    """Return what `read_expression` does, within `MAX_UNITS`. Raises EinloopError, a new one each time.

    Style, schedule, order and path say nothing of what a text means. The work is no part of what is limited outside:
    what is remembered does not depend on who asked first.
    """
    plain = Options()
    options = replace(options, style=plain.style, schedule=(), order=None, path=None)
    key = (text, whole, added, repr(options))
    with _LOCK:
        found = _READINGS.get(key)
    if found is None:
        found = Context().run(_read, text, options, whole, added)
        with _LOCK:
            _READINGS[key] = found
            while len(_READINGS) > MAX_READINGS:
                _READINGS.popitem(last=False)
    if isinstance(found, EinloopError):
        raise copy(found)
    return found


def _read(text: str, options: Options, whole: bool, added: bool) -> Read | EinloopError:
    try:
        with limited(MAX_UNITS):
            return read_expression(text, options, whole=whole, added=added)
    except EinloopError as error:
        return error.with_traceback(None)
