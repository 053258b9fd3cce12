"""C text in, the einsums that it computes out. pycparser reads it; nothing is compiled or run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import combinations
from typing import Any

from pycparser import c_ast as c

from ...core.combination import Combination, Summand
from ...core.polynomial import Number, Polynomial, Product
from ...core.source import Source, Span
from ...core.topic import Topic
from ..fitted import elements
from ..lift import lifted as lifted_program
from ..sizes import Key, Refusal, Sizes, Unequal
from ..trials import LiftedCode
from .guards import FINITE
from .lexemes import Lexeme
from .names import Setting
from .nodes import walk
from .program import CProgram
from .reasons import explained
from .signature import kind_of
from .tree import Tree, parameters
from .types import INT, Arithmetic

DEPENDS_ON_NUMBERS = frozenset({
    Topic.NOT_READ, Topic.ENDLESS, Topic.BRANCH, Topic.WINDOW, Topic.GAPS, Topic.UNLIKE, Topic.OTHER_SIZES, Topic.UNFIT,
    Topic.NO_WORDS, Topic.TOO_LONG, Topic.OVERLAP,
})  # fmt: skip
"""Refusals that other numbers in the place of the text's may have caused."""
MAX_SPECIAL = 3
"""Names that a text may compare with numbers and treat on their own."""
MAX_JOINS = 8
WORD = re.compile(r"[^\W\d]\w*")
LENGTHS = (3, 4, 2, 5, 6, 7, 8, 9)
"""The lengths for which special cases are compared with what is done elsewhere."""

__all__ = ["CProgram", "lifted"]


def lifted(text: str, source: Source) -> LiftedCode:
    """Return what C text computes. Raises Refusal, with its place in the text."""
    program: CProgram | None = None
    try:
        program = CProgram(text)
        if program.tables:
            with suppress(Refusal):
                return _lifted(program, source)
            program = CProgram(text, tables=False)
        return _lifted(program, source)
    except Refusal as error:
        refusal = error
    except RecursionError:
        refusal = Refusal("EL816", "this is nested too deeply")
    raise _placed(refusal, program.tree if program else None)


def _lifted(program: CProgram, source: Source) -> LiftedCode:
    """Return what a program computes, with the first of its numbers for those of the text that it is right for."""
    try:
        return _checked(program, lifted_program(program, source))
    except Refusal as error:
        refusal = explained(error, program.tree, program.usage)
        carried = error.topic is Topic.TOO_LONG and refusal.topic is not Topic.TOO_LONG
        if carried or refusal.topic not in DEPENDS_ON_NUMBERS or not program.changed():
            raise refusal from None
    try:
        return _lifted(program, source)
    except Refusal as error:
        long = error.topic is Topic.TOO_LONG and refusal.topic is not Topic.TOO_LONG
        raise (refusal if long or program.multiples else error) from None


def _placed(refusal: Refusal, tree: Tree | None) -> Refusal:
    """Return a refusal whose place is one in the text."""
    node = refusal.node
    span = (node.start, node.stop) if isinstance(node, Lexeme) else None if tree is None else tree.span(node)
    return Refusal(refusal.id, refusal.reason, span and Span(start=span[0], stop=span[1]), refusal.hint)


def _checked(program: CProgram, code: LiftedCode) -> LiftedCode:
    """Return what a program computes, with what is taken for granted. Raises Refusal where it has special cases."""
    _check_special(program)
    notes = [*_one_sided(program), *_counters(program.tree), *program.shared.notes]
    zeros = [key for key, value in program.shared.special if value == 0 and key not in program.usage.counting]
    notes += [FINITE.format(text=key) for key in zeros]
    notes += [f"of the functions, {program.name} is read"] if len(program.called) > 1 else []
    notes += [f"{name} is taken to be a struct with {said}" for name, said in program.tree.structs.items()]
    notes += [f"right where {name} % {step} == 0" for name, step in program.multiples.items()]
    said = tuple(_noted(one, [*notes, *_narrow(one, program.kinds)], program) for one in code.statements.combinations)
    return replace(code, statements=replace(code.statements, combinations=said), multiples=program.multiples)


def _narrow(combination: Combination, kinds: Mapping[str, Arithmetic]) -> Iterator[str]:
    """Yield that arrays have to be converted first: C computes in a wider type than theirs, NumPy does not."""
    wide = kinds.get(combination.result)
    if wide is None or (len(combination.summands) == 1 and _copies(combination.summands[0])):
        return
    least = wide.size if wide.whole else INT.size
    texts = combination.texts
    found: dict[str, str] = {}
    for summand in combination.summands:
        arrays = [WORD.findall(texts.get(name, name))[0] for name in summand.names]
        known = {name: kinds[name] for name in arrays if name in kinds}
        if all(kind.whole for kind in known.values()):
            found |= {name: kind_of(kind) for name, kind in known.items() if kind.size < least}
    if found:
        said = ", ".join(f"{name} is {kind}" for name, kind in found.items())
        name, dtype = next(iter(found)), kind_of(wide)
        yield f"{said}, {combination.result} is {dtype}: convert first, as {name}.astype(np.{dtype}) does"


def _copies(summand: Summand) -> bool:
    """Return whether a term is one array as it is, with its axes in any order."""
    spec = summand.spec
    return summand.bare and len(spec.operands) == 1 and sorted(spec.operands[0].labels) == sorted(spec.output)


def _noted(combination: Combination, notes: Sequence[str], program: CProgram) -> Combination:
    """Return a combination with what has to be known of it: what is taken for granted, and what its names stand for."""
    renamed, counting, tables = program.renamed, program.usage.counting, program.tables
    signed = {name for name, kind in program.tree.declared.items() if kind.whole and not kind.unsigned}
    offsets = {said for name in program.usage.offsets & signed for said in {name, *_said(name, renamed)}}
    texts = [view.text for view in combination.views] + [
        combination.target or combination.result,
        *combination.operands,
    ]
    words = {word for text in texts for word in WORD.findall(text)}
    words |= {
        word for one in combination.summands for text in (*one.factors, *one.divisors) for word in WORD.findall(text)
    }
    halved = {
        word for one in combination.summands for text in one.factors if "//" in text for word in WORD.findall(text)
    }
    notes = [*notes, *(f"right where {name} >= 0" for name in sorted((halved - counting) | (words & offsets)))]
    names = [f"{said} is {name}" for said, name in renamed.items() if said in words]
    names += [f"{name} is the table of the text" for name in sorted(tables & words)]
    return replace(combination, notes=(*combination.notes, *dict.fromkeys([*notes, *names])))


def _said(name: str, renamed: Mapping[str, str]) -> Iterator[str]:
    """Yield what a name is called in statements, where that is something else."""
    yield from (said for said, written in renamed.items() if written == name)


def _counters(tree: Tree) -> Iterator[str]:
    """Yield that loops whose index is narrower than what it counts up to end."""
    for loop in walk(tree.root, (c.For, c.While, c.DoWhile)):
        test = loop.cond
        if isinstance(test, c.BinaryOp) and isinstance(test.left, c.ID) and isinstance(test.right, c.ID):
            kind, end = (tree.declared.get(one.name, INT) for one in (test.left, test.right))
            if kind.whole and kind.size < min(end.size, INT.size):
                yield f"right where {test.right.name} fits into {kind_of(kind)}: {test.left.name} counts no further"


def _one_sided(program: CProgram) -> Iterator[str]:
    """Yield what is taken for granted of lengths: conditions that went one way in every run."""
    counting = program.usage.counting
    given = {one.name for one in parameters(program.tree.functions[program.name])}
    for node, ways in program.shared.branches.items():
        names = {one.name for one in walk(node, c.ID)}
        if len(ways) > 1 or not names or not names <= given:
            continue
        if any(isinstance(one, c.BinaryOp) and one.op in ("==", "!=") for one in walk(node)):
            continue
        compared = [one for one in walk(node, c.BinaryOp) if one.op in ("<", "<=", ">", ">=")]
        flags = sorted(names - counting)
        if compared and flags:
            raise Refusal(
                "EL805", f"which branch runs depends on {' and '.join(flags)}", node, "give the branch that is meant"
            )
        if any(not isinstance(one.right, c.Constant) and not isinstance(one.left, c.Constant) for one in compared):
            yield f"{program.tree.text(node)} is taken to be {'true' if ways == {True} else 'false'}"


def _check_special(program: CProgram) -> None:
    """Look at what is done where a scalar or a length is a number that the text compares it with. Raises Refusal."""
    counting = program.usage.counting
    special = [(key, value) for key, value in program.shared.special if value != 0 or key not in counting]
    if not special:
        return
    names = {key for key, _ in special}
    if len(names) > MAX_SPECIAL or len(special) > 2 * MAX_SPECIAL:
        raise Refusal("EL805", "too many special cases are treated separately", program.shared.special[special[0]])
    for count in range(1, len(names) + 1):
        for cases in combinations(special, count):
            if len({key for key, _ in cases}) == count and not _agrees(program, dict(cases)):
                said = " and ".join(f"{key} is {value}" for key, value in cases)
                raise Refusal(
                    "EL805",
                    f"where {said}, something else is computed than otherwise",
                    program.shared.special[cases[-1]],
                )


def _agrees(program: CProgram, cases: dict[str, Number]) -> bool:
    """Return whether a text computes for these numbers what it does when it does not ask for them."""
    whole: dict[Key, int] = {key: value for key, value in cases.items() if isinstance(value, int)}
    plain = _elements(program, whole, Setting(scalars=cases, tables=program.tables), {})
    general = _elements(program, whole, Setting(general=frozenset(cases), tables=program.tables), cases)
    for name in plain.keys() | general.keys():
        left, right = plain.get(name, {}), general.get(name, {})
        for at in left.keys() | right.keys():
            own: dict[Product, Number] = {((name, at),): 1}
            if left.get(at, own) != right.get(at, own):
                return False
    return True


def _elements(
    program: CProgram, given: dict[Key, int], setting: Setting, cases: dict[str, Number]
) -> dict[str, dict[tuple[int, ...], dict[Product, Number]]]:
    """Return what a run leaves where some lengths are given, with numbers for scalars afterwards."""
    joins: dict[Key, Key] = {}
    for _ in range(MAX_JOINS):
        sizes = Sizes(LENGTHS, joins, given)
        try:
            ran = program.computed(sizes, replace(setting, literals=program.literals(sizes)))
        except Unequal as error:
            joins[sizes.home(error.one)] = sizes.home(error.other)
            continue
        return {
            name: elements({at: _with(value, cases).terms() for at, value in cells.items()})
            for name, cells in ran.results.items()
        }
    raise Refusal("EL811", "the lengths in this code cannot be determined")


def _with(value: Polynomial, cases: dict[str, Number]) -> Polynomial:
    """Return a polynomial where scalars are numbers."""
    total = Polynomial.number(0)
    for product, factor in value.terms().items():
        kept: Any = factor
        left = []
        for name, at in product:
            if at == () and name in cases:
                kept = kept * cases[name]
            else:
                left.append((name, at))
        total = total + (Polynomial({tuple(left): kept}) if kept else 0)
    return total
