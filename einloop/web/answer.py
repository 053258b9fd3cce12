"""A question of the page in, its answer out, both as JSON: `{"ok": ...}` or `{"error": ...}`; nothing is raised."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from ..core.effort import TooMuchError, limited
from ..core.errors import EinloopError, OptionError, displayed
from ..core.near import meant
from ..core.refusal import refusal_of
from .arrays import HeldArrays, read_file
from .refused import refusal_data
from .state import PageState, read_state

MAX_UNITS = 400_000
"""Work of one answer where it is counted; what an answer usually takes is a tenth of it, or less."""
Answer = dict[str, Any]
Ask = Callable[[PageState, HeldArrays], Answer]

KINDS: Mapping[str, str] = {
    "meaning": "meaning",
    "loops": "loops",
    "picture": "picture",
    "trace": "steps",
    "same": "same",
    "why": "pages",
    "diff": "pages",
    "tests": "tests",
    "sheet": "sheet",
}
"""What can be asked beside `file`, and the module here with a function `(state, held) -> dict` of the name."""
FILE = "file"


def answer(request: object, held: HeldArrays) -> Answer:
    """Return the answer to a request, with its `id` and `ask`. `held` has the arrays of earlier `file` requests.

    >>> answer({"id": 1, "ask": "picture", "state": {"text": "ij->z"}}, HeldArrays())["error"]["id"]
    'EL106'
    """
    asked = request if isinstance(request, dict) else {}
    state = asked.get("state")
    lang = state.get("lang") if isinstance(state, dict) else None
    head = {"id": asked.get("id"), "ask": asked.get("ask")}
    try:
        with limited(MAX_UNITS):
            return {**head, "ok": _answered(request, held)}
    except TooMuchError:
        error: EinloopError = OptionError("EL488", "this takes longer than a page may", hint=TOO_LONG)
    except Exception as raised:  # whatever goes wrong, the page says it
        error = refusal_of(raised)
    return {**head, "error": refusal_data(error, lang)}


TOO_LONG = "smaller shapes take less; the command line has no such limit"


def _answered(request: object, held: HeldArrays) -> Answer:
    if not isinstance(request, dict):
        raise OptionError("EL470", f"a request is {displayed(request)}, not an object")
    ask = request.get("ask")
    if ask == FILE:
        return read_file(request, held)
    if not isinstance(ask, str) or ask not in KINDS:
        hint = meant(ask, list(KINDS)) if isinstance(ask, str) else f"there are {', '.join(KINDS)}"
        raise OptionError("EL469", f"there is no question {displayed(ask)}", hint=hint)
    state = read_state(request.get("state", {}))
    find: Ask = getattr(import_module(f".{KINDS[ask]}", __package__), ask)
    return find(state, held)
