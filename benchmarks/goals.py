"""What the suite should reach, for each class and target: geometric means of the other library's time over ours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """At least `least` over a rival; `what` may also be `fastest`, `ahead` (a share of the cases) or `worst`."""

    what: str
    least: float


def goals(**least: float) -> tuple[Goal, ...]:
    """Return goals, each named by what it is about."""
    return tuple(Goal(what=what, least=value) for what, value in least.items())


PLAIN, PATH, CONTRACT, EXPRESSION, TORCH = "einsum", "path", "contract", "expression", "torch"
RIVAL_IDS = {
    "np.einsum": PLAIN,
    "np.einsum(optimize=True)": PATH,
    "opt_einsum.contract": CONTRACT,
    "opt_einsum expression": EXPRESSION,
    "torch.einsum": TORCH,
}
TITLES = {
    PLAIN: "np.einsum", PATH: "optimize=True", CONTRACT: "opt_einsum", EXPRESSION: "its expression", TORCH: "torch",
    "blas": "BLAS", "fastest": "the fastest of each case", "ahead": "cases ahead of all",
}  # fmt: skip

GOALS: dict[str, dict[str, tuple[Goal, ...]]] = {
    "c": {
        "matrices": goals(blas=0.9, path=1.2, torch=1.4),
        "squares": goals(blas=0.9),
        "tccg": goals(path=1.3, torch=1.9),
        "batches": goals(path=8),
        "permutations": goals(path=2.5),
        "memory": goals(path=1.3),
        "several": goals(path=2.5, contract=2, expression=2),
        "tiny": goals(einsum=12, path=80),
        "random": goals(path=2, fastest=1.5, ahead=0.9),
        "float32": goals(blas=0.9, path=1.2, torch=1.4),
        "dtypes": goals(einsum=1),
    },
    "numba": {
        "matrices": goals(blas=0.85),
        "squares": goals(blas=0.85),
        "tccg": goals(path=0.8),
        "batches": goals(path=5),
        "permutations": goals(path=1),
        "memory": goals(path=1),
        "several": goals(path=1.2),
        "tiny": goals(einsum=3),
        "random": goals(path=1),
        "float32": goals(blas=0.85),
        "dtypes": goals(einsum=1),
    },
}
WORST = Goal(what="worst", least=0.8)
"""Holds for every case of every class."""
FOUR_BY_FOUR = ("4 x 4 matrices", 150e-9)
"""The case of the tiny calls whose time itself has a goal, in seconds; for C."""
COMPILATION = 0.5
"""Seconds until a kernel is ready, at most; for C."""
