"""Statements and Options in, what loops are made from out: one expression over all operands, bound to their shapes."""

from __future__ import annotations

from dataclasses import replace

from ..core.ability import Ability
from ..core.bind import show_shape
from ..core.combination import Combination, Summand
from ..core.dtypes import SIGNED, UNSIGNED
from ..core.errors import OptionError, ShapeError
from ..core.joint import ROOT, JointSum, joined
from ..core.names import choose_names
from ..core.nest import Accumulate, Assign, Nest, every
from ..core.options import Options
from ..core.preparation import Convert
from ..core.spec import Spec
from ..targets.target import Target
from .reading import bind


def alone(spec: Spec) -> Combination:
    """Return one einsum as a statement, every operand and the result with a name."""
    names = choose_names(spec)
    named = spec.renamed(names.operands, names.result)
    return Combination(source=spec.source, result=names.result, summands=(Summand(spec=named),))


def bind_combination(combination: Combination, options: Options) -> JointSum:
    """Return a combination as one expression with the shapes and sizes that `options` give, by the names of operands.

    Raises OptionError where loops cannot say what it is, and ShapeError where shapes do not fit.

    >>> from einloop.core.combination import Summand
    >>> from einloop.notation import read
    >>> spec = read("d = np.einsum('ij,j->i', A, b)")
    >>> twice = Combination(source=spec.source, result="d", summands=(Summand(spec=spec, coefficient=2),))
    >>> bound = bind_combination(twice, Options(shapes=(("A", (2, 3)),)))
    >>> [(index.label, index.extent) for index in bound.spec.indices]
    [('i', 2), ('j', 3)]
    """
    joint = joined(combination)
    if options.names or options.result is not None:
        raise OptionError("EL471", "the statement names its operands and its result", hint="leave the other names out")
    if joint.views or joint.whole:
        options = on_parts(joint, options)
    elif options.shapes or options.loaded:
        from .code_names import by_name  # what reads code is loaded where there is code

        options = by_name(joint.spec, options)
    bound = replace(joint, spec=bind(joint.spec, options))
    check_extents(bound)
    return bound


def on_parts(joint: JointSum, options: Options) -> Options:
    """Return options with the shapes and dtypes of operands that are parts of the arrays for which they are given.

    Raises ShapeError where an array has no such part, OptionError for arrays of a program that reads them.
    """
    from ..core.viewed import dtypes_inside, shapes_inside  # whole arrays are spared it
    from .summed import dtypes_by_name, shapes_by_name

    found = shapes_inside(joint, shapes_by_name(joint.statements, options), options.sizes)
    names = {operand.name for operand in joint.spec.operands}
    shapes = tuple((name, shape) for name, shape in found.items() if name in names)
    dtypes = dtypes_inside(joint, dtypes_by_name(joint.statements, options)) if options.dtypes or options.loaded else {}
    sizes = {label: size for label, size in options.sizes.items() if label in joint.spec.by_label}
    return replace(options, shapes=shapes, dtypes=tuple(dtypes.items()), sizes=sizes, loaded=())


def converted_note(nest: Nest) -> tuple[str, ...]:
    """Return the note that integers of a sum do not wrap around, where numpy computes its terms in narrower dtypes."""
    narrow = [
        statement
        for statement in nest.prepare
        if isinstance(statement, Convert) and statement.buffer.dtype in (*SIGNED, *UNSIGNED)
    ]
    products = (one for one in every(nest.body) if isinstance(one, Assign | Accumulate))
    if not narrow or not any(isinstance(one, Accumulate) or len(one.factors) > 1 for one in products):
        return ()
    names = ", ".join(dict.fromkeys(statement.buffer.name for statement in narrow))
    what = f"{names}: {narrow[0].buffer.dtype} becomes {narrow[0].dtype} before anything is multiplied"
    return (f"{what}, so nothing wraps around as it may in a term of numpy's",)


def check_extents(joint: JointSum) -> None:
    """Raise ShapeError where an axis of size 1 would be repeated in a sum, or in what is written; and where the length
    of an empty axis divides something: numpy has nan, and loops that divide each term have an empty sum."""
    spec = joint.spec
    divided = (label for label in joint.divided if label in spec.by_label)
    empty = next((label for label in divided if spec.by_label[label].extent == 0), None)
    if empty is not None:
        raise ShapeError(
            "EL210",
            f"{empty!r} has length 0, and something is divided by it",
            text=spec.source.text,
            hint="a mean takes at least one element",
        )
    for term in joint.terms:
        for number in term.operands:
            operand = spec.operands[number]
            for axis in operand.stretched:
                label = operand.labels[axis]
                if label not in spec.output and not _stretches_alone(joint, term.operands, label):
                    raise _refused(spec, number, axis, "which another summand does not do")
    if joint.old is not None and spec.operands[joint.old].stretched and joint.given:
        raise _refused(spec, joint.old, spec.operands[joint.old].stretched[0], "where it is written")


def _stretches_alone(joint: JointSum, operands: tuple[int, ...], label: str) -> bool:
    """Return whether some other operand of the same summand has the full extent of an index."""
    full = (joint.spec.operands[number] for number in operands)
    return any(axis not in op.stretched for op in full for axis, x in enumerate(op.labels) if x == label)


def _refused(spec: Spec, number: int, axis: int, where: str) -> ShapeError:
    operand = spec.operands[number]
    shape = show_shape(operand.shape or ())
    return ShapeError(
        "EL205",
        f"{operand.name} of shape {shape} would be stretched along {operand.labels[axis]!r}, {where}",
        text=spec.source.text,
        operand=number,
        axis=axis,
    )


def check_loops(joint: JointSum, options: Options, target: Target) -> None:
    """Raise OptionError where the target has no words for a sum of einsums, or for parts of arrays."""
    if Ability.SUMS not in target.abilities:
        raise OptionError(
            "EL435",
            f"target {target.name!r} writes one einsum, and this is {joint.kind}",
            hint="its target.toml lists what it can write",
        )
    if Ability.VIEWS not in target.abilities:
        check_whole_arrays(joint, f"{target.name!r} reads and writes arrays as they are", "--target python names parts")


def refuse_program(joint: JointSum) -> OptionError:
    """Return the refusal of a whole program whose plain loops would need memory of their own."""
    return OptionError(
        "EL435",
        "a program that compares itself with plain loops has no memory for more than their result",
        text=joint.spec.source.text,
        hint="--function, or --target python",
    )


def refuse_script(joint: JointSum) -> OptionError:
    """Return the refusal of a whole program around loops over parts of arrays, or that write over an array."""
    why = "a program would have to make arrays that have these parts"
    if not joint.views:
        why = f"a program would have to make {joint.result}, only to write over it"
    return OptionError("EL435", why, text=joint.spec.source.text, hint="--function")


def check_whole_arrays(joint: JointSum, why: str, hint: str | None = None) -> None:
    """Raise OptionError where an operand, or what is written, is a part of an array, or a length is computed."""
    text = joint.target if joint.target is not None else joint.views[0].text if joint.views else None
    if text is not None:
        root = text.startswith(ROOT)
        what = "no operand" if root else "no whole array"
        hint = "give the root a name, and its value as an operand" if root else hint
        raise OptionError("EL435", f"{text} is {what}: {why}", text=joint.spec.source.text, hint=hint)
    if joint.over:
        raise OptionError("EL435", f"{joint.result} is written over: {why}", text=joint.spec.source.text, hint=hint)
