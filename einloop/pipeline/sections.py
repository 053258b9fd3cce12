"""Sections and refusals that pages about one einsum and about sums of several have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..core.bind import Shape, show_shape
from ..core.errors import OptionError
from ..core.generated import Generated
from ..core.message import Code, Message, codes
from ..core.report import Block, Finding, Part, Section, Severity


def warnings_section(found: Iterable[Finding]) -> Section | None:
    """Return what is probably not meant; notes are left to `check`, since the page says what they say."""
    found = tuple(finding for finding in found if finding.severity is Severity.WARNING)
    return Section(id="warnings", parts=found, facts={"ids": [finding.id for finding in found]}) if found else None


def loops_section(generated: Generated, parts: Sequence[Part] = ()) -> Section:
    """Return the loops, and what is said of them."""
    return Section(
        id="loops",
        parts=(Block(text=generated.source, language=generated.target), *parts),
        facts={"source": generated.source, "style": generated.style},
    )


def fine(axes: Sequence[str], shape: Shape, *, noted: bool) -> Message:
    """Return the sentence that nothing is wrong, with the shape of the result, or its axes where it is not known."""
    kind = "noted" if noted else "fine"
    if not shape:
        return Message(f"check.{kind}.scalar")
    if None in shape:
        return Message(f"check.{kind}.axes", {"axes": codes(list(axes)), "count": len(axes)})
    return Message(f"check.{kind}.shape", {"shape": Code(show_shape(shape))})


def check_given(arrays: Iterable[str], needed: Iterable[str]) -> None:
    """Raise OptionError where some arrays are given, and some that are needed are not."""
    given = list(arrays)
    missing = list(dict.fromkeys(name for name in needed if name not in given))
    if given and missing:
        raise OptionError(
            "EL420",
            f"an array for {', '.join(given)}, but none for {', '.join(missing)}",
            hint="give every operand's array, or shapes only",
        )


def check_place(at: Sequence[int] | None, *, nonfinite: bool) -> None:
    """Raise OptionError where an element is asked for in two ways."""
    if nonfinite and at is not None:
        what = "coordinates given, and the first nan or inf asked for"
        raise OptionError("EL473", what, hint="leave one of them out")


def no_arrays() -> OptionError:
    """Return the refusal to look for nan and inf where there are no values."""
    return OptionError("EL420", "nan and inf are looked for in arrays, and none is given", hint="--load, or arrays")
