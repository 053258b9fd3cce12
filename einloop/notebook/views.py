"""Several things that show themselves, as one that does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..core.shown import pretty


@dataclass(frozen=True, slots=True, repr=False)
class Views:
    """What several commands found, in their order. A notebook shows them one below the other."""

    found: tuple[Any, ...]

    def __len__(self) -> int:
        return len(self.found)

    def __getitem__(self, place: int) -> Any:
        return self.found[place]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.found)

    def __str__(self) -> str:
        return "\n\n".join(str(one).rstrip("\n") for one in self.found)

    def __repr__(self) -> str:
        return f"<{', '.join(map(repr, self.found))}>"

    _repr_pretty_ = pretty

    def _repr_html_(self) -> str:
        return "\n".join(html_of(one) for one in self.found)


def html_of(one: Any) -> str:
    """Return what a notebook shows of a result, as HTML."""
    from html import escape

    found = one._repr_html_() if hasattr(one, "_repr_html_") else None
    return f"<pre>{escape(str(one))}</pre>" if found is None else str(found)
