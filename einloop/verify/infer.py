"""A person's Python text in, out which names are its inputs and which is its result. Runs nothing.

A text with functions is checked through one of them: its required parameters are the inputs, what it returns is the
result. Any other text is a snippet: the names it reads before it assigns them are the inputs. A block under
`if __name__ == "__main__":` is not considered. Names are followed from the top of the text to its bottom, as if every
branch ran.

Refusals: EL610 the text does not parse; EL611 which function, or loops outside it; EL612 a function that cannot be
called with arrays; EL613 not as many names as operands; EL614 a name that nothing gives a value; EL615 an input is
overwritten; EL616 the snippet makes its own inputs; EL617 a name given is not in the text; EL618 which name is the
result; EL619 a function and a result are both given.
"""

from __future__ import annotations

import ast
import builtins
import textwrap
import warnings
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum

from ..core.errors import RunError
from ..core.source import Span

GIVEN = frozenset({"np", "numpy", "math", "__file__"}) | frozenset(dir(builtins))
"""Names that a text may read although it never assigns them."""
MUTATORS = frozenset({"append", "extend", "insert", "fill", "itemset"})
"""Methods that store into their object."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Scope = _Function | ast.Lambda | ast.ClassDef
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """How to run a text: the names that take the inputs, and its result or its function.

    `inputs` are in operand order: one per distinct operand name, or one per operand where the text has so many.
    A function takes them by name, its parameters may stand in another order. `result` is the name to read
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
    """Return which names of `source` are its inputs, and which name or function gives the result.

    `operands` are the operand names of the expression, None where it has none. `inputs`, `result` and `entry` are
    the person's word; `expected_result` is the expression's name for its result, which counts where the text assigns
    it. Operand names that the text reads take their places; other names fill the rest in the order in which they
    first appear in the text, even where another order would fit as well. A name twice in `inputs` is one array for
    two operands. Raises RunError where the roles are not certain.

    >>> infer_roles("c = 0\\nfor i in range(len(a)):\\n    c += a[i] * b[i]\\n", [None, None])
    Roles(inputs=('a', 'b'), result='c', entry=None)
    >>> infer_roles("def dot(b, a, n=3):\\n    return sum(a[i] * b[i] for i in range(n))\\n", ["a", "b"])
    Roles(inputs=('a', 'b'), result=None, entry='dot')
    """
    text = source.replace("\r\n", "\n").replace("\r", "\n")
    body, main = _without_main(_parse(text).body)
    wanted = _Wanted(operands=tuple(operands), inputs=None if inputs is None else tuple(inputs))
    uses = _Uses()
    uses.visit_all(body)
    function = _function(text, body, uses, result, entry, expected_result)
    if function is not None:
        return Roles(inputs=_parameters(text, function, wanted), result=None, entry=function.name)
    names = _free_names(text, uses, wanted, main)
    return Roles(inputs=names, result=_result(uses, names, result, expected_result), entry=None)


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

    def fits(self, names: Sequence[str]) -> bool:
        return len(names) in (len(self.slots), len(self.operands))

    def placed(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return `names` with those of the operands at their places."""
        slots = self.slots if len(names) == len(self.slots) else self.operands
        others = iter([name for name in names if name not in slots])
        return tuple(slot if slot in names else next(others) for slot in slots)

    def check_count(self, text: str, node: ast.AST | None, names: Sequence[str], found: str) -> None:
        """Refuse `names` that are not as many as the operands; `found` says where they come from."""
        if self.fits(names):
            return
        count = len(self.operands)
        listed = f" ({', '.join(names)})" if names else ""
        message = f"{found} {_counted(len(names), 'name')}{listed}, the expression has {_counted(count, 'operand')}"
        example = ",".join(names[:count]) if len(names) > count else ",".join((list(names) or ["A"]) * count)[: 2 * count - 1]
        raise _error("EL613", message, text, node, "")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
