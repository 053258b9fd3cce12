"""The verifier must be able to fail: emitted programs are broken in one place each, and every break must be seen.

A mutant that means the same as the original is not a break. Which ones do is decided by a rule of its kind, written at
that kind's function, from the expression alone: never from what the verifier said. A mutant with such a reason has to
pass the verification, so that a wrong rule shows as well. `pytest tests/test_mutants.py -s` prints the table.

The programs of `wrong_programs.py` are broken as people break them, and those of `right_programs.py` are not.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import combinations, permutations

import pytest
from right_programs import RIGHT
from wrong_programs import UNTOLD, WRONG, text_of

from einloop import generate
from einloop import verify as verify_source
from einloop.core.generated import Form, Generated, Values
from einloop.pipeline.verify import verify as verify_generated
from einloop.proof.subject import Subject
from einloop.proof.verifier import verify
from einloop.runners.namespace import python_runner, run_program

SITES = 28
"""Mutants of one kind from one emission at most, spread over its places: all pairs of eight, some of 22 indices."""

LETTERS_TRIED = 4
"""Summed letters up to this number are tried in all orders; with more, no emission here repeats an array."""

EMISSIONS = {
    "product": ("ij,jk->ik", {}),
    "sum": ("ij->", {}),
    "column sums": ("ij->j", {"result": "r"}),
    "transpose": ("ij->ji", {}),
    "diagonal": ("ii->i", {}),
    "outer": ("i,j,k->ki", {}),
    "attention": ("bimd,bind->bimn", {"order": "output"}),
    "one array twice": ("ij,ik->jk", {"names": ["X", "X"]}),
    "symmetric": ("ij,ji->ij", {"names": ["X", "X"]}),
    "stretched": ("ij,jk->ik", {"shapes": [(2, 1), (3, 4)], "comments": True}),
    "bool": ("i,i->", {"dtypes": "bool"}),
    "object": ("i,j->ij", {"dtypes": "object"}),
    "complex": ("ij,jk,kl->il", {"dtypes": "complex64"}),
    "ellipses": ("...ij,...jk->...ik", {}),
    "ellipsis with shapes": ("...i,i->...", {"shapes": [(2, 3, 4), (4,)]}),
    "eight indices": ("abcdefgh->ah", {}),
    "22 loops": ("abcdefghijklmnopqrstuv->av", {}),
    "scalar": ("ij,jk->ik", {"style": "scalar"}),
    "scalar int8 function": ("ij,jk->ik", {"style": "scalar", "function": "f", "dtypes": "int8"}),
    "scalar ellipsis function": ("...ij,j->...", {"style": "scalar", "function": "f"}),
    "lists": ("ij,jk->ik", {"style": "lists"}),
    "lists transpose": ("ij->ji", {"style": "lists"}),
    "lists diagonal": ("iij->j", {"style": "lists"}),
    "lists function": ("ij,jk->ik", {"style": "lists", "function": "f"}),
    "lists stretched function": ("ij,j->i", {"style": "lists", "function": "f", "shapes": [(2, 1), (3,)]}),
    "product function": ("ij,jk->ik", {"function": "f"}),
    "inner function": ("ij,ij->", {"function": "f"}),
    "sum function": ("i->", {"function": "f"}),
    "transpose function": ("ij->ji", {"function": "f"}),
    "transpose int8 function": ("ij->ji", {"function": "f", "dtypes": "int8"}),
    "diagonal function": ("iij->ij", {"function": "f"}),
    "0-d function": ("i,->i", {"function": "f"}),
    "two scalars function": (",->", {"function": "f"}),
    "ellipsis function": ("...ij,jk->...ik", {"function": "f"}),
    "lost ellipsis function": ("...i,i->i", {"function": "f"}),
    "mixed dtypes function": ("i,i->", {"function": "f", "dtypes": {"a": "int8", "b": "int16"}}),
    "stretched with checks": ("ij,jk->ik", {"shapes": [(2, 1), (3, 4)], "checks": True}),
    "program": ("ij,jk->i", {"script": True}),
}
"""What is broken: every style and form, with and without shapes, dtypes, ellipses, diagonals and stretched axes."""


@dataclass(frozen=True)
class Access:
    """An element of a buffer; `subscripts` as they are written: `i`, `0`, `*at`."""

    buffer: str
    subscripts: tuple[str, ...] = ()

    def written(self, *, lists: bool, boxed: bool = False) -> str:
        if not self.subscripts:
            return f"{self.buffer}[()]" if boxed else self.buffer
        if lists:
            return self.buffer + "".join(f"[{subscript}]" for subscript in self.subscripts)
        return f"{self.buffer}[{', '.join(self.subscripts)}]"


@dataclass(frozen=True)
class Statement:
    """An assignment to an element: `target operator factor times factor ...`."""

    target: Access
    operator: str
    factors: tuple[Access, ...]
    times: tuple[str, ...]
    from_zero: bool = False


@dataclass
class Program:
    """An emission as a syntax tree, with the parts that mutations touch. `labels` name each index's variable."""

    generated: Generated
    tree: ast.Module = field(init=False)
    body: list[ast.stmt] = field(init=False)
    loops: list[ast.For] = field(init=False)
    core: ast.stmt = field(init=False)
    write: ast.stmt | None = field(init=False)
    total: ast.stmt | None = field(init=False)
    zero: ast.stmt | None = field(init=False)

    def __post_init__(self) -> None:
        self.tree = ast.parse(self.generated.source)
        functions = [node for node in self.tree.body if isinstance(node, ast.FunctionDef)]
        self.body = functions[0].body if functions else self.tree.body
        self.loops = []
        inner = self.body
        while found := [node for node in inner if isinstance(node, ast.For)]:
            (loop,) = found
            self.loops.append(loop)
            inner = loop.body
        leaves = [node for loop in self.loops for node in loop.body if isinstance(node, ast.Assign | ast.AugAssign)]
        if not self.loops:
            leaves = [node for node in self.body if isinstance(node, ast.Assign | ast.AugAssign)][-1:]
        # a total in the loops: made of a zero, added to by the core, written to the result behind the sum
        named = [node for node in leaves if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)]
        self.total = named[0] if self.loops and named else None
        self.write = None
        if self.total is not None:
            name = ast.unparse(self.total.targets[0])
            self.write = next(node for node in leaves if ast.unparse(node.value) == name)
        self.core = next(node for node in leaves if node is not self.total and node is not self.write)
        self.zero = next((node for node in self.body if self._makes_zeros(node)), None)

    def _makes_zeros(self, node: ast.stmt) -> bool:
        named = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        return named and node is not self.core and node.targets[0].id == self.generated.result

    @property
    def lists(self) -> bool:
        return self.generated.contract.values is Values.LISTS

    @property
    def checked(self) -> bool:
        return self.generated.contract.checked

    @property
    def indices(self) -> list[str]:
        """The variables of the loops, without that of an ellipsis."""
        return [name.id for loop in self.loops for name in _names(loop.target) if name.id != "at"]

    def read(self, node: ast.stmt) -> Statement:
        """Return an assignment in its parts."""
        augmented = isinstance(node, ast.AugAssign)
        target = node.target if augmented else node.targets[0]
        operator = {ast.Add: "+=", ast.BitOr: "|="}[type(node.op)] if augmented else "="
        value, times, factors = node.value, [], []
        from_zero = isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add)
        value = value.right if from_zero else value
        while isinstance(value, ast.BinOp):
            times.insert(0, {ast.Mult: "*", ast.BitAnd: "&"}[type(value.op)])
            factors.insert(0, value.right)
            value = value.left
        accesses = tuple(map(_access, [value, *factors]))
        return Statement(_access(target), operator, accesses, tuple(times), from_zero)

    def written(self, statement: Statement) -> ast.stmt:
        """Return the syntax of an assignment."""
        boxed = self.checked and not self.lists
        written = [
            factor.written(lists=self.lists, boxed=boxed and factor.buffer != "total") for factor in statement.factors
        ]
        text = written[0] + "".join(f" {op} {word}" for op, word in zip(statement.times, written[1:], strict=True))
        target = statement.target.written(lists=self.lists)
        return ast.parse(f"{target} {statement.operator} {'0 + ' if statement.from_zero else ''}{text}").body[0]

    @contextmanager
    def replaced(self, old: ast.stmt, *new: ast.stmt) -> Iterator[str]:
        """Give the text in which `new` statements stand in the place of `old`."""
        container = self.container(old)
        place = container.index(old)
        container[place : place + 1] = new
        text = self.text
        container[place : place + len(new)] = [old]
        yield text

    def with_statement(self, old: ast.stmt, new: Statement) -> str:
        with self.replaced(old, self.written(new)) as text:
            return text

    def container(self, node: ast.stmt) -> list[ast.stmt]:
        """Return the list of statements in which `node` stands."""
        every = [self.body, *(loop.body for loop in self.loops)]
        return next(statements for statements in every if any(node is statement for statement in statements))

    @property
    def text(self) -> str:
        return ast.unparse(ast.fix_missing_locations(self.tree)) + "\n"

    def meaning(self, core: Statement, write: Statement | None) -> object:
        """Return what the accesses say, the same for two expressions that differ in nothing but letters.

        Every output position has a number in place of its letter; summed letters are tried in all orders; equal
        factors may change places, because products commute. None where the output is not an output of an einsum, or
        where a letter runs over another extent than the axis has on which it stands.
        """
        output = (core if write is None else write).target.subscripts
        if len(set(output)) < len(output) or not self._in_range(core, output):
            return None
        free = {letter: f"out {number}" for number, letter in enumerate(output)}
        summed = [name for name in self.labels if name not in free]
        numbers = [f"sum {number}" for number in range(len(summed))]
        orders = permutations(numbers) if len(summed) <= LETTERS_TRIED else [tuple(numbers)]
        return min(
            sorted(
                (*self.arrays[factor.buffer], tuple(letters.get(s, s) for s in factor.subscripts))
                for factor in core.factors
            )
            for letters in ({**free, **dict(zip(summed, order, strict=True))} for order in orders)
        )

    def _in_range(self, core: Statement, output: tuple[str, ...]) -> bool:
        """Tell whether every letter stands on axes with the extent that its loop has, in factors and output."""
        axes = {name: self._axes(self.read(self.core), name) for name in [*self.labels, "0"]}
        written = self.read(self.core if self.write is None else self.write).target.subscripts
        reads = [(name, {(factor.buffer, k)}) for factor in core.factors for k, name in enumerate(factor.subscripts)]
        named = [(name, {(self.arrays[buffer][0], k)}) for name, places in reads for buffer, k in places]
        writes = [(name, axes[old]) for name, old in zip(output, written, strict=True)]
        return all(axes[name] & places for name, places in (*named, *writes))

    def _axes(self, core: Statement, name: str) -> set[tuple[str, int]]:
        """Return (array, axis) of the places where a letter stands in a statement."""
        factors = [(self.arrays[factor.buffer][0], factor.subscripts) for factor in core.factors]
        return {(array, k) for array, subscripts in factors for k, s in enumerate(subscripts) if s == name}

    @property
    def labels(self) -> list[str]:
        """The subscripts that loops run over, as accesses write them."""
        return [*self.indices, *(["*at"] if any(ast.unparse(loop.target) == "at" for loop in self.loops) else [])]

    @property
    def arrays(self) -> dict[str, tuple[str, int]]:
        """Which array a name in the loops stands for, and where its ellipsis stands (-1: it has none).

        Broadcasting gives one array several names (`X_0`), the same where the ellipsis is at the same place.
        """
        spec, names = self.generated.spec, self.generated.operands
        views = [factor.buffer for factor in self.read(self.core).factors]
        return {
            view: (name, -1 if op.dots is None else op.dots)
            for view, name, op in zip(views, names, spec.operands, strict=True)
        }

    def same_meaning(self, core: Statement | None = None, write: Statement | None = None) -> str | None:
        """Return a reason where other statements mean the same as the ones that stand here."""
        old_core, old_write = self.read(self.core), None if self.write is None else self.read(self.write)
        changed = self.meaning(core or old_core, write or old_write)
        same = changed is not None and changed == self.meaning(old_core, old_write)
        return "the same expression in other letters" if same else None


@dataclass(frozen=True)
class Mutant:
    """A broken text, or one that only looks broken: `same` says why."""

    kind: str
    where: str
    text: str
    same: str | None = None


def _names(target: ast.expr) -> list[ast.Name]:
    return [node for node in ast.walk(target) if isinstance(node, ast.Name)]


def _access(node: ast.expr) -> Access:
    subscripts: list[str] = []
    while isinstance(node, ast.Subscript):
        inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        subscripts[:0] = [ast.unparse(element) for element in inside]
        node = node.value
    assert isinstance(node, ast.Name), ast.dump(node)
    return Access(node.id, tuple(subscripts))


def _accesses(program: Program) -> Iterator[tuple[ast.stmt, Statement, str, Access]]:
    """Yield every access of the statements in the loops: statement, its parts, where, access."""
    for node in filter(None, (program.core, program.write)):
        statement = program.read(node)
        yield node, statement, "target", statement.target
        for number, factor in enumerate(statement.factors):
            yield node, statement, f"factor {number}", factor


def _changed(statement: Statement, where: str, access: Access) -> Statement:
    """Return `statement` with another access."""
    if where == "target":
        return replace(statement, target=access)
    number = int(where.removeprefix("factor "))
    factors = (*statement.factors[:number], access, *statement.factors[number + 1 :])
    return replace(statement, factors=factors)


def _mutated(program: Program, kind: str, where: str, node: ast.stmt, new: Statement) -> Mutant:
    core, write = (new, None) if node is program.core else (None, new)
    return Mutant(kind, where, program.with_statement(node, new), program.same_meaning(core, write))


def swapped_subscripts(program: Program) -> Iterator[Mutant]:
    """Two different subscripts of one access change places. The same expression in other letters is not a break."""
    for node, statement, where, access in _accesses(program):
        for p, q in combinations(range(len(access.subscripts)), 2):
            order = list(access.subscripts)
            if order[p] != order[q]:
                order[p], order[q] = order[q], order[p]
                new = _changed(statement, where, replace(access, subscripts=tuple(order)))
                yield _mutated(program, "swapped subscripts", f"{where}: {order}", node, new)


def wrong_index(program: Program) -> Iterator[Mutant]:
    """One subscript becomes another loop's index. The same expression in other letters is not a break."""
    for node, statement, where, access in _accesses(program):
        for place, subscript in enumerate(access.subscripts):
            for other in program.indices:
                if other != subscript and not subscript.startswith("*"):
                    subscripts = (*access.subscripts[:place], other, *access.subscripts[place + 1 :])
                    new = _changed(statement, where, replace(access, subscripts=subscripts))
                    yield _mutated(program, "wrong index", f"{where}: {subscripts}", node, new)


def wrong_operand(program: Program) -> Iterator[Mutant]:
    """One operand is read where another one stands. Two names for one array are not a break."""
    statement = program.read(program.core)
    for number, factor in enumerate(statement.factors):
        for other in statement.factors:
            fits = len(other.subscripts) == len(factor.subscripts)
            if other.buffer != factor.buffer and fits:
                new = _changed(statement, f"factor {number}", replace(factor, buffer=other.buffer))
                yield _mutated(program, "wrong operand", f"factor {number}: {other.buffer}", program.core, new)


def dropped_loop(program: Program) -> Iterator[Mutant]:
    """A loop's index stays 0. Always a break: some extents are 2 or more, and no value is 0."""
    for loop in program.loops:
        names = _names(loop.target)
        value = "0" if len(names) == 1 else ", ".join("0" for _ in names)
        value = "(0,) * len(batch)" if names[0].id == "at" else value
        fixed = ast.parse(f"{ast.unparse(loop.target)} = {value}").body
        inside = [*fixed, *loop.body]
        container = program.container(loop)
        with program.replaced(loop, *inside) as text:
            yield Mutant("dropped loop", f"{ast.unparse(loop.target)} = {value}", text)
        assert any(loop is node for node in container)


def shorter_range(program: Program) -> Iterator[Mutant]:
    """A loop leaves out its last turn, or its first. Always a break: some element or term is missing."""
    comprehensions = [node.generators[0] for node in ast.walk(program.tree) if isinstance(node, ast.ListComp)]
    for loop in [*program.loops, *comprehensions]:
        old, extent = loop.iter, ast.unparse(loop.iter)
        plain = isinstance(old, ast.Call) and ast.unparse(old.func) == "range"
        inside = ast.unparse(old.args[0])
        shorter = (
            [f"range({inside} - 1)", f"range(1, {inside})"]
            if plain
            else [f"list({extent})[:-1]", f"list({extent})[1:]"]
        )
        for text in shorter:
            loop.iter = ast.parse(text, mode="eval").body
            yield Mutant("shorter range", text, program.text)
        loop.iter = old


def extent_axes(program: Program) -> dict[str, set[tuple[str, int]]]:
    """Return (array, axis) of every axis an extent is the length of. An axis of two extents makes them equal."""
    spec, operands = program.generated.spec, program.generated.operands
    return {
        extent: {(operands[place.operand], place.axis) for place in index.places}
        for index, (_, extent) in zip(spec.indices, program.generated.loop_names, strict=True)
        if index.label != "..."
    }


def wrong_extent(program: Program) -> Iterator[Mutant]:
    """A loop runs over another index's extent. No break where one array makes the two extents equal."""
    axes = extent_axes(program)
    for loop in program.loops:
        kept, old = loop.iter, ast.unparse(loop.iter)
        for extent in axes if old.startswith("range(") else ():
            if old != f"range({extent})":
                tied = axes[extent] & axes[ast.unparse(kept.args[0])]
                loop.iter = ast.parse(f"range({extent})", mode="eval").body
                same = "one array ties the extents" if tied else None
                yield Mutant("wrong extent", f"{old} -> {extent}", program.text, same)
        loop.iter = kept


def assigned(program: Program) -> Iterator[Mutant]:
    """`=` stands for `+=`. No break where nothing is summed: the zero it was added to is gone, no more."""
    statement = program.read(program.core)
    if statement.operator != "=":
        same = None if program.generated.spec.summed else "nothing is summed"
        yield Mutant("= for +=", "core", program.with_statement(program.core, replace(statement, operator="=")), same)


def added(program: Program) -> Iterator[Mutant]:
    """`+=` stands for `=`. No break on fresh zeros, each written once, of a dtype that has sums.

    Only a checked view takes every dtype, times and records among them.
    """
    takes_anything = program.generated.spec.is_view and program.checked and program.generated.contract.dtypes is None
    fresh = program.zero is not None and not (takes_anything and not program.lists)
    for node in filter(None, (program.core, program.write)):
        statement = program.read(node)
        if statement.operator == "=":
            text = program.with_statement(node, replace(statement, operator="+="))
            yield Mutant(
                "+= for =", "core" if node is program.core else "write", text, "fresh zeros" if fresh else None
            )


def sum_of_factors(program: Program) -> Iterator[Mutant]:
    """`+` stands between two factors (`|` for bool). Always a break: no value is 0."""
    statement = program.read(program.core)
    for place, times in enumerate(statement.times):
        operators = (*statement.times[:place], {"*": "+", "&": "|"}[times], *statement.times[place + 1 :])
        yield Mutant(
            "+ for *", f"junction {place}", program.with_statement(program.core, replace(statement, times=operators))
        )


def dropped_factor(program: Program) -> Iterator[Mutant]:
    """A factor is missing. Always a break: values other than 1 are among the factors."""
    statement = program.read(program.core)
    for number in range(len(statement.factors) if len(statement.factors) > 1 else 0):
        factors = tuple(factor for place, factor in enumerate(statement.factors) if place != number)
        new = replace(statement, factors=factors, times=statement.times[1:])
        yield Mutant("dropped factor", f"factor {number}", program.with_statement(program.core, new))


def transposed_result(program: Program) -> Iterator[Mutant]:
    """The result's axes come out in reverse. A symmetric result is not a break: it is the same in other letters."""
    statement = program.read(program.write or program.core)
    if len(statement.target.subscripts) < 2 or (program.lists and len(statement.target.subscripts) > 2):
        return
    result = program.generated.result
    value = f"[list(row) for row in zip(*{result})]" if program.lists else f"{result}.transpose()"
    if "return " not in program.text:
        text = program.text + f"{result} = {value}\n"
    else:
        text = program.text.replace(f"return {result}\n", f"return {value}\n")
    reverse = replace(statement, target=replace(statement.target, subscripts=statement.target.subscripts[::-1]))
    core, write = (None, reverse) if program.write else (reverse, None)
    yield Mutant("transposed result", value, text, program.same_meaning(core, write))


def missing_zero(program: Program) -> Iterator[Mutant]:
    """Sums start from something else. No break where every element is assigned: its first value is never read."""
    for node in filter(None, (program.zero, program.total)):
        summed_into = node is program.total or (program.write is None and program.read(program.core).operator != "=")
        for value in _not_zero(node.value):
            new = ast.parse(f"{ast.unparse(node.targets[0])} = {value}").body[0]
            with program.replaced(node, new) as text:
                yield Mutant("missing zero", value, text, None if summed_into else "every element is assigned")


def _not_zero(zero: ast.expr) -> Iterator[str]:
    text = ast.unparse(zero)
    if text.startswith("np.zeros("):
        shape, dtype = zero.args[0], "".join(f", {ast.unparse(word)}" for word in zero.keywords)
        if "dtype.type" not in dtype:
            yield f"np.ones({ast.unparse(shape)}{dtype})"
            yield f"np.full({ast.unparse(shape)}, 7{dtype or ', dtype=float'})"
    elif text.endswith("False_"):
        yield "np.True_"
    else:
        assert "0" in text, text
        # the last 0 is the value in [0] * K, dtype.type(0), np.int8(0), 0 and 0.0
        yield "1" if text in ("0", "0.0") else text.replace("[0]", "[7]").replace("(0)", "(1)")


def shared_rows(program: Program) -> Iterator[Mutant]:
    """All rows of nested lists are one list. Always a break: two rows never hold the same values in all cases."""
    if program.lists and program.zero is not None and isinstance(program.zero.value, ast.ListComp):
        made = program.zero.value
        value = f"[{ast.unparse(made.elt)}] * {ast.unparse(made.generators[0].iter.args[0])}"
        with program.replaced(program.zero, *ast.parse(f"{program.generated.result} = {value}").body) as text:
            yield Mutant("shared rows", value, text)


def wrong_dtype(program: Program) -> Iterator[Mutant]:
    """The result has another dtype. Always a break where it is typed; a total is not: what it is added to decides."""
    if program.lists or program.zero is None:
        return
    text = ast.unparse(program.zero.value)
    if text.startswith("np.zeros("):
        shape = ast.unparse(program.zero.value.args[0])
        value = f"np.zeros({shape})" if program.zero.value.keywords else f"np.zeros({shape}, dtype=np.float32)"
    elif text in ("0", "0.0"):
        return
    else:
        value = "np.int64(0)" if text == "np.False_" else "np.float64(0)"
    with program.replaced(program.zero, *ast.parse(f"{program.generated.result} = {value}").body) as mutated:
        yield Mutant("wrong dtype", value, mutated)


def wrong_axis(program: Program) -> Iterator[Mutant]:
    """Two extents are read from each other's axis.

    No break where both are read again before they are used, or where one array makes them equal and nothing checks it.
    """
    axes = extent_axes(program)
    for place, node in enumerate(program.body):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            elements = node.targets[0].elts
            for p, q in combinations(range(len(elements)), 2):
                first, second = ast.unparse(elements[p]), ast.unparse(elements[q])
                if first != second:
                    later = program.body[place + 1 :]
                    again = all(name == "_" or _read_again(name, later) for name in (first, second))
                    tied = axes.get(first, set()) & axes.get(second, set()) and not program.checked
                    same = "read again before use" if again else "one array ties the extents" if tied else None
                    elements[p], elements[q] = elements[q], elements[p]
                    yield Mutant("wrong axis", ast.unparse(node), program.text, same)
                    elements[p], elements[q] = elements[q], elements[p]


def _read_again(name: str, later: list[ast.stmt]) -> bool:
    """Tell whether a statement gives `name` a value before any statement uses it."""
    for node in later:
        names = [found for found in ast.walk(node) if isinstance(found, ast.Name) and found.id == name.lstrip("*")]
        if names:
            return isinstance(node, ast.Assign) and all(isinstance(found.ctx, ast.Store) for found in names)
    return False


def removed_check(program: Program) -> Iterator[Mutant]:
    """A check is missing. No break where what follows always refuses the same inputs: see `_refused_anyway`."""
    for node in [node for node in program.body if isinstance(node, ast.If)] if program.checked else ():
        with program.replaced(node) as text:
            yield Mutant("removed check", ast.unparse(node.test), text, _refused_anyway(program, node))


def _refused_anyway(program: Program, check: ast.If) -> str | None:
    """Return a reason why inputs that a check refuses are refused without it too.

    Reading `.shape` into a number of names refuses another rank. Multiplying refuses strings and times, adding
    refuses lists, but only where they happen in every case: loops over empty axes do nothing.
    """
    test = ast.unparse(check.test)
    targets = [
        (node.targets[0], node.value)
        for node in program.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute)
    ]
    unpacked = {ast.unparse(value.value) for target, value in targets if isinstance(target, ast.Tuple)}
    if any(test.startswith(f"{name}.ndim ") for name in unpacked):
        return "unpacking the shape refuses the rank"
    if "dtype.kind" in test and not program.loops and len(program.read(program.core).factors) > 1:
        return "a product is always computed, and no other dtype has one"
    if "isinstance" in test and _element_meets_every_loop(program, check):
        return "every loop runs, and a list cannot be added to a number"
    return None


def _element_meets_every_loop(program: Program, check: ast.If) -> bool:
    """Tell whether a list in place of an element of the operand in a check is added to a number in every case.

    With an element, all extents that are read from the operand are above 0. The other loops run where they are not
    over a last axis alone: checked lists have an element on every axis but the last.
    """
    spec, statement = program.generated.spec, program.read(program.core)
    names = {name.id for name in _names(check.test)}
    (operand,) = [op for op, name in zip(spec.operands, program.generated.operands, strict=True) if name in names]
    own = {label for axis, label in enumerate(operand.labels) if operand.shape is None or axis not in operand.stretched}
    others = [index for index in spec.indices if index.label not in own]
    run = [any(p.axis < len(spec.operands[p.operand].labels) - 1 for p in index.places) for index in others]
    return all(run) and (statement.operator != "=" or statement.from_zero)


def wrong_indentation(program: Program) -> Iterator[Mutant]:
    """The statement stands behind a loop in place of inside it. Always a break: it runs for the last index only."""
    inside = program.container(program.core)
    for loop in program.loops:
        place = inside.index(program.core)
        inside[place] = ast.Pass()
        around = program.container(loop)
        behind = around.index(loop) + 1
        around.insert(behind, program.core)
        text = program.text
        del around[behind]
        inside[place] = program.core
        yield Mutant("wrong indentation", f"behind the loop over {ast.unparse(loop.target)}", text)


def loop_too_many(program: Program) -> Iterator[Mutant]:
    """The statement stands in one more loop. No break where it assigns, or adds as OR does: doing so twice is once."""
    again = ast.parse("for again in range(2):\n    pass").body[0]
    again.body = [program.core]
    same = "the second turn writes the same" if program.read(program.core).operator in ("=", "|=") else None
    with program.replaced(program.core, again) as text:
        yield Mutant("loop too many", "around the core", text, same)


def zero_at_the_wrong_place(program: Program) -> Iterator[Mutant]:
    """Zeros are made in the loops, or a total outside. Always a break: earlier turns are lost, or added to."""
    if program.zero is not None and program.loops:
        yield Mutant(
            "misplaced zero", "zeros in the outermost loop", _moved(program, program.zero, program.loops[0].body, 0)
        )
    if program.total is not None:
        outside = next(place for place, node in enumerate(program.body) if node is program.loops[0])
        yield Mutant("misplaced zero", "total outside the loops", _moved(program, program.total, program.body, outside))
        inmost = program.container(program.core)
        yield Mutant("misplaced zero", "total in the innermost loop", _moved(program, program.total, inmost, 0))


def early_write(program: Program) -> Iterator[Mutant]:
    """An element is written before its sum is finished. No break right behind each addition: the last write stays."""
    if program.write is None:
        return
    inside, around = program.container(program.core), program.container(program.write)
    behind = "the last write is the whole sum, and fresh zeros stand where there is none"
    yield Mutant("early write", "before each addition", _moved(program, program.write, inside, 0))
    yield Mutant("early write", "behind each addition", _moved(program, program.write, inside, len(inside)), behind)
    yield Mutant("early write", "before the sum", _moved(program, program.write, around, 1))
    outer = program.container(next(loop for loop in program.loops if loop.body is around))
    yield Mutant("early write", "behind the loop over the elements", _moved(program, program.write, outer, len(outer)))


def _moved(program: Program, node: ast.stmt, goal: list[ast.stmt], place: int) -> str:
    """Return the text with a statement at another place. `place` counts before the statement is taken away."""
    source = program.container(node)
    home = source.index(node)
    marker = ast.Pass()
    goal.insert(place, marker)
    source.remove(node)
    goal[goal.index(marker)] = node
    text = program.text
    goal.remove(node)
    source.insert(home, node)
    return text


MUTATIONS = (
    swapped_subscripts,
    wrong_index,
    wrong_operand,
    dropped_loop,
    shorter_range,
    wrong_extent,
    assigned,
    added,
    sum_of_factors,
    dropped_factor,
    transposed_result,
    missing_zero,
    shared_rows,
    wrong_dtype,
    wrong_axis,
    removed_check,
    wrong_indentation,
    loop_too_many,
    zero_at_the_wrong_place,
    early_write,
)


@cache
def emission(name: str) -> Generated:
    expression, options = EMISSIONS[name]
    return generate(expression, **options)


@cache
def mutants(name: str) -> tuple[Mutant, ...]:
    """Return the mutants of one emission, at most SITES of a kind."""
    program = Program(emission(name))
    original = program.text
    found: list[Mutant] = []
    for mutation in MUTATIONS:
        made = list(mutation(program))
        step = -(-len(made) // SITES)
        found += made[::step] if made else []
        assert program.text == original, f"{mutation.__name__} left the program changed"
    return tuple(found)


def verdict(generated: Generated, text: str) -> tuple[bool, Exception | None]:
    """Verify `text` in place of what was generated. A verification that cannot go on has caught it too."""
    subject = Subject(
        spec=generated.spec,
        operands=generated.operands,
        contract=generated.contract,
        run=python_runner(text, generated.inputs, generated.result, generated.entry),
        source=text,
        main=partial(run_program, text) if generated.form is Form.SCRIPT else None,
    )
    try:
        return not verify(subject), None
    except Exception as error:
        return True, error


@cache
def judged(name: str) -> tuple[tuple[Mutant, bool, Exception | None], ...]:
    """Return whether each mutant was caught, and what the verification raised in place of saying so."""
    return tuple((mutant, *verdict(emission(name), mutant.text)) for mutant in mutants(name))


@pytest.mark.parametrize("name", EMISSIONS)
def test_the_emission_itself_is_right_and_survives_the_syntax_tree(name):
    assert verify_generated(emission(name))
    assert verdict(emission(name), Program(emission(name)).text) == (False, None)


def told(name: str, wrong: list[Mutant]) -> str:
    return "\n\n".join(
        f"{name}: {m.kind} ({m.where}){f', because {m.same}' if m.same else ''}\n{m.text}" for m in wrong
    )


@pytest.mark.parametrize("name", EMISSIONS)
def test_every_mutant_that_is_not_equivalent_is_caught(name):
    missed = [mutant for mutant, caught, _ in judged(name) if not caught and mutant.same is None]
    assert not missed, f"{len(missed)} mutants pass the verification:\n{told(name, missed)}"


@pytest.mark.parametrize("name", EMISSIONS)
def test_every_mutant_that_is_called_equivalent_passes(name):
    wrong = [mutant for mutant, caught, _ in judged(name) if caught and mutant.same is not None]
    assert not wrong, f"{len(wrong)} mutants called equivalent are not:\n{told(name, wrong)}"


@pytest.mark.parametrize("name", EMISSIONS)
def test_the_verification_reports_whatever_a_mutant_raises(name):
    """Broken loops are a mismatch to be told, with the code and the inputs: not a failure of the verifier."""
    raised = [(mutant, error) for mutant, _, error in judged(name) if error is not None]
    assert not raised, "\n".join(f"{error!r} from {told(name, [mutant])}" for mutant, error in raised)


KINDS = {
    "swapped subscripts": (138, 2),
    "wrong index": (318, 0),
    "wrong operand": (46, 0),
    "dropped loop": (95, 0),
    "shorter range": (196, 0),
    "wrong extent": (170, 4),
    "= for +=": (28, 1),
    "+ for *": (28, 0),
    "dropped factor": (54, 0),
    "transposed result": (24, 2),
    "missing zero": (68, 25),
    "wrong dtype": (32, 0),
    "wrong axis": (119, 6),
    "wrong indentation": (95, 0),
    "loop too many": (38, 11),
    "misplaced zero": (43, 0),
    "+= for =": (13, 11),
    "early write": (12, 3),
    "removed check": (63, 19),
    "shared rows": (3, 0),
}
"""How many mutants of each kind there are, and how many of them are equivalent. A new template may change it."""


def test_the_count_of_mutants():
    every = [(mutant, caught) for name in EMISSIONS for mutant, caught, _ in judged(name)]
    made = Counter(mutant.kind for mutant, _ in every)
    same = Counter(mutant.kind for mutant, _ in every if mutant.same is not None)
    caught = Counter(mutant.kind for mutant, caught in every if caught)
    row = "{:<20} {:>6} {:>10} {:>6}".format
    print(
        "", row("kind", "made", "equivalent", "caught"), *(row(k, made[k], same[k], caught[k]) for k in made), sep="\n"
    )
    print(row(f"{len(EMISSIONS)} emissions", made.total(), same.total(), caught.total()))
    assert {kind: (made[kind], same[kind]) for kind in made} == KINDS
    assert (made.total(), same.total()) == (1583, 84)


@pytest.mark.parametrize(("what", "expression", "source"), WRONG, ids=[row[0] for row in WRONG])
def test_wrong_programs_are_caught(what, expression, source):
    assert verify_source(expression, source=text_of(source)).mismatch is not None, what


@pytest.mark.parametrize(("what", "expression", "source"), RIGHT, ids=[row[0] for row in RIGHT])
def test_right_programs_are_not_called_wrong(what, expression, source):
    found = verify_source(expression, source=text_of(source))
    assert found, f"{what}: {found}"


@pytest.mark.parametrize(("what", "expression", "source"), UNTOLD, ids=[row[0] for row in UNTOLD])
def test_what_no_case_can_tell_is_known(what, expression, source):
    """A program of this table that is caught belongs to those that are."""
    assert verify_source(expression, source=text_of(source)), what


def test_the_table_of_wrong_programs():
    assert len(WRONG) >= 60
    assert len({expression for _, expression, _ in WRONG}) >= 6
    assert len({what for what, _, _ in (*WRONG, *RIGHT, *UNTOLD)}) == len(WRONG) + len(RIGHT) + len(UNTOLD)


# Loops in blocks: what is wrong from one block to the next shows past one block only

BLOCKED = {
    "product": ("ij,jk->ik", {"schedule": "tile(i,32) tile(j,16) tile(k,32)"}),
    "product, summed in a local variable": ("ij,jk->ik", {"schedule": "order(i,k,j) tile(i,8) tile(k,32) accumulate"}),
    "sum": ("ij->", {"schedule": "tile(i,50)"}),
    "sums of rows": ("ij->i", {"schedule": "tile(j,64)"}),
    "a function": ("ij,j->i", {"schedule": "tile(i,16) tile(j,16)", "function": "f"}),
    "lists": ("ij,jk->ik", {"schedule": "tile(j,32)", "style": "lists"}),
    "an ellipsis": ("...i,i->...", {"schedule": "tile(i,32)"}),
    "one array twice": ("ij,ik->jk", {"schedule": "tile(i,16)", "names": ["X", "X"]}),
    "steps": ("ij,jk,kl->il", {"schedule": "path((0,1),(0,1)) tile(i,16)"}),
}
LONE_BLOCK = re.compile(r"range\(0, (\w+), (\d+)\)")
INSIDE = re.compile(r"range\((\w+), min\(\w+ \+ (\d+), (\w+)\)\)")


def across_blocks(generated):
    """Yield texts that are right within one block, each with what is wrong in it."""
    text = generated.source
    for found in LONE_BLOCK.finditer(text):
        extent, size = found.group(1), int(found.group(2))
        whole = f"({extent} > {size} and {extent} % {size} == 0)"
        loops = {
            "the first block only": f"range(0, min({extent}, 1), {size})",
            "no remainder after whole blocks": f"range(0, max({extent} // {size} * {size}, min({extent}, 1)), {size})",
            "no last block where all are whole": f"range(0, {extent} - {size} * {whole}, {size})",
            "steps beyond the block": f"range(0, {extent}, {size + 1})",
        }
        if "total" not in text:  # an element that is assigned twice is the same
            loops["steps within the block"] = f"range(0, {extent}, {size - 1})"
        yield from ((what, text[: found.start()] + loop + text[found.end() :]) for what, loop in loops.items())
    for found in INSIDE.finditer(text):
        start, size, extent = found.groups()
        for what, loop in (
            ("blocks from the beginning", f"range(min({size}, {extent}))"),
            ("a block's last place left out", f"range({start}, min({start} + {size}, {extent}) - ({start} > 0))"),
        ):
            yield what, text[: found.start()] + loop + text[found.end() :]
    yield from zeros_in_every_block(text.splitlines(keepends=True), generated.result)


def zeros_in_every_block(lines, result):
    """Yield texts that begin anew in every block: `=` for `+=` from one to the next."""
    (zero,) = (n for n, line in enumerate(lines) if re.match(rf" *{result} = (np\.zeros|\[|0$)", line))
    for place, line in enumerate(lines):
        if place > zero and LONE_BLOCK.search(line):
            inside = " " * (len(line) - len(line.lstrip()) + 4) + lines[zero].lstrip()
            yield "zeros in every block", "".join([*lines[: place + 1], inside, *lines[place + 1 :]])


def small_alone(generated, text):
    """Return whether a text passes where no case goes past a block."""
    subject = Subject(
        spec=generated.spec, operands=generated.operands, contract=generated.contract,
        run=python_runner(text, generated.inputs, generated.result, generated.entry), source=text,
    )  # fmt: skip
    return bool(verify(subject))


@pytest.mark.parametrize("name", BLOCKED)
def test_loops_in_blocks_are_tried_past_one_block(name):
    caught_there_only = 0
    generated = generate(BLOCKED[name][0], **BLOCKED[name][1])
    assert verify_generated(generated)
    for what, text in across_blocks(generated):
        runner = python_runner(text, generated.inputs, generated.result, generated.entry)
        found = verify_generated(replace(generated, source=text, runner=runner))
        assert found.mismatch is not None, f"{name}: {what}\n{text}"
        caught_there_only += small_alone(generated, text)
    assert caught_there_only > 4
