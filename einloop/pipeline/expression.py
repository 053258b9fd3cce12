"""A text and Options in, what it means out: one einsum, or a sum of several. Every way in begins here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.errors import LiftError, NotationError, OptionError
from ..core.generated import Form
from ..core.options import Options
from ..core.source import Notation
from ..core.spec import Spec
from ..core.topic import Topic
from ..notation import looks_like_call, read_statements
from .reading import bind
from .whole import check_whole

if TYPE_CHECKING:
    from ..core.combination import Statements


def read_expression(
    text: str, options: Options, *, whole: bool = False, added: bool = False, add: bool | None = None
) -> Spec | Statements:
    """Return what `text` means, with the names, shapes and sizes that `options` give: one einsum, or a sum of several.

    A text that no notation reads is lifted where it is code; so is one that has more than the call in it, where the
    answer is to be `whole`; `added`: an augmented assignment may stand around it. `add`: a formula with `+=` adds to
    what is there; None: where the options say so. Raises OptionError where they say so and nothing is added to.
    """
    if options.notation is not None and options.notation.traits.code:
        return _from_code(text, options, options.notation)
    try:
        spec = read_text(text, options, add=add)
        if _has_arrays(options) and of_numbers(spec):
            found = _other_reading(text, options, None)  # a * b of arrays is no formula of numbers
            if found is not None:
                return found
        if whole and isinstance(spec, Spec):
            check_whole(spec, added=added)
    except NotationError as error:
        found = _other_reading(text, options, error)
        if found is None:
            raise
        return found
    return bind(spec, options) if isinstance(spec, Spec) else spec


def read_text(text: str, options: Options, *, add: bool | None = None) -> Spec | Statements:
    """Return what a text that is no code means, whatever shapes `options` give; `add` as in `read_expression`.

    Raises NotationError, and OptionError where the options let a result be added to and none is.
    """
    found = read_statements(text, options.notation, add=options.add if add is None else add)
    if options.add and (isinstance(found, Spec) or not any(one.adds for one in found.combinations)):
        raise OptionError("EL471", "add: no result is added to", hint="it is for a formula with += or -=")
    return found


def read_spec(text: str, options: Options) -> Spec:
    """Return the metadata of a text that is one einsum."""
    found = read_expression(text, options)
    assert isinstance(found, Spec)  # who asks has looked
    return found


def read_for_loops(text: str, options: Options) -> Spec | Statements:
    """Return what `text` means as loops take it. Raises NotationError where loops cannot stand for all of it."""
    return read_expression(text, options, whole=True, added=options.form is Form.SNIPPET)


def _from_code(text: str, options: Options, notation: Notation) -> Spec | Statements:
    from .lift import expression_of, lift_text  # what reads code is loaded where there is code

    return expression_of(lift_text(text, options, notation).statements, options)


def _has_arrays(options: Options) -> bool:
    """Return whether some operand is given axes."""
    return any(shape for _, shape in options.shapes) or any(array.shape for _, array in options.loaded)


def of_numbers(found: Spec | Statements) -> bool:
    """Return whether no operand has an index."""
    if isinstance(found, Spec):
        return not any(operand.labels for operand in found.operands)
    return not any(one.views or any(x.spec.indices for x in one.summands) for one in found.combinations)


def _other_reading(text: str, options: Options, error: NotationError | None) -> Spec | Statements | None:
    """Return what a text means as code, None where it is none; `error`: why no notation reads it, if none does.

    Raises LiftError where it plainly is code.
    """
    from .recognise import code_notation, is_arithmetic

    call = looks_like_call(text)
    if options.notation is not None or (call and (error is None or error.topic is not Topic.MORE)):
        return None
    notation = code_notation(text)
    sure = notation is not None and not call
    if notation is None and (options.shapes or options.loaded or (error is not None and is_arithmetic(text))):
        notation = code_notation(text, sure=False)
    if notation is None:
        return None
    try:
        return _from_code(text, options, notation)
    except (LiftError, OptionError) as refusal:
        if error is not None and error.topic is refusal.topic is Topic.FUNCTION:
            return None  # a function in a formula: its refusal says what to write
        if sure or refusal.topic is Topic.UNKNOWN_AXES:
            raise
        return None
