"""Terms in, a letter for every label out: the letter that the text's own loops have there, where they have one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .fitted import Fitted
from .sizes import Refusal

LETTERS = "ijklmnopqrstuvwxyzabcdefghIJKLMNOPQRSTUVWXYZABCDEFGH"
Places = Mapping[tuple[str, int], tuple[str, ...]]
"""The variables that index each axis of an array in the text."""


def lettered(name: str, terms: Sequence[Fitted], places: Places) -> list[tuple[str, ...]]:
    """Return the letters of the labels of each term; the result `name` has the same letters in every term."""
    shared: dict[tuple[int, int], str] = {}
    found = []
    for term in terms:
        given = {
            label: shared[axis, level]
            for axis, read in enumerate(term.result)
            for level, label in enumerate(read.labels)
            if (axis, level) in shared
        }
        letters = _letters(name, term, places, given)
        for axis, read in enumerate(term.result):
            for level, label in enumerate(read.labels):
                shared.setdefault((axis, level), letters[label])
        found.append(letters)
    return found


def _letters(name: str, term: Fitted, places: Places, given: Mapping[int, str]) -> tuple[str, ...]:
    wishes: dict[int, dict[str, int]] = {label: {} for label in range(len(term.lengths))}
    for array, axes in ((name, term.result), *zip(term.names, term.operands, strict=True)):
        for number, axis in enumerate(axes):
            variables = [v for v in places.get((array, number), ()) if len(v) == 1 and v in LETTERS]
            if len(axis.labels) > 1 and len(variables) != len(axis.labels):
                continue
            for level, label in enumerate(axis.labels):
                for variable in variables if len(axis.labels) == 1 else variables[level : level + 1]:
                    wishes[label][variable] = wishes[label].get(variable, 0) + (1 if array != name else 2)
    letters = dict(given)
    ranked = sorted(
        ((-votes, label, variable) for label, votes_of in wishes.items() for variable, votes in votes_of.items()),
        key=lambda wish: wish[:2],
    )
    for _, label, variable in ranked:
        if label not in letters and variable not in letters.values():
            letters[label] = variable
    for label in range(len(term.lengths)):
        if label not in letters:
            free = next((letter for letter in LETTERS if letter not in letters.values()), None)
            if free is None:
                raise Refusal("EL816", "there are more indices than letters")
            letters[label] = free
    return tuple(letters[label] for label in range(len(term.lengths)))
