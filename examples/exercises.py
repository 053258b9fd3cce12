"""The answers to the exercises of the lesson notebooks, and what is said to a wrong one.

A notebook asks `grade("columns", answer)`. The reply says what is wrong, with numbers that show it, and never what is
right.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

try:
    import einloop
except ModuleNotFoundError:  # not installed: use the checkout that this file is in
    sys.path.append(str(Path(__file__).resolve().parents[1]))
    import einloop

OPEN = "Nothing to check yet: put your answer in place of the three dots."
WIDE = 200
"""Characters of an array that is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Einsum:
    """An exercise whose answer is the text of an einsum. `shapes` are those of its operands."""

    answer: str
    shapes: tuple[tuple[int, ...], ...]
    hint: str = ""

    def reply(self, given: Any) -> tuple[bool, str]:
        """Return whether an answer is right, and what is said to it."""
        if not isinstance(given, str):
            return False, f"The answer is a text, such as 'ij->i'; this is of type {type(given).__name__}."
        terms, wanted_terms = given.partition("->")[0].count(",") + 1, len(self.shapes)
        if terms != wanted_terms:
            needed = f"{arrays_of(wanted_terms)} {is_are(wanted_terms)} given"
            return False, f"Your text is for {arrays_of(terms)}, and {needed}: look at the commas."
        arrays = [numbered(shape, first=3 * number + 1) for number, shape in enumerate(self.shapes)]
        try:
            with np.errstate(all="ignore"):
                found = np.asarray(np.einsum(given, *arrays))
        except Exception:  # whatever numpy raises: einloop says it better
            return False, refusal(given, self.shapes)
        wanted = np.asarray(np.einsum(self.answer, *arrays))
        if found.shape == wanted.shape and np.array_equal(found, wanted) and einloop.equivalent(given, self.answer):
            return True, "Right."
        return False, self._difference(found, wanted)

    def _difference(self, found: np.ndarray, wanted: np.ndarray) -> str:
        """Return how a result differs from the one that is asked for."""
        if found.ndim != wanted.ndim:
            said = f"Your result has {axes(found.ndim)}, and {axes(wanted.ndim)} {is_are(wanted.ndim)} asked for."
        elif sorted(found.shape) == sorted(wanted.shape) and found.shape != wanted.shape:
            said = f"Your result has shape {found.shape}: the right axes in another order than asked for."
        elif found.shape != wanted.shape:
            said = f"Your result has shape {found.shape}; what is asked for has another length along an axis."
        elif np.array_equal(found, wanted):
            said = "For the arrays at hand this is right, and for others it is not: einloop found some."
        else:
            place = tuple(int(i) for i in np.argwhere(found != wanted)[0])
            at = f" at {place}" if place else ""
            said = f"The shape is right. The number{at} is {found[place]}, and should be {wanted[place]}."
        return f"{said} {self.hint}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """An exercise whose answer is a number, a shape or a word. `near`: what is said to answers that are often given."""

    answer: Any
    kind: str
    near: tuple[tuple[Any, str], ...] = ()
    hint: str = ""

    def reply(self, given: Any) -> tuple[bool, str]:
        """Return whether an answer is right, and what is said to it."""
        plain = tuple(given) if isinstance(given, list) else given
        if isinstance(plain, str):
            plain = plain.strip().lower()
        if isinstance(plain, np.generic):
            plain = plain.item()
        if type(plain) is not type(self.answer):
            return False, f"The answer is {self.kind}; this is of type {type(given).__name__}."
        if plain == self.answer:
            return True, "Right."
        said = next((words for wrong, words in self.near if wrong == plain), "Not this one.")
        return False, f"{said} {self.hint}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Loops:
    """An exercise whose answer is the text of loops, which are run against np.einsum."""

    answer: str
    expression: str
    shapes: tuple[tuple[int, ...], ...]
    hint: str = ""

    def reply(self, given: Any) -> tuple[bool, str]:
        """Return whether loops are right, and what is said to them."""
        if not isinstance(given, str):
            return False, "The answer is a text: your loops between triple quotes."
        try:
            found = einloop.verify(self.expression, source=given, shapes=self.shapes, shapes_only=True)
        except einloop.EinloopError as error:
            return False, f"The loops could not be run: {error.message}. {self.hint}".rstrip()
        if found:
            return True, "Right: your loops give what np.einsum gives."
        wrong = found.mismatch
        if wrong is None:
            return False, f"The loops could not be checked: {found.skipped}."
        at = "" if wrong.element is None else f" The first wrong element is at {wrong.element}: {wrong.got}"
        at += f", and should be {wrong.expected}." if at and wrong.expected else "." if at else ""
        return False, f"Not yet: {wrong.reason}.{at} {self.hint}".rstrip()


Exercise = Einsum | Value | Loops


def numbered(shape: tuple[int, ...], *, first: int = 1) -> np.ndarray:
    """Return an array of small whole numbers, no two rows or columns alike."""
    size = int(np.prod(shape))
    return ((np.arange(size) * 7 + first) % 11 + 1).reshape(shape)


def refusal(given: str, shapes: tuple[tuple[int, ...], ...]) -> str:
    """Return why an expression cannot be computed, without the fix that einloop would offer."""
    try:
        einloop.explain(given, shapes=shapes, notation="subscripts")
    except einloop.EinloopError as error:
        error.hint = None
        return f"numpy refuses this. {error}"
    return "numpy refuses this: look at the string letter by letter."


def axes(count: int) -> str:
    """Return a number of axes in words."""
    return "no axes (it is one number)" if not count else f"{count} {'axis' if count == 1 else 'axes'}"


def arrays_of(count: int) -> str:
    """Return a number of arrays in words."""
    return "one array" if count == 1 else f"{count} arrays"


def is_are(count: int) -> str:
    """Return the verb for a number of axes."""
    return "is" if count == 1 else "are"


def grade(name: str, answer: Any) -> None:
    """Print what is said to an answer."""
    print(OPEN if answer is ... else EXERCISES[name].reply(answer)[1])


MATRIX = ((2, 3),)
PAIR = ((2, 3), (3, 4))
COLUMN_LOOPS = """
I, J = A.shape
c = np.zeros(J)
for j in range(J):
    for i in range(I):
        c[j] += A[i, j]
"""

EXERCISES: dict[str, Exercise] = {
    # 1. First steps
    "row-sums": Value(
        answer=(6, 15),
        kind="a pair of numbers",
        near=(((5, 7, 9), "These are the sums of the columns: they keep j, and the string keeps i."),),
        hint="The result has one number for each i: hold i still and let j run.",
    ),
    "columns": Einsum(answer="ij->j", shapes=MATRIX, hint="Which letter do you want to keep?"),
    "cube": Einsum(
        answer="abc->ca",
        shapes=((2, 3, 4),),
        hint="Name the three axes first; then write down the ones that you keep, in the order asked for.",
    ),
    "diagonal-total": Einsum(
        answer="ii->", shapes=((3, 3),), hint="Both coordinates of an element on the diagonal are the same number."
    ),
    "no-arrow": Value(
        answer=(3, 2),
        kind="a shape: a pair of lengths",
        near=(((2, 3), "That is the shape of A itself. What does numpy do with the letters where it sees no arrow?"),),
        hint="Without an arrow, the letters of the result are put into alphabetical order.",
    ),
    "loops": Loops(
        answer=COLUMN_LOOPS,
        expression="ij->j",
        shapes=MATRIX,
        hint="Call the input A and the result c; c needs one zero for each column before anything is added.",
    ),
    # 2. Two operands
    "kept": Value(
        answer=(4, 10, 18),
        kind="three numbers",
        near=((32, "32 is what you get if i is summed. Does i stand after the arrow?"),),
        hint="One number for each i: a[i] times b[i].",
    ),
    "times-vector": Einsum(
        answer="ij,j->i", shapes=((2, 3), (3,)), hint="The axis that is added up has the same letter in both."
    ),
    "row-by-row": Einsum(
        answer="ij,ij->i", shapes=((3, 4), (3, 4)), hint="Row i of one meets row i of the other, and no other row."
    ),
    "a-bt": Einsum(answer="ij,kj->ik", shapes=((2, 3), (4, 3)), hint="Which axis of B is as long as a row of A?"),
    "outer-3d": Value(
        answer=(2, 3, 4),
        kind="a shape: three lengths",
        near=(((2, 4), "That would be i and k alone: j stands after the arrow too."),),
        hint="Read the letters after the arrow, one by one, and look up how long each is.",
    ),
    "lonely": Value(
        answer="j",
        kind="one letter, as a text",
        near=(
            ("i", "i stands after the arrow, so it is kept."),
            ("k", "k stands after the arrow, so it is kept."),
        ),
        hint="Which letter is missing after the arrow?",
    ),
    "repair": Einsum(
        answer="nd,md->nm",
        shapes=((4, 2), (3, 2)),
        hint="Point n and point m are compared coordinate by coordinate: which letter has to be the same in both?",
    ),
    # 3. Attention
    "scores-shape": Value(
        answer=(5, 3, 7, 9),
        kind="a shape: four lengths",
        near=(
            ((5, 7, 3, 9), "These are the right lengths in another order: look at the letters after the arrow."),
            ((5, 3, 7, 9, 2), "d is gone after the arrow: it has been summed."),
        ),
        hint="Write the length of each letter below it: b h q k.",
    ),
    "one-score": Value(
        answer=5,
        kind="a whole number",
        near=(
            (3, "That is the first product alone."),
            (2, "That is the second product alone."),
            (6, "Multiplied, and then multiplied again: the products are added."),
        ),
        hint="Multiply the two number by number, and add up the products.",
    ),
    "mix": Einsum(
        answer="bhqk,bkhd->bqhd",
        shapes=((1, 2, 3, 4), (1, 4, 2, 2)),
        hint="Every query takes a mean of the values, with a weight for each key: which letter is averaged over?",
    ),
    "project": Einsum(
        answer="bqhd,hdm->bqm",
        shapes=((1, 3, 2, 2), (2, 2, 5)),
        hint="The heads come together here: two letters disappear.",
    ),
    "bimd": Value(
        answer=(2, 3, 4, 5),
        kind="a shape: four lengths",
        near=(((2, 3, 4, 6), "6 is the length of d, and d does not stand after the arrow."),),
        hint="The letters after the arrow are b, i, m and n.",
    ),
}
"""The exercises by the names that the notebooks give them."""
