"""When two expressions are one: forms without index names, and the search for a correspondence between two.

Theorem. Let two forms take the same arrays. They compute the same function of these arrays (integers of any size,
every legal shape) exactly if there is a bijection of their operands that keeps arrays and a bijection of their labels
that keeps every place in the operands and every position in the output.

If there is one, each sum has the same terms and each term the same factors, and a shape is legal for both or for
neither: places share an index in one where they share one in the other. Conversely give every axis the extent n, the
number of labels of the form that has more (legal for every form: all extents agree), and make the elements of the
arrays indeterminates. Take an element of the result whose position has different coordinates, and in the first form's
sum for it a term in which every label has a value of its own. The second form must have the same monomial in the same
element: some assignment of its labels gives the same factors, hence a bijection of the operands that keeps arrays, and
at every place the same value. Labels that share a value in the second share it in the first, where values name labels:
so each label of the second goes to one of the first, onto all of them, as each label stands in some operand. The same
argument the other way round leaves no room for less than a bijection. It keeps the output, as the element has the same
position. Polynomials that differ differ at some integers.

The direction "a bijection, hence the same" holds in every commutative semiring: booleans, integers that wrap, floats
up to rounding (terms are the same, the order of products and sums may differ). Objects whose product depends on the
order of the factors are outside of it. Booleans are coarser the other way: A·A is A, so forms that differ in how often
they use one array may agree on them.

An ellipsis of unknown rank is one label, which corresponds to itself alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

from .errors import OptionError
from .spec import DOTS, Dots, Spec

MAX_LOOKS = 2_000_000
"""Axes that one search may look at: under a second."""

ONE = ""
"""Stands for an axis of one element, which no index has to run over."""

FIXED = (DOTS, ONE)
"""What corresponds to itself alone."""

SUMMED = -1

Pair = tuple[dict[str, int], dict[str, int]]
Operands = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CanonicalForm:
    """An expression as structure: which array each operand is, its labels by axis, and the output's labels."""

    arrays: tuple[str, ...]
    terms: tuple[tuple[str, ...], ...]
    output: tuple[str, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label, in order of appearance."""
        return tuple(dict.fromkeys(label for term in self.terms for label in term))

    def ordered(self, order: Sequence[int]) -> CanonicalForm:
        """Return it with the axes of the output in another order."""
        return replace(self, output=tuple(self.output[axis] for axis in order))

    def without(self, ones: Container[tuple[int, int]]) -> CanonicalForm:
        """Return it without axes of one element, given by operand and axis: no index has to run over them."""
        terms = tuple(
            tuple(ONE if (number, axis) in ones else label for axis, label in enumerate(term))
            for number, term in enumerate(self.terms)
        )
        left = {label for term in terms for label in term}
        return replace(self, terms=terms, output=tuple(label if label in left else ONE for label in self.output))


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondence:
    """How one form is the other: for each operand and each label of the first, that of the second."""

    operands: tuple[int, ...]
    labels: Mapping[str, str]


def form_of(spec: Spec, arrays: Sequence[str]) -> CanonicalForm:
    """Return the structure of `spec`; `arrays` says which array each operand is.

    An ellipsis that the output leaves out covers no axis, or np.einsum refuses: it is left out.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> form_of(read_subscripts("...ij,jk->ik"), ("A", "B")).terms
    (('i', 'j'), ('j', 'k'))
    """
    lost = (DOTS,) if spec.dots is Dots.EMPTY else ()
    terms = tuple(tuple(label for label in op.labels if label not in lost) for op in spec.operands)
    return CanonicalForm(arrays=tuple(arrays), terms=terms, output=spec.output)


def correspondence(first: CanonicalForm, second: CanonicalForm, work: int = MAX_LOOKS) -> Correspondence | None:
    """Return how the labels and operands of two forms correspond, or None where they do not.

    Raises OptionError where that would take more than `work` looks at a place.

    >>> one = CanonicalForm(arrays=("A", "B"), terms=(("i", "j"), ("j", "k")), output=("i", "k"))
    >>> two = CanonicalForm(arrays=("B", "A"), terms=(("b", "c"), ("a", "b")), output=("a", "c"))
    >>> correspondence(one, two)
    Correspondence(operands=(1, 0), labels={'i': 'a', 'j': 'b', 'k': 'c'})
    """
    if _fixed(first.output) != _fixed(second.output):
        return None
    search = _Search((first, second), work)
    found = search.solve(
        (tuple(range(len(first.terms))), tuple(range(len(second.terms)))), (_colours(first), _colours(second))
    )
    return None if found is None else _complete(first, second, found)


def _fixed(output: tuple[str, ...]) -> list[str | None]:
    return [label if label in FIXED else None for label in output]


def _colours(form: CanonicalForm) -> dict[str, int]:
    """Return what each label is known by at first: its position in the output, that it is fixed, or summed."""
    colours = dict.fromkeys(form.labels, SUMMED)
    colours |= {label: position for position, label in enumerate(form.output) if label not in FIXED}
    return colours | {label: SUMMED - 1 - FIXED.index(label) for label in FIXED if label in colours}


def _complete(first: CanonicalForm, second: CanonicalForm, labels: dict[str, str]) -> Correspondence:
    """Return the correspondence of the labels with that of the operands, which follows from it."""
    places: dict[object, list[int]] = {}
    for number in reversed(range(len(second.terms))):
        places.setdefault((second.arrays[number], second.terms[number]), []).append(number)
    operands = tuple(
        places[array, tuple(labels[label] for label in term)].pop()
        for array, term in zip(first.arrays, first.terms, strict=True)
    )
    return Correspondence(operands=operands, labels={label: labels[label] for label in first.labels})


class _Search:
    """Refinement and backtracking over two forms side by side.

    Labels have colours: labels that correspond have the same one. Refining splits a colour where its labels stand in
    different places; where every colour has one label, they correspond. Else one label is told apart, and each of
    its colour in the other form is tried. What the labels still open do not connect is searched piece by piece: being
    alike is transitive, so the first piece that fits is as good as any.
    """

    def __init__(self, forms: tuple[CanonicalForm, CanonicalForm], work: int) -> None:
        self.forms = forms
        self.patterns = tuple([tuple(map(term.index, term)) for term in form.terms] for form in forms)
        self.work = self.left = work

    def solve(self, operands: Operands, colours: Pair) -> dict[str, str] | None:
        """Return the second form's label for each label of these operands of the first, or None."""
        refined = self._refined(operands, colours)
        if refined is None:
            return None
        classes = _classes(refined)
        still = [label for ours, theirs in classes for label in ours if len(theirs) > 1]
        if not still:
            return {ours[0]: theirs[0] for ours, theirs in classes}
        other = {label for _, theirs in classes for label in theirs if len(theirs) > 1}
        pieces = (self._pieces(0, operands[0], set(still)), self._pieces(1, operands[1], other))
        if len(pieces[0]) > 1 or len(pieces[1]) > 1:
            return self._piecewise(pieces, refined)
        return self._branch(operands, refined, min((c for c in classes if len(c[0]) > 1), key=lambda c: len(c[0])))

    def _branch(self, operands: Operands, colours: Pair, choice: tuple[list[str], list[str]]) -> dict[str, str] | None:
        """Tell one label of the first form apart and try each of its colour in the second."""
        new = max(*colours[0].values(), *colours[1].values()) + 1
        ours = {**colours[0], choice[0][0]: new}
        for label in choice[1]:
            found = self.solve(operands, (ours, {**colours[1], label: new}))
            if found is not None:
                return found
        return None

    def _piecewise(
        self, pieces: tuple[list[tuple[int, ...]], list[tuple[int, ...]]], colours: Pair
    ) -> dict[str, str] | None:
        """Return what corresponds where the pieces of one form, in some order, are those of the other."""
        found: dict[str, str] = {}
        left = list(pieces[1])
        for ours in pieces[0]:
            for theirs in left:
                part = self.solve((ours, theirs), colours) if len(ours) == len(theirs) else None
                if part is not None:
                    found |= part
                    left.remove(theirs)
                    break
            else:
                return None
        return None if left else found

    def _pieces(self, side: int, operands: tuple[int, ...], still: set[str]) -> list[tuple[int, ...]]:
        """Return the operands in groups that no label of `still` connects."""
        groups: list[tuple[set[str], list[int]]] = []
        for number in operands:
            labels = still.intersection(self.forms[side].terms[number])
            touched = [group for group in groups if group[0] & labels]
            groups = [group for group in groups if not group[0] & labels]
            members = [n for group in touched for n in group[1]]
            groups.append((labels.union(*(group[0] for group in touched)), [*members, number]))
        return [tuple(group) for _, group in groups]

    def _refined(self, operands: Operands, colours: Pair) -> Pair | None:
        """Return the coarsest colours below `colours` that places respect, or None where the forms show to differ."""
        used = [dict.fromkeys(x for n in operands[s] for x in self.forms[s].terms[n]) for s in (0, 1)]
        now = ({x: colours[0][x] for x in used[0]}, {x: colours[1][x] for x in used[1]})
        count = len({*now[0].values(), *now[1].values()})
        while True:
            names: dict[object, int] = {}
            shades: dict[object, int] = {}
            ours, theirs = (self._round(side, operands[side], now[side], names, shades) for side in (0, 1))
            if ours[0] != theirs[0] or Counter(ours[1].values()) != Counter(theirs[1].values()):
                return None
            now = (ours[1], theirs[1])
            if len(shades) == count:
                return now
            count = len(shades)

    def _round(
        self,
        side: int,
        operands: tuple[int, ...],
        colours: dict[str, int],
        names: dict[object, int],
        shades: dict[object, int],
    ) -> tuple[Counter[int], dict[str, int]]:
        """Return the operands counted by colour, and the labels' new colours: the old one and where it stands."""
        form, patterns = self.forms[side], self.patterns[side]
        where: dict[str, list[tuple[int, int]]] = {label: [] for label in colours}
        counted: Counter[int] = Counter()
        for number in operands:
            term = form.terms[number]
            key = (form.arrays[number], tuple([colours[label] for label in term]), patterns[number])
            name = names.setdefault(key, len(names))
            counted[name] += 1
            for axis, label in enumerate(term):
                where[label].append((name, axis))
            self._spend(len(term) + 1)
        new = {x: shades.setdefault((colours[x], tuple(sorted(places))), len(shades)) for x, places in where.items()}
        return counted, new

    def _spend(self, work: int) -> None:
        self.left -= work
        if self.left < 0:
            raise OptionError(
                "EL440",
                "undecided: the operands of one name can be matched in too many ways "
                f"(given up after {self.work:,} looks at an axis)",
                hint="give operands that are different arrays different names",
            )


def _classes(colours: Pair) -> list[tuple[list[str], list[str]]]:
    """Return the labels of both forms by colour."""
    found: dict[int, tuple[list[str], list[str]]] = {}
    for side in (0, 1):
        for label, colour in colours[side].items():
            found.setdefault(colour, ([], []))[side].append(label)
    return list(found.values())
