"""A mistyped word and the words there are in, the one that was probably meant out."""

from __future__ import annotations

from collections.abc import Iterable

MIN_LIKENESS = 0.6
"""How alike two words have to be (difflib's ratio): `formt` and `format` have 0.9, `htm` and `html` 0.86."""

MAX_LETTERS = 100
"""Letters of a word that is compared with others: the time grows with the square, and nobody mistypes such words."""


def nearest(word: object, known: Iterable[str], least: float = MIN_LIKENESS) -> str | None:
    """Return the word that `word` was probably meant to be, None where none is near. Dashes in front do not count.

    >>> nearest("explian", ["show", "explain"]), nearest("F32", ["f32"]), nearest("x", ["show"])
    ('explain', 'f32', None)
    """
    from difflib import get_close_matches  # loaded where something is wrong, not at every start

    if not isinstance(word, str) or len(word) > MAX_LETTERS:
        return None
    lower = {name.lower().strip("-"): name for name in known if len(name) <= MAX_LETTERS}
    found = get_close_matches(word.strip(" -").lower(), lower, n=1, cutoff=least)
    return lower[found[0]] if found else None


def meant(word: object, known: Iterable[str], rest: str | None = None) -> str:
    """Return a hint: the word that was probably meant, then `rest`, or all words there are.

    >>> meant("torhc", ["numpy", "torch"]), meant("tensorflow", ["numpy", "torch"])
    ("did you mean 'torch'? one of numpy, torch", 'one of numpy, torch')
    """
    names = list(known)
    hint = f"one of {', '.join(names)}" if rest is None else rest
    found = nearest(word, names)
    return hint if found is None else f"did you mean {found!r}? {hint}".rstrip()
