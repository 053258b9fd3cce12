"""A C text that was parsed: what one run of it leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from pycparser import c_ast as c

from ...core.polynomial import Polynomial, polynomial
from ..computed import Cells, Computed, Cuts, Input
from ..sequence import CutRun, sequenced
from ..sizes import Refusal, Sizes
from ..terms import SITE
from ..versions import Version, version_of
from .declarations import KEPT
from .literals import bitwise, choosers, multiples_of, numbers_of
from .memory import Memory, Pointer, Record
from .names import Setting
from .nodes import walk
from .statements import CRun, shared
from .tree import Tree, parameters, parsed
from .types import Arithmetic
from .usage import index_names, scratch_of, tables_of, usage_of

RESULT = "result"
"""What a value that a function returns is called."""


class CProgram:
    """C text, parsed. The function that no other calls is run; of several, the last.

    `choosers`: the ways to choose small numbers for the large ones of the text, the one that holds now first.
    """

    def __init__(self, text: str, *, tables: bool = True) -> None:
        self.tree = parsed(text)
        self.usage = usage_of(self.tree.root)
        self.offsets = self.usage.offsets
        self.called = outermost(self.tree)
        self.name = main_function(self.tree)
        self.numbers = numbers_of(self.tree)
        self.shared = shared()
        arrays = [
            one
            for one in parameters(self.tree.functions[self.name])
            if isinstance(getattr(one, "type", None), (c.PtrDecl, c.ArrayDecl))
        ]
        self.scratch = scratch_of(self.tree.root) if arrays else frozenset()
        """Static arrays that the text needs for itself."""
        self.tables = tables_of(self.tree.root, self.usage.written) if tables else frozenset()
        """Arrays of numbers in the text that are operands, not numbers."""
        self.multiples: dict[str, int] = {}
        """Lengths that are taken to be multiples, as the text counts in steps or divides."""
        self.choosers = choosers(self.numbers, powers=bitwise(self.tree))
        self.letters = index_names(self.tree.root)
        self.sums = any(not _is_status(one.expr) for one in walk(self.tree.functions[self.name], c.Return))
        self.renamed: dict[str, str] = {}
        self.kinds: dict[str, Arithmetic] = {}
        """What the elements of arrays are, and what is returned."""

    def changed(self) -> bool:
        """Choose other numbers for those of the text from now on, at last themselves; False where these were chosen."""
        more, self.shared = len(self.choosers) > 1, shared()
        self.choosers, before = self.choosers[more:], self.multiples
        if not more and not before:
            self.multiples = multiples_of(self.tree, self.usage.counting)
            self.choosers = choosers(self.numbers, powers=False)
        return more or self.multiples != before

    def run(self, sizes: Sizes, cuts: Cuts | None = None) -> Computed:
        """Run it on polynomials, with `cuts` in parts. Raises Refusal, and Unequal where two lengths have to be one."""
        return self.computed(sizes, Setting(literals=self.literals(sizes), tables=self.tables), cuts)

    def literals(self, sizes: Sizes) -> Mapping[int, int]:
        """Return what stands for the numbers of the text, which the lengths know from now on."""
        return self.choosers[0](self.numbers, sizes)

    def computed(self, sizes: Sizes, setting: Setting, cuts: Cuts | None = None) -> Computed:
        """Return what a run leaves: the elements of every array that it writes, and what its function returns."""
        sizes.multiples = {name: setting.literals.get(step, step) for name, step in self.multiples.items()}
        run = CRun(self.tree, self.usage, sizes, setting, self.shared)
        run.cutting = None if cuts is None else CutRun(cuts)
        returned = run.main(self.name)
        self.renamed.update(run.renamed)
        kind = run.type_of(self.tree.functions[self.name].decl.type.type)
        self.kinds.update({one.name: one.kind for one in run.memories if one.kind is not None})
        self.kinds.update({RESULT: kind} if isinstance(kind, Arithmetic) else {})
        found: dict[str, dict[tuple[int, ...], Polynomial]] = {}
        for memory in run.memories:
            cells = {} if memory.copied else _written(memory)
            if cells:
                found.setdefault(memory.name, {}).update(cells)
        given = frozenset(found)
        results: dict[str, Cells] = dict(found)
        if self.tree.bare:
            results.update(_left(run, self.tree))
        if isinstance(returned, Pointer) and not returned.memory.given:
            results[RESULT] = {(place,): polynomial(value) for place, value in returned.memory.cells.items()}
        elif isinstance(returned, Record):
            results.update(run.members(RESULT, returned))
        elif isinstance(returned, Polynomial) and results and _undeclared(returned, self.tree):
            pass  # a constant of a header, which says that all went well
        elif isinstance(returned, (Polynomial, Fraction)) or (isinstance(returned, int) and not results and self.sums):
            results[RESULT] = {(): polynomial(returned)}
        results = self._kept(results)
        left = Computed(
            results=results,
            shapes={},
            inputs=inputs_of(run),
            made=frozenset(results) - given,
            literals=frozenset(self.numbers) - setting.literals.keys(),
            letters=self.letters,
            compared=run.comparisons.least,
            bounds={node: filled for node, made in run.own.items() if (filled := _filled(made)) is not None},
            assumes=True,
        )
        return sequenced(run.cutting, left)

    def _kept(self, results: Mapping[str, Cells]) -> dict[str, Cells]:
        """Return results without what is left in arrays that the text needs for itself. Raises Refusal."""
        kept = {name: cells for name, cells in results.items() if name not in self.scratch}
        read: set[str] = set()
        for cells in kept.values() if self.scratch else ():
            read |= {
                name.partition(SITE)[0] for cell in cells.values() for product in cell.terms() for name, _ in product
            }
        for name in sorted(read & self.scratch):
            raise Refusal("EL817", KEPT.format(name=name), None, "set it before it is read")
        left_out = sorted(results.keys() - kept.keys())
        self.shared.notes |= {f"{name} is left out: it is static, and read here": None for name in left_out}
        return kept


def _undeclared(value: Polynomial, tree: Tree) -> bool:
    """Return whether a value is that of a name that the text does not declare."""
    products = [*value.terms()]
    return len(products) == 1 and all(at == () and name not in tree.declared for name, at in products[0])


def _is_status(node: object) -> bool:
    """Return whether what is returned only says that all went well: a number that stands in the text, or nothing."""
    return node is None or isinstance(node, (c.Constant, c.Cast)) or (isinstance(node, c.UnaryOp) and node.op == "-")


def _filled(made: Sequence[Memory]) -> tuple[int, int] | None:
    """Return how many elements of the arrays of one declaration are used at most, and how many they have."""
    used = [one for one in made if one.unit and one.limit is not None]
    return max(((one.last + 1, one.limit // one.unit) for one in used if one.limit is not None), default=None)


def _written(memory: Memory) -> Cells:
    """Return the elements that a run wrote, none where all are what they were."""
    cells = {
        memory.at(place): polynomial(value) for place, value in memory.cells.items() if not isinstance(value, Pointer)
    }
    return {} if all(_own(memory.name, at, value) for at, value in cells.items()) else cells


def _own(name: str, at: tuple[int, ...], value: Polynomial) -> bool:
    """Return whether an element is what it was."""
    terms = value.terms()
    if len(terms) != 1:
        return False
    ((product, factor),) = terms.items()
    return factor == 1 and len(product) == 1 and (version_of(product[0])) == Version(name, "", at)


def _left(run: CRun, tree: Tree) -> Iterator[tuple[str, Cells]]:
    """Yield the sums that statements without a function leave in names of their own."""
    used = {one.name for loop in walk(tree.root, c.Assignment) for one in walk(loop.rvalue, c.ID)}
    for name, variable in {**run.globals, **run.outermost}.items():
        value = variable.get()
        if isinstance(value, Polynomial) and not _own(name, (), value) and name not in used:
            yield name, {(): value}


def inputs_of(run: CRun) -> dict[str, Input]:
    """Return what a run was given: lengths, and for every array the shape that it needs at least."""
    found: dict[str, Input] = {name: int(value) for name, value in run.counted.items()}
    found |= dict.fromkeys(run.scalars, ())
    for memory in run.memories:
        before = found.get(memory.name, ())
        touched = memory.touched
        if touched is not None and isinstance(before, tuple):
            longest = [max(a, b) for a, b in zip(before, touched, strict=False)]
            found[memory.name] = (*longest, *touched[len(longest) :])
    return found


def main_function(tree: Tree) -> str:
    """Return the name of the function that is run. Raises Refusal where there is none."""
    if not tree.functions:
        raise Refusal("EL814", "there is no function and no statement", hint="give the whole function, with its body")
    return outermost(tree)[-1]


def outermost(tree: Tree) -> list[str]:
    """Return the functions that no other calls; all where each is called."""
    called = {one.name.name for one in walk(tree.root, c.FuncCall) if isinstance(one.name, c.ID)}
    return [name for name in tree.functions if name not in called and name != "main"] or list(tree.functions)
