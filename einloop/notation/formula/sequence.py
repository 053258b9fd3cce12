"""Formulas, one after another, in; statements out: a result that several of them change is computed by one."""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence
from dataclasses import replace

from ...core.combination import Statements
from ...core.errors import NotationError
from ...core.polynomial import Element, Polynomial
from ...core.source import Source
from ...core.spec import DOTS
from .checks import check_written, label_texts, with_letters
from .combine import ComputedStatement, combination
from .cursor import WrittenAccess
from .expand import Expander
from .frame import Range, without_environments, without_sayings
from .grammar import parse_formula
from .joined import NAME_HINT, joined, stands_in, written_out
from .labels import transposed
from .limits import check_reach, lengths, range_notes
from .pieces import pieces
from .said import names_of, notes_of
from .scopes import with_sums
from .tokens import has_brackets, refusal
from .tree import Branch, Divided, ParsedFormula, Sign

KEPT = frozenset({*keyword.kwlist, "np"})
"""Names that nothing has in the statements, which are Python."""
SCRIPTED = re.compile(r"[\\_^]|[^\x00-\x7f]")
"""What a statement without brackets has that is not in code form, though others beside it are."""
MAX_STATEMENTS = 100
"""Statements of one text."""
MATRIX_HINT = "write them, as in y_i = A_{ij} x_j + b_i, or numpy code: y = A @ x + b"


def formula_statements(source: Source, *, add: bool) -> Statements:
    """Return the statements that a text of formulas is; raise NotationError where it is none.

    `add`: a lone formula with `+=` adds to what its result holds. Among several each does.
    """
    bare, comments = without_environments(source)
    try:
        parts = pieces(bare)
        if len(parts) > MAX_STATEMENTS:
            message = f"{len(parts)} statements; at most {MAX_STATEMENTS} are read"
            raise NotationError("EL173", message, hint="give fewer at a time")
        code = has_brackets(bare.text)
        parsed = [_parsed(part, code=code and SCRIPTED.search(part.text) is None) for part in parts]
        sequence = _Sequence(source, [formula for _, formula, _, _ in parsed], add=add or len(parts) > 1)
        for alone, formula, ranges, notes in parsed:
            known = label_texts([formula.left, *formula.factors])
            sequence.take(alone, formula, (*notes, *range_notes(source, known, ranges)))
        combinations = [combination(done, source) for done in sequence.done]
    except NotationError as error:
        if error.span is not None:
            error.text = source.text
        raise
    if comments and combinations:
        combinations[0] = replace(combinations[0], notes=(*combinations[0].notes, *comments))
    read = [one.reads for one in sequence.done[1:]]
    temporaries = [
        one.result for number, one in enumerate(sequence.done) if one.result in frozenset[str]().union(*read[number:])
    ]
    return Statements(combinations=tuple(combinations), temporaries=tuple(temporaries))


def _parsed(part: Source, *, code: bool) -> tuple[Source, ParsedFormula, tuple[Range, ...], tuple[str, ...]]:
    """Return one formula alone, its parts, and what is said after it. `code`: names are as in code."""
    alone, ranges, notes = without_sayings(part, ())
    formula = with_letters(parse_formula(alone, alone=False, code=code))
    check_written(alone, formula, MATRIX_HINT)
    check_reach(alone, formula, ranges)
    _check_turned(alone, formula)
    return alone, formula, ranges, notes


def _check_turned(alone: Source, formula: ParsedFormula) -> None:
    """Refuse a raised T where T is an index, an operand or the limit of a sum too: it may transpose or not."""
    words = {label.text for sign in formula.sums for label in sign.labels} | {access.name for access in formula.factors}
    words |= {token.text for sign in formula.sums for token in sign.high}
    words |= label_texts([formula.left, *formula.factors])
    for access in (formula.left, *formula.factors):
        if access.turned is not None and "T" in words and set("Tᵀ") & set(alone.at(access.turned)):
            raise transposed(alone, access.turned)


class _Sequence:
    """Statements while they are read: `done` are those so far, each result once."""

    def __init__(self, source: Source, formulas: Sequence[ParsedFormula], *, add: bool) -> None:
        self.names = names_of(formulas, KEPT)
        self.expander = Expander(source, self.names)
        self.add = add
        self.done: list[ComputedStatement] = []
        self.ranks: dict[str, int] = {}

    def take(self, alone: Source, formula: ParsedFormula, notes: tuple[str, ...]) -> None:
        """Read one more statement."""
        for access in formula.factors:
            self._check_rank(alone, access)
        self.expander.source = alone
        self.expander.extents, self.expander.notes = {}, []
        self.expander.lengths = self._lengths(formula)
        ((own,),) = self.expander.element(formula.left, {}).terms()
        self.expander.extents = {}
        right, sums = with_sums(alone, formula)
        value, zeros = self._value(formula, right, own)
        result = self._name(formula.left)
        if formula.sign is Sign.SET and result not in [one.result for one in self.done]:
            self.ranks.pop(result, None)  # what has its name on the right is another array, which is given
        self._check_rank(alone, formula.left)
        said = [f"{name} is the length of an axis, as the limit of a sum says" for name in self.expander.lengths]
        said += [_identity(self._name(x)) for x in formula.factors if x.name in ("delta", "δ") and len(x.labels) == 2]
        done = ComputedStatement(
            formula=formula,
            source=alone,
            result=result,
            own=own,
            value=value,
            extents=self.expander.extents,
            reads=frozenset(self._name(access) for access in formula.factors) | {x.name for x in formula.roots},
            notes=tuple(
                dict.fromkeys((*notes_of(alone, formula, zeros=zeros), *sums, *self.expander.notes, *said, *notes))
            ),
        )
        before = next((one for one in self.done if one.result == result), None)
        self._check_order(done, before)
        if before is not None:
            self.done.remove(before)
            done = joined(before, done, self.expander)
        self.done.append(done)

    def _value(self, formula: ParsedFormula, right: Branch, own: Element) -> tuple[Polynomial, bool]:
        """Return what the result holds after a statement, and whether what it held before is left out of that."""
        expander, span = self.expander, formula.right.span
        if formula.sign is Sign.OVER:
            return expander.polynomial(Divided(top=formula.left, bottoms=(right,), span=span)), False
        found = expander.polynomial(right)
        if formula.sign is Sign.TIMES:
            return expander.product([expander.polynomial(formula.left), found], span), False
        if formula.sign is Sign.MINUS:
            found = -found
        if not formula.adds:
            return found, False
        if not self.add and not any(own in product for product in found.terms()):
            return found, True
        return expander.merged(expander.polynomial(formula.left) + found, span), False

    def _lengths(self, formula: ParsedFormula) -> dict[str, str]:
        """Return the lengths that limits of sums name, as texts."""
        bare = {access.name for access in formula.factors if access.bare and not access.wrapper}
        found: dict[str, str] = {}
        for name, number in lengths(formula):
            sign = formula.sums[number]
            label = sign.labels[0].text
            for access in formula.factors[sign.start : sign.stop] if name in bare else ():
                texts = [x.text for x in access.labels]
                if label in texts and DOTS not in texts:
                    found.setdefault(name, f"{self._name(access)}.shape[{texts.index(label)}]")
        return found

    def _name(self, access: WrittenAccess) -> str:
        return self.names[access.wrapper, access.name]

    def _check_rank(self, alone: Source, access: WrittenAccess) -> None:
        """Refuse a name with different numbers of indices."""
        name, rank = self._name(access), len(access.labels)
        if DOTS in [label.text for label in access.labels]:
            return
        known = self.ranks.setdefault(name, rank)
        if known != rank:
            indices = "1 index" if rank == 1 else f"{rank} indices"
            message = f"{name!r} has {indices} here, and {known} before: is it one array?"
            raise refusal(alone, "EL145", access.span, message, NAME_HINT)

    def _check_order(self, done: ComputedStatement, before: ComputedStatement | None) -> None:
        """Write out what a result held where statements read it before it changes.

        Raises NotationError where they may mean what is computed now.
        """
        name = done.result
        written = 0 if before is None else self.done.index(before)
        readers = [
            n for n in range(written, len(self.done)) if name in self.done[n].reads and self.done[n].result != name
        ]
        if not readers:
            return
        if before is None and done.formula.sign is Sign.SET and name not in done.reads:
            message = f"{name!r} is read by a statement before the one that computes it"
            hint = f"put the statement that computes {name} first, or give one of the arrays another name"
            raise refusal(done.source, "EL145", done.formula.left.span, message, hint)
        stuck = [n for n in readers if before is None or stands_in(self.done[n].value, name)]
        if before is None or stuck:
            message = f"{name!r} is changed after {self.done[stuck[0]].result} read it"
            hint = f"give what {name} is then another name"
            raise refusal(done.source, "EL145", done.formula.left.span, message, hint)
        for number in readers:
            self.done[number] = written_out(before, self.done[number], self.expander)


def _identity(name: str) -> str:
    return f"{name} is an array that you give: for the Kronecker delta, np.eye(n)"
