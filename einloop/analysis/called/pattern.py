"""Names that one pattern tells: `ij,jk->ik` is a matrix product, in whatever order its operands are given."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import permutations

from ...core.message import Code, Message
from ...core.spec import DOTS
from .form import TRANSPOSED, Labels, RoleForm, Said, has_diagonal, is_vector, whole_form

Recogniser = Callable[[RoleForm], Iterator[Message]]
Condition = Callable[[RoleForm, tuple[int, ...]], bool]
"""What must hold besides the pattern, of the terms that take the pattern's places."""

FACTOR = re.compile(f"[A-Z]{TRANSPOSED}?")


def pattern(
    expression: str, name: str, when: Condition | None = None, *, whole: bool = False, **said: str
) -> Recogniser:
    """Return the recogniser of a pattern.

    `expression`: one letter an axis; different letters are different indices. `said`: what the sentence's placeholders
    stand for, in the letters of the pattern: `ik` for indices, `A · Bᵀ` for its first and its second operand; for what
    is left out see `RoleForm.message`. `whole`: shared indices belong to the pattern, they are not batch.
    """
    left, _, output = expression.partition("->")
    terms = left.split(",")

    def recognise(form: RoleForm) -> Iterator[Message]:
        form = whole_form(form.spec, form.names) if whole else form
        if form.count != len(terms) or has_diagonal(form.whole):
            return
        for places in permutations(range(form.count)):
            letters = _letters((*terms, output), (*(form.terms[place] for place in places), form.output))
            if letters is not None and (when is None or when(form, places)):
                values = {key: _value(form, places, letters, key, text) for key, text in said.items()}
                yield form.message(name, **values)
                return

    return recognise


def _letters(pattern: tuple[str, ...], terms: tuple[Labels, ...]) -> dict[str, str] | None:
    """Return the label that each letter of a pattern stands for, None where the terms are not of this pattern."""
    if list(map(len, pattern)) != list(map(len, terms)):
        return None
    pairs = {pair for letters, term in zip(pattern, terms, strict=True) for pair in zip(letters, term, strict=True)}
    letters = dict(pairs)
    one_to_one = len(letters) == len(set(letters.values())) == len(pairs)
    return letters if one_to_one and DOTS not in letters.values() else None


def _value(form: RoleForm, places: tuple[int, ...], letters: Mapping[str, str], key: str, text: str) -> Said:
    if text.islower() and text.isalpha():
        return tuple(letters[letter] for letter in text)
    write = form.part if key == "product" and any(map(is_vector, form.terms)) else form.array

    def factor(found: re.Match[str]) -> str:
        return write(places[ord(found[0][0]) - ord("A")], transposed=found[0].endswith(TRANSPOSED))

    return Code(FACTOR.sub(factor, text))


def twice(form: RoleForm, places: tuple[int, ...]) -> bool:
    """Tell whether the first and the last operand of a pattern are one array."""
    return form.one_array(places[0], places[-1])


def two_names(form: RoleForm, places: tuple[int, ...]) -> bool:
    """Tell whether sentences call the first and the last operand of a pattern differently."""
    return form.array(places[0]) != form.array(places[-1])


def one_matrix_for_many(form: RoleForm, places: tuple[int, ...]) -> bool:
    """Tell whether a vector stands on both sides of a matrix that does not vary along the batch."""
    return twice(form, places) and bool(form.batch) and not set(form.batch) & set(form.whole[places[1]])
