"""A Spec read from a pasted call, and names, in; the lines that let its loops take the place of the call out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard

from ..core.errors import NotationError
from ..core.generated import Values
from ..core.names import Names, choose_names
from ..core.nest import Nest, every
from ..core.preparation import Align, AsArray, Convert
from ..core.rows import Rows
from ..core.site import Site
from ..core.spec import Spec
from ..targets.target import Style

SIMPLE = re.compile(r"(?:return )?[\w.]+(?:\[\w+(?:, \w+)*\]|\.\w+)*(?: \+?= \w+)?")
"""A name with attributes and indices, or a statement that assigns a name to it: black leaves it alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A line before the loops: names that an expression is given to, as an array where `array` (each of them where it
    is `unpacked` into them)."""

    names: tuple[str, ...]
    value: str
    array: bool = False
    unpacked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What stands before and after the loops of a pasted call: aliases, and whole statements."""

    aliases: tuple[Alias, ...] = ()
    endings: tuple[str, ...] = ()

    @property
    def simple(self) -> bool:
        """Whether the lines are as black would leave them, as far as that shows."""
        lines = (*(alias.value for alias in self.aliases), *self.endings)
        return not any(alias.unpacked for alias in self.aliases) and all(map(SIMPLE.fullmatch, lines))

    @property
    def context(self) -> dict[str, Any]:
        """What the template of a snippet gets."""
        return {"aliases": self.aliases, "endings": self.endings}


def names_in_place(spec: Spec, names: Names, nest: Nest, reserved: Iterable[str]) -> Names:
    """Return names by which the loops convert none of the call's own variables in place."""
    own = _own(spec)
    written = {s.target if isinstance(s, Align) else s.buffer.name for s in nest.prepare if _converts(s)} & own
    if not written:
        return names
    renamed = tuple(f"{op.name}_" if op.name in written else op.name for op in spec.operands)
    return choose_names(spec.renamed(renamed, spec.result), reserved)


def placed(spec: Spec, names: Names, nest: Nest, style: Style) -> Placed:
    """Return what surrounds the loops of a snippet, nothing where no call was pasted."""
    site = spec.site
    if site is None:
        return Placed()
    endings = () if site.target == names.result else tuple(names.result.join(parts) for parts in site.endings)
    aliases = tuple(_aliases(spec, site, names, nest, style))
    if site.rest is not None and names.operands[len(site.arguments) :]:
        array = site.rest_loose and style.values is Values.ARRAYS
        aliases += (Alias(names=names.operands[len(site.arguments) :], value=site.rest, array=array, unpacked=True),)
    return Placed(aliases=aliases, endings=endings)


def check_harmless(text: str, spec: Spec, names: Names, around: Placed) -> bool:
    """Return whether `text` is the loops with what surrounds them, each a statement.

    Raises NotationError where the loops assign a name of the pasted text, or need one that is an array there.
    """
    site = spec.site
    if site is None:
        return False
    first, last = len(around.aliases), len(around.endings)
    body = ast.parse(text).body
    inner = body[first : len(body) - last]
    used = [node for statement in inner for node in ast.walk(statement) if isinstance(node, ast.Name)]
    written = {node.id for node in used if not isinstance(node.ctx, ast.Load)}
    written |= {name for alias in around.aliases for name in alias.names}
    harmed = (written & site.words) - ({names.result} if site.target == names.result else set())
    hidden = {node.id for node in used} & (_own(spec) - {*names.operands, names.result})
    if harmed | hidden:
        message = f"the loops need the name {min(harmed | hidden)!r}, which is another thing in the pasted text"
        hint = "call it something else, or ask for a function (--function, function=)"
        raise NotationError("EL139", message, text=spec.source.text, hint=hint)
    given = [ast.dump(ast.parse(ending).body[0]) for ending in around.endings]
    values = [(alias.value, statement) for alias, statement in zip(around.aliases, body[:first], strict=False)]
    return given == [ast.dump(statement) for statement in body[len(body) - last :]] and all(
        isinstance(statement, ast.Assign) and _gives(statement.value, value) for value, statement in values
    )


def _gives(node: ast.expr, value: str) -> bool:
    """Return whether an expression is `value`, or np.asarray of it or of all in it."""
    forms = (value, f"np.asarray({value})", f"map(np.asarray, {value})")
    return ast.dump(node) in [ast.dump(ast.parse(form, mode="eval").body) for form in forms]


def _own(spec: Spec) -> set[str]:
    """Return the variables that a pasted call is given as they are."""
    arguments = spec.site.arguments if spec.site is not None else ()
    return {argument.text for argument in arguments if argument is not None and argument.plain}


def _converts(statement: object) -> TypeGuard[AsArray | Convert | Align]:
    return isinstance(statement, AsArray | Convert | Align)


def _aliases(spec: Spec, site: Site, names: Names, nest: Nest, style: Style) -> Iterator[Alias]:
    """Yield the lines that give the loops' names to the arguments that have others.

    What may be no array goes through np.asarray, as np.einsum does with it; a number without axes needs none, unless
    rows of it are walked.
    """
    walked = {s.buffer for s in every(nest.body) if isinstance(s, Rows)}
    given: dict[str, str] = {}
    for name, argument, operand in zip(names.operands, site.arguments, spec.operands, strict=False):
        if argument is None or given.get(name) == argument.text:
            continue
        if name in given:
            message = f"{name} cannot be `{given[name]}` and `{argument.text}` at once"
            hint = "give different arrays different names"
            raise NotationError("EL139", message, text=spec.source.text, hint=hint)
        given[name] = argument.text
        if argument.text != name or not argument.plain:
            shaped = operand.labels or name in walked
            array = bool(argument.loose and shaped and style.values is Values.ARRAYS)
            yield Alias(names=(name,), value=argument.text, array=array)
