"""What a text says beside the expression that was read from it: a Spec in, notes out."""

from __future__ import annotations

from ..core.message import Code, Message
from ..core.report import Finding, Section, Severity
from ..core.site import Around, Unread
from ..core.spec import Spec


def unread_section(spec: Spec) -> Section | None:
    """Return a note on each part of the text that is not read, None where all of it is.

    >>> from einloop.notation import read
    >>> [note.id for note in unread_section(read("np.einsum('ij->i', a) + b")).parts]
    ['EL160']
    """
    if not spec.unread:
        return None
    notes = tuple(_note(spec, part) for part in spec.unread)
    return Section(id="unread", parts=notes, facts={"ids": [note.id for note in notes]})


def _note(spec: Spec, part: Unread) -> Finding:
    about = {"array": Code(part.shown)} if part.kind in (Around.ADDED, Around.ZEROS) else {"count": part.count}
    return Finding(
        id=part.kind.value,
        severity=Severity.NOTE,
        message=Message(f"unread.{part.kind.name.lower()}", about),
        text=spec.source.text,
        spans=part.spans,
    )
