"""A bound Spec in, the section "the same without einsum" out: trees from analysis/, their texts from targets/."""

from __future__ import annotations

from dataclasses import dataclass

from ..analysis.equivalents import Path, equivalents
from ..core.arrays import Equivalent, ProductKind
from ..core.message import Code, Message, Value, codes
from ..core.names import Names
from ..core.report import Block, Fact, Paragraph, Part, Section, Table
from ..core.spec import Spec
from ..targets.equivalents import write_equivalent, write_lines

MAX_CALL_CHARACTERS = 100
"""Characters of a call that is still worth reading. What is longer is written in lines, or left out."""
MAX_LINES = 12
"""Lines beyond which the loops are easier to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An equivalent and its text: one call, or several lines."""

    equivalent: Equivalent
    code: str


def equivalents_section(spec: Spec, names: Names, path: Path | None = None) -> Section | None:
    """Return the section, or None where no library says it shortly and rightly.

    `path`: which two operands an expression of matrix products takes first, as opt_einsum writes paths.

    >>> from einloop.core.names import choose_names
    >>> from einloop.notation.subscripts import read_subscripts
    >>> spec = read_subscripts("ij,jk->ik")
    >>> [one["code"] for one in equivalents_section(spec, choose_names(spec)).facts["equivalents"]][:2]
    ['A @ B', 'A @ B']
    """
    shown = written_equivalents(spec, names, path)
    if not shown:
        return None
    calls = [one for one in shown if "\n" not in one.code]
    parts: list[Part] = []
    if calls:
        heads = (Message("equivalents.library"), Message("equivalents.call"))
        parts.append(Table(heads=heads, rows=tuple((_library(one.equivalent), Code(one.code)) for one in calls)))
    parts += [Block(text=one.code, title=_library(one.equivalent)) for one in shown if one not in calls]
    if any(one.equivalent.kind is ProductKind.MATMUL for one in shown):
        parts.append(Paragraph(message=Message("equivalents.for_export")))
    return Section(id="equivalents", parts=(*parts, *_caveats(shown)), facts={"equivalents": _facts(shown)})


def written_equivalents(spec: Spec, names: Names, path: Path | None = None) -> tuple[Shown, ...]:
    """Return what is worth printing: an expression of matrix products only where the plain one is none itself."""
    found: list[Shown] = []
    for one in equivalents(spec, names, path):
        code = _code(one)
        covered = any(
            other.equivalent.library == one.library and (other.equivalent.exportable or other.code == code)
            for other in found
        )
        if code is not None and not (one.kind is ProductKind.MATMUL and covered):
            found.append(Shown(equivalent=one, code=code))
    return tuple(found)


def _code(one: Equivalent) -> str | None:
    code = write_equivalent(one.tree, one.library)
    if code is None or len(code) <= MAX_CALL_CHARACTERS:
        return code
    code = write_lines(one.lines, one.library) if 1 < len(one.lines) <= MAX_LINES else None
    return code if code and max(map(len, code.splitlines())) <= MAX_CALL_CHARACTERS else None


def _library(one: Equivalent) -> Message:
    name: Value = Code(one.library)
    return Message("equivalents.matmul" if one.kind is ProductKind.MATMUL else "equivalents.name", {"library": name})


def _caveats(shown: tuple[Shown, ...]) -> list[Paragraph]:
    """Return one sentence for each thing that differs, with the libraries it holds for."""
    where: dict[str, list[str]] = {}
    for one in shown:
        for caveat in one.equivalent.caveats:
            libraries = where.setdefault(caveat, [])
            if one.equivalent.library not in libraries:
                libraries.append(one.equivalent.library)
    return [
        Paragraph(message=Message(f"equivalents.caveat.{caveat}", {"libraries": codes(names), "count": len(names)}))
        for caveat, names in where.items()
    ]


def _facts(shown: tuple[Shown, ...]) -> list[Fact]:
    return [
        {
            "library": one.equivalent.library,
            "code": one.code,
            "kind": one.equivalent.kind.value,
            "exportable": one.equivalent.exportable,
            "caveats": list[Fact](one.equivalent.caveats),
        }
        for one in shown
    ]
