"""What a verification found. Runs nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from enum import Enum

from .frozen import dataclass
from .shown import pretty
from .visible import visible


class Outcome(Enum):
    """How one case, or the whole verification, ended."""

    EQUAL = "equal"
    DIFFERENT = "different"
    REFUSED = "refused"
    """The text refused inputs outside its contract, as it should."""
    UNTOLD = "cannot be told"
    """Rounding alone explains the difference, and might hide another."""
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One comparison: the inputs in words, and how it ended."""

    shapes: tuple[tuple[int, ...], ...]
    dtypes: tuple[str, ...]
    kind: str
    outcome: Outcome
    exact: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """The first case in which text and np.einsum differ."""

    case: Case
    reason: str
    element: tuple[int, ...] | None = None
    got: str = ""
    expected: str = ""
    exact: str = ""
    """The exact value, where np.einsum's own need not be it."""
    terms: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Verification:
    """The verdict over all cases: true where every case is equal and at least one was run. `str()` says it in words.

    Attributes
    ----------
    subscripts : str
        The expression, in np.einsum's notation.
    cases : tuple of Case
        What was tried, in order, each with its outcome.
    seed : int
        The seed of the inputs.
    contract : str
        The inputs for which the loops promise np.einsum's result, in words.
    mismatch : Mismatch or None
        The first difference that was found.
    skipped : str or None
        Why nothing could be verified.
    notes : tuple of str
        What else is to be known about the verdict.
    source : str
        The loops, where they differ.
    command : str
        What repeats the verification.
    only : str
        The shapes, in words, for which alone the verdict holds; cases at other sizes may differ then.
    statements : str
        What the loops were compared with, where it is a sum of einsums: calls of np.einsum, written out.
    against : str
        What computed the results that the loops were compared with.
    page : callable or None
        What gives the verdict as HTML.

    Examples
    --------
    >>> import einloop
    >>> found = einloop.verify("ij->i", source="r = A.sum(axis=0)", shapes=[(2, 3)])
    >>> bool(found), found.mismatch.reason
    (False, 'shape (3,), np.einsum gives (2,)')
    """

    subscripts: str
    cases: tuple[Case, ...]
    seed: int
    contract: str
    mismatch: Mismatch | None = None
    skipped: str | None = None
    notes: tuple[str, ...] = ()
    source: str = ""
    command: str = ""
    only: str = ""
    statements: str = ""
    against: str = "np.einsum"
    page: Callable[[Verification], str] | None = field(default=None, compare=False)

    def __bool__(self) -> bool:
        return self.mismatch is None and self.skipped is None and any(c.outcome is Outcome.EQUAL for c in self.cases)

    def __str__(self) -> str:
        return verdict(self)

    def __repr__(self) -> str:
        return f"<{verdict(self)}>"

    _repr_pretty_ = pretty

    def _repr_html_(self) -> str | None:
        return None if self.page is None else self.page(self)


def not_run(subscripts: str, why: str, *, seed: int, command: str = "") -> Verification:
    """Return the verification of what could not be run."""
    return Verification(subscripts=subscripts, cases=(), seed=seed, contract="", skipped=why, command=command)


def verdict(found: Verification) -> str:
    """Return the verdict as text: one line, or the whole story of a mismatch. Every character can be seen."""
    return visible(_story(found))


def _story(found: Verification) -> str:
    if found.skipped is not None:
        return f"not verified: {found.skipped}"
    if found.mismatch is not None:
        return _mismatch_story(found, found.mismatch)
    equal = sum(case.outcome is Outcome.EQUAL for case in found.cases)
    refused = sum(case.outcome is Outcome.REFUSED for case in found.cases)
    parts = [f"{equal} case{'s' * (equal != 1)} equal"]
    if refused:
        parts.append(f"{refused} outside the contract refused")
    details = "; ".join([found.contract, *found.notes, f"seed {found.seed}"])
    where = f" for these shapes only ({found.only})" if found.only else ""
    return f"verified against {found.against}{where}: {', '.join(parts)} ({details})"


def _mismatch_story(found: Verification, wrong: Mismatch) -> str:
    case = wrong.case
    inputs = ", ".join(f"{s} {d}" for s, d in zip(case.shapes, case.dtypes, strict=True))
    compared = found.statements or f"np.einsum({found.subscripts!r})"
    compared = compared if found.against == "np.einsum" else f"{found.against} of {found.subscripts!r}"
    lines = [f"MISMATCH with {compared}: {wrong.reason}", f"  inputs: {inputs} ({case.kind})"]
    if wrong.element is not None:
        place = f"[{', '.join(map(str, wrong.element))}]" if wrong.element else ""
        lines.append(f"  first differing element: result{place}")
    if wrong.got:
        lines.append(f"    loops:     {wrong.got}")
    if wrong.expected:
        lines.append(f"    {found.against}: {wrong.expected}")
    if wrong.exact:
        lines.append(f"    exact:     {wrong.exact}")
    lines += [f"    {term}" for term in wrong.terms]
    if found.source:
        lines.append("  the code:")
        lines += [f"  {number:4d} | {line.expandtabs()}" for number, line in enumerate(found.source.splitlines(), 1)]
    if wrong.hint:
        lines.append(f"  {wrong.hint}")
    if found.command:
        lines.append(f"  repeat with: {found.command}")
    return "\n".join(lines)
