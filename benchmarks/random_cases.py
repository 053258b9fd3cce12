"""Random expressions by seed, as an outsider might write them: nothing in einloop was tuned on them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from math import log
from random import Random

from cases import Case

LEAST_POINTS, MOST_POINTS = 400_000, 30_000_000
"""Products of all extents: from where a nest of loops takes a good fraction of a millisecond, to about 50 ms."""
MOST_ELEMENTS = 4_000_000
LONGEST = 400
LETTERS = "abcdefghij"
MOST_LABELS = {1: 5, 2: 6, 3: 6, 4: 6}
DIAGONAL = 0.05
"""How often an operand names an index twice."""


def random_cases(seed: int) -> Iterator[Case]:
    """Yield cases without end; the same ones for the same seed.

    >>> from itertools import islice
    >>> list(islice(random_cases(0), 3)) == list(islice(random_cases(0), 3))
    True
    """
    for number in count():
        rng = Random(f"{seed}-{number}")
        subscripts = random_subscripts(rng)
        sizes = random_sizes(rng, subscripts)
        if sizes is not None:
            yield Case(name=f"{seed}-{number}", subscripts=subscripts, sizes=sizes)


def random_subscripts(rng: Random) -> str:
    """Return an expression of 1 to 4 operands, each of which shares an index with one before it."""
    operands = rng.randint(1, 4)
    pool = LETTERS[: rng.randint(2, MOST_LABELS[operands])]
    terms: list[str] = []
    for _ in range(operands):
        rank = rng.randint(2, min(5, len(pool))) if operands == 1 else rng.randint(1, min(4, len(pool)))
        labels = rng.sample(pool, rank)
        used = "".join(terms)
        if used and not set(labels) & set(used):
            labels[0] = rng.choice(used)
        if rng.random() < DIAGONAL:
            labels.append(rng.choice(labels))
        rng.shuffle(labels)
        terms.append("".join(labels))
    every = list(dict.fromkeys("".join(terms)))
    kept = [label for label in every if rng.random() < 0.55]
    rng.shuffle(kept)
    target = "".join(kept)
    return f"{','.join(terms)}->{target}" if [target] != terms else f"{terms[0]}->{target[::-1]}"


def random_sizes(rng: Random, subscripts: str) -> dict[str, int] | None:
    """Return extents within the bounds, None where a thousand draws found none."""
    inputs, target = subscripts.split("->")
    labels = list(dict.fromkeys(inputs.replace(",", "")))
    for _ in range(1000):
        sizes = {label: round(2 * (LONGEST / 2) ** rng.random()) for label in labels}
        points = sum(log(n) for n in sizes.values())
        arrays = sum(elements(term, sizes) for term in (*inputs.split(","), target))
        if log(LEAST_POINTS) <= points <= log(MOST_POINTS) and arrays <= MOST_ELEMENTS:
            return sizes
    return None


def elements(term: str, sizes: dict[str, int]) -> int:
    """Return how many elements an array has."""
    number = 1
    for label in term:
        number *= sizes[label]
    return number
