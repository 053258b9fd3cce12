"""A C text that was parsed: what one run of it leaves, and with which lengths it is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pycparser import c_ast as c

from ...core.polynomial import Polynomial, polynomial
from ..lift import Cells, Computed
from ..sizes import Refusal, Sizes
from .declarations import Seen, Setting
from .literals import BITWISE, SMALL, Choice, choices, numbers_of
from .memory import Memory, Pointer
from .statements import Statements, parameters
from .tree import BARE, Tree, parsed, walk
from .types import Arithmetic
from .usage import Usage, usage_of

RESULT = "result"
"""What a value that a function returns is called."""


class CProgram:
    """C text, parsed. The function that no other calls is run; of several, the last.

    `stand_in`: small numbers stand for the large ones of the text.
    """

    def __init__(self, text: str, *, stand_in: bool = False) -> None:
        self.tree = parsed(text)
        self.usage = usage_of(self.tree.root)
        self.name = _main(self.tree)
        self.numbers = numbers_of(self.tree)
        self.seen = Seen()
        self.stand_in = stand_in and any(one > SMALL for one in self.numbers)
        self.choices = self._choices()
        self.setting = Setting(literals={one: one for one in self.numbers if one > SMALL} if self.stand_in else {})

    def _choices(self) -> list[Choice] | None:
        return choices(self.numbers, strides(self.tree, self.usage, self.name), stand_in=self.stand_in, powers=_bitwise(self.tree))

    def run(self, sizes: Sizes) -> Computed:
        """Run it on polynomials."""
        return Computed(results=self.results(sizes, self.setting), shapes={})

    def results(self, sizes: Sizes, setting: Setting) -> dict[str, Cells]:
        """Return the elements of every array that a run writes, and what its function returns."""
        run = Statements(self.tree, self.usage, sizes, setting, self.seen)
        returned = run.main(self.name)
        found: dict[str, dict[tuple[int, ...], Polynomial]] = {}
        for memory in run.memories:
            cells = _written(memory)
            if cells:
                found.setdefault(memory.name, {}).update(cells)
        if self.tree.bare:
            found.update(_left(run, self.tree))
        if isinstance(returned, Pointer) and not returned.memory.given:
            found[RESULT] = {(place,): polynomial(value) for place, value in returned.memory.cells.items()}
        elif not isinstance(returned, Pointer) and returned is not None and not (isinstance(returned, int) and found):
            if isinstance(returned, int) or not isinstance(returned, Polynomial):
                if found:
                    return dict(found)
                raise Refusal("EL814", "what this returns is made of no array", self.tree.functions[self.name].decl)
            found[RESULT] = {(): returned}
        return dict(found)


def _written(memory: Memory) -> dict[tuple[int, ...], Polynomial]:
    """Return the elements that a run wrote, where they are not what they were."""
    cells = {memory.at(place): polynomial(value) for place, value in memory.cells.items() if not isinstance(value, Pointer)}
    same = all(value.terms() == {((memory.name, at),): 1} for at, value in cells.items())
    return {} if same else cells


def _left(run: Statements, tree: Tree) -> Iterator[tuple[str, Cells]]:
    """Yield the sums that statements without a function leave in names of their own."""
    used = {one.name for loop in walk(tree.root, c.Assignment) for one in walk(loop.rvalue, c.ID)}
    for name, variable in run.scopes[0].items():
        value = variable.get()
        own = isinstance(value, Polynomial) and value.terms() != {((name, ()),): 1} and value.constant is None
        if own and name not in used:
            yield name, {(): value}


def _main(tree: Tree) -> str:
    """Return the name of the function that is run. Raises Refusal where there is none."""
    if not tree.functions:
        raise Refusal("EL814", "there is no function and no statement", hint="give the whole function, with its body")
    called = {one.name.name for one in walk(tree.root, c.FuncCall) if isinstance(one.name, c.ID)}
    names = [name for name in tree.functions if name not in called and name != "main"] or list(tree.functions)
    return names[-1]


def strides(tree: Tree, usage: Usage, name: str) -> list[str]:
    """Return the parameters that count and only say how far apart elements or rows stand."""
    found = [one.name for one in parameters(tree.functions[name])]
    return [one for one in found if one in usage.places and (one not in usage.limits or one.lower().startswith("ld"))]


def _bitwise(tree: Tree) -> bool:
    return any(node.op in BITWISE for node in walk(tree.root, (c.BinaryOp, c.UnaryOp, c.Assignment))
               if not (isinstance(node, c.UnaryOp) and node.op == "&"))  # fmt: skip


__all__ = ["BARE", "Any", "Arithmetic", "CProgram", "Mapping", "Sequence"]
