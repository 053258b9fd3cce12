"""One label for one index throughout statements: where two labels surely have one length, they become one.

In a Combination every summand has labels of its own; that two mean one index is said by the axes of arrays and of
results alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from .build import index_table
from .combination import Combination, Statements, Summand
from .sizes import connected
from .source import Notation, Source
from .spec import DOTS, MATHEMATICAL_LETTERS, Dots, Extent, Operand, Spec

Ties = list[tuple[object, object]]
"""Pairs of what has one length: a label of a summand, an axis of an array, an axis of a result."""


def one_label(statements: Statements, *, apart: bool = False) -> Statements:
    """Return statements with one label for one index: that of one axis of a result, or of one axis of an array.

    A formula keeps the labels that it is written with, but for one that has two lengths. `apart`: none keeps them; one
    label then has one length for sure, whatever the shapes.

    >>> from einloop.notation import read
    >>> one, other = (read(text) for text in ("D = np.einsum('ij,jk->ik', A, B)", "D = np.einsum('pq->pq', C)"))
    >>> summands = (Summand(spec=one), Summand(spec=other))
    >>> both = Statements(combinations=(Combination(source=one.source, result="D", summands=summands),))
    >>> [summand.spec.subscripts for summand in one_label(both).combinations[0].summands]
    ['ij,jk->ik', 'ik->ik']
    """
    labels = _Labels(connected(_ties(statements)), apart=apart)
    made = tuple(labels.combination(number, one) for number, one in enumerate(statements.combinations))
    return replace(statements, combinations=made)


def _ties(statements: Statements) -> Ties:
    """Return what has one length. An array that gets a new value is another one from then on."""
    ties: Ties = []
    made: dict[str, int] = {}
    for number, combination in enumerate(statements.combinations):
        texts = combination.texts
        for place, summand in enumerate(combination.summands):
            for axis, label in enumerate(summand.spec.output):
                ties.append(((number, place, label), (number, axis)))
            for operand in summand.spec.operands:
                name = operand.name or ""
                array = texts.get(name, name), made.get(name)
                for axis, label in enumerate(operand.labels):
                    if axis not in operand.stretched:
                        ties.append(((number, place, label), (*array, axis)))
        written = (combination.target or combination.result).removesuffix("[...]")
        rank = len(combination.summands[0].spec.output) if combination.summands else 0
        if combination.adds or combination.target is not None:
            ties += [((number, axis), (written, made.get(written), axis)) for axis in range(rank)]
        if combination.target is None:
            made[written] = number
            ties += [((number, axis), (written, number, axis)) for axis in range(rank)]
    return ties


class _Labels:
    """Chooses the labels of one summand after the other. `home`: what stands for all that has one length with it."""

    def __init__(self, home: Mapping[object, object], *, apart: bool) -> None:
        self.home, self.apart = home, apart
        self.alike: dict[object, list[str]] = {}
        self.extents: dict[str, Extent] = {}
        self.taken: dict[str, None] = {}

    def combination(self, number: int, combination: Combination) -> Combination:
        """Return a combination with its labels chosen."""
        written = combination.source.notation is Notation.FORMULA and not self.apart
        free: list[str] = []
        summands = []
        for place, summand in enumerate(combination.summands):
            chosen = dict(zip(summand.spec.output, free, strict=False))
            for label in (*summand.spec.output, *(index.label for index in summand.spec.indices)):
                if label not in chosen:
                    chosen[label] = self.label((number, place, label), summand, set(chosen.values()), written=written)
            free = free or [chosen[label] for label in summand.spec.output]
            spec = replace(relabelled(summand.spec, chosen), result=combination.result)
            summands.append(replace(summand, spec=spec))
        return replace(combination, summands=tuple(summands))

    def label(self, node: tuple[int, int, str], summand: Summand, used: set[str], *, written: bool) -> str:
        """Return the label for one of a summand's own that is none of those `used` in it."""
        label = node[-1]
        index = summand.spec.by_label.get(label)
        extent = None if index is None else index.extent
        alike = self.alike.setdefault(self.home.get(node, node), [])
        known = [label] if written and self.extents.get(label, extent) in (extent, None) else alike
        made = next((one for one in known if one not in used), None)
        if made is None:
            made = label if label.startswith(DOTS) else next(one for one in _wanted(label) if one not in self.taken)
        if made not in alike:
            alike.append(made)
        self.taken[made] = None
        if extent is not None:
            self.extents.setdefault(made, extent)
        return made


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
