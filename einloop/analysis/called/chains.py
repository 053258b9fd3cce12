"""Operands in a row or a ring, each joined to the next by one contracted index: chains of matrices, tensor trains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...core.message import Code, Message, codes
from ...core.spec import DOTS
from .form import TRANSPOSED, RoleForm, is_matrix, is_vector


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A term in a row: the index that joins it to the one before, and to the one after (None at an end)."""

    place: int
    before: str | None
    after: str | None


def chains(form: RoleForm) -> Iterator[Message]:
    """A product of three matrices or more, at the ends perhaps vectors; the trace of one."""
    if form.count < 3:
        return
    row, ring = _row_of(form), _ring_of(form)
    if row is not None and _fit(form, row):
        name = ("matrix_chain.scalar", "matrix_chain.vector", "matrix_chain")[len(form.output)]
        yield form.message(name, product=Code(_product(form, row)), count=form.count)
    if ring is not None and not form.output and all(map(is_matrix, form.terms)):
        if sum(_against(form, link) for link in ring) * 2 > len(ring):
            ring = [Link(place=x.place, before=x.after, after=x.before) for x in (ring[0], *ring[:0:-1])]
        factors = (form.array(link.place, transposed=_against(form, link)) for link in ring)
        yield form.message("trace_of_chain", product=Code(f"tr({' · '.join(factors)})"))


def trains(form: RoleForm) -> Iterator[Message]:
    """A row of cores, each with one free index of its own, neighbours joined by a contracted one; or such a ring."""
    one_each = all(len(form.own(place)) == 1 for place in range(form.count))
    if form.count < 3 or not one_each or len(form.output) != form.count or DOTS in form.output:
        return
    for name, links in (("tensor_train", _row_of(form)), ("tensor_ring", _ring_of(form))):
        if links is not None:
            straight = tuple(form.own(link.place)[0] for link in links) == form.output
            cores = codes([form.array(link.place) for link in links])
            bonds = form.indices(link.after for link in links if link.after is not None)
            permuted = "" if straight or name == "tensor_ring" else ".permuted"
            yield form.message(f"{name}{permuted}", cores=cores, bonds=bonds)


def _fit(form: RoleForm, links: list[Link]) -> bool:
    """Tell whether these are matrices, with vectors at most at the ends, and the result is what the ends leave. Two
    vectors around one matrix are a bilinear form, which says more.
    """
    ends = (links[0].place, links[-1].place)
    inner = all(is_matrix(form.terms[link.place]) and not form.own(link.place) for link in links[1:-1])
    outer = all(is_matrix(form.terms[place]) or is_vector(form.terms[place]) for place in ends)
    left = [label for place in ends for label in form.own(place)]
    return inner and outer and sorted(left) == sorted(form.output) and (bool(form.output) or form.count > 3)


def _against(form: RoleForm, link: Link) -> bool:
    """Tell whether a matrix is met columns first: it stands transposed in the product."""
    term = form.terms[link.place]
    if len(term) != 2:
        return False
    return term[0] == link.after if link.after is not None else term[1] == link.before


def _product(form: RoleForm, links: list[Link]) -> str:
    """Return `A · Bᵀ · C`; where all would be transposed, the product the other way round, transposed once."""
    write = form.part if any(map(is_vector, form.terms)) else form.array
    if not all(_against(form, link) for link in links if len(form.terms[link.place]) == 2):
        return " · ".join(write(link.place, transposed=_against(form, link)) for link in links)
    product = " · ".join(write(link.place) for link in reversed(links))
    return f"({product}){TRANSPOSED}" if len(form.output) == 2 else product


def _row_of(form: RoleForm) -> list[Link] | None:
    """Return the terms from one end to the other, where every contracted index joins exactly two.

    The end with the earliest free index of the output comes first; without one, the earliest operand.
    """
    bonds = _bonds(form)
    ends = [place for place, own in enumerate(bonds) if len(own) == 1]
    if len(ends) != 2 or any(len(own) not in (1, 2) for own in bonds):
        return None
    rank = {label: number for number, label in enumerate(form.output)}
    start = min(ends, key=lambda place: min((rank[label] for label in form.own(place)), default=len(rank)))
    return _walk(form, bonds, start, bonds[start][0])


def _ring_of(form: RoleForm) -> list[Link] | None:
    """Return the terms around a ring, where every contracted index joins exactly two.

    It starts with the first operand, along the last of its contracted indices.
    """
    bonds = _bonds(form)
    return _walk(form, bonds, 0, bonds[0][1]) if bonds and all(len(own) == 2 for own in bonds) else None


def _bonds(form: RoleForm) -> list[tuple[str, ...]]:
    """Return the contracted indices of every term, in axis order; nothing where one joins more than two terms."""
    contracted = form.contracted
    if not form.clean or any(len(form.holders(label)) != 2 for label in contracted):
        return []
    return [tuple(label for label in term if label in contracted) for term in form.terms]


def _walk(form: RoleForm, bonds: list[tuple[str, ...]], start: int, along: str) -> list[Link] | None:
    """Return the links from `start`, leaving it by `along`; None where the walk does not reach every term."""
    links: list[Link] = []
    place: int = start
    after: str | None = along
    before: str | None = next((label for label in bonds[start] if label != along), None)
    while True:
        links.append(Link(place=place, before=before, after=after))
        if after is None:
            break
        place = next(other for other in form.holders(after) if other != place)
        if place == start:
            break
        before = after
        after = next((label for label in bonds[place] if label != before), None)
    return links if len(links) == form.count else None
