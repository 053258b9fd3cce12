"""einloop: explicit nested loops for any einsum expression, proven against np.einsum."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .api import generate, verify
    from .api.checking import check
    from .api.comparison import diff, equivalent
    from .api.explanation import explain
    from .api.staging import stages
    from .api.tracing import why
    from .core.errors import EinloopError
    from .core.generated import Generated
    from .core.report import Report
    from .core.verification import Verification
    from .core.warning import EinloopWarning
    from .dropin import einsum

__version__ = "0.1.0"

__all__ = [
    "EinloopError",
    "EinloopWarning",
    "Generated",
    "Report",
    "Verification",
    "__version__",
    "check",
    "diff",
    "einsum",
    "equivalent",
    "explain",
    "generate",
    "stages",
    "verify",
    "why",
]

_HOMES = {
    "EinloopError": ".core.errors",
    "EinloopWarning": ".core.warning",
    "Generated": ".core.generated",
    "Report": ".core.report",
    "Verification": ".core.verification",
    "check": ".api.checking",
    "diff": ".api.comparison",
    "einsum": ".dropin",
    "equivalent": ".api.comparison",
    "explain": ".api.explanation",
    "generate": ".api.emission",
    "stages": ".api.staging",
    "verify": ".api.proof",
    "why": ".api.tracing",
}


def __getattr__(name: str) -> object:
    """Load a public name from its module at first use, so that the command line starts with what it needs."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
