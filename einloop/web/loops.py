"""The loops of an expression in a target and a style, and whether they were verified."""

from __future__ import annotations

from functools import cache
from typing import Any

from ..core.generated import Generated
from ..core.message import Code, Message
from ..core.options import Options
from ..core.verification import Verification
from ..pipeline.arrays import input_arrays
from ..pipeline.show import generate
from ..pipeline.verify import verify
from ..runners import RUNNERS
from ..targets.target import load_target, target_names
from ..views.catalogue import Catalogue
from .arrays import HeldArrays
from .asked import options_of, text_of
from .reading import words_for
from .remembered import reading
from .state import PageState

MAX_SECONDS = 0.5
"""What verifying loops for one large shape may take."""
LANGUAGES = {"numba": "python"}
"""The language of a target that is not called after it."""
ARTICLE = "article"


def loops(state: PageState, held: HeldArrays) -> dict[str, Any]:
    """Return the loops, what is to be known of them, the verdict, and which targets and styles there are."""
    options = options_of(
        state,
        held,
        target=state.target,
        style=state.style or ARTICLE,
        schedule=(state.schedule,) if state.schedule.strip() else (),
        order=state.order or None,
        path=state.path or None,
    )
    generated = generate(reading(text_of(state), options, whole=True, added=True), options)
    return {
        "source": generated.source,
        "target": generated.target,
        "language": LANGUAGES.get(generated.target, generated.target),
        "style": generated.style,
        "notes": list(generated.notes),
        "verdict": _verdict(generated, options, words_for(state)),
        "targets": [dict(one) for one in targets()],
    }


def _verdict(generated: Generated, options: Options, words: Catalogue) -> dict[str, str]:
    """Return how running the loops against np.einsum went; compiled ones are not run as one types."""
    runner = None if generated.program is None else generated.program.runner
    if runner is not None and not RUNNERS[runner].interpreted:
        said = Message("answer.verdict.compiled", {"target": Code(generated.target), "command": Code("einloop verify")})
        return {"state": "not run", "text": words.text(said)}
    found = verify(generated, given=input_arrays(generated, options), seconds=MAX_SECONDS)
    return {"state": _outcome(found), "text": str(found)}


def _outcome(found: Verification) -> str:
    if found:
        return "verified"
    return "mismatch" if found.mismatch is not None else "not run"


@cache
def targets() -> tuple[dict[str, Any], ...]:
    """Return the targets with their styles, each with what it is for."""
    found = map(load_target, target_names())
    return tuple(
        {
            "name": target.name,
            "title": target.title,
            "styles": [{"name": style.name, "about": style.about} for style in target.styles.values()],
        }
        for target in found
    )
