"""einloop: explicit nested loops for any einsum expression, proven against np.einsum."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .core.version import __version__

if TYPE_CHECKING:
    from .api.bench import bench
    from .api.check import check
    from .api.compile import compile
    from .api.diff import diff, equivalent
    from .api.draw import draw
    from .api.explain import explain
    from .api.find import find
    from .api.lift import lift
    from .api.show import generate
    from .api.stages import stages
    from .api.trace import trace
    from .api.verify import verify
    from .api.why import why
    from .core.drawing import Drawing
    from .core.errors import EinloopError
    from .core.generated import Generated
    from .core.lifted import Lifted
    from .core.report import Report
    from .core.verification import Verification
    from .core.warning import EinloopWarning
    from .dropin import einsum
    from .pipeline.compile import Compiled
    from .pipeline.traced import Trace

__all__ = [
    "Compiled",
    "Drawing",
    "EinloopError",
    "EinloopWarning",
    "Generated",
    "Lifted",
    "Report",
    "Trace",
    "Verification",
    "__version__",
    "bench",
    "check",
    "compile",
    "diff",
    "draw",
    "einsum",
    "equivalent",
    "explain",
    "find",
    "generate",
    "lift",
    "stages",
    "trace",
    "verify",
    "why",
]

_HOMES = {
    "Compiled": ".pipeline.compile",
    "Drawing": ".core.drawing",
    "EinloopError": ".core.errors",
    "EinloopWarning": ".core.warning",
    "Generated": ".core.generated",
    "Lifted": ".core.lifted",
    "Report": ".core.report",
    "Trace": ".pipeline.traced",
    "Verification": ".core.verification",
    "bench": ".api.bench",
    "check": ".api.check",
    "compile": ".api.compile",
    "diff": ".api.diff",
    "draw": ".api.draw",
    "einsum": ".dropin",
    "equivalent": ".api.diff",
    "explain": ".api.explain",
    "find": ".api.find",
    "generate": ".api.show",
    "lift": ".api.lift",
    "stages": ".api.stages",
    "trace": ".api.trace",
    "verify": ".api.verify",
    "why": ".api.why",
}


def __getattr__(name: str) -> object:
    """Load a public name from its module at first use, so that the command line starts with what it needs."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name], __name__), name)
    globals()[name] = value
    return value


def load_ipython_extension(ipython: Any) -> None:
    """Give IPython `%einloop` and `%%einloop`: what `%load_ext einloop` calls."""
    from .notebook.extension import load

    load(ipython)


def unload_ipython_extension(ipython: Any) -> None:
    """Take them away."""
    from .notebook.extension import unload

    unload(ipython)


def __dir__() -> list[str]:
    return sorted(__all__)
