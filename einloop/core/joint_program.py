"""Sums of einsums in, what is said of them together out: several as one spec, one as the value that it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from .combination import CALL, Combination, with_signs
from .indices import index_table
from .joint import JointSum
from .sizes import connected
from .spec import Extent, Operand, Spec


def program_spec(
    joints: Sequence[JointSum], called: Sequence[Mapping[str, str]], order: Sequence[str]
) -> tuple[Spec, tuple[str, ...]]:
    """Return the operands and indices of statements one after another as one spec, with a name for each operand.

    Operands stand in the `order` of these names. Only those that no earlier statement makes are among them. Labels have
    the number of their statement after them; those that have one length by what the statements say have one name of an
    extent.
    """
    pairs: list[tuple[object, object]] = []
    made: dict[str, int] = {}
    operands: list[Operand] = []
    names: list[str] = []
    extents: dict[str, Extent] = {}
    for number, (joint, name_of) in enumerate(zip(joints, called, strict=True)):
        for operand in joint.spec.operands:
            name = operand.name or ""
            labels = tuple(f"{label}{number}" for label in operand.labels)
            for axis, label in enumerate(labels):
                if axis not in operand.stretched:
                    pairs.append(((label,), (name, made.get(name, -1), axis)))
            if name not in made:
                names.append(name_of[name])
                operands.append(replace(operand, labels=labels))
        extents |= {f"{index.label}{number}": index.extent for index in joint.spec.indices}
        made[joint.result] = number
        pairs += [((f"{label}{number}",), (joint.result, number, axis)) for axis, label in enumerate(joint.output)]
    placed = sorted(range(len(names)), key=lambda number: order.index(names[number]))
    operands, names = [operands[number] for number in placed], [names[number] for number in placed]
    home = connected(pairs)
    groups = list(dict.fromkeys(map(repr, home.values())))
    known = {label: extent for label, extent in extents.items() if isinstance(extent, int)}
    lengths = {repr(home[label,]): extent for label, extent in known.items() if (label,) in home}
    found: dict[str, Extent] = {
        label: known.get(label, lengths.get(repr(home[label,]), f"n{groups.index(repr(home[label,]))}"))
        for label in extents
        if (label,) in home
    }
    output = tuple(f"{label}{len(joints) - 1}" for label in joints[-1].output)
    left = {label for operand in operands for label in operand.labels}
    spec = replace(
        joints[-1].spec,
        operands=tuple(operands),
        output=tuple(label for label in output if label in left),
        output_spans=(None,) * sum(label in left for label in output),
        indices=index_table(operands, output, found),
        joint=tuple(
            tuple(f"{x}{n}" for x in j if f"{x}{n}" in left) for n, one in enumerate(joints) for j in one.spec.joint
        ),
    )
    return spec, tuple(names)


def right_side(combination: Combination, names: Mapping[str, str]) -> str:
    """Return the value that a combination gives, as Python, its operands called as `names` say."""
    texts = {**combination.texts, **names}
    terms = [(summand.negative, summand.text(CALL, texts)) for summand in combination.summands]
    old = [(False, names.get(combination.result, combination.result))] if combination.adds else []
    return " ".join(with_signs([*old, *terms]))
