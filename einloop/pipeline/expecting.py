"""What Options say of the result in, what it means for an expression out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ..core.errors import OptionError
from ..core.names import Names, choose_names
from ..core.options import Options
from ..core.spec import DOTS, Spec

if TYPE_CHECKING:
    from ..core.expected import Expected


def expectation(spec: Spec, options: Options) -> Expected | None:
    """Return what the result should look like, None where nothing is said.

    Raises OptionError for a name that is neither an index of the expression nor a length: one that a shape or size
    names, or one that the loops have.

    >>> from einloop.notation import read
    >>> expected = expectation(read("ij,jk->ik"), Options(expect=("i", 4)))
    >>> expected.met(("i", "k"), {"k": 4}), expected.met(("k", "i"), {"k": 4})
    (True, False)
    """
    if options.expect is None:
        return None
    from ..core.expected import Expected

    names = choose_names(spec)
    labels = {name: label for label, name in names.index.items()} | {index.label: index.label for index in spec.indices}
    given = [*(extent for _, shape in options.shapes for extent in shape or ()), *options.sizes.values()]
    lengths = frozenset(extent for extent in given if isinstance(extent, str))
    printed = {name: label for label, name in names.extent.items() if label != DOTS}
    extents = {**printed, **_capitals(names)}
    known = {*labels, *lengths, *extents, DOTS}
    unknown = [axis for axis in options.expect if isinstance(axis, str) and axis not in known]
    if unknown or options.expect.count(DOTS) > 1:
        raise _refusal(spec, options.expect, unknown, _shown(extents, lengths))
    return Expected(axes=options.expect, labels=labels, lengths=lengths, extents=extents)


def _capitals(names: Names) -> dict[str, str]:
    """Return each index in capitals, where no other index is called so; in the loops an operand may have that name."""
    capitals = [(name.upper(), label) for label, name in names.index.items() if not label.startswith(DOTS)]
    return {
        capital: label
        for capital, label in capitals
        if [one for one, _ in capitals].count(capital) == 1 and capital not in names.index.values()
    }


def _shown(extents: Mapping[str, str], lengths: Iterable[str]) -> list[str]:
    """Return a name for the length of every index, the last of several, and the names that were given."""
    last = {label: name for name, label in extents.items()}
    return [*dict.fromkeys([*last.values(), *sorted(lengths)])]


def _refusal(spec: Spec, axes: tuple[int | str, ...], unknown: list[str], lengths: list[str]) -> OptionError:
    shown = ",".join(map(str, axes))
    if not unknown:
        return OptionError("EL405", f"the expected result {shown} has '...' twice")
    indices = [index.label for index in spec.indices if not index.covered]
    hint = f"the indices are {', '.join(indices)}" if indices else "the expression has no index"
    hint += f"; the lengths are {', '.join(lengths)}" if lengths else "; -s and --sizes name lengths"
    return OptionError(
        "EL405",
        f"{unknown[0]!r} in the expected result {shown} is neither an index nor the name of a length",
        hint=hint,
    )
