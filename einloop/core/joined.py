"""Statements in, the same with one name for one index throughout out: what pages about sums of einsums show.

In a Combination every summand has labels of its own, and only the positions in the outputs say which are one index.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from .build import index_table
from .combination import Combination, Statements, Summand
from .frozen import dataclass
from .names import Names, choose_names
from .source import Notation
from .spec import DOTS, MATHEMATICAL_LETTERS, Dots, Extent, Operand, Spec

Place = tuple[str, int]
"""An array's name, and an axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Statements whose indices have one label throughout: those of one axis of a result, and of one axis of an array.

    `spec` has every operand and every result as an operand: it knows the extents, and `names` are chosen for it. Two
    labels may still have one extent; one label never has two.
    """

    statements: Statements
    spec: Spec
    names: Names

    def of(self, combination: Combination, summand: Summand) -> Names:
        """Return the names of one summand: its operands', the result's, and those of all indices."""
        user = dict(zip((op.name for op in self.spec.operands), self.names.operands, strict=True))
        operands = tuple(user[name] for name in summand.names)
        return replace(self.names, operands=operands, result=user.get(combination.result, combination.result))

    @property
    def extents(self) -> Mapping[str, Extent]:
        """The extent of every label, None where it is not known."""
        return {index.label: index.extent for index in self.spec.indices}


def join(statements: Statements, reserved: Iterable[str] = ()) -> Joined:
    """Return statements with one label for one index. `reserved` are words that no name may be.

    >>> from einloop.notation import read
    >>> one, other = (read(text) for text in ("D = np.einsum('ij,jk->ik', A, B)", "D = np.einsum('pq->pq', C)"))
    >>> summands = (Summand(spec=one), Summand(spec=other))
    >>> made = join(Statements(combinations=(Combination(source=one.source, result="D", summands=summands),)))
    >>> [summand.spec.subscripts for summand in made.statements.combinations[0].summands]
    ['ij,jk->ik', 'ik->ik']
    """
    labels = _Labels()
    made = Statements(
        combinations=tuple(labels.combination(one) for one in statements.combinations),
        temporaries=statements.temporaries,
    )
    spec = _everything(made)
    return Joined(statements=made, spec=spec, names=choose_names(spec, reserved))


class _Labels:
    """Chooses the labels of one summand after the other."""

    def __init__(self) -> None:
        self.known: dict[Place, str] = {}
        self.used: dict[str, None] = {}

    def combination(self, combination: Combination) -> Combination:
        """Return a combination with its labels chosen."""
        written = combination.source.notation is Notation.FORMULA
        free: list[str] = []
        summands = []
        for summand in combination.summands:
            chosen = self.chosen(summand, free, written=written)
            free = free or [chosen[label] for label in summand.spec.output]
            spec = relabelled(summand.spec, chosen)
            summands.append(replace(summand, spec=replace(spec, result=combination.result)))
            self.known |= {place: chosen[label] for place, label in _places(summand) if place not in self.known}
        whole = combination.target is None
        self.known |= {(combination.result, axis): label for axis, label in enumerate(free)} if whole else {}
        return replace(combination, summands=tuple(summands))

    def chosen(self, summand: Summand, free: list[str], *, written: bool) -> dict[str, str]:
        """Return the new label for each label of a summand; `free` are those of the result where they are known."""
        spec = summand.spec
        chosen = dict(zip(spec.output, free, strict=False))
        taken = {*free, *chosen.values()}
        tied = [(label, self.known[place]) for place, label in _places(summand) if place in self.known]
        for label in (*spec.output, *(index.label for index in spec.indices)):
            if label in chosen:
                continue
            wanted = [label] if written else [known for other, known in tied if other == label]
            new = next((one for one in wanted if one not in taken), None) or self.fresh(label, taken)
            chosen[label] = new
            taken.add(new)
            self.used[new] = None
        return chosen

    def fresh(self, label: str, taken: set[str]) -> str:
        """Return a label that was not used: its own, a letter, or a letter with a number."""
        if label.startswith(DOTS):
            return label
        numbered = (f"{letter}{number}" for number in range(1, 1000) for letter in MATHEMATICAL_LETTERS)
        free = (one for one in (label, *MATHEMATICAL_LETTERS) if one not in self.used and one not in taken)
        return next(free, None) or next(one for one in numbered if one not in self.used and one not in taken)


def _places(summand: Summand) -> Iterator[tuple[Place, str]]:
    """Yield the array, the axis and the label of every place."""
    for operand in summand.spec.operands:
        for axis, label in enumerate(operand.labels):
            if axis not in operand.stretched:
                yield (operand.name or "", axis), label


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


def _everything(statements: Statements) -> Spec:
    """Return a spec with all operands and all results as operands."""
    operands: list[Operand] = []
    extents: dict[str, Extent] = {}
    for combination in statements.combinations:
        for summand in combination.summands:
            operands += summand.spec.operands
            for index in summand.spec.indices:
                if extents.get(index.label) in (None, 1):
                    extents[index.label] = index.extent
        output = combination.summands[0].spec.output if combination.summands else ()
        known = any(operand.name == combination.result for operand in operands)
        if not known and combination.target is None:
            operands.append(Operand(labels=output, spans=(None,) * len(output), name=combination.result))
    last = statements.combinations[-1]
    output = last.summands[0].spec.output if last.summands else ()
    return Spec(
        source=last.source,
        operands=tuple(operands),
        output=output,
        output_spans=(None,) * len(output),
        implicit=False,
        dots=Dots.KEPT if any(DOTS in operand.labels for operand in operands) else Dots.ABSENT,
        indices=index_table(operands, output, extents),
    )
