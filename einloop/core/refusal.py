"""Whatever was raised in, what a user is told out."""

from __future__ import annotations

from .errors import EinloopError, OptionError
from .visible import visible


def refusal_of(error: Exception) -> EinloopError:
    """Return an error as what a user is told."""
    if isinstance(error, EinloopError):
        return error
    if isinstance(error, OSError):
        place = "" if error.filename is None else f"{error.filename!r}: "
        return OptionError("EL467", f"the system refuses: {place}{error.strerror or error}")
    if isinstance(error, MemoryError):
        return OptionError("EL468", f"this takes more memory than there is{f': {error}' if str(error) else ''}")
    if isinstance(error, ModuleNotFoundError) and error.name is not None and not error.name.startswith("einloop"):
        library = error.name.partition(".")[0]
        return OptionError("EL485", f"this needs {library}, which is not installed", hint=f"pip install {library}")
    told = visible(f"{type(error).__name__}: {error}", keep="")
    return EinloopError("EL000", f"einloop itself failed: {told}", hint="--debug shows where")
