"""The versions of arrays that polynomials are made of: which array, which version, where it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..core.effort import spend
from ..core.polynomial import Element, Polynomial
from .computed import Cells
from .grids import Grid, element
from .terms import SITE
from .whole import Whole

At = tuple[int, ...]
VERSION = "#"
"""What stands between the name of an array and that of a version of it."""
ROOT, INVERSE = "np.sqrt(", "1/"


@dataclass(frozen=True, slots=True)
class Version:
    """An element: its array, the version of it ("" is what was given), and its place, None for all of it."""

    base: str
    cut: str
    at: At | None
    inverse: bool = False


def version_of(element: Element) -> Version:
    """Return the version of an array that an element is of.

    >>> version_of(("h@#h:3:0:0", (1,))), version_of(("A@1:4:1:8", (0, 2))).cut
    (Version(base='h', cut='h:3:0:0', at=(1,), inverse=False), '')
    """
    name, at = element
    inverse = name.startswith(INVERSE) or ROOT in name
    said, _, site = name.partition(SITE)
    base = said.removeprefix(INVERSE).removeprefix(ROOT).removesuffix(")")
    cut = site.removeprefix(VERSION) if site.startswith(VERSION) else ""
    return Version(base, cut, at, inverse)  # type: ignore[arg-type]


def reads_of(cells: Cells, history: Mapping[str, Sequence[str]], every: Mapping[str, Cells]) -> Iterator[Version]:
    """Yield the versions of arrays with a history that these elements are made of, each once."""
    if isinstance(cells, Whole):
        names = {name for part in cells.grid.parts for name, _ in part.factors}
        found = [version_of((name, ())) for name in names]
        if all(isinstance(every[key], Whole) for one in found for key in history.get(one.base, ())):
            yield from (Version(one.base, one.cut, None) for one in found if one.base in history)
            return
    known: dict[str, Version] = {}
    seen = set()
    for cell in cells.values():
        terms = cell.terms()
        spend(len(terms))
        for product in terms:
            for name, at in product:
                if name not in known:
                    known[name] = version_of((name, ()))
                one = known[name]
                if one.base in history and (name, at) not in seen:
                    seen.add((name, at))
                    yield Version(one.base, one.cut, at)  # type: ignore[arg-type]


def written(base: str, at: At, cell: Polynomial) -> bool:
    """Return whether an element of an array is what some version of it has in that place."""
    terms = cell.terms()
    if len(terms) != 1:
        return False
    ((product, weight),) = terms.items()
    return weight == 1 and len(product) == 1 and product[0][1] == at and product[0][0].partition(SITE)[0] == base


def own_base(cells: Cells, every: Mapping[str, Cells], history: Mapping[str, Sequence[str]]) -> str | None:
    """Return the array whose newest elements these all are, None where there is none."""
    first = next(iter(cells), None)
    if first is None:
        return None
    terms = cells[first].terms()
    if len(terms) != 1:
        return None
    ((product, _),) = terms.items()
    base = product[0][0].partition(SITE)[0] if len(product) == 1 else ""
    if base not in history:
        return None
    newest: dict[At, str] = {at: key for key in history[base] for at in every[key]}
    if newest.keys() != cells.keys() or not all(written(base, at, cell) for at, cell in cells.items()):
        return None
    versions = {at: version_of(next(iter(cell.terms()))[0]).cut for at, cell in cells.items()}
    return base if all(newest[at] == base + VERSION + cut for at, cut in versions.items()) else None


def written_whole(base: str, grid: Grid) -> bool:
    """Return whether an array is a version of itself, or what was given, and nothing else."""
    if len(grid.parts) != 1 or len(grid.parts[0].factors) != 1:
        return False
    ((name, _),) = grid.parts[0].factors
    return name.partition(SITE)[0] == base and grid.parts == element(name, grid.shape).parts
