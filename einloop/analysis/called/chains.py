"""Three operands and more, one behind the other: chains of matrix products, traces of them, tensor trains and rings."""

from __future__ import annotations

from ...core.message import Code, Message, Value, codes
from .bonds import Link, ring_of, row_of
from .form import TRANSPOSED, RoleForm, is_matrix, is_vector


def weighted_gram(form: RoleForm) -> Message | None:
    """The Gram matrix of an array, with a weight for each term: Xᵀ · diag(w) · X."""
    found = _sandwich(form)
    if found is None:
        return None
    left, middle, right = found
    turned = _turned(form, found)
    if not form.one_array(left, right) or turned[0] == turned[1]:
        return None
    values: dict[str, Value] = {"array": Code(form.array(left)), "weights": Code(form.array(middle))}
    return form.message("weighted_gram", product=Code(_sandwich_text(form, found)), **values)


def matrix_diagonal_matrix(form: RoleForm) -> Message | None:
    """A matrix product with a vector between, as a diagonal matrix."""
    found = _sandwich(form)
    if found is None:
        return None
    rows, columns = (form.index(label) for label in form.output)
    over = form.indices(form.contracted)
    product = Code(_sandwich_text(form, found))
    return form.message("matrix_diagonal_matrix", product=product, rows=rows, columns=columns, over=over)


def matrix_chain(form: RoleForm) -> Message | None:
    """A product of three matrices or more; at the ends there may be vectors."""
    links = row_of(form) if form.count > 2 else None
    if links is None or not _fit(form, links):
        return None
    both_vectors = not form.output
    if both_vectors and form.count == 3:
        return None  # a bilinear form, which says more
    over = form.indices(form.contracted)
    name = ("matrix_chain.scalar", "matrix_chain.vector", "matrix_chain")[len(form.output)]
    return form.message(name, product=Code(_chain_text(form, links)), count=form.count, over=over)


def trace_of_chain(form: RoleForm) -> Message | None:
    """The trace of a product of three matrices or more."""
    links = ring_of(form)
    if links is None or form.output or not all(is_matrix(term) for term in form.terms):
        return None
    if sum(_against(form, link) for link in links) * 2 > len(links):
        links = tuple(
            Link(place=link.place, before=link.behind, behind=link.before) for link in (links[0], *links[:0:-1])
        )
    factors = (form.array(link.place, transposed=_against(form, link)) for link in links)
    product = Code(f"tr({' · '.join(factors)})")
    return form.message("trace_of_chain", product=product, over=form.indices(form.contracted))


def tensor_train(form: RoleForm) -> Message | None:
    """A row of cores, each with one free index; neighbours share one that is contracted."""
    links = row_of(form) if form.count > 2 else None
    if links is None or not _one_free_each(form):
        return None
    cores = codes([form.array(link.place) for link in links])
    bonds = form.indices([link.behind for link in links if link.behind is not None])
    straight = tuple(form.own(link.place)[0] for link in links) == form.output
    return form.message("tensor_train" if straight else "tensor_train.permuted", cores=cores, bonds=bonds)


def tensor_ring(form: RoleForm) -> Message | None:
    """A tensor train whose ends are joined."""
    links = ring_of(form)
    if links is None or not _one_free_each(form):
        return None
    cores = codes([form.array(link.place) for link in links])
    bonds = form.indices([link.behind for link in links if link.behind is not None])
    return form.message("tensor_ring", cores=cores, bonds=bonds)


def _one_free_each(form: RoleForm) -> bool:
    """Tell whether every term has one free index of its own, and nothing else but contracted ones."""
    known = all(len(form.own(place)) == 1 for place in range(form.count))
    return known and len(form.output) == form.count and "..." not in form.output


def _fit(form: RoleForm, links: tuple[Link, ...]) -> bool:
    """Tell whether these are matrices, with vectors at most at the ends, and the result is what the ends leave."""
    inner = all(is_matrix(form.terms[link.place]) and not form.own(link.place) for link in links[1:-1])
    ends = all(is_matrix(form.terms[link.place]) or is_vector(form.terms[link.place]) for link in (links[0], links[-1]))
    left = [label for link in (links[0], links[-1]) for label in form.own(link.place)]
    return inner and ends and sorted(left) == sorted(form.output)


def _against(form: RoleForm, link: Link) -> bool:
    """Tell whether a matrix is met columns first: it stands transposed in the product."""
    term = form.terms[link.place]
    if len(term) != 2:
        return False
    return term[0] == link.behind if link.behind is not None else term[1] == link.before


def _chain_text(form: RoleForm, links: tuple[Link, ...]) -> str:
    """Return `A · Bᵀ · C`; where all would be transposed, the product the other way round, transposed once."""
    matrices = [link for link in links if len(form.terms[link.place]) == 2]
    if not all(_against(form, link) for link in matrices):
        return " · ".join(_factor(form, link, transposed=_against(form, link)) for link in links)
    product = " · ".join(_factor(form, link, transposed=False) for link in reversed(links))
    return f"({product}){TRANSPOSED}" if len(form.output) == 2 else product


def _factor(form: RoleForm, link: Link, *, transposed: bool) -> str:
    write = form.part if any(map(is_vector, form.terms)) else form.array
    return write(link.place, transposed=transposed)


def _sandwich(form: RoleForm) -> tuple[int, int, int] | None:
    """Return the left matrix, the vector and the right matrix, if that is what the three terms are."""
    if form.count != 3 or not form.clean or len(form.contracted) != 1 or len(form.output) != 2:
        return None
    vectors = [place for place, term in enumerate(form.terms) if is_vector(term)]
    matrices = [place for place, term in enumerate(form.terms) if is_matrix(term) and len(form.own(place)) == 1]
    if len(vectors) != 1 or len(matrices) != 2 or form.terms[vectors[0]] != form.contracted:
        return None
    left = form.holders(form.output[0])[0]
    right = next(place for place in matrices if place != left)
    return left, vectors[0], right


def _turned(form: RoleForm, found: tuple[int, int, int]) -> tuple[bool, bool]:
    inner = form.contracted[0]
    return form.terms[found[0]][0] == inner, form.terms[found[2]][1] == inner


def _sandwich_text(form: RoleForm, found: tuple[int, int, int]) -> str:
    left, middle, right = found
    turned = _turned(form, found)
    diagonal = f"diag({form.part(middle)})"
    if all(turned):
        return f"({form.part(right)} · {diagonal} · {form.part(left)}){TRANSPOSED}"
    return f"{form.part(left, transposed=turned[0])} · {diagonal} · {form.part(right, transposed=turned[1])}"
