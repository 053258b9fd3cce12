"""The two sides of a comparison of sums: their terms, their arrays, and which arrays of one are which of the other."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice, permutations, product

from ...core.bind import Shape
from ...core.bind_sum import NAME
from ...core.combination import Statements
from ...core.like_terms import ALL_ONES, LikeTerms, like_terms, times
from ...core.part_text import UnsaidError, tree_of
from ...core.parts import Shaped, part
from ...core.sizes import connected
from ...core.substitution import final_sums

LENGTH = re.compile(r"(?:len\((\w+)\)|(\w+)\.shape\[(\d+)\])")
MAX_TRIES = 720
"""Ways to match arrays of other names that are tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedSide:
    """What statements compute, multiplied out: the terms of each result, and the rank of every array and scalar."""

    statements: Statements
    results: Mapping[str, tuple[LikeTerms, ...]]
    ranks: Mapping[str, int]

    def shape(self, result: str) -> tuple[str, ...]:
        """Return the shape that a result is given after it is computed, in the text's words; () for none."""
        found = [one.shape for one in self.statements.combinations if result in (one.result, one.target)]
        return found[-1] if found and self.results[result] else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """The first's name for each array of the second that has another one there."""

    names: Mapping[str, str] = field(default_factory=dict)


def side_of(statements: Statements) -> ComparedSide:
    """Return what statements compute. Raises EinloopError where that is no sum, or undecided.

    >>> from einloop.core.combination import Combination, Summand
    >>> from einloop.notation import read
    >>> spec = read("c = np.einsum('ij,j->i', A, x)")
    >>> one = Combination(source=spec.source, result="c", summands=(Summand(spec=spec),))
    >>> side_of(Statements(combinations=(one,))).ranks
    {'A': 2, 'x': 1}
    """
    results = {name: like_terms(summands) for name, summands in final_sums(statements).items()}
    ranks: dict[str, int] = {}
    for terms in results.values():
        for term in terms:
            ranks |= {a: len(x) for a, x in zip(term.form.arrays, term.form.terms, strict=True) if a != ALL_ONES}
            ranks |= {text: 0 for text, _ in term.scalars if text not in ranks}
    return ComparedSide(statements=statements, results=results, ranks=ranks)


def other_rank(first: ComparedSide, second: ComparedSide) -> str | None:
    """Return an array that has other ranks in the one than in the other."""
    return next((name for name, rank in first.ranks.items() if second.ranks.get(name, rank) != rank), None)


def matchings(first: ComparedSide, second: ComparedSide) -> Iterator[Matching]:
    """Yield ways to match the arrays: those of one name are one; the others by what they do, then by order and rank.

    The last one is what is told where none makes the sides the same.
    """
    ours = [name for name in first.ranks if name not in second.ranks and not LENGTH.fullmatch(name)]
    theirs = [name for name in second.ranks if name not in first.ranks and not LENGTH.fullmatch(name)]
    yield Matching()
    if ours and theirs:
        yield from islice(_by_use(first, second, ours, theirs), MAX_TRIES)
        yield Matching(names=_by_rank(first, second, ours, theirs))


def _by_use(
    first: ComparedSide, second: ComparedSide, ours: Sequence[str], theirs: Sequence[str]
) -> Iterator[Matching]:
    """Yield the ways to match arrays that are used alike: only they can make the sides the same."""
    here, there = (_uses(side, names) for side, names in ((first, ours), (second, theirs)))
    if {use: len(names) for use, names in here.items()} != {use: len(names) for use, names in there.items()}:
        return
    for chosen in product(*(permutations(names) for names in here.values())):
        pairs = zip(there_in(here, there), (name for names in chosen for name in names), strict=True)
        yield Matching(names=dict(pairs))


def there_in(here: Mapping[object, Sequence[str]], there: Mapping[object, Sequence[str]]) -> list[str]:
    """Return the names of one side in the order of uses of the other."""
    return [name for use in here for name in there[use]]


def _uses(side: ComparedSide, names: Sequence[str]) -> dict[object, list[str]]:
    """Return arrays by what is known of them whatever the names: their ranks, and what the terms are that have them."""
    found: dict[object, list[str]] = {}
    for name in names:
        uses = []
        for term in (term for terms in side.results.values() for term in terms):
            power = dict(term.scalars).get(name)
            places = sorted(where for array, where in term.places if array == name)
            if places or power is not None:
                uses.append(repr((str(term.coefficient), len(term.form.arrays), places, power)))
        uses.sort()
        found.setdefault((side.ranks[name], tuple(uses)), []).append(name)
    return found


def _by_rank(first: ComparedSide, second: ComparedSide, ours: Sequence[str], theirs: Sequence[str]) -> dict[str, str]:
    left = list(ours)
    found: dict[str, str] = {}
    for name in theirs:
        one = next((x for x in left if first.ranks[x] == second.ranks[name]), None)
        if one is not None:
            left.remove(one)
            found[name] = one
    return found


def renamed(term: LikeTerms, names: Mapping[str, str]) -> LikeTerms:
    """Return a term with arrays and scalars by other names, those inside texts too."""
    if not names:
        return term

    def new(text: str) -> str:
        return renamed_text(text, names)

    form = replace(term.form, arrays=tuple(map(new, term.form.arrays)))
    scalars = tuple(sorted((new(text), power) for text, power in term.scalars))
    return replace(term, form=form, scalars=scalars)


def renamed_text(text: str, names: Mapping[str, str]) -> str:
    """Return a text with arrays and scalars by other names."""
    return names.get(text) or NAME.sub(lambda match: names.get(match.group(), match.group()), text)


def in_numbers(term: LikeTerms, shapes: Mapping[str, Shape]) -> LikeTerms:
    """Return a term whose lengths are numbers, as far as shapes by array say them; a divisor of 0 stays a text."""
    known = {name: tuple(size for size in shape if isinstance(size, int)) for name, shape in shapes.items()}
    arrays = {name: Shaped(shape) for name, shape in known.items() if len(shape) == len(shapes[name])}
    left, number = [], term.coefficient
    for text, power in term.scalars:
        length = None if text in arrays else part(text, arrays)
        if isinstance(length, int) and (length or power > 0):
            number = times(number, Fraction(length) ** power)
        else:
            left.append((text, power))
    return replace(term, scalars=tuple(left), coefficient=number)


def one_length(groups: Sequence[Sequence[LikeTerms]]) -> Callable[[LikeTerms], LikeTerms]:
    """Return what writes a term with one text for one length, as far as the terms say which lengths are one.

    A part that is all of an array by these lengths (`B[:, :A.shape[1]]`) is the array.

    `groups`: the terms of each result, which have one shape.
    """
    pairs: list[tuple[object, object]] = []
    for number, terms in enumerate(groups):
        for place, term in enumerate(terms):
            form = term.form
            for array, labels in zip(form.arrays, form.terms, strict=True):
                pairs += [((array, axis), (number, place, label)) for axis, label in enumerate(labels)]
            pairs += [((number, place, label), (number, "axis", axis)) for axis, label in enumerate(form.output)]
    roots = connected(pair for pair in pairs if pair[0][0] != ALL_ONES)  # type: ignore[index]
    texts: dict[object, str] = {}

    def say(text: str) -> str:
        match = LENGTH.fullmatch(text)
        if match is None:
            return text
        place = (match[1] or match[2], int(match[3] or 0))
        return texts.setdefault(roots.get(place, place), f"{place[0]}.shape[{place[1]}]")

    def settled(term: LikeTerms) -> LikeTerms:
        powers: dict[str, int] = {}
        for text, power in term.scalars:
            powers[say(text)] = powers.get(say(text), 0) + power
        form = replace(term.form, arrays=tuple(whole(array) for array in term.form.arrays))
        return replace(term, form=form, scalars=tuple(sorted((text, power) for text, power in powers.items() if power)))

    def whole(text: str) -> str:
        name, ends = _first_parts(text)
        return text if name is None or any(say(f"{name}.shape[{n}]") != say(end) for n, end in ends) else name

    return settled


def _first_parts(text: str) -> tuple[str | None, list[tuple[int, str]]]:
    """Return the array that a text takes the first elements of, with the ends of its axes; None where it does not.

    >>> _first_parts("B[:, :A.shape[1]]"), _first_parts("B[1:]")
    (('B', [(1, 'A.shape[1]')]), (None, []))
    """
    ends: list[tuple[int, str]] = []
    try:
        tree = tree_of(text) if "[" in text else None
    except UnsaidError:
        tree = None
    match tree:
        case ast.Subscript(value=ast.Name(id=name), slice=index):
            for axis, one in enumerate(index.elts if isinstance(index, ast.Tuple) else [index]):
                match one:
                    case ast.Slice(lower=None, upper=None, step=None):
                        pass
                    case ast.Slice(lower=None, upper=ast.expr() as upper, step=None):
                        ends.append((axis, ast.unparse(upper)))
                    case _:
                        return None, []
            return name, ends
    return None, []
