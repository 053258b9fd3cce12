"""The names of Greek letters (and of the curly l), as LaTeX writes them without the backslash."""

from __future__ import annotations

_SMALL = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi omicron pi "
    "varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega"
)
_CAPITAL = "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"

GREEK = frozenset(_SMALL.split()) | frozenset(_CAPITAL.split()) | {"ell"}
