"""Statements in, the same with one label for one index, and names, out: what pages about sums of einsums show.

Its labels are those of `labels.one_label`; terms stay summands, as they are written. Loops take a JointSum instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .combination import Combination, Statements, Summand
from .frozen import dataclass
from .labels import one_label, spec_over, unplaced
from .names import Names, choose_names
from .spec import Extent, Operand, Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Statements with one label for one index, and the names of all that stands in them.

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
    """Return statements with one label for one index. `reserved` are words that no name may be."""
    made = one_label(statements)
    spec = _everything(made)
    return Joined(statements=made, spec=spec, names=choose_names(spec, reserved))


def _everything(statements: Statements) -> Spec:
    """Return a spec with all operands and all results as operands."""
    operands: list[Operand] = []
    extents: dict[str, Extent] = {}
    output: tuple[str, ...] = ()
    for combination in statements.combinations:
        for summand in combination.summands:
            operands += summand.spec.operands
            for index in summand.spec.indices:
                if extents.get(index.label) in (None, 1):
                    extents[index.label] = index.extent
        output = combination.summands[0].spec.output if combination.summands else ()
        known = any(operand.name == combination.result for operand in operands)
        if not known and combination.target is None:
            operands.append(unplaced(combination.result, output))
    return spec_over(statements.combinations[-1].source, tuple(operands), output, extents)
