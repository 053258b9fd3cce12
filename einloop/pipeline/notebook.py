"""What a notebook shows of loops and of a verification: HTML, in which the indices have their colours."""

from __future__ import annotations

from ..core.errors import EinloopError
from ..core.generated import Generated
from ..core.report import Block, Report, Section
from ..core.verification import Verification, verdict
from .colours import marks

MAX_SECONDS = 5.0
"""What verifying a text for one large shape may take where it is shown; `einloop.verify` takes longer."""


def loops_page(generated: Generated) -> str:
    """Return the loops, their notes, and what running them against np.einsum now found."""
    words = [word for pair in generated.loop_names for word in pair]
    report = Report(
        kind="loops",
        subject=generated.spec.source.text or generated.spec.subscripts,
        sections=(Section(id="emitted", parts=(Block(text=generated.source, language=generated.target),)),),
        colours={word: number // 2 for number, word in enumerate(words)},
        marks=marks(generated.spec),
    )
    notes = [("note", f"note: {note}") for note in generated.notes]
    return _fragment(report, [*notes, _verified(generated)])


def verdict_page(found: Verification) -> str:
    """Return the verdict, and the whole story of a mismatch."""
    return _fragment(Report(kind="verification", subject=found.subscripts, sections=()), [_said(found)])


def _verified(generated: Generated) -> tuple[str, str]:
    from .verify import verify

    try:
        return _said(verify(generated, seconds=MAX_SECONDS))
    except EinloopError as error:
        return "bad", f"not verified: {error}"


def _said(found: Verification) -> tuple[str, str]:
    return "good" if found else "note" if found.skipped is not None else "bad", verdict(found)


def _fragment(report: Report, remarks: list[tuple[str, str]]) -> str:
    from ..views.catalogue import FALLBACK, load_catalogue
    from ..views.html import write_remarked

    return write_remarked(report, load_catalogue(FALLBACK), remarks)
