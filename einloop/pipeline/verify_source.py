"""A person's own loops, run against np.einsum. Imports numpy, so that it is imported where such loops are at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

from ..core.errors import OptionError, RunError
from ..core.generated import Contract, Generated, Values
from ..core.names import choose_names
from ..core.options import check_seed
from ..core.sizes import check_ties, one_array_one_shape
from ..core.spec import Spec
from ..core.topic import Topic
from ..core.verification import Verification, not_run
from ..proof.infer import Roles, infer_roles
from ..proof.lists import on_lists
from ..proof.source import fitting, verify_loops
from ..proof.subject import Subject
from ..proof.trial import Loops, Tries
from ..proof.written_out import WrittenOut
from ..runners.process import Budget, ProcessRunner
from ..runners.tasks import TextTask
from .apart import most_elements
from .arrays import by_name

MAX_GUESSED = 3
"""Names of a snippet up to which every order is tried; each order takes a child process."""

UNCOMPARED = (Topic.NO_ARRAY, Topic.NO_MODULE)
"""Errors that say that nothing could be compared: a result that is not an array, a module that is not installed."""


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
    a call that takes longer than `seconds` is stopped, as is a run whose calls take too long together. Shapes that are
    known decide; `shapes_only` tries no others, `no_empty` no axes without elements.
    """
    check_seed(seed)
    _check_comparable(generated)
    _check_request(generated, inputs, shapes_only=shapes_only)
    source = source.removeprefix("\ufeff")
    named = [op.name for op in generated.spec.operands]
    roles = infer_roles(source, named, inputs=inputs, result=result, entry=entry, expected_result=generated.spec.result)
    program = _Program(generated=generated, source=source, roles=roles, seconds=seconds, budget=Budget())
    orders = program.orders(guessed=inputs is None and not any(named))
    tries = Tries(stated_only=shapes_only, empty=not no_empty)
    try:
        return _compared(program, orders, tries, seed=seed, given=given, command=command)
    except RunError as error:
        if error.topic not in UNCOMPARED:
            raise
        return not_run(generated.spec.subscripts, error.message, seed=seed, command=command)


def _check_request(generated: Generated, inputs: Sequence[str] | None, *, shapes_only: bool) -> None:
    if isinstance(inputs, str):
        names = [name.strip() for name in inputs.split(",")]
        raise OptionError("EL470", f"inputs is one text: {inputs!r}", hint=f"give a sequence of names: inputs={names}")
    if shapes_only and not all(isinstance(index.extent, int) for index in generated.spec.indices):
        raise OptionError(
            "EL474",
            "only the shapes given are to be tried, and not all of them are given",
            hint="give the shape of every operand: -s 2x3 or shapes=[(2, 3)]",
        )


def _check_comparable(generated: Generated) -> None:
    """Raise OptionError for what a person's loops are not compared with: several statements, parts of arrays."""
    if generated.steps or generated.viewed is not None:
        what = "several statements" if generated.steps else "parts of arrays"
        hint = "give one statement at a time" if generated.steps else "give whole arrays"
        raise OptionError(
            "EL435", f"loops you wrote are compared with one statement over whole arrays, not with {what}", hint=hint
        )


def _compared(
    program: _Program,
    orders: Sequence[tuple[str, ...]],
    tries: Tries,
    *,
    seed: int,
    given: Sequence[Any] | None,
    command: str,
) -> Verification:
    """Return what comparing found, the inputs in the first of `orders` that passes a case."""
    for ordered in orders:
        arrays = _by_name(ordered, given)
        with program.runner(ordered) as run:
            loops = program.loops(ordered, run)
            fit = fitting(loops, seed=seed, given=arrays) if len(orders) > 1 or loops.on_lists else loops
            if fit is not None:
                found = verify_loops(fit, tries, seed=seed, given=arrays, command=command)
                note = () if ordered == orders[0] else (f"the operands are {', '.join(ordered)}",)
                return replace(found, notes=(*note, *found.notes))
    arrays = _by_name(orders[0], given)
    with program.runner(orders[0]) as run:
        return verify_loops(program.loops(orders[0], run), tries, seed=seed, given=arrays, command=command)


def _by_name(names: Sequence[str], given: Sequence[Any] | None) -> list[Any] | None:
    """Return one array per distinct name."""
    return None if given is None else [*by_name(names, given).values()]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Program:
    """A person's text with its roles, and what it is compared with."""

    generated: Generated
    source: str
    roles: Roles
    seconds: float
    budget: Budget

    @property
    def distinct(self) -> tuple[str, ...]:
        """The inputs of the expression."""
        return tuple(dict.fromkeys(self.generated.operands))

    def orders(self, *, guessed: bool) -> list[tuple[str, ...]]:
        """Return the orders in which names of the text may stand for the inputs, the likely one first.

        A function says it with its parameters, default names with their letters; the order of other names in a
        snippet is a guess. Of several names for one input, the first one stands for it.
        """
        names = self.roles.inputs
        if len(names) != len(self.distinct):
            return [tuple(names[self.generated.operands.index(name)] for name in self.distinct)]
        if self.roles.entry is not None:
            return [names]
        if set(names) == set(self.distinct):
            return [self.distinct]  # the default names, as in loops that einloop printed and a person edited
        if not guessed or len(names) > MAX_GUESSED:
            return [names]
        return list(permutations(names))

    def taken(self, ordered: tuple[str, ...]) -> dict[str, str]:
        """Return, for each name that takes an input, which of `ordered` it takes: one array may have several names."""
        if len(self.roles.inputs) == len(self.distinct):
            return {name: name for name in ordered}
        first = dict(zip(self.distinct, ordered, strict=True))
        taken: dict[str, str] = {}
        for name, operand in zip(self.roles.inputs, self.generated.operands, strict=True):
            if taken.setdefault(name, first[operand]) != first[operand]:
                raise OptionError("EL403", f"{name} is one name, and is given two different operands")
        return taken

    def runner(self, ordered: tuple[str, ...]) -> ProcessRunner:
        """Return what runs the text on one value per name of it."""
        roles, names = self.roles, tuple(self.taken(ordered))
        watched = [name for name in names if name != roles.result]
        text = TextTask(
            source=self.source, inputs=names, result=roles.result, entry=roles.entry, watched=tuple(watched)
        )
        return ProcessRunner(text, seconds=self.seconds, budget=self.budget)

    def loops(self, ordered: tuple[str, ...], run: ProcessRunner) -> Loops:
        """Return the loops as what is compared: called with one value per distinct input."""
        generated, names = self.generated, dict(zip(self.distinct, ordered, strict=True))
        inputs = list(dict.fromkeys(ordered))
        places = [inputs.index(name) for name in self.taken(ordered).values()]
        operands = tuple(names[name] for name in generated.operands)

        def repeated(*calls: Sequence[object]) -> tuple[object, ...]:
            most = [most_elements(spec, operands, values) for values in map(tuple, calls)]
            return run.repeated(*([values[place] for place in places] for values in map(tuple, calls)), most=most)

        spec = _as_called(generated.spec, operands)
        joint = generated.joint
        written = None if joint is None else WrittenOut(joint=joint, operands=operands)
        subject = Subject(
            spec=spec,
            operands=operands,
            contract=Contract(dtypes=_dtypes(generated, names), checked=False, values=generated.contract.values),
            run=lambda *values: repeated(values)[0],
            source=self.source,
            lenient=True,
            yardstick=written,
        )
        in_place = self.roles.result in self.taken(ordered)
        return Loops(subject=subject, repeated=repeated, on_lists=on_lists(self.source), in_place=in_place)


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
            raise OptionError("EL403", f"{name} is one array, with dtype {dtypes[name]} and {dtype} at once")
    return tuple(dtypes.values())
