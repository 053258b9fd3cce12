"""Edits of an expression in, the likeliest that makes one of the field's well-known operations out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from ...core.errors import EinloopError
from ...core.names import choose_names
from ...core.report import Fix
from ...core.spec import Spec
from ..called import recognise
from .draft import DraftExpression
from .edits import Edit
from .rank import Ranking
from .trial import EditTrial

MAX_NAMED_EDITS = 48
"""Edits that are looked at, the likeliest: a name takes half a millisecond to find."""

NOTABLE = (
    frozenset(("attention_output", "attention_scores", "cp", "mttkrp", "tensor_ring", "tensor_train", "tucker")),
    frozenset(("bilinear_form", "mahalanobis", "matrix_chain", "quadratic_form", "trace_of_chain")),
)
"""Names (of `called`) of operations that few expressions have, the rarest first: what has one was probably meant."""


def rarity(spec: Spec) -> int:
    """Return the place in NOTABLE of an expression's name, the number of places where it has no such name.

    >>> from einloop.notation.subscripts import read_subscripts
    >>> [rarity(read_subscripts(text)) for text in ("ijk,jr,kr->ir", "ij,jk,kl->il", "irk,jr,kr->ij")]
    [0, 1, 2]
    """
    try:
        called = recognise(spec, choose_names(spec))
    except EinloopError:  # one array in two operands that differ in rank
        return len(NOTABLE)
    names = {message.id.split(".")[1] for message in called}
    return next((place for place, some in enumerate(NOTABLE) if some & names), len(NOTABLE))


def notable_fix(ranked: Iterable[tuple[Ranking, Edit]], trial: EditTrial) -> Fix | None:
    """Return the likeliest fix that makes the rarest operation, and keeps the output; None where none makes one."""
    kept: Iterator[DraftExpression] = (edit.draft for rank, edit in ranked if not rank.output)
    specs = [(draft, trial.read(draft)) for draft in islice(kept, MAX_NAMED_EDITS)]
    named = [(rarity(spec), draft) for draft, spec in specs if spec is not None]
    notable = sorted((item for item in named if item[0] < len(NOTABLE)), key=lambda item: item[0])
    return next((fix for _, draft in notable if (fix := trial.fix(draft)) is not None), None)
