"""What Options say of the result in, what it means for an expression out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.errors import OptionError
from ..core.names import choose_names
from ..core.options import Options
from ..core.spec import DOTS, Spec

if TYPE_CHECKING:
    from ..core.expected import Expected


def expectation(spec: Spec, options: Options) -> Expected | None:
    """Return what the result should look like, None where nothing is said.

    Raises OptionError for a name that is neither an index of the expression nor a length that a shape or size names.

    >>> from einloop.notation import read
    >>> expected = expectation(read("ij,jk->ik"), Options(expect=("i", 4)))
    >>> expected.met(("i", "k"), {"k": 4}), expected.met(("k", "i"), {"k": 4})
    (True, False)
    """
    if options.expect is None:
        return None
    from ..core.expected import Expected

    names = choose_names(spec).index
    labels = {name: label for label, name in names.items()} | {index.label: index.label for index in spec.indices}
    given = [*(extent for _, shape in options.shapes for extent in shape or ()), *options.sizes.values()]
    lengths = frozenset(extent for extent in given if isinstance(extent, str))
    unknown = [axis for axis in options.expect if isinstance(axis, str) and axis not in {*labels, *lengths, DOTS}]
    if unknown or options.expect.count(DOTS) > 1:
        raise _refusal(spec, options.expect, unknown, lengths)
    return Expected(axes=options.expect, labels=labels, lengths=lengths)


def _refusal(spec: Spec, axes: tuple[int | str, ...], unknown: list[str], lengths: frozenset[str]) -> OptionError:
    shown = ",".join(map(str, axes))
    if not unknown:
        return OptionError("EL405", f"the expected result {shown} has '...' twice")
    indices = [index.label for index in spec.indices if not index.covered]
    hint = f"the indices are {', '.join(indices)}" if indices else "the expression has no index"
    hint += f"; the lengths are {', '.join(sorted(lengths))}" if lengths else "; -s and --sizes name lengths"
    return OptionError(
        "EL405",
        f"{unknown[0]!r} in the expected result {shown} is neither an index nor the name of a length",
        hint=hint,
    )
