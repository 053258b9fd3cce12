"""The pairwise contraction path of an expression, from opt_einsum. Loaded for three and more operands only."""

from __future__ import annotations

from collections.abc import Mapping

from ..core.path import Step, path_steps, path_terms
from ..core.spec import Spec

ASSUMED_EXTENT = 100
"""What an unknown extent counts while a path is chosen."""

MOST_SEARCHED = 6
"""Operands up to which every path is tried (half a millisecond for six). Beyond, opt_einsum looks for a good one."""


def contraction_path(spec: Spec, optimize: str = "auto") -> tuple[Step, ...] | None:
    """Return the steps that opt_einsum would take, unknown extents taken as equal; None where it is not installed.

    A stretched axis is left out of its term: it is read at 0, whatever the index. A diagonal is one label.
    `optimize` is a name of opt_einsum's (auto, greedy, optimal ...).

    >>> from einloop.notation.subscripts import read_subscripts
    >>> [step.output for step in contraction_path(read_subscripts("ij,jk,k->i")) or ()]
    [('j',), ('i',)]
    """
    try:
        from opt_einsum import contract_path, get_symbol
    except ImportError:
        return None
    terms = path_terms(spec)
    labels = dict.fromkeys(label for term in (*terms, spec.output) for label in term)
    symbols = {label: get_symbol(number) for number, label in enumerate(labels)}
    sizes = path_sizes(spec)
    text = ",".join("".join(symbols[label] for label in term) for term in terms)
    text += "->" + "".join(symbols[label] for label in spec.output)
    shapes = [tuple(sizes[label] for label in term) for term in terms]
    search = "optimal" if optimize == "auto" and len(terms) <= MOST_SEARCHED else optimize
    path, _ = contract_path(text, *shapes, shapes=True, optimize=search)
    return path_steps(terms, spec.output, path)


def path_sizes(spec: Spec) -> Mapping[str, int]:
    """Return an extent for every index: its own, or the assumed one."""
    return {index.label: index.extent if isinstance(index.extent, int) else ASSUMED_EXTENT for index in spec.indices}
