"""A person's Python text in, the names of its inputs and of its result out. Runs nothing.

A text with functions is checked through one of them: its required parameters are the inputs, what it returns is the
result. Any other text is a snippet: the names it reads before it assigns them are the inputs; so is one whose lines
outside its functions compute with such names. Names are followed from the top of the text to its bottom, as if every
branch ran.

Refusals: EL610 the text does not parse; EL611 which function, or loops outside it; EL612 a function that cannot be
called with arrays; EL613 not as many names as operands; EL614 a name that nothing gives a value; EL615 an input is
overwritten; EL616 the text takes no inputs, it makes its own; EL617 a name given is not in the text; EL618 which name
is the result; EL619 nothing in it computes; EL628 a lambda; EL646 the text is too long.
"""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from ..core.errors import RunError
from .syntax import Function, line_of, listed
from .text import Text, only_function, read_text, required
from .unfit import makes_its_own, refuse_classes, refuse_kind, refuse_lambda, refuse_missing, refuse_nothing
from .uses import Use, UseKind

GIVEN = frozenset({"np", "numpy", "math", "__file__"}) | frozenset(dir(builtins))
"""Names that a text may read although it never assigns them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """How to run a text: the names that take the inputs, and its result or its function.

    `inputs` are in operand order: one per distinct operand name, or one per operand where the text has so many.
    A function takes them by name: its parameters may stand in another order. `result` is the name to read
    afterwards, None where the function `entry` returns the result.
    """

    inputs: tuple[str, ...]
    result: str | None
    entry: str | None


def infer_roles(
    source: str,
    operands: Sequence[str | None],
    *,
    inputs: Sequence[str] | None = None,
    result: str | None = None,
    entry: str | None = None,
    expected_result: str | None = None,
) -> Roles:
    r"""Return which names of `source` are its inputs, and which name or function gives the result.

    `operands` are the operand names of the expression, None where it has none. `inputs`, `result` and `entry` are
    the person's word; `expected_result` is the expression's name for its result, which counts where the text assigns
    it. Both count for a snippet only. Operand names that the text reads take their places; other names fill the rest
    in the order in which they first appear in the text, even where another order would fit as well. A name twice in
    `inputs` is one array for two operands. Raises RunError where the roles are not certain.

    >>> infer_roles("c = 0\nfor i in range(len(a)):\n    c += a[i] * b[i]\n", [None, None])
    Roles(inputs=('a', 'b'), result='c', entry=None)
    >>> infer_roles("def dot(b, a, n=3):\n    return sum(a[i] * b[i] for i in range(n))\n", ["a", "b"])
    Roles(inputs=('a', 'b'), result=None, entry='dot')
    """
    wanted = _Wanted(operands=tuple(operands), inputs=None if inputs is None else tuple(inputs))
    try:
        text = read_text(source)
        if not text.main:
            refuse_nothing(text)
        function = _function(text, entry, results=(result, expected_result), wanted=wanted)
        if function is not None:
            return Roles(inputs=_parameters(text, function, wanted), result=None, entry=function.name)
        names = _free_names(text, wanted)
        return Roles(inputs=names, result=_result(text, names, result, expected_result), entry=None)
    except RecursionError:
        raise RunError("EL610", "the source nests too deeply to be read") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """The operands of the expression, and the names that the person gave for them."""

    operands: tuple[str | None, ...]
    inputs: tuple[str, ...] | None

    @property
    def slots(self) -> tuple[str | None, ...]:
        """One entry per distinct operand name and per operand without one."""
        return tuple(name for n, name in enumerate(self.operands) if name is None or name not in self.operands[:n])

    @property
    def known(self) -> frozenset[str]:
        """The names that are inputs wherever the text reads them."""
        return frozenset(self.inputs or (name for name in self.operands if name is not None))

    def placed(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return `names`, as many as the operands, with those of the operands at their places."""
        slots = self.slots if len(names) == len(self.slots) else self.operands
        own = [slot if slot in names and slot not in slots[:n] else None for n, slot in enumerate(slots)]
        others = iter([name for name in names if name not in slots])
        return tuple(next(others) if slot is None else slot for slot in own)

    def check_count(self, names: Sequence[str], found: str, *, many: str = "", few: str = "") -> None:
        """Refuse `names` that are not as many as the operands.

        `found` counts them in words, `many` and `few` are advice for more and for fewer than wanted.
        """
        count = len(self.operands)
        if len(names) in (count, len(self.slots)):
            return
        padding = [names[-1]] * count if names else list(ascii_uppercase)
        example = [*names, *padding][:count]
        options = f"--inputs {','.join(example)} or inputs={example}"
        those = f" ({listed(names)})" if names else ""
        advice = many if len(names) > count else f", where one array serves twice{few}" if names else few
        raise RunError(
            "EL613",
            f"{found}{those}, the expression has {_counted(count, 'operand')}",
            hint=f"name one for every operand, in their order: {options}{advice}",
        )


def _function(text: Text, entry: str | None, *, results: Sequence[str | None], wanted: _Wanted) -> Function | None:
    """Return the function through which the text is checked, None where it is checked as a snippet.

    `results` are the person's name for the result and the expression's.
    """
    functions = text.functions
    if entry is not None:
        if entry not in functions:
            refuse_lambda(text, entry)
            hint = f"its functions: {listed(functions)}" if functions else "it defines no function"
            raise RunError("EL617", f"the source has no function {entry!r}", hint=hint)
        return functions[entry]
    looped = text.uses.stored_in_loops()
    if any(result in looped for result in results):
        return None
    if not functions:
        if not looped:
            refuse_classes(text)
        return None
    if _computes(text, wanted.known):
        return None
    if looped:
        raise RunError(
            "EL611",
            f"the source has functions ({listed(functions)}) and loops outside them (on {listed(looped)})",
            hint=f"--entry {next(iter(functions))} checks the function, --result {looped[-1]} the loops",
        )
    return only_function(functions, wanted.operands)


def _computes(text: Text, known: frozenset[str]) -> bool:
    """Return whether the lines outside the functions assign what they compute from the inputs: names without a value.

    The functions only help then. What a function reads of the inputs counts where the lines call it.
    """
    free = _read_first(text, known)
    for name in (frozenset(free) - known) & (frozenset(free) if text.uses.starred else text.tools):
        del free[name]
    sources = {name for name, use in free.items() if use.kind is not UseKind.LATER}
    if free and not sources:
        sources = set(text.functions)
    bound = {use.name for use in text.uses.found if use.binds}
    return not bound.isdisjoint(text.uses.flows.reached(sources))


def _parameters(text: Text, function: Function, wanted: _Wanted) -> tuple[str, ...]:
    """Return the parameters that take the inputs, in operand order."""
    refuse_kind(text, function)
    arguments, what = function.args, f"the function {function.name!r}"
    needed = required(function)
    every = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    if not every:
        message = f"{what} takes no parameters, so it cannot be verified on other values than it makes or finds"
        raise text.refusal("EL616", message, function, "give it one parameter for every operand")
    if wanted.inputs is None:
        chosen = [name for name in every if name in needed or name in wanted.operands]
        found = f"{what} requires {_counted(len(chosen), 'parameter')}"
        wanted.check_count(chosen, found, many="; give the other parameters a default value")
        return wanted.placed(chosen)
    for name in wanted.inputs:
        if name not in every:
            raise text.refusal("EL617", f"{what} has no parameter {name!r}", function, f"it has {listed(every)}")
    wanted.check_count(wanted.inputs, f"{_counted(len(wanted.inputs), 'input')} given")
    for name in needed:
        if name not in wanted.inputs:
            message = f"{what} requires {name!r}, which is not an input"
            raise text.refusal("EL614", message, function, f"give {name!r} a default value")
    return wanted.inputs


def _free_names(text: Text, wanted: _Wanted) -> tuple[str, ...]:
    """Return the inputs of a snippet, in operand order."""
    uses = text.uses
    _refuse_overwriting(text, wanted.known)
    free = _read_first(text, wanted.known)
    if not uses.starred:
        refuse_missing(text, free.values(), text.tools - wanted.known)
    if not free or text.body[-1] in [node for node, _ in text.lambdas.values()]:
        refuse_lambda(text)
    uncreated = {u.name for u in uses.found if u.grows and u.name in free} - wanted.known
    if wanted.inputs is not None:
        names = wanted.inputs
        for name in names:
            if name not in free:
                hint = f"names without a value in it: {listed(free)}" if free else "it makes all that it reads"
                raise RunError("EL617", f"the source reads no {name!r} that could be given to it", hint=hint)
        wanted.check_count(names, f"{_counted(len(names), 'input')} given")
    elif not free:
        raise makes_its_own(text)
    elif all(name in free for name in wanted.slots):
        names = tuple(name for name in wanted.slots if name is not None)
    else:
        candidates = [name for name in free if name not in uncreated]
        found = f"the source reads {_counted(len(candidates), 'name')} that it does not assign first"
        wanted.check_count(candidates, found, few="; remove the lines that make inputs")
        names = wanted.placed(candidates)
    left = [use for name, use in free.items() if name not in names]
    if left and not uses.starred:
        raise _no_value(text, left[0], names, created=left[0].name not in uncreated)
    return names


def _refuse_overwriting(text: Text, known: frozenset[str]) -> None:
    """Refuse a value that the text gives to an input and reads later: no other values would be tried."""
    last_read = {use.name: number for number, use in enumerate(text.uses.found) if use.reads}
    for number, use in enumerate(text.uses.found):
        overwrites = use.name in known and use.writes and not use.perhaps
        if overwrites and number < last_read.get(use.name, -1):
            message = f"line {line_of(use.node)} overwrites the input {use.name!r}"
            message += ", so it cannot be verified on other values"
            raise text.refusal("EL615", message, use.node, "remove that line")


def _read_first(text: Text, known: frozenset[str]) -> dict[str, Use]:
    """Return the names that are read before they are assigned, in order of appearance.

    A known input may be assigned on a branch (`if a is None: a = ...`).
    """
    assigned: set[str] = set()
    free: dict[str, Use] = {}
    ever = {use.name for use in text.uses.found if use.writes}
    for use in sorted(text.uses.found, key=lambda use: use.kind is UseKind.LATER):
        bound = ever if use.kind is UseKind.LATER else assigned
        if use.reads and use.name not in bound and (use.name in known or use.name not in GIVEN):
            free[use.name] = min(use, free.get(use.name, use), key=lambda use: use.place)
        if (use.writes or use.kind is UseKind.UPDATE) and not (use.perhaps and use.name in known):
            assigned.add(use.name)
    return dict(sorted(free.items(), key=lambda item: item[1].place))


def _no_value(text: Text, use: Use, names: Sequence[str], *, created: bool) -> RunError:
    size = f"such as {use.name} = {names[0]}.shape[0]"
    hint = f"give it a value first, {size}" if created else f"create it first, such as {use.name} = np.zeros(...)"
    message = f"line {line_of(use.node)} uses {use.name!r}, which has no value there and is none of the inputs"
    return text.refusal("EL614", f"{message} ({listed(names)})", use.node, hint)


def _result(text: Text, inputs: Sequence[str], result: str | None, expected: str | None) -> str:
    """Return the name of a snippet's result."""
    uses = text.uses
    bound = list(dict.fromkeys(use.name for use in uses.found if use.binds))
    if result is not None:
        if result not in bound and result not in inputs:
            hint = f"it assigns {listed(bound)}" if bound else "it assigns nothing"
            raise RunError("EL617", f"the source never assigns {result!r}", hint=hint)
        return result
    if expected in bound:
        return expected
    top = [use.name for use in uses.found if use.binds and not use.looped and use.name not in (*inputs, *uses.sizes)]
    candidates = uses.stored_in_loops() or list(dict.fromkeys(top))
    ends = [name for name in candidates if uses.flows.is_end(name)]
    computed = {*inputs, *uses.flows.reached(inputs)}
    ends = [name for name in ends if name in computed] or ends
    if len(ends) == 1:
        return ends[0]
    if not candidates:
        raise RunError("EL618", "the source assigns no result", hint="assign it to a name, such as C = ...")
    unsure = ends or [*candidates, *(name for name in bound if name not in candidates and uses.flows.is_end(name))]
    raise RunError(
        "EL618",
        f"the source has {len(unsure)} names that could be the result: {listed(unsure)}",
        hint=f"say which: --result {unsure[-1]} or result={unsure[-1]!r}",
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
