"""einloop: explicit nested loops for any einsum expression, proven against np.einsum."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from .core.version import __version__

if TYPE_CHECKING:
    from .api import generate, verify
    from .api.benching import bench
    from .api.checking import check
    from .api.comparison import diff, equivalent
    from .api.compilation import compile
    from .api.explanation import explain
    from .api.staging import stages
    from .api.tracing import why
    from .core.errors import EinloopError
    from .core.generated import Generated
    from .core.report import Report
    from .core.verification import Verification
    from .core.warning import EinloopWarning
    from .dropin import einsum
    from .pipeline.compiling import Compiled

__all__ = [
    "Compiled",
    "EinloopError",
    "EinloopWarning",
    "Generated",
    "Report",
    "Verification",
    "__version__",
    "bench",
    "check",
    "compile",
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
    "Compiled": ".pipeline.compiling",
    "EinloopError": ".core.errors",
    "EinloopWarning": ".core.warning",
    "Generated": ".core.generated",
    "Report": ".core.report",
    "Verification": ".core.verification",
    "bench": ".api.benching",
    "check": ".api.checking",
    "compile": ".api.compilation",
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
