"""A bound Spec or a sum of einsums and Options in, the Draft of its loops out, before any pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..core.bind import operand_title
from ..core.errors import OptionError
from ..core.generated import Form, Generated, Values
from ..core.names import choose_names
from ..core.options import Options
from ..core.sizes import check_lists_show
from ..core.spec import Spec
from ..schedule import Draft, Request, first_draft
from ..targets.target import Style, Target
from .dtypes import declared_dtypes
from .reading import reserved_names
from .scheduling import find_path

if TYPE_CHECKING:
    from ..core.joint import JointSum


def begun(
    subject: Spec | JointSum, options: Options, target: Target, style: Style, reserved: Iterable[str] = ()
) -> Draft:
    """Return the loops as they are lowered. `reserved`: what nothing may be called, beside the words of the target.

    Raises OptionError for dtypes and shapes that the style does not take.
    """
    spec, joint = (subject, None) if isinstance(subject, Spec) else (subject.spec, subject)
    checked = style.values is not Values.POINTERS and (options.checks or options.form is not Form.SNIPPET)
    dtypes = declared_dtypes(spec, options, style, checked=checked)
    _check_strides(target, spec, options)
    names = choose_names(spec, (*reserved_names(options), *reserved))
    if style.values is Values.POINTERS:
        names = names.with_literal_extents(spec)
    if style.values is Values.LISTS:
        check_lists_show(spec, names.operands)
    request = Request(
        dtypes=dtypes,
        checked=checked,
        values=style.values,
        strides=options.strides,
        machine=options.machine,
        threads=options.threads,
    )
    if joint is not None:
        from ..schedule.sums import named_for  # a plain expression is spared it

        names = named_for(joint, names, request)
    return first_draft(spec, names, request, find_path, target.abilities, joint=joint)


def _check_strides(target: Target, spec: Spec, options: Options) -> None:
    """Raise OptionError for an array that is read backwards where a negative index counts from the end."""
    for number, strides in enumerate(options.strides):
        if strides is not None and min(strides, default=0) < 0 and not target.negative_strides:
            raise OptionError(
                "EL416",
                f"{operand_title(spec, number)} is read backwards (strides {', '.join(map(str, strides))}), and target "
                f"{target.name!r} has no negative offsets",
                operand=number,
                hint="pass a contiguous copy",
            )


def admit(generated: Generated, inputs: Sequence[object]) -> Sequence[object]:
    """Return inputs as the loops take them; raise for what the text is not for."""
    from ..runners.admission import admit  # where a text is run, not where it is printed

    return admit(generated, inputs)
