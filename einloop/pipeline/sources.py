"""A person's own loops, run against np.einsum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING, Any

from ..core.errors import OptionError
from ..core.generated import Contract, Generated, Values
from ..core.names import choose_names
from ..core.options import check_seed
from ..core.sizes import check_ties, one_array_one_shape

if TYPE_CHECKING:
    from ..core.spec import Spec
    from ..core.verification import Verification
    from ..proof import Loops
    from ..proof.infer import Roles
    from ..runners.process import ProcessRunner

MOST_GUESSED = 3
"""Up to so many names of a snippet are tried in every order; each order takes a child process."""


def verify_source(
    generated: Generated,
    source: str,
    *,
    inputs: Sequence[str] | None = None,
    result: str | None = None,
    entry: str | None = None,
    seed: int = 0,
    given: Sequence[Any] | None = None,
    command: str = "",
    seconds: float = 10.0,
    shapes_only: bool = False,
    no_empty: bool = False,
) -> Verification:
    """Return what running a person's `source` against the expression of `generated` found.

    The names of inputs and result are inferred where they are not given; the text runs in a child process, and
    a case that takes longer than `seconds` is stopped. Shapes that are known decide; `shapes_only` tries no others,
    `no_empty` no axes without elements.
    """
    from ..proof import Tries, arrays_by_name, fitting, verify_loops
    from ..proof.infer import infer_roles

    check_seed(seed)
    if shapes_only and not all(isinstance(index.extent, int) for index in generated.spec.indices):
        raise OptionError(
            "EL402",
            "only the shapes given are to be tried, and not all of them are given",
            hint="give the shape of every operand: -s 2x3 or shapes=[(2, 3)]",
        )
    distinct = tuple(dict.fromkeys(generated.operands))
    own = {name: op.name for name, op in zip(generated.operands, generated.spec.operands, strict=True)}
    roles = infer_roles(
        source,
        [own[name] for name in distinct],
        inputs=inputs,
        result=result,
        entry=entry,
        expected_result=generated.spec.result,
    )
    tries = Tries(stated_only=shapes_only, empty=not no_empty)
    orders = _orders(roles, distinct, guessed=inputs is None and not any(own.values()))

    def loops_of(run: ProcessRunner, ordered: tuple[str, ...]) -> Loops:
        return _loops(generated, source, dict(zip(distinct, ordered, strict=True)), roles.result, run)

    for ordered in orders:
        arrays = arrays_by_name(ordered, given)
        with _runner(source, roles, ordered, seconds) as run:
            loops = loops_of(run, ordered)
            fit = fitting(loops, seed=seed, given=arrays) if len(orders) > 1 or loops.on_lists else loops
            if fit is not None:
                found = verify_loops(fit, tries, seed=seed, given=arrays, command=command)
                note = () if ordered == orders[0] else (f"the operands are {', '.join(ordered)}",)
                return replace(found, notes=(*note, *found.notes))
    arrays = arrays_by_name(orders[0], given)
    with _runner(source, roles, orders[0], seconds) as run:
        return verify_loops(loops_of(run, orders[0]), tries, seed=seed, given=arrays, command=command)


def _orders(roles: Roles, distinct: tuple[str, ...], *, guessed: bool) -> list[tuple[str, ...]]:
    """Return the orders in which the inputs may stand for the operands, the likely one first.

    A function says it with its parameters, default names with their letters; the order of other names in a snippet
    is a guess.
    """
    if roles.entry is not None:
        return [roles.inputs]
    if set(roles.inputs) == set(distinct):
        return [distinct]  # the default names, as in loops that einloop printed and a person edited
    if not guessed or len(roles.inputs) > MOST_GUESSED:
        return [roles.inputs]
    return list(permutations(roles.inputs))


def _runner(source: str, roles: Roles, ordered: tuple[str, ...], seconds: float) -> ProcessRunner:
    from ..runners.process import ProcessRunner

    watched = [name for name in ordered if name != roles.result]
    return ProcessRunner(
        source=source, inputs=ordered, result=roles.result, entry=roles.entry, seconds=seconds, watched=watched
    )


def _loops(generated: Generated, source: str, names: dict[str, str], result: str | None, run: ProcessRunner) -> Loops:
    from ..proof import Loops, Subject
    from ..proof.parsed import on_lists

    operands = tuple(names[name] for name in generated.operands)
    subject = Subject(
        spec=_as_called(generated.spec, operands),
        operands=operands,
        contract=Contract(dtypes=_dtypes(generated, names), checked=False, values=generated.contract.values),
        run=run,
        source=source,
        lenient=True,
    )
    return Loops(subject=subject, repeated=run.repeated, on_lists=on_lists(source), in_place=result in operands)


def _as_called(spec: Spec, operands: tuple[str, ...]) -> Spec:
    """Return `spec` with the names of the source; raise OptionError where one array cannot stand for its operands."""
    renamed = spec.renamed(operands, spec.result)
    if len(set(operands)) < len(operands):
        choose_names(renamed)
        shapes = one_array_one_shape(renamed, [op.shape for op in renamed.operands])
        renamed = replace(
            renamed,
            operands=tuple(replace(op, shape=shape) for op, shape in zip(renamed.operands, shapes, strict=True)),
        )
        check_ties(renamed)
    return renamed


def _dtypes(generated: Generated, names: dict[str, str]) -> tuple[str, ...] | None:
    """Return one dtype per name of the source, float64 where none is declared; None for nested lists."""
    contract = generated.contract
    if contract.dtypes is None and contract.values is Values.LISTS:
        return None
    declared = contract.dtypes or ("float64",) * len(names)
    dtypes: dict[str, str] = {}
    for name, dtype in zip(names.values(), declared, strict=True):
        if dtypes.setdefault(name, dtype) != dtype:
            raise OptionError("EL404", f"{name} is one array, with dtype {dtypes[name]} and {dtype} at once")
    return tuple(dtypes.values())
