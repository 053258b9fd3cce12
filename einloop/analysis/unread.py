"""What a text says beside the expression that was read from it: a Spec in, notes out."""

from __future__ import annotations

from ..core.message import Code, Message, codes
from ..core.report import Finding, Section, Severity
from ..core.site import Around, Unread
from ..core.source import Span
from ..core.spec import Spec


def unread_section(spec: Spec) -> Section | None:
    """Return a note on each part of the text that is not read, None where all of it is.

    >>> from einloop.notation import read
    >>> [note.id for note in unread_section(read("np.einsum('ij->i', a) + b")).parts]
    ['EL160']
    """
    if not (spec.unread or spec.limits):
        return None
    notes = (*(_note(spec, part) for part in spec.unread), *(_limits(spec, *sign) for sign in spec.limits))
    return Section(id="unread", parts=notes, facts={"ids": [note.id for note in notes]})


def _limits(spec: Spec, span: Span, labels: tuple[str, ...]) -> Finding:
    """Return the note that a sum takes the whole axis, whatever its limits are."""
    kind = "limits" if labels else "limits_alone"
    return Finding(
        id="EL172",
        severity=Severity.NOTE,
        message=Message(f"unread.{kind}", {"indices": codes(labels)} if labels else {}),
        text=spec.source.text,
        spans=(span,),
    )


def _note(spec: Spec, part: Unread) -> Finding:
    about = {"array": Code(part.shown)} if part.kind in (Around.ADDED, Around.ZEROS) else {"count": part.count}
    return Finding(
        id=part.kind.value,
        severity=Severity.NOTE,
        message=Message(f"unread.{part.kind.name.lower()}", about),
        text=spec.source.text,
        spans=part.spans,
    )
