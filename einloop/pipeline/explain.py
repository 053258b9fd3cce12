"""A bound Spec and Options in, the Report that explains it out: composes the analyses with the loops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ..analysis.called import called
from ..analysis.check import diagnose
from ..analysis.elements import formula
from ..analysis.explain import cost, one_element, order, roles, sentence, shapes, steps
from ..analysis.unread import unread_section
from ..core.dtypes import BFLOAT16
from ..core.memory import memory_bytes
from ..core.message import Code, Message
from ..core.names import Names, choose_names
from ..core.options import Options
from ..core.report import Paragraph, Part, Report, Section
from ..core.spec import Spec
from ..views.formula import latex
from .as_call import call_section
from .colours import colours, marks
from .dtypes import given_dtypes, shown_dtypes
from .equivalents import equivalents_section
from .reading import reserved_names
from .sections import loops_section, warnings_section
from .show import generate

if TYPE_CHECKING:
    from ..core.combination import Statements
    from ..core.drawing import Drawing


def explain(spec: Spec | Statements, options: Options) -> Report:
    """Return the page that explains an expression, most important first: what is probably not meant stands on top."""
    if not isinstance(spec, Spec):
        from .summed import as_einsum

        plain = as_einsum(spec, options)
        if plain is None:
            from .explain_sum import explain_sum

            return explain_sum(spec, options)
        spec = plain
    names = choose_names(spec, reserved_names(options))
    sections = tuple(section for section in _page(spec, names, options) if section is not None)
    return Report(
        kind="explain",
        subject=spec.source.text or spec.subscripts,
        sections=sections,
        colours=colours(spec, names),
        marks=marks(spec),
        draw=partial(_drawn, spec, options),
    )


def _drawn(spec: Spec, options: Options) -> Drawing | None:
    from .draw import cells_of  # only a page of HTML has a picture

    return cells_of(spec, options)


def _page(spec: Spec, names: Names, options: Options) -> Iterator[Section | None]:
    """Yield the sections in the order of the page."""
    dtypes = given_dtypes(spec, options)
    yield unread_section(spec)
    yield warnings_section(diagnose(spec, dtypes or (), memory=memory_bytes()))
    yield _meaning(spec, names)
    yield from call_section([spec])
    yield shapes(spec, names)
    yield one_element(spec, names)
    yield _loops(spec, options, dtypes)
    yield roles(spec, names)
    yield order(spec, names)
    yield called(spec, names)
    yield equivalents_section(spec, names)
    yield cost(spec, names, dtypes)
    yield steps(spec, names, dtypes)


def _meaning(spec: Spec, names: Names) -> Section:
    """Return the sentence and the formula, which is a fact too."""
    written = formula(spec, names)
    parts = (Paragraph(message=sentence(spec, names), lead=True), written)
    return Section(id="meaning", parts=parts, facts={"formula": str(written), "latex": latex(written)})


def _loops(spec: Spec, options: Options, dtypes: tuple[str, ...] | None) -> Section:
    """Return the loops; for a dtype that numpy lacks, those for float64, with a sentence that says so."""
    parts: tuple[Part, ...] = ()
    if BFLOAT16 in (dtypes or ()):
        shown = BFLOAT16 in (shown_dtypes(spec) or ())  # by the text itself, which float64 then overrides
        options = replace(options, dtypes=((None, "float64"),) if shown else (), loaded=())
        values = {"dtype": Code(BFLOAT16), "loops": Code("float64")}
        parts = (Paragraph(message=Message("loops.bfloat16", values)),)
    generated = generate(replace(spec, unread=()), options)  # the page says what is not read
    return loops_section(generated, parts)
