"""The same without einsum, and in other libraries: rows of code, each with what differs there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..analysis.dialects import DIALECTS, Dialect, Spelling, as_words
from ..core.combination import Statements
from ..core.errors import EinloopError, NotationError, ShapeError
from ..core.message import Message, codes
from ..core.names import Names
from ..core.options import Options
from ..core.report import Finding, Paragraph, Section
from ..core.source import Notation
from ..core.spec import Spec
from ..pipeline.dialects import dialect_section, read_case
from ..pipeline.equivalents import written_equivalents
from ..pipeline.lifted import CALLS, calls_of, notes_of_library
from ..views.catalogue import Catalogue
from ..views.refusal import refusal_words
from .arrays import HeldArrays
from .asked import options_of, text_of
from .reading import names_of, read, words_for
from .state import PageState

Row = dict[str, Any]
EINSUM = "einsum"
REST = "..."
"""Stands for the arguments in how a dialect is called."""


def same(state: PageState, held: HeldArrays) -> dict[str, Any]:
    """Return the rows, those of the chosen library first. Raises EinloopError."""
    calls_of(state.library)
    options, words = options_of(state, held), words_for(state)
    try:
        found = read(state, options)
    except (NotationError, ShapeError):
        elsewhere = list(_elsewhere(text_of(state), options, words))
        if not elsewhere:
            raise
        return {"rows": sorted(elsewhere, key=lambda row: row["library"] != state.library)}
    rows = _of_statements(found) if isinstance(found, Statements) else _of_einsum(found, state, options, words)
    return {"rows": sorted(rows, key=lambda row: row["library"] != state.library)}


def _of_statements(found: Statements) -> Iterator[Row]:
    for library, call in CALLS.items():
        notes = list(notes_of_library(found, library))
        yield {"library": library, "code": found.text(call), "kind": EINSUM, "legal": True, "caveats": notes}


def _of_einsum(spec: Spec, state: PageState, options: Options, words: Catalogue) -> Iterator[Row]:
    names = names_of(spec, options)
    written = spec.source.notation.traits.terms
    plain = (text_of(state), options) if written else (spec.subscripts, _by_place(spec, names, options))
    spaced = as_words(spec), replace(_by_place(spec, names, options), notation=Notation.NAMED)
    for dialect in DIALECTS:
        row = {"library": dialect.name, "code": _call(dialect, spec, names), "kind": EINSUM}
        text, known = spaced if dialect.spelling is Spelling.WORDS else plain
        try:
            section = dialect_section(text, known, dialect.name)
        except EinloopError as error:
            yield {**row, "legal": False, "caveats": [refusal_words(error, words.language)[0]]}
            continue
        yield {**row, "legal": section.facts["legal"], "caveats": [*_caveats(section, words)]}
    for shown in written_equivalents(spec, names):
        one = shown.equivalent
        caveats = [
            words.text(Message(f"equivalents.caveat.{name}", {"libraries": codes([one.library]), "count": 1}))
            for name in one.caveats
        ]
        yield {"library": one.library, "code": shown.code, "kind": one.kind.value, "legal": True, "caveats": caveats}


def _elsewhere(text: str, options: Options, words: Catalogue) -> Iterator[Row]:
    """Yield the libraries that take what np.einsum refuses, if there are any."""
    for dialect in DIALECTS:
        try:
            section = dialect_section(text, options, dialect.name)
            theirs = read_case(text, options, dialect).theirs
        except EinloopError:
            continue
        if section.facts["legal"] and theirs is not None:
            code = _call(dialect, theirs, names_of(theirs, options))
            caveats = [*_caveats(section, words)]
            yield {"library": dialect.name, "code": code, "kind": EINSUM, "legal": True, "caveats": caveats}


def _by_place(spec: Spec, names: Names, options: Options) -> Options:
    """Return options for the subscripts of a text that is written otherwise: shapes as they were bound."""
    shapes = tuple((None, op.shape) for op in spec.operands if op.shape is not None)
    if len(shapes) < len(spec.operands):
        shapes = ()
    return replace(options, notation=None, names=names.operands, shapes=shapes, sizes={}, loaded=())


def _call(dialect: Dialect, spec: Spec, names: Names) -> str:
    """Return the statement that a library takes."""
    words = dialect.spelling is Spelling.WORDS
    text = repr(as_words(spec) if words else spec.subscripts)
    arguments = ", ".join([*names.operands, text] if words else [text, *names.operands])
    call = dialect.call.replace(REST, arguments) if REST in dialect.call else f"{dialect.call}({arguments})"
    return f"{names.result} = {call}"


def _caveats(section: Section, words: Catalogue) -> Iterator[str]:
    for part in section.parts:
        if isinstance(part, Finding) or (isinstance(part, Paragraph) and not part.lead):
            yield words.text(part.message)
