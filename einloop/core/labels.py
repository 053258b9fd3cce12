"""One label for one index throughout statements: where two labels surely have one length, they become one.

In a Combination every summand has labels of its own; that two mean one index is said by the axes of arrays and of
results alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from .combination import Combination, Statements, Summand
from .indices import index_table
from .sizes import connected
from .source import Notation, Source
from .spec import DOTS, MATHEMATICAL_LETTERS, Dots, Extent, Operand, Spec


def one_label(statements: Statements) -> Statements:
    """Return statements in which an axis of an array, or of a result, has one label throughout: what pages show.

    A formula keeps the labels that it is written with, but for one that has two lengths.

    >>> from einloop.notation import read
    >>> one, other = (read(text) for text in ("D = np.einsum('ij,jk->ik', A, B)", "D = np.einsum('pq->pq', C)"))
    >>> summands = (Summand(spec=one), Summand(spec=other))
    >>> both = Statements(combinations=(Combination(source=one.source, result="D", summands=summands),))
    >>> [summand.spec.subscripts for summand in one_label(both).combinations[0].summands]
    ['ij,jk->ik', 'ik->ik']
    """
    labels = _Labels()
    return replace(statements, combinations=tuple(map(labels.combination, statements.combinations)))


def one_length(combination: Combination) -> Combination:
    """Return a combination in which a label has one length for sure, and one label all that surely has one: for loops.

    That is told by any chain of axes: in `y = A@x + A.T@z` both axes of A have the length of y.
    """
    written = (combination.target or combination.result).removesuffix("[...]")
    ties: list[tuple[object, object]] = []
    for number, summand in enumerate(combination.summands):
        ties += [((number, label), axis) for axis, label in enumerate(summand.spec.output)]
        places = _places(summand, combination.texts)
        ties += [((number, label), place) for label, where in places.items() for place in where]
        if combination.adds or combination.target is not None:
            ties += [(axis, (written, axis)) for axis in range(len(summand.spec.output))]
    return _Labels(connected(ties)).combination(combination)


class _Labels:
    """Chooses the labels of one summand after the other.

    `home`: what stands for all that has one length with a label of a summand; None where only the same axis counts.
    `known`: the labels so far, by home or by axis.
    """

    def __init__(self, home: Mapping[object, object] | None = None) -> None:
        self.home = home
        self.known: dict[object, list[str]] = {}
        self.extents: dict[str, Extent] = {}
        self.taken: dict[str, None] = {}

    def combination(self, combination: Combination) -> Combination:
        """Return a combination with its labels chosen."""
        written = combination.source.notation is Notation.FORMULA and self.home is None
        free: list[str] = []
        summands = []
        for number, summand in enumerate(combination.summands):
            keys = self.keys(number, summand, combination.texts)
            chosen = dict(zip(summand.spec.output, free, strict=False))
            for label in (*summand.spec.output, *(index.label for index in summand.spec.indices)):
                if label not in chosen:
                    alike = [one for key in keys.get(label, ()) for one in self.known.get(key, ())]
                    chosen[label] = self.label(label, summand, alike, set(chosen.values()), written=written)
            free = free or [chosen[label] for label in summand.spec.output]
            pairs = [(key, chosen[label]) for label, own in keys.items() for key in own]
            if self.home is None:
                self.known = {key: [label] for key, label in pairs} | self.known
            else:
                for key, label in pairs:
                    self.known.setdefault(key, []).append(label)
            spec = replace(relabelled(summand.spec, chosen), result=combination.result)
            summands.append(replace(summand, spec=spec))
        if combination.target is None:
            self.known |= {(combination.result, axis): [label] for axis, label in enumerate(free)}
        return replace(combination, summands=tuple(summands))

    def keys(self, number: int, summand: Summand, texts: Mapping[str, str]) -> Mapping[str, Sequence[object]]:
        """Return for each label what tells that another one means the same."""
        if self.home is None:
            return _places(summand, texts)
        return {index.label: [self.home[number, index.label]] for index in summand.spec.indices}

    def label(self, label: str, summand: Summand, alike: list[str], used: set[str], *, written: bool) -> str:
        """Return what stands for a label of a summand: one of those that mean its index, but none `used` in it."""
        index = summand.spec.by_label.get(label)
        extent = None if index is None else index.extent
        known = [label] if written and self.extents.get(label, extent) in (extent, None) else alike
        made = next((one for one in known if one not in used), None)
        if made is None:
            made = label if label.startswith(DOTS) else next(one for one in _wanted(label) if one not in self.taken)
        self.taken[made] = None
        if extent is not None:
            self.extents.setdefault(made, extent)
        return made


def _places(summand: Summand, texts: Mapping[str, str]) -> dict[str, list[tuple[str, int]]]:
    """Return the axes of arrays that each label runs along."""
    found: dict[str, list[tuple[str, int]]] = {}
    for operand in summand.spec.operands:
        for axis, label in enumerate(operand.labels):
            if axis not in operand.stretched:
                name = operand.name or ""
                found.setdefault(label, []).append((texts.get(name, name), axis))
    return found


def _wanted(label: str) -> Iterator[str]:
    """Yield the label itself, then letters, then letters with numbers."""
    yield label
    yield from MATHEMATICAL_LETTERS
    for number in range(1, 1_000_000):
        yield f"i{number}"


def relabelled(spec: Spec, new: Mapping[str, str]) -> Spec:
    """Return a spec with other labels.

    >>> from einloop.notation import read
    >>> relabelled(read("ij,j->i"), {"i": "a", "j": "b"}).subscripts
    'ab,b->a'
    """
    return replace(
        spec,
        operands=tuple(replace(op, labels=tuple(new.get(x, x) for x in op.labels)) for op in spec.operands),
        output=tuple(new.get(label, label) for label in spec.output),
        indices=tuple(replace(index, label=new.get(index.label, index.label)) for index in spec.indices),
    )


def unplaced(name: str, labels: tuple[str, ...]) -> Operand:
    """Return an operand that stands nowhere in a text."""
    return Operand(labels=labels, spans=(None,) * len(labels), name=name)


def spec_over(
    source: Source,
    operands: tuple[Operand, ...],
    output: tuple[str, ...],
    extents: Mapping[str, Extent] | None = None,
    *,
    result: str | None = None,
) -> Spec:
    """Return a spec of these operands, whose output stands nowhere in the text."""
    return Spec(
        source=source,
        operands=operands,
        output=output,
        output_spans=(None,) * len(output),
        implicit=False,
        dots=Dots.KEPT if any(DOTS in operand.labels for operand in operands) else Dots.ABSENT,
        indices=index_table(operands, output, extents),
        result=result,
    )
