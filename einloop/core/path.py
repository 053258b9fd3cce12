"""A contraction path: the order in which the operands of an expression are combined two by two. Immutable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod

from .spec import Places, Spec

EINSUM_PATH = "einsum_path"
"""The word that np.einsum's list of steps begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One contraction. `taken` are positions in the list of arrays that are left; its result goes to the list's end.

    `terms` are the labels of the arrays taken, `output` those of the result.
    """

    taken: tuple[int, ...]
    terms: tuple[tuple[str, ...], ...]
    output: tuple[str, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label of the step, in order of appearance."""
        return tuple(dict.fromkeys(label for term in self.terms for label in term))

    @property
    def summed(self) -> tuple[str, ...]:
        """The labels that the step sums over."""
        return tuple(label for label in self.labels if label not in self.output)

    def points(self, sizes: Mapping[str, int]) -> int:
        """Return how many iterations its loops have."""
        return prod(sizes[label] for label in self.labels)

    def elements(self, sizes: Mapping[str, int]) -> int:
        """Return how many elements its result has."""
        return prod(sizes[label] for label in self.output)


def path_steps(
    terms: Iterable[tuple[str, ...]], output: tuple[str, ...], path: Iterable[tuple[int, ...]]
) -> tuple[Step, ...]:
    """Return the steps of a path over terms of labels (no label twice in one). A label is summed at the first step
    after which nothing needs it; the last step gives `output`.

    >>> steps = path_steps([("i", "j"), ("j", "k"), ("k",)], ("i",), [(1, 2), (0, 1)])
    >>> [(step.terms, step.output) for step in steps]
    [((('j', 'k'), ('k',)), ('j',)), ((('i', 'j'), ('j',)), ('i',))]
    """
    left = list(terms)
    steps = []
    for taken in path:
        used = tuple(left[place] for place in taken)
        left = [term for place, term in enumerate(left) if place not in taken]
        needed = {label for term in left for label in term} | set(output)
        kept = _kept(used, needed)
        steps.append(Step(taken=tuple(taken), terms=used, output=kept if left else output))
        left.append(steps[-1].output)
    return tuple(steps)


def path_text(path: Places) -> str:
    """Return a path as one types it.

    >>> path_text(((0, 1), (0, 1)))
    '(0, 1),(0, 1)'
    """
    return ",".join(map(str, path))


def einsum_path(path: Iterable[tuple[int, ...]]) -> str:
    """Return a path as np.einsum's optimize= takes it.

    >>> einsum_path(((0, 1), (0, 1)))
    "['einsum_path', (0, 1), (0, 1)]"
    """
    return str([EINSUM_PATH, *path])


def _kept(terms: tuple[tuple[str, ...], ...], needed: set[str]) -> tuple[str, ...]:
    """Return the labels that an intermediate keeps, in an order in which it is written and read in long runs.

    As they stand in a term that has them all; else as they appear, but those that several terms share last where they
    are the last of each, and first elsewhere.

    >>> _kept((("i", "j"), ("j", "k")), {"i", "k"}), _kept((("i", "r"), ("j", "r")), {"i", "j", "r"})
    (('i', 'k'), ('i', 'j', 'r'))
    >>> _kept((("n",), ("i", "n")), {"i", "n"}), _kept((("b", "i"), ("b", "j")), {"b", "i", "j"})
    (('i', 'n'), ('b', 'i', 'j'))
    """
    labels = tuple(dict.fromkeys(label for term in terms for label in term if label in needed))
    for term in terms:
        if set(labels) <= set(term):
            return tuple(label for label in term if label in needed)
    shared = [label for label in labels if sum(label in term for term in terms) > 1]
    last = [label for label in shared if all(term[-1] == label for term in terms if label in term)]
    alone = [label for label in labels if label not in shared]
    return (*(label for label in shared if label not in last), *alone, *last)


def path_terms(spec: Spec) -> tuple[tuple[str, ...], ...]:
    """Return the labels of every operand, each once, without stretched axes and ellipses that must be empty."""
    known = spec.by_label
    return tuple(
        tuple(dict.fromkeys(x for axis, x in enumerate(op.labels) if axis not in op.stretched and x in known))
        for op in spec.operands
    )
