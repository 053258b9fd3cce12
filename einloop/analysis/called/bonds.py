"""Operands in a row or in a ring, each joined to the next by one contracted index. Names nothing."""

from __future__ import annotations

from dataclasses import dataclass

from .form import RoleForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A term in a row: the index that joins it to the one before, and to the one behind (None at an end)."""

    place: int
    before: str | None
    behind: str | None


def row_of(form: RoleForm) -> tuple[Link, ...] | None:
    """Return the terms from one end to the other, where every contracted index joins exactly two.

    The end with the earliest free index of the output comes first; without one, the earliest operand.
    """
    bonds = _bonds(form)
    if bonds is None:
        return None
    ends = [place for place, own in enumerate(bonds) if len(own) == 1]
    if len(ends) != 2 or any(len(own) not in (1, 2) for own in bonds):
        return None
    rank = {label: number for number, label in enumerate(form.output)}
    start = min(ends, key=lambda place: min((rank[label] for label in form.own(place)), default=len(rank)))
    return _walk(form, bonds, start, bonds[start][0])


def ring_of(form: RoleForm) -> tuple[Link, ...] | None:
    """Return three or more terms around a ring, where every contracted index joins exactly two.

    It starts with the first operand, along the last of its contracted indices.
    """
    bonds = _bonds(form)
    if bonds is None or form.count < 3 or any(len(own) != 2 for own in bonds):
        return None
    return _walk(form, bonds, 0, bonds[0][1])


def _bonds(form: RoleForm) -> list[tuple[str, ...]] | None:
    """Return the contracted indices of every term, in axis order; None where one joins more than two terms."""
    contracted = form.contracted
    if not form.clean or any(len(form.holders(label)) != 2 for label in contracted):
        return None
    return [tuple(label for label in term if label in contracted) for term in form.terms]


def _walk(form: RoleForm, bonds: list[tuple[str, ...]], start: int, along: str) -> tuple[Link, ...] | None:
    """Return the links from `start`, leaving it by `along`; None where the walk does not reach every term."""
    before = next((label for label in bonds[start] if label != along), None)
    links = [Link(place=start, before=before, behind=along)]
    place, came = start, along
    while True:
        place = next(other for other in form.holders(came) if other != place)
        if place == start:
            break
        behind = next((label for label in bonds[place] if label != came), None)
        links.append(Link(place=place, before=came, behind=behind))
        if behind is None:
            break
        came = behind
    return tuple(links) if len(links) == form.count else None
