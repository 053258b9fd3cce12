"""A person's own loops, run against np.einsum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..core.errors import OptionError
from ..core.generated import Contract, Generated, Values
from ..core.names import choose_names
from ..core.options import check_seed
from ..core.sizes import check_ties, one_array_one_shape

if TYPE_CHECKING:
    from ..core.spec import Spec
    from ..core.verification import Verification


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
    from ..proof import Loops, Subject, Tries, verify_loops
    from ..proof.infer import infer_roles
    from ..proof.parsed import on_lists
    from ..runners.process import ProcessRunner

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
    ordered = roles.inputs
    if roles.entry is None and set(ordered) == set(distinct):
        ordered = distinct  # the default names, as in loops that einloop printed and a person edited
    names = dict(zip(distinct, ordered, strict=True))
    operands = tuple(names[name] for name in generated.operands)
    with ProcessRunner(
        source=source,
        inputs=ordered,
        result=roles.result,
        entry=roles.entry,
        seconds=seconds,
        watched=[name for name in ordered if name != roles.result],
    ) as run:
        subject = Subject(
            spec=_as_called(generated.spec, operands),
            operands=operands,
            contract=Contract(
                dtypes=_dtypes(generated, names), checked=False, values=generated.contract.values
            ),
            run=run,
            source=source,
            lenient=True,
        )
        loops = Loops(subject=subject, repeated=run.repeated, on_lists=on_lists(source))
        tries = Tries(stated_only=shapes_only, empty=not no_empty)
        return verify_loops(loops, tries, seed=seed, given=_arrays(given, names), command=command)


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


def _arrays(given: Sequence[Any] | None, names: dict[str, str]) -> list[Any] | None:
    """Return one array per name of the source."""
    if given is None:
        return None
    import numpy as np

    arrays: dict[str, Any] = {}
    for name, array in zip(names.values(), given, strict=True):
        if not np.array_equal(arrays.setdefault(name, array), array, equal_nan=array.dtype.kind in "fc"):
            raise OptionError("EL403", f"{name} is one array, and is given two with different values")
    return list(arrays.values())
