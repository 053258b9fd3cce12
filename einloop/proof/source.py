"""Verifies a person's loops, and says for which shapes they are right.

Shapes that are known decide: loops that are right for them are verified, for them only where other sizes differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from ..core.errors import EinloopError
from ..core.generated import Values
from ..core.topic import Topic
from ..core.verification import Mismatch, Outcome, Verification
from .einsum import Array
from .trial import Loops, Trial, Tries, known_extents
from .verifier import contract_words


def verify_loops(
    loops: Loops, tries: Tries, *, seed: int = 0, given: Sequence[Array] | None = None, command: str = ""
) -> Verification:
    """Return what comparing a person's loops with np.einsum found.

    `given`: the person's own arrays, one per distinct input, compared first.
    """
    trial = Trial(loops=loops, tries=tries, seed=seed)
    known = known_extents(trial.plan)
    decided = bool(known) or given is not None
    wrong, problem = trial.stated(known, given) if decided else (None, None)
    elsewhere, late = None, ""
    if not wrong and not (decided and tries.stated_only):
        try:
            elsewhere = trial.elsewhere(known)
        except EinloopError as error:
            if not decided or error.topic is not Topic.OUT_OF_TIME:
                raise
            late = f"at other sizes, {error.message}"
    if not decided:
        wrong, elsewhere = elsewhere, None
    notes, only = list(dict.fromkeys(trial.notes)), ""
    if problem is not None:
        problem += "" if tries.stated_only else f"; {late or _said_elsewhere(trial, elsewhere)}"
    elif decided and wrong is None and (elsewhere or late or tries.stated_only):
        only = known.words(loops.subject)
        said = "no other sizes tried" if elsewhere is None else _said_elsewhere(trial, elsewhere)
        notes.append(late or said)
    elif known and wrong is None:
        notes.append(f"right for the shapes given, {known.words(loops.subject)}, and at other sizes too")
    return Verification(
        subscripts=loops.subject.spec.subscripts,
        cases=tuple(trial.cases),
        seed=seed,
        contract=contract_words(loops.subject, trial.plan),
        mismatch=wrong,
        skipped=problem,
        notes=(*(() if only else trial.tried()), *notes),
        source=loops.subject.source if wrong else "",
        command=command,
        only=only,
        statements="" if loops.subject.yardstick is None else loops.subject.yardstick.text,
    )


def _said_elsewhere(trial: Trial, wrong: Mismatch | None) -> str:
    if wrong is None:
        equal = sum(case.outcome is Outcome.EQUAL for case in trial.cases)
        return f"{equal} cases of other sizes are equal, and are all that is tried without shapes"
    shapes = " ".join("x".join(map(str, shape)) or "()" for shape in wrong.case.shapes)
    return f"at other sizes the loops differ: for {shapes}, {wrong.reason}"


def fitting(loops: Loops, *, seed: int, given: Sequence[Array] | None = None) -> Loops | None:
    """Return loops that pass the first case: as they are, or taking nested lists where they may; None where neither."""
    subject = loops.subject
    tried = [loops]
    if loops.on_lists and subject.contract.values is not Values.LISTS:
        contract = replace(subject.contract, values=Values.LISTS)
        tried.append(replace(loops, subject=replace(subject, contract=contract)))
    for candidate in tried:
        trial = Trial(loops=candidate, tries=Tries(empty=False), seed=seed)
        known = known_extents(trial.plan)
        if known and not known.carried(subject):
            return loops
        cases = trial.plan.stated(known.extents) if known else trial.plan.ordinary()
        try:
            wrong = trial.first_wrong(islice(cases, 1)) if given is None else trial.given(given)[0]
        except EinloopError as error:
            if error.topic is not Topic.DEADLINE:
                raise
            return candidate
        if wrong is None:
            return candidate
    return None
